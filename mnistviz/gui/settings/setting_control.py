"""The control of a setting: a name, a dot while the change is pending, a list or a number field, and a hint."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent, QStandardItemModel
from PySide6.QtWidgets import QLabel, QWidget

from mnistviz.gui.common.layouts import column_of, row_of, styled
from mnistviz.gui.common.number_edit import NumberEdit
from mnistviz.gui.common.scales import Scale
from mnistviz.gui.common.steady import SteadyList
from mnistviz.gui.common.theme import TEXT
from mnistviz.gui.common.tooltips import keys_text
from mnistviz.gui.common.widgets import describe
from mnistviz.gui.common.wrapped import WrappedLabel

_WIDTH = 260  # pixels
_BELOW, _SIDE = 4, 4  # pixels, below the field, and from the edge of the window at least


class FieldError(WrappedLabel):
    """A sentence below a field, on top of other widgets: nothing moves, so the next click hits its target. It follows
    the field when that moves."""

    def __init__(self, owner: QWidget) -> None:
        """Create the label as a child of `owner`; it is shown in the window of the field."""
        super().__init__(parent=owner)
        self._field: QWidget | None = None
        self.setProperty("role", "overlay")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_error(self, field: QWidget, why: str) -> None:
        """Show why the text of this field is invalid; an empty sentence hides the error."""
        if not (why or self.text()):
            return
        self._watch(False)
        self._field = field
        self.setText(why)
        self.hide()
        if why:
            self._watch(True)
            self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the field when it or a parent is moved, scrolled or resized."""
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize):
            self._place()
        return False

    def _watch(self, watches: bool) -> None:
        around = self._field
        while around is not None:
            around.removeEventFilter(self)
            if watches:
                around.installEventFilter(self)
            around = None if around.isWindow() else around.parentWidget()

    def _place(self) -> None:
        field = self._field
        assert field is not None
        window = field.window()
        if self.parent() is not window:
            self.setParent(window)
        self.setVisible(not field.visibleRegion().isEmpty())  # the field may be scrolled out of view
        self.setFixedWidth(_WIDTH)
        self.resize(_WIDTH, self.heightForWidth(_WIDTH))
        corner = field.mapTo(window, QPoint(field.width(), field.height() + _BELOW))
        self.move(max(_SIDE, corner.x() - _WIDTH), corner.y())
        self.raise_()


DOT_ROOM = 9  # pixels before a name, for its dot
PAUSE = 1.0  # seconds: key presses that follow each other faster are one gesture


class ChangeDot(QWidget):
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
        raise NotImplementedError

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
            buddy.setAccessibleDescription(self.tr("Changed, not in use yet.") if waits else "")

    def fit_font(self) -> None:
        """Adapt the widths of the parts to the size of text."""

    def set_hint(self, text: str) -> None:
        show_text(self.hint, text)

    def _describe(self, tip: str) -> None:
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
    return round(pixels * widget.fontInfo().pixelSize() / TEXT)


def hint_label() -> QLabel:
    """Return a small line that wraps, hidden while it is empty."""
    label = styled(WrappedLabel(), "hint")
    label.setContentsMargins(DOT_ROOM, 0, 0, 0)
    label.hide()
    return label


def show_text(label: QLabel, text: str) -> None:
    if text != label.text():
        label.setText(text)
        label.setVisible(bool(text))


CHOICE_WIDTH = 124  # pixels of a list at least, with text of the usual size


class ChoiceControl(SettingControl):
    """A label and a list to choose from, with a hint below. Invalid choices can be disabled, with the reason."""

    def __init__(self, label: str, name: str, names: Mapping[str, str], default: str) -> None:
        super().__init__(label, name)
        self._default = default
        self._reasons: tuple[str, ...] = ()
        self.combo = SteadyList()
        self.label.setBuddy(self.combo)
        for value, text in names.items():
            self.combo.addItem(text, value)
        self.combo.setCurrentIndex(self.combo.findData(default))
        self.combo.currentIndexChanged.connect(self._chosen)
        row = row_of(self.label, self.combo, spacing=0)
        row.addStretch()
        column_of(row, self.hint, spacing=2, inside=self)
        self.explain("")

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

    def _reset(self) -> None:
        model = self.combo.model()
        assert isinstance(model, QStandardItemModel)
        row = self.combo.findData(self._default)
        if model.item(row).isEnabled():
            self.combo.setCurrentIndex(row)

    def _chosen(self) -> None:
        self._emit_changed()


NUMBER_WIDTH = 68  # pixels of a field at least, with text of the usual size


class NumberField(SettingControl):
    """A label and a field for an exact number within bounds; Up and Down step through `scale`. An error is shown on top
    of other widgets while the field has the focus, and by a signal once the user has moved on: nothing moves, so the
    next click hits its target."""

    def __init__(
        self,
        label: str,
        name: str,
        bounds: tuple[float, float],
        default: float,
        *,
        whole: bool = False,
        scale: Scale | None = None,
        letters: int = 6,
        grows: bool = True,
    ) -> None:
        super().__init__(label, name)
        self._default = default
        self.field = NumberEdit(
            label, bounds, default, self._changed, refused=self._refused,
            whole=whole, scale=scale, letters=letters, grows=grows,
        )  # fmt: skip
        self.label.setBuddy(self.field)
        self._lay_out()
        self.explain("")

    def add_beside(self, part: QWidget) -> None:
        self._row.insertSpacing(2, 6)
        self._row.insertWidget(3, part)

    def fit_font(self) -> None:
        self.field.setMinimumWidth(scaled(NUMBER_WIDTH, self))

    def value(self) -> float:
        return self.field.value()

    def set_value(self, value: float) -> None:
        self.field.set_value(value)

    def _lay_out(self) -> None:
        self._row = row_of(self.label, self.field, spacing=0)
        self._row.addStretch()
        self.field.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        column_of(self._row, self.hint, spacing=2, inside=self)

    def _describe(self, tip: str) -> None:
        describe(self.field, f"{self._name}_field", self._label_text, tip)
        for widget in (self.field, self.label):
            widget.setToolTip(self._with_fact(tip))
        self.label.setWhatsThis(tip)

    def _reset(self) -> None:
        self.field.take(self._default)

    def _changed(self, step: bool) -> None:
        self._emit_changed(goes_on=step)

    def _refused(self, why: str) -> None:
        self._refuse(self.field, why)
