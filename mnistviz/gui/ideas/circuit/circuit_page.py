"""From gates to a circuit: perceptrons as NAND gates, wired until they add."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QPushButton

from mnistviz.engine.ideas.circuit import SOLUTIONS, TABLES, Source, Table, Target, all_rows
from mnistviz.gui.common import numbers
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import describe
from mnistviz.gui.ideas.circuit.board import Board
from mnistviz.gui.ideas.circuit.board_reading import reading
from mnistviz.gui.ideas.circuit.boards import WISHES, Laid, beginning, end_names, grown, solution, wish_name
from mnistviz.gui.ideas.circuit.gate_table import GateTable
from mnistviz.gui.ideas.page import Page, PageMakings
from mnistviz.gui.ideas.question_card import Question
from mnistviz.gui.ideas.tasks import Task

_GUESSES = {"xor": (3, 4, 5, 6, 8), "half_adder": (3, 4, 5, 6, 8), "full_adder": (6, 7, 8, 9, 12)}
_FEWEST_KNOWN = ("xor", "half_adder")
"""Of whose solutions a test shows that none is smaller."""


class CircuitPage(Page):
    """A board for each wish, kept while one is at another."""

    id = "circuit"

    def __init__(self, makings: PageMakings) -> None:
        super().__init__(makings, self._title(), self._text())
        self._wish = WISHES[0]
        self._boards: dict[str, Laid] = {}
        self._guesses: dict[str, str] = {}
        self._told: set[str] = set()
        self._shown = False  # whether what lies on the board was shown and not built
        self.board = Board(beginning(self._wish).circuit, {1: (0.5, 0.5)}, self.theme)
        self.table = GateTable(TABLES[self._wish], self.theme)
        self._line = QLabel()
        self._build_figure()
        self._build_tasks()
        self.set_main(
            self.tr("Next inputs"),
            self.tr("Switches the inputs to the next row of the table and runs the signals."),
        )
        self.board.changed.connect(self._follow)
        self.board.chosen_changed.connect(self._follow_chosen)
        self.board.refused.connect(self._refuse)
        self.table.row_wanted.connect(self._switch_to)
        self.question.again.connect(self._next_wish)
        self.reset()

    def _title(self) -> str:
        return self.tr("From gates to a circuit")

    def _text(self) -> str:
        return self.tr(
            "What one perceptron says can be an input of the next. With weights −2, −2 and bias 3 it is a NAND gate: "
            "it says 0 only if both its inputs are 1. Wired together, gates of this one kind compute."
        )

    def _build_figure(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(6)
        wished = QLabel(self.tr("Wished:"))
        wished.setProperty("role", "figureTitle")
        head.addWidget(wished)
        self._group = QButtonGroup(self)
        self._wish_buttons: dict[str, QPushButton] = {}
        for wish in WISHES:
            button = QPushButton(wish_name(wish))
            button.setCheckable(True)
            button.setProperty("role", "answer")
            describe(button, f"wish_{wish}", button.text(), self._wish_tip(wish))
            button.clicked.connect(lambda _=False, wish=wish: self.set_wish(wish))
            self._group.addButton(button)
            self._wish_buttons[wish] = button
            head.addWidget(button)
        head.addStretch(1)
        self.count = QLabel()
        self.count.setProperty("role", "quietText")
        head.addWidget(self.count)
        self.figure_column.addLayout(head)
        self._figure_row = QHBoxLayout()
        self._figure_row.setSpacing(12)
        self._figure_row.addWidget(self.board, 3)
        self.figure_column.addLayout(self._figure_row, 1)
        self._line.setProperty("role", "quietText")
        self._line.setWordWrap(True)
        self._line.setTextFormat(Qt.TextFormat.PlainText)
        self._line.setObjectName("circuit_line")
        self._line.setMinimumHeight(2 * self._line.fontMetrics().height() + 2)
        self._line.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        foot = QHBoxLayout()
        foot.setSpacing(10)
        foot.addWidget(self._line, 1)
        self.away_button = QPushButton(self.tr("Take away"))
        describe(
            self.away_button,
            "circuit_take_away",
            self.tr("Take away"),
            self.tr("Takes away the gate or wire that is chosen."),
            "Del",
        )
        self.away_button.clicked.connect(self.board.take_away)
        foot.addWidget(self.away_button)
        self.figure_column.addLayout(foot)
        self.add_value(self.table)
        self.add_button = QPushButton(self.tr("Add a gate"))
        describe(
            self.add_button,
            "circuit_add",
            self.tr("Add a gate"),
            self.tr("Puts one more gate on the board. (Ins)"),
        )
        self.add_button.clicked.connect(self.board.add_gate)
        self.add_tool(self.add_button)

    def _wish_tip(self, wish: str) -> str:
        return {
            "xor": self.tr("1 if exactly one of the inputs is 1."),
            "half_adder": self.tr("Adds two bits: x₁ + x₂, written as carry and sum."),
            "full_adder": self.tr("Adds three bits: x₁ + x₂ + x₃, written as carry and sum."),
        }[wish]

    def _build_tasks(self) -> None:
        self.add_task(
            Task(
                "xor",
                self.tr("Build XOR: 1 if exactly one input is 1."),
                self.tr("XOR is built: several perceptrons do what a single one can't."),
            )
        )
        self.add_task(
            Task(
                "half_adder",
                self.tr("Build the half adder: x₁ + x₂ in binary, as carry and sum."),
                self.tr("Your circuit adds two bits."),
            )
        )
        self.add_task(
            Task(
                "circle",
                self.tr("Try to wire gates in a circle."),
                self.tr(
                    "Refused: in a circle no gate could speak first. The networks of the lab have none either."
                ),
            )
        )
        self.add_task(
            Task(
                "full_adder",
                self.tr("Build the full adder: x₁ + x₂ + x₃. Two half adders help."),
                self.tr("One full adder for each binary place, and numbers of any length can be added."),
            )
        )

    # What is wished

    @property
    def wish(self) -> Table:
        return TABLES[self._wish]

    def set_wish(self, wish: str) -> None:
        """Puts the board of another wish on the table; what was built for the last one stays there."""
        self._keep()
        self._lay(wish)

    def _keep(self) -> None:
        if not self._shown:
            self._boards[self._wish] = Laid(self.board.circuit, dict(self.board.shares))

    def _lay(self, wish: str) -> None:
        self._wish, self._shown = wish, False
        laid = self._boards.get(wish)
        if laid is None:
            laid = beginning(wish)
            before = WISHES[WISHES.index(wish) - 1] if wish != WISHES[0] else ""
            built = self._boards.get(before)
            if built is not None and TABLES[before].is_met(built.circuit):
                laid = grown(built, wish)
        names = end_names(wish)
        self.table.put(
            self.wish,
            tuple(names[Source("input", number)] for number in range(self.wish.inputs)),
            tuple(names[Target("output", number)] for number in range(len(self.wish.outputs))),
        )
        self._wish_buttons[wish].setChecked(True)
        self._ask()
        self.board.put(laid.circuit, laid.shares, names)

    def _next_wish(self) -> None:
        at = WISHES.index(self._wish) + 1
        if at < len(WISHES):
            self.set_wish(WISHES[at])

    # The question

    def _ask(self) -> None:
        texts = {
            "xor": self.tr("One NAND is not XOR. How many NANDs, wired together, does XOR need?"),
            "half_adder": self.tr("How many NANDs does it take to add two bits, sum and carry together?"),
            "full_adder": self.tr("How many NANDs does it take to add three bits, sum and carry together?"),
        }
        guess = self._guesses.get(self._wish, "")
        how = (
            self.tr(
                "You said {count}. Now build it: what came of it is told when every row is as wished."
            ).format(count=guess)
            if guess
            else self.tr("Say what you think, then build it.")
        )
        answers = tuple((str(count), numbers.whole(count)) for count in _GUESSES[self._wish])
        self.question.ask(Question(self._wish, texts[self._wish], answers, how))
        if guess:
            self.question.predict(guess)

    def take_answer(self, answer: str) -> None:
        self._guesses[self._wish] = answer
        self._ask()
        self._follow()

    def _tell(self) -> None:
        guess, gates = self._guesses.get(self._wish, ""), len(self.board.circuit.gates)
        fewest = len(SOLUTIONS[self._wish].gates)
        said = self.tr("You said {count}.").format(count=numbers.whole(int(guess))) if guess else ""
        pattern = (
            self.tr("Shown with {count} gates.")
            if self._shown
            else self.tr("You built it with {count} gates.")
        )
        came = pattern.format(count=numbers.whole(gates))
        if gates <= fewest and self._wish in _FEWEST_KNOWN:
            came = self.tr("{built} No circuit of fewer NANDs does it.").format(built=came)
        asks = {
            "xor": self.tr("Which gate is heard by two others, and what does it tell them?"),
            "half_adder": self.tr("Where did the carry come from: how much of it was there before?"),
            "full_adder": self.tr("Where do you see a half adder in it, and where another?"),
        }[self._wish]
        if gates > fewest:
            asks = self.tr("It can be done with fewer. Is there a gate that could be heard twice?")
        self.question.tell(said, came, asks, more=self._wish != WISHES[-1])

    # What happens on the board

    def _follow(self) -> None:
        circuit = self.board.circuit
        if self._shown and circuit != SOLUTIONS[self._wish]:
            self._shown = False
        self.table.show_circuit(circuit, self._row())
        self.count.setText(self.tr("gates: {count}").format(count=numbers.whole(len(circuit.gates))))
        self._follow_chosen()
        if self.wish.is_met(circuit):
            if not self._shown:
                self.tasks.finish(self._wish)
            self._tell()

    def _row(self) -> int:
        return int("".join("1" if bit else "0" for bit in self.board.bits), 2)

    def _follow_chosen(self) -> None:
        self.away_button.setEnabled(self.board.can_take_away)
        text = reading(self.board)
        self._line.setText(
            text
            or self.tr(
                "Click an input to switch it. Drag the dot at a gate’s right to draw a wire, its middle to move it."
            )
        )
        self.board.setAccessibleDescription(text)

    def _refuse(self, why: str) -> None:
        self._line.setText(why)
        self.board.setAccessibleDescription(why)
        if self.board.refused_wire is not None:
            self.tasks.finish("circle")

    def _switch_to(self, row: int) -> None:
        rows = all_rows(self.wish.inputs)
        self.board.set_bits(tuple(bool(bit) for bit in rows[row % len(rows)]))

    # What every page has

    def press_main(self) -> None:
        self._switch_to(self._row() + 1)

    def show_me(self) -> None:
        self._keep()
        laid = solution(self._wish)
        self._shown = True
        self.board.put(laid.circuit, laid.shares, end_names(self._wish))

    def reset(self) -> None:
        self._boards.clear()
        self._guesses.clear()
        self._lay(WISHES[0])

    def enlarge(self, on: bool) -> None:
        super().enlarge(on)
        if on == (self._figure_row.indexOf(self.table) >= 0):
            return
        if on:
            self._figure_row.addWidget(self.table, 1, Qt.AlignmentFlag.AlignTop)
        else:
            self.values.addWidget(self.table)

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.board.set_theme(theme)
        self.table.set_theme(theme)
