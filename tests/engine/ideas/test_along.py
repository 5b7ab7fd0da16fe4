"""The cost along a line of weights, and what a step downhill promises and does, against plain evaluation."""

from __future__ import annotations

import numpy as np
import pytest

from mnistviz.engine.cancelling import Withdrawn
from mnistviz.engine.digits import Digits, DigitSet
from mnistviz.engine.ideas.along import Descent, DirectionLine, gradient, in_float64, one_weight, some
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
