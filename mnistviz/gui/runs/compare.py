"""The tab *Compare*: a table of the runs with the settings that differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent, QIcon, QPixmap, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from mnistviz.engine.evaluation import TRAINING_DIGITS
from mnistviz.engine.history import Measured
from mnistviz.gui.common import numbers
from mnistviz.gui.common import setting_names as names
from mnistviz.gui.common.bare_picture import laid_out
from mnistviz.gui.common.choices import AgainstPart
from mnistviz.gui.common.layouts import column_of, empty_label, label, row_of, stack_of
from mnistviz.gui.common.theme import TEXT, Theme
from mnistviz.gui.common.timers import new_timer
from mnistviz.gui.common.tooltips import keys_text, set_tooltip, tooltip
from mnistviz.gui.common.widgets import describe, push_button, tabular
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.lab_changes import ChangeKind
from mnistviz.gui.lab.run_names import run_name, setting
from mnistviz.gui.lab.shown import RunFacts, Shown
from mnistviz.gui.runs.comparison import ComparedRun, Comparison, as_csv, as_markdown, compare
from mnistviz.gui.runs.lane import RunWords
from mnistviz.gui.runs.seed_ranges import SeedRange, range_text, seed_ranges, told
from mnistviz.gui.runs.sparklines import SPARKLINE, Sparklines, lane_badge

ROOM = 5  # pixels added to the text height of a row
LEAST_NAME, USUAL_NAME = 110, 190  # pixels: the least and the usual width of the column of names
MOST_PLACES = 3  # how many earlier measurements are listed
FORKS = 1  # `spare` of the column of forks, which the names repeat
_SPACING = 4  # pixels between the table and the text below it
_INDENT = 8  # pixels, of the text in a cell
REPORT = QSize(1400, 800)  # pixels, of the layout for a picture
PICTURE = Qt.ItemDataRole.UserRole


class TableCell(NamedTuple):
    text: str
    tip: str = ""
    picture: QPixmap | None = None


class TableColumn(NamedTuple):
    """A column: its head, a cell for each run, and the head's tooltip. A `spare` column is left out where space is
    short, the smallest number first; an `added` one makes the table scroll instead."""

    title: str
    cells: list[TableCell]
    tip: str = ""
    spare: int = 0
    added: bool = False


class Compare(QWidget):
    """A row for each open run; a click, or Enter, selects the run."""

    def __init__(self, theme: Theme, lab: Lab, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("compare")
        self._theme, self._lab = theme, lab
        self._words, self._sparklines = RunWords(self), Sparklines()
        self._runs: tuple[RunFacts, ...] = ()
        self._drawn: object = None
        self._filled: Sequence[TableColumn] = ()
        self._sentences: tuple[str, ...] = ()  # the sentences of the note
        self._names: dict[bool, list[tuple[str, ...]]] = {}
        """The names of each run from long to short, by whether they must contain the place of a fork."""
        text = self.tr(
            "With a second run, a comparison appears here: how well each run reads after the same number of "
            "digits, and which settings differ. New run ({keys}) begins one; Branch here continues from this one."
        ).format(keys=keys_text("Ctrl+N"))
        self._empty = empty_label("", text)
        self._luck = label("", name="compare_luck", wraps=True)
        self._note = label("smallPrint", name="compare_note", wraps=True)
        self._selected = 0
        self._partner = 0  # the number of the run selected before
        tip = self.tr("Opens Mistakes: which digits two runs read differently.")
        spoken = self.tr("Digit by digit")
        self._pair = push_button("option", "compare_pair", tip=tip, accessible=spoken, act=self.open_pair)
        self.tab_tools = QWidget(self)  # shown in the row of tabs
        row_of(None, self._pair, margins=(8, 0, 0, 0), inside=self.tab_tools)
        self._pair.hide()
        self._table = self._made_table()
        bar = self._table.verticalScrollBar()
        bar.rangeChanged.connect(
            lambda: QTimer.singleShot(0, self, self._fit)
        )  # once it has changed the viewport
        self._later = new_timer(self, self._show_selected)  # once the scroll bars are laid out
        full = QWidget()
        column_of((self._table, 1), self._luck, self._note, spacing=_SPACING, inside=full)
        self._stack = stack_of(self._empty, full)
        column_of(self._stack, inside=self)
        lab.listen(ChangeKind.RUNS, self._show)
        lab.listen(ChangeKind.SELECTED, self._follow_selected)
        self._follow_selected()

    def _made_table(self) -> QTableWidget:
        table = QTableWidget()
        tip = self.tr("Click a run to select it.")
        describe(table, "compare_table", self.tr("Runs compared"), tip)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setWordWrap(False)
        table.setTextElideMode(Qt.TextElideMode.ElideRight)  # of names
        table.setIconSize(QSize(*SPARKLINE))
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.verticalHeader().setMinimumSectionSize(1)
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = table.horizontalHeader()
        header.setSectionsClickable(False)
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setFont(tabular(header.font()))
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        for chosen in (table.cellClicked, table.cellActivated):
            chosen.connect(self._choose)
        return table

    # Drawing

    def draw(self, shown: Shown) -> None:
        self._show()

    def set_theme(self, theme: Theme) -> None:
        self._theme, self._drawn = theme, None
        self._show()

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 6 * self.fontMetrics().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._table.columnCount():
            self._fit()
            self._later.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._runs = ()  # their records have snapshots

    @contextmanager
    def for_report(self) -> Iterator[QWidget]:
        """Yield a copy of this widget, large enough for all columns and rows, to be painted elsewhere."""
        copy = Compare(self._theme, self._lab, self.window())
        copy.hide()
        copy.resize(1, 1)
        copy._show(even_hidden=True)
        copy._table.clearSelection()
        notes = copy._luck, copy._note
        for each in notes:
            each.setIndent(_INDENT)
        with laid_out(copy, REPORT):
            copy._fit()
            across, down = copy._table.horizontalHeader(), copy._table.verticalHeader()
            width = across.length() + 2 * copy._table.frameWidth()
            high = across.height() + down.length() + 2 * copy._table.frameWidth() + ROOM
        high += sum(each.heightForWidth(width) + ROOM for each in notes)
        with laid_out(copy, QSize(width, high + ROOM)):
            yield copy
        copy.setParent(None)
        copy.deleteLater()

    def as_text(self, *, markdown: bool, note: str) -> str:
        """Return the whole table, with hidden columns, as Markdown, or as CSV with `note` below it."""
        runs = self._lab.runs.open
        result, ranges = compare(runs, self._lab.digits), seed_ranges(runs)
        if not markdown:
            return as_csv(result, ranges, note)
        self._runs = runs
        columns = [each for each in self._columns(result, ranges) if each.cells[0].text]
        rows = zip(*(each.cells for each in columns), strict=True)
        letters = [run.letter for run in runs]
        table = [
            ["", *(each.title for each in columns)],
            *([letter, *(cell.text for cell in row)] for letter, row in zip(letters, rows, strict=True)),
        ]
        return as_markdown(table, " ".join((self._seed_text(ranges), *self._note_sentences(result))))

    # Pair of runs

    @property
    def partner(self) -> RunFacts | None:
        """The run compared with the selected one: the one selected before it, else its parent, else any other."""
        run, runs = self._lab.run, self._lab.runs.open
        others = [each for each in runs if run is not None and each.number != run.number]
        parent = 0 if run is None or run.parent is None else run.parent.number
        others.sort(key=lambda each: (each.number != self._partner, each.number != parent))
        return next(iter(others), None)

    def open_pair(self) -> None:
        if (partner := self.partner) is not None:
            chosen = self._lab.chosen
            chosen.choose("window", tab="mistakes")
            chosen.choose("mistakes", against=AgainstPart("run", partner.letter), group="")

    def _follow_selected(self) -> None:
        now = 0 if self._lab.run is None else self._lab.run.number
        if now != self._selected:
            self._partner, self._selected = self._selected, now

    def _show_pair(self) -> None:
        run, partner = self._lab.run, self.partner
        if run is None or partner is None:
            return
        names = {"a": partner.letter, "b": run.letter}
        self._pair.setText(self.tr("{a} and {b} digit by digit").format(**names))
        tip = self.tr("Opens Mistakes: which digits {a} and {b} read differently.").format(**names)
        describe(self._pair, "compare_pair", self._pair.text(), tip)

    # Content

    def _show(self, *, even_hidden: bool = False) -> None:
        if not (self.isVisible() or even_hidden):
            return
        self._runs = self._lab.runs.open
        self._stack.setCurrentIndex(int(len(self._runs) > 1))
        self._pair.setVisible(len(self._runs) > 1)
        if len(self._runs) < 2:
            return
        result, ranges = compare(self._runs, self._lab.digits), seed_ranges(self._runs)
        columns = self._columns(result, ranges)
        notes = self._seed_text(ranges), self._note_sentences(result)
        shown = columns, notes, self._lab.shown.number, self._theme
        if shown != self._drawn:
            self._drawn = shown
            self._luck.setText(notes[0])
            self._sentences = notes[1]
            self._show_pair()
            self._names = {
                with_place: [self._words.names(run, self._runs, with_place=with_place) for run in self._runs]
                for with_place in (True, False)
            }
            self._fill(columns)

    def _columns(self, result: Comparison, ranges: Sequence[SeedRange]) -> list[TableColumn]:
        rows, runs = result.rows, self._runs
        pictures = self._sparklines.pictures(result, self._theme)
        curve = self.tr("The accuracy along the run; the upright line shows where the runs are compared.")
        columns = [
            TableColumn(self.tr("Run"), [self._name(row, runs) for row in rows]),
            TableColumn(
                self.tr("At {digits} digits").format(digits=numbers.whole(result.digits)),
                [
                    self._accuracy(row.there, result, result.digits)
                    if row.digits or row.there
                    else TableCell(self.tr("–"), self.tr("It has not learned yet."))
                    for row in rows
                ],
                self.tr("Accuracy after the same number of digits in all runs."),
            ),
        ]
        if any(row.best_until_there for row in rows):
            tip = self.tr("The best accuracy on the whole set, there or at the end of an epoch before.")
            cells = [self._accuracy(row.best_until_there, result) for row in rows]
            columns.append(TableColumn(self.tr("Best by then"), cells, tip, spare=2))
        lines = [TableCell("", curve, picture) for picture in pictures]
        columns.append(TableColumn(self.tr("Accuracy"), lines, curve))
        if any(each.spread is not None for each in ranges):
            columns.insert(2, self._with_other_seeds(ranges, result.digits))
        columns += self._digit_by_digit(result)
        if len({row.digits for row in rows}) > 1:
            columns += self._own(result)
        if len({row.fork and (row.fork.number, row.fork.step) for row in rows}) > 1:
            columns.append(
                TableColumn(self.tr("Branched off"), [self._fork(row) for row in rows], spare=FORKS)
            )
        columns += [
            TableColumn(names.short(field), [self._value(field, row) for row in rows], names.label(field))
            for field in result.fields
        ]
        return columns

    def _with_other_seeds(self, ranges: Sequence[SeedRange], digits: int) -> TableColumn:
        """Return the column of the seed variation of each run; its head gives the place if that is not after
        `digits`."""
        cells = []
        for each in ranges:
            if each.spread is None:
                why = self.tr("Not known yet: select the run, then Is it luck? (menu Runs).")
                cells.append(TableCell(self.tr("–"), why))
                continue
            when = self.tr(
                "The run again with other seeds, read after {digits} digits: the median, the lowest and the highest."
            ).format(digits=numbers.whole(each.digits))
            cells.append(TableCell(range_text(each.spread), when))
        tip = self.tr(
            "Accuracy on validation digits of the same run with other seeds: the median, and how far chance spreads it."
        )
        places = {each.digits for each in ranges if each.spread is not None}
        title = self.tr("Median of other seeds")
        if len(places) == 1 and digits not in places:
            title = self.tr("Median of other seeds, at {digits}").format(digits=numbers.whole(places.pop()))
        return TableColumn(title, cells, tip, added=True)

    def _digit_by_digit(self, result: Comparison) -> list[TableColumn]:
        right, alone = [], []
        for row in result.rows:
            if row.test is None or row.alone is None:
                why = self.tr("The runs have not read all test digits after as many digits.")
                right.append(TableCell(self.tr("–"), why))
                alone.append(TableCell(self.tr("–"), why))
                continue
            when = self.tr("All test digits, read after {digits} digits.").format(
                digits=numbers.whole(row.test.digits)
            )
            about = self.tr("{text}") if row.test.digits == result.digits else self.tr("≈ {text}")
            right.append(TableCell(about.format(text=numbers.percent(row.test.accuracy)), when))
            alone.append(TableCell(about.format(text=numbers.whole(row.alone)), when))
        tip = self.tr("The share of all test digits that the run reads right.")
        tip_alone = self.tr(
            "How many test digits this run misreads and all others that have learned read right."
        )
        return [
            TableColumn(self.tr("Right on test"), right, tip, spare=2),
            TableColumn(self.tr("Misread by it alone"), alone, tip_alone, spare=2),
        ]

    def _own(self, result: Comparison) -> list[TableColumn]:
        rows = result.rows
        tip = self.tr("The run's own newest accuracy, after its own digits.")
        columns = [TableColumn(self.tr("Newest"), [self._accuracy(row.newest, result) for row in rows], tip)]
        if any(row.best for row in rows):
            tip = self.tr("The run's own best accuracy on the whole set, now or at the end of an epoch.")
            cells = [self._accuracy(row.best, result) for row in rows]
            columns.append(TableColumn(self.tr("Best"), cells, tip))
        tip, seen = self.tr("How many digits the run has seen."), [numbers.whole(row.digits) for row in rows]
        return [*columns, TableColumn(self.tr("Digits so far"), list(map(TableCell, seen)), tip, spare=3)]

    def _name(self, row: ComparedRun, runs: Sequence[RunFacts]) -> TableCell:
        run = row.run
        hue = self._theme.run_colour(run.hue)
        badge = lane_badge(run.letter, hue, self._theme.card, self._table)
        tip = self._words.title(run, runs)
        if row.fork is not None:
            tip = self.tr("{run}, branched off {fork}").format(run=tip, fork=self._fork(row).text)
        return TableCell(run_name(run, runs), tip, badge)

    def _fork(self, row: ComparedRun) -> TableCell:
        fork = row.fork
        if fork is None:
            return TableCell(self.tr("–"))
        trunk = self._lab.runs.find(fork.number)
        epoch = numbers.epochs(fork.digits / row.run.epoch if row.run.epoch else 0.0)
        text = self.tr("{run} at epoch {place}").format(
            run=(fork.letter if trunk is None else trunk.letter) or self.tr("a closed run"), place=epoch
        )
        tip = self.tr("After mini-batch {step} of that run.").format(step=numbers.whole(fork.step))
        return TableCell(text, tip)

    def _value(self, field: str, row: ComparedRun) -> TableCell:
        first, last = row.values[field]
        tip = names.label(field)
        if field == "sizes":
            return TableCell(setting(field, last), tip)
        if first == last:
            return TableCell(names.value(field, last), tip)
        text = self.tr("{first} → {last}").format(
            first=names.value(field, first), last=names.value(field, last)
        )
        return TableCell(text, self.tr("{setting}: at the start, and at this point").format(setting=tip))

    def _accuracy(self, measured: Measured | None, result: Comparison, at: int | None = None) -> TableCell:
        """Return the cell of an accuracy, marked with ≈ if it was not measured after exactly `at` digits."""
        if measured is None:
            return TableCell(self.tr("–"), self.tr("It had not been measured by then."))
        share, digits = numbers.percent(measured.accuracy), numbers.whole(measured.digits)
        text = share if at in (None, measured.digits) else self.tr("≈ {share}").format(share=share)
        if measured.part:
            count = numbers.whole(measured.part)
            when = self.tr("Measured after {digits} digits, on only the first {count} of the set.")
            return TableCell(
                self.tr("{share} of {count}").format(share=text, count=count),
                when.format(digits=digits, count=count),
            )
        size = numbers.whole(self._size(result.set_name))
        when = (
            self.tr("Measured after {digits} digits, on all {count} validation digits.")
            if result.set_name == "validation"
            else self.tr("Measured after {digits} digits, on {count} training digits.")
        )
        return TableCell(text, when.format(digits=digits, count=size))

    def _size(self, set_name: str) -> int:
        digits = self._lab.shown.digits
        if digits is None:
            return 0
        if set_name == "validation":
            return len(digits.validation)
        return min(TRAINING_DIGITS, len(digits.training))

    def _seed_text(self, ranges: Sequence[SeedRange]) -> str:
        run, partner = self._lab.run, self.partner
        selected, other = ("" if each is None else each.letter for each in (run, partner))
        return " ".join(told(ranges, selected, other, self._size("validation")))

    def _note_sentences(self, result: Comparison) -> tuple[str, ...]:
        """Return the sentences of the note, most important first: where the runs are compared, and what limits the
        comparison."""
        digits = numbers.whole(result.digits)
        if result.set_name == "validation":
            text = self.tr("Accuracy on validation digits, compared after {digits} digits.")
        else:
            text = self.tr("Accuracy on training digits, compared after {digits} digits.")
        order = ""
        if result.other_order:
            order = self.tr("The digits come in another order, since these settings differ: {settings}.")
            order = order.format(settings=self.tr(", ").join(map(names.label, result.other_order)))
        return tuple(filter(None, (text.format(digits=digits), order, *self._cautions(result))))

    def _cautions(self, result: Comparison) -> Iterator[str]:
        """Yield how accuracies in the table differ in what they measure."""
        if result.digits and not all(row.digits for row in result.rows):
            yield self.tr("Runs that have not learned yet are left out.")
        if result.left_out:
            letters = self.tr(", ").join(run.letter for run in result.left_out)
            yield self.tr("Left out, as too short: {runs}.").format(runs=letters)
        measurements = [row.there for row in result.rows]
        if len({row.digits for row in result.rows}) > 1:
            measurements += [row.newest for row in result.rows]
        parts = sorted({each.part for each in measurements if each is not None and each.part})
        if parts:
            count = self.tr(", ").join(map(numbers.whole, parts))
            yield self.tr("Of {count}: only the first digits of the set were read.").format(count=count)
        earlier = {row.there.digits for row in result.rows if row.there is not None}
        earlier |= {row.test.digits for row in result.rows if row.test is not None and row.alone is not None}
        if places := sorted(earlier - {result.digits}):
            *others, last = map(numbers.whole, places[-MOST_PLACES:])
            digits = last
            if others:
                digits = self.tr("{some} and {last}").format(some=self.tr(", ").join(others), last=last)
            yield self.tr("≈: read before that, after {digits} digits.").format(digits=digits)

    def _fill(self, columns: Sequence[TableColumn]) -> None:
        table, self._filled = self._table, columns
        table.setUpdatesEnabled(False)
        if (table.rowCount(), table.columnCount()) != (len(self._runs), len(columns)):
            table.clear()
            table.setRowCount(len(self._runs))
            table.setColumnCount(len(columns))
        for x, column in enumerate(columns):
            head = table.horizontalHeaderItem(x)
            if head is None or head.text() != column.title:
                head = QTableWidgetItem(column.title)
                table.setHorizontalHeaderItem(x, head)
            head.setToolTip(tooltip(column.tip or column.title))
            for y, cell in enumerate(column.cells):
                self._fill_cell(y, x, cell)
        for y, run in enumerate(self._runs):
            if run is self._lab.run and table.currentRow() != y:
                table.selectRow(y)
                self._later.start()
        table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + ROOM)
        self._fit()
        table.setUpdatesEnabled(True)

    def _fill_cell(self, y: int, x: int, cell: TableCell) -> None:
        item = self._table.item(y, x)
        if item is None:
            item = QTableWidgetItem()
            self._table.setItem(y, x, item)
        if item.text() != cell.text:
            item.setText(cell.text)
        picture = cell.picture or QPixmap()
        if item.data(PICTURE) != picture.cacheKey():
            item.setData(PICTURE, picture.cacheKey())
            icon = QIcon(picture)
            icon.addPixmap(picture, QIcon.Mode.Selected)
            item.setIcon(icon)
        item.setToolTip(tooltip(cell.tip or cell.text))
        item.setData(Qt.ItemDataRole.AccessibleTextRole, cell.tip or cell.text)

    def _fit(self) -> None:
        self._fit_columns()
        self._fit_note()

    def _fit_note(self) -> None:
        """Show as many sentences of the note as leave space for the rows; the tooltip has all of them."""
        table, sentences = self._table, self._sentences
        bar = table.horizontalScrollBar()
        rows = table.rowCount() * table.verticalHeader().defaultSectionSize()
        least = table.horizontalHeader().sizeHint().height() + rows + 2 * table.frameWidth()
        least += bar.sizeHint().height() if bar.maximum() else 0
        wide = self._stack.width()
        room = self._stack.height() - least - self._luck.heightForWidth(wide) - 2 * _SPACING
        for count in (len(sentences), 1, 0):
            self._note.setText(" ".join(sentences[:count]))
            if self._note.heightForWidth(wide) <= room:
                break
        self._note.setVisible(bool(self._note.text()))
        for each in (self._luck, self._note):
            set_tooltip(each, "" if self._note.text() == " ".join(sentences) else " ".join(sentences))

    def _fit_columns(self) -> None:
        """Give the names the width that the other columns leave, and hide spare columns while it is too little. Names
        need not contain the place of a fork while its column is shown."""
        table, header = self._table, self._table.horizontalHeader()
        self._fit_names(self._names.get(True, []), None)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        for x in range(1, table.columnCount()):
            table.setColumnHidden(x, False)  # hidden sections have no size hint
        widths = [
            max(header.sectionSizeHint(x), table.sizeHintForColumn(x)) for x in range(table.columnCount())
        ]
        scale, left_out = self.fontInfo().pixelSize() / TEXT, set[int]()
        least, usual = round(LEAST_NAME * scale), min(round(USUAL_NAME * scale), widths[0])
        spare = sorted((column.spare, x) for x, column in enumerate(self._filled) if column.spare)
        names = self._names.get(all(column.spare != FORKS for column in self._filled), [])
        room = table.viewport().width()
        added = sum(width for width, column in zip(widths, self._filled, strict=True) if column.added)
        for _, x in spare:
            needed = max(least, min(usual, widths[0] - self._spare_width(names)))
            if needed + sum(widths[1:]) - sum(widths[x] for x in left_out) <= room + added:
                break
            left_out.add(x)
            names = self._names[True]  # the column of forks is hidden first
        for x in range(1, table.columnCount()):
            table.setColumnHidden(x, x in left_out)
        others = sum(width for x, width in enumerate(widths) if x and x not in left_out)
        left = room - others
        table.setColumnWidth(0, min(left, widths[0]) if left >= least else usual)  # else the table scrolls
        self._fit_names(names, widths[0] - table.columnWidth(0))

    def _show_selected(self) -> None:
        """Fit the columns beside the scroll bar, and scroll to the selected run."""
        self._fit()
        self._table.scrollTo(self._table.currentIndex())

    def _spare_width(self, names: Sequence[tuple[str, ...]]) -> int:
        """Return how many pixels the longest short name is narrower than the longest full one."""
        advance = self._table.fontMetrics().horizontalAdvance
        return max((advance(each[0]) for each in names), default=0) - max(
            (advance(each[-1]) for each in names), default=0
        )

    def _fit_names(self, names: Sequence[tuple[str, ...]], fewer: int | None) -> None:
        """Show the longest name of each run that is `fewer` pixels narrower than the longest of all, or the longest if
        None."""
        advance = self._table.fontMetrics().horizontalAdvance
        wide = max((advance(each[0]) for each in names), default=0)
        for y, wordings in enumerate(names):
            item = self._table.item(y, 0)
            if item is None:
                continue
            fits = (name for name in wordings if fewer is None or advance(name) <= wide - fewer)
            text = next(fits, wordings[-1])
            if item.text() != text:
                item.setText(text)

    def _choose(self, row: int, _column: int) -> None:
        if row < len(self._runs):
            self._lab.runs.select(self._runs[row].number)
