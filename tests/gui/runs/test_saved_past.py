"""What is saved or copied in the past: each number in each file is that of the moment shown."""

import csv
import re
import tomllib
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network
from mnistviz.engine.settings import Settings
from mnistviz.engine.storage import load_network
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.window.main_window import MainWindow
from tests.examples import one_quick
from tests.gui.children import known
from tests.gui.runs.conftest import is_at, run_of
from tests.gui.runs.past import END, FLAG

HERE = 40
Write = Callable[[str], str]


@pytest.fixture
def there(past: MainWindow, qtbot: QtBot) -> Moment:
    """The exact moment after `HERE` mini-batches, which is shown, and whose digits are read."""
    past.lab.playhead.visit(HERE)
    qtbot.waitUntil(lambda: is_at(past, HERE) and len(past.lab.shown.evaluations) == 3)
    moment = past.lab.shown.moment
    assert moment is not None
    return moment


@pytest.fixture
def note(past: MainWindow, qtbot: QtBot, tmp_path: Path) -> Write:
    """What a saved picture says of its run."""

    def write(what: str) -> str:
        path = tmp_path / f"{what}.png"
        past.exports.write_picture(what, path)
        qtbot.waitUntil(path.exists)
        return QImage(str(path)).text("Description")

    return write


def check(note: str, past: MainWindow, step: int, *, flag: bool) -> None:
    """A note is of a step, with what was done until then and no more."""
    run, digits = run_of(past), past.lab.digits
    assert re.findall(r"after (\d+) mini-batches, ([\d.]+) epochs", note) == [
        (str(step), f"{run.digits_at(step) / digits.epoch(run.settings):.4g}")
    ]
    assert re.findall(r"after (\d+) mini-batches: (.*)", note) == [(str(FLAG), "eta 3.0 → 0.5")] * flag
    assert Settings.from_mapping(tomllib.loads(note)) == run.settings


def test_picture_of_network_says_which_moment_it_is_of(past: MainWindow, there: Moment, note: Write) -> None:
    check(note("network"), past, HERE, flag=False)
    past.action_book["copy_network_picture"].trigger()
    copied = QGuiApplication.clipboard().mimeData().imageData()
    assert isinstance(copied, QImage)
    check(copied.text("Description"), past, HERE, flag=False)


@one_quick("what", ["cost", "accuracy"])
def test_a_picture_of_the_curves_has_all_that_was_recorded_and_says_so(
    past: MainWindow, there: Moment, note: Write, what: str
) -> None:
    check(note(what), past, END, flag=True)
    drawing = past.curves.plot_picture(what).plot.drawing
    last = max(float(line.points.x[-1]) for line in drawing.lines)
    assert last == pytest.approx(run_of(past).digits_at(END), abs=20), "a point is of two mini-batches"


def test_a_table_of_the_curves_has_all_that_was_recorded_and_says_so(
    past: MainWindow, there: Moment, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "curves.csv"
    past.exports.write_curves(path)
    qtbot.waitUntil(path.exists)
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    costs = [row for row in rows if row["series"] == "cost"]
    assert sum(int(row["count"]) for row in costs) == END
    history = run_of(past).history
    np.testing.assert_allclose([float(row["mean"]) for row in costs], history.costs.means(), rtol=1e-6)
    for (name, part), columns in history.curves.items():
        if part:
            continue
        its = [(int(row["last_mini_batch"]), float(row["mean"])) for row in rows if row["series"] == name]
        known = zip(columns.rows["last_step"].tolist(), columns.means().tolist(), strict=True)
        for (step, share), (known_step, mean) in zip(its, known, strict=True):
            assert step == known_step
            assert share == pytest.approx(mean)
    note = [line.removeprefix("# ") for line in lines if line.startswith("#")]
    check("\n".join(line if " = " in line else f"# {line}" for line in note), past, END, flag=True)


def saved(past: MainWindow, qtbot: QtBot, path: Path) -> tuple[Network, dict[str, Any]]:
    """A network as it is saved by the menu."""
    past.action_book["save_network"].trigger()
    qtbot.waitUntil(lambda: past.findChild(QFileDialog, "file_dialog") is not None)
    dialog = past.findChild(QFileDialog, "file_dialog")
    with qtbot.waitSignal(past.documents.saved):
        dialog.fileSelected.emit(str(path))
    dialog.close()
    network, header = load_network(path)
    return network, header["about"]


def read_right(network: Network, past: MainWindow) -> dict[str, list[int]]:
    """How many digits of each set a network reads right, and of how many, counted anew."""
    digits = past.lab.digits
    sets = {"training": digits.training.first(300), "validation": digits.validation, "test": digits.test}
    return {
        name: [int((network.predictions(part.images) == part.labels).sum()), len(part)]
        for name, part in sets.items()
    }


def test_network_saved_with_its_score(past: MainWindow, there: Moment, qtbot: QtBot, tmp_path: Path) -> None:
    digits = past.lab.digits
    network, about = saved(past, qtbot, tmp_path / "then.npz")
    np.testing.assert_array_equal(network.parameters, there.network.parameters)
    assert (about["step"], about["digits"]) == (HERE, there.digits) == (HERE, HERE * 10)
    assert about["epoch"] == digits.epoch(there.settings)
    assert about["settings"]["eta"] == there.settings.eta == 3.0
    assert about["right"] == read_right(there.network, past)


def test_an_unread_network_tells_its_last_accuracy(past: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    shown = past.lab.shown
    past.lab.playhead.visit(HERE)
    qtbot.waitUntil(lambda: is_at(past, HERE))
    unread = past.lab.shown
    with qtbot.waitSignal(past.documents.saved):
        past.documents.save(_without_reading(unread), tmp_path / "then.npz")
    about = load_network(tmp_path / "then.npz")[1]["about"]
    rows = shown.run.history.curves["validation", 0].rows
    row = rows[rows["last_step"] <= HERE][-1]
    right, of = about["right"]["validation"]
    assert right / of == pytest.approx(row["total"])
    assert of == (int(row["part"]) or len(unread.digits.validation))
    assert set(about["right"]) == {"training", "validation", "test"}


def _without_reading(shown: Shown) -> Shown:
    assert shown.visited is not None
    return replace(shown, visited=replace(shown.visited, evaluations={}))


def test_what_is_kept_unasked_is_the_end_of_the_run(past: MainWindow, there: Moment, qtbot: QtBot) -> None:
    end, keeper = known(run_of(past).moment), past.documents.keeper
    keeper.follow(run_of(past), known(past.lab.digits))

    def kept() -> Mapping[str, Any] | None:
        return next((about for about in keeper.session.note().runs if about["step"] == END), None)

    turns = count()  # Windows does not replace a file while it is read
    qtbot.waitUntil(lambda: next(turns) % 20 == 0 and kept() is not None)
    about = kept()
    assert about is not None
    content = keeper.session.read_run(about["number"]).runs[0].content
    assert content.state is not None
    np.testing.assert_array_equal(content.state.parameters, end.network.parameters)
    assert content.record.step == about["measured_at"] == END
    assert about["right"] == read_right(end.network, past)
