"""Whose colour is at a place of a painted widget."""

from __future__ import annotations

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
        image.pixelColor(round(x * ratio), round(y * ratio)).rgb()
        for x in range(rect.left(), rect.right() + 1)
        for y in range(rect.top(), rect.bottom() + 1)
    }
    found = {
        name: min(_far(QColor.fromRgb(pixel), QColor(colour)) for pixel in pixels)
        for name, colour in colours.items()
    }
    nearest = min(found, key=lambda name: found[name])
    others = [name for name, far in found.items() if far == found[nearest] and name != nearest]
    assert not others, f"it may be {nearest} or {others}"
    return nearest


def _far(one: QColor, other: QColor) -> int:
    """How unlike two colours are."""
    pairs = zip(one.getRgb(), other.getRgb(), strict=True)
    return sum(abs(a - b) for a, b in pairs)
