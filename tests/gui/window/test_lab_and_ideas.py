"""Each notice and stage leads to an idea, and each page of ideas to the lab, which says how to take that back."""

from collections.abc import Callable

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from mnistviz.engine.digits import Digits, DigitSet
from mnistviz.engine.settings import Settings
from mnistviz.gui.ideas.pages import IDS
from mnistviz.gui.lab.in_card import STAGES
from mnistviz.gui.window.lab_and_ideas import IDEA_OF_STAGE, SCENES
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.message import Rank, StatusMessage
from mnistviz.gui.window.notices import idea_of
from mnistviz.notice_sentences import NOTICE_SENTENCES
from tests.gui.children import child
from tests.gui.live_run import live_run


def learned(window: MainWindow, qtbot: QtBot, steps: int = 5) -> None:
    run = live_run(window.lab)
    for _ in range(steps):
        window.transport.step_action.trigger()
    qtbot.waitUntil(lambda: run.step == steps and not run.playing and not window.frame.isActive())


def test_every_stage_and_every_notice_has_a_page_of_ideas() -> None:
    assert set(IDEA_OF_STAGE) == set(STAGES)
    assert set(IDEA_OF_STAGE.values()) <= set(IDS)
    assert {idea_of(code) for code in NOTICE_SENTENCES} <= set(IDS)
    assert (idea_of("layer_saturated"), idea_of("eta_large"), idea_of("change_other_cost")) == (
        "sigmoid", "valley", "step",
    )  # fmt: skip
    assert set(SCENES) == set(IDS)


def test_the_reason_of_a_notice_leads_to_its_idea(window: MainWindow) -> None:
    notice = StatusMessage(Rank.NOTICE, "n", "η is large.", why="The steps are too long.", idea="valley")
    window.line.say(Rank.NOTICE, [notice])
    window.line.catch_up()
    window.line.message.why_button.click()
    child(window.line.explanation, QPushButton, "see_idea_button").click()
    assert window.workspaces.in_ideas
    assert window.ideas.page is not None
    assert window.ideas.page.id == "valley"
    window.lab.chosen.choose("window", workspace="lab")
    window.ideas.open(IDS[0])
    window.line.say(Rank.UNDO, [StatusMessage(Rank.UNDO, "u", "Done.", why="So it is.")])
    window.line.catch_up()
    window.line.message.why_button.click()
    assert child(window.line.explanation, QPushButton, "see_idea_button").isHidden()
    window.line.explanation.close()


def test_a_stage_leads_to_its_idea(window: MainWindow, qtbot: QtBot) -> None:
    action = window.action_book["see_idea"]
    learned(window, qtbot)
    assert not action.isEnabled()
    window.lab.chosen.choose("window", tab="minibatch")
    window.lab.chosen.choose("minibatch", stage="error")
    qtbot.waitUntil(action.isEnabled)
    action.trigger()
    assert window.ideas.page is not None
    assert window.ideas.page.id == "sigmoid"
    window.lab.chosen.choose("window", workspace="lab")
    window.ideas.open(IDS[0])


def test_each_page_sets_up_the_lab_and_undo_takes_all_of_it_back(window: MainWindow, qtbot: QtBot) -> None:
    learned(window, qtbot)
    lab, pad = window.lab, window.network.pad
    sheet, settings, runs = pad.sheet, window.controls.settings(), [run.letter for run in lab.runs.open]
    for page in IDS:
        scene = SCENES[page]
        lab.chosen.choose("ideas", page=page)
        lab.chosen.choose("window", workspace="ideas")
        qtbot.keyClick(window.ideas.page, Qt.Key.Key_L)
        now = lab.chosen.now
        where = now.window.workspace, now.window.tab, now.minibatch.stage
        assert where == ("lab", scene.tab, scene.stage), page
        assert pad.true_label == scene.label, page
        assert window.network.selection.chosen_output == scene.output, page
        assert window.action_book["what_next"].isChecked() == scene.asks_ahead, page
        if scene.hidden:
            assert len(lab.runs.open) == len(runs) + 1
            assert live_run(lab).settings.sizes[1:-1] == scene.hidden
        for name, value in scene.settings.items():
            assert getattr(window.controls.settings(), name) == value, page
        said = window.line.message.said
        assert said is not None
        assert "Undo" in said.text
        window.undo.undo_action.trigger()
        now = lab.chosen.now
        assert (now.window.tab, now.minibatch.stage) == ("curves", "off"), page
        assert pad.sheet.record() == sheet.record(), page
        assert window.network.selection.chosen_output is None
        assert not window.action_book["what_next"].isChecked()
        qtbot.waitUntil(lambda: window.controls.settings() == settings)  # once its run has obeyed
        assert [run.letter for run in lab.runs.open] == runs
    window.ideas.open(IDS[0])


def test_before_a_run_has_learned_a_scene_with_other_layers_takes_its_place(window: MainWindow) -> None:
    lab = window.lab
    lab.chosen.choose("ideas", page="nine")
    window.between.try_it()
    assert [run.settings.sizes for run in lab.runs.open] == [(784, 4, 10)]
    window.undo.undo_action.trigger()
    assert [run.settings for run in lab.runs.open] == [Settings()]
    lab.chosen.choose("ideas", page=IDS[0])


def test_of_three_classes_a_page_chooses_no_output_that_there_is_not_and_a_start_afresh_has_three(
    open_window: Callable[[Digits], MainWindow], small_digits: Digits, qtbot: QtBot
) -> None:
    """It had ten, whatever the data set: what it read could neither be shown nor be opened at the next start."""
    names = ("training", "validation", "test")
    three = {
        name: DigitSet(of.images, of.labels % 3) for name in names for of in (getattr(small_digits, name),)
    }
    window = open_window(replace(small_digits, classes=tuple("abc"), **three))
    window.network.pad.test_digit_action.trigger()
    window.lab.chosen.choose("ideas", page="binary_outputs")
    window.action_book["idea_try"].trigger()
    assert window.network.selection.chosen_output is None
    window.lab.chosen.choose("window", workspace="lab")
    learned(window, qtbot, 2)
    window.action_book["start_afresh"].trigger()
    qtbot.waitUntil(lambda: live_run(window.lab).ready and not live_run(window.lab).has_learned)
    assert live_run(window.lab).settings.sizes == (784, 30, 3)
