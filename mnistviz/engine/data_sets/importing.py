"""Detection of what a file or folder contains, and conversion to 28 × 28: as MNIST was made, or plainly scaled."""

from pathlib import Path
from typing import Any, Final

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from mnistviz.engine.cancelling import Progress, unheard
from mnistviz.engine.data_sets.array_files import SUFFIX, read_arrays
from mnistviz.engine.data_sets.data_folders import (
    has_four_files,
    idx_set_of,
    idx_sets_in,
    is_of_idx_set,
    read_idx_set,
    subfolders,
    survey_folders,
)
from mnistviz.engine.data_sets.source import DataChoice, Fit, PicturePart, PictureSource, within
from mnistviz.engine.data_sets.tables import SUFFIXES, read_table, test_table_of
from mnistviz.engine.digits import (
    PIXELS,
    SIDE,
    VALIDATION_SHARE,
    Digits,
    DigitSet,
    checksum_of,
    data_files,
    grey_values,
    is_data_folder,
    load_digits,
    parted,
)
from mnistviz.engine.framing import Array, framed, row_shares
from mnistviz.engine.functions import Bools, Bytes, Numbers
from mnistviz.engine.problems import Problem
from mnistviz.engine.randomness import generator
from mnistviz.engine.rows.cleaning import even
from mnistviz.engine.rows.connected import without_specks
from mnistviz.engine.rows.filters import largest

_PHOTOGRAPH: Final = 160  # pixels of the longer side: larger pictures may have shadows and grainy paper
_LEAST_PHOTOGRAPH: Final = 40  # pixels: smaller ones count as photographs only if the paper is rough
_ROUGH: Final = 0.02  # of white
_ENLARGED: Final = 2 * SIDE  # pixels: pictures smaller than 28 are first enlarged to this, with interpolation
_LEAST_CONTRAST: Final = 0.04  # of white: a picture with less is empty paper


def are_light_on_dark(stack: Bytes) -> Bools:
    """Return for each picture, (m, h, w), whether its ink is lighter than the paper along its edge."""
    low, high = stack.min(axis=(1, 2)).astype(float), stack.max(axis=(1, 2)).astype(float)
    return np.asarray(np.median(_edges(stack), axis=1) <= (low + high) / 2)


def make_digits(stack: Bytes, fit: Fit, light_on_dark: bool | None) -> Bytes:
    """Convert grey pictures (m, h, w) to digits: uint8 (m, 784), 255 for ink. `light_on_dark` is True if ink is
    lighter than paper in all of them; None: each picture decides."""
    light = are_light_on_dark(stack) if light_on_dark is None else np.full(len(stack), light_on_dark)
    if fit == "scaled":
        return _scaled(np.where(light[:, np.newaxis, np.newaxis], stack, 255 - stack))
    if max(stack.shape[1:]) >= _PHOTOGRAPH:
        return _framed_photographs(stack)
    grey = grey_values(stack)
    edges = _edges(grey)
    grain = np.median(np.abs(edges - np.median(edges, axis=1, keepdims=True)), axis=1)  # of the paper
    ink = _ink(grey, light, grain)
    digits = framed(_enlarged(ink) if max(ink.shape[1:]) < SIDE else ink)
    rough = grain > _ROUGH
    if rough.any() and max(stack.shape[1:]) >= _LEAST_PHOTOGRAPH:
        digits[rough] = _framed_photographs(stack[rough])
    return digits


def _edges(stack: NDArray[Any]) -> NDArray[Any]:
    """Return the outermost pixels of each picture: (m, n)."""
    return np.asarray(np.concatenate([stack[:, 0], stack[:, -1], stack[:, :, 0], stack[:, :, -1]], axis=1))


def _framed_photographs(stack: Bytes) -> Bytes:
    return np.concatenate([framed(_ink_of_photograph(picture)[np.newaxis]) for picture in stack])


def _ink(grey: Array, light: Bools, grain: Array) -> Array:
    """Scale paper to 0 and the strongest ink to 1; deviations of little more than the grain count as paper."""
    paper = np.median(_edges(grey), axis=1)
    sign = np.where(light, 1, -1).astype(np.float32)
    ink: Array = (grey - paper[:, np.newaxis, np.newaxis]) * sign[:, np.newaxis, np.newaxis]
    ink -= 3 * grain[:, np.newaxis, np.newaxis]
    most = ink.max(axis=(1, 2), keepdims=True)
    ink /= np.where(most < _LEAST_CONTRAST, np.float32(np.inf), most)
    np.clip(ink, 0, 1, out=ink)
    return ink


def _ink_of_photograph(picture: Bytes) -> Array:
    """Return the ink of a larger picture, with possibly uneven illumination, by the same steps as for rows."""
    try:
        evened = even(picture)
    except Problem:  # nothing stands out from the paper
        return np.zeros((1, 1), dtype=np.float32)
    part = min(max(evened.threshold, 0.02), 0.98)
    inked = without_specks(evened.contrast > part)
    soft = np.clip((evened.contrast - part) / (2 * min(part, 1 - part)) + 0.5, 0, 1)
    return np.asarray((soft * (largest(inked.astype(np.float32), 1) > 0)).astype(np.float32))


def _enlarged(ink: Array) -> Array:
    """Enlarge small pictures, linear between their pixels."""
    factor = -(-_ENLARGED // max(ink.shape[1:]))
    down, across = (_linear(length, length * factor) for length in ink.shape[1:])
    return np.asarray((down @ ink @ across.T).astype(np.float32, copy=False))


def _linear(length: int, size: int) -> Array:
    """Return the share of each of `length` old pixels in each of `size` new ones: (size, length)."""
    at = np.clip((np.arange(size) + 0.5) * length / size - 0.5, 0, length - 1)
    return np.asarray(np.maximum(0, 1 - np.abs(at[:, np.newaxis] - np.arange(length))).astype(np.float32))


def _scaled(ink: Bytes) -> Bytes:
    """Scale whole pictures to the largest size that fits; 28 × 28 stays unchanged."""
    height, width = ink.shape[1:]
    if (height, width) != (SIDE, SIDE):
        scale = SIDE / max(height, width)
        down, across = (
            row_shares((np.arange(length) + 0.5) * scale - 0.5 + (SIDE - length * scale) / 2, scale)
            for length in (height, width)
        )
        ink = np.rint(np.clip(down @ grey_values(ink) @ across.T, 0, 1) * 255).astype(np.uint8)
    return ink.reshape(len(ink), SIDE * SIDE)


TEST_SHARE: Final = 6  # one sixth becomes the test part of a set without one
LEAST: Final = TEST_SHARE * VALIDATION_SHARE // 3
"""Pictures that a set without a test part needs, so that each part has at least one."""

_SEED: Final = 0  # fixed: a set gives the same digits on every machine
_ASKED: Final = 500  # pictures checked for ink lighter than paper
_AGREED: Final = 0.9  # share of them that decides for all


def open_data(data: Path | DataChoice | None = None, progress: Progress = unheard) -> Digits:
    """Load the digits of a file or a folder; without one, the bundled MNIST. Raise a `Problem` that names the file."""
    choice = DataChoice(data) if isinstance(data, Path) else data
    if choice is None:
        return load_digits()
    as_it_is = not choice.classes and choice.transposed is None and choice.fit == "mnist"
    if is_of_four_files(choice.path) and as_it_is:
        return load_digits(choice.path, progress)
    return import_digits(survey(choice, within(progress, 0, 0.5)), choice, within(progress, 0.5, 1))


def is_of_four_files(path: Path, progress: Progress = unheard) -> bool:
    """Return True for a data set in MNIST's four files, or a missing one. Raise a `Problem` if nothing is readable."""
    if not is_data_folder(path):
        unknown = path.suffix.casefold() not in (*SUFFIXES, SUFFIX) and idx_set_of(path) is None
        if unknown and path.is_file():
            raise Problem("data_no_set", file=path.name)
        return unknown
    if not (has_four_files(path) or idx_sets_in(path, progress) or subfolders(path, progress)):
        raise Problem("data_no_set", file=str(path))
    return has_four_files(path)


def files_of(data: Path | DataChoice | None) -> list[Path]:
    path = data.path if isinstance(data, DataChoice) else data
    if path is None or not path.exists():
        return list(data_files(path))
    if path.is_dir():
        folder, files = path, list(data_files(path))
        if not idx_sets_in(path):
            files += [file for below in subfolders(path) for file in below.rglob("*") if file.is_file()]
    else:
        folder, files = path.parent, [path, test_table_of(path)]
    return files + [file for file in folder.iterdir() if is_of_idx_set(file) and file.is_file()]


def survey(choice: DataChoice, progress: Progress) -> PictureSource:
    """Return what there is at a place, with all its classes. Raise a `Problem`."""
    path, ending = choice.path, choice.path.suffix.casefold()
    if ending in SUFFIXES:
        return read_table(path, progress)
    if ending == SUFFIX:
        return read_arrays(path, progress)
    if (idx_set := idx_set_of(path)) is not None:
        return read_idx_set(idx_set, progress)
    sets = idx_sets_in(path, within(progress, 0, 0))
    if len(sets) > 1:
        raise Problem("data_many_sets", file=str(path), names=tuple(each.name for each in sets))
    if sets:
        return read_idx_set(sets[0], progress)
    if choice.pictures is None:
        raise Problem("data_no_reader", file=str(path))
    return survey_folders(path, choice.pictures(), progress)


def examples(source: PictureSource, count: int) -> tuple[list[Bytes], list[str]]:
    """Return up to `count` unconverted training pictures, alternating between classes, and their classes' names."""
    labels = source.training.labels
    order = generator(_SEED, "mixed", 1).permutation(len(labels))
    turn = np.empty(len(labels), dtype=np.intp)  # rank of each within its class
    by_class = order[np.argsort(labels[order], kind="stable")]
    starts = np.searchsorted(labels[by_class], np.arange(len(source.classes)))
    turn[by_class] = np.arange(len(labels)) - starts[labels[by_class]]
    first = np.lexsort((labels, turn))[:count]
    first = first[np.lexsort((turn[first], labels[first]))] if len(source.classes) <= count else first
    pictures = [picture for stack in source.training.stacks(first) for picture in stack]
    return pictures, [source.classes[label] for label in labels[first]]


def are_all_light_on_dark(source: PictureSource, progress: Progress) -> bool | None:
    """Return whether ink is lighter than paper in all pictures of a set; None if they differ, and each decides."""
    some = generator(_SEED, "mixed", 2).permutation(len(source.training.labels))[:_ASKED]
    light: list[bool] = []
    for stack in source.training.stacks(some):
        progress(len(light) / len(some))
        light += are_light_on_dark(stack).tolist()
    share = sum(light) / len(light)
    return None if 1 - _AGREED < share < _AGREED else bool(share >= _AGREED)


def fitted(pictures: list[Bytes], fit: Fit, light_on_dark: bool | None, *, transposed: bool) -> Bytes:
    """Convert single pictures, each (h, w), to digits, (m, 784)."""
    turned = (picture.T if transposed else picture for picture in pictures)
    return np.concatenate([make_digits(picture[np.newaxis], fit, light_on_dark) for picture in turned])


def numbers_wanted(source: PictureSource, classes: tuple[str, ...]) -> list[Numbers]:
    """Return the indices of the pictures of these classes, or of all: of the training part, and of the test part if
    there is one. Raise a `Problem` if there are too few."""
    chosen = source.chosen(classes)
    numbers = [
        np.flatnonzero(np.isin(part.labels, chosen))
        for part in (source.training, source.test)
        if part is not None
    ]
    least, count = LEAST if source.test is None else VALIDATION_SHARE, len(numbers[0])
    if not count:
        raise Problem("data_empty", file=source.file)
    if count < least or not len(numbers[-1]):
        raise Problem("data_too_few", file=source.file, count=count, least=least)
    return numbers


def import_digits(source: PictureSource, choice: DataChoice, progress: Progress) -> Digits:
    """Convert the chosen classes of a set to digits; without a test part a sixth becomes one. Raise a `Problem`."""
    chosen, numbers = source.chosen(choice.classes), numbers_wanted(source, choice.classes)
    if not source.keeps_order:
        numbers = [
            each[generator(_SEED, "mixed", 0, part).permutation(len(each))]
            for part, each in enumerate(numbers)
        ]
    if (test_part := source.test) is None:
        test_part, test_count = source.training, len(numbers[0]) // TEST_SHARE
        numbers = [numbers[0][test_count:], numbers[0][:test_count]]
    light = are_all_light_on_dark(source, within(progress, 0, 0.05))
    share = 0.05 + 0.95 * len(numbers[0]) / (len(numbers[0]) + len(numbers[1]))

    transposed = source.transposed if choice.transposed is None else choice.transposed

    def made(part: PicturePart, which: Numbers, tell: Progress) -> DigitSet:
        images, done = np.empty((len(which), PIXELS), dtype=np.uint8), 0
        for stack in part.stacks(which):
            tell(done / len(which))
            turned = stack.transpose(0, 2, 1) if transposed else stack
            images[done : done + len(stack)] = make_digits(turned, choice.fit, light)
            done += len(stack)
        labels = np.searchsorted(chosen, part.labels[which]).astype(np.uint8)
        images.flags.writeable = labels.flags.writeable = False
        return DigitSet(images, labels)

    training = made(source.training, numbers[0], within(progress, 0.05, share))
    test = made(test_part, numbers[1], within(progress, share, 1))
    classes = tuple(source.classes[number] for number in chosen)
    digits = parted(source.name, training, test, classes, checksum_of(training, test))
    return replace(digits, left_out=source.left_out)
