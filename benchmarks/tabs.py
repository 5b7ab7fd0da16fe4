"""What an open tab of the lower half costs while a network learns at full speed: `python benchmarks/tabs.py`.

The speed that is kept is that beside 30 frames a second, over that without a frame. A tab is there once its view was
painted after it was opened.
"""

from __future__ import annotations

import os
import sys
import time
from functools import partial
from typing import Final

from live import Live, Moments, gaps, open_window, ready, speeds, spin, strokes, until
from parts import Parts, options, run_parts
from PySide6.QtWidgets import QWidget
from table import Figures, percentile

from mnistviz.engine.commands import Step
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.views import LAYERS, MINIBATCH, ViewPlace, entries_of

DEEP: Final = (784, 30, 30, 30, 10)
TABS: Final = tuple(entry.id for entry in entries_of(ViewPlace.LOWER))
OPENINGS: Final = 5


def tab(live: Live, name: str, *, short: bool) -> Figures:
    """A tab that is open while the network learns. On *Mini-batch* a stage is shown."""
    window = live.window
    opened = [opening(window, name) for _ in range(1 if short else OPENINGS)]
    figures = {f"{name}_opened": max(opened)}
    if name == "minibatch":
        figures["stage"] = stages(window)
    kept, gap = speeds(live, 1 if short else 30), gaps(live, 2 if short else 10)
    live.learn(False)
    return {
        **figures,
        f"{name}_kept": kept["kept_30"],
        f"{name}_kept_se": kept["kept_30_se"],
        f"{name}_gap_p99": gap["gap_p99"],
    }


def opening(window: MainWindow, name: str) -> float:
    """Milliseconds from the wish for a tab to its view painted."""
    window.arrangement.open_tab("curves" if name != "curves" else "mistakes")
    spin(0.5)
    view = next(view for entry, view in window.views.placed(ViewPlace.LOWER) if entry.id == name)
    painted = Moments(view, *view.findChildren(QWidget))
    began = time.perf_counter()
    window.arrangement.open_tab(name)
    until(lambda: bool(painted.times))
    return 1_000 * (painted.times[0] - began)


def stages(window: MainWindow) -> float:
    """Milliseconds from the wish for a stage to the network painted, the longest of all."""
    view = window.views[MINIBATCH]
    spin(1.0)
    found = []
    for _ in range(6):
        painted = Moments(window.network.picture.viewport())
        began = time.perf_counter()
        view.next_action.trigger()
        until(partial(bool, painted.times))
        found.append(1_000 * (painted.times[0] - began))
        spin(0.3)
    view.previous_action.trigger()
    spin(0.3)
    return percentile(found, 100)


def deep_layers(window: MainWindow, *, short: bool) -> Figures:
    """Milliseconds from the wish for *Layers* until those of a deep network are counted, the longest of all."""
    window.controls.apply({"sizes": DEEP})
    window.steering.new_run()
    until(lambda: window.lab.run is not None and window.lab.run.ready)
    view, found = window.views[LAYERS], []
    for _ in range(1 if short else OPENINGS):
        window.arrangement.open_tab("curves")
        steps = window.lab.shown.end
        window.lab.runs.send(Step(10))
        until(lambda steps=steps: window.lab.shown.end == steps + 10 and window.lab.shown.rests)  # type: ignore[misc]
        spin(1.0)
        shown, began = window.lab.shown.moment, time.perf_counter()
        window.arrangement.open_tab("layers")
        until(lambda shown=shown: view.shown is shown)  # type: ignore[misc]
        found.append(1_000 * (time.perf_counter() - began))
    return {"layers_deep": percentile(found, 100)}


def measure(parts: Parts) -> None:
    with open_window() as window:
        ready(window)
        live = Live(window)
        with live.watched():
            strokes(live, 1)
            live.learn(True)
            spin(0.2 if parts.asked.short else 3)
            live.learn(False)
            for name in TABS:
                parts.measure(name, partial(tab, live, name, short=parts.asked.short))
            parts.measure("deep", partial(deep_layers, window, short=parts.asked.short))


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.exit(run_parts("tabs", options(__doc__).parse_args(), measure))
