"""States and readings in a file: each stored once, however many runs share it, as branches do with their trunk. There,
layers are counted from 0, the first after the input."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from msgspec.structs import asdict

from mnistviz.engine.acts import check_unit
from mnistviz.engine.experiment.saved import DataNote, checksum
from mnistviz.engine.files import ArchiveReader, ArchiveWriter, whole
from mnistviz.engine.functions import Bytes
from mnistviz.engine.moment import KEPT_SETS, Evaluation, KeptReadings, KeptSet, Reading, SetName
from mnistviz.engine.network import Unit
from mnistviz.engine.recorder import RunContent
from mnistviz.engine.schedule import ScheduleState
from mnistviz.engine.settings import Settings
from mnistviz.engine.trainer import Cursor, TrainerState
from mnistviz.engine.workspace import number_of_parameters


class PoolWriter:
    def __init__(self, archive: ArchiveWriter) -> None:
        self._archive = archive
        self._numbers: dict[int, int] = {}  # by id
        self._states: list[TrainerState] = []  # keeps the ids valid
        self.records: list[dict[str, Any]] = []  # JSON values of each state

    def number(self, state: TrainerState) -> int:
        """Return the number of a state; write it if it is new."""
        if (known := self._numbers.get(id(state))) is not None:
            return known
        number = self._numbers[id(state)] = len(self._states)
        self._states.append(state)
        self._archive.array(f"states/{number}.npy", state.parameters.astype("<f4", copy=False))
        if state.velocity.size:
            self._archive.array(f"states/{number}-velocity.npy", state.velocity.astype("<f4", copy=False))
        self.records.append(
            {
                "step": state.step,
                "epoch": state.cursor.epoch,
                "consumed": state.cursor.consumed,
                "settings": asdict(state.settings),
                "schedule": asdict(state.schedule_state),
                "moves": bool(state.velocity.size),
                "frozen": [[layer - 1, number] for layer, number in state.frozen],
                "checksum": checksum(state.parameters),
            }
        )
        return number


def read_pool(archive: ArchiveReader, records: Iterable[Mapping[str, Any]]) -> list[TrainerState]:
    """Read the states of a file, each verified by its checksum."""
    states: list[TrainerState] = []
    before: object = None
    for number, record in enumerate(records):
        if record["settings"] != before:  # settings are mostly the same
            before = record["settings"]
            settings = Settings.from_mapping(record["settings"])
        shape = (number_of_parameters(settings.sizes),)
        weights = archive.array(f"states/{number}.npy", "<f4", shape, stored=True)
        if checksum(weights) != record["checksum"]:
            raise archive.problem("damaged")
        velocity = np.empty(0, np.float32)
        if record["moves"] is True:
            velocity = archive.array(f"states/{number}-velocity.npy", "<f4", shape, stored=True)
        schedule = {name: int(value) for name, value in record["schedule"].items()}
        cursor = Cursor(int(record["epoch"]), int(record["consumed"]))
        frozen = tuple(Unit(whole(layer) + 1, whole(unit)) for layer, unit in record["frozen"])
        for unit in frozen:
            check_unit(unit, settings.sizes)
        if list(frozen) != sorted(set(frozen)):
            raise ValueError("frozen units are not in order")
        state = settings, int(record["step"]), cursor, weights, velocity, ScheduleState(**schedule), frozen
        states.append(TrainerState(*state))
    return states


def chosen_states(contents: Iterable[RunContent], most_bytes: int) -> set[int]:
    """Return the ids of the snapshots to store: of each run that of its fork, and as many others as fit, those far
    from each other first. Shared ones count once. The newest and the best are stored in any case."""
    chosen: dict[int, TrainerState] = {}
    loose: list[tuple[int, int, TrainerState]] = []
    for content in contents:
        for state in content.record.snapshots:
            if state.step == content.begun[0]:
                chosen[id(state)] = state
            else:
                halvings = (state.step & -state.step).bit_length()
                loose.append((-halvings, state.step, state))
    room = most_bytes - sum(state.nbytes for state in chosen.values())
    for _, _, state in sorted(loose, key=lambda each: each[:2]):
        if id(state) not in chosen and room >= state.nbytes:
            chosen[id(state)] = state
            room -= state.nbytes
    return set(chosen)


MOST_DOUBLINGS: Final = 64
MOST_POOLED: Final = 100_000  # readings of a set

PooledReadings = Mapping[KeptSet, Sequence[Bytes]]
"""Predictions of all readings of a file, by number."""


class ReadingsWriter:
    def __init__(self, archive: ArchiveWriter) -> None:
        self._archive = archive
        self._numbers: dict[int, int] = {}  # by id
        # keeps the ids valid
        self._pool: dict[KeptSet, list[Bytes]] = {name: [] for name in KEPT_SETS}

    def write_run(self, folder: str, readings: KeptReadings) -> dict[str, int]:
        for name in KEPT_SETS:
            rows = [(self._number(name, each), each.step, each.digits) for each in readings.of(name)]
            if rows:
                self._archive.array(f"{folder}/readings-{name}.npy", np.array(rows, "<i8"), packed=True)
        return {**{name: len(readings.of(name)) for name in KEPT_SETS}, "doublings": readings.doublings}

    def write_pool(self) -> dict[str, int]:
        """Write the predictions; return the number of readings of each set."""
        for name, pool in self._pool.items():
            if pool:
                # differences are mostly zeros, which compress well
                rows = np.diff(np.stack(pool), axis=0, prepend=np.uint8(0))
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
    pool: dict[KeptSet, Sequence[Bytes]] = {}
    for name in KEPT_SETS:
        if not (count := whole(values[name], MOST_POOLED)):
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
    """Return the saved predictions of a run of `last` mini-batches, and with them those of its newest `evaluations`
    that are complete and of the same step as the last saved ones. Raise KeyError, TypeError, ValueError or a `Problem`
    for invalid content."""
    by_set: dict[KeptSet, tuple[Reading, ...]] = {}
    for name in KEPT_SETS:
        count = whole(values[name], MOST_POOLED)
        rows = np.empty((0, 3), int)
        if count:
            rows = archive.array(f"{folder}/readings-{name}.npy", "<i8", (count, 3))
        steps = [-1, *rows[:, 1].tolist(), last + 1]
        if (np.diff(steps) <= 0).any() or (rows < 0).any():
            raise ValueError("readings are not in order")
        by_set[name] = tuple(
            Reading(int(step), int(digits), pool[name][number]) for number, step, digits in rows
        )
    last_steps = {each.step for readings in by_set.values() for each in readings[-1:]}
    newest = {name: each for name, each in evaluations.items() if each.complete and each.step in last_steps}
    doublings = whole(values["doublings"], MOST_DOUBLINGS)
    return KeptReadings(by_set["validation"], by_set["test"], doublings, newest)
