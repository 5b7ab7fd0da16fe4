"""What chance does to a run, and mixtures of two networks, against the engine's own runs and plain NumPy."""

import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray

from mnistviz.engine.cancelling import Withdrawn
from mnistviz.engine.commands import Change, Command, RestoreBest, Step
from mnistviz.engine.digits import Digits, grey_values
from mnistviz.engine.handover import Mailbox
from mnistviz.engine.luck.copied_runs import ORDERS, accuracies_in_orders
from mnistviz.engine.mistakes.mixing import FINE_MIX, can_mix, mixed, mixed_moment, mixing_curve
from mnistviz.engine.moment import Evaluation, Moment
from mnistviz.engine.network import Network
from mnistviz.engine.randomness import generator, order_of_epoch
from mnistviz.engine.run import Run
from mnistviz.engine.settings import Settings
from mnistviz.engine.trials import RecordedRun
from tests.engine.test_record import SMALL, obeyed
from tests.engine.time_machine import Worker

FORK = 106
LATER: tuple[Command, ...] = (Step(60), Change({"momentum": 0.3}), Step(30), RestoreBest())


HALVED = SMALL.changed(schedule="halve", schedule_epochs=4)


def permuted(run: Run, order: int, begin: int, until: int) -> list[NDArray[np.intp]]:
    """The order of the digits in each epoch, permuted from `begin` up to `until` digits of the run."""
    count, orders = len(run.trainer.training), []
    for epoch in range(until // count + 1):
        numbers = order_of_epoch(run.trainer.settings.seed, epoch, count)
        first, last = (min(max(place - epoch * count, 0), count) for place in (begin, until))
        random = generator(run.trainer.settings.seed, "future", epoch, order)
        numbers[first:last] = random.permutation(numbers[first:last])
        orders.append(numbers)
    return orders


def test_other_orders_are_those_of_a_plain_loop(small_digits: Digits) -> None:
    """Two epochs of 1,003 digits, one at a time; the order changes after step 400, and η after step 700."""
    settings = SMALL.changed(mini_batch_size=1, eta=0.3)
    run = Run(1, settings, small_digits, Mailbox(lambda: None))
    obeyed(run, Step(700), Change({"eta": 0.1}), Step(500))
    found = run.recorder.readings.newest["test"]
    assert found.step == 1_200
    accuracies = accuracies_in_orders(RecordedRun(run.record(), run.start, small_digits), found, 400)
    assert len(accuracies) == 1 + ORDERS
    test = small_digits.test
    assert accuracies[0] == np.mean(found.predictions == test.labels)
    for order in (1, 2):
        network, step = Network(settings.sizes, **settings.network_options()), 0
        for numbers in permuted(run, order, 400, 1_200):
            for number in numbers.tolist()[: 1_200 - step]:
                x = grey_values(small_digits.training.images[[number]])
                y = np.eye(10, dtype=np.float32)[small_digits.training.labels[[number]]]
                network.update_mini_batch((x, y), settings.eta if step < 700 else 0.1)
                step += 1
        assert accuracies[order] == pytest.approx(network.evaluate(test) / len(test), abs=0.007)
    assert len(set(accuracies)) > 2


@pytest.mark.parametrize("settings", [HALVED, SMALL.changed(momentum=0.5, dropout=0.2)])
def test_changes_of_the_run_are_made_in_other_orders_too(small_digits: Digits, settings: Settings) -> None:
    run = Worker(small_digits).trained(1, settings, Step(FORK))
    obeyed(run, *LATER, Step(300))
    found = run.recorder.readings.newest["validation"]
    recorded = RecordedRun(run.record(), run.start, small_digits)
    accuracies = accuracies_in_orders(recorded, found, FORK)
    assert accuracies == accuracies_in_orders(recorded, found, FORK), "the orders are keyed"
    assert all(0 < each <= 1 for each in accuracies)


def test_orders_are_for_the_digits_that_were_read_and_can_be_cancelled(small_digits: Digits) -> None:
    run = Worker(small_digits).trained(1, SMALL, Step(40))
    whole = run.recorder.readings.newest["validation"]
    part = Evaluation("validation", 40, whole.digits, whole.predictions[:70], 1, 300, complete=False)
    recorded = RecordedRun(run.record(), run.start, small_digits)
    far: list[tuple[int, int]] = []
    accuracies = accuracies_in_orders(recorded, part, 12, progress=lambda *each: far.append(each))
    assert all((70 * each) == pytest.approx(round(70 * each)) for each in accuracies)
    assert far == sorted(far)
    assert far[-1][1] == ORDERS * (40 - 12)
    with pytest.raises(Withdrawn):
        accuracies_in_orders(recorded, part, 12, cancelled=lambda: True)
    for fork in (41, -1):
        with pytest.raises(ValueError, match="nothing to replay"):
            accuracies_in_orders(recorded, part, fork)


def test_a_mixture_is_weight_by_weight() -> None:
    a, b = Network((784, 5, 10), seed=1), Network((784, 5, 10), seed=2)
    np.testing.assert_allclose(
        mixed(a, b, 0.25).parameters, 0.75 * a.parameters + 0.25 * b.parameters, rtol=1e-6
    )
    assert mixed(a, b, 0).parameters.tobytes() == a.parameters.tobytes()
    assert mixed(a, b, 1).parameters.tobytes() == b.parameters.tobytes()
    assert mixed(a, b, 1) is not b


def test_networks_of_other_layers_or_functions_are_not_mixed() -> None:
    a = Network((784, 5, 10))
    for other in (Network((784, 6, 10)), Network((784, 5, 10), activation="tanh")):
        assert not can_mix(a, other)
        with pytest.raises(ValueError, match="mixed"):
            mixed(a, other, 0.5)


def test_the_curve_is_what_the_mixtures_read(small_digits: Digits) -> None:
    a, b = Network((784, 5, 10), seed=1), Network((784, 5, 10), seed=2)
    curve = mixing_curve(a, b, small_digits.test)
    assert (curve.of, len(curve.at)) == (300, 11)
    for t, right in zip(curve.at, curve.right, strict=True):
        network = a.copy()
        network.parameters[...] = (1 - t) * a.parameters + t * b.parameters
        assert (
            right
            == (
                network.feedforward(small_digits.test.images / 255).argmax(axis=1) == small_digits.test.labels
            ).sum()
        )
    told: list[tuple[int, int]] = []
    with pytest.raises(Withdrawn):
        mixing_curve(a, b, small_digits.test, FINE_MIX, lambda: len(told) == 3, lambda *far: told.append(far))
    assert told == [(1, 101), (2, 101), (3, 101)]


def test_a_mixed_moment_says_so() -> None:
    a, b = Network((784, 5, 10), seed=1), Network((784, 5, 10), seed=2)
    one = Moment(1, 10, 100, a, Settings(sizes=(784, 5, 10)), a)
    moment = mixed_moment(one, replace(one, network=b), 0.5)
    assert (moment.kind, moment.run, moment.step) == ("mixed", 1, 10)
    assert moment.network.parameters.tobytes() == mixed(a, b, 0.5).parameters.tobytes()
