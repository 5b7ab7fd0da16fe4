"""The frame timer: how often the views are drawn while a run learns; and the timer that builds late views."""

from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QLineEdit

from mnistviz.gui.common.timers import new_timer
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.lab_changes import ChangeKind
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.window.views import TRANSPORT, Views

FRAME = 33  # milliseconds
CALM, SLOW = 250, 1_000  # milliseconds, while the ideas hide all views but the bar; if the user wants calm
SELDOM = 130  # milliseconds between drawings of the slower views at full speed
STATUS_EVERY = 15  # frames


class FrameTimer(QTimer):
    """Ticks as long as there is news, and tells the views when to draw."""

    drawn = Signal()  # the views are up to date
    taken = Signal(object, object)  # RunFacts, Digits: there is news of the run
    settled = Signal()  # every few frames, and when the run pauses

    def __init__(self, lab: Lab, views: Views, parent: QObject) -> None:
        super().__init__(parent, interval=FRAME, timerType=Qt.TimerType.PreciseTimer)
        self._lab, self._views, self._transport = lab, views, views[TRANSPORT]
        self._count = 0
        self._news = lab.training.news, lab.training.visited
        self._asked = False
        self._drawn = Shown()  # last
        self.timeout.connect(self._tick)
        for kind in (ChangeKind.RUNS, ChangeKind.STAND_IN, ChangeKind.MOVED, ChangeKind.MOMENT):
            lab.listen(kind, self.ask)
        self._rest()
        self._between = new_timer(self, lambda: self._draw(lab.shown, seldom=True))

    def wake(self) -> None:
        if not self.isActive():
            self._run()
            self._tick()

    def _run(self) -> None:
        for news in self._news:  # the ticks find it: a signal more would only hold up the training thread
            news.disconnect(self.wake)
        self.start()

    def _rest(self) -> None:
        self.stop()
        for news in self._news:
            news.connect(self.wake)

    def ask(self) -> None:
        """Draw with the next frame, even without news of a run."""
        self._asked = True
        self.wake()

    def set_pace(self, *, in_ideas: bool, calm: bool) -> None:
        self.setInterval(SLOW if calm else CALM if in_ideas else FRAME)

    def close(self) -> None:
        if self.isActive():
            self._rest()  # a change on the way out may wake it
        self._between.stop()

    def draw(self) -> None:
        """Draw all views; at full speed some of them only now and then."""
        self._drawn = shown = self._lab.shown
        self._count += 1
        rushes = not shown.rests and shown.moment is not None and self._transport.speed_value() is None
        if not rushes:
            self._draw(shown, seldom=True)
        elif self._count % max(1, round(SELDOM / self.interval())) == 0:
            self._between.start(self.interval() // 2)  # the slowest, between two frames, so that none is late
        self._draw(shown, seldom=False)
        self.drawn.emit()
        if self._count % STATUS_EVERY == 0 or shown.rests:
            self.settled.emit()

    def _draw(self, shown: Shown, *, seldom: bool) -> None:
        for view in self._views.in_sight(seldom=seldom):
            view.draw(shown)

    def _tick(self) -> None:
        """Draw, unless the last drawing has covered all that changed since."""
        news, shown, drawn = self._lab.take(), self._lab.shown, self._drawn
        asked, self._asked = self._asked, False
        fields = Shown.__struct_fields__
        differs = asked and any(getattr(shown, name) != getattr(drawn, name) for name in fields)
        if not news and not differs:
            self._rest()
            news = self._lab.take()  # what came before the signals were connected
            if not news:
                return
            if not self.isActive():  # the news may have asked for a frame, and so woken it
                self._run()
        self.draw()
        for run in news:
            self.taken.emit(run, self._lab.digits)


PAUSE: Final = 80  # milliseconds between two steps, in which the window handles events


class BuildingAhead(QTimer):
    """Builds the late views one by one, in steps of some ten milliseconds; pauses while the user draws or types."""

    def __init__(self, views: Views, parent: QObject) -> None:
        super().__init__(parent, interval=PAUSE)
        self._steps = views.build_ahead()
        self.timeout.connect(self._go_on)

    def _go_on(self) -> None:
        types = isinstance(QApplication.focusWidget(), QLineEdit | QAbstractSpinBox | QComboBox)
        draws = QApplication.mouseButtons() != Qt.MouseButton.NoButton
        if not (types or draws) and next(self._steps, self) is self:
            self.stop()
