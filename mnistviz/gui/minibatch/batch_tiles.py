"""The digits of a mini-batch as tiles that scroll: what was read, the cost before and after, how hard each pulls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

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
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from mnistviz.engine.digits import SIDE
from mnistviz.gui.common.digit_image import digit_image
from mnistviz.gui.common.focus_ring import has_ring
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.tooltips import tooltip
from mnistviz.gui.common.widgets import describe, small_font, tabular

PICTURE: Final = 44  # pixels, of a digit
_AROUND: Final = 4  # pixels, around what is in a tile
_BETWEEN: Final = 3  # pixels, from the picture to the lines, and above the bar
_BAR: Final = 8  # pixels
_WIDEST: Final = 8  # lines of text: a tile is no wider
_CENTRED: Final = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter

Index = QModelIndex | QPersistentModelIndex


class BatchLines(NamedTuple):
    """What stands below a digit: what it was `read` as, which is `right` or not; its cost before and `after` the step,
    with the `tone` of that; and how hard it pulls, as a number and as the `share` of the one that pulls hardest."""

    read: str
    right: bool
    cost: str
    after: str
    tone: str
    share: float
    pull: str


@dataclass(frozen=True, eq=False)
class BatchContent:
    """The digits by their places in the mini-batch, in this `order`. `heads` name the lines, `told` says all of a digit
    at length, and `widest` is a text as long as any of its lines."""

    images: NDArray[np.uint8]
    order: NDArray[np.intp]
    lines: Callable[[int], BatchLines]
    told: Callable[[int], str]
    heads: tuple[str, str, str, str]
    widest: str


class _BatchModel(QAbstractListModel):
    """The digits, as Qt asks for them: only the ones in view."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.content: BatchContent | None = None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if self.content is None or parent.isValid() else len(self.content.order)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        roles = Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole
        if self.content is None or role not in roles:
            return None
        told = self.content.told(int(self.content.order[index.row()]))
        return tooltip(told) if role == Qt.ItemDataRole.ToolTipRole else told

    def show(self, content: BatchContent) -> None:
        self.beginResetModel()
        self.content = content
        self.endResetModel()


class _BatchPainter(QStyledItemDelegate):
    """Paints a tile."""

    def __init__(self, tiles: BatchTiles) -> None:
        super().__init__(tiles)
        self._tiles = tiles

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return self._tiles.gridSize()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        tiles, content, theme = self._tiles, self._tiles.content, self._tiles.theme
        if content is None:
            return
        place = int(content.order[index.row()])
        tile = QRectF(option.rect).adjusted(1, 1, -2, -2)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        current = index == tiles.currentIndex()
        if current or tiles.all_chosen:
            painter.setPen(QPen(QColor(theme.accent), 2) if current else QPen(Qt.PenStyle.NoPen))
            painter.setBrush(QColor(theme.accent_soft))
            painter.drawRoundedRect(tile, 5, 5)
            painter.setBrush(Qt.BrushStyle.NoBrush)
        elif index.row() == 0 and has_ring(tiles) and not tiles.currentIndex().isValid():
            painter.setPen(QPen(QColor(theme.accent), 1))  # where the keys begin
            painter.drawRect(tile.adjusted(0.5, 0.5, -0.5, -0.5))
        picture = QRectF(tile.center().x() - PICTURE / 2, tile.top() + _AROUND, PICTURE, PICTURE)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(picture, digit_image(content.images[place].reshape(SIDE, SIDE), theme))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QColor(theme.tile))
        painter.drawRect(picture)
        self._paint_lines(painter, tile, picture.bottom() + _BETWEEN, content.lines(place))
        painter.restore()

    def _paint_lines(self, painter: QPainter, tile: QRectF, top: float, lines: BatchLines) -> None:
        theme, elide = self._tiles.theme, Qt.TextElideMode.ElideRight
        high = QFontMetrics(self._tiles.line_font).height()
        room = QRectF(tile.left() + 1, top, tile.width() - 2, high)
        painter.setFont(self._tiles.bold_font)
        painter.setPen(QColor(theme.right if lines.right else theme.wrong))
        draw_text(painter, room, _CENTRED, lines.read, elide=elide, whose="batch_tiles")
        painter.setFont(self._tiles.line_font)
        for text, tone in ((lines.cost, "text"), (lines.after, lines.tone)):
            room.translate(0, high)
            painter.setPen(QColor(getattr(theme, tone)))
            draw_text(painter, room, _CENTRED, text, elide=elide, whose="batch_tiles")
        bar = QRectF(tile.center().x() - PICTURE / 2, room.bottom() + _BETWEEN, PICTURE, _BAR)
        painter.fillRect(bar, QColor(theme.grid))
        bar.setWidth(max(1.0, lines.share * PICTURE))
        painter.fillRect(bar, QColor(theme.answer))
        room.translate(0, high + 2 * _BETWEEN + _BAR - 1)
        painter.setPen(QColor(theme.muted))
        draw_text(painter, room, _CENTRED, lines.pull, elide=elide, whose="batch_tiles")


class _LineHeads(QWidget):
    """The names of the lines, beside each row of tiles in view."""

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
            y = top + 1 + _AROUND + PICTURE + _BETWEEN
            for line, head in enumerate(content.heads):
                room = QRectF(0, y + line * high + (line == 3) * _BETWEEN, self.width() - 4, high)
                draw_text(painter, room, _LEFT, head)


class BatchTiles(QListView):
    """Digits in rows; arrow keys go from one to the next."""

    digit_chosen = Signal(int)
    """The place of a digit in the mini-batch, by the user."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.all_chosen = False
        self._model = _BatchModel(self)
        self._quiet = False
        self.setModel(self._model)
        self.setItemDelegate(_BatchPainter(self))
        describe(self, "batch_tiles", self.tr("The digits of the mini-batch"), "")
        self.setWhatsThis(
            self.tr(
                "The digits of one mini-batch, as the network was shown them. A click puts one into the network card; "
                "arrow keys go on, Escape goes back to all of them."
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
        self._heads = _LineHeads(self)
        self.verticalScrollBar().valueChanged.connect(self._heads.update)
        self.selectionModel().currentChanged.connect(self._on_current)

    @property
    def content(self) -> BatchContent | None:
        return self._model.content

    @property
    def digit(self) -> int | None:
        """The place in the mini-batch of the chosen digit; None where none is chosen."""
        row = self.currentIndex().row()
        return None if self.content is None or row < 0 else int(self.content.order[row])

    @property
    def line_font(self) -> QFont:
        return tabular(small_font(self))

    @property
    def bold_font(self) -> QFont:
        font = self.line_font
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def row_tops(self) -> list[int]:
        """Where the rows of tiles in view begin."""
        grid, count = self.gridSize(), self._model.rowCount()
        columns = max(1, self.viewport().width() // max(1, grid.width()))
        tops = (row * grid.height() - self.verticalScrollBar().value() for row in range(-(-count // columns)))
        return [top for top in tops if -grid.height() < top < self.viewport().height()]

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self._fit()
        self.viewport().update()

    def show_content(self, content: BatchContent, digit: int | None, *, all_chosen: bool, stay: bool) -> None:
        """Shows these digits, of which one or all are chosen. What is in view may `stay` in its place."""
        self._quiet = True
        bar = self.verticalScrollBar()
        place = bar.value()
        self.all_chosen = all_chosen
        self.setAutoScroll(not stay)
        self._model.show(content)
        self._fit()
        if digit is not None and (found := np.flatnonzero(content.order == digit)).size:
            self.setCurrentIndex(self._model.index(int(found[0])))
        if stay or self.currentIndex().row() < 0:
            self.executeDelayedItemsLayout()
            bar.setValue(place if stay else 0)
        self.setAutoScroll(True)
        self._heads.update()
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
            before = self.digit
            self.walk(ways[key])
            if self.all_chosen and self.digit is not None and self.digit == before:
                self.digit_chosen.emit(self.digit)  # at the end of the row: from all of them to this one
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.digit is None:
                self.walk(1)
            elif self.all_chosen:
                self.digit_chosen.emit(self.digit)
        elif key == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: Any) -> None:
        before = self.currentIndex()
        super().mousePressEvent(event)
        clicked = self.indexAt(event.position().toPoint())
        if clicked.isValid() and clicked == before and self.digit is not None:
            self.digit_chosen.emit(self.digit)  # it may be one of all of them until now

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Chooses nothing, as Qt would."""
        chosen, self._quiet = self.currentIndex(), True
        super().focusInEvent(event)
        if not chosen.isValid():
            self.selectionModel().clearCurrentIndex()
        self._quiet = False

    def changeEvent(self, event: Any) -> None:
        super().changeEvent(event)
        if event.type() in (event.Type.FontChange, event.Type.StyleChange) and hasattr(self, "_heads"):
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        margins = self.viewportMargins()
        self._heads.setGeometry(0, 0, margins.left(), self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(3 * PICTURE + 60, self._height())

    def _height(self) -> int:
        lines = 4 * QFontMetrics(self.line_font).height()
        return PICTURE + 2 * _AROUND + lines + 3 * _BETWEEN + _BAR + 3

    def _fit(self) -> None:
        """Makes tiles as wide as the longest line, up to a bound, and the margin as wide as the names of the lines."""
        content = self.content
        if content is None:
            return
        metrics = QFontMetrics(self.line_font)
        text = min(QFontMetrics(self.bold_font).horizontalAdvance(content.widest), _WIDEST * metrics.height())
        wide = max(PICTURE, text, metrics.horizontalAdvance("▼ 0.000")) + 2 * _AROUND + 4
        self.setGridSize(QSize(wide, self._height()))
        left = max(map(metrics.horizontalAdvance, content.heads)) + 10
        self.setViewportMargins(left, 0, 0, 0)
        self._heads.setGeometry(0, 0, left, self.height())

    def _on_current(self) -> None:
        self.viewport().update()
        if not self._quiet and self.digit is not None:
            self.digit_chosen.emit(self.digit)
