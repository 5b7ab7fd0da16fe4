"""What the page on the cost asks and tells."""

from __future__ import annotations

from PySide6.QtCore import QObject

from mnistviz.engine.ideas.along import Curve, DirectionStep
from mnistviz.gui.common import numbers
from mnistviz.gui.ideas.question_card import Question
from mnistviz.gui.ideas.step.step_finding import Slope, answered, answers
from mnistviz.gui.ideas.tasks import Task

Outcome = tuple[str, str, str]
"""What was said, what came of it, and what is asked then."""


class StepWords(QObject):
    """Writes for the page, in the language and the number format of the program."""

    def tasks(self) -> tuple[Task, ...]:
        return (
            Task(
                "flat",
                self.tr(
                    "Find ten moves in a row, or more, at which the cost changes and not one digit changes sides."
                ),
                self.tr("On that stretch the number read right says nothing, and the cost says which way."),
            ),
            Task(
                "flags",
                self.tr("Say how far to step is best for ten digits, and how far for others, and look."),
                self.tr("You saw how far is best for the ten, and how far for digits that had no say."),
            ),
            Task(
                "half",
                self.tr("Find an η at which the ten get half of what was promised."),
                self.tr(
                    "Half: the slope was another one by then. The promise is of the very first step only."
                ),
            ),
            Task(
                "step",
                self.tr("Step in the lab itself: do its weights do what was drawn here?"),
                self.tr("The lab's weights went by −η∇C: no mini-batch, but a flag in its curves."),
            ),
        )

    # Two measures

    def smooth_waits(self) -> str:
        return self.tr(
            "Here two curves appear, one above the other: the cost, and how many digits are read right, while the "
            "weight is moved and all else stays."
        )

    def ask_smooth(self, *, one: bool, by: float) -> Question:
        what = (
            self.tr("A weight is moved by {by} at a time. Which of the two answers to every move?")
            if one
            else self.tr(
                "All weights go along −∇C, {by} ∇C at a time. Which of the two answers to every move?"
            )
        )
        return Question("smooth", what.format(by=numbers.tick(by)), self._answers())

    def _answers(self) -> tuple[tuple[str, str], ...]:
        return (
            ("both", self.tr("cost and number right")),
            ("cost", self.tr("only the cost")),
            ("right", self.tr("only the number right")),
            ("neither", self.tr("neither")),
        )

    def told_smooth(self, prediction: str, curve: Curve) -> Outcome:
        said = dict(self._answers()).get(prediction)
        moves = len(curve.at) - 1
        costs, right = answered(curve)
        came = self.tr("{moves} moves: the cost answered to {costs}, the number right to {right}.")
        return (
            "" if said is None else self.tr("You said: {answer}.").format(answer=said),
            came.format(moves=numbers.whole(moves), costs=numbers.whole(costs), right=numbers.whole(right)),
            self.tr("To feel your way to a better network: which would you go by, and why?")
            if answers(curve.costs)
            else self.tr(
                "Here the network is stuck: its units are saturated. Try another weight, or begin a new run."
            ),
        )

    def axis(self, weight: tuple[int, int] | None) -> str:
        if weight is None:
            return self.tr("η along −∇C of these digits")
        return self.tr("weight of output {output} for hidden neuron {unit}").format(
            output=weight[0], unit=numbers.whole(weight[1] + 1)
        )

    def reading(self, places: int) -> str:
        return self.tr("Reading the digits at {count} places").format(count=numbers.whole(places))

    # A step

    def why(self, code: str) -> str:
        """Why the lab can't take a step now; empty if it can."""
        known = {
            "no_run": self.tr("There is no run to be moved."),
            "stuck": self.tr("The lab's run can't go on from where it is."),
            "other_run": self.tr("The lab shows another run by now: take the newest."),
            "training": self.tr("The lab is training: pause it, then take the newest."),
            "moved": self.tr("The lab's run has gone on since: take the newest."),
            "eta": self.tr("A step needs an η from 0.0001 to 1,000."),
        }
        return known.get(code, "")

    def descending(self) -> str:
        return self.tr("Going along −∇C")

    def slope_waits(self) -> str:
        return self.tr("Here the cost of ten digits and that of a thousand others appear, against η.")

    def ask_slope(self) -> Question:
        return Question(
            "slope",
            self.tr(
                "These ten digits gave −∇C. At which η will their cost be lowest, and that of the others?"
            ),
            how=self.tr(
                "Drag flag A (the ten) and flag B (the others) there, then press Look. At the right end a flag says: "
                "there or beyond."
            ),
        )

    def told_slope(self, flags: tuple[float, float] | None, slope: Slope) -> Outcome:
        said = ""
        if flags is not None:
            said = self.tr("Your flags: A, the ten: {few}; B, the others: {others}.").format(
                few=self._place(flags[0], slope), others=self._place(flags[1], slope)
            )
        if slope.is_still:
            came = self.tr("∇C of the ten is as good as nothing: no step changes their cost.")
            asks = self.tr(
                "The network is stuck: its units are saturated. Begin a new run in the lab, and look again."
            )
            return said, came, asks
        few, others = slope.best()
        came = self.tr("Best for the ten: {few}; for the others: {others}.").format(
            few=self._place(few, slope), others=self._place(others, slope)
        )
        asks = self.tr("In the table, compare η 0.1 with η 3: how much of the promise is kept, and to whom?")
        return said, came, asks

    def _place(self, eta: float, slope: Slope) -> str:
        if eta == 0:
            return self.tr("no step at all")
        text = numbers.tick(float(f"{eta:.2g}"))
        if eta == slope.end:
            return self.tr("η {end} or beyond").format(end=text)
        return self.tr("η {eta}").format(eta=text)

    def told_step(self, shown: DirectionStep, few: float, others: float) -> Outcome:
        """`few` and `others` are what the lab's own weights made of the costs."""
        said = self.tr("Drawn, η {eta}: ten {few}, others {others}.")
        came = self.tr("In the lab: ten {few}, others {others}.")
        drawn_few, drawn_others, lab_few, lab_others = numbers.changes([shown.few, shown.others, few, others])
        return (
            said.format(eta=numbers.step_width(shown.eta), few=drawn_few, others=drawn_others),
            came.format(few=lab_few, others=lab_others),
            self.tr(
                "Was it a good step for the whole? The figure is still that of before; go on from where it led."
            ),
        )

    def not_taken(self) -> Outcome:
        return "", self.tr("The lab did not take this step: its weights are what they were."), ""
