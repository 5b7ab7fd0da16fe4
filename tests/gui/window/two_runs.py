"""What tests of the window do alike: a run learns, and a second one is a branch of it."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from mnistviz.engine.commands import Step
from mnistviz.engine.experiment.saved import checksum
from mnistviz.gui.lab.shown import RunFacts
from mnistviz.gui.window.main_window import MainWindow
from tests.gui.live_run import live_run


def settle() -> None:
    """Lets all parts be laid out, one after the other."""
    for _ in range(5):
        QApplication.processEvents()


def said(window: MainWindow) -> str:
    """What the line at the bottom says, in full."""
    message = window.line.message.said
    return "" if message is None else message.text


def told(window: MainWindow) -> str:
    """What stands in all messages that are open."""
    boxes = window.findChildren(QMessageBox, "message")
    return " ".join(f"{box.text()} {box.informativeText()}" for box in boxes if box.isVisible())


def all_there(window: MainWindow, count: int) -> bool:
    """Whether so many runs are open, and rest."""
    runs = window.lab.runs.open
    return len(runs) == count and all(run.ready and run.has_obeyed and not run.playing for run in runs)


def drop(window: MainWindow, path: Path) -> None:
    data, place, button = QMimeData(), QPointF(5, 5), Qt.MouseButton.LeftButton
    data.setUrls([QUrl.fromLocalFile(str(path))])
    window.dropEvent(
        QDropEvent(place, Qt.DropAction.CopyAction, data, button, Qt.KeyboardModifier.NoModifier)
    )


def weights(run: RunFacts) -> str:
    return checksum(run.moment.network.parameters)


def learn(qtbot: QtBot, window: MainWindow, steps: int) -> RunFacts:
    """The selected run learns so many mini-batches, and rests."""
    run = live_run(window.lab)
    goal = run.step + steps
    window.lab.runs.send(Step(steps))
    qtbot.waitUntil(lambda: run.step == goal and not run.playing and run.has_obeyed)
    return run


def two_runs(qtbot: QtBot, window: MainWindow) -> None:
    """A run, and a branch of it with a smaller η, which is selected."""
    learn(qtbot, window, 150)
    window.lab.playhead.visit(100)
    qtbot.waitUntil(lambda: window.lab.playhead.exact)
    window.lab.settings.change({"eta": 0.5})
    window.lab.runs.branch()
    qtbot.waitUntil(lambda: live_run(window.lab).ready and live_run(window.lab).has_obeyed)
    learn(qtbot, window, 20)
    window.lab.runs.rename(live_run(window.lab).number, "mine")
    window.lab.runs.relabel(live_run(window.lab).number, hue=5)
