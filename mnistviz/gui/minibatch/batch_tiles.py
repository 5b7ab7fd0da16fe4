"""The digits of a mini-batch as rows that scroll: prediction, cost before and after the step, gradient and error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QFontMetricsF, QKeyEvent, QPainter

from mnistviz.gui.common.digit_tiles import DigitTiles, TilePainter, TilesContent
from mnistviz.gui.common.layouts import label, styled
from mnistviz.gui.common.painted_figure import LEFT, RIGHT
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.painter_tools import colour, pen
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.tooltips import set_tooltip
from mnistviz.gui.common.widgets import demi_bold, describe
from mnistviz.gui.common.wrapped import ShortenedLabel, whole_words

ROW: Final = 23  # pixels, the least height of a row
_HEAD, _BAR, _ROWS = 20, 9, 4  # pixels: the heads, a bar; and how many rows there are at least
_HIGHEST: Final = 30  # pixels, of a row where all have more room than they need
_LOWER: Final = 2  # pixels that a row may lack where all are then seen
_READS, _WIDE, _COSTS, _BAR_WIDE, _LEAST_BAR = 34, 724, 150, 110, 40
"""Pixels: where the predictions begin; in a table of that width, where the first bars begin, and their length."""


class _Places(NamedTuple):
    """Where bars begin and numbers end, and how long a full bar is. A column without room ends where it begins."""

    costs: float
    cost: float
    after: float
    gradients: float
    length: float
    error: float
    bar: float


class BatchLines(NamedTuple):
    """The texts beside a digit: its prediction (`read`), which is `right` or not, its cost before and `after` the step,
    coloured by `tone`, the length of its `gradient`, and an `error`. Shares are those of the largest cost or length."""

    read: str
    right: bool
    cost: str
    cost_share: float
    after: str
    tone: str
    share: float
    gradient: str
    error: str


class BatchContent(TilesContent, frozen=True, eq=False):
    """The digits of a mini-batch, by place. `heads` are those of cost, cost after, gradient and error."""

    lines: Callable[[int], BatchLines]
    heads: tuple[str, str, str, str]


class _BatchPainter(TilePainter[BatchContent]):
    def __init__(self, tiles: BatchTiles) -> None:
        super().__init__(tiles)
        self._tiles = tiles

    def is_toned(self) -> bool:
        return self._tiles.all_chosen

    def picture_place(self, tile: QRectF) -> QRectF:
        return QRectF(tile.left() + 2, tile.top() + 1, tile.height() - 3, tile.height() - 3)

    def paint_words(
        self, painter: QPainter, tile: QRectF, picture: QRectF, content: BatchContent, number: int
    ) -> None:
        lines, at = content.lines(number), self._tiles.places
        painter.setFont(demi_bold(self._tiles.line_font))
        painter.setPen(colour(theme().right if lines.right else theme().wrong))
        room = QRectF(_READS, tile.top(), at.costs - _READS - 4, tile.height())
        draw_text(painter, room, LEFT, lines.read, elide=Qt.TextElideMode.ElideRight, whose="batch_tiles")
        painter.setFont(self._tiles.line_font)
        columns = (
            (lines.cost, "text", at.costs, at.cost, lines.cost_share),
            (lines.after, lines.tone, at.cost, at.after, None),
            (lines.gradient, "text", at.gradients, at.length, lines.share),
            (lines.error, "text", at.length, at.error, None),
        )
        for text, tone, begin, end, share in columns:
            if begin == end:
                continue
            bar = QRectF(begin, tile.center().y() - _BAR / 2, 0.0 if share is None else at.bar, _BAR)
            painter.setPen(colour(getattr(theme(), tone)))
            room = QRectF(bar.right(), tile.top(), end - bar.right(), tile.height())
            draw_text(painter, room, RIGHT, text, whose="batch_tiles")
            if share is not None and at.bar:
                painter.fillRect(bar, colour(theme().grid))
                bar.setWidth(max(1.0, share * at.bar))
                painter.fillRect(bar, colour(theme().answer))
        painter.setPen(pen(theme().grid))
        painter.drawLine(tile.bottomLeft(), tile.bottomRight())


class BatchTiles(DigitTiles[BatchContent]):
    """Digits in rows, of which one or all are chosen."""

    def __init__(self, choose: Callable[[int], object]) -> None:
        self.all_chosen = False  # by its owner, before it shows digits
        self.places = _Places(*[0.0] * 7)
        super().__init__(choose)
        self.setItemDelegate(_BatchPainter(self))
        describe(self, "batch_tiles", tr("The digits of the mini-batch"), "")
        what = tr(
            "The digits of one mini-batch, as the network was shown them. After the step: ▼ better, ▲ worse, ✓ "
            "won, ✗ lost. A click puts one into the network card; arrow keys go on, Escape goes back to all of them."
        )
        self.setWhatsThis(what)
        self.title = styled(ShortenedLabel(), "cardTitle", "minibatch_title")
        self.heads = [label("hint") for _ in range(4)]
        for each in (self.title, *self.heads):  # labels of Qt: the title changes while the network learns
            each.setParent(self)

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
            self.choose(self.digit)  # at the end of the list: from all digits to this one

    def minimumSizeHint(self) -> QSize:
        return QSize(300, _HEAD + _ROWS * ROW)

    def tile_size(self, content: BatchContent) -> QSize:
        line = QFontMetrics(self.line_font).height()
        margins = self.viewportMargins()
        margins.setTop(max(_HEAD, line + 3))
        if margins != self.viewportMargins():
            self.setViewportMargins(margins)
        high, count = max(ROW, line + 6), max(1, len(content.numbers))
        room = (self.height() - margins.top()) // count
        high = room if high - _LOWER <= room < high else high
        bar = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(bar.ScrollBarAlwaysOff if room >= high else bar.ScrollBarAlwaysOn)
        wide = self.viewport().width() - 1
        self.places = self._places(wide, content.heads[2])
        self._place_heads(content.heads, margins.top())
        return QSize(wide, max(high, min(room, _HIGHEST)))

    def _place_heads(self, texts: tuple[str, str, str, str], high: int) -> None:
        """Place the heads of the columns that have room; that of the gradients is the first that is shortened."""
        at, advance = self.places, self.heads[3].fontMetrics().horizontalAdvance
        self.title.resize(round(at.costs) - 8, high)
        room = at.error - at.length - 8
        before_error = at.error - min(room, advance(texts[3])) - 8
        edges = (
            (at.costs, 0, at.cost - at.costs), (at.after, 1, at.after - at.cost),
            (at.gradients, 0, before_error - at.gradients), (at.error, 1, room),
        )  # fmt: skip
        self.heads[2].setVisible(at.length > at.after)
        self.heads[3].setVisible(at.error > at.length)
        for head, text, (edge, before, room) in zip(self.heads, texts, edges, strict=True):
            head.setText(whole_words(text, head.fontMetrics(), room))
            set_tooltip(head, "" if head.text() == text else text)
            wide = head.sizeHint().width()
            head.setGeometry(round(edge) - before * wide, 0, wide, high)

    def _places(self, wide: int, head: str) -> _Places:
        """Return the columns of a table of this width: numbers have the room of their digits, gradients that of their
        `head` if bars do not get too short by that, and bars what is left. In little room first the gradients are left
        out, then the bars, then the errors."""
        advance = QFontMetricsF(self.line_font).horizontalAdvance
        cost, after, length = advance("0.000") + 9, advance("▼ 0.000") + 12, advance("0.00") + 14
        costs, error = max(_COSTS * wide / _WIDE, self.title.sizeHint().width() + 10.0), wide - 16.0
        room, least = error - costs - cost - after, advance("−0.00018") + 20
        free = room - 24 - length - advance("δ of the true output")
        bar = max(free + length - advance(head) - 8, _LEAST_BAR)
        bar = max(10.0, min(_BAR_WIDE * wide / _WIDE, free / 2, bar))
        fits = room - 24 - length - 2 * bar >= least
        if not fits:
            bar = min(_LEAST_BAR, room - least) if room - least >= 10 else 0.0
        cost += costs + bar
        after += cost
        gradients, length = (after + 24, after + 24 + bar + length) if fits else (after, after)
        return _Places(costs, cost, after, gradients, length, error if room >= least else length, bar)
