"""The network of the book's first chapter, with the book's names, applied to whole mini-batches. Outside, a batch has
one sample per row: shape (m, 784). Inside, as in the book, a layer's activations are columns, shape (n, m), so that a
layer is a = σ(w·a + b) and backpropagation has the form of equations (BP1) to (BP4) of Nielsen's second chapter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from mnistviz.engine.digits import DigitSet, grey_values
from mnistviz.engine.functions import (
    ACTIVATIONS,
    COSTS,
    INITIAL_WEIGHTS,
    NAMES,
    OUTPUTS,
    Activation,
    Array,
    Bytes,
    Cost,
    quietly,
)
from mnistviz.engine.problems import Problem
from mnistviz.engine.randomness import generator, order_of_epoch
from mnistviz.engine.settings import SETTINGS, Settings, checked_number
from mnistviz.engine.threads import one_blas_thread
from mnistviz.engine.workspace import Workspace, number_of_parameters, weights_and_biases

EVALUATION_CHUNK, LEAST_CHUNK = 1_000, 50  # digits
CHUNK_WEIGHTS = 500_000  # larger networks are evaluated in smaller chunks


class Unit(NamedTuple):
    """A unit of a network. Layers are numbered as in `Network.sizes`: 0 is the input. Units count from 0."""

    layer: int
    number: int


class Network:
    """A fully connected network, for example `Network([784, 30, 10])`.

    `weights[l]` has shape (n_out, n_in) and `biases[l]` has shape (n_out,) for each layer l after the input. All are
    views of one array, `parameters`, the weights before the biases: assign in place, `network.weights[0][...] = w`. The
    initial values depend on `seed` and the rule `initial_weights` alone. `activation` (of hidden neurons), `output`,
    `cost` and `initial_weights` are keys of the tables in `functions`. Raise `Problem` as `Settings` does.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        seed: int = 0,
        *,
        activation: str = "sigmoid",
        output: str = "sigmoid",
        cost: str = "quadratic",
        initial_weights: str = "normal",
        dtype: DTypeLike = np.float32,
    ) -> None:
        choices = {
            "activation": activation,
            "output": output,
            "cost": cost,
            "initial_weights": initial_weights,
        }
        settings = Settings.from_mapping({"sizes": sizes, "seed": seed, **choices})
        self.sizes = settings.sizes
        self.seed = settings.seed
        self.activation = settings.activation
        self.output = settings.output
        self.cost = settings.cost
        self.initial_weights = settings.initial_weights
        self.dtype = np.dtype(dtype)
        self._epochs = 0  # epochs trained by `SGD`
        self._take(np.empty(number_of_parameters(self.sizes), self.dtype))
        rule = INITIAL_WEIGHTS[self.initial_weights]
        for layer, (w, b) in enumerate(zip(self.weights, self.biases, strict=True)):
            random = generator(self.seed, "initial_weights", layer)
            w[...] = random.standard_normal(w.shape) * rule.weights(w.shape[1])
            b[...] = random.standard_normal(b.shape) * rule.biases

    @property
    def choices(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("sizes", "seed", *NAMES)}

    @property
    def functions(self) -> list[Activation]:
        return [ACTIVATIONS[self.activation]] * (len(self.sizes) - 2) + [OUTPUTS[self.output].function]

    @property
    def cost_function(self) -> Cost:
        return COSTS[self.output, self.cost]

    def copy(self, parameters: Array | None = None) -> Network:
        """Return a copy of the network, with other `parameters`, (n,), if given."""
        copied = object.__new__(Network)
        copied.__dict__.update(self.__dict__)
        copied._take(np.array(self._parameters if parameters is None else parameters, self.dtype))
        return copied

    def __getstate__(self) -> dict[str, Any]:
        parts = ("_weights", "_biases", "_bias_columns")
        return {name: value for name, value in self.__dict__.items() if name not in parts}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._take(self._parameters)

    @property
    def parameters(self) -> Array:
        """All weights and all biases, (n,)."""
        return self._parameters

    @property
    def weights(self) -> tuple[Array, ...]:
        """The weights of each layer after the input, (n_out, n_in)."""
        return self._weights

    @property
    def biases(self) -> tuple[Array, ...]:
        """The biases of each layer after the input, (n_out,)."""
        return self._biases

    def _take(self, parameters: Array) -> None:
        self._parameters = parameters
        self._weights, self._biases = weights_and_biases(parameters, self.sizes)
        self._bias_columns = [b[:, np.newaxis] for b in self._biases]

    @quietly
    def activations(self, x: Array, layers: int | None = None) -> list[Array]:
        """Return the activations of each layer for images `x`, shape (m, n_in): a list of (m, n), the input first.
        Only the first `layers` layers after the input are computed, by default all."""
        return [a.T for a in self._columns_of(x, layers)[0]]

    def feedforward(self, a: Array) -> Array:
        """Return the outputs for images `a`: (m, n_in) gives (m, n_out), and one image (n_in,) gives (n_out,)."""
        a = np.asarray(a, dtype=self.dtype)
        return self.activations(a)[-1] if a.ndim == 2 else self.activations(a[np.newaxis])[-1][0]

    def _columns_of(self, x: Array, layers: int | None = None) -> tuple[list[Array], Array]:
        """Return the activations of the layers, each (n, m), the input first, and the weighted inputs z of the last."""
        activations = [z := x.T]
        for w, b, f in zip(self.weights[:layers], self._bias_columns, self.functions, strict=False):
            z = w.dot(activations[-1])
            z += b
            activations.append(f.value(z))
        return activations, z

    @quietly
    def backprop(self, x: Array, y: Array) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
        """Return the gradient of the mean cost over a mini-batch: (nabla_b, nabla_w), shaped as `biases` and
        `weights`. `x` holds m samples in rows, (m, n_in), and `y` their targets, (m, n_out). The network does not
        change. Training does the same in preallocated arrays: `Workspace.backprop`."""
        a, _ = self._columns_of(x)
        slope, cost = ACTIVATIONS[self.activation].derivative, self.cost_function
        delta = cost.delta(a[-1], a[-1] - y.T, 1 / len(x))  # (BP1), divided by m here: then sums are means
        nabla_b: list[Array] = []
        nabla_w: list[Array] = []
        for layer in reversed(range(len(self.weights))):
            nabla_b.insert(0, delta.dot(np.ones(len(x), self.dtype)))  # (BP3): ∂C/∂b = δ, over all digits
            nabla_w.insert(0, delta.dot(a[layer].T))  # (BP4): ∂C/∂w = δ·aᵀ
            if layer:
                delta = self.weights[layer].T.dot(delta) * slope(a[layer])  # (BP2)
        return tuple(nabla_b), tuple(nabla_w)

    @quietly
    def mean_cost(self, x: Array, y: Array) -> float:
        """Return the mean cost of m samples `x`, (m, n_in), with targets `y`, (m, n_out)."""
        a, z = self._columns_of(x)
        return self.cost_function.value(z, y.T, a[-1] - y.T)

    @np.errstate(over="ignore", invalid="ignore", divide="ignore")
    def cost_derivative(self, output_activations: Array, y: Array) -> Array:
        """Return ∂C/∂a of each sample, in the shape of both; for the quadratic cost, a − y."""
        return self.cost_function.derivative(output_activations, y)

    def l2_term(self, weight_decay: float, n: int) -> float:
        """Return λ/2n Σw², what weight decay λ adds to the cost with n training samples: Nielsen (87)."""
        return weight_decay / (2 * n) * sum(float(np.vdot(w, w)) for w in self.weights)

    @quietly
    def update_mini_batch(self, mini_batch: tuple[Array, Array], eta: float) -> None:
        """Take a gradient step: subtract η times the mean gradient of `mini_batch` (x, y) from weights and biases."""
        work = Workspace(self, len(mini_batch[0]))
        work.backprop(*mini_batch, scale=eta)
        self._parameters -= work.step

    @property
    def evaluation_chunk(self) -> int:
        """Number of samples evaluated at once: fewer for larger networks, so that it takes about ten milliseconds at
        most. It is a property of the network so that every evaluation gives the same result, to the last bit."""
        weights = sum(w.size for w in self.weights)
        return max(LEAST_CHUNK, min(EVALUATION_CHUNK, EVALUATION_CHUNK * CHUNK_WEIGHTS // weights))

    def predictions(self, images: Bytes) -> Bytes:
        """Return the index of the largest output for images as bytes: (m, n_in) gives (m,)."""
        return self.read(images)[0]

    def read(self, images: Bytes) -> tuple[Bytes, NDArray[np.float32]]:
        """Return the index, (m,), and the value, (m,), of the largest output for images as bytes, (m, n_in)."""
        winners, outputs = np.empty(len(images), np.uint8), np.empty(len(images), np.float32)
        size = self.evaluation_chunk
        for start in range(0, len(images), size):
            chunk = slice(start, start + size)
            activations = self.feedforward(grey_values(images[chunk]))
            winners[chunk] = activations.argmax(axis=1)
            outputs[chunk] = activations.max(axis=1)
        return winners, outputs

    def evaluate(self, test_data: DigitSet) -> int:
        return int(np.count_nonzero(self.predictions(test_data.images) == test_data.labels))

    @one_blas_thread()
    def SGD(  # the book's name
        self,
        training_data: DigitSet,
        epochs: int,
        mini_batch_size: int,
        eta: float,
        test_data: DigitSet | None = None,
    ) -> None:
        """Train on all of `training_data` by mini-batch stochastic gradient descent.

        Print a line an epoch as the book's program does, from epoch 0 at each call. Each epoch has its own order of
        samples and a second call goes on with the next, so that one epoch and one more give the same network as two.
        Raise `Problem` for an empty set, and for numbers that `Settings` would not allow.
        """
        if not len(training_data) or (test_data is not None and not len(test_data)):
            raise Problem("set_empty")
        epochs = int(checked_number("epochs", epochs, *SETTINGS["stop_epochs"].bounds, whole=True))
        settings = Settings(sizes=self.sizes, mini_batch_size=mini_batch_size, eta=eta).checked()
        targets = np.eye(self.sizes[-1], dtype=self.dtype)
        for epoch in range(epochs):
            order = order_of_epoch(self.seed, self._epochs, len(training_data))
            for start in range(0, len(order), settings.mini_batch_size):
                chosen = order[start : start + settings.mini_batch_size]
                x = grey_values(training_data.images[chosen]).astype(self.dtype, copy=False)
                self.update_mini_batch((x, targets[training_data.labels[chosen]]), settings.eta)
            self._epochs += 1
            if test_data is None:
                print(f"Epoch {epoch} complete")
            else:
                print(f"Epoch {epoch}: {self.evaluate(test_data)}/{len(test_data)}")
