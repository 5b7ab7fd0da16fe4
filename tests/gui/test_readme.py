"""The first five minutes of the README, done step by step as they stand there."""

import re
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from mnistviz.engine.acts import Restored
from mnistviz.gui.curves.curve_texts import CurveTexts
from mnistviz.gui.lab.shown import RunFacts
from mnistviz.gui.network.network_picture import NetworkPicture
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.scene import FIRST_SPEED
from tests.gui.children import known
from tests.gui.double_click import double_click
from tests.gui.live_run import live_run

README = Path(__file__).parents[2] / "README.md"
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
EPOCH = 101  # mini-batches, of these few digits

SENTENCES = {
    1: ("Press Space.", "The cost falls, the accuracy climbs", "500 mini-batches a second", "Ctrl+Right is faster",
        "Space again pauses."),
    2: ("Draw a digit", "while it learns", "the key T, fetches a test digit with its true label"),
    3: ("Point at a unit", "Click another output", "Double-click a unit to see it large"),
    4: ("Move η** to 0.5", "both curves get a flag there", "Try 100, too, and see a network fall apart.",
        "*Train, Go back to before …* takes back the setting and the weights", "here the setting alone"),
    5: ("Drag the handle in the strip at the bottom back to epoch 3, move η there, and press *Branch with η*",
        "a second run has the same past, bit for bit", "Both learn in turn (press Space if they are paused)",
        "Looking back changes nothing", "*Live* goes back to the end."),
    6: ("Slow down** with the speed slider, to one mini-batch a second", "press *Mini-batch* for exactly one"),
    7: ("Begin again** with *New run*", "The runs before stay beside it, each with a letter, up to eight"),
    8: ("Try a recipe** from *Experiments, Recipes*, and press Space",),
    9: ("Open the ideas** (Ctrl+2)",),
}  # fmt: skip
"""What the script below does and looks for, as the README says it."""


def steps() -> dict[int, str]:
    """The steps of the README by their numbers, each on one line."""
    part = README.read_text(encoding="utf-8").split("## The first five minutes")[1].split("\nF1 ")[0]
    found = re.findall(r"^(\d)\. (.*?)(?=^\d\. |\Z)", part, re.MULTILINE | re.DOTALL)
    return {int(number): " ".join(step.split()) for number, step in found}


@pytest.mark.parametrize("number", SENTENCES)
def test_the_readme_says_what_the_script_does(number: int) -> None:
    assert steps().keys() == SENTENCES.keys()
    for sentence in SENTENCES[number]:
        assert sentence in steps()[number]


class Reader:
    """Somebody who does what stands there, with mouse and keys."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window, self.qtbot, self.lab = window, qtbot, window.lab

    @property
    def run(self) -> RunFacts:
        return live_run(self.lab)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(self.window.focusWidget() or self.window, key, modifier)

    def click(self, name: str) -> None:
        button = known(self.window.findChild(QAbstractButton, name))
        self.qtbot.waitUntil(lambda: button.isVisible() and button.isEnabled())
        QTest.mouseClick(button, LEFT)

    def learns(self, mini_batches: int) -> None:
        run, step = self.run, self.run.step
        self.qtbot.waitUntil(lambda: run.step >= step + mini_batches, timeout=15_000)

    def rests(self) -> None:
        run = self.run
        self.qtbot.waitUntil(lambda: not run.playing and run.has_obeyed)
        self.qtbot.waitUntil(lambda: not self.window.frame.isActive())

    def type_eta(self, value: str) -> None:
        field = self.window.controls.eta.field
        QTest.mouseClick(field, LEFT)
        field.selectAll()
        self.qtbot.keyClicks(field, value)
        self.qtbot.keyClick(field, Qt.Key.Key_Return)
        self.picture.setFocus()

    def draw(self) -> None:
        """A stroke down the pad."""
        pad = self.window.network.pad
        line = np.linspace(
            (0.5 * pad.width(), 0.2 * pad.height()), (0.45 * pad.width(), 0.8 * pad.height()), 9
        )
        places = [QPoint(round(x), round(y)) for x, y in line.tolist()]
        QTest.mousePress(pad, LEFT, NONE, places[0])
        for place in places[1:]:
            QTest.mouseMove(pad, place)
        QTest.mouseRelease(pad, LEFT, NONE, places[-1])

    @property
    def picture(self) -> NetworkPicture:
        return self.window.network.picture

    def unit(self, number: int) -> QPoint:
        return self.picture.stages[1].frame_of(number).center()

    def output(self, number: int) -> QPoint:
        return self.picture.outputs.row(number).toRect().center()

    def drag_handle_to(self, step: int) -> None:
        strip = self.window.timeline.strip
        begin, end = (
            QPoint(round(strip.axis.across(self.run.digits_at(at))), round(strip.middle(0)))
            for at in (self.run.step, step)
        )
        QTest.mousePress(strip.viewport(), LEFT, NONE, begin)
        for place in ((begin + end) / 2, end):
            QTest.mouseMove(strip.viewport(), place)
        QTest.mouseRelease(strip.viewport(), LEFT, NONE, end)
        self.qtbot.waitUntil(lambda: self.lab.playhead.exact)


def accuracy(run: RunFacts) -> float:
    return run.history.measured("validation", run.step).accuracy


def weights(run: RunFacts) -> bytes:
    return run.moment.network.parameters.tobytes()


@pytest.mark.long
def test_the_first_five_minutes_are_as_the_readme_says(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1440, 900)
    window.transport.set_rate(FIRST_SPEED)  # as at the first start
    reader, first = Reader(window, qtbot), live_run(window.lab)
    _learn_and_draw(reader)
    _ask_back(reader)
    _move_eta(reader)
    branch = _ask_what_if(reader)
    _slow_down(reader)
    _begin_again(reader, (first, branch))
    reader.press(Qt.Key.Key_2, CTRL)
    qtbot.waitUntil(lambda: window.workspaces.in_ideas)
    window.action_book["lab"].trigger()


def _learn_and_draw(reader: Reader) -> None:
    """Steps 1 and 2."""
    window, qtbot, run, card = reader.window, reader.qtbot, reader.run, reader.window.network
    reader.press(Qt.Key.Key_Space)
    reader.learns(20)
    reader.draw()
    qtbot.waitUntil(lambda: card.presenter.picture.flow is not None)
    assert run.playing
    qtbot.waitUntil(lambda: run.step > 2 * EPOCH, timeout=15_000)
    costs = run.history.costs.means()
    assert costs[-50:].mean() < costs[:50].mean()
    assert accuracy(run) > 0.3
    reader.press(Qt.Key.Key_T)
    assert card.pad.sheet.ink
    reader.press(Qt.Key.Key_Right, CTRL)
    reader.press(Qt.Key.Key_Right, CTRL)
    assert window.transport.speed_value() is None
    qtbot.waitUntil(lambda: run.step > 4 * EPOCH, timeout=15_000)
    reader.press(Qt.Key.Key_Space)
    reader.rests()


def _ask_back(reader: Reader) -> None:
    """Step 3."""
    view, card, unit = reader.picture.viewport(), reader.window.network, reader.window.unit_detail
    QTest.mouseMove(view, reader.unit(4))
    assert card.selection.pointed_unit == (1, 4)
    QTest.mouseClick(view, LEFT, NONE, reader.output(3))
    assert card.selection.chosen_output == 3
    reader.qtbot.waitUntil(
        lambda: card.presenter.picture.flow is not None and card.presenter.picture.flow.explained.output == 3
    )
    double_click(view, reader.unit(4))
    reader.qtbot.waitUntil(lambda: unit.isVisible() and bool(unit.ranked.most.shown))
    reader.press(Qt.Key.Key_Escape)


def _move_eta(reader: Reader) -> None:
    """Step 4; at its end the network is as it was before it fell apart."""
    window, qtbot, run = reader.window, reader.qtbot, reader.run
    reader.type_eta("0.5")
    reader.press(Qt.Key.Key_Space)
    reader.learns(EPOCH)
    assert [CurveTexts().intervention(act) for act in run.history.interventions] == ["η 3.0 → 0.5"]
    reader.press(Qt.Key.Key_Space)
    reader.rests()
    good, fine = weights(run), accuracy(run)
    reader.type_eta("100")
    reader.press(Qt.Key.Key_Space)
    reader.learns(EPOCH)
    reader.press(Qt.Key.Key_Space)
    reader.rests()
    assert accuracy(run) < fine - 0.1, "it has fallen apart"
    bad = weights(run)
    assert window.undo.undo_action.text() == "&Undo η 0.5 → 100.0 (weights stay)"
    reader.press(Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: run.now.eta == 0.5)
    assert weights(run) == bad
    reader.press(Qt.Key.Key_Z, CTRL | SHIFT)
    qtbot.waitUntil(lambda: run.now.eta == 100.0)
    action = window.action_book["go_back"]
    qtbot.waitUntil(lambda: action.isEnabled() and action.text() == "Go back to before η 100.0")
    action.trigger()
    qtbot.waitUntil(lambda: weights(run) == good)
    assert run.now.eta == window.controls.eta.value() == 0.5
    assert isinstance(run.history.interventions[-2], Restored)


def _ask_what_if(reader: Reader) -> RunFacts:
    """Step 5; the branch is what comes of it."""
    window, qtbot, trunk = reader.window, reader.qtbot, reader.run
    end, acts = trunk.step, trunk.history.interventions
    reader.drag_handle_to(3 * EPOCH)
    assert abs(window.lab.playhead.here - 3 * EPOCH) <= 3
    here = window.lab.playhead.here
    there = window.lab.shown.moment
    reader.type_eta("1")
    reader.click("branch_here_button")
    branch = reader.run
    qtbot.waitUntil(lambda: branch.ready and branch.now.eta == 1.0)
    assert (branch.step, trunk.step) == (here, end)
    assert weights(branch) == there.network.parameters.tobytes()
    assert trunk.history.interventions == acts, "looking back changed nothing"
    reader.press(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: branch.step > here + EPOCH and trunk.step > end, timeout=15_000)
    reader.press(Qt.Key.Key_Space)
    reader.rests()
    assert accuracy(trunk) > 0.5
    assert accuracy(branch) > 0.5, "both curves can be read: neither has fallen apart"
    window.lab.playhead.visit(here)
    reader.click("live_action_button")
    qtbot.waitUntil(lambda: window.lab.playhead.live)
    return branch


def _slow_down(reader: Reader) -> None:
    """Step 6."""
    slider = reader.window.transport.speed.slider
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_Home)
    assert reader.window.transport.speed_value() == 1.0
    run, step = reader.run, reader.run.step
    reader.click("step_action_button")
    reader.qtbot.waitUntil(lambda: run.step == step + 1)
    reader.rests()
    assert run.step == step + 1


def _begin_again(reader: Reader, before: tuple[RunFacts, RunFacts]) -> None:
    """Steps 7 and 8."""
    window, qtbot = reader.window, reader.qtbot
    reader.click("new_run_button")
    qtbot.waitUntil(lambda: reader.run.ready)
    assert window.lab.runs.open == (*before, reader.run)
    assert [run.letter for run in window.lab.runs.open] == ["A", "B", "C"]
    window.transport.set_rate(None)
    window.steering.start_recipe("fast")
    run = reader.run
    qtbot.waitUntil(lambda: run.ready)
    assert not run.playing
    reader.press(Qt.Key.Key_Space)
    reader.learns(5)
    reader.press(Qt.Key.Key_Space)
    reader.rests()
