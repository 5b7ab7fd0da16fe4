"""IDX data sets under other names than MNIST's, such as EMNIST, with any number of classes."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from mnistviz.engine.cancelling import Progress, unheard
from mnistviz.engine.data_sets.source import ArrayPart, PictureSource, entries, within
from mnistviz.engine.digits import MOST_DIGITS, SIDE, class_names, data_files, readable
from mnistviz.engine.files import is_folder, reason
from mnistviz.engine.idx import Idx, read_data_file, read_idx
from mnistviz.engine.problems import Problem

_NAME: Final = re.compile(r"(.*?)(train|test|t10k)-(images|labels)([-.]idx)[13](-ubyte)(\.gz)?", re.DOTALL)
_TRANSPOSED: Final = "emnist"
"""Start of the names of sets whose images are transposed."""
_MOST_MAPPING: Final = 64 * 1024  # bytes


class IdxSet(NamedTuple):
    """A set by the common start of its file names, such as “emnist-letters-”."""

    folder: Path
    start: str

    @property
    def name(self) -> str:
        return readable(self.start.rstrip("-_. ") or self.folder.resolve().name)


def idx_set_of(file: Path) -> IdxSet | None:
    """Return the set that a file belongs to; None if its name is not that of an IDX file."""
    match = _NAME.fullmatch(file.name)
    return None if match is None else IdxSet(file.parent, match[1])


def is_of_idx_set(file: Path) -> bool:
    """Return True if a file may belong to a set, by its name: images, labels or class names."""
    return idx_set_of(file) is not None or file.name.endswith(("classes.txt", "mapping.txt"))


def idx_sets_in(folder: Path, progress: Progress = unheard) -> list[IdxSet]:
    """Return the sets of a folder that have training images. Raise a `Problem`."""
    with entries(folder, progress) as each:
        names = [name for entry in each if (name := _NAME.fullmatch(entry.name))]
    starts = {name[1] for name in names if name[2] == "train" and name[3] == "images"}
    return [IdxSet(folder, start) for start in sorted(starts)]


def has_four_files(folder: Path) -> bool:
    """Return True if a folder has at least one file with a name of MNIST's. Raise a `Problem`."""
    try:
        return is_folder(folder) and any(os.path.lexists(file) for file in data_files(folder)[:8])
    except OSError as error:
        raise Problem("data_unreadable", file=str(folder), reason=reason(error)) from error


def read_idx_set(idx_set: IdxSet, progress: Progress) -> PictureSource:
    """Read the images of a set, 28 × 28, and their labels. Raise a `Problem` that names the file."""
    training = _pair(idx_set, "train", within(progress, 0, 0.8))
    named = [each for each in ("test", "t10k") if _exists(idx_set, each)]
    test = _pair(idx_set, named[0], within(progress, 0.8, 1)) if named else None
    labels = [training[1].items[:, 0]] + ([] if test is None else [test[1].items[:, 0]])
    present = np.unique(np.concatenate(labels))
    words = _mapping(idx_set)
    numbers = np.zeros(256, dtype=np.intp)
    numbers[present] = np.arange(len(present))
    parts = [
        ArrayPart(images.items.reshape(-1, SIDE, SIDE), numbers[marks.items[:, 0]])
        for images, marks in ([training] if test is None else [training, test])
    ]
    return PictureSource(
        name=idx_set.name,
        file=training[0].file,
        classes=tuple(words.get(int(label), str(label)) for label in present),
        training=parts[0],
        test=None if test is None else parts[1],
        keeps_order=test is not None,
        transposed=_TRANSPOSED in idx_set.name.casefold(),
    )


def _exists(idx_set: IdxSet, part: str) -> bool:
    return any(
        os.path.lexists(idx_set.folder / f"{idx_set.start}{part}-images{mark}3-ubyte{end}")
        for mark in ("-idx", ".idx")
        for end in (".gz", "")
    )


def _pair(idx_set: IdxSet, part: str, progress: Progress) -> tuple[Idx, Idx]:
    dotted = (idx_set.folder / f"{idx_set.start}{part}-images.idx3-ubyte").exists()
    mark = ".idx" if dotted else "-idx"
    start = f"{idx_set.start}{part}"
    images = read_idx(
        idx_set.folder,
        f"{start}-images{mark}3-ubyte",
        (SIDE, SIDE),
        MOST_DIGITS,
        progress=within(progress, 0, 0.9),
    )
    labels = read_idx(
        idx_set.folder, f"{start}-labels{mark}1-ubyte", (), MOST_DIGITS, progress=within(progress, 0.9, 1)
    )
    if len(labels.items) != len(images.items):
        raise Problem(
            "data_counts_differ", file=labels.file, labels=len(labels.items), images=len(images.items)
        )
    return images, labels


def _mapping(idx_set: IdxSet) -> dict[int, str]:
    """Return the names of labels, if there are any: a line for each in `classes.txt`, or in EMNIST's own file a label
    and the codes of its letters in each line."""
    if not idx_set.start and (names := class_names(idx_set.folder / "classes.txt")):
        return dict(enumerate(names))
    path = idx_set.folder / f"{idx_set.start}mapping.txt"
    try:
        content = read_data_file(path, _MOST_MAPPING) or b""
    except Problem:
        return {}
    words: dict[int, str] = {}
    for line in content.decode("ascii", "replace").splitlines():
        numbers = [
            int(field) for field in line.split() if field.isascii() and field.isdecimal() and len(field) < 4
        ]
        if len(numbers) > 1:
            words[numbers[0]] = "".join(dict.fromkeys(map(chr, numbers[1:])))
    good = all(word.isprintable() for word in words.values()) and len(set(words.values())) == len(words)
    return words if good else {}
