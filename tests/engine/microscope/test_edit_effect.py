"""What changes by hand would do is worked out on a copy, and equals what happens if they are kept."""

from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from mnistviz.engine.acts import BIAS, NOW, Edited, Frozen, Lesson, Taught, WeightEdit, switched_off
from mnistviz.engine.cancelling import Withdrawn
from mnistviz.engine.commands import Step
from mnistviz.engine.digits import Digits
from mnistviz.engine.microscope.edit_effect import edited, effect, rank_units, taught
from mnistviz.engine.microscope.mini_batch import MiniBatch
from mnistviz.engine.microscope.step_summary import OTHERS, keep_books, leave_one_out
from mnistviz.engine.network import Network, Unit
from mnistviz.engine.problems import Problem
from mnistviz.engine.settings import Settings
from tests.engine.microscope.plain_backprop import Array, layers_of, plain_digit
from tests.engine.microscope.test_mini_batch import EVERYTHING, looked_at
from tests.engine.test_record import SMALL, new_run, obeyed

EDITS = (WeightEdit(1, ((2, 300), (3, BIAS)), (1 / 3, -0.25)), WeightEdit(2, ((9, 1),), (5.0,)))


def test_a_copy_is_edited_as_the_run_would_be(small_digits: Digits) -> None:
    run = obeyed(new_run(small_digits), Step(4))
    network = run.trainer.network.copy()
    before = network.parameters.copy()
    copy = edited(network, EDITS)
    assert network.parameters.tobytes() == before.tobytes()
    obeyed(run, *(Edited(*NOW, each) for each in EDITS))
    assert copy.parameters.tobytes() == run.state().parameters.tobytes()
    with pytest.raises(ValueError, match="no such weight"):
        edited(network, [WeightEdit(2, ((10, 0),), (1.0,))])


def test_the_bill_names_the_digits_that_are_won_and_lost(small_digits: Digits) -> None:
    before, after = Network(SMALL.sizes, 4), Network(SMALL.sizes, 5)
    digits = small_digits.test
    told: list[tuple[int, int]] = []
    found = effect(before, after, digits, progress=lambda done, of: told.append((done, of)))
    read = [network.predictions(digits.images) for network in (before, after)]
    right = [each == digits.labels for each in read]
    assert (found.read_before == read[0]).all()
    assert (found.read_after == read[1]).all()
    assert (found.right_before, found.right_after, found.of) == (right[0].sum(), right[1].sum(), 300)
    assert found.won.tolist() == [n for n in range(300) if right[1][n] and not right[0][n]]
    assert found.lost.tolist() == [n for n in range(300) if right[0][n] and not right[1][n]]
    assert len(found.won)
    assert len(found.lost)
    assert told[-1] == (600, 600)
    assert effect(before, after, digits, read_before=read[0]).lost.tolist() == found.lost.tolist()
    with pytest.raises(Withdrawn):
        effect(before, after, digits, cancelled=lambda: True)


@pytest.mark.parametrize("frozen", [(), (Unit(1, 2), Unit(2, 4))])
def test_a_copy_is_taught_as_the_run_would_be(small_digits: Digits, frozen: tuple[Unit, ...]) -> None:
    lesson = Lesson(bytes(range(256)) * 3 + bytes(16), 7, 0.5, (3, 41), 4)
    run = obeyed(new_run(small_digits), Step(4), *(Frozen(*NOW, each) for each in frozen))
    copy = taught(run.trainer.network.copy(), lesson, run.trainer.training, frozen)
    assert copy.lesson == lesson
    obeyed(run, Taught(*NOW, lesson))
    assert copy.network.parameters.tobytes() == run.state().parameters.tobytes()


def test_it_is_taught_until_it_is_read_so(small_digits: Digits) -> None:
    network, training = Network(SMALL.sizes, 4), small_digits.training.first(53)
    image = small_digits.test.images[3]
    lesson = Lesson(image.tobytes(), (int(network.predictions(image[np.newaxis])[0]) + 1) % 10, 0.3, (), 50)
    found = taught(network, lesson, training, until_read=True)
    assert found.is_read
    assert 0 < found.lesson.steps < 50
    assert not taught(network, replace(lesson, steps=found.lesson.steps - 1), training).is_read
    exactly = taught(network, found.lesson, training)
    assert exactly.network.parameters.tobytes() == found.network.parameters.tobytes()
    again = taught(found.network, lesson, training, until_read=True)
    assert (again.lesson.steps, again.is_read) == (0, True)
    few = taught(network, replace(lesson, steps=1, eta=0.001), training, until_read=True)
    assert (few.lesson.steps, few.is_read) == (1, False)
    with pytest.raises(Problem):
        taught(network, replace(lesson, eta=-1.0), training)


@pytest.mark.parametrize("layer", [1, 2])
@pytest.mark.parametrize("activation", ["sigmoid", "relu"])
def test_units_are_ranked_by_the_loss_without_them(small_digits: Digits, activation: str, layer: int) -> None:
    network, digits = Network((784, 6, 5, 10), 3, activation=activation), small_digits.test
    whole = network.predictions(digits.images)
    told: list[tuple[int, int]] = []
    found = rank_units(network, layer, digits, progress=lambda done, of: told.append((done, of)))
    units = network.sizes[layer]
    assert (found.right, found.of) == (network.evaluate(digits), 300)
    for unit in range(units):
        read = edited(network, [switched_off(network, Unit(layer, unit))]).predictions(digits.images)
        assert found.lost[unit] == found.right - np.count_nonzero(read == digits.labels)
        assert found.differ[unit] == np.count_nonzero(read != whole)
    assert found.differ.any()
    assert sorted(found.order) == list(range(units))
    ranked = [(found.lost[unit], found.differ[unit]) for unit in found.order]
    assert ranked == sorted(ranked)
    assert told[-1] == (units * 300, units * 300)
    with pytest.raises(Withdrawn):
        rank_units(network, layer, digits, cancelled=lambda: True)


STEEP = replace(SMALL, eta=8.0)


def read_plainly(network: Network, parameters: Array, digits: Digits) -> tuple[list[float], list[int]]:
    """The cost of each validation digit, and what it is read as."""
    costs, read = [], []
    layers = layers_of(parameters, network.sizes)
    for image, label in zip(digits.validation.images[:OTHERS], digits.validation.labels, strict=False):
        made = plain_digit(network, layers, image / 255, np.eye(10)[label], ())
        costs.append(made.cost)
        read.append(int(made.a[-1].argmax()))
    return costs, read


@pytest.mark.parametrize("rules", [{}, EVERYTHING])
def test_the_books_equal_a_plain_loop(small_digits: Digits, rules: dict[str, Any]) -> None:
    batch, _ = looked_at(small_digits, replace(STEEP, **rules), 5)
    books = keep_books(batch, small_digits.validation)
    gradient = np.concatenate([part.ravel() for part in (*batch.nabla_w, *batch.nabla_b)])
    assert books.predicted == pytest.approx(-batch.eta * float((gradient**2).sum()))
    assert books.actual == pytest.approx(batch.costs_after.mean() - batch.costs.mean())
    labels = batch.labels
    won = [n for n in range(len(batch)) if batch.read[n] != labels[n] == batch.read_after[n]]
    assert books.won.tolist() == won
    lost = [n for n in range(len(batch)) if batch.read[n] == labels[n] != batch.read_after[n]]
    assert books.lost.tolist() == lost
    costs, read = read_plainly(batch.before, batch.before.parameters, small_digits)
    costs_after, read_after = read_plainly(batch.after, batch.after.parameters, small_digits)
    assert books.others_before == pytest.approx(np.mean(costs))
    assert books.others_after == pytest.approx(np.mean(costs_after))
    labels, numbers = small_digits.validation.labels, range(300)
    assert books.of_others == 300
    assert books.others_won.tolist() == [n for n in numbers if read[n] != labels[n] == read_after[n]]
    assert books.others_lost.tolist() == [n for n in numbers if read[n] == labels[n] != read_after[n]]
    assert rules or (len(books.others_won) and len(books.others_lost))


def test_a_small_step_keeps_what_the_gradient_promised(small_digits: Digits) -> None:
    batch, _ = looked_at(small_digits, replace(SMALL, eta=0.001), 3)
    books = keep_books(batch, small_digits.validation)
    assert books.actual == pytest.approx(books.predicted, rel=0.01)
    assert books.predicted < 0


def step_without(batch: MiniBatch, digit: int, settings: Settings) -> Array:
    """The weights after the step in which one digit has no gradient."""
    w, m = batch.state.parameters.copy(), len(batch)
    gradient = np.zeros_like(w)
    for number in range(m):
        if number != digit:
            own = [batch.own_nabla_w(number, layer).ravel() for layer in range(len(batch.layers))]
            gradient += np.concatenate([*own, *(made.delta[number] for made in batch.layers)])
    gradient /= m
    weights = 784 * 4 + 40
    gradient[:weights] += settings.weight_decay / 53 * w[:weights]
    v = batch.state.velocity if batch.state.velocity.size else np.zeros_like(w)
    moved: Array = w + settings.momentum * v - batch.eta * gradient
    return moved


@pytest.mark.parametrize("rules", [{}, EVERYTHING])
def test_leaving_one_out_equals_a_plain_loop(small_digits: Digits, rules: dict[str, Any]) -> None:
    settings = replace(STEEP, eta=13.0, schedule="cosine", schedule_epochs=2, **rules)
    batch, _ = looked_at(small_digits, settings, 5)
    assert batch.eta < 0.9 * settings.eta
    told: list[tuple[int, int]] = []
    found = leave_one_out(batch, small_digits.validation, progress=lambda done, of: told.append((done, of)))
    assert told == [(1, 3), (2, 3), (3, 3)]
    costs, read = read_plainly(batch.after, batch.after.parameters, small_digits)
    for digit in range(3):
        others, others_read = read_plainly(batch.after, step_without(batch, digit, settings), small_digits)
        assert found.others[digit] == pytest.approx(np.mean(costs) - np.mean(others), abs=1e-9)
        assert found.differ[digit] == np.count_nonzero(np.array(others_read) != read)
    assert found.order.tolist() == sorted(range(3), key=lambda digit: -abs(found.others[digit]))
    assert found.differ.any()


def test_it_can_be_cancelled(small_digits: Digits) -> None:
    batch, _ = looked_at(small_digits, SMALL, 5, np.float32)
    with pytest.raises(Withdrawn):
        leave_one_out(batch, small_digits.validation, cancelled=lambda: True)


def test_a_mini_batch_of_one_digit_makes_no_step_without_it(small_digits: Digits) -> None:
    batch, _ = looked_at(small_digits, replace(STEEP, mini_batch_size=1), 5)
    found, books = leave_one_out(batch, small_digits.validation), keep_books(batch, small_digits.validation)
    assert found.others[0] == pytest.approx(books.others_after - books.others_before)
