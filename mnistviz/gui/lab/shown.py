"""What all views show at one time, asked in one place: `Lab.shown`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mnistviz.engine.digits import Digits
from mnistviz.engine.health import Health
from mnistviz.engine.history import SETS, History
from mnistviz.engine.history_replayer import Visited
from mnistviz.engine.moment import Best, Evaluation, Moment, SetName
from mnistviz.gui.lab.draft import Draft
from mnistviz.gui.lab.run_mirror import COST_OVER, RunMirror


@dataclass(frozen=True)
class Measured:
    """The share of a set that was read right after `step` mini-batches and `digits` digits, 0 to 1.

    `part` as in `Evaluation`. Where the history is so long that several measurements are one column, it is their mean,
    and `count` says of how many.
    """

    accuracy: float
    step: int
    digits: int
    part: int = 0
    count: int = 1


@dataclass(frozen=True, eq=False)
class Shown:
    """A network at one step of the selected run, and what is known of that run; None before there is any.

    `others` are runs whose curves stay beside those of the selected one. In the past `playhead` is the step that was
    asked for, `moment` is what is there or near it, and `visited` tells what else is known of it. There all training is
    `held`, or goes on; or it is the film that plays.
    """

    digits: Digits | None = None
    run: RunMirror | None = None
    moment: Moment | None = None
    others: tuple[RunMirror, ...] = ()
    playhead: int | None = None
    held: bool = False
    filming: bool = False
    visited: Visited | None = None
    draft: Draft = field(default_factory=Draft)
    flags: tuple[int, ...] = ()
    """The steps of the run where something was done, where it branched off, and of the best."""
    run_count: int = 0
    """How many runs are open, those among them whose curves are hidden."""
    starting: bool = False
    """Start was pressed before there were digits."""

    def epoch_of(self, run: RunMirror) -> int:
        """How many digits an epoch of a run has."""
        return run.epoch if self.digits is None else self.digits.epoch(run.settings)

    @property
    def number(self) -> int | None:
        """The number of the run, by which views know what they remember; None before there is one."""
        return None if self.run is None else self.run.number

    def is_first(self, before: Shown) -> bool:
        """Whether it is another run than before, or the first moment of a run."""
        return self.number != before.number or (self.moment is not None and before.moment is None)

    @property
    def live(self) -> bool:
        """Whether it is the end of the run, where playing is training."""
        return self.playhead is None

    @property
    def rests(self) -> bool:
        """Whether nothing is learned that is shown."""
        return self.run is None or not self.run.playing or not self.live

    @property
    def plays(self) -> bool:
        """Whether the start button stops something: the film in the past, at the end the training."""
        if not self.live:
            return self.filming
        return self.starting or (self.run is not None and self.run.playing)

    @property
    def here(self) -> int:
        """The step that is looked at, live or not."""
        return self.end if self.playhead is None else self.playhead

    @property
    def end(self) -> int:
        """The last step of the run."""
        return 0 if self.run is None else self.run.step

    @property
    def end_digits(self) -> int:
        """The digits of the run at its end."""
        return 0 if self.run is None or self.run.moment is None else self.run.moment.digits

    @property
    def evaluations(self) -> Mapping[SetName, Evaluation]:
        """What was read, digit by digit: live the newest of each set, in the past of this very moment only."""
        if self.run is None:
            return {}
        if self.live:
            return self.run.evaluations
        return {} if self.visited is None else self.visited.evaluations

    @property
    def measured(self) -> dict[SetName, Measured]:
        """The last measurement of each set that is not after the moment."""
        if self.run is None or self.moment is None:
            return {}
        found: dict[SetName, Measured] = {}
        for name in SETS:
            last = measured_before(self.run.history, name, self.moment.step)
            if last is not None:
                found[name] = last  # type: ignore[index]
        for name, read in self.evaluations.items():
            known = found.get(name)
            if known is None or read.step >= known.step:
                found[name] = Measured(read.accuracy, read.step, read.digits, read.part)
        return found

    @property
    def eta(self) -> float | None:
        """The learning rate of the next mini-batch of the moment, as the schedule has it."""
        if self.run is None or self.live:
            return None if self.run is None else self.run.eta
        return None if self.visited is None else self.visited.eta

    @property
    def health(self) -> Health:
        """How the layers fare; in the past not before it was measured there."""
        if self.run is None:
            return Health()
        if self.live:
            return self.run.health
        return Health() if self.visited is None else self.visited.health

    @property
    def best(self) -> Best | None:
        """The best end of an epoch up to the moment, as far as it is the best of the whole run."""
        best = None if self.run is None else self.run.best
        if best is None or self.live or self.moment is None:
            return best
        return best if best.step <= self.moment.step else None

    @property
    def diverged(self) -> bool:
        if self.run is None or self.live:
            return self.run is not None and self.run.diverged
        return self.visited is not None and self.visited.diverged

    @property
    def stopped(self) -> bool:
        return self.live and self.run is not None and self.run.stopped

    @property
    def cost(self) -> float | None:
        """The mean cost of the last hundred mini-batches before the moment, or of those there are."""
        if self.run is None or self.moment is None:
            return None
        return self.run.history.mean_cost(self.moment.step, COST_OVER)


def measured_before(history: History, set_name: str, step: int) -> Measured | None:
    """The last measurement of a set after `step` mini-batches or before."""
    columns = history.accuracies[set_name]
    rows = columns.rows
    at = int(rows["last_step"].searchsorted(step, side="right")) - 1
    if at < 0:
        return None
    row = rows[at]
    count = int(row["count"])
    if not count:
        return None
    mean = float(row["total"]) / count
    return Measured(mean, int(row["last_step"]), int(row["last_digits"]), int(row["part"]), count)
