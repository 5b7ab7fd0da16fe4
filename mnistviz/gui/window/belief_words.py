"""The texts of each belief to test: in the menu, before its runs are trained, and afterwards."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from msgspec import Struct

from mnistviz.gui.common import numbers
from mnistviz.gui.common.texts import translated
from mnistviz.marking import marked

_COUNTS: Final = ("alone", "pixels")  # counts of digits or pixels; all other figures are shares


class BeliefWords(Struct, frozen=True):
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
            marked("“&Order doesn't matter”"),
            marked(
                "After an epoch of shuffled digits, a network reads 90 % of the validation digits right. In epoch 2 "
                "the digits come sorted by class, the 0s first and the 9s last. What does it read right then?"),
            (marked("Less than 20 %"), marked("About 60 %"), marked("About 90 %")),
            marked(
                "Sorted by class, epoch 2 turns {before} % into {ordered} %. After 200 mixed mini-batches it is "
                "{healed} %."),
            (marked("sorted in epoch 2"),)),
        "back": BeliefWords(
            marked("“&−η undoes a step”"),
            marked(
                "A network reads 90 % of the validation digits right. It trains on 200 mini-batches more. Then it goes "
                "back through the same mini-batches with −η. What does it read right then?"),
            (marked("Less than 50 %"), marked("About 70 %"), marked("90 % again")),
            marked(
                "Back through 200 mini-batches with −η it reads {back} %, not {before} %: a gradient holds only at its "
                "place."),
            (marked("200 mini-batches back with −η"),)),
        "labels": BeliefWords(
            marked("“It learns the &digits, not the labels”"),
            marked(
                "A network trains on 1,000 digits, and all of their labels are drawn by chance. How many of these "
                "digits does it read as their labels say, after 100 epochs?"),
            (marked("A tenth, as by guessing"), marked("About half"), marked("Nearly all")),
            marked(
                "Of 1,000 labels drawn by chance it learns {heart} % by heart; of new digits it reads {validation} %."),
            (marked("all labels by chance"),)),
        "noise": BeliefWords(
            marked("“&Wrong labels spoil everything”"),
            marked(
                "A network trains on 50,000 digits, and half of their labels are drawn by chance. What share of new "
                "digits does it read right, after three epochs?"),
            (marked("About 50 %"), marked("About 65 %"), marked("More than 80 %")),
            marked("Half of the labels are drawn by chance: it reads {validation} % of new digits right all the same."),
            (marked("half of the labels by chance"),)),
        "gap": BeliefWords(
            marked("“A &gap means overfitting”"),
            marked(
                "Each of two networks reads more of its training digits right than of the validation digits: one 1 % "
                "more, the other 2 % more. Which of them reads more validation digits right?"),
            (marked("The one with 1 %"), marked("Both as many"), marked("The one with 2 %")),
            marked(
                "The run with the larger gap, {wide} % and not {gap} %, reads more new digits: {large} %, not {small} "
                "%."),
            (marked("Chapter 1, 15 epochs"), marked("cross-entropy, 100 hidden")),
        ),
        "equal": BeliefWords(
            marked("“&Equal scores mean equal networks”"),
            marked(
                "Two networks differ only in their seeds, and each misreads about 500 of the 10,000 test digits. How "
                "many digits does only one of the two misread?"),
            (marked("Fewer than 50"), marked("About 150"), marked("More than 300")),
            marked(
                "Two seeds with nearly the same score: {alone} digits are misread by only one. Mistakes shows which."),
            (marked("equal score, seed 1"), marked("equal score, seed 2")),
        ),
        "unknown": BeliefWords(
            marked("“It says when it doesn't &know”"),
            marked(
                "A network has never seen a 4. Now it gets the 4s among the test digits. For how many of them is one "
                "of its outputs above 0.9?"),
            (marked("Hardly any"), marked("About a tenth"), marked("More than a third")),
            marked("It has never seen a 4. It reads {nine} % of them as 9, and is sure of {sure} %. Draw one."),
            (marked("trained without a 4"),)),
        "sees": BeliefWords(
            marked("“It &sees what I see”"),
            marked(
                "A network reads 93 % of the test digits right. Pixels of a 4 are changed one by one, always the one "
                "that helps most. After how many of its 784 pixels does it read something else?"),
            (marked("A dozen at most"), marked("About 50"), marked("More than 100")),
            marked(
                "After {pixels} pixels it reads a 4 as something else; half of all digits need six or fewer. Left and "
                "Right show each."),
            (marked("Chapter 1, 3 epochs"),)),
    }
)  # by the names of `BELIEFS`, in the same order
# fmt: on


def about(name: str, figures: Mapping[str, float]) -> str:
    shown = {
        each: numbers.whole(round(value)) if each in _COUNTS else numbers.percent_number(value, 1)
        for each, value in figures.items()
    }
    return translated(BELIEF_WORDS[name].about, **shown)
