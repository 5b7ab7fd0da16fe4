"""The content of the forecast plots as values: costs after the current step, and final error rates by setting."""

import math
from typing import Final, Literal

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace
from numpy.typing import NDArray

from mnistviz.engine.futures import Forecast, Future, Varied
from mnistviz.engine.scores import SHARE, Score, score, score_part
from mnistviz.engine.settings import SETTINGS
from mnistviz.gui.common.scales import Range, Scale, error_range
from mnistviz.gui.common.texts import tr
from mnistviz.gui.curves import future_words as words

Floats = NDArray[np.float64]

OVER: Final = 20  # mini-batches over which a drawn cost is averaged
_EVEN: Final = Range(0.0, 1.0)
_BESIDE: Final = 0.03  # of the axis of values, left of the first and right of the last
Outcome = Literal["fewer", "same", "more"]
_OUTCOMES: Final[dict[str, Outcome]] = {"better": "fewer", "equal": "same", "worse": "more"}


class Guess(Struct, frozen=True, eq=False):
    """The user's guess: the value with the fewest misclassified digits, or a drawn cost curve; None without one."""

    value: float | None = None
    drawn: tuple[Floats, Floats] | None = None


class FutureLine(Struct, frozen=True, eq=False):
    value: float
    label: str
    x: Floats
    y: Floats


class FutureEnd(Struct, frozen=True):
    """The final error rate of one forecast, a mean over orders of the samples. In 90 % of forecasts, the order changes
    no value's difference from the current one by its `margin` or more. `labels` are two lines, `told` a sentence."""

    value: float
    misread: float
    margin: float
    outcome: Outcome
    labels: tuple[str, str]
    told: str


class FuturesContent(Struct, frozen=True, eq=False):
    """The content of both plots. `chosen` is the value set, `until_now` the one that the run was trained with, `steps`
    the mini-batches ahead. `reference` is the error rate if the value stays, or, while covered, the current one, with
    its names from long to short; `values` and `shares` are the axes of the error rates."""

    varied: Varied
    chosen: float
    until_now: float
    lines: tuple[FutureLine, ...]
    steps: Range
    ends: tuple[FutureEnd, ...]
    reference: float
    reference_names: tuple[str, ...]
    values: Range
    shares: Range
    title: tuple[str, ...]
    digits_note: tuple[str, ...]
    order_note: tuple[str, ...]
    covered: bool = False  # whether the forecasts are hidden until the user has guessed
    guess: Guess = field(default_factory=Guess)

    def end(self, value: float) -> FutureEnd:
        return next(end for end in self.ends if end.value == value)

    def told_of_guess(self, forecast: Forecast) -> str:
        """Compare the guess with the forecast in a sentence; empty without a guess, or without a cost at that step."""
        if self.guess.value is not None:
            return tr("You pointed at {told}", told=words.told(forecast, forecast.of(self.guess.value)))
        if self.guess.drawn is None:
            return ""
        line = next(line for line in self.lines if line.value == self.chosen)
        good = np.isfinite(line.y)
        step = min(float(self.guess.drawn[0][-1]), float(line.x[-1]))
        if not good.any() or step > line.x[good][-1]:
            return ""
        cost = float(np.interp(step, line.x[good], line.y[good]))
        return words.drawn(forecast.varied, self.chosen, round(step), float(self.guess.drawn[1][-1]), cost)

    def score_of_guess(self, forecast: Forecast) -> Score | None:
        """Score the guess: by how many more digits its value misclassifies than the best one, correct within the margin
        of the sample order; or by the distance of the drawn costs from the forecast."""
        if self.guess.value is not None:
            misread, best = forecast.mean_misread, min(forecast.futures, key=forecast.mean_misread)
            right = forecast.verdict(best).margin
            pointed = misread(forecast.of(self.guess.value))
            return score(pointed, misread(best), right, right + SHARE[0], "points")
        if self.guess.drawn is None:
            return None
        line = next(line for line in self.lines if line.value == self.chosen)
        known = np.isfinite(line.y)
        (x, y), (steps, costs) = self.guess.drawn, (line.x[known], line.y[known])
        there = (x >= steps[0]) & (x <= steps[-1]) if len(steps) else np.zeros(len(x), np.bool_)
        return score_part(y[there], np.interp(x[there], steps, costs)) if there.any() else None


def cover(content: FuturesContent, forecast: Forecast) -> FuturesContent:
    """Return the content without the forecasts; no axis and no text depends on them."""
    now = forecast.misread_now
    ends = tuple(
        replace(end, misread=now, margin=0.0, outcome="same", labels=("", name), told=name)
        for end in content.ends
        for name in (words.value(forecast.varied, end.value),)
    )
    shares = error_range(np.array([now / 2, min(1.0, 4 * now)]), _EVEN)
    return replace(
        content,
        lines=(),
        ends=ends,
        reference=now,
        reference_names=(tr("now"),),
        shares=shares,
        title=words.question(forecast),
        order_note=(),
        covered=True,
    )


def present(forecast: Forecast, chosen: float, validation: int) -> FuturesContent:
    """Return the content for a forecast with `chosen` set; `validation` is the number of validation digits."""
    varied, size = forecast.varied, forecast.now.mini_batch_size
    lines = tuple(_line(forecast, future, chosen, size) for future in forecast.futures)
    ends = tuple(_end(forecast, future) for future in forecast.futures)
    kept = forecast.mean_misread(forecast.current)
    finite = [end for end, future in zip(ends, forecast.futures, strict=True) if not future.diverges]
    shares = [end.misread for end in finite]
    shares += [end.misread - end.margin for end in finite if end.misread <= kept]
    return FuturesContent(
        varied,
        chosen,
        getattr(forecast.now, varied),
        lines,
        Range(float(forecast.step), float(forecast.step + forecast.mini_batches)),
        ends,
        kept,
        (tr("keeping {value}", value=words.of(forecast, forecast.current.value)), tr("if kept")),
        _values(varied, [end.value for end in ends]),
        _shares(np.array(shares)),
        words.title(forecast),
        words.digits_note(forecast, validation),
        words.order_note(forecast),
    )


def _shares(values: Floats) -> Range:
    """Return a logarithmic axis that fits the error rates closely: its ends need not be round."""
    values = values[values > 0]
    if not len(values):
        return Range(0.01, 1.0, True)
    low, high = float(values.min()), float(values.max())
    return Range(low / 1.1, min(1.0, max(high * 1.1, low * 1.5)), True)


def _values(varied: Varied, values: list[float]) -> Range:
    """Return the axis that all values lie on, logarithmic unless the setting has even steps or may be 0."""
    scale, low, high = Scale.of(SETTINGS[varied]), min(values), max(values)
    if scale.step or low <= 0:
        beside = _BESIDE * (high - low or 1)
        return Range(low - beside, high + beside)
    beside = _BESIDE * math.log(high / low) or 0.1
    return Range(low * math.exp(-beside), high * math.exp(beside), True)


def _line(forecast: Forecast, future: Future, chosen: float, size: int) -> FutureLine:
    costs, known = future.costs, len(forecast.before.values)
    label = words.of(forecast, future.value)
    if future.diverges:
        label = tr("{value} diverges", value=label)
    elif future.value == getattr(forecast.now, forecast.varied):
        kept = future.value == chosen
        label = tr("keeping {value}", value=label) if kept else tr("{value} until now", value=label)
    if forecast.varied == "mini_batch_size" and future.value != size:
        x = forecast.step + (costs.digits - forecast.digits) / size
        over = max(1, round(OVER * size / future.value))  # over the same number of digits
        earlier = np.full(over, np.mean(forecast.before.values[-OVER:])) if known else np.empty(0)
        y = _mean_of_last(np.concatenate((earlier, costs.values)), over)[len(earlier) :]
        return FutureLine(future.value, label, x, y)
    x = forecast.step + np.arange(len(costs.values), dtype=np.float64)
    y = _mean_of_last(np.concatenate((forecast.before.values, costs.values)), OVER)[known:]
    return FutureLine(future.value, label, x, y)


def _mean_of_last(values: Floats, over: int) -> Floats:
    """Return the trailing mean over at most `over` values; NaN from the first value that is not finite."""
    finite = np.isfinite(values)
    count = len(values) if finite.all() else int(np.argmin(finite))
    sums = np.concatenate(([0.0], np.cumsum(values[:count])))
    at = np.arange(1, count + 1)
    first = np.maximum(at - over, 0)
    means = np.full(len(values), np.nan)
    means[:count] = (sums[at] - sums[first]) / (at - first)
    return means


def _end(forecast: Forecast, future: Future) -> FutureEnd:
    sentence, verdict = words.told(forecast, future), forecast.verdict(future)
    misread, outcome, margin = forecast.mean_misread(future), _OUTCOMES[verdict.outcome], verdict.margin
    if future is forecast.current or future.diverges:
        outcome, margin = "more" if future.diverges else "same", 0.0
    return FutureEnd(future.value, misread, margin, outcome, words.end(forecast, future), sentence)
