"""Announces what happens by itself: that training begins or pauses, the end of an epoch, and another verdict."""

from __future__ import annotations

import time
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible

from mnistviz.gui.common import numbers
from mnistviz.gui.common.announcements import announce, level
from mnistviz.gui.lab import where_words
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.network.card import NetworkCard

_APART: Final = {
    "quiet": 0.0,
    "normal": 5.0,
    "full": 1.5,
}  # seconds between two announcements while it learns


class Announcer(QObject):
    def __init__(self, lab: Lab, card: NetworkCard, window: QObject) -> None:
        super().__init__(window)
        self._lab, self._card, self._window = lab, card, window
        self._run: tuple[object, bool, int] = (None, False, 0)  # its number, whether it learns, epochs
        self._verdict, self._said_at = "", 0.0

    def look(self) -> None:
        """Announce what is new since the last announcement."""
        if not (QAccessible.isActive() and self._card.isVisible()):  # in Ideas it might give away an answer
            return
        shown, before = self._lab.shown, self._run
        run, moment, words = shown.run, shown.moment, self._card.presenter.picture.words.outputs
        if (
            run is None
            or moment is None
            or (shown.learns and time.monotonic() - self._said_at < _APART[level()])
        ):
            return
        self._run = shown.number, shown.learns, moment.digits // max(1, shown.epoch_of(run))
        self._verdict, verdict = words.word, self._verdict
        texts = [self._told(shown, before)] if before[0] == shown.number and shown.live else []
        if words.word and words.word != verdict:
            texts.append(self.tr("Read as {word}.").format(word=", ".join((words.word, *words.reasons))))
        if text := " ".join(filter(None, texts)):
            self._said_at = time.monotonic()
            announce(self._window, text, "normal")

    def _told(self, shown: Shown, before: tuple[object, bool, int]) -> str:
        _, learned, epochs = before
        if learned != shown.learns:
            text = self.tr("Run {run} learns.").format(run="" if shown.run is None else shown.run.letter)
            return text if shown.learns else where_words.where(shown)
        measured = shown.measured.get("validation")
        if not shown.learns or self._run[2] == epochs or measured is None:
            return ""
        text = self.tr("Epoch {epoch}: {percent} right.")
        return text.format(epoch=numbers.whole(self._run[2]), percent=numbers.percent(measured.accuracy))
