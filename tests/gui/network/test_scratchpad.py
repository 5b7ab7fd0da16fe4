"""The scratchpad as a hand uses it: draw, rub out, take back, show a test digit."""

import json
import weakref
from itertools import pairwise

import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QLocale, QPoint, QPointF, QSizeF, Qt
from PySide6.QtGui import (
    QHelpEvent,
    QImage,
    QInputDevice,
    QPointingDevice,
    QPointingDeviceUniqueId,
    QTabletEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from mnistviz.engine.digits import Digits, DigitSet, grey_values
from mnistviz.engine.distortion import Noise
from mnistviz.engine.handwriting import ERASER, PEN, Ink, Stroke
from mnistviz.engine.network import Network
from mnistviz.engine.rows.cleaning import Evened
from mnistviz.engine.settings import Settings
from mnistviz.engine.trainer import Trainer
from mnistviz.gui.common.theme import DARK, LIGHT, set_theme
from mnistviz.gui.network.card import NetworkCard
from mnistviz.gui.network.pad.pad import InkPicture, ring_cursor
from mnistviz.gui.network.pad.scratchpad import Scratchpad
from mnistviz.gui.network.pad.sheet import MOST_PICTURES, MOST_STEPS, Scan, Sheet, Sheets
from tests.gui.drawn_digits import draw_by_mouse, drawings
from tests.gui.network.moments import there

LINE = [np.array([(0.2, 0.5), (0.35, 0.5), (0.5, 0.5), (0.65, 0.5), (0.8, 0.5)])]
ACROSS = [np.array([(0.5, 0.2), (0.5, 0.4), (0.5, 0.6), (0.5, 0.8)])]


@pytest.fixture
def card(qtbot: QtBot) -> NetworkCard:
    card = NetworkCard()
    qtbot.addWidget(card)
    card.resize(1000, 420)
    card.show()
    qtbot.waitExposed(card)
    return card


@pytest.fixture
def pad(card: NetworkCard) -> Scratchpad:
    return card.pad


@pytest.fixture(scope="module")
def trained(mnist: Digits) -> Network:
    """A network of the book's first chapter after three epochs: 92.8 % of the test digits right."""
    settings = Settings(seed=2)
    trainer = Trainer(Network(settings.sizes, settings.seed), settings, mnist.training)
    while trainer.epoch < 3:
        trainer.step()
    return trainer.network


def shot(widget: QWidget) -> QImage:
    return widget.grab().toImage()


def test_digits_drawn_by_mouse_are_read_right_nine_times_in_ten(pad: Scratchpad, trained: Network) -> None:
    right = []
    for digit, strokes in drawings(seed=1, of_each=2):
        pad.clear()
        draw_by_mouse(pad, strokes)
        right.append(int(trained.feedforward(grey_values(there(pad.picture).ravel())).argmax()) == digit)
    assert len(right) > 50
    assert np.mean(right) >= 0.9


@pytest.mark.parametrize(("diameter", "ratio"), [(9.0, 1.0), (20.0, 1.0), (20.0, 2.0), (500.0, 1.0)])
def test_the_pointer_s_ring_lies_around_it(qapp: QApplication, diameter: float, ratio: float) -> None:
    cursor = ring_cursor(diameter, ratio)
    image, point = cursor.pixmap().toImage(), cursor.hotSpot()
    middle = round(point.x() * ratio)
    assert image.width() == image.height()
    across = [image.pixelColor(at, middle).alpha() > 128 for at in range(image.width())]
    down = [image.pixelColor(middle, at).alpha() > 128 for at in range(image.width())]
    assert across == down
    begin, end = across.index(True) / ratio, (len(across) - across[::-1].index(True)) / ratio
    assert (begin + end) / 2 == pytest.approx(point.x(), abs=0.5)
    assert end - begin == pytest.approx(min(diameter, 120) + 3, abs=1), "the line is three pixels wide"


def test_the_tooltip_of_the_pad_goes_once_something_lies_there(pad: Scratchpad) -> None:
    """It lay over what a row is read as, wherever the pen rested."""

    def tip() -> str:
        QToolTip.hideText()
        pad.event(QHelpEvent(QEvent.Type.ToolTip, QPoint(20, 20), pad.mapToGlobal(QPoint(20, 20))))
        return QToolTip.text()

    draw_by_mouse(pad, LINE)
    assert tip() == ""
    pad.clear()
    assert tip() == pad.toolTip()
    QToolTip.hideText()


def test_the_picture_is_told_while_one_draws(pad: Scratchpad, qtbot: QtBot) -> None:
    told: list[NDArray[np.uint8] | None] = []
    pad.changed.connect(told.append)
    middle = pad.rect().center()
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
    assert len(told) == 1
    QTest.mouseMove(pad, middle + QPoint(40, 0))
    qtbot.waitUntil(lambda: len(told) == 2)
    QTest.mouseMove(pad, middle + QPoint(40, 60))
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=middle + QPoint(40, 60))
    assert told[-1] is pad.picture
    assert told[0] is not None
    assert there(told[-1]).sum() > told[0].sum()


def test_undo_and_redo_go_step_by_step(pad: Scratchpad) -> None:
    assert not pad.clear_action.isEnabled(), "there is nothing to clear"
    draw_by_mouse(pad, LINE)
    first = there(pad.picture)
    draw_by_mouse(pad, ACROSS)
    second = there(pad.picture)
    pad.clear_action.trigger()
    assert pad.picture is None
    assert not pad.clear_action.isEnabled()

    pad.undo()
    assert np.array_equal(there(pad.picture), second)
    pad.undo()
    assert np.array_equal(there(pad.picture), first)
    pad.undo()
    assert pad.picture is None
    assert not pad.undo_action.isEnabled()
    for _ in range(2):
        pad.redo()
    assert np.array_equal(there(pad.picture), second)

    pad.undo()
    draw_by_mouse(pad, ACROSS)
    assert not pad.redo_action.isEnabled()


def test_the_steps_that_can_be_undone_are_bounded(pad: Scratchpad) -> None:
    for _ in range(MOST_STEPS + 5):
        QTest.mouseClick(pad, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, pad.rect().center())
    undone = 0
    while pad.undo_action.isEnabled():
        pad.undo()
        undone += 1
    assert undone == MOST_STEPS


@pytest.mark.parametrize("way", ["tool", "right button"])
def test_the_eraser_rubs_out_what_is_there(pad: Scratchpad, way: str) -> None:
    draw_by_mouse(pad, ACROSS, Qt.MouseButton.RightButton)
    assert not pad.undo_action.isEnabled(), "nothing is no step"
    draw_by_mouse(pad, LINE)
    if way == "tool":
        pad.eraser_action.trigger()
        draw_by_mouse(pad, ACROSS)
    else:
        draw_by_mouse(pad, ACROSS, Qt.MouseButton.RightButton)
    assert len(pad.sheet.ink.strokes) == 2
    assert shot(pad).pixelColor(pad.rect().center()).name() == "#ffffff"
    pad.undo()
    assert len(pad.sheet.ink.strokes) == 1


def test_a_line_over_the_edge_ends_there(pad: Scratchpad) -> None:
    """What is drawn off the paper is not on it, and where the pen comes back another line begins."""
    draw_by_mouse(pad, [np.array([(0.5, 0.5), (0.9, 0.5), (1.3, 0.5), (1.3, 0.9), (0.9, 0.9), (0.5, 0.9)])])
    first, second = pad.sheet.ink.strokes
    assert first.points[:, 0].max() == 1
    assert first.points[:, 1] == pytest.approx(0.5, abs=0.01)
    assert second.points[:, 1] == pytest.approx(0.9, abs=0.02)


def test_a_test_digit_is_shown_to_the_byte_with_its_label(card: NetworkCard, mnist: Digits) -> None:
    pad = card.pad
    assert not pad.test_digit_action.isEnabled()
    card.set_digits(mnist)
    pad.rng.seed(4)
    pad.test_digit_action.trigger()
    number = there(pad.sheet.number)
    assert np.array_equal(there(pad.picture).ravel(), mnist.test.images[number])
    assert pad.true_label == mnist.test.labels[number]
    assert pad.note == f"test digit {QLocale().toString(number)}, a “{pad.true_label}” · ← → for others"
    assert pad.note.startswith(card.head.note.text())
    assert card.head.note.text()


def test_left_and_right_go_through_the_test_digits(card: NetworkCard, mnist: Digits) -> None:
    pad = card.pad
    QTest.keyClick(pad, Qt.Key.Key_Right)
    assert pad.sheet.number is None, "there are none yet"
    card.set_digits(mnist)
    seen: list[int | None] = []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Left):
        QTest.keyClick(pad, key)
        seen.append(pad.sheet.number)
    assert seen == [0, 1, 0, len(mnist.test) - 1]
    draw_by_mouse(pad, LINE)
    QTest.keyClick(pad, Qt.Key.Key_Right)
    assert pad.sheet.number == 0, "a drawing in between loses no place"
    pad.undo()
    assert pad.sheet.number is None, "and is not lost either"
    assert pad.picture is not None


def test_drawing_on_a_test_digit_makes_it_ink_without_a_label(card: NetworkCard, mnist: Digits) -> None:
    pad = card.pad
    card.set_digits(mnist)
    pad.show_test_digit()
    label = pad.true_label
    draw_by_mouse(pad, LINE)
    assert pad.true_label is None
    assert pad.picture is not None
    assert card.head.note.text() == "your drawing"
    pad.undo()
    assert pad.true_label == label
    draw_by_mouse(pad, ACROSS, Qt.MouseButton.RightButton)
    assert pad.true_label is None


def test_a_test_digit_of_another_data_set_loses_its_label(card: NetworkCard, mnist: Digits) -> None:
    pad, other = card.pad, replace(mnist, test=DigitSet(255 - mnist.test.images, mnist.test.labels))
    card.set_digits(mnist)
    pad.show_test_digit()
    card.set_digits(mnist)
    assert pad.true_label is not None
    draw_by_mouse(pad, LINE)
    pad.undo()
    assert pad.true_label is not None
    pad.redo()
    card.set_digits(other)
    pad.undo()
    assert pad.picture is not None
    assert pad.true_label is None, "undoing brings it not back"
    pad.show_test_digit()
    card.set_digits(mnist)
    assert pad.true_label is None
    assert pad.picture is not None


def test_every_tool_has_a_key(card: NetworkCard, mnist: Digits, qtbot: QtBot) -> None:
    pad, keys = card.pad, Qt.Key
    card.set_digits(mnist)
    draw_by_mouse(pad, LINE)
    card.activateWindow()
    pad.setFocus()
    qtbot.waitUntil(pad.hasFocus)
    for key, action in (
        (keys.Key_P, pad.pen_action), (keys.Key_E, pad.eraser_action), (keys.Key_T, pad.test_digit_action),
        (keys.Key_Delete, pad.clear_action),
    ):  # fmt: skip
        with qtbot.waitSignal(action.triggered):
            QTest.keyClick(pad, key)


def test_pen_and_eraser_show_their_size_at_the_pointer(pad: Scratchpad) -> None:
    side, rim = min(pad.width(), pad.height()) - 4, 4  # around the ring
    for action, share in ((pad.pen_action, PEN), (pad.eraser_action, 2 * ERASER), (pad.pen_action, PEN)):
        action.trigger()
        assert pad.cursor().pixmap().width() - rim == pytest.approx(share * side, abs=1)


def tablet(
    pad: Scratchpad, kind: QEvent.Type, x: float, pressure: float, *, eraser: bool = False,
    button: Qt.MouseButton = Qt.MouseButton.LeftButton,
) -> None:  # fmt: skip
    pointer = QPointingDevice.PointerType
    device = QPointingDevice(
        "stylus", 1, QInputDevice.DeviceType.Stylus, pointer.Eraser if eraser else pointer.Pen,
        QInputDevice.Capability.Position | QInputDevice.Capability.Pressure, 1, 2, "",
        QPointingDeviceUniqueId(),
    )  # fmt: skip
    where = QPointF(x * pad.width(), pad.height() / 2)
    none = Qt.KeyboardModifier.NoModifier
    event = QTabletEvent(kind, device, where, where, pressure, 0, 0, 0, 0, 0, none, button, button)
    QApplication.sendEvent(pad, event)


def test_a_tablet_draws_with_pressure_and_erases_with_its_end_or_second_button(pad: Scratchpad) -> None:
    sums = []
    for pressure in (0.1, 0.9):
        pad.clear()
        tablet(pad, QEvent.Type.TabletPress, 0.2, pressure)
        for x in (0.4, 0.6, 0.8):
            tablet(pad, QEvent.Type.TabletMove, x, pressure)
        tablet(pad, QEvent.Type.TabletRelease, 0.8, 0)
        sums.append(int(there(pad.picture).sum()))
    assert sums[1] > 1.5 * sums[0]
    assert shot(pad).pixelColor(pad.rect().center()).name() == LIGHT.ink

    right = Qt.MouseButton.RightButton
    for eraser, button in ((True, Qt.MouseButton.LeftButton), (False, right)):
        tablet(pad, QEvent.Type.TabletPress, 0.5, 0.5, eraser=eraser, button=button)
        tablet(pad, QEvent.Type.TabletRelease, 0.5, 0, eraser=eraser, button=button)
        before, behind = pad.sheet.ink.strokes
        assert before.points[-1, 0] < 0.5 - ERASER
        assert behind.points[0, 0] > 0.5 + ERASER
        pad.undo()


def test_one_finger_draws(pad: Scratchpad) -> None:
    screen = QTest.createTouchDevice()

    def at(x: float) -> QPoint:
        return QPoint(round(x * pad.width()), pad.height() // 2)

    QTest.touchEvent(pad, screen).press(0, at(0.2), pad).commit()
    QTest.touchEvent(pad, screen).move(0, at(0.5), pad).press(1, at(0.9), pad).commit()
    QTest.touchEvent(pad, screen).move(0, at(0.7), pad).move(1, at(0.95), pad).commit()
    QTest.touchEvent(pad, screen).release(0, at(0.7), pad).release(1, at(0.95), pad).commit()
    (stroke,) = pad.sheet.ink.strokes
    assert stroke.points[:, 0] == pytest.approx([0.2, 0.5, 0.7], abs=0.02)
    assert pad.undo_action.isEnabled()


def test_a_drawing_survives_the_session(pad: Scratchpad, mnist: Digits, qtbot: QtBot) -> None:
    pad.set_digits(mnist)
    for strokes in (LINE, [], ACROSS):
        if strokes:
            draw_by_mouse(pad, strokes)
        else:
            pad.show_test_digit()
        pad.eraser_action.trigger()
        pad.set_noise(Noise(0.3, 2))
        kept = json.loads(json.dumps(pad.record()))
        pad.pen_action.trigger()
        other = Scratchpad()
        qtbot.addWidget(other)
        other.take_record(kept)
        assert pad.picture is not None
        assert np.array_equal(pad.picture, there(other.picture)), "it would not be pinned any more"
        assert other.true_label == pad.true_label
        assert other.eraser_action.isChecked()
        assert other.noise == pad.noise
        assert not other.undo_action.isEnabled()


STROKES: list[object] = [
    None, [[]], [[[0.5, 0.5]]], [[[0.5, 0.5, "1"], [0.5]]], "line", [[[0.5, 7, 1]]], [[[0.5, float("nan"), 1]]],
    [[[0.5, 0.5, 1]] * 30_000],
]  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [*({"strokes": each} for each in STROKES), {"digit": "ff"}, {"digit": "zz" * 784}, {"digit": 5}],
)
def test_a_damaged_record_leaves_blank_paper(pad: Scratchpad, changes: dict[str, object]) -> None:
    draw_by_mouse(pad, LINE)
    pad.take_record({**pad.record(), **changes})
    assert pad.picture is None


WRONG: list[tuple[str, object]] = [
    *(("label", each) for each in (None, -1, 10, True, "7")),
    *(("noise", each) for each in (None, [], [2, 0], [0.3, -1], [float("nan"), 0], ["1", 0], [0.3, 1.5], "noise")),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_record_with_a_wrong_label_or_noise_has_none_and_keeps_its_ink(
    pad: Scratchpad, mnist: Digits, name: str, value: object
) -> None:
    pad.set_digits(mnist)
    pad.show_test_digit()
    pad.set_noise(Noise(0.3, 2))
    pad.take_record({**pad.record(), name: value})
    assert (pad.true_label if name == "label" else pad.noise) is None
    assert pad.picture is not None


def test_a_slow_hand_keeps_its_turns(pad: Scratchpad) -> None:
    """Each pixel that the mouse reports is a point of the line; a hand that rests adds none."""
    side = min(pad.width(), pad.height()) - 4
    turns = np.linspace(0, 1.5 * np.pi, 40)
    line = 0.5 + 0.06 * np.stack([np.cos(turns), np.sin(turns)], axis=1)
    draw_by_mouse(pad, [np.repeat(line, 2, axis=0)])
    (stroke,) = pad.sheet.ink.strokes
    assert len(stroke.points) == len(dict.fromkeys(map(tuple, np.rint(line * side).astype(int).tolist())))
    far = np.hypot(*(stroke.points[:, np.newaxis, :2] - line).T)
    assert far.min(axis=0).max() < 1 / side, "no point lies off the circle that was drawn"


def test_a_long_line_is_one_step_and_no_point_costs_more_than_the_first(pad: Scratchpad) -> None:
    turns = np.linspace(0, 60 * np.pi, 1_200)
    line = 0.5 + 0.35 * np.stack([turns / turns[-1] - 0.5, np.sin(turns)], axis=1)
    longest = []
    pad.inked.connect(lambda: longest.append(len(pad.layers[1].points) if pad.layers[1] else 0))
    draw_by_mouse(pad, [line])
    strokes = pad.sheet.ink.strokes
    assert sum(len(stroke.points) for stroke in strokes) > 900
    assert max(longest) <= 150  # of what each point has drawn anew
    for before, after in pairwise(strokes):
        assert np.array_equal(before.points[-1], after.points[0])  # nobody sees that it goes on as another
    pad.undo()
    assert not pad.sheet.ink


def test_ink_that_goes_on_looks_as_ink_painted_anew(mnist: Digits) -> None:
    strokes = [Stroke(np.array([(x, 0.2, 1), (x + 0.1, 0.8, 1)], dtype=np.float32)) for x in (0.1, 0.4, 0.7)]
    digits = [mnist.test.images[number].reshape(28, 28) for number in (0, 1)]
    one, two, three = Ink(tuple(strokes[:1])), Ink(tuple(strokes[:2])), Ink(tuple(strokes))
    size, picture = QSizeF(200, 200), InkPicture()
    inks = (one, three, two, Ink(tuple(strokes[1:])), Ink((), digits[0]), Ink(tuple(strokes), digits[0]),
            Ink(tuple(strokes), digits[1]), Ink(), three)  # fmt: skip
    for look in (LIGHT, DARK):
        set_theme(look)
        for ink in inks:
            assert picture.of(ink, size, 200, 1.0).toImage() == InkPicture().of(ink, size, 200, 1.0).toImage()


def test_what_can_be_undone_does_not_hold_data_sets_of_before(card: NetworkCard, mnist: Digits) -> None:
    images = mnist.test.images.copy()
    held = weakref.ref(images)
    card.set_digits(replace(mnist, test=DigitSet(images, mnist.test.labels)))
    del images
    card.pad.show_test_digit()
    draw_by_mouse(card.pad, LINE)
    card.set_digits(mnist)
    assert held() is None
    card.pad.undo()
    assert card.pad.true_label is not None


@pytest.mark.parametrize("drawing", [True, False], ids=["while one draws", "when the pen is up"])
def test_a_line_is_as_thick_on_the_pad_as_the_pen(pad: Scratchpad, drawing: bool) -> None:
    draw_by_mouse(pad, LINE)
    if drawing:
        pad.clear()
        side, middle = pad.width() // 5, pad.height() // 2
        QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(side, middle))
        QTest.mouseMove(pad, QPoint(4 * side, middle))
    shown, across = shot(pad), pad.width() // 2
    dark = [y for y in range(pad.height()) if shown.pixelColor(across, y).lightness() < 128]
    assert len(dark) == pytest.approx(PEN * (min(pad.width(), pad.height()) - 4), abs=2)
    if drawing:
        QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(4 * side, middle))


def test_of_pictures_only_the_last_few_are_held() -> None:
    """Each takes 8 MB; their ink stays."""
    blank = np.zeros((28, 28), np.float32)
    sheets = Sheets()

    def lay(sheet: Sheet) -> None:
        before, sheets.top = sheets.top, sheet
        sheets.step_from(before)

    for number in range(6):
        evened = Evened(blank.copy(), light_on_dark=False, scale=1, noise=0, threshold=0.5)
        scan = Scan(f"{number}", evened, 0.5, None, 1, np.zeros((28, 28), np.uint8))
        ink = Ink(digit=np.full((28, 28), number, np.uint8))
        lay(Sheet(ink, scan=scan))
        lay(Sheet(ink, scan=replace(scan, threshold=0.6)))  # of the same picture
    seen = []
    while sheets.can_undo:
        sheets.undo()
        seen.append(sheets.top)
    pictures = {id(sheet.scan.evened) for sheet in seen if sheet.scan is not None}
    assert len(pictures) == MOST_PICTURES
    assert [sheet.scan is not None for sheet in seen] == [True] * 5 + [False] * 7
    assert [int(sheet.ink.digit[0, 0]) for sheet in seen[:-1] if sheet.ink.digit is not None] == [
        5, 4, 4, 3, 3, 2, 2, 1, 1, 0, 0
    ]  # fmt: skip
