"""The ideas beside a network that learns at full speed: what an open page costs it, how soon a page opens, and how soon
it answers the hand.

    python benchmarks/ideas.py                       everything; two minutes
    python benchmarks/ideas.py --only kept --runs 5

*Kept.* In one run the window rests, or draws as it does while the ideas are open, in parts of a second, in another
order in each round; mini-batches for each second of training are held against those of the rest in the same round.
The figure is the mean of the logarithms without the fifth of them at either end, with its standard error; of several
runs the median is told.

*Opening* is from the click in the list to the painted page, in a new window each time. *Drags* move every slider and
every handle of a page through its range and wait until all is painted: the worst page's median and 99th percentile.
"""

from __future__ import annotations

import math
import random
import statistics
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from live import NEVER, SETTLE, Live, screen, spin, until
from parts import Parts, options, run_parts
from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QApplication
from table import Figures, percentile, trimmed

from mnistviz.engine.commands import Step
from mnistviz.engine.digits import Digits, load_digits
from mnistviz.engine.settings import Settings
from mnistviz.engine.threads import one_blas_thread
from mnistviz.gui.app import prepare
from mnistviz.gui.ideas.page import Page
from mnistviz.gui.ideas.pages import PAGES
from mnistviz.gui.ideas.parts.idea_plot import IdeaPlot
from mnistviz.gui.ideas.parts.page_parts import Value
from mnistviz.gui.window.frame import CALM
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.scene import SceneFile, WindowScene

SIZE = (1440, 900)
PART = 4 * CALM / 1000  # seconds
PLACES = 24  # of a slider or handle that is dragged
WARM = 2000  # mini-batches


def window_of(digits: Digits) -> MainWindow:
    """A window in the ideas, with a network that has learned a little and rests."""
    scene = SceneFile(Path(tempfile.mkdtemp()) / "stage.json")
    scene.save(WindowScene())  # as after a start
    window = MainWindow(scene)
    window.resize(*SIZE)
    window.show()
    window.lab.data.use(digits)
    until(lambda: window.lab.shown.moment is not None)
    window.lab.runs.begin(Settings(stop_epochs=1000))
    until(lambda: window.lab.shown.moment is not None)
    window.lab.runs.send(Step(WARM))

    def is_warm() -> bool:
        run = window.lab.run
        return run is not None and run.step == WARM and not run.playing and run.has_obeyed

    until(is_warm)
    window.action_book["ideas"].trigger()
    return window


def kept(digits: Digits, page: str, rounds: int) -> Figures:
    """The share of the speed of rest that is kept with a page open, in percent."""
    window = window_of(digits)
    live = Live(window)
    ratios: list[float] = []
    window.ideas.open(page)
    chance = random.Random(1)
    with live.watched():
        window.steering.toggle_play()
        spin(1.5)
        for number in range(10 * rounds):
            if number >= rounds and len(ratios) > 1:
                break
            speeds: dict[int, float] = {}
            for interval in chance.sample((NEVER, CALM), 2):
                live.timer.setInterval(interval)
                spin(SETTLE)
                training, first = live.training_clock(), live.run.step
                spin(PART)
                trained = live.training_clock() - training
                if trained > PART / 2:  # otherwise the network was evaluated most of the time
                    speeds[interval] = (live.run.step - first) / trained
            if len(speeds) == 2:
                ratios.append(math.log(speeds[CALM] / speeds[NEVER]))
        window.steering.toggle_play()
        live.timer.setInterval(CALM)
        until(lambda: window.lab.run is not None and window.lab.run.has_obeyed)
    window.close()
    mean, error = trimmed(ratios)
    return {"ideas_kept": 100 * math.exp(mean), "ideas_kept_se": 100 * math.exp(mean) * error}


def kept_of(digits: Digits, page: str, rounds: int, runs: int) -> Figures:
    """The median of several runs."""
    found = sorted((kept(digits, page, rounds) for _ in range(runs)), key=lambda each: each["ideas_kept"])
    return found[len(found) // 2]


def opening(digits: Digits, repeats: int, reading: float = 1.0) -> Figures:
    """Milliseconds from the click to the painted page, the median of several windows, one page after the other as one
    reads them; the first page is opened with the workspace, so its own building is timed by itself."""
    found: dict[str, list[float]] = {entry.id: [] for entry in PAGES}
    for _ in range(repeats):
        window = window_of(digits)
        for entry in PAGES:
            if entry is PAGES[0]:
                window.ideas.pages.pop(entry.id)
            spin(reading)
            began = time.perf_counter()
            window.ideas.open(entry.id)
            window.ideas.repaint()
            QApplication.processEvents()
            found[entry.id].append(1000 * (time.perf_counter() - began))
        window.close()
    return {f"ideas_open.{id}": statistics.median(times) for id, times in found.items()}


def drags(digits: Digits, places: int = PLACES) -> Figures:
    """Milliseconds from a movement of the hand to the painted figure, on each page."""
    window = window_of(digits)
    figures: Figures = {}
    for entry in PAGES:
        window.ideas.open(entry.id)
        page = window.ideas.page
        assert page is not None
        spin(1.0)  # what a page asks for by itself
        times = dragged(page, places)
        if times:
            figures |= {
                f"ideas_drag.{entry.id}": statistics.median(times),
                f"ideas_drag_p99.{entry.id}": percentile(times, 99),
            }
    window.close()
    return figures


def dragged(page: Page, places: int) -> list[float]:
    times: list[float] = []

    def note(began: float) -> None:
        page.repaint()
        QApplication.processEvents()
        times.append(1000 * (time.perf_counter() - began))

    for value in page.findChildren(Value):
        if value.isVisible():
            for number in range(places):
                began = time.perf_counter()
                value.slider.setValue(round(value.slider.maximum() * (number + 1) / (places + 2)))
                note(began)
    for plot in page.findChildren(IdeaPlot):
        for handle in plot._free() if plot.isVisible() else ():
            (x0, x1), (y0, y1) = plot.seen
            for number in range(places):
                share, began = (number + 1) / (places + 2), time.perf_counter()
                handle.drag(x0 + share * (x1 - x0), y0 + share * (y1 - y0))
                note(began)
            handle.released()
    return times


@one_blas_thread()
def measure(parts: Parts) -> None:
    asked, short = parts.asked, parts.asked.short
    with screen("offscreen"):
        QStandardPaths.setTestModeEnabled(True)
        app = QApplication(["mnistviz"])
        prepare(app)
        digits = load_digits()
        parts.measure(
            "kept", partial(kept_of, digits, asked.page, *((2, 1) if short else (asked.rounds, asked.runs)))
        )
        parts.measure("opening", partial(opening, digits, *((1, 0.1) if short else (5,))))
        parts.measure("drags", partial(drags, digits, 1 if short else PLACES))


if __name__ == "__main__":
    parser = options(__doc__)
    parser.add_argument("--page", default="valley", help="the page that is open while the lab learns")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--runs", type=int, default=3)
    sys.exit(run_parts("ideas", parser.parse_args(), measure))
