"""Arrays become lines and polygons point for point, with a gap where a number is not finite."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QPainterPath

from mnistviz.gui.common.painter_tools import line_path, polygon

LINE = QPainterPath.ElementType.LineToElement
NUMBERS = st.one_of(st.integers(-1_000, 1_000).map(float), st.sampled_from([math.nan, math.inf, -math.inf]))


@given(st.lists(st.tuples(NUMBERS, NUMBERS), max_size=12))
def test_a_line_goes_through_its_points_and_leaves_gaps(points: list[tuple[float, float]]) -> None:
    expected = [(one, other) for one, other in pairwise(points) if all(map(math.isfinite, (*one, *other)))]
    x, y = np.array(points, dtype=np.float64).reshape(-1, 2).T
    path = line_path(x, y)
    corners = [path.elementAt(number) for number in range(path.elementCount())]
    drawn = [((one.x, one.y), (other.x, other.y)) for one, other in pairwise(corners) if other.type is LINE]
    assert drawn == expected


def test_a_polygon_has_its_points_in_order() -> None:
    x = np.array([1.0, 2.5, -3.0])
    made = polygon(x, 2 * x)
    assert [made.at(number).toTuple() for number in range(made.size())] == [
        (1.0, 2.0),
        (2.5, 5.0),
        (-3.0, -6.0),
    ]
    assert not polygon(np.empty(0), np.empty(0)).size()
