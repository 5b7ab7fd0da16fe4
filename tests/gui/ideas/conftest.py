"""What the tests of the ideas share: a page with a lab without threads behind it, hands for it, and all that can be
read of it."""

from collections.abc import Iterator
from typing import Any, Protocol, TypeVar, cast

import pyqtgraph as pg
import pytest
from PySide6 import QtWidgets
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mnistviz.engine.digits import Digits
from mnistviz.engine.network import Network
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.painted_text import watched
from mnistviz.gui.common.theme import LIGHT, stylesheet
from mnistviz.gui.ideas.ideas import Ideas
from mnistviz.gui.ideas.page import Page, PageContext
from mnistviz.gui.ideas.parts.idea_plot import IdeaPlot
from mnistviz.gui.lab.lab import Lab
from tests.gui.children import child
from tests.gui.lab_by_hand import LabByHand, end, lab_by_hand_on

LEFT = Qt.MouseButton.LeftButton
AROUND = 52  # pixels of a window above and below the ideas: the menus and the line at the bottom
P = TypeVar("P", bound=Page)


class OpenPage(Protocol):
    """Opens a page, as large as in a window of `size`, with a few digits and a network that learned for `steps`, or on
    `network`; `dressed` with the program's style sheet, where sizes matter."""

    def __call__(self, kind: type[P], digits: Digits | None = ..., **options: Any) -> P: ...


@pytest.fixture
def open_page(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, prepared: None, small_digits: Digits
) -> Iterator[OpenPage]:
    labs: list[LabByHand] = []
    monkeypatch.setattr("mnistviz.gui.ideas.ideas.AHEAD", 1_000_000)  # no test wants the page after this one

    def make(
        kind: type[P],
        digits: Digits | None = small_digits,
        *,
        id: str = "",
        network: Network | None = None,
        steps: int = 0,
        size: tuple[int, int] = (1366, 768),
        dressed: bool = False,
    ) -> P:
        lab = lab_by_hand_on(monkeypatch, digits)
        labs.append(lab)
        if network is not None:
            lab.show_network(network)
        elif digits is not None:
            lab.run_to(steps, Settings())
        ideas = Ideas(lab, lambda: None, lambda *_: None)
        if dressed:
            ideas.setStyleSheet(stylesheet(LIGHT, 1.0))
        ideas.open(id or kind.id)
        lab.show(qtbot, ideas, size[0], size[1] - AROUND)
        page = ideas.page
        assert isinstance(page, kind)
        page.grab()  # laid out and painted once
        return page

    yield make  # type: ignore[misc]
    for lab in labs:
        for panel in lab.panels:
            cast(Ideas, panel).close_jobs()
        end(lab)


def bare_page(qtbot: QtBot, kind: type[P], size: tuple[int, int] = (1146, 656)) -> P:
    """A page that asks nothing of the lab, by itself, and so much sooner: seen and laid out; `size` is what a window of
    1366 × 768 leaves for it."""
    page = kind(PageContext(cast(Lab, None)))  # type: ignore[call-arg]
    qtbot.addWidget(page)
    page.resize(*size)
    page.show()
    page.opened()
    page.grab()
    return page


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


def click(widget: QtWidgets.QWidget, at: Any = None) -> None:
    """A click of the left button, in the middle or at a place."""
    place = widget.rect().center() if at is None else at.toPoint()
    QTest.mouseClick(widget, LEFT, pos=place)


def answer(page: Page, id: str) -> None:
    """The open question is answered, and its outcome seen."""
    click(child(page.question, QtWidgets.QPushButton, f"answer_{id}"))
    page.main_button.click()
    work(page)


def type_into(field: QtWidgets.QWidget, text: str) -> None:
    """What stands in a field is overwritten, by the keys."""
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def drag(plot: IdeaPlot, start: Any, x: float, y: float) -> None:
    """A handle, or what lies at a place, is dragged to another place, in units of the axes."""
    first = plot.at(*start) if isinstance(start, tuple) else plot.at(start.x, start.y)
    begin, stop = first.toPoint(), plot.at(x, y).toPoint()
    QTest.mousePress(plot.viewport(), LEFT, pos=begin)
    QTest.mouseMove(plot.viewport(), (begin + stop) / 2)
    QTest.mouseMove(plot.viewport(), stop)
    QTest.mouseRelease(plot.viewport(), LEFT, pos=stop)


def painted_by(widget: QtWidgets.QWidget) -> list[str]:
    """All text that a widget and its parts paint."""
    with watched() as painted:
        widget.grab()
    return [each.shown for each in painted]


def readable(page: Page) -> str:
    """All that can be read or heard, painted words too."""
    return "\n".join((all_texts(page), *painted_by(page)))


def all_texts(widget: QtWidgets.QWidget) -> str:
    """Everything that can be read, pointed at or heard of a widget, in one text."""
    texts: list[str] = []
    for each in (widget, *widget.findChildren(QtWidgets.QWidget)):
        texts += [each.toolTip(), each.whatsThis(), each.accessibleName(), each.accessibleDescription()]
        if isinstance(each, QtWidgets.QLabel | QtWidgets.QLineEdit):
            texts.append(each.text())
        elif isinstance(each, QtWidgets.QComboBox):
            texts += [each.itemText(row) for row in range(each.count())]
        elif isinstance(each, QtWidgets.QGraphicsView):
            for item in each.scene().items():
                if isinstance(item, QtWidgets.QGraphicsSimpleTextItem) and item.isVisible():
                    texts.append(item.text())
                elif isinstance(item, pg.TextItem) and item.isVisible():
                    texts.append(item.toPlainText())
        elif hasattr(each, "text") and callable(each.text):
            texts.append(str(each.text()))
    return "\n".join(filter(None, texts))
