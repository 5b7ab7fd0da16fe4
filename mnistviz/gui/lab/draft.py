"""What is set for the selected run, for a branch and for a new run, as one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from mnistviz.engine.settings import SETTINGS, Settings


@dataclass(frozen=True)
class Draft:
    """What the controls say, beside what the run learns with."""

    settings: Settings = field(default_factory=Settings)
    """What is set: a new run begins with it."""
    running: Settings | None = None
    """What the run learns with at the moment shown; None before there is a run."""
    for_new_run: bool = False
    """Whether all of it waits for a new run, as a chosen recipe does. Until then no control touches the run."""
    plan: Mapping[str, Any] = field(default_factory=dict)
    """Live settings that were changed in the past, by name: what a branch would have."""
    taken_over: bool = False
    """Whether the run has ended its schedule of η since η was set by hand."""

    def set(self, values: Mapping[str, Any]) -> Draft:
        """With other values of some settings."""
        taken_over = self.taken_over and "schedule" not in values
        return replace(self, settings=replace(self.settings, **values), taken_over=taken_over)

    def choose(self, settings: Settings) -> Draft:
        """With all settings of a recipe, which wait for a new run."""
        waits = self.running is not None and settings != self.running
        return replace(self, settings=settings, for_new_run=waits)

    def begin(self, running: Settings, now: Settings | None) -> Draft:
        """For another run, which was begun with `running`, and learns with what it has `now` if that is known."""
        return replace(
            self, settings=now or self.settings, running=running, for_new_run=False, taken_over=False
        )

    def follow(self, running: Settings) -> Draft:
        """For a run that learns with `running`. What can change in mid-run follows it, unless all of it waits."""
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
        """Without anything that waits or is planned."""
        if self.running is None:
            return replace(self, plan={})
        return replace(self, settings=self.running, for_new_run=False, plan={})

    def with_outputs(self, count: int) -> Draft:
        """For a data set with so many classes."""
        running = None if self.running is None else self.running.for_classes(count)
        return replace(self, settings=self.settings.for_classes(count), running=running)


def live(settings: Settings) -> dict[str, Any]:
    """What can change in mid-run."""
    return {name: getattr(settings, name) for name, each in SETTINGS.items() if not each.new_run}
