"""The samples that one network misclassifies, and as what. K is the number of classes. An evaluation covers the first
n samples of a set; everything here is about those n."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.digits import LabelledDigits
from mnistviz.engine.moment import Evaluation

MistakeOrder = Literal["surest", "least_sure", "number"]


def confusion_matrix(evaluation: Evaluation, digits: LabelledDigits, classes: int) -> NDArray[np.int64]:
    """Return the confusion matrix (K, K): a row for each true class, a column for each predicted one. The diagonal
    counts correct predictions; a class without samples has a row of zeros."""
    return counted(labels_of(evaluation, digits), evaluation.predictions, classes)


def counted(labels: NDArray[np.uint8], predictions: NDArray[np.uint8], classes: int) -> NDArray[np.int64]:
    """Return the confusion matrix (K, K) of labels, (n,), and predictions, (n,)."""
    cells = np.bincount(labels.astype(np.int64) * classes + predictions, minlength=classes * classes)
    return cells.reshape(classes, classes).astype(np.int64, copy=False)


def misread(
    evaluation: Evaluation, digits: LabelledDigits, true: int | None = None, read: int | None = None
) -> NDArray[np.intp]:
    """Return the ascending indices of misclassified samples, (m,): those of class `true`, those predicted as `read`,
    those of one cell of the matrix if both are given, or all. A cell of the diagonal has none."""
    labels = labels_of(evaluation, digits)
    chosen = evaluation.predictions != labels
    if true is not None:
        chosen &= labels == true
    if read is not None:
        chosen &= evaluation.predictions == read
    return np.flatnonzero(chosen)


def in_order(numbers: NDArray[np.intp], evaluation: Evaluation, order: MistakeOrder) -> NDArray[np.intp]:
    """Sort samples, given by indices (m,), by the winning output: "surest" has the highest first, "least_sure" the
    lowest, "number" is the order of the set.

    Samples of equal outputs keep the order of the set; those whose output is not finite come last. If no outputs are
    known, as in an evaluation of an older file, all orders are that of the set.
    """
    numbers = np.sort(numbers)
    if order == "number" or evaluation.outputs is None:
        return numbers
    outputs = evaluation.outputs[numbers]
    keys = -outputs if order == "surest" else outputs
    return numbers[np.argsort(keys, kind="stable")]


def labels_of(evaluation: Evaluation, digits: LabelledDigits) -> NDArray[np.uint8]:
    """Return the labels of the evaluated samples, (n,)."""
    return digits.labels[: len(evaluation.predictions)]
