"""Texts about the forecasts of a run. None calls a value the best, as that depends on the sample order."""

from typing import Final

from mnistviz.engine.futures import Forecast, Future, Varied
from mnistviz.engine.verdicts import Verdict
from mnistviz.gui.common import numbers, setting_names
from mnistviz.gui.common.texts import tr

_SMALL: Final = 0.005  # a share of the digits
_WIDE: Final = 0.2  # the same: a margin of values that work in some orders only


def value(varied: Varied, value: float) -> str:
    return tr("{setting} {value}", setting=setting_names.short(varied), value=numbers.tick(float(value)))


def of(forecast: Forecast, varied_to: float) -> str:
    """Return a value with its setting, or *by schedule* for the current η, which its schedule may lower a lot."""
    scheduled = forecast.varied == "eta" and forecast.now.schedule != "constant"
    if scheduled and varied_to == forecast.now.eta:
        return tr("{setting} by schedule", setting=setting_names.short(forecast.varied))
    return value(forecast.varied, varied_to)


def branch(forecast: Forecast, branched: float) -> str:
    return tr("Branch with {value}", value=of(forecast, branched))


def share_beside(forecast: Forecast, misread: float) -> str:
    percent, _ = numbers.beside(misread, forecast.mean_misread(forecast.current))
    return tr("{percent} %", percent=percent)


def end(forecast: Forecast, future: Future) -> tuple[str, str]:
    """Return how a value compares with the current one, and its error rate with the margin of the sample order."""
    label, share = of(forecast, future.value), share_beside(forecast, forecast.mean_misread(future))
    if future.diverges:
        return tr("diverges"), label
    if future is forecast.current:
        return tr("if kept"), tr("{value}: {share}", value=label, share=share)
    verdict = forecast.verdict(future)
    margin = points(verdict.margin)
    return _verdict(verdict), tr("{value}: {share} ± {points}", value=label, share=share, points=margin)


def _verdict(verdict: Verdict) -> str:
    match verdict.sureness, verdict.outcome:
        case "clearly", "better":
            return tr("clearly fewer")
        case "clearly", _:
            return tr("clearly more")
        case "probably", "better":
            return tr("probably fewer")
        case "probably", _:
            return tr("probably more")
        case "too few digits", _:
            return tr("too few digits to tell")
        case _:
            return tr("the orders differ widely") if verdict.margin > _WIDE else tr("chance could do this")


def told(forecast: Forecast, future: Future) -> str:
    """Compare a value's error rate with that of the current value, in a sentence."""
    label, share = of(forecast, future.value), share_beside(forecast, forecast.mean_misread(future))
    if future.diverges:
        return tr("{value} diverges: the cost is no longer a finite number.", value=label)
    if future is forecast.current:
        return tr("{value}: {share} are misread if it is kept.", value=label, share=share)
    verdict = forecast.verdict(future)
    match verdict.sureness:
        case "clearly" | "probably":
            text = tr("{value}: {share} are misread, {verdict} than with {keeping}.")
        case "too few digits":
            text = tr("{value}: {share} are misread. There are too few digits to tell.")
        case _:
            text = tr(
                "{value}: {share} are misread, no clear difference from {keeping}: {apart} points over other orders of "
                "the digits, which alone make {points}."
            )
    return text.format(
        value=label,
        share=share,
        verdict=_verdict(verdict),
        keeping=of(forecast, forecast.current.value),
        apart=points(abs(verdict.difference)),
        points=points(verdict.margin),
    )


def title(forecast: Forecast) -> tuple[str, ...]:
    """Return what was computed, in ever shorter wordings."""
    texts = (
        tr("the next {count} mini-batches, {values} values of {setting}"),
        tr("the next {count} mini-batches"),
    )
    count, values = map(numbers.whole, (forecast.mini_batches, len(forecast.futures)))
    setting = setting_names.short(forecast.varied)
    return tuple(text.format(count=count, values=values, setting=setting) for text in texts)


def digits_note(forecast: Forecast, validation: int) -> tuple[str, ...]:
    text = tr("of {count} validation digits, a mean over orders")
    short = tr("of {count} digits")
    if forecast.read < validation:
        text = tr("of the first {count} validation digits, a mean over orders")
    return tuple(each.format(count=numbers.whole(forecast.read)) for each in (text, short))


def order_note(forecast: Forecast) -> tuple[str, ...]:
    """Compare the best value with the current one and with the effect of the sample order, from long to short."""
    if (best := forecast.clearest) is None:
        return ()
    verdict, keeping = forecast.verdict(best), forecast.current
    if verdict.sureness == "too few digits":
        texts: tuple[str, ...] = (tr("{digits} validation digits are too few to tell what is better."),)
    elif verdict.outcome == "better":
        texts = (
            tr("{verdict} with {which}: {share}; with {keeping} {kept}. Less than {points} may be luck."),
            tr("{verdict} with {which}: {share}; with {keeping} {kept}."),
            tr("{verdict} with {which}."),
        )
    else:
        texts = (
            tr(
                "No clear difference: {which} is {apart} points from {keeping} over other orders. Less than {points} "
                "may be luck."
            ),
            tr("No clear difference from {keeping}."),
        )
    misread, current = numbers.beside(*map(forecast.mean_misread, (best, keeping)))
    return tuple(
        text.format(
            verdict=_verdict(verdict).capitalize(),
            which=of(forecast, best.value),
            share=tr("{percent} %", percent=misread),
            keeping=of(forecast, keeping.value),
            kept=tr("{percent} %", percent=current),
            digits=numbers.whole(forecast.read),
            apart=points(abs(verdict.difference)),
            points=points(verdict.margin),
        )
        for text in texts
    )


def question(forecast: Forecast) -> tuple[str, ...]:
    whole = tr("What will come? Draw the cost, or point at the {setting} that will misread fewest.")
    asks = tr("Draw the cost, or point at the {setting} that will misread fewest.")
    setting = setting_names.short(forecast.varied)
    return whole.format(setting=setting), asks.format(setting=setting), tr("What will come?")


def drawn(varied: Varied, chosen: float, step: int, guess: float, cost: float) -> str:
    """Compare the drawn cost with the forecast for the value set, in a sentence."""
    text = tr("You drew a cost of {guess} at mini-batch {step}; with {value} it is {cost}.")
    drew, due = (numbers.rounded(each, 2) for each in (guess, cost))
    return text.format(guess=drew, step=numbers.whole(step), value=value(varied, chosen), cost=due)


def points(share: float) -> str:
    """Return a difference of shares in percentage points, with two decimals below half a point."""
    return numbers.number_text(100 * share, 1 if share >= _SMALL else 2)


def legend() -> tuple[str, ...]:
    return (tr("margin for chance"), tr("fewer"), tr("more"))


def percent_tick(value: float) -> str:
    return tr("{percent} %", percent=numbers.tick(float(f"{100 * value:.6g}")))
