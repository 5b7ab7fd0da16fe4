"""The predicted and actual effect of a step, and the digit with the largest effect, as tables of values and texts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QCoreApplication

from mnistviz.engine.microscope.bookkeeping import Bookkeeping, LeaveOneOut
from mnistviz.engine.microscope.mini_batch import MiniBatch
from mnistviz.gui.common import numbers
from mnistviz.gui.common.bar_table import (
    BarTableCell,
    BarTableColumn,
    BarTableContent,
    BarTableLine,
    BarTableRow,
    Tone,
)
from mnistviz.gui.common.class_names import class_name
from mnistviz.gui.common.digit_verdict import batch_verdict

translate = QCoreApplication.translate

MOST_ROWS: Final = 8
_WIDEST: Final = "−2.59 × 10⁻¹²"


def books_table(batch: MiniBatch, books: Bookkeeping) -> BarTableContent:
    """Return the table of predicted and actual change, for these digits and for others, and of changed predictions."""
    count, others = numbers.whole(len(batch)), numbers.whole(books.of_others)
    values = [books.predicted, books.actual, books.others_after - books.others_before]
    texts = numbers.changes(values)
    full = max(map(abs, values)) or 1.0
    names = (
        translate("MiniBatch", "predicted"),
        translate("MiniBatch", "actual"),
        translate("MiniBatch", "others"),
    )
    rows = tuple(
        BarTableRow(name, (BarTableCell(value / full, text, True, outline=not at),))
        for at, (name, value, text) in enumerate(zip(names, values, texts, strict=True))
    )
    eta = numbers.rounded(batch.eta, 4)
    above = (
        BarTableLine(translate("MiniBatch", "What the step does"), "text", True),
        BarTableLine(translate("MiniBatch", "to the mean cost; predicted: −η‖∇C‖², η {eta}").format(eta=eta)),
    )
    own, other = (len(books.won), len(books.lost)), (len(books.others_won), len(books.others_lost))
    below = (
        BarTableLine(_changed_sides(*own, count, own=True), _tone(*own)),
        BarTableLine(_changed_sides(*other, others, own=False), _tone(*other)),
        BarTableLine(_achieved(books)),
        BarTableLine(
            translate("MiniBatch", "others: the first {count} validation digits").format(count=others)
        ),
    )
    head = translate("MiniBatch", "◂ falls   rises ▸")
    aloud = ". ".join(
        [*(f"{name} {text}" for name, text in zip(names, texts, strict=True)), *(x.text for x in below)]
    )
    return BarTableContent("", above, (BarTableColumn(head, "change", _WIDEST),), rows, below, aloud)


def _tone(won: int, lost: int) -> Tone:
    """Return green if more digits were won than lost, red if fewer."""
    return "muted" if won == lost else "right" if won > lost else "wrong"


def _achieved(books: Bookkeeping) -> str:
    """Return which share of the predicted change came about."""
    share = books.actual / books.predicted if books.predicted < 0 else np.nan
    if not np.isfinite(share):
        return translate("MiniBatch", "The gradient predicts no change.")
    if share < 0:
        return translate("MiniBatch", "The cost of these digits rose: the step is too long.")
    return translate("MiniBatch", "{percent} % of what was predicted.").format(
        percent=numbers.whole(round(100 * share))
    )


def _changed_sides(won: int, lost: int, count: str, *, own: bool) -> str:
    """Return how many digits became correct, and how many became wrong."""
    text = translate("MiniBatch", "these {count}: ✓ {won} won, ✗ {lost} lost")
    if not own:
        text = translate("MiniBatch", "others: ✓ {won} won, ✗ {lost} lost")
    return text.format(count=count, won=numbers.whole(won), lost=numbers.whole(lost))


def blame_table(
    batch: MiniBatch, found: LeaveOneOut, classes: Sequence[str], of_others: int
) -> BarTableContent:
    """Return the table of the digits that changed the cost of others most: what lowers it is green and negative."""
    order = found.order[:MOST_ROWS]
    values = [float(found.others[place]) for place in order]
    texts = _short(values)
    full = max(map(abs, values), default=0.0) or 1.0
    rows = tuple(
        BarTableRow(
            _digit_name(batch, classes, int(place)),
            (
                BarTableCell(value / full, text, True),
                BarTableCell(0.0, numbers.whole(int(found.differ[place]))),
            ),
            number=int(place),
        )
        for place, value, text in zip(order, values, texts, strict=True)
    )
    others = numbers.whole(of_others)
    above = (
        BarTableLine(translate("MiniBatch", "Which digit has most effect?"), "text", True),
        BarTableLine(
            translate(
                "MiniBatch",
                "What each digit did to {count} others: the change of their mean cost, and how many are read "
                "differently.",
            ).format(count=others)
        ),
    )
    below = (BarTableLine(_strongest(batch, found, classes), "text"),)
    columns = (
        BarTableColumn(translate("MiniBatch", "cost"), "change", max(["−0.00010", *texts], key=len)),
        BarTableColumn(translate("MiniBatch", "digits"), "plain", "1,000"),
    )
    aloud = ". ".join(f"{row.name} {text}" for row, text in zip(rows, texts, strict=True))
    return BarTableContent("", above, columns, rows, below, aloud, cut=True)


def _short(values: Sequence[float]) -> list[str]:
    """Return changes of a cost in one format: two figures of the largest, or powers of ten if all are very small."""
    largest = max(map(abs, values), default=0.0)
    if not 1e-6 <= largest < 1e6:
        return [
            ("−" if value < 0 else "+") + numbers.one_figure(abs(value)) if value else "0" for value in values
        ]
    decimals = max(2, 1 - math.floor(math.log10(largest)))
    return [numbers.number_text(value, decimals, sign=True) for value in values]


def _digit_name(batch: MiniBatch, classes: Sequence[str], place: int) -> str:
    return translate("MiniBatch", "{place}.  {verdict}").format(
        place=numbers.whole(place + 1), verdict=batch_verdict(batch, classes, place).from_label()
    )


def _strongest(batch: MiniBatch, effects: LeaveOneOut, classes: Sequence[str]) -> str:
    place = int(effects.order[0])
    if not effects.others[place]:
        return translate("MiniBatch", "No digit changes the cost of the others.")
    text = translate(
        "MiniBatch", "Digit {place}, a {name}, has most effect: it raises the cost of the others."
    )
    if effects.others[place] < 0:
        text = translate(
            "MiniBatch", "Digit {place}, a {name}, has most effect: it lowers the cost of the others."
        )
    name = class_name(classes, int(batch.labels[place]))
    return text.format(place=numbers.whole(place + 1), name=name)
