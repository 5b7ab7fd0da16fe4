"""`mnistviz evaluate`, `mnistviz replay` and `mnistviz describe`: commands for saved networks and experiments."""

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from msgspec import Struct
from msgspec.structs import asdict

from mnistviz.engine.data_sets.source import DataChoice
from mnistviz.engine.digits import Digits
from mnistviz.engine.experiment.experiment_file import load_network_or_experiment, newest_network
from mnistviz.engine.experiment.rebuilding import rebuilt
from mnistviz.engine.experiment.recipe_line import line_of, looks_like_line, read_line, settings_line
from mnistviz.engine.experiment.saved import Experiment, ReplayMismatch, RunRecipe, SavedRun, checksum
from mnistviz.engine.fork import Origin
from mnistviz.engine.network import Network
from mnistviz.engine.problems import Problem
from mnistviz.engine.run import Run
from mnistviz.engine.settings import Settings
from mnistviz.engine.storage import save_network
from mnistviz.engine.threads import one_blas_thread
from mnistviz.headless import about_measured, files_read
from mnistviz.interruption import Interruption
from mnistviz.outputs import SIGNALLED, check_outputs, failed, open_and_report, save_somewhere
from mnistviz.sentences import plain_number, printable, sentence
from mnistviz.terminal import ProgressBar, say, tell

DEPARTED: Final = 1
_NETWORK_BYTES: Final = 64 * 1024  # plus four for each weight


class ReplayTask(Struct, frozen=True):
    """Options of `mnistviz replay`: a file or a line, which of its runs, how far, and where to save the network."""

    run: str
    letter: str | None = None
    to: int | None = None
    save: Path | None = None
    data: Path | DataChoice | None = None


def evaluate(file: Path, data: Path | DataChoice | None) -> int:
    """Print the validation and test accuracy of the network in `file`, or of each run in it; return the exit code."""
    try:
        content = load_network_or_experiment(file)
        digits = open_and_report(data)
        if isinstance(content, Experiment):
            runs = content.runs
            networks = [(f"{run.letter or run.number} ", newest_network(run, file.name)) for run in runs]
        else:
            networks = [("", content[0])]
        for _, network in networks:
            digits.check_fit(network.sizes)
    except Problem as problem:
        return failed("evaluate", problem)
    for prefix, network in networks:
        _say_accuracy(network, digits, prefix)
    return 0


def replay(task: ReplayTask) -> int:
    """Train a run again, report whether its weights equal those of the file, and return the exit code."""
    try:
        return _replay(task)
    except Problem as problem:
        return failed("replay", problem)


def describe(file: Path, *, as_json: bool = False) -> int:
    try:
        content = load_network_or_experiment(file)
    except Problem as problem:
        return failed("describe", problem)
    if isinstance(content, Experiment):
        report = {
            "kind": "experiment",
            "engine": content.engine,
            "environment": dict(content.environment),
            "data": asdict(content.data),
            "selected": content.chosen.letter,
            "runs": [_described(run, content) for run in content.runs],
        }
        lines = _lines_of_experiment(report)
    else:
        network, header = content
        report = {"kind": "network", **header}
        lines = _lines_of_network(network, header)
    if as_json:
        say(json.dumps(report))
    else:
        for line in lines:
            say(line)
    return 0


def _described(run: SavedRun, experiment: Experiment) -> dict[str, Any]:
    content, record = run.content, run.content.record
    states = {id(state): state for state in (*record.snapshots, *record.sources.values())}
    letters = {each.number: each.letter for each in experiment.runs}
    try:
        line = line_of(run.recipe, experiment.data.checksum)
    except Problem as problem:
        line = sentence(problem.code, problem.values)
    validation = content.history.measured("validation", record.step)
    return {
        "letter": run.letter,
        "name": run.name,
        "line": line,
        "settings": asdict(run.settings),
        "mini_batches": record.step,
        "epochs": round(record.segments[-1].cursor.digits(run.epoch) / run.epoch, 4),
        "changes": len(record.acts),
        "branch_of": None if run.fork is None else letters.get(run.fork.number),
        "validation": None if validation is None else validation.accuracy,
        "best": None if content.best is None else asdict(content.best),
        "states": len(states),
        "state_bytes": sum(state.nbytes for state in states.values()),
        "complete": run.complete,
        "checks": {str(step): sum_ for step, sum_ in sorted(run.checks.items())},
    }


def _lines_of_network(network: Network, header: Mapping[str, Any]) -> list[str]:
    """Describe a network and its training, as far as its header is understood: `about` may hold anything."""
    lines = [
        f"A network: {'-'.join(map(str, network.sizes))}, {network.activation}, output {network.output}, cost "
        f"{network.cost}, seed {network.seed}, saved by mnistviz {printable(str(header.get('engine', '?')))}"
    ]
    about, origin = header["about"], Origin.of(header["about"])
    match about.get("data"):
        case {"name": str(name), "checksum": str(checksum)}:
            lines.append(f"Trained on {printable(name)} (checksum {printable(checksum[:12])}…)")
    parts = []
    if origin.mini_batches is not None:
        parts.append(f"{plain_number(origin.mini_batches)} mini-batches")
    if origin.epochs is not None:
        parts.append(f"{origin.epochs:.4g} epochs")
    right = about.get("right")
    for name in ("validation", "test"):
        match right.get(name) if isinstance(right, dict) else None:
            case [int(read), int(count)] if 0 <= read <= count != 0:
                parts.append(f"{read / count:.2%} of {plain_number(count)} {name} digits")
    if parts:
        lines.append(f"   {', '.join(parts)}")
    with contextlib.suppress(Problem, KeyError, TypeError, AttributeError):
        lines.append(f"Settings at last: {settings_line(Settings.from_mapping(about['settings']))}")
    return lines


def _lines_of_experiment(report: dict[str, Any]) -> list[str]:
    where, data, runs = report["environment"], report["data"], report["runs"]
    count = "1 run" if len(runs) == 1 else f"{len(runs)} runs"
    lines = [
        f"An experiment with {count} on {data['name']} (checksum {data['checksum'][:12]}…), "
        f"saved by mnistviz {report['engine']}",
        f"Trained with NumPy {where.get('numpy', '?')}, {where.get('blas', '?')} ({where.get('kernel', '?')}), "
        f"{where.get('system', '?')} {where.get('machine', '?')}",
    ]
    for run in runs:
        branch = f", branched off {run['branch_of']}" if run["branch_of"] else ""
        name = f" “{run['name']}”" if run["name"] else ""
        lines.append(f"{run['letter']}{name}{branch}: {run['line']}")
        parts = [f"{plain_number(run['mini_batches'])} mini-batches", f"{run['epochs']:.4g} epochs"]
        if run["validation"] is not None:
            parts.append(f"{run['validation']:.2%} of the validation digits at last")
        if run["best"] is not None:
            parts.append(f"best {run['best']['accuracy']:.2%} after epoch {run['best']['epoch']}")
        states = f"{run['states']} states kept" if run["complete"] else "no states: a replay has them again"
        lines.append(f"   {', '.join((*parts, states))}")
    return lines


def _say_accuracy(network: Network, digits: Digits, prefix: str = "") -> None:
    for name, digit_set in (("Validation", digits.validation), ("Test", digits.test)):
        right, count = network.evaluate(digit_set), len(digit_set)
        say(f"{prefix}{name}: {right}/{count} ({right / count:.2%})")


def _replay(task: ReplayTask) -> int:
    digits = open_and_report(task.data)
    letter, recipe, checks = _asked(task, digits)
    if task.to is not None and task.to > recipe.step:
        raise Problem("replay_step_absent", step=task.to, most=recipe.step)
    digits.check_fit(recipe.settings.sizes)
    if task.save is not None:
        inputs = [*files_read(task.data), *([] if looks_like_line(task.run) else [Path(task.run)])]
        size = 4 * Network(recipe.settings.sizes).parameters.size + _NETWORK_BYTES
        check_outputs([(task.save, size)], inputs)
    bar = ProgressBar(recipe.step if task.to is None else task.to, wanted=True)
    with Interruption() as interruption, one_blas_thread():
        try:
            run, replay_mismatch = rebuilt(
                recipe,
                digits,
                checks=checks,
                to=task.to,
                interrupted=lambda: interruption.number is not None,
                progress=lambda done, of: bar.show(done, "Replay"),
            )
        finally:
            bar.clear()
        if run is None:
            tell("Stopped.")
            return SIGNALLED + (interruption.number or 0)
        return _tell_replay(task, run, letter, replay_mismatch, checks, digits)


def _asked(task: ReplayTask, digits: Digits) -> tuple[str, RunRecipe, dict[int, str]]:
    """Return the letter of the requested run, its recipe, and the known checksums of its weights."""
    if looks_like_line(task.run):
        line_run = read_line(task.run)
        if not digits.checksum.startswith(line_run.data):
            raise Problem("line_other_data", data=line_run.data)
        return "", line_run.recipe, {}
    path = Path(task.run)
    experiment = load_network_or_experiment(path)
    if not isinstance(experiment, Experiment):
        raise Problem("network_without_runs", file=path.name)
    if experiment.data.checksum != digits.checksum:
        raise Problem("experiment_other_data", file=path.name, data=experiment.data.name)
    run = experiment.run_of(task.letter, path.name)
    if not run.from_start:
        raise Problem("line_of_departed_run")
    states = (*run.content.record.snapshots, *([] if run.content.state is None else [run.content.state]))
    checksums = {state.step: checksum(state.parameters) for state in states}
    return run.letter, run.recipe, {**checksums, **run.checks}


def _tell_replay(
    task: ReplayTask,
    run: Run,
    letter: str,
    replay_mismatch: ReplayMismatch | None,
    checks: dict[int, str],
    digits: Digits,
) -> int:
    code = 0
    if replay_mismatch is not None:
        code = DEPARTED
        values = {"letter": letter, "by": replay_mismatch.by, "after": replay_mismatch.after}
        tell(sentence(replay_mismatch.code, values))
    elif checks:
        say(sentence("run_agrees", {"count": sum(step <= run.step for step in checks)}))
    say(f"{plain_number(run.step)} mini-batches, checksum of the weights {checksum(run.state().parameters)}")
    network = run.start.copy(run.state().parameters)
    if not np.isfinite(network.parameters).all():
        tell(sentence("run_diverged", {}))
        return code or DEPARTED
    _say_accuracy(network, digits)
    if task.save is not None:
        about = about_measured(network, run.trainer.settings, digits, run.step, run.trainer.digits_consumed)
        saved_path, problem = save_somewhere(task.save, lambda path: save_network(network, path, about))
        if problem is not None:
            return failed("replay", problem)
        say(sentence("train_saved", {"file": saved_path}))
    return code
