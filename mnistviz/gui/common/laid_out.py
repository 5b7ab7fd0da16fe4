"""Layout of a hidden widget, so that it can be painted elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget


@contextmanager
def laid_out(widget: QWidget, least: QSize) -> Iterator[None]:
    """Give a hidden widget at least this size and lay out its parts; restore it afterwards. A visible widget does not
    change."""
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
    """Lay out a widget as Qt does when it shows it, but not its parent, which may have no room for it."""
    before = widget.size()
    widget.ensurePolished()
    widget.resize(size)
    QApplication.sendEvent(widget, QResizeEvent(size, before))
    for child in widget.children():
        if isinstance(child, QWidget) and not child.isWindow() and not child.isHidden():
            _lay_out(child, child.size())


@contextmanager
def resized(widget: QWidget, size: QSize) -> Iterator[None]:
    """Give a visible widget this size, whatever its layout; restore it before it is painted."""
    before = widget.size()
    for _ in range(2):  # one layout request may cause another
        widget.resize(size)
        for part in (widget, *widget.findChildren(QWidget)):
            QApplication.sendPostedEvents(part, QEvent.Type.LayoutRequest.value)
    try:
        yield
    finally:
        widget.resize(before)
