"""Bands that are made up, for tests of what is said and drawn of them."""

from collections.abc import Sequence

import numpy as np

from mnistviz.engine.luck.bands import Band, GrownRun, Kind


def grown(seed: int, shares: Sequence[float], every: int = 50_000, begin: int = 0) -> GrownRun:
    """A run of a band with these shares of validation digits, one after each `every` digits, the first at once."""
    digits = begin + every * np.arange(len(shares), dtype=np.int64)
    accuracy = np.array(shares, np.float64)
    return GrownRun(seed, digits, accuracy, digits[:-1] + every // 2, 1 - accuracy[1:], shares[-1] - 0.01)


def made_band(
    ends: Sequence[float], kind: Kind = "seeds", *, epochs: int = 1, every: int = 50_000, begin: int = 0
) -> Band:
    """A band whose runs ended with these shares after so many epochs of `every` digits."""
    shares = [[0.1, *(end - 0.01 * (epochs - each) for each in range(1, epochs + 1))] for end in ends]
    runs = tuple(grown(seed, each, every, begin) for seed, each in enumerate(shares, start=1))
    return Band(kind, begin, begin + epochs * every, runs)
