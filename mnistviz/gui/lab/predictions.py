"""The predictions made wherever the program asks first, and their scores, without names of people."""

import csv
import io
from collections.abc import Iterable
from typing import Final, get_args

from msgspec import Struct
from msgspec.structs import astuple

from mnistviz.engine.scores import Grade, Score

MOST: Final = 1_000


class Prediction(Struct, frozen=True):
    """A prediction of a `page`: an idea, "what_next", "mixing" or "beliefs". `said` and `came` are texts as shown."""

    page: str = ""
    question: str = ""
    said: str = ""
    came: str = ""
    verdict: str = ""
    off: float = 0.0  # as in `Score`
    unit: str = ""


class Predictions:
    """All scored predictions, the oldest first. A question that is asked again counts again."""

    def __init__(self) -> None:
        self.all: tuple[Prediction, ...] = ()

    def add(self, page: str, question: str, said: str, came: str, score: Score) -> None:
        made = Prediction(page, question, said, came, score.verdict, score.off, score.unit)
        self.restore([*self.all, made])

    def restore(self, predictions: Iterable[Prediction]) -> None:
        self.all = tuple([each for each in predictions if each.verdict in get_args(Grade)][-MOST:])

    def tally(self, page: str) -> dict[Grade, int]:
        verdicts = [each.verdict for each in self.all if each.page == page]
        return {verdict: verdicts.count(verdict) for verdict in get_args(Grade)}

    def as_csv(self) -> str:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(Prediction.__struct_fields__)
        writer.writerows((*head, f"{off:.4g}", unit) for *head, off, unit in map(astuple, self.all))
        return text.getvalue()
