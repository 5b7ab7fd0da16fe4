"""The control of a setting: a name, a dot while the change is pending, a list or a number field, and a hint."""

import time
from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent, QStandardItemModel
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from mnistviz.engine.settings import SETTINGS
from mnistviz.gui.common import setting_names
from mnistviz.gui.common.layouts import LayoutPart, column_of, row_of, styled
from mnistviz.gui.common.number_edit import NumberEdit
from mnistviz.gui.common.place_field import FieldError
from mnistviz.gui.common.scales import Scale
from mnistviz.gui.common.steady import SteadyList
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.tooltips import keys_text
from mnistviz.gui.common.widgets import describe, scaled
from mnistviz.gui.common.wrapped import WrappedLabel

DOT_ROOM = 9  # pixels before a name, for its dot
CHOICE_WIDTH, NUMBER_WIDTH = 118, 68  # pixels of a list and of a field at least, with text of the usual size
PAUSE = 1.0  # seconds: key presses that follow each other faster are one gesture


class ChangeDot(QWidget):
    SIDE = 6  # pixels

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "dot")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedSize(self.SIDE, self.SIDE)


class NameLabel(QLabel):
    """The name of a setting, with room for a dot. It overrides the double-click: a filter would get every event."""

    def __init__(self, text: str, double_clicked: Callable[[], object]) -> None:
        super().__init__(text)
        self.double_clicked = double_clicked
        self.dot = ChangeDot(self)
        self.dot.hide()
        self.setContentsMargins(DOT_ROOM, 0, 0, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.dot.move(0, (self.height() - ChangeDot.SIDE + 1) // 2)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.double_clicked()


class SettingControl(QWidget):
    """A label, and a hint below it. A double-click on the label restores the default. Subclasses define the control."""

    changed = Signal(str)  # by the user; the name of the setting
    refused_later = Signal(str)  # why a number is invalid, once its field has lost the focus

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(f"{name}_control")
        self._name, self._label_text = name, setting_names.label(name)
        self._default: Any = SETTINGS[name].default
        self._tip = self._fact = self._keys = ""
        self.gesture = 0
        """Number of the gesture that made the last change: a drag or a series of key presses is one gesture."""
        self._goes_on_until = 0.0  # seconds, by the monotonic clock
        self.label = NameLabel(self._label_text, self.reset)
        self.hint = hint_label()
        self.error = FieldError(self)

    @abstractmethod
    def value(self) -> Any: ...

    @abstractmethod
    def set_value(self, value: Any) -> None: ...

    @abstractmethod
    def _describe(self, tip: str) -> None: ...

    @abstractmethod
    def reset(self) -> None: ...

    def _place(self, *parts: LayoutPart, label: LayoutPart = None) -> QHBoxLayout:
        """Place the label and the parts in a row, above the hint. Return the row."""
        row = row_of(label or self.label, *parts, spacing=0)
        row.addStretch()
        column_of(row, self.hint, spacing=2, inside=self)
        return row

    def explain(self, tip: str, keys: str = "") -> None:
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
            buddy.setAccessibleDescription(tr("Changed, not in use yet.") if waits else "")

    def fit_font(self) -> None:
        """Adapt the widths of the parts to the size of text."""

    def set_hint(self, text: str) -> None:
        show_text(self.hint, text)

    def _with_fact(self, tip: str) -> str:
        return "\n".join(filter(None, (tip, self._fact))) + self._keys

    def _refuse(self, field: QWidget, why: str) -> None:
        """Show why a number is invalid: below its field while that has the focus; afterwards emit `refused_later`."""
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


def hint_label() -> QLabel:
    """Return a small line that wraps, hidden while it is empty."""
    label = styled(WrappedLabel(), "hint")
    label.setIndent(DOT_ROOM)  # margins a small QFrame loses as the style changes
    label.hide()
    return label


def show_text(label: QLabel, text: str) -> None:
    if text != label.text():
        label.setText(text)
        label.setVisible(bool(text))


class ChoiceControl(SettingControl):
    """A label and a list to choose from, with a hint below. Invalid choices can be disabled, with the reason."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._reasons: tuple[str, ...] = ()
        self.combo = SteadyList()
        self.label.setBuddy(self.combo)
        for value, text in setting_names.choices(name).items():
            self.combo.addItem(text, value)
        self.combo.setCurrentIndex(self.combo.findData(self._default))
        self.combo.currentIndexChanged.connect(lambda: self._emit_changed())
        self._place(self.combo)

    def fit_font(self) -> None:
        self.combo.setMinimumWidth(scaled(CHOICE_WIDTH, self))

    def value(self) -> str:
        return str(self.combo.currentData())

    def set_value(self, value: str) -> None:
        with QSignalBlocker(self.combo):
            self.combo.setCurrentIndex(self.combo.findData(value))

    def disable(self, reasons: Mapping[str, str]) -> None:
        model = self.combo.model()
        assert isinstance(model, QStandardItemModel)
        for row in range(self.combo.count()):
            reason = reasons.get(self.combo.itemData(row), "")
            item = model.item(row)
            item.setEnabled(not reason)
            item.setToolTip(reason)
        self._reasons = tuple(reasons.values())
        self._describe(self._tip)

    def _describe(self, tip: str) -> None:
        describe(self.combo, f"{self._name}_choice", self._label_text, tip)
        self.label.setToolTip(self._with_fact(tip))
        self.label.setWhatsThis(tip)
        self.combo.setToolTip("\n".join((self._with_fact(tip), *self._reasons)))

    def reset(self) -> None:
        model = self.combo.model()
        assert isinstance(model, QStandardItemModel)
        row = self.combo.findData(self._default)
        if model.item(row).isEnabled():
            self.combo.setCurrentIndex(row)


class NumberField(SettingControl):
    """A label and a field for an exact number within bounds; Up and Down step through `scale`. An error is shown on top
    of other widgets while the field has the focus, and by a signal once the user has moved on: nothing moves."""

    def __init__(self, name: str, *, grows: bool = True) -> None:
        super().__init__(name)
        setting = SETTINGS[name]
        self.field = NumberEdit(
            self._label_text, setting.bounds, setting.default, self._changed, refused=self._refused,
            whole=setting.kind is int, scale=None if setting.usual is None else Scale.of(setting), grows=grows,
        )  # fmt: skip
        self.label.setBuddy(self.field)
        self._lay_out()

    def add_beside(self, part: QWidget) -> None:
        self._row.insertSpacing(2, 4)
        self._row.insertWidget(3, part)

    def fit_font(self) -> None:
        self.field.setMinimumWidth(scaled(NUMBER_WIDTH, self))

    def value(self) -> float:
        return self.field.value()

    def set_value(self, value: float) -> None:
        self.field.set_value(value)

    def _lay_out(self) -> None:
        self._row = self._place(self.field)
        self.field.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def _describe(self, tip: str) -> None:
        describe(self.field, f"{self._name}_field", self._label_text, tip)
        for widget in (self.field, self.label):
            widget.setToolTip(self._with_fact(tip))
        self.label.setWhatsThis(tip)

    def reset(self) -> None:
        self.field.take(self._default)

    def _changed(self, step: bool) -> None:
        self._emit_changed(goes_on=step)

    def _refused(self, why: str) -> None:
        self._refuse(self.field, why)
