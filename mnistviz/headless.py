"""`mnistviz train`, `mnistviz recipes` and `mnistviz export`: the commands that need no window."""

import json
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal

from msgspec import Struct, field
from msgspec.structs import asdict, replace

from mnistviz import __version__
from mnistviz.assets import asset
from mnistviz.engine.curves_file import save_curves
from mnistviz.engine.data_sets.importing import files_of
from mnistviz.engine.data_sets.source import DataChoice
from mnistviz.engine.digits import Digits
from mnistviz.engine.experiment.experiment_file import KEPT_BYTES, load_one_network, save_experiment
from mnistviz.engine.experiment.saved import DataNote, Experiment, SavedRun
from mnistviz.engine.exports.network_formats import SUFFIXES, write_network
from mnistviz.engine.network import Network
from mnistviz.engine.problems import Problem
from mnistviz.engine.recipes import RECIPES, Recipe
from mnistviz.engine.settings import SETTINGS, Settings
from mnistviz.engine.settings_file import MOST_BYTES, read_settings, save_settings
from mnistviz.engine.storage import about_run, save_network
from mnistviz.engine.unattended import Epoch, Outcome
from mnistviz.engine.unattended import train as train_unattended
from mnistviz.engine.workspace import number_of_parameters
from mnistviz.interruption import Interruption
from mnistviz.outputs import SIGNALLED, check_outputs, failed, open_and_report, save_somewhere
from mnistviz.sentences import sentence
from mnistviz.terminal import NotPrinted, ProgressBar, say, tell
from mnistviz.train_options import note

DIVERGED: Final = 1

USUAL: Final = Settings(stop="epochs")  # without a window nobody presses pause

_CURVES_BYTES: Final = 1024 * 1024  # at most
_HEADER_BYTES: Final = 64 * 1024  # at most: the file of a network besides its weights


class TrainingTask(Struct, frozen=True):
    """Options of `mnistviz train`. `typed` settings override those of `settings_file`, which override those of
    `recipe`; `epochs` is the largest number of epochs, and the length of a cosine if neither names it."""

    typed: Mapping[str, Any] = field(default_factory=dict)
    recipe: str | None = None
    settings_file: Path | None = None
    epochs: int | None = None
    data: Path | DataChoice | None = None
    save: Path | None = None
    save_experiment: Path | None = None
    small: bool = False
    keep: Literal["last", "best"] = "last"
    curves: Path | None = None
    write_settings: Path | None = None
    dry_run: bool = False
    json: bool = False
    quiet: bool = False

    def settings(self, named: Mapping[str, Any]) -> Settings:
        """Return all settings, with those `named`. Raise a `Problem` for invalid ones."""
        usual = USUAL
        if self.recipe is not None:
            if self.recipe not in RECIPES:
                near = tuple(get_close_matches(self.recipe.casefold(), RECIPES))
                code = "recipe_mistyped" if near else "recipe_not_known"
                raise Problem(code, name=self.recipe, names=near or tuple(RECIPES))
            usual = RECIPES[self.recipe].settings
            if usual.stop == "never":
                usual = replace(usual, stop=USUAL.stop)
        values = {**asdict(usual), **named}
        Settings.from_mapping(values)  # what `epochs` replaces below must be valid, too
        if self.epochs is not None:
            if values["stop"] != "no_improvement":
                values |= {"stop": "epochs", "stop_epochs": self.epochs}
            if values["schedule"] == "cosine" and "schedule_epochs" not in named:
                values["schedule_epochs"] = self.epochs
        return Settings.from_mapping(values)


def train(task: TrainingTask) -> int:
    """Train a network and return the exit code.

    Print `Epoch 0: 9061/10000` after each pass: the correct test digits. Ctrl-C, SIGTERM and SIGHUP end it after the
    current mini-batch, and the result is saved; likewise if a line can't be printed or a file can't be written, which
    is reported at the end. Raise `NotPrinted` if nothing else went wrong.
    """
    try:
        return _train(task)
    except Problem as problem:
        return failed("train", problem)


def recipes(*, as_json: bool = False) -> int:
    """List the recipes, their accuracies and their training times; return the exit code."""
    if as_json:
        listed = [
            {
                "name": recipe.name,
                "group": recipe.group,
                "title": sentence(recipe.title, {}),
                "about": sentence(recipe.about, {}),
                "reaches": recipe.reaches.median,
                "nine_of_ten": recipe.reaches.nine_of_ten,
                "lowest": recipe.reaches.lowest,
                "highest": recipe.reaches.highest,
                "seeds": recipe.reaches.seeds,
                "seeds_that_learn": recipe.reaches.learned,
                "seconds": recipe.seconds,
                "settings": asdict(recipe.settings),
            }
            for recipe in RECIPES.values()
        ]
        say(json.dumps(listed))
        return 0
    width, group = max(map(len, RECIPES)), ""
    for recipe in RECIPES.values():
        if recipe.group != group:
            group = recipe.group
            say(sentence(f"recipe_group_{group}", {}))
        minutes = recipe.seconds >= 100
        time = f"about {recipe.seconds / 60:.0f} min" if minutes else f"about {recipe.seconds:.0f} s"
        say(f"{recipe.name:{width}}  {_reached(recipe)}, {time}")
        say(f"{'':{width}}  {sentence(recipe.about, {})}")
    return 0


def _reached(recipe: Recipe) -> str:
    reaches = recipe.reaches
    seeds = f"{reaches.learned} of {reaches.seeds}" if reaches.learned < reaches.seeds else reaches.seeds
    spread = f"{100 * reaches.lowest:.2f} to {reaches.highest:.2%} with {seeds} seeds"
    nine = f"nine of ten seeds reach {reaches.nine_of_ten:.2%}"
    return f"{reaches.median:.2%} of the test digits ({spread}; {nine}) after {recipe.epochs} epochs"


def export(file: Path, target: Path, letter: str | None = None) -> int:
    """Write the network in `file`, or of one of its runs, as the suffix of `target` says; return the exit code."""
    try:
        if target.suffix.lower() not in SUFFIXES:
            raise Problem("network_format", file=str(target), formats=SUFFIXES)
        network, about = load_one_network(file, letter)
        size = 4 * number_of_parameters(network.sizes) + _HEADER_BYTES
        check_outputs([(target, 2 * size)], [file])
        write_network(network, target, about)
    except Problem as problem:
        return failed("export", problem)
    say(sentence("train_saved", {"file": target}))
    return 0


class _Lines:
    """Output lines of a run, on standard error if JSON goes to standard output. If standard output fails, the run
    continues if it has files to write, and `fault` is the error."""

    def __init__(self, task: TrainingTask) -> None:
        self._task = task
        self.fault: NotPrinted | None = None

    def say(self, line: str) -> None:
        if self._task.json and not self._task.quiet:
            tell(line)
        elif not self._task.quiet:
            self.print(line)

    def print(self, line: str) -> None:
        try:
            say(line)
        except NotPrinted as fault:
            if self._task.save is None and self._task.curves is None and self._task.save_experiment is None:
                raise
            self.fault = fault


def _train(task: TrainingTask) -> int:
    settings, digits = _prepared(task)
    if task.write_settings is not None:
        save_settings(
            settings, task.write_settings, {name: note(setting) for name, setting in SETTINGS.items()}
        )
    if task.dry_run:
        return 0
    lines = _Lines(task)
    saved_files: dict[str, Path | None] = {"settings": task.write_settings}
    code = 0
    with Interruption() as interruption:
        outcome = _trained(task, settings, digits, interruption, lines.say)
        if outcome.ended == "diverged":
            tell(sentence("run_diverged", {}))
            code = DIVERGED
        elif outcome.ended == "interrupted":
            code = SIGNALLED + (interruption.number or 0)
        for name, path, save in _files(task, outcome, digits):
            saved_files[name], problem = save_somewhere(path, save)
            if problem is not None:
                code = failed("train", problem)
    _tell_why_it_ended(outcome, digits, quiet=task.quiet)
    for name in ("curves", "save", "experiment"):
        if saved_files.get(name) is not None:
            lines.say(sentence("train_saved", {"file": saved_files[name]}))
    if task.json:
        lines.print(json.dumps(_summary(task, outcome, digits, saved_files)))
    if code == 0 and lines.fault is not None:
        raise lines.fault
    return code


def _prepared(task: TrainingTask) -> tuple[Settings, Digits]:
    """Return the settings and the digits after checking everything: nothing shall fail after long training."""
    named = {**({} if task.settings_file is None else read_settings(task.settings_file)), **task.typed}
    settings = task.settings(named)
    digits = open_and_report(task.data, quiet=task.quiet)
    if "sizes" not in named:
        settings = settings.changed(sizes=(*settings.sizes[:-1], len(digits.classes)))
    digits.check_fit(settings.sizes)
    if (wanted := task.typed.get("training_digits", 0)) > len(digits.training):
        raise Problem("data_fewer_digits", wanted=wanted, name=digits.name, count=len(digits.training))
    outputs = (
        (task.save, 4 * number_of_parameters(settings.sizes) + _HEADER_BYTES),
        (task.curves, _CURVES_BYTES),
        (task.save_experiment, KEPT_BYTES + 16 * number_of_parameters(settings.sizes) + _CURVES_BYTES),
        (task.write_settings, MOST_BYTES),
    )
    inputs = [*files_read(task.data), *([] if task.settings_file is None else [task.settings_file])]
    check_outputs(((file, size) for file, size in outputs if file is not None), inputs)
    return settings, digits


def files_read(data: Path | DataChoice | None) -> list[Path]:
    """Return every file that the program may read: those of the digits, and its own."""
    return [*files_of(data), *(file for file in asset().rglob("*") if file.is_file())]


def _trained(
    task: TrainingTask,
    settings: Settings,
    digits: Digits,
    interruption: Interruption,
    say: Callable[[str], None],
) -> Outcome:
    count = digits.epoch(settings)
    epochs = settings.stop_epochs if settings.stop == "epochs" else task.epochs
    if not task.quiet:
        if epochs is None and settings.stop == "never":
            tell(sentence("train_endless", {}))
        if epochs is not None and settings.schedule == "cosine" and settings.schedule_epochs < epochs:
            values = {"schedule_epochs": settings.schedule_epochs, "epochs": epochs}
            tell(sentence("train_eta_zero", values))
    bar = ProgressBar(None if epochs is None else epochs * count, wanted=not task.quiet)

    def report(epoch: Epoch) -> None:
        bar.clear()
        test = epoch.evaluations["test"]
        say(f"Epoch {epoch.number}: {test.right}/{len(test.predictions)}")

    try:
        return train_unattended(
            settings,
            digits,
            most_epochs=task.epochs,
            report=report,
            progress=lambda done: bar.show(done, f"Epoch {done // count}"),
            interrupted=lambda: interruption.number is not None,
        )
    finally:
        bar.clear()


def _files(
    task: TrainingTask, outcome: Outcome, digits: Digits
) -> Iterator[tuple[str, Path, Callable[[Path], None]]]:
    """Yield the files to save: name, path, and function. The network comes first: it can't be recreated."""
    if task.save is not None:
        yield "save", task.save, _saver(task.keep, outcome, digits)
    if task.save_experiment is not None:
        run = SavedRun(1, outcome.settings, outcome.content, digits.epoch(outcome.settings), "A")
        experiment = Experiment(DataNote.of(digits), (run,), run.number)
        save = partial(save_experiment, experiment, digits=digits, small=task.small)
        yield "experiment", task.save_experiment, save
    if task.curves is not None:
        sizes = digits.sizes(outcome.settings)
        yield "curves", task.curves, partial(save_curves, outcome.history, sizes["training"], sizes=sizes)


def _saver(keep: str, outcome: Outcome, digits: Digits) -> Callable[[Path], None]:
    network, step, consumed = outcome.network, outcome.step, outcome.digits
    if keep == "best":
        if outcome.best is None or outcome.best_network is None:
            tell(sentence("best_not_yet", {}))
        else:
            network, step = outcome.best_network, outcome.best.step
            consumed = outcome.best.epoch * digits.epoch(outcome.settings)
    about = about_measured(network, outcome.settings, digits, step, consumed)
    return lambda path: save_network(network, path, about)


def about_measured(
    network: Network, settings: Settings, digits: Digits, step: int, consumed: int
) -> dict[str, object]:
    """Return the description of a network in its file, with its validation and test accuracy."""
    sets = {"validation": digits.validation, "test": digits.test}
    right = {name: (network.evaluate(digit_set), len(digit_set)) for name, digit_set in sets.items()}
    return about_run(settings, digits, digits.epoch(settings), step, consumed, right)


def _tell_why_it_ended(outcome: Outcome, digits: Digits, *, quiet: bool) -> None:
    settings = outcome.settings
    if outcome.ended == "interrupted":
        count = digits.epoch(settings)
        epoch, consumed = divmod(outcome.digits, count)
        tell(f"Stopped in epoch {epoch}, after {consumed:,} of its {count:,} digits.")
    elif outcome.ended == "stopped" and settings.stop == "no_improvement" and outcome.best and not quiet:
        values = {
            "epochs": settings.stop_epochs,
            "epoch": outcome.best.epoch - 1,
            "accuracy": round(100 * outcome.best.accuracy, 2),
        }
        tell(sentence("train_no_improvement", values))


def _summary(
    task: TrainingTask, outcome: Outcome, digits: Digits, saved_files: Mapping[str, Path | None]
) -> dict[str, Any]:
    """Return the JSON summary of a run. Epochs count from 0, accuracies are 0 to 1."""

    def figures(epoch: Epoch | None) -> dict[str, float] | None:
        if epoch is None:
            return None
        return {"epoch": epoch.number} | {str(name): epoch.accuracy(name) for name in epoch.evaluations}

    return {
        "mnistviz": __version__,
        "recipe": task.recipe,
        "settings": asdict(outcome.settings),
        "data": {"name": digits.name, "checksum": digits.checksum},
        "ended": outcome.ended,
        "mini_batches": outcome.step,
        "digits": outcome.digits,
        "seconds": round(outcome.seconds, 3),
        "last": figures(outcome.epochs[-1] if outcome.epochs else None),
        "best": figures(outcome.best_epoch),
        "epochs": [figures(epoch) for epoch in outcome.epochs],
        "files": {
            name: str(saved_files[name]) if saved_files.get(name) else None
            for name in ("save", "experiment", "curves", "settings")
        },
    }
