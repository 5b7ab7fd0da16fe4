"""A run of a lab, followed: what is asked of it is what is known of it at that time."""

from typing import Any, cast

from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.shown import RunFacts


class _LiveRun:
    """Has the newest facts of a run, also once it has gone. It equals all facts of the same run."""

    def __init__(self, lab: Lab, number: int) -> None:
        self._lab, self.number = lab, number
        self._last = lab.runs.find(number)

    def __getattr__(self, name: str) -> Any:
        self._last = self._lab.runs.find(self.number) or self._last
        return getattr(self._last, name)

    def __eq__(self, other: object) -> bool:
        return getattr(other, "number", None) == self.number

    def __hash__(self) -> int:
        return self.number


def live_run(lab: Lab, run: RunFacts | None = None) -> RunFacts:
    """A run whose facts are always those of now; the selected one if none is named."""
    run = run or lab.run
    return cast(RunFacts, _LiveRun(lab, run.number))
