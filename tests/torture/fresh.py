"""A window opened anew paints what the old one painted, pixel by pixel: `python -m tests.torture.fresh FOLDER`.

`painted` takes the pictures of a window at rest, one for each view, and `hand.py` saves them in a folder with the scene
and the session as the program keeps them. This starts the program on that, and prints "FAULT …" for each view that
differs. Both first put away what no start finds again (`put_away`).
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QListWidget, QMessageBox, QScrollBar, QWidget

from mnistviz.engine.workspace import number_of_parameters
from mnistviz.gui import app
from mnistviz.gui.common.choices import FIRST_STEPS
from mnistviz.gui.common.number_edit import NumberEdit
from mnistviz.gui.common.place_field import PlaceField
from mnistviz.gui.common.theme import set_theme, theme
from mnistviz.gui.ideas.parts.long_work import LongWork
from mnistviz.gui.lab.jobs import Jobs
from mnistviz.gui.lab.shown import RunFacts, Shown
from mnistviz.gui.mistakes.against import ALONE
from mnistviz.gui.mistakes.story_strip import StoryStrip
from mnistviz.gui.pins.pin_curves import PinCurvesContent
from mnistviz.gui.runs.lanes import NameField
from mnistviz.gui.runs.strip import Strip
from mnistviz.gui.settings.settings_list import Opener
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.message import Rank
from mnistviz.gui.window.scene import SceneFile, WindowScene
from mnistviz.gui.window.views import LAYERS, MINIBATCH, MISTAKES, PINS, ViewPlace, entries_of
from mnistviz.gui.window.work_dialogs import DataSetDialog
from tests.gui.window.panels import PANELS, open_panel, opened_panel
from tests.torture.program import own_folder
from tests.torture.promises import fault, stacks, told

STILL: Final = 0.4
"""Seconds in which nothing is worked out and nothing changes on the screen: then it is at rest."""
PATIENCE: Final = 40.0  # seconds that may pass until it is

_ESCAPE: Final = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
_TURN: Final = 50  # milliseconds
_LARGE: Final = 1_000_000  # weights and biases
_UNSEEN: Final = 8  # of 255: a letter on a line that lies a hundredth of a pixel further along it
_FEW: Final = 8  # pixels, less than a dot of a curve: where such a line crosses into the next ones
_ABOUT: Final = "about.json"

MAY_DIFFER: Final = {
    "scratchpad_undo_button": "the steps on the pad are not kept",
    "scratchpad_redo_button": "the same",
    "compare_pair": "which run was selected before is not kept",
}
"""What may look otherwise, by the names of the widgets, and why."""
ACTIONS_MAY_DIFFER: Final = {
    "undo_setting_action": "what was done in a window is not kept",
    "redo_setting_action": "the same",
    "scratchpad_undo": "the same",
    "scratchpad_redo": "the same",
}
"""Actions that may be on in one window only, and why."""


class NotAtRest(Exception):
    """The window did not come to rest in time; says what went on, if that is a fault."""


def put_away(window: MainWindow) -> None:
    """Ends what is not found again at the next start: what is tried, looked ahead at, zoomed, compared with, pointed
    at, scrolled to or drawn by keys, what is large, and other windows."""
    lab, views, book = window.lab, window.views, window.action_book
    for name in ("enlarge", "classroom", "what_next", "train_on"):
        book[name].setChecked(False)
    window.network.pad.keys_action.setChecked(False)
    # Only now: a run that waited for one of them trains on.
    playing = [run.number for run in lab.runs.open if run.playing]
    for on in (False, True):  # Space would start a selected run that has met its stopping rule
        for number in playing:
            lab.time.switch(number, on)
    while lab.luck.cancel():  # or its jobs would wait until somebody trains on
        pass
    window.showNormal()
    for entry in entries_of(ViewPlace.OWN_WINDOW):
        if views.is_built(entry.id):
            views.widget(entry.id).close()
    for top in QApplication.topLevelWidgets():
        if top is not window and top.isVisible():
            top.close()
    lab.chosen.choose("minibatch", stage="off")
    lab.chosen.choose("layers", opened=True)  # `painted` opens all tabs
    views[MINIBATCH].which.actions["all"].trigger()
    views[MISTAKES].compare_with(ALONE)
    views[LAYERS].beside.choose("")
    window.curves.follow()
    lab.show_preview(None)
    if lab.chosen.now.first.left == FIRST_STEPS:  # until one is done, each start lays a digit on an empty pad
        lab.chosen.choose("first", left=FIRST_STEPS[1:])
    # It says once that a schedule has ended.
    lab.settings.set_draft(replace(lab.settings.draft, taken_over=False))
    if lab.digits is not None:  # what no run can begin with is not kept
        settings = WindowScene.of(window.session.scene().values()).settings
        window.controls.show_settings(settings.for_classes(len(lab.digits.classes)))
    if (moment := lab.shown.moment) is not None:  # the colours of another network are chosen for that alone
        window.network.presenter.picture.memory.colours.fit(replace(moment, run=0), 1, learned=False)
        window.network.presenter.refresh()
    set_theme(theme(), window.line)  # or it has the width of its longest words so far
    window.activateWindow()  # or nothing would lose the focus
    for pins in views[PINS].findChildren(QListWidget):
        pins.setCurrentRow(0)
    curves = views[PINS].curves
    for each in (PinCurvesContent(), curves.content):  # which change the keys act on
        curves.show_content(each)
    for opener in window.findChildren(Opener):
        opener.setChecked(opener.objectName() == "more_settings" and lab.chosen.now.controls.more)
    for strip in window.findChildren(StoryStrip):
        if strip.isVisible():
            strip.move_to(lab.shown.here)  # the mark that the keys act on
    scroll_home(window)
    _leave_fields(window)
    if window.line.message.said is not None:
        window.line.say(Rank.UNDO, ())


def _leave_fields(window: MainWindow) -> None:
    for field in window.findChildren(QLineEdit):
        if isinstance(field, PlaceField | NameField):
            enabled = field.isEnabled()
            field.setEnabled(True)
            QApplication.sendEvent(field, _ESCAPE)  # what was typed stays until that
            field.setEnabled(enabled)
        field.home(False)  # a number that is too long is seen from where the cursor is
        if isinstance(field, NumberEdit):
            field.set_value(field.value())  # it may say for some seconds why it took nothing
    eta = window.controls.eta.field
    eta.textChanged.emit(eta.text())  # its slider stays where a hand has put it
    for widget in window.findChildren(QWidget):
        QApplication.sendEvent(widget, QEvent(QEvent.Type.Leave))
    window.network.picture.setFocus()
    focus = QApplication.focusWidget()
    if focus is not None and focus is not window.network.picture:  # which takes none where it is folded
        focus.clearFocus()
    window.controls.list.sort(window.lab.settings.draft.settings)  # a row in use stays where it is


def scroll_home(window: MainWindow) -> None:
    for bar in window.findChildren(QScrollBar):
        bar.setValue(bar.minimum())


def is_at_rest(window: MainWindow) -> bool:
    lab = window.lab
    runs_rest = all(run.has_obeyed and not run.playing and (run.ready or run.failed) for run in lab.runs.open)
    runs_rest &= all(map(_is_measured, lab.runs.open))
    works = window.frame.isActive() or any(jobs.is_busy() for jobs in lab.findChildren(Jobs))
    return lab.digits is not None and bool(lab.runs.open) and runs_rest and not works


def _is_measured(run: RunFacts) -> bool:
    """Whether the newest network of a run has read all that is ever read; one that diverged reads nothing."""
    read = run.evaluations.values()
    return run.failed or run.diverged or (bool(read) and all(e.complete and e.step == run.step for e in read))


def _what_goes_on(window: MainWindow) -> str:
    runs = [
        (run.letter, run.step, run.playing, run.has_obeyed, run.ready, _is_measured(run))
        for run in window.lab.runs.open
    ]
    busy = sum(jobs.is_busy() for jobs in window.lab.findChildren(Jobs))
    return f"runs {runs}, {busy} threads at work, frame {window.frame.isActive()}\n{stacks('mnistviz')}"


def until_still(window: MainWindow) -> Iterator[None]:
    """Waits until the window is at rest and looks the same for a while."""
    began, since, before = time.monotonic(), time.monotonic(), QImage()
    while True:
        if not is_at_rest(window):
            since = time.monotonic()
        elif (now := window.grab().toImage()) != before:
            since, before = time.monotonic(), now
        if time.monotonic() > since + STILL:
            return
        if time.monotonic() > began + PATIENCE:
            # to try a remedy on large networks, to measure them, or to train a run again, takes minutes
            runs = [run for run in window.lab.runs.open if not _is_measured(run)]
            waits = any(not run.ready or number_of_parameters(run.settings.sizes) > _LARGE for run in runs)
            waits |= any(work.is_working for work in window.findChildren(LongWork))  # it has a Cancel button
            is_fault = not (window.lab.tryouts.jobs.is_busy() or waits)
            raise NotAtRest(f"it does not come to rest: {_what_goes_on(window)}" if is_fault else "")
        yield


def keep(window: MainWindow, folder: Path) -> Iterator[None]:
    """Copies scene and session, once they are on the disk, to where a start of `environment(folder)` finds them."""
    keeper, written = window.documents.keeper, list[bool]()
    keeper.touch()
    while any(timer.isActive() for timer in keeper.findChildren(QTimer)):
        if keeper.troubles:
            raise NotAtRest(f"not saved: {keeper.troubles}")
        yield
    window.documents.writer.write(lambda: None, lambda error: written.append(True))
    while not written:
        yield
    own, session = own_folder(folder), keeper.session.path
    kept = (session, session.parent.parent / "recipes")
    for each in (path for path in kept if path.is_dir()):
        to = own / each.relative_to(session.parent.parent)
        shutil.copytree(each, to, ignore=shutil.ignore_patterns("*.lock", "*.tmp"))
    SceneFile(own / "stage.json").save(window.session.scene())


def close(window: MainWindow) -> None:
    """Closes the window. Where it asks first, since something can't be saved, that is told, and lost."""
    window.close()
    box = QApplication.activeModalWidget()
    if isinstance(box, QMessageBox):
        fault(f"as it closes: {box.text()} {window.documents.keeper.troubles}")
        for button in box.buttons():
            if box.buttonRole(button) is QMessageBox.ButtonRole.DestructiveRole:
                button.click()


class Picture(Struct):
    """How a view looks, and where it may look otherwise: left, top, right and bottom."""

    image: QImage
    free: list[tuple[int, int, int, int]]

    @classmethod
    def of(cls, view: QWidget) -> Picture:
        free = []
        for each in view.findChildren(QWidget):
            if each.objectName() in MAY_DIFFER and each.isVisible():
                left, top = each.mapTo(view, QPoint(0, 0)).toTuple()
                free.append((left, top, left + each.width(), top + each.height()))
        return cls(view.grab().toImage(), free)


def painted(window: MainWindow, pictures: dict[str, Picture]) -> Iterator[None]:
    """Takes a picture of each view of the lab at rest, each tab opened once; the tab that was open is open then."""
    tab = opened_panel(window)
    ids = [id for id in PANELS if id != tab]
    kept_states = next(strip.kept for strip in window.timeline.findChildren(Strip))
    kept_states.hide()  # a run that was read from a file has one more, where it stood
    yield from _draw_curves_anew(window)
    for number, id in enumerate((tab, *ids)):
        open_panel(window, id)
        put_away(window)
        yield from until_still(window)
        scroll_home(window)
        pictures[f"tab {id}"] = Picture.of(window.arrangement.tabs)
        if number == 0:
            for place in (ViewPlace.TOP, ViewPlace.LEFT, ViewPlace.UPPER, ViewPlace.STRIP, ViewPlace.BOTTOM):
                for entry in entries_of(place):
                    pictures[entry.id] = Picture.of(window.views.widget(entry.id))
            if window.controls.isVisible():  # it is laid out then
                pictures["settings"] = Picture.of(window.controls.list)
    open_panel(window, tab)
    kept_states.show()
    yield from until_still(window)


def _draw_curves_anew(window: MainWindow) -> Iterator[None]:
    """Has the ranges of both plots chosen anew: they stay as long as they serve, so they tell what was seen before. So
    does which of two lines lies above the other, and whether the costs had leapt. A linear axis that was chosen though
    they have is not kept."""
    curves, is_log = window.curves, window.lab.chosen.now.curves.log_cost
    open_panel(window, "curves")
    curves.log_cost_action.trigger()
    yield from until_still(window)
    if curves.log_cost_action.isChecked() is not is_log:
        curves.log_cost_action.trigger()
        yield from until_still(window)
    for _ in range(2):
        curves.error_scale_action.trigger()
        yield from until_still(window)
    curves.draw(Shown())  # lets go of an axis that was chosen for one run
    window.frame.draw()
    yield from until_still(window)


def actions(window: MainWindow) -> dict[str, list[object]]:
    book = window.action_book
    actions = (book[id] for id in book.entries)
    return {each.objectName(): [each.text(), each.isEnabled(), each.isChecked()] for each in actions}


def save(window: MainWindow, folder: Path, size: tuple[int, int]) -> Iterator[None]:
    pictures: dict[str, Picture] = {}
    put_away(window)
    yield from until_still(window)
    window.resize(*size)
    yield from painted(window, pictures)
    yield from keep(window, folder)
    for name, picture in pictures.items():
        picture.image.save(str(folder / f"{name}.png"))
    about = {
        "size": window.size().toTuple(),
        "data": window.lab.digits.checksum,
        "actions": actions(window),
        "free": {name: picture.free for name, picture in pictures.items()},
    }
    (folder / _ABOUT).write_text(json.dumps(about))


def differences(window: MainWindow, pictures: dict[str, Picture], folder: Path) -> list[str]:
    """What the window paints otherwise than the pictures in the folder; its own are put beside them."""
    about, found = json.loads((folder / _ABOUT).read_text()), []
    for name, picture in pictures.items():
        now = picture.image
        before = QImage(str(folder / f"{name}.png")).convertToFormat(now.format())
        if before.size() != now.size():
            found.append(
                f"{name} is {now.width()} × {now.height()}, not {before.width()} × {before.height()}"
            )
        elif now.isNull():
            continue  # it is hidden, as it was
        elif where := differing(before, now, [*picture.free, *about["free"][name]]):
            found.append(f"{name} differs in {where}")
        else:
            continue
        now.save(str(folder / f"{name} anew.png"))
    anew = actions(window)
    for name, before in about["actions"].items():
        if anew.get(name) != before and name not in ACTIONS_MAY_DIFFER:
            found.append(f"{name} is {anew.get(name)} instead of {before}")
    return found


def differing(before: QImage, now: QImage, free: Iterable[Sequence[int]]) -> str:
    """Where it can be seen that two pictures of one size differ, outside what is `free` to; empty if nowhere."""
    one, other = (
        np.frombuffer(each.constBits(), np.uint8).reshape(each.height(), -1, 4)[:, : each.width()].astype(int)
        for each in (before, now)
    )
    differs = (abs(one - other) > _UNSEEN).any(axis=2)
    for left, top, right, bottom in free:
        differs[top:bottom, left:right] = False
    rows, columns = np.nonzero(differs)
    if rows.size <= _FEW:
        return ""
    return f"{rows.size} pixels, {columns.min()} to {columns.max()} across, {rows.min()} to {rows.max()} down"


class Anew(QObject):
    def __init__(self, window: MainWindow, folder: Path) -> None:
        super().__init__(window)
        self.window, self.folder = window, folder
        self.pictures: dict[str, Picture] = {}
        self.steps = self._compare()
        timer = QTimer(self, interval=_TURN)
        timer.timeout.connect(self._go_on)
        timer.start()

    def _go_on(self) -> None:
        modal = QApplication.activeModalWidget()
        if isinstance(modal, DataSetDialog):  # a start asks what it is to become
            modal.open_button.click()
        elif modal is not None:
            said = [getattr(modal, name, str)() for name in ("text", "informativeText", "detailedText")]
            fault(f"opened anew: {modal.objectName()}: {' '.join(said)}")
            modal.close()
        elif next(self.steps, self) is self:
            close(self.window)

    def _compare(self) -> Iterator[None]:
        about = json.loads((self.folder / _ABOUT).read_text())
        self.window.resize(*about["size"])
        try:
            yield from until_still(self.window)
            if (digits := self.window.lab.digits) is None or digits.checksum != about["data"]:
                told("note", "the data set was made with other choices")
                return
            put_away(self.window)
            yield from painted(self.window, self.pictures)
        except NotAtRest as error:
            if str(error):
                fault(f"opened anew: {error}")
            return
        for difference in differences(self.window, self.pictures, self.folder):
            fault(f"opened anew: {difference}")
        told("compared", str(len(self.pictures)))


def main(folder: Path) -> int:
    class Window(MainWindow):
        def show(self) -> None:
            super().show()
            Anew(self, folder)

    app.MainWindow = Window  # type: ignore[attr-defined]
    return app.run_window()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
