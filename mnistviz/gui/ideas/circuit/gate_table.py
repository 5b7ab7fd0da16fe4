"""The table beside the board: what is wished, what comes out, and whether the two agree."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnistviz.engine.ideas.circuit import Circuit, Table, all_rows, outputs
from mnistviz.gui.common import numbers
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import describe, tabular

_CENTRE = Qt.AlignmentFlag.AlignCenter


class GateTable(QWidget):
    """A row for all that the inputs can be; the one that they are is marked, and a click on another switches to it."""

    row_wanted = Signal(int)

    def __init__(self, table: Table, theme: Theme) -> None:
        super().__init__()
        self._table, self._theme = table, theme
        self._circuit, self._row = table.empty(), 0
        self._inputs: tuple[str, ...] = ()
        self._outputs: tuple[str, ...] = ()
        describe(
            self,
            "circuit_table",
            self.tr("Table of the circuit"),
            self.tr("What is wished, and what your circuit says. Click a row to switch the inputs to it."),
        )
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
        self.setAccessibleDescription(
            self.tr("{right} of {rows} rows are as wished.").format(
                right=numbers.whole(right), rows=numbers.whole(len(self._table.wished))
            )
        )
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

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme, line = QPainter(self), self._theme, self._line
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
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
                cells.append(self._cell(bool(said[number, place]), bool(agree[number, place]), place))
            for (left, wide), (text, colour, bold) in zip(columns, cells, strict=True):
                self._write(painter, QRectF(left, top, wide, line), text, colour, bold=bold)

    def _cell(self, said: bool, agrees: bool, place: int) -> tuple[str, str, bool]:
        theme = self._theme
        if self._circuit.outputs[place] is None:
            return "–", theme.muted, False
        pattern = self.tr("{bit} ✓") if agrees else self.tr("{bit} ✗")
        return pattern.format(bit=numbers.whole(said)), theme.right if agrees else theme.wrong, True

    def _paint_heads(self, painter: QPainter) -> None:
        theme, line, columns = self._theme, self._line, self._columns()
        for place, name in enumerate(self._inputs):
            left, wide = columns[place]
            self._write(painter, QRectF(left, line, wide, line), name, theme.muted)
        heads = (self.tr("wish"), self.tr("yours"))
        first = len(self._inputs)
        metrics = QFontMetricsF(self.font())
        fit = all(
            metrics.horizontalAdvance(head) <= wide
            for head, (_, wide) in zip(heads * len(self._outputs), columns[first:], strict=True)
        )
        for place, name in enumerate(self._outputs):
            pair = columns[first + 2 * place : first + 2 * place + 2]
            room = QRectF(pair[0][0], 0, pair[0][1] + pair[1][1], line)
            self._write(painter, room, name, theme.text, bold=True)
            for head, (left, wide) in zip(heads, pair, strict=True) if fit else ():
                self._write(painter, QRectF(left, line, wide, line), head, theme.muted)
        if not fit:  # once for all outputs
            left = columns[first][0]
            text = self.tr("{wish} · {yours}").format(wish=heads[0], yours=heads[1])
            self._write(painter, QRectF(left, line, self.width() - left, line), text, theme.muted)

    def _write(self, painter: QPainter, room: QRectF, text: str, colour: str, *, bold: bool = False) -> None:
        font = QFont(tabular(self.font()))
        font.setBold(bold)
        painter.setFont(font)
        painter.setPen(QColor(colour))
        draw_text(painter, room, _CENTRE, text, elide=Qt.TextElideMode.ElideRight)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = int(event.position().y() // self._line) - 2
        if event.button() == Qt.MouseButton.LeftButton and 0 <= row < len(self._table.wished):
            self.row_wanted.emit(row)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(200, round(self._line * (len(self._table.wished) + 2)) + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())
