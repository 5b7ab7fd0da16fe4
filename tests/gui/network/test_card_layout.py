"""Where the parts of the card are, without a widget: pictures on whole pixels, as large as fit."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, QRectF, QSize
from PySide6.QtWidgets import QApplication

from mnistviz.engine.functions import ACTIVATIONS
from mnistviz.gui.common.unit_names import cells
from mnistviz.gui.network import card_layout, unit_slots
from mnistviz.gui.network.flow import CAP, BarItem, activation_scale, signed_bars, upright_bars
from tests.examples import examples, one_quick
from tests.gui.network.moments import there

TEXTS = card_layout.CardTexts()
USUAL = (784, 30, 10)
USUAL_CARD = QSize(1_156, 432)
"""As it is in a window of 1440 × 900."""


def zoom(places: card_layout.CardLayout, sizes: tuple[int, ...], opened: int = 1) -> float:
    """How many pixels a weight has in the pictures of the layer that is seen; all of its units are."""
    slots = unit_slots.tile_slots(sizes[opened], (28, 28), places.open, hidden=len(sizes) > 2)
    assert slots.picture is not None
    assert len(slots.units) == sizes[opened]
    return slots.picture.width() / 28


MEASURES = [
    (QSize(970, 300), 216, 44, 48, 84),
    (USUAL_CARD, 280, 66, 74, 84),
    (QSize(1_636, 552), 468, 90, 98, 112),
]
"""Cards in windows of 1024 × 640, 1440 × 900 and 1920 × 1080: the sides of pad and tile, their pitch, the 28 × 28."""


@pytest.mark.parametrize(("card", "pad", "tile", "pitch", "seen"), MEASURES)
def test_six_times_five_tiles_stand_beside_the_pad_and_the_content_grows(
    card: QSize, pad: int, tile: int, pitch: int, seen: int
) -> None:
    places = card_layout.arrange(card, USUAL, 1, TEXTS)
    slots = unit_slots.tile_slots(30, (28, 28), places.open, hidden=True)
    assert (places.pad.width() - 2 * card_layout.FRAME, places.seen.width() - 2) == (pad, seen)
    assert (slots.frame, slots.pitch, slots.columns) == (QSize(tile, tile), QSize(pitch, pitch), 6)
    hole = places.open.size() - slots.bounds.size()
    assert max(hole.width(), hole.height()) < 5, "no hole beside them"
    assert places.verdict is not None
    assert places.rows.height() / 10 >= 18.5
    assert places.rows.right() + places.view.left() == card.width() - card_layout.MARGIN - 1


def test_with_larger_text_the_verdict_stands_beside_the_rows_and_all_units_are_seen() -> None:
    texts = card_layout.CardTexts(line=21, small=18, switch=180)
    for size, line in ((QSize(1_226, 330), 20), (QSize(970, card_layout.least_height(texts)), 18)):
        places = card_layout.arrange(size, USUAL, 1, texts)
        verdict = there(places.verdict)
        assert verdict.right() < places.rows.left()
        assert min(verdict.height(), places.rows.height()) >= 10 * line
        assert len(unit_slots.tile_slots(30, (28, 28), places.open, hidden=True).units) == 30
        assert places.pad.bottom() < places.tools.top()
        assert places.tools.bottom() < size.height()
    wide = card_layout.arrange(QSize(1_500, 330), USUAL, 1, texts)
    assert wide.outputs.left() - wide.open.right() < 50, "no hole before the outputs"


def test_with_the_settings_legends_and_tools_have_room_beside_the_switch() -> None:
    twice = card_layout.CardTexts(line=32, small=29, switch=222)
    for places in (
        card_layout.arrange(QSize(732, 274), USUAL, 1, TEXTS),
        card_layout.arrange(QSize(940, 378), USUAL, 1, twice),
    ):
        assert places.foot.width() > 180
        assert not any(part.intersects(places.switch) for part in (places.foot, places.tools))
    low = card_layout.arrange(QSize(664, 288), USUAL, 1, card_layout.CardTexts(line=24, small=22, switch=176))
    rooms = (
        low.open.translated(low.view.topLeft()),
        low.outputs.translated(low.view.topLeft()),
        low.seen,
        low.tools,
    )
    assert not any(a.intersects(b) for a in rooms for b in rooms if a is not b), "the pad makes room"


@pytest.mark.parametrize("sizes", [(784, 30, 30, 10), (784, 30, 30, 30, 10), (784, 30, 10, 10)])
@pytest.mark.parametrize("card", [USUAL_CARD, QSize(1_636, 552)])
def test_units_of_other_layers_are_24_pixels_or_more(card: QSize, sizes: tuple[int, ...]) -> None:
    places = card_layout.arrange(card, sizes, 1, TEXTS)
    for layer, room in places.folded.items():
        slots = unit_slots.cell_slots(sizes[layer], room, places.across[layer])
        assert slots.frame.width() >= 24
        assert room.width() >= 60, "the head names the layer"
        assert len(slots.units) == sizes[layer] or len(sizes) > 4, "none is left out for it"
        assert room.contains(slots.bounds)
    rooms = [places.open, *places.folded.values(), places.outputs]
    assert not any(a.intersects(b) for a in rooms for b in rooms if a is not b)
    assert places.open.width() >= 250
    low = card_layout.arrange(QSize(1_073, 339), (784, 30, 20, 16, 10), 1, TEXTS)
    assert len(unit_slots.cell_slots(20, low.folded[2], low.across[2]).units) == 20, "in a low card, too"


@pytest.mark.parametrize("card", [USUAL_CARD, QSize(1_082, 364), QSize(1_156, 706), QSize(972, 574)])
def test_whichever_layer_is_seen_the_pad_stays(card: QSize) -> None:
    sizes = (784, 30, 40, 20, 10)
    every = [card_layout.arrange(card, sizes, layer, TEXTS) for layer in (1, 2, 3)]
    pads = {(places.pad.getRect(), places.seen.getRect()) for places in every}
    assert len(pads) == 1


@one_quick("width", [1_022, 880, *range(951, 2_300, 71)])
@pytest.mark.parametrize("height", [300, 364, 432, 540, 706, 886, 1_200])
@pytest.mark.parametrize(
    "sizes", [(784, 10), USUAL, (784, 30, 30, 30, 10), (784, 500, 10), (784, *[30] * 8, 10)]
)
def test_parts_never_overlap(width: int, height: int, sizes: tuple[int, ...]) -> None:
    places = card_layout.arrange(QSize(width, height), sizes, 1, TEXTS)
    corner = places.view.topLeft()
    stages = [each.translated(corner) for each in (places.open, *places.folded.values())]
    parts = [places.pad, places.seen, *stages]
    if places.folded == {} or min(places.across.values()):
        parts.append(places.outputs.translated(corner))
    inside = QRect(0, 0, width, height)
    assert all(inside.contains(part) for part in parts)
    assert not any(a.intersects(b) for a in parts for b in parts if a is not b)


@example(wide=0, high=0, hidden=[1, 1, 1, 1, 1, 1])
@given(
    wide=st.integers(0, 2_000),
    high=st.integers(0, 1_200),
    hidden=st.lists(st.sampled_from([1, 2, 30, 500]), min_size=1, max_size=6),
)
def test_layers_alone_have_places_at_any_size(wide: int, high: int, hidden: list[int]) -> None:
    sizes = (784, *hidden, 10)
    for opened in (1, len(hidden)):
        places = card_layout.arrange_units(QSize(wide, high), sizes, opened, TEXTS)
        assert len(places.folded) == len(hidden) - 1


ROOM = QRect(30, 7, 430, 330)


def apart(slots: unit_slots.UnitSlots) -> bool:
    """Whether every two frames have the least gap between them, its bars included."""
    frames = [slots.place(slot) for slot in range(len(slots.units))]
    grown = [frame.adjusted(0, 0, unit_slots.LEAST_GAP - 1, unit_slots.LEAST_GAP - 1) for frame in frames]
    near = [(a, b) for a in range(len(frames)) for b in range(a + 1, min(len(frames), a + slots.columns + 1))]
    return all(grown[a].intersected(frames[b]).isEmpty() for a, b in near)


@given(
    total=st.integers(1, 2_000),
    n_in=st.sampled_from([784, 1, 30, 31, 100]),
    size=st.tuples(st.integers(80, 1_600), st.integers(80, 900)),
    hidden=st.booleans(),
    caption=st.sampled_from([0, 14]),
    scrolled=st.integers(0, 300),
    ratio=st.sampled_from([1.0, 1.5, 2.0]),
)
@settings(max_examples=examples(200), deadline=None)
def test_tiles_stay_in_their_room_never_touch_and_are_found_again(
    total: int, n_in: int, size: tuple[int, int], hidden: bool, caption: int, scrolled: int, ratio: float
) -> None:
    room = QRect(QPoint(11, 5), QSize(*size))
    slots = unit_slots.tile_slots(
        total, cells(n_in), room, hidden=hidden, caption=caption, scrolled=scrolled, ratio=ratio
    )
    assert slots.units
    assert room.contains(slots.bounds)
    assert apart(slots)
    assert slots.picture is not None
    for unit in (slots.units[0], slots.units[len(slots.units) // 2], slots.units[-1]):
        frame = there(slots.frame_of(unit))
        assert slots.at(frame.center()) == unit
        assert slots.at(frame.topLeft() - QPoint(1, 1)) is None
        inside = QRectF(1, 1, frame.width() - 2, frame.height() - 2)
        parts = [QRectF(slots.bar), slots.picture, *([QRectF(slots.signed)] if slots.signed else [])]
        assert all(inside.contains(part) for part in parts)
        assert not any(a.intersects(b) for a in parts for b in parts if a is not b)
    assert (slots.signed is not None) == hidden
    if len(slots.units) < total:
        assert max(slots.picture.width(), slots.picture.height()) == unit_slots.SMALLEST_PICTURE, (
            "smaller before it scrolls"
        )


def test_every_unit_comes_into_view_when_scrolled_row_by_row() -> None:
    seen: set[int] = set()
    for row in range(unit_slots.tile_slots(500, (28, 28), ROOM, hidden=True).rows):
        slots = unit_slots.tile_slots(500, (28, 28), ROOM, hidden=True, scrolled=row)
        assert [*slots.units] == [*range(slots.units[0], slots.units[-1] + 1)]
        seen |= {*slots.units}
    assert seen == {*range(500)}


@given(total=st.integers(1, 2_000), across=st.integers(1, 3), height=st.integers(30, 700))
@settings(max_examples=examples(200), deadline=None)
def test_cells_are_thinned_evenly_without_room(total: int, across: int, height: int) -> None:
    room = QRect(3, 9, across * 28, height)
    slots = unit_slots.cell_slots(total, room, across)
    assert slots.bounds.bottom() <= room.bottom() or slots.rows_in_view == 1
    assert apart(slots)
    steps = {b - a for a, b in zip(slots.units, slots.units[1:], strict=False)}
    assert not steps or (max(steps) - min(steps) <= 1 and min(steps) >= 1)
    assert slots.units[0] == 0
    assert all(slots.at(slots.place(slot).center()) == unit for slot, unit in enumerate(slots.units))
    assert slots.total == total


@pytest.mark.parametrize(("ratio", "zoom"), [(1.0, 2), (1.5, 3), (2.0, 4)])
def test_cells_are_whole_device_pixels_from_tile_to_tile(ratio: float, zoom: int) -> None:
    """As large as they fit, with the usual gap where there is room: 66 pixels a tile in a usual window."""
    slots = unit_slots.tile_slots(30, (28, 28), QRect(0, 0, 436, 362), hidden=True, ratio=ratio)
    assert there(slots.picture).width() * ratio == pytest.approx(28 * zoom)
    assert (slots.pitch.width() * ratio).is_integer()
    assert (slots.pitch.height() * ratio).is_integer()
    if zoom / ratio == 2:
        assert slots.frame == QSize(66, 66)
        assert slots.pitch == QSize(66 + unit_slots.GAP, 66 + unit_slots.GAP)


@pytest.mark.parametrize("total", [500, 20_000])
def test_a_size_is_found_in_a_few_tries_for_any_units(total: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the window would stall while it is resized."""
    tried: list[object] = []
    usual = unit_slots._tiles

    def counted(*args: Any) -> unit_slots.UnitSlots:
        tried.append(args)
        return usual(*args)

    monkeypatch.setattr(unit_slots, "_tiles", counted)
    for width in (436, 900, 1_600):
        tried.clear()
        unit_slots.tile_slots(total, (28, 28), QRect(0, 0, width, 700), hidden=True, ratio=1.5)
        assert 2 <= len(tried) <= 12


BAR_ROOM = QRectF(10, 20, 6, 100)
BAR_ROOMS = np.array([[10.0, 20, 6, 100]])
WIDE_ROOMS = np.array([[10.0, 20, 80, 5]])


def bars(answer: float, function: str, full: float = 0.0) -> list[QRectF]:
    """The rectangles that are drawn for one answer, upper first."""
    found = upright_bars(np.array([answer]), BAR_ROOMS, activation_scale(ACTIVATIONS[function], full))
    return sorted((QRectF(*bar) for bar in found.tolist()), key=QRectF.top)


def said(value: float, full: float) -> tuple[list[QRectF], list[QRectF]]:
    found = [
        [QRectF(*bar) for bar in bars.tolist()] for bars in signed_bars(np.array([value]), WIDE_ROOMS, full)
    ]
    return found[0], found[1]


@given(answer=st.floats(3.3, 1e9), function=st.sampled_from(["relu", "leaky_relu"]))
def test_beyond_it_the_bar_has_a_cap(answer: float, function: str) -> None:
    cap, bar = bars(answer, function, full=3.2)
    assert cap.top() == BAR_ROOM.top()
    assert cap.height() == CAP
    assert bar.top() >= cap.bottom() + CAP


@pytest.mark.parametrize(
    ("function", "value", "full", "top", "height"),
    [
        ("sigmoid", 0.25, 0.3, 95, 25), ("tanh", 0.5, 0, 45, 25), ("tanh", -0.5, 0, 70, 25),
        ("relu", 1.6, 3.2, 70, 50), ("leaky_relu", -0.32, 3.2, 105, 8.5), ("leaky_relu", -1e9, 3.2, 105, 15),
    ],
)  # fmt: skip
def test_a_bar_ends_at_its_value(function: str, value: float, full: float, top: float, height: float) -> None:
    """The foot is at 120; with tanh 0 is in the middle, with leaky ReLU a little above the foot."""
    (bar,) = bars(value, function, full)
    assert (bar.top(), bar.height()) == pytest.approx((top, height))


def test_before_the_first_health_check_full_is_one() -> None:
    for full in (0.0, math.nan, math.inf):
        assert activation_scale(ACTIVATIONS["relu"], full).full == 1.0
    assert activation_scale(ACTIVATIONS["relu"], 3.2).full == 3.2
    assert activation_scale(ACTIVATIONS["sigmoid"], 0.2).full == 1


@given(value=st.one_of(st.floats(0.001, 2.0), st.floats(2.1, 1e6)))
def test_what_speaks_for_goes_right_and_against_left_with_a_cap_beyond_full(value: float) -> None:
    for way, (found, none) in ((1, said(value, 2.0)), (-1, said(-value, 2.0)[::-1])):
        *caps, bar = sorted(found, key=QRectF.width)
        assert not none
        assert (bar.left() if way > 0 else bar.right()) == pytest.approx(50)
        assert len(caps) == (value > 2), "beyond full"
        assert caps or bar.width() == pytest.approx(20 * value)
        for cap in caps:
            assert cap.width() == pytest.approx(CAP)
            assert (cap.right() if way > 0 else cap.left()) == pytest.approx(50 + way * 40)
            assert abs(cap.center().x() - 50) > bar.width(), "and stands apart"


def test_bars_are_those_that_were_shown_last(qapp: QApplication) -> None:
    bars, shown = BarItem(1), [[(1.0, 2, 3, 4), (10, 20, 30, 40)], [(5.0, 6, 7, 8)], []]
    for each in shown:
        bars.show(each)
        found = [polygon.boundingRect() for polygon in bars.item.path().toSubpathPolygons()]
        assert found == [QRectF(*bar) for bar in each]
