"""The run whose layers are shown beside those of the selected one, after as many digits."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Qt

from mnistviz.engine.moment import Moment
from mnistviz.gui.common.compared_menu import ComparedChoice
from mnistviz.gui.common.steady import SteadyList
from mnistviz.gui.common.tooltips import tooltip
from mnistviz.gui.common.widgets import describe
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.run_names import run_name
from mnistviz.gui.lab.shown import RunFacts, Shown

_KEY: Final = "layers beside"  # the job key


class RunBeside(QObject):
    """The run chosen in a list, and its checkpoint: the newest while the selected run trains, or, if that is paused,
    the one after as many digits, which may have to be replayed."""

    def __init__(self, lab: Lab, changed: Callable[[], object], parent: QObject) -> None:
        """Create the choice; `changed` is called when another run is chosen or its checkpoint is known."""
        super().__init__(parent)
        self._lab, self._notify = lab, changed
        self._letter = ""
        self._shown = Shown()
        self._asked: tuple[int, int] | None = None  # a run and a step
        self._found: Moment | None = None
        self._listed: list[tuple[int, str]] | None = None
        self.list = SteadyList()
        tip = self.tr("Shows the layers of another run beside these, after as many digits.")
        describe(self.list, "layers_beside", self.tr("Compared with"), tip)
        self.list.activated.connect(lambda row: self.choices()[row].choose())
        lab.chosen.listen("layers", self._on_choice)
        self._on_choice()

    @property
    def run(self) -> RunFacts | None:
        """The chosen run, or None if there is none, it is closed, or it is the shown one."""
        return next((run for run in self._others() if run.letter == self._letter), None)

    def _others(self) -> list[RunFacts]:
        selected = self._lab.run
        if selected is None:
            return []
        return [
            run
            for run in self._lab.runs.open
            if run.number != selected.number and run.ready and not run.failed
        ]

    def choices(self) -> list[ComparedChoice]:
        """Return the choices: no run, or one of the other runs."""
        runs, now = self._lab.runs.open, self.run
        tip = self.tr("Shows the layers of the selected run alone.")
        choices = [ComparedChoice(self.tr("not compared"), tip, now is None, partial(self.choose, ""))]
        for run in self._others():
            tip = self.tr("Shows the layers of run {run}, {name}, beside these, after as many digits.")
            choices.append(
                ComparedChoice(
                    self.tr("beside {run}").format(run=run.letter),
                    tip.format(run=run.letter, name=run_name(run, runs)),
                    run.letter == self._letter,
                    partial(self.choose, run.letter),
                )
            )
        return choices

    def choose(self, letter: str) -> None:
        self._lab.chosen.choose("layers", beside=letter)

    def _on_choice(self) -> None:
        letter = self._lab.chosen.now.layers.beside
        if letter != self._letter:
            self._letter = letter
            self.forget()
            self._fill()
            self._notify()

    def draw(self, shown: Shown) -> None:
        self._shown = shown.of_run
        self._fill()

    def _fill(self) -> None:
        runs = [(run.number, run.letter) for run in self._others()]
        if runs != self._listed:
            self._listed = runs
            self.list.clear()
            for row, choice in enumerate(self.choices()):
                self.list.addItem(choice.words)
                self.list.setItemData(row, tooltip(choice.tip), Qt.ItemDataRole.ToolTipRole)
        rows = (row for row, (_, letter) in enumerate(runs, start=1) if letter == self._letter)
        self.list.setCurrentIndex(next(rows, 0))

    def moment(self) -> Moment | None:
        """Return the run's checkpoint, or None without a run or until it is replayed; `changed` is called then."""
        run, shown = self.run, self._shown
        if run is None or shown.run is None or run.moment is None:
            return None
        if not shown.still:
            return run.moment
        step = min(run.nearest_step(shown.run.digits_at(shown.here)), run.step)
        if step == run.step:
            return run.moment
        if self._asked != (run.number, step):
            self._asked, self._found = (run.number, step), None
            self._lab.moments.ask(_KEY, run, step, self._on_found, self._on_refused)
        return self._found

    def _on_found(self, moment: Moment) -> None:
        self._found = moment
        self._notify()

    def _on_refused(self, error: Exception) -> None:
        """Do nothing: the layers are shown alone."""

    def put_aside(self) -> None:
        """Release what is shown until the next `draw`, because the tab is hidden."""
        self.forget()
        self._shown = self._shown.put_aside()

    def forget(self) -> None:
        self._lab.moments.jobs.withdraw(_KEY)
        self._asked = self._found = None
