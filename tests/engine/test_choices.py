"""Every choice that lifts a network: its mathematics against finite differences, or written out in a few lines."""

import math
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from msgspec.structs import replace

from mnistviz.engine.acts import Changed, Halved, Restored
from mnistviz.engine.commands import Change, Play, RestoreBest, Step
from mnistviz.engine.digits import Digits, grey_values
from mnistviz.engine.distortion import GROUP, Distortion
from mnistviz.engine.functions import ACTIVATIONS, COSTS, INITIAL_WEIGHTS, OUTPUTS
from mnistviz.engine.network import Network
from mnistviz.engine.randomness import order_of_epoch
from mnistviz.engine.schedule import share_of_eta
from mnistviz.engine.settings import SETTINGS, Settings
from mnistviz.engine.trainer import Trainer
from mnistviz.engine.workspace import Workspace
from mnistviz.setting_words import SETTING_WORDS
from tests.declared import BOUNDS, CHOICES, NEW_RUN_FIELDS
from tests.engine.made_up import examine
from tests.engine.microscope.plain_backprop import cost_of
from tests.engine.test_record import new_run, obeyed, rest
from tests.engine.time_machine import best_of, never, state_at
from tests.examples import examples, one_quick

SIZES = (784, 8, 6, 10)


def trainer_of(digits: Digits, settings: Settings) -> Trainer:
    network = Network(settings.sizes, **settings.network_options(), dtype=np.float64)
    return Trainer(network, settings, digits.training)


def batch_of(digits: Digits, numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    images = grey_values(digits.training.images[numbers]).astype(np.float64)
    return images, np.eye(10)[digits.training.labels[numbers]]


CHOSEN = list(product(ACTIVATIONS, COSTS, INITIAL_WEIGHTS, (0.0, 0.5), (0.0, 20.0)))


@one_quick(
    ("activation", "pair", "initial_weights", "dropout", "decay"),
    [each for first in range(7) for each in CHOSEN[first::7]],
    quick=len(CHOSEN[::7]),  # each two choices meet in one of them
)
def test_one_step_follows_the_gradient_of_the_regularised_cost(
    small_digits: Digits,
    activation: str,
    pair: tuple[str, str],
    initial_weights: str,
    dropout: float,
    decay: float,
) -> None:
    settings = Settings(
        sizes=SIZES, activation=activation, output=pair[0], cost=pair[1], initial_weights=initial_weights,
        eta=0.01, mini_batch_size=5, dropout=dropout, weight_decay=decay,
    )  # fmt: skip
    trainer = trainer_of(small_digits, settings)
    network = trainer.network
    for b in network.biases:
        b += 0.01  # away from z = 0, where ReLU has its kink
    before = network.copy()
    masks = trainer._dropout_masks() if dropout else ()
    x, y = batch_of(small_digits, order_of_epoch(1, 0, 1_003)[:5])
    assert trainer.step() == pytest.approx(Workspace(before, len(x)).mean_cost(x, y, masks), rel=1e-6)

    def cost(at: Network) -> float:
        penalty = decay / (2 * 1_003) * sum(float(np.sum(w**2)) for w in at.weights)
        assert at.l2_term(decay, 1_003) == pytest.approx(penalty)
        return Workspace(at, len(x)).mean_cost(x, y, masks) + penalty

    chance, step = np.random.default_rng(0), 1e-6
    for kind in ("weights", "biases"):
        for layer in range(3):
            moved = (getattr(before, kind)[layer] - getattr(network, kind)[layer]) / 0.01
            for _ in range(3):
                place = tuple(chance.integers(0, n) for n in moved.shape)
                costs = []
                for sign in (1, -1):
                    near = before.copy()
                    getattr(near, kind)[layer][place] += sign * step
                    costs.append(cost(near))
                expected = (costs[0] - costs[1]) / (2 * step)
                assert moved[place] == pytest.approx(expected, rel=2e-3, abs=2e-6)


@pytest.mark.parametrize("nesterov", [False, True])
@pytest.mark.parametrize("decay", [0.0, 10.0])
def test_momentum_is_the_books_velocity(small_digits: Digits, nesterov: bool, decay: float) -> None:
    kind = "nesterov" if nesterov else "classical"
    settings = Settings(
        sizes=(784, 8, 10), cost="cross_entropy", initial_weights="scaled", eta=0.1,
        momentum=0.9, momentum_kind=kind, weight_decay=decay,
    )  # fmt: skip
    trainer = trainer_of(small_digits, settings)
    plain = trainer.network.copy()
    velocity = [np.zeros_like(p) for p in plain.weights + plain.biases]
    order = order_of_epoch(1, 0, 1_003)
    for start in range(0, 60, 10):
        trainer.step()
        x, y = batch_of(small_digits, order[start : start + 10])
        nabla_b, nabla_w = plain.backprop(x, y)
        gradients = [g + decay / 1_003 * w for g, w in zip(nabla_w, plain.weights, strict=True)]
        gradients.extend(nabla_b)
        for parameter, v, gradient in zip(plain.weights + plain.biases, velocity, gradients, strict=True):
            v *= 0.9
            v -= 0.1 * gradient
            parameter += 0.9 * v - 0.1 * gradient if nesterov else v
    for mine, its in zip(
        trainer.network.weights + trainer.network.biases, plain.weights + plain.biases, strict=True
    ):
        np.testing.assert_allclose(mine, its, rtol=1e-6, atol=1e-9)


def test_schedules_are_what_they_say() -> None:
    cosine = Settings(schedule="cosine", schedule_epochs=10)
    assert share_of_eta(cosine, 0, 0) == 1
    assert share_of_eta(cosine, 5, 0) == pytest.approx(0.5)
    assert share_of_eta(cosine, 2.5, 0) == pytest.approx((1 + math.cos(math.pi / 4)) / 2)
    assert share_of_eta(cosine, 25, 0) == 0
    steps = Settings(schedule="step", schedule_epochs=3)
    assert [share_of_eta(steps, epochs, 0) for epochs in (0, 2.99, 3, 6)] == [1, 1, 0.1, 0.01]
    assert share_of_eta(Settings(schedule="halve"), 7, 3) == 0.125
    assert share_of_eta(Settings(), 7, 3) == 1


def test_a_schedule_runs_on_digits_seen_whatever_the_mini_batch_size(small_digits: Digits) -> None:
    settings = Settings(sizes=(784, 10), schedule="cosine", schedule_epochs=2, eta=1.0, mini_batch_size=17)
    trainer = trainer_of(small_digits, settings)
    for _ in range(20):
        trainer.step()
    share = trainer.digits_consumed / (2 * 1_003)
    assert trainer.eta_now == pytest.approx((1 + math.cos(math.pi * share)) / 2)
    trainer.change(replace(settings, mini_batch_size=3))
    assert trainer.eta_now == pytest.approx((1 + math.cos(math.pi * share)) / 2)
    trainer.change(replace(settings, eta=0.5))  # begins anew
    assert trainer.eta_now == 0.5


@pytest.mark.parametrize("pair", list(COSTS))
@pytest.mark.parametrize("size", [1_000.0, 1e4])
def test_costs_are_finite_however_large_the_weighted_inputs(pair: tuple[str, str], size: float) -> None:
    z = np.array([[size, -size, 0.0], [-size, size, 3.0]], dtype=np.float32).T.copy()
    a = OUTPUTS[pair[0]].function.value(z, np.empty_like(z))
    for label in range(3):
        y = np.eye(3, dtype=np.float32)[[label, label]].T.copy()
        cost = COSTS[pair].value(z, y, a - y)
        delta = COSTS[pair].delta(a, a - y, 1.0, np.empty_like(a))
        assert np.isfinite(cost)
        assert np.isfinite(delta).all()
        assert cost >= 0


@pytest.mark.parametrize("pair", list(COSTS))
def test_cost_derivative_is_the_slope_of_the_cost_in_the_outputs(pair: tuple[str, str]) -> None:
    network = Network((5, 4), output=pair[0], cost=pair[1], dtype=np.float64)
    a, y = np.random.default_rng(1).uniform(0.1, 0.9, 4), np.eye(4)[2]

    def cost(at: np.ndarray) -> float:
        return cost_of(*pair, at, y)

    found = network.cost_derivative(a, y)
    for place in range(4):
        step = np.eye(4)[place] * 1e-6
        assert found[place] == pytest.approx((cost(a + step) - cost(a - step)) / 2e-6, rel=1e-5, abs=1e-8)


@pytest.mark.parametrize(("rule", "spread"), [("normal", 1), ("scaled", 1 / 28), ("he", math.sqrt(2) / 28)])
def test_initial_weights_have_the_spread_of_their_rule(rule: str, spread: float) -> None:
    network = Network((784, 200, 10), 1, initial_weights=rule)
    assert network.weights[0].std() == pytest.approx(spread, rel=0.02)
    assert (network.biases[0].std() == 0) == (rule == "he")


def test_dropout_keeps_the_mean_and_the_share(small_digits: Digits) -> None:
    settings = Settings(sizes=(784, 500, 10), dropout=0.3, mini_batch_size=200)
    (mask,) = trainer_of(small_digits, settings)._dropout_masks()
    assert set(np.unique(mask)) == {0, 1 / 0.7}
    assert mask.mean() == pytest.approx(1, abs=0.01)
    assert len(np.unique(mask, axis=1).T) == 200  # other neurons sit out for each digit


def test_a_shift_moves_each_digit_as_it_is(small_digits: Digits) -> None:
    settings = Settings(shift=2)
    images = small_digits.training.images[:40]
    moved = Distortion(settings, 0, 40).apply(images, 0).reshape(-1, 28, 28)
    offsets = set()
    for before, after in zip(images.reshape(-1, 28, 28), moved, strict=True):
        padded = np.pad(before, 2)
        found = [
            (y, x)
            for y in range(5)
            for x in range(5)
            if np.array_equal(padded[y : y + 28, x : x + 28], after)
        ]
        assert found
        offsets.add(found[0])
    assert len(offsets) > 10


def test_no_distortion_returns_the_very_digits(small_digits: Digits) -> None:
    images = small_digits.training.images[:40]
    assert Distortion(Settings(), 0, 40).apply(images, 0) is images
    turned = Distortion(Settings(rotation=1e-6), 0, 40).apply(images, 0)
    np.testing.assert_allclose(turned.astype(int), images.astype(int), atol=1)


def test_a_turn_of_a_bar_is_a_turn() -> None:
    bar = np.zeros((28, 28), np.uint8)
    bar[4:24, 13:15] = 255
    images = np.repeat(bar.reshape(1, -1), GROUP * 40, axis=0)
    distortion = Distortion(Settings(rotation=30.0), 0, len(images))
    turned = distortion.apply(images, 0)[::GROUP].reshape(-1, 28, 28).astype(float)
    down, right = np.mgrid[:28, :28] - 13.5
    angles = []
    for picture in turned:
        weight = picture / picture.sum()
        xx, yy, xy = ((weight * a * b).sum() for a, b in ((right, right), (down, down), (down, right)))
        angles.append(np.rad2deg(0.5 * np.arctan2(2 * xy, yy - xx)))
        assert picture.sum() == pytest.approx(bar.sum(), rel=0.05)
    assert max(np.abs(angles)) <= 31
    assert np.std(angles) > 10
    assert np.abs(np.corrcoef(angles, np.rad2deg(distortion._turns[: len(angles)]))[0, 1]) > 0.99


def test_digits_are_bent_with_a_standard_deviation_and_no_most() -> None:
    """As the setting says of itself: a third of the pixels is moved further than it."""
    distortion = Distortion(Settings(elastic=2.0), 0, GROUP * 100)
    down, right = np.mgrid[:28, :28]
    moved = []
    for group in range(100):
        rows, columns = distortion._source(group)
        moved += [rows - down, columns - right]
    assert np.std(moved) == pytest.approx(2.0, rel=0.1)
    assert np.mean(np.abs(moved) > 2.0) == pytest.approx(0.32, abs=0.05)
    words = SETTING_WORDS["elastic"]
    assert "standard deviation" in words.tip
    assert "most" not in words.tip + words.meaning


@given(cuts=st.lists(st.integers(1, 199), max_size=5), seed=st.integers(0, 99))
@hypothesis_settings(
    max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_distorted_digit_depends_on_its_place_and_not_on_the_mini_batches(
    small_digits: Digits, cuts: list[int], seed: int
) -> None:
    settings = Settings(seed=seed, shift=1, rotation=10, elastic=2)
    images = small_digits.training.images[:200]
    whole = Distortion(settings, 3, 200).apply(images, 0)
    places = [0, *sorted(set(cuts)), 200]
    parts = [Distortion(settings, 3, 200).apply(images[a:b], a) for a, b in pairwise(places)]
    np.testing.assert_array_equal(np.concatenate(parts), whole)
    assert not np.array_equal(Distortion(settings, 4, 200).apply(images, 0), whole)


def test_a_run_stops_after_its_epochs_and_goes_on_when_started_again(small_digits: Digits) -> None:
    run = new_run(small_digits, Settings(sizes=(784, 10), stop="epochs", stop_epochs=2))
    obeyed(run, Play())
    assert run.state().cursor.epoch == 2
    run.handle(Play())
    while run.state().cursor.epoch < 4:
        assert run.work(never)


def test_a_run_stops_when_validation_stops_improving_and_keeps_the_best(small_digits: Digits) -> None:
    run = new_run(small_digits, Settings(sizes=(784, 10), eta=3.0, stop="no_improvement", stop_epochs=3))
    obeyed(run, Play())
    schedule_state = run.state().schedule_state
    assert run.state().cursor.epoch - schedule_state.best_epoch == 3
    rows = run.recorder.history.curves["validation", 0].rows
    assert schedule_state.best_right == round(300 * rows["largest"][rows["last_digits"] % 1_003 == 0].max())
    kept, best = best_of(run)
    assert best.epoch == schedule_state.best_epoch
    run.handle(RestoreBest())
    np.testing.assert_array_equal(run.state().parameters, kept.parameters)
    mark = run.recorder.history.interventions[-1]
    assert isinstance(mark, Restored)
    assert mark.source == best.step
    rest(run)
    assert run._evaluations["validation"].right == schedule_state.best_right
    before = run.step
    np.testing.assert_array_equal(state_at(run, before).parameters, kept.parameters)
    run.handle(Play())
    run.work(never)
    later = run.state()
    assert before < later.step
    np.testing.assert_array_equal(state_at(run, later.step).parameters, later.parameters)


def test_eta_is_halved_when_validation_stalls_and_a_replay_halves_it_too(small_digits: Digits) -> None:
    settings = Settings(
        sizes=(784, 10), eta=3.0, schedule="halve", schedule_epochs=1, stop="epochs", stop_epochs=8
    )
    run = new_run(small_digits, settings)
    obeyed(run, Play())
    halved = [mark for mark in run.recorder.history.interventions if isinstance(mark, Halved)]
    assert halved
    assert (halved[0].before, halved[0].after) == (3.0, 1.5)
    assert halved[-1].after == 3.0 * 0.5 ** len(halved)
    run.recorder.snapshots = []
    replayed = state_at(run, run.step)
    np.testing.assert_array_equal(replayed.parameters, run.state().parameters)
    assert run.state().schedule_state == replayed.schedule_state
    assert replayed.schedule_state.halvings == len(halved)


def test_a_hand_on_eta_takes_over_from_the_schedule(small_digits: Digits) -> None:
    run = new_run(small_digits, Settings(sizes=(784, 10), schedule="cosine"))
    run.handle(Change({"eta": 0.5}))
    assert run.state().settings.schedule == "constant"
    (mark,) = run.recorder.history.interventions
    assert isinstance(mark, Changed)
    assert dict((name, new) for name, _, new in mark.changes) == {"schedule": "constant", "eta": 0.5}


def test_health_counts_saturated_answers_dead_neurons_and_fading_gradients(small_digits: Digits) -> None:
    few = small_digits.training.first(100)
    deep = examine(Network((784, 30, 30, 30, 10), 1), few).layers
    assert len(deep) == 4
    assert deep[0].saturated > 0.5
    assert examine(Network((784, 30, 10), 1, initial_weights="scaled"), few).layers[0].saturated < 0.1
    network = Network((784, 30, 10), 1, activation="relu", initial_weights="he")
    network.biases[0][:10] = -1e6
    assert examine(network, few).layers[0].dead == pytest.approx(1 / 3, abs=0.01)
    nabla_b, _ = network.backprop(grey_values(few.images), np.eye(10, dtype=np.float32)[few.labels])
    assert examine(network, few).layers[1].gradient == pytest.approx(float(np.linalg.norm(nabla_b[1])))


def numbers(field: str) -> st.SearchStrategy[float]:
    low, high = BOUNDS[field]
    if isinstance(SETTINGS[field].default, int):
        return st.integers(int(low), int(min(high, 200)))
    return st.floats(low, high, allow_nan=False)


SOME_SETTINGS = st.fixed_dictionaries(
    {
        "sizes": st.lists(st.integers(1, 12), max_size=3).map(lambda hidden: (784, *hidden, 10)),
        **{field: numbers(field) for field in BOUNDS},
        **{field: st.sampled_from(choices) for field, choices in CHOICES.items()},
    }
).filter(lambda values: (values["output"], values["cost"]) in COSTS)


@given(values=SOME_SETTINGS, change=SOME_SETTINGS)
@hypothesis_settings(
    max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_settings_train_twenty_mini_batches_or_say_that_they_diverge(
    small_digits: Digits, values: dict[str, object], change: dict[str, object]
) -> None:
    run = new_run(small_digits, Settings.from_mapping(values))
    live = {name: value for name, value in change.items() if name not in NEW_RUN_FIELDS}
    for _ in range(2):
        obeyed(run, Step(10))
        run.handle(Change(live))
    finite = np.isfinite(run.state().parameters).all()
    run.handle(Step(1))  # weights that are no numbers give a cost that is none
    rest(run)
    assert finite or run._diverged
