"""What changes by hand would do is worked out on a copy, and equals what happens if they are kept."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mnistviz.engine.acts import BIAS, Lesson, WeightEdit, switched_off
from mnistviz.engine.cancelling import Withdrawn
from mnistviz.engine.commands import Edit, Freeze, Step, Teach
from mnistviz.engine.digits import Digits
from mnistviz.engine.microscope.what_if import bill, edited, rank_units, taught
from mnistviz.engine.network import Network, Unit
from mnistviz.engine.problems import Problem
from tests.engine.test_record import SMALL, new_run, obeyed, trainer_of

EDITS = (WeightEdit(1, ((2, 300), (3, BIAS)), (1 / 3, -0.25)), WeightEdit(2, ((9, 1),), (5.0,)))


def test_a_copy_is_edited_as_the_run_would_be(small_digits: Digits) -> None:
    run = obeyed(new_run(small_digits), Step(4))
    network = trainer_of(run).network.copy()
    before = network.parameters.copy()
    copy = edited(network, EDITS)
    assert network.parameters.tobytes() == before.tobytes()
    obeyed(run, *map(Edit, EDITS))
    assert copy.parameters.tobytes() == run.state().parameters.tobytes()
    with pytest.raises(ValueError, match="no such weight"):
        edited(network, [WeightEdit(2, ((10, 0),), (1.0,))])


def test_the_bill_names_the_digits_that_are_won_and_lost(small_digits: Digits) -> None:
    before, after = Network(SMALL.sizes, 4), Network(SMALL.sizes, 5)
    digits = small_digits.test
    told: list[tuple[int, int]] = []
    found = bill(before, after, digits, progress=lambda done, of: told.append((done, of)))
    read = [network.predictions(digits.images) for network in (before, after)]
    right = [each == digits.labels for each in read]
    assert (found.read_before == read[0]).all()
    assert (found.read_after == read[1]).all()
    assert (found.right_before, found.right_after, found.of) == (right[0].sum(), right[1].sum(), 300)
    assert found.won.tolist() == [n for n in range(300) if right[1][n] and not right[0][n]]
    assert found.lost.tolist() == [n for n in range(300) if right[0][n] and not right[1][n]]
    assert len(found.won)
    assert len(found.lost)
    assert told[-1] == (600, 600)
    again = bill(before, after, digits, read_before=read[0])
    assert again.lost.tolist() == found.lost.tolist()
    with pytest.raises(Withdrawn):
        bill(before, after, digits, cancelled=lambda: True)


@pytest.mark.parametrize("frozen", [(), (Unit(1, 2), Unit(2, 4))])
def test_a_copy_is_taught_as_the_run_would_be(small_digits: Digits, frozen: tuple[Unit, ...]) -> None:
    lesson = Lesson(bytes(range(256)) * 3 + bytes(16), 7, 0.5, (3, 41), 4)
    run = obeyed(new_run(small_digits), Step(4), *map(Freeze, frozen))
    network = trainer_of(run).network.copy()
    copy = taught(network, lesson, run.training, frozen)
    assert copy.lesson == lesson
    obeyed(run, Teach(lesson))
    assert copy.network.parameters.tobytes() == run.state().parameters.tobytes()


def test_it_is_taught_until_it_is_read_so(small_digits: Digits) -> None:
    network, training = Network(SMALL.sizes, 4), small_digits.training.first(53)
    image = small_digits.test.images[3]
    label = (int(network.predictions(image[np.newaxis])[0]) + 1) % 10
    lesson = Lesson(image.tobytes(), label, 0.3, (), 50)
    found = taught(network, lesson, training, until_read=True)
    assert found.is_read
    assert 0 < found.lesson.steps < 50
    one_less = taught(network, replace(lesson, steps=found.lesson.steps - 1), training)
    assert not one_less.is_read
    exactly = taught(network, found.lesson, training)
    assert exactly.network.parameters.tobytes() == found.network.parameters.tobytes()
    again = taught(found.network, lesson, training, until_read=True)
    assert (again.lesson.steps, again.is_read) == (0, True)
    few = taught(network, replace(lesson, steps=1, eta=0.001), training, until_read=True)
    assert (few.lesson.steps, few.is_read) == (1, False)
    with pytest.raises(Problem):
        taught(network, replace(lesson, eta=-1.0), training)


@pytest.mark.parametrize("layer", [1, 2])
@pytest.mark.parametrize("activation", ["sigmoid", "relu"])
def test_units_are_ranked_by_what_is_lost_without_them(
    small_digits: Digits, activation: str, layer: int
) -> None:
    network, digits = Network((784, 6, 5, 10), 3, activation=activation), small_digits.test
    whole = network.predictions(digits.images)
    told: list[tuple[int, int]] = []
    found = rank_units(network, layer, digits, progress=lambda done, of: told.append((done, of)))
    units = network.sizes[layer]
    assert (found.right, found.of) == (network.evaluate(digits), 300)
    for unit in range(units):
        off = edited(network, [switched_off(network, Unit(layer, unit))])
        read = off.predictions(digits.images)
        assert found.lost[unit] == found.right - np.count_nonzero(read == digits.labels)
        assert found.differ[unit] == np.count_nonzero(read != whole)
    assert found.differ.any()
    assert sorted(found.order) == list(range(units))
    ranked = [(found.lost[unit], found.differ[unit]) for unit in found.order]
    assert ranked == sorted(ranked)
    assert told[-1] == (units * 300, units * 300)
    with pytest.raises(Withdrawn):
        rank_units(network, layer, digits, cancelled=lambda: True)
