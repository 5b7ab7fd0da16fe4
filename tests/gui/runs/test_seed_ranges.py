"""What Compare says of the difference between runs, weighed against other seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from mnistviz.engine.history import History
from mnistviz.engine.luck.bands import Band, Spread
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network
from mnistviz.engine.settings import Settings
from mnistviz.gui.lab.shown import RunFacts
from mnistviz.gui.runs.comparison import as_csv, as_markdown, compare
from mnistviz.gui.runs.seed_ranges import SeedRange, range_text, seed_ranges, told
from tests.engine.luck.made_bands import grown

HINT = "One run each may be luck. Is it luck? (menu Runs) repeats a run with other seeds and shows how far they spread."


def band(until: int, *shares: float) -> Band:
    """Runs with other seeds, measured after each thousand digits, which read so many digits right at each of them."""
    every = 1_000
    runs = (grown(seed, [share] * (until // every + 1), every) for seed, share in enumerate(shares, 2))
    return Band("seeds", 0, until, tuple(runs))


def run(letter: str, share: float, *bands: Band) -> RunFacts:
    history = History().with_accuracy("validation", 200, 2_000, share)
    number = "ABCDEFGHIJKL".index(letter) + 1
    return RunFacts(number, Settings(), letter=letter, epoch=1_000, history=history, bands=bands)


def spread(lowest: float, highest: float, n: int = 8) -> Spread:
    return Spread.of(np.linspace(lowest, highest, n))


def of(letter: str, *ends: float, n: int = 8) -> SeedRange:
    """A run in the middle of the range of n others, at 94.5 % without one."""
    if not ends:
        return SeedRange(letter, 2_000, (), 0.945)
    return SeedRange(letter, 2_000, tuple(np.linspace(ends[0], ends[1], n).tolist()), sum(ends) / 2)


def sentences(ranges: Sequence[SeedRange], letter: str, partner: str, measured: int = 10_000) -> list[str]:
    return [text.replace("\N{NO-BREAK SPACE}", " ") for text in told(ranges, letter, partner, measured)]


def test_ranges_are_those_after_as_many_digits_as_all_repeats_have_seen() -> None:
    a, b, c = run("A", 0.95, band(3_000, 0.9, 0.94)), run("B", 0.93, band(2_000, 0.91)), run("C", 0.8)
    found = seed_ranges([a, b, c])
    assert [each.digits for each in found] == [2_000] * 3
    assert [each.spread and (each.spread.lowest, each.spread.highest, each.spread.n) for each in found] == [
        (0.9, 0.94, 2), (0.91, 0.91, 1), None,
    ]  # fmt: skip
    assert [each.itself for each in found] == [0.95, 0.93, 0.8]
    assert [each.itself for each in seed_ranges([a])] == [None], "it was not measured there"
    assert [(each.digits, each.spread) for each in seed_ranges([c])] == [(0, None)]


def test_where_no_place_is_common_each_has_its_end() -> None:
    other = band(2_000, 0.91)
    places = np.array([0, 700, 1_400])
    other = replace(other, until=1_400, runs=(replace(other.runs[0], digits=places),))
    found = seed_ranges([run("A", 0.95, band(3_000, 0.9)), run("B", 0.95, other)])
    assert [each.digits for each in found] == [3_000, 1_400]


@pytest.mark.parametrize(
    ("range_of", "text"),
    [
        (spread(0.938, 0.95), "94.4 % (93.8 to 95.0, 8 seeds)"),
        (spread(0.9793, 0.9817), "98.05 % (97.93 to 98.17, 8 seeds)"),
        (spread(0.95, 0.95, 1), "95.00 % (1 seed)"),
    ],
)
def test_a_range_is_told_with_its_median(range_of: Spread, text: str) -> None:
    assert range_text(range_of) == text


def test_two_runs_are_compared_over_their_seeds() -> None:
    a, b = of("A", 0.938, 0.95), of("B", 0.92, 0.93)
    assert sentences([a, of("B", 0.932, 0.949)], "B", "A") == [
        "A, median 94.4 % (93.8 to 95.0, 8 seeds) · B, median 94.0 % (93.2 to 94.9, 8 seeds): over their seeds, no "
        "clear difference."
    ]
    clearly = [
        "Over their seeds, A is clearly better than B: A, median 94.4 % (93.8 to 95.0, 8 seeds) · B, median 92.5 % "
        "(92.0 to 93.0, 8 seeds)."
    ]
    assert sentences([a, b], "B", "A") == sentences([b, a], "A", "B") == clearly
    three = of("A", 0.938, 0.95, n=3), of("B", 0.92, 0.93, n=3)
    assert sentences(three, "B", "A")[0].startswith("Over their seeds, A is probably better than B: ")
    assert sentences([a, b], "B", "A", measured=150)[0].endswith("too few validation digits to tell.")


@pytest.mark.parametrize("seeds", [3, 5, 8])
def test_two_recipes_of_one_kind_are_told_apart_as_rarely_as_said(seeds: int) -> None:
    """“The seed alone does not explain the difference” was said in 40, 29 and 20 % of such cases."""
    draw, claims = np.random.default_rng(seeds), {"clearly": 0, "probably": 0}
    for _ in range(1_000):
        shares = draw.normal(0.94, 0.01, (2, seeds + 1))
        a, b = (
            SeedRange(name, 2_000, tuple(row[1:]), row[0]) for name, row in zip("AB", shares, strict=True)
        )
        (text,) = told([a, b], "A", "B", 10_000)
        for word in claims:
            claims[word] += word in text
    assert claims["clearly"] <= 10 + 3 * 3.2
    assert claims["clearly"] + claims["probably"] <= 100 + 3 * 9.5


def test_the_seed_of_the_run_itself_is_one_that_chance_could_have_given() -> None:
    a, b = replace(of("A", 0.92, 0.93, n=3), itself=0.945), replace(of("B", 0.94, 0.95, n=3), itself=0.945)
    assert sentences([a, b], "A", "B") == [
        "A, median 92.5 % (92.0 to 94.5 with A itself, 3 other seeds) · B, median 94.5 % (94.0 to 95.0, 3 seeds): over "
        "their seeds, no clear difference."
    ]


def test_of_many_runs_the_selected_one_is_weighed_against_the_others() -> None:
    ranges = [
        of("A", 0.93, 0.95),
        of("B", 0.937, 0.957),
        of("C", 0.9, 0.91),
        of("D", 0.97, 0.98),
        of("E", 0.934, 0.954),
    ]
    assert sentences(ranges, "A", "B") == [
        "Over their seeds, no clear difference between A and E.",
        "Over their seeds, A is clearly better than C.",
        "Over their seeds, A is clearly worse than D.",
        "Over their seeds, A is probably worse than B.",
    ]
    assert sentences(ranges, "A", "B", measured=100) == [
        "Too few validation digits to tell A from B, C, D, E."
    ]
    assert sentences([*ranges, of("F")], "F", "A")[-1] == (
        "No range yet: F. Select a run, then Is it luck? (menu Runs)."
    )


def test_one_run_beside_a_range_is_no_verdict() -> None:
    """It lies outside of the range of eight others in one of five cases where nothing differs."""
    a, b = of("A", 0.92, 0.93), of("B")
    for selected, partner in (("A", "B"), ("B", "A")):
        assert sentences([a, b], selected, partner)[0] == (
            "B is at 94.50 % after as many digits; A, median 92.5 % (92.0 to 93.0, 8 seeds). One run beside a range "
            "cannot tell: repeat B, too (Is it luck?, menu Runs)."
        )
    assert len(sentences([a, replace(b, itself=None)], "A", "B")) == 1, "it was not measured there"


def test_with_too_few_seeds_it_says_how_to_get_more() -> None:
    few = SeedRange("A", 2_000, (0.93, 0.95), 0.94)
    assert sentences([few, of("B")], "A", "B") == [
        "Too few other seeds for a range yet: A (2). It takes 3.",
        "No range yet: B. Select a run, then Is it luck? (menu Runs).",
    ]
    assert sentences([of("A"), of("B")], "A", "B") == [HINT]


def learned(number: int, whole: Sequence[int], part: Sequence[int]) -> RunFacts:
    """A run that was measured on the whole validation set, and on its first 500 digits, after so many digits each."""
    history = History()
    for digits, count in sorted([(each, 0) for each in whole] + [(each, 500) for each in part]):
        history = history.with_accuracy("validation", digits // 10, digits, 0.9, count, complete=not count)
    seen, network = max(*whole, *part), Network([784, 30, 10], seed=1)
    moment = Moment(number, seen // 10, seen, network, Settings(), network)
    return RunFacts(number, Settings(), letter="ABC"[number - 1], epoch=1_000, history=history, moment=moment)


def test_a_run_that_is_too_short_for_a_whole_measurement_is_left_out() -> None:
    """One short run had the others compared after its 3,000 digits, on 500 of the set."""
    a, b, short = learned(1, [1_000, 2_000], [300]), learned(2, [1_000, 2_000], [300]), learned(3, [0], [300])
    found = compare([a, short, b])
    assert [run.letter for run in found.left_out] == ["C"]
    assert found.digits == 2_000
    assert [row.there and row.there.part for row in found.rows] == [0, None, 0]
    assert not compare([a, b]).left_out
    two = compare([a, short])
    assert (two.left_out, two.digits) == ((), 300), "two runs are compared where they can be"


def test_files_of_a_comparison_have_the_ranges() -> None:
    runs = [run("A", 0.95, band(2_000, 0.9, 0.94)), run("B", 0.93)]
    text = as_csv(compare(runs), seed_ranges(runs), "a note")
    head, *lines = text.splitlines()
    assert head.startswith("run,name,set,accuracy,accuracy_digits")
    rows = [dict(zip(head.split(","), line.split(","), strict=True)) for line in lines[:2]]
    seeds = ("seeds", "seeds_median", "seeds_lowest", "seeds_highest", "seeds_digits")
    assert [rows[0][name] for name in seeds] == ["2", "0.92", "0.9", "0.94", "2000"]
    assert [rows[1][name] for name in seeds] == ["0", "", "", "", ""]
    assert lines[2:] == ["# a note"]
    table = [["", "Run"], ["A", "a | b"], ["B", "c"]]
    assert as_markdown(table, "Said.").splitlines() == [
        "|  | Run |", "| --- | --- |", "| A | a \\| b |", "| B | c |", "", "Said.",
    ]  # fmt: skip
