"""The story of one digit: its marks along the run, what they come to, and a closer look between two of them."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from mnistviz.gui.common import numbers
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.tooltips import set_tooltip
from mnistviz.gui.common.widgets import describe
from mnistviz.gui.mistakes.story_strip import StoryMarks, StoryStrip


class StoryCard(QWidget):
    """A strip and a sentence. The button `finer`, which stands elsewhere, looks at each mini-batch between two marks,
    or stops that."""

    finer_wanted = Signal(int, int)
    """First and last step of the stretch."""
    stop_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("story_card")
        self.strip, self._told = StoryStrip(theme), QLabel()
        self._told.setObjectName("story_told")
        self._told.setTextFormat(Qt.TextFormat.PlainText)
        self._told.setWordWrap(True)
        self._sentence, self._works = "", False
        self.finer = QPushButton()
        self.finer.setProperty("role", "option")
        describe(self.finer, "story_finer", self.tr("Finer here"), "")
        self.finer.clicked.connect(self._on_finer)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.strip)
        column.addWidget(self._told)
        self.strip.pointed.connect(self._show)
        self._show()

    def set_theme(self, theme: Theme) -> None:
        self.strip.set_theme(theme)

    def show_story(self, story: StoryMarks, told: str, here: int) -> None:
        """Shows marks, and a sentence about them."""
        self._sentence = told
        self.strip.show_story(story, here)
        self._show()

    def show_progress(self, done: int, of: int) -> None:
        """How far a closer look has come; 0 of 0 when there is none."""
        self._works = of > 0
        self._show()
        if self._works:
            percent = numbers.whole(100 * done // of)
            self._told.setText(self.tr("Looking at every mini-batch: {percent} %").format(percent=percent))

    @property
    def stretch(self) -> tuple[int, int] | None:
        """From the mark that the keys act on to the next, or to the last one from the one before; None where each
        mini-batch between them is known."""
        steps, at = self.strip.story.steps, self.strip.mark
        if len(steps) < 2:
            return None
        at = min(at, len(steps) - 2)
        begin, end = int(steps[at]), int(steps[at + 1])
        return (begin, end) if end > begin + 1 else None

    def _show(self) -> None:
        stretch = self.stretch
        self._told.setText(self._sentence)
        self.finer.setText(self.tr("Cancel") if self._works else self.tr("Finer here"))
        self.finer.setAccessibleName(self.finer.text())
        self.finer.setEnabled(self._works or stretch is not None)
        if self._works:
            tip = self.tr("Stops the closer look. (Escape)")
        elif stretch is None:
            tip = self.tr("Here each mini-batch was looked at already, or there are no two marks.")
        else:
            tip = self.tr(
                "Replays mini-batches {begin} to {end}, and looks at this digit after each. The line below the marks "
                "shows where that was done."
            ).format(begin=numbers.whole(stretch[0]), end=numbers.whole(stretch[1]))
        set_tooltip(self.finer, tip)
        self.finer.setWhatsThis(tip)

    def _on_finer(self) -> None:
        if self._works:
            self.stop_wanted.emit()
        elif self.stretch is not None:
            self.finer_wanted.emit(*self.stretch)

    def heightForWidth(self, width: int) -> int:
        """Of a strip and a sentence of two lines."""
        return self.strip.minimumSizeHint().height() + 2 + 2 * self.fontMetrics().height()

    def minimumSizeHint(self) -> QSize:
        return QSize(10 * self.fontMetrics().height(), self.heightForWidth(0))
