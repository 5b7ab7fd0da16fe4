"""The handle of the folded settings: their name, and a dot while edits are planned."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QFont, QFontMetrics, QPainter, QPixmap
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolButton, QWidget

from mnistviz.gui.common.icons import icon
from mnistviz.gui.common.layouts import column_of
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.tooltips import set_tooltip
from mnistviz.gui.common.widgets import describe

_WIDTH, _BESIDE = 28, 10  # pixels: at least, and beside the text together
_ABOVE, _BETWEEN, _DOT = 9, 8, 6  # pixels
_CHEVRON = 14  # pixels


class SettingsHandle(QToolButton):
    """A button as high as the window, with vertical text."""

    def __init__(self, action: QAction, theme: Theme) -> None:
        super().__init__()
        self._theme, self._words = theme, self.tr("Settings")
        self.setProperty("role", "edge")
        tip = self.tr("Shows the settings.")
        describe(self, "settings_edge", self._words, tip)
        set_tooltip(self, tip, action.shortcut())
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(action.trigger)
        self._chevron, self._name, self.dot = QLabel(), QLabel(), QWidget()
        self.dot.setProperty("role", "dot")
        self.dot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.dot.setFixedSize(_DOT, _DOT)
        column = column_of(spacing=_BETWEEN, margins=(0, _ABOVE, 0, _ABOVE), inside=self)
        for part in (self._chevron, self._name, self.dot):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            column.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch()
        self.show_waiting(False)

    def show_waiting(self, waits: bool) -> None:
        self.dot.setVisible(waits)
        self.setAccessibleDescription(self.tr("Something is planned.") if waits else "")

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._draw()

    def _draw(self) -> None:
        ratio, font = self.devicePixelRatioF(), QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        metrics = QFontMetrics(font)
        long, high = metrics.horizontalAdvance(self._words) + 2, metrics.height()
        drawn = QPixmap(round(high * ratio), round(long * ratio))
        drawn.setDevicePixelRatio(ratio)
        drawn.fill(Qt.GlobalColor.transparent)
        painter = QPainter(drawn)
        painter.setFont(font)
        painter.setPen(self._theme.text)
        painter.translate(high, 0)
        painter.rotate(90)
        painter.drawText(1, metrics.ascent(), self._words)
        painter.end()
        self._name.setPixmap(drawn)
        self._chevron.setPixmap(icon("chevron-right", self._theme.text).pixmap(_CHEVRON, _CHEVRON))
        self.setFixedWidth(max(_WIDTH, high + _BESIDE))
