"""The comparison of runs as a file: a CSV of plain numbers, or the table as Markdown."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from mnistviz.engine.history import Measured
from mnistviz.engine.run_note import as_comment
from mnistviz.gui.lab.run_names import run_name
from mnistviz.gui.runs.comparison import ComparedRun, Comparison
from mnistviz.gui.runs.seed_ranges import SeedRange


def as_csv(found: Comparison, ranges: Sequence[SeedRange], note: str = "") -> str:
    """Return a CSV line for each run. Accuracies are 0 to 1, unknown values empty. `accuracy` was measured after
    `accuracy_digits`, `seeds_median` over `seeds` repeats after `seeds_digits`; settings are those at the compared
    place. `note` follows as comments."""
    runs = [row.run for row in found.rows]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for number, (row, seeds) in enumerate(zip(found.rows, ranges, strict=True)):
        figures = {
            "run": row.run.letter,
            "name": run_name(row.run, runs),
            "set": found.set_name,
            **_measured("accuracy", row.there),
            **_measured("best", row.best_until_there),
            **_of_seeds(seeds),
            "test_accuracy": None if row.test is None else row.test.accuracy,
            "misread_by_it_alone": row.alone,
            "digits": row.digits,
            **_measured("newest", row.newest),
            **dict(_settings(row, found.fields)),
        }
        if number == 0:
            writer.writerow(figures)
        writer.writerow(figures.values())
    return text.getvalue() + as_comment(note)


def as_markdown(table: Sequence[Sequence[str]], note: str) -> str:
    head, *rows = [[_cell(each) for each in row] for row in table]
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join([*(f"| {' | '.join(line)} |" for line in lines), "", note, ""])


def _measured(name: str, measured: Measured | None) -> dict[str, object]:
    digits = None if measured is None else measured.digits
    return {name: None if measured is None else round(measured.accuracy, 6), f"{name}_digits": digits}


def _of_seeds(seeds: SeedRange) -> dict[str, object]:
    spread = seeds.spread
    return {
        "seeds": 0 if spread is None else spread.n,
        "seeds_median": None if spread is None else round(spread.median, 6),
        "seeds_lowest": None if spread is None else round(spread.lowest, 6),
        "seeds_highest": None if spread is None else round(spread.highest, 6),
        "seeds_digits": None if spread is None else seeds.digits,
    }


def _settings(row: ComparedRun, fields: Sequence[str]) -> Iterator[tuple[str, object]]:
    for field in fields:
        value = row.values[field][1]
        yield field, "-".join(map(str, value)) if isinstance(value, tuple) else value


def _cell(text: str) -> str:
    return " ".join(text.replace("\\", "\\\\").replace("|", "\\|").split())
