"""The marks of a run's interventions, and the values under the cursor, as texts and points."""

from collections.abc import Sequence

from msgspec import Struct

from mnistviz.engine.acts import Intervention, gesture_of
from mnistviz.engine.columns import PositionUnit
from mnistviz.engine.history import SETS
from mnistviz.gui.curves.curve_texts import CurveTexts
from mnistviz.gui.curves.drawn_runs import DrawnRun


class Mark(Struct, frozen=True):
    """A flag at a place on the x axis. Its text sums up some interventions, of `many` gestures or of one."""

    place: float
    text: str
    acts: tuple[Intervention, ...]
    many: bool = False


class Marks:
    """Caches the last marks and their texts: there may be hundreds, and a dragged slider adds more each frame."""

    def __init__(self, texts: CurveTexts) -> None:
        self._texts = texts
        self._of: object = None
        self._window: object = None
        self._cached: dict[range, str] = {}  # by the numbers of the interventions that a mark stands for
        self._marks: tuple[Mark, ...] = ()

    def of(
        self, run: DrawnRun | None, low: float, high: float, pixels: float, unit: PositionUnit
    ) -> tuple[Mark, ...]:
        """Return the marks of a run in a window `pixels` wide, by place; those near each other are one."""
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
        seen = [(place, text, each) for place, each in groups if (text := self._cached[each])]
        self._marks = tuple(
            Mark(
                place, text, done[each.start : each.stop], many=gesture_of(done, each.start).stop < each.stop
            )
            for place, text, each in seen
        )
        last = len(done) - 1  # it may be joined with a later one
        self._cached = {numbers: text for numbers, text in self._cached.items() if last not in numbers}
        return self._marks


MOST_ON_A_LINE = 3  # runs
Reading = tuple[list[str], list[tuple[float, float]]]  # lines, and points (x, y) of the selected run


def read_costs(texts: CurveTexts, runs: Sequence[DrawnRun], place: float, unit: PositionUnit) -> Reading:
    lines, others, points = list[str](), list[str](), list[tuple[float, float]]()
    for drawn in runs:
        if (column := drawn.column("cost", place, unit)) is None:
            continue
        if drawn.selected:
            lines += texts.costs(column, drawn.epoch)
            points.append((drawn.middle_of_cost(column, unit), column.mean))
        else:
            others.append(texts.lettered(drawn.run.letter, texts.mean_cost(column)))
    return [*lines, *_together(texts, others)], points


def read_accuracies(
    texts: CurveTexts, runs: Sequence[DrawnRun], place: float, unit: PositionUnit, *, errors: bool
) -> Reading:
    lines, others, points = list[str](), list[str](), list[tuple[float, float]]()
    for drawn in runs:
        names = SETS if drawn.selected else drawn.drawn_sets
        columns = {name: drawn.accuracy(name, place, unit) for name in names}
        if not (known := {name: column for name, column in columns.items() if column is not None}):
            continue
        if not drawn.selected:
            name = "validation" if "validation" in known else next(iter(known))
            others.append(texts.lettered(drawn.run.letter, texts.accuracy(name, known[name], errors=errors)))
            continue
        distance = {name: abs(drawn.middle(column, unit) - place) for name, column in known.items()}
        nearest = known[min(distance, key=distance.__getitem__)]
        now = {name: column for name, column in known.items() if column.last_step == nearest.last_step}
        lines.append(texts.moment(nearest, drawn.epoch))
        lines.append(texts.together(texts.accuracy(name, now[name], errors=errors) for name in now))
        before = (name for name in known if name not in now)
        lines += [texts.accuracy(name, known[name], errors=errors, when=True) for name in before]
        lines += _read_bands(texts, drawn, nearest.last_digits, errors=errors)
        points += ((drawn.middle(of, unit), 1 - of.mean if errors else of.mean) for of in known.values())
    return [*lines, *_together(texts, others)], points


def _read_bands(texts: CurveTexts, drawn: DrawnRun, digits: int, *, errors: bool) -> list[str]:
    """Return the range of each band measured after exactly this many digits; at its end also each run with its seed."""
    lines: list[str] = []
    for band in drawn.run.bands:
        if (spread := band.at(digits)) is None or digits not in band.runs[0].digits:
            continue
        lines.append(texts.spread(band, spread, errors=errors))
        if digits == band.until:
            lines += _together(texts, [texts.run_of_band(band, run, errors=errors) for run in band.runs])
    return lines


def _together(texts: CurveTexts, others: Sequence[str]) -> list[str]:
    begins = range(0, len(others), MOST_ON_A_LINE)
    return [texts.together(others[begin : begin + MOST_ON_A_LINE]) for begin in begins]


def nearest_mark(marks: Sequence[Mark], place: float, near: float) -> Sequence[Mark]:
    nearest = min(marks, key=lambda mark: abs(mark.place - place), default=None)
    return () if nearest is None or abs(nearest.place - place) > near else (nearest,)
