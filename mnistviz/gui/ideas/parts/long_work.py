"""Work that takes longer than a frame: done by the lab's worker, with a progress bar and a cancel button."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from mnistviz.engine.cancelling import Cancelled
from mnistviz.gui.common.layouts import keep_place, row_of, styled
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.timers import new_timer
from mnistviz.gui.common.widgets import ElidedLabel, describe, push_button
from mnistviz.gui.ideas.parts.page_parts import Act
from mnistviz.gui.lab.jobs import Jobs, details

T = TypeVar("T")
Told = Callable[[float], object]
_SEEN_AFTER = 150  # milliseconds: shorter work shows no bar


class LongWork(QWidget):
    """One piece of work at a time: a new one replaces the previous one. Visible only while it works."""

    def __init__(
        self, name: str, jobs: Jobs, key: str = "", *,
        ended: Act = lambda: None, failed: Callable[[str], object] = lambda _why: None,
    ) -> None:  # fmt: skip
        """Create it hidden; `ended` is called once work is done, cancelled or failed, `failed` with the reason."""
        super().__init__()
        self._key, self._jobs = key or name, jobs
        self._ended, self.failed = ended, failed
        self.setObjectName(name)
        self.words, self.bar = styled(ElidedLabel(), "hint"), QProgressBar()
        self.words.setMinimumWidth(1)  # the title beside it comes first; all is no higher than that
        self.bar.setRange(0, 100)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(8)
        self.bar.setMinimumWidth(12)
        self.bar.setMaximumWidth(110)
        describe(self.bar, f"{name}_progress", tr("Progress"), tr("How far the work has come."))
        tip = tr("Stops this calculation. (Escape)")
        self.cancel_button = push_button("cell", f"{name}_cancel", tr("Cancel"), tip, act=self.cancel)
        row_of(self.words, self.bar, self.cancel_button, spacing=8, inside=self)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        keep_place(self)
        self.hide()
        self._appears = new_timer(self, self.show, _SEEN_AFTER)

    @property
    def is_working(self) -> bool:
        return self._jobs.is_open(self._key)

    def begin(
        self, what: str, work: Callable[[Told, Cancelled], T], then: Callable[[T], object],
        failed: Callable[[Exception], object] | None = None,
    ) -> None:  # fmt: skip
        """Run `work(report, cancelled)`, then call `then`, or `failed`, which by default shows a sentence."""
        self.words.setText(what)
        self.bar.setValue(0)
        self._appears.start()
        self._jobs.ask(
            self._key,
            lambda cancelled, tell: work(tell, cancelled),
            partial(self._over, then),
            partial(self._over, failed or self._fail),
            lambda share: self.bar.setValue(round(100 * share)),
        )

    def cancel(self) -> None:
        if self.is_working:
            self._jobs.withdraw(self._key)
            self._end()

    def _over(self, react: Callable[[T], object], result: T) -> None:
        self._end()
        react(result)

    def _end(self) -> None:
        self._appears.stop()
        self.hide()
        self._ended()

    def _fail(self, error: Exception) -> None:
        self.failed(tr("This could not be calculated: {why}", why=details(error)))
