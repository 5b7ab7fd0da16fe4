"""The cost of some digits, and how many of them are read right, along a line in the space of all weights and biases.

w(t) = w + t · d. In float64: on a short stretch the cost moves by less than float32 can tell. The digits are taken as
they are, and the cost is the plain one, without the term of weight decay.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.cancelling import Cancelled, Withdrawn, never
from mnistviz.engine.digits import DigitSet, LabelledDigits
from mnistviz.engine.functions import Array, quietly
from mnistviz.engine.network import Network
from mnistviz.engine.workspace import Workspace

CHUNK = 500  # digits whose grey values are made at once
Told = Callable[[float], object]
"""Is told which share of the work is done, 0 to 1."""


def untold(share: float) -> None:
    """Nobody listens."""


@dataclass(frozen=True, eq=False)
class Curve:
    """What was found at each of the places `at`, (k,): the mean `costs`, (k,), and how many of `of` digits were
    `right`, (k,)."""

    at: NDArray[np.float64]
    costs: NDArray[np.float64]
    right: NDArray[np.int64]
    of: int


def in_float64(network: Network) -> Network:
    twin = Network(**network.choices, dtype=np.float64)
    twin.parameters[...] = network.parameters
    return twin


@quietly
def gradient(network: Network, digits: LabelledDigits) -> Array:
    """∇C, the gradient of the mean cost of these digits in double precision, (n,) as `Network.parameters`.

    ValueError for none.
    """
    if not len(digits):
        raise ValueError("there is no gradient of no digits")
    twin = in_float64(network)
    total = np.zeros_like(twin.parameters)
    for start in range(0, len(digits), CHUNK):
        x, y = _grey_and_targets(digits, start, twin)
        work = Workspace(twin, len(x))
        work.backprop(x, y, scale=len(x) / len(digits))
        total += work.step
    return total


def one_weight(network: Network, layer: int, unit: int, source: int) -> Array:
    """The direction in which only the weight of unit `unit` in layer `layer` (1 is the first after the input) for what
    comes from unit `source` of the layer before grows, (n,)."""
    direction = np.zeros(len(network.parameters))
    before = sum(w.size for w in network.weights[: layer - 1])
    direction[before + unit * network.sizes[layer - 1] + source] = 1.0
    return direction


class DirectionLine:
    """Some digits along w(t) = w + t · d; `network` and `direction`, (n,) as `Network.parameters`, are only read.

    The weighted inputs of the first layer, the one with most weights, are linear in t: (Wx + b) + t (Dx + e). Both
    parts are worked out once, so that a place costs what the small layers cost. ValueError for no digits, `Withdrawn`
    once `cancelled()`.
    """

    @quietly
    def __init__(
        self, network: Network, direction: Array, digits: LabelledDigits, cancelled: Cancelled = never
    ) -> None:
        if not len(digits):
            raise ValueError("a line needs digits")
        self._network = in_float64(network)
        step = in_float64(network)
        step.parameters[...] = direction
        self._weights = list(zip(self._network.weights, self._network.biases, strict=True))
        self._steps = list(zip(step.weights, step.biases, strict=True))
        sums = [[], []]  # type: list[list[Array]]
        targets = []
        for start in range(0, len(digits), CHUNK):
            if cancelled():
                raise Withdrawn
            x, y = _grey_and_targets(digits, start, self._network)
            targets.append(y)
            for part, (w, b) in zip(sums, (self._weights[0], self._steps[0]), strict=True):
                part.append(w @ x.T + b[:, np.newaxis])
        self._sums, self._growth = (np.concatenate(part, axis=1) for part in sums)
        self._targets = np.ascontiguousarray(np.concatenate(targets).T)
        self._labels = digits.labels[: len(digits)]

    @property
    def of(self) -> int:
        return len(self._labels)

    @quietly
    def at(self, t: float) -> tuple[float, int]:
        """The mean cost at a place, and how many digits are read right there."""
        network, z = self._network, self._sums + t * self._growth
        *hidden, output = network.functions
        for (w, b), (dw, db), f in zip(self._weights[1:], self._steps[1:], hidden, strict=True):
            a = f.value(z)
            z = (w + t * dw) @ a + (b + t * db)[:, np.newaxis]
        outputs = output.value(z)
        cost = network.cost_function.value(z, self._targets, outputs - self._targets)
        return cost, int(np.count_nonzero(outputs.argmax(axis=0) == self._labels))

    def curve(
        self, places: Sequence[float] | NDArray[np.float64], tell: Told = untold, cancelled: Cancelled = never
    ) -> Curve:
        """What is found at all of these places. `Withdrawn` once `cancelled()`."""
        costs, right = np.empty(len(places)), np.empty(len(places), np.int64)
        for number, place in enumerate(places):
            if cancelled():
                raise Withdrawn
            costs[number], right[number] = self.at(float(place))
            tell((number + 1) / len(places))
        return Curve(np.asarray(places, np.float64), costs, right, self.of)


@dataclass(frozen=True)
class DirectionStep:
    """A step of −η∇C of a few digits: what it promised for their mean cost, −η‖∇C‖², and what it does to theirs and to
    that of others, to which it promised nothing."""

    eta: float
    promised: float
    few: float
    others: float

    @property
    def kept(self) -> float:
        """The share of the promise that the few got: 1 for all of it, below 0 where they got worse; NaN of nothing."""
        return self.few / self.promised if self.promised else float("nan")


class Descent:
    """The line of steps downhill from a network, along −∇C of a `few` digits; η is the place on it. `others` are digits
    that had no say."""

    def __init__(
        self, network: Network, few: LabelledDigits, others: LabelledDigits, cancelled: Cancelled = never
    ) -> None:
        self.gradient = gradient(network, few)
        self.slope = float(self.gradient @ self.gradient)
        """‖∇C‖²: how fast the cost of the few falls with η, to begin with."""
        self.few = DirectionLine(network, -self.gradient, few, cancelled)
        self.others = DirectionLine(network, -self.gradient, others, cancelled)
        self.before = self.few.at(0.0)[0], self.others.at(0.0)[0]
        """The mean cost of the few and of the others before any step."""

    def step(self, eta: float) -> DirectionStep:
        few, others = self.few.at(eta)[0], self.others.at(eta)[0]
        return DirectionStep(eta, -eta * self.slope, few - self.before[0], others - self.before[1])


def some(digits: LabelledDigits, numbers: Sequence[int] | NDArray[np.intp]) -> DigitSet:
    """The digits of these numbers, in this order."""
    chosen = np.asarray(numbers, np.intp)
    return DigitSet(digits.pictures(chosen), digits.labels[chosen])


def _grey_and_targets(digits: LabelledDigits, start: int, network: Network) -> tuple[Array, Array]:
    x = digits.pictures(slice(start, start + CHUNK)) / np.float64(255)
    return x, np.eye(network.sizes[-1])[digits.labels[start : start + CHUNK]]
