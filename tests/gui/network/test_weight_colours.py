"""From weights to colours, and to pictures of many units."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QRectF

from mnistviz.engine.digits import PIXELS
from mnistviz.engine.moment import Moment
from mnistviz.gui.common.theme import DARK, LIGHT, Theme
from mnistviz.gui.common.unit_names import cells
from mnistviz.gui.common.weight_images import Tiles, cell_at, colour_indices, colour_table
from mnistviz.gui.network.weight_colours import EVERY, ColourScales, fitted_limit, unit_quantiles
from tests.gui.network.moments import later, moment


def indices(weights: Any, limit: float, initial: Any = None) -> list[int]:
    values = np.array([weights], dtype=np.float32)
    found = np.zeros(values.shape, dtype=np.uint8)
    begun = None if initial is None else np.array([initial], dtype=np.float32)
    colour_indices(values, limit, found, np.empty(values.shape, np.float32), begun)
    return [int(index) for index in found[0]]


def test_the_scale_is_symmetric_and_stops_at_its_ends() -> None:
    assert indices([-200, -127, -1, 0, 1, 127, 200], 127) == [1, 1, 127, 128, 129, 255, 255]


def test_what_was_learned_is_the_difference_to_the_start() -> None:
    assert indices([5, 5, 5], 1, initial=[5, 4, 6]) == [128, 255, 1]


def test_a_weight_that_is_not_a_number_has_no_colour() -> None:
    assert indices([math.nan, math.inf, -math.inf, 1], 1) == [0, 255, 1, 255]


@given(value=st.floats(-1e6, 1e6, width=32), limit=st.floats(0.001, 1000))
def test_opposite_weights_have_opposite_colours(value: float, limit: float) -> None:
    one, other = indices([value, -value], limit)
    assert abs(one + other - 256) <= 1
    assert 1 <= one <= 255
    assert (one - 128) * value >= 0


@given(scale=st.floats(1e-4, 1e4), limit=st.floats(1e-4, 1e4), seed=st.integers(0, 9))
@settings(deadline=None)
def test_the_colour_scale_suits_the_weights_and_then_stays(scale: float, limit: float, seed: int) -> None:
    weights = np.random.default_rng(seed).normal(0, scale, (30, PIXELS)).astype(np.float32)
    found = fitted_limit(limit, weights)
    assert 1.9 * scale < found < 6 * scale
    assert fitted_limit(found, weights) == found
    assert fitted_limit(found, 1.03 * weights) in (found, fitted_limit(limit, 1.03 * weights))


@pytest.mark.parametrize("weights", [np.zeros((3, 784)), np.full((3, 784), np.nan)])
def test_weights_without_a_size_leave_the_scale_alone(weights: Any) -> None:
    assert fitted_limit(3.0, weights) == 3.0


def test_each_layer_has_two_scales_for_weights_and_learned(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [5.0]
    monkeypatch.setattr("mnistviz.gui.network.weight_colours.time.monotonic", lambda: now[0])
    scales = ColourScales()
    weights = np.random.default_rng(0).normal(0, 1, (30, PIXELS)).astype(np.float32)

    def at(scale: float, run: int = 1) -> Moment:
        """A moment whose weights are this much larger than those of the start."""
        found = later(moment(PIXELS, 30, 30, run=run), 5)
        found.initial.weights[0][:] = weights
        found.network.weights[0][:] = scale * weights
        found.network.weights[1][:] = 10 * weights[:, :30]
        return found

    def fit(scale: float, run: int = 1) -> float:
        return scales.fit(at(scale, run), 1, learned=False)

    found = fit(1)
    assert found == fitted_limit(1.0, weights)
    assert scales.fit(at(0.99), 1, learned=True) < 0.1 < found
    assert scales.fit(at(1), 2, learned=False) > 5 * found
    assert fit(0.6) == found, "it stays while the weights move a little"
    assert fit(100) == found, "and it is not looked at all the time"
    now[0] += 2 * EVERY
    assert fit(100) == fitted_limit(found, 100 * weights)
    assert fit(0.6, run=2) == fitted_limit(1.0, 0.6 * weights) < found, "another run begins anew"


def test_one_extreme_unit_does_not_pale_the_others() -> None:
    weights = np.random.default_rng(0).normal(0, 1, (30, PIXELS)).astype(np.float32)
    usual = fitted_limit(1.0, weights)
    weights[7] *= 1000
    assert fitted_limit(1.0, weights) == usual
    assert unit_quantiles(weights)[7] > 500 * usual


@given(n_in=st.integers(1, 2_000))
def test_the_cells_of_a_tile_hold_all_weights_and_are_nearly_a_square(n_in: int) -> None:
    rows, columns = cells(n_in)
    assert (rows - 1) * columns < n_in <= rows * columns
    assert columns <= 1.5 * rows or n_in < 6
    assert rows <= columns


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize(
    ("n_in", "count", "zoom", "columns", "gap"),
    [(PIXELS, 5, 2, 3, (7, 9)), (31, 4, 3, 2, (1, 2)), (6, 1, 1, 1, (0, 0)), (10, 3, 4, 3, (5, 0))],
)
def test_every_pixel_has_the_colour_of_its_weight_and_gaps_are_clear(
    theme: Theme, n_in: int, count: int, zoom: int, columns: int, gap: tuple[int, int]
) -> None:
    table = colour_table(theme)
    weights = np.random.default_rng(1).normal(0, 1, (count, n_in)).astype(np.float32)
    weights[0, 1] = np.nan
    tiles = Tiles(n_in, count, zoom, columns, gap)
    image = tiles.colour(weights, 3.0, table, None)
    rows, across = cells(n_in)
    lines = -(-count // columns)
    assert (image.width(), image.height()) == (columns * tiles.pitch.width(), lines * tiles.pitch.height())
    for y in range(image.height()):
        for x in range(image.width()):
            (line, row), (place, column) = divmod(y, tiles.pitch.height()), divmod(x, tiles.pitch.width())
            unit, cell = line * columns + place, row // zoom * across + column // zoom
            if unit >= count or row >= rows * zoom or column >= across * zoom:
                expected = 0
            elif cell >= n_in or np.isnan(weights[unit, cell]):
                expected = int(table[0])
            else:
                index = np.float32(128.5) + weights[unit, cell] * np.float32(127 / 3.0)
                expected = int(table[int(np.clip(index, 1, 255))])
            assert image.pixel(x, y) == expected, (x, y)


def test_the_cell_under_a_point_is_found_and_an_empty_one_is_none() -> None:
    picture = QRectF(10, 20, 60, 60)
    assert cells(31) == (6, 6)
    assert cell_at(QPoint(10, 20), picture, 31) == 0
    assert cell_at(QPoint(69, 20), picture, 31) == 5
    assert cell_at(QPoint(10, 79), picture, 31) == 30
    assert cell_at(QPoint(20, 79), picture, 31) is None
    assert cell_at(QPoint(9, 20), picture, 31) is None


def test_negative_weights_can_be_hatched() -> None:
    table = colour_table(replace(LIGHT, hatched=True))
    image = Tiles(4, 1, 3).colour(np.array([[-1.0, 1.0, 0.0, 0.5]]), 1.0, table, None)
    above, below = ([image.pixelColor(x, y).name() for x in (1, 4)] for y in (1, 2))
    assert above == [LIGHT.no, LIGHT.yes]
    assert below == [LIGHT.card, LIGHT.yes]
