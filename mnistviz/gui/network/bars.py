"""Bars in the picture of the network: their lengths, and the Qt item that shows them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem

from mnistviz.engine.functions import Activation

Array = NDArray[Any]

CAP: Final = 2.0  # pixels, the height of the cap above a bar whose value exceeds the scale


@dataclass(frozen=True)
class BarScale:
    """Scale of upright bars: 0 is at `zero`, a fraction of the height, and the value `full` is at the top."""

    zero: float
    full: float

    @property
    def needs_legend(self) -> bool:
        return self.full != 1.0


@dataclass(frozen=True, eq=False)
class Bars:
    """One value for each unit of a layer, (n,), drawn as upright bars."""

    values: Array
    scale: BarScale


@dataclass(frozen=True, eq=False)
class SignedBars:
    """One value for each unit of a layer, (n,), drawn from the middle to either side, where `full` > 0 ends."""

    values: Array
    full: float


def activation_scale(function: Activation, full: float) -> BarScale:
    """Return the scale for activations; `full` is used only where the function has no bound."""
    if function.bounds or not (full > 0 and math.isfinite(full)):
        full = 1.0
    return BarScale(function.below_zero, full)


def upright_bars(values: Array, rooms: Array, scale: BarScale) -> Array:
    """Return bars inside their `rooms`, (n, 4) as x, y, width, height, that go up or down from 0. A value beyond the
    scale gets a cap as a bar of its own: the result is (m, 4), m ≥ n."""
    bars, height = rooms.copy(), rooms[:, 3]
    most = (1 - scale.zero) * height
    length = values * (most / scale.full)
    up = np.minimum(np.maximum(length, 0), most)
    beyond = length > most
    capped = beyond.any()
    if capped:
        up[beyond] -= 2 * CAP
    bars[:, 1] += most - up
    bars[:, 3] = up
    if scale.zero:
        bars[:, 3] += np.minimum(np.maximum(-length, 0), scale.zero * height)
    if not capped:
        return bars
    caps = rooms[beyond]
    caps[:, 3] = CAP
    return np.concatenate([bars, caps])


def signed_bars(values: Array, rooms: Array, full: float) -> tuple[Array, Array]:
    """Return the bars of positive values and those of all others, (m, 4) each, inside their `rooms`, (n, 4). They go
    from the middle to the right or left; a value beyond the scale gets a separate cap at the end."""
    bars, half = rooms.copy(), rooms[:, 2] / 2
    length, in_favour = np.abs(values) * (half / full), values > 0
    beyond = length > half
    capped = beyond.any()
    if capped:
        length = np.minimum(length, half)
        length[beyond] -= 2 * CAP
    bars[:, 2] = length
    bars[:, 0] += half - np.where(in_favour, 0, length)
    for_it, against = bars[in_favour], bars[~in_favour]
    if not capped:
        return for_it, against
    caps = rooms.copy()
    caps[:, 0] += np.where(in_favour, rooms[:, 2] - CAP, 0)
    caps[:, 2] = CAP
    return (
        np.concatenate([for_it, caps[beyond & in_favour]]),
        np.concatenate([against, caps[beyond & ~in_favour]]),
    )


class BarItem:
    """Bars of one colour as one Qt item.

    The item reuses its path: whenever a Qt object is deleted, PySide releases Python's lock and has to wait for the
    training thread to get it back. The old bars are repainted for the reason given at `set_path`.
    """

    def __init__(self, z: float) -> None:
        self.item = QGraphicsPathItem()
        self.item.setPen(QPen(Qt.PenStyle.NoPen))
        self.item.setZValue(z)
        self._path = QPainterPath()
        self._room = (0.0, 0.0, 0.0, 0.0)
        self._is_empty = True

    def place(self, left: float, top: float, right: float, bottom: float) -> None:
        self._room = left - 1, top - 1, right - left + 2, bottom - top + 2

    def show(self, bars: Iterable[Sequence[float]] = ()) -> None:
        scene = self.item.scene()
        if scene is not None and not self._is_empty:
            scene.update(*self._room)
        path, add = self._path, self._path.addRect
        path.clear()
        self._is_empty = True
        for bar in bars:
            add(*bar)
            self._is_empty = False
        self.item.setPath(path)


def place_bars(rooms: Array, *items: BarItem) -> None:
    if len(rooms):
        (left, top), (right, bottom) = rooms[:, :2].min(axis=0), (rooms[:, :2] + rooms[:, 2:]).max(axis=0)
        for item in items:
            item.place(float(left), float(top), float(right), float(bottom))
