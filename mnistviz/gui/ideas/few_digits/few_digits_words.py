"""What the page on few digits asks and tells."""

from __future__ import annotations

import math
import statistics
from collections.abc import Collection, Mapping, Sequence

from PySide6.QtCore import QObject

from mnistviz.engine.ideas.few_digits import Draw, Price
from mnistviz.gui.common import numbers
from mnistviz.gui.ideas.few_digits.few_digits_finding import DRAWS, FEW, flag_size, spread
from mnistviz.gui.ideas.question_card import Question
from mnistviz.gui.ideas.tasks import Task

Outcome = tuple[str, str, str]
"""What was said, what came of it, and what is asked then."""
NARROW = 30  # degrees
_ALIKE = 1.5  # times as long: up to there, two epochs take about as long


class FewWords(QObject):
    """Writes for the page, in the language and the number format of the program."""

    def tasks(self) -> tuple[Task, ...]:
        return (
            Task(
                "flag",
                self.tr("Say where draws of many more digits will lie, and look."),
                self.tr("The line is S √(1/m − 1/n), worked out from the digits themselves, not fitted."),
            ),
            Task(
                "narrow",
                self.narrow(()),
                self.tr("You found about how many digits it takes to be within {angle}° each time.").format(
                    angle=NARROW
                ),
            ),
            Task(
                "epoch",
                self.tr("Say which epoch takes longer, in small steps or in one large step, and look."),
                self.tr("You saw what an epoch costs, and how many steps one has for it."),
            ),
        )

    def narrow(self, tried: Sequence[tuple[int, bool]]) -> str:
        """The task, with what was tried so far: how many digits, and whether all draws were near enough."""
        text = self.tr(
            "Find, to a factor of three, how many digits it takes for all {draws} draws to lie within {angle}° of the "
            "whole."
        ).format(draws=DRAWS, angle=NARROW)
        if not tried:
            return text
        each = [
            (self.tr("{m} yes") if fits else self.tr("{m} no")).format(m=numbers.whole(m))
            for m, fits in tried
        ]
        return self.tr("{text} Tried: {tried}.").format(text=text, tried=self.tr(", ").join(each[-6:]))

    def narrow_found(self, too_few: int, enough: int) -> str:
        return self.tr("With {enough} digits all lay within {angle}°; {too_few} were too few.").format(
            enough=numbers.whole(enough), angle=NARROW, too_few=numbers.whole(too_few)
        )

    # Before anything was found

    def waits(self, n: int) -> str:
        return self.tr(
            "Each draw of m digits becomes a dot here: how its gradient lies to that of all {n} digits."
        ).format(n=numbers.whole(n))

    def epoch_waits(self) -> str:
        return self.tr("Here appears what an epoch costs in steps of m digits. Say first what you think.")

    def working(self, draws: int) -> str:
        return self.tr("Drawing {count} times").format(count=numbers.whole(draws))

    def timing(self) -> str:
        return self.tr("Taking the time of steps")

    # Questions

    def ask(self, which: str, n: int, *, after_ten: bool) -> Question:
        """`after_ten` is whether it is known already what ten digits do."""
        if which == "ten":
            text = self.tr(
                "Ten of the {n} digits are drawn, {draws} times. What angle do their gradients make with that of all?"
            ).format(n=numbers.whole(n), draws=DRAWS)
            return Question(which, text, self._angles())
        if which == "flag":
            text = (
                self.tr("{times} times as many digits, {many}: how far off will their gradients be?")
                if after_ten
                else self.tr("{many} digits are drawn, {draws} times: how far off will their gradients be?")
            )
            times, many = numbers.whole(flag_size(n) // FEW), numbers.whole(flag_size(n))
            return Question(
                which,
                text.format(times=times, many=many, draws=DRAWS),
                how=self.tr("Drag flag A up or down to where the dots will lie, then press Look."),
            )
        text = self.tr(
            "An epoch in steps of 10 digits has {steps} steps; with all {n} at once it has one. Which takes longer?"
        )
        return Question(
            which, text.format(steps=numbers.whole(-(-n // 10)), n=numbers.whole(n)), self._epochs()
        )

    def _angles(self) -> tuple[tuple[str, str], ...]:
        return (
            ("near", self.tr("below 15°")),
            ("middle", self.tr("15° to 60°")),
            ("square", self.tr("60° to 120°")),
            ("any", self.tr("any angle up to 180°")),
        )

    def _epochs(self) -> tuple[tuple[str, str], ...]:
        return (
            ("few", self.tr("steps of 10, by far")),
            ("same", self.tr("about the same")),
            ("all", self.tr("the one step, by far")),
        )

    def _said(self, answers: Sequence[tuple[str, str]], prediction: str) -> str:
        answer = dict(answers).get(prediction)
        return "" if answer is None else self.tr("You said: {answer}.").format(answer=answer)

    def told_ten(self, prediction: str, draws: Sequence[Draw]) -> Outcome:
        angles = [each.angle for each in draws if math.isfinite(each.angle)]
        came = self.tr("They lay between {low}° and {high}°, half of them above {middle}°.").format(
            low=numbers.whole(round(min(angles, default=0))),
            high=numbers.whole(round(max(angles, default=0))),
            middle=numbers.whole(round(statistics.median(angles or [0.0]))),
        )
        asks = self.tr(
            "A step along such a gradient goes mostly sideways. What must hold of many of them together?"
        )
        return self._said(self._angles(), prediction), came, asks

    def told_flag(self, flag: float | None, ten: Sequence[Draw], many: Sequence[Draw]) -> Outcome:
        said = ""
        if flag is not None:
            said = self.tr("You said: off by {off} lengths.").format(off=numbers.rounded(flag, 2))
        came = (
            self.tr("{many} digits are off by {off} lengths; 10 by {more}, {times} times as far.")
            if ten
            else self.tr("{many} digits are off by {off} lengths of the gradient of all.")
        )
        off, more = spread(many), spread(ten)
        return (
            said,
            came.format(
                many=numbers.whole(many[0].m),
                off=numbers.rounded(off, 2),
                more=numbers.rounded(more, 2),
                times=numbers.rounded(more / off if off else math.inf, 2),
            ),
            self.tr("What does more work buy? And why does the line fall to nothing at the right?"),
        )

    def told_epoch(self, prediction: str, prices: Sequence[Price]) -> Outcome:
        few, all_of_them = next(each for each in prices if each.m >= 10), prices[-1]
        came = self.tr(
            "{steps} steps of {m}: {few}. The one of all: {all}, the time of {many} small ones."
        ).format(
            steps=numbers.whole(few.updates),
            m=numbers.whole(few.m),
            few=self.seconds(few.seconds),
            all=self.seconds(all_of_them.seconds),
            many=numbers.whole(round(all_of_them.one / few.one)),
        )
        asks = self.tr(
            "For about the same time: many steps that go mostly sideways, or one that goes straight?"
        )
        return self._said(self._epochs(), prediction), came, asks

    # Readings

    def seconds(self, value: float) -> str:
        if value < 1:
            decimals = 0 if value >= 0.01 else 1 if value >= 0.001 else 3
            return self.tr("{time} ms").format(time=numbers.number_text(1000 * value, decimals))
        return self.tr("{time} s").format(time=numbers.number_text(value, 1))

    def reading(
        self, m: int, draws: Sequence[Draw], prices: Mapping[int, Price], told: Collection[str]
    ) -> str:
        """What was found of draws of m digits, as far as the questions that were `told` let one know it."""
        if not told:
            return ""
        m_text = numbers.whole(m)
        if draws:
            found = [self.tr("m = {m}, {count} draws").format(m=m_text, count=numbers.whole(len(draws)))]
        else:
            found = [self.tr("m = {m}: not drawn yet").format(m=m_text)]
        if draws and "flag" in told:
            found.append(self.tr("off by {off}").format(off=numbers.rounded(spread(draws), 2)))
        if draws and "ten" in told:
            angle = statistics.median(each.angle for each in draws)
            length = statistics.median(each.length for each in draws)
            text = numbers.rounded(angle, 2) if angle < 10 else numbers.whole(round(angle))
            found.append(self.tr("{angle}°").format(angle=text))
            found.append(self.tr("length {length}").format(length=numbers.rounded(length, 2)))
        price = prices.get(m)
        if price is not None:
            one, epoch = self.seconds(price.one), self.seconds(price.seconds)
            found.append(self.tr("step {one}, epoch {epoch}").format(one=one, epoch=epoch))
        return self.tr(" · ").join(found)
