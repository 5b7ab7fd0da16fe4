"""What the layers of a network know: a linear reading and single units, against plain NumPy."""

import math

import numpy as np
import pytest
from msgspec.structs import replace

from mnistviz.engine.cancelling import Withdrawn
from mnistviz.engine.digits import Digits, DigitSet, grey_values
from mnistviz.engine.ideas.layer_readings import (
    best_question,
    least_squares,
    order_of,
    read_depth,
    read_layer,
)
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network
from mnistviz.engine.settings import Settings


def moment_of(network: Network) -> Moment:
    return Moment(1, 0, 0, network, Settings(**network.choices), network)


def test_least_squares_are_those_of_numpy() -> None:
    chance = np.random.default_rng(1)
    a, targets = chance.standard_normal((60, 7)), chance.standard_normal((60, 3))
    weights, bias = least_squares(a, targets)
    found = np.linalg.lstsq(np.column_stack([a, np.ones(60)]), targets, rcond=None)[0]
    assert np.allclose(weights, found[:-1])
    assert np.allclose(bias, found[-1])


def test_least_squares_stand_dead_and_doubled_units_and_more_units_than_digits() -> None:
    chance = np.random.default_rng(2)
    own = chance.standard_normal((40, 5))
    a = np.column_stack([own, own[:, 0], np.zeros(40), np.ones(40)])
    targets = chance.standard_normal((40, 2))
    weights, bias = least_squares(a, targets)
    plain, plain_bias = least_squares(own, targets)
    assert np.allclose(a @ weights + bias, own @ plain + plain_bias)
    wide = chance.standard_normal((10, 30))
    weights, bias = least_squares(wide, targets[:10])
    assert np.allclose(wide @ weights + bias, targets[:10])
    nothing, mean = least_squares(np.zeros((10, 3)), targets[:10])
    assert not nothing.any()
    assert np.allclose(mean, targets[:10].mean(axis=0))


def test_the_best_question_of_a_unit_is_found_by_trying_every_cut() -> None:
    chance = np.random.default_rng(3)
    for classes in (2, 4):
        for _ in range(20):
            labels = chance.integers(0, classes, 30).astype(np.uint8)
            unit = chance.integers(0, 6, 30).astype(np.float32)  # many are equal

            def mark(label: int, cut: float, sign: int, unit: np.ndarray, labels: np.ndarray) -> float:
                own, said = labels == label, (unit > cut) == (sign > 0)
                return float((said[own].mean() + (~said[~own]).mean()) / 2) if own.any() else 0.0

            tried = [
                mark(label, cut, sign, unit, labels)
                for label in range(classes)
                for cut in range(-1, 7)
                for sign in (1, -1)
            ]
            assert mark(*best_question(unit, labels, classes), unit, labels) == pytest.approx(max(tried))


def test_a_unit_that_is_always_the_same_guesses(small_digits: Digits) -> None:
    network = Network((784, 3, 10))
    network.weights[0][...] = 0
    layer = read_layer(network, 1, small_digits.training, small_digits)
    assert layer.units.tolist() == [0.5] * 3
    share = np.bincount(small_digits.training.labels).argmax() == small_digits.test.labels
    assert layer.linear == pytest.approx(share.mean())


def test_a_layer_is_read_as_plain_numpy_reads_it(small_digits: Digits) -> None:
    network = Network((784, 20, 15, 10), seed=3)
    training, test = small_digits.training, small_digits.test
    a, b = (network.activations(grey_values(part.images))[2] for part in (training, test))
    layer = read_layer(network, 2, training, small_digits)
    found = np.linalg.lstsq(np.column_stack([a, np.ones(len(a))]), np.eye(10)[training.labels], rcond=None)[0]
    reads = np.column_stack([b, np.ones(len(b))]) @ found
    assert layer.linear == (reads.argmax(axis=1) == test.labels).mean()
    assert layer.units.shape == (15,)
    signs = set()
    for unit in range(15):
        label, cut, sign = best_question(a[:, unit], training.labels, 10)
        own, said = test.labels == label, (b[:, unit] > cut) == (sign > 0)
        assert layer.units[unit] == pytest.approx((said[own].mean() + (~said[~own]).mean()) / 2)
        signs.add(sign)
    assert signs == {-1, 1}, "some say yes above their cut, some below"
    assert layer.best == layer.units.max()


def test_depth_is_read_beside_the_untrained(small_digits: Digits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mnistviz.engine.ideas.layer_readings.FITTED", 100)
    network = Network((784, 12, 8, 10), seed=5)
    began = network.copy()
    network.weights[1][...] += 1
    told: list[float] = []
    found = read_depth(moment_of(network), small_digits, told.append)
    assert told[-1] == pytest.approx(1.0)
    assert (found.fitted, found.measured) == (100, 300)
    assert [len(layer.units) for layer in found.trained] == [784, 12, 8, 10]
    assert found.trained[0] is found.untrained[0], "the pixels are the same"
    assert found.trained[1].linear == found.untrained[1].linear, "the first layer is as it was"
    alone = read_layer(began, 2, small_digits.training.first(100), small_digits)
    assert found.untrained[2].linear == alone.linear
    assert found.trained[2].linear != alone.linear
    with pytest.raises(Withdrawn):
        read_depth(moment_of(network), small_digits, cancelled=lambda: True)


def test_what_is_no_number_is_said_to_be_none(small_digits: Digits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mnistviz.engine.ideas.layer_readings.FITTED", 100)
    network = Network((784, 5, 10))
    network.weights[0][2, :] = np.inf
    found = read_depth(moment_of(network), small_digits)
    layer = found.trained[1]
    assert all(map(math.isnan, (layer.linear, layer.best, layer.middle)))
    assert math.isfinite(found.trained[0].linear)
    assert found.order == "mixed"


def test_classes_that_are_missing_from_the_test_digits_are_asked_of_no_unit(small_digits: Digits) -> None:
    few = DigitSet(small_digits.test.images[:40], np.arange(40, dtype=np.uint8) % 2)
    layer = read_layer(Network((784, 30, 10)), 1, small_digits.training, replace(small_digits, test=few))
    assert np.isfinite(layer.units).all()
    assert layer.units.size < 30


@pytest.mark.parametrize(
    ("shares", "order"),
    [
        ([0.80, 0.90, 0.95], "rises"),
        ([0.80, 0.95, 0.949], "rises"),
        ([0.90, 0.80, 0.70], "falls"),
        ([0.80, 0.95, 0.85], "peaks"),
        ([0.90, 0.901, 0.899], "level"),
        ([0.90, 0.80, 0.90], "mixed"),
        ([0.80, 0.95, 0.85, 0.95], "mixed"),
        ([0.90, 0.80, 0.95], "mixed"),
        ([0.80, math.nan, 0.95], "mixed"),
        ([0.900, 0.910, 0.900], "level"),  # chance does so much in 1 of 65
    ],
)
def test_an_order_is_named_only_where_the_figures_show_it(shares: list[float], order: str) -> None:
    assert order_of(shares, 10_000) == order
