"""From gates to a circuit: perceptrons as NAND gates, wired until they add."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy

from mnistviz.engine.ideas.circuit import SOLUTIONS, TABLES, Circuit, Source, Table, Target, all_rows, outputs
from mnistviz.engine.ideas.circuit_board import WISHES, Laid, beginning, grown, solution
from mnistviz.gui.common import numbers
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import tabular
from mnistviz.gui.ideas.cards import Question
from mnistviz.gui.ideas.circuit.board import Board
from mnistviz.gui.ideas.circuit.circuit_words import end_names, say
from mnistviz.gui.ideas.page import MainButton, Outcome, Page, PageContext, Scene
from mnistviz.gui.ideas.parts.choice_row import ChoiceRow
from mnistviz.gui.ideas.parts.painted_figure import CENTRE, PaintedFigure


class GateTable(PaintedFigure):
    """A row for all that the inputs can be; the one that they are is marked, and a click on another switches to it."""

    row_wanted = Signal(int)

    def __init__(self, table: Table, theme: Theme) -> None:
        super().__init__(theme, takes_focus=False)
        self._table = table
        self._circuit, self._row = table.empty(), 0
        self._inputs: tuple[str, ...] = ()
        self._outputs: tuple[str, ...] = ()
        say.describe(self, "circuit_table", "table")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def put(self, table: Table, inputs: tuple[str, ...], outputs: tuple[str, ...]) -> None:
        """Another wish, with what its columns are called."""
        self._table, self._inputs, self._outputs = table, inputs, outputs
        self._circuit = table.empty()
        self.updateGeometry()

    def show_circuit(self, circuit: Circuit, row: int) -> None:
        """What comes out of this circuit, and the row that its inputs are."""
        self._circuit, self._row = circuit, row
        right = int(self._table.agreement(circuit).all(axis=1).sum())
        rows = numbers.whole(len(self._table.wished))
        self.setAccessibleDescription(say("rows_right", right=numbers.whole(right), rows=rows))
        self.update()

    # How it looks

    @property
    def _line(self) -> float:
        return QFontMetricsF(self.font()).height() + 5

    def _columns(self) -> list[tuple[float, float]]:
        """Left edge and width of each column: the inputs, then for each output what is wished, what is said."""
        parts = [0.7] * len(self._inputs) + [1.2, 1.5] * len(self._outputs)
        unit, left, columns = (self.width() - 2) / sum(parts), 1.0, []
        for part in parts:
            columns.append((left, part * unit))
            left += part * unit
        return columns

    def paint(self, painter: QPainter) -> None:
        theme, line = self.theme, self._line
        self._paint_heads(painter)
        rows = all_rows(self._table.inputs)
        said, agree = outputs(self._circuit, rows), self._table.agreement(self._circuit)
        columns = self._columns()
        for number, row in enumerate(rows.tolist()):
            top = (number + 2) * line
            if number == self._row:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(theme.accent_soft))
                painter.drawRoundedRect(QRectF(0, top + 1, self.width(), line - 1), 5, 5)
            else:
                painter.setPen(QPen(QColor(theme.grid), 1))
                painter.drawLine(0, int(top), self.width(), int(top))
            cells = [(numbers.whole(bit), theme.text, False) for bit in row]
            for place, wished in enumerate(self._table.wished[number]):
                cells.append((numbers.whole(wished), theme.text, False))
                cells.append(self._said(bool(said[number, place]), bool(agree[number, place]), place))
            for (left, wide), (text, colour, bold) in zip(columns, cells, strict=True):
                self._cell(painter, QRectF(left, top, wide, line), text, colour, bold=bold)

    def _said(self, said: bool, agrees: bool, place: int) -> tuple[str, str, bool]:
        theme = self.theme
        if self._circuit.outputs[place] is None:
            return "–", theme.muted, False
        text = say("agrees" if agrees else "differs", bit=numbers.whole(said))
        return text, theme.right if agrees else theme.wrong, True

    def _paint_heads(self, painter: QPainter) -> None:
        theme, line, columns = self.theme, self._line, self._columns()
        for place, name in enumerate(self._inputs):
            left, wide = columns[place]
            self._cell(painter, QRectF(left, line, wide, line), name, theme.muted)
        heads = (say("wish"), say("yours"))
        first = len(self._inputs)
        metrics = QFontMetricsF(self.font())
        fit = all(
            metrics.horizontalAdvance(head) <= wide
            for head, (_, wide) in zip(heads * len(self._outputs), columns[first:], strict=True)
        )
        for place, name in enumerate(self._outputs):
            pair = columns[first + 2 * place : first + 2 * place + 2]
            room = QRectF(pair[0][0], 0, pair[0][1] + pair[1][1], line)
            self._cell(painter, room, name, theme.text, bold=True)
            for head, (left, wide) in zip(heads, pair, strict=True) if fit else ():
                self._cell(painter, QRectF(left, line, wide, line), head, theme.muted)
        if not fit:  # once for all outputs
            left = columns[first][0]
            text = say("heads", wish=heads[0], yours=heads[1])
            self._cell(painter, QRectF(left, line, self.width() - left, line), text, theme.muted)

    def _cell(self, painter: QPainter, room: QRectF, text: str, colour: str, *, bold: bool = False) -> None:
        font = QFont(tabular(self.font()))
        font.setBold(bold)
        painter.setFont(font)
        self.write(painter, room, CENTRE, text, colour)

    def press(self, at: QPointF) -> None:
        row = int(at.y() // self._line) - 2
        if 0 <= row < len(self._table.wished):
            self.row_wanted.emit(row)

    def sizeHint(self) -> QSize:
        return QSize(200, round(self._line * (len(self._table.wished) + 2)) + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())


_GUESSES = {"xor": (3, 4, 5, 6, 8), "half_adder": (3, 4, 5, 6, 8), "full_adder": (6, 7, 8, 9, 12)}
_FEWEST_KNOWN = ("xor", "half_adder")
"""Of whose solutions a test shows that none is smaller."""
_AFTER: Final = {"xor": "half_adder", "half_adder": "full_adder", "full_adder": None}


class CircuitPage(Page):
    """A board for each wish, kept while another one is open."""

    id = "circuit"

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, say("title"), say("text"))
        self._boards: dict[str, Laid] = {}
        self._shown = False  # whether what lies on the board was shown and not built
        self.board = Board(beginning(WISHES[0]).circuit, {1: (0.5, 0.5)}, self.theme)
        self.table = GateTable(TABLES[WISHES[0]], self.theme)
        self._line = QLabel()
        self._build_figure()
        self.add_tasks(*(say.task(id) for id in ("xor", "half_adder", "circle", "full_adder")))
        parts = (self._question, self._next_row, self._name_main, self._outcome)
        self.add_scenes(*(Scene(wish, *parts, after=after) for wish, after in _AFTER.items()))
        self.board.changed.connect(self._follow)
        self.board.chosen_changed.connect(self._follow_chosen)
        self.board.refused.connect(self._refuse)
        self.table.row_wanted.connect(self._switch_to)
        self.reset()

    def _build_figure(self) -> None:
        wished, self.count = QLabel(say("wished")), QLabel()
        wished.setProperty("role", "figureTitle")
        self.count.setProperty("role", "quietText")
        choices = say.choices(*WISHES)
        self.choice = ChoiceRow("wish", choices, role="answer", before=wished, after=self.count)
        self.choice.chosen.connect(self.set_wish)
        self.add_figure(self.choice, 0)
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
        self.away_button = say.button("circuit_take_away", "take_away", "Del")
        self.away_button.clicked.connect(self.board.take_away)
        foot.addWidget(self.away_button)
        self.figure_column.addLayout(foot)
        self.add_value(self.table)
        self.add_button = say.button("circuit_add", "add")
        self.add_button.clicked.connect(self.board.add_gate)
        self.add_tool(self.add_button)

    # What is wished

    @property
    def wish(self) -> Table:
        return TABLES[self._scene]

    def set_wish(self, wish: str) -> None:
        """Opens the board of another wish; what was built for the last one stays there."""
        self._keep()
        self._lay(wish)

    def _keep(self) -> None:
        if not self._shown:
            self._boards[self._scene] = Laid(self.board.circuit, dict(self.board.shares))

    def _lay(self, wish: str) -> None:
        self._shown = False
        laid = self._boards.get(wish)
        if laid is None:
            laid = beginning(wish)
            before = next((each for each, after in _AFTER.items() if after == wish), "")
            built = self._boards.get(before)
            if built is not None and TABLES[before].is_met(built.circuit):
                laid = grown(built, wish)
        names, table = end_names(wish), TABLES[wish]
        inputs = tuple(names[Source("input", number)] for number in range(table.inputs))
        outputs = tuple(names[Target("output", number)] for number in range(len(table.outputs)))
        self.table.put(table, inputs, outputs)
        self.outcomes.pop(wish, None)
        self.open_scene(wish)
        self.board.put(laid.circuit, laid.shares, names)

    def go_on(self) -> None:
        if self.scene.after is not None:
            self.set_wish(self.scene.after)

    # The question

    def _question(self) -> Question:
        wish = self._scene
        answers = tuple((str(count), numbers.whole(count)) for count in _GUESSES[wish])
        return Question(wish, say(f"question_{wish}"), answers)

    def predict(self, answer: str) -> None:
        super().predict(answer)
        self._follow()

    def _outcome(self) -> Outcome:
        wish, gates = self._scene, len(self.board.circuit.gates)
        fewest = len(SOLUTIONS[wish].gates)
        said = say("said", count=numbers.whole(int(self.prediction))) if self.prediction else ""
        came = say("shown" if self._shown else "built", count=numbers.whole(gates))
        if gates <= fewest and wish in _FEWEST_KNOWN:
            came = say("fewest", built=came)
        return said, came, say("asks_fewer" if gates > fewest else f"asks_{wish}")

    # What happens on the board

    def _follow(self) -> None:
        circuit = self.board.circuit
        if self._shown and circuit != SOLUTIONS[self._scene]:
            self._shown = False
        self.table.show_circuit(circuit, self._row())
        self.count.setText(say("gates", count=numbers.whole(len(circuit.gates))))
        self._follow_chosen()
        if self.wish.is_met(circuit):
            if not self._shown:
                self.tasks.finish(self._scene)
            self.tell()

    def _row(self) -> int:
        return int("".join("1" if bit else "0" for bit in self.board.bits), 2)

    def _follow_chosen(self) -> None:
        self.away_button.setEnabled(self.board.can_take_away)
        text = self.board.reading()
        self._line.setText(text or say("hint"))
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

    def _name_main(self) -> MainButton:
        return MainButton(say("next"), say("next_tip"))

    def _next_row(self) -> None:
        self._switch_to(self._row() + 1)

    def show_me(self) -> None:
        self._keep()
        laid = solution(self._scene)
        self._shown = True
        self.board.put(laid.circuit, laid.shares, end_names(self._scene))

    def reset(self) -> None:
        self._boards.clear()
        self.predictions.clear()
        self._lay(WISHES[0])

    def enlarge(self, on: bool) -> None:
        super().enlarge(on)
        if on == (self._figure_row.indexOf(self.table) >= 0):
            return
        if on:
            self._figure_row.addWidget(self.table, 1, Qt.AlignmentFlag.AlignTop)
        else:
            self.values.addWidget(self.table)
