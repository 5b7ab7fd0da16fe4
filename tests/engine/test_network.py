"""The network: its mathematics against finite differences and against the plain reference."""

import copy
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnistviz.engine.digits import Digits, DigitSet, grey_values
from mnistviz.engine.functions import ACTIVATIONS, COSTS
from mnistviz.engine.network import Network
from mnistviz.engine.settings import Settings
from mnistviz.engine.trainer import Trainer
from mnistviz.engine.workspace import Workspace
from tests.conftest import few
from tests.engine.reference import PlainNetwork
from tests.examples import examples, one_quick
from tests.refusals import refused


def batch(network: Network, m: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    x = chance.random((m, network.sizes[0])).astype(network.dtype)
    return x, np.eye(network.sizes[-1], dtype=network.dtype)[chance.integers(0, network.sizes[-1], m)]


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
@settings(max_examples=examples(30), deadline=None)
def test_a_mini_batch_gives_the_mean_of_its_digits_gradients(m: int, seed: int) -> None:
    network = Network((12, 6, 4), seed=seed, dtype=np.float64)
    plain = PlainNetwork(network.weights, network.biases)
    x, y = batch(network, m, seed)
    nabla_b, nabla_w = network.backprop(x, y)
    each = [plain.backprop(*pair) for pair in zip(x, y, strict=True)]
    for layer in range(2):
        np.testing.assert_allclose(nabla_b[layer], np.mean([g[0][layer] for g in each], axis=0), atol=1e-12)
        np.testing.assert_allclose(nabla_w[layer], np.mean([g[1][layer] for g in each], axis=0), atol=1e-12)


@pytest.mark.parametrize("sizes", [(784, 10), (784, 30, 10), (784, 20, 12, 10)])
@pytest.mark.parametrize("output_and_cost", COSTS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_training_computes_the_gradient_of_the_book_to_the_last_bit(
    sizes: tuple[int, ...], output_and_cost: tuple[str, str], activation: str
) -> None:
    output, cost = output_and_cost
    network = Network(sizes, 3, activation=activation, output=output, cost=cost, initial_weights="scaled")
    x, y = batch(network, 10)
    x, y = x.astype(np.float32), y.astype(np.float32)
    work = Workspace(network, 10)
    for _ in range(2):  # the second time in arrays that are full
        work.backprop(x, y)
        nabla_b, nabla_w = network.backprop(x, y)
        for mine, kept in zip((*nabla_b, *nabla_w), (*work.nabla_b, *work.nabla_w), strict=True):
            np.testing.assert_array_equal(mine, kept)
        assert work.cost(y) == network.mean_cost(x, y)


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


@pytest.mark.parametrize("count", [0, 1, 2])
def test_the_first_layers_alone_answer_as_in_the_whole(mnist: Digits, count: int) -> None:
    network = Network((784, 30, 20, 10), seed=1)
    many = grey_values(mnist.test.images[:5])
    first = network.activations(many, count)
    assert len(first) == count + 1
    for alone, layer in zip(first, network.activations(many), strict=False):
        np.testing.assert_array_equal(alone, layer)


def test_evaluate_counts_the_digits_whose_strongest_output_is_right(mnist: Digits) -> None:
    network = Network((784, 30, 10), seed=1)
    right = sum(
        int(network.feedforward(grey_values(image)).argmax() == label)
        for image, label in zip(mnist.test.images[:200], mnist.test.labels[:200], strict=True)
    )
    assert network.evaluate(few(mnist.test, 200)) == right


def test_sgd_prints_the_books_line(small_digits: Digits, capsys: pytest.CaptureFixture[str]) -> None:
    network = Network((784, 12, 10), seed=1)
    network.SGD(small_digits.training, 2, 10, 3.0, test_data=small_digits.test)
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == f"Epoch 1: {network.evaluate(small_digits.test)}/300"
    assert lines[0].startswith("Epoch 0: ")


@one_quick("size", [10, 501, 1_003, 2_000, 1, 7, 64, 500], quick=3)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("output", "cost"), list(COSTS))
def test_sgd_equals_a_trainer(small_digits: Digits, size: int, dtype: type, output: str, cost: str) -> None:
    settings = Settings(sizes=(784, 12, 10), seed=5, mini_batch_size=size, output=output, cost=cost, eta=0.3)
    mine, its = (Network(settings.sizes, **settings.network_options(), dtype=dtype) for _ in range(2))
    trainer = Trainer(its, settings, small_digits.training)
    for epoch in (1, 2):
        mine.SGD(small_digits.training, 1, size, 0.3)
        while trainer.epoch < epoch:
            trainer.step()
        np.testing.assert_array_equal(mine.parameters, its.parameters)


def test_sgd_trains_on_all_digits_however_many(mnist: Digits) -> None:
    last = few(mnist.validation, 10)
    many = DigitSet(
        np.concatenate([mnist.training.images, last.images]),
        np.concatenate([mnist.training.labels, last.labels]),
    )
    mine, its = Network((784, 10), seed=2), Network((784, 10), seed=2)
    mine.SGD(many, 1, 5_000, 3.0)
    trainer = Trainer(its, Settings((784, 10), 2, training_digits=50_010, mini_batch_size=5_000), many)
    for _ in range(11):
        trainer.step()
    assert trainer.epoch == 1
    np.testing.assert_array_equal(mine.parameters, its.parameters)


def test_one_epoch_of_sgd_and_another_are_2(small_digits: Digits, capsys: pytest.CaptureFixture[str]) -> None:
    """In the weights; the lines begin at epoch 0 at each call, as in the book."""
    once, twice = Network((784, 12, 10), seed=1), Network((784, 12, 10), seed=1)
    once.SGD(small_digits.training, 2, 10, 3.0)
    twice.SGD(small_digits.training, 1, 10, 3.0)
    twin = twice.copy()
    capsys.readouterr()
    for network in (twice, twin):
        network.SGD(small_digits.training, 1, 10, 3.0)
        np.testing.assert_array_equal(network.parameters, once.parameters)
        assert capsys.readouterr().out == "Epoch 0 complete\n"


def test_sgd_refuses_an_empty_set(small_digits: Digits, capsys: pytest.CaptureFixture[str]) -> None:
    network, none = Network((784, 10)), few(small_digits.training, 0)
    assert "no digits" in refused(network.SGD, none, 1, 10, 3.0)
    assert "no digits" in refused(network.SGD, small_digits.training, 1, 10, 3.0, test_data=none)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("epochs", "size", "eta", "part"),
    [
        (1, 0, 3.0, "The mini-batch size must lie between 1 and 10,000"),
        (1, 10.5, 3.0, "The mini-batch size must be a whole number"),
        (1, 10, math.nan, "The learning rate η must lie between"),
        (1, 10, "3", "The learning rate η must be a number, not text"),
        (-1, 10, 3.0, "The number of epochs must lie between 1 and"),
        (1.5, 10, 3.0, "The number of epochs must be a whole number"),
        ("2", 10, 3.0, "The number of epochs must be a number, not text"),
    ],
)
def test_sgd_refuses_bad_numbers(small_digits: Digits, epochs: Any, size: Any, eta: Any, part: str) -> None:
    network = Network((784, 10))
    before = network.copy()
    assert part in refused(network.SGD, small_digits.training, epochs, size, eta)
    np.testing.assert_array_equal(network.parameters, before.parameters)


def test_no_array_can_take_the_place_of_a_part(small_digits: Digits) -> None:
    """It would be shown and no longer learn."""
    network: Any = Network((784, 12, 10))
    for parts in (network.weights, network.biases):
        with pytest.raises(TypeError):
            parts[0] = parts[0] * 2
    for name in ("weights", "biases", "parameters"):
        with pytest.raises(AttributeError):
            setattr(network, name, getattr(network, name))
    network.weights[0][...] = 0.25
    assert (network.parameters[: 784 * 12] == 0.25).all()
    network.SGD(small_digits.training, 1, 10, 3.0)
    assert (network.weights[0] != 0.25).any()


@pytest.mark.parametrize("copied", [Network.copy, copy.copy, copy.deepcopy])
def test_a_copy_learns_as_well(small_digits: Digits, copied: Callable[[Network], Network]) -> None:
    network = Network((784, 12, 10))
    twin, second = copied(network), network.copy()
    for each in (twin, second):
        each.SGD(small_digits.training, 2, 10, 3.0)
    np.testing.assert_array_equal(twin.parameters, second.parameters)
    np.testing.assert_array_equal(twin.weights[0], second.weights[0])


@pytest.mark.parametrize(
    ("sizes", "choices", "part"),
    [
        ((784, 10), {"output": "tanh"}, "The output cannot be tanh; the choices are sigmoid, softmax"),
        ((784, 10), {"activation": None}, "The activation function must be one of these"),
        ((784, 10), {"output": "softmax"}, "The softmax output and the quadratic cost do not fit together"),
        ((784, 10), {"seed": 1.5}, "The seed must be a whole number"),
        ((784,), {}, "an input layer and an output layer"),
        ((784, 0, 10), {}, "The size of a layer must lie between 1 and 2,000"),
        ((785, 10), {}, "The number of inputs must lie between 1 and 784"),
        ("784", {}, "The size of a layer must be a whole number"),
        ((784, 2_000, 2_000, 10), {}, "at most 5,000,000 weights"),
        ((784, *[10] * 9, 10), {}, "at most 8 hidden layers"),
    ],
)
def test_an_impossible_network_is_refused_in_words(sizes: Any, choices: dict[str, Any], part: str) -> None:
    assert part in refused(Network, sizes, **choices)
