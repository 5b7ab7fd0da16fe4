"""What all controls of a setting have in common: a name, and a hint."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QLabel, QWidget


class SettingControl(QWidget):
    """A label, and a hint that stands below. A double-click on the label brings the default back."""

    changed = Signal(str)  # by the user; the name of the setting

    def __init__(self, label: str, name: str) -> None:
        super().__init__()
        self.setObjectName(f"{name}_control")
        self._name, self._label_text = name, label
        self.label = QLabel(label)
        self.label.installEventFilter(self)
        self.hint = hint_label()

    def set_hint(self, text: str) -> None:
        """Shows a small line below; an empty one hides it."""
        show_text(self.hint, text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonDblClick:
            self._reset()
            return True
        return super().eventFilter(watched, event)

    def _reset(self) -> None:
        raise NotImplementedError


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
