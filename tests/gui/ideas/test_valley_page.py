"""The page of the valley: the arrow is right, races tell what they show, and nothing is told before."""

import math
from itertools import combinations

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QPoint, QSize, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QGraphicsSimpleTextItem
from pytestqt.qtbot import QtBot

from mnistviz.engine.ideas.ball_race import LAP
from mnistviz.engine.ideas.landscape import LANDSCAPES, SEEN, Landscape, Rules, contours, descend
from mnistviz.gui.common.number_edit import NumberEdit
from mnistviz.gui.common.painted_text import watched
from mnistviz.gui.common.theme import DARK, LIGHT, Theme, set_theme
from mnistviz.gui.ideas.valley.valley_map import band_colours, picture
from mnistviz.gui.ideas.valley.valley_page import ValleyPage
from tests.examples import one_quick
from tests.gui.children import child
from tests.gui.ideas.conftest import OpenPage, all_texts, bare_page, click, drag, type_into


@pytest.fixture
def page(qtbot: QtBot) -> ValleyPage:
    return bare_page(qtbot, ValleyPage)


def race(page: ValleyPage, a: float, b: float, *, laps: int = 1) -> None:
    """As the hand would: two η, then the steps."""
    page.eta_a.take(a)
    page.eta_b.take(b)
    for _ in range(laps * LAP):
        page.step_button.click()


@one_quick("code", LANDSCAPES, quick=2)
@pytest.mark.parametrize(
    "size", [(804, 528), *(pytest.param(size, marks=pytest.mark.long) for size in [(1146, 656), (1700, 968)])]
)
def test_the_arrow_is_at_right_angles_to_the_contour(qtbot: QtBot, code: str, size: tuple[int, int]) -> None:
    page = bare_page(qtbot, ValleyPage, size)
    assert page.map.pixel[0] == pytest.approx(page.map.pixel[1]), "both axes have one scale"
    page.set_surface(code)
    for place in ((-3.1, 1.7), (2.3, -1.1), (4.3, 0.6)):
        page.map.start.drag(*place)
        begin, end = page.map.arrow(1)
        arrow = np.array((end - begin).toTuple())
        around = np.linspace(-0.02, 0.02, 9)
        points = np.stack(np.meshgrid(place[0] + around, place[1] + around), axis=-1)
        surface = LANDSCAPES[code]
        (segments,) = contours(surface.value(points), [float(surface.value(np.array(place)))])
        assert len(segments)
        for segment in segments:
            first, last = (
                page.map.at(place[0] + (column / 8 - 0.5) * 0.04, place[1] + (row / 8 - 0.5) * 0.04)
                for row, column in segment
            )
            along = np.array((last - first).toTuple())
            if np.hypot(*along) > 1e-3:
                cosine = along @ arrow / np.hypot(*along) / np.hypot(*arrow)
                assert abs(cosine) < 0.1, (place, cosine)
        length = page.eta_b.value() * np.hypot(*surface.gradient(np.array(place))) / page.map.pixel[0]
        assert np.hypot(*arrow) == pytest.approx(length), "it is as long as the step"
        next_place = page.map.at(*page.race.run(1).paths[1][-1].place)
        assert end.toTuple() == pytest.approx(next_place.toTuple()), "and ends where that leads"


def test_both_balls_start_at_one_place_that_is_said_and_are_put_anywhere(page: ValleyPage) -> None:
    a, b = (path[0].place for path in page.race.paths)
    assert a == b == (page.map.start.x, page.map.start.y)
    assert "A and B start here" in all_texts(page.map)
    assert page.race.steps == 0
    drag(page.map, page.race.start, 1.5, -1.0)
    assert page.race.start == pytest.approx((1.5, -1.0), abs=0.03)
    click(page.map.viewport(), page.map.at(3.0, 2.0))
    assert page.race.start == pytest.approx((3.0, 2.0), abs=0.03)
    type_into(child(page, NumberEdit, "valley_start_2"), "-0.5")
    assert page.race.start[1] == page.map.start.y == -0.5
    page.map.setFocus(Qt.FocusReason.TabFocusReason)
    before = page.race.start[0]
    QTest.keyClick(page.map, Qt.Key.Key_Right)
    assert page.race.start[0] > before


def test_steps_are_those_of_gradient_descent_and_balls_roll_on_the_section(page: ValleyPage) -> None:
    assert page.section.both.disc.isVisible()
    page.momentum.take(0.5)
    race(page, 0.02, 0.1)
    surface = LANDSCAPES["narrow"]
    for path, eta in zip(page.race.paths, (0.02, 0.1), strict=True):
        expected = descend(surface, surface.start, Rules(eta, 0.5), LAP)
        assert [ball.place for ball in path] == [ball.place for ball in expected]
    x, y = page.section.ways[1].getData()
    assert x == pytest.approx(page.race.places(1)[:, 1])
    assert y == pytest.approx(3 * x**2), "C(0, v₂)"


def test_run_goes_step_by_step_and_rests_where_one_looks(page: ValleyPage, qtbot: QtBot) -> None:
    steps = child(page, QTimer, "valley_steps")
    steps.setInterval(1)
    page.press_main()
    assert page.race.steps == 1
    assert page.main_button.text() == "Pause"
    page.press_main()
    assert page.main_button.text() == f"Run {LAP - 1} steps"
    page.press_main()
    qtbot.waitUntil(lambda: page.race.steps == LAP)
    assert not steps.isActive()
    assert page.question.asked is None
    page.press_main()
    page.left()
    assert not steps.isActive(), "nothing moves while one is away"


def test_a_flag_is_put_before_the_balls_move_and_stays_beside_the_outcome(page: ValleyPage) -> None:
    flag = page.map.flag
    drag(page.map, flag, 0.5, -0.5)
    assert (flag.x, flag.y) == pytest.approx((0.5, -0.5), abs=0.05)
    assert page.race.start == LANDSCAPES["narrow"].start, "the ball stays where it is"
    page.eta_b.take(0.2)
    assert page.map.is_flag_placed, "η may be changed before one runs"
    race(page, 0.05, 0.3)
    far = math.dist((flag.x, flag.y), page.race.paths[1][-1].place)
    assert f"Your flag: v₁ 0.5, v₂ −0.5, {far:.1f} away." in all_texts(page.question)
    assert f"B after {LAP} steps: v₁ 0.0, v₂ 0.1." in all_texts(page.question)
    assert flag.item.isVisible()
    assert flag.free == "", "it is an outline now"
    page.question.again_button.click()
    assert page.question.asked is not None
    assert page.race.steps == 0
    assert not page.map.is_flag_placed
    race(page, 0.05, 0.3)
    assert "Your flag" not in all_texts(page.question), "without a flag the outcome stands alone"
    assert not flag.item.isVisible()
    page.reset()
    drag(page.map, flag, 0.5, -0.5)
    predicted = (flag.x, flag.y)
    page.step_button.click()
    drag(page.map, predicted, -1.0, 1.0)
    assert (flag.x, flag.y) == predicted
    assert "your flag stays" in all_texts(page.question)
    page.eta_b.take(0.2)
    assert (flag.free, page.map.is_flag_placed) == ("xy", False), "it is asked anew"
    assert "Drag the flag there" in all_texts(page.question)
    page.step_button.click()
    assert not flag.item.isVisible()
    assert "too late for a flag" in all_texts(page.question)
    click(page.back_button)
    assert flag.item.isVisible()
    assert flag.free == "xy"


@pytest.mark.long
def test_show_me_ticks_nothing_though_what_it_runs_would(page: ValleyPage) -> None:
    page.eta_a.take(0.005)
    page.eta_b.take(0.4)
    page.step_button.click()
    click(page.show_me_button)
    assert page.race.steps == LAP
    assert page.question.asked is None
    for _ in range(LAP):
        page.step_button.click()
    assert page.tasks.done_ids() == []
    for below, above in ((0.32, 0.33), (0.34, 0.35)):
        page.eta_a.take(below)
        page.eta_b.take(above)
        click(page.show_me_button)
    assert page.tasks.done_ids() == []
    assert "0.333" not in all_texts(page.tasks)
    race(page, 0.005, 0.4)
    assert page.tasks.done_ids() == ["both"]


def test_nothing_is_told_before_one_has_run(page: ValleyPage) -> None:
    never = ("0.333", "1/3", "2 divided", "curvature", "overshoot", "steps over", "the edge", "0.34")
    for code in LANDSCAPES:
        page.set_surface(code)
        page.map.flag.drag(0.3, 0.3)
        text = all_texts(page)
        end = descend(page.surface, page.surface.start, page.rules()[1], LAP)[-1]
        cost = float(page.surface.value(np.array(end.place)))
        assert not [told for told in (f"{end.place[0]:.2f}", f"{cost:.2f}", *never) if told in text], code
    ends = [page.eta_a.scale.low, page.eta_a.scale.high]
    answers = [LANDSCAPES[code].largest_eta() for code in ("bowl", "narrow")]
    assert not any(math.isclose(end, answer or 0, rel_tol=0.1) for end in ends for answer in answers)
    assert page.tasks.done_ids() == []


def test_the_largest_eta_is_told_once_asked_for_and_tries_are_forgotten(page: ValleyPage) -> None:
    race(page, 0.3, 0.32)
    assert "0.32 gets down." in all_texts(page.tasks)
    race(page, 0.3, 0.36)
    assert "0.36 does not." in all_texts(page.tasks)
    assert not page.tasks.is_done("largest"), "a near miss: 0.32 and 0.36 lie too far apart"
    assert "0.333" not in all_texts(page)
    page.momentum.take(0.5)
    race(page, 0.33, 0.34)
    assert not page.tasks.is_done("largest"), "with momentum it is another number"
    page.momentum.take(0.0)
    race(page, 0.325, 0.338)
    assert not page.tasks.is_done("largest"), "a near miss: they lie more than a hundredth apart"
    page.reset()
    race(page, 0.33, 0.34)
    assert page.tasks.is_done("largest")
    assert "Between 0.33 and 0.34." in all_texts(page.tasks)
    assert "2/6 = 0.333" in all_texts(page.tasks)
    page.set_surface("bowl")
    race(page, 0.005, 1.2)
    click(page.back_button)
    assert (page.surface.code, page.race.steps) == ("narrow", 0)
    assert (page.eta_a.value(), page.eta_b.value()) == (0.05, 0.3)
    assert page.question.asked is not None
    page.set_surface("bowl")
    assert "gets down." not in all_texts(page.tasks)
    assert set(page.tasks.done_ids()) == {"both", "largest"}, "what was done stays"


def test_too_small_and_too_large_are_seen_in_one_race(page: ValleyPage) -> None:
    assert "after 14 steps more than half of its C is left" in all_texts(page.tasks)
    for a, b, why in (
        (0.005, 0.32, "B comes down"),
        (0.05, 0.4, "A does not creep"),
        (0.005, 50.0, "one huge step"),
    ):
        race(page, a, b)
        assert page.tasks.done_ids() == [], why
    assert "one step threw B far away" in all_texts(page.tasks)
    race(page, 0.005, 0.4)
    assert page.tasks.done_ids() == ["both"]
    assert "one step threw" not in all_texts(page.tasks)
    costs = page.race.costs(0)
    assert costs[-1] > costs[0] / 2
    assert "B is outside" in all_texts(page.map)
    assert "η 0.34 to 0.4: outside" in all_texts(page.map)


@pytest.mark.long
def test_over_the_hill_from_the_right_and_no_other_way(page: ValleyPage) -> None:
    page.set_surface("two_valleys")
    page.map.start.drag(-1.0, 1.0)
    race(page, 0.1, 0.2, laps=3)
    assert not page.tasks.is_done("hill"), "it began on the left"
    page.set_surface("two_valleys")
    race(page, 0.1, 0.2, laps=3)
    assert not page.tasks.is_done("hill"), "it stayed on its side"
    page.momentum.take(0.9)
    race(page, 0.05, 0.2)
    assert not page.tasks.is_done("hill"), "it passes, and does not rest"
    race(page, 0.05, 0.1, laps=4)
    assert page.tasks.done_ids() == ["hill"]


@pytest.mark.long
def test_what_is_said_of_the_way_over_the_hill_holds_of_a_large_eta_too(page: ValleyPage) -> None:
    """Without momentum and noise a ball with a large η comes over, too: only in small steps it would have stayed."""
    page.set_surface("two_valleys")
    left, right = page.surface.bottoms

    def end(eta: float, steps: int) -> tuple[float, float]:
        return descend(page.surface, page.surface.start, Rules(eta), steps)[-1].place

    over = next(eta for eta in np.arange(0.3, 0.8, 0.01).tolist() if math.dist(end(eta, 4 * LAP), left) < 0.1)
    race(page, 0.01, over, laps=4)
    assert page.tasks.is_done("hill")
    told = "In small steps, without momentum or noise, it would have stayed at the right."
    assert told in all_texts(page.tasks)
    for eta in (0.01, 0.1):
        assert end(eta, round(20 / eta)) == pytest.approx(right, abs=1e-3)


def test_a_ball_thrown_out_of_all_bounds_is_drawn_and_said(page: ValleyPage) -> None:
    race(page, 50.0, 90.0, laps=2)
    page.grab()
    assert "B is outside: C = " in all_texts(page.map)
    assert "far outside" in all_texts(page.question)
    assert "C = over 1,000,000,000" in all_texts(page.map)
    page.show_me()
    page.press_main()
    assert not child(page, QTimer, "valley_steps").isActive(), "there is nothing left to run"


def test_after_two_laps_texts_are_short_and_in_sight_at_whatever_size(page: ValleyPage) -> None:
    for _ in range(2):
        page.show_me()
    said = all_texts(page.map)
    assert ": far outside" in said
    assert "up to over" not in said, "in a small window it lies beside the start, which is named, too"
    for size in ((1146, 656), (820, 528), (1146, 656)):
        page.resize(*size)
        page.grab()
        items = [
            item for item in page.curve.scene().items() if isinstance(item, pg.TextItem) and item.isVisible()
        ]
        assert {item.toPlainText() for item in items} >= {"A", "B"}
        assert all(item.sceneBoundingRect().right() <= page.curve.width() for item in items)
        assert f"{page.race.steps} steps" in all_texts(page.curve)


def test_noise_is_another_with_each_race_and_the_same_for_both_balls(page: ValleyPage) -> None:
    page.noise.take(1.0)
    race(page, 0.1, 0.1)
    first = page.race.places(1)
    assert np.array_equal(page.race.places(0), first)
    page.question.again_button.click()
    race(page, 0.1, 0.1)
    assert not np.array_equal(page.race.places(1), first)


def test_twenty_eta_are_covered_before_the_answer_and_go_on_after_it(page: ValleyPage) -> None:
    def is_covered() -> bool:
        return page.fan is None and not page.fan_plot.plot.isVisible()

    assert is_covered()
    assert "You see them after your answer" in all_texts(page.fan_plot)
    race(page, 0.05, 0.3)
    assert page.fan is not None
    assert page.fan_plot.plot.isVisible()
    assert "those up to 0.32 end lower than they began; from 0.34 on, higher" in all_texts(page.question)
    heights = 10 ** page.fan_plot.end_dots.getData()[1]
    assert heights == pytest.approx(page.fan.ends())
    assert len(heights) == 20
    assert tuple(page.fan_plot.edge_band.getData()[0]) == pytest.approx((0.32, 0.34))
    page.step_button.click()
    assert [len(path) for path in page.fan.paths] == [LAP + 2] * 20
    page.eta_b.take(0.2)
    assert is_covered()


@pytest.mark.parametrize(("code", "tick"), [("bowl", "100,000"), ("saddle", "−20")])
def test_the_cost_of_20_eta_is_in_powers_of_ten_on_a_valley(page: ValleyPage, code: str, tick: str) -> None:
    page.set_surface(code)
    with watched() as painted:
        race(page, 0.05, 0.3)
        page.grab()
    texts = {each.text for each in painted if each.whose == "valley_fan_plot"}
    assert texts & {"100,000", "−20"} == {tick}


def test_a_thrown_ball_is_asked_about_by_what_its_steps_did(page: ValleyPage) -> None:
    page.momentum.take(0.8)
    page.noise.take(5.0)
    page.eta_b.take(0.52)
    while True:  # the noise of a race is by chance; one of these grows, another does not
        for _ in range(LAP):
            page.step_button.click()
        if page.race.is_thrown(1):
            longer = "Each step of B was longer" in all_texts(page.question)
            assert longer is page.race.steps_grow(1)
            assert longer or "B ended higher than it began" in all_texts(page.question)
        if page.race.is_thrown(1) and not page.race.steps_grow(1):
            break
        page.go_on()


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_bands_are_of_equal_root_of_c_and_light_changes_them_by_11_percent_at_most(theme: Theme) -> None:
    set_theme(theme)
    colours = band_colours(theme)
    drawn = picture(LANDSCAPES["bowl"], ((-3, 3), (-3, 3)), QSize(360, 360), 1.0).toImage()
    for band in (1, 4, 7):
        radius = (band + 0.5) / 12 * 3 * math.sqrt(2) * 60
        for angle in (0.3, 1.9, 3.4, 5.0):
            at = QPoint(round(180 + radius * math.cos(angle)), round(180 + radius * math.sin(angle)))
            if drawn.rect().contains(at):
                pixel = drawn.pixelColor(at)
                seen = np.array((pixel.red(), pixel.green(), pixel.blue()), float)
                low, high = 0.88 * colours[band] - 3, colours[band] + 0.12 * (255 - colours[band]) + 3
                assert ((low <= seen) & (seen <= high)).all(), (band, angle)


def test_the_picture_lies_as_the_axes_do() -> None:
    def plane(code: str, axis: int) -> Landscape:
        return Landscape(code, lambda points: points[..., axis], np.zeros_like, (0, 0))

    for axis, lower, higher in ((0, (20, 60), (180, 60)), (1, (100, 110), (100, 10))):
        drawn = picture(plane("plane", axis), SEEN, QSize(200, 120), 2.0).toImage()
        low, high = (drawn.pixelColor(2 * x, 2 * y).lightness() for x, y in (lower, higher))
        assert low < high
    ring = picture(LANDSCAPES["bowl"], ((-3, 3), (-3, 3)), QSize(300, 300), 1.0).toImage()
    upper_left, lower_right = (ring.pixelColor(*place).lightness() for place in ((80, 80), (219, 219)))
    assert upper_left < lower_right, "light comes from the upper left, into the slope that faces it"


@one_quick("size", [(1024, 640), (1920, 1080)])
def test_words_fit(open_page: OpenPage, size: tuple[int, int]) -> None:
    page = open_page(ValleyPage, size=size, dressed=True)
    with watched() as painted:
        race(page, 0.005, 0.4)
        page.grab()
    assert painted
    assert [text for text in painted if not text.fits] == []
    assert page.map.height() > 150
    assert page.curve.height() >= 70


def test_map_and_panels_have_the_measures_of_the_design(open_page: OpenPage) -> None:
    page = open_page(ValleyPage, size=(1440, 900), dressed=True)
    area = page.map.box.geometry()
    assert area.width() == pytest.approx(800, abs=5)
    assert area.height() == pytest.approx(392, abs=12)
    assert [panel.width() for panel in page.panels] == pytest.approx([257] * 3, abs=2)


def test_words_at_the_balls_do_not_meet(page: ValleyPage) -> None:
    def meet(*words: str) -> list[tuple[str, ...]]:
        items = [each for each in page.map.scene().items() if isinstance(each, QGraphicsSimpleTextItem)]
        view = page.map.viewportTransform()
        places = {each.text(): each.deviceTransform(view).mapRect(each.boundingRect()) for each in items}
        return [pair for pair in combinations(words, 2) if places[pair[0]].intersects(places[pair[1]])]

    page.setStyleSheet("* { font-size: 14px }")
    page.resize(900, 400)
    page.grab()
    assert meet("A", "B", "A and B start here") == []
    page.resize(900, 528)
    click(page.show_me_button)
    assert meet("A", "B", "η 0.02", "η 0.32") == []
