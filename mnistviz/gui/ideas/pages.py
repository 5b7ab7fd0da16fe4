"""The one table of pages, in the order of the book's chapter. A page's own file is read when it is opened first."""

from __future__ import annotations

from typing import Final, NamedTuple

from mnistviz.gui.ideas.page import Page, PageContext
from mnistviz.marking import QT_TRANSLATE_NOOP


class PageEntry(NamedTuple):
    """A page: its id in files, its name in the list, and the ids of its tasks."""

    id: str
    title: str
    tasks: tuple[str, ...]


PAGES: Final = (
    PageEntry("perceptron", QT_TRANSLATE_NOOP("sentences", "The perceptron"), ("nand", "xor", "decision")),
    PageEntry("circuit", QT_TRANSLATE_NOOP("sentences", "From gates to a circuit"),
              ("xor", "half_adder", "circle", "full_adder")),
    PageEntry("sigmoid", QT_TRANSLATE_NOOP("sentences", "From step to sigmoid"),
              ("nudge", "flip", "factor", "silent")),
    PageEntry("valley", QT_TRANSLATE_NOOP("sentences", "The ball in the valley"), ("both", "largest", "hill")),
    PageEntry("step", QT_TRANSLATE_NOOP("sentences", "Why a smooth cost"), ("flat", "flags", "half", "step")),
    PageEntry("few_digits", QT_TRANSLATE_NOOP("sentences", "A few digits stand for all"),
              ("flag", "narrow", "epoch")),
    PageEntry("binary_outputs", QT_TRANSLATE_NOOP("sentences", "Four outputs instead of ten"),
              ("last", "all", "other", "direct")),
)  # fmt: skip
IDS: Final = tuple(entry.id for entry in PAGES)


def build(id: str, context: PageContext) -> Page:
    """A page, by its id."""
    if id == "perceptron":
        from mnistviz.gui.ideas.perceptron.perceptron_page import PerceptronPage

        return PerceptronPage(context)
    if id == "circuit":
        from mnistviz.gui.ideas.circuit.circuit_page import CircuitPage

        return CircuitPage(context)
    if id == "sigmoid":
        from mnistviz.gui.ideas.sigmoid.sigmoid_page import SigmoidPage

        return SigmoidPage(context)
    if id == "valley":
        from mnistviz.gui.ideas.valley.valley_page import ValleyPage

        return ValleyPage(context)
    if id == "step":
        from mnistviz.gui.ideas.step.step_page import StepPage

        return StepPage(context)
    if id == "few_digits":
        from mnistviz.gui.ideas.few_digits.few_digits_page import FewDigitsPage

        return FewDigitsPage(context)
    from mnistviz.gui.ideas.binary_outputs.binary_outputs_page import BinaryOutputsPage

    return BinaryOutputsPage(context)
