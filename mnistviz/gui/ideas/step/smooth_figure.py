"""Two measures of one network while weights are moved: its cost, and the number of correct digits."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QWidget

from mnistviz.engine.ideas.along import Curve
from mnistviz.engine.ideas.step_curves import answers
from mnistviz.gui.common import numbers
from mnistviz.gui.common.layouts import column_of, label, row_of
from mnistviz.gui.common.scales import ROUND, multiples, nice_above
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.wrapped import ShortenedLabel
from mnistviz.gui.ideas.parts.idea_plot import DASH, IdeaPlot, Ticks
from mnistviz.gui.ideas.step.step_words import say

LEAST_HEIGHT = 84  # pixels of a plot, in a small window with larger text
_MARGIN = 0.08  # of the range, above and below a curve
_CLOSE = 0.01  # smaller changes of the cost are shown in millionths


class SmoothFigure(QWidget):
    """Axes and the lab's network are shown from the start, the curves with the outcome. Then handles move along
    them."""

    def __init__(self, theme: Theme, moved: Callable[[float], object]) -> None:
        """Create the figure; `moved` is called with each place that the user goes to."""
        super().__init__()
        self._moved = moved
        self.setObjectName("step_smooth")
        self.curve: Curve | None = None
        self.place = self._start = 0.0
        self._ticked: list[Ticks] = []
        self.cost = IdeaPlot("step_cost_plot", say("cost_plot"), theme)
        self.right = IdeaPlot("step_right_plot", say("right_plot"), theme)
        self._names = (ShortenedLabel(), ShortenedLabel())
        self.readings = (label("figureTitle"), label("figureTitle"))
        self._plots = (self.cost, self.right)
        self.lines = [plot.curve(0, 2.2) for plot in self._plots]
        self._starts = [plot.curve("line", 1.2, dash=DASH) for plot in self._plots]
        self.handles = (
            self.cost.handle(say("cost_handle"), "accent", free="x", moved=self._drag),
            self.right.handle(say("right_handle"), "accent", free="x", moved=self._drag),
        )
        figures = column_of(spacing=2, inside=self)
        for plot, name, reading in zip(self._plots, self._names, self.readings, strict=True):
            name.setProperty("role", "figureTitle")
            plot.setMinimumHeight(LEAST_HEIGHT)
            plot.ranged = self._align
            figures.addLayout(row_of((name, 1), reading))
            figures.addWidget(plot, 1)
        self.clear()

    def clear(self) -> None:
        """Show only the axes."""
        self.curve = None
        for plot, line, mark, handle in zip(self._plots, self.lines, self._starts, self.handles, strict=True):
            plot.set_ticks(x=[], y=[])
            for each in (line, mark):
                each.setData([], [])
            handle.set_visible(False)
        self._names[0].set_wordings(say("cost_waits"))
        self._names[1].set_wordings(say("right_name"))
        for reading in self.readings:
            reading.setText("")

    def show_curve(self, curve: Curve, start: float, place: float, axis: str, *, covered: bool) -> None:
        """Show a curve. `start` is the place of the lab's network, `place` that of the handles, `axis` the name of what
        is moved. With `covered` only axes and network are shown."""
        self.curve, self._start = curve, start
        low, high = float(curve.at[0]), float(curve.at[-1])
        names = ("cost_name",) if self._base is None else ("change_name", "change_short")
        self._names[0].set_wordings(*(say(name, count=curve.of) for name in names))
        ranges = _room(curve.costs, _least(curve.costs)), _room(curve.right, 2.4)
        edges = np.concatenate(([low], (curve.at[1:] + curve.at[:-1]) / 2, [high]))
        self.lines[0].setData(*([], []) if covered else (curve.at, curve.costs))
        self.lines[1].setData(*([], []) if covered else _stairs(edges, curve.right.astype(float)))
        for plot, seen, mark in zip(self._plots, ranges, self._starts, strict=True):
            plot.show_range((low, high), seen)
            mark.setData([start, start], list(seen))
        self.right.set_axes(axis, "")
        self._ticked = []
        self._align()
        step = float(curve.at[1] - curve.at[0])
        for handle in self.handles:
            handle.set_bounds(low, high, step)
            handle.free = "" if covered else "x"
            handle.set_visible(True)
        self.look_at(place)

    @property
    def _base(self) -> float | None:
        """The cost of the lab's network, if a narrow range is shown as changes from it."""
        curve = self.curve
        if curve is None or not 0 < float(np.ptp(curve.costs)) < _CLOSE or not answers(curve.costs):
            return None
        return float(np.interp(self._start, curve.at, curve.costs))

    def _align(self) -> None:
        """Choose as many ticks as there is room for, and align both figures at the left."""
        if self.curve is None:
            return
        ticks, base = [], self._base
        for plot in self._plots:
            many = plot.height() / (2.5 * self.fontMetrics().height())
            if plot is self.cost:
                ticks.append(_ticks(plot.seen[1], many, base))
            else:
                ticks.append([tick for tick in _ticks(plot.seen[1], many) if 0 <= tick[0] <= self.curve.of])
        if ticks == self._ticked:
            return
        self._ticked = ticks
        words = [text for each in ticks for _, text in each]
        wide = max((self.cost.fontMetrics().horizontalAdvance(text) for text in words), default=0)
        for plot, each in zip(self._plots, ticks, strict=True):
            plot.set_room(left=wide + 8)
            plot.set_ticks(y=each)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._ticked = []
            self._align()

    def look_at(self, place: float) -> None:
        """Move both handles to the nearest computed place and show its values, without calling `moved`."""
        curve = self.curve
        if curve is None:
            return
        number = int(np.abs(curve.at - place).argmin())
        self.place = float(curve.at[number])
        cost, right = float(curve.costs[number]), int(curve.right[number])
        for handle, height in zip(self.handles, (cost, float(right)), strict=True):
            handle.set_place(self.place, height)
        base, text = self._base, numbers.number_text(cost, 6)
        if base is not None:
            change = numbers.number_text(1e6 * (cost - base), 1, sign=True)
            text = say("cost_change", cost=text, change=change)
        self.readings[0].setText(text)
        self.readings[1].setText(numbers.whole(right))

    def _drag(self, x: float, y: float) -> None:
        self.look_at(x)
        self._moved(self.place)


def _room(values: NDArray[Any], least: float) -> tuple[float, float]:
    """Return the range of some values with a margin; it is never empty."""
    low, high = float(values.min()), float(values.max())
    more = max(_MARGIN * (high - low), least)
    return low - more, high + more


def _least(costs: NDArray[np.float64]) -> float:
    """Return the least margin of costs: for constant costs a hundredth of them, so that the axis shows their size."""
    return 1e-12 if answers(costs) else max(1e-12, 0.012 * float(np.abs(costs).max()))


def _ticks(seen: tuple[float, float], count: float, base: float | None = None) -> Ticks:
    """Return about `count` round numbers in a range, with enough decimals; with a `base`, differences from it in
    millionths."""
    low, high = seen if base is None else ((end - base) * 1e6 for end in seen)
    step = nice_above((high - low) / min(max(count, 1.2), 4.0), ROUND)
    places = multiples(step, low, high)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    if base is not None:
        texts = [numbers.number_text(place, decimals, sign=place != 0) for place in places]
        return [(base + place / 1e6, text) for place, text in zip(places, texts, strict=True)]
    if not decimals:
        return [(place, numbers.whole(round(place))) for place in places]
    return [(place, numbers.number_text(place, decimals)) for place in places]


def _stairs(edges: NDArray[Any], heights: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the corners of a staircase with a height between each two edges."""
    return np.repeat(edges, 2)[1:-1], np.repeat(heights, 2)
