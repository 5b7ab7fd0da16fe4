"""Texts about the forecasts of a run. None calls a value the best, as that depends on the sample order."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication

from mnistviz.engine.futures import Forecast, Future, Varied
from mnistviz.gui.common import numbers, setting_names

translate = QCoreApplication.translate

_SMALL: Final = 0.005  # a share of the digits


def number(value: float) -> str:
    return numbers.tick(float(value))


def setting(varied: Varied) -> str:
    return setting_names.short(varied)


def value(varied: Varied, value: float) -> str:
    return translate("Futures", "{setting} {value}").format(setting=setting(varied), value=number(value))


def of(forecast: Forecast, varied_to: float) -> str:
    """Return a value with its setting, or *by schedule* for the current η, which its schedule may lower a lot."""
    if follows_schedule(forecast) and varied_to == forecast.now.eta:
        return translate("Futures", "{setting} by schedule").format(setting=setting(forecast.varied))
    return value(forecast.varied, varied_to)


def follows_schedule(forecast: Forecast) -> bool:
    return forecast.varied == "eta" and forecast.now.schedule != "constant"


def until_now(label: str) -> str:
    return translate("Futures", "{value} until now").format(value=label)


def share(misread: float) -> str:
    return numbers.percent(misread)


def share_kept(misread: float) -> str:
    return translate("Futures", "kept {share}").format(share=share(misread))


def share_now(misread: float) -> str:
    return translate("Futures", "now {share}").format(share=share(misread))


def share_beside(forecast: Forecast, misread: float) -> str:
    percent, _ = numbers.beside(misread, forecast.current.misread)
    return translate("Futures", "{percent} %").format(percent=percent)


def end(forecast: Forecast, future: Future) -> str:
    return translate("Futures", "{value}: {share}").format(
        value=of(forecast, future.value), share=share_beside(forecast, future.misread)
    )


def told(forecast: Forecast, future: Future) -> str:
    """Compare a value's error rate with that of the current value, in a sentence."""
    if future is forecast.current:
        text = translate("Futures", "{value}: {share} are misread if it is kept.")
        return text.format(value=of(forecast, future.value), share=share(future.misread))
    verdict = forecast.verdict(future)
    match verdict.sureness, verdict.outcome:
        case "clearly", "better":
            text = translate("Futures", "{value}: {share} are misread, clearly fewer than with {keeping}.")
        case "clearly", _:
            text = translate("Futures", "{value}: {share} are misread, clearly more than with {keeping}.")
        case "probably", "better":
            text = translate("Futures", "{value}: {share} are misread, probably fewer than with {keeping}.")
        case "probably", _:
            text = translate("Futures", "{value}: {share} are misread, probably more than with {keeping}.")
        case "too few digits", _:
            text = translate("Futures", "{value}: {share} are misread. There are too few digits to tell.")
        case _:
            text = translate(
                "Futures",
                "{value}: {share} are misread, no clear difference from {keeping}: {apart} points over other orders of "
                "the digits, which alone make {points}.",
            )
    return text.format(
        value=of(forecast, future.value),
        share=share_beside(forecast, future.misread),
        keeping=of(forecast, forecast.current.value),
        apart=points(abs(verdict.difference)),
        points=points(verdict.margin),
    )


def note(forecast: Forecast, wanted: int) -> tuple[str, ...]:
    """Return what was computed, in ever shorter wordings, and why if fewer mini-batches were used than `wanted`."""
    values = numbers.whole(len(forecast.futures))
    setting_name, count = setting(forecast.varied), numbers.whole(forecast.mini_batches)
    texts: tuple[str, ...]
    if forecast.varied == "mini_batch_size":
        texts = (
            translate(
                "Futures",
                "The digits of the next {count} mini-batches, for {values} mini-batch sizes. Your run does not change.",
            ),
            translate("Futures", "The next {count} mini-batches, {values} sizes. Your run does not change."),
        )
    else:
        texts = (
            translate(
                "Futures",
                "The next {count} mini-batches, for {values} values of {setting}. Your run does not change.",
            ),
            translate("Futures", "{values} values of {setting}. Your run does not change."),
        )
    if forecast.mini_batches < wanted:
        large = translate(
            "Futures",
            "Only the next {count} mini-batches, as the network is large. Your run does not change.",
        )
        texts = (
            large,
            translate("Futures", "Large network: {count} mini-batches. Your run does not change."),
        )
    return tuple(text.format(count=count, values=values, setting=setting_name) for text in texts)


def offer(varied: Varied, offered: float) -> str:
    return translate("Futures", "{value}: a click adds it").format(value=value(varied, offered))


def digits_note(forecast: Forecast, validation: int) -> tuple[str, ...]:
    if forecast.read < validation:
        text = translate("Futures", "the first {count} validation digits after them")
        short = translate("Futures", "first {count} validation digits")
        return tuple(each.format(count=numbers.whole(forecast.read)) for each in (text, short))
    return translate("Futures", "validation digits after them"), translate("Futures", "validation")


def order_note(forecast: Forecast) -> tuple[str, ...]:
    """Compare the value with the fewest misclassified digits with the current one and with the effect of the sample
    order, in ever shorter wordings."""
    best = forecast.best
    if best is None:
        return ()
    verdict, keeping = forecast.verdict(best), forecast.current
    if verdict.sureness == "too few digits":
        texts: tuple[str, ...] = (
            translate("Futures", "{digits} validation digits are too few to tell what is better."),
        )
    elif verdict.outcome == "better":
        texts = _clearly_fewer() if verdict.sureness == "clearly" else _probably_fewer()
    else:
        texts = _none_fewer()
    misread, current = numbers.beside(best.misread, keeping.misread)
    return tuple(
        text.format(
            which=of(forecast, best.value),
            share=translate("Futures", "{percent} %").format(percent=misread),
            keeping=of(forecast, keeping.value),
            kept=translate("Futures", "{percent} %").format(percent=current),
            digits=numbers.whole(forecast.read),
            apart=points(abs(verdict.difference)),
            points=points(verdict.margin),
        )
        for text in texts
    )


def _clearly_fewer() -> tuple[str, ...]:
    return (
        translate(
            "Futures",
            "Clearly fewer digits are misread with {which}: {share}; with {keeping} {kept}. Over other orders of the "
            "digits that is {apart} points; less than {points} points may be luck.",
        ),
        translate(
            "Futures",
            "Clearly fewer with {which}: {share}; with {keeping} {kept}. Less than {points} may be luck.",
        ),
        translate("Futures", "Clearly fewer with {which}: {share}; with {keeping} {kept}."),
        translate("Futures", "Clearly fewer with {which}."),
    )


def _probably_fewer() -> tuple[str, ...]:
    return (
        translate(
            "Futures",
            "Probably fewer digits are misread with {which}: {share}; with {keeping} {kept}. Over other orders of the "
            "digits that is {apart} points; less than {points} points may be luck.",
        ),
        translate(
            "Futures",
            "Probably fewer with {which}: {share}; with {keeping} {kept}. Less than {points} may be luck.",
        ),
        translate("Futures", "Probably fewer with {which}: {share}; with {keeping} {kept}."),
        translate("Futures", "Probably fewer with {which}."),
    )


def _none_fewer() -> tuple[str, ...]:
    return (
        translate(
            "Futures",
            "No clear difference: with {keeping} {kept} are misread, with {which} {share}, but over other orders of "
            "the digits it is {apart} points; less than {points} points may be luck.",
        ),
        translate(
            "Futures",
            "No clear difference: {which} is {apart} points from {keeping} over other orders. Less than {points} may "
            "be luck.",
        ),
        translate("Futures", "No clear difference from {keeping}."),
    )


def question(forecast: Forecast) -> tuple[str, ...]:
    return tuple(
        text.format(setting=setting(forecast.varied))
        for text in (
            translate(
                "Futures",
                "What will come? Draw the cost, or point at the {setting} that will misread fewest.",
            ),
            translate("Futures", "Draw the cost, or point at the {setting} that will misread fewest."),
            translate("Futures", "What will come?"),
        )
    )


def guessed(forecast: Forecast, future: Future) -> str:
    return translate("Futures", "You pointed at {told}").format(told=told(forecast, future))


def drawn(varied: Varied, chosen: float, step: int, guess: float, cost: float) -> str:
    """Compare the drawn cost with the forecast for the value set, in a sentence."""
    text = translate("Futures", "You drew a cost of {guess} at mini-batch {step}; with {value} it is {cost}.")
    return text.format(
        guess=numbers.rounded(guess, 2),
        step=numbers.whole(step),
        value=value(varied, chosen),
        cost=numbers.rounded(cost, 2),
    )


def points(share: float) -> str:
    """Return a difference of shares in percentage points, with two decimals below half a point."""
    return numbers.number_text(100 * share, 1 if share >= _SMALL else 2)


def legend() -> tuple[str, str, str]:
    return (
        translate("Futures", "fewer"),
        translate("Futures", "no clear difference"),
        translate("Futures", "more"),
    )


def percent_tick(value: float) -> str:
    return translate("Futures", "{percent} %").format(percent=numbers.tick(float(f"{100 * value:.6g}")))
