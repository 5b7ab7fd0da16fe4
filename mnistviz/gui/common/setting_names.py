"""The names of the settings and their values on the screen, in the user's language and number format."""

from mnistviz.engine.functions import NAMES, OUTPUTS
from mnistviz.gui.common import numbers
from mnistviz.gui.common.texts import translated
from mnistviz.setting_words import NO_CLASS, SETTING_WORDS


def label(field: str) -> str:
    return translated(SETTING_WORDS[field].label)


def tip(field: str) -> str:
    tips = [output.tip for output in OUTPUTS.values()] if field == "output" else [SETTING_WORDS[field].tip]
    return " ".join(map(translated, tips))


def short(field: str) -> str:
    """Return the shortest name of a setting, as on a mark of the curves."""
    return translated(SETTING_WORDS[field].short)


def choices(field: str) -> dict[str, str]:
    """Return the names of the values of a choice; empty for a number."""
    words = SETTING_WORDS.get(field)
    names = NAMES.get(field) or ({} if words is None else words.choices)
    return {value: translated(name) for value, name in names.items()}


def value(field: str, value: object) -> str:
    """Return the text of a setting's value, a number with full precision."""
    if field == "sizes" and isinstance(value, tuple):
        return " → ".join(map(numbers.whole, value))
    if isinstance(value, tuple):
        return ", ".join(map(numbers.whole, value)) or translated(NO_CLASS)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return choices(field).get(str(value), str(value))
    return numbers.whole(value) if isinstance(value, int) else numbers.exact(value)
