"""The digits of a part of the matrix as tiles that scroll, each with its label and prediction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter

from mnistviz.gui.common.digit_tiles import DigitTiles, TilePainter, TilesContent
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import describe

PICTURE: Final = 42  # pixels, of a digit in a tile
_AROUND: Final = 3  # pixels, around a tile
_BESIDE: Final = 6  # pixels, from a picture to its text
_WIDEST: Final = 9  # lines of text: the largest width of a text
_ELIDE: Final = Qt.TextElideMode.ElideRight
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter

Tone = Literal["text", "muted", "right", "wrong"]


class TileLine(NamedTuple):
    """A line beside a picture, in a colour of the theme. `of` is a prefix in a colour of its own."""

    text: str
    tone: Tone = "text"
    of: str = ""
    hue: str = ""


@dataclass(frozen=True, eq=False)
class GalleryContent(TilesContent):
    """The digits in the gallery. `lines` returns the lines beside a digit, at most `count`."""

    lines: Callable[[int], tuple[TileLine, ...]]
    count: int = 2


class _GalleryPainter(TilePainter[GalleryContent]):
    """Paints the picture at the left and the lines at its right."""

    def picture_place(self, tile: QRectF) -> QRectF:
        return QRectF(tile.left() + _AROUND, tile.top() + (tile.height() - PICTURE) / 2, PICTURE, PICTURE)

    def paint_words(
        self, painter: QPainter, tile: QRectF, picture: QRectF, content: GalleryContent, number: int
    ) -> None:
        painter.setFont(self.tiles.line_font)
        metrics, left, lines = painter.fontMetrics(), picture.right() + _BESIDE, content.lines(number)
        high = metrics.height()
        room = QRectF(left, tile.center().y() - len(lines) * high / 2, tile.right() - left - 2, high)
        for line in lines:
            if line.of:
                painter.setPen(self.colour(line.hue))
                draw_text(painter, room, _LEFT, line.of)
            room.setLeft(left + (metrics.horizontalAdvance(line.of + " ") if line.of else 0))
            elide = None if metrics.horizontalAdvance(line.text) <= room.width() else _ELIDE
            painter.setPen(self.colour(getattr(self.tiles.theme, line.tone)))
            draw_text(painter, room, _LEFT, line.text, elide=elide, whose="digit_gallery")
            room.setLeft(left)
            room.translate(0, high)


class DigitGallery(DigitTiles[GalleryContent]):
    """Digits in rows. Arrow keys move, Enter shows the digit large."""

    def __init__(
        self, theme: Theme, choose: Callable[[int], object], open_large: Callable[[], object],
        leave: Callable[[], object],
    ) -> None:  # fmt: skip
        """`open_large` shows the chosen digit large; `leave` is called when the pointer leaves the gallery."""
        super().__init__(theme, choose)
        self._open_large, self._leave = open_large, leave
        self.setItemDelegate(_GalleryPainter(self))
        describe(self, "digit_gallery", self.tr("Digits"), "")
        self.setWhatsThis(
            self.tr(
                "The digits that are chosen in the matrix. A click puts one on the scratchpad; arrow keys go on, "
                "Enter shows it large."
            )
        )
        self.activated.connect(lambda: open_large())

    def enter(self) -> None:
        if self.digit is None:
            self.walk(1)
        if self.digit is not None:
            self._open_large()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._leave()

    def minimumSizeHint(self) -> QSize:
        return QSize(PICTURE + 60, PICTURE + 2 * _AROUND)

    def tile_size(self, content: GalleryContent) -> QSize:
        """Return the size of a tile: as wide as the longest line, up to a limit."""
        metrics = QFontMetrics(self.line_font)
        text = min(metrics.horizontalAdvance(content.widest) + 4, _WIDEST * metrics.height())
        wide = 2 * _AROUND + PICTURE + _BESIDE + text + 4
        return QSize(wide, max(PICTURE + 2 * _AROUND, content.count * metrics.height() + 2 * _AROUND))
