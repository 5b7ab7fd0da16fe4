"""What is typed into the dialog that saves is what is saved."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QLineEdit, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from mnistviz.gui.common.messages import save_dialog
from tests.gui.children import child


@pytest.fixture
def around(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


def asked(parent: QWidget, folder: Path, file: str) -> tuple[QFileDialog, QLineEdit]:
    dialog = save_dialog(parent, "Save", str(folder), file, {"Networks (*.npz)": "npz"}, lambda _path: None)
    dialog.open()
    return dialog, child(dialog, QLineEdit, "fileNameEdit")


@pytest.mark.parametrize(
    ("typed", "saved"),
    [("mine", "mine.npz"), ("it's mine.npz", "it's mine.npz"), ('my "best" run', "my best run.npz")],
)
def test_what_stands_in_the_field_is_what_is_saved(
    qtbot: QtBot, around: QWidget, tmp_path: Path, typed: str, saved: str
) -> None:
    dialog, field = asked(around, tmp_path, "first.npz")
    field.selectAll()
    qtbot.keyClicks(field, typed)
    assert field.text() == saved.removesuffix("" if typed.endswith(".npz") else ".npz")
    with qtbot.waitSignal(dialog.fileSelected) as chosen:
        dialog.accept()
    assert chosen.args == [str(tmp_path / saved)]


def test_a_double_quote_is_refused_with_a_reason(qtbot: QtBot, around: QWidget, tmp_path: Path) -> None:
    dialog, field = asked(around, tmp_path, "first.npz")
    qtbot.keyClicks(field, '"')
    assert "double quote" in QToolTip.text()
    dialog.reject()


def test_a_suggested_name_with_double_quotes_is_saved_as_it_stands_in_the_field(
    qtbot: QtBot, around: QWidget, tmp_path: Path
) -> None:
    suggested = tmp_path / 'my "best" run.npz'
    suggested.touch()
    dialog, field = asked(around, tmp_path, str(suggested))
    with qtbot.waitSignal(dialog.fileSelected) as chosen:
        dialog.accept()
    assert chosen.args == [str(tmp_path / field.text())] == [str(tmp_path / "my 'best' run.npz")]
