"""Each entry of the tables of choices has all that the program asks of it, and no reader takes one for another."""

from itertools import product

import numpy as np
import pytest

from mnistviz.engine.causes import suitable_settings, usual_eta
from mnistviz.engine.functions import ACTIVATIONS, COSTS, INITIAL_WEIGHTS, OUTPUTS
from mnistviz.engine.rows.row_reading import certainty
from mnistviz.engine.settings import SETTINGS, Settings
from mnistviz.train_options import note
from tests.marked_words import all_marked

FUNCTIONS = {**ACTIVATIONS, **{name: output.function for name, output in OUTPUTS.items()}}
PAIRS = pytest.mark.parametrize("pair", sorted(COSTS), ids="-".join)
Z = np.concatenate([np.linspace(-6, 6, 121), np.linspace(-40, 40, 81)]).reshape(1, -1)
PYTHON = str.maketrans("×−", "*-")


def outputs_and_targets(pair: tuple[str, str]) -> tuple[np.ndarray, np.ndarray]:
    """Outputs of some digits, (4, m), and targets."""
    chance = np.random.default_rng(1)
    y = np.eye(4)[chance.integers(0, 4, 60)].T
    return OUTPUTS[pair[0]].function.value(chance.normal(0, 3, y.shape)), y


@PAIRS
def test_delta_is_the_derivative_of_the_cost_times_that_of_the_output(pair: tuple[str, str]) -> None:
    cost, (a, y) = COSTS[pair], outputs_and_targets(pair)
    slopes, derivative = OUTPUTS[pair[0]].slopes, cost.derivative(a, y)
    expected = np.array([slopes(a[:, digit]).T @ derivative[:, digit] for digit in range(a.shape[1])]).T
    np.testing.assert_allclose(cost.delta(a, a - y, 1.0), expected, rtol=1e-9, atol=1e-12)


@PAIRS
def test_the_formula_of_delta_comes_to_delta(pair: tuple[str, str]) -> None:
    cost, (a, y) = COSTS[pair], outputs_and_targets(pair)
    delta, derivative = cost.delta(a, a - y, 1.0), cost.derivative(a, y)
    slope = OUTPUTS[pair[0]].function.derivative(a)
    for at in np.ndindex(a.shape):
        filled_in = cost.numbers.format(
            a=float(a[at]), y=float(y[at]), error=float(a[at] - y[at]), slope=float(slope[at]),
            derivative=float(derivative[at]), delta=float(delta[at]),
        )  # fmt: skip
        left, right = filled_in.split(" = ")
        assert eval(left.translate(PYTHON)) == pytest.approx(float(right), abs=1e-12)
    assert cost.formula.startswith("δ = ")
    assert ("σ′(z)" in cost.formula, "{slope}" in cost.numbers) == (cost.by_slope,) * 2


@PAIRS
def test_delta_is_as_large_as_said_and_vanishes_with_a_slope_that_is_a_factor(pair: tuple[str, str]) -> None:
    cost, a = COSTS[pair], np.linspace(0, 1, 3_001)[1:-1]
    sizes = [np.abs(cost.delta(a, a - y, 1.0)) for y in (0.0, 1.0)]
    assert np.max(sizes) == pytest.approx(cost.largest_delta, rel=1e-3)
    assert (sizes[0][-1] < 0.01 * cost.largest_delta) == cost.by_slope


@PAIRS
def test_delta_is_no_further_off_in_float32_than_is_said(pair: tuple[str, str]) -> None:
    cost, f, eps = COSTS[pair], OUTPUTS[pair[0]].function, float(np.finfo(np.float32).eps)
    z = np.random.default_rng(2).normal(0, 6, (4, 500))
    y = np.eye(4)[np.arange(500) % 4].T
    a, short = f.value(z), f.value(z.astype(np.float32))
    off = np.abs(cost.delta(short, short - y.astype(np.float32), 1.0) - cost.delta(a, a - y, 1.0))
    bound = cost.delta_error(a, y, f.derivative(a), eps)
    assert (bound <= 4 * eps).all()
    assert (
        off <= 40 * bound + 40 * eps * np.abs(cost.delta(a, a - y, 1.0))
    ).all()  # z itself is rounded, too


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_is_what_its_entry_says(name: str) -> None:
    f = FUNCTIONS[name]
    z = np.random.default_rng(3).normal(0, 9, (10, 900)) if f.shares else Z
    a = f.value(z)
    slopes = f.derivative(a)
    assert slopes.max() == pytest.approx(f.steepest, rel=1e-3)
    assert (f.below_zero > 0) == bool((a < 0).any())
    assert f.dies == (not f.derivative(np.zeros(1)).any() and not f.shares and f.bounds is None)
    assert f.shares == bool(np.allclose(a.sum(axis=0), 1))
    assert bool(f.slope_words) == bool(f.flat_words) == (not f.shares)
    if f.bounds is None:
        assert a.max() == z.max(), "or it has an upper bound"
    else:
        assert (a.min(), a.max()) == pytest.approx(f.bounds, abs=1e-3)
    np.testing.assert_allclose(eval(f.numpy, {"np": np, "z": z.T}).T, a, atol=1e-12)
    assert f.initial_weights in INITIAL_WEIGHTS
    short, eps = a.astype(np.float32), float(np.finfo(np.float32).eps)
    off = np.abs(f.derivative(short) - slopes)
    assert (off <= 2 * f.slope_error(np.abs(a), eps) + 2 * eps * slopes + 1e-30).all()


def test_every_entry_has_words_that_are_translated() -> None:
    marked = {text for context, text in all_marked() if not context}
    names = [f.name for f in FUNCTIONS.values()] + [cost.name for cost in COSTS.values()]
    names += [rule.name for rule in INITIAL_WEIGHTS.values()]
    texts = [cost.meaning for cost in COSTS.values()] + [output.tip for output in OUTPUTS.values()]
    for f in FUNCTIONS.values():
        texts += f.slope_words[:1] + f.flat_words
    hints = [rule.hint for rule in INITIAL_WEIGHTS.values() if rule.hint]
    assert all(names)
    assert {*names, *texts, *hints} <= marked
    assert all(rule.spread in note(SETTINGS["initial_weights"]) for rule in INITIAL_WEIGHTS.values())


@PAIRS
@pytest.mark.parametrize(("activation", "rule"), list(product(ACTIVATIONS, INITIAL_WEIGHTS)))
def test_what_suits_a_network_is_known(pair: tuple[str, str], activation: str, rule: str) -> None:
    settings = Settings(
        sizes=(784, 300, 10),
        activation=activation,
        output=pair[0],
        cost=pair[1],
        initial_weights=rule,
        eta=900.0,
    )
    remedy = suitable_settings(settings)
    assert 0 < usual_eta(settings) <= COSTS[pair].usual_eta
    changed = settings.changed(**remedy)
    assert suitable_settings(changed).keys() <= {"eta"}, "another η may suit the other initial weights"
    assert INITIAL_WEIGHTS[changed.initial_weights].large <= ACTIVATIONS[activation].bears_large


def test_what_is_in_no_table_is_refused() -> None:
    outputs = np.full((1, 3), 0.5)
    for refused in (
        lambda: certainty(outputs, "identity"),
        lambda: usual_eta(Settings(activation="gelu")),
        lambda: usual_eta(Settings(cost="hinge")),
        lambda: usual_eta(Settings(initial_weights="xavier", sizes=(784, 10))),
    ):
        with pytest.raises(KeyError):
            refused()
