"""How far other seeds spread the runs that are compared, and in words what that says of the difference between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication

from mnistviz.engine.luck.bands import Spread, band_of, overlap
from mnistviz.engine.luck.weighing import ENOUGH
from mnistviz.gui.common import numbers
from mnistviz.gui.lab.shown import RunFacts

translate = QCoreApplication.translate


@dataclass(frozen=True)
class SeedRange:
    """What the repeats of a run with other seeds read of the validation digits after so many `digits`, as a `spread`,
    None where there are none; and what the run `itself` reads there, None where it was not measured."""

    letter: str
    digits: int
    spread: Spread | None
    itself: float | None

    @property
    def weighs(self) -> bool:
        """Whether it has enough seeds for a word about chance."""
        return self.spread is not None and self.spread.n >= ENOUGH

    @property
    def whole(self) -> Spread:
        """The spread with the run itself: its seed is one of those that chance could have given. There must be one."""
        assert self.spread is not None
        if self.itself is None:
            return self.spread
        lowest, highest = min(self.spread.lowest, self.itself), max(self.spread.highest, self.itself)
        return replace(self.spread, lowest=lowest, highest=highest)


def seed_ranges(runs: Sequence[RunFacts]) -> tuple[SeedRange, ...]:
    """A range for each run, all of them after as many digits, the most at which all repeats were measured; where there
    is no such place, each at the end of its own."""
    bands = [band_of(run.bands, "seeds") for run in runs]
    grown = [band for band in bands if band is not None and band.runs]
    common = set.intersection(*(set(band.runs[0].digits.tolist()) for band in grown)) if grown else set()
    digits = max(common, default=0)
    found = []
    for run, band in zip(runs, bands, strict=True):
        at = digits or (0 if band is None else band.until)
        read = run.history.measured("validation", at, "digits") if at else None
        exact = read is not None and (read.digits, read.part, read.count) == (at, 0, 1)
        itself = read.accuracy if read is not None and exact else None
        found.append(SeedRange(run.letter, at, None if band is None else band.at(at), itself))
    return tuple(found)


def range_text(spread: Spread) -> str:
    """A range with its median: 94.6 % (93.9 to 95.0, 8 seeds)."""
    median, lowest, highest = numbers.beside(spread.median, spread.lowest, spread.highest)
    if spread.n == 1:
        return translate("Compare", "{median} % (1 seed)").format(median=median)
    return translate("Compare", "{median} % ({lowest} to {highest}, {count} seeds)").format(
        median=median, lowest=lowest, highest=highest, count=numbers.whole(spread.n)
    )


def _median_text(known: SeedRange) -> str:
    """A range within a sentence, where no head of a column says what its first figure is; and that it reaches as far
    as the run itself, where that lies beyond its other seeds."""
    whole = known.whole
    if whole == known.spread:
        return translate("Compare", "median {range}").format(range=range_text(whole))
    median, lowest, highest = numbers.beside(whole.median, whole.lowest, whole.highest)
    text = translate(
        "Compare", "median {median} % ({lowest} to {highest} with {run} itself, {count} other seeds)"
    )
    return text.format(
        median=median, lowest=lowest, highest=highest, run=known.letter, count=numbers.whole(whole.n)
    )


def told(ranges: Sequence[SeedRange], letter: str, partner: str) -> Iterator[str]:
    """Whether chance alone makes the difference between runs, in sentences: between two of them, else between the run
    of this letter and the others; a run without a range is weighed against the only one that has one, the selected run
    or its partner. And how to get a range where one is missing."""
    known = {each.letter: each for each in ranges if each.weighs}
    few = {each.letter: each.spread.n for each in ranges if each.spread is not None and not each.weighs}
    missing = [each.letter for each in ranges if each.letter not in known and each.letter not in few]
    if len({each.digits for each in ranges if each.letter in known}) > 1:
        yield translate("Compare", "The ranges are those after different numbers of digits.")
    elif len(known) == 2:
        yield _of_two(known)
    elif len(known) > 2:
        yield from _of_many(letter if letter in known else next(iter(known)), known)
    elif known:
        other = partner if letter in known else letter
        itself = next((each.itself for each in ranges if each.letter == other), None)
        if itself is not None:
            yield _of_one(other, itself, *known.values())
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


def _of_two(known: Mapping[str, SeedRange]) -> str:
    text = (
        translate("Compare", "{a} · {b}: they overlap, so one run each cannot tell them apart.")
        if overlap(*(each.whole for each in known.values()))
        else translate(
            "Compare", "{a} · {b}: they do not overlap, so the seed alone does not explain the difference."
        )
    )
    a, b = (
        f"{letter}, {_median_text(each)}".replace(" ", "\N{NO-BREAK SPACE}") for letter, each in known.items()
    )
    return text.format(a=a, b=b)


def _of_many(letter: str, known: Mapping[str, SeedRange]) -> Iterator[str]:
    """The run of this letter beside all others."""
    its = known[letter].whole
    others = {each: found.whole for each, found in known.items() if each != letter}
    overlapping = [each for each, spread in others.items() if overlap(its, spread)]
    for letters, text in (
        (overlapping, translate("Compare", "{a} overlaps with {b}: one run each cannot tell them apart.")),
        (
            [each for each, spread in others.items() if its.lowest > spread.highest],
            translate("Compare", "{a} reads more than {b} with every seed."),
        ),
        (
            [each for each, spread in others.items() if its.highest < spread.lowest],
            translate("Compare", "{a} reads fewer than {b} with every seed."),
        ),
    ):
        if letters:
            yield text.format(a=letter, b=_listed(letters))


def _of_one(letter: str, share: float, known: SeedRange) -> str:
    """A run without a range beside one that has one."""
    text = (
        translate(
            "Compare",
            "{a} reads {share} % after as many digits, within the range of {b}, {range}: chance alone does as much.",
        )
        if known.whole.lowest <= share <= known.whole.highest
        else translate(
            "Compare",
            "{a} reads {share} % after as many digits, outside the range of {b}, {range}: the seed alone does not "
            "explain the difference.",
        )
    )
    return text.format(a=letter, b=known.letter, share=numbers.percents(share), range=_median_text(known))


def _listed(letters: Sequence[str]) -> str:
    return translate("Compare", ", ").join(letters)
