"""The unit seen large and the network card: beside it, docked, and chosen in one place as in the other."""

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QRect, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from mnistviz.engine.digits import PIXELS, Digits
from mnistviz.engine.network import Unit
from mnistviz.gui.common.choices import Choices, Chosen, UnitPart
from mnistviz.gui.common.painted_text import watched
from mnistviz.gui.common.theme import DARK, LIGHT, set_theme
from mnistviz.gui.lab.jobs import Jobs
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.network.card import NetworkCard
from mnistviz.gui.network.side_window import place_beside
from mnistviz.gui.network.unit.hand_bar import UnitHeader
from mnistviz.gui.network.unit.unit_detail import UnitDetail
from mnistviz.gui.network.unit.unit_dock import UnitDock
from mnistviz.gui.network.weight_colours import WeightSwitch
from tests.gui.network.conftest import put_digit
from tests.gui.network.moments import later, moment, there

HIDDEN, OUTPUTS = 1, 2


class Desk:
    """A window with a network card, and the unit that is seen large."""

    def __init__(self, jobs: Jobs, digits: Digits) -> None:
        self.window = QWidget()
        self.window.resize(1060, 430)
        self.field = QLineEdit(self.window)
        self.field.setGeometry(0, 390, 100, 30)
        self.chosen = Chosen()
        self.card = NetworkCard(self.window, chosen=self.chosen)
        self.card.resize(1056, 380)
        self.detail = UnitDetail(jobs, self.chosen, self.window)
        self.unit_dock = UnitDock(self.card, self.detail, self.window)
        self.card.set_digits(digits)
        self.detail.set_digits(digits)
        self.draw(Shown(moment=moment(PIXELS, 30, 10, step=3)))

    def draw(self, shown: Shown) -> None:
        self.card.draw(shown)
        self.detail.draw(shown)

    def dock(self, layer: int = HIDDEN, unit: int = 7) -> None:
        self.unit_dock.open(layer, unit)

    def open_window(self, layer: int = HIDDEN, unit: int = 7) -> None:
        """Opens a unit for a user who wants it in a window of its own."""
        self.detail.wants_dock = False
        self.unit_dock.open(layer, unit)

    def tile(self, unit: int, layer: int = HIDDEN) -> QRect:
        """Where a unit's frame is on the desktop."""
        return there(self.card.frame_of(Unit(layer, unit))).translated(self.card.mapToGlobal(QPoint(0, 0)))


@pytest.fixture
def desk(qtbot: QtBot, jobs: Jobs, random_digits: Digits) -> Desk:
    made = Desk(jobs, random_digits)
    qtbot.addWidget(made.window)
    with qtbot.waitActive(made.window):
        made.window.show()
        made.window.activateWindow()
    return made


def test_a_unit_opens_in_a_window_beside_it_and_is_chosen(desk: Desk) -> None:
    for layer, unit in ((HIDDEN, 7), (HIDDEN, 0), (OUTPUTS, 9)):
        desk.open_window(layer, unit)
        assert desk.detail.isWindow()
        assert desk.detail.shown_unit == (layer, unit)
        assert not desk.detail.geometry().intersects(desk.tile(unit, layer))
        assert desk.detail.screen().availableGeometry().contains(desk.detail.geometry())
        desk.detail.close()
    assert desk.card.selection.chosen_unit == (HIDDEN, 0)
    assert desk.card.selection.chosen_output == 9


def test_a_window_that_is_open_grows_with_larger_text(desk: Desk) -> None:
    desk.window.setStyleSheet("* { font-size: 13px }")
    desk.open_window()
    desk.detail.resize(desk.detail.least_size())
    QCoreApplication.processEvents()
    before, bar = desk.detail.size(), desk.detail.content.horizontalScrollBar()
    set_theme(DARK, desk.detail)
    QCoreApplication.processEvents()
    assert desk.detail.size() == before
    desk.window.setStyleSheet("* { font-size: 17px }")
    set_theme(LIGHT, desk.detail)
    for _ in range(3):
        QCoreApplication.processEvents()
    assert desk.detail.width() > before.width()
    assert bar.maximum() == 0


def test_where_the_user_has_put_the_window_it_stays_until_it_is_closed(desk: Desk) -> None:
    desk.open_window()
    first = desk.detail.geometry()
    desk.detail.move(33, 44)
    desk.unit_dock.open(HIDDEN, 12)
    assert desk.detail.pos() == QPoint(33, 44)
    desk.detail.close()
    desk.unit_dock.open(HIDDEN, 7)
    assert desk.detail.geometry() == first


def test_choosing_in_either_place_chooses_in_both_once(desk: Desk) -> None:
    chosen: list[object] = []
    desk.card.selection.unit_chosen.connect(chosen.append)
    desk.unit_dock.open(HIDDEN, 7)
    desk.detail.go_on()
    assert desk.card.selection.chosen_unit == (HIDDEN, 8)
    desk.card.select(HIDDEN, 20)
    assert desk.detail.shown_unit == (HIDDEN, 20)
    assert desk.detail.header.title.text() == "Unit 21"
    desk.detail.go_back()
    assert chosen == [(HIDDEN, 7), (HIDDEN, 8), (HIDDEN, 20), (HIDDEN, 19)]


def test_an_output_takes_the_place_of_an_output_only(desk: Desk) -> None:
    desk.unit_dock.open(HIDDEN, 7)
    desk.card.selection.choose_output(3)
    assert desk.detail.shown_unit == (HIDDEN, 7), "it was chosen to see who speaks for it"
    desk.unit_dock.open(OUTPUTS, 4)
    desk.card.selection.choose_output(5)
    assert desk.detail.shown_unit == (OUTPUTS, 5)
    desk.detail.go_on()
    assert desk.card.selection.chosen_output == 6


def test_weights_or_learned_is_one_choice(desk: Desk) -> None:
    desk.unit_dock.open(HIDDEN, 7)
    desk.card.showing.choose(WeightSwitch.WEIGHTS)
    assert desk.detail.showing.value() == WeightSwitch.WEIGHTS
    desk.detail.showing.choose(WeightSwitch.LEARNED)
    assert desk.card.showing.value() == WeightSwitch.LEARNED


def test_it_lies_over_the_scratchpad_and_nothing_else_moves(desk: Desk) -> None:
    card, detail = desk.card, desk.detail
    put_digit(card)
    parts = (card.pad, card.seen, card.picture, card.head, card.showing)
    before = [part.geometry() for part in parts]
    tile, outputs = card.frame_of(Unit(HIDDEN, 29)), card.picture.outputs.tracks
    desk.unit_dock.open(HIDDEN, 7)
    assert detail.parent() is card
    assert detail.isVisible()
    assert detail.geometry().contains(card.pad.geometry())
    assert detail.geometry().contains(card.seen.geometry())
    stage = there(card.picture.opened_stage)
    assert not detail.geometry().intersects(stage.bounds.translated(card.picture.pos()))
    assert [part.geometry() for part in parts] == before
    assert (card.frame_of(Unit(HIDDEN, 29)), card.picture.outputs.tracks) == (tile, outputs)
    with watched() as heard:
        card.picture.outputs.paint_words()
    digit = card.widgets.small.geometry().translated(-card.picture.pos())
    assert not any(each.room.toRect().intersects(digit) for each in heard if each.whose == "verdict")
    assert (card.pad.isVisible(), card.widgets.small.isVisible()) == (False, True), "the digit stays in view"
    detail.header.dock.click()
    assert detail.isWindow()
    assert card.pad.isVisible()
    detail.header.dock.click()
    detail.header.close_button.click()
    assert not detail.isVisible()
    assert (card.pad.isVisible(), card.widgets.small.isVisible()) == (True, False)
    assert [part.geometry() for part in parts] == before


@pytest.mark.parametrize("way", ["P", "digit"])
def test_the_pen_or_the_small_digit_bring_the_scratchpad_back(desk: Desk, way: str) -> None:
    put_digit(desk.card)
    desk.dock()
    if way == "P":
        desk.card.pad.pen_action.trigger()
    else:
        QTest.mouseClick(desk.card.widgets.small, Qt.MouseButton.LeftButton)
    assert (desk.detail.isVisible(), desk.card.pad.isVisible()) == (False, True)
    assert QApplication.focusWidget() is desk.card.pad


@pytest.mark.parametrize(("width", "height", "side"), [(1156, 432, 252), (972, 300, 112), (1556, 700, 252)])
def test_docked_it_has_weights_outputs_and_digits_and_nothing_is_clipped(
    desk: Desk, qtbot: QtBot, width: int, height: int, side: int
) -> None:
    detail = desk.detail
    desk.window.resize(1600, 740)
    desk.card.resize(width, height)
    desk.dock(unit=28)
    qtbot.waitUntil(lambda: bool(detail.ranked.most.shown))
    for _ in range(3):
        QCoreApplication.processEvents()
    with watched() as heard:
        detail.grab()
    assert all(each.fits for each in heard), [each for each in heard if not each.fits]
    for part in (detail.header, detail.picture, detail.outgoing, detail.ranked.most):
        assert part.isVisible()
        assert part.visibleRegion().boundingRect().size() == part.size()
    assert detail.picture.picture_rect().width() >= side
    assert not detail.content.verticalScrollBar().maximum()


def test_beside_a_row_of_digits_it_has_a_window(desk: Desk) -> None:
    desk.dock()
    desk.card.row.actions.wide.setChecked(True)
    assert not desk.detail.isVisible()
    desk.card.row.actions.wide.setChecked(False)
    assert desk.detail.isVisible()
    desk.detail.close()
    desk.card.row.actions.wide.setChecked(True)
    desk.unit_dock.open(HIDDEN, 7)
    assert desk.detail.isWindow()
    assert desk.detail.wants_dock, "where there is room again, it is what the user wants"


def test_only_an_output_has_a_legend_of_its_own_when_docked(desk: Desk) -> None:
    desk.dock()
    assert not desk.detail.legend.isVisible(), "the card's tells of the same colours"
    desk.unit_dock.open(OUTPUTS, 2)
    assert desk.detail.legend.isVisible()
    desk.detail.header.dock.click()
    desk.unit_dock.open(HIDDEN, 2)
    assert desk.detail.legend.isVisible()


@pytest.mark.parametrize("window", [True, False])
def test_docked_or_not_is_kept(desk: Desk, window: bool) -> None:
    desk.unit_dock.open(HIDDEN, 7)
    if window:
        desk.detail.header.dock.click()
    desk.detail.close()
    assert desk.chosen.now.unit.window == window
    desk.chosen.restore(Choices(unit=UnitPart(not window)))
    desk.chosen.restore(Choices(unit=UnitPart(window)))
    desk.unit_dock.open(HIDDEN, 8)
    assert desk.detail.isWindow() == window


def test_arrows_go_on_only_while_the_docked_unit_has_the_focus(desk: Desk) -> None:
    desk.dock()
    assert QApplication.focusWidget() is desk.detail
    QTest.keyClick(desk.detail, Qt.Key.Key_Right)
    assert desk.detail.shown_unit == (HIDDEN, 8)
    desk.window.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    for elsewhere in (desk.window, desk.field):
        elsewhere.setFocus()
        QTest.keyClick(elsewhere, Qt.Key.Key_Right)
        assert desk.detail.shown_unit == (HIDDEN, 8)
    desk.card.picture.setFocus()
    QTest.keyClick(desk.card.picture, Qt.Key.Key_Right)
    assert desk.detail.shown_unit == desk.card.selection.chosen_unit == (HIDDEN, 9)


@pytest.mark.parametrize("place", ["detail", "picture"])
def test_escape_closes_the_docked_unit_and_then_lets_go_of_it(desk: Desk, place: str) -> None:
    desk.dock()
    picture = desk.card.picture
    (desk.detail if place == "detail" else picture).setFocus()
    QTest.keyClick(there(QApplication.focusWidget()), Qt.Key.Key_Escape)
    assert not desk.detail.isVisible()
    assert desk.card.selection.chosen_unit == (HIDDEN, 7)
    assert QApplication.focusWidget() is picture
    QTest.keyClick(picture, Qt.Key.Key_Escape)
    assert desk.card.selection.chosen_unit is None


def test_closing_a_docked_unit_takes_the_focus_from_nobody_else(desk: Desk) -> None:
    desk.dock()
    desk.field.setFocus()
    desk.detail.header.close_button.click()
    assert QApplication.focusWidget() is desk.field


def test_card_and_unit_give_a_weight_one_colour(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Scales that keep still for a while may differ by what came before; the two have one."""
    monkeypatch.setattr("mnistviz.gui.network.weight_colours.EVERY", 0.0)  # however long the drawing takes
    first = moment(PIXELS, 30, 10, step=3)
    for step, change in ((4, 0.04), (5, 0.09)):
        desk.card.draw(Shown(moment=later(first, step, change)))
    desk.draw(Shown(moment=later(first, 6, 0.055)))
    desk.unit_dock.open(HIDDEN, 7)
    assert desk.detail.legend.limit == desk.card.foot.legend.limit


def test_the_name_of_a_unit_is_shortened_whole(qtbot: QtBot) -> None:
    """Beside the buttons of a narrow panel “Unit 6 · copy” was seen as “Unit …”."""
    header = UnitHeader(*[lambda: None] * 3)
    qtbot.addWidget(header)
    header.show_docked(True)
    header.show()
    titles = ("Hidden 1 · unit 6 · copy", "Hidden 1 · unit 6", "Unit 6")
    header.show_title(*titles)
    for width, shown in ((180, titles[2]), (600, titles[0])):
        header.resize(width, 30)
        QApplication.processEvents()
        assert header.title.text() == shown
        assert header.title.fontMetrics().horizontalAdvance(shown) <= header.title.width()
    font = header.font()
    font.setPixelSize(60)
    header.setFont(font)
    QApplication.processEvents()
    assert header.title.text() == titles[2]
    assert header.title.accessibleName() == titles[0]


SIZE, LEAST = QSize(800, 640), QSize(580, 320)
WINDOW, CARD = QRect(0, 0, 1366, 740), QRect(300, 110, 1056, 350)


def tiles(window: QRect, card: QRect) -> list[QRect]:
    """Frames of units all over a card."""
    area = card.adjusted(0, 0, -48, -48)
    return [
        QRect(QPoint(area.left() + across * area.width() // 8, area.top() + down * area.height() // 4), QSize(48, 48))
        for across in range(9)
        for down in range(5)
    ]  # fmt: skip


@pytest.mark.parametrize(
    "screen", [QRect(0, 0, 1366, 768), QRect(0, 0, 1920, 1080), QRect(-200, 20, 1600, 900)]
)
def test_it_hides_neither_its_unit_nor_the_neighbours_and_lies_on_the_screen(screen: QRect) -> None:
    for tile in tiles(WINDOW, CARD):
        place = place_beside(SIZE, LEAST, screen, WINDOW, CARD, tile)
        assert screen.contains(place)
        assert not place.intersects(tile.adjusted(-48, -48, 48, 48))
        assert place.width() >= LEAST.width()
        assert place.height() >= LEAST.height()
        assert place.top() >= CARD.top(), "the card's header stays to be read"


@pytest.mark.parametrize("width", [400, 640, 800, 1024])
@pytest.mark.parametrize("height", [400, 640])
def test_on_a_small_screen_it_gets_smaller_rather_than_hide_its_unit(width: int, height: int) -> None:
    screen = window = QRect(0, 0, width, height)
    card = QRect(10, 110, width - 20, height - 150)
    for tile in tiles(window, card):
        place = place_beside(SIZE, LEAST, screen, window, card, tile)
        assert screen.contains(place)
        assert not place.intersects(tile)


def test_beside_the_main_window_is_best_and_the_side_is_that_away_from_the_unit() -> None:
    screen, window = QRect(0, 0, 3840, 1600), QRect(1300, 100, 1240, 800)
    card = QRect(1500, 200, 1000, 400)
    left, right = (QRect(x, 300, 48, 48) for x in (1600, 2300))
    for tile, at_right in ((left, True), (right, False)):
        place = place_beside(SIZE, LEAST, screen, window, card, tile)
        assert place.size() == SIZE
        assert not place.intersects(window)
        assert (place.left() > window.right()) == at_right
        assert place.left() == window.right() + 1 or place.right() == window.left() - 1
