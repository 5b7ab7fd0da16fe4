"""The viewed places and the plans of runs that are not selected any more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mnistviz.gui.lab.shown import RunFacts


@dataclass(frozen=True)
class LeftPlan:
    """Settings that were planned in a run, and the step that was viewed."""

    step: int = 0
    values: Mapping[str, Any] = field(default_factory=dict)


class LeftPlaces:
    """The plan of each run that was left, and the place that the user viewed last.

    A shorter run is shown at its end instead of that place; a return from there leads to the place itself.
    """

    def __init__(self) -> None:
        self._plans: dict[int, LeftPlan] = {}
        self._arrived: tuple[int, int] | None = None  # run and step after selecting a run
        self._chosen: int | None = None  # in digits: the requested place

    def leave(self, run: RunFacts, playhead: int | None, plan: Mapping[str, Any]) -> int | None:
        """Save the plan of a run. Return the viewed place in digits, or None for its end."""
        here = run.step if playhead is None else playhead
        if plan:
            self._plans[run.number] = LeftPlan(here, dict(plan))
        if self._arrived == (run.number, here):
            return self._chosen
        return None if playhead is None else run.digits_at(here)

    def arrive(self, run: RunFacts, step: int, chosen: int | None) -> None:
        """Record that a run is shown at a step, for a place `chosen` in digits, or None for its end."""
        self._arrived, self._chosen = (run.number, step), chosen

    def take_plan(self, number: int) -> LeftPlan:
        """Return and remove the plan of a run."""
        return self._plans.pop(number, LeftPlan())

    def forget(self, number: int) -> None:
        self._plans.pop(number, None)
