"""Every open run has a slot of its own, and is kept under its name when the program ends or is killed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mnistviz.engine.storage import load_network
from mnistviz.gui.lab import keeper as keeping
from mnistviz.gui.lab.keeper import Keeper
from mnistviz.gui.lab.kept_runs import KeptRuns
from mnistviz.gui.lab.run_names import made_name
from mnistviz.gui.lab.writer import Writer
from tests.gui.lab.conftest import EPOCH, SMALL, Hand
from tests.gui.live_run import live_run


@pytest.fixture
def keeper(hand: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Keeper]:
    monkeypatch.setattr(keeping, "AT_REST", 1)
    writer = Writer(hand.lab)
    made = Keeper(tmp_path / "runs", writer, hand.lab.jobs, hand.lab)
    hand.lab.run_ends.connect(made.end)
    yield made
    writer.close()


def followed(hand: Hand, keeper: Keeper) -> None:
    for run in hand.lab.runs:
        assert hand.lab.digits is not None
        keeper.follow(run, hand.lab.digits)


def test_each_open_run_is_in_a_file_of_its_own_with_its_name(hand: Hand, keeper: Keeper) -> None:
    """What a kill leaves is just that."""
    folder = keeper.kept.folder
    one = hand.run(steps=2 * EPOCH)
    two = hand.run(replace(SMALL, seed=2), steps=3 * EPOCH)
    hand.lab.rename(one.number, "the first")
    hand.look(5)  # looking back keeps nothing else
    branch = live_run(hand.lab, hand.lab.branch())
    hand.wait(lambda: branch.ready)
    followed(hand, keeper)
    hand.qtbot.waitUntil(lambda: len(list(folder.glob("*.npz"))) == 3, timeout=10_000)
    hand.qtbot.waitUntil(
        lambda: (
            {
                (header["about"]["called"], header["about"]["step"])
                for _, header in map(load_network, folder.glob("*.npz"))
            }
            == {("the first", 2 * EPOCH), ("", 3 * EPOCH), (made_name(branch), 5)}
        ),
        timeout=10_000,
    )
    assert hand.lab.runs == (one, two, branch)


def test_at_the_end_all_are_earlier_runs(hand: Hand, keeper: Keeper) -> None:
    runs = [hand.run(replace(SMALL, seed=seed), steps=EPOCH + seed) for seed in range(4)]
    for number, run in enumerate(runs):
        hand.lab.rename(run.number, f"run {number}")
    for run in hand.lab.runs:
        assert hand.lab.digits is not None
        keeper.end(run, hand.lab.digits)
    hand.qtbot.waitUntil(lambda: len(KeptRuns(keeper.kept.folder).runs()) == 4, timeout=10_000)
    wanted = {f"run {number}": EPOCH + number for number in range(4)}
    hand.qtbot.waitUntil(
        lambda: {run.name: run.mini_batches for run in KeptRuns(keeper.kept.folder).runs()} == wanted,
        timeout=10_000,
    )


def test_a_run_that_is_opened_again_goes_on_in_its_own_slot(hand: Hand, keeper: Keeper) -> None:
    folder = keeper.kept.folder
    run = hand.run(steps=EPOCH)
    hand.run(replace(SMALL, seed=2), steps=EPOCH)
    hand.lab.close_run(run.number)
    hand.qtbot.waitUntil(lambda: len(list(folder.glob("*.npz"))) == 1, timeout=10_000)
    hand.lab.reopen(run.number)
    hand.wait(lambda: run.has_obeyed)
    hand.lab.finish_epoch()
    hand.wait(lambda: run.step == 2 * EPOCH and not run.playing)
    followed(hand, keeper)
    hand.qtbot.waitUntil(lambda: len(list(folder.glob("*.npz"))) == 2, timeout=10_000)
