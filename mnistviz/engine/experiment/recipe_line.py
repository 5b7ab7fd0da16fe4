"""A run as one line of text, which says everything that determines it:

784-30-10 seed 1 η 3; 20104: η 0.5; 25000: back to 20000; → 31200; data 0123456789ab

There, layers are counted from 0, the first after the input.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from msgspec import Struct

from mnistviz.engine import acts
from mnistviz.engine.acts import BIAS, Intervention, WeightEdit, check_fits
from mnistviz.engine.experiment.saved import RunRecipe
from mnistviz.engine.network import Unit
from mnistviz.engine.problems import Problem
from mnistviz.engine.settings import SETTINGS, Settings, shortened

MOST_LINE: Final = 2_000  # characters, and no more bytes than 2 KB
_SYMBOLS: Final = {"eta": "η", "weight_decay": "λ", "momentum": "μ"}
_NAMES: Final = {
    **{symbol: name for name, symbol in _SYMBOLS.items()},
    **{"lambda": "weight_decay", "mu": "momentum"},  # for terminals without these letters
}
_ALWAYS: Final = ("seed", "eta")
# first words of all interventions except changed settings
_ACTS: Final = ("back", "nudge", "by", "freeze", "thaw", "set")
_CHECKSUM: Final = 12  # characters of the data checksum
_MOST_READ: Final = 20_000  # characters
MOST_MINI_BATCHES: Final = 10_000_000
"""Limit for a run as a line, which is trained from the start: this many take minutes at least."""


class LineRun(Struct, frozen=True, eq=False):
    """Content of a line: the recipe of a run, and the beginning of the checksum of its data, if given."""

    recipe: RunRecipe
    data: str


def line_of(recipe: RunRecipe, data: str) -> str:
    """Return a run as a line, on data with this checksum. Raise a `Problem` that says why only a file can hold it."""
    if recipe.start is not None:
        raise Problem("line_of_opened_network")
    if not recipe.repeatable:
        raise Problem("line_of_departed_run")
    if recipe.step > MOST_MINI_BATCHES:
        raise Problem("line_too_many_mini_batches", most=MOST_MINI_BATCHES)
    lasting = (act for act in recipe.acts if not isinstance(act, acts.Halved))  # halvings recur by themselves
    parts = settings_line(recipe.settings), *(f"{act.step}: {_done(act)}" for act in lasting)
    line = "; ".join([*parts, f"→ {recipe.step}", f"data {data[:_CHECKSUM]}"])
    if len(line.encode()) > MOST_LINE:
        raise Problem("line_too_long", most=MOST_LINE)
    return line


def read_line(text: str) -> LineRun:
    """Parse the run of a line. Raise a `Problem` that names what can't be understood."""
    if len(text) > _MOST_READ:
        raise Problem("line_not_understood", part=shortened(text))
    parts = [part.strip() for part in " ".join(text.split()).split(";")]
    settings, interventions = _read_begin(parts[0]), list[Intervention]()
    step, data = None, ""
    for part in filter(None, parts[1:]):
        end = re.fullmatch(r"(?:→|->) ?(\d+)", part)
        on = re.fullmatch(r"data (\w{4,64})", part)
        if end is not None:
            step = _step(end[1])
        elif on is not None:
            data = on[1]
        else:
            interventions.append(_read_act(part))
    for act in interventions:
        try:
            check_fits(act, settings)
        except ValueError as error:
            raise Problem("line_act_unfit", part=shortened(f"{act.step}: {_done(act)}")) from error
    steps = [act.step for act in interventions]
    step = max(steps, default=0) if step is None else step
    if [*steps, step] != sorted([*steps, step]):
        raise Problem("line_not_in_order")
    return LineRun(RunRecipe(settings, tuple(interventions), step), data)


def looks_like_line(text: str) -> bool:
    """Return True if a text may be meant as a run: it begins with layers, or an arrow begins one of its parts."""
    return re.match(r"\s*\d+(-\d+)+[\s;]|.*;\s*(→|->)", f"{text[:MOST_LINE]} ", re.DOTALL) is not None


def settings_line(settings: Settings) -> str:
    """Return the layers, seed, η and all settings that are not the default, as at the start of a line."""
    parts = ["-".join(map(str, settings.sizes))]
    for name, setting in SETTINGS.items():
        value = getattr(settings, name)
        if name in _ALWAYS or (name != "sizes" and value != setting.default):
            parts.append(_setting(name, value))
    return " ".join(parts)


def _done(act: Intervention) -> str:
    match act:
        case acts.Changed():
            return " ".join(_setting(name, new) for name, _, new in act.changes)
        case acts.Restored():
            return f"back to {act.source}"
        case acts.Nudged():
            return f"nudge {act.layer - 1}.{act.row}.{act.column}"
        case acts.Stepped():
            return f"by hand η {_value(act.eta)} digits {','.join(map(str, act.numbers))}"
        case acts.SteppedBack():
            return f"by −η {_value(act.eta)} back {act.mini_batches} of {act.size} {act.order}"
        case acts.Edited(edit=edit):
            places = (
                f"{row}.{'b' if column == BIAS else column}={_value(value)}"
                for (row, column), value in zip(edit.places, edit.values, strict=True)
            )
            return " ".join((f"set {edit.layer - 1}", *places))
        case acts.Frozen():
            return f"{'freeze' if act.frozen else 'thaw'} {act.unit.layer - 1}.{act.unit.number}"
        case acts.Taught():
            raise Problem("line_of_taught_drawing")
        case acts.Halved():
            return ""


def _setting(name: str, value: object) -> str:
    return f"{_SYMBOLS.get(name, name)} {_value(value)}"


def _value(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _read_begin(part: str) -> Settings:
    sizes, _, rest = part.partition(" ")
    if not re.fullmatch(r"\d{1,9}(-\d{1,9})+", sizes):
        raise Problem("line_not_understood", part=shortened(part))
    values = {"sizes": [int(size) for size in sizes.split("-")], **dict(_read_settings(rest))}
    return Settings.from_mapping(values)


def _read_settings(text: str) -> Iterator[tuple[str, Any]]:
    words = text.split()
    if len(words) % 2:
        raise Problem("line_not_understood", part=shortened(text))
    for word, text_value in zip(words[::2], words[1::2], strict=True):
        if (name := _NAMES.get(word, word)) not in SETTINGS or name == "sizes":
            raise Problem("setting_not_known", name=shortened(word))
        setting = SETTINGS[name]
        value: Any = text_value
        if setting.kind is tuple:
            value = [_number(each) for each in text_value.split(",")]
        elif setting.kind is not str:
            value = _number(text_value)
        yield name, setting.checked(value)


def _read_act(part: str) -> Intervention:
    place, colon, what = part.partition(": ")
    if not colon or not place.isdecimal():
        raise Problem("line_not_understood", part=shortened(part))
    step = _step(place)
    if match := re.fullmatch(r"back to (\d+)", what):
        return acts.Restored(step, 0, _step(match[1]))
    if match := re.fullmatch(r"nudge (\d{1,9})\.(\d{1,9})\.(\d{1,9})", what):
        return acts.Nudged(step, 0, int(match[1]) + 1, int(match[2]), int(match[3]))
    if match := re.fullmatch(r"by hand (?:η|eta) (\S+) digits (\d{1,9}(?:,\d{1,9})*)", what):
        return acts.Stepped(step, 0, float(_number(match[1])), tuple(map(int, match[2].split(","))))
    if match := re.fullmatch(r"by (?:−η|-eta) (\S+) back (\d{1,7}) of (\d{1,5}) (\w+)", what):
        return acts.SteppedBack(step, 0, float(_number(match[1])), int(match[2]), int(match[3]), match[4])
    if match := re.fullmatch(r"(freeze|thaw) (\d{1,9})\.(\d{1,9})", what):
        return acts.Frozen(step, 0, Unit(int(match[2]) + 1, int(match[3])), match[1] == "freeze")
    if match := re.fullmatch(r"set (\d{1,9})((?: \d{1,9}\.(?:\d{1,9}|b)=\S+)+)", what):
        return acts.Edited(step, 0, _read_edit(int(match[1]) + 1, match[2].split()))
    if what.split(" ")[0] in _ACTS:
        raise Problem("line_not_understood", part=shortened(part))
    changes = tuple((name, None, value) for name, value in _read_settings(what))
    if not changes or any(SETTINGS[name].new_run for name, _, _ in changes):
        raise Problem("line_not_understood", part=shortened(part))
    return acts.Changed(step, 0, changes)


def _read_edit(layer: int, parts: list[str]) -> WeightEdit:
    """Parse an edit of a layer, with each weight written row.column=value, and each bias row.b=value."""
    places, values = [], []
    for each in parts:
        place, _, value = each.partition("=")
        row, _, column = place.partition(".")
        places.append((int(row), BIAS if column == "b" else int(column)))
        values.append(float(_number(value)))
    return WeightEdit(layer, tuple(places), tuple(values)).in_float32()


def _number(text: str) -> int | float:
    try:
        number = float(text)
    except ValueError:
        raise Problem("line_not_understood", part=shortened(text)) from None
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _step(text: str) -> int:
    if len(text) > 13 or int(text) > MOST_MINI_BATCHES:
        raise Problem("line_too_many_mini_batches", most=MOST_MINI_BATCHES)
    return int(text)
