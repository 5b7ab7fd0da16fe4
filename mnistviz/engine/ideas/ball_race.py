"""A race of two balls down a surface from one start, and its outcome."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from mnistviz.engine.functions import Bools
from mnistviz.engine.ideas.landscape import Array, Ball, Landscape, Rules, descend, stepped

LAP = 14  # steps of a race until its outcome is reported
FAN = 20  # number of other η tried beside those of a race
_AT_REST = 1e-9  # within this distance of the lowest C the ball is at the bottom
_HUNDREDTH = 0.0100001
_IN_SIGHT = 3  # steps for which a diverging ball must be visible; otherwise a single step has thrown it out
_NEAR = 10.0  # multiple of the initial C up to which a ball is followed

Path = tuple[Ball, ...]


def _further(surface: Landscape, paths: Iterable[Path], rules: Iterable[Rules]) -> tuple[Path, ...]:
    """Return the paths with one more step of each ball that is not gone."""
    return tuple(
        path if path[-1].is_gone else (*path, stepped(surface, path[-1], each))
        for path, each in zip(paths, rules, strict=True)
    )


class BallRace(Struct, frozen=True):
    """The paths of the balls A and B, from one start and by rules that differ in η only."""

    surface: Landscape
    start: tuple[float, float]
    rules: tuple[Rules, Rules]
    paths: tuple[Path, Path]

    @classmethod
    def begun(cls, surface: Landscape, start: tuple[float, float], rules: tuple[Rules, Rules]) -> BallRace:
        return cls(surface, start, rules, ((Ball(start),), (Ball(start),)))

    @property
    def steps(self) -> int:
        """Number of steps so far; a ball that is gone may have taken fewer."""
        return max(len(path) for path in self.paths) - 1

    def run(self, steps: int) -> BallRace:
        paths = self.paths
        for _ in range(steps):
            first, second = _further(self.surface, paths, self.rules)
            paths = first, second
        return replace(self, paths=paths)

    def places(self, ball: int) -> Array:
        return np.array([each.place for each in self.paths[ball]])

    def costs(self, ball: int) -> Array:
        """Return C along the path of a ball, (steps + 1,)."""
        return self.surface.value(self.places(ball))

    def is_falling(self, ball: int) -> bool:
        """Return True if the last step reduced C, or the ball is at the bottom."""
        costs = self.costs(ball)
        return len(costs) > 1 and bool(costs[-1] < costs[-2] or costs[-1] - self.surface.lowest < _AT_REST)

    def creeps(self, ball: int) -> bool:
        """Return True if the ball still descends after a whole lap, with more than half of C left to go."""
        costs, lowest = self.costs(ball), self.surface.lowest
        half = lowest + 0.5 * (costs[0] - lowest)
        return self.steps >= LAP and bool(half < costs[-1] < min(costs[0], costs[-2]))

    def is_thrown(self, ball: int) -> bool:
        """Return True if the ball is higher than at the start, and rises."""
        costs = self.costs(ball)
        if self.paths[ball][-1].is_gone:
            return True
        return self.steps >= LAP and bool(costs[-1] > costs[0] and costs[-1] > costs[-2])

    def swings_out(self, ball: int) -> bool:
        """Return True if the ball is thrown out gradually, not by a single step."""
        costs = self.costs(ball)
        seen = costs[1 : _IN_SIGHT + 1] < _NEAR * costs[0]
        return self.is_thrown(ball) and len(seen) == _IN_SIGHT and bool(seen.all())

    def steps_grow(self, ball: int) -> bool:
        """Return True if every step is longer than the previous one."""
        lengths = np.hypot(*np.diff(self.places(ball), axis=0).T)
        return len(lengths) > 1 and bool((np.diff(lengths) > 0).all())

    def rests_at(self, ball: int, bottom: tuple[float, float]) -> bool:
        """Return True if the ball is near this minimum and hardly moves."""
        places = self.places(ball)
        if self.steps < LAP or self.paths[ball][-1].is_gone:
            return False
        far = np.hypot(*(places[-1] - np.array(bottom)))
        return bool(far < 0.3 and np.hypot(*(places[-1] - places[-2])) < 0.1)

    def turns(self, ball: int) -> int:
        """Return how often the ball reversed: successive steps with opposite directions."""
        steps = np.diff(self.places(ball), axis=0)
        return int(np.sum(np.sum(steps[1:] * steps[:-1], axis=1) < 0))


class Fan(Struct, frozen=True):
    """Balls from the start of a race by its rules, each with another η, after as many steps."""

    surface: Landscape
    rules: tuple[Rules, ...]
    paths: tuple[Path, ...]

    @classmethod
    def of(cls, race: BallRace) -> Fan:
        """Build a fan with evenly spaced η, up to the largest worth trying: larger with momentum."""
        shared = race.rules[0]
        widest = race.surface.widest * (1 + shared.momentum)
        etas = tuple(float(f"{widest * number / FAN:.6g}") for number in range(1, FAN + 1))
        rules = tuple(replace(shared, eta=eta) for eta in etas)
        paths = tuple(descend(race.surface, race.start, each, race.steps) for each in rules)
        return cls(race.surface, rules, paths)

    @property
    def etas(self) -> tuple[float, ...]:
        return tuple(rules.eta for rules in self.rules)

    def run(self) -> Fan:
        return replace(self, paths=_further(self.surface, self.paths, self.rules))

    def costs(self, ball: int) -> Array:
        """Return C along the path of a ball, (steps + 1,)."""
        return self.surface.value(np.array([each.place for each in self.paths[ball]]))

    def ends(self) -> Array:
        """Return the current C of each ball, (FAN,)."""
        return self.surface.value(np.array([path[-1].place for path in self.paths]))

    def lower(self) -> Bools:
        """Return which balls are lower than at the start, (FAN,)."""
        return self.ends() < self.surface.value(np.array(self.paths[0][0].place))

    @property
    def edge(self) -> tuple[float, float] | None:
        """The largest η that ends lower than the start, and the smallest that does not; None if they overlap."""
        lower = self.lower()
        if (count := int(lower.sum())) in (0, FAN) or not lower[:count].all():
            return None
        return self.etas[count - 1], self.etas[count]


class Tried(Struct, frozen=True):
    """The η tried on one surface, without momentum and noise, by whether the ball came down."""

    down: frozenset[float] = frozenset()
    out: frozenset[float] = frozenset()

    def with_race(self, race: BallRace) -> Tried:
        """Return the trials with both balls of a race, if it is informative about the largest η."""
        plain = all(rules.momentum == 0 and rules.noise == 0 for rules in race.rules)
        steepest = max(race.surface.curvatures or (0,))
        # otherwise the steepest direction has no effect
        moved = race.start[(race.surface.curvatures or (0,)).index(steepest)] != 0
        if not plain or not moved or race.steps < LAP:
            return self
        down = {rules.eta for number, rules in enumerate(race.rules) if race.is_falling(number)}
        return Tried(self.down | down, self.out | {rules.eta for rules in race.rules} - down)

    @property
    def bracket(self) -> tuple[float, float] | None:
        """The largest η that came down and the smallest that did not; None until there are both."""
        return (max(self.down), min(self.out)) if self.down and self.out else None

    def found(self, largest: float | None) -> bool:
        """Return True if they bracket the largest η that converges, at most a hundredth apart."""
        if self.bracket is None or largest is None:
            return False
        below, above = self.bracket
        return below < largest <= above <= below + _HUNDREDTH
