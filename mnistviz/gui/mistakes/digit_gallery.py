"""Pictures of digits: tiles that scroll, the nearest training digits, and one digit large."""

from collections.abc import Callable, Sequence
from typing import Final, Literal, NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import QBoxLayout, QDialog, QLabel, QSizePolicy, QWidget

from mnistviz.engine.digits import SIDE
from mnistviz.gui.common.digit_image import digit_image
from mnistviz.gui.common.digit_tiles import DigitTiles, TilePainter, TilesContent
from mnistviz.gui.common.layouts import column_of, label, row_of
from mnistviz.gui.common.painted_figure import ENTER, LEFT
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.tooltips import set_tooltip
from mnistviz.gui.common.widgets import describe

PICTURE: Final = 42  # pixels, of a digit in a tile
_AROUND: Final = 3  # pixels, around a tile
_BESIDE: Final = 6  # pixels, from a picture to its text
_WIDEST: Final = 9  # lines of text: the largest width of a text
_ELIDE: Final = Qt.TextElideMode.ElideRight
Tone = Literal["text", "muted", "right", "wrong"]


class TileLine(NamedTuple):
    """A line beside a picture, in a colour of the theme. `of` is a prefix in a colour of its own."""

    text: str
    tone: Tone = "text"
    of: str = ""
    hue: str = ""


class GalleryContent(TilesContent, frozen=True, eq=False):
    """The digits in the gallery. `lines` returns the lines beside a digit, at most `count`."""

    lines: Callable[[int], tuple[TileLine, ...]]
    count: int = 2


class _GalleryPainter(TilePainter[GalleryContent]):
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
                draw_text(painter, room, LEFT, line.of, ink=line.hue)
            room.setLeft(left + (metrics.horizontalAdvance(line.of + " ") if line.of else 0))
            elide = None if metrics.horizontalAdvance(line.text) <= room.width() else _ELIDE
            tone = getattr(theme(), line.tone)
            draw_text(painter, room, LEFT, line.text, ink=tone, elide=elide, whose="digit_gallery")
            room.setLeft(left)
            room.translate(0, high)


class DigitGallery(DigitTiles[GalleryContent]):
    """Digits in rows. Arrow keys move, Enter shows the digit large."""

    def __init__(
        self, choose: Callable[[int], object], open_large: Callable[[], object],
        leave: Callable[[], object],
    ) -> None:  # fmt: skip
        super().__init__(choose)
        self._open_large, self._leave = open_large, leave
        self.setItemDelegate(_GalleryPainter(self))
        describe(self, "digit_gallery", tr("Digits"), "")
        what = tr(
            "The digits that are chosen in the matrix. A click puts one on the scratchpad; arrow keys go on, "
            "Enter shows it large."
        )
        self.setWhatsThis(what)
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
        metrics = QFontMetrics(self.line_font)
        text = min(metrics.horizontalAdvance(content.widest) + 4, _WIDEST * metrics.height())
        wide = 2 * _AROUND + PICTURE + _BESIDE + text + 4
        return QSize(wide, max(PICTURE + 2 * _AROUND, content.count * metrics.height() + 2 * _AROUND))


_PICTURE, _LOW_PICTURE = 56, 42  # pixels: the side of a picture, also if there is little height
_BETWEEN = 8  # pixels between two pictures


class NearPicture(Struct, frozen=True, eq=False):
    image: NDArray[np.uint8]
    caption: str
    told: str


class NearPair(QWidget):
    """Up to two pictures side by side, or one above the other if there is little width."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("nearest_digits")
        self.near = tuple[NearPicture, ...]()
        self._rows = [_NearRow("nearest_taken"), _NearRow("nearest_own")]
        self._layout = row_of(*((row, 1) for row in self._rows), spacing=_BETWEEN, inside=self)

    def adopt_theme(self) -> None:
        self.show_near(self.near)

    def show_near(self, near: Sequence[NearPicture]) -> None:
        self.near = tuple(near)
        for place, row in enumerate(self._rows):
            row.setVisible(place < len(self.near))
            if place < len(self.near):
                row.show_digit(self.near[place], _PICTURE)

    def fit(self, width: int, free: int) -> int:
        """Lay out the pictures for this width and `free` height. Return the least height that they need."""
        line, count = self.fontMetrics().height(), len(self.near)
        side = _PICTURE if free >= _PICTURE + line else _LOW_PICTURE
        for row, near in zip(self._rows, self.near, strict=False):
            row.show_digit(near, side)
        beside = sum(row.needed for row in self._rows[:count]) + _BETWEEN <= width
        share = (width - _BETWEEN * (count - 1)) // count if beside and count else width
        for row in self._rows[:count]:
            row.shorten(share - side - _BESIDE)
        ways = QBoxLayout.Direction
        self._layout.setDirection(ways.LeftToRight if beside else ways.TopToBottom)
        rows = min(1, count) if beside else count
        return rows * max(side, 3 * line) + max(0, rows - 1) * _BETWEEN


class _NearRow(QWidget):
    is_picture = True

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._picture, self._words = QLabel(), label("smallPrint")
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row_of(self._picture, (self._words, 1), spacing=_BESIDE, inside=self)

    @property
    def needed(self) -> int:
        return 0 if self.isHidden() else self._picture.width() + _BESIDE + self._words.sizeHint().width()

    def shorten(self, room: int) -> None:
        metrics, right = self._words.fontMetrics(), Qt.TextElideMode.ElideRight
        lines = self._words.text().split("\n")
        self._words.setText("\n".join(metrics.elidedText(line, right, room) for line in lines))

    def show_digit(self, near: NearPicture, side: int) -> None:
        self._picture.setPixmap(framed_digit(near.image, side, self.devicePixelRatioF()))
        self._picture.setFixedSize(side, side)
        self._words.setText(near.caption)
        set_tooltip(self, near.told)
        self.setAccessibleName(near.told)


def framed_digit(image: NDArray[np.uint8], side: int, ratio: float) -> QPixmap:
    pixels = round(side * ratio)
    picture = QPixmap(pixels, pixels)
    with QPainter(picture) as painter:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(picture.rect(), digit_image(image.reshape(SIDE, SIDE), theme()))
        painter.setPen(QColor(theme().tile))
        painter.drawRect(0, 0, pixels - 1, pixels - 1)
    picture.setDevicePixelRatio(ratio)
    return picture


_SIDE = 28 * 14  # pixels


class LargeDigit(QDialog):
    """A dialog; Left and Right go to other digits, Enter or Escape closes it."""

    def __init__(self, walk: Callable[[int], object], parent: QWidget) -> None:
        super().__init__(parent)
        self._walk = walk
        self.setObjectName("large_digit")
        self._picture = label("", name="large_digit_picture")
        self.words = label("", name="large_digit_words", wraps=True)
        hint = tr("Left and Right go to the other digits. Escape closes this window.")
        column_of(self._picture, self.words, label("smallPrint", hint), margins=None, inside=self)
        self._picture.setFixedSize(_SIDE, _SIDE)

    def show_digit(self, image: NDArray[np.uint8], title: str, told: str) -> None:
        self._picture.setPixmap(framed_digit(image, _SIDE, self.devicePixelRatioF()))
        self._picture.setAccessibleName(title)
        self.words.setText(told)
        self.setWindowTitle(title)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if (key := Qt.Key(event.key())) in ways:
            self._walk(ways[key])
        elif key in ENTER:
            self.close()
        else:
            super().keyPressEvent(event)
