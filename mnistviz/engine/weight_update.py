"""The update of the parameters from the gradient of a mini-batch, with weight decay and momentum."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.functions import Array
from mnistviz.engine.settings import Settings


def update_weights(
    parameters: Array,
    velocity: Array,
    step: Array,
    weights: int,
    settings: Settings,
    rate: float,
    frozen: NDArray[np.intp],
) -> None:
    """Update `parameters` in place by `step`, η∇C, which is overwritten, and `velocity` if there is momentum; each is
    (n,).

    The first `weights` of the parameters are weights, the others biases, which do not decay. `rate` is ηλ/n, with n
    training samples: the share by which each weight decays. Parameters at the indices `frozen`, (k,), do not change
    and have velocity 0.
    """
    unchanged = parameters[frozen] if frozen.size else None
    if settings.momentum:
        _coast(parameters, velocity, step, weights, settings, rate)
    else:
        if rate:
            decaying = parameters[:weights]
            decaying *= 1 - rate  # Nielsen (93)
        parameters -= step
    if unchanged is not None:
        parameters[frozen] = unchanged
        if velocity.size:
            velocity[frozen] = 0


def decay_acts(settings: Settings, n: int) -> bool:
    """Return whether weight decay λ with n training digits can change a float32 weight.

    Without momentum a weight is multiplied by 1 − ηλ/n, which is rounded to 1 where ηλ/n is 2⁻²⁵ or less: half the
    distance from 1 to the float32 below it (IEEE 754, ties to even). With momentum the λ term is added to the
    gradient instead, and `velocity` gathers what is too small for a single step.
    """
    rate = settings.eta * settings.weight_decay / n
    return bool(np.float32(1 - rate) != 1 or (settings.momentum and rate > 0))


def _coast(
    parameters: Array, velocity: Array, step: Array, weights: int, settings: Settings, rate: float
) -> None:
    """Apply momentum: v → μv − η∇C, w → w + v, Nielsen (107), (108); ∇C includes the λ term. Nesterov's momentum in
    the form that keeps w where the gradient is taken: w → w + μv − η∇C with the new v (Sutskever et al. 2013, as
    rewritten by Bengio et al.)."""
    if rate:
        step[:weights] += rate * parameters[:weights]
    velocity *= settings.momentum
    velocity -= step
    if settings.momentum_kind == "nesterov":
        parameters -= step
        np.multiply(velocity, settings.momentum, out=step)
        parameters += step
    else:
        parameters += velocity
