"""The confusion matrix: a row for each true class, a column for each predicted class."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

from mnistviz.engine.settings import MOST_CLASSES
from mnistviz.gui.common.painted_figure import CENTRE, LEFT, PaintedFigure, draw_upright, inked, sized
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import letters_on, theme, toned
from mnistviz.gui.common.widgets import SMALLEST, demi_bold, least_row, small_font
from mnistviz.gui.mistakes.read_digits import ALL_MISREAD, MatrixChoice

TONES: Final = (0.12, 0.19, 0.26, 0.33, 0.4, 0.46, 0.78, 1.0)
"""The strength of the colour of each tone. Values in the gap would make the text of a cell illegible."""
_GAP: Final = 1  # pixels around a cell
RIM: Final = 3  # pixels for the focus frame
_HEADED: Final = 2  # lines: the least height of rotated column names that are as long
_HEAD: Final = 0.27  # of the width: the largest share for row names
_UPRIGHT: Final = 0.3  # of the height: the largest share for rotated column names; less if the rows need it
_FIGURES: Final = 1.15  # of the height of a cell, since figures do not reach below their line
_CONDENSED: Final = 80  # per cent: the narrowest letters of a cell
_BEFORE: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_ELIDE: Final = Qt.TextElideMode.ElideRight


class MatrixCells(Struct, frozen=True):
    """The content of the matrix. A cell has a text, long and short, and a tone: 0 for none, 1 to 8 in the colour of the
    run, below 0 in that of another run. The diagonal has texts only. Rows are true classes, or labels if not `true`.
    `largest` is the cell with the most digits off the diagonal, if any has some."""

    names: tuple[str, ...] = ()
    texts: tuple[tuple[tuple[str, ...], ...], ...] = ()
    tones: tuple[tuple[int, ...], ...] = ()
    true: bool = True
    largest: MatrixChoice = ALL_MISREAD


class MatrixPlaces(Struct, frozen=True):
    left: float
    top: float
    across: float
    down: float
    turned: bool  # true if the names of the columns are rotated

    def cell(self, row: int, column: int) -> QRectF:
        self.move(cell := QRectF(), row, column)
        return cell

    def move(self, cell: QRectF, row: int, column: int) -> None:
        cell.setRect(self.left + column * self.across, self.top + row * self.down, self.across, self.down)


def matrix_places(size: QSize, names: Sequence[str], corner: int, metrics: QFontMetrics) -> MatrixPlaces:
    """Lay out the matrix. `corner` is the width of the text in the corner; `metrics` are those of the names."""
    line, count = metrics.height(), max(1, len(names))
    longest = max(map(metrics.horizontalAdvance, names), default=0)
    left = max(corner, line + min(longest, round(_HEAD * size.width()))) + 8 + RIM
    across = min((size.width() - left - RIM) / count, 16.0 * line / min(count, 4))
    turned = longest + 4 > across
    upright = min(_UPRIGHT * size.height(), size.height() - count * SMALLEST - 2 * RIM - 8)
    top = (min(longest, max(round(upright), _HEADED * line)) + 8 if turned else line + 3) + RIM
    down = min((size.height() - top - RIM) / count, 10.0 * line / min(count, 4))
    return MatrixPlaces(left, top, across, down, turned)


class ConfusionMatrix(PaintedFigure):
    """A painted confusion matrix. A click or an arrow key chooses a cell, a row, a column or all."""

    def __init__(self, chosen: Callable[[MatrixChoice], object]) -> None:
        tip = tr(
            "A row for each true class, a column for what its digits were read as. Click a cell, a row's or "
            "a column's head; arrow keys move, first to the largest number, Escape chooses all."
        )
        super().__init__("confusion_matrix", tr("Confusion matrix"), tip)
        self._hues = theme().muted, theme().muted
        self._on_chosen, self._cells = chosen, MatrixCells()
        self.choice = ALL_MISREAD
        self.told: Callable[[MatrixChoice], str] = lambda choice: ""
        """Returns the description of a part of the matrix."""
        self._ringed: int | None = None  # the true class of the digit that is shown

    def choose(self, choice: MatrixChoice) -> None:
        self.choice = choice
        self.tell(self.told(choice))

    def show_cells(self, cells: MatrixCells, hue: str, other: str = "") -> None:
        self._hues = hue, other or hue
        others, self._cells = cells.names != self._cells.names, cells
        self.tell(self.told(self.choice))
        if others:
            self.updateGeometry()

    def ring(self, true: int | None) -> None:
        """Ring the true class of the digit that is shown."""
        if true != self._ringed:
            self._ringed = true
            self.update()

    @property
    def places(self) -> MatrixPlaces:
        metrics = QFontMetrics(self._bold)
        corner = QFontMetrics(small_font(self)).horizontalAdvance(tr("read as"))
        return matrix_places(self.size(), self._cells.names, corner, metrics)

    @property
    def _bold(self) -> QFont:
        return demi_bold(small_font(self))

    def minimumSizeHint(self) -> QSize:
        metrics = QFontMetrics(self._bold)
        least = QSize(14 * metrics.height(), 0)
        top = matrix_places(least, self._cells.names, 0, metrics).top
        return least.expandedTo(QSize(0, round(top) + MOST_CLASSES * least_row(self) + RIM))

    def choice_at(self, at: QPointF) -> MatrixChoice | None:
        places, count = self.places, len(self._cells.names)
        if not count:
            return None
        column = int((at.x() - places.left) // places.across) if at.x() >= places.left else -1
        row = int((at.y() - places.top) // places.down) if at.y() >= places.top else -1
        if row >= count or column >= count:
            return None
        return MatrixChoice(None if row < 0 else row, None if column < 0 else column)

    def press(self, at: QPointF) -> None:
        if (choice := self.choice_at(at)) is not None:
            self._on_chosen(ALL_MISREAD if choice == self.choice else choice)

    def arrow(self, right: int, down: int) -> bool:
        if (last := len(self._cells.names) - 1) < 0:
            return False
        if self.choice == ALL_MISREAD != self._cells.largest:
            self._on_chosen(self._cells.largest)
            return True
        row, column = (-1 if each is None else each for each in (self.choice.true, self.choice.read))
        row, column = min(max(row + down, -1), last), min(max(column + right, -1), last)
        self._on_chosen(MatrixChoice(None if row < 0 else row, None if column < 0 else column))
        return True

    def tooltip_at(self, at: QPointF) -> str:
        choice = self.choice_at(at)
        return "" if choice is None else self.told(choice)

    def paint(self, painter: QPainter) -> None:
        places = self.places
        if self._cells.names:
            self._paint_heads(painter, places)
            self._paint_cells(painter, places)
            self._paint_choice(painter, places)

    def _paint_heads(self, painter: QPainter, places: MatrixPlaces) -> None:
        choice = self.choice
        plain, bold = small_font(self), self._bold
        line, count = QFontMetrics(plain).height(), len(self._cells.names)
        painter.setFont(plain)
        corner = QRectF(RIM, places.top - line - 3, places.left - 8 - RIM, line)
        draw_text(painter, corner, _BEFORE, tr("read as"), ink=theme().muted)
        seen = (self.parentWidget() or self).height()
        long = min(count * places.down, seen - places.top)  # the other rows are scrolled to
        rows = tr("true class") if self._cells.true else tr("label")
        if painter.fontMetrics().horizontalAdvance(rows) > long and self._cells.true:
            rows = tr("true")
        draw_upright(painter, QPointF(RIM + line / 2, places.top + long / 2), long, rows)
        painter.setFont(fitting_font(bold, places.down))
        for number, name in enumerate(self._cells.names):
            painter.setPen(QColor(theme().accent if choice.true == number else theme().text))
            row = places.cell(number, 0)
            room = QRectF(RIM + line, row.top(), places.left - line - 6 - RIM, row.height())
            draw_text(painter, room, _BEFORE, name, elide=_ELIDE)
            if number == self._ringed:
                self._paint_ring(painter, room, name)
            painter.setPen(QColor(theme().accent if choice.read == number else theme().text))
            self._paint_column_head(painter, places, number, name)

    def _paint_ring(self, painter: QPainter, room: QRectF, name: str) -> None:
        metrics = painter.fontMetrics()
        high = min(float(metrics.height()), room.height() - 1)
        wide = max(high, min(metrics.horizontalAdvance(name) + 8.0, room.width() + 8))
        ring = QRectF(room.right() + 4 - wide, room.center().y() - high / 2, wide, high)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inked(painter, theme().right, 1.5).drawRoundedRect(ring, high / 2, high / 2)

    def _paint_column_head(self, painter: QPainter, places: MatrixPlaces, column: int, name: str) -> None:
        cell = places.cell(0, column)
        if not places.turned:
            room = QRectF(cell.left(), RIM, cell.width(), places.top - 3 - RIM)
            draw_text(painter, room, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, name)
            return
        painter.save()
        painter.translate(cell.center().x(), places.top - 4)
        painter.rotate(-90)
        line = painter.fontMetrics().height()
        draw_text(painter, QRectF(0, -line / 2, places.top - 4 - RIM, line), LEFT, name, elide=_ELIDE)
        painter.restore()

    def _paint_cells(self, painter: QPainter, places: MatrixPlaces) -> None:
        cells = self._cells
        painter.setFont(fitting_font(small_font(self), _FIGURES * places.down))
        grounds = {
            sign * (level + 1): toned(theme(), self._hues[sign < 0], tone - 1)
            for sign in (1, -1)
            for level, tone in enumerate(TONES)
        }
        letters = {tone: QColor(letters_on(theme(), ground)) for tone, ground in grounds.items()}
        brushes, muted = {tone: QColor(ground) for tone, ground in grounds.items()}, QColor(theme().muted)
        others = (each for row, texts in enumerate(cells.texts) for each in texts[:row] + texts[row + 1 :])
        wrong = [each[-1] for each in others if each]
        fits, cell = _narrowed(painter, wrong, places.across), places.cell(0, 0)
        for row, texts in enumerate(cells.texts):
            for column, wordings in enumerate(texts):
                if row == column:
                    continue
                tone = cells.tones[row][column]
                places.move(cell, row, column)
                if tone:
                    inked(painter, fill=brushes[tone])
                    painter.drawRoundedRect(cell.adjusted(_GAP, _GAP, -_GAP, -_GAP), 2, 2)
                if text := next(filter(fits, wordings), ""):
                    painter.setPen(letters[tone] if tone else muted)
                    draw_text(painter, cell, CENTRE, text)
        painter.setPen(muted)
        self._paint_diagonal(painter, places)

    def _paint_diagonal(self, painter: QPainter, places: MatrixPlaces) -> None:
        """Paint all cells in the same form and font."""
        texts = [row[place] for place, row in enumerate(self._cells.texts)]
        advance = painter.fontMetrics().horizontalAdvance
        narrow = any(advance(each[0]) > places.across for each in texts if each)
        fits = _narrowed(painter, [each[-1] for each in texts if each], places.across)
        for place, each in enumerate(texts):
            wordings = each[1:] or each if narrow else each
            if text := next(filter(fits, wordings), ""):
                draw_text(painter, places.cell(place, place), CENTRE, text)

    def _paint_choice(self, painter: QPainter, places: MatrixPlaces) -> None:
        true, read, last = self.choice.true, self.choice.read, len(self._cells.names) - 1
        if true is None and read is None:
            return
        first = places.cell(true or 0, read or 0)
        end = places.cell(last if true is None else true, last if read is None else read)
        self.frame(painter, first.united(end), 3, 2)


def _narrowed(painter: QPainter, texts: Sequence[str], across: float) -> Callable[[str], bool]:
    """Narrow the letters, and shrink them, until all texts fit. Return whether a text fits."""
    font = QFont(painter.font())
    longest = max(map(painter.fontMetrics().horizontalAdvance, texts), default=0)
    while longest > across and font.pixelSize() >= SMALLEST:
        font.setStretch(max(_CONDENSED, int(100 * across / longest)))
        painter.setFont(font)
        longest = max(map(painter.fontMetrics().horizontalAdvance, texts))
        font.setPixelSize(font.pixelSize() - 1)
    advance = cache(painter.fontMetrics().horizontalAdvance)
    return lambda text: advance(text) <= across


def fitting_font(font: QFont, height: float) -> QFont:
    return sized(font, max(SMALLEST, min(font.pixelSize(), int(height))))


def largest_cell(counts: NDArray[np.int64]) -> MatrixChoice:
    """Return the cell with the largest of some counts, (classes, classes), or all cells if each is 0."""
    return MatrixChoice(*divmod(int(counts.argmax()), len(counts))) if counts.any() else ALL_MISREAD


def level_of(count: int, most: int) -> int:
    """Return the tone of a cell, 1 to 8, if the largest count is `most`; 0 for a count of 0."""
    if not count:
        return 0
    share: float = (count / most) ** 0.7
    return max(1, round(len(TONES) * share))
