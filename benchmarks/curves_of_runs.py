"""A drawing of the curves of eight runs that all learn, and of one run.

    python benchmarks/curves_of_runs.py                everything, some seconds
    python benchmarks/curves_of_runs.py --drawings 50  a short form

The curves have the size that they have in a window of 1440 × 900. Before each drawing every run has learned what it
learns in a tenth of a second at full speed, and now and then it was evaluated; four of the eight runs are branches.
What is timed, by the clock of the window's thread, is `draw` of the view, and then painting both plots at once.
"""

from __future__ import annotations

import statistics
import sys
import time
from functools import partial
from typing import Final

import numpy as np
from live import screen
from msgspec.structs import replace
from parts import Parts, options, run_parts
from PySide6.QtWidgets import QApplication
from table import Figures, percentile

from mnistviz.engine.fork import Fork
from mnistviz.engine.history import SETS
from mnistviz.engine.settings import Settings
from mnistviz.gui.app import prepare
from mnistviz.gui.common.choices import Chosen
from mnistviz.gui.curves.curves import Curves
from mnistviz.gui.lab.shown import RunFacts, Shown

EPOCH: Final = 50_000  # digits
BATCH: Final = 10
AT_FIRST: Final = 20_000  # mini-batches
TOGETHER: Final = 2_000  # mini-batches of all runs, in a tenth of a second
EVERY: Final = 5  # drawings between two evaluations
SIZE: Final = (1_080, 230)  # pixels


class Learner:
    """A run whose history grows as if it learned."""

    def __init__(self, number: int, parent: RunFacts | None) -> None:
        step = AT_FIRST // 2
        fork = None if parent is None else Fork(parent.number, step, BATCH * step)
        letter, hue = "ABCDEFGH"[number - 1], number - 1
        self.run = RunFacts(number, Settings(), letter=letter, hue=hue, epoch=EPOCH, parent=fork)
        self._random = np.random.default_rng(number)
        self._step = 0
        for _ in range(20):
            self.learn(AT_FIRST // 20, measured=True)

    def learn(self, mini_batches: int, *, measured: bool) -> None:
        step = self._step
        level = 0.03 + np.exp(-np.arange(step, step + mini_batches) / 3_000)
        costs = level * self._random.gamma(2, 0.5, mini_batches)
        history = self.run.history.with_costs(step, BATCH * step, costs, BATCH)
        self._step += mini_batches
        if measured:
            for number, name in enumerate(SETS):
                share = 0.97 - 0.01 * number - 0.8 * float(np.exp(-self._step / 3_000))
                history = history.with_accuracy(name, self._step, BATCH * self._step, share)
        self.run = replace(self.run, history=history)


def drawings(runs: int, count: int) -> Figures:
    """Milliseconds of a drawing, of painting it, and of both: medians."""
    learners: list[Learner] = []
    for number in range(1, runs + 1):
        learners.append(Learner(number, learners[0].run if learners and number % 2 == 0 else None))
    view = Curves(Chosen())
    view.resize(*SIZE)
    view.show()
    drawing, painting = [], []
    for number in range(count + 10):
        for learner in learners:
            learner.learn(TOGETHER // runs, measured=number % EVERY == 0)
        selected, *others = [learner.run for learner in learners]
        shown = Shown(None, selected, other_runs=tuple(others))
        QApplication.processEvents()
        began = time.thread_time()
        view.draw(shown)
        drawn = time.thread_time()
        for plot in (view._cost_plot, view._accuracy_plot):
            plot.viewport().repaint()
        painted = time.thread_time()
        if number >= 10:
            drawing.append(1_000 * (drawn - began))
            painting.append(1_000 * (painted - drawn))
    view.close()
    both = [sum(each) for each in zip(drawing, painting, strict=True)]
    return {
        "curves_draw": statistics.median(drawing),
        "curves_paint": statistics.median(painting),
        "curves_both": statistics.median(both),
        "curves_both_p95": percentile(both, 95),
    }


def measure(parts: Parts) -> None:
    count = 5 if parts.asked.short else parts.asked.drawings
    with screen("offscreen"):
        app = QApplication(["mnistviz"])
        prepare(app)
        for runs, name in ((1, "one run"), (8, "eight runs")):
            parts.measure("curves", partial(drawings, runs, count), variant=name)


if __name__ == "__main__":
    parser = options(__doc__)
    parser.add_argument("--drawings", type=int, default=300, help="how many (%(default)s)")
    sys.exit(run_parts("curves_of_runs", parser.parse_args(), measure))
