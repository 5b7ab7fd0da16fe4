"""The second scene of the page on the cost: a step along −∇C of ten digits, predicted, drawn, and made in the lab."""

from functools import cached_property
from typing import Final

from mnistviz.engine.acts import NOW, Stepped
from mnistviz.engine.cancelling import Cancelled
from mnistviz.engine.digits import Digits, DigitSet
from mnistviz.engine.ideas.along import DirectionStep, some
from mnistviz.engine.ideas.step_curves import FEW, OTHERS, Slope, find_slope, next_digits, same_weights
from mnistviz.engine.moment import Moment
from mnistviz.engine.settings import SETTINGS
from mnistviz.gui.common.scales import ROUND, Scale, nice_above, nice_below
from mnistviz.gui.ideas.page import SceneOutcome
from mnistviz.gui.ideas.parts.lab_page import LabPage
from mnistviz.gui.ideas.parts.long_work import LongWork, Told
from mnistviz.gui.ideas.parts.page_parts import MainButton, Question
from mnistviz.gui.ideas.step.slope_figure import SlopeFigure
from mnistviz.gui.ideas.step.step_words import say, slope_outcome, step_outcome
from mnistviz.gui.lab.shown import Shown

HALF: Final = (0.45, 0.55)  # the range of actual over predicted change that counts as half
FIRST_ETA: Final = 0.1
ANY_ETA: Final = (0, 1_000)  # the bounds of typed values
_AS_DRAWN = 1e-3  # fraction of the costs before: tolerance for rounding


class SlopeScene:
    """η is dragged along −∇C; a step can be made in the lab's run, while that is paused at the page's checkpoint."""

    def __init__(self, page: LabPage, work: LongWork) -> None:
        self._page, self._work = page, work
        self.slope: Slope | None = None
        self._skip, self._end = 0, 0.0
        self._step: DirectionStep | None = None  # step requested from the lab
        self._drawn: DirectionStep | None = None  # step made by the lab, to be compared with the drawing
        self._before: tuple[float, float] | None = None  # the costs before that step
        self._next: Slope | None = None  # from the new weights: shown once *Go on* is pressed
        self._is_new = False  # whether the next result is an outcome
        scale = Scale(0, 5, step=0.05)
        self.eta = say.value("step_eta", "eta", scale, FIRST_ETA, bounds=ANY_ETA, changed=self._on_eta)
        self.other_ten = say.button("step_other_ten", "other_ten", self._choose_other_ten)

    @cached_property
    def figure(self) -> SlopeFigure:
        """The figure, created when the scene is first opened, so that the page opens sooner."""
        return SlopeFigure(self.eta.take, self._on_flags)

    @property
    def is_told(self) -> bool:
        return "slope" in self._page.outcomes

    def use(self) -> None:
        """Drop the results of the previous network; after a step of the page's own, go on from the new weights."""
        if self._drawn is None:
            self.reset()
        else:
            self._end = 0.0
            self.find()

    def reset(self) -> None:
        self._page.cover("slope")
        self.slope = self._next = self._step = self._drawn = self._before = None
        self._skip, self._end, self._is_new = 0, 0.0, False
        self.eta.set_value(FIRST_ETA)
        if "figure" in self.__dict__:  # it was created
            self.figure.clear()

    def ask(self) -> Question:
        count = OTHERS if self.slope is None else self.slope.others.of
        return Question("slope", say("question_slope", count=count), how=say("how_slope"))

    def entered(self) -> None:
        if self._page.taken is not None and (self.slope is None or self._drawn is not None):
            self.find()

    def find(self) -> None:
        """Compute both curves, on a wide axis if it was wide before."""
        skip, end = self._skip, self._end

        def work(moment: Moment, digits: Digits, report: Told, cancelled: Cancelled) -> Slope:
            return find_slope(moment, digits, *next_digits(moment, digits, skip), end, report, cancelled)

        self._page.work_out(say("descending"), work, self._show)

    def _show(self, slope: Slope) -> None:
        drawn, self._drawn = self._drawn, None
        if drawn is not None and self.slope is not None:
            self._next = slope  # the old drawing stays, for comparison
            self._compare(drawn, slope)
            self._page.renew()
            return
        self._draw(slope)

    def _draw(self, slope: Slope) -> None:
        self.slope, self._next = slope, None
        self.eta.rescale(Scale(0, slope.end, step=slope.end / 200), ANY_ETA)
        if self.is_told:
            self.figure.show_curves(slope, self._ten(), self.eta.value())
            self.figure.clear_ghosts()
            if self._is_new:
                self._page.outcomes["slope"] = slope_outcome(None, slope)
        else:
            self.eta.set_value(first_eta(slope.end))
            self.figure.ask(slope, self._ten())
        self._is_new = False
        self._page.renew()

    def _ten(self) -> DigitSet:
        moment, digits = self._page.taken, self._page.digits
        assert moment is not None
        assert digits is not None
        return some(digits.trained_on(moment.settings), next_digits(moment, digits, self._skip)[0])

    def _show_outcome(self) -> None:
        if self.slope is None or self._page.taken is None:
            return
        flags = self.figure.predicted() if self._page.predictions.get("slope") else None
        self._page.outcomes["slope"] = slope_outcome(flags, self.slope)
        self.figure.show_curves(self.slope, self._ten(), self.eta.value())
        if flags is None:
            self.figure.clear_ghosts()
        else:
            self._page.tasks.finish("flags")
        self._page.renew()

    def _on_flags(self) -> None:
        if not self._page.prediction:
            self._page.predict("flags")

    def _on_eta(self, eta: float) -> None:
        if (slope := self.slope) is None or not self.is_told:
            return
        if eta > slope.end:
            self._end = min(ANY_ETA[1], nice_above(1.2 * eta, ROUND))
            self._is_new = self._next is not None
            self.find()
            return
        self.figure.look_at(eta)
        if not slope.quick:
            self.eta.set_value(slope.nearest(eta))
        if HALF[0] <= slope.step(eta).kept <= HALF[1]:
            self._page.tasks.finish("half")
        self._page.renew()

    def _choose_other_ten(self) -> None:
        self._skip += FEW
        self._end, self._is_new = 0.0, True
        self.slope = self._next = None
        self.find()

    def why_not(self) -> str:
        """Return why the lab cannot make a step now, or "" if it can or none is offered."""
        if not self.is_told or self._next is not None or self._step is not None:
            return ""
        if self._drawn is not None and not self._work.is_working:
            return ""
        code = hindrance(self._page.lab.shown, self._page.taken, self.eta.value())
        return say(code) if code else ""

    def warning(self) -> str:
        """Return the effect of a step in the lab and how to undo it, if the main button would make one."""
        moment = self._page.taken
        if self.name_main().text != say("lab_step") or moment is None:
            return ""
        return say("warns" if moment.step else "warns_start")

    def name_main(self) -> MainButton:
        taken = self._page.taken is not None
        if not self.is_told:
            return say.look(bool(self._page.prediction), self.slope is not None and taken)
        if self._next is not None or (self._drawn is not None and not self._work.is_working):
            return say.main("go_on", taken)
        why = self.why_not()
        ready = self.slope is not None and not why and self._step is None and self._drawn is None
        return MainButton(say("lab_step"), why or say("lab_step_tip"), ready and taken)

    def press_main(self) -> None:
        moment, digits = self._page.taken, self._page.digits
        if not self.is_told:
            self._show_outcome()
        elif self._next is not None:
            self._is_new = True
            self._draw(self._next)
        elif self._drawn is not None:
            self.find()
        elif self.slope is not None and moment is not None and digits is not None:
            eta = self.eta.value()
            if hindrance(self._page.lab.shown, moment, eta):
                return
            few = tuple(next_digits(moment, digits, self._skip)[0].tolist())
            self._step, self._before = self.slope.descent.step(eta), self.slope.descent.before
            self._page.lab.runs.send(Stepped(*NOW, eta, few))
            self._page.renew()

    def has_made_step(self, shown: Shown) -> bool:
        """Return True if the lab has made the requested step, so that the page adopts its new checkpoint."""
        run, moment = shown.run, self._page.taken
        if self._step is None or moment is None:
            return False
        if run is None or run.moment is None or run.number != moment.run:
            self._step = None
        elif run.has_obeyed:
            step, self._step = self._step, None
            if run.moment.step == moment.step and not same_weights(run.moment, moment):
                self._drawn = step
                return True
            self._page.outcomes["slope"] = SceneOutcome("", say("not_taken"))
        self._page.renew()
        return False

    def _compare(self, drawn: DirectionStep, slope: Slope) -> None:
        assert self._before is not None
        few, others = (now - then for now, then in zip(slope.descent.before, self._before, strict=True))
        self._page.outcomes["slope"] = step_outcome(drawn, few, others)
        if abs(few - drawn.few) <= _AS_DRAWN * max(self._before):
            self._page.tasks.finish("step")

    def show_me(self) -> None:
        if not self.is_told or self.slope is None:
            self._show_outcome()
            return
        self.eta.set_value(self.slope.half())
        self.figure.look_at(self.eta.value())
        self._page.renew()


def first_eta(end: float) -> float:
    """Return η for a new axis that ends at `end`: the usual first value, or a round number near the left."""
    return FIRST_ETA if end / 50 <= FIRST_ETA <= end else nice_below(end / 20, ROUND)


def hindrance(shown: Shown, taken: Moment | None, eta: float) -> str:
    """Return why the lab's run cannot make a step from this checkpoint, as the id of a text, or ""."""
    run = shown.run
    if taken is None or run is None or run.moment is None:
        return "no_run"
    if run.failed or run.diverged:
        return "stuck"
    if run.number != taken.run:
        return "other_run"
    if run.playing or not run.has_obeyed:
        return "training"
    if not same_weights(run.moment, taken):
        return "moved"
    low, high = SETTINGS["eta"].bounds
    return "" if low <= eta <= high else "bad_eta"
