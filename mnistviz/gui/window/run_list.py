"""The runs in the window: their menu, and the messages when one closes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from PySide6.QtCore import QObject

from mnistviz.gui.curves.curves import Curves
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.lab_changes import ChangeKind, RunClosed
from mnistviz.gui.lab.shown import RunFacts
from mnistviz.gui.runs.lane import RunWords
from mnistviz.gui.runs.lanes import Lanes
from mnistviz.gui.window.bottom_line import BottomLine
from mnistviz.gui.window.message import StatusMessage


class RunList(QObject):
    """The menu commands for the selected run; it also connects lanes and curves."""

    def __init__(self, lab: Lab, lanes: Lanes, curves: Curves, line: BottomLine, parent: QObject) -> None:
        super().__init__(parent)
        self._lab, self.lanes, self._line = lab, lanes, line
        self._words = RunWords(self)
        self._closed: tuple[int, ...] = ()  # numbers of the closed runs that the message names
        self._offer: StatusMessage | None = None
        lanes.pointed.connect(curves.show_whole)
        curves.absences_changed.connect(lanes.set_absences)
        lab.listen(RunClosed, self._report_closed)
        lab.listen(ChangeKind.SWITCHED_ON, self._report_switched_on)
        lab.listen(ChangeKind.AT_END, self._report_others_train)

    # Commands

    def select(self, by: int) -> None:
        """Select the run `by` places after the selected one, cyclically."""
        runs = self._lab.runs.open
        if self._lab.run in runs:
            self._lab.runs.select(runs[(runs.index(self._lab.run) + by) % len(runs)].number)

    def rename(self) -> None:
        if self._lab.run is not None:
            self.lanes.ask_name(self._lab.run.number)

    def switch(self) -> None:
        if self._lab.run is not None:
            self._lab.time.switch(self._lab.run.number, not self._lab.run.on)

    def hide(self) -> None:
        if self._lab.run is not None:
            self._lab.runs.hide(self._lab.run.number, not self._lab.run.hidden)

    def close(self) -> None:
        if self._lab.run is not None:
            self._lab.runs.close(self._lab.run.number)

    # Messages

    def _report_switched_on(self) -> None:
        run, on = self._lab.run, self._on()
        assert run is not None
        others = self._letters(each for each in on if each.number != run.number)
        text = self.tr("Run {letter} was off and is on now.")
        if others:
            text = self.tr("Run {letter} was off and is on now. It trains with {others}.")
        text = text.format(letter=run.letter, others=others)
        self._line.tell(text, holds=lambda: self._letters(self._on()) == self._letters(on))

    def _report_others_train(self) -> None:
        """Report that only others train when the playhead is at the end of a run that is off."""
        run, others = self._lab.run, self._playing()
        if run is not None and not run.on and others:
            text = self.tr("Run {letter} is off. These train on: {others}.")
            text = text.format(letter=run.letter, others=others)
            self._line.tell(text, holds=lambda: self._playing() == others)

    def _on(self) -> list[RunFacts]:
        return [run for run in self._lab.runs.open if run.on]

    def _playing(self) -> str:
        return self._letters(run for run in self._lab.runs.open if run.playing)

    def _letters(self, runs: Iterable[RunFacts]) -> str:
        return self.tr(", ").join(run.letter for run in runs)

    def _reopen(self, numbers: Sequence[int]) -> None:
        """Reopen runs in reverse order, so that the run selected before is selected again; skip discarded ones."""
        for run in reversed(self._existing(numbers)):
            if self._lab.runs.reopen(run.number, select=run.was_selected) and run.on:
                self._lab.time.switch(run.number, on=True)

    def _existing(self, numbers: Iterable[int]) -> list[RunFacts]:
        return [run for number in numbers if (run := self._lab.runs.find(number)) is not None]

    def _report_closed(self, change: RunClosed) -> None:
        """Report a closed run, together with earlier ones whose message is still shown."""
        run, for_room = change.run, change.for_room
        if run.number not in (each.number for each in self._lab.runs.reopenable):
            self._line.tell(self.tr("Closed: {runs}.").format(runs=self._named((run,))))
            return
        before = self._closed if self._offer is not None and self._line.is_listed(self._offer) else ()
        self._closed = (*before, run.number)
        runs = self._existing(self._closed)
        text = self.tr("Closed: {runs}.")
        if for_room and not before:
            text = self.tr("Closed to make room for another run: {runs}.")
        short = self.tr("Run {letter} closed") if len(runs) == 1 else self.tr("Runs {letter} closed")
        closed = self._closed
        self._offer = self._line.offer_undo(
            text.format(runs=self._named(runs)),
            short.format(letter=self._letters(runs)),
            partial(self._reopen, closed),
            lambda: any(each.number in closed for each in self._lab.runs.reopenable),
        )

    def _named(self, runs: Sequence[RunFacts]) -> str:
        every = (*self._lab.runs.open, *runs)
        return self.tr(", ").join(self._words.title(run, every) for run in runs)
