"""The real window while a network learns at full speed: what it costs, how evenly it moves, how fast it obeys.

    python benchmarks/live.py                                  everything, on both platforms
    python benchmarks/live.py --only speeds --platform xcb     speed kept and cost of a frame: a good minute
    python benchmarks/live.py --only speeds --platform offscreen --recipe best
    python benchmarks/live.py --only row --platform xcb        the same with a digit and with a row of five on the pad;
                                                               it is measured only if it is asked for
    PYTHONPATH=PATH python benchmarks/live.py                  the same of another checkout

1440 × 900, everything visible, the bundled digits, and a digit in ink on the pad. A frame is counted when the network
is painted; under the hand, which clears the pad, when it is drawn. Presses and strokes are mouse events that another
thread asks for, whatever the window is just doing; their time begins when they are asked for. With --platform xcb it
draws on a screen of its own (Xvfb), if that is installed.

*Speed kept.* In one run the window draws 30 and draws 60 frames a second, in parts of 0.2 s, the two in another order
in each round, and it rests before each of them and after the last: neither a machine that wanders nor an epoch meets
one of them more often. What counts are mini-batches for each second of training; the time of evaluations is left out,
since there is a whole one an epoch, which would be a sixth of one part, or with a large network all of it, and nothing
of the next. Where most of a part was evaluation, it is passed over. A part with frames lasts from one frame to another
and has whole cycles of what is drawn seldom. It is held against the rests before and after it, by the mean of their
logarithms. The figure comes from the mean of the logarithms of these ratios without the fifth of them at either end;
the standard error is that of this trimmed mean, from the winsorised variance (Yuen, Biometrika 61, 1974).

*Processor time of a frame.* In the same parts: what the window's thread takes by its own clock, divided by the frames;
`draw` of each view by itself, and painting with all that remains. Medians over the parts, with the standard error of
a median: half the distance between the values √n / 2 places before and after the middle.
"""

from __future__ import annotations

import argparse
import gc
import math
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
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from msgspec import Struct
from parts import Parts, options, run_parts
from PySide6.QtCore import QEvent, QEventLoop, QObject, QPointF, QStandardPaths, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget
from table import Figures, memory, middle, percentile, replaced, trimmed

import mnistviz
from mnistviz.engine.commands import Command, Pause, Step
from mnistviz.engine.recipes import RECIPES
from mnistviz.engine.run import Run
from mnistviz.engine.settings import Settings
from mnistviz.engine.threads import one_blas_thread
from mnistviz.engine.trainer import Trainer
from mnistviz.gui.app import collect_garbage, prepare
from mnistviz.gui.lab.shown import RunFacts
from mnistviz.gui.window.frame import FRAME, SELDOM, FrameTimer
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.scene import SceneFile, WindowScene
from mnistviz.gui.window.views import VIEWS

SIZE: Final = (1440, 900)
NEVER: Final = 3_600_000  # milliseconds
INTERVALS: Final = {"30": 33, "60": 16}  # frames a second: milliseconds between two
PART: Final = 200  # milliseconds: of 0.1, 0.2 and 0.4 s what gives the least error in a given time
SETTLE: Final = 0.03  # seconds
ENDLESS: Final = 1_000  # epochs: the minute is over long before η is
COSTS: Final = {"curves": "curves", "network": "network", "units": "network", "scratchpad": "network"}
"""What a view's part of a frame is called; the others are together."""
ROW: Final = 5  # digits
TOGETHER: Final = 3  # strokes on a sheet, before the ink gets too much
BETWEEN_POINTS: Final = 0.008  # seconds, as a mouse sends them
SIX: Final = [
    (0.62, 0.15), (0.45, 0.3), (0.35, 0.55), (0.38, 0.78), (0.55, 0.85), (0.66, 0.72), (0.5, 0.6), (0.4, 0.7)
]  # fmt: skip


class Length(Struct, frozen=True):
    """How much is measured."""

    rounds: int = 90
    presses: int = 20
    sheets: int = 15
    minutes: float = 0.25


SHORT: Final = Length(rounds=2, presses=2, sheets=1, minutes=0.01)


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
        return between(self.times, since)


class Hand(QObject):
    """Sends mouse events as the system would; any thread can ask for one. Each is made in the window's thread: to make
    it changes what Qt knows of the mouse, and where another thread does that, memory is written to that is gone."""

    _asked = Signal(object, object, object)

    def __init__(self) -> None:
        super().__init__()
        self._asked.connect(self._send, Qt.ConnectionType.QueuedConnection)

    def post(self, widget: QWidget, kind: QEvent.Type, where: QPointF) -> None:
        self._asked.emit(widget, kind, where)

    def _send(self, widget: QWidget, kind: QEvent.Type, where: QPointF) -> None:
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        held = none if kind == QEvent.Type.MouseButtonRelease else left
        button = none if kind == QEvent.Type.MouseMove else left
        event = QMouseEvent(kind, where, where, button, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(widget, event)


def between(times: list[float], since: float) -> list[float]:
    """The gaps between moments, in milliseconds."""
    return [1000 * (b - a) for a, b in pairwise(t for t in times if t >= since)]


class Live:
    """The window, and what the worker does behind it."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        timer = window.findChild(FrameTimer)
        assert timer is not None
        self.timer = timer
        self.hand = Hand()
        self.pad = child(window, "scratchpad")
        self.frames = Moments(picture(window))
        self.verdicts = Moments(surface(child(window, "network_input", "verdict_picture", "network_picture")))
        self.drawn: list[float] = []  # when a frame was
        timer.drawn.connect(lambda: self.drawn.append(time.perf_counter()))
        self.drawings: list[float] = []  # when there was another one on the pad
        self.pad.changed.connect(lambda: self.drawings.append(time.perf_counter()))
        self.chance = random.Random(1)
        self.run: Run  # the one in the worker
        self.stepped = 0.0  # when the last mini-batch ended, in `pauses`
        self.paused: list[float] = []  # when that was, at each Pause
        self.evaluated: tuple[float, float | None] = (0.0, None)  # seconds; when the present evaluation began
        self.spent: Figures = {}  # seconds of the window's processor, by what `draw` was for
        self._inside = 0.0

    def step(self, mini_batches: int) -> None:
        """Has the selected run learn for so many mini-batches and pause."""
        end = self.selected.step + mini_batches
        self.window.lab.runs.send(Step(mini_batches))
        until(lambda: self.selected.step >= end and not self.selected.playing, 300)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Notes which run the worker has, when it pauses and how long it evaluates, and what each view takes."""
        handle, assess = Run.handle, Run._assess_further

        def obeyed(run: Run, command: Command, ticket: int = 0) -> None:
            handle(run, command, ticket)
            self.run = run
            if isinstance(command, Pause):
                self.paused.append(self.stepped)

        def assessed(run: Run, *given: Any) -> None:
            (before, _), began = self.evaluated, time.perf_counter()
            self.evaluated = before, began
            try:
                assess(run, *given)
            finally:
                self.evaluated = before + time.perf_counter() - began, None

        views = self.window.views
        for _ in views.build_ahead():
            spin(0)  # else a late view would be built amid what is measured
        drawn = [(views.build(entry.id), COSTS.get(entry.id, "others")) for entry in VIEWS]
        verdict: Any = self.window.findChild(QWidget, "verdict")
        if hasattr(verdict, "draw"):
            drawn.append((verdict, "verdict"))
        with ExitStack() as stack:
            stack.enter_context(replaced(Run, "handle", obeyed))
            stack.enter_context(replaced(Run, "_assess_further", assessed))
            for view, name in drawn:
                self.spent[name] = 0.0
                stack.enter_context(replaced(view, "draw", self._timed(name, view.draw)))
            yield

    def _timed(self, name: str, draw: Callable[..., None]) -> Callable[..., None]:
        """A `draw` whose processor time is noted, without that of one inside it that is noted by itself."""

        def timed(*given: Any, **named: Any) -> None:
            outside, self._inside = self._inside, 0.0
            began = time.thread_time()
            draw(*given, **named)
            taken = time.thread_time() - began
            self.spent[name] += taken - self._inside
            self._inside = outside + taken

        return timed

    def learn(self, learns: bool) -> None:
        """Has the run learn or rest, whatever it did before."""
        if self.selected.playing != learns:
            self.window.steering.toggle_play()
        until(lambda: self.selected.has_obeyed and self.selected.playing == learns)

    @property
    def selected(self) -> RunFacts:
        """The selected run, as it is known now."""
        run = self.window.lab.run
        assert run is not None
        return run

    def training_clock(self) -> float:
        """Seconds; it stands still while the network is evaluated."""
        before, began = self.evaluated
        return (time.perf_counter() if began is None else began) - before

    def draw_frames(self, count: int) -> None:
        """Lets the window live until it has drawn so many."""
        loop = QEventLoop()
        late = QTimer(loop, singleShot=True)
        late.timeout.connect(loop.quit)
        late.start(30_000)

        def drawn() -> None:
            nonlocal count
            count -= 1
            if count == 0:
                loop.quit()

        self.timer.drawn.connect(drawn)
        loop.exec()
        self.timer.drawn.disconnect(drawn)
        if count > 0:
            raise TimeoutError("no frames are drawn")


def child(window: QWidget, *names: str) -> Any:
    """The widget of the first of these names that there is: windows of several versions are measured."""
    for name in names:
        widget = window.findChild(QWidget, name)
        if widget is not None:
            return widget
    raise LookupError(" or ".join(names))


def surface(widget: QWidget) -> QWidget:
    """Where the events of a widget arrive."""
    return widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget


def picture(window: QWidget) -> QWidget:
    """What is painted in each frame: the weights."""
    return surface(child(window, "network_picture", "units_mosaic"))


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


def in_thread(work: Callable[[], None]) -> None:
    """Lets another thread do it, and the window live meanwhile."""
    thread = threading.Thread(target=work)
    thread.start()
    until(lambda: not thread.is_alive())


class Part(Struct, frozen=True):
    """What was measured while the window drew, or rested: mini-batches and painted frames a second, and
    milliseconds of the window's processor for each frame, by what they went to."""

    speed: float | None  # None when the network was evaluated most of the time
    painted: float
    costs: Figures


def live_part(live: Live, interval: int) -> Part:
    """Draws a frame every `interval` milliseconds for a while, or rests."""
    live.timer.setInterval(interval)
    cycle = max(1, round(SELDOM / interval))
    count = 0 if interval == NEVER else cycle * max(1, round(PART / (cycle * interval)))
    if count:
        live.draw_frames(1)
    else:
        spin(SETTLE)
    began, training, first = time.perf_counter(), live.training_clock(), live.run.step
    thread, spent = time.thread_time(), live.spent.copy()
    if count:
        live.draw_frames(count)
    else:
        spin(PART / 1000)
    thread = time.thread_time() - thread
    trained, lasted = live.training_clock() - training, time.perf_counter() - began
    speed = (live.run.step - first) / trained if trained > lasted / 2 else None
    if not count:
        return Part(speed, 0.0, {})
    costs = {name: live.spent[name] - before for name, before in spent.items()}
    costs |= {"painting": thread - sum(costs.values()), "frame": thread}
    gaps = live.frames.gaps(began)
    painted = 1000 / statistics.mean(gaps) if gaps else 0.0
    return Part(speed, painted, {name: 1000 * seconds / count for name, seconds in costs.items()})


def speeds(live: Live, rounds: int) -> Figures:
    """The share of the speed without frames that is kept with them, and what a frame costs."""
    parts: dict[str, list[Part]] = {name: [] for name in INTERVALS}
    ratios: dict[str, list[float]] = {name: [] for name in INTERVALS}
    order = list(INTERVALS)
    live.learn(True)
    spin(1.5)  # the first epoch has evaluations of its own
    rests = [live_part(live, NEVER).speed]
    for number in range(10 * rounds):
        if number >= rounds and all(len(found) > 1 for found in ratios.values()):
            break
        live.chance.shuffle(order)
        for name in order:
            part = live_part(live, INTERVALS[name])
            rests.append(live_part(live, NEVER).speed)
            parts[name].append(part)
            beside = [math.log(rest) for rest in rests[-2:] if rest]
            if part.speed and beside:
                ratios[name].append(math.log(part.speed) - statistics.mean(beside))
    live.timer.setInterval(FRAME)
    live.learn(False)
    figures = {"headless": statistics.median(rest for rest in rests if rest)}
    for name, drawn in parts.items():
        mean, error = trimmed(ratios[name])
        kept = 100 * math.exp(mean)
        figures |= {f"kept_{name}": kept, f"kept_{name}_se": kept * error}
        figures[f"frames_{name}"] = statistics.median(part.painted for part in drawn)
    for name in parts["30"][0].costs:
        cost, error = middle([part.costs[name] for part in parts["30"]])
        figures |= {f"cost_{name}": cost, f"cost_{name}_se": error}
    return figures


def pauses(live: Live, presses: int) -> Figures:
    """Presses Start and Pause in turn; the time from each press on Pause to the end of the last mini-batch, 0 while
    the network is evaluated."""
    live.learn(False)
    button, chance, pressed = child(live.window, "play_button"), live.chance, []
    where = QPointF(button.rect().center())
    live.paused.clear()

    def press() -> None:
        for _ in range(presses):
            for asked in ("play", "pause"):
                time.sleep(chance.uniform(0.15, 0.3))
                if asked == "pause":
                    pressed.append(time.perf_counter())
                live.hand.post(button, QEvent.Type.MouseButtonPress, where)
                live.hand.post(button, QEvent.Type.MouseButtonRelease, where)

    step = Trainer.step

    def stepped(trainer: Trainer) -> float:
        cost = step(trainer)
        live.stepped = time.perf_counter()
        return cost

    with replaced(Trainer, "step", stepped):
        in_thread(press)
    spin(0.2)
    found = [1000 * max(0.0, done - begun) for begun, done in zip(pressed, live.paused, strict=True)]
    return {"pause": statistics.median(found), "pause_worst": max(found)}


def write(live: Live, points: list[QPointF], rest: float) -> tuple[float, float]:
    """Draws a line and rests for so many seconds, in a thread of its own; when its last point came, and now."""
    pad, post, last = live.pad, live.hand.post, 0.0
    post(pad, QEvent.Type.MouseButtonPress, points[0])
    for a, b in pairwise(points):
        for part in (1, 2, 3):
            time.sleep(BETWEEN_POINTS)
            last = time.perf_counter()
            post(pad, QEvent.Type.MouseMove, a + (b - a) * part / 3)
    post(pad, QEvent.Type.MouseButtonRelease, points[-1])
    time.sleep(rest)
    return last, time.perf_counter()


def strokes(live: Live, sheets: int) -> list[float]:
    """Draws three strokes on each of some clean sheets; the times from the last point of each stroke to the painting of
    what comes of it, in milliseconds. What counts is the first painting of the verdict after the last change on the
    pad. The last sheet stays there."""
    pad, chance, ends = live.pad, live.chance, []
    side, left = min(pad.width(), pad.height()), max(0, pad.width() - pad.height()) / 2

    def draw() -> None:
        for _ in range(TOGETHER):
            lean, slant = chance.uniform(-0.1, 0.1), chance.uniform(-0.1, 0.1)
            points = [QPointF(left + side * (x + lean + slant * y), side * y) for x, y in SIX]
            ends.append(write(live, points, chance.uniform(0.15, 0.2)))

    for _ in range(sheets):
        pad.clear()
        spin(0.1)
        in_thread(draw)
    found = []
    for last, rest in ends:
        changed = max((t for t in live.drawings if last < t < rest), default=rest)
        painted = next((t for t in live.verdicts.times if changed < t < rest), None)
        if painted is not None:
            found.append(1000 * (painted - last))
    return found


def row_strokes(live: Live, sheets: int) -> list[float]:
    """Writes five digits in a row on each of some clean sheets; the times from the last point of each digit to the
    painting of what the network reads, in milliseconds. The last sheet stays there."""
    pad, row, chance, ends = live.pad, live.window.network.row, live.chance, []
    cut: list[float] = []
    row.reader.cut.connect(lambda: cut.append(time.perf_counter()))
    cells = Moments(surface(row.cells))

    def draw() -> None:
        paper = pad.paper
        for number in range(ROW):
            lean = chance.uniform(-0.05, 0.05)
            points = [
                paper.topLeft() + paper.height() * QPointF(0.5 + number + x + lean * y, y) for x, y in SIX
            ]
            ends.append(write(live, points, chance.uniform(0.25, 0.3)))

    for _ in range(sheets):
        pad.clear()
        spin(0.1)
        in_thread(draw)
    found = []
    for last, rest in ends:
        read = max((t for t in cut if last < t < rest), default=rest)
        painted = next((t for t in cells.times if read <= t < rest), None)
        if painted is not None:
            found.append(1000 * (painted - last))
    return found


def verdicts(live: Live, sheets: int) -> Figures:
    """How soon a stroke is read while it learns."""
    live.learn(True)
    spin(0.5)
    found = strokes(live, sheets)
    return {"stroke": statistics.median(found), "stroke_p99": percentile(found, 99)}


def row(live: Live, length: Length) -> Figures:
    """The speed kept with one digit and with a row of five on the pad, in turn, and how soon a row is read."""
    wide = live.window.network.row.actions.wide
    kept: dict[str, list[Figures]] = {"digit": [], "row": []}
    found: list[float] = []
    for _ in range(2):
        for name, figures in kept.items():
            wide.setChecked(name == "row")
            if name == "row":
                live.learn(True)
                spin(0.5)
                found += row_strokes(live, length.sheets)
                live.learn(False)
            else:
                strokes(live, 1)
            figures.append(speeds(live, length.rounds // 2))
    told = {"row_stroke": statistics.median(found), "row_stroke_p99": percentile(found, 99)}
    for name, figures in kept.items():
        told[f"{name}_kept_30"] = statistics.mean(each["kept_30"] for each in figures)
        told[f"{name}_kept_30_se"] = math.hypot(*(each["kept_30_se"] for each in figures)) / 2
    return told


def gaps(live: Live, seconds: float) -> Figures:
    """The gaps between frames while somebody watches, whatever they show: a stage of a mini-batch leaves the picture of
    the network as it is for half a second."""
    live.learn(True)
    began = time.perf_counter()
    spin(seconds)
    found = between(live.drawn, began)
    return {"gap_median": statistics.median(found), "gap_p99": percentile(found, 99), "gap_worst": max(found)}


def soak(live: Live, minutes: float) -> Figures:
    """Trains on while η is dragged and digits are drawn: gaps between frames, and memory. What counts is when a frame
    was drawn: on a blank pad only the weights change, and at full speed they are painted ten times a second."""
    window = live.window
    live.learn(True)
    begun, end = time.perf_counter(), time.perf_counter() + 60 * minutes
    slider = child(window, "eta_slider")
    first_tenth = 0.0
    while time.perf_counter() < end:
        for value in np.linspace(slider.minimum(), 0.6 * slider.maximum(), 20):
            slider.setValue(int(value))
            spin(0.05)
        strokes(live, 1)
        spin(min(1.0, max(0.0, end - time.perf_counter())))
        if not first_tenth and time.perf_counter() > begun + 6 * minutes:
            first_tenth = memory()
    found = between(live.drawn, begun)
    return {
        "busy_p99": percentile(found, 99),
        "busy_worst": max(found),
        "memory": memory(),
        "memory_growth": memory() - first_tenth,
    }


def begin(window: MainWindow, settings: Settings) -> None:
    """Begins a run with these settings, as if they had been chosen at the left."""
    window.controls.show_settings(settings)
    window.steering.new_run()
    until(lambda: window.lab.shown.moment is not None)


def costs(live: Live) -> Figures:
    """How many mini-batches have no cost in the curve, after all that."""
    live.learn(False)
    spin(0.2)
    return {"costs_lost": live.selected.step - live.selected.history.costs.size}


def measure(window: MainWindow, parts: Parts) -> None:
    asked, length = parts.asked, SHORT
    if not asked.short:
        length = Length(rounds=asked.rounds, minutes=asked.minutes)
    ready(window)
    spin(0.5)
    works: dict[str, Callable[[], Figures]] = {
        "memory": lambda: {"memory_start": memory()},
        "speeds": lambda: speeds(live, length.rounds),
        "pauses": lambda: pauses(live, length.presses),
        "strokes": lambda: verdicts(live, length.sheets),
        "gaps": lambda: gaps(live, 60 * min(1, length.minutes)),
        "hand": lambda: soak(live, length.minutes),
        "costs": lambda: costs(live),
        "row": lambda: row(live, length),
    }
    live = Live(window)
    with live.watched():
        if asked.recipe or asked.sizes:
            begin(window, wanted(asked))
        for name, work in works.items():
            if name == "speeds":
                strokes(live, 1)  # a digit lies on the pad from now on
            parts.measure(name, work, variant=asked.platform, always=name != "row")


def wanted(asked: argparse.Namespace) -> Settings:
    """The settings that were asked for, without an end."""
    settings = RECIPES[asked.recipe].settings if asked.recipe else Settings()
    if asked.sizes:
        settings = settings.changed(sizes=tuple(map(int, asked.sizes.split(","))))
    return settings.changed(stop="never", schedule_epochs=ENDLESS)


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
        scene = SceneFile(Path(folder) / "stage.json")
        scene.save(WindowScene())  # as after a start
        window = MainWindow(scene)
        window.resize(*SIZE)
        window.show()
        window.data_sets.load()
        gc.freeze()  # as the program does, and the next
        collect_garbage(window)
        try:
            yield window
        finally:
            window.close()


def ready(window: MainWindow) -> None:
    """Waits until there is a run with a network."""
    until(lambda: window.lab.run is not None and window.lab.run.moment is not None)


def measure_here(parts: Parts) -> None:
    """On the platform that was asked for, if there is a screen for it."""
    asked = parts.asked
    measured = f"{Path(mnistviz.__file__).parent}, {asked.platform}, load {os.getloadavg()[0]:.1f}"
    print(measured, file=sys.stderr, flush=True)
    with screen(asked.platform) as there:
        if there:
            with open_window() as window:
                measure(window, parts)


def main() -> int:
    parser = options(__doc__)
    parser.add_argument("--platform", choices=("offscreen", "xcb"), help="one of the two; without it both")
    parser.add_argument(
        "--recipe", choices=tuple(RECIPES), help="what learns (the settings of the first start)"
    )
    parser.add_argument("--sizes", metavar="784,30,…,10", help="the sizes of its layers")
    parser.add_argument(
        "--rounds", type=int, default=Length().rounds, help="how often speeds are measured (%(default)s)"
    )
    parser.add_argument(
        "--minutes", type=float, default=Length().minutes, help="how long to go on at the end (%(default)s)"
    )
    asked = parser.parse_args()
    if asked.platform is not None:
        return run_parts("live", asked, measure_here)
    # Each in a process of its own: an application can be on one platform only
    again = [sys.executable, __file__, *sys.argv[1:]]
    return max([subprocess.call([*again, "--platform", platform]) for platform in ("offscreen", "xcb")])


if __name__ == "__main__":
    sys.exit(main())
