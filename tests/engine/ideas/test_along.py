"""The cost along a line of weights, and what a step downhill promises and does, against plain evaluation."""

import math

import numpy as np
import pytest

from mnistviz.engine.cancelling import Withdrawn
from mnistviz.engine.digits import Digits, DigitSet
from mnistviz.engine.ideas import along, few_digits
from mnistviz.engine.network import Network
from mnistviz.engine.settings import Settings
from mnistviz.engine.trainer import Trainer
from tests.examples import one_quick

NETWORKS: list[dict[str, object]] = [
    {"sizes": (784, 6, 10), "initial_weights": "normal"},
    {"sizes": (784, 7, 5, 10), "activation": "relu", "output": "softmax", "cost": "cross_entropy"},
    {"sizes": (784, 4, 10), "activation": "tanh", "cost": "cross_entropy"},
]


def network_of(choices: dict[str, object]) -> Network:
    return Network(**{"initial_weights": "scaled", "seed": 3, **choices})  # type: ignore[arg-type]


def plainly(network: Network, moved: np.ndarray, digits: DigitSet) -> tuple[float, int]:
    """Cost and number right of the weights moved by hand, in double precision."""
    twin = along.in_float64(network)
    twin.parameters[...] += moved
    x, y = digits.images / 255.0, np.eye(10)[digits.labels]
    return twin.mean_cost(x, y), int(np.count_nonzero(twin.feedforward(x).argmax(axis=1) == digits.labels))


@pytest.mark.parametrize("choices", NETWORKS)
def test_a_place_on_a_line_has_these_weights(small_digits: Digits, choices: dict[str, object]) -> None:
    network, digits = network_of(choices), small_digits.training  # 1,003: the last chunk is short
    direction = np.random.default_rng(1).standard_normal(len(network.parameters)) / 20
    line = along.DirectionLine(network, direction, digits)
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
        twin = along.in_float64(network)
        twin.parameters[...] = along.one_weight(network, layer, unit, source)
        assert twin.weights[layer - 1][unit, source] == 1.0
        assert np.count_nonzero(twin.parameters) == 1


@pytest.mark.parametrize("choices", NETWORKS)
def test_the_gradient_is_the_slope_of_the_line(small_digits: Digits, choices: dict[str, object]) -> None:
    network, digits = network_of(choices), small_digits.training
    found = along.gradient(network, digits)
    direction = np.random.default_rng(2).standard_normal(len(found)) / 100
    line = along.DirectionLine(network, direction, digits)
    step = 1e-5
    slope = (line.at(step)[0] - line.at(-step)[0]) / (2 * step)
    assert slope == pytest.approx(float(found @ direction), rel=1e-5)


def test_on_a_short_stretch_the_cost_is_smooth_and_the_number_right_is_not(small_digits: Digits) -> None:
    """What the page shows: differences of the cost change little from place to place, down to a millionth."""
    network = network_of(NETWORKS[0])
    curve = along.DirectionLine(network, along.one_weight(network, 2, 3, 1), small_digits.training).curve(
        np.linspace(-1e-6, 1e-6, 41)
    )
    steps = np.diff(curve.costs)
    assert np.abs(steps).max() > 0
    np.testing.assert_allclose(steps, steps.mean(), rtol=1e-3)
    assert len(set(curve.right.tolist())) == 1


@pytest.mark.parametrize("choices", NETWORKS)
def test_promise_and_delivery_of_a_step(small_digits: Digits, choices: dict[str, object]) -> None:
    network = network_of(choices)
    ten, others = (
        along.some(small_digits.training, range(40, 50)),
        along.some(small_digits.training, range(100, 900)),
    )
    descent = along.Descent(network, ten, others)
    nabla_b, nabla_w = along.in_float64(network).backprop(ten.images / 255.0, np.eye(10)[ten.labels])
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
    network = network_of(NETWORKS[0])
    descent = along.Descent(network, along.some(small_digits.training, range(10)), small_digits.validation)
    promised = descent.step(1.5)
    before = plainly(network, np.zeros(1), small_digits.validation)[0]
    Trainer(network, Settings(sizes=(784, 6, 10)), small_digits.training).descend(1.5, range(10))
    after = plainly(network, np.zeros(1), small_digits.validation)[0]
    assert after - before == pytest.approx(promised.others, rel=1e-4)


def test_the_network_is_only_read_and_work_can_be_taken_back(small_digits: Digits) -> None:
    network = network_of(NETWORKS[0])
    kept = network.parameters.copy()
    line = along.DirectionLine(network, along.one_weight(network, 1, 0, 300), small_digits.test)
    told: list[float] = []
    line.curve([0.0, 1.0], told.append)
    np.testing.assert_array_equal(network.parameters, kept)
    assert told == [0.5, 1.0]
    with pytest.raises(Withdrawn):
        line.curve([0.0, 1.0], cancelled=lambda: True)
    with pytest.raises(Withdrawn):
        along.DirectionLine(network, kept, small_digits.test, cancelled=lambda: True)
    for nothing in (
        lambda: along.DirectionLine(network, kept, along.some(small_digits.test, [])),
        lambda: along.gradient(network, along.some(small_digits.test, [])),
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
@pytest.mark.parametrize("weight", [along.Weight(1, 3, 8), along.Weight(2, 4, 0), along.Weight(3, 2, 1)])
def test_the_first_order_is_the_finite_difference(choices: dict[str, str], weight: along.Weight) -> None:
    copy, h = along.NudgedCopy(network(SIZES, **choices)), 1e-4
    up, down = (copy.nudge(digit(), weight, by) for by in (h, -h))
    assert up.promised == pytest.approx((up.after - down.after) / 2, rel=1e-5, abs=1e-15)
    assert np.abs(up.promised).max() > 1e-13


def test_the_difference_from_the_promise_is_of_second_order() -> None:
    copy, weight = along.NudgedCopy(network()), along.Weight(2, 1, 2)
    wrong = [np.abs((n := copy.nudge(digit(), weight, by)).moved - n.promised).max() for by in (0.4, 0.2)]
    assert wrong[0] / wrong[1] == pytest.approx(4, rel=0.2)


def test_the_network_is_untouched_and_the_copy_is_put_back() -> None:
    told = network()
    before = told.parameters.copy()
    copy = along.NudgedCopy(told)
    first = copy.nudge(digit(), along.Weight(1, 0, 0), 1.0)
    copy.nudge(digit(), along.Weight(1, 2, 3), -2.0)
    again = copy.nudge(digit(), along.Weight(1, 0, 0), 1.0)
    assert np.array_equal(told.parameters, before)
    assert np.array_equal(first.after, again.after)
    assert np.array_equal(first.before, told.feedforward(digit()))
    assert not np.array_equal(first.after, first.before)
    told.parameters[...] = 0
    assert np.array_equal(copy.nudge(digit(), along.Weight(1, 0, 0), 1.0).before, first.before), (
        "it stays as it was"
    )


def test_a_weight_of_an_input_that_is_nought_moves_nothing_and_the_largest_output_is_the_verdict() -> None:
    x = digit()
    x[5] = 0
    nudge = along.NudgedCopy(network()).nudge(x, along.Weight(1, 3, 5), 3.0)
    assert not nudge.moved.any()
    assert not nudge.promised.any()
    told = Network((1, 2), 0, dtype=np.float64)
    told.parameters[...] = [1, 0, 0, 0.5]
    nudge = along.NudgedCopy(told).nudge(np.ones(1), along.Weight(1, 0, 0), -1.0)
    assert nudge.verdicts == (0, 1)
    assert along.Weight(1, 0, 0).of(told) == 1


def test_the_strongest_weight_moves_an_output_most_in_the_first_order() -> None:
    copy = along.NudgedCopy(network())
    most = np.abs(copy.nudge(digit(), copy.strongest(digit(), 2), 1.0).promised).max()
    for unit, source in np.ndindex(network().weights[1].shape):
        other = copy.nudge(digit(), along.Weight(2, unit, source), 1.0).promised
        assert most >= np.abs(other).max() * (1 - 1e-12)


def test_the_least_sure_digit_has_the_lowest_largest_output() -> None:
    images = np.random.default_rng(2).integers(0, 256, (20, 12), dtype=np.uint8)
    told = network()
    found = along.NudgedCopy(told).least_sure(images)
    largest = [float(told.feedforward(image / 255).max()) for image in images]
    assert largest[found] == pytest.approx(min(largest), rel=1e-6)


DRAWS = 200


@pytest.fixture(scope="module")
def coarse(mnist: Digits) -> DigitSet:
    """20,000 real digits of 4 × 4 pixels, so that 200 draws of 10,000 take a second."""
    images = mnist.training.images[:20_000].reshape(-1, 4, 7, 4, 7).mean(axis=(2, 4))
    return DigitSet(images.reshape(-1, 16).astype(np.uint8), mnist.training.labels[:20_000])


@pytest.fixture(scope="module")
def small(coarse: DigitSet) -> tuple[Network, few_digits.Whole]:
    network = Network((16, 3, 10), seed=5, initial_weights="scaled")
    return network, few_digits.whole(network, coarse)


def test_the_whole_is_the_gradient_and_the_spread_that_of_the_digits_own(small_digits: Digits) -> None:
    """Against the plain way: every digit's own gradient, one after another."""
    network = Network((784, 3, 10), seed=2)
    digits = along.some(small_digits.training, range(120))
    found = few_digits.whole(network, digits)
    own = np.array([along.gradient(network, along.some(digits, [number])) for number in range(120)])
    np.testing.assert_allclose(found.gradient, own.mean(axis=0), atol=1e-7)
    plain = math.sqrt(((own - own.mean(axis=0)) ** 2).sum() / 119)
    assert found.spread == pytest.approx(plain, rel=1e-5)
    assert found.expected(30) == pytest.approx(
        plain * math.sqrt(1 / 30 - 1 / 120) / np.linalg.norm(own.mean(axis=0)), rel=1e-5
    )


def test_all_digits_in_the_order_of_the_file_are_the_whole_bit_for_bit(small_digits: Digits) -> None:
    network = Network((784, 5, 10), seed=1)
    digits = small_digits.training
    all_of_them = few_digits.mean_gradient(network, digits, np.arange(len(digits)))
    assert all_of_them.tobytes() == few_digits.whole(network, digits).gradient.tobytes()
    np.testing.assert_allclose(all_of_them, along.gradient(network, digits), atol=1e-7)


@one_quick("m", [100, 10, 1_000, 10_000])
def test_the_spread_is_on_the_line(coarse: DigitSet, small: tuple[Network, few_digits.Whole], m: int) -> None:
    """√(1/m − 1/n), at m = n/2 a third less than 1/√m; within a tenth over 200 draws, with nothing fitted."""
    network, all_of_them = small
    off = [
        few_digits.find_group(network, coarse, all_of_them, m, number).draws[0].off for number in range(DRAWS)
    ]
    assert math.sqrt(np.mean(np.square(off))) == pytest.approx(all_of_them.expected(m), rel=0.1)


def test_of_all_digits_rounding_is_left(coarse: DigitSet, small: tuple[Network, few_digits.Whole]) -> None:
    network, all_of_them = small
    for number in range(3):
        found = few_digits.find_group(network, coarse, all_of_them, len(coarse), number).draws[0]
        assert found.off < 1e-5
        assert found.angle < 1e-3
        assert found.length == pytest.approx(1, abs=1e-5)
    assert all_of_them.expected(len(coarse)) == 0


def test_angle_and_length_are_of_arrows(coarse: DigitSet, small: tuple[Network, few_digits.Whole]) -> None:
    network, all_of_them = small
    found = few_digits.find_group(network, coarse, all_of_them, 7, 4).draws[0]
    few = few_digits.mean_gradient(network, coarse, few_digits.drawn(network.seed, 4, 7, len(coarse)))
    real = all_of_them.gradient
    cosine = few @ real / np.linalg.norm(few) / np.linalg.norm(real)
    assert found.angle == pytest.approx(math.degrees(math.acos(cosine)), rel=1e-6)
    assert found.length == pytest.approx(np.linalg.norm(few) / np.linalg.norm(real))
    assert found.off == pytest.approx(np.linalg.norm(few - real) / np.linalg.norm(real))


def test_a_draw_is_without_replacement_and_the_same_again() -> None:
    first = few_digits.drawn(3, 0, 40, 50)
    assert len(set(first.tolist())) == 40
    np.testing.assert_array_equal(first, few_digits.drawn(3, 0, 40, 50))
    for other in (few_digits.drawn(3, 1, 40, 50), few_digits.drawn(4, 0, 40, 50)):
        assert not np.array_equal(first, other)


@pytest.mark.parametrize(("m", "updates"), [(1, 1_003), (10, 101), (700, 2), (1_003, 1)])
def test_an_epoch_costs_one_update_for_so_many_digits(small_digits: Digits, m: int, updates: int) -> None:
    network = Network((784, 4, 10))
    kept = network.parameters.copy()
    found = few_digits.price(network, small_digits.training, m)
    assert found.updates == updates
    assert found.seconds == pytest.approx(updates * found.one)
    assert 0 < found.one < 1
    np.testing.assert_array_equal(network.parameters, kept)


def test_work_can_be_taken_back_and_nothing_is_no_sample(small_digits: Digits) -> None:
    network, told = Network((784, 4, 10)), list[float]()
    few_digits.whole(network, small_digits.training, told.append)
    assert told == [500 / 1_003, 1_000 / 1_003, 1.0]
    with pytest.raises(Withdrawn):
        few_digits.whole(network, small_digits.training, cancelled=lambda: True)
    with pytest.raises(ValueError, match="no digits"):
        few_digits.mean_gradient(network, small_digits.training, [])


def test_sides_part_the_draws_along_the_direction_in_which_they_differ_most() -> None:
    """Gradients that differ along one axis more than along another are parted by that one."""
    rng = np.random.default_rng(4)
    ahead, far, near = np.eye(5)[:3]
    ways = rng.choice((-1.0, 1.0), 20)
    made = np.array([ahead + 0.5 * way * far + 0.1 * rng.normal() * near for way in ways])
    sides = np.array(few_digits.sides_of(np.array([*made, made.sum(axis=0)]), ahead))
    assert abs(sides[:-1] @ ways) == 20


def test_a_group_is_its_draws_and_the_mean_of_their_gradients(
    coarse: DigitSet, small: tuple[Network, few_digits.Whole]
) -> None:
    network, all_of_them = small
    told = list[float]()
    group = few_digits.find_group(network, coarse, all_of_them, 10, 5, 20, told.append)
    assert [each.number for each in group.draws] == list(range(5, 25))
    assert told[-1] == 1.0
    gradients = [
        few_digits.mean_gradient(network, coarse, few_digits.drawn(5, number, 10, len(coarse)))
        for number in range(5, 25)
    ]
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
    one, other = few_digits.folded_gradient(first), few_digits.folded_gradient(second)
    assert len(one) == 1 << 17
    cosine = one @ other / np.linalg.norm(one) / np.linalg.norm(other)
    assert cosine == pytest.approx(0.6, abs=0.01)
    assert few_digits.folded_gradient(first[:50]) is not None
    np.testing.assert_array_equal(few_digits.folded_gradient(first[:50]), first[:50])


def test_sizes_leave_room_for_the_prediction_and_end_with_all() -> None:
    assert (few_digits.flag_size(50_000), few_digits.flag_size(1_003)) == (1_000, 100)
    assert few_digits.sizes_up_to(1_003)[-2:] == (1_000, 1_003)


def test_fresh_is_how_the_network_began(small_digits: Digits) -> None:
    settings = Settings(sizes=(784, 5, 10), seed=9)
    network = Network(settings.sizes, **settings.network_options())
    begun = network.copy()
    Trainer(network, settings, small_digits.training).step()
    assert not np.array_equal(network.parameters, begun.parameters)
    np.testing.assert_array_equal(few_digits.fresh(network).parameters, begun.parameters)
