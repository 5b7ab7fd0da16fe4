"""Announces what happens: training begins or pauses, an epoch ends, another run, moment or verdict is shown."""

import time
from typing import Final, NamedTuple

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible

from mnistviz.gui.common import numbers
from mnistviz.gui.common.announcements import announce, level
from mnistviz.gui.common.texts import tr
from mnistviz.gui.lab import moment_words
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.network.card import NetworkCard

_APART: Final = {"quiet": 0.0, "normal": 5.0, "full": 1.5}  # seconds between two while it learns


class _State(NamedTuple):
    run: int | None
    playhead: int | None
    learns: bool
    epochs: int
    read: tuple[object, ...]  # the digit and the verdict


class Announcer(QObject):
    def __init__(self, lab: Lab, card: NetworkCard, window: QObject) -> None:
        super().__init__(window)
        self._lab, self._card, self._window = lab, card, window
        self._last: _State | None = None
        self._said_at = 0.0

    def look(self) -> None:
        """Announce what is new since the last announcement."""
        if not QAccessible.isActive() or not self._card.isVisible() or self._card.pad.is_drawing:
            return  # in Ideas it might give away an answer
        shown, before = self._lab.shown, self._last
        run, words = shown.run, self._card.presenter.picture.words.outputs
        if run is None or shown.moment is None:
            return
        goes_on = shown.learns and before is not None and before[:3] == (shown.number, shown.playhead, True)
        if goes_on and time.monotonic() - self._said_at < _APART[level()]:
            return
        epochs = shown.moment.digits // max(1, shown.epoch_of(run))
        read = self._card.pad.sheet.number, words.word, words.truth
        self._last = now = _State(shown.number, shown.playhead, shown.learns, epochs, read)
        if before is None:
            return
        texts = [self._told(shown, before, now)]
        if words.word and now.read != before.read:
            read_as = tr("Read as {verdict}.")
            texts.append(read_as.format(verdict=", ".join(filter(None, (*read[1:], *words.reasons)))))
        if text := " ".join(filter(None, texts)):
            self._said_at = time.monotonic()
            answers = shown.rests or not before.learns  # the user did it
            announce(self._window, text, "quiet" if answers else "normal")

    def _told(self, shown: Shown, before: _State, now: _State) -> str:
        if now.run != before.run or (before.learns and not now.learns and shown.live):
            return moment_words.where(shown)
        if now.playhead != before.playhead:
            return f"{moment_words.place(shown)[0]}."
        if now.learns and not before.learns:
            return tr("Run {run} learns.", run="" if shown.run is None else shown.run.letter)
        measured = shown.measured.get("validation")
        if not now.learns or now.epochs == before.epochs or measured is None:
            return ""
        text = tr("Epoch {epoch}: {percent} right.")
        return text.format(epoch=numbers.whole(now.epochs), percent=numbers.percent(measured.accuracy))
