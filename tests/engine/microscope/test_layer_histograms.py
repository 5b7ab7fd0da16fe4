"""Histograms of layers count what a plain look at each unit and digit finds."""

import numpy as np
import pytest

from mnistviz.engine.digits import Digits
from mnistviz.engine.functions import ACTIVATIONS
from mnistviz.engine.microscope.layer_histograms import shared_histograms
from mnistviz.engine.network import Network
from tests.engine.made_up import examine
from tests.engine.microscope.plain_backprop import layers_of, plain_digit

SIZES = (784, 6, 5, 10)


@pytest.mark.parametrize("output", ["sigmoid", "softmax"])
@pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
def test_they_count_every_unit_and_digit(small_digits: Digits, activation: str, output: str) -> None:
    network = Network(SIZES, 3, activation=activation, output=output, cost="cross_entropy", dtype=np.float64)
    if activation == "relu":
        network.biases[0][2] = -1e4
    digits = small_digits.test.first(60)
    layers = layers_of(network.parameters, SIZES)
    with np.errstate(divide="ignore", invalid="ignore"):  # costs, which count for nothing here
        each = [plain_digit(network, layers, image / 255, np.zeros(10), ()) for image in digits.images]
    found = shared_histograms([network], digits.images)[0]
    for layer, histogram in enumerate(found):
        z, a = (np.array([getattr(digit, name)[layer] for digit in each]) for name in ("z", "a"))
        assert histogram.z_counts.sum() == histogram.a_counts.sum() == z.size
        for values, counts, edges in (
            (z, histogram.z_counts, histogram.z_edges),
            (a, histogram.a_counts, histogram.a_edges),
        ):
            for number in (0, 1, len(counts) // 2, len(counts) - 1):
                low = -np.inf if number == 0 else edges[number]
                inside = (low <= values) & (values < edges[number + 1])
                beyond = values >= edges[number] if number == len(counts) - 1 else inside
                assert counts[number] == np.count_nonzero(beyond)
            low = -np.inf if activation == "leaky_relu" else edges[0]  # its activations below 0 are small
            assert np.count_nonzero((values < low) | (values > edges[-1])) <= 0.02 * values.size
        assert histogram.weights == pytest.approx(abs(layers[layer][0]).mean())
        assert histogram.biases == pytest.approx(abs(layers[layer][1]).mean())
        assert histogram.dead == np.mean([not a[:, unit].any() for unit in range(a.shape[1])])
    assert (found[0].dead > 0) == (activation == "relu")
    assert (found[2].slopes is None) == (output == "softmax")


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
def test_saturated_units_are_those_of_the_health_check(small_digits: Digits, activation: str) -> None:
    network, digits = Network(SIZES, 3, activation=activation), small_digits.test.first(100)
    health = examine(network, digits)
    for histogram, layer in zip(shared_histograms([network], digits.images)[0], health.layers, strict=True):
        assert histogram.saturated == pytest.approx(layer.saturated)
        if activation != "relu":
            flat = histogram.z_counts[histogram.flat].sum() / histogram.z_counts.sum()
            assert flat == pytest.approx(histogram.saturated, abs=0.1)
            assert not histogram.flat[len(histogram.flat) // 2]
            assert (histogram.flat == histogram.flat[::-1]).all()
    assert max(layer.saturated for layer in health.layers) > 0.3 or activation == "relu"


def test_what_is_not_finite_is_counted_nowhere(small_digits: Digits) -> None:
    network = Network(SIZES, 3)
    network.biases[0][:2] = np.nan, np.inf
    found = shared_histograms([network], small_digits.test.images[:10])[0]
    assert found[0].z_counts.sum() == 40
    assert found[1].z_counts.sum() == 0
    assert not found[1].dead


def test_several_networks_are_counted_on_the_same_axes(small_digits: Digits) -> None:
    wide, deep = Network((784, 6, 10), 3, activation="tanh"), Network(SIZES, 4)
    wide.biases[1][0] = 12.0
    images = small_digits.test.images[:50]
    (hidden, outputs), (one, two, last) = shared_histograms([wide, deep], images)
    alone = shared_histograms([deep], images)[0]
    factor = round(outputs.z_edges[-1] / alone[2].z_edges[-1])
    assert 1 < factor < 16
    for a, b in ((hidden, one), (outputs, last)):
        np.testing.assert_array_equal(a.z_edges, b.z_edges)
        np.testing.assert_array_equal(a.a_edges, b.a_edges)
    assert (one.a_edges[0], alone[0].a_edges[0]) == (-1.0, 0.0)
    np.testing.assert_array_equal(two.z_counts, alone[1].z_counts)  # the other one has no such layer
    assert last.z_counts.sum() == alone[2].z_counts.sum() == 500
    inner = last.z_counts[32 - 32 // factor : 32 + 32 // factor]
    np.testing.assert_array_equal(inner[1:-1], alone[2].z_counts.reshape(-1, factor).sum(axis=1)[1:-1])


def test_values_near_the_largest_float32_are_counted(small_digits: Digits) -> None:
    """With η 300 the weights may be as large, and *Layers* said that it could not count."""
    network = Network([784, 5, 10], 1)
    for row, weight in enumerate((1e36, 1e36, -1e36, -1e36)):
        network.weights[0][row] = weight
    assert shared_histograms([network], small_digits.test.images[:50])[0][0].z_counts.sum() == 50 * 5
