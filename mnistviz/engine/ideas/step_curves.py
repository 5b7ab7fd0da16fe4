"""Curves of the cost for the page on steps: along one weight, and along −∇C of ten samples."""

import time

import numpy as np
from msgspec import Struct

from mnistviz.engine.cancelling import Cancelled, Progress
from mnistviz.engine.digits import Digits, LabelledDigits
from mnistviz.engine.functions import Array, Floats, Numbers
from mnistviz.engine.ideas import along
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network

CURVE_DIGITS = 5_000  # the first training samples of the run
FEW, OTHERS = 10, 1_000
FIXED = (0.1, 3.0)  # the two η shown beside the user's
PLACES = 160  # of a curve, less one
_QUICK = 0.006  # seconds: faster steps are computed during a drag
_FLAT, _LITTLE = 0.1, 0.2  # of the cost of the ten; of that of the others
_STILL = 5.0  # range of η if no step has an effect
_ROUGH = 100  # samples for a rough gradient
_HIGHEST = 1_000.0
_ROUNDING = 1e-10  # relative to a mean cost: sums over thousands of samples are no more exact


class Way(Struct, frozen=True):
    """The axis of a curve: `weight` from a unit of the layer before to an output, or, if it is None, all weights and
    biases along −∇C of the curve's samples."""

    weight: tuple[int, int] | None

    def direction(self, network: Network, digits: LabelledDigits) -> Array:
        if self.weight is None:
            return -along.gradient(network, digits)
        return along.one_weight(network, len(network.weights), *self.weight)

    def start(self, network: Network) -> float:
        """Return the network's place on the axis: the current weight, or η = 0."""
        return 0.0 if self.weight is None else float(network.weights[-1][self.weight])


class Smooth(Struct, frozen=True, eq=False):
    """A curve, and the line on which it lies."""

    way: Way
    line: along.DirectionLine
    curve: along.Curve


def answers(costs: Floats) -> bool:
    return float(np.ptp(costs)) > _ROUNDING * float(np.abs(costs).max())


def is_flat(curve: along.Curve, first: int, last: int) -> bool:
    """Return True if the number of correct predictions is constant between two places, and the cost is not."""
    costs, right = curve.costs[first : last + 1], curve.right[first : last + 1]
    return answers(costs) and not np.ptp(right)


def middle_of_longest(curve: along.Curve) -> float:
    """Return the middle of the longest stretch with a constant number of correct predictions."""
    edges = np.concatenate(([0], np.flatnonzero(np.diff(curve.right)) + 1, [len(curve.at)]))
    longest = int(np.diff(edges).argmax())
    return float(curve.at[int(edges[longest] + edges[longest + 1] - 1) // 2])


def same_weights(first: Moment, second: Moment) -> bool:
    """Return True if both are the same run with the same weights after the same mini-batches."""
    if (first.run, first.step) != (second.run, second.step):
        return False
    return first.network is second.network or np.array_equal(
        first.network.parameters, second.network.parameters
    )


def answered(curve: along.Curve) -> tuple[int, int]:
    """Return for how many moves from place to place the cost changed, and for how many the number correct."""
    moves, right = (int(np.count_nonzero(np.diff(each))) for each in (curve.costs, curve.right))
    return moves if answers(curve.costs) else 0, right


def find_smooth(
    moment: Moment,
    digits: Digits,
    way: Way,
    window: tuple[float, float],
    known: Smooth | None,
    tell: Progress,
    cancelled: Cancelled,
) -> Smooth:
    """Return the curve over `window`, in units of the axis. The line of a `known` curve of the same way is reused."""
    used = digits.trained_on(moment.settings).first(CURVE_DIGITS)
    if known is not None and known.way == way:
        line = known.line
    else:
        line = along.DirectionLine(moment.network, way.direction(moment.network, used), used, cancelled)
    start = way.start(moment.network)
    places = np.round(np.linspace(*window, PLACES + 1), 9)
    curve = line.curve(places - start, tell, cancelled)
    return Smooth(way, line, along.Curve(places, curve.costs, curve.right, curve.of))


def steepest(moment: Moment, digits: Digits) -> tuple[int, int]:
    """Return the weight of the last layer with the largest gradient over a hundred samples: (output, unit before)."""
    network = moment.network
    slopes = along.gradient(network, digits.trained_on(moment.settings).first(_ROUGH))
    last = network.weights[-1]
    before = sum(w.size for w in network.weights[:-1])
    at = int(np.abs(slopes[before : before + last.size]).argmax())
    return at // last.shape[1], at % last.shape[1]


def next_digits(moment: Moment, digits: Digits, skip: int) -> tuple[Numbers, Numbers]:
    """Return the indices of the run's next ten training samples, after `skip` more, and of a thousand after them."""
    training, settings = digits.trained_on(moment.settings), moment.settings
    n = len(training)
    epoch, consumed = divmod(moment.digits, n)
    coming = np.concatenate((training.order(settings, epoch)[consumed:], training.order(settings, epoch + 1)))
    few, after = np.split(coming[skip % n :], [FEW])
    return few, np.array(list(dict.fromkeys(after[~np.isin(after, few)][:OTHERS].tolist())), np.intp)


class Slope(Struct, frozen=True, eq=False):
    """Result of a descent: η from 0 to `end`, with the costs of the ten and of the others."""

    descent: along.Descent
    end: float
    few: along.Curve
    others: along.Curve
    fixed: tuple[along.DirectionStep, ...]  # steps of the two `FIXED` η
    quick: bool  # true if any place can be computed within a frame

    def step(self, eta: float) -> along.DirectionStep:
        """Return the step of this η, or of the nearest computed one."""
        return self.descent.step(eta if self.quick or eta > self.end else self.nearest(eta))

    @property
    def changes(self) -> tuple[Array, Array]:
        """Change of the mean cost of the ten along η, and of the others."""
        before = self.descent.before
        return self.few.costs - before[0], self.others.costs - before[1]

    @property
    def is_still(self) -> bool:
        """True if no step changes the cost of the ten: their gradient is 0."""
        return not answers(self.few.costs)

    @property
    def is_flat(self) -> bool:
        """True if hardly any change is predicted: at the larger of the two `FIXED` η less than a tenth of the cost."""
        return FIXED[1] * self.descent.slope < _FLAT * self.descent.before[0]

    @property
    def has_little(self) -> bool:
        """True if the cost of the ten is so much below that of the others that there is little to gain."""
        few, others = self.descent.before
        return few < _LITTLE * others

    def nearest(self, eta: float) -> float:
        return float(self.few.at[np.abs(self.few.at - eta).argmin()])

    def half(self) -> float:
        """Return the η at which about half of the predicted change is achieved."""
        low, high = 0.0, self.end
        for _ in range(30):
            middle = (low + high) / 2
            low, high = (middle, high) if self.step(middle).kept > 0.5 else (low, middle)
        return float(f"{low:.3g}")

    def best(self) -> tuple[float, float]:
        few, others = (float(curve.at[curve.costs.argmin()]) for curve in (self.few, self.others))
        return few, others


def find_slope(
    moment: Moment,
    digits: Digits,
    few: Numbers,
    others: Numbers,
    end: float,
    tell: Progress,
    cancelled: Cancelled,
) -> Slope:
    """Return both curves up to `end`, or, if that is 0, to where the prediction has clearly failed."""
    training = digits.trained_on(moment.settings)
    descent = along.Descent(
        moment.network, along.some(training, few), along.some(training, others), cancelled
    )
    if not end:
        end = far_enough(descent)
    places = np.round(np.linspace(0.0, end, PLACES + 1), 9)
    quick = min(_seconds(descent, eta) for eta in places[1:4].tolist()) < _QUICK
    few_curve = descent.few.curve(places, cancelled=cancelled)
    others_curve = descent.others.curve(places, tell, cancelled)
    return Slope(descent, end, few_curve, others_curve, tuple(map(descent.step, FIXED)), quick)


def _seconds(descent: along.Descent, eta: float) -> float:
    begin = time.perf_counter()
    descent.step(eta)
    return time.perf_counter() - begin


def far_enough(descent: along.Descent) -> float:
    """Return a round η at which the ten gain much less than half of the predicted change."""
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
