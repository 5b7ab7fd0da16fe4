"""Choosing a recipe, and saving the present settings as one's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QInputDialog, QLabel, QLineEdit, QMessageBox, QWidget

from mnistviz.engine.problems import Problem
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.layouts import row_of
from mnistviz.gui.common.messages import message, tell
from mnistviz.gui.common.tooltips import set_tooltip
from mnistviz.gui.common.widgets import describe, new_action, problem_sentence
from mnistviz.gui.lab.recipe_book import LONGEST, RecipeBook, RecipeEntry
from mnistviz.gui.settings.recipe_list import RecipeList
from mnistviz.gui.settings.setting_control import CHOICE_WIDTH, DOT_ROOM, scaled


class RecipeChooser(QWidget):
    """A list that shows which recipe the settings are, if any."""

    deleted = Signal(str, str, object)  # message, short message, and the function that restores the recipe

    def __init__(self, book: RecipeBook, chosen: Callable[[Settings], object]) -> None:
        super().__init__()
        self._book, self.chosen = book, chosen
        self._shown = Settings()
        self.label = label = QLabel(self.tr("Recipe"))
        label.setContentsMargins(DOT_ROOM, 0, 6, 0)
        self._tip = self.tr("Sets all controls at once, for a new run. The menu Recipes keeps your own ones.")
        self.combo = RecipeList()
        self.combo.setPlaceholderText(self.tr("own settings"))
        describe(self.combo, "recipe_choice", self.tr("Recipe"), self._tip)
        self.combo.activated.connect(self._on_activated)
        label.setBuddy(self.combo)
        label.setToolTip(self.combo.toolTip())
        self.save_action = new_action(
            self, "save_recipe_action", self.tr("&Save these settings as a recipe …"),
            self.tr("Keeps the settings at the left under a name."), act=self.ask_save,
        )  # fmt: skip
        self.delete_action = new_action(
            self, "delete_recipe_action", self.tr("&Delete this recipe"),
            self.tr("Deletes the recipe of your own that is chosen. You can undo this for ten seconds."),
            act=self.delete,
        )  # fmt: skip
        self.combo.addActions([self.save_action, self.delete_action])
        self.combo.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        row_of((label, 1), self.combo, spacing=0, inside=self).addStretch()
        book.changed.connect(self._list)
        self._list()

    def fit_font(self, label_width: int) -> None:
        """Set the width of the label, as a maximum, and that of the list for the size of text."""
        self.label.setMaximumWidth(label_width)
        self.combo.setMinimumWidth(scaled(CHOICE_WIDTH, self))

    def show_settings(self, settings: Settings) -> None:
        """Show which recipe equals these settings in everything, if any."""
        self._shown = settings
        entry = self._entry(settings)
        self.combo.setCurrentIndex(-1 if entry is None else self.combo.findData(entry.id))
        about = self._tip if entry is None else " ".join((entry.about, entry.outcome, self._tip)).strip()
        set_tooltip(self.combo, about)
        self.delete_action.setEnabled(entry is not None and entry.own)

    def _entry(self, settings: Settings) -> RecipeEntry | None:
        return next((entry for entry in self._book.entries() if _alike(self.fitted(entry), settings)), None)

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
        dialog.setWindowTitle(self.tr("Save as a recipe"))
        dialog.setLabelText(self.tr("A name for the recipe:"))
        dialog.setTextValue(self.title() if self.delete_action.isEnabled() else "")
        field = dialog.findChild(QLineEdit)
        if field is not None:
            field.setMaxLength(LONGEST)
            field.setMinimumWidth(field.fontMetrics().horizontalAdvance("n" * LONGEST))
        dialog.textValueSelected.connect(self.save_as)
        dialog.open()

    def save_as(self, name: str) -> None:
        """Save the settings under `name`; ask first if the user's own recipe of that name would be replaced."""
        entry = self._book.find(name)
        if entry is None:
            self._save(name, self._shown)
        elif entry.own:
            self._ask(
                self.tr("Replace this recipe?"),
                self.tr("You already have a recipe “{name}”.").format(name=entry.title),
                self.tr("Replace it"),
                partial(self._save, name, self._shown),
            )
        else:
            reason = self.tr("“{name}” came with the program. Choose another name.").format(name=entry.title)
            tell(self.window(), self.tr("This name is taken"), reason)

    def delete(self) -> None:
        """Delete the user's own recipe that is shown. The settings themselves stay as they are."""
        name = self.title()
        try:
            undo = self._book.delete(self.combo.currentData())
        except Problem as problem:
            tell(self.window(), self.tr("The recipe could not be deleted"), problem_sentence(problem))
            return
        if undo is not None:
            text = self.tr("The recipe “{name}” is deleted.").format(name=name)
            self.deleted.emit(text, self.tr("The recipe is deleted."), partial(self._restore, undo))

    def _list(self) -> None:
        self.combo.show_recipes(self._book.entries())
        self.show_settings(self._shown)

    def _on_activated(self, row: int) -> None:
        entry = self._book.get(self.combo.itemData(row))
        if entry is not None:
            self.chosen(self.fitted(entry))

    def _ask(self, title: str, text: str, yes: str, do: partial[None]) -> None:
        box = message(self.window(), title, text)
        box.addButton(yes, QMessageBox.ButtonRole.AcceptRole).setObjectName("yes_button")
        box.accepted.connect(do)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.open()

    def _save(self, name: str, settings: Settings) -> None:
        try:
            self._book.save(name, settings.checked())
        except Problem as problem:
            tell(self.window(), self.tr("The recipe could not be saved"), problem_sentence(problem))

    def _restore(self, undo: Callable[[], None]) -> None:
        try:
            undo()
        except Problem as problem:
            tell(self.window(), self.tr("The recipe could not be saved"), problem_sentence(problem))


def _alike(one: Settings, other: Settings) -> bool:
    """Return True if both are equivalent: the number of epochs matters only where there is a stopping rule."""
    if one.stop == other.stop == "never":
        one = replace(one, stop_epochs=other.stop_epochs)
    return one == other
