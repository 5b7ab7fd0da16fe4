"""A surface as a relief: twelve bands of equal √C, lit from the upper left, with a contour between two bands."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPixmap

from mnistviz.engine.ideas.landscape import BANDS, Array, Landscape, bands_between, contours
from mnistviz.gui.common.theme import Theme

_CELL, _FINE = 5.0, 2.0  # pixels of the grids for contours and colours
_LIGHT: Final = 0.11  # how much lighter or darker a slope is, at most
_RAMP: Final = {
    False: ("#5f8474", "#7f9f88", "#a1b89b", "#c2cdb1", "#dfe2cb", "#f4f2e4"),
    True: ("#17332c", "#21423a", "#2e5247", "#3e6254", "#527261", "#68826f"),
}
"""Colours from low to high, for the light and the dark theme."""

Range = tuple[tuple[float, float], tuple[float, float]]


def band_colours(theme: Theme) -> NDArray[np.float64]:
    """Return the colours of the bands, from the lowest up, shape (BANDS, 3), 0 to 255."""
    ramp = np.array([QColor(name).getRgb() for name in _RAMP[theme.dark]], float)[:, :3]
    at, given = np.linspace(0, 1, BANDS), np.linspace(0, 1, len(ramp))
    return np.stack([np.interp(at, given, part) for part in ramp.T], axis=-1)


def heights_seen(surface: Landscape, seen: Range) -> tuple[float, float]:
    """Return the lowest and the highest visible C."""
    heights = surface.value(_grid(seen, 120, 80))
    low, high = float(heights.min()), float(heights.max())
    return max(surface.lowest, low - 0.02 * (high - low)), high


def picture(surface: Landscape, seen: Range, size: QSize, ratio: float, theme: Theme) -> QPixmap:
    """Return the visible part of a surface as a picture of `size` pixels of the widget, at the screen's `ratio`. It is
    painted once, so that dragging a ball over it is fast."""
    levels = bands_between(*heights_seen(surface, seen))
    pixmap = _empty(size, ratio)
    painter = QPainter(pixmap)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    columns, rows = _cells(size, _FINE)
    points = _grid(seen, columns, rows)
    bands = band_colours(theme)[np.searchsorted(levels, surface.value(points))]
    lit = _lit(bands, surface.gradient(points))
    cell = size.width() / (columns - 1), size.height() / (rows - 1)
    around = QRectF(-cell[0] / 2, -cell[1] / 2, size.width() + cell[0], size.height() + cell[1])
    painter.drawImage(around, QImage(lit.data, columns, rows, 3 * columns, QImage.Format.Format_RGB888))
    columns, rows = _cells(size, _CELL)
    scale = np.array((size.height() / (rows - 1), size.width() / (columns - 1)))
    for number, segments in enumerate(contours(surface.value(_grid(seen, columns, rows)), levels)):
        line = QColor("#ffffff" if theme.dark else "#1c2f28")
        line.setAlpha(110 if number % 3 == 2 else 60)
        painter.setPen(QPen(line, 1.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawLines([QLineF(*each) for each in (segments * scale)[:, :, ::-1].reshape(-1, 4).tolist()])
    painter.end()
    return pixmap


def legend(theme: Theme, size: QSize, ratio: float) -> QPixmap:
    """Return the bands side by side, from low to high, each as wide as its share of C."""
    pixmap = _empty(size, ratio)
    painter = QPainter(pixmap)
    for number, colour in reversed(list(enumerate(band_colours(theme).tolist()))):
        end = ((number + 1) / BANDS) ** 2 * size.width()
        painter.fillRect(QRectF(0, 0, end, size.height()), QColor(*map(round, colour)))
    painter.end()
    return pixmap


def _empty(size: QSize, ratio: float) -> QPixmap:
    pixmap = QPixmap(size * ratio)
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def _cells(size: QSize, pixels: float) -> tuple[int, int]:
    return max(24, round(size.width() / pixels)), max(24, round(size.height() / pixels))


def _grid(seen: Range, columns: int, rows: int) -> Array:
    """Return a grid of places, in rows from the top, shape (rows, columns, 2)."""
    (x0, x1), (y0, y1) = seen
    return np.stack(np.meshgrid(np.linspace(x0, x1, columns), np.linspace(y1, y0, rows)), axis=-1)


def _lit(colours: NDArray[np.float64], gradient: Array) -> NDArray[np.uint8]:
    """Lighten slopes that face the upper left, darken those that face the lower right."""
    steep = np.hypot(gradient[..., 0], gradient[..., 1])
    facing = (gradient[..., 0] - gradient[..., 1]) / np.sqrt(2) / (steep + 0.3 * steep.mean() + 1e-12)
    light = _LIGHT * facing[..., np.newaxis]
    lit = np.where(light > 0, colours + light * (255 - colours), colours * (1 + light))
    return np.ascontiguousarray(np.rint(lit).astype(np.uint8))
