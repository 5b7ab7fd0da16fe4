"""From gates to a circuit: perceptrons as NAND gates, wired until they add."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from mnistviz.engine.ideas import circuit as circuits
from mnistviz.engine.scores import score_choice
from mnistviz.gui.common import numbers
from mnistviz.gui.common.layouts import label, row_of
from mnistviz.gui.common.painted_figure import CENTRE, PaintedFigure, inked
from mnistviz.gui.common.theme import theme
from mnistviz.gui.ideas.circuit.board import Board
from mnistviz.gui.ideas.circuit.board_picture import BoardLayout, BoardPicture
from mnistviz.gui.ideas.circuit.circuit_words import end_names, say
from mnistviz.gui.ideas.page import Page, PageContext, Scene, SceneOutcome
from mnistviz.gui.ideas.parts.page_parts import ChoiceRow, MainButton, Question

_IN_LINE, _APART = 4, 8.0  # copies in a row, and pixels between them


class CircuitCopies(PaintedFigure):
    """A small live copy of the circuit for each row of inputs, with its targets; a click or key switches to it."""

    def __init__(self, switch_to: Callable[[int], object]) -> None:
        super().__init__()
        self._switch_to = switch_to
        self._table = circuits.TABLES[circuits.WISHES[0]]
        self._names: tuple[str, ...] = ()
        self._laid, self._row = circuits.Laid(self._table.empty(), {}), 0
        say.describe(self, "circuit_copies", "copies")
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def put(self, table: circuits.Table, names: tuple[str, ...]) -> None:
        self._table, self._names, self._laid = table, names, circuits.Laid(table.empty(), {})
        self.updateGeometry()  # more cases need more lines

    def show_circuit(self, laid: circuits.Laid, row: int) -> None:
        self._laid, self._row = laid, row
        right = int(self._table.agreement(laid.circuit).all(axis=1).sum())
        self.tell(say("rows_right", right=right, rows=len(self._table.wished)))

    def cell(self, row: int) -> QRectF:
        wide, high = (self.width() + _APART) / _IN_LINE, (self.height() + _APART) / self._lines
        return QRectF((row % _IN_LINE) * wide, (row // _IN_LINE) * high, wide - _APART, high - _APART)

    def paint(self, painter: QPainter) -> None:
        circuit = self._laid.circuit
        rows = circuits.all_rows(self._table.inputs)
        outputs, agree = circuits.signals(circuit, rows), self._table.agreement(circuit)
        line = QFontMetricsF(self.font()).height() + 4
        for number in range(len(rows)):
            cell, chosen = self.cell(number).adjusted(0.5, 0.5, -0.5, -0.5), number == self._row
            fill = theme().accent_soft if chosen else theme().card
            inked(painter, theme().accent if chosen else theme().border, 2 if chosen else 1, fill=fill)
            painter.drawRoundedRect(cell, 6, 6)
            size, shares = (cell.width() - 8, cell.height() - line - 4), self._laid.shares
            places = BoardLayout(*size, 0, 0, circuit, shares, (3.5, 8.0))
            bits = {source: bool(each[number]) for source, each in outputs.items()}
            painter.save()
            painter.translate(cell.topLeft() + QPointF(4, 4))
            BoardPicture(painter, places, bits, self.font(), small=True).paint()
            painter.restore()
            right = agree[number].tolist()
            texts = [
                say("agrees" if is_right else "differs", name=name, bit=bit)
                for is_right, name, bit in zip(right, self._names, self._table.wished[number], strict=True)
            ]
            widths = [self.fontMetrics().horizontalAdvance(text) for text in texts]
            room = QRectF(cell.left(), cell.bottom() - line, 0, line - 2)
            for text, is_right, wide in zip(texts, right, widths, strict=True):
                room.setLeft(room.right())
                room.setWidth(wide + (cell.width() - sum(widths)) / len(texts))
                self.write(painter, room, CENTRE, text, theme().right if is_right else theme().wrong)

    def press(self, at: QPointF) -> None:
        for row in range(len(self._table.wished)):
            if self.cell(row).contains(at):
                self._switch_to(row)

    def arrow(self, right: int, down: int) -> bool:
        if right:
            self._switch_to(self._row + right)
        return bool(right)

    def minimumSizeHint(self) -> QSize:
        return QSize(300, round(self._lines * (QFontMetricsF(self.font()).height() + 58)))

    @property
    def _lines(self) -> int:
        return -(-len(self._table.wished) // _IN_LINE)


_GUESSES = {"xor": (3, 4, 5, 6, 8), "half_adder": (3, 4, 5, 6, 8), "full_adder": (6, 7, 8, 9, 12)}
_FEWEST_KNOWN = ("xor", "half_adder")  # targets for which a test proves that no circuit is smaller
_AFTER: Final = {"xor": "half_adder", "half_adder": "full_adder", "full_adder": None}


class CircuitPage(Page):
    """A board for each target, stored while another one is open."""

    id = "circuit"

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, say("title"), say("text"))
        self._boards: dict[str, circuits.Laid] = {}
        self._step = -1  # step of the full adder that *Show me* has shown last
        self._line = label("quietText", name="circuit_line", wraps=True)
        self.steps = [label("", name=f"step_{number + 1}") for number in range(len(circuits.ADDER_STEPS))]
        follow = self._follow, self._follow_chosen, self._refuse
        self.board = Board(circuits.beginning(circuits.WISHES[0]), *follow)
        self.copies = CircuitCopies(self._switch_to)
        self._build_figure()
        self.tasks.add(*(say.task(id) for id in ("xor", "half_adder", "circle", "full_adder")))
        for wish, after in _AFTER.items():
            parts = (*self.steps,) if wish == "full_adder" else ()
            self.add_scenes(Scene(wish, parts, tasks=(wish,), again=True, after=after))
        self.reset()

    def _build_figure(self) -> None:
        wished, self.count = label("figureTitle", say("wished")), label("quietText")
        texts, switch = say.choices(*circuits.WISHES), self.open_scene
        self.choice = ChoiceRow("wish", texts, switch, role="answer", before=wished, after=self.count)
        self.add_figure(self.choice, 0)
        self.figure_column.addLayout(row_of(*self.steps, None, spacing=18))
        self.add_figure(self.board, 5)
        self._line.setMinimumHeight(2 * self._line.fontMetrics().height() + 2)
        self._line.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        self.away_button = say.button("circuit_take_away", "take_away", self.board.take_away, "Del")
        self.figure_column.addLayout(row_of((self._line, 1), self.away_button, spacing=10))
        self.add_figure(self.copies, 3)
        self.add_button = say.button("circuit_add", "add", self.board.add_gate)
        self.add_tool(self.add_button)

    @property
    def wish(self) -> circuits.Table:
        return circuits.TABLES[self._scene]

    def open_scene(self, id: str) -> None:
        """Open the board of another target; the circuit of the last one is stored."""
        self._store()
        self._lay(id)

    def _store(self) -> None:
        if self._scene and self._scene not in self.solved_by_show_me:
            self._boards[self._scene] = self.board.laid

    def _lay(self, wish: str) -> None:
        self._step = -1
        laid = self._boards.get(wish) or circuits.beginning(wish)
        before = next((each for each, after in _AFTER.items() if after == wish), "")
        built = self._boards.get(before)
        if wish not in self._boards and built is not None and circuits.TABLES[before].is_met(built.circuit):
            laid = circuits.grown(built, wish)
        names, table = end_names(wish), circuits.TABLES[wish]
        outputs = tuple(names[circuits.Target("output", number)] for number in range(len(table.outputs)))
        self.copies.put(table, outputs)
        self.outcomes.pop(wish, None)
        self.board.put(laid, names)
        super().open_scene(wish)
        self._follow()

    def name_main(self) -> MainButton:
        return say.main("next")

    def press_main(self) -> None:
        self._switch_to(self._row() + 1)

    def ask(self) -> Question:
        wish = self._scene
        answers = tuple((str(count), numbers.whole(count)) for count in _GUESSES[wish])
        return Question(wish, say(f"question_{wish}"), answers)

    def predict(self, answer: str) -> None:
        super().predict(answer)
        self._follow()

    def outcome(self) -> SceneOutcome:
        wish, gates = self._scene, len(self.board.circuit.gates)
        fewest = len(circuits.SOLUTIONS[wish].gates)
        said = say("said", count=int(self.prediction)) if self.prediction else ""
        came = say("shown" if wish in self.solved_by_show_me else "built", count=gates)
        if gates <= fewest and wish in _FEWEST_KNOWN:
            came = say("fewest", built=came)
        score, guesses = None, _GUESSES[wish]
        if said and gates <= fewest:  # earlier the verdict would reveal the smallest number
            score = score_choice(guesses.index(int(self.prediction)), guesses.index(fewest), ordered=True)
        return SceneOutcome(said, came, say("asks_fewer" if gates > fewest else f"asks_{wish}"), score)

    def _follow(self) -> None:
        circuit = self.board.circuit
        self.copies.show_circuit(self.board.laid, self._row())
        self.count.setText(say("gates", count=len(circuit.gates)))
        self._follow_chosen()
        done_steps = circuits.adder_steps(circuit) if circuit.inputs == 3 else ()
        for step, done in zip(self.steps, done_steps, strict=False):
            step.setText(say("done" if done else "to_do", step=say(step.objectName())))
        if self.solved():
            self.tell()
        else:
            self.tick()

    def solved(self) -> set[str]:
        return {self._scene} if self.wish.is_met(self.board.circuit) else set()

    def _row(self) -> int:
        return int("".join("1" if bit else "0" for bit in self.board.bits), 2)

    def _follow_chosen(self) -> None:
        self.away_button.setEnabled(self.board.can_take_away)
        self._say(self.board.reading())

    def _say(self, text: str) -> None:
        self._line.setText(text or say("hint"))
        self.board.setAccessibleDescription(text or say("hint"))

    def _refuse(self, why: str) -> None:
        self._say(why)
        if self.board.invalid_wire is not None:
            self.tasks.finish("circle")

    def _switch_to(self, row: int) -> None:
        rows = circuits.all_rows(self.wish.inputs)
        self.board.set_bits(tuple(bool(bit) for bit in rows[row % len(rows)]))

    def show_me(self) -> None:
        self._store()
        self._step = min(self._step + 1, len(circuits.ADDER_STEPS) - 1)
        self.solved_by_show_me.add(self._scene)
        self.board.put(circuits.solution(self._scene, self._step), end_names(self._scene))
        self._follow()

    def ask_again(self) -> None:
        self._boards.pop(self._scene, None)
        self.solved_by_show_me.discard(self._scene)
        self.cover()
        self._lay(self._scene)

    def reset(self) -> None:
        self._boards.clear()
        self.solved_by_show_me.clear()
        self.cover(*self.scenes)
        self._lay(circuits.WISHES[0])
