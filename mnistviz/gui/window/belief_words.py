"""The texts of each belief to test: in the menu, before its runs are trained, and afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from mnistviz.gui.common import numbers
from mnistviz.gui.common.widgets import translated
from mnistviz.marking import QT_TRANSLATE_NOOP

_COUNTS: Final = ("alone", "pixels")  # counts of digits or pixels; all other figures are shares


@dataclass(frozen=True)
class BeliefWords:
    """The untranslated texts of a belief: `said` in the menu; the question `asks` with its `answers`, in ascending
    order; the result, `about`, with names of figures; and the `names` of the runs."""

    said: str
    asks: str
    answers: tuple[str, ...]
    about: str
    names: tuple[str, ...]


# fmt: off
BELIEF_WORDS: Final[Mapping[str, BeliefWords]] = MappingProxyType(
    {
        "order": BeliefWords(
            QT_TRANSLATE_NOOP("sentences", "“&Order doesn't matter”"),
            QT_TRANSLATE_NOOP("sentences",
                "After an epoch of shuffled digits, a network reads 90 % of the validation digits right. In epoch 2 "
                "the digits come sorted by class, the 0s first and the 9s last. What does it read right then?"),
            (
                QT_TRANSLATE_NOOP("sentences", "Less than 20 %"),
                QT_TRANSLATE_NOOP("sentences", "About 60 %"),
                QT_TRANSLATE_NOOP("sentences", "About 90 %")),
            QT_TRANSLATE_NOOP("sentences",
                "Sorted by class, epoch 2 turns {before} % into {ordered} %. After 200 mixed mini-batches it is "
                "{healed} %."),
            (QT_TRANSLATE_NOOP("sentences", "sorted in epoch 2"),)),
        "back": BeliefWords(
            QT_TRANSLATE_NOOP("sentences", "“&−η undoes a step”"),
            QT_TRANSLATE_NOOP("sentences",
                "A network reads 90 % of the validation digits right. It trains on 200 mini-batches more. Then it goes "
                "back through the same mini-batches with −η. What does it read right then?"),
            (
                QT_TRANSLATE_NOOP("sentences", "Less than 50 %"),
                QT_TRANSLATE_NOOP("sentences", "About 70 %"),
                QT_TRANSLATE_NOOP("sentences", "90 % again")),
            QT_TRANSLATE_NOOP("sentences",
                "Back through 200 mini-batches with −η it reads {back} %, not {before} %: a gradient holds only at its "
                "place."),
            (QT_TRANSLATE_NOOP("sentences", "200 mini-batches back with −η"),)),
        "labels": BeliefWords(
            QT_TRANSLATE_NOOP("sentences", "“It learns the &digits, not the labels”"),
            QT_TRANSLATE_NOOP("sentences",
                "A network trains on 1,000 digits, and all of their labels are drawn by chance. How many of these "
                "digits does it read as their labels say, after 100 epochs?"),
            (
                QT_TRANSLATE_NOOP("sentences", "A tenth, as by guessing"),
                QT_TRANSLATE_NOOP("sentences", "About half"),
                QT_TRANSLATE_NOOP("sentences", "Nearly all")),
            QT_TRANSLATE_NOOP("sentences",
                "Of 1,000 labels drawn by chance it learns {heart} % by heart; of new digits it reads {validation} %."),
            (QT_TRANSLATE_NOOP("sentences", "all labels by chance"),)),
        "noise": BeliefWords(
            QT_TRANSLATE_NOOP("sentences", "“&Wrong labels spoil everything”"),
            QT_TRANSLATE_NOOP("sentences",
                "A network trains on 50,000 digits, and half of their labels are drawn by chance. What share of new "
                "digits does it read right, after three epochs?"),
            (
                QT_TRANSLATE_NOOP("sentences", "About 50 %"),
                QT_TRANSLATE_NOOP("sentences", "About 65 %"),
                QT_TRANSLATE_NOOP("sentences", "More than 80 %")),
            QT_TRANSLATE_NOOP("sentences",
                "Half of the labels are drawn by chance: it reads {validation} % of new digits right all the same."),
            (QT_TRANSLATE_NOOP("sentences", "half of the labels by chance"),)),
        "gap": BeliefWords(
            QT_TRANSLATE_NOOP("sentences", "“A &gap means overfitting”"),
            QT_TRANSLATE_NOOP("sentences",
                "Each of two networks reads more of its training digits right than of the validation digits: one 1 % "
                "more, the other 2 % more. Which of them reads more validation digits right?"),
            (
                QT_TRANSLATE_NOOP("sentences", "The one with 1 %"),
                QT_TRANSLATE_NOOP("sentences", "Both as many"),
                QT_TRANSLATE_NOOP("sentences", "The one with 2 %")),
            QT_TRANSLATE_NOOP("sentences",
                "The run with the larger gap, {wide} % and not {gap} %, reads more new digits: {large} %, not "
                "{small} %."),
            (
                QT_TRANSLATE_NOOP("sentences", "Chapter 1, 15 epochs"),
                QT_TRANSLATE_NOOP("sentences", "cross-entropy, 100 hidden")),
        ),
        "equal": BeliefWords(
            QT_TRANSLATE_NOOP("sentences", "“&Equal scores mean equal networks”"),
            QT_TRANSLATE_NOOP("sentences",
                "Two networks differ only in their seeds, and each misreads about 500 of the 10,000 test digits. How "
                "many digits does only one of the two misread?"),
            (
                QT_TRANSLATE_NOOP("sentences", "Fewer than 50"),
                QT_TRANSLATE_NOOP("sentences", "About 150"),
                QT_TRANSLATE_NOOP("sentences", "More than 300")),
            QT_TRANSLATE_NOOP("sentences",
                "Two seeds with nearly the same score: {alone} digits are misread by only one. Mistakes shows which."),
            (
                QT_TRANSLATE_NOOP("sentences", "equal score, seed 1"),
                QT_TRANSLATE_NOOP("sentences", "equal score, seed 2")),
        ),
        "unknown": BeliefWords(
            QT_TRANSLATE_NOOP("sentences", "“It says when it doesn't &know”"),
            QT_TRANSLATE_NOOP("sentences",
                "A network has never seen a 4. Now it gets the 4s among the test digits. For how many of them is one "
                "of its outputs above 0.9?"),
            (
                QT_TRANSLATE_NOOP("sentences", "Hardly any"),
                QT_TRANSLATE_NOOP("sentences", "About a tenth"),
                QT_TRANSLATE_NOOP("sentences", "More than a third")),
            QT_TRANSLATE_NOOP("sentences",
                "It has never seen a 4. It reads {nine} % of them as 9, and is sure of {sure} %. Draw one."),
            (QT_TRANSLATE_NOOP("sentences", "trained without a 4"),)),
        "sees": BeliefWords(
            QT_TRANSLATE_NOOP("sentences", "“It &sees what I see”"),
            QT_TRANSLATE_NOOP("sentences",
                "A network reads 93 % of the test digits right. Pixels of a 4 are changed one by one, always the one "
                "that helps most. After how many of its 784 pixels does it read something else?"),
            (
                QT_TRANSLATE_NOOP("sentences", "A dozen at most"),
                QT_TRANSLATE_NOOP("sentences", "About 50"),
                QT_TRANSLATE_NOOP("sentences", "More than 100")),
            QT_TRANSLATE_NOOP("sentences",
                "After {pixels} pixels it reads a 4 as something else; half of all digits need six or fewer. "
                "Left and Right show each."),
            (QT_TRANSLATE_NOOP("sentences", "Chapter 1, 3 epochs"),)),
    }
)  # by the names of `BELIEFS`, in the same order
# fmt: on


def about(name: str, figures: Mapping[str, float]) -> str:
    shown = {
        each: numbers.whole(round(value)) if each in _COUNTS else numbers.percent_number(value, 1)
        for each, value in figures.items()
    }
    return translated(BELIEF_WORDS[name].about).format(**shown)
