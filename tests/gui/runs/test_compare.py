"""Compare shows what differs between the runs, and how well each reads after as many digits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QTableWidget
from pytestqt.qtbot import QtBot

from mnistviz.engine.handover import Mailbox
from mnistviz.engine.history import History
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network
from mnistviz.engine.settings import Settings
from mnistviz.gui.lab.run_mirror import RunMirror
from mnistviz.gui.runs.comparison import Reading, best, compare, newest
from mnistviz.gui.window.main_window import MainWindow
from tests.gui.runs.conftest import Several, train

EPOCH = 1_000
NETWORK = Network((784, 5, 10), seed=1)


def run(number: int, digits: int, shares: dict[int, float], **settings: object) -> RunMirror:
    """A run that has seen so many digits, in mini-batches of ten; the shares of validation digits it read right, by
    digits."""
    chosen = replace(Settings(), **settings)  # type: ignore[arg-type]
    made = RunMirror(number, chosen, Mailbox(lambda: None), epoch=EPOCH)
    made.letter, made.history = "ABCDEFGH"[number - 1], History()
    made.moment = Moment(number, digits // 10, digits, NETWORK, chosen, NETWORK)
    for at, share in shares.items():
        made.history.add_accuracy("validation", at // 10, at, share)
    return made


def test_runs_are_compared_where_all_have_seen_as_many_digits() -> None:
    ahead = run(1, 5_000, {0: 0.1, 1_000: 0.5, 2_000: 0.7, 3_000: 0.6, 4_000: 0.9})
    behind = run(2, 3_000, {0: 0.1, 1_000: 0.4, 3_000: 0.8})
    found = compare([ahead, behind])
    assert found.digits == 3_000
    assert [row.newest for row in found.rows] == [Reading(0.6, 3_000), Reading(0.8, 3_000)]
    assert [row.best for row in found.rows] == [Reading(0.7, 2_000), Reading(0.8, 3_000)]
    assert [row.digits for row in found.rows] == [5_000, 3_000]


def test_what_was_read_in_part_is_no_best() -> None:
    history = History()
    history.add_accuracy("validation", 0, 0, 0.3)
    history.add_accuracy("validation", 5, 50, 0.9, part=500)
    assert newest(history, "validation", 60) == Reading(0.9, 50, 500)
    assert best(history, "validation", 60, 100) is None, "an untrained network is not the best of a run"
    history.add_accuracy("validation", 10, 100, 0.4)
    assert best(history, "validation", 99, 100) is None
    assert best(history, "validation", 100, 100) == Reading(0.4, 100)
    assert newest(History(), "validation", 10) is None


@pytest.mark.parametrize("measured", [10, 20_000])
def test_best_is_exact_however_long_the_history(measured: int) -> None:
    history, shares = History(), np.random.default_rng(3).random(measured)
    for number, share in enumerate(shares.tolist(), 1):
        history.add_accuracy("validation", number, 10 * number, share)
    found = best(history, "validation", 10 * measured, 10)
    assert found is not None
    assert found.share == shares.max()


def test_only_settings_that_differ_are_there() -> None:
    one, other = run(1, 100, {}, eta=3.0), run(2, 100, {}, eta=0.5, momentum=0.5)
    found = compare([one, other])
    assert found.fields == ("eta", "momentum")
    assert found.rows[1].values == {"eta": (0.5, 0.5), "momentum": (0.5, 0.5)}
    assert not found.other_order


def test_what_was_changed_on_the_way_differs_too() -> None:
    one, other = run(1, 100, {}), run(2, 100, {})
    assert other.moment is not None
    other.moment = replace(other.moment, settings=replace(other.settings, eta=0.1))
    found = compare([one, other])
    assert found.rows[1].values == {"eta": (other.settings.eta, 0.1)}


@pytest.mark.parametrize("settings", [{"seed": 7}, {"training_digits": 500}])
def test_another_order_of_digits_is_known(settings: dict[str, object]) -> None:
    assert compare([run(1, 100, {}), run(2, 100, {}, **settings)]).other_order


# In the window


def table(window: MainWindow) -> QTableWidget:
    found = window.findChild(QTableWidget, "compare_table")
    assert found is not None
    return found


def column(window: MainWindow, head: str) -> list[str]:
    its = table(window)
    heads = heads_of(window)
    return [item.text() if (item := its.item(y, heads.index(head))) else "" for y in range(its.rowCount())]


def heads_of(window: MainWindow) -> list[str]:
    its = table(window)
    return [item.text() if (item := its.horizontalHeaderItem(x)) else "" for x in range(its.columnCount())]


def open_compare(window: MainWindow) -> None:
    window.arrangement.tabs._buttons["compare"].click()


def note(window: MainWindow) -> str:
    found = window.findChild(QLabel, "compare_note")
    assert found is not None
    return found.text()


def test_with_one_run_it_says_what_will_appear(several: Several) -> None:
    window = several(1)
    open_compare(window)
    assert not table(window).isVisible()
    said = [label.text() for label in window.findChildren(QLabel) if label.isVisible()]
    assert any("With a second run" in text and "Ctrl+N" in text for text in said)


def test_the_table_of_two_runs(several: Several, qtbot: QtBot) -> None:
    window = several(2)
    open_compare(window)
    assert heads_of(window) == ["Run", "Branched off", "η", "Digits so far", "Newest", "Best"]
    assert column(window, "Branched off")[1].startswith("A at epoch 0.59")
    assert column(window, "η") == ["3.0", "0.5"]
    assert column(window, "Digits so far") == ["900", "800"]
    assert "after 800 digits" in note(window)
    assert "another order" not in note(window)
    assert "because" not in note(window)
    share = window.lab.runs[1].evaluations["validation"].accuracy
    assert column(window, "Newest")[1].startswith(f"{100 * share:.2f}")


def test_a_click_on_a_run_selects_it(several: Several, qtbot: QtBot) -> None:
    window = several(3)
    open_compare(window)
    its = table(window)
    item = its.item(0, 1)
    assert item is not None
    place = its.visualItemRect(item).center()
    qtbot.mouseClick(its.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert window.lab.run is window.lab.runs[0]
    its.setFocus()
    qtbot.keyClick(its, Qt.Key.Key_Down)
    qtbot.keyClick(its, Qt.Key.Key_Return)
    assert window.lab.run is window.lab.runs[1]
    window.lab.select(window.lab.runs[2])
    assert its.currentRow() == 2


def test_another_seed_is_said_to_bring_the_digits_in_another_order(several: Several, qtbot: QtBot) -> None:
    window = several(2)
    window.controls.apply({"seed": 9})
    window.new_run()
    qtbot.waitUntil(lambda: window.lab.run is not None and window.lab.run.ready)
    train(qtbot, window, 20)
    open_compare(window)
    assert column(window, "seed") == ["1", "1", "9"]
    assert "the digits come in another order" in note(window)


def test_names_are_read_as_they_are(several: Several) -> None:
    window = several(2)
    name = "<b>&amp; {0} %1 🙂"
    window.lab.rename(window.lab.runs[0], name)
    open_compare(window)
    assert column(window, "Run")[0] == f"A {name}"


def test_a_fork_from_a_closed_run_is_told_by_its_letter(several: Several, qtbot: QtBot) -> None:
    window = several(2)
    assert window.lab.branch() is not None
    qtbot.waitUntil(lambda: window.lab.run is not None and window.lab.run.ready)
    window.lab.close_run(window.lab.runs[0])
    open_compare(window)
    assert [text[:1] for text in column(window, "Branched off")] == ["A", "B"]
