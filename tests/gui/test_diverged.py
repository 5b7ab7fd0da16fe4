"""A run that has diverged: nowhere on the screen stands a number that is none, and Apply goes on from what worked."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip
from pytestqt.qtbot import QtBot

from mnistviz.engine.commands import Step
from mnistviz.engine.digits import Digits
from mnistviz.engine.settings import Settings
from tests.gui.live_run import live_run
from tests.gui.test_language import Open, Screen

NO_NUMBER = re.compile(r"\b(nan|inf|NaN|∞)\b", re.IGNORECASE)


class NumberScreen(Screen):
    """Remembers what is read that is no number."""

    def hear(self, text: str, whose: str = "") -> None:
        self.read += 1
        if NO_NUMBER.search(re.sub(r"<[^>]*>", " ", text)):
            self.left.add(f"{whose}: {text!r}")


def test_nowhere_stands_a_number_that_is_none(
    qtbot: QtBot, open_window: Open, small_digits: Digits, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = NumberScreen()
    paint = QPainter.drawText

    def painted(*given: object) -> object:
        for value in given:
            if isinstance(value, str):
                screen.hear(value, "painted")
        return paint(*given)  # type: ignore[call-overload]

    monkeypatch.setattr(QPainter, "drawText", painted)
    monkeypatch.setattr(
        QToolTip, "showText", staticmethod(lambda *given: screen.hear(str(given[1]), "tooltip"))
    )
    window = open_window(small_digits)
    window.controls.show_settings(
        Settings(sizes=(784, 30, 20, 10), activation="relu", eta=1_000.0, weight_decay=5.0)
    )
    window.steering.new_run()
    window.open_unit(1, 0)
    run, card = live_run(window.lab), window.network
    assert run is not None
    card.pad.show_test_digit()
    window.lab.runs.send(Step(400))
    qtbot.waitUntil(lambda: run.diverged and not run.playing and run.has_obeyed, timeout=20_000)
    for layer in (1, 2, 3):
        card.select(layer, 0)
        window.open_unit(layer, 0)
        for showing in ("learned", "weights"):
            card.showing.choose(showing)
            window.unit_detail.showing.choose(showing)
            stage = card.picture.opened_stage
            place = stage.slots.picture_of(0) if stage is not None and stage.slots is not None else None
            if place is not None:
                QTest.mouseMove(card.picture.viewport(), place.center().toPoint())
            QTest.mouseMove(window.unit_detail.picture, window.unit_detail.picture.rect().center())
            screen.look(card, window.unit_detail)
    screen.look()
    for name in ("cost_plot", "accuracy_plot"):
        plot = window.findChild(QAbstractScrollArea, name)
        assert plot is not None
        inside = plot.viewport()
        for share in (0.1, 0.5, 0.9):
            QTest.mouseMove(inside, QPoint(int(share * inside.width()), inside.height() // 2))
            screen.look(window.curves)
    assert screen.read > 100
    assert not screen.left, "\n".join(sorted(screen.left))
