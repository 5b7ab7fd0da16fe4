"""The numbers along a slider."""

from __future__ import annotations

import math
from dataclasses import dataclass

from mnistviz.engine.settings import Setting

_FINE = 1000  # positions of a logarithmic slider
_ZERO = 0.04  # share of a slider that stands for 0


@dataclass(frozen=True)
class Scale:
    """The numbers along a slider, from `low` to `high`: logarithmic, with 0 at the left end if `zero`, or evenly spaced
    by `step`, if there is one."""

    low: float
    high: float
    zero: bool = False
    step: float = 0.0

    @classmethod
    def of(cls, setting: Setting) -> Scale:
        """Return the scale of a setting's usual values, with 0 if it may be 0."""
        low, high = setting.usual or setting.bounds
        return cls(low, high, zero=setting.bounds[0] == 0 and not setting.step, step=setting.step)

    @property
    def positions(self) -> int:
        """The rightmost position of a slider; the leftmost is 0."""
        return round((self.high - self.low) / self.step) if self.step else _FINE

    def value(self, position: int) -> float:
        """Return the number at a position, rounded to few figures."""
        if position == self.positions:
            return self.high
        if self.step:
            return float(f"{self.low + position * self.step:.6g}")
        share = position / _FINE
        if self.zero:
            share = (share - _ZERO) / (1 - _ZERO)
            if share < 0:
                return 0.0
        return float(f"{self.low * (self.high / self.low) ** share:.2g}")

    def position(self, value: float) -> int:
        clipped = min(max(value, self.low), self.high)
        if self.step:
            return round((clipped - self.low) / self.step)
        share = math.log(clipped / self.low) / math.log(self.high / self.low)
        if self.zero:
            share = _ZERO + (1 - _ZERO) * share if value > 0 else 0.0
        return round(share * _FINE)

    def beside(self, value: float, direction: int) -> float:
        """Return the next number up (1) or down (−1)."""
        if self.step:
            return float(f"{value + direction * self.step:.6g}")
        if self.zero and (value == 0 or (direction < 0 and value <= self.low)):
            return self.low if direction > 0 else 0.0
        return float(f"{value * 10 ** (direction / 20):.3g}")
