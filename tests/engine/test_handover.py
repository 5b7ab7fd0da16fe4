"""What passes between the threads: commands in order, and one newest update."""

import threading
from typing import Any

import numpy as np
import pytest

from mnistviz.engine import handover
from mnistviz.engine.commands import Change, Pause, Play
from mnistviz.engine.handover import Controls, Mailbox, Update
from mnistviz.engine.history import History
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network
from mnistviz.engine.settings import Settings
from tests.engine.time_machine import newest


def test_commands_arrive_in_order_and_none_swallows_another() -> None:
    """What the same clicks do must not depend on how many of them the worker finds at once."""
    controls = Controls()
    commands = [
        (1, Change({"schedule": "cosine"})),
        (1, Change({"eta": 2.0})),
        (1, Pause()),
        (2, Change({"eta": 4.0})),
        (2, Play()),
    ]
    for run, command in commands:
        controls.put(run, command)
    assert controls.waiting
    assert controls.take() == [(*command, ticket) for ticket, command in enumerate(commands, start=1)]
    assert not controls.waiting
    assert controls.take() == []


def taking(controls: Controls, taken: list[Any]) -> threading.Thread:
    """Another thread that takes what there is, and notes it."""
    thread = threading.Thread(target=lambda: taken.append(controls.take()))
    thread.start()
    return thread


def test_a_worker_that_is_held_off_takes_nothing_until_it_may_go_on() -> None:
    controls, taken = Controls(), []  # type: tuple[Controls, list[Any]]
    controls.hold_off()
    assert controls.waiting  # so it looks here after the mini-batch that it is at
    worker = taking(controls, taken)
    worker.join(0.05)
    controls.put(1, Play())
    assert not taken
    controls.go_on()
    worker.join(handover.MOST_HELD_OFF / 2)
    assert taken == [[(1, Play(), 1)]]
    assert not controls.waiting


def test_a_worker_that_is_held_off_ends_with_the_window() -> None:
    controls, taken = Controls(), []  # type: tuple[Controls, list[Any]]
    controls.hold_off()
    worker = taking(controls, taken)
    controls.close()
    worker.join(handover.MOST_HELD_OFF / 2)
    assert taken == [[]]


def test_a_worker_is_not_held_off_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handover, "MOST_HELD_OFF", 0.01)
    controls = Controls()
    controls.hold_off()
    controls.put(1, Play())
    assert controls.take() == [(1, Play(), 1)]


def test_commands_put_together_have_the_ticket_of_the_last() -> None:
    controls = Controls()
    together = (Change({"eta": 2.0}), Play())
    assert controls.put(1, *together) == 2
    assert controls.put(1, Pause()) == 3
    assert controls.take() == [(1, together[0], 1), (1, together[1], 2), (1, Pause(), 3)]


def test_a_waiting_worker_wakes_for_a_command_and_for_the_end() -> None:
    controls = Controls()
    woken: list[list[tuple[int, Any, int]]] = []
    closed: list[bool] = []

    def worker() -> None:
        controls.wait(None)
        woken.append(controls.take())
        controls.wait(None)
        closed.append(controls.closed)

    thread = threading.Thread(target=worker)
    thread.start()
    controls.put(1, Play())
    while not woken:
        thread.join(0.001)
    controls.close()
    thread.join(5)
    assert woken == [[(1, Play(), 1)]]
    assert closed == [True]


def update_of(history: History) -> Update:
    network = Network((4, 2))
    return Update(Moment(1, 0, 0, network, Settings(sizes=(4, 2)), network), history)


def test_only_an_emptied_mailbox_signals_and_its_reader_misses_nothing() -> None:
    signals = []
    mailbox = Mailbox(lambda: signals.append(1))
    history = History()
    assert mailbox.take() is None
    for round_ in range(5):
        for _ in range(3):
            history = history.with_costs(history.costs.size, history.costs.size, np.array([0.5]), 1)
            mailbox.put(update_of(history))
        assert len(signals) == round_ + 1
        assert newest(mailbox).history is history
        assert mailbox.take() is None
