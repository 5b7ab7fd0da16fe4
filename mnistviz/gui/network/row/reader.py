"""Segments and classifies the row in the background: after changes of the ink, and regularly during training."""

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

PATIENCE: Final = 0.2  # seconds that a report waits for its row
JUDGED: Final = 0.3  # seconds between two predictions of a network in training, at least
_AGAIN: Final = 0.1  # seconds between two segmentations during a stroke, at least
_SHARE: Final = 4.0  # multiple of the last duration until the next one, during a stroke or training
_JOB: Final = "row"


class Reader(QObject):
    """Classifies rows in background jobs.

    `row` is the last result, kept until the next one is ready. One job runs at a time, and the next one uses the
    newest ink; a job for an unfinished line is cancelled for the whole line. Does nothing without `jobs`.
    """

    cut = Signal()
    judged = Signal()
    hurries = Signal(bool)
    """The user has ended a line and waits for the result, or no longer."""

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
        """True if the last result is for other ink, or has no predictions."""
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
        self.set_ink(sheet, in_haste=False)

    def set_ink(self, sheet: Sheet, *, in_haste: bool) -> None:
        """Set the ink. With `in_haste`, during a stroke, not every point of the line is segmented."""
        self._sheet, self._in_haste = sheet, in_haste
        self._publish(self.row if sheet.ink else ReadRow(sheet))
        if self._jobs is not None and not in_haste and not ReadRow(self._asked).is_of(sheet):
            self._jobs.withdraw(_JOB)  # a finished line does not wait for the result of a part of it
        self._read()

    def set_moment(self, moment: Moment) -> None:
        """Set the network; only that of another run is used at once, others when the last result is old."""
        if moment.run != self._run:
            self._leave_for(moment.run)
        if moment.network is not self._network:
            self._network = moment.network
            self._read()

    def read_now(self) -> None:
        """Compute the result now, so that a saved picture shows a single step. A row that takes too long stays
        without predictions, as in the window."""
        self.stop()
        ends = time.monotonic() + PATIENCE
        with suppress(Withdrawn):
            self._publish(read_sheet(self._sheet, self._network, self.row, lambda: time.monotonic() > ends))

    def stop(self) -> None:
        self._later.stop()
        self._prioritise(False)
        if self._jobs is not None:
            self._jobs.withdraw(_JOB)

    def release(self) -> None:
        """Keep the cuts but drop the network, because the row is hidden."""
        self._leave_for(None)

    def _leave_for(self, run: int | None) -> None:
        """Drop the predictions of another run's network."""
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
        self._jobs.ask(
            _JOB,
            partial(read_sheet, sheet, network, before),
            partial(self._on_read, now),
            partial(self._on_failed, sheet),
            quick=True,
        )

    def _on_read(self, began: float, row: ReadRow) -> None:
        self._prioritise(False)
        now = time.monotonic()
        self._next_cut = now + max(_AGAIN, _SHARE * (now - began))
        self._next_judged = now + max(JUDGED, _SHARE * (now - began))
        if row.is_of(self._sheet) or not self.row.is_of(
            self._sheet
        ):  # otherwise the ink was undone meanwhile
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
