"""The network card: who answers how much, who says what, and what one can point at, choose and open."""

from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QGraphicsPathItem, QGraphicsPixmapItem, QWidget
from pytestqt.qtbot import QtBot

from mnistviz.engine import evidence
from mnistviz.engine.digits import PIXELS, grey_values
from mnistviz.engine.evaluation import Health, LayerHealth
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Unit
from mnistviz.gui.common.choices import Choices
from mnistviz.gui.common.records import read_record
from mnistviz.gui.common.theme import DARK, LIGHT, set_theme
from mnistviz.gui.common.weight_images import Tiles, colour_table
from mnistviz.gui.lab.in_card import Beside, Dot, InCard
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.network.card import NetworkCard
from mnistviz.gui.network.card_picture import CardPicture, Weights
from mnistviz.gui.network.card_report import REPORT, card_for_report
from mnistviz.gui.network.card_widgets import ReportPart
from mnistviz.gui.network.input_view import InputView
from mnistviz.gui.network.network_picture import NetworkPicture
from mnistviz.gui.network.selection import Selection
from tests.examples import one_quick
from tests.gui.double_click import double_click
from tests.gui.frames import is_settled
from tests.gui.network.conftest import Show, put_digit
from tests.gui.network.moments import later, moment, move_mouse, shown, there

KINDS = [
    ("sigmoid", "sigmoid", "quadratic"),
    ("tanh", "sigmoid", "cross_entropy"),
    ("relu", "softmax", "cross_entropy"),
    ("leaky_relu", "softmax", "cross_entropy"),
]


def activations(card: NetworkCard, at: Moment) -> list[Any]:
    picture = there(card.pad.picture)
    return [layer[0] for layer in at.network.activations(grey_values(picture.reshape(1, -1)))]


def kind(*sizes: int, of: tuple[str, str, str] = KINDS[0], scale: float = 0.2, seed: int = 1) -> Moment:
    activation, output, cost = of
    found = moment(*sizes, seed=seed, step=9, activation=activation, output=output, cost=cost)
    for w in found.network.weights:
        w *= scale
    return found


def rects(item: QGraphicsPathItem, within: QRect) -> list[QRectF]:
    """The bars of an item that lie in a frame."""
    found = [polygon.boundingRect() for polygon in item.path().toSubpathPolygons()]
    return [rect for rect in found if QRectF(within).adjusted(-1, -1, 1, 9).contains(rect)]


def point_at(card: NetworkCard, layer: int, unit: int) -> None:
    move_mouse(card.picture.viewport(), there(card.picture.stages[layer].frame_of(unit)).center())


def point_at_output(card: NetworkCard, output: int) -> None:
    move_mouse(card.picture.viewport(), card.picture.outputs.row(output).center().toPoint())


def health(at: Moment, full: float = 2.0) -> Health:
    chance = np.random.default_rng(0)
    layers = tuple(
        LayerHealth(0, 0, 1, full, chance.uniform(0, 1, (at.network.sizes[-1], n)).astype(np.float32), 3.21)
        for n in at.network.sizes[1:]
    )
    return Health(layers, 4.0)


def test_each_unit_has_its_bars_in_its_frame(show: Show) -> None:
    at = kind(PIXELS, 30, 12, 10)
    card = show(digit=True)
    card.draw(shown(at, health(at)))
    flow = there(card.presenter.picture.flow)
    for layer, stage in card.picture.stages.items():
        for unit, value in enumerate(flow.activations[layer]):
            bars = rects(stage.bars, there(stage.frame_of(unit)))
            height = there(stage.slots).bar.height()
            assert sum(bar.height() for bar in bars) == pytest.approx(height * value, abs=0.01)
    last = card.picture.stages[2]
    half = there(there(last.slots).signed).width() / 2
    for unit, value in enumerate(flow.explained.contributions):
        bars = rects(last.above if value > 0 else last.below, there(last.frame_of(unit)))
        assert sum(bar.width() for bar in bars) == pytest.approx(half * min(abs(value) / 4.0, 1), abs=0.01)


def test_without_a_drawing_there_are_no_bars_and_a_word_on_how_to_get_one(show: Show) -> None:
    card = show()
    assert card.picture.message, "it says what will appear"
    assert not card.foot.legend.isVisible()
    card.draw(shown(kind(PIXELS, 30, 10)))
    stage = card.picture.stages[1]
    assert card.picture.message == ""
    assert card.foot.legend.isVisible()
    assert stage.bars.path().isEmpty()
    empty = card.picture.grab().toImage()
    assert card.picture.lines.connector.path().isEmpty()
    assert "Draw a digit" in card.foot.legends.text()
    assert "press T for a test digit" in card.head.note.text()
    assert "Draw a digit" in card.picture.heard()
    put_digit(card)
    assert not stage.bars.path().isEmpty()
    assert "activation" in card.foot.legends.text()
    card.pad.clear()
    card.presenter.refresh()
    assert stage.bars.path().isEmpty()
    assert card.picture.grab().toImage() == empty, "nor is there a place for bars"


@pytest.mark.parametrize("broken", ["weights", "biases"])
def test_a_network_that_is_not_finite_has_no_bars_no_lines_and_a_sentence(show: Show, broken: str) -> None:
    at = kind(PIXELS, 30, 10)
    getattr(at.network, broken)[1][...] = np.inf if broken == "weights" else np.nan
    card = show(at, digit=True)
    point_at(card, 1, 3)
    assert card.picture.stages[1].bars.path().isEmpty()
    assert card.presenter.picture.lines == ()
    assert "The network has diverged" in card.picture.heard()
    assert card.foot.reading.text().startswith("unit 4")


def test_at_rest_the_marks_are_of_the_moment_shown(show: Show, qtbot: QtBot) -> None:
    at = kind(PIXELS, 30, 10)
    card = show(at)
    beyond = later(at, 10)
    beyond.network.weights[0][4] *= 1000
    card.draw(shown(beyond))
    qtbot.waitUntil(lambda: is_settled(card))
    assert card.presenter.picture.weights is not None
    assert card.presenter.picture.weights.beyond.tolist() == [unit == 4 for unit in range(30)]


def test_another_network_stands_beside_that_of_the_moment_until_it_goes(show: Show) -> None:
    at = kind(784, 12, 10)
    card, beside = show(at), Beside(at, "A", "B")
    for expected in (beside, None):
        card.show_in_card(InCard(beside=expected))
        assert card.presenter.beside is expected


def test_a_run_that_has_diverged_says_so_in_the_place_of_empty_pictures(show: Show) -> None:
    at = kind(PIXELS, 30, 10)
    broken = later(at, 20)
    broken.network.weights[0][...] = np.nan
    card = show(at, digit=True)
    known = shown(broken)
    card.draw(replace(known, run=replace(there(known.run), diverged=True)))
    card.presenter.refresh()
    assert card.picture.message.startswith("This run has diverged")
    card.draw(replace(shown(at), playhead=9))
    card.presenter.refresh()
    assert card.picture.message == "", "it had not diverged there yet"
    assert there(card.picture.opened_stage).bars.opacity() == 1


def said_for(card: NetworkCard) -> int:
    return there(card.presenter.picture.flow).explained.output


def test_pointing_at_an_output_asks_for_it_and_a_click_keeps_it(show: Show) -> None:
    card = show(kind(PIXELS, 30, 10), digit=True)
    winner = said_for(card)
    other = (winner + 3) % 10
    point_at_output(card, other)
    assert said_for(card) == other
    assert card.foot.reading.text().startswith(f"output “{other}”: ")
    move_mouse(card.picture.viewport(), QPoint(1, 1))
    assert said_for(card) == winner
    place = card.picture.outputs.row(other).center().toPoint()
    QTest.mouseClick(card.picture.viewport(), Qt.MouseButton.LeftButton, pos=place)
    move_mouse(card.picture.viewport(), QPoint(1, 1))
    assert said_for(card) == other
    QTest.keyClick(card.picture, Qt.Key.Key_Escape)
    assert said_for(card) == winner
    QTest.keyClick(card.picture, Qt.Key.Key_7)
    assert said_for(card) == 7


def test_the_colour_scale_has_the_room_that_its_numbers_need(show: Show, qtbot: QtBot) -> None:
    first = moment(PIXELS, 5, 10)
    card = show(first, width=1700, height=700)
    legend = card.foot.legend
    card.draw(shown(later(first, 1, change=50_000)))
    qtbot.waitUntil(lambda: legend.limit >= 50_000)
    width = legend.width()
    for wide in (1701, 1700):
        card.resize(wide, 700)
    assert legend.width() == width
    low = show(kind(PIXELS, 30, 10), digit=True, width=970, height=300).foot.legend
    assert low.width() > low.widths()[-2], "its words stay in a low card"


@pytest.mark.parametrize(("sizes", "layer"), [((784, 5, 10), 1), ((784, 30, 10), 1), ((784, 30, 7, 10), 2)])
def test_each_frame_is_its_own_unit(show: Show, sizes: tuple[int, ...], layer: int) -> None:
    card = show(kind(*sizes), digit=True)
    card.open_layer(layer)
    for unit in range(sizes[layer]):
        point_at(card, layer, unit)
        assert card.selection.pointed_unit == (layer, unit)
        assert f"unit {unit + 1} ·" in card.foot.reading.text()


def test_nothing_coloured_is_drawn_while_nothing_is_pointed_at_or_chosen(show: Show) -> None:
    card = show(kind(PIXELS, 12, 20, 10), digit=True)
    assert card.presenter.picture.lines == ()
    assert not any(item.isVisible() for item in card.picture.lines.items)
    way = card.picture.lines.connector.path()
    point = way.elementAt(way.elementCount() - 2)
    winner = card.picture.outputs.way_in(said_for(card))
    assert (point.x, point.y) == pytest.approx((winner.x(), winner.y())), "the point of its arrow"


def test_a_click_chooses_a_unit_keeps_its_lines_and_escape_lets_go(show: Show, qtbot: QtBot) -> None:
    card = show(kind(PIXELS, 30, 10), digit=True)
    frame = there(card.picture.stages[1].frame_of(12))
    assert not card.large_action.isEnabled()
    with qtbot.assertNotEmitted(card.unit_opened), qtbot.waitSignal(card.selection.unit_chosen) as chosen:
        QTest.mouseClick(card.picture.viewport(), Qt.MouseButton.LeftButton, pos=frame.center())
    assert chosen.args == [(1, 12)]
    move_mouse(card.picture.viewport(), QPoint(1, 1))
    assert len(card.presenter.picture.lines) == 10
    assert card.foot.reading.text().startswith("unit 13 · activation ")
    assert card.large_action.isEnabled()
    QTest.keyClick(card.picture, Qt.Key.Key_Escape)
    assert card.selection.chosen_unit is None
    assert card.presenter.picture.lines == ()
    assert not card.large_action.isEnabled()


def test_a_unit_is_opened_by_double_click_enter_or_its_menu(show: Show) -> None:
    card, opened = show(kind(PIXELS, 30, 10), digit=True), list[tuple[int, int]]()
    card.unit_opened.connect(lambda layer, unit: opened.append((layer, unit)))
    place, view = there(card.picture.stages[1].frame_of(12)).center(), card.picture.viewport()
    double_click(view, place)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=place)
    QTest.keyClick(card.picture, Qt.Key.Key_Return)
    card.selection.let_go()
    assert card.actions_at(place) == [card.large_action]
    card.large_action.trigger()
    assert opened == [(1, 12)] * 3
    output = card.picture.outputs.row(4).center().toPoint()
    assert card.actions_at(output) == [card.path_action]
    assert card.selection.chosen_output == 4
    assert card.actions_at(QPoint(1, 1)) == []
    double_click(view, output)
    assert opened[3:] == [(2, 4)]


def test_a_press_that_is_let_go_elsewhere_chooses_nothing(show: Show) -> None:
    card = show(kind(PIXELS, 30, 10))
    first, second = (card.picture.stages[1].frame_of(unit) for unit in (3, 4))
    assert second is not None
    QTest.mousePress(card.picture.viewport(), Qt.MouseButton.LeftButton, pos=there(first).center())
    QTest.mouseRelease(card.picture.viewport(), Qt.MouseButton.LeftButton, pos=second.center())
    assert card.selection.chosen_unit is None


def test_arrows_move_the_choice(show: Show) -> None:
    card = show(kind(PIXELS, 30, 10))
    across, key = there(card.picture.stages[1].slots).columns, Qt.Key
    for pressed, unit in (
        (key.Key_Right, 0), (key.Key_Right, 1), (key.Key_Down, 1 + across), (key.Key_Left, across),
        (key.Key_Up, 0), (key.Key_Up, 0), (key.Key_End, 29), (key.Key_Down, 29), (key.Key_Right, 29),
        (key.Key_Home, 0),
    ):  # fmt: skip
        QTest.keyClick(card.picture, pressed)
        assert card.selection.chosen_unit == (1, unit)


def test_a_deeper_unit_shows_what_it_gets_from_the_layer_before(show: Show) -> None:
    at = kind(PIXELS, 12, 20, 10)
    card = show(at, digit=True)
    assert card.seen.caption.text() == "28 × 28"
    point_at(card, 2, 5)
    expected = at.network.weights[1][5] * activations(card, at)[1]
    assert np.array_equal(there(card.presenter.picture.evidence).values, expected)
    assert card.seen.caption.text() == "evidence: what the unit gets from layer 1"
    card.grab()
    point_at(card, 1, 5)
    assert card.seen.caption.text().startswith("evidence: ")
    assert len(there(card.presenter.picture.evidence).values) == PIXELS
    card.picture.stages[1].show_measure(
        ["6.2"], card.picture.rect(), card.font()
    )  # as a stage of a mini-batch does
    card.resize(1100, 220)
    assert card.picture.stages[1].measure.text() == ""


@pytest.mark.parametrize("of", [KINDS[0], KINDS[2]])
def test_without_a_hidden_layer_the_outputs_are_the_tiles_and_the_evidence_is_the_output_s(
    show: Show, of: tuple[str, str, str]
) -> None:
    at = kind(PIXELS, 10, of=of, scale=0.02)
    card = show(at, digit=True)
    assert card.picture.opened_stage is not None
    assert card.presenter.picture.evidence is None
    point_at(card, 1, 4)
    assert said_for(card) == 4
    told = evidence.said(at.network, activations(card, at), 4)
    assert np.array_equal(there(card.presenter.picture.evidence).values, told.contributions)
    assert float(told.contributions.sum(dtype=float)) + told.bias == pytest.approx(told.z, rel=1e-5)
    assert card.head.tiles.isVisible()
    assert not card.path_action.isEnabled()


def test_ten_ticks_tell_what_the_unit_answers_to_each_digit_on_average(show: Show) -> None:
    at = kind(PIXELS, 30, 10)
    known = health(at)
    card = show(digit=True)
    card.draw(shown(at, known))
    assert card.picture.outputs.ticks.path().isEmpty()
    point_at(card, 1, 7)
    ticks = [p.boundingRect() for p in card.picture.outputs.ticks.path().toSubpathPolygons()]
    track, means = card.picture.outputs.tracks[0], known.layers[0].mean_answers[:, 7]
    lengths = [(tick.x() - track.x()) / track.width() for tick in ticks]
    assert lengths == pytest.approx(means.tolist(), abs=1e-5)
    assert all(card.picture.outputs.row(n).contains(tick.center()) for n, tick in enumerate(ticks))
    assert card.head.outputs_note.text() == "│ mean activation of unit 8"
    card.resize(1000, 440)
    card.presenter.refresh()
    assert card.head.outputs_note.text() == "│ mean of unit 8"
    card.selection.choose_unit(Unit(1, 7))
    for output in (3, 4):
        card.selection.point(None, None, output)
        assert card.picture.toolTip().endswith(f" unit 8 for “{output}”: {means[output]:.2f}")
    card.selection.choose_unit(None)
    assert card.picture.toolTip() == ""


@one_quick("size", [(900, 300), (1156, 432), (1082, 354)])
@pytest.mark.parametrize("layer", [1, 2, 3])
def test_the_path_rings_its_units_and_crosses_no_other(show: Show, size: tuple[int, int], layer: int) -> None:
    card = show(kind(PIXELS, 30, 30, 30, 10, scale=0.5), width=size[0], height=size[1], digit=True)
    card.open_layer(layer)
    card.path_action.setChecked(True)
    picture, units = card.picture, card.presenter.picture.ringed
    assert len(units) > 1
    frames = [QRectF(frame) for unit in units if (frame := picture.frame_of(unit)) is not None]
    rings = [polygon.boundingRect() for polygon in picture.rings.path().toSubpathPolygons()]
    assert [ring.center() for ring in rings] == [frame.center() for frame in frames]
    ways = [picture.lines.trunk.path(), *(item.path() for item in picture.lines.items if item.isVisible())]
    points = [way.pointAtPercent(share / 400) for way in ways if not way.isEmpty() for share in range(401)]
    for number, stage in picture.stages.items():
        slots = [] if stage.slots is None else [stage.slots]
        crossed = {unit for of in slots for point in points if (unit := of.at(point.toPoint())) is not None}
        assert {(number, unit) for unit in crossed} <= {*units}
    card.path_action.setChecked(False)
    assert picture.rings.path().isEmpty()


def test_a_pixel_pointed_at_is_ringed_in_every_tile_and_read_for_the_chosen_unit(show: Show) -> None:
    at = kind(PIXELS, 30, 10)
    card = show(at, digit=True)
    stage = there(card.picture.opened_stage)
    assert stage.slots is not None
    zoom = (card.seen.width() - 2) // 28
    move_mouse(card.seen, QPoint(1 + 9 * zoom + 1, 1 + 13 * zoom + 1))
    assert card.selection.pointed_pixel == 13 * 28 + 9
    rings = [polygon.boundingRect() for polygon in stage.pixels.path().toSubpathPolygons()]
    assert len(rings) == 30
    for unit, ring in enumerate(rings):
        assert stage.cell_at(ring.center().toPoint(), unit) == 13 * 28 + 9
    card.presenter.refresh()
    assert card.foot.reading.text() == "row 14, column 10: ink " + f"{card.pad.picture[13, 9] / 255:.2f}"  # type: ignore[index]
    card.select(1, 6)
    card.presenter.refresh()
    weight = f"{at.network.weights[0][6, 13 * 28 + 9]:+.2f}".replace("-", "−")
    assert card.foot.reading.text().startswith(f"unit 7 · row 14, column 10: {weight}")
    QCoreApplication.sendEvent(card.seen, QEvent(QEvent.Type.Leave))
    assert stage.pixels.path().isEmpty()


def test_a_click_on_a_folded_layer_opens_it(show: Show) -> None:
    card = show(kind(PIXELS, 8, 7, 6, 10))
    assert card.layer == 1
    card.head.layers[2].click()
    assert card.layer == 2
    assert card.head.layers[2].text() in ("Hidden layer 2", "Layer 2")
    frame = there(card.picture.stages[3].frame_of(5))
    QTest.mouseClick(card.picture.viewport(), Qt.MouseButton.LeftButton, pos=frame.center())
    assert card.layer == 3
    assert card.selection.chosen_unit == (3, 5)
    card.head.layers[3].click()
    assert card.layer == 3
    assert card.head.layers[3].isChecked()


def test_a_layer_may_go_while_the_mouse_is_down_on_its_name(show: Show) -> None:
    card = show(kind(PIXELS, 8, 7, 10))
    name = card.head.layers[2]
    QTest.mousePress(name, Qt.MouseButton.LeftButton)
    card.draw(shown(kind(PIXELS, 8, 10)))
    QTest.mouseRelease(name, Qt.MouseButton.LeftButton)
    assert card.layer == 1
    assert list(card.head.layers) == [1]


@pytest.mark.parametrize("units", [1, 2, 100, 500, 2_000])
def test_a_layer_of_any_size_can_be_opened_and_is_counted_where_it_is_folded(show: Show, units: int) -> None:
    card = show(kind(PIXELS, 6, units, 10), digit=True)
    folded = there(card.picture.stages[2].slots)
    assert f"{units:,}" in card.head.layers[2].text() or units < 2
    if len(folded.units) < units:
        assert f"{len(folded.units)} of {units:,}" in card.head.wordings(2)[1]
    assert card.head.wordings(2)[2] == f"2 · {units:,}", "of which layer comes before how many are in view"
    card.open_layer(2)
    assert card.picture.bar.isVisible() == (units > 100)
    card.picture.setFocus()
    QTest.keyClick(card.picture, Qt.Key.Key_End)
    QTest.keyClick(card.picture, Qt.Key.Key_End)
    assert card.selection.chosen_unit == (2, units - 1)
    assert card.picture.stages[2].frame_of(units - 1) is not None, "it has come into view"
    card.grab()


def test_positive_weights_are_orange_negative_ones_blue_and_nought_is_the_background(show: Show) -> None:
    first = moment(PIXELS, 1, 10)
    w = first.network.weights[0]
    w[:] = 0
    w[0, : PIXELS // 4], w[0, -PIXELS // 4 :] = 2, -2
    card = show(first)
    tile = there(there(there(card.picture.opened_stage).slots).picture_of(0))
    picture = card.picture.grab().toImage()
    assert card.foot.legend.limit == 3
    share, table = round(127 * 2 / 3), colour_table(LIGHT)
    for height, index in ((0.12, share), (0.5, 0), (0.88, -share)):
        colour = picture.pixelColor(round(tile.center().x()), round(tile.top() + height * tile.height()))
        assert colour.name() == QColor(int(table[128 + index])).name()


def test_the_weight_under_the_mouse_is_read(show: Show) -> None:
    first = moment(PIXELS, 30, 10)
    first.network.weights[0][6, 28 * 13 + 9] = 1.25
    first.network.biases[0][6] = -0.42
    card = show(first)
    picture = there(there(there(card.picture.opened_stage).slots).picture_of(6))
    inside = QPoint(round(9.5 * picture.width() / 28), round(13.5 * picture.height() / 28))
    move_mouse(card.picture.viewport(), picture.topLeft().toPoint() + inside)
    assert card.foot.reading.text().startswith("unit 7 · row 14, column 10: +1.25 · bias −0.42 · weights −")
    move_mouse(card.picture.viewport(), QPoint(0, 0))
    assert not card.foot.reading.isVisible()


def test_one_extreme_unit_leaves_the_others_readable_and_has_a_mark(show: Show) -> None:
    at = moment(PIXELS, 9, 10)
    at.network.weights[0][4] *= 100
    card = show(at)
    assert card.foot.legend.limit <= 3
    stage = there(card.picture.opened_stage)
    marks = [p.boundingRect() for p in stage.marks.path().toSubpathPolygons()]
    frame = there(stage.frame_of(4))
    assert [QRectF(frame).contains(mark) for mark in marks] == [True]


def test_what_was_learned_is_the_difference_to_the_start(show: Show) -> None:
    first = moment(PIXELS, 5, 10)
    card = show(first)
    card.showing.choose("learned")
    assert card.head.layer_note.text() == "nothing learned yet"
    assert not card.showing.isVisible()
    assert not card.foot.legend.isVisible()
    weights = card.presenter.picture.weights
    assert isinstance(weights, Weights)
    assert np.array_equal(weights.values, there(weights.initial)), "the pictures are blank"
    low = show(moment(PIXELS, 30, 10), width=800, height=274)
    low.showing.choose("learned")
    title = low.head.layers[1].text()
    low.draw(shown(later(moment(PIXELS, 30, 10), 7, change=0.3)))
    assert low.showing.isVisible()
    assert low.head.layers[1].text() == title, "it has left room for the switch"
    card.draw(shown(later(first, 7, change=0.3)))
    card.presenter.refresh()
    assert card.head.layer_note.text() == "5 units"
    assert card.foot.legend.words[0] == ("decreased", "increased")
    assert card.foot.legend.limit == pytest.approx(0.5)
    point_at(card, 1, 2)
    assert "learned +0.30, from " in card.foot.reading.text(), "the difference that the colour shows"
    point_at(low, 1, 2)
    assert low.foot.reading.text().startswith("unit 3 · row "), "where that does not fit, the weight alone"


def count_colouring(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Each time units are coloured, how many."""
    coloured: list[int] = []
    colour = Tiles.colour

    def counted(self: Tiles, weights: Any, *rest: Any) -> Any:
        coloured.append(len(weights))
        return colour(self, weights, *rest)

    monkeypatch.setattr(Tiles, "colour", counted)
    return coloured


def test_nothing_is_computed_while_the_card_is_hidden(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    first = moment(PIXELS, 5, 10)
    card = show(first, digit=True)
    card.hide()
    coloured = count_colouring(monkeypatch)
    monkeypatch.setattr(
        "mnistviz.gui.network.card_presenter.present", lambda *_, **__: pytest.fail("computed while hidden")
    )
    for step in range(1, 10):
        card.draw(shown(later(first, step)))
    put_digit(card, seed=8)
    assert coloured == []
    monkeypatch.undo()
    coloured = count_colouring(monkeypatch)
    card.show()
    assert set(coloured) == {5}


def test_the_same_moment_is_drawn_once(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    at = shown(moment(PIXELS, 5, 10))
    card = show(digit=True)
    card.draw(at)
    coloured = count_colouring(monkeypatch)
    for _ in range(5):
        card.draw(at)
    assert coloured == []
    card.draw(shown(later(there(at.moment), 1)))
    assert coloured == [5]


def test_only_what_is_in_view_is_coloured(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    coloured = count_colouring(monkeypatch)
    show(moment(PIXELS, 2_000, 10))
    assert 0 < max(coloured) < 400


def test_a_chosen_output_is_no_hidden_unit_of_the_next_network(show: Show) -> None:
    card = show(kind(PIXELS, 10), digit=True)
    card.select(1, 4)
    assert card.selection.chosen_unit == (1, 4)
    card.draw(shown(kind(PIXELS, 30, 10)))
    assert card.selection.chosen_unit is None
    assert card.selection.chosen_output == 4


def test_what_is_let_go_between_two_networks_stays_let_go(show: Show) -> None:
    card = show(kind(PIXELS, 30, 10), digit=True)
    card.select(1, 4)
    card.draw(Shown())
    card.selection.let_go()
    card.draw(shown(later(moment(PIXELS, 30, 10, run=2), 5)))
    assert card.presenter.picture.lines == ()
    assert not card.large_action.isEnabled()


def test_a_silent_unit_s_way_goes_with_it(show: Show) -> None:
    at = kind(PIXELS, 30, 10, of=KINDS[2])
    at.network.biases[0][4] = -1e6  # ReLU: it answers 0, and passes nothing on
    card = show(at, digit=True)
    lines = card.picture.lines
    card.select(1, 4)
    assert not card.presenter.picture.lines
    before = lines.trunk.path()
    assert not before.isEmpty()
    card.resize(1000, 300)
    assert lines.trunk.path() != before
    card.selection.choose_unit(None)
    assert lines.trunk.path().isEmpty()


def test_the_path_names_its_units_and_lets_go_of_a_chosen_one(show: Show) -> None:
    at = kind(PIXELS, 30, 20, 10)
    card = show(at, digit=True)
    card.select(1, 4)
    card.path_action.setChecked(True)
    assert card.selection.chosen_unit is None
    flow = there(card.presenter.picture.flow)
    found = evidence.path(at.network, flow.activations, flow.explained.output)
    assert found.complete
    (_, last), (_, first) = found.units
    expected = f"hidden 2, unit {last + 1} ← hidden 1, unit {first + 1}"
    assert card.foot.reading.text().endswith(expected)


def test_the_choices_survive_a_restart(show: Show) -> None:
    card = show(kind(PIXELS, 30, 20, 10), digit=True)
    card.path_action.setChecked(True)
    card.select(2, 3)
    card.selection.choose_output(6)
    card.showing.choose("learned")
    kept = card.chosen.now
    again = show()
    again.chosen.restore(kept)
    again.draw(shown(kind(PIXELS, 30, 20, 10)))
    assert again.layer == 2
    assert again.selection.chosen_unit == (2, 3)
    assert again.selection.chosen_output == 6
    assert again.chosen.now == kept
    assert again.pad.picture is not None


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"layer": "x", "unit": -4, "showing": 3, "output": -1, "path": 3, "pad": 7},
        {"layer": 77, "unit": 99, "output": 99},
        {"layer": -7, "unit": True, "output": True},
    ],
)
def test_a_state_that_makes_no_sense_does_no_harm(show: Show, state: dict[str, Any]) -> None:
    card = show()
    card.chosen.restore(read_record(Choices, {"network": state}))
    card.draw(shown(moment(PIXELS, 5, 10)))
    assert card.layer == 1
    card.grab()


def test_a_change_of_the_look_reaches_every_part(show: Show) -> None:
    card = show(moment(PIXELS, 5, 10), digit=True)
    corner, legend = QPoint(0, 0), card.foot.legend.grab().toImage()
    assert QColor(card.picture.grab().toImage().pixel(corner)).name() == LIGHT.card
    seen = card.seen.grab().toImage()
    set_theme(DARK, card)
    assert QColor(card.picture.grab().toImage().pixel(corner)).name() == DARK.card
    assert card.seen.grab().toImage() != seen
    assert card.foot.legend.grab().toImage() != legend
    assert not card.picture.stages[1].bars.path().isEmpty(), "and what was shown still is"


@one_quick("part", ["network", "units", "row"])
def test_a_picture_for_a_report_is_made_of_networks_of_any_depth(show: Show, part: ReportPart) -> None:
    card = show(moment(PIXELS, 30, 10), digit=True)
    card.row.actions.wide.setChecked(part == "row")
    for sizes in ((PIXELS, 40, 30, 20, 10), (PIXELS, 30, 10), (PIXELS, 10)):
        card.draw(shown(moment(*sizes)))
        with card_for_report(card, shown(moment(*sizes)), part) as copy:
            assert card.row.is_on == (part == "row")
            image = copy.grab().toImage()
            seen = {
                image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)
            }
            assert len(seen) > 5


def test_a_picture_that_fails_leaves_no_card_behind(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would go on drawing, and with it whatever was wrong."""
    card = show(moment(PIXELS, 30, 10), digit=True)
    before = card.window().findChildren(NetworkCard)
    monkeypatch.setattr(NetworkCard, "draw", lambda *given: 1 / 0)
    with pytest.raises(ZeroDivisionError), card_for_report(card, shown(moment(PIXELS, 30, 10))):
        pass
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert card.window().findChildren(NetworkCard) == before


def test_a_picture_for_a_report_shows_the_same_without_what_a_hand_needs(show: Show) -> None:
    card = show(moment(PIXELS, 30, 10), digit=True)
    card.select(1, 4)
    card.hide()
    card.resize(1130, 0)
    at = later(moment(PIXELS, 30, 10), 500, change=0.1)
    with card_for_report(card, shown(at)) as copy:
        assert isinstance(copy, NetworkCard)
        assert copy.size() == REPORT
        assert there(copy.presenter.picture.flow).network is at.network
        assert np.array_equal(copy.pad.picture, card.pad.picture)  # type: ignore[arg-type]
        assert copy.selection.chosen_unit == (1, 4)
        assert not any(button.isVisibleTo(copy) for button in copy.tools.buttons)
    with card_for_report(card, shown(at), "units") as units:
        picture, own = there(units.findChild(NetworkPicture)), Qt.FindChildOption.FindDirectChildrenOnly
        assert units.rect().contains(there(picture.opened_stage).bounds.translated(picture.pos()))
        assert not any(each.isVisibleTo(units) for each in units.findChildren(QAbstractButton, options=own))
    assert card.height() == 0
    card.draw(shown(later(at, 600)))
    drawn = there(card.presenter.picture.flow).network
    assert drawn is not at.network, "nothing is worked out for a card that nobody sees"


def test_pointing_at_the_input_before_there_is_one_points_at_nothing(qtbot: QtBot) -> None:
    pointed: list[object] = []
    selection = Selection()
    selection.changed.connect(lambda: pointed.append(selection.pointed_pixel))
    view = InputView(selection)
    qtbot.addWidget(view)
    view.resize(58, 58)
    view.show()
    QTest.mouseMove(view, view.rect().center())
    QTest.mouseMove(view, view.rect().center() + QPoint(3, 3))
    assert pointed == []
    view.show_image(np.zeros((28, 28), np.uint8))
    QTest.mouseMove(view, view.rect().center())
    assert isinstance(pointed[-1], int)
    view.show_image(None)
    QTest.mouseMove(view, view.rect().center() + QPoint(2, 2))
    assert pointed[-1] is None


def test_marks_go_from_the_input_together_with_its_picture(qtbot: QtBot) -> None:
    around = QWidget()
    qtbot.addWidget(around)
    view = InputView(Selection(), around)
    view.place(QRect(0, 0, 58, 58), QRect(0, 58, 58, 20))
    view.show_picture(CardPicture())
    blank = view.grab().toImage()
    view.show_picture(CardPicture(image=np.full((28, 28), 99, np.uint8), dots=(Dot(400),)))
    assert view.grab().toImage() != blank
    view.show_picture(CardPicture())
    assert view.grab().toImage() == blank


def test_pictures_of_units_have_memory_of_their_own(show: Show) -> None:
    """Qt paints them again whenever it likes, also once the memory in which they were made is gone."""
    before, after = kind(PIXELS, 30, 10, seed=1), kind(PIXELS, 30, 10, seed=2)
    card = show(before)
    (held,) = [
        item.pixmap()
        for item in card.picture.scene().items()
        if isinstance(item, QGraphicsPixmapItem) and item.zValue() == 2 and not item.pixmap().isNull()
    ]
    shown_then = held.toImage().copy()
    card.draw(shown(after))
    card.presenter.refresh()
    assert held.toImage() == shown_then
