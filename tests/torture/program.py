"""The window as a process of its own, with folders of its own: `python -m tests.torture.program DATA` trains three runs
and a branch on `DATA` at once, and prints for each that has gone on its letter, its mini-batch and for how many seconds
the process has worked: however busy the machine is, in a second it does as much."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from mnistviz.interruption import ended_at_once

with ended_at_once():
    from msgspec.structs import replace
    from PySide6.QtCore import QTimer

    from mnistviz.engine.experiment.saved import SavedRun
    from mnistviz.gui import app
    from mnistviz.gui.lab import session_keeper
    from mnistviz.gui.lab.session_store import SessionStore
    from mnistviz.gui.window import sessions
    from mnistviz.gui.window.main_window import MainWindow

KEPT_EVERY: Final = 500
"""Milliseconds; instead of `session_keeper.WHILE_LEARNING`, for which nobody has the time here."""
RUNS: Final = 4
_FRAME: Final = 20  # milliseconds


def environment(folder: Path) -> dict[str, str]:
    """Variables that lead the program, and all of Qt, to folders below `folder`, and to no screen."""
    below = {
        name: str(folder / name) for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")
    }
    screen = Path(__file__).parents[1] / "gui" / "screen.json"
    platform = f"offscreen:configfile={screen}"
    return {**os.environ, **below, "QT_QPA_PLATFORM": platform, "PYTHONFAULTHANDLER": "1"}


@contextlib.contextmanager
def running(command: list[str], env: dict[str, str], errors: Path) -> Iterator[subprocess.Popen[str]]:
    out, none, root = subprocess.PIPE, subprocess.DEVNULL, Path(__file__).resolve().parents[2]
    with (
        errors.open("wb") as stderr,
        subprocess.Popen(
            command,
            stdin=none,
            stdout=out,
            stderr=stderr,
            text=True,
            cwd=root,
            env=env,
            start_new_session=True,
        ) as program,
    ):
        yield program


def started(folder: Path, data: Path) -> contextlib.AbstractContextManager[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.torture.program", str(data)]
    return running(command, environment(folder), errors_in(folder))


def errors_in(folder: Path) -> Path:
    return folder / "errors"


def told_by(program: subprocess.Popen[str], folder: Path) -> tuple[str, int, float]:
    """What the program prints next; where it ends instead, that fails and says how."""
    if not (line := program.stdout.readline()):
        code, errors = program.wait(), errors_in(folder).read_text("utf-8")
        raise AssertionError(f"the program has ended with code {code}, and said:\n{errors}")
    return parsed(line)


def parsed(line: str) -> tuple[str, int, float]:
    letter, step, when = line.split()
    return letter, int(step), float(when)


def own_folder(folder: Path) -> Path:
    return folder / "XDG_DATA_HOME" / "mnistviz"


def kept_runs(folder: Path) -> dict[str, SavedRun]:
    """The runs of the session that the next start takes up, by their letters; none where there is no session."""
    if (found := SessionStore(own_folder(folder) / "sessions").take_last()) is None:
        return {}
    session, _ = found
    runs = [session.read_run(number).runs[0] for number in session.numbers()]
    session.release()
    return {run.letter: run for run in runs}


class Window(MainWindow):
    def show(self) -> None:
        super().show()
        self._told: dict[str, int] = {}
        self._teller = QTimer(self, interval=_FRAME)
        self._teller.timeout.connect(self._tell)
        self._teller.start()
        self.steering.toggle_play()

    def _tell(self) -> None:
        lab = self.lab
        for run in lab.runs.open:
            if run.step > self._told.get(run.letter, 0):
                self._told[run.letter] = run.step
                line = f"{run.letter} {run.step} {time.process_time()}\n"
                print(line, end="", flush=True)  # at once, so that no signal finds half a line written
        if lab.run is not None and lab.run.playing and lab.run.step and len(lab.runs.open) < RUNS:
            if len(lab.runs.open) == RUNS - 1:
                lab.runs.branch()
            else:
                lab.runs.begin(replace(lab.run.settings, seed=lab.run.settings.seed + 1))
            for run in lab.runs.open:
                lab.time.switch(run.number, on=True)


if __name__ == "__main__":
    session_keeper.WHILE_LEARNING = KEPT_EVERY
    sessions.UP_AFTER = 0
    app.MainWindow = Window  # type: ignore[attr-defined]
    sys.exit(app.run_window(Path(sys.argv[1])))
