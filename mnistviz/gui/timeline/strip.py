"""The strip itself: the accuracy along the run, its epochs, its flags, and the handle. All of it is Qt's own items."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontInfo,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGraphicsItem,
    QGraphicsLineItem,
    QGraphicsPathItem,
    QGraphicsPixmapItem,
    QGraphicsScene,
    QGraphicsView,
    QToolTip,
    QWidget,
)

from mnistviz.engine.acts import Flag
from mnistviz.engine.history import History
from mnistviz.gui.common import numbers
from mnistviz.gui.common.array_paths import functions
from mnistviz.gui.common.axis_scales import Range, grown
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.timeline.film import NEAR, Accuracies, Film, epoch_ticks, nearest_flag

LEFT, RIGHT, TOP = 9, 11, 6  # pixels beside and above the line
FLAG_HALF, FLAG_HIGH = 4, 6  # pixels of a flag
KNOB = 5.0  # pixels: half of the handle's width
STAR = 5.5  # pixels: half of the star's width
SMALL_TEXT = 12 / 13  # of the widget's own font
TICK = 4  # pixels
TO_LABEL = 3  # pixels from the axis to the box of a label, which has no ink at its top
LEAST_LINE = 11  # pixels of height that the line has beside names of epochs
BETWEEN_TICKS = 3.2  # lines of text between two epochs that are named, at least
LEAST_WIDTH = 150  # pixels
SHORTEST: Final = 0.005  # epochs
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


class Strip(QGraphicsView):
    """Draws what it is told, cheaply: while a network learns, a line and a handle move.

    It says where the user wants to go: a drag goes there while it lasts; a press on the handle alone goes nowhere."""

    digits_wanted = Signal(float)  # a place
    step_wanted = Signal(int)  # a flag, or the best
    walked = Signal(int)  # by so many mini-batches
    epochs_walked = Signal(int)  # to the end of the next epoch, or of the one before
    end_wanted = Signal(bool)  # the first moment of what is recorded, or with True the last
    live_wanted = Signal()
    resized = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.axis = StripAxis()
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
        self._theme = theme
        self._accuracies = Accuracies()
        self._is_named = True  # whether epochs have their numbers
        self._rest: object = None  # what the picture that rests was painted for
        self._drawn: object = None
        self._small: QFont | None = None  # until it has another font
        self.film: Film | None = None
        """What is shown; None before there is a run."""
        self.flag_words: Callable[[Sequence[Any]], str] = lambda acts: ""
        """What some acts are called."""
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setMinimumWidth(LEAST_WIDTH)
        self._build_scene()
        self.set_theme(theme)

    def _build_scene(self) -> None:
        scene = QGraphicsScene(self)
        scene.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.setScene(scene)
        self._background = QGraphicsPixmapItem()
        self._ready, self._line, self.flags, self.star, self._knob = (QGraphicsPathItem() for _ in range(5))
        self._upright = QGraphicsLineItem()
        items: tuple[QGraphicsItem, ...] = (
            self._background, self._ready, self._line, self.flags, self.star, self._upright, self._knob
        )  # fmt: skip
        for z, item in enumerate(items):
            item.setZValue(z)
            scene.addItem(item)
        for path in (self.flags, self.star, self._knob):
            path.setPen(QPen(Qt.PenStyle.NoPen))

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._upright.setPen(QPen(QColor(theme.accent), 2))
        for path in (self.flags, self._knob):
            path.setBrush(QColor(theme.accent))
        self.star.setBrush(QColor(theme.text))
        band = QColor(theme.accent)
        band.setAlphaF(0.45)
        self._ready.setPen(QPen(band, 3, c=Qt.PenCapStyle.FlatCap))
        self.setStyleSheet(
            "Strip { background: transparent; border: 1px solid transparent; border-radius: 6px; }"
            f'Strip[ring="true"] {{ border-color: {theme.accent}; }}'
        )
        self._rest = self._drawn = None

    # What it shows

    def draw(
        self, film: Film, history: History, hue: str, digits: int, here: int, ready: Sequence[tuple[int, int]]
    ) -> None:
        """Shows a run that has seen so many `digits`, in its hue, with the handle at the digits `here`. From `ready`,
        pairs of digits, moments are there at once."""
        new = self._accuracies.update(film.run, history)
        end = grown(digits / film.epoch, SHORTEST)
        area = self._area()
        self.axis = StripAxis(film.epoch * end, area.left(), area.width())
        self.film, before = film, self.film
        rest = end, self.width(), self.height(), self.devicePixelRatioF(), self._small_font(), self._theme
        if rest != self._rest:
            self._rest, self._drawn = rest, None
            self.setSceneRect(0, 0, self.viewport().width(), self.viewport().height())
            self._background.setPixmap(self._painted(end, area))
        another = (hue, film) != self._drawn or before is None
        if another:
            self._drawn = hue, film
            self._draw_flags(film, area)
        if another or new:
            self._draw_line(hue, area, self._accuracies.scale)
        self._ready.setPath(self._band(ready, area))
        self._draw_handle(here, area)

    def clear(self) -> None:
        """Shows no run."""
        self.film = self._rest = self._drawn = None
        self._background.setPixmap(QPixmap())
        for path in (self._ready, self._line, self.flags, self.star, self._knob):
            path.setPath(QPainterPath())
        self._upright.setLine(QLineF())

    def _area(self) -> QRectF:
        """The room of the line; its lower edge is the axis. Where it is low, epochs are marked but not named."""
        height, label = self.viewport().height() - TOP, QFontMetricsF(self._small_font()).height()
        named = height - label - TO_LABEL
        self._is_named = named >= LEAST_LINE
        rest = named if self._is_named else height - FLAG_HIGH - 2
        return QRectF(LEFT, TOP, max(1, self.viewport().width() - LEFT - RIGHT), max(4.0, rest))

    def _draw_line(self, hue: str, area: QRectF, scale: Range) -> None:
        colour = QColor(hue)
        self._line.setPen(QPen(colour, 1.5))
        x, y = self._accuracies.x, self._accuracies.y
        across = np.asarray(x * (area.width() / self.axis.digits) + area.left())
        down = np.clip(scale.share(y), 0, 1) * -area.height() + area.bottom()
        self._line.setPath(functions().arrayToQPath(across, down, connect="finite"))

    def _draw_flags(self, film: Film, area: QRectF) -> None:
        path, axis = QPainterPath(), area.bottom()
        for flag in film.flags:
            x = round(self.axis.across(flag.digits))
            path.moveTo(x, axis + 1)
            path.lineTo(x + FLAG_HALF, axis + 1 + FLAG_HIGH)
            path.lineTo(x - FLAG_HALF, axis + 1 + FLAG_HIGH)
            path.closeSubpath()
        self.flags.setPath(path)
        star = QPainterPath()
        if film.best is not None:
            star = star_at(self.best_place(film.best[0]))
        self.star.setPath(star)

    def best_place(self, digits: int) -> QPointF:
        """Where the star is."""
        return QPointF(self.axis.across(digits), TOP + STAR - 4)

    def _draw_handle(self, here: int, area: QRectF) -> None:
        x = round(self.axis.across(here))
        self._upright.setLine(x, TOP - 2, x, area.bottom())
        knob = QPainterPath()
        knob.addEllipse(QPointF(x, TOP - 1), KNOB, KNOB)
        self._knob.setPath(knob)

    def _band(self, ready: Sequence[tuple[int, int]], area: QRectF) -> QPainterPath:
        path, y, last = QPainterPath(), area.bottom(), -1.0
        for begin, end in ready:
            left, right = self.axis.across(begin), self.axis.across(end)
            left = max(left, last)
            if right > left:
                path.moveTo(left, y)
                path.lineTo(right, y)
                last = right
        return path

    # What rests

    def _painted(self, epochs: float, area: QRectF) -> QPixmap:
        """The axis with its epochs."""
        ratio = self.devicePixelRatioF()
        picture = QPixmap((self.viewport().size() * ratio).expandedTo(QSize(1, 1)))
        picture.setDevicePixelRatio(ratio)
        picture.fill(QColor(0, 0, 0, 0))
        painter = QPainter(picture)
        painter.setFont(self._small_font())
        metrics = QFontMetricsF(painter.font(), picture)
        height, theme = metrics.height(), self._theme
        axis = round(area.bottom())
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.drawLine(QPointF(area.left(), axis), QPointF(area.right(), axis))
        for epoch in epoch_ticks(epochs, area.width(), BETWEEN_TICKS * height):
            x = round(self.axis.across(epoch * self.axis.digits / epochs))
            painter.setPen(QPen(QColor(theme.line), 1))
            painter.drawLine(QPointF(x, axis), QPointF(x, axis + TICK))
            if not self._is_named:
                continue
            text = numbers.whole(epoch)
            wide = metrics.horizontalAdvance(text) + 1
            left = min(max(0.0, x - wide / 2), self.viewport().width() - wide)
            painter.setPen(QColor(theme.muted))
            room = QRectF(left, axis + TO_LABEL, wide, height)
            draw_text(painter, room, Qt.AlignmentFlag.AlignLeft, text, whose="strip")
        painter.end()
        return picture

    def _small_font(self) -> QFont:
        if self._small is None:
            self._small = QFont(self.font())
            self._small.setPixelSize(max(12, round(QFontInfo(self._small).pixelSize() * SMALL_TEXT)))
        return self._small

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._small = None

    # What is told of a place

    # What the hand does

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

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self.film is not None:
            QToolTip.showText(event.globalPos(), self.words_at(event.pos().x()), self)
            return True
        return super().viewportEvent(event)

    def words_at(self, x: float) -> str:
        """What is at a pixel, or what the strip is for where there is nothing."""
        film = self.film
        flag = self.flag_at(x)
        if film is None:
            return self.whatsThis()
        if film.best is not None and self.is_star(x):
            return self.tr("The best so far: {percent} after epoch {epoch}. A click looks at it.").format(
                percent=numbers.percent(film.best[2]), epoch=numbers.epochs(film.best[0] / film.epoch)
            )
        if flag is not None:
            step = numbers.whole(flag.step)
            what = self.flag_words(flag.acts) if flag.acts else self.tr("branched off")
            return self.tr("{what} after mini-batch {step}").format(what=what, step=step)
        digits = self.axis.digits_at(x)
        return self.tr("Epoch {epoch}. A click goes there.").format(
            epoch=numbers.epochs(max(0.0, digits) / film.epoch)
        )


def star_at(middle: QPointF) -> QPainterPath:
    """A star with five points."""
    path = QPainterPath()
    for corner in range(10):
        angle = math.pi * corner / 5
        radius = STAR if corner % 2 == 0 else 0.42 * STAR
        x, y = middle.x() + radius * math.sin(angle), middle.y() - radius * math.cos(angle)
        if corner:
            path.lineTo(x, y)
        else:
            path.moveTo(x, y)
    path.closeSubpath()
    return path
