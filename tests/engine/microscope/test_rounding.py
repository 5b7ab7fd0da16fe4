"""What the microscope says of float32 numbers that are but noise, beside backpropagation in double precision."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mnistviz.engine.digits import Digits
from mnistviz.engine.microscope.formulas import gradient_terms
from mnistviz.engine.network import Unit
from mnistviz.engine.settings import Settings
from tests.engine.microscope.test_mini_batch import looked_at, plain

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
