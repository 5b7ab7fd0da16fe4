"""The common parts of a setting's control: a name, a dot while the change is pending, and a hint."""

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
    """Marks a setting whose change is pending."""

    SIDE = 6  # pixels

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "dot")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedSize(self.SIDE, self.SIDE)


class NameLabel(QLabel):
    """The name of a setting, with room for a dot before it. Overriding the double-click calls Python for that event
    only, an event filter for every event."""

    def __init__(self, text: str, double_clicked: Callable[[], object]) -> None:
        super().__init__(text)
        self.double_clicked = double_clicked
        self.dot = ChangeDot(self)
        self.dot.hide()
        self.indent_by(0)

    def indent_by(self, pixels: int) -> None:
        """Indent the name and its dot."""
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
    """A label, and a hint below it. A double-click on the label restores the default."""

    changed = Signal(str)  # by the user; the name of the setting
    refused_later = Signal(str)  # why a number is invalid, once its field has lost the focus

    def __init__(self, label: str, name: str) -> None:
        super().__init__()
        self.setObjectName(f"{name}_control")
        self._name, self._label_text = name, label
        self._tip = self._fact = self._keys = ""
        self.gesture = 0
        """Number of the gesture that made the last change: a drag or a series of key presses is one gesture."""
        self._goes_on_until = 0.0  # seconds, by the monotonic clock
        self.label = NameLabel(label, self._reset)
        self.hint = hint_label()
        self.error = FieldError(self)

    def value(self) -> Any:
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        """Show `value` without emitting `changed`."""
        raise NotImplementedError

    def explain(self, tip: str, keys: str = "") -> None:
        """Set the text of the tooltip, which ends with the keys, and of What's This."""
        self._tip, self._keys = tip, keys and f" ({keys_text(keys)})"
        self._describe(tip)

    def set_fact(self, text: str) -> None:
        """Add a line to the tooltip, on what the value means now."""
        if text != self._fact:
            self._fact = text
            self._describe(self._tip)

    def mark(self, waits: bool) -> None:
        """Show whether the value waits for a branch or a new run."""
        if waits == self.label.dot.isHidden():
            self.label.dot.setVisible(waits)
            buddy = self.label.buddy() or self.label
            buddy.setAccessibleDescription(self.tr("Changed, not in use yet.") if waits else "")

    def fit_font(self) -> None:
        """Adapt the widths of the parts to the size of text."""

    def set_hint(self, text: str) -> None:
        """Show a small line below, or hide it if the text is empty."""
        show_text(self.hint, text)

    def _describe(self, tip: str) -> None:
        """Set the accessible names of the parts and their `tip`."""
        raise NotImplementedError

    def _with_fact(self, tip: str) -> str:
        return "\n".join(filter(None, (tip, self._fact))) + self._keys

    def _reset(self) -> None:
        raise NotImplementedError

    def _refuse(self, field: QWidget, why: str) -> None:
        """Show why a number is invalid: below its field while that has the focus; afterwards emit `refused_behind`."""
        focused = field.hasFocus()
        self.error.show_error(field, why if focused else "")
        if why and not focused:
            self.refused_later.emit(why)

    def _emit_changed(self, *, goes_on: bool = False, held: bool = False) -> None:
        """Emit `changed`. A change that `goes_on` belongs to the previous gesture, if that was less than `PAUSE` ago or
        the mouse has been `held` since."""
        now = time.monotonic()
        if not (goes_on and now < self._goes_on_until):
            self.gesture += 1
        self._goes_on_until = float("inf") if held else now + PAUSE if goes_on else 0.0
        self.changed.emit(self._name)

    def _end_gesture(self) -> None:
        self._goes_on_until = 0.0


def scaled(pixels: int, widget: QWidget) -> int:
    """Scale a width for text of the usual size to the text of a widget."""
    return round(pixels * widget.fontInfo().pixelSize() / TEXT)


def hint_label() -> QLabel:
    """Return a small line that wraps, hidden while it is empty."""
    label = styled(WrappedLabel(), "hint")
    label.setContentsMargins(DOT_ROOM, 0, 0, 0)
    label.hide()
    return label


def show_text(label: QLabel, text: str) -> None:
    """Set the text of `label`, and hide it if that is empty."""
    if text != label.text():
        label.setText(text)
        label.setVisible(bool(text))
