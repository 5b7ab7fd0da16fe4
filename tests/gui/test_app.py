"""The program as it is started: it opens, keeps a log, tells of faults and goes on, and ends when it is asked to."""

import gc
import json
import os
import signal
import subprocess
import sys
import tomllib
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QLocale, QObject, QThread, QUrl
from PySide6.QtGui import QAction, QDesktopServices
from PySide6.QtWidgets import QLabel, QMainWindow, QMessageBox
from pytestqt.qtbot import QtBot

from mnistviz import PROJECT_PAGE, __version__
from mnistviz.gui import app
from mnistviz.gui.common.icons import icon, spaced
from mnistviz.gui.common.messages import message, tell
from mnistviz.gui.common.theme import theme
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.scene import VERSION
from tests.gui.deleting import delete

Open = Callable[..., MainWindow]

PROGRAM = """
import json, os
from PySide6.QtCore import QTimer, qWarning
from PySide6.QtWidgets import QMessageBox
from mnistviz.gui import app
from mnistviz.gui.lab.lab_changes import ChangeKind

class Told(app.MainWindow):
    '''Says on standard output when all is there, and what two faults in a row make of it.'''

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.lab.listen(ChangeKind.DIGITS, self._go_wrong)
        QTimer.singleShot(60_000, lambda: os._exit(3))  # it outlives no test

    def _go_wrong(self):
        qWarning("a word of Qt's")
        QTimer.singleShot(0, lambda: {}["one"])
        QTimer.singleShot(0, lambda: {}["two"])
        QTimer.singleShot(0, self._say)

    def _say(self):
        boxes = [box.detailedText() for box in self.findChildren(QMessageBox) if box.isVisible()]
        if not boxes:
            QTimer.singleShot(10, self._say)  # faults are told from the event loop
            return
        print(json.dumps({"boxes": boxes, "visible": self.isVisible()}), flush=True)

app.MainWindow = Told
raise SystemExit(app.run_window())
"""


@pytest.mark.parametrize(
    ("number", "writable"),
    [
        pytest.param(signal.SIGTERM, True, id="kill"),
        pytest.param(signal.SIGINT, False, id="Ctrl-C, no disk", marks=pytest.mark.long),
    ],
)
def test_it_opens_outlives_faults_and_ends(tmp_path: Path, number: signal.Signals, writable: bool) -> None:
    place = tmp_path / "data"
    if not writable:
        place.touch()  # a file where the folder should be
    settings = {"QT_QPA_PLATFORM": "offscreen", "XDG_DATA_HOME": str(place), "HOME": str(tmp_path)}
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    told = program.stdout.readline()
    program.send_signal(number)
    _, errors = program.communicate()
    assert program.returncode == 0, errors
    # of two faults one is told at a time
    assert json.loads(told) == {"boxes": ["KeyError: 'one'"], "visible": True}
    logs = list(tmp_path.rglob("mnistviz.log"))
    assert len(logs) == writable
    log = logs[0].read_text(encoding="utf-8") if writable else errors
    for part in ("a word of Qt's", "KeyError: 'one'", "KeyError: 'two'", "Traceback"):
        assert part in log
    if writable:
        assert f"mnistviz {__version__}" in log
        assert json.loads((logs[0].parent / "stage.json").read_text())["version"] == VERSION


@pytest.mark.parametrize("is_old", [False, True])
def test_garbage_is_collected_in_this_thread_though_another_creates_the_objects(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, is_old: bool
) -> None:
    monkeypatch.setattr(app, "GARBAGE_EVERY", 1)
    gc.enable()  # as it is when the window opens
    owner = QLabel()
    app.collect_garbage(owner)
    garbage, freed_in = list[object]([QLabel()]), list[QThread]()
    garbage.append(garbage)
    weakref.finalize(garbage[0], lambda: freed_in.append(QThread.currentThread()))
    if is_old:
        gc.collect()
    del garbage
    with ThreadPoolExecutor() as pool:
        objects = pool.submit(
            lambda: [str(number).split() for number in range(300_000 if is_old else 20_000)]
        ).result()
    assert not freed_in
    qtbot.waitUntil(lambda: bool(freed_in))
    assert freed_in == [QThread.currentThread()]
    delete(owner)
    assert objects


def test_a_fault_is_told_once_at_a_time_and_the_window_goes_on(qtbot: QtBot, window: MainWindow) -> None:
    def boxes() -> list[QMessageBox]:
        return [box for box in window.findChildren(QMessageBox) if box.isVisible()]

    window.report_exception("ValueError: first")
    window.report_exception("ValueError: second")
    (box,) = boxes()
    assert box.detailedText() == "ValueError: first"
    assert "continues" in box.informativeText()
    window.transport.step_action.trigger()
    qtbot.waitUntil(lambda: window.lab.run is not None and window.lab.run.step == 1)
    box.close()
    qtbot.waitUntil(lambda: window.findChild(QMessageBox) is None)
    window.report_exception("ValueError: third")
    (box,) = boxes()
    assert box.detailedText() == "ValueError: third"
    box.close()


def test_about_says_the_versions_and_whose_work_it_is(window: MainWindow) -> None:
    window.findChild(QAction, "about_action").trigger()
    box = window.findChild(QMessageBox, "about")
    for part in (f"mnistviz {__version__}", "Python 3.", "NumPy 2", "Qt 6", "MIT", "LeCun", "Nielsen"):
        assert part in box.text()
    box.close()


def test_an_error_has_an_icon_of_its_own(window: MainWindow) -> None:
    tell(window, "The run could not be opened", "It did not work.")
    message(window, "Title", "Really?").open()
    boxes = [box for box in window.findChildren(QMessageBox) if box.isVisible()]
    pictures = [box.iconPixmap().toImage() for box in boxes]
    assert len(boxes) == 2
    wide = boxes[0].fontMetrics().horizontalAdvance("The run could not be opened — mnistviz")
    assert wide + 130 <= boxes[0].width(), "the frame elides no title"
    assert pictures[0] != pictures[1]
    assert pictures[0] == icon("error", theme().wrong).pixmap(32, 32).toImage()
    for box in boxes:
        box.close()


def test_icons_of_earlier_looks_and_sizes_are_let_go(qtbot: QtBot) -> None:
    first = weakref.ref(icon("pen", "#000001"))
    before_text = weakref.ref(spaced(icon("pen", "#000001"), 16, 6))
    for number in range(2, 150):
        spaced(icon("pen", f"#{number:06x}"), 16, 6)
    assert (first(), before_text()) == (None, None)


@pytest.mark.parametrize("name", ["mnistviz.log", None])
def test_help_opens_the_log_file_if_there_is_one_and_the_page_of_the_project(
    open_window: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str | None
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    window = open_window(log_file=None if name is None else tmp_path / name)
    for action in ("show_log_action", "newer_version_action"):
        window.findChild(QAction, action).trigger()
    log = [] if name is None else [QUrl.fromLocalFile(str(tmp_path / name))]
    assert opened == [*log, QUrl(PROJECT_PAGE)]
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))[
        "project"
    ]
    assert (project["version"], project["urls"]["Homepage"]) == (__version__, PROJECT_PAGE)


@pytest.mark.parametrize(
    ("name", "usable"), [("de_DE", True), ("he_IL", True), ("C", False), ("ar_EG", False), ("fa_IR", False)]
)
def test_numbers_have_the_digits_that_stand_in_english_sentences(name: str, *, usable: bool) -> None:
    assert app.has_usable_numbers(QLocale(name)) is usable


def test_threads_take_turns_quickly_so_that_frames_come_evenly() -> None:
    assert sys.getswitchinterval() == pytest.approx(app.SWITCH_INTERVAL)


def test_the_style_sheet_is_never_taken_away(
    own_window: MainWindow, open_window: Callable[..., MainWindow], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With it Qt would lose sight of widgets that it has styled, and one of the next sheets would end the process."""
    given: list[str] = []

    def noted(of: MainWindow, sheet: str) -> None:
        given.append(sheet)
        QMainWindow.setStyleSheet(of, sheet)

    monkeypatch.setattr(MainWindow, "setStyleSheet", noted, raising=False)
    own_window.look.choose("light" if theme().dark else "dark")
    own_window.close()
    open_window()
    assert len(given) == 2
    assert all(given)


@pytest.mark.long
def test_a_new_look_styles_no_widget_more_than_twice(own_window: MainWindow) -> None:
    """A sheet of the application styles each widget again for every one around it; the window stood still for a
    second."""
    label = own_window.controls.findChild(QLabel)
    styled: list[object] = []

    class Count(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.StyleChange:
                styled.append(watched)
            return False

    count = Count()
    label.installEventFilter(count)
    own_window.look.choose("light" if theme().dark else "dark")
    assert 1 <= len(styled) <= 2


def test_nothing_learns_while_the_window_is_busy(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each call of Python by Qt would wait for the worker, thousands of them."""
    held: list[bool] = []
    monkeypatch.setattr(window.lab.training.controls, "hold_off", lambda: held.append(True))
    for id in ("text_125", "text_100", "ideas", "lab", "show_controls"):
        held.clear()
        window.action_book[id].trigger()
        assert held, id
    held.clear()
    window.resize(window.width() - 40, window.height())
    assert held
