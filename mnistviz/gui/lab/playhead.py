"""The playhead: which moment of the selected run is looked at, and the replay of what was recorded."""

from __future__ import annotations

import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject

from mnistviz.engine.history_replayer import Visited
from mnistviz.engine.moment import Moment
from mnistviz.engine.replay import reachable
from mnistviz.gui.common.timers import new_timer
from mnistviz.gui.lab.lab_changes import ChangeKind, LabChange
from mnistviz.gui.lab.shown import RunFacts
from mnistviz.gui.lab.training_thread import TrainingThread

FILM = 10.0  # seconds for all that is recorded, at full speed
FRAME = 33  # milliseconds between two moments of the film


class Looked(Protocol):
    """What is looked at: the selected run of a session."""

    training: TrainingThread
    rate: float | None

    tell: Callable[[LabChange], None]

    @property
    def run(self) -> RunFacts | None: ...


class Playhead(QObject):
    """Live, it is at the end of the run, where playing is training. In the past nothing trains, unless `train_on`."""

    def __init__(self, session: Looked, drop_plan: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._lab, self._drop_plan = session, drop_plan
        self.step: int | None = None
        """The step that is looked at; None is live."""
        self.visited: Visited | None = None
        """What is known of the moment there; of one before, as long as nothing newer has come."""
        self.train_on = False
        self._timer = new_timer(self, self._tick, FRAME, repeated=True)
        self._then = 0.0  # seconds: when the film ticked last
        self._place = 0.0  # where the film is, in steps
        self._asked = False  # whether the moment that was asked for last has not come yet
        self.replaying: tuple[int, int] | None = None  # mini-batches of a replay that are done, of how many
        self._when_exact: list[Callable[[Moment], object]] = []
        self._flags: list[int] = []
        self._flags_of: object = None  # what they are worked out from

    # How it stands

    @property
    def live(self) -> bool:
        return self.step is None

    @property
    def held(self) -> bool:
        """Whether all training waits, since one looks back."""
        return self.step is not None and not self.train_on

    @property
    def filming(self) -> bool:
        return self._timer.isActive()

    @property
    def end(self) -> int:
        """The last step of the selected run, as far as is known here."""
        return 0 if self._lab.run is None else self._lab.run.step

    @property
    def here(self) -> int:
        """The step that is looked at, live or not."""
        return self.end if self.step is None else self.step

    @property
    def exact(self) -> bool:
        """Whether the moment shown is the one that was asked for."""
        return self.live or (
            self.visited is not None and self.visited.exact and self.visited.moment.step == self.step
        )

    # Going somewhere

    def visit(self, step: int) -> None:
        """Goes to a step of the selected run, or to the end nearest to it; the film stops."""
        self._timer.stop()
        if self._lab.run is not None and self._lab.run.ready:
            self._go(min(max(step, 0), self.end))

    def live_again(self) -> None:
        """Goes to the end; what was held goes on."""
        if self.live:
            return
        self.step, self.visited, self._asked = None, None, False
        self._when_exact.clear()
        self._timer.stop()
        self._lab.training.leave()
        self._drop_plan()
        self._hold()
        self._tell_progress(None)
        self._lab.tell(ChangeKind.MOVED)
        self._lab.tell(ChangeKind.MOMENT)
        self._lab.tell(ChangeKind.AT_END)

    def step_by(self, mini_batches: int) -> None:
        """Some mini-batches forward, or back; live only back."""
        if not self.live or mini_batches < 0:
            self.visit(self.here + mini_batches)

    def epoch_by(self, epochs: int) -> None:
        """To the end of an epoch after the moment, or before it; beyond the last one to the end of what is
        recorded."""
        run = self._lab.run
        if run is None or not run.ready or (self.live and epochs > 0):
            return
        whole, rest = divmod(run.digits_at(self.here), run.epoch)
        goal = max(0, whole + epochs + (1 if rest and epochs < 0 else 0))
        self.visit_digits(goal * run.epoch)

    def flag(self, direction: int) -> None:
        """To the next flag after the moment (1) or before it (−1), if there is one."""
        flags, here = self.flags(), self.here
        if direction > 0 and not self.live:
            at = bisect_right(flags, here)
            if at < len(flags):
                self.visit(flags[at])
        elif direction < 0:
            at = bisect_left(flags, here)
            if at:
                self.visit(flags[at - 1])

    def flags(self) -> list[int]:
        """The steps of the selected run where something was done, gesture by gesture, where it branched off, and the
        best."""
        run = self._lab.run
        if run is None:
            return []
        best = run.best_so_far
        of = run.number, run.history.interventions, run.parent, best
        if of != self._flags_of:
            found = {flag.step for flag in run.flags} | ({best.step} if best is not None else set())
            self._flags_of, self._flags = of, sorted(found)
        return self._flags

    def visit_digits(self, digits: int) -> None:
        """Goes to where the selected run had seen so many digits, or to its end."""
        run = self._lab.run
        if run is not None and run.ready:
            self.visit(run.step_at(digits))

    def visit_nearest(self, digits: float) -> None:
        """Goes to the moment of the selected run whose digits are nearest to so many."""
        run = self._lab.run
        if run is not None and run.ready:
            self.visit(run.nearest_step(round(digits)))

    def cancel(self) -> None:
        """Stops a replay and stays at the near moment that is shown; live, where none is."""
        if self.replaying is None and not self._asked:
            return
        run = self._lab.run
        if self.visited is not None and run is not None and self.visited.moment.run == run.number:
            self.visit(self.visited.moment.step)
            return
        self.live_again()

    # The film

    def film(self, on: bool) -> None:
        """Replays what was recorded from the moment on, or stops there. At its end it is live: what trained when one
        looked back trains on, and all else rests."""
        if on == self.filming or (on and self.live):
            return
        if on:
            self._then, self._place = time.monotonic(), float(self.here)
            self._timer.start()
        else:
            self._timer.stop()
            if self.step is not None:
                self._go(self.step)  # exact, and measured, where it stands still
        self._lab.tell(ChangeKind.MOVED)

    def set_train_on(self, on: bool) -> None:
        """Whether training goes on behind while one looks back."""
        if on != self.train_on:
            self.train_on = on
            self._hold()
            self._lab.tell(ChangeKind.MOVED)

    def _tick(self) -> None:
        now = time.monotonic()
        passed, self._then = min(now - self._then, 0.25), now
        if self._asked or self.step is None:
            return  # the film is as fast as its moments can be had
        rate = self._lab.rate
        self._place += passed * (max(1.0, self.end / FILM) if rate is None else rate)
        goal = int(self._place)
        if goal >= self.end:
            self.live_again()
        elif goal > self.step:
            self._go(goal, film=rate is None)

    # The worker

    def take(self) -> bool:
        """Takes what the worker has told of a moment; False if nothing is new."""
        visited = self._lab.training.visits.take()
        run = self._lab.run
        if visited is None or run is None or self.step is None:
            return False
        if visited.moment.run != run.number or (visited.asked != self.step and self._asked):
            return False
        self.visited = visited
        if visited.exact:
            self._asked = False
            if self.filming and visited.moment.step != self.step:  # the film is where it has come
                self.step, self._place = visited.moment.step, max(self._place, visited.moment.step)
                self._lab.tell(ChangeKind.MOVED)
        under_way = not visited.exact and visited.of > visited.done
        self._tell_progress((visited.done, visited.of) if under_way else None)
        self._lab.tell(ChangeKind.MOMENT)
        self._tell_exact()
        return True

    def when_exact(self, then: Callable[[Moment], object]) -> None:
        """Calls `then` with the moment shown, once it is the exact one; not any more when one is live again."""
        run = self._lab.run
        moment = self.visited.moment if self.visited is not None else None if run is None else run.moment
        if moment is not None and self.exact:
            then(moment)
        else:
            self._when_exact.append(then)

    def _tell_exact(self) -> None:
        if self.visited is not None and self.exact:
            waiting, self._when_exact = self._when_exact, []
            for then in waiting:
                then(self.visited.moment)

    def look_at(self, step: int) -> None:
        """Goes there although it is another run that is selected now: neither begins nor ends the hold."""
        self._timer.stop()
        self.visited = None
        self._go(step)

    def leave(self) -> None:
        """Is live, since another run is to be shown."""
        if not self.live:
            self.forget()
            self._lab.tell(ChangeKind.MOVED)

    def forget(self) -> None:
        """Is live, without telling anybody: the run has gone."""
        self._timer.stop()
        self.step, self.visited, self._asked = None, None, False
        self._when_exact.clear()
        self._lab.training.leave()
        self._hold()
        self._tell_progress(None)

    def _go(self, step: int, *, film: bool = False) -> None:
        run = self._lab.run
        assert run is not None
        was = self.step
        if run.record is not None:
            step = reachable(run.record, step)
        self.step, self._asked = step, True
        if was is None:
            self._hold()
        self._lab.training.visit(run.number, step, film=film)
        self._lab.tell(ChangeKind.MOVED)

    def _hold(self) -> None:
        self._lab.training.hold(self.held)

    def _tell_progress(self, replaying: tuple[int, int] | None) -> None:
        if replaying != self.replaying:
            self.replaying = replaying
            self._lab.tell(ChangeKind.REPLAY)
