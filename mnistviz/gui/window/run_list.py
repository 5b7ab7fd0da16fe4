"""The runs in the window: their menu, and the messages when one closes."""

from collections.abc import Iterable
from functools import partial

from msgspec.structs import replace
from PySide6.QtCore import QObject

from mnistviz.engine.settings import Settings
from mnistviz.gui.common.texts import tr
from mnistviz.gui.curves.curves import Curves
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.lab_changes import ChangeKind, RunClosed, RunRelabelled
from mnistviz.gui.lab.shown import RunFacts
from mnistviz.gui.runs.lane import RunWords
from mnistviz.gui.runs.lanes import Lanes
from mnistviz.gui.window.bottom_line import BottomLine


class RunList(QObject):
    """The menu commands for the selected run; it also connects lanes and curves."""

    def __init__(self, lab: Lab, lanes: Lanes, curves: Curves, line: BottomLine, parent: QObject) -> None:
        super().__init__(parent)
        self._lab, self.lanes, self._line = lab, lanes, line
        self._words = RunWords(self)
        self._open: set[int] = set()  # the numbers of the open runs when one began last
        self._selected = 0, 0  # the numbers of the last two selected runs
        self._replaced: dict[int, int] = {}  # by each run that began, the one that replaces it
        lanes.pointed.connect(curves.show_whole)
        curves.absences_changed.connect(lanes.set_absences)
        lab.listen(RunClosed, self._report_closed)
        lab.listen(RunRelabelled, self._on_relabelled)
        lab.listen(ChangeKind.SELECTED, self._on_selected)
        lab.listen(ChangeKind.BEGAN, self._on_began)
        lab.listen(ChangeKind.SWITCHED_ON, self._report_switched_on)
        lab.listen(ChangeKind.AT_END, self._report_others_train)

    def select(self, by: int) -> None:
        """Select the run `by` places after the selected one, cyclically."""
        runs = self._lab.runs.open
        if self._lab.run in runs:
            self._lab.runs.select(runs[(runs.index(self._lab.run) + by) % len(runs)].number)

    def _report_switched_on(self) -> None:
        run, on = self._lab.run, self._on()
        assert run is not None
        others = self._letters(each for each in on if each.number != run.number)
        text = tr("Run {letter} was off and is on now.")
        if others:
            text = tr("Run {letter} was off and is on now. It trains with {others}.")
        text = text.format(letter=run.letter, others=others)
        self._line.tell(text, holds=lambda: self._letters(self._on()) == self._letters(on))

    def _report_others_train(self) -> None:
        """Report that only others train when the playhead is at the end of a run that is off."""
        run, others = self._lab.run, self._playing()
        if run is not None and not run.on and others:
            text = tr("Run {letter} is off. These train on: {others}.", letter=run.letter, others=others)
            self._line.tell(text, holds=lambda: self._playing() == others)

    def _on(self) -> list[RunFacts]:
        return [run for run in self._lab.runs.open if run.on]

    def _playing(self) -> str:
        return self._letters(run for run in self._lab.runs.open if run.playing)

    def _letters(self, runs: Iterable[RunFacts]) -> str:
        return tr(", ").join(run.letter for run in runs)

    def _report_closed(self, change: RunClosed) -> None:
        run = change.run
        self._open.discard(run.number)  # no run replaces it
        text = tr("Closed: {runs}.")
        if change.for_room:
            text = tr("Closed to make room for another run: {runs}.")
        number, again = run.number, None if run.has_learned else _again(run)
        text = text.format(runs=self._words.title(run, (*self._lab.runs.open, run)))
        short, can_redo = tr("Run {letter} closed", letter=run.letter), partial(self._can_close, number)
        undo = partial(self._bring_back, number, again, select=run.was_selected, on=run.on)
        holds, redo = partial(self._can_return, number, again), partial(self._close, number)
        self._line.offer_undo(text, short, undo, holds, redo=redo, can_redo=can_redo)

    # Steps to undo: they hold numbers, since the facts of a run may hold its networks

    def _number(self, first: int) -> int:
        """Return the number that a run has now: one that had not learned may have begun again."""
        return self._replaced.get(first, first)

    def _close(self, first: int) -> None:
        self._lab.runs.close(self._number(first))

    def _can_close(self, first: int) -> bool:
        numbers = [run.number for run in self._lab.runs.open]
        return self._number(first) in numbers and len(numbers) > 1

    def _bring_back(self, first: int, again: Settings | None, *, select: bool, on: bool) -> None:
        """Reopen a run, or begin one `again` that had not learned."""
        number, runs = self._number(first), self._lab.runs
        if runs.reopen(number, select=select):
            self._lab.time.switch(number, on)
        elif again is not None:
            self._lab.settings.set_draft(replace(self._lab.settings.draft, settings=again))
            runs.begin(again)
            if self._lab.run is not None:
                self._replaced[first] = self._lab.run.number

    def _can_return(self, first: int, again: Settings | None) -> bool:
        number, runs = self._number(first), self._lab.runs
        is_open, can_reopen = (any(run.number == number for run in of) for of in (runs.open, runs.reopenable))
        return not is_open and (can_reopen or again is not None)

    def _on_selected(self) -> None:
        self._selected = (*self._selected, 0 if self._lab.run is None else self._lab.run.number)[-2:]

    def _on_began(self) -> None:
        """Make a step of a new run, unless it replaces one that has not learned, or all others."""
        before, self._open = self._open, {run.number for run in self._lab.runs.open}
        if (run := self._lab.run) is None or run.number in before or not self._open & before:
            return
        gone = before - self._open - {closed.number for closed in self._lab.runs.closed}
        replaced = [first for first in (*self._replaced, *gone) if self._number(first) in gone]
        self._replaced |= dict.fromkeys(replaced, run.number)
        if not gone:
            number, again, before_it = run.number, _again(run), self._selected[0]
            rested = (other := self._lab.runs.find(before_it)) is not None and not other.on
            self._line.order.add(
                tr("Run {letter} begun", letter=run.letter),
                partial(self._end, number, before_it, rested), partial(self._can_close, number),
                partial(self._bring_back, number, again, select=True, on=True),
                partial(self._can_return, number, again),
            )  # fmt: skip

    def _end(self, first: int, before: int, rested: bool) -> None:
        """Close a run that began, and go on with the one `before` it, which may have rested since."""
        self._lab.runs.select(before)
        self._close(first)
        if rested:
            self._lab.time.switch(before, True)

    def _on_relabelled(self, change: RunRelabelled) -> None:
        run = self._lab.runs.find(change.number)
        assert run is not None
        if run.about and "on" in change.after:
            return  # a belief's run rests when it is trained
        what = {
            "name": tr("Name of run {letter}"),
            "hue": tr("Colour of run {letter}"),
            "on": tr("Run {letter} on or off"),
        }
        words = what.get(next(iter(change.after)), tr("Curves of run {letter}"))
        relabel = self._lab.time.switch if "on" in change.after else self._lab.runs.relabel
        undo, redo = (partial(relabel, run.number, **labels) for labels in (change.before, change.after))
        self._line.order.add(words.format(letter=run.letter), undo, redo=redo)


def _again(run: RunFacts) -> Settings | None:
    """Return the settings with which a run can begin again, if they are all that determines it."""
    return run.settings if run.origin is None and run.parent is None else None
