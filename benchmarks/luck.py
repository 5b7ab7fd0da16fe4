"""A repeat with eight other seeds, and the window beside it: `python benchmarks/luck.py`, half a minute, offscreen.

The run of the book's first network has learned for an epoch. Eight other seeds are trained while it rests, and then
while it learns at full speed, where the gaps between paintings of the network count; so they do before there is a band
and with the whole band behind the curves.
"""

from __future__ import annotations

import os
import sys
import time
from functools import partial
from typing import Final

from live import Live, gaps, open_window, ready, spin, strokes, until
from parts import Parts, options, run_parts
from table import Figures

SEEDS: Final = 8
EPOCH: Final = 5_000  # mini-batches


def at_rest(live: Live) -> Figures:
    """Seconds until all other seeds are there, while the run rests."""
    luck = live.window.lab.luck
    began = time.perf_counter()
    luck.repeat(live.selected, SEEDS)
    until(lambda: luck.work is None, 300)
    return {"luck_seeds": time.perf_counter() - began}


def beside(live: Live, seconds: float) -> Figures:
    """Gaps between frames while the run learns: without a band, while one is trained, and with it behind the curves."""
    luck = live.window.lab.luck
    luck.remove(live.selected)
    found = {"without": gaps(live, seconds)["gap_p99"]}
    live.learn(False)
    luck.repeat(live.selected, SEEDS)
    live.learn(True)
    found["trained"] = gaps(live, seconds)["gap_p99"]
    live.learn(False)
    luck.set_paused(False)
    until(lambda: luck.work is None, 300)
    found["drawn"] = gaps(live, seconds)["gap_p99"]
    live.learn(False)
    return {f"luck_{name}_gap_p99": gap for name, gap in found.items()}


def measure(parts: Parts) -> None:
    short = parts.asked.short
    with open_window() as window:
        ready(window)
        live = Live(window)
        with live.watched():
            strokes(live, 1)
            live.step(50 if short else EPOCH)
            spin(0.5)
            parts.measure("at_rest", partial(at_rest, live))
            parts.measure("beside", partial(beside, live, 1 if short else 10))


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.exit(run_parts("luck", options(__doc__).parse_args(), measure))
