"""From step to sigmoid: the effect of a small change of a weight on a perceptron and on a sigmoid neuron."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

import numpy as np
from PySide6.QtWidgets import QGridLayout, QWidget

from mnistviz.engine.digits import Digits
from mnistviz.engine.ideas.sigmoid import APART, AWAY, WIDEST, OneInputUnit, smallest_factor
from mnistviz.engine.moment import Moment
from mnistviz.engine.scores import Score, score, score_choice
from mnistviz.gui.common import numbers
from mnistviz.gui.common.scales import Scale
from mnistviz.gui.ideas.cards import Question
from mnistviz.gui.ideas.page import MainButton, PageContext, Scene, SceneOutcome
from mnistviz.gui.ideas.parts.lab_page import LabPage
from mnistviz.gui.ideas.parts.page_parts import ChoiceRow
from mnistviz.gui.ideas.parts.value import Value
from mnistviz.gui.ideas.sigmoid.network_figure import NetworkFigure
from mnistviz.gui.ideas.sigmoid.sigmoid_words import say
from mnistviz.gui.ideas.sigmoid.unit_figure import UnitFigure
from mnistviz.gui.lab.shown import Shown

SMALL = 0.05
"""The largest Δw that solves the task of flipping the perceptron."""
RIGHT, CLOSE = 0.05, 0.15
"""Errors up to which a flag is right or close, for outputs from 0 to 1."""
SPARE = 1.15
"""How much larger than the smallest factor c may be that solves the task."""
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

    def __init__(self, changed: Callable[[str], object]) -> None:
        """Create the controls; `changed` is called with the name of a number that the user has changed."""
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(6)
        self.all: dict[str, Value] = {}
        for place, (name, (value, scale, bounds)) in enumerate(_VALUES.items()):
            whole = isinstance(value, int)
            number = say.value(
                f"sigmoid_{name}", name, scale, value, bounds=bounds, whole=whole,
                changed=lambda _, name=name: changed(name),
            )  # fmt: skip
            grid.addWidget(number, place // 2, place % 2)
            self.all[name] = number

    def fit_network(self, units: int, digits: int) -> None:
        """Adapt the ranges to the number of units with pictures and of test digits."""
        self.all["unit"].rescale(Scale(1, units, step=1))
        self.all["number"].rescale(Scale(0, digits - 1, step=1))

    def __getitem__(self, name: str) -> float:
        return self.all[name].value()

    def put(self, **values: float) -> None:
        """Show numbers without calling `changed`."""
        for name, value in values.items():
            self.all[name].set_value(value)

    def put_back(self) -> None:
        self.put(**{name: value for name, (value, _, _) in _VALUES.items()})


class SigmoidPage(LabPage):
    """Three scenes: a nudge of one unit, a factor, and a nudge of one weight of the lab's network."""

    id = "sigmoid"

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, say("title"), say("text"))
        self._is_predicted = False  # whether the outcome belongs to the prediction
        self.network = NetworkFigure(self.theme, self._update_outcome)
        self.choice = ChoiceRow("sigmoid_scene", say.choices(*_SEEN), self.open_scene, spacing=4)
        self.numbers = PageValues(self._changed)
        self.units = UnitFigure(self.theme, self.numbers.all["x"].take)
        self.around.insertWidget(0, self.choice)
        self.around.insertWidget(1, self.units, 1)
        self.values.addWidget(self.numbers)
        self.add_figure(self.network)
        self.add_tasks(
            say.task("nudge"),
            say.task("flip", small=numbers.exact(SMALL), none=0),
            say.task("factor", apart=numbers.exact(APART), away=numbers.exact(AWAY)),
            say.task("silent", by=1),
        )
        parts = (self._question, self._reveal, self._name_main, self._outcome)
        units, network = (self.units,), (self._stack, self.whose, self.newest_button)
        for id, figure, tasks, after in (
            ("nudge", units, ("nudge", "flip"), "factor"),
            ("factor", units, ("factor",), "network"),
            ("network", network, ("silent",), None),
        ):
            values = tuple(self.numbers.all[name] for name in _SEEN[id])
            scene = Scene(id, *parts, figure, values, tasks=tasks, solved=self._solved, opened=self._open)
            self.add_scenes(replace(scene, again=self._ask_again, after=after))
        self.main_button.keep_room(say("main_factor"), say("main_nudge"))
        self.open_scene("nudge")

    # Scenes

    def _open(self) -> None:
        """Show a scene with its question, whether or not it was answered before."""
        for button in (self.main_button, self.show_me_button):
            button.setEnabled(True)
        if self.needs_network:
            super().opened()
        self._ask()

    def _ask(self) -> None:
        """Hide the answer, and ask the question of the scene."""
        self.cover()
        if self._scene != "network":
            self.units.show_outcome(False)
            self._draw_units()
            return
        self.network.show_outcome(False)
        if self.taken is None:
            super().take_newest()  # shows why there is nothing to ask

    @property
    def needs_network(self) -> bool:
        return self._scene == "network"

    def _question(self) -> Question:
        how = say("how_network" if self.needs_network else "how_flags")
        return Question(self._scene, say(f"question_{self._scene}"), how=how)

    def _name_main(self) -> MainButton:
        if self.lacks_network:
            return MainButton("", "")
        id = "factor" if self._scene == "factor" else "nudge"
        return MainButton(say(f"main_{id}"), say(f"main_{id}_tip"), not self.told)

    # Gestures

    def _ask_again(self) -> None:
        self._ask()
        self.renew()

    def _reveal(self) -> None:
        if self.told or self.lacks_network:
            return
        if self._scene == "network":
            self.network.show_outcome(True)
        else:
            self.units.show_outcome(True)
        self._is_predicted = True
        self.tell()

    def show_me(self) -> None:
        """Show the outcome; after that, solve the task of the scene without ticking it."""
        if self.lacks_network:
            return
        if not self.told:
            self.solved_by_show_me |= self.scene.solved()
            self._reveal()
            return
        if self._scene == "nudge":
            self.numbers.put(w=1.0, b=-0.5, x=0.5, dw=0.04, db=0.0)
        elif self._scene == "factor":
            if smallest_factor(self._unit()) is None:
                self.numbers.put(w=1.0, b=-0.5)
            self.numbers.put(c=float(np.ceil(smallest_factor(self._unit()) or 1.0)))
        else:
            self.numbers.put(by=1.0)
            self.network.set_by(1.0)
            self.network.frame_empty()
        self._draw_units()
        self.solved_by_show_me |= self.scene.solved()
        self._update_outcome()

    def reset(self) -> None:
        self.solved_by_show_me.clear()
        self.numbers.put_back()
        self.network.by = self.numbers["by"]
        if self.taken is not None:
            self._open_digit()
        self.open_scene("nudge")

    def _changed(self, name: str) -> None:
        network = self.network
        if name == "by":
            network.set_by(self.numbers["by"])
        elif name in ("unit", "number"):
            network.unit, network.number = int(self.numbers["unit"]) - 1, int(self.numbers["number"])
            network.renew()
        else:
            self._draw_units()
        self._update_outcome()

    def _update_outcome(self) -> None:
        """Update the outcome for new numbers, without the prediction, which was made for others."""
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

    def _solved(self) -> set[str]:
        id, now, shown, solved = self._scene, self.numbers, self.units, set()
        if id == "nudge":
            if shown.is_predicted and (now["dw"] or now["db"]):
                solved.add("nudge")
            flipped = shown.unit.step(now["x"]) != shown.other.step(now["x"])
            if flipped and not now["db"] and abs(now["dw"]) <= SMALL + _ROUNDING:
                solved.add("flip")
        elif id == "factor":
            least = smallest_factor(shown.unit)
            if least is not None and least <= now["c"] <= SPARE * least:
                solved.add("factor")
        elif self.network.nudge is not None and not self.network.nudge.moved.any() and abs(now["by"]) >= 1:
            solved.add("silent")
        return solved

    # Outcomes

    def _outcome(self) -> SceneOutcome:
        if self.needs_network:
            guess = self.network.outputs.guess
            said = (
                say("said_output", name=self.network.name(guess))
                if self._is_predicted and guess is not None
                else ""
            )
            score = (
                None if not said or guess is None else score_choice(guess, self._most_moved(), ordered=False)
            )
            asks = f"{self._reads_now()} {say('asks_network')}".strip()
            return SceneOutcome(said, self._came_network(), asks, score)
        flags, shown = self.units.flags, self.units
        places = {kind: numbers.number_text(at, 2) for kind, at in flags.items() if at is not None}
        said = say("said_" + "_".join(places), **places) if self._is_predicted and places else ""
        before, after = float(shown.unit.step(shown.given)), float(shown.other.step(shown.given))
        step = say("step_still" if before == after else "step_flipped", now=numbers.number_text(after, 0))
        result = shown.change
        sigmoid = say(
            f"came_{self._scene}",
            now=numbers.number_text(float(shown.other.sigmoid(shown.given)), 3),
            moved=numbers.number_text(result.sigmoid, 3, sign=True),
            promised=numbers.number_text(result.promised, 3, sign=True),
        )
        score = (
            self._score({"step": after, "sigmoid": float(shown.other.sigmoid(shown.given))}) if said else None
        )
        return SceneOutcome(said, f"{step} {sigmoid}", say(f"asks_{self._scene}"), score)

    def _score(self, came: Mapping[str, float]) -> Score | None:
        """Return the score of the placed flags: that of the less accurate one."""
        flags = {kind: at for kind, at in self.units.flags.items() if at is not None}
        scores = [score(at, came[kind], RIGHT, CLOSE) for kind, at in flags.items()]
        return max((each for each in scores if each), key=lambda each: each.off, default=None)

    def _most_moved(self) -> int:
        assert self.network.nudge is not None
        return int(np.abs(self.network.nudge.moved).argmax())

    def _came_network(self) -> str:
        nudge = self.network.nudge
        assert nudge is not None
        most = self._most_moved()
        if not nudge.moved[most]:
            return say("came_nothing")
        moves = float(nudge.moved[most]), float(nudge.promised[most])
        moved, promised = (numbers.number_text(move, 4, sign=True) for move in moves)
        return say("came_network", name=self.network.name(most), moved=moved, promised=promised)

    def _reads_now(self) -> str:
        """Return a sentence if the network's prediction has changed."""
        assert self.network.nudge is not None
        before, after = self.network.nudge.verdicts
        names = {"new": self.network.name(after), "old": self.network.name(before)}
        return say("reads_now", **names) if before != after else ""

    # The lab's network

    def use(self, moment: Moment, digits: Digits) -> None:
        self.numbers.fit_network(moment.network.sizes[1], len(digits.test))
        self.network.by = self.numbers["by"]
        self.network.use(moment, digits)
        self._open_digit()
        if self._scene == "network":
            self._ask()
            self.renew()

    def _open_digit(self) -> None:
        self.network.open_digit()
        self.numbers.put(unit=self.network.unit + 1, number=self.network.number)

    def opened(self) -> None:
        if self._scene == "network":
            super().opened()

    def draw(self, shown: Shown) -> None:
        if self._scene == "network":
            super().draw(shown)
