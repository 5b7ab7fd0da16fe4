"""Data sets in folders: a subfolder of pictures for each class, or two such folders, for training and for the test; or
IDX files under other names than MNIST's, such as EMNIST, with any number of classes."""

import os
import re
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from mnistviz.engine.cancelling import Progress, unheard
from mnistviz.engine.data_sets.source import (
    ArrayPart,
    FilePart,
    PictureFiles,
    PictureSource,
    entries,
    named,
    within,
)
from mnistviz.engine.digits import MOST_DIGITS, SIDE, class_names, data_files, is_data_folder, readable
from mnistviz.engine.functions import Bytes
from mnistviz.engine.idx import Idx, read_data_file, read_idx
from mnistviz.engine.problems import Problem
from mnistviz.engine.rows.cleaning import grey_of

MOST_FOLDERS: Final = 1_000  # a folder with more subfolders has no classes

_TRAINING: Final = ("train", "training")
_TEST: Final = ("test", "testing")
_MOST_LEFT_OUT: Final = 0.1  # of all pictures
_MOST_KEPT: Final = 1 << 27  # pixels of all cached pictures, a byte each
_NOT_CLASSES: Final = ("__macosx",)


def subfolders(folder: Path, progress: Progress = unheard) -> list[Path]:
    """Return the subfolders that may be classes, by name. Raise a `Problem`."""
    folders: list[Path] = []
    with entries(folder, progress) as each:
        for entry in each:
            hidden = entry.name.startswith(".") or entry.name.casefold() in _NOT_CLASSES
            if not hidden and entry.is_dir():
                folders.append(folder / entry.name)
            if len(folders) > MOST_FOLDERS:
                raise Problem("data_many_folders", file=_name(folder), most=MOST_FOLDERS)
    return sorted(folders)


def survey_folders(folder: Path, pictures: PictureFiles, progress: Progress) -> PictureSource:
    """Return the content of the subfolders. A few unreadable pictures are left out. Raise a `Problem`."""
    below = {path.name.casefold(): path for path in subfolders(folder, within(progress, 0, 0))}
    training = next((below[name] for name in _TRAINING if name in below), None)
    test = next((below[name] for name in _TEST if name in below), None)
    if training is None:
        training, test = folder, None
    files = _files(training, pictures, within(progress, 0, 0.1))
    test_files = [] if test is None else _files(test, pictures, within(progress, 0.1, 0.2))
    if not files:
        raise Problem("data_no_pictures", file=_name(training))
    reader = _Reader(folder, pictures)
    left_out = reader.unreadable(files + test_files, within(progress, 0.2, 1))
    files, test_files = ([file for file in part if file not in left_out] for part in (files, test_files))
    names, labels = named([readable(file.parent.name) for file in files + test_files])
    return PictureSource(
        name=_name(folder),
        file=_name(folder),
        classes=names,
        training=FilePart(tuple(files), labels[: len(files)], reader.read),
        test=FilePart(tuple(test_files), labels[len(files) :], reader.read) if test_files else None,
        left_out=tuple(left_out.values()),
    )


class _Reader:
    """Reader of the pictures of a folder; caches as many as fit, since each is needed again."""

    def __init__(self, folder: Path, pictures: PictureFiles) -> None:
        self._folder, self._pictures = folder, pictures
        self._kept: dict[Path, Bytes] = {}
        self._room = _MOST_KEPT

    def read(self, path: Path) -> Bytes:
        """Return grey values (h, w). Raise a `Problem` that names the file with its subfolder."""
        if path in self._kept:
            return self._kept[path]
        try:
            grey = np.rint(255 * grey_of(self._pictures.read(path))).astype(np.uint8)
        except Problem as problem:
            raise Problem(problem.code, **{**problem.values, "file": self._place(path)}) from problem
        if grey.size <= self._room:
            self._kept[path] = grey
            self._room -= grey.size
        return grey

    def unreadable(self, files: list[Path], progress: Progress) -> dict[Path, str]:
        """Return the names of the unreadable pictures. For more than a tenth, raise the `Problem` of the first."""
        problems: dict[Path, Problem] = {}
        for number, file in enumerate(files):
            progress(number / len(files))
            try:
                self.read(file)
            except Problem as problem:
                problems[file] = problem
        if len(problems) > len(files) * _MOST_LEFT_OUT:
            raise next(iter(problems.values()))
        return {file: self._place(file) for file in problems}

    def _place(self, path: Path) -> str:
        return readable(os.fspath(path.relative_to(self._folder)))


def _files(folder: Path, pictures: PictureFiles, progress: Progress) -> list[Path]:
    files: list[Path] = []
    classes = subfolders(folder, within(progress, 0, 0))
    for number, below in enumerate(classes):
        share = number / len(classes)
        files += _pictures_in(below, pictures.suffixes, within(progress, share, share))
        if len(files) > MOST_DIGITS:
            raise Problem("data_too_large", file=_name(folder), most=MOST_DIGITS)
    return files


def _pictures_in(folder: Path, suffixes: tuple[str, ...], progress: Progress) -> list[Path]:
    with entries(folder, progress) as listing:
        names = [
            entry.name
            for entry in listing
            if not entry.name.startswith(".") and entry.name.casefold().endswith(suffixes) and entry.is_file()
        ]
    return [folder / name for name in sorted(names)]


def _name(folder: Path) -> str:
    return readable(folder.resolve().name) or str(folder)


_NAME: Final = re.compile(r"(.*?)(train|test|t10k)-(images|labels)([-.]idx)[13](-ubyte)(\.gz)?", re.DOTALL)
_TRANSPOSED: Final = "emnist"  # start of the names of sets whose images are transposed
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
    return is_data_folder(folder) and any(os.path.lexists(file) for file in data_files(folder)[:8])


def read_idx_set(idx_set: IdxSet, progress: Progress) -> PictureSource:
    """Read the images of a set, 28 × 28, and their labels. Raise a `Problem` that names the file."""
    names = ["train", *(each for each in ("test", "t10k") if _exists(idx_set, each))]
    pairs = [
        _pair(idx_set, part, within(progress, *share))
        for part, share in zip(names, ((0, 0.8), (0.8, 1)), strict=False)
    ]
    labels = [marks.items[:, 0] for _, marks in pairs]
    present, words = np.unique(np.concatenate(labels)), _mapping(idx_set)
    parts = [
        ArrayPart(images.items.reshape(-1, SIDE, SIDE), np.searchsorted(present, own))
        for (images, _), own in zip(pairs, labels, strict=True)
    ]
    return PictureSource(
        name=idx_set.name,
        file=pairs[0][0].file,
        classes=tuple(words.get(int(label), str(label)) for label in present),
        training=parts[0],
        test=parts[1] if len(parts) > 1 else None,
        keeps_order=len(parts) > 1,
        transposed=_TRANSPOSED in idx_set.name.casefold(),
    )


def _exists(idx_set: IdxSet, part: str) -> bool:
    return any(
        os.path.lexists(idx_set.folder / f"{idx_set.start}{part}-images{mark}3-ubyte{end}")
        for mark in ("-idx", ".idx")
        for end in (".gz", "")
    )


def _pair(idx_set: IdxSet, part: str, progress: Progress) -> tuple[Idx, Idx]:
    start = f"{idx_set.start}{part}"
    mark = ".idx" if (idx_set.folder / f"{start}-images.idx3-ubyte").exists() else "-idx"
    names = f"{start}-images{mark}3-ubyte", f"{start}-labels{mark}1-ubyte"
    far = within(progress, 0, 0.9), within(progress, 0.9, 1)
    images = read_idx(idx_set.folder, names[0], (SIDE, SIDE), MOST_DIGITS, progress=far[0])
    labels = read_idx(idx_set.folder, names[1], (), MOST_DIGITS, progress=far[1])
    counts = {"labels": len(labels.items), "images": len(images.items)}
    if counts["labels"] != counts["images"]:
        raise Problem("data_counts_differ", file=labels.file, **counts)
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
        fields = (each for each in line.split() if each.isascii() and each.isdecimal() and len(each) < 4)
        numbers = [int(each) for each in fields]
        if len(numbers) > 1:
            words[numbers[0]] = "".join(dict.fromkeys(map(chr, numbers[1:])))
    good = all(word.isprintable() for word in words.values()) and len(set(words.values())) == len(words)
    return words if good else {}
