"""On how many digits a network is measured, and how its layers fare."""

from __future__ import annotations

import numpy as np
import pytest

from mnistviz.engine.cancelling import Withdrawn
from mnistviz.engine.commands import Play, Step
from mnistviz.engine.digits import Digits
from mnistviz.engine.evaluation import (
    EARLY_DIGITS,
    TRAINING_DIGITS,
    Assessment,
    evaluated,
    examine,
    interim_digits,
)
from mnistviz.engine.handover import Mailbox
from mnistviz.engine.moment import Evaluation, Moment
from mnistviz.engine.network import EVALUATION_CHUNK, Network
from mnistviz.engine.run import Run
from mnistviz.engine.settings import Settings


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
    assert digits_read_at(3) == dict.fromkeys(("validation", "training", "test"), EARLY_DIGITS)


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
        read = assessment.advance()
        if read is None:
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
