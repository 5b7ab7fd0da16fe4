"""A seeded hand at the real window: `python -m tests.torture.hand SEED SECONDS FILES`, with what it opens in FILES.

It prints a line for each thing it does ("do …"), for what must not be ("FAULT …", as JSON), and its figures.
`monkey.py` starts it, and watches from outside.
"""

from __future__ import annotations

import json
import logging
import math
import os
import random
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QPointF, Qt, QTimer, QUrl, Slot
from PySide6.QtGui import (
    QAction,
    QDesktopServices,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPixmapCache,
    QStandardItemModel,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QMessageBox,
    QSlider,
    QWhatsThis,
    QWidget,
)
from shiboken6 import isValid

from mnistviz.engine.problems import Problem
from mnistviz.engine.settings import MAX_HIDDEN_LAYERS, MAX_UNITS, SETTINGS
from mnistviz.gui import app
from mnistviz.gui.settings.number_field import NumberField
from mnistviz.gui.window.main_window import MainWindow
from tests.torture import memory

QUIET_EVERY: Final = 30.0
"""Seconds from one measurement of the memory to the next."""

_HEARTBEAT: Final = 20  # milliseconds
_GRACE: Final = 30.0
"""Seconds that the last measurement may take."""
_LEFT, _RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
_NONE: Final = Qt.MouseButton.NoButton
_PLAIN: Final = Qt.KeyboardModifier.NoModifier
_NOT_TRIGGERED: Final = ("quit_action",)
_KEYS: Final = (
    "Space", "Tab", "Shift+Tab", "Return", "Escape", "Left", "Right", "Up", "Down", "Home", "End", "Plus", "Minus",
    "PageUp", "PageDown", "Delete", "Backspace", "Shift+Left", "Shift+Right", "Ctrl+A", "Ctrl+Z", "Ctrl+Y", "Ctrl+M",
    "Ctrl+E", "Ctrl+N", "Ctrl+B", "Ctrl+Left", "Ctrl+Right", "F1", "F8", "F9", "F11", "F", "T", "E",
    "P", "L", "1", "2", "5", "Period", "Comma",
)  # fmt: skip
_POINTED_AT: Final = (
    "network_picture", "unit_weights", "unit_outgoing", "cost_plot", "accuracy_plot", "network_input", "anything"
)  # fmt: skip
_MODIFIERS: Final = {
    "Ctrl": Qt.KeyboardModifier.ControlModifier,
    "Shift": Qt.KeyboardModifier.ShiftModifier,
}
_NONSENSE: Final = (
    "", " ", "x", "-1", "0", "nan", "inf", "-inf", "1e999", "1e-999", "1,5", "1.5.2", "٣", "½", "10 000", "0x10",
    "999999999999999999999", "\x00", "η", "3.", ".5", "+2", "1e3", "--", "1_0", "𝟙", "\u202e7",
)  # fmt: skip
_TITLES: Final = (
    "mine",
    "a & b",
    "<b>x</b>",
    "../up",
    "",
    " ",
    "x" * 300,
    "%s %d {0}",
    "π\u202e",
    "con.",
    "mine ",
)
_OF_NO_SCREEN: Final = "This plugin does not support"


def told(kind: str, what: str) -> None:
    print(kind, what, flush=True)


def fault(what: str) -> None:
    told("FAULT", json.dumps(what))


class Watch(logging.Handler):
    """Whatever the program logs as a warning or worse is a fault, but for files that could not be written for a
    reason that the user was told."""

    def emit(self, record: logging.LogRecord) -> None:
        cause = record.args[0] if isinstance(record.args, tuple) and record.args else None
        if record.msg == "not written: %r" and isinstance(cause, Problem):
            return
        text = record.getMessage()
        if text.startswith(_OF_NO_SCREEN):
            return
        if record.exc_info:
            text += "\n" + "".join(traceback.format_exception(*record.exc_info))
        fault(f"logged: {text}")


class Opener(QObject):
    """What would else open the log file in another program."""

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        told("note", f"asked to open {url.toString()}")


class Hand(QObject):
    """Does a few things at random, lets the program live for a moment, and so on until the time is over."""

    def __init__(self, window: MainWindow, seed: int, seconds: float, files: Path) -> None:
        super().__init__(window)
        self.window, self.files = window, files
        self.chance = random.Random(seed)
        self.began = time.monotonic()
        self.ends = self.began + seconds
        self.next_quiet = self.began + min(QUIET_EVERY, seconds / 3)
        self.quiet_step = 0
        self.measured = False
        self.done = self.refused = 0
        self.stalls: list[tuple[float, str]] = []
        self.last_beat = self.began
        self.last_done = ""
        self.acts: dict[Callable[[], str | None], float] = {
            self.trigger: 12, self.press_key: 12, self.click: 14, self.drag: 6, self.hover: 8, self.turn_wheel: 6,
            self.type_number: 12, self.choose: 6, self.slide: 5, self.change_layers: 5, self.new_run: 3,
            self.play: 5, self.start_recipe: 1, self.keep_recipe: 1, self.open_unit: 4, self.draw: 6,
            self.open_network: 4, self.save_network: 3, self.open_data: 1.5, self.drop: 1, self.resize: 2,
            self.go_back: 2, self.change_look: 1, self.close_unit: 1,
        }  # fmt: skip
        self.heart = QTimer(self, interval=_HEARTBEAT)
        self.heart.timeout.connect(self.beat)
        self.heart.start()
        QTimer.singleShot(0, self, self.go_on)

    # The loop

    def beat(self) -> None:
        now = time.monotonic()
        gap, self.last_beat = now - self.last_beat, now
        if gap > 1:
            self.stalls.append((gap, self.last_done))
            told("note", f"a stall of {gap:.1f} s after: {self.last_done}")

    def go_on(self) -> None:
        """One turn: what is modal first, then some things in a row."""
        now = time.monotonic()
        if now > self.ends + _GRACE or (now > self.ends and self.measured and not self.quiet_step):
            self.finish()
            return
        QTimer.singleShot(self.chance.choice((0, 0, 5, 20, 50, 150)), self, self.go_on)
        if self.leave_modal():
            return
        self.examine()
        if self.quiet_step or now > self.next_quiet:
            self.rest()
            return
        for _ in range(self.chance.choice((1, 1, 1, 2, 3, 5))):
            self.act()

    def act(self) -> None:
        (act,) = self.chance.choices([*self.acts], [*self.acts.values()])
        told("do", act.__name__)  # before, in case it never comes back
        what = act()
        if what is not None:
            self.done += 1
            self.last_done = f"{act.__name__} {what}"
            told("did", self.last_done)

    def examine(self) -> None:
        """What must hold at any time."""
        lab = self.window.lab
        if not lab.training.isRunning():
            fault("the training thread is dead")
            self.ends, self.measured = 0.0, True
        if lab.run is not None and lab.run.failed:
            fault("a run has failed")
            self.window.new_run()

    def leave_modal(self) -> bool:
        """Answers what is in the way of everything else; whether there was something."""
        popup = QApplication.activePopupWidget()
        if popup is not None:
            popup.close()
            return True
        modal = QApplication.activeModalWidget()
        if modal is None:
            if QWhatsThis.inWhatsThisMode() and self.chance.random() < 0.3:
                QWhatsThis.leaveWhatsThisMode()
            return False
        told("did", f"leave {modal.objectName()} {modal.windowTitle()!r}")
        if isinstance(modal, QMessageBox):
            self.leave_message(modal)
        elif isinstance(modal, QFileDialog):
            if self.chance.random() < 0.5:
                modal.fileSelected.emit(str(self.any_path()))
            modal.reject()
        elif isinstance(modal, QDialog):
            self.chance.choice((modal.accept, modal.reject))()
        else:
            fault(f"{modal!r} is in the way")
            modal.close()
        return True

    def leave_message(self, box: QMessageBox) -> None:
        title = box.windowTitle() or box.text()
        if box.objectName() == "fault" or "has stopped" in box.text() or "did not work" in box.text():
            fault(f"a message: {title}: {box.informativeText()} {box.detailedText()}")
        else:
            self.refused += 1
        buttons = box.buttons()
        if buttons and self.chance.random() < 0.8:
            self.chance.choice(buttons).click()
        if box.isVisible():
            box.reject()

    def rest(self) -> None:
        """Measures the memory where little is needed: few digits, all windows but one closed, and two small runs: the
        present one, and the one before it, which is the last that has learned something."""
        lab, detail = self.window.lab, self.window.unit_detail
        if self.quiet_step == 0:
            if detail.isWindow():  # hidden, it keeps what was painted last, of 30 MB where it was large
                detail.showNormal()
                detail.resize(800, 600)
            self.window.set_classroom(False)
            self.window.showNormal()
            self.window.resize(1440, 900)
            self.window.load_data(self.files / "data10")
            self.do("default_settings")
        elif lab.digits is None or lab.digits.name != "data10":
            return
        elif self.quiet_step <= 3:
            if lab.run is None or lab.run.moment is None:
                return
            if lab.run.playing:
                self.window.toggle_play()
            if self.quiet_step > 1 and lab.run.step == 0:  # it would not take the place of the one before
                self.do("step")
                return
            self.do("default_settings")
            self.window.new_run()
        elif self.quiet_step == 10:
            detail.close()
        elif self.quiet_step > 20:
            QPixmapCache.clear()
            memory.let_go()
            what = {
                "at": time.monotonic() - self.began,
                "held": memory.held(),
                "resident": memory.resident(),
                "threads": len(os.listdir("/proc/self/task")),
                "files": len(os.listdir("/proc/self/fd")),
                "widgets": len(QApplication.allWidgets()),
            }
            told("quiet", json.dumps(what))
            self.next_quiet = time.monotonic() + QUIET_EVERY
            self.quiet_step, self.measured = 0, True
            return
        self.quiet_step += 1

    def finish(self) -> None:
        self.heart.stop()
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        while (modal := QApplication.activeModalWidget()) is not None:
            modal.close()
        figures = {"done": self.done, "refused": self.refused, "stalls": self.stalls}
        told("figures", json.dumps(figures))
        told("closing", str(time.monotonic()))
        self.window.close()

    # What it can do: each returns what it did, or None if that could not be

    def trigger(self) -> str | None:
        actions = [
            action
            for action in self.window.findChildren(QAction)
            if action.isEnabled() and action.menu() is None and action.objectName() not in _NOT_TRIGGERED
            if action.text()
        ]
        action: QAction = self.chance.choice(actions)
        name = action.objectName() or action.text()
        told("do", name)
        action.trigger()
        return name

    def press_key(self) -> str | None:
        keys = self.chance.choice(_KEYS)
        widget = QApplication.focusWidget() or self.window
        *modifiers, key = keys.split("+")
        held = _PLAIN
        for modifier in modifiers:
            held |= _MODIFIERS[modifier]
        QTest.keyClick(widget, getattr(Qt.Key, f"Key_{key}"), held)
        return f"{keys} in {_name(widget)}"

    def click(self) -> str | None:
        widget = self.any_widget()
        where = self.place_in(widget)
        button = _RIGHT if self.chance.random() < 0.15 else _LEFT
        what = f"{_name(widget)} at {where.x():.0f}, {where.y():.0f}"
        told("do", what)
        self.send(widget, QEvent.Type.MouseButtonPress, where, button)
        if self.chance.random() < 0.15 and _alive(widget):
            self.send(widget, QEvent.Type.MouseButtonDblClick, where, button)
        if _alive(widget):
            self.send(widget, QEvent.Type.MouseButtonRelease, where, button)
        return what

    def drag(self) -> str | None:
        widget = self.any_widget()
        places = [self.place_in(widget, 0.4) for _ in range(self.chance.randint(2, 6))]
        self.stroke(widget, places, _LEFT)
        return _name(widget)

    def hover(self) -> str | None:
        widget = self.window.findChild(QWidget, self.chance.choice(_POINTED_AT)) or self.any_widget()
        if not widget.isVisible():
            return None
        for _ in range(self.chance.randint(1, 4)):
            self.send(widget, QEvent.Type.MouseMove, self.place_in(widget, 0.05), _NONE)
        if self.chance.random() < 0.2:
            QApplication.sendEvent(_target(widget), QEvent(QEvent.Type.Leave))
        return _name(widget)

    def turn_wheel(self) -> str | None:
        name = self.chance.choice(("cost_plot", "accuracy_plot", "anything"))
        widget = self.window.findChild(QWidget, name) or self.any_widget()
        if not widget.isVisible():
            return None
        target, where = _target(widget), self.place_in(widget)
        by = QPoint(self.chance.choice((0, 0, 120, -120)), self.chance.choice((120, -120, 15, -1200, 1200)))
        QApplication.sendEvent(
            target,
            QWheelEvent(
                where,
                target.mapToGlobal(where),
                QPoint(),
                by,
                _NONE,
                _PLAIN,
                Qt.ScrollPhase.NoScrollPhase,
                False,
            ),
        )
        return f"{_name(widget)} by {by.x()}, {by.y()}"

    def type_number(self) -> str | None:
        fields = [field for field in self.window.findChildren(NumberField) if field.isEnabled()]
        control = self.chance.choice(fields)
        text = self.any_number(control)
        field = control.field
        told("do", f"{control.objectName()} {text!r}")
        field.setFocus()
        field.selectAll()
        for letter in text:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QApplication.sendEvent(field, QKeyEvent(kind, 0, _PLAIN, letter))
        if _alive(field):
            QTest.keyClick(field, self.chance.choice((Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Escape)))
        return f"{text!r} in {control.objectName()}"

    def choose(self) -> str | None:
        combos = [combo for combo in self.shown(QComboBox) if combo.isEnabled()]
        if not combos:
            return None
        combo = self.chance.choice(combos)
        model = combo.model()
        rows = [
            row
            for row in range(combo.count())
            if not isinstance(model, QStandardItemModel)
            or (model.item(row).isEnabled() and model.item(row).text())
        ]
        if not rows:
            return None
        row = self.chance.choice(rows)
        what = f"{combo.itemText(row)!r} in {_name(combo)}"
        told("do", what)
        combo.setCurrentIndex(row)
        combo.activated.emit(row)
        return what

    def slide(self) -> str | None:
        slider = self.chance.choice(
            [slider for slider in self.window.findChildren(QSlider) if slider.isEnabled()]
        )
        slider.setValue(self.chance.randint(slider.minimum(), slider.maximum()))
        return f"{_name(slider)} to {slider.value()}"

    def change_layers(self) -> str | None:
        layers = self.window.controls.layers
        hidden = [self.any_units() for _ in range(self.chance.choice((0, 1, 1, 1, 2, 3, MAX_HIDDEN_LAYERS)))]
        if self.chance.random() < 0.3:
            buttons = [b for b in layers.findChildren(QAbstractButton) if b.isEnabled() and b.isVisible()]
            button = self.chance.choice(buttons or [layers.add_button])
            button.click()
            return _name(button)
        layers.set_value((layers.value()[0], *hidden, layers.value()[-1]))
        layers.changed.emit("sizes")
        if self.chance.random() < 0.7:
            self.window.new_run()
        return str(hidden)

    def new_run(self) -> str | None:
        self.do("new")
        return ""

    def play(self) -> str | None:
        self.do("play")
        return ""

    def go_back(self) -> str | None:
        self.do("restore_best")
        return ""

    def start_recipe(self) -> str | None:
        entry = self.chance.choice(self.window.recipes.entries())
        self.window.start_recipe(entry.id)
        return entry.title

    def keep_recipe(self) -> str | None:
        chooser = self.window.controls.recipes
        if chooser.delete_action.isEnabled() and self.chance.random() < 0.4:
            chooser.delete()
            return "deleted"
        title = self.chance.choice(_TITLES)
        chooser.save_as(title)
        return title

    def open_unit(self) -> str | None:
        sizes = self.window.controls.layers.value()
        layer = self.chance.randint(1, len(sizes) - 1)
        unit = self.chance.randrange(sizes[layer])
        run = self.window.lab.run
        if run is not None and run.moment is not None:
            sizes = run.moment.network.sizes
            layer = min(layer, len(sizes) - 1)
            unit %= sizes[layer]
        self.window.open_unit(layer, unit)
        return f"{layer}, {unit}"

    def close_unit(self) -> str | None:
        self.window.unit_detail.close()
        return ""

    def draw(self) -> str | None:
        pad = self.window.network.pad
        if not pad.isVisible():
            return None
        x, y = self.place_in(pad).toTuple()
        places = []
        for _ in range(self.chance.randint(1, 40)):
            x, y = x + self.chance.gauss(0, 12), y + self.chance.gauss(0, 12)
            places.append(QPointF(x, y))
        self.stroke(pad, places, _RIGHT if self.chance.random() < 0.2 else _LEFT)
        return f"{len(places)} points"

    def open_network(self) -> str | None:
        path = self.any_path()
        self.window.documents.open(path)
        return path.name

    def save_network(self) -> str | None:
        run, digits = self.window.lab.run, self.window.lab.digits
        if run is None or run.moment is None or digits is None:
            return None
        names = (*(f"saved{number}.npz" for number in range(4)), "no/such.npz", "data10", "x" * 300)
        path = self.files / self.chance.choice(names)
        self.window.documents.save(run, digits, path)
        return path.name[:40]

    def open_data(self) -> str | None:
        if self.chance.random() < 0.3:
            self.do("bundled_data")
            return "bundled"
        folders = sorted(path for path in self.files.iterdir() if path.name.startswith("data"))
        folder = self.chance.choice(folders)
        self.window.load_data(folder)
        return folder.name

    def drop(self) -> str | None:
        path = self.any_path()
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        self.window.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, _LEFT, _PLAIN))
        return path.name

    def resize(self) -> str | None:
        widget = self.chance.choice((self.window, self.window, self.window.unit_detail))
        how = self.chance.random()
        if how < 0.1:
            widget.showMaximized()
        elif how < 0.2:
            widget.showMinimized()
        else:
            widget.showNormal()
            widget.resize(
                self.chance.choice((1, 200, 640, 1024, 1440, 2560, 3840)), self.chance.randint(1, 2200)
            )
        if widget is self.window and self.window.isMinimized() and self.chance.random() < 0.5:
            widget.showNormal()
        return f"{_name(widget)} {widget.width()}, {widget.height()}"

    def change_look(self) -> str | None:
        how = self.chance.choice(("system", "light", "dark", "classroom"))
        if how == "classroom":
            self.do("classroom")
        else:
            self.window.set_look(how)
        return how

    def do(self, name: str) -> None:
        """Triggers one action of the menus."""
        action = self.window.findChild(QAction, f"{name}_action")
        assert action is not None
        action.trigger()

    # What it chooses from

    def any_path(self) -> Path:
        paths = [*sorted(self.files.iterdir()), self.files / "missing.npz"]
        paths += [run.path for run in self.window.documents.keeper.runs]
        return self.chance.choice(paths)

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

    def shown(self, kind: type[Any]) -> list[Any]:
        return [
            widget
            for top in QApplication.topLevelWidgets()
            if top.isVisible()
            for widget in (top, *top.findChildren(QWidget))
            if isinstance(widget, kind) and widget.isVisible() and widget.width() and widget.height()
        ]

    def any_widget(self) -> QWidget:
        widget = self.chance.choice([widget for widget in self.shown(QWidget) if widget.isEnabled()])
        assert isinstance(widget, QWidget)
        return widget

    def place_in(self, widget: QWidget, beyond: float = 0.0) -> QPointF:
        """A place in `widget`, or outside it by a share of its sides."""
        x, y = (self.chance.uniform(-beyond, 1 + beyond) for _ in range(2))
        return QPointF(x * widget.width(), y * widget.height())

    def send(
        self,
        widget: QWidget,
        kind: QEvent.Type,
        where: QPointF,
        button: Qt.MouseButton,
        *,
        held: bool = False,
    ) -> None:
        target = _target(widget)
        moved = kind == QEvent.Type.MouseMove
        down = button if held or (kind != QEvent.Type.MouseButtonRelease and not moved) else _NONE
        event = QMouseEvent(
            kind, where, QPointF(target.mapToGlobal(where)), _NONE if moved else button, down, _PLAIN
        )
        QApplication.sendEvent(target, event)

    def stroke(self, widget: QWidget, places: Sequence[QPointF], button: Qt.MouseButton) -> None:
        self.send(widget, QEvent.Type.MouseButtonPress, places[0], button)
        for place in places[1:]:
            if _alive(widget):
                self.send(widget, QEvent.Type.MouseMove, place, button, held=True)
        if _alive(widget):
            self.send(widget, QEvent.Type.MouseButtonRelease, places[-1], button)


def _name(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.objectName()}".strip()


def _target(widget: QWidget) -> QWidget:
    return widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget


def _alive(widget: QWidget) -> bool:
    return isValid(widget) and widget.isVisible()


def main(seed: int, seconds: float, files: Path) -> int:
    """The exit code of the program."""
    logging.getLogger("mnistviz").addHandler(Watch(logging.WARNING))
    threading.excepthook = lambda hook: fault(f"in a thread: {traceback.format_exception(hook.exc_value)}")
    sys.unraisablehook = lambda hook: fault(f"unraisable: {hook.exc_value!r} in {hook.object!r}")
    opener = Opener()

    class Window(MainWindow):
        def show(self) -> None:
            super().show()
            QDesktopServices.setUrlHandler("file", opener, "open")  # type: ignore[arg-type]  # it takes no bytes
            Hand(self, seed, seconds, files)

    app.MainWindow = Window  # type: ignore[attr-defined]
    code = app.run_window()
    left = [
        thread.name for thread in threading.enumerate() if not thread.daemon and thread.name != "MainThread"
    ]
    if left:
        fault(f"threads are left: {left}")
    told("closed", str(time.monotonic()))
    return code


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), float(sys.argv[2]), Path(sys.argv[3])))
