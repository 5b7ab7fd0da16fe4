"""What Help has to show: the keys, the log, and what the program is."""

from __future__ import annotations

import platform
from pathlib import Path

import numpy as np
import PySide6
from PySide6.QtCore import QEvent, QObject, Qt, QUrl, qVersion
from PySide6.QtGui import QAction, QDesktopServices, QHelpEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QMainWindow,
    QMenu,
    QTextBrowser,
    QVBoxLayout,
    QWhatsThis,
    QWidget,
)

from mnistviz import __version__
from mnistviz.gui.common.mnemonics import without_mnemonic


class Help(QObject):
    """Opens its pages above `window`."""

    def __init__(self, window: QMainWindow, log_file: Path | None) -> None:
        super().__init__(window)
        self._window = window
        self._log_file = log_file
        window.installEventFilter(self)
        self.whats_this_action = QWhatsThis.createAction(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What's This of a label is that of what it names: its buddy, or the control beside it of the same name."""
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

    def show_keys(self) -> None:
        """Lists the keys of all actions in the menus, and what the mouse does where."""
        rows = "".join(
            f"<tr><td style='padding-right: 24px'><b>{action.shortcut().toString()}</b></td>"
            f"<td>{without_mnemonic(action.text()).rstrip(' …')}</td></tr>"
            for action in self._all_actions()
            if not action.shortcut().isEmpty()
        )
        gestures = self.tr(
            "<p><b>Space</b> starts and pauses wherever the focus is, unless one types. <b>Escape</b> puts a field "
            "back, makes small again what was enlarged, or takes the cursor of a plot away.</p>"
            "<p><b>Curves:</b> wheel and drag zoom and move, F or a double-click follows the run again. With the "
            "keyboard, the arrows, Home and End move the cursor, + and − zoom.</p>"
            "<p><b>Hidden units:</b> point at one to read its numbers, click to open it large. With the keyboard, the "
            "arrows choose one and Return opens it; in its window Left and Right go to the next.</p>"
            "<p><b>Scratchpad:</b> left draws, right erases; a tablet's pressure and eraser end work.</p>"
            "<p><b>Rows of digits:</b> Left and Right, Home and End choose a digit, Insert cuts it in two, "
            "Shift+Left and Shift+Right move the cut at its right, Backspace takes that away. With the mouse, drag the "
            "handle of a cut, drag it off to take it away, double-click between two for another.</p>"
            "<p><b>Settings and η:</b> Up and Down change a number, arrow keys move a slider, a double-click on the "
            "name or the slider brings the default back. A hidden layer whose field is emptied is taken out. Return "
            "presses the button that has the focus.</p>"
        )
        self._show_text(self.tr("Keys and gestures"), f"<table>{rows}</table>{gestures}")

    def _all_actions(self) -> list[QAction]:
        menus = [action.menu() for action in self._window.menuBar().actions()]
        return [action for menu in menus if isinstance(menu, QMenu) for action in menu.actions()]

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
        dialog = TextDialog(title, html, self._window)
        dialog.open()


class TextDialog(QDialog):
    """A page to read."""

    def __init__(self, title: str, html: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("text_dialog")
        self.setWindowTitle(title)
        column = QVBoxLayout(self)
        text = QTextBrowser()
        text.setObjectName("text")
        text.setAccessibleName(title)
        text.setOpenExternalLinks(True)
        text.setHtml(html)
        column.addWidget(text)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)
        self.resize(520, 480)
