"""A lab without a window and without threads: what it is asked is done when a test calls `work`, and is done then.

A panel that is shown with it is told what the window would tell it: what is shown, and when that is another run. Most
of what a panel promises can be tested so, in a tenth of the time that a window takes.
"""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar, cast

import pytest
from PySide6.QtCore import QObject, QThread
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mnistviz.engine.commands import Step
from mnistviz.engine.digits import Digits
from mnistviz.engine.experiment.saved import Experiment
from mnistviz.engine.fork import Origin
from mnistviz.engine.network import Network
from mnistviz.engine.settings import Settings
from mnistviz.gui.lab.jobs import Jobs
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.lab_changes import ChangeKind
from mnistviz.gui.lab.questions import Questions
from mnistviz.gui.lab.shown import RunFacts, Shown
from mnistviz.gui.lab.training_thread import TrainingThread
from tests.gui.deleting import delete
from tests.gui.live_run import live_run

T = TypeVar("T")
P = TypeVar("P", bound="Panel")
MOST = 2_000  # slices of work, after which something goes on without end


class Panel(Protocol):
    """What is told of the lab as a view is; it is a widget."""

    def draw(self, shown: Shown) -> None: ...


class TrainingByHand(TrainingThread):
    """The worker's loop, a turn at a time."""

    def start(self, priority: QThread.Priority = QThread.Priority.InheritPriority) -> None:
        """There is no thread."""

    def work(self) -> bool:
        """Takes what it was sent and does a slice of work; False when there is no more to do now."""
        self.controls.go_on()  # nothing learns beside the window, and who works by hand would only wait
        for number, command, ticket in self.controls.take():
            self.race.handle(number, command, ticket)
        pause = self.race.work(lambda: self.controls.waiting)
        return self.controls.waiting or (pause is not None and pause <= 0)


class JobsByHand(Jobs):
    """Each job is done when `work` is called, the oldest first; the newest of a key counts, as ever."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.asked: dict[str, tuple[Callable[[], Any], Callable[[Any], object], Callable[[Any], object]]] = {}

    def ask(
        self,
        key: str,
        work: Callable[..., T],
        then: Callable[[T], object],
        failed: Callable[[Exception], object],
        progress: Callable[..., object] | None = None,
        *,
        quick: bool = False,
    ) -> None:
        self.withdraw(key)
        told = () if progress is None else (lambda *_told: None,)
        self.asked[key] = (lambda: work(lambda: False, *told)), then, failed

    def withdraw(self, key: str) -> None:
        self.asked.pop(key, None)

    def is_open(self, key: str) -> bool:
        return key in self.asked

    def is_busy(self) -> bool:
        return bool(self.asked)

    def work(self) -> bool:
        """Does the oldest job; False where there is none."""
        if not self.asked:
            return False
        work, then, failed = self.asked.pop(next(iter(self.asked)))
        try:
            found = work()
        except Exception as error:
            failed(error)
        else:
            then(found)
        return True


class QuestionsByHand(Questions, JobsByHand):
    """Questions whose jobs are done by hand."""


class LabByHand(Lab):
    """All gestures are the lab's own. Where a run learns without end, `work` says for how many slices."""

    def __init__(self, digits: Digits | None) -> None:
        super().__init__()
        self.panels: list[Panel] = []
        self._around: list[QWidget] = []  # which nobody else holds
        self.listen(ChangeKind.SELECTED, self.draw)
        if digits is not None:
            self.data.use(digits)

    def work(self, slices: int | None = None) -> None:
        """Does what there is to do, takes what came of it, and has it drawn."""
        training, jobs = cast(TrainingByHand, self.training), cast(JobsByHand, self.jobs)
        questions, tryouts = cast(JobsByHand, self.questions), cast(JobsByHand, self.tryouts.jobs)
        trials, luck = cast(JobsByHand, self.trials), cast(JobsByHand, self.luck.jobs)
        for _ in range(MOST if slices is None else slices):
            busy = training.work() and (slices is not None or training.work())
            told = bool(self.take())
            asked = (jobs, questions, tryouts, trials, luck)
            if not (any(each.work() for each in asked) or busy or told):
                break
        else:
            assert slices is not None, "it goes on without end"
        self.draw()

    def gather(self) -> Experiment:
        """All open runs, as a file has them."""
        gathered: list[Experiment] = []
        self.experiment.gather(gathered.append)
        self.work()
        return gathered[0]

    def draw(self) -> None:
        """Draws all panels as of now."""
        for panel in self.panels:
            panel.draw(self.shown)

    def visit(self, step: int) -> None:
        """Looks at a step of the past, and has it worked out and drawn."""
        self.playhead.visit(step)
        self.work()
        self.work()

    def run_to(self, step: int, settings: Settings | None = None) -> RunFacts:
        """Trains the selected run up to a step; a new one where there are settings for one, or none yet."""
        if settings is not None or self.run is None:
            self.runs.begin(settings or Settings())
        self.work()
        if step > self.run.step:
            self.runs.send(Step(step - self.run.step))
            self.work()
        assert (self.run.step, self.run.playing) == (step, False)
        return live_run(self)

    def show_network(self, network: Network, origin: Origin | None = None) -> RunFacts:
        """Opens a trained network, as from a file."""
        self.runs.begin(Settings(**network.choices), network.copy(), origin)
        self.work()
        assert self.run.ready
        return live_run(self)

    def show(self, qtbot: QtBot, panel: P, width: int, height: int) -> P:
        """Shows a panel by itself, and keeps it told of all that there is to draw."""
        widget = cast(QWidget, panel)
        qtbot.addWidget(widget)
        widget.resize(width, height)
        with qtbot.waitExposed(widget):
            widget.show()
        self.panels.append(panel)
        self.draw()
        return panel

    def show_together(self, qtbot: QtBot, *panels: Panel, width: int, height: int) -> QWidget:
        """Shows panels one above another, in a window that has the focus. Each says itself whether it is seen."""
        around = QWidget()
        qtbot.addWidget(around)
        column = QVBoxLayout(around)
        column.setContentsMargins(0, 0, 0, 0)
        for panel in panels:
            column.addWidget(cast(QWidget, panel))
        column.addStretch()
        around.resize(width, height)
        with qtbot.waitActive(around):
            around.show()
            around.activateWindow()
        self.panels.extend(panels)
        self._around.append(around)
        self.draw()
        return around


def end(lab: Lab) -> None:
    """Closes a lab and deletes it. Only what is deleted lets go of the slots that are connected to it; one that is a
    lambda with the lab in it would keep it, and all of its runs, as long as there are tests."""
    lab.close()
    delete(lab)


def lab_by_hand_on(monkeypatch: pytest.MonkeyPatch, digits: Digits | None) -> LabByHand:
    """A lab without threads, on these digits, if any, and without a run."""
    with monkeypatch.context() as patched:
        patched.setattr("mnistviz.gui.lab.lab.TrainingThread", TrainingByHand)
        patched.setattr("mnistviz.gui.lab.lab.Jobs", JobsByHand)
        patched.setattr("mnistviz.gui.lab.lab.Questions", QuestionsByHand)
        return LabByHand(digits)
