"""From step to sigmoid: what a small change of a weight does to a perceptron and to a sigmoid neuron."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtWidgets import QWidget

from mnistviz.engine.digits import Digits
from mnistviz.engine.ideas.sigmoid import Unit
from mnistviz.engine.moment import Moment
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.ideas.page import PageMakings
from mnistviz.gui.ideas.parts.by_hand import ByHand
from mnistviz.gui.ideas.parts.lab_page import LabPage
from mnistviz.gui.ideas.parts.scene_choice import SceneChoice
from mnistviz.gui.ideas.sigmoid.curve_panel import WIDEST
from mnistviz.gui.ideas.sigmoid.legend import Legend
from mnistviz.gui.ideas.sigmoid.network_scene import NetworkScene
from mnistviz.gui.ideas.sigmoid.sigmoid_words import SigmoidWords
from mnistviz.gui.ideas.sigmoid.unit_scene import UnitScene
from mnistviz.gui.ideas.sigmoid.values import APART, AWAY, SCENES, SMALL, SPARE, PageValues, Scene
from mnistviz.gui.lab.shown import Shown

_ROUNDING = 1e-9
_TASKS: Final[dict[Scene, tuple[str, ...]]] = {
    "nudge": ("nudge", "flip"),
    "factor": ("factor",),
    "network": ("silent",),
}


def smallest_factor(unit: Unit) -> float | None:
    """The smallest c that makes a unit's sigmoid a step; None where its threshold is not in the figure."""
    at = unit.threshold
    if at is None or abs(at) > WIDEST - AWAY:
        return None
    return float(np.log(1 / APART - 1)) / (AWAY * abs(unit.w))


class SigmoidPage(LabPage):
    """Three scenes: a nudge of one unit, a factor, and a nudge of one weight of the lab's network."""

    id = "sigmoid"

    def __init__(self, makings: PageMakings) -> None:
        self._scene: Scene = "nudge"
        self._by_hand = ByHand()
        self.unit_scene = UnitScene(makings.theme)
        self.network_scene = NetworkScene(makings.theme)
        super().__init__(makings, "", "")
        self.heading.setText(self.tr("From step to sigmoid"))
        self.words.setText(
            self.tr(
                "To learn, a network changes a weight a little and looks what its output does. Here are a perceptron, "
                "whose output is a step, and a sigmoid neuron, σ(z) = 1/(1 + e⁻ᶻ), with the same w and b. What does a "
                "small change do to each?"
            )
        )
        self.numbers = PageValues(self._changed)
        self.add_value(self.numbers)
        self.add_figure(self.network_scene)
        self.say = SigmoidWords(self.unit_scene, self.network_scene, self)
        for task in self.say.tasks():
            self.add_task(task)
        self.unit_scene.x_moved.connect(self.numbers.all["x"].take)
        self.network_scene.moved.connect(self._check)
        self.question.again.connect(self._go_on)
        self.choose_scene("nudge")

    def _put_gate(self) -> None:
        """The scenes of one unit need no network: they stand beside the gate, and the choice between all above it."""
        self.choice = SceneChoice(
            self.id,
            {
                "nudge": (
                    self.tr("A nudge"),
                    self.tr("Adds Δw and Δb to the weight and bias of both units."),
                ),
                "factor": (self.tr("A factor c"), self.tr("Multiplies the weight and bias of both units.")),
                "network": (self.tr("The lab's network"), self.tr("Nudges one weight of a copy of it.")),
            },
        )
        self.choice.chosen.connect(self.choose_scene)
        self.figure_column.addWidget(self.choice)
        self.figure_column.addWidget(self.unit_scene, 1)
        self.legend = Legend()
        self.figure_column.addWidget(self.legend)
        super()._put_gate()

    # Scenes

    @property
    def scene(self) -> Scene:
        return self._scene

    @property
    def told(self) -> bool:
        """Whether the answer of the scene is shown."""
        return self.network_scene.told if self._scene == "network" else self.unit_scene.told

    def choose_scene(self, scene: Scene) -> None:
        """Goes over to a scene, and asks its question."""
        self._scene = scene
        network = scene == "network"
        self.choice.show_scene(scene)
        self.numbers.show_scene(scene)
        units: tuple[QWidget, ...] = (self.unit_scene, self.legend)
        picture: tuple[QWidget, ...] = (self._stack,)
        for part in units if network else picture:
            part.hide()  # first what goes: both at once would make a small window higher
        for part in picture if network else units:
            part.show()
        self.whose.setVisible(network)
        self.newest_button.setVisible(network)
        for button in (self.main_button, self.show_me_button):
            button.setEnabled(True)
        if network:
            super().opened()
        self._ask()

    def _ask(self) -> None:
        """Covers the answer and asks the question of the scene."""
        if self._scene == "network":
            self.network_scene.cover()
            if self.taken is None:
                super().take_newest()  # its gate says why there is nothing to ask
                self.set_main("", "")
                return
        else:
            self.unit_scene.cover()
            self._draw_units()
        self.question.ask(self.say.question(self._scene))
        self._check()
        self._name_main()
        self._show_legend()

    def _name_main(self) -> None:
        if self.told:
            self.set_main(self.tr("Ask again"), self.tr("Covers the answer, and asks once more."))
        elif self._scene == "factor":
            self.set_main(
                self.tr("Multiply"), self.tr("Multiplies w and b by c, and shows what comes of it.")
            )
        else:
            self.set_main(self.tr("Nudge"), self.tr("Adds Δw, and shows what comes of it."))

    # What the hand does

    def press_main(self) -> None:
        if self.told:
            self._ask()
        elif self._scene != "network" or self.taken is not None:
            self._tell()
            self._check()

    def show_me(self) -> None:
        """First what the question asks; then what the task of the scene asks. It ticks nothing."""
        if self._scene == "network" and self.taken is None:
            return
        if not self.told:
            self._tell()
        elif self._scene == "nudge":
            self.numbers.put(w=1.0, b=-0.5, x=0.5, dw=0.04, db=0.0)
        elif self._scene == "factor":
            unit = Unit(self.numbers["w"], self.numbers["b"])
            if smallest_factor(unit) is None:
                self.numbers.put(w=1.0, b=-0.5)
            self.numbers.put(c=float(np.ceil(smallest_factor(self._unit()) or 1.0)))
        else:
            self.numbers.put(by=1.0)
            self.network_scene.set_by(1.0)
            self.network_scene.frame_silent()
        self._draw_units()
        self._by_hand.show(self._solved())

    def reset(self) -> None:
        self._by_hand.forget()
        self.numbers.put_back()
        self.network_scene.by = self.numbers["by"]
        if self.taken is not None:
            self._open_digit()
        self.choose_scene("nudge")

    def _go_on(self) -> None:
        """To the next scene."""
        self.choose_scene(SCENES[SCENES.index(self._scene) + 1])

    def _changed(self, name: str) -> None:
        scene = self.network_scene
        if name == "by":
            scene.set_by(self.numbers["by"])
        elif name in ("unit", "number"):
            scene.unit, scene.number = int(self.numbers["unit"]) - 1, int(self.numbers["number"])
            scene.renew()
        else:
            self._draw_units()
        self._check()

    def _tell(self) -> None:
        if self._scene == "network":
            self.network_scene.tell()
        else:
            self.unit_scene.tell()
        self.question.tell(*self.say.outcome(self._scene), more=self._scene != SCENES[-1])
        self._name_main()
        self._show_legend()

    def _unit(self) -> Unit:
        return Unit(self.numbers["w"], self.numbers["b"])

    def _draw_units(self) -> None:
        unit = self._unit()
        if self._scene == "factor":
            self.unit_scene.put(unit, unit.scaled(self.numbers["c"]), self.numbers["x"], "factor")
        else:
            other = unit.nudged(self.numbers["dw"], self.numbers["db"])
            self.unit_scene.put(unit, other, self.numbers["x"], "nudge")

    def _check(self) -> None:
        """Ticks what the hand has done, once it is shown."""
        by_hand = self._by_hand.done(_TASKS[self._scene], self._solved())
        if self.told:
            for task in _TASKS[self._scene]:
                if task in by_hand:
                    self.tasks.finish(task)

    def _solved(self) -> set[str]:
        """Which tasks of the scene are solved by what stands there."""
        now, shown, solved = self.numbers, self.unit_scene, set()
        if self._scene == "nudge":
            if shown.is_predicted and (now["dw"] or now["db"]):
                solved.add("nudge")
            flipped = shown.unit.step(now["x"]) != shown.other.step(now["x"])
            if flipped and not now["db"] and abs(now["dw"]) <= SMALL + _ROUNDING:
                solved.add("flip")
        elif self._scene == "factor":
            least = smallest_factor(shown.unit)
            if least is not None and least <= now["c"] <= SPARE * least:
                solved.add("factor")
        elif self.network_scene.nudge is not None:
            moved = bool(self.network_scene.nudge.moved.any())
            if not moved and abs(now["by"]) >= 1:
                solved.add("silent")
        return solved

    # The lab's network

    def use(self, moment: Moment, digits: Digits) -> None:
        self.numbers.fit_network(moment.network.sizes[1], len(digits.test))
        self.network_scene.by = self.numbers["by"]
        self.network_scene.use(moment, digits)
        self._open_digit()
        if self._scene == "network":
            self.network_scene.cover()
            self.question.ask(self.say.question("network"))
            self._name_main()

    def _open_digit(self) -> None:
        scene = self.network_scene
        scene.open_digit()
        self.numbers.put(unit=scene.unit + 1, number=scene.number)

    def opened(self) -> None:
        if self._scene == "network":
            super().opened()

    def draw(self, shown: Shown) -> None:
        if self._scene == "network":
            super().draw(shown)

    # Looks

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.unit_scene.set_theme(theme)
        self.network_scene.set_theme(theme)
        self._show_legend()

    def _show_legend(self) -> None:
        runs, nudged = self.theme.runs, self._scene != "factor"
        other = self.tr("nudged") if nudged else self.tr("times c")
        parts = [(runs[0], "━", self.tr("as it is")), (runs[1], "╍", other)]
        if nudged and self.told:
            parts.append((self.theme.text, "◇", self.tr("promised: ∂a/∂w · Δw + ∂a/∂b · Δb")))
        self.legend.show_entries(parts)
