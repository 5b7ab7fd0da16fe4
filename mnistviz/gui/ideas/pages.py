"""The table of pages, in the order of the book's chapter. A page's module is imported when it is first opened."""

from __future__ import annotations

from importlib import import_module
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
    PageEntry("nine", QT_TRANSLATE_NOOP("sentences", "Parts of a nine"), ("better", "part", "found", "layers")),
)  # fmt: skip
IDS: Final = tuple(entry.id for entry in PAGES)


def build(id: str, context: PageContext) -> Page:
    """Import and build a page, by its id: for *few_digits* the class FewDigitsPage in few_digits_page.py."""
    module = import_module(f"mnistviz.gui.ideas.{id}.{id}_page")
    page: Page = getattr(module, f"{id.title().replace('_', '')}Page")(context)
    return page
