"""What the page says of surfaces and races."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication

from mnistviz.engine.ideas.digit_count_race import DigitCountRace, Tried
from mnistviz.gui.common import numbers
from mnistviz.gui.ideas.question_card import Question


def surface_name(code: str) -> str:
    return {
        "bowl": QCoreApplication.translate("Valley", "bowl"),
        "narrow": QCoreApplication.translate("Valley", "long narrow valley"),
        "saddle": QCoreApplication.translate("Valley", "saddle"),
        "two_valleys": QCoreApplication.translate("Valley", "two valleys"),
        "ripples": QCoreApplication.translate("Valley", "ripples"),
    }[code]


def formula(code: str) -> str:
    return {
        "bowl": QCoreApplication.translate("Valley", "C(v₁, v₂) = v₁² + v₂²"),
        "narrow": QCoreApplication.translate("Valley", "C(v₁, v₂) = ½ (v₁² + 6 v₂²)"),
        "saddle": QCoreApplication.translate("Valley", "C(v₁, v₂) = ½ (v₁² − v₂²)"),
        "two_valleys": QCoreApplication.translate(
            "Valley", "C = ½ v₂² and a quartic along v₁, lower at the left"
        ),
        "ripples": QCoreApplication.translate("Valley", "C = 0.1 (v₁² + v₂²) and waves in both directions"),
    }[code]


def flag_question(steps: int, *, moved: bool, placed: bool) -> Question:
    """Asks where B will be; once the balls have `moved`, it says that the flag can't any more."""
    text = QCoreApplication.translate(
        "Valley", "A and B start at one place; only their η differ. Where will B be after {steps} steps?"
    ).format(steps=numbers.whole(steps))
    if not moved:
        how = QCoreApplication.translate("Valley", "Drag the flag there, then run.")
    elif placed:
        how = QCoreApplication.translate(
            "Valley", "The balls have moved, so your flag stays. Put back, or another start, frees it."
        )
    else:
        how = QCoreApplication.translate(
            "Valley", "The balls have moved, too late for a flag. Put back, or another start, brings it."
        )
    return Question("flag", text, how=how)


def largest_found(bracket: tuple[float, float], curvature: float, largest: float) -> str:
    """Between which two η the largest lies that gets down, and why."""
    return QCoreApplication.translate(
        "Valley",
        "Between {below} and {above}. It is 2 divided by the steepest curvature: 2/{curvature} = {largest}.",
    ).format(
        below=numbers.tick(bracket[0]),
        above=numbers.tick(bracket[1]),
        curvature=numbers.tick(curvature),
        largest=numbers.tick(float(f"{largest:.3g}")),
    )


def outside(letter: str, cost: float) -> str:
    """Of a ball that can't be seen on the map."""
    return QCoreApplication.translate("Valley", "{ball} is outside: C = {cost}").format(
        ball=letter, cost=short_cost(cost)
    )


def where(place: tuple[float, float]) -> str:
    """A place, or that it lies far outside."""
    if max(map(abs, place)) >= 1000:
        return QCoreApplication.translate("Valley", "far outside")
    return QCoreApplication.translate("Valley", "v₁ {first}, v₂ {second}").format(
        first=numbers.number_text(place[0], 1), second=numbers.number_text(place[1], 1)
    )


def short_cost(value: float) -> str:
    """To two figures where it is very large, else to two decimals at most."""
    if abs(value) < 1000:
        return numbers.number_text(value, 2 if abs(value) < 10 else 0)
    size = float(f"{abs(value):.2g}")
    text = numbers.cost(size) if size >= 1e6 else numbers.whole(int(size))
    return text if value > 0 else "−" + text


def came(race: DigitCountRace) -> str:
    """What came of a race, in numbers."""
    return QCoreApplication.translate("Valley", "B after {steps} steps: {place}. C: A {a}, B {b}.").format(
        steps=numbers.whole(race.steps),
        place=where(race.paths[1][-1].place),
        a=short_cost(float(race.costs(0)[-1])),
        b=short_cost(float(race.costs(1)[-1])),
    )


def asks(race: DigitCountRace) -> str:
    """A question about what one saw, as there was to be seen."""
    if race.is_thrown(1) or race.is_thrown(0):
        if race.surface.bottoms:
            return QCoreApplication.translate(
                "Valley", "Each step came out longer than the one before. What made it so?"
            )
        return QCoreApplication.translate(
            "Valley", "Where was the slope least, and what did the balls do there?"
        )
    if race.rules[0].noise:
        return QCoreApplication.translate("Valley", "Which of the balls does the noise shake more, and why?")
    if race.turns(1) > race.turns(0) + 2:
        return QCoreApplication.translate("Valley", "What did B do on the way that A did not?")
    if race.rules[0].momentum:
        return QCoreApplication.translate("Valley", "Where did the balls go on though the slope said back?")
    if len(race.surface.bottoms) > 1:
        return QCoreApplication.translate(
            "Valley", "Is where the balls lie the lowest place of all? Could they know?"
        )
    return QCoreApplication.translate(
        "Valley", "Where were the steps long, and where short, though η stayed the same?"
    )


def tried_text(task: str, tried: Tried) -> str:
    """The task with what was tried so far."""
    if not tried.all():
        return task
    down = _listed(sorted(tried.down)[-3:])
    out = _listed(sorted(tried.out)[:3])
    parts = [task]
    if down:
        parts.append(QCoreApplication.translate("Valley", "Gets down: {etas}.").format(etas=down))
    if out:
        parts.append(QCoreApplication.translate("Valley", "Does not: {etas}.").format(etas=out))
    return " ".join(parts)


def _listed(etas: Iterable[float]) -> str:
    return " · ".join(numbers.tick(eta) for eta in etas)
