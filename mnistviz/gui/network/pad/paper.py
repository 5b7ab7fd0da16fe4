"""Paints ink on paper: a stroke, a whole drawing, and the ring with the size of pen and eraser."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QCursor, QPainter, QPen, QPixmap, QPolygonF

from mnistviz.engine.handwriting import PEN, STEP, Ink, Stroke
from mnistviz.gui.common.digit_image import digit_image
from mnistviz.gui.common.theme import LIGHT, Theme

_CHORD: Final = 4  # pixels: the length of straight pieces that still look smooth
_PALE: Final = 0.6
_TONES: Final = np.rint(255 * (0.08 + 0.92 * (np.arange(256) / 255) ** 0.6)).astype(np.uint8)
"""Makes the paper and faint lines of a photograph visible against blank paper."""
_LARGEST_RING: Final = 120  # pixels; some desktops refuse larger pointers


def paint_stroke(painter: QPainter, stroke: Stroke, side: float, theme: Theme) -> None:
    """Paint a stroke on a pad of this side, its upper left corner at the painter's origin."""
    every = max(1, int(_CHORD / (STEP * side)))
    line = np.concatenate([stroke.line[:-1:every], stroke.line[-1:]]) * side
    points = [QPointF(x, y) for x, y in line[:, :2].tolist()]
    widths = (line[:, 2] * PEN).tolist()
    pen = QPen(QColor(theme.ink), widths[0])
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    if len(points) == 1:
        painter.drawPoint(points[0])
    elif min(widths) == max(widths):
        painter.drawPolyline(QPolygonF(points))
    else:
        for start, end, width in zip(points, points[1:], widths[1:], strict=False):
            pen.setWidthF(width)
            painter.setPen(pen)
            painter.drawLine(start, end)


def blank(size: QSizeF, ratio: float, colour: QColor) -> QPixmap:
    pixmap = QPixmap((size * ratio).toSize().expandedTo(QSize(1, 1)))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(colour)
    return pixmap


class InkPicture:
    def __init__(self) -> None:
        self._ink, self._pixmap = Ink(), QPixmap()
        self._on: tuple[object, ...] = ()
        self._photo: NDArray[np.uint8] | None = None

    def of(
        self,
        ink: Ink,
        size: QSizeF,
        side: float,
        ratio: float,
        theme: Theme,
        photo: NDArray[np.uint8] | None = None,
    ) -> QPixmap:
        """Return the picture in a logical `size`, sharp at the device pixel ratio `ratio`. `side` is that of a pad
        for one digit. A `photo` of the original writing shows faintly below it."""
        on, known = (size, side, ratio, theme), self._ink.strokes
        same = on == self._on and ink.digit is self._ink.digit and photo is self._photo
        if not same or ink.strokes[: len(known)] != known:
            self._pixmap, known = _paper(ink.digit, size, side, ratio, theme, photo), ()
        self._ink, self._on, self._photo = ink, on, photo
        if len(ink.strokes) > len(known):
            painter = QPainter(self._pixmap)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for stroke in ink.strokes[len(known) :]:
                paint_stroke(painter, stroke, side, theme)
            painter.end()
        return self._pixmap


def _paper(
    digit: NDArray[np.uint8] | None,
    size: QSizeF,
    side: float,
    ratio: float,
    theme: Theme,
    photo: NDArray[np.uint8] | None,
) -> QPixmap:
    pixmap = blank(size, ratio, QColor(theme.paper))
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    if photo is not None:
        painter.setOpacity(_PALE)
        room = QRectF(0, 0, side * photo.shape[1] / len(photo), side)
        painter.drawImage(room, digit_image(_TONES[photo], theme))
        painter.setOpacity(1)
        mode = QPainter.CompositionMode
        painter.setCompositionMode(
            mode.CompositionMode_Lighten if theme.dark else mode.CompositionMode_Darken
        )
    if digit is not None:
        high, wide = digit.shape
        painter.drawImage(QRectF(0, 0, side * wide / high, side), digit_image(digit, theme))
    painter.end()
    return pixmap


def ring_cursor(diameter: float, ratio: float) -> QCursor:
    """Return a cursor in the shape of a ring, visible on paper and on ink."""
    across = round(min(diameter, _LARGEST_RING))
    pixmap = QPixmap(QSize(across + 4, across + 4) * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for colour, width in ((LIGHT.paper, 3.0), (LIGHT.accent, 1.5)):
        painter.setPen(QPen(QColor(colour), width))
        painter.drawEllipse(QRectF(2, 2, across, across))
    painter.end()
    return QCursor(pixmap)
