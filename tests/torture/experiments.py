"""Experiment files: cut off, with bits turned over, and bombs.

The promise is that of the network's file: a sentence or the right data, in little memory.
"""

from __future__ import annotations

import random
import tracemalloc
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np

from mnistviz.engine.commands import Change, FinishEpoch, RestoreBest, Step
from mnistviz.engine.digits import Digits, DigitSet
from mnistviz.engine.experiment.experiment_file import load_experiment, save_experiment
from mnistviz.engine.experiment.saved import DataNote, Experiment, SavedRun
from mnistviz.engine.handover import Mailbox
from mnistviz.engine.problems import Problem
from mnistviz.engine.run import Run
from mnistviz.engine.settings import Settings
from mnistviz.engine.threads import one_blas_thread
from mnistviz.sentences import sentence
from tests.torture import Result

MOST_MEMORY: Final = 100_000_000
"""Bytes that a file may take at its worst moment."""


def run(thorough: bool, seed: int) -> list[Result]:
    with TemporaryDirectory(prefix="torture-") as name, one_blas_thread():
        file = _File(Path(name))
        return [
            cuts(file, 1_000 if thorough else 20_000),
            flips(file, 2_000 if thorough else 100, seed),
            bombs(file, 500_000_000 if thorough else 20_000_000),
        ]


class _File:
    """A saved experiment, and what loading says of each damaged copy."""

    def __init__(self, folder: Path) -> None:
        digits = _noise()
        settings = Settings(sizes=(784, 12, 10), training_digits=400)
        made = Run(1, settings, digits, Mailbox(lambda: None))
        for command in (Step(9), Change({"eta": 0.5}), FinishEpoch(), RestoreBest(), Step(150)):
            made.handle(command)
            while made.work(lambda: False):
                pass
        saved = SavedRun(1, settings, made.content(), len(made.training), "A")
        path = folder / "saved.mnistviz"
        save_experiment(Experiment(DataNote.of(digits), (saved,), 1), path, digits)
        self.content, self.path = path.read_bytes(), folder / "damaged.mnistviz"
        self._whole = _told(load_experiment(path))
        self.same = self.refused = 0
        self.faults: list[str] = []

    def load(self, content: bytes, what: str) -> None:
        self.path.write_bytes(content)
        try:
            found = load_experiment(self.path)
        except Problem as problem:
            sentence(problem.code, problem.values)
            self.refused += 1
        except Exception as error:
            self.faults.append(f"{what}: {type(error).__name__}: {error}")
        else:
            self.same += 1
            if _told(found) != self._whole:
                self.faults.append(f"{what}: another experiment")

    def result(self, what: str, more: str = "") -> Result:
        figures = f"{self.refused} sentences, {self.same} times the experiment{more}"
        result = Result(what, figures, tuple(self.faults))
        self.same, self.refused, self.faults = 0, 0, []
        return result


def cuts(file: _File, every: int) -> Result:
    """Cuts the file off after each multiple of so many bytes."""
    for length in range(0, len(file.content), every):
        file.load(file.content[:length], f"cut after {length}")
    return file.result(f"an experiment of {len(file.content):,} bytes, cut at every {every:,}th")


def flips(file: _File, count: int, seed: int) -> Result:
    """Turns one bit over, so many times."""
    chance = random.Random(seed)
    for _ in range(count):
        place = chance.randrange(8 * len(file.content))
        flipped = bytearray(file.content)
        flipped[place // 8] ^= 1 << place % 8
        file.load(bytes(flipped), f"bit {place}")
    return file.result(f"a bit of an experiment turned over, {count:,} times")


def bombs(file: _File, size: int) -> Result:
    """Small files of which one member unpacks to `size` bytes."""
    most = 0
    for name in ("experiment.json", "states/0.npy", "runs/1/cost.npy", "runs/1/judged.npy", "other"):
        for packing in (zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
            content = _blown_up(file, name, size, packing)
            tracemalloc.start()
            file.load(content, f"bomb {name}")
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            most = max(most, peak)
            if peak > MOST_MEMORY:
                file.faults.append(f"bomb {name}: {peak:,} bytes of memory")
    return file.result(f"experiments with bombs of {size // 1_000_000} MB", f", {most / 1e6:.1f} MB at most")


def _blown_up(file: _File, name: str, size: int, packing: int) -> bytes:
    file.path.write_bytes(file.content)
    copy = file.path.with_name("bomb")
    with zipfile.ZipFile(file.path) as archive, zipfile.ZipFile(copy, "w") as packed:
        for info in archive.infolist():
            if info.filename != name:
                packed.writestr(info, archive.read(info))
        bomb = zipfile.ZipInfo(name)
        bomb.compress_type = packing
        with packed.open(bomb, "w") as member:
            for _ in range(0, size, 1_000_000):
                member.write(b" " * 1_000_000)
    content = copy.read_bytes()
    copy.unlink()
    return content


def _told(experiment: Experiment) -> object:
    """All that matters of it, to be compared."""
    (saved,) = experiment.runs
    content, record = saved.content, saved.content.record
    states = [record.start, *record.snapshots, *record.sources.values()]
    curves = [content.history.costs, *content.history.accuracies.values(), *content.history.partial.values()]
    return (
        experiment.data,
        experiment.engine,
        saved.settings,
        record.acts,
        record.judged,
        content.best,
        [(state.step, state.parameters.tobytes(), state.velocity.tobytes()) for state in states],
        [(each.parts.size, each.rows.tobytes()) for each in curves],
        [(found.right, found.predictions.tobytes()) for found in content.evaluations.values()],
    )


def _noise() -> Digits:
    chance = np.random.default_rng(7)

    def some(count: int) -> DigitSet:
        images = chance.integers(0, 256, (count, 784), dtype=np.uint8)
        return DigitSet(images, (np.arange(count) % 10).astype(np.uint8))

    return Digits("noise", some(400), some(60), some(60), tuple("0123456789"), "noise")
