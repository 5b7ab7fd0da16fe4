"""The predicted and the actual effect of a step, and on demand the digit with the largest effect."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtWidgets import QWidget

from mnistviz.engine.microscope.mini_batch import MiniBatch
from mnistviz.engine.microscope.step_summary import LeaveOneOut, StepSummary, leave_one_out
from mnistviz.gui.common import numbers
from mnistviz.gui.common.bar_table import MARGIN, BarTable
from mnistviz.gui.common.layouts import column_of, row_of
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.tooltips import explain
from mnistviz.gui.common.widgets import push_button
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.minibatch import batch_words as words

_QUICK = 20  # digits: so few steps are done at once
_KEY: Final = "which digit has most effect"


class EffectCard(QWidget):
    """A table of the step's effect, or, on demand, of the step without each of its digits."""

    def __init__(self, lab: Lab, choose: Callable[[int], object]) -> None:
        super().__init__()
        self.setObjectName("books_card")
        self._lab = lab
        self._batch: MiniBatch | None = None
        self._books: StepSummary | None = None
        self._blame: LeaveOneOut | None = None
        self._classes: Sequence[str] = ()
        self._shows_blame = self._paused = False
        self._note = ""
        says = tr(
            "The change of the mean cost: what the gradient predicts, the actual change for the digits of the "
            "mini-batch, and the one for others. On demand, the same step without each of its digits."
        )
        self.table = BarTable("books_table", tr("What the step does"), says, choose)
        accessible = tr("Digit with most effect")
        self.button = push_button("option", "which_did_it", accessible=accessible, act=self._on_button)
        row = row_of(self.button, None, margins=(MARGIN, 0, 0, 0))
        column_of((self.table, 1), row, spacing=4, inside=self)
        self._show_button()

    def show_effect(
        self, batch: MiniBatch, books: StepSummary, classes: Sequence[str], note: str, *, rests: bool
    ) -> None:
        """Show the predicted and the actual effect of a mini-batch, with a `note`; `rests` while the run is paused."""
        if batch is not self._batch:
            self.cancel()
            self._blame, self._shows_blame = None, False
        self._batch, self._books, self._classes, self._paused = batch, books, classes, rests
        self._note = note
        self._show()

    def forget(self) -> None:
        self.cancel()
        self._batch = self._books = self._blame = None

    def cancel(self) -> bool:
        if not self._lab.questions.is_open(_KEY):
            return False
        self._lab.questions.withdraw(_KEY)
        self._show_button()
        return True

    def _show(self) -> None:
        batch, books = self._batch, self._books
        if batch is None or books is None:
            return
        if self._shows_blame and self._blame is not None:
            self.table.show_content(words.blame_table(batch, self._blame, self._classes, books.of_others))
        else:
            self.table.show_content(words.books_table(batch, books, self._note))
        self._show_button()

    def _show_button(self, done: int = 0, of: int = 0) -> None:
        several = self._batch is not None and len(self._batch) > 1
        on = True
        if self._lab.questions.is_open(_KEY):
            percent = numbers.whole(100 * done // max(1, of))
            text, tip = tr("Cancel: {percent} %", percent=percent), tr("Stops it. (Escape)")
        elif self._shows_blame:
            text = tr("What the step does")
            tip = tr("Shows again what was predicted of the step, and what it changed.")
        else:
            text, on = tr("Digit with most effect"), several and self._paused
            tip = tr("Repeats the step without one digit at a time, and ranks them by what changes.")
            if not several:
                tip = tr("This mini-batch has one digit only.")
            elif not self._paused:
                tip = tr("Pause first: while the run learns, there is soon another mini-batch.")
        self.button.setText(text)
        self.button.setAccessibleName(text)
        self.button.setEnabled(on)
        explain(self.button, tip)

    def _on_button(self) -> None:
        if self.cancel() or self._batch is None:
            return
        if self._blame is None:
            work = partial(leave_one_out, self._batch, self._lab.questions.digits.validation)
            then = self._on_found, self._on_failed, self._show_button
            self._lab.questions.ask(_KEY, work, *then, quick=len(self._batch) <= _QUICK)
            self._show_button()
            return
        self._shows_blame = not self._shows_blame
        self._show()

    def _on_found(self, result: LeaveOneOut) -> None:
        self._blame, self._shows_blame = result, True
        self._show()

    def _on_failed(self, error: Exception) -> None:
        self._show_button()
