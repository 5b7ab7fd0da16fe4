"""The first stage: weights are moved, and cost and number right are looked at."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np

from mnistviz.engine.digits import Digits
from mnistviz.engine.moment import Moment
from mnistviz.gui.common.scale import Scale
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.ideas.parts.long_work import LongWork
from mnistviz.gui.ideas.parts.value import Value
from mnistviz.gui.ideas.question_card import Question
from mnistviz.gui.ideas.step.smooth import SmoothFigure
from mnistviz.gui.ideas.step.step_finding import PLACES, Smooth, Way, answers, find_smooth, steepest
from mnistviz.gui.ideas.step.step_stage import Main, StepStage, button
from mnistviz.gui.ideas.step.step_words import StepWords
from mnistviz.gui.ideas.step.weight_picker import WeightPicker

MOVES: Final = {True: (0.1, 0.01, 0.001, 0.0001), False: (1.0, 0.1, 0.01, 0.001)}
"""How far it is from place to place, of one weight and of all, from wide to close."""
OPENS_AT: Final = 2
STRETCH: Final = 10
"""Moves in a row, at the least, that are a stretch."""


class SmoothStage(StepStage):
    """A stretch of a curve, about a place that one takes hold of; ten times closer or wider at a time."""

    def __init__(self, theme: Theme, work: LongWork, words: StepWords) -> None:
        super().__init__()
        self._work, self._words = work, words
        self.figure: SmoothFigure = SmoothFigure(theme)
        self.found: Smooth | None = None
        self.level = OPENS_AT
        self._opens_with: tuple[int, int] | None = None
        self._walked = 0, 0  # the places, by number, that the hand came along since the number right changed
        self._at = 0
        self.choice = WeightPicker()
        self.place = Value(
            "step_place",
            self.tr("its value"),
            self.tr("Where on the curve one looks."),
            Scale(-1, 1, step=0.01),
            0.0,
            bounds=(-10_000, 10_000),
        )
        self.closer = button(
            "step_closer", self.tr("Closer"), self.tr("Ten times closer, about the place where one looks.")
        )
        self.wider = button("step_wider", self.tr("Wider"), self.tr("A stretch that is ten times as wide."))
        self.before, self.after = [self.choice], [self.place, self.closer, self.wider]
        self.choice.changed.connect(self._on_way)
        self.figure.moved.connect(self._on_drag)
        self.place.changed.connect(self._on_place)
        self.closer.clicked.connect(lambda: self.zoom(1))
        self.wider.clicked.connect(lambda: self.zoom(-1))

    # The network

    def use(self, moment: Moment, digits: Digits) -> None:
        """Forgets all that was found of another one."""
        self.moment, self.digits = moment, digits
        outputs, before = moment.network.weights[-1].shape
        self._opens_with = steepest(moment, digits)
        self.choice.set_sizes(outputs, before, self._opens_with)
        self.reset()

    def reset(self) -> None:
        """As the page opened."""
        self.prediction, self.outcome, self.found, self.level = "", None, None, OPENS_AT
        if self._opens_with is not None:
            self.choice.set_weight(self._opens_with)
        self.figure.forget(self._words.smooth_waits())

    def question(self) -> Question:
        one = self.choice.weight is not None
        return self._words.ask_smooth(one=one, by=MOVES[one][OPENS_AT])

    def main(self) -> Main:
        self.wider.setEnabled(self.level > 0)
        self.closer.setEnabled(self.level < len(MOVES[True]) - 1)
        if self.outcome is None:
            return self.look()
        return Main(self.tr("The whole valley"), self.tr("Shows the widest stretch."), self.level > 0)

    def press_main(self) -> None:
        if self.outcome is None:
            self._find(self.start)
        else:
            self.zoom(-self.level)

    def show_me(self) -> None:
        """Looks, or goes close to where the number right stays as it is for longest."""
        curve = self.figure.curve
        if self.outcome is None or curve is None:
            self._find(self.start, by_hand=False)
            return
        if self.level == len(MOVES[True]) - 1:
            self.level -= 1
            self._find(self.start, by_hand=False)
            return
        ends = np.flatnonzero(np.diff(curve.right)) + 1
        edges = np.concatenate(([0], ends, [len(curve.at)]))
        longest = int(np.diff(edges).argmax())
        middle = int(edges[longest] + edges[longest + 1] - 1) // 2
        self.level += 1
        self._find(float(curve.at[middle]), by_hand=False)

    # What is worked out

    @property
    def way(self) -> Way:
        return Way(self.choice.weight)

    @property
    def start(self) -> float:
        """Where the lab's network lies on the axis."""
        return 0.0 if self.moment is None else self.way.start(self.moment.network)

    def zoom(self, by: int) -> None:
        """So many times ten times closer, about the place where one looks; below 0 wider."""
        self.level = min(max(self.level + by, 0), len(MOVES[True]) - 1)
        self._find(self.figure.place)

    def _find(self, middle: float, *, by_hand: bool = True) -> None:
        """The stretch about a place; `by_hand` is whether what is flat there counts as found."""
        if self.moment is None or self.digits is None:
            return
        by = MOVES[self.way.weight is not None][self.level]
        number = round(middle / by)
        window = (number - PLACES // 2) * by, (number + PLACES // 2) * by
        moment, digits, way, found = self.moment, self.digits, self.way, self.found
        self._work.begin(
            self._words.reading(PLACES + 1),
            lambda tell, cancelled: find_smooth(moment, digits, way, window, found, tell, cancelled),
            partial(self._show, middle, by_hand),
        )

    def _show(self, middle: float, by_hand: bool, found: Smooth) -> None:
        if found.way != self.way or self.moment is None:
            return
        self.found = found
        curve = found.curve
        low, high = float(curve.at[0]), float(curve.at[-1])
        self.place.scale = Scale(low, high, step=(high - low) / PLACES)
        self.place.slider.setRange(0, PLACES)
        self.place.set_name(self.tr("η") if self.way.weight is None else self.tr("its value"))
        self.figure.show_curve(curve, self.start, middle, self._words.axis(self.way.weight))
        self.place.set_value(self.figure.place)
        if self.outcome is None:
            self.outcome = self._words.told_smooth(self.prediction, curve)
        self._at = self._number_of(self.figure.place)
        self._walked = self._at, self._at
        if by_hand:
            self._look_for_flat(0, len(curve.at) - 1)
        self.changed.emit()

    def _number_of(self, place: float) -> int:
        curve = self.figure.curve
        return 0 if curve is None else int(np.abs(curve.at - place).argmin())

    def _walk(self) -> None:
        """The hand came from the place where one looked to another one: what lies between was seen."""
        curve = self.figure.curve
        if curve is None:
            return
        before, self._at = self._at, self._number_of(self.figure.place)
        low, high = min(before, self._at), max(before, self._at)
        if np.ptp(curve.right[low : high + 1]):
            self._walked = self._at, self._at
            return
        self._walked = min(low, self._walked[0]), max(high, self._walked[1])
        self._look_for_flat(*self._walked)

    def _look_for_flat(self, first: int, last: int) -> None:
        """Whether the number right stays as it is from one place to another, and the cost does not."""
        curve = self.figure.curve
        if curve is None or last - first < STRETCH:
            return
        costs, right = curve.costs[first : last + 1], curve.right[first : last + 1]
        if answers(costs) and not np.ptp(right):
            self.finished.emit("flat")

    def _on_drag(self, place: float) -> None:
        self.place.set_value(place)
        self._walk()

    def _on_place(self, value: float) -> None:
        curve = self.figure.curve
        if curve is None:
            return
        if curve.at[0] <= value <= curve.at[-1]:
            self.figure.look_at(value)
            self._walk()
        else:
            self._find(value)

    def _on_way(self) -> None:
        """Another weight: the same stretch about it, and what was told stays told."""
        if self.outcome is None:
            self.prediction = ""
            self.changed.emit()
        else:
            self._find(self.start)
