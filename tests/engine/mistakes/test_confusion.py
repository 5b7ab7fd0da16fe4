"""Matrix, misread digits, their order and the groups of two evaluations, against a few lines of plain NumPy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnistviz.engine.digits import PIXELS, DigitSet
from mnistviz.engine.mistakes.confusion import (
    confusion_difference,
    confusion_matrix,
    in_order,
    misread,
    misread_alone,
    verdict_groups,
)
from mnistviz.engine.moment import Evaluation, SetName

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
    matrix = confusion_matrix(found, digits, 4)
    for true in range(4):
        for guess in range(4):
            assert matrix[true, guess] == shown.count((true, guess))
            wanted = [n for n, pair in enumerate(shown) if pair == (true, guess) and true != guess]
            assert misread(found, digits, true, guess).tolist() == wanted
        assert misread(found, digits, true=true).tolist() == [
            n for n, (each, guess) in enumerate(shown) if each == true != guess
        ]
        assert misread(found, digits, read=true).tolist() == [
            n for n, (each, guess) in enumerate(shown) if guess == true != each
        ]
    assert len(misread(found, digits)) == len(read) - found.right == matrix.sum() - np.trace(matrix)


def test_two_classes_and_a_class_without_a_digit() -> None:
    digits = labelled([0, 0, 0])
    matrix = confusion_matrix(read_as([0, 1, 0], digits), digits, 2)
    assert matrix.tolist() == [[2, 1], [0, 0]]


def test_the_surest_mistake_comes_first_and_what_is_no_number_last() -> None:
    digits = labelled([1] * 6)
    outputs = [0.5, 0.9, float("nan"), 0.2, 0.9, 1.0]
    found = read_as([0, 0, 0, 0, 0, 1], digits, outputs)
    numbers = misread(found, digits)
    assert in_order(numbers, found, "surest").tolist() == [1, 4, 0, 3, 2]
    assert in_order(numbers, found, "least_sure").tolist() == [3, 0, 1, 4, 2]
    assert in_order(numbers[::-1], found, "number").tolist() == [0, 1, 2, 3, 4]
    alike = read_as([0] * 200, labelled([1] * 200), [0.5, 0.25] * 100)
    every = np.arange(200)
    assert in_order(every, alike, "surest").tolist() == [*range(0, 200, 2), *range(1, 200, 2)]


def test_without_outputs_every_order_is_that_of_the_set() -> None:
    digits = labelled([1, 1, 1])
    found = read_as([0, 1, 0], digits)
    assert in_order(np.array([2, 0]), found, "surest").tolist() == [0, 2]


@given(labels=LABELS, data=st.data())
def test_each_digit_is_in_one_of_four_groups(labels: list[int], data: st.DataObject) -> None:
    digits = labelled(labels)
    reads = st.lists(st.integers(0, 3), min_size=1, max_size=len(labels))
    a, b = data.draw(reads), data.draw(reads)
    groups = verdict_groups(read_as(a, digits), read_as(b, digits), digits)
    shown = list(enumerate(zip(labels, a, b, strict=False)))
    assert groups.of == len(shown)
    assert groups.both_right.tolist() == [n for n, (is_, x, y) in shown if x == is_ == y]
    assert groups.only_a_wrong.tolist() == [n for n, (is_, x, y) in shown if x != is_ == y]
    assert groups.only_b_wrong.tolist() == [n for n, (is_, x, y) in shown if x == is_ != y]
    assert groups.both_wrong.tolist() == [n for n, (is_, x, y) in shown if x != is_ != y]
    assert groups.same_wrong.tolist() == [n for n, (is_, x, y) in shown if x == y != is_]
    assert groups.differ == sum(x != y for _, (_, x, y) in shown)
    count = len(shown)
    matrices = [confusion_matrix(read_as(each[:count], digits), digits, 4) for each in (a, b)]
    difference = confusion_difference(read_as(a, digits), read_as(b, digits), digits, 4)
    np.testing.assert_array_equal(difference, matrices[1] - matrices[0])


@given(labels=LABELS, data=st.data())
def test_a_digit_that_only_one_of_several_misreads_is_told_of_that_one(
    labels: list[int], data: st.DataObject
) -> None:
    digits = labelled(labels)
    reads = data.draw(
        st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=len(labels)), min_size=1, max_size=4)
    )
    found = misread_alone([read_as(each, digits) for each in reads], digits)
    wanted: list[list[int]] = [[] for _ in reads]
    for number, (label, *each) in enumerate(zip(labels, *reads, strict=False)):
        wrong = [which for which, read in enumerate(each) if read != label]
        if len(wrong) == 1:
            wanted[wrong[0]].append(number)
    assert [each.tolist() for each in found] == wanted
    assert misread_alone([], digits) == []


def test_validation_and_test_digits_are_not_compared() -> None:
    digits = labelled([1])
    with pytest.raises(ValueError, match="can't be compared"):
        verdict_groups(read_as([1], digits), read_as([1], digits, name="validation"), digits)
    with pytest.raises(ValueError, match="can't be compared"):
        misread_alone([read_as([1], digits), read_as([1], digits, name="validation")], digits)
