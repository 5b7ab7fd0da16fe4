"""The curves of a run as a CSV file: one line for each column of a curve, in the order of mini-batches.

`series` is "cost", or the set of an accuracy; if only its first 500 samples were evaluated, it is
"validation_first_500", since accuracies on different samples are not comparable. "gradient_layer_1" is the length of
∂C/∂b in the first layer after the input, and "step_layer_1" the length of its next step. `digits` is the number of
samples evaluated. A line summarises `count` values, measured after `first_mini_batch` to `last_mini_batch`
mini-batches, or `first_epoch` to `last_epoch` epochs; the cost is that of the next mini-batch. `p10` and `p90` are
percentiles, within 16 %. Values not finite are counted separately; undefined figures are empty. "validation_seed_5" is
the same recipe with that seed, "validation_tiny_change_1" a copy with the last bit of one weight changed.
"""

import csv
import io
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from msgspec.structs import astuple

from mnistviz.engine.files import replacing
from mnistviz.engine.history import LAYER_SIZES, History
from mnistviz.engine.luck.bands import Band
from mnistviz.engine.settings_file import as_comment

HEADER: Final = (
    "series", "first_mini_batch", "last_mini_batch", "first_epoch", "last_epoch", "count", "not_finite", "mean",
    "smallest", "largest", "p10", "p90", "digits",
)  # fmt: skip


def save_curves(
    history: History,
    epoch: int,
    path: Path,
    note: str = "",
    *,
    sizes: Mapping[str, int] | None = None,
    bands: Sequence[Band] = (),
    step_at: Callable[[int], int] = int,
) -> None:
    """Write the curves to `path`; `epoch` is the number of samples in one, and `sizes` that of each set. Raise
    `Problem`. The lines of `note` follow as comments at the end: programs expect the header in the first line."""
    known: Mapping[str, int] = sizes or {}
    with replacing(path) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(HEADER)
        for (name, number), columns in history.series.items():
            series = f"{name}_{'layer' if name in LAYER_SIZES else 'first'}_{number}" if number else name
            for column in map(columns.column, range(len(columns))):
                first, last, begin, end, count, not_finite, *values, part = astuple(column)
                counts = first, last, _figure(begin / epoch), _figure(end / epoch), count, not_finite
                writer.writerow((series, *counts, *map(_figure, values), part or known.get(series)))
        for band in bands:
            writer.writerows(_lines_of(band, epoch, known, step_at))
        text.write(as_comment(note))
        text.flush()
        text.detach()


def _lines_of(
    band: Band, epoch: int, sizes: Mapping[str, int], step_at: Callable[[int], int]
) -> Iterator[tuple[object, ...]]:
    name = "seed" if band.kind == "seeds" else "tiny_change"
    for run in band.runs:
        for digits, share in zip(run.digits.tolist(), run.accuracy.tolist(), strict=True):
            step, at, read = step_at(digits), _figure(digits / epoch), _figure(share)
            values = (step, step, at, at, 1, 0, read, read, read, "", "")
            yield (f"validation_{name}_{run.seed}", *values, sizes.get("validation"))


def _figure(value: float) -> str:
    return f"{value:.7g}" if math.isfinite(value) else ""
