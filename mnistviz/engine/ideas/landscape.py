"""Costs of two variables, C(v₁, v₂), balls that roll down them by gradient descent (Nielsen, chapter 1, "Learning with
gradient descent"), and their lines of equal height."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
from msgspec import Struct

from mnistviz.engine.functions import Floats
from mnistviz.engine.randomness import generator

Array = Floats

FAR: Final = 1e9  # a ball at this distance, in either direction, is gone: it no longer moves


class Landscape(Struct, frozen=True):
    """A surface over the plane. `value` maps points (…, 2) to C (…); `gradient` maps them to ∇C (…, 2).

    `curvatures` are those along v₁ and v₂ if they are constant, as in ½ (a₁ v₁² + a₂ v₂²); else None. `bottoms` are
    all its minima. `start` is an instructive starting point. `cut` is the axis (0 or 1) of the most instructive
    section through the middle, and `widest` the largest η worth trying.
    """

    code: str
    value: Callable[[Array], Array]
    gradient: Callable[[Array], Array]
    start: tuple[float, float]
    bottoms: tuple[tuple[float, float], ...] = ()
    curvatures: tuple[float, float] | None = None
    cut: int = 0
    widest: float = 1.0

    @property
    def lowest(self) -> float:
        """C at the lowest of its minima; −∞ without any."""
        return min(map(float, self.value(np.array(self.bottoms)))) if self.bottoms else -math.inf

    def section(self, along: Array) -> Array:
        """Return C along the axis `cut`, with the other coordinate 0."""
        points = np.zeros((*along.shape, 2))
        points[..., self.cut] = along
        return self.value(points)

    def largest_eta(self, momentum: float = 0.0) -> float | None:
        """Return the η below which the ball converges to the minimum, and above which it diverges.

        Along a direction of curvature a, a step multiplies the distance by 1 − ηa: that shrinks up to η = 2/a, and the
        steepest direction decides. With momentum μ the bound is 2 (1 + μ)/a (Polyak 1964). None if the surface is not
        quadratic, or has no minimum.
        """
        if self.curvatures is None or min(self.curvatures) <= 0:
            return None
        return 2 * (1 + momentum) / max(self.curvatures)


def _quadratic(
    code: str, first: float, second: float, start: tuple[float, float], widest: float
) -> Landscape:
    curvatures = np.array((first, second))
    return Landscape(
        code,
        lambda points: 0.5 * (points**2 @ curvatures),
        lambda points: points * curvatures,
        start,
        ((0.0, 0.0),) if min(first, second) > 0 else (),
        (first, second),
        cut=1,
        widest=widest,
    )


def _two_valleys() -> Landscape:
    # 0.05 (v₁² − 6.25)² + 0.25 v₁ + ½ v₂² + 0.7: a quartic along v₁, tilted so that the left valley is the deeper one
    def value(points: Array) -> Array:
        across, along = points[..., 0], points[..., 1]
        return np.asarray(0.05 * (across**2 - 6.25) ** 2 + 0.25 * across + 0.5 * along**2 + 0.7)

    def gradient(points: Array) -> Array:
        across, along = points[..., 0], points[..., 1]
        return np.stack((0.2 * across * (across**2 - 6.25) + 0.25, along), axis=-1)

    left, _, right = sorted(np.roots((0.2, 0.0, -1.25, 0.25)).real)  # where the slope along v₁ is 0
    bottoms = ((float(left), 0.0), (float(right), 0.0))
    return Landscape("two_valleys", value, gradient, (4.4, 1.9), bottoms, widest=0.8)


_DEPTH, _FREQUENCY, _CURVATURE = 0.35, 3.0, 0.2  # of the ripples, and of the bowl that they lie in


def _ripples() -> Landscape:
    def value(points: Array) -> Array:
        waves = _DEPTH * (1 - np.cos(_FREQUENCY * points))
        return np.asarray((0.5 * _CURVATURE * points**2 + waves).sum(axis=-1))

    def gradient(points: Array) -> Array:
        return np.asarray(_CURVATURE * points + _DEPTH * _FREQUENCY * np.sin(_FREQUENCY * points))

    # near the minima along one axis; Newton's method from there
    places = 2 * np.pi / _FREQUENCY * np.arange(-2.0, 3.0)
    for _ in range(20):
        bend = _CURVATURE + _DEPTH * _FREQUENCY**2 * np.cos(_FREQUENCY * places)
        places = places - gradient(places) / bend
    bottoms = tuple((float(first), float(second)) for first in places for second in places)
    return Landscape("ripples", value, gradient, (-4.9, 1.2), bottoms)


LANDSCAPES: Final[Mapping[str, Landscape]] = {
    surface.code: surface
    for surface in (
        _quadratic("bowl", 2.0, 2.0, (-4.0, 2.0), 1.2),  # v₁² + v₂², as in the book
        _quadratic("narrow", 1.0, 6.0, (-4.0, 2.0), 0.4),
        _quadratic("saddle", 1.0, -1.0, (-4.0, 0.02), 2.4),
        _two_valleys(),
        _ripples(),
    )
}


class Rules(Struct, frozen=True):
    """Update rule of a ball: learning rate η, momentum μ, and the standard deviation of the noise added to each
    component of the gradient, as by a small mini-batch. `seed` determines the noise."""

    eta: float
    momentum: float = 0.0
    noise: float = 0.0
    seed: int = 0


class Ball(Struct, frozen=True):
    """Position and velocity of a ball after so many steps."""

    place: tuple[float, float]
    velocity: tuple[float, float] = (0.0, 0.0)
    steps: int = 0

    @property
    def is_gone(self) -> bool:
        """True if it is too far away to be followed."""
        return max(map(abs, self.place)) > FAR


def stepped(surface: Landscape, ball: Ball, rules: Rules) -> Ball:
    """Move the ball one step: v → μv − η∇C, place → place + v (Nielsen (107), (108)). One that is gone stays. The
    noise of step k depends on the seed and k alone, so that two balls with the same seed get the same."""
    if ball.is_gone:
        return ball
    place, velocity = np.array(ball.place), np.array(ball.velocity)
    gradient = surface.gradient(place)
    if rules.noise:
        gradient = gradient + rules.noise * generator(rules.seed, "valley", ball.steps).standard_normal(2)
    velocity = rules.momentum * velocity - rules.eta * gradient
    place = place + velocity
    return Ball((float(place[0]), float(place[1])), (float(velocity[0]), float(velocity[1])), ball.steps + 1)


def descend(surface: Landscape, start: tuple[float, float], rules: Rules, steps: int) -> tuple[Ball, ...]:
    """Return the ball at rest at `start` and after each of `steps` steps; fewer if it was gone before."""
    path = [Ball(start)]
    while len(path) <= steps and not path[-1].is_gone:
        path.append(stepped(surface, path[-1], rules))
    return tuple(path)


_CORNERS = np.array(((0, 0), (0, 1), (1, 0), (1, 1)))
_HALVES = np.array(((0, 1, 2), (3, 1, 2)))  # of a cell, each three of its corners
SEEN = ((-5.2, 5.2), (-2.7, 2.7))  # the smallest visible range of the plane
BANDS = 12


def contours(values: Array, levels: Sequence[float]) -> list[Array]:
    """Return where a grid of heights crosses each of `levels`: segments (n, 2, 2), each two points (row, column), not
    joined. Each cell is cut into two triangles, in each of which a plane has at most one line of that height; so there
    is no ambiguous case, as there is with squares (a saddle within a cell)."""
    cells = np.stack((values[:-1, :-1], values[:-1, 1:], values[1:, :-1], values[1:, 1:]), axis=-1)
    lowest, highest = cells.min(axis=-1), cells.max(axis=-1)
    segments = []
    for level in levels:
        rows, columns = np.nonzero((lowest <= level) & (highest > level))
        corners = np.stack((rows, columns), axis=-1)[:, np.newaxis] + _CORNERS
        heights = cells[rows, columns, :, np.newaxis] - level
        segments.append(_segments(np.concatenate((corners, heights), axis=-1)))
    return segments


def _segments(corners: Array) -> Array:
    """Return the segments at height 0, (m, 2, 2), of cells (n, 4, 3), each corner with its row, column and height."""
    triangles = corners[:, _HALVES].reshape(-1, 3, 3)
    above = triangles[:, :, 2] > 0
    cut = above.any(axis=1) & ~above.all(axis=1)
    triangles, above = triangles[cut], above[cut]
    # of three corners one stands alone on its side; the line crosses the two edges that meet there
    alone = np.where(above.sum(axis=1) == 1, above.argmax(axis=1), (~above).argmax(axis=1))
    each = np.arange(len(triangles))
    tip = triangles[each, alone]
    ends = []
    for turn in (1, 2):
        other = triangles[each, (alone + turn) % 3]
        share = (tip[:, 2] / (tip[:, 2] - other[:, 2]))[:, np.newaxis]
        ends.append(tip[:, :2] + share * (other[:, :2] - tip[:, :2]))
    return np.stack(ends, axis=1)


def bands_between(low: float, high: float) -> list[float]:
    """Return the heights between `BANDS` bands of equal √C from `low` on: closer below, where a minimum is flat."""
    return [low + (high - low) * (number / BANDS) ** 2 for number in range(1, BANDS)]
