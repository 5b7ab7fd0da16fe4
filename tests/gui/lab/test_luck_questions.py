"""Bands are what the engine trains, one run after another; they stay with their run, also in its file."""

from __future__ import annotations

import threading
from itertools import count
from typing import cast

import numpy as np
import pytest

from mnistviz.engine.acts import WeightEdit
from mnistviz.engine.commands import Edit
from mnistviz.engine.experiment.saved import Experiment
from mnistviz.engine.luck.bands import Band, band_of
from mnistviz.engine.luck.copied_runs import BUTTERFLIES, repeat, tiny_change
from mnistviz.engine.trials import RecordedRun
from mnistviz.gui.lab.lab_changes import ChangeKind
from mnistviz.gui.lab.luck_questions import BandWork, can_be_copied, other_seeds, while_going
from mnistviz.gui.lab.shown import RunFacts
from tests.gui.lab.conftest import SMALL
from tests.gui.lab_by_hand import JobsByHand, LabByHand
from tests.gui.live_run import live_run


@pytest.fixture
def lab(lab_by_hand: LabByHand) -> LabByHand:
    lab_by_hand.run_to(40, SMALL)
    return lab_by_hand


@pytest.fixture
def run(lab: LabByHand) -> RunFacts:
    return live_run(lab)


def recorded(lab: LabByHand, run: RunFacts) -> RecordedRun:
    assert run.record is not None
    assert run.moment is not None
    assert lab.digits is not None
    return RecordedRun(run.record, run.moment.initial, lab.digits)


def seeds_of(run: RunFacts) -> list[int]:
    band = band_of(run.bands, "seeds")
    return [] if band is None else [grown.seed for grown in band.runs]


def one_more(lab: LabByHand) -> None:
    assert cast(JobsByHand, lab.luck.jobs).work()


def test_a_repeat_is_what_the_engine_trains_and_each_seed_shows_at_once(
    lab: LabByHand, run: RunFacts
) -> None:
    seen: list[list[int]] = []
    lab.listen(ChangeKind.RUNS, lambda: seen.append(seeds_of(run)))
    lab.luck.repeat(run, 3)
    assert lab.luck.work == BandWork(run.number, "seeds", 0, 3)
    lab.work()
    first = SMALL.seed + 1
    assert seen == [[first], [first, first + 1], [first, first + 1, first + 2]]
    assert lab.luck.work is None
    [band] = run.bands
    assert (band.begin, band.until) == (0, run.digits_seen)
    for grown in band.runs:
        same = repeat(recorded(lab, run), grown.seed, grown.digits.tolist())
        np.testing.assert_array_equal(grown.accuracy, same.accuracy)
        assert grown.test == same.test


def test_it_is_measured_where_the_run_was(lab: LabByHand, run: RunFacts) -> None:
    lab.run_to(57)
    lab.luck.repeat(run, 3)
    lab.work()
    known = {digits for _, digits, _, _ in run.history.known_one_by_one("validation")}
    assert known <= set(run.bands[0].runs[0].digits.tolist())


def test_more_seeds_are_added_to_those_that_are_known(lab: LabByHand, run: RunFacts) -> None:
    lab.luck.repeat(run, 3)
    lab.work()
    three = run.bands[0].runs
    lab.luck.repeat(run, 5)
    assert lab.luck.work == BandWork(run.number, "seeds", 3, 5)
    lab.work()
    assert run.bands[0].runs[:3] == three
    assert len(run.bands[0].runs) == 5
    lab.luck.repeat(run, 3)
    assert lab.luck.work is None


def test_another_number_of_seeds_takes_the_place_of_what_was_asked_before(
    lab: LabByHand, run: RunFacts
) -> None:
    lab.luck.repeat(run, 3)
    lab.luck.set_paused(True)
    lab.luck.repeat(run, 5)
    assert lab.luck.work == BandWork(run.number, "seeds", 0, 5), "and it goes on"
    assert lab.luck.waiting == 0


def test_after_the_run_has_learned_on_all_seeds_are_trained_anew(lab: LabByHand, run: RunFacts) -> None:
    lab.luck.repeat(run, 3)
    lab.work()
    lab.run_to(50)
    lab.luck.repeat(run, 3)
    assert lab.luck.work == BandWork(run.number, "seeds", 0, 3)
    assert run.bands[0].until < run.digits_seen, "the old one stays until there is something new"
    one_more(lab)
    assert run.bands[0].until == run.digits_seen
    assert len(run.bands[0].runs) == 1


def test_what_was_done_by_hand_at_the_end_makes_another_band(lab: LabByHand, run: RunFacts) -> None:
    lab.luck.repeat(run, 3)
    lab.work()
    lab.runs.send(Edit(WeightEdit(2, ((0, 1),), (0.5,))))
    lab.work()
    lab.luck.repeat(run, 3)
    assert lab.luck.work == BandWork(run.number, "seeds", 0, 3)


def test_copies_begin_at_the_moment_that_is_named(lab: LabByHand, run: RunFacts) -> None:
    lab.luck.copies(run, 11)
    lab.work()
    [band] = run.bands
    assert (band.kind, band.begin, band.until) == ("tiny changes", run.digits_at(11), run.digits_seen)
    assert [grown.seed for grown in band.runs] == list(range(1, BUTTERFLIES + 1))
    same = tiny_change(recorded(lab, run), 11, 2, band.runs[1].digits.tolist())
    np.testing.assert_array_equal(band.runs[1].accuracy, same.accuracy)


def test_a_run_has_both_kinds_and_they_can_be_taken_away(lab: LabByHand, run: RunFacts) -> None:
    lab.luck.repeat(run, 3)
    lab.luck.copies(run, 0)
    assert lab.luck.waiting == 1
    lab.work()
    assert {band.kind for band in run.bands} == {"seeds", "tiny changes"}
    lab.luck.remove(run)
    assert run.bands == ()


def test_what_is_cancelled_leaves_the_seeds_that_are_there(lab: LabByHand, run: RunFacts) -> None:
    lab.luck.repeat(run, 5)
    lab.luck.copies(run, 0)
    one_more(lab)
    one_more(lab)
    assert lab.luck.cancel()
    assert len(seeds_of(run)) == 2
    assert lab.luck.work == BandWork(run.number, "tiny changes", 0, BUTTERFLIES)
    assert lab.luck.cancel()
    assert not lab.luck.cancel()
    lab.work()
    assert len(run.bands) == 1


def test_it_pauses_and_goes_on_with_the_lab(lab: LabByHand, run: RunFacts) -> None:
    lab.luck.repeat(run, 3)
    assert lab.luck.work is not None
    assert not lab.luck.work.paused, "a run that rests can be repeated"
    lab.time.toggle_play()
    assert not lab.luck.work.paused
    lab.time.toggle_play()
    assert lab.luck.work.paused
    lab.time.toggle_play()
    assert not lab.luck.work.paused
    lab.time.toggle_play()
    assert lab.luck.cancel()
    lab.luck.repeat(run, 3)
    assert lab.luck.work is not None
    assert not lab.luck.work.paused, "what is asked for begins"


def test_a_paused_job_waits_and_can_be_taken_back() -> None:
    """It must not hold the program up when that ends."""
    going, asked = threading.Event(), count()
    assert while_going(going, lambda: next(asked) >= 3)()
    going.set()
    assert not while_going(going, lambda: False)()


def test_with_its_run_all_that_was_asked_goes(lab: LabByHand, run: RunFacts) -> None:
    lab.run_to(20, SMALL)
    lab.luck.repeat(run, 3)
    one_more(lab)
    lab.runs.close(run.number)
    assert lab.luck.work is None
    lab.runs.reopen(run.number)
    lab.work()
    assert len(seeds_of(run)) == 1


def test_a_run_that_can_not_be_trained_again_is_left_alone(lab: LabByHand, run: RunFacts) -> None:
    assert can_be_copied(run)
    assert not can_be_copied(run, 40), "at its end there is nothing to train"
    lab.luck.copies(run, 40)
    assert lab.luck.work is None
    assert not can_be_copied(RunFacts(7, SMALL))


def test_other_seeds_come_after_that_of_the_run() -> None:
    assert other_seeds(1, 3) == (2, 3, 4)
    assert other_seeds(2**31 - 2, 3) == (2**31 - 1, 0, 1)


def test_what_is_learned_and_recorded_is_left_as_it_was(lab: LabByHand, run: RunFacts) -> None:
    before = run.record
    assert run.moment is not None
    weights = run.moment.network.parameters.copy()
    lab.luck.repeat(run, 3)
    lab.luck.copies(run, 5)
    lab.work()
    assert run.record is before
    assert run.moment.network.parameters.tobytes() == weights.tobytes()


def test_the_bands_of_a_file_come_with_its_run(lab: LabByHand, run: RunFacts) -> None:
    lab.luck.repeat(run, 3)
    lab.work()
    gathered: list[Experiment] = []
    lab.experiment.gather(gathered.append)
    lab.work()
    [experiment] = gathered
    bands = experiment.runs[0].bands
    assert bands == run.bands
    lab.experiment.open(experiment.runs, 1)
    assert live_run(lab).bands == bands
    lab.work()
    assert live_run(lab).bands == bands, "its first news leave them"


def test_a_band_is_of_its_run_alone(lab: LabByHand, run: RunFacts) -> None:
    lab.luck.repeat(run, 3)
    lab.work()
    lab.runs.branch()
    lab.work()
    assert live_run(lab).bands == ()
    assert isinstance(run.bands[0], Band)
