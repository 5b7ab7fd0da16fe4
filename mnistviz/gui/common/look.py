"""How the program looks: light or dark, as the desktop or as the user says, and with larger text before a class."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from mnistviz.gui.common.theme import DARK, LIGHT, Theme, palette, stylesheet

CLASSROOM_SCALE = 1.3
CHOICES = ("system", "light", "dark")


class Look(QObject):
    """Dresses the application, at once and whenever something changes. `theme` has the colours."""

    changed = Signal()

    def __init__(self, choice: object, parent: QObject) -> None:
        """`choice` is one of `CHOICES`; anything else follows the desktop."""
        super().__init__(parent)
        self.choice = choice if isinstance(choice, str) and choice in CHOICES else "system"
        self._large = False
        self.theme: Theme
        self._dress()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._renew)

    def choose(self, choice: str) -> None:
        """Follows the desktop ("system"), or is "light" or "dark" whatever it says."""
        self.choice = choice
        self._renew()

    def enlarge(self, large: bool) -> None:
        """Makes all text larger, or as it was."""
        self._large = large
        self._renew()

    def _renew(self) -> None:
        self._dress()
        self.changed.emit()

    def _dress(self) -> None:
        dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        if self.choice != "system":
            dark = self.choice == "dark"
        self.theme = DARK if dark else LIGHT
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        sheet = stylesheet(self.theme, CLASSROOM_SCALE if self._large else 1.0)
        if sheet != app.styleSheet():  # to set it anew takes most of a second
            app.setPalette(palette(self.theme))
            app.setStyleSheet(sheet)
