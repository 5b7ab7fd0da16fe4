"""Two balls, one start: a race down a surface, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.ideas.landscape import Array, Ball, Landscape, Rules, descend, stepped

LAP = 14
"""How many steps a race has until its outcome is told."""
FAN = 20
"""How many other η are tried beside those of a race."""
_AT_REST = 1e-9
"""C so little above the lowest is at the bottom."""
_HUNDREDTH = 0.0100001
_IN_SIGHT = 3
"""For so many steps a ball that is thrown out must be followed by the eye, or one step alone has thrown it."""
_NEAR = 10.0
"""Times C of the start, up to which a ball is followed."""

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
        """Whether C was lower after the last step than before it, or the ball is at the bottom: it comes down."""
        costs = self.costs(ball)
        return len(costs) > 1 and bool(costs[-1] < costs[-2] or costs[-1] - self.surface.lowest < _AT_REST)

    def creeps(self, ball: int) -> bool:
        """Whether it is on its way down after a whole lap, yet has more than half of C left to go."""
        costs, lowest = self.costs(ball), self.surface.lowest
        half = lowest + 0.5 * (costs[0] - lowest)
        return self.steps >= LAP and bool(half < costs[-1] < min(costs[0], costs[-2]))

    def is_thrown(self, ball: int) -> bool:
        """Whether it lies higher than it began, and rises."""
        costs = self.costs(ball)
        if self.paths[ball][-1].is_gone:
            return True
        return self.steps >= LAP and bool(costs[-1] > costs[0] and costs[-1] > costs[-2])

    def swings_out(self, ball: int) -> bool:
        """Whether it is thrown out in steps that can be followed, and not by one alone."""
        costs = self.costs(ball)
        seen = costs[1 : _IN_SIGHT + 1] < _NEAR * costs[0]
        return self.is_thrown(ball) and len(seen) == _IN_SIGHT and bool(seen.all())

    def steps_grow(self, ball: int) -> bool:
        """Whether each step was longer than the one before."""
        lengths = np.hypot(*np.diff(self.places(ball), axis=0).T)
        return len(lengths) > 1 and bool((np.diff(lengths) > 0).all())

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


@dataclass(frozen=True)
class Fan:
    """Balls from the start of a race by its rules, each with another η, after as many steps."""

    surface: Landscape
    rules: tuple[Rules, ...]
    paths: tuple[Path, ...]

    @classmethod
    def of(cls, race: BallRace) -> Fan:
        """η at equal distances, up to the widest that is worth trying; with momentum a larger one still gets down."""
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
        paths = tuple(
            path if path[-1].is_gone else (*path, stepped(self.surface, path[-1], rules))
            for path, rules in zip(self.paths, self.rules, strict=True)
        )
        return replace(self, paths=paths)

    def costs(self, ball: int) -> Array:
        """C where a ball was, (steps + 1,)."""
        return self.surface.value(np.array([each.place for each in self.paths[ball]]))

    def ends(self) -> Array:
        """C where each ball is now, (FAN,)."""
        return self.surface.value(np.array([path[-1].place for path in self.paths]))

    def lower(self) -> NDArray[np.bool_]:
        """Whether each ball is lower now than it began, (FAN,)."""
        begun = self.surface.value(np.array(self.paths[0][0].place))
        return self.ends() < begun

    @property
    def edge(self) -> tuple[float, float] | None:
        """The largest η that ends lower than it began and the smallest that does not, if all below and all above do
        the same; else None."""
        lower = self.lower()
        count = int(lower.sum())
        if count in (0, FAN) or not lower[:count].all():
            return None
        return self.etas[count - 1], self.etas[count]


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
        """Whether the two lie around the largest η that converges, and a hundredth apart at most."""
        if self.bracket is None or largest is None:
            return False
        below, above = self.bracket
        return below < largest <= above <= below + _HUNDREDTH
