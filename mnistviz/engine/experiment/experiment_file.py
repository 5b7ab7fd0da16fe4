"""Experiment files: a `.mnistviz` is a zip of `experiment.json` and NumPy arrays; see `docs/files.md`. It is written
atomically, and checked before its content is trusted."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from msgspec.structs import asdict

from mnistviz import __version__
from mnistviz.engine.cancelling import Cancelled, never
from mnistviz.engine.digits import Digits
from mnistviz.engine.experiment import state_pool
from mnistviz.engine.experiment.run_records import read_run, write_run
from mnistviz.engine.experiment.saved import DataNote, Experiment, SavedRun, checked, environment
from mnistviz.engine.files import ArchiveReader, json_bytes, new_archive, opened_archive, whole
from mnistviz.engine.network import Network
from mnistviz.engine.problems import Problem
from mnistviz.engine.settings import SETTINGS
from mnistviz.engine.storage import about_run, load_network

FORMAT: Final = 4  # increased whenever an older program would misinterpret a newer file

SUFFIX: Final = ".mnistviz"

KEPT_BYTES: Final = 10_000_000  # limit of the snapshots other than those of forks, the newest and the best

MOST_JSON_BYTES: Final = 4_000_000
_JSON: Final = "experiment.json"
_MOST_FILE_BYTES: Final = 1_000_000_000
_MOST_PACKED_BYTES: Final = 160_000_000  # bounds the memory that a small file can take
_MOST_MEMBERS: Final = 20_000
_MOST_RUNS: Final = 64
_CHECKSUM: Final = re.compile(r"[0-9a-z]{4,64}")  # as long as a recipe line can have it


def _without_readings(values: dict[str, Any]) -> dict[str, Any]:
    """Upgrade format 1, which had neither earlier readings nor the outputs of the newest evaluation."""
    none = {"validation": 0, "test": 0}
    runs = []
    for run in values["runs"]:
        changed: dict[str, Any] = {"readings": {**none, "doublings": 0}}
        for name in ("evaluations", "best_evaluations"):
            changed[name] = [{**each, "outputs": False} for each in run[name]]
        runs.append({**run, **changed})
    return {**values, "readings": none, "runs": runs}


def _without_frozen(values: dict[str, Any]) -> dict[str, Any]:
    """Upgrade format 2, in which no units were frozen and no weights set by hand."""
    return {**values, "states": [{**state, "frozen": []} for state in values["states"]]}


def _with_all_classes(values: dict[str, Any]) -> dict[str, Any]:
    """Upgrade format 3, in which an epoch had the first samples of all classes."""
    usual = SETTINGS["training_digits"].default
    available = values["data"]["training"]
    epochs = (min(run["settings"].get("training_digits", usual), available) for run in values["runs"])
    runs = [{**run, "epoch": epoch} for run, epoch in zip(values["runs"], epochs, strict=True)]
    return {**values, "runs": runs}


_UPGRADES: Final[Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]]] = {
    1: _without_readings,
    2: _without_frozen,
    3: _with_all_classes,
}
"""Functions that upgrade the JSON of a format to the next one, by the older format."""


def save_experiment(
    experiment: Experiment, path: Path, digits: Digits, *, small: bool = False, most_bytes: int = KEPT_BYTES
) -> None:
    """Write an experiment on these digits to `path`, atomically. A `small` file has no states: opening recomputes them.
    `most_bytes` limits the snapshots other than those of forks, the newest and the best. Raise `Problem`."""
    runs = [checked(run, digits.training) for run in experiment.runs]
    chosen = state_pool.chosen_states((run.content for run in runs), most_bytes)
    with new_archive(path) as archive:
        pool = state_pool.PoolWriter(archive)
        readings = state_pool.ReadingsWriter(archive)
        records = [write_run(archive, run, pool, readings, chosen, small=small) for run in runs]
        values = {
            "format": FORMAT,
            "engine": __version__,
            "environment": dict(experiment.environment) or environment(),
            "data": asdict(experiment.data),
            "selected": experiment.selected,
            "view": dict(experiment.view),
            "runs": records,
            "states": pool.records,
            "readings": readings.write_pool(),
        }
        if len(json_bytes(values)) > MOST_JSON_BYTES:
            raise Problem("experiment_too_much", file=str(path))
        archive.json(_JSON, values, packed=True)


def load_experiment(path: Path, cancelled: Cancelled = never) -> Experiment:
    """Return the experiment in `path`, unpacking nothing that does not fit. Raise a `Problem` that names the file."""
    with opened_archive(path, "experiment", _MOST_FILE_BYTES, _MOST_MEMBERS, cancelled) as archive:
        if archive.packed_bytes > _MOST_PACKED_BYTES:
            raise archive.problem("unknown")
        values = archive.json(_JSON, MOST_JSON_BYTES)
        match values:
            case {"format": int(version)} if version > FORMAT:
                raise archive.problem("newer")
            case {"format": int(version), "runs": [_, *_]} if version > 0:
                pass
            case _:
                raise archive.problem("unknown")
        try:
            for older in range(version, FORMAT):
                values = _UPGRADES[older](values)
            return _read(archive, values)
        except Problem as problem:
            if "file" in problem.values:
                raise
            raise archive.problem("damaged") from problem  # for example a setting out of bounds
        except (KeyError, TypeError, AttributeError, IndexError) as error:
            raise archive.problem("damaged") from error


def _read(archive: ArchiveReader, values: dict[str, Any]) -> Experiment:
    data, view = values["data"], values["view"]
    training, validation, test = (whole(data[name]) for name in ("training", "validation", "test"))
    classes = tuple(map(str, data["classes"]))
    note = DataNote(str(data["name"]), str(data["checksum"]), training, validation, test, classes)
    if not note.training or not _CHECKSUM.fullmatch(note.checksum) or len(values["runs"]) > _MOST_RUNS:
        raise archive.problem("damaged")
    states = state_pool.read_pool(archive, values["states"])
    readings = state_pool.read_readings(archive, values["readings"], note)
    runs = tuple(read_run(archive, each, states, readings, note) for each in values["runs"])
    numbers = [run.number for run in runs]
    if len(set(numbers)) < len(numbers):
        raise archive.problem("damaged")
    return Experiment(
        note,
        runs,
        whole(values["selected"]),
        view if isinstance(view, dict) else {},
        {str(name): str(value) for name, value in values["environment"].items()},
        str(values["engine"]),
    )


def load_network_or_experiment(
    path: Path, cancelled: Cancelled = never
) -> tuple[Network, dict[str, Any]] | Experiment:
    """Return the network with its header, or the experiment, in `path`. Raise a `Problem`, which names the file, and
    `Withdrawn` once `cancelled()`."""
    try:
        return load_network(path, cancelled)
    except Problem as problem:
        if problem.code not in ("network_unknown", "network_too_large"):
            raise
        try:
            return load_experiment(path, cancelled)
        except Problem as other:
            named_otherwise = other.code == "experiment_unknown" and path.suffix != SUFFIX
            raise (problem if named_otherwise else other) from None


def load_one_network(path: Path, letter: str | None = None) -> tuple[Network, Mapping[str, Any]]:
    """Return the network in `path` and the description of it; of an experiment, that of the run with this letter or of
    the selected one. Raise a `Problem`, which names the file."""
    content = load_network_or_experiment(path)
    if not isinstance(content, Experiment):
        if letter is not None:
            raise Problem("network_without_runs", file=path.name)
        network, header = content
        return network, header["about"]
    run = content.run_of(letter, path.name)
    network, record = newest_network(run, path.name), run.content.record
    if not np.isfinite(network.parameters).all():
        raise Problem("network_not_finite", file=path.name)
    assert run.content.state is not None
    settings = run.content.state.settings
    consumed = record.segments[-1].cursor.digits(run.epoch)
    right: dict[str, tuple[int, int]] = {
        name: (evaluation.right, evaluation.of)
        for name, evaluation in run.content.evaluations.items()
        if not evaluation.part and evaluation.step == record.step
    }
    return network, about_run(settings, content.data, run.epoch, record.step, consumed, right, run.origin)


def newest_network(run: SavedRun, file: str) -> Network:
    """Return the network of a run as it was saved. Raise a `Problem` that names the file if it has no weights."""
    if run.content.state is None:
        raise Problem("experiment_without_weights", file=file, letter=run.letter or run.number)
    return run.content.start.copy(run.content.state.parameters)
