"""Parts of a nine: four detectors on all digits at once, against plain NumPy; and the network that learns the same."""

from collections.abc import Iterable
from itertools import starmap

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from numpy.typing import NDArray

from mnistviz.engine.cancelling import Withdrawn
from mnistviz.engine.digits import PIXELS, SIDE, Digits, DigitSet
from mnistviz.engine.ideas.detectors import (
    BLANK,
    DETECTORS,
    Detector,
    DetectorReading,
    DetectorSums,
    asked_class,
    example_detectors,
    learn_question,
    needed,
    solved,
    to_find,
)

NINE = 9


def scattered(seed: int, threshold: float = 0.0) -> Detector:
    return Detector(np.random.default_rng(seed).integers(-1, 2, PIXELS).astype(np.int8), threshold)


@pytest.fixture(autouse=True)
def learned_in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mnistviz.engine.ideas.detectors.LEAST_DIGITS", 20_000)


def sums_of(digits: DigitSet, detectors: Iterable[Detector]) -> DetectorSums:
    sums = DetectorSums(digits, NINE)
    for number, detector in enumerate(detectors):
        sums.put(number, detector)
    return sums


def by_hand(digits: DigitSet, detectors: tuple[Detector, ...]) -> NDArray[np.bool_]:
    """Which detectors fire, without any short cut."""
    weights = np.stack([each.weights for each in detectors]).astype(np.int64)
    sums = weights @ digits.images.T.astype(np.int64)
    limits = np.array([255 * each.threshold for each in detectors])
    painted = np.array([each.weights.any() for each in detectors])
    return np.asarray((sums > limits[:, np.newaxis]) & painted[:, np.newaxis])


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 99), st.floats(-20, 60)), max_size=4))
def test_sums_are_those_of_plain_products_whatever_was_painted_in_which_order(
    small_digits: Digits, put: list[tuple[int, int, float]]
) -> None:
    digits = small_digits.test.first(60)
    sums = DetectorSums(digits, NINE)
    for number, seed, threshold in put:
        sums.put(number, scattered(seed, threshold))
    fires = by_hand(digits, sums.detectors)
    assert np.array_equal(sums.fired(), fires)
    own = digits.labels == NINE
    painted = sum(not each.is_blank for each in sums.detectors)
    for vote, least in (("all", painted), ("but_one", painted - 1), ("any", 1)):
        yes = fires.sum(axis=0) >= max(1, least)
        reading = sums.reading(vote)  # type: ignore[arg-type]
        assert (reading.found, reading.taken) == (int((yes & own).sum()), int((yes & ~own).sum()))
        assert reading.wrong == int((yes != own).sum())
        assert reading.shares == pytest.approx(np.stack([fires[:, own].mean(1), fires[:, ~own].mean(1)], 1))
        assert (reading.own, reading.others) == (int(own.sum()), int((~own).sum()))


def test_a_strip_has_all_sums_between_its_ends_and_follows_the_pen(small_digits: Digits) -> None:
    sums = DetectorSums(small_digits.test, NINE)
    assert sums.strip(0, 28) is None
    own = small_digits.test.labels == NINE
    for seed in (1, 2):
        sums.put(0, scattered(seed))
        strip = sums.strip(0, 28)
        assert strip is not None
        assert strip is sums.strip(0, 28)
        plain = (small_digits.test.images / 255.0) @ scattered(seed).weights
        assert (strip.low, strip.high) == pytest.approx((plain.min(), plain.max()))
        assert strip.counts.sum(axis=1).tolist() == [own.sum(), (~own).sum()]
        assert strip.counts[0].tolist() == np.histogram(plain[own], 28, (strip.low, strip.high))[0].tolist()
        assert strip.value(strip.place(3.0)) == pytest.approx(3.0)
        assert (strip.place(strip.low - 9), strip.place(strip.high + 9)) == (0.0, 1.0)


def test_one_digit_is_judged_as_among_all(small_digits: Digits) -> None:
    sums = sums_of(small_digits.test, starmap(scattered, enumerate((0.0, 12.5, -3.0, 40.0))))
    for digit, fired in zip(small_digits.test.images[:50], sums.fired().T, strict=False):
        assert [each.fires(digit) for each in sums.detectors] == fired.tolist()
    digit = small_digits.test.images[0]
    expected = (digit / 255.0) @ sums.detectors[1].weights
    assert sums.detectors[1].sum_of(digit) == pytest.approx(expected)


def test_blank_detectors_take_no_part_and_say_always_no(small_digits: Digits) -> None:
    sums = DetectorSums(small_digits.test, NINE)
    reading = sums.reading("all")
    assert (reading.found, reading.taken, reading.wrong) == (0, 0, reading.own)
    assert solved(reading) == set()
    sums.put(2, replace(BLANK[2], threshold=-5.0))
    assert sums.reading("any").taken == 0, "a threshold alone is nothing painted"
    sums.put(2, scattered(1, -1000.0))
    assert sums.reading("all").taken == reading.others, "it is the only one"
    one = BLANK[0].painted(np.array([3, 4]), 1)
    assert BLANK[0].is_blank, "painting makes a copy"
    assert one.painted(np.array([3]), 0).weights.tolist().count(1) == 1
    assert one.painted(np.array([3, 4]), 0).is_blank


def test_a_set_without_the_class_or_without_others_has_shares_of_none(small_digits: Digits) -> None:
    for label, labels in ((9, np.zeros), (0, np.zeros)):
        sums = DetectorSums(DigitSet(small_digits.test.images[:20], labels(20, np.uint8)), label)
        sums.put(0, scattered(3))
        assert np.isfinite(sums.reading("all").shares).all()


@pytest.mark.parametrize(
    ("vote", "counts"), [("all", [1, 1, 2, 3, 4]), ("but_one", [1, 1, 1, 2, 3]), ("any", [1, 1, 1, 1, 1])]
)
def test_how_many_must_fire(vote: str, counts: list[int]) -> None:
    assert [needed(vote, painted) for painted in range(5)] == counts  # type: ignore[arg-type]


def test_a_sum_that_is_just_the_threshold_does_not_fire(small_digits: Digits) -> None:
    white = int(np.flatnonzero(small_digits.test.images[0] == 0)[0])
    dark = int(np.flatnonzero(small_digits.test.images[0] == 255)[0])
    for pixel, threshold in ((white, 0.0), (dark, 1.0)):
        sums = sums_of(
            small_digits.test, [replace(BLANK[0].painted(np.array([pixel]), 1), threshold=threshold)]
        )
        assert not sums.fired()[0, 0]
        assert not sums.detectors[0].fires(small_digits.test.images[0])


def read(
    found: int, taken: int, shares: tuple[float, float] = (0.5, 0.5), own: int = 1_009
) -> DetectorReading:
    counts = np.array([[own - found, found], [8_991 - taken, taken]])
    return DetectorReading(np.array([shares] * DETECTORS), counts, 1)


@pytest.mark.parametrize(
    ("found", "taken", "shares", "tasks"),
    [
        (300, 300, (0.5, 0.5), set()),
        (301, 300, (0.5, 0.5), {"better"}),
        (399, 100, (0.5, 0.5), {"better"}),
        (400, 200, (0.5, 0.5), {"better"}),
        (400, 199, (0.5, 0.5), {"better", "found"}),
        (0, 0, (0.749, 0.1), set()),
        (0, 0, (0.75, 0.25), set()),
        (0, 0, (0.75, 0.249), {"part"}),
    ],
)
def test_tasks_are_solved_and_what_is_near_solves_none(
    found: int, taken: int, shares: tuple[float, float], tasks: set[str]
) -> None:
    assert solved(read(found, taken, shares)) == tasks


@pytest.mark.parametrize(("own", "asked"), [(1_009, (400, 200)), (60, (20, 10)), (7, (2, 1)), (1, (0, 1))])
def test_what_is_asked_for_follows_the_number_of_the_class(own: int, asked: tuple[int, int]) -> None:
    assert to_find(own) == asked
    assert "found" not in solved(read(0, 0, own=own))


def test_the_class_is_the_last_that_there_is(mnist: Digits, small_digits: Digits) -> None:
    assert asked_class(mnist) == NINE
    no_nine = DigitSet(small_digits.test.images[:10], np.arange(10, dtype=np.uint8) % 7)
    assert asked_class(replace(small_digits, test=no_nine)) == 6
    all_one = DigitSet(small_digits.test.images[:10], np.full(10, 3, np.uint8))
    assert asked_class(replace(small_digits, test=all_one)) is None


def test_the_example_has_thresholds_in_halves_as_by_hand(mnist: Digits, small_digits: Digits) -> None:
    detectors, _ = example_detectors(small_digits, NINE)
    assert all((2 * each.threshold).is_integer() for each in detectors)
    images = np.zeros((20, SIDE, SIDE), np.uint8)
    for band in (2, 10, 14, 20):  # in each band 1.4 pixels of ink, in ten digits of twenty
        images[:10, band, 5:7] = 255, 102
    apart = DigitSet(images.reshape(-1, PIXELS), np.repeat(np.array([NINE, 1], np.uint8), 10))
    detectors, vote = example_detectors(replace(mnist, training=apart), NINE)
    assert [each.threshold for each in detectors] == [1.0] * 4
    sums = sums_of(apart, detectors)
    assert (sums.reading(vote).found, sums.reading(vote).taken) == (10, 0)


@pytest.mark.long
def test_the_example_solves_all_that_is_asked_for(mnist: Digits) -> None:
    detectors, vote = example_detectors(mnist, NINE)
    assert not any(detector.is_blank for detector in detectors)
    assert solved(sums_of(mnist.test, detectors).reading(vote)) == {"better", "found", "part"}


def test_the_network_learns_the_question(small_digits: Digits) -> None:
    told: list[float] = []
    learned = learn_question(small_digits, NINE, told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert learned.network.sizes == (PIXELS, 4, 1)
    assert learned.wrong < learned.is_own.sum(), "better than always no"
    assert learned.wrong == int(learned.is_own.sum()) - learned.found + learned.taken
    digit = small_digits.test.images[3]
    z = learned.activations(digit) @ learned.network.weights[1][0] + learned.network.biases[1][0]
    assert learned.z[3] == pytest.approx(z, abs=1e-5)
    output = learned.network.feedforward((digit / 255.0).astype(np.float32))
    assert output[0] == pytest.approx(1 / (1 + np.exp(-z)), abs=1e-5)


def test_it_learns_alike_and_can_be_given_up(random_digits: Digits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mnistviz.engine.ideas.detectors.LEAST_DIGITS", 1_000)
    first, second = (learn_question(random_digits, NINE) for _ in range(2))
    assert np.array_equal(first.network.parameters, second.network.parameters)
    with pytest.raises(Withdrawn):
        learn_question(random_digits, NINE, cancelled=lambda: True)
