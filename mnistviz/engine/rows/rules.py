"""Removal of ruled lines, frames and sides of boxes from a picture's ink, so that the writing stays."""

from itertools import combinations, pairwise
from typing import Any, Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from mnistviz.engine.framing import Array
from mnistviz.engine.functions import Bools, Numbers
from mnistviz.engine.rows import filters

Inked = Bools

_STEP: Final = 0.25  # degrees
_TILTS: Final = np.arange(-15, 15 + _STEP / 2, _STEP)  # degrees, of ruled lines
# and of sides: a stroke that leans further is a digit's
_LEANING: Final = np.arange(-2, 2 + _STEP / 2, _STEP)
_CROSSES: Final = 0.85  # of the width is ink in a ruled line
_SIDE: Final = 0.95  # of the height between two rules is ink in a box's side
_MARGIN: Final = 0.97  # of the height of all of the picture, where there are no two
# of the picture's height, at least, lies between two rules that boxes may have sides between
_LEAST_BOX: Final = 0.3
_THICKEST: Final = 1 / 8  # of its length: what is thicker is no line
_USUAL_SIDE: Final = 1.6  # times as thick as the lines, at most, are the sides
_UNEVEN: Final = 0.08  # of their distance, at most, a side may be off its place
_BETWEEN: Final = 4  # of the lines found from one side to the next: the others are strokes
_FITS: Final = 3  # of their places, each to those that were near
_WITHOUT_GAP: Final = 0.8  # of the sides between the first and the last are there
_LEFT: Final = 0.15  # of the ink, at least, is writing
_MANY: Final = 3  # lines that cross the picture: no digit has so many bars
_WAVE: Final = 1 / 250  # of its length may a line be off the straight one
_ALONE: Final = 0.25  # of its columns, at least, a line is alone: nobody has written on it
_MORE: Final = 1.5  # times its ink: more is a stroke
_MOST_POINTS: Final = 30_000  # of ink are looked at for the tilt
_MOST_ROUNDS: Final = 8


class _Line(Struct, frozen=True):
    """A straight line: its row in the middle of the picture, slope, thickness, and mean ink per column."""

    middle: float
    slope: float
    thick: float
    mass: float


def without_rules(inked: Inked, contrast: Array) -> Inked:
    """Return the ink without ruled lines and frames: straight thin ink along nearly the whole width.

    `contrast`, from 0 to 1, is what the ink was taken from: where a pen crosses a pale line, it is darker. A single
    line has to cross the picture. Two, with the writing between them, are a frame, even if they cross only what is
    inked; its sides, and those of boxes in it, run from one to the other. Without a frame a side has to cross the
    picture from top to bottom. A digit has bars, too: nothing is removed that would leave next to nothing, unless many
    lines cross the picture.
    """
    width = inked.shape[1]
    columns = np.flatnonzero(inked.any(axis=0))
    if not len(columns):
        return inked
    lines, left = _unruled(inked, contrast, 0, width, _CROSSES)
    if len(lines) >= _MANY and not _is_writing_left(left, inked):
        return left
    if len(lines) < 2:
        frame, within = _unruled(inked, contrast, int(columns[0]), int(columns[-1]) + 1, _CROSSES)
        if len(frame) > 1:
            lines, left = frame, within
    if not _is_writing_left(left, inked):
        lines, left = [], inked
    sides = _sides(lines, left, contrast)
    return left & ~sides if _is_writing_left(left & ~sides, inked) else left


def _sides(lines: list[_Line], inked: Inked, contrast: Array) -> Inked:
    """Return the ink of sides of boxes between two of the lines, or of the picture if there are no two. They stand
    upright on the lines, as thick as these. A stroke that continues beyond a line is none."""
    height, width = inked.shape
    slope, thick = (lines[0].slope, max(line.thick for line in lines)) if lines else (0.0, 0.0)
    down = np.rint((np.arange(width) - width / 2) * slope).astype(np.intp)
    level = _moved(inked, down)
    top, bottom = _box(lines, level)
    share = _MARGIN
    if (top, bottom) != (0, height):
        share, room = _SIDE, round(2 * thick) + 2
        above, below = level[max(top - room - 2, 0) : max(top - room, 0)], level[bottom + room :][:2]
        goes_on = np.asarray(np.concatenate([above, below]).any(axis=0, keepdims=True), dtype=np.float32)
        level = level & (filters.largest(goes_on, 1, (1,)) == 0)
    tilts, pale = _LEANING - np.degrees(np.arctan(slope)), _moved(contrast, down).T
    lines_across, _ = _unruled(level.T, pale, top, bottom, share, tilts, _USUAL_SIDE * thick)
    left = level.T
    for line in _evenly_apart(lines_across):
        left = _without(left, _along_runs(left, pale), line, max(1, round(_WAVE * (bottom - top))))
    return _moved(level & ~left.T, -down)


def _evenly_apart(lines: list[_Line]) -> list[_Line]:
    """Return the largest subset of evenly spaced lines, as sides of boxes are, and strokes are not."""
    best = lines if len(lines) < 3 else []
    middles = np.array([line.middle for line in lines])
    for i, j in combinations(range(len(lines)), 2):
        first, apart = middles[i], middles[j] - middles[i]
        if j - i > _BETWEEN or apart <= 0:
            continue
        for _ in range(_FITS):
            place = np.rint((middles - first) / apart)
            on = np.abs(middles - first - place * apart) <= max(_UNEVEN * apart, 1)
            if np.ptp(place[on]) > 0:
                apart, first = np.polyfit(place[on], middles[on], 1)
        places = np.unique(place[on])
        if len(places) > max(len(best), _WITHOUT_GAP * np.ptp(places)):
            best = [line for line, fits in zip(lines, on.tolist(), strict=True) if fits]
    return best


def _box(lines: list[_Line], inked: Inked) -> tuple[int, int]:
    """Return the rows between the two neighbouring lines with most writing between; all for fewer lines."""
    spans = [
        (int(above.middle + above.thick) + 1, int(below.middle - below.thick))
        for above, below in pairwise(lines)
    ]
    spans = [span for span in spans if span[1] - span[0] > _LEAST_BOX * len(inked)]
    return max(spans, key=lambda span: np.count_nonzero(inked[span[0] : span[1]]), default=(0, len(inked)))


def _moved(values: NDArray[Any], down: Numbers) -> NDArray[Any]:
    rows = np.arange(len(values))[:, np.newaxis] + down
    inside = (rows >= 0) & (rows < len(values))
    moved: NDArray[Any] = np.where(
        inside, np.take_along_axis(values, rows.clip(0, len(values) - 1), axis=0), 0
    )
    return moved.astype(values.dtype)


def _is_writing_left(left: Inked, inked: Inked) -> bool:
    return bool(np.count_nonzero(left) >= _LEFT * np.count_nonzero(inked))


def _unruled(
    inked: Inked,
    contrast: Array,
    start: int,
    end: int,
    share: float,
    tilts: NDArray[Any] = _TILTS,
    thickest: float = 0,
) -> tuple[list[_Line], Inked]:
    """Return the lines with ink along this share of the columns, from top to bottom, and the ink without them."""
    lines: list[_Line] = []
    if end - start < 8:
        return lines, inked
    reach = max(1, round(_WAVE * (end - start)))
    for _ in range(_MOST_ROUNDS):
        if not (fullest := _fullest(inked, start, end, share, reach, tilts)):
            break
        heights, masses = _along_runs(inked, inked), _along_runs(inked, contrast)
        for middle, slope in fullest:
            line = _line(inked, heights, masses, middle, slope, reach)
            if line.thick > max(_THICKEST * (end - start), thickest):
                return lines, inked
            lines.append(line)
            inked = _without(inked, masses, line, reach)
    return sorted(lines, key=lambda line: line.middle), inked


def _fullest(
    inked: Inked, start: int, end: int, share: float, reach: int, tilts: NDArray[Any]
) -> list[tuple[float, float]]:
    """Return the rows, each with its slope, with ink along `share` of the columns, at the tilt of the fullest one. A
    column counts if there is ink within `reach` of the line."""
    height, width = inked.shape
    near = filters.largest(inked.astype(np.float32), reach, (0,)) > 0
    columns = np.arange(start, end, max(1, int(np.count_nonzero(near)) // _MOST_POINTS))
    y, number = np.nonzero(near[:, columns])
    x = columns[number] - width / 2
    offset = int(np.ceil(width * np.tan(np.radians(np.abs(tilts).max()))))
    best, fullest, slope = np.zeros(0, dtype=np.intp), 0, 0.0
    for tilt in tilts:
        each = float(np.tan(np.radians(tilt)))
        profile = np.bincount(np.rint(y - x * each).astype(np.intp) + offset, minlength=height + 2 * offset)
        if profile.max() > fullest:
            best, fullest, slope = profile, int(profile.max()), each
    full = best >= max(share * len(columns), share * fullest)
    edges = np.flatnonzero(np.diff(full.astype(np.int8), prepend=0, append=0)).reshape(-1, 2)
    return [((first + after - 1) / 2 - offset, slope) for first, after in edges.tolist()]


def _line(inked: Inked, heights: Array, masses: Array, middle: float, slope: float, reach: int) -> _Line:
    y, x = np.nonzero(inked)
    on = np.abs(y - middle - (x - inked.shape[1] / 2) * slope) <= reach + 0.5
    y, x = y[on], x[on]
    thick, mass = np.quantile(heights[y, x], _ALONE), np.quantile(masses[y, x], _ALONE)
    return _Line(middle, slope, float(thick), float(mass))


def _without(inked: Inked, masses: Array, line: _Line, reach: int) -> Inked:
    """Return the ink without the line. A stroke across or along it has more ink, and stays."""
    y, x = np.nonzero(inked)
    aside = np.abs(y - line.middle - (x - inked.shape[1] / 2) * line.slope)
    gone = (aside <= reach + line.thick) & (masses[y, x] <= _MORE * line.mass)
    left = inked.copy()
    left[y[gone], x[gone]] = False
    return left


def _along_runs(inked: Inked, values: NDArray[Any]) -> Array:
    """Return at each pixel of ink the sum of `values` over its vertical run of ink."""
    edges = np.diff(np.pad(inked, ((1, 1), (0, 0))).astype(np.int8), axis=0).T
    column, first = np.nonzero(edges == 1)
    after = np.nonzero(edges == -1)[1]
    sums = np.pad(np.cumsum(values, axis=0, dtype=np.float32), ((1, 0), (0, 0)))
    sums = sums[after, column] - sums[first, column]
    number = np.zeros((inked.shape[1], inked.shape[0] + 1), dtype=np.intp)
    number[column, first] = np.arange(1, len(first) + 1)
    run = np.maximum.accumulate(number[:, :-1], axis=1).T
    return np.where(inked, np.append(0, sums)[run], 0).astype(np.float32)
