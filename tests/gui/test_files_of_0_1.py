"""What version 0.1 wrote is still read: it called the setting of the initial weights `start`."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import asdict

from mnistviz.command_line import main
from mnistviz.engine.digits import Digits
from mnistviz.engine.network import Network
from mnistviz.engine.problems import Problem
from mnistviz.engine.settings import Settings
from mnistviz.engine.settings_file import load_settings
from mnistviz.engine.storage import load_network, save_network
from mnistviz.gui.lab.kept_runs import KeptNetworks
from mnistviz.gui.lab.recipe_book import RecipeBook
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.sentences import sentence

CHOSEN = Settings(sizes=(784, 1, 10), seed=7, activation="relu", initial_weights="he", eta=0.5)

TOML = """\
sizes = [784, 1, 10]
seed = 7
activation = "relu"
output = "sigmoid"
cost = "quadratic"
start = "he"
training_digits = 50000
eta = 0.5
mini_batch_size = 10
weight_decay = 0.0
momentum = 0.0
momentum_kind = "classical"
dropout = 0.0
schedule = "constant"
schedule_epochs = 10
shift = 0
rotation = 0.0
elastic = 0.0
stop = "never"
stop_epochs = 30
"""

SETTINGS = """{
   "sizes": [784, 1, 10], "seed": 7, "activation": "relu", "output": "sigmoid", "cost": "quadratic",
   "start": "he", "training_digits": 50000, "eta": 0.5, "mini_batch_size": 10, "weight_decay": 0.0,
   "momentum": 0.0, "momentum_kind": "classical", "dropout": 0.0, "schedule": "constant", "schedule_epochs": 10,
   "shift": 0, "rotation": 0.0, "elastic": 0.0, "stop": "never", "stop_epochs": 30
}"""

HEADER = f"""{{
 "format": 1, "engine": "0.1.0", "sizes": [784, 1, 10], "activation": "relu", "output": "sigmoid",
 "cost": "quadratic", "start": "he", "seed": 7,
 "about": {{
  "settings": {SETTINGS},
  "data": {{"name": "MNIST", "checksum": "x", "classes": ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]}},
  "step": 20, "digits": 200, "right": {{"validation": [500, 1000]}},
  "kept": "2026-01-02T03:04:05+00:00", "epoch": 1000, "measured_at": 20
 }}
}}"""


def network_of_0_1(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("header.json", HEADER)
        for name, shape in (
            ("weights_1", (1, 784)), ("biases_1", (1,)), ("weights_2", (10, 1)), ("biases_2", (10,)),
        ):  # fmt: skip
            array = io.BytesIO()
            np.lib.format.write_array(array, np.full(shape, 0.25, np.float32), allow_pickle=False)
            archive.writestr(f"{name}.npy", array.getvalue())
    return path


def test_a_file_of_settings(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(TOML, encoding="utf-8")
    assert load_settings(file) == CHOSEN
    file.write_text('start = "scaled"', encoding="utf-8")
    assert load_settings(file).initial_weights == "scaled"


def test_a_file_that_has_the_old_name_and_the_new_one_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('start = "scaled"\ninitial_weights = "he"', encoding="utf-8")
    with pytest.raises(Problem) as caught:
        load_settings(file)
    assert sentence(caught.value.code, caught.value.values) == "There is no setting named start."


def test_a_recipe_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(TOML, encoding="utf-8")
    assert RecipeBook(tmp_path).find("mine").settings == CHOSEN


def test_a_network_and_what_is_told_of_its_run(tmp_path: Path) -> None:
    file = network_of_0_1(tmp_path / "runs" / "20260102-030405-0.npz")
    network, header = load_network(file)
    assert network.initial_weights == "he"
    assert (network.parameters == 0.25).all()
    assert Settings.from_mapping(header["about"]["settings"]) == CHOSEN
    assert [run.settings for run in KeptNetworks(file.parent).runs()] == [CHOSEN]


def test_a_network_of_today_can_be_read_by_0_1(tmp_path: Path) -> None:
    file = tmp_path / "network.npz"
    network = Network((784, 1, 10), 7, activation="relu", initial_weights="he")
    save_network(network, file, {"settings": asdict(CHOSEN)})
    with zipfile.ZipFile(file) as archive:
        header = json.loads(archive.read("header.json"))
    assert header.pop("about")
    assert header.pop("engine")
    assert header == {name: value for name, value in json.loads(HEADER).items() if name in header}
    assert header["start"] == "he"


def test_what_is_kept(open_window: Callable[..., MainWindow], stage_path: Path, small_digits: Digits) -> None:
    stage_path.parent.mkdir()
    stage_path.write_text(f'{{"version": 1, "settings": {SETTINGS}}}', encoding="utf-8")
    window = open_window(small_digits)
    assert window.controls.settings() == CHOSEN
    assert window.lab.run.settings == CHOSEN


def test_the_option(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "settings.toml"
    for option in ("--start", "--initial-weights"):
        file.unlink(missing_ok=True)
        assert main(["train", "--dry-run", option, "he", "--write-settings", str(file)]) == 0
        assert load_settings(file).initial_weights == "he"
    with pytest.raises(SystemExit):
        main(["train", "--help"])
    assert "--start" not in capsys.readouterr().out
