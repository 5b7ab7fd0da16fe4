"""Differences between runs as values, and as a file: a CSV of plain numbers, or the table as Markdown."""

import csv
import io
from collections.abc import Sequence
from typing import Any, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from mnistviz.engine.acts import Changed
from mnistviz.engine.columns import Columns
from mnistviz.engine.digits import Digits
from mnistviz.engine.history import Measured
from mnistviz.engine.moment import Evaluation, Reading, SetName
from mnistviz.engine.settings import SETTINGS, Settings
from mnistviz.engine.settings_file import as_comment
from mnistviz.gui.lab.run_names import begun_with, run_name
from mnistviz.gui.lab.shown import RunFacts
from mnistviz.gui.runs.seed_ranges import SeedRange


class ComparedRun(Struct, frozen=True):
    """A run in a comparison, where the runs are compared: its accuracy and its mean cost, and the differing settings at
    its start and there, by name. A run that has not learned, or not for long enough to be compared, has neither."""

    run: RunFacts
    values: dict[str, tuple[Any, Any]]
    there: Measured | None
    cost: float | None
    test: Evaluation | None = None
    """Its test predictions after as many digits as all runs have them for, or else the last ones before that."""


class Comparison(Struct, frozen=True):
    """The runs and the number of `digits` after which they are compared: the last common measurement on the same
    digits, or else the fewest that any has seen, without runs that have not learned and those `left_out`, which are so
    short that with them only a part of the set could be compared. `set_name` is the measured set."""

    rows: tuple[ComparedRun, ...]
    digits: int
    set_name: str
    fields: tuple[str, ...]
    left_out: tuple[RunFacts, ...] = ()


def compare(runs: Sequence[RunFacts], of: Digits | None = None) -> Comparison:
    """Compare runs, in their order; `of` is their data set, without which test digits are not compared."""
    learned = [run for run in runs if run.digits_seen] or runs
    validated = all(run.newest("validation") is not None for run in learned)
    name: SetName = "validation" if validated else "training"
    compared = _comparable(learned, name, of)
    least = min((run.digits_seen for run in compared), default=0)
    place = _common_place(compared, name, least, of)
    digits = least if place is None else place.digits
    left_out = tuple(run for run in learned if run not in compared)
    there = [settings_at(run, digits) for run in runs]
    begun = [
        last if run.parent is not None and digits < run.parent.digits else begun_with(run)
        for run, last in zip(runs, there, strict=True)
    ]
    differ = tuple(
        name
        for name in SETTINGS
        if any(len({getattr(each, name) for each in settings}) > 1 for settings in (begun, there))
    )
    if place is None:
        accuracies = {run.number: run.history.measured(name, digits, "digits") for run in compared}
    else:
        accuracies = {run.number: _read_at(run, name, place, of) for run in compared}
    tested = dict(zip((run.number for run in compared), _tests(compared, digits, of), strict=True))
    whole = max((run.history.costs.span for run in compared), default=1)
    rows = tuple(
        ComparedRun(
            run,
            {field: (getattr(first, field), getattr(last, field)) for field in differ},
            accuracies.get(run.number),
            run.cost_at(run.nearest_step(digits), whole) if run.number in accuracies else None,
            tested.get(run.number),
        )
        for run, first, last in zip(runs, begun, there, strict=True)
    )
    return Comparison(rows, digits, name, differ, left_out)


def _comparable(runs: Sequence[RunFacts], name: SetName, of: Digits | None) -> Sequence[RunFacts]:
    """Return the runs without the fewest shortest ones, so that two or more have a common measurement; or all."""
    by_digits = sorted(runs, key=lambda run: -run.digits_seen)
    for count in range(len(runs), 1, -1):
        some = [run for run in runs if run in by_digits[:count]]
        place = _common_place(some, name, min(run.digits_seen for run in some), of)
        if place is not None and not place.part:
            return some
    return runs


def _tests(runs: Sequence[RunFacts], digits: int, of: Digits | None) -> list[Evaluation | None]:
    """Return each run's last test evaluation after some training, up to `digits`: the common one if there is one."""
    if of is None:
        return [None] * len(runs)
    least = min(1, digits)
    readings = [
        {each.digits: each for each in run.readings.test if least <= each.digits <= digits} for run in runs
    ]
    common = set(readings[0]).intersection(*readings) if readings else set()
    last = [max(common or own, default=0) for own in readings]
    return [
        own[at].evaluation("test", of.test) if own else None for own, at in zip(readings, last, strict=True)
    ]


class _Place(NamedTuple):
    """A common measurement of runs: after how many digits, and on how many first digits of the set, 0 for all."""

    digits: int
    part: int


def _common_place(runs: Sequence[RunFacts], name: SetName, most: int, of: Digits | None) -> _Place | None:
    """Return the last common measurement of all runs up to `most` digits, or None if it lies before their last fork."""
    candidates = [_Place(_last_common([_exact(run.history.curves[name, 0], most) for run in runs]), 0)]
    for part in {part for run in runs for of_set, part in run.history.curves if of_set == name and part}:
        places = [
            _exact(run.history.curves.get((name, part), Columns()), most).union(
                each.digits for each in _whole_predictions(run, name, of) if each.digits <= most
            )
            for run in runs
        ]
        candidates.append(_Place(_last_common(places), part))
    last = max(candidates, key=lambda place: (place.digits, -place.part))
    forks = (0 if run.parent is None else run.parent.digits for run in runs)
    return last if last.digits > max(forks, default=0) else None


def _exact(columns: Columns, most: int) -> set[int]:
    """Return after how many digits a set was measured, without merged measurements."""
    rows = columns.rows
    places: list[int] = rows["last_digits"][(rows["count"] == 1) & (rows["last_digits"] <= most)].tolist()
    return set(places)


def _last_common(places: Sequence[set[int]]) -> int:
    return max(set.intersection(*places), default=0) if places else 0


def _whole_predictions(run: RunFacts, name: SetName, of: Digits | None) -> Sequence[Reading]:
    """Return a run's stored predictions for the whole set, which include those for its first digits."""
    return run.readings.validation if name == "validation" and of is not None else ()


def _read_at(run: RunFacts, name: SetName, place: _Place, of: Digits | None) -> Measured | None:
    if (columns := run.history.curves.get((name, place.part))) is not None:
        rows = columns.rows
        for row in rows[(rows["count"] == 1) & (rows["last_digits"] == place.digits)][-1:]:
            return Measured(float(row["total"]), int(row["last_step"]), place.digits, place.part)
    whole = next((each for each in _whole_predictions(run, name, of) if each.digits == place.digits), None)
    if whole is None or of is None:
        return None
    right = whole.predictions[: place.part] == of.validation.labels[: place.part]
    return Measured(float(right.mean()), whole.step, place.digits, place.part)


def settings_at(run: RunFacts, digits: int) -> Settings:
    if run.moment is not None and digits >= run.digits_seen:
        return run.moment.settings
    begin = 0 if run.parent is None else run.parent.digits
    known = begun_with(run) if digits >= begin else run.settings
    done = (act for act in run.history.interventions if isinstance(act, Changed))
    after = (act for act in done if act.digits <= digits and (digits < begin or act.digits > begin))
    return replace(known, **{name: new for act in after for name, _, new in act.changes})


def as_csv(comparison: Comparison, ranges: Sequence[SeedRange], note: str = "") -> str:
    """Return a CSV line for each run. Accuracies are 0 to 1, unknown values empty. `accuracy` was measured after
    `accuracy_digits`, `seeds_median` over `seeds` repeats after `seeds_digits`; settings are those at the compared
    place. `note` follows as comments."""
    runs = [row.run for row in comparison.rows]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for number, (row, seeds) in enumerate(zip(comparison.rows, ranges, strict=True)):
        figures = {
            "run": row.run.letter,
            "name": run_name(row.run, runs),
            "set": comparison.set_name,
            "accuracy": None if row.there is None else round(row.there.accuracy, 6),
            "accuracy_digits": None if row.there is None else row.there.digits,
            **_of_seeds(seeds),
            "test_accuracy": None if row.test is None else row.test.accuracy,
            "cost": row.cost,
            "digits": row.run.digits_seen,
        }
        for field in comparison.fields:
            value = row.values[field][1]
            figures[field] = "-".join(map(str, value)) if isinstance(value, tuple) else value
        if number == 0:
            writer.writerow(figures)
        writer.writerow(figures.values())
    return text.getvalue() + as_comment(note)


def as_markdown(table: Sequence[Sequence[str]], note: str) -> str:
    head, *rows = [
        [" ".join(text.replace("\\", "\\\\").replace("|", "\\|").split()) for text in row] for row in table
    ]
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join([*(f"| {' | '.join(line)} |" for line in lines), "", note, ""])


def _of_seeds(seeds: SeedRange) -> dict[str, object]:
    spread, names = seeds.spread, ("seeds", "seeds_median", "seeds_lowest", "seeds_highest", "seeds_digits")
    if spread is None:
        return {**dict.fromkeys(names), "seeds": 0}
    shares = (round(share, 6) for share in (spread.median, spread.lowest, spread.highest))
    return dict(zip(names, (spread.n, *shares, seeds.digits), strict=True))
