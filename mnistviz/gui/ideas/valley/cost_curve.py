"""The cost of both balls at each step."""

from __future__ import annotations

import numpy as np
from mnistviz.gui.common.widgets import bold
from mnistviz.gui.ideas.parts.axes import pen
from mnistviz.gui.ideas.parts.plot import Plot
from PySide6.QtGui import QColor

from mnistviz.engine.ideas.race import LAP, Race
from mnistviz.gui.common.theme import Theme

_ABOVE = (
    1.6  # times what the start lies above the bottom is seen; a ball that is thrown out leaves at the top
)


class CostCurve(Plot):
    """Grows as the race is run; the axis of steps is as long as the lap that is on."""

    def __init__(self, accessible: str, theme: Theme) -> None:
        super().__init__("valley_cost", accessible, theme)
        self._lines = [self.curve(theme.runs[number], 2.0) for number in (0, 1)]
        self._dots = [self.dots(theme.runs[number], 5.0) for number in (0, 1)]
        self._letters = [self.text("", theme.runs[number], 0, 0, (-0.4, 0.5)) for number in (0, 1)]
        self._built = True
        self.set_axes(self.tr("steps"), self.tr("C"))
        self.set_theme(theme)

    def show_race(self, race: Race, letters: tuple[str, str]) -> None:
        both = [race.costs(number) for number in (0, 1)]
        start = float(both[0][0])
        bottoms = race.surface.value(np.array(race.surface.bottoms)) if race.surface.bottoms else np.zeros(1)
        low = min(0.0, float(bottoms.min()), *(float(costs.min()) for costs in both))
        low = max(low, -3 * abs(start) - 10)
        high = max(start, 0.1) + (_ABOVE - 1) * max(start - low, 0.1)
        top = min(high, max(max(float(costs.max()) for costs in both), start) * 1.08 + 0.05)
        self.show_range((0, max(LAP, race.steps) * 1.04), (low, top))
        for number, costs in enumerate(both):
            steps = np.arange(len(costs))
            seen = np.clip(costs, low - (top - low), top + 2 * (top - low))
            self._lines[number].setData(steps, seen)
            self._dots[number].setData(steps[1:], seen[1:])
            self._letters[number].setText(letters[number] if race.steps else "")
            self._letters[number].setFont(bold(self.font()))
            self._letters[number].setPos(float(steps[-1]), float(min(max(seen[-1], low), top)))
        if race.steps:  # the letters must not lie on each other
            ends = [float(costs[-1]) for costs in both]
            near = abs(ends[0] - ends[1]) < 0.14 * (top - low)
            for number, name in enumerate(self._letters):
                lower = ends[number] < ends[1 - number] or (ends[0] == ends[1] and number == 1)
                name.setAnchor((-0.4, (0.1 if lower else 0.9) if near else 0.5))

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        if not getattr(self, "_built", False):
            return
        for number, colour in enumerate(theme.runs[:2]):
            self._lines[number].setPen(pen(colour, 2.0))
            self._dots[number].setBrush(QColor(colour))
            self._letters[number].setColor(QColor(colour))
