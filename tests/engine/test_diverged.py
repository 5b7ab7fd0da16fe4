"""A network whose weights have run away is told by what comes of it, and not by warnings on the terminal."""

from collections.abc import Iterator

import numpy as np
import pytest

from mnistviz.engine import evidence
from mnistviz.engine.commands import Nudge, Play, Visit
from mnistviz.engine.digits import Digits, grey_values
from mnistviz.engine.evaluation import Assessment
from mnistviz.engine.evidence import extreme_digits
from mnistviz.engine.ideas import along, binary_outputs, few_digits
from mnistviz.engine.ideas.along import NudgedCopy, Weight
from mnistviz.engine.network import Network
from mnistviz.engine.settings import Settings
from mnistviz.engine.trainer import Trainer
from mnistviz.engine.unattended import train
from tests.engine.made_up import examine
from tests.engine.time_machine import Worker
from tests.examples import one_quick

LARGEST = np.finfo(np.float32).max
KINDS = {
    "huge": lambda p: 1e37 * p,
    "largest": lambda p: np.where(p > 0, LARGEST, -LARGEST),
    "infinite": lambda p: np.where(p > 0, np.inf, -np.inf),
    "mixed": lambda p: np.where(p > 1, np.nan, np.where(p < -1, -np.inf, LARGEST)),
    "first layer": lambda p: np.where(np.arange(p.size) < 784 * 12, np.inf * p, p),
    "here and there": lambda p: np.where(np.arange(p.size) % 97 == 0, np.inf * p, p),
}
CHOICES = [
    ("sigmoid", "sigmoid", "quadratic"),
    ("tanh", "sigmoid", "cross_entropy"),
    ("relu", "softmax", "cross_entropy"),
    ("leaky_relu", "softmax", "cross_entropy"),
]


@pytest.fixture(autouse=True)
def told() -> Iterator[None]:
    """As NumPy is by itself: other tests of the process may have quietened it. A warning fails a test."""
    with np.errstate(over="warn", invalid="warn", divide="warn"):
        yield


@pytest.mark.parametrize("kind", KINDS)
@one_quick("choice", CHOICES, ids=lambda choice: "-".join(choice), quick=2)
def test_nothing_that_reads_it_warns(kind: str, choice: tuple[str, str, str], small_digits: Digits) -> None:
    activation, output, cost = choice
    network = Network((784, 12, 8, 10), 1, activation=activation, output=output, cost=cost)
    network.parameters[...] = KINDS[kind](network.parameters)
    digits = small_digits.test.first(30)
    x, y = grey_values(digits.images), np.eye(10, dtype=np.float32)[digits.labels]

    activations = [layer[0] for layer in network.activations(x)]
    network.evaluate(digits)
    network.mean_cost(x, y)
    network.backprop(x, y)
    network.l2_term(1.0, 10)
    network.cost_derivative(network.feedforward(x), y)
    network.copy().update_mini_batch((x, y), 3.0)

    assert isinstance(evidence.said(network, activations, 3).z, float)
    evidence.path(network, activations, 3)
    for layer in (1, 2, 3):
        evidence.contributions_to(network, activations, layer, 0)
        evidence.outgoing(network, activations, layer, 0)
        assert extreme_digits(network, layer, 0, digits, 5) is not None
    examine(network, digits)
    assessment = Assessment(network, small_digits, digits, 1, 10, 30)
    while assessment.health is None:
        assessment.advance()

    binary_outputs.activations_of(network, digits)
    few_digits.find_group(network, digits, few_digits.whole(network, digits), 10, 0, 3)
    few_digits.price(network, digits, 10)
    along.Descent(network, digits.first(3), digits).step(0.5)
    along.DirectionLine(network, along.one_weight(network, 1, 2, 3), digits).curve([0.0, 1e300])
    nudged = NudgedCopy(network)
    for layer in (1, 2):
        nudged.nudge(x[0], Weight(layer, 2, 3), 0.1)
        nudged.strongest(x[0], layer)
    Trainer(
        network, Settings(sizes=network.sizes, activation=activation, output=output, cost=cost), digits
    ).nudge(3, int(np.nanargmax(np.abs(network.weights[2]).max(axis=1))), 0)


RUNAWAY = Settings(
    sizes=(784, 12, 10),
    activation="relu",
    eta=1_000.0,
    weight_decay=1_000.0,
    momentum=0.9,
    training_digits=503,
)


def test_a_run_diverges_is_looked_at_and_branches_without_a_warning(worker: Worker) -> None:
    run = worker.trained(1, RUNAWAY, Play())
    assert worker.told[1].diverged
    worker.obey(1, Nudge(), Visit(run.step - 1))
    worker.branch(2, 1, None, Play())
    worker.rest()
    assert worker.told[2].diverged


def test_unattended_training_diverges_without_a_warning(small_digits: Digits) -> None:
    assert train(RUNAWAY, small_digits, most_epochs=2).ended == "diverged"
