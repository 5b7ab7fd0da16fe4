"""The line at the bottom: what the run does, which digits there are, and what can't be kept."""

from __future__ import annotations

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QStatusBar

from mnistviz.gui.common.shortened_label import ShortenedLabel
from mnistviz.gui.common.widgets import ElidedLabel, engine_sentence
from mnistviz.gui.lab.shown import Shown

TOLD_FOR = 5_000  # milliseconds


class StatusLine(QStatusBar):
    """Two texts, and between them trouble as long as there is some."""

    def __init__(self) -> None:
        super().__init__()
        self.doing, self.data = ShortenedLabel(), ElidedLabel()
        for label in (self.doing, self.data):
            label.setProperty("role", "statusText")
        self.trouble = ElidedLabel()
        self.trouble.setObjectName("keeping_trouble")
        self.trouble.setProperty("role", "hint")
        self.trouble.setProperty("invalid", True)
        self.trouble.hide()
        self.addWidget(self.doing, 1)
        self.addPermanentWidget(self.trouble)
        self.addPermanentWidget(self.data)
        self.setSizeGripEnabled(False)
        self.setContentsMargins(8, 0, 8, 0)

    def show_reading(self) -> None:
        """Says that digits are being read."""
        self.doing.set_wordings(self.tr("Reading the digits …"))

    def show_run(self, shown: Shown, rate: float | None) -> None:
        """Says what the run does, at `rate` mini-batches a second, or at full speed."""
        digits = shown.digits
        if digits is None:
            self.doing.set_wordings(self.tr("No digits are loaded."))
            self.data.setText("")
            return
        number, doing = QLocale().toString, self._doing(shown, rate)
        self.doing.set_wordings(
            self.tr("{doing} · {training} training, {validation} validation, {test} test digits").format(
                doing=doing,
                training=number(len(digits.training)),
                validation=number(len(digits.validation)),
                test=number(len(digits.test)),
            ),
            doing,
        )
        self.data.setText(digits.name)

    def tell(self, what: str) -> None:
        """Says for some seconds what was done."""
        self.showMessage(what, TOLD_FOR)

    def show_trouble(self, reason: str) -> None:
        """Says that runs are not kept; it stays there until they are again, and `reason` is empty."""
        self.trouble.setText(engine_sentence("run_not_kept", {"reason": reason}))
        self.trouble.setVisible(bool(reason))

    def _doing(self, shown: Shown, rate: float | None) -> str:
        run = shown.run
        if run is not None and run.failed:
            return self.tr("This run can't go on: press Space to begin a new one")
        if run is None or not run.playing:
            if run is not None and run.step:
                return self.tr("Paused: press Space to go on")
            return self.tr("Ready: press Space to start")
        if rate is None:
            return self.tr("Training at full speed")
        return self.tr("Training at {rate} mini-batches a second").format(rate=QLocale().toString(int(rate)))
