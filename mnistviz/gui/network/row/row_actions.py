"""The actions of a row, for buttons and the menu."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import new_action, set_icon
from mnistviz.gui.network.pad.scan import Scan
from mnistviz.gui.network.pad.scratchpad import Scratchpad


class RowActions(QObject):
    """Actions of a row. Their shortcuts work while the `card` has the focus, like those of the pad."""

    def __init__(self, pad: Scratchpad, card: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._card = card
        self.wide = pad.row_action
        self.candidates = self._action(
            "candidates",
            self.tr("&All pieces tried"),
            "A",
            self.tr("Shows all pieces that were tried, what the network reads each as, and how sure it is."),
            checkable=True,
        )
        self.walk = self._action(
            "walk",
            self.tr("T&he next piece"),
            "S",
            self.tr("The next piece that was tried goes through the network."),
        )
        self.walk_back = self._action(
            "walk_back",
            self.tr("The piece before"),
            "Shift+S",
            self.tr("The piece before goes through the network."),
        )
        self.cut_again = self._action(
            "cut_again",
            self.tr("Cut a&gain"),
            "C",
            self.tr("Forgets the cuts made by hand and lets the network cut the row."),
        )
        self.picture = self._action(
            "picture",
            self.tr("&Open a picture …"),
            "Ctrl+Shift+O",
            self.tr("Reads a row of digits from a picture. You can also paste it, or drop it on the window."),
            everywhere=True,
        )
        self.part = self._action(
            "part",
            self.tr("Choo&se a part of the picture"),
            "B",
            self.tr("Shows the whole picture: drag a box over the part to read, or click for all of it."),
            checkable=True,
        )
        self.line_below = self._action(
            "line_below",
            self.tr("The &line below"),
            "L",
            self.tr("Reads the next line of writing in the picture."),
        )
        self.line_above = self._action(
            "line_above",
            self.tr("The line above"),
            "Shift+L",
            self.tr("Reads the line of writing above in the picture."),
        )
        self.beside = [self.picture, self.part, self.candidates, self.walk, self.cut_again]
        """The actions with a button beside the pad."""
        self.show_state(read=False, by_hand=False, scan=None)

    def set_theme(self, theme: Theme) -> None:
        for action, name in (
            (self.picture, "picture"),
            (self.part, "part"),
            (self.candidates, "shapes"),
            (self.walk, "walk"),
            (self.cut_again, "scissors"),
        ):
            set_icon(action, name, theme)

    def show_state(self, *, read: bool, by_hand: bool, scan: Scan | None) -> None:
        for action in (self.walk, self.walk_back, self.candidates):
            action.setEnabled(read)
        self.part.setEnabled(scan is not None)
        self.line_below.setEnabled(scan is not None and scan.line + 1 < scan.lines)
        self.line_above.setEnabled(scan is not None and scan.line > 0)
        self.cut_again.setEnabled(by_hand)

    def _action(
        self, name: str, text: str, key: str, tip: str, *, checkable: bool = False, everywhere: bool = False
    ) -> QAction:
        action = new_action(self, f"row_{name}", text, tip, key, checkable=checkable)
        if not everywhere:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.setStatusTip(tip)
        self._card.addAction(action)
        return action
