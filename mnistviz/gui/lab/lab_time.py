"""What trains, how fast and with which settings, and the way between earlier steps and the end of the run."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec.structs import replace

from mnistviz.engine.commands import (
    Change,
    Command,
    FinishEpoch,
    Pause,
    Play,
    Restore,
    RestoreBest,
    SetSpeed,
    Step,
)
from mnistviz.engine.run_scheduler import StepTogether
from mnistviz.engine.settings import SETTINGS
from mnistviz.gui.lab.lab_changes import ChangeKind, RunRelabelled
from mnistviz.gui.lab.lab_core import LabCore
from mnistviz.gui.lab.luck_questions import LuckQuestions
from mnistviz.gui.lab.shown import Draft, RunMirror

Back = RestoreBest | Restore


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
        """Set some settings: the run, or at an earlier step a branch, gets the live ones, unless all wait for a new
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
        self.set_draft(replace(self.draft, plan=plan, step=playhead.here))

    def follow(self) -> None:
        """Update the draft to what the run trains with at the shown step, unless a change has not reached it yet."""
        run, moment = self._core.run, self._core.moment
        if run is not None and moment is not None and (run.has_obeyed or not self._core.playhead.live):
            self.set_draft(self.draft.follow(moment.settings))

    def move_plan(self, step: int | None = None) -> None:
        """Move the plan to the step that was gone to, or drop it at the end of the run."""
        if self.draft.plan:
            self.set_draft(replace(self.draft, plan={}) if step is None else replace(self.draft, step=step))
            self.follow()

    @property
    def place(self) -> int | None:
        """The step of the plan, or the viewed one without a plan; None for the end of the run."""
        return self.draft.step if self.draft.plan else self._core.playhead.step


class LabTime:
    """Manages what is played: training of the runs that are on, or at an earlier step the replay."""

    def __init__(self, core: LabCore, settings: LabSettings, luck: LuckQuestions) -> None:
        self._core, self._settings, self._luck = core, settings, luck
        self.play_when_ready = False

    @property
    def learning(self) -> bool:
        return not self._core.playhead.held and any(run.facts.playing for run in self._core.runs.open)

    def set_rate(self, rate: float | None) -> None:
        self._core.rate = rate
        for run in self._core.runs.open:
            self._core.command(run, SetSpeed(rate))
        self._core.tell(ChangeKind.STEERED)

    def toggle_play(self) -> None:
        """Start or pause all runs that are on; at an earlier step, play or pause the replay. Before the digits are
        loaded, the start is deferred. A run that has met its stopping rule starts only if selected, or if all have."""
        core = self._core
        if core.run is None:
            self.play_when_ready = not self.play_when_ready and not core.digits_refused
        elif not core.playhead.live:
            core.playhead.film(not core.playhead.filming, stays=bool(self._settings.draft.plan))
        elif any(run.facts.playing for run in core.runs.open) and not core.run.stopped:
            for run in core.runs.open:
                self._pause(run)  # until news come: a quick second press means Start
            self._luck.set_paused(True)
        else:
            self._switch_selected_on()
            self._luck.set_paused(False)
            for run in self._learners():
                if not run.facts.failed:
                    core.command(run, Play())
                    run.expect_playing(True)
        core.tell(ChangeKind.STEERED)

    def mini_batch(self) -> None:
        """Train the selected run on one mini-batch, and others on as many digits; in the past, view the next one."""
        self._go_on(Step(1), lambda: self._core.playhead.step_by(1))

    def finish_epoch(self) -> None:
        """Train to the end of the selected run's epoch, and the others likewise; at an earlier step, view that end."""
        self._go_on(FinishEpoch(), lambda: self._core.playhead.epoch_by(1))

    def visit_best(self) -> None:
        if (run := self._core.run) is not None and run.best_so_far is not None:
            self._core.playhead.visit(run.best_so_far.step)

    def leave_past(self) -> None:
        """Go to the end of the run, without the plan, before another run is shown."""
        self._settings.set_draft(replace(self._settings.draft, plan={}))
        self._core.playhead.leave()

    @property
    def is_played(self) -> bool:
        """True if runs that are on train, or would if they were not held."""
        return any(run.facts.on and run.facts.playing for run in self._core.runs.open)

    def switch(self, number: int, on: bool) -> None:
        """Set whether a run trains with the lab; if others train, it starts at once."""
        run, is_played = self._core.runs.get(number), self.is_played
        if run is not None and run.facts.on != on:
            run.change(on=on)
            if not on:
                self._pause(run)
            elif is_played:
                self._core.command(run, Play())
                run.expect_playing(True)
            self._core.tell(RunRelabelled(number, {"on": not on}, {"on": on}))
        self._core.tell(ChangeKind.RUNS)

    def switch_off(self, run: RunMirror) -> None:
        run.change(on=False)
        self._pause(run)

    def _pause(self, run: RunMirror) -> None:
        if run.facts.playing:
            self._core.command(run, Pause())
            run.expect_playing(False)

    def _learners(self) -> list[RunMirror]:
        """Return the runs that are on, without those that met their stopping rule, unless all did."""
        on = [run for run in self._core.runs.open if run.facts.on]
        if all(run.facts.stopped for run in on):
            return on
        return [run for run in on if run is self._core.selected or not run.facts.stopped]

    def _switch_selected_on(self) -> None:
        selected = self._core.selected
        assert selected is not None
        if not selected.facts.on:
            selected.change(on=True)
            self._core.tell(ChangeKind.RUNS)
            self._core.tell(ChangeKind.SWITCHED_ON)

    def _go_on(self, command: Step | FinishEpoch, in_the_past: Callable[[], None]) -> None:
        core, selected = self._core, self._core.selected
        if selected is None:
            return
        if not core.playhead.live:
            core.playhead.film(False)
            in_the_past()
            return
        self._switch_selected_on()
        on = self._learners()
        others = tuple(run.facts.number for run in on if run is not selected)
        ticket = core.training.send(selected.facts.number, StepTogether(command, others))
        for run in on:
            run.expect(ticket)
