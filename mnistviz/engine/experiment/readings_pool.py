"""Readings of runs in a file: each stored once, however many runs share it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.archive import ArchiveReader, ArchiveWriter, whole
from mnistviz.engine.experiment.saved import DataNote
from mnistviz.engine.kept_readings import KEPT_SETS, KeptReadings, KeptSet, Reading
from mnistviz.engine.moment import Evaluation, SetName

MOST_DOUBLINGS: Final = 64
MOST_POOLED: Final = 100_000  # readings of a set

PooledReadings = Mapping[KeptSet, Sequence[NDArray[np.uint8]]]
"""Predictions of all readings of a file, by number."""


class ReadingsWriter:
    """Writer that numbers the readings of runs and writes all of them at the end."""

    def __init__(self, archive: ArchiveWriter) -> None:
        self._archive = archive
        self._numbers: dict[int, int] = {}  # by id
        self._pool: dict[KeptSet, list[NDArray[np.uint8]]] = {
            name: [] for name in KEPT_SETS
        }  # keeps the ids valid

    def write_run(self, folder: str, readings: KeptReadings) -> dict[str, int]:
        """Write which readings a run has; return the JSON values for it."""
        for name in KEPT_SETS:
            rows = [(self._number(name, each), each.step, each.digits) for each in readings.of(name)]
            if rows:
                self._archive.array(f"{folder}/readings-{name}.npy", np.array(rows, "<i8"), packed=True)
        return {**{name: len(readings.of(name)) for name in KEPT_SETS}, "doublings": readings.doublings}

    def write_pool(self) -> dict[str, int]:
        """Write the predictions; return the number of readings of each set."""
        for name, pool in self._pool.items():
            if pool:
                rows = np.diff(
                    np.stack(pool), axis=0, prepend=np.uint8(0)
                )  # differences are mostly zeros, which compress well
                self._archive.array(f"readings/{name}.npy", rows, packed=True)
        return {name: len(pool) for name, pool in self._pool.items()}

    def _number(self, name: KeptSet, reading: Reading) -> int:
        pool, key = self._pool[name], id(reading.predictions)
        if key not in self._numbers:
            self._numbers[key] = len(pool)
            pool.append(reading.predictions)
        return self._numbers[key]


def read_readings(archive: ArchiveReader, values: Mapping[str, Any], data: DataNote) -> PooledReadings:
    """Read the predictions of a file; raise a `Problem`, KeyError or ValueError for invalid content."""
    pool: dict[KeptSet, Sequence[NDArray[np.uint8]]] = {}
    for name in KEPT_SETS:
        count = whole(values[name], MOST_POOLED)
        if not count:
            pool[name] = ()
            continue
        rows = archive.array(f"readings/{name}.npy", "|u1", (count, getattr(data, name)))
        predictions = np.cumsum(rows, axis=0, dtype=np.uint8)
        if predictions.max() >= len(data.classes):
            raise ValueError("there are no such classes")
        pool[name] = [row.copy() for row in predictions]  # copies, so that a run can free some
    return pool


def readings_of_run(
    archive: ArchiveReader,
    folder: str,
    values: Mapping[str, Any],
    pool: PooledReadings,
    evaluations: Mapping[SetName, Evaluation],
    last: int,
) -> KeptReadings:
    """Return the readings of a run of `last` mini-batches; of its newest `evaluations` those that are complete and of
    the step of its newest reading. Raise KeyError, TypeError, ValueError or a `Problem` for invalid content."""
    by_set: dict[KeptSet, tuple[Reading, ...]] = {}
    for name in KEPT_SETS:
        count = whole(values[name], MOST_POOLED)
        rows = (
            archive.array(f"{folder}/readings-{name}.npy", "<i8", (count, 3))
            if count
            else np.empty((0, 3), int)
        )
        steps = [-1, *rows[:, 1].tolist(), last + 1]
        if (np.diff(steps) <= 0).any() or (rows < 0).any():
            raise ValueError("readings are not in order")
        by_set[name] = tuple(
            Reading(int(step), int(digits), pool[name][number]) for number, step, digits in rows
        )
    newest = {each.step for readings in by_set.values() for each in readings[-1:]}
    newest_evaluations = {
        name: each for name, each in evaluations.items() if each.complete and each.step in newest
    }
    return KeptReadings(
        by_set["validation"], by_set["test"], whole(values["doublings"], MOST_DOUBLINGS), newest_evaluations
    )
