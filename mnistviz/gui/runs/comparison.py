"""What differs between runs, as values; words are made elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from mnistviz.engine.history import History, Measured
from mnistviz.engine.settings import Settings
from mnistviz.gui.lab.run_names import begun_with
from mnistviz.gui.lab.shown import Fork, RunFacts

ORDER = ("seed", "training_digits")
"""Settings that decide in which order the digits come."""


@dataclass(frozen=True)
class ComparedRun:
    """A run: `values` are what a setting was at its beginning and is now, by the names of those that differ."""

    run: RunFacts
    fork: Fork | None
    values: dict[str, tuple[Any, Any]]
    digits: int
    newest: Measured | None
    best: Measured | None


@dataclass(frozen=True)
class Comparison:
    """The runs, and after how many digits they are compared: as many as all have seen. `set_name` is the set that
    was read."""

    rows: tuple[ComparedRun, ...]
    digits: int
    set_name: str
    fields: tuple[str, ...]
    other_order: bool
    """Whether the digits come in another order, since a setting differs that decides it."""


def compare(runs: Sequence[RunFacts]) -> Comparison:
    """The runs in their order."""
    digits = min((run.digits_seen for run in runs), default=0)
    validated = all(len(run.history.accuracies["validation"]) for run in runs)
    name = "validation" if validated else "training"
    begun = [begun_with(run) for run in runs]
    now = [run.settings if run.moment is None else run.moment.settings for run in runs]
    differ = tuple(
        field.name
        for field in fields(Settings)
        if any(len({getattr(each, field.name) for each in settings}) > 1 for settings in (begun, now))
    )
    rows = tuple(
        ComparedRun(
            run,
            run.parent,
            {field: (getattr(first, field), getattr(last, field)) for field in differ},
            run.digits_seen,
            run.history.measured(name, digits, "digits"),
            best(run.history, name, digits, run.epoch),
        )
        for run, first, last in zip(runs, begun, now, strict=True)
    )
    return Comparison(rows, digits, name, differ, any(field in differ for field in ORDER))


def best(history: History, set_name: str, digits: int, epoch: int) -> Measured | None:
    """The best measurement of the whole set at the end of an epoch of so many digits, up to there, as ★ has it; before
    the first such end the best of all, once it has learned. Exact, but for where it was if columns have merged."""
    rows = history.accuracies[set_name].rows
    rows = rows[: int(rows["last_digits"].searchsorted(digits, side="right"))]
    rows = rows[(rows["count"] > 0) & ((rows["last_digits"] > 0) | (digits == 0))]
    if not len(rows):
        return None
    judged = rows[(rows["last_digits"] > 0) & ((rows["last_digits"] % epoch == 0) | (rows["count"] > 1))]
    rows = judged if len(judged) else rows
    row = rows[int(rows["largest"].argmax())]
    return Measured(float(row["largest"]), int(row["last_step"]), int(row["last_digits"]))
