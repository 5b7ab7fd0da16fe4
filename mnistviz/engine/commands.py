"""Commands to a run, and the point at which it pauses by itself."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from mnistviz.engine.acts import ByHand
from mnistviz.engine.moment import Evaluation
from mnistviz.engine.trainer import Trainer, TrainerState


class Play(Struct, frozen=True):
    """Train until the next command."""


class Pause(Struct, frozen=True):
    """Stop before the next mini-batch, then evaluate all samples if `measure`."""

    measure: bool = True


class Step(Struct, frozen=True):
    """Train on so many more mini-batches, then pause; what is left of an earlier `Step` comes first."""

    mini_batches: int = 1


class FinishEpoch(Struct, frozen=True):
    """Train to the end of the epoch, then pause; sent again before that, of the next epoch."""


class SetSpeed(Struct, frozen=True):
    """Limit training to `rate` mini-batches a second; None is unlimited."""

    rate: float | None


class Change(Struct, frozen=True):
    """Change live settings by name from the next mini-batch on; `gesture` as in `Changed`."""

    values: dict[str, Any]
    gesture: int = 0


class RestoreBest(Struct, frozen=True):
    """Restore the weights with the highest validation accuracy at the end of an epoch, and apply `change`; does not
    pause. The current weights are evaluated first; if not worse, only call `stays` with that evaluation."""

    change: Change | None = None
    stays: Callable[[Evaluation], object] = lambda now: None


class Restore(Struct, frozen=True, eq=False):
    """Restore the weights of an earlier state of the run, as before any intervention at that step; does not pause."""

    state: TrainerState


class StepDigits(Struct, frozen=True):
    """Train on so many more samples and the rest of the last mini-batch, then pause; deduct what the previous command
    trained in excess. That is less than a mini-batch, or more if the run is `ahead` of the run it is compared with."""

    digits: int
    ahead: int = 0


class Nudge(Struct, frozen=True):
    """Change the last bit of a weight, to measure the sensitivity to rounding: that at `place` (a layer as in
    `Network.sizes`, row, column), or else the largest weight to an output."""

    place: tuple[int, int, int] | None = None


class Visit(Struct, frozen=True):
    """View step `step`; replaces earlier requests. In a `film`, view whatever step is reached within a frame."""

    step: int
    film: bool = False


class Leave(Struct, frozen=True):
    """Return from a viewed step to the present."""


class TakeBack(Struct, frozen=True):
    """Undo the last manual edit of weights exactly, if no mini-batch has followed; does not pause."""


OnWeights = RestoreBest | Restore | Nudge | TakeBack | ByHand
Command = Play | Pause | Step | FinishEpoch | SetSpeed | Change | StepDigits | OnWeights


class Stop(Struct, frozen=True):
    """A number of mini-batches, epochs or samples since the start of the run; without any, never."""

    step: int | None = None
    epoch: int | None = None
    after: int | None = None  # digits

    def then(self, command: Step | FinishEpoch | StepDigits, trainer: Trainer, *, playing: bool) -> Stop:
        """Return the next stop: a request before the last one is reached is added to it."""
        match command:
            case Step(mini_batches):
                begin = self.step if playing else None
                return Stop(step=(trainer.step_number if begin is None else begin) + mini_batches)
            case FinishEpoch():
                begin = self.epoch if playing else None
                return Stop(epoch=(trainer.epoch if begin is None else begin) + 1)
            case StepDigits(digits):
                now, size = trainer.digits_consumed, trainer.settings.mini_batch_size
                most = max(size - 1, command.ahead)
                owed = self.after is not None and (playing or now - most <= self.after <= now)
                return Stop(after=(self.after if owed and self.after is not None else now) + digits)

    def limit(self, trainer: Trainer) -> int:
        if self.step is not None:
            return self.step - trainer.step_number
        if self.after is not None:
            return -((trainer.digits_consumed - self.after) // trainer.settings.mini_batch_size)
        return sys.maxsize

    def reached(self, trainer: Trainer) -> bool:
        return (
            trainer.step_number == self.step
            or trainer.epoch == self.epoch
            or (self.after is not None and trainer.digits_consumed >= self.after)
        )

    def digits(self, trainer: Trainer) -> int | None:
        """Return the number of samples at the stop, or None for never."""
        count = len(trainer.training)
        if self.step is not None:
            ahead = self.step - trainer.step_number
            return trainer.cursor.after(ahead, trainer.settings.mini_batch_size, count).digits(count)
        return self.epoch * count if self.epoch is not None else self.after


NEVER = Stop()
