"""A few digits stand for all: the gradient of m digits compared with that of all of them."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain
from typing import Any, Final

import numpy as np
from PySide6.QtWidgets import QLabel

from mnistviz.engine.digits import Digits
from mnistviz.engine.ideas import few_digits as samples
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network
from mnistviz.gui.common import numbers
from mnistviz.gui.common.layouts import label, stack_of
from mnistviz.gui.common.scales import Scale
from mnistviz.gui.common.tooltips import set_tooltip
from mnistviz.gui.ideas.few_digits import few_digits_words as words
from mnistviz.gui.ideas.few_digits.few_digits_figures import MEASURES, Cloud, DialRow, DialsFigure, Measure
from mnistviz.gui.ideas.few_digits.few_digits_words import NARROW, legend, narrow, reading, say, ten_outcome
from mnistviz.gui.ideas.page import PageContext, Scene, SceneOutcome
from mnistviz.gui.ideas.parts.lab_page import LabPage
from mnistviz.gui.ideas.parts.page_parts import ChoiceRow, MainButton, Question, Task

QUESTIONS: Final = ("ten", "flag", "epoch")
QUESTION_OF: Final[dict[Measure, str]] = {"off": "flag", "angle": "ten", "length": "ten", "epoch": "epoch"}
MEASURE_OF: Final[dict[str, Measure]] = {"ten": "angle", "flag": "off", "epoch": "epoch"}
TASK_OF: Final = {"ten": "narrow", "flag": "flag", "epoch": "epoch"}
"""The task of a question: its result is hidden when the question is repeated."""
FAR_OFF: Final = 30.0
"""Where the flag starts without known errors: so large that hardly any sample has it."""
FACTOR: Final = 3  # the largest ratio of enough to too few digits with which the task is solved
Group = tuple[int, int, int]  # number of the network, number of digits, and number of samples to draw
ROOMY: Final = 600  # height in pixels of a page with room for text about the dials
LEAST: Final = 500  # the smallest training set: with fewer digits, a hundred are nearly all


class FewDigitsPage(LabPage):
    """Random samples of an untrained network and of the lab's; each measure has its question."""

    id = "few_digits"

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, say("title"), say("text"))
        self.work, self.dials = self.add_work("few_work"), DialsFigure(self._set_m)
        self.cloud = Cloud(self._set_m, lambda: self.predict("flag"))
        self.stack = stack_of(self.dials, self.cloud)
        say.describe(self.dials, "few_dials", "dials")
        self.n = 1
        self.measure: Measure = "angle"
        self.networks: tuple[Network, ...] = ()
        """The untrained network and the lab's, or only the former if they are the same. Results of each follow."""
        self.wholes: tuple[samples.Whole, ...] = ()
        self.groups: list[list[samples.DrawGroup]] = []
        self._columns: tuple[int, ...] = (1, 10, 100, 1_000)
        self._count = 0  # samples so far, each with a number of its own
        self._shown: set[tuple[int, int]] = set()
        """Networks and sizes drawn by *Show me*, which do not count as the user's."""
        self.reading, self.legend = label("reading", name="few_reading", wraps=True), QLabel()
        self.all_sizes = say.button("few_all_sizes", "all_sizes", self._draw_at_all_sizes)
        self.measures = ChoiceRow("few", say.choices(*MEASURES), self.go_to, wraps=True, after=self.legend)
        scale, set_m = Scale(1, 50_000), lambda m: self._set_m(int(m))
        self.m = say.value("few_m", "m", scale, samples.FEW, bounds=(1, 50_000), whole=True, changed=set_m)
        for figure, stretch in ((self.measures, 0), (self.stack, 1), (self.reading, 0)):
            self.add_figure(figure, stretch)
        self.values.addWidget(self.m)
        self.add_tool(self.all_sizes)
        self.main_button.keep_room(say("look"), say("time_again"), say("draw", count=samples.DRAWS))
        longest = narrow([[(10_000, False), (20_000, True)]] * 2)
        task = Task("narrow", narrow(()), say("done_narrow", angle=NARROW), longest)
        self.tasks.add(say.task("flag"), task, say.task("epoch"))
        self.add_scenes(*(Scene(which, tasks=(TASK_OF[which],), again=True) for which in QUESTIONS))
        self.open_scene("ten")

    def fits(self, moment: Moment) -> str:
        digits = self.lab.shown.digits
        return "" if digits is None or digits.epoch(moment.settings) >= LEAST else say("too_few")

    def use(self, moment: Moment, digits: Digits) -> None:
        n = digits.epoch(moment.settings)
        begun = samples.fresh(moment.network)
        learned = not np.array_equal(begun.parameters, moment.network.parameters)
        self.networks = (begun, moment.network) if learned else (moment.network,)
        if n != self.n:
            self.n = self.cloud.n = n
            self.cloud.flag_at = samples.flag_size(n)
            self.m.rescale(Scale(1, n), (1, n))
        self.reset()

    def reset(self) -> None:
        self.work.cancel()
        self._count, self._shown = 0, set()
        self.wholes, self.groups = (), [[] for _ in self.networks]
        sizes = 1, 10, 100, 1_000
        self._columns = tuple(m for m in sizes if 3 * m <= self.n) or sizes  # those that are few among all
        self.cover(*QUESTIONS)
        self.tasks.say("narrow", "")
        self.m.set_value(samples.FEW)
        self.cloud.clear()
        self.go_to("angle")

    def ask_again(self) -> None:
        self.cover()
        self.cloud.ghost, self.cloud.line_shown = None, False
        if self.scene.id == "epoch":
            self.cloud.prices = ()
        self.go_to(self.measure)

    def go_to(self, measure: Measure) -> None:
        which = QUESTION_OF[measure]
        self.measure, is_open = measure, which not in self.outcomes
        if is_open and which == "flag" and self._flag is None:
            ten = [each.off for each in self.draws_of(samples.FEW)] if "ten" in self.outcomes else [FAR_OFF]
            self.cloud.ask_flag(sum(ten) / len(ten))
        self.measures.show_choice(measure)
        self.stack.setCurrentWidget(self.dials if measure == "angle" else self.cloud)
        self.legend.setText(legend(self.n))
        if measure != "angle":
            self.cloud.shown_draws = self._seen(measure)
            self.cloud.show_measure(measure, asking=is_open and which == "flag")
        self._set_m(int(self.m.value()))
        self.open_scene(which)

    def _show_dials(self) -> None:
        shown, rows = "ten" in self.outcomes, []
        for number, name in enumerate(("fresh", "trained")):
            groups = self.groups[number] if shown and number < len(self.groups) else []
            # The last of each.
            usual = {group.m: group for group in groups if len(group.draws) == samples.DRAWS}
            dials = tuple(map(usual.get, self._columns))
            note = say(f"{name}_note", step=self.taken.step if self.taken else 0)
            if number >= len(self.networks):
                note = say("not_trained")
            if shown and number < len(self.wholes):
                note = say("with_length", note=note, length=numbers.rounded(self.wholes[number].length, 3))
            rows.append(DialRow(say(name), note, dials))
        self.dials.show_rows(self._columns, tuple(rows), int(self.m.value()))

    def refit(self) -> None:
        super().refit()
        if self._scene:
            self._set_m(int(self.m.value()))

    def adopt_theme(self) -> None:
        super().adopt_theme()
        self.legend.setText(legend(self.n))

    @property
    def draws(self) -> list[samples.Draw]:
        return [each for group in (self.groups[-1] if self.groups else ()) for each in group.draws]

    def _seen(self, measure: Measure) -> list[samples.Draw]:
        """Return the samples that answer no open question; those of ten once their own outcome is shown."""
        if QUESTION_OF[measure] in self.outcomes:
            return self.draws
        return self.draws_of(samples.FEW) if measure == "off" and "ten" in self.outcomes else []

    def _next_open(self) -> str | None:
        at = QUESTIONS.index(self.scene.id)
        others = QUESTIONS[at + 1 :] + QUESTIONS[:at]
        return next((each for each in others if each not in self.outcomes), None)

    @property
    def has_more(self) -> bool:
        return self._next_open() is not None

    def go_on(self) -> None:
        if (following := self._next_open()) is not None:
            self.go_to(MEASURE_OF[following])

    def ask(self) -> Question:
        return words.ask(self.scene.id, self.n, after_ten="ten" in self.outcomes)

    def _compute_outcome(self) -> None:
        which = self.scene.id
        if self.taken is None:
            return
        self.go_to(MEASURE_OF[which])
        if which == "epoch":
            self.work_out(say("timing"), samples.find_prices, self._show_prices)
            return
        networks = range(len(self.networks)) if which == "ten" else [len(self.networks) - 1]
        sizes = self._columns if which == "ten" else (self.cloud.flag_at,)
        self._draw(self._missing(networks, sizes), partial(self._store_outcome, which))

    def _missing(self, networks: Sequence[int], sizes: Sequence[int]) -> list[Group]:
        usual = [{group.m for group in each if len(group.draws) == samples.DRAWS} for each in self.groups]
        return [(of, m, samples.DRAWS) for of in networks for m in sizes if m not in usual[of]]

    def _store_outcome(self, which: str) -> None:
        if which in self.outcomes:
            return
        if which == "flag":
            self.cloud.ghost, self.cloud.line_shown = self._flag, True
            if self._flag is not None:
                self.tasks.finish("flag")
        self.m.set_value(samples.FEW if which == "ten" else self.cloud.flag_at)
        self.outcomes[which] = self._outcome_of(which)

    @property
    def _flag(self) -> float | None:
        return self.cloud.predicted() if "flag" in self.predictions else None

    def _outcome_of(self, which: str) -> SceneOutcome:
        prediction = self.predictions.get(which, "")
        if which == "ten":
            groups = [next(each for each in network if each.m == samples.FEW) for network in self.groups]
            return ten_outcome(prediction, groups, self.wholes)
        if which == "epoch":
            return words.epoch_outcome(prediction, self.cloud.prices)
        ten = self.draws_of(samples.FEW) if "ten" in self.outcomes else ()
        return words.flag_outcome(self._flag, ten, self.draws_of(self.cloud.flag_at))

    def _show_prices(self, prices: Sequence[samples.Price]) -> None:
        self.cloud.prices = prices
        if self.predictions.get("epoch"):
            self.tasks.finish("epoch")
        self.outcomes["epoch"] = self._outcome_of("epoch")
        self.go_to(self.measure)

    def draws_of(self, m: int) -> list[samples.Draw]:
        return [each for each in self.draws if each.m == m]

    def _draw(self, groups: Sequence[Group], then: Callable[[], object] = lambda: None) -> None:
        networks, known, plan = self.networks, self.wholes, []
        for of, m, count in groups:
            plan.append((of, m, self._count, count))
            self._count += count

        def work(moment: Moment, digits: Digits, *how: Any) -> samples.Drawn:
            return samples.find_draws(networks, digits.trained_on(moment.settings), known, plan, *how)

        count = sum(count for _, _, count in groups)
        self.work_out(say("working", count=count), work, partial(self._show_draws, then))

    def _show_draws(self, then: Callable[[], object], drawn: samples.Drawn) -> None:
        self.wholes = drawn.wholes
        self.cloud.whole = drawn.wholes[-1]
        for of, group in drawn.groups:
            self.groups[of].append(group)
        then()
        self._check_narrow()
        self.go_to(self.measure)

    def _draw_at_all_sizes(self) -> None:
        self._draw([(len(self.networks) - 1, m, samples.DRAWS // 4) for m in samples.sizes_up_to(self.n)])

    def _check_narrow(self) -> None:
        """Tick the task if each threshold is known within `FACTOR`; only sizes with the usual `DRAWS` count."""
        if "ten" not in self.outcomes:
            return
        tried = []
        for number, groups in enumerate(self.groups):
            own = (group.draws for group in groups if (number, group.m) not in self._shown)
            tried.append(samples.tried_for(NARROW, chain.from_iterable(own)))
        bounds = [samples.found_within(FACTOR, each) for each in tried]
        if all(bounds):
            self.tasks.finish("narrow", words.narrow_result([each for each in bounds if each is not None]))
        else:
            self.tasks.say("narrow", narrow(tried))

    def _set_m(self, m: int) -> None:
        self.m.set_value(m)
        self.cloud.place_m(m)
        self._show_dials()
        draws, angle = self.draws_of(m), self.measure == "angle"
        hidden = draws and m != samples.FEW and self.measure == "off" and "flag" not in self.outcomes
        prices = {each.m: each for each in self.cloud.prices}
        text = "" if hidden else reading(m, draws, prices, self.outcomes)
        self.reading.setText(say("dials_say") if angle else text)
        roomy = not self._scrolls or self.height() >= ROOMY
        for part in (self.legend, self.reading):
            part.setVisible(roomy if angle else part is self.reading)
        self.say_main()

    def say_main(self) -> None:
        super().say_main()
        free = self.taken is not None and not self.work.is_working
        self.all_sizes.setEnabled(self.cloud.line_shown and free)
        set_tooltip(self.all_sizes, say("all_sizes_tip" if self.cloud.line_shown else "all_sizes_first"))

    def name_main(self) -> MainButton:
        ready = self.taken is not None and not self.work.is_working
        if not self.told:
            return say.look(bool(self.prediction), ready)
        if self.scene.id == "epoch":
            return say.main("time_again", ready)
        return MainButton(say("draw", count=samples.DRAWS), say("draw_tip"), ready)

    def press_main(self) -> None:
        if not self.told or self.scene.id == "epoch":
            self._compute_outcome()
            return
        m = int(self.m.value())
        self._make_column(m)
        self._draw([(number, m, samples.DRAWS) for number in range(len(self.networks))])

    def _make_column(self, m: int) -> None:
        """Replace the nearest column by one for `m` digits, unless there is one."""
        if m not in self._columns:
            nearest = min(self._columns, key=lambda each: abs(np.log(each / m)))
            self._columns = tuple(sorted({*self._columns, m} - {nearest}))

    def show_me(self) -> None:
        """Show the outcome; after that, draw samples on both sides of where the angle becomes narrow."""
        if self.told:
            self.go_to("angle")
        if not self.told:
            self._compute_outcome()
            return
        missing = []
        for number, whole in enumerate(self.wholes):
            missing += self._missing([number], samples.sizes_about(NARROW, whole))
        self._shown |= {(of, m) for of, m, _ in missing}
        for _, m, _ in missing:
            self._make_column(m)
        self._draw(missing)
