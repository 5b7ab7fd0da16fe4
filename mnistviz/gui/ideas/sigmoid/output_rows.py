"""The outputs of a network before and after a nudge, a row each: how much it answers, and how far it moved."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontInfo, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnistviz.engine.ideas.nudging import WeightNudge
from mnistviz.gui.common import numbers
from mnistviz.gui.common.nice_numbers import nice_above
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.theme import LIGHT, Theme

_STEPS: Final = (1.0, 2.0, 5.0)
_HEAD: Final = 1.3  # rows
_SMALLEST: Final = 12  # pixels of text
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_CENTRE = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class _Columns:
    """From where to where the columns go, in pixels."""

    name: tuple[float, float]
    bar: tuple[float, float]
    value: tuple[float, float]
    moved: tuple[float, float]
    by: tuple[float, float]


class OutputRows(QWidget):
    """Before the nudge is told, only what the outputs answer now. A click on a row says that it will move most; by
    keys it is Up and Down."""

    predicted = Signal(int)

    def __init__(self, theme: Theme = LIGHT) -> None:
        super().__init__()
        self._theme = theme
        self.nudge: WeightNudge | None = None
        self.names: tuple[str, ...] = ()
        self.told = False
        self.guess: int | None = None
        self.setObjectName("nudge_outputs")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()  # it takes what there is

    def minimumSizeHint(self) -> QSize:
        return QSize(230, round(1.25 * _SMALLEST * (len(self.names) + _HEAD)))

    def show_nudge(self, nudge: WeightNudge | None, names: tuple[str, ...], *, told: bool) -> None:
        """Shows the outputs; what the nudge does only where it is told."""
        self.nudge, self.names, self.told = nudge, names, told
        self.update()

    def set_guess(self, guess: int | None) -> None:
        """Which output is expected to move most."""
        self.guess = guess
        self.update()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    @property
    def row_height(self) -> float:
        return self.height() / (len(self.names) + _HEAD)

    def row(self, output: int) -> QRectF:
        """Where an output is; the first line is the head."""
        return QRectF(0, (output + _HEAD) * self.row_height, self.width(), self.row_height)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = int(event.position().y() / self.row_height - _HEAD)
        if event.button() == Qt.MouseButton.LeftButton and event.position().y() >= self.row(0).top():
            self._guess(min(at, len(self.names) - 1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if not by:
            super().keyPressEvent(event)
            return
        self._guess(max(0, min(len(self.names) - 1, (-1 if self.guess is None else self.guess) + by)))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.nudge is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = self.font()
        font.setPixelSize(min(QFontInfo(font).pixelSize(), max(_SMALLEST, round(0.82 * self.row_height))))
        painter.setFont(font)
        columns, limit = self._columns(), self._limit()
        self._paint_head(painter, columns, limit)
        for output in range(len(self.names)):
            self._paint_level(painter, columns, output)
            if self.told:
                self._paint_moved(painter, columns, output, limit)
        if self.guess is not None:
            self._paint_guess(painter, self.row(self.guess), columns)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self._theme.accent), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)

    def _guess(self, output: int) -> None:
        if not self.told and self.nudge is not None:
            self.set_guess(output)
            self.predicted.emit(output)

    def _columns(self) -> _Columns:
        metrics = self.fontMetrics()
        name = max((metrics.horizontalAdvance(name) for name in self.names), default=10) + 16.0
        name = min(name, 0.25 * self.width())
        value, by = metrics.horizontalAdvance("0.000") + 10.0, metrics.horizontalAdvance("+0.0000") + 8.0
        rest = self.width() - name - value - by - 24
        bar = 0.42 * rest
        ends = [6.0]
        for wide in (name, bar, value, rest - bar, by):
            ends.append(ends[-1] + wide + 3)
        pairs = [(a, b - 3) for a, b in pairwise(ends)]
        return _Columns(*pairs)

    def _limit(self) -> float:
        """What the longest bar of a move stands for."""
        if self.nudge is None:
            return 1.0
        largest = max(float(abs(self.nudge.moved).max()), float(abs(self.nudge.promised).max()))
        return nice_above(largest, _STEPS) if largest > 1e-6 else 1e-6

    def _paint_head(self, painter: QPainter, columns: _Columns, limit: float) -> None:
        painter.setPen(QColor(self._theme.muted))
        high = 1.2 * self.row_height
        draw_text(
            painter,
            QRectF(columns.bar[0], 0, columns.value[1] - columns.bar[0], high),
            _LEFT,
            self.tr("answers"),
        )
        if self.told:
            room = QRectF(columns.moved[0], 0, columns.by[1] - columns.moved[0], high)
            draw_text(painter, room, _LEFT, self.tr("moved, ◇ promised"), elide=Qt.TextElideMode.ElideRight)

    def _paint_level(self, painter: QPainter, columns: _Columns, output: int) -> None:
        assert self.nudge is not None
        theme, row = self._theme, self.row(output)
        level = float((self.nudge.after if self.told else self.nudge.before)[output])
        now = float(self.nudge.before[output])
        high = min(14.0, 0.5 * row.height())
        left, right = columns.bar
        track = QRectF(left, row.center().y() - high / 2, right - left, high)
        painter.setPen(QColor(theme.text))
        room = QRectF(columns.name[0], row.top(), columns.name[1] - columns.name[0] - 6, row.height())
        draw_text(painter, room, _RIGHT, self.names[output], elide=Qt.TextElideMode.ElideRight)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.track))
        painter.drawRoundedRect(track, 3, 3)
        painter.setBrush(QColor(theme.runs[1] if self.told else theme.runs[0]))
        filled = QRectF(track)
        filled.setWidth(max(0.0, min(1.0, level)) * track.width())
        painter.drawRoundedRect(filled, 3, 3)
        if self.told:  # where it was before
            x = left + max(0.0, min(1.0, now)) * track.width()
            painter.setPen(QPen(QColor(theme.runs[0]), 2.4))
            painter.drawLine(QPointF(x, track.top() - 3), QPointF(x, track.bottom() + 3))
        painter.setPen(QColor(theme.text))
        room = QRectF(columns.value[0], row.top(), columns.value[1] - columns.value[0], row.height())
        draw_text(painter, room, _LEFT, numbers.number_text(level, 3))

    def _paint_moved(self, painter: QPainter, columns: _Columns, output: int, limit: float) -> None:
        assert self.nudge is not None
        theme, row = self._theme, self.row(output)
        moved, promised = float(self.nudge.moved[output]), float(self.nudge.promised[output])
        left, right = columns.moved
        middle, half = (left + right) / 2, (right - left) / 2 - 7
        high, y = min(14.0, 0.5 * row.height()), row.center().y()
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.drawLine(QPointF(middle, row.top() + 1), QPointF(middle, row.bottom() - 1))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.yes if moved > 0 else theme.no))
        painter.drawRect(QRectF(middle, y - high / 2, moved / limit * half, high).normalized())
        at = QPointF(middle + promised / limit * half, y)
        painter.setPen(QPen(QColor(theme.text), 1.5))
        painter.setBrush(QColor(theme.card))
        painter.drawPolygon(QPolygonF([at + QPointF(*d) for d in ((-5, 0), (0, -5), (5, 0), (0, 5))]))
        painter.setPen(QColor(theme.text))
        room = QRectF(columns.by[0], row.top(), columns.by[1] - columns.by[0], row.height())
        text = numbers.number_text(moved, 4, sign=True) if moved else numbers.whole(0)
        draw_text(painter, room, _RIGHT, text)

    def _paint_guess(self, painter: QPainter, row: QRectF, columns: _Columns) -> None:
        theme = self._theme
        painter.setBrush(Qt.BrushStyle.NoBrush)
        style = Qt.PenStyle.DashLine if self.told else Qt.PenStyle.SolidLine
        painter.setPen(QPen(QColor(theme.accent), 1.8, style))
        painter.drawRoundedRect(row.adjusted(3, 1.5, -3, -1.5), 5, 5)
        if not self.told:
            painter.setPen(QColor(theme.accent))
            room = QRectF(columns.moved[0], row.top(), columns.by[1] - columns.moved[0], row.height())
            draw_text(painter, room, _CENTRE, self.tr("you: this one"), elide=Qt.TextElideMode.ElideRight)
