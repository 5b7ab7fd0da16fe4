"""The lab behind the window: the digits, the runs on them, the gestures that steer them, and their threads."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from mnistviz.engine.cancelling import unheard, until
from mnistviz.engine.commands import (
    Change,
    Command,
    FinishEpoch,
    Nudge,
    Pause,
    Play,
    Restore,
    RestoreBest,
    SetSpeed,
    Step,
)
from mnistviz.engine.digits import Digits, load_digits
from mnistviz.engine.experiment.saved import Departure, Experiment, SavedRun
from mnistviz.engine.fork import Fork, ForkKind
from mnistviz.engine.handover import Mailbox
from mnistviz.engine.luck.bands import Band
from mnistviz.engine.mistakes.pins import PinStory, joined_stories
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network
from mnistviz.engine.origin import Origin
from mnistviz.engine.problems import Problem
from mnistviz.engine.run_content import RunContent
from mnistviz.engine.settings import SETTINGS, Settings
from mnistviz.gui.common.chosen import Chosen
from mnistviz.gui.lab.draft import Draft
from mnistviz.gui.lab.jobs import Jobs, details
from mnistviz.gui.lab.kept_runs import LONGEST_NAME
from mnistviz.gui.lab.lab_changes import (
    ChangeKind,
    DigitsLeft,
    DigitsRefused,
    RunClosed,
    RunComposed,
    RunEnded,
    RunFailed,
    RunRevived,
    SwitchedOn,
)
from mnistviz.gui.lab.left_places import LeftPlaces, LeftPlan
from mnistviz.gui.lab.luck_questions import LuckQuestions
from mnistviz.gui.lab.moments import Moments
from mnistviz.gui.lab.open_runs import HUES, ClosedTogether, OpenRuns
from mnistviz.gui.lab.picture_questions import PictureQuestions
from mnistviz.gui.lab.playhead import Playhead
from mnistviz.gui.lab.predictions import Predictions
from mnistviz.gui.lab.questions import Questions
from mnistviz.gui.lab.saved_facts import content_of, experiment_of, facts_of
from mnistviz.gui.lab.shown import Lifecycle, RunFacts, RunMirror, Shown
from mnistviz.gui.lab.stand_in import StandIn
from mnistviz.gui.lab.training_thread import TrainingThread
from mnistviz.gui.lab.tryouts import Tryouts
from mnistviz.gui.lab.what_if_copy import WhatIf, WhatIfQuestions

if TYPE_CHECKING:
    from mnistviz.gui.lab.future_questions import FutureQuestions
    from mnistviz.gui.lab.microscope_questions import MicroscopeQuestions
    from mnistviz.gui.lab.mistake_questions import MistakeQuestions

log = logging.getLogger(__name__)

Back = RestoreBest | Restore
"""A command that goes back to earlier weights of the run."""


class Lab(QObject):
    """The front door. It owns the runs: open ones, of which one is selected, and closed ones that can be opened again.

    Each gesture does what belongs to it live or in the past, while the film plays or is still.
    """

    changed = Signal(object)  # LabChange

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.digits: Digits | None = None
        self.draft = Draft()
        self.chosen = Chosen(self)
        self.predictions = Predictions()
        self.play_when_ready = False
        """Start was pressed before there were digits."""
        self.rate: float | None = None
        """Mini-batches a second, or None for full speed."""
        self._runs, self._left = OpenRuns(), LeftPlaces()
        self._run: RunMirror | None = None  # the selected one
        self._stand_in: StandIn | None = None  # that was asked for; `stand_in` says whether it is shown
        self._count = 0
        self._pending: dict[int, SavedRun] = {}  # of a file, which the worker has still to make
        self._gathering: deque[Callable[[Experiment], object]] = deque()
        self.training = TrainingThread(self)
        self.training.failed.connect(self._on_failed)
        self.training.gathered.connect(self._on_gathered)
        self.training.composed.connect(self._on_composed)
        self.training.replayed.connect(self._on_replayed)
        self.training.revived.connect(self._on_revived)
        self.playhead = Playhead(self, self)
        self._refused = False  # the last data set could not be read
        self.jobs = Jobs(self)
        self._questions, self._trials, luck = (
            Questions(Jobs(self), self, lambda: self.learning) for _ in range(3)
        )
        self.moments = Moments(self._questions, lambda: self.digits)
        self.tryouts = Tryouts(Jobs(self), self)
        self.what_if = WhatIfQuestions(self._questions, lambda: self.digits)
        self.luck = LuckQuestions(luck, lambda: self.digits, self.find, self._keep_bands, self)
        self.pictures = PictureQuestions(self._questions, lambda: self.digits)
        self.training.start()

    # Questions that only views ask which the start does not show: so it does not import what answers them

    @cached_property
    def mistakes(self) -> MistakeQuestions:
        from mnistviz.gui.lab.mistake_questions import MistakeQuestions

        return MistakeQuestions(self._questions, self._trials, lambda: self.digits)

    @cached_property
    def microscope(self) -> MicroscopeQuestions:
        from mnistviz.gui.lab.microscope_questions import MicroscopeQuestions

        return MicroscopeQuestions(self._questions, lambda: self.digits)

    @cached_property
    def futures(self) -> FutureQuestions:
        from mnistviz.gui.lab.future_questions import FutureQuestions

        return FutureQuestions(self._questions, lambda: self.digits)

    # What there is

    @property
    def run(self) -> RunFacts | None:
        """The selected run; None before there is any."""
        return None if self._run is None else self._run.facts

    @property
    def runs(self) -> tuple[RunFacts, ...]:
        """The open runs, the oldest first."""
        return tuple(run.facts for run in self._runs.open)

    @property
    def closed_runs(self) -> tuple[RunFacts, ...]:
        """The closed runs, the one that was closed last first."""
        return tuple(run.facts for run in self._runs.closed)

    @property
    def reopenable(self) -> tuple[RunFacts, ...]:
        """Those of them that were on the digits of now."""
        data = None if self.digits is None else self.digits.checksum
        return tuple(run for run in self.closed_runs if run.data == data)

    def find(self, number: int) -> RunFacts | None:
        """The run of a number, open or closed; None where it has gone."""
        run = self._runs.get(number) or self._runs.get_closed(number)
        return None if run is None else run.facts

    @property
    def shown(self) -> Shown:
        """What the views show now."""
        run, playhead = self.run, self.playhead
        visited = None if playhead.live else playhead.visited
        stand_in = self.stand_in
        return Shown(
            digits=self.digits,
            run=run,
            moment=self._moment if stand_in is None else stand_in.moment,
            other_runs=tuple(other.facts for other in self._runs.open if other is not self._run),
            playhead=playhead.step,
            held=playhead.held,
            filming=playhead.filming,
            visited=visited,
            draft=self.draft,
            flags=tuple(playhead.flags()),
            starting=self.play_when_ready,
            stand_in=stand_in,
        )

    @property
    def stand_in(self) -> StandIn | None:
        """What is shown in the place of the moment of the run: as long as that one is the same."""
        found, moment = self._stand_in, self._moment
        return found if found is not None and moment is not None and found.is_for(moment) else None

    @property
    def _moment(self) -> Moment | None:
        visited = None if self.playhead.live else self.playhead.visited
        return visited.moment if visited is not None else None if self.run is None else self.run.moment

    @property
    def epoch(self) -> int:
        """How many digits an epoch of the selected run has, or of all training digits before there is one."""
        assert self.digits is not None
        return len(self.digits.training) if self.run is None else self.run.epoch

    @property
    def learning(self) -> bool:
        """Whether a run trains now."""
        return not self.playhead.held and any(run.playing for run in self.runs)

    # Digits

    def load_digits(self, folder: Path | None) -> None:
        """Reads a data set in the background; None is the bundled one."""
        self._refused = False
        self.jobs.ask(
            "digits",
            lambda cancelled: load_digits(folder, until(unheard, cancelled)),
            self.use_digits,
            partial(self.refuse_digits, folder),
            quick=True,
        )

    def use_digits(self, digits: Digits) -> None:
        """Goes over to a data set. The runs on another one are closed; `bring_back` has them and their data again."""
        if self.run is not None:
            self.play_when_ready = self.run.playing
        closed = self._close_all()
        self._set_digits(digits)
        self.changed.emit(ChangeKind.RUNS)
        if closed is not None:
            self.changed.emit(DigitsLeft(closed))
        self.changed.emit(ChangeKind.DIGITS)

    def bring_back(self, closed: ClosedTogether) -> None:
        """Opens runs again that were closed together, at rest, in the place of those that are open now, with their
        digits. Those that have gone for good by now are left out."""
        found = [self.find(run.number) for run in closed.runs]
        numbers = [run.number for run in found if run is not None and not run.failed]
        if not numbers:
            return
        back = self._take_out(numbers)  # first, for only the ten that closed last are kept
        self._close_all()
        back += self._take_out(numbers)  # those that were opened again in between
        other = closed.digits is not self.digits
        if other:
            self._set_digits(closed.digits)
        for run in back:
            was_on = run.facts.on
            self._reopen(run, closed.digits)
            run.change(on=was_on)
        selected = self._runs.get(closed.selected) or back[-1]
        if other:
            self._run = selected  # so that nobody begins a run on the digits
            self.changed.emit(ChangeKind.DIGITS)
        self._show(selected)

    def _take_out(self, numbers: Sequence[int]) -> list[RunMirror]:
        """Takes those of some runs that are closed from the list of the closed ones."""
        found = [self._runs.get_closed(number) for number in numbers]
        runs = [run for run in found if run is not None]
        for run in runs:
            self._runs.take_out(run)
        return runs

    def _set_digits(self, digits: Digits) -> None:
        self.digits, self._refused = digits, False
        self.set_draft(self.draft.with_outputs(len(digits.classes)))

    def _close_all(self) -> ClosedTogether | None:
        """Closes all open runs; None where none of them can be opened again."""
        selected, numbers = self.run, [run.number for run in self.runs]
        self._leave_the_past()
        for run in tuple(self._runs.open):
            self._put_away(run)
        self._run = None
        found = (self._runs.get_closed(number) for number in numbers)
        runs = tuple(run.facts for run in found if run is not None)
        if self.digits is None or not runs:
            return None
        return ClosedTogether(self.digits, runs, 0 if selected is None else selected.number)

    def refuse_digits(self, folder: Path | None, error: Exception) -> None:
        """Says that digits could not be read; what was to begin with them does not."""
        self._refused, self.play_when_ready = True, False
        if isinstance(error, Problem):
            self.changed.emit(DigitsRefused(error, folder))
        else:
            self.changed.emit(DigitsRefused(details(error), None))

    # Beginning runs

    def begin(self, settings: Settings, network: Network | None = None, origin: Origin | None = None) -> None:
        """Begins a run; the others rest. With new weights it learns if the last one did; with those of `network` it
        rests. `origin` is what the file of that network says."""
        if self.digits is None:
            return
        playing = self.play_when_ready
        self.play_when_ready = False
        if self.run is not None:
            playing = self.run.playing and network is None
        for run in self._runs.open:
            self._switch_off(run)
        self._leave_run()
        self._leave_the_past()
        if self._run is not None:
            self._run.take()
            if self._run.facts.step == 0:  # nothing was learned that could be looked at
                self._forget(self._run)
            else:
                self.changed.emit(RunEnded(self._run.facts, self.digits))
        self._make_room()
        self._count += 1
        mailbox = self.training.begin(self._count, settings, self.digits, network)
        if network is not None and origin is None:
            origin = Origin()
        lifecycle = Lifecycle.LEARNING if playing else Lifecycle.RESTING
        facts = RunFacts(self._count, settings, origin=origin, on=True, lifecycle=lifecycle)
        commands: list[Command] = [SetSpeed(self.rate), *((Play(),) if playing else ())]
        self._open(facts, mailbox, self.training.send(self._count, *commands))

    def branch(self) -> RunFacts | None:
        """Branches from the selected run at the moment shown, with the plan; without one it is a twin. It is on, and
        learns if its parent does, or the others where that is off. None where there is nothing to branch from."""
        plan = dict(self.draft.plan)
        return self._branch("branch", plan, Change(plan)) if plan else self._branch("twin", {})

    def butterfly(self) -> RunFacts | None:
        """Branches a twin of which one weight differs in its last bit."""
        return self._branch("butterfly", {}, Nudge())

    def keep(self, what_if: WhatIf) -> None:
        """Does to the run what was tried on a copy; in the past, to a branch. The copy is shown until it is done."""
        if self.playhead.live:
            self.send(*what_if.commands)
        elif self._branch("branch", {}, *what_if.commands) is not None:
            self.show_stand_in(None)

    def _branch(self, kind: ForkKind, plan: dict[str, Any], *changes: Command) -> RunFacts | None:
        """Branches with what `changes` there; of these the `plan` is what was set."""
        parent, step = self.run, self.playhead.step
        if parent is None or not parent.ready or parent.failed:
            return None
        known = parent.step if step is None else step
        before = () if parent.parent is None else parent.parent.line
        fork = Fork(parent.number, known, parent.digits_at(known), plan, kind, parent.letter, before)
        learns = parent.playing or (not parent.on and self._are_learning)
        self._make_room()
        self._count += 1
        commands = [SetSpeed(self.rate), *changes, Play() if learns else Pause()]
        mailbox, ticket = self.training.branch(self._count, parent.number, step, *commands)
        facts = RunFacts(
            self._count,
            parent.settings,
            origin=parent.origin,
            parent=fork,
            on=True,
            lifecycle=Lifecycle.LEARNING if learns else Lifecycle.RESTING,
            stories=tuple(PinStory(each.pixels, each.along.until(known)) for each in parent.stories),
        )
        self._leave_the_past()
        return self._open(facts, mailbox, ticket).facts

    def _open(self, facts: RunFacts, mailbox: Mailbox, ticket: int = 0) -> RunMirror:
        assert self.digits is not None
        settings, digits = facts.settings, self.digits
        facts = replace(facts, epoch=digits.epoch(settings), data=digits.checksum, eta=settings.eta)
        run = RunMirror(facts, mailbox)
        run.expect(ticket)
        self._runs.add(run)
        self._show(run)
        self.changed.emit(ChangeKind.BEGAN)
        return run

    # Experiments

    def gather(self, then: Callable[[Experiment], object]) -> None:
        """Calls `then` with all open runs as an experiment, as they are between two mini-batches."""
        self._gathering.append(then)
        self.training.gather()

    def compose(self, number: int) -> None:
        """Has an open run handed over as it stands, once there is a moment for it: `RunComposed` follows."""
        if number in self._pending:
            self._on_composed(number, self._pending[number].content)
        else:
            self.training.compose(number)

    def last_contents(self) -> dict[int, RunContent]:
        """What the open runs have come to, by their numbers, once the lab is closed. Of a worker that did not end what
        is known of its runs."""
        known = {run.number: content for run in self.runs if (content := content_of(run)) is not None}
        pending = {number: saved.content for number, saved in self._pending.items()}
        return {**known, **pending, **self.training.contents()}

    def forget_all(self) -> None:
        """Lets all runs go, the closed ones too: they are kept elsewhere. Another one must begin at once."""
        self._leave_the_past()
        for run in (*self._runs.open, *self._runs.closed):
            self.training.end(run.facts.number)
            self.luck.forget(run.facts.number)
            self.futures.forget(run.facts.number)
        self._runs, self._left, self._run = OpenRuns(), LeftPlaces(), None
        self._pending.clear()

    def open_runs(self, saved: Sequence[SavedRun], selected: int) -> ClosedTogether | None:
        """Opens the runs of a file, at rest, in the place of those that are open; `bring_back` has these again. Their
        curves are there at once; what the worker must train again follows."""
        closed = self._close_all()
        numbers = {run.number: self._next_number() for run in saved}
        opened = [self._revive(run, numbers[run.number], numbers) for run in saved]
        for run, kept in zip(opened, saved, strict=True):
            run.change(hue=kept.hue % HUES)  # the user may have given one to several
        self._show(next((run for run in opened if run.facts.number == numbers.get(selected)), opened[0]))
        self.changed.emit(ChangeKind.BEGAN)
        return closed

    def open_run(self, saved: SavedRun, numbers: Mapping[int, int] | None = None) -> None:
        """Opens one more run, which has still to be trained, and selects it. `numbers` are those here of the runs that
        it may have branched off, by those of the file."""
        self._leave_run()
        self._leave_the_past()
        self._make_room()
        self._show(self._revive(saved, self._next_number(), dict(numbers or {})))
        self.changed.emit(ChangeKind.BEGAN)

    def _next_number(self) -> int:
        self._count += 1
        return self._count

    def _revive(self, saved: SavedRun, number: int, numbers: dict[int, int]) -> RunMirror:
        """Makes a run of a file. One that it branched off and that is not among the `numbers` gets one of its own, or
        runs that have nothing in common would seem to have the same parent; 0 is any that is not known."""
        assert self.digits is not None
        digits = self.digits

        def number_of(run: int) -> int:
            return numbers.setdefault(run, self._next_number()) if run else self._next_number()

        facts = replace(
            facts_of(saved, number, number_of),
            epoch=digits.epoch(saved.settings),
            data=digits.checksum,
            eta=saved.settings.eta,
        )
        run = RunMirror(facts, self.training.revive(number, saved, digits))
        self._runs.add(run, saved.letter, saved.hue)
        self._pending[number] = saved
        self._command(run, SetSpeed(self.rate), Pause())
        return run

    @Slot(object)
    def _on_gathered(self, contents: Mapping[int, RunContent]) -> None:
        assert self.digits is not None
        selected = 0 if self.run is None else self.run.number
        then = self._gathering.popleft()
        then(experiment_of(self.digits, self.runs, selected, contents, self._pending))

    @Slot(int, object)
    def _on_composed(self, number: int, content: RunContent) -> None:
        self.training.on_their_way.pop(number, None)
        run = self.find(number)
        if run is not None:
            self.changed.emit(RunComposed(run, content))

    @Slot(int, int, int)
    def _on_replayed(self, number: int, done: int, of: int) -> None:
        self._change_look(number, replayed=(done, of))

    @Slot(int, object)
    def _on_revived(self, number: int, departure: Departure | None) -> None:
        self._pending.pop(number, None)
        run = self._runs.get(number) or self._runs.get_closed(number)
        if run is None:
            return
        if run.facts.record is not None or self._runs.get(number) is None:
            run.change(replayed=None)  # else its first news do, which bring the moment
        self.changed.emit(ChangeKind.RUNS)
        self.changed.emit(RunRevived(run.facts, departure))

    # Gestures

    def toggle_play(self) -> None:
        """Starts or pauses all runs that are on; in the past, plays or stops the film. Before the digits are there, it
        remembers to start. A run that has stopped as set is started only where it is selected, or all have."""
        if self.run is None:
            self.play_when_ready = not self.play_when_ready and not self._refused
        elif not self.playhead.live:
            self.playhead.film(not self.playhead.filming)
        elif any(run.playing for run in self.runs) and not self.run.stopped:
            for run in self._runs.open:
                if run.facts.playing:
                    self._command(run, Pause())
                    run.expect_playing(False)  # till news come: a quick second press means the other
            self.luck.set_paused(True)
        else:
            self._play()
        self.changed.emit(ChangeKind.STEERED)

    def mini_batch(self) -> None:
        """Trains on one mini-batch of the selected run, and the others that are on on as many digits; in the past, goes
        on by one."""
        self._go_on(Step(1), lambda: self.playhead.step_by(1))

    def finish_epoch(self) -> None:
        """Trains to the end of the selected run's epoch, and the others likewise; in the past, goes there."""
        self._go_on(FinishEpoch(), lambda: self.playhead.epoch_by(1))

    def change(self, values: dict[str, Any], gesture: int = 0, *, back: Back | None = None) -> None:
        """New values of live settings: for the next mini-batch, or in the past a plan."""
        if self.playhead.live:
            change = Change(values, gesture)
            if isinstance(back, RestoreBest):
                self.send(replace(back, change=change))
            else:
                self.send(*([] if back is None else [back]), change)
            return
        self.playhead.film(False)
        moment = self.shown.moment
        assert moment is not None
        planned = {**self.draft.plan, **values}
        plan = {name: new for name, new in planned.items() if getattr(moment.settings, name, new) != new}
        self.set_draft(replace(self.draft, plan=plan))

    def show_stand_in(self, stand_in: StandIn | None) -> None:
        """Shows what belongs to no run in the place of the moment of the run, or that moment again. Nothing learns
        from it."""
        if stand_in is not self._stand_in:
            self._stand_in = stand_in
            self.changed.emit(ChangeKind.STAND_IN)

    def go_live(self) -> None:
        """Leaves what belongs to no run, and the past."""
        self.show_stand_in(None)
        self.playhead.live_again()

    def visit_best(self) -> None:
        """Looks at the best weights, as they were when they were measured."""
        if self.run is not None and self.run.best_so_far is not None:
            self.playhead.visit(self.run.best_so_far.step)

    def set_rate(self, rate: float | None) -> None:
        """Mini-batches a second, or None for full speed; new runs keep it, and the film has it too."""
        self.rate = rate
        for run in self._runs.open:
            self._command(run, SetSpeed(rate))
        self.changed.emit(ChangeKind.STEERED)

    def _play(self) -> None:
        """Lets all runs learn that are on, the selected one among them."""
        self._switch_selected_on()
        self.luck.set_paused(False)
        for run in self._learners():
            if not run.facts.failed:
                self._command(run, Play())
                run.expect_playing(True)
        self.changed.emit(ChangeKind.STEERED)

    def _learners(self) -> list[RunMirror]:
        """The runs that learn with the selected one: those that are on, without those that have stopped as set, unless
        all have."""
        on = [run for run in self._runs.open if run.facts.on]
        if all(run.facts.stopped for run in on):
            return on
        return [run for run in on if run is self._run or not run.facts.stopped]

    def _switch_selected_on(self) -> None:
        assert self._run is not None
        if not self._run.facts.on:
            self._run.change(on=True)
            self.changed.emit(ChangeKind.RUNS)
            self.changed.emit(SwitchedOn(self._run.facts))

    def _go_on(self, command: Step | FinishEpoch, in_the_past: Callable[[], None]) -> None:
        if self.run is None:
            return
        if not self.playhead.live:
            self.playhead.film(False)
            in_the_past()
            return
        self._switch_selected_on()
        on = self._learners()
        others = tuple(run.facts.number for run in on if run is not self._run)
        ticket = self.training.send_along(self.run.number, command, others)
        for run in on:
            run.expect(ticket)

    # Choosing, naming, closing

    def select(self, number: int) -> None:
        """Selects another run: live, or in the past where it had seen as many digits, with what was planned in it. What
        is held stays so; where nothing trains, a run that has not seen as many is shown live."""
        run = self._runs.get(number)
        if run is None or run is self._run:
            return
        trains = any(each.playing for each in self.runs)
        place, left = self._leave_run(), LeftPlan()
        if self.playhead.live and trains:
            place = None  # to look back would hold them
        else:
            left = self._left.take_plan(number)
        if place is None and left.values:
            place = run.facts.digits_at(left.step)
        if place is None or not (trains or left.values or place < run.facts.digits_seen):
            self._leave_the_past()
            self._show(run)
            self._left.arrive(run.facts, run.facts.step, place)
            return
        self.set_draft(replace(self.draft, plan={}))
        self.playhead.visited = None
        self._show(run)
        self.set_draft(replace(self.draft.set(left.values), plan=left.values))
        step = min(run.facts.step_at(place), run.facts.step)
        self.playhead.look_at(step)
        self._left.arrive(run.facts, step, place)

    def _leave_run(self) -> int | None:
        """Keeps the plan of the selected run for when it is selected again; returns in digits what is looked at."""
        return None if self.run is None else self._left.leave(self.run, self.playhead.step, self.draft.plan)

    def _show(self, run: RunMirror) -> None:
        self._run = run
        self.training.select(run.facts.number)
        now = None if run.facts.moment is None else run.facts.moment.settings
        self.set_draft(self.draft.begin(run.facts.settings, now))
        self.changed.emit(ChangeKind.SELECTED)
        self.changed.emit(ChangeKind.RUNS)

    def switch(self, number: int, on: bool) -> None:
        """Whether a run learns when the lab learns; then at once, if others do."""
        run = self._runs.get(number)
        if run is not None and on and not run.facts.on:
            learns = self._are_learning
            run.change(on=True)
            if learns:
                self._command(run, Play())
                run.expect_playing(True)
        elif run is not None and not on and run.facts.on:
            self._switch_off(run)
        self.changed.emit(ChangeKind.RUNS)

    def rename(self, number: int, text: str) -> None:
        """Calls a run as the user likes, in up to forty letters; by what differs where `text` is empty."""
        plain = "".join(letter if letter.isprintable() else " " for letter in text)
        self._change_look(number, name=" ".join(plain.split())[:LONGEST_NAME].strip())

    def note(self, number: int, about: str) -> None:
        """Says with a run what is to be seen in it."""
        self._change_look(number, about=about)

    def keep_stories(self, number: int, found: Sequence[PinStory]) -> None:
        """Keeps with a run what it answered to pinned pictures. It is told of a run at rest: one that learns is looked
        at again soon."""
        run = self._runs.get(number)
        if run is None:
            return
        stories = joined_stories(run.facts.stories, found)
        if stories != run.facts.stories:
            run.change(stories=stories)
            if not run.facts.playing:
                self.changed.emit(ChangeKind.RUNS)

    def recolour(self, number: int, hue: int) -> None:
        """Gives a run another of the hues."""
        self._change_look(number, hue=hue % HUES)

    def hide(self, number: int, hidden: bool) -> None:
        """Whether the curves of a run are left out while another one is selected."""
        self._change_look(number, hidden=hidden)

    def _keep_bands(self, number: int, bands: tuple[Band, ...]) -> None:
        self._change_look(number, bands=bands)

    def _change_look(self, number: int, **facts: Any) -> None:
        run = self._runs.get(number)
        if run is not None:
            run.change(**facts)
            self.changed.emit(ChangeKind.RUNS)

    def close_run(self, number: int) -> bool:
        """Closes a run; `reopen` has it back. The last one that is open stays, and False comes back."""
        run = self._runs.get(number)
        if run is None or len(self._runs.open) == 1:
            return False
        self._close(run, for_room=False)
        return True

    def reopen(self, number: int | None = None, *, select: bool = True) -> bool:
        """Opens a closed run again, or the one that was closed last, and selects it unless another run is to stay
        selected; False if there is none."""
        numbers = [run.number for run in self.reopenable]
        run = self._runs.get_closed(next(iter(numbers), 0) if number is None else number)
        if run is None or run.facts.number not in numbers or self.digits is None:
            return False
        self._runs.take_out(run)  # first, for what makes room is the newest of the ten that are closed
        self._make_room()
        self._reopen(run, self.digits)
        if select:
            self._leave_run()
            self._leave_the_past()
            self._show(run)
        else:
            self.changed.emit(ChangeKind.RUNS)
        return True

    def _reopen(self, run: RunMirror, digits: Digits) -> None:
        self._runs.reopen(run)
        self.training.take_out(run.facts.number, digits)
        self._command(run, SetSpeed(self.rate), Pause())  # it may have learned when it was closed

    def _make_room(self) -> None:
        surplus = self._runs.in_excess((self._run,))
        if surplus is not None:
            self._close(surplus, for_room=True)

    def _close(self, run: RunMirror, *, for_room: bool) -> None:
        run.change(was_selected=run is self._run)
        if run is self._run:
            self._leave_the_past()
            fork = run.facts.parent
            self._put_away(run)
            parent = None if fork is None else self._runs.get(fork.number)
            self._show(parent or self._runs.open[-1])
        else:
            self._put_away(run)
            self.changed.emit(ChangeKind.RUNS)
        self.changed.emit(RunClosed(run.facts, for_room))

    def _put_away(self, run: RunMirror) -> None:
        assert self.digits is not None
        run.take()
        number = run.facts.number
        self._left.forget(number)
        self.luck.forget(number)
        self.futures.forget(number)
        if run.facts.failed or not (run.facts.has_learned or number in self._pending):
            self._forget(run)
            return
        self.training.put_away(number)
        for gone in self._runs.close(run):
            self._pending.pop(gone.facts.number, None)
            self.training.end(gone.facts.number)
        self.changed.emit(RunEnded(run.facts, self.digits))
        if number in self._pending:
            self._on_composed(number, self._pending[number].content)  # the worker does not have it yet

    def _forget(self, run: RunMirror) -> None:
        assert self.digits is not None
        self.training.end(run.facts.number)
        self.luck.forget(run.facts.number)
        self.futures.forget(run.facts.number)
        self._pending.pop(run.facts.number, None)
        run.take()
        self._runs.drop(run)
        self.changed.emit(RunEnded(run.facts, self.digits))

    @property
    def _are_learning(self) -> bool:
        """Whether runs that are on learn, or would if they were not held."""
        return any(run.on and run.playing for run in self.runs)

    def _switch_off(self, run: RunMirror) -> None:
        run.change(on=False)
        if run.facts.playing:
            self._command(run, Pause())
            run.expect_playing(False)

    # What is set, and the past

    def set_draft(self, draft: Draft) -> None:
        """Sets something without a word to the run."""
        if draft != self.draft:
            self.draft = draft
            self.changed.emit(ChangeKind.DRAFT)

    def edit(self, values: Mapping[str, Any], gesture: int = 0, *, back: Back | None = None) -> None:
        """Sets some settings: the run gets what it can take, or in the past a branch, unless all waits for a new run.
        With `back` the run first goes back to other weights, in the same gesture."""
        self.set_draft(self.draft.set(values))
        live = {name: value for name, value in values.items() if not SETTINGS[name].new_run}
        if (live or back is not None) and not self.draft.for_new_run:
            self.change(live, gesture, back=back)

    def follow(self) -> None:
        """What is set follows what the run learns with at the moment shown, unless a change has not reached it yet."""
        moment = self._moment
        if self.run is not None and moment is not None and (self.run.has_obeyed or not self.playhead.live):
            self.set_draft(self.draft.follow(moment.settings))

    def drop_plan(self) -> None:
        """Forgets what was changed in the past."""
        if self.draft.plan:
            self.set_draft(replace(self.draft, plan={}))
            self.follow()

    def _leave_the_past(self) -> None:
        self.set_draft(replace(self.draft, plan={}))
        if not self.playhead.live:
            self.playhead.forget()
            self.playhead.moved.emit()

    # The worker

    def send(self, *commands: Command) -> None:
        """Queues commands for the selected run; no mini-batch comes between those that are sent together."""
        if self._run is not None:
            self._command(self._run, *commands)

    def _command(self, run: RunMirror, *commands: Command) -> None:
        run.expect(self.training.send(run.facts.number, *commands))

    def take(self) -> list[RunFacts]:
        """Takes what is new of all runs and of the moment that is looked at; returns the runs that it is of."""
        selected = self._run
        begun = selected is not None and not selected.facts.ready
        found = [run for run in self._runs.open if run.take()]
        if begun and selected in found and self.playhead.step is not None:
            self.playhead.look_at(self.playhead.step)  # it was not there when it was asked
        if self.playhead.take() and selected is not None and selected not in found:
            found.append(selected)
        if self._runs.find_waiting():
            self.changed.emit(ChangeKind.RUNS)
        if self.stand_in is None:
            self.show_stand_in(None)  # it was left, and does not come back
        self.follow()
        return [run.facts for run in found]

    def make_way(self) -> None:
        """Nothing learns until the window has done and painted what it is about to do. Each call of a Python method by
        Qt needs Python's lock, and much of what the window does at once is thousands of such calls; each would wait
        for a worker that learns."""
        self.training.hold_off()
        QTimer.singleShot(0, self, self.training.go_on)  # after all that is posted until then

    def hurry(self, hurried: bool) -> None:
        """Nothing learns while a hand waits for what is found out, a second at most, nor while that is painted."""
        if hurried:
            self.training.hold_off()
        else:
            self.make_way()

    def close(self) -> None:
        """Stops all threads and takes what the runs told last."""
        self.playhead.forget()
        trials = self.tryouts.jobs, self._trials.jobs, self.luck.jobs
        threads = self.training, self.jobs, self.moments.jobs, *trials
        for each in threads:
            each.stop()  # all of them at first, so that none works on while another is waited for
        for each in threads:
            each.close()
        for run in self._runs.open:
            run.take()

    @Slot(int, str)
    def _on_failed(self, number: int, details: str) -> None:
        log.error("run %d failed:\n%s", number, details)
        run = self._runs.get(number)
        if run is None:
            return
        run.change(lifecycle=Lifecycle.FAILED, on=False, replayed=None)
        self.changed.emit(ChangeKind.RUNS)
        if run is self._run:
            self._leave_the_past()
            self.changed.emit(RunFailed(details))
