"""Cached colours and pens: freeing one releases Python's lock, which a training thread may take."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen


@cache
def colour(name: str) -> QColor:
    """Return a colour by its name, such as #4f4bc4."""
    return QColor(name)


@cache
def pen(name: str, width: float = 1.0, *, dashed: bool = False) -> QPen:
    """Return a pen of a colour, so many pixels wide."""
    return QPen(colour(name), width, Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine)
