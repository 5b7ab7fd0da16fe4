"""A few digits stand for all: the gradient of m digits against that of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel

from mnistviz.engine.digits import Digits
from mnistviz.engine.ideas.few_digits import Draw, Price
from mnistviz.engine.moment import Moment
from mnistviz.gui.common.scale import Scale
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.ideas.few_digits.asking import MEASURE_OF, QUESTION_OF, Asking
from mnistviz.gui.ideas.few_digits.cloud import Cloud, Measure
from mnistviz.gui.ideas.few_digits.few_digits_finding import (
    DRAWS,
    FEW,
    Drawn,
    find_draws,
    find_prices,
    flag_size,
    found_within,
    sizes_about,
    sizes_up_to,
    tried_for,
)
from mnistviz.gui.ideas.few_digits.few_digits_words import NARROW, FewWords, Outcome
from mnistviz.gui.ideas.few_digits.measure_tabs import AllSizes, MeasureTabs
from mnistviz.gui.ideas.page import PageMakings
from mnistviz.gui.ideas.parts.lab_page import LabPage
from mnistviz.gui.ideas.parts.long_work import LongWork
from mnistviz.gui.ideas.parts.value import Value

FAR_OFF: Final = 30.0
"""Where the flag begins if one knows of no dots yet: so far off, hardly any will lie."""
FACTOR: Final = 3
"""How far apart too few and enough may be, for the task to be done."""
LEAST: Final = 500
"""Digits that the run must train on: with fewer, a hundred are nearly all."""


class FewDigitsPage(LabPage):
    """Draws are made at m. Each of the figures has its question, and shows no dot that would answer it before."""

    id = "few_digits"

    def __init__(self, makings: PageMakings) -> None:
        super().__init__(
            makings,
            self.tr("A few digits stand for all"),
            self.tr(
                "The gradient of the cost is a mean over all training digits. A mini-batch takes the mean over a few "
                "of them instead, drawn without putting any back. How well do they stand for all, and what is saved?"
            ),
        )
        self.words_of = FewWords()
        self.work = LongWork("few_work", self.lab.jobs)
        self.cloud = Cloud(self.theme)
        self.questions = Asking()
        self.n = 1
        self._prices: dict[int, Price] = {}
        self._count = 0  # draws so far: each has a number of its own
        self._shown: set[int] = set()  # sizes that *Show me* has drawn: they are not found
        self._flagged = False
        self.measures = MeasureTabs()
        self.reading, self.all_sizes = QLabel(), AllSizes()
        self.m = self._number(50_000)
        self._put()
        for task in self.words_of.tasks():
            self.add_task(task)
        self.cloud.m_moved.connect(self._take_m)
        self.measures.chosen.connect(self.go_to)
        self.cloud.flag_moved.connect(self._on_flag)
        self.cloud.plot.clicked.connect(lambda x, _: self._take_m(self.cloud.digits_at(x)))
        self.all_sizes.clicked.connect(self.draw_at_all_sizes)
        self.question.again.connect(self._go_on)
        self.work.ended.connect(self._say_buttons)
        self._say_buttons()

    def _number(self, n: int) -> Value:
        name, tip = self.tr("m, digits drawn"), self.tr("How many digits are drawn, out of all.")
        value = Value("few_m", name, tip, Scale(1, n), FEW, bounds=(1, n), whole=True)
        value.changed.connect(lambda m: self._take_m(int(m)))
        return value

    def _put(self) -> None:
        self.add_figure(self.measures, 0)
        self.add_figure(self.cloud)
        self.reading.setProperty("role", "reading")
        self.reading.setObjectName("few_reading")
        self.reading.setWordWrap(True)
        self.add_figure(self.reading, 0)
        self.add_value(self.m)
        self.add_tool(self.all_sizes)
        self.add_tool(self.work)

    # The network

    def fits(self, moment: Moment) -> str:
        digits = self.lab.shown.digits
        if digits is not None and digits.epoch(moment.settings) < LEAST:
            return self.tr("This page needs a run on 500 training digits at least: a few of them, and all.")
        return ""

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

    def take_newest(self) -> None:
        super().take_newest()
        self._say_buttons()

    def reset(self) -> None:
        self.work.cancel()
        self._prices, self._count, self._shown, self._flagged = {}, 0, set(), False
        self.questions.forget()
        self.tasks.say("narrow", "")
        self.m.set_value(FEW)
        self.cloud.forget(self.words_of.waits(self.n))
        self.go_to("angle")

    # Questions

    @property
    def asking(self) -> str:
        """The question of what is seen."""
        return QUESTION_OF[self.cloud.measure]

    @property
    def outcome(self) -> Outcome | None:
        """What came of it, once that is told."""
        return self.questions.outcomes.get(self.asking)

    def go_to(self, measure: Measure) -> None:
        """Shows a figure, and asks its question or tells what came of it."""
        self.cloud.measure = measure
        if self._asks_for_flag(measure) and not self._flagged:
            self.cloud.ask_flag(self._middle_of(FEW) if not self.questions.is_open("ten") else FAR_OFF)
        self.show_measure(measure)
        self._say_card()
        self._say_buttons()

    def _say_card(self) -> None:
        if self.taken is None:
            return
        which, outcome = self.asking, self.outcome
        if outcome is not None:
            self.question.tell(*outcome, more=self.questions.next_open(which) is not None)
        else:
            asked = self.words_of.ask(which, self.n, after_ten=not self.questions.is_open("ten"))
            if asked != self.question.asked:
                self.question.ask(asked)
        self.question.predict(self.questions.predictions.get(which, ""))

    def _go_on(self) -> None:
        following = self.questions.next_open(self.asking)
        if following is not None:
            self.go_to(MEASURE_OF[following])

    def take_answer(self, answer: str) -> None:
        self.questions.predictions[self.asking] = answer
        self._say_buttons()

    def _on_flag(self) -> None:
        self._flagged = True
        self.question.predict("flag")
        self.take_answer("flag")

    def look(self) -> None:
        """Works out what the question asks for, and tells it where that is seen."""
        which = self.asking
        if self.taken is None or self.digits is None:
            return
        self.go_to(MEASURE_OF[which])
        if which == "epoch":
            moment, digits = self.taken, self.digits
            self.work.begin(
                self.words_of.timing(),
                lambda tell, cancelled: find_prices(moment, digits, tell, cancelled),
                partial(self._show_prices, moment),
            )
            return
        size = FEW if which == "ten" else self.cloud.flag_at
        plan = [size] * max(0, DRAWS - len(self.draws_of(size)))
        self._draw(plan, partial(self._tell_draws, which))

    def _tell_draws(self, which: str) -> None:
        if not self.questions.is_open(which):
            return
        if which == "ten":
            self.m.set_value(FEW)
            prediction = self.questions.predictions.get(which, "")
            outcome = self.words_of.told_ten(prediction, self.draws_of(FEW))
        else:
            flag = self.cloud.predicted() if self._flagged else None
            self.cloud.ghost, self.cloud.line_told = flag, True
            self.m.set_value(self.cloud.flag_at)
            if flag is not None:
                self.tasks.finish("flag")
            ten = () if self.questions.is_open("ten") else self.draws_of(FEW)
            outcome = self.words_of.told_flag(flag, ten, self.draws_of(self.cloud.flag_at))
        self.questions.outcomes[which] = outcome

    def _show_prices(self, moment: Moment, prices: Sequence[Price]) -> None:
        if moment is not self.taken:
            return
        self._prices = {each.m: each for each in prices}
        self.cloud.prices = prices
        prediction = self.questions.predictions.get("epoch", "")
        if prediction:
            self.tasks.finish("epoch")
        self.questions.outcomes["epoch"] = self.words_of.told_epoch(prediction, prices)
        self.go_to(self.cloud.measure)

    # Draws

    def draws_of(self, m: int) -> list[Draw]:
        """What was drawn of m digits so far."""
        return [each for each in self.cloud.draws if each.m == m]

    def _middle_of(self, m: int) -> float:
        """About where the dots of m digits lie; 0 where there are none."""
        draws = self.draws_of(m)
        return sum(each.off for each in draws) / len(draws) if draws else 0.0

    def _draw(self, sizes: Sequence[int], then: partial[None] | None = None) -> None:
        if self.taken is None or self.digits is None:
            return
        moment, digits, known = self.taken, self.digits, self.cloud.whole
        plan = [(m, self._count + number) for number, m in enumerate(sizes)]
        self._count += len(plan)
        self.work.begin(
            self.words_of.working(len(plan)),
            lambda tell, cancelled: find_draws(moment, digits, known, plan, tell, cancelled),
            partial(self._show_draws, moment, then),
        )

    def _show_draws(self, moment: Moment, then: partial[None] | None, found: Drawn) -> None:
        if moment is not self.taken:
            return
        self.cloud.whole = found.whole
        self.cloud.draws = (*self.cloud.draws, *found.draws)
        if then is not None:
            then()
        self._look_for_narrow()
        self.go_to(self.cloud.measure)

    def draw_at_all_sizes(self) -> None:
        """A quarter of the usual number of draws, at each of the round sizes."""
        self._draw([m for m in sizes_up_to(self.n) for _ in range(DRAWS // 4)])

    def _look_for_narrow(self) -> None:
        """Whether it was found, to a factor of three, from where on all draws are near enough. Sizes with fewer
        than the usual number of draws don't count."""
        if self.questions.is_open("ten"):
            return
        tried = tried_for(NARROW, [each for each in self.cloud.draws if each.m not in self._shown])
        found = found_within(FACTOR, tried)
        if found is not None:
            self.tasks.finish("narrow", self.words_of.narrow_found(*found))
        else:
            self.tasks.say("narrow", self.words_of.narrow(tried))

    # What is seen

    def show_measure(self, measure: Measure) -> None:
        """Shows how far off, the angle, the length, or the time of an epoch, as far as it may be known."""
        self.measures.show_chosen(measure)
        asked = self._asks_for_flag(measure)
        is_open = self.questions.is_open(QUESTION_OF[measure])
        self.cloud.seen = self.questions.seen(measure, self.cloud.draws)
        self.cloud.show_measure(measure, asking=asked)
        words = ""
        if is_open and not asked:
            words = self.words_of.epoch_waits() if measure == "epoch" else self.words_of.waits(self.n)
        self.cloud.set_words(words)
        self._take_m(int(self.m.value()))

    def _asks_for_flag(self, measure: Measure) -> bool:
        return measure == "off" and self.questions.is_open("flag")

    def _take_m(self, m: int) -> None:
        self.m.set_value(m)
        self.cloud.put_m(m)
        draws, told = self.draws_of(m), self.questions.outcomes
        hidden = draws and self._asks_for_flag(self.cloud.measure) and m != FEW
        self.reading.setText("" if hidden else self.words_of.reading(m, draws, self._prices, told))
        self._say_buttons()

    def _say_buttons(self) -> None:
        ready = self.taken is not None and not self.work.is_working
        self.all_sizes.setVisible(self.cloud.line_told)
        self.all_sizes.setEnabled(ready)
        if self.outcome is None:
            predicted = bool(self.question.prediction)
            tip = self.tr("Shows what comes of it.") if predicted else self.tr("Say first what you think.")
            self.set_main(self.tr("Look"), tip, enabled=ready and predicted)
        elif self.asking == "epoch":
            tip = self.tr("Takes the time of the steps once more.")
            self.set_main(self.tr("Time again"), tip, enabled=ready)
        else:
            text = self.tr("Draw {count} times").format(count=DRAWS)
            tip = self.tr("Draws m digits so often, and each gradient becomes a dot.")
            self.set_main(text, tip, enabled=ready)

    def press_main(self) -> None:
        if self.outcome is None or self.asking == "epoch":
            self.look()
        else:
            self._draw([int(self.m.value())] * DRAWS)

    def show_me(self) -> None:
        """Looks; or, once that is told, draws on both sides of where the angle becomes narrow."""
        if self.outcome is not None:
            self.go_to("angle")
        if self.outcome is None:
            self.look()
            return
        if self.cloud.whole is None:
            return
        around = sizes_about(NARROW, self.cloud.whole)
        self._shown |= {m for m in around if len(self.draws_of(m)) < DRAWS}
        self._draw([m for m in around for _ in range(DRAWS - len(self.draws_of(m)))])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.work.is_working:
            self.work.cancel()
        else:
            super().keyPressEvent(event)

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.cloud.set_theme(theme)

    def close_jobs(self) -> None:
        self.work.cancel()
