"""Two balls, one start: a race down a surface, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from mnistviz.engine.ideas.landscape import Array, Ball, Landscape, Rules, nearest_bottom, stepped

LAP = 14
"""How many steps a race has until its outcome is told."""

Path = tuple[Ball, ...]


@dataclass(frozen=True)
class BallRace:
    """The paths of the balls A and B, from one start and by rules that differ in η only."""

    surface: Landscape
    start: tuple[float, float]
    rules: tuple[Rules, Rules]
    paths: tuple[Path, Path]

    @classmethod
    def begun(cls, surface: Landscape, start: tuple[float, float], rules: tuple[Rules, Rules]) -> BallRace:
        """Both balls at rest at the start."""
        return cls(surface, start, rules, ((Ball(start),), (Ball(start),)))

    @property
    def steps(self) -> int:
        """How many steps were run; a ball that is gone may have taken fewer."""
        return max(len(path) for path in self.paths) - 1

    def run(self, steps: int) -> BallRace:
        """So many steps on."""
        race = self
        for _ in range(steps):
            paths = tuple(
                path if path[-1].is_gone else (*path, stepped(race.surface, path[-1], rules))
                for path, rules in zip(race.paths, race.rules, strict=True)
            )
            race = replace(race, paths=(paths[0], paths[1]))
        return race

    def places(self, ball: int) -> Array:
        """Where ball 0 (A) or 1 (B) was, (steps + 1, 2)."""
        return np.array([each.place for each in self.paths[ball]])

    def costs(self, ball: int) -> Array:
        """C where it was, (steps + 1,)."""
        return self.surface.value(self.places(ball))

    # What came of it

    def is_falling(self, ball: int) -> bool:
        """Whether C was lower after the last step than before it: the ball comes down, if slowly."""
        costs = self.costs(ball)
        return len(costs) > 1 and bool(costs[-1] < costs[-2])

    def creeps(self, ball: int) -> bool:
        """Whether it is on its way down after a whole lap, yet has more than half of C left to go."""
        costs = self.costs(ball)
        lowest = min(map(float, self.surface.value(np.array(self.surface.bottoms or (self.start,)))))
        left = (costs[-1] - lowest) / max(costs[0] - lowest, 1e-12)
        return self.steps >= LAP and bool(costs[-1] < costs[-2] and 0.5 < left < 1)

    def is_thrown(self, ball: int) -> bool:
        """Whether it lies higher than it began, and rises."""
        costs = self.costs(ball)
        if self.paths[ball][-1].is_gone:
            return True
        return self.steps >= LAP and bool(costs[-1] > costs[0] and costs[-1] > costs[-2])

    def rests_at(self, ball: int, bottom: tuple[float, float]) -> bool:
        """Whether it lies beside this bottom and moves no more, or hardly."""
        places = self.places(ball)
        if self.steps < LAP or self.paths[ball][-1].is_gone:
            return False
        far = np.hypot(*(places[-1] - np.array(bottom)))
        last = np.hypot(*(places[-1] - places[-2]))
        return bool(far < 0.3 and last < 0.1)

    def turns(self, ball: int) -> int:
        """How often it went back on its way: successive steps that point against each other."""
        steps = np.diff(self.places(ball), axis=0)
        return int(np.sum(np.sum(steps[1:] * steps[:-1], axis=1) < 0))

    def distance(self, ball: int) -> float | None:
        """How far the nearest bottom is."""
        return nearest_bottom(self.surface, self.paths[ball][-1].place)


@dataclass(frozen=True)
class Tried:
    """Which η were tried on one surface, without momentum and noise, and whether the ball came down."""

    down: frozenset[float] = frozenset()
    out: frozenset[float] = frozenset()

    def with_race(self, race: BallRace) -> Tried:
        """With both balls of a race, if it tells anything about the largest η."""
        plain = all(rules.momentum == 0 and rules.noise == 0 for rules in race.rules)
        steepest = max(race.surface.curvatures or (0,))
        moved = (
            race.start[(race.surface.curvatures or (0,)).index(steepest)] != 0
        )  # else that slope is never felt
        if not plain or not moved or race.steps < LAP:
            return self
        balls = [(rules.eta, race.is_falling(number)) for number, rules in enumerate(race.rules)]
        return Tried(
            self.down | {eta for eta, down in balls if down},
            self.out | {eta for eta, down in balls if not down},
        )

    @property
    def bracket(self) -> tuple[float, float] | None:
        """The largest η that came down and the smallest that did not; None before there are both."""
        return (max(self.down), min(self.out)) if self.down and self.out else None

    def found(self, largest: float | None) -> bool:
        """Whether the two lie close around the largest η that converges, the one at most 6 % above the other."""
        if self.bracket is None or largest is None:
            return False
        below, above = self.bracket
        return below < largest <= above <= 1.06 * below

    def all(self) -> Iterable[float]:
        return sorted(self.down | self.out)
