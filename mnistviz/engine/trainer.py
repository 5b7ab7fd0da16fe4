"""Mini-batch stochastic gradient descent, one `step()` at a time. It knows neither screen nor thread."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from mnistviz.engine.chance import order_of_epoch
from mnistviz.engine.digits import DigitSet, grey_values
from mnistviz.engine.functions import COSTS, Array
from mnistviz.engine.network import Network, Workspace
from mnistviz.engine.settings import LIVE_FIELDS, Settings

GATHER = 500  # digits: shuffled and widened together, for one mini-batch at a time costs more


@dataclass(frozen=True)
class Cursor:
    """Where a run stands: epochs completed, and digits consumed of the next."""

    epoch: int
    consumed: int

    def after(self, mini_batches: int, size: int, count: int) -> Cursor:
        """The cursor `mini_batches` later, with `size` digits in each and `count` in an epoch.

        The last mini-batch of an epoch is short where `size` does not divide what is left.
        """
        to_end = -(-(count - self.consumed) // size)
        if mini_batches < to_end:
            return Cursor(self.epoch, self.consumed + mini_batches * size)
        epochs, rest = divmod(mini_batches - to_end, -(-count // size))
        return Cursor(self.epoch + 1 + epochs, rest * size)


@dataclass(frozen=True)
class TrainerState:
    """The whole state of a trainer: from it training goes on as if it had never stopped."""

    settings: Settings
    step: int
    cursor: Cursor
    weights: tuple[Array, ...]
    biases: tuple[Array, ...]

    @property
    def nbytes(self) -> int:
        return sum(array.nbytes for array in self.weights + self.biases)


class Trainer:
    """Trains `network`, in place, on `training` as `settings` say.

    State k is the network after k mini-batches, and cost k is measured before update k.
    """

    def __init__(self, network: Network, settings: Settings, training: DigitSet) -> None:
        # On layers of this size a second BLAS thread makes training slower, and a fixed number
        # of threads makes it repeatable.
        threadpool_limits(limits=1, user_api="blas")
        self.network = network
        self.settings = settings
        self.training = training
        self.step_number = 0
        self.cursor = Cursor(0, 0)
        self._targets = np.eye(network.sizes[-1], dtype=network.dtype)
        self._workspaces: dict[int, Workspace] = {}
        self._order_epoch = -1
        self._order: NDArray[np.intp]
        self._at = 0  # how much of the gathered block is used up
        self._forget_block()

    @property
    def epoch(self) -> int:
        """Passes completed."""
        return self.cursor.epoch

    @property
    def digits_consumed(self) -> int:
        """Digits consumed since the start of the run."""
        return self.cursor.epoch * len(self.training) + self.cursor.consumed

    def step(self) -> float:
        """Trains on the next mini-batch and returns its cost, measured before the update."""
        x, y = self._next_mini_batch()
        work = self._workspaces.get(len(x)) or self._new_workspace(len(x))
        nabla_b, nabla_w = self.network.backprop(x, y, work, scale=self.settings.eta)
        for parameter, gradient in zip(self.network.weights, nabla_w, strict=True):
            parameter -= gradient
        for parameter, gradient in zip(self.network.biases, nabla_b, strict=True):
            parameter -= gradient
        self.step_number += 1
        return COSTS[self.network.cost].value(work.activations[-1], y.T)

    def change(self, settings: Settings) -> None:
        """Takes new values of the live settings; they act on the next mini-batch."""
        if any(
            getattr(settings, field) != getattr(self.settings, field)
            for field in settings.__dataclass_fields__
            if field not in LIVE_FIELDS
        ):
            raise ValueError("only live settings may change in mid-run")
        self.settings = settings
        self._workspaces.clear()
        self._forget_block()

    def state(self) -> TrainerState:
        """A copy of everything that the rest of the run depends on."""
        return TrainerState(
            self.settings,
            self.step_number,
            self.cursor,
            tuple(w.copy() for w in self.network.weights),
            tuple(b.copy() for b in self.network.biases),
        )

    def restore(self, state: TrainerState) -> None:
        """Puts the trainer back into `state`."""
        self.settings = state.settings
        self.step_number = state.step
        self.cursor = state.cursor
        self.network.weights = [w.copy() for w in state.weights]
        self.network.biases = [b.copy() for b in state.biases]
        self._workspaces.clear()
        self._forget_block()

    def _next_mini_batch(self) -> tuple[Array, Array]:
        if self._at == len(self._x):
            self._gather()
        start, stop = self._at, min(self._at + self.settings.mini_batch_size, len(self._x))
        self._at = stop
        consumed = self.cursor.consumed + stop - start
        done = consumed == len(self.training)
        self.cursor = Cursor(self.cursor.epoch + done, 0 if done else consumed)
        return self._x[start:stop], self._y[start:stop]

    def _gather(self) -> None:
        """The grey values and targets of the next mini-batches, as many whole ones as fit `GATHER` digits."""
        if self._order_epoch != self.cursor.epoch:
            self._order = order_of_epoch(self.settings.seed, self.cursor.epoch, len(self.training))
            self._order_epoch = self.cursor.epoch
        size = self.settings.mini_batch_size
        start = self.cursor.consumed
        chosen = self._order[start : start + size * max(1, GATHER // size)]
        self._x = grey_values(self.training.images[chosen]).astype(self.network.dtype, copy=False)
        self._y = self._targets[self.training.labels[chosen]]
        self._at = 0

    def _forget_block(self) -> None:
        self._at = 0
        self._x = np.empty((0, self.network.sizes[0]), dtype=self.network.dtype)
        self._y = np.empty((0, self.network.sizes[-1]), dtype=self.network.dtype)

    def _new_workspace(self, m: int) -> Workspace:
        return self._workspaces.setdefault(m, Workspace(self.network, m))
