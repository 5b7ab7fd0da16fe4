"""States in a file: each stored once, however many runs share it, as branches do with their trunk. There, layers are
counted from 0, the first after the input."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from mnistviz.engine.archive import ArchiveReader, ArchiveWriter, whole
from mnistviz.engine.experiment.saved import checksum
from mnistviz.engine.hand_edits import check_unit
from mnistviz.engine.judgement import ScheduleState
from mnistviz.engine.network import Unit
from mnistviz.engine.parameters import number_of_parameters
from mnistviz.engine.run_content import RunContent
from mnistviz.engine.settings import Settings
from mnistviz.engine.trainer import Cursor, TrainerState


class PoolWriter:
    """Writer that numbers the states of a file."""

    def __init__(self, archive: ArchiveWriter) -> None:
        self._archive = archive
        self._numbers: dict[int, int] = {}  # by id
        self._states: list[TrainerState] = []  # keeps the ids valid
        self.records: list[dict[str, Any]] = []
        """JSON values of each state."""

    def number(self, state: TrainerState) -> int:
        """Return the number of a state; write it if it is new."""
        known = self._numbers.get(id(state))
        if known is not None:
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
        states.append(
            TrainerState(
                settings, int(record["step"]), cursor, weights, velocity, ScheduleState(**schedule), frozen
            )
        )
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
                loose.append((-_twos(state.step), state.step, state))
    room = most_bytes - sum(state.nbytes for state in chosen.values())
    for _, _, state in sorted(loose, key=lambda each: each[:2]):
        if id(state) not in chosen and room >= state.nbytes:
            chosen[id(state)] = state
            room -= state.nbytes
    return set(chosen)


def _twos(step: int) -> int:
    """Return how often a step can be halved."""
    return (step & -step).bit_length()
