"""The options of `mnistviz train`: one for each setting, with its unit, its range and its meaning."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Callable
from dataclasses import fields
from typing import Any, Final

from mnistviz.engine.settings import BOUNDS, CHOICES, NEW_RUN_FIELDS, Settings
from mnistviz.sentences import plain_number

MEANINGS: Final[dict[str, str]] = {
    "sizes": "units in each layer, input to output",
    "seed": "the same seed, the same network",
    "activation": "the activation function of the hidden neurons",
    "output": "the activation function of the last layer",
    "cost": "the cost function, which training makes small",
    "start": "the rule for start weights, of standard deviation 1, 1/√n or √(2/n), with n inputs",
    "training_digits": "how many of the training digits are used",
    "eta": "the learning rate η",
    "mini_batch_size": "digits in a mini-batch",
    "weight_decay": "weight decay λ: the cost has λ/2n Σw² added, with n training digits",
    "momentum": "momentum μ: the share of a step that is kept for the next",
    "momentum_kind": "whether the gradient is taken before or after the coasting",
    "dropout": "the share of hidden neurons that sits out, others for each digit",
    "schedule": "what η does: stay, fall along half a cosine, drop to a tenth, or halve when validation stalls",
    "schedule_epochs": "epochs of the cosine, between two steps, or of stalling",
    "shift": "training digits are moved by so many pixels at the most",
    "rotation": "training digits are turned by so many degrees at the most",
    "elastic": "training digits are bent by about so many pixels",
    "stop": "when training ends: never, after so many epochs, or so many after validation improved last",
    "stop_epochs": "epochs of the stopping rule",
}
"""What each setting is, in half a sentence."""

_SIGNS: Final[dict[str, str]] = {
    "sizes": "N,…",
    "eta": "η",
    "weight_decay": "λ",
    "momentum": "μ",
    "shift": "PIXELS",
    "rotation": "DEGREES",
    "elastic": "PIXELS",
    "schedule_epochs": "EPOCHS",
    "stop_epochs": "EPOCHS",
}


def add_settings(parser: argparse.ArgumentParser, usual: Settings) -> None:
    """Adds an option for each setting; what is not typed will not be among the parsed arguments."""
    groups = {
        True: parser.add_argument_group("settings of the network"),
        False: parser.add_argument_group("settings of the training"),
    }
    for field in fields(Settings):
        default = getattr(usual, field.name)
        groups[field.name in NEW_RUN_FIELDS].add_argument(
            f"--{field.name.replace('_', '-')}",
            type=_KINDS[type(default)],
            default=argparse.SUPPRESS,
            metavar=_SIGNS.get(field.name) or ("NAME" if field.name in CHOICES else "N"),
            help=f"{note(field.name)} ({_shown(default)})",
        )


def settings_typed(asked: argparse.Namespace) -> dict[str, Any]:
    """The settings among the parsed arguments."""
    typed = vars(asked)
    return {field.name: typed[field.name] for field in fields(Settings) if field.name in typed}


def note(field: str) -> str:
    """What a setting is and what it may be."""
    if field in CHOICES:
        return f"{MEANINGS[field]}: {', '.join(CHOICES[field])}"
    if field in BOUNDS:
        low, high = BOUNDS[field]
        return f"{MEANINGS[field]}, {plain_number(low)} to {plain_number(high)}"
    return MEANINGS[field]


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(str(size) for size in value)
    return plain_number(value) if isinstance(value, int | float) else str(value)


def name(text: str) -> str:
    """What is typed for a choice."""
    if not text:
        raise argparse.ArgumentTypeError("'' is not a name")
    return text


def epochs(text: str) -> int:
    """What is typed for a number of epochs."""
    low, high = BOUNDS["stop_epochs"]
    with contextlib.suppress(ValueError):
        if low <= int(text) <= high:
            return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {low:,} to {high:,}")


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None


def _sizes(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(size) for size in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a list of sizes such as 784,30,10") from None


_KINDS: Final[dict[type, Callable[[str], object]]] = {
    tuple: _sizes,
    str: name,
    int: _whole,
    float: _number,
}
