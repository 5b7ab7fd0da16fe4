"""Four outputs instead of ten: the layer one sets, and the bits learned directly."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyqtgraph as pg
import pytest
from numpy.typing import NDArray
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
from mnistviz.gui.common.painted_text import watched
from mnistviz.gui.common.theme import LIGHT
from mnistviz.gui.ideas.binary_outputs import binary_outputs_page
from mnistviz.gui.ideas.binary_outputs.binary_outputs_page import BinaryOutputsPage
from mnistviz.gui.ideas.binary_outputs.layer_figure import LayerPlaces
from mnistviz.gui.ideas.binary_outputs.share_figures import RaceFigure
from mnistviz.gui.window.main_window import MainWindow
from tests.gui.ideas.conftest import OpenPage, all_texts, work

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def page(open_page: OpenPage, mnist: Digits, reader: Network) -> BinaryOutputsPage:
    """The page on a network that reads digits well."""
    return opened(open_page, digits=mnist, network=reader)


@pytest.fixture
def small(open_page: OpenPage) -> BinaryOutputsPage:
    """The page on an untrained network and a few digits."""
    return opened(open_page)


def opened(open_page: OpenPage, **options: object) -> BinaryOutputsPage:
    found = open_page("binary_outputs", **options)
    assert isinstance(found, BinaryOutputsPage)
    work(found)
    assert found.bars.bits is not None
    return found


def click(page: BinaryOutputsPage, row: int, bit: int, times: int = 1) -> None:
    for _ in range(times):
        QTest.mouseClick(page.layer, LEFT, pos=page.layer.cell(row, bit).center().toPoint())


def put(page: BinaryOutputsPage, layer: FourthLayer) -> None:
    """Sets it cell by cell, as the hand would."""
    for bit, sign in enumerate(layer.biases):
        page.layer.set_sign(layer.classes, bit, int(sign))
    for (row, bit), sign in np.ndenumerate(layer.weights):
        page.layer.set_sign(row, bit, int(sign))


def readable(page: BinaryOutputsPage) -> str:
    with watched() as painted:
        page.grab()
    return "\n".join((all_texts(page), *(each.text for each in painted)))


def test_it_opens_empty_with_nothing_done(page: BinaryOutputsPage) -> None:
    assert not page.layer.layer.weights.any()
    assert page.tasks.done_ids() == []
    assert page.question.asked is not None


def test_a_click_goes_from_nothing_to_yes_to_no(page: BinaryOutputsPage) -> None:
    signs = []
    for _ in range(3):
        click(page, 7, 2)
        signs.append(int(page.layer.layer.weights[7, 2]))
    assert signs == [1, -1, 0]
    click(page, 10, 3, 2)
    assert page.layer.layer.biases.tolist() == [0, 0, 0, -1]


@pytest.mark.parametrize("height", [150, 200, 400])
def test_the_circle_of_a_bit_lies_within_its_row(height: int) -> None:
    places = LayerPlaces(600, height, 15, 10, 4, 20)
    radius, middle = places.bit_radius, places.bit(2)
    circle = QRectF(middle.x() - radius, middle.y() - radius, 2 * radius, 2 * radius)
    assert places.cell(11, 2).contains(circle)


def test_weights_are_set_by_the_keys(page: BinaryOutputsPage) -> None:
    view = page.layer
    view.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Plus):
        QTest.keyClick(view, key)
    assert view.layer.weights[1, 1] == 1
    assert "“1”" in view.accessibleDescription()
    assert "plus" in view.accessibleDescription()
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert view.layer.weights[1, 1] == -1
    QTest.keyClick(view, Qt.Key.Key_0)
    assert not view.layer.weights.any()
    for _ in range(12):
        QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Minus)
    assert view.layer.biases[1] == -1


def test_the_last_bit_is_noticed_when_it_is_right_for_all_ten(page: BinaryOutputsPage) -> None:
    for digit in (1, 3, 5, 7):
        click(page, digit, 3)
        click(page, digit - 1, 3, 2)
    click(page, 9, 3)
    assert not page.tasks.is_done("last")  # 8 says nothing, and what others murmur makes it odd
    click(page, 8, 3, 2)
    assert page.tasks.is_done("last")
    assert not page.tasks.is_done("all")


def test_the_solution_is_noticed_and_39_of_40_are_not(page: BinaryOutputsPage) -> None:
    right = FourthLayer.solution(10)
    put(page, right.with_weight(9, 3, -1))
    assert not page.tasks.is_done("all")
    assert page.question.asked is not None
    click(page, 9, 3, 2)  # no, nothing, yes
    assert page.tasks.is_done("all")
    assert page.question.asked is None


def test_shares_are_those_of_all_test_digits(page: BinaryOutputsPage) -> None:
    assert page.taken is not None
    assert page.digits is not None
    put(page, FourthLayer.solution(10))
    right = page.taken.network.evaluate(page.digits.test) / 10_000
    assert page.bars.whole == pytest.approx(right)
    assert page.bars.bits is not None
    assert right - 0.01 < page.bars.bits <= right


def answers_to_test_digits(page: BinaryOutputsPage) -> NDArray[np.float32]:
    assert page.taken is not None
    assert page.digits is not None
    found = activations_of(page.taken.network, page.digits.test)
    assert found is not None
    return found


def predict(page: BinaryOutputsPage, share: float) -> None:
    """Puts the flag at a share, by a click."""
    track = page.bars.track(0)
    page.bars.press(QPointF(track.left() + share * track.width(), track.center().y()))


def test_another_layer_must_read_one_in_a_hundred_more_or_fewer(page: BinaryOutputsPage) -> None:
    assert page.digits is not None
    first, labels = FourthLayer.solution(10), page.digits.test.labels

    answers = answers_to_test_digits(page)

    def share(layer: FourthLayer) -> float:
        return layer.share_right(answers, labels)

    silent = (first.with_weight(digit, bit, 0) for digit in range(10) for bit in range(4))
    right = (layer for layer in silent if layer.right_when_sure().all())
    near = next(layer for layer in right if 0 < abs(share(layer) - share(first)) < 0.01)
    other = next(layer for layer in other_solutions(10) if abs(share(layer) - share(first)) > 0.01)
    for layer in (first, near, first):
        page.layer.show_layer(layer)
        page.layer.changed()
        assert not page.tasks.is_done("other")
    page.layer.show_layer(other)
    page.layer.changed()
    assert page.tasks.is_done("other")
    assert f"{100 * share(other):.2f}" in readable(page)


def test_a_flag_is_put_by_a_click_and_stays_beside_the_outcome(page: BinaryOutputsPage) -> None:
    track = page.bars.track(0)
    at = track.center().toPoint()
    at.setX(round(track.left() + 0.8 * track.width()))
    QTest.mouseClick(page.bars, LEFT, pos=at)
    assert page.bars.flag == pytest.approx(0.8, abs=0.01)
    put(page, FourthLayer.solution(10))
    assert "You said 80 %" in readable(page)
    QTest.mouseClick(page.bars, LEFT, pos=track.center().toPoint())
    assert page.bars.flag == pytest.approx(0.8, abs=0.01)  # a ghost


def test_before_it_is_tried_the_shares_of_solutions_are_nowhere(page: BinaryOutputsPage) -> None:
    assert page.digits is not None
    solutions = (FourthLayer.solution(10), *other_solutions(10))
    text, answers = readable(page), answers_to_test_digits(page)
    for layer in solutions:
        assert f"{100 * layer.share_right(answers, page.digits.test.labels):.2f}" not in text


def test_show_me_sets_a_solution_then_another_and_ticks_nothing(page: BinaryOutputsPage) -> None:
    for _ in range(2):
        page.show_me()
        first = page.bars.bits
        assert page.layer.layer.right_when_sure().all()
        assert page.question.asked is None
        page.show_me()
        assert page.layer.layer.right_when_sure().all()
        assert first is not None
        assert page.bars.bits is not None
        assert abs(page.bars.bits - first) >= 0.01
    assert page.tasks.done_ids() == []


def test_what_was_shown_counts_once_the_hand_has_done_it_anew(page: BinaryOutputsPage) -> None:
    page.show_me()
    page.main_button.click()
    assert page.tasks.done_ids() == []
    click(page, 9, 3)
    click(page, 9, 3, 2)
    assert page.tasks.done_ids() == ["last", "all"]


def test_a_prediction_is_of_the_network_it_was_made_for(page: BinaryOutputsPage) -> None:
    predict(page, 0.58)
    page.race.set_flag(0.7)
    put(page, FourthLayer.solution(10))
    assert "You said 58 %" in page.question.accessibleName()
    lab, layer = page.lab, page.layer.layer
    lab.runs.begin(Settings(seed=7), Network((784, 30, 10), seed=7))
    work(page)
    page.take_newest()
    work(page)
    assert page.bars.whole is not None
    assert page.layer.layer is layer, "the weights are the user's"
    assert page.question.asked is not None
    assert page.bars.flag is page.race.flag is None
    assert page.digits is not None
    share = f"{100 * layer.share_right(answers_to_test_digits(page), page.digits.test.labels):.2f}"
    assert page.bars.bits is None
    assert f"all bits right {share}" not in readable(page)
    predict(page, 0.05)
    QTest.mouseClick(page.main_button, LEFT)
    assert "You said 5 %" in page.question.accessibleName()
    assert share in page.question.accessibleName()
    assert page.bars.bits is not None
    assert page.main_button.text() == "Next digit"


def test_no_share_of_another_network_is_shown(small: BinaryOutputsPage) -> None:
    put(small, FourthLayer.solution(10))
    assert small.bars.bits is not None
    first = f"The first ended at {100 * small.bars.bits:.2f} %."
    assert first in readable(small)
    small.lab.runs.begin(Settings(seed=7), Network((784, 30, 10), seed=7))
    work(small)
    small.take_newest()
    assert small.bars.bits is small.bars.whole is None  # what the new network reads is not known yet
    work(small)
    assert small.bars.whole is not None
    small.press_main()  # the layer is right already, so the share is told at a press
    assert "The first ended at" in readable(small)
    assert first not in readable(small)


def test_the_second_layer_is_asked_for_beside_what_the_first_read(page: BinaryOutputsPage) -> None:
    assert "The first ended at" not in readable(page)
    put(page, FourthLayer.solution(10))
    assert page.bars.bits is not None
    assert f"The first ended at {100 * page.bars.bits:.2f} %." in readable(page)
    page.reset()
    assert "The first ended at" not in readable(page)


def test_test_digits_of_each_class_and_the_next_one_are_read(page: BinaryOutputsPage) -> None:
    put(page, FourthLayer.solution(10))
    view = page.layer
    content = view.content
    for label, sample in enumerate(content.samples):
        assert sample is not None
        assert sample.label == label
        assert content.reads(sample) == label
    QTest.mouseClick(view, LEFT, pos=view.places().sample(4).center().toPoint())
    assert view.content.shown is content.samples[4]
    QTest.mouseClick(page.main_button, LEFT)
    assert "test digit 1," in view.content.caption


def test_sample_digits_are_judged_by_sure_outputs_whatever_the_network_reads(
    small: BinaryOutputsPage,
) -> None:
    """Then all ten are correct where the question says so, with an untrained network, too."""
    put(small, FourthLayer.solution(10).with_weight(4, 1, -1))
    assert "✗ 0" in readable(small)
    small.layer.set_sign(4, 1, 1)
    assert small.told
    with watched() as painted:
        small.layer.grab()
    said = [each.text for each in painted if each.text[:1] in "✓✗"]
    assert said == [f"✓ {digit}" for digit in range(10)]


def test_colours_and_wires_come_from_the_active_output(page: BinaryOutputsPage) -> None:
    put(page, FourthLayer.solution(10))
    view = page.layer
    sample = view.content.samples[6]
    assert sample is not None
    view.show_sample(sample, "")
    assert view.content.active == 6
    picture = view.grab().toImage()

    def colour(x: float, y: float) -> QColor:
        return picture.pixelColor(round(x), round(y))

    strong, pale = view.cell(6, 1), view.cell(7, 1)
    assert colour(strong.left() + 9, strong.top() + 6) == QColor(LIGHT.yes)
    weak = colour(pale.left() + 9, pale.top() + 6)
    assert weak.saturation() < 60
    for bit, hue in ((0, LIGHT.no), (1, LIGHT.yes), (2, LIGHT.yes), (3, LIGHT.no)):
        wire = colour(view.cell(8, bit).left() + 1, view.cell(8, bit).center().y())
        assert abs(wire.hue() - QColor(hue).hue()) < 12
        assert wire.saturation() > 150, "a wire"
        above = colour(view.cell(2, bit).left() + 1, view.cell(2, bit).center().y())
        assert above.saturation() < 30, "it begins at the active output"
    view.set_sign(6, 1, 0)
    picture = view.grab().toImage()
    assert colour(view.cell(8, 1).left() + 1, view.cell(8, 1).center().y()).saturation() < 30


def test_what_is_said_of_learning_directly_holds_of_a_bad_network(
    small: BinaryOutputsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
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


def test_in_the_window_the_keys_of_a_page_work_and_what_lies_on_the_pad_is_read(
    window: MainWindow,
) -> None:
    window.network.pad.show_next(7)
    window.action_book["ideas"].trigger()
    window.ideas.open("binary_outputs")
    page = window.ideas.page
    assert isinstance(page, BinaryOutputsPage)
    view, picture = page.layer, window.network.pad.picture
    assert view.content.shown is not None
    assert picture is not None
    assert np.array_equal(view.content.shown.pixels, picture.reshape(-1))
    label = window.network.pad.true_label
    assert label is not None
    assert f"a “{label}”" in view.content.caption
    assert "←" not in view.content.caption, "a key of the lab"
    assert view.content.shown.label == label
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
    plot, handle = small.race.plot, small.race.handle
    start, end = plot.at(handle.x, handle.y).toPoint(), plot.at(handle.x, 90).toPoint()
    QTest.mousePress(plot.viewport(), LEFT, pos=start)
    QTest.mouseMove(plot.viewport(), end)
    QTest.mouseRelease(plot.viewport(), LEFT, pos=end)
    assert small.race.flag == pytest.approx(0.9, abs=0.02)
    assert not small.tasks.is_done("direct")
    small.press_main()
    assert small.is_racing
    work(small)
    assert not small.is_racing
    race = small.race.race
    assert race is not None
    assert race.learned == race.of == 3 * 1_003
    assert small.tasks.is_done("direct")
    assert "You said 90 %" in readable(small)


def test_without_a_prediction_it_can_be_tried_and_is_not_ticked(small: BinaryOutputsPage) -> None:
    small.open_scene("direct")
    small.press_main()
    work(small)
    assert not small.is_racing
    assert small.race.race is not None
    assert not small.tasks.is_done("direct")
    small.open_scene("layer")
    small.open_scene("direct")
    assert small.race.race is not None  # what was learned is there when one comes back
    assert not small.main_button.isEnabled()
    small.question.again_button.click()
    assert small.race.race is None
    assert small.question.asked is not None
    assert small.main_button.isEnabled()


def test_a_race_that_was_shown_ticks_nothing(small: BinaryOutputsPage) -> None:
    small.open_scene("direct")
    small.race.set_flag(0.7)
    small.show_me()
    work(small)
    assert not small.is_racing
    assert small.race.race is not None
    assert "You said 70 %" in small.question.accessibleName()
    assert not small.tasks.is_done("direct")


def test_learning_is_cancelled(window: MainWindow, qtbot: QtBot) -> None:
    window.action_book["ideas"].trigger()
    window.ideas.open("binary_outputs")
    page = window.ideas.page
    assert isinstance(page, BinaryOutputsPage)
    page.epochs.field.set_value(20)
    page.epochs.changed(20)
    page.open_scene("direct")
    page.press_main()
    qtbot.waitUntil(lambda: page.race.race is not None)
    assert page.main_button.text() == "Cancel"
    QTest.mouseClick(page.main_button, LEFT)
    assert not page.is_racing
    assert page.race.race is None
    assert page.question.asked is not None
    assert page.main_button.text() == "Try it"


def test_put_back_empties_the_layer_and_keeps_what_was_done(page: BinaryOutputsPage) -> None:
    put(page, FourthLayer.solution(10))
    page.epochs.take(7)
    page.reset()
    assert not page.layer.layer.weights.any()
    assert page.epochs.value() == 3
    assert page.bars.flag is None
    assert page.tasks.is_done("all")
    assert page.question.asked is not None


def test_three_classes_have_two_bits(open_page: OpenPage, letters: Path) -> None:
    page = opened(open_page, digits=load_digits(letters), network=Network((784, 30, 3)))
    assert page.layer.layer.weights.shape == (3, 2)
    page.show_me()
    assert page.layer.layer.right_when_sure().all()
    assert page.layer.content.reads(page.layer.content.shown) in range(4)  # type: ignore[arg-type]


def test_without_a_network_it_says_what_to_do(open_page: OpenPage) -> None:
    page = open_page("binary_outputs", None)
    assert isinstance(page, BinaryOutputsPage)
    assert page.go_button.isVisible()
    page.press_main()
    page.show_me()
    page.reset()
    assert page.tasks.done_ids() == []


@pytest.mark.parametrize("height", [400, 150])
def test_the_names_of_two_lines_that_end_near_each_other_are_a_line_apart(qtbot: QtBot, height: int) -> None:
    figure = RaceFigure(LIGHT)
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
