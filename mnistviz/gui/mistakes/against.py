"""The opponent of the Mistakes tab: another run after as many digits, or another step of the same run."""

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QObject

from mnistviz.engine.cancelling import Cancelled
from mnistviz.engine.evaluation import evaluated
from mnistviz.engine.luck.copied_runs import ORDERS, accuracies_in_orders
from mnistviz.engine.moment import Evaluation, Moment, SetName
from mnistviz.engine.trials import RecordedRun
from mnistviz.engine.verdicts import Verdict, compare_digits, compare_orders
from mnistviz.gui.common.choices import AgainstPart
from mnistviz.gui.common.position_entry import RunPosition
from mnistviz.gui.common.tab_tools import ComparedChoice
from mnistviz.gui.common.texts import tr
from mnistviz.gui.lab.edited_copy import EditedCopy
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.questions import Progress
from mnistviz.gui.lab.run_names import run_name
from mnistviz.gui.lab.shown import RunFacts, Shown
from mnistviz.gui.mistakes.read_digits import ReadDigits, TwoReadings

_KEY, _NETWORK = "the other reading", "the other network"
_MOST_KNOWN = 12  # evaluations in the cache

_Place = tuple[int, int, SetName]
"""A run number, a step and a set. A negative run number stands for the edited copy of that run."""


ALONE: Final = AgainstPart()
COPY: Final = AgainstPart("copy")
HERE: Final = -1  # stands for the step that is shown when the option is chosen


class Against(QObject):
    """The chosen opponent and its predictions: taken from the saved measurements, or computed by the lab, which replays
    the run and then evaluates all digits of the set."""

    def __init__(self, lab: Lab, changed: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._lab, self._notify = lab, changed
        self.progress = (0, 0)
        self.reads = False  # true if `progress` is that of the evaluation, False if of the replay
        self._network: tuple[int, int, Moment | None] | None = None  # requested: a run and a step
        self._known: dict[_Place, Evaluation] = {}
        self._asked: _Place | None = None
        self._refused: _Place | None = None
        self._copy: EditedCopy | None = None  # the source of what is known of negative numbers

    @property
    def choice(self) -> AgainstPart:
        """The chosen opponent, or `ALONE` if there is none of that kind, or its run is not open."""
        chosen = self._lab.chosen.now.mistakes.against
        if chosen.kind in ("run", "step"):
            is_open = any(run.letter == chosen.run for run in self._lab.runs.open)
            return chosen if is_open and chosen.step >= 0 else ALONE
        return AgainstPart(chosen.kind) if chosen.kind in ("best", "start", "copy") else ALONE

    def options(self, shown: Shown, choose: Callable[[AgainstPart], object]) -> list[ComparedChoice]:
        """Return everything that the shown step can be compared with; `choose` gets the opponent."""
        options = list[ComparedChoice]()

        def offer(opponent: AgainstPart, words: str, tip: str) -> None:
            options.append(ComparedChoice(words, tip, opponent == self.choice, partial(choose, opponent)))

        offer(ALONE, tr("not compared"), tr("Shows the mistakes of the selected run alone."))
        if shown.run is None:
            return options
        runs = self._lab.runs.open
        for run in runs:
            if run.number != shown.run.number and run.ready and not run.failed:
                words = tr("against {run}", run=run.letter)
                tip = tr("Compares with run {run}, {name}, after as many digits.")
                tip = tip.format(run=run.letter, name=run_name(run, runs))
                offer(AgainstPart("run", run.letter), words, tip)
        if shown.run.best is not None:
            tip = tr("Compares with the best weights of the selected run.")
            offer(AgainstPart("best"), tr("against best"), tip)
        tip = tr("Compares with the network as it was before it learned.")
        offer(AgainstPart("start"), tr("against start"), tip)
        if self.copy is not None:
            tip = tr("Compares with the copy that you have changed by hand.")
            offer(COPY, tr("against the copy"), tip)
        typed = self.choice if self.choice.kind == "step" and self.choice.run == shown.run.letter else None
        words = tr("against a moment …") if typed is None else tr("against {step}", step=typed.step)
        tip = tr("Compares with the moment of the selected run that you type, wherever you look then.")
        offer(typed or AgainstPart("step", shown.run.letter, HERE), words, tip)
        return options

    @property
    def copy(self) -> EditedCopy | None:
        preview = self._lab.preview
        return preview if isinstance(preview, EditedCopy) else None

    def is_outdated(self, shown: Shown) -> bool:
        """Return True if the opponent is a copy that has not been evaluated yet, or no longer exists."""
        if self.choice == COPY and self.copy is not self._copy:
            return True
        return self._lab.chosen.now.mistakes.against != ALONE and self.run(shown) is None

    def run(self, shown: Shown) -> RunFacts | None:
        kind, letter = self.choice.kind, self.choice.run
        if shown.run is None or kind == "alone" or (kind == "step" and letter != shown.run.letter):
            return None
        if kind == "copy" and self.copy is None:
            return None
        if kind != "run":
            return shown.run
        return next((run for run in self._lab.runs.open if run.letter == letter != shown.run.letter), None)

    @property
    def moment_name(self) -> str:
        return {"best": tr("best"), "start": tr("start"), "copy": tr("copy")}.get(self.choice.kind, "")

    def position(self, shown: Shown) -> RunPosition | None:
        run = self.run(shown) if self.choice.kind == "step" else None
        return None if run is None else run.position(self.step(run, 0))

    def step(self, run: RunFacts, digits: int) -> int:
        """Return the step of the opponent: after as many digits, or the last one of a run with fewer."""
        match self.choice.kind:
            case "run":
                step = min(run.nearest_step(digits), run.step)
                if run.diverged and step == run.step:  # its weights are not finite
                    return max((each.step for each in run.readings.test if each.step < step), default=0)
                return step
            case "best":
                return 0 if run.best_so_far is None else run.best_so_far.step
            case "step":
                return min(self.choice.step, run.step)
            case "copy":
                return 0 if self.copy is None else self.copy.of.step
        return 0

    def evaluation(self, shown: Shown, read: ReadDigits) -> Evaluation | None:
        """Return the opponent's evaluation of the same set, or None. It is then requested if the run is paused, and
        `changed` is called. While the run trains, its last measurement up to this step stands for it."""
        if (run := self.run(shown)) is None:
            return None
        place = run.number, self.step(run, read.found.digits), read.set_name
        if self.choice.kind == "copy":
            return self._of_copy(place)
        known = self._known.get(place) or self._measured(shown, run, place, exact=shown.rests)
        if known is not None:
            return known
        if place not in (self._asked, self._refused):
            self._ask(run, place)
        return None

    def _of_copy(self, place: _Place) -> Evaluation | None:
        number, step, name = place
        place, copy = (-number, step, name), self.copy
        if copy is not self._copy:
            self._copy = copy
            self._known = {place: known for place, known in self._known.items() if place[0] > 0}
            self.forget()
        known = self._known.get(place)
        if known is None and copy is not None and place not in (self._asked, self._refused):
            self.forget()
            self._asked = place
            self._on_moment(place, copy.moment)
        return known

    def network(self, run: RunFacts, step: int) -> Moment | None:
        """Return the network of a run at a step, or None until it is replayed; `changed` is called then."""
        if self.choice.kind == "copy":
            return None  # the card shows its outputs already
        if run.moment is not None and run.moment.step == step:
            return run.moment
        if self._network is None or self._network[:2] != (run.number, step):
            self._network = run.number, step, None
            # without it the card shows one network only
            self._lab.questions.ask_moment(_NETWORK, run, step, self._on_network, lambda error: None)
        return self._network[2]

    def _on_network(self, moment: Moment) -> None:
        self._network = moment.run, moment.step, moment
        self._notify()

    def has_failed(self) -> bool:
        return self._refused is not None and self._asked is None

    def forget(self) -> None:
        self._lab.questions.withdraw(_KEY)
        self._lab.questions.withdraw(_NETWORK)
        self._network = None
        self._asked = self._refused = None
        self.reads, self.progress = False, (0, 0)

    def _measured(self, shown: Shown, run: RunFacts, place: _Place, *, exact: bool) -> Evaluation | None:
        """Return the run's measurement at this step, or the last one before it unless `exact`."""
        _, step, name = place
        if (newest := run.readings.newest.get(name)) is not None and newest.step == step:
            return newest
        if name == "training" or shown.digits is None:
            return None
        if (kept := run.readings.last(name, step)) is None or (exact and kept.step != step):
            return None
        evaluation = kept.evaluation(name, getattr(shown.digits, name))
        return self._remember((run.number, evaluation.step, name), evaluation)

    def _ask(self, run: RunFacts, place: _Place) -> None:
        self.forget()
        self._asked = place
        then = partial(self._on_moment, place)
        self._lab.questions.ask_moment(_KEY, run, place[1], then, self._on_refused, self._on_progress)

    def _on_moment(self, place: _Place, moment: Moment) -> None:
        def then(evaluation: Evaluation) -> None:
            self._remember(place, evaluation)
            self._asked = None
            self._notify()

        self.reads, self.progress = True, (0, 0)
        work = partial(evaluated, moment, place[2], self._lab.questions.digits)
        self._lab.questions.ask(_KEY, work, then, self._on_refused, self._on_progress)

    def _on_refused(self, error: Exception) -> None:
        self._refused, self._asked = self._asked, None
        self._notify()

    def _on_progress(self, done: int, of: int) -> None:
        self.progress = done, of
        self._notify()

    def _remember(self, place: _Place, evaluation: Evaluation) -> Evaluation:
        known = self._known.setdefault(place, evaluation)
        for oldest in list(self._known)[:-_MOST_KNOWN]:
            del self._known[oldest]
        return known


_CHANCE = "more than chance"
_MOST_VERDICTS = 20  # verdicts in the cache

_About = tuple[int | None, int, int, int, int, str]
"""The step where two runs went apart, their numbers, the steps where they are compared, and the set."""
Pair = tuple[RunFacts, RunFacts, int | None, TwoReadings]
"""Runs A and B, the step where they went apart, None if they share nothing, and what both predict."""


class ChanceQuestion:
    def __init__(self, lab: Lab, answered: Callable[[], object]) -> None:
        self._lab, self._notify = lab, answered
        self._known: dict[_About, Verdict] = {}
        self._asked: _About | None = None
        self.progress = (0, 0)
        self.has_failed = False

    @property
    def is_open(self) -> bool:
        return self._lab.trials.is_open(_CHANCE)

    def answer(self, pair: Pair) -> Verdict | None:
        return self._known.get(_about(pair))

    def ask(self, pair: Pair) -> None:
        """Test a pair. One that shares its past is trained in other orders of the digits, in a job; any other is tested
        at once, by the digits that only one of both predicts correctly."""
        self.progress, self.has_failed = (0, 0), False
        self._asked = about = _about(pair)
        a, b, fork, two = pair
        then = partial(self._on_answer, about)
        if fork is None:
            groups = two.groups
            then(compare_digits(len(groups.only_b_wrong), len(groups.only_a_wrong), groups.of))
        else:
            trials, failed = self._lab.trials, self._on_failure
            if (other := trials.recorded(_CHANCE, b, failed)) is not None:
                work = partial(_compared, other, two.a.found, two.b.found, fork)
                trials.ask_run(_CHANCE, a, work, then, failed, self._on_progress)

    def follow(self, pair: Pair | None) -> None:
        if self.is_open and (pair is None or self._asked != _about(pair)):
            self.cancel()

    def cancel(self) -> bool:
        if not self.is_open:
            return False
        self._lab.trials.withdraw(_CHANCE)
        self._notify()
        return True

    def _on_answer(self, about: _About, verdict: Verdict) -> None:
        self._known[about] = verdict
        for oldest in list(self._known)[:-_MOST_VERDICTS]:
            del self._known[oldest]
        self._notify()

    def _on_failure(self, error: Exception) -> None:
        self.has_failed = True
        self._notify()

    def _on_progress(self, done: int, of: int) -> None:
        self.progress = done, of
        self._notify()


def _compared(
    b: RecordedRun,
    found_a: Evaluation,
    found_b: Evaluation,
    fork: int,
    a: RecordedRun,
    cancelled: Cancelled,
    tell: Progress,
) -> Verdict:
    """Compare two runs that forked at step `fork`, over orders of the digits since then; progress in mini-batches."""
    steps = found_a.step - fork, found_b.step - fork
    of, before = ORDERS * sum(steps), ORDERS * steps[0]
    first = accuracies_in_orders(a, found_a, fork, cancelled, lambda done, _: tell(done, of))
    second = accuracies_in_orders(b, found_b, fork, cancelled, lambda done, _: tell(before + done, of))
    return compare_orders(first, second, min(len(each.predictions) for each in (found_a, found_b)))


def _about(pair: Pair) -> _About:
    a, b, fork, two = pair
    return fork, a.number, b.number, two.a.found.step, two.b.found.step, two.a.found.set
