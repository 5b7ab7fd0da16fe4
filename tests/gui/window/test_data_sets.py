"""Data sets, as the window goes over to them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMessageBox
from pytestqt.qtbot import QtBot

from mnistviz.engine.commands import Step
from mnistviz.engine.digits import Digits
from mnistviz.engine.network import Network
from mnistviz.engine.storage import save_network
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.work_dialogs import DataSetDialog
from tests.gui.live_run import live_run
from tests.gui.window.two_runs import drop
from tests.picture_files import png

Open = Callable[..., MainWindow]


def loaded(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.lab.run is not None and window.lab.run.moment is not None, timeout=20_000)


@pytest.mark.long
def test_the_bundled_digits_are_not_read_again_and_close_no_run(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    window.data_sets.load()
    loaded(qtbot, window)
    run, digits = live_run(window.lab), window.lab.digits
    window.action_book["bundled_data"].trigger()
    assert not window.lab.jobs.is_open("digits")
    assert (window.lab.run, window.lab.digits) == (run, digits)
    assert "already" in window.line.message.said.text


def test_one_comes_back_from_another_data_set(qtbot: QtBot, open_window: Open, letters: Path) -> None:
    window = open_window(data=letters)
    window.data_sets.load()
    loaded(qtbot, window)
    assert window.lab.run.settings.sizes[-1] == 3
    window.action_book["bundled_data"].trigger()
    qtbot.waitUntil(
        lambda: window.lab.run is not None and window.lab.run.settings.sizes[-1] == 10, timeout=20_000
    )


@pytest.fixture
def pictures(tmp_path: Path, mnist: Digits) -> Path:
    """A folder with 40 pictures of sevens and 40 of noughts, dark on light."""
    for name, label in (("seven", 7), ("nought", 0)):
        (tmp_path / "mine" / name).mkdir(parents=True)
        for number in np.flatnonzero(mnist.test.labels == label)[:40]:
            picture = np.pad(
                255 - mnist.test.images[number].reshape(28, 28), ((0, 9), (20, 3)), constant_values=255
            )
            (tmp_path / "mine" / name / f"{number}.png").write_bytes(png(picture))
    return tmp_path / "mine"


def opened(qtbot: QtBot, window: MainWindow, place: Path) -> DataSetDialog:
    """The dialog of a data set, when all is known."""
    window.data_sets.load(place)
    qtbot.waitUntil(lambda: bool(window.findChildren(DataSetDialog)))
    dialog = window.findChildren(DataSetDialog)[0]
    qtbot.waitUntil(lambda: dialog.open_button.isEnabled() and shown(dialog) is not None)
    return dialog


def shown(dialog: DataSetDialog) -> QImage | None:
    """The first example."""
    picture = dialog.findChild(QLabel, "data_example_0")
    return None if picture.pixmap().isNull() else picture.pixmap().toImage()


def gone(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not window.findChildren(DataSetDialog))


def give_up(qtbot: QtBot, window: MainWindow, dialog: DataSetDialog) -> None:
    dialog.reject()
    gone(qtbot, window)


def test_one_sees_what_pictures_become_before_use(qtbot: QtBot, window: MainWindow, pictures: Path) -> None:
    before = window.lab.digits
    dialog = opened(qtbot, window, pictures)
    assert "80 pictures in 2 classes" in dialog.about.text()
    assert window.lab.digits is before
    as_mnist = shown(dialog)
    dialog.fit.parts["scaled"].click()
    qtbot.waitUntil(lambda: shown(dialog) != as_mnist)
    scaled = shown(dialog)
    dialog.transpose.click()
    qtbot.waitUntil(lambda: shown(dialog) != scaled)
    assert (dialog.choice.fit, dialog.choice.transposed) == ("scaled", True)
    assert dialog.choice.classes == ("nought", "seven")
    dialog.open_button.click()
    gone(qtbot, window)
    digits = window.lab.digits
    assert (digits.name, digits.classes, len(digits.test)) == ("mine", ("nought", "seven"), 13)
    loaded(qtbot, window)
    assert window.lab.run.settings.sizes[-1] == 2


def test_how_far_reading_has_come_never_falls_and_ends_at_one(
    qtbot: QtBot, window: MainWindow, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(source: object, progress: Callable[[float], None]) -> bool:
        """As with many pictures, of which it tells how far it has come."""
        for share in (0.0, 0.5, 1.0):
            progress(share)
        return False

    shares = list[float]()
    monkeypatch.setattr("mnistviz.gui.window.work_dialogs.until", lambda tell, cancelled: shares.append)
    monkeypatch.setattr("mnistviz.engine.data_sets.importing.are_all_light_on_dark", look)
    give_up(qtbot, window, opened(qtbot, window, pictures))
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1)


def test_two_to_ten_classes_are_ticked_and_emnist_pictures_turned(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, letters: Path
) -> None:
    table = tmp_path / "letters.csv"
    table.write_text("\n".join(f"{'ABCDEFGHIJKL'[n % 12]},0,9,{n % 10},0" for n in range(60)))
    dialog = opened(qtbot, window, table)
    ticked = [dialog.classes.item(row).checkState() is Qt.CheckState.Checked for row in range(12)]
    assert ticked == 10 * [True] + 2 * [False]
    dialog.classes.item(10).setCheckState(Qt.CheckState.Checked)
    assert not dialog.open_button.isEnabled()
    assert "11 of 12" in dialog.chosen.text()
    dialog.classes.item(0).setCheckState(Qt.CheckState.Unchecked)
    assert dialog.open_button.isEnabled()
    for row in range(1, 10):
        dialog.classes.item(row).setCheckState(Qt.CheckState.Unchecked)
    assert not dialog.open_button.isEnabled()
    assert "1 of 12" in dialog.chosen.text()
    give_up(qtbot, window, dialog)
    for file in letters.iterdir():
        (tmp_path / f"emnist-few-{file.name.replace('t10k', 'test')}").write_bytes(file.read_bytes())
    dialog = opened(qtbot, window, tmp_path)
    assert dialog.transpose.isChecked()
    assert dialog.choice.transposed is True
    give_up(qtbot, window, dialog)


def pressed(dialog: DataSetDialog, key: Qt.Key = Qt.Key.Key_Return) -> None:
    """A key goes where the focus is."""
    QTest.keyClick(dialog.focusWidget() or dialog, key)


def test_enter_opens_the_data_set_uncancelled(qtbot: QtBot, window: MainWindow, pictures: Path) -> None:
    made: list[Digits] = []
    window.data_sets.load(pictures)
    qtbot.waitUntil(lambda: bool(window.findChildren(DataSetDialog)))
    dialog = window.findChildren(DataSetDialog)[0]
    if not dialog.open_button.isEnabled():
        pressed(dialog)
    qtbot.waitUntil(dialog.open_button.isEnabled)
    dialog.classes.item(0).setCheckState(Qt.CheckState.Unchecked)
    for field in (dialog.classes, dialog.transpose, *dialog.fit.parts.values()):
        field.setFocus()
        pressed(dialog)
        assert dialog.isVisible()
    dialog.classes.item(0).setCheckState(Qt.CheckState.Checked)
    qtbot.waitUntil(dialog.open_button.isEnabled)
    dialog.made = made.append
    dialog.open_button.setFocus()
    pressed(dialog)
    gone(qtbot, window)
    assert [digits.name for digits in made] == ["mine"]


@pytest.mark.long
def test_a_start_with_a_data_set_that_one_does_not_want_has_the_bundled_digits(
    qtbot: QtBot, open_window: Open, pictures: Path
) -> None:
    window = open_window(data=pictures)
    opened(qtbot, window, pictures).reject()
    loaded(qtbot, window)
    assert window.lab.digits.name == "MNIST"


def test_a_picture_that_is_left_out_is_named_as_is_a_fault_and_cancel_keeps_the_digits_of_before(
    qtbot: QtBot, window: MainWindow, pictures: Path
) -> None:
    before, broken = window.lab.digits, min((pictures / "seven").iterdir())
    broken.write_bytes(broken.read_bytes()[:50])
    dialog = opened(qtbot, window, pictures)
    assert "79 pictures" in dialog.about.text()
    assert dialog.about.text().replace("\\", "/").endswith(f": 1, the first of them seven/{broken.name}.")
    give_up(qtbot, window, dialog)
    qtbot.waitUntil(lambda: not window.lab.jobs.is_busy())
    assert window.lab.digits is before
    assert "Reading" not in window.line.status.wordings[0]
    broken = min((pictures / "seven").iterdir())
    for file in (pictures / "seven").iterdir():
        file.write_bytes(file.read_bytes()[:50])
    window.data_sets.load(pictures)
    qtbot.waitUntil(lambda: bool(window.findChildren(QMessageBox)))
    assert f"seven/{broken.name}" in window.findChildren(QMessageBox)[0].informativeText().replace("\\", "/")
    gone(qtbot, window)


def test_what_is_dropped_is_opened(qtbot: QtBot, window: MainWindow, tmp_path: Path, mnist: Digits) -> None:
    arrays, network = tmp_path / "mine.npz", tmp_path / "network.npz"
    np.savez(arrays, x_train=mnist.test.images[:60], y_train=mnist.test.labels[:60])
    save_network(Network((784, 7, 10)), network, {})
    for path in (arrays, network):
        drop(window, path)
        if path is arrays:
            qtbot.waitUntil(lambda: bool(window.findChildren(DataSetDialog)))
            window.findChildren(DataSetDialog)[0].reject()
            gone(qtbot, window)
    qtbot.waitUntil(lambda: window.lab.run is not None and window.lab.run.settings.sizes == (784, 7, 10))


def test_runs_closed_by_other_digits_return(qtbot: QtBot, window: MainWindow, random_digits: Digits) -> None:
    lab, digits = window.lab, window.lab.digits
    assert digits is not None
    for data in (random_digits, digits):
        lab.data.use(data)
        assert window.line.message.said is None, "no run has learned that was closed"
    for steps in (3, 4, 5):
        if live_run(lab).step:
            window.steering.new_run()
        lab.runs.send(Step(steps))
        qtbot.waitUntil(lambda steps=steps: live_run(lab).step == steps)  # type: ignore[misc]
    before, second = lab.runs.open, lab.runs.open[1]
    lab.runs.select(second.number)
    lab.playhead.visit(1)
    place = window.data_sets.place()
    other = replace(random_digits, classes=tuple("ABCDEFGHIJKL"), checksum="letters")
    window.data_sets.use(Path("letters"), other)
    assert [run.settings.sizes[-1] for run in lab.runs.open] == [12]
    said = window.line.message.said
    assert (said.text, said.short) == (f"3 runs of {digits.name} were closed.", "3 runs closed")
    assert window.findChild(QAction, "no_closed_run_action").text().startswith("None on these digits")
    lab.runs.send(Step(2))
    qtbot.waitUntil(lambda: live_run(lab).step == 2)
    window.line.message.offer_button.click()
    assert lab.digits is digits
    assert [run.number for run in lab.runs.open] == [run.number for run in before]
    assert [run.on for run in lab.runs.open] == [run.on for run in before]
    qtbot.waitUntil(lambda: all(run.has_obeyed for run in lab.runs.open))
    assert live_run(lab).number == second.number
    assert window.data_sets.place() == place
    assert window.controls.settings().sizes[-1] == 10
    lab.runs.send(Step(6))
    qtbot.waitUntil(lambda: live_run(lab).step == 10)
    assert [run.step for run in lab.runs.open] == [3, 10, 5]
    assert [run.letter for run in lab.runs.closed] == ["D"]
