"""A page by itself, for those that ask nothing of the lab: no window, no threads, and so much sooner."""

from __future__ import annotations

from typing import TypeVar, cast

from pytestqt.qtbot import QtBot

from mnistviz.gui.common.theme import LIGHT
from mnistviz.gui.ideas.page import Page, PageContext
from mnistviz.gui.lab.lab import Lab

APage = TypeVar("APage", bound=Page)


def bare_page(qtbot: QtBot, kind: type[APage], size: tuple[int, int] = (1146, 656)) -> APage:
    """The page, seen and laid out; `size` is what a window of 1366 × 768 leaves for it."""
    page = kind(PageContext(LIGHT, cast(Lab, None)))  # type: ignore[call-arg]
    qtbot.addWidget(page)
    page.resize(*size)
    page.show()
    page.opened()
    page.grab()
    return page
