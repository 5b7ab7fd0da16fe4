"""The options of `mnistviz train`: one for each setting, with its unit, its range and its meaning."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Callable
from typing import Any, Final

from mnistviz.engine.functions import INITIAL_WEIGHTS
from mnistviz.engine.settings import OLD_NAMES, SETTINGS, Setting, Settings
from mnistviz.sentences import plain_number
from mnistviz.setting_words import SETTING_WORDS


def add_settings(parser: argparse.ArgumentParser, usual: Settings) -> None:
    """Add an option for each setting; those not given are absent from the parsed arguments."""
    groups = {
        True: parser.add_argument_group("settings of the network"),
        False: parser.add_argument_group("settings of the training"),
    }
    for setting in SETTINGS.values():
        default = getattr(usual, setting.name)
        groups[setting.new_run].add_argument(
            f"--{setting.name.replace('_', '-')}",
            type=_KINDS[setting.kind],
            default=argparse.SUPPRESS,
            metavar=_sign(setting),
            help=f"{note(setting)} ({_shown(default)})",
        )
    for old, new in OLD_NAMES.items():
        parser.add_argument(
            f"--{old.replace('_', '-')}",
            dest=new,
            type=_KINDS[SETTINGS[new].kind],
            default=argparse.SUPPRESS,
            help=argparse.SUPPRESS,
        )


def settings_typed(options: argparse.Namespace) -> dict[str, Any]:
    """Return the settings among the parsed arguments."""
    return {name: value for name, value in vars(options).items() if name in SETTINGS}


def note(setting: Setting) -> str:
    """Describe a setting and its range."""
    *most, last = (rule.spread for rule in INITIAL_WEIGHTS.values())
    meaning = SETTING_WORDS[setting.name].meaning.format(spreads=f"{', '.join(most)} or {last}")
    if setting.choices:
        return f"{meaning}: {', '.join(setting.choices)}"
    if setting.kind is tuple:
        return meaning
    low, high = setting.bounds
    return f"{meaning}, {plain_number(low)} to {plain_number(high)}"


def _sign(setting: Setting) -> str:
    """Return the placeholder of an option's value."""
    words = SETTING_WORDS[setting.name]
    return words.short if words.symbol else words.unit or ("NAME" if setting.choices else "N")


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(map(str, value)) or "none"
    return plain_number(value) if isinstance(value, int | float) else str(value)


def name(text: str) -> str:
    if not text:
        raise argparse.ArgumentTypeError("'' is not a name")
    return text


def epochs(text: str) -> int:
    """Parse a number of epochs."""
    low, high = SETTINGS["stop_epochs"].bounds
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


def _list(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(each) for each in text.split(",") if text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a list of whole numbers such as 784,30,10"
        ) from None


_KINDS: Final[dict[type, Callable[[str], object]]] = {
    tuple: _list,
    str: name,
    int: _whole,
    float: _number,
}
