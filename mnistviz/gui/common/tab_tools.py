"""The controls of a tab, at the right of the row of tabs, and their actions and submenus for the menu."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Final, NamedTuple

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QMenu, QPushButton, QWidget

from mnistviz.gui.common.fitted import Fitted
from mnistviz.gui.common.layouts import row_of
from mnistviz.gui.common.steady import SteadyList
from mnistviz.gui.common.switch import Switch
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.timers import new_timer
from mnistviz.gui.common.tooltips import tooltip, without_mnemonic
from mnistviz.gui.common.widgets import describe, new_action, push_button


class ChoiceActions(QObject):
    """A choice of one of several, as actions for a menu and as a control that shows the same: a switch, or a list."""

    chosen = Signal(str)

    def __init__(
        self,
        name: str,
        accessible: str,
        parts: tuple[tuple[str, str, str], ...],
        parent: QWidget,
        *,
        tip: str = "",
    ) -> None:
        """Each part is id, text with mnemonic, and tooltip; the first is chosen. With a `tip` the control is a list."""
        super().__init__(parent)
        self._group = QActionGroup(self)
        self._value = parts[0][0]
        self.actions: dict[str, QAction] = {}
        for id, words, says in parts:
            action, act = f"{name}_{id}_action", partial(self._choose, id)
            self.actions[id] = new_action(self._group, action, words, says, checkable=True, act=act)
        named = [(id, without_mnemonic(words), says) for id, words, says in parts]
        self.control: Switch | SteadyList = (
            SteadyList() if tip else Switch(name, accessible, named, self._choose)
        )
        if isinstance(self.control, SteadyList):
            for id, words, _ in named:
                self.control.addItem(words, id)
            describe(self.control, name, accessible, tip)
            self.control.activated.connect(lambda row: self._choose(parts[row][0]))
        self.set_value(self._value)

    def value(self) -> str:
        return self._value

    def set_value(self, id: str) -> None:
        if id not in self.actions:
            return
        self._value = id
        self.actions[id].setChecked(True)
        if isinstance(self.control, SteadyList):
            self.control.setCurrentIndex(self.control.findData(id))
        else:
            self.control.set_value(id)

    def choose(self, id: str) -> None:
        if id in self.actions and id != self._value:
            self._choose(id)

    def _choose(self, id: str) -> None:
        self.set_value(id)
        self.chosen.emit(id)


_LEAST: Final = 32  # pixels: the least width for the button of hidden controls


class TabTools(Fitted, QWidget):
    """Controls at the right of the tabs. If there is little room, the last ones move into the menu of a button."""

    def __init__(self, view: QWidget, name: str, *controls: QWidget) -> None:
        super().__init__()
        view.destroyed.connect(self.deleteLater)  # controls that are lent elsewhere are deleted, too
        self.setObjectName(name)
        self._all = self._controls = controls
        self._off = set[QWidget]()
        self._is_fitting = False  # True while it hides and shows controls
        self._fit_timer = new_timer(self, self.refit)
        tip, spoken = tr("Offers the choices that have no room here."), tr("More choices")
        more = f"{name}_more"
        self.more = push_button("option", more, tr("…"), tip, accessible=spoken, act=self._open_more)
        self.more.hide()
        everything = (*reversed(controls), self.more)
        parts = ((control, 0, Qt.AlignmentFlag.AlignVCenter) for control in everything)
        row_of(None, *parts, spacing=6, margins=(8, 0, 0, 0), inside=self)

    def offer(self, control: QWidget, on: bool) -> None:
        (self._off.discard if on else self._off.add)(control)
        self.refit()

    def lend(self, controls: tuple[QWidget, ...]) -> None:
        """Release these controls to a place that has more room for them, and take back all others."""
        row = self.layout()
        assert isinstance(row, QHBoxLayout)
        for control in reversed(self._all):
            if control not in controls:
                row.removeWidget(control)  # else its place counts as one before the button
                row.insertWidget(row.indexOf(self.more), control)
        self._controls = tuple(control for control in self._all if control not in controls)
        self.refit()

    def sizeHint(self) -> QSize:
        hints = [control.sizeHint() for control in self._all]
        return QSize(8 + sum(hint.width() + 6 for hint in hints), max(hint.height() for hint in hints))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit_timer.start()  # a control has another width; later, since it may be changing now
        return super().event(event)

    def refit(self) -> None:
        """Hide the controls that do not fit. A reentrant call is deferred: Qt may be about to show one of them."""
        if self._is_fitting:
            self._fit_timer.start()
            return
        self._is_fitting = True
        wanted = [control for control in self._controls if control not in self._off]
        free = self.width() - 2  # a gap beside each but the last
        lacks = sum(control.sizeHint().width() + 6 for control in wanted) > free
        if lacks:
            free -= self.more.sizeHint().width() + 6
        for control in self._controls:
            if control in wanted:
                free -= control.sizeHint().width() + 6
            control.setVisible(control in wanted and free >= 0)
        self.more.setVisible(lacks and self.width() >= _LEAST)
        self._is_fitting = False

    def more_menu(self) -> QMenu:
        """Return a menu of the hidden controls: a submenu for each choice, an action for each button."""
        menu = QMenu(self, toolTipsVisible=True)
        for control in self._controls:
            if control in self._off or not control.isHidden():
                continue
            if isinstance(control, QPushButton):
                action = menu.addAction(control.accessibleName())
                action.setEnabled(control.isEnabled())
                action.setToolTip(control.toolTip())
                action.triggered.connect(control.click)
            else:
                _add_choices(menu.addMenu(control.accessibleName()), control)
        return menu

    def _open_more(self) -> None:
        menu = self.more_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))


def _add_choices(menu: QMenu, control: QWidget) -> None:
    """Add the words of a switch or a list; each does what a click on it does."""
    menu.setToolTipsVisible(True)
    if isinstance(control, Switch):
        for part in control.parts.values():
            if not (part.isHidden() and part.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide)):
                _add_choice(menu, part.text(), part.toolTip(), part.click, on=part.isChecked())
    elif isinstance(control, QComboBox):
        for row in range(control.count()):
            tip = control.itemData(row, Qt.ItemDataRole.ToolTipRole) or ""
            choose, on = partial(_choose_row, control, row), row == control.currentIndex()
            _add_choice(menu, control.itemText(row), tip, choose, on=on)


def _choose_row(control: QComboBox, row: int) -> None:
    control.setCurrentIndex(row)
    control.activated.emit(row)


def _add_choice(menu: QMenu, words: str, tip: str, choose: Callable[[], object], *, on: bool) -> None:
    action = menu.addAction(words)
    action.setToolTip(tip)
    action.setCheckable(True)
    action.setChecked(on)
    action.triggered.connect(choose)


class ComparedChoice(NamedTuple):
    """An entry: its text, its tooltip, whether it is chosen, and the function that chooses it."""

    words: str
    tip: str
    is_chosen: bool
    choose: Callable[[], object]


class ComparedList(SteadyList):
    """A list of what can be compared with."""

    def __init__(self, name: str, tip: str) -> None:
        super().__init__()
        self._choices: Sequence[ComparedChoice] = ()
        describe(self, name, tr("Compared with"), tip)
        self.activated.connect(lambda row: self._choices[row].choose())

    def show_choices(self, choices: Sequence[ComparedChoice]) -> None:
        if [each[:2] for each in choices] != [each[:2] for each in self._choices]:
            self.clear()
            for row, choice in enumerate(choices):
                self.addItem(choice.words)
                self.setItemData(row, tooltip(choice.tip), Qt.ItemDataRole.ToolTipRole)
        self._choices = choices
        self.setCurrentIndex(next((row for row, each in enumerate(choices) if each.is_chosen), 0))


class ComparedMenu(QObject):
    def __init__(self, menu: QMenu, name: str, choices: Callable[[], Iterable[ComparedChoice]]) -> None:
        super().__init__(menu)
        self._choices = choices
        self._menu = menu.addMenu(tr("&Compared with"))
        self._menu.setObjectName(name)
        self._menu.setToolTipsVisible(True)
        self._menu.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        self._menu.clear()
        for choice in self._choices():
            _add_choice(self._menu, choice.words, tooltip(choice.tip), choice.choose, on=choice.is_chosen)
