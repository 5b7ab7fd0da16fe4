"""The state that the parts of the lab share, with the playhead: the viewed step, and the replay of the record."""

from __future__ import annotations

import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QObject

from mnistviz.engine.commands import Command, Leave, Visit
from mnistviz.engine.digits import Digits
from mnistviz.engine.experiment.saved import SavedRun
from mnistviz.engine.handover import Mailbox
from mnistviz.engine.history_replayer import Visited
from mnistviz.engine.moment import Moment
from mnistviz.engine.replay import reachable
from mnistviz.engine.run_scheduler import Hold
from mnistviz.gui.common.timers import new_timer
from mnistviz.gui.lab.lab_changes import ChangeKind, LabChange
from mnistviz.gui.lab.open_runs import OpenRuns
from mnistviz.gui.lab.shown import RunFacts, RunMirror
from mnistviz.gui.lab.training_thread import TrainingThread

FILM = 10.0  # seconds of a whole replay at full speed
FRAME = 33  # milliseconds between two frames of the replay


class Playhead(QObject):
    """At the end of the run, playing means training. At an earlier step nothing trains, unless `train_on`."""

    def __init__(self, core: LabCore, move_plan: Callable[[int | None], object], parent: QObject) -> None:
        super().__init__(parent)
        self._lab, self._move_plan = core, move_plan
        self.step: int | None = None  # the viewed step; None at the end of the run
        self.visited: Visited | None = None
        """The checkpoint there and what is known of it; that of a previous step until it arrives."""
        self.train_on = False
        self._timer = new_timer(self, self._tick, FRAME, repeated=True)
        self._ticked = 0.0  # seconds: the last tick of the replay
        self._film_place = 0.0  # the step of the replay
        self._stays = False  # at the end of the replay
        self._asked = False  # True until the requested checkpoint arrives
        self.replaying: tuple[int, int] | None = None  # mini-batches of a replay: done, total
        self._when_exact: list[Callable[[Moment], object]] = []
        self._flags: list[int] = []
        self._flags_of: object = None  # the source of `_flags`

    @property
    def live(self) -> bool:
        return self.step is None

    @property
    def held(self) -> bool:
        """True if all training is paused, because an earlier step is viewed."""
        return self.step is not None and not self.train_on

    @property
    def filming(self) -> bool:
        return self._timer.isActive()

    @property
    def end(self) -> int:
        return 0 if self._lab.run is None else self._lab.run.step

    @property
    def here(self) -> int:
        return self.end if self.step is None else self.step

    @property
    def exact(self) -> bool:
        """True if the shown step is the requested one."""
        return self.live or (
            self.visited is not None and self.visited.exact and self.visited.moment.step == self.step
        )

    def visit(self, step: int) -> None:
        """View a step of the selected run, or the nearest one that exists; stop the replay."""
        self._timer.stop()
        if self._lab.run is not None and self._lab.run.ready:
            self._go(min(max(step, 0), self.end))
            self._move_plan(self.step)

    def live_again(self) -> None:
        """Go to the end; paused training continues."""
        if self.live:
            return
        self.forget()
        self._move_plan(None)
        for change in (ChangeKind.MOVED, ChangeKind.MOMENT, ChangeKind.AT_END):
            self._lab.tell(change)

    def step_by(self, mini_batches: int) -> None:
        """Go some mini-batches forward or back; at the end only back."""
        if not self.live or mini_batches < 0:
            self.visit(self.here + mini_batches)

    def epoch_by(self, epochs: int) -> None:
        """Go to the end of a later or an earlier epoch, at most to the end of the record."""
        if (run := self._lab.run) is None or not run.ready or (self.live and epochs > 0):
            return
        whole, rest = divmod(run.digits_at(self.here), run.epoch)
        self.visit(run.step_at(max(0, whole + epochs + (1 if rest and epochs < 0 else 0)) * run.epoch))

    def flag(self, direction: int) -> None:
        flags, here = self.flags(), self.here
        place = bisect_left(flags, here) - 1 if direction < 0 else bisect_right(flags, here)
        if 0 <= place < len(flags) and (direction < 0 or not self.live):
            self.visit(flags[place])

    def flags(self) -> list[int]:
        """Return the steps of the selected run with interventions, gesture by gesture, its fork, and its best step."""
        if (run := self._lab.run) is None:
            return []
        best = run.best_so_far
        if (of := (run.number, run.history.interventions, run.parent, best)) != self._flags_of:
            steps = {flag.step for flag in run.flags} | ({best.step} if best is not None else set())
            self._flags_of, self._flags = of, sorted(steps)
        return self._flags

    def visit_nearest(self, digits: float) -> None:
        if (run := self._lab.run) is not None and run.ready:
            self.visit(run.nearest_step(round(digits)))

    def cancel(self) -> None:
        """Cancel a replay and stay at the near step that is shown, or go to the end if there is none."""
        if self.replaying is None and not self._asked:
            return
        run = self._lab.run
        if self.visited is not None and run is not None and self.visited.moment.run == run.number:
            self.visit(self.visited.moment.step)
        else:
            self.live_again()

    def film(self, on: bool, *, stays: bool = False) -> None:
        """Replay from the viewed step, or stop. At the end this run's paused training continues, unless it `stays`."""
        if on == self.filming or (on and self.live):
            return
        self._stays = stays
        if on:
            self._ticked, self._film_place = time.monotonic(), float(self.here)
            self._timer.start()
        else:
            self._timer.stop()
            if self.step is not None:
                self._go(self.step)  # exact and evaluated where it stops
        self._lab.tell(ChangeKind.MOVED)

    def set_train_on(self, on: bool) -> None:
        """Set whether training continues in the background while an earlier step is viewed."""
        if on != self.train_on:
            self.train_on = on
            self._lab.training.send(0, Hold(self.held))
            self._lab.tell(ChangeKind.MOVED)

    def _tick(self) -> None:
        now = time.monotonic()
        passed, self._ticked = min(now - self._ticked, 0.25), now
        if self._asked or self.step is None:
            return  # the replay is as fast as its checkpoints arrive
        rate = self._lab.rate
        self._film_place += passed * (max(1.0, self.end / FILM) if rate is None else rate)
        if (goal := int(self._film_place)) >= self.end and self._stays:
            self.step = self.end
            self.film(False)
        elif goal >= self.end:
            self.live_again()
        elif goal > self.step:
            self._go(goal, film=rate is None)

    def take(self) -> bool:
        """Take the worker's news of a checkpoint. Return False if there are none."""
        visited = self._lab.training.visits.take()
        run = self._lab.run
        if visited is None or run is None or self.step is None:
            return False
        if visited.moment.run != run.number or (visited.asked != self.step and self._asked):
            return False
        self.visited = visited
        if visited.exact:
            self._asked = False
            if self.filming and visited.moment.step != self.step:  # it continues from there
                self.step, self._film_place = visited.moment.step, max(self._film_place, visited.moment.step)
                self._lab.tell(ChangeKind.MOVED)
        under_way = not visited.exact and visited.of > visited.done
        self._set_progress((visited.done, visited.of) if under_way else None)
        self._lab.tell(ChangeKind.MOMENT)
        if self.exact:
            waiting, self._when_exact = self._when_exact, []
            for then in waiting:
                then(self.visited.moment)
        return True

    def when_exact(self, then: Callable[[Moment], object]) -> None:
        """Call `then` with the shown checkpoint once it is exact, unless the playhead goes to the end before."""
        run = self._lab.run
        moment = self.visited.moment if self.visited is not None else None if run is None else run.moment
        if moment is not None and self.exact:
            then(moment)
        else:
            self._when_exact.append(then)

    def look_at(self, step: int) -> None:
        """View a step of another run that is selected now, without pausing or resuming the training."""
        self._timer.stop()
        self.visited = None
        self._go(step)

    def leave(self) -> None:
        """Go to the end before another run is shown."""
        if not self.live:
            self.forget()
            self._lab.tell(ChangeKind.MOVED)

    def forget(self) -> None:
        """Go to the end without a report: the run no longer exists."""
        self._timer.stop()
        self.step, self.visited, self._asked = None, None, False
        self._when_exact.clear()
        self._lab.training.send(0, Leave())
        self._lab.training.send(0, Hold(self.held))
        self._set_progress(None)

    def _go(self, step: int, *, film: bool = False) -> None:
        run = self._lab.run
        assert run is not None
        was = self.step
        if run.record is not None:
            step = reachable(run.record, step)
        self.step, self._asked = step, True
        if was is None:
            self._lab.training.send(0, Hold(self.held))
        self._lab.training.send(run.number, Visit(step, film))
        self._lab.tell(ChangeKind.MOVED)

    def _set_progress(self, replaying: tuple[int, int] | None) -> None:
        if replaying != self.replaying:
            self.replaying = replaying
            self._lab.tell(ChangeKind.REPLAY)


class LabCore:
    """The digits, the runs and the selected one, the worker, the playhead, and `tell`, which reports a change."""

    playhead: Playhead

    def __init__(self, training: TrainingThread, tell: Callable[[LabChange], None]) -> None:
        self.training, self.tell = training, tell
        self.digits: Digits | None = None
        self.digits_refused = False
        self.runs = OpenRuns()
        self.selected: RunMirror | None = None
        self.pending: dict[int, SavedRun] = {}
        """Runs of a file that the worker has not created yet, by their numbers."""
        self.rate: float | None = None
        self.count = 0

    @property
    def run(self) -> RunFacts | None:
        return None if self.selected is None else self.selected.facts

    @property
    def moment(self) -> Moment | None:
        """The checkpoint of the selected run at the playhead, or near it."""
        visited = None if self.playhead.live else self.playhead.visited
        return visited.moment if visited is not None else None if self.run is None else self.run.moment

    def find(self, number: int) -> RunFacts | None:
        run = self.runs.get(number) or self.runs.get_closed(number)
        return None if run is None else run.facts

    def next_number(self) -> int:
        self.count += 1
        return self.count

    def add(self, facts: RunFacts, mailbox: Mailbox, letter: str = "", hue: int = 0) -> RunMirror:
        digits, settings = self.digits, facts.settings
        assert digits is not None
        facts = replace(facts, epoch=digits.epoch(settings), data=digits.checksum, eta=settings.eta)
        run = RunMirror(facts, mailbox)
        self.runs.add(run, letter, hue)
        return run

    def change(self, number: int, **facts: Any) -> None:
        if (run := self.runs.get(number)) is not None:
            run.change(**facts)
            self.tell(ChangeKind.RUNS)

    def command(self, run: RunMirror, *commands: Command) -> None:
        """Queue commands for a run; no mini-batch is trained between those that are sent together."""
        run.expect(self.training.send(run.facts.number, *commands))
