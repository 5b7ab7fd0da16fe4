"""How right a prediction was: right, close or wrong, and how far off."""

from __future__ import annotations

import numpy as np
import pytest

from mnistviz.engine.scores import Score, Verdict, score, score_choice, score_part, score_share


@pytest.mark.parametrize(
    ("said", "was", "verdict"),
    [(0.94, 0.94, "right"), (0.92, 0.94, "right"), (0.90, 0.94, "close"), (0.6, 0.94, "wrong")],
)
def test_a_share_is_right_within_three_points_and_close_within_ten(
    said: float, was: float, verdict: Verdict
) -> None:
    found = score_share(said, was)
    assert found is not None
    assert (found.verdict, found.unit) == (verdict, "points")
    assert found.off == pytest.approx(abs(said - was))


@pytest.mark.parametrize(("answer", "verdict"), [(0, "right"), (1, "close"), (2, "wrong")])
def test_the_answer_beside_the_right_one_is_close_where_answers_have_an_order(
    answer: int, verdict: Verdict
) -> None:
    assert score_choice(answer, 0, ordered=True) == Score(verdict, answer)
    assert score_choice(answer, 0, ordered=False).verdict == ("right" if not answer else "wrong")


@pytest.mark.parametrize(("by", "verdict"), [(1.15, "right"), (0.6, "close"), (2.0, "wrong")])
def test_a_drawn_curve_is_scored_as_a_part_of_the_one_that_came(by: float, verdict: Verdict) -> None:
    came = np.linspace(0.5, 0.1, 50)
    found = score_part(by * came, came)
    assert found is not None
    assert found.verdict == verdict
    assert found.off == pytest.approx(abs(by - 1))


def test_a_place_is_scored_by_its_distance() -> None:
    assert score((3.0, 4.0), (0.0, 0.0), 1.0, 5.0) == Score("close", 5.0, "plain")


def test_what_is_no_number_has_no_score() -> None:
    assert score_share(0.5, float("nan")) is None
    assert score_part(0.5, 0.0) is None
