"""The texts of the page on the cost, with sentences on curves and steps."""

from typing import Final

from mnistviz.engine.ideas.along import Curve, DirectionStep
from mnistviz.engine.ideas.step_curves import Slope, answered, answers
from mnistviz.engine.scores import Score, score, score_choice
from mnistviz.gui.common import numbers
from mnistviz.gui.ideas.page import SceneOutcome
from mnistviz.gui.ideas.parts.page_parts import Question, Words
from mnistviz.marking import marked

_NOTHING: Final = 1e-4  # a mean cost that cannot be reduced noticeably
_EVERY: Final = 0.95  # fraction of the moves
RIGHT: Final = 0.05  # error up to which both flags together are right, as a fraction of the axis
CLOSE: Final = 0.2
say: Final = Words({
    "title": marked("Why a smooth cost"),
    "text": marked(
        "Should a network follow the number of digits it reads right, or its cost? And when the gradient says which "
        "way, how far should it step? Try both on a copy of the lab's network."),
    "smooth": (marked("1  Move weights"), marked("The cost, and how many digits are right.")),
    "slope": (marked("2  Take a step"), marked("Along −∇C of ten digits: prediction and result.")),
    "too_few": marked("This page needs at least twenty training digits: ten for a step, and others."),
    # Buttons and numbers
    "look": (marked("Look"), marked("Shows the result, once you have answered the question.")),
    "say_first": marked("Say first what you think."),
    "whole": (marked("Whole valley"), marked("Shows the widest stretch.")),
    "zoom": (marked("Zoom in"), marked("Shows the moves of the question, around the place where you look.")),
    "go_on": (marked("Go on from there"), marked("Draws everything anew from where the step led.")),
    "lab_step": (marked("Step in the lab"), marked("Moves the weights of the lab's run by exactly this −η∇C.")),
    "place": (marked("its value"), marked("Where on the curve you look.")),
    "place_eta": marked("η"),
    "closer": (marked("Closer"), marked("Ten times closer, around the place where you look.")),
    "wider": (marked("Wider"), marked("A stretch ten times as wide.")),
    "what": (marked("What is moved"),
        marked("One weight, or all weights and biases at once along the gradient of the cost.")),
    "what_one": marked("Move one weight"),
    "what_all": marked("Move all, along −∇C"),
    "output": (marked("of output"), marked("Whose weight it is: the output of this number.")),
    "unit": (marked("for hidden neuron"),
        marked("The neuron of the layer before that the weight takes its input from, counted from 1.")),
    "eta": (marked("η of the step"), marked("How far the step goes along −∇C of the ten.")),
    "other_ten": (marked("Another ten"), marked("Takes the gradient of the next ten training digits of the run.")),
    "reading": marked("Reading the digits at {count} places"),
    "descending": marked("Going along −∇C"),
    "warns": marked(
        "Step in the lab changes the lab's own network. To take it back: in the lab, go one mini-batch back (,) and "
        "press Branch here."),
    "warns_start": marked("Step in the lab changes the lab's own network. To take it back, press New run in the lab."),
    # Why the lab can't take a step now
    "no_run": marked("There is no run to move."),
    "stuck": marked("The lab's run can't go on from where it is."),
    "other_run": marked("The lab now shows another run: take the newest."),
    "training": marked("The lab is training: pause it, then take the newest."),
    "moved": marked("The lab's run has gone on since: take the newest."),
    "bad_eta": marked("A step needs an η from 0.0001 to 1,000."),
    # Figures
    "cost_plot": marked("The mean cost along the way. You can drag the place."),
    "right_plot": marked("How many digits are right along the way. You can drag the place."),
    "cost_handle": marked("the place on the cost"),
    "right_handle": marked("the place on the number right"),
    "cost_name": marked("mean cost of {count} digits"),
    "cost_waits": marked("mean cost"),
    "cost_change": marked("{cost} ({change} millionths)"),
    "change_name": marked("change of the mean cost of {count} digits, in millionths"),
    "change_short": marked("change of the cost, in millionths"),
    "right_name": marked("of them read right"),
    "axis_all": marked("η along −∇C of these digits"),
    "axis_one": marked("weight of output {output} for hidden neuron {unit}"),
    "slope_plot": marked("The cost of ten digits and of others, against η."),
    "flag_ten": marked("flag of the ten"),
    "flag_others": marked("flag of the others"),
    "axis_eta": marked("η, how far along −∇C of the ten"),
    "axis_change": marked("change of the mean cost"),
    "the_ten": marked("the ten"),
    "the_others": marked("{count} others"),
    "promise": marked("predicted from the slope: −η‖∇C‖²"),
    "ten_digits": (marked("the ten digits that gave ∇C:"), marked("The ten digits that gave ∇C.")),
    "ledger": (marked("Prediction and result"),
        marked("What the slope predicts of some steps, and what they do to the ten digits and to the others.")),
    "head_eta": marked("η"),
    "head_promised": marked("predicted"),
    "head_ten": marked("the ten got"),
    "head_kept": marked("reached"),
    "head_others": marked("others got"),
    "share": marked("{share} %"),
    # Tasks
    "task_flat": (marked(
        "Find ten moves in a row, or more, at which the cost changes and not one digit changes "
        "sides."), marked("On that stretch the number right says nothing, but the cost says which way to go.")),
    "task_flags": (marked("Predict which η is best for ten digits, and which for others. Then look."),
        marked("You saw which η is best for the ten, and which for digits that gave no gradient.")),
    "task_half": (marked("Find an η at which the ten get half of what the slope predicts."),
        marked("Half: on the way the slope changed. The prediction holds for very small steps.")),
    "task_step": (marked("Step in the lab itself: does its network do what is drawn here?"),
        marked("Your lab network moved; a flag marks it.")),
    # Questions and outcomes
    "question_one": marked(
        "A weight moves by {by} at a time. What changes at every move: cost, number right, or both?"),
    "question_all": marked(
        "All weights move by {by} ∇C at a time. What changes at every move: cost, number right, or both?"),
    "answer_both": marked("both"),
    "answer_cost": marked("only the cost"),
    "answer_right": marked("only the number right"),
    "answer_neither": marked("neither"),
    "said": marked("You said {answer}."),
    "came_smooth": marked("Of the {moves} moves nearest to here, {costs} changed the cost, {right} the number right."),
    "asks_smooth": marked("Zoom in to see it. Which of the two would you follow to a better network, and why?"),
    "asks_no_weight": marked("Moving this weight changes the cost of no digit here. Try another weight."),
    "asks_no_way": marked("∇C is almost 0 here, so this way leads nowhere. Move one weight instead."),
    "question_slope": marked("Ten digits gave −∇C. Which η is best for these ten? Which for {count} others?"),
    "how_slope": marked(
        "Drag flag A (the ten) and flag B (the others), then press Look. The right end means: there or beyond."),
    "said_flags": marked("Your flags: A {few}, B {others}."),
    "came_still": marked("∇C of the ten is almost 0: no step changes their cost."),
    "asks_still_right": marked("Their cost is almost 0 already: nothing is left to gain. Try another ten."),
    "asks_still": marked(
        "Their cost is {cost}, but no small change of the weights lowers it. Try another ten, or begin a new run."),
    "came_slope": marked("Best for the ten: {few}; for the others: {others}."),
    "gains": marked("{eta} (cost {change})"),
    "asks_flat": marked(
        "Nearly flat: at η 3 the slope predicts {promised} of {cost}. Only an η far beyond those of training gets "
        "these ten off the plain. Try another ten."),
    "asks_little": marked(
        "These ten cost only {cost}, the others {others}: there is little to gain, so their best η says little. Try "
        "another ten."),
    "asks_slope": marked("In the table, compare η 0.1 with η 3: how much of the prediction is reached, and for whom?"),
    "no_step": marked("no step at all"),
    "or_beyond": marked("η {end} or beyond"),
    "at_eta": marked("η {eta}"),
    "said_step": marked("Drawn, η {eta}: ten {few}, others {others}."),
    "came_step": marked("In the lab: ten {few}, others {others}."),
    "asks_step": marked("Was it a good step for all digits? The figure still shows the state before the step."),
    "not_taken": marked("The lab did not take this step: its weights are unchanged."),
})  # fmt: skip


def ask_smooth(*, one: bool, by: float) -> Question:
    """Return the question which measure changes with every move, of `one` weight or of all."""
    answers = say.answers("both", "cost", "right", "neither")
    return Question("smooth", say("question_one" if one else "question_all", by=numbers.tick(by)), answers)


def smooth_outcome(prediction: str, curve: Curve, *, one: bool) -> SceneOutcome:
    costs, right = answered(curve)
    said = say("said", answer=say(f"answer_{prediction}")) if prediction else ""
    came = say("came_smooth", moves=len(curve.at) - 1, costs=costs, right=right)
    asks = say("asks_smooth" if answers(curve.costs) else "asks_no_weight" if one else "asks_no_way")
    return SceneOutcome(said, came, asks, _score_smooth(prediction, curve))


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
        asks = say("asks_still_right")
        if cost >= _NOTHING:
            asks = say("asks_still", cost=numbers.number_text(cost, 3))
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
