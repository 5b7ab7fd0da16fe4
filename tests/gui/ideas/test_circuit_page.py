"""The page of circuits: what is built by hand is noticed, and nothing is told before."""

import numpy as np
import pytest
from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPainterPath
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mnistviz.engine.ideas.circuit import MOST_GATES, SOLUTIONS, TABLES, Laid, Source, Target, Wire
from mnistviz.gui.common.painted_text import watched
from mnistviz.gui.common.theme import LIGHT
from mnistviz.gui.ideas.circuit.board_picture import GAP
from mnistviz.gui.ideas.circuit.circuit_page import CircuitPage
from tests.gui.ideas.conftest import LEFT, OpenPage, all_texts, bare_page, click, painted_by


@pytest.fixture
def page(qtbot: QtBot) -> CircuitPage:
    return bare_page(qtbot, CircuitPage)


def gate(number: int) -> Source:
    return Source("gate", number)


def entry(number: int) -> Source:
    return Source("input", number)


def drag(page: CircuitPage, start: QPointF, end: QPointF) -> None:
    board = page.board
    QTest.mousePress(board, LEFT, pos=start.toPoint())
    QTest.mouseMove(board, ((start + end) / 2).toPoint())
    QTest.mouseMove(board, end.toPoint())
    QTest.mouseRelease(board, LEFT, pos=end.toPoint())


def draw_wire(page: CircuitPage, source: Source, target: Target) -> None:
    drag(page, page.board.places.start(source), page.board.places.end(target))


def add_gate(page: CircuitPage) -> int:
    click(page.add_button)
    return page.board.circuit.gates[-1].number


def press(page: CircuitPage, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(page.board, key)


def build(page: CircuitPage, wish: str) -> None:
    """The known solution, wire by wire; what is on the board at first is taken away."""
    page.open_scene(wish)
    for number in [each.number for each in page.board.circuit.gates]:
        page.board.choose(gate(number))
        page.board.take_away()
    names = {}
    for each in SOLUTIONS[wish].gates:
        page.board.add_gate()
        names[each.number] = page.board.circuit.gates[-1].number
    for source, target in SOLUTIONS[wish].wires():
        own = gate(names[source.number]) if source.kind == "gate" else source
        end = Target("gate", names[target.number], target.slot) if target.kind == "gate" else target
        page.board.wire(own, end)


def test_xor_is_wired_by_the_mouse_and_noticed_with_its_last_wire(page: CircuitPage) -> None:
    assert [1, *(add_gate(page) for _ in range(3))] == [1, 2, 3, 4]
    for source, number, slot in (
        (entry(0), 2, 0), (gate(1), 2, 1), (gate(1), 3, 0), (entry(1), 3, 1), (gate(2), 4, 0), (gate(3), 4, 1),
    ):  # fmt: skip
        draw_wire(page, source, Target("gate", number, slot))
    assert page.tasks.done_ids() == [], "gate 1 is still the output"
    draw_wire(page, gate(2), Target("output", 0))
    assert page.tasks.done_ids() == [], "a near miss: three rows of four"
    draw_wire(page, gate(4), Target("output", 0))
    assert page.tasks.done_ids() == ["xor"]


@pytest.mark.parametrize("wish", TABLES)
def test_what_is_wished_is_noticed_when_every_row_agrees(page: CircuitPage, wish: str) -> None:
    last = list(SOLUTIONS[wish].wires())[-1][1]
    page.open_scene(wish)
    page.board.put(Laid(SOLUTIONS[wish].wired(None, last), dict.fromkeys(range(1, 10), (0.5, 0.5))), {})
    assert page.tasks.done_ids() == [], "one wire is missing"
    build(page, wish)
    assert page.tasks.done_ids() == [wish]
    click(page.back_button)
    assert len(page.board.circuit.gates) == 1
    assert page.question.asked is not None
    assert page.tasks.done_ids() == [wish]


def test_nothing_is_solved_and_nothing_told_before_one_builds(page: CircuitPage) -> None:
    told = ("No circuit with fewer", "You built it", "Shown with", "Which gate feeds")
    for wish in TABLES:
        page.open_scene(wish)
        assert not TABLES[wish].is_met(page.board.circuit)
        for number in range(2 ** TABLES[wish].inputs):
            page.press_main()
            page.board.choose_beside(1)
            assert not any(words in all_texts(page) for words in told), number
    page.predict("5")
    assert not any(words in all_texts(page) for words in told)
    assert page.tasks.done_ids() == []


def test_prediction_and_outcome_stand_side_by_side_until_it_is_asked_again(page: CircuitPage) -> None:
    page.predict("5")
    assert page.question.asked is not None
    build(page, "xor")
    assert page.question.asked is None
    text = all_texts(page.question)
    assert "You said 5." in text
    assert "You built it with 4 gates. No circuit with fewer NANDs can do it." in text
    page.board.add_gate()
    text = all_texts(page.question)
    assert "You built it with 5 gates." in text
    assert "No circuit with fewer" not in text
    assert "Fewer gates can do it" in text
    page.question.again_button.click()
    assert page.question.asked is not None, "it is asked once more, over an empty board"
    assert page.prediction == ""
    assert not TABLES["xor"].is_met(page.board.circuit)
    assert page.tasks.is_done("xor")


def test_the_next_wish_begins_with_what_was_built(page: CircuitPage) -> None:
    build(page, "xor")
    page.question.next_button.click()
    assert page.wish is TABLES["half_adder"]
    agreement = TABLES["half_adder"].agreement(page.board.circuit)
    assert agreement[:, 0].all()
    assert not agreement[:, 1].any()
    first, inverse = min(each.number for each in page.board.circuit.gates), add_gate(page)
    for slot in (0, 1):
        page.board.wire(gate(first), Target("gate", inverse, slot))
    page.board.wire(gate(inverse), Target("output", 1))
    assert page.tasks.is_done("half_adder")
    page.open_scene("xor")
    assert TABLES["xor"].is_met(page.board.circuit), "its board was kept"


def test_a_circle_is_refused_in_words_and_an_honest_wire_and_a_full_board_are_none(page: CircuitPage) -> None:
    second = add_gate(page)
    draw_wire(page, gate(1), Target("gate", second, 0))
    for _ in range(MOST_GATES):
        add_gate(page)
    assert len(page.board.circuit.gates) == MOST_GATES
    assert f"There is room for {MOST_GATES} gates" in all_texts(page)
    assert not page.tasks.is_done("circle")
    before = page.board.circuit
    page.board.wire(gate(second), Target("gate", 1, 0))
    assert page.board.circuit == before
    assert "Gate 1 feeds gate 2 already" in all_texts(page)
    assert page.tasks.is_done("circle")
    page.board.choose(None)
    assert "feeds gate" not in all_texts(page.figures)


def test_inputs_are_switched_and_signals_run_through_with_more_than_colour(page: CircuitPage) -> None:
    def bits() -> list[str]:
        return [text for text in painted_by(page.board) if text in "01"]

    assert page.board.outputs()[gate(1)]
    assert bits() == ["1", "0", "0", "1"]
    for number in (0, 1):
        click(page.board, page.board.places.source(entry(number)))
    assert page.board.bits == (True, True)
    assert not page.board.outputs()[gate(1)]
    assert bits() == ["0", "1", "1", "0"]
    page.board.choose(gate(1))
    assert "gate 1: −2 · 1 − 2 · 1 + 3 = −1, not above 0: its output is 0." in all_texts(page.figures)
    page.press_main()
    assert page.board.bits == (False, False), "after the last row comes the first"
    click(page.copies, page.copies.cell(2).center())
    assert page.board.bits == (True, False)
    QTest.keyClick(page.copies, Qt.Key.Key_Right)
    assert page.board.bits == (True, True)


def test_a_copy_for_each_row_shows_its_signals_and_its_target(page: CircuitPage) -> None:
    texts = painted_by(page.copies)
    assert [text for text in texts if text not in "01"] == ["XOR 0 ✗", "XOR 1 ✓", "XOR 1 ✓", "XOR 0 ✓"]
    assert "".join(text for text in texts if text in "01") == "001011101110", "inputs and output of the NAND"
    build(page, "xor")
    assert not any("✗" in text for text in painted_by(page.copies))


def test_gates_and_wires_are_taken_away_and_moved(page: CircuitPage) -> None:
    board, places = page.board, page.board.places
    assert not page.away_button.isEnabled()
    click(board, places.path(entry(0), Target("gate", 1, 0)).pointAtPercent(0.5))
    assert board.chosen == Wire(Target("gate", 1, 0))
    press(page, Qt.Key.Key_Delete)
    assert board.circuit.source_of(Target("gate", 1, 0)) is None
    drag(page, places.end(Target("gate", 1, 1)), QPointF(places.width / 2, 4))
    assert board.circuit.source_of(Target("gate", 1, 1)) is None, "dragged off and let go of nowhere"
    middle = board.places.source(gate(1))
    drag(page, middle, middle + QPointF(90, 40))
    assert (board.places.source(gate(1)) - middle - QPointF(90, 40)).manhattanLength() < 4
    click(page.away_button)
    assert board.circuit.gates == ()


def test_all_of_it_by_keys(open_page: OpenPage) -> None:
    page = open_page(CircuitPage)
    board = page.board
    board.setFocus(Qt.FocusReason.TabFocusReason)
    assert board.chosen == entry(0)
    press(page, Qt.Key.Key_Return)
    assert board.bits == (True, False)
    page.main_button.click()
    assert board.bits == (True, True)
    press(page, Qt.Key.Key_Insert)
    assert board.chosen == gate(2)
    place = board.shares[2]
    QTest.keyClick(board, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert board.shares[2][0] < place[0]
    board.choose(gate(1))
    press(page, Qt.Key.Key_W)
    assert "choose its end" in all_texts(page.figures)
    while board.chosen != gate(2):
        press(page, Qt.Key.Key_Right)
    press(page, Qt.Key.Key_Return)
    assert board.circuit.source_of(Target("gate", 2, 0)) == gate(1)
    press(page, Qt.Key.Key_W, Qt.Key.Key_Escape)
    assert board.from_keys is None
    press(page, Qt.Key.Key_Delete)
    assert len(board.circuit.gates) == 1


def test_show_me_builds_it_in_steps_with_gates_apart_and_ticks_nothing(qtbot: QtBot) -> None:
    page, done = bare_page(qtbot, CircuitPage, (804, 528)), []
    for wish in TABLES:
        page.open_scene(wish)
        for _ in range(3 if wish == "full_adder" else 1):
            click(page.show_me_button)
            done.append("".join(step.text()[:1] for step in page.steps))
        assert TABLES[wish].is_met(page.board.circuit)
        assert "Shown with" in all_texts(page.question)
        QApplication.processEvents()  # laid out
        places = page.board.places
        middles = np.array([places.source(gate(each.number)).toTuple() for each in page.board.circuit.gates])
        apart = np.hypot(*(middles[:, np.newaxis] - middles).T)
        assert apart[~np.eye(len(middles), dtype=bool)].min() > 2 * places.radius
    assert done[-3:] == ["✓○○", "✓✓○", "✓✓✓"]
    page.board.add_gate()
    assert page.tasks.done_ids() == [], "it was shown, whatever is added to it"


@pytest.mark.parametrize("size", [(1024, 640), (1920, 1080)])
def test_words_fit_on_the_board_and_under_the_copies(open_page: OpenPage, size: tuple[int, int]) -> None:
    page = open_page(CircuitPage, size=size, dressed=True)
    page.open_scene("full_adder")
    for _ in range(3):
        page.show_me()
    with watched() as painted:
        page.board.grab()
        page.copies.resize(470, 140)  # as beside a scroll bar
        page.copies.grab()
    assert len(painted) > 60
    assert [text for text in painted if not text.fits or text.shown != text.text] == []


def colours(image: QImage, points: list[QPointF]) -> set[str]:
    ratio = image.devicePixelRatio()
    return {image.pixelColor((point * ratio).toPoint()).name() for point in points}


def passing_wire(page: CircuitPage) -> QPainterPath:
    """A wire from gate 2 to the output; gate 3 has no part in it, and gate 1 is out of the way."""
    board = page.board
    for _ in range(2):
        board.add_gate()
    board.wire(entry(0), Target("gate", 2, 0))
    board.wire(gate(2), Target("output", 0))
    board.move_gate(1, (0.3, 1.0))
    board.move_gate(2, (0.0, 0.3))
    board.choose(None)
    return board.places.path(gate(2), Target("output", 0))


def test_a_name_is_crossed_by_no_wire(page: CircuitPage) -> None:
    way, board = passing_wire(page), page.board
    under = QPointF(0, board.places.radius + 2 + board.places.line / 2)
    board.move_gate(3, board.places.share(way.pointAtPercent(0.5) - under))
    middle = board.places.source(gate(3)) + under
    assert way.intersects(QRectF(middle - QPointF(1, 1), QSizeF(2, 2)))
    board.name = lambda thing: "       "  # type: ignore[method-assign]  # the ground alone
    room = [middle + QPointF(x, y) for x in range(-8, 9, 2) for y in range(-4, 5)]
    assert colours(board.grab().toImage(), room) == {LIGHT.card}


def test_a_wire_behind_a_gate_can_be_told_from_one_that_ends_there(page: CircuitPage) -> None:
    way, board = passing_wire(page), page.board
    board.move_gate(3, board.places.share(way.pointAtPercent(0.5)))
    middle, radius = board.places.source(gate(3)), board.places.radius
    points = [way.pointAtPercent(share) for share in np.linspace(0, 1, 2000)]
    around = [point for point in points if 3 < QLineF(middle, point).length() - radius < GAP - 2]
    assert min(point.x() for point in around) < middle.x() < max(point.x() for point in around)
    image = board.grab().toImage()
    bare = {LIGHT.card, image.pixelColor(0, 0).name()}
    assert colours(image, around) <= bare
    board.wire(entry(1), Target("gate", 3, 0))
    near = [board.places.end(Target("gate", 3, 0)) + QPointF(-6, y) for y in range(-4, 5)]
    assert not colours(board.grab().toImage(), near) <= bare, "its own wire reaches it"
