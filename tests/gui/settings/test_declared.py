"""Whatever is declared of a setting is there for a person: bounds, words, an option, a control; and a plan in words."""

import argparse

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mnistviz.engine.settings import SETTINGS, Setting, Settings
from mnistviz.gui.common import setting_names
from mnistviz.gui.lab.shown import Draft, Lifecycle, RunFacts, Shown
from mnistviz.gui.settings.controls import ClassChips
from mnistviz.gui.settings.eta_control import EtaControl
from mnistviz.gui.settings.layers_editor import LayersEditor
from mnistviz.gui.settings.plan_words import can_begin_anew, plan_words
from mnistviz.gui.settings.setting_control import DOT_ROOM, ChoiceControl, NumberField, hint_label
from mnistviz.sentences import FIELDS, SYMBOLS
from mnistviz.setting_words import SETTING_WORDS
from mnistviz.train_options import add_settings, note, settings_typed
from tests.gui.settings.desk import Desk
from tests.present import there

each_setting = pytest.mark.parametrize("setting", SETTINGS.values(), ids=SETTINGS)


def test_every_field_is_declared_and_nothing_else() -> None:
    assert list(SETTING_WORDS) == list(SETTINGS) == list(Settings.__struct_fields__)


def test_a_hint_stays_below_its_name_if_the_look_changes(qtbot: QtBot) -> None:
    qtbot.addWidget(hint := hint_label())
    hint.resize(4, 4)
    QApplication.sendEvent(hint, QEvent(QEvent.Type.StyleChange))
    hint.setText("I")
    hint.resize(60, 20)
    image = hint.grab().toImage()
    assert {image.pixel(x, y) for x in range(DOT_ROOM) for y in range(20)} == {image.pixel(0, 0)}


@each_setting
def test_its_default_is_what_it_may_be(setting: Setting) -> None:
    low, high = setting.bounds
    if setting.choices:
        assert setting.kind is str
        assert setting.default in setting.choices
    elif setting.kind is tuple:
        assert all(low <= size <= high for size in setting.default)
    else:
        assert setting.kind in (int, float)
        assert -2e9 < low <= setting.default <= high < 3e9
    if setting.usual is not None:
        assert low <= setting.usual[0] < setting.usual[1] <= high
    assert setting.checked(setting.default) == setting.default


@each_setting
def test_it_has_words(setting: Setting) -> None:
    words = SETTING_WORDS[setting.name]
    assert words.label
    assert words.short
    assert setting_names.tip(setting.name).endswith(".")
    assert words.meaning.partition("{")[0] in note(setting)
    assert FIELDS[setting.name] == words.subject != ""
    assert SYMBOLS[setting.name] in (words.short, words.subject)
    names = setting_names.choices(setting.name)
    assert tuple(names) == setting.choices
    assert all(names.values())


@each_setting
def test_it_has_an_option(setting: Setting, capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    add_settings(parser, Settings())
    typed = ",".join(map(str, setting.default)) if setting.kind is tuple else str(setting.default)
    option = f"--{setting.name.replace('_', '-')}"
    assert settings_typed(parser.parse_args([option, typed])) == {setting.name: setting.default}
    assert settings_typed(parser.parse_args([])) == {}
    with pytest.raises(SystemExit):
        parser.parse_args(["--help"])
    assert f" {option} " in capsys.readouterr().out


def test_each_has_a_control_of_its_kind_that_says_what_it_is(desk: Desk) -> None:
    for setting in SETTINGS.values():
        control = desk.controls.by_name[setting.name]
        tip = setting_names.tip(setting.name)
        if isinstance(control, LayersEditor):
            assert setting.kind is tuple
            assert control.label.text() == setting_names.label(setting.name)
            assert control.summary.toolTip().startswith(tip)
            continue
        if isinstance(control, ClassChips):
            assert setting.kind is tuple
            assert [chip.text() for chip in control.chips] == list("0123456789")
            assert all(chip.toolTip().replace("\n", " ").startswith(tip) for chip in control.chips)
            continue
        assert control.label.text() == setting_names.label(setting.name)
        assert control.label.toolTip().startswith(tip)
        if isinstance(control, ChoiceControl):
            values = [control.combo.itemData(row) for row in range(control.combo.count())]
            assert tuple(values) == setting.choices
        else:
            assert setting.kind in (int, float)
            assert isinstance(control, NumberField)
            assert isinstance(control, EtaControl) == (setting.name == "eta")


RUNNING = Settings()
LIVE = Shown(run=RunFacts(1, RUNNING, lifecycle=Lifecycle.LEARNING))
PAST = Shown(run=RunFacts(1, RUNNING, lifecycle=Lifecycle.LEARNING), playhead=26_000)


def draft(plan: dict[str, object] | None = None, *, for_new_run: bool = False, **changed: object) -> Draft:
    return Draft(RUNNING.changed(**changed), RUNNING, for_new_run, plan or {}, 26_000)


@pytest.mark.parametrize(
    ("plan", "shown", "recipe", "about", "branch"),
    [
        (draft({"eta": 0.1}, eta=0.1), PAST, "", "η 3.0 → 0.1 from mini-batch 26,000", "Branch with η 0.1"),
        (draft({"eta": 0.1, "momentum": 0.9}, eta=0.1, momentum=0.9), PAST, "", "2 settings", "Branch with 2 changes"),
        (draft(sizes=(784, 500, 10), seed=5), LIVE, "", "784-500-10, seed 5 in a new run", None),
        (draft(for_new_run=True, sizes=(784, 100, 10), eta=0.5), LIVE, "Chapter 3", "“Chapter 3” in a new run", None),
        (draft({"eta": 0.1}, eta=0.1, seed=5), PAST, "", "2 settings changed, some for a new run", "Branch: η 0.1"),
        (draft(), PAST, "", "", "Branch here"),
        (draft(), LIVE, "", "A change acts at the next mini-batch.", None),
        (draft(), Shown(run=RunFacts(1, RUNNING)), "", "A change acts at once.", None),
    ],
)  # fmt: skip
def test_a_plan_names_what_it_changes_and_from_where(
    plan: Draft, shown: Shown, recipe: str, about: str, branch: str | None
) -> None:
    words = plan_words(plan, shown, recipe)
    assert any(each.startswith(about) for each in words.about)
    assert branch in words.branch if branch else not words.branch
    changed = {name for name in SETTINGS if getattr(plan.settings, name) != getattr(RUNNING, name)}
    assert words.changed == changed
    assert words.waits == bool(changed)
    assert can_begin_anew(there(shown.run)) == (there(shown.run).lifecycle is not Lifecycle.LEARNING)
