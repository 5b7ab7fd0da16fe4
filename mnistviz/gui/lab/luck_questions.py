"""Seed variation for the window: other runs of a recipe, trained one by one and saved with the run as a seed band."""

import threading
from collections.abc import Callable, Iterable
from functools import partial
from typing import Final

from msgspec import Struct
from PySide6.QtCore import QObject

from mnistviz.engine.acts import puts_other_weights
from mnistviz.engine.cancelling import Cancelled
from mnistviz.engine.luck.bands import Band, GrownRun, Kind, band_of
from mnistviz.engine.luck.copied_runs import BUTTERFLIES, places_between, repeat, tiny_change
from mnistviz.engine.replay import reachable
from mnistviz.engine.settings import SETTINGS
from mnistviz.engine.trials import RecordedRun
from mnistviz.gui.lab.lab_changes import BandFinished, ChangeKind
from mnistviz.gui.lab.lab_core import LabCore
from mnistviz.gui.lab.questions import Progress, Questions, recorded_run
from mnistviz.gui.lab.shown import RunFacts

COUNTS: Final = (3, 5, 8, 15)
_KEY: Final = "luck"
_CHECK_EVERY: Final = 0.1  # seconds between two checks whether a paused job was cancelled


class BandWork(Struct, frozen=True):
    """The progress of a band of run `number`: `done` of `of` runs are trained, and the `share` of the next one."""

    number: int
    kind: Kind
    done: int
    of: int
    share: float = 0.0
    paused: bool = False


class _Order(Struct, eq=False):
    """A requested band. `missing` are the seeds, or the numbers of the copies, that are still to be trained."""

    number: int
    recorded: RecordedRun
    fork: int
    places: tuple[int, ...]
    band: Band
    missing: list[int]
    of: int
    done: int = 0  # digits of the first missing run


class LuckQuestions(QObject):
    """Trains one band at a time; the others wait. Each of its runs is shown as soon as it is trained."""

    def __init__(self, core: LabCore, questions: Questions, parent: QObject) -> None:
        super().__init__(parent)
        self._core, self.jobs = core, questions
        self._orders: list[_Order] = []
        self._running = threading.Event()
        self._running.set()

    @property
    def work(self) -> BandWork | None:
        if not self._orders:
            return None
        order, paused = self._orders[0], not self._running.is_set()
        band, trained = order.band, order.of - len(order.missing)
        share = order.done / (band.until - band.begin)
        return BandWork(order.number, band.kind, trained, order.of, share, paused)

    @property
    def waiting(self) -> int:
        return max(0, len(self._orders) - 1)

    def is_wanted(self, number: int) -> bool:
        return any(order.number == number for order in self._orders)

    def repeat(self, run: RunFacts, count: int) -> None:
        """Repeat the run with so many other seeds, without those that are known."""
        self._begin(run, "seeds", 0, other_seeds(run.settings.seed, count))

    def copies(self, run: RunFacts, step: int) -> None:
        """Train five copies of the run, each with one tiny change after `step` mini-batches."""
        self._begin(run, "tiny changes", step, range(1, BUTTERFLIES + 1))

    def _begin(self, run: RunFacts, kind: Kind, fork: int, wanted: Iterable[int]) -> None:
        if (recorded := recorded_run(run, self._core.digits)) is None or not can_be_copied(run, fork):
            return
        begin, until = run.digits_at(fork), run.digits_seen
        measured = run.history.known_one_by_one.get(("validation", 0), ())
        places = places_between(run.epoch, begin, until, (digits for _, digits, _, _ in measured))
        band, known = Band(kind, begin, until), band_of(run.bands, kind)
        if known is not None and _is_same(run, known, band, places):
            band = known
        wanted = list(wanted)
        there = {grown.seed for grown in band.runs}
        missing = [number for number in wanted if number not in there]
        self._drop(lambda order: order.number == run.number and order.band.kind == kind)
        self._running.set()
        if missing:
            self._orders.append(_Order(run.number, recorded, fork, places, band, missing, len(wanted)))
        self._train_next()

    def set_paused(self, paused: bool) -> None:
        if self._orders and paused == self._running.is_set():
            (self._running.clear if paused else self._running.set)()
            self._core.tell(ChangeKind.LUCK)

    def cancel(self) -> bool:
        """Cancel the band in training; its finished runs stay. Return False if there is none."""
        if not self._orders:
            return False
        first = self._orders[0]
        self._drop(lambda order: order is first)
        self._train_next()
        return True

    def forget(self, number: int) -> None:
        if self.is_wanted(number):
            self._drop(lambda order: order.number == number)
            self._train_next()

    def remove(self, run: RunFacts) -> None:
        self.forget(run.number)
        if run.bands:
            self._core.change(run.number, bands=())

    def _drop(self, unwanted: Callable[[_Order], bool]) -> None:
        if self._orders and unwanted(self._orders[0]):
            self.jobs.withdraw(_KEY)
        self._orders = [order for order in self._orders if not unwanted(order)]

    def _train_next(self) -> None:
        if not self._orders:
            self._running.set()
        elif not self.jobs.is_open(_KEY):
            order = self._orders[0]
            order.done = 0
            work = partial(_train, order, order.missing[0], self._running)
            failed, progress = partial(self._on_failure, order), partial(self._on_progress, order)
            self.jobs.ask(_KEY, work, partial(self._on_grown, order), failed, progress)
        self._core.tell(ChangeKind.LUCK)

    def _on_grown(self, order: _Order, grown: GrownRun) -> None:
        order.missing.remove(grown.seed)
        order.band = band = order.band.with_run(grown)
        if (run := self._core.find(order.number)) is not None:
            bands = (*(each for each in run.bands if each.kind != band.kind), band)
            self._core.change(order.number, bands=bands)
        if not order.missing:
            self._orders.remove(order)
            self._core.tell(BandFinished(order.number, band.kind))
        self._train_next()

    def _on_failure(self, order: _Order, error: Exception) -> None:
        self._orders.remove(order)
        self._train_next()

    def _on_progress(self, order: _Order, done: int, of: int) -> None:
        order.done = done
        self._core.tell(ChangeKind.LUCK)


def can_be_copied(run: RunFacts, fork: int = 0) -> bool:
    """Return True if the run can be trained again with other seeds, or with one tiny change after `fork` mini-batches,
    which need not be its end. A run that continues from weights that can't be replayed has no other seeds."""
    if (record := run.record) is None or not run.ready or run.failed or run.closed or not fork < run.step:
        return False
    return reachable(record, fork) == fork and record.start.step <= fork


def other_seeds(seed: int, count: int) -> tuple[int, ...]:
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
    """Return `cancelled`, but waiting while `going` is not set."""

    def asked() -> bool:
        while not (going.is_set() or cancelled()):
            going.wait(_CHECK_EVERY)
        return cancelled()

    return asked


def _is_same(run: RunFacts, known: Band, wanted: Band, places: tuple[int, ...]) -> bool:
    """Return True if more runs can be added to a band; weights set by hand at its end may be newer than it."""
    if not known.runs or (known.begin, known.until) != (wanted.begin, wanted.until):
        return False
    acts = run.history.interventions
    return tuple(known.runs[0].digits.tolist()) == places and not any(
        puts_other_weights(act) and act.step == run.step for act in acts[-1:]
    )
