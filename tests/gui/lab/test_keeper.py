"""Where a run can't be kept, the window says so until it is kept, whatever becomes of other runs."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from mnistviz.engine.digits import Digits
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network
from mnistviz.engine.settings import Settings
from mnistviz.gui.lab import keeper as keeping
from mnistviz.gui.lab.jobs import Jobs
from mnistviz.gui.lab.keeper import Keeper
from mnistviz.gui.lab.kept_runs import MOST, KeptRuns, RunSlot
from mnistviz.gui.lab.shown import RunFacts
from mnistviz.gui.lab.writer import Then

SMALL = Settings(sizes=(784, 1, 10))
NETWORK = Network(SMALL.sizes)


class AtOnce:
    """A writer that does not wait for a thread."""

    def write(self, work: Callable[[], object], then: Then, *, slot: object = None) -> None:
        error = None
        try:
            work()
        except Exception as caught:
            error = caught
        then(error)


@dataclass
class Disk:
    """It is full for networks of these runs, by the number of their mini-batches."""

    full: set[int] = field(default_factory=set)

    def write(self, slot: RunSlot, network: Network, about: Mapping[str, object]) -> None:
        if about["step"] in self.full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        usual_write(slot, network, about)


usual_write = RunSlot.write


def run_of(number: int, network: Network = NETWORK) -> RunFacts:
    """A run that has learned for ten times as many mini-batches as its number says."""
    moment = Moment(number, 10 * number, 10_000 * number, network, SMALL, NETWORK)
    return RunFacts(number, SMALL, moment=moment)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    made = Disk()
    monkeypatch.setattr(RunSlot, "write", lambda *given: made.write(*given))
    monkeypatch.setattr(keeping, "AT_REST", 0)
    return made


@pytest.fixture
def keeper(tmp_path: Path, disk: Disk, qapp: QObject) -> Iterator[Keeper]:
    parent, jobs = QObject(), Jobs()
    yield Keeper(tmp_path / "runs", AtOnce(), jobs, parent)  # type: ignore[arg-type]
    jobs.close()


def kept_steps(keeper: Keeper) -> list[int]:
    return sorted(run.mini_batches for run in KeptRuns(keeper.kept.folder).runs())


def test_another_run_that_is_kept_takes_no_trouble_back(
    keeper: Keeper, disk: Disk, qtbot: QtBot, small_digits: Digits
) -> None:
    one, other = run_of(1), run_of(2)
    disk.full = {10}
    with qtbot.waitSignal(keeper.trouble_changed):
        keeper.follow(one, small_digits)
    with qtbot.assertNotEmitted(keeper.trouble_changed):
        keeper.follow(other, small_digits)
        qtbot.waitUntil(lambda: not keeper._timer.isActive())
        keeper.end(other, small_digits)
    [trouble] = keeper.troubles.values()
    assert trouble.number == one.number
    assert "space" in trouble.reason
    disk.full.clear()
    with qtbot.waitSignal(keeper.trouble_changed):
        keeper.follow(one, small_digits)
    assert not keeper.troubles


def test_a_run_that_ended_on_a_full_disk_is_kept_as_soon_as_there_is_room(
    keeper: Keeper, disk: Disk, qtbot: QtBot, small_digits: Digits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "WHILE_LEARNING", 0)
    disk.full = {10}
    keeper.end(run_of(1), small_digits)
    assert kept_steps(keeper) == []
    assert keeper.troubles
    disk.full.clear()
    qtbot.waitUntil(lambda: not keeper.troubles)
    assert kept_steps(keeper) == [10]
    assert not keeper._followed


def test_it_is_tried_once_more_at_the_end(keeper: Keeper, disk: Disk, small_digits: Digits) -> None:
    disk.full = {10}
    keeper.end(run_of(1), small_digits)
    keeper.end(run_of(2), small_digits)
    disk.full.clear()
    keeper.close()
    assert kept_steps(keeper) == [10, 20]


def test_a_run_that_is_opened_again_meanwhile_is_followed(
    keeper: Keeper, disk: Disk, qtbot: QtBot, small_digits: Digits
) -> None:
    run = run_of(1)
    disk.full = {10}
    keeper.end(run, small_digits)
    disk.full.clear()
    keeper.follow(run, small_digits)
    qtbot.waitUntil(lambda: not keeper.troubles)
    assert kept_steps(keeper) == []  # it goes on
    keeper.end(run, small_digits)
    assert kept_steps(keeper) == [10]


def test_of_many_runs_on_a_full_disk_the_newest_wait(
    keeper: Keeper, disk: Disk, small_digits: Digits
) -> None:
    disk.full = set(range(0, 1_000, 10))
    for number in range(1, MOST + 6):
        keeper.end(run_of(number), small_digits)
    assert list(keeper.troubles) == list(keeper._followed) == list(range(6, MOST + 6))


def test_weights_that_have_run_away_take_no_trouble_back(
    keeper: Keeper, disk: Disk, small_digits: Digits
) -> None:
    disk.full = {10}
    run = run_of(1)
    keeper.end(run, small_digits)
    before = dict(keeper.troubles)
    gone = NETWORK.copy()
    gone.parameters[:] = np.nan
    disk.full.clear()
    keeper.end(replace(run, moment=run_of(2, gone).moment), small_digits)
    assert keeper.troubles == before


def test_a_run_that_ends_deletes_older_ones_whatever_the_clock_says(
    keeper: Keeper, small_digits: Digits
) -> None:
    """The clock was set back, so that all kept runs have later dates."""
    later = time.time() + 10_000_000
    for number in range(1, MOST + 1):
        keeper.end(run_of(number), small_digits)
    for path in keeper.kept.folder.glob("*.npz"):
        os.utime(path, (later, later))
    for number in range(MOST + 1, MOST + 4):
        keeper.end(run_of(number), small_digits)
    kept = kept_steps(keeper)
    assert len(kept) == MOST
    assert kept[-3:] == [10 * number for number in range(MOST + 1, MOST + 4)]
