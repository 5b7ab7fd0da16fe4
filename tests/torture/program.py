"""The window as a process of its own, with folders of its own: `python -m tests.torture.program DATA` trains three runs
and a branch on `DATA` at once, and prints for each that has gone on its letter, its mini-batch and the time."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Final

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
    return {**os.environ, **below, "QT_QPA_PLATFORM": "offscreen", "PYTHONFAULTHANDLER": "1"}


def own_folder(folder: Path) -> Path:
    """Where the program that has this environment keeps its own things."""
    return folder / "XDG_DATA_HOME" / "mnistviz"


def kept_runs(folder: Path) -> dict[str, SavedRun]:
    """The runs of the session that the next start takes up, by their letters; none where there is no session."""
    found = SessionStore(own_folder(folder) / "sessions").take_last()
    if found is None:
        return {}
    session, _ = found
    runs = [session.read_run(number).runs[0] for number in session.numbers()]
    session.release()
    return {run.letter: run for run in runs}


class Window(MainWindow):
    """A window in which the training starts by itself."""

    def show(self) -> None:
        super().show()
        self._told: dict[str, int] = {}
        self._teller = QTimer(self, interval=_FRAME)
        self._teller.timeout.connect(self._tell)
        self._teller.start()
        self.steering.toggle_play()

    def _tell(self) -> None:
        lab = self.lab
        for run in lab.runs:
            if run.step > self._told.get(run.letter, 0):
                self._told[run.letter] = run.step
                print(run.letter, run.step, time.monotonic(), flush=True)
        if lab.run is not None and lab.run.playing and lab.run.step and len(lab.runs) < RUNS:
            if len(lab.runs) == RUNS - 1:
                lab.branch()
            else:
                lab.begin(replace(lab.run.settings, seed=lab.run.settings.seed + 1))
            for run in lab.runs:
                lab.switch(run.number, on=True)


if __name__ == "__main__":
    session_keeper.WHILE_LEARNING = KEPT_EVERY
    sessions.UP_AFTER = 0
    app.MainWindow = Window  # type: ignore[attr-defined]
    sys.exit(app.run_window(Path(sys.argv[1])))
