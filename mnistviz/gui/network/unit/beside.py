"""Where a window goes so that it does not hide what it is about: numbers only, so that it can be tested."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize

GAP = 8  # pixels between the window and what it must not hide


def beside(size: QSize, least: QSize, screen: QRect, window: QRect, card: QRect, tile: QRect) -> QRect:
    """A place on `screen` for a new window about what is in `tile`, on the `card` of the main `window`; all of them are
    where they are on the desktop, and `card` is without its header.

    The side is that away from the tile. Best is beside the main window. Else it is over the card, and what is there
    below: away from the tile's neighbours, too, if it can be. Only where that is not enough it is smaller than `size`,
    down to `least`.
    """
    leftwards = tile.center().x() > window.center().x()
    left = QRect(screen.topLeft(), QPoint(window.left() - 1, screen.bottom()))
    right = QRect(QPoint(window.right() + 1, screen.top()), screen.bottomRight())
    for room in (left, right) if leftwards else (right, left):
        if _holds(room, size):
            return _in(room, size, room is left, card.top(), screen)
    around = tile.adjusted(-tile.width(), -tile.height(), tile.width(), tile.height())
    rooms: list[tuple[QRect, bool]] = []
    for avoided in (around, tile):
        rooms = _rooms(screen, card.top(), avoided.adjusted(-GAP, -GAP, GAP, GAP), leftwards)
        for wanted in (size, least):
            for room, at_right in rooms:
                if _holds(room, wanted):
                    return _in(room, size.boundedTo(room.size()), at_right, card.top(), screen)
    room, at_right = max(rooms, key=lambda each: each[0].width() * each[0].height())
    return _in(room, size.boundedTo(room.size()), at_right, card.top(), screen)


def _rooms(screen: QRect, top: int, taken: QRect, leftwards: bool) -> list[tuple[QRect, bool]]:
    """The parts of a screen beside what is taken, the best first, and whether one goes to the right end of each."""
    left = QRect(QPoint(screen.left(), top), QPoint(taken.left() - 1, screen.bottom())) & screen
    right = QRect(QPoint(taken.right() + 1, top), screen.bottomRight()) & screen
    below = QRect(QPoint(screen.left(), taken.bottom() + 1), screen.bottomRight()) & screen
    above = QRect(screen.topLeft(), QPoint(screen.right(), taken.top() - 1)) & screen
    sides = [(left, True), (right, False)]
    return [*(sides if leftwards else reversed(sides)), (below, leftwards), (above, leftwards)]


def _holds(room: QRect, size: QSize) -> bool:
    return room.width() >= size.width() and room.height() >= size.height()


def _in(room: QRect, size: QSize, at_right: bool, top: int, screen: QRect) -> QRect:
    """Of a size that it holds, in a room, at the height `top` or as near as it can be."""
    x = room.right() + 1 - size.width() if at_right else room.left()
    y = min(max(top, room.top()), room.bottom() + 1 - size.height())
    return QRect(QPoint(x, y), size) & screen
