"""The table of runs: how accurate each is after as many digits, over its seeds, and the verdict beside the selected."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import Final, NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QIcon, QPainter, QPixmap, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLabel, QTableWidget, QTableWidgetItem, QWidget

from mnistviz.engine.evaluation import TRAINING_DIGITS
from mnistviz.engine.verdicts import Verdict
from mnistviz.gui.common import numbers
from mnistviz.gui.common import setting_names as names
from mnistviz.gui.common.bare_picture import laid_out
from mnistviz.gui.common.choices import AgainstPart
from mnistviz.gui.common.layouts import column_of, row_of, styled
from mnistviz.gui.common.painted_figure import CENTRE, LEFT, RIGHT, bold, inked
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.painter_tools import blank_pixmap
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.tooltips import tooltip
from mnistviz.gui.common.widgets import describe, least_tab, push_button, small_font
from mnistviz.gui.common.wrapped import ShortenedLabel
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.lab_changes import ChangeKind
from mnistviz.gui.lab.shown import RunFacts, Shown
from mnistviz.gui.runs.comparison import ComparedRun, Comparison, as_csv, as_markdown, compare
from mnistviz.gui.runs.lane import RunWords
from mnistviz.gui.runs.lane_menu import LuckMenu
from mnistviz.gui.runs.seed_ranges import SeedRange, seed_ranges, sentence_on, verdict_on, word_of

_ROW, _BADGE = 22, (20, 16)  # pixels: the height of a row, and a badge
_LEAST_BESIDE, _TO_FOOT = 3, 4  # pixels: beside a line of text, where little is seen; and below the table
_BARS, _BEYOND = 210, 27  # pixels: the least width of the accuracies, and of what a label takes beyond them
_USUAL, _SHARE = 1_130, 0.6  # pixels: the width of that; and their share of what is beyond it
_BAR, _DOT = 6, 4.5  # pixels: the height of a range, and the radius of a run
_AXES: Final = (0.9, 0.05), (0.8, 0.1), (0.6, 0.2), (0.4, 0.2), (0.0, 0.5)  # begins of an axis, and its steps
_NAME, _ACCURACY, _VERDICT = 0, 1, 6  # columns
_LEFT: Final = {_NAME, _ACCURACY, 3, _VERDICT}  # the other columns have numbers, with aligned decimals
_SPARE: Final = (3, 5, 4)  # columns that are left out where there is little room, the first one first
_LEAST_NAME: Final = 130  # pixels
_REPORT: Final = 1_120  # pixels, the width of a picture
_SHARP: Final = 2  # pixels of a picture per pixel of the screen
Places = tuple[float, ...]


class TableRow(NamedTuple):
    """A run: its names from long to short, the other texts of its cells, and its accuracies, 0 to 1."""

    number: int
    letter: str
    hue: int
    names: tuple[str, ...]
    texts: tuple[str, ...]
    tip: str
    accuracy: float | None
    seeds: Places
    outcome: str


class TableContent(NamedTuple):
    heads: tuple[str, ...]
    rows: tuple[TableRow, ...]
    ticks: Places
    sentence: tuple[str, str]  # long and short


def present(
    result: Comparison, ranges: Sequence[SeedRange], selected: RunFacts, words: RunWords, measured: int
) -> TableContent:
    """Return the table of compared runs, the best first; accuracies were measured on so many digits."""
    known = {row.run.number: each for row, each in zip(result.rows, ranges, strict=True)}
    own, runs = known[selected.number], [row.run for row in result.rows]
    others = (run for run in runs if run.number != selected.number and not run.repeats(selected))
    verdicts = {run.number: verdict_on(known[run.number], own, measured) for run in others}
    order = sorted(result.rows, key=lambda row: -1.0 if row.there is None else -row.there.accuracy)
    order.sort(key=lambda row: row.there is None)
    rows = tuple(_row(row, known[row.run.number], verdicts, selected, words, result) for row in order)
    shares = [share for row in rows for share in (row.accuracy, *row.seeds) if share is not None]
    begin, step = next(axis for axis in _AXES if axis[0] <= min(shares, default=0.0))
    ticks = tuple(begin + step * number for number in range(round((1 - begin) / step) + 1))
    by_letter = {run.letter: verdicts[run.number] for run in runs if run.number in verdicts}
    return TableContent(_heads(result, ranges, selected, measured), rows, ticks, sentence_on(by_letter, own))


def _heads(
    result: Comparison, ranges: Sequence[SeedRange], selected: RunFacts, measured: int
) -> tuple[str, ...]:
    if result.set_name == "validation":
        accuracy = tr("accuracy on {count} validation digits", count=measured)
    else:
        accuracy = tr("accuracy on {count} training digits", count=measured)
    after = ""
    if any(row.run.digits_seen != result.digits for row in result.rows):
        after = tr("after {digits}", digits=result.digits)
    known = [each for each in ranges if each.accuracies]
    counts, places = {len(each.accuracies) for each in known}, {each.digits for each in known}
    seeds = tr("over its seeds") if known else ""
    if len(counts) == 1:
        seeds = tr("over {count} other seeds", count=counts.pop())
    if len(places) == 1 and places != {result.digits}:
        seeds = tr("{seeds}, after {digits}", seeds=seeds, digits=places.pop())
    beside = tr("beside {run}", run=selected.letter)
    return tr("Run"), accuracy, after, seeds, tr("cost"), tr("epochs"), beside


def _row(
    row: ComparedRun,
    seeds: SeedRange,
    verdicts: Mapping[int, Verdict | None],
    selected: RunFacts,
    words: RunWords,
    result: Comparison,
) -> TableRow:
    run, there, spread = row.run, row.there, ""
    runs = [each.run for each in result.rows]
    value = tr("–")
    if there is not None:
        value = numbers.percent(there.accuracy)
        if there.digits != result.digits or there.part:
            value = tr("≈ {share}", share=value)
    if shares := seeds.accuracies:
        lowest, highest = (numbers.percent_number(end(shares)) for end in (min, max))
        spread = tr("{lowest} to {highest} %", lowest=lowest, highest=highest)
    word, outcome = "", ""
    if (verdict := verdicts.get(run.number)) is not None:
        word, outcome = word_of(verdict), verdict.outcome
    elif there is None:
        word = tr("has not learned yet")
        if run.diverged:
            word = tr("diverged")
        elif run in result.left_out:
            word = tr("too short to compare")
    elif run.number in verdicts:
        word = tr("may be luck: one run")
    elif run.number != selected.number:
        word = tr("the same run")
        if any(each.parent is not None and each.parent.kind == "twin" for each in (run, selected)):
            word = tr("nothing was changed")
    cost = tr("–") if row.cost is None else numbers.cost(row.cost)
    epochs = numbers.epochs(run.digits_seen / run.epoch if run.epoch else 0.0)
    texts = "", value, spread, cost, epochs, word
    accuracy = None if there is None else there.accuracy
    named, tip = words.names(run, runs), _tip(row, words.title(run, runs))
    return TableRow(run.number, run.letter, run.hue, named, texts, tip, accuracy, shares, outcome)


def _tip(row: ComparedRun, title: str) -> str:
    """Return what the row shows, and the settings that differ."""
    there, lines = row.there, [title]
    if there is not None and there.part:
        text = tr("Accuracy after {digits} digits, on only the first {count} of the set.")
        lines.append(text.format(digits=numbers.whole(there.digits), count=numbers.whole(there.part)))
    elif there is not None:
        lines.append(tr("Accuracy after {digits} digits.", digits=there.digits))
    for field, (first, last) in row.values.items():
        value = names.value(field, last)
        if first != last and field != "sizes":
            value = tr("{first} → {last}", first=names.value(field, first), last=value)
        lines.append(tr("{setting}: {value}", setting=names.label(field), value=value))
    return "\n".join(lines)


class Compare(QWidget):
    """A row for each open run; a click, or Enter, selects the run. Below them one sentence has the verdict."""

    def __init__(self, lab: Lab, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("compare")
        self._lab, self._words = lab, RunWords(self)
        self._content: TableContent | None = None
        self._order: list[int] = []  # the numbers of the runs; it changes while nothing learns
        self._selected = self._partner = 0  # the numbers of the selected run, and of the one selected before
        self._table, self._axis = self._made_table(), QLabel()
        self._sentence = styled(ShortenedLabel(), "", "compare_luck")
        luck = tr("Is it luck?")
        tip = tr("Trains the selected run again with other seeds, or with one tiny change.")
        self.luck_button = push_button("option", "compare_seeds", luck, tip)
        self.luck_button.setMenu(LuckMenu(lambda: lab.run, lab, self))
        tip = tr("Opens Mistakes for the selected run beside the one selected before.")
        pair = tr("Digit by digit")
        self.pair_button = push_button("option", "compare_pair", pair, tip, act=self.open_pair)
        parts = self._axis, 8, (self._sentence, 1), self.luck_button, self.pair_button
        self._foot = row_of(*parts, spacing=8, margins=(0, 0, 8, 0))
        column_of(self._table, self._foot, None, spacing=_TO_FOOT, inside=self)
        self.setFocusProxy(self._table)
        lab.listen(ChangeKind.RUNS, self._show)
        lab.listen(ChangeKind.SELECTED, self._follow_selected)
        self._follow_selected()

    def _made_table(self) -> QTableWidget:
        table = QTableWidget(0, _VERDICT + 1)
        describe(table, "compare_table", tr("Runs compared"), tr("Click a run to select it."))
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.setWordWrap(False)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.verticalHeader().setMinimumSectionSize(1)
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = table.horizontalHeader()
        header.setSectionsClickable(False)
        header.setHighlightSections(False)
        header.setMinimumSectionSize(1)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        for chosen in (table.cellClicked, table.cellActivated):
            chosen.connect(self._choose)
        return table

    def draw(self, shown: Shown) -> None:
        self._show()

    def adopt_theme(self) -> None:
        self._content = None
        self._show()

    def minimumSizeHint(self) -> QSize:
        return least_tab(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._content is not None:
            self._fill(self._content)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._foot.invalidate()  # the size of text may have changed while it was hidden
        self._show()

    @contextmanager
    def for_report(self) -> Iterator[QWidget]:
        """Yield a copy of this widget, high enough for all rows, to be painted elsewhere."""
        copy = Compare(self._lab, self.window())
        copy.hide()
        copy._show(even_hidden=True)
        copy._table.clearSelection()
        copy.luck_button.hide()
        copy.pair_button.hide()
        with laid_out(copy, QSize(_REPORT, copy._height(copy._table.rowCount()) + 2 * _ROW)):
            copy._fit()
            yield copy
        copy.setParent(None)
        copy.deleteLater()

    def as_text(self, *, markdown: bool, note: str) -> str:
        """Return the table as Markdown, or all that is known as CSV with `note` below it."""
        runs = self._lab.runs.open
        result, ranges = compare(runs, self._lab.digits), seed_ranges(runs)
        content = self._made_content()
        if not markdown or content is None:
            return as_csv(result, ranges, note)
        rows = [(f"{row.letter} {row.names[0]}", *row.texts[1:]) for row in content.rows]
        heads = (content.heads[0], content.heads[2] or content.heads[1], *content.heads[3:])
        return as_markdown([heads, *rows], content.sentence[0])

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
        if (now := 0 if self._lab.run is None else self._lab.run.number) != self._selected:
            self._partner, self._selected = self._selected, now
        self._show()

    def _made_content(self) -> TableContent | None:
        run, runs, digits = self._lab.run, self._lab.runs.open, self._lab.digits
        if run is None or len(runs) < 2 or digits is None:
            return None
        result = compare(runs, digits)
        is_validated = result.set_name == "validation"
        measured = len(digits.validation) if is_validated else min(TRAINING_DIGITS, len(digits.training))
        return present(result, seed_ranges(runs), run, self._words, measured)

    def _show(self, *, even_hidden: bool = False) -> None:
        if not (self.isVisible() or even_hidden) or (content := self._made_content()) is None:
            return
        numbers_now = [row.number for row in content.rows]
        if self._lab.shown.rests or {*numbers_now} != {*self._order}:
            self._order = numbers_now
        rows = sorted(content.rows, key=lambda row: self._order.index(row.number))
        if (content := content._replace(rows=tuple(rows))) != self._content:
            self._content = content
            self._fill(content)

    def _fill(self, content: TableContent) -> None:
        table = self._table
        line, selected = table.fontMetrics().height(), self._lab.run and self._lab.run.number
        bars, small = _BARS + round(_SHARE * max(0, self.width() - _USUAL)), small_font(self)
        written = theme().muted, small.family(), small.pixelSize()
        self._axis.setPixmap(_axis_picture(content.ticks, *written, bars, line))
        self._sentence.set_wordings(*content.sentence)
        high = max(_ROW, line + 5)
        table.setRowCount(len(content.rows))
        table.verticalHeader().setDefaultSectionSize(high)
        if self._fitting() < len(content.rows):
            high = line + _LEAST_BESIDE
            table.verticalHeader().setDefaultSectionSize(high)
            rows = self._fitting()
            high += max(0, self._room - self._height(rows)) // rows  # the rows that are seen fill the card
            table.verticalHeader().setDefaultSectionSize(high)
        table.setIconSize(QSize(bars + 2 * _BEYOND, high))
        font = QFont(table.font())
        for x, head in enumerate(content.heads):
            item = QTableWidgetItem(head)
            item.setTextAlignment(_alignment(x))
            table.setHorizontalHeaderItem(x, item)
        for y, row in enumerate(content.rows):
            hue, is_selected = theme().run_colour(row.hue), row.number == selected
            font.setBold(is_selected)
            pictures = {
                _NAME: _badge(row.letter, hue, theme().card, table.font().family(), high),
                _ACCURACY: _accuracies(row.accuracy, row.seeds, content.ticks, hue, theme().grid, bars, high),
            }
            for x, text in enumerate((row.names[0], *row.texts)):
                item = self._item(y, x)
                item.setText(text)
                item.setFont(font if x in (_NAME, 2) else table.font())
                item.setTextAlignment(_alignment(x))
                item.setToolTip(tooltip(row.tip))
                item.setData(Qt.ItemDataRole.AccessibleTextRole, text or row.texts[1])
                item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, row.tip)
                if x in pictures:
                    icon = QIcon(pictures[x])
                    icon.addPixmap(pictures[x], QIcon.Mode.Selected)
                    item.setIcon(icon)
                if x == _VERDICT:
                    tones = {"better": theme().right, "worse": theme().wrong}
                    item.setForeground(QColor(tones.get(row.outcome, theme().muted)))
            if is_selected and table.currentRow() != y:
                table.selectRow(y)
        self._fit()

    def _item(self, y: int, x: int) -> QTableWidgetItem:
        if (item := self._table.item(y, x)) is None:
            item = QTableWidgetItem()
            self._table.setItem(y, x, item)
        return item

    def _height(self, rows: int) -> int:
        table, row = self._table, self._table.verticalHeader().defaultSectionSize()
        return table.horizontalHeader().sizeHint().height() + rows * row + 2 * table.frameWidth()

    @property
    def _room(self) -> int:
        return self.height() - self._foot.sizeHint().height() - _TO_FOOT

    def _fitting(self) -> int:
        """Return how many whole rows there is room for."""
        return next((n for n in range(self._table.rowCount(), 1, -1) if self._height(n) <= self._room), 1)

    def _fit(self) -> None:
        """Show as many whole rows as there is room for, the axis below its column, and names that fit."""
        content, table = self._content, self._table
        if content is None:
            return
        rows = self._fitting()
        table.setFixedHeight(self._height(rows))
        for x in _SPARE:
            table.setColumnHidden(x, False)  # hidden sections have no size hint
        hint = table.horizontalHeader().sectionSizeHint
        wide = [max(hint(x), table.sizeHintForColumn(x)) for x in range(table.columnCount())]
        lacks = sum(wide[1:]) + _LEAST_NAME - self.width()
        for x in _SPARE:
            table.setColumnHidden(x, lacks > 0)
            lacks -= wide[x] if lacks > 0 else 0
        beside = [wide[x] for x in range(1, len(wide)) if not table.isColumnHidden(x)]
        if rows < len(content.rows):
            beside.append(table.verticalScrollBar().sizeHint().width())
        wide_name = self.width() - 2 * table.frameWidth() - sum(beside)
        margins = self._foot.contentsMargins()
        margins.setLeft(wide_name + 6)  # the table itself knows that only after the next event
        self._foot.setContentsMargins(margins)
        table.scrollTo(table.currentIndex())
        free = wide_name - _BADGE[0] - 24
        for y, row in enumerate(content.rows):
            advance = table.fontMetrics().horizontalAdvance
            name = next((name for name in row.names if advance(name) <= free), row.names[-1])
            self._item(y, _NAME).setText(name)

    def _choose(self, row: int, _column: int) -> None:
        if self._content is not None and row < len(self._content.rows):
            self._lab.runs.select(self._content.rows[row].number)


def _alignment(column: int) -> Qt.AlignmentFlag:
    return LEFT if column in _LEFT else RIGHT


def _place(share: float, ticks: Places, bars: int) -> float:
    return _BEYOND + (share - ticks[0]) / (ticks[-1] - ticks[0]) * bars


@contextmanager
def _painting(
    width: int, height: int, ink: str, pixels: int = 12, family: str = ""
) -> Iterator[tuple[QPixmap, QPainter]]:
    picture = blank_pixmap(QSize(width, height), _SHARP)
    painter, font = QPainter(picture), QFont(family)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    font.setPixelSize(pixels)
    painter.setFont(font)
    painter.setPen(QColor(ink))
    yield picture, painter
    painter.end()


@lru_cache(32)  # four for each of eight runs
def _accuracies(
    accuracy: float | None, seeds: Places, ticks: Places, hue: str, grid: str, bars: int, high: int
) -> QPixmap:
    """Return a dot for a run and a bar for the range of its seeds, on lines at the ticks."""
    with _painting(bars + 2 * _BEYOND, high, grid) as (picture, painter):
        for tick in ticks:
            across = round(_place(tick, ticks, bars)) + 0.5
            painter.drawLine(QPointF(across, 0), QPointF(across, high))
        inked(painter, fill=hue)
        if seeds:
            left, right = _place(min(seeds), ticks, bars), _place(max(seeds), ticks, bars)
            painter.setOpacity(0.35)
            bar = QRectF(left - _BAR / 2, (high - _BAR) / 2, right - left + _BAR, _BAR)
            painter.drawRoundedRect(bar, _BAR / 2, _BAR / 2)
            painter.setOpacity(1)
        if accuracy is not None:
            painter.drawEllipse(QPointF(_place(accuracy, ticks, bars), high / 2), _DOT, _DOT)
    return picture


@lru_cache(32)
def _axis_picture(ticks: Places, ink: str, family: str, pixels: int, bars: int, high: int) -> QPixmap:
    with _painting(bars + 2 * _BEYOND, high, ink, pixels, family) as (picture, painter):
        for tick in ticks:
            text = tr("{percent} %", percent=round(100 * tick))
            wide = painter.fontMetrics().horizontalAdvance(text) + 2.0
            left = min(max(0.0, _place(tick, ticks, bars) - wide / 2), bars + 2 * _BEYOND - wide)
            draw_text(painter, QRectF(left, 0, wide, high), CENTRE, text, whose="compare")
    return picture


@cache
def _badge(letter: str, hue: str, ink: str, family: str, high: int) -> QPixmap:
    """Return a run's letter on its colour, as in its lane."""
    place = QRectF(0, (high - _BADGE[1]) / 2, *_BADGE)
    with _painting(_BADGE[0], high, ink, family=family) as (picture, painter):
        inked(painter, fill=hue).drawRoundedRect(place, 3, 3)
        painter.setFont(bold(painter.font()))
        draw_text(painter, place, CENTRE, letter, ink=ink, whose="badge")
    return picture
