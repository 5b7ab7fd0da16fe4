"""The effect of manual edits, of a taught drawing, and of switching off a unit, on a copy of the network."""

from collections.abc import Iterable

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from mnistviz.engine.acts import Lesson, WeightEdit, places_of, teach
from mnistviz.engine.cancelling import Cancelled, Counted, check, never, unheard
from mnistviz.engine.digits import DigitSet, LabelledDigits, grey_values
from mnistviz.engine.evaluation import pieces
from mnistviz.engine.functions import Array, Bytes, Ints, Numbers, quietly
from mnistviz.engine.microscope.step_summary import changed_sides
from mnistviz.engine.network import Network, Unit


class EditEffect(Struct, frozen=True, eq=False):
    """Predictions of two networks for the n samples of one set: `read_before` and `read_after`, uint8 (n,); the
    indices of the samples `won` and `lost`, ascending, and the numbers of correct ones."""

    read_before: Bytes
    read_after: Bytes
    won: Numbers
    lost: Numbers
    right_before: int
    right_after: int

    @property
    def of(self) -> int:
        return len(self.read_before)


class TaughtCopy(Struct, frozen=True, eq=False):
    """A copy after a `lesson` of so many steps; `is_read` is True if it classifies the drawing correctly."""

    network: Network
    lesson: Lesson
    is_read: bool


def edited(network: Network, edits: Iterable[WeightEdit]) -> Network:
    """Return a copy of a network with edited weights. Raise ValueError for places that it lacks."""
    copy = network.copy()
    for edit in edits:
        edit.in_float32().apply(copy)
    return copy


def effect(
    before: Network,
    after: Network,
    digits: DigitSet,
    cancelled: Cancelled = never,
    progress: Counted = unheard,
    *,
    read_before: Bytes | None = None,
) -> EditEffect:
    """Compare two networks on all of `digits`. Known predictions of the first can be passed as `read_before`.
    `progress` receives the samples done and their total; raise `Withdrawn` once `cancelled()`."""
    networks = [after] if read_before is not None else [before, after]
    of, predictions = len(networks) * len(digits), list[Bytes]()
    for number, network in enumerate(networks):
        parts: list[Bytes] = []
        for piece in pieces(network, digits):
            check(cancelled)
            parts.append(network.predictions(piece.images))
            progress(number * len(digits) + sum(map(len, parts)), of)
        predictions.append(np.concatenate(parts))
    first, last = predictions[0] if read_before is None else read_before, predictions[-1]
    labels = digits.labels
    right_before, right_after = (int(np.count_nonzero(read == labels)) for read in (first, last))
    return EditEffect(first, last, *changed_sides(first, last, labels), right_before, right_after)


@quietly
def taught(
    network: Network,
    lesson: Lesson,
    training: LabelledDigits,
    frozen: Iterable[Unit] = (),
    *,
    until_read: bool = False,
) -> TaughtCopy:
    """Return a copy of a network after a lesson, or, if `until_read`, after as many of its steps, perhaps none, as the
    drawing needs to be classified correctly. `training` are the run's training samples, and its `frozen` units don't
    learn. Raise ValueError or `Problem` for an invalid lesson."""
    lesson.check(network.sizes, len(training))
    copy, places = network.copy(), places_of(frozen, network.sizes)
    targets = np.eye(network.sizes[-1], dtype=network.dtype)
    steps = 0
    while steps < lesson.steps and not (until_read and reads(copy, lesson)):
        teach(copy, replace(lesson, steps=1), training, targets, places)
        steps += 1
    return TaughtCopy(copy, replace(lesson, steps=steps), reads(copy, lesson))


def reads(network: Network, lesson: Lesson) -> bool:
    return bool(network.predictions(lesson.image[np.newaxis])[0] == lesson.label)


class UnitRanking(Struct, frozen=True, eq=False):
    """The n units of a hidden layer by the predictions without each of them, (n,): how many more are `lost` than won,
    and how many `differ`. With all units `right` of the samples are correct, `of` so many."""

    lost: Ints
    differ: Ints
    right: int
    of: int

    @property
    def order(self) -> Numbers:
        """The units, the most removable first."""
        return np.lexsort((self.differ, self.lost))


@quietly
def rank_units(
    network: Network, layer: int, digits: DigitSet, cancelled: Cancelled = never, progress: Counted = unheard
) -> UnitRanking:
    """Switch off each unit of a hidden layer in turn, layer 1 the first, and evaluate all of `digits`. `progress`
    receives the samples evaluated, each once per unit, and their total. Raise `Withdrawn` once `cancelled()`."""
    units = network.sizes[layer]
    lost, differ, right = np.zeros(units, np.int64), np.zeros(units, np.int64), 0
    done, of = 0, units * len(digits)
    for piece in pieces(network, digits):
        a = network.activations(grey_values(piece.images), layer)[-1].T
        whole = _read_on(network, layer, a)
        right_here = int(np.count_nonzero(whole == piece.labels))
        right += right_here
        for unit in range(units):
            check(cancelled)
            original = a[unit].copy()
            a[unit] = 0
            predictions = _read_on(network, layer, a)
            a[unit] = original
            lost[unit] += right_here - np.count_nonzero(predictions == piece.labels)
            differ[unit] += np.count_nonzero(predictions != whole)
            done += len(piece)
            progress(done, of)
    return UnitRanking(lost, differ, right, of // units)


def _read_on(network: Network, layer: int, a: Array) -> Numbers:
    """Return the predictions from the activations `a` of a layer, (n, m): (m,)."""
    for number in range(layer, len(network.weights)):
        z = network.weights[number].dot(a)
        z += network.biases[number][:, np.newaxis]
        a = network.functions[number].value(z)
    return np.asarray(a.argmax(axis=0))
