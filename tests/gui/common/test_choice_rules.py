"""Which choices follow from others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mnistviz.gui.common.choice_rules import follow
from mnistviz.gui.common.choices import AgainstPart, Choices, MistakesPart

SOME = MistakesPart(digit=7, true=3, overview="map", group="both_wrong", against=AgainstPart("run", "B", 0))


def after(**fields: object) -> MistakesPart:
    """What becomes of the mistakes where a gesture changes these."""
    before = Choices(mistakes=SOME)
    return follow(before, replace(before, mistakes=replace(SOME, **fields))).mistakes  # type: ignore[arg-type]


def test_a_digit_is_let_go_with_its_set() -> None:
    assert after(set="validation") == replace(SOME, set="validation", digit=None)
    assert after(order="number") == replace(SOME, order="number")


def test_a_group_is_of_what_is_compared_with() -> None:
    other = AgainstPart("best")
    assert after(against=other) == replace(SOME, against=other, group="")


@pytest.mark.parametrize(
    ("kind", "before", "now"),
    [
        ("alone", "groups", "matrix"),
        ("alone", "map", "map"),
        ("best", "matrix", "groups"),
        ("best", "map", "map"),
    ],
)
def test_groups_are_seen_where_two_are_compared(kind: str, before: str, now: str) -> None:
    assert after(against=AgainstPart(kind), overview=before).overview == now
