"""Widgets and other parts of the screen, found by what they are and by their names, and what they say."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLabel

P = TypeVar("P", bound=QObject)


def child(of: QObject, kind: type[P], name: str = "") -> P:
    """The part of that kind and, if one is given, of that name. What stands directly in it comes first."""
    found = of.findChild(kind, name) if name else of.findChild(kind)
    assert isinstance(found, kind), f"{of.objectName() or of} has no {kind.__name__} {name}"
    return found


def said(of: QObject, name: str) -> str:
    """The text of the label of that name."""
    return child(of, QLabel, name).text()
