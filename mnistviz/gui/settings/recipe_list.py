"""The list of recipes in groups; each shows the accuracy it reaches and what it demonstrates."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPalette, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.steady import SteadyList
from mnistviz.gui.common.tooltips import tooltip
from mnistviz.gui.lab.recipe_book import RecipeEntry

_GAP: Final = 14  # pixels between the parts of a row
_ABOUT: Final = Qt.ItemDataRole.UserRole + 1
_REACHES: Final = Qt.ItemDataRole.UserRole + 2

Index = QModelIndex | QPersistentModelIndex


class RecipeList(SteadyList):
    """A list as wide as the title that it shows, which shrinks where a title is too long for the panel. Its item data
    are the ids of the recipes."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.currentIndexChanged.connect(self.updateGeometry)
        self.setItemDelegate(_Row(self))
        self.setMaxVisibleItems(24)

    def show_recipes(self, entries: list[RecipeEntry]) -> None:
        self.clear()
        rows = self.model()
        assert isinstance(rows, QStandardItemModel)
        group = ""
        for entry in entries:
            if entry.group != group:
                group = entry.group
                heading = QStandardItem(entry.heading)
                heading.setFlags(Qt.ItemFlag.NoItemFlags)
                rows.appendRow(heading)
            row = QStandardItem(entry.title)
            row.setData(entry.id, Qt.ItemDataRole.UserRole)
            row.setData(self.tr(" · ").join(filter(None, (entry.seeds, entry.about))), _ABOUT)
            row.setData(entry.reaches, _REACHES)
            row.setToolTip(tooltip(" ".join(filter(None, (entry.about, entry.outcome)))))
            rows.appendRow(row)

    def sizeHint(self) -> QSize:
        words = self.fontMetrics().horizontalAdvance(self.currentText())
        return self.minimumSizeHint().expandedTo(QSize(words + self.width() - self.words_room(), 0))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.minimumWidth(), super().sizeHint().height())

    def showPopup(self) -> None:
        super().showPopup()
        view = self.view()
        screen = self.screen().availableGeometry()
        popup = view.window()
        if popup.geometry().right() > screen.right():
            popup.move(max(screen.left(), screen.right() - popup.width()), popup.y())
        view.scrollTo(view.currentIndex())


class _Row(QStyledItemDelegate):
    """Paints a recipe as a row of three parts, and the name of a group alone."""

    def __init__(self, combo: QComboBox) -> None:
        super().__init__(combo)
        self._combo = combo
        self._measured: tuple[str, tuple[int, int]] | None = None  # font and widths
        for changed in (combo.model().rowsInserted, combo.model().rowsRemoved, combo.model().dataChanged):
            changed.connect(self._forget_widths)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        hint = super().sizeHint(option, index)
        about = str(index.data(_ABOUT) or "")
        if about:
            title, reaches = self._widths(option)
            wide = title + reaches + _metrics(option).horizontalAdvance(about) + 4 * _GAP
            hint.setWidth(max(hint.width(), wide))
        return QSize(hint.width(), max(hint.height(), _metrics(option).height() + 6))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        recipe = index.data(Qt.ItemDataRole.UserRole) is not None
        colours = option.palette
        painter.save()
        if recipe and option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, colours.brush(QPalette.ColorRole.Highlight))
        font, muted = QFont(option.font), QApplication.palette().color(QPalette.ColorRole.PlaceholderText)
        font.setBold(not recipe)
        painter.setFont(font)
        painter.setPen(colours.color(QPalette.ColorRole.Text) if recipe else muted)
        middle = Qt.AlignmentFlag.AlignVCenter
        room = QRectF(option.rect).adjusted(_GAP if recipe else 6, 0, -6, 0)
        title = str(index.data(Qt.ItemDataRole.DisplayRole))
        about = str(index.data(_ABOUT) or "")
        right = Qt.TextElideMode.ElideRight
        if not about:
            draw_text(painter, room, middle, title, elide=right)
        else:
            wide, figure = self._widths(option)
            draw_text(painter, QRectF(room.topLeft(), QSize(wide, option.rect.height())), middle, title)
            room.setLeft(room.left() + wide + _GAP)
            number = QRectF(room.topLeft(), QSize(figure, option.rect.height()))
            draw_text(painter, number, middle, str(index.data(_REACHES)))
            room.setLeft(number.right() + _GAP)
            painter.setPen(muted)
            draw_text(painter, room, middle, about, elide=right)
        painter.restore()

    def _widths(self, option: QStyleOptionViewItem) -> tuple[int, int]:
        """Return the widths of the program's titles and outcomes, cached: Qt asks hundreds of times for each list."""
        font = option.font.key()
        if self._measured is None or self._measured[0] != font:
            self._measured = font, self._measure(option)
        return self._measured[1]

    def _forget_widths(self) -> None:
        self._measured = None

    def _measure(self, option: QStyleOptionViewItem) -> tuple[int, int]:
        rows = [self._combo.model().index(row, 0) for row in range(self._combo.count())]
        given = [row for row in rows if row.data(_ABOUT)]
        wide = _metrics(option).horizontalAdvance
        title, reaches = (
            max((wide(str(row.data(role))) for row in given), default=0) + 2
            for role in (Qt.ItemDataRole.DisplayRole, _REACHES)
        )
        return title, reaches


def _metrics(option: QStyleOptionViewItem) -> QFontMetrics:
    """Return metrics of the option's font. Its `fontMetrics` may be those of the previous font."""
    return QFontMetrics(option.font)
