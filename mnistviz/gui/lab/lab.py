"""The lab behind the window: the digits, the runs on them, their controls and their threads."""

from collections.abc import Callable
from typing import Any, TypeVar, overload

from msgspec.structs import replace
from PySide6.QtCore import QObject, QTimer

from mnistviz.engine.digits import Digits
from mnistviz.gui.common.choices import Chosen, Listeners
from mnistviz.gui.lab.edited_copy import EditedCopy
from mnistviz.gui.lab.in_card import InCard
from mnistviz.gui.lab.jobs import Jobs
from mnistviz.gui.lab.lab_changes import ChangeKind, LabChange
from mnistviz.gui.lab.lab_core import LabCore, Playhead
from mnistviz.gui.lab.lab_experiment import LabDigits, LabExperiment
from mnistviz.gui.lab.lab_runs import LabRuns
from mnistviz.gui.lab.lab_time import LabSettings, LabTime
from mnistviz.gui.lab.luck_questions import LuckQuestions
from mnistviz.gui.lab.predictions import Predictions
from mnistviz.gui.lab.preview import Preview
from mnistviz.gui.lab.questions import FutureQuestions, Questions
from mnistviz.gui.lab.shown import RunFacts, Shown
from mnistviz.gui.lab.training_thread import TrainingThread
from mnistviz.gui.lab.tryouts import Tryouts

Change = TypeVar("Change", bound=LabChange)


class Lab(QObject):
    """The interface of the lab: it joins its parts, provides what is shown, and receives the results of the worker.

    Each command of a part acts at the end of the run or at an earlier step, while the replay plays or is paused.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.chosen, self._listeners = Chosen(self), Listeners(self)
        self.predictions = Predictions()
        self.in_card = InCard()
        self._preview: Preview | None = None  # requested; `preview` checks that it is shown
        self.training = TrainingThread(self)
        self.jobs = Jobs(self)
        self.questions, self.trials, luck = (
            Questions(self, lambda: self.digits, lambda: self.time.learning) for _ in range(3)
        )
        """Requests of views; `trials` are those that train whole runs, so that no other request waits for them."""
        self.futures = FutureQuestions(self.questions)
        tried = Questions(self, lambda: self.digits, lambda: True)  # it always yields: nobody waits for it
        self.tryouts = Tryouts(tried, self)
        self._core = core = LabCore(self.training, self.tell)
        self.luck = LuckQuestions(core, luck, self)
        self.settings = LabSettings(core)
        self.playhead = core.playhead = Playhead(core, self.settings.move_plan, self)
        self.time = LabTime(core, self.settings, self.luck)
        self.runs = LabRuns(core, self.settings, self.time, self._forget_answers, self)
        self.experiment = LabExperiment(core, self.time, self.runs, self)
        self.data = LabDigits(core, self.jobs, self.settings, self.time, self.runs)
        self.training.start()

    def _forget_answers(self, number: int) -> None:
        self.luck.forget(number)
        self.futures.forget(number)

    @overload
    def listen(self, kind: ChangeKind, act: Callable[[], object]) -> None: ...

    @overload
    def listen(self, kind: type[Change], act: Callable[[Change], object] | Callable[[], object]) -> None: ...

    def listen(self, kind: ChangeKind | type[LabChange], act: Callable[..., object]) -> None:
        """Call `act` at each change of a kind, as long as its owner exists."""
        self._listeners.listen(kind, act)

    def tell(self, change: LabChange) -> None:
        self._listeners.tell(change if isinstance(change, ChangeKind) else type(change), change)

    @property
    def digits(self) -> Digits | None:
        return self._core.digits

    @property
    def run(self) -> RunFacts | None:
        return self._core.run

    @property
    def shown(self) -> Shown:
        core, playhead, preview = self._core, self.playhead, self.preview
        return Shown(
            digits=core.digits,
            run=core.run,
            moment=core.moment if preview is None else preview.moment,
            other_runs=tuple(other.facts for other in core.runs.open if other is not core.selected),
            playhead=playhead.step,
            held=playhead.held,
            filming=playhead.filming,
            visited=None if playhead.live else playhead.visited,
            draft=self.settings.draft,
            flags=tuple(playhead.flags()),
            starting=self.time.play_when_ready,
            preview=preview,
        )

    @property
    def preview(self) -> Preview | None:
        """The network shown in place of the run's, while the shown step is still the one it was made for."""
        preview, moment = self._preview, self._core.moment
        return preview if preview is not None and moment is not None and preview.is_for(moment) else None

    def show_preview(self, preview: Preview | None) -> None:
        """Show a network that belongs to no run in place of the run's, or the latter again. Nothing trains from it."""
        if preview is not self._preview:
            self._preview = preview
            self.tell(ChangeKind.STAND_IN)

    def show_in_card(self, **parts: Any) -> None:
        """Show something in the network card instead of the drawing, or beside it, by the names in `InCard`."""
        if any(part is not getattr(self.in_card, name) for name, part in parts.items()):
            self.in_card = replace(self.in_card, **parts)
            self.tell(ChangeKind.IN_CARD)

    def keep(self, edited_copy: EditedCopy) -> None:
        """Apply the edits of a copy to the run, or at an earlier step to a branch; show the copy until then."""
        if self.playhead.live:
            self.runs.send(*edited_copy.acts)
        elif self.runs.branch_with("branch", {}, *edited_copy.acts) is not None:
            self.show_preview(None)

    def go_live(self) -> None:
        self.show_preview(None)
        self.playhead.live_again()

    def take(self) -> list[RunFacts]:
        """Take the news of all runs and of the shown step. Return the runs that have any."""
        core, selected = self._core, self._core.selected
        begun = selected is not None and not selected.facts.ready
        updated = [run for run in core.runs.open if run.take()]
        if begun and selected in updated and self.playhead.step is not None:
            self.playhead.look_at(self.playhead.step)  # the run did not exist when it was requested
        if self.playhead.take() and selected is not None and selected not in updated:
            updated.append(selected)
        if core.runs.find_waiting():
            self.tell(ChangeKind.RUNS)
        if self.preview is None:
            self.show_preview(None)  # it was left, and does not return
        self.settings.follow()
        return [run.facts for run in updated]

    def yield_cpu(self) -> None:
        """Pause the training until the window has painted its change. Each call of a Python method by Qt needs Python's
        lock, and an update is often thousands of such calls, which would wait for a training thread."""
        self.training.controls.hold_off()
        QTimer.singleShot(0, self, self.training.controls.go_on)  # after all events posted until then

    def prioritise(self, hurried: bool) -> None:
        """Pause the training while the user waits for a result, a second at most, and until that is painted."""
        if hurried:
            self.training.controls.hold_off()
        else:
            self.yield_cpu()

    def close(self) -> None:
        """Stop all threads and take the last news of the runs."""
        self.playhead.forget()
        threads = self.training, self.jobs, self.questions, self.tryouts.jobs, self.trials, self.luck.jobs
        for each in threads:
            each.stop()  # all of them first, so that none works while another is waited for
        for each in threads:
            each.close()
        for run in self._core.runs.open:
            run.take()
