"""A network from a file: what it is said to have learned, and that it reads what it read when it was saved."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mnistviz.engine.commands import FinishEpoch, Step
from mnistviz.engine.fork import Origin
from mnistviz.engine.network import Network
from mnistviz.engine.storage import load_network, save_network
from mnistviz.gui.lab.shown import RunFacts
from mnistviz.gui.window.main_window import MainWindow
from tests.gui.live_run import live_run


def run_of(window: MainWindow) -> RunFacts:
    return live_run(window.lab)


def learn(qtbot: QtBot, window: MainWindow, command: FinishEpoch | Step) -> None:
    """Obeys a command and comes to rest, with all digits read."""
    before = run_of(window).step
    window.lab.runs.send(command)
    qtbot.waitUntil(lambda: run_of(window).step > before and not run_of(window).playing)
    at_rest(qtbot, window)


def at_rest(qtbot: QtBot, window: MainWindow) -> None:
    def measured() -> bool:
        run = run_of(window)
        found = [(e.step, e.part) for name, e in run.evaluations.items() if name != "training"]
        return found == [(run.step, 0)] * 2 and not window.frame.isActive()

    qtbot.waitUntil(measured)


def open_file(qtbot: QtBot, window: MainWindow, path: Path) -> None:
    number = run_of(window).number
    window.documents.open(path)
    qtbot.waitUntil(lambda: run_of(window).number > number and run_of(window).moment is not None)
    at_rest(qtbot, window)


def save(qtbot: QtBot, window: MainWindow, path: Path) -> None:
    assert window.lab.digits is not None
    with qtbot.waitSignal(window.documents.saved):
        window.documents.save(window.lab.shown, path)


def test_it_says_what_its_file_says_and_counts_since_it_was_opened(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    bar, reading = window.transport, window.network.head.layer_note
    for _ in range(2):
        learn(qtbot, window, FinishEpoch())
    saved_at = bar.accuracy.value.text()
    save(qtbot, window, tmp_path / "two.npz")
    open_file(qtbot, window, tmp_path / "two.npz")
    assert bar.accuracy.value.text() == saved_at
    assert bar.accuracy.title.text() in ("validation accuracy", "validation")
    assert bar.epoch.title.text() != "epoch"
    assert bar.epoch.value.text() == "0.00"
    assert "its file says 2.00 epochs before that" in bar.epoch.toolTip().replace("\n", " ")
    qtbot.waitUntil(lambda: "from a file" in reading.text())
    assert "nothing learned yet" not in reading.text().lower()
    assert all("a guess" not in reason for reason in window.network.picture.outputs.words.reasons)
    learn(qtbot, window, FinishEpoch())
    assert bar.epoch.value.text() == "1.00"
    qtbot.waitUntil(lambda: reading.text() == "30 units")
    save(qtbot, window, tmp_path / "three.npz")
    assert run_of(window).origin == Origin(
        2.0, Origin.of(load_network(tmp_path / "two.npz")[1]["about"]).mini_batches
    )
    assert Origin.of(load_network(tmp_path / "three.npz")[1]["about"]).epochs == 3.0


def test_what_a_file_does_not_say_is_unknown(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    save_network(Network((784, 12, 10), seed=3), tmp_path / "plain.npz", {})
    open_file(qtbot, window, tmp_path / "plain.npz")
    assert "its file does not say how long it was trained" in window.transport.epoch.toolTip().replace(
        "\n", " "
    )
    learn(qtbot, window, Step(3))
    save(qtbot, window, tmp_path / "more.npz")
    origin = Origin.of(load_network(tmp_path / "more.npz")[1]["about"])
    assert origin == Origin(None, None), "what was before stays unknown"
    assert origin.learned


def test_a_network_saved_before_it_learned_still_guesses(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    at_rest(qtbot, window)
    save(qtbot, window, tmp_path / "first.npz")
    open_file(qtbot, window, tmp_path / "first.npz")
    assert not run_of(window).has_learned
    assert run_of(window).origin == Origin(0.0, 0)


@pytest.mark.parametrize(
    "about",
    [
        {"step": -1, "digits": "many", "epoch": 0},
        {"step": True, "digits": 1e99, "epoch": None},
        {"step": 2**60, "digits": 5, "epoch": 0},
        {"before": "long"},
        {"before": {"epochs": 10**400, "mini_batches": 10**400}},
        {"before": {"epochs": float("nan"), "mini_batches": 0.5}},
    ],
)
def test_what_makes_no_sense_in_a_file_is_unknown(about: dict[str, object]) -> None:
    assert Origin.of(about) == Origin(None, None)


def test_the_best_is_gone_back_to_at_its_accuracy(qtbot: QtBot, window: MainWindow) -> None:
    window.controls.apply({"eta": 3.0})
    for _ in range(3):
        learn(qtbot, window, FinishEpoch())
    window.controls.eta.field.take(200.0)
    learn(qtbot, window, Step(5))
    best = run_of(window).best
    assert best is not None
    button = window.controls.stopping_group.restore_button
    text = button.text().split(", ")[-1]
    button.click()
    qtbot.waitUntil(lambda: window.transport.accuracy.value.text() == text)
    at_rest(qtbot, window)
    assert window.transport.accuracy.value.text() == text
    assert window.transport.accuracy.title.text() in ("validation accuracy", "validation")
