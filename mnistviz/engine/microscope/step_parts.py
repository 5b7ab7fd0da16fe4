"""The step of one mini-batch split into gradient, momentum, and weight decay."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.functions import Array, quietly
from mnistviz.engine.hand_edits import places_of
from mnistviz.engine.parameters import weights_and_biases
from mnistviz.engine.trainer import TrainerState

Float64s = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class StepParts:
    """Change of each weight and bias by one mini-batch: float64 (n,), in the order of `Network.parameters`.

    `gradient` is −η∇C, `momentum` the contribution of earlier mini-batches, `decay` that of weight decay, and
    `rounding` the float32 remainder. The four add up to `moved`, the weights after the step minus those before it. All
    are 0 for the weights of frozen units.
    """

    gradient: Float64s
    momentum: Float64s
    decay: Float64s
    rounding: Float64s
    moved: Float64s
    sizes: tuple[int, ...]

    def of_layer(self, part: str, layer: int) -> tuple[Float64s, Float64s]:
        """Return one of the parts, by name, for the weights of a layer, (n_out, n_in), and its biases, (n_out,)."""
        weights, biases = weights_and_biases(getattr(self, part), self.sizes)
        return weights[layer], biases[layer]


@quietly
def step_parts(
    before: TrainerState, after: Array, step: Array, eta: float, training_digits: int
) -> StepParts:
    """Split the update from a state to the parameters `after`, (n,); `step` is η∇C, (n,). Each part is rounded as in
    training (`Trainer.step`), so that only the last bit is left over."""
    settings, w = before.settings, before.parameters
    count = sum(n_out * n_in for n_in, n_out in pairwise(settings.sizes))
    rate = eta * settings.weight_decay / training_digits
    step, whole = step.copy(), step.copy()
    momentum = np.zeros_like(w)
    if settings.momentum:
        if rate:
            whole[:count] += rate * w[:count]
        decay = step.astype(np.float64) - whole
        if before.velocity.size:
            np.multiply(before.velocity, settings.momentum, out=momentum)
        if settings.momentum_kind == "nesterov":
            momentum -= whole
            momentum *= settings.momentum
    else:
        decay = np.zeros(len(w), np.float64)
        if rate:
            decay[:count] = (w[:count] * (1 - rate)).astype(np.float64) - w[:count]
    gradient, pushed = -step.astype(np.float64), momentum.astype(np.float64)
    frozen = places_of(before.frozen, settings.sizes)
    for part in (gradient, pushed, decay):
        part[frozen] = 0
    moved = after.astype(np.float64) - w
    return StepParts(gradient, pushed, decay, moved - (gradient + pushed + decay), moved, settings.sizes)
