"""Styles of lines: the hue shows the run; dash and tone show the set."""

from functools import cache
from typing import Final, Literal, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from mnistviz.engine.history import SETS
from mnistviz.gui.common.theme import Theme, toned

_DASHES: Final[dict[str, tuple[float, ...]]] = {"validation": (4.0, 1.6), "test": (0.01, 2.0)}
_WIDTHS: Final = {"validation": 2.2, "test": 2.4}
THIN = 0.6  # how wide the line of the first digits of a set is, of that of all
_RUNS: Final = (9, 2), (2, 2), (5, 2, 1, 2), (1, 2), (12, 4), (5, 2, 1, 2, 1, 2), (4, 4), (12, 2, 1, 2)
FAINT = -0.2  # the tone of runs that are not selected: towards the card

Role = Literal["selected", "whole", "faint"]
"""The selected run has all its lines, a band and flags; others a thin line, or all while pointed at ("whole")."""


class LineStyle(NamedTuple):
    """How a line is drawn: `dash` lists the lengths of dashes and gaps in line widths, empty for a solid line. A
    `faint` line is thin; with `band` the area between its percentiles is filled; a `hollow` one has hollow points. Its
    label has its colour, or `name_colour`. A `letter` stands along it."""

    colour: str
    dash: tuple[float, ...] = ()
    width: float = 1.6
    faint: bool = False
    band: bool = False
    name_colour: str = ""
    hollow: bool = False
    letter: str = ""


@cache
def style(theme: Theme, series: str, number: int, role: Role) -> LineStyle:
    colour, dash = theme.run_colour(number), _DASHES.get(series, ())
    if role == "faint":
        return LineStyle(toned(theme, colour, FAINT), dash, faint=True, name_colour=colour)
    if series not in SETS:
        return LineStyle(colour, dash, band=role == "selected")
    tone = theme.tones[SETS.index(series)]
    return LineStyle(toned(theme, colour, tone), dash, _WIDTHS.get(series, 1.8))


def lettered(line: LineStyle, letter: str) -> LineStyle:
    """Return a thin line with the dash of its run and letters along it, where no colour tells whose it is."""
    dash = _RUNS[sum(map(ord, letter)) % len(_RUNS)]
    return line._replace(letter=letter, dash=dash, colour=line.name_colour)


@cache
def part_style(theme: Theme, set_name: str, number: int, role: Role, *, dotted: bool) -> LineStyle:
    """Return the style of accuracies on a set's first digits: a thinner line, or a thin one with hollow points."""
    whole = style(theme, set_name, number, role)
    return whole._replace(width=1.0 if dotted else THIN * whole.width, hollow=dotted)


@cache
def pen(line: LineStyle, width: float) -> QPen:
    """Return the pen for a line of a width; 0 is one pixel of the screen, by far the fastest."""
    made = QPen(QColor(line.colour), width)
    dotted = bool(line.dash) and line.dash[0] < 1
    made.setCapStyle(Qt.PenCapStyle.RoundCap if dotted and width > 1 else Qt.PenCapStyle.FlatCap)
    if line.dash and width > 1:
        made.setDashPattern(line.dash)
    elif line.dash:
        made.setDashPattern(line.dash if line.letter else (1, 2) if dotted else (6, 3))
    return made
