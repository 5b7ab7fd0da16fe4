"""The open and closed runs: their letters and colours, and which one is closed to make room for another."""

from collections.abc import Container, Sequence
from string import ascii_uppercase

from msgspec import Struct

from mnistviz.engine.digits import Digits
from mnistviz.gui.lab.shown import Lifecycle, RunFacts, RunMirror

MOST_OPEN, MOST_CLOSED = 8, 10
HUES = 8
TOGETHER = 1_000  # digits: the largest distance of runs that train together, once they have caught up


class ClosedTogether(Struct, frozen=True, eq=False):
    """Runs that were closed together and can be reopened, their data set, and the selected one's number."""

    digits: Digits
    runs: tuple[RunFacts, ...]
    selected: int


class OpenRuns:
    """The runs of a session, in two lists: `open` ones, the oldest first, and `closed` ones, the newest first."""

    def __init__(self) -> None:
        self.open: list[RunMirror] = []
        self.closed: list[RunMirror] = []

    def get(self, number: int) -> RunMirror | None:
        return _by_number(self.open, number)

    def get_closed(self, number: int) -> RunMirror | None:
        return _by_number(self.closed, number)

    def add(self, run: RunMirror, letter: str = "", hue: int = 0) -> None:
        """Open a new run, with this letter and colour, or free ones if another open run has them."""
        run.change(letter=self._free_letter(letter), hue=self._free_hue(hue % HUES))
        self.open.append(run)

    def close(self, run: RunMirror) -> list[RunMirror]:
        """Close an open run. Return the closed runs that must be deleted."""
        self.open.remove(run)
        run.change(lifecycle=Lifecycle.CLOSED, record=None)
        self.closed.insert(0, run)
        gone, self.closed = self.closed[MOST_CLOSED:], self.closed[:MOST_CLOSED]
        return gone

    def reopen(self, run: RunMirror) -> None:
        """Reopen a closed run, switched off, in its old place, with its letter and colour if they are free."""
        letter, hue = self._free_letter(run.facts.letter), self._free_hue(run.facts.hue)
        run.change(lifecycle=Lifecycle.RESTING, on=False, letter=letter, hue=hue)
        self.open.append(run)
        self.open.sort(key=lambda other: other.facts.number)

    def in_excess(self, needed: Container[RunMirror | None]) -> RunMirror | None:
        """Return the run to close before another one opens, none of those `needed`, or None while there is room.

        It is the one that has trained on the fewest digits, the oldest of equal ones. A network from a file that has
        not trained here comes last, since it may be well trained.
        """
        if len(self.open) < MOST_OPEN:
            return None
        candidates = [run for run in self.open if run not in needed]
        opened = [run for run in candidates if run.facts.step == 0 and run.facts.has_learned]
        return min(candidates, key=lambda run: (run in opened, run.facts.digits_seen), default=None)

    def find_waiting(self) -> bool:
        """Update which runs wait until others have caught up. Return True if that has changed."""
        racing = [run.facts for run in self.open if run.facts.on and run.facts.playing]
        least = min((facts.digits_seen for facts in racing), default=0)
        news = False
        for run in self.open:
            facts = run.facts
            ahead = facts.digits_seen - least > TOGETHER + facts.now.mini_batch_size
            lifecycle = Lifecycle.WAITING if ahead and facts.on else Lifecycle.LEARNING
            if facts.playing and lifecycle is not facts.lifecycle:
                news = True
                run.change(lifecycle=lifecycle)
        return news

    def _free_letter(self, wanted: str) -> str:
        """Return the wanted letter, even if a closed run has it; else one that no open or closed run has."""
        taken = {run.facts.letter for run in self.open}
        if len(wanted) == 1 and wanted in ascii_uppercase and wanted not in taken:
            return wanted
        taken |= {run.facts.letter for run in self.closed}
        return next(letter for letter in ascii_uppercase if letter not in taken)

    def _free_hue(self, wanted: int) -> int:
        used = {run.facts.hue for run in self.open}
        free = [hue for hue in (wanted, *range(HUES)) if hue not in used]
        return free[0] if free else wanted


def _by_number(runs: Sequence[RunMirror], number: int) -> RunMirror | None:
    return next((run for run in runs if run.facts.number == number), None)
