"""A few digits stand for all: the gradient of m of n, drawn without replacement, against that of all of them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mnistviz.engine.cancelling import Withdrawn
from mnistviz.engine.digits import Digits, DigitSet
from mnistviz.engine.ideas.along import gradient, some
from mnistviz.engine.ideas.few_digits import (
    Whole,
    drawn,
    find_group,
    folded_gradient,
    fresh,
    mean_gradient,
    price,
    sides_of,
    whole,
)
from mnistviz.engine.network import Network
from mnistviz.engine.settings import Settings
from mnistviz.engine.trainer import Trainer
from tests.examples import one_quick

DRAWS = 200


@pytest.fixture(scope="module")
def coarse(mnist: Digits) -> DigitSet:
    """20,000 real digits of 4 × 4 pixels, so that 200 draws of 10,000 take a second."""
    images = mnist.training.images[:20_000].reshape(-1, 4, 7, 4, 7).mean(axis=(2, 4))
    return DigitSet(images.reshape(-1, 16).astype(np.uint8), mnist.training.labels[:20_000])


@pytest.fixture(scope="module")
def small(coarse: DigitSet) -> tuple[Network, Whole]:
    network = Network((16, 3, 10), seed=5, initial_weights="scaled")
    return network, whole(network, coarse)


def test_the_whole_is_the_gradient_and_the_spread_that_of_the_digits_own(small_digits: Digits) -> None:
    """Against the plain way: every digit's own gradient, one after another."""
    network = Network((784, 3, 10), seed=2)
    digits = some(small_digits.training, range(120))
    found = whole(network, digits)
    own = np.array([gradient(network, some(digits, [number])) for number in range(120)])
    np.testing.assert_allclose(found.gradient, own.mean(axis=0), atol=1e-7)
    plain = math.sqrt(((own - own.mean(axis=0)) ** 2).sum() / 119)
    assert found.spread == pytest.approx(plain, rel=1e-5)
    assert found.expected(30) == pytest.approx(
        plain * math.sqrt(1 / 30 - 1 / 120) / np.linalg.norm(own.mean(axis=0)), rel=1e-5
    )


def test_all_digits_in_the_order_of_the_file_are_the_whole_bit_for_bit(small_digits: Digits) -> None:
    network = Network((784, 5, 10), seed=1)
    digits = small_digits.training
    all_of_them = mean_gradient(network, digits, np.arange(len(digits)))
    assert all_of_them.tobytes() == whole(network, digits).gradient.tobytes()
    np.testing.assert_allclose(all_of_them, gradient(network, digits), atol=1e-7)


@one_quick("m", [100, 10, 1_000, 10_000])
def test_the_spread_over_draws_follows_the_line(
    coarse: DigitSet, small: tuple[Network, Whole], m: int
) -> None:
    """√(1/m − 1/n), at m = n/2 a third less than 1/√m; within a tenth over 200 draws, with nothing fitted."""
    network, all_of_them = small
    off = [find_group(network, coarse, all_of_them, m, number).draws[0].off for number in range(DRAWS)]
    assert math.sqrt(np.mean(np.square(off))) == pytest.approx(all_of_them.expected(m), rel=0.1)


def test_of_all_digits_nothing_is_left_but_rounding(coarse: DigitSet, small: tuple[Network, Whole]) -> None:
    network, all_of_them = small
    for number in range(3):
        found = find_group(network, coarse, all_of_them, len(coarse), number).draws[0]
        assert found.off < 1e-5
        assert found.angle < 1e-3
        assert found.length == pytest.approx(1, abs=1e-5)
    assert all_of_them.expected(len(coarse)) == 0


def test_angle_and_length_are_those_of_the_two_arrows(coarse: DigitSet, small: tuple[Network, Whole]) -> None:
    network, all_of_them = small
    found = find_group(network, coarse, all_of_them, 7, 4).draws[0]
    few = mean_gradient(network, coarse, drawn(network.seed, 4, 7, len(coarse)))
    real = all_of_them.gradient
    cosine = few @ real / np.linalg.norm(few) / np.linalg.norm(real)
    assert found.angle == pytest.approx(math.degrees(math.acos(cosine)), rel=1e-6)
    assert found.length == pytest.approx(np.linalg.norm(few) / np.linalg.norm(real))
    assert found.off == pytest.approx(np.linalg.norm(few - real) / np.linalg.norm(real))


def test_a_draw_is_without_replacement_and_the_same_again() -> None:
    first = drawn(3, 0, 40, 50)
    assert len(set(first.tolist())) == 40
    np.testing.assert_array_equal(first, drawn(3, 0, 40, 50))
    for other in (drawn(3, 1, 40, 50), drawn(4, 0, 40, 50)):
        assert not np.array_equal(first, other)


@pytest.mark.parametrize(("m", "updates"), [(1, 1_003), (10, 101), (700, 2), (1_003, 1)])
def test_an_epoch_costs_one_update_for_so_many_digits(small_digits: Digits, m: int, updates: int) -> None:
    network = Network((784, 4, 10))
    kept = network.parameters.copy()
    found = price(network, small_digits.training, m)
    assert found.updates == updates
    assert found.seconds == pytest.approx(updates * found.one)
    assert 0 < found.one < 1
    np.testing.assert_array_equal(network.parameters, kept)


def test_work_can_be_taken_back_and_nothing_is_no_sample(small_digits: Digits) -> None:
    network, told = Network((784, 4, 10)), list[float]()
    whole(network, small_digits.training, told.append)
    assert told == [500 / 1_003, 1_000 / 1_003, 1.0]
    with pytest.raises(Withdrawn):
        whole(network, small_digits.training, cancelled=lambda: True)
    with pytest.raises(ValueError, match="no digits"):
        mean_gradient(network, small_digits.training, [])


def test_sides_part_the_draws_along_the_direction_in_which_they_differ_most() -> None:
    """Gradients that differ along one axis more than along another are parted by that one."""
    rng = np.random.default_rng(4)
    ahead, far, near = np.eye(5)[:3]
    ways = rng.choice((-1.0, 1.0), 20)
    made = np.array([ahead + 0.5 * way * far + 0.1 * rng.normal() * near for way in ways])
    sides = np.array(sides_of(np.array([*made, made.sum(axis=0)]), ahead))
    assert abs(sides[:-1] @ ways) == 20


def test_a_group_is_its_draws_and_the_mean_of_their_gradients(
    coarse: DigitSet, small: tuple[Network, Whole]
) -> None:
    network, all_of_them = small
    told = list[float]()
    group = find_group(network, coarse, all_of_them, 10, 5, 20, told.append)
    assert [each.number for each in group.draws] == list(range(5, 25))
    assert told[-1] == 1.0
    gradients = [mean_gradient(network, coarse, drawn(5, number, 10, len(coarse))) for number in range(5, 25)]
    mean = np.mean(gradients, axis=0)
    cosine = mean @ all_of_them.gradient / np.linalg.norm(mean) / all_of_them.length
    assert abs(group.mean) == pytest.approx(math.degrees(math.acos(cosine)), rel=1e-6)
    assert abs(group.mean) < group.middle
    angles = [each.angle for each in group.draws]
    assert group.middle == pytest.approx(np.median(angles))
    assert group.uphill == sum(angle > 90 for angle in angles)
    assert set(group.sides) <= {-1, 1}


def test_a_large_gradient_is_folded_and_keeps_its_angles() -> None:
    rng = np.random.default_rng(1)
    first = rng.normal(size=(1 << 18) + 77)
    second = 0.6 * first + 0.8 * rng.normal(size=len(first))
    one, other = folded_gradient(first), folded_gradient(second)
    assert len(one) == 1 << 17
    cosine = one @ other / np.linalg.norm(one) / np.linalg.norm(other)
    assert cosine == pytest.approx(0.6, abs=0.01)
    assert folded_gradient(first[:50]) is not None
    np.testing.assert_array_equal(folded_gradient(first[:50]), first[:50])


def test_fresh_is_how_the_network_began(small_digits: Digits) -> None:
    settings = Settings(sizes=(784, 5, 10), seed=9)
    network = Network(settings.sizes, **settings.network_options())
    begun = network.copy()
    trainer = Trainer(network, settings, small_digits.training)
    trainer.step()
    assert not np.array_equal(network.parameters, begun.parameters)
    np.testing.assert_array_equal(fresh(network).parameters, begun.parameters)
