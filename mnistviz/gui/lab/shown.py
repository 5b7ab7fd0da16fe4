"""What all views show at one time, asked in one place: `Lab.shown`."""

from __future__ import annotations

from dataclasses import dataclass

from mnistviz.engine.digits import Digits
from mnistviz.engine.moment import Moment
from mnistviz.gui.lab.run_mirror import RunMirror


@dataclass(frozen=True, eq=False)
class Shown:
    """A network at one step of the selected run, and what is known of that run; None before there is any.

    `others` are runs whose curves stay beside those of the selected one.
    """

    digits: Digits | None = None
    run: RunMirror | None = None
    moment: Moment | None = None
    others: tuple[RunMirror, ...] = ()

    def epoch_of(self, run: RunMirror) -> int:
        """How many digits an epoch of a run has."""
        assert self.digits is not None
        return self.digits.epoch(run.settings)
