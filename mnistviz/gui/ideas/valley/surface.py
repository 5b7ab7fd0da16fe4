"""A surface as a picture: bands of grey, darker (in the dark look lighter) the lower they lie, and contours between."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPixmap

from mnistviz.engine.ideas.contours import contours
from mnistviz.engine.ideas.landscape import Landscape
from mnistviz.gui.common.theme import Theme, toned

SEEN = ((-5.2, 5.2), (-2.7, 2.7))
"""What of the plane is seen at least."""
LEVELS = 12
_CELL = 5.0  # pixels of the grid that contours are drawn on

Range = tuple[tuple[float, float], tuple[float, float]]


def picture(surface: Landscape, seen: Range, size: QSize, ratio: float, theme: Theme) -> QPixmap:
    """What is `seen` of a surface, in a picture of `size` pixels of the widget, each `ratio` of the screen's. It is
    painted once, so that a ball that is dragged over it costs no more than itself."""
    (x0, x1), (y0, y1) = seen
    columns, rows = (max(24, round(pixels / _CELL)) for pixels in (size.width(), size.height()))
    points = np.meshgrid(np.linspace(x0, x1, columns), np.linspace(y1, y0, rows))
    heights = surface.value(np.stack(points, axis=-1))
    levels = _levels(surface)
    pixmap = QPixmap(size * ratio)
    pixmap.setDevicePixelRatio(ratio)
    painter = QPainter(pixmap)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    cell = np.array((size.height() / (rows - 1), size.width() / (columns - 1)))
    around = QRectF(-cell[1] / 2, -cell[0] / 2, size.width() + float(cell[1]), size.height() + float(cell[0]))
    bands = np.ascontiguousarray(_greys(theme)[np.searchsorted(levels, heights)])
    painter.drawImage(around, QImage(bands.data, columns, rows, 3 * columns, QImage.Format.Format_RGB888))
    for number, segments in enumerate(contours(heights, levels)):
        painter.setPen(QPen(QColor(toned(theme, theme.line, -0.25 - 0.4 * number / LEVELS)), 1.0))
        painter.drawLines([QLineF(*line) for line in (segments * cell)[:, :, ::-1].reshape(-1, 4).tolist()])
    painter.end()
    return pixmap


def _levels(surface: Landscape) -> list[float]:
    """Heights of contours between the lowest and the highest of what is seen at least: closer below, where the
    bottom is flat."""
    (x0, x1), (y0, y1) = SEEN
    grid = np.stack(np.meshgrid(np.linspace(x0, x1, 60), np.linspace(y0, y1, 40)), axis=-1)
    heights = surface.value(grid)
    low, high = float(heights.min()), float(heights.max())
    power = 2.0 if surface.bottoms and surface.code != "ripples" else 1.0
    return [low + (high - low) * (number / LEVELS) ** power for number in np.arange(0.5, LEVELS)]


def _greys(theme: Theme) -> NDArray[np.uint8]:
    """Of the bands, from the lowest up: (LEVELS + 1, 3)."""
    deep, high = QColor(toned(theme, theme.card, 0.24 if theme.dark else 0.2)), QColor(theme.card)
    ends = np.array([(colour.red(), colour.green(), colour.blue()) for colour in (deep, high)], dtype=float)
    shares = (np.arange(LEVELS + 1)[:, np.newaxis] / LEVELS) ** 0.7
    greys: NDArray[np.uint8] = np.rint(ends[0] + shares * (ends[1] - ends[0])).astype(np.uint8)
    return greys
