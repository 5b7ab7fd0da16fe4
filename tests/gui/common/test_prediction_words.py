"""What is said of a prediction: right, close or wrong, and by how much."""

from __future__ import annotations

import pytest

from mnistviz.engine.scores import Score, score, score_choice, score_part, score_share
from mnistviz.gui.common.prediction_words import tally, verdict


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (score_share(0.6, 0.94), "Wrong, off by 34 points."),
        (score_share(0.871, 0.94), "Close, off by 6.9 points."),
        (score_share(0.94, 0.94), "Right."),
        (score_part(1.3, 1.0), "Close, off by 30 %."),
        (score((3.0, 4.0), (0.0, 0.0), 0.3, 1.0), "Wrong, off by 5."),
        (score_choice(1, 0, ordered=True), "Close."),
        (None, ""),
    ],
)
def test_a_verdict_says_by_how_much(found: Score | None, said: str) -> None:
    assert verdict(found) == said


def test_a_tally_says_all_three_and_nothing_of_none() -> None:
    assert tally({"right": 2, "close": 1, "wrong": 0}) == "2 right, 1 close, 0 wrong"
    assert tally({"right": 0, "close": 0, "wrong": 0}) == ""
