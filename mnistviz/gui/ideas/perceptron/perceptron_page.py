"""The perceptron: weights, a bias, and what it decides."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtWidgets import QLabel

from mnistviz.engine.ideas.perceptron import FAIR, GATES, agreeing, best_bias, output, through, turned
from mnistviz.engine.scores import score_choice
from mnistviz.gui.common import numbers
from mnistviz.gui.common.layouts import column_of, label, row_of
from mnistviz.gui.common.scales import Scale
from mnistviz.gui.common.timers import new_timer
from mnistviz.gui.ideas.cards import Question
from mnistviz.gui.ideas.page import MainButton, Page, PageContext, Scene, SceneOutcome
from mnistviz.gui.ideas.parts.page_parts import ChoiceRow, SteadyText
from mnistviz.gui.ideas.parts.value import Value
from mnistviz.gui.ideas.perceptron.perceptron_figures import Attempt, CornerTable, Plane, SumBars
from mnistviz.gui.ideas.perceptron.perceptron_words import SUBSCRIPTS, say

START: Final = ((1.0, 1.0, 1.0), 0.5)
SHOWN: Final = {
    "and": ((2.0, 2.0, 1.0), -3.0),
    "or": ((2.0, 2.0, 1.0), -1.0),
    "nand": ((-2.0, -2.0, 1.0), 3.0),
    "fair": ((2.0, 1.0, 1.0), -2.5),
}
"""Solutions for *Show me*: the weights of the inputs, and the bias."""
TRIES: Final = 8
"""Settings to be tried with XOR before the page explains why none works."""
_GATES: Final = ("and", "or", "nand", "xor", "own", "fair")
_SCALE: Final = Scale(-5, 5, step=0.5)
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
        self.plane = Plane(self.theme, self._move_line, self._turn_line, self._choose_input)
        self.bars, choose = SumBars(self.theme), self._choose_input
        self.table = CornerTable(self.theme, choose, self._turn_wish)
        self.score, self.reading = label("ideaTitle"), label("figureTitle")
        self.formula = SteadyText("figureTitle", room=[say("formula", sum="−2.55·x₁ − 2.55·x₂ − 2.55")])
        self._place()
        tip = say("weight_tip")
        kind: Any = {"bounds": (-100, 100), "changed": lambda _: self._on_numbers()}
        names = [say("weight", i=each) for each in SUBSCRIPTS]
        self.weights = [
            Value(f"perceptron_w{i + 1}", name, tip, _SCALE, START[0][i], **kind)
            for i, name in enumerate(names)
        ]
        self.bias = Value("perceptron_b", say("bias"), say("bias_tip"), _SCALE, START[1], **kind)
        for value in (*self.weights, self.bias):
            self.values.addWidget(value)
        self.add_tasks(*(say.task(id) for id in ("nand", "xor", "decision")))
        question = Question("xor", say("question"), say.answers("yes", "no", "unsure"))
        main = MainButton(say("next"), say("next_tip"))
        parts = (lambda: question, self._next_input, lambda: main, self._outcome)
        self.add_scenes(Scene("xor", *parts, tasks=("xor",), again=self._ask))
        self.open_scene("xor")
        self.reset()

    def _place(self) -> None:
        choices = {id: (say(id), say("gate_tip")) for id in _GATES}
        before = QLabel(say("wished_gate"))
        gates = ChoiceRow("gate", choices, self.choose_gate, role="answer", wraps=True, before=before)
        self.gates = gates.buttons
        self.add_figure(gates, 0)
        self.add_figure(self.score, 0)
        right = column_of(self.formula, self.reading, (self.bars, 1), self.table, spacing=4)
        self.figure_column.addLayout(row_of((self.plane, 3), (right, 2), spacing=14), 1)

    # State

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

    # Gestures

    def choose_gate(self, id: str) -> None:
        """Set the target: a gate, a decision, or the last target as the user's own gate."""
        before = self.count
        self.left()
        self.gate, self._best = id, 0
        if id == "fair":
            self.wished = FAIR
        elif id in GATES:
            self.wished = GATES[id]
        elif len(self.wished) != 4:
            self.wished = GATES["and"]
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

    def _next_input(self) -> None:
        self._choose_input((self.chosen + 1) % 2**self.count)

    def _move_line(self, x: float, y: float) -> None:
        weights, _ = self.numbers()
        self.bias.set_value(round(through(weights, x, y), 2))
        self._on_numbers()

    def _turn_line(self, x: float, y: float) -> None:
        if x == y == 0:
            return
        weights = [round(weight, 2) for weight in turned(self.numbers()[0], (x, y))]
        if weights != [0, 0]:
            middle = self.plane.middle
            self._set(weights, round(through(weights, middle.x, middle.y), 2))
            self._on_numbers()

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
        """Turn the line one step, at the bias where most corners agree."""
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
        self._ask()
        self.choose_gate("nand")
        self._choose_input(3)

    # Question and tasks

    def _ask(self) -> None:
        self._tried = set()
        self.cover()
        self.renew()

    def _outcome(self) -> SceneOutcome:
        answer = self.prediction
        score = score_choice(answer == "yes", 0, ordered=False) if answer in ("yes", "no") else None
        return SceneOutcome(say(f"said_{answer}") if answer else "", say("came"), say("asks"), score)

    def _on_numbers(self) -> None:
        self.left()
        self._show()
        weights, bias = self.numbers()
        right = agreeing(weights, bias, self.wished)
        if self.gate == "nand" and right == 4:
            self.tasks.finish("nand")
        elif self.gate == "fair" and right == 8:
            self.tasks.finish("decision")
        elif self.gate == "xor":
            self._tried.add((*weights, bias))
            if len(self._tried) >= TRIES and not self.told:
                self.tasks.finish("xor")
                self.tell()


def _sum(terms: Sequence[tuple[float, str]]) -> str:
    """Format a weighted sum: −2·x₁ − 2·x₂ + 3."""
    (first, name), *others = terms
    text = numbers.tick(first) + name
    for value, name in others:
        text += f" {'−' if value < 0 else '+'} {numbers.tick(abs(value))}{name}"
    return text
