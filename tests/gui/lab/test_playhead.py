"""The film by itself, with a clock and a worker made up for it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QObject, QTimer

from mnistviz.engine.history_replayer import VisitBox, Visited
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network
from mnistviz.gui.lab import lab_core as playing
from mnistviz.gui.lab.lab_core import Playhead
from mnistviz.gui.lab.shown import RunFacts
from tests.gui.children import child
from tests.gui.lab.conftest import SMALL

NETWORK = Network(SMALL.sizes)


class Worker:
    """Has every moment at once."""

    def __init__(self) -> None:
        self.visits = VisitBox(lambda: None)

    def visit(self, number: int, step: int, *, film: bool = False) -> None:
        moment = Moment(number, step, 10 * step, NETWORK, SMALL, NETWORK, "exact")
        self.visits.put(Visited(step, moment, SMALL.eta))

    def hold(self, held: bool) -> None:
        """Nothing trains here."""

    def leave(self) -> None:
        """Nothing is looked at any more."""


@pytest.mark.parametrize(("rate", "most"), [(96.0, 24), (None, 250)])
def test_after_a_stall_the_film_goes_on_where_it_was(
    qapp: QObject, monkeypatch: pytest.MonkeyPatch, rate: float | None, most: int
) -> None:
    """It goes on by what a quarter of a second has of it, however long the window stood still."""
    clock = SimpleNamespace(now=100.0)
    monkeypatch.setattr(playing, "time", SimpleNamespace(monotonic=lambda: clock.now))
    run = RunFacts(1, SMALL, moment=Moment(1, 10_000, 100_000, NETWORK, SMALL, NETWORK))
    parent = QObject()
    session: Any = SimpleNamespace(run=run, training=Worker(), rate=rate, tell=print)
    playhead = Playhead(session, lambda: None, parent)
    playhead.visit(1_000)
    assert playhead.take()
    playhead.film(True)
    clock.now += 5.0
    child(playhead, QTimer).timeout.emit()
    assert playhead.take()
    assert playhead.here == 1_000 + most
    clock.now += 0.125  # as a float exactly
    child(playhead, QTimer).timeout.emit()
    assert playhead.here == int(1_000 + 1.5 * most)
    playhead.film(False)
