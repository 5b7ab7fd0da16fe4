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


PAGES: Final = (
    PageEntry(
        "perceptron",
        QT_TRANSLATE_NOOP("sentences", "The perceptron"),
        ("nand", "xor", "decision"),
        _perceptron,
    ),
)
