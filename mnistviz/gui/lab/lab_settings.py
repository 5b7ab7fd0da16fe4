"""What is set: for the selected run, for a branch, and for a new run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mnistviz.engine.commands import Change, Command, Restore, RestoreBest
from mnistviz.engine.settings import SETTINGS
from mnistviz.gui.lab.draft import Draft
from mnistviz.gui.lab.lab_changes import ChangeKind
from mnistviz.gui.lab.lab_core import LabCore

Back = RestoreBest | Restore
"""A command that goes back to earlier weights of the run."""


class LabSettings:
    """Owns the draft: what the controls say, and the plan of what was changed in the past."""

    def __init__(self, core: LabCore) -> None:
        self._core = core
        self.draft = Draft()

    def set_draft(self, draft: Draft) -> None:
        """Sets something without a word to the run."""
        if draft != self.draft:
            self.draft = draft
            self._core.tell(ChangeKind.DRAFT)

    def edit(self, values: Mapping[str, Any], gesture: int = 0, *, back: Back | None = None) -> None:
        """Sets some settings: the run gets what it can take, or in the past a branch, unless all waits for a new run.
        With `back` the run first goes back to other weights, in the same gesture."""
        self.set_draft(self.draft.set(values))
        live = {name: value for name, value in values.items() if not SETTINGS[name].new_run}
        if (live or back is not None) and not self.draft.for_new_run:
            self.change(live, gesture, back=back)

    def change(self, values: dict[str, Any], gesture: int = 0, *, back: Back | None = None) -> None:
        """New values of live settings: for the next mini-batch, or in the past a plan."""
        playhead, selected = self._core.playhead, self._core.selected
        if playhead.live:
            commands: list[Command] = [Change(values, gesture)]
            if isinstance(back, RestoreBest):
                commands = [replace(back, change=Change(values, gesture))]
            elif back is not None:
                commands.insert(0, back)
            if selected is not None:
                self._core.command(selected, *commands)
            return
        playhead.film(False)
        moment = self._core.moment
        assert moment is not None
        planned = {**self.draft.plan, **values}
        plan = {name: new for name, new in planned.items() if getattr(moment.settings, name, new) != new}
        self.set_draft(replace(self.draft, plan=plan))

    def follow(self) -> None:
        """What is set follows what the run learns with at the moment shown, unless a change has not reached it yet."""
        run, moment = self._core.run, self._core.moment
        if run is not None and moment is not None and (run.has_obeyed or not self._core.playhead.live):
            self.set_draft(self.draft.follow(moment.settings))

    def drop_plan(self) -> None:
        if self.draft.plan:
            self.set_draft(replace(self.draft, plan={}))
            self.follow()
