"""What is said of a prediction once the answer is there: whether it was right, by how much, and how many were."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QCoreApplication

from mnistviz.engine.scores import Score, Unit, Verdict
from mnistviz.gui.common import numbers

translate = QCoreApplication.translate
_PERCENT: Final = 100
_MOST: Final = 10  # times what came: beyond that it is only said to be more


def verdict(score: Score | None) -> str:
    """Whether a prediction was right, and by how much it was not; empty where nothing was predicted."""
    if score is None:
        return ""
    off = _off(score.off, score.unit)
    if not off:
        return {
            "right": translate("Predictions", "Right."),
            "close": translate("Predictions", "Close."),
            "wrong": translate("Predictions", "Wrong."),
        }[score.verdict]
    return {
        "right": translate("Predictions", "Right, off by {off}."),
        "close": translate("Predictions", "Close, off by {off}."),
        "wrong": translate("Predictions", "Wrong, off by {off}."),
    }[score.verdict].format(off=off)


def tally(counts: Mapping[Verdict, int]) -> str:
    """How many predictions were right, close and wrong; empty where there were none."""
    if not any(counts.values()):
        return ""
    text = translate("Predictions", "{right} right, {close} close, {wrong} wrong")
    return text.format(**{each: numbers.whole(counts.get(each, 0)) for each in ("right", "close", "wrong")})


def _off(off: float, unit: Unit) -> str:
    """By how much, in its unit; empty for an answer, and for nothing to speak of."""
    if unit == "":
        return ""
    if unit == "plain":
        return numbers.rounded(off, 2) if off >= 0.005 else ""
    percent = round(_PERCENT * off)
    if not percent:
        return ""
    if unit == "points":
        if percent == 1:
            return translate("Predictions", "{count} point").format(count=numbers.whole(percent))
        return translate("Predictions", "{count} points").format(count=numbers.whole(percent))
    if off > _MOST:
        return translate("Predictions", "more than {percent} %").format(
            percent=numbers.whole(_PERCENT * _MOST)
        )
    return translate("Predictions", "{percent} %").format(percent=numbers.whole(percent))
