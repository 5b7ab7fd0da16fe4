"""The marks of a run's interventions. Their texts are computed anew only for new interventions."""

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
    """Caches the last marks and the texts of those in the same window: there may be hundreds, and dragging a slider
    adds more with each frame."""

    def __init__(self, texts: CurveTexts) -> None:
        self._texts = texts
        self._of: object = None
        self._window: object = None
        self._cached: dict[range, str] = {}  # by the numbers of the interventions that a mark stands for
        self._marks: tuple[Mark, ...] = ()

    def of(
        self, run: DrawnRun | None, low: float, high: float, pixels: float, unit: PositionUnit
    ) -> tuple[Mark, ...]:
        """Return the marks of a run in a window that is `pixels` wide, ordered by place; those near each other are
        one."""
        if run is None:
            return ()
        done = run.history.interventions
        window = run, low, high, pixels, unit
        if self._of == (of := (window, done)):
            return self._marks
        self._of = of
        if window != self._window:
            self._window, self._cached = window, {}
        groups = run.interventions(low, high, pixels, unit)
        for _, numbers in groups:
            if numbers not in self._cached:
                self._cached[numbers] = self._texts.summed_up(done[numbers.start : numbers.stop])
        self._marks = tuple(
            Mark(
                place,
                text,
                done[numbers.start : numbers.stop],
                many=gesture_of(done, numbers.start).stop < numbers.stop,
            )
            for place, numbers in groups
            if (text := self._cached[numbers])
        )
        last = len(done) - 1  # it may be joined with a later one
        self._cached = {numbers: text for numbers, text in self._cached.items() if last not in numbers}
        return self._marks
