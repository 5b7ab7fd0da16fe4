"""What a plot shows, as one value: where two are equal, nothing has to be drawn anew.

It is made and compared ten times a second while a network learns; named tuples take a quarter of the time that
data classes take.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from mnistviz.engine.acts import Intervention
from mnistviz.gui.common.axis_scales import Range
from mnistviz.gui.curves.traces import Floats, Points


class PlotAxis(NamedTuple):
    """The ends of an axis, what writes its ticks, and what stands beside them."""

    range: Range
    texts: Callable[[list[float]], list[str]]
    unit: str = ""


class LineStyle(NamedTuple):
    """How a line is drawn: `dash` is how long it is there and is not, in its widths, and nothing for a solid one.
    A `faint` line is thin; with `band` the space between its percentiles is filled; of one that is `only_dots` nothing
    but its points is drawn. Its name has its colour, or `name_colour`."""

    colour: str
    dash: tuple[float, ...] = ()
    width: float = 1.6
    faint: bool = False
    band: bool = False
    name_colour: str = ""
    only_dots: bool = False


class PlotLine(NamedTuple):
    """A series of a run: `name` is the run's number and the series. With `errors` it shows 1 − its values."""

    name: tuple[int, str]
    points: Points
    per: int  # steps or digits in one unit of the x axis
    errors: bool
    style: LineStyle
    label: str = ""
    """What stands at its end."""

    @property
    def x(self) -> Floats:
        return self.points.x / self.per

    @property
    def y(self) -> Floats:
        return 1 - self.points.mean if self.errors else self.points.mean


@dataclass(frozen=True)
class Mark:
    """A flag at a place on the x axis. Its text sums up some interventions, of `many` gestures or of one."""

    place: float
    text: str
    acts: tuple[Intervention, ...] = field(compare=False)
    many: bool = False


class PlotCursor(NamedTuple):
    """A place on the x axis, the points (x, y) that are read there, in one colour, and what they say."""

    place: float
    points: tuple[tuple[float, float], ...]
    colour: str
    text: str


class Drawing(NamedTuple):
    """All that a plot shows; `message` where there is no line yet, and `names` are those that lines may have.
    `playhead` is where on the x axis the moment is that all views show."""

    x: PlotAxis
    y: PlotAxis
    message: str
    names: tuple[str, ...]
    lines: tuple[PlotLine, ...]
    marks: tuple[Mark, ...]
    cursor: PlotCursor | None = None
    playhead: float | None = None
