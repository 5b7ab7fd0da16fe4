"""Where the user looked in runs that were left for another one, and what was planned there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mnistviz.gui.lab.shown import RunFacts


@dataclass(frozen=True)
class LeftPlan:
    """Settings that were planned in a run, and the step that was looked at."""

    step: int = 0
    values: Mapping[str, Any] = field(default_factory=dict)


class LeftPlaces:
    """Keeps the plan of each run that was left, and the place that the user chose last.

    A shorter run is shown at its end instead of that place; from there the way back leads to the place itself.
    """

    def __init__(self) -> None:
        self._plans: dict[int, LeftPlan] = {}
        self._arrived: tuple[int, int] | None = None  # run, step: where selecting a run has led to
        self._chosen: int | None = None  # in digits: what was looked for there

    def leave(self, run: RunFacts, playhead: int | None, plan: Mapping[str, Any]) -> int | None:
        """Keeps the plan of a run; returns in digits what the user looks at, None for its end."""
        here = run.step if playhead is None else playhead
        if plan:
            self._plans[run.number] = LeftPlan(here, dict(plan))
        if self._arrived == (run.number, here):
            return self._chosen
        return None if playhead is None else run.digits_at(here)

    def arrive(self, run: RunFacts, step: int, chosen: int | None) -> None:
        """A run is shown at a step, since so many digits were looked for, or its end."""
        self._arrived, self._chosen = (run.number, step), chosen

    def take_plan(self, number: int) -> LeftPlan:
        """The plan of a run, which is its draft's again."""
        return self._plans.pop(number, LeftPlan())

    def forget(self, number: int) -> None:
        self._plans.pop(number, None)
