"""The strip of a run that has a past with a flag in it, without the rest of the window."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QGraphicsLineItem, QGraphicsView
from pytestqt.qtbot import QtBot

from mnistviz.gui.curves.curve_texts import CurveTexts
from mnistviz.gui.lab.lab_changes import ChangeKind
from mnistviz.gui.lab.lab_core import Playhead
from mnistviz.gui.lab.shown import RunFacts
from mnistviz.gui.runs.strip import Strip
from mnistviz.gui.runs.timeline import Timeline
from tests.gui.lab_by_hand import LabByHand, Panel
from tests.gui.live_run import live_run

END, FLAG = 250, 150
"""The last step of the run, and where η was lowered to 0.5. An epoch has 101 mini-batches."""


class Past:
    """The timeline of a lab, which is told of its replays as by the window."""

    def __init__(self, lab: LabByHand, qtbot: QtBot, *others: Panel) -> None:
        self.lab = lab
        names = ("Live", "Keep training", "Branch here", "New run")
        live, train_on, branch, new = self.actions = [QAction(name) for name in names]
        train_on.setCheckable(True)
        self.timeline = timeline = Timeline(lab, new, live, branch, train_on)
        timeline.strip.flag_words = lambda acts: CurveTexts().intervention(acts[0])
        lab.listen(ChangeKind.REPLAY, lambda: timeline.show_progress(*(lab.playhead.replaying or (0, 0))))
        lab.listen(ChangeKind.MOVED, lambda: timeline.draw(lab.shown))
        self.around = lab.show_together(qtbot, timeline, *others, width=1100, height=600)
        self.strip.setFocus()

    @property
    def run(self) -> RunFacts:
        return live_run(self.lab)

    @property
    def strip(self) -> Strip:
        return self.timeline.strip

    @property
    def playhead(self) -> Playhead:
        return self.lab.playhead

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.around, key, modifier)

    def at(self, step: int) -> QPoint:
        """The pixel of a moment on the strip."""
        return QPoint(round(self.strip.axis.across(self.run.digits_at(step))), round(self.strip.middle(0)))

    def click(self, step: int) -> None:
        QTest.mouseClick(self.strip.viewport(), Qt.MouseButton.LeftButton, pos=self.at(step))

    @property
    def handle(self) -> float:
        """Where the handle is, in pixels from the left."""
        (line,) = uprights(self.strip)
        return line.line().x1()


def uprights(view: QGraphicsView) -> list[QGraphicsLineItem]:
    """The upright lines that a view shows from top to bottom, but dashed ones."""
    lines = [
        item for item in view.scene().items() if isinstance(item, QGraphicsLineItem) and item.isVisible()
    ]
    return [
        item
        for item in lines
        if item.pen().style() == Qt.PenStyle.SolidLine and item.line().x1() == item.line().x2() > 0
    ]


def trained(lab: LabByHand) -> RunFacts:
    """Trains a run that rests at `END`."""
    lab.run_to(FLAG)
    lab.settings.change({"eta": 0.5})
    return lab.run_to(END)
