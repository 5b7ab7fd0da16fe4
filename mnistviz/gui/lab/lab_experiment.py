"""The data set of the lab, and its runs as an experiment file: their saved content, and the opening of a file's."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot

from mnistviz.engine.cancelling import unheard, until
from mnistviz.engine.commands import Pause, SetSpeed
from mnistviz.engine.digits import Digits, load_digits
from mnistviz.engine.experiment.saved import Experiment, ReplayMismatch, SavedRun
from mnistviz.engine.recorder import RunContent
from mnistviz.engine.run_scheduler import Gather
from mnistviz.gui.lab.jobs import Jobs
from mnistviz.gui.lab.lab_changes import ChangeKind, DigitsLeft, DigitsRefused, RunComposed, RunRevived
from mnistviz.gui.lab.lab_core import LabCore
from mnistviz.gui.lab.lab_runs import LabRuns
from mnistviz.gui.lab.lab_time import LabSettings, LabTime
from mnistviz.gui.lab.open_runs import HUES, ClosedTogether
from mnistviz.gui.lab.saved_facts import content_of, experiment_of, facts_of
from mnistviz.gui.lab.shown import RunMirror


class LabExperiment(QObject):
    """Manages the requests for the content of runs, and the runs of a file that the worker has not created yet."""

    def __init__(self, core: LabCore, time: LabTime, runs: LabRuns, parent: QObject) -> None:
        super().__init__(parent)
        self._core, self._time, self._runs = core, time, runs
        self._gathering: deque[Callable[[Experiment], object]] = deque()
        core.training.gathered.connect(self._on_gathered)
        core.training.composed.connect(self._on_composed)
        core.training.replayed.connect(self._on_replayed)
        core.training.revived.connect(self._on_revived)

    def gather(self, then: Callable[[Experiment], object]) -> None:
        """Call `then` with all open runs as an experiment, taken between two mini-batches."""
        self._gathering.append(then)
        self._core.training.send(0, Gather(self._core.training.gathered.emit))

    def compose(self, number: int) -> None:
        """Request the content of an open run, once it has a checkpoint: `RunComposed` follows."""
        if number in self._core.pending:
            self._on_composed(number, self._core.pending[number].content)
        else:
            self._core.training.compose(number)

    def contents(self) -> dict[int, RunContent]:
        """Return the content of the open runs, by number, once the lab is closed; as known if a worker did not end."""
        known = {run.number: content for run in self._runs.open if (content := content_of(run)) is not None}
        pending = {number: saved.content for number, saved in self._core.pending.items()}
        return {**known, **pending, **self._core.training.contents()}

    def open(self, saved: Sequence[SavedRun], selected: int) -> ClosedTogether | None:
        """Open the runs of a file, paused, in place of the open ones, which `LabDigits.bring_back` restores. Their
        curves are shown at once; the worker then trains them again."""
        closed = self._runs.close_all()
        numbers = {run.number: self._core.next_number() for run in saved}
        opened = [self._revive(run, numbers[run.number], numbers) for run in saved]
        for run, kept in zip(opened, saved, strict=True):
            run.change(hue=kept.hue % HUES)  # the user may have given one to several runs
        chosen = numbers.get(selected)
        self._runs.show(next((run for run in opened if run.facts.number == chosen), opened[0]))
        self._core.tell(ChangeKind.BEGAN)
        return closed

    def add(self, saved: SavedRun, numbers: Mapping[int, int] | None = None) -> None:
        """Open one more run, to be trained again, and select it. `numbers` maps the file's ancestors to those here."""
        self._runs.leave()
        self._time.leave_past()
        self._runs.make_room()
        self._runs.show(self._revive(saved, self._core.next_number(), dict(numbers or {})))
        self._core.tell(ChangeKind.BEGAN)

    def _revive(self, saved: SavedRun, number: int, numbers: dict[int, int]) -> RunMirror:
        """Create a run of a file. An ancestor that is not among the `numbers` gets a new number, or unrelated runs
        would seem to have the same parent; 0 is any unknown ancestor."""
        core, digits = self._core, self._core.digits
        assert digits is not None

        def number_of(run: int) -> int:
            if not run or run not in numbers:
                numbers[run] = core.next_number()
            return numbers[run]

        mailbox = core.training.revive(number, saved, digits)
        run = core.add(facts_of(saved, number, number_of), mailbox, saved.letter, saved.hue)
        core.pending[number] = saved
        core.command(run, SetSpeed(core.rate), Pause())
        return run

    @Slot(object)
    def _on_gathered(self, contents: Mapping[int, RunContent]) -> None:
        core, run = self._core, self._core.run
        assert core.digits is not None
        then = self._gathering.popleft()
        selected = 0 if run is None else run.number
        then(experiment_of(core.digits, self._runs.open, selected, contents, core.pending))

    @Slot(int, object)
    def _on_composed(self, number: int, content: RunContent) -> None:
        self._core.training.unclaimed.pop(number, None)
        if (run := self._core.find(number)) is not None:
            self._core.tell(RunComposed(run, content))

    @Slot(int, int, int)
    def _on_replayed(self, number: int, done: int, of: int) -> None:
        self._core.change(number, replayed=(done, of))

    @Slot(int, object)
    def _on_revived(self, number: int, replay_mismatch: ReplayMismatch | None) -> None:
        core = self._core
        core.pending.pop(number, None)
        if (run := core.runs.get(number) or core.runs.get_closed(number)) is None:
            return
        if run.facts.record is not None or run.facts.closed:
            run.change(replayed=None)  # else its first news do, with the checkpoint
        core.tell(ChangeKind.RUNS)
        core.tell(RunRevived(run.facts, replay_mismatch))


class LabDigits:
    """Manages the data set of the runs; those on another one are closed, and can be restored with their data."""

    def __init__(
        self, core: LabCore, jobs: Jobs, settings: LabSettings, time: LabTime, runs: LabRuns
    ) -> None:
        self._core, self._jobs, self._settings, self._time, self._runs = core, jobs, settings, time, runs

    def load(self, folder: Path | None) -> None:
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
        self._core.digits_refused, self._time.play_when_ready = True, False
        self._core.tell(DigitsRefused(error, folder))

    def bring_back(self, closed: ClosedTogether) -> None:
        """Restore runs that were closed together, if they exist, paused, in place of the open ones, with their data."""
        core = self._core
        known = [core.find(run.number) for run in closed.runs]
        if not (numbers := [run.number for run in known if run is not None and not run.failed]):
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
        known = [self._core.runs.get_closed(number) for number in numbers]
        runs = [run for run in known if run is not None]
        for run in runs:
            self._core.runs.closed.remove(run)
        return runs

    def _set(self, digits: Digits) -> None:
        self._core.digits, self._core.digits_refused = digits, False
        self._settings.set_draft(self._settings.draft.with_outputs(len(digits.classes)))
