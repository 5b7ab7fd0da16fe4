"""The page on the smooth cost and the step: what one finds, that it asks first, and that the lab takes the step."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from types import SimpleNamespace

import numpy as np
import pytest
from pyqtgraph import TextItem
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea
from pytestqt.qtbot import QtBot

from mnistviz.engine.acts import Stepped
from mnistviz.engine.commands import Pause, Play
from mnistviz.engine.digits import Digits, DigitSet
from mnistviz.engine.ideas.along import Curve, gradient, some
from mnistviz.engine.ideas.along import DirectionStep as Taken
from mnistviz.engine.ideas.step_curves import FIXED, Slope, find_slope, next_digits
from mnistviz.engine.network import Network
from mnistviz.engine.randomness import order_of_epoch
from mnistviz.gui.ideas.step.slope_figure import Ledger
from mnistviz.gui.ideas.step.smooth_scene import SmoothFigure
from mnistviz.gui.ideas.step.step_page import StepPage
from mnistviz.gui.ideas.step.step_words import say
from mnistviz.gui.lab.shown import RunFacts
from tests.gui.ideas.conftest import OpenPage, all_texts, lab_of, work
from tests.gui.live_run import live_run


def opened(open_page: OpenPage, steps: int = 60, **options: object) -> StepPage:
    """The page on a network that has learned a little and rests."""
    page = open_page("step", **options)
    assert isinstance(page, StepPage)
    train(page, steps)
    page.take_newest()
    work(page)
    return page


def run_of(page: StepPage) -> RunFacts:
    return live_run(page.lab)


def train(page: StepPage, steps: int) -> None:
    lab = lab_of(page)
    lab.run_to(run_of(page).step + steps)


def looked(page: StepPage, answer: str = "cost") -> StepPage:
    """The first question answered, and told."""
    QTest.mouseClick(button(page, f"answer_{answer}"), Qt.MouseButton.LeftButton)
    page.main_button.click()
    work(page)
    assert "smooth" in page.outcomes
    return page


def lines(page: StepPage) -> list[int]:
    """How many points of both curves are seen."""
    found = (line.getData()[0] for line in page.smooth.figure.lines)
    return [0 if x is None else len(x) for x in found]


def button(page: StepPage, name: str):  # type: ignore[no-untyped-def]
    return page.findChild(object, name)


def at_the_step(page: StepPage) -> StepPage:
    """The second question asked, with all it needs."""
    QTest.mouseClick(button(page, "step_stage_slope"), Qt.MouseButton.LeftButton)
    work(page)
    assert page.slope.slope is not None
    return page


def step_outcome(page: StepPage) -> StepPage:
    at_the_step(page)
    drag(page.slope.figure.plot, page.slope.figure.flags[0], 40)
    page.press_main()
    assert "slope" in page.outcomes
    return page


def drag(plot, handle, by: int) -> None:  # type: ignore[no-untyped-def]
    """Takes hold of a handle and moves it so many pixels to the right."""
    plot.grab()
    start = plot.at(handle.x, handle.y).toPoint()
    QTest.mousePress(plot.viewport(), Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(plot.viewport(), start + QPoint(by // 2, 0))
    QTest.mouseMove(plot.viewport(), start + QPoint(by, 0))
    QTest.mouseRelease(plot.viewport(), Qt.MouseButton.LeftButton, pos=start + QPoint(by, 0))


# It asks before it tells


def test_no_tick_promises_more_digits_than_there_are(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(open_page)
    figure, curve = page.smooth.figure, page.smooth.figure.curve
    assert curve is not None
    told: list[float] = []
    monkeypatch.setattr(figure.right, "set_ticks", lambda *, y: told.extend(place for place, _ in y))
    learned = replace(curve, of=1_000, right=np.full_like(curve.right, 1_000))
    figure.show_curve(learned, 0.0, 0.0, "w", covered=False)
    assert told
    assert max(told) == 1_000


def test_nothing_is_told_before_one_has_said_what_one_thinks(open_page: OpenPage) -> None:
    page = opened(open_page)
    figure = page.smooth.figure
    assert lines(page) == [0, 0]
    assert figure.cost.isVisible(), "the axes stand there at once"
    assert figure.handles[0].item.isVisible(), "and the network on them"
    assert figure.handles[0].free == ""
    axes = [plot.seen for plot in (figure.cost, figure.right)]
    assert not page.main_button.isEnabled()
    page.main_button.click()
    assert "smooth" not in page.outcomes
    looked(page, "both")
    assert min(lines(page)) >= 161
    assert [plot.seen for plot in (figure.cost, figure.right)] == axes, "the answer changes no axis"
    assert "You said both" in all_texts(page.question)
    curve = figure.curve
    assert curve is not None
    assert curve.at[-1] - curve.at[0] > 15, "the whole valley first"
    assert page.main_button.text() == "Zoom in"
    page.main_button.click()
    work(page)
    close = figure.curve
    assert close is not None
    assert close.at[-1] - close.at[0] == pytest.approx(0.16)
    changed = int(np.count_nonzero(np.diff(close.right)))
    assert (
        f"Of the 160 moves nearest to here, 160 changed the cost, {changed} the number right."
        in all_texts(page.question)
    )


def test_the_change_of_the_cost_is_told_in_millionths_where_one_is_close(open_page: OpenPage) -> None:
    page = looked(opened(open_page))
    assert "millionths" not in page.smooth.figure.readings[0].text()
    page.smooth.zoom(3)
    work(page)
    figure, curve = page.smooth.figure, page.smooth.figure.curve
    assert curve is not None
    number = 100
    page.smooth.place.take(float(curve.at[number]))
    start = float(np.interp(page.smooth.start, curve.at, curve.costs))
    change = 1e6 * (curve.costs[number] - start)
    assert f"({change:+.1f} millionths)".replace("-", "−") in figure.readings[0].text()


def test_the_second_answer_is_nowhere_before_one_has_looked(open_page: OpenPage) -> None:
    page = at_the_step(opened(open_page))
    slope = page.slope.slope
    assert slope is not None
    few, others = slope.best()
    texts = all_texts(page)
    for step in (*slope.fixed, slope.step(few), slope.step(others)):
        for value in (step.few, step.others):
            assert f"{abs(value):.3g}" not in texts
    assert not "".join(label.text() for cells in page.slope.figure.ledger.cells for label in cells).strip()
    assert not page.slope.eta.isEnabled()
    assert all(
        len(line.getData()[0] if line.getData()[0] is not None else ()) == 0
        for line in page.slope.figure.lines
    )
    for end in (page.slope.eta.scale.high, page.slope.eta.scale.low):
        assert not slope.best()[0] == end != 0
    assert page.slope.figure.predicted() != (few, others)


def test_it_opens_with_no_task_done_and_looking_at_both_does_none_but_its_own(open_page: OpenPage) -> None:
    page = looked(opened(open_page))
    assert page.tasks.done_ids() == []
    step_outcome(page)
    assert page.tasks.done_ids() == ["flags"]


def test_show_me_tells_without_a_prediction_and_ticks_nothing(open_page: OpenPage) -> None:
    page = opened(open_page)
    page.show_me_button.click()
    work(page)
    assert "smooth" in page.outcomes
    assert "You said" not in all_texts(page.question)
    page.show_me_button.click()
    work(page)
    assert not page.work.is_working
    curve = page.smooth.figure.curve
    assert curve is not None
    assert np.ptp(curve.right) <= 1
    at_the_step(page)
    page.show_me_button.click()
    assert "slope" in page.outcomes
    page.show_me_button.click()
    slope = page.slope.slope
    assert slope is not None
    assert abs(slope.step(page.slope.eta.value()).kept - 0.5) < 0.05
    assert page.tasks.done_ids() == []


# Two measures


def stairs(page: StepPage, right: list[int], *, costs: bool = True) -> None:
    """Lays a curve with these numbers right before the page, as if it had been worked out."""
    found = page.smooth.found
    assert found is not None
    curve = found.curve
    heights = curve.costs if costs else np.full_like(curve.costs, curve.costs[0])
    made = type(curve)(curve.at, heights, np.array(right), curve.of)
    page.smooth._show(float(curve.at[80]), type(found)(found.way, found.line, made))


def walk(page: StepPage, *numbers: int) -> None:
    """Looks at these places, one after another, as the hand would."""
    curve = page.smooth.figure.curve
    assert curve is not None
    for number in numbers:
        page.smooth.place.take(float(curve.at[number]))


def test_looking_and_zooming_find_no_flat_stretch_but_going_along_it_does(open_page: OpenPage) -> None:
    page = opened(open_page)
    stairs(page, [7] * 161)
    walk(page, 80, 100)
    assert not page.tasks.is_done("flat"), "its question is not answered"
    looked(page)
    stairs(page, [7] * 161)
    assert not page.tasks.is_done("flat"), "it was shown, not found"
    walk(page, 85, 89)
    assert not page.tasks.is_done("flat"), "nine moves"
    walk(page, 91)
    assert page.tasks.is_done("flat")


def test_a_stretch_with_one_step_in_it_is_not_flat(open_page: OpenPage) -> None:
    page = looked(opened(open_page))
    stairs(page, [7] * 80 + [8] * 81)
    walk(page, 75, 84)
    assert not page.tasks.is_done("flat")


def test_where_the_cost_says_nothing_either_no_stretch_is_found(open_page: OpenPage) -> None:
    page = looked(opened(open_page))
    stairs(page, [7] * 161, costs=False)
    walk(page, 60, 100)
    assert not page.tasks.is_done("flat")


def test_a_drag_along_a_flat_stretch_finds_it_and_one_across_a_step_does_not(open_page: OpenPage) -> None:
    page = looked(opened(open_page))
    stairs(page, [7] * 85 + [8] * 76)
    plot, dot = page.smooth.figure.cost, page.smooth.figure.handles[0]
    move = page.smooth.place.scale.step / plot.pixel[0]  # pixels
    drag(plot, dot, round(12 * move))  # the step comes on the way
    assert page.smooth.figure.readings[1].text() == "8"
    assert not page.tasks.is_done("flat")
    drag(plot, dot, round(2 * move))
    assert not page.tasks.is_done("flat")
    drag(plot, dot, round(9 * move))
    assert page.tasks.is_done("flat")


def test_on_a_small_screen_all_tasks_are_seen_at_once(open_page: OpenPage) -> None:
    page = looked(opened(open_page, dressed=True))
    page.grab()
    column = page.beside.findChild(QScrollArea)
    assert column is not None
    assert column.verticalScrollBar().maximum() == 0


def test_one_comes_closer_and_back_to_the_whole(open_page: OpenPage) -> None:
    page = looked(opened(open_page))
    figure: SmoothFigure = page.smooth.figure
    for widest in (2.0, 0.2, 0.02):
        page.smooth.closer.click()
        work(page)
        curve = figure.curve
        assert curve is not None
        assert curve.at[-1] - curve.at[0] < widest
    assert not page.smooth.closer.isEnabled()
    assert page.main_button.text() == "Whole valley"
    page.press_main()
    work(page)
    curve = figure.curve
    assert curve is not None
    assert curve.at[-1] - curve.at[0] > 15
    assert page.tasks.done_ids() == []


def test_the_curve_is_that_of_the_lab_s_network_and_follows_the_hand(
    open_page: OpenPage, small_digits: Digits
) -> None:
    page = looked(opened(open_page))
    figure, taken = page.smooth.figure, page.taken
    assert taken is not None
    drag(figure.cost, figure.handles[0], 60)
    place = figure.place
    assert place > page.smooth.start
    assert page.smooth.place.value() == place
    assert figure.handles[1].x == place
    twin = taken.network.copy()
    weight = page.smooth.choice.weight
    assert weight is not None
    twin.weights[-1][weight] = place
    curve = figure.curve
    assert curve is not None
    number = int(np.abs(curve.at - place).argmin())
    assert curve.right[number] == twin.evaluate(small_digits.training)
    x = small_digits.training.images.astype(np.float32) / np.float32(255)
    y = np.eye(10, dtype=np.float32)[small_digits.training.labels]
    cost = twin.mean_cost(x, y)
    assert abs(curve.costs[number] - cost) < 1e-5
    np.testing.assert_array_equal(taken.network.parameters, run_of(page).moment.network.parameters)


def test_all_weights_go_along_the_gradient(open_page: OpenPage) -> None:
    page = looked(opened(open_page))
    page.smooth.choice.what.setCurrentIndex(1)
    page.smooth.choice.what.activated.emit(1)
    work(page)
    assert not page.work.is_working
    curve = page.smooth.figure.curve
    assert curve is not None
    middle = len(curve.at) // 2
    assert abs(curve.at[middle]) < 1e-9
    slope = (curve.costs[middle + 1] - curve.costs[middle - 1]) / (
        curve.at[middle + 1] - curve.at[middle - 1]
    )
    assert page.taken is not None
    assert page.digits is not None
    whole = gradient(page.taken.network, page.digits.training)
    assert abs(slope / -(whole @ whole) - 1) < 0.01


# A step


def test_half_of_the_promise_is_noticed_and_a_little_more_is_not(open_page: OpenPage) -> None:
    page = step_outcome(opened(open_page))
    slope = page.slope.slope
    assert slope is not None

    def eta_where(kept: float) -> float:
        low, high = 0.0, slope.end
        for _ in range(40):
            middle = (low + high) / 2
            low, high = (middle, high) if slope.descent.step(middle).kept > kept else (low, middle)
        return low

    for kept, done in ((0.57, False), (0.43, False), (0.5, True)):
        page.slope.eta.take(eta_where(kept))
        assert page.tasks.is_done("half") is done


def test_the_prediction_holds_for_very_small_steps_and_not_for_larger_ones(open_page: OpenPage) -> None:
    """As is said where half of it is reached; of a whole first step, however large, it does not hold."""
    page = step_outcome(opened(open_page))
    slope = page.slope.slope
    assert slope is not None
    assert slope.descent.step(1e-3).kept == pytest.approx(1, abs=0.02)
    assert slope.descent.step(slope.end).kept < 0.9
    assert "The prediction holds for very small steps." in say("done_half")


def test_flags_stay_as_ghosts_and_stand_beside_what_came(open_page: OpenPage) -> None:
    page = step_outcome(opened(open_page))
    few, _ = page.slope.figure.predicted()
    x, _ = page.slope.figure.ghosts[0].getData()
    assert x[0] == few
    assert "Your flags" in all_texts(page.question)
    assert "Best for the ten" in all_texts(page.question)


def test_no_name_lies_on_a_flag_however_low_the_figure_is(open_page: OpenPage, small_digits: Digits) -> None:
    page = at_the_step(opened(open_page))
    figure, (few, others) = page.slope.figure, page.slope.figure.flags
    assert all(min(ghost.getData()[1]) >= 0.0 for ghost in figure.ghosts), "names are below that"
    step_outcome(page)
    slope, digits = figure.slope, DigitSet(small_digits.test.images[:10], small_digits.test.labels[:10])
    assert slope is not None
    for height, at in product((110, 120), range(0, 101, 2)):
        figure.plot.setFixedHeight(height)
        QApplication.processEvents()
        others.set_place(slope.end * at / 100, others.y)
        few.set_place(slope.end * (100 - at) / 100, few.y)
        figure.show_curves(slope, digits, 1.0)
        texts = [each for each in figure.plot.items() if isinstance(each, TextItem) and each.isVisible()]
        rooms = {each.toPlainText(): each.mapRectToScene(each.boundingRect()) for each in texts}
        inner = {text: room.adjusted(4, 4, -4, -4) for text, room in rooms.items()}  # without the margins
        for letter, (text, room) in product("AB", inner.items()):
            assert text == letter or not inner[letter].intersects(room), (letter, text, height, at)


def test_the_ten_are_those_that_the_run_takes_next(open_page: OpenPage, small_digits: Digits) -> None:
    page = opened(open_page, 101)  # an epoch is 1,003 digits: 101 mini-batches, the last one short
    assert page.taken is not None
    few, others = next_digits(page.taken, small_digits, 0)
    seed = page.taken.settings.seed
    np.testing.assert_array_equal(few, order_of_epoch(seed, 1, 1_003)[:10])
    assert len(set(few.tolist()) | set(others.tolist())) == 10 + len(others)
    train(page, 100)
    page.take_newest()
    few, _ = next_digits(page.taken, small_digits, 0)  # 3 are left of the epoch
    expected = np.concatenate((order_of_epoch(seed, 1, 1_003)[1_000:], order_of_epoch(seed, 2, 1_003)[:7]))
    np.testing.assert_array_equal(few, expected)


def test_the_lab_takes_exactly_this_step(open_page: OpenPage, small_digits: Digits) -> None:
    page = step_outcome(opened(open_page))
    page.slope.eta.take(1.5)
    taken = page.taken
    assert taken is not None
    few, _ = next_digits(taken, small_digits, 0)
    page.main_button.click()
    work(page)
    assert page.tasks.is_done("step")
    assert run_of(page).history.interventions == (Stepped(60, taken.digits, 1.5, tuple(few.tolist())),)
    now = page.taken
    assert now is not None
    expected = taken.network.parameters - 1.5 * gradient(taken.network, some(small_digits.training, few))
    np.testing.assert_allclose(now.network.parameters, expected, rtol=0, atol=1e-5)
    assert (now.step, now.digits) == (60, taken.digits)
    assert "In the lab" in all_texts(page.question)
    assert "slope" in page.outcomes  # and one can go on from there
    work(page)
    assert page.main_button.isEnabled()


def test_the_button_says_why_the_lab_can_t_step(open_page: OpenPage) -> None:
    page = step_outcome(opened(open_page))
    assert page.main_button.isEnabled()
    page.slope.eta.take(0.0)
    assert not page.main_button.isEnabled()
    assert "η from 0.0001" in page.why.text()
    page.slope.eta.take(0.5)
    page.lab.runs.send(Play())
    lab_of(page).work(3)
    assert "is training" in page.why.text()
    assert not page.main_button.isEnabled()
    page.lab.runs.send(Pause())
    work(page)
    assert "has gone on since" in page.why.text()
    page.press_main()  # and by no way round
    assert not run_of(page).history.interventions
    page.newest_button.click()
    assert "slope" not in page.outcomes


def test_another_ten_are_other_digits(open_page: OpenPage) -> None:
    page = step_outcome(opened(open_page))
    first = page.slope.slope
    page.slope.other_ten.click()
    work(page)
    assert page.slope.slope not in (None, first)
    second = page.slope.slope
    assert first is not None
    assert second is not None
    assert not np.array_equal(first.descent.gradient, second.descent.gradient)


def test_an_eta_beyond_the_axis_can_be_typed(open_page: OpenPage) -> None:
    page = step_outcome(opened(open_page))
    slope = page.slope.slope
    assert slope is not None
    field = page.slope.eta.field
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, str(int(3 * slope.end)))
    QTest.keyClick(field, Qt.Key.Key_Return)
    work(page)
    assert page.slope.slope is not slope
    wider = page.slope.slope
    assert wider is not None
    assert wider.end >= 3 * slope.end
    assert page.slope.figure.eta.x == 3 * slope.end


def test_after_the_step_figure_table_and_words_tell_of_one_place_until_one_goes_on(
    open_page: OpenPage,
) -> None:
    page = step_outcome(opened(open_page))
    page.slope.eta.take(1.5)
    before = page.slope.slope
    page.press_main()
    work(page)
    assert page.tasks.is_done("step")
    figure = page.slope.figure
    assert page.slope.slope is figure.slope is before
    assert "slope" in page.outcomes
    said = page.outcomes["slope"][0]
    row = next(cells for cells in figure.ledger.cells if cells[0].font().bold() and cells[0].text() == "1.5")
    assert said == f"Drawn, η 1.5: ten {row[2].text()}, others {row[4].text()}."
    assert page.main_button.text() == "Go on from there"
    page.main_button.click()
    assert page.slope.slope is figure.slope is not before
    assert "Drawn" not in all_texts(page.question)
    assert page.main_button.text() == "Step in the lab"
    assert page.main_button.isEnabled()


def slope_with(before: float, per_eta: float, curvature: float) -> Slope:
    """A slope as it is found of a network with that cost, along which it falls by `per_eta` for each η."""
    at = np.linspace(0.0, 1_000.0, 161)
    costs = before - per_eta * at + curvature * at**2

    def step(eta: float) -> Taken:
        change = -per_eta * eta + curvature * eta**2
        return Taken(eta, -per_eta * eta, change, 0.5 * change)

    curve = Curve(at, costs, np.zeros(161, np.int64), 10)
    descent = SimpleNamespace(slope=per_eta, before=(before, before), step=step)
    return Slope(descent, 1_000.0, curve, curve, (step(0.1), step(3.0)), True)  # type: ignore[arg-type]


@pytest.mark.parametrize(("few", "text"), [(0.0, "0 %"), (0.004, "0 %"), (0.006, "−1 %"), (-0.006, "1 %")])
def test_no_share_of_a_promise_is_minus_nothing(qtbot: QtBot, few: float, text: str) -> None:
    ledger = Ledger(1)
    qtbot.addWidget(ledger)
    ledger.show_steps([Taken(1.0, -1.0, few, 0.0)], 0)
    assert ledger.cells[0][3].text() == text


@pytest.mark.parametrize(
    ("per_eta", "curvature", "last"),
    [(9e-8, 0.0, 160), (9e-7, 1.02e-9, 160), (9e-7, 2e-9, 83)],
    ids=["falls", "has risen", "leaves the figure"],
)
def test_the_name_of_a_curve_stands_where_it_ends_and_under_it_where_it_has_risen(
    open_page: OpenPage, per_eta: float, curvature: float, last: int
) -> None:
    page = at_the_step(opened(open_page))
    figure, slope = page.slope.figure, slope_with(0.04, per_eta, curvature)
    slope = replace(slope, others=replace(slope.others, costs=np.full(161, 0.04)))
    figure.show_curves(slope, DigitSet(np.zeros((10, 784), np.uint8), np.zeros(10, np.uint8)), 1.0)
    page.grab()
    texts = [each for each in figure.plot.items() if isinstance(each, TextItem)]
    (name,) = (each for each in texts if each.toPlainText() == say("the_ten"))
    changes = slope.changes[0]
    room = name.mapRectToScene(name.boundingRect())
    places = [figure.plot.at(*each) for each in zip(slope.few.at, changes, strict=True)]
    assert room.right() == pytest.approx(places[last].x())
    if changes[last] < 0:
        assert room.bottom() == pytest.approx(places[last].y())
    else:
        assert places[last].y() < room.top() < places[last // 2].y()
        assert not any(room.contains(place) for place in places)


def test_of_a_well_trained_network_there_is_something_to_reason_from(open_page: OpenPage) -> None:
    page = at_the_step(opened(open_page))
    page.slope._draw(slope_with(0.04, 9e-8, 0.0))
    figure = page.slope.figure
    (left, _), (low, high) = figure.plot.seen
    assert low < -9e-5 <= 0.5 * low  # the promise goes down through the figure
    assert left < 0 < high
    page.grab()
    end = figure.plot.at(1_000.0, 0.0).x()
    name = figure.promise_words
    assert name.mapRectToScene(name.boundingRect()).right() <= end
    drag(figure.plot, figure.flags[0], 2_000)
    page.press_main()
    assert "slope" in page.outcomes
    assert "A η 1,000 or beyond" in page.outcomes["slope"][0]
    assert "Best for the ten: η 1,000 or beyond" in page.outcomes["slope"][1]
    assert "Nearly flat" in page.outcomes["slope"].asks, "a large η is no advice"
    assert "A η 1,000" in page.outcomes["slope"].said
    assert "1,000 or beyond (cost −9.00 × 10⁻⁵)" in page.outcomes["slope"].came
    assert page.slope.eta.value() == 50
    assert {"A", "B"} <= set(all_texts(figure.plot).split("\n"))
    texts = [[label.text() for label in cells] for cells in figure.ledger.cells]
    assert texts[0] == ["0.1", "−9.00 × 10⁻⁹", "−9.00 × 10⁻⁹", "100 %", "−4.50 × 10⁻⁹"]
    page.slope.figure.look_at(0.0)  # nothing was promised
    texts = [[label.text() for label in cells] for cells in figure.ledger.cells]
    assert texts[0] == ["0", "0", "0", "–", "0"]


@pytest.mark.parametrize(("height", "is_seen"), [(300, True), (90, False)])
def test_in_a_low_figure_the_name_of_the_promise_makes_way_for_those_of_the_curves(
    open_page: OpenPage, height: int, is_seen: bool
) -> None:
    page = at_the_step(opened(open_page))
    page.press_main()
    work(page)
    plot = page.slope.figure.plot
    plot.setFixedHeight(height)
    page.grab()
    assert page.slope.figure.promise_words.isVisible() == is_seen


def test_the_ten_digits_make_no_small_window_wider(open_page: OpenPage) -> None:
    page = at_the_step(opened(open_page, dressed=True))
    page.grab()
    strip, figure, window = page.slope.figure.strip, page.slope.figure, page.window()
    assert strip.isVisible()
    assert figure.caption.isVisible()
    assert figure.minimumSizeHint().width() < strip.minimumSizeHint().width()
    window.resize(1024, 768)
    page.grab()
    assert window.width() == 1024
    assert strip.isVisible()
    assert not figure.caption.isVisible()  # there is room for the digits alone
    assert figure.pictures.geometry().right() < figure.width()


def test_where_no_step_does_anything_what_is_said_holds(open_page: OpenPage, small_digits: Digits) -> None:
    """A network that is lost says its cost; one that has these ten right says that nothing is left to gain."""
    page = at_the_step(opened(open_page))
    assert page.taken is not None
    few, others = next_digits(page.taken, small_digits, 0)
    lost = page.taken.network.copy()
    lost.parameters[...] *= 3_000
    perfect = Network((784, 10), cost="cross_entropy")
    perfect.parameters[...] = 0.0
    for moment_network, words in (
        (lost, "no small change of the weights lowers it"),
        (perfect, "nothing is left"),
    ):
        moment = replace(page.taken, network=moment_network)
        if (
            moment_network is perfect
        ):  # each of the ten digits by heart, as far as ten vectors are independent
            x = small_digits.training.images[few].reshape(10, -1) / 255.0
            y = np.eye(10)[small_digits.training.labels[few]] * 200 - 100
            perfect.weights[0][...] = (np.linalg.pinv(x) @ y).T
        slope = find_slope(moment, small_digits, few, others, 0.0, lambda share: None, lambda: False)
        assert slope.is_still
        assert FIXED[1] <= slope.end < 10 * FIXED[1]  # both are seen
        page.slope._draw(slope)
        page.outcomes.pop("slope", None)
        page.slope._show_outcome()
        said = all_texts(page.question)
        assert words in said
        assert "stuck" not in said
        assert "saturated" not in said
        assert page.slope.eta.value() < slope.end


def test_one_silent_unit_is_no_network_that_is_stuck(open_page: OpenPage, small_digits: Digits) -> None:
    """A ReLU unit that answers 0 to every digit: its weight changes nothing, and the network may be a good one."""
    network = Network((784, 12, 10), seed=2, activation="relu", initial_weights="scaled")
    network.biases[0][3] = -1_000
    page = open_page("step", network=network)
    assert isinstance(page, StepPage)
    work(page)
    page.smooth.choice.set_weight((4, 3))
    page.smooth.choice.changed()
    work(page)
    looked(page)
    said = all_texts(page.question)
    assert "0 changed the cost, 0 the number right." in said
    assert "Moving this weight changes the cost of no digit here. Try another weight." in said
    assert "stuck" not in said
    low, high = page.smooth.figure.cost.seen[1]
    assert high - low > 1e-3
    page.smooth.choice.set_weight((4, 2))
    page.smooth.choice.changed()
    work(page)
    found = page.smooth.found
    assert found is not None
    assert np.ptp(found.curve.costs) > 0, "another weight does something"


def test_a_step_in_the_lab_says_before_what_it_changes_and_how_to_take_it_back(open_page: OpenPage) -> None:
    page = at_the_step(opened(open_page))
    assert page.why.text() == ""
    page = step_outcome(page)
    assert page.main_button.text() == "Step in the lab"
    assert "changes the lab's own network" in page.why.text()
    assert "one mini-batch back (,) and press Branch here" in page.why.text()
    run = run_of(page)
    assert run.moment is not None
    before = run.moment.network.parameters.copy()
    lab = lab_of(page)
    page.slope.eta.take(1.5)
    page.main_button.click()
    work(page)
    assert "changes the lab's own" not in page.why.text()
    lab.playhead.step_by(-1)  # as the key , does
    work(page)
    lab.runs.branch()
    work(page)
    now = run_of(page).moment
    assert now is not None
    assert now.step == 59
    assert not np.array_equal(now.network.parameters, before)


# As every page


def test_it_is_put_back_and_what_was_done_stays(open_page: OpenPage) -> None:
    page = step_outcome(looked(opened(open_page)))
    page.back_button.click()
    assert page.scene.id == "smooth"
    assert not page.outcomes
    assert page.tasks.is_done("flags")


def test_work_can_be_given_up_and_done_later(open_page: OpenPage) -> None:
    page = opened(open_page)
    QTest.mouseClick(button(page, "answer_cost"), Qt.MouseButton.LeftButton)
    page.press_main()
    page.work.cancel_button.click()
    assert not page.work.is_working
    assert "smooth" not in page.outcomes
    page.press_main()
    work(page)
    assert "smooth" in page.outcomes


def test_with_too_few_digits_it_says_so(open_page: OpenPage, small_digits: Digits) -> None:
    training = DigitSet(small_digits.training.images[:12], small_digits.training.labels[:12])
    few = Digits("few", training, small_digits.validation, small_digits.test, small_digits.classes, "few")
    page = open_page("step", few)
    assert "twenty training digits" in all_texts(page)
    assert not page.main_button.isEnabled()
    assert page.question.asked is None
