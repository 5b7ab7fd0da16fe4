"""A program that is killed without a word: the next start has all runs, half a minute old at most, to the last bit."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mnistviz.engine.digits import load_digits
from mnistviz.engine.experiment.rebuilding import rebuilt
from mnistviz.engine.experiment.saved import checksum
from tests.data_sets import write_data_set
from tests.torture.program import KEPT_EVERY, RUNS, environment, kept_runs

KILLS = 20
WRITING = 2.0
"""Seconds that it may take to write all runs, on a busy machine."""


@pytest.mark.long
@pytest.mark.timeout(900)
def test_twenty_kills_while_three_runs_and_a_branch_learn(tmp_path: Path) -> None:
    data = write_data_set(tmp_path / "digits", classes=3, training=600, test=100)
    chance = random.Random(24)
    for number in range(KILLS):
        command = [sys.executable, "-m", "tests.torture.program", str(data)]
        own, root = environment(tmp_path), Path(__file__).parents[3]
        with subprocess.Popen(command, env=own, cwd=root, stdout=subprocess.PIPE, text=True) as program:
            assert program.stdout is not None
            lines = [program.stdout.readline()]
            while len({line.split()[0] for line in lines}) < RUNS:
                lines.append(program.stdout.readline())
            time.sleep(chance.uniform(0, 1.5) + (2 * KEPT_EVERY / 1_000 if number == 0 else 0))
            program.kill()
            hit = time.monotonic()
            lines += program.stdout.readlines()
        kept = kept_runs(tmp_path)
        assert len(kept) == RUNS
        for letter, step, when in map(str.split, lines):
            if int(step) > kept[letter].content.record.step:
                assert hit - float(when) < KEPT_EVERY / 1_000 + WRITING
    digits = load_digits(data)
    for run in kept.values():
        again, departure = rebuilt(run.recipe, digits, checks=run.checks)
        assert departure is None
        assert again is not None
        assert run.content.state is not None
        assert checksum(again.state().parameters) == checksum(run.content.state.parameters)
        assert run.content.record.step > 100
