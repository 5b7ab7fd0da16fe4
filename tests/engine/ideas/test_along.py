"""The cost along a line of weights, and what a step downhill promises and does, against plain evaluation."""

from __future__ import annotations

import numpy as np
import pytest

from mnistviz.engine.cancelling import Withdrawn
from mnistviz.engine.digits import Digits, DigitSet
from mnistviz.engine.ideas.along import (
    Descent,
    DirectionLine,
    NudgedCopy,
    Weight,
    gradient,
    in_float64,
    one_weight,
    some,
)
from mnistviz.engine.network import Network

NETWORKS: list[dict[str, object]] = [
    {"sizes": (784, 6, 10), "initial_weights": "normal"},
    {"sizes": (784, 7, 5, 10), "activation": "relu", "output": "softmax", "cost": "cross_entropy"},
    {"sizes": (784, 4, 10), "activation": "tanh", "cost": "cross_entropy"},
]


def network_of(choices: dict[str, object]) -> Network:
    return Network(**{"initial_weights": "scaled", "seed": 3, **choices})  # type: ignore[arg-type]


def plainly(network: Network, moved: np.ndarray, digits: DigitSet) -> tuple[float, int]:
    """Cost and number right of the weights moved by hand, in double precision."""
    twin = in_float64(network)
    twin.parameters[...] += moved
    x, y = digits.images / 255.0, np.eye(10)[digits.labels]
    return twin.mean_cost(x, y), int(np.count_nonzero(twin.feedforward(x).argmax(axis=1) == digits.labels))


@pytest.mark.parametrize("choices", NETWORKS)
def test_a_place_on_a_line_is_the_network_with_these_weights(
    small_digits: Digits, choices: dict[str, object]
) -> None:
    network, digits = network_of(choices), small_digits.training  # 1,003: the last chunk is short
    direction = np.random.default_rng(1).standard_normal(len(network.parameters)) / 20
    line = DirectionLine(network, direction, digits)
    places = (-2.0, 0.0, 0.7)
    curve = line.curve(places)
    for place, cost, right in zip(places, curve.costs, curve.right, strict=True):
        expected = plainly(network, place * direction, digits)
        assert cost == pytest.approx(expected[0], rel=1e-12)
        assert right == expected[1]
    assert curve.of == 1_003
    assert len(set(curve.right.tolist())) > 1


def test_the_direction_of_one_weight_moves_that_weight_only(small_digits: Digits) -> None:
    network = network_of(NETWORKS[1])
    for layer, unit, source in ((1, 3, 400), (2, 4, 6), (3, 9, 0)):
        twin = in_float64(network)
        twin.parameters[...] = one_weight(network, layer, unit, source)
        assert twin.weights[layer - 1][unit, source] == 1.0
        assert np.count_nonzero(twin.parameters) == 1


@pytest.mark.parametrize("choices", NETWORKS)
def test_the_gradient_is_the_slope_of_the_line(small_digits: Digits, choices: dict[str, object]) -> None:
    network, digits = network_of(choices), small_digits.training
    found = gradient(network, digits)
    direction = np.random.default_rng(2).standard_normal(len(found)) / 100
    line = DirectionLine(network, direction, digits)
    step = 1e-5
    slope = (line.at(step)[0] - line.at(-step)[0]) / (2 * step)
    assert slope == pytest.approx(float(found @ direction), rel=1e-5)


def test_on_a_short_stretch_the_cost_is_smooth_and_the_number_right_is_not(small_digits: Digits) -> None:
    """What the page shows: differences of the cost change little from place to place, down to a millionth."""
    network = network_of(NETWORKS[0])
    curve = DirectionLine(network, one_weight(network, 2, 3, 1), small_digits.training).curve(
        np.linspace(-1e-6, 1e-6, 41)
    )
    steps = np.diff(curve.costs)
    assert np.abs(steps).max() > 0
    np.testing.assert_allclose(steps, steps.mean(), rtol=1e-3)
    assert len(set(curve.right.tolist())) == 1


@pytest.mark.parametrize("choices", NETWORKS)
def test_promise_and_delivery_of_a_step(small_digits: Digits, choices: dict[str, object]) -> None:
    network = network_of(choices)
    ten, others = some(small_digits.training, range(40, 50)), some(small_digits.training, range(100, 900))
    descent = Descent(network, ten, others)
    nabla_b, nabla_w = in_float64(network).backprop(ten.images / 255.0, np.eye(10)[ten.labels])
    plain = np.concatenate([part.ravel() for part in (*nabla_w, *nabla_b)])
    np.testing.assert_allclose(descent.gradient, plain, rtol=1e-10, atol=1e-15)
    for eta in (0.1, 3.0):
        step = descent.step(eta)
        assert step.promised == pytest.approx(-eta * float(plain @ plain), rel=1e-9)
        for digits, delivered in ((ten, step.few), (others, step.others)):
            before, after = (plainly(network, moved, digits)[0] for moved in (0 * plain, -eta * plain))
            assert delivered == pytest.approx(after - before, rel=1e-8)
    assert descent.step(1e-4).kept == pytest.approx(1, abs=1e-2)
    assert descent.step(0.1).kept > descent.step(3.0).kept


def test_a_step_is_what_the_act_on_the_weights_does(small_digits: Digits) -> None:
    from mnistviz.engine.settings import Settings
    from mnistviz.engine.trainer import Trainer

    network = network_of(NETWORKS[0])
    descent = Descent(network, some(small_digits.training, range(10)), small_digits.validation)
    promised = descent.step(1.5)
    before = plainly(network, np.zeros(1), small_digits.validation)[0]
    Trainer(network, Settings(sizes=(784, 6, 10)), small_digits.training).descend(1.5, range(10))
    after = plainly(network, np.zeros(1), small_digits.validation)[0]
    assert after - before == pytest.approx(promised.others, rel=1e-4)


def test_the_network_is_only_read_and_work_can_be_taken_back(small_digits: Digits) -> None:
    network = network_of(NETWORKS[0])
    kept = network.parameters.copy()
    line = DirectionLine(network, one_weight(network, 1, 0, 300), small_digits.test)
    told: list[float] = []
    line.curve([0.0, 1.0], told.append)
    np.testing.assert_array_equal(network.parameters, kept)
    assert told == [0.5, 1.0]
    with pytest.raises(Withdrawn):
        line.curve([0.0, 1.0], cancelled=lambda: True)
    with pytest.raises(Withdrawn):
        DirectionLine(network, kept, small_digits.test, cancelled=lambda: True)
    for nothing in (
        lambda: DirectionLine(network, kept, some(small_digits.test, [])),
        lambda: gradient(network, some(small_digits.test, [])),
    ):
        with pytest.raises(ValueError, match="digits"):
            nothing()


CHOICES = [
    {},
    {"activation": "tanh", "cost": "cross_entropy"},
    {"activation": "leaky_relu", "output": "softmax", "cost": "cross_entropy"},
]


SIZES = (12, 7, 5, 4)


def network(sizes: tuple[int, ...] = SIZES, **choices: str) -> Network:
    return Network(sizes, 3, initial_weights="scaled", dtype=np.float64, **choices)


def digit() -> np.ndarray:
    return np.random.default_rng(1).random(12)


@pytest.mark.parametrize("choices", CHOICES)
@pytest.mark.parametrize("weight", [Weight(1, 3, 8), Weight(2, 4, 0), Weight(3, 2, 1)])
def test_the_first_order_is_the_finite_difference(choices: dict[str, str], weight: Weight) -> None:
    copy, h = NudgedCopy(network(SIZES, **choices)), 1e-4
    up, down = (copy.nudge(digit(), weight, by) for by in (h, -h))
    assert up.promised == pytest.approx((up.after - down.after) / 2, rel=1e-5, abs=1e-15)
    assert np.abs(up.promised).max() > 1e-13


def test_the_difference_from_the_promise_is_of_second_order() -> None:
    copy, weight = NudgedCopy(network()), Weight(2, 1, 2)
    wrong = [np.abs((n := copy.nudge(digit(), weight, by)).moved - n.promised).max() for by in (0.4, 0.2)]
    assert wrong[0] / wrong[1] == pytest.approx(4, rel=0.2)


def test_the_network_is_untouched_and_the_copy_is_put_back() -> None:
    told = network()
    before = told.parameters.copy()
    copy = NudgedCopy(told)
    first = copy.nudge(digit(), Weight(1, 0, 0), 1.0)
    copy.nudge(digit(), Weight(1, 2, 3), -2.0)
    again = copy.nudge(digit(), Weight(1, 0, 0), 1.0)
    assert np.array_equal(told.parameters, before)
    assert np.array_equal(first.after, again.after)
    assert np.array_equal(first.before, told.feedforward(digit()))
    assert not np.array_equal(first.after, first.before)


def test_the_copy_stays_as_the_network_was() -> None:
    told = network()
    copy = NudgedCopy(told)
    before = copy.nudge(digit(), Weight(1, 0, 0), 1.0).before
    told.parameters[...] = 0
    assert np.array_equal(copy.nudge(digit(), Weight(1, 0, 0), 1.0).before, before)


def test_a_weight_of_an_input_that_is_nought_moves_nothing() -> None:
    x = digit()
    x[5] = 0
    nudge = NudgedCopy(network()).nudge(x, Weight(1, 3, 5), 3.0)
    assert not nudge.moved.any()
    assert not nudge.promised.any()


def test_the_verdicts_are_the_largest_outputs() -> None:
    told = Network((1, 2), 0, dtype=np.float64)
    told.parameters[...] = [1, 0, 0, 0.5]
    nudge = NudgedCopy(told).nudge(np.ones(1), Weight(1, 0, 0), -1.0)
    assert nudge.verdicts == (0, 1)
    assert Weight(1, 0, 0).of(told) == 1


def test_the_strongest_weight_moves_an_output_most_in_the_first_order() -> None:
    copy = NudgedCopy(network())
    found = copy.strongest(digit(), 2)
    most = np.abs(copy.nudge(digit(), found, 1.0).promised).max()
    for unit, source in np.ndindex(network().weights[1].shape):
        other = copy.nudge(digit(), Weight(2, unit, source), 1.0).promised
        assert most >= np.abs(other).max() * (1 - 1e-12)


def test_the_least_sure_digit_has_the_lowest_largest_output() -> None:
    images = np.random.default_rng(2).integers(0, 256, (20, 12), dtype=np.uint8)
    told = network()
    found = NudgedCopy(told).least_sure(images)
    largest = [float(told.feedforward(image / 255).max()) for image in images]
    assert largest[found] == pytest.approx(min(largest), rel=1e-6)
