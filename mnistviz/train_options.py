"""The options of `mnistviz train`: one for each setting, with its unit, its range and its meaning."""

import argparse
from collections.abc import Callable
from typing import Any, Final

from mnistviz.engine.functions import INITIAL_WEIGHTS
from mnistviz.engine.settings import OLD_NAMES, SETTINGS, Setting, Settings
from mnistviz.sentences import plain_number
from mnistviz.setting_words import SETTING_WORDS
from mnistviz.terminal import argument


def add_settings(parser: argparse.ArgumentParser, usual: Settings) -> None:
    """Add an option for each setting; those not given are absent from the parsed arguments."""
    groups = {
        True: parser.add_argument_group("settings of the network"),
        False: parser.add_argument_group("settings of the training"),
    }
    for setting in SETTINGS.values():
        groups[setting.new_run].add_argument(
            f"--{setting.name.replace('_', '-')}",
            type=_KINDS[setting.kind],
            default=argparse.SUPPRESS,
            metavar=_sign(setting),
            help=f"{note(setting)} ({_shown(getattr(usual, setting.name))})",
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
    return {name: value for name, value in vars(options).items() if name in SETTINGS}


def note(setting: Setting) -> str:
    *most, last = (rule.spread for rule in INITIAL_WEIGHTS.values())
    meaning = SETTING_WORDS[setting.name].meaning.format(spreads=f"{', '.join(most)} or {last}")
    if setting.choices:
        return f"{meaning}: {', '.join(setting.choices)}"
    if setting.kind is tuple:
        return meaning
    low, high = setting.bounds
    return f"{meaning}, {plain_number(low)} to {plain_number(high)}"


def _sign(setting: Setting) -> str:
    words = SETTING_WORDS[setting.name]
    return words.short if words.symbol else words.unit or ("NAME" if setting.choices else "N")


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(map(str, value)) or "none"
    return plain_number(value) if isinstance(value, int | float) else str(value)


_LOW, _HIGH = SETTINGS["stop_epochs"].bounds

name = argument(str, "'' is not a name", bool)
epochs = argument(
    int,
    f"{{text!r}} is not a whole number from {_LOW:,} to {_HIGH:,}",
    lambda text: _LOW <= int(text) <= _HIGH,
)

_KINDS: Final[dict[type, Callable[[str], object]]] = {
    tuple: argument(
        lambda text: tuple(int(each) for each in text.split(",") if text),
        "{text!r} is not a list of whole numbers such as 784,30,10",
    ),
    str: name,
    int: argument(int, "{text!r} is not a whole number"),
    float: argument(float, "{text!r} is not a number"),
}
