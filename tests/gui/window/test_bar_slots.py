"""The slots of the bar on top, worked out without a bar."""

from __future__ import annotations

from itertools import pairwise

from mnistviz.gui.window.bar_slots import AFTER_FIRST, GROUPS, MARGIN, NONE, SHORTENED, Needs, Widths, slots

NEEDS = {
    "switch": Needs.always(Widths.fixed(120)),
    "play": Needs.always(Widths.fixed(100)),
    **dict.fromkeys(("step", "epoch_step", "new"), Needs(Widths.fixed(100), Widths.fixed(40))),
    "eta": Needs(Widths(280, 300, 350), Widths(160, 180, 230)),
    "ahead": Needs(Widths.fixed(110), Widths.fixed(40)),
    **dict.fromkeys(("speed_title", "speed", "speed_word"), Needs(Widths.fixed(60), NONE)),
    "speeds": Needs(NONE, Widths.fixed(90)),
    **dict.fromkeys(("epoch", "cost"), Needs(Widths(60, 80, 140), NONE)),
    "accuracy": Needs.always(Widths(80, 150, 290)),
}
ORDER = [part for group in GROUPS for part in group]


def test_the_parts_stand_in_their_order_inside_the_bar_and_none_on_another() -> None:
    for width in range(790, 2_000, 7):
        see_the_order(width)


def see_the_order(width: int) -> None:
    found = slots(width, NEEDS)
    assert list(found.places) == [part for part in ORDER if part in found.places]
    ends = [(x, x + wide) for x, wide in found.places.values()]
    assert ends[0][0] == MARGIN
    assert ends[-1][1] == width - MARGIN
    assert all(end < start for (_, end), (start, _) in pairwise(ends))
    for line in found.rules:
        assert not [part for part, (x, wide) in found.places.items() if x <= line < x + wide]
    for part, (_, wide) in found.places.items():
        need = NEEDS[part].short if part in found.short else NEEDS[part].long
        assert need.least <= wide <= need.most


def test_a_wider_bar_leaves_out_less_and_shortens_in_the_order_that_was_decided() -> None:
    seen = [slots(width, NEEDS).short for width in range(600, 2_000)]
    for narrower, wider in pairwise(seen):
        assert wider <= narrower
    steps = sorted({len(short) for short in seen})
    assert seen[-1] == frozenset()
    assert steps == [sum(map(len, SHORTENED[:count])) for count in range(len(SHORTENED) + 1)]


def test_what_there_is_not_takes_no_room() -> None:
    found = slots(900, {"play": NEEDS["play"], "accuracy": NEEDS["accuracy"]})
    assert found.places["play"] == (MARGIN, 100)
    x, wide = found.places["accuracy"]
    assert (x + wide, wide) == (900 - MARGIN, 290)
    assert x > MARGIN + 100 + AFTER_FIRST


def test_a_bar_that_is_too_narrow_still_has_an_answer() -> None:
    assert slots(0, NEEDS).places["play"] == (MARGIN + 120 + AFTER_FIRST, 100)
    assert slots(0, {}).places == {}
