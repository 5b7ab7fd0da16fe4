"""The look of the program: light, dark or clear, as the desktop or the user chooses, and the size of its text."""

from typing import Final

from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from mnistviz.gui.common.theme import (
    CLEAR,
    CLEAR_DARK,
    DARK,
    LIGHT,
    TEXT,
    Theme,
    palette,
    set_theme,
    stylesheet,
    theme,
)

TEXT_SIZES: Final = (100, 125, 150, 200)  # percent
FOR_A_CLASS: Final = 125  # percent, at least, in full screen
_SCHEMES: Final = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
CHOICES: Final = ("system", *_SCHEMES, "clear")


class Look(QObject):
    """Applies the look to a window, when asked and whenever something changes.

    `theme()` is right from the start. A window is styled only after it is built: Qt would compute the style of each
    part anew whenever it gets a parent, which takes six times as long as all the rest. The style sheet is set on the
    window, whose dialogs and menus inherit it, not on the application: then Qt would style each widget once for every
    widget around it. Size and colour of all text are set by font and palette, since a font set by a rule is passed on
    to all children.
    """

    about_to_change = Signal()
    changed = Signal()

    def __init__(self, choice: object, text: object, window: QWidget, *, hatched: object = False) -> None:
        """`choice` is one of `CHOICES`, anything else follows the desktop; `text` is one of `TEXT_SIZES`."""
        super().__init__(window)
        self._window = window
        self.choice = choice if isinstance(choice, str) and choice in CHOICES else "system"
        self.text = text if isinstance(text, int) and text in TEXT_SIZES else TEXT_SIZES[0]
        """The size of the text that the user wants, in percent, in full screen or not."""
        self.hatched = hatched is True
        self._full_screen = False
        set_theme(self._choose_theme())
        self._set_font_and_palette()
        hints = QGuiApplication.styleHints()
        for changed in (hints.colorSchemeChanged, hints.accessibility().contrastPreferenceChanged):
            changed.connect(self._follow_desktop)

    def dress(self) -> bool:
        """Apply the current look to the window. Return True if anything changed."""
        set_theme(self._choose_theme())
        if (sheet := stylesheet(theme(), self.scale)) == self._window.styleSheet():
            return False
        self.about_to_change.emit()
        self._set_font_and_palette()
        self._window.setStyleSheet(sheet)
        return True

    def choose(self, choice: str) -> None:
        self.choice = choice
        self._renew()

    @property
    def scale(self) -> float:
        """The size of the text, 1 for the usual one."""
        return max(self.text, FOR_A_CLASS if self._full_screen else 0) / 100

    def set_text(self, percent: int) -> None:
        self.text = percent
        self._renew()

    def hatch(self, on: bool) -> None:
        """Hatch negative weights, or no longer."""
        self.hatched = on
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

    def _set_font_and_palette(self) -> None:
        font = QApplication.font()
        font.setPixelSize(round(TEXT * self.scale))
        QApplication.setFont(font)
        # at once: styled widgets inherit the font now, and miss later changes
        QApplication.sendPostedEvents(None, QEvent.Type.ApplicationFontChange)
        QApplication.setPalette(palette(theme()))

    def _choose_theme(self) -> Theme:
        hints = QGuiApplication.styleHints()
        scheme = _SCHEMES.get(self.choice, Qt.ColorScheme.Unknown)
        hints.setColorScheme(scheme)  # for dialogs that the style sheet does not reach
        if scheme == Qt.ColorScheme.Unknown:  # some desktops ignore `setColorScheme`
            scheme = hints.colorScheme()
        wants_contrast = hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast
        if self.choice == "clear" or (self.choice == "system" and wants_contrast):
            return CLEAR_DARK if scheme == Qt.ColorScheme.Dark else CLEAR
        return replace(DARK if scheme == Qt.ColorScheme.Dark else LIGHT, hatched=self.hatched)
