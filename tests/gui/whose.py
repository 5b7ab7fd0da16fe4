"""Whose colour is at a place of a painted widget."""

from collections.abc import Mapping

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget


def whose(widget: QWidget, at: QPoint | QPointF | QRect | QRectF, colours: Mapping[str, str]) -> str:
    """Return the name of the colour that is painted at a pixel; in a rectangle, of the one that any pixel comes nearest
    to, as with text."""
    ratio, image = widget.devicePixelRatioF(), widget.grab().toImage()
    place = at.toPoint() if isinstance(at, QPointF) else at.toRect() if isinstance(at, QRectF) else at
    rect = (QRect(place, place) if isinstance(place, QPoint) else place) & widget.rect()
    assert not rect.isEmpty(), "the place is on the widget"
    pixels = {
        image.pixelColor(round(x * ratio), round(y * ratio)).name()
        for x in range(rect.left(), rect.right() + 1)
        for y in range(rect.top(), rect.bottom() + 1)
    }
    far = {name: min(_apart(pixel, colour) for pixel in pixels) for name, colour in colours.items()}
    nearest = [name for name in far if far[name] == min(far.values())]
    assert len(nearest) == 1, f"it may be any of {nearest}"
    return nearest[0]


def _apart(one: str, other: str) -> int:
    """How unlike two colours are."""
    a, b = QColor(one), QColor(other)
    return abs(a.red() - b.red()) + abs(a.green() - b.green()) + abs(a.blue() - b.blue())
