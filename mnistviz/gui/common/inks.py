"""Colours and pens, made once: whatever Python lets go of makes it hand over its lock, and what learns takes it."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen


@cache
def colour(name: str) -> QColor:
    """A colour by its name, such as #4f4bc4."""
    return QColor(name)


@cache
def pen(name: str, width: float = 1.0, *, dashed: bool = False) -> QPen:
    """A pen of a colour, so many pixels wide."""
    return QPen(colour(name), width, Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine)
