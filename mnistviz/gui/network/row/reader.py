"""A row on the pad as a value, segmented and classified in the background. Lengths are heights of the pad."""

import time
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from typing import Final, Self

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from mnistviz.engine import rows
from mnistviz.engine.cancelling import Cancelled, Withdrawn, never
from mnistviz.engine.digits import PIXELS, SIDE
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network
from mnistviz.engine.problems import Problem
from mnistviz.engine.rows import Box, DigitRow, candidates_by_hand, cut_at, find_candidates, read_row, row_of
from mnistviz.gui.common.timers import new_timer
from mnistviz.gui.lab.jobs import Jobs
from mnistviz.gui.network.pad.sheet import WIDE, Sheet

Path = NDArray[np.intp]


class ReadRow(Struct, frozen=True, eq=False):
    """Row of a `sheet`, as segmented by a `network`, or None before that. `candidates` are all possible segments, or
    None if there are none, perhaps because of the `problem`. `boxes`, (m, 4), enclose the ink of each, `pictures`,
    uint8 (28, 28), are the inputs. `side` is the height of the pad in pixels of the ink. `places` are the cuts of the
    `reading` from left to right: the middle of each, or where the user set it; `lines` are their points (n, 2), from
    top to bottom. `paths` are all cuts of this ink, by their places."""

    sheet: Sheet
    side: int = 1
    candidates: rows.Candidates | None = None
    problem: Problem | None = None
    boxes: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 4)))
    pictures: tuple[NDArray[np.uint8], ...] = ()
    network: Network | None = None
    reading: rows.RowReading | None = None
    places: tuple[float, ...] = ()
    lines: tuple[NDArray[np.float64], ...] = ()
    paths: Mapping[float, Path] = field(default_factory=dict)

    def is_of(self, sheet: Sheet) -> bool:
        return self.sheet.ink is sheet.ink and self.sheet.cuts == sheet.cuts

    @property
    def way(self) -> tuple[int, ...]:
        return () if self.reading is None else self.reading.way

    @property
    def by_hand(self) -> bool:
        return self.sheet.cuts is not None

    def box(self, shape: int) -> Box:
        return Box(*self.boxes[shape].tolist())

    def centre(self, shape: int) -> float:
        box = self.box(shape)
        return (box.left + box.right) / 2

    def unread(self) -> Self:
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
    return row.at(np.stack([np.append(path, path[-1:]), np.arange(len(path) + 1)], axis=1)) / side


PATIENCE: Final = 0.2  # seconds that a report waits for its row
JUDGED: Final = 0.3  # seconds between two predictions of a network in training, at least
_AGAIN: Final = 0.1  # seconds between two segmentations during a stroke, at least
_SHARE: Final = 4.0  # multiple of the last duration until the next one, during a stroke or training
_JOB: Final = "row"


class Reader(QObject):
    """Classifies rows in background jobs; without `jobs` it does nothing. `row` is the last result, kept until the next
    one is ready. One job runs at a time, and the next one uses the newest ink; a job for an unfinished line is
    cancelled for the whole line."""

    cut = Signal()
    judged = Signal()
    hurries = Signal(bool)  # the user has ended a line and waits for the result, or no longer

    def __init__(self, jobs: Jobs | None, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self.row = ReadRow(Sheet())
        self._sheet = self._asked = self.row.sheet
        self._network: Network | None = None
        self._run: int | None = None
        self._in_haste = self._has_priority = False
        self._next_cut = self._next_judged = 0.0
        self._later = new_timer(self, self._read)

    @property
    def is_behind(self) -> bool:
        unread = self.row.candidates is not None and self.row.network is None
        return unread or not self.row.is_of(self._sheet)

    @property
    def waits(self) -> bool:
        """True if it will update later, although nothing else changes."""
        return self._later.isActive()

    def start(self, sheet: Sheet) -> None:
        """Start reading a row that has become visible. A result for other ink is not shown over it."""
        if not self.row.is_of(sheet):
            self._publish(ReadRow(Sheet()))
        self.inked(sheet, in_haste=False)

    def inked(self, sheet: Sheet, *, in_haste: bool) -> None:
        """Set the ink. With `in_haste`, during a stroke, not every point of the line is segmented."""
        self._sheet, self._in_haste = sheet, in_haste
        self._publish(self.row if sheet.ink else ReadRow(sheet))
        if self._jobs is not None and not in_haste and not ReadRow(self._asked).is_of(sheet):
            self._jobs.withdraw(_JOB)  # a finished line does not wait for the result of a part of it
        self._read()

    def set_moment(self, moment: Moment) -> None:
        """Set the network; only that of another run is used at once, others when the last result is old."""
        if moment.run != self._run:
            self.release(moment.run)
        if moment.network is not self._network:
            self._network = moment.network
            self._read()

    def read_now(self) -> None:
        """Compute the result now, for a saved picture. A row that takes too long stays without predictions."""
        self.stop()
        ends = time.monotonic() + PATIENCE
        with suppress(Withdrawn):
            self._publish(read_sheet(self._sheet, self._network, self.row, lambda: time.monotonic() > ends))

    def stop(self) -> None:
        self._later.stop()
        self._prioritise(False)
        if self._jobs is not None:
            self._jobs.withdraw(_JOB)

    def release(self, run: int | None = None) -> None:
        """Drop the predictions, before those of another run's network."""
        self.stop()
        self._run, self._network = run, None
        self.row = self.row.unread()

    def _prioritise(self, urgent: bool) -> None:
        if urgent or self._has_priority:
            self._has_priority = urgent
            self.hurries.emit(urgent)

    def _read(self) -> None:
        self._later.stop()
        other_ink = not self.row.is_of(self._sheet)
        other_network = self.row.candidates is not None and self._network is not self.row.network
        if self._jobs is None or self._jobs.is_open(_JOB) or not (other_ink or other_network):
            return
        now = due = time.monotonic()
        if other_ink and self._in_haste:
            due = self._next_cut
        elif not other_ink and self.row.network is not None:
            due = self._next_judged
        if due > now:
            self._later.start(round(1000 * (due - now)))
            return
        sheet, network, before = self._sheet, self._network, self.row
        self._asked = sheet
        self._prioritise(other_ink and not self._in_haste)
        then, failed = partial(self._on_read, now), partial(self._on_failed, sheet)
        self._jobs.ask(_JOB, partial(read_sheet, sheet, network, before), then, failed, quick=True)

    def _on_read(self, began: float, row: ReadRow) -> None:
        self._prioritise(False)
        now = time.monotonic()
        self._next_cut = now + max(_AGAIN, _SHARE * (now - began))
        self._next_judged = now + max(JUDGED, _SHARE * (now - began))
        undone = self.row.is_of(self._sheet) and not row.is_of(self._sheet)  # the ink, meanwhile
        if not undone:
            self._publish(row)
        self._read()

    def _on_failed(self, sheet: Sheet, error: Exception) -> None:
        self._prioritise(False)
        self._publish(ReadRow(sheet))  # otherwise it would be tried again and again
        raise error

    def _publish(self, row: ReadRow) -> None:
        """Adopt a result, with the newest sheet that has the same ink."""
        before, self.row = self.row, replace(row, sheet=self._sheet) if row.is_of(self._sheet) else row
        if self.row.candidates is not before.candidates or self.row.sheet is not before.sheet:
            self.cut.emit()
        elif self.row.reading is not before.reading:
            self.judged.emit()
