"""Digits as tiles that scroll, each with what it is and what was read: only those in view cost anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QFrame, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from mnistviz.engine.digits import SIDE
from mnistviz.gui.common.digit_image import digit_image
from mnistviz.gui.common.focus_ring import has_ring
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.tooltips import tooltip
from mnistviz.gui.common.widgets import describe, small_font, tabular

PICTURE: Final = 42  # pixels, of a digit in a tile
_AROUND: Final = 3  # pixels, around a tile
_MOST_MADE: Final = 1_000  # pictures of digits that are kept, of 3 kB each
_BESIDE: Final = 6  # pixels, from a picture to its text
_WIDEST: Final = 9  # lines of text: a text has no more width
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter

Index = QModelIndex | QPersistentModelIndex
Tone = Literal["text", "muted", "right", "wrong"]


class TileLine(NamedTuple):
    """A line beside a picture, in a colour of the theme; before it may stand what it is of, in a hue of its own."""

    text: str
    tone: Tone = "text"
    of: str = ""
    hue: str = ""


@dataclass(frozen=True, eq=False)
class GalleryContent:
    """What is in the gallery: digits of a set by their `numbers`, in this order. `lines` are those beside a digit, and
    `told` is what is said of it at length. `widest` is a text as long as any line, `count` how many lines there are."""

    images: NDArray[np.uint8]
    numbers: NDArray[np.intp]
    lines: Callable[[int], tuple[TileLine, ...]]
    told: Callable[[int], str]
    widest: str
    count: int = 2


class _TileModel(QAbstractListModel):
    """The digits of a gallery, as Qt asks for them: only the ones in view."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.content: GalleryContent | None = None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if self.content is None or parent.isValid() else len(self.content.numbers)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self.content is None or role not in (
            Qt.ItemDataRole.ToolTipRole,
            Qt.ItemDataRole.AccessibleTextRole,
        ):
            return None
        told = self.content.told(int(self.content.numbers[index.row()]))
        return tooltip(told) if role == Qt.ItemDataRole.ToolTipRole else told

    def show(self, content: GalleryContent) -> None:
        self.beginResetModel()
        self.content = content
        self.endResetModel()


class _TilePainter(QStyledItemDelegate):
    """Paints a tile."""

    def __init__(self, gallery: DigitGallery) -> None:
        super().__init__(gallery)
        self._gallery = gallery
        self._of: tuple[object, Theme] | None = None  # the pictures and the theme that `_pixmaps` are of
        self._pixmaps: dict[int, QPixmap] = {}

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return self._gallery.gridSize()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        gallery, content, theme = self._gallery, self._gallery.content, self._gallery.theme
        if content is None:
            return
        number = int(content.numbers[index.row()])
        tile = QRectF(option.rect)
        painter.save()
        if index == gallery.currentIndex():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.setBrush(QColor(theme.accent_soft))
            painter.drawRoundedRect(tile.adjusted(1, 1, -1, -1), 4, 4)
            painter.setBrush(Qt.BrushStyle.NoBrush)
        elif index.row() == 0 and has_ring(gallery) and not gallery.currentIndex().isValid():
            painter.setPen(QPen(QColor(theme.accent), 1))  # where the keys begin
            painter.drawRect(tile.adjusted(1.5, 1.5, -1.5, -1.5))
        down = (tile.height() - PICTURE) / 2
        picture = QRectF(tile.left() + _AROUND, tile.top() + down, PICTURE, PICTURE)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(picture, self._pixmap(content, number, theme), QRectF(0, 0, SIDE, SIDE))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QColor(theme.tile))
        painter.drawRect(picture)
        self._paint_lines(painter, tile, picture.right() + _BESIDE, content.lines(number))
        painter.restore()

    def _pixmap(self, content: GalleryContent, number: int, theme: Theme) -> QPixmap:
        """A digit, made once: all tiles are painted anew whenever other digits are misread."""
        if self._of is None or self._of[0] is not content.images or self._of[1] is not theme:
            self._of, self._pixmaps = (content.images, theme), {}
        if number not in self._pixmaps:
            if len(self._pixmaps) >= _MOST_MADE:
                self._pixmaps.clear()
            image = digit_image(content.images[number].reshape(SIDE, SIDE), theme)
            self._pixmaps[number] = QPixmap.fromImage(image)
        return self._pixmaps[number]

    def _paint_lines(self, painter: QPainter, tile: QRectF, left: float, lines: tuple[TileLine, ...]) -> None:
        painter.setFont(self._gallery.line_font)
        high = painter.fontMetrics().height()
        top = tile.center().y() - len(lines) * high / 2
        for place, line in enumerate(lines):
            room = QRectF(left, top + place * high, tile.right() - left - 2, high)
            if line.of:
                painter.setPen(QColor(line.hue))
                draw_text(painter, room, _LEFT, line.of)
                room.setLeft(left + painter.fontMetrics().horizontalAdvance(line.of + " "))
            painter.setPen(QColor(getattr(self._gallery.theme, line.tone)))
            draw_text(
                painter, room, _LEFT, line.text, elide=Qt.TextElideMode.ElideRight, whose="digit_gallery"
            )


class DigitGallery(QListView):
    """Digits in rows; arrow keys go from one to the next, and Enter opens it large."""

    digit_chosen = Signal(int)
    """The number of a digit, by the user."""
    opened = Signal()
    """The chosen digit is to be seen large."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._model = _TileModel(self)
        self._quiet = False
        self.line_font = tabular(small_font(self))
        self.setModel(self._model)
        self.setItemDelegate(_TilePainter(self))
        describe(self, "digit_gallery", self.tr("Digits"), "")
        self.setWhatsThis(
            self.tr(
                "The digits that are chosen in the matrix. A click puts one on the scratchpad; arrow keys go on, "
                "Enter shows it large."
            )
        )
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("role", "scrolled")
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QListView.SelectionMode.SingleSelection)
        self.activated.connect(lambda: self.opened.emit())
        self.selectionModel().currentChanged.connect(self._on_current)

    @property
    def content(self) -> GalleryContent | None:
        return self._model.content

    @property
    def digit(self) -> int | None:
        """The number of the chosen digit; None where none is chosen of those that are here."""
        row = self.currentIndex().row()
        return None if self.content is None or row < 0 else int(self.content.numbers[row])

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self._fit()
        self.viewport().update()

    def show_content(self, content: GalleryContent, digit: int | None, *, stay: bool) -> None:
        """Shows these digits. The one of that number stays chosen, if it is here. What is in view may `stay` in
        its place; else it begins with the chosen one, or with the first."""
        self._quiet = True
        bar = self.verticalScrollBar()
        place = bar.value()
        self.setAutoScroll(not stay)
        self._model.show(content)
        self._fit()
        if digit is not None and (found := np.flatnonzero(content.numbers == digit)).size:
            self.setCurrentIndex(self._model.index(int(found[0])))
        if stay or self.currentIndex().row() < 0:
            self.executeDelayedItemsLayout()
            bar.setValue(place if stay else 0)
        self.setAutoScroll(True)
        self._quiet = False

    def walk(self, by: int) -> None:
        """Chooses a digit that is so many places further, as far as there are some."""
        count = self._model.rowCount()
        if count:
            row = min(max(self.currentIndex().row() + by, 0), count - 1)
            self.setCurrentIndex(self._model.index(row))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        key = Qt.Key(event.key())
        if key in ways:
            self.walk(ways[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.digit is None:
                self.walk(1)
            if self.digit is not None:
                self.opened.emit()
        elif key == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Chooses nothing, as Qt would: what is chosen goes to the scratchpad."""
        chosen, self._quiet = self.currentIndex(), True
        super().focusInEvent(event)
        if not chosen.isValid():
            self.selectionModel().clearCurrentIndex()
        self._quiet = False

    def changeEvent(self, event: Any) -> None:
        super().changeEvent(event)
        if event.type() in (event.Type.FontChange, event.Type.StyleChange) and hasattr(self, "_model"):
            self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(PICTURE + 60, PICTURE + 2 * _AROUND)

    def _fit(self) -> None:
        """Makes tiles as wide as the longest line, up to a bound."""
        self.line_font = tabular(small_font(self))
        metrics, content = QFontMetrics(self.line_font), self.content
        if content is None:
            return
        text = min(metrics.horizontalAdvance(content.widest) + 4, _WIDEST * metrics.height())
        wide = 2 * _AROUND + PICTURE + _BESIDE + text + 4
        high = max(PICTURE + 2 * _AROUND, content.count * metrics.height() + 2 * _AROUND)
        self.setGridSize(QSize(wide, high))

    def _on_current(self) -> None:
        self.viewport().update()
        if not self._quiet and self.digit is not None:
            self.digit_chosen.emit(self.digit)
