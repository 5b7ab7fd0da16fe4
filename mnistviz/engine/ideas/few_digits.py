"""The gradient of a few samples compared with that of all: its error and its cost in time.

Digits are drawn without replacement. Then the mean square of ‖∇C_m − ∇C‖ is exactly S² (1/m − 1/n), where S² is the
variance of the n digits' own gradients, with n − 1 below (Cochran, *Sampling Techniques*, theorem 2.2).
"""

import math
import statistics
import time
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from msgspec import Struct

from mnistviz.engine.cancelling import Cancelled, Progress, check, never, unheard
from mnistviz.engine.digits import Digits, LabelledDigits, grey_values
from mnistviz.engine.functions import Array, Numbers, quietly
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network
from mnistviz.engine.randomness import generator
from mnistviz.engine.workspace import Workspace

CHUNK = 500  # digits that are propagated at once
_FOLD = 1 << 17  # numbers of a folded gradient
_TIMED = 0.06  # seconds for which a short piece of work is repeated to be timed
_LEAST_TIMES = 3


class Whole(Struct, frozen=True, eq=False):
    """The gradient of all `n` samples, in double precision, and S, the standard deviation of their own gradients."""

    n: int
    gradient: Array
    spread: float

    @property
    def length(self) -> float:
        return float(np.linalg.norm(self.gradient))

    def expected(self, m: float) -> float:
        """Return the expected error of the gradient of m samples, relative to ‖∇C‖: S √(1/m − 1/n) / ‖∇C‖, so that the
        mean square over all draws is exact. Infinite if ‖∇C‖ is 0."""
        off = self.spread * math.sqrt(max(0.0, 1 / m - 1 / self.n))
        return off / self.length if self.length else math.inf


class Draw(Struct, frozen=True):
    """The gradient of `m` drawn samples: its `angle` to that of all, in degrees; its `length` and its error `off`, both
    relative to the length of the whole."""

    m: int
    number: int
    angle: float
    length: float
    off: float


class Price(Struct, frozen=True):
    """Time of one gradient of `m` samples, and of an epoch of such steps: so many `updates` in so many `seconds`."""

    m: int
    one: float
    updates: int

    @property
    def seconds(self) -> float:
        return self.one * self.updates


def whole(
    network: Network, digits: LabelledDigits, tell: Progress = unheard, cancelled: Cancelled = never
) -> Whole:
    """Return the gradient of all samples, in order. Raise ValueError for none, `Withdrawn` once `cancelled()`."""
    n = len(digits)
    squares = 0.0

    def own(work: Workspace) -> None:
        nonlocal squares
        squares += float(sum(_squares(work)))

    mean = _summed(network, digits, None, tell, cancelled, own) / n
    variance = (squares - n * float(mean @ mean)) / max(1, n - 1)
    return Whole(n, mean, math.sqrt(max(0.0, variance)))


def mean_gradient(
    network: Network, digits: LabelledDigits, numbers: Sequence[int] | Numbers, cancelled: Cancelled = never
) -> Array:
    """Return the gradient of the mean cost of the samples with these indices, in double precision, (n,) as
    `Network.parameters`; for all in stored order it equals that of `whole`, bit for bit."""
    chosen = np.asarray(numbers, np.intp)
    return _summed(network, digits, chosen, unheard, cancelled) / len(chosen)


def drawn(seed: int, number: int, m: int, n: int) -> Numbers:
    """Return the m of n indices of draw number `number`: without replacement, and reproducible."""
    return generator(seed, "draw", number).permutation(n)[:m]


@quietly
def against(drawn_gradient: Array, all_of_them: Whole, m: int, number: int) -> Draw:
    """Compare the gradient `drawn_gradient` of m samples with the whole, as draw number `number`."""
    length, whole_length = float(np.linalg.norm(drawn_gradient)), all_of_them.length
    if not whole_length:
        return Draw(m, number, math.nan, math.nan, math.nan)
    off = float(np.linalg.norm(drawn_gradient - all_of_them.gradient))
    angle = math.nan
    if length:  # half the chord between the unit vectors: the cosine is blind to small angles
        chord = float(np.linalg.norm(drawn_gradient / length - all_of_them.gradient / whole_length))
        angle = math.degrees(2 * math.asin(min(1.0, chord / 2)))
    return Draw(m, number, angle, length / whole_length, off / whole_length)


class DrawGroup(Struct, frozen=True):
    """Draws of m samples that are shown together, and the angle of their mean to the whole, in degrees. Angles in many
    dimensions have no side. `sides` has −1 or 1 for each draw: its sign along the direction in which they differ most.
    The `mean` has its side as its sign."""

    m: int
    draws: tuple[Draw, ...]
    sides: tuple[int, ...]
    mean: float

    @property
    def angles(self) -> list[float]:
        """Finite angles of the draws, ascending."""
        return sorted(each.angle for each in self.draws if math.isfinite(each.angle))

    @property
    def middle(self) -> float:
        return statistics.median(self.angles) if self.angles else math.nan

    @property
    def uphill(self) -> int:
        """Number of angles beyond 90°: a small step along such a gradient increases the cost."""
        return sum(angle > 90 for angle in self.angles)


def find_group(
    network: Network, digits: LabelledDigits, all_of_them: Whole, m: int, first: int, count: int = 1,
    tell: Progress = unheard, cancelled: Cancelled = never,
) -> DrawGroup:  # fmt: skip
    """Make `count` draws of m samples; the first has the number `first`."""
    total, folded, draws = np.zeros_like(all_of_them.gradient), [], []
    for number in range(first, first + count):
        chosen = drawn(network.seed, number, m, len(digits))
        drawn_gradient = mean_gradient(network, digits, chosen, cancelled)
        total += drawn_gradient
        folded.append(folded_gradient(drawn_gradient))
        draws.append(against(drawn_gradient, all_of_them, m, number))
        tell((number + 1 - first) / count)
    mean = against(total / count, all_of_them, m, -1).angle
    sides = sides_of(np.array([*folded, folded_gradient(total)]), folded_gradient(all_of_them.gradient))
    return DrawGroup(m, tuple(draws), sides[:-1], sides[-1] * mean)


def folded_gradient(gradient: Array) -> Array:
    """Project a gradient to at most `_FOLD` numbers that nearly preserve angles: blocks are added up with random
    signs. Twenty gradients of a large network would not fit into memory."""
    if len(gradient) <= _FOLD:
        return gradient
    signs = generator(0, "draw", len(gradient)).integers(0, 2, len(gradient)) * 2 - 1
    padded = np.zeros(-(-len(gradient) // _FOLD) * _FOLD)
    padded[: len(gradient)] = gradient * signs
    return np.asarray(padded.reshape(-1, _FOLD).sum(axis=0))


@quietly
def sides_of(gradients: Array, whole_gradient: Array) -> tuple[int, ...]:
    """Return the side of each gradient, along the direction in which all but the last differ most."""
    lengths = np.linalg.norm(gradients, axis=1, keepdims=True)
    units = np.nan_to_num(gradients / lengths, posinf=0, neginf=0)  # after divergence no gradient has a side
    ahead = np.nan_to_num(whole_gradient / np.linalg.norm(whole_gradient), posinf=0, neginf=0)
    across = units - np.outer(units @ ahead, ahead)
    spread = across[:-1] - across[:-1].mean(axis=0)
    _, vectors = np.linalg.eigh(spread @ spread.T)
    along = across @ (spread.T @ vectors[:, -1])
    return tuple(1 if each >= 0 else -1 for each in along.tolist())


@quietly
def price(network: Network, digits: LabelledDigits, m: int) -> Price:
    """Measure how long a step with m samples takes on this machine: gathered, propagated in chunks, and a copy updated,
    as in training. Others may interfere: the fastest chunk, times their number, and the fastest update count."""
    copied = network.copy()
    chosen = drawn(network.seed, 0, m, len(digits))
    size = min(m, CHUNK)
    work, targets = Workspace(copied, size), np.eye(copied.sizes[-1], dtype=copied.dtype)
    chunks, moves = [math.inf], [math.inf]
    begin, start = time.perf_counter(), 0
    while time.perf_counter() - begin < _TIMED or len(chunks) <= _LEAST_TIMES:
        at = time.perf_counter()
        part = chosen[start : start + size]
        x = grey_values(digits.pictures(part)).astype(copied.dtype, copy=False)
        work.backprop(x, targets[digits.labels[part]], 1e-12)
        done = time.perf_counter()
        copied.parameters[...] -= work.step
        chunks.append(done - at)
        moves.append(time.perf_counter() - done)
        start = start + size if start + 2 * size <= m else 0
    return Price(m, min(chunks) * m / size + min(moves), -(-len(digits) // m))


@quietly
def _summed(
    network: Network,
    digits: LabelledDigits,
    chosen: Numbers | None,
    tell: Progress,
    cancelled: Cancelled,
    look: Callable[[Workspace], object] | None = None,
) -> Array:
    """Return the sum of the gradients of the samples `chosen`, or of all in order; `look` gets each chunk's work."""
    count = len(digits) if chosen is None else len(chosen)
    if not count:
        raise ValueError("there is no gradient of no digits")
    targets = np.eye(network.sizes[-1], dtype=network.dtype)
    total = np.zeros(len(network.parameters))
    work = Workspace(network, min(count, CHUNK))
    for start in range(0, count, CHUNK):
        check(cancelled)
        stop = min(start + CHUNK, count)
        some = slice(start, stop) if chosen is None else chosen[start:stop]
        if stop - start != len(work.ones):
            work = Workspace(network, stop - start)
        x = grey_values(digits.pictures(some)).astype(network.dtype, copy=False)
        work.backprop(x, targets[digits.labels[some]], scale=stop - start)
        total += work.step
        if look is not None:
            look(work)
        tell(stop / count)
    return total


def _squares(work: Workspace) -> list[float]:
    """Return Σ‖∇C_i‖² over the samples of a pass, by layer: a sample's gradient is δ·aᵀ for the weights and δ for the
    biases, so its square is ‖δ‖² (‖a‖² + 1), and need not be computed."""
    squares = []
    for a, delta in zip(work.activations, work.deltas, strict=False):
        inputs, errors = (np.einsum("ij,ij->j", each, each, dtype=np.float64) for each in (a, delta))
        squares.append(float(errors @ (inputs + 1)))
    return squares


SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)
DRAWS = 20  # at a time
FEW = 10  # samples, at first


class Drawn(Struct, frozen=True, eq=False):
    """The gradients of all samples, one per network, and the groups drawn, each with the number of its network."""

    wholes: tuple[Whole, ...]
    groups: tuple[tuple[int, DrawGroup], ...]


def sizes_up_to(n: int) -> tuple[int, ...]:
    """Return round sample sizes from 1 to n, and n itself."""
    return (*(m for m in SIZES if m < n), n)


def flag_size(n: int) -> int:
    """Return the sample size that the flag predicts: a hundred times ten, or ten times if a thousand are nearly all."""
    return 1_000 if n >= 5_000 else 100


def fresh(network: Network) -> Network:
    """Return the network as it was before training: of the same sizes, choices and seed."""
    return Network(**network.choices, dtype=network.dtype)


Plan = Sequence[tuple[int, int, int, int]]
"""For each group: the number of its network, the samples in a draw, its first draw, and how many draws."""


def find_draws(
    networks: Sequence[Network],
    used: LabelledDigits,
    known: Sequence[Whole],
    plan: Plan,
    tell: Progress,
    cancelled: Cancelled,
) -> Drawn:
    """Find the groups of `plan`; before them the gradients of all samples, if they are not `known`."""
    todo = sum(m * count for _, m, _, count in plan) + (0 if known else len(networks) * len(used))
    wholes, groups, done = list(known), [], 0

    def tell_of(digits: int) -> Progress:
        return lambda share: tell((done + share * digits) / todo)

    for network in networks[len(known) :]:
        wholes.append(whole(network, used, tell_of(len(used)), cancelled))
        done += len(used)
    for of, m, first, count in plan:
        tell_group = tell_of(m * count)
        groups.append(
            (of, find_group(networks[of], used, wholes[of], m, first, count, tell_group, cancelled))
        )
        done += m * count
    return Drawn(tuple(wholes), tuple(groups))


def find_prices(moment: Moment, digits: Digits, tell: Progress, cancelled: Cancelled) -> tuple[Price, ...]:
    """Return the time of a gradient and of an epoch on this machine, for round sample sizes."""
    used, prices = digits.trained_on(moment.settings), []
    sizes = sizes_up_to(len(used))
    for number, m in enumerate(sizes):
        if cancelled():
            break
        prices.append(price(moment.network, used, m))
        tell((number + 1) / len(sizes))
    return tuple(prices)


def spread(draws: Sequence[Draw]) -> float:
    return math.sqrt(sum(each.off**2 for each in draws) / len(draws)) if draws else math.nan


def tried_for(angle: float, draws: Iterable[Draw]) -> list[tuple[int, bool]]:
    """Return for each size with the usual number of draws or more whether all lie within this angle."""
    draws, results = list(draws), []
    for m in sorted({each.m for each in draws}):
        angles = [each.angle for each in draws if each.m == m]
        if len(angles) >= DRAWS:
            results.append((m, all(each <= angle for each in angles)))
    return results


def found_within(factor: float, tried: Sequence[tuple[int, bool]]) -> tuple[int, int] | None:
    """Return a size that is too small, and one at most `factor` times as large that suffices; or None."""
    small, enough = ([m for m, fits in tried if fits is wanted] for wanted in (False, True))
    return next(((few, many) for few in small for many in enough if few < many <= factor * few), None)


def sizes_about(angle: float, all_of_them: Whole) -> tuple[int, ...]:
    """Return sizes just below and above the one from which draws lie within this angle, in degrees, of the mean
    gradient. Almost all of their error is orthogonal to it."""
    sizes = sizes_up_to(all_of_them.n)
    enough = (i for i, m in enumerate(sizes) if math.degrees(all_of_them.expected(m)) < angle)
    first = next(enough, len(sizes) - 1)
    return sizes[max(0, first - 1) : first + 2]
