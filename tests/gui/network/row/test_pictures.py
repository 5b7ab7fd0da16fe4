"""Pictures of handwriting, opened, pasted and dropped: read in the background, or a sentence says why not."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from mnistviz.engine.digits import Digits
from mnistviz.engine.network import Network
from mnistviz.engine.recipes import RECIPES
from mnistviz.engine.storage import save_network
from mnistviz.gui.common.picture_file import read_picture
from mnistviz.gui.network.row import pictures as pictures_module
from mnistviz.gui.window.main_window import MainWindow
from tests import made_pictures

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
Labels = tuple[int, ...]


@pytest.fixture
def window(open_window: Callable[..., MainWindow], small_digits: Digits, reader: Network) -> MainWindow:
    """A window whose run goes on from a network that knows digits, as one that opens a file."""
    window = open_window(small_digits)
    window.resize(1440, 900)
    window.lab.begin(RECIPES["fast"].settings, reader.copy())
    return window


def photo(mnist: Digits, seed: int = 1, tilt: float = 0.0) -> tuple[NDArray[np.uint8], Labels]:
    """A row of digits under uneven light, with noise."""
    ink, row = made_pictures.writing(mnist, seed, gaps=(5, 8))
    if tilt:
        ink = made_pictures.tilted(ink, tilt)
    grey = made_pictures.noisy(made_pictures.shadowed(made_pictures.on_paper(ink)), seed, 0.02)
    return made_pictures.as_bytes(grey), row.labels


def two_lines(mnist: Digits) -> tuple[NDArray[np.uint8], Labels, Labels]:
    (one, first), (two, second) = photo(mnist, 1), photo(mnist, 2)
    wide = max(one.shape[1], two.shape[1])
    lines = [np.pad(each, ((0, 0), (0, wide - each.shape[1])), mode="edge") for each in (one, two)]
    return np.concatenate(lines), first, second


def image_of(grey: NDArray[np.uint8]) -> QImage:
    data = np.ascontiguousarray(grey)
    return QImage(
        data.data, data.shape[1], data.shape[0], data.shape[1], QImage.Format.Format_Grayscale8
    ).copy()


def saved(grey: NDArray[np.uint8], path: Path) -> Path:
    assert image_of(grey).save(str(path))
    return path


def settle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not window.network.row.pictures.is_reading, timeout=30_000)


def labels_read(window: MainWindow) -> Labels:
    reading = window.network.row.reader.reading
    assert reading is not None
    return reading.digits


def message_of(qtbot: QtBot, window: MainWindow) -> QMessageBox:
    qtbot.waitUntil(lambda: window.findChild(QMessageBox, "message") is not None, timeout=30_000)
    box = window.findChild(QMessageBox, "message")
    assert box is not None
    return box


def drop(window: MainWindow, data: QMimeData) -> None:
    window.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, LEFT, NONE))


def file_data(path: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    return data


def test_a_dropped_picture_is_read_on_a_wide_pad(
    window: MainWindow, qtbot: QtBot, mnist: Digits, tmp_path: Path
) -> None:
    grey, labels = photo(mnist, tilt=4.0)
    drop(window, file_data(saved(grey, tmp_path / "photo.jpg")))
    assert window.network.pad.is_wide
    assert window.network.row.side.cancel.isVisible()
    settle(qtbot, window)
    assert labels_read(window) == labels
    assert not window.network.row.side.cancel.isVisible()
    scan = window.network.pad.sheet.scan
    assert scan is not None
    assert scan.photo.shape == window.network.pad.sheet.ink.digit.shape  # type: ignore[union-attr]
    assert window.network.row.side.threshold.isVisible()
    window.network.pad.undo()
    assert not window.network.pad.sheet.ink
    window.network.pad.redo()
    assert labels_read(window) == labels


def test_a_picture_is_pasted_and_opened_too(
    window: MainWindow, qtbot: QtBot, mnist: Digits, tmp_path: Path
) -> None:
    grey, labels = photo(mnist)
    data = QMimeData()
    data.setImageData(image_of(grey))
    QGuiApplication.clipboard().setMimeData(data)
    window.activateWindow()
    window.network.pad.setFocus()
    QTest.keyClick(window.network.pad, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, window)
    assert labels_read(window) == labels
    window.network.pad.clear()
    window.network.row.actions.picture.trigger()
    dialog = window.findChild(QFileDialog, "file_dialog")
    assert dialog is not None
    dialog.fileSelected.emit(str(saved(grey, tmp_path / "open.png")))
    dialog.close()
    settle(qtbot, window)
    assert labels_read(window) == labels


def test_networks_and_data_sets_still_open_as_such(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "dropped.npz"
    save_network(Network((784, 7, 10)), path, {})
    drop(window, file_data(path))
    qtbot.waitUntil(lambda: window.lab.run.settings.sizes == (784, 7, 10))  # type: ignore[union-attr]
    drop(window, file_data(tmp_path))  # a folder: no data set, but taken for one
    box = message_of(qtbot, window)
    assert "digits" in box.text()
    box.close()
    assert not window.network.pad.is_wide


def test_what_is_no_picture_is_told_in_a_sentence(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    blank = np.full((300, 400), 230, dtype=np.uint8)
    broken = tmp_path / "broken.png"
    broken.write_bytes(saved(photo_of_noise(), tmp_path / "noise.png").read_bytes()[:200])
    text = tmp_path / "text.png"
    text.write_text("no picture at all")
    cases = {saved(blank, tmp_path / "blank.png"): "no writing", broken: "damaged", text: "not a picture"}
    for path, told in cases.items():
        window.network.row.pictures.open(path)
        box = message_of(qtbot, window)
        assert path.name in box.informativeText()
        assert told in box.informativeText()
        box.close()
        qtbot.waitUntil(lambda: window.findChild(QMessageBox, "message") is None)
        assert not window.network.row.side.cancel.isVisible()


def photo_of_noise() -> NDArray[np.uint8]:
    return np.random.default_rng(1).integers(0, 256, (200, 300), dtype=np.uint8)


def test_a_picture_of_100_megapixels_is_refused(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    header = b"P5\n10000 10000\n255\n"
    huge = tmp_path / "huge.pgm"
    with huge.open("wb") as file:
        file.write(header)
        file.truncate(len(header) + 10**8 - 1_000)
    window.network.row.pictures.open(huge)
    box = message_of(qtbot, window)
    assert "too large" in box.informativeText()
    box.close()


def test_an_empty_clipboard_is_told_of(window: MainWindow, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("some words")
    window.network.row.pictures.paste()
    box = message_of(qtbot, window)
    assert "no picture" in box.text()
    box.close()


@pytest.mark.parametrize("by_key", [False, True])
def test_reading_can_be_cancelled_and_leaves_what_was_there(
    window: MainWindow,
    qtbot: QtBot,
    mnist: Digits,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    by_key: bool,
) -> None:
    let_on = threading.Event()
    original = read_picture

    def slow(path: Path) -> object:
        let_on.wait(20)
        return original(path)

    monkeypatch.setattr(pictures_module, "read_picture", slow)
    window.network.pad.show_test_digit()
    before = window.network.pad.sheet
    window.network.row.pictures.open(saved(photo(mnist)[0], tmp_path / "photo.png"))
    if by_key:
        QTest.keyClick(window.network.row.cells, Qt.Key.Key_Escape)
    else:
        QTest.mouseClick(window.network.row.side.cancel, LEFT)
    assert not window.network.row.pictures.is_reading
    assert not window.network.row.side.cancel.isVisible()
    let_on.set()
    done: list[object] = []
    window.lab.jobs.ask("after", lambda cancelled: True, done.append, done.append)  # the worker goes on
    qtbot.waitUntil(lambda: bool(done))
    assert window.network.pad.sheet is before


def test_the_threshold_can_be_moved_as_one_step(
    window: MainWindow, qtbot: QtBot, mnist: Digits, tmp_path: Path
) -> None:
    grey, labels = photo(mnist)
    row, pad = window.network.row, window.network.pad
    row.pictures.open(saved(grey, tmp_path / "photo.png"))
    settle(qtbot, window)
    first = pad.sheet
    assert first.scan is not None
    slider = row.side.threshold
    slider.setSliderDown(True)
    inks = []
    for value in (20, 80):
        slider.setValue(value)
        settle(qtbot, window)
        assert pad.sheet.scan is not None
        assert pad.sheet.scan.threshold == pytest.approx(value / 100)
        assert pad.sheet.ink.digit is not None
        inks.append(float(pad.sheet.ink.digit.sum()))
    slider.setSliderDown(False)
    settle(qtbot, window)
    assert inks[1] < inks[0]
    pad.undo()
    assert pad.sheet is first
    assert slider.value() == round(100 * first.scan.threshold)
    assert labels_read(window) == labels


def test_of_two_lines_the_first_is_read_until_a_part_is_chosen(
    window: MainWindow, qtbot: QtBot, mnist: Digits, tmp_path: Path
) -> None:
    grey, first, second = two_lines(mnist)
    row, pad = window.network.row, window.network.pad
    row.pictures.open(saved(grey, tmp_path / "two.png"))
    settle(qtbot, window)
    assert labels_read(window) == first
    assert "first of 2 lines" in row.side.note.accessibleName()
    row.actions.part.trigger()
    scan = pad.sheet.scan
    assert scan is not None
    high, wide = scan.evened.contrast.shape
    scale = min(row.view.height() / high, row.view.width() / wide)
    corner = row.view.pos()
    start = corner + QPoint(1, round(scale * high / 2))
    end = corner + QPoint(round(scale * wide) - 1, round(scale * high) - 1)
    ink = pad.sheet.ink
    QTest.mousePress(pad, LEFT, NONE, start)
    QTest.mouseMove(pad, (start + end) / 2)
    QTest.mouseMove(pad, end)
    assert pad.sheet.ink is ink  # nothing is drawn meanwhile
    QTest.mouseRelease(pad, LEFT, NONE, end)
    settle(qtbot, window)
    assert not row.actions.part.isChecked()
    assert labels_read(window) == second
    row.actions.part.trigger()
    QTest.keyClick(pad, Qt.Key.Key_Escape)
    assert not row.actions.part.isChecked()


def test_a_scanned_row_can_be_rubbed_out_and_drawn_on(
    window: MainWindow, qtbot: QtBot, mnist: Digits, tmp_path: Path
) -> None:
    grey, labels = photo(mnist)
    row, pad = window.network.row, window.network.pad
    row.pictures.open(saved(grey, tmp_path / "photo.png"))
    settle(qtbot, window)
    left = row.view._way[-1]
    paper = pad.paper
    x = [
        round(paper.x() + share * paper.height())
        for share in (left.left, (left.left + left.right) / 2, left.right)
    ]
    for y in range(round(paper.top()) + 2, round(paper.bottom()) - 2, 5):
        QTest.mousePress(pad, Qt.MouseButton.RightButton, NONE, QPoint(x[0], y))
        QTest.mouseMove(pad, QPoint(x[1], y))
        QTest.mouseMove(pad, QPoint(x[2], y))
        QTest.mouseRelease(pad, Qt.MouseButton.RightButton, NONE, QPoint(x[2], y))
    assert labels_read(window) == labels[:-1]
    assert pad.sheet.scan is None
