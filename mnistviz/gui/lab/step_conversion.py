"""Steps of a run as digits that it had seen by then, and the other way round: exact, from what was done to it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from mnistviz.engine.acts import Changed
from mnistviz.engine.trainer import Cursor
from mnistviz.gui.lab.shown import RunFacts


def digits_at(run: RunFacts, step: int) -> int:
    """How many digits a run had seen after so many mini-batches."""
    stretches = list(_stretches(run))
    begin, digits, size = stretches[bisect_right(stretches, step, key=lambda stretch: stretch[0]) - 1]
    cursor = Cursor(*divmod(digits, run.epoch)).after(step - begin, size, run.epoch)
    return cursor.epoch * run.epoch + cursor.consumed


def step_at(run: RunFacts, digits: int) -> int:
    """After how many mini-batches a run had seen so many digits, or the last ones fewer."""
    stretches = list(_stretches(run))
    at = max(0, bisect_right(stretches, digits, key=lambda stretch: stretch[1]) - 1)
    begin, before, size = stretches[at]
    (epoch, consumed), (its_epoch, its_consumed) = (
        divmod(max(digits, 0), run.epoch),
        divmod(before, run.epoch),
    )
    if epoch == its_epoch:
        return begin + (consumed - its_consumed) // size
    to_end, whole = -(-(run.epoch - its_consumed) // size), -(-run.epoch // size)
    return begin + to_end + (epoch - its_epoch - 1) * whole + consumed // size


def nearest_step(run: RunFacts, digits: int) -> int:
    """The step of a run whose digits are nearest to so many: of one that it has made."""
    before = min(max(0, step_at(run, max(0, digits))), run.step)
    after = min(before + 1, run.step)
    return min((before, after), key=lambda step: abs(digits_at(run, step) - digits))


def _stretches(run: RunFacts) -> Iterator[tuple[int, int, int]]:
    """From which step and digits on mini-batches had how many digits."""
    size = run.settings.mini_batch_size
    yield 0, 0, size
    for act in run.history.interventions:
        if isinstance(act, Changed):
            for name, _, new in act.changes:
                if name == "mini_batch_size" and isinstance(new, int):
                    yield act.step, act.digits, new
