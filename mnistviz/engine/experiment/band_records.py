"""Seed bands of a run and its outputs for pinned pictures as JSON and arrays, and back: an invalid one is left out."""

import base64
import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final, TypeVar, cast, get_args

import numpy as np

from mnistviz.engine.cancelling import Withdrawn
from mnistviz.engine.digits import PIXELS
from mnistviz.engine.files import ArchiveReader, ArchiveWriter, whole
from mnistviz.engine.luck.bands import Band, GrownRun, Kind
from mnistviz.engine.luck.copied_runs import MOST_PLACES, STRETCHES
from mnistviz.engine.mistakes.pins import MOST_LOOKS, MOST_PINS, PictureAlong, PinStory

MOST_RUNS: Final = 64
_KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

T = TypeVar("T")
log = logging.getLogger(__name__)


def write_bands(archive: ArchiveWriter, folder: str, bands: Sequence[Band]) -> list[dict[str, Any]]:
    records = []
    for band in bands:
        path, runs = _path(folder, band.kind), band.runs
        if not runs:
            continue
        for name, places in (("digits", runs[0].digits), ("cost-digits", runs[0].cost_digits)):
            archive.array(f"{path}-{name}.npy", places[None].astype("<i8"), packed=True)
        for name in ("accuracy", "cost"):
            rows = np.stack([getattr(run, name) for run in runs])
            archive.array(f"{path}-{name}.npy", rows.astype("<f8"), packed=True)
        counts = {"measured": len(runs[0].digits), "costs": len(runs[0].cost_digits)}
        results = [[run.seed, run.test, run.diverged] for run in runs]
        records.append(
            {"kind": band.kind, "begin": band.begin, "until": band.until, **counts, "runs": results}
        )
    return records


def read_bands(archive: ArchiveReader, folder: str, values: object) -> tuple[Band, ...]:
    """Read the bands that `write_bands` has written; leave invalid ones out. Raise `Withdrawn` if cancelled."""
    bands = _valid(values, lambda _, each: _read_band(archive, folder, each))
    return tuple({band.kind: band for band in bands}.values())


def _valid(values: object, read: Callable[[int, Any], T]) -> list[T]:
    """Return what `read` returns for the number and value of each of the first entries of a list, but invalid ones."""
    valid = []
    for number, each in enumerate(values[:MOST_PINS] if isinstance(values, list) else ()):
        try:
            valid.append(read(number, each))
        except Withdrawn:
            raise
        except Exception as error:  # any error: the run is usable without it
            log.warning("a band or the story of a picture was left out: %r", error)
    return valid


def _read_band(archive: ArchiveReader, folder: str, values: dict[str, Any]) -> Band:
    kind = cast(Kind, values["kind"])
    begin, until, runs = whole(values["begin"]), whole(values["until"]), values["runs"]
    measured, costs = whole(values["measured"], MOST_PLACES + 2), whole(values["costs"], STRETCHES)
    if kind not in _KINDS or not 0 < len(runs) <= MOST_RUNS or not measured or not begin < until:
        raise ValueError("there is no such band")
    path, count = _path(folder, kind), len(runs)
    digits = archive.array(f"{path}-digits.npy", "<i8", (1, measured))[0]
    cost_digits = archive.array(f"{path}-cost-digits.npy", "<i8", (1, costs))[0]
    accuracy = archive.array(f"{path}-accuracy.npy", "<f8", (count, measured))
    cost = archive.array(f"{path}-cost.npy", "<f8", (count, costs))
    in_order = (np.diff(digits) > 0).all() and (np.diff(cost_digits) > 0).all()
    inside = all(begin <= place <= until for place in (*digits.tolist(), *cost_digits.tolist()))
    if not in_order or not inside or not ((accuracy >= 0) & (accuracy <= 1)).all():
        raise ValueError("a band is not in order")
    band = Band(kind, begin, until)
    for (seed, test, diverged), shares, means in zip(runs, accuracy, cost, strict=True):
        if not 0 <= float(test) <= 1:
            raise ValueError("a share is between 0 and 1")
        grown = GrownRun(whole(seed), digits, shares, cost_digits, means, float(test), diverged is True)
        band = band.with_run(grown)
    return band


def _path(folder: str, kind: Kind) -> str:
    return f"{folder}/band-{kind.replace(' ', '-')}"


def write_stories(archive: ArchiveWriter, folder: str, stories: Sequence[PinStory]) -> list[dict[str, Any]]:
    records = []
    viewed = [story for story in stories if len(story.along.steps)]
    for number, story in enumerate(viewed[:MOST_PINS]):
        along, path = story.along.shortened(MOST_LOOKS), f"{folder}/pin-{number}"
        places = np.stack((along.steps, along.digits), axis=1)
        archive.array(f"{path}-looks.npy", places.astype("<i8"), packed=True)
        archive.array(f"{path}-outputs.npy", along.outputs.astype("<f4", copy=False), packed=True)
        records.append({"pixels": base64.b64encode(story.pixels).decode("ascii"), "looks": len(along.steps)})
    return records


def read_stories(
    archive: ArchiveReader, folder: str, values: object, classes: int, step: int
) -> tuple[PinStory, ...]:
    """Read what a run with so many outputs and steps predicted for pinned pictures, as `read_bands` reads bands."""
    return tuple(_valid(values, partial(_read_story, archive, folder, classes, step)))


def _read_story(
    archive: ArchiveReader, folder: str, classes: int, step: int, number: int, values: dict[str, Any]
) -> PinStory:
    pixels, count = base64.b64decode(values["pixels"], validate=True), whole(values["looks"], MOST_LOOKS)
    places = archive.array(f"{folder}/pin-{number}-looks.npy", "<i8", (count, 2))
    outputs = archive.array(f"{folder}/pin-{number}-outputs.npy", "<f4", (count, classes))
    steps, digits = places.T.copy()
    in_order = (np.diff(steps) > 0).all() and (np.diff(digits) > 0).all()
    if len(pixels) != PIXELS or not count or not in_order or not 0 <= steps[0] <= steps[-1] <= step:
        raise ValueError("the looks are not in order")
    return PinStory(pixels, PictureAlong(steps, digits, outputs).until(step))
