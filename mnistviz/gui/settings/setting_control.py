"""What all controls of a setting have in common: a name, a hint, and what the hand does to them in one go."""

from __future__ import annotations

import time
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QLabel, QWidget

from mnistviz.gui.common.tooltips import keys_text

PAUSE = 1.0  # seconds: key presses that follow each other faster are one gesture


class NameLabel(QLabel):
    """The name of a setting. Qt calls Python for a double-click alone, and not for each event, as a filter of events
    would have it."""

    double_clicked = Signal()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.double_clicked.emit()


class SettingControl(QWidget):
    """A label, and a hint that stands below. A double-click on the label brings the default back."""

    changed = Signal(str)  # by the user; the name of the setting

    def __init__(self, label: str, name: str) -> None:
        super().__init__()
        self.setObjectName(f"{name}_control")
        self._name, self._label_text = name, label
        self._tip = self._fact = self._keys = ""
        self.gesture = 0
        """The number of the gesture that changed it last: a drag is one, and so is a run of key presses."""
        self._goes_on_until = 0.0  # seconds, by the monotonic clock
        self.label = NameLabel(label)
        self.label.double_clicked.connect(self._reset)
        self.hint = hint_label()

    def value(self) -> Any:
        """What the setting is to be."""
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


def hint_label() -> QLabel:
    """A small line that wraps, hidden while it says nothing."""
    label = QLabel()
    label.setProperty("role", "hint")
    label.setWordWrap(True)
    label.hide()
    return label


def show_text(label: QLabel, text: str) -> None:
    """Lets `label` say this; it is hidden if that is nothing."""
    if text != label.text():
        label.setText(text)
        label.setVisible(bool(text))
