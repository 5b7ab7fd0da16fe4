"""Rounding errors of δ in a mini-batch: decimals below them are noise."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mnistviz.engine.functions import Array, quietly
from mnistviz.engine.network import Network


@quietly
def delta_errors(
    network: Network,
    activations: Sequence[Array],
    deltas: Sequence[Array],
    slopes: Sequence[Array],
    masks: Sequence[Array],
    y: Array,
) -> list[Array]:
    """Bound the rounding error of each δ, (m, n) for each layer after the input, to first order.

    `activations`, `deltas` and `slopes` are (m, n) for the same layers, `masks` those of dropout, (m, n) for each
    hidden layer, if there is any, and `y` the targets, (m, K). It is a running error analysis (Higham, *Accuracy and
    Stability of Numerical Algorithms*, 2002, section 3.3) of what backpropagation subtracts and adds up. With ε the
    distance from 1 to the next number, a difference is off by ε times the larger term: a − y, the 1 − a of
    σ′ = a(1 − a), and the 1 − a² of tanh′, twice. A sum Σ w·δ is off by ε Σ |w·δ|, and by what each δ is off. Errors
    of z itself are left out: they change a slope by a small share of it.
    """
    eps = float(np.finfo(network.dtype).eps)
    errors = [network.cost_function.delta_error(activations[-1], y, slopes[-1], eps)]
    for layer in range(len(deltas) - 2, -1, -1):
        w = network.weights[layer + 1]
        off = network.functions[layer].slope_error(np.abs(activations[layer]), eps)
        total = np.abs(deltas[layer + 1] @ w)
        sums = (errors[0] + eps * np.abs(deltas[layer + 1])) @ np.abs(w)
        own = slopes[layer] * sums + total * off
        errors.insert(0, own * masks[layer] if masks else own)
    return errors
