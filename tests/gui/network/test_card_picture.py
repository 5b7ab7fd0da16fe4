"""What the network card shows is a value, made from values: a moment, a drawing, and what is selected."""

from itertools import pairwise

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QObject, QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mnistviz.engine import evidence
from mnistviz.engine.acts import switched_off
from mnistviz.engine.commands import Step
from mnistviz.engine.microscope.edit_effect import edited
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Unit
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.unit_names import cells
from mnistviz.gui.lab.in_card import Beside
from mnistviz.gui.lab.shown import Lifecycle
from mnistviz.gui.network.card import NetworkCard
from mnistviz.gui.network.card_picture import (
    MARKS,
    PATH,
    PICTURES,
    RUSH,
    WORDS,
    CardInput,
    CardPicture,
    Memory,
    PadContent,
    Weights,
    present,
)
from mnistviz.gui.network.card_presenter import LastFlag, last_change
from mnistviz.gui.network.selection import Selected, Selection
from mnistviz.gui.window.main_window import MainWindow
from tests.gui.lab_by_hand import LabByHand
from tests.gui.live_run import live_run
from tests.gui.network.conftest import Show
from tests.gui.network.moments import CLASSES, later, moment, move_mouse, shown, there

FIRST = moment(784, 30, 20, 10, step=9)
NOTHING = Selected()
DIGIT = PadContent(np.random.default_rng(0).integers(0, 255, (28, 28)).astype(np.uint8), 4, "test digit")


def picture_of(
    at: Moment = FIRST,
    drawing: PadContent = DIGIT,
    selected: Selected = NOTHING,
    memory: Memory | None = None,
    *,
    now: float = 5.0,
    playing: bool = False,
) -> CardPicture:
    known, lifecycle = shown(at), Lifecycle.LEARNING if playing else Lifecycle.RESTING
    known = replace(known, run=replace(there(known.run), lifecycle=lifecycle))
    return present(CardInput(known, drawing, selected, memory or Memory(), CLASSES, now))


def test_the_bars_are_the_activations_of_each_hidden_layer() -> None:
    picture = picture_of()
    activations = FIRST.network.activations(DIGIT.pixels)
    assert list(picture.bars) == [1, 2]
    assert all(np.array_equal(picture.bars[layer].values, activations[layer][0]) for layer in (1, 2))
    assert list(picture.signed) == [2]
    assert np.array_equal(there(picture.outputs), activations[-1][0])
    flow = there(picture.flow)
    assert picture.connects_to == flow.explained.output
    assert picture.words.outputs.right is (flow.winner == 4)


def test_without_a_drawing_there_are_weights_and_an_invitation() -> None:
    picture = picture_of(drawing=PadContent(note="nothing", true_label=4))
    assert (picture.flow, picture.bars, picture.signed, picture.outputs) == (None, {}, {}, None)
    assert (picture.words.outputs.balance, picture.connects_to, picture.lines) == ((), None, ())
    assert picture.weights is not None
    assert picture.weights.values is FIRST.network.weights[0]
    assert picture.words.outputs.reasons == ("Draw a digit",)
    assert (picture.words.note, picture.words.short_note) == ("nothing", "label 4")
    assert picture_of(drawing=PadContent(true_label=4)).words.short_note == ""


def test_a_unit_has_lines_evidence_and_stripes() -> None:
    picture = picture_of(selected=Selected(unit=Unit(2, 5)))
    passed = evidence.outgoing(FIRST.network, there(picture.flow).activations, 2, 5)
    assert [(line.start, line.end) for line in picture.lines] == [((2, 5), (3, n)) for n, _ in passed]
    assert picture.ways_out == ((2, 5),)
    assert there(picture.evidence).layer == 1
    assert picture.words.foot.reading[0].startswith("hidden 2, unit 6 · activation ")


def test_outputs_at_the_last_flag_are_worked_out_once_a_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    then = later(FIRST, 5, change=0.02)
    known = shown(FIRST)

    def made(drawing: PadContent, memory: Memory) -> CardPicture:
        return present(CardInput(known, drawing, NOTHING, memory, CLASSES, 5.0, Beside(then)))

    picture = made(DIGIT, Memory())
    assert np.array_equal(there(picture.outputs_then), then.network.activations(DIGIT.pixels)[-1][0])
    assert picture.words.outputs_notes[0] == "│ at the last change, 5"
    monkeypatch.setattr(then.network, "activations", None)  # it may not be asked again
    again = made(DIGIT, picture.memory)
    assert again.outputs_then is picture.outputs_then
    assert made(PadContent(), again.memory).outputs_then is None
    other = Beside(later(moment(784, 12, 3), 5))
    assert present(CardInput(known, DIGIT, NOTHING, Memory(), CLASSES, 5.0, other)).outputs_then is None


def test_the_verdict_of_another_network_stands_beside_that_of_the_moment() -> None:
    other, known = moment(784, 12, 10), shown(FIRST)
    picture = present(CardInput(known, DIGIT, NOTHING, Memory(), CLASSES, 5.0, Beside(other, "A", "B")))
    texts = []
    for name, network in (("A", other.network), ("B", FIRST.network)):
        outputs = network.activations(DIGIT.pixels)[-1][0]
        texts.append(f"{name}: {CLASSES[int(outputs.argmax())]} {outputs.max():.2f}")
    assert picture.words.outputs.reasons[0] == " · ".join(texts)
    assert picture.words.outputs_notes[0] == "│ the outputs of A"
    alone = present(CardInput(known, DIGIT, NOTHING, Memory(), CLASSES, 5.0, Beside(other, "best")))
    assert " · " not in alone.words.outputs.reasons[0]
    assert picture.outputs_then is not None


def test_the_path_leads_back_from_the_output_explained() -> None:
    picture = picture_of(selected=Selected(path=True, output=3))
    found = evidence.path(FIRST.network, there(picture.flow).activations, 3)
    assert picture.ways_out == found.units
    assert [line.start for line in picture.lines] == list(found.units)
    assert [line.end for line in picture.lines] == [(3, 3), *found.units][: len(found.units)]


@pytest.mark.parametrize("layer", [1, 2, 3])
def test_a_line_is_measured_by_the_weights_that_it_stands_for(layer: int) -> None:
    """Its share grows with the one unit's weight, unless all weights there do."""
    shares = []
    for scaled in range(5):
        at = moment(784, 20, 20, 20, 10, step=9)
        before = at.network.weights[layer][:, 3].copy()
        if scaled:
            at.network.weights[scaled - 1][:] *= 100
        at.network.weights[layer][:, 3] = before  # but those of the lines
        lines = picture_of(at, selected=Selected(unit=Unit(layer, 3))).lines
        shares.append(max(abs(line.weight) for line in lines))
    small = [scaled for scaled in range(1, 5) if scaled > layer and shares[scaled] < 0.1 * shares[0]]
    assert small == ([] if layer == 3 else [layer + 1])


def test_words_are_written_four_times_a_second() -> None:
    first = picture_of(now=5)
    assert not first.is_behind
    soon = picture_of(later(FIRST, 10), memory=first.memory, now=5 + 0.9 * WORDS)
    assert soon.words is first.words
    assert soon.is_behind
    hurried = picture_of(later(FIRST, 10), memory=soon.memory.hurried("words"), now=5 + 0.9 * WORDS)
    assert hurried.words is not first.words
    due = picture_of(later(FIRST, 11), memory=soon.memory, now=5 + 1.1 * WORDS)
    assert due.words is not first.words
    assert not due.is_behind


def test_the_bars_beside_figures_are_of_the_moment_of_the_figures() -> None:
    first = picture_of(now=5)
    after = later(FIRST, 10)
    after.network.parameters[...] *= -1
    soon = picture_of(after, memory=first.memory, now=5 + 0.9 * WORDS)
    due = picture_of(after, memory=soon.memory, now=5 + 1.1 * WORDS)
    for picture in (first, soon, due):
        assert picture.outputs is not None
        assert picture.words.outputs.figures == tuple(f"{output:.2f}" for output in picture.outputs.tolist())
    assert soon.outputs is first.outputs
    assert due.outputs is not first.outputs


def test_the_path_is_looked_for_twice_a_second() -> None:
    selected = Selected(path=True, output=3)
    first = picture_of(selected=selected, now=5)
    other = moment(784, 30, 20, 10, step=10, seed=7)
    soon = picture_of(other, selected=selected, memory=first.memory, now=5 + 0.9 * PATH)
    assert soon.memory.path is first.memory.path
    assert picture_of(other, selected=selected, memory=soon.memory, now=5 + 1.1 * PATH).lines != first.lines


def test_at_full_speed_every_third_frame_draws_the_weights() -> None:
    memory, drawn, before = Memory(), [], None
    for frame in range(9):
        at = later(FIRST, 9 + frame * 5 * RUSH)
        picture = picture_of(at, memory=memory, now=5 + 0.033 * frame, playing=True)
        drawn.append(picture.weights is not before)
        memory, before = picture.memory, picture.weights
    assert drawn == [True, False, False] * 3
    assert 0.066 < PICTURES < 0.099


@pytest.mark.parametrize(("each", "playing"), [(1, True), (RUSH, True), (5 * RUSH, False)])
def test_where_one_can_follow_or_at_rest_every_frame_draws_them(each: int, playing: bool) -> None:
    memory, drawn = Memory(), []
    for frame in range(5):
        at = later(FIRST, 9 + frame * each)
        picture = picture_of(at, memory=memory, now=5 + 0.033 * frame, playing=playing)
        drawn.append(picture.weights)
        memory = picture.memory
    assert all(a is not b for a, b in pairwise(drawn))


def test_the_same_moment_keeps_its_weights_and_another_layer_does_not() -> None:
    first = picture_of(now=5)
    assert picture_of(drawing=PadContent(), memory=first.memory, now=7).weights is first.weights
    assert picture_of(memory=first.memory.hurried("weights"), now=7).weights is not first.weights
    second = picture_of(selected=Selected(layer=2), memory=first.memory, now=5.001, playing=True)
    assert isinstance(second.weights, Weights)
    assert second.weights.layer == 2
    assert len(second.weights.beyond) == 20


def test_marks_follow_twice_a_second() -> None:
    first = picture_of(now=5)
    extreme = later(FIRST, 10)
    extreme.network.weights[0][4] *= 1000
    soon = picture_of(extreme, memory=first.memory, now=5 + 0.9 * MARKS)
    assert soon.weights is not None
    assert not soon.weights.beyond.any()
    due = picture_of(later(extreme, 11), memory=soon.memory, now=5 + 1.1 * MARKS)
    assert due.weights is not None
    assert due.weights.beyond.tolist() == [unit == 4 for unit in range(30)]


def leading(output: int, step: int, run: int = 1) -> Moment:
    at = later(moment(784, 30, 20, 10, run=run), step)
    at.network.weights[-1][:] = 0
    at.network.biases[-1][:] = [float(number == output) for number in range(10)]
    return at


def test_the_output_explained_is_the_one_that_the_verdict_names() -> None:
    picture = picture_of(leading(4, 9), now=5)
    seen = []
    for number, winner in enumerate((7, 7, 7, 4, 4, 7, 4, 4, 4)):
        picture = picture_of(
            leading(winner, 10 + number), memory=picture.memory, now=5 + 0.4 * WORDS * (1 + number)
        )
        assert picture.connects_to == picture.words.outputs.winner
        seen.append(picture.connects_to)
    assert seen == [4, 4, 7, 7, 7, 7, 7, 7, 4], "and it changes no more often than words do"
    late = picture_of(leading(7, 30), memory=picture.memory, now=5 + 0.4 * WORDS * 10)
    assert late.is_behind, "it will be another, although nothing changes but the time"


@pytest.mark.parametrize(
    "other", [leading(7, 10, run=2), replace(leading(7, 10), network=moment(784, 5, 8).network)]
)
def test_nothing_is_remembered_of_another_run_or_of_other_sizes(other: Moment) -> None:
    first = picture_of(leading(4, 9), selected=Selected(path=True), now=5)
    second = picture_of(other, memory=first.memory, now=5.001, playing=True)
    assert second.connects_to == there(second.flow).winner
    assert second.words is not first.words
    assert isinstance(second.weights, Weights)
    assert second.weights.moment is other
    assert second.memory.path is None


def test_pointing_counts_before_choosing(qapp: QObject) -> None:
    selection = Selection()
    selection.choose_unit(Unit(1, 3))
    selection.choose_output(2)
    selection.point(Unit(1, 4), 17, 5)
    pointed = Selected(Unit(1, 4), 17, 5, Unit(1, 3), 1, path=False, learned=True)
    assert selection.value(layer=1, path=False, learned=True) == pointed
    selection.point(None, None, None)
    chosen = Selected(Unit(1, 3), None, 2, Unit(1, 3), 2, path=True, learned=False)
    assert selection.value(layer=2, path=True, learned=False) == chosen


def test_an_output_that_the_next_network_does_not_have_is_let_go(qapp: QObject) -> None:
    selection = Selection()
    selection.choose_output(3)
    selection.keep_to((784, 30, 4), (784, 30, 10))
    assert selection.chosen_output == 3
    selection.choose_unit(Unit(1, 20))
    told = list[int | None]()
    selection.changed.connect(lambda: told.append(selection.chosen_output))
    selection.keep_to((784, 10, 3), (784, 30, 4))
    assert told == [None, None]


def learn(window: MainWindow, qtbot: QtBot, steps: int) -> None:
    wanted = live_run(window.lab).step + steps
    window.lab.runs.send(Step(steps))
    qtbot.waitUntil(lambda: live_run(window.lab).step == wanted and not live_run(window.lab).playing)


def test_it_is_that_of_the_last_change_before_the_moment_shown(window: MainWindow, qtbot: QtBot) -> None:
    card, flag = window.network, window.network.presenter.last_flag
    window.controls.apply({"eta": 2.0})
    learn(window, qtbot, 20)
    assert live_run(window.lab).history.interventions
    assert last_change(window.lab.shown) is None, "it had learned nothing when η was changed"
    assert flag.moment is None
    card.pad.show_test_digit()
    window.controls.apply({"eta": 0.5})
    learn(window, qtbot, 10)
    qtbot.waitUntil(lambda: flag.moment is not None and flag.moment.step == 20)
    qtbot.waitUntil(lambda: card.presenter.picture.outputs_then is not None)
    hairlines, tracks = card.picture.outputs.ticks.path().boundingRect(), card.picture.outputs.tracks
    assert (hairlines.top(), hairlines.bottom()) == (tracks[0].top() - 3, tracks[-1].bottom() + 3)
    assert tracks[0].left() <= hairlines.left() < hairlines.right() <= tracks[0].right()
    window.controls.apply({"eta": 1.0})
    learn(window, qtbot, 10)
    qtbot.waitUntil(lambda: flag.moment is not None and flag.moment.step == 30)
    window.lab.playhead.visit(25)
    qtbot.waitUntil(lambda: flag.moment is not None and flag.moment.step == 20)
    window.lab.playhead.visit(15)
    qtbot.waitUntil(lambda: flag.moment is None)
    qtbot.waitUntil(lambda: card.picture.outputs.ticks.path().isEmpty())


def test_where_a_branch_left_its_parent_counts_as_a_change_and_is_told_once(lab: LabByHand) -> None:
    lab.run_to(40, Settings(sizes=(784, 5, 10)))
    lab.playhead.visit(20)
    lab.work()
    lab.runs.branch()
    lab.run_to(30)
    assert last_change(lab.shown) == 20
    told: list[Moment | None] = []
    flag = LastFlag(lab.questions, lambda: told.append(flag.moment))
    flag.follow(lab.shown)
    lab.work()
    flag.follow(lab.shown)
    assert [each and each.step for each in told] == [20]
    lab.playhead.visit(15)
    lab.work()
    assert last_change(lab.shown) is None


CLICK = Qt.MouseButton.LeftButton


def reading(card: NetworkCard) -> str:
    return card.presenter.picture.words.foot.reading[0]


def test_escape_lets_go_of_the_weight_first_and_another_unit_keeps_its_pixel() -> None:
    selection = Selection()

    def cell() -> int | None:
        return selection.value(layer=1, path=False, learned=False).cell

    selection.choose_cell(5)
    assert selection.chosen_cell is None, "no unit is chosen"
    selection.choose_unit(Unit(1, 3))
    selection.choose_cell(5)
    assert cell() == 5
    selection.point(Unit(1, 8), None, None)
    assert cell() is None
    selection.point(None, None, None)
    selection.choose_unit(Unit(1, 4))
    assert selection.chosen_cell == 5
    assert selection.let_go()
    assert (selection.chosen_unit, selection.chosen_cell) == ((1, 4), None)
    for leave in (
        lambda: selection.choose_unit(Unit(2, 4)),  # a pixel is no unit of the layer before
        lambda: selection.keep_to((784, 30, 12, 10)),
    ):
        selection.choose_cell(6)
        leave()
        assert selection.chosen_cell is None
    assert selection.let_go()
    assert not selection.let_go()


def test_a_second_click_keeps_the_weight_under_it(show: Show) -> None:
    card = show(moment(784, 30, 10), digit=True)
    stage = there(card.picture.opened_stage)
    picture = there(there(stage.slots).picture_of(7))
    place = (picture.topLeft() + QPointF(0.5 * picture.width(), 0.4 * picture.height())).toPoint()
    cell = stage.cell_at(place, 7)
    QTest.mouseClick(card.picture.viewport(), CLICK, pos=place)
    assert (card.selection.chosen_unit, card.selection.chosen_cell) == ((1, 7), None)
    QTest.mouseClick(card.picture.viewport(), CLICK, pos=place)
    assert cell is not None
    assert card.selection.chosen_cell == cell
    move_mouse(card.picture.viewport(), QPoint(1, 1))
    assert f"unit 8 · row {cell // 28 + 1}, column {cell % 28 + 1}: " in reading(card)
    assert card.picture.weight_ring.path().boundingRect().contains(place)
    QTest.keyClick(card.picture, Qt.Key.Key_Right)
    assert card.selection.chosen_cell == cell + 1
    QTest.keyClick(card.picture, Qt.Key.Key_Escape)
    assert "row" not in reading(card)
    assert card.picture.weight_ring.path().isEmpty()
    assert card.selection.chosen_unit == (1, 7)
    QTest.mouseClick(card.seen, CLICK, pos=card.seen.rect().center())
    assert there(card.selection.chosen_cell) == card.selection.pointed_pixel


@pytest.mark.parametrize("layer", [1, 2])
def test_the_strongest_weight_is_a_key_away(show: Show, layer: int) -> None:
    at = moment(784, 31, 12, 10)
    card = show(at)
    card.select(layer, 3)
    QTest.keyClick(card.picture, Qt.Key.Key_W)
    weights = at.network.weights[layer - 1][3]
    assert card.selection.chosen_cell == abs(weights).argmax()
    assert f"{weights[abs(weights).argmax()]:+.2f}".replace("-", "−") in reading(card)
    for _ in range(40):
        QTest.keyClick(card.picture, Qt.Key.Key_Left)
    columns = cells(at.network.sizes[layer - 1])[1]
    assert there(card.selection.chosen_cell) % columns == 0, "it ends at the edge"
    for key in (*[Qt.Key.Key_Down] * 40, *[Qt.Key.Key_Right] * 40):
        QTest.keyClick(card.picture, key)
    assert card.selection.chosen_cell == at.network.sizes[layer - 1] - 1, (
        "at the last, though its row has room"
    )


def test_units_that_were_changed_by_hand_are_marked_and_told(show: Show) -> None:
    at = moment(784, 30, 10)
    card = show(at)
    stage = there(card.picture.opened_stage)
    assert stage.signs.path().isEmpty()
    frozen = replace(at, frozen=(Unit(1, 4), Unit(2, 9)))
    card.draw(shown(frozen))
    assert there(stage.frame_of(4)).contains(stage.signs.path().boundingRect().toAlignedRect())
    assert stage.veils.path().isEmpty()
    card.draw(shown(replace(frozen, network=edited(at.network, [switched_off(at.network, Unit(1, 9))]))))
    assert there(stage.frame_of(9)).contains(stage.veils.path().boundingRect().toAlignedRect())
    for unit, told in ((4, "frozen"), (9, "switched off"), (5, "")):
        card.select(1, unit)
        assert (f"unit {unit + 1} · {told}" if told else f"unit {unit + 1} · bias") in reading(card)
    card.draw(shown(at))
    assert stage.signs.path().isEmpty()
    assert stage.veils.path().isEmpty()
