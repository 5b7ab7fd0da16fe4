"""A drawing is taught: on a copy until it is kept, with the digits that it costs and brings."""

from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mnistviz.engine.acts import Taught
from mnistviz.engine.microscope.edit_effect import taught
from mnistviz.gui.common.choices import AgainstPart
from mnistviz.gui.common.theme import DARK, LIGHT, set_theme
from mnistviz.gui.lab.edited_copy import EditedCopy
from mnistviz.gui.network.unit.hand_work import HandWork
from mnistviz.gui.network.unit.lesson_panel import LessonPanel
from tests.gui.lab_by_hand import LabByHand
from tests.gui.network.moments import there


class Desk(NamedTuple):
    """The panel, what it works with, and the paper."""

    panel: LessonPanel
    hand: HandWork
    lab: LabByHand
    paper: list[NDArray[np.uint8] | None]
    window: QWidget


@pytest.fixture
def desk(lab: LabByHand, qtbot: QtBot) -> Desk:
    """A test digit lies on the paper, the run has learned a little."""
    lab.run_to(40)
    assert lab.digits is not None
    window = QWidget()
    paper: list[NDArray[np.uint8] | None] = [lab.digits.test.images[3].reshape(28, 28)]
    qtbot.addWidget(window)
    hand = HandWork(lab, window)
    panel = LessonPanel(hand, lambda: paper[0], window)
    lab.show(qtbot, panel, 560, 420)
    return Desk(panel, hand, lab, paper, window)


def parameters(lab: LabByHand) -> NDArray[np.float32]:
    return there(there(lab.run).moment).network.parameters.copy()


def test_it_is_taught_on_a_copy_kept_as_an_act_and_taken_back(desk: Desk) -> None:
    panel, hand, lab, _, _ = desk
    before = parameters(lab)
    assert not panel.teach.isEnabled()
    assert "Choose first" in panel.said.accessibleName()
    panel.choices.button(5).click()
    panel.steps.parts["read"].click()
    panel.teach.click()
    lab.work()
    edited_copy = lab.shown.preview
    assert isinstance(edited_copy, EditedCopy)
    (command,) = edited_copy.acts
    assert isinstance(command, Taught)
    lesson = command.lesson
    digits = there(lab.digits)
    assert (lesson.label, lesson.beside, lesson.pixels) == (5, (), digits.test.images[3].tobytes())
    wanted = taught(edited_copy.of.network, lesson, digits.training)
    np.testing.assert_array_equal(edited_copy.network.parameters, wanted.network.parameters)
    assert ("does not read" in panel.said.accessibleName()) != there(hand.taught).is_read
    np.testing.assert_array_equal(parameters(lab), before)
    assert panel.lost.isVisible() == bool(len(there(hand.effect).lost))
    assert panel.won.isVisible() == bool(len(there(hand.effect).won))
    for theme in (DARK, LIGHT):
        set_theme(theme, panel)
        panel.grab()
    for open_digits, group in (
        (panel.lost.title.click, "only_a_wrong"),
        (panel.won.title.click, "only_b_wrong"),
        (hand.show_digits.trigger, ""),
    ):
        open_digits()
        now = lab.chosen.now
        assert (now.window.tab, now.mistakes.against, now.mistakes.group) == (
            "mistakes", AgainstPart("copy"), group,
        )  # fmt: skip
    hand.keep.trigger()
    lab.work()
    assert [type(act) for act in there(lab.run).history.interventions] == [Taught]
    np.testing.assert_array_equal(parameters(lab), wanted.network.parameters)
    hand.undo_action.trigger()
    lab.work()
    np.testing.assert_array_equal(parameters(lab), before)
    assert hand.taught is None


def test_each_press_goes_on_and_blank_paper_is_allowed(desk: Desk) -> None:
    panel, hand, lab, paper, _ = desk
    paper[0] = None
    panel.choices.button(2).click()
    panel.beside.parts["others"].click()
    for presses in (1, 2):
        panel.teach.click()
        lab.work()
        edited_copy = lab.shown.preview
        assert isinstance(edited_copy, EditedCopy)
        assert len(edited_copy.acts) == presses
    assert isinstance(edited_copy, EditedCopy)
    last = edited_copy.acts[-1]
    assert isinstance(last, Taught)
    assert last.lesson.steps == 1
    assert not last.lesson.image.any()
    labels = lab.digits.training.labels[list(last.lesson.beside)]
    assert sorted({*labels.tolist(), 2}) == sorted({*lab.digits.training.labels.tolist(), 2})
    hand.undo_action.trigger()
    assert isinstance(lab.shown.preview, EditedCopy)
    assert len(lab.shown.preview.acts) == 1
