"""A figure of the top bar: a number below a small title."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from mnistviz.gui.common.tooltips import tooltip
from mnistviz.gui.common.widgets import describe, tabular
from mnistviz.gui.window.bar_slots import Widths
from mnistviz.gui.window.figures import LONGEST, OFTEN, PLAIN, Figures, Texts

_SLACK = 2  # pixels that a label has more than its text
_APART = 4  # pixels at the left, from the figure before


class FigureLabel(QWidget):
    """Shows the longest texts that fit its width, which never depends on the current text."""

    def __init__(self, name: str, spoken: str, tip: str, words: Callable[[Figures], Texts]) -> None:
        """Set `spoken` as its accessible name, which says what a short title leaves out."""
        super().__init__()
        self._tip, self._words = tip, words
        self._texts, self._shown_tip = words(Figures()), ""
        self.title, self.value = QLabel(self), QLabel(self)
        self.title.setProperty("role", "figureName")
        self.value.setProperty("role", "figureValue")
        for label in self._labels():
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        describe(self.value, name, spoken, tip)
        for widget in (self, self.title):
            widget.setWhatsThis(tip)
        self._write()

    def _labels(self) -> tuple[QLabel, QLabel]:
        return self.title, self.value

    def measure(self) -> Widths:
        """Return its widths in its font: for the usual numbers with the shortest titles, for most titles in full, and
        for all."""
        for label in self._labels():
            label.ensurePolished()
        self.value.setFont(tabular(self.value.font()))
        self._lay_out()
        plain, longest = self._words(PLAIN), [self._words(figures) for figures in LONGEST]
        least = self._wide(
            (plain.numbers[0], *(texts.numbers[-1] for texts in longest)),
            (plain.titles[-1], *(texts.titles[-1] for texts in longest)),
        )
        often = [self._words(figures).titles[:2][-1] for figures in OFTEN]
        usual = max(least, self._wide([texts.numbers[0] for texts in longest], [plain.titles[0], *often]))
        most = max(usual, self._wide([], [texts.titles[0] for texts in longest]))
        return Widths(least, usual, most)

    def height_needed(self) -> int:
        return sum(label.fontMetrics().height() for label in self._labels())

    def height_of_signs(self) -> int:
        """Return the height of both lines with signs that a fallback font may make higher."""
        return sum(map(self._high, self._labels()))

    def show_figures(self, figures: Figures) -> None:
        texts = self._words(figures)
        if texts != self._texts:
            self._texts = texts
            self._write()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        y = 0
        for label in self._labels():
            label.setGeometry(_APART, y, max(0, self.width() - _APART), self._high(label))
            y += label.height()
        self._write()

    def _high(self, label: QLabel) -> int:
        metrics = label.fontMetrics()
        title = self._words(PLAIN).titles[0]
        return max(metrics.height(), metrics.size(Qt.TextFlag.TextSingleLine, title).height())

    def _wide(self, numbers: Iterable[str], titles: Iterable[str]) -> int:
        of_numbers, of_titles = self.value.fontMetrics(), self.title.fontMetrics()
        widths = (
            *(of_numbers.horizontalAdvance(text) for text in numbers),
            *(of_titles.horizontalAdvance(text) for text in titles),
        )
        return max(widths) + _SLACK + _APART

    def _write(self) -> None:
        """Choose the texts that fit, and put into the tooltip what they leave out."""
        texts = self._texts
        for label, wordings in ((self.title, texts.titles), (self.value, texts.numbers)):
            metrics = label.fontMetrics()
            fitting = (text for text in wordings if metrics.horizontalAdvance(text) <= label.width())
            label.setText(next(fitting, "…"))
        in_full = "" if self.value.text() == texts.numbers[0] else self.tr("In full: {number}.")
        tip = " ".join(filter(None, (self._tip, texts.more, in_full.format(number=texts.numbers[0]))))
        if tip != self._shown_tip:
            self._shown_tip = tip
            broken = tooltip(tip)
            for widget in (self, self.title, self.value):
                widget.setToolTip(broken)
