"""A field for a number that is typed."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QLocale, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout

from mnistviz.engine.problems import Problem
from mnistviz.gui.common.widgets import describe, problem_sentence, refresh_style
from mnistviz.gui.settings.setting_control import SettingControl, hint_label, show_text


def parse_number(text: str, locale: QLocale) -> float | None:
    """The number in `text`, as `locale` writes it, as Python does, or with a decimal comma; None if it is none."""
    text = text.strip()
    comma = text.replace(",", ".") if text.count(",") == 1 and "." not in text else text
    for reader, written in ((locale, text), (QLocale.c(), text), (QLocale.c(), comma)):
        value, valid = reader.toDouble(written)
        if valid and math.isfinite(value):
            return value
    return None


class NumberField(SettingControl):
    """A label and a field that takes an exact number within bounds; the field keeps the last good one."""

    def __init__(
        self, label: str, name: str, bounds: tuple[float, float], default: float, *, whole: bool = False
    ) -> None:
        super().__init__(label, name)
        self._bounds, self._default, self._whole = bounds, default, whole
        self._value = default
        self.field = QLineEdit()
        self.field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.field.setMaximumWidth(96)
        self.field.setMaxLength(24)
        self.field.setAcceptDrops(False)  # a file that is dropped is for the window
        self.field.installEventFilter(self)
        self.label.setBuddy(self.field)
        self.explain("")
        self.field.editingFinished.connect(self._finish)
        self.field.textEdited.connect(self._edited)
        self._error = hint_label()
        self._error.setProperty("invalid", True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        row = QHBoxLayout()
        row.addWidget(self.label)
        row.addStretch(1)
        row.addWidget(self.field)
        self._column.addLayout(row)
        self._column.addWidget(self._error)
        self._column.addWidget(self.hint)
        self._show()

    def explain(self, tip: str) -> None:
        """Sets what tooltip and What's This say."""
        describe(self.field, f"{self._name}_field", self._label_text, tip)
        self.label.setToolTip(tip)

    def value(self) -> float:
        """The last number that was within the bounds; an int if it is whole."""
        return int(self._value) if self._whole else float(self._value)

    def set_value(self, value: float) -> None:
        """Shows `value`, without saying that it changed."""
        self._value = value
        self._show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and self._is_idle_space(event):
            event.ignore()  # nobody is typing: let it start and pause, as everywhere
            return True
        if watched is not self.field:
            return super().eventFilter(watched, event)
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape and self.field.isModified():
                self._show()
                return True
            if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                low, high = self._bounds
                beside = self._beside(1 if event.key() == Qt.Key.Key_Up else -1)
                self._take(min(max(beside, low), high))
                return True
        return False

    def _reset(self) -> None:
        self._take(self._default)

    def _is_idle_space(self, event: QEvent) -> bool:
        return (
            isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space and not self.field.isModified()
        )

    def _beside(self, direction: int) -> float:
        return self._value + direction

    def _edited(self) -> None:
        if self._typed() is not None:
            self._show_error("")

    def _typed(self) -> float | None:
        value = parse_number(self.field.text(), self.locale())
        low, high = self._bounds
        if value is None or not low <= value <= high or (self._whole and value != int(value)):
            return None
        return value

    def _finish(self) -> None:
        if not self.field.isModified():
            return
        value = self._typed()
        if value is None:
            low, high = self._bounds
            code = "number_whole" if self._whole else "number_range"
            self._show_error(problem_sentence(Problem(code, name=self._label_text, low=low, high=high)))
            self._show(keep_error=True)
        else:
            self._take(value)

    def _take(self, value: float) -> None:
        changed = value != self._value
        self.set_value(value)
        if changed:
            self.changed.emit(self._name)

    def _show(self, *, keep_error: bool = False) -> None:
        locale = self.locale()
        locale.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)
        text = locale.toString(int(self._value)) if self._whole else locale.toString(self._value, "g", 6)
        self.field.setText(text)
        self.field.setModified(False)
        if not keep_error:
            self._show_error("")

    def _show_error(self, text: str) -> None:
        if text != self._error.text():
            show_text(self._error, text)
            self.field.setProperty("invalid", bool(text))
            refresh_style(self.field)
