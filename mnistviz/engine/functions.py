"""The tables of choices: activation functions, outputs, costs, and initial weights.

Each entry has everything that the program needs, its names too, so that a new choice is one new entry. Arrays have one
column per sample, as in the book: shape (neurons, samples). "Nielsen" is his book *Neural Networks and Deep Learning*;
its equations are cited by number.
"""

import math
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from mnistviz.marking import marked

Array = NDArray[Any]
Bytes = NDArray[np.uint8]
Numbers = NDArray[np.intp]  # indices
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

quietly = np.errstate(over="ignore", invalid="ignore")
"""Decorator that silences NumPy's warnings where weights may have diverged; the results show it."""

LEAK = 0.01  # slope of a leaky ReLU below 0

# 0-dimensional arrays: with small arrays NumPy is about twice as fast as with Python numbers.
_ONE, _LARGEST_EXPONENT = np.array(1, np.float32), np.array(80, np.float32)


class Elementwise(Protocol):
    """Elementwise function of arrays, which writes into `out` if given, else into a new array."""

    def __call__(self, values: Array, out: Array | None = None, /) -> Array: ...


class Delta(Protocol):
    """δ = ∂C/∂z of the output layer, (BP1), for each sample separately, times `scale`; `error` is a − y."""

    def __call__(self, a: Array, error: Array, scale: float, out: Array | None = None, /) -> Array: ...


class Activation(Struct, frozen=True, kw_only=True):
    """An activation function a = f(z).

    - `value(z, out)` is a = f(z), and `derivative(a, out)` f′(z) *written in terms of a*, which is what
      backpropagation has at hand; of softmax, the derivative of an output by its own z.
    - `slope_error(a, ε)`: by how much rounding may put f′(z) off, where 1 and the next number are ε apart.
    - `steepest`: the largest f′(z); `bounds`: the smallest and largest a, None without an upper one.
    - `lowest`: where an axis of a begins if there is no upper bound; `below_zero`: the share of a bar's height that
      negative a have.
    - `dies`: whether a unit learns nothing from digits for which its a is 0.
    - `shares`: whether the a of a layer add up to 1, so that each depends on z of all.
    - `most_eta`: the largest η with which networks of such hidden neurons mostly learn.
    - `initial_weights`: the rule that suits hidden neurons; `bears_large`: whether a large one suits them, too.
    - `name`; `slope`: what a formula calls f′(z).
    - `slope_words`, `flat_words`: the legend of the slope, which may have {steepest}, and of where it is below {limit},
      from long to short. Empty for `shares`.
    - `numpy`, `torch`, `onnx`: f of digits in rows z, the module, and the operator, with its attribute `alpha`.
    """

    value: Elementwise
    derivative: Elementwise
    slope_error: Callable[[Array, float], Array | float]
    steepest: float
    bounds: tuple[float, float] | None
    lowest: float = 0.0
    below_zero: float = 0.0
    dies: bool = False
    shares: bool = False
    most_eta: float = math.inf
    initial_weights: str
    bears_large: bool
    name: str
    slope: str
    slope_words: tuple[str, ...]
    flat_words: tuple[str, ...]
    numpy: str
    torch: str
    onnx: str
    alpha: float | None = None


class Output(Struct, frozen=True):
    """The function of the last layer; `slopes(a)` is ∂a_j/∂z_k for one sample, (n_out, n_out), and `tip` a sentence."""

    function: Activation
    slopes: Callable[[Array], Array]
    tip: str


class Cost(Struct, frozen=True, kw_only=True):
    """How wrong the outputs a, of weighted inputs z, are for the targets y; `error` is a − y.

    - `value(z, y, error)` is the mean over the digits of the mini-batch, `of_each(z, y, error)` the cost of each, (m,).
    - `delta_error(a, y, slope, ε)`: by how much rounding may put δ off, to first order, with ε as for `Activation`.
    - `derivative(a, y)`: ∂C/∂a; `largest_delta`: the largest |δ|; `by_slope`: whether σ′(z) is a factor of δ.
    - `usual_eta`: an η that mostly works, less of it with small initial weights and more than `wide` units in a layer.
    - `name`; `formula` of (BP1); `numbers`: the same with {a}, {y}, {error}, {derivative}, {slope} and {delta};
      `meaning`: what the formula means.
    """

    value: Callable[[Array, Array, Array], float]
    of_each: Callable[[Array, Array, Array], Array]
    derivative: Callable[[Array, Array], Array]
    delta: Delta
    delta_error: Callable[[Array, Array, Array, float], Array]
    largest_delta: float
    by_slope: bool
    usual_eta: float
    wide: float = math.inf
    name: str
    formula: str
    numbers: str
    meaning: str


class InitialWeights(Struct, frozen=True):
    """Standard deviations of initial weights and biases, for a neuron with n inputs. `large`: whether they often
    saturate neurons. `spread` is the formula, and `hint` the advice to neurons that it suits but that use another."""

    weights: Callable[[int], float]
    biases: float
    large: bool
    spread: str
    name: str
    hint: str = ""


def _sigmoid(z: Array, out: Array | None = None) -> Array:
    # σ(z) = 1 / (1 + e^−z). Beyond −z = 80 the result is 0 in float32 anyway, and e^88 overflows.
    out = np.negative(z, out)
    np.minimum(out, _LARGEST_EXPONENT, out=out)
    np.exp(out, out)
    np.add(out, _ONE, out)
    np.reciprocal(out, out)
    return out


def _sigmoid_derivative(a: Array, out: Array | None = None) -> Array:
    # σ′(z) = σ(z)(1 − σ(z))
    out = np.subtract(_ONE, a, out)
    np.multiply(out, a, out)
    return out


def _tanh_derivative(a: Array, out: Array | None = None) -> Array:
    # tanh′(z) = 1 − tanh²(z)
    out = np.multiply(a, a, out)
    np.subtract(1, out, out=out)
    return out


def _relu_derivative(a: Array, out: Array | None = None) -> Array:
    return np.greater(a, 0, np.empty_like(a) if out is None else out, casting="unsafe")


def _leaky_relu(z: Array, out: Array | None = None) -> Array:
    out = np.multiply(z, LEAK, out)
    np.maximum(z, out, out=out)
    return out


def _leaky_relu_derivative(a: Array, out: Array | None = None) -> Array:
    out = np.greater(a, 0, np.empty_like(a) if out is None else out, casting="unsafe")
    out *= 1 - LEAK
    out += LEAK
    return out


def _softmax(z: Array, out: Array | None = None) -> Array:
    # a_j = e^z_j / Σ_k e^z_k; subtracting the largest z first avoids overflow
    out = np.subtract(z, z.max(axis=0), out)
    np.exp(out, out=out)
    out /= out.sum(axis=0)
    return out


def _quadratic_delta(a: Array, error: Array, scale: float, out: Array | None = None) -> Array:
    # (a − y) σ′(z)
    out = _sigmoid_derivative(a, out)
    np.multiply(out, error, out)
    np.multiply(out, scale, out)
    return out


def _cross_entropies(z: Array, y: Array) -> Array:
    # −[y ln a + (1 − y) ln(1 − a)] with a = σ(z) substituted: finite however large z is
    return np.asarray(np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))))


def _log_sum(z: Array) -> Array:
    # ln Σ e^z: −Σ y ln a with a = softmax(z) substituted is ln Σ e^z − Σ y z
    largest = z.max(axis=0)
    return np.asarray(largest + np.log(np.exp(z - largest).sum(axis=0)))


def _error_itself(a: Array, error: Array, scale: float, out: Array | None = None) -> Array:
    return np.multiply(error, scale, out)


def _rounded_difference(a: Array, y: Array, slope: Array, eps: float) -> Array:
    return np.asarray(eps * np.maximum(np.abs(a), y))


_SATURATED = (
    marked("slope below {limit}: saturated, learns next to nothing"),
    marked("slope below {limit}: saturated"),
    marked("saturated"),
)

# fmt: off
ACTIVATIONS: dict[str, Activation] = {
    "sigmoid": Activation(  # Nielsen (3)
        value=_sigmoid, derivative=_sigmoid_derivative, slope_error=lambda a, eps: eps * a,
        steepest=0.25, bounds=(0.0, 1.0), initial_weights="scaled", bears_large=True,
        name=marked("sigmoid"), slope="σ′(z)",
        slope_words=(marked("σ′(z), from 0 to {steepest}"), "σ′(z)"), flat_words=_SATURATED,
        numpy="1 / (1 + np.exp(-np.clip(z, -80, 80)))", torch="Sigmoid()", onnx="Sigmoid",
    ),
    "tanh": Activation(  # Nielsen (109)
        value=lambda z, out=None: np.tanh(z, out), derivative=_tanh_derivative,
        slope_error=lambda a, eps: 2 * eps * a * a, steepest=1.0, bounds=(-1.0, 1.0), below_zero=0.5, most_eta=0.5,
        initial_weights="scaled", bears_large=False, name=marked("tanh"), slope="f′(z)",
        slope_words=(marked("tanh′(z), from 0 to {steepest}"), "tanh′(z)"),
        flat_words=_SATURATED, numpy="np.tanh(z)", torch="Tanh()", onnx="Tanh",
    ),
    "relu": Activation(  # Nielsen (112)
        value=lambda z, out=None: np.maximum(z, 0, out=out), derivative=_relu_derivative,
        slope_error=lambda a, eps: 0.0, steepest=1.0, bounds=None, dies=True, most_eta=0.1, initial_weights="he",
        bears_large=False,
        name=marked("ReLU"), slope="f′(z)",
        slope_words=(marked("slope of the ReLU: 0 or 1"),),
        flat_words=(
            marked("slope 0: the unit learns nothing from these digits"),
            marked("slope 0: learns nothing"),
            marked("slope 0"),
        ),
        numpy="np.maximum(z, 0)", torch="ReLU()", onnx="Relu",
    ),
    "leaky_relu": Activation(  # f(z) = max(z, 0.01 z)
        value=_leaky_relu, derivative=_leaky_relu_derivative, slope_error=lambda a, eps: 0.0,
        steepest=1.0, bounds=None, below_zero=0.15, most_eta=0.1, initial_weights="he", bears_large=False,
        name=marked("leaky ReLU"), slope="f′(z)",
        slope_words=(marked("slope of the leaky ReLU: 0.01 or 1"),),
        flat_words=(marked("slope 0.01: the unit learns a hundredth from these digits"), marked("slope 0.01")),
        numpy=f"np.maximum(z, {LEAK} * z)", torch=f"LeakyReLU({LEAK})", onnx="LeakyRelu", alpha=LEAK,
    ),
}

OUTPUTS: dict[str, Output] = {
    "sigmoid": Output(
        ACTIVATIONS["sigmoid"],
        lambda a: np.diag(a * (1 - a)),
        marked("sigmoid: each output answers separately."),
    ),
    "softmax": Output(  # Nielsen (78)
        Activation(
            value=_softmax, derivative=_sigmoid_derivative, slope_error=lambda a, eps: eps * a,
            steepest=0.25, bounds=(0.0, 1.0), shares=True, initial_weights="scaled", bears_large=True,
            name=marked("softmax"), slope="σ′(z)", slope_words=(), flat_words=(),
            numpy="np.exp(z - z.max(axis=1, keepdims=True)) / np.exp(z - z.max(axis=1, keepdims=True)).sum(axis=1, "
            "keepdims=True)",
            torch="Softmax(dim=1)", onnx="Softmax",
        ),
        lambda a: np.diag(a) - np.outer(a, a),  # a_j (δ_jk − a_k)
        marked("softmax: the outputs are shares that add up to 1."),
    ),
}

COSTS: dict[tuple[str, str], Cost] = {  # by output and name
    ("sigmoid", "quadratic"): Cost(  # C = 1/2m Σ‖a − y‖², Nielsen (6), (30)
        value=lambda z, y, error: float(np.vdot(error, error)) / (2 * error.shape[1]),
        of_each=lambda z, y, error: (error * error).sum(axis=0) / 2, derivative=lambda a, y: a - y,
        delta=_quadratic_delta, largest_delta=4 / 27,  # a · a(1 − a) at a = 2/3
        delta_error=lambda a, y, slope, eps: slope * _rounded_difference(a, y, slope, eps) + np.abs(a - y) * eps * a,
        by_slope=True, usual_eta=3.0, wide=100,
        name=marked("quadratic"),
        formula="δ = (a − y) · σ′(z)", numbers="{error} × {slope} = {delta}",
        meaning=marked("how wrong × how steep σ is there"),
    ),
    ("sigmoid", "cross_entropy"): Cost(  # Nielsen (63), (67)
        value=lambda z, y, error: float(np.sum(_cross_entropies(z, y))) / z.shape[1],
        of_each=lambda z, y, error: _cross_entropies(z, y).sum(axis=0),
        derivative=lambda a, y: (a - y) / (a * (1 - a)),
        delta=_error_itself, delta_error=_rounded_difference, largest_delta=1.0, by_slope=False, usual_eta=0.5,
        name=marked("cross-entropy"),
        formula="δ = a − y", numbers="{a} − {y} = {delta}",
        meaning=marked("with cross-entropy σ′(z) cancels out"),
    ),
    ("softmax", "cross_entropy"): Cost(  # Nielsen (80), (81)
        value=lambda z, y, error: float(np.sum(_log_sum(z)) - np.vdot(y.T, z.T)) / z.shape[1],
        of_each=lambda z, y, error: _log_sum(z) - (y * z).sum(axis=0), derivative=lambda a, y: -y / a,
        delta=_error_itself, delta_error=_rounded_difference, largest_delta=1.0, by_slope=False, usual_eta=0.5,
        name=marked("cross-entropy"),
        formula="δ = a − y", numbers="{a} − {y} = {delta}",
        meaning=marked("softmax with cross-entropy: just how wrong"),
    ),
}
"""The compatible pairs of output and cost."""

INITIAL_WEIGHTS: dict[str, InitialWeights] = {
    "normal": InitialWeights(lambda n: 1.0, 1.0, True, "1", marked("1")),  # Nielsen, chapter 1
    # 1/√n: Nielsen, chapter 3, "Weight initialization"
    "scaled": InitialWeights(lambda n: n**-0.5, 1.0, False, "1/√n", marked("1/√n")),
    "he": InitialWeights(  # √(2/n): He et al. 2015, for ReLU
        lambda n: (2 / n) ** 0.5, 0.0, False, "√(2/n)", marked("√(2/n), He"),
        hint=marked("√(2/n) is made for ReLU neurons."),
    ),
}
# fmt: on
NAMES: dict[str, dict[str, str]] = {
    "activation": {key: activation.name for key, activation in ACTIVATIONS.items()},
    "output": {key: output.function.name for key, output in OUTPUTS.items()},
    "cost": {key: cost.name for (_, key), cost in COSTS.items()},
    "initial_weights": {key: rule.name for key, rule in INITIAL_WEIGHTS.items()},
}
"""Names of the choices of settings that have a table."""
