"""What assistive technologies get of widgets that Qt would call check boxes, panes, or sliders without a unit."""

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface, QActionGroup
from PySide6.QtWidgets import (
    QAbstractButton,
    QAccessibleWidget,
    QApplication,
    QCheckBox,
    QGraphicsView,
    QPushButton,
    QRadioButton,
    QSlider,
    QStackedWidget,
    QToolButton,
    QWidget,
)

from mnistviz.gui.common.painted_figure import PaintedFigure
from mnistviz.gui.common.steady import SteadySlider
from mnistviz.gui.common.tooltips import without_mnemonic

_ROLE, _TEXT = QAccessible.Role, QAccessible.Text
_OF_STYLES: Final = {
    "tab": _ROLE.PageTab, "workspace": _ROLE.PageTab, "pageEntry": _ROLE.PageTab,
    "lane": _ROLE.RadioButton, "answer": _ROLE.RadioButton,
    "foldLine": _ROLE.Button, "choice": _ROLE.Button, "heading": _ROLE.Button,
    "switch": _ROLE.Grouping, "lanes": _ROLE.Grouping,
}  # fmt: skip
"""Roles by the property `role` of a widget, which the style sheet uses. A checkable button opens and closes a part."""


class _Interface(QAccessibleWidget):
    def childCount(self) -> int:
        return 0  # its labels and its viewport are parts of it

    def text(self, kind: QAccessible.Text) -> str:
        widget = self.widget()
        if kind == _TEXT.Description and not widget.accessibleDescription() and hasattr(widget, "heard"):
            return str(widget.heard())
        return super().text(kind)

    def acts(self) -> dict[str, Callable[[], object]]:
        """Return what can be done with it, by Qt's names."""
        return {}

    def actionNames(self) -> list[str]:
        return [*self.acts(), *super().actionNames()]

    def doAction(self, name: str) -> None:
        self.acts().get(name, lambda: super(_Interface, self).doAction(name))()


class _Button(_Interface):
    """A button; what kind is known only later, since Qt asks for its interface while it is made."""

    def role(self) -> QAccessible.Role:
        button = self.widget()
        if isinstance(button, (QPushButton, QToolButton)) and button.menu() is not None:
            return _ROLE.ButtonMenu
        if not isinstance(button, QAbstractButton) or not button.isCheckable():
            return _ROLE.Button
        if (role := _OF_STYLES.get(str(button.property("role")))) is not None:
            return role
        action = button.defaultAction() if isinstance(button, QToolButton) else None
        one_of = button.group() if action is None else action.actionGroup()
        is_one_of = isinstance(one_of, QActionGroup) or (one_of is not None and one_of.exclusive())
        return _ROLE.RadioButton if is_one_of else _ROLE.CheckBox

    def text(self, kind: QAccessible.Text) -> str:
        text, button = super().text(kind), self.widget()
        if not text and kind == _TEXT.Name and isinstance(button, QAbstractButton):
            return without_mnemonic(button.text())
        return text

    def state(self) -> QAccessible.State:
        state, button, role = super().state(), self.widget(), self.role()
        if not isinstance(button, QAbstractButton) or not button.isCheckable():
            return state
        on = button.isChecked()
        if role == _ROLE.Button:
            state.expandable, state.expanded, state.collapsed = True, on, not on
        elif role == _ROLE.PageTab:
            state.selectable, state.selected = True, on
        else:
            state.checkable, state.checked = True, on
        return state

    def acts(self) -> dict[str, Callable[[], object]]:
        button = self.widget()
        return {self.pressAction(): button.click} if isinstance(button, QAbstractButton) else {}


class _Slider(_Interface):
    """Its value is a text: PySide has no way to return an interface of numbers."""

    def text(self, kind: QAccessible.Text) -> str:
        text, slider = super().text(kind), self.widget()
        if isinstance(slider, SteadySlider) and kind in (_TEXT.Name, _TEXT.Value):
            value = slider.words(slider.value())
            return f"{text}: {value}" if kind == _TEXT.Name else value
        return text

    def acts(self) -> dict[str, Callable[[], object]]:
        slider, step = self.widget(), QSlider.SliderAction
        if not isinstance(slider, QSlider):
            return {}
        return {
            self.increaseAction(): partial(slider.triggerAction, step.SliderSingleStepAdd),
            self.decreaseAction(): partial(slider.triggerAction, step.SliderSingleStepSub),
        }


def _interface(kind: str, thing: QObject | None) -> QAccessibleInterface | None:
    """Return the interface of a widget that has another one than Qt's. Qt asks for each of its classes in turn."""
    if not isinstance(thing, QWidget) or kind != thing.metaObject().className():
        return None
    role = _OF_STYLES.get(str(thing.property("role")))
    if isinstance(thing, QAbstractButton) and not isinstance(thing, (QCheckBox, QRadioButton)):
        return _Button(thing)
    if isinstance(thing, SteadySlider):
        return _Slider(thing, _ROLE.Slider)
    if isinstance(thing, (PaintedFigure, QGraphicsView)) or getattr(thing, "is_picture", False):
        return _Interface(thing, _ROLE.Graphic)
    if isinstance(thing, QStackedWidget):
        role = _ROLE.Client  # "layered pane" says nothing
    return None if role is None else QAccessibleWidget(thing, role)


def _refresh(before: QWidget | None, now: QWidget | None) -> None:
    """Let a reader forget the description of what gets the focus: it keeps those that it has read."""
    if now is not None and hasattr(now, "heard") and QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleEvent(now, QAccessible.Event.DescriptionChanged))


def install(app: QApplication) -> None:
    QAccessible.installFactory(_interface)
    app.focusChanged.connect(_refresh)
