"""Four outputs instead of ten: the fourth layer set by hand, and the bits learned directly."""

import numpy as np
import pytest

from mnistviz.engine.cancelling import Withdrawn
from mnistviz.engine.digits import Digits, grey_values
from mnistviz.engine.functions import COSTS
from mnistviz.engine.ideas.binary_outputs import (
    FourthLayer,
    OutputRace,
    activations_of,
    bits_for,
    codes,
    number_of,
    other_solutions,
    race,
    settings_for_bits,
    solved,
    unlike,
)
from mnistviz.engine.network import Network
from mnistviz.engine.settings import Settings
from mnistviz.engine.threads import one_blas_thread
from mnistviz.engine.trainer import Trainer


@pytest.mark.parametrize(("classes", "bits"), [(2, 1), (3, 2), (4, 2), (5, 3), (8, 3), (9, 4), (10, 4)])
def test_so_many_bits_tell_the_classes_apart(classes: int, bits: int) -> None:
    assert bits_for(classes) == bits
    assert len({tuple(code) for code in codes(classes).tolist()}) == classes


def test_the_bits_are_the_digits_in_binary() -> None:
    assert ["".join(str(int(bit)) for bit in code) for code in codes(10)] == [f"{d:04b}" for d in range(10)]
    assert number_of(codes(10)).tolist() == list(range(10))


@pytest.mark.parametrize("classes", range(2, 11))
def test_every_solution_gives_the_bits_of_every_one_hot_input(classes: int) -> None:
    for layer in (FourthLayer.solution(classes), *other_solutions(classes)):
        assert layer.right_when_sure().all()
        assert np.array_equal(layer.fired(np.eye(classes)), codes(classes))
        assert np.array_equal(np.rint(layer.outputs(np.eye(classes))), codes(classes))


def test_an_unlike_solution_reads_more_or_fewer(reader: Network, mnist: Digits) -> None:
    answers, labels = reader.feedforward(grey_values(mnist.test.images)), mnist.test.labels
    share = FourthLayer.solution(10).share_right(answers, labels)
    other = unlike(share, 0.01, answers, labels)
    assert other.right_when_sure().all()
    assert abs(other.share_right(answers, labels) - share) >= 0.01


def test_another_solution_counts_from_a_hundredth_on() -> None:
    layer = FourthLayer.solution(10)
    assert [solved(layer, share, 0.56) - {"last", "all"} for share in (0.569, 0.57, 0.55)] == [
        set(),
        {"other"},
        {"other"},
    ]


def test_one_weight_wrong_is_no_solution() -> None:
    for digit in range(10):
        for bit in range(4):
            right = FourthLayer.solution(10)
            layer = right.with_weight(digit, bit, -right.weights[digit, bit])
            assert np.argwhere(~layer.right_when_sure()).tolist() == [[digit, bit]]


def test_an_empty_layer_fires_nothing_and_a_change_makes_a_copy() -> None:
    layer = FourthLayer.empty(10)
    assert not layer.fired(np.eye(10)).any()
    assert layer.outputs(np.eye(10)) == pytest.approx(0.5)
    assert layer.with_weight(3, 1, 1).with_bias(2, -1).z(np.eye(10))[3].tolist() == [0, 10, -5, 0]
    assert not layer.weights.any()
    assert not layer.biases.any()


def test_a_share_counts_digits_whose_bits_are_all_right() -> None:
    labels = np.array([0, 7, 7, 9], np.uint8)
    activations = np.eye(10)[[0, 7, 6, 9]]  # the third is read as a 6
    assert FourthLayer.solution(10).share_right(activations, labels) == 0.75
    assert FourthLayer.empty(10).share_right(activations, labels) == 0.25


def test_the_solution_reads_nearly_what_the_ten_outputs_read(reader: Network, mnist: Digits) -> None:
    answers = activations_of(reader, mnist.test)
    whole = float((answers.argmax(axis=1) == mnist.test.labels).mean())
    assert whole - 0.01 < FourthLayer.solution(10).share_right(answers, mnist.test.labels) <= whole


def test_activations_are_read_until_cancelled(reader: Network, small_digits: Digits) -> None:
    found = activations_of(reader, small_digits.test)
    assert np.array_equal(found, reader.feedforward(grey_values(small_digits.test.images)))
    with pytest.raises(Withdrawn):
        activations_of(reader, small_digits.test, lambda: True)


def test_the_two_networks_differ_in_the_last_layer_only() -> None:
    whole, bits = settings_for_bits(Settings(seed=5, output="softmax", cost="cross_entropy"), 10)
    assert (whole.sizes, bits.sizes) == ((784, 30, 10), (784, 30, 4))
    assert whole.output == bits.output == "sigmoid"
    a, b = (Network(one.sizes, **one.network_options()) for one in (whole, bits))
    assert np.array_equal(a.weights[0], b.weights[0])


def test_a_cost_that_sigmoid_outputs_can_not_have_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(COSTS, ("sigmoid", "quadratic"))
    for settings in settings_for_bits(Settings(output="softmax", cost="quadratic"), 10):
        assert (settings.output, settings.cost) == ("sigmoid", "cross_entropy")


def test_the_race_is_what_two_trainers_do(small_digits: Digits) -> None:
    told: list[OutputRace] = []
    with one_blas_thread():
        found = race(Settings(), small_digits, 2, told.append)
        trainers = []
        for settings, targets in zip(settings_for_bits(Settings(), 10), (None, codes(10)), strict=True):
            network = Network(settings.sizes, **settings.network_options())
            trainers.append(Trainer(network, settings, small_digits.training, targets))
            while trainers[-1].epoch < 2:
                trainers[-1].step()
    assert told[-1] is found
    assert [reading.digits for reading in found.readings[:3]] == [0, 10, 30]
    assert [race.learned for race in told] == sorted(race.learned for race in told)
    assert len(told) > 30
    last = found.readings[-1]
    images, labels = grey_values(small_digits.test.images), small_digits.test.labels
    assert last.digits == found.of == 2 * 1_003
    assert last.whole == (trainers[0].network.feedforward(images).argmax(axis=1) == labels).mean()
    fired = trainers[1].network.feedforward(images) > 0.5
    assert last.bits == (fired == codes(10)[labels]).all(axis=1).mean()
    assert last.bits > 0.3  # by chance it would be 1 in 16


def test_a_race_ends_when_it_is_cancelled_or_a_network_diverges(small_digits: Digits) -> None:
    told: list[OutputRace] = []
    with pytest.raises(Withdrawn):
        race(Settings(), small_digits, 1_000, told.append, lambda: len(told) > 3)
    assert len(told) == 4
    found = race(Settings(eta=1_000.0, weight_decay=1_000.0), small_digits, 5)
    assert found.diverged
    assert found.readings[-1].digits < found.of
