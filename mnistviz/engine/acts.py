"""What is done to a run in mid-course: typed, in order, and each stamped with its place."""

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
    """Something done to a run after `step` mini-batches and `digits` digits; the next mini-batch feels it
    first."""

    step: int
    digits: int


@dataclass(frozen=True)
class Changed(Act):
    """Live settings became others: (field, old value, new value) for each.

    `gesture` numbers the gesture of the hand that did it: a drag makes many of these, which are one for the eye.
    0 is no gesture. It is told, and decides nothing.
    """

    changes: tuple[tuple[str, object, object], ...]
    gesture: int = field(default=0, compare=False)

    def joined(self, *later: Changed) -> Changed:
        """All as one, without what was changed back: each field from its first old value to its last new
        one."""
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
    """The weights went back to those after `source` mini-batches, and the frozen units to those of then."""

    source: int


@dataclass(frozen=True)
class Halved(Act):
    """The schedule halved η, at the judgement of an epoch: from `before` to `after`."""

    before: float
    after: float


@dataclass(frozen=True)
class Nudged(Act):
    """One weight became the next larger number that there is: `row` and `column` in the weights to `layer`,
    numbered as in `Network.sizes`."""

    layer: int
    row: int
    column: int


@dataclass(frozen=True)
class Stepped(Act):
    """The weights went by −η∇C of some training digits as they are, by their `numbers`: by hand, no mini-batch."""

    eta: float
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class SteppedBack(Act):
    """The last `mini_batches` of `size` digits of the epoch, in an `order`, were gone through again, the newest first,
    with −`eta`: by hand, no mini-batches."""

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
    """A unit stopped learning: the weights to it and its bias stay as they are. Or, where it is not `frozen`, it learns
    again."""

    unit: Unit
    frozen: bool = True


@dataclass(frozen=True)
class Taught(Act):
    """A drawing was taught: by hand, no mini-batch."""

    lesson: Lesson


Intervention = Changed | Restored | Halved | Stepped | SteppedBack | Nudged | Edited | Frozen | Taught


def puts_other_weights(act: Intervention) -> bool:
    """Whether an act puts other weights in the place of those that were trained, by more than the last bit."""
    return isinstance(act, Restored | Stepped | SteppedBack | Edited | Taught)


def check_fits(act: Intervention, settings: Settings) -> None:
    """ValueError or a `Problem` where an act on the weights can't have been done to a run with these settings."""
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
    """What a change from `old` settings to `new` ones is, as in `Changed`."""
    pairs = ((field.name, getattr(old, field.name), getattr(new, field.name)) for field in fields(Settings))
    return tuple((name, before, after) for name, before, after in pairs if before != after)


def gesture_of(acts: Sequence[Intervention], number: int) -> range:
    """The numbers of the neighbouring acts that one gesture made, with act `number` among them."""

    def same(other: int) -> bool:
        act = acts[other]
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
    """Where something was done to the run, after so many digits and mini-batches: in one gesture, or where it branched
    off, which are no acts."""

    digits: int
    step: int
    acts: tuple[Intervention, ...] = ()


def flags_of(acts: Sequence[Intervention], fork: tuple[int, int] | None) -> tuple[Flag, ...]:
    """A flag for each gesture, and one for the fork, after so many digits and mini-batches."""
    found, at = [], 0
    while at < len(acts):
        stop = gesture_of(acts, at).stop
        found.append(Flag(acts[at].digits, acts[at].step, tuple(acts[at:stop])))
        at = stop
    if fork is not None and all(flag.step != fork[1] for flag in found):
        found.append(Flag(*fork))
    return tuple(sorted(found, key=lambda flag: (flag.step, flag.digits)))


def last_gesture(acts: Sequence[Intervention]) -> tuple[Intervention, ...]:
    """What the hand did last to settings or weights, if that came to something; nothing where it did nothing."""
    at = len(acts)
    while at:
        numbers = gesture_of(acts, at - 1)
        found = acts[numbers.start : at]
        changes = [act for act in found if isinstance(act, Changed)]
        came_to_nothing = bool(changes) and not changes[0].joined(*changes[1:]).changes
        if not (came_to_nothing or isinstance(found[-1], Halved | Nudged)):
            return tuple(found)
        at = numbers.start
    return ()


def by_gesture(acts: Sequence[Intervention]) -> list[Intervention]:
    """The acts with those of each gesture as one; what a gesture changed back is left out."""
    found: list[Intervention] = []
    at = 0
    while at < len(acts):
        numbers = gesture_of(acts, at)
        act, *later = acts[at : numbers.stop]
        if isinstance(act, Changed):
            act = act.joined(*(each for each in later if isinstance(each, Changed)))
        if not isinstance(act, Changed) or act.changes:
            found.append(act)
        at = numbers.stop
    return found


def summed_up(acts: Sequence[Intervention]) -> list[Intervention]:
    """What is left to tell of neighbouring acts: all changes as one, each thing done by hand to the weights, and the
    last of every other kind.

    In the order in which each was done last; changes that came to nothing are left out.
    """
    last: dict[object, Intervention] = {}
    for number, act in enumerate(acts):
        each = isinstance(
            act, Stepped | SteppedBack | Edited | Frozen | Taught
        )  # by hand: none takes another back
        kind = number if each else type(act)
        before = last.pop(kind, None)
        if isinstance(act, Changed) and isinstance(before, Changed):
            act = before.joined(act)
        last[kind] = act
    return [act for act in last.values() if not isinstance(act, Changed) or act.changes]
