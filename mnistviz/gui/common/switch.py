"""A segmented control: a few words side by side, of which one is chosen."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QFontMetrics
from PySide6.QtWidgets import QButtonGroup, QPushButton, QSizePolicy, QWidget

from mnistviz.gui.common.fitted import Fitted
from mnistviz.gui.common.layouts import row_of, styled
from mnistviz.gui.common.widgets import demi_bold, describe

_HEIGHT, _ABOVE, _BESIDE = 24, 9, 10  # pixels: least height, above and below the words, at each side


class _Part(Fitted, QPushButton):
    """One word. Its width is that in bold, chosen or not."""

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(demi_bold(self.font()))
        height = max(_HEIGHT, metrics.height() + _ABOVE)
        return QSize(metrics.horizontalAdvance(self.text()) + 2 * _BESIDE, height)

    minimumSizeHint = sizeHint


class Switch(QWidget):
    """A choice of two or more words. Tab moves to it, Left and Right choose; its size does not depend on the choice."""

    def __init__(
        self,
        name: str,
        accessible: str,
        parts: Iterable[tuple[str, str, str]],
        chosen: Callable[[str], object] = lambda _id: None,
    ) -> None:
        """Each part is an id, its word and its tooltip; the first one is chosen. `chosen` gets the user's choice."""
        super().__init__(accessibleName=accessible)
        self._chosen = chosen
        styled(self, "switch", name)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        group = QButtonGroup(self)
        self.parts: dict[str, QPushButton] = {}
        for id, word, tip in parts:
            part = self.parts[id] = styled(_Part(word), "switchPart")
            part.setCheckable(True)
            part.setAutoDefault(False)
            describe(part, f"{name}_{id}", word, tip)
            group.addButton(part)
        row_of(*self.parts.values(), spacing=0, inside=self)
        self._value = ""
        self.set_value(next(iter(self.parts)))
        group.buttonClicked.connect(self._clicked)

    def value(self) -> str:
        return self._value

    def set_value(self, id: str) -> None:
        if id in self.parts:
            self._value = id
            self.parts[id].setChecked(True)
            self._keep_keys()

    def follow(self, action: QAction) -> None:
        """Bind the switch to a checkable action: its last word means checked."""
        first, *_, last = self.parts
        self._chosen = lambda id: action.setChecked(id == last)
        action.toggled.connect(lambda on: self.set_value(last if on else first))
        self.set_value(last if action.isChecked() else first)

    def _clicked(self) -> None:
        if (value := next(id for id, part in self.parts.items() if part.isChecked())) != self._value:
            self._value = value
            self._keep_keys()
            self._chosen(value)

    def _keep_keys(self) -> None:
        """Let Tab move to the chosen part only; a click leaves the focus where it is."""
        policy = Qt.FocusPolicy
        for id, part in self.parts.items():
            part.setFocusPolicy(policy.TabFocus if id == self._value else policy.NoFocus)
