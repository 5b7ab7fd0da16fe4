"""The real window while a network learns at full speed: what it costs, how evenly it moves, how fast it obeys.

1440 × 900, everything visible, the bundled digits. The speed, evaluations included, is that of one run in which the
window draws and rests in turn, A B A B. A frame is counted when the weights are painted.
Presses and strokes are mouse events that another thread posts, whatever the window is just doing; their time
begins when they are posted. With --platform xcb it draws on a screen of its own (Xvfb), if that is installed.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, QPointF, QStandardPaths, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from table import Figures, memory, options, percentile, replaced, tell

from mnistviz.engine.commands import Command, Pause
from mnistviz.engine.run import Run
from mnistviz.engine.threads import one_blas_thread
from mnistviz.gui.app import prepare
from mnistviz.gui.window import frame
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.scene import SceneFile

SIZE: Final = (1440, 900)
INTERVALS: Final = {"30": 33, "60": 16}  # frames a second: milliseconds between two
NEVER: Final = 3_600_000  # milliseconds
ROUNDS: Final = 15
PART: Final = 0.4  # seconds: about an epoch
SETTLE: Final = 0.04
PRESSES: Final = 20
STROKES: Final = 45
BETWEEN_POINTS: Final = 0.008  # seconds, as a mouse sends them
SIX: Final = [
    (0.62, 0.15), (0.45, 0.3), (0.35, 0.55), (0.38, 0.78), (0.55, 0.85), (0.66, 0.72), (0.5, 0.6), (0.4, 0.7)
]  # fmt: skip


class Moments(QObject):
    """When some widgets were painted."""

    def __init__(self, *watched: QWidget) -> None:
        super().__init__()
        self.times: list[float] = []
        for widget in watched:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.times.append(time.perf_counter())
        return False

    def gaps(self, since: float) -> list[float]:
        """Between paintings, in milliseconds."""
        return [1000 * (b - a) for a, b in pairwise(t for t in self.times if t >= since)]


class Live:
    """The window, and what the worker does behind it."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        self.frames = Moments(window.network.units.mosaic.viewport())
        self.verdicts = Moments(*window.network.verdict.findChildren(QWidget, "verdict_picture"))
        self.chance = random.Random(1)
        self.run: Run  # the one in the worker
        self.paused: list[float] = []

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Notes, in the worker, which run it is and when it pauses."""
        obey = Run.obey

        def obeyed(run: Run, command: Command, ticket: int = 0) -> None:
            obey(run, command, ticket)
            self.run = run
            if isinstance(command, Pause):
                self.paused.append(time.perf_counter())

        with replaced(Run, "obey", obeyed):
            yield


def spin(seconds: float) -> None:
    """Lets the window live for so long."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    limit = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > limit:
            raise TimeoutError("what was waited for did not come")
        spin(0.01)


def post(widget: QWidget, kind: QEvent.Type, where: QPointF) -> None:
    """A mouse event as the system would send it; can be called in any thread."""
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    held = none if kind == QEvent.Type.MouseButtonRelease else left
    button = none if kind == QEvent.Type.MouseMove else left
    event = QMouseEvent(kind, where, where, button, held, Qt.KeyboardModifier.NoModifier)
    QCoreApplication.postEvent(widget, event)


def in_thread(work: Callable[[], None]) -> None:
    """Lets another thread do it, and the window live meanwhile."""
    thread = threading.Thread(target=work)
    thread.start()
    until(lambda: not thread.is_alive())


def speed(live: Live, interval: int) -> tuple[float, float]:
    """Mini-batches a second while a frame is drawn every `interval` milliseconds, and frames a second."""
    live.window._frame.setInterval(interval)
    spin(SETTLE)
    began, first = time.perf_counter(), live.run.step
    spin(PART)
    taken = time.perf_counter() - began
    done, gaps = live.run.step - first, live.frames.gaps(began)
    return done / taken, 1000 / statistics.mean(gaps) if gaps else 0.0


def speeds(live: Live) -> Figures:
    """The share of the speed without frames that is kept with them: each part of a run against those just before
    and after it, in which the window rests, since the speed of a machine wanders from second to second."""
    kept: dict[str, list[float]] = {name: [] for name in INTERVALS}
    frames: dict[str, list[float]] = {name: [] for name in INTERVALS}
    live.window.toggle_play()
    spin(1.5)  # the first epoch has evaluations of its own
    alone = [speed(live, NEVER)[0]]
    for _ in range(ROUNDS):
        for name, interval in INTERVALS.items():
            watched, painted = speed(live, interval)
            alone.append(speed(live, NEVER)[0])
            kept[name].append(2 * watched / (alone[-2] + alone[-1]))
            frames[name].append(painted)
    live.window._frame.setInterval(frame.FRAME)
    live.window.toggle_play()
    until(lambda: live.window.lab.run is not None and live.window.lab.run.has_obeyed)
    figures = {"headless": statistics.median(alone)}
    for name in INTERVALS:
        figures[f"kept_{name}"] = 100 * statistics.median(kept[name])
        figures[f"frames_{name}"] = statistics.median(frames[name])
    return figures


def pauses(live: Live) -> Figures:
    """Presses Start and Pause in turn; the time from each press on Pause to the last mini-batch."""
    button, chance, pressed = live.window.transport.play_button, live.chance, []
    where = QPointF(button.rect().center())
    live.paused.clear()

    def press() -> None:
        for _ in range(PRESSES):
            for asked in ("play", "pause"):
                time.sleep(chance.uniform(0.15, 0.3))
                if asked == "pause":
                    pressed.append(time.perf_counter())
                post(button, QEvent.Type.MouseButtonPress, where)
                post(button, QEvent.Type.MouseButtonRelease, where)

    in_thread(press)
    spin(0.2)
    found = [1000 * (done - begun) for begun, done in zip(pressed, live.paused, strict=True)]
    return {"pause": statistics.median(found), "pause_worst": max(found)}


def strokes(live: Live, count: int) -> list[float]:
    """Draws strokes on the pad; the times from the last point of each to the painting of what comes of it, in
    milliseconds. The picture that the network gets is painted when it changes; the last time counts."""
    pad, chance, ends = live.window.network.pad, live.chance, []
    side, left = min(pad.width(), pad.height()), max(0, pad.width() - pad.height()) / 2

    def draw() -> None:
        for number in range(count):
            lean, slant = chance.uniform(-0.1, 0.1), chance.uniform(-0.1, 0.1)
            points = [QPointF(left + side * (x + lean + slant * y), side * y) for x, y in SIX]
            post(pad, QEvent.Type.MouseButtonPress, points[0])
            for a, b in pairwise(points):
                for part in (1, 2, 3):
                    time.sleep(BETWEEN_POINTS)
                    last = time.perf_counter()
                    post(pad, QEvent.Type.MouseMove, a + (b - a) * part / 3)
            post(pad, QEvent.Type.MouseButtonRelease, points[-1])
            time.sleep(chance.uniform(0.15, 0.2))
            ends.append((last, time.perf_counter()))
            if number % 3 == 2:  # a clean sheet, before the ink gets too much
                QTimer.singleShot(0, pad, pad.clear)
                time.sleep(0.1)

    in_thread(draw)
    paintings = [(last, [t for t in live.verdicts.times if last < t < rest]) for last, rest in ends]
    return [1000 * (times[-1] - last) for last, times in paintings if times]


def gaps(live: Live, seconds: float) -> Figures:
    """The gaps between frames while somebody watches."""
    began = time.perf_counter()
    spin(seconds)
    found = live.frames.gaps(began)
    return {
        "gap_median": statistics.median(found),
        "gap_p99": percentile(found, 99),
        "gap_worst": max(found),
    }


def soak(live: Live, minutes: float) -> Figures:
    """Trains on while η is dragged and digits are drawn: gaps between frames, and memory."""
    window = live.window
    begun, end = time.perf_counter(), time.perf_counter() + 60 * minutes
    slider = window.controls.eta.slider
    first_tenth = 0.0
    while time.perf_counter() < end:
        for value in np.linspace(slider.minimum(), 0.6 * slider.maximum(), 20):
            slider.setValue(int(value))
            spin(0.05)
        strokes(live, 3)
        spin(min(1.0, max(0.0, end - time.perf_counter())))
        if not first_tenth and time.perf_counter() > begun + 6 * minutes:
            first_tenth = memory()
    found = live.frames.gaps(begun)
    return {
        "busy_p99": percentile(found, 99),
        "busy_worst": max(found),
        "memory": memory(),
        "memory_growth": memory() - first_tenth,
    }


def measure(window: MainWindow, minutes: float) -> Figures:
    until(lambda: window.lab.run is not None and window.lab.run.moment is not None)
    spin(0.5)
    figures = {"memory_start": memory()}
    live = Live(window)
    with live.watched():
        figures |= speeds(live)
        figures |= pauses(live)
        window.toggle_play()
        spin(0.5)
        found = strokes(live, STROKES)
        figures |= {"stroke": statistics.median(found), "stroke_p99": percentile(found, 99)}
        figures |= gaps(live, min(60, 60 * minutes))
        figures |= soak(live, minutes)
        window.toggle_play()
        run = window.lab.run
        assert run is not None
        until(lambda: run.has_obeyed and not run.playing)
        spin(0.2)
        figures["costs_lost"] = run.step - run.history.costs.size
    return figures


@contextmanager
def screen(platform: str) -> Iterator[bool]:
    """A screen for the platform; False where there is none."""
    os.environ["QT_QPA_PLATFORM"] = platform
    if platform != "xcb":
        yield True
        return
    server = shutil.which("Xvfb")
    if server is None:
        yield False
        return
    reading, writing = os.pipe()
    command = [server, "-displayfd", str(writing), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=(writing,), stderr=subprocess.DEVNULL) as running:
        os.close(writing)
        with os.fdopen(reading) as told:
            os.environ["DISPLAY"] = f":{told.readline().strip()}"
        try:
            yield True
        finally:
            running.terminate()


@contextmanager
def open_window() -> Iterator[MainWindow]:
    """The real window, with an arrangement of its own, reading the bundled digits."""
    QStandardPaths.setTestModeEnabled(True)
    app = QApplication([])
    prepare(app)
    with one_blas_thread(), tempfile.TemporaryDirectory() as folder:
        window = MainWindow(SceneFile(Path(folder) / "stage.json"))
        window.resize(*SIZE)
        window.show()
        window.load_data()
        try:
            yield window
        finally:
            window.close()


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--platform", choices=("offscreen", "xcb"), help="one of the two; without it both")
    parser.add_argument(
        "--minutes", type=float, default=0.25, help="how long to go on at the end (%(default)s)"
    )
    asked = parser.parse_args()
    if asked.platform is None:  # each in a process of its own: an application can be on one platform only
        figures: Figures = {}
        for platform in ("offscreen", "xcb"):
            choice = ["--platform", platform, "--minutes", str(asked.minutes)]
            again = [sys.executable, __file__, "--json", *choice]
            done = subprocess.run(again, stdout=subprocess.PIPE, check=True)
            figures |= json.loads(done.stdout.splitlines()[-1])
        tell(figures, as_json=asked.json)
        return
    with screen(asked.platform) as there:
        figures = {}
        if there:
            with open_window() as window:
                figures = measure(window, asked.minutes)
    tell({f"{name}.{asked.platform}": value for name, value in figures.items()}, as_json=asked.json)


if __name__ == "__main__":
    main()
