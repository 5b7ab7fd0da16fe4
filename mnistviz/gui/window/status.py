"""The status of the run and the digits at the right of the line at the bottom, and the errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QLabel, QWidget

from mnistviz.engine.observations import is_at_0
from mnistviz.gui.common.tooltips import keys_text
from mnistviz.gui.common.widgets import describe, engine_sentence
from mnistviz.gui.lab import moment_words
from mnistviz.gui.lab.mixture import Mixture
from mnistviz.gui.lab.session_keeper import Trouble
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.window.status_message import Rank, StatusMessage

AHEAD = 3_000  # digits: a run this far ahead of another one waits long enough to report it


class Status(QLabel):
    """A text in several wordings, the longest first; the line chooses the one shown."""

    def __init__(self, parent: QWidget, reworded: Callable[[], object]) -> None:
        super().__init__(parent)
        self.reworded = reworded
        self.wordings: tuple[str, ...] = ()
        self.setProperty("role", "statusText")
        self.setTextFormat(Qt.TextFormat.PlainText)  # it names the data set
        describe(
            self, "status", self.tr("Status"), self.tr("What the run does, and which digits are in use.")
        )

    def show_reading(self) -> None:
        self._set_wordings(self.tr("Reading the digits …"))

    def show_run(self, shown: Shown, rate: float | None) -> None:
        """Show what the run does, at `rate` mini-batches per second or full speed; in the past, the viewed step."""
        if shown.digits is None:
            self._set_wordings(self.tr("No digits are loaded."))
            return
        if shown.stand_in is not None:
            what = moment_words.stand_in(shown.stand_in)[0]
            text = self.tr("You look at a network {what}")
            if isinstance(shown.stand_in, Mixture):
                text = self.tr("You look at two networks, {what}")
            doing, in_short = text.format(what=what), what
        else:
            doing, in_short = self._doing(shown, rate) if shown.live else self._viewing(shown)
        words: tuple[str, ...] = (doing, in_short)
        if shown.live and rate is not None and shown.run is not None and shown.run.playing:
            words = (
                self.tr("{doing} ({keys}: faster)").format(doing=doing, keys=keys_text("Ctrl+Right")),
                *words,
            )
        with_digits = self.tr("{doing} · {digits}").format(doing=words[0], digits=self._digits(shown))
        self._set_wordings(f"{with_digits} · {shown.digits.name}", with_digits, *words)

    def faults(self, shown: Shown, troubles: Mapping[int, Trouble]) -> list[StatusMessage]:
        faults = []
        if shown.run is not None and shown.run.failed:
            text = self.tr("This run cannot continue: press Space to begin a new one.")
            faults.append(StatusMessage(Rank.FAULT, ("failed", shown.run.number), text))
        if troubles:
            trouble = min(troubles.values(), key=lambda each: each.number != shown.number)
            values = {"letter": trouble.letter, "reason": trouble.reason}
            if trouble.number == shown.number:
                text = engine_sentence("run_not_kept", values)
                short = self.tr("This run cannot be kept on the disk.")
            else:
                text = engine_sentence("other_run_not_kept", values)
                short = self.tr("Run {letter} cannot be kept on the disk.").format(letter=trouble.letter)
            faults.append(StatusMessage(Rank.FAULT, ("trouble", trouble.number, trouble.reason), text, short))
        return faults

    def _set_wordings(self, *wordings: str) -> None:
        if wordings != self.wordings:
            self.wordings = wordings
            self.setAccessibleName(wordings[0])
            self.reworded()

    def _digits(self, shown: Shown) -> str:
        digits, number = shown.digits, QLocale().toString
        assert digits is not None
        training = number(len(digits.training))
        used = len(digits.training) if shown.run is None else shown.epoch_of(shown.run)
        if used < len(digits.training):
            training = self.tr("{used} of {all}").format(used=number(used), all=training)
        return self.tr("{training} training, {validation} validation, {test} test digits").format(
            training=training, validation=number(len(digits.validation)), test=number(len(digits.test))
        )

    def _viewing(self, shown: Shown) -> tuple[str, str]:
        where = moment_words.place(shown)
        return self.tr("You look back: {where}").format(where=where[0]), self.tr("You look back")

    def _doing(self, shown: Shown, rate: float | None) -> tuple[str, str]:
        run = shown.run
        if run is not None and run.replayed is not None:
            return self.tr("Trains this run from its start"), self.tr("Trains")
        if run is not None and run.playing and self._waits(shown):
            return self.tr("Paused until the other runs catch up"), self.tr("Paused")
        if run is not None and run.playing:
            if is_at_0(run.now, run.eta):
                return self.tr("Training with η = 0: nothing is learned"), self.tr("η is 0")
            if rate is None:
                return self.tr("Training at full speed"), self.tr("Training")
            if rate == 1:
                return self.tr("Training: 1 mini-batch per second"), self.tr("Training")
            speed = self.tr("Training: {rate} mini-batches per second")
            return speed.format(rate=QLocale().toString(int(rate))), self.tr("Training")
        if run is not None and not run.on and shown.plays:
            return self.tr("This run is off, others train"), self.tr("Off")
        if run is None or not (run.step or run.failed):
            return self.tr("Ready: press Space to start"), self.tr("Ready")
        if run.failed:
            return self.tr("Stopped by an error"), self.tr("Stopped")
        if run.diverged:
            return self.tr("Stopped: some weights are no longer numbers"), self.tr("Stopped")
        return self.tr("Paused: press Space to continue"), self.tr("Paused")

    def _waits(self, shown: Shown) -> bool:
        """Return True if another run that learns is so far behind that this one waits for a while."""
        run = shown.run
        assert run is not None
        behind = (other_run for other_run in shown.others if other_run.on and other_run.playing)
        return any(other_run.digits_seen + AHEAD < run.digits_seen for other_run in behind)
