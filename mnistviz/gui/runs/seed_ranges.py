"""Seed variation of the compared runs, and whether it explains the difference between them."""

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from mnistviz.engine.luck.bands import Spread, band_of
from mnistviz.engine.verdicts import Verdict, compare_seeds
from mnistviz.gui.common import numbers
from mnistviz.gui.common.texts import tr, translated
from mnistviz.gui.lab.shown import RunFacts
from mnistviz.marking import marked

ENOUGH: Final = 3  # the fewest seeds for a range that runs can be compared by


class SeedRange(Struct, frozen=True):
    """Validation `accuracies` of a run's repeats with other seeds after `digits`, and of the run `itself`, or None."""

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
    """Return a range for each run, after the same number of digits if all were measured then, else at their ends."""
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
        return tr("{median} % (1 seed)", median=median)
    return tr(
        "{median} % ({lowest} to {highest}, {count} seeds)",
        median=median,
        lowest=lowest,
        highest=highest,
        count=spread.n,
    )


def verdict_on(run: SeedRange, selected: SeedRange, measured: int) -> Verdict | None:
    """Compare a run with the selected one over their seeds, on `measured` digits; None if one has too few seeds."""
    comparable = run.weighs and selected.weighs and run.digits == selected.digits
    return compare_seeds(selected.whole, run.whole, measured) if comparable else None


def word_of(verdict: Verdict) -> str:
    word = _WORDS.get((verdict.sureness, verdict.outcome))
    if word is None and verdict.sureness == "too few digits":
        return tr("too few digits to tell")
    return translated(word or _WORDS["no clear difference", "equal"])


_WORDS: Final = {
    ("clearly", "better"): marked("▲ clearly better"),
    ("probably", "better"): marked("▲ probably better"),
    ("clearly", "worse"): marked("▼ clearly worse"),
    ("probably", "worse"): marked("▼ probably worse"),
    ("no clear difference", "equal"): marked("no clear difference"),
}


def sentence_on(verdicts: Mapping[str, Verdict | None], selected: SeedRange) -> tuple[str, str]:
    """Return which runs are better than the selected one, or else what it is better than or equal to, and whether that
    is more than chance, in a long and a short text; `verdicts` are those on runs that do not repeat it, by letter."""
    known = {letter: verdict for letter, verdict in verdicts.items() if verdict is not None}
    long = tr("Too few validation digits to tell the runs apart.")
    short = tr("too few digits to tell")
    letters: list[str] = []
    if not verdicts:
        long = tr("All have the same settings and seed: the same run.")
        short = tr("all are the same run")
    elif not known and selected.weighs:
        long = tr("Repeat another run with other seeds, too, to compare it with {run}.")
        short = tr("repeat another run, too")
    elif not known:
        long = tr("One run each may be luck. Is it luck? repeats {run} with other seeds.")
        short = tr("one run each may be luck")
    for sureness, outcome, *wordings in _SENTENCES:
        kind = sureness, outcome
        letters = [letter for letter, each in known.items() if (each.sureness, each.outcome) == kind]
        if letters:
            long, short = (translated(each) for each in wordings)
            break
    values = {"run": selected.letter, "others": tr(", ").join(letters)}
    return long.format(**values), short.format(**values)


_SENTENCES: Final = (
    ("clearly", "better", marked("Over their seeds, clearly better than {run}: {others}."),
     marked("clearly better than {run}: {others}")),
    ("probably", "better", marked("Over their seeds, probably better than {run}: {others}."),
     marked("probably better than {run}: {others}")),
    ("no clear difference", "equal",
     marked("Over their seeds, no clear difference between {run} and {others}."),
     marked("{run} and {others}: no clear difference")),
    ("clearly", "worse", marked("Over their seeds, {run} is clearly better than {others}."),
     marked("{run} clearly better than {others}")),
    ("probably", "worse", marked("Over their seeds, {run} is probably better than {others}."),
     marked("{run} probably better than {others}")),
)  # fmt: skip
"""What is said first: a verdict on the other runs, its sentence, and that in short."""
