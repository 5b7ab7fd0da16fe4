"""A view that turns what the hand does on a plot into signals."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QGraphicsView, QWidget

from mnistviz.gui.common.axis_scales import Range
from mnistviz.gui.common.tooltips import set_tooltip
from mnistviz.gui.curves.plot_frame import Frame

WHEEL_ZOOM = 0.8
FAR = 1_000_000  # points: to the first or the last


class GestureView(QGraphicsView):
    """Says what is asked for, in places on the x axis of its frame."""

    pointed = Signal(object)  # at a place on the x axis, or None: no longer
    walked = Signal(int)  # the cursor, by so many points, with the keyboard
    zoomed = Signal(float, object)  # by a factor, about a place or None
    panned = Signal(float)  # by a distance on the x axis
    clicked = Signal(float)  # a place: a press that was let go where it was
    entered = Signal()  # the same, at the cursor
    follow_asked = Signal()
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame = Frame(Range(0, 1), Range(0, 1), QRectF(0, 0, 1, 1))
        self._dragged_from: float | None = None
        self._pressed_at: float | None = None  # until it is a drag
        self.gives_way = False
        """Whether Escape has something else to do first."""
        self.setAcceptDrops(False)  # a file that is dropped is for the window
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        if self._pressed_at is not None:
            if abs(x - self._pressed_at) < QApplication.startDragDistance():
                return  # it may become a click
            self._pressed_at = None
        if self._dragged_from is not None:
            self.panned.emit(self._frame.place(self._dragged_from) - self._frame.place(x))
            self._dragged_from = x
        else:
            self._point_at(x)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._dragged_from = self._pressed_at = event.position().x()
            self.pointed.emit(None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, x = self._pressed_at, event.position().x()
        self._dragged_from = self._pressed_at = None
        self._point_at(x)
        area = self._frame.area
        if pressed is not None and area.left() - 4 <= pressed <= area.right() + 4:
            self.clicked.emit(self._frame.place(pressed))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = self._dragged_from = None
            self.follow_asked.emit()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        set_tooltip(self, self.whatsThis())
        self.pointed.emit(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned, sideways = event.angleDelta().y(), event.angleDelta().x()
        if abs(sideways) > abs(turned):
            self.panned.emit(-sideways / 1200 * (self._frame.x.high - self._frame.x.low))
        elif turned:
            self.zoomed.emit(WHEEL_ZOOM ** (turned / 120), self._frame.place(event.position().x()))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        stride = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        match event.key():
            case Qt.Key.Key_Left:
                self.walked.emit(-stride)
            case Qt.Key.Key_Right:
                self.walked.emit(stride)
            case Qt.Key.Key_Home:
                self.walked.emit(-FAR)
            case Qt.Key.Key_End:
                self.walked.emit(FAR)
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoomed.emit(WHEEL_ZOOM, None)
            case Qt.Key.Key_Minus:
                self.zoomed.emit(1 / WHEEL_ZOOM, None)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.entered.emit()
            case Qt.Key.Key_Escape if not self.gives_way:
                self.pointed.emit(None)
            case _:
                event.ignore()

    def _point_at(self, x: float) -> None:
        frame = self._frame
        inside = frame.area.left() - 4 <= x <= frame.area.right() + 4
        set_tooltip(self, "" if inside else self.whatsThis())  # a tooltip would cover what is read
        self.pointed.emit(min(max(frame.place(x), frame.x.low), frame.x.high) if inside else None)
