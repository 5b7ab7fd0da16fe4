"""A table with aligned bars: a row for each output, unit, or digit, and lines of text above and below."""

from collections.abc import Callable
from typing import Final, Literal, NamedTuple

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from mnistviz.gui.common.painted_figure import CENTRE, LEFT, RIGHT, PaintedFigure, inked, sized
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.widgets import SMALLEST, demi_bold, small_font
from mnistviz.gui.common.wrapped import unparted

_WRAPPED: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
_ELIDE: Final = Qt.TextElideMode.ElideRight
MARGIN, _GAP = 14, 8  # pixels: at the left and right, and between two columns
_BAR: Final = 9.0  # pixels
_HIGHEST: Final = 2.1  # lines: the largest height of a row

Tone = Literal["text", "muted", "right", "wrong", "accent"]


class BarTableLine(NamedTuple):
    text: str
    tone: Tone = "muted"
    bold: bool = False


class BarTableColumn(NamedTuple):
    """A column: its head, and a text as long as any in it. The bars of a `change` begin in the middle, and what lowers
    a cost is green; `plain` text has no bar."""

    head: str
    kind: Literal["change", "plain"]
    widest: str


class BarTableCell(NamedTuple):
    """A value as a share of a full bar, and as a text. A predicted value is drawn as an `outline`."""

    share: float
    text: str
    outline: bool = False


class BarTableRow(NamedTuple):
    name: str
    cells: tuple[BarTableCell, ...]
    number: int | None = None


class BarTableContent(Struct, frozen=True):
    """The content of the table. `aloud` is the text for screen readers."""

    above: tuple[BarTableLine, ...] = ()
    columns: tuple[BarTableColumn, ...] = ()
    rows: tuple[BarTableRow, ...] = ()
    below: tuple[BarTableLine, ...] = ()
    aloud: str = ""


class BarTable(PaintedFigure):
    """A painted table. On a low widget, lines below the rows are left out, then the last rows."""

    def __init__(self, name: str, accessible: str, says: str, click: Callable[[int], object]) -> None:
        """`says` is its What's This text; `click` gets the number of the row that is pressed."""
        super().__init__(name, accessible, says, takes_focus=False)
        self.content = BarTableContent()
        self.click = click
        self._tops: list[float] = []
        self._pitch = 1.0
        self._pixels = SMALLEST  # the size of the letters

    def show_content(self, content: BarTableContent) -> None:
        if content != self.content:
            self.content = content
            self.tell(content.aloud)

    def press(self, at: QPointF) -> None:
        for top, row in zip(self._tops, self.content.rows, strict=False):
            if top <= at.y() < top + self._pitch and row.number is not None:
                self.click(row.number)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def paint(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), QColor(theme().card))
        room = QRectF(MARGIN, 2, self.width() - 2 * MARGIN, self.height() - 6)
        top = room.top() + self._paint_lines(painter, room, self._fitting_above(room)) + 4
        below = self._fitting_below(room.width(), room.bottom() - top)
        needed = self._height_of(below, room.width())
        rows = QRectF(room.left(), top, room.width(), room.bottom() - needed - 4 - top)
        self._paint_rows(painter, rows)
        end = self._tops[-1] + self._pitch if self._tops else top
        self._paint_lines(painter, QRectF(room.left(), end + 5, room.width(), room.bottom() - end), below)

    def _fitting_below(self, width: float, height: float) -> tuple[BarTableLine, ...]:
        """Return as many of the lines below as leave room for the rows."""
        lines, rows = self.content.below, self._least_of_rows()
        while lines and rows + self._height_of(lines, width) + 8 > height:
            lines = lines[:-1]
        return lines

    def _fitting_above(self, room: QRectF) -> tuple[BarTableLine, ...]:
        """Return as many of the lines above as leave room for the rows; the title stays, with smaller letters."""
        lines, self._pixels = self.content.above, small_font(self).pixelSize()
        while self._height_of(lines, room.width()) + self._least_of_rows() > room.height():
            if len(lines) > 1 or (lines and self._pixels == SMALLEST):
                lines = lines[:-1]
            elif self._pixels > SMALLEST:
                self._pixels -= 1
            else:
                break
        return lines

    def _least_of_rows(self) -> float:
        return (min(len(self.content.rows), 4) + 1) * 1.1 * QFontMetricsF(self._font(bold=True)).height()

    def _height_of(self, lines: tuple[BarTableLine, ...], width: float) -> float:
        return sum(self._height(line, width) for line in lines)

    def _font(self, *, bold: bool) -> QFont:
        font = sized(small_font(self), self._pixels)
        return demi_bold(font) if bold else font

    def _height(self, line: BarTableLine, width: float) -> float:
        metrics = QFontMetricsF(self._font(bold=line.bold))
        return metrics.boundingRect(QRectF(0, 0, width, 9_999), _WRAPPED, unparted(line.text)).height()

    def _paint_lines(self, painter: QPainter, room: QRectF, lines: tuple[BarTableLine, ...]) -> float:
        used = 0.0
        for line in lines:
            high = self._height(line, room.width())
            if used + high > room.height() + 2:
                break
            painter.setFont(self._font(bold=line.bold))
            place = QRectF(room.left(), room.top() + used, room.width(), high)
            draw_text(painter, place, _WRAPPED, line.text, ink=getattr(theme(), line.tone))
            used += high
        return used

    def _paint_rows(self, painter: QPainter, room: QRectF) -> None:
        content, self._tops = self.content, []
        if not content.rows:
            return
        metrics = QFontMetricsF(self._font(bold=True))
        line = metrics.height()
        longest = max(metrics.horizontalAdvance(row.name) for row in content.rows)
        names = min(longest, (0.3 if len(content.columns) > 3 else 0.42) * room.width()) + 10
        places = self._columns(room, names, metrics)
        rows = content.rows[: max(1, int((room.height() - line - 3) / (0.95 * line)))]
        self._pitch = min((room.height() - line - 3) / len(rows), _HIGHEST * line)
        painter.setFont(self._font(bold=True))
        for (left, right), column in zip(places, content.columns, strict=True):
            if len(places) == 1:  # the head may extend over the names
                left = min(left, right - metrics.horizontalAdvance(column.head))
            place = QRectF(left - 4, room.top(), right - left + 8, line)
            draw_text(painter, place, CENTRE, column.head, ink=theme().text, elide=_ELIDE)
        for number, row in enumerate(rows):
            top = room.top() + line + 3 + number * self._pitch
            self._tops.append(top)
            painter.setFont(self._font(bold=True))
            name = QRectF(room.left(), top, names - 6, self._pitch)
            draw_text(painter, name, LEFT, row.name, ink=theme().text, elide=_ELIDE)
            for (left, right), column, cell in zip(places, content.columns, row.cells, strict=True):
                self._paint_cell(painter, QRectF(left, top, right - left, self._pitch), column, cell)

    def _columns(self, room: QRectF, names: float, metrics: QFontMetricsF) -> list[tuple[float, float]]:
        """Return the edges of the columns: those without bars are as wide as their text, the others share the rest."""
        columns = self.content.columns
        free = room.width() - names - _GAP * (len(columns) - 1)
        plain = {
            at: max(metrics.horizontalAdvance(column.widest), metrics.horizontalAdvance(column.head)) + 2
            for at, column in enumerate(columns)
            if column.kind == "plain"
        }
        each = max(10.0, min((free - sum(plain.values())) / max(1, len(columns) - len(plain)), 190.0))
        places, left = [], room.left() + names
        for at in range(len(columns)):
            wide = plain.get(at, each)
            places.append((left, left + wide))
            left += wide + _GAP
        return places

    def _paint_cell(
        self, painter: QPainter, room: QRectF, column: BarTableColumn, cell: BarTableCell
    ) -> None:
        has_bar = column.kind != "plain"
        font = self._font(bold=has_bar)
        painter.setFont(font)
        where, ink = (RIGHT, theme().text) if has_bar else (CENTRE, theme().muted)
        draw_text(painter, room, where, cell.text, ink=ink)
        if has_bar:
            wide = QFontMetricsF(font).horizontalAdvance(column.widest) + 8
            self._paint_bar(painter, room.adjusted(0, 0, -wide, 0), cell)

    def _paint_bar(self, painter: QPainter, room: QRectF, cell: BarTableCell) -> None:
        thick = min(_BAR, max(3.0, 0.55 * room.height()))
        track = QRectF(room.left(), room.center().y() - thick / 2, room.width(), thick)
        painter.fillRect(track, QColor(theme().grid))
        share = min(max(cell.share, -1.0), 1.0)
        middle, half = track.center().x(), track.width() / 2
        if share:
            bar = QRectF(middle + min(share, 0.0) * half, track.top(), max(1.0, abs(share) * half), thick)
            if cell.outline:
                inked(painter, theme().line, 1.5, fill=theme().card).drawRect(bar)
            else:
                painter.fillRect(bar, QColor(theme().wrong if share > 0 else theme().right))
        x, top, bottom = map(round, (middle, track.top(), track.bottom()))
        inked(painter, theme().line).drawLine(x, top - 1, x, bottom + 1)
