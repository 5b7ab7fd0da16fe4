"""The formulas of backpropagation hold with the numbers that the microscope fills in."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mnistviz.engine.digits import Digits
from mnistviz.engine.microscope.formulas import (
    back_error,
    gradient_terms,
    output_error,
    step_scales,
    weight_step,
)
from mnistviz.engine.network import Unit
from mnistviz.engine.settings import Settings
from tests.engine.microscope.plain_backprop import COST, layers_of
from tests.engine.microscope.test_mini_batch import EVERYTHING, PAIRS, looked_at

DEEP = Settings(sizes=(784, 6, 5, 10), training_digits=53, eta=0.5, activation="tanh", **EVERYTHING)


@pytest.mark.parametrize(("output", "cost"), PAIRS)
def test_each_formula_comes_to_the_number_that_backpropagation_has(
    small_digits: Digits, output: str, cost: str
) -> None:
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
