"""The pages of Help: the guide, the log, and about the program."""

from __future__ import annotations

import platform
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import PySide6
from PySide6.QtCore import QEvent, QObject, Qt, QUrl, qVersion
from PySide6.QtGui import QDesktopServices, QHelpEvent, QIcon
from PySide6.QtWidgets import QLabel, QMainWindow, QMessageBox, QWhatsThis, QWidget

from mnistviz import __version__
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.tooltips import without_mnemonic

if TYPE_CHECKING:
    from mnistviz.gui.window.guide import GuideWindow


class Help(QObject):
    def __init__(self, window: QMainWindow, log_file: Path | None) -> None:
        super().__init__(window)
        self._window, self._log_file = window, log_file
        self._guide: GuideWindow | None = None
        self.whats_this_action = QWhatsThis.createAction(self)
        self.whats_this_action.setIcon(QIcon())
        self.whats_this_action.setShortcutContext(Qt.ShortcutContext.ApplicationShortcut)
        self.whats_this_action.triggered.connect(lambda: window.installEventFilter(self))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Show for a label the What's This of its buddy, or of the control beside it with the same name."""
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
        every = around.findChildren(QWidget)
        beside = (each for each in every if each.accessibleName() == name and each.whatsThis())
        return label.buddy() or next(beside, None)

    def show_log(self) -> None:
        if self._log_file is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._log_file)))

    def show_guide(self) -> None:
        from mnistviz.gui.window.guide import GuideWindow  # imported late, for a faster start

        if self._guide is None:
            self._guide = GuideWindow(self._window)
        self._guide.show()
        self._guide.raise_()
        self._guide.activateWindow()

    def show_about(self) -> None:
        from importlib.metadata import version  # slow to import, and rarely needed

        versions = (
            f"Python {platform.python_version()}, NumPy {np.__version__}, PySide6 {PySide6.__version__}, "
            f"Qt {qVersion()}, pyqtgraph {version('pyqtgraph')}"
        )
        html = (
            f"<h2>mnistviz {__version__}</h2>"
            + tr(
                "<p>Watch a neural network learn to read handwritten digits, steer it while it learns, and look "
                "inside it.</p><p>mnistviz is free software under the MIT licence.</p>"
                "<p>The MNIST digits were put together by Yann LeCun, Corinna Cortes and Christopher J. C. Burges "
                "(CC BY-SA 3.0). The network follows the first chapter of Michael Nielsen's book "
                "<i>Neural Networks and Deep Learning</i>.</p>"
                "<p>Built with NumPy (BSD), Qt and PySide6 (LGPL 3), pyqtgraph (MIT) and threadpoolctl (BSD).</p>"
            )
            + f"<p>{versions}, {platform.system()} {platform.machine()}</p>"
        )
        title, close = tr("About mnistviz"), QMessageBox.StandardButton.Close
        box = QMessageBox(QMessageBox.Icon.NoIcon, title, html, close, self._window)
        box.setObjectName("about")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setTextFormat(Qt.TextFormat.RichText)
        box.open()
