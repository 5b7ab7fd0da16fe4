"""Scores of predictions: one rule for a choice, a number, a position, and a drawn curve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike

Verdict = Literal["right", "close", "wrong"]
ScoreUnit = Literal["", "points", "percent", "plain"]
"""What `Score.off` counts: answers, which are not told; shares, told in points; parts of what came, told in percent; or
what the prediction itself counts."""

SHARE: Final = (0.03, 0.1)
"""How far off, 0 to 1, a share of digits is right, and how far off it is close."""
PART: Final = (0.2, 0.5)
"""The same of a size or a curve, as a part of what came."""


@dataclass(frozen=True)
class Score:
    """The verdict on a prediction, and how far off it was."""

    verdict: Verdict
    off: float
    unit: ScoreUnit = ""


def score(
    said: ArrayLike, was: ArrayLike, right: float, close: float, unit: ScoreUnit = "plain"
) -> Score | None:
    """Score a number, or several of one shape, such as a place or the points of a curve.

    `off` is the Euclidean distance ‖said − was‖; in "percent" ‖said − was‖ / ‖was‖. It is right up to `right`, close up
    to `close`, both included, and wrong beyond. None where something is no finite number, or there is nothing to
    compare with.
    """
    wanted = np.asarray(was, np.float64)
    off = float(np.linalg.norm(np.asarray(said, np.float64) - wanted))
    if unit == "percent":
        size = float(np.linalg.norm(wanted))
        off = off / size if size else float("nan")
    if not np.isfinite(off):
        return None
    return Score("right" if off <= right else "close" if off <= close else "wrong", off, unit)


def score_share(said: float, was: float) -> Score | None:
    """Score a share of digits, 0 to 1: right within 3 points, close within 10."""
    return score(said, was, *SHARE, "points")


def score_part(said: ArrayLike, was: ArrayLike) -> Score | None:
    """Score a size, or a drawn curve: right within a fifth of what came, close within half of it."""
    return score(said, was, *PART, "percent")


def score_choice(said: int, was: int, *, ordered: bool) -> Score:
    """Score the number of an answer. Where the answers are `ordered`, the one beside the right one is close."""
    off = abs(said - was)
    return Score("right" if not off else "close" if ordered and off == 1 else "wrong", off)
