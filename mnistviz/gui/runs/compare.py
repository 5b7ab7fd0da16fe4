"""Compare: the runs as a table, which shows only what differs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from mnistviz.engine.history import Measured
from mnistviz.gui.common import numbers
from mnistviz.gui.common import setting_names as names
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.tooltips import keys_text, tooltip
from mnistviz.gui.common.widgets import describe
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.shown import RunFacts, Shown
from mnistviz.gui.runs.comparison import ComparedRun, Comparison, compare
from mnistviz.gui.runs.run_words import RunWords

ROOM = 5  # pixels, of a row beside its text


class TableCell(NamedTuple):
    """What stands in a column for a run, and what it says at length."""

    text: str
    tip: str = ""


class Compare(QWidget):
    """A row for each open run; a click, or Enter, selects the run."""

    selected = Signal(int)  # the number of a run

    def __init__(self, theme: Theme, lab: Lab, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("compare")
        self._theme, self._lab = theme, lab
        self._words = RunWords(self)
        self._runs: tuple[RunFacts, ...] = ()
        self._told: object = None
        self._empty = QLabel(
            self.tr(
                "With a second run, what differs between the runs appears here: their settings, and how well each "
                "reads after as many digits. New run ({keys}) begins one; Branch here goes on from this one."
            ).format(keys=keys_text("Ctrl+N"))
        )
        self._empty.setProperty("role", "quietText")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._note = QLabel()
        self._note.setObjectName("compare_note")
        self._note.setProperty("role", "smallPrint")
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._note.setWordWrap(True)
        self._table = self._made_table()
        full = QWidget()
        column = QVBoxLayout(full)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._table, 1)
        column.addWidget(self._note)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(full)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self._stack)
        lab.runs_changed.connect(self._show)
        self.selected.connect(lab.select)

    def _made_table(self) -> QTableWidget:
        table = QTableWidget()
        tip = self.tr("A click on a run selects it.")
        describe(table, "compare_table", self.tr("Runs compared"), tip)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setWordWrap(False)
        table.setTextElideMode(Qt.TextElideMode.ElideNone)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.verticalHeader().setMinimumSectionSize(1)
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = table.horizontalHeader()
        header.setSectionsClickable(False)
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.cellClicked.connect(self._choose)
        table.cellActivated.connect(self._choose)
        return table

    # A view

    def draw(self, shown: Shown) -> None:
        self._show()

    def set_theme(self, theme: Theme) -> None:
        self._theme, self._told = theme, None
        self._show()

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 6 * self.fontMetrics().height())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show()

    # What it shows

    def _show(self) -> None:
        if not self.isVisible():
            return
        self._runs = self._lab.runs
        self._stack.setCurrentIndex(int(len(self._runs) > 1))
        if len(self._runs) < 2:
            return
        found = compare(self._runs)
        columns = self._columns(found)
        note = self._noted(found)
        told = columns, note, self._lab.shown.number, [run.hue for run in self._runs], self._theme
        if told != self._told:
            self._told = told
            self._note.setText(note)
            self._fill(columns)

    def _columns(self, found: Comparison) -> list[tuple[str, list[TableCell]]]:
        """The heads of the columns that differ, with a cell for each run."""
        rows, runs = found.rows, self._runs
        columns = [(self.tr("Run"), [TableCell(self._words.title(row.run, runs)) for row in rows])]
        if len({(row.fork and (row.fork.number, row.fork.step)) for row in rows}) > 1:
            columns.append((self.tr("Branched off"), [self._fork(row) for row in rows]))
        for field in found.fields:
            columns.append((names.short(field), [self._value(field, row) for row in rows]))
        if len({row.digits for row in rows}) > 1:
            columns.append((self.tr("Digits so far"), [TableCell(numbers.whole(row.digits)) for row in rows]))
        columns.append((self.tr("Newest"), [self._reading(row.newest, found) for row in rows]))
        columns.append((self.tr("Best"), [self._reading(row.best, found) for row in rows]))
        return columns

    def _fork(self, row: ComparedRun) -> TableCell:
        fork = row.fork
        if fork is None:
            return TableCell(self.tr("–"))
        trunk = self._lab.find(fork.number)
        epoch = numbers.epochs(fork.digits / row.run.epoch if row.run.epoch else 0.0)
        text = self.tr("{run} at epoch {place}").format(
            run=self.tr("a closed run") if trunk is None else trunk.letter, place=epoch
        )
        tip = self.tr("After mini-batch {step} of that run.").format(step=numbers.whole(fork.step))
        return TableCell(text, tip)

    def _value(self, field: str, row: ComparedRun) -> TableCell:
        first, last = row.values[field]
        tip = names.label(field)
        if first == last:
            return TableCell(names.value(field, last), tip)
        text = self.tr("{first} → {last}").format(
            first=names.value(field, first), last=names.value(field, last)
        )
        return TableCell(text, self.tr("{setting}: at first, and now").format(setting=tip))

    def _reading(self, reading: Measured | None, found: Comparison) -> TableCell:
        if reading is None:
            return TableCell(self.tr("–"), self.tr("The whole set was not read yet by then."))
        share = numbers.percent(reading.accuracy)
        text = self.tr("≈ {share}").format(share=share) if reading.count > 1 else share
        when = self.tr("Measured after {digits} digits.").format(digits=numbers.whole(reading.digits))
        if reading.part:
            text = self.tr("{share} of {count}").format(share=text, count=numbers.whole(reading.part))
            when = self.tr("Measured after {digits} digits, on the first {count} of the set.").format(
                digits=numbers.whole(reading.digits), count=numbers.whole(reading.part)
            )
        return TableCell(text, when)

    def _noted(self, found: Comparison) -> str:
        """After how many digits they are compared, and whether these were the same."""
        read = self.tr("validation") if found.set_name == "validation" else self.tr("training")
        digits = numbers.whole(found.digits)
        if len({row.digits for row in found.rows}) > 1:
            said = self.tr(
                "Newest and best of the {set} digits, where all have seen as many: after {digits} digits."
            ).format(set=read, digits=digits)
        else:
            said = self.tr("Newest and best of the {set} digits, after {digits} digits each.").format(
                set=read, digits=digits
            )
        if len({row.run.epoch for row in found.rows}) > 1 or found.other_order:
            order = self.tr("Seed or number of training digits differ: the digits come in another order.")
            said = self.tr("{one} {other}").format(one=said, other=order)
        return said

    def _fill(self, columns: Sequence[tuple[str, list[TableCell]]]) -> None:
        table = self._table
        table.setUpdatesEnabled(False)
        if (table.rowCount(), table.columnCount()) != (len(self._runs), len(columns)):
            table.clear()
            table.setRowCount(len(self._runs))
            table.setColumnCount(len(columns))
        for x, (title, cells) in enumerate(columns):
            head = table.horizontalHeaderItem(x)
            if head is None or head.text() != title:
                table.setHorizontalHeaderItem(x, QTableWidgetItem(title))
            for y, cell in enumerate(cells):
                item = table.item(y, x)
                if item is None:
                    item = QTableWidgetItem()
                    table.setItem(y, x, item)
                if item.text() != cell.text:
                    item.setText(cell.text)
                item.setToolTip(tooltip(cell.tip or cell.text))
        for y, run in enumerate(self._runs):
            name = table.item(y, 0)
            if name is not None:
                name.setForeground(QColor(self._theme.runs[run.hue % len(self._theme.runs)]))
            if run is self._lab.run and table.currentRow() != y:
                table.selectRow(y)
        table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + ROOM)
        table.setUpdatesEnabled(True)

    def _choose(self, row: int, _column: int) -> None:
        if row < len(self._runs):
            self.selected.emit(self._runs[row].number)
