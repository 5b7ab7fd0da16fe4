"""What waits equally long is done at the same time."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from mnistviz.gui.common import timers as throttle_module
from mnistviz.gui.common.timers import Throttle

SPAN = 0.2  # seconds


def seconds_between(qtbot: QtBot) -> float:
    """How far apart two throttles go on that had begun at different times."""
    around = QObject()
    times: list[list[float]] = [[], []]
    one = Throttle(SPAN, lambda: times[0].append(time.monotonic()), around)
    other = Throttle(SPAN, lambda: times[1].append(time.monotonic()), around)
    qtbot.waitUntil(lambda: time.monotonic() % SPAN < SPAN / 4)
    one.now()
    qtbot.wait(round(1000 * SPAN / 3))
    other.now()
    one.ask()
    other.ask()
    qtbot.waitUntil(lambda: all(len(done) == 2 for done in times))
    return abs(times[0][1] - times[1][1])


def test_two_that_began_at_different_times_go_on_at_the_same_time(qtbot: QtBot) -> None:
    # where another program comes between the two, once more
    assert any(seconds_between(qtbot) < SPAN / 6 for _ in range(5))


def test_who_asks_again_anyway_is_not_called_at_another_time(qtbot: QtBot) -> None:
    around = QObject()
    done: list[float] = []
    throttle = Throttle(SPAN, lambda: done.append(time.monotonic()), around)
    qtbot.waitUntil(lambda: time.monotonic() % SPAN < SPAN / 4)
    assert throttle.if_due()
    assert not throttle.if_due()
    qtbot.wait(round(1000 * SPAN))
    assert len(done) == 1
    assert throttle.if_due()
    assert len(done) == 2


def test_where_its_time_comes_while_it_is_asked_it_does_it_soon(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    around = QObject()
    done: list[int] = []
    throttle = Throttle(SPAN, lambda: done.append(1), around)
    throttle.now()
    clock = iter(
        [time.monotonic(), time.monotonic() + 5 * SPAN]
    )  # another program took the processor in between
    with monkeypatch.context() as patched:
        patched.setattr(throttle_module, "time", SimpleNamespace(monotonic=lambda: next(clock)))
        throttle.ask()  # Qt warns of an interval below 0
    qtbot.waitUntil(lambda: len(done) == 2)
