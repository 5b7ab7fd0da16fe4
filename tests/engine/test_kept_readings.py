"""What a run read at its measurements is kept: what the restored network reads, thinned evenly, shared by branches."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from msgspec.structs import replace

from mnistviz.engine import moment
from mnistviz.engine import run as run_module
from mnistviz.engine.acts import NOW, Stepped
from mnistviz.engine.commands import Change, Command, FinishEpoch, Nudge, Pause, Play, Restore, Step
from mnistviz.engine.digits import Digits
from mnistviz.engine.handover import Mailbox
from mnistviz.engine.moment import KEPT_SETS, Evaluation, KeptReadings, KeptSet, SetName
from mnistviz.engine.run import Run
from tests.engine.test_record import BEGINS, COMMANDS, SMALL, follow, new_run, obeyed, rest
from tests.engine.time_machine import Worker, state_at
from tests.examples import examples

EPOCH = 1_000


def read(name: SetName, digits: int, count: int = 10, *, complete: bool = True) -> Evaluation:
    return Evaluation(name, digits // 10, digits, np.full(count, digits % 7, np.uint8), 1, count, complete)


def kept_at(*places: int, count: int = 10) -> KeptReadings:
    """What is kept of measurements of both sets after so many digits."""
    kept = KeptReadings()
    for digits in places:
        for name in KEPT_SETS:
            kept = kept.with_evaluation(read(name, digits, count), EPOCH)
    return kept


def places(kept: KeptReadings, name: KeptSet = "test") -> list[int]:
    return [each.digits for each in kept.of(name)]


def assert_true(run: Run) -> None:
    """What is kept is what the networks read that are had again."""
    network = run.start.copy()
    for name in KEPT_SETS:
        images = getattr(run.digits, name).images
        for kept in run.recorder.readings.of(name):
            state = state_at(run, kept.step)
            network.parameters[...] = state.parameters
            np.testing.assert_array_equal(kept.predictions, network.predictions(images))
            assert kept.digits == state.cursor.digits(len(run.trainer.training))


@given(
    start=st.fixed_dictionaries(BEGINS),
    plan=st.lists(st.tuples(COMMANDS, st.integers(0, 12)), min_size=3, max_size=15),
)
@hypothesis_settings(max_examples=examples(15), deadline=None)
def test_predictions_of_the_past_are_those_of_the_restored_network(
    small_digits: Digits, start: dict[str, Any], plan: list[tuple[Command, int]]
) -> None:
    run = Run(1, replace(SMALL, **start), small_digits, Mailbox(lambda: None))
    follow(run, plan)
    rest(obeyed(run, Step(1)))
    assert_true(run)


def test_only_complete_evaluations_are_kept(small_digits: Digits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "EARLY_DIGITS", 200)
    run = new_run(small_digits, SMALL.changed(training_digits=1_000))
    obeyed(run, Step(3), FinishEpoch(), Step(7))
    assert [each.step for each in run.recorder.readings.test] == [0, 3, 100, 107]
    assert run.recorder.history.curves["test", 200].size == 3
    whole = [int(row["last_step"]) for row in run.recorder.history.curves["test", 0].rows]
    assert whole == [0, 3, 100, 107]
    newest = run.recorder.readings.newest
    assert {name: (found.step, found.complete) for name, found in newest.items()} == dict.fromkeys(
        ("training", "validation", "test"), (107, True)
    )
    assert newest["test"].outputs is not None


def test_what_an_act_on_the_weights_made_false_is_forgotten(small_digits: Digits) -> None:
    run = new_run(small_digits)
    ended = obeyed(run, FinishEpoch()).state()
    obeyed(run, Step(3))
    before = run.recorder.readings.test[-1].predictions
    obeyed(run, Restore(ended))
    assert [each.step for each in run.recorder.readings.test] == [0, 1, 3, 6, 9]
    assert run.recorder.readings.test[-1].predictions is not before
    assert_true(run)
    obeyed(run, Nudge())
    assert [each.step for each in run.recorder.readings.test] == [0, 1, 3, 6]
    assert "test" not in run.recorder.readings.newest


def test_what_a_nudge_made_false_is_read_again_once_the_run_rests(small_digits: Digits) -> None:
    run = obeyed(new_run(small_digits), Step(4), Nudge(), Pause())
    assert run.recorder.readings.newest["test"].step == 4
    assert_true(run)


@pytest.mark.parametrize("act", ["restore", "descend", "nudge"])
def test_where_fewer_digits_are_read_after_an_act_what_was_read_before_is_forgotten(
    small_digits: Digits, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    monkeypatch.setattr(run_module, "interim_digits", lambda network: 100)
    run = obeyed(new_run(small_digits), Step(4))
    early = run.state()
    obeyed(run, Step(4))
    run.handle(Play())
    acts: dict[str, Command] = {
        "restore": Restore(early),
        "descend": Stepped(*NOW, 0.5, (1, 2)),
        "nudge": Nudge(),
    }
    run.handle(acts[act])
    assert run.recorder.readings.test[-1].step < 8
    obeyed(run, Pause())
    assert_true(run)


def test_a_branch_shares_what_its_trunk_read(worker: Worker) -> None:
    worker.trained(1, SMALL, Step(20))
    branch = worker.branch(2, 1, 18, Change({"eta": 0.5}), Step(7))
    worker.rest()
    mine, its = branch.recorder.readings.validation, worker.race.runs[1].recorder.readings.validation
    assert [each.step for each in its] == [0, 1, 3, 6, 12, 18, 20]
    assert [each.step for each in mine] == [0, 1, 3, 6, 12, 18, 24, 25]
    assert all(one is other for one, other in zip(mine[:6], its, strict=False))
    assert worker.told[2].readings is branch.recorder.readings
    assert_true(branch)


def test_few_digits_are_thinned_by_number_and_many_by_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moment, "MOST_READINGS", 8)
    assert len(kept_at(*range(0, 50_000, EPOCH)).test) <= 8
    monkeypatch.setattr(moment, "MOST_READINGS", 1_000)
    monkeypatch.setattr(moment, "READINGS_BYTES", 400)
    kept = kept_at(*range(0, 50_000, EPOCH), count=20)
    assert kept.nbytes == 20 * (len(kept.test) + len(kept.validation)) <= 400


def test_the_first_of_each_stretch_and_the_newest_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where epochs alone are measured, every second one stays, then every fourth."""
    monkeypatch.setattr(moment, "MOST_READINGS", 10)
    ends = [EPOCH * number for number in range(30)]
    for count in range(1, len(ends)):
        found = places(kept_at(*ends[:count]))
        step = EPOCH << max(0, kept_at(*ends[:count]).doublings - 10)
        assert found == sorted({*range(0, ends[count - 1] + 1, step), ends[count - 1]})
    slowly = places(kept_at(*range(0, EPOCH, 10), *ends[1:]))
    assert slowly[0] == 0
    assert slowly[-1] == ends[-1]
    gaps = np.diff(slowly)
    assert gaps[:-1].max() <= 2 * gaps[:-1].min()


def test_two_huge_measurements_are_kept_whatever_they_take(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moment, "READINGS_BYTES", 15)
    assert places(kept_at(0, 500, 1_000, 5_000)) == [0, 5_000]


def test_what_is_kept_of_a_long_run_takes_8_megabytes() -> None:
    kept = KeptReadings()
    predictions = np.zeros(10_000, np.uint8)
    for number in range(1_500):
        for name in KEPT_SETS:
            found = Evaluation(name, number, 50_000 * number, predictions, 1, 10_000)
            kept = kept.with_evaluation(found, 50_000)
    assert 2_000_000 < kept.nbytes <= 8_000_000


def test_the_start_is_no_measurement_before_a_step(small_digits: Digits) -> None:
    start, later = read("training", 0), read("training", 500)
    for newest, found in ((start, None), (later, later)):
        kept = KeptReadings(newest={"training": newest})
        assert kept.last_before(60, "training", small_digits.test) is found
    assert (
        KeptReadings(newest={"training": later}).last_before(later.step, "training", small_digits.test)
        is None
    )
