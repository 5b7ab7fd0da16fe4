"""What a plot shows, as one value: where two are equal, nothing has to be drawn anew.

It is made and compared ten times a second while a network learns; named tuples take a quarter of the time that
data classes take.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from PySide6.QtCore import Qt

from mnistviz.engine.acts import Intervention
from mnistviz.gui.curves.scales import Range
from mnistviz.gui.curves.traces import Floats, Points


class Axis(NamedTuple):
    """The ends of an axis, and what writes its ticks."""

    range: Range
    texts: Callable[[list[float]], list[str]]


class LineStyle(NamedTuple):
    """How a line is drawn. Dots mark the points where they are few, with `dots` more often; a `faint` line
    is thin and has none; with `band` the space between its percentiles is filled."""

    colour: str
    pen: Qt.PenStyle = Qt.PenStyle.SolidLine
    dots: bool = False
    faint: bool = False
    band: bool = False


class Line(NamedTuple):
    """A series of a run: `name` is the run's number and the series. With `errors` it shows 1 − its values."""

    name: tuple[int, str]
    points: Points
    per: int  # steps or digits in one unit of the x axis
    errors: bool
    style: LineStyle

    @property
    def x(self) -> Floats:
        return self.points.x / self.per

    @property
    def y(self) -> Floats:
        return 1 - self.points.mean if self.errors else self.points.mean


@dataclass(frozen=True)
class Mark:
    """A vertical line at a place on the x axis, with a label that sums up some interventions."""

    place: float
    text: str
    acts: tuple[Intervention, ...] = field(compare=False)


class Cursor(NamedTuple):
    """A place on the x axis, the points (x, y) that are read there, in one colour, and what they say."""

    place: float
    points: tuple[tuple[float, float], ...]
    colour: str
    text: str


class Drawing(NamedTuple):
    """All that a plot shows; `message` where there is no line yet."""

    x: Axis
    y: Axis
    message: str
    lines: tuple[Line, ...]
    marks: tuple[Mark, ...]
    cursor: Cursor | None = None
