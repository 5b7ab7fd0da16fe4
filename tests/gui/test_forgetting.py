"""What belongs to a network, and what was chosen in it, is forgotten with it, and stays while it means the same."""

import gc
import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from mnistviz.engine.commands import Step
from mnistviz.engine.digits import PIXELS, Digits
from mnistviz.engine.mistakes.pins import Pin
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.choices import AgainstPart, Chosen
from mnistviz.gui.common.theme import LIGHT
from mnistviz.gui.common.unit_names import cells
from mnistviz.gui.curves.plot import Plot
from mnistviz.gui.curves.what_next import WhatNext
from mnistviz.gui.lab.jobs import Jobs
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.layers.layers_view import LayersView
from mnistviz.gui.mistakes.against import ALONE
from mnistviz.gui.mistakes.mistakes_view import Mistakes
from mnistviz.gui.mistakes.read_digits import ReadDigits
from mnistviz.gui.network.card import NetworkCard
from mnistviz.gui.network.unit.ranked_digits import RankedDigits
from mnistviz.gui.network.unit.unit_detail import UnitDetail
from mnistviz.gui.pins.pins_view import Pins
from mnistviz.gui.window.main_window import MainWindow
from tests.examples import examples, one_quick
from tests.gui.children import child, known
from tests.gui.deleting import delete
from tests.gui.lab_by_hand import LabByHand
from tests.gui.live_run import live_run
from tests.gui.network.conftest import put_digit
from tests.gui.test_language import Open, Screen

Sizes = tuple[int, ...]

LARGE: Sizes = (PIXELS, 40, 30, 12)
OTHERS: tuple[Sizes, ...] = (
    (PIXELS, 5, 30, 12), (PIXELS, 40, 3, 12), (PIXELS, 40, 30, 3), (PIXELS, 5, 3, 3), (PIXELS, 40, 12),
    (PIXELS, 1, 3), (PIXELS, 12), (PIXELS, 2), (PIXELS, 60, 50, 40, 20), LARGE,
)  # fmt: skip


def moment(sizes: Sizes, run: int = 1, step: int = 0) -> Moment:
    network = Network(sizes, seed=run)
    return Moment(run, step, 10 * step, network, Settings(sizes=sizes, seed=run), Network(sizes, seed=run))


def point_at(view: QWidget, point: QPoint) -> None:
    place, whole = QPointF(point), QPointF(view.mapToGlobal(point))
    none = Qt.MouseButton.NoButton
    event = QMouseEvent(QEvent.Type.MouseMove, place, whole, none, none, Qt.KeyboardModifier.NoModifier)
    QCoreApplication.sendEvent(view, event)


def point_at_last_weight(detail: UnitDetail) -> None:
    """Points at the last weight of the picture, if there is a picture."""
    if (weights := detail.picture.weights) is not None:
        (rows, columns), place = cells(len(weights)), detail.picture.picture_rect()
        row, column = divmod(len(weights) - 1, columns)
        middle = QPoint((2 * column + 1) * place.width() // columns, (2 * row + 1) * place.height() // rows)
        point_at(detail.picture, place.topLeft() + middle / 2)


def point_at_last_unit(card: NetworkCard) -> None:
    """Chooses the last unit of the open layer, and points at it and at the last output."""
    stage = card.picture.opened_stage
    card.picture.choose(stage.slots.total - 1)
    card.selection.choose_output(card.picture.sizes[-1] - 1)
    point_at(card.picture.viewport(), stage.slots.place(len(stage.slots.units) - 1).center())


@pytest.fixture
def card(qtbot: QtBot) -> NetworkCard:
    view = NetworkCard()
    qtbot.addWidget(view)
    view.resize(1000, 400)
    view.show()
    put_digit(view)
    return view


@pytest.fixture
def detail(qtbot: QtBot, jobs: Jobs, random_digits: Digits) -> UnitDetail:
    view = UnitDetail(jobs, Chosen())
    qtbot.addWidget(view)
    view.set_digits(random_digits)
    view.show()
    return view


@one_quick("sizes", OTHERS, ids=str, quick=4)
def test_a_unit_pointed_at_and_chosen_may_go_with_its_network(card: NetworkCard, sizes: Sizes) -> None:
    for layer in range(1, len(LARGE) - 1):
        card.draw(Shown(moment=moment(LARGE, run=layer)))
        card.open_layer(layer)
        point_at_last_unit(card)
        assert "unit" in card.foot.reading.text()
        card.draw(Shown(moment=moment(sizes, run=layer + 10, step=1)))
        card.grab()
        selection = card.selection
        for unit in (selection.chosen_unit, selection.pointed_unit):
            assert unit is None or unit[1] < sizes[unit[0]]
        for output in (selection.chosen_output, selection.pointed_output):
            assert output is None or output < sizes[-1]
        assert card.presenter.picture.flow is not None


@one_quick("sizes", OTHERS, ids=str, quick=4)
def test_the_window_of_a_unit_may_lose_its_network(detail: UnitDetail, sizes: Sizes) -> None:
    for layer in range(1, len(LARGE)):
        for unit in (0, LARGE[layer] - 1):
            detail.draw(Shown(moment=moment(LARGE, run=layer)))
            detail.show_unit(layer, unit)
            point_at_last_weight(detail)
            assert detail.picture.pointed == LARGE[layer - 1] - 1
            detail.draw(Shown(moment=moment(sizes, run=layer + 10, step=1)))
            detail.grab()
            there = layer < len(sizes) and unit < sizes[layer]
            assert detail.message.isVisible() != there
            if there and layer < len(sizes) - 1:
                assert len(detail.outgoing.bars.names) == min(sizes[layer + 1], 20)


def test_a_ranking_of_the_digits_goes_with_its_network(qtbot: QtBot, detail: UnitDetail) -> None:
    detail.draw(Shown(moment=moment(LARGE)))
    qtbot.waitUntil(lambda: bool(detail.ranked.most.shown))
    detail.draw(Shown(moment=moment((PIXELS, 3, 2), run=2)))
    detail.show_unit(1, 7)
    assert detail.ranked.most.shown == detail.ranked.least.shown == []
    assert detail.ranked.note.text() == ""
    assert not detail.ranked._jobs.is_open(RankedDigits.KEY)


all_sizes = st.tuples(st.just(PIXELS), st.lists(st.integers(1, 40), max_size=3), st.integers(1, 30)).map(
    lambda parts: (parts[0], *parts[1], parts[2])
)


@pytest.mark.long
@settings(deadline=None, max_examples=examples(40))
@given(drawn=st.lists(st.tuples(all_sizes, st.integers(0, 3)), min_size=2, max_size=4))
def test_any_networks_may_follow_on_each_other(drawn: list[tuple[Sizes, int]]) -> None:
    jobs = Jobs()
    card, detail = NetworkCard(), UnitDetail(jobs, Chosen())
    card.resize(900, 400)
    for view in (card, detail):
        view.show()
    put_digit(card)
    for run, (sizes, layer) in enumerate(drawn):
        now = moment(sizes, run)
        for view in (card, detail):
            view.draw(Shown(moment=now))
            view.grab()
        card.open_layer(min(layer + 1, max(1, len(sizes) - 2)))
        point_at_last_unit(card)
        detail.show_unit(card.layer, sizes[card.layer] - 1)
        point_at_last_weight(detail)
        card.hide() if layer == 3 else card.show()
    for view in (card, detail):
        view.close()
    delete(card, detail)
    jobs.close()


@pytest.mark.parametrize("others", [OTHERS[2:5], pytest.param(OTHERS, marks=pytest.mark.long)], ids=len)
def test_what_was_looked_at_in_one_network_never_disturbs_the_next(
    qtbot: QtBot, window: MainWindow, small_digits: Digits, others: tuple[Sizes, ...]
) -> None:
    window.network.pad.show_test_digit()
    for sizes in (LARGE, *others, LARGE):
        outputs = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[: max(10, sizes[-1])])
        if outputs != window.lab.digits.classes:
            digits = small_digits
            window.lab.data.use(
                Digits("letters", digits.training, digits.validation, digits.test, outputs, "letters")
            )
        window.controls.apply({"sizes": (*sizes[:-1], len(outputs))})
        window.steering.new_run()
        window.transport.step_action.trigger()
        run = live_run(window.lab)
        qtbot.waitUntil(lambda run=run: run.step == 1 and not window.frame.isActive())  # type: ignore[misc]
        made = run.settings.sizes
        layer = max(1, len(made) - 2)
        window.network.select(layer, min(made[layer] - 1, 20))
        point_at_last_unit(window.network)
        window.open_unit(layer, made[layer] - 1)
        point_at_last_weight(window.unit_detail)
        assert not window.unit_detail.message.isVisible()
        window.grab()
        window.unit_detail.grab()


def test_all_that_the_window_tells_of_a_run_goes_with_it(qtbot: QtBot, window: MainWindow) -> None:
    window.transport.epoch_action.trigger()
    run = live_run(window.lab)
    qtbot.waitUntil(lambda: run.best is not None and not window.frame.isActive())
    child(window.curves, Plot, "cost_plot").gestures.zoom(0.5, 0.5)
    window.open_unit(1, 29)
    qtbot.waitUntil(lambda: bool(window.unit_detail.ranked.most.shown))
    assert window.action_book["restore_best"].isEnabled()
    window.steering.new_run()
    assert window.transport.epoch.value.text() == "0.00"
    assert not window.action_book["restore_best"].isEnabled()
    assert window.curves.following
    assert window.unit_detail.ranked.most.shown == []


def test_every_view_can_be_shown_no_run_at_any_time(window: MainWindow) -> None:
    show: Callable[[], object] = window.grab
    window.open_unit(1, 29)
    for view in window.views:
        view.draw(Shown())
        QApplication.processEvents()
    window.network.open_layer(1)
    window.network.showing.choose("weights")
    window.network.set_classes(("x", "y"))
    window.lab.chosen.choose("network", layer=1, unit=3)
    window.unit_detail.go_on()
    window.unit_detail.show_unit(1, 3)
    show()
    window.unit_detail.grab()


@pytest.fixture
def second_card(two_networks: LabByHand, qtbot: QtBot) -> NetworkCard:
    """The card with the second run, 784-12-8-10; the first one is 784-30-10."""
    lab = two_networks
    return lab.show(qtbot, NetworkCard(jobs=lab.jobs, questions=lab.questions), 1230, 460)


def test_units_weights_outputs_end_with_networks(two_networks: LabByHand, second_card: NetworkCard) -> None:
    first, second = two_networks.runs.open
    selection = second_card.selection
    two_networks.runs.select(first.number)
    second_card.select(1, 7)
    selection.choose_cell(3)
    two_networks.run_to(70)
    assert (selection.chosen_unit, selection.chosen_cell) == ((1, 7), 3), "the same network"
    two_networks.runs.select(second.number)
    assert (selection.chosen_unit, selection.chosen_cell) == ((1, 7), None)
    two_networks.runs.select(first.number)
    second_card.select(1, 20)
    two_networks.runs.select(second.number)
    assert selection.chosen_unit is None
    selection.choose_output(7)
    two_networks.runs.select(first.number)
    assert selection.chosen_output == 7
    selection.keep_to((784, 30, 7))
    assert selection.chosen_output is None


@pytest.fixture
def mistakes(two_networks: LabByHand, qtbot: QtBot) -> Mistakes:
    """The tab with the second run against the first, and a digit of the gallery chosen."""
    view = two_networks.show(qtbot, Mistakes(two_networks), 1130, 260)
    view.compare_with(AgainstPart("run", two_networks.runs.open[0].letter))
    two_networks.work()
    view.gallery.setFocus()
    QTest.keyClick(view.gallery, Qt.Key.Key_Right)
    two_networks.work()
    assert two_networks.chosen.now.mistakes.digit is not None
    return view


def test_a_digit_ends_with_its_set_and_its_run_s_digits(two_networks: LabByHand, mistakes: Mistakes) -> None:
    first, second = two_networks.runs.open
    digit = two_networks.chosen.now.mistakes.digit
    two_networks.run_to(130)
    two_networks.runs.select(first.number)
    two_networks.work()
    assert two_networks.chosen.now.mistakes.digit == digit, "it is the same digit in another run"
    mistakes.sets.actions["validation"].trigger()
    two_networks.work()
    assert two_networks.chosen.now.mistakes.digit is None
    two_networks.runs.select(second.number)
    mistakes.compare_with(ALONE)
    mistakes.sets.actions["training"].trigger()
    two_networks.work()
    mistakes.gallery.walk(1)
    digit = known(two_networks.chosen.now.mistakes.digit)
    two_networks.runs.select(first.number)
    two_networks.work()
    assert two_networks.chosen.now.mistakes.digit == digit
    two_networks.run_to(20, Settings(classes_left_out=(4, 7)))
    assert two_networks.chosen.now.mistakes.digit is None


def test_a_hidden_tab_keeps_no_other_data_set_s_digits(two_networks: LabByHand, mistakes: Mistakes) -> None:
    digits = known(two_networks.digits)
    mistakes.grab()
    mistakes.hide()
    mistakes.set_digits(replace(digits, test=digits.validation, checksum="other"))
    gc.collect()
    read = [each for each in gc.get_objects() if isinstance(each, ReadDigits) and each.digits is digits.test]
    assert (read, mistakes.gallery.content) == ([], None)


def test_a_group_ends_with_its_opponent_and_that_when_it_closes_or_is_the_selected_run(
    two_networks: LabByHand, mistakes: Mistakes
) -> None:
    lab, first = two_networks, two_networks.runs.open[0]

    def ticked() -> list[str]:
        return [name for name, button in mistakes.group_card.buttons.items() if button.isChecked()]

    mistakes.group_card.buttons["only_a_wrong"].click()
    lab.run_to(130)
    lab.work()
    assert ticked() == ["only_a_wrong"]
    assert mistakes.against.choice == AgainstPart("run", first.letter)
    second = live_run(lab).number
    mistakes.compare_with(AgainstPart("start"))
    lab.work()
    assert ticked() == []
    for end in (lambda: lab.runs.select(first.number), lambda: lab.runs.close(first.number)):
        lab.runs.select(second)
        mistakes.compare_with(AgainstPart("run", first.letter))
        end()
        lab.work()
        assert mistakes.against.choice == ALONE
    assert mistakes.matrix.isVisible()


def test_layers_of_another_run_end_with_it(two_networks: LabByHand, qtbot: QtBot) -> None:
    lab = two_networks
    view = lab.show(qtbot, LayersView(lab), 1130, 260)
    first, second = lab.runs.open
    view.beside.choose(first.letter)
    lab.work()
    assert view.charts.content.beside_hue == LIGHT.runs[first.hue]
    lab.runs.select(first.number)
    lab.work()
    assert view.charts.content.beside_hue == "", "it is no other run now"
    lab.runs.select(second.number)
    lab.work()
    assert view.charts.content.beside_hue
    lab.runs.close(first.number)
    lab.work()
    lab.work()  # the layers of the one alone are asked for when it is drawn
    assert view.charts.content.beside_hue == ""


def test_a_story_of_a_pin_ends_with_its_run(two_networks: LabByHand, qtbot: QtBot) -> None:
    lab = two_networks
    view = lab.show(qtbot, Pins(lab), 900, 300)
    view.pinned.pin(Pin(lab.digits.test.images[3].tobytes()))
    lab.work()
    assert [row.letter for row in view.curves.content.rows] == ["A", "B"]
    lab.runs.close(lab.runs.open[0].number)
    lab.work()
    assert [row.letter for row in view.curves.content.rows] == ["B"]
    view.pinned.unpin(view.pins[0])
    lab.work()
    assert not view.curves.isVisible()


def test_a_guess_ends_with_the_moment_that_it_was_of(two_networks: LabByHand, qtbot: QtBot) -> None:
    lab = two_networks
    view = lab.show(qtbot, WhatNext(lab), 1_100, 260)
    lab.work()
    view.ask_action.setChecked(True)
    QTest.keyClick(view.misread, Qt.Key.Key_End)
    QTest.keyClick(view.misread, Qt.Key.Key_Return)
    assert view.misread.content.guess.value is not None
    lab.run_to(130)
    lab.work()
    assert view.covered
    assert view.misread.content.guess.value is None


def test_a_plan_ends_where_one_goes_on_live_or_to_another_run(two_networks: LabByHand) -> None:
    lab = two_networks
    for leave in (lab.playhead.live_again, lambda: lab.runs.select(lab.runs.open[0].number)):
        lab.playhead.visit(50)
        lab.work()
        lab.settings.change({"eta": 0.7})
        assert lab.settings.draft.plan == {"eta": 0.7}
        leave()
        lab.work()
        assert lab.settings.draft.plan == {}


NO_NUMBER = re.compile(r"\b(nan|inf|NaN|∞)\b", re.IGNORECASE)


class NumberScreen(Screen):
    """Remembers what is read that is no number."""

    def hear(self, text: str, whose: str = "") -> None:
        self.read += 1
        if NO_NUMBER.search(re.sub(r"<[^>]*>", " ", text)):
            self.left.add(f"{whose}: {text!r}")


def test_nowhere_stands_a_number_that_is_none(
    qtbot: QtBot, open_window: Open, small_digits: Digits, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = NumberScreen()
    paint = QPainter.drawText

    def painted(*given: object) -> object:
        for value in given:
            if isinstance(value, str):
                screen.hear(value, "painted")
        return paint(*given)  # type: ignore[call-overload]

    monkeypatch.setattr(QPainter, "drawText", painted)
    monkeypatch.setattr(
        QToolTip, "showText", staticmethod(lambda *given: screen.hear(str(given[1]), "tooltip"))
    )
    window = open_window(small_digits)
    window.controls.show_settings(
        Settings(sizes=(784, 30, 20, 10), activation="relu", eta=1_000.0, weight_decay=5.0)
    )
    window.steering.new_run()
    window.open_unit(1, 0)
    run, card = live_run(window.lab), window.network
    card.pad.show_test_digit()
    window.lab.runs.send(Step(400))
    qtbot.waitUntil(lambda: run.diverged and not run.playing and run.has_obeyed, timeout=20_000)
    for layer in (1, 2, 3):
        card.select(layer, 0)
        window.open_unit(layer, 0)
        for showing in ("learned", "weights"):
            card.showing.choose(showing)
            window.unit_detail.showing.choose(showing)
            stage = card.picture.opened_stage
            place = stage.slots.picture_of(0) if stage is not None and stage.slots is not None else None
            if place is not None:
                QTest.mouseMove(card.picture.viewport(), place.center().toPoint())
            QTest.mouseMove(window.unit_detail.picture, window.unit_detail.picture.rect().center())
            screen.look(card, window.unit_detail)
    screen.look()
    for name in ("cost_plot", "accuracy_plot"):
        inside = window.findChild(QAbstractScrollArea, name).viewport()
        for share in (0.1, 0.5, 0.9):
            QTest.mouseMove(inside, QPoint(int(share * inside.width()), inside.height() // 2))
            screen.look(window.curves)
    assert screen.read > 100
    assert not screen.left, "\n".join(sorted(screen.left))
