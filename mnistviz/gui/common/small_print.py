"""The small print of a painted widget: its fonts and the widths of texts in them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtWidgets import QWidget

from mnistviz.gui.common.widgets import small_font, tabular


class SmallPrint:
    """A plain and a bold font. A widget caches it until its own font changes: while a network trains, creating fonts
    takes longer than the painting."""

    def __init__(self, widget: QWidget) -> None:
        self.plain = tabular(small_font(widget))
        self.bold = small_font(widget)
        self.bold.setWeight(QFont.Weight.DemiBold)
        self._plain, self._bold = QFontMetricsF(self.plain, widget), QFontMetricsF(self.bold, widget)
        self.line = self._plain.height()
        """The height of a line, in pixels."""

    def advance(self, text: str, *, bold: bool = False) -> float:
        """Return the width of a text, in pixels."""
        return (self._bold if bold else self._plain).horizontalAdvance(text)

    def fitting(self, texts: Sequence[str], wide: float, *, bold: bool = False) -> str:
        """Return the first text that fits into so many pixels, or an empty one."""
        return next((text for text in texts if self.advance(text, bold=bold) <= wide), "")
