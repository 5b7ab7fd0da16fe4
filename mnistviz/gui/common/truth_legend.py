"""The meaning of green and red, if the true class of a digit is known."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from mnistviz.gui.common.layouts import label, row_of

_BETWEEN = 5  # pixels

translate = QCoreApplication.translate


class TruthLegend(QWidget):
    """Two words in the colours of correct and wrong predictions, each with its sign."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("truth_legend")
        right = label("rightWord", translate("TruthLegend", "✓ right"))
        wrong = label("wrongWord", translate("TruthLegend", "✗ wrong"))
        row_of(right, wrong, spacing=_BETWEEN, inside=self)
