"""What a step promised and brought, and what each digit did, equal a plain loop."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mnistviz.engine.cancelling import Withdrawn
from mnistviz.engine.digits import Digits
from mnistviz.engine.microscope.bookkeeping import OTHERS, keep_books, leave_one_out
from mnistviz.engine.microscope.mini_batch import MiniBatch
from mnistviz.engine.network import Network
from mnistviz.engine.settings import Settings
from tests.engine.microscope.plain_backprop import Array, layers_of, plain_digit
from tests.engine.microscope.test_mini_batch import EVERYTHING, looked_at
from tests.engine.test_record import SMALL

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
    moved = batch.after.parameters - batch.before.parameters
    assert books.predicted_by_step == pytest.approx(float((gradient * moved).sum()))
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
    assert books.predicted == pytest.approx(books.predicted_by_step)
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
        parameters = step_without(batch, digit, settings)
        others, others_read = read_plainly(batch.after, parameters, small_digits)
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
