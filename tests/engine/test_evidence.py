"""Who says what for one digit, against loops over units and weights; and which digits fire a unit most and least."""

import math
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mnistviz.engine import evidence
from mnistviz.engine.cancelling import Withdrawn
from mnistviz.engine.digits import PIXELS, DigitSet
from mnistviz.engine.functions import ACTIVATIONS, OUTPUTS
from mnistviz.engine.network import Network, Unit
from tests.engine.microscope.plain_backprop import HIDDEN
from tests.examples import examples

Array = NDArray[Any]
HAS_RIVAL = {"sigmoid": False, "softmax": True}


def network_of(
    hidden: list[int], activation: str, output: str, *, inputs: int = 7, outputs: int = 4, seed: int = 0
) -> Network:
    return Network(
        (inputs, *hidden, outputs),
        seed,
        activation=activation,
        output=output,
        cost="cross_entropy",
        dtype=np.float64,
    )


def answers(network: Network, seed: int = 0) -> list[Array]:
    """What each layer answers to one digit of noise, some of it blank."""
    chance = np.random.default_rng(seed)
    x = np.maximum(chance.random((1, network.sizes[0])) * 1.5 - 0.5, 0).astype(network.dtype)
    return [a[0] for a in network.activations(x)]


def weighted_input(network: Network, activations: list[Array], layer: int, unit: int) -> float:
    """z = Σ w a + b, a weight at a time."""
    z = float(network.biases[layer - 1][unit])
    for number, a in enumerate(activations[layer - 1]):
        z += float(network.weights[layer - 1][unit, number]) * float(a)
    return z


def answer(activation: str, z: float) -> float:
    return float(HIDDEN[activation][0](np.array(z)))


def strongest_other(network: Network, activations: list[Array], output: int) -> int:
    last, count = len(network.weights), network.sizes[-1]
    others = [number for number in range(count) if number != output]
    return max(others, key=lambda number: weighted_input(network, activations, last, number))


def says(network: Network, activations: list[Array], output: int, rival: int | None) -> list[float]:
    """Weight × activation of each unit before the outputs, less that for the rival."""
    w = network.weights[-1]
    return [
        float(w[output, unit]) * float(a) - (0.0 if rival is None else float(w[rival, unit]) * float(a))
        for unit, a in enumerate(activations[-2])
    ]


CHOICES = list(product(ACTIVATIONS, OUTPUTS, ([], [5], [5, 3], [4, 3, 6])))
every_choice = pytest.mark.parametrize(("activation", "output", "hidden"), CHOICES)
networks = st.builds(
    network_of,
    st.lists(st.integers(1, 6), max_size=3),
    st.sampled_from(sorted(ACTIVATIONS)),
    st.sampled_from(sorted(OUTPUTS)),
    inputs=st.integers(1, 9),
    outputs=st.integers(1, 5),
    seed=st.integers(0, 1_000),
)


@every_choice
def test_what_the_units_say_for_an_output(activation: str, output: str, hidden: list[int]) -> None:
    network = network_of(hidden, activation, output)
    activations = answers(network)
    for number, named in product(range(network.sizes[-1]), (None, 0, 1, 3)):
        strongest = strongest_other(network, activations, number) if named is None else named
        rival = strongest if HAS_RIVAL[output] else None
        found = evidence.said(network, activations, number, named)
        loops = says(network, activations, number, rival)
        assert (found.output, found.rival) == (number, rival)
        np.testing.assert_allclose(found.contributions, loops, rtol=1e-12, atol=1e-12)
        assert found.in_favour == pytest.approx(sum(each for each in loops if each > 0))
        assert found.against == pytest.approx(sum(each for each in loops if each < 0))
        assert found.in_favour >= 0 >= found.against
        last = len(network.weights)
        z = weighted_input(network, activations, last, number)
        z -= 0.0 if rival is None else weighted_input(network, activations, last, rival)
        assert found.z == pytest.approx(z, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("output", OUTPUTS)
def test_z_is_what_the_output_is_made_of(output: str) -> None:
    """A bar of the balance and the output beside it are one number: σ(z), and the ratio of two outputs is e^z."""
    network = network_of([5], "sigmoid", output)
    activations = answers(network)
    found = evidence.said(network, activations, 1)
    if found.rival is None:
        assert activations[-1][1] == pytest.approx(1 / (1 + math.exp(-found.z)))
    else:
        assert activations[-1][1] / activations[-1][found.rival] == pytest.approx(math.exp(found.z))


def test_the_strongest_other_output_is_known_although_softmax_leaves_it_nothing() -> None:
    network = Network((3, 4, 4), output="softmax", cost="cross_entropy")
    network.parameters[:] = 0
    network.biases[-1][:] = (-900, 300, -800, -500)
    activations = answers(network)
    assert list(activations[-1]) == [0, 1, 0, 0]
    assert evidence.said(network, activations, 1).rival == 3
    assert evidence.said(network, activations, 1).z == 800
    assert evidence.said(network, activations, 0).rival == 1


def test_outputs_that_are_equally_strong_are_rivals_by_number() -> None:
    network = network_of([4], "relu", "softmax")
    network.parameters[:] = 0
    activations = answers(network)
    assert [evidence.said(network, activations, number).rival for number in range(4)] == [1, 0, 0, 0]


def test_figures_are_summed_in_double_precision() -> None:
    """In float32 a hundred million leaves no room for what is added to it."""
    network = Network((3, 3, 2))
    network.parameters[:] = 0
    network.weights[-1][0] = (1e8, 1, 1)
    found = evidence.said(network, [np.ones(n, np.float32) for n in network.sizes], 0)
    assert found.contributions.dtype == np.float32
    assert found.in_favour == found.z == 100_000_002


@every_choice
def test_what_a_unit_gets_adds_up_to_its_answer(activation: str, output: str, hidden: list[int]) -> None:
    network = network_of(hidden, activation, output)
    activations = answers(network)
    for layer in range(1, len(network.sizes)):
        for unit in range(network.sizes[layer]):
            found = evidence.contributions_to(network, activations, layer, unit)
            w, a = network.weights[layer - 1], activations[layer - 1]
            loops = [float(w[unit, number]) * float(a[number]) for number in range(len(a))]
            np.testing.assert_allclose(found, loops, rtol=1e-12)
            if layer < len(network.weights):
                z = float(found.sum() + network.biases[layer - 1][unit])
                assert activations[layer][unit] == pytest.approx(answer(activation, z))


@given(network=networks, most=st.integers(1, 7), data=st.data())
@settings(max_examples=examples(60), deadline=None)
def test_what_a_unit_passes_on_is_strongest_first(network: Network, most: int, data: st.DataObject) -> None:
    activations = answers(network, network.seed)
    layer = data.draw(st.integers(0, len(network.weights) - 1))
    unit = data.draw(st.integers(0, network.sizes[layer] - 1))
    found = evidence.outgoing(network, activations, layer, unit, most)
    loops = []
    for number in range(network.sizes[layer + 1]):
        passed = float(network.weights[layer][number, unit]) * float(activations[layer][unit])
        if passed != 0:
            loops.append((number, passed))
    loops.sort(key=lambda pair: -abs(pair[1]))
    assert [number for number, _ in found] == [number for number, _ in loops][:most]
    assert [passed for _, passed in found] == pytest.approx([passed for _, passed in loops[:most]])


def test_equally_strong_lines_come_by_number_and_those_of_nothing_not_at_all() -> None:
    network = network_of([2], "relu", "softmax", outputs=10)
    network.weights[1][:, 1] = (1, -3, 0, 3, 0.5, -1, 0, 3, -0.25, 2)
    activations = [np.ones(7), np.array([0.0, 2.0]), np.full(10, 0.1)]
    strongest = [(1, -6), (3, 6), (7, 6), (9, 4), (0, 2), (5, -2), (4, 1), (8, -0.5)]
    assert evidence.outgoing(network, activations, 1, 1) == strongest
    assert evidence.outgoing(network, activations, 1, 1, most=3) == strongest[:3]
    assert evidence.outgoing(network, activations, 1, 0) == []  # it is silent
    assert evidence.outgoing(network, activations, 2, 3) == []  # an output
    wide = network_of([2, 30], "sigmoid", "softmax")
    assert len(evidence.outgoing(wide, answers(wide), 1, 0)) == 10  # unless told otherwise


def by_hand(network: Network, activations: list[Array], output: int, rival: int | None) -> evidence.Path:
    """From the output back, all units of a layer looked at in turn."""
    units: list[Unit] = []
    for layer in range(len(network.sizes) - 2, 0, -1):
        best, most = None, 0.0
        for unit in range(network.sizes[layer]):
            w = network.weights[layer]
            weight = float(w[units[-1][1] if units else output, unit])
            if not units and rival is not None:
                weight -= float(w[rival, unit])
            if weight * float(activations[layer][unit]) > most:
                best, most = unit, weight * float(activations[layer][unit])
        if best is None:
            return evidence.Path(tuple(units), False)
        units.append(Unit(layer, best))
    return evidence.Path(tuple(units), True)


@every_choice
def test_the_path_goes_over_the_strongest_in_favour(activation: str, output: str, hidden: list[int]) -> None:
    ends = set()
    for seed in range(12):
        network = network_of(hidden, activation, output, seed=seed)
        activations = answers(network, seed)
        for number in range(network.sizes[-1]):
            rival = strongest_other(network, activations, number) if HAS_RIVAL[output] else None
            found = evidence.path(network, activations, number)
            assert found == by_hand(network, activations, number, rival)
            assert len(found.units) == len(hidden) or not found.complete
            ends.add(found.complete)
            if HAS_RIVAL[output]:
                named = (number + 1) % network.sizes[-1]
                assert evidence.path(network, activations, number, named) == by_hand(
                    network, activations, number, named
                )
    assert True in ends


def test_a_path_ends_where_nothing_speaks_in_favour() -> None:
    network = network_of([2, 2], "relu", "sigmoid", outputs=2)
    activations = [np.ones(7), np.array([1.0, 0.0]), np.array([1.0, 2.0]), np.full(2, 0.5)]
    network.weights[2][...] = [[3, 1], [-1, 0]]
    network.weights[1][...] = [[-2, 9], [1, 1]]
    assert evidence.path(network, activations, 0) == evidence.Path(
        (Unit(2, 0),), False
    )  # the 9 comes from a silent unit
    assert evidence.path(network, activations, 1) == evidence.Path((), False)
    network.weights[2][0] = (2, 1)  # 2 × 1 and 1 × 2: the first
    assert evidence.path(network, activations, 0).units == ((2, 0),)
    network.weights[2][0] = (2, 1.5)
    assert evidence.path(network, activations, 0) == evidence.Path((Unit(2, 1), Unit(1, 0)), True)


def test_what_is_not_finite_is_noticed_and_nothing_warns() -> None:
    network = network_of([3], "relu", "softmax")
    activations = answers(network)
    assert evidence.finite(activations)
    for layer, value in ((0, np.nan), (1, np.inf), (2, -np.inf)):
        broken = [a.copy() for a in activations]
        broken[layer][-1] = value
        assert not evidence.finite(broken)
    network.weights[-1][:2] = np.inf
    network.weights[-1][2:] = -np.inf
    for number in range(4):
        assert not math.isfinite(evidence.said(network, [np.zeros(7), np.zeros(3), np.zeros(4)], number).z)
        evidence.path(network, activations, number)
    evidence.outgoing(network, activations, 1, 0)
    evidence.contributions_to(network, activations, 2, 0)


def noise(count: int, seed: int = 0) -> DigitSet:
    images = np.random.default_rng(seed).integers(0, 256, (count, PIXELS), dtype=np.uint8)
    return DigitSet(images, np.zeros(count, dtype=np.uint8))


def inputs_by_hand(network: Network, layer: int, unit: int, digits: DigitSet) -> NDArray[Any]:
    """The weighted inputs, one digit and one layer at a time."""
    found = []
    for image in digits.images:
        a = image.astype(np.float32) / np.float32(255)
        for w, b in zip(network.weights[: layer - 1], network.biases[: layer - 1], strict=True):
            a = 1 / (1 + np.exp(-(w @ a + b)))
        found.append(network.weights[layer - 1][unit] @ a + network.biases[layer - 1][unit])
    return np.array(found)


@given(
    hidden=st.lists(st.integers(1, 7), max_size=3),
    seed=st.integers(0, 100),
    count=st.integers(1, 12),
    chunk=st.integers(1, 30),
    data=st.data(),
)
@settings(max_examples=examples(40), deadline=None)
def test_the_digits_are_those_of_a_computation_digit_by_digit(
    hidden: list[int], seed: int, count: int, chunk: int, data: st.DataObject
) -> None:
    network = Network([PIXELS, *hidden, 10], seed=seed, dtype=np.float64)
    layer = data.draw(st.integers(1, len(network.weights)))
    unit = data.draw(st.integers(0, network.sizes[layer] - 1))
    digits = noise(23, seed)
    z = inputs_by_hand(network, layer, unit, digits)

    found = evidence.extreme_digits(network, layer, unit, digits, count, chunk=chunk)
    assert found.of == 23
    assert len({*found.most}) == len({*found.least}) == count
    np.testing.assert_allclose(found.most_inputs, z[found.most], rtol=1e-9)
    np.testing.assert_allclose(found.least_inputs, z[found.least], rtol=1e-9)
    np.testing.assert_allclose(
        z[found.most], np.sort(-z)[:count] * -1, rtol=1e-9
    )  # some differ in the last bit alone
    np.testing.assert_allclose(z[found.least], np.sort(z)[:count], rtol=1e-9)
    np.testing.assert_allclose(found.most_activations, 1 / (1 + np.exp(-z[found.most])), rtol=1e-9)
    np.testing.assert_allclose(found.least_activations, 1 / (1 + np.exp(-z[found.least])), rtol=1e-9)


def test_digits_that_saturate_the_unit_are_still_told_apart() -> None:
    """All activations are exactly 1, and yet the digit with the most ink comes first."""
    network = Network([PIXELS, 1, 10])
    network.weights[0][:] = 10
    digits = DigitSet(
        np.repeat(np.array([[200], [255], [220]], np.uint8), PIXELS, axis=1), np.zeros(3, np.uint8)
    )
    found = evidence.extreme_digits(network, 1, 0, digits, 3)
    assert list(found.most_activations) == [1, 1, 1]
    assert list(found.most) == [1, 2, 0]
    assert list(found.least) == [0, 2, 1]


def test_digits_that_fire_it_alike_keep_their_order() -> None:
    network = Network([PIXELS, 3, 10])
    network.weights[0][:] = 0
    found = evidence.extreme_digits(network, 1, 2, noise(20), 5, chunk=6)
    assert list(found.most) == list(found.least) == [0, 1, 2, 3, 4]


def test_a_small_set_gives_all_its_digits() -> None:
    found = evidence.extreme_digits(Network([PIXELS, 3, 10]), 1, 0, noise(4), 10)
    assert sorted(found.most) == sorted(found.least) == [0, 1, 2, 3]


def test_it_stops_between_two_chunks_when_told_to() -> None:
    asked: list[bool] = []

    def after_two_chunks() -> bool:
        asked.append(True)
        return len(asked) > 2

    with pytest.raises(Withdrawn):
        evidence.extreme_digits(Network([PIXELS, 3, 10]), 2, 0, noise(100), 5, after_two_chunks, chunk=10)
    assert len(asked) == 3


@pytest.mark.parametrize(("layer", "unit"), [(0, 0), (3, 0), (1, 3), (1, -1), (2, 10)])
def test_a_unit_that_the_network_has_not_is_refused(layer: int, unit: int) -> None:
    with pytest.raises(IndexError):
        evidence.weighted_inputs(Network([PIXELS, 3, 10]), layer, unit, noise(1).images)
