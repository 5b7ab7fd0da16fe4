"""The other one of two readings: of another run after as many digits, or of another moment of the run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal, NamedTuple

from PySide6.QtCore import QObject

from mnistviz.engine.moment import Evaluation, Moment, SetName
from mnistviz.gui.common import numbers
from mnistviz.gui.common.choices import AgainstPart
from mnistviz.gui.common.position_entry import RunPosition
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.run_names import run_name
from mnistviz.gui.lab.shown import RunFacts, Shown
from mnistviz.gui.lab.what_if_copy import WhatIf
from mnistviz.gui.mistakes.read_digits import ReadDigits

_KEY, _NETWORK = "the other reading", "the other network"
_MOST_KNOWN = 12  # evaluations that are remembered

_Place = tuple[int, int, SetName]
"""A run by its number, a step, and a set. The negative number of a run stands for the copy that was changed by hand."""


@dataclass(frozen=True)
class Opponent:
    """What the shown moment is compared with: another `run` after as many digits, or of the run that is shown the best
    weights, the start, or a `step` of the `run` of that number; `HERE` is the step that is shown as it is chosen.
    Or the `copy` of the moment that was changed by hand, as long as there is one."""

    kind: Literal["alone", "run", "best", "start", "step", "copy"] = "alone"
    run: int = 0
    step: int = 0


ALONE: Final = Opponent()
COPY: Final = Opponent("copy")
HERE: Final = -1
_WITHOUT_RUN: Final = {"best": Opponent("best"), "start": Opponent("start"), "copy": COPY}


class AgainstOption(NamedTuple):
    """Something to compare with: its words, and what they mean in a sentence."""

    opponent: Opponent
    words: str
    tip: str


class Against(QObject):
    """What the user has chosen to compare with, and what it has read: known from the measurements that are kept, or
    asked of the lab, a replay and then all digits of the set."""

    def __init__(self, lab: Lab, found: Callable[[], object], parent: QObject) -> None:
        """`found` is called when what was asked for is known, or why it is not."""
        super().__init__(parent)
        self._lab, self._tell_found = lab, found
        self.progress = (0, 0)
        self.reads = False
        """Whether that is the progress of reading, not of replaying."""
        self._network: tuple[int, int, Moment | None] | None = None  # asked for: a run and a step
        self._known: dict[_Place, Evaluation] = {}
        self._asked: _Place | None = None
        self._refused: _Place | None = None
        self._copy: WhatIf | None = None  # that what is known of negative numbers is of

    # What there is to choose

    @property
    def choice(self) -> Opponent:
        """What is chosen; nothing is compared where there is no such run, or it makes no sense."""
        chosen = self._lab.chosen.now.mistakes.against
        if chosen.kind in ("run", "step"):
            numbers = (run.number for run in self._lab.runs.open if run.letter == chosen.run)
            number = next(numbers, None)
            if number is None or chosen.step < 0:
                return ALONE
            return Opponent("run" if chosen.kind == "run" else "step", number, chosen.step)
        return _WITHOUT_RUN.get(chosen.kind, ALONE)

    def part_of(self, choice: Opponent) -> AgainstPart:
        """The choice as it is kept: a run by its letter."""
        run = self._lab.runs.find(choice.run)
        return AgainstPart(choice.kind, "" if run is None else run.letter, choice.step)

    def options(self, shown: Shown) -> list[AgainstOption]:
        """All that the shown moment can be compared with."""
        tip = self.tr("Shows the mistakes of the selected run alone.")
        options = [AgainstOption(ALONE, self.tr("not compared"), tip)]
        if shown.run is None:
            return options
        runs = self._lab.runs.open
        for run in runs:
            if run.number != shown.run.number and run.ready and not run.failed:
                tip = self.tr("Compares with run {run}, {name}, after as many digits.")
                options.append(
                    AgainstOption(
                        Opponent("run", run.number),
                        self.tr("against {run}").format(run=run.letter),
                        tip.format(run=run.letter, name=run_name(run, runs)),
                    )
                )
        if shown.run.best is not None:
            tip = self.tr("Compares with the best weights of the selected run.")
            options.append(AgainstOption(Opponent("best"), self.tr("against best"), tip))
        tip = self.tr("Compares with the network as it was before it learned.")
        options.append(AgainstOption(Opponent("start"), self.tr("against start"), tip))
        if self.copy is not None:
            tip = self.tr("Compares with the copy that you have changed by hand.")
            options.append(AgainstOption(COPY, self.tr("against the copy"), tip))
        held = self.choice if self.choice.kind == "step" and self.choice.run == shown.run.number else None
        words = self.tr("against a moment …")
        tip = self.tr("Compares with the moment of the selected run that you type, wherever you look then.")
        if held is not None:
            words = self.tr("against {step}").format(step=numbers.whole(held.step))
        options.append(AgainstOption(held or Opponent("step", shown.run.number, HERE), words, tip))
        return options

    @property
    def copy(self) -> WhatIf | None:
        """What was changed by hand and is not kept."""
        found = self._lab.stand_in
        return found if isinstance(found, WhatIf) else None

    def is_outdated(self, shown: Shown) -> bool:
        """Whether it is compared with a copy of which nothing is known yet, or with something that has gone."""
        if self.choice == COPY and self.copy is not self._copy:
            return True
        return self._lab.chosen.now.mistakes.against != AgainstPart() and self.run(shown) is None

    def run(self, shown: Shown) -> RunFacts | None:
        """The run that the other reading is of; None where it has gone."""
        kind, number = self.choice.kind, self.choice.run
        if shown.run is None or kind == "alone" or (kind == "step" and number != shown.run.number):
            return None
        if kind == "copy" and self.copy is None:
            return None
        if kind != "run":
            return shown.run
        return next((run for run in self._lab.runs.open if run.number == number != shown.run.number), None)

    @property
    def moment_name(self) -> str:
        """What another moment of the run is called, if it is more than a number."""
        return {"best": self.tr("best"), "start": self.tr("start"), "copy": self.tr("copy")}.get(
            self.choice.kind, ""
        )

    def position(self, shown: Shown) -> RunPosition | None:
        """What has to be known to type another moment of the run; None where it is not compared with a moment."""
        run = self.run(shown) if self.choice.kind == "step" else None
        return None if run is None else run.position(self.step(run, 0))

    def step(self, run: RunFacts, digits: int) -> int:
        """The step of the other reading: after as many digits, or at the end of a run with fewer."""
        match self.choice.kind:
            case "run":
                step = min(run.nearest_step(digits), run.step)
                if run.diverged and step == run.step:  # there are no numbers any more
                    return max((each.step for each in run.readings.test if each.step < step), default=0)
                return step
            case "best":
                return 0 if run.best_so_far is None else run.best_so_far.step
            case "step":
                return min(self.choice.step, run.step)
            case "copy":
                return 0 if self.copy is None else self.copy.of.step
        return 0

    # What it read

    def evaluation(self, shown: Shown, read: ReadDigits) -> Evaluation | None:
        """What the other one read of the same set. None while it is not known: then it is asked for, if the run rests,
        and `found` tells. While the run learns, the last kept measurement up to there stands for it."""
        run = self.run(shown)
        if run is None:
            return None
        place = run.number, self.step(run, read.found.digits), read.set_name
        if self.choice.kind == "copy":
            return self._of_copy(place)
        known = self._known.get(place) or self._kept(shown, run, place, exact=shown.rests)
        if known is not None:
            return known
        if place not in (self._asked, self._refused):
            self._ask(run, place)
        return None

    def _of_copy(self, place: _Place) -> Evaluation | None:
        """The same of the copy that was changed by hand: of the newest one only."""
        number, step, name = place
        place, copy = (-number, step, name), self.copy
        if copy is not self._copy:
            self._copy = copy
            self._known = {known: found for known, found in self._known.items() if known[0] > 0}
            self.forget()
        known = self._known.get(place)
        if known is None and copy is not None and place not in (self._asked, self._refused):
            self.forget()
            self._asked = place
            self._on_moment(place, copy.moment)
        return known

    def network(self, run: RunFacts, step: int) -> Moment | None:
        """The moment of a run at a step; None until it has been replayed: `found` tells."""
        if self.choice.kind == "copy":
            return None  # the card shows it already
        if run.moment is not None and run.moment.step == step:
            return run.moment
        if self._network is None or self._network[:2] != (run.number, step):
            self._network = run.number, step, None
            self._lab.moments.ask(_NETWORK, run, step, self._on_network, self._on_no_network)
        return self._network[2]

    def _on_network(self, moment: Moment) -> None:
        self._network = moment.run, moment.step, moment
        self._tell_found()

    def _on_no_network(self, error: Exception) -> None:
        """The outputs are shown alone then."""

    def has_failed(self) -> bool:
        """Whether what was asked last can't be known."""
        return self._refused is not None and self._asked is None

    def forget(self) -> None:
        self._lab.moments.jobs.withdraw(_KEY)
        self._lab.mistakes.withdraw(_KEY)
        self._lab.moments.jobs.withdraw(_NETWORK)
        self._network = None
        self._asked = self._refused = None
        self.reads, self.progress = False, (0, 0)

    def _kept(self, shown: Shown, run: RunFacts, place: _Place, *, exact: bool) -> Evaluation | None:
        """A measurement that the run has kept, of this very step, or the last one before it."""
        _, step, name = place
        newest = run.readings.newest.get(name)
        if newest is not None and newest.step == step:
            return newest
        if name == "training" or shown.digits is None:
            return None
        kept = run.readings.last(name, step)
        if kept is None or (exact and kept.step != step):
            return None
        found = kept.evaluation(name, getattr(shown.digits, name))
        return self._remember((run.number, found.step, name), found)

    def _ask(self, run: RunFacts, place: _Place) -> None:
        self.forget()
        self._asked = place
        then = partial(self._on_moment, place)
        self._lab.moments.ask(_KEY, run, place[1], then, self._on_refused, self._on_progress)

    def _on_moment(self, place: _Place, moment: Moment) -> None:
        then = partial(self._on_read, place)
        self.reads, self.progress = True, (0, 0)
        self._lab.mistakes.read(_KEY, moment, place[2], then, self._on_refused, self._on_progress)

    def _on_read(self, place: _Place, found: Evaluation) -> None:
        self._remember(place, found)
        self._asked = None
        self._tell_found()

    def _on_refused(self, error: Exception) -> None:
        self._refused, self._asked = self._asked, None
        self._tell_found()

    def _on_progress(self, done: int, of: int) -> None:
        self.progress = done, of
        self._tell_found()

    def _remember(self, place: _Place, found: Evaluation) -> Evaluation:
        known = self._known.setdefault(place, found)
        for oldest in list(self._known)[:-_MOST_KNOWN]:
            del self._known[oldest]
        return known
