"""Four outputs instead of ten: the layer one sets, and the bits learned directly."""

from pathlib import Path

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mnistviz.engine.digits import Digits, load_digits
from mnistviz.engine.ideas.binary_outputs import (
    BinaryReading,
    FourthLayer,
    OutputRace,
    activations_of,
    other_solutions,
)
from mnistviz.engine.network import Network
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.theme import LIGHT
from mnistviz.gui.ideas.binary_outputs import binary_outputs_page
from mnistviz.gui.ideas.binary_outputs.binary_outputs_page import BinaryOutputsPage
from mnistviz.gui.ideas.binary_outputs.layer_figure import LayerPlaces
from mnistviz.gui.ideas.binary_outputs.share_figures import RaceFigure
from mnistviz.gui.window.main_window import MainWindow
from tests.gui.children import known
from tests.gui.ideas.conftest import OpenPage, click, drag, painted_by, readable, work

RIGHT = FourthLayer.solution(10)


@pytest.fixture
def page(open_page: OpenPage, mnist: Digits, reader: Network) -> BinaryOutputsPage:
    """The page on a network that reads digits well."""
    return opened(open_page, digits=mnist, network=reader)


@pytest.fixture
def small(open_page: OpenPage) -> BinaryOutputsPage:
    """The page on an untrained network and a few digits."""
    return opened(open_page)


def opened(open_page: OpenPage, **options: object) -> BinaryOutputsPage:
    page = open_page(BinaryOutputsPage, **options)  # type: ignore[arg-type]
    work(page)
    assert page.bars.bits is not None
    return page


def press(page: BinaryOutputsPage, row: int, bit: int, times: int = 1) -> None:
    for _ in range(times):
        click(page.layer, page.layer.cell(row, bit).center())


def put(page: BinaryOutputsPage, layer: FourthLayer) -> None:
    """Sets it cell by cell, as the hand would."""
    for bit, sign in enumerate(layer.biases):
        page.layer.set_sign(layer.classes, bit, int(sign))
    for (row, bit), sign in np.ndenumerate(layer.weights):
        page.layer.set_sign(row, bit, int(sign))


def percent(page: BinaryOutputsPage, layer: FourthLayer) -> float:
    """The accuracy of a layer on all test digits."""
    assert page.digits is not None
    activations = activations_of(known(page.taken).network, page.digits.test)
    return 100 * layer.share_right(activations, page.digits.test.labels)


def predict(page: BinaryOutputsPage, share: float) -> None:
    track = page.bars.track(0)
    click(page.bars, QPointF(track.left() + share * track.width(), track.center().y()))


def test_it_opens_empty_with_nothing_done_and_no_share_of_a_solution_told(page: BinaryOutputsPage) -> None:
    assert not page.layer.layer.weights.any()
    assert page.tasks.done_ids() == []
    assert page.question.asked is not None
    text = readable(page)
    assert not any(f"{percent(page, layer):.2f}" in text for layer in (RIGHT, *other_solutions(10)))


def test_weights_are_set_by_clicks_and_by_keys(small: BinaryOutputsPage) -> None:
    view, signs = small.layer, []
    for _ in range(3):
        press(small, 7, 2)
        signs.append(int(view.layer.weights[7, 2]))
    assert signs == [1, -1, 0]
    press(small, 10, 3, 2)
    assert view.layer.biases.tolist() == [0, 0, 0, -1]
    press(small, 0, 0, 3)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Plus):
        QTest.keyClick(view, key)
    assert view.layer.weights[1, 1] == 1
    assert {"“1”", "plus"} <= {*view.accessibleDescription().replace(":", "").split()}
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert view.layer.weights[1, 1] == -1
    QTest.keyClick(view, Qt.Key.Key_0)
    assert not view.layer.weights.any()
    for _ in range(12):
        QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Minus)
    assert view.layer.biases[1] == -1


@pytest.mark.parametrize("height", [150, 200, 400])
def test_the_circle_of_a_bit_lies_within_its_row(height: int) -> None:
    places = LayerPlaces(600, height, 15, 10, 4, 20)
    radius, middle = places.bit_radius, places.bit(2)
    circle = QRectF(middle.x() - radius, middle.y() - radius, 2 * radius, 2 * radius)
    assert places.cell(11, 2).contains(circle)


def test_the_last_bit_and_then_all_are_noticed_and_a_near_miss_is_not(small: BinaryOutputsPage) -> None:
    for digit in (1, 3, 5, 7):
        press(small, digit, 3)
        press(small, digit - 1, 3, 2)
    press(small, 9, 3)
    assert small.tasks.done_ids() == []  # 8 says nothing, and what others murmur makes it odd
    press(small, 8, 3, 2)
    assert small.tasks.done_ids() == ["last"]
    small.reset()
    put(small, RIGHT.with_weight(9, 3, -1))
    assert small.tasks.done_ids() == ["last"]
    assert small.question.asked is not None
    press(small, 9, 3, 2)  # no, nothing, yes
    assert small.tasks.done_ids() == ["last", "all"]
    assert small.question.asked is None


def test_shares_are_those_of_all_test_digits_and_stand_beside_the_next_wish(page: BinaryOutputsPage) -> None:
    assert "The first ended at" not in readable(page)
    put(page, RIGHT)
    whole, bits = page.bars.whole, page.bars.bits
    assert whole == pytest.approx(known(page.taken).network.evaluate(known(page.digits).test) / 10_000)
    assert whole is not None
    assert bits is not None
    assert whole - 0.01 < bits <= whole
    assert f"The first ended at {100 * bits:.2f} %." in readable(page)
    page.reset()
    assert "The first ended at" not in readable(page)


def test_another_layer_must_read_one_in_a_hundred_more_or_fewer(page: BinaryOutputsPage) -> None:
    def apart(layer: FourthLayer) -> float:
        return abs(percent(page, layer) - percent(page, RIGHT))

    silent = (RIGHT.with_weight(digit, bit, 0) for digit in range(10) for bit in range(4))
    near = next(layer for layer in silent if layer.right_when_sure().all() and 0 < apart(layer) < 1)
    other = next(layer for layer in other_solutions(10) if apart(layer) > 1)
    for layer, done in ((RIGHT, False), (near, False), (RIGHT, False), (other, True)):
        page.layer.show_layer(layer)
        page.layer.changed()
        assert page.tasks.is_done("other") is done
    assert f"{percent(page, other):.2f}" in readable(page)


def test_a_clicked_flag_stays_beside_the_outcome_until_all_is_put_back(small: BinaryOutputsPage) -> None:
    predict(small, 0.8)
    assert small.bars.flag == pytest.approx(0.8, abs=0.01)
    put(small, RIGHT)
    assert "You said 80 %" in readable(small)
    predict(small, 0.5)
    assert small.bars.flag == pytest.approx(0.8, abs=0.01)  # an outline
    small.epochs.take(7)
    small.reset()
    assert not small.layer.layer.weights.any()
    assert small.epochs.value() == 3
    assert small.bars.flag is None
    assert small.tasks.is_done("all"), "what was done stays"
    assert small.question.asked is not None


def test_show_me_sets_solutions_in_turn_that_count_once_done_anew(page: BinaryOutputsPage) -> None:
    for _ in range(2):
        shares = []
        for _ in range(2):
            page.show_me()
            assert page.layer.layer.right_when_sure().all()
            assert page.question.asked is None
            shares.append(page.bars.bits or 0.0)
        assert abs(shares[1] - shares[0]) >= 0.01
    page.reset()
    page.show_me()
    page.main_button.click()
    assert page.tasks.done_ids() == []
    press(page, 9, 3)
    press(page, 9, 3, 2)
    assert page.tasks.done_ids() == ["last", "all"]


def test_a_prediction_and_shares_are_of_the_network_they_were_made_for(small: BinaryOutputsPage) -> None:
    predict(small, 0.58)
    small.race.set_flag(0.7)
    put(small, RIGHT)
    assert "You said 58 %" in small.question.accessibleName()
    layer, first = small.layer.layer, f"The first ended at {percent(small, RIGHT):.2f} %."
    assert first in readable(small)
    small.lab.runs.begin(Settings(seed=7), Network((784, 30, 10), seed=7))
    work(small)
    small.take_newest()
    assert small.bars.bits is small.bars.whole is None  # what the new network reads is not known yet
    work(small)
    assert small.layer.layer is layer, "the weights are the user's"
    assert small.question.asked is not None
    assert small.bars.flag is small.race.flag is None
    share = f"{percent(small, RIGHT):.2f}"
    assert small.bars.bits is None
    assert f"all bits right {share}" not in readable(small)
    predict(small, 0.05)
    click(small.main_button)  # the layer is correct already, so its accuracy is told at a press
    assert "You said 5 %" in small.question.accessibleName()
    assert share in small.question.accessibleName()
    assert small.bars.bits is not None
    assert small.main_button.text() == "Next digit"
    assert "The first ended at" in readable(small)
    assert first not in readable(small)


def test_test_digits_of_each_class_and_the_next_one_are_read(page: BinaryOutputsPage) -> None:
    put(page, RIGHT)
    view = page.layer
    samples = [each for each in view.content.samples if each is not None]
    assert [each.label for each in samples] == [view.content.reads(each) for each in samples] == [*range(10)]
    click(view, view.places().sample(4).center())
    assert view.content.shown is samples[4]
    click(page.main_button)
    assert "test digit 1," in view.content.caption


def test_sample_digits_are_judged_by_sure_outputs_not_predictions(small: BinaryOutputsPage) -> None:
    """Then all ten are correct where the question says so, with an untrained network, too."""
    put(small, RIGHT.with_weight(4, 1, -1))
    assert "✗ 0" in readable(small)
    small.layer.set_sign(4, 1, 1)
    assert small.told
    said = [text for text in painted_by(small.layer) if text[:1] in "✓✗"]
    assert said == [f"✓ {digit}" for digit in range(10)]


def test_colours_and_wires_come_from_the_active_output(page: BinaryOutputsPage) -> None:
    put(page, RIGHT)
    view = page.layer
    view.show_sample(view.content.samples[6], "")
    assert view.content.active == 6

    def colour(row: int, bit: int, x: float, y: float = 0.0) -> QColor:
        cell = view.cell(row, bit)
        place = cell.left() + x, cell.top() + y if y else cell.center().y()
        return view.grab().toImage().pixelColor(*map(round, place))

    assert colour(6, 1, 9, 6) == QColor(LIGHT.yes)
    assert colour(7, 1, 9, 6).saturation() < 60
    for bit, hue in ((0, LIGHT.no), (1, LIGHT.yes), (2, LIGHT.yes), (3, LIGHT.no)):
        wire = colour(8, bit, 1)
        assert abs(wire.hue() - QColor(hue).hue()) < 12
        assert wire.saturation() > 150, "a wire"
        assert colour(2, bit, 1).saturation() < 30, "it begins at the active output"
    view.set_sign(6, 1, 0)
    assert colour(8, 1, 1).saturation() < 30


def test_a_bad_network_learns_as_is_said(small: BinaryOutputsPage, monkeypatch: pytest.MonkeyPatch) -> None:
    """However badly the bits were learned, nothing says that they can be."""
    small.open_scene("direct")
    small.race.set_flag(0.9)
    over = OutputRace((BinaryReading(0, 0.1, 0.05), BinaryReading(1_003, 0.12, 0.06)), 1_003, 1_003)
    monkeypatch.setattr(binary_outputs_page, "race", lambda *given: over)
    small.epochs.take(1)
    small.press_main()
    work(small)
    assert small.tasks.is_done("direct")
    said = readable(small)
    assert "Tried with one seed. 4 outputs: 6.00 %. 10 outputs: 12.00 %." in said
    assert "can be learned" not in said


def of_window(window: MainWindow) -> BinaryOutputsPage:
    window.action_book["ideas"].trigger()
    window.ideas.open("binary_outputs")
    assert isinstance(window.ideas.page, BinaryOutputsPage)
    return window.ideas.page


def test_in_the_window_the_keys_of_a_page_work_and_what_lies_on_the_pad_is_read(window: MainWindow) -> None:
    window.network.pad.show_next(7)
    view, picture = of_window(window).layer, window.network.pad.picture
    shown, label = view.content.shown, window.network.pad.true_label
    assert shown is not None
    assert np.array_equal(shown.pixels, known(picture).reshape(-1))
    assert shown.label == label
    assert f"a “{label}”" in view.content.caption
    assert "←" not in view.content.caption, "a key of the lab"
    window.activateWindow()
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Plus)
    assert view.layer.weights.any()
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert "test digit 0," in view.content.caption
    QTest.keyClick(view, Qt.Key.Key_R)
    assert not view.layer.weights.any()


def test_the_bits_are_learned_and_both_curves_drawn(small: BinaryOutputsPage) -> None:
    small.open_scene("direct")
    assert small.race.race is None
    drag(small.race.plot, small.race.handle, small.race.handle.x, 90)
    assert small.race.flag == pytest.approx(0.9, abs=0.02)
    small.press_main()
    assert small.is_racing
    assert not small.tasks.is_done("direct")
    work(small)
    assert not small.is_racing
    race = known(small.race.race)
    assert race.learned == race.of == 3 * 1_003
    assert small.tasks.is_done("direct")
    assert "You said 90 %" in readable(small)


@pytest.mark.parametrize("shown", [False, True])
def test_a_race_without_a_prediction_or_shown_ticks_nothing(small: BinaryOutputsPage, shown: bool) -> None:
    small.open_scene("direct")
    if shown:
        small.race.set_flag(0.7)
        small.show_me()
    else:
        small.press_main()
    work(small)
    assert not small.is_racing
    assert not small.tasks.is_done("direct")
    assert ("You said 70 %" in small.question.accessibleName()) is shown
    small.open_scene("layer")
    small.open_scene("direct")
    assert small.race.race is not None  # what was learned is there when one comes back
    assert not small.main_button.isEnabled()
    small.question.again_button.click()
    assert small.race.race is None
    assert small.question.asked is not None
    assert small.main_button.isEnabled()


def test_learning_is_cancelled(window: MainWindow, qtbot: QtBot) -> None:
    page = of_window(window)
    page.epochs.take(20)
    page.open_scene("direct")
    page.press_main()
    qtbot.waitUntil(lambda: page.race.race is not None)
    assert page.main_button.text() == "Cancel"
    click(page.main_button)
    assert not page.is_racing
    assert page.race.race is None
    assert page.question.asked is not None
    assert page.main_button.text() == "Try it"


def test_three_classes_have_two_bits(open_page: OpenPage, letters: Path) -> None:
    page = opened(open_page, digits=load_digits(letters), network=Network((784, 30, 3)))
    assert page.layer.layer.weights.shape == (3, 2)
    page.show_me()
    assert page.layer.layer.right_when_sure().all()
    assert page.layer.content.shown is not None
    assert page.layer.content.reads(page.layer.content.shown) in range(4)


def test_without_a_network_it_says_what_to_do(open_page: OpenPage) -> None:
    page = open_page(BinaryOutputsPage, None)
    assert page.go_button.isVisible()
    page.press_main()
    page.show_me()
    page.reset()
    assert page.tasks.done_ids() == []


@pytest.mark.parametrize("height", [400, 150])
def test_the_names_of_two_lines_that_end_near_each_other_are_a_line_apart(qtbot: QtBot, height: int) -> None:
    figure = RaceFigure()
    qtbot.addWidget(figure)
    figure.resize(500, height)
    figure.show()
    figure.prepare("", ("10 outputs", "4 outputs"), 1, 1_000)
    readings = BinaryReading(0, 0.1, 0.05), BinaryReading(1_000, 0.95, 0.94)
    figure.show_race(OutputRace(readings, 1_000, 1_000))
    figure.resize(500, height + 20)
    items = figure.plot.scene().items()
    names = [item for item in items if isinstance(item, pg.TextItem) and "outputs" in item.toPlainText()]
    upper, lower = sorted(item.sceneBoundingRect().center().y() for item in names)
    assert lower - upper >= figure.plot.fontMetrics().height() - 1
