"""What is said of training digits whose labels were drawn by chance: the label that was told, and what they are."""

from __future__ import annotations

import numpy as np
import pytest

from mnistviz.engine.digits import Digits, LabelledDigits, TrainingDigits
from mnistviz.engine.microscope.mini_batch import look_at
from mnistviz.engine.mistakes.nearest import NearDigit, NearestDigits
from mnistviz.engine.moment import Evaluation
from mnistviz.engine.network import Network
from mnistviz.engine.trainer import Trainer
from mnistviz.gui.minibatch import batch_words
from mnistviz.gui.mistakes import mistake_words as words
from mnistviz.gui.mistakes.read_digits import ReadDigits
from tests.engine.test_record import SMALL

pytestmark = pytest.mark.usefixtures("qapp")
CLASSES = tuple("0123456789")


def reading(digits: LabelledDigits, predictions: list[int]) -> ReadDigits:
    read = np.array(predictions, np.uint8)
    right = int((read == digits.labels).sum())
    found = Evaluation("training", 7, 70, read, right, len(read), True)
    return ReadDigits(1, "data", found, digits, CLASSES)


def told_as(digits: Digits, labels: np.ndarray, true: np.ndarray) -> TrainingDigits:
    return TrainingDigits(digits.training, np.arange(len(true)), labels, true)


def test_a_digit_says_what_it_is_and_how_it_is_labelled(small_digits: Digits) -> None:
    true = np.array([5, 4, 7], np.uint8)
    told = np.array([3, 4, 7], np.uint8)
    training = told_as(small_digits, told, true)
    read = reading(training, [3, 9, 7])
    assert words.digit_told(read, 0) == "It is 5, labelled 3 by chance, and was read as its label says."
    assert words.digit_told(reading(training, [8, 9, 7]), 0) == (
        "It is 5, labelled 3 by chance, but was read as 8."
    )
    assert words.digit_told(read, 1) == "It is 4, but was read as 9."
    assert words.digit_told(read, 2) == "It is 7, and was read right."
    assert words.misread_title(read) == "1 misread"
    assert "by their labels" in words.measured_on(read)[0]
    assert not words.matrix_cells(read).true
    near = words.near_pictures(read, 3, training, NearestDigits(NearDigit(1, 2.0), NearDigit(0, 3.0)))
    assert near[0].caption.startswith("5, labelled 3 by chance")

    usual = reading(told_as(small_digits, true, true), [5, 4, 7])
    assert words.matrix_cells(usual).true
    assert "by their labels" not in words.measured_on(usual)[0]


def test_runs_with_other_labels_do_not_have_the_same_digits(small_digits: Digits) -> None:
    true = np.array([5, 4], np.uint8)
    one = reading(told_as(small_digits, true, true), [5, 4])
    other = reading(told_as(small_digits, np.array([3, 4], np.uint8), true), [5, 4])
    assert one.has_the_digits_of(one)
    assert not one.has_the_digits_of(other)


def test_a_mini_batch_says_so_too(small_digits: Digits) -> None:
    settings = SMALL.changed(random_labels=1.0)
    trainer = Trainer(Network(settings.sizes, seed=settings.seed), settings, small_digits.training)
    batch = look_at(trainer.state(), trainer.network, small_digits.training)
    place = int(np.flatnonzero(batch.labels != batch.true_labels)[0])
    label, true = batch.labels[place], batch.true_labels[place]
    told = batch_words.digit_told(batch, CLASSES, batch.gradient_lengths, place)
    assert f"It is {true}, labelled {label} by chance, read as" in told
    assert "as its label says" in batch_words.notes(batch, is_next=False)[0]
