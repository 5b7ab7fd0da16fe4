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
    command = {"train": _train, "evaluate": _evaluate}.get(typed[0] if typed else "", _window)
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
    from mnistviz.engine.settings import Settings

    usual = Settings()
    parser = Parser(
        prog="mnistviz train",
        description="Train a network without a window. Epoch 0 is after the first pass.",
    )
    add = parser.add_argument
    sizes = ",".join(str(size) for size in usual.sizes)
    add(
        "--sizes",
        type=_sizes,
        metavar="N,...",
        help=f"units in each layer, input to output (usually {sizes})",
    )
    add(
        "--epochs", type=_count, default=30, metavar="N", help="passes over the training digits (%(default)s)"
    )
    add("--mini-batch-size", type=_count, default=usual.mini_batch_size, metavar="M", help="(%(default)s)")
    add("--eta", type=float, default=usual.eta, metavar="H", help="the learning rate η (%(default)s)")
    add(
        "--seed",
        type=int,
        default=usual.seed,
        metavar="S",
        help="the same seed, the same network (%(default)s)",
    )
    _add_data(parser)
    add("--save", type=Path, metavar="FILE", help="keep the trained network in FILE (.npz)")
    add("--quiet", action="store_true", help="print nothing but errors")
    asked = parser.parse_args(typed)
    settings = {"seed": asked.seed, "eta": asked.eta, "mini_batch_size": asked.mini_batch_size}
    if asked.sizes:
        settings["sizes"] = asked.sizes
    return headless.train(settings, asked.epochs, asked.data, asked.save, quiet=asked.quiet)


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


def _sizes(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(size) for size in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a list of sizes such as 784,30,10") from None


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of 1 or more")
    return int(text)
