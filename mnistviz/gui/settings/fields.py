"""Controls for one setting each: a number that is typed or moved on a slider, or a choice from a list.

A double-click on the name or the slider brings the default back. The wheel scrolls the panel, and moves only the
control that has the focus.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QLocale, QObject, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSlider,
    QStyledItemDelegate,
    QVBoxLayout,
    QWidget,
)

from mnistviz.engine.problems import Problem
from mnistviz.gui.common.widgets import describe, problem_sentence, refresh_style

_FINE = 1000  # positions of a logarithmic slider
_ZERO = 0.04  # share of a slider that stands for 0


def parse_number(text: str, locale: QLocale) -> float | None:
    """The number in `text`, as `locale` writes it, as Python does, or with a decimal comma; None if it is none."""
    text = text.strip()
    comma = text.replace(",", ".") if text.count(",") == 1 and "." not in text else text
    for reader, written in ((locale, text), (QLocale.c(), text), (QLocale.c(), comma)):
        value, valid = reader.toDouble(written)
        if valid and math.isfinite(value):
            return value
    return None


@dataclass(frozen=True)
class Scale:
    """How the numbers of a slider lie, from `low` to `high`: by their logarithm, with 0 at the left end if
    `zero`, or evenly, in steps of `step`, if there is one."""

    low: float
    high: float
    zero: bool = False
    step: float = 0.0

    @property
    def positions(self) -> int:
        """The rightmost position of a slider; the leftmost is 0."""
        return round((self.high - self.low) / self.step) if self.step else _FINE

    def value(self, position: int) -> float:
        """The number at a position, rounded so that it reads well."""
        if position == self.positions:
            return self.high
        if self.step:
            return float(f"{self.low + position * self.step:.6g}")
        share = position / _FINE
        if self.zero:
            share = (share - _ZERO) / (1 - _ZERO)
            if share < 0:
                return 0.0
        return float(f"{self.low * (self.high / self.low) ** share:.2g}")

    def position(self, value: float) -> int:
        """The position nearest to a number."""
        held = min(max(value, self.low), self.high)
        if self.step:
            return round((held - self.low) / self.step)
        share = math.log(held / self.low) / math.log(self.high / self.low)
        if self.zero:
            share = _ZERO + (1 - _ZERO) * share if value > 0 else 0.0
        return round(share * _FINE)

    def beside(self, value: float, direction: int) -> float:
        """The next number up (1) or down (−1)."""
        if self.step:
            return float(f"{value + direction * self.step:.6g}")
        if self.zero and (value == 0 or (direction < 0 and value <= self.low)):
            return self.low if direction > 0 else 0.0
        return float(f"{value * 10 ** (direction / 20):.3g}")


class SteadySlider(QSlider):
    """A slider that the wheel moves only while it has the focus."""

    def __init__(self, orientation: Qt.Orientation) -> None:
        super().__init__(orientation)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class SteadyList(QComboBox):
    """A list to choose from that gives way in a narrow panel; the wheel moves it only while it has the focus."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(7)
        self.setIconSize(QSize(0, 0))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setItemDelegate(QStyledItemDelegate(self))  # the only one that the style sheet reaches

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class NumberField(QWidget):
    """A label and a field that takes an exact number within bounds; the field keeps the last good one."""

    changed = Signal(str)  # by the user; the name of the setting

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
        self._name, self._label_text, self._bounds = name, label, bounds
        self._default, self._whole = default, whole
        self._value = default
        self.label = QLabel(label)
        self.label.installEventFilter(self)
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
        self._error = _hint_label()
        self._error.setProperty("invalid", True)
        self._error.hide()
        self.hint = _hint_label()
        self.hint.hide()
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

    def set_hint(self, text: str) -> None:
        """Shows a small line below; an empty one hides it."""
        _show_text(self.hint, text)

    def value(self) -> float:
        """The last number that was within the bounds; an int if it is whole."""
        return int(self._value) if self._whole else float(self._value)

    def set_value(self, value: float) -> None:
        """Shows `value`, without saying that it changed."""
        self._value = value
        self._show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonDblClick and watched is not self.field:
            self._take(self._default)
            return True
        if event.type() == QEvent.Type.ShortcutOverride and self._is_idle_space(event):
            event.ignore()  # nobody is typing: let it start and pause, as everywhere
            return True
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape and self.field.isModified():
                self._show()
                return True
            if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                low, high = self._bounds
                beside = self._beside(1 if event.key() == Qt.Key.Key_Up else -1)
                self._take(min(max(beside, low), high))
                return True
        return super().eventFilter(watched, event)

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
            _show_text(self._error, text)
            self.field.setProperty("invalid", bool(text))
            refresh_style(self.field)


class NumberControl(NumberField):
    """A number field with a slider below it."""

    def __init__(
        self,
        label: str,
        name: str,
        bounds: tuple[float, float],
        default: float,
        scale: Scale,
        *,
        whole: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        self.slider = SteadySlider(Qt.Orientation.Horizontal)
        self._scale = scale
        super().__init__(label, name, bounds, default, whole=whole, parent=parent)
        self.slider.installEventFilter(self)
        self.slider.valueChanged.connect(self._slid)
        self._column.insertWidget(1, self.slider)
        self.set_scale(scale)

    def explain(self, tip: str) -> None:
        super().explain(tip)
        describe(self.slider, f"{self._name}_slider", self._label_text, tip)

    def set_scale(self, scale: Scale) -> None:
        """Lets the slider cover other numbers; the value stays."""
        self._scale = scale
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, scale.positions)
        self.slider.setPageStep(max(1, scale.positions // 20))
        self.slider.setSingleStep(max(1, scale.positions // 100))
        self._show()

    def _beside(self, direction: int) -> float:
        return super()._beside(direction) if self._whole else self._scale.beside(self._value, direction)

    def _slid(self, position: int) -> None:
        value = self._scale.value(position)
        value = float(round(value)) if self._whole else value
        changed = value != self._value
        self._value = value
        NumberField._show(self)  # the slider stays where the hand has put it
        if changed:
            self.changed.emit(self._name)

    def _show(self, *, keep_error: bool = False) -> None:
        super()._show(keep_error=keep_error)
        with QSignalBlocker(self.slider):
            self.slider.setValue(self._scale.position(self._value))


class ChoiceControl(QWidget):
    """A label and a list to choose from, with a hint below. What does not fit can be held back, with the reason."""

    changed = Signal(str)  # by the user; the name of the setting

    def __init__(
        self, label: str, name: str, names: Mapping[str, str], default: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(f"{name}_control")
        self._name, self._label_text, self._default = name, label, default
        self._tip = ""
        self.label = QLabel(label)
        self.label.installEventFilter(self)
        self.combo = SteadyList()
        self.label.setBuddy(self.combo)
        for value, text in names.items():
            self.combo.addItem(text, value)
        self.combo.setCurrentIndex(self.combo.findData(default))
        self.combo.currentIndexChanged.connect(self._chosen)
        self.hint = _hint_label()
        self.hint.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        row = QHBoxLayout()
        row.addWidget(self.label, 3)
        row.addWidget(self.combo, 4)
        column.addLayout(row)
        column.addWidget(self.hint)
        self.explain("")

    def explain(self, tip: str) -> None:
        """Sets what tooltip and What's This say."""
        self._tip = tip
        describe(self.combo, f"{self._name}_choice", self._label_text, tip)
        self.label.setToolTip(tip)

    def set_hint(self, text: str) -> None:
        """Shows a small line below; an empty one hides it."""
        _show_text(self.hint, text)

    def value(self) -> str:
        return str(self.combo.currentData())

    def set_value(self, value: str) -> None:
        """Shows `value`, without saying that it changed."""
        with QSignalBlocker(self.combo):
            self.combo.setCurrentIndex(self.combo.findData(value))

    def hold_back(self, reasons: Mapping[str, str]) -> None:
        """Offers everything but the values in `reasons`, each with the reason why not."""
        model = self.combo.model()
        assert isinstance(model, QStandardItemModel)
        for row in range(self.combo.count()):
            reason = reasons.get(self.combo.itemData(row), "")
            item = model.item(row)
            item.setEnabled(not reason)
            item.setToolTip(reason)
        self.combo.setToolTip("\n".join((self._tip, *reasons.values())))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.label and event.type() == QEvent.Type.MouseButtonDblClick:
            self._reset()
            return True
        return super().eventFilter(watched, event)

    def _reset(self) -> None:
        model = self.combo.model()
        assert isinstance(model, QStandardItemModel)
        row = self.combo.findData(self._default)
        if model.item(row).isEnabled():
            self.combo.setCurrentIndex(row)

    def _chosen(self) -> None:
        self.changed.emit(self._name)


def _hint_label() -> QLabel:
    label = QLabel()
    label.setProperty("role", "hint")
    label.setWordWrap(True)
    return label


def _show_text(label: QLabel, text: str) -> None:
    if text != label.text():
        label.setText(text)
        label.setVisible(bool(text))
