"""The mini-batch at which the cost jumps: curves average many, and only a replay finds the one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from mnistviz.engine.functions import quietly
from mnistviz.engine.replay import Replay
from mnistviz.engine.trials import RecordedRun

NEAR: Final = 300
"""Steps within 1/NEAR of a run are near each other: about the precision of pointing at a plot."""


def near(step: int, end: int) -> tuple[int, int]:
    """Return the range of steps near a step, in a run of `end` mini-batches."""
    around = max(2, end // NEAR)
    return max(0, step - around), min(end, step + around + 1)


@quietly
def costliest_step(
    run: RecordedRun,
    begin: int,
    end: int,
    cancelled: Callable[[], bool] = lambda: False,
    progress: Callable[[int, int], object] = lambda done, of: None,
) -> int | None:
    """Return the step k, begin ≤ k < end, whose update k + 1 has the mini-batch with the highest cost before it, the
    first of equal ones. Costs that are not finite count as highest. `progress` receives the mini-batches replayed and
    their total. None once `cancelled()`. Raise ValueError beyond the record, or for an empty range."""
    if not begin < end:
        raise ValueError(f"there is no mini-batch from {begin} to {end}")
    replay = Replay(run.record, run.trainer(), end, costs_from=begin)
    while not replay.advance():
        if cancelled():
            return None
        progress(replay.done, replay.of)
    costs = np.array([cost for _, cost, _ in replay.costs])
    costs[~np.isfinite(costs)] = np.inf
    return begin + int(costs.argmax())
