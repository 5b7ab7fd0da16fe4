"""Scales of axes and sliders: round numbers, ranges that change rarely, and ticks. No Qt."""

import math
from typing import Self

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from mnistviz.engine.settings import Setting

ROUND = (1.0, 2.0, 5.0)
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
    first, last = math.ceil(low / step - _ROUNDING), math.floor(high / step + _ROUNDING)
    return [number * step for number in range(first, last + 1)]


Floats = NDArray[np.float64]

_NICE = (1.0, 2.0, 4.0, 6.0, 10.0)
_FLOORS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99)  # of the accuracy
_CLEAR = 0.1  # of an axis: the lowest accuracy is this far above a higher floor before that is taken
_LOG = (1.0, 2.0, 5.0, 10.0)
_MARGIN = 4  # how far beyond the axis a place may lie, in its lengths
_SMALLEST = 1e-300  # stands for 0 on a logarithmic axis
_BLOCKS, _LEAST_BLOCK = 40, 16  # blocks of a run when looking for a leap of its cost, points in one
_LEAST_ERROR = 0.01  # the axis of the errors reaches down to this at least
_LEAP, _NO_LEAP = 10.0, 6.0  # times: from here the axis is logarithmic, and below this it is linear again


class Range(Struct, frozen=True):
    """The ends of an axis, `low` < `high`; both above 0 if it is logarithmic."""

    low: float
    high: float
    log: bool = False

    def share(self, values: Floats) -> Floats:
        """Return where values lie on the axis: 0 at `low`, 1 at `high`, clipped to a few lengths of the axis."""
        low, high = self.low, self.high
        if self.log:
            values = np.log10(np.maximum(values, _SMALLEST))
            low, high = math.log10(low), math.log10(high)
        share: Floats = values * (1 / (high - low)) - low / (high - low)
        return np.minimum(np.maximum(share, -_MARGIN, out=share), 1 + _MARGIN, out=share)


def grown(extent: float, least: float) -> float:
    """Return the end of an axis that holds `extent`: `least`, or twice, four times, … as much."""
    return least * 2.0 ** max(0, math.ceil(math.log2(max(extent, least) / least) - _ROUNDING))


def _without_extremes(values: Floats, share: float, *, largest: bool) -> float:
    """Return the largest (or smallest) value after leaving out that share of the most extreme ones."""
    skipped = int(share * len(values))
    place = len(values) - 1 - skipped if largest else skipped
    return float(np.partition(values, place)[place])


def has_leapt(means: Floats, *, before: bool) -> bool:
    """Return True if a linear axis cannot show costs that rose in mid-run; near the threshold return `before`."""
    means = means[np.isfinite(means)]
    length = max(_LEAST_BLOCK, -(-len(means) // _BLOCKS))
    if (blocks := len(means) // length) < 4:
        return False
    levels = np.sort(means[: blocks * length].reshape(blocks, length), axis=1)[:, length // 2]
    lowest = np.maximum(np.minimum.accumulate(levels), _SMALLEST)
    return bool((levels / lowest).max() >= (_NO_LEAP if before else _LEAP))


def cost_range(upper: Floats, lower: Floats, log: bool, now: Range) -> Range:
    """Return a range for costs whose band lies between `lower` and `upper`, or `now` if that still fits.

    A few per cent of the highest columns, the fall at the very beginning, may lie above it.
    """
    upper = upper[np.isfinite(upper)]
    if log:
        lower = lower[np.isfinite(lower) & (lower > 0)]
        if not len(lower) or not len(upper):
            return now if now.log else Range(0.01, 1.0, True)
        high = nice_above(max(float(upper.max()), 1e-12), _LOG)
        low = min(nice_below(_without_extremes(lower, 0.02, largest=False), _LOG), high / 10)
        if now.log and now.low <= low and now.high >= high:
            spare = math.log10(now.high / now.low) - math.log10(high / low)
            if spare < 1:
                return now
        return Range(low, high, True)
    if not len(upper):
        return now if not now.log else Range(0.0, 1.0)
    wanted = max(1.06 * _without_extremes(upper, 0.02, largest=True), 1e-9)
    if not now.log and 0.45 * now.high <= wanted <= now.high:
        return now
    return Range(0.0, nice_above(wanted, _NICE))


def accuracy_range(values: Floats, now: Range) -> Range:
    """Return a range up to 1 for accuracies, from the highest floor that is below them, or `now` if that fits."""
    if not len(values):
        return Range(0.0, 1.0) if now.log else now
    lowest = float(values.min())
    clear = max(floor for floor in _FLOORS if floor + _CLEAR * (1 - floor) * (floor > 0) <= max(lowest, 0.0))
    fits = not now.log and now.low in _FLOORS and clear <= now.low <= lowest
    return now if fits else Range(clear, 1.0)


def error_range(values: Floats, now: Range) -> Range:
    """Return a logarithmic range for errors, 0 to 1; 0 lies below it."""
    values = values[values > 0]
    if not len(values):
        return now if now.log else Range(0.01, 1.0, True)
    low, high = nice_below(float(values.min()), _LOG), min(1.0, nice_above(float(values.max()), _LOG))
    low = min(low, high / 5, _LEAST_ERROR)
    if now.log and now.low <= low and now.high >= high and now.high / now.low < 10 * high / low:
        return now
    return Range(low, high, True)


def ticks(span: Range, most: int) -> list[float]:
    if span.log:
        return _log_ticks(span, most)
    step = nice_above((span.high - span.low) / max(most, 1), _LOG)
    first, last = math.ceil(span.low / step - 1e-6), math.floor(span.high / step + 1e-6)
    return [i * step for i in range(first, last + 1)]


def _log_ticks(span: Range, most: int) -> list[float]:
    first, last = math.floor(math.log10(span.low)), math.ceil(math.log10(span.high))
    low, high = span.low * (1 - 1e-6), span.high * (1 + 1e-6)
    for steps in ((1, 2, 5), (1, 3), (1,)):
        every = (s * 10.0**p for p in range(first, last + 1) for s in steps)
        values = [value for value in every if low <= value <= high]
        if len(values) <= most:
            return values
    return values[:: -(-len(values) // max(most, 1))]


def decimals(values: list[float]) -> int:
    fits = (d for d in range(12) if all(abs(round(v, d) - v) < 1e-6 * (abs(v) or 1) for v in values))
    return next(fits, 12)


_FINE = 1000  # positions of a logarithmic slider
_ZERO = 0.04  # share of a slider that stands for 0


class Scale(Struct, frozen=True):
    """The numbers along a slider, from `low` to `high`: logarithmic, with 0 at the left if `zero`, or `step` apart."""

    low: float
    high: float
    zero: bool = False
    step: float = 0.0

    @classmethod
    def of(cls, setting: Setting) -> Self:
        """Return the scale of a setting's usual values, with 0 if it may be 0."""
        low, high = setting.usual or setting.bounds
        return cls(low, high, zero=setting.bounds[0] == 0 and not setting.step, step=setting.step)

    @property
    def positions(self) -> int:
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
