"""The mini-batch at which the cost jumps: curves sum many of them up, and only a replay knows which one it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from mnistviz.engine.functions import quietly
from mnistviz.engine.replay import Replay
from mnistviz.engine.trials import RecordedRun

NEAR: Final = 300
"""Of a run, so many parts lie near each other: about what a hand points at in a plot."""


def near(step: int, end: int) -> tuple[int, int]:
    """From which step to which the mini-batches of a run of `end` mini-batches lie near that of a step."""
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
    """The step k, begin ≤ k < end, whose update k + 1 has the mini-batch that costs most before it, the first of equal
    ones. Costs that are no numbers count as the most.

    `progress` is told how many mini-batches of the replay are done, of how many. None once `cancelled()`. ValueError
    beyond the record, or where there is nothing between the two.
    """
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
