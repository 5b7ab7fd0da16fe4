"""What one types, and what one gets: lines, files, exit codes, one sentence for a fault."""

import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from msgspec.structs import asdict

from mnistviz import __version__, doctor, headless
from mnistviz.doctor import SystemFinding
from mnistviz.engine import (
    RECIPES,
    Network,
    Settings,
    Trainer,
    load_digits,
    load_network,
    load_settings,
    save_network,
)
from mnistviz.engine.digits import Digits
from mnistviz.engine.settings import SETTINGS
from mnistviz.sentences import sentence
from tests.picture_files import png
from tests.programs import Program, Said, ended_well

SMALL = ["--sizes", "784,5,3", "--epochs", "3", "--mini-batch-size", "7"]
Train = Callable[..., Said]
Interrupt = Callable[[int], None]
Opened = list[tuple[Path | None, Path | None]]
LACKING = SystemFinding("doctor_libraries", {"libraries": "libEGL.so.1", "packages": "libegl1"})


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Opened:
    """What would have been opened; no window is."""
    opened: Opened = []

    def run_window(data: Path | None, file: Path | None, splash: object) -> int:
        opened.append((data, file))
        return 0

    app = ModuleType("mnistviz.gui.app")
    app.run_window = run_window  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "mnistviz.gui.app", app)
    monkeypatch.setattr(doctor, "obstacles", list)
    monkeypatch.setattr("mnistviz.gui.splash.splash_if_slow", lambda begun: None)
    return opened


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "network.npz"


@pytest.fixture
def train(letters: Path, program: Program) -> Train:
    """Trains a small network for three epochs."""
    return partial(program, "train", *SMALL, "--data", letters)


@pytest.fixture
def interrupt_at(monkeypatch: pytest.MonkeyPatch) -> Interrupt:
    """Presses Ctrl-C in the middle of the mini-batch of a number."""
    train: Callable[[Trainer], float] = Trainer.step

    def at(step: int) -> None:
        def interrupted(trainer: Trainer) -> float:
            if trainer.step_number == step - 1:
                signal.raise_signal(signal.SIGINT)
            return train(trainer)

        monkeypatch.setattr(Trainer, "step", interrupted)

    return at


class TestProgram:
    def test_says_its_version(self, program: Program) -> None:
        assert program("--version").out == f"mnistviz {__version__}\n"

    def test_runs_as_a_module_and_finds_its_digits_from_anywhere(self, tmp_path: Path) -> None:
        command = [sys.executable, "-m", "mnistviz", "train", "--sizes", "784,10", "--epochs", "1"]
        path = str(Path(headless.__file__).parent.parent)
        ran = ended_well(command, cwd=tmp_path, env={"PYTHONPATH": path})
        assert re.fullmatch(r"Epoch 0: \d{4}/10000\n", ran.stdout)
        assert ran.stderr == ""

    def test_each_command_has_its_help(self, program: Program) -> None:
        shown = program("--help").out
        for command in ("train", "evaluate", "recipes", "read"):
            assert f"mnistviz {command}" in shown
            option = "--data" if command in ("train", "evaluate") else "--json"
            assert option in program(command, "--help").out

    def test_help_tells_of_every_setting_with_its_range(self, program: Program) -> None:
        shown = " ".join(program("train", "--help").out.split())
        for name in SETTINGS:
            assert f"--{name.replace('_', '-')} " in shown
        assert "learning rate η, 0.0001 to 1,000.0 (3.0)" in shown
        assert "sigmoid, tanh, relu, leaky_relu" in shown


class TestWindow:
    def test_opens_with_a_network_or_digits(self, opened: Opened, program: Program, file: Path) -> None:
        save_network(Network((784, 10)), file, {})
        program()
        program("--data", "letters", file)
        assert opened == [(None, None), (Path("letters"), file)]

    def test_does_not_open_for_a_file_that_is_not_there(self, opened: Opened, program: Program) -> None:
        assert program.refuses("nothing.npz") == "mnistviz: There is no file nothing.npz.\n"
        assert opened == []

    def test_says_what_the_system_lacks_instead_of_opening(
        self, opened: Opened, monkeypatch: pytest.MonkeyPatch, program: Program
    ) -> None:
        monkeypatch.setattr(doctor, "obstacles", lambda: [LACKING])
        assert "sudo apt install libegl1" in program(code=1).err
        assert opened == []


class TestDoctor:
    def test_says_that_all_is_well(self, monkeypatch: pytest.MonkeyPatch, program: Program) -> None:
        monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
        assert program("--doctor").out.startswith("All is well: Python 3.")

    def test_says_what_is_missing_and_fails(self, monkeypatch: pytest.MonkeyPatch, program: Program) -> None:
        monkeypatch.setattr(doctor, "examine_libraries", lambda: [LACKING])
        assert program("--doctor", code=1).out.endswith("sudo apt install libegl1\n")


class TestTrain:
    def test_prints_the_test_digits_read_right_after_each_epoch(self, letters: Path, train: Train) -> None:
        digits = load_digits(letters)
        settings = Settings(sizes=(784, 5, 3), mini_batch_size=7)
        trainer = Trainer(Network(settings.sizes, settings.seed), settings, digits.training)
        expected = ""
        for epoch in range(3):
            while trainer.epoch == epoch:
                trainer.step()
            expected += f"Epoch {epoch}: {trainer.network.evaluate(digits.test)}/20\n"
        assert train() == (expected, "")

    def test_has_outputs_for_classes_or_as_told(self, letters: Path, program: Program, file: Path) -> None:
        program("train", "--epochs", "1", "--data", letters, "--save", file)
        assert load_network(file)[0].sizes == (784, 30, 3)

    def test_keeps_the_whole_network(self, letters: Path, program: Program, file: Path, train: Train) -> None:
        assert f"Saved in {file}." in train("--save", file).out
        about = load_network(file)[1]["about"]
        assert (about["data"]["name"], about["digits"]) == ("letters", 150)
        assert about["settings"]["mini_batch_size"] == 7
        right, count = about["right"]["test"]
        evaluated = program("evaluate", file, "--data", letters).out
        assert f"Test: {right}/{count} ({right / count:.2%})" in evaluated

    def test_a_seed_gives_the_same_file_and_quiet_prints_nothing(self, tmp_path: Path, train: Train) -> None:
        first, second = tmp_path / "first.npz", tmp_path / "second.npz"
        for file in (first, second):
            assert train("--quiet", "--save", file) == ("", "")
        assert first.read_bytes() == second.read_bytes()

    def test_ctrl_c_ends_it_after_the_mini_batch_and_keeps_what_was_reached(
        self, interrupt_at: Interrupt, file: Path, train: Train
    ) -> None:
        interrupt_at(10)
        shown = train("--save", file, code=130)
        assert shown.err == "Stopped in epoch 1, after 14 of its 50 digits.\n"
        assert len(re.findall("Epoch", shown.out)) == 1
        assert load_network(file)[1]["about"]["step"] == 10
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler

    def test_ctrl_c_before_anything_is_trained_is_no_accident_either(
        self, monkeypatch: pytest.MonkeyPatch, program: Program
    ) -> None:
        def interrupted(directory: Path | None, quiet: bool) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(headless, "open_and_report", interrupted)
        assert program("train", code=130).err == "Stopped.\n"

    def test_finds_out_first_if_it_cannot_save(self, letters: Path, tmp_path: Path, program: Program) -> None:
        file = tmp_path / "missing" / "network.npz"
        told = program.refuses("train", *SMALL, "--data", letters, "--save", file)
        assert told == f"mnistviz train: {file} cannot be written: No such file or directory.\n"


class TestSettingsOfTrain:
    @pytest.fixture
    def trained(self, letters: Path, tmp_path: Path, program: Program) -> Callable[..., Settings]:
        """The settings that `train` has kept with the network."""

        def train(*typed: object) -> Settings:
            file = tmp_path / "network.npz"
            program("train", "--data", letters, "--quiet", "--save", file, *typed)
            return Settings.from_mapping(load_network(file)[1]["about"]["settings"])

        return train

    def test_every_setting_can_be_typed(self, trained: Callable[..., Settings]) -> None:
        wanted = Settings(
            sizes=(784, 4, 3), seed=9, activation="leaky_relu", output="softmax", cost="cross_entropy",
            initial_weights="he", training_digits=50, random_labels=0.5, classes_left_out=(1,), eta=0.05,
            mini_batch_size=5, order="sorted", weight_decay=0.5, momentum=0.5, momentum_kind="nesterov", dropout=0.25,
            schedule="step", schedule_epochs=2, shift=2, rotation=10.0, elastic=0.5, stop="no_improvement",
            stop_epochs=1,
        )  # fmt: skip
        usual = Settings()
        typed = []
        for name, value in asdict(wanted).items():
            assert value != getattr(usual, name) or name == "training_digits"
            text = ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
            typed += [f"--{name.replace('_', '-')}", text]
        assert trained(*typed) == wanted

    def test_options_go_before_the_file_and_the_file_before_the_recipe(
        self, trained: Callable[..., Settings], tmp_path: Path
    ) -> None:
        file = tmp_path / "settings.toml"
        file.write_text("momentum = 0.8\neta = 0.02\nstop_epochs = 1\n", encoding="utf-8")
        fast = RECIPES["fast"].settings.changed(sizes=(784, 100, 3), momentum=0.8, eta=0.03, stop_epochs=1)
        assert trained("--recipe", "fast", "--settings", file, "--eta", "0.03") == fast

    def test_written_settings_train_the_same_network_again(
        self, trained: Callable[..., Settings], letters: Path, tmp_path: Path, program: Program
    ) -> None:
        settings, again = tmp_path / "settings.toml", tmp_path / "again.npz"
        assert trained(*SMALL, "--eta", "0.1", "--write-settings", settings) == load_settings(settings)
        program("train", "--data", letters, "--quiet", "--settings", settings, "--save", again)
        assert again.read_bytes() == (tmp_path / "network.npz").read_bytes()

    def test_a_cosine_ends_with_typed_epochs(self, trained: Callable[..., Settings], tmp_path: Path) -> None:
        file = tmp_path / "settings.toml"
        file.write_text("schedule_epochs = 3\n", encoding="utf-8")
        for typed, epochs in (
            ([], 2),
            (["--stop", "no_improvement"], 2),
            (["--schedule-epochs", "4"], 4),
            (["--settings", file], 3),
            (["--schedule", "step"], 15),
        ):
            assert trained("--recipe", "fast", "--epochs", "2", *typed).schedule_epochs == epochs

    def test_a_cosine_that_ends_before_the_training_is_told(self, letters: Path, program: Program) -> None:
        cosine = ["train", *SMALL, "--schedule", "cosine", "--data", letters]
        told = program(*cosine, "--schedule-epochs", "2").err
        assert told == "The cosine ends after 2 of 3 epochs: η is 0 from then on.\n"
        assert program(*cosine).err == ""

    def test_a_dry_run_writes_settings_only(self, letters: Path, tmp_path: Path, program: Program) -> None:
        settings, network = tmp_path / "settings.toml", tmp_path / "network.npz"
        typed = ["--recipe", "best", "--write-settings", settings, "--save", network]
        assert program("train", "--data", letters, "--dry-run", *typed) == ("", "")
        assert load_settings(settings) == RECIPES["best"].settings.changed(sizes=(784, 256, 128, 3))
        assert not network.exists()


class TestEndOfTrain:
    def test_stops_when_validation_no_longer_improves_and_keeps_the_best_weights(
        self, letters: Path, program: Program, file: Path
    ) -> None:
        rule = ["--stop", "no_improvement", "--stop-epochs", "2"]
        where = ["--data", letters, "--save", file, "--keep", "best"]
        shown = program("train", "--sizes", "784,5,3", *rule, *where, "--json")
        told = json.loads(shown.out)
        assert told["ended"] == "stopped"
        assert told["best"]["epoch"] == told["last"]["epoch"] - 2
        assert f"It was best in epoch {told['best']['epoch']}: " in shown.err
        about = load_network(file)[1]["about"]
        assert about["digits"] == 50 * (told["best"]["epoch"] + 1)
        assert about["right"]["validation"][0] == round(told["best"]["validation"] * 10)

    def test_epochs_are_the_most_there_will_be(self, letters: Path, program: Program) -> None:
        rule = ["--stop", "no_improvement", "--stop-epochs", "1000", "--epochs", "3"]
        told = json.loads(program("train", "--sizes", "784,5,3", *rule, "--data", letters, "--json").out)
        assert (told["ended"], len(told["epochs"])) == ("epochs", 3)
        assert told["settings"]["stop"] == "no_improvement"

    def test_without_a_stopping_rule_it_says_how_to_end_it(
        self, letters: Path, interrupt_at: Interrupt, program: Program
    ) -> None:
        interrupt_at(10)
        shown = program("train", "--sizes", "784,5,3", "--stop", "never", "--data", letters, code=130)
        assert shown.err.startswith(sentence("train_endless", {}))

    def test_divergence_is_said_and_fails(self, letters: Path, program: Program, file: Path) -> None:
        wild = ["--activation", "relu", "--output", "softmax", "--cost", "cross_entropy", "--eta", "1000"]
        typed = ["train", "--sizes", "784,50,50,3", *wild, "--data", letters]
        assert program(*typed, code=1).err == f"{sentence('run_diverged', {})}\n"
        assert f"{file} was not saved" in program(*typed, "--save", file, code=2).err
        assert not file.exists()

    def test_before_the_first_epoch_the_last_weights_are_the_best_there_are(
        self, interrupt_at: Interrupt, file: Path, train: Train
    ) -> None:
        interrupt_at(3)
        told = train("--save", file, "--keep", "best", code=130).err
        assert told.count("no best weights before the end of the first epoch") == 1
        assert load_network(file)[1]["about"]["step"] == 3


class TestForPrograms:
    def test_json_is_all_on_standard_output(self, letters: Path, tmp_path: Path, train: Train) -> None:
        files = ["--save", str(tmp_path / "network.npz"), "--curves", str(tmp_path / "curves.csv")]
        shown = train("--json", *files)
        told = json.loads(shown.out)
        assert shown.err.count("Epoch") == 3
        assert told["settings"]["mini_batch_size"] == 7
        assert told["settings"]["sizes"] == [784, 5, 3]
        assert [epoch["epoch"] for epoch in told["epochs"]] == [0, 1, 2]
        assert told["last"] == told["epochs"][-1]
        assert told["best"] in told["epochs"]
        assert (told["mini_batches"], told["digits"], told["ended"]) == (24, 150, "stopped")
        assert told["data"]["name"] == "letters"
        assert told["files"]["save"] == files[1]

    def test_json_is_printed_after_ctrl_c_too(self, interrupt_at: Interrupt, train: Train) -> None:
        interrupt_at(10)
        told = json.loads(train("--json", "--quiet", code=130).out)
        assert (told["ended"], told["mini_batches"], len(told["epochs"])) == ("interrupted", 10, 1)

    def test_curves_are_written_with_their_costs_and_accuracies(self, tmp_path: Path, train: Train) -> None:
        file = tmp_path / "curves.csv"
        train("--quiet", "--curves", file)
        header, *lines = file.read_text(encoding="utf-8").splitlines()
        assert header.startswith("series,first_mini_batch,last_mini_batch,first_epoch,last_epoch,count")
        of_layers = {f"{what}_layer_{layer}" for what in ("gradient", "step") for layer in (1, 2)}
        measured = {"cost", "training", "validation", "test", *of_layers}
        assert {line.split(",")[0] for line in lines} == measured
        assert sum(line.startswith("cost,") for line in lines) == 24


class TestRecipes:
    @pytest.mark.parametrize(
        ("typed", "near"), [("fats", "fast"), ("FAST", "fast"), ("chapter3", "chapter-3")]
    )
    def test_a_mistyped_one_gets_near_names(self, typed: str, near: str, program: Program) -> None:
        told = program.refuses("train", "--recipe", typed)
        assert f"no recipe named {typed}. Similar: {near}" in told
        assert "overfit" not in told
        assert ", ".join(RECIPES) in program.refuses("train", "--recipe", "xyz"), "all, where none is near"

    def test_they_are_listed_with_what_they_reach(self, program: Program) -> None:
        shown = program("recipes").out
        for recipe in RECIPES.values():
            reaches = recipe.reaches
            assert f"{recipe.name} " in shown
            assert f"{reaches.median:.2%} of the test digits" in shown
            assert f"nine of ten seeds reach {reaches.nine_of_ten:.2%}) after {recipe.epochs} ep" in shown
            assert sentence(recipe.about, {}) in shown
        reaches = RECIPES["chapter-1"].reaches
        seeds = f"{reaches.highest:.2%} with {reaches.learned} of {reaches.seeds} seeds;"
        assert f"({100 * reaches.lowest:.2f} to {seeds}" in shown

    def test_chapter_1_ends_after_the_book_s_epochs_where_nobody_can_pause_it(self) -> None:
        settings = headless.TrainingTask(recipe="chapter-1").settings({})
        assert settings == RECIPES["chapter-1"].settings.changed(stop="epochs")
        assert settings.stop_epochs == 30

    def test_they_are_listed_for_programs(self, program: Program) -> None:
        told = json.loads(program("recipes", "--json").out)
        assert [entry["name"] for entry in told] == list(RECIPES)
        assert Settings.from_mapping(told[-1]["settings"]) == list(RECIPES.values())[-1].settings


class TestFaults:
    @pytest.mark.parametrize(
        "typed",
        [
            "train --sizes 784,thirty,10", "train --sizes 784", "train --sizes 784,0,10", "train --sizes 784,99999,10",
            "train --sizes 100,10", "train --epochs 0", f"train --epochs {'9' * 5000}", "train --mini-batch-size 0",
            "train --mini-batch-size 100000", "train --eta steep", "train --eta nan", "train --eta -1",
            "train --seed -1", "train --data /nowhere", "train --recipe soup", "train --settings nothing.toml",
            "train --output softmax", "train --activation magic", "train --momentum 1", "train --weight-decay -1",
            "train --keep all", "train --curves /nowhere/curves.csv", "train --write-settings /nowhere/settings.toml",
            "train --save /tmp --json", "train --save same --curves same", "recipes --nonsense", "train --nonsense",
            "evaluate", "evaluate nothing.npz", "--nonsense",
        ],
        ids=lambda typed: typed[:40],
    )  # fmt: skip
    def test_are_one_sentence_and_exit_code_2(self, typed: str, program: Program) -> None:
        assert program.refuses(*typed.split()).startswith("mnistviz")

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ("--classes 0,1", "--classes: is of --data"),
            ("--fit mnist", "--fit: is of --data"),
            ("--no-transpose", "--transpose: is of --data"),
            ("--classes ,", "',' names no class"),
            ("--stop x --epochs 1", "x"),
            ("--stop-epochs 0 --epochs 1", "0"),
            ("--training-digits 50001", "50,001 training digits are wanted, and MNIST has 50,000."),
            ("--epochs 10001", "argument --epochs: '10001' is not a whole number from 1 to 10,000"),
        ],
    )
    def test_an_option_without_effect_is_refused(self, typed: str, said: str, program: Program) -> None:
        assert said in program.refuses("train", "--dry-run", *typed.split())

    def test_an_empty_value_is_refused_by_the_name_of_its_option(self, program: Program) -> None:
        for option in (
            "recipe",
            "settings",
            "data",
            "save",
            "curves",
            "write-settings",
            "activation",
            "eta",
            "seed",
        ):
            assert f"argument --{option}: '' is not" in program.refuses("train", f"--{option}", "")
        program.refuses("train", "--sizes", "")

    @pytest.mark.parametrize("typed", ["{}", "evaluate {}", "train --data {}"])
    def test_impossible_file_names_are_no_fault(self, typed: str, opened: Opened, program: Program) -> None:
        program.refuses(*typed.format("x" * 5000).split())
        assert program("--data", "x" * 5000).err == "", "the window says it itself"

    def test_only_a_network_that_fits_is_evaluated(self, letters: Path, program: Program, file: Path) -> None:
        save_network(Network((784, 10)), file, {})
        assert "does not fit the data set letters" in program.refuses("evaluate", file, "--data", letters)
        file.write_text("no network")
        program.refuses("evaluate", file)


@pytest.mark.parametrize(
    ("module", "typed", "told", "does"),
    [
        ("command_line", [], b"", "raise KeyboardInterrupt"),
        ("saved_work", ["describe", "nothing.npz"], b"Stopped.\n", "swallow()"),
        ("gui.app", [], b"Stopped.\n", "swallow()"),
    ],
)
def test_ctrl_c_ends_it_while_it_is_imported(module: str, typed: list[str], told: bytes, does: str) -> None:
    script = (
        "def swallow():\n"  # as a callback of Python's own does, and PySide
        "    try: signal.raise_signal(signal.SIGINT)\n"
        "    except KeyboardInterrupt: pass\n"
        "import signal, sys\n"
        "class Finder:\n"
        "    def find_spec(self, name, *rest):\n"
        f"        if name != 'mnistviz.{module}': return\n"
        f"        {does}\n"
        "sys.meta_path.insert(0, Finder())\n"
        "from mnistviz.__main__ import main\n"
        f"sys.argv[1:] = {typed}\n"
        "sys.exit(main())"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (130, told)


class TestExperiments:
    @pytest.fixture
    def saved(self, tmp_path: Path, train: Train) -> Path:
        path = tmp_path / "run.mnistviz"
        assert f"Saved in {path}." in train("--save-experiment", path).out
        return path

    def test_a_run_is_replayed(self, saved: Path, letters: Path, tmp_path: Path, program: Program) -> None:
        network = tmp_path / "again.npz"
        said = program("replay", saved, "--data", letters, "--save", network).out
        assert "The weights are the same as in the file" in said
        assert load_network(network)[1]["about"]["step"] == 24
        of_run = program("evaluate", saved, "--data", letters).out
        of_network = program("evaluate", network, "--data", letters).out
        assert of_run == "".join(f"A {line}\n" for line in of_network.splitlines())

    def test_it_is_described_and_replayed(self, saved: Path, letters: Path, program: Program) -> None:
        text = program("describe", saved).out
        assert "An experiment with 1 run on letters" in text
        (run,) = json.loads(program("describe", saved, "--json").out)["runs"]
        assert run["line"] in text
        assert (run["mini_batches"], run["complete"]) == (24, True)
        for to in ((), ("--to", "24"), ("--to", "10")):
            said = program("replay", run["line"], *to, "--data", letters).out
            assert said.startswith(f"{to[1] if to else 24} mini-batches")

    def test_a_run_is_exported(self, saved: Path, letters: Path, tmp_path: Path, program: Program) -> None:
        replayed, exported = tmp_path / "replayed.npz", tmp_path / "exported.npz"
        program("replay", saved, "--data", letters, "--save", replayed)
        for letter in ((), ("--run", "A")):
            program("export", saved, exported, *letter)
            network, header = load_network(exported)
            same, told = load_network(replayed)
            np.testing.assert_array_equal(network.parameters, same.parameters)
            assert header["about"]["right"]["test"] == told["about"]["right"]["test"]
            assert {**header["about"], "right": {}} == {**told["about"], "right": {}}
        for ending in ("onnx", "safetensors", "ipynb"):
            program("export", saved, tmp_path / f"network.{ending}")
        assert "no run B" in program.refuses("export", saved, exported, "--run", "B")
        for typed in (["export", replayed, tmp_path / "b.npz"], ["replay", replayed, "--data", letters]):
            assert "holds no runs" in program.refuses(*typed, "--run", "A")

    def test_a_network_is_described(self, letters: Path, program: Program, file: Path) -> None:
        program("train", *SMALL, "--eta", "0.5", "--data", letters, "--save", file)
        network, header = load_network(file)
        read, count = header["about"]["right"]["test"]
        text = program("describe", file).out
        share = f"{read / count:.2%} of {count} test"
        assert all(
            told in text for told in ("784-5-3, sigmoid", "on letters", "24 mini-batches", share, "η 0.5")
        )
        save_network(network, file, {"data": 3, "right": {"test": ["x"]}, "settings": [], "step": "7"})
        assert len(program("describe", file).out.splitlines()) == 1

    def test_small_lacks_weights(self, letters: Path, tmp_path: Path, program: Program, train: Train) -> None:
        path = tmp_path / "small.mnistviz"
        train("--save-experiment", path, "--small")
        assert path.stat().st_size < 10_000
        assert "mnistviz replay" in program.refuses("evaluate", path, "--data", letters)
        program("replay", path, "--data", letters)

    def test_a_fault_is_said(self, saved: Path, letters: Path, tmp_path: Path, program: Program) -> None:
        data = ["--data", letters]
        for typed, word in (
            (["replay", saved], "other digits"),
            (["replay", saved, "--run", "Q", *data], "no run Q"),
            (["replay", saved, "--to", "99", *data], "no mini-batch 99"),
            (["replay", "784-5-3 seed 1; explode", *data], "explode"),
            (["replay", "784-5-3 seed 1; → 5; data ffff", *data], "ffff"),
            (["replay", tmp_path / "none.mnistviz", *data], "no file"),
            (["replay", saved, "--save", saved, *data], "reads it"),
            (["describe", tmp_path / "none"], "no file"),
        ):
            assert word in program.refuses(*typed)


class TestOwnData:
    """Pictures of one's own, in a folder for each class: dark on light, and larger than 28 × 28."""

    @pytest.fixture
    def pictures(self, tmp_path: Path, mnist: Digits) -> Path:
        for name, label in (("one", 1), ("nought", 0), ("seven", 7)):
            (tmp_path / "mine" / name).mkdir(parents=True)
            for number in np.flatnonzero(mnist.test.labels == label)[:40]:
                picture = np.kron(255 - mnist.test.images[number].reshape(28, 28), np.ones((2, 2), np.uint8))
                (tmp_path / "mine" / name / f"{number}.png").write_bytes(png(picture))
        return tmp_path / "mine"

    def test_it_is_trained_on_and_measured(self, pictures: Path, program: Program, file: Path) -> None:
        chosen = ["--data", pictures, "--classes", "one, nought"]
        program("train", "--epochs", "30", "--mini-batch-size", "5", "--quiet", *chosen, "--save", file)
        network, header = load_network(file)
        assert network.sizes == (784, 30, 2)
        assert header["about"]["data"]["classes"] == ["nought", "one"]
        told = program("evaluate", file, *chosen).out
        right, count = map(int, told.split("Test: ")[1].split(" ")[0].split("/"))
        assert count == 13
        assert right >= 12
        assert program("evaluate", file, *chosen, "--fit", "scaled", "--transpose").out != told

    def test_pictures_left_out_are_told(self, pictures: Path, tmp_path: Path, program: Program) -> None:
        broken, saved = min((pictures / "one").iterdir()), tmp_path / "saved.npz"
        broken.write_bytes(b"")
        for typed in (["train", "--epochs", "1", "--save", saved], ["evaluate", saved]):
            assert f"{Path('one', broken.name)}." in program(*typed, "--data", pictures).err

    def test_faults_are_told(self, pictures: Path, program: Program) -> None:
        typed, read = ["train", "--data", pictures], next((pictures / "one").iterdir())
        assert "no class two" in program.refuses(*typed, "--classes", "one,two")
        assert "2 to 10 are needed" in program.refuses(*typed, "--classes", "one")
        assert "the program reads it" in program.refuses(*typed, *SMALL, "--save", read)
