"""What the hand does on the strip, as signals."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QGraphicsView, QWidget

from mnistviz.gui.timeline.film import NEAR, Film, Flag, nearest_flag

TEN = 10  # mini-batches: with Shift
GRIP, ON_LINE = 7, 1  # pixels beside the handle that still are the handle: of its knob, and of its line
BEYOND = 3  # pixels: so far beyond its end is still the end of a run
KNOB_ENDS = 12  # pixels from the top


@dataclass(frozen=True)
class StripAxis:
    """So many digits lie along so many pixels, from the pixel `left` on."""

    digits: float = 1.0
    left: float = 0.0
    width: float = 1.0

    def across(self, digits: float) -> float:
        return self.left + digits / self.digits * self.width

    def digits_at(self, x: float) -> float:
        return (x - self.left) / self.width * self.digits


class StripGestures(QGraphicsView):
    """Says where one wants to go. A drag goes there while it lasts; a press on the handle alone goes nowhere."""

    digits_wanted = Signal(float)  # a place
    step_wanted = Signal(int)  # a flag, or the best
    walked = Signal(int)  # by so many mini-batches
    epochs_walked = Signal(int)  # to the end of the next epoch, or of the one before
    end_wanted = Signal(bool)  # the first moment of what is recorded, or with True the last
    live_wanted = Signal()
    escaped = Signal()
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.axis = StripAxis()
        self.film: Film | None = None
        self.handle = 0.0
        """Where the handle is, in digits."""
        self.end = 0.0
        """Where the run ends, in digits."""
        self._pressed: float | None = None
        self._held = False  # whether that was on the handle
        self._off = 0.0  # pixels from the pointer to the middle of the handle that it holds
        self._dragging = False
        self.setAcceptDrops(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def best_place(self, digits: int) -> QPointF:
        """Where the star is."""
        raise NotImplementedError

    def flag_at(self, x: float) -> Flag | None:
        """The flag at a pixel."""
        if self.film is None:
            return None
        within = NEAR / self.axis.width * self.axis.digits
        return nearest_flag(self.film.flags, self.axis.digits_at(x), within)

    def is_star(self, x: float) -> bool:
        """Whether the star is at a pixel."""
        best = None if self.film is None else self.film.best
        return best is not None and abs(self.best_place(best[0]).x() - x) <= NEAR

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self.film is None:
            return
        x = event.position().x()
        self._pressed, self._dragging = x, False
        off = self.axis.across(self.handle) - x
        self._held = abs(off) <= (GRIP if event.position().y() <= KNOB_ENDS else ON_LINE)
        self._off = off if self._held else 0.0

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        x = event.position().x()
        far = abs(x - self._pressed) >= min(QApplication.startDragDistance(), 4)
        if self._dragging or far:
            self._dragging = True
            self.digits_wanted.emit(self.axis.digits_at(x + self._off))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            return
        x = event.position().x()
        was_dragging, self._pressed, self._dragging = self._dragging, None, False
        if was_dragging:
            self.digits_wanted.emit(self.axis.digits_at(x + self._off))
        elif not self._held:
            self._click(event.position())

    def _click(self, at: QPointF) -> None:
        film, flag = self.film, self.flag_at(at.x())
        assert film is not None
        if film.best is not None and self.is_star(at.x()):
            self.step_wanted.emit(film.best[1])
        elif flag is not None:
            self.step_wanted.emit(flag.step)
        elif at.x() > self.axis.across(self.end) + BEYOND:
            self.live_wanted.emit()
        else:
            self.digits_wanted.emit(self.axis.digits_at(at.x()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = None
            self.live_wanted.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = TEN if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Down:
                self.walked.emit(-by)
            case Qt.Key.Key_Right | Qt.Key.Key_Up:
                self.walked.emit(by)
            case Qt.Key.Key_PageUp:
                self.epochs_walked.emit(-1)
            case Qt.Key.Key_PageDown:
                self.epochs_walked.emit(1)
            case Qt.Key.Key_Home:
                self.end_wanted.emit(False)
            case Qt.Key.Key_End:
                self.end_wanted.emit(True)
            case _:
                event.ignore()
