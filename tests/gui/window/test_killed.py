"""A program that is killed without a word: the next start has all runs, half a minute old at most, to the last bit."""

import faulthandler
import random
import time
from pathlib import Path

import pytest

from mnistviz.engine.digits import load_digits
from mnistviz.engine.experiment.rebuilding import rebuilt
from mnistviz.engine.experiment.saved import checksum
from tests.data_sets import write_data_set
from tests.torture.program import KEPT_EVERY, RUNS, kept_runs, parsed, started, told_by

KILLS = 20
WRITING = 2.0  # seconds of work that it may take to write all runs


def wait_until_kept(folder: Path) -> None:
    """Wait until all runs are in the session for the first time: on a busy machine that takes a while."""
    patience = time.monotonic() + 120
    while len(kept_runs(folder)) < RUNS and time.monotonic() < patience:
        time.sleep(0.2)


@pytest.mark.long
def test_twenty_kills_while_three_runs_and_a_branch_learn(tmp_path: Path) -> None:
    faulthandler.cancel_dump_traceback_later()  # it takes a quarter of an hour
    data = write_data_set(tmp_path / "digits", classes=3, training=600, test=100)
    chance = random.Random(24)
    for number in range(KILLS):
        with started(tmp_path, data) as program:
            told = [told_by(program, tmp_path)]
            while len({letter for letter, _, _ in told}) < RUNS:
                told.append(told_by(program, tmp_path))
            if number == 0:
                wait_until_kept(tmp_path)
            time.sleep(chance.uniform(0, 1.5))
            program.kill()
            told += map(parsed, program.stdout.readlines())
        kept = kept_runs(tmp_path)
        assert len(kept) == RUNS
        hit = max(when for _, _, when in told)
        for letter, step, when in told:
            if step > kept[letter].content.record.step:
                assert hit - when < KEPT_EVERY / 1_000 + WRITING
    digits = load_digits(data)
    for run in kept.values():
        again, replay_mismatch = rebuilt(run.recipe, digits, checks=run.checks)
        assert replay_mismatch is None
        assert checksum(again.state().parameters) == checksum(run.content.state.parameters)
        assert run.content.record.step > 100
