"""What the network of now makes of the row on the pad: read at once when the ink changes, now and then while it
learns."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from mnistviz.engine.digits import PIXELS, SIDE
from mnistviz.engine.network import Network
from mnistviz.engine.problems import Problem
from mnistviz.engine.rows import (
    Box,
    Candidates,
    Reading,
    candidates_by_hand,
    find_candidates,
    read_row,
    row_of,
)
from mnistviz.gui.network.pad.sheet import WIDE, Sheet

JUDGED: Final = 0.3  # seconds from one judgement of a network that learns to the next, at least
_AGAIN: Final = 0.03  # seconds from one cutting to the next while one draws, at least
_SHARE: Final = 2.0  # times as long as a cutting took the next one waits, while one draws


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

    def line(self, cut: int) -> NDArray[np.float64]:
        """The points (n, 2) of a cut, from top to bottom."""
        assert self.candidates is not None
        return self.candidates.line(cut) / self._side

    @property
    def by_hand(self) -> bool:
        """Whether a hand has cut it, and not the network."""
        return self._of is not None and self._of.cuts is not None

    @property
    def cuts(self) -> list[int]:
        """The cuts of the way from left to right, or all those that a hand has set."""
        if self.by_hand and self.candidates is not None:
            return [*range(1, len(self.candidates.cuts) - 1)]
        if self.reading is None:
            return []
        return [int(self.reading.candidates.ends[shape, 1]) for shape in self.reading.way[:-1]]

    @property
    def places(self) -> list[float]:
        """Where those cuts are: the middle of each, or where a hand has set it."""
        if self._of is not None and self._of.cuts is not None:
            return [*self._of.cuts]
        return [float(self.line(cut)[:, 0].mean()) for cut in self.cuts]

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
        raster: NDArray[Any] = sheet.ink.raster(WIDE)
        self._side = float(len(raster))
        try:
            row = row_of(raster)
            if sheet.cuts is None:
                found = find_candidates(row)
            else:
                found = candidates_by_hand(row, [cut * self._side for cut in sheet.cuts])
        except Problem as problem:
            self.problem = problem
            return None
        return found if len(found) else None

    def _judge(self, *, quietly: bool = False) -> None:
        self._soon.stop()
        candidates, network = self.candidates, self._network
        fits = network is not None and network.sizes[0] == PIXELS
        self._judged, self._judged_at = network, time.monotonic()
        if network is None or candidates is None or not fits:
            self.reading = None
        else:
            with np.errstate(all="ignore"):  # what has diverged is not certain
                reading = read_row(network, candidates)
            every = tuple(range(len(candidates)))  # cut by hand there is one way, with all that has ink
            self.reading = replace(reading, way=every) if self.by_hand else reading
        if not quietly:
            self.judged.emit()
