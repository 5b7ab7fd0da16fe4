"""The first scene of the page on the cost: moving weights, and watching the cost and the number of correct digits."""

import math
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QWidget

from mnistviz.engine.digits import Digits
from mnistviz.engine.ideas import step_curves
from mnistviz.engine.ideas.along import Curve
from mnistviz.engine.ideas.step_curves import PLACES, Smooth, Way, answers, middle_of_longest, steepest
from mnistviz.engine.moment import Moment
from mnistviz.gui.common import numbers
from mnistviz.gui.common.layouts import column_of, label, row_of, styled
from mnistviz.gui.common.scales import ROUND, Scale, multiples, nice_above
from mnistviz.gui.common.steady import SteadyList
from mnistviz.gui.common.wrapped import ShortenedLabel
from mnistviz.gui.ideas.parts.idea_plot import DASH, IdeaPlot, Ticks
from mnistviz.gui.ideas.parts.lab_page import LabPage
from mnistviz.gui.ideas.parts.page_parts import MainButton, Question
from mnistviz.gui.ideas.step.step_words import ask_smooth, say, smooth_outcome

LEAST_HEIGHT = 84  # pixels of a plot, in a small window with larger text
_MARGIN = 0.08  # of the range, above and below a curve
_CLOSE = 0.01  # smaller changes of the cost are shown in millionths


class SmoothFigure(QWidget):
    """Axes and the lab's network from the start, curves with the outcome; then handles move along them."""

    def __init__(self, moved: Callable[[float], object]) -> None:
        super().__init__()
        self._moved = moved
        self.setObjectName("step_smooth")
        self.curve: Curve | None = None
        self.place = self._start = 0.0
        self.number = 0  # the number of the place on the curve
        self._ticked: list[Ticks] = []
        names = (f"{id}_plot" for id in ("cost", "right"))
        self._plots = self.cost, self.right = [IdeaPlot(f"step_{id}", say(id)) for id in names]
        self._names = [styled(ShortenedLabel(), "figureTitle") for _ in self._plots]
        self.readings = [label("figureTitle") for _ in self._plots]
        self.lines = [plot.curve(0, 2.2) for plot in self._plots]
        self._starts = [plot.curve("line", 1.2, dash=DASH) for plot in self._plots]
        drag, held = self._drag, zip(self._plots, map(say, ("cost_handle", "right_handle")), strict=True)
        self.handles = [plot.handle(name, "accent", free="x", moved=drag) for plot, name in held]
        figures = column_of(spacing=2, inside=self)
        for plot, name, reading in zip(self._plots, self._names, self.readings, strict=True):
            plot.setMinimumHeight(LEAST_HEIGHT)
            plot.ranged = self._align
            figures.addLayout(row_of((name, 1), reading))
            figures.addWidget(plot, 1)
        self.clear()

    def clear(self) -> None:
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
        """Show a curve from the network at `start`, handles at `place`; `covered`, only axes and network."""
        self.curve, self._start = curve, start
        low, high = float(curve.at[0]), float(curve.at[-1])
        names = ("cost_name",) if self._base is None else ("change_name", "change_short")
        self._names[0].set_wordings(*(say(name, count=curve.of) for name in names))
        least = 1e-12
        if not answers(curve.costs):  # then it shows their size
            least = max(least, 0.012 * float(np.abs(curve.costs).max()))
        ranges = _room(curve.costs, least), _room(curve.right, 2.4)
        edges = np.concatenate(([low], (curve.at[1:] + curve.at[:-1]) / 2, [high]))
        stairs = np.repeat(edges, 2)[1:-1], np.repeat(curve.right.astype(float), 2)
        for line, points in zip(self.lines, ((curve.at, curve.costs), stairs), strict=True):
            line.setData(*([], []) if covered else points)
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
        if self.curve is None:
            return
        many = [plot.height() / (2.5 * self.fontMetrics().height()) for plot in self._plots]
        right = [tick for tick in _ticks(self.right.seen[1], many[1]) if 0 <= tick[0] <= self.curve.of]
        if (ticks := [_ticks(self.cost.seen[1], many[0], self._base), right]) == self._ticked:
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
        if (curve := self.curve) is None:
            return
        number = self.number = int(np.abs(curve.at - place).argmin())
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


def _ticks(seen: tuple[float, float], count: float, base: float | None = None) -> Ticks:
    """Return about `count` round numbers of a range; with a `base`, differences from it in millionths."""
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


MOVES: Final = {True: (0.1, 0.01, 0.001, 0.0001), False: (1.0, 0.1, 0.01, 0.001)}
ASKED: Final = 2  # the level that the question is about; the widest is shown first
CLOSEST: Final = len(MOVES[True]) - 1
STRETCH: Final = 10  # the least number of moves without a change that counts as a stretch
ANYWHERE: Final = (-10_000, 10_000)  # the bounds of typed places


class WeightPicker(QWidget):
    """Choice of one weight of the last layer, its output counted from 0 and its unit from 1, or of all."""

    def __init__(self, changed: Callable[[], object]) -> None:
        super().__init__()
        self.changed = changed
        self.what = SteadyList()
        for id in ("one", "all"):
            self.what.addItem(say(f"what_{id}"), id)
        say.describe(self.what, "step_what", "what")
        self._output, self._unit = (
            say.value(f"step_{id}", id, scale, scale.low, whole=True, changed=lambda _: self.changed())
            for id, scale in (("output", Scale(0, 9, step=1)), ("unit", Scale(1, 30, step=1)))
        )
        column_of(self.what, self._output, self._unit, spacing=6, inside=self)
        self.what.activated.connect(self._choose)

    def set_sizes(self, outputs: int, before: int) -> None:
        self._output.rescale(Scale(0, max(1, outputs - 1), step=1), (0, outputs - 1))
        self._unit.rescale(Scale(1, max(2, before), step=1), (1, before))

    def set_weight(self, weight: tuple[int, int]) -> None:
        self.what.setCurrentIndex(0)
        self._output.set_value(weight[0])
        self._unit.set_value(weight[1] + 1)
        self._show()

    @property
    def weight(self) -> tuple[int, int] | None:
        """The output and the unit before it, both from 0; None for all weights."""
        if self.what.currentData() == "all":
            return None
        return int(self._output.value()), int(self._unit.value()) - 1

    def _choose(self) -> None:
        self._show()
        self.changed()

    def _show(self) -> None:
        for value in (self._output, self._unit):
            value.setVisible(self.what.currentData() == "one")


class SmoothScene:
    """The whole axis first, then a part of it about a place that is dragged; each zoom is by a factor of ten."""

    def __init__(self, page: LabPage) -> None:
        self._page = page
        self.figure = SmoothFigure(self._on_drag)
        self.found: Smooth | None = None
        self.level = 0
        self._opens_with: tuple[int, int] | None = None
        self._walked = 0, 0  # numbers of the places dragged over since the last change in correct digits
        self._at = 0
        self.choice, scale = WeightPicker(self._on_way), Scale(-1, 1, step=0.01)
        self.place = say.value("step_place", "place", scale, 0.0, bounds=ANYWHERE, changed=self._on_place)
        self.closer = say.button("step_closer", "closer", partial(self.zoom, 1))
        self.wider = say.button("step_wider", "wider", partial(self.zoom, -1))

    def entered(self) -> None:
        if self.figure.curve is None:
            self._find(self.start)

    def use(self, moment: Moment, digits: Digits) -> None:
        outputs, before = moment.network.weights[-1].shape
        self._opens_with = steepest(moment, digits)
        self.choice.set_sizes(outputs, before)
        self.reset()

    def reset(self) -> None:
        self._page.cover("smooth")
        self.found, self.level = None, 0
        if self._opens_with is not None:
            self.choice.set_weight(self._opens_with)
        self.figure.clear()

    def ask(self) -> Question:
        one = self.choice.weight is not None
        return ask_smooth(one=one, by=MOVES[one][ASKED])

    @property
    def is_told(self) -> bool:
        return "smooth" in self._page.outcomes

    def name_main(self) -> MainButton:
        self.wider.setEnabled(self.is_told and self.level > 0)
        self.closer.setEnabled(self.is_told and self.level < CLOSEST)
        taken = self._page.taken is not None
        if self.is_told:
            return say.main("whole" if self.level else "zoom", taken)
        return say.look(bool(self._page.prediction), taken)

    def press_main(self) -> None:
        if self.is_told:
            self.zoom(-self.level or ASKED)
        else:
            self._compute_outcome()

    def _compute_outcome(self) -> None:
        if self.figure.curve is not None:
            self._work_out(self.start, ASKED, self._show_outcome)
            return

        def show(smooth: Smooth) -> None:
            self._show(self.start, smooth)
            self._compute_outcome()

        self._work_out(self.start, 0, show)

    def show_me(self) -> None:
        """Show the outcome, or zoom in where the number of correct digits is constant for longest."""
        curve = self.figure.curve
        if not self.is_told or curve is None:
            self._compute_outcome()
            return
        self.level = CLOSEST if self.level < CLOSEST else ASKED
        self._find(middle_of_longest(curve))

    @property
    def way(self) -> Way:
        return Way(self.choice.weight)

    @property
    def start(self) -> float:
        taken = self._page.taken
        return 0.0 if taken is None else self.way.start(taken.network)

    def zoom(self, by: int) -> None:
        """Zoom in by `by` factors of ten about the present place, or out if negative."""
        self.level = min(max(self.level + by, 0), CLOSEST)
        self._find(self.figure.place)

    def _find(self, middle: float) -> None:
        self._work_out(middle, self.level, partial(self._show, middle))

    def _work_out(self, middle: float, level: int, then: Callable[[Smooth], object]) -> None:
        by = MOVES[self.way.weight is not None][level]
        anchor = round(self.start, 4)  # the network is at a place of every stretch, as precisely as shown
        middle = anchor + round((middle - anchor) / by) * by
        window = middle - PLACES // 2 * by, middle + PLACES // 2 * by
        way, known = self.way, self.found
        self._page.work_out(
            say("reading", count=PLACES + 1),
            lambda moment, digits, *how: step_curves.find_smooth(moment, digits, way, window, known, *how),
            lambda smooth: then(smooth) if smooth.way == self.way else None,
        )

    def _show_outcome(self, close: Smooth) -> None:
        """Show the outcome for the stretch `close`; the whole axis is shown first."""
        one, answer = self.way.weight is not None, self._page.predictions.get("smooth", "")
        self._page.outcomes["smooth"] = smooth_outcome(answer, close.curve, one=one)
        assert self.found is not None
        self._show(self.start, self.found)

    def _show(self, middle: float, smooth: Smooth) -> None:
        self.found = smooth
        curve, weight = smooth.curve, self.way.weight
        low, high = float(curve.at[0]), float(curve.at[-1])
        self.place.rescale(Scale(low, high, step=(high - low) / PLACES), ANYWHERE)
        self.place.set_title(say("place_eta" if weight is None else "place"))
        axis = say("axis_one", output=weight[0], unit=weight[1] + 1) if weight else say("axis_all")
        self.figure.show_curve(curve, self.start, middle, axis, covered=not self.is_told)
        self.place.set_value(self.figure.place)
        self._at = self.figure.number
        self._walked = self._at, self._at
        self._page.renew()

    def _walk(self) -> None:
        if (curve := self.figure.curve) is None:
            return
        before, self._at = self._at, self.figure.number
        low, high = min(before, self._at), max(before, self._at)
        if np.ptp(curve.right[low : high + 1]):
            self._walked = self._at, self._at
            return
        first, last = self._walked = min(low, self._walked[0]), max(high, self._walked[1])
        if self.is_told and last - first >= STRETCH and step_curves.is_flat(curve, first, last):
            self._page.tasks.finish("flat")

    def _on_drag(self, place: float) -> None:
        self.place.set_value(place)
        self._walk()

    def _on_place(self, value: float) -> None:
        if (curve := self.figure.curve) is None:
            return
        if curve.at[0] <= value <= curve.at[-1]:
            self.figure.look_at(value)
            self._walk()
        else:
            self._find(value)

    def _on_way(self) -> None:
        """Show the same stretch about another weight; a known outcome stays."""
        if not self.is_told:
            self._page.cover("smooth")
            self._page.renew()
        self._find(self.start)
