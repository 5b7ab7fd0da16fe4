"""Nothing on a page moves when its question is answered: what is seen before and after stands in one place."""

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QGraphicsView,
    QLabel,
    QLineEdit,
    QPushButton,
    QSlider,
    QWidget,
)

from mnistviz.gui.common.painted_figure import PaintedFigure
from mnistviz.gui.ideas.page import Page
from mnistviz.gui.ideas.pages import PAGES, PageEntry
from mnistviz.gui.ideas.perceptron.perceptron_page import PerceptronPage
from tests.examples import one_quick
from tests.gui.children import child, known
from tests.gui.ideas.conftest import OpenPage, work

KINDS = (QAbstractButton, QFrame, QLabel, QLineEdit, QSlider, PaintedFigure, QGraphicsView)


def rectangles(page: Page) -> dict[int, tuple[str, QRect]]:
    """Where each part is, by what it is; that of the words above the buttons is as wide as its words."""
    page.grab()
    found = {}
    for part in page.findChildren(QWidget):
        words = page.question.detail is part or "answer_" in part.objectName()
        if isinstance(part, KINDS) and part.isVisible() and not words:
            name = f"{type(part).__name__} {part.objectName() or getattr(part, 'text', str)()}"
            found[id(part)] = name, QRect(part.mapTo(page, QPoint()), part.size())
    return found


def moved(page: Page, before: dict[int, tuple[str, QRect]]) -> list[str]:
    after = rectangles(page)
    return [
        f"{name}: {place.getRect()} to {after[id][1].getRect()}"
        for id, (name, place) in before.items()
        if id in after and after[id][1] != place
    ]


@pytest.mark.parametrize("size", [pytest.param((1440, 900), marks=pytest.mark.long), (1024, 640)])
@one_quick("entry", PAGES, ids=lambda entry: entry.id, quick=2)
def test_an_answer_moves_nothing(open_page: OpenPage, entry: PageEntry, size: tuple[int, int]) -> None:
    page = open_page(Page, id=entry.id, size=size, dressed=True)
    if size == (1440, 900):  # the measures of the design
        assert (page.question.height(), page.question.width(), page.beside.width()) == (136, 860, 336)
    widths = {page.window().width()}
    work(page)
    if isinstance(page, PerceptronPage):
        page.choose_gate("xor")
    for number in range(len(page.scenes)):
        question = known(page.question.asked)
        before = rectangles(page)
        if question.answers:
            child(page.question, QPushButton, f"answer_{question.answers[0][0]}").click()
            assert moved(page, before) == []
        for _ in range(3 if page.question.asked and page.scene.id == "full_adder" else 1):
            page.show_me()
        page.grab()  # while it is worked out
        widths.add(page.window().width())
        work(page)
        assert page.question.asked is None
        assert moved(page, before) == []
        widths.add(page.window().width())
        assert page.has_more == (number < len(page.scenes) - 1)
        page.go_on()
        work(page)
    assert widths == {size[0]}, "no page makes its window wider"


@pytest.mark.parametrize("id", ["step", "few_digits"])
def test_nothing_moves_while_something_is_worked_out(open_page: OpenPage, id: str) -> None:
    page = open_page(Page, id=id, size=(1024, 640), dressed=True)
    assert page.long_work is not None
    before, least = rectangles(page), page.minimumSizeHint().width()
    page.long_work.words.setText("Looking at three hundred places, one after another")
    page.long_work.show()
    assert moved(page, before) == []
    assert page.minimumSizeHint().width() == least
    page.long_work.failed("This could not be worked out: no memory is left.")
    assert "no memory" in page.question.line.text()
    assert moved(page, before) == []
