"""The strip itself: the accuracy along the run, its epochs, its flags, and the handle. All of it is Qt's own items."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontInfo,
    QFontMetricsF,
    QHelpEvent,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import (
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

from mnistviz.engine.history import History
from mnistviz.gui.common import numbers
from mnistviz.gui.common.array_paths import functions
from mnistviz.gui.common.axis_scales import Range, grown
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.timeline.film import Accuracies, Film, epoch_ticks
from mnistviz.gui.timeline.strip_gestures import StripAxis, StripGestures

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


class Strip(StripGestures):
    """Draws what it is told, cheaply: while a network learns, a line and a handle move."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
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
            f"Strip:focus {{ border-color: {theme.accent}; }}"
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
