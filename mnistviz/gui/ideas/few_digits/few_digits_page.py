"""A few digits stand for all: the gradient of m digits against that of all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

from PySide6.QtWidgets import QLabel

from mnistviz.engine.digits import Digits
from mnistviz.engine.ideas.few_digits import (
    DRAWS,
    FEW,
    Draw,
    Drawn,
    Price,
    find_draws,
    find_prices,
    flag_size,
    found_within,
    sizes_about,
    sizes_up_to,
    tried_for,
)
from mnistviz.engine.moment import Moment
from mnistviz.gui.common import numbers
from mnistviz.gui.common.scale import Scale
from mnistviz.gui.ideas.cards import Question, Task
from mnistviz.gui.ideas.few_digits.cloud import MEASURES, Cloud, Measure
from mnistviz.gui.ideas.few_digits.few_digits_words import (
    NARROW,
    ask,
    narrow,
    narrow_found,
    reading,
    say,
    told_epoch,
    told_flag,
    told_ten,
)
from mnistviz.gui.ideas.page import MainButton, Outcome, PageContext, Scene
from mnistviz.gui.ideas.parts.choice_row import ChoiceRow
from mnistviz.gui.ideas.parts.lab_page import LabPage
from mnistviz.gui.ideas.parts.long_work import LongWork
from mnistviz.gui.ideas.parts.value import Value

QUESTIONS: Final = ("ten", "flag", "epoch")
QUESTION_OF: Final[Mapping[Measure, str]] = {"off": "flag", "angle": "ten", "length": "ten", "epoch": "epoch"}
MEASURE_OF: Final[Mapping[str, Measure]] = {"ten": "angle", "flag": "off", "epoch": "epoch"}
"""The measure that shows what a question asks for."""
FAR_OFF: Final = 30.0
"""Where the flag begins if no dots are known yet: so far off, hardly any will lie."""
FACTOR: Final = 3
"""How far apart too few and enough may be, for the task to be done."""
LEAST: Final = 500
"""Digits that the run must train on: with fewer, a hundred are nearly all."""


class FewDigitsPage(LabPage):
    """Draws are made at m. Each measure has its question, and shows no dot that would answer it before."""

    id = "few_digits"

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, say("title"), say("text"))
        self.work = LongWork("few_work", self.lab.jobs)
        self.add_work(self.work)
        self.cloud = Cloud(self.theme)
        self.n = 1
        self._prices: dict[int, Price] = {}
        self._count = 0  # draws so far: each has a number of its own
        self._shown: set[int] = set()  # sizes that *Show me* has drawn: they are not found
        self._flagged = False
        self.measures = ChoiceRow("few", say.choices(*MEASURES), wraps=True)
        self.reading, self.all_sizes = QLabel(), say.button("few_all_sizes", "all_sizes")
        self.m = self._number(50_000)
        self.add_figure(self.measures, 0)
        self.add_figure(self.cloud)
        self.reading.setProperty("role", "reading")
        self.reading.setObjectName("few_reading")
        self.reading.setWordWrap(True)
        self.add_figure(self.reading, 0)
        self.add_value(self.m)
        self.add_tool(self.all_sizes)
        self.reserve_main(say("look"), say("time_again"), say("draw", count=DRAWS))
        tasks = (
            say.task("flag"),
            Task("narrow", narrow(()), say("done_narrow", angle=NARROW)),
            say.task("epoch"),
        )
        self.add_tasks(*tasks)
        self.add_scenes(*(Scene(which, self._question, self._press, self._name_main) for which in QUESTIONS))
        self.cloud.m_moved.connect(self._take_m)
        self.measures.chosen.connect(self.go_to)
        self.cloud.flag_moved.connect(self._on_flag)
        self.cloud.plot.clicked.connect(lambda x, _: self._take_m(self.cloud.digits_at(x)))
        self.all_sizes.clicked.connect(self.draw_at_all_sizes)
        self.work.ended.connect(self.say_main)
        self.open_scene("ten")

    def _number(self, n: int) -> Value:
        value = Value("few_m", say("m"), say("m_tip"), Scale(1, n), FEW, bounds=(1, n), whole=True)
        value.changed.connect(lambda m: self._take_m(int(m)))
        return value

    # The network

    def fits(self, moment: Moment) -> str:
        digits = self.lab.shown.digits
        return "" if digits is None or digits.epoch(moment.settings) >= LEAST else say("too_few")

    def use(self, moment: Moment, digits: Digits) -> None:
        n = digits.epoch(moment.settings)
        if n != self.n:
            self.n = self.cloud.n = n
            self.cloud.flag_at = flag_size(n)
            old, self.m = self.m, self._number(n)
            self.values.replaceWidget(old, self.m)
            old.hide()
            old.deleteLater()
        self.reset()

    def reset(self) -> None:
        self.work.cancel()
        self._prices, self._count, self._shown, self._flagged = {}, 0, set(), False
        self.cover(*QUESTIONS)
        self.tasks.say("narrow", "")
        self.m.set_value(FEW)
        self.cloud.clear()
        self.go_to("angle")

    # Questions

    def go_to(self, measure: Measure) -> None:
        """Shows a measure, and asks its question or tells what came of it."""
        which = QUESTION_OF[measure]
        self.cloud.measure, is_open = measure, which not in self.outcomes
        if is_open and which == "flag" and not self._flagged:
            self.cloud.ask_flag(self._middle_of(FEW) if "ten" in self.outcomes else FAR_OFF)
        self.measures.show_choice(measure)
        self.cloud.seen = self._seen(measure)
        self.cloud.show_measure(measure, asking=is_open and which == "flag")
        words = ""
        if is_open and which != "flag":
            words = say("epoch_waits") if measure == "epoch" else say("waits", n=numbers.whole(self.n))
        self.cloud.show_words(words)
        self._take_m(int(self.m.value()))
        self.open_scene(which)

    def _seen(self, measure: Measure) -> tuple[Draw, ...]:
        """The draws that answer no open question. Before it is said how far off many are, ten may be seen, once their
        own question is told."""
        if QUESTION_OF[measure] in self.outcomes:
            return tuple(self.cloud.draws)
        return tuple(self.draws_of(FEW)) if measure == "off" and "ten" in self.outcomes else ()

    def _next_open(self) -> str | None:
        """The next question whose outcome is still to be told; None once all are."""
        at = QUESTIONS.index(self.scene.id)
        others = QUESTIONS[at + 1 :] + QUESTIONS[:at]
        return next((each for each in others if each not in self.outcomes), None)

    @property
    def has_more(self) -> bool:
        return self._next_open() is not None

    def go_on(self) -> None:
        following = self._next_open()
        if following is not None:
            self.go_to(MEASURE_OF[following])

    def _question(self) -> Question:
        return ask(self.scene.id, self.n, after_ten="ten" in self.outcomes)

    def _on_flag(self) -> None:
        self._flagged = True
        self.predict("flag")

    def look(self) -> None:
        """Works out what the question asks for, and tells it where that is seen."""
        which, moment, digits = self.scene.id, self.taken, self.digits
        if moment is None or digits is None:
            return
        self.go_to(MEASURE_OF[which])
        if which == "epoch":
            self.work.begin(
                say("timing"),
                lambda tell, cancelled: find_prices(moment, digits, tell, cancelled),
                partial(self._show_prices, moment),
            )
            return
        size = FEW if which == "ten" else self.cloud.flag_at
        plan = [size] * max(0, DRAWS - len(self.draws_of(size)))
        self._draw(plan, partial(self._tell_draws, which))

    def _tell_draws(self, which: str) -> None:
        if which in self.outcomes:
            return
        if which == "flag":
            self.cloud.ghost, self.cloud.line_told = self._flag, True
            if self._flagged:
                self.tasks.finish("flag")
        self.m.set_value(FEW if which == "ten" else self.cloud.flag_at)
        self.outcomes[which] = self._outcome(which)

    @property
    def _flag(self) -> float | None:
        """How far off the flag says, if it was moved."""
        return self.cloud.predicted() if self._flagged else None

    def _outcome(self, which: str) -> Outcome:
        prediction = self.predictions.get(which, "")
        if which == "ten":
            return told_ten(prediction, self.draws_of(FEW))
        if which == "epoch":
            return told_epoch(prediction, self.cloud.prices)
        ten = self.draws_of(FEW) if "ten" in self.outcomes else ()
        return told_flag(self._flag, ten, self.draws_of(self.cloud.flag_at))

    def _show_prices(self, moment: Moment, prices: Sequence[Price]) -> None:
        if moment is not self.taken:
            return
        self._prices = {each.m: each for each in prices}
        self.cloud.prices = prices
        if self.predictions.get("epoch"):
            self.tasks.finish("epoch")
        self.outcomes["epoch"] = self._outcome("epoch")
        self.go_to(self.cloud.measure)

    # Draws

    def draws_of(self, m: int) -> list[Draw]:
        """What was drawn of m digits so far."""
        return [each for each in self.cloud.draws if each.m == m]

    def _middle_of(self, m: int) -> float:
        """About where the dots of m digits lie; 0 where there are none."""
        draws = self.draws_of(m)
        return sum(each.off for each in draws) / len(draws) if draws else 0.0

    def _draw(self, sizes: Sequence[int], then: Callable[[], object] = lambda: None) -> None:
        moment, digits, known = self.taken, self.digits, self.cloud.whole
        if moment is None or digits is None:
            return
        plan = [(m, self._count + number) for number, m in enumerate(sizes)]
        self._count += len(plan)
        self.work.begin(
            say("working", count=numbers.whole(len(plan))),
            lambda tell, cancelled: find_draws(moment, digits, known, plan, tell, cancelled),
            partial(self._show_draws, moment, then),
        )

    def _show_draws(self, moment: Moment, then: Callable[[], object], found: Drawn) -> None:
        if moment is not self.taken:
            return
        self.cloud.whole = found.whole
        self.cloud.draws = (*self.cloud.draws, *found.draws)
        then()
        self._look_for_narrow()
        self.go_to(self.cloud.measure)

    def draw_at_all_sizes(self) -> None:
        """A quarter of the usual number of draws, at each of the round sizes."""
        self._draw([m for m in sizes_up_to(self.n) for _ in range(DRAWS // 4)])

    def _look_for_narrow(self) -> None:
        """Whether it was found, to a factor of three, from where on all draws are near enough. Sizes with fewer
        than the usual number of draws don't count."""
        if "ten" not in self.outcomes:
            return
        tried = tried_for(NARROW, [each for each in self.cloud.draws if each.m not in self._shown])
        found = found_within(FACTOR, tried)
        if found is not None:
            self.tasks.finish("narrow", narrow_found(*found))
        else:
            self.tasks.say("narrow", narrow(tried))

    def _take_m(self, m: int) -> None:
        self.m.set_value(m)
        self.cloud.put_m(m)
        draws = self.draws_of(m)
        hidden = draws and m != FEW and self.cloud.measure == "off" and "flag" not in self.outcomes
        self.reading.setText("" if hidden else reading(m, draws, self._prices, self.outcomes))
        self.say_main()

    # Buttons

    def say_main(self) -> None:
        super().say_main()
        free = self.taken is not None and not self.work.is_working
        self.all_sizes.setEnabled(self.cloud.line_told and free)

    def _name_main(self) -> MainButton:
        ready = self.taken is not None and not self.work.is_working
        if not self.told:
            said = bool(self.prediction)
            return MainButton(say("look"), say("look_tip" if said else "say_first"), ready and said)
        if self.scene.id == "epoch":
            return MainButton(say("time_again"), say("time_again_tip"), ready)
        return MainButton(say("draw", count=DRAWS), say("draw_tip"), ready)

    def _press(self) -> None:
        if not self.told or self.scene.id == "epoch":
            self.look()
        else:
            self._draw([int(self.m.value())] * DRAWS)

    def show_me(self) -> None:
        """Looks; or, once that is told, draws on both sides of where the angle becomes narrow."""
        if self.told:
            self.go_to("angle")
        if not self.told:
            self.look()
        elif self.cloud.whole is not None:
            around = sizes_about(NARROW, self.cloud.whole)
            self._shown |= {m for m in around if len(self.draws_of(m)) < DRAWS}
            self._draw([m for m in around for _ in range(DRAWS - len(self.draws_of(m)))])
