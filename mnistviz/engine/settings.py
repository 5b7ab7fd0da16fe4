"""What a run is told: frozen settings with their bounds, and which of them may change in mid-run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from mnistviz.engine.functions import ACTIVATIONS, COSTS
from mnistviz.engine.problems import Problem

MAX_HIDDEN_LAYERS = 8
MAX_UNITS = 2_000  # in one layer after the input
MAX_WEIGHTS = 5_000_000  # in the whole network: 20 MB a copy

BOUNDS: dict[str, tuple[float, float]] = {
    "seed": (0, 2**31 - 1),
    "eta": (0.0001, 1_000.0),
    "mini_batch_size": (1, 10_000),
}
"""The smallest and largest value of each number."""

LIVE_FIELDS = ("eta", "mini_batch_size")
"""What may change in mid-run, from the next mini-batch on. Everything else needs a new run."""


@dataclass(frozen=True)
class Settings:
    """The settings of a run. The defaults are the book's first network."""

    sizes: tuple[int, ...] = (784, 30, 10)
    seed: int = 1
    eta: float = 3.0
    mini_batch_size: int = 10
    activation: str = "sigmoid"
    cost: str = "quadratic"

    def checked(self) -> Settings:
        """These settings, if every one is within its bounds; otherwise a `Problem` that names the field."""
        for field, (low, high) in BOUNDS.items():
            value = getattr(self, field)
            if not low <= value <= high:  # also refuses NaN
                raise Problem("setting_out_of_range", field=field, value=value, low=low, high=high)
        for field, table in (("activation", ACTIVATIONS), ("cost", COSTS)):
            value = getattr(self, field)
            if value not in table:
                raise Problem("setting_unknown", field=field, value=value, choices=", ".join(table))
        check_sizes(self.sizes)
        return self

    def changed(self, **changes: Any) -> Settings:
        """A copy with some settings changed, checked."""
        return replace(self, **changes).checked()


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
