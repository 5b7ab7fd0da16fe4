"""The one table of pages, in the order of the book's chapter. A page's own file is read when it is opened first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from mnistviz.gui.ideas.page import Page, PageMakings
from mnistviz.marking import QT_TRANSLATE_NOOP


@dataclass(frozen=True)
class PageEntry:
    """A page: its id in files, its name in the list, the ids of its tasks, and how it is built."""

    id: str
    title: str
    tasks: tuple[str, ...]
    build: Callable[[PageMakings], Page]


def _perceptron(makings: PageMakings) -> Page:
    from mnistviz.gui.ideas.perceptron.page import PerceptronPage

    return PerceptronPage(makings)


def _circuit(makings: PageMakings) -> Page:
    from mnistviz.gui.ideas.circuit.page import CircuitPage

    return CircuitPage(makings)


def _sigmoid(makings: PageMakings) -> Page:
    from mnistviz.gui.ideas.sigmoid.page import SigmoidPage

    return SigmoidPage(makings)


def _valley(makings: PageMakings) -> Page:
    from mnistviz.gui.ideas.valley.page import ValleyPage

    return ValleyPage(makings)


def _binary_outputs(makings: PageMakings) -> Page:
    from mnistviz.gui.ideas.binary_outputs.page import BinaryOutputsPage

    return BinaryOutputsPage(makings)


PAGES: Final = (
    PageEntry(
        "perceptron",
        QT_TRANSLATE_NOOP("sentences", "The perceptron"),
        ("nand", "xor", "decision"),
        _perceptron,
    ),
    PageEntry(
        "circuit",
        QT_TRANSLATE_NOOP("sentences", "From gates to a circuit"),
        ("xor", "half_adder", "circle", "full_adder"),
        _circuit,
    ),
    PageEntry(
        "sigmoid",
        QT_TRANSLATE_NOOP("sentences", "From step to sigmoid"),
        ("nudge", "flip", "factor", "silent"),
        _sigmoid,
    ),
    PageEntry(
        "valley",
        QT_TRANSLATE_NOOP("sentences", "The ball in the valley"),
        ("both", "largest", "hill"),
        _valley,
    ),
    PageEntry(
        "binary_outputs",
        QT_TRANSLATE_NOOP("sentences", "Four outputs instead of ten"),
        ("last", "all", "other", "direct"),
        _binary_outputs,
    ),
)
