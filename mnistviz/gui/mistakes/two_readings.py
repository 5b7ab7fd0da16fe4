"""The predictions of two networks for one set: which of them is correct where. Values only, no widget."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.mistakes.confusion import (
    MistakeOrder,
    VerdictGroups,
    confusion_difference,
    in_order,
    verdict_groups,
)
from mnistviz.engine.moment import Evaluation
from mnistviz.gui.mistakes.read_digits import MatrixChoice, Numbers, ReadDigits

VerdictGroup = Literal["both_right", "only_b_wrong", "only_a_wrong", "both_wrong"]
VERDICT_GROUPS: Final[tuple[VerdictGroup, ...]] = (
    "both_right",
    "only_b_wrong",
    "only_a_wrong",
    "both_wrong",
)


@dataclass(frozen=True, eq=False)
class ReadSide:
    """One of two networks: its name, a letter or a word, its colour, its evaluation, and a `full` name for sentences,
    if that is longer."""

    name: str
    hue: str
    found: Evaluation
    full: str = ""

    @property
    def in_sentence(self) -> str:
        return self.full or self.name


@dataclass(frozen=True, eq=False)
class TwoReadings:
    """The predictions of B, which is shown, and of A. Only digits that both have evaluated are compared."""

    a: ReadSide
    b: ReadSide
    read: ReadDigits

    @cached_property
    def groups(self) -> VerdictGroups:
        return verdict_groups(self.a.found, self.b.found, self.read.digits)

    @cached_property
    def difference(self) -> NDArray[np.int64]:
        """The confusion matrix of B minus that of A."""
        return confusion_difference(self.a.found, self.b.found, self.read.digits, len(self.read.classes))

    def numbers(self, group: VerdictGroup) -> Numbers:
        """Return the digits of a group, ascending."""
        chosen: Numbers = getattr(self.groups, group)
        return chosen

    def group(self, group: VerdictGroup, order: MistakeOrder) -> Numbers:
        """Return the digits of a group in an order. If only A is wrong, the outputs of A decide."""
        side = self.a if group == "only_a_wrong" else self.b
        return in_order(self.numbers(group), side.found, order)

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
