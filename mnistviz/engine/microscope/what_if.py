"""What weights set by hand, or a drawing that is taught, would do: on a copy of the network, the run is left alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.digits import DigitSet, LabelledDigits
from mnistviz.engine.evaluation import pieces
from mnistviz.engine.functions import quietly
from mnistviz.engine.hand_edits import WeightEdit, places_of
from mnistviz.engine.lessons import Lesson, teach
from mnistviz.engine.microscope.bookkeeping import changed_sides
from mnistviz.engine.network import Network, Unit


@dataclass(frozen=True, eq=False)
class Bill:
    """What two networks read of the digits of one set, n of them: `read_before` and `read_after`, uint8 (n,); the
    numbers of the digits that are `won` and `lost`, ascending, and how many were and are right."""

    read_before: NDArray[np.uint8]
    read_after: NDArray[np.uint8]
    won: NDArray[np.intp]
    lost: NDArray[np.intp]
    right_before: int
    right_after: int

    @property
    def of(self) -> int:
        """How many digits were read."""
        return len(self.read_before)


@dataclass(frozen=True, eq=False)
class TaughtCopy:
    """A copy of a network after a lesson: `lesson` has the steps that were taken, and the drawing `is_read` as its
    class now, or is not."""

    network: Network
    lesson: Lesson
    is_read: bool


def edited(network: Network, edits: Iterable[WeightEdit]) -> Network:
    """A copy of a network with weights set by hand. ValueError for what it lacks."""
    copy = network.copy()
    for edit in edits:
        edit.in_float32().apply(copy)
    return copy


def bill(
    before: Network,
    after: Network,
    digits: DigitSet,
    cancelled: Callable[[], bool] = lambda: False,
    progress: Callable[[int, int], object] = lambda done, of: None,
    *,
    read_before: NDArray[np.uint8] | None = None,
) -> Bill | None:
    """What it costs and brings to have one network in the place of another, on all of `digits`. What the first one
    reads need not be read again where it is known. `progress` is told how many digits are done, of how many; None once
    `cancelled()`."""
    networks = [after] if read_before is not None else [before, after]
    of, found = len(networks) * len(digits), list[NDArray[np.uint8]]()
    for number, network in enumerate(networks):
        parts: list[NDArray[np.uint8]] = []
        for piece in pieces(network, digits):
            if cancelled():
                return None
            parts.append(network.predictions(piece.images))
            progress(number * len(digits) + sum(map(len, parts)), of)
        found.append(np.concatenate(parts))
    first, last = found[0] if read_before is None else read_before, found[-1]
    labels = digits.labels
    right_before, right_after = (int(np.count_nonzero(read == labels)) for read in (first, last))
    return Bill(first, last, *changed_sides(first, last, labels), right_before, right_after)


@quietly
def taught(
    network: Network,
    lesson: Lesson,
    training: LabelledDigits,
    frozen: Iterable[Unit] = (),
    *,
    until_read: bool = False,
) -> TaughtCopy:
    """A copy of a network after a lesson, or, `until_read`, as soon as the drawing is read as its class: after no step
    where it is so already, and after those of the lesson at the most.

    `training` are the digits that the run trains on, and its `frozen` units don't learn. ValueError or `Problem` for
    what can't be taught.
    """
    lesson.check(network.sizes, len(training))
    copy, places = network.copy(), places_of(frozen, network.sizes)
    targets = np.eye(network.sizes[-1], dtype=network.dtype)
    steps = 0
    while steps < lesson.steps and not (until_read and reads(copy, lesson)):
        teach(copy, replace(lesson, steps=1), training, targets, places)
        steps += 1
    return TaughtCopy(copy, replace(lesson, steps=steps), reads(copy, lesson))


def reads(network: Network, lesson: Lesson) -> bool:
    """Whether a network reads the drawing of a lesson as its class."""
    return bool(network.predictions(lesson.image[np.newaxis])[0] == lesson.label)
