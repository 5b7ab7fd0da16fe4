"""The look of the program: light or dark, as the desktop or the user chooses, and larger text for a classroom."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from mnistviz.gui.common.theme import DARK, LIGHT, TEXT, Theme, palette, stylesheet

CLASSROOM_SCALE = 1.3
SCHEMES = {"system": Qt.ColorScheme.Unknown, "light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
CHOICES = tuple(SCHEMES)


class Look(QObject):
    """Applies the look to a window, when asked and whenever something changes.

    `theme` has the colours from the start. A window is styled only after it is built: Qt would compute the style of
    each part anew whenever it gets a parent, which takes six times as long as all the rest. The style sheet is set on
    the window, whose dialogs and menus inherit it, not on the application: then Qt would style each widget once for
    every widget around it. Size and colour of all text are set by font and palette, since a font set by a rule is
    passed on to all children.
    """

    about_to_change = Signal()
    changed = Signal()

    def __init__(self, choice: object, larger_text: object, window: QWidget) -> None:
        """`choice` is one of `CHOICES`; anything else follows the desktop."""
        super().__init__(window)
        self._window = window
        self.choice = choice if isinstance(choice, str) and choice in CHOICES else "system"
        self.larger_text = larger_text is True
        """True if the user wants larger text, in full screen or not."""
        self._full_screen = False
        self.theme = self._choose_theme()
        self._set_font_and_palette()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_desktop)

    def dress(self) -> bool:
        """Apply the current look to the window. Return True if anything changed."""
        self.theme = self._choose_theme()
        sheet = stylesheet(self.theme, self._scale)
        if sheet == self._window.styleSheet():
            return False
        self.about_to_change.emit()
        self._set_font_and_palette()
        self._window.setStyleSheet(sheet)
        return True

    def choose(self, choice: str) -> None:
        self.choice = choice
        self._renew()

    @property
    def is_large(self) -> bool:
        return self.larger_text or self._full_screen

    def enlarge(self, on: bool) -> None:
        self.larger_text = on
        self._renew()

    def fill_screen(self, on: bool) -> None:
        self._full_screen = on
        self._renew()

    def _follow_desktop(self) -> None:
        if self.dress():
            self.changed.emit()

    def _renew(self) -> None:
        self.dress()
        self.changed.emit()

    @property
    def _scale(self) -> float:
        return CLASSROOM_SCALE if self.is_large else 1.0

    def _set_font_and_palette(self) -> None:
        font = QApplication.font()
        font.setPixelSize(round(TEXT * self._scale))
        QApplication.setFont(font)
        # at once: styled widgets inherit the font now, and miss later changes
        QApplication.sendPostedEvents(None, QEvent.Type.ApplicationFontChange)
        QApplication.setPalette(palette(self.theme))

    def _choose_theme(self) -> Theme:
        hints = QGuiApplication.styleHints()
        hints.setColorScheme(SCHEMES[self.choice])  # for dialogs that the style sheet does not reach
        if self.choice != "system":  # some desktops ignore `setColorScheme`
            return DARK if self.choice == "dark" else LIGHT
        return DARK if hints.colorScheme() == Qt.ColorScheme.Dark else LIGHT
