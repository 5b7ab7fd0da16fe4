"""Layout of the one array of all parameters: each layer's weights, then each layer's biases."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import prod

from mnistviz.engine.functions import Array


def number_of_parameters(sizes: Sequence[int]) -> int:
    """Return the number of weights and biases of a network with layers of these sizes."""
    return sum(n_out * (n_in + 1) for n_in, n_out in pairwise(sizes))


def weights_and_biases(
    parameters: Array, sizes: Sequence[int]
) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
    """Return the views of `parameters`, (n,), that are the weights of each layer and the biases of each layer."""
    parts, end = [], 0
    for shape in [*((n_out, n_in) for n_in, n_out in pairwise(sizes)), *((n_out,) for n_out in sizes[1:])]:
        begin, end = end, end + prod(shape)
        parts.append(parameters[begin:end].reshape(shape))
    return tuple(parts[: len(sizes) - 1]), tuple(parts[len(sizes) - 1 :])
