"""The texts that score predictions: whether they were right, by how much they were off, and how many were right."""

from collections.abc import Mapping
from typing import Final

from mnistviz.engine.scores import Grade, Score, ScoreUnit
from mnistviz.gui.common import numbers
from mnistviz.gui.common.texts import tr

_LEAST: Final = 0.005  # of the counted unit


def verdict(score: Score | None) -> str:
    """Return whether a prediction was right, and by how much it was off; empty if there was none."""
    if score is None:
        return ""
    off = _off(score.off, score.unit)
    exact, inexact = {
        "right": (tr("Right."), tr("Right, off by {off}.")),
        "close": (tr("Close."), tr("Close, off by {off}.")),
        "wrong": (tr("Wrong."), tr("Wrong, off by {off}.")),
    }[score.verdict]
    return inexact.format(off=off) if off else exact


def tally(counts: Mapping[Grade, int]) -> str:
    if not any(counts.values()):
        return ""
    text = tr("{right} right, {close} close, {wrong} wrong")
    return text.format(**{each: numbers.whole(counts.get(each, 0)) for each in ("right", "close", "wrong")})


def _off(off: float, unit: ScoreUnit) -> str:
    """Return the error to two figures, with its unit; empty without a unit or if it is negligible."""
    amount = off if unit == "plain" else 100 * off
    if unit == "" or amount < _LEAST:
        return ""
    text = numbers.tick(float(f"{amount:.2g}"))
    if unit == "points":
        return tr("{points} points", points=text)
    return tr("{percent} %", percent=text) if unit == "percent" else text
