"""Digits as tiles in rows that scroll; only visible ones are painted."""

from abc import abstractmethod
from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar
from weakref import ref

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QFont, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import QFrame, QListView, QStyledItemDelegate, QStyleOptionViewItem

from mnistviz.engine.digits import SIDE
from mnistviz.gui.common.digit_image import digit_image
from mnistviz.gui.common.fitted import Fitted
from mnistviz.gui.common.painter_tools import colour, pen
from mnistviz.gui.common.theme import Theme, theme
from mnistviz.gui.common.tooltips import tooltip
from mnistviz.gui.common.widgets import small_font

_MOST_CACHED: Final = 1_000  # cached pictures of digits, of 3 kB each

Index = QModelIndex | QPersistentModelIndex


class TilesContent(Struct, frozen=True, eq=False):
    """Digits among `images`, uint8 (n, 784), by their `numbers`, in the order of the tiles. `told` describes a digit,
    and `widest` is a text as long as any beside or below a picture."""

    images: NDArray[np.uint8]
    numbers: NDArray[np.intp]
    told: Callable[[int], str]
    widest: str


C = TypeVar("C", bound=TilesContent)


class DigitTiles(Fitted, QListView, Generic[C]):
    """A list of digits through which arrow keys move. Subclasses define the size of a tile."""

    def __init__(self, choose: Callable[[int], object]) -> None:
        """`choose` gets the number of the digit that the user chooses."""
        super().__init__()
        self.choose = choose
        self.line_font: QFont = small_font(self)
        self._model = _TileModel(self)
        self._quiet = False
        self.setModel(self._model)
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
        self.selectionModel().currentChanged.connect(self._on_current)
        self.verticalScrollBar().valueChanged.connect(self._scroll_whole_rows)

    @property
    def content(self) -> C | None:
        content: C | None = self._model.content  # type: ignore[assignment]
        return content

    @property
    def digit(self) -> int | None:
        row = self.currentIndex().row()
        return None if self.content is None or row < 0 else int(self.content.numbers[row])

    def adopt_theme(self) -> None:
        self.refit()

    def show_content(self, content: C, digit: int | None, *, stay: bool) -> None:
        """Show these digits. The digit of that number is chosen, if it is among them. `stay` keeps the scroll position;
        else the list begins with the chosen digit, or with the first."""
        self._quiet = True
        bar = self.verticalScrollBar()
        place = bar.value()
        self.setAutoScroll(not stay)
        self._model.show(content)
        self.refit()
        if digit is not None and (rows := np.flatnonzero(content.numbers == digit)).size:
            self.setCurrentIndex(self._model.index(int(rows[0])))
        if stay or self.currentIndex().row() < 0:
            self.executeDelayedItemsLayout()
            bar.setValue(place if stay else 0)
        self.setAutoScroll(True)
        self._quiet = False

    def clear(self) -> None:
        self._quiet = True
        self._model.show(None)
        self._quiet = False

    def walk(self, by: int) -> None:
        row = min(max(self.currentIndex().row() + by, 0), self._model.rowCount() - 1)
        self.setCurrentIndex(self._model.index(row))

    @abstractmethod
    def tile_size(self, content: C) -> QSize:
        """Return the size of a tile of this content, in the current fonts."""

    @abstractmethod
    def enter(self) -> None:
        """Handle the Enter key."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if (key := Qt.Key(event.key())) in ways:
            self.walk(ways[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.enter()
        elif key == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: Any) -> None:
        """Choose the digit, also the current one, which may not be shown elsewhere."""
        before = self.currentIndex()
        super().mousePressEvent(event)
        clicked = self.indexAt(event.position().toPoint())
        if clicked.isValid() and clicked == before and self.digit is not None:
            self.choose(self.digit)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Select nothing, as Qt would: a selection is shown elsewhere, too."""
        chosen, self._quiet = self.currentIndex(), True
        super().focusInEvent(event)
        if not chosen.isValid():
            self.selectionModel().clearCurrentIndex()
        self._quiet = False

    def refit(self) -> None:
        self.line_font = small_font(self)
        if hasattr(self, "_model") and self.content is not None:
            size, around = self.tile_size(self.content), self.viewportMargins()
            wide = self.width() - self.verticalScrollBar().sizeHint().width() - 1  # with or without the bar
            size.setWidth(max(size.width(), wide // max(1, wide // size.width())))  # no hole at the right
            self.setGridSize(size)
            room = self.height() - around.top()
            around.setBottom(room % size.height() if room > size.height() else 0)  # no row is cut
            if around != self.viewportMargins():
                self.setViewportMargins(around)

    def _scroll_whole_rows(self, value: int) -> None:
        if (high := self.gridSize().height()) > 0:
            self.verticalScrollBar().setValue(round(value / high) * high)

    def _on_current(self) -> None:
        self.viewport().update()
        if not self._quiet and self.digit is not None:
            self.choose(self.digit)


class TilePainter(QStyledItemDelegate, Generic[C]):
    def __init__(self, tiles: DigitTiles[C]) -> None:
        super().__init__(tiles)
        self.tiles = tiles
        self._of: tuple[ref[NDArray[np.uint8]], Theme] | None = None  # the source of `_pixmaps`
        self._pixmaps: dict[int, QPixmap] = {}
        self._whole = QRectF(0, 0, SIDE, SIDE)

    def is_toned(self) -> bool:
        return False

    @abstractmethod
    def picture_place(self, tile: QRectF) -> QRectF:
        """Return the rectangle of the picture in a tile."""

    @abstractmethod
    def paint_words(self, painter: QPainter, tile: QRectF, picture: QRectF, content: C, number: int) -> None:
        """Paint the text beside or below the picture of a digit."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return self.tiles.gridSize()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        tiles, content = self.tiles, self.tiles.content
        if content is None:
            return
        number, tile = int(content.numbers[index.row()]), QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        current = index == tiles.currentIndex()
        if current or self.is_toned():
            painter.setPen(pen(theme().accent, 2) if current else Qt.PenStyle.NoPen)
            painter.setBrush(colour(theme().accent_soft))
            painter.drawRoundedRect(tile.adjusted(1, 1, -1, -1), 4, 4)
            painter.setBrush(Qt.BrushStyle.NoBrush)
        picture = self.picture_place(tile)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(picture, self._pixmap(content.images, number), self._whole)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(colour(theme().tile))
        painter.drawRect(picture)
        self.paint_words(painter, tile, picture, content, number)
        painter.restore()

    def _pixmap(self, images: NDArray[np.uint8], number: int) -> QPixmap:
        """Return the cached picture of a digit: all tiles are repainted whenever other digits are shown."""
        if self._of is None or self._of[0]() is not images or self._of[1] is not theme():
            self._of, self._pixmaps = (ref(images), theme()), {}
        if number not in self._pixmaps:
            if len(self._pixmaps) >= _MOST_CACHED:
                self._pixmaps.clear()
            picture = digit_image(images[number].reshape(SIDE, SIDE), theme())
            self._pixmaps[number] = QPixmap.fromImage(picture)
        return self._pixmaps[number]


class _TileModel(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.content: TilesContent | None = None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if self.content is None or parent.isValid() else len(self.content.numbers)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        roles = Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole
        if self.content is None or role not in roles:
            return None
        told = self.content.told(int(self.content.numbers[index.row()]))
        return tooltip(told) if role == Qt.ItemDataRole.ToolTipRole else told

    def show(self, content: TilesContent | None) -> None:
        self.beginResetModel()
        self.content = content
        self.endResetModel()
