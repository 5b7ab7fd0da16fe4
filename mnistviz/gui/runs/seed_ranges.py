"""Seed variation of the compared runs, and whether it explains the difference between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QCoreApplication

from mnistviz.engine.luck.bands import Spread, band_of
from mnistviz.engine.verdicts import compare_seeds
from mnistviz.gui.common import numbers
from mnistviz.gui.lab.shown import RunFacts

translate = QCoreApplication.translate


ENOUGH: Final = 3  # the fewest seeds for a range that runs can be compared by


@dataclass(frozen=True)
class SeedRange:
    """Validation `accuracies` of a run's repeats with other seeds after `digits`. `itself` is that of the run, or
    None."""

    letter: str
    digits: int
    accuracies: tuple[float, ...]
    itself: float | None

    @property
    def spread(self) -> Spread | None:
        return Spread.of(self.accuracies) if self.accuracies else None

    @property
    def weighs(self) -> bool:
        return len(self.accuracies) >= ENOUGH

    @property
    def whole(self) -> tuple[float, ...]:
        """The accuracies with that of the run itself, whose seed is as random as the others."""
        return self.accuracies if self.itself is None else (*self.accuracies, self.itself)


def seed_ranges(runs: Sequence[RunFacts]) -> tuple[SeedRange, ...]:
    """Return a range for each run, all after the same number of digits if there is a common measurement, else at their
    ends."""
    bands = [band_of(run.bands, "seeds") for run in runs]
    grown = [band for band in bands if band is not None and band.runs]
    common = set.intersection(*(set(band.runs[0].digits.tolist()) for band in grown)) if grown else set()
    digits = max(common, default=0)
    ranges = []
    for run, band in zip(runs, bands, strict=True):
        at = digits or (0 if band is None else band.until)
        measured = run.history.measured("validation", at, "digits") if at else None
        exact = measured is not None and (measured.digits, measured.part, measured.count) == (at, 0, 1)
        itself = measured.accuracy if measured is not None and exact else None
        ranges.append(SeedRange(run.letter, at, () if band is None else band.accuracies(at), itself))
    return tuple(ranges)


def range_text(spread: Spread) -> str:
    """Return a range with its median, as in 94.6 % (93.9 to 95.0, 8 seeds)."""
    median, lowest, highest = numbers.beside(spread.median, spread.lowest, spread.highest)
    if spread.n == 1:
        return translate("Compare", "{median} % (1 seed)").format(median=median)
    return translate("Compare", "{median} % ({lowest} to {highest}, {count} seeds)").format(
        median=median, lowest=lowest, highest=highest, count=numbers.whole(spread.n)
    )


def _median_text(known: SeedRange) -> str:
    """Return a range for a sentence, extended to the run itself if that lies outside its other seeds."""
    assert known.spread is not None
    if known.itself is None or known.spread.lowest <= known.itself <= known.spread.highest:
        return translate("Compare", "median {range}").format(range=range_text(known.spread))
    whole = Spread.of(known.whole)
    median, lowest, highest = numbers.beside(known.spread.median, whole.lowest, whole.highest)
    text = translate(
        "Compare", "median {median} % ({lowest} to {highest} with {run} itself, {count} other seeds)"
    )
    return text.format(
        median=median,
        lowest=lowest,
        highest=highest,
        run=known.letter,
        count=numbers.whole(len(known.accuracies)),
    )


def told(ranges: Sequence[SeedRange], letter: str, partner: str, measured: int) -> Iterator[str]:
    """Yield sentences on whether seed variation explains the difference between two runs, or between the run `letter`
    and the others; a run without a range is compared with the only one that has one. Missing ranges are listed.
    `measured` is the number of validation digits."""
    known = {each.letter: each for each in ranges if each.weighs}
    few = {each.letter: len(each.accuracies) for each in ranges if each.accuracies and not each.weighs}
    missing = [each.letter for each in ranges if each.letter not in known and each.letter not in few]
    if len({each.digits for each in ranges if each.letter in known}) > 1:
        yield translate("Compare", "The ranges are those after different numbers of digits.")
    elif len(known) == 2:
        a, b = known.values()
        yield _of_two(a, b, measured)
    elif len(known) > 2:
        yield from _of_many(letter if letter in known else next(iter(known)), known, measured)
    elif known:
        other = partner if letter in known else letter
        alone = next((each for each in ranges if each.letter == other and each.itself is not None), None)
        if alone is not None:
            yield _of_one(alone, *known.values())
    if few:
        counts = [f"{letter} ({numbers.whole(n)})" for letter, n in few.items()]
        yield translate("Compare", "Too few other seeds for a range yet: {runs}. It takes {count}.").format(
            runs=_listed(counts), count=numbers.whole(ENOUGH)
        )
    if not known and not few:
        yield translate(
            "Compare",
            "One run each may be luck. Is it luck? (menu Runs) repeats a run with other seeds and shows how far they "
            "spread.",
        )
    elif missing:
        yield translate(
            "Compare", "No range yet: {runs}. Select a run, then Is it luck? (menu Runs)."
        ).format(runs=_listed(missing))


def _of_two(a: SeedRange, b: SeedRange, measured: int) -> str:
    verdict = compare_seeds(a.whole, b.whole, measured)
    if verdict.outcome == "worse":
        a, b = b, a  # the better one first
    if verdict.sureness == "too few digits":
        text = translate("Compare", "{a} · {b}: too few validation digits to tell.")
    elif verdict.outcome == "equal":
        text = translate("Compare", "{a} · {b}: over their seeds, no clear difference.")
    elif verdict.sureness == "clearly":
        text = translate("Compare", "Over their seeds, {better} is clearly better than {worse}: {b} · {a}.")
    else:
        text = translate("Compare", "Over their seeds, {better} is probably better than {worse}: {b} · {a}.")
    first, second = (
        f"{each.letter}, {_median_text(each)}".replace(" ", "\N{NO-BREAK SPACE}") for each in (a, b)
    )
    if verdict.outcome == "equal":
        return text.format(a=first, b=second)
    return text.format(better=b.letter, worse=a.letter, a=first, b=second)


def _of_many(letter: str, known: Mapping[str, SeedRange], measured: int) -> Iterator[str]:
    verdicts = {
        each: compare_seeds(other.whole, known[letter].whole, measured)
        for each, other in known.items()
        if each != letter
    }
    for sureness, outcome, text in (
        (
            "no clear difference",
            "equal",
            translate("Compare", "Over their seeds, no clear difference between {a} and {b}."),
        ),
        ("clearly", "better", translate("Compare", "Over their seeds, {a} is clearly better than {b}.")),
        ("probably", "better", translate("Compare", "Over their seeds, {a} is probably better than {b}.")),
        ("clearly", "worse", translate("Compare", "Over their seeds, {a} is clearly worse than {b}.")),
        ("probably", "worse", translate("Compare", "Over their seeds, {a} is probably worse than {b}.")),
        ("too few digits", "equal", translate("Compare", "Too few validation digits to tell {a} from {b}.")),
    ):
        letters = [
            each
            for each, verdict in verdicts.items()
            if (verdict.sureness, verdict.outcome) == (sureness, outcome)
        ]
        if letters:
            yield text.format(a=letter, b=_listed(letters))


def _of_one(alone: SeedRange, known: SeedRange) -> str:
    """Compare a single run with a range: of n + 2 seeds any one is first or last with probability 2 / (n + 2)."""
    assert alone.itself is not None
    text = translate(
        "Compare",
        "{a} is at {share} % after as many digits; {b}, {range}. One run beside a range cannot tell: repeat {a}, too "
        "(Is it luck?, menu Runs).",
    )
    return text.format(
        a=alone.letter, b=known.letter, share=numbers.percent_number(alone.itself), range=_median_text(known)
    )


def _listed(letters: Sequence[str]) -> str:
    return translate("Compare", ", ").join(letters)
