"""What the time machine costs and how soon a moment of the past is there: `python benchmarks/time_machine.py`.

Times are compared with the engine's own of the same machine.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec.structs import replace
from parts import Parts, options, run_parts
from table import Figures

from mnistviz.engine import Digits, Settings, load_digits, one_blas_thread
from mnistviz.engine.commands import Play, Step, Visit
from mnistviz.engine.experiment.experiment_file import load_experiment, save_experiment
from mnistviz.engine.experiment.saved import DataNote, Experiment, SavedRun
from mnistviz.engine.handover import Mailbox
from mnistviz.engine.history_replayer import VisitBox, Visited
from mnistviz.engine.recipes import RECIPES
from mnistviz.engine.recorder import Budget, Recorder
from mnistviz.engine.run import Run
from mnistviz.engine.run_scheduler import Branch, Hold, RunScheduler, StartRun, StepTogether
from mnistviz.engine.trainer import Trainer, TrainerState

BOOK, BEST = RECIPES["chapter-1"].settings, replace(RECIPES["best"].settings, stop="never")


def never() -> bool:
    return False


class Lab:
    """The worker by hand, with mailboxes that are emptied 30 times a second."""

    def __init__(self, digits: Digits) -> None:
        self.digits, self.box = digits, VisitBox(lambda: None)
        self.race = RunScheduler(self._guard, self.box, Budget())
        self.mail: list[Mailbox] = []
        self._emptied = 0.0

    def begin(self, number: int, settings: Settings) -> Run:
        box = Mailbox(lambda: None)
        self.mail.append(box)
        self.race.handle(
            number, StartRun(partial(Run, number, settings, self.digits, box, budget=self.race.budget))
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
            self.race.handle(run.number, Step(step - run.step))
        while any(run.playing for run in self.race.runs.values()):
            self.work()

    def visit(self, step: int, number: int = 1) -> tuple[float, float, int]:
        """Goes to a step; seconds until something was there and until it was exact, and mini-batches replayed."""
        self.box.take()
        begun, first = time.perf_counter(), 0.0
        with counted() as steps:
            self.race.handle(number, Visit(step))
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


def share_of_snapshots(digits: Digits, settings: Settings, steps: int) -> Figures:
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
        return {"snapshots": 100 * spent / (time.perf_counter() - begun)}
    finally:
        Recorder.keep, Trainer.state = usual_keep, usual_state  # type: ignore[method-assign]


def speed(digits: Digits, settings: Settings, seconds: float) -> float:
    """Seconds of a mini-batch of the engine alone."""
    run = Run(1, settings, digits, Mailbox(lambda: None))
    trainer: Trainer = run.trainer
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


def looking_back(digits: Digits, settings: Settings, steps: int, stride: int, seconds: float) -> Figures:
    """The exact moment at the end of the longest way there is, and one step back from there. The engine's own time of
    a mini-batch is measured for so many seconds."""
    each = speed(digits, settings, seconds)
    lab = Lab(digits)
    lab.begin(1, settings)
    lab.train(steps)
    spaced(lab, 1, stride)
    lab.race.handle(1, Hold(True))
    place = stride - 1 if stride < steps else steps - 1
    near, exact, replayed = lab.visit(place)
    _, back, _ = lab.visit(place - 1)
    return {
        "near": 1e3 * near,
        "replayed": replayed,
        "beyond": 1e3 * (exact - replayed * each),
        "back": 1e3 * back,
    }


def moves(digits: Digits, steps: int, seconds: float) -> Figures:
    """A hand that drags over a run while it learns at full speed: how soon there is something new."""
    lab = Lab(digits)
    lab.begin(1, BOOK)
    lab.train(steps)
    lab.race.handle(1, Play())
    waits, begun, number = [], time.perf_counter(), 0
    while time.perf_counter() - begun < seconds:
        number += 1
        pressed = time.perf_counter()
        step = (number * 7_919) % steps
        due = pressed + 0.016
        lab.box.take()
        lab.race.handle(1, Visit(step))
        first = None
        while time.perf_counter() < due or first is None:
            lab.work(lambda due=due, first=first: first is not None and time.perf_counter() >= due)  # type: ignore[misc]
            seen = lab.box.take()
            if first is None and seen is not None and seen.asked == step:
                first = time.perf_counter() - pressed
        waits.append(first)
    return {"move": 1e3 * statistics.median(waits), "move_worst": 1e3 * max(waits)}


def memory(digits: Digits, steps: int) -> Figures:
    """What seven more runs take beside their snapshots."""
    lab = Lab(digits)
    lab.begin(1, BOOK)
    lab.train(steps)
    before, snapshots = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, lab.race.budget.taken
    for number in range(2, 9):
        lab.begin(number, replace(BOOK, seed=number))
        lab.train(steps)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    kept = (lab.race.budget.taken - snapshots) / 1e6
    return {"more_runs": (after - before) / 1e3 - kept}


def branching(digits: Digits, steps: int) -> Figures:
    """A branch from the middle of a run: how long until it is there."""
    lab = Lab(digits)
    lab.begin(1, BOOK)
    lab.train(steps)
    box = Mailbox(lambda: None)
    lab.mail.append(box)
    begun = time.perf_counter()
    lab.race.handle(2, Branch(1, steps * 5 // 8, box))
    while 2 not in lab.race.runs:
        lab.work()
    found = 1e3 * (time.perf_counter() - begun)
    lab.race.handle(1, StepTogether(Step(100), (2,)))
    while lab.work() is not None:
        pass
    return {"branch": found}


def budget_alone(digits: Digits) -> Figures:
    """What the bookkeeping takes for each state that is kept."""
    budget = Budget()
    run = Run(1, BOOK, digits, Mailbox(lambda: None))
    states = [replace(run.state(), step=64 * number) for number in range(1, 3_000)]
    recorder = Recorder(run.state(), budget)
    begun, kept = time.perf_counter(), 0
    known: dict[int, TrainerState] = {state.step: state for state in states}
    while recorder.due in known:
        recorder.keep(known[recorder.due])
        kept += 1
    return {"bookkeeping": 1e6 * (time.perf_counter() - begun) / kept}


def saving(digits: Digits, settings: Settings, steps: int) -> Figures:
    """An experiment of one run, saved with its states and opened again, in the middle of five times."""
    lab = Lab(digits)
    run = lab.begin(1, settings)
    lab.train(steps)
    experiment = Experiment(
        DataNote.of(digits), (SavedRun(1, settings, run.content(), len(run.trainer.training), "A"),), 1
    )
    saved, opened = [], []
    with TemporaryDirectory() as folder:
        path = Path(folder) / "saved.mnistviz"
        for _ in range(5):
            begun = time.perf_counter()
            save_experiment(experiment, path, digits)
            between = time.perf_counter()
            load_experiment(path)
            saved.append(between - begun)
            opened.append(time.perf_counter() - between)
        size = path.stat().st_size
    return {
        "saving": statistics.median(saved),
        "saving_worst": max(saved),
        "saved_size": size / 1e6,
        "opening": statistics.median(opened),
    }


@one_blas_thread()
def measure(parts: Parts) -> None:
    short, digits = parts.asked.short, load_digits()
    parts.measure("memory", partial(memory, digits, 30 if short else 3_000))
    for name, settings, steps in (("784-30-10", BOOK, 150_000), ("best", BEST, 23_460)):
        work = partial(share_of_snapshots, digits, settings, steps // 500 if short else steps)
        parts.measure("snapshots", work, variant=name)
    parts.measure("bookkeeping", partial(budget_alone, digits))
    for name, settings, steps, stride, seconds in (
        ("784-30-10", BOOK, 3_000, 256, 3.0),
        ("784-30-10", BOOK, 3_000, 2_048, 3.0),
        ("784-30-10", BOOK, 9_000, 8_192, 3.0),
        ("best", BEST, 1_100, 1_024, 5.0),
    ):
        if short:
            steps, stride, seconds = 70, 64, 0.01
        variant = f"{name}, {stride} apart"
        parts.measure(
            "back", partial(looking_back, digits, settings, steps, stride, seconds), variant=variant
        )
    parts.measure("moves", partial(moves, digits, *((200, 0.1) if short else (20_000, 15.0))))
    parts.measure("branching", partial(branching, digits, 200 if short else 20_000))
    for name, settings, steps in (("784-30-10", BOOK, 30_000), ("best", BEST, 15_640)):
        parts.measure(
            "saving", partial(saving, digits, settings, steps // 200 if short else steps), variant=name
        )


if __name__ == "__main__":
    sys.exit(run_parts("time_machine", options(__doc__).parse_args(), measure))
