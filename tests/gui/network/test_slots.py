"""Where the units of a stage are."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, QRectF, QSize

from mnistviz.gui.common.unit_names import cells
from mnistviz.gui.network import unit_slots
from mnistviz.gui.network.unit_slots import (
    GAP,
    LEAST_GAP,
    SMALLEST_PICTURE,
    UnitSlots,
    cell_slots,
    tile_slots,
)
from tests.examples import examples

ROOM = QRect(30, 7, 430, 330)


def apart(slots: UnitSlots) -> bool:
    """Whether every two frames have the least gap between them, its bars included."""
    frames = [slots.place(slot) for slot in range(len(slots.units))]
    grown = [frame.adjusted(0, 0, LEAST_GAP - 1, LEAST_GAP - 1) for frame in frames]
    near = [(a, b) for a in range(len(frames)) for b in range(a + 1, min(len(frames), a + slots.columns + 1))]
    return all(grown[a].intersected(frames[b]).isEmpty() for a, b in near)


@given(
    total=st.integers(1, 2_000),
    n_in=st.sampled_from([784, 1, 30, 31, 100]),
    size=st.tuples(st.integers(80, 1_600), st.integers(80, 900)),
    last=st.booleans(),
    caption=st.sampled_from([0, 14]),
    scrolled=st.integers(0, 300),
    ratio=st.sampled_from([1.0, 1.5, 2.0]),
)
@settings(max_examples=examples(200), deadline=None)
def test_tiles_stay_in_their_room_never_touch_and_are_found_again(
    total: int, n_in: int, size: tuple[int, int], last: bool, caption: int, scrolled: int, ratio: float
) -> None:
    room = QRect(QPoint(11, 5), QSize(*size))
    slots = tile_slots(total, cells(n_in), room, last=last, caption=caption, scrolled=scrolled, ratio=ratio)
    assert slots.units
    assert room.contains(slots.bounds)
    assert apart(slots)
    assert slots.picture is not None
    for unit in (slots.units[0], slots.units[len(slots.units) // 2], slots.units[-1]):
        frame = slots.frame_of(unit)
        assert frame is not None
        assert slots.at(frame.center()) == unit
        assert slots.at(frame.topLeft() - QPoint(1, 1)) is None
        inside = QRectF(1, 1, frame.width() - 2, frame.height() - 2)
        parts = [QRectF(slots.bar), slots.picture, *([QRectF(slots.signed)] if slots.signed else [])]
        assert all(inside.contains(part) for part in parts)
        assert not any(a.intersects(b) for a in parts for b in parts if a is not b)
    assert (slots.signed is not None) == last
    if len(slots.units) < total:
        assert max(slots.picture.width(), slots.picture.height()) == SMALLEST_PICTURE, (
            "smaller before it scrolls"
        )


def test_every_unit_comes_into_view_when_scrolled_row_by_row() -> None:
    seen: set[int] = set()
    rows = tile_slots(500, (28, 28), ROOM, last=True).rows
    for row in range(rows):
        slots = tile_slots(500, (28, 28), ROOM, last=True, scrolled=row)
        assert [*slots.units] == [*range(slots.units[0], slots.units[-1] + 1)]
        seen |= {*slots.units}
    assert seen == {*range(500)}


@given(total=st.integers(1, 2_000), across=st.integers(1, 3), height=st.integers(30, 700), last=st.booleans())
@settings(max_examples=examples(200), deadline=None)
def test_cells_are_thinned_evenly_where_not_all_have_room(
    total: int, across: int, height: int, last: bool
) -> None:
    room = QRect(3, 9, across * 28, height)
    slots = cell_slots(total, room, across, last=last)
    assert slots.bounds.bottom() <= room.bottom() or slots.rows_in_view == 1
    assert apart(slots)
    steps = {b - a for a, b in zip(slots.units, slots.units[1:], strict=False)}
    assert not steps or (max(steps) - min(steps) <= 1 and min(steps) >= 1)
    assert slots.units[0] == 0
    assert all(slots.at(slots.place(slot).center()) == unit for slot, unit in enumerate(slots.units))
    assert slots.total == total


@pytest.mark.parametrize(("ratio", "zoom"), [(1.0, 2), (1.25, 2), (1.5, 3), (2.0, 4)])
def test_cells_are_whole_device_pixels_from_tile_to_tile(ratio: float, zoom: int) -> None:
    """As large as they fit, with the usual gap where there is room: 66 pixels a tile in a usual window."""
    slots = tile_slots(30, (28, 28), QRect(0, 0, 436, 362), last=True, ratio=ratio)
    assert slots.picture is not None
    assert slots.picture.width() * ratio == pytest.approx(28 * zoom)
    assert (slots.pitch.width() * ratio).is_integer()
    assert (slots.pitch.height() * ratio).is_integer()
    if zoom / ratio == 2:
        assert slots.frame == QSize(66, 66)
        assert slots.pitch == QSize(66 + GAP, 66 + GAP)


def test_pictures_fill_the_room_where_two_pixels_a_cell_have_none() -> None:
    """A folded card in a window of 1024 × 768."""
    room = QRect(0, 0, 460, 326)
    slots = tile_slots(30, (28, 28), room, last=True)
    assert slots.picture is not None
    assert len(slots.units) == 30
    assert 48 <= slots.picture.width() < 2 * 28
    assert slots.bounds.height() > 0.9 * room.height()
    narrow = tile_slots(30, (28, 28), QRect(0, 0, 460, 126), last=True).picture
    assert narrow is not None
    assert narrow.width() == 28, "little more room is not worth it"


def test_a_smaller_gap_is_taken_where_the_pictures_are_larger_then() -> None:
    slots = tile_slots(30, (28, 28), QRect(0, 0, 560, 280), last=True)
    assert slots.picture is not None
    assert slots.picture.width() == 2 * 28
    assert slots.pitch.width() - slots.frame.width() < GAP


def test_a_picture_has_the_shape_of_its_cells() -> None:
    picture = tile_slots(12, (5, 8), ROOM, last=True).picture
    assert picture is not None
    assert picture.width() / picture.height() == pytest.approx(8 / 5, rel=0.04)


def test_what_is_not_in_view_has_no_frame() -> None:
    slots = tile_slots(500, (28, 28), ROOM, last=True, scrolled=3)
    assert slots.frame_of(0) is None
    assert slots.picture_of(0) is None
    assert slots.frame_of(499) is None
    assert slots.at(ROOM.bottomRight()) is None


@pytest.mark.parametrize("total", [500, 20_000])
def test_a_size_is_found_in_a_few_tries_however_many_units_there_are(
    total: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the window would stall while it is resized."""
    tried: list[object] = []
    usual = unit_slots._tiles

    def counted(*args: Any) -> unit_slots.UnitSlots:
        tried.append(args)
        return usual(*args)

    monkeypatch.setattr(unit_slots, "_tiles", counted)
    for width in (436, 900, 1_600):
        tried.clear()
        tile_slots(total, (28, 28), QRect(0, 0, width, 700), last=True, ratio=1.5)
        assert 2 <= len(tried) <= 12
