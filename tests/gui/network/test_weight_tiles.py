"""Pictures of weights."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect

from mnistviz.engine.digits import PIXELS
from mnistviz.gui.common.theme import DARK, LIGHT, Theme
from mnistviz.gui.network.colour_scale import colour_table
from mnistviz.gui.network.weight_tiles import Tiles, cell_at, cells


@given(n_in=st.integers(1, 2_000))
def test_the_cells_of_a_tile_hold_all_weights_and_are_nearly_a_square(n_in: int) -> None:
    rows, columns = cells(n_in)
    assert (rows - 1) * columns < n_in <= rows * columns
    assert columns <= 1.5 * rows or n_in < 6
    assert rows <= columns


def test_pixels_keep_the_shape_of_a_digit() -> None:
    assert cells(784) == (28, 28)


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
    picture = QRect(10, 20, 60, 60)
    assert cells(31) == (6, 6)
    assert cell_at(QPoint(10, 20), picture, 31) == 0
    assert cell_at(QPoint(69, 20), picture, 31) == 5
    assert cell_at(QPoint(10, 79), picture, 31) == 30
    assert cell_at(QPoint(20, 79), picture, 31) is None
    assert cell_at(QPoint(9, 20), picture, 31) is None
