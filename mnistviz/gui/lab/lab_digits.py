"""The data set of the lab: loaded, replaced and restored."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from mnistviz.engine.cancelling import unheard, until
from mnistviz.engine.digits import Digits, load_digits
from mnistviz.gui.lab.jobs import Jobs
from mnistviz.gui.lab.lab_changes import ChangeKind, DigitsLeft, DigitsRefused
from mnistviz.gui.lab.lab_core import LabCore
from mnistviz.gui.lab.lab_runs import LabRuns
from mnistviz.gui.lab.lab_settings import LabSettings
from mnistviz.gui.lab.lab_time import LabTime
from mnistviz.gui.lab.open_runs import ClosedTogether
from mnistviz.gui.lab.shown import RunMirror


class LabDigits:
    """Manages the data set of the runs; those on another one are closed, and can be restored with their data."""

    def __init__(
        self, core: LabCore, jobs: Jobs, settings: LabSettings, time: LabTime, runs: LabRuns
    ) -> None:
        self._core, self._jobs, self._settings, self._time, self._runs = core, jobs, settings, time, runs

    def load(self, folder: Path | None) -> None:
        """Read a data set in the background; None is the bundled one."""
        self._core.digits_refused = False
        self._jobs.ask(
            "digits",
            lambda cancelled: load_digits(folder, until(unheard, cancelled)),
            self.use,
            partial(self.refuse, folder),
            quick=True,
        )

    def use(self, digits: Digits) -> None:
        """Switch to a data set. The runs on another one are closed; `bring_back` restores them and their data."""
        if self._core.run is not None:
            self._time.play_when_ready = self._core.run.playing
        closed = self._runs.close_all()
        self._set(digits)
        self._core.tell(ChangeKind.RUNS)
        if closed is not None:
            self._core.tell(DigitsLeft(closed))
        self._core.tell(ChangeKind.DIGITS)

    def refuse(self, folder: Path | None, error: Exception) -> None:
        """Report that a data set could not be read; a run that was to begin with it does not."""
        self._core.digits_refused, self._time.play_when_ready = True, False
        self._core.tell(DigitsRefused(error, folder))

    def bring_back(self, closed: ClosedTogether) -> None:
        """Restore runs that were closed together, paused, in place of the open ones, with their data set. Those that no
        longer exist are left out."""
        core = self._core
        known = [core.find(run.number) for run in closed.runs]
        numbers = [run.number for run in known if run is not None and not run.failed]
        if not numbers:
            return
        back = self._pop_closed(numbers)  # first, since only the ten closed last are kept
        self._runs.close_all()
        back += self._pop_closed(numbers)  # those that were reopened in between
        other = closed.digits is not core.digits
        if other:
            self._set(closed.digits)
        for run in back:
            was_on = run.facts.on
            self._runs.open_again(run, closed.digits)
            run.change(on=was_on)
        selected = core.runs.get(closed.selected) or back[-1]
        if other:
            core.selected = selected  # so that no listener begins a run on the digits
            core.tell(ChangeKind.DIGITS)
        self._runs.show(selected)

    def _pop_closed(self, numbers: Sequence[int]) -> list[RunMirror]:
        """Remove those of some runs that are closed from the list of closed runs, and return them."""
        known = [self._core.runs.get_closed(number) for number in numbers]
        runs = [run for run in known if run is not None]
        for run in runs:
            self._core.runs.take_out(run)
        return runs

    def _set(self, digits: Digits) -> None:
        self._core.digits, self._core.digits_refused = digits, False
        self._settings.set_draft(self._settings.draft.with_outputs(len(digits.classes)))
