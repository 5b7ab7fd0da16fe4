"""Choosing a recipe, and saving the present settings as one's own."""

from collections.abc import Callable
from functools import partial
from typing import Final

from msgspec.structs import replace
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPalette, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QInputDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from mnistviz.engine.problems import Problem
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.choices import Chosen
from mnistviz.gui.common.layouts import row_of
from mnistviz.gui.common.messages import message, tell
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.steady import SteadyList
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.tooltips import set_tooltip, tooltip
from mnistviz.gui.common.widgets import describe, new_action, problem_sentence, scaled
from mnistviz.gui.lab.recipe_book import LONGEST, RecipeBook, RecipeEntry
from mnistviz.gui.settings.setting_control import CHOICE_WIDTH, DOT_ROOM

_GAP: Final = 14  # pixels between the parts of a row
_ABOUT: Final = Qt.ItemDataRole.UserRole + 1
_REACHES: Final = Qt.ItemDataRole.UserRole + 2

Index = QModelIndex | QPersistentModelIndex


class RecipeList(SteadyList):
    """A list as wide as its title, or less if the panel is narrow. Its item data are the ids of the recipes."""

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
            row.setData(tr(" · ").join(filter(None, (entry.seeds, entry.about))), _ABOUT)
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
        if about := str(index.data(_ABOUT) or ""):
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
        middle, right = Qt.AlignmentFlag.AlignVCenter, Qt.TextElideMode.ElideRight
        room = QRectF(option.rect).adjusted(_GAP if recipe else 6, 0, -6, 0)
        title, about = str(index.data(Qt.ItemDataRole.DisplayRole)), str(index.data(_ABOUT) or "")
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
            rows = [self._combo.model().index(row, 0) for row in range(self._combo.count())]
            given = [row for row in rows if row.data(_ABOUT)]
            wide = _metrics(option).horizontalAdvance
            roles = Qt.ItemDataRole.DisplayRole, _REACHES
            title, reaches = (max((wide(str(row.data(of))) for row in given), default=0) + 2 for of in roles)
            self._measured = font, (title, reaches)
        return self._measured[1]

    def _forget_widths(self) -> None:
        self._measured = None


def _metrics(option: QStyleOptionViewItem) -> QFontMetrics:
    """Return metrics of the option's font. Its `fontMetrics` may be those of the previous font."""
    return QFontMetrics(option.font)


class RecipeChooser(QWidget):
    """A list that shows which recipe the settings are, if any."""

    deleted = Signal(str, str, object)  # message, short message, and the function that restores the recipe

    def __init__(self, book: RecipeBook, choices: Chosen, chosen: Callable[[Settings], object]) -> None:
        super().__init__()
        self._book, self._choices, self.chosen, self._shown = book, choices, chosen, Settings()
        self.label = label = QLabel(tr("Recipe"))
        label.setContentsMargins(DOT_ROOM, 0, 6, 0)
        self._tip = tr("Sets all controls at once, for a new run. The menu Experiments keeps your own ones.")
        self.combo = RecipeList()
        self.combo.setProperty("row", "usual")
        self.combo.setPlaceholderText(tr("own settings"))
        describe(self.combo, "recipe_choice", tr("Recipe"), self._tip)
        self.combo.activated.connect(self._on_activated)
        label.setBuddy(self.combo)
        label.setToolTip(self.combo.toolTip())
        self.save_action = new_action(
            self, "save_recipe_action", tr("&Save these settings as a recipe …"),
            tr("Keeps the settings at the left under a name."), act=self.ask_save,
        )  # fmt: skip
        self.delete_action = new_action(
            self, "delete_recipe_action", tr("&Delete this recipe"),
            tr("Deletes the recipe of your own that is chosen. You can undo this."),
            act=self.delete,
        )  # fmt: skip
        self.combo.addActions([self.save_action, self.delete_action])
        self.combo.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        row_of((label, 1), self.combo, spacing=0, inside=self).addStretch()
        book.changed.connect(self._list)
        choices.listen("controls", lambda: self.show_settings(self._shown))
        self._list()

    def fit_font(self, label_width: int) -> None:
        """Set the width of the label, as a maximum, and that of the list for the size of text."""
        self.label.setMaximumWidth(label_width)
        self.combo.setMinimumWidth(scaled(CHOICE_WIDTH, self))

    def show_settings(self, settings: Settings) -> None:
        """Show which recipe equals these settings in everything, if any: of several the chosen one, or the first."""
        self._shown = settings
        entries = sorted(self._book.entries(), key=lambda each: each.id != self._choices.now.controls.recipe)
        fits = (entry for entry in entries if _alike(self.fitted(entry), settings))
        entry = next(fits, None)
        self.combo.setCurrentIndex(-1 if entry is None else self.combo.findData(entry.id))
        about = self._tip if entry is None else " ".join((entry.about, entry.outcome, self._tip)).strip()
        set_tooltip(self.combo, about)
        self.delete_action.setEnabled(entry is not None and entry.own)

    def fitted(self, entry: RecipeEntry) -> Settings:
        """Return the settings of a recipe, with the inputs and outputs that the data set needs."""
        inputs, *_, outputs = self._shown.sizes
        return replace(entry.settings, sizes=(inputs, *entry.settings.sizes[1:])).for_classes(outputs)

    def title(self) -> str:
        return self.combo.currentText()

    def ask_save(self) -> None:
        dialog = QInputDialog(self.window())
        dialog.setObjectName("recipe_name_dialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(tr("Save as a recipe"))
        dialog.setLabelText(tr("A name for the recipe:"))
        dialog.setTextValue(self.title() if self.delete_action.isEnabled() else "")
        if (field := dialog.findChild(QLineEdit)) is not None:
            field.setMaxLength(LONGEST)
            field.setMinimumWidth(field.fontMetrics().horizontalAdvance("n" * LONGEST))
        dialog.textValueSelected.connect(self.save_as)
        dialog.open()

    def save_as(self, name: str) -> None:
        """Save the settings under `name`; ask first if the user's own recipe of that name would be replaced."""
        entry, settings = self._book.find(name), self._shown

        def save() -> None:
            self._book.save(name, settings.checked())

        if entry is None:
            self._do(save)
        elif entry.own:
            text = tr("You already have a recipe “{name}”.", name=entry.title)
            box = message(self.window(), tr("Replace this recipe?"), text)
            box.addButton(tr("Replace it"), QMessageBox.ButtonRole.AcceptRole).setObjectName("yes_button")
            box.accepted.connect(partial(self._do, save))
            box.addButton(QMessageBox.StandardButton.Cancel)
            box.open()
        else:
            reason = tr("“{name}” came with the program. Choose another name.", name=entry.title)
            tell(self.window(), tr("This name is taken"), reason)

    def delete(self) -> None:
        """Delete the user's own recipe that is shown. The settings themselves stay as they are."""
        name = self.title()
        try:
            undo = self._book.delete(self.combo.currentData())
        except Problem as problem:
            tell(self.window(), tr("The recipe could not be deleted"), problem_sentence(problem))
            return
        if undo is not None:
            text = tr("The recipe “{name}” is deleted.", name=name)
            self.deleted.emit(text, tr("The recipe is deleted."), partial(self._do, undo))

    def _list(self) -> None:
        self.combo.show_recipes(self._book.entries())
        self.show_settings(self._shown)

    def _on_activated(self, row: int) -> None:
        if (entry := self._book.get(self.combo.itemData(row))) is not None:
            self._choices.choose("controls", recipe=entry.id)
            self.chosen(self.fitted(entry))

    def _do(self, save: Callable[[], None]) -> None:
        try:
            save()
        except Problem as problem:
            tell(self.window(), tr("The recipe could not be saved"), problem_sentence(problem))


def _alike(one: Settings, other: Settings) -> bool:
    """Return True if both are equivalent: the number of epochs matters only where there is a stopping rule."""
    if one.stop == other.stop == "never":
        one = replace(one, stop_epochs=other.stop_epochs)
    return one == other
