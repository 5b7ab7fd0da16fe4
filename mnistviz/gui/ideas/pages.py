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
    from mnistviz.gui.ideas.perceptron.perceptron_page import PerceptronPage

    return PerceptronPage(makings)


def _circuit(makings: PageMakings) -> Page:
    from mnistviz.gui.ideas.circuit.circuit_page import CircuitPage

    return CircuitPage(makings)


def _sigmoid(makings: PageMakings) -> Page:
    from mnistviz.gui.ideas.sigmoid.sigmoid_page import SigmoidPage

    return SigmoidPage(makings)


def _valley(makings: PageMakings) -> Page:
    from mnistviz.gui.ideas.valley.valley_page import ValleyPage

    return ValleyPage(makings)


def _step(makings: PageMakings) -> Page:
    from mnistviz.gui.ideas.step.step_page import StepPage

    return StepPage(makings)


def _few_digits(makings: PageMakings) -> Page:
    from mnistviz.gui.ideas.few_digits.few_digits_page import FewDigitsPage

    return FewDigitsPage(makings)


def _binary_outputs(makings: PageMakings) -> Page:
    from mnistviz.gui.ideas.binary_outputs.binary_outputs_page import BinaryOutputsPage

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
        "step",
        QT_TRANSLATE_NOOP("sentences", "Why a smooth cost"),
        ("flat", "flags", "half", "step"),
        _step,
    ),
    PageEntry(
        "few_digits",
        QT_TRANSLATE_NOOP("sentences", "A few digits stand for all"),
        ("flag", "narrow", "epoch"),
        _few_digits,
    ),
    PageEntry(
        "binary_outputs",
        QT_TRANSLATE_NOOP("sentences", "Four outputs instead of ten"),
        ("last", "all", "other", "direct"),
        _binary_outputs,
    ),
)
