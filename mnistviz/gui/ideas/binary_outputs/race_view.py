"""Two networks learn side by side, one to say the class and one to say its bits: their curves, and a flag before."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from mnistviz.engine.ideas.binary_outputs import OutputRace
from mnistviz.gui.common import numbers
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import describe
from mnistviz.gui.ideas.parts.axes import pen
from mnistviz.gui.ideas.parts.idea_plot import IdeaPlot

_ROOM: Final = 1.35  # of the last epoch, for the names at the ends of the lines
_APART: Final = 9.0  # percent, at least, between two names
_LOWEST: Final = 150  # pixels
_SHARES: Final = (0.0, 20.0, 40.0, 60.0, 80.0, 100.0)


class RaceView(QWidget):
    """The flag stands at the end of the last epoch, where one expects the network with the bits."""

    flagged = Signal(float)  # a share, 0 to 1

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.title = QLabel()
        self.title.setProperty("role", "figureTitle")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setWordWrap(True)
        self.plot = IdeaPlot("race_plot", self.tr("Test digits read while both networks learn"), theme)
        self.plot.setSizePolicy(
            QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored
        )  # it takes what there is
        self.plot.setMinimumHeight(_LOWEST)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setRange(0, 1000)
        keeps = self.progress.sizePolicy()
        keeps.setRetainSizeWhenHidden(True)
        self.progress.setSizePolicy(keeps)
        describe(
            self.progress, "race_progress", self.tr("Progress"), self.tr("How much of it they have learned.")
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.title)
        column.addWidget(self.plot, 1)
        column.addWidget(self.progress)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.flag: float | None = None
        self._epochs, self._epoch = 3, 1
        self._names = ("", "")
        self.race: OutputRace | None = None
        self.fixed = False
        self._fill(theme)
        self._colour(theme)

    def _fill(self, theme: Theme) -> None:
        plot = self.plot
        plot.set_axes(self.tr("epoch"), self.tr("test digits read right, %"))
        self._lines = (plot.curve(theme.runs[0], 2.5), plot.curve(theme.runs[1], 2.5))
        self._dots = (plot.dots(theme.runs[0], 6), plot.dots(theme.runs[1], 6))
        self._ends = tuple(plot.text("", theme.text, 0, 0, anchor=(0, 0.5)) for _ in self._lines)
        self._you = plot.text("", theme.accent, 0, 0, anchor=(0.5, 1.45))
        self.handle = plot.handle("share", theme.accent, letter="?", free="y")
        self.handle.step = 1.0
        self.handle.moved.connect(self._take)

    def set_theme(self, theme: Theme) -> None:
        self.plot.set_theme(theme)
        self._colour(theme)

    def _colour(self, theme: Theme) -> None:
        for line, dots, end, colour in zip(self._lines, self._dots, self._ends, theme.runs, strict=False):
            line.setPen(pen(colour, 2.5))
            dots.setBrush(colour)
            end.setColor(colour)
        self._you.setColor(theme.accent)
        self._show_flag()

    def prepare(self, title: str, names: tuple[str, str], epochs: int, epoch: int) -> None:
        """What will learn: `names` of the network with an output a class and of that with the bits; an epoch has
        `epoch` digits."""
        self.title.setText(title)
        self._names, self._epochs, self._epoch = names, epochs, epoch
        self.plot.set_ticks(
            [(float(n), numbers.tick(n)) for n in range(epochs + 1)], [(y, numbers.tick(y)) for y in _SHARES]
        )
        self.plot.show_range((0.0, _ROOM * epochs), (0.0, 112.0))
        self.handle.low, self.handle.high = (epochs, 0.0), (epochs, 100.0)
        self.show_race(None)

    def show_race(self, race: OutputRace | None) -> None:
        """The curves so far; None hides them."""
        self.race = race
        readings = () if race is None else race.readings
        x = [reading.digits / self._epoch for reading in readings]
        heights = (
            [100 * reading.whole for reading in readings],
            [100 * reading.bits for reading in readings],
        )
        for line, dots, y in zip(self._lines, self._dots, heights, strict=True):
            line.setData(x, y)
            dots.setData(x, y)
        for end in self._ends:
            end.setVisible(bool(readings))
        if readings:
            middle = (heights[0][-1] + heights[1][-1]) / 2
            upper = 1 if heights[1][-1] > heights[0][-1] else 0
            for each, (end, y) in enumerate(zip(self._ends, heights, strict=True)):
                away = max(abs(y[-1] - middle), _APART / 2)
                end.setText(self._names[each])
                end.setPos(x[-1] + 0.03 * self._epochs, middle + (away if each == upper else -away))
        running = race is not None and race.learned < race.of and not race.diverged
        self.progress.setVisible(running)
        if race is not None:
            self.progress.setValue(round(1000 * race.learned / race.of))
        self._show_flag()

    def set_flag(self, flag: float | None, *, fixed: bool = False) -> None:
        """Where the network with the bits is expected; once it is `fixed` it is a ghost."""
        self.flag, self.fixed = flag, fixed
        self._show_flag()

    def _take(self, _: float, height: float) -> None:
        self.set_flag(round(height) / 100)
        self.flagged.emit(self.flag)

    def _show_flag(self) -> None:
        theme, flag = self.plot.theme, self.flag
        self.handle.set_visible(not self.fixed or flag is not None)
        self.handle.free = "" if self.fixed else "y"
        solid = flag is not None and not self.fixed
        self.handle.set_colour(theme.accent if solid else theme.card, theme.accent, theme.accent)
        self.handle.set_letter("?" if flag is None else "")
        height = 50.0 if flag is None else 100 * flag
        self.handle.set_place(float(self._epochs), height)
        self._you.setVisible(flag is not None)
        if flag is not None:
            self._you.setText(self.tr("you: {share} %").format(share=numbers.tick(100 * flag)))
            readings = () if self.race is None else self.race.readings
            above = not readings or flag >= readings[-1].bits  # words lie on no line
            self._you.setAnchor((0.5, 1.45 if above else -0.45))
            self._you.setPos(float(self._epochs), height)
