"""The network, the digits and the training: NumPy only, and no screen."""

from __future__ import annotations

from mnistviz.engine.digits import Digits, DigitSet, grey_values, load_digits
from mnistviz.engine.network import Network
from mnistviz.engine.problems import Problem
from mnistviz.engine.settings import Settings
from mnistviz.engine.storage import load_network, save_network
from mnistviz.engine.trainer import Trainer

__all__ = [
    "DigitSet",
    "Digits",
    "Network",
    "Problem",
    "Settings",
    "Trainer",
    "grey_values",
    "load_digits",
    "load_network",
    "save_network",
]
