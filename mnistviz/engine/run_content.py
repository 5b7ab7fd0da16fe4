"""The whole of a run as one value: what a file stores, and what the run continues from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mnistviz.engine.history import History
from mnistviz.engine.kept_readings import KeptReadings
from mnistviz.engine.moment import Best, Evaluation, SetName
from mnistviz.engine.network import Network
from mnistviz.engine.recorder import Record
from mnistviz.engine.trainer import TrainerState


@dataclass(frozen=True, eq=False)
class RunContent:
    """An immutable copy of a run at its current step.

    It began with `start`; `record` determines it; `state` is the current one, None if only a replay has it. The
    evaluations are the newest ones, and those of the best weights. `read_whole` is True if the current network was
    evaluated on all validation and test samples, `begun` is the mini-batches and samples after which the run differs
    from its parent, and `stopped` is True if its stopping rule ended it. Snapshots lie at multiples of `stride`.
    `readings` are those of its complete evaluations.
    """

    start: Network
    record: Record
    state: TrainerState | None
    history: History
    best: Best | None
    evaluations: Mapping[SetName, Evaluation]
    best_evaluations: Mapping[SetName, Evaluation]
    read_whole: bool
    begun: tuple[int, int]
    stopped: bool
    stride: int
    readings: KeptReadings = field(default_factory=KeptReadings)
