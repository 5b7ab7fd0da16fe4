"""What a run is told: frozen settings with their bounds, and which of them may change in mid-run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from typing import Any

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

    - `training_digits`: how many of the training digits are used, the first ones.
    - `weight_decay`: λ of the book's L2 regularisation, C = C₀ + λ/2n Σw², with n training digits.
    - `momentum`: μ; `momentum_kind` says whether the gradient is taken before or after the coasting.
    - `dropout`: the share of hidden neurons that sits out each mini-batch.
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
        """These settings, if every one is within its bounds; otherwise a `Problem` that names the field."""
        for field, (low, high) in BOUNDS.items():
            value = getattr(self, field)
            if not low <= value <= high:  # also refuses NaN
                raise Problem("setting_out_of_range", field=field, value=value, low=low, high=high)
        for field, choices in CHOICES.items():
            value = getattr(self, field)
            if value not in choices:
                raise Problem("setting_unknown", field=field, value=value, choices=", ".join(choices))
        if (self.output, self.cost) not in COSTS:
            raise Problem("settings_do_not_fit", output=self.output, cost=self.cost)
        check_sizes(self.sizes)
        return self

    def changed(self, **changes: Any) -> Settings:
        """A copy with some settings changed, checked."""
        return replace(self, **changes).checked()

    @classmethod
    def from_mapping(cls, values: Mapping[str, object]) -> Settings:
        """Settings from names and values as a file has them; what is not named has its default.

        Raises a `Problem` for a name that is no setting, a value of another kind, or one out of bounds.
        """
        known = {field.name: field.default for field in fields(cls)}
        read: dict[str, Any] = {}
        for name, value in values.items():
            if name not in known:
                raise Problem("setting_not_known", name=name)
            kind = type(known[name])
            whole = isinstance(value, int) and not isinstance(value, bool)
            if kind is tuple and isinstance(value, list | tuple):
                if not all(isinstance(size, int) and not isinstance(size, bool) for size in value):
                    raise Problem("setting_wrong_kind", field=name, value=str(value))
                read[name] = tuple(value)
            elif kind is float and whole and abs(value) < 2**53:  # type: ignore[arg-type]
                read[name] = float(value)  # type: ignore[arg-type]
            elif isinstance(value, kind) and (kind is not int or whole):
                read[name] = value
            else:
                raise Problem("setting_wrong_kind", field=name, value=str(value))
        return cls(**read).checked()

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
