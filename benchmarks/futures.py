"""What *What next?* takes: `python benchmarks/futures.py`, a minute, offscreen.

The real window at rest, 784-30-10 and then the recipe *best*. A few mini-batches are trained before each question, so
that nothing is known from before; what counts is the time from the wish to the painted fan, with the words of the
curves put away and the plots made. Meanwhile a timer of the window should ring every 5 ms: what it comes late is how
long the window hears nothing. The same question to the engine alone, in a script that does nothing else, is measured
in turn with it.
"""

from __future__ import annotations

import statistics
import sys
import time
from functools import partial
from itertools import pairwise
from typing import Final

from live import Live, Moments, begin, open_window, ready, screen, spin, until
from parts import Parts, options, run_parts
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget
from table import Figures, percentile

from mnistviz.engine.futures import look_ahead
from mnistviz.engine.recipes import RECIPES
from mnistviz.engine.settings import Settings
from mnistviz.gui.lab.questions import recorded_run, slider_values
from mnistviz.gui.window.views import FUTURES

LEARNED: Final = 1_000  # mini-batches
RING: Final = 5  # milliseconds


def fan(live: Live, times: int) -> Figures:
    """Seconds from the wish to the painted futures, and what the window hears meanwhile."""
    view, action = live.window.views[FUTURES], live.window.action_book["what_next"]
    painted, rung = Moments(view.fan, *view.fan.findChildren(QWidget)), []
    timer = QTimer(interval=RING, timerType=Qt.TimerType.PreciseTimer)
    timer.timeout.connect(lambda: rung.append(time.perf_counter()))
    found, alone, deaf, length = [], [], [], 0
    for _ in range(times):
        live.step(10)
        spin(0.3)
        alone.append(_engine_alone(live))
        rung.clear()
        timer.start()
        began = time.perf_counter()
        action.setChecked(True)
        until(lambda: view.forecast is not None and view.forecast.step == live.selected.step, 60)
        timer.stop()
        spin(0.1)
        length = view.forecast.mini_batches if view.forecast is not None else 0
        found.append(painted.times[-1] - began)
        deaf += [1_000 * (b - a) - RING for a, b in pairwise(rung)]
        action.setChecked(False)
        spin(0.2)
    return {
        "fan": statistics.median(found),
        "fan_alone": statistics.median(alone),
        "fan_length": length,
        "fan_deaf_p99": percentile(deaf, 99),
        "fan_deaf_worst": max(deaf),
    }


def _engine_alone(live: Live) -> float:
    run = recorded_run(live.selected, live.window.lab.digits)
    assert run is not None
    now = live.selected.now
    began = time.perf_counter()
    look_ahead(
        run, live.selected.step, "eta", slider_values("eta", 200 * now.mini_batch_size, now.eta), now=now
    )
    return time.perf_counter() - began


def measure(parts: Parts) -> None:
    short = parts.asked.short
    with screen("offscreen"), open_window() as window:
        live = Live(window)
        ready(window)
        for name, settings in (("30", Settings()), ("best", RECIPES["best"].settings)):
            begin(window, settings.changed(stop="never"))
            live.step(20 if short else LEARNED if name == "30" else 100)
            spin(0.3)
            parts.measure("fan", partial(fan, live, 1 if short or name == "best" else 9), variant=name)


if __name__ == "__main__":
    sys.exit(run_parts("futures", options(__doc__).parse_args(), measure))
