"""The bar on top of the window."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mnistviz.gui.common.theme import LIGHT
from mnistviz.gui.window.action_book import ActionBook
from mnistviz.gui.window.figures import Figures
from mnistviz.gui.window.transport import SPEEDS, Transport

SOME = Figures(1.5, 7_500, 12_345.0, 0.0512, 0.9412, 2_500, 0.5)


@pytest.fixture
def transport(qtbot: QtBot) -> Transport:
    bar = Transport(LIGHT, ActionBook())
    qtbot.addWidget(bar)
    bar.resize(1_400, 80)
    bar.show()
    return bar


def texts(transport: Transport) -> list[tuple[str, str]]:
    return [(figure.title.text(), figure.value.text()) for figure in transport.figures]


def test_the_figures_of_the_moment_are_written_out(transport: Transport) -> None:
    transport.show_figures(SOME)
    assert texts(transport) == [
        ("epoch", "1.50"),
        ("mini-batches", "7,500"),
        ("mini-batches / s", "12,345"),
        ("cost", "0.0512"),
        ("validation, 2,500 ago", "94.12 %"),
    ]
    assert transport.progress.value() == 500
    transport.forget()
    assert texts(transport)[3:] == [("cost", "–"), ("validation accuracy", "–")]


@pytest.mark.parametrize(
    "figures",
    [
        replace(SOME, mini_batches=12_345_678_901, accuracy_age=123_456_789),
        replace(SOME, epochs=123_456.78, cost=123_456.7),
        replace(SOME, mini_batches_per_second=1_234_567.0, l2_term=1_234.5),
    ],
)
def test_no_figure_is_cut_however_long(transport: Transport, figures: Figures) -> None:
    transport.show_figures(figures)
    for figure in transport.figures:
        for label in (figure.title, figure.value):
            assert label.width() >= label.sizeHint().width()
            assert label.height() >= label.sizeHint().height()


class Layouts(QObject):
    """Counts how often a widget is laid out anew."""

    def __init__(self, watched: Transport) -> None:
        super().__init__()
        self.count = 0
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False


def test_figures_that_change_move_nothing(transport: Transport) -> None:
    transport.show_figures(SOME)
    QApplication.sendPostedEvents()
    layouts = Layouts(transport)
    places = [figure.geometry() for figure in transport.figures]
    for step in range(20):
        transport.show_figures(
            replace(SOME, epochs=2.0 + step, mini_batches=9_990 + step, accuracy_age=990 + step)
        )
        QApplication.sendPostedEvents()
    assert layouts.count == 0
    assert [figure.geometry() for figure in transport.figures] == places


@pytest.mark.parametrize(
    ("epochs", "shown"), [(0.0, "0.00"), (0.996, "0.99"), (0.9999, "0.99"), (1.0, "1.00"), (29.999, "29.99")]
)
def test_an_epoch_is_not_said_to_be_over_before_it_is(
    transport: Transport, epochs: float, shown: str
) -> None:
    transport.show_figures(replace(SOME, epochs=epochs))
    assert transport.epoch.value.text() == shown


def test_slower_and_faster_go_through_all_speeds(transport: Transport) -> None:
    seen: list[float | None] = []
    transport.speed_changed.connect(seen.append)
    for _ in range(len(SPEEDS) + 1):
        transport.slower()
    assert tuple(seen) == SPEEDS[-2::-1]
    assert (transport.speed_value(), transport.speed_text.text()) == (1.0, "1 / s")
    seen.clear()
    for _ in range(len(SPEEDS) + 1):
        transport.faster()
    assert tuple(seen) == SPEEDS[1:]
    assert (transport.speed_value(), transport.speed_text.text()) == (None, "full")
