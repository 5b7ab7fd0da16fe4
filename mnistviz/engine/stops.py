"""The point at which a run pauses by itself: after mini-batches, at the end of an epoch, or after samples."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from mnistviz.engine.commands import FinishEpoch, Step, StepDigits
from mnistviz.engine.trainer import Trainer


@dataclass(frozen=True)
class Stop:
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
        """Return the largest number of mini-batches until the stop."""
        if self.step is not None:
            return self.step - trainer.step_number
        if self.after is not None:
            return -((trainer.digits_consumed - self.after) // trainer.settings.mini_batch_size)
        return sys.maxsize

    def reached(self, trainer: Trainer) -> bool:
        """Return True if it is time to pause."""
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
            cursor = trainer.cursor.after(ahead, trainer.settings.mini_batch_size, count)
            return cursor.epoch * count + cursor.consumed
        return self.epoch * count if self.epoch is not None else self.after


NEVER = Stop()
