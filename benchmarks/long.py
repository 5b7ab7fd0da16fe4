"""A frame of the window after a long run: what it takes, and what the history takes of the memory.

Costs of 10⁴ to 10⁷ mini-batches are fed into histories, not trained. Then the window, 1440 × 900 and everything
visible, gets new weights and 300 more costs for each frame, from each history in turn, A B C D A B C D. A frame
is all that the window's thread does for it, painting included, as its processor time.
"""

from __future__ import annotations

import pickle
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import numpy as np
from live import Live, open_window, ready, screen, spin
from parts import Parts, options, run_parts
from PySide6.QtCore import QTimer
from table import Figures, alternate, ratio

from mnistviz.engine import Settings
from mnistviz.engine.handover import Mailbox, Update
from mnistviz.engine.history import SETS, History
from mnistviz.engine.moment import Evaluation, Moment
from mnistviz.engine.network import Network
from mnistviz.gui.lab.shown import Lifecycle, RunFacts
from mnistviz.gui.window.main_window import MainWindow

POWERS: Final = (4, 5, 6, 7)
FRAMES: Final = 90
WARM_UP: Final = 24
A_FRAME: Final = 300  # mini-batches
ROUNDS: Final = 3
EPOCH: Final = 5_000  # mini-batches
NUMBER: Final = 99  # of a run that the worker does not know


def fed(history: History, first: int, count: int, chance: np.random.Generator) -> History:
    """The same with more costs as a run has them, and an accuracy of each set after each epoch."""
    for step in range(first, first + count, EPOCH):
        n = min(EPOCH, first + count - step)
        costs = (0.02 + 0.4 / (1 + np.arange(step, step + n) / 3000)) * chance.lognormal(0, 0.5, n)
        history = history.with_costs(step, 10 * step, costs, 10)
        if n == EPOCH:
            for name in SETS:
                history = history.with_accuracy(
                    name, step + n, 10 * (step + n), 0.95 - 0.5 / (1 + step / 2000)
                )
    return history


class Fed:
    """A run that is fed: for each frame it has new weights and some more costs."""

    def __init__(self, window: MainWindow, history: History) -> None:
        assert window.lab.run is not None
        assert window.lab.run.moment is not None
        assert window.lab.digits is not None
        self.window = window
        self.history = history
        self.chance = np.random.default_rng(2)
        self.start = window.lab.run.moment.network
        self.mailbox = Mailbox(lambda: window.lab.training.news.emit(NUMBER))
        self.run = window.lab.runs._open(
            RunFacts(NUMBER, Settings(), on=True, lifecycle=Lifecycle.LEARNING), self.mailbox
        )
        self.answers: dict[Any, Evaluation] = {}
        self.spent = 0.0  # processor time of what the worker does otherwise
        self.timer = QTimer()
        self.timer.timeout.connect(self.go_on)
        self.timer.start(5)

    def go_on(self) -> None:
        if not self.mailbox.empty:
            return
        began = time.thread_time()
        step = self.history.costs.size
        self.history = fed(self.history, step, A_FRAME, self.chance)
        network = Network(self.start.sizes, seed=step)
        moment = Moment(NUMBER, step, 10 * step, network, Settings(), self.start)
        self.mailbox.put(Update(moment, self.history, self.answers, playing=True))
        self.spent += time.thread_time() - began

    def end(self) -> None:
        self.timer.stop()
        self.run.change(lifecycle=Lifecycle.RESTING)
        spin(0.1)
        self.window.lab.runs.select(self.window.lab.runs.open[0].number)
        self.window.lab._core.runs.open.remove(self.run)


def frame_time(live: Live, history: History, frames: int = FRAMES) -> float:
    """The processor time of a drawn frame, in milliseconds. The picture is not painted in each: with a blank pad only
    its weights change, and these come every third frame."""
    fed = Fed(live.window, history)
    live.draw_frames(WARM_UP)
    began, spent = time.thread_time(), fed.spent
    live.draw_frames(frames)
    taken = time.thread_time() - began - (fed.spent - spent)
    fed.end()
    return 1000 * taken / frames


def frames(window: MainWindow, histories: dict[int, History], rounds: int, count: int) -> Figures:
    """The time of a frame after each of the histories."""
    ready(window)
    live = Live(window)

    def work(history: History) -> Callable[[], float]:
        return lambda: frame_time(live, history, count)

    least, most = min(histories), max(histories)
    frame_time(live, histories[least], count)
    found = dict(zip(histories, alternate([work(each) for each in histories.values()], rounds), strict=True))
    figures = {"frame_ratio": ratio(found[most], found[least])}
    return figures | {f"frame_{power}": statistics.median(times) for power, times in found.items()}


def measure(parts: Parts) -> None:
    short = parts.asked.short
    histories = {
        power: fed(History(), 0, 10**power, np.random.default_rng(1))
        for power in (POWERS[:1] if short else POWERS)
    }
    with screen("offscreen"), open_window() as window:
        parts.measure("frames", partial(frames, window, histories, *((1, 5) if short else (ROUNDS, FRAMES))))
    sizes = {power: len(pickle.dumps(histories[power])) for power in (4, 7) if power in histories}
    parts.measure("memory", lambda: {f"history_{power}": size / 1e6 for power, size in sizes.items()})


if __name__ == "__main__":
    sys.exit(run_parts("long", options(__doc__).parse_args(), measure))
