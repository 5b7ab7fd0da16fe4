"""The real window while a network learns at full speed: what it costs, how evenly it moves, how fast it obeys.

1440 × 900, everything visible, the bundled digits. The speed is that of whole epochs with their evaluations,
against a run without a window in the same process, A B A B. A frame is counted when the weights are painted.
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
from table import Figures, memory, options, percentile, ratio, replaced, tell

from mnistviz.engine.handover import Command, Mailbox, Pause, Play
from mnistviz.engine.history import History
from mnistviz.engine.run import Run
from mnistviz.gui import main_window
from mnistviz.gui.app import prepare
from mnistviz.gui.main_window import MainWindow
from mnistviz.gui.stage import StageFile

SIZE: Final = (1440, 900)
INTERVALS: Final = {"30": 33, "60": 16}  # frames a second: milliseconds between two
ROUNDS: Final = 4
ROUND: Final = 1.5  # seconds
LEAST_EPOCHS: Final = 4  # in a round, on a slow machine too
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
        self.frames = Moments(window.units.mosaic.viewport())
        self.verdicts = Moments(*window.verdict.findChildren(QWidget, "verdict_picture"))
        self.chance = random.Random(1)
        self.epochs: list[tuple[float, int]] = []  # whole ones: when evaluated, mini-batches so far
        self.paused: list[float] = []

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Notes, in the worker, the ends of epochs and when it pauses."""
        add_accuracy, obey = History.add_accuracy, Run.obey

        def added(history: History, name: str, step: int, digits: int, fraction: float) -> None:
            add_accuracy(history, name, step, digits, fraction)
            if name == "test" and digits % 50_000 == 0:
                self.epochs.append((time.perf_counter(), step))

        def obeyed(run: Run, command: Command, ticket: int = 0) -> None:
            obey(run, command, ticket)
            if isinstance(command, Pause):
                self.paused.append(time.perf_counter())

        with replaced(History, "add_accuracy", added), replaced(Run, "obey", obeyed):
            yield

    def speed(self) -> float:
        """Mini-batches a second over the whole epochs since the last look."""
        epochs, self.epochs = self.epochs, []
        (began, first), (ended, last) = epochs[0], epochs[-1]
        return (last - first) / (ended - began)


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


def headless_speed(live: Live, run: Run) -> float:
    """The speed of a run that nobody looks at, while the window rests."""
    live.epochs.clear()
    end = time.perf_counter() + ROUND
    run.obey(Play())
    while time.perf_counter() < end or len(live.epochs) < LEAST_EPOCHS:
        run.work(lambda: False)
    return live.speed()


def window_speed(live: Live, interval: int, frames: list[float]) -> float:
    """The speed of the window's run; adds the frames a second to `frames`."""
    window = live.window
    window._frame.setInterval(interval)
    window.toggle_play()
    spin(0.3)
    live.epochs.clear()
    began = time.perf_counter()
    spin(ROUND)
    until(lambda: len(live.epochs) >= LEAST_EPOCHS)
    frames.append(1000 / statistics.mean(live.frames.gaps(began)))
    speed = live.speed()
    window.toggle_play()
    until(lambda: window.lab.run is not None and window.lab.run.has_obeyed)
    spin(0.1)
    return speed


def speeds(live: Live) -> Figures:
    digits, run = live.window.lab.digits, live.window.lab.run
    assert digits is not None
    assert run is not None
    alone = Run(0, run.settings, digits, Mailbox(lambda: None))
    headless: list[float] = []
    kept: dict[str, list[float]] = {name: [] for name in INTERVALS}
    frames: dict[str, list[float]] = {name: [] for name in INTERVALS}
    for number in range(-1, ROUNDS):  # the first is for warming up: the first epoch is another one
        headless.append(headless_speed(live, alone))
        for name, interval in INTERVALS.items():
            kept[name].append(window_speed(live, interval, frames[name]))
        if number < 0:
            for found in (headless, *kept.values(), *frames.values()):
                found.clear()
    live.window._frame.setInterval(main_window.FRAME)
    figures = {"headless": statistics.median(headless)}
    for name in INTERVALS:
        figures[f"kept_{name}"] = 100 * ratio(kept[name], headless)
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
    pad, chance, ends = live.window.scratchpad.pad, live.chance, []
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


def soak(live: Live, minutes: float) -> Figures:
    """Trains on while η is dragged and digits are drawn; frames, memory, and whether a cost was lost."""
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
    gaps = live.frames.gaps(begun)
    return {
        "gap_median": statistics.median(gaps),
        "gap_p99": percentile(gaps, 99),
        "gap_worst": max(gaps),
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
    with screen(asked.platform) as there, tempfile.TemporaryDirectory() as folder:
        figures = {}
        if there:
            QStandardPaths.setTestModeEnabled(True)
            app = QApplication([])
            prepare(app)
            window = MainWindow(StageFile(Path(folder) / "stage.json"))
            window.resize(*SIZE)
            window.show()
            window.load_data()
            try:
                figures = measure(window, asked.minutes)
            finally:
                window.close()
    tell({f"{name}.{asked.platform}": value for name, value in figures.items()}, as_json=asked.json)


if __name__ == "__main__":
    main()
