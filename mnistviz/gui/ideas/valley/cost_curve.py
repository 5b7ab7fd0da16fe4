"""The cost of both balls at each step."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QColor

from mnistviz.engine.ideas.digit_count_race import LAP, DigitCountRace
from mnistviz.gui.common import numbers
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.ideas.parts.axes import Ticks, pen
from mnistviz.gui.ideas.parts.idea_plot import IdeaPlot
from mnistviz.gui.ideas.valley.ball import bold

_ABOVE = (
    1.6  # times what the start lies above the bottom is seen; a ball that is thrown out leaves at the top
)


class CostCurve(IdeaPlot):
    """Grows as the race is run; the axis of steps is as long as the lap that is on."""

    def __init__(self, accessible: str, theme: Theme) -> None:
        super().__init__("valley_cost", accessible, theme)
        self._lines = [self.curve(theme.runs[number], 2.0) for number in (0, 1)]
        self._dots = [self.dots(theme.runs[number], 5.0) for number in (0, 1)]
        self._letters = [self.text("", theme.runs[number], 0, 0, (-0.4, 0.5)) for number in (0, 1)]
        for line in self._lines:
            line.opts["antialias"] = True
        self._built = True
        self.set_theme(theme)

    def show_race(self, race: DigitCountRace, letters: tuple[str, str]) -> None:
        both = [race.costs(number) for number in (0, 1)]
        start = float(both[0][0])
        bottoms = race.surface.value(np.array(race.surface.bottoms)) if race.surface.bottoms else np.zeros(1)
        low = min(0.0, float(bottoms.min()), *(float(costs.min()) for costs in both))
        low = max(low, -3 * abs(start) - 10)
        high = max(start, 0.1) + (_ABOVE - 1) * max(start - low, 0.1)
        top = min(high, max(max(float(costs.max()) for costs in both), start) * 1.08 + 0.05)
        end = max(LAP, -(-race.steps // LAP) * LAP)
        self.set_ticks(self._step_ticks(end), self._cost_ticks(start))
        self.show_range((0, end * 1.09), (low, top))
        for number, costs in enumerate(both):
            steps = np.arange(len(costs))
            seen = np.clip(costs, low - (top - low), top + 2 * (top - low))
            self._lines[number].setData(steps, seen)
            self._dots[number].setData(steps[1:], seen[1:])
            self._letters[number].setText(letters[number] if race.steps else "")
            self._letters[number].setFont(bold(self.font()))
        self._lay_letters([(len(costs) - 1, float(costs[-1])) for costs in both], low, top)

    def _lay_letters(self, ends: list[tuple[int, float]], low: float, top: float) -> None:
        """Each where its line ends, within what is seen, and not on each other."""
        line = self.fontMetrics().height() * self.pixel[1]
        lower, upper = sorted((0, 1), key=lambda number: (ends[number][1], -number))
        below = min(max(ends[lower][1], low + line / 2), top - 1.5 * line)
        above = min(max(ends[upper][1], below + line), top - line / 2)
        for number, y in ((lower, below), (upper, above)):
            self._letters[number].setPos(ends[number][0], y)

    def _step_ticks(self, end: int) -> Ticks:
        """A tick every half lap, the last with its unit."""
        every = LAP // 2
        ticks = [(float(step), numbers.whole(step)) for step in range(0, end, every)]
        return [*ticks, (float(end), self.tr("{count} steps").format(count=numbers.whole(end)))]

    def _cost_ticks(self, start: float) -> Ticks:
        """0, and the cost at the start."""
        pattern = self.tr("C {cost}")
        both = dict.fromkeys((0.0, start))
        return [(cost, pattern.format(cost=numbers.tick(float(f"{cost:.2g}")))) for cost in both]

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        if not getattr(self, "_built", False):
            return
        for number, colour in enumerate(theme.runs[:2]):
            self._lines[number].setPen(pen(colour, 2.0))
            self._dots[number].setBrush(QColor(colour))
            self._letters[number].setColor(QColor(colour))
