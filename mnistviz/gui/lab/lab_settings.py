"""The settings of the selected run, of a branch, and of a new run."""

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
"""A command that restores earlier weights of the run."""


class LabSettings:
    """Manages the draft: the settings in the controls, and the plan of those changed at an earlier step."""

    def __init__(self, core: LabCore) -> None:
        self._core = core
        self.draft = Draft()

    def set_draft(self, draft: Draft) -> None:
        """Replace the draft without a command to the run."""
        if draft != self.draft:
            self.draft = draft
            self._core.tell(ChangeKind.DRAFT)

    def edit(self, values: Mapping[str, Any], gesture: int = 0, *, back: Back | None = None) -> None:
        """Set some settings: the run gets the live ones, or at an earlier step a branch, unless all waits for a new
        run. With `back` the run first restores other weights, in the same gesture."""
        self.set_draft(self.draft.set(values))
        live = {name: value for name, value in values.items() if not SETTINGS[name].new_run}
        if (live or back is not None) and not self.draft.for_new_run:
            self.change(live, gesture, back=back)

    def change(self, values: dict[str, Any], gesture: int = 0, *, back: Back | None = None) -> None:
        """Set live settings: for the next mini-batch, or at an earlier step as a plan."""
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
        """Update the draft to what the run trains with at the shown step, unless a change has not reached it yet."""
        run, moment = self._core.run, self._core.moment
        if run is not None and moment is not None and (run.has_obeyed or not self._core.playhead.live):
            self.set_draft(self.draft.follow(moment.settings))

    def drop_plan(self) -> None:
        if self.draft.plan:
            self.set_draft(replace(self.draft, plan={}))
            self.follow()
