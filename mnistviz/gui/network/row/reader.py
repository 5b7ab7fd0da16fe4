"""Reads the row on the pad in the background: when the ink changes, and now and then while the network learns."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal

from mnistviz.engine.cancelling import Withdrawn
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network
from mnistviz.gui.common.timers import new_timer
from mnistviz.gui.lab.jobs import Jobs
from mnistviz.gui.network.pad.sheet import Sheet
from mnistviz.gui.network.row.read_row import ReadRow, read_sheet

PATIENCE: Final = 0.2  # seconds that a picture waits for its row
JUDGED: Final = 0.3  # seconds from one judgement of a network that learns to the next, at least
_AGAIN: Final = 0.1  # seconds from one cutting to the next during a stroke, at least
_SHARE: Final = (
    4.0  # times as long as a reading took the next one waits, during a stroke or while the network learns
)
_JOB: Final = "row"


class Reader(QObject):
    """Reads rows by jobs. `row` is what was read last: it stays until the next one is ready.

    One job runs at a time, and the next one reads what is newest then; one of a line still being drawn gives way to one
    of the whole line. Without `jobs` nothing is read.
    """

    cut = Signal()
    """The ways to cut the row are others."""
    judged = Signal()
    """The network has judged them anew."""
    hurries = Signal(bool)
    """Whether a hand that has ended a line waits for what is read."""

    def __init__(self, jobs: Jobs | None, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self.row = ReadRow(Sheet())
        self._sheet = self._asked = self.row.sheet
        self._network: Network | None = None
        self._run: int | None = None
        self._in_haste = self._hurried = False
        self._next_cut = self._next_judged = 0.0
        self._later = new_timer(self, self._read)

    @property
    def is_behind(self) -> bool:
        """Whether what was read last is of other ink, or no network has read it."""
        unread = self.row.candidates is not None and self.row.network is None
        return unread or not self.row.is_of(self._sheet)

    @property
    def waits(self) -> bool:
        """Whether it will read a little later, although nothing else changes."""
        return self._later.isActive()

    def wake(self, sheet: Sheet) -> None:
        """There is a row to be seen. What was read of other ink before is not shown over this."""
        if not self.row.is_of(sheet):
            self._publish(ReadRow(Sheet()))
        self.take_ink(sheet, in_haste=False)

    def take_ink(self, sheet: Sheet, *, in_haste: bool) -> None:
        """Takes other ink. `in_haste`, during a stroke, it is not cut for every point of the line."""
        self._sheet, self._in_haste = sheet, in_haste
        self._publish(self.row if sheet.ink else ReadRow(sheet))
        if self._jobs is not None and not in_haste and not ReadRow(self._asked).is_of(sheet):
            self._jobs.withdraw(_JOB)  # a line that is whole does not wait for what a part of it comes to
        self._read()

    def take_moment(self, moment: Moment) -> None:
        """The network of now judges at once if it is of another run, or else when the last judgement is old enough."""
        if moment.run != self._run:
            self._leave_for(moment.run)
        if moment.network is not self._network:
            self._network = moment.network
            self._read()

    def read_now(self) -> None:
        """Reads at once what a job would read later: a picture that is saved shows one moment. A row that takes too
        long stays unread, as it is in the window then."""
        self.rest()
        ends = time.monotonic() + PATIENCE
        with suppress(Withdrawn):
            self._publish(read_sheet(self._sheet, self._network, self.row, lambda: time.monotonic() > ends))

    def rest(self) -> None:
        self._later.stop()
        self._hurry(False)
        if self._jobs is not None:
            self._jobs.withdraw(_JOB)

    def put_aside(self) -> None:
        """There is no row any more: it keeps what it has cut, and no network."""
        self._leave_for(None)

    def _leave_for(self, run: int | None) -> None:
        """What the network of the run before has read counts no more."""
        self.rest()
        self._run, self._network = run, None
        self.row = self.row.unread()

    def _hurry(self, hurried: bool) -> None:
        if hurried or self._hurried:
            self._hurried = hurried
            self.hurries.emit(hurried)

    def _read(self) -> None:
        """Begins to read what is new, if it is time and nothing is being read."""
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
        self._hurry(other_ink and not self._in_haste)
        self._jobs.ask(
            _JOB,
            partial(read_sheet, sheet, network, before),
            partial(self._on_read, now),
            partial(self._on_failed, sheet),
            quick=True,
        )

    def _on_read(self, began: float, row: ReadRow) -> None:
        self._hurry(False)
        now = time.monotonic()
        self._next_cut = now + max(_AGAIN, _SHARE * (now - began))
        self._next_judged = now + max(JUDGED, _SHARE * (now - began))
        if row.is_of(self._sheet) or not self.row.is_of(self._sheet):  # else it was undone meanwhile
            self._publish(row)
        self._read()

    def _on_failed(self, sheet: Sheet, error: Exception) -> None:
        self._hurry(False)
        self._publish(ReadRow(sheet))  # so that it is not tried again and again
        raise error

    def _publish(self, row: ReadRow) -> None:
        """Takes over what was read, as of the newest sheet with that ink."""
        before, self.row = self.row, replace(row, sheet=self._sheet) if row.is_of(self._sheet) else row
        if self.row.candidates is not before.candidates or self.row.sheet is not before.sheet:
            self.cut.emit()
        elif self.row.reading is not before.reading:
            self.judged.emit()
