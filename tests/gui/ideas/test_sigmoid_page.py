"""From step to sigmoid: what one finds on the page, and that it asks before it tells."""

from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from pyqtgraph import TextItem
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from mnistviz.engine.digits import load_digits
from mnistviz.engine.ideas.sigmoid import OneInputUnit, smallest_factor
from mnistviz.engine.network import Network
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.theme import LIGHT, set_theme
from mnistviz.gui.ideas.sigmoid.sigmoid_page import SigmoidPage
from tests.gui.children import child, known
from tests.gui.ideas.conftest import OpenPage, all_texts, click, drag, lab_of, readable, type_into, work


@pytest.fixture
def page(open_page: OpenPage) -> SigmoidPage:
    return open_page(SigmoidPage)


@pytest.fixture
def deep(page: SigmoidPage) -> SigmoidPage:
    """The page at the lab's network."""
    page.open_scene("network")
    return page


def predict(page: SigmoidPage, step: float, sigmoid: float) -> None:
    for flag, height in zip(page.units.flag_handles.values(), (step, sigmoid), strict=True):
        drag(page.units.plot, flag, flag.x, height)


def take(page: SigmoidPage, **values: float) -> None:
    for name, value in values.items():
        page.numbers.all[name].take(value)


def test_the_outcome_is_nowhere_before_the_nudge_then_in_the_lens_on_the_curve_and_predicted_on_the_tangent(
    page: SigmoidPage,
) -> None:
    assert page.question.asked is not None
    shown, units = f"{float(OneInputUnit(1.5, -0.5).sigmoid(1.0)):.3f}", page.units
    assert LIGHT.runs[0] in units.legend.text(), "it has the colours of the curves"
    assert units.legend.textFormat() is Qt.TextFormat.RichText
    assert shown not in readable(page)
    covered = (*units.then.values(), units.predicted, units.there, units.diamond, units.gap)
    assert not any(item.isVisible() for item in covered)
    seen = units.plot.seen, units.lens.seen
    page.press_main()
    assert shown in readable(page)
    assert all(item.isVisible() for item in covered)
    assert (units.plot.seen, units.lens.seen) == seen, "axes stay when one answers"
    x, y = units.tangent.getData()
    slope = (y[1] - y[0]) / (x[1] - x[0])
    assert slope == pytest.approx(0.235, abs=0.001)
    (z,), (a,) = units.here.getData()
    (then,), (predicted,) = units.diamond.getData()
    assert (z, then) == (0.5, 1.0)
    assert predicted == pytest.approx(a + slope * (then - z))
    assert units.there.getData()[1][0] == pytest.approx(float(OneInputUnit(1.5, -0.5).sigmoid(1.0)))


def test_dragged_flags_stay_as_outlines_beside_the_outcome_of_these_numbers(page: SigmoidPage) -> None:
    predict(page, 1.0, 0.8)
    figure = page.units
    assert figure.flags["sigmoid"] == pytest.approx(0.8, abs=0.02)
    texts = [each for each in figure.plot.items() if isinstance(each, TextItem)]
    left, right = sorted(each.pos().x() for each in texts if each.toPlainText() == "you")
    step, sigmoid = (figure.flag_handles[kind].x for kind in ("step", "sigmoid"))
    assert left < step < figure.given < sigmoid < right, "each has its side of x, and its name beyond it"
    assert not page.tasks.is_done("nudge")
    click(page.main_button)
    assert page.tasks.is_done("nudge")
    text = readable(page)
    assert "You said 1.00 and 0.80" in text
    assert "moves by +0.109 to 0.731" in text
    assert "+0.118" in text  # predicted: 0.235 · 0.5
    assert figure.flag_handles["sigmoid"].free == ""
    take(page, dw=0.25)
    text = all_texts(page)
    assert "moves by +0.057" in text
    assert "+0.109" not in text
    assert "You said" not in text, "that was said of other numbers"
    page.show_me()
    assert "The step flips to 1." in all_texts(page)


def test_a_nudge_without_both_flags_or_by_nothing_predicts_nothing(page: SigmoidPage) -> None:
    page.press_main()
    assert not page.tasks.is_done("nudge")
    assert not page.main_button.isEnabled()
    click(page.question.again_button)
    take(page, dw=0)
    predict(page, 1.0, 0.5)
    page.press_main()
    assert not page.tasks.is_done("nudge")


def test_what_is_said_of_the_slope_is_said_of_a_small_change_only(page: SigmoidPage) -> None:
    """With a Δw of 4 the sigmoid moves by less than half of what its slope predicts."""
    take(page, dw=4)
    predict(page, 1.0, 0.9)
    page.press_main()
    assert page.tasks.is_done("nudge")
    assert "For a small change the sigmoid moves by about what its slope predicts." in readable(page)
    assert page.units.change.sigmoid < 0.5 * page.units.change.promised
    take(page, dw=0.05)
    assert page.units.change.sigmoid == pytest.approx(page.units.change.promised, rel=0.02)


def test_a_flip_by_a_small_nudge_is_noticed_and_by_a_larger_one_or_the_bias_is_not(page: SigmoidPage) -> None:
    take(page, x=0.5, dw=0.05)  # at the threshold, and covered
    take(page, x=1.0, dw=0.5)
    page.press_main()
    for values in ({"x": 0.5, "dw": 0.06}, {"x": 0.6, "dw": 0.05}, {"db": 0.1, "dw": 0.01, "x": 0.5}):
        take(page, **values)
        assert not page.tasks.is_done("flip"), values
    assert page.units.other.step(0.5) != page.units.unit.step(0.5), "the bias flips it"
    take(page, db=0.0)
    assert page.tasks.is_done("flip")


def test_about_the_smallest_factor_is_found(page: SigmoidPage) -> None:
    page.open_scene("factor")
    page.press_main()
    for c in (45.9, 53, 1000):
        take(page, c=c)
        assert not page.tasks.is_done("factor")
    type_into(page.numbers.all["c"].field, "46")
    assert page.tasks.is_done("factor")


def test_the_smallest_factor_is_the_smallest() -> None:
    unit = OneInputUnit(-2.0, 1.0)
    c = known(smallest_factor(unit))

    def gap(scaled: OneInputUnit) -> float:
        x = np.array([0.4, 0.6])
        return float(abs(scaled.step(x) - scaled.sigmoid(x)).max())

    assert gap(unit.scaled(c * 1.001)) < 0.01 < gap(unit.scaled(c * 0.999))
    assert smallest_factor(OneInputUnit(0.0, 1.0)) is None
    assert smallest_factor(OneInputUnit(0.1, 1.0)) is None


def test_x_is_dragged_and_moved_by_keys(page: SigmoidPage) -> None:
    units = page.units
    drag(units.plot, units.x_handle, -1.0, units.x_handle.y)
    before = page.numbers["x"]
    assert before == pytest.approx(-1, abs=0.05)
    units.plot.setFocus()
    QTest.keyClick(units.plot, Qt.Key.Key_Right)
    assert page.numbers["x"] == pytest.approx(before + 0.1, abs=0.051)


def test_the_outputs_of_the_labs_network_are_covered_until_the_nudge(deep: SigmoidPage) -> None:
    nudge, outputs = deep.network.nudge, deep.network.outputs
    assert nudge is not None
    moved = f"{abs(float(nudge.moved[int(np.abs(nudge.moved).argmax())])):.4f}"
    assert moved not in readable(deep)
    click(outputs, outputs.row(3).center())
    assert outputs.guess == 3
    deep.press_main()
    text = readable(deep)
    assert moved in text
    assert "You said: output “3”" in text
    click(outputs, outputs.row(5).center())
    assert outputs.guess == 3  # an outline
    deep.lab.runs.begin(Settings(seed=7), Network((784, 30, 10), seed=7))
    work(deep)
    deep.take_newest()
    assert deep.question.asked is not None, "it was said of another network"
    assert outputs.guess is None
    assert "You said" not in deep.question.accessibleName()


def test_a_weight_without_ink_moves_nothing_and_that_is_noticed(deep: SigmoidPage) -> None:
    deep.press_main()
    take(deep, by=5)
    assert known(deep.network.nudge).moved.any()
    assert not deep.tasks.is_done("silent")
    take(deep, by=0.5)
    weights = deep.network.weights
    click(weights, weights.place(0))  # a corner: no ink
    assert deep.network.weight.source == 0
    assert not deep.tasks.is_done("silent")  # too small a nudge
    take(deep, by=-1)
    assert deep.tasks.is_done("silent")


def test_a_silent_unit_moves_nothing_on_ink_and_what_is_said_of_it_holds(open_page: OpenPage) -> None:
    """A ReLU unit that answers 0: its weights move nothing even where there is ink, since its slope is 0."""
    network = Network((784, 12, 10), seed=2, activation="relu", initial_weights="scaled")
    network.biases[0][3] = -1_000
    page = open_page(SigmoidPage, network=network)
    page.open_scene("network")
    page.press_main()
    take(page, unit=4, by=1)
    scene = page.network
    assert scene.weight.unit == 3
    assert scene._pixels()[scene.weight.source] > 0, "there is ink"
    assert not known(scene.nudge).promised.any(), "a factor of ∂a/∂w is 0"
    assert page.tasks.is_done("silent")
    said = readable(page)
    assert "∂a/∂w is a product of the input, slopes and weights. Here one of them is 0, or nearly." in said
    assert "no ink" not in said
    assert "where the input is 0" not in said


def test_a_pixel_is_chosen_by_clicks_and_keys_and_the_labs_network_stays_as_it_is(deep: SigmoidPage) -> None:
    assert deep.taken is not None
    before, scene = deep.taken.network.parameters.copy(), deep.network
    deep.press_main()
    click(scene.digit, scene.digit.place(28 * 14 + 27))
    assert scene.weights.pixel == 28 * 14 + 27
    for key, source in (
        (Qt.Key.Key_Right, 28 * 14 + 27), (Qt.Key.Key_Up, 28 * 13 + 27), (Qt.Key.Key_Left, 28 * 13 + 26),
    ):  # fmt: skip
        QTest.keyClick(scene.weights, key)
        assert scene.weight.source == source
    assert scene.digit.pixel == scene.weights.pixel
    take(deep, by=3, unit=4, number=7)
    assert np.array_equal(deep.taken.network.parameters, before)


def test_negative_weights_are_hatched_as_in_the_lab(deep: SigmoidPage) -> None:
    picture = deep.network.weights
    set_theme(replace(LIGHT, hatched=True), picture)
    picture.show_values(-np.ones(28 * 28))
    place, drawn = picture.place(14 * 28 + 8).toPoint(), picture.grab().toImage()
    seen = {drawn.pixelColor(place.x(), place.y() + down).name() for down in range(9)}
    assert seen == {LIGHT.no, LIGHT.card}


def test_a_bad_number_moves_nothing_and_is_told_for_a_while(deep: SigmoidPage, qtbot: QtBot) -> None:
    QTest.qWait(0)
    deep.grab()  # laid out
    values = deep.numbers.all
    parts = [deep.tasks, *(part for value in values.values() for part in (value, value.field, value.slider))]
    before, unit = [part.geometry() for part in parts], values["unit"]
    child(unit.field, QTimer).setInterval(30)
    type_into(unit.field, "77")
    deep.grab()
    assert unit.error.isVisible()
    assert "unit" in unit.error.text()
    assert [part.geometry() for part in parts] == before
    assert known(unit.error.parentWidget()).rect().contains(unit.error.geometry())
    qtbot.waitUntil(lambda: not unit.error.isVisible())
    assert not unit.field.property("invalid"), "it shows a good number"


def test_show_me_does_what_each_scene_asks_and_what_it_did_counts_once_done_anew(page: SigmoidPage) -> None:
    predict(page, 1.0, 0.8)
    for scene in ("nudge", "factor", "network"):
        click(child(page, QPushButton, f"sigmoid_scene_{scene}"))
        page.show_me()
        assert page.told
        page.show_me()
        page.ask_again()
        page.press_main()
        assert page.tasks.done_ids() == []
    page.open_scene("factor")
    page.press_main()
    c = page.numbers["c"]
    take(page, c=c + 0.1)
    assert not page.tasks.is_done("factor"), "it is still what was shown"
    take(page, c=5)
    take(page, c=c)
    assert page.tasks.is_done("factor")


def test_one_goes_on_through_the_scenes_and_back_to_the_start_with_what_was_done(page: SigmoidPage) -> None:
    page.press_main()
    take(page, x=0.5, dw=0.04)
    for scene in ("factor", "network"):
        click(page.question.next_button)
        assert page.scene.id == scene
        take(page, c=46)
        page.press_main()
    page.reset()
    assert page.scene.id == "nudge"
    assert not page.told
    assert (page.numbers["c"], page.numbers["x"], page.numbers["dw"]) == (5, 1, 0.5)
    assert page.tasks.is_done("flip")


def test_without_a_network_two_scenes_work_and_the_third_says_what_to_do(open_page: OpenPage) -> None:
    page = open_page(SigmoidPage, None)
    page.press_main()
    assert page.told
    page.open_scene("network")
    assert page.go_button.isVisible()
    lab_of(page).chosen.choose("window", workspace="ideas")
    click(page.go_button)
    assert lab_of(page).chosen.now.window.workspace == "lab"


def test_other_shapes_of_networks_can_be_nudged(deep: SigmoidPage, letters: Path) -> None:
    for settings in (Settings(sizes=(784, 10)), Settings(sizes=(784, 40, 20, 10))):
        first = deep.taken
        deep.lab.runs.begin(settings, Network(settings.sizes))
        work(deep)
        deep.take_newest()
        assert deep.taken is not first
        assert deep.numbers.all["unit"].scale.high == settings.sizes[1]
        deep.press_main()
        assert deep.told
    other = load_digits(letters)
    deep.lab.data.use(other)
    lab_of(deep).run_to(0, Settings(sizes=(784, 30, 3)))
    assert deep.taken is not None
    assert deep.digits is other
    assert len(known(deep.network.nudge).before) == 3
