"""Arrays as paths and polygons of Qt, without a call for each point."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QPainterPath, QPolygonF
from shiboken6 import VoidPtr

Floats = NDArray[np.float64]
_MEMORY: Any = VoidPtr  # its stub knows one argument only


def polygon(x: Floats, y: Floats) -> QPolygonF:
    """Return the points at `x` and `y`, in order."""
    n, points = len(x), QPolygonF()
    if n:
        points.resize(n)
        memory: Any = _MEMORY(points.data(), 16 * n, True)  # two doubles a point, writable
        corners = np.frombuffer(memory).reshape(n, 2)
        corners[:, 0], corners[:, 1] = x, y
    return points


def line_path(x: Floats, y: Floats) -> QPainterPath:
    """Return a line from point to point, with a gap where a point is not finite."""
    path, good = QPainterPath(), np.isfinite(x + y)
    if good.all():  # nearly always
        path.addPolygon(polygon(x, y))
        return path
    edges = np.flatnonzero(np.diff(good, prepend=False, append=False))
    for begin, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        path.addPolygon(polygon(x[begin:end], y[begin:end]))
    return path
