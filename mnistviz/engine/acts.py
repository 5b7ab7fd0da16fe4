"""Interventions in a run: changes of settings or weights, manual edits and lessons, in order, each with its step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from mnistviz.engine.digits import LabelledDigits, grey_values
from mnistviz.engine.functions import Array, Bytes, Numbers, quietly
from mnistviz.engine.network import Network, Unit
from mnistviz.engine.settings import SETTINGS, Settings, checked_number
from mnistviz.engine.workspace import number_of_parameters, weights_and_biases

BIAS: Final = -1  # the column that denotes the bias of a row
MOST_PLACES: Final = 10_000  # most places in one edit: more than the largest unit has


class WeightEdit(Struct, frozen=True):
    """New `values` of weights or biases of one layer, numbered as in `Network.sizes`, at `places`: each (row, column)
    in the weights to the layer. Column −1 is the bias of the row."""

    layer: int
    places: tuple[tuple[int, int], ...]
    values: tuple[float, ...]

    def in_float32(self) -> WeightEdit:
        """Return the edit with values rounded to float32, each in its shortest form, without −0."""
        with np.errstate(over="ignore"):
            return replace(self, values=tuple(float(str(np.float32(value))) + 0.0 for value in self.values))

    @quietly
    def check(self, sizes: Sequence[int]) -> None:
        """Raise ValueError if a network with layers of these sizes can't be edited so."""
        if not 0 < self.layer < len(sizes) or len(self.places) != len(self.values):
            raise ValueError("there is no such layer, or not a value for each place")
        if not 0 < len(set(self.places)) == len(self.places) <= MOST_PLACES:
            raise ValueError(f"from 1 to {MOST_PLACES} places can be set, each once")
        rows, columns = sizes[self.layer], sizes[self.layer - 1]
        if not all(0 <= row < rows and BIAS <= column < columns for row, column in self.places):
            raise ValueError(f"a layer of {rows} units with {columns} inputs has no such weight")
        if not np.isfinite(np.array(self.values, np.float32)).all():
            raise ValueError("a weight must be a finite number")

    def apply(self, network: Network) -> None:
        """Set the weights and biases of a network in place. Raise ValueError as `check` does."""
        self.check(network.sizes)
        values = np.array(self.values, network.dtype)
        rows, columns = np.array(self.places, np.intp).T
        bias = columns == BIAS
        network.biases[self.layer - 1][rows[bias]] = values[bias]
        network.weights[self.layer - 1][rows[~bias], columns[~bias]] = values[~bias]


def switched_off(network: Network, unit: Unit) -> WeightEdit:
    """Return the edit that switches a hidden unit off: its outgoing weights become 0, as if its activation were."""
    rows = network.sizes[unit.layer + 1]
    return WeightEdit(unit.layer + 1, tuple((row, unit.number) for row in range(rows)), (0.0,) * rows)


def check_unit(unit: Unit, sizes: Sequence[int]) -> None:
    """Raise ValueError if a network with layers of these sizes has no such unit."""
    layer, number = unit
    if not 0 < layer < len(sizes) or not 0 <= number < sizes[layer]:
        raise ValueError(f"there is no unit {number} in layer {layer} of {sizes}")


def places_of(units: Iterable[Unit], sizes: Sequence[int]) -> Numbers:
    """Return the indices in `Network.parameters` of the incoming weights and biases of units, ascending: (k,)."""
    weights, biases = weights_and_biases(np.arange(number_of_parameters(sizes)), sizes)
    parts = [np.append(weights[layer - 1][unit], biases[layer - 1][unit]) for layer, unit in units]
    return np.sort(np.concatenate(parts)).astype(np.intp) if parts else np.empty(0, np.intp)


MOST_STEPS: Final = 50
MOST_BESIDE: Final = 1_000


class Lesson(Struct, frozen=True):
    """A labelled drawing and how it is taught: `steps` steps with learning rate `eta` along the mean gradient of the
    drawing and of the training samples with the indices `beside`. `pixels` are the bytes of the drawing, 0 for paper
    and 255 for ink. It may be blank."""

    pixels: bytes
    label: int
    eta: float
    beside: tuple[int, ...] = ()
    steps: int = 1

    @property
    def image(self) -> Bytes:
        """The drawing as an image, uint8 (n_in,)."""
        return np.frombuffer(self.pixels, np.uint8)

    def check(self, sizes: Sequence[int], training_digits: int) -> None:
        """Raise ValueError or a `Problem` if a network of these sizes, on so many samples, can't be taught so."""
        checked_number("eta", self.eta, *SETTINGS["eta"].bounds, whole=False)
        if len(self.pixels) != sizes[0] or not 0 <= self.label < sizes[-1]:
            raise ValueError("this is no drawing of a class of the network")
        if not 1 <= self.steps <= MOST_STEPS or len(self.beside) > MOST_BESIDE:
            raise ValueError("a lesson has too many steps, or digits")
        if not all(0 <= number < training_digits for number in self.beside):
            raise ValueError(f"training digits are numbered from 0 to {training_digits - 1}")


@quietly
def teach(
    network: Network, lesson: Lesson, training: LabelledDigits, targets: Array, frozen: Numbers
) -> None:
    """Teach a network in place. `training` are its training samples and `targets`, (classes, K), the wanted outputs;
    the parameters with the indices `frozen` do not change. Raise ValueError or `Problem` as `check` does."""
    lesson.check(network.sizes, len(training))
    beside = np.array(lesson.beside, np.intp)
    images = np.concatenate((lesson.image[np.newaxis], training.pictures(beside)))
    labels = np.append(np.uint8(lesson.label), training.labels[beside])
    x, y = grey_values(images).astype(network.dtype, copy=False), targets[labels]
    unchanged = network.parameters[frozen]
    for _ in range(lesson.steps):
        network.update_mini_batch((x, y), lesson.eta)
        network.parameters[frozen] = unchanged


class Act(Struct, frozen=True):
    """An intervention after `step` mini-batches and `digits` digits; it affects the next mini-batch first."""

    step: int
    digits: int


class Changed(Act, frozen=True, eq=False):
    """Changes of live settings: (field, old value, new value) for each. `gesture` numbers the mouse gesture that made
    them, 0 for none: a drag makes many interventions, which are shown as one. It has no effect on the run."""

    changes: tuple[tuple[str, object, object], ...]
    gesture: int = 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Changed) and self.effect == other.effect

    def __hash__(self) -> int:
        return hash(self.effect)

    @property
    def effect(self) -> tuple[object, ...]:
        return self.step, self.digits, self.changes

    def joined(self, *later: Changed) -> Changed:
        """Combine changes: each field from its first old value to its last new one; drop fields that end unchanged."""
        every = [change for each in (self, *later) for change in each.changes]
        old = {name: before for name, before, _ in reversed(every)}
        new = {name: after for name, _, after in every}
        changes = tuple((name, old[name], after) for name, after in new.items() if old[name] != after)
        return Changed(self.step, self.digits, changes, self.gesture)


class Restored(Act, frozen=True):
    """The weights and the frozen units were restored to those after `source` mini-batches."""

    source: int


class Halved(Act, frozen=True):
    """The schedule halved η at the end of an epoch, from `before` to `after`."""

    before: float
    after: float


class Nudged(Act, frozen=True):
    """The weight at `row` and `column` to `layer`, as in `Network.sizes`, was raised to the next larger float."""

    layer: int
    row: int
    column: int


class Stepped(Act, frozen=True):
    """The weights were moved by −η∇C of the undistorted training samples `numbers`, by hand: not a mini-batch."""

    eta: float
    numbers: tuple[int, ...]


class SteppedBack(Act, frozen=True):
    """The last `mini_batches` of `size` samples of the epoch, in an `order`, were replayed backwards with −`eta`."""

    eta: float
    mini_batches: int
    size: int
    order: str


class Edited(Act, frozen=True):
    edit: WeightEdit


class Frozen(Act, frozen=True):
    """A unit stopped learning: its incoming weights and bias stay fixed. If not `frozen`, it learns again."""

    unit: Unit
    frozen: bool = True


class Taught(Act, frozen=True):
    """A drawing was taught by hand: not a mini-batch."""

    lesson: Lesson


ByHand = Stepped | SteppedBack | Edited | Frozen | Taught
NOW: Final = (0, 0)  # the place of an act as a command: the run places it at its own step
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


def differences(old: Settings, new: Settings) -> tuple[tuple[str, object, object], ...]:
    """Return the fields in which `old` and `new` differ, as in `Changed.changes`."""
    pairs = ((name, getattr(old, name), getattr(new, name)) for name in SETTINGS)
    return tuple((name, before, after) for name, before, after in pairs if before != after)


def gesture_of(acts: Sequence[Intervention], number: int) -> range:
    """Return the range of neighbouring interventions made by the same gesture as number `number`."""

    def same(index: int) -> bool:
        act = acts[index] if 0 <= index < len(acts) else None
        return isinstance(act, Changed) and act.gesture == gesture

    act = acts[number]
    gesture = act.gesture if isinstance(act, Changed) else 0
    first = last = number
    while gesture and same(first - 1):
        first -= 1
    while gesture and same(last + 1):
        last += 1
    return range(first, last + 1)


class Flag(NamedTuple):
    """A mark on the time axis after so many samples and mini-batches: `acts` of one gesture, or none for a fork."""

    digits: int
    step: int
    acts: tuple[Intervention, ...] = ()


def gestures(acts: Sequence[Intervention]) -> list[tuple[Intervention, ...]]:
    groups: list[tuple[Intervention, ...]] = []
    for act in acts:
        last = groups[-1][-1] if groups else None
        if isinstance(act, Changed) and isinstance(last, Changed) and act.gesture == last.gesture != 0:
            groups[-1] += (act,)
        else:
            groups.append((act,))
    return groups


def net_change(acts: Sequence[Intervention]) -> Changed | None:
    """Return all changes of settings as one, without those that were undone, or None if there are none."""
    changes = [act for act in acts if isinstance(act, Changed)]
    joined = changes[0].joined(*changes[1:]) if changes else None
    return joined if joined is not None and joined.changes else None


def flags_of(acts: Sequence[Intervention], fork: tuple[int, int] | None) -> tuple[Flag, ...]:
    """Return a flag for each gesture and one for the fork (samples, mini-batches), in order."""
    flags = [Flag(group[0].digits, group[0].step, group) for group in gestures(acts)]
    if fork is not None and all(flag.step != fork[1] for flag in flags):
        flags.append(Flag(*fork))
    return tuple(sorted(flags, key=lambda flag: (flag.step, flag.digits)))


def last_gesture(acts: Sequence[Intervention]) -> tuple[Intervention, ...]:
    """Return the interventions of the last manual gesture that had an effect; empty if there was none."""
    groups = reversed(gestures(acts))
    by_hand = (
        each for each in groups if net_change(each) or not isinstance(each[-1], Changed | Halved | Nudged)
    )
    return next(by_hand, ())


def by_gesture(acts: Sequence[Intervention]) -> list[Intervention]:
    """Return the interventions with those of each gesture joined, without changes that a gesture undid itself."""
    joined = (net_change(group) if isinstance(group[0], Changed) else group[0] for group in gestures(acts))
    return [act for act in joined if act is not None]


def summed_up(acts: Sequence[Intervention]) -> list[Intervention]:
    """Summarise neighbouring interventions: all changes as one, every manual edit of weights, and the last of each
    other kind. They are in the order of the last one of each kind; changes without effect are left out."""
    last: dict[object, Intervention] = {}
    for number, act in enumerate(acts):
        each = isinstance(act, ByHand)  # manual edits add up
        kind = number if each else type(act)
        before = last.pop(kind, None)
        if isinstance(act, Changed) and isinstance(before, Changed):
            joined = before.joined(act)
            if joined.changes or act.step == before.step or act.gesture == before.gesture != 0:
                act = joined
            else:
                last[number] = before  # mini-batches were trained with it
        last[kind] = act
    return [act for act in last.values() if not isinstance(act, Changed) or act.changes]
