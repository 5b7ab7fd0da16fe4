"""Content of a data set before conversion to 28 × 28: pictures of any size, and the class of each."""

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, Literal, NamedTuple

import numpy as np
from msgspec import Struct

from mnistviz.engine.cancelling import Progress
from mnistviz.engine.digits import readable
from mnistviz.engine.files import reason
from mnistviz.engine.functions import Bytes, Numbers
from mnistviz.engine.problems import Problem
from mnistviz.engine.settings import MOST_CLASSES

Fit = Literal["mnist", "scaled"]
"""How a picture becomes 28 × 28: as MNIST was made, or the whole picture plainly scaled."""

MOST_VALUES: Final = 1 << 30  # most pixels of all pictures of a file together: each takes a byte of memory
MOST_SIDE: Final = 512  # largest side, in pixels, of a picture in a file with many
_AT_ONCE: Final = 400_000  # pixels of a stack
_ENTRIES: Final = 500  # of a folder, between two calls of `progress`


class PictureFiles(NamedTuple):
    """Access to picture files; Qt reads them, so the window and the command line provide it. `read` returns pixels,
    (h, w) grey or (h, w, 4) red, green, blue and alpha, or raises a `Problem`."""

    suffixes: tuple[str, ...]
    read: Callable[[Path], Bytes]


class DataChoice(Struct, frozen=True):
    """Where a data set is, and how to convert it. `classes` are the names of those to read; without them all, at most
    ten. `transposed` swaps rows and columns; None: as the name of the file suggests. `pictures` is called if the set
    consists of picture files."""

    path: Path
    fit: Fit = "mnist"
    classes: tuple[str, ...] = ()
    transposed: bool | None = None
    pictures: Callable[[], PictureFiles] | None = None


class ArrayPart(Struct, frozen=True, eq=False):
    """Pictures of one size in memory: `images` is uint8 (n, h, w), and `labels`, (n,), are indices of classes."""

    images: Bytes
    labels: Numbers

    def stacks(self, numbers: Numbers) -> Iterator[Bytes]:
        """Yield the pictures with these indices, in this order, as grey values (m, h, w): equal sizes together."""
        size = max(1, _AT_ONCE // self.images[0].size)
        for start in range(0, len(numbers), size):
            yield self.images[numbers[start : start + size]]


class FilePart(Struct, frozen=True, eq=False):
    """Pictures in files, read on demand: `read` returns grey values (h, w)."""

    paths: tuple[Path, ...]
    labels: Numbers
    read: Callable[[Path], Bytes]

    def stacks(self, numbers: Numbers) -> Iterator[Bytes]:
        batch: list[Bytes] = []
        for number in numbers:
            picture = self.read(self.paths[number])
            if batch and (picture.shape != batch[0].shape or len(batch) * picture.size >= _AT_ONCE):
                yield np.stack(batch)
                batch = []
            batch.append(picture)
        if batch:
            yield np.stack(batch)


PicturePart = ArrayPart | FilePart  # the training or the test pictures of a set


class PictureSource(Struct, frozen=True, eq=False):
    """A data set as found: its `name`, its classes, and its parts. `file` is its name in sentences. Without a `test`
    part one is split off. `keeps_order` is True if others use the same order; any other set is shuffled first.
    `transposed` is what the name of the file suggests. `left_out` are unreadable files."""

    name: str
    file: str
    classes: tuple[str, ...]
    training: PicturePart
    test: PicturePart | None = None
    keeps_order: bool = False
    transposed: bool = False
    left_out: tuple[str, ...] = ()

    def count(self, classes: tuple[str, ...] = ()) -> int:
        wanted = self.numbers_of(classes)
        parts = [self.training] if self.test is None else [self.training, self.test]
        return sum(int(np.isin(part.labels, wanted).sum()) for part in parts)

    def numbers_of(self, classes: tuple[str, ...]) -> list[int]:
        """Return the indices of these classes, or of all without any. Raise a `Problem` for an unknown name."""
        for name in classes:
            if name not in self.classes:
                raise Problem("data_no_class", file=self.file, name=name, classes=self.classes)
        return [number for number, name in enumerate(self.classes) if not classes or name in classes]

    def chosen(self, classes: tuple[str, ...]) -> list[int]:
        """Return the indices of these classes; raise a `Problem` for fewer than two and for more than ten."""
        numbers = self.numbers_of(classes)
        if not 2 <= len(numbers) <= MOST_CLASSES:
            code = "data_few_classes" if len(numbers) < 2 else "data_number_of_classes"
            raise Problem(code, file=self.file, count=len(numbers), least=2, most=MOST_CLASSES)
        return numbers


@contextlib.contextmanager
def entries(folder: Path, progress: Progress) -> Iterator[Iterator[os.DirEntry[str]]]:
    """List the entries of a folder, calling `progress` in between. Raise a `Problem` that names the folder."""
    try:
        with os.scandir(folder) as listing:
            yield _with_progress(listing, progress)
    except OSError as error:
        raise Problem("data_unreadable", file=str(folder), reason=reason(error)) from error


def _with_progress(listing: Iterator[os.DirEntry[str]], progress: Progress) -> Iterator[os.DirEntry[str]]:
    for number, entry in enumerate(listing):
        if number % _ENTRIES == 0:
            progress(0)
        yield entry


def within(progress: Progress, first: float, last: float) -> Progress:
    """Return the progress of one part of the work, which goes from `first` to `last` of the whole."""
    return lambda share: progress(first + (last - first) * share)


def named(labels: list[str]) -> tuple[tuple[str, ...], Numbers]:
    """Return the names of the classes, in numerical order if all are numbers, and the index of each label."""
    numbered = all(text.isascii() and text.isdecimal() and len(text) < 10 for text in labels)
    names = sorted(set(labels), key=(lambda text: (int(text), text)) if numbered else str.casefold)
    numbers = {name: number for number, name in enumerate(names)}
    return tuple(names), np.array([numbers[label] for label in labels], dtype=np.intp)


def arrays_source(
    path: Path, parts: Sequence[tuple[Bytes, list[str]]], *, keeps_order: bool = False
) -> PictureSource:
    """Return the set in a file: its training part and perhaps its test part, each of pictures (n, h, w) and labels."""
    names, numbers = named([label for _, labels in parts for label in labels])
    count = len(parts[0][1])
    training = ArrayPart(parts[0][0], numbers[:count])
    test = ArrayPart(parts[1][0], numbers[count:]) if len(parts) > 1 else None
    return PictureSource(readable(path.stem), path.name, names, training, test, keeps_order)
