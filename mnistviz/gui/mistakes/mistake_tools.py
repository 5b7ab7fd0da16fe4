"""What the tab *Mistakes* has in the row of tabs: which digits, as a switch and as actions for the menu."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from mnistviz.gui.common.mnemonics import without_mnemonic
from mnistviz.gui.common.switch import Switch
from mnistviz.gui.common.tooltips import set_tooltip


class ChoiceActions(QObject):
    """A choice of one of several, as actions for a menu and as a switch that shows the same."""

    chosen = Signal(str)
    """Another one, by its id."""

    def __init__(
        self, name: str, accessible: str, parts: tuple[tuple[str, str, str], ...], parent: QWidget
    ) -> None:
        """Each part is an id, its words with a mnemonic, and what its tooltip says; the first one is chosen."""
        super().__init__(parent)
        self._group = QActionGroup(self)
        self.actions: dict[str, QAction] = {}
        for id, words, tip in parts:
            action = self.actions[id] = QAction(words, self._group)
            action.setObjectName(f"{name}_{id}_action")
            action.setCheckable(True)
            set_tooltip(action, tip)
            action.setWhatsThis(tip)
        self.switch = Switch(
            name, accessible, [(id, without_mnemonic(words), tip) for id, words, tip in parts]
        )
        self.set_value(parts[0][0])
        self.switch.chosen.connect(self._choose)
        self._group.triggered.connect(
            lambda action: self._choose(next(id for id, each in self.actions.items() if each is action))
        )

    def value(self) -> str:
        """The id of the one that is chosen."""
        return self.switch.value()

    def set_value(self, id: str) -> None:
        """Chooses one, without telling; an id that there is not changes nothing."""
        if id in self.actions:
            self.actions[id].setChecked(True)
            self.switch.set_value(id)

    def _choose(self, id: str) -> None:
        self.set_value(id)
        self.chosen.emit(id)


class MistakeTools(QWidget):
    """Controls at the right of the row of tabs. Those that come first stay longest where there is little room; they
    stand at the right."""

    def __init__(self, *controls: QWidget) -> None:
        super().__init__()
        self.setObjectName("mistake_tools")
        self._controls, self._off = controls, set[QWidget]()
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 0, 0)
        row.setSpacing(6)
        row.addStretch(1)
        for control in reversed(controls):
            row.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)

    def offer(self, control: QWidget, on: bool) -> None:
        """Whether a control is of any use now."""
        (self._off.discard if on else self._off.add)(control)
        self._fit()

    def sizeHint(self) -> QSize:
        hints = [control.sizeHint() for control in self._controls]
        return QSize(8 + sum(hint.width() + 6 for hint in hints), max(hint.height() for hint in hints))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        free = self.width() - 8
        for control in self._controls:
            if control in self._off:
                control.hide()
                continue
            free -= control.sizeHint().width() + 6
            control.setVisible(free >= 0)
