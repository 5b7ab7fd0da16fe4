"""A card with a wide pad, and a network that knows digits."""

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network
from mnistviz.engine.settings import Settings
from mnistviz.gui.lab.jobs import Jobs
from mnistviz.gui.network.card import NetworkCard
from mnistviz.gui.network.pad.pad import Pad
from tests.gui.drawn_digits import STYLES, Line, evenly
from tests.gui.lab_by_hand import JobsByHand
from tests.gui.network.moments import shown

ROW = (5, 0, 4, 1, 9)


class JobsAtOnce(JobsByHand):
    """Each job is done while it is asked: for what is read, and not when."""

    def ask(self, *asked: Any, **how: Any) -> None:
        super().ask(*asked, **how)
        self.work()


@pytest.fixture
def learned(reader: Network) -> Moment:
    """A network that knows digits, late in a run."""
    return moment_of(reader)


def moment_of(network: Network, step: int = 15_000, run: int = 1) -> Moment:
    settings = Settings(sizes=network.sizes)
    return Moment(run, step, 10 * step, network, settings, Network(network.sizes, seed=2))


@pytest.fixture
def card(qtbot: QtBot, learned: Moment) -> NetworkCard:
    return wide_card(qtbot, learned, JobsAtOnce())


def wide_card(qtbot: QtBot, learned: Moment, jobs: Jobs) -> NetworkCard:
    """A card as large as in a usual window, its pad wide, the network trained."""
    card = NetworkCard(jobs=jobs)
    qtbot.addWidget(card)
    card.resize(1130, 462)
    card.show()
    qtbot.waitExposed(card)
    card.row.actions.wide.setChecked(True)
    card.draw(shown(learned))
    return card


def strokes(*digits: int, size: float = 0.7, step: float = 1.0) -> list[Line]:
    """Digits side by side, as lines (n, 2) in heights of the pad."""
    placed = []
    for number, digit in enumerate(digits):
        for points in STYLES[digit][0]:
            placed.append(evenly(points) * size + (0.4 + number * step, (1 - size) / 2))
    return placed


def write(pad: Pad, *digits: int, size: float = 0.7, step: float = 1.0, prioritise: int = 2) -> None:
    """Writes them with the mouse; a hand in a `prioritise` is seen at every so manieth point only."""
    for line in strokes(*digits, size=size, step=step):
        draw(pad, np.concatenate([line[:-1:prioritise], line[-1:]]))


def draw(pad: Pad, line: Line, *, lift: bool = True) -> None:
    """Draws a line with the mouse; without `lift` its button stays down."""
    paper = pad.paper
    corner = np.array([paper.x(), paper.y()])
    points = [QPoint(*place) for place in np.rint(corner + line * paper.height()).astype(int).tolist()]
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mousePress(pad, left, none, points[0])
    for point in points[1:]:
        QTest.mouseMove(pad, point)
    if lift:
        QTest.mouseRelease(pad, left, none, points[-1])


def read(card: NetworkCard) -> str:
    """What is read in the row, as the cells show it."""
    return "".join(cell.name for cell in card.row.cells.cells)
