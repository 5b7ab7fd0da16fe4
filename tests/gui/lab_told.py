"""What a lab tells, of one kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.lab_changes import ChangeKind, LabChange

C = TypeVar("C")


def told(lab: Lab, kind: type[C]) -> list[C]:
    """All changes of a kind from now on."""
    found: list[C] = []

    def take(change: LabChange) -> None:
        if isinstance(change, kind):
            found.append(change)

    lab.changed.connect(take)
    return found


def when(lab: Lab, kind: ChangeKind, do: Callable[[], object]) -> None:
    """Does something at each change of a kind."""

    def take(change: LabChange) -> None:
        if change is kind:
            do()

    lab.changed.connect(take)
