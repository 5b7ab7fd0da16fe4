"""The content of the forecast plots as values: costs after the current step, and final error rates by setting."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.futures import Forecast, Future, Varied
from mnistviz.engine.scores import SHARE, Score, score, score_part
from mnistviz.engine.settings import SETTINGS
from mnistviz.gui.common.scales import Range, Scale, cost_range, error_range, ticks
from mnistviz.gui.futures import future_words as words

Floats = NDArray[np.float64]

OVER: Final = 20  # mini-batches over which a drawn cost is averaged
SEEN_BEFORE: Final = 0.5  # as a share of the mini-batches ahead: at most so many before now are drawn
_EVEN, _LOG = Range(0.0, 1.0), Range(0.01, 1.0, True)
_TICKS: Final = 6
_ROOM: Final = 3.0  # times the costs before now: the range for a drawn guess
_ABOVE: Final = 1.02  # times the highest cost: the top of the axis
Outcome = Literal["fewer", "same", "more"]
_OUTCOMES: Final[dict[str, Outcome]] = {"better": "fewer", "equal": "same", "worse": "more"}


@dataclass(frozen=True, eq=False)
class Guess:
    """The user's guess: the value with the fewest misclassified digits, or a drawn cost curve over the run's
    mini-batches; both None without a guess."""

    value: float | None = None
    drawn: tuple[Floats, Floats] | None = None


@dataclass(frozen=True, eq=False)
class FutureLine:
    value: float
    label: str
    x: Floats
    y: Floats


@dataclass(frozen=True)
class FutureEnd:
    """The final error rate of one forecast. `place` is the position of its value on the slider, 0 to 1. With 90 %
    probability, the sample order alone changes its difference from the current value's by less than `margin`."""

    value: float
    place: float
    misread: float
    margin: float
    outcome: Outcome
    label: str
    told: str


@dataclass(frozen=True, eq=False)
class FuturesContent:
    """The content of both plots. `chosen` is the value set, `until_now` the one that the run was trained with, `before`
    the costs until now. `reference` is the error rate if the value stays, or, while covered, the current one."""

    varied: Varied
    chosen: float
    until_now: float
    now: int
    before: tuple[Floats, Floats]
    lines: tuple[FutureLine, ...]
    steps: Range
    costs: Range
    ends: tuple[FutureEnd, ...]
    reference: float
    reference_label: str
    shares: Range
    slider_ticks: tuple[tuple[float, str], ...]
    slider_name: str
    note: tuple[str, ...]
    digits_note: tuple[str, ...]
    order_note: tuple[str, ...]
    digits: int
    """How many digits each value is trained on."""
    covered: bool = False
    """Whether the forecasts are hidden until the user has guessed."""
    guess: Guess = field(default_factory=Guess)

    def end(self, value: float) -> FutureEnd:
        return next(end for end in self.ends if end.value == value)

    def new_at(self, place: float) -> float | None:
        """Return the value that may be added at `place` on the slider, 0 to 1, or None if it is there already, or too
        large for two mini-batches."""
        setting, scale = SETTINGS[self.varied], Scale.of(SETTINGS[self.varied])
        value = setting.kind(scale.value(round(place * scale.positions)))
        too_large = self.varied == "mini_batch_size" and 2 * value > self.digits
        known = any(end.value == value for end in self.ends)
        return None if self.covered or too_large or known else value

    def told_of_guess(self, forecast: Forecast) -> str:
        """Compare the guess with the forecast in a sentence; empty without a guess, or without a cost at that step."""
        if self.guess.value is not None:
            return words.guessed(forecast, forecast.of(self.guess.value))
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
            best = min(forecast.futures, key=lambda future: future.misread)
            right = forecast.verdict(best).margin
            return score(
                forecast.of(self.guess.value).misread, best.misread, right, right + SHARE[0], "points"
            )
        if self.guess.drawn is None:
            return None
        line = next(line for line in self.lines if line.value == self.chosen)
        known = np.isfinite(line.y)
        (x, y), (steps, costs) = self.guess.drawn, (line.x[known], line.y[known])
        there = (x >= steps[0]) & (x <= steps[-1]) if len(steps) else np.zeros(len(x), np.bool_)
        return score_part(y[there], np.interp(x[there], steps, costs)) if there.any() else None


def cover(content: FuturesContent, forecast: Forecast) -> FuturesContent:
    """Return the content without the forecasts; no axis and no text depends on them."""
    seen = content.before[1][np.isfinite(content.before[1])]
    around = np.array([seen.min() / _ROOM, seen.max() * _ROOM]) if len(seen) else np.array([0.1, 1.0])
    now = forecast.misread_now
    ends = tuple(
        replace(end, misread=now, margin=0.0, outcome="same", label=name, told=name)
        for end in content.ends
        for name in (words.value(forecast.varied, end.value),)
    )
    return replace(
        content,
        lines=(),
        costs=cost_range(around, around, True, _LOG),
        ends=ends,
        reference=now,
        reference_label=words.share_now(now),
        shares=error_range(np.array([now / 2, min(1.0, 4 * now)]), _EVEN),
        order_note=(),
        covered=True,
    )


def with_guess(content: FuturesContent, guess: Guess) -> FuturesContent:
    """Return the content with the user's guess, with the cost axis extended to show all of it."""
    if guess.drawn is None:
        return replace(content, guess=guess)
    ends = np.array([content.costs.low, content.costs.high])
    costs = cost_range(np.append(ends, guess.drawn[1]), np.append(ends, guess.drawn[1]), True, content.costs)
    return replace(content, guess=guess, costs=costs)


def present(forecast: Forecast, chosen: float, wanted: int, validation: int) -> FuturesContent:
    """Return the content for a forecast with `chosen` set. `wanted` is the number of mini-batches requested,
    `validation` that of validation digits."""
    varied, size = forecast.varied, forecast.now.mini_batch_size
    known = len(forecast.before.values)
    before_x = forecast.step - known + np.arange(known, dtype=np.float64)
    before = (before_x, _mean_of_last(forecast.before.values, OVER))
    lines = tuple(_line(forecast, future, chosen, size) for future in forecast.futures)
    seen = min(known, round(SEEN_BEFORE * forecast.mini_batches))
    steps = Range(float(forecast.step - seen), float(forecast.step + forecast.mini_batches))
    drawn = np.concatenate([before[1][known - seen :], *(line.y for line in lines)])
    drawn = drawn[np.isfinite(drawn)]
    costs = cost_range(_ABOVE * drawn, drawn, True, _LOG) if len(drawn) else _LOG
    ends = tuple(_end(forecast, future) for future in forecast.futures)
    keeping = forecast.current
    shares = np.array([end.misread for end in ends])
    return FuturesContent(
        varied,
        chosen,
        getattr(forecast.now, varied),
        forecast.step,
        before,
        lines,
        steps,
        costs,
        ends,
        keeping.misread,
        words.share_kept(keeping.misread),
        error_range(shares, _EVEN),
        _slider_ticks(forecast),
        words.setting(varied),
        words.note(forecast, wanted),
        words.digits_note(forecast, validation),
        words.order_note(forecast),
        forecast.until - forecast.digits,
    )


def place_of(varied: str, value: float) -> float:
    scale = Scale.of(SETTINGS[varied])
    return scale.position(value) / scale.positions


def _line(forecast: Forecast, future: Future, chosen: float, size: int) -> FutureLine:
    costs, known = future.costs, len(forecast.before.values)
    label = words.of(forecast, future.value)
    if future.value == getattr(forecast.now, forecast.varied) != chosen:
        label = words.until_now(label)
    if forecast.varied == "mini_batch_size" and future.value != size:
        x = forecast.step + (costs.digits - forecast.digits) / size
        over = max(1, round(OVER * size / future.value))  # over the same number of digits
        earlier = np.full(over, np.mean(forecast.before.values[-OVER:])) if known else np.empty(0)
        y = _mean_of_last(np.concatenate((earlier, costs.values)), over)[len(earlier) :]
        return FutureLine(future.value, label, x, y)
    x = forecast.step + np.arange(len(costs.values), dtype=np.float64)
    values = np.concatenate((forecast.before.values, costs.values))
    y = _mean_of_last(values, OVER)[known:]
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
    label, sentence = words.end(forecast, future), words.told(forecast, future)
    place, verdict = place_of(forecast.varied, future.value), forecast.verdict(future)
    is_current = future is forecast.current
    outcome = "same" if is_current else _OUTCOMES[verdict.outcome]
    return FutureEnd(
        future.value, place, future.misread, 0.0 if is_current else verdict.margin, outcome, label, sentence
    )


def _slider_ticks(forecast: Forecast) -> tuple[tuple[float, str], ...]:
    scale = Scale.of(SETTINGS[forecast.varied])
    values = ticks(Range(scale.low, scale.high, not scale.step), _TICKS)
    return tuple((place_of(forecast.varied, value), words.number(value)) for value in values)
