"""Rows and columns of widgets, and labels, each in one call."""

from __future__ import annotations

from typing import Any, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QLayout, QStackedWidget, QVBoxLayout, QWidget

from mnistviz.gui.common.wrapped import WrappedLabel

Margins = tuple[int, int, int, int] | None
"""Pixels left, above, right and below; None for those of the style."""
NO_MARGINS = (0, 0, 0, 0)
Styled = TypeVar("Styled", bound=QWidget)
LayoutPart = QWidget | QLayout | tuple[Any, ...] | int | None
"""A widget or layout, perhaps with a stretch and an alignment; a number of pixels; or None for empty room."""


def row_of(
    *parts: LayoutPart, spacing: int = -1, margins: Margins = NO_MARGINS, inside: QWidget | None = None
) -> QHBoxLayout:
    """Return a row of parts, as the layout `inside` a widget or for another layout. A `spacing` below 0 is that of the
    parent layout or of the style."""
    layout = QHBoxLayout() if inside is None else QHBoxLayout(inside)
    _fill(layout, parts, spacing, margins)
    return layout


def column_of(
    *parts: LayoutPart, spacing: int = -1, margins: Margins = NO_MARGINS, inside: QWidget | None = None
) -> QVBoxLayout:
    """Return a column of parts; see `row_of`."""
    layout = QVBoxLayout() if inside is None else QVBoxLayout(inside)
    _fill(layout, parts, spacing, margins)
    return layout


def _fill(layout: QBoxLayout, parts: tuple[LayoutPart, ...], spacing: int, margins: Margins) -> None:
    if margins is not None:
        layout.setContentsMargins(*margins)
    layout.setSpacing(spacing)
    for part in parts:
        if part is None:
            layout.addStretch(1)
            continue
        if isinstance(part, int):
            layout.addSpacing(part)
            continue
        what, *how = part if isinstance(part, tuple) else (part,)
        if isinstance(what, QLayout):
            layout.addLayout(what, *how)
        else:
            layout.addWidget(what, *how)


def stack_of(*pages: QWidget) -> QStackedWidget:
    """Return a stack of pages that shows the first one."""
    stack = QStackedWidget()
    for page in pages:
        stack.addWidget(page)
    return stack


def label(role: str, text: str = "", *, name: str = "", wraps: bool = False) -> QLabel:
    """Return a label of plain text in the style of a `role`, with `name` as its object name."""
    widget = styled(WrappedLabel(text) if wraps else QLabel(text), role, name)
    widget.setTextFormat(Qt.TextFormat.PlainText)
    return widget


def styled(widget: Styled, role: str, name: str = "") -> Styled:
    """Give a widget the style of a `role`, and a `name` unless that is empty; return the widget."""
    widget.setProperty("role", role)
    if name:
        widget.setObjectName(name)
    return widget


def empty_label(name: str, text: str = "") -> QLabel:
    """Return a centred text for a view that has nothing to show."""
    widget = label("quietText", text, name=name, wraps=True)
    widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return widget
