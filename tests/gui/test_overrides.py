"""A fault in a method that Qt calls is reported like any other, Qt gets a valid result, and the window goes on."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FunctionType

import pytest
from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QRectF, QSize, QThread
from PySide6.QtGui import QCloseEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QGraphicsItem,
    QGraphicsScene,
    QGraphicsView,
    QLineEdit,
    QListView,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionGraphicsItem,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot
from shiboken6 import Shiboken

import mnistviz.gui
from mnistviz.gui.last_resort import LastResort
from mnistviz.gui.overrides import qt_method

HAVE_THEIR_OWN = {"expandingDirections", "text"}
"""Results of other types: Qt's own method has one, for a widget that is there."""


@pytest.fixture
def told() -> Iterator[list[str]]:
    """What the user is told."""
    texts: list[str] = []
    resort = LastResort(texts.append)
    yield texts
    resort.close()


def overrides() -> dict[str, FunctionType]:
    """All overrides of the program, by where they are."""
    (folder,) = map(Path, mnistviz.gui.__path__)
    for path in folder.rglob("*.py"):
        inside = path.relative_to(folder).with_suffix("").parts
        importlib.import_module(".".join((mnistviz.gui.__name__, *inside)).removesuffix(".__init__"))
    found, classes = {}, [Shiboken.Object]
    while classes:
        cls = classes.pop()
        classes += type.__subclasses__(cls)
        if cls.__module__.startswith(mnistviz.gui.__name__):
            for name in dir(cls):  # those of a base that is not Qt's, too
                method = getattr(cls, name)
                ours = isinstance(method, FunctionType) and method.__module__.startswith("mnistviz")
                if ours and qt_method(cls, name) is not None:
                    found[f"{cls.__module__}.{cls.__name__}.{name}"] = method
    return found


def test_no_override_lets_an_exception_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Called without anything, each raises a TypeError."""
    faults: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: faults.append(error))
    found = overrides()
    assert len({*found.values()}) > 300
    for place, override in found.items():
        result, kind = override(), override.__annotations__["return"]
        assert [type(fault) for fault in faults] == [TypeError], place
        faults.clear()
        if kind in ("None", "Any") or kind.endswith(" | None"):
            assert result is None, place
        elif override.__name__ not in HAVE_THEIR_OWN:
            assert type(result).__name__ == kind, f"{place}: `_EMPTY` lacks {kind}"


def test_a_fault_in_an_override_fails_a_test(qtbot: QtBot) -> None:
    with capture_exceptions() as caught:
        shown(qtbot, FaultyButton())
    assert [kind for kind, _, _ in caught][:1] == [ValueError]


class Faulty(QWidget):
    """Fails wherever Qt calls it."""

    def showEvent(self, event: QShowEvent) -> None:
        raise ValueError("shown")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawPoint(1, 1)
        raise ValueError("painted")

    def sizeHint(self) -> QSize:
        raise ValueError("asked")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        raise ValueError("filtered")

    def closeEvent(self, event: QCloseEvent) -> None:
        raise ValueError("closed")


class FaultyButton(QPushButton):
    """What its base does is still done."""

    def sizeHint(self) -> QSize:
        raise ValueError("asked")


class FaultyModel(QAbstractListModel):
    def rowCount(self, parent: object = None) -> int:
        return 3

    def data(self, index: object, role: int = 0) -> object:
        raise ValueError("read")


class FaultyDelegate(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: object) -> None:
        painter.setOpacity(0.5)
        raise ValueError("painted")


class FaultyItem(QGraphicsItem):
    fails = True

    def boundingRect(self) -> QRectF:
        if self.fails:
            raise ValueError("asked")
        return QRectF(0, 0, 50, 50)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: object = None) -> None:
        raise ValueError("painted")


def shown(qtbot: QtBot, widget: QWidget) -> QWidget:
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()
    widget.grab()
    return widget


def test_a_widget_whose_methods_fail_is_shown_painted_and_closed(
    told: list[str], qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    widget = Faulty()
    field = QLineEdit(widget)
    field.installEventFilter(widget)
    shown(qtbot, widget)
    for _ in range(3):
        widget.repaint()
    QTest.keyClicks(field, "784")
    assert field.text() == "784", "a filter that fails holds nothing back"
    assert widget.sizeHint() == QWidget.sizeHint(widget)
    widget.close()
    assert not widget.isVisible()
    where = {"shown", "painted", "asked", "filtered", "closed"}
    qtbot.waitUntil(lambda: len(told) >= len(where))
    assert sorted(told) == sorted(f"ValueError: {each}" for each in where), "each once"
    traces = [record for record in caplog.records if record.exc_info]
    assert len(traces) == len(where)
    assert caplog.text.count("in showEvent") == 1


def test_a_layout_goes_by_the_size_of_the_base(told: list[str], qtbot: QtBot) -> None:
    widget = QWidget()
    layout = QVBoxLayout(widget)
    faulty, usual = FaultyButton("Mini-batch"), QPushButton("Mini-batch")
    for button in (faulty, usual):
        layout.addWidget(button)
    shown(qtbot, widget)
    assert faulty.sizeHint() == usual.sizeHint()
    qtbot.waitUntil(lambda: told == ["ValueError: asked"])


def test_a_list_whose_model_and_delegate_fail_has_its_rows(told: list[str], qtbot: QtBot) -> None:
    view = QListView()
    model, delegate = FaultyModel(view), FaultyDelegate(view)
    view.setModel(model)
    shown(qtbot, view)
    view.setItemDelegate(delegate)
    view.grab()
    assert view.indexAt(view.visualRect(model.index(2)).center()).row() == 2
    assert model.data(QModelIndex()) is None
    qtbot.waitUntil(lambda: sorted(told) == ["ValueError: painted", "ValueError: read"])


def test_a_scene_goes_on_beside_an_item_that_fails(told: list[str], qtbot: QtBot) -> None:
    scene = QGraphicsScene()
    scene.addRect(0, 0, 100, 100)
    item = FaultyItem()
    scene.addItem(item)
    view = QGraphicsView(scene)
    shown(qtbot, view)
    item.prepareGeometryChange()
    item.fails = False
    view.grab()
    assert scene.itemsBoundingRect().contains(QRectF(0, 0, 100, 100))
    qtbot.waitUntil(lambda: sorted(told) == ["ValueError: asked", "ValueError: painted"])


def test_a_thread_whose_run_fails_ends(told: list[str], qtbot: QtBot) -> None:
    class Failing(QThread):
        def run(self) -> None:
            raise ValueError("ran")

    thread = Failing()
    with qtbot.waitSignal(thread.finished):
        thread.start()
    qtbot.waitUntil(lambda: told == ["ValueError: ran"])
    thread.wait()


class Handling(QObject):
    """Does something with each event of its own."""

    def __init__(self, handle: Callable[[], object]) -> None:
        super().__init__()
        self._handle = handle

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.User:
            self._handle()
        return super().event(event)

    def send(self) -> None:
        QApplication.sendEvent(self, QEvent(QEvent.Type.User))


def fails(error: BaseException) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail


def test_ctrl_c_amid_an_override_quits(told: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    quits: list[bool] = []
    monkeypatch.setattr(QApplication, "quit", lambda: quits.append(True))
    Handling(fails(KeyboardInterrupt())).send()
    QApplication.processEvents()
    assert quits == [True]
    assert not told


def test_without_memory_it_is_told_as_well(told: list[str], qtbot: QtBot) -> None:
    Handling(fails(MemoryError("for an array"))).send()
    qtbot.waitUntil(lambda: told == ["MemoryError: for an array"])


@pytest.mark.parametrize("deep", range(12))
def test_an_endless_recursion_through_an_override_ends_and_is_told(
    told: list[str], qtbot: QtBot, deep: int
) -> None:
    """Wherever there is no more room: for what Qt calls, or for the report, which the next one makes then."""

    def nested(levels: int) -> None:
        if levels:
            nested(levels - 1)
        else:
            handling.send()

    handling: Handling = Handling(lambda: handling.send())
    nested(deep)
    Handling(lambda: None).send()
    qtbot.waitUntil(lambda: bool(told))
    assert {text.partition(":")[0] for text in told} <= {"RecursionError", "SystemError"}
