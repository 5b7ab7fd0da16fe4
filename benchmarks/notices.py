"""Trains the recipes and runs made to go wrong, applies every remedy that a notice offers, and writes docs/notices.md.

What was trained goes into docs/notices.json at once, and is not trained again: the table can be made in pieces, and
a rule that was changed is seen at work in seconds. Runs of another machine or with other settings are left aside.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from judged import MUST
from notices_page import Seen, Shown, Tried, accuracy, offers, page
from recorded import Act, Reading, Trial, found_at, recorded
from results import machine

from mnistviz.engine import RECIPES, Digits, Settings, load_digits
from mnistviz.engine.files import replacing
from mnistviz.engine.observations import Finding

DOCS = Path(__file__).resolve().parent.parent / "docs"
SEEDS = {"distorted": 1}  # of the others two: it takes as long as all of them
TRIED = 2  # runs on which each remedy is tried
AFTER = 3  # epochs between a remedy and the comparison, 20 where an epoch is short
SHORT = 10_000  # digits
_FAST = {
    name: getattr(RECIPES["fast"].settings, name)
    for name in ("sizes", "activation", "output", "cost", "initial_weights", "eta", "momentum", "shift")
}


def _drag(step: int, *values: float) -> tuple[Act, ...]:
    return tuple(Act(step + 20 * n, {"eta": value}, gesture=7) for n, value in enumerate(values))


def wrong() -> list[Trial]:
    """Runs that were made to go wrong, or to be changed, by hand."""
    relu = RECIPES["deep-relu"].settings.changed(stop="never")
    fast = RECIPES["fast"].settings.changed(stop="never")
    book, quick = Settings(), {"stop": "no_improvement", "stop_epochs": 2}
    return [
        Trial("chapter-1, η 3 → 100", book, 8, (Act(7_000, {"eta": 100.0}),)),
        Trial("chapter-1, η 3 → 100 → 3", book, 8, (Act(7_000, {"eta": 100.0}), Act(9_000, {"eta": 3.0}))),
        Trial("chapter-1, η 3 → 100 in the first epoch", book, 6, (Act(2_500, {"eta": 100.0}),)),
        Trial("chapter-1, η 3 → 40, μ 0 → 0.9", book, 8, (Act(12_000, {"eta": 40.0, "momentum": 0.9}),)),
        Trial("chapter-1, η = 30", book.changed(eta=30.0), 8),
        Trial("chapter-1, η = 0.03", book.changed(eta=0.03), 6),
        Trial("chapter-1, η 3 → 0.5", book, 5, (Act(10_000, {"eta": 0.5}),)),
        Trial("chapter-1, a drag of η to 0.5", book, 5, _drag(10_000, 2.5, 2.0, 1.5, 1.0, 0.5)),
        Trial(
            "chapter-1, two changes in an epoch",
            book,
            4,
            (Act(11_000, {"eta": 1.0}), Act(12_000, {"eta": 0.2})),
        ),
        Trial("chapter-1, η 3 → 9", book, 6, (Act(15_000, {"eta": 9.0}),)),
        Trial("chapter-1, λ 0 → 500", book, 6, (Act(12_000, {"weight_decay": 500.0}),)),
        Trial(
            "chapter-1, dropout 0 → 0.9, mini-batch 10 → 1,000",
            book,
            6,
            (Act(12_000, {"dropout": 0.9}), Act(13_000, {"mini_batch_size": 1_000})),
        ),
        Trial("chapter-1, η 3 → 2.9", book, 5, (Act(10_000, {"eta": 2.9}),)),
        Trial("chapter-1, λ 0 → 0.0001", book, 5, (Act(10_000, {"weight_decay": 0.0001}),)),
        *(
            Trial(name, book.changed(**{**settings, "seed": seed}), epochs)
            for seed in (1, 2, 3)
            for name, settings, epochs in _UNSUITED
        ),
        Trial("chapter-1, λ = 1,000", book.changed(weight_decay=1_000.0), 4),
        Trial("cross-entropy, η = 10", book.changed(cost="cross_entropy", eta=10.0), 8),
        Trial("chapter-1, stops without improvement", book.changed(**quick), 30),
        Trial("chapter-1 with tanh", book.changed(activation="tanh"), 6),
        Trial("chapter-1 with ReLU", book.changed(activation="relu"), 6),
        Trial("five hidden layers, N(0, 1)", book.changed(sizes=(784, 30, 30, 30, 30, 30, 10)), 6),
        Trial("chapter-1, η = 9, seed 3", book.changed(eta=9.0, seed=3), 12),
        Trial("deep-relu, η 0.05 → 100", relu, 8, (Act(9_120, {"eta": 100.0}),)),
        Trial("deep-relu, η 0.05 → 1", relu, 8, (Act(9_120, {"eta": 1.0}),)),
        Trial("deep-relu, η = 100", relu.changed(eta=100.0), 6),
        Trial("deep-relu, η = 0.5", relu.changed(eta=0.5), 6),
        Trial("deep-relu, η = 0.25", relu.changed(eta=0.25), 8),
        Trial("deep-relu, η = 0.2", relu.changed(eta=0.2), 8),
        Trial("deep-relu, η = 0.2, seed 2", relu.changed(eta=0.2, seed=2), 8),
        Trial("fast, η = 1", fast.changed(eta=1.0), 6),
        Trial("fast, η 0.1 → 10 by hand", fast, 8, (Act(1_800, {"eta": 10.0}),)),
    ]


_UNSUITED: tuple[tuple[str, dict[str, Any], int], ...] = (
    ("784-300-10", {"sizes": (784, 300, 10)}, 4),
    ("784-200-10", {"sizes": (784, 200, 10)}, 4),
    ("784-500-10", {"sizes": (784, 500, 10)}, 4),
    ("chapter-1, μ = 0.99", {"momentum": 0.99}, 4),
    (
        "tanh, four hidden layers, η = 0.5",
        {"sizes": (784, 30, 30, 30, 30, 10), "activation": "tanh", "eta": 0.5},
        6,
    ),
    ("chapter-1, strong distortion", {"shift": 6, "rotation": 45.0, "elastic": 10.0}, 2),
    ("fast, dropout = 0.9", {**_FAST, "dropout": 0.9}, 4),
    ("784-2-10", {"sizes": (784, 2, 10)}, 4),
    ("chapter-1, mini-batch = 1", {"mini_batch_size": 1}, 4),
    ("chapter-1, mini-batch = 10,000", {"mini_batch_size": 10_000}, 6),
    ("chapter-1, λ = 500", {"weight_decay": 500.0}, 4),
    ("200 digits, λ = 0.3", {"training_digits": 200, "weight_decay": 0.3}, 100),
)
"""Runs with a setting that does not suit their network, each with three seeds."""


def recipes() -> list[Trial]:
    return [
        Trial(name, recipe.settings.changed(seed=seed), recipe.epochs)
        for name, recipe in RECIPES.items()
        for seed in range(1, SEEDS.get(name, 2) + 1)
    ]


class Runs:
    """What was trained, by trial; kept in a file."""

    def __init__(self, file: Path, digits: Digits, *, train: bool) -> None:
        self.digits = digits
        self._file, self._train = file, train
        kept = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
        self._kept: list[dict[str, Any]] = [each for each in kept if each["machine"] == machine()]

    def readings(self, trial: Trial) -> list[Reading]:
        """The readings of a trial, trained now if it was not before; empty if it may not be."""
        told = trial.as_json()
        for kept in self._kept:
            if kept["trial"] == told:
                readings: list[Reading] = kept["readings"]
                return readings
        if not self._train:
            return []
        print(f"{trial.name}, seed {trial.settings.seed} …", flush=True)
        readings = json.loads(json.dumps(recorded(trial, self.digits), default=float))
        self._kept.append({"trial": told, "machine": machine(), "readings": readings})
        with replacing(self._file) as file:
            file.write(json.dumps(self._kept).encode())
        return readings


def shown_in(trial: Trial, readings: Sequence[Reading], digits: Digits) -> list[Shown]:
    """Every notice that a run showed, in the order in which they came."""
    numbers: dict[str, list[int]] = {}
    first: dict[str, tuple[Finding, int]] = {}
    said: dict[str, dict[Hashable, Finding]] = {}
    for number in range(len(readings)):
        for finding in found_at(trial, readings, number, digits):
            numbers.setdefault(finding.code, []).append(number)
            said.setdefault(finding.code, {}).setdefault(finding.identity, finding)
            known = first.get(finding.code)
            if known is None or (offers(finding) and not offers(known[0])):
                first[finding.code] = finding, number
    return [Shown(code, tuple(at), *first[code], tuple(said[code].values())) for code, at in numbers.items()]


def _to_be_tried(seen: Seen) -> Iterator[tuple[Trial, list[Reading], Shown]]:
    """The runs on which remedies are tried: the first ones that offer them, for each notice and kind of remedy."""
    tries: Counter[tuple[str, ...]] = Counter()
    for code in MUST:
        for trial, readings, all_shown in seen:
            for shown in all_shown:
                kind = (code, *shown.finding.remedy)
                fit = shown.code == code and offers(shown.finding) and _is_left_alone(trial, readings, shown)
                if fit and tries[kind] < TRIED:
                    tries[kind] += 1
                    yield trial, readings, shown


def _is_left_alone(trial: Trial, readings: Sequence[Reading], shown: Shown) -> bool:
    """Whether nothing was done to a run after a notice: only then it says what comes without the remedy."""
    return all(act.step <= readings[shown.at]["step"] for act in trial.acts)


def tried(runs: Runs, trial: Trial, readings: Sequence[Reading], shown: Shown) -> Tried | None:
    """Applies the remedy of a notice where a run first showed it, and compares some epochs later."""
    epoch, finding, reading = runs.digits.epoch(trial.settings), shown.finding, readings[shown.at]
    if reading["stopped"] and not finding.remedy:  # the best weights were read when they were judged
        right = accuracy(reading)
        end = reading["digits"] / epoch
        return Tried(trial, finding, end, end, right, right, reading["best"][2])
    begin = reading["digits"] / epoch
    last = min(trial.epochs, math.ceil(begin) + (AFTER if epoch >= SHORT else 20))
    name = f"{trial.name} + {shown.code}"
    if finding.in_new_run:
        other = Trial(name, trial.settings.changed(**finding.remedy), last)
    else:
        earlier = tuple(act for act in trial.acts if act.step <= reading["step"])
        act = Act(reading["step"], dict(finding.remedy), finding.back_to_best, gesture=99)
        other = replace(trial, name=name, acts=(*earlier, act), epochs=last)
    after = runs.readings(other)
    if not after:
        return None
    without = [each for each in readings if each["digits"] <= last * epoch]
    return Tried(trial, finding, begin, last, accuracy(reading), accuracy(without[-1]), accuracy(after[-1]))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--train", action=argparse.BooleanOptionalAction, default=True, help="or only judge anew"
    )
    parser.add_argument("--skip", metavar="A,B,…", default="", help="recipes that are not to be trained")
    parser.add_argument("--docs", type=Path, default=DOCS, metavar="DIR", help="where both files are")
    asked = parser.parse_args()
    skipped = asked.skip.split(",")
    asked.docs.mkdir(parents=True, exist_ok=True)
    runs = Runs(asked.docs / "notices.json", load_digits(), train=asked.train)
    seen: list[tuple[Trial, list[Reading], list[Shown]]] = []
    for trial in (*wrong(), *recipes()):
        readings = [] if trial.name in skipped else runs.readings(trial)
        if readings:
            seen.append((trial, readings, shown_in(trial, readings, runs.digits)))
    applied = [
        result
        for trial, readings, shown in _to_be_tried(seen)
        if (result := tried(runs, trial, readings, shown)) is not None
    ]
    text = page(seen, applied, runs.digits)
    (asked.docs / "notices.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
