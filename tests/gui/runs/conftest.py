"""A lab in which several runs are open."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.gui.lab_by_hand import LabByHand

Several = Callable[[int], LabByHand]


@pytest.fixture
def several(lab_by_hand: LabByHand) -> Several:
    """A lab with so many runs: the first, and branches of it with another η each. The last one is selected."""

    def make(count: int) -> LabByHand:
        lab = lab_by_hand
        trunk = lab.run_to(60)
        for number in range(count - 1):
            lab.select(trunk.number)
            lab.branch()
            lab.change({"eta": 0.5 + number})
            lab.run_to(80 + number)
        if count > 1:
            lab.select(trunk.number)
            lab.run_to(90)
            lab.select(lab.runs[-1].number)
        return lab

    return make
