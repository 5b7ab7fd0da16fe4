"""Keys are called what the machine calls them: Ctrl here, ⌘ on a Mac, Strg in German."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from mnistviz.gui.common.tooltips import keys_text, tooltip
from mnistviz.gui.common.widgets import describe
from tests.marked_words import all_marked


class German(QTranslator):
    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str:
        return {"Ctrl": "Strg", "Left": "Links"}.get(text, text)


@pytest.fixture
def german(qapp: QApplication) -> Iterator[None]:
    translator = German()
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)


@pytest.mark.usefixtures("german")
def test_keys_have_the_names_of_the_machine(qtbot: QtBot) -> None:
    assert keys_text("Ctrl+N") == "Strg+N"
    assert keys_text("Ctrl+Left, Ctrl+M") == "Strg+Links, Strg+M"
    assert tooltip("Begins a run.", "Ctrl+N") == "Begins a run. (Strg+N)"
    assert tooltip("Begins a run.") == "Begins a run."
    widget = QWidget()
    qtbot.addWidget(widget)
    describe(widget, "new_run", "New run", "Begins a run.", "Ctrl+N")
    assert widget.toolTip() == "Begins a run. (Strg+N)"
    assert widget.whatsThis() == "Begins a run."


def test_no_text_names_such_a_key_itself() -> None:
    named = {
        text for _, text in all_marked() if re.search(r"\b(Ctrl|Alt)\b(?!-C)", text)
    }  # Ctrl-C: a terminal's
    assert not named
