"""Weights by hand, at first on a copy of the network: what it would do is shown and counted, the run is left alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import cast

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.cancelling import Cancelled
from mnistviz.engine.commands import Edit
from mnistviz.engine.digits import Digits
from mnistviz.engine.hand_edits import BIAS, WeightEdit
from mnistviz.engine.microscope.what_if import Bill, bill, edited
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network
from mnistviz.gui.lab.questions import Progress, Questions
from mnistviz.gui.lab.stand_in import StandIn

HandCommand = Edit


@dataclass(frozen=True, eq=False)
class WhatIf(StandIn):
    """A copy of the network `of` a moment after some commands, none of which the run has had."""

    commands: tuple[HandCommand, ...]
    network: Network

    @cached_property
    def moment(self) -> Moment:
        """The copy as a moment that can be drawn on."""
        return replace(self.of, network=self.network, kind="copy")


def with_edit(of: Moment, before: WhatIf | None, edit: WeightEdit) -> WhatIf | None:
    """What there is to try after one more edit; None where all weights are those of the run again. Edits of one layer
    are one."""
    edits = {} if before is None else {each.edit.layer: each.edit for each in before.commands}
    earlier = edits.pop(edit.layer, None)
    values = {} if earlier is None else dict(zip(earlier.places, earlier.values, strict=True))
    values.update(zip(edit.places, edit.in_float32().values, strict=True))
    left = {
        place: value for place, value in values.items() if value != weight_at(of.network, edit.layer, place)
    }
    if left:
        edits[edit.layer] = WeightEdit(edit.layer, tuple(left), tuple(left.values()))
    if not edits:
        return None
    return WhatIf(of, tuple(map(Edit, edits.values())), edited(of.network, edits.values()))


def weight_at(network: Network, layer: int, place: tuple[int, int]) -> float:
    """A weight of a layer, 0 the first after the input, or a bias, by its row and column, as `WeightEdit` has them."""
    row, column = place
    found = network.biases[layer][row] if column == BIAS else network.weights[layer][row, column]
    return float(str(np.float32(found))) + 0.0


class WhatIfQuestions:
    """Asks in the name of views. Of each key the newest question counts; `withdraw` takes one back, and then nothing is
    called any more."""

    def __init__(self, questions: Questions, digits: Callable[[], Digits | None]) -> None:
        self._questions, self._digits = questions, digits

    def withdraw(self, key: str) -> None:
        """Takes a question back."""
        self._questions.jobs.withdraw(key)

    def is_open(self, key: str) -> bool:
        """Whether something is still to be called."""
        return self._questions.jobs.is_open(key)

    def bill(
        self,
        key: str,
        what_if: WhatIf,
        read_before: NDArray[np.uint8] | None,
        then: Callable[[Bill], object],
        failed: Callable[[Exception], object],
        progress: Progress | None = None,
    ) -> None:
        """What the copy reads of all test digits, beside the network of the run: see `bill`. What that one reads may
        be known. Progress counts digits."""
        digits = self._digits()
        assert digits is not None
        test, before, after = digits.test, what_if.of.network, what_if.network

        def work(cancelled: Cancelled, tell: Progress) -> Bill:
            return cast(Bill, bill(before, after, test, cancelled, tell, read_before=read_before))

        self._questions.ask(key, work, then, failed, progress)
