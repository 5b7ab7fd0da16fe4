"""Conversion between steps of a run and samples consumed, by its mini-batch sizes.

`segments` are those of its record, and `epoch` is how many digits an epoch has.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from mnistviz.engine.trainer import Cursor


@dataclass(frozen=True)
class BatchSizeSegment:
    """Mini-batches from `step` on, where the run was at `cursor`, have `size` samples, in this `order`."""

    step: int
    cursor: Cursor
    size: int
    order: str = "shuffled"


def segment_at(segments: Sequence[BatchSizeSegment], step: int) -> BatchSizeSegment:
    """Return the segment of the mini-batch after `step` others."""
    return segments[bisect_right(segments, step, key=lambda segment: segment.step) - 1]


def cursor_at(segments: Sequence[BatchSizeSegment], step: int, epoch: int) -> Cursor:
    """Return the position of a run after so many mini-batches."""
    segment = segment_at(segments, step)
    return segment.cursor.after(step - segment.step, segment.size, epoch)


def step_at(segments: Sequence[BatchSizeSegment], digits: int, epoch: int) -> int:
    """Return the number of mini-batches at which a run had consumed so many samples, rounded down."""
    goal = Cursor(*divmod(max(digits, 0), epoch))
    segment = segments[max(0, bisect_right(segments, goal, key=lambda segment: segment.cursor) - 1)]
    begin, size = segment.cursor, segment.size
    if goal.epoch == begin.epoch:
        return segment.step + (goal.consumed - begin.consumed) // size
    to_end, whole = -(-(epoch - begin.consumed) // size), -(-epoch // size)
    return segment.step + to_end + (goal.epoch - begin.epoch - 1) * whole + goal.consumed // size
