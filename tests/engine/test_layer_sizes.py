"""The size of the gradient and of the step of each layer, at each evaluation of a run."""

import csv
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from mnistviz.engine.acts import NOW, Edited, WeightEdit
from mnistviz.engine.columns import Columns
from mnistviz.engine.commands import Change, FinishEpoch, Pause, Step
from mnistviz.engine.curves_file import save_curves
from mnistviz.engine.digits import Digits
from mnistviz.engine.experiment.experiment_file import load_experiment, save_experiment
from mnistviz.engine.history import LAYER_SIZES, History
from mnistviz.engine.network import Network
from mnistviz.engine.problems import Problem
from mnistviz.engine.run import Run
from mnistviz.engine.workspace import weights_and_biases
from tests.engine.made_up import examine
from tests.engine.test_experiment_file import experiment_of, rewritten
from tests.engine.test_record import BUSY, SMALL, new_run, obeyed
from tests.engine.time_machine import Worker, state_at


def values_of(columns: Columns) -> dict[int, float]:
    """By steps, the last at each."""
    return {int(row["last_step"]): float(row["total"]) for row in columns.rows}


def plain_sizes(run: Run, step: int, digits: Digits) -> tuple[list[float], list[float]]:
    """The length of ∂C/∂b and of the next step of each layer, from two states of a run."""
    states = [state_at(run, each).parameters.astype(np.float64) for each in (step, step + 1)]
    network = Network(SMALL.sizes, **SMALL.network_options())
    network.parameters[...] = states[0]
    health = examine(network, run.trainer.training.first(500))
    moved = weights_and_biases(states[1] - states[0], SMALL.sizes)
    steps = [float(np.sqrt((w**2).sum() + (b**2).sum())) for w, b in zip(*moved, strict=True)]
    return [layer.gradient for layer in health.layers], steps


@pytest.mark.parametrize("rules", [{}, BUSY])
def test_they_are_measured_with_each_evaluation(small_digits: Digits, rules: dict[str, Any]) -> None:
    settings = SMALL.changed(**rules)
    run = obeyed(new_run(small_digits, settings), Step(3), FinishEpoch(), FinishEpoch(), Step(2), Pause())
    history = run.recorder.history
    places = {name: [values_of(each) for each in history.layer_sizes(name)] for name in LAYER_SIZES}
    assert len(places["gradient"]) == len(places["step"]) == 2
    accuracies = {int(step) for step in history.curves["test", 0].rows["last_step"]}
    assert accuracies == set(places["gradient"][0]) == set(places["step"][1]) == {0, 1, 3, 6, 12, 14}
    obeyed(run, Step(1))
    for step in accuracies:
        gradients, steps = plain_sizes(run, step, small_digits)
        for layer in range(2):
            assert places["gradient"][layer][step] == pytest.approx(gradients[layer], rel=1e-3)
            assert places["step"][layer][step] == pytest.approx(steps[layer], rel=1e-4)


def test_measuring_changes_nothing_of_the_run(small_digits: Digits) -> None:
    """Also where a change waits."""
    often, seldom = (new_run(small_digits, SMALL.changed(**BUSY)) for _ in range(2))
    change = Change({"eta": 0.5, "momentum": 0.0})
    obeyed(
        often,
        Step(2),
        Pause(),
        Step(3),
        change,
        Edited(*NOW, WeightEdit(1, ((0, 0),), (1.0,))),
        Pause(),
        Step(4),
    )
    seldom.handle(Step(5))
    while seldom.step < 5:
        seldom.turn(1, lambda: False)
    obeyed(seldom, change, Edited(*NOW, WeightEdit(1, ((0, 0),), (1.0,))), Step(4))
    assert often.state().parameters.tobytes() == seldom.state().parameters.tobytes()
    assert len(often.recorder.history.layer_sizes("step")[0]) > 3


def test_a_look_at_the_health_alone_adds_none(small_digits: Digits) -> None:
    run = obeyed(new_run(small_digits), Step(3))
    before = run.recorder.history
    run.examine_activations()
    obeyed(run, Pause())
    assert run.recorder.history == before


def test_a_branch_has_those_up_to_its_fork(worker: Worker) -> None:
    parent = worker.trained(1, SMALL, Step(3))
    worker.obey(1, FinishEpoch())
    branch = worker.branch(2, 1, 4, Pause(measure=False))
    for name in LAYER_SIZES:
        for mine, its in zip(
            branch.recorder.history.layer_sizes(name), parent.recorder.history.layer_sizes(name), strict=True
        ):
            assert list(values_of(mine)) == [0, 1, 3]
            assert values_of(mine).items() < values_of(its).items()


def test_a_column_that_a_fork_cuts_is_filled_again() -> None:
    long = History()
    for number in range(21):
        long = long.with_layer_sizes(10 * number, 100 * number, [number], [0.5])
    columns = Columns(4)
    for number in range(21):
        columns = columns.extended(
            np.array([10 * number]), np.array([100 * number]), np.array([float(number)])
        )
    cut = long.with_columns(("gradient", 1), columns).forked(95)
    assert cut.layer_sizes("gradient")[0].rows["total"].sum() == sum(range(10))
    assert cut.layer_sizes("step")[0].size == 10


def test_weights_that_run_away_are_no_finite_sizes(small_digits: Digits) -> None:
    run = new_run(small_digits)
    run.trainer.network.weights[1][...] = np.inf
    obeyed(run, Step(1))
    assert run.recorder.history.layer_sizes("step")[1].rows["not_finite"].sum() == 1


def test_a_file_keeps_them_and_a_small_one_recomputes_them(small_digits: Digits, tmp_path: Path) -> None:
    run = obeyed(new_run(small_digits), Step(3), FinishEpoch(), Step(2))
    path = tmp_path / "runs.mnistviz"
    for small in (False, True):
        save_experiment(experiment_of(small_digits, run), path, small_digits, small=small)
        back = load_experiment(path).runs[0].content.history
        for name in LAYER_SIZES:
            mine = () if small else run.recorder.history.layer_sizes(name)
            assert back.layer_sizes(name) == mine
            if mine:
                assert back.known_one_by_one.get((name, 2)) == run.recorder.history.known_one_by_one.get(
                    (name, 2)
                )


@pytest.mark.parametrize(("name", "part"), [("gradient", 0), ("gradient", 3), ("luck", 1)])
def test_layers_that_it_lacks_are_refused(small_digits: Digits, tmp_path: Path, name: str, part: int) -> None:
    path = tmp_path / "runs.mnistviz"
    save_experiment(experiment_of(small_digits, obeyed(new_run(small_digits), Step(3))), path, small_digits)
    with zipfile.ZipFile(path) as archive:
        values = json.loads(archive.read("experiment.json"))
        rows, known = (archive.read(f"runs/1/gradient-1{end}.npy") for end in ("", "-known"))
    series = next(each for each in values["runs"][0]["curves"]["series"] if each["set"] == "gradient")
    series["set"], series["part"] = name, part
    stem = f"runs/1/{name}-{part}" if part else f"runs/1/{name}"
    changed: dict[str, bytes | None] = {
        "experiment.json": json.dumps(values).encode(),
        f"{stem}.npy": rows,
        f"{stem}-known.npy": known,
    }
    with pytest.raises(Problem, match="experiment_damaged"):
        load_experiment(rewritten(path, changed))


def test_they_are_series_of_the_table(small_digits: Digits, tmp_path: Path) -> None:
    run = obeyed(new_run(small_digits, replace(SMALL, eta=0.5)), Step(3))
    save_curves(run.recorder.history, 53, tmp_path / "curves.csv")
    with (tmp_path / "curves.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    found = {row["series"]: row for row in rows}
    for name in LAYER_SIZES:
        for layer, columns in enumerate(run.recorder.history.layer_sizes(name), start=1):
            row = found[f"{name}_layer_{layer}"]
            assert row["last_mini_batch"] == "3"
            assert float(row["mean"]) == pytest.approx(values_of(columns)[3], rel=1e-6)
