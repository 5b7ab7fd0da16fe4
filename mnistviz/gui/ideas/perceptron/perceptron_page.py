"""The perceptron: weights, a bias, and what it decides."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from mnistviz.engine.ideas.perceptron import FAIR, GATES, inputs, output, outputs, through, turned
from mnistviz.gui.common import numbers
from mnistviz.gui.common.flow_layout import FlowLayout
from mnistviz.gui.common.scale import Scale
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import describe
from mnistviz.gui.ideas.page import Page, PageMakings
from mnistviz.gui.ideas.parts.value import Value
from mnistviz.gui.ideas.perceptron.corner_table import CornerTable
from mnistviz.gui.ideas.perceptron.plane import Plane
from mnistviz.gui.ideas.perceptron.sum_bars import SUBSCRIPTS, SumBars
from mnistviz.gui.ideas.question_card import Question
from mnistviz.gui.ideas.tasks import Task

START: Final = ((1.0, 1.0, 1.0), 0.5)
SHOWN: Final = {
    "and": ((2.0, 2.0, 1.0), -3.0),
    "or": ((2.0, 2.0, 1.0), -1.0),
    "nand": ((-2.0, -2.0, 1.0), 3.0),
    "xor": ((2.0, 2.0, 1.0), -1.0),
    "fair": ((2.0, 1.0, 1.0), -2.5),
}
"""What *Show me* sets: the weights of the three inputs, and the bias."""
TRIES: Final = 8
"""Settings to be tried with XOR before it is told why none will do."""
_SCALE: Final = Scale(-5, 5, step=0.5)


class PerceptronPage(Page):
    """Two inputs and four gates, or three inputs and a decision."""

    id = "perceptron"

    def __init__(self, makings: PageMakings) -> None:
        super().__init__(
            makings,
            self.tr("The perceptron"),
            self.tr(
                "It weighs what it is told, and fires if the sum is above its threshold. A weight says how much an "
                "input counts, and for what; the bias, how easily it fires at all. Here every input is 0 or 1."
            ),
        )
        self.gate, self.chosen = "nand", 3
        self.wished: tuple[int, ...] = GATES["nand"]
        self._tried: set[tuple[float, ...]] = set()
        self._best = 0
        self.plane, self.bars, self.table = Plane(self.theme), SumBars(self.theme), CornerTable()
        self.formula = QLabel()
        self.reading = QLabel()
        for label in (self.formula, self.reading):
            label.setProperty("role", "figureTitle")
        self.gates = self._gate_buttons()
        self._place()
        self.weights = [
            Value(
                f"perceptron_w{i + 1}",
                self.tr("weight w{i}").format(i=SUBSCRIPTS[i]),
                self.tr("How much this input counts; below 0 it speaks against firing."),
                _SCALE,
                START[0][i],
                bounds=(-100, 100),
            )
            for i in range(3)
        ]
        self.bias = Value(
            "perceptron_b",
            self.tr("bias b"),
            self.tr("How easily it fires: the larger, the easier."),
            _SCALE,
            START[1],
            bounds=(-100, 100),
        )
        for value in (*self.weights, self.bias):
            self.add_value(value)
            value.changed.connect(self._on_hand)
        self._add_tasks()
        self._connect()
        self.set_main(self.tr("Next input"), self.tr("Shows the sum of the next input."))
        self.reset()

    def _gate_buttons(self) -> dict[str, QPushButton]:
        names = {
            "and": self.tr("AND"),
            "or": self.tr("OR"),
            "nand": self.tr("NAND"),
            "xor": self.tr("XOR"),
            "own": self.tr("your own"),
            "fair": self.tr("a decision"),
        }
        group = QButtonGroup(self)
        buttons = {}
        for id, name in names.items():
            button = QPushButton(name)
            button.setCheckable(True)
            button.setProperty("role", "answer")
            describe(button, f"gate_{id}", name, self.tr("What the perceptron is wished to be."))
            button.clicked.connect(partial(self.choose_gate, id))
            group.addButton(button)
            buttons[id] = button
        return buttons

    def _place(self) -> None:
        above = QWidget()
        flow = FlowLayout(above, spacing=6)
        wished = QLabel(self.tr("Wished:"))
        flow.addWidget(wished)
        for button in self.gates.values():
            flow.addWidget(button)
        self.add_figure(above, 0)
        titles = QHBoxLayout()
        titles.setSpacing(14)
        titles.addWidget(self.formula, 3)
        titles.addWidget(self.reading, 2)
        self.figure_column.addLayout(titles)
        self._middle, self._right = QHBoxLayout(), QVBoxLayout()
        self._middle.setSpacing(14)
        self._middle.addWidget(self.plane, 3)
        self._right.addWidget(self.bars, 1)
        self._right.addWidget(self.table)
        self._middle.addLayout(self._right, 2)
        self.figure_column.addLayout(self._middle, 1)

    def _add_tasks(self) -> None:
        self.add_task(
            Task(
                "nand",
                self.tr("Find NAND: it fires unless both inputs are 1. Turn the line, or the numbers."),
                self.tr("NAND. Other weights do it as well: where may the line lie?"),
            )
        )
        self.add_task(
            Task(
                "xor",
                self.tr("Try to make XOR: it fires if just one of the inputs is 1."),
                self.tr(
                    "XOR can't be had.\n0 1 must fire: b + w₂ > 0\n1 0 must fire: b + w₁ > 0\n"
                    "together: 2b + w₁ + w₂ > 0\n0 0 must not: b ≤ 0\n1 1 must not: b + w₁ + w₂ ≤ 0\n"
                    "together: 2b + w₁ + w₂ ≤ 0\nBoth can't be."
                ),
            )
        )
        self.add_task(
            Task(
                "decision",
                self.tr(
                    "Decide whether to go to the fair (“a decision”): only in good weather (x₁), and only if a friend "
                    "comes along (x₂) or a bus goes (x₃)."
                ),
                self.tr(
                    "You weighed three wishes against each other: the first counts for more than either other."
                ),
            )
        )

    def _connect(self) -> None:
        self.plane.line_moved.connect(self._move_line)
        self.plane.line_turned.connect(self._turn_line)
        self.plane.corner_chosen.connect(self._choose_input)
        self.table.row_chosen.connect(self._choose_input)
        self.table.wish_turned.connect(self._turn_wish)
        self.question.again.connect(self._ask)

    # What it is now

    @property
    def count(self) -> int:
        """How many inputs it has."""
        return 3 if self.gate == "fair" else 2

    def numbers(self) -> tuple[tuple[float, ...], float]:
        """The weights and the bias."""
        return tuple(value.value() for value in self.weights[: self.count]), self.bias.value()

    def _show(self) -> None:
        weights, bias = self.numbers()
        self.weights[2].setVisible(self.count == 3)
        self._arrange()
        terms = [(weight, f"·x{SUBSCRIPTS[i]}") for i, weight in enumerate(weights)]
        self.formula.setText(self.tr("fires if {sum} > 0").format(sum=_sum([*terms, (bias, "")])))
        given = inputs(self.count)[self.chosen]
        fires = output(weights, bias, given)
        text = self.tr("input {bits}: fires, 1") if fires else self.tr("input {bits}: stays silent, 0")
        self.reading.setText(text.format(bits=" ".join(map(str, given))))
        if self.count == 2:
            self.plane.show_perceptron(weights, bias, self.wished, self.chosen)
        self.table.show_perceptron(weights, bias, self.wished, self.chosen)
        self.bars.show_sum(weights, bias, given)
        for id, button in self.gates.items():
            button.setChecked(id == self.gate)

    def _arrange(self) -> None:
        """Three inputs have no plane: the bars take its place, beside a table of eight rows."""
        apart = self.count == 3
        self.plane.setHidden(apart)
        if apart and self._right.indexOf(self.bars) >= 0:
            self._right.removeWidget(self.bars)
            self._middle.insertWidget(0, self.bars, 3)
        elif not apart and self._right.indexOf(self.bars) < 0:
            self._middle.removeWidget(self.bars)
            self._right.insertWidget(0, self.bars, 1)

    # The hand

    def choose_gate(self, id: str) -> None:
        """What is wished: a gate, a decision, or what was last wished, as a gate of one's own."""
        before = self.count
        self.gate = id
        if id == "fair":
            self.wished = FAIR
        elif id in GATES:
            self.wished = GATES[id]
        elif len(self.wished) != 4:
            self.wished = GATES["and"]
        if self.count != before:
            self.chosen = 2**self.count - 1
        if self.question.asked is None and id != "xor":
            self.question.put_away()  # what was told is of XOR
        self._show()

    def _turn_wish(self, number: int) -> None:
        if self.gate == "fair":
            return
        turned_over = [*self.wished]
        turned_over[number] = 1 - turned_over[number]
        self.wished = tuple(turned_over)
        self.gate = next((id for id, wished in GATES.items() if wished == self.wished), "own")
        self._show()

    def _choose_input(self, number: int) -> None:
        self.chosen = number
        self._show()

    def _move_line(self, x: float, y: float) -> None:
        weights, _ = self.numbers()
        self.bias.set_value(round(through(weights, x, y), 2))
        self._on_hand()

    def _turn_line(self, x: float, y: float) -> None:
        if x == y == 0:
            return
        weights, _ = self.numbers()
        through_x, through_y = self.plane.middle.x, self.plane.middle.y
        found = [round(weight, 2) for weight in turned(weights, (x, y))]
        if found == [0, 0]:
            return
        for value, weight in zip(self.weights, found, strict=False):
            value.set_value(weight)
        self.bias.set_value(round(through(found, through_x, through_y), 2))
        self._on_hand()

    def press_main(self) -> None:
        self.chosen = (self.chosen + 1) % 2**self.count
        self._show()

    def show_me(self) -> None:
        """Sets a solution of what is wished and ticks nothing; of XOR there is none, and that is told."""
        if self.gate == "own":
            return
        weights, bias = SHOWN[self.gate]
        for value, weight in zip(self.weights, weights, strict=True):
            value.set_value(weight)
        self.bias.set_value(bias)
        self._show()
        if self.gate == "xor":
            self._tell_xor()

    def reset(self) -> None:
        weights, bias = START
        for value, weight in zip(self.weights, weights, strict=True):
            value.set_value(weight)
        self.bias.set_value(bias)
        self.gate, self.wished, self.chosen = "nand", GATES["nand"], 3
        self._tried, self._best = set(), 0
        self._ask()
        self._show()

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.plane.set_theme(theme)
        self.bars.set_theme(theme)

    # What it finds out

    def _ask(self) -> None:
        self.question.ask(
            Question(
                "xor",
                self.tr("Before you try: can one perceptron be XOR?"),
                (("yes", self.tr("yes")), ("no", self.tr("no")), ("unsure", self.tr("not sure"))),
            )
        )
        self._tried, self._best = set(), 0

    def _on_hand(self) -> None:
        self._show()
        weights, bias = self.numbers()
        agreeing = sum(a == b for a, b in zip(outputs(weights, bias), self.wished, strict=True))
        if self.gate == "nand" and agreeing == 4:
            self.tasks.finish("nand")
        elif self.gate == "fair" and agreeing == 8:
            self.tasks.finish("decision")
        elif self.gate == "xor":
            self._tried.add((*weights, bias))
            self._best = max(self._best, agreeing)
            text = self.tr("Try to make XOR. Tried so far: {count} lines; at best {best} of 4 corners agree.")
            self.tasks.say("xor", text.format(count=numbers.whole(len(self._tried)), best=self._best))
            if len(self._tried) >= TRIES and not self.tasks.is_done("xor"):
                self.tasks.finish("xor")
                self._tell_xor()

    def _tell_xor(self) -> None:
        said = {
            "yes": self.tr("You said: yes."),
            "no": self.tr("You said: no."),
            "unsure": self.tr("You were not sure."),
        }.get(self.question.prediction, "")
        self.question.tell(
            said,
            self.tr("No line parts the corners 0 1 and 1 0 from the other two: three of four is the most."),
            self.tr("Look at where the two corners lie that must fire. What would a line have to do?"),
            more=True,
        )


def _sum(terms: Sequence[tuple[float, str]]) -> str:
    """Numbers times names, as one writes it: −2·x₁ − 2·x₂ + 3."""
    (first, name), *others = terms
    text = numbers.tick(first) + name
    for value, name in others:
        text += f" {'−' if value < 0 else '+'} {numbers.tick(abs(value))}{name}"
    return text
