"""The legend of what has no name in a plot itself, in one row, with shorter texts where room is short."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.theme import Theme

SWATCH, GAP, BETWEEN = 16, 5, 12  # pixels


@dataclass(frozen=True)
class Entry:
    """A text beside a piece of its line, of its band, a dot, or nothing; `texts` are ever shorter versions."""

    texts: tuple[str, ...]
    colour: str
    swatch: Literal["line", "thin line", "band", "dot", "none"] = "line"


Shown = list[tuple[Entry, str, float]]  # each with its text and its width


def fitted(entries: Sequence[Entry], width: float, metrics: QFontMetricsF) -> Shown:
    """Return the entries that fit: from the last on, each is shortened, and then left out."""
    fitting = [_measured(entry, entry.texts[0], metrics) for entry in entries]
    for number in reversed(range(len(fitting))):
        for text in entries[number].texts[1:]:
            if sum(each[2] for each in fitting) > width:
                fitting[number] = _measured(entries[number], text, metrics)
    while fitting and sum(each[2] for each in fitting) > width:
        fitting.pop()
    return fitting


def rows_of(
    entries: Sequence[Entry], width: float, metrics: QFontMetricsF
) -> list[tuple[Sequence[Entry], float]]:
    """Arrange all entries in as many rows as they need, with the width of each row."""
    rows: list[tuple[list[Entry], float]] = []
    for entry in entries:
        wide = _measured(entry, entry.texts[0], metrics)[2]
        if not rows or rows[-1][1] + wide > width:
            rows.append(([], 0.0))
        rows[-1] = [*rows[-1][0], entry], rows[-1][1] + wide
    return list(rows)


def _measured(entry: Entry, text: str, metrics: QFontMetricsF) -> tuple[Entry, str, float]:
    swatch = 0 if entry.swatch == "none" else SWATCH + GAP
    return entry, text, swatch + metrics.horizontalAdvance(text) + BETWEEN


def paint_entries(
    painter: QPainter, entries: Sequence[Entry], theme: Theme, room: QRectF, whose: str = ""
) -> None:
    """Paint the entries that fit, right-aligned in `room`."""
    slack = BETWEEN / 2  # no gap after the last entry; text of a picture may be a little wider
    fitting = fitted(entries, room.width() + slack, QFontMetricsF(painter.font(), painter.device()))
    x, middle = room.right() - sum(each[2] for each in fitting), room.center().y()
    for entry, text, width in fitting:
        colour, beside = QColor(entry.colour), SWATCH + GAP
        if entry.swatch == "band":
            colour.setAlphaF(0.45 if theme.dark else 0.35)
            painter.fillRect(QRectF(x + SWATCH - 9, middle - 4.5, 9, 9), colour)
        elif entry.swatch == "dot":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawEllipse(QPointF(x + SWATCH - 4, middle), 2.5, 2.5)
        elif entry.swatch in ("line", "thin line"):
            wide = 2 if entry.swatch == "line" else 1
            painter.setPen(QPen(colour, wide, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
            painter.drawLine(QPointF(x, middle), QPointF(x + SWATCH, middle))
        else:
            beside = 0
        painter.setPen(QColor(theme.muted))
        place = QRectF(x + beside, room.top(), width, room.height())
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        draw_text(painter, place, flags, text, whose=whose)
        x += width


class CurveLegend(QWidget):
    """Shows entries, right-aligned; its text is also its accessible description."""

    def __init__(self, theme: Theme, changed: Callable[[], object] = lambda: None) -> None:
        """Create the legend; `changed` is called when its size hint changes."""
        super().__init__()
        self._theme, self._changed = theme, changed
        self.entries: tuple[Entry, ...] = ()
        self.setProperty("role", "cardNote")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def set_entries(self, theme: Theme, entries: tuple[Entry, ...]) -> None:
        if (theme, entries) == (self._theme, self.entries):
            return
        self._theme, self.entries = theme, entries
        self.setAccessibleDescription(", ".join(entry.texts[0] for entry in entries))
        self.updateGeometry()
        self.update()
        self._changed()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
            self._changed()

    def sizeHint(self) -> QSize:
        fitting = fitted(self.entries, float("inf"), QFontMetricsF(self.font()))
        return QSize(round(sum(each[2] for each in fitting) + 0.5), self.fontMetrics().height() + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.fontMetrics().height() + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_entries(painter, self.entries, self._theme, QRectF(self.rect()))
        painter.end()
