"""The digits of a mini-batch as tiles that scroll: prediction, cost before and after the step, and gradient."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from mnistviz.gui.common.digit_tiles import DigitTiles, TilePainter, TilesContent
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import describe

PICTURE: Final = 44  # pixels, of a digit
_AROUND: Final = 5  # pixels, around the content of a tile
_LEAST_AROUND: Final = 2  # pixels, at its sides if that fits all digits into one row
_BETWEEN: Final = 3  # pixels, from the picture to the lines, and above the bar
_BAR: Final = 8  # pixels
_WIDEST: Final = 8  # lines of text: the largest width of a tile
_CENTRED: Final = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class BatchLines(NamedTuple):
    """The lines below a digit: its prediction (`read`), which is `right` or not, its cost before and `after` the step,
    coloured by `tone`, and the length of its `gradient`, also as a `share` of the longest."""

    read: str
    right: bool
    cost: str
    after: str
    tone: str
    share: float
    gradient: str


@dataclass(frozen=True, eq=False)
class BatchContent(TilesContent):
    """The digits of a mini-batch, numbered by their places in it. `heads` name the lines."""

    lines: Callable[[int], BatchLines]
    heads: tuple[str, str, str, str]


class _BatchPainter(TilePainter[BatchContent]):
    def __init__(self, tiles: BatchTiles) -> None:
        super().__init__(tiles)
        self._tiles = tiles

    def is_toned(self) -> bool:
        return self._tiles.all_chosen

    def picture_place(self, tile: QRectF) -> QRectF:
        return QRectF(tile.center().x() - PICTURE / 2 - 0.5, tile.top() + _AROUND, PICTURE, PICTURE)

    def paint_words(
        self, painter: QPainter, tile: QRectF, picture: QRectF, content: BatchContent, number: int
    ) -> None:
        theme, elide, lines = self._tiles.theme, Qt.TextElideMode.ElideRight, content.lines(number)
        high = QFontMetrics(self._tiles.line_font).height()
        room = QRectF(tile.left() + 2, picture.bottom() + _BETWEEN, tile.width() - 5, high)
        painter.setFont(self._tiles.bold_font)
        painter.setPen(QColor(theme.right if lines.right else theme.wrong))
        draw_text(painter, room, _CENTRED, lines.read, elide=elide, whose="batch_tiles")
        painter.setFont(self._tiles.line_font)
        for text, tone in ((lines.cost, "text"), (lines.after, lines.tone)):
            room.translate(0, high)
            painter.setPen(QColor(getattr(theme, tone)))
            draw_text(painter, room, _CENTRED, text, elide=elide, whose="batch_tiles")
        bar = QRectF(picture.left(), room.bottom() + _BETWEEN, PICTURE, _BAR)
        painter.fillRect(bar, QColor(theme.grid))
        bar.setWidth(max(1.0, lines.share * PICTURE))
        painter.fillRect(bar, QColor(theme.answer))
        room.translate(0, high + 2 * _BETWEEN + _BAR - 1)
        painter.setPen(QColor(theme.muted))
        draw_text(painter, room, _CENTRED, lines.gradient, elide=elide, whose="batch_tiles")


class _LineHeads(QWidget):
    def __init__(self, tiles: BatchTiles) -> None:
        super().__init__(tiles)
        self._tiles = tiles
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:
        tiles, content = self._tiles, self._tiles.content
        if content is None:
            return
        painter = QPainter(self)
        painter.setFont(tiles.line_font)
        painter.setPen(QColor(tiles.theme.muted))
        high = QFontMetrics(tiles.line_font).height()
        for top in tiles.row_tops():
            y = top + _AROUND + PICTURE + _BETWEEN
            for line, head in enumerate(content.heads):
                room = QRectF(0, y + line * high + (line == 3) * _BETWEEN, self.width() - 4, high)
                draw_text(painter, room, _LEFT, head)


class BatchTiles(DigitTiles[BatchContent]):
    """Digits in rows, of which one or all are chosen; the names of their lines stand at the left."""

    def __init__(self, theme: Theme, choose: Callable[[int], object]) -> None:
        super().__init__(theme, choose)
        self.all_chosen = False
        self.setItemDelegate(_BatchPainter(self))
        describe(self, "batch_tiles", self.tr("The digits of the mini-batch"), "")
        self.setWhatsThis(
            self.tr(
                "The digits of one mini-batch, as the network was shown them. A click puts one into the network card; "
                "arrow keys go on, Escape goes back to all of them."
            )
        )
        self._heads, self._headed = _LineHeads(self), list[int]()
        self.verticalScrollBar().valueChanged.connect(self._heads.update)

    @property
    def bold_font(self) -> QFont:
        font = QFont(self.line_font)
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def row_tops(self) -> list[int]:
        grid, count = self.gridSize(), self._model.rowCount()
        columns = max(1, self.viewport().width() // max(1, grid.width()))
        tops = (row * grid.height() - self.verticalScrollBar().value() for row in range(-(-count // columns)))
        return [top for top in tops if -grid.height() < top < self.viewport().height()]

    def show_batch(self, content: BatchContent, digit: int | None, *, all_chosen: bool, stay: bool) -> None:
        """Show digits, of which one or all are chosen. `stay` keeps the scroll position."""
        self.all_chosen = all_chosen
        self.show_content(content, digit, stay=stay)
        places = self.row_tops()
        if places != self._headed:  # the names are the same for each mini-batch
            self._headed = places
            self._heads.update()

    def enter(self) -> None:
        if self.digit is None:
            self.walk(1)
        elif self.all_chosen:
            self.choose(self.digit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        before = self.digit
        super().keyPressEvent(event)
        walks = event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right)
        if walks and self.all_chosen and self.digit is not None and self.digit == before:
            self.choose(self.digit)  # at the end of the row: from all digits to this one

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        margins = self.viewportMargins()
        self._heads.setGeometry(0, 0, margins.left(), self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(3 * PICTURE + 60, self._height())

    def _height(self) -> int:
        lines = 4 * QFontMetrics(self.line_font).height()
        return PICTURE + 2 * _AROUND + lines + 3 * _BETWEEN + _BAR + 1

    def tile_size(self, content: BatchContent) -> QSize:
        """Return the size of a tile, as wide as the longest line up to a limit, and fit the margin to the line
        names."""
        metrics = QFontMetrics(self.line_font)
        text = min(QFontMetrics(self.bold_font).horizontalAdvance(content.widest), _WIDEST * metrics.height())
        inside = max(PICTURE, text, metrics.horizontalAdvance("▼ 0.000")) + 2
        left = max(map(metrics.horizontalAdvance, content.heads)) + 10
        room = (
            self.width() - left - self.verticalScrollBar().sizeHint().width() - 1
        )  # Qt reserves that for the scroll bar
        in_one_row = room // max(1, len(content.numbers))
        wide = inside + 2 * _AROUND
        if inside + 2 * _LEAST_AROUND <= in_one_row < wide:
            wide = in_one_row
        self.setViewportMargins(left, 0, 0, 0)
        self._heads.setGeometry(0, 0, left, self.height())
        return QSize(wide, self._height())
