"""The page on the smooth cost and the step: what one finds, that it asks first, and that the lab takes the step."""

from itertools import product
from types import SimpleNamespace

import numpy as np
import pytest
from msgspec.structs import replace
from pyqtgraph import TextItem
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
from mnistviz.gui.ideas.parts.idea_plot import Handle, IdeaPlot
from mnistviz.gui.ideas.step.slope_figure import Ledger
from mnistviz.gui.ideas.step.step_page import StepPage
from mnistviz.gui.ideas.step.step_words import say
from mnistviz.gui.lab.shown import RunFacts
from tests.gui.children import known
from tests.gui.ideas.conftest import OpenPage, all_texts, answer, drag, lab_of, type_into, work
from tests.gui.live_run import live_run


def opened(open_page: OpenPage, steps: int = 60, **options: object) -> StepPage:
    """The page on a network that has learned a little and rests."""
    page = open_page(StepPage, steps=steps, **options)  # type: ignore[arg-type]
    work(page)
    return page


@pytest.fixture
def page(open_page: OpenPage) -> StepPage:
    return opened(open_page)


@pytest.fixture
def looked(page: StepPage) -> StepPage:
    """The page with its first question answered, and told."""
    answer(page, "cost")
    return page


@pytest.fixture
def asked(page: StepPage) -> StepPage:
    """The page with its second question asked, and all it needs."""
    open_slope(page)
    return page


@pytest.fixture
def stepped(asked: StepPage) -> StepPage:
    """The page with its second question answered, and told."""
    look_at_slope(asked)
    return asked


def open_slope(page: StepPage) -> None:
    page.open_scene("slope")
    work(page)


def look_at_slope(page: StepPage) -> None:
    open_slope(page)
    drag_by(page.slope.figure.plot, page.slope.figure.flags[0], 40)
    page.press_main()
    assert "slope" in page.outcomes


def run_of(page: StepPage) -> RunFacts:
    return live_run(page.lab)


def train(page: StepPage, steps: int) -> None:
    lab_of(page).run_to(run_of(page).step + steps)


def curve_of(page: StepPage) -> Curve:
    return known(page.smooth.figure.curve)


def slope_of(page: StepPage) -> Slope:
    return known(page.slope.slope)


def wide(page: StepPage) -> float:
    return float(curve_of(page).at[-1] - curve_of(page).at[0])


def drag_by(plot: IdeaPlot, handle: Handle, pixels: float) -> None:
    plot.grab()
    drag(plot, handle, handle.x + pixels * plot.pixel[0], handle.y)


def points(lines: list[object]) -> list[int]:
    """How many points of some curves are drawn."""
    drawn = (line.getData()[0] for line in lines)  # type: ignore[attr-defined]
    return [0 if x is None else len(x) for x in drawn]


def texts_of(figure: IdeaPlot) -> list[TextItem]:
    return [each for each in figure.items() if isinstance(each, TextItem)]


def test_nothing_is_told_before_one_has_said_what_one_thinks(page: StepPage) -> None:
    figure = page.smooth.figure
    assert points(figure.lines) == [0, 0]
    assert figure.cost.isVisible(), "the axes stand there at once"
    assert figure.handles[0].item.isVisible(), "and the network on them"
    assert figure.handles[0].free == ""
    axes = [plot.seen for plot in (figure.cost, figure.right)]
    assert not page.main_button.isEnabled()
    page.main_button.click()
    assert "smooth" not in page.outcomes
    answer(page, "both")
    assert min(points(figure.lines)) >= 161
    assert [plot.seen for plot in (figure.cost, figure.right)] == axes, "the answer changes no axis"
    assert "You said both" in all_texts(page.question)
    assert wide(page) > 15, "the whole valley first"
    assert page.main_button.text() == "Zoom in"
    assert "millionths" not in figure.readings[0].text()
    page.main_button.click()
    work(page)
    assert wide(page) == pytest.approx(0.16)
    changed = int(np.count_nonzero(np.diff(curve_of(page).right)))
    told = f"Of the 160 moves nearest to here, 160 changed the cost, {changed} the number right."
    assert told in all_texts(page.question)


def test_close_by_costs_are_told_in_millionths_and_no_tick_promises_more_digits_than_there_are(
    looked: StepPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked.smooth.zoom(3)
    work(looked)
    curve = curve_of(looked)
    looked.smooth.place.take(float(curve.at[100]))
    change = 1e6 * (curve.costs[100] - float(np.interp(looked.smooth.start, curve.at, curve.costs)))
    figure, told = looked.smooth.figure, list[float]()
    assert f"({change:+.1f} millionths)".replace("-", "−") in figure.readings[0].text()
    monkeypatch.setattr(figure.right, "set_ticks", lambda *, y: told.extend(place for place, _ in y))
    learned = replace(curve, of=1_000, right=np.full_like(curve.right, 1_000))
    figure.show_curve(learned, 0.0, 0.0, "w", covered=False)
    assert max(told) == 1_000


def test_the_second_answer_is_nowhere_before_one_has_looked(asked: StepPage) -> None:
    slope, figure = slope_of(asked), asked.slope.figure
    few, others = slope.best()
    texts = all_texts(asked)
    for step in (*slope.fixed, slope.step(few), slope.step(others)):
        assert not any(f"{abs(value):.3g}" in texts for value in (step.few, step.others))
    assert not "".join(label.text() for cells in figure.ledger.cells for label in cells).strip()
    assert not asked.slope.eta.isEnabled()
    assert points(figure.lines) == [0, 0]
    assert slope.best()[0] not in {asked.slope.eta.scale.high, asked.slope.eta.scale.low} - {0}
    assert figure.predicted() != (few, others)


def test_work_can_be_given_up_and_done_later_and_does_no_task_but_its_own(page: StepPage) -> None:
    page.predict("cost")
    page.press_main()
    page.work.cancel_button.click()
    assert not page.work.is_working
    assert "smooth" not in page.outcomes
    page.press_main()
    work(page)
    assert "smooth" in page.outcomes
    assert page.tasks.done_ids() == []
    look_at_slope(page)
    assert page.tasks.done_ids() == ["flags"]
    page.back_button.click()
    assert page.scene.id == "smooth"
    assert not page.outcomes
    assert page.tasks.done_ids() == ["flags"]


def test_show_me_tells_without_a_prediction_and_ticks_nothing(page: StepPage) -> None:
    page.show_me_button.click()
    work(page)
    assert "smooth" in page.outcomes
    assert "You said" not in all_texts(page.question)
    page.show_me_button.click()
    work(page)
    assert not page.work.is_working
    assert np.ptp(curve_of(page).right) <= 1
    open_slope(page)
    for _ in range(2):
        page.show_me_button.click()
        assert "slope" in page.outcomes
    assert abs(slope_of(page).step(page.slope.eta.value()).kept - 0.5) < 0.05
    assert page.tasks.done_ids() == []


def stairs(page: StepPage, right: list[int], *, costs: bool = True) -> None:
    """Lays a curve with these numbers right before the page, as if it had been worked out."""
    smooth, curve = page.smooth.found, curve_of(page)
    assert smooth is not None
    heights = np.linspace(1.0, 2.0 if costs else 1.0, len(curve.at))
    page.smooth._show(
        float(curve.at[80]), replace(smooth, curve=replace(curve, costs=heights, right=np.array(right)))
    )


def walk(page: StepPage, *numbers: int) -> None:
    """Looks at these places, one after another, as the hand would."""
    for number in numbers:
        page.smooth.place.take(float(curve_of(page).at[number]))


def test_looking_and_zooming_find_no_flat_stretch_but_a_drag_along_it_does(page: StepPage) -> None:
    stairs(page, [7] * 161)
    walk(page, 80, 100)
    assert not page.tasks.is_done("flat"), "its question is not answered"
    answer(page, "cost")
    stairs(page, [7] * 80 + [8] * 81)
    walk(page, 75, 84)
    assert not page.tasks.is_done("flat"), "a step in it"
    stairs(page, [7] * 161, costs=False)
    walk(page, 60, 100)
    assert not page.tasks.is_done("flat"), "the cost says nothing either"
    stairs(page, [7] * 161)
    assert not page.tasks.is_done("flat"), "it was shown, not found"
    walk(page, 85, 89)
    assert not page.tasks.is_done("flat"), "nine moves"
    stairs(page, [7] * 85 + [8] * 76)
    figure = page.smooth.figure
    move = page.smooth.place.scale.step / figure.cost.pixel[0]  # pixels
    for moves, done in ((12, False), (2, False), (9, True)):  # the step comes on the first way
        drag_by(figure.cost, figure.handles[0], round(moves * move))
        assert figure.readings[1].text() == "8"
        assert page.tasks.is_done("flat") is done


def test_ten_moves_along_a_flat_stretch_find_it(looked: StepPage) -> None:
    stairs(looked, [7] * 161)
    walk(looked, 85, 89)
    assert not looked.tasks.is_done("flat")
    walk(looked, *range(90, 100))
    assert looked.tasks.is_done("flat")


def test_one_zooms_in_and_out_and_all_weights_go_along_the_gradient(looked: StepPage) -> None:
    for widest in (2.0, 0.2, 0.02):
        looked.smooth.closer.click()
        work(looked)
        assert wide(looked) < widest
    assert not looked.smooth.closer.isEnabled()
    assert looked.main_button.text() == "Whole valley"
    looked.press_main()
    work(looked)
    assert wide(looked) > 15
    assert looked.tasks.done_ids() == []
    looked.smooth.choice.what.setCurrentIndex(1)
    looked.smooth.choice.what.activated.emit(1)
    work(looked)
    assert not looked.work.is_working
    curve, middle = curve_of(looked), len(curve_of(looked).at) // 2
    assert abs(curve.at[middle]) < 1e-9
    rise, run = (each[middle + 1] - each[middle - 1] for each in (curve.costs, curve.at))
    whole = gradient(known(looked.taken).network, known(looked.digits).training)
    assert abs(rise / run / -(whole @ whole) - 1) < 0.01


def test_the_curve_is_of_the_lab_and_follows_the_hand(looked: StepPage, small_digits: Digits) -> None:
    figure, taken, weight = looked.smooth.figure, looked.taken, looked.smooth.choice.weight
    assert taken is not None
    assert weight is not None
    drag_by(figure.cost, figure.handles[0], 60)
    place = figure.place
    assert place > looked.smooth.start
    assert looked.smooth.place.value() == figure.handles[1].x == place
    twin, curve = taken.network.copy(), curve_of(looked)
    twin.weights[-1][weight] = place
    number = int(np.abs(curve.at - place).argmin())
    assert curve.right[number] == twin.evaluate(small_digits.training)
    x = small_digits.training.images.astype(np.float32) / np.float32(255)
    y = np.eye(10, dtype=np.float32)[small_digits.training.labels]
    assert abs(curve.costs[number] - twin.mean_cost(x, y)) < 1e-5
    np.testing.assert_array_equal(taken.network.parameters, known(run_of(looked).moment).network.parameters)


def test_half_of_the_promise_is_noticed_and_another_ten_and_any_eta_can_be_had(stepped: StepPage) -> None:
    slope = slope_of(stepped)
    assert slope.descent.step(1e-3).kept == pytest.approx(1, abs=0.02)
    assert slope.descent.step(slope.end).kept < 0.9
    assert "The prediction holds for very small steps." in say("done_half")

    def eta_where(kept: float) -> float:
        low, high = 0.0, slope.end
        for _ in range(40):
            middle = (low + high) / 2
            low, high = (middle, high) if slope.descent.step(middle).kept > kept else (low, middle)
        return low

    for kept, done in ((0.57, False), (0.43, False), (0.5, True)):
        stepped.slope.eta.take(eta_where(kept))
        assert stepped.tasks.is_done("half") is done
    stepped.slope.other_ten.click()
    work(stepped)
    second = slope_of(stepped)
    assert not np.array_equal(slope.descent.gradient, second.descent.gradient), "they are other digits"
    type_into(stepped.slope.eta.field, str(int(3 * second.end)))
    work(stepped)
    assert slope_of(stepped).end >= 3 * second.end, "an η beyond the axis can be typed"
    assert stepped.slope.figure.eta.x == 3 * second.end


def test_flags_stay_as_outlines_free_of_names_at_any_height(asked: StepPage, small_digits: Digits) -> None:
    figure, (few, others) = asked.slope.figure, asked.slope.figure.flags
    assert all(min(ghost.getData()[1]) >= 0.0 for ghost in figure.ghosts), "names are below that"
    look_at_slope(asked)
    assert figure.ghosts[0].getData()[0][0] == figure.predicted()[0]
    assert "Your flags" in all_texts(asked.question)
    assert "Best for the ten" in all_texts(asked.question)
    slope, digits = slope_of(asked), DigitSet(small_digits.test.images[:10], small_digits.test.labels[:10])
    for height, at in product((110, 120), range(0, 101, 2)):
        figure.plot.setFixedHeight(height)
        QApplication.processEvents()
        others.set_place(slope.end * at / 100, others.y)
        few.set_place(slope.end * (100 - at) / 100, few.y)
        figure.show_curves(slope, digits, 1.0)
        rooms = {
            each.toPlainText(): each.mapRectToScene(each.boundingRect()).adjusted(
                4, 4, -4, -4
            )  # without margins
            for each in texts_of(figure.plot)
            if each.isVisible()
        }
        for letter, (text, room) in product("AB", rooms.items()):
            assert text == letter or not rooms[letter].intersects(room), (letter, text, height, at)


def test_the_ten_are_those_that_the_run_takes_next(open_page: OpenPage, small_digits: Digits) -> None:
    page = opened(open_page, 101)  # an epoch is 1,003 digits: 101 mini-batches, the last one short
    assert page.taken is not None
    few, others = next_digits(page.taken, small_digits, 0)
    first, second = (order_of_epoch(page.taken.settings.seed, epoch, 1_003) for epoch in (1, 2))
    np.testing.assert_array_equal(few, first[:10])
    assert len({*few.tolist(), *others.tolist()}) == 10 + len(others)
    train(page, 100)
    page.take_newest()
    few, _ = next_digits(page.taken, small_digits, 0)  # 3 are left of the epoch
    np.testing.assert_array_equal(few, np.concatenate((first[1_000:], second[:7])))


def test_the_lab_takes_exactly_this_step_and_one_goes_on_from_there_or_takes_it_back(
    asked: StepPage, small_digits: Digits
) -> None:
    assert asked.why.text() == ""
    look_at_slope(asked)
    stepped = asked
    assert stepped.main_button.text() == "Step in the lab"
    assert "changes the lab's own network" in stepped.why.text()
    assert "one mini-batch back (,) and press Branch here" in stepped.why.text()
    stepped.slope.eta.take(1.5)
    taken, before, figure = stepped.taken, slope_of(stepped), stepped.slope.figure
    assert taken is not None
    few, _ = next_digits(taken, small_digits, 0)
    stepped.main_button.click()
    work(stepped)
    assert "changes the lab's own" not in stepped.why.text()
    assert stepped.tasks.is_done("step")
    assert run_of(stepped).history.interventions == (Stepped(60, taken.digits, 1.5, tuple(few.tolist())),)
    now = known(stepped.taken)
    expected = taken.network.parameters - 1.5 * gradient(taken.network, some(small_digits.training, few))
    np.testing.assert_allclose(now.network.parameters, expected, rtol=0, atol=1e-5)
    assert (now.step, now.digits) == (60, taken.digits)
    assert slope_of(stepped) is figure.slope is before, "figure, table and words tell of one place"
    assert "In the lab" in all_texts(stepped.question)
    row = next(cells for cells in figure.ledger.cells if cells[0].font().bold() and cells[0].text() == "1.5")
    assert stepped.outcomes["slope"].said == f"Drawn, η 1.5: ten {row[2].text()}, others {row[4].text()}."
    assert stepped.main_button.text() == "Go on from there"
    stepped.main_button.click()
    assert slope_of(stepped) is figure.slope is not before
    assert "Drawn" not in all_texts(stepped.question)
    assert stepped.main_button.text() == "Step in the lab"
    assert stepped.main_button.isEnabled()
    lab_of(stepped).playhead.step_by(-1)  # as the key , does
    work(stepped)
    lab_of(stepped).runs.branch()
    work(stepped)
    back = known(run_of(stepped).moment)
    assert back.step == 59
    assert not np.array_equal(back.network.parameters, taken.network.parameters)


def test_the_button_says_why_the_lab_can_t_step(stepped: StepPage) -> None:
    def refused(why: str) -> bool:
        return why in stepped.why.text() and not stepped.main_button.isEnabled()

    assert stepped.main_button.isEnabled()
    stepped.slope.eta.take(0.0)
    assert refused("η from 0.0001")
    stepped.slope.eta.take(0.5)
    stepped.lab.runs.send(Play())
    lab_of(stepped).work(3)
    assert refused("is training")
    stepped.lab.runs.send(Pause())
    work(stepped)
    assert refused("has gone on since")
    stepped.press_main()  # and by no way round
    assert not run_of(stepped).history.interventions
    stepped.newest_button.click()
    assert "slope" not in stepped.outcomes


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


def test_the_name_of_a_curve_stands_where_it_ends_and_under_it_where_it_has_risen(asked: StepPage) -> None:
    figure = asked.slope.figure
    for per_eta, curvature, last in ((9e-8, 0.0, 160), (9e-7, 1.02e-9, 160), (9e-7, 2e-9, 83)):
        slope = slope_with(0.04, per_eta, curvature)  # one that falls, has risen, and leaves the figure
        slope = replace(slope, others=replace(slope.others, costs=np.full(161, 0.04)))
        figure.show_curves(slope, DigitSet(np.zeros((10, 784), np.uint8), np.zeros(10, np.uint8)), 1.0)
        asked.grab()
        (name,) = (each for each in texts_of(figure.plot) if each.toPlainText() == say("the_ten"))
        changes, room = slope.changes[0], name.mapRectToScene(name.boundingRect())
        places = [figure.plot.at(*each) for each in zip(slope.few.at, changes, strict=True)]
        assert room.right() == pytest.approx(places[last].x())
        if changes[last] < 0:
            assert room.bottom() == pytest.approx(places[last].y())
        else:
            assert places[last].y() < room.top() < places[last // 2].y()
            assert not any(room.contains(place) for place in places)
    asked.press_main()
    work(asked)
    for height, is_seen in ((300, True), (90, False)):
        figure.plot.setFixedHeight(height)
        asked.grab()
        assert figure.promise_words.isVisible() == is_seen, "in a low figure it makes way for those of curves"


def test_of_a_well_trained_network_there_is_something_to_reason_from(asked: StepPage) -> None:
    asked.slope._draw(slope_with(0.04, 9e-8, 0.0))
    figure = asked.slope.figure
    (left, _), (low, high) = figure.plot.seen
    assert low < -9e-5 <= 0.5 * low  # the promise goes down through the figure
    assert left < 0 < high
    asked.grab()
    name = figure.promise_words
    assert name.mapRectToScene(name.boundingRect()).right() <= figure.plot.at(1_000.0, 0.0).x()
    drag_by(figure.plot, figure.flags[0], 2_000)
    asked.press_main()
    outcome = asked.outcomes["slope"]
    assert "A η 1,000 or beyond" in outcome.said
    assert "Best for the ten: η 1,000 or beyond (cost −9.00 × 10⁻⁵)" in outcome.came
    assert "Nearly flat" in outcome.asks, "a large η is no advice"
    assert asked.slope.eta.value() == 50
    assert {"A", "B"} <= set(all_texts(figure.plot).split("\n"))

    def first_row() -> list[str]:
        return [label.text() for label in figure.ledger.cells[0]]

    assert first_row() == ["0.1", "−9.00 × 10⁻⁹", "−9.00 × 10⁻⁹", "100 %", "−4.50 × 10⁻⁹"]
    figure.look_at(0.0)  # nothing was promised
    assert first_row() == ["0", "0", "0", "–", "0"]


def test_a_small_window_shows_all_tasks_at_once_and_ten_digits_make_it_no_wider(open_page: OpenPage) -> None:
    page = opened(open_page, dressed=True)
    answer(page, "cost")
    page.grab()
    assert known(page.beside.findChild(QScrollArea)).verticalScrollBar().maximum() == 0
    open_slope(page)
    page.grab()
    figure, window = page.slope.figure, page.window()
    assert figure.strip.isVisible()
    assert figure.caption.isVisible()
    assert figure.minimumSizeHint().width() < figure.strip.minimumSizeHint().width()
    window.resize(1024, 768)
    page.grab()
    assert window.width() == 1024
    assert figure.strip.isVisible()
    assert not figure.caption.isVisible()  # there is room for the digits alone
    assert figure.pictures.geometry().right() < figure.width()


def test_where_no_step_does_anything_what_is_said_holds(asked: StepPage, small_digits: Digits) -> None:
    """A network that is lost says its cost; one that has these ten right says that nothing is left to gain."""
    assert asked.taken is not None
    few, others = next_digits(asked.taken, small_digits, 0)
    lost, perfect = asked.taken.network.copy(), Network((784, 10), cost="cross_entropy")
    lost.parameters[...] *= 3_000
    perfect.parameters[...] = 0.0  # then each of the ten by heart, as far as ten vectors are independent
    x = small_digits.training.images[few].reshape(10, -1) / 255.0
    perfect.weights[0][...] = (
        np.linalg.pinv(x) @ (np.eye(10)[small_digits.training.labels[few]] * 200 - 100)
    ).T
    for network, words in ((lost, "no small change of the weights lowers it"), (perfect, "nothing is left")):
        moment = replace(asked.taken, network=network)
        slope = find_slope(moment, small_digits, few, others, 0.0, lambda share: None, lambda: False)
        assert slope.is_still
        assert FIXED[1] <= slope.end < 10 * FIXED[1]  # both are seen
        asked.slope._draw(slope)
        asked.outcomes.pop("slope", None)
        asked.slope._show_outcome()
        said = all_texts(asked.question)
        assert words in said
        assert not any(word in said for word in ("stuck", "saturated"))
        assert asked.slope.eta.value() < slope.end


def test_one_silent_unit_is_no_network_that_is_stuck(open_page: OpenPage) -> None:
    """A ReLU unit that answers 0 to every digit: its weight changes nothing, and the network may be a good one."""
    network = Network((784, 12, 10), seed=2, activation="relu", initial_weights="scaled")
    network.biases[0][3] = -1_000
    page = open_page(StepPage, network=network)
    work(page)

    def choose(output: int, unit: int) -> None:
        page.smooth.choice.set_weight((output, unit))
        page.smooth.choice.changed()
        work(page)

    choose(4, 3)
    answer(page, "cost")
    said = all_texts(page.question)
    assert "0 changed the cost, 0 the number right." in said
    assert "Moving this weight changes the cost of no digit here. Try another weight." in said
    assert "stuck" not in said
    low, high = page.smooth.figure.cost.seen[1]
    assert high - low > 1e-3
    choose(4, 2)
    assert np.ptp(curve_of(page).costs) > 0, "another weight does something"


def test_with_too_few_digits_it_says_so(open_page: OpenPage, small_digits: Digits) -> None:
    training = DigitSet(small_digits.training.images[:12], small_digits.training.labels[:12])
    page = open_page(StepPage, replace(small_digits, training=training))
    assert "twenty training digits" in all_texts(page)
    assert not page.main_button.isEnabled()
    assert page.question.asked is None
