"""The instrument that finds stalls of the window."""

import time

from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from tests.torture.heartbeat import Heartbeat


def stand_still(heart: Heartbeat) -> None:
    """Until the instrument has seen it a few times."""
    while heart.samples < 3:
        time.sleep(0)


def test_a_stall_is_told_with_what_was_done_and_where_it_was(qtbot: QtBot) -> None:
    with Heartbeat(late=0.02) as heart:
        with qtbot.waitSignal(heart.stalled):
            heart.doing = "nothing at all"
            QTimer.singleShot(0, lambda: stand_still(heart))
        stall = next(each for each in heart.stalls if each.stacks)
        stand_still(heart)
    assert heart.stalls[-1].stacks, "one that lasts to the end"
    assert stall.after == "nothing at all"
    assert stall.seconds > 0.02
    assert any("stand_still" in place for stack, _ in stall.stacks for place in stack)
    assert "nothing at all" in stall.told()
    assert "stand_still" in stall.told()


def test_a_loop_that_goes_round_has_no_stall(qtbot: QtBot) -> None:
    with Heartbeat(late=60) as heart:
        for _ in range(3):
            with qtbot.waitSignal(heart.timer.timeout):
                pass
    assert not heart.stalls
    assert heart.samples == 0
