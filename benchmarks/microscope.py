"""What one mini-batch costs to look at, and weights changed by hand to try: `python benchmarks/microscope.py`,
half a minute.

All is worked out for a network that has learned for some epochs, without a window. A mini-batch of a run is replayed
from the nearest kept state first.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Final

import numpy as np
from parts import Parts, options, run_parts
from table import Figures
from time_machine import BOOK, Lab

from mnistviz.engine import Digits, load_digits, one_blas_thread
from mnistviz.engine.acts import switched_off
from mnistviz.engine.microscope.edit_effect import edited, effect, rank_units
from mnistviz.engine.microscope.layer_histograms import shared_histograms
from mnistviz.engine.microscope.mini_batch import look_at, mini_batch_at
from mnistviz.engine.microscope.step_summary import keep_books, leave_one_out
from mnistviz.engine.network import Network, Unit
from mnistviz.engine.trials import RecordedRun

DEEP: Final = (784, 30, 30, 30, 10)


def milliseconds(work: Callable[[], object], times: int) -> float:
    """The median time of a call."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return 1e3 * statistics.median(taken)


def one_mini_batch(digits: Digits, steps: int, times: int) -> Figures:
    """The newest mini-batch of a run, any of its mini-batches, the books, and the step without each of its digits."""
    lab = Lab(digits)
    run = lab.begin(1, BOOK)
    lab.train(steps)
    recorded, state = RecordedRun(run.record(), run.start, digits), run.state()
    places = iter(np.random.default_rng(1).integers(0, run.step, times).tolist())
    batch = look_at(state, run.start, digits.training)
    return {
        "look_at": milliseconds(lambda: look_at(state, run.start, digits.training), times),
        "mini_batch_at": milliseconds(lambda: mini_batch_at(recorded, next(places)), times),
        "books": milliseconds(lambda: keep_books(batch, digits.validation), times),
        "leave_one_out": milliseconds(lambda: leave_one_out(batch, digits.validation), times),
    }


def by_hand(digits: Digits, times: int) -> Figures:
    """Changes on a copy: what one does to the test digits, and what each unit is good for; and all layers at once."""
    network, deep = Network(BOOK.sizes), Network(DEEP)
    off = edited(network, [switched_off(network, Unit(1, 3))])
    read = network.predictions(digits.test.images)
    return {
        "bill": milliseconds(lambda: effect(network, off, digits.test, read_before=read), times),
        "rank_units": milliseconds(lambda: rank_units(network, 1, digits.test), max(1, times // 5)),
        "histograms": milliseconds(
            lambda: shared_histograms([deep], digits.training.images[:1_000])[0], times
        ),
    }


@one_blas_thread()
def measure(parts: Parts) -> None:
    short, digits = parts.asked.short, load_digits()
    parts.measure("mini_batch", partial(one_mini_batch, digits, *((200, 2) if short else (20_000, 25))))
    parts.measure("by_hand", partial(by_hand, digits, 1 if short else 15))


if __name__ == "__main__":
    sys.exit(run_parts("microscope", options(__doc__).parse_args(), measure))
