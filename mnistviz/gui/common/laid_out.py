"""A widget that is hidden, laid out so that it can be painted elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget


@contextmanager
def laid_out(widget: QWidget, least: QSize) -> Iterator[None]:
    """Gives a widget that is hidden this size at least, and its parts their places; afterwards it is as it was. One
    that is seen stays as it is."""
    if widget.isVisible():
        yield
        return
    before = widget.size()
    _lay_out(widget, before.expandedTo(least))
    try:
        yield
    finally:
        _lay_out(widget, before)


def _lay_out(widget: QWidget, size: QSize) -> None:
    """Does what Qt does when it shows a widget, but not to what it is in: that may have no room for it."""
    before = widget.size()
    widget.ensurePolished()
    widget.resize(size)
    QApplication.sendEvent(widget, QResizeEvent(size, before))
    for child in widget.children():
        if isinstance(child, QWidget) and not child.isWindow() and not child.isHidden():
            _lay_out(child, child.size())
