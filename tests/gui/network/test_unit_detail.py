"""One unit seen large."""

import time
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from mnistviz.engine.digits import PIXELS, Digits
from mnistviz.engine.evidence import extreme_digits
from mnistviz.engine.moment import Moment
from mnistviz.gui.common.choices import Chosen
from mnistviz.gui.common.painted_text import watched
from mnistviz.gui.common.theme import DARK, LIGHT, set_theme
from mnistviz.gui.lab.jobs import Jobs
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.network.unit import ranked_digits
from mnistviz.gui.network.unit.ranked_digits import RankedDigits
from mnistviz.gui.network.unit.unit_detail import UnitDetail
from mnistviz.gui.network.unit.weights_card import OutgoingBars, OutgoingWeights, UnitGestures
from mnistviz.gui.network.weight_colours import WeightSwitch
from tests.gui.network.moments import CLASSES, assert_described, later, moment, move_mouse, there


@pytest.fixture
def detail(jobs: Jobs, qtbot: QtBot, random_digits: Digits, monkeypatch: pytest.MonkeyPatch) -> UnitDetail:
    """The window for one unit, not shown yet, with a few digits of noise; it asks again at once."""
    monkeypatch.setattr(ranked_digits, "SECONDS_BETWEEN", 0.0)
    monkeypatch.setattr(ranked_digits, "SHARE_OF_TIME", 1e9)
    view = UnitDetail(jobs, Chosen())
    view.showing.choose("weights")
    qtbot.addWidget(view)
    view.set_digits(random_digits)
    return view


def show(detail: UnitDetail, at: Moment, layer: int = 1, unit: int = 0) -> None:
    """Shows the window with a unit of a moment."""
    detail.draw(Shown(moment=at))
    detail.show_unit(layer, unit)
    detail.show()


def wait_for_digits(qtbot: QtBot, detail: UnitDetail, step: int) -> None:
    qtbot.waitUntil(lambda: detail.ranked.note.text().endswith(f"at mini-batch {step}"))


def test_a_unit_shows_its_weights_numbers_and_what_it_passes_on(detail: UnitDetail) -> None:
    now = moment(PIXELS, 30, 10, step=7)
    show(detail, now, 1, 6)
    w, b = now.network.weights[0][6], now.network.biases[0][6]
    assert detail.header.title.text() == "Unit 7"
    assert f"bias {b:.2f}".replace("-", "−") in detail.reading.text()
    assert f"|w| {np.linalg.norm(w):.1f}" in detail.reading.text()
    assert detail.outgoing.bars.names == list(CLASSES)
    np.testing.assert_allclose(detail.outgoing.bars.values, now.network.weights[1][:, 6])
    picture = detail.picture.picture_rect()
    move_mouse(detail.picture, picture.topLeft() + QPoint(picture.width() // 56, picture.height() // 56))
    assert detail.reading.text() == f"row 1, column 1: {w[0]:+.2f}".replace("-", "−")
    detail.grab()


def test_it_ranks_the_digits_for_its_unit(detail: UnitDetail, qtbot: QtBot, random_digits: Digits) -> None:
    now = moment(PIXELS, 30, 10, step=7)
    show(detail, now, 2, 3)
    wait_for_digits(qtbot, detail, 7)
    found = there(extreme_digits(now.network, 2, 3, random_digits.training, 10))
    assert detail.ranked.note.text() == "of 23 training digits, at mini-batch 7"
    assert detail.ranked.most.shown == list(found.most)
    assert detail.ranked.least.shown == list(found.least)
    assert (
        f"Training digit {found.most[0] + 1}: “{found.most[0] % 10}”"
        in detail.ranked.most.accessibleDescription()
    )
    detail.grab()


def test_the_digits_follow_the_training_and_rest_with_it(
    detail: UnitDetail, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, jobs: Jobs
) -> None:
    asked: list[object] = []
    ask = jobs.ask

    def counted(key: str, work: Any, *told: Any) -> None:
        assert not jobs.is_open(key), "a ranking must not queue up behind another"
        asked.append(work)
        ask(key, work, *told)

    monkeypatch.setattr(jobs, "ask", counted)
    now = moment(PIXELS, 30, 10, step=7)
    show(detail, now)
    for step in range(8, 30):
        detail.draw(Shown(moment=later(now, step)))
    wait_for_digits(qtbot, detail, 29)
    at_rest = len(asked)
    assert 2 <= at_rest <= 4, "two, or a few more on a busy machine; there were 23 moments"
    detail.draw(Shown(moment=later(now, 30)))
    wait_for_digits(qtbot, detail, 30)
    assert len(asked) == at_rest + 1


@pytest.mark.parametrize(("name", "value"), [("SECONDS_BETWEEN", 60.0), ("SHARE_OF_TIME", 1e-6)])
def test_while_training_it_waits_between_two_questions_but_not_for_another_unit(
    detail: UnitDetail, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, jobs: Jobs, name: str, value: float
) -> None:
    """A minute, or the longer the slower the last one was."""
    monkeypatch.setattr(ranked_digits, name, value)
    now = moment(PIXELS, 30, 10, step=7)
    show(detail, now)
    wait_for_digits(qtbot, detail, 7)
    detail.draw(Shown(moment=later(now, 8)))
    assert not jobs.is_open(RankedDigits.KEY)
    detail.show_unit(1, 5)
    assert jobs.is_open(RankedDigits.KEY), "another unit is looked at without delay"
    wait_for_digits(qtbot, detail, 8)


def test_a_hidden_window_computes_nothing(detail: UnitDetail, jobs: Jobs) -> None:
    now = moment(PIXELS, 30, 10)
    detail.draw(Shown(moment=now))
    detail.show_unit(1, 3)
    detail.draw(Shown(moment=later(now, 5)))
    assert not jobs.is_open(RankedDigits.KEY)
    detail.show()
    assert jobs.is_open(RankedDigits.KEY)
    detail.hide()
    assert not jobs.is_open(RankedDigits.KEY)


def test_escape_closes_and_arrows_go_to_the_next_unit(detail: UnitDetail, qtbot: QtBot) -> None:
    show(detail, moment(PIXELS, 3, 10), 1, 1)
    qtbot.waitExposed(detail)
    detail.activateWindow()
    qtbot.waitUntil(detail.isActiveWindow)
    for key, unit in ((Qt.Key.Key_Right, 2), (Qt.Key.Key_Right, 0), (Qt.Key.Key_Left, 2)):
        with qtbot.waitSignal(detail.unit_changed) as changed:
            QTest.keyClick(detail, key)
        assert changed.args == [1, unit]
        assert detail.shown_unit == (1, unit)
    QTest.keyClick(detail, Qt.Key.Key_Escape)
    assert not detail.isVisible()


def test_an_output_unit_passes_nothing_on(detail: UnitDetail) -> None:
    show(detail, moment(PIXELS, 30, 10), 2, 3)
    assert detail.header.title.text() == "Output “3”"
    assert not detail.outgoing.bars.isVisible()
    assert "passes nothing on" in detail.outgoing.no_bars.text()


def test_a_unit_that_is_not_there_is_said_to_be_gone(detail: UnitDetail, jobs: Jobs) -> None:
    show(detail, moment(PIXELS, 30, 10), 1, 25)
    detail.draw(Shown(moment=moment(PIXELS, 5, 10, run=2)))
    assert detail.message.isVisible()
    assert detail.message.text().startswith("The new network has no unit 26 in hidden 1.")
    assert not jobs.is_open(RankedDigits.KEY)
    detail.go_on()
    detail.draw(Shown(moment=moment(PIXELS, 30, 10, run=3)))
    assert not detail.message.isVisible()


def test_a_new_run_is_shown_at_once_without_earlier_digits(detail: UnitDetail, qtbot: QtBot) -> None:
    show(detail, moment(PIXELS, 30, 10, step=7))
    wait_for_digits(qtbot, detail, 7)
    for other in (moment(PIXELS, 20, 10, run=2), moment(PIXELS, 20, 10, run=3, seed=4)):
        detail.draw(Shown(moment=other))
        assert detail.ranked.most.shown == []
        assert np.array_equal(weights_shown(detail), other.network.weights[0][0])
    wait_for_digits(qtbot, detail, 0)


def test_a_failure_is_said_in_the_window_and_not_met_again_at_once(
    detail: UnitDetail, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, jobs: Jobs
) -> None:
    def broken(*_: Any) -> None:
        raise MemoryError("too little memory")

    monkeypatch.setattr(ranked_digits, "SECONDS_BETWEEN", 1.0)
    monkeypatch.setattr(ranked_digits, "extreme_digits", broken)
    now = moment(PIXELS, 30, 10)
    show(detail, now)
    qtbot.waitUntil(lambda: "too little memory" in detail.ranked.note.text())
    detail.draw(Shown(moment=later(now, 5)))
    assert not jobs.is_open(RankedDigits.KEY)


def test_the_window_of_a_unit_is_described_and_has_both_looks(detail: UnitDetail, qtbot: QtBot) -> None:
    first = moment(PIXELS, 30, 10)
    detail.draw(Shown(moment=first))
    show(detail, later(first, 3, 0.1))
    wait_for_digits(qtbot, detail, 3)
    ranked = detail.ranked
    views = detail.picture, detail.outgoing.bars, ranked.most, ranked.least, detail.legend
    weights = detail.picture.grab().toImage()
    detail.showing.choose(WeightSwitch.LEARNED)
    assert detail.picture.grab().toImage() != weights
    light = [view.grab().toImage() for view in views]
    set_theme(DARK, detail)
    assert all(view.grab().toImage() != before for view, before in zip(views, light, strict=True))
    assert_described(detail)
    for view in views:
        assert view.toolTip()
        assert view.accessibleName()
        assert view.objectName()


def test_the_strongest_weights_are_chosen_anew_with_each_ranking(detail: UnitDetail, qtbot: QtBot) -> None:
    first = moment(PIXELS, 5, 60, 10, step=7)
    first.network.weights[1][:, 2] = np.arange(60) / 60
    show(detail, first, 1, 2)
    wait_for_digits(qtbot, detail, 7)
    assert detail.outgoing.bars.names == [f"unit {unit}" for unit in range(41, 61)]
    assert "20 strongest" in detail.outgoing.note.text()
    after = later(first, 8)
    after.network.weights[1][:, 2] = np.arange(60)[::-1] / 60
    detail.draw(Shown(moment=after))
    wait_for_digits(qtbot, detail, 8)
    detail.draw(Shown(moment=later(after, 9)))
    qtbot.waitUntil(lambda: detail.outgoing.bars.names == [f"unit {unit}" for unit in range(1, 21)])


def weights_shown(detail: UnitDetail) -> NDArray[Any]:
    assert detail.picture.weights is not None
    return detail.picture.weights


class Paints(QObject):
    """Counts how often something is painted."""

    def __init__(self, *watched: QObject) -> None:
        super().__init__()
        self.counts = dict.fromkeys(watched, 0)
        for each in watched:
            each.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and watched in self.counts:
            self.counts[watched] += 1
        return False


def test_while_one_watches_it_paints_itself_seldom_and_shows_the_last_state(
    detail: UnitDetail, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranked_digits, "SECONDS_BETWEEN", 60.0)
    first = moment(PIXELS, 30, 10, step=1)
    show(detail, first)
    wait_for_digits(qtbot, detail, 1)
    paints = Paints(detail.picture, detail.outgoing.bars, detail.ranked.most, detail.ranked.least)
    began, step = time.monotonic(), 1
    while time.monotonic() < began + 0.45 or paints.counts[detail.picture] < 2:
        step += 1
        detail.draw(Shown(moment=later(first, step, 0.01 * step)))
        QTest.qWait(10)
    seconds = time.monotonic() - began
    painted = paints.counts[detail.picture]
    assert painted <= 10 * seconds + 2, (
        "ten times a second; the first and the last tenth may have passed in part"
    )
    assert max(paints.counts.values()) == painted
    assert paints.counts[detail.outgoing.bars] <= 4 * seconds + 2, "figures, four times a second"
    last = later(first, step + 1, 0.5)
    detail.draw(Shown(moment=last))
    qtbot.waitUntil(lambda: np.array_equal(weights_shown(detail), last.network.weights[0][0]))
    qtbot.waitUntil(lambda: detail.outgoing.bars.values[0] == pytest.approx(last.network.weights[1][0, 0]))


def legend_says(detail: UnitDetail) -> set[str]:
    with watched() as heard:
        detail.legend.grab()
    return {each.text for each in heard if each.text.isalpha() or " " in each.text}


def test_the_legend_says_what_the_colours_mean(detail: UnitDetail, qtbot: QtBot) -> None:
    """Before the first mini-batch nothing was learned: the weights themselves are shown, whatever is chosen."""
    first = moment(PIXELS, 30, 10)
    detail.showing.choose(WeightSwitch.LEARNED)
    for layer in (1, 2):
        detail.draw(Shown(moment=first))
        detail.show_unit(layer, 3)
        detail.show()
        assert legend_says(detail) == {"says no", "says yes"}
        detail.draw(Shown(moment=later(first, 5, 0.1)))
        qtbot.waitUntil(
            lambda: {"decreased", "increased"} == {text.split()[-1] for text in legend_says(detail)}
        )
        assert detail.legend.width() == detail.legend.widths()[0], "it has room for a long bar"
    detail.showing.choose(WeightSwitch.WEIGHTS)
    assert legend_says(detail) == {"says no", "says yes"}


def all_fit(detail: UnitDetail) -> bool:
    labels: tuple[QLabel, ...] = (
        detail.header.title, detail.reading, detail.outgoing.note, detail.ranked.note
    )  # fmt: skip
    return all(label.fontMetrics().horizontalAdvance(label.text()) <= label.width() for label in labels)


@pytest.mark.parametrize("sizes", [(PIXELS, 30, 10), (PIXELS, 30, 60, 10)])
def test_all_that_is_painted_fits(detail: UnitDetail, qtbot: QtBot, sizes: tuple[int, ...]) -> None:
    detail.draw(Shown(moment=moment(*sizes, step=7)))
    detail.show_unit(1, 3)
    for size in (detail.least_size(), detail.sizeHint()):
        detail.resize(size)
        detail.show()
        wait_for_digits(qtbot, detail, 7)
        with watched() as heard:
            detail.grab()
        assert set(detail.outgoing.bars.names) <= {each.text for each in heard}
        assert not detail.content.horizontalScrollBar().isVisible()
        assert [each for each in heard if not each.fits or each.shown != each.text] == []
        qtbot.waitUntil(lambda: all_fit(detail))  # once new words are laid out


def test_it_asks_for_room_where_another_unit_has_another_title_or_other_bars(qtbot: QtBot) -> None:
    asked: list[str] = []
    card = OutgoingWeights(UnitGestures(*[lambda *_: None] * 6), lambda: asked.append(card.title.text()))
    qtbot.addWidget(card)
    network = moment(784, 12, 8, 10).network
    for layer, unit in ((1, 0), (1, 3), (2, 0), (3, 0)):
        card.show_unit(network, layer, unit, CLASSES)
    assert len(asked) == 3, "two units of one layer need the same room"


def test_a_bar_to_the_right_says_yes_and_one_to_the_left_no(qtbot: QtBot) -> None:
    bars = OutgoingBars(lambda line, begins: None, list)
    qtbot.addWidget(bars)
    bars.resize(300, 160)
    bars.show_values(["a", "b"], np.array([1.0, -0.5]))
    shown = bars.grab().toImage()
    yes, no = (
        [x for x in range(shown.width()) if shown.pixelColor(x, y).name() == colour]
        for y, colour in ((15, LIGHT.yes), (45, LIGHT.no))
    )
    assert min(yes) > max(no)
    assert len(yes) == pytest.approx(2 * len(no), abs=3)
