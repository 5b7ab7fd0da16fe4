"""The texts of the page of the valley, and what it says of races."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from mnistviz.engine.ideas.ball_race import BallRace, Tried
from mnistviz.gui.common import numbers
from mnistviz.gui.ideas.cards import Question
from mnistviz.gui.ideas.parts.words import Words
from mnistviz.marking import QT_TRANSLATE_NOOP

say: Final = Words("Valley", {
    "title": QT_TRANSLATE_NOOP("Valley", "The ball in the valley"),
    "text": QT_TRANSLATE_NOOP("Valley",
        "Learning means going downhill. The gradient ∇C says which way is up; a step goes the other way, η times as "
        "far. Nothing knows where the bottom is: only the slope under the ball."),
    "a": QT_TRANSLATE_NOOP("Valley", "A"),
    "b": QT_TRANSLATE_NOOP("Valley", "B"),
    # Surfaces
    "surface": QT_TRANSLATE_NOOP("Valley", "Surface"),
    "surface_tip": QT_TRANSLATE_NOOP("Valley", "The surface that the balls go down."),
    "bowl": QT_TRANSLATE_NOOP("Valley", "bowl"),
    "narrow": QT_TRANSLATE_NOOP("Valley", "long narrow valley"),
    "saddle": QT_TRANSLATE_NOOP("Valley", "saddle"),
    "two_valleys": QT_TRANSLATE_NOOP("Valley", "two valleys"),
    "ripples": QT_TRANSLATE_NOOP("Valley", "ripples"),
    "formula_bowl": QT_TRANSLATE_NOOP("Valley", "C(v₁, v₂) = v₁² + v₂²"),
    "formula_narrow": QT_TRANSLATE_NOOP("Valley", "C(v₁, v₂) = ½ (v₁² + 6 v₂²)"),
    "formula_saddle": QT_TRANSLATE_NOOP("Valley", "C(v₁, v₂) = ½ (v₁² − v₂²)"),
    "formula_two_valleys": QT_TRANSLATE_NOOP("Valley", "C = ½ v₂² and a quartic along v₁, lower at the left"),
    "formula_ripples": QT_TRANSLATE_NOOP("Valley", "C = 0.1 (v₁² + v₂²) and waves in both directions"),
    # Figures
    "map": QT_TRANSLATE_NOOP("Valley",
        "Map of the cost C over v₁ and v₂. Arrows move the start or the flag, Tab goes on."),
    "v1": QT_TRANSLATE_NOOP("Valley", "v₁"),
    "v2": QT_TRANSLATE_NOOP("Valley", "v₂"),
    "curve": QT_TRANSLATE_NOOP("Valley", "Cost C of both balls at each step"),
    "steps": QT_TRANSLATE_NOOP("Valley", "{count} steps"),
    "cost": QT_TRANSLATE_NOOP("Valley", "C {cost}"),
    "start_here": QT_TRANSLATE_NOOP("Valley", "A and B start here, both"),
    "drag_flag": QT_TRANSLATE_NOOP("Valley", "drag this flag"),
    "b_here": QT_TRANSLATE_NOOP("Valley", "B here?"),
    "your_flag": QT_TRANSLATE_NOOP("Valley", "your flag"),
    "outside": QT_TRANSLATE_NOOP("Valley", "{ball} is outside: C = {cost}"),
    "far_outside": QT_TRANSLATE_NOOP("Valley", "far outside"),
    "place": QT_TRANSLATE_NOOP("Valley", "v₁ {first}, v₂ {second}"),
    "heard": QT_TRANSLATE_NOOP("Valley", "Both balls start at {place}. Steps taken: {steps}."),
    # Numbers and buttons
    "eta_a": QT_TRANSLATE_NOOP("Valley", "η of ball A"),
    "eta_b": QT_TRANSLATE_NOOP("Valley", "η of ball B"),
    "eta_tip": QT_TRANSLATE_NOOP("Valley", "The learning rate: a step is −η∇C."),
    "momentum": QT_TRANSLATE_NOOP("Valley", "momentum μ"),
    "momentum_tip": QT_TRANSLATE_NOOP("Valley", "The share of its velocity that a ball keeps at each step."),
    "noise": QT_TRANSLATE_NOOP("Valley", "noise of the gradient"),
    "noise_tip": QT_TRANSLATE_NOOP("Valley",
        "Chance in each part of the gradient, as a small mini-batch brings it; the same for both balls."),
    "start": QT_TRANSLATE_NOOP("Valley", "start v₁, v₂"),
    "start_1": QT_TRANSLATE_NOOP("Valley", "start v₁"),
    "start_2": QT_TRANSLATE_NOOP("Valley", "start v₂"),
    "start_tip": QT_TRANSLATE_NOOP("Valley", "Where both balls start. In the figure it can be dragged."),
    "step": QT_TRANSLATE_NOOP("Valley", "One step"),
    "step_tip": QT_TRANSLATE_NOOP("Valley", "Both balls take one step."),
    "pause": QT_TRANSLATE_NOOP("Valley", "Pause"),
    "pause_tip": QT_TRANSLATE_NOOP("Valley", "Stops after this step."),
    "run": QT_TRANSLATE_NOOP("Valley", "Run {count} steps"),
    "run_tip": QT_TRANSLATE_NOOP("Valley", "Lets both balls step on, step by step."),
    # Tasks
    "task_both": QT_TRANSLATE_NOOP("Valley", "See too small and too large in one race: A creeps, B is thrown out."),
    "done_both": QT_TRANSLATE_NOOP("Valley",
        "Too small an η creeps. Too large a one steps over the valley, to where it is steeper still."),
    "task_largest": QT_TRANSLATE_NOOP("Valley",
        "Find the largest η that still gets down, in the bowl or the long narrow valley, without momentum or noise."),
    "done_largest": QT_TRANSLATE_NOOP("Valley", "The largest η is 2 divided by the steepest curvature."),
    "task_hill": QT_TRANSLATE_NOOP("Valley",
        "Two valleys: start at the right and come to rest at the left, in the deeper one."),
    "done_hill": QT_TRANSLATE_NOOP("Valley",
        "The ball came over the hill. Downhill alone it would have stayed on its side."),
    "gets_down": QT_TRANSLATE_NOOP("Valley", "Gets down: {etas}."),
    "does_not": QT_TRANSLATE_NOOP("Valley", "Does not: {etas}."),
    "largest_found": QT_TRANSLATE_NOOP("Valley",
        "Between {below} and {above}. It is 2 divided by the steepest curvature: 2/{curvature} = {largest}."),
    # Question and outcome
    "question": QT_TRANSLATE_NOOP("Valley",
        "A and B start at one place; only their η differ. Where will B be after {steps} steps?"),
    "how": QT_TRANSLATE_NOOP("Valley", "Drag the flag there, then run."),
    "how_placed": QT_TRANSLATE_NOOP("Valley",
        "The balls have moved, so your flag stays. Put back, or another start, frees it."),
    "how_late": QT_TRANSLATE_NOOP("Valley",
        "The balls have moved, too late for a flag. Put back, or another start, brings it."),
    "said": QT_TRANSLATE_NOOP("Valley", "Your flag: {place}."),
    "came": QT_TRANSLATE_NOOP("Valley", "B after {steps} steps: {place}. C: A {a}, B {b}."),
    "asks_thrown": QT_TRANSLATE_NOOP("Valley", "Each step came out longer than the one before. What made it so?"),
    "asks_saddle": QT_TRANSLATE_NOOP("Valley", "Where was the slope least, and what did the balls do there?"),
    "asks_noise": QT_TRANSLATE_NOOP("Valley", "Which of the balls does the noise shake more, and why?"),
    "asks_turns": QT_TRANSLATE_NOOP("Valley", "What did B do on the way that A did not?"),
    "asks_momentum": QT_TRANSLATE_NOOP("Valley", "Where did the balls go on though the slope said back?"),
    "asks_lowest": QT_TRANSLATE_NOOP("Valley", "Is where the balls lie the lowest place of all? Could they know?"),
    "asks": QT_TRANSLATE_NOOP("Valley", "Where were the steps long, and where short, though η stayed the same?"),
})  # fmt: skip


def flag_question(steps: int, *, moved: bool, placed: bool) -> Question:
    """Asks where B will be; once the balls have `moved`, it says that the flag can't any more."""
    how = say("how") if not moved else say("how_placed") if placed else say("how_late")
    return Question("flag", say("question", steps=numbers.whole(steps)), how=how)


def largest_found(bracket: tuple[float, float], curvature: float, largest: float) -> str:
    """Between which two η the largest lies that gets down, and why."""
    below, above, steepest = map(numbers.tick, (*bracket, curvature))
    rounded = numbers.tick(float(f"{largest:.3g}"))
    return say("largest_found", below=below, above=above, curvature=steepest, largest=rounded)


def outside(letter: str, cost: float) -> str:
    """Of a ball that can't be seen on the map."""
    return say("outside", ball=letter, cost=short_cost(cost))


def where(place: tuple[float, float]) -> str:
    """A place, or that it lies far outside."""
    if max(map(abs, place)) >= 1000:
        return say("far_outside")
    return say("place", first=numbers.number_text(place[0], 1), second=numbers.number_text(place[1], 1))


def short_cost(value: float) -> str:
    """To two figures where it is very large, else to two decimals at most."""
    if abs(value) < 1000:
        return numbers.number_text(value, 2 if abs(value) < 10 else 0)
    size = float(f"{abs(value):.2g}")
    text = numbers.cost(size) if size >= 1e6 else numbers.whole(int(size))
    return text if value > 0 else "−" + text


def came(race: BallRace) -> str:
    """What came of a race, in numbers."""
    a, b = (short_cost(float(race.costs(number)[-1])) for number in (0, 1))
    steps, place = numbers.whole(race.steps), where(race.paths[1][-1].place)
    return say("came", steps=steps, place=place, a=a, b=b)


def asks(race: BallRace) -> str:
    """A question about what there was to be seen."""
    if race.is_thrown(1) or race.is_thrown(0):
        return say("asks_thrown") if race.surface.bottoms else say("asks_saddle")
    if race.rules[0].noise:
        return say("asks_noise")
    if race.turns(1) > race.turns(0) + 2:
        return say("asks_turns")
    if race.rules[0].momentum:
        return say("asks_momentum")
    return say("asks_lowest") if len(race.surface.bottoms) > 1 else say("asks")


def tried_text(tried: Tried) -> str:
    """The task of the largest η with what was tried so far."""
    down, out = _listed(sorted(tried.down)[-3:]), _listed(sorted(tried.out)[:3])
    parts = [say("task_largest")]
    if tried.all() and down:
        parts.append(say("gets_down", etas=down))
    if tried.all() and out:
        parts.append(say("does_not", etas=out))
    return " ".join(parts)


def _listed(etas: Iterable[float]) -> str:
    return " · ".join(numbers.tick(eta) for eta in etas)
