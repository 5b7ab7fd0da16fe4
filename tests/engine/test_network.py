"""The network: its mathematics against finite differences and against the plain reference."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnistviz.engine.digits import Digits, grey_values
from mnistviz.engine.functions import ACTIVATIONS
from mnistviz.engine.network import Network
from tests.engine.reference import PlainNetwork

SHAPES = [(784, 10), (784, 30, 10), (20, 7, 5, 3), (6, 5, 4, 3, 2)]


def batch(network: Network, m: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    x = chance.random((m, network.sizes[0])).astype(network.dtype)
    y = np.eye(network.sizes[-1], dtype=network.dtype)[chance.integers(0, network.sizes[-1], m)]
    return x, y


def mean_cost(network: Network, x: np.ndarray, y: np.ndarray) -> float:
    return network.mean_cost(x, y)


@pytest.mark.parametrize("sizes", SHAPES)
def test_gradients_of_every_layer_equal_finite_differences(sizes: tuple[int, ...]) -> None:
    network = Network(sizes, seed=3, dtype=np.float64)
    for w in network.weights:
        w /= np.sqrt(w.shape[1])  # out of saturation, where there is a gradient to compare
    x, y = batch(network, 4)
    nabla_b, nabla_w = network.backprop(x, y)
    chance = np.random.default_rng(1)
    step = 1e-5
    for parameters, gradients in ((network.weights, nabla_w), (network.biases, nabla_b)):
        for parameter, gradient in zip(parameters, gradients, strict=True):
            assert gradient.shape == parameter.shape
            for _ in range(12):
                place = tuple(chance.integers(0, n) for n in parameter.shape)
                kept = parameter[place]
                parameter[place] = kept + step
                above = mean_cost(network, x, y)
                parameter[place] = kept - step
                below = mean_cost(network, x, y)
                parameter[place] = kept
                assert gradient[place] == pytest.approx((above - below) / (2 * step), rel=1e-5, abs=1e-10)


@pytest.mark.parametrize("name", sorted(ACTIVATIONS))
def test_the_derivative_of_each_activation_equals_a_finite_difference(name: str) -> None:
    z = np.linspace(-6, 6, 100)  # not through 0, where ReLU has its kink
    value, derivative = ACTIVATIONS[name].value, ACTIVATIONS[name].derivative

    def at(points: np.ndarray) -> np.ndarray:
        return value(points, np.empty_like(points))

    a = at(z)
    slopes = (at(z + 1e-6) - at(z - 1e-6)) / 2e-6
    np.testing.assert_allclose(derivative(a, np.empty_like(a)), slopes, rtol=1e-6, atol=1e-9)


def test_the_sigmoid_is_calm_however_large_its_input() -> None:
    z = np.array([-1e30, -1000, -88, 0, 88, 1000, 1e30], dtype=np.float32)
    a = ACTIVATIONS["sigmoid"].value(z, np.empty_like(z))
    np.testing.assert_allclose(a, [0, 0, 0, 0.5, 1, 1, 1], atol=1e-30)


@given(m=st.integers(1, 17), seed=st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_a_mini_batch_gives_the_mean_of_its_digits_gradients(m: int, seed: int) -> None:
    network = Network((12, 6, 4), seed=seed, dtype=np.float64)
    plain = PlainNetwork(network.weights, network.biases)
    x, y = batch(network, m, seed)
    nabla_b, nabla_w = network.backprop(x, y)
    each = [plain.backprop(*pair) for pair in zip(x, y, strict=True)]
    for layer in range(2):
        np.testing.assert_allclose(nabla_b[layer], np.mean([g[0][layer] for g in each], axis=0), atol=1e-12)
        np.testing.assert_allclose(nabla_w[layer], np.mean([g[1][layer] for g in each], axis=0), atol=1e-12)


def test_backprop_only_reads_the_network() -> None:
    network = Network((784, 30, 10), seed=1)
    before = network.copy()
    network.backprop(*batch(network, 10))
    for mine, its in zip(network.weights + network.biases, before.weights + before.biases, strict=True):
        np.testing.assert_array_equal(mine, its)


def test_weights_and_biases_start_as_draws_from_n_0_1_that_depend_on_the_seed_alone() -> None:
    network = Network([784, 30, 10], seed=5)
    assert [w.shape for w in network.weights] == [(30, 784), (10, 30)]
    assert [b.shape for b in network.biases] == [(30,), (10,)]
    assert network.weights[0].dtype == np.float32
    assert abs(network.weights[0].mean()) < 0.03
    assert network.weights[0].std() == pytest.approx(1, abs=0.02)
    np.testing.assert_array_equal(network.weights[0], Network([784, 30, 10], seed=5).weights[0])
    assert not np.array_equal(network.weights[0], Network([784, 30, 10], seed=6).weights[0])


def test_a_new_layer_does_not_shift_the_start_of_the_others() -> None:
    np.testing.assert_array_equal(
        Network((784, 30, 10), 1).weights[0], Network((784, 30, 20, 10), 1).weights[0]
    )


def test_feedforward_takes_one_digit_or_many(mnist: Digits) -> None:
    network = Network((784, 30, 10), seed=1)
    many = grey_values(mnist.test.images[:5])
    outputs = network.feedforward(many)
    assert outputs.shape == (5, 10)
    for digit, output in zip(many, outputs, strict=True):
        np.testing.assert_allclose(network.feedforward(digit), output, rtol=1e-4, atol=1e-6)
    layers = network.activations(many)
    assert [layer.shape for layer in layers] == [(5, 784), (5, 30), (5, 10)]


def test_evaluate_counts_the_digits_whose_strongest_output_is_right(mnist: Digits) -> None:
    network = Network((784, 30, 10), seed=1)
    right = sum(
        int(network.feedforward(grey_values(image)).argmax() == label)
        for image, label in zip(mnist.test.images[:200], mnist.test.labels[:200], strict=True)
    )
    from tests.conftest import few

    assert network.evaluate(few(mnist.test, 200)) == right


def test_update_mini_batch_is_one_step_of_the_book(mnist: Digits) -> None:
    network = Network((784, 30, 10), seed=2)
    plain = PlainNetwork(network.weights, network.biases)
    x, y = batch(network, 10)
    network.update_mini_batch((x, y), eta=3.0)
    plain.update_mini_batch(list(zip(x, y, strict=True)), eta=3.0)
    for mine, its in zip(network.weights + network.biases, plain.weights + plain.biases, strict=True):
        np.testing.assert_allclose(mine, its, rtol=1e-4, atol=1e-5)


def test_sgd_prints_the_books_line(small_digits: Digits, capsys: pytest.CaptureFixture[str]) -> None:
    network = Network((784, 12, 10), seed=1)
    network.SGD(small_digits.training, 2, 10, 3.0, test_data=small_digits.test)
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == f"Epoch 1: {network.evaluate(small_digits.test)}/300"
    assert lines[0].startswith("Epoch 0: ")


def test_sgd_without_test_data_still_says_where_it_is(
    small_digits: Digits, capsys: pytest.CaptureFixture[str]
) -> None:
    Network((784, 10)).SGD(small_digits.training, 1, 100, 1.0)
    assert capsys.readouterr().out == "Epoch 0 complete\n"
