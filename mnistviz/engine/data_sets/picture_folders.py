"""A folder with a subfolder of pictures for each class, or two such folders: for training and for the test."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import numpy as np

from mnistviz.engine.cancelling import Progress, unheard
from mnistviz.engine.data_sets.source import (
    Bytes,
    FilePart,
    PictureFiles,
    PictureSource,
    entries,
    named,
    within,
)
from mnistviz.engine.digits import MOST_DIGITS, readable
from mnistviz.engine.problems import Problem
from mnistviz.engine.rows.cleaning import grey_of

MOST_FOLDERS: Final = 1_000
"""A folder with more subfolders has no classes."""

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
        """Return the unreadable pictures and their names for a sentence. If they are more than a tenth, raise the
        `Problem` of the first."""
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
