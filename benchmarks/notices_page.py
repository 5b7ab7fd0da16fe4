"""docs/notices.md: which runs showed which notice, and what became of the remedies."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from judged import JUDGED, MUST
from recorded import Reading, Trial
from results import machine

from mnistviz.engine import RECIPES, Digits
from mnistviz.engine.observations import Finding
from mnistviz.sentences import SHORT_NAMES, sentence

OWN = {
    "eta-too-small": "eta_small",
    "eta-too-large": "run_stuck_large_eta",
    "overfit": "overfitting",
    "deep-4": "gradients_vanish",
}
"""What the recipes made to go wrong are to show, and nothing else before they stop."""


@dataclass(frozen=True)
class Shown:
    """A notice as a run showed it: at the readings `numbers`, and what it was when it first offered a remedy, `at`.

    `said` are all that it said, but for figures that drift.
    """

    code: str
    numbers: tuple[int, ...]
    finding: Finding
    at: int
    said: tuple[Finding, ...]


Seen = Sequence[tuple[Trial, list[Reading], list[Shown]]]


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


def offers(finding: Finding) -> bool:
    return bool(finding.remedy or finding.back_to_best)


def accuracy(reading: Reading) -> float:
    if reading["diverged"]:
        return math.nan
    _, _, right, counts = reading["sets"]["validation"]
    return float(right / sum(counts))


def page(seen: Seen, applied: Sequence[Tried], digits: Digits) -> str:
    here = machine()
    by_name = [(trial, readings, shown) for trial, readings, shown in seen if trial.name in RECIPES]
    by_hand = [(trial, readings, shown) for trial, readings, shown in seen if trial.name not in RECIPES]
    return f"""\
# What the notices say, and whether it is true

`make notices` trains the recipes to their end and runs that were made to go wrong by hand, notes every notice that
appears and when, applies the remedies on runs that showed them, and rewrites this page. All figures are validation
digits read right, in percent. Two seeds of each recipe, one of *distorted*, which takes as long as the
others together.{_lacking(seen)}

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


def _lacking(seen: Seen) -> str:
    """Which recipes were not trained, if there are any."""
    trained = {trial.name for trial, _, _ in seen}
    lacking = [f"*{name}*" for name in RECIPES if name not in trained]
    return f" Not trained for this page: {', '.join(lacking)}." if lacking else ""


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
    best = max(accuracy(reading) for reading in readings if reading["digits"] >= digits.epoch(trial.settings))
    told = _when(trial, readings, shown, digits)
    return f"| {trial.name} | {trial.settings.seed} | {_percent(best)} | {_percent(accuracy(readings[-1]))} | {told} |"


def _changed_run(trial: Trial, readings: Sequence[Reading], shown: Sequence[Shown], digits: Digits) -> str:
    told = _when(trial, readings, shown, digits)
    return f"| {trial.name} | {_percent(accuracy(readings[-1]))} | {told} |"


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


def _words(run: tuple[Trial, list[Reading], list[Shown]]) -> str:
    trial, _, shown = run
    said = "".join(
        f"\n  - {sentence(each.code, each.values)}{_button(each)}" for one in shown for each in one.said
    )
    return f"- {trial.name}{said or ': nothing'}"


def _button(finding: Finding) -> str:
    return f" **{_offer(finding)}**" if offers(finding) else ""


def _offer(finding: Finding) -> str:
    parts = ["back to the best"] if finding.back_to_best else []
    parts += [f"{SHORT_NAMES[name]} = {value}" for name, value in finding.remedy.items()]
    return ", ".join(parts) + (", in a new run" if finding.in_new_run else "")


def _name(trial: Trial) -> str:
    return f"{trial.name}, seed {trial.settings.seed}" if trial.name in RECIPES else trial.name


def _percent(share: float) -> str:
    return "no number" if math.isnan(share) else f"{100 * share:.2f}"
