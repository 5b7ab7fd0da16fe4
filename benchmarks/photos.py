"""Reads a folder of photographs and scans whose labels are known, and says how many are read right.

    make photos DIR=FOLDER                         with a network that is trained by the recipe *best*
    python benchmarks/photos.py FOLDER --network FILE --failures FOLDER

The folder has pictures, and a table `labels.csv` with the columns `file` and `text`. The kind of a picture is the name
of its file up to the first figure or underscore. *Simple* is a local threshold with connected parts and the same
network. A text is *sure* where no digit of it is doubtful. The second table has the digits and the texts by their
chance to be right, as the program tells it, beside the share that really is. Shares have 95 % intervals (Wilson).
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from rows import interval, trained

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from mnistviz.engine import Network, load_network, one_blas_thread
from mnistviz.engine.framing import framed, resized
from mnistviz.engine.problems import Problem
from mnistviz.engine.rows import clean, filters, find_candidates, read_row, row_of
from mnistviz.engine.rows.connected import connected, part_boxes

LABELS = "labels.csv"
BINS = (0.0, 0.5, 0.7, 0.9, 0.95, 0.98, 1.0)
"""The chances that are looked at together."""


class Outcome(Struct, frozen=True):
    """What came of a picture: `read` and `simple` are texts; `chances` are of its digits, and `rights` whether each is
    right, where as many were read as there are."""

    file: str
    text: str
    read: str
    simple: str
    sure: bool
    chances: tuple[float, ...] = ()
    rights: tuple[bool, ...] = ()

    @property
    def kind(self) -> str:
        return re.split(r"[\d_.]", self.file, maxsplit=1)[0]

    @property
    def right(self) -> bool:
        return self.read == self.text


def share(right: int, count: int) -> str:
    """How many of how many, with the interval of their share."""
    low, high = interval(right, count)
    return f"{right} of {count} ({low:.0%} to {high:.0%})"


def labels(folder: Path) -> list[tuple[str, str]]:
    """The files of a folder and what they say."""
    with (folder / LABELS).open(newline="", encoding="utf-8") as table:
        return [(row["file"], row["text"]) for row in csv.DictReader(table)]


@one_blas_thread()
def outcome(network: Network, folder: Path, file: str, text: str) -> Outcome:
    from mnistviz.gui.common.picture_file import read_picture  # Qt reads pictures

    picture, _ = read_picture(folder / file)
    easy = simple(network, picture)
    try:
        reading = read_row(network, find_candidates(row_of(clean(picture).line())))
    except Problem as problem:
        return Outcome(file, text, problem.code, easy, sure=False)
    read = "".join(map(str, reading.digits))
    chances = tuple(float(chance) for chance in reading.chances)
    rights = (
        tuple(one == other for one, other in zip(read, text, strict=True)) if len(read) == len(text) else ()
    )
    return Outcome(file, text, read, easy, reading.is_sure, chances, rights)


def simple(network: Network, picture: NDArray[np.uint8]) -> str:
    """What a local threshold and connected parts make of a picture, without any of what the program does."""
    grey = picture[..., :3].mean(axis=-1) if picture.ndim == 3 else picture
    values = (grey / 255).astype(np.float32)
    scale = min(1.0, 1_600 / max(values.shape))
    values = values if scale == 1 else resized(values, scale)
    inked = values < filters.mean(values, max(7, min(values.shape) // 6)) - 0.08
    numbers, count = connected(inked)
    if not count:
        return ""
    boxes, areas = part_boxes(numbers, count)
    high = boxes[:, 3] - boxes[:, 1]
    most = high[areas > 20].max(initial=1)
    found = []
    for part in np.argsort(boxes[:, 0]).tolist():
        if high[part] <= 0.35 * most or areas[part] <= 20:
            continue
        left, top, right, bottom = boxes[part]
        alone = np.pad((numbers[top:bottom, left:right] == part + 1).astype(np.float32), 2)
        smaller = 40 / max(alone.shape)
        alone = resized(alone, smaller) if smaller < 1 else alone
        found.append(int(network.predictions(framed(alone[np.newaxis]))[0]))
    return "".join(map(str, found))


def table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """How many of each kind are right, as rows of a table."""
    yield "| pictures | right | simple | called sure | of these right |"
    yield "|---|--:|--:|--:|--:|"
    kinds = list(dict.fromkeys(each.kind for each in outcomes))
    groups = [(kind, [each for each in outcomes if each.kind == kind]) for kind in kinds]
    groups += [
        ("single digits", [each for each in outcomes if len(each.text) == 1]),
        ("rows", [each for each in outcomes if len(each.text) > 1]),
        ("all", list(outcomes)),
    ]
    for name, group in groups:
        if not group:
            continue
        sure = [each for each in group if each.sure]
        cells = (
            name,
            share(sum(each.right for each in group), len(group)),
            str(sum(each.simple == each.text for each in group)),
            str(len(sure)),
            share(sum(each.right for each in sure), len(sure)) if sure else "–",
        )
        yield f"| {' | '.join(cells)} |"


def curve(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """The chances told, beside the shares that were right."""
    yield "| chance told | digits | right | texts | right |"
    yield "|---|--:|--:|--:|--:|"
    digits = [pair for each in outcomes for pair in zip(each.chances, each.rights, strict=False)]
    texts = [(min(each.chances), each.right) for each in outcomes if each.chances]
    for low, high in pairwise(BINS):
        cells = [f"{low:.2f} to {high:.2f}"]
        for told in (digits, texts):
            inside = [right for chance, right in told if low <= chance < high or chance == high == 1]
            cells += [str(len(inside)), share(sum(inside), len(inside)) if inside else "–"]
        yield f"| {' | '.join(cells)} |"


def save_failures(outcomes: Sequence[Outcome], folder: Path, into: Path) -> None:
    """Copies of the pictures that are read wrong, named by what they say and what was read."""
    from PySide6.QtGui import QImage

    into.mkdir(parents=True, exist_ok=True)
    for each in outcomes:
        if not each.right:
            image = QImage(str(folder / each.file)).scaledToWidth(600)
            image.save(
                str(into / f"{Path(each.file).stem} says {each.text} read {each.read or 'nothing'}.png")
            )


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="pictures, and labels.csv with the columns file and text")
    parser.add_argument(
        "--network", type=Path, metavar="FILE", help="a saved network (else one by the recipe best)"
    )
    parser.add_argument(
        "--failures", type=Path, metavar="FOLDER", help="where pictures that are read wrong go"
    )
    asked = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        wanted = labels(asked.folder)
    except (OSError, KeyError) as error:
        print(f"There is no table {LABELS} with file and text in {asked.folder}: {error}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as kept:
        network = trained("best", Path(kept)) if asked.network is None else load_network(asked.network)[0]
    outcomes = [outcome(network, asked.folder, name, text) for name, text in wanted]
    print("\n".join((*table(outcomes), "", *curve(outcomes))))
    for each in outcomes:
        if not each.right:
            print(f"{each.file}: says {each.text}, read {each.read}{', called sure' if each.sure else ''}")
    if asked.failures is not None:
        save_failures(outcomes, asked.folder, asked.failures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
