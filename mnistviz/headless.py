"""`mnistviz train` and `mnistviz evaluate`: the work without a window."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Final, TextIO

from mnistviz.engine.digits import Digits, load_digits
from mnistviz.engine.network import Network
from mnistviz.engine.problems import Problem
from mnistviz.engine.settings import Settings
from mnistviz.engine.storage import about_run, check_writable, load_network, save_network
from mnistviz.engine.trainer import Trainer
from mnistviz.sentences import sentence

FAILED: Final = 2
INTERRUPTED: Final = 130


def train(
    changes: Mapping[str, Any], epochs: int, data: Path | None, save: Path | None, *, quiet: bool = False
) -> int:
    """Trains a network with the usual settings and `changes` to them, and keeps it in the file `save`.

    Prints `Epoch 0: 9061/10000` after each pass: the test digits read right. Ctrl-C ends it after the
    mini-batch in work, and what has been reached is kept. Returns the exit code.
    """
    try:
        if save is not None:
            check_writable(save)
        settings = Settings(**changes).checked()
        digits = load_digits(data)
        if "sizes" not in changes:
            settings = settings.changed(sizes=(*settings.sizes[:-1], len(digits.classes)))
        digits.check_fit(settings.sizes)
        network = Network(settings.sizes, **settings.network_options())
        trainer = Trainer(network, settings, digits.training)
        bar = ProgressBar(sys.stderr, epochs * len(digits.training), wanted=not quiet)
        with Interruption() as interruption:
            stopped = not _train_epochs(trainer, epochs, digits, bar, interruption, quiet=quiet)
            if save is not None:
                save_network(network, save, _about(trainer, digits))
    except Problem as problem:
        return _failed("train", problem)
    if stopped:
        consumed, count = trainer.cursor.consumed, len(digits.training)
        print(
            f"Stopped in epoch {trainer.epoch}, after {consumed:,} of its {count:,} digits.", file=sys.stderr
        )
    if save is not None and not quiet:
        print(f"Saved in {save}.")
    return INTERRUPTED if stopped else 0


def evaluate(file: Path, data: Path | None) -> int:
    """Prints how many validation and test digits the network in `file` reads right; returns the exit code."""
    try:
        network, _ = load_network(file)
        digits = load_digits(data)
        digits.check_fit(network.sizes)
    except Problem as problem:
        return _failed("evaluate", problem)
    for name, digit_set in (("Validation", digits.validation), ("Test", digits.test)):
        right, count = network.evaluate(digit_set), len(digit_set)
        print(f"{name}: {right}/{count} ({right / count:.2%})")
    return 0


class Interruption:
    """While it lasts, the first Ctrl-C only sets `asked`; a second one ends the program."""

    def __enter__(self) -> Interruption:
        self.asked = False
        self._usual = signal.signal(signal.SIGINT, self._ask)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        signal.signal(signal.SIGINT, self._usual)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.asked = True
        signal.signal(signal.SIGINT, self._usual)


class ProgressBar:
    """One line that shows how much of `total` is done, on a terminal only."""

    def __init__(self, stream: TextIO, total: int, *, wanted: bool = True) -> None:
        self._stream = stream
        self._total = total
        self._shown = wanted and stream.isatty()
        self._began = self._drawn = time.monotonic()
        self._length = 0

    def show(self, done: int, label: str) -> None:
        """Draws the bar with `label` before it, ten times a second at most."""
        now = time.monotonic()
        if not self._shown or now < self._drawn + 0.1:
            return
        self._drawn = now
        share = done / self._total
        left = (now - self._began) * (1 - share) / share
        line = f"{label} [{'#' * int(30 * share):.<30}] {share:.0%}, {left:.0f} s left"
        self._stream.write(f"\r{line:{self._length}}")
        self._stream.flush()
        self._length = len(line)

    def clear(self) -> None:
        """Takes the bar away, so that the line is free for other words."""
        if self._length:
            self._stream.write(f"\r{'':{self._length}}\r")
            self._stream.flush()
            self._length = 0


def _train_epochs(
    trainer: Trainer,
    epochs: int,
    digits: Digits,
    bar: ProgressBar,
    interruption: Interruption,
    *,
    quiet: bool,
) -> bool:
    """Whether all the epochs were trained; False if an interruption was asked for."""
    for epoch in range(epochs):
        while trainer.epoch == epoch:
            trainer.step()
            bar.show(trainer.digits_consumed, f"Epoch {epoch}")
            if interruption.asked and trainer.digits_consumed < epochs * len(digits.training):
                bar.clear()
                return False
        if not quiet:
            right = trainer.network.evaluate(digits.test)
            bar.clear()
            print(f"Epoch {epoch}: {right}/{len(digits.test)}", flush=True)
    return True


def _about(trainer: Trainer, digits: Digits) -> dict[str, object]:
    sets = {"validation": digits.validation, "test": digits.test}
    right = {name: (trainer.network.evaluate(digit_set), len(digit_set)) for name, digit_set in sets.items()}
    return about_run(trainer.settings, digits, trainer.step_number, trainer.digits_consumed, right)


def _failed(command: str, problem: Problem) -> int:
    print(f"mnistviz {command}: {sentence(problem.code, problem.values)}", file=sys.stderr)
    return FAILED
