"""Weight decay in float32: it acts exactly where the window and the rule say that it does."""

from __future__ import annotations

import numpy as np
import pytest

from mnistviz.engine.functions import Array
from mnistviz.engine.settings import Settings
from mnistviz.engine.workspace import decay_acts, update_weights

N, STEPS, COUNT = 50_000, 50, 2_000
BOUND = 2.0**-25  # of ηλ/n


def trained(settings: Settings) -> Array:
    """Weights after some steps with made-up gradients, always the same ones."""
    random = np.random.default_rng(1)
    weights = random.normal(0, 0.2, COUNT).astype(np.float32)
    velocity = np.zeros(COUNT if settings.momentum else 0, np.float32)
    rate, none = settings.eta * settings.weight_decay / N, np.empty(0, np.intp)
    for _ in range(STEPS):
        step = random.normal(0, 1e-3, COUNT).astype(np.float32)
        update_weights(weights, velocity, step, COUNT, settings, rate, none)
    return weights


def with_rate(rate: float, **others: float | str) -> Settings:
    return Settings(eta=0.5, weight_decay=rate * N / 0.5, **others).checked()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "others",
    [{}, {"momentum": 0.9}, {"momentum": 0.5, "momentum_kind": "nesterov"}],
    ids=["plain", "classical", "nesterov"],
)
@pytest.mark.parametrize("share", [0.0, 0.5, 0.99, 1.0, 1.01, 2.0])
def test_decay_acts_where_it_changes_a_weight(share: float, others: dict[str, float | str]) -> None:
    settings = with_rate(share * BOUND, **others)
    differs = not np.array_equal(trained(settings), trained(settings.changed(weight_decay=0.0)))
    assert decay_acts(settings, N) == differs == bool(share > 1 or (share and others))


@pytest.mark.parametrize(
    ("eta", "decay", "acts"), [(0.001, 1.0, False), (0.5, 0.001, False), (0.5, 5.0, True)]
)
def test_settings_of_which_decay_does_nothing(eta: float, decay: float, acts: bool) -> None:
    assert decay_acts(Settings(eta=eta, weight_decay=decay), N) is acts
