"""What the window asks about misread digits is what the engine answers, each in a job."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
import pytest

from mnistviz.engine.commands import Descend
from mnistviz.engine.digits import grey_values
from mnistviz.engine.evaluation import evaluated
from mnistviz.engine.luck.copied_runs import accuracies_in_orders
from mnistviz.engine.mistakes.mixing import FINE_MIX, MixingCurve
from mnistviz.engine.mistakes.nearest import NearestDigits, nearest_digits
from mnistviz.engine.mistakes.pins import PictureAlong
from mnistviz.engine.mistakes.stories import FineStretch, look_finer
from mnistviz.engine.moment import Evaluation, SetName
from mnistviz.engine.trials import RecordedRun
from mnistviz.engine.verdicts import Verdict, compare_orders
from mnistviz.gui.lab.run_names import shared_step
from mnistviz.gui.lab.shown import RunFacts
from tests.gui.lab.conftest import SMALL
from tests.gui.lab_by_hand import LabByHand

T = TypeVar("T")


def fail(error: Exception) -> None:
    raise error


@pytest.fixture
def lab(lab_by_hand: LabByHand) -> LabByHand:
    lab_by_hand.run_to(40, SMALL)
    return lab_by_hand


def one(lab: LabByHand, found: list[T]) -> T:
    lab.work()
    [each] = found
    return each


def recorded(lab: LabByHand, run: RunFacts) -> RecordedRun:
    assert run.record is not None
    assert run.moment is not None
    assert lab.digits is not None
    return RecordedRun(run.record, run.moment.initial, lab.digits)


@pytest.fixture
def run(lab: LabByHand) -> RunFacts:
    assert lab.run is not None
    return lab.run


def test_a_set_is_read_at_any_moment(lab: LabByHand, run: RunFacts) -> None:
    moments: list[Any] = []
    lab.moments.ask("then", run, 17, moments.append, fail)
    moment = one(lab, moments)
    names: tuple[SetName, ...] = ("training", "validation", "test")
    for name in names:
        told: list[Evaluation] = []
        lab.mistakes.read("read", moment, name, told.append, fail)
        found, wanted = one(lab, told), evaluated(moment, name, lab.digits)  # type: ignore[arg-type]
        assert wanted is not None
        assert (found.set, found.step, found.right, found.complete) == (name, 17, wanted.right, True)
        np.testing.assert_array_equal(found.predictions, wanted.predictions)


def test_what_was_read_comes_with_the_facts_of_the_run(run: RunFacts) -> None:
    assert run.readings.test[-1].step == 40
    assert run.readings.newest["test"].step == 40
    np.testing.assert_array_equal(run.readings.test[-1].predictions, run.evaluations["test"].predictions)


def test_looking_back_reads_what_was_kept(lab: LabByHand, run: RunFacts) -> None:
    """A mark of a story says what the network shows where one goes to."""
    lab.runs.send(Descend(0.5, (1, 2, 3)))
    lab.run_to(60)
    assert lab.run is not None
    kept = lab.run.readings.validation
    assert len(kept) > 5
    for reading in kept:
        lab.playhead.visit(reading.step)
        lab.work()
        shown = lab.shown
        assert shown.here == reading.step
        np.testing.assert_array_equal(shown.evaluations["validation"].predictions, reading.predictions)


def test_nearest_digits_are_those_that_the_run_trains_on(lab: LabByHand, run: RunFacts) -> None:
    assert lab.digits is not None
    assert run.moment is not None
    told: list[NearestDigits] = []
    image = lab.digits.test.images[0]
    lab.mistakes.nearest("near", run.moment, image, 7, 3, told.append, fail)
    training = lab.digits.training.first(SMALL.training_digits)
    assert one(lab, told) == nearest_digits(run.moment.network, image, 7, 3, training)
    lab.mistakes.nearest("near", run.moment, training.images[4], None, 3, told.append, fail, leave_out=4)
    lab.work()
    assert told[1].own is None


def test_a_stretch_a_whole_run_and_chance(lab: LabByHand, run: RunFacts) -> None:
    assert lab.digits is not None
    image = lab.digits.test.images[0]
    stretches: list[FineStretch] = []
    lab.mistakes.finer("finer", run, image, 10, 20, stretches.append, fail)
    wanted = look_finer(recorded(lab, run), image, 10, 20)
    np.testing.assert_array_equal(one(lab, stretches).outputs, wanted.outputs)
    along: list[tuple[PictureAlong, ...]] = []
    lab.mistakes.along("pins", run, [image], along.append, fail)
    assert run.moment is not None
    (found,) = one(lab, along)
    np.testing.assert_allclose(
        found.outputs[-1], run.moment.network.feedforward(grey_values(image)), rtol=1e-5
    )
    verdicts: list[Verdict] = []
    test = run.evaluations["test"]
    lab.mistakes.chance("chance", (run, run), (test, test), 10, verdicts.append, fail)
    accuracies = accuracies_in_orders(recorded(lab, run), test, 10)
    assert one(lab, verdicts) == compare_orders(accuracies, accuracies, len(test.predictions))


def test_mixtures_of_two_runs(lab: LabByHand, run: RunFacts) -> None:
    lab.run_to(20, SMALL.changed(seed=9))
    other = lab.run
    assert run.moment is not None
    assert other is not None
    assert other.moment is not None
    told: list[MixingCurve] = []
    lab.mistakes.mixing("mix", run.moment, other.moment, "test", told.append, fail, FINE_MIX)
    curve = one(lab, told)
    assert (curve.right[0], curve.right[-1]) == (
        run.evaluations["test"].right,
        other.evaluations["test"].right,
    )


def test_a_closed_run_is_refused_and_a_question_can_be_withdrawn(lab: LabByHand, run: RunFacts) -> None:
    assert lab.digits is not None
    image = lab.digits.test.images[0]
    unwanted: list[object] = []
    lab.mistakes.finer("finer", run, image, 0, 40, unwanted.append, fail)
    assert lab.mistakes.is_open("finer")
    lab.mistakes.withdraw("finer")
    assert not lab.mistakes.is_open("finer")
    lab.run_to(5, SMALL.changed(seed=9))
    lab.runs.close(run.number)
    closed = lab.runs.find(run.number)
    assert closed is not None
    failures: list[Exception] = []
    test = run.evaluations["test"]
    lab.mistakes.chance("chance", (closed, closed), (test, test), 0, unwanted.append, failures.append)
    lab.work()
    assert [str(error) for error in failures] == [f"run {run.number} is closed"]
    assert not unwanted


def test_where_two_runs_went_apart(lab: LabByHand, run: RunFacts) -> None:
    def branch_at(step: int, to: int) -> RunFacts:
        lab.playhead.visit(step)
        lab.work()
        lab.runs.branch()
        lab.run_to(to)
        assert lab.run is not None
        return lab.run

    branch = branch_at(30, 50)
    grandchild = branch_at(45, 60)
    early = branch_at(10, 20)  # of the grandchild, where that was still the trunk
    lab.run_to(7, SMALL.changed(seed=9))
    alone = lab.run
    assert alone is not None
    pairs = {
        (run, branch): 30,
        (branch, run): 30,
        (branch, grandchild): 45,
        (run, grandchild): 30,
        (early, branch): 10,
        (early, run): 10,
        (alone, run): None,
        (run, run): 40,
    }
    for (a, b), step in pairs.items():
        assert shared_step(a, b, lab.runs.find) == step
