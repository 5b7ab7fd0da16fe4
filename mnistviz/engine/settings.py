"""What a run is told: frozen settings with their bounds, and which of them may change in mid-run."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from typing import Any

import numpy as np

from mnistviz.engine.functions import ACTIVATIONS, COSTS, OUTPUTS, STARTS
from mnistviz.engine.problems import Problem

MAX_HIDDEN_LAYERS = 8
MAX_UNITS = 2_000  # in one layer after the input
MAX_WEIGHTS = 5_000_000  # in the whole network: 20 MB a copy

BOUNDS: dict[str, tuple[float, float]] = {
    "seed": (0, 2**31 - 1),
    "training_digits": (50, 500_000),
    "eta": (0.0001, 1_000.0),
    "mini_batch_size": (1, 10_000),
    "weight_decay": (0.0, 1_000.0),
    "momentum": (0.0, 0.999),
    "dropout": (0.0, 0.9),
    "schedule_epochs": (1, 10_000),
    "shift": (0, 6),
    "rotation": (0.0, 45.0),
    "elastic": (0.0, 10.0),
    "stop_epochs": (1, 10_000),
}
"""The smallest and largest value of each number."""

CHOICES: dict[str, tuple[str, ...]] = {
    "activation": tuple(ACTIVATIONS),
    "output": tuple(OUTPUTS),
    "cost": ("quadratic", "cross_entropy"),
    "start": tuple(STARTS),
    "momentum_kind": ("classical", "nesterov"),
    "schedule": ("constant", "cosine", "step", "halve"),
    "stop": ("never", "epochs", "no_improvement"),
}
"""The values that each choice may have."""

NEW_RUN_FIELDS = ("sizes", "seed", "activation", "output", "cost", "start", "training_digits")
"""What needs a new run. Everything else may change in mid-run, from the next mini-batch on."""


@dataclass(frozen=True)
class Settings:
    """The settings of a run. The defaults are the book's first network.

    Nothing is looked at until `checked`, which whatever trains calls.

    - `training_digits`: how many of the training digits are used, the first ones.
    - `weight_decay`: λ of the book's L2 regularisation, C = C₀ + λ/2n Σw², with n training digits.
    - `momentum`: μ; `momentum_kind` says whether the gradient is taken before or after the coasting.
    - `dropout`: the share of hidden neurons that sits out, others for each digit.
    - `schedule`: of η. It stays ("constant"), falls along half a cosine over `schedule_epochs` ("cosine"),
      is divided by ten every `schedule_epochs` ("step"), or is halved whenever the validation accuracy has not
      improved for `schedule_epochs` ("halve").
    - `shift` in pixels, `rotation` in degrees and `elastic` in pixels: how far each training digit is moved,
      turned and bent at the most, by chance, before it is shown.
    - `stop`: never, after `stop_epochs`, or when validation has not improved for `stop_epochs`.
    """

    sizes: tuple[int, ...] = (784, 30, 10)
    seed: int = 1
    activation: str = "sigmoid"
    output: str = "sigmoid"
    cost: str = "quadratic"
    start: str = "normal"
    training_digits: int = 50_000
    eta: float = 3.0
    mini_batch_size: int = 10
    weight_decay: float = 0.0
    momentum: float = 0.0
    momentum_kind: str = "classical"
    dropout: float = 0.0
    schedule: str = "constant"
    schedule_epochs: int = 10
    shift: int = 0
    rotation: float = 0.0
    elastic: float = 0.0
    stop: str = "never"
    stop_epochs: int = 30

    def checked(self) -> Settings:
        """These settings, with plain numbers and a tuple of sizes; NumPy's numbers, whole ones such as 10.0 where
        they must be whole, and a list of sizes will do. Raises a `Problem` that names the field if one is of
        another kind or out of its bounds, or if some do not fit together."""
        values: dict[str, Any] = {}
        for field in fields(self):
            name, value = field.name, getattr(self, field.name)
            if name in BOUNDS:
                low, high = BOUNDS[name]
                values[name] = checked_number(name, value, low, high, whole=isinstance(field.default, int))
            else:
                values[name] = _checked_choice(name, value) if name in CHOICES else _checked_sizes(value)
        settings = Settings(**values)
        if (settings.output, settings.cost) not in COSTS:
            raise Problem("settings_do_not_fit", output=settings.output, cost=settings.cost)
        check_sizes(settings.sizes)
        return settings

    def changed(self, **changes: Any) -> Settings:
        """A copy with some settings changed, checked."""
        return replace(self, **changes).checked()

    @classmethod
    def from_mapping(cls, values: Mapping[str, object]) -> Settings:
        """Settings from names and values as a file has them; what is not named has its default.

        Raises a `Problem` for a name that is no setting, a value of another kind, or one out of bounds.
        """
        known = {field.name for field in fields(cls)}
        for name in values:
            if name not in known:
                raise (
                    Problem("setting_not_known", name=shortened(name)) if name else Problem("setting_unnamed")
                )
        return cls(**values).checked()  # type: ignore[arg-type]

    def epoch(self, n_training: int) -> int:
        """How many digits an epoch has where there are `n_training` to train on."""
        return min(n_training, self.training_digits)

    def network_options(self) -> dict[str, Any]:
        """What `Network` is built with, besides the sizes."""
        return {
            "seed": self.seed,
            "activation": self.activation,
            "output": self.output,
            "cost": self.cost,
            "start": self.start,
        }


def check_sizes(sizes: tuple[int, ...]) -> None:
    """Raises a `Problem` for layers that the program can't stand, or that are no network."""
    hidden = len(sizes) - 2
    if not 0 <= hidden <= MAX_HIDDEN_LAYERS:
        raise Problem(
            "too_many_layers" if hidden > 0 else "too_few_layers", value=hidden, high=MAX_HIDDEN_LAYERS
        )
    for size in sizes[1:]:
        if not 1 <= size <= MAX_UNITS:
            raise Problem("setting_out_of_range", field="sizes", value=size, low=1, high=MAX_UNITS)
    if not 1 <= sizes[0] <= 784:
        raise Problem("setting_out_of_range", field="inputs", value=sizes[0], low=1, high=784)
    weights = sum(n_in * n_out for n_in, n_out in pairwise(sizes))
    if weights > MAX_WEIGHTS:
        raise Problem("too_many_weights", value=weights, high=MAX_WEIGHTS)


def shortened(text: str, most: int = 40) -> str:
    """Text that may come from anywhere as a sentence can hold it: not too long, and nothing that a terminal obeys."""
    shown = text if len(text) <= most else f"{text[:most]}…"
    return "".join(letter if letter.isprintable() else "�" for letter in shown)


def checked_number(field: str, value: object, low: float, high: float, *, whole: bool) -> int | float:
    """`value` as a float, or as an int if it must be whole; a `Problem` if it is no such number from `low` to
    `high`. The sentence will call it by its name in `FIELDS`."""
    number = _plain_number(value)
    if number is None:
        raise Problem("setting_is_text" if isinstance(value, str) else "setting_not_number", field=field)
    if not low <= number <= high:  # also refuses NaN
        raise Problem("setting_out_of_range", field=field, value=number, low=low, high=high)
    if not whole:
        return float(number)
    if not isinstance(number, int):
        raise Problem("setting_not_whole", field=field, value=number)
    return number


def _checked_choice(field: str, value: object) -> str:
    choices = ", ".join(CHOICES[field])
    if not isinstance(value, str) or not value:
        raise Problem("setting_not_choice", field=field, choices=choices)
    if value not in CHOICES[field]:
        raise Problem("setting_unknown", field=field, value=shortened(value), choices=choices)
    return str(value)


def _checked_sizes(value: object) -> tuple[int, ...]:
    if isinstance(value, np.ndarray):
        value = value.tolist()
    numbers = [_plain_number(size) for size in value] if isinstance(value, list | tuple) else [None]
    sizes = tuple(number for number in numbers if isinstance(number, int))
    if len(sizes) < len(numbers):
        raise Problem("setting_not_sizes", field="sizes")
    return sizes


def _plain_number(value: object) -> int | float | None:
    """A number as Python's own, an int if it is whole; None for what is no number.

    A sentence can hold it, too: one of hundreds of digits is a float, and one that is none any more infinite.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        return None
    try:
        number = float(value)
    except OverflowError:
        number = math.inf if value > 0 else -math.inf
    return int(number) if number.is_integer() and abs(number) < 2**53 else number
