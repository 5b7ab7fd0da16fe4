"""Mini-batch stochastic gradient descent, one `step()` at a time, independent of screen and threads."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from functools import partial
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from mnistviz.engine.acts import Lesson, check_unit, places_of, teach
from mnistviz.engine.digits import DigitSet, TrainingDigits, grey_values, training_digits
from mnistviz.engine.distortion import Distortion, bends, distorts
from mnistviz.engine.functions import Array, Numbers, quietly
from mnistviz.engine.network import Network, Unit
from mnistviz.engine.problems import Problem
from mnistviz.engine.randomness import generator
from mnistviz.engine.schedule import Judgement, ScheduleState, judged, share_of_eta
from mnistviz.engine.settings import SETTINGS, Settings, checked_number
from mnistviz.engine.threads import concurrently
from mnistviz.engine.workspace import Workspace, update_weights

GATHER = 500  # samples prepared together, which is faster than one mini-batch at a time


class Cursor(NamedTuple):
    """Position in a run: epochs completed, and samples consumed of the next."""

    epoch: int
    consumed: int

    def digits(self, count: int) -> int:
        """Return the samples since the start of the run, with `count` in an epoch."""
        return self.epoch * count + self.consumed

    def after(self, mini_batches: int, size: int, count: int) -> Cursor:
        """Return the cursor `mini_batches` later, with `size` samples in each and `count` in an epoch. The last
        mini-batch of an epoch is short where `size` does not divide what is left."""
        to_end = -(-(count - self.consumed) // size)
        if mini_batches < to_end:
            return Cursor(self.epoch, self.consumed + mini_batches * size)
        epochs, rest = divmod(mini_batches - to_end, -(-count // size))
        return Cursor(self.epoch + 1 + epochs, rest * size)


class TrainerState(Struct, frozen=True):
    """The whole state of a trainer, from which training continues exactly. `parameters` are the network's, and
    `velocity` is like them, or empty without momentum. Parameters of the `frozen` units, in order, do not change."""

    settings: Settings
    step: int
    cursor: Cursor
    parameters: Array
    velocity: Array
    schedule_state: ScheduleState
    frozen: tuple[Unit, ...] = ()

    @property
    def nbytes(self) -> int:
        return self.parameters.nbytes + self.velocity.nbytes


class UpcomingBatch(NamedTuple):
    """The next mini-batch of a trainer, m samples: their `numbers` (indices), (m,); grey values `x`, (m, n_in), after
    distortion; targets `y`, (m, n_out); for dropout `masks`, (n, m) for each hidden layer; and `eta`."""

    numbers: Numbers
    x: Array
    y: Array
    masks: tuple[Array, ...]
    eta: float


class Trainer:
    """A trainer trains `network`, in place, on `training` as `settings` say.

    State k is the network after k mini-batches, and cost k is measured before update k. On layers of this size a second
    BLAS thread makes training slower, and only a fixed number makes it repeatable: step inside `one_blas_thread`.
    `targets`, (classes, n_out), are the wanted outputs for each class; by default 1 for that of the class and 0 for the
    others. With `prefetch` a second thread rotates and bends the next samples meanwhile, which changes no bit; shifts
    are too quick to be handed over. Raise `Problem` for settings of another network.
    """

    def __init__(
        self,
        network: Network,
        settings: Settings,
        training: DigitSet | TrainingDigits,
        targets: Array | None = None,
        *,
        prefetch: bool = False,
    ) -> None:
        for name in ("sizes", "activation", "output", "cost"):
            if getattr(settings, name) != getattr(network, name):
                values = {"value": getattr(settings, name), "network": getattr(network, name)}
                raise Problem("settings_of_other_network", field=name, **values)
        self.network = network
        self._settings = settings  # those of the last update
        self._wanted = settings  # those of the next
        self.training = training_digits(training, settings)
        self.step_number = 0
        self.schedule_state = ScheduleState()
        self._velocity = _at_rest(network)
        self.frozen: tuple[Unit, ...] = ()
        self._frozen_places = places_of((), network.sizes)
        self._weight_count = sum(w.size for w in network.weights)
        outputs = np.eye(network.sizes[-1]) if targets is None else targets
        self._targets = outputs.astype(network.dtype)
        self._workspaces: dict[int, Workspace] = {}
        self._ordered = (-1, "")  # epoch and order of `_order`
        self._order: Numbers
        self._distortion: Distortion | None = None
        self._begin = Cursor(0, 0)  # where the gathered block begins
        self._at = 0  # samples of it already used
        self._grey = self._next_grey = np.empty((0, network.sizes[0]), np.float32)
        self._prefetches = prefetch
        self._next: tuple[int, Future[tuple[Array, Array]]] | None = None  # the block that begins there
        self._forget_block()

    @property
    def settings(self) -> Settings:
        return self._wanted

    @property
    def cursor(self) -> Cursor:
        epoch, consumed = self._begin.epoch, self._begin.consumed + self._at
        return Cursor(epoch, consumed) if consumed < len(self.training) else Cursor(epoch + 1, 0)

    @property
    def epoch(self) -> int:
        return self.cursor.epoch

    @property
    def digits_consumed(self) -> int:
        return self._begin.epoch * len(self.training) + self._begin.consumed + self._at

    @property
    def eta_now(self) -> float:
        return eta_at(self._wanted, self.next_schedule_state, self.digits_consumed, len(self.training))

    def step(self) -> float:
        """Train on the next mini-batch and return its mean cost, measured before the update."""
        batch = self._begin_batch()
        x, y = self._coming()
        self._at += len(x)
        work = self._work(x, y, *batch)
        if self._settings.momentum and not self._velocity.size:
            self._velocity = np.zeros_like(self.network.parameters)
        self._update(self.network.parameters, self._velocity, work.step, batch[0])
        self.step_number += 1
        return work.cost(y)

    def upcoming(self) -> UpcomingBatch:
        """Return the mini-batch of the next `step`. Pending settings take effect now; else nothing changes."""
        eta, masks = self._begin_batch()
        x, y = self._coming()
        first = self._begin.consumed + self._at
        numbers = self._order[first : first + len(x)]
        return UpcomingBatch(numbers, x, y, tuple(mask[:, : len(x)] for mask in masks), eta)

    def next_move(self) -> Array:
        """Return how far the next `step` will move each weight and bias, (n,). Pending settings stay pending."""
        if self._wanted is not self._settings:
            trainer = Trainer(self.network.copy(), self._settings, self.training, self._targets)
            trainer.restore(self.state())
            return trainer.next_move()
        batch, parameters = self.upcoming(), self.network.parameters.copy()
        work = self._work(batch.x, batch.y, batch.eta, batch.masks)
        velocity = self._velocity.copy() if self._velocity.size else np.zeros_like(parameters)
        self._update(parameters, velocity, work.step, batch.eta)
        parameters -= self.network.parameters
        return parameters

    def change(self, settings: Settings) -> None:
        """Set live settings for the next mini-batch: of several changes before it only the net change counts."""
        if settings.needs_new_run(self._settings):
            raise ValueError("only live settings may change in mid-run")
        self._wanted = self._settings if settings == self._settings else settings

    def judge(self, right: int) -> Judgement:
        """Judge an epoch that has just ended, with `right` validation samples correct (see `judged`). The settings of
        that epoch apply, not those that wait for the next mini-batch."""
        judgement = judged(self.schedule_state, self._settings, self.epoch, right)
        self.schedule_state = judgement.schedule_state
        return judgement

    def order_of(self, epoch: int) -> Numbers:
        """Return the order of the samples in an epoch, counted from 0: a permutation of their indices."""
        return self.training.order(self._settings, epoch)

    def state(self) -> TrainerState:
        """Return a copy of everything that the rest of the run depends on, with pending settings in effect."""
        velocity = self._velocity.copy() if self._wanted.momentum else _at_rest(self.network)
        return self._state(self._wanted, velocity, self.next_schedule_state)

    def state_as_judged(self) -> TrainerState:
        """Return the state without pending settings."""
        return self._state(self._settings, self._velocity.copy(), self.schedule_state)

    def restore(self, state: TrainerState) -> None:
        self._settings = self._wanted = state.settings
        self.step_number = state.step
        self.schedule_state = state.schedule_state
        self.put_back(state)
        self._workspaces.clear()
        self._forget_block()
        self._begin = state.cursor

    def put_back(self, state: TrainerState) -> None:
        """Restore only the weights, the velocity and the frozen units of a state."""
        self.network.parameters[...] = state.parameters
        self._velocity = state.velocity.copy()
        self._freeze(state.frozen)

    def take_weights(self, state: TrainerState) -> None:
        """Restore only the weights and the frozen units of a state, with velocity 0."""
        self.put_back(state)
        self._velocity = _at_rest(self.network)

    @quietly
    def nudge(self, layer: int, row: int, column: int) -> None:
        """Raise a weight to a layer to the next larger float, and change nothing else."""
        w = self.network.weights[layer - 1]
        w[row, column] = np.nextafter(w[row, column], w.dtype.type(np.inf))

    def freeze(self, unit: Unit, *, frozen: bool) -> None:
        """Freeze a unit, or let it learn again. Raise ValueError if there is no such unit."""
        check_unit(unit, self.network.sizes)
        others = (each for each in self.frozen if each != unit)
        self._freeze(tuple(sorted((*others, unit) if frozen else others)))

    def _freeze(self, units: tuple[Unit, ...]) -> None:
        if units != self.frozen:
            self.frozen, self._frozen_places = units, places_of(units, self.network.sizes)

    def teach(self, lesson: Lesson) -> None:
        """Teach a drawing, then set the velocity to 0. Raise ValueError or `Problem` for an invalid lesson."""
        teach(self.network, lesson, self.training, self._targets, self._frozen_places)
        self._velocity = _at_rest(self.network)

    def descend(self, eta: float, numbers: Sequence[int]) -> None:
        """Move the weights by −η∇C of the undistorted training samples `numbers`, and set the velocity to 0. It is no
        mini-batch: momentum, decay, dropout and distortion do not apply. Raise `Problem` for an η out of bounds,
        `ValueError` if there are no such samples."""
        eta = checked_number("eta", eta, *SETTINGS["eta"].bounds, whole=False)
        chosen = np.asarray(numbers)
        numbered = len(chosen) and chosen.dtype.kind == "i"
        if not numbered or chosen.min() < 0 or chosen.max() >= len(self.training):
            raise ValueError(f"training digits are numbered from 0 to {len(self.training) - 1}")
        self._move(chosen, eta)
        self._velocity = _at_rest(self.network)

    def _move(self, numbers: Numbers, eta: float) -> None:
        """Move the weights by −η∇C of undistorted training samples; those of frozen units stay."""
        x = grey_values(self.training.pictures(numbers)).astype(self.network.dtype, copy=False)
        unchanged = self.network.parameters[self._frozen_places]
        self.network.update_mini_batch((x, self._targets[self.training.labels[numbers]]), eta)
        self.network.parameters[self._frozen_places] = unchanged

    @quietly
    def step_back(self, eta: float, mini_batches: int, size: int, order: str) -> None:
        """Replay the last mini-batches of the epoch, of `size` samples in an order, newest first: move the weights by
        +η∇C of each, undistorted, and set the velocity to 0. Raise `Problem` for invalid settings, `ValueError` if the
        epoch has not had so many samples."""
        settings = self._settings.changed(eta=eta, mini_batch_size=size, order=order)
        cursor, count = self.cursor, len(self.training)
        if not cursor.consumed and cursor.epoch:
            cursor = Cursor(cursor.epoch - 1, count)
        if not 0 < mini_batches <= -(-cursor.consumed // size):
            raise ValueError(f"the epoch has had {cursor.consumed} digits")
        numbers = self.training.order(settings, cursor.epoch)[: cursor.consumed]
        for begin in range((len(numbers) - 1) // size * size, -1, -size)[:mini_batches]:
            self._move(numbers[begin : begin + size], -eta)
        self._velocity = _at_rest(self.network)

    def _update(self, parameters: Array, velocity: Array, step: Array, eta: float) -> None:
        decay = self._settings.weight_decay
        rate = eta * decay / len(self.training) if decay else 0.0  # the share by which each weight decays
        settings, frozen = self._settings, self._frozen_places
        update_weights(parameters, velocity, step, self._weight_count, settings, rate, frozen)

    def _state(self, settings: Settings, velocity: Array, schedule_state: ScheduleState) -> TrainerState:
        parameters = self.network.parameters.copy()
        return TrainerState(
            settings, self.step_number, self.cursor, parameters, velocity, schedule_state, self.frozen
        )

    @property
    def next_schedule_state(self) -> ScheduleState:
        if schedule_of(self._wanted) == schedule_of(self._settings):
            return self.schedule_state
        return replace(
            self.schedule_state, schedule_from=self.digits_consumed, halvings=0, halved_epoch=self.epoch
        )

    def _begin_batch(self) -> tuple[float, tuple[Array, ...]]:
        """Apply pending settings: a new schedule or η begins here, and without momentum the velocity is 0. Return
        learning rate and dropout masks of the next mini-batch."""
        if self._wanted is not self._settings:
            self.schedule_state = self.next_schedule_state
            if not self._wanted.momentum:
                self._velocity = _at_rest(self.network)
            self._settings = self._wanted
            self._workspaces.clear()
            self._forget_block()
        eta = eta_at(self._settings, self.schedule_state, self.digits_consumed, len(self.training))
        return eta, self._dropout_masks() if self._settings.dropout else ()

    def _dropout_masks(self) -> tuple[Array, ...]:
        """Return a mask (n, m) for each hidden layer: 0 for a dropped unit and 1/(1 − dropout) for the others."""
        random = generator(self._settings.seed, "dropout", self.step_number)
        stay = 1 - self._settings.dropout
        masks = []
        for n in self.network.sizes[1:-1]:
            mask = (random.random((n, self._settings.mini_batch_size)) < stay).astype(self.network.dtype)
            mask /= stay
            masks.append(mask)
        return tuple(masks)

    def _coming(self) -> tuple[Array, Array]:
        if self._at == len(self._x):
            self._gather()
        some = slice(self._at, self._at + self._settings.mini_batch_size)
        return self._x[some], self._y[some]

    def _gather(self) -> None:
        """Prepare the next mini-batches, as many whole ones as fit `GATHER` samples."""
        self._begin, self._at = self.cursor, 0
        start = self._begin.consumed
        if self._next is not None and self._next[0] == start:
            self._x, self._y = self._next[1].result()
            self._grey, self._next_grey = self._next_grey, self._grey
        else:
            self._x, self._y = self.gathered(start, self._block(start))
        self._next = None
        start += len(self._x)
        if self._prefetches and bends(self._settings) and start < len(self.training):
            count = self._block(start)
            self._next_grey = self._buffer(self._next_grey, count)
            prepared = partial(self._prepared, self._distortion, start, count, self._next_grey)
            self._next = start, concurrently(prepared)

    def _block(self, start: int) -> int:
        """Return how many samples to prepare together from place `start` of the epoch on."""
        size = self._settings.mini_batch_size
        return min(size * max(1, GATHER // size), len(self.training) - start)

    def gathered(self, start: int, count: int) -> tuple[Array, Array]:
        """Return grey values, (count, n_in), and targets, (count, n_out), of the samples from place `start` on in this
        epoch, distorted. The next call overwrites them."""
        epoch = self.epoch
        if self._ordered != (epoch, self._settings.order):
            self._order = self.order_of(epoch)
            self._ordered, self._distortion = (epoch, self._settings.order), None
        if self._distortion is None and distorts(self._settings):
            self._distortion = Distortion(self._settings, epoch, len(self.training))
        self._grey = self._buffer(self._grey, count)
        return self._prepared(self._distortion, start, count, self._grey)

    @staticmethod
    def _buffer(grey: Array, count: int) -> Array:
        """Return an array for `count` samples, the same if it is large enough: allocation costs more than filling."""
        return grey if len(grey) >= count else np.empty((count, grey.shape[1]), np.float32)

    def _prepared(
        self, distortion: Distortion | None, start: int, count: int, grey: Array
    ) -> tuple[Array, Array]:
        """Return what `gathered` does, for the order of this epoch. It may run in another thread."""
        numbers = self._order[start : start + count]
        images = self.training.pictures(numbers)
        if distortion is not None:
            images = distortion.apply(images, start)
        x = grey_values(images, grey[:count]).astype(self.network.dtype, copy=False)
        return x, self._targets[self.training.labels[numbers]]

    def _forget_block(self) -> None:
        self._begin, self._at = self.cursor, 0
        self._distortion = self._next = None
        # a new one: another thread may still fill the other
        self._next_grey = np.empty((0, self.network.sizes[0]), np.float32)
        self._x = np.empty((0, self.network.sizes[0]), dtype=self.network.dtype)
        self._y = np.empty((0, self.network.sizes[-1]), dtype=self.network.dtype)

    def _work(self, x: Array, y: Array, eta: float, masks: tuple[Array, ...]) -> Workspace:
        """Return a workspace after backpropagation of a mini-batch."""
        m = len(x)
        work = self._workspaces.get(m) or self._workspaces.setdefault(m, Workspace(self.network, m))
        work.backprop(x, y, eta, tuple(mask[:, :m] for mask in masks))
        return work


def eta_at(settings: Settings, schedule_state: ScheduleState, digits: int, training_digits: int) -> float:
    """Return the learning rate after so many samples, `training_digits` in an epoch: η times its schedule's factor."""
    if settings.schedule == "constant":
        return settings.eta
    epochs = (digits - schedule_state.schedule_from) / training_digits
    return settings.eta * share_of_eta(settings, epochs, schedule_state.halvings)


def schedule_of(settings: Settings) -> tuple[object, ...]:
    return settings.schedule, settings.schedule_epochs, settings.eta


def _at_rest(network: Network) -> Array:
    return np.empty(0, network.dtype)
