"""The perceptron: weights, a bias, and what it decides."""

import math
from collections.abc import Sequence
from typing import Final

from PySide6.QtWidgets import QLabel

from mnistviz.engine.ideas.perceptron import FAIR, GATES, agreeing, best_bias, output, through, turned
from mnistviz.engine.scores import score_choice
from mnistviz.gui.common import numbers
from mnistviz.gui.common.layouts import column_of, label, row_of
from mnistviz.gui.common.scales import Scale
from mnistviz.gui.common.timers import new_timer
from mnistviz.gui.ideas.page import Page, PageContext, Scene, SceneOutcome
from mnistviz.gui.ideas.parts.page_parts import ChoiceRow, MainButton, Question, SteadyText, Value
from mnistviz.gui.ideas.perceptron.perceptron_figures import Attempt, CornerTable, Plane, SumBars
from mnistviz.gui.ideas.perceptron.perceptron_words import SUBSCRIPTS, say

START: Final = ((1.0, 1.0, 1.0), 0.5)
SHOWN: Final = {
    "and": ((2.0, 2.0, 1.0), -3.0), "or": ((2.0, 2.0, 1.0), -1.0),
    "nand": ((-2.0, -2.0, 1.0), 3.0), "fair": ((2.0, 1.0, 1.0), -2.5),
}  # fmt: skip
"""Solutions for *Show me*: the weights of the inputs, and the bias."""
TRIES: Final = 8  # settings tried with XOR before the page explains why none works
_TURN, _TURN_TIME = 5.0, 60  # degrees and milliseconds of a step of the sweep


class PerceptronPage(Page):
    """Two inputs and four gates, or three inputs and a decision."""

    id = "perceptron"

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, say("title"), say("text"))
        self.gate, self.chosen = "nand", 3
        self.wished: tuple[int, ...] = GATES["nand"]
        self._tried: set[tuple[float, ...]] = set()
        self._best = 0  # most corners that agreed with the target so far
        self._sweep = new_timer(self, self._turn_on, _TURN_TIME, repeated=True)
        self._sweep.setObjectName("turns")
        self._turned = 0.0  # degrees of the sweep so far
        self.plane = Plane(self._move_line, self._turn_line, self._choose_input)
        self.bars, choose = SumBars(), self._choose_input
        self.table = CornerTable(choose, self._turn_wish)
        self.score, self.reading = label("ideaTitle"), label("figureTitle")
        self.formula = SteadyText("figureTitle", room=[say("formula", sum="−2.55·x₁ − 2.55·x₂ − 2.55")])
        choices = {id: (say(id), say("gate_tip")) for id in ("and", "or", "nand", "xor", "own", "fair")}
        before = QLabel(say("wished_gate"))
        gates = ChoiceRow("gate", choices, self.choose_gate, role="answer", wraps=True, before=before)
        self.gates = gates.buttons
        self.add_figure(gates, 0)
        self.add_figure(self.score, 0)
        right = column_of(self.formula, self.reading, (self.bars, 1), self.table, spacing=4)
        self.figure_column.addLayout(row_of((self.plane, 3), (right, 2), spacing=14), 1)
        self.weights = [self._value(f"w{i + 1}", "weight", START[0][i], i=SUBSCRIPTS[i]) for i in range(3)]
        self.bias = self._value("b", "bias", START[1])
        self.tasks.add(*(say.task(id) for id in ("nand", "xor", "decision")))
        self.add_scenes(Scene("xor", tasks=("xor",), again=True))
        self.open_scene("xor")
        self.reset()

    def _value(self, name: str, id: str, value: float, **index: str) -> Value:
        title, tip, scale, bounds = say(id, **index), say(f"{id}_tip"), Scale(-5, 5, step=0.5), (-100, 100)
        made = Value(f"perceptron_{name}", title, tip, scale, value, bounds=bounds, changed=self._on_number)
        self.values.addWidget(made)
        return made

    @property
    def count(self) -> int:
        return 3 if self.gate == "fair" else 2

    def numbers(self) -> tuple[tuple[float, ...], float]:
        return tuple(value.value() for value in self.weights[: self.count]), self.bias.value()

    def _set(self, weights: Sequence[float], bias: float) -> None:
        for value, weight in zip(self.weights, weights, strict=False):
            value.set_value(weight)
        self.bias.set_value(bias)

    def _show(self) -> None:
        weights, bias = self.numbers()
        self.weights[2].setVisible(self.count == 3)
        self.plane.setVisible(self.count == 2)  # three inputs have no plane
        terms = [(weight, f"·x{SUBSCRIPTS[i]}") for i, weight in enumerate(weights)]
        self.formula.setText(say("formula", sum=_sum([*terms, (bias, "")])))
        attempt = Attempt(weights, bias, self.wished, self.chosen)
        answer = "fires" if output(weights, bias, attempt.given) else "silent"
        self.reading.setText(say(answer, bits=" ".join(map(str, attempt.given))))
        if self.count == 2:
            self.plane.show_attempt(attempt)
        self.table.show_attempt(attempt)
        self.bars.show_attempt(attempt)
        self.gates[self.gate].setChecked(True)
        right = agreeing(weights, bias, self.wished)
        self._best = max(self._best, right)
        self.score.setText(say("score", right=right, all=len(self.wished), best=self._best))

    def choose_gate(self, id: str) -> None:
        before = self.count
        self.left()
        self.gate, self._best = id, 0
        own = self.wished if len(self.wished) == 4 else GATES["and"]
        self.wished = FAIR if id == "fair" else GATES.get(id, own)
        if self.count != before:
            self.chosen = 2**self.count - 1
        self._show()

    def _turn_wish(self, number: int) -> None:
        if self.gate == "fair":
            return
        self.wished = tuple(1 - bit if place == number else bit for place, bit in enumerate(self.wished))
        self.gate, self._best = next((id for id, each in GATES.items() if each == self.wished), "own"), 0
        self._show()

    def _choose_input(self, number: int) -> None:
        self.chosen = number
        self._show()

    def press_main(self) -> None:
        self._choose_input((self.chosen + 1) % 2**self.count)

    def _move_line(self, x: float, y: float) -> None:
        weights, _ = self.numbers()
        self.bias.set_value(round(through(weights, x, y), 2))
        self._on_number()

    def _turn_line(self, x: float, y: float) -> None:
        if x == y == 0:
            return
        if (weights := [round(weight, 2) for weight in turned(self.numbers()[0], (x, y))]) != [0, 0]:
            middle = self.plane.middle
            self._set(weights, round(through(weights, middle.x, middle.y), 2))
            self._on_number()

    def show_me(self) -> None:
        """Set a solution of the target, without ticking anything. XOR has none: the line turns once round in vain."""
        if self.gate == "xor":
            self._turned = 0.0
            self._sweep.start()
            self.tell()
        elif self.gate != "own":
            self._set(*SHOWN[self.gate])
        self._show()

    def _turn_on(self) -> None:
        self._turned += _TURN
        angle = math.radians(self._turned + 45)
        weights = round(2 * math.cos(angle), 2), round(2 * math.sin(angle), 2)
        self._set(weights, round(best_bias(weights, self.wished), 2))
        self._show()
        if self._turned >= 360:
            self.left()

    def left(self) -> None:
        self._sweep.stop()

    def reset(self) -> None:
        self.left()
        self._set(*START)
        self.ask_again()
        self.choose_gate("nand")
        self._choose_input(3)

    def ask(self) -> Question:
        return Question("xor", say("question"), say.answers("yes", "no", "unsure"))

    def name_main(self) -> MainButton:
        return say.main("next")

    def ask_again(self) -> None:
        self._tried = set()
        self.cover()
        self.renew()

    def outcome(self) -> SceneOutcome:
        answer = self.prediction
        score = score_choice(answer == "yes", 0, ordered=False) if answer in ("yes", "no") else None
        return SceneOutcome(say(f"said_{answer}") if answer else "", say("came"), say("asks"), score)

    def _on_number(self, _: float = 0.0) -> None:
        self.left()
        self._show()
        weights, bias = self.numbers()
        right = agreeing(weights, bias, self.wished)
        task = {"nand": "nand", "fair": "decision"}.get(self.gate)
        if task is not None and right == len(self.wished):
            self.tasks.finish(task)
        elif self.gate == "xor":
            self._tried.add((*weights, bias))
            if len(self._tried) >= TRIES and not self.told:
                self.tasks.finish("xor")
                self.tell()


def _sum(terms: Sequence[tuple[float, str]]) -> str:
    (first, name), *others = terms
    text = numbers.tick(first) + name
    for value, name in others:
        text += f" {'−' if value < 0 else '+'} {numbers.tick(abs(value))}{name}"
    return text
