"""Activations for one drawing, and the bars and lines that show them in the picture of the network."""

import math
from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem, QGraphicsScene

from mnistviz.engine.evaluation import Health, LayerHealth
from mnistviz.engine.evidence import Contributions, finite, said
from mnistviz.engine.functions import Activation
from mnistviz.engine.network import Network, Unit
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.widgets import add_items, set_path

Array = NDArray[Any]

CAP: Final = 2.0  # pixels, the height of the cap above a bar whose value exceeds the scale


class BarScale(Struct, frozen=True):
    """Scale of upright bars: 0 is at `zero`, a fraction of the height, and the value `full` is at the top."""

    zero: float
    full: float


class Bars(Struct, frozen=True, eq=False):
    """One value for each unit of a layer, (n,), drawn as upright bars."""

    values: Array
    scale: BarScale


class SignedBars(Struct, frozen=True, eq=False):
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
    if capped := beyond.any():
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
    if capped := beyond.any():
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
    """Bars of one colour as one Qt item. It reuses its path: when a Qt object is deleted, PySide releases Python's lock
    and has to wait until the training thread returns it. For why the old bars are repainted see `set_path`."""

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
        scene, were_empty = self.item.scene(), self._is_empty
        path, add = self._path, self._path.addRect
        path.clear()
        self._is_empty = True
        for bar in bars:
            add(*bar)
            self._is_empty = False
        self.item.setPath(path)  # first: or Qt paints twice, before and after the scene hears of the item
        if scene is not None and not were_empty:
            scene.update(*self._room)


def place_bars(rooms: Array, *items: BarItem) -> None:
    if len(rooms):
        (left, top), (right, bottom) = rooms[:, :2].min(axis=0), (rooms[:, :2] + rooms[:, 2:]).max(axis=0)
        for item in items:
            item.place(float(left), float(top), float(right), float(bottom))


class Flow(Struct, frozen=True, eq=False):
    """Activations for one drawing, (n,) for each layer from the input on, and the contributions to one output."""

    network: Network
    activations: list[Array]
    winner: int
    explained: Contributions

    @property
    def outputs(self) -> Array:
        return self.activations[-1]


def flow(network: Network, pixels: Array, output: int | None) -> Flow | None:
    """Return the activations for `pixels`, (1, n), explained for `output` or the winner; None if not finite."""
    return flow_of(network, [layer[0] for layer in network.activations(pixels)], output)


def flow_of(network: Network, activations: list[Array], output: int | None) -> Flow | None:
    if not finite(activations[1:]):
        return None
    winner = int(activations[-1].argmax())
    contributions = said(network, activations, winner if output is None else output)
    return Flow(network, activations, winner, contributions) if np.isfinite(contributions.z) else None


class Scales(Struct, frozen=True, eq=False):
    """Full values of bars and lines, from a network and its last activation statistics; 1 before there are any."""

    network: Network
    health: Health | None

    def bars(self, layer: int) -> BarScale:
        known, function = self._known(layer), self.network.functions[layer - 1]
        return activation_scale(function, 0.0 if known is None else known.full_answer)

    def full_contribution(self) -> float:
        full = 0.0 if self.health is None else self.health.full_contribution
        return full if full > 0 and math.isfinite(full) else 1.0

    def mean_activations(self, unit: Unit | None) -> list[float] | None:
        known = None if unit is None else self._known(unit.layer)
        if unit is None or known is None or unit.layer == len(self.network.sizes) - 1:
            return None
        mean = known.mean_answers[:, unit.number].astype(float)
        return mean.tolist() if np.isfinite(mean).all() else None

    def means(self, unit: Unit | None) -> list[float] | None:
        means = self.mean_activations(unit)
        if unit is None or means is None:
            return None
        scale = self.bars(unit.layer)
        return [scale.zero + (1 - scale.zero) * each / scale.full for each in means]

    def digits_a_unit(self, layer: int) -> float:
        known = self._known(layer)
        return 0.0 if known is None else known.digits_a_unit

    def _known(self, layer: int) -> LayerHealth | None:
        if self.health is None or len(self.health.layers) < layer:
            return None
        return self.health.layers[layer - 1]


THINNEST: Final = 0.5  # pixels
THICKEST: Final = 1.5
FULL, FAINT = 3, 0.35  # of the lines of one unit so many have the full colour; the opacity of the others
_ROUND, _POINT = 6.0, 4.0  # pixels: the radius of a corner, and the length of an arrowhead


class Lines:
    """Lines of the picture as Qt items, which are reused."""

    def __init__(self, scene: QGraphicsScene) -> None:
        self._scene = scene
        self.connector, self.trunk = QGraphicsPathItem(), QGraphicsPathItem()
        add_items(scene, (1, self.connector), (29, self.trunk))
        self.items: list[QGraphicsPathItem] = []
        self._empty = True
        self.adopt_theme()

    def adopt_theme(self) -> None:
        self.connector.setPen(QPen(QColor(theme().line), 1.5))
        self.trunk.setPen(QPen(QColor(theme().line), THICKEST))

    def connect(self, ways: list[tuple[QPointF, QPointF]]) -> None:
        path = QPainterPath()
        for start, end in ways:
            path.addPath(arrow(start, end))
        set_path(self.connector, path)

    def show(
        self, lines: Sequence[tuple[QPointF, Sequence[QPointF], float]], trunks: Sequence[Sequence[QPointF]]
    ) -> None:
        """Draw coloured lines, each from a point along further points with a weight as its thickness, the first on
        top, and the neutral `trunks` that lead to them. Of the lines of one trunk, only the first few are not faint."""
        if not lines and not trunks and self._empty:
            return
        self._empty = not lines and not trunks
        path = QPainterPath()
        for trunk in trunks:
            path.moveTo(trunk[0])
            for point in trunk[1:]:
                path.lineTo(point)
        set_path(self.trunk, path)
        while len(self.items) < len(lines):
            item = QGraphicsPathItem()
            add_items(self._scene, (30, item))
            self.items.append(item)
        for number, (item, (start, way, weight)) in enumerate(zip(self.items, reversed(lines), strict=False)):
            colour = QColor(theme().yes if weight > 0 else theme().no)
            if len(trunks) == 1 and number < len(lines) - FULL:
                colour.setAlphaF(FAINT)
            pen = QPen(colour, THINNEST + (THICKEST - THINNEST) * min(abs(weight), 1.0))
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            if theme().hatched and weight < 0:
                pen.setDashPattern((2, 1))
            item.setPen(pen)
            path = curve(start, way[0])
            for point in way[1:]:
                path.lineTo(point)
            set_path(item, path)
        for number, item in enumerate(self.items):
            item.setVisible(number < len(lines))


def arrow(start: QPointF, end: QPointF) -> QPainterPath:
    path, down = QPainterPath(start), end.y() - start.y()
    if abs(down) >= 1:
        x = (start.x() + end.x()) / 2
        round_x = min(_ROUND, (end.x() - start.x()) / 2)
        round_y = math.copysign(min(_ROUND, abs(down) / 2), down)
        path.lineTo(x - round_x, start.y())
        path.quadTo(x, start.y(), x, start.y() + round_y)
        path.lineTo(x, end.y() - round_y)
        path.quadTo(x, end.y(), x + round_x, end.y())
    path.lineTo(end)
    path.moveTo(end + QPointF(-_POINT, -_POINT))
    path.lineTo(end)
    path.lineTo(end + QPointF(-_POINT, _POINT))
    return path


def curve(start: QPointF, end: QPointF) -> QPainterPath:
    path = QPainterPath(start)
    bend = max(12.0, 0.5 * (end.x() - start.x()))
    path.cubicTo(start + QPointF(bend, 0), end - QPointF(bend, 0), end)
    return path
