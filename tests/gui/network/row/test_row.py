"""A row on the wide pad: written, read, looked at, and read again while the network learns."""

import json
import time
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from msgspec import to_builtins
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from mnistviz.engine.digits import PIXELS, Digits, DigitSet
from mnistviz.engine.handwriting import Ink
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network
from mnistviz.engine.rows import SURE, TRUSTED, read_row
from mnistviz.gui.common.choices import Choices, RowPart
from mnistviz.gui.common.numbers import number_text
from mnistviz.gui.common.records import read_record
from mnistviz.gui.network.card import NetworkCard
from mnistviz.gui.network.card_report import card_for_report
from mnistviz.gui.network.pad.sheet import FINE, MOST_CUTS, WIDE, Sheet
from mnistviz.gui.network.row import reader as read_row_module
from mnistviz.gui.network.row import row_words
from mnistviz.gui.network.row.reader import JUDGED
from tests.examples import one_quick
from tests.gui.network.moments import later, shown, there
from tests.gui.network.row.conftest import ROW, JobsAtOnce, draw, moment_of, read, strokes, write

NONE = Qt.KeyboardModifier.NoModifier


def test_a_row_written_by_mouse_is_cut_and_read_and_digits_close_together_too(card: NetworkCard) -> None:
    write(card.pad, *ROW, prioritise=1)
    assert read(card) == "50419"
    write(card.pad)
    assert "50419" in card.row.side.note.accessibleName()
    rooms = card.row.cells.rooms
    assert all(before.right() < after.left() for before, after in pairwise(rooms))
    card.pad.clear()
    write(card.pad, 5, 0, 4, step=0.62)
    assert read(card) == "504"
    draw(card.pad, np.array([(6.0, 0.5)]))  # a dot
    assert read(card) == "504"


def test_a_chosen_digit_flows_numbered_by_its_output_and_the_tooltip_says_more(card: NetworkCard) -> None:
    """It was the certainty, which is smaller than the output that the card shows."""
    write(card.pad, *ROW)
    cells = card.row.cells
    check_flow(card)
    assert len(cells.cells) == len(ROW)
    for number, cell in enumerate(cells.cells):
        card.row.choose(number)
        assert cell.figure == number_text(float(card.presenter.picture.flow.activations[-1].max()))
        place = cells.rooms[number].center().toPoint()
        at = cells.viewport().mapToGlobal(place)
        QApplication.sendEvent(cells.viewport(), QHelpEvent(QEvent.Type.ToolTip, place, at))
        assert QToolTip.text().replace("\n", " ").startswith(f"{cell.figure}: the output of {cell.name}.")
    QToolTip.hideText()
    assert row_words.told("7", "0.95", 0.9).endswith("for the cuts it counts as 0.90.")


def test_it_is_read_while_one_writes(card: NetworkCard, qtbot: QtBot) -> None:
    first, *_, last = strokes(5, 0)
    draw(card.pad, first)
    assert read(card) == "5"
    draw(card.pad, last, lift=False)
    qtbot.waitUntil(lambda: read(card) == "50")  # the pen is still down
    QTest.mouseRelease(card.pad, Qt.MouseButton.LeftButton)


def test_what_is_drawn_stays_when_the_pad_grows_wide_and_back(card: NetworkCard) -> None:
    pad, wide = card.pad, card.row.actions.wide
    write(pad, 7)
    sheet, row = pad.sheet, there(card.row.picture)
    wide.setChecked(False)
    assert pad.sheet is sheet
    assert not card.row.cells.isVisible()
    alone = there(card.row.picture)
    assert np.abs(alone.astype(int) - row).mean() < 12  # of 255: the same digit, framed alike
    wide.setChecked(True)
    assert pad.sheet is sheet
    assert read(card) == "7"


def test_a_row_is_put_aside_while_the_pad_is_for_one_digit(card: NetworkCard) -> None:
    pad, actions = card.pad, card.row.actions
    of_rows = (actions.candidates, actions.walk, actions.walk_back, actions.cut_again, actions.part)
    write(pad, 5, 0)
    row = pad.sheet
    assert actions.walk.isEnabled()
    actions.wide.setChecked(False)
    assert not pad.sheet.ink
    assert card.row.picture is None
    assert not any(action.isEnabled() for action in of_rows)
    assert not pad.undo_action.isEnabled(), "or the row would come into the drawing"
    write(pad, 7)
    digit = pad.sheet
    actions.wide.setChecked(True)
    assert pad.sheet is row
    assert read(card) == "50"
    assert actions.walk.isEnabled()
    actions.wide.setChecked(False)
    assert pad.sheet is digit
    actions.wide.setChecked(True)
    pad.undo()
    assert read(card) == "5", "each has steps of its own"


def test_the_digit_that_a_row_began_with_comes_back_unless_it_was_deleted(card: NetworkCard) -> None:
    pad, wide = card.pad, card.row.actions.wide
    wide.setChecked(False)
    write(pad, 4)
    digit = pad.sheet
    wide.setChecked(True)
    pad.clear()
    write(pad, 5, 0)
    wide.setChecked(False)
    assert pad.sheet is digit
    pad.clear()
    wide.setChecked(True)
    assert read(card) == "50"
    wide.setChecked(False)
    assert not pad.sheet.ink
    pad.undo()
    assert pad.sheet is digit, "its steps are still there"


def test_a_row_that_was_kept_in_the_room_of_one_digit_is_put_aside(card: NetworkCard) -> None:
    write(card.pad, 5, 0)
    network = card.chosen.now.network
    alone = replace(network, row=replace(network.row, wide=False))
    card.chosen.restore(replace(card.chosen.now, network=alone))
    assert not card.pad.sheet.ink
    card.row.actions.wide.setChecked(True)
    assert read(card) == "50"
    states: tuple[object, ...] = (None, 3, [], {"wide": 1, "gap": "x"}, {"gap": 10**9}, {"gap": -(10**30)})
    for state in states:
        card.row.take_part(read_record(RowPart, state))
        assert not card.pad.is_wide, "what makes no sense is passed over"
        assert -3 <= card.pad.gap <= 12


def test_undo_redo_and_eraser_are_those_of_the_pad(card: NetworkCard) -> None:
    pad = card.pad
    write(pad, 5, 0)
    pad.undo()
    assert read(card) == "5"
    pad.redo()
    assert read(card) == "50"
    pad.eraser_action.setChecked(True)
    for y in np.linspace(0.1, 0.9, 12):  # rubs out the 0
        draw(pad, np.array([(1.3, y), (1.6, y), (2.2, y)]))
    pad.pen_action.setChecked(True)
    assert read(card) == "5"
    pad.clear()
    assert read(card) == ""


def check_flow(card: NetworkCard) -> None:
    """The digit that is chosen in a row, by key or click, flows through the network."""
    cells = card.row.cells

    def winner() -> int:
        return there(card.presenter.picture.flow).winner

    assert (cells.chosen, winner()) == (4, 9), "what was written last"
    for key, digit in ((Qt.Key.Key_Home, 5), (Qt.Key.Key_Right, 0), (Qt.Key.Key_Right, 4)):
        QTest.keyClick(card.pad, key)
        assert winner() == digit
    flow = there(card.presenter.picture.flow)
    assert np.allclose(flow.activations[0], there(card.row.picture).ravel() / 255)
    QTest.mouseClick(cells.viewport(), Qt.MouseButton.LeftButton, NONE, cells.rooms[3].center().toPoint())
    assert (cells.chosen, winner()) == (3, 1)


def test_one_can_walk_through_all_shapes_and_see_their_certainty(card: NetworkCard) -> None:
    write(card.pad, 5, 0)
    row = card.row
    reading = there(row.reader.row.reading)
    view = row.view
    assert view.sure.path().isEmpty()
    row.actions.candidates.setChecked(True)
    boxes = [view.unsure.path().elementCount(), view.sure.path().elementCount()]
    sure = int((reading.certainties >= SURE).sum())
    assert boxes == [5 * (len(reading.certainties) - sure), 5 * sure]
    shown_texts = [text.text() for text in view.texts if text.isVisible()]
    assert any(text.startswith("5 ") for text in shown_texts)
    assert len(view.way) == 2
    row.actions.candidates.setChecked(False)
    own = row.picture
    seen = []
    for number in range(len(reading.certainties)):
        row.actions.walk.trigger()
        assert str(number + 1) in row.side.note.accessibleName()
        seen.append(there(row.picture).tobytes())
        assert np.allclose(card.presenter.picture.flow.activations[0] * 255, row.picture.ravel(), atol=0.5)
    assert seen == [image.tobytes() for image in reading.candidates.images]
    row.actions.walk.trigger()
    assert row.picture is own
    row.actions.walk_back.trigger()
    assert there(row.picture).tobytes() == seen[-1]
    row.choose(0)
    assert there(row.picture).tobytes() != seen[-1]


@one_quick("pixels", [18, 13])
def test_figures_of_all_shapes_can_be_read(card: NetworkCard, pixels: int) -> None:
    """Each lies inside a box of its own and inside the pad, with room around it, and says what no other one does of
    the same place. They lay on each other in four steps, the lowest cut by the frame."""
    font = card.font()
    font.setPixelSize(pixels)
    card.setFont(font)
    write(card.pad, *ROW)
    view = card.row.view
    view.setFont(font)
    card.row.actions.candidates.setChecked(True)
    texts = [text for text in view.texts if text.isVisible()]
    rooms = [text.sceneBoundingRect() for text in texts]
    assert len(texts) >= 5
    assert all(view.sceneRect().contains(room) for room in rooms)
    for before, after in pairwise(sorted(rooms, key=lambda room: room.top())):
        assert not before.adjusted(0, 4, 0, -4).intersects(after)
    said = [(text.text().split()[0], room) for text, room in zip(texts, rooms, strict=True)]
    for number, (digit, room) in enumerate(said):
        for other, beside in said[:number]:
            assert digit != other or abs(room.center().x() - beside.center().x()) > room.width() / 2


def test_a_doubtful_digit_is_marked_in_its_box_and_below_it(card: NetworkCard) -> None:
    write(card.pad, 5, 0)
    view, reader, reading = card.row.view, card.row.reader, there(card.row.reader.row.reading)
    for chances in ((0.99, 0.99), (0.99, 0.5)):
        reader.row = replace(reader.row, reading=replace(reading, chances=np.array(chances)))
        card.row.set_classes(())  # which shows it anew
        marks = [cell.words.endswith("?") for cell in card.row.cells.cells]
        assert marks == [chance < TRUSTED for chance in chances]
        assert view.doubted.path().isEmpty() == (not any(marks))
    assert "not sure" in card.row.side.note.accessibleName()
    wordings = row_words.note(reader.row, (), (), fits=True, line=(0, 2))
    # where there is less room
    assert any("line 1 of 2" in text and "not sure" not in text for text in wordings)


def test_a_network_that_is_too_unsure_says_so_and_one_of_no_numbers_does_no_harm(card: NetworkCard) -> None:
    write(card.pad, *ROW)
    network = Network((PIXELS, 30, 10), seed=1)
    card.draw(shown(moment_of(network, step=0, run=2)))
    assert "not sure enough" in card.row.side.note.accessibleName()
    network = network.copy()
    network.parameters[:] = np.nan
    for _ in range(2):
        card.draw(shown(moment_of(network, run=3)))


def test_every_network_reads_rows_with_its_names(card: NetworkCard) -> None:
    write(card.pad, 5, 0)
    for number, (sizes, output, cost) in enumerate(
        (
            ((PIXELS, 10), "sigmoid", "quadratic"),
            ((PIXELS, 8, 6, 3), "softmax", "cross_entropy"),
            ((PIXELS, 12, 2), "sigmoid", "quadratic"),
        )
    ):
        card.set_classes(tuple(f"a rather long name of a class, the {n}th"[:40] for n in range(sizes[-1])))
        card.draw(shown(moment_of(Network(sizes, seed=3, output=output, cost=cost), run=2 + number)))
        assert len(card.row.cells.cells) >= 1
        assert all(cell.name.startswith("a rather long") for cell in card.row.cells.cells)


def test_it_is_judged_a_few_times_a_second_while_it_learns_and_once_more_at_rest(
    card: NetworkCard, learned: Moment, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(card.pad, *ROW)
    count = [0]
    original = read_row

    def counted(*given: object) -> object:
        count[0] += 1
        return original(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(read_row_module, "read_row", counted)
    began = time.monotonic()
    moment = learned
    for step in range(60):
        moment = later(moment, 15_001 + step)
        card.draw(shown(moment))
    lasted = time.monotonic() - began
    assert count[0] <= 1 + lasted / JUDGED
    qtbot.waitUntil(lambda: card.row.reader.row.network is moment.network)  # the last one is not left out
    told = count[0]
    card.draw(shown(moment))
    assert count[0] == told  # and nothing is judged twice


def test_hidden_reads_nothing(card: NetworkCard, learned: Moment, monkeypatch: pytest.MonkeyPatch) -> None:
    write(card.pad, 5, 0)
    card.draw(shown(later(learned, 15_000, 1e-6)))  # is to be judged in a moment
    assert card.row.reader.waits
    card.hide()
    assert not card.row.reader.waits
    for name in ("read_row", "find_candidates"):
        monkeypatch.setattr(read_row_module, name, lambda *given: pytest.fail("read while hidden"))
    card.draw(shown(later(learned, 15_001)))
    card.pad.undo()
    monkeypatch.undo()
    card.show()
    assert read(card) == "5"


def test_what_a_network_said_goes_with_it_and_the_row_stays(card: NetworkCard, reader: Network) -> None:
    write(card.pad, 5, 0)
    picture = card.row.picture
    card.draw(shown(moment_of(Network(reader.sizes, seed=1), step=0, run=2)))
    assert card.row.picture is picture  # it flows through the next network at once
    card.draw(shown(moment_of(reader.copy(), run=3)))
    assert read(card) == "50", "it need not wait until a judgement is old enough"


def test_test_digits_stand_in_a_row_with_their_labels(card: NetworkCard, mnist: Digits) -> None:
    card.set_digits(mnist)
    card.pad.rng.seed(3)
    QTest.keyClick(card.pad, Qt.Key.Key_T)
    row = there(card.pad.sheet.row)
    assert len(row.labels) == 5
    assert set(row.gaps) == {card.pad.gap}
    cells = card.row.cells.cells
    if len(cells) == 5:
        labelled = zip(cells, map(str, row.labels), strict=True)
        assert all(cell.right == (cell.name == label) for cell, label in labelled)
    card.row.side.gap.setValue(9)
    moved = there(card.pad.sheet.row)
    assert moved.numbers == row.numbers
    assert set(moved.gaps) == {9}
    assert len(card.row.cells.cells) == 5
    card.row.choose(2)
    card.presenter.refresh()
    assert card.row.true_label == row.labels[2]
    draw(card.pad, np.array([(0.1, 0.5), (0.15, 0.6)]))
    assert card.row.true_label is None  # drawn on, it is nobody's test digit


def test_a_row_of_another_data_set_loses_its_labels(card: NetworkCard, mnist: Digits) -> None:
    card.set_digits(mnist)
    card.pad.show_test_digit()
    assert card.pad.sheet.row is not None
    turned = DigitSet(mnist.test.images[::-1], mnist.test.labels[::-1])
    card.set_digits(Digits("others", mnist.training, mnist.validation, turned, mnist.classes, "others"))
    assert card.pad.sheet.row is None
    assert card.pad.sheet.ink


def test_the_pad_takes_the_upper_part_and_the_outputs_stay(card: NetworkCard) -> None:
    write(card.pad, 5, 0)
    for width, height in ((1082, 354), (1156, 432), (1610, 568)):
        card.pad.row_action.setChecked(False)
        card.resize(width, height)
        before = card.arrangement.places
        card.pad.row_action.setChecked(True)
        paper, places = card.pad.paper, card.arrangement.places
        assert paper.width() == pytest.approx(WIDE * paper.height(), rel=0.01)
        parts = [card.pad, card.row.cells, card.row.side, card.tools]
        open_room = places.open.translated(places.view.topLeft())
        head = QRect(card.head.layers[1].mapTo(card, QPoint()), card.head.layers[1].size())
        assert max(part.geometry().bottom() for part in parts) < head.center().y() < open_room.top()
        assert open_room.top() - head.bottom() < head.height(), "the head of the tiles stands at them"
        assert card.childAt(places.rows.translated(places.view.topLeft()).center()) is card.picture.viewport()
        for part in parts:
            assert card.rect().contains(part.geometry()), part.objectName()
            assert not part.geometry().intersects(open_room), part.objectName()
        for name in ("outputs", "rows", "verdict"):
            now, then = (getattr(each, name).translated(each.view.topLeft()) for each in (places, before))
            assert now == then, name
        assert len(there(there(card.picture.opened_stage).slots).units) >= 30
        assert places.outputs.left() - places.open.right() < 50, "the tiles have all the width"
        assert read(card) == "50"


def test_in_a_low_card_the_row_has_all_of_it_until_a_digit_is_chosen(card: NetworkCard) -> None:
    card.resize(970, 300)
    square = QRect(card.pad.geometry())
    write(card.pad, 5, 0)
    card.row.spread(True)
    assert card.pad.width() > 600
    cover = card.widgets.cover
    assert cover.isVisible()
    assert cover.geometry().contains(card.picture.geometry() | card.widgets.showing.geometry())
    card.row.choose(1)
    assert not cover.isVisible()
    assert square.contains(card.pad.geometry())
    QTest.mouseClick(card.pad, Qt.MouseButton.LeftButton)
    assert card.pad.width() > 600, "a click on the small row brings it back"
    assert card.let_go()
    assert square.contains(card.pad.geometry()), "as Escape brings the tiles"
    card.row.spread(True)
    card.resize(970, 500)
    assert not cover.isVisible()
    assert card.pad.width() > 400
    card.row.choose(0)
    assert card.pad.width() == card.row.cells.width() == card.arrangement.places.pad.width() < 300
    card.row.spread(True)
    assert card.let_go()
    assert card.let_go() is card.row.is_on is False, (
        "in a tall card, too, where the square pad takes its place"
    )
    card.row.actions.wide.setChecked(True)
    assert len(card.row.reader.row.sheet.ink.strokes) >= 2, "and the row comes back"


def test_a_picture_for_a_report_has_the_row_as_it_was_read_and_cuts_it_no_second_time(
    card: NetworkCard, learned: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(card.pad, *ROW, prioritise=1)
    assert read(card) == "50419"
    monkeypatch.setattr(read_row_module, "find_candidates", lambda *given: pytest.fail("cut again"))
    with card_for_report(card, shown(learned)) as report:
        assert isinstance(report, NetworkCard)
        assert read(report) == "50419"


def again(qtbot: QtBot, card: NetworkCard, learned: Moment, digits: Digits | None = None) -> NetworkCard:
    """Another card of the same choices, as JSON hands them over."""
    record = json.loads(json.dumps(to_builtins(card.chosen.now)))
    other = NetworkCard(jobs=JobsAtOnce())
    qtbot.addWidget(other)
    other.resize(1130, 462)
    other.chosen.restore(read_record(Choices, record))
    other.show()
    qtbot.waitExposed(other)
    if digits is not None:
        other.set_digits(digits)
    other.draw(shown(learned))
    return other


def test_a_row_its_cuts_and_the_wide_pad_are_kept(card: NetworkCard, qtbot: QtBot, learned: Moment) -> None:
    write(card.pad, 5, 0, 4)
    card.row.choose(0)
    card.row.cutting.remove(1)
    card.row.side.gap.setValue(-2)
    other = again(qtbot, card, learned)
    assert other.pad.is_wide
    assert other.pad.gap == -2
    assert other.pad.sheet.cuts == pytest.approx(card.pad.sheet.cuts, abs=1e-3)
    assert read(other) == read(card)
    other.row.cutting.cut_again()
    assert read(other) == "504"


def test_what_there_is_no_room_for_is_kept_too(card: NetworkCard, qtbot: QtBot, learned: Moment) -> None:
    wide = card.row.actions.wide
    write(card.pad, 5, 0)
    wide.setChecked(False)
    other = again(qtbot, card, learned)
    assert not other.pad.is_wide
    assert not other.pad.sheet.ink
    other.row.actions.wide.setChecked(True)
    assert read(other) == "50"
    write(card.pad, 7)
    digit = card.pad.picture
    wide.setChecked(True)
    other = again(qtbot, card, learned)
    assert read(other) == "50"
    other.row.actions.wide.setChecked(False)
    assert digit is not None
    assert np.abs(there(other.pad.picture).astype(int) - digit).max() < 5


def test_the_digit_of_before_is_kept(card: NetworkCard, qtbot: QtBot, learned: Moment, mnist: Digits) -> None:
    card.set_digits(mnist)
    card.row.actions.wide.setChecked(False)
    card.pad.show_test_digit()
    sheet = card.pad.sheet
    card.row.actions.wide.setChecked(True)
    card.pad.clear()
    write(card.pad, 5, 0)
    other = again(qtbot, card, learned, mnist)
    other.row.actions.wide.setChecked(False)
    assert (other.pad.sheet.number, other.pad.true_label) == (sheet.number, sheet.label)
    assert sheet.number is not None


def test_test_digits_keep_their_labels_and_a_scanned_row_its_ink(
    card: NetworkCard, qtbot: QtBot, learned: Moment, mnist: Digits
) -> None:
    card.set_digits(mnist)
    card.pad.show_test_digit()
    other = again(qtbot, card, learned, mnist)
    assert other.pad.sheet.row == card.pad.sheet.row
    assert other.row.true_label == card.row.true_label
    ink = np.zeros((FINE, round(WIDE * FINE)), dtype=np.uint8)
    ink[20:90, 100:700] = np.random.default_rng(1).integers(0, 256, (70, 600))
    card.pad.put(Sheet(Ink(digit=ink)))
    other = again(qtbot, card, learned)
    assert np.array_equal(there(other.pad.sheet.ink.digit), ink)
    assert len(json.dumps(to_builtins(card.chosen.now))) < 200_000


GOOD = Sheet(Ink(digit=np.full((FINE, 300), 200, dtype=np.uint8)), cuts=(0.5, 1.5)).record()


@pytest.mark.parametrize(
    "change",
    [
        {"canvas": {**GOOD["canvas"], "height": 3_000_000}},
        {"canvas": {**GOOD["canvas"], "width": 10**9}},
        {"canvas": {**GOOD["canvas"], "width": 299}},
        {"canvas": {**GOOD["canvas"], "width": 301}},
        {"canvas": {**GOOD["canvas"], "ink": "no base64 at all!"}},
        {"canvas": {**GOOD["canvas"], "ink": "QUJD"}},
        {"canvas": [1, 2]},
        {"canvas": "x"},
        {"strokes": [[[WIDE + 1, 0.5, 1]]]},
        *({"cuts": cuts} for cuts in ([8.0], [-1], ["a"], [float("nan")], [[1]], {"a": 1}, 3)),
        {"cuts": [1.0] * (MOST_CUTS + 1)},
        {"row": {"numbers": [1, 2], "labels": [1, 2], "gaps": []}},
        {"row": {"numbers": [1], "labels": [99], "gaps": []}},
        {"row": {"numbers": [-1], "labels": [1], "gaps": []}},
        {"row": {"numbers": [1] * 5_000, "labels": [1] * 5_000, "gaps": [1] * 4_999}},
        {"row": {"numbers": [1, 2], "labels": [1, 2], "gaps": [10**9]}},
        {"row": {"numbers": 1}},
        {"row": []},
    ],
)
def test_nonsense_leaves_blank_paper_no_cuts_no_labels(change: dict[str, Any], mnist: Digits) -> None:
    good, sheet = Sheet.from_record(GOOD), Sheet.from_record({**GOOD, **change})
    assert good.ink
    assert sheet.cuts == (good.cuts if "row" in change else None)
    assert bool(sheet.ink) == ("cuts" in change or "row" in change)
    assert sheet.row is sheet.checked(mnist).row is None
