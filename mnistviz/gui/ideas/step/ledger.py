"""Promise and delivery of a step side by side, for the ten digits and for the others."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from mnistviz.engine.ideas.along import DirectionStep
from mnistviz.gui.common import numbers
from mnistviz.gui.common.widgets import describe


class Ledger(QWidget):
    """A row for each η. It says nothing before it is told."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        describe(
            self,
            "step_ledger",
            self.tr("Promise and delivery"),
            self.tr(
                "What steps of some η promise for the ten digits, and what they do to them and to the others."
            ),
        )
        grid = QGridLayout(self)
        grid.setContentsMargins(4, 0, 4, 0)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(2)
        self.heads = [QLabel(text) for text in self._heads()]
        self._cells = [[QLabel() for _ in self.heads] for _ in range(rows)]
        for column, head in enumerate(self.heads):
            head.setProperty("role", "hint")
            for row, label in enumerate([head, *(line[column] for line in self._cells)]):
                label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                grid.addWidget(label, row, column)
            grid.setColumnStretch(column, 1)
        self.setMaximumWidth(640)

    def _heads(self) -> tuple[str, ...]:
        return (
            self.tr("η"),
            self.tr("promised"),
            self.tr("the ten got"),
            self.tr("kept"),
            self.tr("others got"),
        )

    def tell(self, steps: Sequence[DirectionStep], chosen: int) -> None:
        """A step a row; `chosen` is the number of the one that the hand has set. Rows that are left stay empty."""
        for cells in self._cells[len(steps) :]:
            for label in cells:
                label.setText("")
        told = numbers.changes([each for step in steps for each in (step.promised, step.few, step.others)])
        for number, (cells, step) in enumerate(zip(self._cells, steps, strict=False)):
            promised, few, others = told[3 * number : 3 * number + 3]
            texts = numbers.step_width(step.eta), promised, few, self.share(step), others
            for label, text in zip(cells, texts, strict=True):
                label.setText(text)
                font = label.font()
                font.setBold(number == chosen)
                label.setFont(font)

    def share(self, step: DirectionStep) -> str:
        """How much of a promise was kept; a dash where nothing to speak of was promised."""
        kept = step.kept
        if not abs(kept) < 100 or numbers.changes([step.promised]) == ["0"]:
            return "–"
        text = self.tr("{share} %").format(share=numbers.whole(round(100 * abs(kept))))
        return "−" + text if round(100 * kept) < 0 else text
