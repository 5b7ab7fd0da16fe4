"""The plot that both curves share: fixed axes, lines, a band, marks, and a cursor that reads values.

Curves are items of Qt's own scene rather than pyqtgraph's; of that only `pyqtgraph.functions` is used,
which turns arrays into paths. pyqtgraph paints in Python, and while Python paints, nothing learns. With two
plots of 1,000 points, 50 times a second on two cores, another thread of Python loses 26 % of its time to
pyqtgraph's curves, 13 % to a widget that paints itself, and 4 % to Qt's items, which are painted without
the interpreter. Everything that rests, axes, grid and text, is one picture that is made anew only when a
range changes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontInfo,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QPolygonF,
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

from mnistviz.gui.common.theme import Theme
from mnistviz.gui.curves.plot_frame import RIGHT, Frame, Labels, Mark, paint_axes, paint_marks, paint_message
from mnistviz.gui.curves.plot_gestures import GestureView
from mnistviz.gui.curves.scales import Range, ticks

Floats = NDArray[np.float64]
Texts = Callable[[list[float]], list[str]]

SMALL_TEXT = 11 / 13  # of the widget's own font
FEW, MANY = 200, 500  # lines of few points are thick, those of many are not smoothed: both take time
MOST_DOTS = 60
READOUT_GAP = 12  # pixels from the cursor


@dataclass(frozen=True)
class Look:
    """How a line is drawn. Dots mark the points where they are few, with `dots` more often; a `faint` line
    is thin and has none."""

    colour: str
    style: Qt.PenStyle = Qt.PenStyle.SolidLine
    dots: bool = False
    faint: bool = False


class Plot(GestureView):
    """One plot. It draws what it is told and says what the hand asks for; it keeps neither data nor
    window."""

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
        self._restyled = 0
        self._left: tuple[object, int] = (None, 0)
        self._frame_key: object = None
        self._marks_key: object = None

        scene = QGraphicsScene(self)
        scene.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.setScene(scene)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
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
        self._cursor_dots.setPen(QPen(QColor(theme.card), 1))
        self.setStyleSheet(
            f"Plot {{ background: transparent; border: 1px solid transparent; }}"
            f"Plot:focus {{ border-color: {theme.accent}; }}"
            f"#readout {{ background: {theme.card}; color: {theme.text}; border: 1px solid {theme.border};"
            f" border-radius: 6px; padding: 4px 7px; }}"
        )

    # What is drawn

    @property
    def frame(self) -> Frame:
        """The axes, and where they are in the widget."""
        return self._frame

    @property
    def appearance(self) -> object:
        """Differs from an earlier one if all must be drawn anew: another size, font, screen or theme."""
        return self._restyled, self.width(), self.height(), self.devicePixelRatioF()

    def wanted_left(self, y: Range) -> int:
        """How many pixels the labels of this y axis take; short ones take as many as "100 %"."""
        key = (y, self.appearance)
        if self._left[0] != key:
            metrics = QFontMetricsF(self._small_font())
            widest = max((metrics.horizontalAdvance(text) for _, text in self._y_labels(y)), default=0)
            self._left = (key, round(max(widest, 3 * metrics.height())) + 9)
        return self._left[1]

    def set_frame(self, x: Range, y: Range, left: int, message: str = "") -> bool:
        """Sets the axes, the pixels at their left, and a message for an empty plot. True if anything moved,
        so that lines must be set again."""
        key = (x, y, left, message, self.appearance)
        if key == self._frame_key:
            return False
        self._frame_key, self._marks_key = key, None
        size, theme = self.viewport().size(), self._theme
        height = QFontMetricsF(self._small_font()).height()
        width = max(size.width() - left - RIGHT, 1)
        self._frame = frame = Frame(
            x, y, QRectF(left, height / 2, width, max(size.height() - 1.5 * height - 5, 1))
        )
        self._clip.setRect(frame.area.adjusted(-3, -3, 3, 3))
        self.setSceneRect(0, 0, size.width(), size.height())

        def paint(painter: QPainter) -> None:
            paint_axes(painter, frame, theme, self._x_labels(), self._y_labels(y))
            if message:
                paint_message(painter, frame, theme, self.font(), message)

        self._background.setPixmap(self._painted(QColor(theme.card), paint))
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
            corners = _functions().ndarray_from_qpolygonf(polygon)
            corners[:n, 0] = across = self._frame.across(x)
            corners[n:, 0] = across[::-1]
            down = self._frame.down(edges)
            corners[:n, 1] = down[0]
            corners[n:, 1] = down[1, ::-1]
        self._band.setPolygon(polygon)

    def set_line(self, name: object, x: Floats, y: Floats, look: Look) -> None:
        """Draws the line of that name anew, with dots where its points are few; NaN leaves a gap."""
        if name not in self._lines:
            self._lines[name] = (QGraphicsPathItem(self._clip), QGraphicsPathItem(self._clip), 0)
        line, dots, _ = self._lines[name]
        self._lines[name] = (line, dots, len(x))
        across, down = self._frame.across(x), self._frame.down(y)
        thick = len(x) <= FEW and not look.faint
        thin = 0 if self.devicePixelRatioF() < 1.5 else 1  # 0 is one pixel of the screen, by far the fastest
        line.setPen(QPen(QColor(look.colour), 1.6 if thick else thin, look.style))
        line.setZValue(0 if look.faint else 1)
        line.setPath(_functions().arrayToQPath(across, down, connect="finite"))
        path = QPainterPath()
        if len(x) <= (FEW if look.dots else MOST_DOTS) and not look.faint:
            radius = 2.5 if len(x) <= MOST_DOTS / 2 else 1.8
            for x_pixel, y_pixel in zip(across.tolist(), down.tolist(), strict=True):
                if math.isfinite(y_pixel):
                    path.addEllipse(QPointF(x_pixel, y_pixel), radius, radius)
        dots.setBrush(QColor(look.colour))
        dots.setPen(QPen(Qt.PenStyle.NoPen))
        dots.setZValue(1)
        dots.setPath(path)
        smooth = sum(count for _, _, count in self._lines.values()) <= MANY
        self.setRenderHint(QPainter.RenderHint.Antialiasing, smooth)

    def keep_lines(self, names: Sequence[object], *, band: bool) -> None:
        """Takes away all lines but these, and unless it is to stay the band."""
        for name in [name for name in self._lines if name not in names]:
            for item in self._lines.pop(name)[:2]:
                self.scene().removeItem(item)
        if not band:
            self._band.setPolygon(QPolygonF())

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """Draws these marks, in the order of their places."""
        key = tuple(marks)
        if key == self._marks_key:
            return
        self._marks_key = key
        self._foreground.setVisible(bool(marks))

        def paint(painter: QPainter) -> None:
            paint_marks(painter, self._frame, self._theme, marks, on_top=self._labels_on_top)

        if marks:
            self._foreground.setPixmap(self._painted(QColor(0, 0, 0, 0), paint))

    def set_cursor(self, place: float | None, points: Sequence[tuple[float, float, str]], text: str) -> None:
        """Shows the cursor at a place with what it reads, and dots at the (x, y, colour) that it reads;
        None takes it away."""
        frame = self._frame
        shown = place is not None and frame.x.low <= place <= frame.x.high
        if not (shown or self._cursor.isVisible()):
            return
        for item in (self._cursor, self._cursor_dots):
            item.setVisible(shown)
        if not shown or place is None:
            self._readout.hide()
            return
        x = frame.point(place, frame.y.low).x()
        self._cursor.setLine(x, frame.area.top(), x, frame.area.bottom())
        path = QPainterPath()
        for x_value, y_value, colour in points:
            dot = frame.point(x_value, y_value)
            if frame.area.adjusted(-1, -1, 1, 1).contains(dot):
                path.addEllipse(dot, 3.5, 3.5)
                self._cursor_dots.setBrush(QColor(colour))
        self._cursor_dots.setPath(path)
        self._show_readout(x, text)

    def _show_readout(self, at: float, text: str) -> None:
        """Beside the cursor, where there is more room, and no wider than that."""
        readout, area = self._readout, self._frame.area
        left, right = at - READOUT_GAP, self.width() - at - READOUT_GAP
        room = round(max(left, right))
        if (readout.text(), readout.maximumWidth()) != (text, room):
            readout.setText(text)
            readout.setMaximumWidth(room)
            readout.setWordWrap(False)
            size = readout.sizeHint()
            if size.width() > room:
                readout.setWordWrap(True)
                size = QSize(room, readout.heightForWidth(room))
            readout.resize(size)
        readout.setVisible(bool(text))
        width, height = readout.width(), readout.height()
        x = at + READOUT_GAP if right >= width else at - READOUT_GAP - width
        y = area.top() + 2 if self._labels_on_top else area.bottom() - 2 - height
        readout.move(round(max(0, x)), round(max(0, min(y, self.height() - height))))

    # What rests

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._restyled += 1
            self.resized.emit()

    def _painted(self, fill: QColor, paint: Callable[[QPainter], None]) -> QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QPixmap((self.viewport().size() * ratio).expandedTo(QSize(1, 1)))
        picture.setDevicePixelRatio(ratio)
        picture.fill(fill)
        painter = QPainter(picture)
        painter.setFont(self._small_font())
        paint(painter)
        painter.end()
        return picture

    def _y_labels(self, y: Range) -> Labels:
        line = QFontMetricsF(self._small_font()).height()
        values = ticks(y, max(2, int((self.viewport().height() - 2.5 * line) / (1.6 * line))))
        return list(zip(values, self._y_texts(values), strict=True))

    def _x_labels(self) -> Labels:
        metrics, frame = QFontMetricsF(self._small_font()), self._frame
        for most in range(10, 0, -1):
            values = ticks(frame.x, most)
            texts = self._x_texts(values)
            if (
                sum(metrics.horizontalAdvance(text) + 2.5 * metrics.height() for text in texts)
                < frame.area.width()
            ):
                break
        return list(zip(values, texts, strict=True))

    def _small_font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(max(8, round(QFontInfo(font).pixelSize() * SMALL_TEXT)))
        return font


@cache
def _functions() -> Any:
    """pyqtgraph's functions. To import them takes a fifth of a second, which the window need not wait for."""
    import pyqtgraph.functions

    return pyqtgraph.functions
