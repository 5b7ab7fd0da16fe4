"""All that a run has come to, as one value: what a file keeps of it, and what it goes on from."""

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
    """A run up to now. Nothing changes it.

    It began with `start`; `record` determines it, and `state` is that of now, None where only a replay has it. The
    evaluations are the newest ones, and those of the best weights. `read_whole` says whether the network of now has
    read all validation and test digits, `begun` after how many mini-batches and digits the run is not its parent's any
    more, and `stopped` whether its stopping rule has ended it. Its snapshots lie at multiples of `stride`.
    `readings` are those of its whole measurements.
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
