"""The progress of runs with other seeds and of copies in the line at the bottom, and their results."""

from __future__ import annotations

from PySide6.QtCore import QObject

from mnistviz.engine.luck.bands import band_of
from mnistviz.gui.common import numbers
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.lab_changes import BandFinished, ChangeKind
from mnistviz.gui.lab.luck_questions import BandWork
from mnistviz.gui.lab.shown import RunFacts
from mnistviz.gui.window.bottom_line import BottomLine
from mnistviz.gui.window.status_message import Offer, Rank, StatusMessage


class LuckLine(QObject):
    """Shows a message while a seed band is trained, with *Cancel* and *Pause*."""

    def __init__(self, lab: Lab, line: BottomLine, parent: QObject) -> None:
        super().__init__(parent)
        self._lab, self._line = lab, line
        lab.listen(ChangeKind.LUCK, self._show)
        lab.listen(BandFinished, self._report)

    def _show(self) -> None:
        work = self._lab.luck.work
        run = None if work is None else self._lab.runs.find(work.number)
        self._line.say(Rank.WORK, () if work is None or run is None else (self._message(work, run),))

    def _message(self, work: BandWork, run: RunFacts) -> StatusMessage:
        luck = self._lab.luck
        cancel, pause, go_on = self.tr("Cancel"), self.tr("Pause"), self.tr("Continue")
        trial = Offer(
            go_on if work.paused else pause,
            go_on if work.paused else pause,
            self.tr("Lets the copies rest, or train on. They also pause with the training."),
            lambda: luck.set_paused(not work.paused),
        )
        return StatusMessage(
            Rank.WORK,
            (work.number, work.kind),
            self._text(work, run),
            self.tr("{letter}: {done} of {of}").format(
                letter=run.letter, done=numbers.whole(work.done), of=numbers.whole(work.of)
            ),
            offer=Offer(
                cancel, cancel, self.tr("Trains no more of them. Those that are there stay."), luck.cancel
            ),
            trial=trial,
        )

    def _text(self, work: BandWork, run: RunFacts) -> str:
        if work.paused:
            seeds = self.tr("Run {letter} with other seeds: {done} of {of} are there. Paused.")
            tiny = self.tr("Copies of run {letter} with one tiny change: {done} of {of} are there. Paused.")
        else:
            seeds = self.tr(
                "Run {letter} with other seeds: {done} of {of} are there, the next one is at {percent} %."
            )
            tiny = self.tr(
                "Copies of run {letter} with one tiny change: {done} of {of} are there, the next one is at {percent} %."
            )
        return (seeds if work.kind == "seeds" else tiny).format(
            letter=run.letter,
            done=numbers.whole(work.done),
            of=numbers.whole(work.of),
            percent=numbers.whole(round(100 * work.share)),
        )

    def _report(self, change: BandFinished) -> None:
        run = self._lab.runs.find(change.number)
        band = None if run is None else band_of(run.bands, change.kind)
        if run is None or band is None or band.end is None:
            return
        own = run.history.measured("validation", band.until, "digits")
        known = own is not None and own.digits == band.until and not own.part
        seeds, tiny = self._endings(known=known)
        text = (seeds if change.kind == "seeds" else tiny).format(
            letter=run.letter,
            epoch=numbers.epochs(band.until / run.epoch),
            own=numbers.percent(own.accuracy) if own is not None else "",
            count=numbers.whole(band.end.n),
            low=numbers.percent(band.end.lowest),
            high=numbers.percent(band.end.highest),
        )
        self._line.tell(text)

    def _endings(self, *, known: bool) -> tuple[str, str]:
        if known:
            return (
                self.tr(
                    "At epoch {epoch}, run {letter} reads {own} of the validation digits right, {count} other seeds "
                    "{low} to {high}."
                ),
                self.tr(
                    "At epoch {epoch}, run {letter} reads {own} of the validation digits right, {count} copies with "
                    "one tiny change {low} to {high}."
                ),
            )
        return (
            self.tr(
                "At epoch {epoch}, {count} other seeds of run {letter} read {low} to {high} of the validation digits "
                "right."
            ),
            self.tr(
                "At epoch {epoch}, {count} copies of run {letter} with one tiny change read {low} to {high} of the "
                "validation digits right."
            ),
        )
