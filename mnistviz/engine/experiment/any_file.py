"""A file that holds a network or an experiment, whatever its name says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mnistviz.engine.experiment.experiment_file import SUFFIX, load_experiment
from mnistviz.engine.experiment.saved import Experiment
from mnistviz.engine.network import Network
from mnistviz.engine.problems import Problem
from mnistviz.engine.storage import load_network


def load_network_or_experiment(path: Path) -> tuple[Network, dict[str, Any]] | Experiment:
    """The network with its header, or the experiment, in `path`. Raises a `Problem`, which names the file."""
    try:
        return load_network(path)
    except Problem as problem:
        if problem.code not in ("network_unknown", "network_too_large"):
            raise
        try:
            return load_experiment(path)
        except Problem as other:
            named_otherwise = other.code == "experiment_unknown" and path.suffix != SUFFIX
            raise (problem if named_otherwise else other) from None
