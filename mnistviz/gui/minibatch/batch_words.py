"""The texts of the tab One step."""

import math
from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from mnistviz.engine.distortion import distorts
from mnistviz.engine.microscope.mini_batch import MiniBatch
from mnistviz.engine.microscope.step_summary import LeaveOneOut, StepSummary
from mnistviz.engine.network import Unit
from mnistviz.gui.common import numbers
from mnistviz.gui.common.bar_table import (
    BarTableCell,
    BarTableColumn,
    BarTableContent,
    BarTableLine,
    BarTableRow,
    Tone,
)
from mnistviz.gui.common.digit_verdict import batch_verdict, digit_verdict
from mnistviz.gui.common.numbers import number_text
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.unit_names import class_name, labelled_name
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.minibatch.batch_tiles import BatchLines

BatchOrder = Literal["order", "cost", "change"]
_SAME: Final = 5e-4  # smaller changes of a cost are not shown


def in_batch_order(batch: MiniBatch, order: BatchOrder) -> NDArray[np.intp]:
    if order == "order":
        return np.arange(len(batch), dtype=np.intp)
    by = batch.costs if order == "cost" else np.abs(batch.costs_after - batch.costs)
    return np.argsort(-by, kind="stable")


def cost_text(value: float) -> str:
    return number_text(value, 3 if abs(value) < 99.9995 else 1 if abs(value) < 9_999 else 0)


def tile_lines(
    batch: MiniBatch,
    classes: Sequence[str],
    lengths: NDArray[np.float64],
    place: int,
    unit: Unit | None = None,
) -> BatchLines:
    """Return the texts of a digit, with the error of a `unit`, by default of its true output."""
    verdict = batch_verdict(batch, classes, place)
    before, after = float(batch.costs[place]), float(batch.costs_after[place])
    right = bool(verdict.right)
    mark, tone = "", "muted"
    if abs(after - before) >= _SAME:
        mark, tone = ("▼ ", "right") if after < before else ("▲ ", "wrong")
    right_after = bool(batch.read_after[place] == batch.labels[place])
    if right != right_after:
        mark, tone = ("✓ ", "right") if right_after else ("✗ ", "wrong")
    most, costliest = max(float(lengths.max()), 1e-30), max(float(batch.costs.max()), 1e-30)
    layer, number = unit or (len(batch.layers), batch.labels[place])
    return BatchLines(
        verdict.from_label(),
        right,
        cost_text(before),
        before / costliest,
        mark + cost_text(after),
        tone,
        float(lengths[place]) / most,
        number_text(float(lengths[place]), 2),
        numbers.two_figures(float(batch.layers[layer - 1].delta[place, number])),
    )


def widest_line(classes: Sequence[str]) -> str:
    longest = max(range(len(classes)), key=lambda number: len(classes[number]))
    return replace(digit_verdict(longest, 0.0, classes, longest), right=False).from_label()


def line_heads(unit: str) -> tuple[str, str, str, str]:
    """Return the heads of the columns; the error is that of the `unit` of this name, or of the true output."""
    error = tr("δ of {unit}", unit=unit) if unit else tr("δ of the true output")
    return tr("cost"), tr("after"), tr("length of its gradient"), error


def digit_told(batch: MiniBatch, classes: Sequence[str], lengths: NDArray[np.float64], place: int) -> str:
    before, after = float(batch.costs[place]), float(batch.costs_after[place])
    values = {
        "place": numbers.whole(place + 1),
        "count": numbers.whole(len(batch)),
        "number": numbers.whole(int(batch.numbers[place])),
        "name": labelled_name(classes, int(batch.labels[place]), int(batch.true_labels[place])),
        "read": class_name(classes, int(batch.read[place])),
        "then": class_name(classes, int(batch.read_after[place])),
        "before": cost_text(before),
        "after": cost_text(after),
        "length": number_text(float(lengths[place]), 2),
    }
    told = tr("Digit {place} of {count}: training digit {number}. It is {name}, read as {read}.")
    if batch.read[place] != batch.read_after[place]:
        told = tr(
            "Digit {place} of {count}: training digit {number}. It is {name}, read as {read}, and after the step as "
            "{then}."
        )
    if abs(after - before) < _SAME:
        change = tr("Its cost stays at {before}.")
    elif after < before:
        change = tr("Its cost goes from {before} to {after}: better.")
    else:
        change = tr("Its cost goes from {before} to {after}: worse.")
    gradient = tr("The gradient of its own cost has the length {length}.")
    verdict = batch_verdict(batch, classes, place)
    doubt = tr("Its highest output is {output}: {doubt}.") if verdict.doubt else ""
    values |= {"output": verdict.figure, "doubt": verdict.doubt}
    return " ".join(each.format(**values) for each in (told, doubt, change, gradient) if each)


def title(batch: MiniBatch) -> str:
    return tr("Mini-batch {number}", number=batch.step + 1)


def note(batch: MiniBatch, *, is_next: bool) -> str:
    """Return what is special about a mini-batch, or an empty text."""
    parts = []
    if is_next:
        parts.append(tr("the next one, worked out on a copy"))
    if batch.masks:
        parts.append(tr("with dropout"))
    if distorts(batch.settings):
        parts.append(tr("distorted"))
    if (batch.labels != batch.true_labels).any():
        parts.append(tr("✓: as its label says"))
    return " · ".join(parts)


def worked_out(done: int, of: int) -> str:
    if not of:
        return tr("The mini-batch is being worked out.")
    return tr("The run is replayed up to this mini-batch: {percent} %", percent=100 * done // of)


def nothing_yet(shown: Shown) -> str:
    what = tr(
        "One mini-batch appears here: each of its digits, what it was read as, and its cost before and after the step."
    )
    is_loaded = shown.digits is not None and shown.run is not None
    how = tr("The run is about to begin.") if is_loaded else tr("First the digits must be loaded.")
    return f"{what}\n{how}"


MOST_ROWS: Final = 8


def books_table(batch: MiniBatch, books: StepSummary, note: str = "") -> BarTableContent:
    """Return the table of predicted and actual change, for these digits and for others, and of changed predictions."""
    count, others = numbers.whole(len(batch)), numbers.whole(books.of_others)
    values = [books.predicted, books.actual, books.others_after - books.others_before]
    texts = numbers.changes(values)
    full = max(map(abs, values)) or 1.0
    names = (tr("predicted"), tr("actual"), tr("others"))
    rows = tuple(
        BarTableRow(name, (BarTableCell(value / full, text, outline=not at),))
        for at, (name, value, text) in enumerate(zip(names, values, texts, strict=True))
    )
    above = (
        BarTableLine(tr("What the step does"), "text", True),
        BarTableLine(tr("to the mean cost; predicted: −η‖∇C‖², η {eta}", eta=numbers.rounded(batch.eta, 4))),
        *([BarTableLine(note)] if note else []),
    )
    own, other = (len(books.won), len(books.lost)), (len(books.others_won), len(books.others_lost))
    below = (
        BarTableLine(_changed_sides(*own, count, own=True), _tone(*own)),
        BarTableLine(_changed_sides(*other, others, own=False), _tone(*other)),
        BarTableLine(_achieved(books)),
        BarTableLine(tr("others: the first {count} validation digits", count=others)),
    )
    column = BarTableColumn(tr("◂ falls   rises ▸"), "change", "−2.59 × 10⁻¹²")
    aloud = ". ".join(
        [*(f"{name} {text}" for name, text in zip(names, texts, strict=True)), *(x.text for x in below)]
    )
    return BarTableContent(above, (column,), rows, below, aloud)


def _tone(won: int, lost: int) -> Tone:
    return "muted" if won == lost else "right" if won > lost else "wrong"


def _achieved(books: StepSummary) -> str:
    share = books.actual / books.predicted if books.predicted < 0 else np.nan
    if not np.isfinite(share):
        return tr("The gradient predicts no change.")
    if share < 0:
        return tr("The cost of these digits rose: the step is too long.")
    return tr("{percent} % of what was predicted.", percent=round(100 * share))


def _changed_sides(won: int, lost: int, count: str, *, own: bool) -> str:
    text = tr("these {count}: ✓ {won} won, ✗ {lost} lost")
    if not own:
        text = tr("others: ✓ {won} won, ✗ {lost} lost")
    return text.format(count=count, won=numbers.whole(won), lost=numbers.whole(lost))


def blame_table(
    batch: MiniBatch, result: LeaveOneOut, classes: Sequence[str], of_others: int
) -> BarTableContent:
    """Return the table of the digits that changed the cost of others most: what lowers it is green and negative."""
    order = result.order[:MOST_ROWS]
    values = [float(result.others[place]) for place in order]
    texts = _short(values)
    full = max(map(abs, values), default=0.0) or 1.0
    rows = tuple(
        BarTableRow(
            _digit_name(batch, classes, place),
            (BarTableCell(value / full, text), BarTableCell(0.0, numbers.whole(int(result.differ[place])))),
            number=place,
        )
        for place, value, text in zip(order.tolist(), values, texts, strict=True)
    )
    above = (
        BarTableLine(tr("Digit with most effect"), "text", True),
        BarTableLine(
            tr(
                "What each digit did to {count} others: the change of their mean cost, and how many are read "
                "differently.",
                count=numbers.whole(of_others),
            )
        ),
    )
    below = (BarTableLine(_strongest(batch, result, classes), "text"),)
    columns = (
        BarTableColumn(tr("cost"), "change", max(["−0.00010", *texts], key=len)),
        BarTableColumn(tr("digits"), "plain", "1,000"),
    )
    aloud = ". ".join(f"{row.name} {text}" for row, text in zip(rows, texts, strict=True))
    return BarTableContent(above, columns, rows, below, aloud)


def _short(values: Sequence[float]) -> list[str]:
    """Return changes of a cost in one format: two figures of the largest, or powers of ten if all are very small."""
    largest = max(map(abs, values), default=0.0)
    if not 1e-6 <= largest < 1e6:
        powers = zip(("−" if value < 0 else "+" for value in values), values, strict=True)
        return [sign + numbers.one_figure(abs(value)) if value else "0" for sign, value in powers]
    decimals = max(2, 1 - math.floor(math.log10(largest)))
    return [numbers.number_text(value, decimals, sign=True) for value in values]


def _digit_name(batch: MiniBatch, classes: Sequence[str], place: int) -> str:
    verdict = batch_verdict(batch, classes, place).from_label()
    return tr("{place}.  {verdict}", place=place + 1, verdict=verdict)


def _strongest(batch: MiniBatch, effects: LeaveOneOut, classes: Sequence[str]) -> str:
    place = int(effects.order[0])
    if not effects.others[place]:
        return tr("No digit changes the cost of the others.")
    text = tr("Digit {place}, a {name}, has most effect: it raises the cost of the others.")
    if effects.others[place] < 0:
        text = tr("Digit {place}, a {name}, has most effect: it lowers the cost of the others.")
    return text.format(place=numbers.whole(place + 1), name=class_name(classes, int(batch.labels[place])))
