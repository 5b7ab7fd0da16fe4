"""The ball in the valley: gradient descent on a surface one can see, with two η from one start."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton

from mnistviz.engine.ideas.digit_count_race import LAP, DigitCountRace, Tried
from mnistviz.engine.ideas.landscape import LANDSCAPES, Rules
from mnistviz.gui.common import numbers
from mnistviz.gui.common.scale import Scale
from mnistviz.gui.common.steady import SteadyList
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import describe
from mnistviz.gui.ideas.page import Page, PageMakings
from mnistviz.gui.ideas.parts.value import Value
from mnistviz.gui.ideas.tasks import Task
from mnistviz.gui.ideas.valley.cost_curve import CostCurve
from mnistviz.gui.ideas.valley.map import ValleyMap
from mnistviz.gui.ideas.valley.start_fields import StartFields
from mnistviz.gui.ideas.valley.valley_words import (
    asks,
    came,
    flag_question,
    formula,
    largest_found,
    outside,
    surface_name,
    tried_text,
    where,
)

BEGINNING: Final = "narrow"
ETAS: Final = (0.05, 0.3)
STEP_TIME: Final = 130  # milliseconds between two steps: each is seen by itself
_ETA: Final = Scale(0.001, 5.0)
_QUADRATIC: Final = ("bowl", "narrow")


class ValleyPage(Page):
    """A change of anything puts both balls back to their start: a race is run by one set of rules."""

    id = "valley"

    def __init__(self, makings: PageMakings) -> None:
        super().__init__(makings, self._title(), self._text())
        self.surface = LANDSCAPES[BEGINNING]
        self._is_shown = False  # whether *Show me* ran some of the race: it ticks nothing
        self._races = 0  # begun so far; decides the noise
        self.tried: dict[str, Tried] = {}
        self._letters = (self.tr("A"), self.tr("B"))
        self.race = DigitCountRace.begun(self.surface, self.surface.start, (Rules(ETAS[0]), Rules(ETAS[1])))
        self._timer = QTimer(self)
        self._timer.setInterval(STEP_TIME)
        self._timer.timeout.connect(self._tick)
        self._build_figures()
        self._build_values()
        self._build_tasks()
        self._connect()
        self.reset()

    def _title(self) -> str:
        return self.tr("The ball in the valley")

    def _text(self) -> str:
        return self.tr(
            "Learning means going downhill. The gradient ∇C says which way is up; a step goes the other way, η times "
            "as far. Nothing knows where the bottom is: only the slope under the ball."
        )

    # Building

    def _build_figures(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        self.surfaces = SteadyList()
        for code in LANDSCAPES:
            self.surfaces.addItem(surface_name(code), code)
        describe(
            self.surfaces,
            "valley_surface",
            self.tr("Surface"),
            self.tr("The surface that the balls go down."),
        )
        self.formula = QLabel()
        self.formula.setProperty("role", "figureTitle")
        head.addWidget(self.surfaces)
        head.addWidget(self.formula, 1)
        self.figure_column.addLayout(head)
        accessible = self.tr(
            "Map of the cost C over v₁ and v₂. Arrows move the start or the flag, Tab goes on."
        )
        self.map = ValleyMap(accessible, self.surface, self._letters, self.theme)
        self.map.set_axes(self.tr("v₁"), self.tr("v₂"))
        self.curve = CostCurve(self.tr("Cost C of both balls at each step"), self.theme)
        self.map.setMinimumHeight(170)
        self.curve.setMinimumHeight(86)
        self.add_figure(self.map, 5)
        self.add_figure(self.curve, 2)
        self.step_button = QPushButton(self.tr("One step"))
        describe(self.step_button, "valley_step", self.tr("One step"), self.tr("Both balls take one step."))
        self.add_tool(self.step_button)

    def _build_values(self) -> None:
        eta_tip = self.tr("The learning rate: a step is −η∇C.")
        self.eta_a = Value("valley_eta_a", self.tr("η of ball A"), eta_tip, _ETA, ETAS[0], bounds=(1e-4, 100))
        self.eta_b = Value("valley_eta_b", self.tr("η of ball B"), eta_tip, _ETA, ETAS[1], bounds=(1e-4, 100))
        self.momentum = Value(
            "valley_momentum",
            self.tr("momentum μ"),
            self.tr("The share of its velocity that a ball keeps at each step."),
            Scale(0, 0.95, step=0.05),
            0.0,
            bounds=(0, 0.99),
        )
        self.noise = Value(
            "valley_noise",
            self.tr("noise of the gradient"),
            self.tr(
                "Chance in each part of the gradient, as a small mini-batch brings it; the same for both balls."
            ),
            Scale(0, 5, step=0.1),
            0.0,
            bounds=(0, 100),
        )
        self.values_all = (self.eta_a, self.eta_b, self.momentum, self.noise)
        self.start_fields = StartFields(self.surface.start)
        for widget in (*self.values_all, self.start_fields):
            self.add_value(widget)

    def _build_tasks(self) -> None:
        self.add_task(
            Task(
                "both",
                self.tr("See too small and too large in one race: A creeps, B is thrown out."),
                self.tr(
                    "Too small an η creeps. Too large a one steps over the valley, to where it is steeper still."
                ),
            )
        )
        self._largest_text = self.tr(
            "Find the largest η that still gets down, in the bowl or the long narrow valley, without momentum or noise."
        )
        self.add_task(
            Task(
                "largest",
                self._largest_text,
                self.tr("The largest η is 2 divided by the steepest curvature."),
            )
        )
        self.add_task(
            Task(
                "hill",
                self.tr("Two valleys: start at the right and come to rest at the left, in the deeper one."),
                self.tr("The ball came over the hill. Downhill alone it would have stayed on its side."),
            )
        )

    def _connect(self) -> None:
        for value in self.values_all:
            value.changed.connect(lambda _value: self._renew())
        self.start_fields.changed.connect(lambda x, y: self._renew((x, y)))
        self.map.start.moved.connect(lambda x, y: self._renew((x, y)))
        self.map.clicked.connect(lambda x, y: None if self.map.is_on_flag(x, y) else self._renew((x, y)))
        self.map.flag.moved.connect(self._predict)
        self.surfaces.activated.connect(lambda _row: self.set_surface(self.surfaces.currentData()))
        self.step_button.clicked.connect(self.take_step)
        self.question.again.connect(lambda: self._renew(anew=True))

    # The race

    def rules(self) -> tuple[Rules, Rules]:
        shared = Rules(0.0, self.momentum.value(), self.noise.value(), self._races)
        return replace(shared, eta=self.eta_a.value()), replace(shared, eta=self.eta_b.value())

    def set_surface(self, code: str) -> None:
        """Another surface; the balls start where there is something to be seen on it."""
        self.surface = LANDSCAPES[code]
        self.surfaces.setCurrentIndex(self.surfaces.findData(code))
        self._renew(self.surface.start, anew=True)

    def _renew(self, start: tuple[float, float] | None = None, *, anew: bool = False) -> None:
        """Both balls at rest at their start. The question is asked anew, unless it is open and nothing was run."""
        self._pause()
        open_still = self.question.asked is not None and not self.race.steps and not anew
        if not open_still:
            self._races += 1
        self.race, self._is_shown = (
            DigitCountRace.begun(self.surface, start or self.race.start, self.rules()),
            False,
        )
        if not open_still:
            self.map.offer_flag(self.tr("drag this flag"))
            self.question.ask(flag_question(LAP, moved=False, placed=False))
        self._show()

    def _show(self) -> None:
        race = self.race
        self.formula.setText(formula(self.surface.code))
        away = [
            outside(letter, float(race.costs(number)[-1]))
            for number, letter in enumerate(self._letters)
            if not self.map.sees(race.paths[number][-1].place)
        ]
        self.map.show_race(race, self.tr("A and B start here, both"), "\n".join(away))
        self.curve.show_race(race, self._letters)
        self.start_fields.set_place(race.start)
        text = self.tr("Both balls start at {place}. Steps taken: {steps}.").format(
            place=where(race.start), steps=numbers.whole(race.steps)
        )
        self.map.setAccessibleDescription(text)
        self._name_main()
        if self.surface.code in _QUADRATIC:
            tried = self.tried.get(self.surface.code, Tried())
            self.tasks.say("largest", tried_text(self._largest_text, tried))
        else:
            self.tasks.say("largest", "")

    def _name_main(self) -> None:
        if self._timer.isActive():
            self.set_main(self.tr("Pause"), self.tr("Stops after this step."))
        else:
            count = numbers.whole(LAP - self.race.steps % LAP)
            self.set_main(
                self.tr("Run {count} steps").format(count=count),
                self.tr("Lets both balls step on, step by step."),
            )

    def take_step(self) -> None:
        """Both balls, one step on; with the first one the prediction stands."""
        if self.question.asked is not None and not self.race.steps:
            self.map.lock_flag()
            self.question.ask(flag_question(LAP, moved=True, placed=self.map.is_flag_placed))
        self.race = self.race.run(1) if not self._all_gone() else self.race
        if self.race.steps and (self.race.steps % LAP == 0 or self._all_gone()):
            self._pause()
            self._show()
            self._finish_lap()
        else:
            self._show()

    def _all_gone(self) -> bool:
        return all(path[-1].is_gone for path in self.race.paths)

    def _tick(self) -> None:
        self.take_step()

    def _pause(self) -> None:
        if self._timer.isActive():
            self._timer.stop()
            self._name_main()

    def press_main(self) -> None:
        if self._timer.isActive():
            self._pause()
            return
        self._timer.start()
        self._name_main()
        self.take_step()

    # Question and tasks

    def _predict(self, x: float, y: float) -> None:
        self.question.predict(f"{x:.3f} {y:.3f}")
        self.map.name_flag(self.tr("B here?"))

    def _finish_lap(self) -> None:
        race = self.race
        if self.question.asked is not None:
            placed = self.map.is_flag_placed
            said = (
                self.tr("Your flag: {place}.").format(place=where((self.map.flag.x, self.map.flag.y)))
                if placed
                else ""
            )
            self.map.keep_flag(self.tr("your flag"), race.paths[1][-1].place)
            self.question.tell(said, came(race), asks(race))
        if self._is_shown:
            return
        if any(race.creeps(slow) and race.is_thrown(1 - slow) for slow in (0, 1)) and race.surface.bottoms:
            self.tasks.finish("both")
        if self.surface.code in _QUADRATIC:
            self._note_tried()
        if self.surface.code == "two_valleys":
            self._look_left()

    def _note_tried(self) -> None:
        code = self.surface.code
        tried = self.tried[code] = self.tried.get(code, Tried()).with_race(self.race)
        largest = self.surface.largest_eta()
        if tried.found(largest) and tried.bracket is not None and largest is not None:
            steepest = max(self.surface.curvatures or (0,))
            self.tasks.finish("largest", largest_found(tried.bracket, steepest, largest))
        else:
            self.tasks.say("largest", tried_text(self._largest_text, tried))

    def _look_left(self) -> None:
        left, right = self.surface.bottoms
        if self.race.start[0] > right[0] / 2 and any(self.race.rests_at(ball, left) for ball in (0, 1)):
            self.tasks.finish("hill")

    # What every page has

    def show_me(self) -> None:
        """The rest of the lap at once, with its outcome. It ticks nothing."""
        self._pause()
        self._is_shown = True
        while not self._all_gone():
            self.take_step()
            if self.race.steps % LAP == 0:
                break

    def reset(self) -> None:
        self._timer.stop()
        self._races = 0
        self.tried.clear()
        for value, number in zip(self.values_all, (*ETAS, 0.0, 0.0), strict=True):
            value.set_value(number)
        self.set_surface(BEGINNING)

    def left(self) -> None:
        self._pause()

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.map.set_theme(theme)
        self.curve.set_theme(theme)
        self._show()
