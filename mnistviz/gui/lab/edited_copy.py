"""Weights edited by hand, at first on a copy of the network: its effect is shown and counted, the run is unchanged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import islice

import numpy as np
from msgspec import field
from msgspec.structs import replace

from mnistviz.engine.acts import (
    BIAS,
    MOST_PLACES,
    ByHand,
    Edited,
    Frozen,
    Intervention,
    Taught,
    WeightEdit,
    check_fits,
)
from mnistviz.engine.digits import LabelledDigits
from mnistviz.engine.microscope.edit_effect import TaughtCopy, edited, taught
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network, Unit
from mnistviz.gui.lab.preview import Preview

WeightPlace = tuple[int, int]  # row and column in the weights of a layer; column −1 is the bias


class EditedCopy(Preview, frozen=True, eq=False, dict=True):
    """A copy of the network `of` a checkpoint, edited by hand without effect on the run. First come the `lessons`,
    which change the network into `base`, then the `weights` that were set, by layer and place, and the units that are
    `frozen` now, or are not any more."""

    base: Network
    lessons: tuple[ByHand, ...] = ()
    weights: Mapping[int, Mapping[WeightPlace, float]] = field(default_factory=dict)
    frozen: Mapping[Unit, bool] = field(default_factory=dict)

    @classmethod
    def begin(cls, of: Moment) -> EditedCopy:
        return cls(of, of.network)

    @cached_property
    def edits(self) -> tuple[WeightEdit, ...]:
        edits = []
        for layer, values in self.weights.items():
            left = iter(values.items())
            while some := tuple(islice(left, MOST_PLACES)):
                places, numbers = zip(*some, strict=True)
                edits.append(WeightEdit(layer, places, numbers))
        return tuple(edits)

    @cached_property
    def network(self) -> Network:
        return edited(self.base, self.edits) if self.weights else self.base

    @property
    def acts(self) -> tuple[ByHand, ...]:
        """What does the same to the run; empty if nothing is changed."""
        edits = (Edited(self.of.step, self.of.digits, edit) for edit in self.edits)
        frozen = (Frozen(self.of.step, self.of.digits, unit, on) for unit, on in self.frozen.items())
        return (*self.lessons, *edits, *frozen)

    @classmethod
    def from_acts(cls, of: Moment, acts: Iterable[Intervention], training: LabelledDigits) -> EditedCopy:
        """Return the copy of a checkpoint after these acts, for a run that trains on these digits. Raises ValueError or
        `Problem` for an act that is no edit of this copy."""
        copy = cls.begin(of)
        for act in acts:
            check_fits(act, of.settings)
            match act:
                case Edited(edit=edit) if act.step == of.step:
                    copy = copy.with_edit(edit)
                case Frozen() if act.step == of.step:
                    copy = copy.with_frozen(act.unit, act.frozen)
                case Taught(lesson=lesson) if act.step == of.step:
                    copy = copy.with_lesson(taught(copy.network, lesson, training, copy.moment.frozen))
                case _:
                    raise ValueError("this was not done by hand, or not here")
        return copy

    @cached_property
    def moment(self) -> Moment:
        newer = {act.unit: act.frozen for act in self.acts if isinstance(act, Frozen)}
        are_frozen = dict.fromkeys(self.of.frozen, True) | newer
        frozen = tuple(sorted(unit for unit, is_on in are_frozen.items() if is_on))
        return replace(self.of, network=self.network, frozen=frozen, kind="copy")

    def with_edit(self, edit: WeightEdit) -> EditedCopy:
        values = dict(self.weights.get(edit.layer, {}))
        for place, value in zip(edit.places, edit.in_float32().values, strict=True):
            values[place] = value
            if value == weight_at(self.base, edit.layer, place):
                del values[place]
        weights = {**self.weights, edit.layer: values}
        return replace(self, weights={layer: each for layer, each in weights.items() if each})

    def with_frozen(self, unit: Unit, on: bool) -> EditedCopy:
        frozen = {each: is_on for each, is_on in self.frozen.items() if each != unit}
        lessons_alone = replace(self, weights={}, frozen={})
        if (unit in lessons_alone.moment.frozen) != on:
            frozen[unit] = on
        return replace(self, frozen=frozen)

    def with_lesson(self, copy: TaughtCopy) -> EditedCopy:
        """Return the copy after one more lesson, which has resulted in `copy`."""
        taught_here = Taught(self.of.step, self.of.digits, copy.lesson)
        return EditedCopy(self.of, copy.network, (*self.acts, taught_here))


def weight_at(network: Network, layer: int, place: WeightPlace) -> float:
    """Return a weight of a layer, or a bias, by its row and column, as `WeightEdit` has them."""
    row, column = place
    value = network.biases[layer - 1][row] if column == BIAS else network.weights[layer - 1][row, column]
    return float(str(np.float32(value))) + 0.0
