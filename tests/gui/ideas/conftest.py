"""What the tests of the ideas share: a page in a window of its own, and all that can be read of it."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator

import pyqtgraph as pg
import pytest
from PySide6.QtWidgets import QComboBox, QGraphicsSimpleTextItem, QGraphicsView, QLabel, QLineEdit, QWidget

from mnistviz.engine.digits import Digits
from mnistviz.gui.ideas.page import Page
from mnistviz.gui.window.main_window import MainWindow

OpenPage = Callable[..., Page]


@pytest.fixture(autouse=True)
def nothing_left_to_free() -> Iterator[None]:
    """Figures are let go of here, not amid the next test, in whatever thread Python thinks of it."""
    yield
    gc.collect()


@pytest.fixture
def open_page(open_window: Callable[..., MainWindow], small_digits: Digits) -> OpenPage:
    """Opens a page by its id, in a window with a few digits and an untrained network; the window is `page.window()`."""

    def make(id: str, digits: Digits | None = small_digits, *, size: tuple[int, int] = (1366, 768)) -> Page:
        window = open_window(digits)
        window.resize(*size)
        window.action_book["ideas"].trigger()
        window.ideas.open(id)
        page = window.ideas.page
        assert page is not None
        page.grab()  # laid out and painted once
        return page

    return make


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
