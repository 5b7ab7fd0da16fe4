"""Small pictures in the table of runs: the accuracy curve of each, and its letter on its colour."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from mnistviz.engine.columns import Columns
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.scales import Range, accuracy_range
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.runs.comparison import Comparison

SPARKLINE: Final = (104, 16)  # pixels
BADGE: Final = (16, 14)  # pixels
_INSIDE = 2.0  # pixels around a line
_MOST_POINTS = 60
_SHARP = 2  # pixels of the picture per pixel of the screen

Floats = NDArray[np.float64]


class Sparklines:
    """Paints the accuracy curves of runs on the same axes, and caches them."""

    def __init__(self) -> None:
        self._painted: dict[int, tuple[object, QPixmap]] = {}  # by run number

    def pictures(self, comparison: Comparison, theme: Theme) -> list[QPixmap]:
        lines = [_line(row.run.history.curves[comparison.set_name, 0]) for row in comparison.rows]
        end = max((row.digits for row in comparison.rows), default=0) or 1
        y = accuracy_range(np.concatenate([_late(x, shares, end) for x, shares in lines]), Range(0.0, 1.0))
        unit = 10 ** max(0, len(str(end)) - 3)
        x_end = -(-end // unit) * unit  # to three digits, so that it is not painted again at each mini-batch
        pictures = []
        for row, (x, shares) in zip(comparison.rows, lines, strict=True):
            hue = theme.run_colour(row.run.hue)
            place = round(comparison.digits / x_end, 2) if comparison.digits < end else None
            key = hue, theme, y, x_end, len(x), x[-1:].tobytes(), place
            known = self._painted.get(row.run.number)
            if known is None or known[0] != key:
                known = self._painted[row.run.number] = (
                    key,
                    _painted(x / x_end, y.share(shares), place, hue, theme),
                )
            pictures.append(known[1])
        return pictures


def _line(columns: Columns) -> tuple[Floats, Floats]:
    """Return after how many digits a set was measured, and the accuracies."""
    group = max(1, -(-len(columns) // _MOST_POINTS))
    return columns.positions("digits", 0, group), columns.means(0, group)


def _late(x: Floats, shares: Floats, end: int) -> Floats:
    """Return the accuracies after the first tenth, where they rise steeply."""
    late: Floats = shares[(x >= 0.1 * end) & np.isfinite(shares)]
    return late


def _painted(x: Floats, y: Floats, place: float | None, hue: str, theme: Theme) -> QPixmap:
    """Return a line through points with coordinates from 0 to 1, and a vertical line at `place`."""
    width, height = SPARKLINE
    picture = _empty(width, height)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    across = _INSIDE + np.asarray(x) * (width - 2 * _INSIDE)
    down = height - _INSIDE - np.clip(y, 0, 1) * (height - 2 * _INSIDE)
    if place is not None:
        at = round(_INSIDE + place * (width - 2 * _INSIDE))
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.drawLine(QPointF(at, 0), QPointF(at, height))
    good = np.isfinite(across) & np.isfinite(down)
    points = [QPointF(*point) for point in zip(across[good].tolist(), down[good].tolist(), strict=True)]
    painter.setPen(QPen(QColor(hue), 1.5))
    painter.drawPolyline(points)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(hue))
    for point in points[-1:]:
        painter.drawEllipse(point, 2, 2)
    painter.end()
    return picture


def lane_badge(letter: str, hue: str, ink: str, widget: QWidget) -> QPixmap:
    """Return a run's letter on its colour, as in its lane, for a row whose icons are as wide as a sparkline."""
    return _badge(letter, hue, ink, widget.font().family())


@cache
def _badge(letter: str, hue: str, ink: str, family: str) -> QPixmap:
    width, height = BADGE
    picture = _empty(width, height)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(hue))
    painter.drawRoundedRect(QRectF(0, 0, width, height), 2, 2)
    font = QFont(family)
    font.setPixelSize(11)
    font.setBold(True)
    painter.setFont(font)
    painter.setPen(QColor(ink))
    draw_text(painter, QRectF(0, 0, width, height), Qt.AlignmentFlag.AlignCenter, letter, whose="badge")
    painter.end()
    return picture


def _empty(width: int, height: int) -> QPixmap:
    picture = QPixmap(_SHARP * width, _SHARP * height)
    picture.setDevicePixelRatio(_SHARP)
    picture.fill(QColor(0, 0, 0, 0))
    return picture
