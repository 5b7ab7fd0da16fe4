"""The small print of a widget that paints itself: its fonts and how wide texts are in them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtWidgets import QWidget

from mnistviz.gui.common.widgets import small_font, tabular


class SmallPrint:
    """A plain and a bold font. A widget keeps it until its own font changes: beside what learns, to make fonts at each
    painting takes longer than the painting."""

    def __init__(self, widget: QWidget) -> None:
        self.plain = tabular(small_font(widget))
        self.bold = small_font(widget)
        self.bold.setWeight(QFont.Weight.DemiBold)
        self._plain, self._bold = QFontMetricsF(self.plain, widget), QFontMetricsF(self.bold, widget)
        self.line = self._plain.height()
        """The height of a line, in pixels."""

    def advance(self, text: str, *, bold: bool = False) -> float:
        """How wide a text is, in pixels."""
        return (self._bold if bold else self._plain).horizontalAdvance(text)

    def fitting(self, texts: Sequence[str], wide: float, *, bold: bool = False) -> str:
        """The first of some wordings that has room in so many pixels; none if no one has."""
        return next((text for text in texts if self.advance(text, bold=bold) <= wide), "")
