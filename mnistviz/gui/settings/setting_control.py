"""What all controls of a setting have in common: a name, a dot while it waits, and a hint."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from mnistviz.gui.common.layouts import styled
from mnistviz.gui.common.theme import TEXT
from mnistviz.gui.common.tooltips import keys_text
from mnistviz.gui.common.wrapped import WrappedLabel
from mnistviz.gui.settings.field_error import FieldError

DOT_ROOM = 9  # pixels before a name, for its dot
PAUSE = 1.0  # seconds: key presses that follow each other faster are one gesture


class ChangeDot(QWidget):
    """Marks a setting that was changed and waits."""

    SIDE = 6  # pixels

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "dot")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedSize(self.SIDE, self.SIDE)


class NameLabel(QLabel):
    """The name of a setting, with room for a dot before it. Qt calls Python for a double-click alone, and not for each
    event, as a filter of events would have it."""

    def __init__(self, text: str, double_clicked: Callable[[], object]) -> None:
        super().__init__(text)
        self.double_clicked = double_clicked
        self.dot = ChangeDot(self)
        self.dot.hide()
        self.indent_by(0)

    def indent_by(self, pixels: int) -> None:
        """Moves the name and its dot to the right."""
        self.setContentsMargins(DOT_ROOM + pixels, 0, 0, 0)
        self._place_dot()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_dot()

    def _place_dot(self) -> None:
        left = self.contentsMargins().left() - DOT_ROOM
        self.dot.move(left, (self.height() - ChangeDot.SIDE + 1) // 2)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.double_clicked()


class SettingControl(QWidget):
    """A label, and a hint that stands below. A double-click on the label brings the default back."""

    changed = Signal(str)  # by the user; the name of the setting
    refused_behind = Signal(str)  # why a number won't do, of a field that was left with it

    def __init__(self, label: str, name: str) -> None:
        super().__init__()
        self.setObjectName(f"{name}_control")
        self._name, self._label_text = name, label
        self._tip = self._fact = self._keys = ""
        self.gesture = 0
        """The number of the gesture that changed it last: a drag is one, and so is a run of key presses."""
        self._goes_on_until = 0.0  # seconds, by the monotonic clock
        self.label = NameLabel(label, self._reset)
        self.hint = hint_label()
        self.error = FieldError(self)

    def value(self) -> Any:
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        """Shows `value`, without saying that it changed."""
        raise NotImplementedError

    def explain(self, tip: str, keys: str = "") -> None:
        """Sets what tooltip and What's This say; the tooltip ends with the keys."""
        self._tip, self._keys = tip, keys and f" ({keys_text(keys)})"
        self._describe(tip)

    def set_fact(self, text: str) -> None:
        """Adds a line to the tooltip, on what the value means now."""
        if text != self._fact:
            self._fact = text
            self._describe(self._tip)

    def mark(self, waits: bool) -> None:
        """Shows whether its value waits for a branch or a new run."""
        if waits == self.label.dot.isHidden():
            self.label.dot.setVisible(waits)
            buddy = self.label.buddy() or self.label
            buddy.setAccessibleDescription(self.tr("Changed, not in use yet.") if waits else "")

    def fit_font(self) -> None:
        """Gives its parts widths for the size of text."""

    def set_hint(self, text: str) -> None:
        """Shows a small line below; an empty one hides it."""
        show_text(self.hint, text)

    def _describe(self, tip: str) -> None:
        """Gives the parts their names and `tip`."""
        raise NotImplementedError

    def _with_fact(self, tip: str) -> str:
        return "\n".join(filter(None, (tip, self._fact))) + self._keys

    def _reset(self) -> None:
        raise NotImplementedError

    def _refuse(self, field: QWidget, why: str) -> None:
        """Says why a number won't do: below its field as long as that has the focus; where the user has gone on, a
        signal says it."""
        here = field.hasFocus()
        self.error.say(field, why if here else "")
        if why and not here:
            self.refused_behind.emit(why)

    def _tell(self, *, goes_on: bool = False, held: bool = False) -> None:
        """Says that the hand has changed it. A change that `goes_on` is of the gesture of the one before, if that
        was a moment ago or the mouse has been `held` since."""
        now = time.monotonic()
        if not (goes_on and now < self._goes_on_until):
            self.gesture += 1
        self._goes_on_until = float("inf") if held else now + PAUSE if goes_on else 0.0
        self.changed.emit(self._name)

    def _end_gesture(self) -> None:
        self._goes_on_until = 0.0


def scaled(pixels: int, widget: QWidget) -> int:
    """A width for text of the usual size, for the text of a widget."""
    return round(pixels * widget.fontInfo().pixelSize() / TEXT)


def hint_label() -> QLabel:
    """A small line that wraps, hidden while it says nothing."""
    label = styled(WrappedLabel(), "hint")
    label.setContentsMargins(DOT_ROOM, 0, 0, 0)
    label.hide()
    return label


def show_text(label: QLabel, text: str) -> None:
    """Lets `label` say this; it is hidden if that is nothing."""
    if text != label.text():
        label.setText(text)
        label.setVisible(bool(text))
