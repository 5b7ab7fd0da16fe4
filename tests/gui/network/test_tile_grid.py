"""Where the tiles of a mosaic are."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint

from mnistviz.gui.network.tile_grid import SMALLEST_PICTURE, arrange
from mnistviz.gui.network.weight_tiles import cells


@given(
    count=st.integers(1, 2_000),
    n_in=st.sampled_from([784, 1, 30, 31, 100]),
    width=st.integers(130, 2_000),
    height=st.integers(80, 1_200),
    caption=st.sampled_from([0, 14]),
    ratio=st.sampled_from([1.0, 1.5, 2.0]),
)
@settings(max_examples=200, deadline=None)
def test_tiles_never_overlap_stay_inside_and_are_found_again(
    count: int, n_in: int, width: int, height: int, caption: int, ratio: float
) -> None:
    grid = arrange(count, cells(n_in), width, height, caption, ratio)
    few = sorted({0, 1, count // 2, count - 1} & set(range(count)))
    for unit in few:
        tile = grid.tile_rect(unit)
        assert tile.left() >= 0
        assert tile.right() < width
        assert tile.top() >= 0
        assert tile.bottom() < grid.height
        assert grid.at(tile.center()) == unit
        assert grid.at(tile.topLeft() - QPoint(1, 1)) is None
        assert unit in grid.shown(tile.top(), 1)
    smallest = max(grid.picture.width(), grid.picture.height()) <= SMALLEST_PICTURE
    assert grid.height <= height or smallest
    assert all(grid.tile_rect(a).intersected(grid.tile_rect(a + 1)).isEmpty() for a in few if a + 1 < count)


def test_what_lies_between_two_tiles_is_none() -> None:
    grid = arrange(30, (28, 28), 842, 300)
    first = grid.tile_rect(0)
    assert grid.at(first.bottomRight()) == 0
    assert grid.at(first.topRight() + QPoint(1, 0)) is None
    assert grid.at(first.bottomLeft() + QPoint(0, 1)) is None


def test_beside_and_below_the_last_tile_is_none() -> None:
    grid = arrange(31, (28, 28), 842, 300)
    assert grid.count % grid.columns, "the last row is to be shorter"
    last = grid.tile_rect(30)
    assert grid.at(last.center()) == 30
    assert grid.at(last.center() + QPoint(grid.pitch.width(), 0)) is None
    assert grid.at(last.center() + QPoint(0, grid.pitch.height())) is None


@pytest.mark.parametrize(
    ("top", "height"), [(0, 1), (0, 300), (35, 40), (2_000, 300), (-50, 20), (90_000, 300)]
)
def test_the_units_shown_are_whole_rows_and_all_that_touch_the_view(top: int, height: int) -> None:
    grid = arrange(2_000, (28, 28), 842, 300)
    shown = grid.shown(top, height)
    assert not shown or shown.start % grid.columns == 0
    touching = {
        unit
        for unit in range(grid.count)
        if grid.tile_rect(unit).top() < top + height and grid.tile_rect(unit).bottom() >= top
    }
    assert touching <= set(shown)
    assert len(shown) <= len(touching) + 2 * grid.columns


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_cells_are_whole_device_pixels_where_that_costs_little(ratio: float) -> None:
    width = arrange(1, (28, 28), 842, 300, ratio=ratio).picture.width()
    assert width > 200
    assert width * ratio % 28 == 0


def test_a_picture_has_the_shape_of_its_cells() -> None:
    picture = arrange(12, (5, 8), 842, 300).picture
    assert picture.width() / picture.height() == pytest.approx(8 / 5, rel=0.02)


def test_a_caption_has_its_line_below_each_tile() -> None:
    grid = arrange(30, (28, 28), 842, 300, caption=14)
    above, below = grid.tile_rect(0), grid.tile_rect(grid.columns)
    assert below.top() - above.bottom() > 14
