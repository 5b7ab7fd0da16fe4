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
"""A widget, a layout, either of them with its stretch and perhaps its alignment, so many pixels, or None for empty
room."""


def row_of(
    *parts: LayoutPart, spacing: int = -1, margins: Margins = NO_MARGINS, inside: QWidget | None = None
) -> QHBoxLayout:
    """Parts side by side, as the layout `inside` a widget, or to be put in another layout. A `spacing` below 0 is that
    of the layout around it, or of the style."""
    layout = QHBoxLayout() if inside is None else QHBoxLayout(inside)
    _fill(layout, parts, spacing, margins)
    return layout


def column_of(
    *parts: LayoutPart, spacing: int = -1, margins: Margins = NO_MARGINS, inside: QWidget | None = None
) -> QVBoxLayout:
    """Parts one above another; see `row_of`."""
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
    """Pages of which one is seen, the first to begin with."""
    stack = QStackedWidget()
    for page in pages:
        stack.addWidget(page)
    return stack


def label(role: str, text: str = "", *, name: str = "", wraps: bool = False) -> QLabel:
    """Plain words in the style of a `role`; `name` is for those who look for them."""
    made = styled(WrappedLabel(text) if wraps else QLabel(text), role, name)
    made.setTextFormat(Qt.TextFormat.PlainText)
    return made


def styled(widget: Styled, role: str, name: str = "") -> Styled:
    """Give a widget the style of a `role`, and a `name` unless that is empty; return the widget."""
    widget.setProperty("role", role)
    if name:
        widget.setObjectName(name)
    return widget


def empty_label(name: str, text: str = "") -> QLabel:
    """Words in the middle of a view that has nothing to show."""
    made = label("quietText", text, name=name, wraps=True)
    made.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return made
