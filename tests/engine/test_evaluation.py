"""On how many digits a network is measured, and how its layers fare, against loops over digits and units."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from msgspec.structs import replace
from numpy.typing import NDArray

from mnistviz.engine.cancelling import Withdrawn
from mnistviz.engine.commands import Play, Step
from mnistviz.engine.digits import Digits, DigitSet, grey_values
from mnistviz.engine.evaluation import (
    EARLY_DIGITS,
    TRAINING_DIGITS,
    Assessment,
    digits_a_unit,
    evaluated,
    interim_digits,
)
from mnistviz.engine.evidence import said
from mnistviz.engine.functions import ACTIVATIONS, OUTPUTS
from mnistviz.engine.handover import Mailbox
from mnistviz.engine.moment import Evaluation, Moment
from mnistviz.engine.network import EVALUATION_CHUNK, Network
from mnistviz.engine.run import Run
from mnistviz.engine.settings import Settings
from tests.engine.made_up import examine
from tests.examples import examples


def test_at_rest_the_first_network_of_the_book_reads_all_digits_and_larger_ones_fewer() -> None:
    assert interim_digits(Network((784, 30, 10))) == 10_000
    assert interim_digits(Network((784, 10))) == 10_000
    hundred = Network((784, 100, 10))
    assert interim_digits(hundred) == pytest.approx(10_000 * 23_820 / 79_400, rel=0.02)  # by the weights
    assert interim_digits(Network((784, 2_000, 10))) == 500


def test_a_pause_measures_on_as_many_and_an_early_evaluation_on_a_few_hundred(mnist: Digits) -> None:
    mailbox = Mailbox(lambda: None)
    run = Run(1, Settings(sizes=(784, 30, 10)), mnist, mailbox)

    def digits_read_at(step: int) -> dict[str, int]:
        """Works until all three sets are measured at `step`; how many digits of each were read."""
        while True:
            run.work(lambda: False)
            update = mailbox.take()
            if update is not None and [seen.step for seen in update.evaluations.values()] == [step] * 3:
                return {name: len(seen.predictions) for name, seen in update.evaluations.items()}

    run.handle(Step(1))
    assert digits_read_at(1) == {"validation": 10_000, "training": TRAINING_DIGITS, "test": 10_000}
    run.handle(Play())
    early = {"validation": EARLY_DIGITS, "training": TRAINING_DIGITS, "test": EARLY_DIGITS}
    assert digits_read_at(3) == early


def test_an_evaluation_in_chunks_says_what_the_network_says_at_once(mnist: Digits) -> None:
    network, count = Network((784, 12, 10), seed=3), 2 * EVALUATION_CHUNK + 7
    assessment = Assessment(network, mnist, mnist.training, step=5, consumed=50, count=count)
    found: list[Evaluation] = []
    while assessment.health is None:
        evaluation = assessment.advance()
        found += [evaluation] if evaluation is not None else []
    assert [each.set for each in found] == ["validation", "training", "test"]
    for each, part, read in zip(
        found, (mnist.validation, mnist.training, mnist.test), (count, TRAINING_DIGITS, count), strict=True
    ):
        np.testing.assert_array_equal(each.predictions, network.predictions(part.images[:read]))
        answers = network.feedforward(part.images[:read] / 255)
        assert each.outputs is not None
        np.testing.assert_allclose(each.outputs, answers[np.arange(read), each.predictions], rtol=1e-5)
        assert each.right == np.count_nonzero(each.predictions == part.labels[:read])
        assert (each.step, each.digits) == (5, 50)


def test_any_moment_is_read_as_a_pause_reads_it(small_digits: Digits) -> None:
    settings = Settings(sizes=(784, 6, 10), training_digits=200)
    network = Network(settings.sizes, seed=2)
    moment, training = Moment(1, 5, 50, network, settings, network), small_digits.training.first(200)
    assessment = Assessment(network, small_digits, training, step=5, consumed=50, count=10_000)
    while assessment.health is None:
        if (read := assessment.advance()) is None:
            continue
        told: list[tuple[int, int]] = []
        found = evaluated(moment, read.set, small_digits, progress=lambda *far: told.append(far))  # noqa: B023
        for name in ("set", "step", "digits", "right", "of", "complete"):
            assert getattr(found, name) == getattr(read, name)
        np.testing.assert_array_equal(found.predictions, read.predictions)
        assert found.outputs is not None
        np.testing.assert_array_equal(found.outputs, read.outputs)
        assert told == [(len(read.predictions),) * 2]


def test_reading_a_set_can_be_cancelled_between_two_pieces(mnist: Digits) -> None:
    network = Network((784, 4, 10))
    moment, told = Moment(1, 0, 0, network, Settings(sizes=network.sizes), network), list[tuple[int, int]]()
    with pytest.raises(Withdrawn):
        evaluated(moment, "test", mnist, lambda: len(told) == 2, lambda *far: told.append(far))
    assert told == [(1_000, 10_000), (2_000, 10_000)]


def answering(activation: str, answer: float) -> Network:
    """A network whose hidden neurons give this answer to every digit."""
    network = Network((784, 4, 10), activation=activation)
    network.weights[0][:] = 0
    network.biases[0][:] = np.arctanh(answer) if activation == "tanh" else np.log(answer / (1 - answer))
    return network


@pytest.mark.parametrize(
    ("activation", "slope", "share"),
    [("sigmoid", 0.009, 1.0), ("sigmoid", 0.011, 0.0), ("tanh", 0.036, 1.0), ("tanh", 0.044, 0.0)],
)
def test_an_answer_is_saturated_where_the_slope_is_below_a_25th_of_its_steepest(
    small_digits: Digits, activation: str, slope: float, share: float
) -> None:
    """The steepest slope of the sigmoid is 1/4, that of tanh is 1."""
    answer = np.sqrt(1 - slope) if activation == "tanh" else (1 + np.sqrt(1 - 4 * slope)) / 2
    health = examine(answering(activation, float(answer)), small_digits.training.first(50))
    assert health.layers[0].saturated == share


Array = NDArray[Any]

CHOICES = list(product(ACTIVATIONS, OUTPUTS, ([], [6], [6, 5], [6, 4, 5])))


def network_of(hidden: list[int], activation: str = "sigmoid", output: str = "sigmoid") -> Network:
    rule = {"initial_weights": "he", "cost": "cross_entropy"}
    return Network((784, *hidden, 10), 3, activation=activation, output=output, **rule)


def percentile(sizes: list[float]) -> float:
    """The smallest that no more than a hundredth is larger than; if that is 0, the largest."""
    ordered = sorted(sizes)
    return ordered[-1 - len(ordered) // 100] or ordered[-1]


@pytest.mark.parametrize(("activation", "output", "hidden"), CHOICES)
def test_answers_and_contributions_equal_those_of_a_loop_over_digits(
    small_digits: Digits, activation: str, output: str, hidden: list[int]
) -> None:
    network, digits = network_of(hidden, activation, output), small_digits.training.first(60)
    health = examine(network, digits)
    assert len(health.layers) == len(hidden) + 1
    each = [[a[0] for a in network.activations(x[np.newaxis])] for x in grey_values(digits.images)]

    for layer, found in enumerate(health.layers, start=1):
        sizes = [abs(float(a)) for activations in each for a in activations[layer]]
        assert found.full_answer == pytest.approx(percentile(sizes), rel=1e-5)
        assert found.mean_answers.shape == (10, network.sizes[layer])
        assert found.mean_answers.dtype == np.float32
        counts = []
        for unit in range(network.sizes[layer]):
            means = []
            for label in range(10):
                of_it = [a[layer][unit] for a, of in zip(each, digits.labels, strict=True) if of == label]
                means.append(sum(map(float, of_it)) / len(of_it))
            np.testing.assert_allclose(found.mean_answers[:, unit], means, rtol=1e-4, atol=1e-6)
            if any(means):
                counts.append(sum(map(abs, means)) ** 2 / sum(m * m for m in means))
        assert found.digits_a_unit == pytest.approx(sum(counts) / len(counts), rel=1e-4)

    contributions = []
    for activations in each:
        words = said(network, activations, int(activations[-1].argmax()))
        contributions += [abs(float(word)) for word in words.contributions]
    assert health.full_contribution == pytest.approx(percentile(contributions), rel=1e-4)


@pytest.mark.parametrize("activation", ["relu", "leaky_relu"])
def test_where_hardly_a_unit_fires_the_largest_one_counts(small_digits: Digits, activation: str) -> None:
    network, digits = network_of([200], activation), small_digits.training.first(50)
    network.weights[0][:] = 0
    network.biases[0][:] = 0
    for answer in (2.5, 2.0**-20):
        network.biases[0][7] = answer
        assert examine(network, digits).layers[0].full_answer == answer
    network.biases[0][7] = 0
    health = examine(network, digits)
    assert (health.layers[0].full_answer, health.layers[0].digits_a_unit) == (0, 0)
    assert health.full_contribution == 0


def test_leaky_answers_below_0_have_a_scale_too(small_digits: Digits) -> None:
    network = network_of([4], "leaky_relu")
    network.weights[0][:] = 0
    network.biases[0][:] = -50
    assert examine(network, small_digits.training.first(50)).layers[0].full_answer == pytest.approx(0.5)


def test_a_class_without_digits_has_a_mean_of_0(small_digits: Digits) -> None:
    digits = small_digits.training.first(100)
    some = digits.labels != 4
    for layer in examine(network_of([5]), DigitSet(digits.images[some], digits.labels[some])).layers:
        assert not layer.mean_answers[4].any()
        assert layer.mean_answers[[0, 1, 2, 3, 5, 6, 7, 8, 9]].all()


def test_a_network_that_has_diverged_gives_finite_scales_and_no_warning(small_digits: Digits) -> None:
    digits = small_digits.training.first(50)
    for value in (np.nan, np.inf, -np.inf, 3e38):
        network = network_of([6], "relu", "softmax")
        for w in network.weights:
            w[:3] = value
        health = examine(network, digits)
        assert np.isfinite(health.full_contribution)
        for layer in health.layers:
            assert np.isfinite(layer.full_answer)
            assert np.isfinite(layer.mean_answers).all()
            assert np.isfinite(layer.digits_a_unit)
    network.parameters[:] = np.nan
    health = examine(network, digits)
    assert (health.full_contribution, health.layers[0].full_answer, health.layers[0].digits_a_unit) == (
        0,
    ) * 3


@pytest.mark.parametrize("output", OUTPUTS)
def test_a_network_with_one_output_has_no_rival(small_digits: Digits, output: str) -> None:
    network = Network((784, 3, 1), output=output, cost="cross_entropy")
    digits = small_digits.training.first(20)
    digits = replace(digits, labels=np.zeros_like(digits.labels))
    assert 0 < examine(network, digits).full_contribution <= float(np.abs(network.weights[-1]).max())


@pytest.mark.parametrize("output", OUTPUTS)
def test_examining_changes_no_bit_of_the_network(small_digits: Digits, output: str) -> None:
    network = network_of([6, 5], "tanh", output)
    before = network.parameters.tobytes()
    examine(network, small_digits.training.first(100))
    assert network.parameters.tobytes() == before


def test_a_unit_that_answers_to_some_digits_alike_counts_them() -> None:
    for count in range(1, 11):
        means = np.zeros((10, 1), np.float32)
        means[:count] = 0.3
        assert digits_a_unit(means) == pytest.approx(count)
    two = np.zeros((10, 3), np.float32)
    two[0, 0] = 5
    two[:5, 1] = (0.1, -0.1, 0.1, -0.1, 0.1)  # the third is silent and left out
    assert digits_a_unit(two) == pytest.approx((1 + 5) / 2)
    assert digits_a_unit(np.zeros((10, 3))) == 0


@given(
    means=arrays(
        np.float32,
        st.tuples(st.integers(1, 10), st.integers(1, 6)),
        elements=st.floats(-(2.0**100), 2.0**100, width=32),
    ),
    power=st.integers(-10, 10),
)
@settings(max_examples=examples(100), deadline=None)
def test_units_answer_to_between_one_and_all_digits_whatever_their_scale(means: Array, power: int) -> None:
    found = digits_a_unit(means)
    if means.any():
        assert 1 - 1e-6 <= found <= len(means) + 1e-6
        assert digits_a_unit(-means.astype(np.float64) * 2.0**power) == pytest.approx(found)
    else:
        assert found == 0
