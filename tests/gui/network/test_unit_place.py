"""Where the window of a unit goes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, QSize

from mnistviz.gui.network.unit.unit_dock import place_beside

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


def test_over_the_window_it_is_on_the_half_away_from_the_unit() -> None:
    screen = QRect(0, 0, 1920, 1080)
    for x, leftwards in ((1200, True), (400, False)):
        tile = QRect(x, 300, 48, 48)
        place = place_beside(SIZE, LEAST, screen, screen, QRect(300, 110, 1600, 500), tile)
        assert place.size() == SIZE
        assert (place.right() < tile.left()) == leftwards
