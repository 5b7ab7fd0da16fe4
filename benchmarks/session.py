"""What keeping the session costs while runs learn, and what a start with a session costs.

    python benchmarks/session.py                  both
    python benchmarks/session.py --only keeping

*Keeping.* Three runs and a branch learn at full speed behind a window with everything visible. In parts of a few
seconds all runs are kept once, or none is, in turn. The cost is the share of the speed that is lost, scaled to one time
in 25 seconds as the program does it. Gaps are those between two beats of a timer in the window's thread: where four
runs learn in turn, the network shown has news only each 60 to 140 ms.

*Start.* The program is started with the session that the first part left and without one, in turn; see start.py.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import Final

from live import SIZE, spin, until
from parts import Parts, options, run_parts
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication
from start import start
from table import Figures, percentile

from mnistviz.engine.digits import load_digits
from mnistviz.engine.settings import Settings
from mnistviz.engine.threads import one_blas_thread
from mnistviz.gui.app import prepare
from mnistviz.gui.lab import session_keeper
from mnistviz.gui.lab.session_keeper import SessionKeeper
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.scene import SceneFile, WindowScene

BEAT: Final = 2  # milliseconds
NEVER: Final = 3_600_000  # milliseconds
RUNS: Final = 4
EVERY: Final = session_keeper.WHILE_LEARNING / 1_000  # seconds


class Beats(QTimer):
    """When the window's thread was free for what comes."""

    def __init__(self) -> None:
        super().__init__(interval=BEAT, timerType=Qt.TimerType.PreciseTimer)
        self.times: list[float] = []
        self.timeout.connect(lambda: self.times.append(time.perf_counter()))
        self.start()

    def gaps(self, since: float) -> list[float]:
        """Milliseconds from one beat to the next, from a moment on."""
        times = [each for each in self.times if each >= since]
        return [1_000 * (after - before) for before, after in pairwise(times)]


def seen(window: MainWindow) -> int:
    """Digits that all runs have seen."""
    return sum(run.digits_seen for run in window.lab.runs.open)


def part(window: MainWindow, seconds: float, *, keeps: bool) -> float:
    """Digits a second, while all runs are kept once or not at all."""
    began, before = time.perf_counter(), seen(window)
    if keeps:
        keep_all(window.documents.keeper, window)
    spin(seconds)
    return (seen(window) - before) / (time.perf_counter() - began)


def keep_all(keeper: SessionKeeper, window: MainWindow) -> None:
    session_keeper.WHILE_LEARNING = 0
    for run in window.lab.runs.open:
        assert window.lab.digits is not None
        keeper._runs.pop(run.number, None)
        keeper.follow(run, window.lab.digits)
    session_keeper.WHILE_LEARNING = NEVER


def begin_runs(window: MainWindow, steps: int) -> None:
    """Three runs and a branch, after so many mini-batches of the first one."""
    lab = window.lab
    for seed in (1, 2, 3):
        lab.runs.begin(Settings(seed=seed, stop_epochs=1_000))
        until(lambda: lab.run is not None and lab.run.ready)
        window.steering.toggle_play()
        until(lambda: lab.run is not None and lab.run.has_learned)  # else the next would take its place
        window.steering.toggle_play()
        until(lambda: not lab.time.learning)
    lab.runs.branch()
    for run in lab.runs.open:
        lab.time.switch(run.number, on=True)
    until(lambda: all(run.ready for run in lab.runs.open))
    assert len(lab.runs.open) == RUNS
    window.steering.toggle_play()
    until(lambda: min(run.step for run in window.lab.runs.open) >= steps, seconds=300)


def keeping(asked: argparse.Namespace, folder: Path) -> Figures:
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    prepare(app)
    session_keeper.WHILE_LEARNING = NEVER
    scene = SceneFile(folder / "stage.json")
    scene.save(WindowScene())  # as after a start
    window = MainWindow(scene)
    window.resize(*SIZE)
    window.show()
    window.lab.data.use(load_digits())
    rounds, seconds, steps = (1, 0.5, 50) if asked.short else (12, 4.0, 5_000)
    window.network.pad.show_test_digit()  # whose activations move in each frame
    frames = Beats()
    begin_runs(window, steps)
    kept: list[float] = []
    gaps: list[float] = []
    usual: list[float] = []
    lost: list[float] = []
    for _ in range(rounds):
        since = time.perf_counter()
        without = part(window, seconds, keeps=False)
        usual += frames.gaps(since)
        since = time.perf_counter()
        kept.append(part(window, seconds, keeps=True))
        gaps += frames.gaps(since)
        lost.append(100 * (1 - kept[-1] / without) * seconds / EVERY)
    window.close()
    return {
        "keeping_cost": statistics.median(lost),
        "keeping_gap_p99": percentile(gaps, 99),
        "keeping_gap_worst": max(gaps),
        "not_keeping_gap_worst": max(usual),
    }


def starting(asked: argparse.Namespace, session: Path) -> Figures:
    """The start with the session in `session` over that without one."""
    found: dict[bool, list[Figures]] = {True: [], False: []}
    with tempfile.TemporaryDirectory() as name:
        homes = {True: Path(name) / "with", False: Path(name) / "without"}
        own = homes[True] / "mnistviz"
        shutil.copytree(session, own)
        homes[False].mkdir()
        for _ in range(1 if asked.short else 8):
            for has, home in homes.items():
                shutil.rmtree(own)
                shutil.copytree(session, own)
                found[has].append(start(str(home)))
    figures = {}
    for moment in ("shown", "ready", "first"):
        with_, without = (statistics.median(each[moment] for each in found[has]) for has in (True, False))
        figures[f"session_{moment}"] = 1_000 * (with_ - without)
    return figures


@one_blas_thread()
def main() -> int:
    parser = options(__doc__)
    asked = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "mnistviz"

        def measure(parts: Parts) -> None:
            parts.measure("keeping", lambda: keeping(asked, folder))
            parts.measure("starting", lambda: starting(asked, folder))

        return run_parts("session", asked, measure)


if __name__ == "__main__":
    sys.exit(main())
