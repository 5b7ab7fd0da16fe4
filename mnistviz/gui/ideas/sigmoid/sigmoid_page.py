"""From step to sigmoid: the effect of a small change of a weight on a perceptron and on a sigmoid neuron."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

import numpy as np
from PySide6.QtWidgets import QGridLayout, QWidget

from mnistviz.engine.digits import Digits
from mnistviz.engine.ideas.sigmoid import APART, AWAY, WIDEST, OneInputUnit, smallest_factor
from mnistviz.engine.moment import Moment
from mnistviz.engine.scores import Score, score, score_choice
from mnistviz.gui.common import numbers
from mnistviz.gui.common.scales import Scale
from mnistviz.gui.ideas.page import PageContext, Scene, SceneOutcome
from mnistviz.gui.ideas.parts.lab_page import LabPage
from mnistviz.gui.ideas.parts.page_parts import ChoiceRow, MainButton, Question, Value
from mnistviz.gui.ideas.sigmoid.network_figure import NetworkFigure
from mnistviz.gui.ideas.sigmoid.sigmoid_words import say
from mnistviz.gui.ideas.sigmoid.unit_figure import UnitFigure

SMALL = 0.05  # the largest Δw that solves the task of flipping the perceptron
RIGHT, CLOSE = 0.05, 0.15  # errors up to which a flag is right or close, for outputs from 0 to 1
SPARE = 1.15  # how much larger than the smallest factor c may be that solves the task
_ROUNDING = 1e-9
_WIDE, _NEAR = Scale(-4, 4, step=0.05), Scale(-1, 1, step=0.01)
_VALUES: Final[Mapping[str, tuple[float, Scale, tuple[float, float] | None]]] = {
    "w": (1.0, _WIDE, None),
    "b": (-0.5, _WIDE, None),
    "dw": (0.5, _NEAR, (-4, 4)),
    "db": (0.0, _NEAR, (-4, 4)),
    "c": (5.0, Scale(0.1, 1000), None),
    "x": (1.0, Scale(-WIDEST, WIDEST, step=0.05), None),
    "by": (1.0, Scale(-5, 5, step=0.1), (-50, 50)),
    "unit": (1, Scale(1, 2, step=1), None),
    "number": (0, Scale(0, 1, step=1), None),
}
"""The initial values, which solve no task; the slider's scale; and the bounds of typed numbers, if wider."""
_SEEN: Final[Mapping[str, tuple[str, ...]]] = {
    "nudge": ("w", "b", "dw", "db", "x"),
    "factor": ("w", "b", "c", "x"),
    "network": ("by", "unit", "number"),
}


class PageValues(QWidget):
    """The numbers of the page, two in a row."""

    def __init__(self, changed: Callable[[str, float], object]) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(6)
        self.all: dict[str, Value] = {}
        for place, (name, (value, scale, bounds)) in enumerate(_VALUES.items()):
            options = {"bounds": bounds, "whole": isinstance(value, int), "changed": partial(changed, name)}
            self.all[name] = number = say.value(f"sigmoid_{name}", name, scale, value, **options)
            grid.addWidget(number, place // 2, place % 2)

    def __getitem__(self, name: str) -> float:
        return self.all[name].value()

    def put(self, **values: float) -> None:
        for name, value in values.items():
            self.all[name].set_value(value)


class SigmoidPage(LabPage):
    """Three scenes: a nudge of one unit, a factor, and a nudge of one weight of the lab's network."""

    id = "sigmoid"
    network_scenes = ("network",)

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, say("title"), say("text"))
        self._is_predicted = False  # whether the outcome belongs to the prediction
        self.network = NetworkFigure(self._update_outcome)
        self.choice = ChoiceRow("sigmoid_scene", say.choices(*_SEEN), self.open_scene, spacing=4)
        self.numbers = PageValues(self._changed)
        self.units = UnitFigure(self.numbers.all["x"].take)
        self.around.insertWidget(0, self.choice)
        self.around.insertWidget(1, self.units, 1)
        self.values.addWidget(self.numbers)
        self.add_figure(self.network)
        flip = say.task("flip", small=numbers.exact(SMALL), none=0)
        factor = say.task("factor", apart=numbers.exact(APART), away=numbers.exact(AWAY))
        self.tasks.add(say.task("nudge"), flip, factor, say.task("silent", by=1))
        for id, figure, tasks, after in (
            ("nudge", (self.units,), ("nudge", "flip"), "factor"),
            ("factor", (self.units,), ("factor",), "network"),
            ("network", (self._stack, self.whose, self.newest_button), ("silent",), None),
        ):
            values = (self.numbers.all[name] for name in _SEEN[id])
            self.add_scenes(Scene(id, (*figure, *values), tasks=tasks, again=True, after=after))
        self.main_button.keep_room(say("main_factor"), say("main_nudge"))
        self.open_scene("nudge")

    def entered(self) -> None:
        super().entered()
        self._ask()

    def _ask(self) -> None:
        self.cover()
        if self._scene != "network":
            self.units.show_outcome(False)
            self._draw_units()
            return
        self.network.show_outcome(False)
        if self.taken is None:
            super().take_newest()  # shows why there is nothing to ask

    def ask(self) -> Question:
        how = say("how_network" if self.needs_network else "how_flags")
        return Question(self._scene, say(f"question_{self._scene}"), how=how)

    def name_main(self) -> MainButton:
        id = "factor" if self._scene == "factor" else "nudge"
        return MainButton() if self.lacks_network else say.main(f"main_{id}", not self.told)

    def ask_again(self) -> None:
        self._ask()
        self.renew()

    def press_main(self) -> None:
        if not self.told and not self.lacks_network:
            (self.network if self.needs_network else self.units).show_outcome(True)
            self._is_predicted = True
            self.tell()

    def show_me(self) -> None:
        """Show the outcome; after that, solve the task of the scene without ticking it."""
        if self.lacks_network:
            return
        if not self.told:
            self.solved_by_show_me |= self.solved()
            self.press_main()
            return
        if self._scene == "nudge":
            self.numbers.put(w=1.0, b=-0.5, x=0.5, dw=0.04, db=0.0)
        elif self._scene == "factor":
            if smallest_factor(self._unit()) is None:
                self.numbers.put(w=1.0, b=-0.5)
            self.numbers.put(c=float(np.ceil(smallest_factor(self._unit()) or 1.0)))
        else:
            self.numbers.put(by=1.0)
            self.network.by = 1.0
            self.network.frame_empty()
        self._draw_units()
        self.solved_by_show_me |= self.solved()
        self._update_outcome()

    def reset(self) -> None:
        self.solved_by_show_me.clear()
        self.numbers.put(**{name: value for name, (value, _, _) in _VALUES.items()})
        self.network.by = self.numbers["by"]
        if self.taken is not None:
            self._open_digit()
        self.open_scene("nudge")

    def _changed(self, name: str, _: float) -> None:
        if name in _SEEN["network"]:
            network, now = self.network, self.numbers
            network.by, network.unit, network.number = now["by"], int(now["unit"]) - 1, int(now["number"])
            network.renew()
        else:
            self._draw_units()
        self._update_outcome()

    def _update_outcome(self) -> None:
        if not self.told:
            self.tick()
            return
        self._is_predicted = False
        self.tell()

    def _unit(self) -> OneInputUnit:
        return OneInputUnit(self.numbers["w"], self.numbers["b"])

    def _draw_units(self) -> None:
        unit, now, nudged = self._unit(), self.numbers, self._scene != "factor"
        other = unit.nudged(now["dw"], now["db"]) if nudged else unit.scaled(now["c"])
        self.units.put(unit, other, now["x"], nudged=nudged)

    def solved(self) -> set[str]:
        id, now, shown, solved = self._scene, self.numbers, self.units, set()
        if id == "nudge":
            if None not in shown.flags.values() and (now["dw"] or now["db"]):
                solved.add("nudge")
            flipped = shown.unit.step(now["x"]) != shown.other.step(now["x"])
            if flipped and not now["db"] and abs(now["dw"]) <= SMALL + _ROUNDING:
                solved.add("flip")
        elif id == "factor":
            if (least := smallest_factor(shown.unit)) is not None and least <= now["c"] <= SPARE * least:
                solved.add("factor")
        elif self.network.nudge is not None and not self.network.nudge.moved.any() and abs(now["by"]) >= 1:
            solved.add("silent")
        return solved

    def outcome(self) -> SceneOutcome:
        if self.needs_network:
            return self._network_outcome()
        flags, shown, x = self.units.flags, self.units, self.units.given
        places = {kind: numbers.number_text(at, 2) for kind, at in flags.items() if at is not None}
        said = say("said_" + "_".join(places), **places) if self._is_predicted and places else ""
        before, after, result = float(shown.unit.step(x)), float(shown.other.step(x)), shown.change
        now = float(shown.other.sigmoid(x))
        step = say("step_still" if before == after else "step_flipped", now=numbers.number_text(after, 0))
        moves = {"moved": result.sigmoid, "promised": result.promised}
        texts = {name: numbers.number_text(move, 3, sign=True) for name, move in moves.items()}
        sigmoid = say(f"came_{self._scene}", now=numbers.number_text(now, 3), **texts)
        points = self._score({"step": after, "sigmoid": now}) if said else None
        return SceneOutcome(said, f"{step} {sigmoid}", say(f"asks_{self._scene}"), points)

    def _score(self, came: Mapping[str, float]) -> Score | None:
        flags = {kind: at for kind, at in self.units.flags.items() if at is not None}
        scores = [score(at, came[kind], RIGHT, CLOSE) for kind, at in flags.items()]
        return max((each for each in scores if each), key=lambda each: each.off, default=None)

    def _network_outcome(self) -> SceneOutcome:
        network, nudge = self.network, self.network.nudge
        assert nudge is not None
        said, points, most, guess = "", None, int(np.abs(nudge.moved).argmax()), network.outputs.guess
        if self._is_predicted and guess is not None:
            said = say("said_output", name=network.name(guess))
            points = score_choice(guess, most, ordered=False)
        came, asks = say("came_nothing"), say("asks_network")
        if nudge.moved[most]:
            moves = float(nudge.moved[most]), float(nudge.promised[most])
            moved, promised = (numbers.number_text(move, 4, sign=True) for move in moves)
            came = say("came_network", name=network.name(most), moved=moved, promised=promised)
        before, after = nudge.verdicts
        if before != after:
            asks = f"{say('reads_now', new=network.name(after), old=network.name(before))} {asks}"
        return SceneOutcome(said, came, asks, points)

    def use(self, moment: Moment, digits: Digits) -> None:
        self.numbers.all["unit"].rescale(Scale(1, moment.network.sizes[1], step=1))
        self.numbers.all["number"].rescale(Scale(0, len(digits.test) - 1, step=1))
        self.network.by = self.numbers["by"]
        self.network.use(moment, digits)
        self._open_digit()
        if self._scene == "network":
            self._ask()
            self.renew()

    def _open_digit(self) -> None:
        self.network.open_digit()
        self.numbers.put(unit=self.network.unit + 1, number=self.network.number)
