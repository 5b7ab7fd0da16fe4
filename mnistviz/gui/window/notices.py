"""What the run shows, in words: each finding as something to say, with what would help."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal

from mnistviz.engine.observations import Finding
from mnistviz.engine.settings import SETTINGS
from mnistviz.gui.common import setting_names as names
from mnistviz.gui.common.widgets import engine_sentence
from mnistviz.gui.lab.findings import findings_of
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.window.status_message import Offer, Rank, StatusMessage

EVERY = 4  # drawings, while the run learns


class Notices(QObject):
    """Looks now and then at what the run shows."""

    found = Signal(object)  # Saying, as many as there are, the most important first
    apply_wanted = Signal(object)  # Finding

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._frames = 0
        self._due = False
        self._found: Sequence[Finding] = ()
        self._past = False
        self._run: int | None = None

    def draw(self, shown: Shown) -> None:
        """Finds what there is to say. While a new evaluation is half done, the old notices stay; so they do while one
        looks back, where nothing can be done about them."""
        if shown.number != self._run:
            self._run, self._due, self._past = shown.number, False, False
        if (run := shown.run) is None or shown.moment is None:
            return
        if self._past != (not shown.live):
            self._past = not shown.live
            self.show_findings(self._found)
        if self._past:
            return
        self._frames += 1
        self._due |= self._frames % EVERY == 0 or not run.playing
        if self._due and len({evaluation.step for evaluation in run.evaluations.values()}) < 2:
            self._due = False
            self.show_findings(findings_of(shown))

    def show_findings(self, found: Sequence[Finding]) -> None:
        """Says these; what came out as no number is no news."""
        self._found = found
        self.found.emit([self._saying(finding) for finding in found if _is_finite(finding)])

    def _saying(self, finding: Finding) -> StatusMessage:
        values = _in_words(finding.values)
        text, short, why = (engine_sentence(finding.code + form, values) for form in ("", "_short", "_why"))
        return StatusMessage(Rank.NOTICE, finding.identity, text, short, why, self._offer(finding))

    def _offer(self, finding: Finding) -> Offer | None:
        """The remedy as a button; none where there is none."""
        remedy = [
            self.tr("{name} = {value}").format(name=names.short(field), value=names.value(field, value))
            for field, value in finding.remedy.items()
        ]
        if finding.back_to_best:
            remedy.insert(0, self.tr("back to the best"))
        if not remedy:
            return None
        if finding.in_new_run:
            text, tip = self.tr("Apply in a new run: {remedy}"), self.tr("It begins at once.")
        else:
            text, tip = self.tr("Apply: {remedy}"), self.tr("It acts at the next mini-batch.")
        text = text.format(remedy=", ".join(remedy))
        take = partial(self.apply_wanted.emit, finding)
        if self._past:
            tip = self.tr("Not while you look back: go back to Live for it.")
        return Offer(text, self.tr("Apply"), f"{text}. {tip}", take, off=self._past)


def _is_finite(finding: Finding) -> bool:
    return all(math.isfinite(value) for value in finding.values.values() if isinstance(value, float))


def _in_words(values: Mapping[str, object]) -> dict[str, object]:
    """The values with those of settings as on their controls and flags."""
    changed = str(values.get("setting", ""))

    def in_words(name: str, value: object) -> object:
        field = changed if changed and name in ("old", "new") else name
        if field in SETTINGS:
            return names.value(field, value)
        return value

    return {name: in_words(name, value) for name, value in values.items()}
