"""The marks of a run's interventions. What they say is summed up anew only where something was done."""

from __future__ import annotations

from dataclasses import dataclass, field

from mnistviz.engine.acts import Intervention, gesture_of
from mnistviz.engine.columns import PositionUnit
from mnistviz.gui.curves.curve_texts import CurveTexts
from mnistviz.gui.curves.drawn_runs import DrawnRun


@dataclass(frozen=True)
class Mark:
    """A flag at a place on the x axis. Its text sums up some interventions, of `many` gestures or of one."""

    place: float
    text: str
    acts: tuple[Intervention, ...] = field(compare=False)
    many: bool = False


class Marks:
    """Keeps the last marks, and of those in the same window what they say: there may be hundreds, and a hand
    that drags a slider makes more with each frame."""

    def __init__(self, texts: CurveTexts) -> None:
        self._texts = texts
        self._of: object = None
        self._window: object = None
        self._said: dict[range, str] = {}  # by the numbers of the interventions that a mark stands for
        self._marks: tuple[Mark, ...] = ()

    def of(
        self, run: DrawnRun | None, low: float, high: float, pixels: float, unit: PositionUnit
    ) -> tuple[Mark, ...]:
        """The marks of a run in a window that is so many pixels wide, in the order of their places; those near each
        other are one."""
        if run is None:
            return ()
        done = run.history.interventions
        window = run, low, high, pixels, unit
        if self._of == (of := (window, done)):
            return self._marks
        self._of = of
        if window != self._window:
            self._window, self._said = window, {}
        groups = run.interventions(low, high, pixels, unit)
        for _, numbers in groups:
            if numbers not in self._said:
                self._said[numbers] = self._texts.summed_up(done[numbers.start : numbers.stop])
        self._marks = tuple(
            Mark(
                place,
                text,
                done[numbers.start : numbers.stop],
                many=gesture_of(done, numbers.start).stop < numbers.stop,
            )
            for place, numbers in groups
            if (text := self._said[numbers])
        )
        last = len(done) - 1  # it may be joined with a later one
        self._said = {numbers: text for numbers, text in self._said.items() if last not in numbers}
        return self._marks
