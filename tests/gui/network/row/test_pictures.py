"""Pictures of handwriting, opened, pasted and dropped: read in the background, or a sentence says why not."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from mnistviz.engine.digits import Digits
from mnistviz.engine.handwriting import Ink
from mnistviz.engine.network import Network
from mnistviz.engine.recipes import RECIPES
from mnistviz.engine.storage import save_network
from mnistviz.gui.network.card import NetworkCard
from mnistviz.gui.window.main_window import MainWindow
from tests import made_pictures
from tests.gui.lab_by_hand import LabByHand
from tests.gui.network.moments import there
from tests.gui.network.row.conftest import draw

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
Labels = tuple[int, ...]
Opened = Callable[[NDArray[np.uint8]], None]


@pytest.fixture
def lab(lab_by_hand: LabByHand, reader: Network) -> LabByHand:
    """A lab whose run goes on from a network that knows digits, as one that opens a file."""
    lab_by_hand.show_network(reader)
    return lab_by_hand


@pytest.fixture
def card(lab: LabByHand, qtbot: QtBot) -> NetworkCard:
    """The card of the lab, as large as in a usual window. Pictures are read when the lab works."""
    card = NetworkCard(jobs=lab.jobs)
    card.set_digits(there(lab.digits))
    return lab.show(qtbot, card, 1130, 462)


@pytest.fixture
def opened(lab: LabByHand, card: NetworkCard, tmp_path: Path) -> Opened:
    """Opens a picture in the card, and lets it be read."""

    def open_picture(grey: NDArray[np.uint8]) -> None:
        card.row.pictures.open(saved(grey, tmp_path / "picture.png"))
        lab.work()

    return open_picture


@pytest.fixture
def reading_window(window: MainWindow, reader: Network) -> MainWindow:
    """A window with such a network."""
    window.resize(1440, 900)
    window.lab.runs.begin(RECIPES["fast"].settings, reader.copy())
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


def labels_read(card: NetworkCard) -> Labels:
    return there(card.row.reader.row.reading).digits


def settle(qtbot: QtBot, card: NetworkCard) -> None:
    """Waits until a picture was read, and the row on it."""
    row = card.row
    qtbot.waitUntil(lambda: not row.pictures.is_reading and not row.reader.is_behind, timeout=30_000)


def message_of(qtbot: QtBot, window: QWidget) -> QMessageBox:
    qtbot.waitUntil(lambda: window.findChild(QMessageBox, "message") is not None, timeout=30_000)
    return there(window.findChild(QMessageBox, "message"))


def drop(window: MainWindow, data: QMimeData) -> None:
    window.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, LEFT, NONE))


def copy(grey: NDArray[np.uint8]) -> None:
    """Puts a picture on the clipboard."""
    data = QMimeData()
    data.setImageData(image_of(grey))
    QGuiApplication.clipboard().setMimeData(data)


def file_data(path: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    return data


def test_a_dropped_picture_is_read_on_a_wide_pad(
    reading_window: MainWindow, qtbot: QtBot, mnist: Digits, tmp_path: Path
) -> None:
    card = reading_window.network
    grey, labels = photo(mnist, tilt=4.0)
    drop(reading_window, file_data(saved(grey, tmp_path / "photo.jpg")))
    assert card.pad.is_wide
    assert card.row.side.cancel.isVisible()
    settle(qtbot, card)
    assert labels_read(card) == labels
    assert not card.row.side.cancel.isVisible()
    ink = there(card.pad.sheet.ink.digit)
    assert there(card.pad.sheet.scan).photo.shape == ink.shape
    for axis, length in enumerate(ink.shape):
        inked = np.flatnonzero(ink.any(axis=1 - axis))
        assert inked[0] + inked[-1] + 1 == pytest.approx(length, abs=2), "it stands in the middle"
    assert card.row.side.threshold.isVisible()
    card.pad.undo()
    assert not card.pad.sheet.ink
    card.pad.redo()
    settle(qtbot, card)
    assert labels_read(card) == labels


def test_networks_and_data_sets_open_thus(reading_window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    window, path = reading_window, tmp_path / "dropped.npz"
    save_network(Network((784, 7, 10)), path, {})
    drop(window, file_data(path))
    qtbot.waitUntil(lambda: window.lab.run.settings.sizes == (784, 7, 10))
    drop(window, file_data(tmp_path))  # a folder: no data set, but taken for one
    box = message_of(qtbot, window)
    assert "digits" in box.text()
    box.close()
    assert not window.network.pad.is_wide


def test_ctrl_v_pastes_a_picture(reading_window: MainWindow, qtbot: QtBot, mnist: Digits) -> None:
    card = reading_window.network
    grey, labels = photo(mnist)
    copy(grey)
    reading_window.activateWindow()
    card.pad.setFocus()
    QTest.keyClick(card.pad, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, card)
    assert labels_read(card) == labels


def test_a_picture_is_pasted_too(lab: LabByHand, card: NetworkCard, mnist: Digits, tmp_path: Path) -> None:
    grey, labels = photo(mnist)
    copy(grey)
    card.row.pictures.paste()
    lab.work()
    assert labels_read(card) == labels
    card.pad.clear()
    card.row.actions.picture.trigger()
    dialog = there(card.findChild(QFileDialog, "file_dialog"))
    dialog.fileSelected.emit(str(saved(grey, tmp_path / "open.png")))
    dialog.close()
    lab.work()
    assert labels_read(card) == labels


def test_a_clipboard_without_a_picture_is_told_of(card: NetworkCard, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().clear()
    for _ in range(2):
        card.row.pictures.paste()
        box = message_of(qtbot, card)
        assert "no picture" in box.text()
        box.close()
        qtbot.waitUntil(lambda: card.findChild(QMessageBox, "message") is None)
        QGuiApplication.clipboard().setText("some words")


def test_no_picture_is_refused(lab: LabByHand, card: NetworkCard, qtbot: QtBot, tmp_path: Path) -> None:
    blank = np.full((300, 400), 230, dtype=np.uint8)
    broken = tmp_path / "broken.png"
    broken.write_bytes(saved(photo_of_noise(), tmp_path / "noise.png").read_bytes()[:200])
    text = tmp_path / "text.png"
    text.write_text("no picture at all")
    cases = {saved(blank, tmp_path / "blank.png"): "no writing", broken: "damaged", text: "not a picture"}
    for path, told in cases.items():
        card.row.pictures.open(path)
        lab.work()
        box = message_of(qtbot, card)
        assert path.name in box.informativeText()
        assert told in box.informativeText()
        box.close()
        qtbot.waitUntil(lambda: card.findChild(QMessageBox, "message") is None)
        assert not card.row.side.cancel.isVisible()
        assert not card.pad.is_wide, "it was widened for a picture"


def photo_of_noise() -> NDArray[np.uint8]:
    return np.random.default_rng(1).integers(0, 256, (200, 300), dtype=np.uint8)


def test_reading_can_be_cancelled_and_leaves_what_was_there(
    lab: LabByHand, card: NetworkCard, mnist: Digits, tmp_path: Path
) -> None:
    path = saved(photo(mnist)[0], tmp_path / "photo.png")
    card.pad.show_test_digit()
    before = card.pad.sheet
    for cancel in (
        lambda: QTest.mouseClick(card.row.side.cancel, LEFT),
        lambda: QTest.keyClick(card.row.cells, Qt.Key.Key_Escape),
    ):
        card.row.pictures.open(path)
        assert card.row.side.cancel.isVisible()
        cancel()
        assert not card.row.pictures.is_reading
        assert not card.row.side.cancel.isVisible()
        lab.work()
        assert card.pad.sheet is before
        assert not card.pad.is_wide


def test_the_threshold_moves_in_one(lab: LabByHand, card: NetworkCard, mnist: Digits, opened: Opened) -> None:
    grey, labels = photo(mnist)
    row, pad = card.row, card.pad
    opened(grey)
    first = pad.sheet
    assert first.scan is not None
    slider = row.side.threshold
    slider.setSliderDown(True)
    inks = []
    for value in (20, 80):
        slider.setValue(value)
        lab.work()
        assert there(pad.sheet.scan).threshold == pytest.approx(value / 100)
        inks.append(float(there(pad.sheet.ink.digit).sum()))
    slider.setSliderDown(False)
    lab.work()
    assert inks[1] < inks[0]
    pad.undo()
    assert pad.sheet is first
    assert slider.value() == round(100 * first.scan.threshold)
    lab.work()
    assert labels_read(card) == labels


def draw_a_line(card: NetworkCard) -> Ink:
    """The ink of a line that the user draws while a picture is being read."""
    draw(card.pad, np.array([(0.4, 0.3), (0.4, 0.7)]))
    return card.pad.sheet.ink


def test_a_picture_that_comes_late_does_not_lie_down_on_a_drawing(
    lab: LabByHand, card: NetworkCard, qtbot: QtBot, mnist: Digits, tmp_path: Path
) -> None:
    path = saved(photo(mnist)[0], tmp_path / "photo.png")
    card.row.pictures.open(path)
    drawn = draw_a_line(card)
    lab.work()
    assert card.pad.sheet.ink is drawn
    assert not card.row.side.cancel.isVisible()
    box = message_of(qtbot, card)
    assert "drawing stays" in box.text()
    box.close()
    card.row.pictures.open(path)
    lab.work()
    assert card.pad.sheet.scan is not None


def test_a_picture_is_laid_on_a_wide_pad_that_a_row_had_been_put_aside_from(
    lab: LabByHand, card: NetworkCard, mnist: Digits, tmp_path: Path
) -> None:
    path, wide = saved(photo(mnist)[0], tmp_path / "photo.png"), card.row.actions.wide
    wide.setChecked(True)
    draw(card.pad, np.array([(0.4, 0.3), (2.4, 0.7)]))
    row = card.pad.sheet
    wide.setChecked(False)
    card.row.pictures.open(path)
    lab.work()
    assert card.pad.is_wide
    assert card.pad.sheet.scan is not None
    assert card.findChild(QMessageBox, "message") is None
    card.pad.undo()
    assert card.pad.sheet is row


@pytest.mark.parametrize("trying", [True, False])
def test_ink_of_another_threshold_that_comes_late_does_not_lie_down_on_a_drawing(
    lab: LabByHand, card: NetworkCard, mnist: Digits, opened: Opened, trying: bool
) -> None:
    opened(photo(mnist)[0])
    card.row.pictures.change(0.3, None, trying=trying)
    drawn = draw_a_line(card)
    assert drawn.digit is not None  # over the picture
    lab.work()
    assert card.pad.sheet.ink is drawn


def test_of_two_lines_the_first_is_read_until_a_part_is_chosen(
    lab: LabByHand, card: NetworkCard, mnist: Digits, opened: Opened
) -> None:
    grey, first, second = two_lines(mnist)
    row, pad = card.row, card.pad
    opened(grey)
    assert labels_read(card) == first
    assert "line 1 of 2" in row.side.note.accessibleName()
    row.actions.part.trigger()
    high, wide = there(pad.sheet.scan).evened.contrast.shape
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
    lab.work()
    assert not row.actions.part.isChecked()
    assert labels_read(card) == second
    row.actions.part.trigger()
    QTest.keyClick(pad, Qt.Key.Key_Escape)
    assert not row.actions.part.isChecked()


def test_up_and_down_choose_the_line_and_a_threshold_stays_in_it(
    lab: LabByHand, card: NetworkCard, mnist: Digits, opened: Opened
) -> None:
    grey, first, second = two_lines(mnist)
    row, pad = card.row, card.pad
    opened(grey)
    assert (row.actions.line_above.isEnabled(), row.actions.line_below.isEnabled()) == (False, True)
    QTest.keyClick(pad, Qt.Key.Key_Up)  # there is none above
    lab.work()
    assert labels_read(card) == first
    QTest.keyClick(pad, Qt.Key.Key_Down)
    lab.work()
    assert labels_read(card) == second
    assert "line 2 of 2" in row.side.note.accessibleName()
    assert (row.actions.line_above.isEnabled(), row.actions.line_below.isEnabled()) == (True, False)
    row.actions.line_above.trigger()
    lab.work()
    assert labels_read(card) == first
    pad.undo()
    lab.work()
    row.side.threshold.setValue(row.side.threshold.value() + 2)
    lab.work()
    assert labels_read(card) == second


def test_a_scanned_row_is_drawn_on(lab: LabByHand, card: NetworkCard, mnist: Digits, opened: Opened) -> None:
    grey, labels = photo(mnist)
    row, pad = card.row, card.pad
    opened(grey)
    left = row.view.way[-1]
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
    lab.work()
    assert labels_read(card) == labels[:-1]
    assert pad.sheet.scan is None
