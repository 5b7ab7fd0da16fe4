"""The ball in the valley: gradient descent on a visible surface, with two η from one start."""

from collections.abc import Callable
from typing import Final

from msgspec.structs import replace
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLabel, QWidget

from mnistviz.engine.ideas.ball_race import LAP, BallRace, Fan, Tried
from mnistviz.engine.ideas.landscape import LANDSCAPES, Rules
from mnistviz.gui.common import numbers
from mnistviz.gui.common.fitted import Fitted
from mnistviz.gui.common.layouts import label, row_of, styled
from mnistviz.gui.common.number_edit import NumberEdit
from mnistviz.gui.common.scales import Scale
from mnistviz.gui.common.steady import SteadyList
from mnistviz.gui.common.timers import new_timer
from mnistviz.gui.common.widgets import describe
from mnistviz.gui.common.wrapped import ShortenedLabel
from mnistviz.gui.ideas.page import Page, PageContext, Scene, SceneOutcome
from mnistviz.gui.ideas.parts.page_parts import MainButton, Question, Value
from mnistviz.gui.ideas.valley.valley_map import ValleyMap, legend
from mnistviz.gui.ideas.valley.valley_panels import CostCurve, FanPlot, Panel, SectionPlot
from mnistviz.gui.ideas.valley.valley_words import flag_question, largest_result, say, told, tried_text

BEGINNING: Final = "narrow"
ETAS: Final = (0.05, 0.3)
STEP_TIME: Final = 130  # milliseconds between two steps, so that each is visible
_ETA: Final = Scale(0.001, 5.0)
_QUADRATIC: Final = ("bowl", "narrow")
_BOUNDS = (-20.0, 20.0)


class StartFields(QWidget):
    """Fields for the start of both balls: v₁ and v₂."""

    def __init__(self, place: tuple[float, float], changed: Callable[[float, float], object]) -> None:
        super().__init__()
        self._changed = changed
        self._fields: list[NumberEdit] = []
        for name, value in zip(("start_1", "start_2"), place, strict=True):
            scale = Scale(*_BOUNDS, step=0.1)
            field = NumberEdit(say(name), _BOUNDS, value, self._typed, scale=scale, letters=4)
            describe(field, f"valley_{name}", say(name), say("start_tip"))
            self._fields.append(field)
        row_of((QLabel(say("start")), 1), *self._fields, spacing=6, inside=self)

    def _typed(self, step: bool) -> None:
        self._changed(*(float(each.value()) for each in self._fields))

    def set_place(self, place: tuple[float, float]) -> None:
        for field, value in zip(self._fields, place, strict=True):
            field.set_value(round(value, 3))


class HeightLegend(Fitted, QWidget):
    """The colours of the relief with their C, hidden where there is no room."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumWidth(1)  # it does not widen the window
        self._inside = QWidget(self)
        heights, *self._parts = (label("quietText", text) for text in (say("heights"), "", "", ""))
        row_of(heights, *self._parts, spacing=6, inside=self._inside)

    def show_heights(self, low: float, high: float) -> None:
        lowest, bands, highest = self._parts
        lowest.setText(numbers.tick(round(low)))
        highest.setText(numbers.tick(round(high)))
        bands.setPixmap(legend(QSize(140, 10), self.devicePixelRatioF()))
        self.refit()

    def refit(self) -> None:
        size = self._inside.sizeHint()
        self._inside.setGeometry(self.width() - size.width(), 0, size.width(), self.height())
        self._inside.setVisible(size.width() <= self.width())


class ValleyPage(Page):
    """A race of two balls. Any change returns both to their start: the rules stay the same during a race."""

    id = "valley"

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, say("title"), say("text"))
        self.surface = LANDSCAPES[BEGINNING]
        self._is_shown = False  # whether *Show me* ran part of the race, which ticks nothing
        self._races = 0  # number of races so far, the seed of the noise
        self.tried: dict[str, Tried] = {}
        self._letters = (say("a"), say("b"))
        self.fan: Fan | None = None
        self.race = BallRace.begun(self.surface, self.surface.start, (Rules(ETAS[0]), Rules(ETAS[1])))
        self._timer = new_timer(self, self.take_step, STEP_TIME, repeated=True)
        self._timer.setObjectName("valley_steps")
        self._build_figures()
        self._build_values()
        one_step = say("one_step", ball=self._letters[1])
        tried = tried_text(Tried(frozenset({0.333}), frozenset({0.335})))
        both, largest = replace(say.task("both"), room=one_step), replace(say.task("largest"), room=tried)
        self.tasks.add(both, largest, say.task("hill"))
        self.add_scenes(Scene("flag", tasks=("both", "largest", "hill"), again=True))
        self.main_button.keep_room(say("pause"), say("run", count=LAP), say("run_more", count=LAP))
        self.reset()
        self.open_scene("flag")

    def _build_figures(self) -> None:
        self.surfaces = SteadyList()
        for code in LANDSCAPES:
            self.surfaces.addItem(say(code), code)
        say.describe(self.surfaces, "valley_surface", "surface")
        self.formula, self.legend = styled(ShortenedLabel(), "figureTitle"), HeightLegend()
        self.figure_column.addLayout(row_of(self.surfaces, self.formula, (self.legend, 1), spacing=10))
        self.surfaces.activated.connect(lambda _row: self.set_surface(self.surfaces.currentData()))
        letters = self._letters
        self.map = ValleyMap(
            self.race, letters, self._start_at,
            flag_moved=lambda x, y: self.predict(f"{x:.3f} {y:.3f}"),
            show_heights=lambda low, high: self.legend.show_heights(low, high),
        )  # fmt: skip
        self.map.setMinimumHeight(150)
        self.add_figure(self.map, 420)
        self.section, self.curve = SectionPlot(letters), CostCurve(letters)
        self.section.resized = lambda: self.section.show_race(self.race)
        self.curve.resized = lambda: self.curve.show_race(self.race, self.fan)
        self.fan_plot = FanPlot(letters)
        figures: dict[str, QWidget] = {"section": self.section, "cost": self.curve, "fan": self.fan_plot}
        self.panels = [Panel(say(f"{id}_title"), figure) for id, figure in figures.items()]
        below = QWidget()
        row_of(*((panel, 1) for panel in self.panels), spacing=28, inside=below)
        self.add_figure(below, 169)
        self.step_button = say.button("valley_step", "step", self.take_step)
        self.add_tool(self.step_button)

    def _build_values(self) -> None:
        begin, eta, bounds = (lambda _: self._begin()), say("eta_tip"), (1e-4, 100)
        self.values_all = self.eta_a, self.eta_b, self.momentum, self.noise = [
            Value(f"valley_{name}", say(name), tip, scale, value, bounds=bounds, changed=begin)
            for name, tip, scale, value, bounds in (
                ("eta_a", eta, _ETA, ETAS[0], bounds),
                ("eta_b", eta, _ETA, ETAS[1], bounds),
                ("momentum", say("momentum_tip"), Scale(0, 0.95, step=0.05), 0.0, (0, 0.99)),
                ("noise", say("noise_tip"), Scale(0, 5, step=0.1), 0.0, (0, 100)),
            )
        ]
        self.start_fields = StartFields(self.surface.start, self._start_at)
        for widget in (*self.values_all, self.start_fields):
            self.values.addWidget(widget)

    def _start_at(self, x: float, y: float) -> None:
        self._begin((x, y))

    def rules(self) -> tuple[Rules, Rules]:
        shared = Rules(0.0, self.momentum.value(), self.noise.value(), self._races)
        return replace(shared, eta=self.eta_a.value()), replace(shared, eta=self.eta_b.value())

    def set_surface(self, code: str) -> None:
        self.surface = LANDSCAPES[code]
        self.surfaces.setCurrentIndex(self.surfaces.findData(code))
        self._begin(self.surface.start, anew=True)

    def _begin(self, start: tuple[float, float] | None = None, *, anew: bool = False) -> None:
        """Put both balls at their start. The question is repeated, unless it is open and nothing was run."""
        self._timer.stop()
        asks_anew = anew or self.told or bool(self.race.steps)
        if asks_anew:
            self._races += 1
        self.race = BallRace.begun(self.surface, start or self.race.start, self.rules())
        self._is_shown = False
        if asks_anew:
            self.map.offer_flag()
            self.cover()
        self._show()

    def _show(self) -> None:
        if not self.told:
            self.fan = None
        self.formula.set_wordings(say(f"formula_{self.surface.code}"))
        self.map.show_race(self.race, self.fan)
        self.section.show_race(self.race)
        self.curve.show_race(self.race, self.fan)
        self.fan_plot.show_fan(self.race, self.fan)
        steps = self.race.steps if self.fan is not None else LAP
        cut = say("section_note", axis=say("v2" if self.surface.cut else "v1"))
        notes = cut, say("cost_note"), say("fan_note", steps=steps)
        for panel, note in zip(self.panels, notes, strict=True):
            panel.note.set_wordings(note)
        self.start_fields.set_place(self.race.start)
        tried = self.tried.get(self.surface.code, Tried())
        self.tasks.say("largest", tried_text(tried) if self.surface.code in _QUADRATIC else "")
        self.renew()

    def name_main(self) -> MainButton:
        if self._timer.isActive():
            return say.main("pause")
        count = LAP - self.race.steps % LAP
        return MainButton(say("run_more" if self.told else "run", count=count), say("run_tip"))

    def take_step(self) -> None:
        """Move both balls one step; the first one locks the prediction."""
        if not self.told and not self.race.steps:
            self.map.lock_flag()
        if not self._all_gone():
            self.race = self.race.run(1)
            self.fan = self.fan.run() if self.fan is not None else None
        if self.race.steps and (self.race.steps % LAP == 0 or self._all_gone()):
            self._timer.stop()
            self._finish_lap()
        else:
            self._show()

    def _all_gone(self) -> bool:
        return all(path[-1].is_gone for path in self.race.paths)

    def press_main(self) -> None:
        if self._timer.isActive():
            self.left()
        else:
            self._timer.start()
            self.take_step()

    def ask_again(self) -> None:
        self._begin(anew=True)

    def ask(self) -> Question:
        return flag_question(LAP, moved=self.race.steps > 0, placed=self.map.is_flag_placed)

    def outcome(self) -> SceneOutcome:
        flag = self.map.flag
        assert self.fan is not None
        return told(self.race, self.fan, (flag.x, flag.y) if self.map.is_flag_placed else None)

    def _finish_lap(self) -> None:
        race, code = self.race, self.surface.code
        if not self.told:
            self.fan = Fan.of(race)
            self.map.freeze_flag(race.paths[1][-1].place)
            self.tell()
        self._show()
        if self._is_shown:
            return
        self._check_both()
        if code in _QUADRATIC:
            self._record_tried(code)
        if code == "two_valleys":
            left, right = self.surface.bottoms
            if race.start[0] > right[0] / 2 and any(race.rests_at(ball, left) for ball in (0, 1)):
                self.tasks.finish("hill")

    def _check_both(self) -> None:
        """Tick the task if one ball creeps and the other visibly swings out."""
        race, message = self.race, ""
        for slow in (0, 1):
            if race.surface.bottoms and race.creeps(slow) and race.is_thrown(1 - slow):
                if race.swings_out(1 - slow):
                    self.tasks.finish("both")
                else:
                    message = say("one_step", ball=self._letters[1 - slow])
        self.tasks.say("both", message)

    def _record_tried(self, code: str) -> None:
        tried = self.tried[code] = self.tried.get(code, Tried()).with_race(self.race)
        largest = self.surface.largest_eta()
        if tried.found(largest) and tried.bracket is not None and largest is not None:
            steepest = max(self.surface.curvatures or (0,))
            self.tasks.finish("largest", largest_result(tried.bracket, steepest, largest))
        else:
            self.tasks.say("largest", tried_text(tried))

    def show_me(self) -> None:
        self.left()
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
        self._timer.stop()
        self.say_main()

    def adopt_theme(self) -> None:
        super().adopt_theme()
        self._show()
