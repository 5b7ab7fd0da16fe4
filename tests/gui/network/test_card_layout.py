"""Where the parts of the card are, without a widget: pictures on whole pixels, as large as fit."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PySide6.QtCore import QRect, QSize

from mnistviz.gui.network.card_layout import (
    COMFORTABLE_PAD,
    FRAME,
    CardLayout,
    CardTexts,
    arrange,
    arrange_pane,
)
from mnistviz.gui.network.unit_slots import cell_slots, tile_slots
from tests.examples import one_quick

TEXTS = CardTexts()
USUAL = (784, 30, 10)
USUAL_CARD = QSize(1_156, 432)
"""As it is in a window of 1440 × 900."""


def zoom(places: CardLayout, sizes: tuple[int, ...], opened: int = 1) -> float:
    """How many pixels a weight has in the pictures of the layer that is seen; all of its units are."""
    slots = tile_slots(sizes[opened], (28, 28), places.open, last=opened == len(sizes) - 2)
    assert slots.picture is not None
    assert len(slots.units) == sizes[opened]
    return slots.picture.width() / 28


def side(places: CardLayout) -> int:
    return places.pad.width() - 2 * FRAME


@pytest.mark.parametrize(
    ("card", "enlarged", "grow"),
    [
        (USUAL_CARD, QSize(1_156, 706), True),
        (QSize(1_082, 364), QSize(1_082, 574), False),  # 1366 × 768: wide enough for no more
        (QSize(1_636, 540), QSize(1_636, 886), True),
    ],
)
def test_on_a_tall_card_the_pictures_grow_in_whole_pixels_and_the_pad_does_not_shrink(
    card: QSize, enlarged: QSize, grow: bool
) -> None:
    before, after = arrange(card, USUAL, 1, TEXTS), arrange(enlarged, USUAL, 1, TEXTS)
    assert zoom(after, USUAL).is_integer()
    assert zoom(after, USUAL) >= zoom(before, USUAL) + grow
    assert side(after) >= side(before)
    assert side(after) + zoom(after, USUAL) > side(before) + zoom(before, USUAL)


@pytest.mark.parametrize("sizes", [(784, 30, 30, 10), (784, 30, 30, 30, 10)])
def test_a_deep_network_has_pictures_as_large_as_a_usual_one(sizes: tuple[int, ...]) -> None:
    """The other layers have fewer cells in a row for it, and the pad gives way, but not below a comfortable size."""
    places = arrange(USUAL_CARD, sizes, 1, TEXTS)
    assert zoom(places, sizes) == 2
    assert side(places) >= COMFORTABLE_PAD
    last = len(sizes) - 2
    for layer, room in places.folded.items():
        slots = cell_slots(sizes[layer], room, places.across[layer], last=layer == last)
        assert len(slots.units) == sizes[layer], "none is left out for it"
        assert room.contains(slots.bounds)
    rooms = [places.open, *places.folded.values(), places.outputs]
    assert not any(a.intersects(b) for a in rooms for b in rooms if a is not b)


def test_the_pad_gives_way_only_for_larger_pictures() -> None:
    usual = side(arrange(USUAL_CARD, USUAL, 1, TEXTS))
    assert side(arrange(USUAL_CARD, (784, 500, 30, 10), 1, TEXTS)) == usual
    assert side(arrange(USUAL_CARD, (784, 100, 10), 1, TEXTS)) == usual
    low = QSize(1_082, 364)
    assert side(arrange(low, (784, 30, 30, 10), 1, TEXTS)) == side(arrange(low, USUAL, 1, TEXTS))


def test_on_a_tall_card_the_line_below_has_the_room_below_the_pad() -> None:
    """At a projector the layer is narrow, and the legend of its bars had no room beside that of its colours."""
    places = arrange(QSize(1_226, 568), USUAL, 1, CardTexts(line=20, small=18, switch=180))
    assert places.foot.left() <= places.pad.left() + FRAME
    assert places.foot.top() > max(places.pad.bottom(), places.tools.bottom(), places.seen.bottom())
    usual = arrange(USUAL_CARD, USUAL, 1, TEXTS)
    assert usual.foot.left() > usual.seen.right(), "elsewhere it is below the units"


@pytest.mark.parametrize("card", [USUAL_CARD, QSize(1_082, 364), QSize(1_156, 706), QSize(972, 574)])
def test_whichever_layer_is_seen_the_pad_stays(card: QSize) -> None:
    sizes = (784, 30, 40, 20, 10)
    every = [arrange(card, sizes, layer, TEXTS) for layer in (1, 2, 3)]
    pads = {(places.pad.getRect(), places.seen.getRect()) for places in every}
    assert len(pads) == 1


@one_quick("width", [1_022, 880, *range(951, 2_300, 71)])
@pytest.mark.parametrize("height", [300, 364, 432, 540, 706, 886, 1_200])
@pytest.mark.parametrize(
    "sizes", [(784, 10), USUAL, (784, 30, 30, 30, 10), (784, 500, 10), (784, *[30] * 8, 10)]
)
def test_parts_never_overlap(width: int, height: int, sizes: tuple[int, ...]) -> None:
    places = arrange(QSize(width, height), sizes, 1, TEXTS)
    corner = places.view.topLeft()
    stages = [each.translated(corner) for each in (places.open, *places.folded.values())]
    parts = [places.pad, places.seen, *stages]
    if places.folded == {} or min(places.across.values()):
        parts.append(places.outputs.translated(corner))
    inside = QRect(0, 0, width, height)
    assert all(inside.contains(part) for part in parts)
    assert not any(a.intersects(b) for a in parts for b in parts if a is not b)


@pytest.mark.parametrize(("width", "step"), [(1_156, 28), (1_082, 56)])
def test_the_pad_grows_with_the_height_and_takes_no_large_step(width: int, step: int) -> None:
    """From a window of 1366 × 768 to one of 1440 × 900 and on, where the tiles go from four rows to five."""
    sides = [side(arrange(QSize(width, height), USUAL, 1, TEXTS)) for height in range(300, 480)]
    assert sides == sorted(sides)
    assert max(after - before for before, after in pairwise(sides)) <= step
    assert sides[0] > COMFORTABLE_PAD


@example(wide=0, high=0, hidden=[1, 1, 1, 1, 1, 1])
@given(
    wide=st.integers(0, 2_000),
    high=st.integers(0, 1_200),
    hidden=st.lists(st.sampled_from([1, 2, 30, 500]), min_size=1, max_size=6),
)
def test_a_pane_of_any_size_has_places_for_all_layers(wide: int, high: int, hidden: list[int]) -> None:
    """A pane has no size for a moment while the window is arranged."""
    sizes = (784, *hidden, 10)
    for opened in (1, len(hidden)):
        places, _ = arrange_pane(QSize(wide, high), sizes, opened, TEXTS)
        assert len(places.folded) == len(hidden) - 1
