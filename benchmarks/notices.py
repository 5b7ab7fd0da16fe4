"""Trains the recipes and runs made to go wrong, applies every remedy that a notice offers, and writes docs/notices.md.

What was trained goes into docs/notices.json at once, and is not trained again: the table can be made in pieces, and
a rule that was changed is seen at work in seconds. Runs of another machine or with other settings are left aside.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from msgspec import to_builtins
from msgspec.structs import replace
from notices_page import Seen, Shown, Tried, accuracy, details, offer, page
from recorded import Act, Reading, Trial, found_at, recorded, settings_at, tried_remedy
from results import machine

from mnistviz.engine import RECIPES, Digits, Settings, load_digits
from mnistviz.engine.files import replacing
from mnistviz.engine.observations import Finding
from mnistviz.engine.trials import LEAST_DIGITS, RemedyResult

DOCS = Path(__file__).resolve().parent.parent / "docs"
SEEDS = {"distorted": 1}  # of the others two: it takes as long as all of them
TRIED = 3  # runs on which each remedy is tried, beside those of `UNSUITED`
AFTER = 3  # epochs between a remedy and the comparison, 20 where an epoch is short
_BOOK = Settings()
_FAST = RECIPES["fast"].settings.changed(stop="never")


def _drag(step: int, *values: float) -> tuple[Act, ...]:
    return tuple(Act(step + 20 * n, {"eta": value}, gesture=7) for n, value in enumerate(values))


def wrong() -> list[Trial]:
    """Runs that were made to go wrong, or to be changed, by hand."""
    relu = RECIPES["deep-relu"].settings.changed(stop="never")
    book, fast, quick = _BOOK, _FAST, {"stop": "no_improvement", "stop_epochs": 2}
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


UNSUITED: tuple[tuple[str, Settings, int, float], ...] = (
    ("chapter-1, μ = 0.99", _BOOK.changed(momentum=0.99), 4, 0),
    (
        "tanh, four hidden layers, η = 0.5",
        _BOOK.changed(sizes=(784, 30, 30, 30, 30, 10), activation="tanh", eta=0.5),
        8,
        0,
    ),
    ("chapter-1, strong distortion", _BOOK.changed(shift=6, rotation=45.0, elastic=10.0), 2, 0),
    ("fast, strong distortion", _FAST.changed(shift=6, rotation=45.0, elastic=10.0), 2, 0),
    ("fast, dropout = 0.9", _FAST.changed(dropout=0.9), 4, 0),
    ("784-2-10", _BOOK.changed(sizes=(784, 2, 10)), 4, 0),
    ("784-1-10", _BOOK.changed(sizes=(784, 1, 10)), 4, 0),
    ("784-200-10", _BOOK.changed(sizes=(784, 200, 10)), 4, 0),
    ("784-300-10", _BOOK.changed(sizes=(784, 300, 10)), 4, 0),
    ("784-500-10", _BOOK.changed(sizes=(784, 500, 10)), 4, 0),
    ("chapter-1, mini-batch = 1", _BOOK.changed(mini_batch_size=1), 4, 0),
    ("chapter-1, mini-batch = 10,000", _BOOK.changed(mini_batch_size=10_000), 6, 0),
    ("chapter-1, λ = 500", _BOOK.changed(weight_decay=500.0), 4, 0),
    ("200 digits, λ = 0.3", _BOOK.changed(training_digits=200, weight_decay=0.3), 60, 0),
    ("cross-entropy, η = 3", _BOOK.changed(cost="cross_entropy"), 4, 0),
    ("chapter-1, a cosine of 3 epochs", _BOOK.changed(schedule="cosine", schedule_epochs=3), 6, 0),
    ("chapter-1, η a tenth at each epoch", _BOOK.changed(schedule="step", schedule_epochs=1), 6, 0),
    ("chapter-1, half of the labels by chance", _BOOK, 4, 0.5),
    ("overfit, all labels by chance", RECIPES["overfit"].settings.changed(stop="never"), 60, 1.0),
)
"""Runs with a setting that does not suit their network, a schedule that has run out, or wrong labels: for how many
epochs, and the share of wrong labels."""


THREE_SEEDS = frozenset(name for name, *_ in UNSUITED)


def unsuited() -> list[Trial]:
    """These runs, each with three seeds."""
    return [
        Trial(name, settings.changed(seed=seed), epochs, (), wrong)
        for name, settings, epochs, wrong in UNSUITED
        for seed in (1, 2, 3)
    ]


def recipes() -> list[Trial]:
    return [
        Trial(name, recipe.settings.changed(seed=seed), recipe.epochs)
        for name, recipe in RECIPES.items()
        for seed in range(1, SEEDS.get(name, 2) + 1)
    ]


class Runs:
    """What was trained, by what was asked for; kept in a file."""

    def __init__(self, file: Path, digits: Digits, *, train: bool) -> None:
        self.digits = digits
        self._file, self._train = file, train
        kept = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
        self._kept: dict[str, dict[str, Any]] = {
            _key(each["asked"]): each for each in kept if each["machine"] == machine()
        }

    def readings(self, trial: Trial) -> list[Reading]:
        """The readings of a trial, trained now if it was not before; empty if it may not be."""
        name = f"{trial.name}, seed {trial.settings.seed}"
        found: list[Reading] | None = self._found(name, trial.as_json(), lambda: recorded(trial, self.digits))
        return found or []

    def result(self, trial: Trial, other: Trial, reading: Reading, finding: Finding) -> RemedyResult | None:
        """What the program finds when it tries a remedy; None if it may not be tried now. `other` is the run with it.

        New runs are tried with the seeds 1 to 3. Of runs that are trained with these anyway it is known what they read.
        """
        if finding.in_new_run:
            trial = Trial(
                trial.name, settings_at(trial, reading).changed(seed=1), trial.epochs, (), trial.wrong_labels
            )
            reading = {"step": 0, "acts": 0, "best": None}
            if trial.name in THREE_SEEDS:
                length = self.digits.epoch(trial.settings)
                pairs = [
                    (self._read(trial, seed, length), self._read(other, seed, length)) for seed in (1, 2, 3)
                ]
                without, remedied = (
                    [right for right in each if right is not None] for each in zip(*pairs, strict=True)
                )
                if length >= LEAST_DIGITS and len(without) == len(remedied) == len(pairs):
                    return RemedyResult(tuple(without), tuple(remedied), length, len(self.digits.validation))
        remedy = [dict(finding.remedy), finding.in_new_run, finding.back_to_best]
        asked = {"run": trial.as_json(), "step": reading["step"], "remedy": remedy}
        name = f"{trial.name}, seed {trial.settings.seed}: a trial of {finding.code}"
        found = self._found(
            name, asked, lambda: to_builtins(tried_remedy(trial, reading, finding, self.digits))
        )
        if found is None:
            return None
        count = len(self.digits.validation)
        return RemedyResult(tuple(found["without"]), tuple(found["remedied"]), found["digits"], count)

    def _read(self, trial: Trial, seed: int, digits: int) -> float | None:
        """The share of the validation digits that a run with another seed read after so many digits."""
        readings = self.readings(replace(trial, settings=trial.settings.changed(seed=seed)))
        return next((accuracy(each) for each in readings if each["digits"] == digits), None)

    def _found(self, name: str, asked: dict[str, Any], work: Callable[[], Any]) -> Any:
        """What was found before, or else what comes of the work, which is kept; None if nothing may be trained."""
        key = _key(asked)
        if key not in self._kept:
            if not self._train:
                return None
            print(f"{name} …", flush=True)
            found = json.loads(json.dumps(work(), default=float))
            self._kept[key] = {"asked": asked, "machine": machine(), "found": found}
            with replacing(self._file) as file:
                file.write(json.dumps(list(self._kept.values())).encode())
        return self._kept[key]["found"]


def _key(asked: dict[str, Any]) -> str:
    return json.dumps(asked, sort_keys=True)


def shown_in(trial: Trial, readings: Sequence[Reading], digits: Digits) -> list[Shown]:
    """Every notice that a run showed, in the order in which they came."""
    numbers: dict[str, list[int]] = {}
    first: dict[str, tuple[Finding, int]] = {}
    for number in range(len(readings)):
        for finding in found_at(trial, readings, number, digits):
            numbers.setdefault(finding.code, []).append(number)
            known = first.get(finding.code)
            if known is None or (finding.offers and not known[0].offers):
                first[finding.code] = finding, number
    return [Shown(code, tuple(at), *first[code]) for code, at in numbers.items()]


def _to_be_tried(seen: Seen) -> list[Shown]:
    """What the last of these runs showed with a remedy that is to be tried: on the first runs that offer it, for each
    notice and kind of remedy, and on all runs with three seeds."""
    tries = Counter(
        _kind(shown) for trial, _, all_shown in seen if trial.name not in THREE_SEEDS for shown in all_shown
    )
    trial, readings, last = seen[-1]
    return [
        shown
        for shown in last
        if shown.finding.offers
        and _is_left_alone(trial, readings, shown)
        and (trial.name in THREE_SEEDS or tries[_kind(shown)] <= TRIED)
    ]


def _kind(shown: Shown) -> tuple[str, ...]:
    return shown.code, *shown.finding.remedy


def _is_left_alone(trial: Trial, readings: Sequence[Reading], shown: Shown) -> bool:
    """Whether nothing was done to a run after a notice: only then it says what comes without the remedy."""
    return all(act.step <= readings[shown.at]["step"] for act in trial.acts)


def tried(runs: Runs, trial: Trial, readings: Sequence[Reading], shown: Shown) -> Tried | None:
    """Tries the remedy of a notice where a run first showed it, as the program does, then applies it and compares
    some epochs later."""
    epoch, finding, reading = runs.digits.epoch(trial.settings), shown.finding, readings[shown.at]
    begin, right = reading["digits"] / epoch, accuracy(reading)
    if not finding.needs_trial:  # the best weights were read when they were judged
        return Tried(trial, finding, begin, begin, right, reading["best"][2], None)
    last = min(trial.epochs, math.ceil(begin) + (AFTER if epoch >= LEAST_DIGITS else 20))
    name = f"{trial.name} + {offer(finding)}"
    if finding.in_new_run:
        settings = settings_at(trial, reading).changed(**finding.remedy)
        other = Trial(name, settings, last, (), trial.wrong_labels)
    else:
        earlier = tuple(act for act in trial.acts if act.step <= reading["step"])
        act = Act(reading["step"], dict(finding.remedy), finding.back_to_best, gesture=99)
        other = replace(trial, name=name, acts=(*earlier, act), epochs=last)
    result = runs.result(trial, other, reading, finding)
    if result is None:
        return None
    if epoch < LEAST_DIGITS and not finding.in_new_run:  # the trial goes further, with the run itself first
        end = begin + result.digits / epoch
        return Tried(trial, finding, begin, end, result.without[0], result.remedied[0], result)
    if not (after := runs.readings(other)):
        return None
    without = [each for each in readings if each["digits"] <= last * epoch]
    return Tried(trial, finding, begin, last, accuracy(without[-1]), accuracy(after[-1]), result)


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
    applied: list[Tried] = []
    for trial in (*unsuited(), *wrong(), *recipes()):
        readings = [] if trial.name in skipped else runs.readings(trial)
        if not readings:
            continue
        seen.append((trial, readings, shown_in(trial, readings, runs.digits)))
        results = (tried(runs, trial, readings, shown) for shown in _to_be_tried(seen))
        applied += (result for result in results if result is not None)
        text = page(seen, applied, runs.digits)  # it is true whenever one looks
        (asked.docs / "notices.md").write_text(text, encoding="utf-8")
    print(details(seen, applied, runs.digits))


if __name__ == "__main__":
    main()
