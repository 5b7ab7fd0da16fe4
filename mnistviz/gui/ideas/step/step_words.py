"""The texts of the page on the cost, with sentences on curves and steps."""

from __future__ import annotations

from typing import Final

from mnistviz.engine.ideas.along import Curve, DirectionStep
from mnistviz.engine.ideas.step_curves import Slope, answered, answers
from mnistviz.engine.scores import Score, score, score_choice
from mnistviz.gui.common import numbers
from mnistviz.gui.ideas.page import SceneOutcome
from mnistviz.gui.ideas.parts.page_parts import Question, Words
from mnistviz.marking import QT_TRANSLATE_NOOP

_NOTHING: Final = 1e-4  # a mean cost that cannot be reduced noticeably
_EVERY: Final = 0.95  # fraction of the moves
RIGHT: Final = 0.05
"""Error up to which both flags together are right, as a fraction of the axis."""
CLOSE: Final = 0.2
say: Final = Words("Step", {
    "title": QT_TRANSLATE_NOOP("Step", "Why a smooth cost"),
    "text": QT_TRANSLATE_NOOP("Step",
        "Should a network follow the number of digits it reads right, or its cost? And when the gradient says "
        "which way, how far should it step? Try both on a copy of the lab's network."),
    "smooth": QT_TRANSLATE_NOOP("Step", "1  Move weights"),
    "smooth_tip": QT_TRANSLATE_NOOP("Step", "The cost, and how many digits are right."),
    "slope": QT_TRANSLATE_NOOP("Step", "2  Take a step"),
    "slope_tip": QT_TRANSLATE_NOOP("Step", "Along −∇C of ten digits: prediction and result."),
    "too_few": QT_TRANSLATE_NOOP("Step",
        "This page needs at least twenty training digits: ten for a step, and others."),
    # Buttons and numbers
    "look": QT_TRANSLATE_NOOP("Step", "Look"),
    "look_tip": QT_TRANSLATE_NOOP("Step", "Shows the result, once you have answered the question."),
    "say_first": QT_TRANSLATE_NOOP("Step", "Say first what you think."),
    "whole": QT_TRANSLATE_NOOP("Step", "Whole valley"),
    "whole_tip": QT_TRANSLATE_NOOP("Step", "Shows the widest stretch."),
    "zoom": QT_TRANSLATE_NOOP("Step", "Zoom in"),
    "zoom_tip": QT_TRANSLATE_NOOP("Step", "Shows the moves of the question, around the place where you look."),
    "go_on": QT_TRANSLATE_NOOP("Step", "Go on from there"),
    "go_on_tip": QT_TRANSLATE_NOOP("Step", "Draws everything anew from where the step led."),
    "lab_step": QT_TRANSLATE_NOOP("Step", "Step in the lab"),
    "lab_step_tip": QT_TRANSLATE_NOOP("Step", "Moves the weights of the lab's run by exactly this −η∇C."),
    "place": QT_TRANSLATE_NOOP("Step", "its value"),
    "place_tip": QT_TRANSLATE_NOOP("Step", "Where on the curve you look."),
    "place_eta": QT_TRANSLATE_NOOP("Step", "η"),
    "closer": QT_TRANSLATE_NOOP("Step", "Closer"),
    "closer_tip": QT_TRANSLATE_NOOP("Step", "Ten times closer, around the place where you look."),
    "wider": QT_TRANSLATE_NOOP("Step", "Wider"),
    "wider_tip": QT_TRANSLATE_NOOP("Step", "A stretch ten times as wide."),
    "what": QT_TRANSLATE_NOOP("Step", "What is moved"),
    "what_tip": QT_TRANSLATE_NOOP("Step",
        "One weight, or all weights and biases at once along the gradient of the cost."),
    "what_one": QT_TRANSLATE_NOOP("Step", "Move one weight"),
    "what_all": QT_TRANSLATE_NOOP("Step", "Move all, along −∇C"),
    "output": QT_TRANSLATE_NOOP("Step", "of output"),
    "output_tip": QT_TRANSLATE_NOOP("Step", "Whose weight it is: the output of this number."),
    "unit": QT_TRANSLATE_NOOP("Step", "for hidden neuron"),
    "unit_tip": QT_TRANSLATE_NOOP("Step",
        "The neuron of the layer before that the weight takes its input from, counted from 1."),
    "eta": QT_TRANSLATE_NOOP("Step", "η of the step"),
    "eta_tip": QT_TRANSLATE_NOOP("Step", "How far the step goes along −∇C of the ten."),
    "other_ten": QT_TRANSLATE_NOOP("Step", "Another ten"),
    "other_ten_tip": QT_TRANSLATE_NOOP("Step", "Takes the gradient of the next ten training digits of the run."),
    "reading": QT_TRANSLATE_NOOP("Step", "Reading the digits at {count} places"),
    "descending": QT_TRANSLATE_NOOP("Step", "Going along −∇C"),
    "warns": QT_TRANSLATE_NOOP("Step",
        "Step in the lab changes the lab's own network. To take it back: in the lab, go one mini-batch back (,) and "
        "press Branch here."),
    "warns_start": QT_TRANSLATE_NOOP("Step",
        "Step in the lab changes the lab's own network. To take it back, press New run in the lab."),
    # Why the lab can't take a step now
    "no_run": QT_TRANSLATE_NOOP("Step", "There is no run to move."),
    "stuck": QT_TRANSLATE_NOOP("Step", "The lab's run can't go on from where it is."),
    "other_run": QT_TRANSLATE_NOOP("Step", "The lab now shows another run: take the newest."),
    "training": QT_TRANSLATE_NOOP("Step", "The lab is training: pause it, then take the newest."),
    "moved": QT_TRANSLATE_NOOP("Step", "The lab's run has gone on since: take the newest."),
    "bad_eta": QT_TRANSLATE_NOOP("Step", "A step needs an η from 0.0001 to 1,000."),
    # Figures
    "cost_plot": QT_TRANSLATE_NOOP("Step", "The mean cost along the way. You can drag the place."),
    "right_plot": QT_TRANSLATE_NOOP("Step", "How many digits are right along the way. You can drag the place."),
    "cost_handle": QT_TRANSLATE_NOOP("Step", "the place on the cost"),
    "right_handle": QT_TRANSLATE_NOOP("Step", "the place on the number right"),
    "cost_name": QT_TRANSLATE_NOOP("Step", "mean cost of {count} digits"),
    "cost_waits": QT_TRANSLATE_NOOP("Step", "mean cost"),
    "cost_change": QT_TRANSLATE_NOOP("Step", "{cost} ({change} millionths)"),
    "change_name": QT_TRANSLATE_NOOP("Step", "change of the mean cost of {count} digits, in millionths"),
    "change_short": QT_TRANSLATE_NOOP("Step", "change of the cost, in millionths"),
    "right_name": QT_TRANSLATE_NOOP("Step", "of them read right"),
    "axis_all": QT_TRANSLATE_NOOP("Step", "η along −∇C of these digits"),
    "axis_one": QT_TRANSLATE_NOOP("Step", "weight of output {output} for hidden neuron {unit}"),
    "slope_plot": QT_TRANSLATE_NOOP("Step", "The cost of ten digits and of others, against η."),
    "flag_ten": QT_TRANSLATE_NOOP("Step", "flag of the ten"),
    "flag_others": QT_TRANSLATE_NOOP("Step", "flag of the others"),
    "axis_eta": QT_TRANSLATE_NOOP("Step", "η, how far along −∇C of the ten"),
    "axis_change": QT_TRANSLATE_NOOP("Step", "change of the mean cost"),
    "the_ten": QT_TRANSLATE_NOOP("Step", "the ten"),
    "the_others": QT_TRANSLATE_NOOP("Step", "{count} others"),
    "promise": QT_TRANSLATE_NOOP("Step", "predicted from the slope: −η‖∇C‖²"),
    "ten_digits": QT_TRANSLATE_NOOP("Step", "the ten digits that gave ∇C:"),
    "ten_digits_tip": QT_TRANSLATE_NOOP("Step", "The ten digits that gave ∇C."),
    "ledger": QT_TRANSLATE_NOOP("Step", "Prediction and result"),
    "ledger_tip": QT_TRANSLATE_NOOP("Step",
        "What the slope predicts of some steps, and what they do to the ten digits and to the others."),
    "head_eta": QT_TRANSLATE_NOOP("Step", "η"),
    "head_promised": QT_TRANSLATE_NOOP("Step", "predicted"),
    "head_ten": QT_TRANSLATE_NOOP("Step", "the ten got"),
    "head_kept": QT_TRANSLATE_NOOP("Step", "reached"),
    "head_others": QT_TRANSLATE_NOOP("Step", "others got"),
    "share": QT_TRANSLATE_NOOP("Step", "{share} %"),
    # Tasks
    "task_flat": QT_TRANSLATE_NOOP("Step",
        "Find ten moves in a row, or more, at which the cost changes and not one digit changes sides."),
    "done_flat": QT_TRANSLATE_NOOP("Step",
        "On that stretch the number right says nothing, but the cost says which way to go."),
    "task_flags": QT_TRANSLATE_NOOP("Step", "Predict which η is best for ten digits, and which for others. Then look."),
    "done_flags": QT_TRANSLATE_NOOP("Step",
        "You saw which η is best for the ten, and which for digits that gave no gradient."),
    "task_half": QT_TRANSLATE_NOOP("Step", "Find an η at which the ten get half of what the slope predicts."),
    "done_half": QT_TRANSLATE_NOOP("Step",
        "Half: on the way the slope changed. The prediction holds for very small steps."),
    "task_step": QT_TRANSLATE_NOOP("Step", "Step in the lab itself: does its network do what is drawn here?"),
    "done_step": QT_TRANSLATE_NOOP("Step", "Your lab network moved; a flag marks it."),
    # Questions and outcomes
    "question_one": QT_TRANSLATE_NOOP("Step",
        "A weight moves by {by} at a time. What changes at every move: cost, number right, or both?"),
    "question_all": QT_TRANSLATE_NOOP("Step",
        "All weights move by {by} ∇C at a time. What changes at every move: cost, number right, or both?"),
    "answer_both": QT_TRANSLATE_NOOP("Step", "both"),
    "answer_cost": QT_TRANSLATE_NOOP("Step", "only the cost"),
    "answer_right": QT_TRANSLATE_NOOP("Step", "only the number right"),
    "answer_neither": QT_TRANSLATE_NOOP("Step", "neither"),
    "said": QT_TRANSLATE_NOOP("Step", "You said {answer}."),
    "came_smooth": QT_TRANSLATE_NOOP("Step",
        "Of the {moves} moves nearest to here, {costs} changed the cost, {right} the number right."),
    "asks_smooth": QT_TRANSLATE_NOOP("Step",
        "Zoom in to see it. Which of the two would you follow to a better network, and why?"),
    "asks_no_weight": QT_TRANSLATE_NOOP("Step",
        "Moving this weight changes the cost of no digit here. Try another weight."),
    "asks_no_way": QT_TRANSLATE_NOOP("Step",
        "∇C is almost 0 here, so this way leads nowhere. Move one weight instead."),
    "question_slope": QT_TRANSLATE_NOOP("Step",
        "Ten digits gave −∇C. Which η is best for these ten? Which for {count} others?"),
    "how_slope": QT_TRANSLATE_NOOP("Step",
        "Drag flag A (the ten) and flag B (the others), then press Look. The right end means: there or beyond."),
    "said_flags": QT_TRANSLATE_NOOP("Step", "Your flags: A {few}, B {others}."),
    "came_still": QT_TRANSLATE_NOOP("Step", "∇C of the ten is almost 0: no step changes their cost."),
    "asks_still_right": QT_TRANSLATE_NOOP("Step",
        "Their cost is almost 0 already: nothing is left to gain. Try another ten."),
    "asks_still": QT_TRANSLATE_NOOP("Step",
        "Their cost is {cost}, but no small change of the weights lowers it. Try another ten, or begin a new run."),
    "came_slope": QT_TRANSLATE_NOOP("Step", "Best for the ten: {few}; for the others: {others}."),
    "gains": QT_TRANSLATE_NOOP("Step", "{eta} (cost {change})"),
    "asks_flat": QT_TRANSLATE_NOOP("Step",
        "Nearly flat: at η 3 the slope predicts {promised} of {cost}. Only an η far beyond those of training gets "
        "these ten off the plain. Try another ten."),
    "asks_little": QT_TRANSLATE_NOOP("Step",
        "These ten cost only {cost}, the others {others}: there is little to gain, so their best η says little. Try "
        "another ten."),
    "asks_slope": QT_TRANSLATE_NOOP("Step",
        "In the table, compare η 0.1 with η 3: how much of the prediction is reached, and for whom?"),
    "no_step": QT_TRANSLATE_NOOP("Step", "no step at all"),
    "or_beyond": QT_TRANSLATE_NOOP("Step", "η {end} or beyond"),
    "at_eta": QT_TRANSLATE_NOOP("Step", "η {eta}"),
    "said_step": QT_TRANSLATE_NOOP("Step", "Drawn, η {eta}: ten {few}, others {others}."),
    "came_step": QT_TRANSLATE_NOOP("Step", "In the lab: ten {few}, others {others}."),
    "asks_step": QT_TRANSLATE_NOOP("Step",
        "Was it a good step for all digits? The figure still shows the state before the step."),
    "not_taken": QT_TRANSLATE_NOOP("Step", "The lab did not take this step: its weights are unchanged."),
})  # fmt: skip


def ask_smooth(*, one: bool, by: float) -> Question:
    """Return the question which measure changes with every move, of `one` weight or of all."""
    answers = say.answers("both", "cost", "right", "neither")
    return Question("smooth", say("question_one" if one else "question_all", by=numbers.tick(by)), answers)


def smooth_outcome(prediction: str, curve: Curve, *, one: bool) -> SceneOutcome:
    costs, right = answered(curve)
    said = say("said", answer=say(f"answer_{prediction}")) if prediction else ""
    came = say("came_smooth", moves=len(curve.at) - 1, costs=costs, right=right)
    stuck = "asks_no_weight" if one else "asks_no_way"
    return SceneOutcome(
        said, came, say("asks_smooth" if answers(curve.costs) else stuck), _score_smooth(prediction, curve)
    )


def _score_smooth(prediction: str, curve: Curve) -> Score | None:
    """Score which of the two changed with every move; near a minimum, two moves may have the same cost."""
    if not prediction:
        return None
    cost, right = (count >= _EVERY * (len(curve.at) - 1) for count in answered(curve))
    was = "both" if cost and right else "cost" if cost else "right" if right else "neither"
    return score_choice(prediction != was, 0, ordered=False)


def slope_outcome(flags: tuple[float, float] | None, slope: Slope) -> SceneOutcome:
    said = ""
    if flags is not None:
        said = say("said_flags", few=_at(flags[0], slope), others=_at(flags[1], slope))
    if slope.is_still:
        cost = slope.descent.before[0]
        asks = (
            say("asks_still_right")
            if cost < _NOTHING
            else say("asks_still", cost=numbers.number_text(cost, 3))
        )
        return SceneOutcome(said, say("came_still"), asks)
    best = slope.best()
    changes = numbers.changes([float(each.min()) for each in slope.changes])
    few, others = (
        say("gains", eta=_at(eta, slope), change=change) if eta else _at(eta, slope)
        for eta, change in zip(best, changes, strict=True)
    )
    asks = say("asks_slope")
    ten, rest = (numbers.rounded(each, 2) for each in slope.descent.before)
    if slope.has_little:
        asks = say("asks_little", cost=ten, others=rest)
    elif slope.is_flat:
        asks = say("asks_flat", promised=numbers.changes([slope.fixed[1].promised])[0], cost=ten)
    points = None if flags is None else score(flags, best, RIGHT * slope.end, CLOSE * slope.end)
    return SceneOutcome(said, say("came_slope", few=few, others=others), asks, points)


def _at(eta: float, slope: Slope) -> str:
    if eta == 0:
        return say("no_step")
    text = numbers.tick(float(f"{eta:.2g}"))
    return say("or_beyond", end=text) if eta == slope.end else say("at_eta", eta=text)


def step_outcome(drawn: DirectionStep, few: float, others: float) -> SceneOutcome:
    """Return the outcome of a step; `few` and `others` are the changes of the costs by the lab's own weights."""
    texts = numbers.changes([drawn.few, drawn.others, few, others])
    said = say("said_step", eta=numbers.step_width(drawn.eta), few=texts[0], others=texts[1])
    return SceneOutcome(said, say("came_step", few=texts[2], others=texts[3]), say("asks_step"))
