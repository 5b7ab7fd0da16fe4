"""The texts of the page on few digits, with sentences on samples and times."""

import math
import statistics
from bisect import bisect
from collections.abc import Collection, Mapping, Sequence
from html import escape
from typing import Final

from mnistviz.engine.ideas.few_digits import DRAWS, FEW, Draw, DrawGroup, Price, Whole, flag_size, spread
from mnistviz.engine.scores import Score, score_choice, score_part
from mnistviz.gui.common import numbers
from mnistviz.gui.common.theme import theme, toned
from mnistviz.gui.ideas.page import SceneOutcome
from mnistviz.gui.ideas.parts.page_parts import Question, Words
from mnistviz.marking import marked

NARROW = 30  # degrees
ANSWERS_TEN: Final = ("near", "middle", "square", "any")
_ANGLES: Final = (15, 60, 120)  # degrees that separate the answers
_ALIKE: Final = (0.8, 1.25)  # range of time ratios that count as about the same
say: Final = Words({
    "title": marked("A few digits stand for all"),
    "text": marked(
        "The gradient of the cost is a mean over all training digits. A mini-batch takes the mean over a few of them "
        "instead. How well do they stand for all? It is tried on a network that has learned nothing yet, and on the "
        "lab's."),
    "too_few": marked("This page needs a run on at least 500 training digits: a few of them, and all."),
    # Numbers and buttons
    "m": (marked("m, digits drawn"), marked("How many digits are drawn, out of all.")),
    "off": (marked("How far off"), marked("How far the gradient of m digits is from that of all.")),
    "angle": (marked("Angle"), marked("The angle between its gradient and that of all digits.")),
    "length": (marked("Length"), marked("How long the gradient of m digits is, compared with that of all.")),
    "epoch": (marked("Time of an epoch"), marked("How long an epoch in steps of m digits takes on this computer.")),
    "all_sizes": (marked("All sizes"), marked("Draws five times each with 1, 2, 5, 10 … digits, up to all of them.")),
    "all_sizes_first": marked("It would answer how far off many digits are: drag flag A and press Look first."),
    "look": (marked("Look"), marked("Shows the result, once you have answered the question.")),
    "say_first": marked("Say first what you think."),
    "time_again": (marked("Time again"), marked("Measures the time of the steps once more.")),
    "draw": (marked("Draw {count} times"),
        marked("Draws m digits again and again, for both networks; each gradient becomes an arrow and a dot.")),
    "working": marked("Drawing {count} times"),
    "timing": marked("Measuring the time of steps"),
    # The figure
    "dials": (marked("Angles to the gradient of all digits"), marked(
        "Each thin arrow is the gradient of m digits, the thick one their mean; straight up is that of all. A click "
        "chooses m.")),
    "dials_say": marked(
        "Grey: beyond 90° a small step goes uphill. Left or right shows the direction in which the twenty differ "
        "most."),
    "legend_all": marked("∇C of all {n}"),
    "legend_few": marked("of m digits"),
    "legend_mean": marked("mean of the twenty"),
    "m_is": marked("m = {m}"),
    "fresh": marked("Fresh"),
    "fresh_note": marked("before the first mini-batch"),
    "trained": marked("Trained"),
    "trained_note": marked("the lab's network, mini-batch {step}"),
    "not_trained": marked("the lab's network has learned nothing yet"),
    "with_length": marked("{note} · ‖∇C‖ {length}"),
    "half_within": marked("half within {angle}"),
    "range": marked("{low} to {high}"),
    "range_uphill": marked("{low} to {high} · {count} uphill"),
    "their_mean": marked("their mean: {angle}"),
    "no_direction": marked("∇C is 0"),
    "heard_dial": marked("{row}, {m} digits: {middle}, {range}."),
    "plot": marked("Each draw as a dot, against how many digits it has."),
    "m_handle": marked("number of digits m"),
    "flag_handle": marked("flag: where the dots will lie"),
    "m_axis": marked("m, number of digits"),
    "off_axis": marked("how far off: ‖∇C of m − ∇C of all‖ / ‖∇C of all‖"),
    "length_axis": marked("length of ∇C of m, over that of all"),
    "epoch_axis": marked("seconds for an epoch in steps of m"),
    "degrees": marked("{angle}°"),
    "line_name": marked("∝ √(1/m − 1/n)"),
    # Readings
    "milliseconds": marked("{time} ms"),
    "seconds": marked("{time} s"),
    "drawn": marked("m = {m}, {count} draws"),
    "not_drawn": marked("m = {m}: not drawn yet"),
    "off_by": marked("off by {off}"),
    "length_is": marked("length {length}"),
    "price": marked("step {one}, epoch {epoch}"),
    "between": marked(" · "),
    # Tasks
    "task_flag": (marked("Predict how far off draws of many more digits are. Then look."),
        marked("The line S √(1/m − 1/n) is computed from the digits themselves, not fitted.")),
    "task_narrow": (marked(
        "Find, to a factor of three, how many digits it takes for all {draws} draws to lie within {angle}°: fresh, and "
        "trained."), marked("You found about how many digits it takes to be within {angle}° each time.")),
    "tried_yes": marked("{m} yes"),
    "tried_no": marked("{m} no"),
    "tried": marked("{text} Tried: {tried}."),
    "tried_both": marked("{text} Fresh: {fresh}. Trained: {trained}."),
    "none_yet": marked("nothing yet"),
    "and": marked(", "),
    "narrow_found": marked("With {enough} digits all lay within {angle}°; {too_few} were too few."),
    "narrow_both": marked(
        "Within {angle}°: fresh, {enough} digits ({too_few} were too few); trained, {enough_trained} "
        "({too_few_trained} were too few)."),
    "task_epoch": (marked("Predict which epoch takes longer: in small steps, or in one large step. Then look."),
        marked("You saw how long an epoch takes, and how many steps you get for it.")),
    # Questions and outcomes
    "question_ten": marked(
        "Ten digits, drawn {draws} times, fresh network: what angles has their gradient with ∇C of all {n}?"),
    "answer_near": marked("below 15°"),
    "answer_middle": marked("15° to 60°"),
    "answer_square": marked("60° to 120°"),
    "answer_any": marked("any angle up to 180°"),
    "question_more": marked("{times} times as many digits, {many}: how far off will their gradients be?"),
    "question_many": marked("{many} digits are drawn, {draws} times: how far off will their gradients be?"),
    "how_flag": marked("Drag flag A up or down to where the dots will lie, then press Look."),
    "question_epoch": marked(
        "An epoch in steps of 10 digits has {steps} steps; with all {n} at once it has one. Which takes longer?"),
    "answer_few": marked("steps of 10"),
    "answer_same": marked("about the same"),
    "answer_all": marked("the one step"),
    "said": marked("You said {answer}."),
    "came_fresh": marked("Fresh, ten digits lie {low} to {high} off, half within {middle}."),
    "came_both": marked(
        "Fresh, ten digits lie {low} to {high} off; trained {low_trained} to {high_trained}, {uphill} of {draws} "
        "uphill."),
    "asks_ten": marked("The mean of the twenty is only {mean} off. What does that say about many small steps?"),
    "asks_same": marked("Compare the columns: what do more digits buy?"),
    "asks_flat": marked(
        "Where the valley is flat, ten digits disagree: most pulls cancel, ∇C is {times} times shorter than at the "
        "start."),
    "said_flag": marked("You said: off by {off} lengths."),
    "came_more": marked("{many} digits are off by {off} lengths; 10 by {more}, {times} times as far."),
    "came_many": marked("{many} digits are off by {off} lengths of the gradient of all."),
    "asks_flag": marked("What do more digits buy? And why does the line fall to 0 at the right?"),
    "came_epoch": marked("{steps} steps of {m}: {few}. One of all: {all}, as long as {many} small ones."),
    "asks_epoch": marked("Which would you take: many rough steps, or one exact step?"),
})  # fmt: skip


def narrow(tried: Sequence[Sequence[tuple[int, bool]]]) -> str:
    """Return the task with each network's largest size that was too small and smallest that was enough."""
    text = say("task_narrow", draws=DRAWS, angle=NARROW)
    if not any(tried):
        return text
    results = []
    for each in tried:
        few, enough = (sorted(m for m, fits in each if fits is is_enough) for is_enough in (False, True))
        sizes = [say("tried_no", m=m) for m in few[-1:]]
        sizes += [say("tried_yes", m=m) for m in enough[:1]]
        results.append(say("and").join(sizes) or say("none_yet"))
    if len(results) == 1:
        return say("tried", text=text, tried=results[0])
    return say("tried_both", text=text, fresh=results[0], trained=results[1])


def narrow_result(bounds: Sequence[tuple[int, int]]) -> str:
    """Return for each network how many digits are too few and how many enough."""
    (few, enough), *trained = bounds
    if not trained:
        return say("narrow_found", enough=enough, angle=NARROW, too_few=few)
    both = {"enough_trained": trained[0][1], "too_few_trained": trained[0][0]}
    return say("narrow_both", enough=enough, angle=NARROW, too_few=few, **both)


def angle_text(angle: float) -> str:
    if not math.isfinite(angle):
        return say("no_direction")
    return say("degrees", angle=numbers.rounded(angle, 2) if angle < 10 else round(angle))


def middle_text(group: DrawGroup) -> str:
    return say("half_within", angle=angle_text(group.middle)) if group.angles else say("no_direction")


def range_text(group: DrawGroup) -> str:
    if not group.angles:
        return ""
    low, high = angle_text(group.angles[0]), angle_text(group.angles[-1])
    return say("range_uphill" if group.uphill else "range", low=low, high=high, count=group.uphill)


def mean_text(group: DrawGroup) -> str:
    return say("their_mean", angle=angle_text(abs(group.mean))) if math.isfinite(group.mean) else ""


def legend(n: int) -> str:
    ink = theme().text, toned(theme(), theme().runs[0], -0.4), theme().runs[0]
    texts = say("legend_all", n=n), say("legend_few"), say("legend_mean")
    return "&nbsp;&nbsp; ".join(
        f'<span style="color:{colour}">➜</span> {escape(text)}'
        for colour, text in zip(ink, texts, strict=True)
    )


def ask(which: str, n: int, *, after_ten: bool) -> Question:
    """Return a question; `after_ten` if the outcome for ten digits is known already."""
    if which == "ten":
        text = say("question_ten", n=n, draws=DRAWS)
        return Question(which, text, say.answers(*ANSWERS_TEN))
    if which == "flag":
        many, id = flag_size(n), "question_more" if after_ten else "question_many"
        return Question(which, say(id, times=many // FEW, many=many, draws=DRAWS), how=say("how_flag"))
    text = say("question_epoch", steps=-(-n // 10), n=n)
    return Question(which, text, say.answers("few", "same", "all"))


def _quoted(prediction: str) -> str:
    return say("said", answer=say(f"answer_{prediction}")) if prediction else ""


def ten_outcome(prediction: str, groups: Sequence[DrawGroup], wholes: Sequence[Whole]) -> SceneOutcome:
    """Return the outcome for ten digits: of the untrained network, and of the trained one if there is one."""
    begun, now = groups[0], groups[-1]
    if not begun.angles or not now.angles:
        return SceneOutcome(_quoted(prediction), say("no_direction"))
    ends = {"low": angle_text(begun.angles[0]), "high": angle_text(begun.angles[-1])}
    if len(groups) == 1:
        came = say("came_fresh", middle=angle_text(begun.middle), **ends)
    else:
        trained = {"low_trained": angle_text(now.angles[0]), "high_trained": angle_text(now.angles[-1])}
        came = say("came_both", uphill=now.uphill, draws=len(now.draws), **ends, **trained)
    said, asks = _quoted(prediction), _asks_ten(begun, now, wholes)
    return SceneOutcome(said, came, asks, _score_ten(prediction, begun))


def _score_ten(prediction: str, begun: DrawGroup) -> Score | None:
    """Score the answer with the median angle; any answer, if the angles span more than 90°."""
    if not prediction:
        return None
    wide = begun.angles[-1] - begun.angles[0] > 90
    was = len(_ANGLES) if wide else min(bisect(_ANGLES, begun.middle), len(_ANGLES) - 1)
    return score_choice(ANSWERS_TEN.index(prediction), was, ordered=True)


def _asks_ten(begun: DrawGroup, now: DrawGroup, wholes: Sequence[Whole]) -> str:
    """Return a remark that is true of these samples, for example if ten digits no longer stand for all."""
    shorter = wholes[0].length / wholes[-1].length
    if begun.middle < 45 < 60 < now.middle and shorter >= 2:
        return say("asks_flat", times=round(shorter))
    if abs(begun.mean) < 0.6 * begun.middle:
        return say("asks_ten", mean=angle_text(abs(begun.mean)))
    return say("asks_same")


def flag_outcome(flag: float | None, ten: Sequence[Draw], many: Sequence[Draw]) -> SceneOutcome:
    said = "" if flag is None else say("said_flag", off=numbers.rounded(flag, 2))
    off, more = spread(many), spread(ten)
    spreads = off, more, more / off if off else math.inf
    off_text, more_text, times = (numbers.rounded(each, 2) for each in spreads)
    came = say("came_more" if ten else "came_many", many=many[0].m, off=off_text, more=more_text, times=times)
    return SceneOutcome(said, came, say("asks_flag"), None if flag is None else score_part(flag, off))


def epoch_outcome(prediction: str, prices: Sequence[Price]) -> SceneOutcome:
    few, all_of_them = next(each for each in prices if each.m >= 10), prices[-1]
    times = {"few": seconds(few.seconds), "all": seconds(all_of_them.seconds)}
    came = say("came_epoch", steps=few.updates, m=few.m, many=round(all_of_them.one / few.one), **times)
    ratio, points = few.seconds / all_of_them.seconds, None
    if prediction:
        longer = bisect(_ALIKE, ratio)  # one step, about the same, steps of 10
        points = score_choice(("all", "same", "few").index(prediction), longer, ordered=True)
    return SceneOutcome(_quoted(prediction), came, say("asks_epoch"), points)


def seconds(value: float) -> str:
    if value < 1:
        decimals = 0 if value >= 0.01 else 1 if value >= 0.001 else 3
        return say("milliseconds", time=numbers.number_text(1000 * value, decimals))
    return say("seconds", time=numbers.number_text(value, 1))


def reading(m: int, draws: Sequence[Draw], prices: Mapping[int, Price], told: Collection[str]) -> str:
    if not told:
        return ""
    parts = [say("drawn" if draws else "not_drawn", m=m, count=len(draws))]
    if draws and "flag" in told:
        parts.append(say("off_by", off=numbers.rounded(spread(draws), 2)))
    if draws and "ten" in told:
        angle = statistics.median(each.angle for each in draws)
        length = statistics.median(each.length for each in draws)
        parts += [angle_text(angle), say("length_is", length=numbers.rounded(length, 2))]
    if (price := prices.get(m)) is not None:
        parts.append(say("price", one=seconds(price.one), epoch=seconds(price.seconds)))
    return say("between").join(parts)
