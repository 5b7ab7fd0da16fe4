"""What a hand can do at the window, one thing at a time, at random: each returns what it did, or None if that could
not be. `undertakings.py` does several things with a purpose."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from typing import Final, TypeVar

from PySide6 import QtGui, QtWidgets
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtTest import QTest
from shiboken6 import isValid

from mnistviz.engine.exports.network_formats import SUFFIXES
from mnistviz.engine.settings import MAX_HIDDEN_LAYERS, MAX_UNITS, SETTINGS
from mnistviz.gui.settings.setting_control import NumberField
from mnistviz.gui.window.find import Palette
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.work_dialogs import WorkDialog
from tests.torture.given_files import OWN
from tests.torture.promises import Promises, fault, picture_fault, told

W = TypeVar("W", bound=QtWidgets.QWidget)
Act = Callable[[], str | None]

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
NONE: Final = Qt.MouseButton.NoButton
PLAIN: Final = Qt.KeyboardModifier.NoModifier
NOT_TRIGGERED: Final = ("quit_action",)
"""It ends the program; what asks for a file has a dialog, which the hand answers."""
_KEYS: Final = (
    "Tab", "Shift+Tab", "Return", "Esc", "Left", "Right", "Up", "Down", "Home", "End", "+", "-", "PgUp", "PgDown",
    "Backspace", "Shift+Left", "Shift+Right", "Ctrl+A", "1", "2", "5", "Ins",
)  # fmt: skip
"""Beside those of the actions."""
_POINTED_AT: Final = (
    "network_picture", "unit_weights", "unit_outgoing", "cost_plot", "accuracy_plot", "network_input", "time_strip",
    "anything", "anything",
)  # fmt: skip
_NONSENSE: Final = (
    "", " ", "x", "-1", "0", "nan", "inf", "-inf", "1e999", "1e-999", "1,5", "1.5.2", "٣", "½", "10 000", "0x10",
    "999999999999999999999", "\x00", "η", "3.", ".5", "+2", "1e3", "--", "1_0", "𝟙", "\u202e7",
)  # fmt: skip
_PLACES: Final = (
    "0", "1", "+1", "-1", "+500", "-500", "epoch 1", "epoch 2.5", "ep 0", "20104", "epoch", "99999999", "10 000",
)  # fmt: skip
TITLES: Final = (
    "mine", "a & b", "<b>x</b>", "../up", "", " ", "x" * 300, "%s %d {0}", "π\u202e", "con.", "mine ",
)  # fmt: skip
_BY_HAND: Final = (
    "switch_unit_off", "freeze_unit", "brush_zero", "brush_orange", "brush_blue", "brush_blue", "what_unit_does",
    "show_changed_digits", "teach_drawing_action",
)  # fmt: skip
NARROW: Final = (1024, 1000, 1100, 1199, 1200, 1280, 1366, 1439, 1440, 1500)
HEIGHTS: Final = (640, 700, 720, 768, 900)


def _one_of(*names: str) -> Callable[[Gestures], str | None]:
    """An act that triggers one of these actions of the menus."""

    def act(hand: Gestures) -> str | None:
        return hand.do(*names)

    act.__name__ = names[0]
    return act


class Gestures:
    """A seeded hand. Whoever uses it gives `chance` a new seed for each act, so that one act more or less does not
    change all that come after it."""

    def __init__(self, window: MainWindow, files: Path, promises: Promises) -> None:
        self.window, self.lab, self.files, self.promises = window, window.lab, files, promises
        self.chance = random.Random()
        self.numbers = count()  # of films and reports
        self.triggered: Counter[str] = Counter()  # how often each action was
        self.missing: set[str] = set()  # names of actions and widgets that were not there
        self.taken_along: Path | None = None  # the film or report that was begun last
        self.anywhere: dict[Act, float] = {
            self.trigger: 20, self.press_key: 12, self.click: 14, self.drag: 6, self.hover: 8, self.turn_wheel: 6,
            self.choose: 6, self.type_text: 3, self.type_number: 10, self.slide: 5, self.open_network: 3,
            self.open_data: 1, self.drop: 1, self.resize: 2, self.change_look: 1, self.toggle: 1, self.export: 2,
            self.open_menu: 4, self.find: 1, self.open_sessions: 1,
        }  # fmt: skip
        self.in_the_lab: dict[Act, float] = {
            self.change_layers: 4, self.new_run: 3, self.play: 6, self.start_recipe: 1, self.keep_recipe: 1,
            self.open_unit: 4, self.close_unit: 1, self.draw: 6, self.save_network: 2, self.go_back: 2,
            self.change_speed: 2, self.go_somewhere: 4, self.branch: 2, self.turn_to_another: 3,
            self.save_experiment: 1, self.open_experiment: 1, self.paste_line: 1, self.take_back: 1,
        }  # fmt: skip
        self.in_the_ideas: dict[Act, float] = {
            self.open_page: 3, self.press_in_page: 14, self.drag_in_page: 10, self.leave_ideas: 2,
        }  # fmt: skip

    def any_act(self) -> Act:
        here = self.in_the_ideas if self.is_in_ideas else self.in_the_lab
        return self.weighted({**self.anywhere, **here})

    def weighted(self, acts: dict[Act, float]) -> Act:
        return self.chance.choices([*acts], [*acts.values()])[0]

    @property
    def is_in_ideas(self) -> bool:
        return self.window.workspaces.in_ideas

    def trigger(self) -> str | None:
        """One of the actions that are on, of the action book or of all: of those that were triggered least often."""
        actions = {
            action.objectName() or action.text(): action
            for action in self.window.findChildren(QtGui.QAction)
            if action.isEnabled() and action.menu() is None and action.objectName() not in NOT_TRIGGERED
            if action.text()
        }
        entries = map("{}_action".format, self.window.action_book.entries)
        book = {name: actions[name] for name in entries if name in actions}
        actions = book if book and self.chance.random() < 0.6 else actions
        least = min(self.triggered[name] for name in actions)
        name = self.chance.choice([name for name in actions if self.triggered[name] == least])
        self.triggered[name] += 1
        told("do", name)
        actions[name].trigger()
        return name

    def do(self, *names: str) -> str | None:
        """Triggers one of these actions of the menus, if it is on."""
        return self.trigger_named(f"{self.chance.choice(names) if len(names) > 1 else names[0]}_action")

    def trigger_named(self, name: str) -> str | None:
        if (action := self.window.findChild(QtGui.QAction, name)) is None:
            self.missing.add(name)
        if action is None or not action.isEnabled():
            return None
        self.triggered[name] += 1
        told("do", name)
        action.trigger()
        return name

    def never_triggered(self) -> list[str]:
        names = (f"{entry}_action" for entry in self.window.action_book.entries)
        return [name for name in names if not self.triggered[name] and name not in NOT_TRIGGERED]

    def press_key(self) -> str | None:
        actions = [
            each for each in self.window.findChildren(QtGui.QAction) if each.objectName() not in NOT_TRIGGERED
        ]
        own = sorted({keys.toString() for each in actions for keys in each.shortcuts()} - {""})
        return self.press(self.chance.choice(self.chance.choice((_KEYS, own))))

    def press(self, keys: str, widget: QtWidgets.QWidget | None = None) -> str:
        """Presses a key, with what is held meanwhile, where the focus is or in `widget`."""
        widget = widget or QtWidgets.QApplication.focusWidget() or self.window
        what = doing(f"{keys} in {name_of(widget)}")
        QTest.keySequence(widget, QtGui.QKeySequence(keys))
        return what

    def click(self) -> str | None:
        return self.click_in(self.any_widget())

    def click_in(
        self, widget: QtWidgets.QWidget, where: QPointF | None = None, button: Qt.MouseButton | None = None
    ) -> str:
        """A click, now and then with the right button or twice, at a place of `widget` or anywhere in it."""
        where = self.place_in(widget) if where is None else where
        if button is None:
            button = RIGHT if self.chance.random() < 0.15 else LEFT
        what = doing(f"{name_of(widget)} at {where.x():.0f}, {where.y():.0f}")
        self.send(widget, QEvent.Type.MouseButtonPress, where, button)
        if self.chance.random() < 0.15 and alive(widget):
            self.send(widget, QEvent.Type.MouseButtonDblClick, where, button)
        if alive(widget):
            self.send(widget, QEvent.Type.MouseButtonRelease, where, button)
        if alive(widget) and button == RIGHT:  # which a screen would send
            at, target = where.toPoint(), _target(widget)
            event = QtGui.QContextMenuEvent(QtGui.QContextMenuEvent.Reason.Mouse, at, target.mapToGlobal(at))
            QtWidgets.QApplication.sendEvent(target, event)
        return what

    def open_menu(self) -> str | None:
        """Opens one of the menus, in which the hand chooses in its next turn."""
        menu = self.any_of(
            [menu for menu in self.window.findChildren(QtWidgets.QMenu) if menu.menuAction().isVisible()]
        )
        if menu is None:
            return None
        what = doing(menu.objectName())
        menu.popup(self.window.mapToGlobal(QPoint(20, 20)))
        return what

    def choose_in(self, popup: QtWidgets.QWidget) -> None:
        """Chooses something in a menu or in the palette, or nothing."""
        if isinstance(popup, Palette):
            popup.field.setText(self.chance.choice(("", "", "w", "η", "r un", "past", "zzz", "ho", "lay")))
        keys = ["Down"] * self.chance.randrange(12)
        for key in (*keys, self.chance.choice(("Return", "Esc"))):
            chosen = popup.activeAction() if isinstance(popup, QtWidgets.QMenu) else None
            if alive(popup) and not (chosen is not None and chosen.objectName() in NOT_TRIGGERED):
                self.press(key, popup.field if isinstance(popup, Palette) else popup)
        if alive(popup):
            popup.close()

    def drag(self) -> str | None:
        widget = self.any_widget()
        places = [self.place_in(widget, 0.4) for _ in range(self.chance.randint(2, 6))]
        told("do", name_of(widget))
        self.stroke(widget, places, LEFT)
        return name_of(widget)

    def hover(self) -> str | None:
        widget = (
            self.window.findChild(QtWidgets.QWidget, self.chance.choice(_POINTED_AT)) or self.any_widget()
        )
        if not widget.isVisible():
            return None
        for _ in range(self.chance.randint(1, 4)):
            self.send(widget, QEvent.Type.MouseMove, self.place_in(widget, 0.05), NONE)
        if self.chance.random() < 0.2:
            QtWidgets.QApplication.sendEvent(_target(widget), QEvent(QEvent.Type.Leave))
        return name_of(widget)

    def turn_wheel(self) -> str | None:
        name = self.chance.choice(("cost_plot", "accuracy_plot", "anything"))
        widget = self.window.findChild(QtWidgets.QWidget, name) or self.any_widget()
        if not widget.isVisible():
            return None
        by = QPoint(self.chance.choice((0, 0, 120, -120)), self.chance.choice((120, -120, 15, -1200, 1200)))
        return self.wheel(widget, self.place_in(widget), by)

    def wheel(self, widget: QtWidgets.QWidget, where: QPointF, by: QPoint) -> str:
        target, phase = _target(widget), Qt.ScrollPhase.NoScrollPhase
        event = QtGui.QWheelEvent(where, target.mapToGlobal(where), QPoint(), by, NONE, PLAIN, phase, False)
        QtWidgets.QApplication.sendEvent(target, event)
        return f"{name_of(widget)} by {by.x()}, {by.y()}"

    def resize(self) -> str | None:
        widget = self.chance.choice((self.window, self.window, self.window.unit_detail))
        if (how := self.chance.random()) < 0.1:
            widget.showMaximized()
        elif how < 0.2:
            widget.showMinimized()
        else:
            widget.showNormal()
            widths = (1, 200, 640, 2560, 3840, *NARROW)
            widget.resize(self.chance.choice(widths), self.chance.choice((1, 300, 1300, 2200, *HEIGHTS)))
        if widget is self.window and self.window.isMinimized() and self.chance.random() < 0.5:
            widget.showNormal()
        return f"{name_of(widget)} {widget.width()}, {widget.height()}"

    toggle = _one_of("enlarge", "show_controls", "classroom", "text_125", "text_100", "everything")
    find = _one_of("find", "keys", "all_keys")
    open_sessions = _one_of("earlier_sessions", "earlier_sessions", "start_afresh")

    def change_look(self) -> str | None:
        how = self.chance.choice(("system", "light", "dark"))
        self.window.look.choose(how)
        return how

    def type_number(self) -> str | None:
        control = self.any_of(self.shown(NumberField))
        return None if control is None else self.type_into(control.field, self.any_number(control))

    def type_text(self) -> str | None:
        field = self.any_of([field for field in self.shown(QtWidgets.QLineEdit) if not field.isReadOnly()])
        text = self.chance.choice((*TITLES, *_NONSENSE, *_PLACES, "0.5"))
        return None if field is None else self.type_into(field, text)

    def type_into(self, field: QtWidgets.QLineEdit, text: str, end: Qt.Key | None = None) -> str:
        """Types over what stands in a field, and leaves it by `end`, or by any key that does."""
        told("do", f"{text!r} in {name_of(field)}")
        field.setFocus()
        field.selectAll()
        for letter in text or "\b":
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                if alive(field):
                    key = Qt.Key.Key_Backspace if letter == "\b" else Qt.Key(0)
                    QtWidgets.QApplication.sendEvent(field, QtGui.QKeyEvent(kind, key, PLAIN, letter))
        if alive(field):
            ends = (Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Escape)
            QTest.keyClick(field, self.chance.choice(ends) if end is None else end)
        return f"{text[:40]!r} in {name_of(field) if isValid(field) else 'a field'}"

    def choose(self) -> str | None:
        if (combo := self.any_of(self.shown(QtWidgets.QComboBox))) is None:
            return None
        model = combo.model()
        rows = [*range(combo.count())]
        if isinstance(model, QtGui.QStandardItemModel):
            rows = [row for row in rows if model.item(row).isEnabled() and model.item(row).text()]
        if not rows:
            return None
        row = self.chance.choice(rows)
        what = doing(f"{combo.itemText(row)!r} in {name_of(combo)}")
        combo.setCurrentIndex(row)
        combo.activated.emit(row)
        return what

    def slide(self) -> str | None:
        if (slider := self.any_of(self.shown(QtWidgets.QSlider))) is None:
            return None
        value = self.chance.randint(slider.minimum(), slider.maximum())
        what = doing(f"{name_of(slider)} to {value}")
        slider.setValue(value)
        return what

    def change_layers(self) -> str | None:
        layers = self.window.controls.layers
        buttons = [
            b for b in layers.findChildren(QtWidgets.QAbstractButton) if b.isEnabled() and b.isVisible()
        ]
        if buttons and self.chance.random() < 0.3:
            button = self.chance.choice(buttons)
            button.click()
            return name_of(button)
        hidden = [self.any_units() for _ in range(self.chance.choice((0, 1, 1, 1, 2, 3, MAX_HIDDEN_LAYERS)))]
        return self.set_layers(hidden, begin=self.chance.random() < 0.7)

    def set_layers(self, hidden: Sequence[int], *, begin: bool = True) -> str:
        layers = self.window.controls.layers
        told("do", f"layers {[*hidden]}")
        layers.set_value((layers.value()[0], *hidden, layers.value()[-1]))
        layers.changed.emit("sizes")
        if begin:
            self.do("new")
        return str([*hidden])

    new_run = _one_of("new")
    play = _one_of("play")
    go_back = _one_of("restore_best", "go_back")
    change_speed = _one_of("slower", "faster", "faster")
    branch = _one_of("branch", "butterfly")
    turn_to_another = _one_of("next_run", "previous_run", "switch_run", "hide_run", "close_run")

    def go_somewhere(self) -> str | None:
        names = ("time_back", "time_forward", "flag_back", "flag_forward", "look_at_best", "live", "train_on")
        if (how := self.chance.random()) < 0.4:
            return self.do(*names)
        if how < 0.6:
            return self.go_to(self.chance.choice(_PLACES))
        if (strip := self.widget("time_strip")) is None:
            return None
        if how < 0.8:
            return self.click_in(strip)
        told("do", "a drag on the strip")
        self.stroke(strip, [self.place_in(strip) for _ in range(self.chance.randint(2, 8))], LEFT)
        return "a drag on the strip"

    def go_to(self, place: str) -> str | None:
        field = self.widget("place_field")
        if not isinstance(field, QtWidgets.QLineEdit) or not field.isEnabled():
            return None
        return self.type_into(field, place, Qt.Key.Key_Return)

    def start_recipe(self) -> str | None:
        entry = self.chance.choice(self.window.recipes.entries())
        self.window.steering.start_recipe(entry.id)
        return entry.title

    def keep_recipe(self) -> str | None:
        chooser = self.window.controls.recipes
        if chooser.delete_action.isEnabled() and self.chance.random() < 0.4:
            chooser.delete()
            return "deleted"
        title = self.chance.choice(TITLES)
        chooser.save_as(title)
        return title

    def open_unit(self) -> str | None:
        if (run := self.lab.run) is None or run.moment is None:
            return None
        sizes = run.moment.network.sizes
        layer = self.chance.randint(1, len(sizes) - 1)
        unit = self.chance.randrange(sizes[layer])
        what = doing(f"{layer}, {unit}")
        self.window.open_unit(layer, unit)
        return what

    def close_unit(self) -> str | None:
        self.window.unit_detail.close()
        return ""

    def press_button(self, name: str) -> str | None:
        button = self.widget(name)
        if not isinstance(button, QtWidgets.QAbstractButton) or not button.isEnabled():
            return None
        told("do", name)
        button.click()
        return name

    def buttons_in(self, widget: QtWidgets.QWidget) -> list[str]:
        return [each.objectName() for each in _inside(widget, QtWidgets.QAbstractButton) if each.objectName()]

    def work_by_hand(self) -> str | None:
        return self.trigger_named(self.chance.choice(_BY_HAND))

    def paint_weights(self) -> str | None:
        if (weights := self.widget("unit_weights")) is None:
            return None
        told("do", "over the weights")
        self.stroke(weights, [self.place_in(weights) for _ in range(self.chance.randint(2, 8))], LEFT)
        return "over the weights"

    def draw(self) -> str | None:
        pad = self.window.network.pad
        if not pad.isVisible():
            return None
        x, y = self.place_in(pad).toTuple()
        places = []
        for _ in range(self.chance.randint(1, 40)):
            x, y = x + self.chance.gauss(0, 12), y + self.chance.gauss(0, 12)
            places.append(QPointF(x, y))
        self.stroke(pad, places, RIGHT if self.chance.random() < 0.2 else LEFT)
        return f"{len(places)} points"

    def open_network(self) -> str | None:
        path = self.any_path()
        self.window.documents.open(path)
        return path.name

    def save_network(self) -> str | None:
        shown = self.lab.shown
        if shown.moment is None:
            return None
        names = (*(f"saved{number}.npz" for number in range(4)), "no/such.npz", "data10", "x" * 300)
        path = self.files / self.chance.choice(names)
        if self.chance.random() < 0.4:
            path = self.files / "exports" / f"network{self.chance.choice(SUFFIXES)}"
        told("do", path.name[:40])
        if path.parent.is_dir() and len(path.name) < 100 and not path.is_dir():
            self.promises.expect(path)
        self.window.documents.save(shown, path)
        return path.name[:40]

    def save_experiment(self) -> str | None:
        if not self.lab.runs.open or self.lab.digits is None:
            return None
        path = self.files / f"experiment{self.chance.randrange(3)}.mnistviz"
        small = self.chance.random() < 0.4
        what = doing(f"{path.name}, {len(self.lab.runs.open)} runs{', small' * small}")
        self.promises.expect(path)
        self.window.documents.save_experiment(path, small=small)
        return what

    def open_experiment(self) -> str | None:
        path = self.chance.choice(sorted(self.files.glob("*.mnistviz")))
        told("do", path.name)
        self.window.documents.open(path)
        return path.name

    def paste_line(self) -> str | None:
        """Begins the run that was copied as a line, or says what is wrong with a line that somebody has changed."""
        clipboard = QtWidgets.QApplication.clipboard()
        line = clipboard.text()
        if line and self.chance.random() < 0.3:
            cut = self.chance.randrange(len(line))
            clipboard.setText(self.chance.choice((line[:cut], line[:cut] + "9" + line[cut:], f"> {line}\n")))
        return self.do("paste_run", "paste_picture")

    def take_back(self) -> str | None:
        """Takes what the line at the bottom offers to undo, or undoes a setting."""
        button, undo = self.window.line.message.offer_button, self.window.undo.undo_action
        if button.isVisible() and button.isEnabled():
            told("do", button.text())
            button.click()
            return button.text()
        if not undo.isEnabled():
            return None
        undo.trigger()
        return "undo a setting"

    def open_data(self) -> str | None:
        if self.chance.random() < 0.3:
            return self.do("bundled_data")
        folders = sorted(path for path in self.files.iterdir() if path.name.startswith(("data", OWN)))
        folder = self.chance.choice(folders)
        told("do", folder.name)
        self.window.data_sets.load(folder)
        return folder.name

    def drop(self) -> str | None:
        path = self.chance.choice([self.any_path(), self.any_picture()])
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        told("do", path.name)
        self.window.dropEvent(QtGui.QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, LEFT, PLAIN))
        return path.name

    def open_picture(self) -> str | None:
        path = self.any_picture()
        told("do", path.name)
        if self.chance.random() < 0.3:
            QtWidgets.QApplication.clipboard().setImage(
                QtGui.QImage(str(self.files / "pictures" / "row.png"))
            )
            self.do("paste_picture")
            return "pasted"
        self.window.network.row.pictures.open(path)
        return path.name

    def export(self) -> str | None:
        """Copies or saves what is shown; `Promises` looks at what came of it."""
        what = self.chance.choice(("cost", "accuracy", "network", "network", "curves", "film", "report"))
        if self.lab.run is None:
            return None
        if what in ("film", "report"):
            return self.take_along(what)
        if what != "curves" and self.chance.random() < 0.4:
            return self.copy(what)
        suffix = "csv" if what == "curves" else self.chance.choice(("png", "png", "svg"))
        path = self.files / "exports" / f"{what}{self.chance.randrange(2)}.{suffix}"
        told("do", f"save {path.name}")
        self.promises.expect(path)
        if what == "curves":
            self.window.exports.write_curves(path)
        else:
            self.window.exports.write_picture(what, path)
        return path.name

    def take_along(self, what: str) -> str | None:
        """Begins a film or a report, which takes a while; one that is under way is not put aside for it."""
        if self.work_dialogs():
            return None
        kind = self.chance.choice(("webp", "png", "gif")) if what == "film" else "html"
        # a name of its own: what was asked for earlier under the same one may still be on its way
        path = self.files / "exports" / f"{what}-{next(self.numbers)}.{kind}"
        told("do", f"save {path.name}")
        self.promises.expect(path)
        if what == "film":
            self.window.exports.write_film(path)
        else:
            self.window.exports.write_report(path)
        self.taken_along = path
        return path.name

    def work_dialogs(self) -> dict[str, WorkDialog]:
        """Those that work, by the names of their files: the menus begin films, too."""
        found = (each for each in QtWidgets.QApplication.topLevelWidgets() if isinstance(each, WorkDialog))
        return {each.windowTitle(): each for each in found if each.isVisible() and each.work.is_working}

    def give_up(self) -> str | None:
        path = self.taken_along
        dialog = None if path is None else self.work_dialogs().get(path.name)
        if path is None or dialog is None:
            return None
        what = doing(f"{self.chance.choice(('Cancel', 'Escape', 'close'))} {path.name}")
        self.promises.give_up(path)
        if what.startswith("Cancel"):
            dialog.work.cancel_button.click()
        elif what.startswith("Escape"):
            QTest.keyClick(dialog, Qt.Key.Key_Escape)
        else:
            dialog.close()
        return what

    def copy(self, what: str) -> str | None:
        clipboard = QtWidgets.QApplication.clipboard()
        clipboard.setText("before")
        if self.do(f"copy_{what}_picture") is None:
            return None
        refused = clipboard.text() == "before"
        if not refused and (wrong := picture_fault(clipboard.image(), f"the copy of {what}")):
            fault(wrong)
        return f"copy {what}"

    def open_page(self) -> str | None:
        from mnistviz.gui.ideas.pages import PAGES

        if self.chance.random() < 0.3:
            return self.do("idea_next", "idea_previous")
        entry = self.chance.choice(PAGES)
        told("do", entry.id)
        self.window.ideas.open(entry.id)
        return entry.id

    def press_in_page(self) -> str | None:
        page = self.window.ideas.page
        how = self.chance.random()
        if page is None or how < 0.15:
            return self.do("idea_main", "idea_main", "idea_show_me", "idea_back")
        buttons = [each for each in _inside(page, QtWidgets.QAbstractButton) if each.isEnabled()]
        answers = [each for each in buttons if each.objectName().startswith(("answer_", "question_"))]
        if not buttons:
            return None
        button = self.chance.choice(answers if answers and how < 0.6 else buttons)
        told("do", name_of(button))
        button.click()
        return name_of(button) if isValid(button) else "a button"

    def drag_in_page(self) -> str | None:
        """A handle of a figure, a slider, or something else that lies in the page."""
        from mnistviz.gui.ideas.parts.idea_plot import IdeaPlot

        if (page := self.window.ideas.page) is None:
            return None
        plots = [plot for plot in _inside(page, IdeaPlot) if plot.handles]
        if plots and self.chance.random() < 0.5:
            plot = self.chance.choice(plots)
            handle = self.chance.choice(plot.handles)
            begin, end = plot.at(handle.x, handle.y), self.place_in(plot, 0.1)
            told("do", f"a handle of {name_of(plot)}")
            self.stroke(plot, [begin, (begin + end) / 2, end], LEFT)
            return f"a handle of {name_of(plot)}"
        widget = self.chance.choice(_inside(page, QtWidgets.QWidget) or [page])
        told("do", name_of(widget))
        self.stroke(widget, [self.place_in(widget) for _ in range(self.chance.randint(1, 5))], LEFT)
        return name_of(widget) if isValid(widget) else "a widget"

    leave_ideas = _one_of("lab")

    def any_path(self) -> Path:
        paths = [path for path in sorted(self.files.iterdir()) if path.name not in ("pictures", "exports")]
        paths += [self.files / "missing.npz", *(run.path for run in self.window.sessions.single)]
        return self.chance.choice(paths)

    def any_path_to_save(self, suffix: str) -> Path:
        """Where a dialog may save: what is there may be lost, so no run that the program keeps."""
        names = (f"exports/one{suffix}", f"exports/two{suffix}", f"no/such{suffix}", "data10", "exports/one")
        return self.files / self.chance.choice(names)

    def any_picture(self) -> Path:
        return self.chance.choice(sorted((self.files / "pictures").iterdir()))

    def any_units(self) -> int:
        return round(math.exp(self.chance.uniform(0, math.log(MAX_UNITS))))

    def any_number(self, control: NumberField) -> str:
        name = control.objectName().removesuffix("_control")
        if self.chance.random() < 0.3:
            return self.chance.choice(_NONSENSE)
        low, high = SETTINGS[name].bounds if name in SETTINGS else (1, MAX_UNITS)
        if self.chance.random() < 0.1:
            low, high = -high, 2 * high  # beyond the bounds
        if self.chance.random() < 0.7 and high > 10:
            value = math.exp(self.chance.uniform(math.log(max(low, 1e-4)), math.log(high)))
        else:
            value = self.chance.uniform(low, high)
        return str(round(value)) if isinstance(control.value(), int) else f"{value:.4g}"

    def widget(self, name: str) -> QtWidgets.QWidget | None:
        if (widget := self.window.findChild(QtWidgets.QWidget, name)) is None:
            self.missing.add(name)
        return widget if widget is not None and widget.isVisible() else None

    def shown(self, kind: type[W]) -> list[W]:
        tops = (top for top in QtWidgets.QApplication.topLevelWidgets() if top.isVisible())
        return [widget for top in tops for widget in (top, *_inside(top, kind)) if isinstance(widget, kind)]

    def any_of(self, widgets: Sequence[W]) -> W | None:
        on = [widget for widget in widgets if widget.isEnabled()]
        return self.chance.choice(on) if on else None

    def any_widget(self) -> QtWidgets.QWidget:
        return self.any_of(self.shown(QtWidgets.QWidget)) or self.window

    def place_in(self, widget: QtWidgets.QWidget, beyond: float = 0.0) -> QPointF:
        """A place in `widget`, or outside it by a share of its sides."""
        x, y = (self.chance.uniform(-beyond, 1 + beyond) for _ in range(2))
        return QPointF(x * widget.width(), y * widget.height())

    def send(
        self,
        widget: QtWidgets.QWidget,
        kind: QEvent.Type,
        where: QPointF,
        button: Qt.MouseButton,
        *,
        held: bool = False,
    ) -> None:
        target, moved = _target(widget), kind == QEvent.Type.MouseMove
        down = button if held or (kind != QEvent.Type.MouseButtonRelease and not moved) else NONE
        there, pressed = QPointF(target.mapToGlobal(where)), NONE if moved else button
        QtWidgets.QApplication.sendEvent(target, QtGui.QMouseEvent(kind, where, there, pressed, down, PLAIN))

    def stroke(self, widget: QtWidgets.QWidget, places: Sequence[QPointF], button: Qt.MouseButton) -> None:
        self.send(widget, QEvent.Type.MouseButtonPress, places[0], button)
        for place in places[1:]:
            if alive(widget):
                self.send(widget, QEvent.Type.MouseMove, place, button, held=True)
        if alive(widget):
            self.send(widget, QEvent.Type.MouseButtonRelease, places[-1], button)


def doing(what: str) -> str:
    told("do", what)
    return what


def name_of(widget: QtWidgets.QWidget) -> str:
    return f"{type(widget).__name__} {widget.objectName()}".strip()


def alive(widget: QtWidgets.QWidget) -> bool:
    return isValid(widget) and widget.isVisible()


def _target(widget: QtWidgets.QWidget) -> QtWidgets.QWidget:
    return widget.viewport() if isinstance(widget, QtWidgets.QAbstractScrollArea) else widget


def _inside(parent: QtWidgets.QWidget, kind: type[W]) -> list[W]:
    found: list[W] = parent.findChildren(kind)
    return [each for each in found if each.isVisible() and each.width() and each.height()]
