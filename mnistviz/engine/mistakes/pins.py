"""Pinned drawings and digits: what the networks of a whole run answer to them, from the states that it has kept."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.acts import Nudged, puts_other_weights
from mnistviz.engine.digits import PIXELS, grey_values
from mnistviz.engine.functions import quietly
from mnistviz.engine.mistakes.stories import FineStretch
from mnistviz.engine.moment import Moment
from mnistviz.engine.recorder import Record
from mnistviz.engine.settings import MOST_CLASSES

MOST_PINS: Final = 8


@dataclass(frozen=True)
class Pin:
    """A picture that is followed: its `pixels`, 784 bytes from 0 for paper to 255 for ink.

    A digit of a data set has a `label`, and says which it is: of the data with the checksum `data`, the set `set`, the
    `number`. A drawing has none of it.
    """

    pixels: bytes
    label: int | None = None
    data: str = ""
    set: str = ""
    number: int = 0

    @property
    def image(self) -> NDArray[np.uint8]:
        """The picture, (784,)."""
        return np.frombuffer(self.pixels, np.uint8)


def pins_as_json(pins: Iterable[Pin]) -> list[dict[str, Any]]:
    """Pins in values that JSON can hold."""
    return [{**asdict(pin), "pixels": base64.b64encode(pin.pixels).decode("ascii")} for pin in pins]


def pins_from_json(values: object) -> tuple[Pin, ...]:
    """The pins, as many as there may be; what makes no sense is left out."""
    found = [_pin_of(each) for each in (values if isinstance(values, list) else [])]
    return tuple(pin for pin in found if pin is not None)[:MOST_PINS]


def _pin_of(values: object) -> Pin | None:
    match values:
        case {"pixels": str(text), "label": None | int() as label, "data": str(data), "set": str(set_name),
              "number": int(number)}:  # fmt: skip
            try:
                pixels = base64.b64decode(text, validate=True)
            except (binascii.Error, ValueError):
                return None
            fits = label is None or 0 <= label < MOST_CLASSES
            if len(pixels) == PIXELS and fits and number >= 0:
                return Pin(pixels, label, data, set_name, number)
    return None


class VerdictChange(NamedTuple):
    """A picture was read as `before` at one look, after `last` mini-batches, and as `after` at the next, after `step`
    mini-batches and `digits` digits; as −1 where the outputs are no finite numbers."""

    step: int
    digits: int
    before: int
    after: int
    last: int


@dataclass(frozen=True, eq=False)
class PictureAlong:
    """What the networks of k steps of a run answer to one picture: `steps` and `digits`, int64 (k,), ascending, and
    `outputs`, float32 (k, K)."""

    steps: NDArray[np.int64]
    digits: NDArray[np.int64]
    outputs: NDArray[np.float32]

    @cached_property
    def verdicts(self) -> NDArray[np.int64]:
        """The class with the largest output, (k,); −1 where the outputs are no finite numbers."""
        finite = np.isfinite(self.outputs).all(axis=1)
        return np.where(finite, self.outputs.argmax(axis=1), -1).astype(np.int64)

    @cached_property
    def starts(self) -> NDArray[np.intp]:
        """The numbers of the looks with which a verdict began; the first one is 0."""
        return np.concatenate(([0], np.flatnonzero(np.diff(self.verdicts)) + 1)).astype(np.intp)

    @cached_property
    def changes(self) -> tuple[VerdictChange, ...]:
        """Where the verdict became another."""
        steps, digits, read = self.steps, self.digits, self.verdicts
        return tuple(
            VerdictChange(
                int(steps[at]), int(digits[at]), int(read[at - 1]), int(read[at]), int(steps[at - 1])
            )
            for at in self.starts[1:]
        )

    def with_stretch(self, fine: FineStretch) -> PictureAlong:
        """The same with a stretch in which each mini-batch was looked at."""
        steps, first = np.unique(np.concatenate((self.steps, fine.steps)), return_index=True)
        digits = np.concatenate((self.digits, fine.digits))[first]
        return PictureAlong(steps, digits, np.concatenate((self.outputs, fine.outputs))[first])


@dataclass(frozen=True, eq=False)
class OutputsAlong:
    """What the networks of k steps of a run answer to p pictures: `steps` and `digits`, int64 (k,), ascending, and
    `outputs`, float32 (k, p, K). The first `settled` steps can't become others any more."""

    steps: NDArray[np.int64]
    digits: NDArray[np.int64]
    outputs: NDArray[np.float32]
    settled: int

    def picture(self, number: int) -> PictureAlong:
        """What they answer to one of the pictures."""
        return PictureAlong(self.steps, self.digits, self.outputs[:, number])


@quietly
def outputs_along(
    record: Record,
    now: Moment,
    training_digits: int,
    images: Sequence[NDArray[np.uint8]],
    before: OutputsAlong | None = None,
) -> OutputsAlong:
    """What the network of each kept state of a run, and that of `now`, answers to p pictures, (784,) each.

    An epoch of the run has `training_digits`. `before` is what this function has found for the same pictures and the
    same run earlier: steps that it knows and that are kept still are not computed again. Each answer is the network's
    own to a few units in the last place: all pictures go through it at once.
    """
    x = np.stack([grey_values(image) for image in images])
    known = (
        {}
        if before is None
        else dict(zip(before.steps[: before.settled].tolist(), before.outputs, strict=False))
    )
    acts_at_start = (act for act in record.acts if act.step == record.start.step)
    moved = any(isinstance(act, Nudged) or puts_other_weights(act) for act in acts_at_start)
    states = {} if moved else {record.start.step: record.start}
    states |= {state.step: state for state in record.snapshots if state.step <= now.step}
    states.pop(now.step, None)
    steps = sorted(states)
    outputs = np.empty((len(steps) + 1, len(images), now.network.sizes[-1]), np.float32)
    network = now.network.copy()
    for at, step in enumerate(steps):
        row = known.get(step)
        if row is None:
            network.parameters[...] = states[step].parameters
            row = network.feedforward(x)
        outputs[at] = row
    outputs[-1] = now.network.feedforward(x)
    digits = [states[step].cursor.digits(training_digits) for step in steps]
    return OutputsAlong(
        np.array([*steps, now.step], np.int64), np.array([*digits, now.digits], np.int64), outputs, len(steps)
    )
