"""What the time machine costs and how soon a moment of the past is there: `python benchmarks/time_machine.py`.

With `--short` each part runs for a few seconds only. Times are compared with the engine's own of the same machine.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from mnistviz.engine import Digits, Settings, load_digits, one_blas_thread
from mnistviz.engine.budget import Budget
from mnistviz.engine.commands import Play, Step, Visit
from mnistviz.engine.handover import Mailbox
from mnistviz.engine.race import Along, Begin, Branch, Hold, Race
from mnistviz.engine.recipes import RECIPES
from mnistviz.engine.recorder import Recorder
from mnistviz.engine.run import Run
from mnistviz.engine.trainer import Trainer, TrainerState
from mnistviz.engine.visit import VisitBox, Visited

BOOK, BEST = RECIPES["chapter-1"].settings, replace(RECIPES["best"].settings, stop="never")


def never() -> bool:
    return False


class Lab:
    """The worker by hand, with mailboxes that are emptied 30 times a second."""

    def __init__(self, digits: Digits) -> None:
        self.digits, self.box = digits, VisitBox(lambda: None)
        self.race = Race(self._guard, self.box, Budget())
        self.mail: list[Mailbox] = []
        self._emptied = 0.0

    def begin(self, number: int, settings: Settings) -> Run:
        box = Mailbox(lambda: None)
        self.mail.append(box)
        self.race.obey(
            number, Begin(partial(Run, number, settings, self.digits, box, budget=self.race.budget))
        )
        return self.race.runs[number]

    def work(self, interrupted: Callable[[], bool] = never) -> float | None:
        now = time.monotonic()
        if now - self._emptied > 1 / 30:
            self._emptied = now
            for box in self.mail:
                box.take()
        return self.race.work(interrupted)

    def train(self, step: int) -> None:
        for run in self.race.runs.values():
            self.race.obey(run.number, Step(step - run.step))
        while any(run.playing for run in self.race.runs.values()):
            self.work()

    def visit(self, step: int, number: int = 1) -> tuple[float, float, int]:
        """Goes to a step; seconds until something was there and until it was exact, and mini-batches replayed."""
        self.box.take()
        begun, first = time.perf_counter(), 0.0
        with counted() as steps:
            self.race.obey(number, Visit(step))
            while True:
                seen: Visited | None = self.box.take()
                if seen is not None and seen.asked == step:
                    first = first or time.perf_counter() - begun
                    if seen.exact:
                        return first, time.perf_counter() - begun, steps[0]
                self.work()

    def _guard(self, number: int, act: Callable[[], float | None]) -> tuple[bool, float | None]:
        return True, act()


class counted:
    """Counts the steps of all trainers."""

    def __enter__(self) -> list[int]:
        self.steps, self._usual = [0], Trainer.step
        usual, steps = self._usual, self.steps

        def step(trainer: Trainer) -> float:
            steps[0] += 1
            return usual(trainer)

        Trainer.step = step  # type: ignore[assignment,method-assign]
        return self.steps

    def __exit__(self, *_: object) -> None:
        Trainer.step = self._usual  # type: ignore[method-assign]


def share_of_snapshots(digits: Digits, settings: Settings, steps: int) -> float:
    """The share of the time of training that keeping states takes, budget and all."""
    spent = 0.0
    usual_keep, usual_state = Recorder.keep, Trainer.state

    def timed(usual: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object) -> object:
            nonlocal spent
            begun = time.perf_counter()
            result = usual(*args)
            spent += time.perf_counter() - begun
            return result

        return call

    Recorder.keep = timed(usual_keep)  # type: ignore[assignment,method-assign]
    Trainer.state = timed(usual_state)  # type: ignore[assignment,method-assign]
    try:
        lab = Lab(digits)
        lab.begin(1, settings)
        begun = time.perf_counter()
        lab.train(steps)
        return spent / (time.perf_counter() - begun)
    finally:
        Recorder.keep, Trainer.state = usual_keep, usual_state  # type: ignore[method-assign]


def speed(digits: Digits, settings: Settings, seconds: float) -> float:
    """Seconds of a mini-batch of the engine alone."""
    run = Run(1, settings, digits, Mailbox(lambda: None))
    trainer: Trainer = run._trainer
    for _ in range(50):
        trainer.step()
    begun, count = time.perf_counter(), 0
    while time.perf_counter() - begun < seconds:
        trainer.step()
        count += 1
    return (time.perf_counter() - begun) / count


def spaced(lab: Lab, number: int, stride: int) -> None:
    """Thins the snapshots of a run as those of a long one are, so that the longest way is measured in a short one."""
    recorder = lab.race.runs[number].recorder
    while recorder.stride < stride:
        recorder.thin()


def looking_back(digits: Digits, name: str, settings: Settings, steps: int, stride: int, each: float) -> None:
    """The exact moment at the end of the longest way there is, and one step back from there."""
    lab = Lab(digits)
    lab.begin(1, settings)
    lab.train(steps)
    spaced(lab, 1, stride)
    lab.race.obey(1, Hold(True))
    place = stride - 1 if stride < steps else steps - 1
    near, exact, replayed = lab.visit(place)
    print(f"{name}, {stride} apart: near after {1e3 * near:.1f} ms, exact after {replayed} mini-batches in "
          f"{1e3 * exact:.0f} ms, {1e3 * (exact - replayed * each):+.1f} ms beside the engine's own")  # fmt: skip
    _, back, _ = lab.visit(place - 1)
    print(f"{name}: one step back {1e3 * back:.1f} ms")


def moves(digits: Digits, seconds: float) -> None:
    """A hand that drags over a run while it learns at full speed: how soon there is something new."""
    lab = Lab(digits)
    run = lab.begin(1, BOOK)
    lab.train(20_000)
    lab.race.obey(1, Play())
    waits, begun, number = [], time.perf_counter(), 0
    before = run.step
    while time.perf_counter() - begun < seconds:
        number += 1
        pressed = time.perf_counter()
        step = (number * 7_919) % 20_000
        due = pressed + 0.016
        lab.box.take()
        lab.race.obey(1, Visit(step))
        first = None
        while time.perf_counter() < due or first is None:
            lab.work(lambda due=due, first=first: first is not None and time.perf_counter() >= due)  # type: ignore[misc]
            seen = lab.box.take()
            if first is None and seen is not None and seen.asked == step:
                first = time.perf_counter() - pressed
        waits.append(first)
    waits.sort()
    print(f"a drag while it learns: something new after {1e3 * statistics.median(waits):.1f} ms, at worst "
          f"{1e3 * waits[-1]:.1f} ms, of {len(waits)} moves; {run.step - before:,} mini-batches beside")  # fmt: skip


def memory(digits: Digits) -> None:
    """What seven more runs take beside their snapshots."""
    lab = Lab(digits)
    lab.begin(1, BOOK)
    lab.train(3_000)
    before, snapshots = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, lab.race.budget.taken
    for number in range(2, 9):
        lab.begin(number, replace(BOOK, seed=number))
        lab.train(3_000)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    kept = (lab.race.budget.taken - snapshots) / 1e6
    print(f"seven more runs: {(after - before) / 1e3 - kept:.0f} MB without snapshots ({kept:.0f} MB)")


def branching(digits: Digits) -> None:
    """A branch from the middle of a run: how long until it is there."""
    lab = Lab(digits)
    lab.begin(1, BOOK)
    lab.train(20_000)
    box = Mailbox(lambda: None)
    lab.mail.append(box)
    begun = time.perf_counter()
    lab.race.obey(2, Branch(1, 12_345, box))
    while 2 not in lab.race.runs:
        lab.work()
    print(f"a branch is there after {1e3 * (time.perf_counter() - begun):.0f} ms")
    lab.race.obey(1, Along(Step(100), (2,)))
    while lab.work() is not None:
        pass


def budget_alone() -> None:
    """What the bookkeeping takes for each state that is kept."""
    budget = Budget()
    run = Run(1, BOOK, load_digits(), Mailbox(lambda: None))
    states = [replace(run.state(), step=64 * number) for number in range(1, 3_000)]
    recorder = Recorder(run.state(), budget)
    begun, kept = time.perf_counter(), 0
    known: dict[int, TrainerState] = {state.step: state for state in states}
    while recorder.due in known:
        recorder.keep(known[recorder.due])
        kept += 1
    print(f"bookkeeping of a kept state {1e6 * (time.perf_counter() - begun) / kept:.0f} µs")


@one_blas_thread()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true")
    short = parser.parse_args().short
    digits = load_digits()
    memory(digits)
    for name, settings, steps in (("784-30-10", BOOK, 150_000), ("best", BEST, 23_460)):
        steps = steps // 30 if short else steps
        print(f"{name}: snapshots take {100 * share_of_snapshots(digits, settings, steps):.2f} % of training")
    budget_alone()
    each = speed(digits, BOOK, 0.5 if short else 3.0)
    looking_back(digits, "784-30-10", BOOK, 3_000, 256, each)
    looking_back(digits, "784-30-10", BOOK, 3_000, 2_048, each)
    looking_back(digits, "784-30-10", BOOK, 9_000, 8_192, each)
    looking_back(digits, "best", BEST, 1_100, 1_024, speed(digits, BEST, 1.0 if short else 5.0))
    moves(digits, 2.0 if short else 15.0)
    branching(digits)


if __name__ == "__main__":
    main()
