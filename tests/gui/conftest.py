"""What the tests of the window share: a window of their own, which never sees the user's settings."""

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from weakref import WeakSet

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6 import QtCore
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from mnistviz.engine import trials
from mnistviz.engine.digits import Digits
from mnistviz.engine.settings import Settings
from mnistviz.gui.app import prepare
from mnistviz.gui.common.theme import LIGHT, set_theme
from mnistviz.gui.ideas.page import Page
from mnistviz.gui.lab import tryouts
from mnistviz.gui.lab.jobs import Jobs
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.splash import Application
from mnistviz.gui.window import frame
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.scene import SceneFile
from tests.engine.luck.made_bands import made_band
from tests.freeing import free
from tests.gui.deleting import delete
from tests.gui.lab_by_hand import LabByHand, end, lab_by_hand_on
from tests.gui.later_start import later_start
from tests.gui.pretending import pretend
from tests.gui.shared_window import SharedWindow

if os.environ.get("QT_QPA_PLATFORM") == "offscreen":  # by itself a screen of 800 × 800
    configuration = os.path.relpath(Path(__file__).with_name("screen.json"))  # a drive's colon would end it
    os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={configuration}"


class QuickBot(QtBot):
    """Looks each millisecond whether what is waited for has come; pytest-qt looks each ten, and a thousand tests wait
    for what takes one or two. On a busy machine it waits longer, too."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = 20_000) -> None:
        deadline = QtCore.QDeadlineTimer(timeout)
        loop = QtCore.QEventLoop()
        ticks = QtCore.QTimer(interval=1, timerType=QtCore.Qt.TimerType.PreciseTimer)
        ticks.timeout.connect(loop.quit)
        ticks.start()
        while not _has_come(callback, deadline):
            if deadline.hasExpired():
                raise TimeoutError(f"what was waited for did not come within {timeout} milliseconds")
            loop.exec()


def _has_come(callback: Callable[[], bool | None], deadline: QtCore.QDeadlineTimer) -> bool:
    """Whether it says so, or asserts it without a fault."""
    try:
        return callback() in (None, True)
    except AssertionError:
        if deadline.hasExpired():
            raise
        return False


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QuickBot:
    return QuickBot(request)


@pytest.fixture(scope="session")
def qapp_cls() -> type[Application]:
    return Application


@pytest.fixture(scope="session", autouse=True)
def prepared(qapp: QApplication) -> None:
    """The application as the program prepares it, with all of Qt's own paths in a place for tests."""
    QtCore.QStandardPaths.setTestModeEnabled(True)
    prepare(qapp)


@pytest.fixture(autouse=True)
def light() -> Iterator[None]:
    """The next test begins in the light theme."""
    yield
    set_theme(LIGHT)


@pytest.fixture(scope="session", autouse=True)
def clipboard_cleared(qapp: QApplication) -> Iterator[None]:
    """The clipboard may outlive what a test has put there, an object of Python, and then the tests would end with a
    crash."""
    yield
    qapp.clipboard().clear()


@pytest.fixture(scope="session", autouse=True)
def styles_remembered(prepared: None) -> Iterator[None]:
    """A widget with a style sheet of its own, as long as there are tests.

    With the last style sheet Qt forgets to watch for the end of widgets that it has styled but never shown. The next
    sheet puts them in its list again, and the one after their end ends the process. A program with one window that
    never takes its style sheet away, as ours, does not meet that.
    """
    holder = QWidget()
    holder.setStyleSheet("QWidget {}")
    yield
    holder.deleteLater()


@pytest.fixture(scope="session", autouse=True)
def without_trials() -> Iterator[None]:
    """Whenever a run rests its remedies are tried, which takes longer than what most tests do with it. Here nothing
    comes of that at once."""
    with pytest.MonkeyPatch.context() as patched:
        for trial in ("try_remedy", "try_without"):
            patched.setattr(tryouts, trial, lambda *given: None)
        yield


@pytest.fixture(scope="session", autouse=True)
def without_building_ahead() -> Iterator[None]:
    """What a test does not ask for is not built beside it."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(frame, "PAUSE", 1_000_000)
        yield


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.close()


@pytest.fixture
def with_trials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remedies and changes are tried, on few digits."""
    monkeypatch.setattr(trials, "LEAST_DIGITS", 500)
    for trial in (trials.try_remedy, trials.try_without):
        monkeypatch.setattr(tryouts, trial.__name__, trial)


@pytest.fixture(scope="session")
def plain_font(prepared: None) -> QFont:
    return QApplication.font()


@pytest.fixture(autouse=True)
def undressed(qapp: QApplication, plain_font: QFont, styles_remembered: None) -> None:
    """No test has the size of text of the one before."""
    if QApplication.font() != plain_font and not any(each.isVisible() for each in qapp.topLevelWidgets()):
        QApplication.setFont(plain_font)


@pytest.fixture(scope="session", autouse=True)
def freed_before_all(prepared: None) -> None:
    """While the shared window is there nothing more is frozen: it must be free to go. From here on only this thread
    collects garbage, as in the program."""
    free()
    gc.freeze()
    gc.disable()


_labs: WeakSet[Lab] = WeakSet()  # all that there are
_held: WeakSet[Lab] = WeakSet()  # those that should have gone when it was freed last


@pytest.fixture(scope="session", autouse=True)
def labs_are_counted() -> Iterator[None]:
    plain = Lab.__init__

    def counted(lab: Lab, parent: QtCore.QObject | None = None) -> None:
        plain(lab, parent)
        _labs.add(lab)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Lab, "__init__", counted)
        yield


_WINDOW, _MOST = 8, 40
"""What a test with a window of its own leaves to be freed; and how much is left at most. Another test leaves 1."""
_left = 0


@pytest.fixture(scope="module", autouse=True)
def freed_before_each_module() -> None:
    """Tests of the window are counted, not their modules."""


@pytest.fixture(autouse=True)
def freed_in_this_thread(request: pytest.FixtureRequest) -> Iterator[None]:
    """What nobody holds any more is freed between two tests.

    Then no lab is left of them, with all of its runs, unless a thread still ends. A test that leaves one has something
    that Qt keeps and that holds it, as an object without a parent that has a lambda connected to it.
    """
    global _left
    if _left >= _MOST:
        _left = 0
        free()
        if len(_labs) > len(_SHARED):
            gc.unfreeze()  # it may be garbage by now that was held when the last module was freed
            gc.collect()
        labs = {*_labs} - {each.window.lab for each in _SHARED}
        long_held = labs & {*_held}
        _held.clear()
        _held.update(labs)
        assert not long_held or request.session.testsfailed, (
            "labs of earlier tests are still held, and all of their runs"
        )
        if not _labs:
            gc.freeze()
    yield
    _left += _WINDOW if "open_window" in request.fixturenames else 1


@pytest.fixture(autouse=True)
def no_button_is_left_held(qapp: QApplication) -> Iterator[None]:
    """A test that presses a button of the mouse lets go of it: the program waits for that, in the next test, too."""
    yield
    assert QApplication.mouseButtons() == QtCore.Qt.MouseButton.NoButton


@pytest.fixture(autouse=True)
def no_leaked_windows(qapp: QApplication) -> Iterator[None]:
    """A window that a test opened and nobody closed fails it, and so does a page of the ideas that its window left."""
    yield
    QtCore.QCoreApplication.sendPostedEvents(None, QtCore.QEvent.Type.DeferredDelete)
    shared = [
        widget
        for each in _SHARED
        for widget in (each.window, *each.owned(), *each.window.ideas.pages.values())
    ]
    left = [
        widget
        for widget in qapp.topLevelWidgets()
        if (widget.isVisible() or isinstance(widget, Page)) and widget not in shared
    ]
    for widget in left:
        widget.close()
    assert not left, f"windows left open: {left}"


@pytest.fixture
def stage_path(tmp_path: Path) -> Path:
    return tmp_path / "own" / "stage.json"


@pytest.fixture
def open_window(
    qtbot: QtBot, stage_path: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[..., MainWindow]]:
    """Opens main windows that are closed, and their threads stopped, when the test ends. None is of the very first
    start, unless a test wants that."""
    opened: list[MainWindow] = []

    def make(
        digits: Digits | None = None, stage: Path = stage_path, *, first: bool = False, **options: object
    ) -> MainWindow:
        others = {each for each in QApplication.topLevelWidgets() if isinstance(each, MainWindow)}
        known = {each.window for each in _SHARED if "window" in request.fixturenames}
        assert others <= {*opened, *known}, "the window of an earlier test takes the keys of this one, too"
        window = MainWindow((SceneFile if first else later_start)(stage), **options)  # type: ignore[arg-type]
        opened.append(window)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        if digits is not None:
            window.lab.data.use(digits)
            qtbot.waitUntil(lambda: window.lab.shown.moment is not None)
        return window

    yield make
    for window in opened:
        window.close()
        window.close()  # whatever it asked
    delete(*opened)


@pytest.fixture
def own_window(open_window: Callable[..., MainWindow], small_digits: Digits) -> MainWindow:
    """A window with a few real digits and an untrained network, which no other test has: to be closed, or for what
    can't be put back."""
    return open_window(small_digits)


_SHARED: list[SharedWindow] = []  # none or one


@pytest.fixture
def window(qapp: QApplication, undressed: None, small_digits: Digits) -> MainWindow:
    """The same, and other tests have it before and after; between two of them it is put back."""
    if not _SHARED:
        _SHARED.append(SharedWindow(small_digits))
    return _SHARED[0].window


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Once all else of a test is undone, the shared window is put back for the next one, or closed."""
    try:
        yield
    finally:
        if _SHARED:
            if "window" in getattr(nextitem, "fixturenames", ()):
                try:
                    _SHARED[0].put_back()
                except BaseException:
                    _SHARED.pop().close()
                    raise
            else:
                _SHARED.pop().close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests that share a window come one after the other: to open it takes longer than most of them."""
    items.sort(key=lambda item: "window" not in getattr(item, "fixturenames", ()))


@pytest.fixture
def lab_by_hand(monkeypatch: pytest.MonkeyPatch, prepared: None, small_digits: Digits) -> Iterator[LabByHand]:
    """A lab without threads, on a few real digits and without a run."""
    lab = lab_by_hand_on(monkeypatch, small_digits)
    yield lab
    end(lab)


@pytest.fixture
def lab(lab_by_hand: LabByHand) -> LabByHand:
    """The same by its short name; a file may let it be one in which something has happened."""
    return lab_by_hand


@pytest.fixture
def two_networks(lab_by_hand: LabByHand) -> LabByHand:
    """A lab in which little is the same by chance. The selected run is the second one; it has another network and
    another hue than the first, a schedule of η, a change, and other seeds of which one has diverged."""
    lab = lab_by_hand
    lab.run_to(60)
    run = lab.run_to(110, Settings(sizes=(784, 12, 8, 10), eta=3.0, schedule="cosine", schedule_epochs=3))
    lab.settings.change({"weight_decay": 0.1})
    lab.run_to(120)
    lab.runs.relabel(run.number, hue=3)
    band = made_band((0.3, 0.25, 0.4), epochs=1, every=run.epoch)
    wild = replace(
        band.runs[0], seed=9, accuracy=np.array([0.1, 0.0]), cost=np.array([np.nan]), diverged=True
    )
    pretend(lab, run.number, bands=(band.with_run(wild),))
    return lab
