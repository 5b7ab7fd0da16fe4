"""A series of any length, summarised in a bounded number of columns that merge in pairs."""

from collections.abc import Sequence
from copy import copy
from math import fsum
from typing import Literal, Self

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from mnistviz.engine.functions import Array, Floats, Ints

PositionUnit = Literal["steps", "digits"]

MOST_COLUMNS = 2000
BLOCK = 32  # columns per histogram array: unchanged arrays are shared

BINS_PER_DECADE = 16
LOWEST, HIGHEST = 1e-7, 1e4
BINS = 11 * BINS_PER_DECADE
PERCENTILE_ERROR = 10 ** (1 / BINS_PER_DECADE)
"""A percentile is off by less than this factor (1.155) where the values lie between 1e-7 and 1e4."""

_EDGES = LOWEST * 10 ** (np.arange(1, BINS) / BINS_PER_DECADE)
_LOWER = np.concatenate(([-np.inf], _EDGES))
_UPPER = np.concatenate((_EDGES, [np.inf]))
_ABOVE_ZERO = 1e-9  # values: even the 0th percentile must lie in a bin with values
_TOO_LARGE = 1e200  # sums of smaller values stay finite, so that one value can't spoil a mean

_COUNTS = ("first_step", "last_step", "first_digits", "last_digits", "count", "not_finite")
_VALUES = ("total", "rest", "smallest", "largest")
ROW = np.dtype(
    [*((name, np.int64) for name in _COUNTS), *((name, np.float64) for name in _VALUES), ("part", np.int64)]
)
_EMPTY = np.array((0, 0, 0, 0, 0, 0, 0.0, 0.0, np.inf, -np.inf, 0), ROW)
_BYTES = f"V{ROW.itemsize}"
FIELDS: dict[PositionUnit, tuple[str, str]] = {
    "steps": ("first_step", "last_step"),
    "digits": ("first_digits", "last_digits"),
}


class Column(Struct, frozen=True):
    """Statistics of neighbouring values, measured from `first_step` to `last_step` inclusive.

    `mean`, `smallest` and `largest` are exact; `low` and `high` are the 10th and the 90th percentile, NaN without a
    histogram. `count` excludes the `not_finite` values; figures of no values are NaN. `part` is not 0 if a value was
    measured on only that many samples, the first ones of a set.
    """

    first_step: int
    last_step: int
    first_digits: int
    last_digits: int
    count: int
    not_finite: int
    mean: float
    smallest: float
    largest: float
    low: float
    high: float
    part: int = 0


class ColumnsParts(Struct, frozen=True, eq=False):
    """Data of a `Columns`: `rows` of `ROW`, (n,), and `bins` of uint32, (n, BINS), if there is a histogram."""

    capacity: int
    span: int
    size: int
    rows: Array
    bins: NDArray[np.uint32] | None


class Columns:
    """Immutable series of values in step order, summarised in at most `capacity` columns of `span` values each. Adding
    returns a new object that shares data with this one.

    Column i covers the values i * span to (i + 1) * span − 1; only the last may be short. When all are full, neighbours
    merge in pairs and the span doubles. Count, sum, smallest and largest stay exact; with `histogram`, percentiles stay
    known within `PERCENTILE_ERROR`. The result does not depend on how values are split into calls.
    """

    def __init__(self, capacity: int = MOST_COLUMNS, *, histogram: bool = False) -> None:
        if capacity < 2 or capacity % 2:
            raise ValueError("capacity must be even and at least 2")
        self.capacity = capacity
        self.span = 1
        self.size = 0
        self.rows = _locked(np.empty(0, ROW))
        """The columns, shape (len,): first_step, last_step, first_digits, last_digits, count, not_finite, total,
        smallest, largest, part. Read-only."""
        self._bins: tuple[NDArray[np.uint32], ...] | None = () if histogram else None
        """Histograms of `BLOCK` columns in each."""

    @classmethod
    def of(cls, parts: ColumnsParts) -> Self:
        """Build columns from their data; raise ValueError if it is inconsistent."""
        columns = cls(parts.capacity, histogram=parts.bins is not None)
        rows, count, span = parts.rows, len(parts.rows), parts.span
        steps = rows["last_step"]
        if (
            not (0 <= count <= parts.capacity and span > 0 and span & (span - 1) == 0)
            or not (count - 1) * span < max(parts.size, 1) <= max(count * span, 1)
            or (parts.bins is not None and parts.bins.shape != (count, BINS))
            or (rows["count"] < 0).any()
            or (np.diff(steps) < 0).any()
        ):
            raise ValueError("these are no columns")
        return columns._with(span, parts.size, rows, None if parts.bins is None else _blocks(parts.bins))

    @property
    def parts(self) -> ColumnsParts:
        bins = None if self._bins is None else self._bins_of(0, len(self))
        return ColumnsParts(self.capacity, self.span, self.size, self.rows, bins)

    def coarse(self, most: int) -> Self:
        columns = self
        while len(columns) > most:
            columns = columns.whole(len(columns) // 2 * 2 * columns.span)._merged()
        return columns

    def __len__(self) -> int:
        return len(self.rows)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Columns):
            return NotImplemented
        own, others = (
            (c.span, c.size, c.rows.tobytes(), None if c._bins is None else c._bins_of(0, len(c)).tobytes())
            for c in (self, other)
        )
        return own == others

    __hash__ = None  # type: ignore[assignment]

    def extended(self, steps: Ints, digits: Ints, values: Floats, part: int = 0) -> Self:
        """Return the series with more values, and the steps and samples before each: three arrays of shape (n,). `part`
        is as in `Column`. Values not finite or beyond 1e200 count in `not_finite`. ValueError if steps go back."""
        if self.size and len(steps) and steps[0] < self.rows["last_step"][-1]:
            raise ValueError("values must come in the order of their steps")
        columns, begin = self, 0
        while begin < len(values):
            if columns.size == columns.capacity * columns.span:
                columns = columns._merged()
            end = min(len(values), begin + columns.capacity * columns.span - columns.size)
            columns = columns._filled(steps[begin:end], digits[begin:end], values[begin:end], part)
            begin = end
        return columns

    def _filled(self, steps: Ints, digits: Ints, values: Floats, part: int) -> Self:
        n = len(values)
        first, filled = divmod(self.size, self.span)  # the column to continue, and its values so far
        starts = np.arange(-filled, n, self.span)
        starts[0] = 0
        ends = np.append(starts[1:], n) - 1
        column = np.arange(filled, filled + n) // self.span  # of each value, counted from `first`
        every = np.empty(first + len(starts), ROW)
        # copying field by field takes ten times as long
        every.view(_BYTES)[: len(self)] = self.rows.view(_BYTES)
        every[len(self) :] = _EMPTY
        rows = every[first:]
        new = slice(1 if filled else 0, None)
        rows["first_step"][new] = steps[starts[new]]
        rows["first_digits"][new] = digits[starts[new]]
        rows["last_step"] = steps[ends]
        rows["last_digits"] = digits[ends]
        rows["part"] = np.maximum(rows["part"], part)

        counts, low, high = ends - starts + 1, values, values
        finite = np.abs(values) < _TOO_LARGE
        if not finite.all():
            not_finite = np.bincount(column[~finite], minlength=len(starts))
            rows["not_finite"] += not_finite
            counts -= not_finite
            low, high = np.where(finite, values, np.inf), np.where(finite, values, -np.inf)
            column, values = column[finite], values[finite]
        rows["count"] += counts
        self._add_up(rows, column, values)
        rows["smallest"] = np.minimum(rows["smallest"], np.minimum.reduceat(low, starts))
        rows["largest"] = np.maximum(rows["largest"], np.maximum.reduceat(high, starts))
        bins = None
        if self._bins is not None:
            shared = first // BLOCK
            changed = np.zeros((len(every) - shared * BLOCK, BINS), np.uint32)
            changed[: len(self) - shared * BLOCK] = self._bins_of(shared * BLOCK, len(self))
            decades = np.log10(np.clip(values, LOWEST, HIGHEST)) - np.log10(LOWEST)
            of_each = np.minimum(decades * BINS_PER_DECADE, BINS - 1).astype(np.int64)
            np.add.at(changed, (first - shared * BLOCK + column, of_each), np.uint32(1))
            bins = (*self._bins[:shared], *_blocks(changed))
        return self._with(self.span, self.size + n, every, bins)

    def _add_up(self, rows: Array, column: Ints, values: Floats) -> None:
        """Add values to the sums of their columns in double-double precision, so that the totals do not depend on how
        the values were split into calls or when columns merged."""
        if self.span == 1:
            rows["total"][column] = values
            return
        ends = np.searchsorted(column, np.arange(len(rows)), side="right").tolist()
        known = zip(rows["total"].tolist(), rows["rest"].tolist(), (0, *ends), ends, strict=False)
        parts = [(total, rest, *values[begin:end].tolist()) for total, rest, begin, end in known]
        rows["total"] = totals = [fsum(each) for each in parts]
        rows["rest"] = [fsum((*each, -total)) for each, total in zip(parts, totals, strict=True)]

    def _merged(self) -> Self:
        left, right = self.rows[0::2].copy(), self.rows[1::2]
        for name in ("last_step", "last_digits"):
            left[name] = right[name]
        for name in ("count", "not_finite"):
            left[name] += right[name]
        left["total"], left["rest"] = _sum(left, right)
        left["smallest"] = np.minimum(left["smallest"], right["smallest"])
        for name in ("largest", "part"):
            left[name] = np.maximum(left[name], right[name])
        bins = None
        if self._bins is not None:
            every = self._bins_of(0, len(self))
            bins = _blocks(every[0::2] + every[1::2])
        return self._with(2 * self.span, self.size, left, bins)

    def whole(self, count: int) -> Self:
        """Return the columns within the first `count` values, which, extended, give the same result as all."""
        columns = len(self) if count >= self.size else count // self.span
        bins = None if self._bins is None else _blocks(self._bins_of(0, columns))
        return self._with(self.span, min(self.size, columns * self.span), self.rows[:columns], bins)

    def _with(self, span: int, size: int, rows: Array, bins: tuple[NDArray[np.uint32], ...] | None) -> Self:
        columns = copy(self)
        columns.span, columns.size, columns.rows, columns._bins = span, size, _locked(rows), bins
        return columns

    def _bins_of(self, start: int, stop: int) -> NDArray[np.uint32]:
        assert self._bins is not None
        first = start // BLOCK
        if not (blocks := self._bins[first : -(-stop // BLOCK)]):
            return np.empty((0, BINS), np.uint32)
        bins = blocks[0] if len(blocks) == 1 else np.concatenate(blocks)
        return bins[start - first * BLOCK : stop - first * BLOCK]

    # Reading: `group` neighbours taken together, from column `start` on

    def positions(self, unit: PositionUnit, start: int = 0, group: int = 1) -> Floats:
        """Return the middle of each group in steps or digits, shape (groups,)."""
        rows = self.rows[start:]
        heads = np.arange(0, len(rows), group)
        tails = np.minimum(heads + group, len(rows)) - 1
        first, last = FIELDS[unit]
        return np.asarray((rows[first][heads] + rows[last][tails]) / 2)

    def means(self, start: int = 0, group: int = 1) -> Floats:
        """Return the exact mean of each group, shape (groups,); NaN where no value is finite."""
        rows = self.rows[start:]
        heads = np.arange(0, len(rows), group)
        if not len(heads):
            return np.empty(0)
        total, count = np.add.reduceat(rows["total"], heads), np.add.reduceat(rows["count"], heads)
        return np.asarray(np.divide(total, count, out=np.full(len(heads), np.nan), where=count > 0))

    def percentiles(
        self, percents: Sequence[float], start: int = 0, group: int = 1, stop: int | None = None
    ) -> Floats:
        """Return percentiles of each group before column `stop`, (len(percents), groups); NaN where no value is finite.

        A percentile is the smallest value that at least this share does not exceed (NumPy's "inverted_cdf"). It is
        interpolated inside its bin, and never outside the smallest and largest value.
        """
        if self._bins is None:
            raise ValueError("these columns keep no histogram")
        stop = len(self) if stop is None else min(stop, len(self))
        rows, bins = self.rows[start:stop], self._bins_of(start, stop)
        heads = np.arange(0, len(rows), group)
        if not len(heads):
            return np.empty((len(percents), 0))
        smallest = np.minimum.reduceat(rows["smallest"], heads)
        largest = np.maximum.reduceat(rows["largest"], heads)
        if group > 1:
            bins = np.add.reduceat(bins, heads, axis=0)
        reached = np.cumsum(bins, axis=1, dtype=np.int64)
        count = reached[:, -1]
        each = np.arange(len(heads))
        wanted = np.maximum(np.array(percents)[:, np.newaxis] / 100 * count, _ABOVE_ZERO)
        at = np.argmax(reached >= wanted[:, :, np.newaxis], axis=2)
        share = 1 - (reached[each, at] - wanted) / np.maximum(bins[each, at], 1)
        low, high = np.maximum(_LOWER[at], smallest), np.minimum(_UPPER[at], largest)
        with np.errstate(invalid="ignore"):  # ∞ − ∞ where no value is finite
            return np.asarray(np.clip(low + share * (high - low), smallest, largest))

    def column_at(self, position: float, unit: PositionUnit = "steps", group: int = 1) -> Column | None:
        """Return the group that covers a position, or the nearest one; None if there are no values."""
        if not len(self):
            return None
        rows = self.rows
        first, last = FIELDS[unit]
        at = min(int(np.searchsorted(rows[last], position)), len(rows) - 1)
        if at and position - rows[last][at - 1] < rows[first][at] - position:
            at -= 1
        return self.column(at // group, group)

    def column(self, number: int, group: int = 1) -> Column:
        """Return the statistics of group `number`; raise IndexError if there is none."""
        start = number * group
        rows = self.rows[start : start + group]
        count = int(rows["count"].sum())
        low = high = np.nan
        if self._bins is not None and count:
            low, high = self.percentiles((10, 90), start, group, start + group)[:, 0]
        return Column(
            first_step=int(rows["first_step"][0]),
            last_step=int(rows["last_step"][-1]),
            first_digits=int(rows["first_digits"][0]),
            last_digits=int(rows["last_digits"][-1]),
            count=count,
            not_finite=int(rows["not_finite"].sum()),
            mean=float(rows["total"].sum()) / count if count else np.nan,
            smallest=float(rows["smallest"].min()) if count else np.nan,
            largest=float(rows["largest"].max()) if count else np.nan,
            low=float(low),
            high=float(high),
            part=int(rows["part"].max()),
        )


def _locked(rows: Array) -> Array:
    rows.flags.writeable = False
    return rows


def _blocks(bins: NDArray[np.uint32]) -> tuple[NDArray[np.uint32], ...]:
    return tuple(_locked(bins[at : at + BLOCK]) for at in range(0, len(bins), BLOCK))


def _sum(left: Array, right: Array) -> tuple[Floats, Floats]:
    """Return the rounded sums and their remainders (Knuth's TwoSum)."""
    a, b = left["total"], right["total"]
    total = a + b
    part = total - a
    rest = (a - (total - part)) + (b - part) + (left["rest"] + right["rest"])
    whole: Floats = total + rest
    return whole, rest - (whole - total)
