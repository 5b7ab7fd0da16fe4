"""A row is read behind the window's back: what was read last stays meanwhile, and what comes too late is not shown."""

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mnistviz.engine.digits import Digits
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network
from mnistviz.gui.network.card import NetworkCard
from mnistviz.gui.network.card_report import card_for_report
from mnistviz.gui.network.row import reader
from mnistviz.gui.network.row import reader as read_row_module
from tests.gui.lab_by_hand import JobsByHand
from tests.gui.network.moments import later, shown, there
from tests.gui.network.row.conftest import draw, moment_of, read, strokes, wide_card, write

DOT = np.array([(6.0, 0.4), (6.0, 0.6)])
LINE = np.array([(0.4, 0.3), (0.4, 0.7)])


@pytest.fixture
def jobs() -> JobsByHand:
    return JobsByHand()


@pytest.fixture
def card(qtbot: QtBot, learned: Moment, jobs: JobsByHand) -> NetworkCard:
    """A card on whose wide pad 50 was written and read."""
    card = wide_card(qtbot, learned, jobs)
    write(card.pad, 5, 0)
    finish(jobs)
    assert read(card) == "50"
    return card


def finish(jobs: JobsByHand) -> None:
    """Does all that is asked: on a slow machine a stroke is read twice, as it begins and as it ends."""
    while jobs.work():
        pass


def note(card: NetworkCard) -> str:
    return card.row.side.note.accessibleName()


def test_what_was_read_stays_until_the_next_is_there(card: NetworkCard, jobs: JobsByHand) -> None:
    picture, flow = card.row.picture, card.presenter.picture.flow
    for line in strokes(5, 0, 4)[-2:]:
        draw(card.pad, line)
    assert (read(card), len(card.row.view.way)) == ("50", 2)
    assert card.row.picture is picture
    assert card.presenter.picture.flow is flow
    jobs.work()
    assert read(card) == "504"
    assert not jobs.work()


def test_no_run_learns_while_a_hand_waits(card: NetworkCard, jobs: JobsByHand, learned: Moment) -> None:
    told: list[bool] = []
    card.row.reader.hurries.connect(told.append)
    draw(card.pad, strokes(5, 0, 4)[-1])
    assert told == [True]
    finish(jobs)
    assert told == [True, False]
    card.draw(shown(later(learned, 15_001, 1e-6)))  # which no hand waits for
    finish(jobs)
    assert told == [True, False]
    draw(card.pad, DOT)
    card.hide()
    assert told == [True, False, True, False]


def test_a_whole_line_does_not_wait_for_a_part_of_it(card: NetworkCard, jobs: JobsByHand) -> None:
    draw(card.pad, strokes(5, 0, 4)[-2])
    draw(card.pad, strokes(5, 0, 4)[-1])
    assert jobs.work()
    assert read(card) == "504"
    assert not jobs.work()


def test_blank_paper_needs_no_reading(card: NetworkCard, jobs: JobsByHand) -> None:
    draw(card.pad, DOT)
    card.pad.clear()
    assert (read(card), card.row.picture, card.row.view.way) == ("", None, [])
    jobs.work()
    assert read(card) == ""


def test_a_reading_of_what_was_undone_meanwhile_is_not_shown(card: NetworkCard, jobs: JobsByHand) -> None:
    draw(card.pad, DOT)
    card.pad.undo()
    jobs.work()
    assert read(card) == "50"
    assert not jobs.work()


def test_labels_are_those_of_the_row_read(card: NetworkCard, jobs: JobsByHand, mnist: Digits) -> None:
    card.set_digits(mnist)
    card.pad.rng.seed(3)  # a row that is cut where its digits end
    card.pad.show_test_digit()
    assert "labels" not in note(card)
    assert [cell.right for cell in card.row.cells.cells] == [None, None]
    finish(jobs)
    assert card.row.true_label is not None
    draw(card.pad, DOT)
    assert card.row.true_label is not None  # that digit is still the one that flows
    finish(jobs)
    assert card.row.true_label is None


def test_a_network_gone_meanwhile_says_nothing(card: NetworkCard, jobs: JobsByHand, reader: Network) -> None:
    picture = card.row.picture
    draw(card.pad, DOT)
    card.draw(shown(moment_of(reader.copy(), run=2)))
    assert card.row.picture is picture  # no moment without a digit
    assert card.presenter.picture.flow is not None
    finish(jobs)
    assert read(card)[:2] == "50"


def test_a_digit_flows_on_while_the_pad_grows_wide(qtbot: QtBot, learned: Moment, jobs: JobsByHand) -> None:
    card = wide_card(qtbot, learned, jobs)
    card.pad.clear()
    card.row.actions.wide.setChecked(False)
    draw(card.pad, LINE)
    alone = there(card.row.picture)
    card.row.actions.wide.setChecked(True)
    assert card.row.picture is alone
    finish(jobs)
    assert card.row.picture is not alone


def test_what_one_has_walked_to_goes_with_its_shapes(card: NetworkCard, jobs: JobsByHand) -> None:
    own = card.row.picture
    card.row.actions.walk.trigger()
    assert "piece 1 of" in note(card)
    assert card.row.picture is not own
    draw(card.pad, DOT)
    finish(jobs)
    assert "reads" in note(card)
    assert card.row.picture is card.row.reader.row.pictures[card.row.reader.row.way[-1]]


@pytest.mark.parametrize("by", [1, -1])
def test_one_walks_on_when_it_is_seen(card: NetworkCard, jobs: JobsByHand, learned: Moment, by: int) -> None:
    walk = card.row.actions.walk if by > 0 else card.row.actions.walk_back
    walk.trigger()
    told = note(card)
    card.hide()  # the ideas are shown instead, and it learns on
    for step in range(3):
        card.draw(shown(later(learned, 15_001 + step, 1e-6)))
        card.presenter.refresh()
    assert not jobs.work()
    card.show()
    card.draw(shown(later(learned, 15_004, 1e-6)))
    assert note(card) == told
    finish(jobs)
    assert note(card)[:12] == told[:12]


def test_what_was_read_long_ago_is_not_shown_over_other_ink(card: NetworkCard, jobs: JobsByHand) -> None:
    card.pad.clear()
    card.row.actions.wide.setChecked(False)
    draw(card.pad, LINE)
    card.row.actions.wide.setChecked(True)
    assert (read(card), card.row.view.way) == ("", [])
    finish(jobs)
    assert len(card.row.view.way) == 1


def test_a_fault_in_reading_is_told_once_and_the_next_ink_is_read(
    card: NetworkCard, jobs: JobsByHand, learned: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*given: object) -> None:
        raise ArithmeticError

    monkeypatch.setattr(read_row_module, "find_candidates", fail)
    draw(card.pad, DOT)
    with pytest.raises(ArithmeticError):
        finish(jobs)
    card.draw(shown(later(learned, 15_001, 1e-6)))
    assert not jobs.work()
    monkeypatch.undo()
    card.pad.undo()
    finish(jobs)
    assert read(card) == "50"


def test_a_hidden_card_s_picture_has_its_moment_s_network(card: NetworkCard, learned: Moment) -> None:
    card.hide()
    at = later(learned, learned.step + 100, change=0.5)
    with card_for_report(card, shown(at)) as copy:
        assert isinstance(copy, NetworkCard)
        assert copy.row.reader.row.network is at.network
        assert there(copy.presenter.picture.flow).network is at.network


def test_a_picture_does_not_wait_for_a_row_that_takes_long(
    card: NetworkCard, learned: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    for line in strokes(5, 0, 4)[-2:]:
        draw(card.pad, line)
    with card_for_report(card, shown(learned)) as copy:
        assert isinstance(copy, NetworkCard)
        assert read(copy) == "504"
    monkeypatch.setattr(reader, "PATIENCE", -1.0)
    with card_for_report(card, shown(learned)) as copy:
        assert isinstance(copy, NetworkCard)
        assert copy.row.reader.is_behind
        assert copy.pad.sheet.ink is card.pad.sheet.ink
