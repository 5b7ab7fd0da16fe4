"""Interventions in a run: each change of settings or weights, in order, with the step it was made at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import NamedTuple

from mnistviz.engine.hand_edits import WeightEdit, check_unit
from mnistviz.engine.lessons import Lesson
from mnistviz.engine.network import Unit
from mnistviz.engine.settings import Settings


@dataclass(frozen=True)
class Act:
    """An intervention after `step` mini-batches and `digits` digits; it affects the next mini-batch first."""

    step: int
    digits: int


@dataclass(frozen=True)
class Changed(Act):
    """Changes of live settings: (field, old value, new value) for each. `gesture` numbers the mouse gesture that made
    them, 0 for none: a drag makes many interventions, which are shown as one. It has no effect on the run."""

    changes: tuple[tuple[str, object, object], ...]
    gesture: int = field(default=0, compare=False)

    def joined(self, *later: Changed) -> Changed:
        """Combine changes into one, from each field's first old value to its last new one; drop fields that end
        unchanged."""
        old: dict[str, object] = {}
        new: dict[str, object] = {}
        for each in (self, *later):
            for name, before, after in each.changes:
                old.setdefault(name, before)
                new[name] = after
        changes = tuple((name, before, new[name]) for name, before in old.items() if before != new[name])
        return Changed(self.step, self.digits, changes, self.gesture)


@dataclass(frozen=True)
class Restored(Act):
    """The weights and the frozen units were restored to those after `source` mini-batches."""

    source: int


@dataclass(frozen=True)
class Halved(Act):
    """The schedule halved η at the end of an epoch, from `before` to `after`."""

    before: float
    after: float


@dataclass(frozen=True)
class Nudged(Act):
    """One weight was raised to the next larger float: `row` and `column` in the weights to `layer`, as in
    `Network.sizes`."""

    layer: int
    row: int
    column: int


@dataclass(frozen=True)
class Stepped(Act):
    """The weights were moved by −η∇C of the undistorted training samples `numbers`, by hand: not a mini-batch."""

    eta: float
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class SteppedBack(Act):
    """The last `mini_batches` of `size` samples of the epoch, in an `order`, were replayed by hand, newest first, with
    −`eta`."""

    eta: float
    mini_batches: int
    size: int
    order: str


@dataclass(frozen=True)
class Edited(Act):
    """Weights or biases were set by hand."""

    edit: WeightEdit


@dataclass(frozen=True)
class Frozen(Act):
    """A unit stopped learning: its incoming weights and bias stay fixed. If not `frozen`, it learns again."""

    unit: Unit
    frozen: bool = True


@dataclass(frozen=True)
class Taught(Act):
    """A drawing was taught by hand: not a mini-batch."""

    lesson: Lesson


Intervention = Changed | Restored | Halved | Stepped | SteppedBack | Nudged | Edited | Frozen | Taught


def puts_other_weights(act: Intervention) -> bool:
    """Return True if an intervention replaces the trained weights, by more than the last bit of one."""
    return isinstance(act, Restored | Stepped | SteppedBack | Edited | Taught)


def check_fits(act: Intervention, settings: Settings) -> None:
    """Raise ValueError or a `Problem` if an intervention on the weights is impossible with these settings."""
    match act:
        case Edited(edit=edit):
            edit.check(settings.sizes)
        case Frozen():
            check_unit(act.unit, settings.sizes)
        case Taught(lesson=lesson):
            lesson.check(settings.sizes, settings.training_digits)
        case Restored():
            if act.source > act.step:
                raise ValueError("a run can't go back to a later step")
        case Stepped():
            settings.changed(eta=act.eta)
            if not all(0 <= number < settings.training_digits for number in act.numbers):
                raise ValueError(f"training digits are numbered from 0 to {settings.training_digits - 1}")
        case SteppedBack():
            settings.changed(eta=act.eta, mini_batch_size=act.size, order=act.order)
        case Nudged():
            WeightEdit(act.layer, ((act.row, act.column),), (0.0,)).check(settings.sizes)
        case _:
            pass


def differences(old: Settings, new: Settings) -> tuple[tuple[str, object, object], ...]:
    """Return the fields in which `old` and `new` differ, as in `Changed.changes`."""
    pairs = ((field.name, getattr(old, field.name), getattr(new, field.name)) for field in fields(Settings))
    return tuple((name, before, after) for name, before, after in pairs if before != after)


def gesture_of(acts: Sequence[Intervention], number: int) -> range:
    """Return the range of neighbouring interventions made by the same gesture as number `number`."""

    def same(index: int) -> bool:
        act = acts[index]
        return isinstance(act, Changed) and act.gesture == gesture

    act = acts[number]
    gesture = act.gesture if isinstance(act, Changed) else 0
    first = last = number
    while gesture and first > 0 and same(first - 1):
        first -= 1
    while gesture and last + 1 < len(acts) and same(last + 1):
        last += 1
    return range(first, last + 1)


class Flag(NamedTuple):
    """A mark on the time axis after so many samples and mini-batches: the interventions of one gesture, or a fork (no
    `acts`)."""

    digits: int
    step: int
    acts: tuple[Intervention, ...] = ()


def flags_of(acts: Sequence[Intervention], fork: tuple[int, int] | None) -> tuple[Flag, ...]:
    """Return a flag for each gesture and one for the fork (samples, mini-batches), in order."""
    flags, at = [], 0
    while at < len(acts):
        stop = gesture_of(acts, at).stop
        flags.append(Flag(acts[at].digits, acts[at].step, tuple(acts[at:stop])))
        at = stop
    if fork is not None and all(flag.step != fork[1] for flag in flags):
        flags.append(Flag(*fork))
    return tuple(sorted(flags, key=lambda flag: (flag.step, flag.digits)))


def last_gesture(acts: Sequence[Intervention]) -> tuple[Intervention, ...]:
    """Return the interventions of the last manual gesture that had an effect; empty if there was none."""
    at = len(acts)
    while at:
        numbers = gesture_of(acts, at - 1)
        gesture = acts[numbers.start : at]
        changes = [act for act in gesture if isinstance(act, Changed)]
        came_to_nothing = bool(changes) and not changes[0].joined(*changes[1:]).changes
        if not (came_to_nothing or isinstance(gesture[-1], Halved | Nudged)):
            return tuple(gesture)
        at = numbers.start
    return ()


def by_gesture(acts: Sequence[Intervention]) -> list[Intervention]:
    """Return the interventions with those of each gesture joined, without changes that a gesture undid itself."""
    joined: list[Intervention] = []
    at = 0
    while at < len(acts):
        numbers = gesture_of(acts, at)
        act, *later = acts[at : numbers.stop]
        if isinstance(act, Changed):
            act = act.joined(*(each for each in later if isinstance(each, Changed)))
        if not isinstance(act, Changed) or act.changes:
            joined.append(act)
        at = numbers.stop
    return joined


def summed_up(acts: Sequence[Intervention]) -> list[Intervention]:
    """Summarise neighbouring interventions: all changes as one, every manual edit of weights, and the last of each
    other kind. They are in the order of the last one of each kind; changes without effect are left out."""
    last: dict[object, Intervention] = {}
    for number, act in enumerate(acts):
        each = isinstance(act, Stepped | SteppedBack | Edited | Frozen | Taught)  # manual edits add up
        kind = number if each else type(act)
        before = last.pop(kind, None)
        if isinstance(act, Changed) and isinstance(before, Changed):
            act = before.joined(act)
        last[kind] = act
    return [act for act in last.values() if not isinstance(act, Changed) or act.changes]
