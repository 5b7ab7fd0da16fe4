"""The window as a process of its own, with folders of its own: `python -m tests.torture.program DATA` trains on
`DATA` at once and prints the mini-batch and the time of each frame."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Final

from PySide6.QtCore import QTimer

from mnistviz.gui import app
from mnistviz.gui.lab import keeper
from mnistviz.gui.lab.kept_runs import KeptRuns
from mnistviz.gui.window.main_window import MainWindow

KEPT_EVERY: Final = 500
"""Milliseconds; instead of `keeper.WHILE_LEARNING`, for which nobody has the time here."""
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


def kept_step(path: Path) -> int | None:
    """The mini-batches of the run in `path`; None if it is not among the earlier runs."""
    return next((run.mini_batches for run in KeptRuns(path.parent).runs() if run.path == path), None)


class Window(MainWindow):
    """A window in which the training starts by itself."""

    def show(self) -> None:
        super().show()
        self._told = 0
        self._teller = QTimer(self, interval=_FRAME)
        self._teller.timeout.connect(self._tell)
        self._teller.start()
        self.steering.toggle_play()

    def _tell(self) -> None:
        step = 0 if self.lab.run is None else self.lab.run.step
        if step > self._told:
            self._told = step
            print(step, time.monotonic(), flush=True)


if __name__ == "__main__":
    keeper.WHILE_LEARNING = KEPT_EVERY
    app.MainWindow = Window  # type: ignore[attr-defined]
    sys.exit(app.run_window(Path(sys.argv[1])))
