"""The outputs at the right of the picture: a row for each, the verdict, and the balance of one output."""

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QGraphicsPathItem, QGraphicsPixmapItem, QGraphicsScene

from mnistviz.gui.common.painted_figure import LEFT, RIGHT, inked, sized
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.painter_tools import blank_pixmap
from mnistviz.gui.common.theme import Theme, theme
from mnistviz.gui.common.widgets import add_items, demi_bold, set_path
from mnistviz.gui.network.card_layout import SMALL, CardLayout, verdict_size
from mnistviz.gui.network.card_picture import CardPicture
from mnistviz.gui.network.card_words import NO_OUTPUT, OutputWords
from mnistviz.gui.network.flow import BarItem, place_bars

Array = NDArray[Any]

_WRAPPED: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
_ELIDE: Final = Qt.TextElideMode.ElideRight
_BAR: Final = 12.0  # the height of an output's bar
_RING: Final = 8  # pixels at the left of the names, for the ring of the true class


class OutputStage:
    """Column of the outputs. Bars are Qt items, moved if that is visible; texts are one pixmap, painted if changed."""

    def __init__(self, scene: QGraphicsScene) -> None:
        self._places: CardLayout | None = None
        self._names: Sequence[str] = ()
        self.tracks: list[QRectF] = []
        self._rooms: list[tuple[float, float, float, float]] = []  # rectangles of the bars' backgrounds
        self.words, self._has_digit = OutputWords(), False
        self.painted_words, self._paper = QGraphicsPixmapItem(), QPixmap()
        self._shown: dict[str, object] = {}  # the values of the bars that are shown
        self._others, self._first = bars = [BarItem(z) for z in range(4, 6)]
        self.bars, self.winner_bar = (each.item for each in bars)
        self.frame, self.ticks = QGraphicsPathItem(), QGraphicsPathItem()
        items = *(each.item for each in bars), self.ticks, self.frame
        add_items(scene, *enumerate(items, 4), (31, self.painted_words))  # above the lines
        self.adopt_theme()

    def adopt_theme(self) -> None:
        self.bars.setBrush(QColor(theme().muted))
        self.winner_bar.setBrush(QColor(theme().accent))
        self.frame.setPen(QPen(QColor(theme().accent), 1.5))
        self.ticks.setPen(QPen(QColor(theme().text), 1.5))

    def place(
        self, places: CardLayout, names: Sequence[str], font: QFont, small: QFont, ratio: float
    ) -> None:
        self._places, self._names, self._ratio = places, names, ratio
        self._font, self._small, self._bold = QFont(font), QFont(small), demi_bold(font)
        self._figure = QFontMetricsF(self._small).horizontalAdvance("0.00") + 2
        widest = max((QFontMetricsF(self._bold).horizontalAdvance(name) for name in names), default=8.0)
        self._name = 0.0 if places.stacked else min(widest, 0.42 * places.rows.width()) + 10
        self.tracks = [self._track(row) for row in range(len(names))]
        self._rooms = [(each.x(), each.y(), each.width(), each.height()) for each in self.tracks]
        place_bars(np.array(self._rooms).reshape(-1, 4), self._others, self._first)
        self._shown.clear()
        self.show_outputs(None, NO_OUTPUT)
        self.show_ticks(None)
        self.show_frame(None)
        self.paint_words()

    def put_beside_digit(self, on: bool) -> None:
        """Leave room for the small digit at the right of the verdict, or take it back."""
        if on != self._has_digit:
            self._has_digit = on
            self.paint_words()

    def row(self, output: int) -> QRectF:
        assert self._places is not None
        rows = self._places.rows
        height = rows.height() / max(1, len(self._names))
        return QRectF(rows.left(), rows.top() + output * height, rows.width(), height)

    def at(self, point: QPoint) -> int | None:
        if self._places is None or not self._places.rows.contains(point) or not len(self._names):
            return None
        row = (point.y() - self._places.rows.top()) * len(self._names) // max(1, self._places.rows.height())
        return min(row, len(self._names) - 1)

    def way_in(self, output: int) -> QPointF:
        row = self.row(output)
        return QPointF(row.left() - 6, row.center().y())

    def _track(self, output: int) -> QRectF:
        row = self._bar_row(output)
        left, thick = row.left() + self._name, min(0.53 * row.height(), max(_BAR, 0.46 * row.height()))
        return QRectF(left, row.center().y() - thick / 2, row.right() - self._figure - 8 - left, thick)

    def _bar_row(self, output: int) -> QRectF:
        """Return the part of an output's row with its bar and figure: all of it, or the half below a name."""
        row, stacked = self.row(output), self._places is not None and self._places.stacked
        return row.adjusted(0, row.height() / 2, 0, 0) if stacked else row

    def show_picture(self, picture: CardPicture) -> None:
        self.show_words(picture.words.outputs)
        self.show_outputs(picture.outputs, self.words.winner)
        then = None if picture.outputs_then is None else picture.outputs_then.tolist()
        self.show_ticks(then if picture.means is None else picture.means)

    def show_outputs(self, outputs: Array | None, winner: int) -> None:
        """Show the outputs, (n,), from 0 to 1, as bars, the winner in the accent colour; no bars for None."""
        widths: list[float] = []
        if outputs is not None:
            quarters = 4 * self._rooms[0][2]  # a quarter of a pixel is the smallest visible difference
            widths = [round(quarters * min(max(value, 0.0), 1.0)) / 4 for value in outputs.tolist()]
        if self._is_shown("outputs", (widths, winner)):
            return
        bars = [(x, y, width, high) for (x, y, _, high), width in zip(self._rooms, widths, strict=False)]
        self._first.show([bars.pop(winner)] if 0 <= winner < len(bars) else ())
        self._others.show(bars)

    def show_ticks(self, values: Sequence[float] | None) -> None:
        """Show a tick in each row's bar, from 0 to 1: another network's output, or a unit's mean activation."""
        if self._is_shown("ticks", values):
            return
        path = QPainterPath()
        for (x, y, width, high), value in zip(self._rooms, values or (), strict=False):
            at = x + width * min(max(value, 0.0), 1.0)
            path.moveTo(at, y - 3)
            path.lineTo(at, y + high + 3)
        set_path(self.ticks, path)

    def paint_tracks(self, painter: QPainter) -> None:
        inked(painter, fill=theme().grid)
        for track in self.tracks:
            painter.drawRoundedRect(track, 2, 2)

    def show_frame(self, output: int | None) -> None:
        path = QPainterPath()
        if output is not None and self._places is not None and output < len(self._names):
            path.addRoundedRect(self.row(output).adjusted(-4, 0.75, 3, -0.75), 4, 4)
        set_path(self.frame, path)

    def _is_shown(self, what: str, now: object) -> bool:
        is_shown = what in self._shown and self._shown[what] == now
        self._shown[what] = now
        return is_shown

    def show_words(self, words: OutputWords) -> None:
        if words is not self.words and words != self.words:
            before, self.words = self.words, words
            if self._places is not None:
                self.paint_words(before)

    def paint_words(self, before: OutputWords | None = None) -> None:
        assert self._places is not None
        column = self._places.outputs.united(self._places.rows).adjusted(-_RING, 0, 4, 0)
        if before is None:
            self._paper = blank_pixmap(column.size(), self._ratio)
        if self._paper.isNull():
            return  # the window is larger than any pixmap
        parts = self.words.verdict, self.words.balance
        verdict, balance = self._places.verdict, self._places.balance
        others = before is None or (before.verdict, before.balance) != parts
        with QPainter(self._paper) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)  # large letters are painted as shapes
            painter.translate(-column.topLeft())
            self._paint_rows(painter, before)
            if others and verdict is not None and balance is not None:
                self._paint_verdict_and_balance(painter, verdict, balance)
        self.painted_words.setPixmap(self._paper)
        self.painted_words.setPos(column.topLeft())

    def _paint_rows(self, painter: QPainter, before: OutputWords | None) -> None:
        words = self.words
        metrics = QFontMetricsF(self._small)
        every = max(1, math.ceil(metrics.ascent() / max(1.0, self.row(0).height())))
        if every > 1 or self.row(0).height() < metrics.height():
            before = None  # texts reach into the next row
            _clear(painter, QRectF(self._places.rows) if self._places else QRectF())
        for output, name in enumerate(self._names):
            if output % every:
                continue  # very many outputs leave no room for every text
            row = self.row(output)
            if before is not None:
                if before.row(output) == words.row(output):
                    continue
                _clear(painter, row.adjusted(-_RING, 0, 0, 0))
            painter.setFont(self._bold)
            painter.setPen(QColor(theme().accent if output == words.winner else theme().text))
            room = QRectF(row.left(), row.top(), self.tracks[output].left() - row.left() - 8, row.height())
            if self._places is not None and self._places.stacked:
                room = QRectF(row.left(), row.top(), row.width(), row.height() / 2)
            draw_text(painter, room, LEFT, name, elide=_ELIDE, whose="output")
            if output == words.true:
                paint_ring(painter, room, name, theme())
            if output < len(words.figures):
                painter.setFont(self._small)
                painter.setPen(QColor(theme().accent if output == words.winner else theme().muted))
                draw_text(painter, self._bar_row(output), RIGHT, words.figures[output], whose="figure")

    def _paint_verdict_and_balance(self, painter: QPainter, place: QRect, balance: QRect) -> None:
        """Paint the verdict and the balance of an output, instead of the reasons where it would cover them."""
        assert self._places is not None
        _clear(painter, QRectF(place))
        _clear(painter, QRectF(balance).adjusted(-2, 0, 2, 0))  # letters may stand out
        painter.setFont(self._small)
        painter.setPen(QColor(theme().text))
        words, bounds = self.words, painter.fontMetrics().boundingRect
        text = next((each for each in words.balance if balance.contains(bounds(balance, _WRAPPED, each))), "")
        draw_text(painter, QRectF(balance), _WRAPPED, text, whose="balance")
        if text and place.intersects(balance):
            words = replace(words, reasons=())
        painter.setClipRect(place)
        size = verdict_size(self._places.outputs.height())
        fonts = self._font, self._bold, self._small
        is_high = place.height() == self._places.outputs.height()  # beside the rows
        beside = SMALL + 4 if self._has_digit and not is_high else 0
        room = QRectF(place.adjusted(0, 0, -beside, 0))
        paint_verdict(painter, room, words, theme(), fonts, size, is_high=is_high)


def paint_ring(painter: QPainter, room: QRectF, name: str, theme: Theme) -> None:
    """Paint the ring of the true class around its name at the left of `room`."""
    wide = min(painter.fontMetrics().horizontalAdvance(name), room.width())
    high = min(max(18.0, painter.fontMetrics().height()), room.height() - 2)
    ring = QRectF(
        room.left() + min(0.0, (wide - high) / 2), room.center().y() - high / 2, max(wide, high), high
    )
    if wide > high:
        ring.adjust(-5, 0, 5, 0)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inked(painter, theme.right, 1.5).drawRoundedRect(ring, high / 2, high / 2)
    painter.restore()


def paint_verdict(
    painter: QPainter,
    room: QRectF,
    words: OutputWords,
    theme: Theme,
    fonts: tuple[QFont, QFont, QFont],
    size: int,
    *,
    is_high: bool = False,
) -> None:
    """Paint the predicted class in `size` pixels, and the reasons beside it, or below a long one. If the room
    `is_high`, the letters are as large as fit, with the reasons below. `fonts`: text, bold text and small print."""
    font, bold, small = fonts
    room = QRectF(room)
    if is_high:
        below = 4 * QFontMetricsF(small).height() + 6
        size = round(min(0.58 * room.height(), 1.3 * room.width()))
        if room.height() > 4 * SMALL:  # the small digit may stand at the bottom
            size = min(size, round((room.height() - SMALL - below) / 0.85))
        bold = sized(bold, round(1.2 * QFontMetricsF(bold).ascent()))
    if words.word:
        short = len(words.word) <= 2
        large = sized(font, size if short else round(1.3 * QFontMetricsF(font).height()))
        large.setWeight(QFont.Weight.Bold)
        while not short and large.pixelSize() > 13:
            if QFontMetricsF(large).horizontalAdvance(words.word) <= room.width():
                break
            large.setPixelSize(large.pixelSize() - 1)
        metrics = QFontMetricsF(large)
        painter.setFont(large)
        painter.setPen(QColor(theme.text))
        if short and is_high:
            top = QRectF(room.left(), room.top(), room.width(), 0.85 * size)
            wide = metrics.horizontalAdvance(words.word) + 4
            painter.fillRect(QRectF(top.left(), top.top(), wide, top.height()), QColor(theme.card))
            draw_text(painter, top, LEFT, words.word, whose="verdict")
            room.setTop(top.bottom() + 6)
            room.setHeight(min(room.height(), 4 * QFontMetricsF(small).height()))
        elif short:
            width = min(metrics.horizontalAdvance(words.word) + 14, room.width())
            draw_text(painter, QRectF(room.left(), room.top(), width, room.height()), LEFT, words.word)
            room.setLeft(room.left() + width)
        else:
            free = max(0.0, room.height() - metrics.height() - 2 * QFontMetricsF(small).height())
            top = QRectF(room.left(), room.top() + free / 2, room.width(), metrics.height())
            draw_text(painter, top, LEFT, words.word, elide=_ELIDE, whose="verdict")
            room.setTop(top.bottom())
            room.setBottom(room.bottom() - free / 2)
    colour = theme.text if words.right is None else theme.right if words.right else theme.wrong
    lines = [(bold, colour, words.truth)] if words.truth else []
    lines += [
        (small, theme.muted if number or words.truth else theme.text, reason)
        for number, reason in enumerate(words.reasons)
    ]
    _paint_reasons(painter, room, lines, QColor(theme.card if is_high else Qt.GlobalColor.transparent))


def _shortened(width: float, font: QFont, colour: str, text: str) -> tuple[QFont, str, str]:
    """Return a line, or only its sign if its longest word does not fit, or nothing if less than half fits."""
    metrics = QFontMetricsF(font)
    words = text.split() or [""]
    if max(map(metrics.horizontalAdvance, words)) <= width:
        return font, colour, text
    if len(words[0]) == 1 and metrics.horizontalAdvance(words[0]) <= width:
        return font, colour, words[0]
    return font, colour, text if metrics.horizontalAdvance(text) <= 2 * width else ""


def _paint_reasons(
    painter: QPainter, room: QRectF, lines: list[tuple[QFont, str, str]], ground: QColor
) -> None:
    """Paint as many of the lines as fit, vertically centred, on a `ground` that hides lines to the outputs."""
    lines = [each for each in (_shortened(room.width(), *line) for line in lines) if each[2]]
    endless = QRectF(0, 0, room.width(), 9_999)
    heights = [QFontMetricsF(font).boundingRect(endless, _WRAPPED, text).height() for font, _, text in lines]
    at = room.top() + max(0.0, (room.height() - sum(heights)) / 2)
    for (font, colour, text), height in zip(lines, heights, strict=True):
        # characters of another font may be higher
        line = QFontMetricsF(font).boundingRect(room, LEFT, text).height()
        if (free := room.bottom() + 1 - at) < 0.85 * line:
            break
        painter.setFont(font)
        painter.setPen(QColor(colour))
        whole = QRectF(room.left(), at, room.width(), min(height, free))
        bounds = QFontMetricsF(font).boundingRect(whole, _WRAPPED, text)
        painter.fillRect(bounds.adjusted(-2, 0, 3, 0), ground)
        wide = bounds.width()  # at least of the longest word
        if height <= free + 2 and wide <= room.width() + 1:
            draw_text(painter, whole, _WRAPPED, text, whose="verdict")
        else:
            draw_text(painter, whole, LEFT, text, elide=_ELIDE, whose="verdict")
        at += height


def _clear(painter: QPainter, room: QRectF) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # of whole pixels
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
    painter.fillRect(room, Qt.GlobalColor.transparent)
    painter.restore()
