"""What takes longer than a frame: done by the lab's worker, with how far it has come and a button that gives it up."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from mnistviz.engine.cancelling import Cancelled
from mnistviz.engine.problems import Problem
from mnistviz.gui.common.layouts import row_of, styled
from mnistviz.gui.common.timers import new_timer
from mnistviz.gui.common.widgets import ElidedLabel, describe, problem_sentence, push_button
from mnistviz.gui.ideas.parts.page_parts import keep_place
from mnistviz.gui.lab.jobs import Jobs, details

T = TypeVar("T")
Told = Callable[[float], object]
_SEEN_AFTER = 150  # milliseconds: what takes less shows no bar
_TELLS = 0.05  # seconds between two reports of the progress, at least


class LongWork(QWidget):
    """One piece of work at a time: a new one takes the place of that before. Shown only while it lasts."""

    progressed = Signal(float)

    def __init__(
        self,
        name: str,
        jobs: Jobs,
        key: str = "",
        *,
        ended: Callable[[], object] = lambda: None,
        failed: Callable[[str], object] = lambda _why: None,
    ) -> None:
        """`name` is part of its object names, and the key of its jobs where they have none of their own. `ended` is
        called once work is done, given up or failed, `failed` with why it failed, as a sentence."""
        super().__init__()
        self._key, self._jobs = key or name, jobs
        self._ended, self.failed = ended, failed
        self.setObjectName(name)
        self.words, self.bar = styled(ElidedLabel(), "hint"), QProgressBar()
        self.bar.setRange(0, 100)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(8)
        self.bar.setMinimumWidth(30)
        self.bar.setMaximumWidth(110)
        describe(self.bar, f"{name}_progress", self.tr("Progress"), self.tr("How far the work has come."))
        tip = self.tr("Stops this calculation. (Escape)")
        # No higher than the title that it stands beside.
        self.cancel_button = push_button("cell", f"{name}_cancel", self.tr("Cancel"), tip, act=self.cancel)
        row_of(self.words, self.bar, self.cancel_button, spacing=8, inside=self)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        keep_place(self)
        self.hide()
        self._appears = new_timer(self, self.show, _SEEN_AFTER)
        self.progressed.connect(self._show_progress)

    @property
    def is_working(self) -> bool:
        return self._jobs.is_open(self._key)

    def begin(
        self,
        what: str,
        work: Callable[[Told, Cancelled], T],
        then: Callable[[T], object],
        failed: Callable[[Exception], object] | None = None,
    ) -> None:
        """Has `work(tell, cancelled)` done, then calls `then` with what it returns, or `failed` with what it raises; by
        default that is told as a sentence. `what` says what is going on."""
        self.words.setText(what)
        self.bar.setValue(0)
        self._appears.start()
        last = [0.0]

        def tell(share: float) -> None:
            now = time.monotonic()
            if now - last[0] >= _TELLS:
                last[0] = now
                self.progressed.emit(share)

        self._jobs.ask(
            self._key,
            lambda cancelled: work(tell, cancelled),
            partial(self._on_done, then),
            self._on_failed if failed is None else partial(self._on_error, failed),
        )

    def cancel(self) -> None:
        if self.is_working:
            self._jobs.withdraw(self._key)
            self._end()

    def _on_done(self, then: Callable[[T], object], result: T) -> None:
        self._end()
        then(result)

    def _on_error(self, failed: Callable[[Exception], object], error: Exception) -> None:
        self._end()
        failed(error)

    def _end(self) -> None:
        self._appears.stop()
        self.hide()
        self._ended()

    def _show_progress(self, share: float) -> None:
        if self.is_working:
            self.bar.setValue(round(100 * share))

    def _on_failed(self, error: Exception) -> None:
        self._end()
        self.failed(self.tr("This could not be calculated: {why}").format(why=reason(error)))


def reason(error: Exception) -> str:
    """Why a calculation failed, in the user's language."""
    return problem_sentence(error) if isinstance(error, Problem) else details(error)
