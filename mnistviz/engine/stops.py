"""Where a run is to pause of itself, as it was asked: after mini-batches, at the end of an epoch, or after digits."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from mnistviz.engine.commands import FinishEpoch, Step, StepDigits
from mnistviz.engine.trainer import Trainer


@dataclass(frozen=True)
class Stop:
    """After so many mini-batches, epochs or digits since the start of the run; None of them is never."""

    step: int | None = None
    epoch: int | None = None
    after: int | None = None  # digits

    def then(self, command: Step | FinishEpoch | StepDigits, trainer: Trainer, *, playing: bool) -> Stop:
        """The next stop: what is asked for while the last is still to come comes on top."""
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
        """How many mini-batches it is at the most until then."""
        if self.step is not None:
            return self.step - trainer.step_number
        if self.after is not None:
            return -((trainer.digits_consumed - self.after) // trainer.settings.mini_batch_size)
        return sys.maxsize

    def reached(self, trainer: Trainer) -> bool:
        """Whether it is time to pause."""
        return (
            trainer.step_number == self.step
            or trainer.epoch == self.epoch
            or (self.after is not None and trainer.digits_consumed >= self.after)
        )

    def digits(self, trainer: Trainer) -> int | None:
        """After how many digits that will be; None is never."""
        count = len(trainer.training)
        if self.step is not None:
            ahead = self.step - trainer.step_number
            cursor = trainer.cursor.after(ahead, trainer.settings.mini_batch_size, count)
            return cursor.epoch * count + cursor.consumed
        return self.epoch * count if self.epoch is not None else self.after


NEVER = Stop()
