"""The trainer: one step is one mini-batch, and a run can be had again bit for bit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from mnistviz.engine.digits import Digits
from mnistviz.engine.network import Network
from mnistviz.engine.problems import Problem
from mnistviz.engine.randomness import order_of_epoch
from mnistviz.engine.settings import Settings
from mnistviz.engine.trainer import Cursor, Trainer
from mnistviz.sentences import sentence
from tests.engine.reference import PlainNetwork, pairs

SETTINGS = Settings(sizes=(784, 12, 10), seed=4, eta=2.0, mini_batch_size=10)


def trainer_of(digits: Digits, settings: Settings = SETTINGS, **options: object) -> Trainer:
    network = Network(settings.sizes, settings.seed, **options)  # type: ignore[arg-type]
    return Trainer(network, settings, digits.training)


def assert_same_network(one: Network, other: Network) -> None:
    np.testing.assert_array_equal(one.parameters, other.parameters)


def test_a_whole_epoch_equals_the_plain_reference(small_digits: Digits) -> None:
    trainer = trainer_of(small_digits, dtype=np.float64)
    plain = PlainNetwork(trainer.network.weights, trainer.network.biases)
    order = order_of_epoch(4, 0, 1_003)
    for start in range(0, 1_003, 10):
        cost = plain.update_mini_batch(pairs(small_digits.training, order[start : start + 10]), 2.0)
        assert trainer.step() == pytest.approx(cost, rel=1e-5)
    assert trainer.epoch == 1
    for mine, its in zip(trainer.network.weights, plain.weights, strict=True):
        np.testing.assert_allclose(mine, its, rtol=1e-4, atol=1e-5)
    for mine, its in zip(trainer.network.biases, plain.biases, strict=True):
        np.testing.assert_allclose(mine, its, rtol=1e-4, atol=1e-5)


def test_the_last_mini_batch_of_an_epoch_is_short_and_every_digit_is_seen_once(small_digits: Digits) -> None:
    trainer = trainer_of(small_digits)
    steps = 0
    while trainer.epoch == 0:
        trainer.step()
        steps += 1
    assert steps == 101
    assert trainer.digits_consumed == 1_003
    assert trainer.cursor == Cursor(1, 0)


def test_the_same_seed_gives_the_same_weights_bit_for_bit(small_digits: Digits) -> None:
    first, second = trainer_of(small_digits), trainer_of(small_digits)
    costs = [[trainer.step() for _ in range(150)] for trainer in (first, second)]
    assert costs[0] == costs[1]
    assert_same_network(first.network, second.network)


def test_another_seed_gives_other_weights_and_another_order(small_digits: Digits) -> None:
    assert not np.array_equal(order_of_epoch(1, 0, 100), order_of_epoch(2, 0, 100))
    assert not np.array_equal(order_of_epoch(1, 0, 100), order_of_epoch(1, 1, 100))


def test_a_restored_state_goes_on_as_if_nothing_had_happened(small_digits: Digits) -> None:
    trainer = trainer_of(small_digits)
    for _ in range(37):
        trainer.step()
    state = trainer.state()
    expected = [trainer.step() for _ in range(100)]
    other = trainer_of(small_digits)
    other.restore(state)
    assert [other.step() for _ in range(100)] == expected
    assert_same_network(trainer.network, other.network)


def test_a_new_eta_acts_on_the_next_mini_batch_and_only_then(small_digits: Digits) -> None:
    trainer, still = trainer_of(small_digits), trainer_of(small_digits)
    for _ in range(5):
        trainer.step()
        still.step()
    trainer.change(replace(SETTINGS, eta=0.5))
    assert_same_network(trainer.network, still.network)
    before = trainer.network.copy()
    assert trainer.step() == still.step()  # the cost is measured before the update
    for start, slow, fast in zip(before.weights, trainer.network.weights, still.network.weights, strict=True):
        np.testing.assert_allclose((slow - start) * 4, fast - start, rtol=1e-2, atol=1e-5)


def test_a_new_mini_batch_size_keeps_the_place_in_the_epoch(small_digits: Digits) -> None:
    trainer = trainer_of(small_digits)
    for _ in range(3):
        trainer.step()
    trainer.change(replace(SETTINGS, mini_batch_size=100))
    assert trainer.digits_consumed == 30
    trainer.step()
    assert trainer.digits_consumed == 130


def test_what_needs_a_new_run_is_refused_in_mid_run(small_digits: Digits) -> None:
    trainer = trainer_of(small_digits)
    with pytest.raises(ValueError, match="live"):
        trainer.change(replace(SETTINGS, seed=9))


def test_momentum_that_was_switched_off_begins_again_at_rest(small_digits: Digits) -> None:
    coasting = replace(SETTINGS, momentum=0.9)
    trainer = trainer_of(small_digits, coasting)
    for settings, steps in ((coasting, 5), (SETTINGS, 1)):
        trainer.change(settings)
        for _ in range(steps):
            trainer.step()
    fresh = trainer_of(small_digits)
    fresh.restore(replace(trainer.state(), velocity=np.empty(0, np.float32)))
    for each in (trainer, fresh):
        each.change(coasting)
        each.step()
    assert_same_network(trainer.network, fresh.network)


def test_weights_that_are_taken_go_on_at_rest(small_digits: Digits) -> None:
    settings = replace(SETTINGS, momentum=0.9)
    trainer = trainer_of(small_digits, settings)
    for _ in range(5):
        trainer.step()
    trainer.take_weights(trainer.state())
    still = trainer_of(small_digits, settings)
    still.restore(replace(trainer.state(), velocity=np.empty(0, np.float32)))
    trainer.step()
    still.step()
    assert_same_network(trainer.network, still.network)


def test_a_changed_distortion_acts_on_the_very_next_mini_batch(small_digits: Digits) -> None:
    trainer, other = (trainer_of(small_digits, replace(SETTINGS, shift=1)) for _ in range(2))
    for each in (trainer, other):
        for _ in range(3):
            each.step()
    trainer.change(replace(SETTINGS, shift=4))
    other.restore(replace(trainer.state(), settings=replace(SETTINGS, shift=4)))
    costs = [each.step() for each in (trainer, other)]
    assert costs[0] == costs[1]
    unchanged = trainer_of(small_digits, replace(SETTINGS, shift=1))
    for _ in range(3):
        unchanged.step()
    assert unchanged.step() != costs[0]


def test_a_new_eta_gives_the_halving_schedule_its_epochs_anew(small_digits: Digits) -> None:
    settings = replace(SETTINGS, schedule="halve", schedule_epochs=2, mini_batch_size=1_003)
    trainer = trainer_of(small_digits, settings)
    halved = []
    for epoch in range(1, 8):
        trainer.step()
        halved.append(trainer.judge(right=5 if epoch == 1 else 4).halved)
        if epoch == 4:
            trainer.change(replace(settings, eta=1.0))
    assert halved == [None, None, (2.0, 1.0), None, None, (1.0, 0.5), None]


@pytest.mark.parametrize(
    "others",
    [{"sizes": (784, 13, 10)}, {"activation": "tanh"}, {"output": "softmax", "cost": "cross_entropy"}],
)
def test_settings_of_another_network_are_refused(small_digits: Digits, others: dict[str, object]) -> None:
    network = Network(SETTINGS.sizes)
    with pytest.raises(Problem) as refused:
        Trainer(network, replace(SETTINGS, **others), small_digits.training)  # type: ignore[arg-type]
    assert str(next(iter(others.values()))) in sentence(refused.value.code, refused.value.values)


@given(
    plan=st.lists(st.tuples(st.integers(1, 60), st.integers(1, 12)), min_size=1, max_size=6),
    count=st.integers(1, 50),
)
@hypothesis_settings(deadline=None)
def test_the_cursor_jumps_as_far_as_it_would_walk(plan: list[tuple[int, int]], count: int) -> None:
    walked = jumped = Cursor(0, 0)
    for size, steps in plan:
        for _ in range(steps):
            consumed = walked.consumed + min(size, count - walked.consumed)
            walked = Cursor(walked.epoch + 1, 0) if consumed == count else Cursor(walked.epoch, consumed)
        jumped = jumped.after(steps, size, count)
        assert walked == jumped


def test_a_network_learns_the_real_digits(mnist: Digits) -> None:
    settings = Settings(sizes=(784, 30, 10), seed=1)
    trainer = trainer_of(mnist, settings)
    while trainer.epoch == 0:
        trainer.step()
    assert trainer.network.evaluate(mnist.test) > 8_800
