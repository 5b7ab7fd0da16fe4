"""The trainer: one step is one mini-batch, a run can be had again bit for bit, and decay acts where it is said to."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from msgspec.structs import replace

from mnistviz.engine.digits import Digits
from mnistviz.engine.functions import Array
from mnistviz.engine.network import Network
from mnistviz.engine.problems import Problem
from mnistviz.engine.randomness import order_of_epoch
from mnistviz.engine.settings import Settings
from mnistviz.engine.threads import concurrently
from mnistviz.engine.trainer import Cursor, Trainer
from mnistviz.engine.workspace import decay_acts, update_weights
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


def test_another_seed_gives_other_weights_and_another_order(small_digits: Digits) -> None:
    assert not np.array_equal(order_of_epoch(1, 0, 100), order_of_epoch(2, 0, 100))
    assert not np.array_equal(order_of_epoch(1, 0, 100), order_of_epoch(1, 1, 100))


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


@given(
    plan=st.lists(
        st.sampled_from(["step", "epoch", "size", "rotation", "elastic", "back", "look"]), max_size=12
    )
)
@hypothesis_settings(deadline=None)
def test_samples_bent_in_a_second_thread_are_the_same(plan: list[str], small_digits: Digits) -> None:
    settings = replace(SETTINGS, rotation=10.0, elastic=1.0, shift=1)
    states = []
    for prefetch in (False, True):
        network = Network(settings.sizes, settings.seed)
        trainer = Trainer(network, settings, small_digits.training, prefetch=prefetch)
        start = trainer.state()
        for act in plan:
            match act:
                case "epoch":
                    epoch = trainer.epoch
                    while trainer.epoch == epoch:
                        trainer.step()
                case "size":
                    trainer.change(trainer.settings.changed(mini_batch_size=7))
                case "rotation" | "elastic":
                    trainer.change(
                        trainer.settings.changed(**{act: 0.0 if trainer.settings.rotation else 3.0})
                    )
                case "back":
                    trainer.restore(start)
                case "look":
                    trainer.next_move()
            trainer.step()
        states.append(trainer.state())
    assert np.array_equal(states[0].parameters, states[1].parameters)
    assert states[0].cursor == states[1].cursor


def test_what_fails_in_a_second_thread_is_raised_where_it_is_awaited() -> None:
    future = concurrently(lambda: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        future.result()


def test_what_needs_a_new_run_is_refused_in_mid_run(small_digits: Digits) -> None:
    with pytest.raises(ValueError, match="live"):
        trainer_of(small_digits).change(replace(SETTINGS, seed=9))


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
    with pytest.raises(Problem) as refused:
        Trainer(Network(SETTINGS.sizes), replace(SETTINGS, **others), small_digits.training)
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
    trainer = trainer_of(mnist, Settings(sizes=(784, 30, 10), seed=1))
    while trainer.epoch == 0:
        trainer.step()
    assert trainer.network.evaluate(mnist.test) > 8_800


N, STEPS, COUNT = 50_000, 50, 2_000
BOUND = 2.0**-25  # of ηλ/n


def trained(settings: Settings) -> Array:
    """Weights after some steps with made-up gradients, always the same ones."""
    random = np.random.default_rng(1)
    weights = random.normal(0, 0.2, COUNT).astype(np.float32)
    velocity = np.zeros(COUNT if settings.momentum else 0, np.float32)
    rate, none = settings.eta * settings.weight_decay / N, np.empty(0, np.intp)
    for _ in range(STEPS):
        step = random.normal(0, 1e-3, COUNT).astype(np.float32)
        update_weights(weights, velocity, step, COUNT, settings, rate, none)
    return weights


def with_rate(rate: float, **others: float | str) -> Settings:
    return Settings(eta=0.5, weight_decay=rate * N / 0.5, **others).checked()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "others",
    [{}, {"momentum": 0.9}, {"momentum": 0.5, "momentum_kind": "nesterov"}],
    ids=["plain", "classical", "nesterov"],
)
@pytest.mark.parametrize("share", [0.0, 0.5, 0.99, 1.0, 1.01, 2.0])
def test_decay_acts_where_it_changes_a_weight(share: float, others: dict[str, float | str]) -> None:
    settings = with_rate(share * BOUND, **others)
    differs = not np.array_equal(trained(settings), trained(settings.changed(weight_decay=0.0)))
    assert decay_acts(settings, N) == differs == bool(share > 1 or (share and others))


@pytest.mark.parametrize(
    ("eta", "decay", "acts"), [(0.001, 1.0, False), (0.5, 0.001, False), (0.5, 5.0, True)]
)
def test_settings_of_which_decay_does_nothing(eta: float, decay: float, acts: bool) -> None:
    assert decay_acts(Settings(eta=eta, weight_decay=decay), N) is acts
