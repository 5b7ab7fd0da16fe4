"""The page of circuits: what is built by hand is noticed, and nothing is told before."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPainterPath
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from mnistviz.engine.ideas.circuit import MOST_GATES, SOLUTIONS, TABLES, Laid, Source, Target, Wire
from mnistviz.gui.common.painted_text import watched
from mnistviz.gui.common.theme import LIGHT
from mnistviz.gui.ideas.circuit.board_picture import GAP
from mnistviz.gui.ideas.circuit.circuit_page import CircuitPage
from tests.gui.ideas.bare import bare_page
from tests.gui.ideas.conftest import OpenPage, all_texts

LEFT = Qt.MouseButton.LeftButton


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
    QTest.mouseClick(page.add_button, LEFT)
    return page.board.circuit.gates[-1].number


def build(page: CircuitPage, wish: str) -> None:
    """The known solution, wire by wire; what is on the board at first is taken away."""
    page.set_wish(wish)
    for number in [each.number for each in page.board.circuit.gates]:
        page.board.choose(gate(number))
        page.board.take_away()
    names = {}
    for each in SOLUTIONS[wish].gates:
        page.board.add_gate()
        names[each.number] = page.board.circuit.gates[-1].number

    def own(source: Source) -> Source:
        return gate(names[source.number]) if source.kind == "gate" else source

    for source, target in SOLUTIONS[wish].wires():
        end = Target("gate", names[target.number], target.slot) if target.kind == "gate" else target
        page.board.wire(own(source), end)


def test_xor_is_wired_by_the_mouse_and_noticed_with_its_last_wire(page: CircuitPage) -> None:
    numbers = [1] + [add_gate(page) for _ in range(3)]
    assert numbers == [1, 2, 3, 4]
    for source, number, slot in (
        (entry(0), 2, 0), (gate(1), 2, 1), (gate(1), 3, 0), (entry(1), 3, 1), (gate(2), 4, 0), (gate(3), 4, 1),
    ):  # fmt: skip
        draw_wire(page, source, Target("gate", number, slot))
    assert not page.tasks.is_done("xor"), "gate 1 is still the output"
    draw_wire(page, gate(2), Target("output", 0))
    assert not page.tasks.is_done("xor"), "a near miss: three rows of four"
    draw_wire(page, gate(4), Target("output", 0))
    assert page.tasks.is_done("xor")
    assert not page.tasks.is_done("half_adder")


@pytest.mark.parametrize("wish", TABLES)
def test_what_is_wished_is_noticed_when_every_row_agrees(page: CircuitPage, wish: str) -> None:
    last = list(SOLUTIONS[wish].wires())[-1][1]
    page.set_wish(wish)
    page.board.put(Laid(SOLUTIONS[wish].wired(None, last), dict.fromkeys(range(1, 10), (0.5, 0.5))), {})
    assert page.tasks.done_ids() == [], "one wire is missing"
    build(page, wish)
    assert page.tasks.done_ids() == [wish]


def test_nothing_is_solved_and_nothing_told_before_one_builds(page: CircuitPage) -> None:
    told = ("No circuit with fewer", "You built it", "Shown with", "Which gate feeds")
    for wish in TABLES:
        page.set_wish(wish)
        assert not TABLES[wish].is_met(page.board.circuit)
        for number in range(2 ** TABLES[wish].inputs):
            page.press_main()
            page.board.choose_beside(1)
            assert not any(words in all_texts(page) for words in told), number
    page.predict("5")
    assert not any(words in all_texts(page) for words in told)
    assert page.tasks.done_ids() == []


def test_prediction_and_outcome_stand_side_by_side(page: CircuitPage) -> None:
    answer = page.findChild(QPushButton, "answer_5")
    assert answer is not None
    QTest.mouseClick(answer, LEFT)
    assert page.question.asked is not None
    build(page, "xor")
    assert page.question.asked is None
    text = all_texts(page.question)
    assert "You said 5." in text
    assert "You built it with 4 gates. No circuit with fewer NANDs can do it." in text
    page.board.add_gate()
    text = all_texts(page.question)
    assert "You built it with 5 gates." in text
    assert "Fewer gates can do it" in text


def test_the_next_wish_begins_with_what_was_built(page: CircuitPage) -> None:
    build(page, "xor")
    page.question.next_button.click()
    assert page.wish is TABLES["half_adder"]
    agreement = TABLES["half_adder"].agreement(page.board.circuit)
    assert agreement[:, 0].all()
    assert not agreement[:, 1].any()
    first = min(each.number for each in page.board.circuit.gates)
    page.board.add_gate()
    inverse = page.board.circuit.gates[-1].number
    for slot in (0, 1):
        page.board.wire(gate(first), Target("gate", inverse, slot))
    page.board.wire(gate(inverse), Target("output", 1))
    assert page.tasks.is_done("half_adder")
    page.set_wish("xor")
    assert TABLES["xor"].is_met(page.board.circuit), "its board was kept"


def test_a_circle_is_refused_in_words_and_an_honest_wire_is_not(page: CircuitPage) -> None:
    second = add_gate(page)
    draw_wire(page, gate(1), Target("gate", second, 0))
    assert not page.tasks.is_done("circle")
    before = page.board.circuit
    draw_wire(page, gate(second), Target("gate", 1, 0))
    assert page.board.circuit == before
    assert "Gate 1 feeds gate 2 already" in all_texts(page)
    assert page.tasks.is_done("circle")
    page.board.choose(None)
    assert "feeds gate" not in all_texts(page.figures)


def test_a_full_board_is_no_circle(page: CircuitPage) -> None:
    for _ in range(MOST_GATES):
        add_gate(page)
    assert len(page.board.circuit.gates) == MOST_GATES
    assert f"There is room for {MOST_GATES} gates" in all_texts(page)
    assert not page.tasks.is_done("circle")


def test_inputs_are_switched_by_a_click_and_signals_run_through(page: CircuitPage) -> None:
    assert page.board.outputs()[gate(1)]
    for number in (0, 1):
        QTest.mouseClick(page.board, LEFT, pos=page.board.places.source(entry(number)).toPoint())
    assert page.board.bits == (True, True)
    assert not page.board.outputs()[gate(1)]
    page.press_main()
    assert page.board.bits == (False, False), "after the last row comes the first"
    QTest.mouseClick(page.copies, LEFT, pos=page.copies.cell(2).center().toPoint())
    assert page.board.bits == (True, False)
    QTest.keyClick(page.copies, Qt.Key.Key_Right)
    assert page.board.bits == (True, True)


def test_a_copy_for_each_row_shows_its_signals_and_its_target(page: CircuitPage) -> None:
    with watched() as painted:
        page.copies.grab()
    texts = [text.text for text in painted]
    bits, targets = [text for text in texts if text in "01"], [text for text in texts if text not in "01"]
    assert targets == ["XOR 0 ✗", "XOR 1 ✓", "XOR 1 ✓", "XOR 0 ✓"]
    assert bits == [*"001", *"011", *"101", *"110"], "inputs and output of the one NAND"
    build(page, "xor")
    with watched() as painted:
        page.copies.grab()
    assert not any("✗" in text.text for text in painted)


def test_the_full_adder_is_shown_and_ticked_in_steps(page: CircuitPage) -> None:
    page.set_wish("full_adder")
    done = []
    for _ in range(3):
        page.show_me()
        done.append("".join(step.text()[0] for step in page.steps))
    assert done == ["✓○○", "✓✓○", "✓✓✓"]
    assert page.told
    page.board.add_gate()
    assert page.tasks.done_ids() == [], "it was shown, whatever is added to it"


def test_a_1_is_told_by_more_than_colour(page: CircuitPage) -> None:
    with watched() as painted:
        page.board.grab()
    assert [text.text for text in painted if text.text in "01"] == ["1", "0", "0", "1"]
    page.board.set_bits((True, True))
    with watched() as painted:
        page.board.grab()
    assert [text.text for text in painted if text.text in "01"] == ["0", "1", "1", "0"]


def test_gates_and_wires_are_taken_away_and_moved(page: CircuitPage) -> None:
    board = page.board
    assert not page.away_button.isEnabled()
    places = board.places
    QTest.mouseClick(
        board, LEFT, pos=places.path(entry(0), Target("gate", 1, 0)).pointAtPercent(0.5).toPoint()
    )
    assert board.chosen == Wire(Target("gate", 1, 0))
    QTest.keyClick(board, Qt.Key.Key_Delete)
    assert board.circuit.source_of(Target("gate", 1, 0)) is None
    drag(page, places.end(Target("gate", 1, 1)), QPointF(places.width / 2, 4))
    assert board.circuit.source_of(Target("gate", 1, 1)) is None, "dragged off and let go of nowhere"
    middle = board.places.source(gate(1))
    drag(page, middle, middle + QPointF(90, 40))
    moved = board.places.source(gate(1))
    assert (moved - middle - QPointF(90, 40)).manhattanLength() < 4
    QTest.mouseClick(page.away_button, LEFT)
    assert board.circuit.gates == ()


def test_all_of_it_by_keys(open_page: OpenPage) -> None:
    page = open_page("circuit")
    assert isinstance(page, CircuitPage)
    board = page.board
    board.setFocus(Qt.FocusReason.TabFocusReason)
    assert board.chosen == entry(0)
    QTest.keyClick(board, Qt.Key.Key_Return)
    assert board.bits == (True, False)
    page.main_button.click()
    assert board.bits == (True, True)
    QTest.keyClick(board, Qt.Key.Key_Insert)
    assert board.chosen == gate(2)
    place = board.shares[2]
    QTest.keyClick(board, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert board.shares[2][0] < place[0]
    board.choose(gate(1))
    QTest.keyClick(board, Qt.Key.Key_W)
    assert "choose its end" in all_texts(page.figures)
    while board.chosen != gate(2):
        QTest.keyClick(board, Qt.Key.Key_Right)
    QTest.keyClick(board, Qt.Key.Key_Return)
    assert board.circuit.source_of(Target("gate", 2, 0)) == gate(1)
    QTest.keyClick(board, Qt.Key.Key_W)
    QTest.keyClick(board, Qt.Key.Key_Escape)
    assert board.from_keys is None
    QTest.keyClick(board, Qt.Key.Key_Delete)
    assert len(board.circuit.gates) == 1


def test_show_me_builds_it_and_ticks_nothing(page: CircuitPage) -> None:
    for wish in TABLES:
        page.set_wish(wish)
        for _ in range(3 if wish == "full_adder" else 1):
            QTest.mouseClick(page.show_me_button, LEFT)
        assert TABLES[wish].is_met(page.board.circuit)
        assert "Shown with" in all_texts(page.question)
    assert page.tasks.done_ids() == []


def test_it_is_put_back_and_what_was_done_stays(page: CircuitPage) -> None:
    build(page, "xor")
    QTest.mouseClick(page.back_button, LEFT)
    assert len(page.board.circuit.gates) == 1
    assert page.question.asked is not None
    assert page.tasks.done_ids() == ["xor"]


def test_the_weighted_sum_of_a_gate_is_read(page: CircuitPage) -> None:
    page.board.set_bits((True, True))
    page.board.choose(gate(1))
    assert "gate 1: −2 · 1 − 2 · 1 + 3 = −1, not above 0: its output is 0." in all_texts(page.figures)


@pytest.mark.parametrize("size", [(1024, 640), (1920, 1080)])
def test_words_fit_on_the_board_and_under_the_copies(open_page: OpenPage, size: tuple[int, int]) -> None:
    page = open_page("circuit", size=size, dressed=True)
    assert isinstance(page, CircuitPage)
    page.set_wish("full_adder")
    for _ in range(3):
        page.show_me()
    with watched() as painted:
        page.board.grab()
        page.copies.grab()
    assert len(painted) > 60
    assert [text for text in painted if not text.fits or text.shown != text.text] == []


def test_gates_lie_apart_where_a_solution_is_shown(qtbot: QtBot) -> None:
    page = bare_page(qtbot, CircuitPage, (804, 528))
    for wish in TABLES:
        page.set_wish(wish)
        for _ in range(3):
            page.show_me()
        places = page.board.places
        middles = np.array([places.source(gate(each.number)).toTuple() for each in page.board.circuit.gates])
        apart = np.hypot(*(middles[:, np.newaxis] - middles).T)
        assert apart[~np.eye(len(middles), dtype=bool)].min() > 2 * places.radius


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
    image = board.grab().toImage()
    room = [middle + QPointF(x, y) for x in range(-8, 9, 2) for y in range(-4, 5)]
    assert colours(image, room) == {LIGHT.card}


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
    end = board.places.end(Target("gate", 3, 0))
    near = [end + QPointF(-6, y) for y in range(-4, 5)]
    assert not colours(board.grab().toImage(), near) <= bare, "its own wire reaches it"
