"""The settings of the selected run, of a branch and of a new run, as one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from mnistviz.engine.settings import SETTINGS, Settings


@dataclass(frozen=True)
class Draft:
    """The settings in the controls, beside those that the run trains with."""

    settings: Settings = field(default_factory=Settings)
    running: Settings | None = None
    for_new_run: bool = False
    """True if all of it waits for a new run, as a chosen recipe does. Until then no control affects the run."""
    plan: Mapping[str, Any] = field(default_factory=dict)
    """Live settings that were changed at an earlier step, by name, for a branch."""
    taken_over: bool = False
    """True if the run has ended its schedule of η since η was set by hand."""

    def set(self, values: Mapping[str, Any]) -> Draft:
        taken_over = self.taken_over and "schedule" not in values
        return replace(self, settings=replace(self.settings, **values), taken_over=taken_over)

    def choose(self, settings: Settings) -> Draft:
        waits = self.running is not None and settings != self.running
        return replace(self, settings=settings, for_new_run=waits)

    def begin(self, running: Settings, now: Settings | None) -> Draft:
        return replace(
            self, settings=now or self.settings, running=running, for_new_run=False, taken_over=False
        )

    def follow(self, running: Settings) -> Draft:
        """Return the draft for a run that trains with `running`. Live settings follow it, unless all waits for a new
        run."""
        if self.for_new_run:
            return replace(self, running=running)
        there = running.changed(**self.plan) if self.plan else running
        changed = {
            name: value for name, value in live(there).items() if getattr(self.settings, name) != value
        }
        taken_over = self.taken_over or changed.get("schedule") == "constant"
        return replace(
            self, settings=replace(self.settings, **changed), running=running, taken_over=taken_over
        )

    def revert(self) -> Draft:
        if self.running is None:
            return replace(self, plan={})
        return replace(self, settings=self.running, for_new_run=False, plan={})

    def with_outputs(self, count: int) -> Draft:
        running = None if self.running is None else self.running.for_classes(count)
        return replace(self, settings=self.settings.for_classes(count), running=running)


def live(settings: Settings) -> dict[str, Any]:
    return {name: getattr(settings, name) for name, each in SETTINGS.items() if not each.new_run}
