"""Two bars: the share of all test digits whose bits are all right, and that which the outputs themselves read."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnistviz.gui.common import numbers
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.theme import LIGHT, Theme

_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class ShareBars(QWidget):
    """A click or a drag on the bar of the bits puts a flag: so far one thinks it will get. Left and Right move it."""

    flagged = Signal(float)

    def __init__(self, theme: Theme = LIGHT) -> None:
        super().__init__()
        self._theme = theme
        self.bits: float | None = None
        self.whole: float | None = None
        """Shares from 0 to 1; None while they are not known."""
        self.flag: float | None = None
        self.fixed = False
        """Whether the outcome is told: the flag stays as a ghost."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(400, round(3.9 * self.fontMetrics().height()))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, round(3.9 * self.fontMetrics().height()))

    def show_shares(self, bits: float | None, whole: float | None) -> None:
        self.bits, self.whole = bits, whole
        self.update()

    def set_flag(self, flag: float | None, *, fixed: bool = False) -> None:
        self.flag, self.fixed = flag, fixed
        self.update()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()

    def track(self, row: int) -> QRectF:
        """Where a bar goes from 0 to 100 %: 0 the bits', 1 that of the outputs."""
        metrics = self.fontMetrics()
        name = max(metrics.horizontalAdvance(text) for text in self._names()) + 10.0
        value = metrics.horizontalAdvance("100.00 %") + 8.0
        line = metrics.height()
        top = self.height() - (2 - row) * 1.3 * line
        return QRectF(name, top + 0.2 * line, max(20.0, self.width() - name - value), 0.75 * line)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._put(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._put(event.position().x())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_Left: -0.01, Qt.Key.Key_Right: 0.01}.get(Qt.Key(event.key()), 0.0)
        if not by:
            super().keyPressEvent(event)
        else:
            self._take((0.5 if self.flag is None else self.flag) + by)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme
        colours = (theme.runs[1], theme.runs[0])
        for row, (name, share) in enumerate(zip(self._names(), (self.bits, self.whole), strict=True)):
            track = self.track(row)
            painter.setPen(QColor(theme.text))
            line = QRectF(0, track.center().y() - track.height(), track.left() - 8, 2 * track.height())
            draw_text(painter, line, _RIGHT, name)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.track))
            painter.drawRoundedRect(track, 3, 3)
            if share is not None:
                painter.setBrush(QColor(colours[row]))
                painter.drawRoundedRect(
                    QRectF(track.topLeft(), QPointF(track.left() + share * track.width(), track.bottom())),
                    3,
                    3,
                )
            painter.setPen(QColor(theme.text))
            line = QRectF(track.right() + 8, line.top(), self.width() - track.right() - 8, line.height())
            draw_text(painter, line, _LEFT, self._value(share))
        if self.flag is not None:
            self._paint_flag(painter, self.flag)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.accent), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)

    def _names(self) -> tuple[str, str]:
        return self.tr("all bits right"), self.tr("by the outputs")

    def _value(self, share: float | None) -> str:
        if share is not None:
            return numbers.percent(share)
        return "…" if self.whole is None else "?"  # not read yet, or asked

    def _put(self, x: float) -> None:
        track = self.track(0)
        self._take((x - track.left()) / track.width())

    def _take(self, share: float) -> None:
        if not self.fixed:
            self.set_flag(round(max(0.0, min(1.0, share)), 2))
            self.flagged.emit(self.flag)

    def _paint_flag(self, painter: QPainter, flag: float) -> None:
        theme, track = self._theme, self.track(0)
        at = QPointF(track.left() + flag * track.width(), track.top() - 3)
        size = 0.42 * self.fontMetrics().height()
        style = Qt.PenStyle.DashLine if self.fixed else Qt.PenStyle.SolidLine
        painter.setPen(QPen(QColor(theme.accent), 1.8, style))
        painter.drawLine(at, QPointF(at.x(), track.bottom() + 2))
        painter.setBrush(QColor(theme.card if self.fixed else theme.accent))
        painter.drawPolygon(
            QPolygonF([at, at + QPointF(-size, -1.5 * size), at + QPointF(size, -1.5 * size)])
        )
        painter.setPen(QColor(theme.accent))
        text = self.tr("you: {share} %").format(share=numbers.tick(100 * flag))
        wide = self.fontMetrics().horizontalAdvance(text) + 4.0
        room = QRectF(at.x() + 1.6 * size, at.y() - 2.4 * size, wide, 2.4 * size)
        if room.right() > self.width():
            room.moveRight(at.x() - 1.6 * size)
        draw_text(painter, room, _LEFT, text)
