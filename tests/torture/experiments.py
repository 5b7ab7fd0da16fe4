"""Experiment files: cut off, with bits turned over, and bombs.

The promise is that of the network's file: a sentence or the right data, in little memory.
"""

import random
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
from mnistviz.engine.run import Run
from mnistviz.engine.settings import Settings
from mnistviz.engine.threads import one_blas_thread
from tests.torture import Result
from tests.torture.files import Damage, flipped, packed

MOST_MEMORY: Final = 5_000_000  # bytes that a file may take at its worst moment


def run(thorough: bool, seed: int) -> list[Result]:
    with TemporaryDirectory(prefix="torture-") as name, one_blas_thread():
        file = _saved(Path(name))
        return [
            cuts(file, 1_000 if thorough else 20_000),
            flips(file, 2_000 if thorough else 100, seed),
            bombs(file, 500_000_000 if thorough else 8_000_000),
        ]


def _saved(folder: Path) -> Damage:
    digits = _noise()
    settings = Settings(sizes=(784, 12, 10), training_digits=400)
    made = Run(1, settings, digits, Mailbox(lambda: None))
    for command in (Step(9), Change({"eta": 0.5}), FinishEpoch(), RestoreBest(), Step(150)):
        made.handle(command)
        while made.work(lambda: False):
            pass
    saved = SavedRun(1, settings, made.content(), len(made.trainer.training), "A")
    path = folder / "saved.mnistviz"
    save_experiment(Experiment(DataNote.of(digits), (saved,), 1), path, digits)
    return Damage(path, lambda path: _told(load_experiment(path)), "experiment")


def cuts(file: Damage, every: int) -> Result:
    for length in range(0, len(file.content), every):
        file.load(file.content[:length], f"cut after {length}")
    return file.result(f"an experiment of {len(file.content):,} bytes, cut at every {every:,}th")


def flips(file: Damage, count: int, seed: int) -> Result:
    chance = random.Random(seed)
    for _ in range(count):
        bit = chance.randrange(8 * len(file.content))
        file.load(flipped(file.content, bit), f"bit {bit}")
    return file.result(f"a bit of an experiment turned over, {count:,} times")


def bombs(file: Damage, size: int) -> Result:
    """Small files of which one member unpacks to `size` bytes."""
    for name in ("experiment.json", "states/0.npy", "runs/1/cost.npy", "runs/1/judged.npy", "other"):
        for packing in (zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
            file.bomb(packed(file.path, packing, name, size, others_too=False), f"bomb {name}", MOST_MEMORY)
    return file.result(f"experiments with bombs of {size // 1_000_000} MB")


def _told(experiment: Experiment) -> object:
    """All that matters of it, to be compared."""
    (saved,) = experiment.runs
    content, record = saved.content, saved.content.record
    states = [record.start, *record.snapshots, *record.sources.values()]
    curves = content.history.evaluated.values()
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
