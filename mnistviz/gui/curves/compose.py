"""Compose what both plots show of the runs, as values; nothing is drawn here.

A `Drawing` is composed and compared ten times a second while a network learns; equal ones need not be
drawn again. Named tuples take a quarter of the time that data classes take.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from mnistviz.engine.columns import PositionUnit
from mnistviz.engine.history import SETS
from mnistviz.gui.common import numbers
from mnistviz.gui.common.scales import Range, accuracy_range, cost_range, error_range, has_leapt
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import theme
from mnistviz.gui.curves.curve_texts import CurveTexts
from mnistviz.gui.curves.drawn_runs import DrawnRun, XAxis, is_dotted
from mnistviz.gui.curves.marks import Mark, Marks, Reading, read_accuracies, read_costs
from mnistviz.gui.curves.pens import LineStyle, lettered, part_style, style
from mnistviz.gui.curves.traces import BandShape, Floats, Points, without_start

COST = ("cost",)


class PlotAxis(NamedTuple):
    range: Range
    texts: Callable[[list[float]], list[str]]
    unit: str = ""


class PlotLine(NamedTuple):
    """A series of a run: `name` is the run's number and the series. With `errors` it shows 1 − its values."""

    name: tuple[int, str]
    points: Points
    per: int  # steps or digits in one unit of the x axis
    errors: bool
    style: LineStyle
    label: str = ""  # text at the end of the line

    @property
    def x(self) -> Floats:
        return self.points.x / self.per

    @property
    def y(self) -> Floats:
        return 1 - self.points.mean if self.errors else self.points.mean


class PlotBand(NamedTuple):
    """Other runs of the same recipe: `name` is the run's number and the kind of band. A band of costs has lines only;
    with `errors` it shows 1 − the accuracies."""

    name: tuple[int, str]
    shape: BandShape
    per: int
    colour: str
    cost: bool = False
    errors: bool = False

    @property
    def x(self) -> Floats:
        return (self.shape.cost_x if self.cost else self.shape.x) / self.per

    @property
    def y(self) -> Floats:
        if self.cost:
            return self.shape.costs
        return 1 - self.shape.shares if self.errors else self.shape.shares

    @property
    def edges(self) -> Floats | None:
        if self.cost:
            return None
        return 1 - self.shape.edges if self.errors else self.shape.edges


class PlotWayBack(NamedTuple):
    """Where the selected run went back to earlier weights: at `place`, to the `height` of its line at `source`.
    `beyond` is where the abandoned line is furthest outside the y axis, and whether that is above it."""

    place: float
    source: float
    height: float
    text: str
    colour: str
    beyond: tuple[float, bool] | None


class PlotCursor(NamedTuple):
    """The cursor: its place on the x axis, the points (x, y) read there, their colour, and a text about them."""

    place: float
    points: tuple[tuple[float, float], ...]
    colour: str
    text: str


class Drawing(NamedTuple):
    """All that a plot shows. An `empty` one has bare axes, `names` are all labels that lines may have, `playhead` is
    the place of the step that all views show, `learning` means that the lines grow, and `best` is the number of the run
    with the highest accuracy."""

    x: PlotAxis
    y: PlotAxis
    empty: bool
    names: tuple[str, ...]
    lines: tuple[PlotLine, ...]
    marks: tuple[Mark, ...]
    cursor: PlotCursor | None = None
    playhead: float | None = None
    bands: tuple[PlotBand, ...] = ()
    learning: bool = False
    ways_back: tuple[PlotWayBack, ...] = ()
    best: int | None = None


class Composer:
    """Composes drawings. Stores the ranges of both y axes, which change only if they no longer fit, and marks. The axis
    of the cost fits the selected run; the others may leave it."""

    def __init__(self, texts: CurveTexts) -> None:
        self._texts = texts
        # translating ten times a second is too slow
        self._names = {name: texts.line(name) for name in (*COST, *SETS)}
        units: tuple[PositionUnit, ...] = ("steps", "digits")
        self._units = {
            (unit, opened): texts.unit(unit, opened=opened) for unit in units for opened in (False, True)
        }
        self._marks = Marks(texts)
        self._cost_range = self._accuracy_range = Range(0, 1)
        self._fitted: tuple[object, object] = (None, None)  # what they were chosen for
        self.leapt = False
        """Whether the cost axis is logarithmic because the cost leapt, and not because the user chose it."""

    def drawings(
        self, axis: XAxis, window: Range, pixels: float, *, log: bool | None, errors: bool
    ) -> tuple[Drawing, Drawing]:
        """Return the plots of the costs and of the accuracies (or errors), without cursors. The traces must fit the
        `window`, `pixels` wide. `log` chooses the cost axis; None: logarithmic only if costs leapt."""
        texts = self._texts
        opened = axis.selected is not None and axis.selected.run.opened
        x = PlotAxis(window, texts.plain_ticks, self._units[axis.unit, opened])
        marks = self._marks.of(axis.selected, window.low, window.high, pixels, axis.unit)
        costs = self._lines(axis, COST)
        parts = self._lines(axis, SETS, errors=errors, parts=True)
        accuracies = (*parts, *self._lines(axis, SETS, errors=errors))
        spreads = _bands(axis, errors=errors)
        runs = axis.fitted_runs
        zoomed = axis.zoom is not None  # then abandoned points must be visible, too
        covered = runs if axis.fits_selected else axis.drawn("validation")
        about = errors, zoomed, axis.is_first_epoch, covered
        before, self._fitted = self._fitted, ((log, zoomed, costs), (about, accuracies, spreads))
        if self._fitted[0] != before[0]:
            self._fit_costs(runs, axis.unit, log=log, zoomed=zoomed)
        if self._fitted[1] != before[1]:
            self._fit_accuracies(covered, axis.unit, errors=errors, zoomed=zoomed)
        if axis.is_first_epoch and not errors:
            self._accuracy_range = Range(0.0, 1.0)
        learning = any(drawn.run.playing for drawn in axis.runs)
        last = {line.name[0]: _last(line.points) for line in accuracies if line.name[1] == "validation"}
        best = max(last, key=lambda run: last[run] or 0.0, default=None)

        def drawing(y: PlotAxis, lines: tuple[PlotLine, ...], bands: tuple[PlotBand, ...]) -> Drawing:
            if axis.is_empty:
                return Drawing(x, y, True, self._all_names(axis), (), ())
            ways = self._ways_back(axis, lines, y.range)
            seen = self._all_names(axis)
            return Drawing(x, y, False, seen, lines, marks, None, None, bands, learning, ways, best)

        cost = PlotAxis(self._cost_range, texts.cost_ticks)
        accuracy = PlotAxis(self._accuracy_range, texts.percent_ticks)
        return (drawing(cost, costs, _bands(axis, cost=True)), drawing(accuracy, accuracies, spreads))

    def cursors(
        self, marks: Sequence[Sequence[Mark]], axis: XAxis, place: float, *, errors: bool
    ) -> tuple[PlotCursor | None, PlotCursor | None]:
        """Return both cursors at a place, with the texts of `marks` for each plot; None without a value there."""
        texts, unit, selected = self._texts, axis.unit, axis.selected
        if selected is not None:
            place = min(place, max(selected.extent(unit), axis.window[0]))

        def cursor(reading: Reading, marks: Sequence[Mark]) -> PlotCursor | None:
            lines, points = reading
            if not lines:
                return None
            about = (line for mark in marks for line in texts.interventions(list(mark.acts)))
            colour = theme().run_colour(0 if selected is None else selected.run.hue)
            return PlotCursor(place, tuple(points), colour, "\n".join((*about, *lines)))

        costs = read_costs(texts, axis.drawn("cost"), place, unit)
        accuracies = read_accuracies(texts, axis.drawn("validation"), place, unit, errors=errors)
        return cursor(costs, marks[0]), cursor(accuracies, marks[1])

    def _fit_costs(
        self, runs: Sequence[DrawnRun], unit: PositionUnit, *, log: bool | None, zoomed: bool
    ) -> None:
        lines = ((drawn, drawn.points("cost", unit)) for drawn in runs)
        costs = [(each if zoomed else run.without_abandoned(each, unit), run.selected) for run, each in lines]
        highest = _joined(np.fmax.reduce(points.values(band=band)) for points, band in costs)
        means = _joined(points.mean for points, selected in costs if selected)
        self.leapt = log is None and has_leapt(means, before=self.leapt)
        band_too = not self.leapt  # the band reaches far down and would leave the lines little room
        lowest = _joined(np.fmin.reduce(points.values(band=band and band_too)) for points, band in costs)
        self._cost_range = cost_range(highest, lowest, bool(log) or self.leapt, self._cost_range)

    def _fit_accuracies(
        self, runs: Sequence[DrawnRun], unit: PositionUnit, *, errors: bool, zoomed: bool
    ) -> None:
        accuracies = [
            [
                *(
                    points if zoomed else drawn.without_abandoned(points, unit)
                    for name, part in (*((name, 0) for name in drawn.drawn_sets), *drawn.drawn_parts)
                    for points in (drawn.points(name, unit, part),)
                ),
                *(edge for shape in drawn.bands(unit) for edge in shape.outline),
            ]
            for drawn in runs
        ]
        if errors:
            wrong = 1 - _joined(points.mean for each in accuracies for points in each)
            self._accuracy_range = error_range(wrong, self._accuracy_range)
        else:
            right = _joined(without_start(each) for each in accuracies)
            self._accuracy_range = accuracy_range(right, self._accuracy_range)

    def _ways_back(self, axis: XAxis, lines: Sequence[PlotLine], y: Range) -> tuple[PlotWayBack, ...]:
        """Return where the selected run went back in the window, on its line of the cost or of the validation set."""
        run, (low, high) = axis.selected, axis.window
        if run is None or not run.ways_back(axis.unit):
            return ()
        names = [(run.run.number, name) for name in ("cost", "validation")]
        line, ways = next((line for line in lines if line.name in names), None), list[PlotWayBack]()
        if line is None:  # it has no validation yet
            return ()
        x, values = line.x, line.y
        x, values = x[np.isfinite(values)], values[np.isfinite(values)]
        for way in run.ways_back(axis.unit):
            place, source = way.place / line.per, way.source / line.per
            if not low <= source <= place <= high or not len(x):
                continue
            begin, end = np.searchsorted(x, (source, place), side="right")
            between = slice(begin, end)
            over, under = (each[between] for each in (values - y.high, y.low - values))
            further = over if over.max(initial=0) >= under.max(initial=0) else under
            beyond = None
            if further.max(initial=0) > 0:
                beyond = float(x[between][further.argmax()]), further is over
            height = float(values[max(begin - 1, 0)])
            text = tr("back to mini-batch {step}", step=way.step)
            ways.append(PlotWayBack(place, source, height, text, line.style.colour, beyond))
        return tuple(ways)

    def _lines(
        self, axis: XAxis, names: Sequence[str], *, errors: bool = False, parts: bool = False
    ) -> tuple[PlotLine, ...]:
        """Return the lines of these series, or with `parts` those of accuracies on the first digits of a set: these are
        not joined with the line of the whole set, and carry the name of the set where they go further."""
        several, lines = len(axis.runs) > 1, list[PlotLine]()
        for drawn in axis.drawn(names[0] if names is COST else "validation"):
            whole = [(name, 0) for name in (names if names is COST else drawn.drawn_sets)]
            for name, part in drawn.drawn_parts if parts else whole:
                points, hue = drawn.points(name, axis.unit, part), drawn.run.hue
                look = style(theme(), name, hue, drawn.role)
                if part:
                    look = part_style(theme(), name, hue, drawn.role, dotted=is_dotted(part))
                if theme().lettered and look.faint:
                    look = lettered(look, drawn.run.letter)
                named = drawn.named(name, axis.unit) == part
                label = self._name(drawn, name, points, errors=errors, several=several) if named else ""
                key = drawn.run.number, f"{name} {part}" if part else name
                lines.append(PlotLine(key, points, drawn.per(axis.unit), errors, look, label))
        return tuple(lines)

    def _name(self, drawn: DrawnRun, series: str, points: Points, *, errors: bool, several: bool) -> str:
        """Return the label at the end of a line: of several runs the letter, with the last accuracy."""
        letter = drawn.run.letter
        if not (several and letter) or series in ("training", "test"):
            return self._names[series]
        if series == "cost" or (share := _last(points)) is None:
            return letter
        return self._texts.lettered(letter, numbers.percent(1 - share if errors else share, 1))

    def _all_names(self, axis: XAxis) -> tuple[str, ...]:
        """Return the longest labels that lines may have, in both plots."""
        letters = [drawn.run.letter for drawn in axis.runs]
        longest = [self._texts.lettered(letter, numbers.percent(1, 1)) for letter in letters]
        return *self._names.values(), *(longest if len(letters) > 1 else ())


def _last(points: Points) -> float | None:
    known = points.mean[np.isfinite(points.mean)]
    return float(known[-1]) if len(known) else None


def _bands(axis: XAxis, *, cost: bool = False, errors: bool = False) -> tuple[PlotBand, ...]:
    unit, tint = axis.unit, theme().run_colour
    return tuple(
        PlotBand(
            (drawn.run.number, shape.band.kind), shape, drawn.per(unit), tint(drawn.run.hue), cost, errors
        )
        for drawn in axis.drawn("cost" if cost else "validation")
        for shape in drawn.bands(unit)
    )


def _joined(arrays: Iterable[Floats]) -> Floats:
    """Concatenate arrays without the NaN of their gaps."""
    values: Floats = np.concatenate((np.empty(0), *arrays))
    return values[~np.isnan(values)]
