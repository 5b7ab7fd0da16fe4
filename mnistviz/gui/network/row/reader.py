"""What the network of now makes of the row on the pad: read at once when the ink changes, now and then while it
learns."""

from __future__ import annotations

import time
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from mnistviz.engine.digits import PIXELS, SIDE
from mnistviz.engine.handwriting import Ink
from mnistviz.engine.network import Network
from mnistviz.engine.problems import Problem
from mnistviz.engine.rows import (
    Box,
    Candidates,
    Reading,
    Row,
    candidates_by_hand,
    cut_at,
    find_candidates,
    read_row,
    row_of,
)
from mnistviz.gui.network.pad.sheet import WIDE, Sheet

JUDGED: Final = 0.3  # seconds from one judgement of a network that learns to the next, at least
_AGAIN: Final = 0.1  # seconds from one cutting to the next while one draws, at least
_SHARE: Final = 4.0  # times as long as a cutting took the next one waits, while one draws


class Reader(QObject):
    """Knows the ink, the ways to cut it, and what the network says of them. Lengths are heights of the pad."""

    cut = Signal()
    """The ways to cut the row are others."""
    judged = Signal()
    """The network has judged them anew."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.candidates: Candidates | None = None
        self.reading: Reading | None = None
        self.problem: Problem | None = None
        """Why there is nothing to cut."""
        self._sheet = Sheet()
        self._of: Sheet | None = None  # the sheet that `candidates` belong to
        self._paths: dict[float, NDArray[np.intp]] = {}  # of the cuts of this ink, by their places
        self._paths_of: Ink | None = None
        self._pictures: dict[int, NDArray[np.uint8]] = {}
        self._side = 1.0  # pixels of its raster for the pad's height
        self._network: Network | None = None
        self._judged: Network | None = None  # the network that has judged last
        self._judged_at = -1.0
        self._next_cut = 0.0
        self._later = QTimer(self, singleShot=True)
        self._later.timeout.connect(self._cut)
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(self._judge)

    def take_ink(self, sheet: Sheet, *, in_haste: bool) -> None:
        """There is other ink. `in_haste`, while one draws, it is not cut for every point of a line."""
        self._sheet = sheet
        wait = self._next_cut - time.monotonic()
        if in_haste and wait > 0:
            if not self._later.isActive():
                self._later.start(round(1000 * wait))
        else:
            self._cut()

    def take_network(self, network: Network) -> None:
        """The network of now. It judges at once, or when the last judgement is old enough."""
        self._network = network
        if network is self._judged:
            return
        wait = JUDGED - (time.monotonic() - self._judged_at)
        if wait <= 0 or self.reading is None:
            self._judge()
        elif not self._soon.isActive():
            self._soon.start(round(1000 * wait))

    def forget(self) -> None:
        """Forgets the network and what it said, and no ink."""
        self._soon.stop()
        self._network = self._judged = self.reading = None

    def rest(self) -> None:
        """Forgets all: there is no row to be seen."""
        self._later.stop()
        self.forget()
        self.candidates = self._of = None

    def box(self, shape: int) -> Box:
        """Where the ink of a shape is."""
        assert self.candidates is not None
        return Box(*(edge / self._side for edge in self.candidates.box(shape)))

    def centre(self, shape: int) -> float:
        """How far to the right the middle of a shape is."""
        box = self.box(shape)
        return (box.left + box.right) / 2

    @property
    def by_hand(self) -> bool:
        """Whether a hand has cut it, and not the network."""
        return self._of is not None and self._of.cuts is not None

    @property
    def places(self) -> list[float]:
        """Where it is cut, from left to right: the middle of each cut, or where a hand has set it."""
        if self._of is not None and self._of.cuts is not None:
            return [*self._of.cuts]
        cuts = () if self.reading is None else self.reading.cuts
        return [self._place(cut) for cut in cuts]

    @property
    def lines(self) -> list[NDArray[np.float64]]:
        """The points (n, 2) of each of those cuts, from top to bottom."""
        row = None if self.candidates is None else self.candidates.row
        return [] if row is None else [self._points(row, self._path(row, place)) for place in self.places]

    def picture(self, shape: int) -> NDArray[np.uint8]:
        """What the network gets of a shape, uint8 (28, 28): the same object as long as the shapes are the same."""
        assert self.candidates is not None
        if shape not in self._pictures:
            self._pictures[shape] = self.candidates.images[shape].reshape(SIDE, SIDE)
        return self._pictures[shape]

    def _cut(self) -> None:
        """Finds the ways to cut the ink, and has them judged."""
        self._later.stop()
        began, sheet = time.monotonic(), self._sheet
        if self._of is sheet:
            return
        same_ink = self._of is not None and self._of.ink is sheet.ink and self._of.cuts == sheet.cuts
        self._of = sheet
        if not same_ink:
            self.candidates = self._candidates_of(sheet)
            self._pictures.clear()
            self.reading = None
            self._judge(quietly=True)
        self._next_cut = time.monotonic() + max(_AGAIN, _SHARE * (time.monotonic() - began))
        self.cut.emit()

    def _candidates_of(self, sheet: Sheet) -> Candidates | None:
        self.problem = None
        if not sheet.ink:
            return None
        if sheet.ink is not self._paths_of:
            self._paths, self._paths_of = {}, sheet.ink
        raster: NDArray[Any] = sheet.ink.raster(WIDE)
        self._side = float(len(raster))
        try:
            row = row_of(raster)
            if sheet.cuts is None:
                found = find_candidates(row)
            else:
                found = candidates_by_hand(row, [self._path(row, place) for place in sheet.cuts])
        except Problem as problem:
            self.problem = problem
            return None
        return found if len(found) else None

    def _place(self, cut: NDArray[np.intp]) -> float:
        """Where a cut is. It is known again by that, if a hand keeps it."""
        assert self.candidates is not None
        middle = np.array([cut.mean(), 0.0])
        place = float(self.candidates.row.at(middle)[0]) / self._side
        self._paths[place] = cut
        return place

    def _path(self, row: Row, place: float) -> NDArray[np.intp]:
        """The way of a cut through the rows of pixels: the network's own, or the cheapest one near its place."""
        if place not in self._paths:
            self._paths[place] = cut_at(row, place * self._side)
        return self._paths[place]

    def _points(self, row: Row, path: NDArray[np.intp]) -> NDArray[np.float64]:
        points = np.stack([np.append(path, path[-1:]), np.arange(len(path) + 1)], axis=1)
        return row.at(points) / self._side

    def _judge(self, *, quietly: bool = False) -> None:
        self._soon.stop()
        candidates, network = self.candidates, self._network
        fits = network is not None and network.sizes[0] == PIXELS
        self._judged, self._judged_at = network, time.monotonic()
        if network is None or candidates is None or not fits:
            self.reading = None
        else:
            with np.errstate(all="ignore"):  # what has diverged is not certain
                self.reading = read_row(network, candidates)
        if not quietly:
            self.judged.emit()
