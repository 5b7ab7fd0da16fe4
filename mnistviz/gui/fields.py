"""Fields for numbers: typed exactly, or moved on a logarithmic slider; a double-click brings the default back."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QLocale, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSlider, QVBoxLayout, QWidget

from mnistviz.engine.problems import Problem
from mnistviz.gui.widgets import describe, problem_sentence, refresh_style

_SLIDER_STEPS = 1000


def parse_number(text: str, locale: QLocale) -> float | None:
    """The number in `text`, as `locale` writes it or as Python does; None if it is none."""
    value, valid = locale.toDouble(text.strip())
    if not valid:
        value, valid = QLocale.c().toDouble(text.strip())
    return value if valid and math.isfinite(value) else None


class NumberField(QWidget):
    """A label and a field that takes an exact number within bounds; the field keeps the last good one."""

    value_changed = Signal(float)

    def __init__(
        self,
        label: str,
        name: str,
        bounds: tuple[float, float],
        default: float,
        *,
        whole: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(f"{name}_control")
        self._name, self._label_text, self._bounds, self._default, self._whole = (
            name,
            label,
            bounds,
            default,
            whole,
        )
        self._value = default
        self.label = QLabel(label)
        self.label.installEventFilter(self)
        self.field = QLineEdit()
        self.field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.field.setMaximumWidth(96)
        self.field.setMaxLength(24)
        self.field.installEventFilter(self)
        self.label.setBuddy(self.field)
        self.explain("")
        self.field.editingFinished.connect(self._finish)
        self.field.textEdited.connect(self._edited)
        self._error = QLabel()
        self._error.setProperty("role", "hint")
        self._error.setProperty("invalid", True)
        self._error.setWordWrap(True)
        self._error.hide()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(1)
        row = QHBoxLayout()
        row.addWidget(self.label)
        row.addStretch(1)
        row.addWidget(self.field)
        self._column.addLayout(row)
        self._column.addWidget(self._error)
        self._show()

    def explain(self, tip: str) -> None:
        """Sets what tooltip and What's This say."""
        describe(self.field, f"{self._name}_field", self._label_text, tip)
        self.label.setToolTip(tip)

    def value(self) -> float:
        """The last number that was within the bounds."""
        return self._value

    def set_value(self, value: float) -> None:
        """Shows `value`, without saying that it changed."""
        self._value = value
        self._show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonDblClick and watched is not self.field:
            self._take(self._default)
            return True
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape and self.field.isModified():
                self._show()
                return True
            if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                self._nudge(1 if event.key() == Qt.Key.Key_Up else -1)
                return True
        return super().eventFilter(watched, event)

    def _nudge(self, direction: int) -> None:
        value = self._value + direction if self._whole else self._value * 10 ** (direction / 20)
        low, high = self._bounds
        self._take(min(max(value if self._whole else float(f"{value:.3g}"), low), high))

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
            self.value_changed.emit(value)

    def _show(self, *, keep_error: bool = False) -> None:
        locale = self.locale()
        locale.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)
        text = locale.toString(int(self._value)) if self._whole else locale.toString(self._value, "g", 6)
        self.field.setText(text)
        self.field.setModified(False)
        if not keep_error:
            self._show_error("")

    def _show_error(self, text: str) -> None:
        self._error.setText(text)
        self._error.setVisible(bool(text))
        self.field.setProperty("invalid", bool(text))
        refresh_style(self.field)


class NumberControl(NumberField):
    """A number field with a logarithmic slider below it and a hint below that."""

    def __init__(
        self,
        label: str,
        name: str,
        bounds: tuple[float, float],
        default: float,
        *,
        slider: tuple[float, float],
        whole: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self._slider_bounds = slider
        super().__init__(label, name, bounds, default, whole=whole, parent=parent)
        self.slider.setRange(0, _SLIDER_STEPS)
        self.slider.setPageStep(_SLIDER_STEPS // 20)
        self.slider.setSingleStep(_SLIDER_STEPS // 100)
        self.slider.installEventFilter(self)
        self.slider.valueChanged.connect(self._slid)
        self.hint = QLabel()
        self.hint.setProperty("role", "hint")
        self.hint.setWordWrap(True)
        self._column.addWidget(self.slider)
        self._column.addWidget(self.hint)
        self._show()

    def explain(self, tip: str) -> None:
        super().explain(tip)
        describe(self.slider, f"{self._name}_slider", self._label_text, tip)

    def set_hint(self, text: str) -> None:
        self.hint.setText(text)

    def _slid(self, position: int) -> None:
        low, high = self._slider_bounds
        value = low * (high / low) ** (position / _SLIDER_STEPS)
        value = float(round(value)) if self._whole else float(f"{value:.2g}")
        changed = value != self._value
        self._value = value
        NumberField._show(self)  # the slider stays where the hand has put it
        if changed:
            self.value_changed.emit(value)

    def _show(self, *, keep_error: bool = False) -> None:
        super()._show(keep_error=keep_error)
        low, high = self._slider_bounds
        share = math.log(min(max(self._value, low), high) / low) / math.log(high / low)
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(share * _SLIDER_STEPS))
