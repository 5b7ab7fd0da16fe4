"""The runs of the lab: begun, branched, selected, named, closed and reopened."""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QObject, Slot

from mnistviz.engine.commands import Change, Command, Nudge, Pause, Play, SetSpeed
from mnistviz.engine.digits import Digits
from mnistviz.engine.fork import Fork, ForkKind, Origin
from mnistviz.engine.handover import Mailbox
from mnistviz.engine.mistakes.pins import PinStory, joined_stories
from mnistviz.engine.network import Network
from mnistviz.engine.run_scheduler import ResumeRun, Select
from mnistviz.engine.settings import Settings
from mnistviz.gui.lab import lab_changes
from mnistviz.gui.lab.kept_runs import LONGEST_NAME
from mnistviz.gui.lab.lab_core import LabCore
from mnistviz.gui.lab.lab_time import LabSettings, LabTime
from mnistviz.gui.lab.open_runs import ClosedTogether, OpenRuns
from mnistviz.gui.lab.shown import Lifecycle, RunFacts, RunMirror


class LeftPlaces:
    """The plan of each run that was left, with its step, and the place that the user viewed last.

    A shorter run is shown at its end instead of that place; a return from there leads to the place itself.
    """

    def __init__(self) -> None:
        self.plans: dict[int, tuple[int, dict[str, Any]]] = {}
        self._arrived: tuple[int, int] | None = None  # run and step after selecting a run
        self._chosen: int | None = None  # in digits: the requested place

    def leave(self, run: RunFacts, playhead: int | None, plan: Mapping[str, Any]) -> int | None:
        """Save the plan of a run. Return the viewed place in digits, or None for its end."""
        here = run.step if playhead is None else playhead
        if plan:
            self.plans[run.number] = here, dict(plan)
        if self._arrived == (run.number, here):
            return self._chosen
        return None if playhead is None else run.digits_at(here)

    def arrive(self, run: RunFacts, step: int, chosen: int | None) -> None:
        """Remember that `step` of a run is shown because the place `chosen`, in digits, was wanted; None is its end."""
        self._arrived, self._chosen = (run.number, step), chosen


log = logging.getLogger(__name__)


class LabRuns(QObject):
    """Manages which runs are open, which one is selected, and which are closed and can be reopened.

    `forget` discards the cached results on the run of a number.
    """

    def __init__(
        self,
        core: LabCore,
        settings: LabSettings,
        time: LabTime,
        forget: Callable[[int], object],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._core, self._settings, self._time, self._forget_answers = core, settings, time, forget
        self._places = LeftPlaces()
        core.training.failed.connect(self._on_failed)

    @property
    def open(self) -> tuple[RunFacts, ...]:
        return tuple(run.facts for run in self._core.runs.open)

    @property
    def closed(self) -> tuple[RunFacts, ...]:
        return tuple(run.facts for run in self._core.runs.closed)

    @property
    def reopenable(self) -> tuple[RunFacts, ...]:
        data = None if self._core.digits is None else self._core.digits.checksum
        return tuple(run for run in self.closed if run.data == data)

    def find(self, number: int) -> RunFacts | None:
        return self._core.find(number)

    def send(self, *commands: Command) -> None:
        """Queue commands for the selected run; no mini-batch is trained between those that are sent together."""
        if self._core.selected is not None:
            self._core.command(self._core.selected, *commands)

    def begin(self, settings: Settings, network: Network | None = None, origin: Origin | None = None) -> None:
        """Begin a run; the others are paused. With new weights it trains if the last one did; with those of `network`
        it is paused. `origin` is that of the network's file."""
        core, selected = self._core, self._core.selected
        if core.digits is None:
            return
        plays, self._time.play_when_ready = self._time.play_when_ready, False
        if selected is not None:
            plays = selected.facts.playing and network is None
        for run in core.runs.open:
            self._time.switch_off(run)
        self.leave()
        self._time.leave_past()
        if selected is not None:
            selected.take()
            if selected.facts.step == 0:  # it has no training to view
                self._forget(selected)
            else:
                core.tell(lab_changes.RunEnded(selected.facts, core.digits))
        self.make_room()
        number = core.next_number()
        mailbox = core.training.begin(number, settings, core.digits, network)
        if network is not None and origin is None:
            origin = Origin()
        lifecycle = Lifecycle.LEARNING if plays else Lifecycle.RESTING
        facts = RunFacts(number, settings, origin=origin, on=True, lifecycle=lifecycle)
        commands: list[Command] = [SetSpeed(core.rate), *((Play(),) if plays else ())]
        self._open(facts, mailbox, core.training.send(number, *commands))

    def branch(self) -> RunFacts | None:
        """Branch from the selected run at the step of the plan with its settings, or at the shown one as an unchanged
        copy. It is on, and trains if its parent does, or the others if that is off. Return None without a parent."""
        if not (plan := dict(self._settings.draft.plan)):
            return self.branch_with("twin", {})
        self._core.playhead.visit(self._settings.draft.step)
        return self.branch_with("branch", plan, Change(plan))

    def butterfly(self) -> RunFacts | None:
        return self.branch_with("butterfly", {}, Nudge())

    def branch_with(self, kind: ForkKind, plan: dict[str, Any], *changes: Command) -> RunFacts | None:
        core, parent, step = self._core, self._core.run, self._core.playhead.step
        if parent is None or not parent.ready or parent.failed:
            return None
        known = parent.step if step is None else step
        before = () if parent.parent is None else parent.parent.line
        fork = Fork(parent.number, known, parent.digits_at(known), plan, kind, parent.letter, before)
        learns = parent.playing or (not parent.on and self._time.is_played)
        self.make_room()
        number = core.next_number()
        commands = [SetSpeed(core.rate), *changes, Play() if learns else Pause()]
        mailbox, ticket = core.training.branch(number, parent.number, step, *commands)
        facts = RunFacts(
            number,
            parent.settings,
            origin=parent.origin,
            parent=fork,
            on=True,
            lifecycle=Lifecycle.LEARNING if learns else Lifecycle.RESTING,
            stories=tuple(PinStory(each.pixels, each.along.until(known)) for each in parent.stories),
        )
        self._time.leave_past()
        return self._open(facts, mailbox, ticket).facts

    def _open(self, facts: RunFacts, mailbox: Mailbox, ticket: int = 0) -> RunMirror:
        run = self._core.add(facts, mailbox)
        run.expect(ticket)
        self.show(run)
        self._core.tell(lab_changes.ChangeKind.BEGAN)
        return run

    def select(self, number: int) -> None:
        """Select another run: at its end, or at an earlier step after as many digits, with its planned settings. Paused
        runs stay paused; if nothing trains, a run that is not as far is shown at its end."""
        core, settings = self._core, self._settings
        if (run := core.runs.get(number)) is None or run is core.selected:
            return
        trains = any(each.playing for each in self.open)
        place, step, plan = self.leave(), 0, dict[str, Any]()
        if core.playhead.live and trains:
            place = None  # viewing an earlier step would pause them
        else:
            step, plan = self._places.plans.pop(number, (0, {}))
        if place is None and plan:
            place = run.facts.digits_at(step)
        if place is None or not (trains or plan or place < run.facts.digits_seen):
            self._time.leave_past()
            self.show(run)
            self._places.arrive(run.facts, run.facts.step, place)
            return
        settings.set_draft(replace(settings.draft, plan={}))
        core.playhead.visited = None
        self.show(run)
        step = min(run.facts.step_at(place), run.facts.step)
        settings.set_draft(replace(settings.draft.set(plan), plan=plan, step=step))
        core.playhead.look_at(step)
        self._places.arrive(run.facts, step, place)

    def leave(self) -> int | None:
        """Save the plan of the selected run until it is selected again. Return the viewed place in digits, or None."""
        run, plan = self._core.run, self._settings.draft.plan
        return None if run is None else self._places.leave(run, self._settings.place, plan)

    def show(self, run: RunMirror) -> None:
        self._core.selected = run
        self._core.training.send(run.facts.number, Select())
        now = None if run.facts.moment is None else run.facts.moment.settings
        self._settings.set_draft(self._settings.draft.begin(run.facts.settings, now))
        self._core.tell(lab_changes.ChangeKind.SELECTED)
        self._core.tell(lab_changes.ChangeKind.RUNS)

    def rename(self, number: int, text: str) -> None:
        """Name a run, in up to forty letters; if `text` is empty, it is named by its settings."""
        plain = "".join(letter if letter.isprintable() else " " for letter in text)
        self.relabel(number, name=" ".join(plain.split())[:LONGEST_NAME].strip())

    def note(self, number: int, about: str) -> None:
        self._core.change(number, about=about)

    def relabel(self, number: int, **labels: Any) -> None:
        """Change the name, the colour, or whether the curves are hidden, and report what it was before."""
        if (run := self._core.runs.get(number)) is None:
            return
        before = {name: getattr(run.facts, name) for name in labels}
        self._core.change(number, **labels)
        if before != labels:
            self._core.tell(lab_changes.RunRelabelled(number, before, labels))

    def save_stories(self, number: int, new: Sequence[PinStory]) -> None:
        """Save a run's outputs for pinned pictures. A paused run reports it; one that trains is read again soon."""
        if (run := self._core.runs.get(number)) is None:
            return
        if (stories := joined_stories(run.facts.stories, new)) != run.facts.stories:
            run.change(stories=stories)
            if not run.facts.playing:
                self._core.tell(lab_changes.ChangeKind.RUNS)

    def close(self, number: int) -> bool:
        """Close a run, which `reopen` restores. Return False if it is the last open one."""
        if (run := self._core.runs.get(number)) is None or len(self._core.runs.open) == 1:
            return False
        self._close(run, for_room=False)
        return True

    def close_all(self) -> ClosedTogether | None:
        """Close all open runs. Return None if none of them can be reopened."""
        core = self._core
        selected, numbers = core.run, [run.number for run in self.open]
        self._time.leave_past()
        for run in tuple(core.runs.open):
            self._suspend(run)
        core.selected = None
        closed = (core.runs.get_closed(number) for number in numbers)
        runs = tuple(run.facts for run in closed if run is not None)
        if core.digits is None or not runs:
            return None
        return ClosedTogether(core.digits, runs, 0 if selected is None else selected.number)

    def make_room(self) -> None:
        if (surplus := self._core.runs.in_excess((self._core.selected,))) is not None:
            self._close(surplus, for_room=True)

    def reopen(self, number: int | None = None, *, select: bool = True) -> bool:
        core = self._core
        numbers = [run.number for run in self.reopenable]
        run = core.runs.get_closed(next(iter(numbers), 0) if number is None else number)
        if run is None or run.facts.number not in numbers or core.digits is None:
            return False
        core.runs.closed.remove(run)  # first, since `make_room` closes another run
        self.make_room()
        self.open_again(run, core.digits)
        if select:
            self.leave()
            self._time.leave_past()
            self.show(run)
        else:
            core.tell(lab_changes.ChangeKind.RUNS)
        return True

    def open_again(self, run: RunMirror, digits: Digits) -> None:
        self._core.runs.reopen(run)
        self._core.training.send(run.facts.number, ResumeRun(digits))
        # it may have trained when it was closed
        self._core.command(run, SetSpeed(self._core.rate), Pause())

    def forget_all(self) -> None:
        """Delete all runs, also the closed ones: they are saved elsewhere. Another one must begin at once."""
        core = self._core
        self._time.leave_past()
        for run in (*core.runs.open, *core.runs.closed):
            core.training.end(run.facts.number)
            self._forget_answers(run.facts.number)
        core.runs, self._places, core.selected = OpenRuns(), LeftPlaces(), None
        core.pending.clear()

    def _close(self, run: RunMirror, *, for_room: bool) -> None:
        core = self._core
        run.change(was_selected=run is core.selected)
        if run is core.selected:
            self._time.leave_past()
            fork = run.facts.parent
            self._suspend(run)
            parent = None if fork is None else core.runs.get(fork.number)
            self.show(parent or core.runs.open[-1])
        else:
            self._suspend(run)
            core.tell(lab_changes.ChangeKind.RUNS)
        core.tell(lab_changes.RunClosed(run.facts, for_room))

    def _suspend(self, run: RunMirror) -> None:
        core = self._core
        assert core.digits is not None
        run.take()
        number = run.facts.number
        self._places.plans.pop(number, None)
        if run.facts.failed or not (run.facts.has_learned or number in core.pending):
            self._forget(run)
            return
        self._forget_answers(number)
        core.training.put_away(number)
        for gone in core.runs.close(run):
            core.pending.pop(gone.facts.number, None)
            core.training.end(gone.facts.number)
        core.tell(lab_changes.RunEnded(run.facts, core.digits))
        if number in core.pending:  # the worker has not created it yet
            core.tell(lab_changes.RunComposed(run.facts, core.pending[number].content))

    def _forget(self, run: RunMirror) -> None:
        core, number = self._core, run.facts.number
        assert core.digits is not None
        core.training.end(number)
        self._forget_answers(number)
        core.pending.pop(number, None)
        run.take()
        core.runs.open.remove(run)
        core.tell(lab_changes.RunEnded(run.facts, core.digits))

    @Slot(int, str)
    def _on_failed(self, number: int, details: str) -> None:
        log.error("run %d failed:\n%s", number, details)
        if (run := self._core.runs.get(number)) is None:
            return
        run.change(lifecycle=Lifecycle.FAILED, on=False, replayed=None)
        self._core.tell(lab_changes.ChangeKind.RUNS)
        if run is self._core.selected:
            self._time.leave_past()
            self._core.tell(lab_changes.RunFailed(details))
