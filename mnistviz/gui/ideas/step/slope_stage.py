"""The second stage: a step along −∇C of ten digits, promised, drawn, and taken in the lab."""

from __future__ import annotations

from functools import cached_property, partial
from typing import Final

from mnistviz.engine.commands import Descend
from mnistviz.engine.digits import Digits
from mnistviz.engine.ideas.along import DirectionStep, some
from mnistviz.engine.moment import Moment
from mnistviz.gui.common.nice_numbers import nice_above, nice_below
from mnistviz.gui.common.scale import Scale
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.ideas.parts.long_work import LongWork
from mnistviz.gui.ideas.parts.value import Value
from mnistviz.gui.ideas.question_card import Question
from mnistviz.gui.ideas.step.resting import same_weights, why_not
from mnistviz.gui.ideas.step.slope import SlopeFigure
from mnistviz.gui.ideas.step.step_finding import FEW, Slope, find_slope, next_digits
from mnistviz.gui.ideas.step.step_stage import Main, StepStage, button
from mnistviz.gui.ideas.step.step_words import StepWords
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.shown import Shown

HALF: Final = (0.45, 0.55)
"""The share of a promise that is about half of it."""
FIRST_ETA: Final = 0.1
_AS_DRAWN = 1e-3  # of the costs before: what rounding may make of a step


class SlopeStage(StepStage):
    """η is dragged along −∇C; a step can be taken in the lab's own run, where it rests at the page's moment."""

    def __init__(self, theme: Theme, work: LongWork, words: StepWords, lab: Lab) -> None:
        super().__init__()
        self._work, self._words, self._lab = work, words, lab
        self._theme = theme
        self.slope: Slope | None = None
        self._skip, self._end = 0, 0.0
        self._step: DirectionStep | None = None  # that the lab was told to take
        self._drawn: DirectionStep | None = (
            None  # that it has taken, until it is compared with what was drawn
        )
        self._before: tuple[float, float] | None = None  # the costs then
        self._next: Slope | None = None  # from where the step led: shown once one goes on
        self._is_new = False  # whether the outcome is to be told of what is found next
        self.eta = Value(
            "step_eta",
            self.tr("η of the step"),
            self.tr("How far along −∇C of the ten the step goes."),
            Scale(0, 5, step=0.05),
            FIRST_ETA,
            bounds=(0, 1_000),
        )
        self.other_ten = button(
            "step_other_ten",
            self.tr("Another ten"),
            self.tr("Takes the gradient of the next ten training digits of the run."),
        )
        self.before, self.after = [self.other_ten], [self.eta]
        self.eta.changed.connect(self._on_eta)
        self.other_ten.clicked.connect(self._take_other_ten)

    @cached_property
    def figure(self) -> SlopeFigure:  # type: ignore[override]
        """Made when the stage is opened first, so that the page opens sooner."""
        figure = SlopeFigure(self._theme)
        figure.forget(self._words.slope_waits())
        figure.eta_moved.connect(self.eta.take)
        figure.flags_moved.connect(self._on_flags)
        return figure

    @property
    def is_made(self) -> bool:
        """Whether there is a figure yet."""
        return "figure" in self.__dict__

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        if self.is_made:
            self.figure.set_theme(theme)

    # The network

    def use(self, moment: Moment, digits: Digits) -> None:
        """Forgets all that was found of another one; but after a step of the page's own it goes on where that led."""
        self.moment, self.digits = moment, digits
        if self._drawn is None:
            self.reset()
        else:
            self._end = 0.0
            self.find()

    def reset(self) -> None:
        self.prediction, self.outcome = "", None
        self.slope = self._next = self._step = self._drawn = self._before = None
        self._skip, self._end, self._is_new = 0, 0.0, False
        self.eta.set_value(FIRST_ETA)
        if self.is_made:
            self.figure.forget(self._words.slope_waits())

    @property
    def is_ready(self) -> bool:
        return self.slope is not None

    def question(self) -> Question:
        return self._words.ask_slope()

    def opened(self) -> None:
        """It comes into view."""
        if self.moment is not None and (self.slope is None or self._drawn is not None):
            self.find()

    # What is worked out

    def find(self) -> None:
        """Works out both curves; on a wide axis again, where there was one."""
        moment, digits, end = self.moment, self.digits, self._end
        if moment is None or digits is None:
            return
        few, others = next_digits(moment, digits, self._skip)
        self._work.begin(
            self._words.descending(),
            lambda tell, cancelled: find_slope(moment, digits, few, others, end, tell, cancelled),
            partial(self._show, moment),
        )

    def _show(self, moment: Moment, slope: Slope) -> None:
        if moment is not self.moment or self.digits is None:
            return
        drawn, self._drawn = self._drawn, None
        if drawn is not None and self.slope is not None:
            self._next = slope  # what was drawn is still seen, so that both can be compared
            self._compare(drawn, slope)
            self.changed.emit()
            return
        self._draw(slope)

    def _draw(self, slope: Slope) -> None:
        assert self.moment is not None
        assert self.digits is not None
        self.slope, self._next = slope, None
        self.eta.scale = Scale(0, slope.end, step=slope.end / 200)
        self.eta.slider.setRange(0, 200)
        ten = some(self.digits.training, next_digits(self.moment, self.digits, self._skip)[0])
        if self.outcome is None:
            self.eta.set_value(first_eta(slope.end))
            self.figure.ask(slope, ten)
        else:
            self.eta.set_value(self.eta.value())
            self.figure.tell(slope, ten, self.eta.value())
            self.figure.clear_ghosts()
            if self._is_new:
                self.outcome = self._words.told_slope(None, slope)
        self._is_new = False
        self.changed.emit()

    def _tell(self) -> None:
        """Draws the curves; where flags were put, they stay."""
        if self.slope is None or self.moment is None or self.digits is None:
            return
        flags = self.figure.predicted() if self.prediction else None
        self.outcome = self._words.told_slope(flags, self.slope)
        ten = some(self.digits.training, next_digits(self.moment, self.digits, self._skip)[0])
        self.figure.tell(self.slope, ten, self.eta.value())
        if flags is None:
            self.figure.clear_ghosts()
        else:
            self.finished.emit("flags")
        self.changed.emit()

    def _on_flags(self) -> None:
        if not self.prediction:
            self.prediction = "flags"
            self.changed.emit()

    def _on_eta(self, eta: float) -> None:
        slope = self.slope
        if slope is None or self.outcome is None:
            return
        if eta > slope.end:
            self._end = min(1_000.0, nice_above(1.2 * eta, (1.0, 2.0, 5.0)))
            self._is_new = self._next is not None
            self.find()
            return
        self.figure.look_at(eta)
        if not slope.quick:
            self.eta.set_value(slope.nearest(eta))
        if HALF[0] <= slope.step(eta).kept <= HALF[1]:
            self.finished.emit("half")
        self.changed.emit()

    def _take_other_ten(self) -> None:
        self._skip += FEW
        self._end, self._is_new = 0.0, True
        self.slope = self._next = None
        self.find()

    # In the lab

    def main(self) -> Main:
        if self.outcome is None:
            return self.look()
        if self._next is not None or (self._drawn is not None and not self._work.is_working):
            return Main(self.tr("Go on from there"), self.tr("Draws all anew from where the step led."), True)
        code = "" if self._step else why_not(self._lab.shown, self.moment, self.eta.value())
        why = self._words.why(code)
        tip = self.tr("Moves the weights of the lab's run by exactly this −η∇C.")
        ready = self.slope is not None and not why and self._step is None and self._drawn is None
        return Main(self.tr("Step in the lab"), why or tip, ready, why)

    def press_main(self) -> None:
        if self.outcome is None:
            self._tell()
        elif self._next is not None:
            self._is_new = True
            self._draw(self._next)
        elif self._drawn is not None:
            self.find()
        elif self.slope is not None and self.moment is not None and self.digits is not None:
            eta = self.eta.value()
            if why_not(self._lab.shown, self.moment, eta):
                return
            numbers = tuple(next_digits(self.moment, self.digits, self._skip)[0].tolist())
            self._step, self._before = self.slope.descent.step(eta), self.slope.descent.before
            self._lab.send(Descend(eta, numbers))
            self.changed.emit()

    def look_for_step(self, shown: Shown) -> bool:
        """Whether the lab has taken the step that it was told, so that the page is to take its new moment."""
        run = shown.run
        if self._step is None or self.moment is None:
            return False
        if run is None or run.moment is None or run.number != self.moment.run:
            self._step = None
        elif run.has_obeyed:
            step, self._step = self._step, None
            if run.moment.step == self.moment.step and not same_weights(run.moment, self.moment):
                self._drawn = step
                return True
            self.outcome = self._words.not_taken()
        self.changed.emit()
        return False

    def _compare(self, drawn: DirectionStep, slope: Slope) -> None:
        """What the lab's own weights made of the costs, beside what was drawn."""
        assert self._before is not None
        few, others = (now - then for now, then in zip(slope.descent.before, self._before, strict=True))
        self.outcome = self._words.told_step(drawn, few, others)
        if abs(few - drawn.few) <= _AS_DRAWN * max(self._before):
            self.finished.emit("step")

    def show_me(self) -> None:
        """Looks, or sets the η at which half of the promise is kept."""
        if self.outcome is None or self.slope is None:
            self._tell()
            return
        low, high = 0.0, self.slope.end
        for _ in range(30):
            middle = (low + high) / 2
            low, high = (middle, high) if self.slope.step(middle).kept > 0.5 else (low, middle)
        self.eta.set_value(float(f"{low:.3g}"))
        self.figure.look_at(self.eta.value())
        self.changed.emit()


def first_eta(end: float) -> float:
    """Where η is put on an axis that goes so far: where it is taken up first, or at a round place near the left."""
    return FIRST_ETA if end / 50 <= FIRST_ETA <= end else nice_below(end / 20, (1.0, 2.0, 5.0))
