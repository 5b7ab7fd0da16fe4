"""Which runs are open and which are closed: their letters and hues, and which one gives way to another."""

from __future__ import annotations

from collections.abc import Container
from string import ascii_uppercase

from mnistviz.gui.lab.run_mirror import RunMirror

MOST_OPEN, MOST_CLOSED = 8, 10
HUES = 8
TOGETHER = 1_000  # digits: runs that learn together are no further apart, once they have caught up


class OpenRuns:
    """The runs of a session, in two lists: `open` ones, the oldest first, and `closed` ones, the newest first."""

    def __init__(self) -> None:
        self.open: list[RunMirror] = []
        self.closed: list[RunMirror] = []

    def get(self, number: int) -> RunMirror | None:
        """The open run of a number."""
        return next((run for run in self.open if run.number == number), None)

    def add(self, run: RunMirror) -> None:
        """Opens a new run, with a letter and a hue of its own."""
        used = {other.letter for other in (*self.open, *self.closed)}
        run.letter = next(letter for letter in ascii_uppercase if letter not in used)
        run.hue = self._free_hue(0)
        self.open.append(run)

    def drop(self, run: RunMirror) -> None:
        """Forgets an open run."""
        self.open.remove(run)

    def close(self, run: RunMirror) -> list[RunMirror]:
        """Closes an open run; returns closed ones that have to go for good."""
        self.open.remove(run)
        run.was_on = run.on
        run.closed, run.on, run.playing, run.waits = True, False, False, False
        self.closed.insert(0, run)
        gone, self.closed = self.closed[MOST_CLOSED:], self.closed[:MOST_CLOSED]
        return gone

    def take_out(self, run: RunMirror) -> None:
        """Takes a run from the closed ones, since it is to be opened again."""
        self.closed.remove(run)

    def reopen(self, run: RunMirror) -> None:
        """Opens a run that was closed again, in its old place."""
        run.closed = False
        run.hue = self._free_hue(run.hue)
        self.open.append(run)
        self.open.sort(key=lambda other: other.number)

    def in_excess(self, needed: Container[RunMirror]) -> RunMirror | None:
        """The run that has to close before another one opens, none of those `needed`; None while there is room.

        The oldest that rests and has neither branches nor a name; else the oldest without branches; else the oldest.
        """
        if len(self.open) < MOST_OPEN:
            return None
        may = [run for run in self.open if run not in needed]
        leaves = [run for run in may if not self._has_branches(run)]
        unnamed = [run for run in leaves if not run.on and not run.name]
        return next(iter((*unnamed, *leaves, *may)), None)

    def find_waiting(self) -> bool:
        """Finds out which runs wait until others have caught up; whether that is news."""
        racing = [run for run in self.open if run.on and run.playing]
        least = min((run.digits_seen for run in racing), default=0)
        news = False
        for run in self.open:
            waits = run in racing and run.digits_seen - least > TOGETHER + run.mini_batch_size
            news |= waits != run.waits
            run.waits = waits
        return news

    def _has_branches(self, run: RunMirror) -> bool:
        return any(other.parent is not None and other.parent.number == run.number for other in self.open)

    def _free_hue(self, wanted: int) -> int:
        used = {run.hue for run in self.open}
        free = [hue for hue in (wanted, *range(HUES)) if hue not in used]
        return free[0] if free else wanted
