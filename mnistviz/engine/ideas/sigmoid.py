"""From step to sigmoid: one unit with one input, as a perceptron and as a sigmoid neuron of the same w and b.

Nielsen's first chapter, "Sigmoid neurons": a small Δw makes the step do nothing or flip, and moves the sigmoid by
about ∂a/∂w · Δw + ∂a/∂b · Δb, his (5). Everything here is in float64.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import ArrayLike

from mnistviz.engine.functions import ACTIVATIONS, Floats

Values = Floats


def step(z: ArrayLike) -> Values:
    """Return 1 where z > 0 and 0 elsewhere, at z = 0 too: Nielsen (2), "output 0 if w·x + b ≤ 0"."""
    return (np.asarray(z) > 0).astype(np.float64)


def sigmoid(z: ArrayLike) -> Values:
    """Return σ(z) = 1 / (1 + e^−z), Nielsen (3), in the shape of z."""
    z = np.array(z, np.float64)
    return ACTIVATIONS["sigmoid"].value(z, np.empty_like(z))


class OneInputUnit(Struct, frozen=True):
    """A unit with one input: z = w·x + b."""

    w: float
    b: float

    def z(self, x: ArrayLike) -> Values:
        """Return the weighted input for inputs x, in their shape."""
        return self.w * np.asarray(x, np.float64) + self.b

    def step(self, x: ArrayLike) -> Values:
        return step(self.z(x))

    def sigmoid(self, x: ArrayLike) -> Values:
        return sigmoid(self.z(x))

    def nudged(self, dw: float, db: float) -> OneInputUnit:
        return OneInputUnit(self.w + dw, self.b + db)

    def scaled(self, c: float) -> OneInputUnit:
        return OneInputUnit(c * self.w, c * self.b)

    @property
    def threshold(self) -> float | None:
        """The input at which z = 0; None if w is 0."""
        return -self.b / self.w if self.w else None

    def slopes(self, x: float) -> tuple[float, float]:
        """Return ∂a/∂w = σ′(z)·x and ∂a/∂b = σ′(z) of the sigmoid neuron, with σ′ = σ(1 − σ)."""
        a = float(self.sigmoid(x))
        return a * (1 - a) * x, a * (1 - a)


class OutputChange(Struct, frozen=True):
    """Effect of Δw and Δb on a unit's outputs at one input. `step` and `sigmoid` are the actual changes, `promised` is
    the first-order change of the sigmoid."""

    step: float
    sigmoid: float
    promised: float


def change(unit: OneInputUnit, x: float, dw: float, db: float) -> OutputChange:
    """Change a unit by Δw and Δb at the input x; the first-order change of the sigmoid is ∂a/∂w · Δw + ∂a/∂b · Δb."""
    changed = unit.nudged(dw, db)
    by_w, by_b = unit.slopes(x)
    return OutputChange(
        float(changed.step(x) - unit.step(x)),
        float(changed.sigmoid(x) - unit.sigmoid(x)),
        by_w * dw + by_b * db,
    )


WIDEST: Final = 3.0  # inputs of the page go from −WIDEST to WIDEST
AWAY, APART = 0.1, 0.01
"""A sigmoid counts as a step if, at distance AWAY from the threshold, it differs from it by at most APART."""


def smallest_factor(unit: OneInputUnit) -> float | None:
    """Return the smallest c that makes a unit's sigmoid a step; None if its threshold is not in the figure."""
    if (at := unit.threshold) is None or abs(at) > WIDEST - AWAY:
        return None
    return float(np.log(1 / APART - 1)) / (AWAY * abs(unit.w))
