"""Curves of the cost for the page on steps: while weights are moved, and along −∇C of ten digits."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.cancelling import Cancelled
from mnistviz.engine.digits import Digits, LabelledDigits
from mnistviz.engine.functions import Array
from mnistviz.engine.ideas.along import (
    Curve,
    Descent,
    DirectionLine,
    DirectionStep,
    Told,
    gradient,
    one_weight,
    some,
)
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network

CURVE_DIGITS = 5_000  # the first ones that are trained on
FEW, OTHERS = 10, 1_000
FIXED = (0.1, 3.0)
"""The two η that are shown beside the one that the user sets."""
PLACES = 160  # of a curve, less one
_QUICK = 0.006  # seconds: a step that takes less is worked out during a drag
_FLAT, _LITTLE = 0.1, 0.2  # of the cost of the ten; of that of the others
_STILL = 5.0  # η up to which curves go where no step does anything
_ROUGH = 100  # digits for a first look at the gradient
_HIGHEST = 1_000.0
_ROUNDING = 1e-10  # of a mean cost: sums over thousands of digits are no more exact


@dataclass(frozen=True)
class Way:
    """What is moved: the weight of an output for what comes from a unit of the layer before, or, without one, all
    weights and biases, along −∇C of the digits of the curve."""

    weight: tuple[int, int] | None

    def direction(self, network: Network, digits: LabelledDigits) -> Array:
        if self.weight is None:
            return -gradient(network, digits)
        return one_weight(network, len(network.weights), *self.weight)

    def start(self, network: Network) -> float:
        """Where the network is on the axis: at the weight as it is, or at η = 0."""
        return 0.0 if self.weight is None else float(network.weights[-1][self.weight])


@dataclass(frozen=True, eq=False)
class Smooth:
    """A curve, and the line on which it lies."""

    way: Way
    line: DirectionLine
    curve: Curve


def answers(costs: NDArray[np.float64]) -> bool:
    """Whether the cost changes along these places by more than rounding makes of it."""
    return float(np.ptp(costs)) > _ROUNDING * float(np.abs(costs).max())


def is_flat(curve: Curve, first: int, last: int) -> bool:
    """Whether the number right stays as it is from one place to another, and the cost does not."""
    costs, right = curve.costs[first : last + 1], curve.right[first : last + 1]
    return answers(costs) and not np.ptp(right)


def middle_of_longest(curve: Curve) -> float:
    """The middle of the longest stretch on which the number right stays as it is."""
    edges = np.concatenate(([0], np.flatnonzero(np.diff(curve.right)) + 1, [len(curve.at)]))
    longest = int(np.diff(edges).argmax())
    return float(curve.at[int(edges[longest] + edges[longest + 1] - 1) // 2])


def same_weights(one: Moment, other: Moment) -> bool:
    """Whether both are the same run, with the same weights after the same mini-batches."""
    if (one.run, one.step) != (other.run, other.step):
        return False
    return one.network is other.network or np.array_equal(one.network.parameters, other.network.parameters)


def answered(curve: Curve) -> tuple[int, int]:
    """To how many of the moves from place to place the cost answered, and to how many the number right."""
    if not answers(curve.costs):
        return 0, int(np.count_nonzero(np.diff(curve.right)))
    return int(np.count_nonzero(np.diff(curve.costs))), int(np.count_nonzero(np.diff(curve.right)))


def find_smooth(
    moment: Moment,
    digits: Digits,
    way: Way,
    window: tuple[float, float],
    known: Smooth | None,
    tell: Told,
    cancelled: Cancelled,
) -> Smooth:
    """The curve from one end of `window` to the other, both as the axis counts. What is `known` of the way is used."""
    used = digits.trained_on(moment.settings).first(CURVE_DIGITS)
    if known is not None and known.way == way:
        line = known.line
    else:
        line = DirectionLine(moment.network, way.direction(moment.network, used), used, cancelled)
    start = way.start(moment.network)
    places = np.round(np.linspace(*window, PLACES + 1), 9)
    found = line.curve(places - start, tell, cancelled)
    return Smooth(way, line, Curve(places, found.costs, found.right, found.of))


def steepest(moment: Moment, digits: Digits) -> tuple[int, int]:
    """The weight of the last layer that the cost of a hundred digits depends on most: (output, unit before)."""
    network = moment.network
    slopes = gradient(network, digits.trained_on(moment.settings).first(_ROUGH))
    last = network.weights[-1]
    before = sum(w.size for w in network.weights[:-1])
    at = int(np.abs(slopes[before : before + last.size]).argmax())
    return at // last.shape[1], at % last.shape[1]


def next_digits(moment: Moment, digits: Digits, skip: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The numbers of the ten training digits that the run takes next, after `skip` more, and of a thousand others, the
    ones after them."""
    training, settings = digits.trained_on(moment.settings), moment.settings
    n = len(training)
    epoch, consumed = divmod(moment.digits, n)
    coming = np.concatenate((training.order(settings, epoch)[consumed:], training.order(settings, epoch + 1)))
    few, after = np.split(coming[skip % n :], [FEW])
    others = after[~np.isin(after, few)][:OTHERS]
    return few, np.array(list(dict.fromkeys(others.tolist())), np.intp)


@dataclass(frozen=True, eq=False)
class Slope:
    """What was found of a descent: η from 0 to `end`, the costs there of the ten and of the others."""

    descent: Descent
    end: float
    few: Curve
    others: Curve
    fixed: tuple[DirectionStep, ...]
    """The steps of the two `FIXED` η."""
    quick: bool
    """Whether any place can be worked out within a frame."""

    def step(self, eta: float) -> DirectionStep:
        """A step of this η, or of the nearest that was worked out."""
        return self.descent.step(eta if self.quick or eta > self.end else self.nearest(eta))

    @property
    def changes(self) -> tuple[Array, Array]:
        """How the mean cost of the ten changes along η, and that of the others."""
        before = self.descent.before
        return self.few.costs - before[0], self.others.costs - before[1]

    @property
    def is_still(self) -> bool:
        """Whether no step changes the cost of the ten: their gradient is nothing."""
        return not answers(self.few.costs)

    @property
    def is_flat(self) -> bool:
        """Whether hardly anything is promised: at the larger of the two `FIXED` η less than a tenth of the cost."""
        return FIXED[1] * self.descent.slope < _FLAT * self.descent.before[0]

    @property
    def has_little(self) -> bool:
        """Whether the ten cost so much less than the others that there is little to gain."""
        few, others = self.descent.before
        return few < _LITTLE * others

    def nearest(self, eta: float) -> float:
        return float(self.few.at[np.abs(self.few.at - eta).argmin()])

    def half(self) -> float:
        """The η at which about half of the promise is kept."""
        low, high = 0.0, self.end
        for _ in range(30):
            middle = (low + high) / 2
            low, high = (middle, high) if self.step(middle).kept > 0.5 else (low, middle)
        return float(f"{low:.3g}")

    def best(self) -> tuple[float, float]:
        """At which η the cost of the ten is lowest, and at which that of the others."""
        few, others = (float(curve.at[curve.costs.argmin()]) for curve in (self.few, self.others))
        return few, others


def find_slope(
    moment: Moment,
    digits: Digits,
    few: NDArray[np.intp],
    others: NDArray[np.intp],
    end: float,
    tell: Told,
    cancelled: Cancelled,
) -> Slope:
    """Both curves up to `end`, or, where that is 0, to where the promise is long broken."""
    training = digits.trained_on(moment.settings)
    descent = Descent(moment.network, some(training, few), some(training, others), cancelled)
    if not end:
        end = far_enough(descent)
    places = np.round(np.linspace(0.0, end, PLACES + 1), 9)
    quick = min(_seconds(descent, eta) for eta in places[1:4].tolist()) < _QUICK
    found = descent.few.curve(places, cancelled=cancelled)
    others_found = descent.others.curve(places, tell, cancelled)
    return Slope(descent, end, found, others_found, tuple(map(descent.step, FIXED)), quick)


def _seconds(descent: Descent, eta: float) -> float:
    begin = time.perf_counter()
    descent.step(eta)
    return time.perf_counter() - begin


def far_enough(descent: Descent) -> float:
    """A round η at which the ten get much less than half of what was promised."""
    before, slope = descent.before[0], descent.slope
    if _HIGHEST * slope <= _ROUNDING * before:
        return _STILL
    eta, rounding = 0.01, 1e-14 * before
    while eta < _HIGHEST and not descent.few.at(eta)[0] - before > rounding - 0.5 * eta * slope:
        eta *= 1.3
    steps = (1.0, 2.0, 5.0, 10.0)
    target = min(_HIGHEST, 2 * eta)
    power = 10.0 ** np.floor(np.log10(target))
    return float(min(_HIGHEST, next(step * power for step in steps if step * power >= target * 0.999)))
