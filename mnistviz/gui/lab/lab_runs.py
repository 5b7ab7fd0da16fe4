"""The runs of the lab: begun, branched, selected, named, closed and opened again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Slot

from mnistviz.engine.commands import Change, Command, Nudge, Pause, Play, SetSpeed
from mnistviz.engine.digits import Digits
from mnistviz.engine.fork import Fork, ForkKind
from mnistviz.engine.handover import Mailbox
from mnistviz.engine.mistakes.pins import PinStory, joined_stories
from mnistviz.engine.network import Network
from mnistviz.engine.origin import Origin
from mnistviz.engine.settings import Settings
from mnistviz.gui.lab.kept_runs import LONGEST_NAME
from mnistviz.gui.lab.lab_changes import ChangeKind, RunClosed, RunComposed, RunEnded, RunFailed
from mnistviz.gui.lab.lab_core import LabCore
from mnistviz.gui.lab.lab_settings import LabSettings
from mnistviz.gui.lab.lab_time import LabTime
from mnistviz.gui.lab.left_places import LeftPlaces, LeftPlan
from mnistviz.gui.lab.open_runs import HUES, ClosedTogether, OpenRuns
from mnistviz.gui.lab.shown import Lifecycle, RunFacts, RunMirror

log = logging.getLogger(__name__)


class LabRuns(QObject):
    """Owns which runs are open, which one is selected, and which are closed and can be opened again.

    `forget` lets go what was answered of the run of a number.
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
        self._left = LeftPlaces()
        core.training.failed.connect(self._on_failed)

    # What there is

    @property
    def open(self) -> tuple[RunFacts, ...]:
        """The open runs, the oldest first."""
        return tuple(run.facts for run in self._core.runs.open)

    @property
    def closed(self) -> tuple[RunFacts, ...]:
        """The closed runs, the one that was closed last first."""
        return tuple(run.facts for run in self._core.runs.closed)

    @property
    def reopenable(self) -> tuple[RunFacts, ...]:
        """Those of them that were on the digits of now."""
        data = None if self._core.digits is None else self._core.digits.checksum
        return tuple(run for run in self.closed if run.data == data)

    def find(self, number: int) -> RunFacts | None:
        """The run of a number, open or closed; None where it has gone."""
        return self._core.find(number)

    def send(self, *commands: Command) -> None:
        """Queues commands for the selected run; no mini-batch comes between those that are sent together."""
        if self._core.selected is not None:
            self._core.command(self._core.selected, *commands)

    # Beginning

    def begin(self, settings: Settings, network: Network | None = None, origin: Origin | None = None) -> None:
        """Begins a run; the others rest. With new weights it learns if the last one did; with those of `network` it
        rests. `origin` is what the file of that network says."""
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
            if selected.facts.step == 0:  # nothing was learned that could be looked at
                self._forget(selected)
            else:
                core.tell(RunEnded(selected.facts, core.digits))
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
        """Branches from the selected run at the moment shown, with the plan; without one it is a twin. It is on, and
        learns if its parent does, or the others where that is off. None where there is nothing to branch from."""
        plan = dict(self._settings.draft.plan)
        return self.branch_with("branch", plan, Change(plan)) if plan else self.branch_with("twin", {})

    def butterfly(self) -> RunFacts | None:
        """Branches a twin of which one weight differs in its last bit."""
        return self.branch_with("butterfly", {}, Nudge())

    def branch_with(self, kind: ForkKind, plan: dict[str, Any], *changes: Command) -> RunFacts | None:
        """Branches with what `changes` there; of these the `plan` is what was set."""
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
        self._core.tell(ChangeKind.BEGAN)
        return run

    # Selecting

    def select(self, number: int) -> None:
        """Selects another run: live, or in the past where it had seen as many digits, with what was planned in it. What
        is held stays so; where nothing trains, a run that has not seen as many is shown live."""
        core, settings = self._core, self._settings
        run = core.runs.get(number)
        if run is None or run is core.selected:
            return
        trains = any(each.playing for each in self.open)
        place, left = self.leave(), LeftPlan()
        if core.playhead.live and trains:
            place = None  # to look back would hold them
        else:
            left = self._left.take_plan(number)
        if place is None and left.values:
            place = run.facts.digits_at(left.step)
        if place is None or not (trains or left.values or place < run.facts.digits_seen):
            self._time.leave_past()
            self.show(run)
            self._left.arrive(run.facts, run.facts.step, place)
            return
        settings.set_draft(replace(settings.draft, plan={}))
        core.playhead.visited = None
        self.show(run)
        settings.set_draft(replace(settings.draft.set(left.values), plan=left.values))
        step = min(run.facts.step_at(place), run.facts.step)
        core.playhead.look_at(step)
        self._left.arrive(run.facts, step, place)

    def leave(self) -> int | None:
        """Keeps the plan of the selected run for when it is selected again; returns in digits what is looked at."""
        run, plan = self._core.run, self._settings.draft.plan
        return None if run is None else self._left.leave(run, self._core.playhead.step, plan)

    def show(self, run: RunMirror) -> None:
        """Selects an open run, and leaves nothing of the one before."""
        self._core.selected = run
        self._core.training.select(run.facts.number)
        now = None if run.facts.moment is None else run.facts.moment.settings
        self._settings.set_draft(self._settings.draft.begin(run.facts.settings, now))
        self._core.tell(ChangeKind.SELECTED)
        self._core.tell(ChangeKind.RUNS)

    # How they look

    def rename(self, number: int, text: str) -> None:
        """Calls a run as the user likes, in up to forty letters; by what differs where `text` is empty."""
        plain = "".join(letter if letter.isprintable() else " " for letter in text)
        self._core.change(number, name=" ".join(plain.split())[:LONGEST_NAME].strip())

    def note(self, number: int, about: str) -> None:
        """Says with a run what is to be seen in it."""
        self._core.change(number, about=about)

    def recolour(self, number: int, hue: int) -> None:
        self._core.change(number, hue=hue % HUES)

    def hide(self, number: int, hidden: bool) -> None:
        """Whether the curves of a run are left out while another one is selected."""
        self._core.change(number, hidden=hidden)

    def keep_stories(self, number: int, found: Sequence[PinStory]) -> None:
        """Keeps with a run what it answered to pinned pictures. It is told of a run at rest: one that learns is looked
        at again soon."""
        run = self._core.runs.get(number)
        if run is None:
            return
        stories = joined_stories(run.facts.stories, found)
        if stories != run.facts.stories:
            run.change(stories=stories)
            if not run.facts.playing:
                self._core.tell(ChangeKind.RUNS)

    # Closing, and opening again

    def close(self, number: int) -> bool:
        """Closes a run; `reopen` has it back. The last one that is open stays, and False comes back."""
        run = self._core.runs.get(number)
        if run is None or len(self._core.runs.open) == 1:
            return False
        self._close(run, for_room=False)
        return True

    def close_all(self) -> ClosedTogether | None:
        """Closes all open runs; None where none of them can be opened again."""
        core = self._core
        selected, numbers = core.run, [run.number for run in self.open]
        self._time.leave_past()
        for run in tuple(core.runs.open):
            self._put_away(run)
        core.selected = None
        found = (core.runs.get_closed(number) for number in numbers)
        runs = tuple(run.facts for run in found if run is not None)
        if core.digits is None or not runs:
            return None
        return ClosedTogether(core.digits, runs, 0 if selected is None else selected.number)

    def make_room(self) -> None:
        """Closes a run where there are as many as can be open."""
        surplus = self._core.runs.in_excess((self._core.selected,))
        if surplus is not None:
            self._close(surplus, for_room=True)

    def reopen(self, number: int | None = None, *, select: bool = True) -> bool:
        """Opens a closed run again, or the one that was closed last, and selects it unless another run is to stay
        selected; False if there is none."""
        core = self._core
        numbers = [run.number for run in self.reopenable]
        run = core.runs.get_closed(next(iter(numbers), 0) if number is None else number)
        if run is None or run.facts.number not in numbers or core.digits is None:
            return False
        core.runs.take_out(run)  # first, for what makes room is the newest of the ten that are closed
        self.make_room()
        self.open_again(run, core.digits)
        if select:
            self.leave()
            self._time.leave_past()
            self.show(run)
        else:
            core.tell(ChangeKind.RUNS)
        return True

    def open_again(self, run: RunMirror, digits: Digits) -> None:
        """Opens a run that was taken out of the closed ones."""
        self._core.runs.reopen(run)
        self._core.training.take_out(run.facts.number, digits)
        pause = Pause()  # it may have learned when it was closed
        self._core.command(run, SetSpeed(self._core.rate), pause)

    def forget_all(self) -> None:
        """Lets all runs go, the closed ones too: they are kept elsewhere. Another one must begin at once."""
        core = self._core
        self._time.leave_past()
        for run in (*core.runs.open, *core.runs.closed):
            core.training.end(run.facts.number)
            self._forget_answers(run.facts.number)
        core.runs, self._left, core.selected = OpenRuns(), LeftPlaces(), None
        core.pending.clear()

    def _close(self, run: RunMirror, *, for_room: bool) -> None:
        core = self._core
        run.change(was_selected=run is core.selected)
        if run is core.selected:
            self._time.leave_past()
            fork = run.facts.parent
            self._put_away(run)
            parent = None if fork is None else core.runs.get(fork.number)
            self.show(parent or core.runs.open[-1])
        else:
            self._put_away(run)
            core.tell(ChangeKind.RUNS)
        core.tell(RunClosed(run.facts, for_room))

    def _put_away(self, run: RunMirror) -> None:
        core = self._core
        assert core.digits is not None
        run.take()
        number = run.facts.number
        self._left.forget(number)
        if run.facts.failed or not (run.facts.has_learned or number in core.pending):
            self._forget(run)
            return
        self._forget_answers(number)
        core.training.put_away(number)
        for gone in core.runs.close(run):
            core.pending.pop(gone.facts.number, None)
            core.training.end(gone.facts.number)
        core.tell(RunEnded(run.facts, core.digits))
        if number in core.pending:  # the worker does not have it yet
            core.tell(RunComposed(run.facts, core.pending[number].content))

    def _forget(self, run: RunMirror) -> None:
        core, number = self._core, run.facts.number
        assert core.digits is not None
        core.training.end(number)
        self._forget_answers(number)
        core.pending.pop(number, None)
        run.take()
        core.runs.drop(run)
        core.tell(RunEnded(run.facts, core.digits))

    @Slot(int, str)
    def _on_failed(self, number: int, details: str) -> None:
        log.error("run %d failed:\n%s", number, details)
        run = self._core.runs.get(number)
        if run is None:
            return
        run.change(lifecycle=Lifecycle.FAILED, on=False, replayed=None)
        self._core.tell(ChangeKind.RUNS)
        if run is self._core.selected:
            self._time.leave_past()
            self._core.tell(RunFailed(details))
