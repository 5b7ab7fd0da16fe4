"""The one window that the tests of a worker share, and how it is put back between two of them.

To open a window takes longer than most tests do in it. So it stays, and after each test it is put back to how it was
when it was new. Then all that is to be seen of it and the values behind that are compared with what they were: what a
test left in it is that test's fault, and no riddle of the next one.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

from PySide6.QtCore import QCoreApplication, QEvent, QMargins, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QWidget

from mnistviz.engine.digits import Digits
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.focus_ring import FocusFrame
from mnistviz.gui.curves.plot import Plot
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.network.unit.hand_work import HandWork
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.message import Rank
from mnistviz.gui.window.views import VIEWS
from tests.gui.children import child
from tests.gui.deleting import delete
from tests.gui.frames import draw_all, wait
from tests.gui.later_start import later_start
from tests.gui.pretending import forget_all

MOST = 12  # differences that are told
State = dict[str, object]
"""All that is looked at, by where it is."""


class SharedWindow:
    """A window with a few digits and an untrained network, again and again."""

    def __init__(self, digits: Digits) -> None:
        self._digits = digits
        self._folder = TemporaryDirectory()
        self.window = MainWindow(later_start(Path(self._folder.name) / "own" / "stage.json"))
        for entry in VIEWS:  # which of them a test needs must make no difference to the next one
            self.window.views.build(entry.id)
        self.window.show()
        self.window.lab.data.use(digits)
        self._size = self.window.size()
        self._settle()
        self._scene = self.window.session.scene()
        self._focus = self.window.focusWidget()
        self._gesture = self.window.controls.history.number
        self._share_out()
        self._fresh = state_of(self.window)

    def put_back(self) -> None:
        """Makes it as it was when it was new, and says by a failure what a test has left in it that stays."""
        assert self.window.isVisible(), "the window was closed: a test that does that takes `own_window`"
        look = self.window.look
        assert (look.choice, look.text) == (self._scene.look, self._scene.text), (
            "the look was changed: a test that does that takes `own_window`"
        )
        self.window.frame.start()  # the next frame, and none at each step of the way
        self._put_back_runs()
        self._put_back_parts()
        self._put_back_files()
        self._put_back_messages()
        self._settle()
        self._put_back_focus()
        if left := list(self._left()):
            self.window.session.restore(self._scene)  # what can be the same scene, and yet another state
            self._share_out()
            left = list(self._left())
        assert not left, "left in the window (put it back, or take `own_window`):\n" + "\n".join(left[:MOST])

    def _left(self) -> Iterator[str]:
        return differences(self._fresh, state_of(self.window))

    def owned(self) -> list[QWidget]:
        """The windows that belong to it and are seen: dialogs, the guide, a unit."""
        seen = [each for each in QApplication.topLevelWidgets() if each.isVisible() and each != self.window]
        return [each for each in seen if each in self.window.findChildren(QWidget)]

    def close(self) -> None:
        self.window.close()
        delete(self.window)
        self._folder.cleanup()

    def _put_back_runs(self) -> None:
        """All runs go, and one that has learned nothing begins with the first settings, unless it is there."""
        window, lab = self.window, self.window.lab
        lab.playhead.live_again()
        lab.playhead.set_train_on(False)
        if lab.time.learning:
            lab.time.toggle_play()
        lab.time.set_rate(None)
        window.controls.show_settings(Settings())
        if self._has_first_run():
            return
        for run in (*lab.runs.open, *lab.runs.closed):
            lab.training.end(run.number)
        forget_all(lab)
        window.documents.keeper.session.release()
        window.documents.keeper.begin(window.documents.keeper.store.new())
        lab.data.use(self._digits)
        self._gesture = window.controls.history.number

    def _has_first_run(self) -> bool:
        """Whether there is one run only, it has all from the beginning, and nobody has done anything with it."""
        lab, keeper, run = self.window.lab, self.window.documents.keeper, self.window.lab.run
        return (
            run is not None
            and (*lab.runs.open, *lab.runs.closed) == (run,)
            and (run.step, run.settings, run.now) == (0, Settings(), Settings())
            and not (run.playing or run.failed or run.history.interventions or run.origin or run.bands)
            and lab.digits is self._digits
            and keeper._note is None
            and lab.shown.preview is None
            and self.window.controls.history.number == self._gesture
        )

    def _put_back_parts(self) -> None:
        """What a scene does not hold."""
        window = self.window
        window.action_book["enlarge"].setChecked(False)
        window.arrangement.tabs.open("curves")
        window.unit_detail.close()
        for each in self.owned():
            each.close()
        for widget in window.findChildren(QWidget):
            if widget.isVisible():
                QApplication.sendEvent(widget, QEvent(QEvent.Type.Leave))  # the mouse is nowhere
        for plot in window.findChildren(Plot):
            plot.gestures.follow()
        window.network.selection.let_go()
        for entry in window.recipes.entries():
            window.recipes.delete(entry.id)  # but those of the program
        if window.session.scene() != self._scene:
            window.session.restore(self._scene)

    def _put_back_files(self) -> None:
        """Waits until all is written that the runs had to write, and throws it away."""
        window, written = self.window, list[object]()
        child(window.documents.keeper, QTimer).stop()
        for writer in (window.documents.writer, window.documents.exporter):
            writer.write(lambda: None, written.append)
        wait(lambda: len(written) == 2)
        own = Path(self._folder.name) / "own"
        for path in own.iterdir() if own.exists() else ():
            rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        window.sessions.refresh()
        QApplication.processEvents()  # what was written may be said only now

    def _put_back_messages(self) -> None:
        for rank in Rank:
            self.window.line.say(rank, ())
        self.window.undo.clear()
        child(self.window, HandWork).forget_copies()
        self.window.line.draw(Shown())

    def _put_back_focus(self) -> None:
        if self._focus is not None:
            self._focus.setFocus()
        QApplication.processEvents()

    def _share_out(self) -> None:
        """Lets the parts share out the room anew, now that each knows what it needs."""
        window = self.window
        for size in (self._size.grownBy(QMargins(0, 0, 9, 9)), self._size):
            window.resize(size)
            QApplication.processEvents()
        window.arrangement.restore(self._scene.splitters)
        self._put_back_focus()

    def _settle(self) -> None:
        """Waits until the window has the keyboard, and nothing is to be done any more."""
        window, lab = self.window, self.window.lab
        wait(
            lambda: (
                lab.run is not None and lab.run.ready and lab.run.has_obeyed and len(lab.run.evaluations) == 3
            )
        )
        window.activateWindow()
        wait(window.isActiveWindow)
        wait(lambda: not lab.jobs.is_busy())
        draw_all(window)
        wait(lambda: not window.frame.isActive() and not lab.jobs.is_busy())
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()


def state_of(window: MainWindow) -> State:
    """What can be seen of a window, and the values behind it that a test may have changed."""
    return dict([*seen_of(window), *_actions(window), *_values(window)])


def differences(one: State, other: State) -> Iterator[str]:
    """Where two of them differ, and how."""
    for where in sorted(one.keys() | other.keys()):
        if where not in other:
            yield f"{where} is gone"
        elif where not in one:
            yield f"{where} is new"
        elif one[where] != other[where]:
            yield f"{where}: {one[where]!r} has become {other[where]!r}"


def seen_of(window: MainWindow) -> Iterator[tuple[str, object]]:
    """Every widget that can be seen, by its names from the window inwards: where it is, and what it says."""
    focus = window.focusWidget()

    def look(widget: QWidget, path: str) -> Iterator[tuple[str, object]]:
        names: dict[str, int] = {}
        for each in widget.children():
            if not isinstance(each, QWidget) or isinstance(each, FocusFrame):
                continue  # the ring says how the focus came there, not where it is
            if each.isHidden() or each.isWindow():
                continue
            name = each.objectName() or type(each).__name__
            names[name] = names.get(name, 0) + 1
            where = f"{path}/{name}" + f"-{names[name]}" * (names[name] > 1)
            yield where, (each.geometry().getRect(), each.isEnabled(), each is focus, _said_by(each))
            yield from look(each, where)

    yield "window", (window.size().toTuple(), window.windowTitle(), window.windowState())
    yield from look(window, "")


def _said_by(widget: QWidget) -> object:
    if isinstance(widget, QAbstractButton):
        return widget.text(), widget.isChecked()
    if isinstance(widget, QLabel | QLineEdit):
        return widget.text()
    if isinstance(widget, QComboBox):
        return [widget.itemText(row) for row in range(widget.count())], widget.currentIndex()
    return None


def _actions(window: MainWindow) -> Iterator[tuple[str, object]]:
    for action in window.findChildren(QAction):
        about = action.text(), action.isEnabled(), action.isVisible(), action.isChecked()
        yield f"action {action.objectName()}", about


def _values(window: MainWindow) -> Iterator[tuple[str, object]]:
    lab, line, documents = window.lab, window.line, window.documents
    yield from (
        (f"scene {name}", json.dumps(value)) for name, value in window.session.scene().values().items()
    )
    for run in (*lab.runs.open, *lab.runs.closed):
        yield f"run {run.letter}", (run.closed, run.step, run.on, run.name, run.hue, run.hidden, run.settings)
    yield "selected run", lab.run and lab.run.letter
    yield (
        "playhead",
        (
            lab.playhead.step,
            lab.playhead.train_on,
            lab.settings.draft.plan,
            lab.time.play_when_ready,
            lab._core.rate,
        ),
    )
    yield "said", (line.message.said, line.status.text())
    yield (
        "documents",
        (
            documents.recent,
            documents.path,
            len(documents.keeper.troubles),
            window.sessions.earlier,
            window.sessions.single,
        ),
    )
    yield "recipes", [entry.id for entry in window.recipes.entries()]
    chosen = window.network.selection
    yield "selection", (chosen.pointed_unit, chosen.chosen_unit, chosen.pointed_output, chosen.chosen_output)
    for plot in window.findChildren(Plot):
        yield plot.objectName(), plot.frame.x
    yield "unit window", window.unit_detail.isVisible()
