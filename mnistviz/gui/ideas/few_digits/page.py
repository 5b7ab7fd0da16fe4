"""A few digits stand for all: the gradient of m digits against that of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QPushButton

from mnistviz.engine.digits import Digits
from mnistviz.engine.ideas.few_digits import Draw, Price
from mnistviz.engine.moment import Moment
from mnistviz.gui.common.scale import Scale
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import describe
from mnistviz.gui.ideas.few_digits.cloud import Cloud, Measure
from mnistviz.gui.ideas.few_digits.finding import (
    DRAWS,
    FEW,
    Drawn,
    find_draws,
    find_prices,
    flag_size,
    sizes_up_to,
)
from mnistviz.gui.ideas.few_digits.measure_tabs import MeasureTabs
from mnistviz.gui.ideas.few_digits.words import NARROW, FewWords, Outcome
from mnistviz.gui.ideas.page import PageMakings
from mnistviz.gui.ideas.parts.lab_page import LabPage
from mnistviz.gui.ideas.parts.long_work import LongWork
from mnistviz.gui.ideas.parts.value import Value

QUESTIONS: Final = ("ten", "flag", "epoch")
FACTOR: Final = 3
"""How far apart too few and enough may be, for the task to be done."""
LEAST: Final = 500
"""Digits that the run must train on: with fewer, a hundred are nearly all."""


class FewDigitsPage(LabPage):
    """Draws are made at m; three questions, one after another, and the line only after the second."""

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
        self.asking = QUESTIONS[0]
        self.outcome: Outcome | None = None
        self.n = 1
        self._prices: dict[int, Price] = {}
        self._count = 0  # draws so far: each has a number of its own
        self._shown: set[int] = set()  # sizes that *Show me* has drawn: they are not found
        self._flagged = False
        self.measures = MeasureTabs()
        self.reading, self.all_sizes = QLabel(), QPushButton(self.tr("All sizes"))
        self.m = self._number(50_000)
        self._put()
        for task in self.words_of.tasks():
            self.add_task(task)
        self.cloud.m_moved.connect(self._take_m)
        self.measures.chosen.connect(self.show_measure)
        self.cloud.flag_moved.connect(self._on_flag)
        self.cloud.plot.clicked.connect(lambda x, _: self._take_m(self.cloud.digits_at(x)))
        self.all_sizes.clicked.connect(self.draw_at_all_sizes)
        self.question.again.connect(self._go_on)
        self.work.ended.connect(self._say_buttons)
        self._say_buttons()

    def _number(self, n: int) -> Value:
        value = Value(
            "few_m",
            self.tr("m, digits drawn"),
            self.tr("How many digits are drawn, out of all."),
            Scale(1, n),
            10,
            bounds=(1, n),
            whole=True,
        )
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
        describe(
            self.all_sizes,
            "few_all_sizes",
            self.tr("All sizes"),
            self.tr("Draws five times each with 1, 2, 5, 10 … digits, up to all of them."),
        )
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
        self._forget()

    def take_newest(self) -> None:
        super().take_newest()
        self._say_buttons()

    def _forget(self) -> None:
        self.work.cancel()
        self._prices, self._count, self._shown, self._flagged = {}, 0, set(), False
        self.asking, self.outcome = QUESTIONS[0], None
        if not self.tasks.is_done("narrow"):
            self.tasks.say("narrow", "")
        self.m.set_value(FEW)
        self.cloud.forget(self.words_of.waits(self.n))
        self.show_measure("angle")
        self._ask()

    def reset(self) -> None:
        self._forget()

    # Questions

    def _ask(self) -> None:
        self.outcome = None
        if self.taken is not None:
            self.question.ask(self.words_of.ask(self.asking, self.n))
        if self.asking == "flag":
            self._flagged = False
            self.cloud.ask_flag(self._middle_of(FEW) or 1.0)
            self.show_measure("off")
        elif self.asking == "epoch":
            self.show_measure("epoch")
        self._say_buttons()

    def _go_on(self) -> None:
        self.asking = QUESTIONS[min(QUESTIONS.index(self.asking) + 1, len(QUESTIONS) - 1)]
        self._ask()

    def take_answer(self, answer: str) -> None:
        self._say_buttons()

    def _on_flag(self) -> None:
        self._flagged = True
        self.question.predict("flag")
        self._say_buttons()

    def _tell(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.question.tell(*outcome, more=self.asking != QUESTIONS[-1])
        self._say_buttons()

    def look(self) -> None:
        """Works out what the question asks for, and tells it."""
        if self.taken is None:
            return
        if self.asking == "epoch":
            moment, digits = self.taken, self.digits
            assert digits is not None
            self.work.begin(
                self.words_of.timing(),
                lambda tell, cancelled: find_prices(moment, digits, tell, cancelled),
                partial(self._show_prices, moment),
            )
            return
        asked = ("ten",) if self.asking == "ten" else ("ten", "flag")
        plan: list[int] = []
        for size in (FEW, self.cloud.flag_at)[: len(asked)]:
            plan += [size] * max(0, DRAWS - len(self.draws_of(size)))
        self._draw(plan, partial(self._tell_draws, self.asking))

    def _tell_draws(self, asking: str) -> None:
        if asking != self.asking or self.outcome is not None:
            return
        if asking == "ten":
            self._take_m(FEW)
            self._tell(self.words_of.told_ten(self.question.prediction, self.draws_of(FEW)))
            return
        flag = self.cloud.predicted() if self._flagged else None
        self.cloud.ghost, self.cloud.line_told = flag, True
        self._take_m(self.cloud.flag_at)
        if flag is not None:
            self.tasks.finish("flag")
        self._tell(self.words_of.told_flag(flag, self.draws_of(FEW), self.draws_of(self.cloud.flag_at)))
        self.show_measure("off")

    def _show_prices(self, moment: Moment, prices: Sequence[Price]) -> None:
        if moment is not self.taken:
            return
        self._prices = {each.m: each for each in prices}
        self.cloud.prices = prices
        if self.asking == "epoch" and self.outcome is None:
            if self.question.prediction:
                self.tasks.finish("epoch")
            self._tell(self.words_of.told_epoch(self.question.prediction, prices))
        self.show_measure("epoch")

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
        self.show_measure(self.cloud.measure)
        self._say_buttons()

    def draw_at_all_sizes(self) -> None:
        """A quarter of the usual number of draws, at each of the round sizes."""
        self._draw([m for m in sizes_up_to(self.n) for _ in range(DRAWS // 4)])

    def _look_for_narrow(self) -> None:
        """Whether it was found, to a factor of three, from where on all draws are near enough. Sizes with fewer
        than the usual number of draws don't count."""
        sizes = sorted({each.m for each in self.cloud.draws})
        tried = []
        for m in sizes:
            draws = self.draws_of(m)
            if len(draws) >= DRAWS and m not in self._shown:
                tried.append((m, all(each.angle <= NARROW for each in draws)))
        for few, fits_few in tried:
            for many, fits_many in tried:
                if fits_many and not fits_few and few < many <= FACTOR * few:
                    self.tasks.finish("narrow", self.words_of.narrow_found(few, many))
                    return
        self.tasks.say("narrow", self.words_of.narrow(tried))

    # What is seen

    def show_measure(self, measure: Measure) -> None:
        """Shows how far off, the angle, the length, or the time of an epoch; the last not before its question."""
        self.measures.show_chosen(measure)
        self.cloud.show_measure(measure, asking=self._asks_for_flag(measure))
        words = ""
        if measure == "epoch" and not self._prices:
            words = self.words_of.epoch_waits()
        elif measure != "epoch" and not self.cloud.draws:
            words = self.words_of.waits(self.n)
        self.cloud.set_words(words)
        self._take_m(int(self.m.value()))

    def _asks_for_flag(self, measure: Measure) -> bool:
        return measure == "off" and self.asking == "flag" and self.outcome is None

    def _take_m(self, m: int) -> None:
        self.m.set_value(m)
        self.cloud.put_m(m)
        draws = self.draws_of(m)
        self.reading.setText(self.words_of.reading(m, draws, self._prices) if self.cloud.draws else "")
        self._say_buttons()

    def _say_buttons(self) -> None:
        ready = self.taken is not None and not self.work.is_working
        self.all_sizes.setVisible(self.cloud.line_told)
        self.all_sizes.setEnabled(ready)
        if self.outcome is None:
            predicted = bool(self.question.prediction)
            tip = self.tr("Shows what comes of it.") if predicted else self.tr("Say first what you think.")
            self.set_main(self.tr("Look"), tip, enabled=ready and predicted)
        else:
            text = self.tr("Draw {count} times").format(count=DRAWS)
            tip = self.tr("Draws m digits so often, and each gradient becomes a dot.")
            self.set_main(text, tip, enabled=ready)

    def press_main(self) -> None:
        if self.outcome is None:
            self.look()
        else:
            self._draw([int(self.m.value())] * DRAWS)

    def show_me(self) -> None:
        """Looks; or, once all is told, draws on both sides of where the angle becomes narrow."""
        if self.outcome is None:
            self.look()
            return
        sizes = sizes_up_to(self.n)
        first = next((i for i, m in enumerate(sizes) if self._expected_angle(m) < NARROW), len(sizes) - 1)
        around = sizes[max(0, first - 1) : first + 2]
        self._shown |= {m for m in around if len(self.draws_of(m)) < DRAWS}
        self._draw([m for m in around for _ in range(DRAWS - len(self.draws_of(m)))])

    def _expected_angle(self, m: int) -> float:
        """About what angle draws of m digits make, in degrees: what is off lies across, nearly all of it."""
        whole = self.cloud.whole
        return 57.3 * whole.expected(m) if whole is not None else 180.0

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
