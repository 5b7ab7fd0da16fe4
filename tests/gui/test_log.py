"""The log is a small file for reports; where there is none, and on a full disk, what matters goes to the terminal."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QtMsgType

from mnistviz import __version__
from mnistviz.gui import log

Start = Callable[[Path], Path | None]


@pytest.fixture
def start_log(monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Starts the log in a folder, for this test alone."""
    monkeypatch.setattr(log, "qInstallMessageHandler", lambda handler: None)
    before, level = list(log.log.handlers), log.log.level
    yield log.start_log
    for handler in set(log.log.handlers) - set(before):
        log.log.removeHandler(handler)
        with contextlib.suppress(OSError):  # the disk is full
            handler.close()
    log.log.setLevel(level)


def test_the_log_says_what_runs_and_stays_small(start_log: Start, tmp_path: Path) -> None:
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
    start_log: Start, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert start_log(tmp_path / "file") is None
    assert start_log(tmp_path / "file" / "below") is None
    log.log.error("said nevertheless")
    assert "said nevertheless" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_on_a_full_disk_the_terminal_hears_of_faults_in_plain_lines(
    start_log: Start, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mnistviz.log").symlink_to("/dev/full")
    start_log(tmp_path)
    assert capsys.readouterr().err == ""
    log.log.error("said nevertheless")
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith("ERROR mnistviz: said nevertheless")


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
        log.log_qt_message(kind, None, "layout")  # type: ignore[arg-type]
    assert caplog.record_tuples == [("mnistviz.qt", level, "layout")]
