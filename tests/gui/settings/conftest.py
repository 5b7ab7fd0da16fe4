"""The settings with a lab, without the rest of the window."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.gui.lab_by_hand import LabByHand
from tests.gui.settings.desk import Desk


@pytest.fixture
def recipes_folder(tmp_path: Path) -> Path:
    """Where recipes of one's own are kept."""
    return tmp_path / "own" / "recipes"


@pytest.fixture
def desk(lab: LabByHand, qtbot: QtBot, recipes_folder: Path) -> Desk:
    """The settings, with a few real digits and an untrained network."""
    return Desk(lab, qtbot, recipes_folder)
