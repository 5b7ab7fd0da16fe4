"""The texts of the page of the valley, with sentences on races."""

import math
from typing import Final

from mnistviz.engine.ideas.ball_race import BallRace, Fan, Tried
from mnistviz.engine.scores import score
from mnistviz.gui.common import numbers
from mnistviz.gui.ideas.page import SceneOutcome
from mnistviz.gui.ideas.parts.page_parts import Question, Words
from mnistviz.marking import marked

RIGHT, CLOSE = 0.3, 1.0  # distances in v₁ and v₂ up to which a flag is right or close
say: Final = Words({
    "title": marked("The ball in the valley"),
    "text": marked(
        "Learning means going downhill. The gradient ∇C points uphill, and a step goes the other way: −η∇C. The ball "
        "knows only the slope under it, not where the bottom is."),
    "a": marked("A"),
    "b": marked("B"),
    # Surfaces
    "surface": (marked("Surface"), marked("The surface that the balls roll down.")),
    "bowl": marked("bowl"),
    "narrow": marked("long narrow valley"),
    "saddle": marked("saddle"),
    "two_valleys": marked("two valleys"),
    "ripples": marked("ripples"),
    "formula_bowl": marked("C(v₁, v₂) = v₁² + v₂²"),
    "formula_narrow": marked("C(v₁, v₂) = ½ (v₁² + 6 v₂²)"),
    "formula_saddle": marked("C(v₁, v₂) = ½ (v₁² − v₂²)"),
    "formula_two_valleys": marked("C = ½ v₂² and a quartic along v₁, lower at the left"),
    "formula_ripples": marked("C = 0.1 (v₁² + v₂²) and waves in both directions"),
    # Figures
    "map": marked("Map of the cost C over v₁ and v₂. Arrows move the start or the flag, Tab goes on."),
    "section": marked("A section through the surface, with the balls on it"),
    "fan": marked("Cost C at which the balls of twenty η end"),
    "v1": marked("v₁"),
    "v2": marked("v₂"),
    "curve": marked("Cost C of both balls at each step"),
    "steps": marked("{count} steps"),
    "section_title": marked("Across the valley"),
    "section_note": marked("cut along {axis}"),
    "cost_title": marked("Cost C"),
    "cost_note": marked("at each step"),
    "fan_title": marked("Twenty η"),
    "fan_note": marked("C after {steps} steps"),
    "fan_waits": marked("Twenty more balls roll down, each with another η. You see them after your answer."),
    "edge": marked("the edge"),
    "at_start": marked("at the start"),
    "eta": (marked("η"), marked("The learning rate: a step is −η∇C.")),
    "eta_is": marked("η {eta}"),
    "heights": marked("C"),
    "start_here": marked("A and B start here"),
    "start_was": marked("start"),
    "drag_flag": marked("drag this flag"),
    "b_here": marked("B here?"),
    "your_flag": marked("your flag"),
    "outside": marked("{ball} is outside: C = {cost}"),
    "above": marked("over {cost}"),
    "outside_fan": marked("η {low} to {high}: outside, C up to {cost}"),
    "far_outside_fan": marked("η {low} to {high}: far outside"),
    "far_outside": marked("far outside"),
    "place": marked("v₁ {first}, v₂ {second}"),
    "heard": marked("Both balls start at {place}. Steps taken: {steps}."),
    # Numbers and buttons
    "eta_a": marked("η of ball A"),
    "eta_b": marked("η of ball B"),
    "momentum": (marked("momentum μ"), marked("The share of its velocity that a ball keeps at each step.")),
    "noise": (marked("gradient noise"),
        marked("Chance added to the gradient, as a small mini-batch adds it; the same for both balls.")),
    "start": (marked("start"), marked("Where both balls start. In the figure it can be dragged.")),
    "start_1": marked("start v₁"),
    "start_2": marked("start v₂"),
    "step": (marked("One step"), marked("Both balls take one step.")),
    "pause": (marked("Pause"), marked("Stops after this step.")),
    "run": (marked("Run {count} steps"), marked("Both balls go on, step by step.")),
    "run_more": marked("Run {count} more steps"),
    # Tasks
    "task_both": (marked(
        "See too small and too large in one race: A creeps (after 14 steps more than half of its C is left), B swings "
        "out step by step."),
            marked("Too small an η creeps. Too large an η steps over the valley, to where it is steeper still.")),
    "one_step": marked(
        "One ball creeps. But one step threw {ball} far away: take an η with which you see it swing out step by step."),
    "task_largest": (marked(
        "Bowl or long narrow valley, no momentum, no noise: find the largest η that still gets down, to a "
        "hundredth."), marked("The largest η is 2 divided by the steepest curvature.")),
    "task_hill": (marked("Two valleys: start at the right and come to rest at the left, in the deeper one."), marked(
        "The ball came over the hill. In small steps, without momentum or noise, it would have stayed at the right.")),
    "gets_down": marked("{eta} gets down."),
    "does_not": marked("{eta} does not."),
    "largest_found": marked(
        "Between {below} and {above}. It is 2 divided by the steepest curvature: 2/{curvature} = {largest}."),
    # Question and outcome
    "question": marked("A and B start at one place; only their η differ. Where will B be after {steps} steps?"),
    "how": marked("Drag the flag there, then run."),
    "how_placed": marked("The balls have moved, so your flag stays. Reset page, or another start, frees it."),
    "how_late": marked(
        "The balls have moved: it is too late for a flag. Reset page, or another start, brings it back."),
    "said": marked("Your flag: {place}, {far} away."),
    "came": marked("B after {steps} steps: {place}."),
    "came_edge": marked(
        "Of twenty other η, those up to {below} end lower than they began; from {above} on, higher. Why there?"),
    "came_all": marked("All twenty other η end lower than they began. {asks}"),
    "came_some": marked("{count} of twenty other η end lower than they began. {asks}"),
    "asks_thrown": marked("Each step of {ball} was longer than the one before. What made it so?"),
    "asks_higher": marked("{ball} ended higher than it began. What carried it up?"),
    "asks_saddle": marked("Where was the slope least, and what did the balls do there?"),
    "asks_noise": marked("Which ball does the noise shake more, and why?"),
    "asks_turns": marked("What did B do on the way that A did not?"),
    "asks_momentum": marked("Where did a ball go on although the slope pointed back?"),
    "asks_lowest": marked("Do the balls lie in the lowest place of all? Could they know?"),
    "asks": marked("Where were the steps long and where short, although η stayed the same?"),
})  # fmt: skip


def flag_question(steps: int, *, moved: bool, placed: bool) -> Question:
    """Return the question where B will be; once the balls have `moved`, the flag is locked."""
    how = say("how") if not moved else say("how_placed") if placed else say("how_late")
    return Question("flag", say("question", steps=steps), how=how)


def largest_result(bracket: tuple[float, float], curvature: float, largest: float) -> str:
    below, above, steepest = map(numbers.tick, (*bracket, curvature))
    rounded = numbers.tick(float(f"{largest:.3g}"))
    return say("largest_found", below=below, above=above, curvature=steepest, largest=rounded)


def where(place: tuple[float, float]) -> str:
    if max(map(abs, place)) >= 1000:
        return say("far_outside")
    return say("place", first=numbers.number_text(place[0], 1), second=numbers.number_text(place[1], 1))


MOST_COST: Final = 1e9  # larger costs are only shown as larger than this


def short_cost(value: float) -> str:
    """Format a cost with two significant digits if very large, otherwise with at most two decimals."""
    if abs(value) < 1000:
        return numbers.number_text(value, 2 if abs(value) < 10 else 0)
    if value > MOST_COST:
        return say("above", cost=int(MOST_COST))
    size = float(f"{abs(value):.2g}")
    text = numbers.cost(size) if size >= 1e6 else numbers.whole(int(size))
    return text if value > 0 else "−" + text


def told(race: BallRace, fan: Fan, flag: tuple[float, float] | None) -> SceneOutcome:
    """Return the outcome of a race: the distance of the flag, the place of B, and the results of other η."""
    place, said, points = race.paths[1][-1].place, "", None
    if flag is not None:
        points = score(flag, place, RIGHT, CLOSE)
        far = math.dist(flag, place)
        text = numbers.number_text(far, 1) if far < 1000 else say("far_outside")
        said = say("said", place=where(flag), far=text)
    return SceneOutcome(said, say("came", steps=race.steps, place=where(place)), asks(race, fan), points)


def asks(race: BallRace, fan: Fan) -> str:
    """Return a sentence about the results of twenty η, with a question about what was visible."""
    if fan.edge is not None and not race.rules[0].noise:
        below, above = map(numbers.tick, fan.edge)
        return say("came_edge", below=below, above=above)
    lower = int(fan.lower().sum())
    return say("came_all" if lower == len(fan.etas) else "came_some", count=lower, asks=_asks(race))


def _asks(race: BallRace) -> str:
    if (thrown := next((ball for ball in (1, 0) if race.is_thrown(ball)), None)) is not None:
        if not race.surface.bottoms:
            return say("asks_saddle")
        return say("asks_thrown" if race.steps_grow(thrown) else "asks_higher", ball=say("ab"[thrown]))
    if race.rules[0].noise:
        return say("asks_noise")
    if race.turns(1) > race.turns(0) + 2:
        return say("asks_turns")
    if race.rules[0].momentum:
        return say("asks_momentum")
    return say("asks_lowest") if len(race.surface.bottoms) > 1 else say("asks")


def tried_text(tried: Tried) -> str:
    """Return the task of the largest η, with the largest that descended and the smallest that did not so far."""
    parts = [say("task_largest")]
    if tried.down:
        parts.append(say("gets_down", eta=numbers.tick(max(tried.down))))
    if tried.out:
        parts.append(say("does_not", eta=numbers.tick(min(tried.out))))
    return " ".join(parts)
