"""What the microscope shows of a mini-batch is what training does, and equals backpropagation digit by digit."""

from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from mnistviz.engine.cancelling import Withdrawn
from mnistviz.engine.commands import Change, Step
from mnistviz.engine.digits import Digits
from mnistviz.engine.distortion import Distortion
from mnistviz.engine.functions import ACTIVATIONS, COSTS
from mnistviz.engine.microscope.formulas import (
    back_error,
    gradient_terms,
    output_error,
    step_scales,
    weight_step,
)
from mnistviz.engine.microscope.mini_batch import MiniBatch, costliest_step, look_at, mini_batch_at, near
from mnistviz.engine.network import Network, Unit
from mnistviz.engine.randomness import generator, order_of_epoch
from mnistviz.engine.recorder import BatchSizeSegment, Record
from mnistviz.engine.settings import Settings
from mnistviz.engine.trainer import Cursor, Trainer
from mnistviz.engine.trials import RecordedRun
from tests.engine.microscope.plain_backprop import COST, Array, PlainDigit, cost_of, layers_of, plain_digit
from tests.engine.test_record import SMALL, assert_same_state, new_run, obeyed
from tests.engine.time_machine import batch_at, state_at

EVERYTHING: dict[str, Any] = {
    "dropout": 0.3,
    "weight_decay": 5.0,
    "momentum": 0.6,
    "shift": 2,
    "rotation": 10.0,
    "elastic": 1.5,
}
RULES: list[dict[str, Any]] = [{}, EVERYTHING, {**EVERYTHING, "momentum_kind": "nesterov"}]
PAIRS = sorted(COSTS)


def looked_at(
    digits: Digits, settings: Settings, step: int, dtype: type = np.float64
) -> tuple[MiniBatch, Trainer]:
    """A mini-batch, and a trainer that stands before it."""
    network = Network(settings.sizes, **settings.network_options(), dtype=dtype)
    trainer = Trainer(network, settings, digits.training)
    for _ in range(step):
        trainer.step()
    return look_at(trainer.state(), network, digits.training), trainer


def plain(batch: MiniBatch, digits: Digits) -> list[PlainDigit]:
    """The same mini-batch, digit by digit; what chance does is drawn here, too."""
    settings, state = batch.settings, batch.state
    order = order_of_epoch(settings.seed, state.cursor.epoch, settings.training_digits)
    distortion = Distortion(settings, state.cursor.epoch, settings.training_digits)
    masks: list[Array] = []
    for n in settings.sizes[1:-1] if settings.dropout else ():
        if not masks:
            chance = generator(settings.seed, "dropout", state.step)
        stays = chance.random((n, settings.mini_batch_size)) < 1 - settings.dropout
        masks.append(stays / (1 - settings.dropout))
    found = []
    for number in range(min(settings.mini_batch_size, settings.training_digits - state.cursor.consumed)):
        place = state.cursor.consumed + number
        image = distortion.apply(digits.training.images[order[place]][np.newaxis], place)[0]
        x = image.astype(np.float32) / np.float32(255)
        y = np.zeros(10)
        y[digits.training.labels[order[place]]] = 1
        own = [mask[:, number] for mask in masks]
        found.append(plain_digit(batch.before, layers_of(state.parameters, settings.sizes), x, y, own))
    return found


@pytest.mark.parametrize("rules", RULES[:2], ids=["plain", "everything"])
@pytest.mark.parametrize(("output", "cost"), PAIRS)
@pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
def test_it_equals_backpropagation_digit_by_digit(
    small_digits: Digits, activation: str, output: str, cost: str, rules: dict[str, Any]
) -> None:
    """Also a short last mini-batch."""
    settings = Settings(
        sizes=(784, 6, 5, 10), seed=3, activation=activation, output=output, cost=cost, eta=0.1,
        initial_weights="scaled", training_digits=53, **rules,
    ).checked()  # fmt: skip
    for step in (4, 5):
        batch, trainer = looked_at(small_digits, settings, step)
        each = plain(batch, small_digits)
        assert len(batch) == len(each) == (10, 3)[step - 4]
        for layer, made in enumerate(batch.layers):
            for name in ("z", "a", "slope", "delta"):
                expected = np.array([getattr(digit, name)[layer] for digit in each])
                np.testing.assert_allclose(getattr(made, name), expected, rtol=1e-6, atol=1e-12)
            own = [batch.own_nabla_w(number, layer) for number in range(len(batch))]
            expected = np.array([digit.nabla_w[layer] for digit in each])
            np.testing.assert_allclose(own, expected, rtol=1e-6, atol=1e-12)
            np.testing.assert_allclose(batch.nabla_w[layer], expected.mean(axis=0), rtol=1e-6, atol=1e-12)
            expected = np.mean([digit.nabla_b[layer] for digit in each], axis=0)
            np.testing.assert_allclose(batch.nabla_b[layer], expected, rtol=1e-6, atol=1e-12)
        np.testing.assert_allclose(batch.costs, [digit.cost for digit in each], rtol=1e-6)
        lengths = [np.sqrt(sum((g**2).sum() for g in (*d.nabla_w, *d.nabla_b))) for d in each]
        np.testing.assert_allclose(batch.gradient_lengths, lengths, rtol=1e-6)
        assert trainer.step() == pytest.approx(batch.costs.mean())


@pytest.mark.parametrize("rules", RULES, ids=["plain", "everything", "nesterov"])
@pytest.mark.parametrize(("output", "cost"), PAIRS)
def test_the_step_is_the_gradient_momentum_and_decay(
    small_digits: Digits, output: str, cost: str, rules: dict[str, Any]
) -> None:
    settings = replace(SMALL, output=output, cost=cost, initial_weights="scaled", eta=0.1, **rules).checked()
    for step in (0, 1, 5):
        batch, trainer = looked_at(small_digits, settings, step)
        w, parts, n = batch.state.parameters, batch.parts, 53
        gradient = np.concatenate([part.ravel() for part in (*batch.nabla_w, *batch.nabla_b)])
        weights = np.concatenate([np.ones(784 * 4 + 40), np.zeros(14)])
        decay = -batch.eta * settings.weight_decay / n * w * weights
        np.testing.assert_allclose(parts.gradient, -batch.eta * gradient, rtol=1e-9, atol=1e-15)
        np.testing.assert_allclose(parts.decay, decay, rtol=1e-9, atol=1e-15)
        before = batch.state.velocity if batch.state.velocity.size else np.zeros(len(w))
        came = settings.momentum * before
        if settings.momentum_kind == "nesterov":
            came = settings.momentum * (came + parts.gradient + parts.decay)
        np.testing.assert_allclose(parts.momentum, came, rtol=1e-9, atol=1e-15)
        assert abs(parts.rounding).max() < 1e-15
        trainer.step()
        assert trainer.network.parameters.tobytes() == batch.after.parameters.tobytes()


@pytest.mark.parametrize("rules", [*RULES, {"weight_decay": 5.0, "eta": 0.7}])
def test_the_parts_sum_to_the_training_step_bit_for_bit(small_digits: Digits, rules: dict[str, Any]) -> None:
    settings = replace(SMALL, **rules)
    for step in (0, 1, 5, 6):
        batch, trainer = looked_at(small_digits, settings, step, np.float32)
        before, parts = batch.state.parameters, batch.parts
        cost = trainer.step()
        after = trainer.network.parameters
        assert after.tobytes() == batch.after.parameters.tobytes() == in_order_of_training(batch).tobytes()
        added = parts.gradient + parts.momentum + parts.decay
        assert (before + (added + parts.rounding)).astype(np.float32).tobytes() == after.tobytes()
        assert (parts.moved == after.astype(np.float64) - before).all()
        sizes = [abs(each) for each in (before, after, parts.gradient, parts.momentum, parts.decay)]
        assert (abs(parts.rounding) <= 2 * np.spacing(np.max(sizes, axis=0).astype(np.float32))).all()
        assert cost == pytest.approx(batch.costs.mean(), rel=1e-6)


def in_order_of_training(batch: MiniBatch) -> Array:
    """The weights after the step, from those before it and the parts, each sum rounded where training rounds it."""
    settings, parts = batch.settings, batch.parts
    w, down = batch.state.parameters, parts.gradient + parts.decay
    if not settings.momentum:
        return ((w + parts.decay).astype(np.float32) + parts.gradient).astype(np.float32)
    if settings.momentum_kind == "nesterov":
        return ((w + down).astype(np.float32) + parts.momentum).astype(np.float32)
    return (w + (parts.momentum + down).astype(np.float32)).astype(np.float32)


def test_costs_after_it_are_of_the_same_digits_with_the_same_masks(small_digits: Digits) -> None:
    settings = replace(SMALL, output="softmax", cost="cross_entropy", **EVERYTHING).checked()
    batch, _ = looked_at(small_digits, settings, 3)
    for number in range(len(batch)):
        own = [mask[number] for mask in batch.masks]
        parameters = layers_of(batch.after.parameters, settings.sizes)
        made = plain_digit(batch.after, parameters, batch.x[number], batch.y[number], own)
        np.testing.assert_allclose(batch.outputs_after[number], made.a[-1], rtol=1e-6)
        assert batch.costs_after[number] == pytest.approx(
            cost_of("softmax", "cross_entropy", made.a[-1], batch.y[number])
        )
    assert (batch.read_after == batch.outputs_after.argmax(axis=1)).all()
    assert (batch.read == batch.outputs.argmax(axis=1)).all()


def test_the_gradient_is_the_slope_of_the_cost(small_digits: Digits) -> None:
    """By finite differences, with dropout and distortions."""
    batch, _ = looked_at(small_digits, replace(SMALL, **EVERYTHING), 2)
    network = batch.before.copy()
    chance = np.random.default_rng(1)
    places = [*chance.integers(0, len(batch.gradient), 20), int(abs(batch.gradient).argmax())]

    def cost(place: int, by: float) -> float:
        network.parameters[...] = batch.before.parameters
        network.parameters[place] += by
        parameters = layers_of(network.parameters, network.sizes)
        each = [
            plain_digit(network, parameters, x, y, [mask[number] for mask in batch.masks]).cost
            for number, (x, y) in enumerate(zip(batch.x, batch.y, strict=True))
        ]
        return float(np.mean(each))

    for place in places:
        slope = (cost(place, 1e-6) - cost(place, -1e-6)) / 2e-6
        assert slope == pytest.approx(float(batch.gradient[place]), rel=1e-4, abs=1e-9)


def test_every_mini_batch_of_a_run_is_shown_as_it_was(small_digits: Digits) -> None:
    """After changes at its very step, too, and the next one that is not trained yet."""
    run = new_run(small_digits, replace(SMALL, schedule="cosine"))
    obeyed(run, Step(4), Change({"mini_batch_size": 7, "momentum": 0.5}), Step(9))
    recorded = RecordedRun(run.record(), run.start, small_digits)
    for step in range(run.step + 1):
        batch = mini_batch_at(recorded, step)
        assert batch.before.parameters.tobytes() == state_at(run, step).parameters.tobytes()
        if step < run.step:
            assert batch.after.parameters.tobytes() == state_at(run, step + 1).parameters.tobytes()
        assert batch.numbers.tolist() == batch_at(run, step)
        assert (batch.images == small_digits.training.images[batch.numbers]).all()
        assert batch.labels.tolist() == small_digits.training.labels[batch.numbers].tolist()
        assert batch.digits == state_at(run, step).cursor.digits(53)
    with pytest.raises(ValueError, match="the run has the steps"):
        mini_batch_at(recorded, run.step + 1)
    with pytest.raises(Withdrawn):
        mini_batch_at(recorded, 3, cancelled=lambda: True)


def test_what_is_not_finite_is_said(small_digits: Digits) -> None:
    batch, _ = looked_at(small_digits, SMALL, 1, np.float32)
    assert batch.finite
    network = Network(SMALL.sizes, **SMALL.network_options())
    network.weights[0][...] = np.inf
    trainer = Trainer(network, SMALL, small_digits.training)
    assert not look_at(trainer.state(), network, small_digits.training).finite


@pytest.mark.parametrize(("output", "cost"), PAIRS)
def test_the_costs_of_each_digit_have_the_mean_that_training_takes(output: str, cost: str) -> None:
    z, y = np.random.default_rng(2).normal(0, 30, (10, 7)), np.eye(10)[:, :7]
    a = 1 / (1 + np.exp(-z))
    table = COSTS[output, cost]
    assert table.of_each(z, y, a - y).mean() == pytest.approx(table.value(z, y, a - y))


@pytest.mark.parametrize("rules", [*RULES, {"weight_decay": 5.0}])
@pytest.mark.parametrize("waits", [False, True])
def test_how_far_the_next_mini_batch_moves_the_weights_is_known_before_it_is_trained(
    small_digits: Digits, rules: dict[str, Any], waits: bool
) -> None:
    """At the end of an epoch, too, and with a frozen unit. A change that waits goes on waiting."""
    for step in (0, 4, 6):
        seen, unseen = (
            looked_at(small_digits, replace(SMALL, **rules), step, np.float32)[1] for _ in range(2)
        )
        for trainer in (seen, unseen):
            trainer.freeze(Unit(1, 1), frozen=True)
            if waits:
                trainer.change(trainer.settings.changed(eta=0.3, mini_batch_size=7))
        before = seen.network.parameters.copy()
        moved = seen.next_move()
        assert_same_state(seen.state(), unseen.state())
        if waits and step == 4:
            for trainer in (seen, unseen):
                trainer.change(replace(SMALL, **rules))
            moved = seen.next_move()
        seen.step()
        assert (moved == seen.network.parameters - before).all()
        unseen.step()
        assert_same_state(seen.state(), unseen.state())


def test_what_comes_next_is_known_before_it_is_trained(small_digits: Digits) -> None:
    """A change that waits for the next mini-batch acts on it."""
    seen, unseen = (looked_at(small_digits, SMALL, 4, np.float32)[1] for _ in range(2))
    changed = replace(SMALL, **EVERYTHING, mini_batch_size=7)
    for trainer in (seen, unseen):
        trainer.change(changed)
    shown = seen.upcoming()
    assert (len(shown.numbers), shown.x.shape, len(shown.masks)) == (7, (7, 784), 1)
    assert shown.masks[0].shape == (4, 7)
    assert (seen.step_number, seen.digits_consumed) == (4, 40)
    assert [seen.step() for _ in range(4)] == [unseen.step() for _ in range(4)]
    assert seen.state().parameters.tobytes() == unseen.state().parameters.tobytes()


def test_it_is_the_one_whose_cost_was_largest(small_digits: Digits) -> None:
    settings = Settings()
    start = Network(settings.sizes)
    trainer = Trainer(start.copy(), settings, small_digits.training)
    begin = trainer.state()
    costs = np.array([trainer.step() for _ in range(60)])
    segment = BatchSizeSegment(0, Cursor(0, 0), settings.mini_batch_size)
    run = RecordedRun(Record(60, begin, (), (), (segment,), (), {}), start, small_digits)
    for first, last in ((0, 60), (10, 40), (33, 34)):
        assert costliest_step(run, first, last) == first + int(costs[first:last].argmax())
    with pytest.raises(Withdrawn):
        costliest_step(run, 0, 60, lambda: True)
    with pytest.raises(ValueError, match="no mini-batch"):
        costliest_step(run, 5, 5)


def test_what_is_near_grows_with_the_run_and_stays_in_it() -> None:
    assert near(10, 60) == (8, 13)
    assert near(0, 60) == (0, 3)
    assert near(60, 60) == (58, 60)
    assert near(30_000, 66_000) == (29_780, 30_221)


CLOSE = 0.2  # relative: one figure of a number is printed


@pytest.mark.parametrize("steps", [0, 30])
@pytest.mark.parametrize(
    "options",
    [
        {"activation": "tanh"},
        {"activation": "tanh", "cost": "cross_entropy", "eta": 0.5, "dropout": 0.3},
        {"activation": "sigmoid", "output": "softmax", "cost": "cross_entropy", "eta": 0.5},
    ],
    ids=["tanh", "dropout", "softmax"],
)
def test_numbers_in_a_saturated_network_are_true_or_said_to_be_noise(
    small_digits: Digits, options: dict[str, Any], steps: int
) -> None:
    settings = Settings(sizes=(784, 30, 20, 10), training_digits=1_003, **options)
    batch, _ = looked_at(small_digits, settings, steps, np.float32)
    true = plain(batch, small_digits)
    carried = noisy = wrong = 0
    for layer, made in enumerate(batch.layers):
        exact = np.array([each.delta[layer] for each in true])
        is_carried = np.abs(made.delta) > 2 * made.delta_error
        off = np.abs(made.delta - exact)
        assert (off[is_carried] < CLOSE * np.abs(exact[is_carried])).all()
        assert (off[~is_carried] <= made.delta_error[~is_carried]).all()
        carried, noisy = carried + int(is_carried.sum()), noisy + int((~is_carried).sum())
        wrong += int((off > CLOSE * np.abs(exact)).sum())
    assert carried > 200
    assert noisy >= wrong > 0


def test_the_gradient_of_a_weight_is_true_or_said_to_be_noise(small_digits: Digits) -> None:
    settings = Settings(sizes=(784, 30, 20, 10), training_digits=1_003, activation="tanh")
    batch, _ = looked_at(small_digits, settings, 0, np.float32)
    true, wrong = plain(batch, small_digits), 0
    place = int(batch.x.sum(axis=0).argmax())
    for digit in (None, *range(len(batch))):
        of = true if digit is None else true[digit : digit + 1]
        for unit in range(30):
            terms = gradient_terms(batch, digit, Unit(1, unit), place)
            exact = float(np.mean([each.nabla_w[0][unit, place] for each in of]))
            off = abs(terms.gradient - exact)
            wrong += off > CLOSE * abs(exact)
            if abs(terms.gradient) > 2 * terms.gradient_error:
                assert off < CLOSE * abs(exact)
            else:
                assert off <= terms.gradient_error
    assert wrong


DEEP = Settings(sizes=(784, 6, 5, 10), training_digits=53, eta=0.5, activation="tanh", **EVERYTHING)


@pytest.mark.parametrize(("output", "cost"), PAIRS)
def test_each_formula_gives_the_value_of_backprop(small_digits: Digits, output: str, cost: str) -> None:
    batch, _ = looked_at(small_digits, replace(DEEP, output=output, cost=cost), 5)
    for digit in range(len(batch)):
        for number in range(10):
            out = output_error(batch, digit, number)
            assert (out.a, out.y) == (batch.outputs[digit, number], float(batch.labels[digit] == number))
            assert out.error == out.a - out.y
            own = batch.outputs[digit], batch.y[digit], batch.layers[-1].slope[digit]
            assert out.delta == pytest.approx(COST[output, cost][1](*own)[number])
            assert out.slope == pytest.approx(out.a * (1 - out.a))
        for layer in (0, 1):
            unit = 3
            back = back_error(batch, digit, Unit(layer + 1, unit))
            assert (back.weights == batch.before.weights[layer + 1][:, unit]).all()
            assert (back.deltas == batch.layers[layer + 1].delta[digit]).all()
            assert back.total == pytest.approx(float(back.weights @ back.deltas))
            assert back.delta == pytest.approx(back.total * back.slope * back.mask)
            assert back.slope == pytest.approx(1 - np.tanh(batch.layers[layer].z[digit, unit]) ** 2)
            assert back.mask in (0.0, pytest.approx(1 / 0.7))
    assert {back_error(batch, digit, Unit(1, unit)).mask for digit in range(3) for unit in range(6)} > {0.0}


def test_without_dropout_no_mask_takes_part(small_digits: Digits) -> None:
    batch, _ = looked_at(small_digits, replace(DEEP, dropout=0.0), 1)
    assert back_error(batch, 0, Unit(2, 2)).mask == 1


def test_the_gradient_of_one_weight_and_its_mean_over_all(small_digits: Digits) -> None:
    batch, _ = looked_at(small_digits, DEEP, 5)
    for layer, unit, place in ((0, 2, 400), (1, 4, 3), (2, 9, 0)):
        one, every = (
            gradient_terms(batch, 1, Unit(layer + 1, unit), place),
            gradient_terms(batch, None, Unit(layer + 1, unit), place),
        )
        assert one.gradient == pytest.approx(batch.own_nabla_w(1, layer)[unit, place])
        assert (len(one.products), len(every.products)) == (1, 3)
        assert every.products[1] == one.gradient
        assert every.gradient == pytest.approx(batch.nabla_w[layer][unit, place])
        bias = gradient_terms(batch, None, Unit(layer + 1, unit), None)
        assert (bias.activations == 1).all()
        assert bias.gradient == pytest.approx(batch.nabla_b[layer][unit])
        assert (
            gradient_terms(batch, 2, Unit(layer + 1, unit), None).gradient
            == batch.layers[layer].delta[2, unit]
        )


def test_how_one_weight_moves_adds_up(small_digits: Digits) -> None:
    batch, _ = looked_at(small_digits, DEEP, 5)
    before, after = (layers_of(each.parameters, DEEP.sizes) for each in (batch.before, batch.after))
    for layer, unit, place in ((0, 2, 400), (1, 4, 3), (2, 9, None)):
        step = weight_step(batch, Unit(layer + 1, unit), place)
        w, b = before[layer]
        assert step.before == (b[unit] if place is None else w[unit, place])
        w, b = after[layer]
        assert step.after == (b[unit] if place is None else w[unit, place])
        added = step.gradient + step.momentum + step.decay + step.rounding
        assert step.before + added == pytest.approx(step.after, abs=1e-15)
        assert step.gradient == pytest.approx(
            -batch.eta * gradient_terms(batch, None, Unit(layer + 1, unit), place).gradient
        )
        assert step.momentum
        assert (step.decay == 0) == (place is None)


def test_how_large_the_step_is_against_the_weights(small_digits: Digits) -> None:
    batch, _ = looked_at(small_digits, DEEP, 5)
    scales = step_scales(batch)
    assert len(scales) == 3
    pairs = zip(
        layers_of(batch.before.parameters, DEEP.sizes),
        layers_of(batch.after.parameters, DEEP.sizes),
        strict=True,
    )
    for scale, ((w, _), (after, _)) in zip(scales, pairs, strict=True):
        assert scale.largest == pytest.approx(abs(after - w).max())
        assert scale.weights == pytest.approx(np.sqrt((w**2).mean()))
