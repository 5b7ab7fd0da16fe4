"""Interventions as JSON: a list of step, samples, kind, arguments. Layers count from 0, the first after the input."""

from base64 import b64decode, b64encode
from typing import Any

from mnistviz.engine import acts
from mnistviz.engine.acts import Intervention, Lesson, WeightEdit
from mnistviz.engine.network import Unit
from mnistviz.engine.settings import SETTINGS


def act_as_json(act: Intervention) -> list[Any]:
    place: list[Any] = [act.step, act.digits]
    match act:
        case acts.Changed():
            return [*place, "changed", act.gesture, [list(change) for change in act.changes]]
        case acts.Restored():
            return [*place, "restored", act.source]
        case acts.Halved():
            return [*place, "halved", act.before, act.after]
        case acts.Nudged():
            return [*place, "nudged", act.layer - 1, act.row, act.column]
        case acts.Stepped():
            return [*place, "stepped", act.eta, list(act.numbers)]
        case acts.SteppedBack():
            return [*place, "stepped_back", act.eta, act.mini_batches, act.size, act.order]
        case acts.Edited(edit=edit):
            return [*place, "edited", edit.layer - 1, [list(each) for each in edit.places], list(edit.values)]
        case acts.Frozen():
            return [*place, "frozen", act.unit.layer - 1, act.unit.number, act.frozen]
        case acts.Taught(lesson=lesson):
            pixels = b64encode(lesson.pixels).decode("ascii")
            return [*place, "taught", pixels, lesson.label, lesson.eta, list(lesson.beside), lesson.steps]


def act_from_json(values: object) -> Intervention:
    """Parse an intervention; raise ValueError for anything else."""
    match values:
        case [int(step), int(digits), "changed", int(gesture), [*changes]]:
            return acts.Changed(step, digits, tuple(_change(change) for change in changes), gesture)
        case [int(step), int(digits), "restored", int(source)] if 0 <= source <= step:
            return acts.Restored(step, digits, source)
        case [int(step), int(digits), "halved", float(before), float(after)]:
            return acts.Halved(step, digits, before, after)
        case [int(step), int(digits), "nudged", int(layer), int(row), int(column)]:
            return acts.Nudged(step, digits, layer + 1, row, column)
        case [int(step), int(digits), "stepped", int() | float() as eta, [*numbers]] if numbers:
            return acts.Stepped(step, digits, float(eta), tuple(_number(number) for number in numbers))
        case [int(step), int(digits), "stepped_back", float(eta), int(count), int(size), str(order)]:
            return acts.SteppedBack(step, digits, eta, count, size, order)
        case [int(step), int(digits), "edited", int(layer), [*places], [*values]]:
            edit = WeightEdit(layer + 1, tuple(map(_place, places)), tuple(map(_weight, values)))
            return acts.Edited(step, digits, edit)
        case [int(step), int(digits), "frozen", int(layer), int(unit), bool(frozen)]:
            return acts.Frozen(step, digits, Unit(layer + 1, unit), frozen)
        case [int(step), int(digits), "taught", str(pixels), int(label), float(eta), [*beside], int(steps)]:
            shown = b64decode(pixels, validate=True)
            return acts.Taught(step, digits, Lesson(shown, label, eta, tuple(map(_number, beside)), steps))
    raise ValueError("this is no act")


def acts_from_json(values: object, step: int) -> tuple[Intervention, ...]:
    """Parse the interventions of a run with so many mini-batches, in order; raise ValueError for anything else."""
    if not isinstance(values, list):
        raise ValueError("these are no acts")
    parsed = tuple(map(act_from_json, values))
    if (steps := [0, *(act.step for act in parsed), step]) != sorted(steps):
        raise ValueError("the acts are not in order")
    return parsed


def _change(values: object) -> tuple[str, object, object]:
    match values:
        case [str(name), old, new] if name in SETTINGS and not SETTINGS[name].new_run:
            setting = SETTINGS[name]
            return name, setting.checked(old), setting.checked(new)
    raise ValueError("this is no change of a setting")


def _place(value: object) -> tuple[int, int]:
    match value:
        case [int(row), int(column)]:
            return row, column
    raise ValueError("this is no place of a weight")


def _weight(value: object) -> float:
    if not isinstance(value, int | float):
        raise ValueError("this is no weight")
    return float(value)


def _number(value: object) -> int:
    if type(value) is not int or value < 0:
        raise ValueError("this is no number of a digit")
    return value
