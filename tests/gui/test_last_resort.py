"""A fault that nobody caught is logged and told once, whatever it is, and the window goes on."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mnistviz.gui.last_resort import LastResort
from mnistviz.gui.log import LogFile


class Told(list[str]):
    """What the user was told, with a log file beside it."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.file = file
        self.resort = LastResort(self.tell)

    def tell(self, text: str) -> None:
        self.append(text)

    @property
    def log(self) -> str:
        return self.file.read_text(encoding="utf-8")


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Told]:
    before = sys.excepthook, sys.getrecursionlimit()
    handler = LogFile(tmp_path / "log", maxBytes=500_000, backupCount=1, encoding="utf-8")
    logging.getLogger("mnistviz").addHandler(handler)
    found = Told(tmp_path / "log")
    yield found
    found.resort.close()
    logging.getLogger("mnistviz").removeHandler(handler)
    handler.close()
    assert (sys.excepthook, sys.getrecursionlimit()) == before


def fails(error: BaseException) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail


def test_a_fault_is_logged_and_told_and_ctrl_c_is_none(
    told: Told, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    quits: list[bool] = []
    monkeypatch.setattr(QApplication, "quit", lambda: quits.append(True))
    QTimer.singleShot(0, fails(KeyboardInterrupt()))
    qtbot.waitUntil(lambda: quits == [True])
    QTimer.singleShot(0, fails(ValueError("no such digit")))
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["ValueError: no such digit"]
    assert quits == [True]
    assert "test_last_resort.py" in told.log  # the traceback
    assert "KeyboardInterrupt" not in told.log


def test_one_fault_in_every_frame_is_told_once_and_fills_no_log(told: Told, qtbot: QtBot) -> None:
    frames: list[int] = []

    def draw() -> None:
        frames.append(len(frames))
        raise KeyError(frames[-1])

    timer = QTimer()
    timer.timeout.connect(draw)
    timer.start(0)
    qtbot.waitUntil(lambda: len(frames) > 100)
    timer.stop()
    assert told == ["KeyError: 0"]
    assert told.log.count("Traceback") == 1
    assert "KeyError again, 100 times by now" in told.log
    assert len(told.log.splitlines()) < 20


class Echo(QObject):
    """A signal that leads to itself, twice: without end, and the recursions double."""

    said = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.times = 0
        self.said.connect(self.say)

    def say(self) -> None:
        self.times += 1
        if self.times < 3_000:
            self.said.emit()
            self.said.emit()


def recurse() -> None:
    recurse()


@pytest.mark.parametrize("how", [recurse, lambda: Echo().say()], ids=["function", "signals"])
def test_an_endless_recursion_is_logged_and_told_once(
    told: Told, qtbot: QtBot, how: Callable[[], None], capfd: pytest.CaptureFixture[str]
) -> None:
    QTimer.singleShot(0, how)
    qtbot.waitUntil(lambda: bool(told), timeout=20_000)
    (text,) = told
    assert text.startswith("RecursionError: maximum recursion depth exceeded")
    assert told.log.count("unforeseen") == 1
    assert "RecursionError: maximum recursion depth" in told.log
    assert "Logging error" not in capfd.readouterr().err
    goes_on: list[bool] = []
    QTimer.singleShot(0, lambda: goes_on.append(True))
    qtbot.waitUntil(lambda: goes_on == [True])


def test_what_there_is_no_memory_to_log_is_logged_when_there_is(
    told: Told, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    emit, full = LogFile.emit, [True, True]

    def emit_or_fail(handler: LogFile, record: logging.LogRecord) -> None:
        if full:
            full.pop()
            raise MemoryError
        emit(handler, record)

    monkeypatch.setattr(LogFile, "emit", emit_or_fail)
    QTimer.singleShot(0, fails(MemoryError("for an array")))
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["MemoryError: for an array"]
    assert told.log.count("MemoryError: for an array") == 1


def test_what_waits_at_the_end_is_logged_then(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(LogFile, "emit", lambda handler, record: fails(MemoryError())())
        sys.excepthook(ValueError, ValueError("the first"), None)
        sys.excepthook(ValueError, ValueError("the second"), None)
    told.resort.close()
    assert "ValueError: the first" in told.log


def test_a_fault_in_the_telling_itself_ends_there(
    told: Told, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[str] = []

    def fail(text: str) -> None:
        tries.append(text)
        raise RuntimeError("no dialog")

    monkeypatch.setattr(told.resort, "_tell", fail)
    QTimer.singleShot(0, fails(ValueError("the original")))
    qtbot.waitUntil(lambda: len(tries) == 2)
    QTimer.singleShot(0, lambda: [].pop())
    qtbot.waitUntil(lambda: len(tries) > 2)
    assert tries == ["ValueError: the original", "RuntimeError: no dialog", "IndexError: pop from empty list"]
    assert told.log.index("ValueError: the original") < told.log.index("RuntimeError: no dialog")


def test_a_fault_that_can_not_say_what_it_is_is_told_too(told: Told, qtbot: QtBot) -> None:
    class Silent(Exception):
        def __str__(self) -> str:
            raise ValueError("no words")

    QTimer.singleShot(0, fails(Silent()))
    qtbot.waitUntil(lambda: told == ["Silent: ?"])
