"""Cost and correct predictions of some samples along a line in the space of all weights and biases, w(t) = w + t · d;
and the outputs for one sample when one weight of a copy is changed. Lines are in float64: over short distances the cost
changes by less than float32 resolves. Their samples are undistorted, and the cost excludes the term of weight decay."""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from mnistviz.engine.cancelling import Cancelled, Progress, check, never, unheard
from mnistviz.engine.digits import DigitSet, LabelledDigits, grey_values
from mnistviz.engine.functions import ACTIVATIONS, OUTPUTS, Array, Bytes, Floats, Ints, Numbers, quietly
from mnistviz.engine.network import Network
from mnistviz.engine.workspace import Workspace

CHUNK = 500  # samples per chunk


class Curve(Struct, frozen=True, eq=False):
    """Results at the places `at`, (k,): the mean `costs`, (k,), and how many of `of` samples were `right`, (k,)."""

    at: Floats
    costs: Floats
    right: Ints
    of: int


def in_float64(network: Network) -> Network:
    copied = Network(**network.choices, dtype=np.float64)
    copied.parameters[...] = network.parameters
    return copied


@quietly
def gradient(network: Network, digits: LabelledDigits) -> Array:
    """Return ∇C of the mean cost of these samples, (n,) in double precision. Raise ValueError for no samples."""
    if not len(digits):
        raise ValueError("there is no gradient of no digits")
    copied = in_float64(network)
    total = np.zeros_like(copied.parameters)
    for start in range(0, len(digits), CHUNK):
        x, y = _grey_and_targets(digits, start, copied)
        work = Workspace(copied, len(x))
        work.backprop(x, y, scale=len(x) / len(digits))
        total += work.step
    return total


def one_weight(network: Network, layer: int, unit: int, source: int) -> Array:
    """Return the direction, (n,), that increases only the weight from unit `source` of the layer before to unit `unit`
    in layer `layer` (1 is the first after the input)."""
    direction = np.zeros(len(network.parameters))
    before = sum(w.size for w in network.weights[: layer - 1])
    direction[before + unit * network.sizes[layer - 1] + source] = 1.0
    return direction


class DirectionLine:
    """Some samples along w(t) = w + t · d; `network` and `direction`, (n,) as `Network.parameters`, do not change.

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
        step = self._network.copy(direction)
        self._weights = list(zip(self._network.weights, self._network.biases, strict=True))
        self._steps = list(zip(step.weights, step.biases, strict=True))
        sums = [[], []]  # type: list[list[Array]]
        targets = []
        for start in range(0, len(digits), CHUNK):
            check(cancelled)
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
        """Return the mean cost at t, and how many predictions are correct there."""
        network, z = self._network, self._sums + t * self._growth
        *hidden, output = network.functions
        for (w, b), (dw, db), f in zip(self._weights[1:], self._steps[1:], hidden, strict=True):
            z = (w + t * dw) @ f.value(z) + (b + t * db)[:, np.newaxis]
        outputs = output.value(z)
        cost = network.cost_function.value(z, self._targets, outputs - self._targets)
        return cost, int(np.count_nonzero(outputs.argmax(axis=0) == self._labels))

    def curve(
        self, places: Sequence[float] | Floats, tell: Progress = unheard, cancelled: Cancelled = never
    ) -> Curve:
        """Evaluate all of these places. Raise `Withdrawn` once `cancelled()`."""
        costs, right = np.empty(len(places)), np.empty(len(places), np.int64)
        for number, place in enumerate(places):
            check(cancelled)
            costs[number], right[number] = self.at(float(place))
            tell((number + 1) / len(places))
        return Curve(np.asarray(places, np.float64), costs, right, self.of)


class DirectionStep(Struct, frozen=True):
    """A step of −η∇C of a few samples: the predicted change of their mean cost, −η‖∇C‖², and the actual changes of
    theirs and of other samples' cost."""

    eta: float
    promised: float
    few: float
    others: float

    @property
    def kept(self) -> float:
        """Ratio of the actual to the predicted change for the few: below 0 if their cost rose; NaN without one."""
        return self.few / self.promised if self.promised else float("nan")


class Descent:
    """The line of gradient steps along −∇C of a `few` samples, by η; `others` are samples that did not contribute."""

    def __init__(
        self, network: Network, few: LabelledDigits, others: LabelledDigits, cancelled: Cancelled = never
    ) -> None:
        self.gradient = gradient(network, few)
        self.slope = float(self.gradient @ self.gradient)
        """‖∇C‖²: the initial rate at which the cost of the few falls with η."""
        self.few = DirectionLine(network, -self.gradient, few, cancelled)
        self.others = DirectionLine(network, -self.gradient, others, cancelled)
        self.before = self.few.at(0.0)[0], self.others.at(0.0)[0]
        """Mean cost of the few and of the others before any step."""

    def step(self, eta: float) -> DirectionStep:
        few, others = self.few.at(eta)[0], self.others.at(eta)[0]
        return DirectionStep(eta, -eta * self.slope, few - self.before[0], others - self.before[1])


def some(digits: LabelledDigits, numbers: Sequence[int] | Numbers) -> DigitSet:
    """Return the samples with these indices, in this order."""
    chosen = np.asarray(numbers, np.intp)
    return DigitSet(digits.pictures(chosen), digits.labels[chosen])


def _grey_and_targets(digits: LabelledDigits, start: int, network: Network) -> tuple[Array, Array]:
    x = digits.pictures(slice(start, start + CHUNK)) / np.float64(255)
    return x, np.eye(network.sizes[-1])[digits.labels[start : start + CHUNK]]


class Weight(Struct, frozen=True):
    """The weight from unit `source` of the layer before to unit `unit` in layer `layer`."""

    layer: int
    unit: int
    source: int

    def of(self, network: Network) -> float:
        return float(network.weights[self.layer - 1][self.unit, self.source])


class WeightNudge(Struct, frozen=True, eq=False):
    """The outputs before and after, (n_out,), and `promised`, their first-order change, ∂a/∂w · Δw."""

    before: Array
    after: Array
    promised: Array

    @property
    def moved(self) -> Array:
        """Actual change of each output, (n_out,)."""
        return self.after - self.before

    @property
    def verdicts(self) -> tuple[int, int]:
        return int(self.before.argmax()), int(self.after.argmax())


class NudgedCopy:
    """A copy of a network of which one weight at a time is changed. The network itself is only read, once."""

    def __init__(self, network: Network) -> None:
        self._network = network.copy()

    @quietly
    def nudge(self, x: Array, weight: Weight, by: float) -> WeightNudge:
        """Add `by` to one weight, for the sample x, (n_in,); return the outputs, and restore the copy."""
        network = self._network
        activations = [layer[0] for layer in network.activations(self._row(x))]
        slopes = output_slopes(network, activations, weight.layer)[:, weight.unit]
        promised: Array = slopes * activations[weight.layer - 1][weight.source] * by
        place = network.weights[weight.layer - 1][weight.unit]
        original = place[weight.source].copy()
        place[weight.source] += by
        after = network.feedforward(x)
        place[weight.source] = original
        return WeightNudge(activations[-1], after, promised)

    def strongest(self, x: Array, layer: int) -> Weight:
        """Return the weight of a layer with the largest first-order effect on any output."""
        activations = [each[0] for each in self._network.activations(self._row(x))]
        slopes = np.abs(output_slopes(self._network, activations, layer)).max(axis=0)
        return Weight(layer, int(slopes.argmax()), int(np.abs(activations[layer - 1]).argmax()))

    def least_sure(self, images: Bytes) -> int:
        """Return which of some images, (m, n_in) as bytes, has the lowest largest output."""
        return int(self._network.feedforward(grey_values(images)).max(axis=1).argmin())

    def _row(self, x: Array) -> Array:
        return np.asarray(x, self._network.dtype)[np.newaxis]


@quietly
def output_slopes(network: Network, activations: list[Array], layer: int) -> Array:
    """Return ∂a/∂z, (n_out, n): of every output by the weighted input of every unit in `layer`. It is backpropagation,
    (BP2), from all outputs instead of the cost. `activations` are those of all layers, (n,) each, the input first."""
    slopes = OUTPUTS[network.output].slopes(activations[-1])
    derivative = ACTIVATIONS[network.activation].derivative
    for above in range(len(network.weights) - 1, layer - 1, -1):
        a = activations[above]
        slopes = slopes @ network.weights[above] * derivative(a, np.empty_like(a))
    return np.asarray(slopes, network.dtype)
