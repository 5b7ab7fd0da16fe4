"""Trains the recipes and runs made to go wrong, applies every remedy that a notice offers, and writes docs/notices.md.

What was trained goes into docs/notices.json at once, and is not trained again: the table can be made in pieces, and
a rule that was changed is seen at work in seconds. Runs of another machine or with other settings are left aside.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from judged import JUDGED, MUST
from recorded import Act, Reading, Trial, found_at, recorded
from results import machine

from mnistviz.engine import RECIPES, Digits, Settings, load_digits
from mnistviz.engine.files import replacing
from mnistviz.engine.observations import Finding
from mnistviz.sentences import SYMBOLS, sentence

DOCS = Path(__file__).resolve().parent.parent / "docs"
SEEDS = {"distorted": 1}  # of the others two: it takes as long as all of them
TRIED = 2  # runs on which each remedy is tried
AFTER = 5  # epochs between a remedy and the comparison, 20 where an epoch is short
SHORT = 10_000  # digits

OWN = {
    "eta-too-small": "eta_small",
    "eta-too-large": "run_stuck_large_eta",
    "overfit": "overfitting",
    "deep-3": "gradients_vanish",
    "deep-4": "gradients_vanish",
}
"""What the recipes made to go wrong are to show, and nothing else before they stop."""


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
        Trial("fast, η = 1", fast.changed(eta=1.0), 6),
        Trial("fast, η 0.1 → 10 by hand", fast, 8, (Act(1_800, {"eta": 10.0}),)),
    ]


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


@dataclass(frozen=True)
class Shown:
    """A notice as a run showed it: at the readings `numbers`, and what it was when it first offered a remedy."""

    code: str
    numbers: tuple[int, ...]
    finding: Finding
    at: int


@dataclass(frozen=True)
class Tried:
    """A remedy that was applied: the share of validation digits before, without it, and with it; NaN for a run that
    has diverged."""

    trial: Trial
    finding: Finding
    epoch: float
    until: float
    before: float
    without: float
    after: float

    @property
    def better(self) -> bool:
        return self.after > max(self.before, self.without) or math.isnan(self.without + self.before)


def shown_in(trial: Trial, readings: Sequence[Reading], digits: Digits) -> list[Shown]:
    """Every notice that a run showed, in the order in which they came."""
    numbers: dict[str, list[int]] = {}
    first: dict[str, tuple[Finding, int]] = {}
    for number in range(len(readings)):
        for finding in found_at(trial, readings, number, digits):
            numbers.setdefault(finding.code, []).append(number)
            offers = bool(finding.remedy or finding.back_to_best)
            if finding.code not in first or (offers and not _offers(first[finding.code][0])):
                first[finding.code] = finding, number
    return [Shown(code, tuple(at), *first[code]) for code, at in numbers.items()]


def _offers(finding: Finding) -> bool:
    return bool(finding.remedy or finding.back_to_best)


def tried(runs: Runs, trial: Trial, readings: Sequence[Reading], shown: Shown) -> Tried | None:
    """Applies the remedy of a notice where a run first showed it, and compares some epochs later."""
    epoch, finding, reading = runs.digits.epoch(trial.settings), shown.finding, readings[shown.at]
    if reading["stopped"] and not finding.remedy:  # the best weights were read when they were judged
        accuracy = _accuracy(reading)
        end = reading["digits"] / epoch
        return Tried(trial, finding, end, end, accuracy, accuracy, reading["best"][2])
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
    return Tried(
        trial, finding, begin, last, _accuracy(reading), _accuracy(without[-1]), _accuracy(after[-1])
    )


def _accuracy(reading: Reading) -> float:
    if reading["diverged"]:
        return math.nan
    _, _, right, counts = reading["sets"]["validation"]
    return float(right / sum(counts))


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
    applied: list[Tried] = []
    for code in MUST:
        showing = [(t, r, each) for t, r, all_shown in seen for each in all_shown if each.code == code]
        offering = [each for each in showing if _offers(each[2].finding)]
        for trial, readings, each in offering[:TRIED]:
            result = tried(runs, trial, readings, each)
            if result is not None:
                applied.append(result)
    page = _page(seen, applied, runs.digits)
    (asked.docs / "notices.md").write_text(page, encoding="utf-8")


Seen = Sequence[tuple[Trial, list[Reading], list[Shown]]]


def _page(seen: Seen, applied: Sequence[Tried], digits: Digits) -> str:
    here = machine()
    by_name = [(trial, readings, shown) for trial, readings, shown in seen if trial.name in RECIPES]
    by_hand = [(trial, readings, shown) for trial, readings, shown in seen if trial.name not in RECIPES]
    return f"""\
# What the notices say, and whether it is true

`make notices` trains the recipes to their end and runs that were made to go wrong by hand, notes every notice that
appears and when, applies the remedies on runs that showed them, and rewrites this page. All figures are validation
digits read right, in percent. Two seeds of each recipe, one of *distorted*, which takes as long as all others.

## The notices

| notice | it must appear when | runs that showed it | remedy, before → after |
|---|---|---|---|
{chr(10).join(_notice(code, seen, applied) for code in MUST)}

## Remedies

Each was applied where the run first offered it. *Before* is what the run read then, *without* what it read at the
epoch of the comparison when it was left alone, *after* what it read there with the remedy.

| notice | run | at epoch | applied | compared at | before | without | after | |
|---|---|--:|---|--:|--:|--:|--:|---|
{chr(10).join(_remedy(each) for each in applied)}

## Recipes

What each run showed, and from which epoch to which.

| recipe | seed | best | last | notices |
|---|--:|--:|--:|---|
{chr(10).join(_run(*each, digits) for each in by_name)}

{_strangers(by_name)}

## Runs made to go wrong, or changed, by hand

| run | last | notices |
|---|--:|---|
{chr(10).join(_changed_run(*each, digits) for each in by_hand)}

## What they said

Word for word, when they first appeared in these runs.

{chr(10).join(_words(each) for each in by_hand)}

## Judged

{chr(10).join(f"- *{code}*: {text}" for code, text in JUDGED.items())}

Machine: {here["processor"]}, {here["cores"]} cores, {here["system"]}; Python {here["python"]}, NumPy {here["numpy"]}, \
{here["blas"]}, one thread; mnistviz {here["mnistviz"]}.
"""


def _notice(code: str, seen: Seen, applied: Sequence[Tried]) -> str:
    showed = [trial for trial, _, shown in seen if any(each.code == code for each in shown)]
    names: dict[str, list[str]] = {}
    for trial in showed:
        names.setdefault(trial.name, []).append(str(trial.settings.seed))
    runs = "; ".join(
        f"{name} ({', '.join(seeds)})" if name in RECIPES else name for name, seeds in names.items()
    )
    results = [each for each in applied if each.finding.code == code]
    told = "; ".join(
        f"{_offer(each.finding)}: {_percent(each.before)} → {_percent(each.after)}" for each in results
    )
    return f"| {code} | {MUST[code]} | {runs or 'none'} | {told or 'none'} |"


def _remedy(each: Tried) -> str:
    cells = [
        each.finding.code,
        _name(each.trial),
        f"{each.epoch:.1f}",
        _offer(each.finding),
        f"{each.until:.0f}",
        _percent(each.before),
        _percent(each.without),
        f"**{_percent(each.after)}**",
        "better" if each.better else "NOT BETTER",
    ]
    return f"| {' | '.join(cells)} |"


def _run(trial: Trial, readings: Sequence[Reading], shown: Sequence[Shown], digits: Digits) -> str:
    best = max(
        _accuracy(reading) for reading in readings if reading["digits"] >= digits.epoch(trial.settings)
    )
    told = _when(trial, readings, shown, digits)
    return f"| {trial.name} | {trial.settings.seed} | {_percent(best)} | {_percent(_accuracy(readings[-1]))} | {told} |"


def _changed_run(trial: Trial, readings: Sequence[Reading], shown: Sequence[Shown], digits: Digits) -> str:
    told = _when(trial, readings, shown, digits)
    return f"| {trial.name} | {_percent(_accuracy(readings[-1]))} | {told} |"


def _when(trial: Trial, readings: Sequence[Reading], shown: Sequence[Shown], digits: Digits) -> str:
    epoch = digits.epoch(trial.settings)

    def place(number: int) -> str:
        return f"{readings[number]['digits'] / epoch:.3g}"

    return "; ".join(
        f"{each.code} {'–'.join(dict.fromkeys((place(each.numbers[0]), place(each.numbers[-1]))))}"
        for each in shown
    )


def _strangers(seen: Seen) -> str:
    """Whether the recipes made to go wrong showed their own notice, and no other before they stopped."""
    lines = []
    for trial, _, shown in seen:
        if trial.name not in OWN:
            continue
        codes = [each.code for each in shown if not each.code.startswith("stopped")]
        own = OWN[trial.name]
        verdict = "its own notice and no other" if codes == [own] else f"{own} expected; shown: {codes}"
        lines.append(f"- *{trial.name}*, seed {trial.settings.seed}: {verdict}.")
    return "\n".join(lines)


def _words(each: tuple[Trial, list[Reading], list[Shown]]) -> str:
    trial, _, shown = each
    said = "".join(
        f"\n  - {sentence(one.finding.code, one.finding.values)}{_button(one.finding)}" for one in shown
    )
    return f"- {trial.name}{said or ': nothing'}"


def _button(finding: Finding) -> str:
    return f" **{_offer(finding)}**" if _offers(finding) else ""


def _offer(finding: Finding) -> str:
    parts = ["back to the best"] if finding.back_to_best else []
    parts += [f"{SYMBOLS[name]} = {value}" for name, value in finding.remedy.items()]
    return ", ".join(parts) + (", in a new run" if finding.in_new_run else "")


def _name(trial: Trial) -> str:
    return f"{trial.name}, seed {trial.settings.seed}" if trial.name in RECIPES else trial.name


def _percent(share: float) -> str:
    return "no number" if math.isnan(share) else f"{100 * share:.1f}"


if __name__ == "__main__":
    main()
