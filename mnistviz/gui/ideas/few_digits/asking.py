"""Which question belongs to what is seen, and which are still open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from mnistviz.engine.ideas.few_digits import Draw
from mnistviz.gui.ideas.few_digits.cloud import Measure
from mnistviz.gui.ideas.few_digits.few_digits_finding import FEW
from mnistviz.gui.ideas.few_digits.few_digits_words import Outcome

QUESTIONS: Final = ("ten", "flag", "epoch")
QUESTION_OF: Final[Mapping[Measure, str]] = {"off": "flag", "angle": "ten", "length": "ten", "epoch": "epoch"}
MEASURE_OF: Final[Mapping[str, Measure]] = {"ten": "angle", "flag": "off", "epoch": "epoch"}
"""Where one sees what a question asks for."""


class Asking:
    """What was said to each question, and what came of it: each keeps its own while another one is looked at."""

    def __init__(self) -> None:
        self.predictions: dict[str, str] = {}
        self.outcomes: dict[str, Outcome] = {}

    def forget(self) -> None:
        self.predictions, self.outcomes = {}, {}

    def is_open(self, which: str) -> bool:
        """Whether its outcome is still to be told."""
        return which not in self.outcomes

    def next_open(self, after: str) -> str | None:
        """The next question whose outcome is still to be told; None once all are."""
        at = QUESTIONS.index(after)
        return next((each for each in QUESTIONS[at + 1 :] + QUESTIONS[:at] if self.is_open(each)), None)

    def seen(self, measure: Measure, draws: Sequence[Draw]) -> tuple[Draw, ...]:
        """Those of the draws that tell no answer to an open question. Before one says how far off many are, one may
        know it of ten, once their own question is told."""
        if not self.is_open(QUESTION_OF[measure]):
            return tuple(draws)
        if measure == "off" and not self.is_open("ten"):
            return tuple(each for each in draws if each.m == FEW)
        return ()
