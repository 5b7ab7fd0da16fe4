"""The table beside the board: what is wished, what comes out, and whether the two agree."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy

from mnistviz.engine.ideas.circuit import Circuit, Table, all_rows, outputs
from mnistviz.gui.common import numbers
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import tabular
from mnistviz.gui.ideas.circuit.circuit_words import say
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
