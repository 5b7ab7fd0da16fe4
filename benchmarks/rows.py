"""Reads rows of five test digits with networks that know single ones, and rewrites docs/rows.md.

Each network is trained by its recipe, once, and reads rows whose gaps are drawn evenly from a range; a gap is the
distance between two boxes of ink, below 0 they overlap. *At the true places* is the same network reading the same
digits as they stand in the data set. Every share has its 95 % interval (Wilson).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

import numpy as np

from mnistviz.engine import DigitSet, Network, load_digits, load_network, one_blas_thread
from mnistviz.engine.rows import Box, MadeRow, RowReading, find_candidates, make_row, read_row, row_of

DOCS = Path(__file__).resolve().parent.parent / "docs"
RECIPES = ("fast", "best", "chapter-3")
GAPS = ((2, 6), (0, 2), (-2, 1))
COUNT = 5  # digits in a row
NEAR = 2  # pixels that a box found may differ from the true one, at its left and right edge


@dataclass(frozen=True)
class Result:
    """How many of `rows` rows were right: read, every cut, and read at the true places; and the milliseconds a row
    takes, as medians: to find what it may be cut into, and to read that."""

    recipe: str
    gaps: tuple[int, int]
    rows: int
    read: int
    cut: int
    true_places: int
    finding: float
    reading: float


def measure(
    recipe: str, network: Network, digits: DigitSet, gaps: tuple[int, int], rows: int, seed: int
) -> Result:
    counts = np.zeros(3, dtype=int)
    times = []
    for number in range(rows):
        made = make_row(digits, seed, number, count=COUNT, gaps=gaps)
        began = time.perf_counter()
        candidates = find_candidates(row_of(made.ink))
        found = time.perf_counter()
        reading = read_row(network, candidates)
        times.append((found - began, time.perf_counter() - found))
        alone = network.predictions(digits.images[list(made.numbers)])
        right = (reading.digits == made.labels, well_cut(reading, made), bool((alone == made.labels).all()))
        counts += np.array(right, dtype=int)
    finding, in_one_pass = (1000 * float(part) for part in np.median(times, axis=0))
    read, cut, true_places = counts.tolist()
    return Result(recipe, gaps, rows, read, cut, true_places, finding, in_one_pass)


def well_cut(reading: RowReading, made: MadeRow) -> bool:
    """Whether each digit was cut out where it is."""
    found = [reading.candidates.box(shape) for shape in reading.way]
    return len(found) == len(made.boxes) and all(_near(*pair) for pair in zip(found, made.boxes, strict=True))


def _near(found: Box, true: Box) -> bool:
    return abs(found.left - true.left) <= NEAR and abs(found.right - true.right) <= NEAR


def interval(right: int, count: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    z, share = 1.96, right / count
    middle, spread = share + z**2 / (2 * count), z * sqrt(share * (1 - share) / count + z**2 / (4 * count**2))
    return (middle - spread) / (1 + z**2 / count), (middle + spread) / (1 + z**2 / count)


def trained(recipe: str, folder: Path) -> Network:
    file = folder / f"{recipe}.npz"
    command = [sys.executable, "-m", "mnistviz", "train", "--recipe", recipe, "--quiet", "--save", str(file)]
    if not file.exists():
        subprocess.run(command, check=True)
    return load_network(file)[0]


def line(result: Result) -> Iterator[str]:
    """The cells of a line of the table."""
    yield result.recipe
    yield f"{result.gaps[0]} to {result.gaps[1]}".replace("-", "−")
    for right in (result.true_places, result.read, result.cut):
        low, high = interval(right, result.rows)
        yield f"{right / result.rows:.1%} ({low:.1%} to {high:.1%})"
    yield f"{result.finding:.1f} + {result.reading:.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--recipes", default=",".join(RECIPES), metavar="A,B,…", help="%(default)s")
    parser.add_argument("--rows", type=int, default=1000, metavar="N", help="of each kind (%(default)s)")
    parser.add_argument("--seed", type=int, default=20, metavar="N", help="of the rows (%(default)s)")
    parser.add_argument("--set", choices=("test", "validation"), default="test", help="(%(default)s)")
    parser.add_argument("--networks", type=Path, metavar="DIR", help="where NAME.npz are kept, or wait")
    parser.add_argument("--json", action="store_true", help="print the figures as one JSON list")
    parser.add_argument("--save", action="store_true", help="rewrite docs/rows.md")
    asked = parser.parse_args()
    loaded = load_digits()
    digits = loaded.test if asked.set == "test" else loaded.validation
    results = []
    with tempfile.TemporaryDirectory() as folder, one_blas_thread():
        for recipe in asked.recipes.split(","):
            network = trained(recipe, asked.networks or Path(folder))
            for gaps in GAPS:
                results.append(measure(recipe, network, digits, gaps, asked.rows, asked.seed))
                if not asked.json:
                    print("  ".join(line(results[-1])), flush=True)
    if asked.json:
        print(json.dumps([vars(result) for result in results]))
    if asked.save:
        (DOCS / "rows.md").write_text(_page(results, asked.seed), encoding="utf-8")


def _page(results: list[Result], seed: int) -> str:
    from results import machine

    table = "\n".join("| " + " | ".join(line(result)) + " |" for result in results)
    return f"""\
# Rows of digits

`make rows` measures this table and rewrites this page. Each network was trained by its recipe and knows single
digits. It reads {results[0].rows:,} rows of {COUNT} test digits of each kind, drawn with seed {seed}. A gap is the
distance between two boxes of ink, in pixels of MNIST, drawn evenly from its range; below 0 the boxes overlap. In
brackets are 95 % intervals (Wilson).

- *At the true places*: all five digits of a row read right as they stand in the data set, where nothing has to be cut.
- *Read right*: the row, cut by the network's own certainty, gives just these five digits.
- *Cut right*: five digits, each cut out where it is, to {NEAR} pixels at the left and at the right.
- *Milliseconds* for a row: to find what it may be cut into, which depends on the ink alone, and to read all of that.

| recipe | gaps | at the true places | read right | cut right | ms |
|---|--:|--:|--:|--:|--:|
{table}

The prices of cuts and shapes were tuned on rows of validation digits.

Machine: {", ".join(machine().values())}.
"""


if __name__ == "__main__":
    main()
