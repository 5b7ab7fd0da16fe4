"""How a network fares on some digits: what its layers answer to them, and how they learn from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.digits import DigitSet, grey_values
from mnistviz.engine.functions import ACTIVATIONS, Array
from mnistviz.engine.network import Network, Workspace

_FLAT = 0.04  # a slope below this share of the steepest counts as flat


@dataclass(frozen=True, eq=False)
class LayerHealth:
    """Of one layer after the input, with n units.

    `saturated`: the share of its answers where f′(z) is near 0 (sigmoid and tanh). `dead`: the share of its
    neurons that answer 0 to every digit (ReLU). `gradient`: the length of ∂C/∂b, which Nielsen's chapter 5
    takes for the speed at which a layer learns.

    `full_answer`: the 99th percentile of the size of its answers, over the digits and the units; not 0 unless
    all of them are. `mean_answers`: float32 (classes, n), what each unit answers on average to the digits of each
    class; 0 where a class has no digits, or the mean is not finite. `digits_a_unit`: to the digits of how many
    classes a unit answers on average; see the function of that name.
    """

    saturated: float
    dead: float
    gradient: float
    full_answer: float
    mean_answers: NDArray[np.float32]
    digits_a_unit: float


@dataclass(frozen=True, eq=False)
class Health:
    """Of the whole network; empty before it is examined for the first time.

    `full_contribution`: the 99th percentile of what a unit of the last layer before the outputs says for the
    output that wins, or against it, over the digits and the units: |contribution| as in `evidence.said`.
    """

    layers: tuple[LayerHealth, ...] = ()
    full_contribution: float = 0.0


@np.errstate(over="ignore", invalid="ignore")  # a network that has diverged is told by its answers
def examine(network: Network, digits: DigitSet) -> Health:
    """The health of the network on all of `digits` (some hundred are enough). It is only read."""
    x = grey_values(digits.images).astype(network.dtype, copy=False)
    y = np.eye(network.sizes[-1], dtype=network.dtype)[digits.labels]
    work = Workspace(network, len(x))
    nabla_b, _ = network.backprop(x, y, work)
    counts = y.sum(axis=0)[:, np.newaxis]
    found = []
    for layer, gradient in enumerate(nabla_b):
        a = work.activations[layer + 1]
        name = network.activation if layer < len(nabla_b) - 1 else network.output
        saturated = dead = 0.0
        if name in ("sigmoid", "tanh"):
            slopes = ACTIVATIONS[name].derivative(a, np.empty_like(a))
            steepest = 0.25 if name == "sigmoid" else 1.0
            saturated = float(np.mean(slopes < _FLAT * steepest))
        elif name == "relu":
            dead = float(np.mean(~(a > 0).any(axis=1)))
        length = float(np.linalg.norm(gradient.astype(np.float64)))
        means = (y.T.dot(a.T) / counts).astype(np.float32, copy=False)
        # Also where a class has no digits, 0 / 0
        np.nan_to_num(means, copy=False, nan=0, posinf=0, neginf=0)
        found.append(LayerHealth(saturated, dead, length, _full(a), means, digits_a_unit(means)))
    return Health(tuple(found), _full(_contributions_to_winners(network, work)))


def digits_a_unit(mean_answers: NDArray[np.floating[Any]]) -> float:
    """The mean over the units of (Σ|m|)² / Σm², m the mean answers of one to each class: of (classes, n).

    It is the participation ratio: a unit that answers to k classes alike, and to the others with 0, counts k.
    Since tanh answers below 0 too, the size of m counts. Units whose m are all 0 are left out; 0.0 if all are.
    """
    m = np.abs(mean_answers, dtype=np.float64)
    m = m[:, m.any(axis=0)]
    return float(np.mean(m.sum(axis=0) ** 2 / (m**2).sum(axis=0))) if m.size else 0.0


def _contributions_to_winners(network: Network, work: Workspace) -> Array:
    """What each unit before the outputs says for the winner of each digit, (n, m); `work` has passed m digits."""
    w, digits = network.weights[-1], np.arange(work.activations[-1].shape[1])
    winners = work.activations[-1].argmax(axis=0)
    towards = w[winners]
    if network.output == "softmax" and len(w) > 1:  # the difference to the runner-up
        z = work.inputs[-1].copy()
        z[winners, digits] = -np.inf
        towards -= w[z.argmax(axis=0)]
    contributions: Array = towards.T * work.activations[-2]
    return contributions


def _full(values: Array) -> float:
    """The 99th percentile of their sizes: at most a hundredth is larger. What is not finite is left out.

    Where it would be 0 although some are not, the largest of them; 0.0 where there is none.
    """
    sizes = np.abs(values)
    finite = np.isfinite(sizes)
    above = sizes[finite & (sizes > 0)]  # without the many that are 0, which make it slow
    if not above.size:
        return 0.0
    larger = np.count_nonzero(finite) // 100
    place = above.size - 1 - (larger if larger < above.size else 0)
    return float(np.partition(above, place)[place])
