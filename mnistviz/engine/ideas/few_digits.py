"""The gradient of a few digits against that of all: how far off it is, and what it costs.

Digits are drawn without replacement. Then the mean square of ‖∇C_m − ∇C‖ is exactly S² (1/m − 1/n), where S² is the
variance of the n digits' own gradients, with n − 1 below (Cochran, *Sampling Techniques*, theorem 2.2).
"""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.cancelling import Cancelled, Withdrawn, never
from mnistviz.engine.digits import Digits, LabelledDigits, grey_values
from mnistviz.engine.functions import Array, quietly
from mnistviz.engine.ideas.along import Told, untold
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network
from mnistviz.engine.randomness import generator
from mnistviz.engine.workspace import Workspace

CHUNK = 500  # digits that are propagated at once
_FOLD = 1 << 17  # numbers of a gradient that are kept
_TIMED = 0.06  # seconds for which a short piece of work is repeated to be timed
_LEAST_TIMES = 3


@dataclass(frozen=True, eq=False)
class Whole:
    """The gradient of all `n` digits, in double precision, and S, the spread of their own gradients about it."""

    n: int
    gradient: Array
    spread: float

    @property
    def length(self) -> float:
        """‖∇C‖."""
        return float(np.linalg.norm(self.gradient))

    def expected(self, m: float) -> float:
        """How far off the gradient of m of the digits is, as a share of the length of the whole: √(1/m − 1/n) times
        what belongs to it, so that the mean square over all draws is met exactly. Infinite where the whole is 0."""
        off = self.spread * math.sqrt(max(0.0, 1 / m - 1 / self.n))
        return off / self.length if self.length else math.inf


@dataclass(frozen=True)
class Draw:
    """The gradient of `m` digits that were drawn: the `angle` between it and that of all, in degrees; its `length` and
    how far `off` it is, both as shares of the length of the whole."""

    m: int
    number: int
    angle: float
    length: float
    off: float


@dataclass(frozen=True)
class Price:
    """What a gradient of `m` digits costs, and an epoch of such steps: so many `updates` in so many `seconds`."""

    m: int
    one: float
    updates: int

    @property
    def seconds(self) -> float:
        return self.one * self.updates


def whole(
    network: Network, digits: LabelledDigits, tell: Told = untold, cancelled: Cancelled = never
) -> Whole:
    """The gradient of all digits, in the order of the file. ValueError for none, `Withdrawn` once `cancelled()`."""
    n = len(digits)
    squares = 0.0

    def own(work: Workspace) -> None:
        nonlocal squares
        squares += float(sum(_squares(work)))

    total = _summed(network, digits, None, tell, cancelled, own)
    mean = total / n
    variance = (squares - n * float(mean @ mean)) / max(1, n - 1)
    return Whole(n, mean, math.sqrt(max(0.0, variance)))


def mean_gradient(
    network: Network,
    digits: LabelledDigits,
    numbers: Sequence[int] | NDArray[np.intp],
    cancelled: Cancelled = never,
) -> Array:
    """The gradient of the mean cost of the digits of these numbers, in double precision, (n,) as `Network.parameters`;
    of all in the order of the file it is that of `whole`, bit for bit."""
    chosen = np.asarray(numbers, np.intp)
    return _summed(network, digits, chosen, untold, cancelled) / len(chosen)


def drawn(seed: int, number: int, m: int, n: int) -> NDArray[np.intp]:
    """Which m of n digits draw number `number` has: without replacement, and the same ones whenever it is asked."""
    return generator(seed, "draw", number).permutation(n)[:m]


@quietly
def against(found: Array, all_of_them: Whole, m: int, number: int) -> Draw:
    """Draw number `number`: the gradient `found` of m digits against the whole."""
    length, whole_length = float(np.linalg.norm(found)), all_of_them.length
    if not whole_length:
        return Draw(m, number, math.nan, math.nan, math.nan)
    off = float(np.linalg.norm(found - all_of_them.gradient))
    angle = math.nan
    if length:  # half the chord between the unit vectors: the cosine is blind to small angles
        chord = float(np.linalg.norm(found / length - all_of_them.gradient / whole_length))
        angle = math.degrees(2 * math.asin(min(1.0, chord / 2)))
    return Draw(m, number, angle, length / whole_length, off / whole_length)


@dataclass(frozen=True)
class DrawGroup:
    """Draws of m digits that are looked at together, and how their mean lies to the whole, in degrees.

    Angles in many dimensions have no side. `sides` has −1 or 1 for each draw: where it lies along the direction in
    which they differ most. The `mean` has its side as its sign.
    """

    m: int
    draws: tuple[Draw, ...]
    sides: tuple[int, ...]
    mean: float

    @property
    def angles(self) -> list[float]:
        """Of the draws that have one, from the smallest up."""
        return sorted(each.angle for each in self.draws if math.isfinite(each.angle))

    @property
    def middle(self) -> float:
        """Half of the draws lie within this angle; NaN where no draw has one."""
        return statistics.median(self.angles) if self.angles else math.nan

    @property
    def uphill(self) -> int:
        """How many lie beyond 90°, so that a small step along them goes uphill."""
        return sum(angle > 90 for angle in self.angles)


def find_group(
    network: Network, digits: LabelledDigits, all_of_them: Whole, m: int, first: int, count: int = 1,
    tell: Told = untold, cancelled: Cancelled = never,
) -> DrawGroup:  # fmt: skip
    """`count` draws of m digits; the first has the number `first`."""
    total, kept, draws = np.zeros_like(all_of_them.gradient), [], []
    for number in range(first, first + count):
        found = mean_gradient(
            network, digits, drawn(network.seed, number, m, len(digits)), cancelled=cancelled
        )
        total += found
        kept.append(folded_gradient(found))
        draws.append(against(found, all_of_them, m, number))
        tell((number + 1 - first) / count)
    mean = against(total / count, all_of_them, m, -1).angle
    sides = sides_of(np.array([*kept, folded_gradient(total)]), folded_gradient(all_of_them.gradient))
    return DrawGroup(m, tuple(draws), sides[:-1], sides[-1] * mean)


def folded_gradient(gradient: Array) -> Array:
    """A gradient as a vector of at most `_FOLD` numbers that has nearly the same angles to others: of a larger one,
    with signs by chance, so many at a time are added up. Twenty of a large network would not fit into memory."""
    if len(gradient) <= _FOLD:
        return gradient
    signs = generator(0, "draw", len(gradient)).integers(0, 2, len(gradient)) * 2 - 1
    padded = np.zeros(-(-len(gradient) // _FOLD) * _FOLD)
    padded[: len(gradient)] = gradient * signs
    folded: Array = padded.reshape(-1, _FOLD).sum(axis=0)
    return folded


@quietly
def sides_of(gradients: Array, whole_gradient: Array) -> tuple[int, ...]:
    """On which side of the whole each gradient lies, along the direction in which all but the last differ most."""
    lengths = np.linalg.norm(gradients, axis=1, keepdims=True)
    units = np.nan_to_num(gradients / lengths, posinf=0, neginf=0)  # of a diverged network nothing has a side
    ahead = np.nan_to_num(whole_gradient / np.linalg.norm(whole_gradient), posinf=0, neginf=0)
    across = units - np.outer(units @ ahead, ahead)
    spread = across[:-1] - across[:-1].mean(axis=0)
    _, vectors = np.linalg.eigh(spread @ spread.T)
    along = across @ (spread.T @ vectors[:, -1])
    return tuple(1 if each >= 0 else -1 for each in along.tolist())


@quietly
def price(network: Network, digits: LabelledDigits, m: int) -> Price:
    """How long a step with m digits takes on this machine as it is now: gathered, propagated in chunks, and the weights
    of a copy moved, as training does it. Other work may get in between, so the quickest of several chunks counts, as
    often as there are chunks, and the quickest move."""
    twin = network.copy()
    chosen = drawn(network.seed, 0, m, len(digits))
    size = min(m, CHUNK)
    work, targets = Workspace(twin, size), np.eye(twin.sizes[-1], dtype=twin.dtype)
    chunks, moves = [math.inf], [math.inf]
    begin, start = time.perf_counter(), 0
    while time.perf_counter() - begin < _TIMED or len(chunks) <= _LEAST_TIMES:
        at = time.perf_counter()
        part = chosen[start : start + size]
        x = grey_values(digits.pictures(part)).astype(twin.dtype, copy=False)
        work.backprop(x, targets[digits.labels[part]], 1e-12)
        done = time.perf_counter()
        twin.parameters[...] -= work.step
        chunks.append(done - at)
        moves.append(time.perf_counter() - done)
        start = start + size if start + 2 * size <= m else 0
    return Price(m, min(chunks) * m / size + min(moves), -(-len(digits) // m))


@quietly
def _summed(
    network: Network,
    digits: LabelledDigits,
    chosen: NDArray[np.intp] | None,
    tell: Told,
    cancelled: Cancelled,
    look: Callable[[Workspace], object] | None = None,
) -> Array:
    """The sum of the gradients of the digits `chosen`, or of all in the order of the file; `look(work)` sees each chunk
    as it is."""
    count = len(digits) if chosen is None else len(chosen)
    if not count:
        raise ValueError("there is no gradient of no digits")
    targets = np.eye(network.sizes[-1], dtype=network.dtype)
    total = np.zeros(len(network.parameters))
    work = Workspace(network, min(count, CHUNK))
    for start in range(0, count, CHUNK):
        if cancelled():
            raise Withdrawn
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
    """Σ‖∇C_i‖² over the digits of a pass, layer by layer: a digit's gradient is δ·aᵀ for the weights and δ for the
    biases, so its square is ‖δ‖² (‖a‖² + 1), and need not be made."""
    found = []
    for a, delta in zip(work.activations, work.deltas, strict=False):
        inputs, errors = (np.einsum("ij,ij->j", each, each, dtype=np.float64) for each in (a, delta))
        found.append(float(errors @ (inputs + 1)))
    return found


SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)
DRAWS = 20  # at a time
FEW = 10  # digits, with which one begins


@dataclass(frozen=True, eq=False)
class Drawn:
    """The gradients of all digits, one of each network, and groups that were drawn, with the number of the network."""

    wholes: tuple[Whole, ...]
    groups: tuple[tuple[int, DrawGroup], ...]


def used_digits(moment: Moment, digits: Digits) -> LabelledDigits:
    """The digits that the run trains on: the whole of this page."""
    return digits.trained_on(moment.settings)


def sizes_up_to(n: int) -> tuple[int, ...]:
    """Round numbers of digits from 1 to n, and n itself."""
    return (*(m for m in SIZES if m < n), n)


def flag_size(n: int) -> int:
    """For how many of n digits the flag predicts: a hundred times ten, or ten times where a thousand are nearly all."""
    return 1_000 if n >= 5_000 else 100


def fresh(network: Network) -> Network:
    """The network as it was before it learned: of the same sizes, choices and seed."""
    return Network(**network.choices, dtype=network.dtype)


def dial_sizes(n: int) -> tuple[int, ...]:
    """1, 10, 100, 1,000 digits: those that are few among n."""
    return tuple(m for m in (1, 10, 100, 1_000) if 3 * m <= n)


Plan = Sequence[tuple[int, int, int, int]]
"""For each group the number of its network, how many digits a draw has, the number of its first draw, and how many
draws there are."""


def find_draws(
    networks: Sequence[Network],
    used: LabelledDigits,
    known: Sequence[Whole],
    plan: Plan,
    tell: Told,
    cancelled: Cancelled,
) -> Drawn:
    """Groups by `plan`; before them the gradients of all digits, if they are not `known`."""
    todo = sum(m * count for _, m, _, count in plan) + (0 if known else len(networks) * len(used))
    wholes, groups, done = list(known), [], 0

    def tell_of(digits: int) -> Told:
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


def find_prices(moment: Moment, digits: Digits, tell: Told, cancelled: Cancelled) -> tuple[Price, ...]:
    """What a gradient and an epoch cost on this machine, for round numbers of digits."""
    used = used_digits(moment, digits)
    sizes = sizes_up_to(len(used))
    found = []
    for number, m in enumerate(sizes):
        if cancelled():
            break
        found.append(price(moment.network, used, m))
        tell((number + 1) / len(sizes))
    return tuple(found)


def spread(draws: Sequence[Draw]) -> float:
    """How far off the draws are on average: the root of the mean square."""
    return math.sqrt(sum(each.off**2 for each in draws) / len(draws)) if draws else math.nan


def tried_for(angle: float, draws: Iterable[Draw]) -> list[tuple[int, bool]]:
    """Of each size of which there are the usual number of draws or more, whether all lie within this angle."""
    draws, found = list(draws), []
    for m in sorted({each.m for each in draws}):
        angles = [each.angle for each in draws if each.m == m]
        if len(angles) >= DRAWS:
            found.append((m, all(each <= angle for each in angles)))
    return found


def found_within(factor: float, tried: Sequence[tuple[int, bool]]) -> tuple[int, int] | None:
    """A size that is too small, and one at most so many times as large that is enough; None if both were not tried."""
    for few, fits_few in tried:
        for many, fits_many in tried:
            if fits_many and not fits_few and few < many <= factor * few:
                return few, many
    return None


def sizes_about(angle: float, all_of_them: Whole) -> tuple[int, ...]:
    """Sizes below and above that from which on draws lie within this angle, in degrees, about: what is off lies across,
    nearly all of it."""
    sizes = sizes_up_to(all_of_them.n)
    enough = (i for i, m in enumerate(sizes) if math.degrees(all_of_them.expected(m)) < angle)
    first = next(enough, len(sizes) - 1)
    return sizes[max(0, first - 1) : first + 2]
