"""Surfaces and balls: slopes against finite differences, paths against what mathematics says of them."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

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


def test_on_the_bowl_each_step_multiplies_the_distance_by_1_minus_eta_a() -> None:
    surface, start = LANDSCAPES["bowl"], (-4.0, 2.0)
    for eta in (0.05, 0.3, 0.7, 0.99):
        expected = [(1 - eta * 2) ** k * np.array(start) for k in range(31)]
        assert places(surface, Rules(eta), 30, start) == pytest.approx(np.array(expected), abs=1e-12)


@pytest.mark.parametrize("code", ["bowl", "narrow"])
@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_beyond_the_largest_eta_the_ball_is_thrown_out_and_below_it_comes_down(
    code: str, momentum: float
) -> None:
    surface = LANDSCAPES[code]
    largest = surface.largest_eta(momentum)
    assert largest is not None
    below = descend(surface, surface.start, Rules(0.98 * largest, momentum), 2_000)[-1]
    above = descend(surface, surface.start, Rules(1.02 * largest, momentum), 2_000)[-1]
    assert below.place == pytest.approx((0, 0), abs=1e-3)
    assert above.is_gone
    assert above.steps < 2_000


def test_the_largest_eta_is_two_over_the_steepest_curvature() -> None:
    assert LANDSCAPES["bowl"].largest_eta() == 1
    assert LANDSCAPES["narrow"].largest_eta() == pytest.approx(1 / 3)
    assert all(LANDSCAPES[code].largest_eta() is None for code in ("saddle", "two_valleys", "ripples"))


@pytest.mark.parametrize("surface", LANDSCAPES.values(), ids=LANDSCAPES)
def test_momentum_is_that_of_the_book(surface: Landscape) -> None:
    place, velocity, expected = np.array(surface.start), np.zeros(2), []
    for _ in range(40):
        expected.append(place)
        velocity = 0.8 * velocity - 0.03 * surface.gradient(place)
        place = place + velocity
    assert places(surface, Rules(0.03, 0.8), 39, surface.start) == pytest.approx(np.array(expected))


def test_noise_is_keyed_by_seed_and_step_and_has_its_deviation() -> None:
    surface, rules = LANDSCAPES["bowl"], Rules(0.1, noise=2.0, seed=7)
    path = descend(surface, surface.start, rules, 400)
    assert path == descend(surface, surface.start, rules, 400)
    assert path[:51] == descend(surface, surface.start, rules, 50)
    assert path != descend(surface, surface.start, Rules(0.1, noise=2.0, seed=8), 400)
    felt = [
        (np.array(before.place) - np.array(after.place)) / 0.1 - surface.gradient(np.array(before.place))
        for before, after in itertools.pairwise(path)
    ]
    assert np.std(felt) == pytest.approx(2.0, rel=0.1)


def test_one_step_after_another_is_the_whole_path() -> None:
    surface, rules = LANDSCAPES["ripples"], Rules(0.1, 0.5, 0.3, 3)
    ball = Ball(surface.start)
    for expected in descend(surface, surface.start, rules, 20):
        assert ball == expected
        ball = stepped(surface, ball, rules)


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
