"""Nothing moves under the hand: a gesture moves no control but those that it is about."""

from collections.abc import Callable, Iterator

import pytest
from msgspec import Struct
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QGraphicsView, QLineEdit, QSlider, QWidget
from pytestqt.qtbot import QtBot

from mnistviz.engine.commands import Step
from mnistviz.engine.network import Unit
from mnistviz.gui.curves.titled_plot import TitledPlot
from mnistviz.gui.lab.in_card import STAGES
from mnistviz.gui.network.pad.pad import Pad
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.message import Rank, StatusMessage
from mnistviz.gui.window.views import MINIBATCH
from tests.examples import one_quick
from tests.gui.live_run import live_run
from tests.gui.network.moments import there
from tests.gui.window.two_runs import settle

CONTROLS = (QAbstractButton, QLineEdit, QComboBox, QSlider, QGraphicsView, Pad)
SIZES = (*(pytest.param(size, marks=pytest.mark.long) for size in ((1440, 900), (1366, 768))), (1024, 640))
LEARNED = 120  # mini-batches

Places = dict[QWidget, QRect]


def places(window: MainWindow) -> Places:
    """Where all controls are that are seen in the window."""
    return {
        each: QRect(each.mapTo(window, QPoint()), each.size())
        for each in window.findChildren(QWidget)
        if isinstance(each, CONTROLS)
        and each.isVisible()
        and each.window() is window
        and not each.objectName().startswith("network_layer")  # a title, which may say less
    }


def moved(before: Places, after: Places) -> list[str]:
    """What is seen before and after, but elsewhere or in another size."""
    both = [each for each in before if each in after and before[each] != after[each]]
    return [f"{name(each)}: {before[each].getRect()} → {after[each].getRect()}" for each in both]


def name(widget: QWidget) -> str:
    around = widget.parentWidget()
    return widget.objectName() or f"{type(widget).__name__} in {around and around.objectName()}"


class User(Struct):
    """What a user does in the window; each waits until it is done."""

    window: MainWindow
    qtbot: QtBot

    def settle(self) -> None:
        lab = self.window.lab
        self.qtbot.waitUntil(lambda: lab.run is not None and lab.run.ready and lab.run.has_obeyed)
        self.qtbot.waitUntil(lambda: not lab.jobs.is_busy())
        settle()

    def learn(self) -> None:
        lab = self.window.lab
        lab.runs.send(Step(LEARNED))
        self.qtbot.waitUntil(lambda: lab.run is not None and lab.run.step >= LEARNED)
        self.qtbot.waitUntil(lambda: not lab.time.learning)

    def type_into(self, field: QLineEdit, text: str) -> None:
        field.setFocus()
        field.selectAll()
        self.qtbot.keyClicks(field, text)
        self.qtbot.keyClick(field, Qt.Key.Key_Return)

    def press(self, button: QAbstractButton) -> None:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def new_run_setting(self) -> None:
        self.type_into(self.window.controls.layers.fields[0], "20")

    def live_setting(self) -> None:
        self.type_into(self.window.controls.eta.field, "0.5")

    def discard(self) -> None:
        self.press(self.window.controls.foot.discard_button)

    def view_past(self) -> None:
        self.window.lab.playhead.visit(LEARNED // 2)
        self.qtbot.waitUntil(lambda: self.window.lab.playhead.exact)

    def live_again(self) -> None:
        self.window.action_book["live"].trigger()

    def start_or_pause(self) -> None:
        run, time = live_run(self.window.lab), self.window.lab.time
        step = run.step
        self.press(self.window.transport.play_button)
        self.qtbot.waitUntil(lambda: not time.learning or run.step > step + 100)

    def say(self) -> None:
        text = "In hidden layer 1, 79 % of the answers are saturated."
        self.window.line.say(Rank.FAULT, [StatusMessage(Rank.FAULT, "test", text, text, "why")])

    def open_unit(self) -> None:
        self.window.open_unit(1, 3)

    def new_run(self) -> None:
        self.window.action_book["new"].trigger()

    def branch(self) -> None:
        self.press(self.window.controls.foot.branch_button)


@pytest.fixture(params=SIZES, ids=lambda size: f"{size[0]} × {size[1]}")
def user(request: pytest.FixtureRequest, window: MainWindow, qtbot: QtBot) -> Iterator[User]:
    window.resize(*request.param)
    its = User(window, qtbot)
    window.line.set_calm(True)  # notices come by themselves
    its.learn()
    its.settle()
    yield its
    window.line.set_calm(False)


def see_that_nothing_moves(user: User, *gestures: Callable[[], None], may: tuple[str, ...] = ()) -> None:
    """`may` are the beginnings of the names of what a gesture is about."""
    for gesture in gestures:
        before = places(user.window)
        gesture()
        user.settle()
        wrong = [each for each in moved(before, places(user.window)) if not each.startswith(may or ("–",))]
        assert wrong == [], gesture.__name__


def test_settings_looking_back_training_a_message_and_a_unit_seen_large_move_nothing(user: User) -> None:
    see_that_nothing_moves(user, user.new_run_setting, user.discard)
    may: tuple[str, ...] = ("place_field",)  # its right end stays, *Live* takes from its left
    if user.window.controls.isHidden():
        may = (*may, "branch_here", "revert_settings")  # in a line with the plan
    see_that_nothing_moves(user, user.view_past, user.live_setting, user.discard, user.live_again, may=may)
    see_that_nothing_moves(user, user.start_or_pause, user.start_or_pause, user.say, user.open_unit)


@one_quick("gesture", ["new_run", "branch"])
def test_another_run_makes_the_strip_higher_and_the_plots_lower_alone(user: User, gesture: str) -> None:
    if gesture == "branch":
        user.view_past()
        user.live_setting()
        user.settle()
    about: tuple[str, ...] = (
        "time_strip", "run_", "live_action", "place_field", "cost_plot", "accuracy_plot",
    )  # fmt: skip
    foot = ("branch_here", "revert_settings", "new_run", "settings_edge")
    see_that_nothing_moves(user, getattr(user, gesture), may=(*about, *foot))


@pytest.mark.parametrize("user", [(1440, 900)], indirect=True)
def test_with_six_runs_five_lanes_are_seen_the_plots_keep_their_room_and_nothing_moves(user: User) -> None:
    window = user.window
    while len(window.lab.runs.open) < 6:
        window.lab.runs.branch()
        user.settle()
    assert [head.isVisible() for head in window.timeline.lanes.heads.values()] == [False] + 5 * [True]
    assert 220 <= window.arrangement.tabs.height() <= 240
    assert window.curves.isVisible()
    see_that_nothing_moves(user, user.start_or_pause, user.start_or_pause)
    see_that_nothing_moves(user, user.view_past, user.live_again, may=("place_field",))
    see_that_nothing_moves(user, user.new_run, may=("run_",))  # the lanes scroll


def network_places(window: MainWindow) -> list[QRect]:
    """Where pad and tools, the 28 × 28, the tiles and the outputs with their verdict are in the window."""
    card, places = window.network, window.network.arrangement.places
    corner = card.picture.mapTo(window, QPoint())
    parts = [QRect(part.mapTo(window, QPoint()), part.size()) for part in (card.pad, card.tools, card.seen)]
    tiles = [card.frame_of(Unit(1, unit)) for unit in range(30)]
    assert places.verdict is not None
    outputs = [each.translated(corner) for each in (places.outputs, places.rows, places.verdict)]
    return [*parts, *(there(tile).translated(card.mapTo(window, QPoint())) for tile in tiles), *outputs]


def test_pad_tiles_and_outputs_keep_their_place_in_every_state(user: User) -> None:
    window, card = user.window, user.window.network
    titles = card.head.title, window.curves.findChildren(TitledPlot)[0].title
    assert len({title.mapTo(window, QPoint()).x() for title in titles}) == 1, "both cards have one left edge"
    before = network_places(window)

    def draw() -> None:
        centre = card.pad.rect().center()
        QTest.mousePress(card.pad, Qt.MouseButton.LeftButton, pos=centre)
        QTest.mouseMove(card.pad, centre + QPoint(0, 40))
        QTest.mouseRelease(card.pad, Qt.MouseButton.LeftButton, pos=centre + QPoint(0, 40))

    for state in (
        draw, card.pad.show_test_digit, lambda: card.select(1, 7), lambda: card.selection.choose_output(4),
        lambda: card.path_action.setChecked(True), user.view_past, user.live_setting, user.discard, user.live_again,
        user.say, user.start_or_pause, user.start_or_pause, lambda: card.select(1, 3), user.open_unit,
        user.new_run, draw, user.learn,
    ):  # fmt: skip
        state()
        user.settle()
        assert network_places(window) == before, state


def test_a_new_run_gives_the_pad_the_keys_and_a_live_change_not(qtbot: QtBot, window: MainWindow) -> None:
    field = window.controls.layers.fields[0]
    field.setFocus()
    field.take(20)
    qtbot.waitUntil(lambda: window.lab.run is not None and window.lab.run.settings.sizes == (784, 20, 10))
    assert window.controls.layers.fields[0].hasFocus()
    window.action_book["new"].trigger()
    assert window.network.pad.hasFocus()


def test_no_tile_and_no_output_moves_in_stages_with_a_unit_seen_large_and_edited(user: User) -> None:
    window, card = user.window, user.window.network

    def fixed() -> tuple[object, ...]:
        user.settle()
        frames = [card.frame_of(Unit(1, unit)) for unit in range(30)]
        return card.geometry(), card.picture.geometry(), frames, list(card.picture.outputs.tracks)

    card.pad.show_digit("test", 3)
    before, view = fixed(), window.views[MINIBATCH]
    window.arrangement.tabs.open("minibatch")
    user.qtbot.waitUntil(view.tiles.isVisible)
    for name in STAGES:
        view.stages.choose(name)
        user.qtbot.waitUntil(lambda: card.presenter.stage is not None)
        assert (fixed(), card.stage_figure.isVisible(), card.pad.isVisible()) == (before, True, False), name
    view.close_button.click()
    window.arrangement.tabs.open("curves")
    window.open_unit(1, 3)
    assert (fixed(), card.pad.isVisible()) == (before, False)
    assert card.picture.outputs.words.word, "the verdict stays in view while one edits"
    hand = window.unit_detail.hand
    assert hand is not None
    for action in (hand.switch_off, hand.put_back):
        action.trigger()
        assert fixed() == before, action.text()
    card.pad.pen_action.trigger()
    assert (fixed(), card.pad.isVisible()) == (before, True)
