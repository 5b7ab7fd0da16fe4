"""A table of pictures: a CSV with a picture in each line, its label first, as Kaggle has it, or last."""

import math
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from msgspec import Struct

from mnistviz.engine.cancelling import Progress
from mnistviz.engine.data_sets.source import MOST_SIDE, MOST_VALUES, PictureSource, arrays_source, within
from mnistviz.engine.digits import LONGEST_CLASS_NAME, MOST_DIGITS
from mnistviz.engine.files import opened
from mnistviz.engine.functions import Array, Bytes
from mnistviz.engine.idx import file_faults
from mnistviz.engine.problems import Problem

SUFFIXES: Final = (".csv", ".tsv")
MOST_BYTES: Final = 2 << 30
_LONGEST_LINE: Final = 16 * MOST_SIDE**2  # bytes
_AT_ONCE: Final = 500  # lines
_MOST_LETTERS: Final = 1 << 23  # characters per batch: as Python numbers they take ten times the memory
_LONG_LINE: Final = 1 << 16  # bytes: longer lines check for cancellation at once
_LABEL_NAMES: Final = ("label", "labels", "class", "target", "y", "digit")
_PALE: Final = 32  # if the largest grey value is at most this, values are scaled to 255


class _Form(Struct, frozen=True):
    """Form of every line: `count` numbers, at most `white`, and a label, separated by `comma`."""

    comma: str
    label_first: bool
    count: int
    white: float
    header: bool

    @property
    def side(self) -> int:
        return math.isqrt(self.count)


def read_table(path: Path, progress: Progress) -> PictureSource:
    """Read the pictures of a table, and those of the one beside it with “test” for “train” in its name. Raise a
    `Problem` that names the file, and the line at fault."""
    form = _form(path, within(progress, 0, 0))
    test = _test_of(path, form, within(progress, 0, 0))
    share = 1.0 if test is None else 0.8
    parts = [_read(path, form, within(progress, 0, share))]
    if test is not None:
        parts.append(_read(test, form, within(progress, share, 1)))
    return arrays_source(path, parts)


def test_table_of(path: Path) -> Path:
    """Return where the table of test pictures would be; the same path for a name without “train” in it."""
    return path.with_name(path.name.replace("train", "test"))


def _test_of(path: Path, form: _Form, progress: Progress) -> Path | None:
    """Return the table of test pictures, if it has labels, too: Kaggle's own has none."""
    if (test_table := test_table_of(path)) == path or not test_table.is_file():
        return None
    try:
        first = next(_lines(test_table, progress), None)
    except Problem:
        return None
    return test_table if first is not None and first[1].count(form.comma) == form.count else None


def _lines(path: Path, progress: Progress) -> Iterator[tuple[int, str]]:
    with file_faults(path, MOST_BYTES), opened(path, MOST_BYTES) as content:
        size = max(1, path.stat().st_size)
        for number, line in enumerate(iter(partial(content.readline, _LONGEST_LINE + 1), b""), start=1):
            if len(line) > _LONGEST_LINE:
                raise Problem("data_table_line", file=path.name, line=number)
            if number % _AT_ONCE == 0 or len(line) > _LONG_LINE:
                progress(content.tell() / size)
            try:
                text = line.decode("utf-8-sig" if number == 1 else "utf-8").strip()
            except UnicodeDecodeError as error:
                raise Problem("data_no_table", file=path.name) from error
            if text:
                yield number, text


def _batches(lines: Iterator[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    batch: list[tuple[int, str]] = []
    letters = 0
    for number, text in lines:
        batch.append((number, text))
        letters += len(text)
        if len(batch) == _AT_ONCE or letters >= _MOST_LETTERS:
            yield batch
            batch, letters = [], 0
    if batch:
        yield batch


def _form(path: Path, progress: Progress) -> _Form:
    if not (lines := next(_batches(_lines(path, progress)), [])):
        raise Problem("data_table_empty", file=path.name)
    comma = max(",;\t", key=lines[-1][1].count)
    first = _fields(lines[0][1], comma)
    header = sum(map(_is_number, first)) < len(first) / 2
    if not (rows := [_fields(text, comma) for _, text in lines[header:]]):
        raise Problem("data_table_empty", file=path.name)
    for (number, _), row in zip(lines[header:], rows, strict=True):
        if len(row) != len(rows[0]):
            raise Problem("data_table_line", file=path.name, line=number)
    count = len(rows[0]) - 1
    if math.isqrt(max(count, 0)) ** 2 != count or not 2 <= math.isqrt(count) <= MOST_SIDE:
        raise Problem("data_table_width", file=path.name, count=max(count, 0))
    label_first = _is_label_first(first if header else [], rows)
    values = [row[1:] if label_first else row[:-1] for row in rows]
    most = max((float(value) for row in values for value in row if _is_number(value)), default=255.0)
    return _Form(comma, label_first, count, most if 0 < most <= _PALE else 255.0, header)


def _is_label_first(names: list[str], rows: list[list[str]]) -> bool:
    """Return True if the label is the first column, and not the last: by its name, or as it holds words, or as its
    numbers are consecutive and those of the other column, a corner of each picture, are not."""
    if names:
        called = [name.casefold() in _LABEL_NAMES for name in (names[0], names[-1])]
        if called[0] != called[1]:
            return called[0]
    words = [not all(_is_number(row[column]) for row in rows) for column in (0, -1)]
    if words[0] != words[1]:
        return words[0]
    first, last = ({row[column] for row in rows} for column in (0, -1))
    without_gaps = [len(kinds) > 1 and _is_without_gaps(kinds) for kinds in (first, last)]
    if without_gaps[0] != without_gaps[1]:
        return without_gaps[0]
    return len(first) > 1 and (len(last) == 1 or len(first) <= len(last))


def _is_without_gaps(kinds: set[str]) -> bool:
    values = [float(kind) for kind in kinds if _is_number(kind)]
    return bool(values) and max(values) - min(values) == len(kinds) - 1 and all(map(float.is_integer, values))


def _read(path: Path, form: _Form, progress: Progress) -> tuple[Bytes, list[str]]:
    stacks: list[Bytes] = []
    labels: list[str] = []
    most = min(MOST_DIGITS, MOST_VALUES // form.count)
    lines = _lines(path, progress)
    if form.header:
        next(lines, None)
    for batch in _batches(lines):
        stacks.append(_images(batch, form, path.name, labels))
        if len(labels) > most:
            raise Problem("data_too_large", file=path.name, most=most)
    if not stacks:
        raise Problem("data_table_empty", file=path.name)
    return np.concatenate(stacks).reshape(-1, form.side, form.side), labels


def _images(batch: list[tuple[int, str]], form: _Form, file: str, labels: list[str]) -> Bytes:
    """Return the pictures of some lines, uint8 (m, n), and append their labels to `labels`."""
    values: list[str] = []
    for number, text in batch:
        before, _, after = text.partition(form.comma) if form.label_first else text.rpartition(form.comma)
        label, rest = (before, after) if form.label_first else (after, before)
        name = _label(label)
        if not 0 < len(name) <= LONGEST_CLASS_NAME or not name.isprintable():
            raise Problem("data_table_line", file=file, line=number)
        labels.append(name)
        values.append(rest)
    if (images := _numbers(values, form)) is None:
        lines = zip(batch, values, strict=True)
        faulty = next(number for (number, _), value in lines if _numbers([value], form) is None)
        raise Problem("data_table_line", file=file, line=faulty)
    return images


def _numbers(lines: list[str], form: _Form) -> Bytes | None:
    """Parse lines of grey values as bytes, (m, n); None if something is no grey value."""
    if (values := _whole_numbers(lines, form)) is None:
        try:
            comma = form.comma
            values = np.loadtxt(lines, np.float32, comments=None, delimiter=comma, quotechar='"', ndmin=2)
        except ValueError:
            return None
    fits = values.shape == (len(lines), form.count)
    if not fits or not ((values >= 0) & (values <= form.white)).all():
        return None
    return np.asarray(np.rint(values * np.float32(255 / form.white)).astype(np.uint8))


def _whole_numbers(lines: list[str], form: _Form) -> Array | None:
    """Parse lines of whole numbers of up to three figures, much faster than `_numbers`; None for anything else."""
    if any(line.count(form.comma) != form.count - 1 for line in lines):
        return None
    text = np.frombuffer((form.comma.join(lines) + form.comma).encode(), dtype=np.uint8)
    commas = text == ord(form.comma)
    figures = text - np.uint8(ord("0"))
    if ((figures > 9) != commas).any():
        return None
    ends = np.flatnonzero(commas)
    lengths = np.diff(ends, prepend=-1) - 1
    if lengths.min() < 1 or lengths.max() > 3:
        return None
    values = figures[ends - 1].astype(np.float32)
    for place in (2, 3):
        values += np.where(lengths >= place, figures[ends - place], 0) * np.float32(10 ** (place - 1))
    return values.reshape(len(lines), form.count)


def _label(text: str) -> str:
    """Return the name of a class: a whole number in its shortest form, or a word."""
    text = text.strip().strip('"').strip()
    if _is_number(text) and float(text).is_integer() and 0 <= float(text) < 1e9:
        return str(int(float(text)))
    return text


def _fields(line: str, comma: str) -> list[str]:
    return [field.strip().strip('"') for field in line.split(comma)]


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
