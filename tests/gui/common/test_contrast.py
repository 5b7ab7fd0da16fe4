"""Whether texts, and edges that matter, can be told from what they stand on, in both looks."""

from __future__ import annotations

import pytest

from mnistviz.engine.history import SETS
from mnistviz.gui.common.theme import DARK, LIGHT, Theme, letters_on, toned
from mnistviz.gui.curves.pens import part_style, style
from tests.gui.contrast import contrast

TEXT, EDGE = 4.5, 3.0  # to 1
THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
GROUNDS = ("window", "card", "field", "accent_soft")
TEXTS = {
    "text": (*GROUNDS, "grid", "track"),
    "muted": GROUNDS,
    "accent": GROUNDS,
    "right": GROUNDS,
    "wrong": GROUNDS,
    "on_accent": ("accent",),
    "card": ("yes", "no"),
    "ink": ("paper",),
}
EDGES = {
    "edge": ("window", "card", "field"),
    "line": ("window", "card", "field"),
    "accent": (*GROUNDS, "grid", "track"),
    "answer": ("card", "grid"),
    "yes": ("card", "grid"),
    "no": ("card", "grid"),
}


def pairs(table: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(colour, ground) for colour, grounds in table.items() for ground in grounds]


@THEMES
@pytest.mark.parametrize(("colour", "ground"), pairs(TEXTS))
def test_a_text_can_be_read_on_all_that_it_stands_on(theme: Theme, colour: str, ground: str) -> None:
    assert contrast(getattr(theme, colour), getattr(theme, ground)) >= TEXT


@THEMES
@pytest.mark.parametrize(("colour", "ground"), pairs(EDGES))
def test_what_is_no_text_is_seen_on_all_that_it_stands_on(theme: Theme, colour: str, ground: str) -> None:
    assert contrast(getattr(theme, colour), getattr(theme, ground)) >= EDGE


@THEMES
@pytest.mark.parametrize("colour", ["yes", "no"])
def test_a_sign_on_a_colour_of_any_strength_is_read(theme: Theme, colour: str) -> None:
    for strength in range(0, 101, 5):
        ground = toned(theme, getattr(theme, colour), strength / 100 - 1)
        assert contrast(letters_on(theme, ground), ground) > 3.7, (
            "midway the card and text are as good as each other"
        )
    assert letters_on(theme, theme.card) == theme.text
    assert letters_on(theme, getattr(theme, colour)) == theme.card


@THEMES
@pytest.mark.parametrize("hue", range(8))
def test_each_run_is_read_and_its_lines_and_dots_are_seen(theme: Theme, hue: int) -> None:
    own = theme.runs[hue]
    assert contrast(own, theme.card) >= TEXT, "its name, and the card's colour as its letter on it"
    for tone in theme.tones:
        assert contrast(toned(theme, own, tone), theme.card) >= TEXT, "a line's name has the tone of its line"
    for faint in (
        style(theme, "cost", hue, "faint"),
        part_style(theme, "test", hue, "selected", dotted=True),
    ):
        assert contrast(faint.colour, theme.card) >= EDGE
        assert contrast(faint.name_colour, theme.card) >= TEXT
    assert len(theme.tones) == len(SETS)
