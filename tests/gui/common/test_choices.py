"""The choices of now, what follows from them, and the controls that show and change them."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import Shiboken

from mnistviz.gui.common import choices
from mnistviz.gui.common.tab_tools import ChoiceActions

PARTS = (("gradient", "&gradient", "Shows it."), ("step", "&step", "Shows it."))


@pytest.fixture
def chosen() -> choices.Chosen:
    return choices.Chosen()


def test_it_tells_what_changes_something_and_nothing_else(chosen: choices.Chosen) -> None:
    told = list[str]()
    chosen.listen("layers", lambda: told.append(chosen.now.layers.size))
    chosen.listen("curves", lambda: told.append("curves"))
    chosen.choose("layers", size="step")
    chosen.choose("layers", size="step")
    assert told == ["step"]
    assert chosen.now == choices.Choices(layers=choices.LayersPart(size="step"))


def test_what_is_restored_is_told_though_it_is_the_same(chosen: choices.Chosen) -> None:
    told = list[str]()
    chosen.restored.connect(lambda: told.append(f"restored, {chosen.now.layers.size}"))
    chosen.listen("layers", lambda: told.append(f"followed, {chosen.now.layers.size}"))
    for _ in range(2):
        chosen.restore(choices.Choices(layers=choices.LayersPart(size="step")))
    assert told == ["restored, gradient", "followed, step", "restored, step", "followed, step"]


def test_a_control_shows_a_choice_and_changes_it(chosen: choices.Chosen, qtbot: QtBot) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    action = QAction("&Errors", owner)
    action.setCheckable(True)
    choice = ChoiceActions("size", "Size", PARTS, owner)
    chosen.restore(
        choices.Choices(curves=choices.CurvesPart(error_scale=True), layers=choices.LayersPart(size="step"))
    )
    chosen.bind(action, "curves", "error_scale")
    chosen.bind(choice, "layers", "size")
    assert (action.isChecked(), choice.value()) == (True, "step")
    action.trigger()
    choice.actions["gradient"].trigger()
    assert chosen.now == choices.Choices()
    told = list[str]()
    choice.chosen.connect(told.append)
    chosen.choose("layers", size="step")
    assert (choice.value(), told) == ("step", ["step"]), "who follows the control hears of it"
    assert [each.isChecked() for each in choice.actions.values()] == [False, True], "as the menu shows it"
    chosen.choose("layers", size="nonsense")
    assert choice.value() == "step"
    overview = ChoiceActions("overview", "Overview", (("matrix", "&M", "."), ("pinned", "&P", ".")), owner)
    chosen.bind(overview, "mistakes", "overview")
    overview.actions["pinned"].trigger()
    assert overview.value() == "matrix", "nothing is pinned"


def test_a_control_that_has_gone_is_told_nothing(chosen: choices.Chosen) -> None:
    action = QAction("&Errors")
    action.setCheckable(True)
    chosen.bind(action, "curves", "error_scale")
    Shiboken.delete(action)
    chosen.choose("curves", error_scale=True)
    assert chosen.now.curves.error_scale


SOME = choices.MistakesPart(
    digit=7, true=3, overview="map", group="both_wrong", against=choices.AgainstPart("run", "B", 0)
)


def after(**fields: object) -> choices.MistakesPart:
    """What becomes of the mistakes where a gesture changes these."""
    before = choices.Choices(mistakes=SOME)
    return choices.follow(before, replace(before, mistakes=replace(SOME, **fields))).mistakes


def test_a_digit_is_let_go_with_its_set() -> None:
    assert after(set="validation") == replace(SOME, set="validation", digit=None)
    assert after(order="number") == replace(SOME, order="number")


def test_a_group_is_of_what_is_compared_with() -> None:
    other = choices.AgainstPart("best")
    assert after(against=other) == replace(SOME, against=other, group="")


@pytest.mark.parametrize(
    ("kind", "before", "now"),
    [
        ("alone", "groups", "matrix"),
        ("alone", "map", "map"),
        ("best", "matrix", "groups"),
        ("best", "map", "map"),
    ],
)
def test_groups_are_seen_where_two_are_compared(kind: str, before: str, now: str) -> None:
    assert after(against=choices.AgainstPart(kind), overview=before).overview == now


class Listener(QObject):
    def __init__(self, name: str, heard: list[str]) -> None:
        super().__init__()
        self._name, self._heard = name, heard

    def hear(self) -> None:
        self._heard.append(self._name)


def test_those_who_listen_for_a_kind_are_called_in_their_order_and_nobody_else() -> None:
    heard: list[str] = []
    owner, values = QObject(), list[object]()
    listeners, first, second, other = (
        choices.Listeners(owner),
        *(Listener(name, heard) for name in ("1", "2", "other")),
    )
    for kind, each in (("digits", second), ("digits", first), ("runs", other)):
        listeners.listen(kind, each.hear)
    listeners.listen("digits", values.append)
    listeners.tell("digits", 60_000)
    listeners.tell("nothing that anyone listens for")
    assert (heard, values) == (["2", "1"], [60_000])
    Shiboken.delete(second)
    listeners.tell("digits", 50_000)
    assert (heard, values) == (["2", "1", "1"], [60_000, 50_000])
