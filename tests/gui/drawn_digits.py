"""Digits as people draw them, in several styles, sizes and places, and a mouse that draws them."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

Points = list[tuple[float, float]]
Line = NDArray[np.float64]


def arc(x: float, y: float, wide: float, high: float, start: float, end: float) -> Points:
    """Points of an ellipse's arc around (x, y), from angle to angle in degrees, clockwise as y runs down."""
    turns = np.radians(np.linspace(start, end, 16))
    return [(x + wide * float(np.cos(turn)), y + high * float(np.sin(turn))) for turn in turns]


STYLES: dict[int, list[list[Points]]] = {
    0: [
        [arc(0.5, 0.5, 0.33, 0.48, -80, -440)],
        [arc(0.5, 0.5, 0.28, 0.5, -100, 265)],
        [arc(0.52, 0.5, 0.4, 0.46, -60, -415)],
    ],
    1: [
        [[(0.5, 0), (0.5, 1)]],
        [[(0.62, 0), (0.45, 1)]],
        [[(0.38, 0.15), (0.52, 0), (0.5, 1)]],
        [[(0.3, 0.25), (0.52, 0), (0.52, 1)], [(0.28, 1), (0.76, 1)]],
    ],
    2: [
        [[*arc(0.48, 0.28, 0.32, 0.28, -170, 30), (0.6, 0.6), (0.15, 1), (0.85, 1)]],
        [[*arc(0.48, 0.27, 0.3, 0.27, -190, 40), *arc(0.28, 0.88, 0.1, 0.09, 100, 330), (0.9, 0.92)]],
        [[(0.2, 0.15), (0.45, 0), (0.7, 0.12), (0.7, 0.35), (0.5, 0.65), (0.2, 0.98), (0.85, 0.98)]],
    ],
    3: [
        [[*arc(0.45, 0.25, 0.3, 0.25, -150, 80), *arc(0.45, 0.74, 0.35, 0.26, -80, 150)]],
        [[(0.2, 0.02), (0.75, 0.02), (0.45, 0.38), *arc(0.45, 0.7, 0.32, 0.3, -80, 140)]],
    ],
    4: [
        [[(0.35, 0), (0.12, 0.55), (0.85, 0.55)], [(0.68, 0.1), (0.66, 1)]],
        [[(0.62, 0), (0.1, 0.65), (0.9, 0.65)], [(0.62, 0), (0.62, 1)]],
        [[(0.2, 0.05), (0.18, 0.5), (0.75, 0.5)], [(0.75, 0), (0.72, 1)]],
    ],
    5: [
        [[(0.75, 0), (0.25, 0), (0.22, 0.42), *arc(0.45, 0.68, 0.33, 0.3, -120, 140)]],
        [[(0.28, 0.02), (0.25, 0.42), *arc(0.45, 0.7, 0.32, 0.28, -120, 150)], [(0.28, 0.02), (0.8, 0)]],
    ],
    6: [
        [[(0.65, 0), (0.4, 0.2), (0.22, 0.55), *arc(0.48, 0.72, 0.28, 0.26, 190, -190)]],
        [[*arc(0.62, 0.5, 0.42, 0.5, -90, -180), *arc(0.47, 0.72, 0.27, 0.26, 180, -200)]],
    ],
    7: [
        [[(0.15, 0.02), (0.82, 0.02), (0.4, 1)]],
        [[(0.15, 0.05), (0.8, 0.02), (0.62, 0.35), (0.42, 1)], [(0.3, 0.5), (0.8, 0.48)]],
        [[(0.15, 0.2), (0.15, 0.05), (0.85, 0.05), (0.5, 0.55), (0.42, 1)]],
    ],
    8: [
        [[*arc(0.5, 0.26, 0.26, 0.25, 60, -240), *arc(0.5, 0.74, 0.32, 0.26, -110, 260)]],
        [arc(0.5, 0.25, 0.25, 0.24, 90, -270), arc(0.5, 0.74, 0.31, 0.25, -90, 270)],
    ],
    9: [
        [[*arc(0.48, 0.28, 0.28, 0.27, -20, -370), (0.74, 0.4), (0.68, 1)]],
        [[*arc(0.48, 0.27, 0.28, 0.26, -10, -360), (0.76, 0.6), *arc(0.46, 0.75, 0.28, 0.24, -10, 120)]],
        [[*arc(0.45, 0.28, 0.26, 0.28, 0, -360), (0.71, 0.28), (0.71, 1)]],
    ],
}  # fmt: skip
"""For each digit its styles: lists of strokes in a box of side 1. A 9 with a hook is hard to read."""


def drawings(seed: int, of_each: int) -> Iterator[tuple[int, list[Line]]]:
    """Each style of each digit, `of_each` times: the digit and its strokes (n, 2) on a pad of side 1.

    Each has a size, proportions, slant, turn, tremor and place of its own.
    """
    chance = np.random.default_rng(seed)
    for digit, styles in STYLES.items():
        for style in styles * of_each:
            slanted = np.array([[chance.uniform(0.8, 1.15), 0], [chance.uniform(-0.3, 0.1), 1]])
            turn = chance.uniform(-0.12, 0.12)
            shape = slanted @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
            shape *= chance.uniform(0.3, 0.85)
            strokes = [_trembling(evenly(points) - 0.5, chance) @ shape for points in style]
            every = np.concatenate(strokes)
            low, high = every.min(axis=0), every.max(axis=0)
            place = 0.03 - low + chance.random(2) * np.maximum(0.94 - (high - low), 0)
            yield digit, [stroke + place for stroke in strokes]


def draw_by_mouse(
    pad: QWidget, strokes: list[Line], button: Qt.MouseButton = Qt.MouseButton.LeftButton
) -> None:
    """Presses, moves and releases the mouse along strokes, from 0 to 1 on the pad's square of paper."""
    side = min(pad.width(), pad.height()) - 4
    corner = np.array([pad.width() - side, pad.height() - side]) / 2
    for stroke in strokes:
        points = [QPoint(*place) for place in np.rint(corner + stroke * side).astype(int).tolist()]
        QTest.mousePress(pad, button, Qt.KeyboardModifier.NoModifier, points[0])
        for point in points[1:]:
            QTest.mouseMove(pad, point)
        QTest.mouseRelease(pad, button, Qt.KeyboardModifier.NoModifier, points[-1])


def evenly(points: Points) -> Line:
    """The line through the points, as a hand reports it: a point every three hundredths."""
    corners = np.array(points)
    travelled = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(corners, axis=0).T))])
    at = np.linspace(0, travelled[-1], max(2, int(travelled[-1] / 0.03)))
    return np.stack([np.interp(at, travelled, column) for column in corners.T], axis=1)


def _trembling(line: Line, chance: np.random.Generator) -> Line:
    """The line with a slow tremor of about a hundredth."""
    noise = chance.normal(0, 0.012, (len(line) + 8, 2))
    slow = np.stack([np.convolve(column, np.ones(9) / 3, "valid") for column in noise.T], axis=1)
    trembling: Line = line + slow
    return trembling
