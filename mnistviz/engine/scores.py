"""Scores of predictions: one rule for a choice, a number, a position, and a drawn curve."""

from typing import Final, Literal

import numpy as np
from msgspec import Struct
from numpy.typing import ArrayLike

Grade = Literal["right", "close", "wrong"]
ScoreUnit = Literal["", "points", "percent", "plain"]
"""Unit of `Score.off`: none for choices; points for shares; percent for relative sizes; or the prediction's own."""

SHARE: Final = (0.03, 0.1)  # largest errors of an accuracy, 0 to 1, that are right and close
PART: Final = (0.2, 0.5)  # largest relative errors of a size or a curve that are right and close


class Score(Struct, frozen=True):
    verdict: Grade
    off: float
    unit: ScoreUnit = ""


def score(
    predicted: ArrayLike, actual: ArrayLike, right: float, close: float, unit: ScoreUnit = "plain"
) -> Score | None:
    """Score a prediction of a number, or of several such as a position or the points of a curve.

    `off` is the Euclidean distance ‖predicted − actual‖, in "percent" divided by ‖actual‖. It is right up to `right`,
    close up to `close`, both included, and wrong beyond. None if a value is not finite, or ‖actual‖ is 0 in "percent".
    """
    wanted = np.asarray(actual, np.float64)
    off = float(np.linalg.norm(np.asarray(predicted, np.float64) - wanted))
    if unit == "percent":
        size = float(np.linalg.norm(wanted))
        off = off / size if size else float("nan")
    if not np.isfinite(off):
        return None
    return Score("right" if off <= right else "close" if off <= close else "wrong", off, unit)


def score_share(predicted: float, actual: float) -> Score | None:
    """Score a predicted accuracy, 0 to 1: right within 3 points, close within 10."""
    return score(predicted, actual, *SHARE, "points")


def score_part(predicted: ArrayLike, actual: ArrayLike) -> Score | None:
    """Score a predicted size or curve: right within a fifth of the actual one, close within half of it."""
    return score(predicted, actual, *PART, "percent")


def score_choice(predicted: int, actual: int, *, ordered: bool) -> Score:
    """Score a choice by its number. If the choices are `ordered`, the one next to the right one is close."""
    off = abs(predicted - actual)
    return Score("right" if not off else "close" if ordered and off == 1 else "wrong", off)
