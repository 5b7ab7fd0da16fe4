"""`mnistviz train`, `mnistviz evaluate` and `mnistviz recipes`: the work without a window."""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Final, Literal, TextIO

from mnistviz import __version__
from mnistviz.engine.curves_file import save_curves
from mnistviz.engine.digits import Digits, load_digits
from mnistviz.engine.files import check_writable
from mnistviz.engine.problems import Problem
from mnistviz.engine.recipes import RECIPES
from mnistviz.engine.settings import Settings
from mnistviz.engine.settings_file import read_settings, save_settings
from mnistviz.engine.storage import about_run, load_network, save_network
from mnistviz.engine.unattended import Epoch, Outcome
from mnistviz.engine.unattended import train as train_unattended
from mnistviz.sentences import sentence
from mnistviz.train_options import MEANINGS, note

FAILED: Final = 2
DIVERGED: Final = 1
INTERRUPTED: Final = 130

USUAL: Final = Settings(stop="epochs")
"""Without a window there is nobody to press pause."""


@dataclass(frozen=True)
class Task:
    """What `mnistviz train` is asked for. `typed` are settings, which go before those of `settings_file`,
    which go before those of `recipe`; `epochs` are the most there will be."""

    typed: Mapping[str, Any] = field(default_factory=dict)
    recipe: str | None = None
    settings_file: Path | None = None
    epochs: int | None = None
    data: Path | None = None
    save: Path | None = None
    keep: Literal["last", "best"] = "last"
    curves: Path | None = None
    write_settings: Path | None = None
    dry_run: bool = False
    json: bool = False
    quiet: bool = False

    def named_settings(self) -> dict[str, Any]:
        """The settings that the file and the options name; the options go first."""
        named = {} if self.settings_file is None else read_settings(self.settings_file)
        return {**named, **self.typed}

    def settings(self, named: Mapping[str, Any]) -> Settings:
        """All settings, with those `named`. Raises a `Problem` if they won't do."""
        usual = USUAL
        if self.recipe is not None:
            if self.recipe not in RECIPES:
                raise Problem("recipe_not_known", name=self.recipe, names=", ".join(RECIPES))
            usual = RECIPES[self.recipe].settings
        values = {**asdict(usual), **named}
        if self.epochs is not None and values["stop"] != "no_improvement":
            values |= {"stop": "epochs", "stop_epochs": self.epochs}
        return Settings.from_mapping(values)


def train(task: Task) -> int:
    """Trains a network as asked and returns the exit code.

    Prints `Epoch 0: 9061/10000` after each pass: the test digits read right. Ctrl-C ends it after the
    mini-batch in work, and what has been reached is kept.
    """
    lines = sys.stderr if task.json else sys.stdout

    def say(line: str) -> None:
        if not task.quiet:
            print(line, file=lines, flush=True)

    try:
        settings, digits = _prepared(task)
        if task.write_settings is not None:
            save_settings(settings, task.write_settings, {name: note(name) for name in MEANINGS})
        if task.dry_run:
            return 0
        with Interruption() as interruption:
            outcome = _trained(task, settings, digits, interruption, say)
            if outcome.ended == "diverged":
                print(sentence("run_diverged", {}), file=sys.stderr)
            if task.curves is not None:
                save_curves(outcome.history, _digits_in_epoch(settings, digits), task.curves)
            if task.save is not None:
                _save(task.save, task.keep, outcome, digits)
    except Problem as problem:
        return _failed("train", problem)
    _say_why_it_ended(outcome, digits, quiet=task.quiet)
    for file in (task.curves, task.save):
        if file is not None:
            say(f"Saved in {file}.")
    if task.json:
        print(json.dumps(_summary(task, outcome, digits), ensure_ascii=False))
    return {"interrupted": INTERRUPTED, "diverged": DIVERGED}.get(outcome.ended, 0)


def recipes(*, as_json: bool = False) -> int:
    """Lists the recipes, what they reach and how long they take; returns the exit code."""
    if as_json:
        listed = [
            {
                "name": recipe.name,
                "title": sentence(recipe.title, {}),
                "about": sentence(recipe.about, {}),
                "reaches": recipe.reaches,
                "seconds": recipe.seconds,
                "settings": asdict(recipe.settings),
            }
            for recipe in RECIPES.values()
        ]
        print(json.dumps(listed, ensure_ascii=False))
        return 0
    width = max(map(len, RECIPES))
    for recipe in RECIPES.values():
        reaches = f"{recipe.reaches:.1%} of the test digits"
        print(f"{recipe.name:{width}}  {reaches} after {recipe.epochs} epochs, {_duration(recipe.seconds)}")
        print(f"{'':{width}}  {sentence(recipe.about, {})}")
    return 0


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
    """One line that shows how much of `total`, if that is known, is done; on a terminal only."""

    def __init__(self, stream: TextIO, total: int | None, *, wanted: bool = True) -> None:
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
        line = label
        if self._total and done:
            share = min(1.0, done / self._total)
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


def _prepared(task: Task) -> tuple[Settings, Digits]:
    """The settings and the digits, when all is known to be well: nothing shall fail after long training."""
    named = task.named_settings()
    settings = task.settings(named)
    files = [file for file in (task.save, task.curves, task.write_settings) if file is not None]
    for file in files:
        if files.count(file) > 1:
            raise Problem("file_twice", file=str(file))
        check_writable(file)
    digits = load_digits(task.data)
    if "sizes" not in named:
        settings = settings.changed(sizes=(*settings.sizes[:-1], len(digits.classes)))
    digits.check_fit(settings.sizes)
    return settings, digits


def _trained(
    task: Task, settings: Settings, digits: Digits, interruption: Interruption, say: Callable[[str], None]
) -> Outcome:
    count = _digits_in_epoch(settings, digits)
    epochs = settings.stop_epochs if settings.stop == "epochs" else task.epochs
    if epochs is None and settings.stop == "never" and not task.quiet:
        print(sentence("train_endless", {}), file=sys.stderr)
    bar = ProgressBar(sys.stderr, None if epochs is None else epochs * count, wanted=not task.quiet)

    def report(epoch: Epoch) -> None:
        bar.clear()
        test = epoch.evaluations["test"]
        say(f"Epoch {epoch.number}: {test.right}/{len(test.predictions)}")

    try:
        return train_unattended(
            settings,
            digits,
            most_epochs=task.epochs,
            report=report,
            progress=lambda done: bar.show(done, f"Epoch {done // count}"),
            interrupted=lambda: interruption.asked,
        )
    finally:
        bar.clear()


def _save(path: Path, keep: str, outcome: Outcome, digits: Digits) -> None:
    network, step, consumed = outcome.network, outcome.step, outcome.digits
    if keep == "best":
        if outcome.best is None or outcome.best_network is None:
            raise Problem("best_not_yet", file=str(path))
        network, step = outcome.best_network, outcome.best.step
        consumed = outcome.best.epoch * _digits_in_epoch(outcome.settings, digits)
    sets = {"validation": digits.validation, "test": digits.test}
    right = {name: (network.evaluate(digit_set), len(digit_set)) for name, digit_set in sets.items()}
    save_network(network, path, about_run(outcome.settings, digits, step, consumed, right))


def _say_why_it_ended(outcome: Outcome, digits: Digits, *, quiet: bool) -> None:
    settings = outcome.settings
    if outcome.ended == "interrupted":
        count = _digits_in_epoch(settings, digits)
        epoch, consumed = divmod(outcome.digits, count)
        print(f"Stopped in epoch {epoch}, after {consumed:,} of its {count:,} digits.", file=sys.stderr)
    elif outcome.ended == "stopped" and settings.stop == "no_improvement" and outcome.best and not quiet:
        values = {
            "epochs": settings.stop_epochs,
            "epoch": outcome.best.epoch - 1,
            "accuracy": round(100 * outcome.best.accuracy, 2),
        }
        print(sentence("train_no_improvement", values), file=sys.stderr)


def _summary(task: Task, outcome: Outcome, digits: Digits) -> dict[str, Any]:
    """What programs are told of a run. Epochs count from 0, accuracies are shares of 1."""

    def figures(epoch: Epoch | None) -> dict[str, float] | None:
        if epoch is None:
            return None
        return {"epoch": epoch.number} | {str(name): epoch.accuracy(name) for name in epoch.evaluations}

    kept = {"save": task.save, "curves": task.curves, "settings": task.write_settings}
    return {
        "mnistviz": __version__,
        "recipe": task.recipe,
        "settings": asdict(outcome.settings),
        "data": {"name": digits.name, "checksum": digits.checksum},
        "ended": outcome.ended,
        "mini_batches": outcome.step,
        "digits": outcome.digits,
        "seconds": round(outcome.seconds, 3),
        "last": figures(outcome.epochs[-1] if outcome.epochs else None),
        "best": figures(outcome.best_epoch),
        "epochs": [figures(epoch) for epoch in outcome.epochs],
        "files": {name: None if file is None else str(file) for name, file in kept.items()},
    }


def _digits_in_epoch(settings: Settings, digits: Digits) -> int:
    return min(settings.training_digits, len(digits.training))


def _duration(seconds: float) -> str:
    return f"about {seconds:.0f} s" if seconds < 100 else f"about {seconds / 60:.0f} min"


def _failed(command: str, problem: Problem) -> int:
    print(f"mnistviz {command}: {sentence(problem.code, problem.values)}", file=sys.stderr)
    return FAILED
