"""Which digits one network misreads, and what it takes them for.

K is the number of classes. An evaluation has read the first n digits of a set; all else here is about those n.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.digits import LabelledDigits
from mnistviz.engine.moment import Evaluation

MistakeOrder = Literal["surest", "least_sure", "number"]


def confusion_matrix(found: Evaluation, digits: LabelledDigits, classes: int) -> NDArray[np.int64]:
    """How many digits of each class were read as which: (K, K), a row for each true class, a column for what was
    read. The diagonal is what was read right; a class without digits has a row of zeros."""
    return counted(labels_of(found, digits), found.predictions, classes)


def counted(labels: NDArray[np.uint8], predictions: NDArray[np.uint8], classes: int) -> NDArray[np.int64]:
    """The confusion matrix of digits of these labels, (n,), which were read as these, (n,): (K, K)."""
    cells = np.bincount(labels.astype(np.int64) * classes + predictions, minlength=classes * classes)
    return cells.reshape(classes, classes).astype(np.int64, copy=False)


def misread(
    found: Evaluation, digits: LabelledDigits, true: int | None = None, read: int | None = None
) -> NDArray[np.intp]:
    """The numbers of the misread digits in ascending order, (m,): those of class `true`, those read as `read`, those of
    one cell of the matrix where both are given, or all. A cell of the diagonal has none."""
    labels = labels_of(found, digits)
    chosen = found.predictions != labels
    if true is not None:
        chosen &= labels == true
    if read is not None:
        chosen &= found.predictions == read
    return np.flatnonzero(chosen)


def in_order(numbers: NDArray[np.intp], found: Evaluation, order: MistakeOrder) -> NDArray[np.intp]:
    """The digits of these numbers, (m,), by the output that won: "surest" has the highest first, "least_sure" the
    lowest, "number" is the order of the set.

    Digits of equal outputs keep the order of the set; those whose output is no number come last. Where no outputs are
    known, as in an evaluation of an older file, all orders are that of the set.
    """
    numbers = np.sort(numbers)
    if order == "number" or found.outputs is None:
        return numbers
    outputs = found.outputs[numbers]
    keys = -outputs if order == "surest" else outputs
    return numbers[np.argsort(keys, kind="stable")]


def labels_of(found: Evaluation, digits: LabelledDigits) -> NDArray[np.uint8]:
    """What the digits are that were read, (n,)."""
    return digits.labels[: len(found.predictions)]
