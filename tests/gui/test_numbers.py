"""The same number has the same form wherever it stands on the screen, and typed forms are read back."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

import mnistviz
from mnistviz.engine.acts import Changed
from mnistviz.gui.common import numbers
from mnistviz.gui.common import setting_names as names
from mnistviz.gui.common.number_edit import parse_number
from mnistviz.gui.common.tooltips import keys_text, tooltip
from mnistviz.gui.common.widgets import describe, engine_sentence
from mnistviz.gui.curves.curve_texts import CurveTexts
from mnistviz.gui.lab.recipe_book import RecipeBook
from mnistviz.gui.settings.eta_control import EtaControl
from mnistviz.gui.settings.setting_control import NumberField
from mnistviz.gui.settings.settings_column import ControlPanel
from mnistviz.gui.window.figures import Figures
from mnistviz.gui.window.main_window import MainWindow
from tests.gui.lab_by_hand import LabByHand
from tests.marked_words import all_marked

Open = Callable[..., MainWindow]


@pytest.fixture(params=["en_US", "de_DE", "fr_FR"])
def locale(request: pytest.FixtureRequest) -> Iterator[QLocale]:
    before, here = QLocale(), QLocale(request.param)
    QLocale.setDefault(here)
    yield here
    QLocale.setDefault(before)


def test_a_setting_is_written_in_its_field_as_in_a_flag_and_in_a_sentence(
    locale: QLocale, qtbot: QtBot, lab: LabByHand, tmp_path: Path
) -> None:
    controls = ControlPanel(RecipeBook(tmp_path), lab, EtaControl())
    qtbot.addWidget(controls)
    values = {
        "eta": (3.0, 0.25, 100.0, 0.0001, 3.0001),
        "training_digits": (50_000, 500),
        "weight_decay": (5.0, 1_000.0),
    }
    for field, several in values.items():
        control = controls.by_name[field]
        assert isinstance(control, NumberField)
        for value in several:
            control.set_value(value)
            text = control.field.text()
            assert text == names.value(field, value)
            assert parse_number(text, locale) == value, "what is written is read"
            assert CurveTexts().intervention(Changed(5, 50, ((field, value, value),))).count(text) == 2
            assert text in engine_sentence(
                "setting_out_of_range", {"field": field, "value": value, "low": 0, "high": 1}
            )


def test_an_accuracy_and_a_cost_have_one_form(open_window: Open) -> None:
    window = open_window()
    window.resize(1_900, 900)  # where all has room
    bar = window.transport
    for share, text in ((0.952, "95.20 %"), (0.9604, "96.04 %"), (1.0, "100.00 %")):
        bar.show_figures(Figures(accuracy=share))
        assert bar.accuracy.value.text() == text == numbers.percent(share)
        assert text in engine_sentence(
            "stopped_epochs", {"epochs": 3, "epoch": 2, "accuracy": round(100 * share, 2)}
        )
    for cost, text in ((0.0228, "0.0228"), (2.302585, "2.3026"), (0.00041, "4.10 × 10⁻⁴"), (0.0, "0.0000")):
        bar.show_figures(Figures(cost=cost))
        assert bar.cost.value.text() == text == numbers.cost(cost)


def test_numbers_with_decimals_are_written_in_one_place() -> None:
    """Only the ticks of an axis have as many decimals as they need together."""
    room = Path(mnistviz.__file__).parent / "gui"
    found = {
        file.relative_to(room).as_posix()
        for file in room.rglob("*.py")
        if re.search(r'toString\([^\n]*, "[fg]"', file.read_text(encoding="utf-8"))
    }
    assert found == {"common/numbers.py", "curves/curve_texts.py"}


def test_a_whole_number_may_be_of_any_size() -> None:
    """A network that runs away makes a thousand thousand million million million times the step that was promised."""
    assert numbers.whole(-(10**32)) == "−1e+32"
    assert numbers.whole(1 << 62) == "4,611,686,018,427,387,904"


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
