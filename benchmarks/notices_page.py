"""docs/notices.md: which runs showed which notice, and what became of the remedies."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence

from judged import NOTICES
from msgspec import Struct
from recorded import Reading, Trial
from results import machine

from mnistviz.engine import RECIPES, Digits
from mnistviz.engine.observations import Finding
from mnistviz.engine.trials import RemedyResult
from mnistviz.sentences import SHORT_NAMES

OWN = {
    "eta-too-small": ["eta_small"],
    "eta-too-large": ["run_stuck_large_eta"],
    "overfit": ["reads_own_better", "overfitting"],
    "deep-4": ["gradients_vanish"],
}
"""What the recipes made to go wrong are to show, and nothing else before they stop."""


class Shown(Struct, frozen=True):
    """A notice as a run showed it: at the readings `numbers`, and what it was when it first offered a remedy, `at`."""

    code: str
    numbers: tuple[int, ...]
    finding: Finding
    at: int


Seen = Sequence[tuple[Trial, list[Reading], list[Shown]]]


class Tried(Struct, frozen=True):
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
    by_name = [each for each in seen if each[0].name in RECIPES]
    quiet = "; ".join(_name(trial) for trial, _, shown in seen if trial.name not in RECIPES and not shown)
    return f"""\
# What the notices say, and whether it is true

The program says what it notices in a run, and offers what would help. `make notices` looks whether that is true: it
trains the recipes, and runs that were made to go wrong, notes each notice, tries and applies the remedies, and
rewrites this page.{_lacking(seen)}

A remedy is tried as the program does it, where the run first showed its notice. It is *not offered* where that won less
than a point, or perhaps by chance. Applied all the same, it is *better* where the run then read more validation digits
than when left alone, three epochs later or so. *Alone → with it* has both, in percent: of several runs the median.
*Runs* counts those that showed the notice, and names the recipes among them. None appeared in: {quiet or "none"}.

| notice | it must appear when | runs | its remedy | alone → with it | judged |
|---|---|---|---|--:|---|
{chr(10).join(_notice(code, seen, applied) for code in NOTICES)}
{_strangers(by_name)}
Machine: {here["processor"]}, {here["cores"]} cores, {here["system"]}; Python {here["python"]}, NumPy {here["numpy"]}, \
{here["blas"]}, one thread; mnistviz {here["mnistviz"]}.
"""


def details(seen: Seen, applied: Sequence[Tried], digits: Digits) -> str:
    """Return what the page sums up: a line for each remedy of each run, and one for each run of a recipe."""
    recipes = (_run(*each, digits) for each in seen if each[0].name in RECIPES)
    return "\n".join((
        "| run | notice | remedy | at epoch | compared at | alone | with it | trial: with, without | |",
        *_remedies(applied), "", "| recipe | seed | best | last | notices |", *recipes,
    ))  # fmt: skip


def _lacking(seen: Seen) -> str:
    """Which recipes were not trained, if there are any."""
    trained = {trial.name for trial, _, _ in seen}
    lacking = [f"*{name}*" for name in RECIPES if name not in trained]
    return f" Not trained for this page: {', '.join(lacking)}." if lacking else ""


def _notice(code: str, seen: Seen, applied: Sequence[Tried]) -> str:
    codes = code if code != "changes" else "change"  # of one setting or several, with each verdict
    names = {trial.name for trial, _, shown in seen if any(each.code.startswith(codes) for each in shown)}
    runs = ": ".join(filter(None, (str(len(names)), ", ".join(name for name in RECIPES if name in names))))
    groups = [group for (_, of, _), group in _grouped(applied).items() if of == code]
    verdicts = Counter(each.verdict for group in groups for each in group)
    remedy = ", ".join(f"{verdict} {count} ×" for verdict, count in verdicts.items())
    brought = "–"
    if groups:
        alone = [statistics.median(100 * each.without for each in group) for group in groups]
        helped = [statistics.median(100 * each.after for each in group) for group in groups]
        brought = f"{_middle(alone)} → {_middle(helped)}"
    must, judged = NOTICES[code]
    return f"| {code} | {must} | {runs} | {remedy or 'none'} | {brought} | {judged} |"


def _middle(values: Sequence[float]) -> str:
    return "no number" if any(map(math.isnan, values)) else f"{statistics.median(values):.1f}"


def _grouped(applied: Sequence[Tried]) -> dict[tuple[str, str, str], list[Tried]]:
    """Return what was tried, of all seeds together, by run, notice and remedy."""
    groups: dict[tuple[str, str, str], list[Tried]] = {}
    for each in applied:
        groups.setdefault((each.trial.name, each.finding.code, offer(each.finding)), []).append(each)
    return groups


def _remedies(applied: Sequence[Tried]) -> Iterator[str]:
    """A line for each run, notice and remedy, of all seeds together."""
    for (name, code, remedy), group in _grouped(applied).items():
        verdicts = Counter(each.verdict for each in group)
        verdict = (
            next(iter(verdicts))
            if len(verdicts) == 1
            else ", ".join(f"{told} {count} of {len(group)}" for told, count in verdicts.items())
        )
        cells = [
            name, code, remedy, _range([each.epoch for each in group], 1),
            _range([each.until for each in group], 0), _range([100 * each.without for each in group], 2),
            _range([100 * each.after for each in group], 2), _trial(group), verdict,
        ]  # fmt: skip
        yield f"| {' | '.join(cells)} |"


def _trial(group: Sequence[Tried]) -> str:
    """Return the median shares that the trials reached with the remedy and without it, in percent."""
    results = [each.result for each in group if each.result is not None]
    if not results:
        return "known"
    remedied, without = (
        statistics.median(statistics.median(shares) for shares in runs)
        for runs in ([each.remedied for each in results], [each.without for each in results])
    )
    return f"{100 * remedied:.2f}, {100 * without:.2f}"


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
    last = accuracy(readings[-1])
    notices = _when(trial, readings, shown, digits)
    return f"| {trial.name} | {trial.settings.seed} | {_percent(best)} | {_percent(last)} | {notices} |"


def _when(trial: Trial, readings: Sequence[Reading], shown: Sequence[Shown], digits: Digits) -> str:
    epoch = digits.epoch(trial.settings)

    def place(number: int) -> str:
        return f"{readings[number]['digits'] / epoch:.3g}"

    return "; ".join(
        f"{each.code} {'–'.join(dict.fromkeys((place(each.numbers[0]), place(each.numbers[-1]))))}"
        for each in shown
    )


def _strangers(seen: Seen) -> str:
    """Name the recipes made to go wrong that did not show exactly their own notices before they stopped."""
    lines = ""
    for trial, _, shown in seen:
        codes = [each.code for each in shown if not each.code.startswith("stopped")]
        if trial.name in OWN and codes != OWN[trial.name]:
            lines += (
                f"\n*{trial.name}*, seed {trial.settings.seed}: {OWN[trial.name]} expected; shown: {codes}.\n"
            )
    return lines


def offer(finding: Finding) -> str:
    parts = ["back to the best"] if finding.back_to_best else []
    parts += [f"{SHORT_NAMES[name]} = {value}" for name, value in finding.remedy.items()]
    return ", ".join(parts) + (", in a new run" if finding.in_new_run else "")


def _name(trial: Trial) -> str:
    return trial.name if trial.settings.seed == 1 else f"{trial.name}, seed {trial.settings.seed}"


def _percent(share: float) -> str:
    return "no number" if math.isnan(share) else f"{100 * share:.2f}"
