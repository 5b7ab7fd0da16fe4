"""What the tests of the ideas share: a page with a lab without threads behind it, and all that can be read of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import cast

import pyqtgraph as pg
import pytest
from PySide6.QtWidgets import QComboBox, QGraphicsSimpleTextItem, QGraphicsView, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from mnistviz.engine.digits import Digits
from mnistviz.engine.network import Network
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.theme import LIGHT, stylesheet
from mnistviz.gui.ideas.ideas import Ideas
from mnistviz.gui.ideas.page import Page
from tests.gui.lab_by_hand import LabByHand, end, lab_by_hand_on

OpenPage = Callable[..., Page]
AROUND = 52  # pixels of a window above and below the ideas: the menus and the line at the bottom


@pytest.fixture
def open_page(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, prepared: None, small_digits: Digits
) -> Iterator[OpenPage]:
    """Opens a page by its id, as large as in a window of `size`, with a few digits and an untrained network, or on
    `network`; `dressed` with the program's style sheet, where sizes matter. `work(page)` does what it asks of the
    lab."""
    labs: list[LabByHand] = []
    monkeypatch.setattr("mnistviz.gui.ideas.ideas.AHEAD", 1_000_000)  # no test wants the page after this one

    def make(
        id: str,
        digits: Digits | None = small_digits,
        *,
        network: Network | None = None,
        size: tuple[int, int] = (1366, 768),
        dressed: bool = False,
    ) -> Page:
        lab = lab_by_hand_on(monkeypatch, digits)
        labs.append(lab)
        if network is not None:
            lab.show_network(network)
        elif digits is not None:
            lab.run_to(0, Settings())
        ideas = Ideas(LIGHT, lab, lambda: None, lambda *_: None)
        if dressed:
            ideas.setStyleSheet(stylesheet(LIGHT, 1.0))
        ideas.open(id)
        lab.show(qtbot, ideas, size[0], size[1] - AROUND)
        page = ideas.page
        assert page is not None
        page.grab()  # laid out and painted once
        return page

    yield make
    for lab in labs:
        for panel in lab.panels:
            cast(Ideas, panel).close_jobs()
        end(lab)


def lab_of(page: Page) -> LabByHand:
    """The lab behind a page that `open_page` has opened."""
    assert isinstance(page.lab, LabByHand)
    return page.lab


def work(page: Page) -> None:
    """Does all that the page has asked of the lab, and what it asks for when it sees what came of it."""
    lab = lab_of(page)
    lab.work()
    while lab.jobs.is_busy():
        lab.work()


def all_texts(widget: QWidget) -> str:
    """Everything that can be read, pointed at or heard of a widget, in one text."""
    texts: list[str] = []
    for each in (widget, *widget.findChildren(QWidget)):
        texts += [each.toolTip(), each.whatsThis(), each.accessibleName(), each.accessibleDescription()]
        if isinstance(each, QLabel | QLineEdit):
            texts.append(each.text())
        elif isinstance(each, QComboBox):
            texts += [each.itemText(row) for row in range(each.count())]
        elif isinstance(each, QGraphicsView):
            for item in each.scene().items():
                if isinstance(item, QGraphicsSimpleTextItem) and item.isVisible():
                    texts.append(item.text())
                elif isinstance(item, pg.TextItem) and item.isVisible():
                    texts.append(item.toPlainText())
        elif hasattr(each, "text") and callable(each.text):
            texts.append(str(each.text()))
    return "\n".join(filter(None, texts))
