"""The choices of now, and the controls that show and change them."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import Shiboken

from mnistviz.gui.common.choices import Choices, Chosen, CurvesPart, LayersPart
from mnistviz.gui.common.tab_tools import ChoiceActions

PARTS = (("gradient", "&gradient", "Shows it."), ("step", "&step", "Shows it."))


@pytest.fixture
def chosen() -> Chosen:
    return Chosen()


def test_it_tells_what_changes_something_and_nothing_else(chosen: Chosen) -> None:
    told = list[str]()
    chosen.listen("layers", lambda: told.append(chosen.now.layers.size))
    chosen.listen("curves", lambda: told.append("curves"))
    chosen.choose("layers", size="step")
    chosen.choose("layers", size="step")
    assert told == ["step"]
    assert chosen.now == Choices(layers=LayersPart(size="step"))


def test_what_is_restored_is_told_though_it_is_the_same(chosen: Chosen) -> None:
    told = list[str]()
    chosen.restored.connect(lambda: told.append(f"restored, {chosen.now.layers.size}"))
    chosen.listen("layers", lambda: told.append(f"followed, {chosen.now.layers.size}"))
    for _ in range(2):
        chosen.restore(Choices(layers=LayersPart(size="step")))
    assert told == [
        "restored, gradient",
        "followed, step",
        "restored, step",
        "followed, step",
    ]


def test_a_control_shows_a_choice_and_changes_it(chosen: Chosen, qtbot: QtBot) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    action = QAction("&Errors", owner)
    action.setCheckable(True)
    choice = ChoiceActions("size", "Size", PARTS, owner)
    chosen.restore(Choices(curves=CurvesPart(error_scale=True), layers=LayersPart(size="step")))
    chosen.bind(action, "curves", "error_scale")
    chosen.bind(choice, "layers", "size")
    assert (action.isChecked(), choice.value()) == (True, "step")
    action.trigger()
    choice.actions["gradient"].trigger()
    assert chosen.now == Choices()
    told = list[str]()
    choice.chosen.connect(told.append)
    chosen.choose("layers", size="step")
    assert (choice.value(), told) == ("step", ["step"]), "who follows the control hears of it"
    assert [each.isChecked() for each in choice.actions.values()] == [False, True], "as the menu shows it"
    chosen.choose("layers", size="nonsense")
    assert choice.value() == "step"


def test_a_control_that_has_gone_is_told_nothing(chosen: Chosen) -> None:
    action = QAction("&Errors")
    action.setCheckable(True)
    chosen.bind(action, "curves", "error_scale")
    Shiboken.delete(action)
    chosen.choose("curves", error_scale=True)
    assert chosen.now.curves.error_scale
