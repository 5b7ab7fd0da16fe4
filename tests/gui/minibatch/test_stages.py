"""The stages of a mini-batch: how one walks through them, and what the network card shows."""

from collections.abc import Sequence
from itertools import product
from typing import Any, cast

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QRectF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mnistviz.engine.digits import Digits
from mnistviz.engine.evaluation import Health
from mnistviz.engine.functions import COSTS
from mnistviz.engine.microscope.formulas import gradient_terms
from mnistviz.engine.microscope.mini_batch import MiniBatch, look_at
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network, Unit
from mnistviz.engine.settings import Settings
from mnistviz.engine.trainer import Trainer
from mnistviz.gui.common.painted_text import watched
from mnistviz.gui.common.timers import Throttle
from mnistviz.gui.common.wrapped import unparted
from mnistviz.gui.lab.in_card import STAGES, BatchStage, StageName
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.lab_changes import ChangeKind
from mnistviz.gui.minibatch.batch_words import tile_lines
from mnistviz.gui.minibatch.minibatch_view import MiniBatchView
from mnistviz.gui.network.card_picture import CardPicture, Changes, Memory, Weights
from mnistviz.gui.network.flow import Scales
from mnistviz.gui.network.selection import Selected
from mnistviz.gui.network.stage_figure import StageFigure
from mnistviz.gui.network.stage_picture import present_stage
from mnistviz.gui.network.stage_words import content, signed
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.views import MINIBATCH
from tests.gui.children import child, known
from tests.gui.frames import is_settled
from tests.gui.lab_by_hand import LabByHand
from tests.gui.minibatch.test_minibatch_view import view as view

CLASSES = tuple("0123456789")


def batch_of(digits: Digits, steps: int = 40, **changes: Any) -> MiniBatch:
    """The mini-batch after so many steps of a run with these settings."""
    settings = replace(Settings(), **changes)
    network = Network(
        settings.sizes, activation=settings.activation, output=settings.output, cost=settings.cost
    )
    trainer = Trainer(network, settings, digits.training)
    for _ in range(steps):
        trainer.step()
    return look_at(trainer.state(), network, digits.training)


def stage_of(batch: MiniBatch, name: str, digit: int = 0, *, whole: bool = False) -> BatchStage:
    return BatchStage(1, batch, cast(StageName, name), digit, whole, CLASSES)


def picture_of(stage: BatchStage, selected: Selected) -> CardPicture:
    batch, network = stage.batch, stage.batch.before
    now = Moment(1, batch.step, batch.digits, network, batch.settings, network)
    return present_stage(stage, now, selected, Scales(network, Health()), Memory())


KINDS: tuple[dict[str, Any], ...] = (
    {},
    {"cost": "cross_entropy"},
    {"cost": "cross_entropy", "output": "softmax"},
    dict(activation="relu", cost="cross_entropy", eta=0.01, dropout=0.5, momentum=0.9, weight_decay=1.0),
    {"sizes": (784, 12, 9, 8, 10), "activation": "tanh", "eta": 0.1},
    {"sizes": (784, 10)},
    {"mini_batch_size": 1},
)


@pytest.mark.parametrize("changes", KINDS)
def test_each_stage_of_each_network_has_its_picture(small_digits: Digits, changes: dict[str, Any]) -> None:
    batch = batch_of(small_digits, **changes)
    chosen = Selected(), Selected(layer=0), Selected(unit=Unit(1, 3), cell=2), Selected(output=4)
    for name, whole, selected in product(STAGES, (True, False), chosen):
        picture = picture_of(stage_of(batch, name, len(batch) - 1, whole=whole), selected)
        outputs = batch.outputs_after if name == "after" else batch.outputs
        np.testing.assert_allclose(known(picture.flow).outputs, outputs[-1], rtol=1e-5, atol=1e-6)
        numbers = known(picture.numbers)
        assert len(numbers.rows) == (0 if name == "gradient" else 10) or name == "back"
        assert (numbers.product is not None) == (name == "gradient")
        assert all(len(row.cells) == len(numbers.columns) for row in numbers.rows)
        if selected.unit and name not in ("error", "after") and len(batch.layers) > 1:
            assert "unit 4" in numbers.worked.wordings[0]


@pytest.mark.parametrize(("steps", "is_learned"), [(0, False), (1, True)])
def test_learned_weights_are_shown_from_step_1(small_digits: Digits, steps: int, is_learned: bool) -> None:
    stage = stage_of(batch_of(small_digits, steps), "forward")
    weights = picture_of(stage, Selected(layer=1, learned=True)).weights
    assert isinstance(weights, Weights)
    assert weights.learned == is_learned


def test_list_and_stages_say_the_same_of_a_digit(small_digits: Digits) -> None:
    """Early in a run many digits are in doubt: of each, list, card and table have one verdict."""
    batch, doubts = batch_of(small_digits, eta=0.3), set[str]()
    for place in range(len(batch)):
        forward = picture_of(stage_of(batch, "forward", place), Selected()).words.outputs
        listed = tile_lines(batch, CLASSES, batch.gradient_lengths, place).read
        mark = "✓" if batch.read[place] == batch.labels[place] else "✗"
        line = f"{forward.word} {forward.truth}"
        assert line in content(stage_of(batch, "forward", place), Selected()).punch.wordings[-1]
        assert mark in line
        assert mark in listed
        in_doubt = forward.reasons[0].startswith("not sure")
        assert ("?" in listed) == in_doubt
        doubts.add("not sure" if in_doubt else "")
    assert len(doubts) > 1


def test_no_digit_is_printed_of_what_float32_cannot_tell(small_digits: Digits) -> None:
    """In a saturated tanh network, 1 − a² is rounded away: a δ says how large it may be, and not what it is."""
    batch = batch_of(small_digits, activation="tanh")
    made, noisy = batch.layers[0], 0
    place = int(batch.x[0].argmax())
    for unit in range(30):
        delta, error = float(made.delta[0, unit]), float(made.delta_error[0, unit])
        is_noise = abs(delta) <= 2 * error
        noisy += is_noise
        back = worked(batch, "back", Selected(unit=Unit(1, unit)))[-1]
        gradient = worked(batch, "gradient", Selected(unit=Unit(1, unit), cell=place))[-1]
        for text in (back, gradient):
            assert ("±" in text.rpartition("=")[2]) == is_noise, text
    assert 5 < noisy < 30
    assert signed(-4e-8, 3e-8) == "±7.0·10⁻⁸"
    assert signed(-4e-8, 1e-8) == "−4.0·10⁻⁸"


def worked(batch: MiniBatch, name: str, selected: Selected, *, whole: bool = False) -> Sequence[str]:
    return content(stage_of(batch, name, whole=whole), selected).worked.wordings


@pytest.mark.parametrize(("output", "cost"), sorted(COSTS))
def test_the_formula_of_an_error_has_the_cost_s_numbers(small_digits: Digits, output: str, cost: str) -> None:
    batch, entry = batch_of(small_digits, output=output, cost=cost, eta=0.5), COSTS[output, cost]
    for number in range(10):
        found = content(stage_of(batch, "error", 3), Selected(output=number))
        assert found.equation == entry.formula
        assert found.worked.wordings[0].startswith(f"output {number}:  ")
        left, right = found.worked.wordings[-1].split(" = ")
        if "±" not in right and "⁻" not in f"{left}{right}":
            assert eval(left.translate(str.maketrans("×−", "*-"))) == pytest.approx(
                float(right.replace("−", "-")), rel=0.06, abs=2e-3
            )


def test_what_comes_back_to_a_unit_sums_up_to_its_error(small_digits: Digits) -> None:
    batch = batch_of(small_digits, cost="cross_entropy")
    found = content(stage_of(batch, "back", 2), Selected(unit=Unit(1, 5)))
    total = known(found.total)
    assert total.name == "what unit 6 gets"
    assert sum(row.cells[-1].value for row in found.rows) == pytest.approx(total.cells[-1].value, abs=1e-6)
    picture = picture_of(stage_of(batch, "back", 2, whole=True), Selected())
    np.testing.assert_array_equal(picture.signed[1].values, batch.layers[0].delta[2])
    largest = Unit(1, int(np.abs(batch.layers[0].delta[2]).argmax()))
    assert picture.ringed == (largest,), "without a choice it is the unit that gets most"
    assert {line.end.number for line in picture.lines} == set(range(10))


def test_in_little_room_rows_below_the_calculation_do_not_touch(small_digits: Digits, qtbot: QtBot) -> None:
    figure = StageFigure(leave=int, click=bool, point=bool)
    found = content(stage_of(batch_of(small_digits), "back"), Selected())
    qtbot.addWidget(figure)
    figure.setStyleSheet("font-size: 18px")
    figure.resize(310, 256)
    figure.show_content(found)
    figure.place(QRectF(0, 0, 310, 256), QRectF(0, 12, 310, 230))
    with watched() as painted:
        figure.grab()
    assert {each.text for each in painted} & set(map(unparted, found.worked.wordings))
    rows = [each for each in painted if each.text in "0123456789"]
    assert all(each.needed.height() <= 1.2 * each.room.height() for each in rows)


def test_the_gradient_is_that_of_the_digit_or_the_mean(small_digits: Digits) -> None:
    batch = batch_of(small_digits)
    for whole, wanted in ((False, batch.own_nabla_w(4, 0)), (True, batch.nabla_w[0])):
        shown = picture_of(stage_of(batch, "gradient", 4, whole=whole), Selected()).weights
        assert isinstance(shown, Changes)
        np.testing.assert_array_equal(shown.values, wanted)
        assert np.abs(wanted).max() <= shown.limit * 1.0001
    cell = int(np.abs(batch.own_nabla_w(4, 0)[7]).argmax())
    read = content(stage_of(batch, "gradient", 4), Selected(unit=Unit(1, 7), cell=cell)).worked.wordings
    terms = gradient_terms(batch, 4, Unit(1, 7), cell)
    assert read[0].startswith("row ")
    assert f"unit 8: {float(terms.activations[0]):.2f} × " in read[0]
    made = known(content(stage_of(batch, "gradient", 4), Selected(unit=Unit(1, 7))).product)
    np.testing.assert_array_equal(made.outputs, batch.own_nabla_w(4, -1))
    np.testing.assert_allclose(np.outer(known(made.deltas), known(made.activations)), made.outputs, atol=1e-7)
    moved = picture_of(stage_of(batch, "step", 4, whole=True), Selected()).weights
    assert isinstance(moved, Changes)
    difference = batch.after.weights[0].astype(float) - batch.before.weights[0]
    np.testing.assert_allclose(moved.values, difference, atol=1e-8)


def stages_told(lab: Lab) -> list[BatchStage | None]:
    """What the network card is told of stages from now on."""
    told: list[BatchStage | None] = []
    lab.listen(ChangeKind.IN_CARD, lambda: told.append(lab.in_card.stage))
    return told


def test_one_goes_through_stages_down_to_a_digit(view: MiniBatchView, lab_by_hand: LabByHand) -> None:
    told = stages_told(lab_by_hand)
    for _ in range(8):
        view.next_action.trigger()
    assert [each.name for each in told[:6] if each is not None] == list(STAGES)
    first = known(told[0])
    assert not first.all_of_them
    assert first.digit == first.batch.costs.argmax()
    view.tiles.setFocus()
    QTest.keyClick(view.tiles, Qt.Key.Key_Home)
    last = known(told[-1])
    assert (last.digit, last.all_of_them, last.name) == (0, False, "after")
    view.previous_action.trigger()
    assert view.stages.value() == "step"
    view.which.choose("all")
    assert known(told[-1]).all_of_them
    QTest.keyClick(
        view.tiles, Qt.Key.Key_Left
    )  # there is none before the first, but it is one of all until now
    assert view.which.value() == "one"
    view.close_button.click()
    assert told[-1] is None
    assert view.stages.value() == "off"
    assert not view.close_button.isEnabled()


def test_the_stage_goes_with_the_tab_and_comes_back(view: MiniBatchView, lab_by_hand: LabByHand) -> None:
    view.stages.actions["error"].trigger()
    told = stages_told(lab_by_hand)
    view.hide()
    child(view, Throttle).now()
    assert told == [None]
    assert not view.next_action.isEnabled()
    view.show()
    assert told[-1] is not None
    assert told[-1].name == "error"


def test_the_card_shows_a_stage_then_the_same_drawing(window: MainWindow, qtbot: QtBot) -> None:
    card, view = window.network, window.views[MINIBATCH]
    card.pad.show_digit("test", 5)
    card.selection.let_go()
    window.arrangement.tabs.open("minibatch")
    qtbot.waitUntil(view.tiles.isVisible)
    qtbot.waitUntil(lambda: is_settled(card))
    before = card.grab().toImage()
    for name in STAGES:
        view.stages.actions[name].trigger()
        qtbot.waitUntil(lambda: card.presenter.stage is not None)  # first tiles are another run's
        assert (card.stage_figure.isVisible(), card.pad.isVisible()) == (True, False)
        card.grab()
    card.let_go()
    assert card.presenter.stage is None
    qtbot.waitUntil(lambda: is_settled(card))
    assert card.grab().toImage() == before
    view.stages.actions["gradient"].trigger()
    card.pad.show_digit("test", 6)
    assert card.presenter.stage is None
    assert view.stages.value() == "off"


def test_a_stage_chosen_while_hidden_has_its_table_when_shown(window: MainWindow, qtbot: QtBot) -> None:
    card, view = window.network, window.views[MINIBATCH]
    window.arrangement.tabs.open("minibatch")
    qtbot.waitUntil(view.tiles.isVisible)
    card.hide()
    view.stages.actions["error"].trigger()
    card.show()
    qtbot.waitUntil(card.stage_figure.isVisible)
    window.lab.chosen.choose("minibatch", stage="off")
    assert not card.stage_figure.isVisible()
