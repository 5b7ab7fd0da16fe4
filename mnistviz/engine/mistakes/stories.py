"""Learning of single samples: predictions along a run, and how all samples of a set fared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from mnistviz.engine.cancelling import Cancelled, Counted, check, never, unheard
from mnistviz.engine.digits import LabelledDigits, grey_values
from mnistviz.engine.functions import Bools, Bytes, Floats, Ints, Numbers, quietly
from mnistviz.engine.moment import Reading
from mnistviz.engine.replay import Replay
from mnistviz.engine.trials import RecordedRun

LearningGroup = Literal["always", "late", "relearned", "lost", "never"]
LEARNING_GROUPS: Final[tuple[LearningGroup, ...]] = ("always", "late", "relearned", "lost", "never")


class StoryFacts(Struct, frozen=True):
    """Summary of the marks of a story after the first mini-batch: predictions before that are chance. Places are
    (mini-batches, samples) of marks.

    `first_right` is the first correct mark, or None. The sample was `lost` so many times: correct at a mark and wrong
    at the next. It is `right` at the last mark, or wrong, and has been so `since` a mark.
    """

    first_right: tuple[int, int] | None
    lost: int
    right: bool
    since: tuple[int, int]


class Story(Struct, frozen=True, eq=False):
    """Predictions for one sample, with this `label`, along a run: k marks, one per evaluation. `steps` and `digits`,
    int64 (k,), are mini-batches and samples since the start, ascending; `read`, uint8 (k,), the predictions."""

    label: int
    steps: Ints
    digits: Ints
    read: Bytes

    @property
    def right(self) -> Bools:
        """Correct marks, (k,)."""
        return np.asarray(self.read == self.label)

    @property
    def spacing(self) -> Ints:
        """Mini-batches between each mark and the next, (k − 1,): 1 where every one was evaluated."""
        return np.diff(self.steps)

    @property
    def facts(self) -> StoryFacts | None:
        """Summary of the marks; None if the only one is before training."""
        begin = int(np.count_nonzero(self.steps == 0))
        right = self.right[begin:]
        if not len(right):
            return None
        first = int(right.argmax())
        turns = np.flatnonzero(right[1:] != right[:-1]) + 1
        return StoryFacts(
            self._place(begin + first) if right[first] else None,
            int(np.count_nonzero(right[:-1] & ~right[1:])),
            bool(right[-1]),
            self._place(begin + (int(turns[-1]) if len(turns) else 0)),
        )

    def with_stretch(self, stretch: FineStretch) -> Story:
        """Return the story with every mini-batch of a stretch; existing marks at the same steps stay."""
        steps = np.concatenate((self.steps, stretch.steps))
        _, first = np.unique(steps, return_index=True)
        digits = np.concatenate((self.digits, stretch.digits))[first]
        read = np.concatenate((self.read, stretch.read))[first]
        return replace(self, steps=steps[first], digits=digits, read=read)

    def _place(self, at: int) -> tuple[int, int]:
        return int(self.steps[at]), int(self.digits[at])


def story_of(readings: Sequence[Reading], number: int, label: int) -> Story:
    """Return the story of sample `number` of a set, with this `label`, from the stored readings of that set."""
    return Story(
        label,
        np.array([each.step for each in readings], np.int64),
        np.array([each.digits for each in readings], np.int64),
        np.array([each.predictions[number] for each in readings], np.uint8),
    )


class LearningMap(Struct, frozen=True, eq=False):
    """Learning of each of the n samples of a set over all `measurements` after the first mini-batch.

    `shares`, float64 (n,), is the share of evaluations at which it was correct; `lost`, int64 (n,), how often it was
    correct and wrong at the next; `groups`, uint8 (n,), the index of its group in `LEARNING_GROUPS`:

    - always: correct at each evaluation;
    - late: wrong at first, then correct, and never lost;
    - relearned: lost at least once, and correct at the last evaluation;
    - lost: correct before, and wrong at the last evaluation;
    - never: correct at no evaluation.

    Each sample is in one of them. Without any evaluation, all have a share of NaN and are in "never".
    """

    measurements: int
    shares: Floats
    lost: Ints
    groups: Bytes

    def numbers(self, group: LearningGroup) -> Numbers:
        """Return the indices of the samples in a group, ascending."""
        return np.flatnonzero(self.groups == LEARNING_GROUPS.index(group))

    @property
    def counts(self) -> dict[LearningGroup, int]:
        counts = np.bincount(self.groups, minlength=len(LEARNING_GROUPS))
        return {group: int(counts[number]) for number, group in enumerate(LEARNING_GROUPS)}


def learning_map(readings: Sequence[Reading], digits: LabelledDigits) -> LearningMap:
    """Return the map of all samples of a set from its stored readings, without that before training."""
    readings = [each for each in readings if each.step > 0]
    n, k = len(digits), len(readings)
    times, lost = np.zeros(n, np.int64), np.zeros(n, np.int64)
    last = np.zeros(n, np.bool_)
    for each in readings:
        right = each.predictions == digits.labels
        times += right
        lost += last & ~right
        last = right
    # numbers in LEARNING_GROUPS
    groups = np.select([times == 0, times == k, ~last, lost > 0], [4, 0, 3, 2], default=1)
    shares = times / k if k else np.full(n, np.nan)
    return LearningMap(k, shares, lost, groups.astype(np.uint8))


class FineStretch(Struct, frozen=True, eq=False):
    """One sample at m consecutive steps of a run: `steps` and `digits`, int64 (m,), the `outputs`, float32 (m, K), and
    the predictions `read`, uint8 (m,)."""

    steps: Ints
    digits: Ints
    outputs: NDArray[np.float32]

    @property
    def read(self) -> Bytes:
        return np.asarray(self.outputs.argmax(axis=1).astype(np.uint8))


@quietly
def look_finer(
    run: RecordedRun,
    image: Bytes,
    begin: int,
    end: int,
    cancelled: Cancelled = never,
    progress: Counted = unheard,
) -> FineStretch:
    """Return the outputs of each step from `begin` to `end` for an image, (784,): replayed from the record, exact.

    State k is that after everything done at step k, as always. `progress` receives the mini-batches done and their
    total. Raise `Withdrawn` once `cancelled()`, ValueError for steps that can't be replayed.
    """
    if not run.record.start.step <= begin <= end:
        raise ValueError(f"from {begin} to {end} there is nothing to replay")
    trainer, x = run.trainer(), grey_values(image)
    replay = Replay(run.record, trainer, end, costs_from=begin)
    count = end - begin + 1
    digits = np.empty(count, np.int64)
    outputs = np.empty((count, trainer.network.sizes[-1]), np.float32)
    arrived = False
    while not arrived:
        check(cancelled)
        arrived = replay.advance()
        at = trainer.step_number - begin
        if replay.on_last_leg and at >= 0:
            digits[at], outputs[at] = trainer.digits_consumed, trainer.network.feedforward(x)
        progress(replay.done, replay.of)
    return FineStretch(np.arange(begin, end + 1), digits, outputs)


def lead_of(outputs: NDArray[np.float32], label: int) -> NDArray[np.float32]:
    """Return the output of class `label` minus the largest other one, for outputs (…, K): (…)."""
    return np.asarray(outputs[..., label] - np.delete(outputs, label, axis=-1).max(axis=-1))
