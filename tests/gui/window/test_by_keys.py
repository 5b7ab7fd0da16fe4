"""The window by keys alone: where the focus goes, how that is seen, and what a key does there."""

import time
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from mnistviz.gui.common.focus_order import scroll_to, tab_order
from mnistviz.gui.common.focus_ring import FocusFrame
from mnistviz.gui.curves.plot import Plot
from mnistviz.gui.window.lab_and_ideas import IDEA_OF_STAGE, SCENES
from mnistviz.gui.window.main_window import MainWindow
from tests.examples import one_quick
from tests.gui.children import child

Key, Modifier = Qt.Key, Qt.KeyboardModifier


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Modifier.NoModifier, times: int = 1) -> QWidget:
    """Press a key where the focus is; return where it is then."""
    for _ in range(times):
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, key, modifier)
        QApplication.processEvents()
    now = QApplication.focusWidget()
    assert now is not None
    return now


def test_space_presses_a_button_reached_by_key_and_f5_trains_where_letters_act_in_the_network_only(
    window: MainWindow, qtbot: QtBot
) -> None:
    clock = window.lab.time
    window.transport.play_button.setFocus()
    assert press(Key.Key_Tab).objectName() == "step_action_button"
    press(Key.Key_Space)
    qtbot.waitUntil(lambda: window.lab.run is not None and window.lab.run.step == 1)
    assert [(press(key), clock.learning)[1] for key in (Key.Key_F5, Key.Key_F5)] == [True, False]
    pad, curves = window.network.pad, window.curves
    for only, field, acts in ((False, curves, True), (True, curves, False), (True, pad, True)):
        window.action_book["letters_in_network"].setChecked(only)
        pad.clear()
        field.setFocus()
        press(Key.Key_T)
        assert (pad.picture is not None) is acts


def test_tab_goes_in_the_order_of_the_screen_also_to_what_is_built_late(own_window: MainWindow) -> None:
    window = own_window
    window.lab.chosen.choose("window", tab="mistakes")
    QApplication.processEvents()
    order = tab_order(window)
    places = [order.index(part) for part in (
        window.transport.play_button, window.controls.eta.field, window.network.pad, window.network.picture,
        child(window, QWidget, "mistakes_tab"), window.mistakes.matrix, window.timeline.lanes.strip,
    )]  # fmt: skip
    assert places == sorted(places)
    order[0].setFocus()
    assert [press(Key.Key_Tab) for _ in order] == [*order[1:], order[0]]
    assert press(Key.Key_Backtab) is order[-1]


def test_alt_and_a_digit_go_to_the_first_useful_part(window: MainWindow, qapp: QApplication) -> None:
    """They pass through nothing that has no name."""
    window.lab.runs.branch()
    window.network.pad.test_digit_action.trigger()
    window.network.pad.pin_action.trigger()
    names = "network_picture cost_plot confusion_matrix batch_tiles compare_table pin_list"
    digits = (Key.Key_0, Key.Key_1, Key.Key_2, Key.Key_3, Key.Key_5, Key.Key_6)
    passed: list[QWidget | None] = []

    def watch(before: QWidget | None, now: QWidget | None) -> None:
        passed.append(now)

    qapp.focusChanged.connect(watch)
    for _ in range(2):
        assert [press(digit, Modifier.AltModifier).objectName() for digit in digits] == names.split()
    qapp.focusChanged.disconnect(watch)
    assert all(part is not None and part.accessibleName() for part in passed)


def test_the_next_run_has_its_lane_s_focus_if_scrolled_away(window: MainWindow, qtbot: QtBot) -> None:
    lab, lanes = window.lab, window.timeline.lanes
    window.resize(1024, 640)
    for _ in range(4):
        lab.runs.branch()
        qtbot.waitUntil(lambda: lab.shown.moment is not None)
    assert lanes.out_of_view
    (heads := [*lanes.heads.values()])[-1].setFocus(Qt.FocusReason.TabFocusReason)
    assert [press(Key.Key_Tab, Modifier.ControlModifier) for _ in heads] == heads


def test_calm_draws_once_a_second(window: MainWindow, qtbot: QtBot) -> None:
    frames: list[float] = []
    window.frame.drawn.connect(lambda: frames.append(time.monotonic()))
    window.action_book["calm"].setChecked(True)
    window.transport.set_rate(20.0)
    window.lab.time.toggle_play()
    qtbot.waitUntil(lambda: len(frames) > 3)
    assert window.lab.time.learning
    assert frames[3] - frames[1] > 1.0, "two seconds, unless a busy machine drew the first of them late"
    assert (window.frame.isActive(), window.frame.interval()) == (True, 1_000), "in milliseconds"


def test_values_read_by_key_go_with_the_focus(window: MainWindow, qtbot: QtBot) -> None:
    window.transport.step_action.trigger()
    plot = child(window, Plot, "cost_plot")
    qtbot.waitUntil(lambda: plot.drawing is not None and not plot.drawing.empty)
    plot.setFocus()
    for key, read in ((Key.Key_Right, True), (Key.Key_Tab, False)):
        press(key)
        assert plot.drawing is not None
        assert (plot.drawing.cursor is not None) is read


def test_what_the_mouse_alone_could_do_has_keys(window: MainWindow) -> None:
    pad, eta, halves = window.network.pad, window.controls.eta, window.arrangement.halves
    pad.setFocus()
    for key, times in ((Key.Key_D, 1), (Key.Key_Up, 8), (Key.Key_Space, 1), (Key.Key_Down, 16)):
        press(key, times=times)
    press(Key.Key_Space)
    assert pad.picture is not None
    assert (pad.picture > 0).any(axis=1).sum() >= 16, "a line from the top down"
    assert not window.lab.time.learning
    pad.undo()
    assert pad.picture is None
    press(Key.Key_Escape)
    assert not pad.keys_action.isChecked()
    window.network.picture.setFocus()
    press(Key.Key_Right)
    assert child(window, FocusFrame).widgets[0] is window.network.picture
    press(Key.Key_F10)
    assert window.menuBar().activeAction() is window.menuBar().actions()[0]
    child(window, QMenu, "file_menu").close()
    assert press(Key.Key_F6) is window.network.seen
    press(Key.Key_Right)
    assert window.network.selection.pointed_pixel == 14 * 28 + 15
    eta.field.setFocus()
    press(Key.Key_Up)
    press(Key.Key_F7)
    assert eta.value() == 3.0
    upper, lower = halves.sizes()
    press(Key.Key_Down, Modifier.AltModifier)
    assert halves.sizes() == [upper + 24, lower - 24]


LEAST = 3.0  # to 1, of what is there with the focus to what is there without
AROUND = 5  # pixels inside and outside a widget where its ring may be


def luminances(widget: QWidget, room: QRect) -> NDArray[np.float64]:
    """As the Web Content Accessibility Guidelines define it."""
    QApplication.processEvents()
    picture = widget.grab(room).toImage().convertToFormat(QImage.Format.Format_RGBX8888)
    pixels = np.array(picture.constBits()).reshape(picture.height(), -1, 4)[:, :, :3] / 255
    linear = np.where(pixels <= 0.04045, pixels / 12.92, ((pixels + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ (0.2126, 0.7152, 0.0722))


def ringed_share(part: QWidget, elsewhere: QWidget) -> float:
    """Which share of the outline of a part has a ring of two pixels or more, with enough contrast."""
    window, around = part.window(), part.parentWidget() or part
    scroll_to(part)
    QApplication.processEvents()
    seen = QRect(part.pos(), part.size()) & around.rect()
    room = seen.translated(around.mapTo(window, QPoint(0, 0))).adjusted(-AROUND, -AROUND, AROUND, AROUND)
    elsewhere.setFocus(Qt.FocusReason.TabFocusReason)
    before = luminances(window, room) + 0.05
    part.setFocus(Qt.FocusReason.TabFocusReason)
    if not part.isVisible():  # it went meanwhile
        return 1.0
    after = luminances(window, room) + 0.05
    ring, wide = np.maximum(before, after) / np.minimum(before, after) >= LEAST, 2 * AROUND
    inner = slice(wide - 1, 1 - wide)
    lines = [side[:wide, inner].sum(axis=0) for side in (ring, ring[::-1], ring.T, ring.T[::-1])]
    return float((np.concatenate(lines) >= 2).mean())


def unringed(window: QWidget) -> list[str]:
    """What Tab reaches and has no ring at three quarters of its outline or more."""
    window.activateWindow()
    QApplication.processEvents()
    order = tab_order(window)
    order[0].setFocus()
    press(Key.Key_Tab)
    pairs = [(part, order[at - len(order) // 2]) for at, part in enumerate(order) if len(order) > 1]
    return [
        part.objectName() for part, other in pairs if part.isVisible() and ringed_share(part, other) < 0.75
    ]


@one_quick("look", ["clear", "light", "dark"])
def test_a_ring_is_around_each_part_that_tab_reaches(own_window: MainWindow, look: str) -> None:
    own_window.look.choose(look)
    assert unringed(own_window) == []


@pytest.mark.long
@pytest.mark.parametrize("look", ["light", "dark", "clear"])
def test_each_tab_stage_idea_and_dialog_has_a_ring(own_window: MainWindow, qtbot: QtBot, look: str) -> None:
    window, book, choose = own_window, own_window.action_book, own_window.lab.chosen.choose
    window.look.choose(look)
    window.network.pad.test_digit_action.trigger()
    window.network.pad.pin_action.trigger()
    for act in ("everything", "step", "branch"):
        book[act].trigger()
        qtbot.waitUntil(lambda: window.lab.shown.moment is not None)
    tabs = ("curves", "mistakes", "minibatch", "layers", "compare", "pins")
    acts: dict[str, Callable[[], object]] = {tab: book[f"tab_{tab}"].trigger for tab in tabs}
    for stage in IDEA_OF_STAGE:
        acts[stage] = lambda stage=stage: choose("minibatch", stage=stage)  # type: ignore[misc]
    acts |= {name: book[name].trigger for name in ("earlier_sessions", "guide", "find", "ideas")}
    for page in SCENES:
        acts[page] = lambda page=page: window.ideas.open(page)  # type: ignore[misc]
    bare: dict[str, list[str]] = {}
    for what, do in acts.items():
        do()
        qtbot.wait(100)
        dialogs = [each for each in window.findChildren(QWidget) if each.isWindow() and each.isVisible()]
        bare[what] = unringed(dialogs[0] if dialogs else window)
        for dialog in dialogs:
            dialog.close()
    assert {what: parts for what, parts in bare.items() if parts} == {}
