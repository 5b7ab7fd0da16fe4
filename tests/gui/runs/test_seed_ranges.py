"""What Compare says of the difference between runs, weighed against other seeds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mnistviz.engine.history import History
from mnistviz.engine.luck.bands import Band, Spread
from mnistviz.engine.settings import Settings
from mnistviz.gui.lab.shown import RunFacts
from mnistviz.gui.runs.comparison import compare
from mnistviz.gui.runs.comparison_file import as_csv, as_markdown
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


def of(letter: str, *ends: float) -> SeedRange:
    """A run that reads as much as in the middle of its range, 94.5 % without one."""
    if not ends:
        return SeedRange(letter, 2_000, None, 0.945)
    return SeedRange(letter, 2_000, spread(ends[0], ends[1]), sum(ends) / 2)


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


def test_two_runs_that_overlap_are_said_to_overlap_and_two_that_do_not_too() -> None:
    a, its = of("A", 0.938, 0.95), "A, median 94.4 % (93.8 to 95.0, 8 seeds) · "
    for ends, said in (
        (
            (0.932, 0.949),
            "B, median 94.0 % (93.2 to 94.9, 8 seeds): they overlap, so one run each cannot tell them apart.",
        ),
        (
            (0.92, 0.93),
            "B, median 92.5 % (92.0 to 93.0, 8 seeds): they do not overlap, so the seed alone does not explain the "
            "difference.",
        ),
    ):
        (text,) = told([a, of("B", *ends)], "B", "A")
        assert text.replace("\N{NO-BREAK SPACE}", " ") == its + said


def test_the_seed_of_the_run_itself_is_one_that_chance_could_have_given() -> None:
    a, b = replace(of("A", 0.92, 0.93), itself=0.945), of("B", 0.94, 0.95)
    (text,) = told([a, b], "A", "B")
    assert text.replace("\N{NO-BREAK SPACE}", " ") == (
        "A, median 92.5 % (92.0 to 94.5 with A itself, 8 other seeds) · B, median 94.5 % (94.0 to 95.0, 8 seeds): "
        "they overlap, so one run each cannot tell them apart."
    )


def test_of_many_runs_the_selected_one_is_weighed_against_the_others() -> None:
    ranges = [
        of("A", 0.93, 0.95),
        of("B", 0.94, 0.96),
        of("C", 0.9, 0.91),
        of("D", 0.97, 0.98),
        of("E", 0.94, 0.95),
    ]
    assert [*told(ranges, "A", "B")] == [
        "A overlaps with B, E: one run each cannot tell them apart.",
        "A reads more than C with every seed.",
        "A reads fewer than D with every seed.",
    ]
    assert [*told([*ranges, of("F")], "F", "A")][-1] == (
        "No range yet: F. Select a run, then Is it luck? (menu Runs)."
    )


def test_a_run_without_a_range_is_weighed_against_the_one_that_has_one() -> None:
    a, b = of("A", 0.93, 0.95), of("B")
    for selected, partner in (("A", "B"), ("B", "A")):
        assert next(told([a, b], selected, partner)) == (
            "B reads 94.50 % after as many digits, within the range of A, median 94.0 % (93.0 to 95.0, 8 seeds): "
            "chance alone does as much."
        )
    assert next(told([of("A", 0.92, 0.93), b], "A", "B")) == (
        "B reads 94.50 % after as many digits, outside the range of A, median 92.5 % (92.0 to 93.0, 8 seeds): "
        "the seed alone does not explain the difference."
    )
    assert len([*told([a, replace(b, itself=None)], "A", "B")]) == 1, "it was not measured there"


def test_with_too_few_seeds_it_says_how_to_get_more() -> None:
    few = SeedRange("A", 2_000, spread(0.93, 0.95, 2), 0.94)
    assert [*told([few, of("B")], "A", "B")] == [
        "Too few other seeds for a range yet: A (2). It takes 3.",
        "No range yet: B. Select a run, then Is it luck? (menu Runs).",
    ]
    assert [*told([of("A"), of("B")], "A", "B")] == [HINT]


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
