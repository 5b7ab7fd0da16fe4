"""What differs between runs, as values; words are made elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from mnistviz.engine.acts import Changed
from mnistviz.engine.digits import Digits
from mnistviz.engine.fork import Fork
from mnistviz.engine.history import History, Measured
from mnistviz.engine.mistakes.verdict_groups import misread_alone
from mnistviz.engine.moment import Evaluation
from mnistviz.engine.settings import Settings
from mnistviz.gui.lab.run_names import begun_with
from mnistviz.gui.lab.shown import RunFacts

ORDER = ("seed", "training_digits", "classes_left_out", "order")
"""Settings that decide in which order the digits come."""


@dataclass(frozen=True)
class ComparedRun:
    """A run where all have seen as many digits: what was measured last until then and the best until then, and
    `values`, what a setting was at its beginning and is there, by the names of those that differ. Its own, as of now,
    are `digits`, `newest` and `best`."""

    run: RunFacts
    fork: Fork | None
    values: dict[str, tuple[Any, Any]]
    there: Measured | None
    best_until_there: Measured | None
    digits: int
    newest: Measured | None
    best: Measured | None
    test: Evaluation | None = None
    """What it read of all test digits there, or last before."""
    alone: int | None = None
    """How many of them it misreads and all others read right; None where one has not read them."""


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


def compare(runs: Sequence[RunFacts], of: Digits | None = None) -> Comparison:
    """The runs in their order; `of` is their data set, without which nothing is known digit by digit."""
    digits = min((run.digits_seen for run in runs), default=0)
    validated = all(run.newest("validation") is not None for run in runs)
    name = "validation" if validated else "training"
    there = [settings_at(run, digits) for run in runs]
    begun = [
        last if run.parent is not None and digits < run.parent.digits else begun_with(run)
        for run, last in zip(runs, there, strict=True)
    ]
    differ = tuple(
        field.name
        for field in fields(Settings)
        if any(len({getattr(each, field.name) for each in settings}) > 1 for settings in (begun, there))
    )
    rows = tuple(
        ComparedRun(
            run,
            run.parent,
            {field: (getattr(first, field), getattr(last, field)) for field in differ},
            run.history.measured(name, digits, "digits"),
            best(run.history, name, digits, run.epoch),
            run.digits_seen,
            run.history.measured(name, run.digits_seen, "digits"),
            best(run.history, name, run.digits_seen, run.epoch),
            *single,
        )
        for run, first, last, single in zip(runs, begun, there, _alone(runs, digits, of), strict=True)
    )
    return Comparison(rows, digits, name, differ, any(field in differ for field in ORDER))


def _alone(
    runs: Sequence[RunFacts], digits: int, of: Digits | None
) -> list[tuple[Evaluation | None, int | None]]:
    """What each run has read of all test digits once it had seen so many digits, and how many it alone misreads."""
    if of is None:
        return [(None, None)] * len(runs)
    found = []
    for run in runs:
        kept = [each for each in run.readings.test if each.digits <= digits]
        found.append(kept[-1].evaluation("test", of.test) if kept else None)
    known = [each for each in found if each is not None]
    if len(known) < len(runs):
        return [(each, None) for each in found]
    return [(each, len(which)) for each, which in zip(known, misread_alone(known, of.test), strict=True)]


def settings_at(run: RunFacts, digits: int) -> Settings:
    """The settings of a run once it had seen so many digits."""
    if run.moment is not None and digits >= run.digits_seen:
        return run.moment.settings
    begin = 0 if run.parent is None else run.parent.digits
    known = begun_with(run) if digits >= begin else run.settings
    done = (act for act in run.history.interventions if isinstance(act, Changed))
    after = (act for act in done if act.digits <= digits and (digits < begin or act.digits > begin))
    changes = {name: new for act in after for name, _, new in act.changes}
    return replace(known, **changes)  # type: ignore[arg-type]


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
