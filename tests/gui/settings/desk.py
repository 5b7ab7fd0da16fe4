"""The settings with a lab, without the rest of the window."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from msgspec.structs import replace
from PySide6.QtCore import QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QAction, QStandardItemModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QMenu, QMessageBox, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mnistviz.engine.acts import Changed, by_gesture
from mnistviz.engine.digits import Digits
from mnistviz.gui.common.look import Look
from mnistviz.gui.common.theme import LIGHT, set_theme
from mnistviz.gui.lab.lab_changes import ChangeKind
from mnistviz.gui.lab.recipe_book import RecipeBook
from mnistviz.gui.lab.shown import RunFacts
from mnistviz.gui.settings.eta_control import EtaControl
from mnistviz.gui.settings.setting_control import ChoiceControl, NumberField
from mnistviz.gui.settings.settings_column import ControlPanel
from mnistviz.gui.window.bottom_line import BottomLine
from mnistviz.gui.window.documents import Documents
from mnistviz.gui.window.menu_lists import RecipeMenu
from mnistviz.gui.window.steering import Steering
from tests.gui.children import known
from tests.gui.lab_by_hand import LabByHand
from tests.gui.live_run import live_run
from tests.gui.pretending import pretend

WIDTH, HEIGHT = 380, 900  # pixels, of the settings in a usual window


class NoDocuments(QObject):
    """Of the files of networks, what the steering asks for."""

    opened = Signal(object, object, object)
    path: Path | None = None


class Desk:
    """The settings, joined to a lab as the window does it. Nothing learns but while the lab works."""

    def __init__(self, lab: LabByHand, qtbot: QtBot, folder: Path) -> None:
        self.lab, self.qtbot = lab, qtbot
        self.book = RecipeBook(folder)
        self.controls, self.line = (ControlPanel(self.book, lab, EtaControl()), BottomLine(lab.tryouts))
        self.around = lab.show_together(qtbot, self.controls, self.line, width=WIDTH, height=HEIGHT)
        documents = cast(Documents, NoDocuments(self.around))
        self.steering = Steering(
            lab, self.controls, self.book, documents, self.line, self.around, lambda: None
        )
        undo = self.line.order
        self.controls.history.order = undo
        self.around.addActions([undo.undo_action, undo.redo_action])
        self.menu = QMenu(self.around)
        self.recipes_menu = RecipeMenu(self.book, self.steering.start_recipe, self.menu)
        column = self.around.layout()
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(0, self.controls.eta)  # which the window has in its bar on top
        self.controls.eta.show()
        column.setStretchFactor(self.controls, 1)
        self._look = Look("light", False, self.around)
        lab.listen(ChangeKind.DIGITS, self._begin)
        if lab.digits is not None:
            self._begin()

    def _begin(self) -> None:
        self.controls.set_digits(known(self.lab.digits))
        self.steering.begin()
        if self.lab.run is not None:
            self.lab.work(5 if self.run.playing else None)

    @property
    def run(self) -> RunFacts:
        return live_run(self.lab)

    def pretend(self, **facts: Any) -> None:
        """Lets other facts be known of the run."""
        pretend(self.lab, self.run.number, **facts)

    @property
    def acts(self) -> Sequence[Any]:
        """What was done to the run, act by act."""
        return self.run.history.interventions

    @property
    def changes(self) -> list[tuple[tuple[str, object, object], ...]]:
        """What was changed, gesture by gesture."""
        return [act.changes for act in by_gesture(self.acts) if isinstance(act, Changed)]

    def learns_with(self, field: str) -> object:
        return getattr(known(self.run.moment).settings, field)

    def play(self) -> None:
        """Lets it learn, and go on learning a little whenever `go_on` is called."""
        self.steering.toggle_play()
        self.go_on()

    def go_on(self, mini_batches: int = 20) -> None:
        """A run that learns goes on by so many mini-batches at least."""
        step = self.run.step
        for _ in range(1_000):
            if self.run.playing and self.run.moment is not None and self.run.step >= step + mini_batches:
                return
            self.lab.work(1)
        raise AssertionError("it does not learn")

    def step(self) -> None:
        """Trains on one mini-batch."""
        self.lab.time.mini_batch()
        self.rest()

    def rest(self) -> None:
        """Lets all be done that was asked for, where nothing learns."""
        self.lab.work()

    def number(self, field: str) -> NumberField:
        control = self.controls.by_name[field]
        assert isinstance(control, NumberField)
        return control

    def type_into(self, field: str, text: str) -> None:
        self.enter(self.number(field).field, text)

    def enter(self, edit: QLineEdit, text: str, end: Qt.Key = Qt.Key.Key_Return) -> None:
        """Types into a field, in place of what is there, and ends with a key."""
        edit.setFocus()
        edit.selectAll()
        self.qtbot.keyClicks(edit, text)
        self.qtbot.keyClick(edit, end)

    def combo(self, field: str) -> QComboBox:
        control = self.controls.by_name[field]
        assert isinstance(control, ChoiceControl)
        return control.combo

    def choose(self, field: str, value: str) -> None:
        assert value in self.offered(field), f"{field} = {value} is not offered"
        combo = self.combo(field)
        combo.setCurrentIndex(combo.findData(value))

    def offered(self, field: str) -> set[str]:
        combo = self.combo(field)
        model = combo.model()
        assert isinstance(model, QStandardItemModel)
        return {combo.itemData(row) for row in range(combo.count()) if model.item(row).isEnabled()}

    def undo(self, widget: QWidget | None = None) -> None:
        """Ctrl+Z, with the focus on a widget, by default on the field of η."""
        widget = self.controls.eta.field if widget is None else widget
        widget.setFocus()
        self.qtbot.keyClick(widget, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    def choose_recipe(self, title: str) -> None:
        combo = self.controls.recipes.combo
        row = combo.findText(title)
        assert row >= 0
        combo.setCurrentIndex(row)
        combo.activated.emit(row)

    @property
    def listed(self) -> list[str]:
        """What stands in the list of recipes, headings among it."""
        combo = self.controls.recipes.combo
        return [combo.itemText(row) for row in range(combo.count())]

    @property
    def entries(self) -> dict[str, QAction]:
        """The recipes in the menu, by their titles."""
        titles = {entry.id: entry.title for entry in self.book.entries()}
        return {titles[action.data()]: action for action in self.recipes_menu.entries()}

    @property
    def said(self) -> str:
        """What the line at the bottom says."""
        said = self.line.message.said
        return "" if said is None else said.wordings[0]

    def close_question(self) -> str:
        """Closes the message or question that is open, and gives its text."""
        box = self.question()
        box.close()
        return box.informativeText()

    def use_letters(self, digits: Digits) -> None:
        """Replaces the data set by one with twelve classes."""
        self.lab.data.use(replace(digits, classes=tuple("ABCDEFGHIJKL"), checksum="letters"))

    def question(self) -> QMessageBox:
        """The message or question that is open."""

        def seen() -> list[QMessageBox]:
            return [box for box in self.around.findChildren(QMessageBox) if box.isVisible()]

        self.qtbot.waitUntil(lambda: bool(seen()))
        return seen()[-1]

    def dress(self, *, larger: bool = False) -> None:
        """Gives it the look of the program, perhaps with the larger text for a class."""
        self._look.set_text(125 if larger else 100)
        set_theme(LIGHT, self.controls)
        QApplication.processEvents()

    def unfold(self) -> None:
        """Shows all settings."""
        self.controls.list.more.setChecked(True)
        QApplication.processEvents()

    def resize(self, width: int, height: int) -> None:
        self.around.resize(width, height)
        for _ in range(5):  # where the scroll bar comes, the groups give it room
            QApplication.processEvents()


def wheel_over(widget: QWidget, by: int) -> None:
    """Turns the wheel over a widget, as the desktop tells it."""
    window = widget.window()
    place = widget.mapTo(window, widget.rect().center())
    QTest.wheelEvent(window.windowHandle(), QPointF(place), QPoint(0, by))
    QApplication.processEvents()
