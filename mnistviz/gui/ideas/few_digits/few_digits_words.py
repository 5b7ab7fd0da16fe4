"""The texts of the page on few digits, and what it tells of draws and prices."""

from __future__ import annotations

import math
import statistics
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from mnistviz.engine.ideas.few_digits import DRAWS, FEW, Draw, Price, flag_size, spread
from mnistviz.gui.common import numbers
from mnistviz.gui.ideas.cards import Question
from mnistviz.gui.ideas.page import Outcome
from mnistviz.gui.ideas.parts.words import Words
from mnistviz.marking import QT_TRANSLATE_NOOP

NARROW = 30  # degrees
say: Final = Words("FewDigits", {
    "title": QT_TRANSLATE_NOOP("FewDigits", "A few digits stand for all"),
    "text": QT_TRANSLATE_NOOP("FewDigits",
        "The gradient of the cost is a mean over all training digits. A mini-batch takes the mean over a few of them "
        "instead, drawn without putting any back. How well do they stand for all, and what is saved?"),
    "too_few": QT_TRANSLATE_NOOP("FewDigits",
        "This page needs a run on 500 training digits at least: a few of them, and all."),
    # Numbers and buttons
    "m": QT_TRANSLATE_NOOP("FewDigits", "m, digits drawn"),
    "m_tip": QT_TRANSLATE_NOOP("FewDigits", "How many digits are drawn, out of all."),
    "off": QT_TRANSLATE_NOOP("FewDigits", "How far off"),
    "off_tip": QT_TRANSLATE_NOOP("FewDigits", "How far the gradient of m digits is from that of all."),
    "angle": QT_TRANSLATE_NOOP("FewDigits", "Angle"),
    "angle_tip": QT_TRANSLATE_NOOP("FewDigits", "The angle between the two gradients."),
    "length": QT_TRANSLATE_NOOP("FewDigits", "Length"),
    "length_tip": QT_TRANSLATE_NOOP("FewDigits", "How long the gradient of m digits is, over that of all."),
    "epoch": QT_TRANSLATE_NOOP("FewDigits", "Time of an epoch"),
    "epoch_tip": QT_TRANSLATE_NOOP("FewDigits", "What an epoch in steps of m digits takes here."),
    "all_sizes": QT_TRANSLATE_NOOP("FewDigits", "All sizes"),
    "all_sizes_tip": QT_TRANSLATE_NOOP("FewDigits",
        "Draws five times each with 1, 2, 5, 10 … digits, up to all of them."),
    "look": QT_TRANSLATE_NOOP("FewDigits", "Look"),
    "look_tip": QT_TRANSLATE_NOOP("FewDigits", "Shows what comes of it."),
    "say_first": QT_TRANSLATE_NOOP("FewDigits", "Say first what you think."),
    "time_again": QT_TRANSLATE_NOOP("FewDigits", "Time again"),
    "time_again_tip": QT_TRANSLATE_NOOP("FewDigits", "Takes the time of the steps once more."),
    "draw": QT_TRANSLATE_NOOP("FewDigits", "Draw {count} times"),
    "draw_tip": QT_TRANSLATE_NOOP("FewDigits", "Draws m digits so often, and each gradient becomes a dot."),
    "working": QT_TRANSLATE_NOOP("FewDigits", "Drawing {count} times"),
    "timing": QT_TRANSLATE_NOOP("FewDigits", "Taking the time of steps"),
    # The figure
    "waits": QT_TRANSLATE_NOOP("FewDigits",
        "Each draw of m digits becomes a dot here: how its gradient lies to that of all {n} digits."),
    "epoch_waits": QT_TRANSLATE_NOOP("FewDigits",
        "Here appears what an epoch costs in steps of m digits. Say first what you think."),
    "plot": QT_TRANSLATE_NOOP("FewDigits", "Each draw as a dot, against how many digits it has."),
    "m_handle": QT_TRANSLATE_NOOP("FewDigits", "number of digits m"),
    "flag_handle": QT_TRANSLATE_NOOP("FewDigits", "flag: where the dots will lie"),
    "m_axis": QT_TRANSLATE_NOOP("FewDigits", "m, number of digits"),
    "off_axis": QT_TRANSLATE_NOOP("FewDigits", "how far off: ‖∇C of m − ∇C of all‖ / ‖∇C of all‖"),
    "angle_axis": QT_TRANSLATE_NOOP("FewDigits", "angle between ∇C of m and ∇C of all"),
    "length_axis": QT_TRANSLATE_NOOP("FewDigits", "length of ∇C of m, over that of all"),
    "epoch_axis": QT_TRANSLATE_NOOP("FewDigits", "seconds an epoch takes in steps of m"),
    "degrees": QT_TRANSLATE_NOOP("FewDigits", "{angle}°"),
    "line_name": QT_TRANSLATE_NOOP("FewDigits", "∝ √(1/m − 1/n)"),
    # Readings
    "milliseconds": QT_TRANSLATE_NOOP("FewDigits", "{time} ms"),
    "seconds": QT_TRANSLATE_NOOP("FewDigits", "{time} s"),
    "drawn": QT_TRANSLATE_NOOP("FewDigits", "m = {m}, {count} draws"),
    "not_drawn": QT_TRANSLATE_NOOP("FewDigits", "m = {m}: not drawn yet"),
    "off_by": QT_TRANSLATE_NOOP("FewDigits", "off by {off}"),
    "length_is": QT_TRANSLATE_NOOP("FewDigits", "length {length}"),
    "price": QT_TRANSLATE_NOOP("FewDigits", "step {one}, epoch {epoch}"),
    "between": QT_TRANSLATE_NOOP("FewDigits", " · "),
    # Tasks
    "task_flag": QT_TRANSLATE_NOOP("FewDigits", "Say where draws of many more digits will lie, and look."),
    "done_flag": QT_TRANSLATE_NOOP("FewDigits",
        "The line is S √(1/m − 1/n), worked out from the digits themselves, not fitted."),
    "task_narrow": QT_TRANSLATE_NOOP("FewDigits",
        "Find, to a factor of three, how many digits it takes for all {draws} draws to lie within {angle}° of the "
        "whole."),
    "done_narrow": QT_TRANSLATE_NOOP("FewDigits",
        "You found about how many digits it takes to be within {angle}° each time."),
    "tried_yes": QT_TRANSLATE_NOOP("FewDigits", "{m} yes"),
    "tried_no": QT_TRANSLATE_NOOP("FewDigits", "{m} no"),
    "tried": QT_TRANSLATE_NOOP("FewDigits", "{text} Tried: {tried}."),
    "and": QT_TRANSLATE_NOOP("FewDigits", ", "),
    "narrow_found": QT_TRANSLATE_NOOP("FewDigits",
        "With {enough} digits all lay within {angle}°; {too_few} were too few."),
    "task_epoch": QT_TRANSLATE_NOOP("FewDigits",
        "Say which epoch takes longer, in small steps or in one large step, and look."),
    "done_epoch": QT_TRANSLATE_NOOP("FewDigits", "You saw what an epoch costs, and how many steps one has for it."),
    # Questions and outcomes
    "question_ten": QT_TRANSLATE_NOOP("FewDigits",
        "Ten of the {n} digits are drawn, {draws} times. What angle do their gradients make with that of all?"),
    "answer_near": QT_TRANSLATE_NOOP("FewDigits", "below 15°"),
    "answer_middle": QT_TRANSLATE_NOOP("FewDigits", "15° to 60°"),
    "answer_square": QT_TRANSLATE_NOOP("FewDigits", "60° to 120°"),
    "answer_any": QT_TRANSLATE_NOOP("FewDigits", "any angle up to 180°"),
    "question_more": QT_TRANSLATE_NOOP("FewDigits",
        "{times} times as many digits, {many}: how far off will their gradients be?"),
    "question_many": QT_TRANSLATE_NOOP("FewDigits",
        "{many} digits are drawn, {draws} times: how far off will their gradients be?"),
    "how_flag": QT_TRANSLATE_NOOP("FewDigits", "Drag flag A up or down to where the dots will lie, then press Look."),
    "question_epoch": QT_TRANSLATE_NOOP("FewDigits",
        "An epoch in steps of 10 digits has {steps} steps; with all {n} at once it has one. Which takes longer?"),
    "answer_few": QT_TRANSLATE_NOOP("FewDigits", "steps of 10"),
    "answer_same": QT_TRANSLATE_NOOP("FewDigits", "about the same"),
    "answer_all": QT_TRANSLATE_NOOP("FewDigits", "the one step"),
    "said": QT_TRANSLATE_NOOP("FewDigits", "You said: {answer}."),
    "came_ten": QT_TRANSLATE_NOOP("FewDigits", "They lay between {low}° and {high}°, half of them above {middle}°."),
    "asks_ten": QT_TRANSLATE_NOOP("FewDigits",
        "A step along such a gradient goes mostly sideways. What must hold of many of them together?"),
    "said_flag": QT_TRANSLATE_NOOP("FewDigits", "You said: off by {off} lengths."),
    "came_more": QT_TRANSLATE_NOOP("FewDigits",
        "{many} digits are off by {off} lengths; 10 by {more}, {times} times as far."),
    "came_many": QT_TRANSLATE_NOOP("FewDigits", "{many} digits are off by {off} lengths of the gradient of all."),
    "asks_flag": QT_TRANSLATE_NOOP("FewDigits",
        "What does more work buy? And why does the line fall to nothing at the right?"),
    "came_epoch": QT_TRANSLATE_NOOP("FewDigits",
        "{steps} steps of {m}: {few}. One of all: {all}, as long as {many} small ones."),
    "asks_epoch": QT_TRANSLATE_NOOP("FewDigits",
        "For about the same time: many steps that go mostly sideways, or one that goes straight?"),
})  # fmt: skip


def narrow(tried: Sequence[tuple[int, bool]]) -> str:
    """The task, with what was tried so far: how many digits, and whether all draws were near enough."""
    text = say("task_narrow", draws=DRAWS, angle=NARROW)
    if not tried:
        return text
    each = [say("tried_yes" if fits else "tried_no", m=numbers.whole(m)) for m, fits in tried]
    return say("tried", text=text, tried=say("and").join(each[-6:]))


def narrow_found(too_few: int, enough: int) -> str:
    return say("narrow_found", enough=numbers.whole(enough), angle=NARROW, too_few=numbers.whole(too_few))


def ask(which: str, n: int, *, after_ten: bool) -> Question:
    """`after_ten` is whether it is known already what ten digits do."""
    if which == "ten":
        text = say("question_ten", n=numbers.whole(n), draws=DRAWS)
        return Question(which, text, say.answers("near", "middle", "square", "any"))
    if which == "flag":
        times, many = numbers.whole(flag_size(n) // FEW), numbers.whole(flag_size(n))
        id = "question_more" if after_ten else "question_many"
        return Question(which, say(id, times=times, many=many, draws=DRAWS), how=say("how_flag"))
    text = say("question_epoch", steps=numbers.whole(-(-n // 10)), n=numbers.whole(n))
    return Question(which, text, say.answers("few", "same", "all"))


def _said(prediction: str) -> str:
    return say("said", answer=say(f"answer_{prediction}")) if prediction else ""


def told_ten(prediction: str, draws: Sequence[Draw]) -> Outcome:
    angles = [each.angle for each in draws if math.isfinite(each.angle)]
    ends = min(angles, default=0), max(angles, default=0), statistics.median(angles or [0.0])
    low, high, middle = (numbers.whole(round(each)) for each in ends)
    return _said(prediction), say("came_ten", low=low, high=high, middle=middle), say("asks_ten")


def told_flag(flag: float | None, ten: Sequence[Draw], many: Sequence[Draw]) -> Outcome:
    said = "" if flag is None else say("said_flag", off=numbers.rounded(flag, 2))
    off, more = spread(many), spread(ten)
    spreads = off, more, more / off if off else math.inf
    off_text, more_text, times = (numbers.rounded(each, 2) for each in spreads)
    id, count = "came_more" if ten else "came_many", numbers.whole(many[0].m)
    return said, say(id, many=count, off=off_text, more=more_text, times=times), say("asks_flag")


def told_epoch(prediction: str, prices: Sequence[Price]) -> Outcome:
    few, all_of_them = next(each for each in prices if each.m >= 10), prices[-1]
    came = say(
        "came_epoch",
        steps=numbers.whole(few.updates),
        m=numbers.whole(few.m),
        few=seconds(few.seconds),
        all=seconds(all_of_them.seconds),
        many=numbers.whole(round(all_of_them.one / few.one)),
    )
    return _said(prediction), came, say("asks_epoch")


def seconds(value: float) -> str:
    if value < 1:
        decimals = 0 if value >= 0.01 else 1 if value >= 0.001 else 3
        return say("milliseconds", time=numbers.number_text(1000 * value, decimals))
    return say("seconds", time=numbers.number_text(value, 1))


def reading(m: int, draws: Sequence[Draw], prices: Mapping[int, Price], told: Collection[str]) -> str:
    """What was found of draws of m digits, as far as the questions that were `told` leave it known."""
    if not told:
        return ""
    count = numbers.whole(len(draws))
    found = [say("drawn" if draws else "not_drawn", m=numbers.whole(m), count=count)]
    if draws and "flag" in told:
        found.append(say("off_by", off=numbers.rounded(spread(draws), 2)))
    if draws and "ten" in told:
        angle = statistics.median(each.angle for each in draws)
        length = statistics.median(each.length for each in draws)
        text = numbers.rounded(angle, 2) if angle < 10 else numbers.whole(round(angle))
        found += [say("degrees", angle=text), say("length_is", length=numbers.rounded(length, 2))]
    price = prices.get(m)
    if price is not None:
        found.append(say("price", one=seconds(price.one), epoch=seconds(price.seconds)))
    return say("between").join(found)
