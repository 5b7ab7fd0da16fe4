"""The command `mnistviz`: parsing of its arguments, and dispatch."""

from __future__ import annotations

import argparse
import gc
import os
import platform
import sys
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from mnistviz import __version__, doctor, terminal
from mnistviz.interruption import INTERRUPTED, ended_at_once
from mnistviz.sentences import printable, sentence
from mnistviz.terminal import NotPrinted, argument, tell

if TYPE_CHECKING:
    from mnistviz.engine.data_sets.source import DataChoice, PictureFiles
    from mnistviz.picture_reading import PictureReader

USAGE_ERROR = 2
READER_LEFT = 1

COMMANDS = """\
commands:
  mnistviz train       train a network without a window
  mnistviz recipes     list the recipes for training
  mnistviz evaluate    measure the accuracy of a saved network or experiment
  mnistviz replay      train a saved run again, or one that a line of text describes
  mnistviz describe    say what a saved experiment or network holds
  mnistviz read        read the digits in pictures of handwriting
  mnistviz export      write a saved network as ONNX, safetensors or a notebook
  (each has its own --help)
"""


class Parser(argparse.ArgumentParser):
    """Argument parser of a command, which reports an error in one line."""

    def __init__(self, command: str, description: str, **how: Any) -> None:
        super().__init__(f"mnistviz {command}".strip(), description=description, **how)

    def error(self, message: str) -> NoReturn:
        tell(f"{self.prog}: {printable(message)} (see {self.prog} --help)")
        self.exit(USAGE_ERROR)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command given by `arguments`, or the command line, and return the exit code."""
    typed = list(sys.argv[1:] if arguments is None else arguments)
    headless, saved_work = "mnistviz.headless", "mnistviz.saved_work"
    commands = {
        "train": (_train, headless), "recipes": (_recipes, headless), "export": (_export, headless),
        "evaluate": (_evaluate, saved_work), "replay": (_replay, saved_work), "describe": (_describe, saved_work),
        "read": (_read, ""),
    }  # fmt: skip
    command, module = commands.get(typed[0] if typed else "", (_window, ""))
    terminal.prepare()
    try:
        try:
            if module:
                with ended_at_once():
                    import_module(module)
            return command(typed if command is _window else typed[1:])
        finally:
            terminal.flush()  # here, where its failure can still be reported
    except KeyboardInterrupt:
        tell("Stopped.")
        return INTERRUPTED
    except NotPrinted as unprinted:
        if unprinted.reader_left:
            return READER_LEFT
        tell(f"mnistviz: {sentence('output_not_written', {'reason': unprinted.reason})}")
        return USAGE_ERROR


def _window(typed: list[str]) -> int:
    begun = time.monotonic()
    parser = Parser(
        "",
        "Watch a neural network learn to read handwritten digits, and steer it while it learns.",
        epilog=COMMANDS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", nargs="?", type=_file, metavar="FILE", help="a saved network to open")
    _add_data(parser, choices=False)
    parser.add_argument(
        "--doctor", action="store_true", help="check whether the window can open, and say what is missing"
    )
    parser.add_argument("--version", action="version", version=f"mnistviz {__version__}")
    options = parser.parse_args(typed)
    if options.doctor:
        return _doctor()
    if options.file is not None and not os.path.exists(options.file):  # False for an invalid name, too
        tell(f"mnistviz: {sentence('network_missing', {'file': options.file})}")
        return USAGE_ERROR
    gc.disable()  # nothing to collect during startup, and later only in the GUI thread: see `run_window`
    with ended_at_once():
        if _tell_findings(doctor.obstacles()):
            return 1
        from mnistviz.gui.splash import splash_if_slow

        splash = splash_if_slow(begun)
        from mnistviz.gui.app import run_window

    return run_window(options.data, options.file, splash)


def _tell_findings(findings: Sequence[doctor.SystemFinding]) -> bool:
    """Report findings; return whether there are any."""
    for finding in findings:
        tell(sentence(finding.code, finding.values))
    return bool(findings)


def _doctor() -> int:
    findings = doctor.examine_python() + doctor.examine_libraries()
    findings = findings or doctor.examine_qt()
    for finding in findings:
        print(sentence(finding.code, finding.values))
    if not findings:
        versions = [f"{package} {doctor.version_of(package)}" for package in doctor.PACKAGES]
        print(sentence("doctor_well", {"versions": (f"Python {platform.python_version()}", *versions)}))
        for finding in doctor.examine_screen():
            print(sentence(finding.code, finding.values))
    return 1 if findings else 0


def _train(typed: list[str]) -> int:
    from mnistviz import headless
    from mnistviz.train_options import add_settings, epochs, name, settings_typed

    parser = Parser(
        "train",
        "Train a network without a window. Epoch 0 is after the first pass. Options that you "
        "type come before the file of settings, and this before the recipe. Defaults stand in "
        "brackets.",
    )
    add = parser.add_argument
    add("--recipe", type=name, metavar="NAME", help="the settings of a recipe; “mnistviz recipes” lists them")
    settings_help = "read settings from FILE (.toml), all or some"
    add("--settings", dest="settings_file", type=_file, metavar="FILE", help=settings_help)
    add(
        "--epochs",
        type=epochs,
        metavar="N",
        help=f"at most this many epochs ({headless.USUAL.stop_epochs}); a cosine of η ends there too, unless "
        "--schedule-epochs or the file of settings says otherwise",
    )
    _add_data(parser)
    _add_results(parser)
    add("--write-settings", type=_file, metavar="FILE", help="write all settings to FILE (.toml), then train")
    add("--dry-run", action="store_true", help="check everything and write the settings, but do not train")
    add("--json", action="store_true", help="print one JSON object at the end, and all other lines to stderr")
    add("--quiet", action="store_true", help="print only errors")
    add_settings(parser, headless.USUAL)
    options = parser.parse_args(typed)
    typed_settings, options.data = settings_typed(options), _data(parser, options)
    names = headless.TrainingTask.__struct_fields__
    task = {name: value for name, value in vars(options).items() if name in names}
    return headless.train(headless.TrainingTask(typed_settings, **task))


def _add_results(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--save", type=_file, metavar="FILE", help="keep the trained network in FILE (.npz)")
    add(
        "--keep",
        choices=("last", "best"),
        default="last",
        help="keep the last weights, or the best ones on the validation digits (%(default)s)",
    )
    add("--save-experiment", type=_file, metavar="FILE", help="keep the whole run in FILE (.mnistviz)")
    small_help = "leave the weights out of the experiment: it can be trained again"
    add("--small", action="store_true", help=small_help)
    add("--curves", type=_file, metavar="FILE", help="write the curves of cost and accuracy to FILE (.csv)")


def _recipes(typed: list[str]) -> int:
    from mnistviz import headless

    about = "List the recipes: what they show, what accuracy they reach, and how long they take."
    parser = Parser("recipes", about)
    parser.add_argument("--json", action="store_true", help="print them as JSON")
    return headless.recipes(as_json=parser.parse_args(typed).json)


def _evaluate(typed: list[str]) -> int:
    from mnistviz import saved_work

    about = "Say how many digits a saved network reads right, or each run of a saved experiment."
    parser = Parser("evaluate", about)
    parser.add_argument("file", type=_file, metavar="FILE", help="a saved network or experiment")
    _add_data(parser)
    options = parser.parse_args(typed)
    return saved_work.evaluate(options.file, _data(parser, options))


def _replay(typed: list[str]) -> int:
    from mnistviz import saved_work

    about = "Train a run again as it was trained, and say whether its weights are the same here."
    parser = Parser("replay", about)
    add = parser.add_argument
    run_help = "a saved experiment (.mnistviz), or a run as one line of text in quotes"
    add("run", metavar="FILE|LINE", help=run_help)
    _add_run(parser)
    add("--to", type=_step, metavar="STEP", help="stop after this many mini-batches (its end)")
    add("--save", type=_file, metavar="NETWORK", help="keep the network in this file (.npz)")
    _add_data(parser)
    options = parser.parse_args(typed)
    task = saved_work.ReplayTask(
        options.run, options.letter, options.to, options.save, _data(parser, options)
    )
    return saved_work.replay(task)


def _describe(typed: list[str]) -> int:
    from mnistviz import saved_work

    parser = Parser("describe", "Say what a saved experiment or network holds.")
    parser.add_argument("file", type=_file, metavar="FILE", help="a saved experiment or network")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(typed)
    return saved_work.describe(options.file, as_json=options.json)


def _export(typed: list[str]) -> int:
    from mnistviz import headless

    about = "Write a saved network, or that of a run of an experiment, in a form that other programs read."
    parser = Parser("export", about)
    parser.add_argument("network", type=_file, metavar="NETWORK", help="a saved network or experiment")
    parser.add_argument(
        "file",
        type=_file,
        metavar="FILE",
        help="what is written, by the end of its name: .onnx; .safetensors, with the keys of a torch.nn.Sequential; "
        ".ipynb, a notebook that reads MNIST with it in NumPy and in PyTorch; .npz",
    )
    _add_run(parser)
    options = parser.parse_args(typed)
    return headless.export(options.network, options.file, options.letter)


def _read(typed: list[str]) -> int:
    parser = Parser("read", "Read the digits in pictures of handwriting, and print each line of it.")
    add = parser.add_argument
    add("network", type=_file, metavar="NETWORK", help="a saved network or experiment")
    add("pictures", type=_file, nargs="+", metavar="PICTURE", help="a picture: PNG, JPEG, WebP and others")
    _add_data(parser)
    add("--threshold", type=_share, metavar="T", help="how dark ink must be, 0 to 1 (found for each picture)")
    _add_run(parser)
    add("--line", type=_line, metavar="N", help="read only the line of this number; 1 is the uppermost")
    json_help = "print one JSON object, with boxes and certainties, and nothing else"
    add("--json", action="store_true", help=json_help)
    options = parser.parse_args(typed)
    if _tell_findings(doctor.obstacles_to_pictures()):
        return 1
    with ended_at_once():
        from mnistviz import picture_reading

    return picture_reading.read(
        options.network,
        options.pictures,
        _picture_reader,
        letter=options.letter,
        data=_data(parser, options),
        threshold=options.threshold,
        line=options.line,
        as_json=options.json,
    )


def _picture_reader() -> PictureReader:
    from mnistviz.gui.common.picture_file import read_picture

    return read_picture


def _parts(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


_step = argument(
    int, "'{text}' is not a number of mini-batches", lambda text: text.isdecimal() and len(text) <= 13
)
_line = argument(
    int, "'{text}' is not the number of a line", lambda text: text.isdecimal() and 1 <= int(text) < 10**9
)
_share = argument(float, "'{text}' is not a number from 0 to 1", lambda text: 0 <= float(text) <= 1)
_names = argument(_parts, "'{text}' names no class", lambda text: bool(_parts(text)))
_file = argument(Path, "'' is not the name of a file or folder", bool)


def _add_run(parser: argparse.ArgumentParser) -> None:
    run_help = "the run of an experiment with several (the selected one)"
    parser.add_argument("--run", dest="letter", metavar="LETTER", help=run_help)


def _add_data(parser: argparse.ArgumentParser, *, choices: bool = True) -> None:
    """Add the option `--data`, with the options for its conversion if `choices`: the window asks for these itself."""
    parser.add_argument(
        "--data",
        type=_file,
        metavar="PLACE",
        help="other digits or pictures: a folder with the four files of MNIST, or with a subfolder of pictures for "
        "each class; a table (.csv) with a picture in each line, its label first or last; or arrays (.npz) as "
        "Keras has them",
    )
    if not choices:
        return
    parser.add_argument(
        "--fit",
        choices=("mnist", "scaled"),
        help="how pictures of --data become 28 × 28: as MNIST was made, or plainly scaled (mnist)",
    )
    parser.add_argument(
        "--classes", type=_names, metavar="A,B,C", help="the classes of --data that are read (all)"
    )
    parser.add_argument(
        "--transpose",
        action=argparse.BooleanOptionalAction,
        help="swap rows and columns of the pictures of --data, as EMNIST needs it (where its name says so)",
    )


def _data(parser: Parser, options: argparse.Namespace) -> DataChoice | None:
    from mnistviz.engine.data_sets.source import DataChoice

    if options.data is None:
        for option in ("fit", "classes", "transpose"):
            if getattr(options, option) is not None:
                parser.error(f"argument --{option}: is of --data, which is missing")
        return None
    return DataChoice(
        options.data, options.fit or "mnist", options.classes or (), options.transpose, _picture_files
    )


def _picture_files() -> PictureFiles:
    from mnistviz.engine.problems import Problem

    for finding in doctor.obstacles_to_pictures():
        raise Problem(finding.code, **finding.values)
    from mnistviz.gui.common.picture_file import PICTURE_FILES

    return PICTURE_FILES
