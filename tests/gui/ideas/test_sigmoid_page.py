"""From step to sigmoid: what one finds on the page, and that it asks before it tells."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pyqtgraph import TextItem
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from mnistviz.engine.digits import load_digits
from mnistviz.engine.ideas.sigmoid import OneInputUnit, smallest_factor
from mnistviz.engine.network import Network
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.painted_text import watched
from mnistviz.gui.common.theme import LIGHT
from mnistviz.gui.ideas.parts.idea_plot import Handle, IdeaPlot
from mnistviz.gui.ideas.sigmoid.sigmoid_page import SigmoidPage
from tests.gui.children import child
from tests.gui.ideas.conftest import OpenPage, all_texts, lab_of, work

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def page(open_page: OpenPage) -> SigmoidPage:
    found = open_page("sigmoid")
    assert isinstance(found, SigmoidPage)
    return found


def drag(plot: IdeaPlot, handle: Handle, x: float, y: float) -> None:
    """By the mouse, to a place in the figure's units."""
    start, end = plot.at(handle.x, handle.y).toPoint(), plot.at(x, y).toPoint()
    QTest.mousePress(plot.viewport(), LEFT, pos=start)
    QTest.mouseMove(plot.viewport(), (start + end) / 2)
    QTest.mouseMove(plot.viewport(), end)
    QTest.mouseRelease(plot.viewport(), LEFT, pos=end)


def button_of(page: SigmoidPage, scene: str) -> QPushButton:
    assert page.choice is not None
    return page.choice.buttons[scene]


def predict(page: SigmoidPage, step: float, sigmoid: float) -> None:
    for flag, height in zip(page.units.flag_handles.values(), (step, sigmoid), strict=True):
        drag(page.units.plot, flag, flag.x, height)


def readable(page: SigmoidPage) -> str:
    """All that can be read or heard, painted words too."""
    with watched() as painted:
        page.grab()
    return "\n".join((all_texts(page), *(each.text for each in painted)))


def test_it_opens_asking_and_with_nothing_done(page: SigmoidPage) -> None:
    assert page.question.asked is not None
    assert not page.told
    assert page.tasks.done_ids() == []


def test_the_legend_has_the_colours_of_the_curves_and_shows_no_tags(page: SigmoidPage) -> None:
    legend = page.units.legend
    assert LIGHT.runs[0] in legend.text()
    assert legend.textFormat() is Qt.TextFormat.RichText


def test_before_the_nudge_its_outcome_is_nowhere(page: SigmoidPage) -> None:
    after = OneInputUnit(1.5, -0.5).sigmoid(1.0)
    shown = f"{float(after):.3f}"
    assert shown not in readable(page)
    units = page.units
    covered = (*units.then.values(), units.predicted, units.there, units.diamond, units.gap)
    assert not any(item.isVisible() for item in covered)
    seen = units.plot.seen, units.lens.seen
    page.press_main()
    assert shown in readable(page)
    assert all(item.isVisible() for item in covered)
    assert (units.plot.seen, units.lens.seen) == seen, "axes stay when one answers"


def test_in_the_lens_the_nudge_follows_the_curve_and_the_prediction_the_tangent(page: SigmoidPage) -> None:
    page.press_main()
    units = page.units
    x, y = units.tangent.getData()
    slope = (y[1] - y[0]) / (x[1] - x[0])
    assert slope == pytest.approx(0.235, abs=0.001)
    (z,), (a,) = units.here.getData()
    (then,), (predicted,) = units.diamond.getData()
    assert (z, then) == (0.5, 1.0)
    assert predicted == pytest.approx(a + slope * (then - z))
    assert units.there.getData()[1][0] == pytest.approx(float(OneInputUnit(1.5, -0.5).sigmoid(1.0)))


def test_each_flag_has_its_side_of_x_and_its_name_beyond_it(page: SigmoidPage) -> None:
    predict(page, 1.0, 0.8)
    figure = page.units
    texts = [each for each in figure.plot.items() if isinstance(each, TextItem)]
    left, right = sorted(each.pos().x() for each in texts if each.toPlainText() == "you")
    step, sigmoid = (figure.flag_handles[kind].x for kind in ("step", "sigmoid"))
    assert left < step < figure.given < sigmoid < right


def test_flags_are_dragged_and_stay_as_ghosts_beside_the_outcome(page: SigmoidPage) -> None:
    predict(page, 1.0, 0.8)
    assert page.units.flags["sigmoid"] == pytest.approx(0.8, abs=0.02)
    assert not page.tasks.is_done("nudge")
    QTest.mouseClick(page.main_button, LEFT)
    assert page.tasks.is_done("nudge")
    text = readable(page)
    assert "You said 1.00 and 0.80" in text
    assert "+0.109" in text  # moved
    assert "+0.118" in text  # promised: 0.235 · 0.5
    assert page.units.flag_handles["sigmoid"].free == ""


def test_what_came_follows_the_numbers_and_what_was_said_was_said_of_others(page: SigmoidPage) -> None:
    predict(page, 1.0, 0.8)
    page.press_main()
    assert "moves by +0.109 to 0.731" in all_texts(page)
    page.numbers.all["dw"].take(0.25)
    text = all_texts(page)
    assert "moves by +0.057" in text
    assert "+0.109" not in text
    assert "You said" not in text
    page.show_me()
    assert "The step flips to 1." in all_texts(page)


def test_a_nudge_without_both_flags_or_by_nothing_predicts_nothing(page: SigmoidPage) -> None:
    page.press_main()
    assert not page.tasks.is_done("nudge")
    assert not page.main_button.isEnabled()
    QTest.mouseClick(page.question.again_button, LEFT)
    page.numbers.all["dw"].take(0)
    predict(page, 1.0, 0.5)
    page.press_main()
    assert not page.tasks.is_done("nudge")


def test_what_is_said_of_the_slope_is_said_of_a_small_change_only(page: SigmoidPage) -> None:
    """With a Δw of 4 the sigmoid moves by less than half of what its slope predicts."""
    page.numbers.all["dw"].take(4)
    predict(page, 1.0, 0.9)
    page.press_main()
    assert page.tasks.is_done("nudge")
    assert "For a small change the sigmoid moves by about what its slope predicts." in readable(page)
    large = page.units.change
    assert large.sigmoid < 0.5 * large.promised
    page.numbers.all["dw"].take(0.05)
    small = page.units.change
    assert small.sigmoid == pytest.approx(small.promised, rel=0.02)


def test_a_flip_by_a_small_nudge_is_noticed_and_a_larger_one_is_not(page: SigmoidPage) -> None:
    numbers = page.numbers.all
    page.press_main()
    numbers["x"].take(0.5)  # the threshold
    numbers["dw"].take(0.06)
    assert not page.tasks.is_done("flip")
    numbers["x"].take(0.6)  # fires before and after
    numbers["dw"].take(0.05)
    assert not page.tasks.is_done("flip")
    numbers["x"].take(0.5)
    assert page.tasks.is_done("flip")


def test_a_flip_by_the_bias_is_not_what_was_asked(page: SigmoidPage) -> None:
    numbers = page.numbers.all
    page.press_main()
    numbers["db"].take(0.1)
    numbers["dw"].take(0.01)
    numbers["x"].take(0.5)
    assert page.units.other.step(0.5) != page.units.unit.step(0.5)
    assert not page.tasks.is_done("flip")


def test_nothing_is_done_by_what_is_covered(page: SigmoidPage) -> None:
    page.numbers.all["x"].take(0.5)
    page.numbers.all["dw"].take(0.05)
    assert not page.tasks.is_done("flip")


def test_about_the_smallest_factor_is_found(page: SigmoidPage) -> None:
    QTest.mouseClick(button_of(page, "factor"), LEFT)
    factor = page.numbers.all["c"]
    page.press_main()
    for c in (45.9, 53, 1000):
        factor.take(c)
        assert not page.tasks.is_done("factor")
    factor.field.setFocus()
    factor.field.selectAll()
    QTest.keyClicks(factor.field, "46")
    QTest.keyClick(factor.field, Qt.Key.Key_Return)
    assert page.tasks.is_done("factor")


def test_the_smallest_factor_is_the_smallest() -> None:
    unit = OneInputUnit(-2.0, 1.0)
    c = smallest_factor(unit)
    assert c is not None
    x = np.array([0.4, 0.6])
    above, below = (
        np.abs(each.step(x) - each.sigmoid(x)).max()
        for each in (unit.scaled(c * 1.001), unit.scaled(c * 0.999))
    )
    assert above < 0.01 < below
    assert smallest_factor(OneInputUnit(0.0, 1.0)) is None
    assert smallest_factor(OneInputUnit(0.1, 1.0)) is None


def test_x_is_dragged_and_moved_by_keys(page: SigmoidPage) -> None:
    units = page.units
    drag(units.plot, units.x_handle, -1.0, units.x_handle.y)
    assert page.numbers["x"] == pytest.approx(-1, abs=0.05)
    units.plot.setFocus()
    before = page.numbers["x"]
    QTest.keyClick(units.plot, Qt.Key.Key_Right)
    assert page.numbers["x"] == pytest.approx(before + 0.1, abs=0.051)


def test_the_outputs_of_the_labs_network_are_covered_until_the_nudge(page: SigmoidPage) -> None:
    page.open_scene("network")
    nudge = page.network.nudge
    assert nudge is not None
    most = int(np.abs(nudge.moved).argmax())
    moved = f"{abs(float(nudge.moved[most])):.4f}"
    assert moved not in readable(page)
    QTest.mouseClick(page.network.outputs, LEFT, pos=page.network.outputs.row(3).center().toPoint())
    assert page.network.outputs.guess == 3
    page.press_main()
    text = readable(page)
    assert moved in text
    assert "You said: output “3”" in text
    QTest.mouseClick(page.network.outputs, LEFT, pos=page.network.outputs.row(5).center().toPoint())
    assert page.network.outputs.guess == 3  # a ghost


def test_a_weight_without_ink_moves_nothing_and_that_is_noticed(page: SigmoidPage) -> None:
    page.open_scene("network")
    page.press_main()
    scene = page.network
    assert not page.tasks.is_done("silent")
    page.numbers.all["by"].take(0.5)
    QTest.mouseClick(scene.weights, LEFT, pos=scene.weights.place(0).toPoint())  # a corner: no ink
    assert scene.weight.source == 0
    assert not page.tasks.is_done("silent")  # too small a nudge
    page.numbers.all["by"].take(-1)
    assert page.tasks.is_done("silent")


def test_a_silent_unit_moves_nothing_on_ink_and_what_is_said_of_it_holds(open_page: OpenPage) -> None:
    """A ReLU unit that answers 0: its weights move nothing even where there is ink, since its slope is 0."""
    network = Network((784, 12, 10), seed=2, activation="relu", initial_weights="scaled")
    network.biases[0][3] = -1_000
    page = open_page("sigmoid", network=network)
    assert isinstance(page, SigmoidPage)
    page.open_scene("network")
    page.press_main()
    scene = page.network
    page.numbers.all["unit"].take(4)
    page.numbers.all["by"].take(1)
    assert scene.weight.unit == 3
    assert scene._pixels()[scene.weight.source] > 0, "there is ink"
    assert scene.nudge is not None
    assert not scene.nudge.promised.any(), "a factor of ∂a/∂w is 0"
    assert page.tasks.is_done("silent")
    said = readable(page)
    assert "∂a/∂w is a product of the input, slopes and weights. Here one of them is 0, or nearly." in said
    assert "no ink" not in said
    assert "where the input is 0" not in said


def test_a_weight_that_moves_an_output_is_not_taken_for_silent(page: SigmoidPage) -> None:
    page.open_scene("network")
    page.press_main()
    page.numbers.all["by"].take(5)
    assert page.network.nudge is not None
    assert np.abs(page.network.nudge.moved).max() > 0
    assert not page.tasks.is_done("silent")


def test_the_labs_network_stays_as_it_is(page: SigmoidPage) -> None:
    page.open_scene("network")
    assert page.taken is not None
    before = page.taken.network.parameters.copy()
    page.press_main()
    page.numbers.all["by"].take(3)
    page.numbers.all["unit"].take(4)
    page.numbers.all["number"].take(7)
    assert np.array_equal(page.taken.network.parameters, before)


def test_a_pixel_is_chosen_by_the_keys(page: SigmoidPage) -> None:
    page.open_scene("network")
    scene = page.network
    QTest.mouseClick(scene.digit, LEFT, pos=scene.digit.place(28 * 14 + 27).toPoint())
    assert scene.weights.pixel == 28 * 14 + 27
    scene.weights.setFocus()
    QTest.keyClick(scene.weights, Qt.Key.Key_Right)  # the edge
    assert scene.weight.source == 28 * 14 + 27
    QTest.keyClick(scene.weights, Qt.Key.Key_Up)
    QTest.keyClick(scene.weights, Qt.Key.Key_Left)
    assert scene.weight.source == 28 * 13 + 26
    assert scene.digit.pixel == scene.weights.pixel


def test_a_number_that_will_not_do_moves_nothing_and_is_told_for_a_while(
    page: SigmoidPage, qtbot: QtBot
) -> None:
    page.open_scene("network")
    QTest.qWait(0)
    page.grab()  # laid out
    values = page.numbers.all
    parts = [page.tasks, *(part for value in values.values() for part in (value, value.field, value.slider))]
    before = [part.geometry() for part in parts]
    unit = values["unit"]
    child(unit.field, QTimer).setInterval(30)
    unit.field.setFocus()
    unit.field.selectAll()
    QTest.keyClicks(unit.field, "77")
    QTest.keyClick(unit.field, Qt.Key.Key_Return)
    page.grab()
    assert unit.error.isVisible()
    assert "unit" in unit.error.text()
    assert [part.geometry() for part in parts] == before
    home = unit.error.parentWidget()
    assert home is not None
    assert home.rect().contains(unit.error.geometry())
    qtbot.waitUntil(lambda: not unit.error.isVisible())
    assert not unit.field.property("invalid"), "it shows a good number"


def test_show_me_does_what_each_scene_asks_and_ticks_nothing(page: SigmoidPage) -> None:
    predict(page, 1.0, 0.8)
    for scene in ("nudge", "factor", "network"):
        QTest.mouseClick(button_of(page, scene), LEFT)
        page.show_me()
        assert page.told
        page.show_me()
        page.ask_again()
        page.press_main()
        assert page.tasks.done_ids() == []


def test_what_was_shown_counts_once_the_hand_has_done_it_anew(page: SigmoidPage) -> None:
    page.open_scene("factor")
    page.show_me()
    page.show_me()
    factor = page.numbers["c"]
    page.numbers.all["c"].take(factor + 0.1)
    assert not page.tasks.is_done("factor"), "it is still what was shown"
    page.numbers.all["c"].take(5)
    page.numbers.all["c"].take(factor)
    assert page.tasks.is_done("factor")


def test_a_guess_is_of_the_network_it_was_made_for(page: SigmoidPage) -> None:
    page.open_scene("network")
    outputs, lab = page.network.outputs, page.lab
    QTest.mouseClick(outputs, LEFT, pos=outputs.row(3).center().toPoint())
    page.press_main()
    assert "You said" in readable(page)
    lab.runs.begin(Settings(seed=7), Network((784, 30, 10), seed=7))
    work(page)
    page.take_newest()
    assert page.question.asked is not None
    assert outputs.guess is None
    assert not page.told
    assert "You said" not in page.question.accessibleName()


def test_put_back_covers_all_and_keeps_what_was_done(page: SigmoidPage) -> None:
    page.press_main()
    for name, value in (("x", 0.5), ("dw", 0.04)):
        page.numbers.all[name].take(value)
    page.open_scene("factor")
    page.numbers.all["c"].take(46)
    page.reset()
    assert page.scene.id == "nudge"
    assert not page.told
    assert (page.numbers["c"], page.numbers["x"], page.numbers["dw"]) == (5, 1, 0.5)
    assert page.tasks.is_done("flip")


def test_go_on_leads_through_the_scenes(page: SigmoidPage) -> None:
    for scene in ("factor", "network"):
        page.press_main()
        QTest.mouseClick(page.question.next_button, LEFT)
        assert page.scene.id == scene


def test_without_a_network_two_scenes_work_and_the_third_says_what_to_do(
    open_page: OpenPage,
) -> None:
    page = open_page("sigmoid", None)
    assert isinstance(page, SigmoidPage)
    page.press_main()
    assert page.told
    page.open_scene("network")
    assert page.go_button.isVisible()
    lab_of(page).chosen.choose("window", workspace="ideas")
    QTest.mouseClick(page.go_button, LEFT)
    assert lab_of(page).chosen.now.window.workspace == "lab"


def test_other_shapes_of_networks_can_be_nudged(page: SigmoidPage, letters: Path) -> None:
    page.open_scene("network")
    for settings in (Settings(sizes=(784, 10)), Settings(sizes=(784, 40, 20, 10))):
        first = page.taken
        page.lab.runs.begin(settings, Network(settings.sizes))
        work(page)
        page.take_newest()
        assert page.taken is not first
        assert page.numbers.all["unit"].scale.high == settings.sizes[1]
        page.press_main()
        assert page.told
    other = load_digits(letters)
    page.lab.data.use(other)
    lab_of(page).run_to(0, Settings(sizes=(784, 30, 3)))
    assert page.taken is not None
    assert page.digits is other
    assert page.network.nudge is not None
    assert len(page.network.nudge.before) == 3
