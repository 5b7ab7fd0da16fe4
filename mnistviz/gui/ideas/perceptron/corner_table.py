"""What a perceptron answers to every input, beside what is wished for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QToolButton, QWidget

from mnistviz.engine.ideas.perceptron import inputs, outputs, weighted_sum
from mnistviz.gui.common import numbers
from mnistviz.gui.common.widgets import describe, refresh_style
from mnistviz.gui.ideas.perceptron.sum_bars import SUBSCRIPTS


class CornerTable(QWidget):
    """A row for each input. A click on one chooses it, one on what is wished turns that over."""

    row_chosen = Signal(int)
    wish_turned = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("truth_table")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(1)
        self._rows: list[tuple[QToolButton, QLabel, QLabel, QToolButton, QLabel]] = []
        self._count = 0
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def show_perceptron(
        self, weights: Sequence[float], bias: float, wished: Sequence[int], chosen: int
    ) -> None:
        if len(weights) != self._count:
            self._build(len(weights))
        found = outputs(weights, bias)
        for number, (given, row) in enumerate(zip(inputs(self._count), self._rows, strict=True)):
            which, total, answer, wish, mark = row
            which.setChecked(number == chosen)
            total.setText(numbers.number_text(weighted_sum(weights, bias, given), sign=True))
            answer.setText(str(found[number]))
            wish.setText(str(wished[number]))
            right = found[number] == wished[number]
            mark.setText("✓" if right else "✗")
            mark.setAccessibleName(self.tr("agrees") if right else self.tr("differs"))
            mark.setProperty("role", "rightMark" if right else "wrongMark")
            refresh_style(mark)

    def _build(self, count: int) -> None:
        self._count = count
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        names = " ".join(f"x{SUBSCRIPTS[i]}" for i in range(count))
        for column, text in enumerate((names, self.tr("sum"), self.tr("output"), self.tr("wished"), "")):
            head = QLabel(text)
            head.setProperty("role", "hint")
            self._grid.addWidget(head, 0, column, Qt.AlignmentFlag.AlignCenter)
        self._rows = [self._row(number, given) for number, given in enumerate(inputs(count))]

    def _row(
        self, number: int, given: tuple[int, ...]
    ) -> tuple[QToolButton, QLabel, QLabel, QToolButton, QLabel]:
        which, wish = QToolButton(), QToolButton()
        bits = "".join(map(str, given))
        which.setText(" ".join(bits))
        which.setCheckable(True)
        for button in (which, wish):
            button.setProperty("role", "option")
        text = self.tr("input {bits}").format(bits=" ".join(bits))
        describe(which, f"input_{bits}", text, self.tr("Shows the sum of this input."))
        tip = self.tr("Turns over what is wished for here: a gate of your own.")
        describe(wish, f"wish_{bits}", self.tr("wished for {input}").format(input=text), tip)
        which.clicked.connect(partial(self._choose, number))
        wish.clicked.connect(partial(self._turn, number))
        total, answer, mark = QLabel(), QLabel(), QLabel()
        answer.setProperty("role", "cardTitle")
        row = (which, total, answer, wish, mark)
        for column, widget in enumerate(row):
            self._grid.addWidget(widget, number + 1, column, Qt.AlignmentFlag.AlignCenter)
        return row

    def _choose(self, number: int) -> None:
        self.row_chosen.emit(number)

    def _turn(self, number: int) -> None:
        self.wish_turned.emit(number)
