"""Which choices follow from others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mnistviz.gui.common.choices import AgainstPart, Choices, MistakesPart, WindowPart, follow, restored

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


def window_after(before: WindowPart, **fields: object) -> WindowPart:
    """What becomes of the window where a gesture changes these."""
    of = Choices(window=before)
    return follow(of, replace(of, window=replace(before, **fields))).window  # type: ignore[arg-type]


def test_the_layers_are_in_the_place_of_a_tab_which_is_kept() -> None:
    layers = window_after(WindowPart("pins"), tab="network")
    assert (layers.behind, layers.lower) == ("pins", "pins")
    assert window_after(layers, tab="network").behind == "pins"
    assert window_after(layers, tab="compare") == WindowPart("compare")
    assert Choices(window=replace(layers, folded=True)).kept.window == WindowPart("pins")


@pytest.mark.parametrize(
    ("before", "tab"),
    [
        (WindowPart("curves"), "network"),
        (WindowPart("network", "curves"), "network"),
        (WindowPart("pins"), "pins"),
        (WindowPart("network", "pins"), "pins"),
    ],
)
def test_layers_that_are_folded_are_seen_in_the_place_of_the_curves_only(
    before: WindowPart, tab: str
) -> None:
    now = window_after(before, folded=True)
    assert (now.tab, now.lower) == (tab, before.lower)
    assert window_after(now, folded=False) == replace(now, folded=False)


def test_what_is_restored_folds_nothing_and_hides_no_layers() -> None:
    kept = WindowPart("pins", workspace="ideas")
    assert restored(WindowPart("curves"), kept) == kept
    assert restored(WindowPart("compare", folded=True), kept) == replace(kept, folded=True)
    layers = WindowPart("network", "curves", folded=True)
    assert restored(layers, kept) == WindowPart("network", "pins", "ideas", folded=True)
    assert restored(layers, layers) == layers
