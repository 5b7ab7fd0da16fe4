"""Bars in the picture of the network: how long each is, and the item that shows them."""

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

CAP: Final = 2.0  # pixels: it stands above a bar whose value is beyond the scale


@dataclass(frozen=True)
class BarScale:
    """Values as upright bars: 0 is at `zero`, a share of the height, and `full` is at the top."""

    zero: float
    full: float

    @property
    def needs_legend(self) -> bool:
        """Whether a legend must say what is full, since it is not 1."""
        return self.full != 1.0


@dataclass(frozen=True, eq=False)
class Bars:
    """A value for each unit of a layer, (n,), whatever it means, shown as upright bars."""

    values: Array
    scale: BarScale


@dataclass(frozen=True, eq=False)
class SignedBars:
    """A value for each unit of a layer, (n,), shown from the middle to either side; `full` > 0 is half the width."""

    values: Array
    full: float


def activation_scale(function: Activation, full: float) -> BarScale:
    """The scale for activations; `full` counts where its values have no bound."""
    if function.bounds or not (full > 0 and math.isfinite(full)):
        full = 1.0
    return BarScale(function.below_zero, full)


def upright_bars(values: Array, rooms: Array, scale: BarScale) -> Array:
    """Bars in their `rooms`, (n, 4) as x, y, width, height: (m, 4), with a cap, a bar of its own, for each that is
    beyond the scale. They go up from 0, or down."""
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
    """Bars in their `rooms`, (n, 4): those of values above 0 and the others, (m, 4) each. They go from the middle to
    the right or to the left; for a value beyond the scale a cap stands apart at the end."""
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
    """Bars of one colour, as an item of Qt's.

    It keeps its path: whenever an object of Qt's ends, PySide gives Python's lock away for it, and has to get it back
    from the learner. Where the bars were is painted over for the reason of `set_path`, and without such an object.
    """

    def __init__(self, z: float) -> None:
        self.item = QGraphicsPathItem()
        self.item.setPen(QPen(Qt.PenStyle.NoPen))
        self.item.setZValue(z)
        self._path = QPainterPath()
        self._room = (0.0, 0.0, 0.0, 0.0)
        self._is_empty = True

    def place(self, left: float, top: float, right: float, bottom: float) -> None:
        """Where all of its bars will lie, whatever they show."""
        self._room = left - 1, top - 1, right - left + 2, bottom - top + 2

    def show(self, bars: Iterable[Sequence[float]] = ()) -> None:
        """Shows bars, each as x, y, width and height."""
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
    """Tells the items in which `rooms`, (n, 4) as x, y, width, height, their bars will lie."""
    if len(rooms):
        (left, top), (right, bottom) = rooms[:, :2].min(axis=0), (rooms[:, :2] + rooms[:, 2:]).max(axis=0)
        for item in items:
            item.place(float(left), float(top), float(right), float(bottom))
