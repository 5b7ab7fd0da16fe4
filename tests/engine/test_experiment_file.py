"""An experiment comes back as it was, whatever was done to its runs; a bad file is refused in a sentence."""

import json
import os
import sys
import zipfile
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

import mnistviz
from mnistviz.engine.acts import NOW, Edited, Frozen, Stepped, WeightEdit
from mnistviz.engine.cancelling import Withdrawn
from mnistviz.engine.commands import Change, Command, FinishEpoch, Nudge, Pause, RestoreBest, Step
from mnistviz.engine.digits import PIXELS, Digits
from mnistviz.engine.experiment.experiment_file import load_experiment, save_experiment
from mnistviz.engine.experiment.rebuilding import (
    Reviving,
    rebased_on_newest,
    rebuilt,
    replay_mismatch,
    revived,
)
from mnistviz.engine.experiment.saved import (
    DataNote,
    Experiment,
    ReplayMismatch,
    SavedRun,
    checked,
    checksum,
    early_checks,
    environment,
)
from mnistviz.engine.fork import Fork, Origin
from mnistviz.engine.handover import Mailbox
from mnistviz.engine.history import SETS
from mnistviz.engine.luck.bands import Band
from mnistviz.engine.mistakes.pins import PictureAlong, PinStory
from mnistviz.engine.moment import KEPT_SETS
from mnistviz.engine.network import Network, Unit
from mnistviz.engine.recorder import Budget
from mnistviz.engine.replay import reachable
from mnistviz.engine.run import Run
from mnistviz.engine.settings import Settings
from mnistviz.engine.storage import save_network
from mnistviz.engine.trainer import TrainerState
from tests import refusals, zips
from tests.engine.luck.made_bands import made_band
from tests.engine.test_diverged import RUNAWAY
from tests.engine.test_recipe_line import in_order
from tests.engine.test_record import BEGINS, COMMANDS, SMALL, assert_same_state, follow, new_run, obeyed, rest
from tests.engine.time_machine import Worker, never, state_at
from tests.examples import examples
from tests.programs import ended_well
from tests.refusals import said
from tests.zips import members_of, npy

SAMPLES = Path(__file__).parents[1] / "samples"
BY_HAND = Stepped(*NOW, 0.5, (0, 1))
CHANGES = (Step(7), Change({"eta": 0.5}), FinishEpoch(), RestoreBest(), Step(3), BY_HAND, Nudge(), Step(2))


def experiment_of(digits: Digits, *runs: Run, **facts: Any) -> Experiment:
    saved = tuple(
        SavedRun(
            run.number,
            run.recorder.start.settings,
            run.content(),
            len(run.trainer.training),
            "ABCDEFGH"[number],
            **facts,
        )
        for number, run in enumerate(runs)
    )
    return Experiment(DataNote.of(digits), saved, runs[-1].number, {"tab": "digits"})


def again(experiment: Experiment, digits: Digits, path: Path, *, small: bool = False) -> Experiment:
    save_experiment(experiment, path, digits, small=small)
    return load_experiment(path)


def revive(saved: SavedRun, digits: Digits) -> Run:
    departed: list[ReplayMismatch | None] = []
    reviving = Reviving(saved.number, saved, digits, Mailbox(lambda: None), arrived=departed.append)
    for _ in range(10_000):
        if (run := reviving.work(never)) is not None:
            assert departed == [None]
            rest(run)
            return run
    raise AssertionError("the run was never there")


def refusal(path: Path) -> str:
    problem = refusals.refusal(load_experiment, path)
    assert path.name in said(problem)
    return problem.code


rewritten = partial(zips.rewritten, name="other.mnistviz")


def changed_json(path: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """A copy of a file, after a change of its JSON values."""
    values = json.loads(members_of(path)["experiment.json"])
    change(values)
    return rewritten(path, {"experiment.json": json.dumps(values).encode()})


def strange_state(state: TrainerState) -> TrainerState:
    """A state as another machine may have come to it."""
    return replace(state, parameters=state.parameters * np.float32(1.01))


@pytest.fixture(scope="module")
def saved(small_digits: Digits, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return saved_run(small_digits, tmp_path_factory.mktemp("saved"))


def saved_run(digits: Digits, folder: Path, **facts: Any) -> Path:
    path = folder / "saved.mnistviz"
    save_experiment(experiment_of(digits, obeyed(new_run(digits), *CHANGES), **facts), path, digits)
    return path


@settings(max_examples=examples(50))
@given(
    start=st.fixed_dictionaries(BEGINS),
    plan=st.lists(st.tuples(COMMANDS, st.integers(0, 12)), min_size=2, max_size=15),
    small=st.booleans(),
    data=st.data(),
)
def test_any_run_comes_back_and_goes_on_as_it_would_have(
    small_digits: Digits,
    tmp_path_factory: pytest.TempPathFactory,
    start: dict[str, Any],
    plan: list[tuple[Command, int]],
    small: bool,
    data: st.DataObject,
) -> None:
    run = Run(1, replace(SMALL, **start), small_digits, Mailbox(lambda: None))
    follow(run, plan)
    run.finish_judging()
    path = tmp_path_factory.mktemp("saved") / "any.mnistviz"
    back = again(experiment_of(small_digits, run), small_digits, path, small=small).runs[0]
    assert back.complete is not small
    assert not (small and (back.content.readings.test or back.content.readings.validation))
    other = revive(back, small_digits)
    obeyed(run, Pause())
    assert in_order(other) == in_order(run)
    assert other.record().judged == run.record().judged
    for eta in (1.5, 0.5):
        assert_same_state(other.state(), run.state())
        step = data.draw(st.integers(0, run.step))
        assert_same_state(state_at(other, step), state_at(run, step))
        for each in (run, other):
            obeyed(each, Change({"eta": eta}), Nudge(), Step(5))
        assert_same_state(state_at(other, run.step), run.state())


class TestRoundTrip:
    def test_everything_of_a_run_comes_back(self, small_digits: Digits, tmp_path: Path) -> None:
        run = obeyed(new_run(small_digits), *CHANGES)
        facts = {"name": "mine", "hue": 3, "on": False, "hidden": True}
        before = experiment_of(small_digits, run, **facts)
        after = again(before, small_digits, tmp_path / "one.mnistviz")
        assert (after.data, after.selected, after.view) == (before.data, before.selected, before.view)
        assert {"python", "numpy", "blas", "kernel"} <= after.environment.keys()
        mine, its = before.runs[0], after.runs[0]
        for name in ("number", "letter", "name", "hue", "on", "hidden", "fork", "origin", "settings"):
            assert getattr(its, name) == getattr(mine, name), name
        assert its.content.history == mine.content.history
        assert its.content.record.segments == mine.content.record.segments
        assert its.content.best == mine.content.best
        for name, found in mine.content.evaluations.items():
            assert its.content.evaluations[name].predictions.tobytes() == found.predictions.tobytes()
            np.testing.assert_array_equal(its.content.evaluations[name].outputs, found.outputs)
        for set_name in KEPT_SETS:
            kept, before_ = its.content.readings.of(set_name), mine.content.readings.of(set_name)
            assert [each.step for each in kept] == [0, 1, 3, 6, 7, 12, 17]
            for one, other in zip(kept, before_, strict=True):
                assert (one.step, one.digits) == (other.step, other.digits)
                np.testing.assert_array_equal(one.predictions, other.predictions)
        assert revive(its, small_digits).recorder.readings.test[:6] == its.content.readings.test[:6]
        newest = its.content.readings.newest
        assert {found.step for found in newest.values()} == {17}
        assert len(newest) == 3
        assert set(its.checks) == {0, 1}  # it has made less than 64 mini-batches

    def test_the_outputs_before_it_diverged_come_back(self, small_digits: Digits, tmp_path: Path) -> None:
        run = new_run(small_digits, RUNAWAY)
        while np.isfinite(run.trainer.network.parameters).all():
            obeyed(run, Step(1))
        back = again(experiment_of(small_digits, run), small_digits, tmp_path / "one.mnistviz").runs[0]
        newest, finite = back.content.readings.newest, run.recorder.readings.newest
        assert newest.keys() == finite.keys() == set(SETS)
        for name, found in finite.items():
            np.testing.assert_array_equal(newest[name].outputs, found.outputs)

    def test_no_check_takes_long(self, small_digits: Digits, monkeypatch: pytest.MonkeyPatch) -> None:
        """A window that closes would wait for it, and so would whatever learns beside a run that is opened."""
        assert early_checks(Settings()) == (0, 1, 64)
        assert early_checks(Settings(sizes=(784, 2000, 1500, 10))) == (0, 1)
        assert early_checks(Settings(sizes=(784, 2000, 1500, 10), mini_batch_size=10_000)) == (0,)
        run = experiment_of(small_digits, obeyed(new_run(small_digits, SMALL), Step(70))).runs[0]
        assert set(checked(run, small_digits.training).checks) == {0, 1, 64}
        monkeypatch.setattr("mnistviz.engine.experiment.saved.MOST_CHECKED", 63 * 10 * 3_190)
        assert set(checked(run, small_digits.training).checks) == {0, 1}

    def test_a_branch_comes_back_sharing_states(self, small_digits: Digits, tmp_path: Path) -> None:
        worker = Worker(small_digits)
        worker.trained(1, SMALL.changed(training_digits=1_000), Step(200))
        worker.branch(2, 1, 130, Change({"eta": 0.5}), Step(20))
        worker.rest()
        runs = [worker.race.runs[number] for number in (1, 2)]
        experiment = experiment_of(small_digits, *runs)
        fork = Fork(1, 130, 1_300, {"eta": 0.5}, letter="B", before=((7, 50, 500), (3, 20, 200)))
        experiment = replace(experiment, runs=(experiment.runs[0], replace(experiment.runs[1], fork=fork)))
        after = again(experiment, small_digits, tmp_path / "two.mnistviz")
        assert after.runs[1].fork == fork
        first, second = (run.content.record.snapshots for run in after.runs)
        assert {id(state) for state in first} & {id(state) for state in second}
        for run, saved in zip(runs, after.runs, strict=True):
            other = revive(saved, small_digits)
            assert_same_state(other.state(), run.state())
            assert_same_state(state_at(other, 129), state_at(run, 129))
        trunk, branch = (run.content.readings.test for run in after.runs)
        assert [each.step for each in trunk] == [0, 1, 3, 10, 30, 100, 200]
        assert [each.step for each in branch] == [0, 1, 3, 10, 30, 100, 150]
        assert all(
            one.predictions is other.predictions for one, other in zip(trunk[:6], branch, strict=False)
        )

    def test_a_run_begun_with_a_network_keeps_weights(self, small_digits: Digits, tmp_path: Path) -> None:
        network = obeyed(new_run(small_digits), Step(5)).content().start.copy()
        network.parameters[...] *= np.float32(1.5)
        run = Run(1, SMALL, small_digits, Mailbox(lambda: None), network)
        rest(obeyed(run, Step(4)))
        for small in (False, True):
            experiment = experiment_of(small_digits, run, origin=Origin(1.0, 5))
            back = again(experiment, small_digits, tmp_path / "opened.mnistviz", small=small).runs[0]
            assert back.origin == Origin(1.0, 5)
            assert_same_state(revive(back, small_digits).state(), run.state())

    def test_the_same_experiment_gives_the_same_file(self, small_digits: Digits, tmp_path: Path) -> None:
        run = obeyed(new_run(small_digits), *CHANGES)
        for name in ("one", "two"):
            save_experiment(experiment_of(small_digits, run), tmp_path / name, small_digits)
        assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()

    def test_newest_and_best_are_kept_in_any_case(self, small_digits: Digits, tmp_path: Path) -> None:
        run = obeyed(new_run(small_digits, SMALL.changed(training_digits=1_000)), Step(1_000))
        path = tmp_path / "few.mnistviz"
        whole = again(experiment_of(small_digits, run), small_digits, path).runs[0].content.record
        save_experiment(
            experiment_of(small_digits, run), path, small_digits, most_bytes=3 * run.state().nbytes
        )
        few = load_experiment(path).runs[0]
        assert len(whole.snapshots) > 10
        assert [state.step for state in few.content.record.snapshots] == [256, 512, 768, 1_000]
        assert few.content.best is not None
        assert_same_state(state_at(revive(few, small_digits), 700), state_at(run, 700))

    def test_numpy_reads_it_too(self, saved: Path) -> None:
        with np.load(saved) as arrays:
            (run,) = json.loads(arrays["experiment.json"])["runs"]
            assert arrays["runs/1/cost.npy"]["count"].sum() == run["step"]


class TestDeparture:
    @pytest.fixture
    def strange(self, saved: Path, small_digits: Digits) -> SavedRun:
        """A run that another machine has trained: its first weights are the same, and then no more."""
        run = load_experiment(saved).runs[0]
        return replace(run, checks={**run.checks, 1: "0" * 32})

    def test_it_is_said_between_which_checksums(self, strange: SavedRun, small_digits: Digits) -> None:
        assert replay_mismatch(strange, small_digits) == ReplayMismatch(0, 1)

    def test_a_check_that_is_older_than_an_edit_there_counts_for_nothing(self, small_digits: Digits) -> None:
        worker = Worker(small_digits)
        worker.trained(1, SMALL.changed(training_digits=1_000), Step(1))
        worker.race.handle(1, Edited(*NOW, WeightEdit(1, ((0, 3),), (0.25,))))
        worker.rest()
        (run,) = experiment_of(small_digits, worker.race.runs[1]).runs
        assert replay_mismatch(replace(run, checks={1: "0" * 32}), small_digits) is None

    def test_the_run_goes_on_from_its_newest_state_as_one_of_its_own(
        self, strange: SavedRun, small_digits: Digits, tmp_path: Path
    ) -> None:
        departed: list[ReplayMismatch | None] = []
        run = Reviving(1, strange, small_digits, Mailbox(lambda: None), arrived=departed.append).work(never)
        assert run is not None
        assert departed == [ReplayMismatch(0, 1)]
        state = strange.content.state
        assert state is not None
        assert_same_state(run.state(), state)
        assert run.content().history.costs == strange.content.history.costs  # what the file holds is shown
        assert reachable(run.record(), 3) == state.step  # but not trained again
        with pytest.raises(ValueError, match="steps"):
            state_at(run, 3)
        obeyed(run, Step(20))
        back = again(experiment_of(small_digits, run), small_digits, tmp_path / "own.mnistviz").runs[0]
        assert not back.from_start
        assert_same_state(state_at(revive(back, small_digits), state.step + 7), state_at(run, state.step + 7))

    def test_it_can_be_branched(self, strange: SavedRun, small_digits: Digits) -> None:
        worker = Worker(small_digits)
        content = rebased_on_newest(strange.content)
        parent = revived(1, content, small_digits, Mailbox(lambda: None), worker.race.budget)
        worker.race.runs[1] = parent
        begin = parent.step
        worker.obey(1, Step(30))
        for step in (begin, begin + 5, None):
            branch = worker.branch(2, 1, step, Step(3))
            worker.rest()
            assert_same_state(state_at(branch, branch.step - 3), state_at(parent, branch.step - 3))
            worker.race.runs.pop(2)

    @pytest.fixture
    def departed(self, small_digits: Digits) -> Worker:
        """A worker with a run that goes on from state 2,501, from a file with older states that can't be repeated: its
        columns hold two costs each by then."""
        run = obeyed(new_run(small_digits, SMALL.changed(training_digits=1_000)), Step(2_501))
        worker = Worker(small_digits)
        content = rebased_on_newest(run.content())
        content = replace(content, record=replace(content.record, start=strange_state(content.record.start)))
        worker.race.runs[1] = revived(
            1,
            replace(content, state=content.record.start),
            small_digits,
            Mailbox(lambda: None),
            worker.race.budget,
        )
        worker.obey(1, Step(30))
        return worker

    def test_older_states_lead_to_no_later_one(self, departed: Worker) -> None:
        parent = departed.race.runs[1]
        record = parent.record()
        older = tuple(state for state in record.snapshots if state.step < record.start.step)
        assert older
        bare = replace(record, snapshots=older)
        assert_same_state(state_at(parent, 2_501, bare), record.start)
        assert_same_state(state_at(parent, parent.step, bare), parent.state())
        assert reachable(record, 2_500) == 2_501

    @pytest.mark.parametrize("step", [2_501, 2_502, 2_530, 2_048])
    def test_it_can_be_branched_where_a_column_of_its_costs_is_cut(self, departed: Worker, step: int) -> None:
        state = state_at(departed.race.runs[1], step)
        branch = departed.branch(2, 1, step, Step(5))
        departed.rest()
        assert_same_state(state_at(branch, step), state)
        steps = branch.recorder.history.costs.rows["last_step"]
        assert steps[-1] == step + 4
        assert (np.diff(steps) > 0).all()

    def test_a_small_file_is_trained_as_a_run_of_its_own(self, saved: Path, small_digits: Digits) -> None:
        run = load_experiment(saved).runs[0]
        other, departed = rebuilt(run.recipe, small_digits, checks={**run.checks, 1: "0" * 32})
        assert departed == ReplayMismatch(0, 1)
        assert other is not None
        assert other.step == run.content.record.step

    @pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a kernel of OpenBLAS for x86-64")
    def test_another_kernel_departs(self, saved: Path, tmp_path: Path) -> None:
        code = (
            "import sys; from pathlib import Path\n"
            "from mnistviz.engine.experiment.experiment_file import load_experiment\n"
            "from mnistviz.engine.experiment.saved import environment\n"
            "print(environment()['kernel'], load_experiment(Path(sys.argv[1])).environment['kernel'])"
        )
        path = str(Path(mnistviz.__file__).parent.parent)
        told = [
            ended_well(
                [sys.executable, "-c", code, str(saved)], env={**os.environ, "PYTHONPATH": path, **kernel}
            ).stdout.split()
            for kernel in ({}, {"OPENBLAS_CORETYPE": "Nehalem"})
        ]
        assert told[0][0] == told[0][1]
        assert told[1][1] == told[0][1]


class TestRefusals:
    """What is cut off, has bits turned over or is a bomb: `tests/torture/experiments.py`."""

    def test_states_may_not_be_packed(self, saved: Path) -> None:
        assert refusal(rewritten(saved, {}, zipfile.ZIP_DEFLATED)) == "experiment_unknown"

    def test_nothing_is_unpickled(self, saved: Path) -> None:
        content = npy(np.array([print], dtype=object))
        assert refusal(rewritten(saved, {"runs/1/judged.npy": content})) == "experiment_unknown"

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"format": 5}, "experiment_newer"),
            ({"format": "1"}, "experiment_unknown"),
            ({"format": 0}, "experiment_unknown"),
            ({"runs": []}, "experiment_unknown"),
            ({"states": []}, "experiment_damaged"),
            ({"data": {}}, "experiment_damaged"),
            ({"selected": -1}, "experiment_damaged"),
            ({"readings": {"validation": 10**7, "test": 7}}, "experiment_damaged"),
            ({"readings": {"validation": 4, "test": 4}}, "experiment_unknown"),
            ({"readings": {}}, "experiment_damaged"),
            ({"format": 1, "runs": [1]}, "experiment_damaged"),
        ],
    )
    def test_nonsense_is_refused(self, saved: Path, change: dict[str, Any], code: str) -> None:
        assert refusal(changed_json(saved, lambda values: values.update(change))) == code

    @pytest.mark.parametrize("checksum", ["\ud800", "", "f" * 65, "G" * 64, "f" * 64 + "\n", 7])
    def test_a_checksum_that_is_none_is_refused(self, saved: Path, checksum: object) -> None:
        path = changed_json(saved, lambda values: values["data"].update(checksum=checksum))
        assert refusal(path) == "experiment_damaged"

    @pytest.mark.parametrize(
        "change",
        [
            {"step": 1},
            {"acts": [[1, 10, "exploded"]]},
            {"acts": [[9, 90, "restored", 0], [1, 10, "restored", 0]]},
            {"acts": [[1, 10, "changed", 0, [["sizes", [784, 4, 10], [784, 5, 10]]]]]},
            {"acts": [[1, 10, "changed", 0, [["eta", 1.0, -1.0]]]]},
            {"acts": [[1, 10, "nudged", 0, 4, 0]]},
            {"acts": [[1, 10, "edited", 0, [[4, 0]], [1.0]]]},
            {"acts": [[1, 10, "frozen", 1, 10, True]]},
            {"acts": [[1, 10, "taught", "AAAA", 1, 0.5, [], 1]]},
            {"settings": {"sizes": [784, 5, 10]}},
            {"now": 99},
            {"judged": 10**7},
            {"best": [1]},
            {"name": "two\nlines"},
            {"curves": {"series": [{"set": "luck"}], "whole": True}},
            {"readings": {"validation": 5, "test": 4, "doublings": 0}},
            {"readings": {"validation": 4, "test": 4, "doublings": 65}},
        ],
    )
    def test_a_run_that_makes_no_sense_is_refused(self, saved: Path, change: dict[str, Any]) -> None:
        path = changed_json(saved, lambda values: values["runs"][0].update(change))
        assert refusal(path) in ("experiment_damaged", "experiment_unknown")

    def test_readings_that_make_no_sense_are_refused(self, saved: Path) -> None:
        with np.load(saved) as arrays:
            good, first = arrays["runs/1/readings-test.npy"], arrays["readings/test.npy"]
        assert load_experiment(rewritten(saved, {"runs/1/readings-test.npy": npy(good)}))
        for place, value in (((1, 0), 7), ((1, 0), -1), ((1, 1), 3), ((6, 1), 18)):
            bad = good.copy()
            bad[place] = value
            assert refusal(rewritten(saved, {"runs/1/readings-test.npy": npy(bad)})) == "experiment_damaged"
        read = np.full_like(first, 9)  # the second of them says 18
        assert refusal(rewritten(saved, {"readings/test.npy": npy(read)})) == "experiment_damaged"

    def test_a_network_is_no_experiment(self, small_digits: Digits, tmp_path: Path) -> None:
        path = tmp_path / "network.npz"
        save_network(Network((784, 3, 10)), path, {})
        assert refusal(path) == "experiment_unknown"


@pytest.mark.parametrize("units", [[[0, 4]], [[2, 0]], [[0, 1], [0, 0]], [[0, 1], [0, 1]], [[0]], [0], None])
def test_frozen_units_that_the_network_lacks_are_refused(saved: Path, units: object) -> None:
    path = changed_json(saved, lambda values: values["states"][0].update(frozen=units))
    assert refusal(path) == "experiment_damaged"


def seeds_with_a_wild_one() -> Band:
    """Three runs with other seeds, of which the middle one has diverged."""
    band = made_band((0.9, 0.8, 0.85), epochs=3)
    first, wild, last = band.runs
    wild = replace(wild, cost=np.append(wild.cost[:-1], np.nan), diverged=True)
    return replace(band, runs=(first, wild, last))


@pytest.fixture(scope="module")
def banded(small_digits: Digits, tmp_path_factory: pytest.TempPathFactory) -> Path:
    bands = seeds_with_a_wild_one(), made_band((0.9, 0.91), "tiny changes", begin=20)
    return saved_run(small_digits, tmp_path_factory.mktemp("banded"), bands=bands)


def test_bands_come_back_with_their_run(banded: Path) -> None:
    seeds, tiny = load_experiment(banded).runs[0].bands
    made = seeds_with_a_wild_one()
    assert (seeds.kind, seeds.begin, seeds.until) == ("seeds", 0, made.until)
    assert (tiny.kind, tiny.begin, len(tiny.runs)) == ("tiny changes", 20, 2)
    for back, run in zip(seeds.runs, made.runs, strict=True):
        assert (back.seed, back.test, back.diverged) == (run.seed, run.test, run.diverged)
        assert back.test != back.accuracy[-1], "two figures, and each in its place"
        for name in ("digits", "accuracy", "cost_digits", "cost"):
            np.testing.assert_array_equal(getattr(back, name), getattr(run, name))


def test_accuracies_of_0_and_1_in_a_band_come_back(small_digits: Digits, tmp_path: Path) -> None:
    made = made_band((0.0, 1.0))
    none, every = (replace(each, accuracy=np.full(2, each.accuracy[-1])) for each in made.runs)
    made = replace(made, runs=(replace(none, test=0.0), replace(every, test=1.0)))
    (band,) = load_experiment(saved_run(small_digits, tmp_path, bands=(made,))).runs[0].bands
    assert [(each.accuracy.tolist(), each.test) for each in band.runs] == [
        ([0.0, 0.0], 0.0),
        ([1.0, 1.0], 1.0),
    ]


@pytest.mark.parametrize(
    ("member", "content"),
    [
        ("band-seeds-accuracy.npy", b"nothing"),
        ("band-seeds-accuracy.npy", None),
        ("band-seeds-digits.npy", b"\x93NUMPY\x01\x00"),
        ("band-seeds-cost.npy", b""),
    ],
)
def test_a_damaged_band_is_left_out_of_its_run(banded: Path, member: str, content: bytes | None) -> None:
    run = load_experiment(rewritten(banded, {f"runs/1/{member}": content})).runs[0]
    assert [band.kind for band in run.bands] == ["tiny changes"]
    assert run.content.record.step == load_experiment(banded).runs[0].content.record.step


@pytest.mark.parametrize(
    "change",
    [
        {"measured": 10**12},
        {"until": 0},
        {"kind": "others"},
        {"runs": []},
        {"runs": [[1, 2.0, False]] * 3},
        {"runs": None},
        {"begin": -1},
    ],
)
def test_a_band_that_makes_no_sense_is_left_out(banded: Path, change: dict[str, object]) -> None:
    strange = changed_json(banded, lambda values: values["runs"][0]["bands"][0].update(change))
    assert [band.kind for band in load_experiment(strange).runs[0].bands] == ["tiny changes"]
    strange = changed_json(banded, lambda values: values["runs"][0].update(bands=change))
    assert load_experiment(strange).runs[0].bands == ()


def test_a_file_without_bands_opens_and_a_small_one_has_none(small_digits: Digits, banded: Path) -> None:
    old = changed_json(banded, lambda values: values["runs"][0].pop("bands"))
    assert load_experiment(old).runs[0].bands == ()
    small = again(load_experiment(banded), small_digits, banded.with_name("small.mnistviz"), small=True)
    assert small.runs[0].bands == ()


@pytest.fixture(scope="module")
def told(small_digits: Digits, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of a run with two stories and a sentence."""
    looks, seen = np.array([[0, 1, 8], [0, 1, 80]])
    pixels = small_digits.test.images[0].tobytes()
    stories = tuple(
        PinStory(each, PictureAlong(looks, seen, np.eye(10, dtype=np.float32)[[1, digit, 3]]))
        for digit, each in enumerate((pixels, bytes(PIXELS)))
    )
    folder = tmp_path_factory.mktemp("told")
    return saved_run(small_digits, folder, about="Most is forgotten: look at epoch 2.", stories=stories)


def test_the_stories_and_the_sentence_of_a_run_come_back(small_digits: Digits, told: Path) -> None:
    run = load_experiment(told).runs[0]
    assert run.about == "Most is forgotten: look at epoch 2."
    first, second = run.stories
    assert (first.pixels, second.pixels) == (small_digits.test.images[0].tobytes(), bytes(PIXELS))
    assert first.along.steps.tolist() == [0, 1, 8]
    assert first.along.digits.tolist() == [0, 1, 80]
    assert (first.along.verdicts.tolist(), second.along.verdicts.tolist()) == ([1, 0, 3], [1, 1, 3])
    small = again(load_experiment(told), small_digits, told.with_name("small.mnistviz"), small=True).runs[0]
    assert (small.stories, small.about) == ((), run.about)


@pytest.mark.parametrize(
    "change",
    [{"looks": 10**12}, {"looks": 0}, {"looks": 2}, {"pixels": "?"}, {"pixels": "AAAA"}, {"pixels": None}],
)
def test_a_story_that_makes_no_sense_is_left_out(told: Path, change: dict[str, object]) -> None:
    def spoil(values: dict[str, Any]) -> None:
        values["runs"][0]["pins"][0] |= change
        values["runs"][0]["about"] = 3

    def forget(values: dict[str, Any]) -> None:
        del values["runs"][0]["pins"], values["runs"][0]["about"]

    strange = load_experiment(changed_json(told, spoil)).runs[0]
    assert [story.pixels for story in strange.stories] == [bytes(PIXELS)]
    assert strange.about == ""
    old = load_experiment(changed_json(told, forget)).runs[0]
    assert (old.stories, old.about) == ((), "")


def test_a_reading_that_is_cancelled_anywhere_is_not_told_as_damage(
    banded: Path, told: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for file in banded, told:
        for checks in range(100):
            with suppress(Withdrawn):
                load_experiment(file, partial(next, iter([False] * checks), True))
                break
        assert 5 < checks < 99
    assert not caplog.messages


def test_looks_that_are_not_in_order_or_after_the_end_are_left_out(told: Path) -> None:
    for places in (
        [[0, 0], [4, 40], [4, 80]],
        [[0, 0], [4, 40], [8, 40]],
        [[0, 0], [4, 40], [10**9, 10**10]],
        [[-1, 0], [4, 40], [8, 80]],
    ):
        strange = rewritten(told, {"runs/1/pin-0-looks.npy": npy(np.array(places, "<i8"))})
        assert len(load_experiment(strange).runs[0].stories) == 1


def made_alike(experiment: Experiment) -> bool:
    """Whether it was saved where sums are rounded as they are here."""
    here, there = environment(), experiment.environment
    return all(here[what] == there[what] for what in ("numpy", "blas", "kernel", "system", "machine"))


@pytest.mark.parametrize("version", [1, 2, 3])
def test_a_file_of_an_older_version_opens(small_digits: Digits, version: int) -> None:
    """Version 1 knew no readings, 2 no frozen units, and 3 no labels drawn by chance, classes left out or order."""
    experiment = load_experiment(SAMPLES / f"experiment-{version}.mnistviz")
    assert [(run.letter, run.epoch) for run in experiment.runs] == [("A", 53), ("B", 53)]
    fork = experiment.runs[1].fork
    assert fork == Fork(1, 5, 50, {"eta": 0.5} if version == 1 else {"eta": 0.5, "momentum": 0.9})
    for run in experiment.runs:
        assert replay_mismatch(run, small_digits) is None or not made_alike(experiment)
        made = revived(run.number, run.content, small_digits, Mailbox(lambda: None), Budget())
        assert checksum(made.state().parameters) == checksum(run.content.state.parameters)
        assert bool(run.content.readings.test) is (version > 1)
        assert (run.content.evaluations["test"].outputs is None) is (version == 1)
        now = made.trainer.settings
        assert (now.order, now.random_labels, now.classes_left_out) == ("shuffled", 0.0, ())
        assert version == 3 or made.state().frozen == ()
        obeyed(made, Frozen(*NOW, Unit(1, 1)), Change({"order": "sorted"}), Step(1))
        assert made.state().frozen == ((1, 1),)
        assert made.trainer.settings.order == "sorted"
        assert made.recorder.readings.test
