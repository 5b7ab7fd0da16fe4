"""Comparison of two evaluations of one set, A and B, sample by sample. They may be of two runs or of two steps of one.
Only the first n samples in both are compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.digits import LabelledDigits
from mnistviz.engine.mistakes.confusion import counted
from mnistviz.engine.moment import Evaluation


@dataclass(frozen=True, eq=False)
class VerdictGroups:
    """Indices of the samples that both classify correctly, that only A or only B misclassifies, and that both
    misclassify; each ascending, and each of the `of` samples in one of the four. `same_wrong` are those of
    `both_wrong` with the same prediction. `differ` counts the samples with different predictions."""

    both_right: NDArray[np.intp]
    only_a_wrong: NDArray[np.intp]
    only_b_wrong: NDArray[np.intp]
    both_wrong: NDArray[np.intp]
    same_wrong: NDArray[np.intp]
    of: int

    @property
    def differ(self) -> int:
        alike = len(self.both_right) + len(self.same_wrong)
        return self.of - alike


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


def confusion_difference(
    a: Evaluation, b: Evaluation, digits: LabelledDigits, classes: int
) -> NDArray[np.int64]:
    """Return the difference of the confusion matrices, B − A, (K, K): positive cells outside the diagonal are mistakes
    that B makes more often. Raise ValueError for evaluations of different sets."""
    labels, a_read, b_read = _in_common(a, b, digits)
    return counted(labels, b_read, classes) - counted(labels, a_read, classes)


def misread_alone(evaluations: Sequence[Evaluation], digits: LabelledDigits) -> list[NDArray[np.intp]]:
    """Return for each of several evaluations of one set the indices of the samples that it alone misclassifies,
    ascending, among the samples in all of them; for a single one, all its mistakes. Raise ValueError for different
    sets."""
    if len({each.set for each in evaluations}) > 1:
        raise ValueError("digits of two sets can't be compared")
    count = min((len(each.predictions) for each in evaluations), default=0)
    wrong = np.array([each.predictions[:count] != digits.labels[:count] for each in evaluations], np.bool_)
    alone = wrong.sum(axis=0) == 1
    return [np.flatnonzero(row & alone) for row in wrong]


def _in_common(
    a: Evaluation, b: Evaluation, digits: LabelledDigits
) -> tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]]:
    """Return labels and the predictions of A and B, (n,) each, of the samples in both."""
    if a.set != b.set:
        raise ValueError(f"{a.set} digits can't be compared with {b.set} digits")
    count = min(len(a.predictions), len(b.predictions))
    return digits.labels[:count], a.predictions[:count], b.predictions[:count]
