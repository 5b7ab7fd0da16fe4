"""What is asked about misread digits has an answer with two classes, a class without digits, and weights that are no
numbers."""

from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mnistviz.engine.commands import FinishEpoch, Step
from mnistviz.engine.digits import Digits, DigitSet
from mnistviz.engine.evaluation import evaluated
from mnistviz.engine.experiment.experiment_file import load_experiment, save_experiment
from mnistviz.engine.handover import Mailbox
from mnistviz.engine.luck.copied_runs import accuracies_in_orders
from mnistviz.engine.mistakes.confusion import confusion_matrix, in_order, misread, verdict_groups
from mnistviz.engine.mistakes.mixing import mixed, mixing_curve
from mnistviz.engine.mistakes.nearest import nearest_digits
from mnistviz.engine.mistakes.pins import outputs_along
from mnistviz.engine.mistakes.stories import learning_map, look_finer, story_of
from mnistviz.engine.moment import KeptReadings
from mnistviz.engine.network import Network
from mnistviz.engine.replay import moment_of
from mnistviz.engine.run import Run
from mnistviz.engine.trials import RecordedRun
from tests.engine.test_experiment_file import experiment_of
from tests.engine.test_record import SMALL, obeyed, rest


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
def test_each_question_has_an_answer(
    small_digits: Digits, tmp_path: Path, classes: int, runs_away: bool
) -> None:
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
        moment = moment_of(1, run.start, len(run.training), run.state(), "live")
        assert np.isfinite(moment.network.parameters).all() != runs_away
        found = evaluated(moment, "test", digits)
        matrix = confusion_matrix(found, digits.test, classes)
        assert matrix.sum() == len(digits.test)
        assert (matrix[-1].sum() == 0) == (classes < 10)
        wrong = misread(found, digits.test)
        assert sorted(in_order(wrong, found, "surest")) == wrong.tolist()
        assert verdict_groups(found, found, digits.test).differ == 0
        kept = run.recorder.readings.test
        assert (story_of(kept, 0, 0).facts is None) == runs_away  # what is no number is not kept
        assert sum(learning_map(kept, digits.test).counts.values()) == len(digits.test)
        image, recorded = digits.test.images[0], RecordedRun(run.record(), run.start, digits)
        read = int(found.predictions[0])
        near = nearest_digits(moment.network, image, classes - 1, read, digits.training)
        assert (near.own is None) == (classes < 10)
        assert look_finer(recorded, image, 0, run.step) is not None
        (along,) = outputs_along(run.record(), moment, len(run.training), [image])
        assert along.outputs.shape == (len(along.steps), classes)
        assert len(set(accuracies_in_orders(recorded, found, 0))) >= 1
        assert mixing_curve(run.start, moment.network, digits.test) is not None
        for ends in (mixed(run.start, moment.network, 0), mixed(moment.network, run.start, 1)):
            assert ends.parameters.tobytes() == run.start.parameters.tobytes()
    save_experiment(experiment_of(digits, run), tmp_path / "one.mnistviz", digits)
    back = load_experiment(tmp_path / "one.mnistviz").runs[0].content.readings
    assert [each.step for each in back.test] == [each.step for each in kept]
    if runs_away:
        assert "test" not in back.newest
    else:
        np.testing.assert_array_equal(back.newest["test"].outputs, found.outputs)


def test_before_there_is_a_measurement_nothing_is_known(small_digits: Digits) -> None:
    kept = KeptReadings()
    assert (kept.nbytes, kept.test, dict(kept.newest)) == (0, (), {})
    assert story_of(kept.test, 3, 1).facts is None
    found = learning_map(kept.test, small_digits.test)
    assert (found.measurements, found.counts["never"]) == (0, len(small_digits.test))
    assert np.isnan(found.shares).all()
