"""docs/notices.md: which runs showed which notice, and what became of the remedies."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from judged import JUDGED, MUST
from recorded import Reading, Trial
from results import machine

from mnistviz.engine import RECIPES, Digits
from mnistviz.engine.observations import Finding
from mnistviz.engine.trials import RemedyResult
from mnistviz.sentences import SHORT_NAMES, sentence

OWN = {
    "eta-too-small": ["eta_small"],
    "eta-too-large": ["run_stuck_large_eta"],
    "overfit": ["reads_own_better", "overfitting"],
    "deep-4": ["gradients_vanish"],
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
    """A remedy that was tried on a run as the program tries it, with that `result`, and then applied: the share of
    validation digits at the epoch `until`, without it and with it; NaN for a run that has diverged."""

    trial: Trial
    finding: Finding
    epoch: float
    until: float
    without: float
    after: float
    result: RemedyResult | None

    @property
    def verdict(self) -> str:
        """Whether the run is better with the remedy, where the program offers it."""
        if self.result is not None and not self.result.helps:
            return "not offered"
        return "better" if self.after > self.without or math.isnan(self.without) else "NOT BETTER"


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
appears and when, tries and applies the remedies on runs that showed them, and rewrites this page. All figures are
validation digits read right, in percent. Two seeds of each recipe, one of *distorted*, which takes as long as the
others together; three of each run with a setting that does not suit it.{_lacking(seen)}

## Remedies

Each was tried where the run first showed its notice, as the program tries it: for an epoch or 50,000 digits, in new
runs with three seeds. Then it was applied, whatever the trial said, and the run went on beside the one that was left
alone, to the epoch of the comparison. Of several seeds the median is given, with the least and the most. The program
offers a remedy only if the trial gains a point or more, and probably not by chance; *not offered* says that it did not.

| run | seeds | notice | remedy | at epoch | compared at | alone | with it | the trial | |
|---|--:|---|---|--:|--:|--:|--:|--:|---|
{chr(10).join(_remedies(applied))}

## The notices

| notice | it must appear when | runs that showed it | its remedy |
|---|---|---|---|
{chr(10).join(_notice(code, seen, applied) for code in MUST)}

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

{chr(10).join(_words(each) for each in by_hand if each[0].settings.seed == 1)}

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
        name if seeds == ["1"] and name not in RECIPES else f"{name} ({', '.join(seeds)})"
        for name, seeds in names.items()
    )
    verdicts = Counter(each.verdict for each in applied if each.finding.code == code)
    told = ", ".join(f"{verdict} {count} times" for verdict, count in verdicts.items())
    return f"| {code} | {MUST[code]} | {runs or 'none'} | {told.replace(' 1 times', ' once') or 'none'} |"


def _remedies(applied: Sequence[Tried]) -> Iterator[str]:
    """A line for each run, notice and remedy, of all seeds together."""
    groups: dict[tuple[str, str, str], list[Tried]] = {}
    for each in applied:
        groups.setdefault((each.trial.name, each.finding.code, offer(each.finding)), []).append(each)
    for (name, code, remedy), group in groups.items():
        verdicts = Counter(each.verdict for each in group)
        verdict = (
            next(iter(verdicts))
            if len(verdicts) == 1
            else ", ".join(f"{told} {count} of {len(group)}" for told, count in verdicts.items())
        )
        seeds = ", ".join(str(each.trial.settings.seed) for each in group)
        cells = [
            name, seeds, code, remedy, _range([each.epoch for each in group], 1),
            _range([each.until for each in group], 0), _range([100 * each.without for each in group], 2),
            _range([100 * each.after for each in group], 2), _told(group), verdict,
        ]  # fmt: skip
        yield f"| {' | '.join(cells)} |"


def _told(group: Sequence[Tried]) -> str:
    """What the trials said: shares with the remedy instead of those without it."""
    results = [each.result for each in group if each.result is not None]
    if not results:
        return "known"
    remedied, without = (
        _range([100 * statistics.median(shares) for shares in found], 2)
        for found in ([each.remedied for each in results], [each.without for each in results])
    )
    return f"{remedied} instead of {without}"


def _range(values: Sequence[float], decimals: int) -> str:
    """The median of several values, and the least and the most where they differ."""
    if any(map(math.isnan, values)):
        return "no number"
    median, low, high = (
        f"{value:.{decimals}f}" for value in (statistics.median(values), min(values), max(values))
    )
    return median if low == high else f"{median} ({low} to {high})"


def _run(trial: Trial, readings: Sequence[Reading], shown: Sequence[Shown], digits: Digits) -> str:
    best = max(accuracy(reading) for reading in readings if reading["digits"] >= digits.epoch(trial.settings))
    told = _when(trial, readings, shown, digits)
    return f"| {trial.name} | {trial.settings.seed} | {_percent(best)} | {_percent(accuracy(readings[-1]))} | {told} |"


def _changed_run(trial: Trial, readings: Sequence[Reading], shown: Sequence[Shown], digits: Digits) -> str:
    told = _when(trial, readings, shown, digits)
    return f"| {_name(trial)} | {_percent(accuracy(readings[-1]))} | {told} |"


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
        verdict = "its own notices and no other" if codes == own else f"{own} expected; shown: {codes}"
        lines.append(f"- *{trial.name}*, seed {trial.settings.seed}: {verdict}.")
    return "\n".join(lines)


def _words(run: tuple[Trial, list[Reading], list[Shown]]) -> str:
    trial, _, shown = run
    said = "".join(
        f"\n  - {sentence(each.code, each.values)}{_button(each)}" for one in shown for each in one.said
    )
    return f"- {trial.name}{said or ': nothing'}"


def _button(finding: Finding) -> str:
    return f" **{offer(finding)}**" if finding.offers else ""


def offer(finding: Finding) -> str:
    parts = ["back to the best"] if finding.back_to_best else []
    parts += [f"{SHORT_NAMES[name]} = {value}" for name, value in finding.remedy.items()]
    return ", ".join(parts) + (", in a new run" if finding.in_new_run else "")


def _name(trial: Trial) -> str:
    return trial.name if trial.settings.seed == 1 else f"{trial.name}, seed {trial.settings.seed}"


def _percent(share: float) -> str:
    return "no number" if math.isnan(share) else f"{100 * share:.2f}"
