"""What a run trains on: which digits, in which order, and with which labels."""

from typing import Any

import numpy as np
import pytest
from msgspec.structs import astuple, replace

from mnistviz.engine.acts import NOW, SteppedBack
from mnistviz.engine.commands import Change, Step
from mnistviz.engine.digits import Digits, DigitSet, training_digits
from mnistviz.engine.evaluation import evaluated
from mnistviz.engine.microscope.mini_batch import look_at
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network
from mnistviz.engine.randomness import order_of_epoch
from mnistviz.engine.settings import Settings
from mnistviz.engine.trainer import Trainer
from tests.engine.test_record import SMALL, new_run, obeyed
from tests.engine.time_machine import batch_at
from tests.refusals import refused


def test_by_default_they_are_the_first_ones_shuffled_by_the_seed(small_digits: Digits) -> None:
    """No bit of a run is another than before there were such settings."""
    settings = Settings(training_digits=600, seed=9)
    found = small_digits.trained_on(settings)
    assert len(found) == small_digits.epoch(settings) == 600
    np.testing.assert_array_equal(found.images, small_digits.training.images[:600])
    np.testing.assert_array_equal(found.labels, small_digits.training.labels[:600])
    for epoch in range(3):
        np.testing.assert_array_equal(found.order(settings, epoch), order_of_epoch(9, epoch, 600))


def test_labels_are_drawn_by_the_seed_once_and_more_of_them_with_a_larger_share(small_digits: Digits) -> None:
    def told(**changes: Any) -> np.ndarray:
        return small_digits.trained_on(Settings(seed=3).changed(**changes)).labels

    true = small_digits.training.labels
    some, more, all_of_them = (told(random_labels=share) for share in (0.2, 0.6, 1.0))
    np.testing.assert_array_equal(some, told(random_labels=0.2))
    assert 0.15 < (some != true).mean() < 0.2, "one in ten of those drawn is right by chance"
    assert (more[some != true] == some[some != true]).all()
    assert 0.86 < (all_of_them != true).mean() < 0.94
    assert (told(random_labels=0.2, seed=4) != some).any()
    assert small_digits.trained_on(Settings(random_labels=1.0)).true_label(5) == true[5]


def test_no_digit_of_a_class_left_out_is_trained_on_and_no_label_names_it(small_digits: Digits) -> None:
    settings = Settings(classes_left_out=(0, 7), random_labels=0.5, training_digits=700)
    found = small_digits.trained_on(settings)
    kept = ~np.isin(small_digits.training.labels, (0, 7))
    assert len(found) == small_digits.epoch(settings) == 700, "as many of the others as there would be of all"
    np.testing.assert_array_equal(found.images, small_digits.training.images[kept][:700])
    np.testing.assert_array_equal(found.true_labels, small_digits.training.labels[kept][:700])
    assert not np.isin(found.labels, (0, 7)).any()
    for number in (0, 13, 699):
        there = small_digits.training_number(settings, number)
        np.testing.assert_array_equal(small_digits.training.images[there], found.images[number])
    assert small_digits.training_number(Settings(), 13) == 13
    assert small_digits.epoch(replace(settings, training_digits=50_000)) == kept.sum()


def test_what_has_been_chosen_is_not_chosen_from_again(small_digits: Digits) -> None:
    settings = Settings(random_labels=1.0, classes_left_out=(1,))
    found = small_digits.trained_on(settings)
    assert training_digits(found, settings) is found


def test_a_run_without_a_digit_is_refused_in_a_sentence(small_digits: Digits) -> None:
    ones = small_digits.training.labels == 1
    only = replace(
        small_digits,
        training=DigitSet(small_digits.training.images[ones], small_digits.training.labels[ones]),
    )
    assert refused(only.trained_on, Settings(classes_left_out=(1,))) == "There are no digits in the set."


@pytest.mark.parametrize("order", ["sorted", "stored"])
def test_an_order_acts_at_the_next_mini_batch_at_the_same_place(small_digits: Digits, order: str) -> None:
    run = obeyed(new_run(small_digits), Step(2), Change({"order": order}), Step(1))
    shown = run.trainer.upcoming().numbers.tolist()
    obeyed(run, Step(1))
    training, settings = run.trainer.training, run.trainer.settings
    assert len(training) == 53
    wanted = np.arange(53) if order == "stored" else order_of_epoch(settings.seed, 0, 53)
    if order == "sorted":
        wanted = wanted[np.argsort(training.labels[wanted], kind="stable")]
    for step in (2, 3):
        assert batch_at(run, step) == wanted[10 * step : 10 * step + 10].tolist()
    assert shown == wanted[30:40].tolist(), "what is trained on is what is said"
    shuffled = order_of_epoch(settings.seed, 0, 53)
    assert batch_at(run, 1) == shuffled[10:20].tolist()
    obeyed(run, Change({"order": "shuffled"}), Step(1))
    assert batch_at(run, 4) == shuffled[40:50].tolist()


def test_a_mini_batch_says_the_label_that_was_told_and_what_the_digit_is(small_digits: Digits) -> None:
    settings = replace(SMALL, random_labels=1.0)
    trainer = Trainer(Network(settings.sizes, seed=settings.seed), settings, small_digits.training)
    batch = look_at(trainer.state(), trainer.network, small_digits.training)
    assert batch.labels.tolist() == small_digits.trained_on(settings).labels[batch.numbers].tolist()
    assert batch.true_labels.tolist() == small_digits.training.labels[batch.numbers].tolist()
    assert batch.y.argmax(axis=1).tolist() == batch.labels.tolist()


def test_training_accuracy_goes_by_the_labels_that_were_told(small_digits: Digits) -> None:
    settings = Settings(sizes=(784, 10), random_labels=0.5, training_digits=200)
    network = Network(settings.sizes)
    found = evaluated(Moment(1, 0, 0, network, settings, network), "training", small_digits)
    assert found.right == np.count_nonzero(found.predictions == small_digits.trained_on(settings).labels)


def test_not_all_classes_can_be_left_out() -> None:
    assert Settings(classes_left_out=[7, 0, 7.0]).checked().classes_left_out == (0, 7)  # type: ignore[arg-type]
    for classes, part in (
        (tuple(range(10)), "At least one class must be trained on."),
        ((3, 10), "The list of classes left out must lie between 0 and 9"),
        ("3", "whole numbers only, as in [3, 7]"),
    ):
        assert part in refused(Settings(classes_left_out=classes).checked)  # type: ignore[arg-type]
    fitted = Settings(classes_left_out=(0, 2, 7)).for_classes(3)
    assert (fitted.sizes, fitted.classes_left_out) == ((784, 30, 3), (0, 2))
    assert Settings(classes_left_out=(0, 1, 7)).for_classes(2).classes_left_out == ()


def test_steps_with_minus_eta_take_the_last_mini_batches_from_the_newest_on(small_digits: Digits) -> None:
    run = obeyed(new_run(small_digits), Step(5))
    network, training = run.start.copy(), run.trainer.training
    network.parameters[...] = run.state().parameters
    targets = np.eye(10, dtype=np.float32)
    for step in (4, 3, 2):
        numbers = batch_at(run, step)
        x = training.images[numbers] / np.float32(255)
        network.update_mini_batch((x, targets[training.labels[numbers]]), -2.0)
    before = run.state()
    obeyed(run, SteppedBack(*NOW, 2.0, 3, 10, "shuffled"))
    np.testing.assert_array_equal(run.state().parameters, network.parameters)
    assert run.recorder.history.interventions == (SteppedBack(5, 50, 2.0, 3, 10, "shuffled"),)
    assert (run.step, run.state().cursor) == (before.step, before.cursor), "they are no mini-batches"
    obeyed(
        run,
        SteppedBack(*NOW, 2.0, 6, 10, "shuffled"),
        SteppedBack(*NOW, 2.0, 1, 10, "backwards"),
        SteppedBack(*NOW, -1.0, 1, 10, "stored"),
    )
    assert len(run.recorder.history.interventions) == 1, "the epoch has had five mini-batches only"
    obeyed(run, Step(1), SteppedBack(*NOW, 2.0, 6, 10, "shuffled"))
    assert len(run.recorder.history.interventions) == 2, "at its end an epoch has had all of them"


def test_no_picture_is_copied_for_a_run_without_some_classes(small_digits: Digits) -> None:
    settings = Settings(classes_left_out=(5, 6), random_labels=0.5, training_digits=100)
    training, pictures = small_digits.trained_on(settings), small_digits.training.images
    assert training.source is small_digits.training
    held = [value for value in astuple(training) if isinstance(value, np.ndarray)]
    assert sum(each.nbytes for each in held) < 100 * 784
    some = np.array([70, 3])
    kept = np.flatnonzero(~np.isin(small_digits.training.labels, (5, 6)))
    np.testing.assert_array_equal(training.pictures(some), pictures[kept[some]])
    np.testing.assert_array_equal(training.pictures(slice(90, 200)), pictures[kept[90:100]])
    np.testing.assert_array_equal(training.first(2).images, pictures[kept[:2]])
    assert not any(each.flags.writeable for each in held)
