"""Moments beside the one shown: how soon two of them are there, and what a long replay leaves of the speed.

    python benchmarks/moments.py      a minute, offscreen

The real window has two runs of 784-30-10. At rest it asks at once for a moment of each, 256 mini-batches after a
snapshot; what counts is the time until both are there. Then one run learns at full speed, while the other is replayed
from its start, as if it had no snapshots. Parts without a replay stand on both sides of each part with one.
"""

from __future__ import annotations

import math
import statistics
import sys
import time
from functools import partial
from typing import Final

from live import Live, begin, open_window, ready, screen, spin, until
from msgspec.structs import replace
from parts import Parts, options, run_parts
from table import Figures, trimmed

from mnistviz.engine.moment import Moment
from mnistviz.engine.recorder import Record
from mnistviz.engine.settings import Settings
from mnistviz.gui.lab.shown import RunFacts

LEARNED: Final = 2_000  # mini-batches
AWAY: Final = 256  # mini-batches after a snapshot
PART: Final = 0.5  # seconds
LONG: Final = 100_000  # mini-batches: to replay so many takes longer than a part lasts


def step_away(run: RunFacts) -> int:
    """A step that is `AWAY` mini-batches from the snapshot before it."""
    assert run.record is not None
    snapshots = sorted({run.record.start.step, *(state.step for state in run.record.snapshots)})
    ends = [*snapshots[1:], run.record.step]
    return next(
        (at + AWAY for at, end in zip(snapshots, ends, strict=True) if at + AWAY < end), run.record.step - 1
    )


def two_moments(live: Live, times: int) -> Figures:
    """Milliseconds from two questions to both answers, in a window at rest."""
    runs = [replace(run, record=_sparse(run)) for run in live.window.lab.runs.open]
    found = [_both(live, runs, number % 2) for number in range(times)]
    return {"two_moments": statistics.median(found), "two_moments_worst": max(found)}


def _both(live: Live, runs: list[RunFacts], later: int) -> float:
    there: list[float] = []

    def came(_moment: Moment) -> None:
        there.append(time.perf_counter())

    began = time.perf_counter()
    for run in runs:
        live.window.lab.questions.ask_moment(
            f"moment of {run.number}", run, step_away(run) + later, came, _raise
        )
    until(lambda: len(there) == len(runs))
    return 1000 * (there[-1] - began)


def _sparse(run: RunFacts) -> Record:
    """The record with a snapshot every 512 mini-batches at most, as after a long run."""
    assert run.record is not None
    return replace(run.record, snapshots=tuple(s for s in run.record.snapshots if s.step % 512 == 0))


def beside_a_replay(live: Live, rounds: int, learned: int) -> Figures:
    """The share of its speed that a learning run keeps while another one is replayed, and when that has ended."""
    lab = live.window.lab
    other = next(
        run for run in lab.runs.open if run is not live.selected and run.number != live.selected.number
    )
    assert other.record is not None
    long = replace(other, record=replace(other.record, snapshots=()))
    live.learn(True)
    spin(1)
    rests, during = [_speed(live)], []
    for _ in range(rounds):
        lab.questions.ask_moment("long", long, learned, _ended, _raise)
        spin(0.05)
        during.append(_speed(live))
        lab.questions.withdraw("long")
        spin(0.05)
        rests.append(_speed(live))
    live.learn(False)
    kept, error = trimmed(
        [math.log(speed / math.sqrt(rests[n] * rests[n + 1])) for n, speed in enumerate(during)]
    )
    return {"replay_kept": 100 * math.exp(kept), "replay_kept_se": 100 * math.exp(kept) * error}


def _speed(live: Live) -> float:
    training, first = live.training_clock(), live.run.step
    spin(PART)
    return (live.run.step - first) / (live.training_clock() - training)


def _ended(_moment: Moment) -> None:
    raise TimeoutError("the replay ended before the part")


def _raise(error: Exception) -> None:
    raise error


def measure(parts: Parts) -> None:
    short = parts.asked.short
    with screen("offscreen"), open_window() as window:
        live = Live(window)
        ready(window)
        with live.watched():
            learned = LONG // 2 if short else LONG
            endless = Settings(stop="never")
            begin(window, endless)
            live.step(learned)
            begin(window, endless.changed(seed=2))
            live.step(LEARNED)
            parts.measure("two", partial(two_moments, live, 3 if short else 40))
            parts.measure("replay", partial(beside_a_replay, live, 2 if short else 30, learned - 1))


if __name__ == "__main__":
    sys.exit(run_parts("moments", options(__doc__).parse_args(), measure))
