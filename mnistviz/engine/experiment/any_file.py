"""A file that holds a network or an experiment, whatever its name says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from mnistviz.engine.cancelling import Cancelled, never
from mnistviz.engine.experiment.experiment_file import SUFFIX, load_experiment
from mnistviz.engine.experiment.saved import Experiment, SavedRun
from mnistviz.engine.network import Network
from mnistviz.engine.problems import Problem
from mnistviz.engine.storage import about_run, load_network


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
    network = run.content.start.copy()
    network.parameters[...] = run.content.state.parameters
    return network
