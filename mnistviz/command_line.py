"""The command `mnistviz`: what was typed, and who does it."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from mnistviz import __version__, doctor
from mnistviz.sentences import sentence

USAGE_ERROR = 2
INTERRUPTED = 130  # as a shell says it

COMMANDS = """\
commands:
  mnistviz train       train a network without a window
  mnistviz recipes     list the recipes that it can be trained by
  mnistviz evaluate    say what a saved network scores
  (each has its own --help)
"""


class Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(USAGE_ERROR, f"{self.prog}: {message} (see {self.prog} --help)\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Does what `arguments`, or the command line, ask for and returns the exit code."""
    typed = list(sys.argv[1:] if arguments is None else arguments)
    command = {"train": _train, "evaluate": _evaluate, "recipes": _recipes}.get(
        typed[0] if typed else "", _window
    )
    try:
        return command(typed if command is _window else typed[1:])
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has left. Python would complain once more when it flushes at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _window(typed: list[str]) -> int:
    parser = Parser(
        prog="mnistviz",
        description="Watch a neural network learn to read handwritten digits, and steer it while it learns.",
        epilog=COMMANDS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="a saved network to open")
    _add_data(parser)
    parser.add_argument("--doctor", action="store_true", help="say what keeps the window from opening")
    parser.add_argument("--version", action="version", version=f"mnistviz {__version__}")
    asked = parser.parse_args(typed)
    if asked.doctor:
        return _doctor()
    if asked.file is not None and not asked.file.exists():
        print("mnistviz:", sentence("network_missing", {"file": asked.file}), file=sys.stderr)
        return USAGE_ERROR
    findings = doctor.obstacles()
    for finding in findings:
        print(sentence(finding.code, finding.values), file=sys.stderr)
    if findings:
        return 1
    from mnistviz.gui.app import run_window

    return run_window(asked.data, asked.file)


def _doctor() -> int:
    findings = doctor.examine_python() + doctor.examine_libraries()
    for finding in findings:
        print(sentence(finding.code, finding.values))
    if not findings:
        versions = [f"{package} {doctor.version_of(package)}" for package in doctor.PACKAGES]
        print(
            sentence(
                "doctor_well", {"versions": ", ".join([f"Python {platform.python_version()}", *versions])}
            )
        )
        for finding in doctor.examine_screen():
            print(sentence(finding.code, finding.values))
    return 1 if findings else 0


def _train(typed: list[str]) -> int:
    from mnistviz import headless
    from mnistviz.train_options import add_settings, settings_typed

    parser = Parser(
        prog="mnistviz train",
        description="Train a network without a window. Epoch 0 is after the first pass. What is typed goes before "
        "what the file of settings says, and that before the recipe. What is usual stands in brackets.",
    )
    add = parser.add_argument
    add("--recipe", metavar="NAME", help="settings under a name; “mnistviz recipes” lists them")
    add("--settings", type=Path, metavar="FILE", help="read settings from FILE (.toml), all or some")
    add("--epochs", type=_count, metavar="N", help=f"at most so many epochs ({headless.USUAL.stop_epochs})")
    _add_data(parser)
    add("--save", type=Path, metavar="FILE", help="keep the trained network in FILE (.npz)")
    add(
        "--keep",
        choices=("last", "best"),
        default="last",
        help="keep the last weights, or those that did best on the validation digits (%(default)s)",
    )
    add("--curves", type=Path, metavar="FILE", help="write the curves of cost and accuracy to FILE (.csv)")
    add("--write-settings", type=Path, metavar="FILE", help="write all settings to FILE (.toml), then train")
    add("--dry-run", action="store_true", help="check everything and write the settings, but do not train")
    add(
        "--json",
        action="store_true",
        help="at the end, print one JSON object and nothing else; lines go to stderr",
    )
    add("--quiet", action="store_true", help="print no lines but errors")
    add_settings(parser, headless.USUAL)
    asked = parser.parse_args(typed)
    return headless.train(
        headless.Task(
            typed=settings_typed(asked),
            recipe=asked.recipe,
            settings_file=asked.settings,
            epochs=asked.epochs,
            data=asked.data,
            save=asked.save,
            keep=asked.keep,
            curves=asked.curves,
            write_settings=asked.write_settings,
            dry_run=asked.dry_run,
            json=asked.json,
            quiet=asked.quiet,
        )
    )


def _recipes(typed: list[str]) -> int:
    from mnistviz import headless

    parser = Parser(prog="mnistviz recipes", description="List the recipes: what they show, reach and take.")
    parser.add_argument("--json", action="store_true", help="print them as JSON")
    return headless.recipes(as_json=parser.parse_args(typed).json)


def _evaluate(typed: list[str]) -> int:
    from mnistviz import headless

    parser = Parser(prog="mnistviz evaluate", description="Say how many digits a saved network reads right.")
    parser.add_argument("file", type=Path, metavar="FILE", help="a saved network")
    _add_data(parser)
    asked = parser.parse_args(typed)
    return headless.evaluate(asked.file, asked.data)


def _add_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help="a folder with other digits in the four files of MNIST"
    )


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of 1 or more")
    return int(text)
