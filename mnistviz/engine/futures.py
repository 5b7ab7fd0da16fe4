"""What the next mini-batches of a run would bring with other values of one setting: nothing of the run is changed.

Each future begins in the same state, with the same digits in the same order and the same keyed chance, so it is, bit
for bit, what the run itself comes to where a user sets that value.
"""

from __future__ import annotations

import concurrent.futures
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.cancelling import Cancelled, Withdrawn, never
from mnistviz.engine.digits import DigitSet, grey_values
from mnistviz.engine.distortion import distorts
from mnistviz.engine.evaluation import pieces
from mnistviz.engine.functions import Array, quietly
from mnistviz.engine.network import Network
from mnistviz.engine.randomness import generator
from mnistviz.engine.replay import Replay
from mnistviz.engine.settings import SETTINGS, Settings
from mnistviz.engine.threads import one_blas_thread
from mnistviz.engine.trainer import Trainer, TrainerState
from mnistviz.engine.trials import Progress, RecordedRun

Floats = NDArray[np.float64]
Varied = Literal["eta", "momentum", "mini_batch_size"]
Gathered = dict[tuple[int, int, int, int], tuple[Array, Array]]
"""Grey values and targets, by the order of the digits, the epoch, and their place and number."""

MINI_BATCHES: Final = 200
"""How far one looks ahead, unless the user or the size of the network says otherwise."""
ORDERS: Final = 3
"""Each value is trained once more on the same digits in another order. There are so many other orders, in turn, so that
neighbours on the slider have different ones."""
BEFORE: Final = 120
"""Mini-batches before the moment whose costs are looked up as well."""
MOST_SHARED: Final = 8_000
"""Digits whose grey values are kept for the next future: 25 MB."""
_STUDENT: Final = {1: 12.706, 2: 4.303, 3: 3.182}
"""Student's t: so many times what n differences are on average (the root of their mean square), one more is as large
in one of 20 cases."""
_LENGTHS = (
    10,
    20,
    50,
    100,
    200,
    500,
    1_000,
    2_000,
)  # mini-batches: what a large network leaves of those wanted
_MOST_TRAINING = 1e11  # products of a weight with an activation: some two seconds
_MOST_READING = 6e10
_LEAST_READ = 500  # digits
_A_STEP = 1.3e6  # products that a mini-batch costs besides its digits
_MOVING, _DISTORTING = 2e5, 2.5e6  # products that a digit costs which is moved only, or turned or distorted
_TOGETHER, _MOST_WEIGHTS = 4, 1_000_000  # networks that read digits together, and weights of all of them
_ROUNDING = 1e-9  # of shares
_LOOK_EVERY = 320  # digits between two looks at whether anybody still waits for it


@dataclass(frozen=True, eq=False)
class Costs:
    """The costs of consecutive mini-batches, shape (n,), each with the digits consumed before it."""

    digits: NDArray[np.int64]
    values: Floats


@dataclass(frozen=True, eq=False)
class Future:
    """What came of one value of the setting that is varied: the costs, and the share of the validation digits, 0 to 1,
    that are misread at the end, and `misread_otherwise` with the same digits in another order. Weights that are no
    numbers misread all of them."""

    value: float
    costs: Costs
    misread: float
    misread_otherwise: float


@dataclass(frozen=True, eq=False)
class Outlook:
    """The futures of a run after `step` mini-batches, by the values of the setting `varied`, the smallest first.

    `now` are the settings of the next mini-batch, and `before` the last costs. Each future trains on as many digits as
    `mini_batches` have with the mini-batch size of now. Misread shares are of the first `read` validation digits;
    `misread_now` is that of the moment.
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
    state: TrainerState
    """The state that all begin in, without what waits for the next mini-batch."""

    @property
    def nbytes(self) -> int:
        """The memory of its arrays."""
        costs = (self.before, *(future.costs for future in self.futures))
        return self.state.nbytes + sum(each.digits.nbytes + each.values.nbytes for each in costs)

    @property
    def current(self) -> Future:
        """The future in which nothing is changed."""
        return self.of(getattr(self.now, self.varied))

    def of(self, value: float) -> Future:
        """The future of a value that was asked for."""
        return next(future for future in self.futures if future.value == value)

    def margin(self, future: Future) -> float:
        """By how much another order of the same digits changes the end of a future, but for one of 20 cases.

        With another order it ends at x' in the place of x. Of such differences one or two say little, and they grow
        with η, a hundredfold over the slider. So those of the future and of its neighbours on the slider are taken
        together, at the end of the slider of the last three, with Student's t for their number (“Student”, The probable
        error of a mean, Biometrika 6, 1908): the mean of a difference of two orders is 0, so that their mean square has
        as many degrees of freedom as there are differences. The share is counted in whole digits, and one digit is
        never called a difference.
        """
        begin = min(max(self.futures.index(future) - 1, 0), max(len(self.futures) - 3, 0))
        near = self.futures[begin : begin + 3]
        square = np.mean([(each.misread_otherwise - each.misread) ** 2 for each in near])
        return max(_STUDENT[len(near)] * float(np.sqrt(square)), 1 / self.read)

    def outcome(self, future: Future) -> Literal["fewer", "same", "more"]:
        """Whether a future ends with clearly fewer digits misread than now, or clearly more; the same is what another
        order of the same digits could change."""
        more = future.misread - self.misread_now
        if abs(more) <= self.margin(future) + _ROUNDING:
            return "same"
        return "more" if more > 0 else "fewer"


class _SharingTrainer(Trainer):
    """A trainer that takes the digits that come from `shared`, where another one has gathered them in the same
    order."""

    shared: Gathered
    copy = 0
    """Which order, 0 for the run's own."""

    def gathered(self, start: int, count: int) -> tuple[Array, Array]:
        about = (self.copy, self.epoch, start, count)
        found = self.shared.get(about)
        if found is None:
            x, y = super().gathered(start, count)
            found = x.copy(), y
            if count + sum(kept for *_, kept in self.shared) <= MOST_SHARED:
                self.shared[about] = found
        return found


class _OtherOrder(_SharingTrainer):
    """A trainer that goes through the digits up to `until` in another order: the same digits of each epoch."""

    begin, until = 0, 0

    def order_of(self, epoch: int) -> NDArray[np.intp]:
        order, count = super().order_of(epoch), len(self.training)
        first, last = (min(max(place - epoch * count, 0), count) for place in (self.begin, self.until))
        random = generator(self.settings.seed, "future", epoch, self.copy)
        order[first:last] = random.permutation(order[first:last])
        return order


def look_ahead(
    run: RecordedRun,
    step: int,
    varied: Varied,
    values: Sequence[float],
    mini_batches: int = MINI_BATCHES,
    cancelled: Cancelled = never,
    progress: Progress = lambda done, of: None,
    *,
    now: Settings | None = None,
) -> Outlook:
    """The futures after `step` mini-batches for some values of a setting, and for the one of now: of the record, or of
    the settings `now`, as a plan has them.

    A large network is trained for fewer mini-batches. `progress` is told how many digits are done, of how many.
    ValueError where the run has no such step, `Withdrawn` once `cancelled()`.
    """
    with one_blas_thread():
        outlook = _outset(run, step, varied, values, mini_batches, cancelled, now)
        wanted = sorted({*values, getattr(outlook.now, varied)})
        gathered: Gathered = {}
        in_order = [partial(_with_value, run, outlook, value, gathered) for value in wanted]
        otherwise = [
            partial(_in_other_order, run, outlook, value, 1 + number % ORDERS, gathered)
            for number, value in enumerate(wanted)
        ]
        ends = _ends([*in_order, *otherwise], run, outlook, cancelled, progress)
        return replace(outlook, futures=_futures(varied, wanted, ends))


def _futures(
    varied: Varied, values: Sequence[float], ends: Sequence[tuple[Costs, float]]
) -> tuple[Future, ...]:
    """The futures of some values, of their ends in the order of the run, and then in others."""
    count = len(values)
    return tuple(
        Future(SETTINGS[varied].checked(value), *end, misread_otherwise)
        for value, end, (_, misread_otherwise) in zip(values, ends[:count], ends[count:], strict=True)
    )


def add_future(run: RecordedRun, outlook: Outlook, value: float, cancelled: Cancelled = never) -> Outlook:
    """The same with one more value. `Withdrawn` once `cancelled()`."""
    if any(future.value == value for future in outlook.futures):
        return outlook
    with one_blas_thread():
        trainers = (
            partial(_with_value, run, outlook, value, {}),
            partial(_in_other_order, run, outlook, value, 1 + len(outlook.futures) % ORDERS, {}),
        )
        ends = _ends(trainers, run, outlook, cancelled, lambda done, of: None)
    futures = (*outlook.futures, *_futures(outlook.varied, [value], ends))
    return replace(outlook, futures=tuple(sorted(futures, key=lambda each: each.value)))


def affordable_length(settings: Settings, weights: int, sizes: Sequence[int], ways: int, wanted: int) -> int:
    """How many of the mini-batches that are wanted can be trained on in some seconds: all but for large networks.

    `weights` and biases are in the network, the mini-batches of the futures have `sizes`, and the digits are distorted
    for each of so many `ways` through them.
    """
    a_digit = sum(3 * weights + _A_STEP / size for size in sizes) + ways * _distorting(settings)
    products = a_digit * settings.mini_batch_size
    if wanted * products <= _MOST_TRAINING:
        return wanted
    return max(length for length in _LENGTHS if length == 10 or length * products <= _MOST_TRAINING)


def _distorting(settings: Settings) -> float:
    if settings.rotation or settings.elastic:
        return _DISTORTING
    return _MOVING if distorts(settings) else 0


@quietly
def _outset(
    run: RecordedRun,
    step: int,
    varied: Varied,
    values: Sequence[float],
    mini_batches: int,
    cancelled: Cancelled,
    now: Settings | None,
) -> Outlook:
    """What all futures have in common."""
    record, trainer = run.record, run.trainer()
    costs_from = max(record.start.step, step - BEFORE) if step >= record.start.step else None
    replay = Replay(record, trainer, step, costs_from=costs_from)
    while not replay.advance():
        if cancelled():
            raise Withdrawn
    now, weights = now or trainer.settings, trainer.network.parameters.size
    size = now.mini_batch_size
    sizes = [size, *(round(value) if varied == "mini_batch_size" else size for value in values)]
    sizes *= 2  # in the order of the run, and in another
    ways = len(sizes) if varied == "mini_batch_size" else 1 + ORDERS
    length = affordable_length(now, weights, sizes, ways, mini_batches)
    until = trainer.cursor.after(length, size, len(trainer.training)).digits(len(trainer.training))
    validation = run.digits.validation
    read = min(len(validation), max(_LEAST_READ, int(_MOST_READING / (len(sizes) * weights))))
    digits, values, _ = zip(*replay.costs, strict=True) if replay.costs else ((), (), ())
    return Outlook(
        step,
        trainer.digits_consumed,
        varied,
        now,
        length,
        until,
        read,
        Costs(np.array(digits, np.int64), np.array(values, np.float64)),
        _misread([trainer.network], validation.first(read), cancelled)[0],
        (),
        trainer.state_as_judged(),
    )


def _ends(
    trainers: Sequence[Callable[[], Trainer]],
    run: RecordedRun,
    outlook: Outlook,
    cancelled: Cancelled,
    progress: Progress,
) -> list[tuple[Costs, float]]:
    """What comes of each of some trainers, which are made one after another: its costs, and the share of the validation
    digits that it misreads at the end. While one trains, another thread reads with those that have ended."""
    validation, each = run.digits.validation.first(outlook.read), outlook.until - outlook.digits
    costs: list[Costs] = []
    shares: list[concurrent.futures.Future[list[float]]] = []
    at_once = max(1, min(_TOGETHER, _MOST_WEIGHTS // outlook.state.parameters.size))
    with concurrent.futures.ThreadPoolExecutor(1, "reading") as reader:
        for begin in range(0, len(trainers), at_once):
            networks = []
            for number, trainer in enumerate(trainers[begin : begin + at_once], begin):

                def tell(done: int, _: int, before: int = number * each) -> None:
                    progress(before + done, len(trainers) * each)

                network, known = _train_on(trainer(), run, outlook, cancelled, tell)
                networks.append(network)
                costs.append(known)
            if shares:
                shares[-1].result()  # so that few networks wait
            shares.append(reader.submit(_misread, networks, validation, cancelled))
        misread = (share for some in shares for share in some.result())
        return list(zip(costs, misread, strict=True))


def _with_value(run: RecordedRun, outlook: Outlook, value: float, gathered: Gathered) -> Trainer:
    return _begun(
        _SharingTrainer(run.start.copy(), run.record.start.settings, run.digits.training),
        outlook,
        value,
        gathered,
    )


def _in_other_order(
    run: RecordedRun, outlook: Outlook, value: float, copy: int, gathered: Gathered
) -> Trainer:
    trainer = _OtherOrder(run.start.copy(), run.record.start.settings, run.digits.training)
    trainer.begin, trainer.until, trainer.copy = outlook.digits, outlook.until, copy
    return _begun(trainer, outlook, value, gathered)


def _begun(trainer: _SharingTrainer, outlook: Outlook, value: float, gathered: Gathered) -> Trainer:
    trainer.shared = gathered
    trainer.restore(outlook.state)
    trainer.change(outlook.now.changed(**outlook.now.by_hand({outlook.varied: value})))
    return trainer


@quietly
def _train_on(
    trainer: Trainer, run: RecordedRun, outlook: Outlook, cancelled: Cancelled, progress: Progress
) -> tuple[Network, Costs]:
    """Trains until the digits are used up, to the nearest mini-batch. Weights that are no numbers stay so: it ends
    there."""
    half, epoch = trainer.settings.mini_batch_size / 2, trainer.epoch
    digits: list[int] = []
    values: list[float] = []
    look = at = outlook.digits
    while not digits or at + half <= outlook.until:
        if at >= look:
            look = at + _LOOK_EVERY
            if cancelled():
                raise Withdrawn
            progress(at - outlook.digits, outlook.until - outlook.digits)
            if not np.isfinite(trainer.network.biases[-1]).all():
                break
        digits.append(at)
        values.append(trainer.step())
        at = trainer.digits_consumed
        if trainer.epoch > epoch:
            epoch = trainer.epoch
            if trainer.settings.schedule == "halve":
                (wrong,) = _misread([trainer.network], run.digits.validation, cancelled)
                trainer.judge(round((1 - wrong) * len(run.digits.validation)))
    return trainer.network, Costs(np.array(digits, np.int64), np.array(values))


@quietly
def _misread(networks: Sequence[Network], digits: DigitSet, cancelled: Cancelled) -> list[float]:
    """The share of some digits that each of some networks of the same sizes misreads; all where its weights are no
    numbers. The grey values are worked out once for all of them."""
    finite = [bool(np.isfinite(network.parameters).all()) for network in networks]
    wrong = [0 if good else len(digits) for good in finite]
    for piece in pieces(networks[0], digits):
        if cancelled():
            raise Withdrawn
        x = grey_values(piece.images)
        for number, network in enumerate(networks):
            if finite[number]:
                wrong[number] += int(np.count_nonzero(network.feedforward(x).argmax(axis=1) != piece.labels))
    return [count / len(digits) for count in wrong]
