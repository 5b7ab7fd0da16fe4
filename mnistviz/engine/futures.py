"""Forecasts: how the next mini-batches of a run would go with other values of one setting, without changing the run.
Each forecast starts in the same state, with the same samples in the same order and the same random draws, so it is,
bit for bit, what the run would do with that value."""

import concurrent.futures
from collections.abc import Callable, Mapping, Sequence
from typing import Final, Literal

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from mnistviz.engine.cancelling import Cancelled, Counted, after, check, never, unheard
from mnistviz.engine.digits import DigitSet, grey_values
from mnistviz.engine.distortion import bends, distorts
from mnistviz.engine.evaluation import pieces
from mnistviz.engine.functions import Array, Floats, Ints, quietly
from mnistviz.engine.network import Network
from mnistviz.engine.replay import Replay
from mnistviz.engine.settings import SETTINGS, Settings
from mnistviz.engine.threads import one_blas_thread
from mnistviz.engine.trainer import Trainer, TrainerState
from mnistviz.engine.trials import OrderedTrainer, RecordedRun, train_until
from mnistviz.engine.verdicts import Verdict, compare_few_orders, compare_orders, variance

Varied = Literal["eta", "momentum", "mini_batch_size"]
Gathered = dict[tuple[int, int, int, int], tuple[Array, Array]]
"""Grey values and targets, by the order, the epoch, the place, and the number of samples."""

MINI_BATCHES: Final = 200
"""Length of a forecast, unless the user or the size of the network determines another."""
ORDERS: Final = 3
"""The orders in which values are trained once more, in turn, so that neighbours on the slider differ."""
KEPT_ORDERS: Final = 6
"""Number of other orders in which the current value, with which all others are compared, and the best of the others
are trained; the best in those that it was not selected by, so that the selection does not bias the test."""
BEFORE: Final = 120  # mini-batches before the forecast whose costs are also returned
MOST_SHARED: Final = 8_000  # samples whose grey values are cached for the next forecast: 25 MB
# mini-batches: shorter forecasts for large networks
_LENGTHS = (10, 20, 50, 100, 200, 500, 1_000, 2_000)
_MOST_TRAINING = 1e11  # multiplications: about two seconds
_MOST_READING = 6e10
_LEAST_READ = 500  # digits
_A_STEP = 1.3e6  # multiplications of equal time per mini-batch, apart from its samples
_MOVING, _DISTORTING = 2e5, 2.5e6  # the same per shifted sample, and per rotated or bent one
_TOGETHER, _MOST_WEIGHTS = 4, 1_000_000  # networks evaluated together, and their weights in total


class Costs(Struct, frozen=True, eq=False):
    """Costs of consecutive mini-batches, shape (n,), each with the samples consumed before it."""

    digits: Ints
    values: Floats


class Future(Struct, frozen=True, eq=False):
    """Forecast for one value of the varied setting: the costs, and the share of validation samples, 0 to 1,
    misclassified at the end. `otherwise` has that share with the same samples in other orders, by their numbers from 1
    on. Non-finite weights misclassify all."""

    value: float
    costs: Costs
    misread: float
    otherwise: Mapping[int, float]

    @property
    def diverges(self) -> bool:
        return not np.isfinite(self.costs.values).all()

    @property
    def first_two(self) -> tuple[float, float]:
        """The accuracies in the order of the run and in the first other order: known for every forecast."""
        return 1 - self.misread, 1 - next(iter(self.otherwise.values()))


class Forecast(Struct, frozen=True, eq=False):
    """Forecasts of a run after `step` mini-batches, by ascending values of the setting `varied`.

    `now` are the settings of the next mini-batch, and `before` the last costs. Each forecast trains on as many samples
    as `mini_batches` of the current size. Misclassified shares are of the first `read` validation samples;
    `misread_now` is the current one.
    """

    step: int
    digits: int
    varied: Varied
    now: Settings
    mini_batches: int
    until: int
    read: int
    before: Costs
    misread_now: float
    futures: tuple[Future, ...]
    state: TrainerState  # the initial state of all forecasts, without pending settings

    @property
    def nbytes(self) -> int:
        costs = (self.before, *(future.costs for future in self.futures))
        return self.state.nbytes + sum(each.digits.nbytes + each.values.nbytes for each in costs)

    @property
    def current(self) -> Future:
        return self.of(getattr(self.now, self.varied))

    def of(self, value: float) -> Future:
        return next(future for future in self.futures if future.value == value)

    @property
    def best(self) -> Future | None:
        others = (future for future in self.futures if future is not self.current)
        return max(others, key=lambda future: sum(future.first_two), default=None)

    @property
    def clearest(self) -> Future | None:
        """The best of the values that the verdict calls better than the current one; if there is none, the best."""
        others = (future for future in self.futures if future is not self.current)
        better = (future for future in others if self.verdict(future).outcome == "better")
        return max(better, key=lambda future: sum(future.first_two), default=self.best)

    def mean_misread(self, future: Future) -> float:
        """Return the mean misclassified share over orders: the current value's plus the difference of the verdict."""
        kept = float(np.mean([self.current.misread, *self.current.otherwise.values()]))
        return kept if future is self.current else max(kept - self.verdict(future).difference, 0.0)

    def verdict(self, future: Future) -> Verdict:
        """Compare a value with keeping the current one, over orders of the same samples. The best value is compared in
        the orders that it was not selected by. For any other value two orders are known; the variance over orders is
        estimated from it and its neighbours on the slider, at the end of the slider from the last three. It is one of
        many, so that chance alone calls any of them better or worse in one of ten forecasts."""
        keeping = self.current
        fresh = list(future.otherwise)[1:]
        if len(fresh) > 1 and future is not keeping:
            a, b = ([1 - each.otherwise[order] for order in fresh] for each in (keeping, future))
            return compare_orders(a, b, self.read)
        begin = min(max(self.futures.index(future) - 1, 0), max(len(self.futures) - 3, 0))
        near = self.futures[begin : begin + 3]
        spread = float(np.mean([variance(each.first_two, self.read) for each in near]))
        looks = max(1, len(self.futures) - 1)
        keeping_accuracies = [1 - keeping.misread, *(1 - misread for misread in keeping.otherwise.values())]
        return compare_few_orders(keeping_accuracies, future.first_two, spread, len(near), self.read, looks)


class _SharingTrainer(OrderedTrainer):
    """Trainer that takes its upcoming samples from `shared` if another trainer has gathered them in the same order."""

    shared: Gathered

    def gathered(self, start: int, count: int) -> tuple[Array, Array]:
        key = (self.order, self.epoch, start, count)
        if (batch := self.shared.get(key)) is None:
            x, y = super().gathered(start, count)
            batch = x.copy(), y
            if count + sum(cached for *_, cached in self.shared) <= MOST_SHARED:
                self.shared[key] = batch
        return batch


def look_ahead(
    run: RecordedRun,
    step: int,
    varied: Varied,
    values: Sequence[float],
    mini_batches: int = MINI_BATCHES,
    cancelled: Cancelled = never,
    progress: Counted = unheard,
    *,
    now: Settings | None = None,
) -> Forecast:
    """Forecast each value of a setting, and the current one (of the record, or of `now`), after `step` mini-batches. A
    large network is trained for fewer mini-batches. `progress` receives the samples done and their total. Raise
    ValueError if the run has no such step, `Withdrawn` once `cancelled()`."""
    with one_blas_thread():
        forecast = _outset(run, step, varied, values, mini_batches, cancelled, now)
        current = getattr(forecast.now, varied)
        wanted = sorted({*values, current})
        first = [(value, 0) for value in wanted]
        first += [(value, 1 + number % ORDERS) for number, value in enumerate(wanted)]
        known = {order for value, order in first if value == current}
        first += [(current, order) for order in range(1, 1 + KEPT_ORDERS) if order not in known]
        more = KEPT_ORDERS - 1 if len(wanted) > 1 else 0
        each = forecast.until - forecast.digits
        forecasts = _Forecasts(run, forecast, cancelled)
        forecasts.add(first, lambda done: progress(done, (len(first) + more) * each))
        forecasts.test_best(lambda done: progress(len(first) * each + done, (len(first) + more) * each))
        return forecasts.forecast


def add_future(run: RecordedRun, forecast: Forecast, value: float, cancelled: Cancelled = never) -> Forecast:
    """Return the forecast with one more value. Raise `Withdrawn` once `cancelled()`."""
    if any(future.value == value for future in forecast.futures):
        return forecast
    with one_blas_thread():
        forecasts = _Forecasts(run, forecast, cancelled)
        forecasts.add([(value, 0), (value, 1 + len(forecast.futures) % ORDERS)])
        if forecasts.forecast.best is forecasts.forecast.of(value):
            forecasts.gathered = {}
            forecasts.test_best()
        return forecasts.forecast


def affordable_length(settings: Settings, weights: int, sizes: Sequence[int], ways: int, wanted: int) -> int:
    """Return how many of the `wanted` mini-batches fit in some seconds. `weights` counts biases too, `sizes` are the
    forecasts' mini-batch sizes, and the samples are distorted anew for `ways` orders."""
    distorting = _MOVING if distorts(settings) else 0
    if bends(settings):
        distorting = _DISTORTING
    a_digit = sum(3 * weights + _A_STEP / size for size in sizes) + ways * distorting
    products = a_digit * settings.mini_batch_size
    if wanted * products <= _MOST_TRAINING:
        return wanted
    return max(length for length in _LENGTHS if length == 10 or length * products <= _MOST_TRAINING)


@quietly
def _outset(
    run: RecordedRun,
    step: int,
    varied: Varied,
    values: Sequence[float],
    mini_batches: int,
    cancelled: Cancelled,
    now: Settings | None,
) -> Forecast:
    record, trainer = run.record, run.trainer()
    costs_from = max(record.start.step, step - BEFORE) if step >= record.start.step else None
    replay = Replay(record, trainer, step, costs_from=costs_from)
    replay.finish(cancelled)
    now, weights = now or trainer.settings, trainer.network.parameters.size
    size = now.mini_batch_size
    sizes = [size, *(round(value) if varied == "mini_batch_size" else size for value in values)]
    sizes = 2 * sizes + 2 * KEPT_ORDERS * [size]
    ways = len(sizes) if varied == "mini_batch_size" else 1 + 2 * KEPT_ORDERS - ORDERS
    length = affordable_length(now, weights, sizes, ways, mini_batches)
    until = trainer.cursor.after(length, size, len(trainer.training)).digits(len(trainer.training))
    validation = run.digits.validation
    read = min(len(validation), max(_LEAST_READ, int(_MOST_READING / (len(sizes) * weights))))
    return Forecast(
        step,
        trainer.digits_consumed,
        varied,
        now,
        length,
        until,
        read,
        _costs([(digits, cost) for digits, cost, _ in replay.costs]),
        _misread([trainer.network], validation.first(read), cancelled)[0],
        (),
        trainer.state_as_judged(),
    )


def _costs(pairs: Sequence[tuple[int, float]]) -> Costs:
    digits, values = zip(*pairs, strict=True) if pairs else ((), ())
    return Costs(np.array(digits, np.int64), np.array(values, np.float64))


class _Forecasts:
    """A result that grows by forecasts, which share the samples they have `gathered`."""

    def __init__(self, run: RecordedRun, forecast: Forecast, cancelled: Cancelled) -> None:
        self.forecast = forecast
        self.gathered: Gathered = {}
        self._run, self._cancelled = run, cancelled

    def add(self, wanted: Sequence[tuple[float, int]], progress: Callable[[int], object] = unheard) -> None:
        """Add the results of values in orders; 0, the run's own, must come first. `progress` gets the samples done."""
        futures = {future.value: future for future in self.forecast.futures}
        for (value, order), (costs, misread) in zip(wanted, self._ends(wanted, progress), strict=True):
            if order == 0:
                futures[value] = Future(SETTINGS[self.forecast.varied].checked(value), costs, misread, {})
            else:
                otherwise = {**futures[value].otherwise, order: misread}
                futures[value] = replace(futures[value], otherwise=otherwise)
        self.forecast = replace(self.forecast, futures=tuple(futures[value] for value in sorted(futures)))

    def test_best(self, progress: Callable[[int], object] = unheard) -> None:
        if (best := self.forecast.best) is not None:
            orders = [order for order in range(1, 1 + KEPT_ORDERS) if order not in best.otherwise]
            self.add([(best.value, order) for order in orders], progress)

    def _ends(
        self, wanted: Sequence[tuple[float, int]], progress: Callable[[int], object]
    ) -> list[tuple[Costs, float]]:
        """Train with each value in its order; return costs and misclassified shares, evaluated in another thread."""
        forecast = self.forecast
        validation = self._run.digits.validation.first(forecast.read)
        costs: list[Costs] = []
        shares: list[concurrent.futures.Future[list[float]]] = []
        at_once = max(1, min(_TOGETHER, _MOST_WEIGHTS // forecast.state.parameters.size))
        with concurrent.futures.ThreadPoolExecutor(1, "reading") as reader:
            for begin in range(0, len(wanted), at_once):
                networks = []
                for value, order in wanted[begin : begin + at_once]:
                    trainer = self._trainer(value, order)
                    half = (trainer.settings.mini_batch_size - 1) / 2  # to the nearest mini-batch
                    until = max(forecast.until - half, forecast.digits + 1)
                    report = after(len(costs) * (forecast.until - forecast.digits), progress)
                    pairs = train_until(trainer, until, self._run.digits, self._cancelled, report)
                    networks.append(trainer.network)
                    costs.append(_costs(pairs))
                if shares:
                    shares[-1].result()  # limits the number of networks waiting
                shares.append(reader.submit(_misread, networks, validation, self._cancelled))
            misread = (share for some in shares for share in some.result())
            return list(zip(costs, misread, strict=True))

    def _trainer(self, value: float, order: int) -> Trainer:
        run, forecast = self._run, self.forecast
        trainer = _SharingTrainer(run.start.copy(), run.record.start.settings, run.digits.training)
        trainer.begin, trainer.until, trainer.order = forecast.digits, forecast.until, order
        trainer.shared = self.gathered
        trainer.restore(forecast.state)
        trainer.change(forecast.now.changed(**forecast.now.by_hand({forecast.varied: value})))
        return trainer


@quietly
def _misread(networks: Sequence[Network], digits: DigitSet, cancelled: Cancelled) -> list[float]:
    """Return the share of samples that each network misclassifies, 1 if it is not finite. All have the same sizes."""
    finite = [bool(np.isfinite(network.parameters).all()) for network in networks]
    wrong = [0 if good else len(digits) for good in finite]
    for piece in pieces(networks[0], digits):
        check(cancelled)
        x = grey_values(piece.images)
        for number, network in enumerate(networks):
            if finite[number]:
                wrong[number] += int(np.count_nonzero(network.feedforward(x).argmax(axis=1) != piece.labels))
    return [count / len(digits) for count in wrong]
