"""Loading and checking of a labelled data set: the bundled MNIST, or another in the same format."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from mnistviz.assets import asset
from mnistviz.engine.cancelling import Progress, unheard
from mnistviz.engine.files import is_folder, reason
from mnistviz.engine.functions import Bytes, Numbers
from mnistviz.engine.idx import idx_header, read_data_file, read_idx
from mnistviz.engine.problems import Problem
from mnistviz.engine.randomness import generator, order_of_epoch
from mnistviz.engine.settings import MOST_CLASSES, Settings

SIDE: Final = 28
PIXELS: Final = SIDE * SIDE
MOST_DIGITS: Final = 500_000  # most digits in one file: more would fill the memory of a small computer

VALIDATION_SHARE: Final = 6  # the last sixth of the training digits is the validation set
LONGEST_CLASS_NAME: Final = 40
_CONTROLS: Final[Mapping[int, str | None]] = {
    **dict.fromkeys((*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A))),
    **dict.fromkeys(map(ord, "\t\n\r\x85\u2028\u2029"), " "),
}
"""Characters removed from displayed names: they would break a line, or reverse the numbers after it."""

BUNDLED: Final = "b2d8f5bf39174ee5ffeefa97e42d673c35432b411bb5d1f74fbbeddae7f1690a"
"""The checksum of the bundled set, stored because its files are verified separately."""

_TRAINING: Final = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte")
_TEST: Final = ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")


class DigitSet(Struct, weakref=True, frozen=True, eq=False):
    """Samples and their labels; both arrays are read-only.

    `images` is uint8 (n, 784), 0 for paper and 255 for ink; `labels` is uint8 (n,).
    """

    images: Bytes
    labels: Bytes

    def __len__(self) -> int:
        return len(self.labels)

    def pictures(self, which: slice | Numbers) -> Bytes:
        """Return the images of the selected samples, (m, 784)."""
        return self.images[which]

    def first(self, count: int) -> DigitSet:
        return DigitSet(self.images[:count], self.labels[:count])

    def true_label(self, number: int) -> int:
        """Return the true class of a sample; its label differs if labels were randomised."""
        return int(self.labels[number])

    @property
    def all_true(self) -> bool:
        """True if every label is the true class."""
        return True


class TrainingDigits(Struct, frozen=True, eq=False):
    """The samples that a run trains on, and the labels it is given. `numbers`, intp (n,), are indices into `source`:
    no image is copied for a run. `true_labels`, uint8 (n,), differ from `labels` where labels were randomised."""

    source: DigitSet
    numbers: Numbers
    labels: Bytes
    true_labels: Bytes

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def images(self) -> Bytes:
        """All images, copied: 35 MB for the whole of MNIST. `pictures` copies only what is selected."""
        return self.source.images[self.numbers]

    def pictures(self, which: slice | Numbers) -> Bytes:
        return self.source.images.take(self.numbers[which], axis=0)  # takes half the time of indexing

    def first(self, count: int) -> TrainingDigits:
        return TrainingDigits(
            self.source, self.numbers[:count], self.labels[:count], self.true_labels[:count]
        )

    def true_label(self, number: int) -> int:
        return int(self.true_labels[number])

    @property
    def all_true(self) -> bool:
        return self.labels is self.true_labels or np.array_equal(self.labels, self.true_labels)

    def order(self, settings: Settings, epoch: int) -> Numbers:
        """Return the order of the samples in an epoch, counted from 0: a permutation of their indices."""
        if settings.order == "stored":
            return np.arange(len(self))
        shuffled = order_of_epoch(settings.seed, epoch, len(self))
        if settings.order == "sorted":
            return shuffled[np.argsort(self.labels[shuffled], kind="stable")]
        return shuffled


LabelledDigits = DigitSet | TrainingDigits
"""Samples, numbered from 0, each with image and label: a set in memory, or a run's training samples."""


def training_digits(training: DigitSet | TrainingDigits, settings: Settings) -> TrainingDigits:
    """Select what a run with these settings trains on, if that is not done. Raise a `Problem` if no sample is left."""
    if isinstance(training, TrainingDigits):
        return training
    left_out = np.isin(training.labels, settings.classes_left_out)
    numbers = np.flatnonzero(~left_out)[: settings.training_digits]
    if not len(numbers):
        raise Problem("set_empty")
    true_labels = training.labels[numbers]
    labels = true_labels if not settings.random_labels else _partly_random(true_labels, settings)
    for array in (numbers, labels, true_labels):
        array.flags.writeable = False
    return TrainingDigits(training, numbers, labels, true_labels)


def _partly_random(labels: Bytes, settings: Settings) -> Bytes:
    """Return labels of which a share is random; for one seed, a larger share includes the smaller one."""
    n, mixed = len(labels), labels.copy()
    chosen = generator(settings.seed, "label", 0).permutation(n)[: round(settings.random_labels * n)]
    mixed[chosen] = generator(settings.seed, "label", 1).choice(np.unique(labels), n)[chosen]
    return mixed


class Digits(Struct, frozen=True, eq=False):
    """A data set in three parts. `checksum` is the SHA-256 of the four files' uncompressed contents, so it identifies
    the set in a recipe. `classes` are the names of the labels 0, 1, ... `left_out` are unreadable image files."""

    name: str
    training: DigitSet
    validation: DigitSet
    test: DigitSet
    classes: tuple[str, ...]
    checksum: str
    left_out: tuple[str, ...] = ()

    def epoch(self, settings: Settings) -> int:
        left_out = np.isin(self.training.labels, settings.classes_left_out)
        return min(settings.training_digits, len(self.training) - int(np.count_nonzero(left_out)))

    def trained_on(self, settings: Settings) -> TrainingDigits:
        return training_digits(self.training, settings)

    def training_number(self, settings: Settings, number: int) -> int:
        return int(self.trained_on(settings).numbers[number])

    def sizes(self, settings: Settings) -> dict[str, int]:
        return {"training": self.epoch(settings), "validation": len(self.validation), "test": len(self.test)}

    def check_fit(self, sizes: Sequence[int]) -> None:
        """Raise a `Problem` if a network with layers of these sizes can't be trained on this set."""
        if (sizes[0], sizes[-1]) != (PIXELS, len(self.classes)):
            wanted = {"data": self.name, "pixels": PIXELS, "classes": len(self.classes)}
            raise Problem("network_does_not_fit", inputs=sizes[0], outputs=sizes[-1], **wanted)


def grey_values(images: Bytes, out: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
    """Convert bytes 0..255 to grey values 0..1, float32 of the same shape, in `out` if given."""
    return np.divide(images, np.float32(255), out=out)


def load_digits(directory: Path | None = None, progress: Progress = unheard) -> Digits:
    """Load the four MNIST files in `directory`, compressed or not, or the bundled MNIST.

    The last sixth of the training files becomes the validation set. The bundled files must match their checksums;
    other sets need none, and may name their classes in a `classes.txt`, one a line.

    Raise `Problem`, whose `file` is the name of the file at fault.
    """
    bundled = directory is None
    folder = asset("mnist") if directory is None else directory
    if not is_data_folder(folder):
        raise Problem("data_no_folder", file=str(folder))
    checksums = _read_checksums(folder / "SHA256SUMS") if bundled else None
    training = _read_pair(folder, _TRAINING, VALIDATION_SHARE, checksums, progress)
    test = _read_pair(folder, _TEST, 1, checksums, progress)
    checksum = BUNDLED if bundled else checksum_of(training, test)

    highest = max(int(training.labels.max()), int(test.labels.max()))
    classes = class_names(folder / "classes.txt") or tuple(map(str, range(max(2, highest + 1))))
    if len(classes) <= highest:
        raise Problem("data_classes_too_few", file="classes.txt", named=len(classes), label=highest)
    return parted("MNIST" if bundled else readable(folder.resolve().name), training, test, classes, checksum)


def is_data_folder(path: Path) -> bool:
    """Return True if `path` is a folder. Raise a `Problem` if that can't be determined."""
    try:
        return is_folder(path)
    except OSError as error:
        raise Problem("data_unreadable", file=str(path), reason=reason(error)) from error


def parted(name: str, training: DigitSet, test: DigitSet, classes: tuple[str, ...], checksum: str) -> Digits:
    """Build a data set in three parts: the last sixth of the training samples becomes the validation set."""
    count = len(training) - len(training) // VALIDATION_SHARE
    validation = DigitSet(training.images[count:], training.labels[count:])
    return Digits(name, training.first(count), validation, test, classes, checksum)


def checksum_of(training: DigitSet, test: DigitSet) -> str:
    """Return the checksum that `load_digits` computes for four files with these samples."""
    identity = hashlib.sha256()
    for part in (training, test):
        identity.update(idx_header(len(part), (SIDE, SIDE)))
        identity.update(np.ascontiguousarray(part.images).data)
        identity.update(idx_header(len(part)))
        identity.update(np.ascontiguousarray(part.labels).data)
    return identity.hexdigest()


def readable(name: str) -> str:
    """Return a name that can be displayed, where that of the folder is not UTF-8 or has control characters."""
    return os.fsencode(name).decode(errors="replace").translate(_CONTROLS) or (name and "?")


def data_files(directory: Path | None = None) -> tuple[Path, ...]:
    folder = asset("mnist") if directory is None else directory
    digits = (name for pair in (_TRAINING, _TEST) for name in pair)
    names = (*(f"{name}{end}" for name in digits for end in ("", ".gz")), "classes.txt", "SHA256SUMS")
    return tuple(folder / name for name in names)


def _read_pair(
    folder: Path, names: tuple[str, str], least: int, checksums: dict[str, str] | None, progress: Progress
) -> DigitSet:
    images = read_idx(folder, names[0], (SIDE, SIDE), MOST_DIGITS, checksums, progress)
    labels = read_idx(folder, names[1], (), MOST_DIGITS, checksums, progress)
    if not len(images.items):
        raise Problem("data_empty", file=images.file)
    if len(images.items) < least:
        raise Problem("data_too_few", file=images.file, count=len(images.items), least=least)
    if len(labels.items) != len(images.items):
        raise Problem(
            "data_counts_differ", file=labels.file, labels=len(labels.items), images=len(images.items)
        )
    if (highest := int(labels.items.max())) >= MOST_CLASSES:
        raise Problem("data_label_out_of_range", file=labels.file, label=highest, highest=MOST_CLASSES - 1)
    return DigitSet(images.items, labels.items[:, 0])


def class_names(path: Path) -> tuple[str, ...] | None:
    """Return the names in a `classes.txt`, one a line, or None without the file. Raise a `Problem` if it is invalid."""
    if (content := read_data_file(path, most_bytes=4096)) is None:
        return None
    try:
        names = tuple(line.strip() for line in content.decode("utf-8-sig").rstrip().splitlines())
    except UnicodeDecodeError as error:
        raise Problem("data_unreadable", file=path.name, reason="not_utf8") from error
    well_named = all(0 < len(name) <= LONGEST_CLASS_NAME and name.isprintable() for name in names)
    if not well_named or not 2 <= len(names) <= MOST_CLASSES:
        raise Problem("data_classes", file=path.name, least=2, most=MOST_CLASSES, length=LONGEST_CLASS_NAME)
    return names


def _read_checksums(path: Path) -> dict[str, str]:
    if (content := read_data_file(path, most_bytes=4096)) is None:
        raise Problem("data_missing", file=path.name, folder=str(path.parent))
    pairs = (line.split() for line in content.decode("ascii", "replace").splitlines())
    return {pair[1]: pair[0] for pair in pairs if len(pair) == 2}
