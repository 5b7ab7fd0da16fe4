"""The texts of each belief to test: in the menu, before its runs are trained, and afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from mnistviz.gui.common import numbers
from mnistviz.gui.common.widgets import translated
from mnistviz.marking import marked

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
            marked("sentences", "“&Order doesn't matter”"),
            marked("sentences",
                "After an epoch of shuffled digits, a network reads 90 % of the validation digits right. In epoch 2 "
                "the digits come sorted by class, the 0s first and the 9s last. What does it read right then?"),
            (
                marked("sentences", "Less than 20 %"),
                marked("sentences", "About 60 %"),
                marked("sentences", "About 90 %")),
            marked("sentences",
                "Sorted by class, epoch 2 turns {before} % into {ordered} %. After 200 mixed mini-batches it is "
                "{healed} %."),
            (marked("sentences", "sorted in epoch 2"),)),
        "back": BeliefWords(
            marked("sentences", "“&−η undoes a step”"),
            marked("sentences",
                "A network reads 90 % of the validation digits right. It trains on 200 mini-batches more. Then it goes "
                "back through the same mini-batches with −η. What does it read right then?"),
            (
                marked("sentences", "Less than 50 %"),
                marked("sentences", "About 70 %"),
                marked("sentences", "90 % again")),
            marked("sentences",
                "Back through 200 mini-batches with −η it reads {back} %, not {before} %: a gradient holds only at its "
                "place."),
            (marked("sentences", "200 mini-batches back with −η"),)),
        "labels": BeliefWords(
            marked("sentences", "“It learns the &digits, not the labels”"),
            marked("sentences",
                "A network trains on 1,000 digits, and all of their labels are drawn by chance. How many of these "
                "digits does it read as their labels say, after 100 epochs?"),
            (
                marked("sentences", "A tenth, as by guessing"),
                marked("sentences", "About half"),
                marked("sentences", "Nearly all")),
            marked("sentences",
                "Of 1,000 labels drawn by chance it learns {heart} % by heart; of new digits it reads {validation} %."),
            (marked("sentences", "all labels by chance"),)),
        "noise": BeliefWords(
            marked("sentences", "“&Wrong labels spoil everything”"),
            marked("sentences",
                "A network trains on 50,000 digits, and half of their labels are drawn by chance. What share of new "
                "digits does it read right, after three epochs?"),
            (
                marked("sentences", "About 50 %"),
                marked("sentences", "About 65 %"),
                marked("sentences", "More than 80 %")),
            marked("sentences",
                "Half of the labels are drawn by chance: it reads {validation} % of new digits right all the same."),
            (marked("sentences", "half of the labels by chance"),)),
        "gap": BeliefWords(
            marked("sentences", "“A &gap means overfitting”"),
            marked("sentences",
                "Each of two networks reads more of its training digits right than of the validation digits: one 1 % "
                "more, the other 2 % more. Which of them reads more validation digits right?"),
            (
                marked("sentences", "The one with 1 %"),
                marked("sentences", "Both as many"),
                marked("sentences", "The one with 2 %")),
            marked("sentences",
                "The run with the larger gap, {wide} % and not {gap} %, reads more new digits: {large} %, not "
                "{small} %."),
            (
                marked("sentences", "Chapter 1, 15 epochs"),
                marked("sentences", "cross-entropy, 100 hidden")),
        ),
        "equal": BeliefWords(
            marked("sentences", "“&Equal scores mean equal networks”"),
            marked("sentences",
                "Two networks differ only in their seeds, and each misreads about 500 of the 10,000 test digits. How "
                "many digits does only one of the two misread?"),
            (
                marked("sentences", "Fewer than 50"),
                marked("sentences", "About 150"),
                marked("sentences", "More than 300")),
            marked("sentences",
                "Two seeds with nearly the same score: {alone} digits are misread by only one. Mistakes shows which."),
            (
                marked("sentences", "equal score, seed 1"),
                marked("sentences", "equal score, seed 2")),
        ),
        "unknown": BeliefWords(
            marked("sentences", "“It says when it doesn't &know”"),
            marked("sentences",
                "A network has never seen a 4. Now it gets the 4s among the test digits. For how many of them is one "
                "of its outputs above 0.9?"),
            (
                marked("sentences", "Hardly any"),
                marked("sentences", "About a tenth"),
                marked("sentences", "More than a third")),
            marked("sentences",
                "It has never seen a 4. It reads {nine} % of them as 9, and is sure of {sure} %. Draw one."),
            (marked("sentences", "trained without a 4"),)),
        "sees": BeliefWords(
            marked("sentences", "“It &sees what I see”"),
            marked("sentences",
                "A network reads 93 % of the test digits right. Pixels of a 4 are changed one by one, always the one "
                "that helps most. After how many of its 784 pixels does it read something else?"),
            (
                marked("sentences", "A dozen at most"),
                marked("sentences", "About 50"),
                marked("sentences", "More than 100")),
            marked("sentences",
                "After {pixels} pixels it reads a 4 as something else; half of all digits need six or fewer. "
                "Left and Right show each."),
            (marked("sentences", "Chapter 1, 3 epochs"),)),
    }
)  # by the names of `BELIEFS`, in the same order
# fmt: on


def about(name: str, figures: Mapping[str, float]) -> str:
    shown = {
        each: numbers.whole(round(value)) if each in _COUNTS else numbers.percent_number(value, 1)
        for each, value in figures.items()
    }
    return translated(BELIEF_WORDS[name].about).format(**shown)
