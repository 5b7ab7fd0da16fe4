"""What the settings and their values are called on the screen, in the language and the number format of the program."""

from __future__ import annotations

from mnistviz.engine.functions import NAMES, OUTPUTS
from mnistviz.gui.common import numbers
from mnistviz.gui.common.widgets import translated
from mnistviz.setting_words import NO_CLASS, SETTING_WORDS


def label(field: str) -> str:
    return translated(SETTING_WORDS[field].label)


def tip(field: str) -> str:
    tips = [output.tip for output in OUTPUTS.values()] if field == "output" else [SETTING_WORDS[field].tip]
    return " ".join(map(translated, tips))


def short(field: str) -> str:
    """The name of a setting, as short as on a mark of the curves."""
    return translated(SETTING_WORDS[field].short)


def choices(field: str) -> dict[str, str]:
    """What the values of a choice are called; empty for a number."""
    words = SETTING_WORDS.get(field)
    names = NAMES.get(field) or ({} if words is None else words.choices)
    return {value: translated(name) for value, name in names.items()}


def value(field: str, value: object) -> str:
    """The value of a setting, a number as exact as it is."""
    if field == "sizes" and isinstance(value, tuple):
        return " → ".join(map(numbers.whole, value))
    if isinstance(value, tuple):
        return ", ".join(map(numbers.whole, value)) or translated(NO_CLASS)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return choices(field).get(str(value), str(value))
    return numbers.whole(value) if isinstance(value, int) else numbers.exact(value)
