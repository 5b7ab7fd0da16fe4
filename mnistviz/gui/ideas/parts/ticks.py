"""Where an axis has its ticks."""

from __future__ import annotations

import math

from mnistviz.gui.common import numbers

Ticks = list[tuple[float, str]]
"""Places, in units, and what is written there."""
ROUND = (1.0, 2.0, 5.0)
"""Steps between round numbers, times a power of ten."""


def multiples(step: float, low: float, high: float) -> list[float]:
    """All multiples of `step` from `low` to `high`."""
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [number * step for number in range(first, last + 1)]


def ticks_at(places: list[float]) -> Ticks:
    """Ticks with their numbers."""
    return [(place, numbers.tick(place)) for place in places]
