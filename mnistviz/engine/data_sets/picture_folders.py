"""A folder with a subfolder of pictures for each class, or two such folders: for training and for the test."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import numpy as np

from mnistviz.engine.data_sets.source import Bytes, FilePart, PictureFiles, PictureSource, Progress, named
from mnistviz.engine.digits import MOST_DIGITS, readable
from mnistviz.engine.files import reason
from mnistviz.engine.problems import Problem
from mnistviz.engine.rows.cleaning import grey_of

MOST_FOLDERS: Final = 1_000
"""More subfolders than this are no classes."""

_TRAINING: Final = ("train", "training")
_TEST: Final = ("test", "testing")
_NOT_CLASSES: Final = ("__macosx",)


def subfolders(folder: Path) -> list[Path]:
    """The folders in a folder that may be classes, by name. Raises a `Problem`."""
    found: list[Path] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                hidden = entry.name.startswith(".") or entry.name.casefold() in _NOT_CLASSES
                if not hidden and entry.is_dir():
                    found.append(folder / entry.name)
                if len(found) > MOST_FOLDERS:
                    raise Problem("data_many_folders", file=_name(folder), most=MOST_FOLDERS)
    except OSError as error:
        raise Problem("data_unreadable", file=_name(folder), reason=reason(error)) from error
    return sorted(found)


def survey_folders(folder: Path, pictures: PictureFiles, progress: Progress) -> PictureSource:
    """What the subfolders hold; no picture is read yet. Raises a `Problem`."""
    below = {path.name.casefold(): path for path in subfolders(folder)}
    training = next((below[name] for name in _TRAINING if name in below), None)
    test = next((below[name] for name in _TEST if name in below), None)
    if training is None:
        training, test = folder, None
    files = _files(training, pictures, lambda share: progress(share / 2))
    test_files = [] if test is None else _files(test, pictures, lambda share: progress((1 + share) / 2))
    if not files:
        raise Problem("data_no_pictures", file=_name(training))
    names, labels = named([readable(file.parent.name) for file in files + test_files])

    def read(path: Path) -> Bytes:
        try:
            return np.rint(255 * grey_of(pictures.read(path))).astype(np.uint8)
        except Problem as problem:
            place = readable(os.fspath(path.relative_to(folder)))
            raise Problem(problem.code, **{**problem.values, "file": place}) from problem

    return PictureSource(
        name=_name(folder),
        file=_name(folder),
        classes=names,
        training=FilePart(tuple(files), labels[: len(files)], read),
        test=FilePart(tuple(test_files), labels[len(files) :], read) if test_files else None,
    )


def _files(folder: Path, pictures: PictureFiles, progress: Progress) -> list[Path]:
    """The pictures of all classes."""
    found: list[Path] = []
    classes = subfolders(folder)
    for number, below in enumerate(classes):
        progress(number / len(classes))
        found += _pictures_in(below, pictures.suffixes)
        if len(found) > MOST_DIGITS:
            raise Problem("data_too_large", file=_name(folder), most=MOST_DIGITS)
    return found


def _pictures_in(folder: Path, suffixes: tuple[str, ...]) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            names = [
                entry.name
                for entry in entries
                if not entry.name.startswith(".")
                and entry.name.casefold().endswith(suffixes)
                and entry.is_file()
            ]
    except OSError as error:
        raise Problem("data_unreadable", file=_name(folder), reason=reason(error)) from error
    return [folder / name for name in sorted(names)]


def _name(folder: Path) -> str:
    return readable(folder.resolve().name) or str(folder)
