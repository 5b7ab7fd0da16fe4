"""The predictions of one network or of two for a set, and the selection of some of its digits.."""

from functools import cached_property
from typing import Final, Literal, Self

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from mnistviz.engine.digits import LabelledDigits
from mnistviz.engine.mistakes import confusion
from mnistviz.engine.mistakes.confusion import MistakeOrder, in_order, misread, verdict_groups
from mnistviz.engine.moment import Evaluation, SetName
from mnistviz.gui.lab.shown import RunFacts, Shown

Numbers = NDArray[np.intp]


class MatrixChoice(Struct, frozen=True):
    """A part of the confusion matrix: a cell, the misclassified digits of a true class or those predicted as a class;
    or all misclassified digits, if both are None."""

    true: int | None = None
    read: int | None = None


ALL_MISREAD: Final = MatrixChoice()


class ReadDigits(Struct, frozen=True, eq=False, dict=True):
    """The digits of a set and the network's predictions for them, in the evaluation `found`. `data` is the checksum of
    the data set, `output` the kind of the network's outputs."""

    run: int
    data: str
    found: Evaluation
    digits: LabelledDigits
    classes: tuple[str, ...]
    output: str = "sigmoid"

    @property
    def set_name(self) -> SetName:
        return self.found.set

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        return confusion.confusion_matrix(self.found, self.digits, len(self.classes))

    @property
    def misread(self) -> int:
        return int(self.counts.sum() - np.trace(self.counts))

    def label(self, number: int) -> int:
        return int(self.digits.labels[number])

    def prediction(self, number: int) -> int:
        return int(self.found.predictions[number])

    def has_the_digits_of(self, other: Self) -> bool:
        """Return True if a number means the same digit in both. Each run has its own training digits."""
        if (self.data, self.set_name) != (other.data, other.set_name):
            return False
        return self.set_name != "training" or are_same(self.digits, other.digits)

    def chosen(self, choice: MatrixChoice, order: MistakeOrder) -> Numbers:
        """Return the digits in a part of the matrix; in a cell on the diagonal, those predicted correctly."""
        numbers = misread(self.found, self.digits, choice.true, choice.read)
        if choice.true is not None and choice.true == choice.read:
            right = self.digits.labels == self.found.predictions
            numbers = np.flatnonzero(right & (self.digits.labels == choice.true))
        return in_order(numbers, self.found, order)


def newest_whole(shown: Shown, name: SetName) -> Evaluation | None:
    """Return the last complete evaluation of a set up to the shown step: of a viewed step its own, once there is one;
    of a diverged run the last one while its weights were finite."""
    run, newest = shown.run, shown.evaluations.get(name)
    if run is None or shown.digits is None:
        return None
    if shown.diverged:
        return run.readings.last_before(shown.here, name, getattr(shown.digits, name))
    here = newest if newest is not None and newest.complete else None
    if shown.live:
        return run.readings.newest.get(name, here)
    if here is not None or name == "training":
        return here
    kept = run.readings.last(name, shown.here)
    return None if kept is None else kept.evaluation(name, getattr(shown.digits, name))


def at_equal_digits(shown: Shown, other: RunFacts, read: ReadDigits) -> ReadDigits:
    """Return the evaluation of the shown run to compare with another run that is not as far yet, or, while it trains,
    with any other run: the last one after as many digits as one of the other run. Without such a pair return `read`."""
    run, name = shown.run, read.set_name
    is_known = shown.rests and other.digits_seen >= read.found.digits
    if run is None or shown.digits is None or name == "training" or is_known:
        return read
    of_other = {
        each.digits for each in other.readings.of(name) if not (other.diverged and each.step == other.step)
    }
    for measured in reversed(run.readings.of(name)):
        if 0 < measured.digits <= read.found.digits and measured.digits in of_other:
            return replace(read, found=measured.evaluation(name, read.digits))
    return read


def trains_on_others(shown: Shown, other: RunFacts, read: ReadDigits) -> bool:
    if read.set_name != "training" or shown.digits is None:
        return False
    return not are_same(read.digits, shown.digits.trained_on(other.settings).first(len(read.digits)))


def are_same(some: LabelledDigits, others: LabelledDigits) -> bool:
    return np.array_equal(some.labels, others.labels) and np.array_equal(some.images, others.images)


def read_digits(shown: Shown, evaluation: Evaluation | None) -> ReadDigits | None:
    """Return an evaluation with the digits and labels of the shown run, or None if they do not belong together."""
    if shown.digits is None or shown.run is None or evaluation is None:
        return None
    digits: LabelledDigits = getattr(shown.digits, evaluation.set)
    if evaluation.set == "training":
        digits = shown.digits.trained_on(shown.run.settings).first(len(evaluation.predictions))
    if len(digits) != len(evaluation.predictions):
        return None
    data, classes = shown.digits.checksum, shown.digits.classes
    return ReadDigits(shown.run.number, data, evaluation, digits, classes, shown.run.settings.output)


VerdictGroup = Literal["both_right", "only_b_wrong", "only_a_wrong", "both_wrong"]
VERDICT_GROUPS: Final[tuple[VerdictGroup, ...]] = ("both_right", "only_b_wrong", "only_a_wrong", "both_wrong")


class ReadSide(Struct, frozen=True, eq=False):
    """One of two networks: name, colour and evaluation, and a `full` name for sentences, if that is longer."""

    name: str
    hue: str
    found: Evaluation
    full: str = ""

    @property
    def in_sentence(self) -> str:
        return self.full or self.name


class TwoReadings(Struct, frozen=True, eq=False, dict=True):
    """The predictions of B, which is shown, and of A. Only digits that both have evaluated are compared."""

    a: ReadSide
    b: ReadSide
    read: ReadDigits

    @cached_property
    def groups(self) -> confusion.VerdictGroups:
        return verdict_groups(self.a.found, self.b.found, self.read.digits)

    @cached_property
    def difference(self) -> NDArray[np.int64]:
        return confusion.confusion_difference(
            self.a.found, self.b.found, self.read.digits, len(self.read.classes)
        )

    def numbers(self, group: VerdictGroup) -> Numbers:
        chosen: Numbers = getattr(self.groups, group)
        return chosen

    def group(self, group: VerdictGroup, order: MistakeOrder) -> Numbers:
        """Return the digits of a group in an order. If only A is wrong, the outputs of A decide."""
        return in_order(self.numbers(group), (self.a if group == "only_a_wrong" else self.b).found, order)

    def chosen(self, choice: MatrixChoice, order: MistakeOrder) -> Numbers:
        """Return the digits that the two predict differently and that one of them puts into a part of the matrix."""
        count = self.groups.of
        labels = self.read.digits.labels[:count]
        a, b = self.a.found.predictions[:count], self.b.found.predictions[:count]
        wanted = a != b
        if choice.true is not None:
            wanted &= labels == choice.true
        if choice.read is not None:
            wanted &= (a == choice.read) | (b == choice.read)
            if choice.true is None:
                wanted &= labels != choice.read
        return in_order(np.flatnonzero(wanted), self.b.found, order)
