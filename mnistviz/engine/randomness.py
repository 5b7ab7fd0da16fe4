"""Every random draw of the engine has its own seed, never a position in a shared stream. So the order of the samples
in epoch 7 depends on the seed and on 7 alone, and a new kind of draw never shifts another."""

import numpy as np

from mnistviz.engine.functions import Numbers

_PURPOSES = {
    "initial_weights": 29,
    "order": 2,
    "dropout": 3,
    "shift": 4,
    "rotation": 6,
    "elastic": 7,
    "row": 8,
    "valley": 11,
    "draw": 23,
    "mixed": 31,
    "future": 37,
    "label": 41,
    "noise": 43,
}


def generator(seed: int, purpose: str, *number: int) -> np.random.Generator:
    """Return the random generator for one purpose ("initial_weights", "order" of an epoch, …) and its numbers."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence((seed, _PURPOSES[purpose], *number))))


def order_of_epoch(seed: int, epoch: int, count: int) -> Numbers:
    """Return the order of epoch number `epoch` (from 0): a permutation of `count` samples."""
    return generator(seed, "order", epoch).permutation(count)
