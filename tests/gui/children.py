"""Widgets and other parts of the screen, found by what they are and by their names, and what they say."""

from typing import TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QComboBox, QLabel, QLineEdit, QWidget

P = TypeVar("P", bound=QObject)
Value = TypeVar("Value")


def known(value: Value | None) -> Value:
    """A value that is there."""
    assert value is not None
    return value


def child(of: QObject, kind: type[P], name: str = "") -> P:
    """The part of that kind and, if one is given, of that name. What stands directly in it comes first."""
    found = of.findChild(kind, name) if name else of.findChild(kind)
    assert isinstance(found, kind), f"{of.objectName() or of} has no {kind.__name__} {name}"
    return found


def said(of: QObject, name: str) -> str:
    """The text of the label of that name."""
    return child(of, QLabel, name).text()


def described_controls(around: QWidget) -> list[QWidget]:
    """Return all controls; each has a name of its own, a tooltip, a name for screen readers and a What's This text."""
    kinds = (QAbstractButton, QAbstractSlider, QLineEdit, QComboBox)
    controls: list[QWidget] = [
        widget
        for kind in kinds
        for widget in around.findChildren(kind)
        if not widget.objectName().startswith("qt_") and type(widget).__name__ != "QScrollBar"
    ]
    for widget in controls:
        about = f"{type(widget).__name__} {widget.objectName()!r} in {widget.parent()!r}"
        assert widget.objectName(), about
        assert widget.toolTip(), about
        assert widget.accessibleName(), about
        assert widget.whatsThis(), about
    names = [widget.objectName() for widget in controls]
    assert len(names) == len(set(names)), sorted(names)
    return controls
