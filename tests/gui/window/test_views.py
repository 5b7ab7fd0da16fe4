"""The views, as the window treats them all."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from mnistviz.gui.common.choices import Choices
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.network.card import NetworkCard
from mnistviz.gui.window import views
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.views import Late, ViewPlace, entries_of


def test_a_hidden_view_is_drawn_when_it_is_shown_and_not_before(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[int] = []
    for view in (window.curves, window.unit_detail):
        monkeypatch.setattr(view, "draw", lambda shown, view=view: drawn.append(id(view)))
    window.network.pad.setFocus()
    window.action_book["enlarge"].trigger()
    window.transport.step_action.trigger()
    qtbot.waitUntil(lambda: window.lab.run.step == 1 and not window.frame.isActive())  # type: ignore[union-attr]
    assert drawn == []
    window.action_book["enlarge"].trigger()
    assert drawn == [id(window.curves)]
    window.open_unit(1, 3)
    assert drawn == [id(window.curves), id(window.unit_detail)]


def test_settings_follow_the_run_while_they_are_hidden(qtbot: QtBot, window: MainWindow) -> None:
    window.action_book["show_controls"].setChecked(False)
    window.lab.settings.change({"eta": 0.5})
    window.transport.step_action.trigger()
    qtbot.waitUntil(lambda: window.controls.settings().eta == 0.5)


def test_a_unit_that_was_chosen_is_kept_though_its_panel_stays_hidden(qtbot: QtBot) -> None:
    card = NetworkCard()
    qtbot.addWidget(card)
    kept = Choices(network=replace(card.chosen.now.network, layer=1, unit=7, showing="weights"))
    card.chosen.restore(kept)
    assert card.chosen.now == kept


def test_every_view_is_built_kept_and_may_be_told_of_nothing(window: MainWindow) -> None:
    for view in window.views:
        view.draw(Shown())


def test_a_tab_has_an_action_with_the_words_of_its_entry_and_the_number_of_its_place(
    window: MainWindow,
) -> None:
    tabs = entries_of(ViewPlace.UPPER, ViewPlace.LOWER)
    actions = [window.action_book[f"tab_{entry.id}"] for entry in tabs]
    assert [(action.text(), action.whatsThis()) for action in actions] == [
        (entry.title, entry.opens) for entry in tabs
    ]
    assert [action.shortcut().toString() for action in actions] == [
        f"Alt+{place}" for place in range(len(tabs))
    ]


def test_the_class_that_a_late_entry_imports_is_the_one_that_types_promise() -> None:
    promised = {name: type for name, type in views.__annotations__.items() if name.isupper()}
    for name, promise in promised.items():
        entry = getattr(views, name, None)
        if isinstance(entry, views.ViewEntry) and isinstance(entry.build, Late):
            assert promise == f"Final[ViewEntry[{entry.build.load().__name__}]]"
