"""Pinned pictures: the outputs for them along a run, from its stored states."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np
from msgspec import Struct
from msgspec.structs import asdict
from numpy.typing import NDArray

from mnistviz.engine.acts import Nudged, puts_other_weights
from mnistviz.engine.digits import PIXELS, grey_values
from mnistviz.engine.functions import Bytes, Ints, Numbers, quietly
from mnistviz.engine.mistakes.stories import FineStretch
from mnistviz.engine.moment import Moment
from mnistviz.engine.recorder import Record
from mnistviz.engine.settings import MOST_CLASSES

MOST_PINS: Final = 8
MOST_LOOKS: Final = 8_192  # most evaluations of a story in a file


class Pin(Struct, frozen=True):
    """A pinned picture: its `pixels`, 784 bytes from 0 for paper to 255 for ink. A sample of a data set has a `label`,
    the checksum `data`, the set `set`, and the index `number`. A drawing has none of these."""

    pixels: bytes
    label: int | None = None
    data: str = ""
    set: str = ""
    number: int = 0

    @property
    def image(self) -> Bytes:
        """The picture, (784,)."""
        return np.frombuffer(self.pixels, np.uint8)


def pins_as_json(pins: Iterable[Pin]) -> list[dict[str, Any]]:
    return [{**asdict(pin), "pixels": base64.b64encode(pin.pixels).decode("ascii")} for pin in pins]


def pins_from_json(values: object) -> tuple[Pin, ...]:
    """Parse pins, at most `MOST_PINS`; leave invalid ones out."""
    pins = [_pin_of(each) for each in (values if isinstance(values, list) else [])]
    return tuple(pin for pin in pins if pin is not None)[:MOST_PINS]


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
    """A change of prediction: from `before`, last evaluated after `last` mini-batches, to `after`, after `step`
    mini-batches and `digits` samples; −1 if the outputs are not finite."""

    step: int
    digits: int
    before: int
    after: int
    last: int


class PictureAlong(Struct, frozen=True, eq=False, dict=True):
    """Outputs for a picture at k steps: `steps` and `digits`, int64 (k,), ascending; `outputs`, float32 (k, K)."""

    steps: Ints
    digits: Ints
    outputs: NDArray[np.float32]

    @cached_property
    def verdicts(self) -> Ints:
        """Predictions, (k,); −1 where the outputs are not finite."""
        finite = np.isfinite(self.outputs).all(axis=1)
        return np.where(finite, self.outputs.argmax(axis=1), -1).astype(np.int64)

    @cached_property
    def starts(self) -> Numbers:
        """Indices at which a prediction began; the first one is 0."""
        return np.concatenate(([0], np.flatnonzero(np.diff(self.verdicts)) + 1)).astype(np.intp)

    @cached_property
    def changes(self) -> tuple[VerdictChange, ...]:
        steps, verdicts, at = self.steps, self.verdicts, self.starts[1:]
        parts = steps[at], self.digits[at], verdicts[at - 1], verdicts[at], steps[at - 1]
        return tuple(VerdictChange(*each) for each in np.stack(parts, axis=1).tolist())

    @cached_property
    def stretches(self) -> tuple[tuple[int, int], ...]:
        """Stretches in which every mini-batch was evaluated: their first and last number of samples."""
        apart = np.concatenate(([0], np.diff(self.steps), [0])) == 1
        begins, ends = np.flatnonzero(~apart[:-1] & apart[1:]), np.flatnonzero(apart[:-1] & ~apart[1:])
        return tuple(
            (int(self.digits[begin]), int(self.digits[end]))
            for begin, end in zip(begins, ends, strict=True)
            if end > begin + 1  # two single evaluations may be consecutive by coincidence
        )

    def with_looks(self, steps: Ints, digits: Ints, outputs: NDArray[np.float32]) -> PictureAlong:
        """Return the record with more evaluations; existing ones at the same steps stay."""
        steps, first = np.unique(np.concatenate((self.steps, steps)), return_index=True)
        digits = np.concatenate((self.digits, digits))[first]
        return PictureAlong(steps, digits, np.concatenate((self.outputs, outputs))[first])

    def with_stretch(self, fine: FineStretch) -> PictureAlong:
        return self.with_looks(fine.steps, fine.digits, fine.outputs)

    def until(self, step: int) -> PictureAlong:
        """Return the evaluations before a step. Those at the last step of a run may change until it goes on."""
        end = int(np.searchsorted(self.steps, step))
        return PictureAlong(self.steps[:end], self.digits[:end], self.outputs[:end])

    def shortened(self, most: int) -> PictureAlong:
        """Return at most `most` of the evaluations, preferring those on both sides of a change."""
        if (count := len(self.steps)) <= most:
            return self
        beside = np.union1d(self.starts, np.maximum(self.starts - 1, 0))[:most]
        chosen = np.union1d(beside, np.linspace(0, count - 1, most - len(beside)).astype(np.intp))
        return PictureAlong(self.steps[chosen], self.digits[chosen], self.outputs[chosen])


class PinStory(Struct, frozen=True, eq=False):
    """A run's outputs for the picture `pixels`, stored with it, since it discards the states that gave them."""

    pixels: bytes
    along: PictureAlong


def joined_stories(before: Sequence[PinStory], newest: Sequence[PinStory]) -> tuple[PinStory, ...]:
    """Return the stories of a run, at most `MOST_PINS`: the `newest`, then others from `before`, whose pictures
    may be pinned again. A story without new evaluations stays the same object."""
    known = {story.pixels: story for story in before}
    newer = {
        story.pixels: story
        for story in newest
        if story.pixels not in known or len(known[story.pixels].along.steps) != len(story.along.steps)
    }
    order = dict.fromkeys((*(story.pixels for story in newest), *known))
    return tuple((known | newer)[pixels] for pixels in order)[:MOST_PINS]


@quietly
def outputs_along(
    record: Record,
    now: Moment,
    training_digits: int,
    images: Sequence[Bytes],
    before: Sequence[PictureAlong | None] = (),
) -> tuple[PictureAlong, ...]:
    """Return the outputs of each stored state of a run, and of `now`, for each of p pictures, (784,).

    An epoch of the run has `training_digits`. `before` has earlier results for each picture in the same run: they are
    not recomputed, and stay even if their states were discarded. Outputs are exact to a few units in the last place,
    since all pictures are computed at once.
    """
    x = np.stack([grey_values(image) for image in images])
    nothing = PictureAlong(
        np.empty(0, np.int64), np.empty(0, np.int64), np.empty((0, now.network.sizes[-1]), np.float32)
    )
    known = [(each or nothing).until(now.step) for each in before or [None] * len(images)]
    acts_at_start = (act for act in record.acts if act.step == record.start.step)
    moved = any(isinstance(act, Nudged) or puts_other_weights(act) for act in acts_at_start)
    states = {} if moved else {record.start.step: record.start}
    states |= {state.step: state for state in record.snapshots}
    steps = np.array(sorted(step for step in states if step < now.step), np.int64)
    digits = np.array([states[step].cursor.digits(training_digits) for step in steps.tolist()], np.int64)
    lacks = np.array([~np.isin(steps, each.steps) for each in known])
    outputs = np.empty((len(steps), len(images), now.network.sizes[-1]), np.float32)
    network = now.network.copy()
    for at in np.flatnonzero(lacks.any(axis=0)).tolist():
        network.parameters[...] = states[int(steps[at])].parameters
        outputs[at] = network.feedforward(x)
    last = now.network.feedforward(x)
    return tuple(
        each.with_looks(
            np.append(steps[lack], now.step),
            np.append(digits[lack], now.digits),
            np.concatenate((outputs[lack, number], last[number : number + 1])),
        )
        for number, (each, lack) in enumerate(zip(known, lacks, strict=True))
    )
