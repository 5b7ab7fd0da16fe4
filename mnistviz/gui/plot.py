"""The plot that both curves share: fixed axes, lines, a band, marks, and a cursor that reads values.

Curves are items of Qt's own scene rather than pyqtgraph's; of that only `pyqtgraph.functions` is used,
which turns arrays into paths. pyqtgraph paints in Python, and while Python paints, nothing learns. With two
plots of 1,000 points, 50 times a second on two cores, another thread of Python loses 26 % of its time to
pyqtgraph's curves, 13 % to a widget that paints itself, and 4 % to Qt's items, which are painted without
the interpreter. Everything that rests, axes, grid and text, is one picture that is made anew only when a
range changes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph.functions as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontInfo,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsItem,
    QGraphicsLineItem,
    QGraphicsPathItem,
    QGraphicsPixmapItem,
    QGraphicsPolygonItem,
    QGraphicsRectItem,
    QGraphicsScene,
    QGraphicsView,
    QLabel,
    QWidget,
)

from mnistviz.gui.scales import Range, ticks
from mnistviz.gui.theme import Theme

Floats = NDArray[np.float64]
Texts = Callable[[list[float]], list[str]]

SMALL_TEXT = 11 / 13  # of the widget's own font
RIGHT = 16  # pixels at the right of the curves, and half a label at least
FEW, MANY = 200, 500  # lines of few points are thick, those of many are not smoothed: both take time
MOST_DOTS = 60
CHIP_ROWS, WIDEST_CHIP = 3, 190
WHEEL_ZOOM = 0.8


@dataclass(frozen=True)
class Look:
    """How a line is drawn. Dots mark the points where they are few, with `dots` more often; a `faint` line
    is thin and has none."""

    colour: str
    style: Qt.PenStyle = Qt.PenStyle.SolidLine
    dots: bool = False
    faint: bool = False


@dataclass(frozen=True)
class Mark:
    """A vertical line at a place on the x axis, with a label."""

    place: float
    text: str


class Plot(QGraphicsView):
    """One plot. It draws what it is told and says what the hand asks for; it keeps neither data nor
    window."""

    pointed = Signal(object)  # at a place on the x axis, or None: no longer
    walked = Signal(int)  # the cursor, by so many points, with the keyboard
    zoomed = Signal(float, object)  # by a factor, about a place or None
    panned = Signal(float)  # by a distance on the x axis
    follow_asked = Signal()
    resized = Signal()

    def __init__(
        self,
        theme: Theme,
        x_texts: Texts,
        y_texts: Texts,
        *,
        labels_on_top: bool,
        parent: QWidget | None = None,
    ) -> None:
        """`x_texts` and `y_texts` write the ticks. Labels of marks stand at the top or the bottom."""
        super().__init__(parent)
        self._x_texts, self._y_texts = x_texts, y_texts
        self._labels_on_top = labels_on_top
        self._theme = theme
        self._x, self._y = Range(0, 1), Range(0, 1)
        self._area = QRectF(0, 0, 1, 1)
        self._restyled = 0
        self._left: tuple[object, int] = (None, 0)
        self._frame_key: object = None
        self._marks_key: object = None
        self._message = ""
        self._dragged_from: float | None = None

        scene = QGraphicsScene(self)
        scene.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.setScene(scene)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setMinimumSize(200, 84)

        self._background = QGraphicsPixmapItem()
        self._clip = QGraphicsRectItem()
        self._clip.setPen(QPen(Qt.PenStyle.NoPen))
        self._clip.setFlag(QGraphicsItem.GraphicsItemFlag.ItemClipsChildrenToShape)
        self._band = QGraphicsPolygonItem(self._clip)
        self._band.setPen(QPen(Qt.PenStyle.NoPen))
        self._lines: dict[object, tuple[QGraphicsPathItem, QGraphicsPathItem, int]] = {}
        self._foreground = QGraphicsPixmapItem()
        self._cursor = QGraphicsLineItem()
        self._cursor_dots = QGraphicsPathItem()
        self._cursor.setVisible(False)
        layers = (self._background, self._clip, self._foreground, self._cursor, self._cursor_dots)
        for z, item in enumerate(layers):
            item.setZValue(z)
            scene.addItem(item)
        self._readout = QLabel(self)
        self._readout.setObjectName("readout")
        self._readout.setProperty("role", "cardNote")
        self._readout.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._readout.hide()
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Takes other colours; lines keep theirs until they are set again."""
        self._theme = theme
        self._restyled += 1
        self._cursor.setPen(QPen(QColor(theme.muted), 0))
        self.setStyleSheet(
            f"Plot {{ background: transparent; border: 1px solid transparent; border-radius: 6px; }}"
            f"Plot:focus {{ border-color: {theme.accent}; }}"
            f"#readout {{ background: {theme.card}; color: {theme.text}; border: 1px solid {theme.border};"
            f" border-radius: 6px; padding: 4px 7px; }}"
        )

    # What is drawn

    @property
    def area(self) -> QRectF:
        """Where the curves are, in pixels of the widget."""
        return self._area

    @property
    def appearance(self) -> object:
        """Differs from an earlier one if all must be drawn anew: another size, font, screen or theme."""
        return self._restyled, self.width(), self.height(), self.devicePixelRatioF()

    def wanted_left(self, y: Range) -> int:
        """How many pixels the labels of this y axis take."""
        key = (y, self.appearance)
        if self._left[0] != key:
            metrics = QFontMetricsF(self._small_font())
            widest = max((metrics.horizontalAdvance(text) for _, text in self._y_labels(y)), default=0)
            self._left = (key, round(widest) + 9)
        return self._left[1]

    def set_frame(self, x: Range, y: Range, left: int, message: str = "") -> bool:
        """Sets the axes, the pixels at their left, and a message for an empty plot. True if anything moved,
        so that lines must be set again."""
        key = (x, y, left, message, self.appearance)
        if key == self._frame_key:
            return False
        self._frame_key, self._marks_key = key, None
        self._x, self._y, self._message = x, y, message
        size = self.viewport().size()
        height = QFontMetricsF(self._small_font()).height()
        self._area = QRectF(
            left, height / 2, max(size.width() - left - RIGHT, 1), max(size.height() - 1.5 * height - 5, 1)
        )
        self._clip.setRect(self._area.adjusted(-3, -3, 3, 3))
        self.setSceneRect(0, 0, size.width(), size.height())
        self._background.setPixmap(self._painted(size, QColor(self._theme.card), self._paint_axes))
        return True

    def set_band(self, x: Floats, edges: Floats, colour: str) -> None:
        """Fills the space between two curves, `edges` of shape (2, points); NaN is passed over."""
        good = np.isfinite(edges[0])
        if not good.all():
            x, edges = x[good], edges[:, good]
        tint = QColor(colour)
        tint.setAlphaF(0.22 if self._theme.dark else 0.17)
        self._band.setBrush(tint)
        n = len(x)
        polygon = QPolygonF()
        if n > 1:
            polygon.resize(2 * n)
            corners = pg.ndarray_from_qpolygonf(polygon)
            corners[:n, 0] = across = self._across(x)
            corners[n:, 0] = across[::-1]
            down = self._down(edges)
            corners[:n, 1] = down[0]
            corners[n:, 1] = down[1, ::-1]
        self._band.setPolygon(polygon)

    def set_line(self, name: object, x: Floats, y: Floats, look: Look) -> None:
        """Draws the line of that name anew, with dots where its points are few; NaN leaves a gap."""
        if name not in self._lines:
            self._lines[name] = (QGraphicsPathItem(self._clip), QGraphicsPathItem(self._clip), 0)
        line, dots, _ = self._lines[name]
        self._lines[name] = (line, dots, len(x))
        across, down = self._across(x), self._down(y)
        pen = QPen(QColor(look.colour), 1.6 if len(x) <= FEW and not look.faint else 0, look.style)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        if line.pen() != pen:
            line.setPen(pen)
        line.setPath(pg.arrayToQPath(across, down, connect="finite"))
        path = QPainterPath()
        if len(x) <= (FEW if look.dots else MOST_DOTS) and not look.faint:
            radius = 2.5 if len(x) <= MOST_DOTS / 2 else 1.8
            for at in zip(across.tolist(), down.tolist(), strict=True):
                if at[1] == at[1]:
                    path.addEllipse(QPointF(*at), radius, radius)
            dots.setBrush(QColor(look.colour))
            dots.setPen(QPen(Qt.PenStyle.NoPen))
        dots.setPath(path)
        smooth = sum(count for _, _, count in self._lines.values()) <= MANY
        self.setRenderHint(QPainter.RenderHint.Antialiasing, smooth)

    def keep_lines(self, names: Sequence[object]) -> None:
        """Takes away all lines but these, and the band if there are none."""
        for name in [name for name in self._lines if name not in names]:
            for item in self._lines.pop(name)[:2]:
                self.scene().removeItem(item)
        if not names:
            self._band.setPolygon(QPolygonF())

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """Draws these marks, in order of their places. The latest are labelled first; what finds no room at
        all is a line without a label."""
        key = tuple(marks)
        if key == self._marks_key:
            return
        self._marks_key = key
        self._foreground.setVisible(bool(marks))
        if marks:
            clear = QColor(0, 0, 0, 0)
            self._foreground.setPixmap(
                self._painted(
                    self.viewport().size(), clear, lambda painter: self._paint_marks(painter, marks)
                )
            )

    def set_cursor(self, place: float | None, points: Sequence[tuple[float, float, str]], text: str) -> None:
        """Shows the cursor at a place with what it reads, and dots at the (x, y, colour) that it reads;
        None takes it away."""
        if place is None and not self._cursor.isVisible():
            return
        shown = place is not None and self._x.low <= place <= self._x.high
        for item in (self._cursor, self._cursor_dots):
            item.setVisible(shown)
        if not shown or place is None:
            self._readout.hide()
            return
        at = float(self._across(np.array([place]))[0])
        self._cursor.setLine(at, self._area.top(), at, self._area.bottom())
        path = QPainterPath()
        for x, y, colour in points:
            centre = QPointF(self._across(np.array([x]))[0], self._down(np.array([y]))[0])
            if self._area.adjusted(-1, -1, 1, 1).contains(centre):
                path.addEllipse(centre, 3.5, 3.5)
                self._cursor_dots.setBrush(QColor(colour))
        self._cursor_dots.setPen(QPen(QColor(self._theme.card), 1))
        self._cursor_dots.setPath(path)
        self._show_readout(at, text)

    def _show_readout(self, at: float, text: str) -> None:
        readout, area = self._readout, self._area
        if readout.text() != text:
            readout.setText(text)
            readout.adjustSize()
        readout.setVisible(bool(text))
        x = at + 12 if at + 12 + readout.width() <= self.width() else at - 12 - readout.width()
        x = min(max(x, 0), self.width() - readout.width())
        y = area.top() + 2 if self._labels_on_top else area.bottom() - 2 - readout.height()
        readout.move(round(x), round(max(0, min(y, self.height() - readout.height()))))

    # Painting what rests

    def _painted(self, size: QSize, fill: QColor, paint: Callable[[QPainter], None]) -> QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(max(1, round(size.width() * ratio)), max(1, round(size.height() * ratio)))
        picture.setDevicePixelRatio(ratio)
        picture.fill(fill)
        painter = QPainter(picture)
        painter.setFont(self._small_font())
        paint(painter)
        painter.end()
        return picture

    def _paint_axes(self, painter: QPainter) -> None:
        area, theme = self._area, self._theme
        height = painter.fontMetrics().height()
        for value, text in self._y_labels(self._y):
            y = self._down(np.array([value]))[0]
            painter.setPen(QPen(QColor(theme.grid), 1))
            painter.drawLine(QPointF(area.left(), round(y)), QPointF(area.right(), round(y)))
            painter.setPen(QColor(theme.muted))
            room = QRectF(0, y - height, area.left() - 7, 2 * height)
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        painter.setPen(QColor(theme.muted))
        room_ends = float(self.viewport().width())
        for value, text in reversed(self._x_labels()):
            width = painter.fontMetrics().horizontalAdvance(text) + 1
            x = max(0.0, float(self._across(np.array([value]))[0]) - width / 2)
            x = min(x, self.viewport().width() - width)
            if x + width <= room_ends:
                painter.drawText(
                    QRectF(x, area.bottom() + 4, width, height), Qt.AlignmentFlag.AlignLeft, text
                )
                room_ends = x - 6
        if self._message:
            painter.setFont(self.font())
            centred = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            inside = painter.boundingRect(area.adjusted(16, 0, -16, 0), centred, self._message)
            painter.fillRect(inside.adjusted(-8, -4, 8, 4), QColor(theme.card))
            painter.drawText(inside, centred, self._message)

    def _paint_marks(self, painter: QPainter, marks: Sequence[Mark]) -> None:
        area, theme = self._area, self._theme
        metrics = QFontMetricsF(painter.font())
        places = self._across(np.array([mark.place for mark in marks])).tolist()
        painter.setPen(QPen(QColor(theme.muted), 1, Qt.PenStyle.DotLine))
        for x in places:
            painter.drawLine(QPointF(round(x), area.top()), QPointF(round(x), area.bottom()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        height = metrics.height() + 4
        rows = max(1, min(CHIP_ROWS, int(0.5 * area.height() / (height + 3))))
        taken = [[area.right() + RIGHT] for _ in range(rows)]  # the left ends of labels, a row
        for mark, x in reversed(list(zip(marks, places, strict=True))):
            text = metrics.elidedText(mark.text, Qt.TextElideMode.ElideRight, WIDEST_CHIP)
            width = metrics.horizontalAdvance(text) + 12
            left = x + 4 if x + 4 + width < area.right() + RIGHT else x - 4 - width
            row = next((row for row in range(rows) if left + width < taken[row][-1]), None)
            if row is None or left < 0:
                continue
            taken[row].append(left - 3)
            offset = 2 + row * (height + 3)
            top = area.top() + offset if self._labels_on_top else area.bottom() - offset - height
            chip = QRectF(left, top, width, height)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent_soft))
            painter.drawRoundedRect(chip, 6, 6)
            painter.setPen(QColor(theme.text))
            painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)

    # From values to pixels

    def _across(self, x: Floats) -> Floats:
        across: Floats = self._area.left() + self._x.share(x) * self._area.width()
        return across

    def _down(self, y: Floats) -> Floats:
        down: Floats = self._area.bottom() - self._y.share(y) * self._area.height()
        return down

    def _place(self, pixels: float) -> float:
        share = (pixels - self._area.left()) / self._area.width()
        return self._x.low + share * (self._x.high - self._x.low)

    def _y_labels(self, y: Range) -> list[tuple[float, str]]:
        height = max(self.viewport().height() - 2.5 * QFontMetricsF(self._small_font()).height(), 1)
        values = ticks(y, max(2, int(height / 22)))
        return list(zip(values, self._y_texts(values), strict=True))

    def _x_labels(self) -> list[tuple[float, str]]:
        metrics = QFontMetricsF(self._small_font())
        for most in range(10, 0, -1):
            values = ticks(self._x, most)
            texts = self._x_texts(values)
            if sum(metrics.horizontalAdvance(text) + 34 for text in texts) < self._area.width():
                break
        return list(zip(values, texts, strict=True))

    def _small_font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(max(8, round(QFontInfo(font).pixelSize() * SMALL_TEXT)))
        return font

    # What the hand does

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._restyled += 1
            self.resized.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        if self._dragged_from is not None:
            self.panned.emit(self._place(self._dragged_from) - self._place(x))
            self._dragged_from = x
        else:
            self._point_at(x)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._dragged_from = event.position().x()
            self.pointed.emit(None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged_from = None
        self._point_at(event.position().x())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.follow_asked.emit()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointed.emit(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned, sideways = event.angleDelta().y(), event.angleDelta().x()
        if abs(sideways) > abs(turned):
            self.panned.emit(-sideways / 1200 * (self._x.high - self._x.low))
        elif turned:
            self.zoomed.emit(WHEEL_ZOOM ** (turned / 120), self._place(event.position().x()))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        stride = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        match event.key():
            case Qt.Key.Key_Left:
                self.walked.emit(-stride)
            case Qt.Key.Key_Right:
                self.walked.emit(stride)
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoomed.emit(WHEEL_ZOOM, None)
            case Qt.Key.Key_Minus:
                self.zoomed.emit(1 / WHEEL_ZOOM, None)
            case Qt.Key.Key_Escape:
                self.pointed.emit(None)
            case _:
                event.ignore()

    def _point_at(self, x: float) -> None:
        inside = self._area.left() - 4 <= x <= self._area.right() + 4
        place = min(max(self._place(x), self._x.low), self._x.high)
        self.pointed.emit(place if inside else None)
