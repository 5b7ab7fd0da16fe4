"""The samples that one network misclassifies, and as what; and two evaluations of one set, A and B, compared. K is the
number of classes. An evaluation covers the first n samples of a set; all here is about those, or those in both."""

from typing import Literal

import numpy as np
from msgspec import Struct

from mnistviz.engine.digits import LabelledDigits
from mnistviz.engine.functions import Bytes, Ints, Numbers
from mnistviz.engine.moment import Evaluation

MistakeOrder = Literal["surest", "least_sure", "number"]


def confusion_matrix(evaluation: Evaluation, digits: LabelledDigits, classes: int) -> Ints:
    """Return the confusion matrix (K, K): a row for each true class, a column for each predicted one. The diagonal
    counts correct predictions; a class without samples has a row of zeros."""
    return counted(labels_of(evaluation, digits), evaluation.predictions, classes)


def counted(labels: Bytes, predictions: Bytes, classes: int) -> Ints:
    """Return the confusion matrix (K, K) of labels, (n,), and predictions, (n,)."""
    cells = np.bincount(labels.astype(np.int64) * classes + predictions, minlength=classes * classes)
    return cells.reshape(classes, classes).astype(np.int64, copy=False)


def misread(
    evaluation: Evaluation, digits: LabelledDigits, true: int | None = None, read: int | None = None
) -> Numbers:
    """Return the ascending indices of misclassified samples, (m,): those of class `true`, those predicted as `read`,
    those of one cell of the matrix if both are given, or all. A cell of the diagonal has none."""
    labels = labels_of(evaluation, digits)
    chosen = evaluation.predictions != labels
    if true is not None:
        chosen &= labels == true
    if read is not None:
        chosen &= evaluation.predictions == read
    return np.flatnonzero(chosen)


def in_order(numbers: Numbers, evaluation: Evaluation, order: MistakeOrder) -> Numbers:
    """Sort samples, given by indices (m,), by the winning output: "surest" has the highest first, "least_sure" the
    lowest, "number" is the order of the set.

    Samples of equal outputs keep the order of the set; those whose output is not finite come last. If no outputs are
    known, as in an evaluation of an older file, all orders are that of the set.
    """
    numbers = np.sort(numbers)
    if order == "number" or evaluation.outputs is None:
        return numbers
    outputs = evaluation.outputs[numbers]
    return numbers[np.argsort(-outputs if order == "surest" else outputs, kind="stable")]


def labels_of(evaluation: Evaluation, digits: LabelledDigits) -> Bytes:
    """Return the labels of the evaluated samples, (n,)."""
    return digits.labels[: len(evaluation.predictions)]


class VerdictGroups(Struct, frozen=True, eq=False):
    """Indices of the samples that both classify correctly, that only A or only B misclassifies, and that both
    misclassify; each ascending, and each of the `of` samples in one of the four. `same_wrong` are those of
    `both_wrong` with the same prediction. `differ` counts the samples with different predictions."""

    both_right: Numbers
    only_a_wrong: Numbers
    only_b_wrong: Numbers
    both_wrong: Numbers
    same_wrong: Numbers
    of: int

    @property
    def differ(self) -> int:
        return self.of - len(self.both_right) - len(self.same_wrong)


def verdict_groups(a: Evaluation, b: Evaluation, digits: LabelledDigits) -> VerdictGroups:
    """Return the four groups of the samples in both evaluations. Raise ValueError for different sets."""
    labels, a_read, b_read = _in_common(a, b, digits)
    a_right, b_right = a_read == labels, b_read == labels
    both_wrong = ~(a_right | b_right)
    return VerdictGroups(
        np.flatnonzero(a_right & b_right),
        np.flatnonzero(b_right & ~a_right),
        np.flatnonzero(a_right & ~b_right),
        np.flatnonzero(both_wrong),
        np.flatnonzero(both_wrong & (a_read == b_read)),
        len(labels),
    )


def confusion_difference(a: Evaluation, b: Evaluation, digits: LabelledDigits, classes: int) -> Ints:
    """Return the difference of the confusion matrices, B − A, (K, K): positive cells outside the diagonal are mistakes
    that B makes more often. Raise ValueError for evaluations of different sets."""
    labels, a_read, b_read = _in_common(a, b, digits)
    return counted(labels, b_read, classes) - counted(labels, a_read, classes)


def _in_common(a: Evaluation, b: Evaluation, digits: LabelledDigits) -> tuple[Bytes, Bytes, Bytes]:
    """Return labels and the predictions of A and B, (n,) each, of the samples in both."""
    if a.set != b.set:
        raise ValueError(f"{a.set} digits can't be compared with {b.set} digits")
    count = min(len(a.predictions), len(b.predictions))
    return digits.labels[:count], a.predictions[:count], b.predictions[:count]
