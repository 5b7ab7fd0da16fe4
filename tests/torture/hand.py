"""A seeded hand at the real window: `python -m tests.torture.hand SEED SECONDS FILES [UNDERTAKING]`, with what it opens
in FILES.

It prints a line for each thing it does ("do …" before, "did …" after), for what must not be ("FAULT …", as JSON), and
its figures. `monkey.py` starts it, and watches from outside.
"""

import json
import logging
import os
import random
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QPixmapCache
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMessageBox, QWhatsThis

from mnistviz.gui import app
from mnistviz.gui.lab.lab_changes import ChangeKind
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.message import Rank
from mnistviz.gui.window.sessions_dialog import SessionsDialog
from mnistviz.gui.window.views import VIEWS
from mnistviz.gui.window.work_dialogs import DataSetDialog
from tests.gui.pretending import forget_closed
from tests.torture import fresh, memory
from tests.torture.gestures import Gestures
from tests.torture.heartbeat import Heartbeat, Stall, places
from tests.torture.promises import Promises, Watch, fault, told
from tests.torture.undertakings import UNDERTAKINGS, Steps, at_the_start

QUIET_EVERY: Final = 30.0  # seconds from one measurement of the memory to the next
LATE: Final = 0.5  # seconds without a beat that are told as a stall

COMPARED_EVERY: Final = 100  # acts from one comparison with a window opened anew to the next

_SIZES: Final = ((1440, 900), (1440, 900), (1024, 640), (1280, 720), (1150, 1000), (1920, 1080))
_LONGEST_REST: Final = 300  # turns of the hand: what a job holds then is measured, too
_LATE: Final = 4.0  # seconds after which a window that closes tells where it is
_GRACE: Final = 30.0  # seconds that the last measurement may take
_UNDERTAKES: Final = 0.15  # how likely it begins something with a purpose in a turn
_GOES_ON: Final = 0.8  # how likely it goes on with that in a turn


class Opener(QObject):
    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        told("note", f"asked to open {url.toString()}")


class Hand(QObject):
    def __init__(self, window: MainWindow, seed: int, seconds: float, files: Path, only: str = "") -> None:
        super().__init__(window)
        self.window, self.files, self.seed = window, files, seed
        self.chosen = {begin: often for begin, often in UNDERTAKINGS.items() if only in ("", begin.__name__)}
        self.undertakes = 1.0 if only else _UNDERTAKES
        self.promises = Promises(window.lab)
        self.gestures = Gestures(window, files, self.promises)
        self.pace = random.Random(seed)
        self.began = time.monotonic()
        self.ends = self.began + seconds
        self.next_quiet = self.began + min(QUIET_EVERY, seconds / 3)
        self.quiet_step = 0
        self.measured = False
        self.number = self.done = self.refused = 0
        self.painting: Iterator[None] | None = None
        self.next_comparison = COMPARED_EVERY
        self.anew = files.parent
        self.doing: Steps = at_the_start(self.gestures) if seconds > QUIET_EVERY and not only else iter(())
        self.heart = Heartbeat(self, late=LATE)
        self.heart.stalled.connect(self.on_stall)
        self.heart.start()
        QTimer.singleShot(0, self, self.go_on)

    def on_stall(self, stall: Stall) -> None:
        self.heart.stalls.clear()
        told("stall", json.dumps([stall.seconds, stall.told(2, 6)]))

    def go_on(self) -> None:
        """One turn: what is modal first, then some things in a row."""
        now = time.monotonic()
        if (
            self.promises.broken
            or now > self.ends + _GRACE
            or (now > self.ends and self.measured and not self.quiet_step)
        ):
            self.finish()
            return
        QTimer.singleShot(self.pace.choice((0, 0, 5, 20, 50, 150)), self, self.go_on)
        if self.leave_modal():
            return
        self.promises.check()
        if (run := self.window.lab.run) is not None and run.failed:  # which was logged
            self.window.steering.new_run()
        if self.quiet_step or (now > self.next_quiet and self.painting is None):
            self.rest()
            return
        if self.painting is not None or self.done >= self.next_comparison:
            self.compare()
            return
        for _ in range(self.pace.choice((1, 1, 1, 2, 3))):
            self.act()

    def act(self) -> None:
        """The act of a number has random numbers of its own, so that it can be repeated."""
        self.number += 1
        chance = self.gestures.chance
        chance.seed(f"{self.seed} {self.number}")
        if chance.random() < _GOES_ON:
            try:
                self.note(next(self.doing))
                return
            except StopIteration:
                pass
            if chance.random() < self.undertakes:
                (begun,) = chance.choices([*self.chosen], [*self.chosen.values()])
                told("do", begun.__name__)  # before each thing, in case it never comes back
                self.doing = begun(self.gestures)
                self.note(f"begins {begun.__name__}")
                return
        act = self.gestures.any_act()
        told("do", act.__name__)
        what = act()
        self.note(None if what is None else f"{act.__name__} {what}")

    def note(self, what: str | None) -> None:
        if what is not None:
            self.done += 1
            self.heart.doing = what
            told("did", f"{self.number} {what}")

    def leave_modal(self) -> bool:
        """Answers what is in the way of everything else; whether there was something."""
        if (popup := QApplication.activePopupWidget()) is not None:
            self.gestures.choose_in(popup)
            return True
        if (modal := QApplication.activeModalWidget()) is None:
            if QWhatsThis.inWhatsThisMode() and self.pace.random() < 0.3:
                QWhatsThis.leaveWhatsThisMode()
            return False
        if isinstance(modal, DataSetDialog) and self.try_choices(modal):
            return True
        told("did", f"leave {modal.objectName()} {modal.windowTitle()!r}")
        if isinstance(modal, QMessageBox):
            self.leave_message(modal)
        elif isinstance(modal, QFileDialog):
            if self.pace.random() < 0.5:
                saves = modal.acceptMode() == QFileDialog.AcceptMode.AcceptSave
                hand, suffix = self.gestures, f".{modal.defaultSuffix()}"
                modal.fileSelected.emit(str(hand.any_path_to_save(suffix) if saves else hand.any_path()))
            modal.reject()
        elif isinstance(modal, SessionsDialog) and self.pace.random() < 0.7:
            modal.list.setCurrentRow(self.pace.randrange(modal.list.count()))
            modal.open_button.click()
        elif isinstance(modal, QDialog):
            self.pace.choice((modal.accept, modal.reject))()
        else:
            fault(f"{modal!r} is in the way")
            modal.close()
        return True

    def try_choices(self, dialog: DataSetDialog) -> bool:
        """Looks at what a data set becomes and chooses; whether it is looked at further."""
        if (how := self.pace.random()) < 0.5:
            return True
        if how < 0.75:
            row = self.pace.randrange(max(1, dialog.classes.count()))
            item = dialog.classes.item(row) if dialog.classes.count() else None
            if self.pace.random() < 0.5 or item is None:
                dialog.transpose.click()
            else:
                item.setCheckState(self.pace.choice((Qt.CheckState.Checked, Qt.CheckState.Unchecked)))
            return True
        if how < 0.9 and dialog.open_button.isEnabled():
            told("did", f"open {dialog.title.text()}")
            dialog.open_button.click()
            return True
        return how < 0.95 and dialog.work.is_working

    def leave_message(self, box: QMessageBox) -> None:
        title = box.windowTitle() or box.text()
        if box.objectName() == "fault" or "has stopped" in box.text() or "did not work" in box.text():
            fault(f"a message: {title}: {box.informativeText()} {box.detailedText()}")
        else:
            self.refused += 1
        buttons = box.buttons()
        if buttons and self.pace.random() < 0.8:
            self.pace.choice(buttons).click()
        if box.isVisible():
            box.reject()

    def compare(self) -> None:
        """Takes pictures of the window at rest, and has a window opened anew compared with them."""
        if self.painting is None:
            self.settle()
            self.anew = self.files.parent / "anew" / str(self.number)
            self.anew.mkdir(parents=True)
            self.window.look.set_text(125 if self.pace.random() < 0.2 else 100)
            self.painting = fresh.save(self.window, self.anew, self.pace.choice(_SIZES))
        try:
            next(self.painting)
            return
        except fresh.NotAtRest as error:
            if str(error):
                fault(f"the window: {error}")
            else:
                told("note", "not compared: a remedy is still tried")
        except StopIteration:
            told("painted", str(self.anew))
        self.painting, self.next_comparison = None, self.done + COMPARED_EVERY

    def rest(self) -> None:
        """Measures the memory where little is needed: few digits, all windows but one closed, and two small runs: the
        present one, and the one before it, which is the last that has learned something."""
        lab, detail = self.window.lab, self.window.unit_detail
        if self.quiet_step == 0:
            self.doing = iter(())
            self.settle()
            self.window.data_sets.load(self.files / "data10")
            self.promises.reading = time.monotonic()
            self.gestures.do("default_settings")
        elif lab.digits is None or lab.digits.name != "data10":
            self.promises.check_reading()
            return
        elif self.quiet_step <= 3:
            if lab.run is None or lab.run.moment is None:
                return
            if lab.run.playing:
                self.window.steering.toggle_play()
            if self.quiet_step > 1 and lab.run.step == 0:  # it would not take the place of the one before
                self.gestures.do("step")
                return
            self.gestures.do("default_settings")
            self.window.steering.new_run()
        elif self.quiet_step == 10:
            detail.close()
            self.close_runs()
        elif self.quiet_step > 20 and (self.is_at_rest or self.quiet_step > _LONGEST_REST):
            self.measure()
            self.next_quiet = time.monotonic() + QUIET_EVERY
            self.quiet_step, self.measured = 0, True
            return
        self.quiet_step += 1

    @property
    def is_at_rest(self) -> bool:
        """Whether nothing goes on, and the session has kept what was closed and let go of the digits it learned."""
        digits, kept = self.window.lab.digits, self.window.documents.keeper._runs.values()
        let_go = all(each.waiting is None and each.digits is digits for each in kept)
        return fresh.is_at_rest(self.window) and let_go

    def settle(self) -> None:
        detail = self.window.unit_detail
        if detail.isWindow():  # hidden, it keeps what was painted last, of 30 MB where it was large
            detail.showNormal()
            detail.resize(800, 600)
        for name in ("enlarge", "classroom"):
            self.window.action_book[name].setChecked(False)
        self.window.look.set_text(100)
        for dialog in QApplication.topLevelWidgets():
            if isinstance(dialog, QDialog) and dialog.isVisible():
                dialog.reject()  # a film that is being made has all states of its run
        self.gestures.do("lab")
        self.gestures.do("live")
        self.window.network.row.actions.wide.setChecked(False)
        self.window.network.pad.clear()
        QApplication.clipboard().setText("")
        self.window.showNormal()
        self.window.resize(1440, 900)

    def close_runs(self) -> None:
        """All but two, and closed ones for good: eight networks of any size may be there. A page of the ideas keeps the
        digits of the network that it took, and an offer to undo those of the runs that it would bring back."""
        lab = self.window.lab
        for run in lab.runs.open[:-2]:
            lab.runs.close(run.number)
        for run in lab.runs.closed:
            lab.training.end(run.number)
        forget_closed(lab)
        lab.tell(ChangeKind.RUNS)
        lab.tryouts.stop()
        self.window.ideas.reset()
        self.window.line.say(Rank.UNDO, ())

    def measure(self) -> None:
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

    def finish(self) -> None:
        self.heart.stop()
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        while (modal := QApplication.activeModalWidget()) is not None:
            modal.close()
        if self.pace.random() < 0.5:
            self.gestures.do("ideas")  # where the next window begins, then
        if all(self.window.views.is_built(entry.id) for entry in VIEWS):
            missing = [name for name in self.gestures.missing if self.window.findChild(QObject, name) is None]
            if missing:
                fault(f"the hand knows names that the window has not: {sorted(missing)}")
        figures = {"done": self.done, "refused": self.refused, "never": self.gestures.never_triggered()}
        told("figures", json.dumps(figures))
        told("closing", str(time.monotonic()))
        late = threading.Timer(_LATE, _tell_where)
        late.daemon = True
        late.start()
        fresh.close(self.window)


def _tell_where() -> None:
    """The window has not closed yet: where all threads are."""
    for frame in sys._current_frames().values():
        told("note", "closing is at " + " < ".join(islice(places(frame), 8)))


def main(seed: int, seconds: float, files: Path, only: str = "") -> int:
    logging.captureWarnings(True)
    for name in ("mnistviz", "py.warnings"):
        logging.getLogger(name).addHandler(Watch(logging.WARNING))
    threading.excepthook = lambda hook: fault(f"in a thread: {traceback.format_exception(hook.exc_value)}")
    sys.unraisablehook = lambda hook: fault(f"unraisable: {hook.exc_value!r} in {hook.object!r}")
    opener = Opener()

    class Window(MainWindow):
        def show(self) -> None:
            super().show()
            QDesktopServices.setUrlHandler("file", opener, "open")  # type: ignore[arg-type]  # it takes no bytes
            Hand(self, seed, seconds, files, only)

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
    sys.exit(main(int(sys.argv[1]), float(sys.argv[2]), Path(sys.argv[3]), *sys.argv[4:]))
