"""Text in as many lines as it needs; none ends between a number and its unit."""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

_UNITS: Final = "%|×|[kMG]?B|m?s"
_PAIRS: Final = re.compile(rf"(?<=\d) (?=(?:{_UNITS})(?!\w))|(?<=×) (?=\d)|(?<=\b[ηλμ]) (?=[\d−])")

_FORMULAS: Final = re.compile(r"(?<=η/)(?=\d)|(?<=′)(?=\()")


def unparted(text: str) -> str:
    """Return the text with "75 %", "28 × 28", "η 0.5", "η/10" and "σ′(z)" kept together in a line."""
    return _FORMULAS.sub("\N{WORD JOINER}", _PAIRS.sub("\N{NO-BREAK SPACE}", text))


class WrappedLabel(QLabel):
    """A label of plain text in as many lines as it needs."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._original = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setText(text)

    def setText(self, text: str) -> None:
        self._original = text
        super().setText(unparted(text))

    def text(self) -> str:
        """Return the text as it was set."""
        return self._original
