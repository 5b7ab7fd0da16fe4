"""What the window asks about luck: other runs of a recipe, trained one by one and kept with the run as a band."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QObject

from mnistviz.engine.acts import puts_other_weights
from mnistviz.engine.cancelling import Cancelled
from mnistviz.engine.digits import Digits
from mnistviz.engine.luck.bands import Band, GrownRun, Kind, band_of
from mnistviz.engine.luck.copied_runs import BUTTERFLIES, places_between, repeat, tiny_change
from mnistviz.engine.replay import reachable
from mnistviz.engine.settings import SETTINGS
from mnistviz.engine.trials import RecordedRun
from mnistviz.gui.lab.lab_changes import BandFinished, ChangeKind, LabChange
from mnistviz.gui.lab.questions import Progress, Questions, recorded_run
from mnistviz.gui.lab.shown import RunFacts

COUNTS: Final = (3, 5, 8, 15)
"""With so many other seeds a run can be repeated."""
_KEY: Final = "luck"
_LOOK_EVERY: Final = 0.1  # seconds between two looks at whether a paused job was taken back


@dataclass(frozen=True)
class BandWork:
    """How far a band of the run of a number is: `done` of `of` runs are there, and this share of the next one."""

    number: int
    kind: Kind
    done: int
    of: int
    share: float = 0.0
    paused: bool = False


@dataclass(eq=False)
class _Order:
    """A band that is wanted. `missing` are the seeds, or the numbers of the copies, that are still to be trained."""

    number: int
    recorded: RecordedRun
    fork: int
    places: tuple[int, ...]
    band: Band
    missing: list[int]
    of: int
    done: int = 0  # digits of the first that is missing


class LuckQuestions(QObject):
    """One band is trained at a time; the others wait. Each run of it shows as soon as it is there.

    `find` gives the newest facts of a run by its number, and `keep` takes its bands.
    """

    def __init__(
        self,
        questions: Questions,
        digits: Callable[[], Digits | None],
        find: Callable[[int], RunFacts | None],
        keep: Callable[[int, tuple[Band, ...]], object],
        tell: Callable[[LabChange], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.jobs = questions.jobs
        self._questions, self._digits = questions, digits
        self._find, self._keep, self._tell_lab = find, keep, tell
        self._orders: list[_Order] = []
        self._going = threading.Event()
        self._going.set()

    # What there is

    @property
    def work(self) -> BandWork | None:
        if not self._orders:
            return None
        order = self._orders[0]
        length = order.band.until - order.band.begin
        return BandWork(
            order.number,
            order.band.kind,
            order.of - len(order.missing),
            order.of,
            order.done / length,
            not self._going.is_set(),
        )

    @property
    def waiting(self) -> int:
        """How many bands wait for it."""
        return max(0, len(self._orders) - 1)

    def is_wanted(self, number: int) -> bool:
        """Whether a band of the run of a number is being trained, or waits."""
        return any(order.number == number for order in self._orders)

    # What is asked

    def repeat(self, run: RunFacts, count: int) -> None:
        """The run again with so many other seeds: those that are not known yet."""
        self._begin(run, "seeds", 0, other_seeds(run.settings.seed, count))

    def copies(self, run: RunFacts, step: int) -> None:
        """Five copies of the run, each with one tiny change after `step` mini-batches."""
        self._begin(run, "tiny changes", step, range(1, BUTTERFLIES + 1))

    def _begin(self, run: RunFacts, kind: Kind, fork: int, wanted: Iterable[int]) -> None:
        recorded = recorded_run(run, self._digits())
        if recorded is None or not can_be_copied(run, fork):
            return
        begin, until = run.digits_at(fork), run.digits_seen
        places = places_between(run.epoch, begin, until, _measured(run))
        band, known = Band(kind, begin, until), band_of(run.bands, kind)
        if known is not None and _is_same(run, known, band, places):
            band = known
        wanted = list(wanted)
        there = {grown.seed for grown in band.runs}
        missing = [number for number in wanted if number not in there]
        self._drop(lambda order: order.number == run.number and order.band.kind == kind)
        self._going.set()
        if missing:
            self._orders.append(_Order(run.number, recorded, fork, places, band, missing, len(wanted)))
        self._go_on()

    def set_paused(self, paused: bool) -> None:
        """Lets what is trained rest, or go on."""
        if self._orders and paused == self._going.is_set():
            (self._going.clear if paused else self._going.set)()
            self._tell_lab(ChangeKind.LUCK)

    def cancel(self) -> bool:
        """Gives up the band that is being trained; the runs that are there stay. False if there is none."""
        if not self._orders:
            return False
        first = self._orders[0]
        self._drop(lambda order: order is first)
        self._go_on()
        return True

    def forget(self, number: int) -> None:
        """Gives up all that was asked of a run, since it closes."""
        if self.is_wanted(number):
            self._drop(lambda order: order.number == number)
            self._go_on()

    def remove(self, run: RunFacts) -> None:
        self.forget(run.number)
        if run.bands:
            self._keep(run.number, ())

    # The jobs

    def _drop(self, unwanted: Callable[[_Order], bool]) -> None:
        if self._orders and unwanted(self._orders[0]):
            self.jobs.withdraw(_KEY)
        self._orders = [order for order in self._orders if not unwanted(order)]

    def _go_on(self) -> None:
        """Has the first run trained that is missing."""
        if not self._orders:
            self._going.set()
        elif not self.jobs.is_open(_KEY):
            order = self._orders[0]
            order.done = 0
            work = partial(_train, order, order.missing[0], self._going)
            failed, progress = partial(self._on_failure, order), partial(self._on_progress, order)
            self._questions.ask(_KEY, work, partial(self._on_grown, order), failed, progress)
        self._tell_lab(ChangeKind.LUCK)

    def _on_grown(self, order: _Order, grown: GrownRun) -> None:
        order.missing.remove(grown.seed)
        order.band = band = order.band.with_run(grown)
        run = self._find(order.number)
        if run is not None:
            self._keep(order.number, (*(each for each in run.bands if each.kind != band.kind), band))
        if not order.missing:
            self._orders.remove(order)
            self._tell_lab(BandFinished(order.number, band.kind))
        self._go_on()

    def _on_failure(self, order: _Order, error: Exception) -> None:
        self._orders.remove(order)
        self._go_on()

    def _on_progress(self, order: _Order, done: int, of: int) -> None:
        order.done = done
        self._tell_lab(ChangeKind.LUCK)


def can_be_copied(run: RunFacts, fork: int = 0) -> bool:
    """Whether the run can be trained again, with other seeds, or with one tiny change after so many mini-batches: there
    must be something to train. Where it goes on from weights that can't be had again, there are no other seeds."""
    record = run.record
    if record is None or not run.ready or run.failed or run.closed or not fork < run.step:
        return False
    return reachable(record, fork) == fork and record.start.step <= fork


def other_seeds(seed: int, count: int) -> tuple[int, ...]:
    """The seeds that come after that of a run; after the last one come the first ones."""
    least, most = (int(bound) for bound in SETTINGS["seed"].bounds)
    return tuple(least + (seed - least + place) % (most - least + 1) for place in range(1, count + 1))


def _train(
    order: _Order, number: int, going: threading.Event, cancelled: Cancelled, tell: Progress
) -> GrownRun:
    asked = while_going(going, cancelled)
    if order.band.kind == "seeds":
        return repeat(order.recorded, number, order.places, asked, tell)
    return tiny_change(order.recorded, order.fork, number, order.places, asked, tell)


def while_going(going: threading.Event, cancelled: Cancelled) -> Cancelled:
    """`cancelled`, which waits while nothing is `going`."""

    def asked() -> bool:
        while not (going.is_set() or cancelled()):
            going.wait(_LOOK_EVERY)
        return cancelled()

    return asked


def _measured(run: RunFacts) -> Sequence[int]:
    """After how many digits the run has read all validation digits, as far as that is known one by one."""
    return [digits for _, digits, _, _ in run.history.known_one_by_one("validation")]


def _is_same(run: RunFacts, known: Band, wanted: Band, places: tuple[int, ...]) -> bool:
    """Whether more runs can be added to a band that is known. Weights that were set by hand at its very end may have
    been set since."""
    if not known.runs or (known.begin, known.until) != (wanted.begin, wanted.until):
        return False
    acts = run.history.interventions
    return tuple(known.runs[0].digits.tolist()) == places and not any(
        puts_other_weights(act) and act.step == run.step for act in acts[-1:]
    )
