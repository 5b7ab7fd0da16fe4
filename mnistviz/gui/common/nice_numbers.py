"""Round numbers near a given one: a step of a short list × a power of ten. The first step is 1."""

from __future__ import annotations

import math

ROUND = (1.0, 2.0, 5.0)
"""The usual steps."""
_ROUNDING = 1e-9


def nice_above(value: float, steps: tuple[float, ...]) -> float:
    """Return the smallest round number that is at least `value` > 0."""
    power: float = 10.0 ** math.floor(math.log10(value))
    return next((s * power for s in steps if s * power >= value * (1 - _ROUNDING)), 10 * power)


def nice_below(value: float, steps: tuple[float, ...]) -> float:
    """Return the largest round number that is at most `value` > 0."""
    power: float = 10.0 ** math.floor(math.log10(value))
    return next((s * power for s in reversed(steps) if s * power <= value * (1 + _ROUNDING)), power)


def multiples(step: float, low: float, high: float) -> list[float]:
    """Return all multiples of `step` from `low` to `high`."""
    first, last = math.ceil(low / step - _ROUNDING), math.floor(high / step + _ROUNDING)
    return [number * step for number in range(first, last + 1)]
