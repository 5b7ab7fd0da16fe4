"""The program where Python lacks what only Linux has: it starts, trains, saves and ends all the same."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mnistviz.outputs import data_folder

LACKING = """
import os, signal
for module, names in {
    signal: ("SIGHUP", "SIGKILL", "SIGPIPE", "SIGALRM", "pthread_sigmask"),
    os: ("posix_fallocate", "RTLD_LAZY", "RTLD_NOW", "O_NONBLOCK", "mkfifo", "killpg", "openpty", "getloadavg", "fork"),
}.items():
    for name in names:
        if hasattr(module, name):
            delattr(module, name)
"""
"""What Windows lacks, and macOS in part, is taken away before anything of ours is loaded."""

TRAIN = """
from mnistviz.command_line import main
raise SystemExit(main(["train", "--sizes", "784,4,10", "--stop-epochs", "1", "--save", "network.npz"]))
"""

WINDOW = """
from mnistviz.gui import app
from mnistviz.gui.lab.lab_changes import ChangeKind

class Shown(app.MainWindow):
    def show(self):
        super().show()
        self.lab.training.news.connect(self.close_when_it_learns)
        self.lab.listen(ChangeKind.DIGITS, self.play)

    def play(self):
        self.action_book["play"].trigger()

    def close_when_it_learns(self):
        if self.lab.shown.end:
            print("it learns", flush=True)
            self.close()

app.MainWindow = Shown
raise SystemExit(app.run_window())
"""


def run(program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "HOME": str(folder),
        "PYTHONPATH": os.getcwd(),
    }
    environment["XDG_DATA_HOME"] = str(folder)
    return subprocess.run(
        [sys.executable, "-c", LACKING + program],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
    )


@pytest.mark.long
def test_the_command_line_trains_and_saves(tmp_path: Path) -> None:
    done = run(TRAIN, tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "network.npz").stat().st_size > 10_000


def test_a_full_disk_is_noticed(tmp_path: Path) -> None:
    full = """
import shutil
from types import SimpleNamespace
shutil.disk_usage = lambda folder: SimpleNamespace(free=10)
"""
    done = run(full + TRAIN, tmp_path)
    assert done.returncode == 2
    assert "room" in done.stderr
    assert not (tmp_path / "network.npz").exists()


def test_the_window_learns_and_closes(tmp_path: Path) -> None:
    done = run(WINDOW, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "it learns" in done.stdout


@pytest.mark.parametrize(
    ("system", "environment", "folder"),
    [
        ("win32", {"LOCALAPPDATA": "/c/local"}, "/c/local"),
        ("darwin", {"XDG_DATA_HOME": "/elsewhere"}, "~/Library/Application Support"),
        ("linux", {"XDG_DATA_HOME": "/data"}, "/data"),
        ("linux", {}, "~/.local/share"),
    ],
)
def test_what_is_made_for_a_user_goes_where_the_system_has_it(
    system: str, environment: dict[str, str], folder: str
) -> None:
    assert data_folder(system, environment) == Path(folder).expanduser()
