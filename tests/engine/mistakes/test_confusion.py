"""Matrix, misread digits, their order and the groups of two evaluations, against a few lines of plain NumPy."""

import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from mnistviz.engine.cancelling import Withdrawn
from mnistviz.engine.commands import FinishEpoch, Step
from mnistviz.engine.digits import PIXELS, Digits, DigitSet
from mnistviz.engine.evaluation import evaluated
from mnistviz.engine.experiment.experiment_file import load_experiment, save_experiment
from mnistviz.engine.handover import Mailbox
from mnistviz.engine.luck.copied_runs import accuracies_in_orders
from mnistviz.engine.mistakes import confusion, nearest
from mnistviz.engine.mistakes.mixing import mixed, mixing_curve
from mnistviz.engine.mistakes.nearest import NearDigit, NearestDigits, nearest_digits, squared_distances
from mnistviz.engine.mistakes.pins import outputs_along
from mnistviz.engine.mistakes.stories import learning_map, look_finer, story_of
from mnistviz.engine.moment import Evaluation, KeptReadings, SetName
from mnistviz.engine.network import Network
from mnistviz.engine.replay import moment_of
from mnistviz.engine.run import Run
from mnistviz.engine.trials import RecordedRun
from tests.engine.test_experiment_file import experiment_of
from tests.engine.test_record import SMALL, obeyed, rest

LABELS = st.lists(st.integers(0, 3), min_size=1, max_size=40)


def labelled(labels: list[int]) -> DigitSet:
    return DigitSet(np.zeros((len(labels), PIXELS), np.uint8), np.array(labels, np.uint8))


def read_as(
    read: list[int], digits: DigitSet, outputs: list[float] | None = None, name: SetName = "test"
) -> Evaluation:
    """An evaluation of the first digits of a set."""
    predictions = np.array(read, np.uint8)
    right = int((predictions == digits.labels[: len(read)]).sum())
    known = None if outputs is None else np.array(outputs, np.float32)
    return Evaluation(name, 0, 0, predictions, right, len(digits), len(read) == len(digits), known)


@given(labels=LABELS, data=st.data())
def test_the_matrix_counts_each_digit_in_its_cell(labels: list[int], data: st.DataObject) -> None:
    digits = labelled(labels)
    read = data.draw(
        st.lists(st.integers(0, 3), min_size=1, max_size=len(labels))
    )  # the first of them, or all
    found, shown = read_as(read, digits), list(zip(labels, read, strict=False))
    matrix = confusion.confusion_matrix(found, digits, 4)
    for true in range(4):
        for guess in range(4):
            assert matrix[true, guess] == shown.count((true, guess))
            wanted = [n for n, pair in enumerate(shown) if pair == (true, guess) and true != guess]
            assert confusion.misread(found, digits, true, guess).tolist() == wanted
        assert confusion.misread(found, digits, true=true).tolist() == [
            n for n, (each, guess) in enumerate(shown) if each == true != guess
        ]
        assert confusion.misread(found, digits, read=true).tolist() == [
            n for n, (each, guess) in enumerate(shown) if guess == true != each
        ]
    assert len(confusion.misread(found, digits)) == len(read) - found.right == matrix.sum() - np.trace(matrix)


def test_two_classes_and_a_class_without_a_digit() -> None:
    digits = labelled([0, 0, 0])
    assert confusion.confusion_matrix(read_as([0, 1, 0], digits), digits, 2).tolist() == [[2, 1], [0, 0]]


def test_the_surest_mistake_comes_first_and_what_is_no_number_last() -> None:
    digits = labelled([1] * 6)
    found = read_as([0, 0, 0, 0, 0, 1], digits, [0.5, 0.9, float("nan"), 0.2, 0.9, 1.0])
    numbers = confusion.misread(found, digits)
    assert confusion.in_order(numbers, found, "surest").tolist() == [1, 4, 0, 3, 2]
    assert confusion.in_order(numbers, found, "least_sure").tolist() == [3, 0, 1, 4, 2]
    assert confusion.in_order(numbers[::-1], found, "number").tolist() == [0, 1, 2, 3, 4]
    alike = read_as([0] * 200, labelled([1] * 200), [0.5, 0.25] * 100)
    every = np.arange(200)
    assert confusion.in_order(every, alike, "surest").tolist() == [*range(0, 200, 2), *range(1, 200, 2)]


def test_without_outputs_every_order_is_that_of_the_set() -> None:
    found = read_as([0, 1, 0], labelled([1, 1, 1]))
    assert confusion.in_order(np.array([2, 0]), found, "surest").tolist() == [0, 2]


@given(labels=LABELS, data=st.data())
def test_each_digit_is_in_one_of_four_groups(labels: list[int], data: st.DataObject) -> None:
    digits = labelled(labels)
    reads = st.lists(st.integers(0, 3), min_size=1, max_size=len(labels))
    a, b = data.draw(reads), data.draw(reads)
    groups = confusion.verdict_groups(read_as(a, digits), read_as(b, digits), digits)
    shown = list(enumerate(zip(labels, a, b, strict=False)))
    assert groups.of == len(shown)
    assert groups.both_right.tolist() == [n for n, (is_, x, y) in shown if x == is_ == y]
    assert groups.only_a_wrong.tolist() == [n for n, (is_, x, y) in shown if x != is_ == y]
    assert groups.only_b_wrong.tolist() == [n for n, (is_, x, y) in shown if x == is_ != y]
    assert groups.both_wrong.tolist() == [n for n, (is_, x, y) in shown if x != is_ != y]
    assert groups.same_wrong.tolist() == [n for n, (is_, x, y) in shown if x == y != is_]
    assert groups.differ == sum(x != y for _, (_, x, y) in shown)
    count = len(shown)
    matrices = [confusion.confusion_matrix(read_as(each[:count], digits), digits, 4) for each in (a, b)]
    difference = confusion.confusion_difference(read_as(a, digits), read_as(b, digits), digits, 4)
    np.testing.assert_array_equal(difference, matrices[1] - matrices[0])


def test_validation_and_test_digits_are_not_compared() -> None:
    digits = labelled([1])
    with pytest.raises(ValueError, match="can't be compared"):
        confusion.verdict_groups(read_as([1], digits), read_as([1], digits, name="validation"), digits)


@pytest.fixture
def network() -> Network:
    return Network((784, 12, 10), seed=5)


def plainly(network: Network, digits: Digits, number: int) -> NearestDigits:
    image, label = digits.test.images[number], digits.test.labels[number]
    training = digits.training
    far = ((training.images.astype(float) - image) ** 2).sum(axis=1)
    read = network.predictions(training.images)
    taken = network.predictions(image[np.newaxis])[0]

    def first(among: np.ndarray) -> NearDigit | None:
        if not among.any():
            return None
        at = int(np.where(among, far, np.inf).argmin())
        return NearDigit(at, float(np.sqrt(far[at])) / 255)

    return NearestDigits(first(training.labels == label), first(read == taken))


def test_it_is_the_nearest_of_its_class_and_the_nearest_that_is_read_alike(
    small_digits: Digits, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nearest, "CHUNK", 100)
    monkeypatch.setattr(nearest, "_FIRST_READ", 1)
    test = small_digits.test
    for number in range(6):
        read = int(network.predictions(test.images[number : number + 1])[0])
        found = nearest_digits(
            network, test.images[number], int(test.labels[number]), read, small_digits.training
        )
        assert found == plainly(network, small_digits, number)


def test_distances_are_exact(small_digits: Digits) -> None:
    image = small_digits.test.images[3]
    far = squared_distances(image, small_digits.training)
    wide = small_digits.training.images.astype(np.int64) - image
    np.testing.assert_array_equal(far, (wide * wide).sum(axis=1))


def test_a_training_digit_is_not_its_own_neighbour(small_digits: Digits, network: Network) -> None:
    image, label = small_digits.training.images[7], int(small_digits.training.labels[7])
    read = int(network.predictions(image[np.newaxis])[0])
    itself = nearest_digits(network, image, label, read, small_digits.training)
    assert itself == NearestDigits(NearDigit(7, 0.0), NearDigit(7, 0.0))
    other = nearest_digits(network, image, label, read, small_digits.training, leave_out=7)
    assert other.own is not None
    assert other.taken is not None
    assert 7 not in (other.own.number, other.taken.number)


def test_there_may_be_none(small_digits: Digits, network: Network) -> None:
    network.weights[-1][...] = 0
    network.biases[-1][...] = np.arange(10)  # all is read as 9
    found = nearest_digits(network, small_digits.test.images[0], None, 4, small_digits.training)
    assert found == NearestDigits(None, None)


def test_it_can_be_cancelled(small_digits: Digits, network: Network) -> None:
    asked: list[bool] = []

    def cancelled() -> bool:
        asked.append(True)
        return True

    images, training = small_digits.test.images, small_digits.training
    with pytest.raises(Withdrawn):
        nearest_digits(network, images[0], 1, 2, training, cancelled=cancelled)
    assert len(asked) == 1


def with_classes(digits: Digits, count: int) -> Digits:
    """The same digits, told apart by their remainders; the last class has no digit."""

    def part(of: DigitSet) -> DigitSet:
        return DigitSet(of.images, of.labels % max(1, count - 1))

    return Digits(
        "few",
        part(digits.training),
        part(digits.validation),
        part(digits.test),
        tuple("abcdefghij"[:count]),
        "few0",
    )


@pytest.mark.parametrize(("classes", "runs_away"), [(2, False), (3, False), (10, True)])
def test_each_has_an_answer(small_digits: Digits, tmp_path: Path, classes: int, runs_away: bool) -> None:
    digits = small_digits if classes == 10 else with_classes(small_digits, classes)
    settings = replace(
        SMALL, sizes=(784, 4, classes), activation="relu", output="softmax", cost="cross_entropy", eta=1.0
    )
    network = Network(settings.sizes, **settings.network_options())
    if runs_away:
        network.parameters[...] *= np.float32(1e37)
    run = Run(1, settings, digits, Mailbox(lambda: None), network)
    rest(run)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        obeyed(run, Step(4), FinishEpoch(), Step(1))
        moment = moment_of(1, run.start, len(run.trainer.training), run.state(), "live")
        assert np.isfinite(moment.network.parameters).all() != runs_away
        found = evaluated(moment, "test", digits)
        matrix = confusion.confusion_matrix(found, digits.test, classes)
        assert matrix.sum() == len(digits.test)
        assert (matrix[-1].sum() == 0) == (classes < 10)
        wrong = confusion.misread(found, digits.test)
        assert sorted(confusion.in_order(wrong, found, "surest")) == wrong.tolist()
        assert confusion.verdict_groups(found, found, digits.test).differ == 0
        kept = run.recorder.readings.test
        assert (story_of(kept, 0, 0).facts is None) == runs_away  # what is no number is not kept
        assert sum(learning_map(kept, digits.test).counts.values()) == len(digits.test)
        image, recorded = digits.test.images[0], RecordedRun(run.record(), run.start, digits)
        near = nearest_digits(moment.network, image, classes - 1, int(found.predictions[0]), digits.training)
        assert (near.own is None) == (classes < 10)
        assert look_finer(recorded, image, 0, run.step) is not None
        (along,) = outputs_along(run.record(), moment, len(run.trainer.training), [image])
        assert along.outputs.shape == (len(along.steps), classes)
        assert len(set(accuracies_in_orders(recorded, found, 0))) >= 1
        assert mixing_curve(run.start, moment.network, digits.test) is not None
        for ends in (mixed(run.start, moment.network, 0), mixed(moment.network, run.start, 1)):
            assert ends.parameters.tobytes() == run.start.parameters.tobytes()
    save_experiment(experiment_of(digits, run), tmp_path / "one.mnistviz", digits)
    back = load_experiment(tmp_path / "one.mnistviz").runs[0].content.readings
    assert [each.step for each in back.test] == [each.step for each in kept]
    last = run.recorder.readings.newest["test"] if runs_away else found
    np.testing.assert_array_equal(back.newest["test"].outputs, last.outputs)


def test_before_there_is_a_measurement_nothing_is_known(small_digits: Digits) -> None:
    kept = KeptReadings()
    assert (kept.nbytes, kept.test, dict(kept.newest)) == (0, (), {})
    assert story_of(kept.test, 3, 1).facts is None
    found = learning_map(kept.test, small_digits.test)
    assert (found.measurements, found.counts["never"]) == (0, len(small_digits.test))
    assert np.isnan(found.shares).all()
