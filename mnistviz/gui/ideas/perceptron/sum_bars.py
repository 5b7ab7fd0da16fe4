"""The weighted sum of one input, as bars that stand on each other, against the threshold."""

from __future__ import annotations

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtGui import QColor

from mnistviz.engine.ideas.perceptron import stacked
from mnistviz.gui.common import numbers
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.ideas.parts.axes import pen
from mnistviz.gui.ideas.parts.idea_plot import IdeaPlot

SUBSCRIPTS = "₁₂₃"
_HALF = 0.3  # of a bar's height, in rows


class SumBars(IdeaPlot):
    """The bias at the top, then each weight × input, and the sum below; orange pushes to firing, blue away from it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("perceptron_sum", self.tr("The weighted sum, part by part."), theme)
        self._zero = self.add(pg.InfiniteLine(0, angle=90, pen=pen(theme.text, 1.5)))
        self._bars = self.add(pg.BarGraphItem(x0=[], x1=[], y0=[], y1=[]))
        self._shown: tuple[Sequence[float], float, Sequence[int]] = ((0.0, 0.0), 0.0, (0, 0))

    def show_sum(self, weights: Sequence[float], bias: float, given: Sequence[int]) -> None:
        """The sum of one input."""
        self._shown = weights, bias, given
        parts = stacked(weights, bias, given)
        total = parts[-1][1]
        rows = [*parts, (0.0, total)]
        texts = [
            self.tr("b = {value}").format(value=numbers.number_text(bias, sign=True)),
            *(
                self.tr("w{i}·x{i} = {value}").format(
                    i=SUBSCRIPTS[i], value=numbers.number_text(weights[i] * x, sign=True)
                )
                for i, x in enumerate(given)
            ),
            self.tr("sum = {value}").format(value=numbers.number_text(total, sign=True)),
        ]
        ys = [len(rows) - 1 - row + (0.0 if row == len(rows) - 1 else 0.35) for row in range(len(rows))]
        colours = [self.theme.yes if end >= start else self.theme.no for start, end in rows]
        self._bars.setOpts(
            x0=[min(row) for row in rows],
            x1=[max(row) for row in rows],
            y0=[y - _HALF for y in ys],
            y1=[y + _HALF for y in ys],
            brushes=[QColor(colour) for colour in colours],
            pens=[pen(colour, 1.0) for colour in colours],
        )
        widest = max(1.0, *(abs(end) for row in parts for end in row))
        self.set_ticks([(0, self.tr("threshold 0"))], list(zip(ys, texts, strict=True)))
        self.show_range((-1.15 * widest, 1.15 * widest), (-0.6, ys[0] + 0.6))
        self.setAccessibleDescription("; ".join(texts))

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        if hasattr(self, "_shown"):
            self._zero.setPen(pen(theme.text, 1.5))
            self.show_sum(*self._shown)
