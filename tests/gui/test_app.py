"""The program as it is started: it opens, keeps a log, tells of faults and goes on, and ends when it is asked to."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QtMsgType, QUrl
from PySide6.QtGui import QAction, QDesktopServices
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QMessageBox, QTextBrowser
from pytestqt.qtbot import QtBot

from mnistviz import __version__
from mnistviz.gui import app
from mnistviz.gui.window.main_window import MainWindow

Open = Callable[..., MainWindow]

PROGRAM = """
import json, os
from PySide6.QtCore import QTimer, qWarning
from PySide6.QtWidgets import QMessageBox
from mnistviz.gui import app

class Told(app.MainWindow):
    '''Says on standard output when all is there, and what two faults in a row make of it.'''

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.lab.digits_loaded.connect(self._go_wrong)
        QTimer.singleShot(60_000, lambda: os._exit(3))  # it outlives no test

    def _go_wrong(self):
        qWarning("a word of Qt's")
        for fault in ("one", "two"):
            QTimer.singleShot(0, lambda fault=fault: {}[fault])
        QTimer.singleShot(0, self._tell)

    def _tell(self):
        boxes = [box.detailedText() for box in self.findChildren(QMessageBox) if box.isVisible()]
        print(json.dumps({"boxes": boxes, "visible": self.isVisible()}), flush=True)

app.MainWindow = Told
raise SystemExit(app.run_window())
"""


@pytest.mark.parametrize(
    ("number", "writable"), [(signal.SIGTERM, True), (signal.SIGINT, False)], ids=["kill", "Ctrl-C, no disk"]
)
def test_it_opens_outlives_faults_and_ends_when_asked_to(
    tmp_path: Path, number: signal.Signals, writable: bool
) -> None:
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
    assert program.stdout is not None
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
        assert json.loads((logs[0].parent / "stage.json").read_text())["version"] == 1


# The log


@pytest.fixture
def start_log(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path], Path | None]]:
    """Starts the log in a folder, for this test alone."""
    monkeypatch.setattr(app, "qInstallMessageHandler", lambda handler: None)
    before, level = list(app.log.handlers), app.log.level
    yield app._start_log
    for handler in set(app.log.handlers) - set(before):
        app.log.removeHandler(handler)
        handler.close()
    app.log.setLevel(level)


def test_the_log_says_what_runs_and_stays_small(
    start_log: Callable[[Path], Path | None], tmp_path: Path
) -> None:
    file = start_log(tmp_path / "new" / "folder")
    assert file == tmp_path / "new" / "folder" / "mnistviz.log"
    assert f"INFO mnistviz: mnistviz {__version__}, Python" in file.read_text(encoding="utf-8")
    for number in range(3_000):
        logging.getLogger("mnistviz.gui.lab.lab").warning("%d %s", number, "η" * 200)
    kept = sorted(file.parent.iterdir())
    assert [each.name for each in kept] == ["mnistviz.log", "mnistviz.log.1"]
    assert all(each.stat().st_size < 501_000 for each in kept)  # the last line may go a little over
    assert "WARNING mnistviz.gui.lab.lab: 2999 η" in file.read_text(encoding="utf-8")


def test_without_a_place_for_the_log_it_goes_to_the_terminal(
    start_log: Callable[[Path], Path | None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert start_log(tmp_path / "file") is None
    assert start_log(tmp_path / "file" / "below") is None
    app.log.error("said nevertheless")
    assert "said nevertheless" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("kind", "level"),
    [
        (QtMsgType.QtDebugMsg, logging.DEBUG),
        (QtMsgType.QtWarningMsg, logging.WARNING),
        (QtMsgType.QtCriticalMsg, logging.ERROR),
    ],
)
def test_what_qt_says_is_logged_as_seriously_as_it_is_meant(
    caplog: pytest.LogCaptureFixture, kind: QtMsgType, level: int
) -> None:
    with caplog.at_level(logging.DEBUG, "mnistviz.qt"):
        app._log_qt_message(kind, None, "layout")  # type: ignore[arg-type]
    assert caplog.record_tuples == [("mnistviz.qt", level, "layout")]


# Faults


def test_a_fault_is_logged_and_told_and_ctrl_c_is_none(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[str] = []
    quits: list[bool] = []
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(QApplication, "quit", lambda: quits.append(True))
    app._catch_exceptions(told.append)
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert (told, quits, caplog.records) == ([], [True], [])
    try:
        raise ValueError("no such digit")
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)
    assert told == ["ValueError: no such digit"]
    assert quits == [True]
    assert "test_a_fault_is_logged" in caplog.text  # the traceback


def test_a_fault_is_told_once_at_a_time_and_the_window_goes_on(qtbot: QtBot, window: MainWindow) -> None:
    def boxes() -> list[QMessageBox]:
        return [box for box in window.findChildren(QMessageBox) if box.isVisible()]

    window.report_exception("ValueError: first")
    window.report_exception("ValueError: second")
    (box,) = boxes()
    assert box.detailedText() == "ValueError: first"
    assert "goes on" in box.informativeText()
    window.transport.step_action.trigger()
    qtbot.waitUntil(lambda: window.lab.run is not None and window.lab.run.step == 1)
    box.close()
    qtbot.waitUntil(lambda: window.findChild(QMessageBox) is None)
    window.report_exception("ValueError: third")
    (box,) = boxes()
    assert box.detailedText() == "ValueError: third"
    box.close()


# Help


def page(qtbot: QtBot, window: MainWindow) -> QDialog:
    qtbot.waitUntil(lambda: any(dialog.isVisible() for dialog in window.findChildren(QDialog, "text_dialog")))
    return next(dialog for dialog in window.findChildren(QDialog, "text_dialog") if dialog.isVisible())


def text_of(dialog: QDialog) -> str:
    browser = dialog.findChild(QTextBrowser, "text")
    assert browser is not None
    return browser.toPlainText()


def test_f1_lists_every_key_and_what_it_does(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F1)
    dialog = page(qtbot, window)
    lines = [line for line in text_of(dialog).split("\n") if line]
    menus = [menu for menu in window.menuBar().findChildren(QMenu) if menu.actions()]
    actions = [action for menu in menus for action in menu.actions() if not action.shortcut().isEmpty()]
    assert len(actions) > 20
    said = set(pairwise(lines))  # a key may stand there twice: what it does is up to the panel with the focus
    for action in actions:
        assert (action.shortcut().toString(), action.text().replace("&", "").rstrip(" …")) in said
    groups = [
        "File",
        "Run",
        "Draw",
        "View",
        "Help",
        "Anywhere",
        "In the network",
        "On the scratchpad",
        "In the curves",
    ]
    assert [line for line in lines if line in groups] == groups
    assert ("Space", "starts and pauses, unless one types") in said
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.findChild(QDialog, "text_dialog") is None)


def test_about_says_the_versions_and_whose_work_it_is(qtbot: QtBot, window: MainWindow) -> None:
    about = window.findChild(QAction, "about_action")
    assert about is not None
    about.trigger()
    dialog = page(qtbot, window)
    text = text_of(dialog)
    for part in (f"mnistviz {__version__}", "Python 3.", "NumPy 2", "Qt 6", "MIT", "LeCun", "Nielsen"):
        assert part in text
    dialog.close()


@pytest.mark.parametrize("name", ["mnistviz.log", None])
def test_the_log_file_is_opened_if_there_is_one(
    open_window: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str | None
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    window = open_window(log_file=None if name is None else tmp_path / name)
    show = window.findChild(QAction, "show_log_action")
    assert show is not None
    show.trigger()
    assert opened == ([] if name is None else [QUrl.fromLocalFile(str(tmp_path / name))])


def test_threads_take_turns_quickly_so_that_frames_come_evenly() -> None:
    assert sys.getswitchinterval() == pytest.approx(app.SWITCH_INTERVAL)


def test_the_style_sheet_is_never_taken_away(
    qapp: QApplication,
    window: MainWindow,
    open_window: Callable[..., MainWindow],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With it Qt would lose sight of widgets that it has styled, and one of the next sheets would end the process."""
    given: list[str] = []
    dress = qapp.setStyleSheet

    def noted(_: QApplication, sheet: str) -> None:
        given.append(sheet)
        dress(sheet)

    monkeypatch.setattr(QApplication, "setStyleSheet", noted)
    window.set_look("light" if window.theme.dark else "dark")
    window.close()
    open_window()
    assert given
    assert all(given)
