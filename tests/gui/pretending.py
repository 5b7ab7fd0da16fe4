"""What it takes thousands of mini-batches, or a dozen runs, to come to: a test has it known at once."""

from typing import Any

from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.lab_changes import ChangeKind


def pretend(lab: Lab, number: int, **facts: Any) -> None:
    """Lets other facts be known of an open run."""
    lab._core.runs.get(number).change(**facts)
    lab.tell(ChangeKind.RUNS)


def forget_closed(lab: Lab) -> None:
    """None of the closed runs can be opened again, as if as many others had been closed since as are kept."""
    lab._core.runs.closed.clear()


def forget_all(lab: Lab) -> None:
    """There are no runs, as if none had ever begun. The worker is not told."""
    lab._core.runs.open.clear()
    forget_closed(lab)
