"""Outputs of a run for pinned pictures as JSON and arrays, and back: an invalid one is left out."""

from __future__ import annotations

import base64
import logging
from collections.abc import Sequence
from typing import Any

import numpy as np

from mnistviz.engine.archive import ArchiveReader, ArchiveWriter, whole
from mnistviz.engine.digits import PIXELS
from mnistviz.engine.mistakes.pins import MOST_LOOKS, MOST_PINS, PictureAlong, PinStory

log = logging.getLogger(__name__)


def write_stories(archive: ArchiveWriter, folder: str, stories: Sequence[PinStory]) -> list[dict[str, Any]]:
    """Write the arrays of a run's stories and return the rest as JSON values."""
    records = []
    viewed = [story for story in stories if len(story.along.steps)]
    for number, story in enumerate(viewed[:MOST_PINS]):
        along, path = story.along.shortened(MOST_LOOKS), f"{folder}/pin-{number}"
        places = np.stack((along.steps, along.digits), axis=1)
        archive.array(f"{path}-looks.npy", places.astype("<i8"), packed=True)
        archive.array(f"{path}-outputs.npy", along.outputs.astype("<f4", copy=False), packed=True)
        pixels = base64.b64encode(story.pixels).decode("ascii")
        records.append({"pixels": pixels, "looks": len(along.steps)})
    return records


def read_stories(
    archive: ArchiveReader, folder: str, values: object, classes: int, step: int
) -> tuple[PinStory, ...]:
    """Read the stories that `write_stories` has written, of a run with so many outputs and steps; leave invalid ones
    out."""
    stories = []
    for number, each in enumerate(values[:MOST_PINS] if isinstance(values, list) else ()):
        try:
            stories.append(_read_story(archive, f"{folder}/pin-{number}", each, classes, step))
        except Exception as error:  # any error: the run is usable without the story
            log.warning("the story of a pinned picture was left out: %r", error)
    return tuple(stories)


def _read_story(
    archive: ArchiveReader, path: str, values: dict[str, Any], classes: int, step: int
) -> PinStory:
    pixels, count = base64.b64decode(values["pixels"], validate=True), whole(values["looks"], MOST_LOOKS)
    places = archive.array(f"{path}-looks.npy", "<i8", (count, 2))
    outputs = archive.array(f"{path}-outputs.npy", "<f4", (count, classes))
    steps, digits = places.T.copy()
    in_order = (np.diff(steps) > 0).all() and (np.diff(digits) > 0).all()
    if len(pixels) != PIXELS or not count or not in_order or not 0 <= steps[0] <= steps[-1] <= step:
        raise ValueError("the looks are not in order")
    return PinStory(pixels, PictureAlong(steps, digits, outputs).until(step))
