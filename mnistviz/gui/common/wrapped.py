"""Text in as many lines as it needs, none of which ends between a number and its unit, or shortened to one line."""

import re
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QFontMetricsF
from PySide6.QtWidgets import QLabel, QWidget

from mnistviz.gui.common.fitted import Fitted

_UNITS: Final = "%|×|[kMG]?B|m?s"
_PAIRS: Final = re.compile(rf"(?<=\d) (?=(?:{_UNITS})(?!\w))|(?<=×) (?=\d)|(?<=\b[ηλμ]) (?=[\d−])")

_FORMULAS: Final = re.compile(r"(?<=η/)(?=\d)|(?<=′)(?=\()")


def unparted(text: str) -> str:
    """Return the text with "75 %", "28 × 28", "η 0.5", "η/10" and "σ′(z)" kept together in a line."""
    return _FORMULAS.sub("\N{WORD JOINER}", _PAIRS.sub("\N{NO-BREAK SPACE}", text))


class WrappedLabel(QLabel):
    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent, textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self.setText(text)

    def setText(self, text: str) -> None:
        self._original = text
        super().setText(unparted(text))

    def text(self) -> str:
        return self._original


def whole_words(text: str, metrics: QFontMetrics | QFontMetricsF, room: float) -> str:
    """Return as many whole words of a text as fit, or as many letters if not even its first word does."""
    if metrics.horizontalAdvance(text) <= room:
        return text
    words = text.split(" ")
    for count in range(len(words) - 1, 0, -1):
        shown = " ".join(words[:count]).rstrip(",·") + " …"
        if metrics.horizontalAdvance(shown) <= room:
            return shown
    if isinstance(metrics, QFontMetricsF):
        return metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(room))


class Worded(Fitted):
    """A widget with several texts, ever shorter, of which it shows one that fits."""

    _wordings: tuple[str, ...] = ()

    def set_wordings(self, *wordings: str) -> None:
        if wordings != self._wordings:
            self._wordings = wordings
            self.setAccessibleName(wordings[0] if wordings else "")
            self.updateGeometry()
            self.refit()


class ShortenedLabel(Worded, QLabel):
    """A label with several texts, of which the first that fits is shown, if any."""

    def __init__(self, *wordings: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.set_wordings(*wordings)

    def sizeHint(self) -> QSize:
        return QSize(max(map(self._wide, self._wordings), default=0), self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.fontMetrics().height())

    def refit(self) -> None:
        self.setText(next((each for each in self._wordings if self._wide(each) <= self.width()), ""))

    def _wide(self, text: str) -> int:
        return self.fontMetrics().horizontalAdvance(text) + 1 if text else 0
