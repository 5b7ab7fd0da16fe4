"""A row on the pad as a value: its ink, all its possible segments, and a network's predictions.

Lengths are heights of the pad. Nothing here touches a widget: a worker computes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.cancelling import Cancelled, never
from mnistviz.engine.digits import PIXELS, SIDE
from mnistviz.engine.network import Network
from mnistviz.engine.problems import Problem
from mnistviz.engine.rows import (
    Box,
    Candidates,
    DigitRow,
    RowReading,
    candidates_by_hand,
    cut_at,
    find_candidates,
    read_row,
    row_of,
)
from mnistviz.gui.network.pad.sheet import WIDE, Sheet

Path = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class ReadRow:
    """Row of a `sheet`, as segmented by a `network`, or None before that.

    `candidates` are all possible segments, or None if there are none, perhaps because of the `problem`. `boxes`, (m,
    4), enclose the ink of each, `pictures`, uint8 (28, 28), are the inputs. `side` is the height of the pad in pixels
    of the ink. `places` are the cuts of the `reading` from left to right: the middle of each, or where the user set
    it; `lines` are their points (n, 2), from top to bottom. `paths` are all cuts of this ink, by their places.
    """

    sheet: Sheet
    side: int = 1
    candidates: Candidates | None = None
    problem: Problem | None = None
    boxes: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 4)))
    pictures: tuple[NDArray[np.uint8], ...] = ()
    network: Network | None = None
    reading: RowReading | None = None
    places: tuple[float, ...] = ()
    lines: tuple[NDArray[np.float64], ...] = ()
    paths: Mapping[float, Path] = field(default_factory=dict)

    def is_of(self, sheet: Sheet) -> bool:
        """Return True if that sheet has the same ink and cuts."""
        return self.sheet.ink is sheet.ink and self.sheet.cuts == sheet.cuts

    @property
    def way(self) -> tuple[int, ...]:
        return () if self.reading is None else self.reading.way

    @property
    def by_hand(self) -> bool:
        """True if the user has cut the row, and not the network."""
        return self.sheet.cuts is not None

    def box(self, shape: int) -> Box:
        return Box(*self.boxes[shape].tolist())

    def centre(self, shape: int) -> float:
        box = self.box(shape)
        return (box.left + box.right) / 2

    def unread(self) -> ReadRow:
        return replace(self, network=None, reading=None, places=(), lines=())


def read_sheet(
    sheet: Sheet, network: Network | None, before: ReadRow, cancelled: Cancelled = never
) -> ReadRow:
    """Return the row of a sheet with a network's predictions. Results of `before` for the same ink are reused. If
    `cancelled()`, return it without predictions or raise `Withdrawn`."""
    known = before.paths if before.sheet.ink is sheet.ink else {}
    cut = before if before.is_of(sheet) else _cut(sheet, known, cancelled)
    return cut if cancelled() else _judged(replace(cut.unread(), sheet=sheet, network=network))


def _cut(sheet: Sheet, paths: Mapping[float, Path], cancelled: Cancelled) -> ReadRow:
    """Return the row with all possible segments of its ink, or those of the user's cuts."""
    if not sheet.ink:
        return ReadRow(sheet)
    raster = sheet.ink.raster(WIDE)
    side, known = len(raster), dict(paths)
    try:
        row = row_of(raster)
        if sheet.cuts is None:
            candidates = find_candidates(row, cancelled)
        else:
            for place in sheet.cuts:
                if place not in known:
                    known[place] = cut_at(row, place * side)
            candidates = candidates_by_hand(row, [known[place] for place in sheet.cuts])
    except Problem as problem:
        return ReadRow(sheet, problem=problem)
    if not len(candidates):
        return ReadRow(sheet, paths=known)
    boxes = candidates.boxes / side
    pictures = tuple(candidates.images.reshape(-1, SIDE, SIDE))
    return ReadRow(sheet, side, candidates, None, boxes, pictures, paths=known)


def _judged(row: ReadRow) -> ReadRow:
    """Return the row with its network's predictions, if the network has inputs of this size."""
    network, candidates = row.network, row.candidates
    if candidates is None or network is None or network.sizes[0] != PIXELS:
        return row
    with np.errstate(all="ignore"):  # what has diverged is not certain
        reading = read_row(network, candidates)
    paths, places = row.paths, row.sheet.cuts
    if places is None:
        own = {_place(candidates.row, cut, row.side): cut for cut in reading.cuts}
        paths, places = {**paths, **own}, tuple(own)
    lines = tuple(_points(candidates.row, paths[place], row.side) for place in places)
    return replace(row, reading=reading, paths=paths, places=places, lines=lines)


def _place(row: DigitRow, path: Path, side: int) -> float:
    """Return the middle of a cut, by which the cut is identified if the user keeps it."""
    return float(row.at(np.array([path.mean(), 0.0]))[0]) / side


def _points(row: DigitRow, path: Path, side: int) -> NDArray[np.float64]:
    points = np.stack([np.append(path, path[-1:]), np.arange(len(path) + 1)], axis=1)
    return row.at(points) / side
