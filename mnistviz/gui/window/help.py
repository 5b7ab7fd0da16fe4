"""What Help has to show: the guide, the keys, the log, and what the program is."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import PySide6
from PySide6.QtCore import QEvent, QObject, QUrl, qVersion
from PySide6.QtGui import QDesktopServices, QHelpEvent
from PySide6.QtWidgets import QLabel, QMainWindow, QMenu, QWhatsThis, QWidget

from mnistviz import __version__
from mnistviz.gui.common.look import Look
from mnistviz.gui.common.mnemonics import without_mnemonic
from mnistviz.gui.common.tooltips import keys_text

if TYPE_CHECKING:
    from mnistviz.gui.window.guide import GuideWindow

Group = tuple[str, list[tuple[str, str]]]
"""A heading, and keys or gestures with what they do."""


class Help(QObject):
    """Opens its pages above `window`."""

    def __init__(self, window: QMainWindow, look: Look, log_file: Path | None) -> None:
        super().__init__(window)
        self._window, self._look = window, look
        self._guide: GuideWindow | None = None
        look.changed.connect(self._apply_look)
        self._log_file = log_file
        self.whats_this_action = QWhatsThis.createAction(self)
        self.whats_this_action.triggered.connect(self._listen)

    def _listen(self) -> None:
        """Hears all that comes to the window, as long as one asks what things are."""
        self._window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What's This of a label is that of what it names: its buddy, or the control beside it of the same name."""
        if event.type() == QEvent.Type.LeaveWhatsThisMode:
            self._window.removeEventFilter(self)
        asked = event.type() in (QEvent.Type.WhatsThis, QEvent.Type.QueryWhatsThis)
        if not asked or not isinstance(event, QHelpEvent):
            return False
        label = self._window.childAt(event.pos())
        named = self._named_by(label) if isinstance(label, QLabel) else None
        if named is None or not named.whatsThis():
            return False
        if event.type() == QEvent.Type.WhatsThis:
            QWhatsThis.showText(event.globalPos(), named.whatsThis(), self._window)
        event.accept()
        return True

    def _named_by(self, label: QLabel) -> QWidget | None:
        name, around = without_mnemonic(label.text()), label.parentWidget() or self._window
        beside = (
            each
            for each in around.findChildren(QWidget)
            if each.accessibleName() == name and each.whatsThis()
        )
        return label.buddy() or next(beside, None)

    def show_log(self) -> None:
        """Opens the log file, if there is one."""
        if self._log_file is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._log_file)))

    def show_guide(self, section: str = "") -> None:
        """Opens the user's guide, if wanted at a `section` as links call it."""
        from mnistviz.gui.window.guide import (
            GuideWindow,  # here, as the others below: the window opens sooner
        )

        if self._guide is None:
            self._guide = GuideWindow(self._look.theme, self._window)
        self._guide.show()
        self._guide.raise_()
        self._guide.activateWindow()
        if section:
            self._guide.page.go_to(section)

    def _apply_look(self) -> None:
        if self._guide is not None:
            self._guide.set_theme(self._look.theme)

    def show_keys(self) -> None:
        """Lists the keys of all actions, menu by menu, and what the mouse and other keys do where."""
        groups = [*self._keys_of_menus(), *self._gestures()]
        html = "".join(_group(title, rows) for title, rows in groups if rows)
        self._show_text(self.tr("Keys and gestures"), html)

    def _keys_of_menus(self) -> Iterator[Group]:
        for top in self._window.menuBar().actions():
            menu = top.menu()
            if isinstance(menu, QMenu):
                actions = (action for action in menu.actions() if not action.shortcut().isEmpty())
                yield (
                    without_mnemonic(top.text()),
                    [
                        (keys_text(action.shortcut()), without_mnemonic(action.text()).rstrip(" …"))
                        for action in actions
                    ],
                )

    def _gestures(self) -> list[Group]:
        return [
            (
                self.tr("Anywhere"),
                [
                    (self.tr("Space"), self.tr("starts and pauses, unless one types")),
                    (self.tr("Return"), self.tr("presses the button that has the focus")),
                    (
                        self.tr("Escape"),
                        self.tr(
                            "puts a field back; stops a replay; makes small what was enlarged; closes a docked unit; "
                            "lets go of a chosen one; takes the cursor of a plot away"
                        ),
                    ),
                ],
            ),
            (
                self.tr("In the network"),
                [
                    (self.tr("point"), self.tr("reads a unit, and shows where it passes most on")),
                    (self.tr("click"), self.tr("keeps that")),
                    (
                        self.tr("double-click, Return"),
                        self.tr("shows a unit large; Left and Right go to the next"),
                    ),
                    (self.tr("0 … 9, a click on an output"), self.tr("tells everything for that output")),
                    (self.tr("arrows, Home, End"), self.tr("go from unit to unit")),
                ],
            ),
            (
                self.tr("On the scratchpad"),
                [
                    (self.tr("left button, pen"), self.tr("draws; a tablet's pressure thickens the line")),
                    (self.tr("right button, a pen's other end"), self.tr("erases")),
                    (self.tr("Left, Right"), self.tr("the test digit before, and after")),
                ],
            ),
            (
                self.tr("In a row of digits"),
                [
                    (self.tr("Left, Right, Home, End"), self.tr("choose a digit")),
                    (self.tr("Insert, a double-click between two"), self.tr("cuts in two")),
                    (
                        self.tr("{keys}, drag a handle").format(keys=keys_text("Shift+Left, Shift+Right")),
                        self.tr("moves the cut at its right"),
                    ),
                    (self.tr("Backspace, drag a handle off"), self.tr("takes the cut away")),
                ],
            ),
            (
                self.tr("In the ideas"),
                [
                    (self.tr("drag, arrows"), self.tr("move a handle, with Shift ten times as far")),
                    (self.tr("Tab"), self.tr("goes to the next handle of a figure")),
                ],
            ),
            *self._gestures_below(),
        ]

    def _gestures_below(self) -> list[Group]:
        return [
            (
                self.tr("In the curves"),
                [
                    (self.tr("wheel, + and −"), self.tr("zoom")),
                    (self.tr("click, Return at the cursor"), self.tr("looks at that moment")),
                    (self.tr("drag"), self.tr("moves, once zoomed in")),
                    (self.tr("double-click"), self.tr("follows the run again, live")),
                    (self.tr("arrows, Home, End"), self.tr("move the cursor")),
                ],
            ),
            (
                self.tr("On the lanes of runs"),
                [
                    (self.tr("click, Return"), self.tr("selects the run")),
                    (self.tr("double-click"), self.tr("gives it a name")),
                    (self.tr("right-click, Menu"), self.tr("shows what else can be done with it")),
                    (self.tr("Up, Down"), self.tr("go to the next lane")),
                    (self.tr("Del"), self.tr("closes the run")),
                ],
            ),
            (
                self.tr("On the strip of time"),
                [
                    (self.tr("click, drag"), self.tr("looks at that moment; training waits")),
                    (self.tr("click on a flag, on the star"), self.tr("looks at exactly that moment")),
                    (self.tr("arrows, with Shift"), self.tr("one mini-batch, ten")),
                    (self.tr("Page up, Page down"), self.tr("to the end of an epoch")),
                    (self.tr("Home, End"), self.tr("to the first moment, to the last")),
                    (self.tr("double-click"), self.tr("brings live back")),
                ],
            ),
            (
                self.tr("In the settings and at η"),
                [
                    (self.tr("Up, Down"), self.tr("change the number in a field")),
                    (self.tr("double-click on a name or a slider"), self.tr("brings the default back")),
                    (self.tr("empty field of a hidden layer"), self.tr("takes the layer out")),
                ],
            ),
        ]

    def show_about(self) -> None:
        """Versions and licences."""
        from importlib.metadata import version  # slow to import, and seldom wanted

        versions = ", ".join(
            (
                f"Python {platform.python_version()}",
                f"NumPy {np.__version__}",
                f"PySide6 {PySide6.__version__}",
                f"Qt {qVersion()}",
                f"pyqtgraph {version('pyqtgraph')}",
            )
        )
        self._show_text(
            self.tr("About mnistviz"),
            f"<h2>mnistviz {__version__}</h2>"
            + self.tr(
                "<p>Watch a neural network learn to read handwritten digits, steer it while it learns, and look "
                "inside it.</p><p>mnistviz is free software under the MIT licence.</p>"
                "<p>The MNIST digits were put together by Yann LeCun, Corinna Cortes and Christopher J. C. Burges "
                "(CC BY-SA 3.0). The network follows the first chapter of Michael Nielsen's book "
                "<i>Neural Networks and Deep Learning</i>.</p>"
                "<p>Built with NumPy (BSD), Qt and PySide6 (LGPL 3), pyqtgraph (MIT) and threadpoolctl (BSD).</p>"
            )
            + f"<p>{versions}, {platform.system()} {platform.machine()}</p>",
        )

    def _show_text(self, title: str, html: str) -> None:
        from mnistviz.gui.window.text_dialog import TextDialog

        dialog = TextDialog(title, html, self._window)
        dialog.open()


def _group(title: str, rows: Iterable[tuple[str, str]]) -> str:
    """Keys or gestures below a heading."""
    lines = "".join(
        f"<tr><td width='200' style='padding: 1px 20px 1px 0'><b>{escape(key)}</b></td><td>{escape(does)}</td></tr>"
        for key, does in rows
    )
    return f"<h4>{escape(title)}</h4><table width='100%'>{lines}</table>"
