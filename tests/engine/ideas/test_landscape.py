"""Surfaces and balls: slopes against finite differences, paths against what mathematics says of them."""

import itertools

import numpy as np
import pytest
from msgspec.structs import replace

from mnistviz.engine.ideas.ball_race import FAN, LAP, BallRace, Fan, Tried
from mnistviz.engine.ideas.landscape import (
    FAR,
    LANDSCAPES,
    Ball,
    Landscape,
    Rules,
    contours,
    descend,
    stepped,
)

POINTS = np.random.default_rng(5).uniform(-4, 4, (200, 2))


def places(
    surface: Landscape, rules: Rules, steps: int, start: tuple[float, float]
) -> list[tuple[float, float]]:
    return [ball.place for ball in descend(surface, start, rules, steps)]


@pytest.mark.parametrize("surface", LANDSCAPES.values(), ids=LANDSCAPES)
def test_the_gradient_is_the_slope(surface: Landscape) -> None:
    small = 1e-5
    slopes = [
        (surface.value(POINTS + small * way) - surface.value(POINTS - small * way)) / (2 * small)
        for way in np.eye(2)
    ]
    assert surface.gradient(POINTS) == pytest.approx(np.stack(slopes, axis=-1), abs=1e-7)
    assert surface.value(POINTS.reshape(20, 10, 2)).shape == (20, 10)


@pytest.mark.parametrize("surface", LANDSCAPES.values(), ids=LANDSCAPES)
def test_bottoms_are_minima(surface: Landscape) -> None:
    assert bool(surface.bottoms) == (surface.code != "saddle")
    for bottom in surface.bottoms:
        around = np.array(bottom) + 0.01 * POINTS
        assert np.all(surface.value(around) > surface.value(np.array(bottom)))


@pytest.mark.parametrize("code", ["bowl", "narrow"])
@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_the_ball_leaves_beyond_the_largest_eta_and_comes_down_below_it(code: str, momentum: float) -> None:
    surface = LANDSCAPES[code]
    largest = surface.largest_eta(momentum)
    assert largest is not None
    below = descend(surface, surface.start, Rules(0.98 * largest, momentum), 2_000)[-1]
    above = descend(surface, surface.start, Rules(1.02 * largest, momentum), 2_000)[-1]
    assert below.place == pytest.approx((0, 0), abs=1e-3)
    assert above.is_gone
    assert above.steps < 2_000


def test_noise_is_keyed_by_seed_and_step_and_has_its_deviation() -> None:
    surface, rules = LANDSCAPES["bowl"], Rules(0.1, noise=2.0, seed=7)
    path = descend(surface, surface.start, rules, 400)
    assert path == descend(surface, surface.start, rules, 400)
    assert path[:51] == descend(surface, surface.start, rules, 50)
    assert path != descend(surface, surface.start, Rules(0.1, noise=2.0, seed=8), 400)
    ball = Ball(surface.start)
    for expected in path:
        assert ball == expected, "one step after another is the whole path"
        ball = stepped(surface, ball, rules)
    felt = [
        (np.array(before.place) - np.array(after.place)) / 0.1 - surface.gradient(np.array(before.place))
        for before, after in itertools.pairwise(path)
    ]
    assert np.std(felt) == pytest.approx(2.0, rel=0.1)


@pytest.mark.parametrize("surface", LANDSCAPES.values(), ids=LANDSCAPES)
def test_a_ball_that_is_gone_stays_and_nothing_overflows(surface: Landscape) -> None:
    path = descend(surface, (-4.0, 2.0), Rules(50.0), 2_000)
    assert np.isfinite(surface.value(np.array([ball.place for ball in path]))).all()
    if path[-1].is_gone:
        assert max(map(abs, path[-1].place)) > FAR
        assert stepped(surface, path[-1], Rules(50.0)) == path[-1]


def test_a_contour_lies_where_the_height_is() -> None:
    along = np.linspace(-3, 3, 61)
    points = np.stack(np.meshgrid(along, along), axis=-1)
    (circle, larger) = contours(LANDSCAPES["bowl"].value(points), [4.0, 5.0])
    circle = circle * 0.1 - 3
    assert circle.shape[1:] == (2, 2)
    assert np.hypot(*circle.reshape(-1, 2).T) == pytest.approx(2.0, abs=0.01)
    length = np.hypot(*(circle[:, 0] - circle[:, 1]).T).sum()
    assert length == pytest.approx(2 * np.pi * 2, rel=0.01), "all the way round, and nothing twice"
    assert len(larger) > len(circle)
    assert contours(np.zeros((4, 4)), [1.0])[0].shape == (0, 2, 2)


def race(
    code: str, a: float, b: float, *, momentum: float = 0.0, noise: float = 0.0, laps: int = 1,
    start: tuple[float, float] | None = None,
) -> BallRace:  # fmt: skip
    surface = LANDSCAPES[code]
    rules = (Rules(a, momentum, noise), Rules(b, momentum, noise))
    return BallRace.begun(surface, start or surface.start, rules).run(laps * LAP)


def test_both_balls_go_the_way_of_descend() -> None:
    run = race("narrow", 0.05, 0.3, momentum=0.5, noise=0.2)
    assert run.steps == LAP
    for path, rules in zip(run.paths, run.rules, strict=True):
        assert path == descend(run.surface, run.start, rules, LAP)
    assert run.run(3).run(4) == run.run(7)


def test_a_small_eta_creeps_and_a_large_one_is_thrown_out() -> None:
    run = race("narrow", 0.005, 0.4)
    assert (run.creeps(0), run.is_thrown(0)) == (True, False)
    assert (run.creeps(1), run.is_thrown(1)) == (False, True)
    swings = race("narrow", 0.05, 0.32)
    assert not swings.is_thrown(1), "it swings, and comes down"
    assert swings.turns(1) > 10
    assert not swings.creeps(0), "more than half of the way is done"
    assert not race("narrow", 0.005, 0.4).run(0).paths[0][-1].is_gone
    assert not BallRace.begun(run.surface, run.start, run.rules).run(3).creeps(0), "too early to tell"


def test_a_ball_that_is_gone_stays_while_the_other_goes_on() -> None:
    run = race("bowl", 0.1, 50.0, laps=3)
    assert len(run.paths[0]) == 3 * LAP + 1
    assert len(run.paths[1]) < LAP
    assert run.is_thrown(1)
    assert not run.rests_at(1, (0, 0))


def test_rest_is_told_from_passing_through() -> None:
    left, right = LANDSCAPES["two_valleys"].bottoms
    over = race("two_valleys", 0.05, 0.1, momentum=0.9, laps=4)
    assert over.rests_at(0, left)
    assert not race("two_valleys", 0.05, 0.1).rests_at(1, left)
    assert not race("two_valleys", 0.05, 0.1, momentum=0.9).rests_at(0, left), "it is still on its way"
    assert race("two_valleys", 0.05, 0.2, laps=4).rests_at(1, right)
    way = tuple(Ball((left[0] + 0.2 * (LAP - step), 0.1)) for step in range(LAP + 1))
    assert not replace(over, paths=(way, way)).rests_at(0, left), "it is there, and goes on"


@pytest.mark.parametrize(("code", "below", "above"), [("narrow", 0.33, 0.34), ("bowl", 0.99, 1.0)])
def test_the_largest_eta_is_between_one_that_works_and_one_not(code: str, below: float, above: float) -> None:
    largest = LANDSCAPES[code].largest_eta()
    tried = Tried().with_race(race(code, below / 3, below))
    assert not tried.found(largest), "nothing was too large yet"
    assert not Tried().with_race(race(code, 0.985 * below, above)).found(largest), "more than a hundredth"
    wide = tried.with_race(race(code, below, 1.2 * below))
    assert wide.bracket == pytest.approx((below, 1.2 * below))
    assert not wide.found(largest), "too far apart"
    assert wide.with_race(race(code, below, above)).found(largest), "a hundredth is near enough"


def test_what_tells_nothing_of_the_largest_eta_is_not_counted() -> None:
    for run in (
        race("narrow", 0.1, 0.5, momentum=0.5),
        race("narrow", 0.1, 0.5, noise=0.1),
        race("narrow", 0.1, 0.5, start=(3.0, 0.0)),
        BallRace.begun(LANDSCAPES["narrow"], (3.0, 1.0), (Rules(0.1), Rules(0.5))).run(LAP - 1),
    ):
        assert Tried().with_race(run) == Tried()
    assert Tried().with_race(race("narrow", 0.1, 0.5)).bracket == (0.1, 0.5)


def test_a_ball_that_lies_at_the_bottom_has_come_down() -> None:
    """In the bowl η 0.5 is at the bottom after one step, and C falls no further."""
    run = race("bowl", 0.5, 0.99)
    assert run.costs(0)[-1] == run.costs(0)[-2] == 0
    assert run.is_falling(0)
    assert Tried().with_race(run).with_race(race("bowl", 0.99, 1.0)).found(LANDSCAPES["bowl"].largest_eta())


@pytest.mark.parametrize(("eta", "step_by_step"), [(0.36, True), (0.4, True), (0.6, False), (50.0, False)])
def test_one_huge_step_is_not_swinging_out(eta: float, step_by_step: bool) -> None:
    run = race("narrow", 0.005, eta)
    assert run.is_thrown(1)
    assert run.swings_out(1) is step_by_step


def test_steps_grow_where_a_ball_is_thrown_out_and_not_with_momentum_or_noise() -> None:
    assert race("narrow", 0.005, 0.4).steps_grow(1)
    run = race("narrow", 0.05, 0.52, momentum=0.8, noise=5.0)
    lengths = np.hypot(*np.diff(run.places(1), axis=0).T)
    assert run.is_thrown(1)
    assert (np.diff(lengths) <= 0).any()
    assert not run.steps_grow(1)


def test_twenty_other_eta_go_the_way_of_descend_and_have_their_edge_where_mathematics_has_it() -> None:
    run = race("narrow", 0.05, 0.3)
    fan = Fan.of(run)
    assert len(fan.etas) == FAN
    assert fan.etas == pytest.approx(np.arange(1, 21) * 0.02)
    assert fan.paths[4] == descend(run.surface, run.start, Rules(0.1), LAP)
    assert fan.edge == pytest.approx((0.32, 0.34))
    assert fan.run().paths == Fan.of(run.run(1)).paths
    assert Fan.of(race("bowl", 0.05, 0.3)).edge == pytest.approx((0.96, 1.02))
    assert Fan.of(race("narrow", 0.05, 0.3, momentum=0.5)).edge == pytest.approx((0.48, 0.51))
    assert Fan.of(race("ripples", 0.05, 0.3)).edge is None, "all come down"


def test_there_is_no_edge_where_larger_eta_come_down_again() -> None:
    fan = Fan.of(race("narrow", 0.05, 0.3))
    swapped = replace(fan, paths=(*fan.paths[10:], *fan.paths[:10]))
    assert swapped.lower().sum() == fan.lower().sum()
    assert swapped.edge is None


def test_over_the_hill_without_momentum_or_noise_only_in_large_steps() -> None:
    """What the page says of the ball that came over the hill."""
    left, right = LANDSCAPES["two_valleys"].bottoms
    assert all(race("two_valleys", eta, eta, laps=12).rests_at(0, right) for eta in (0.05, 0.1, 0.2))
    assert race("two_valleys", 0.05, 0.36, laps=4).rests_at(1, left)
