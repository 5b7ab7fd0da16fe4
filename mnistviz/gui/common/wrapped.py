"""Text in as many lines as it needs, none of which ends between a number and its unit."""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

_UNITS: Final = "%|×|[kMG]?B|m?s"
_PAIRS: Final = re.compile(rf"(?<=\d) (?=(?:{_UNITS})(?!\w))|(?<=×) (?=\d)|(?<=\b[ηλμ]) (?=[\d−])")

_FORMULAS: Final = re.compile(r"(?<=η/)(?=\d)|(?<=′)(?=\()")


def unparted(text: str) -> str:
    """The same text, in which "75 %", "28 × 28", "η 0.5", "η/10" and "σ′(z)" are never parted by the end of a
    line."""
    return _FORMULAS.sub("\N{WORD JOINER}", _PAIRS.sub("\N{NO-BREAK SPACE}", text))


class WrappedLabel(QLabel):
    """Plain words in as many lines as they need."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._said = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setText(text)

    def setText(self, text: str) -> None:
        self._said = text
        super().setText(unparted(text))

    def text(self) -> str:
        """The words, with the spaces that they were given with."""
        return self._said
