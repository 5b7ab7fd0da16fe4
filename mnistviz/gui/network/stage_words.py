"""The texts of a mini-batch stage in the network card: the table, the formula of the selected part, and notes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication

from mnistviz.engine.microscope.formulas import (
    back_error,
    gradient_terms,
    output_error,
    step_scales,
    weight_step,
)
from mnistviz.engine.microscope.mini_batch import MiniBatch
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
from mnistviz.gui.common.digit_verdict import batch_verdict
from mnistviz.gui.common.numbers import number_text
from mnistviz.gui.common.unit_names import class_name, input_name, labelled_name, unit_name, unit_title
from mnistviz.gui.common.widgets import translated
from mnistviz.gui.lab.in_card import BatchStage
from mnistviz.gui.network.card_words import AGAINST, ANSWER, FOR
from mnistviz.gui.network.selection import Selected

translate = QCoreApplication.translate

Array = NDArray[Any]
MOST_ROWS: Final = 10  # units of the next layer
_SMALL: Final = 5e-3  # numbers of a column below this use powers of ten


def signed(value: float, decimals: int = 3, *, error: float = 0.0) -> str:
    """Return a short number with its sign: +0.012, −4·10⁻⁵. If half of it or more may be `error`, return its largest
    magnitude instead: ±1·10⁻⁷."""
    if error and abs(value) <= 2 * error:
        return "±" + plain(abs(value) + error)
    if not np.isfinite(value) or value == 0 or abs(value) >= 0.5 * 10.0**-decimals:
        return number_text(value, decimals if abs(value) < 99.9 else 0, sign=True)
    return ("+" if value > 0 else "−") + numbers.one_figure(abs(value))


def plain(value: float, *, error: float = 0.0) -> str:
    return signed(value, error=error).removeprefix("+")


def in_one_form(values: Array, errors: Array) -> list[str]:
    """Return the numbers of a column: with decimals, or with powers of ten if even the largest is small."""
    if np.abs(values).max() < _SMALL:
        return [signed(float(value), error=float(off)) for value, off in zip(values, errors, strict=True)]
    return [number_text(float(value), 3, sign=True) for value in values]


# The line above the network


def place_told(stage: BatchStage) -> tuple[str, str, str]:
    batch, digit = stage.batch, stage.digit
    values = {
        "place": numbers.whole(digit + 1),
        "count": numbers.whole(len(batch)),
        "number": numbers.whole(int(batch.numbers[digit])),
        "name": labelled_name(stage.classes, int(batch.labels[digit]), int(batch.true_labels[digit])),
    }
    return (
        translate("NetworkCard", "Mini-batch {number}").format(number=numbers.whole(batch.step + 1)),
        translate("NetworkCard", "digit {place} of {count}, a “{name}” · training digit {number}").format(
            **values
        ),
        translate("NetworkCard", "digit {place} of {count}").format(**values),
    )


def layer_notes(stage: BatchStage, quiet: int, units: int) -> list[str]:
    """Return what the open layer's pictures show, from long to short; `quiet` of its `units` are almost blank."""
    count = numbers.whole(len(stage.batch))
    if stage.name == "gradient":
        text, short = translate("NetworkCard", "∂C/∂w of this digit"), translate("NetworkCard", "∂C/∂w")
        if stage.all_of_them:
            text = translate("NetworkCard", "∂C/∂w, the mean of {count} digits").format(count=count)
    elif stage.name == "step" and stage.all_of_them:
        text = translate("NetworkCard", "the step of the weights")
        short = translate("NetworkCard", "the step")
    elif stage.name == "step":
        text = translate("NetworkCard", "this digit's part of the step")
        short = translate("NetworkCard", "its part")
    elif stage.name == "after":
        text = short = translate("NetworkCard", "after the step")
    else:
        text = short = translate("NetworkCard", "before the step")
    if stage.name in ("gradient", "step") and quiet:
        long = translate("NetworkCard", "{text} · next to none in {quiet} of {units}")
        return [long.format(text=text, quiet=numbers.whole(quiet), units=numbers.whole(units)), text, short]
    return [text, short]


def legends(stage: BatchStage) -> list[str]:
    activation = translate("NetworkCard", "{bar} activation").format(bar=ANSWER)
    if stage.name not in ("back", "gradient", "step"):
        return [activation, ""]
    errors = translate("NetworkCard", "{orange} δ above 0   {blue} below 0")
    if stage.name == "step":
        errors = translate("NetworkCard", "{orange} bias up   {blue} down")
    errors = errors.format(orange=FOR, blue=AGAINST)
    if stage.name == "gradient":
        way = translate("NetworkCard", "the step goes the other way")
        return [f"{activation}   {errors}   {way}", f"{activation}   {errors}", errors, ""]
    return [f"{activation}   {errors}", errors, ""]


def before_notes() -> list[str]:
    return [translate("NetworkCard", "│ before the step"), translate("NetworkCard", "│ before"), ""]


def measure(stage: BatchStage, largest: float, error: float) -> list[str]:
    """Return how large a layer's δ is, from long to short, if the stage shows it; `error` is its rounding error."""
    if stage.name not in ("back", "gradient"):
        return [""]
    value = plain(largest, error=error)
    return [translate("NetworkCard", "δ up to {value}").format(value=value), value]


# The table


def table(stage: BatchStage, selected: Selected) -> BarTableContent:
    if stage.name in ("forward", "after"):
        return BarTableContent()
    unit, last = selected.unit, len(stage.batch.layers)
    if stage.name == "step":
        return _step_table(stage, max(1, selected.layer))
    if stage.name == "back" and unit is not None and unit.layer < last:
        return _back_table(stage, unit)
    return _error_table(stage)


def _verdict(stage: BatchStage) -> tuple[BarTableLine, BarTableLine]:
    batch, digit = stage.batch, stage.digit
    prediction = batch_verdict(batch, stage.classes, digit)
    costs = translate("NetworkCard", "output {output} · cost {cost}").format(
        output=prediction.figure, cost=number_text(float(batch.costs[digit]), 3)
    )
    tone: Tone = "text" if prediction.doubt else "right" if prediction.right else "wrong"
    return BarTableLine(prediction.line, tone, True), BarTableLine(costs)


def _error_table(stage: BatchStage) -> BarTableContent:
    batch, digit = stage.batch, stage.digit
    cost, function = batch.before.cost_function, batch.before.functions[-1]
    columns = [
        BarTableColumn("a", "share", "0.00"),
        BarTableColumn("y", "plain", "1"),
        BarTableColumn("a − y", "signed", "+0.00"),
        BarTableColumn(function.slope, "share", "0.000", not cost.by_slope),
        BarTableColumn("δ", "signed", "−4·10⁻⁵"),
    ]
    whole = stage.name == "error"
    wanted = (True, True, whole, whole and not function.shares, True)
    read, label = int(batch.read[digit]), int(batch.labels[digit])
    rows = []
    made = batch.layers[-1]
    errors, inputs = in_one_form(made.delta[digit], made.delta_error[digit]), made.z[digit]
    for output in range(len(stage.classes)):
        at = output_error(batch, digit, output)
        counts = abs(at.error) >= 0.005 or output == label
        cells = [
            BarTableCell(at.a, number_text(at.a), output == read),
            BarTableCell(0.0, numbers.whole(round(at.y)), at.y > 0.5),
            BarTableCell(at.error, number_text(at.error, sign=True), counts),
            BarTableCell(
                at.slope / function.steepest, number_text(at.slope, 3), counts, z=float(inputs[output])
            ),
            BarTableCell(at.delta / cost.largest_delta, errors[output], counts),
        ]
        cells = [cell for cell, is_wanted in zip(cells, wanted, strict=True) if is_wanted]
        rows.append(
            BarTableRow(
                class_name(stage.classes, output), tuple(cells), output == label, output == read, output
            )
        )
    columns = [column for column, is_wanted in zip(columns, wanted, strict=True) if is_wanted]
    formula = translate("NetworkCard", "(BP1)  {formula}").format(formula=cost.formula)
    meaning = translated(cost.meaning)
    if stage.name == "back":
        meaning = translate("NetworkCard", "Point at a unit: what it gets back from each output.")
    above = *_verdict(stage), BarTableLine(formula, "text"), BarTableLine(meaning)
    full = number_text(cost.largest_delta, 3 if cost.by_slope else 0)
    below = translate("NetworkCard", "a full bar of δ: {full}").format(full=full)
    return BarTableContent("", above, tuple(columns), tuple(rows), (BarTableLine(below),), _aloud(rows))


def _aloud(rows: Sequence[BarTableRow]) -> str:
    return ". ".join(f"{row.name}: {', '.join(cell.text for cell in row.cells)}" for row in rows)


def _back_table(stage: BatchStage, unit: Unit) -> BarTableContent:
    """Return the table of (BP2) at a hidden unit: the largest terms from the units of the next layer."""
    batch, (layer, number) = stage.batch, unit
    sizes = batch.before.sizes
    terms = back_error(batch, stage.digit, unit)
    outputs = layer == len(sizes) - 2
    if outputs and len(terms.products) <= MOST_ROWS:
        order = list(range(len(terms.products)))
    else:
        order = np.argsort(-np.abs(terms.products), kind="stable")[:MOST_ROWS].tolist()
    full_weight = float(np.abs(terms.weights).max()) or 1.0
    full_delta = float(np.abs(terms.deltas).max()) or 1.0
    full = float(np.abs(terms.products).max()) or 1.0
    deltas = in_one_form(terms.deltas, terms.deltas_error)
    products = in_one_form(terms.products, terms.products_error)
    rows = tuple(
        BarTableRow(
            class_name(stage.classes, each) if outputs else numbers.whole(each + 1),
            (
                BarTableCell(
                    float(terms.weights[each]) / full_weight,
                    number_text(float(terms.weights[each]), sign=True),
                ),
                BarTableCell(float(terms.deltas[each]) / full_delta, deltas[each]),
                BarTableCell(float(terms.products[each]) / full, products[each], True),
            ),
            outputs and each == int(batch.labels[stage.digit]),
            outputs and each == int(batch.read[stage.digit]),
            each if outputs else None,
        )
        for each in order
    )
    columns = (
        BarTableColumn(translate("NetworkCard", "weight"), "signed", "+0.00"),
        BarTableColumn(translate("NetworkCard", "× δ"), "signed", "−4·10⁻⁵"),
        BarTableColumn(translate("NetworkCard", "= w · δ"), "signed", "−4·10⁻⁵"),
    )
    slope = batch.before.functions[0].slope
    title = unit_title(layer, number, sizes, stage.classes)
    formula = translate("NetworkCard", "(BP2)  δ = sum of w · δ, times {slope}").format(slope=slope)
    above = [BarTableLine(formula, "text")]
    if len(order) < len(terms.products):
        text = translate("NetworkCard", "the {count} units that give most, of {all}")
        count, every = numbers.whole(len(order)), numbers.whole(len(terms.products))
        above.append(BarTableLine(text.format(count=count, all=every)))
    below = (BarTableLine(_back_sum(batch, stage.digit, unit), "text", True),)
    return BarTableContent(title, tuple(above), columns, rows, below, _aloud(rows))


def _back_sum(batch: MiniBatch, digit: int, unit: Unit) -> str:
    """Return the error as a sum of terms times the slope, and with dropout times the mask."""
    terms = back_error(batch, digit, unit)
    values = {
        "total": signed(terms.total, error=terms.total_error), "slope": number_text(terms.slope, 3),
        "delta": signed(terms.delta, error=terms.delta_error), "mask": number_text(terms.mask),
    }  # fmt: skip
    if batch.masks and not terms.mask:
        return translate("NetworkCard", "{total} × {slope} × 0 = 0: dropout leaves it out").format(**values)
    if batch.masks:
        return translate("NetworkCard", "{total} × {slope} × {mask} (dropout) = {delta}").format(**values)
    return translate("NetworkCard", "{total} × {slope} = {delta}").format(**values)


def _step_table(stage: BatchStage, layer: int) -> BarTableContent:
    batch = stage.batch
    scale = step_scales(batch)[layer - 1]
    named = [
        ("gradient", translate("NetworkCard", "gradient")),
        ("momentum", translate("NetworkCard", "momentum")),
        ("decay", translate("NetworkCard", "decay")),
        ("moved", translate("NetworkCard", "together")),
    ]
    sizes = {part: float(np.abs(batch.parts.of_layer(part, layer - 1)[0]).max()) for part, _ in named}
    most = max(sizes.values()) or 1.0
    rows = tuple(
        BarTableRow(name, (BarTableCell(sizes[part] / most, plain(sizes[part]), part == "moved"),))
        for part, name in named
        if part in ("gradient", "moved") or sizes[part] > 0
    )
    values = {"largest": plain(scale.largest), "weights": number_text(scale.weights, 2)}
    title = translate("NetworkCard", "The step of layer {number}").format(number=numbers.whole(layer))
    eta = translate("NetworkCard", "η {eta}").format(eta=numbers.rounded(batch.eta, 4))
    count = numbers.whole(len(batch))
    mean = translate("NetworkCard", "{eta}, the gradient is the mean of {count} digits")
    above = BarTableLine(_update(batch), "text"), BarTableLine(mean.format(eta=eta, count=count))
    largest = translate("NetworkCard", "The largest step is {largest}; the weights are about {weights}.")
    below = [
        BarTableLine(largest.format(**values), "text", True),
        BarTableLine(translate("NetworkCard", "Point at a weight: what moves it.")),
    ]
    if not stage.all_of_them:
        alone = translate(
            "NetworkCard", "The pictures show what this digit alone adds: −η/{count} · its ∂C/∂w."
        )
        below.append(BarTableLine(alone.format(count=count)))
    columns = (BarTableColumn(translate("NetworkCard", "largest change"), "share", "−4·10⁻⁵"),)
    aloud = ". ".join(line.text for line in (*above, *below))
    return BarTableContent(title, above, columns, rows, tuple(below), aloud)


def _update(batch: MiniBatch) -> str:
    if batch.settings.momentum and batch.settings.weight_decay:
        return translate("NetworkCard", "v → μ · v − η · (∂C/∂w + λ/n · w),  w → w + v")
    if batch.settings.momentum:
        return translate("NetworkCard", "v → μ · v − η · ∂C/∂w,  w → w + v")
    if batch.settings.weight_decay:
        return translate("NetworkCard", "w → (1 − ηλ/n) · w − η · ∂C/∂w")
    return translate("NetworkCard", "w → w − η · ∂C/∂w")


# The line below the network


def formula(stage: BatchStage, selected: Selected) -> Sequence[str]:
    unit, output, last = selected.unit, selected.output, len(stage.batch.layers)
    hidden = unit is not None and (unit.layer < last or last == 1)
    if stage.name == "gradient" and unit is not None and hidden:
        return _gradient_formula(stage, unit, selected.cell)
    if stage.name == "step" and unit is not None and hidden:
        return _step_formula(stage, unit, selected.cell)
    if stage.name == "back" and unit is not None and unit.layer < last:
        name = unit_name(*unit, stage.batch.before.sizes, stage.classes)
        text = translate("NetworkCard", "(BP2)  δ = Σ w·δ × {slope}    {name}:  {sum}")
        short = translate("NetworkCard", "{name}:  {sum}")
        values = {
            "slope": stage.batch.before.functions[0].slope,
            "name": name,
            "sum": _back_sum(stage.batch, stage.digit, unit),
        }
        return [each.format(**values) for each in (text, short)]
    if stage.name in ("error", "back", "gradient") and output is not None:
        return _error_formula(stage, output)
    return ()


def _error_formula(stage: BatchStage, output: int) -> list[str]:
    at, cost = output_error(stage.batch, stage.digit, output), stage.batch.before.cost_function
    filled_in = cost.numbers.format(
        a=number_text(at.a, 3), y=numbers.whole(round(at.y)), error=number_text(at.error, 3, sign=True),
        derivative=number_text(at.derivative, 3, sign=True), slope=number_text(at.slope, 3),
        delta=signed(at.delta, error=at.delta_error),
    )  # fmt: skip
    values = {"name": class_name(stage.classes, output), "formula": cost.formula, "numbers": filled_in}
    texts = (
        translate("NetworkCard", "(BP1)  {formula}    output “{name}”:  {numbers}"),
        translate("NetworkCard", "output “{name}”:  {numbers}"),
    )
    lines = [text.format(**values) for text in texts]
    if cost.by_slope and abs(at.error) > 0.5 and at.slope < 0.05:
        flat = translate("NetworkCard", "{formula}    very wrong, but σ is flat there")
        return [flat.format(formula=lines[0]), *lines]
    return lines


def _named(stage: BatchStage, unit: Unit, cell: int | None) -> str:
    sizes = stage.batch.before.sizes
    name = unit_name(*unit, sizes, stage.classes)
    if cell is None:
        return name
    return translate("NetworkCard", "{unit}, {place}").format(
        unit=name, place=input_name(unit.layer, cell, sizes)
    )


def _gradient_formula(stage: BatchStage, unit: Unit, cell: int | None) -> list[str]:
    batch, digit = stage.batch, None if stage.all_of_them else stage.digit
    terms = gradient_terms(batch, digit, unit, cell)
    values = {
        "name": _named(stage, unit, cell),
        "gradient": signed(terms.gradient, error=terms.gradient_error),
    }
    if digit is not None:
        delta = signed(float(terms.deltas[0]), error=float(terms.deltas_error[0]))
        values |= {"a": number_text(float(terms.activations[0])), "delta": delta}
        if cell is None:
            texts = (
                translate("NetworkCard", "(BP3)  ∂C/∂b = δ    {name}:  {delta}"),
                translate("NetworkCard", "{name}:  δ = {delta}"),
            )
        else:
            texts = (
                translate("NetworkCard", "(BP4)  ∂C/∂w = a · δ    {name}:  {a} × {delta} = {gradient}"),
                translate("NetworkCard", "{name}:  {a} × {delta} = {gradient}"),
            )
        return [text.format(**values) for text in texts]
    if not terms.products.any():
        sign = "(BP3)" if cell is None else "(BP4)"
        none = (
            translate("NetworkCard", "{sign}  {name}:  0 for each digit of the mini-batch"),
            translate("NetworkCard", "{name}:  0 for each digit"),
            translate("NetworkCard", "{name}:  0"),
        )
        return [text.format(sign=sign, **values) for text in none]
    strongest = int(np.abs(terms.products).argmax())
    error = float(abs(terms.activations[strongest]) * terms.deltas_error[strongest])
    most = signed(float(terms.products[strongest]), error=error)
    values |= {"place": numbers.whole(strongest + 1), "most": most, "count": numbers.whole(len(batch))}
    long = translate(
        "NetworkCard",
        "(BP4)  mean of a · δ    {name}:  {gradient}, the mean of {count} digits; digit {place} gives most, {most}",
    )
    if cell is None:
        long = translate(
            "NetworkCard",
            "(BP3)  mean of δ    {name}:  {gradient}, the mean of {count} digits; digit {place} gives most, {most}",
        )
    wordings = (
        long,
        translate("NetworkCard", "{name}:  {gradient}; digit {place} gives most, {most}"),
        translate("NetworkCard", "{name}:  {gradient}"),
    )
    return [text.format(**values) for text in wordings]


def _step_formula(stage: BatchStage, unit: Unit, cell: int | None) -> list[str]:
    step = weight_step(stage.batch, unit, cell)
    gradient = signed(step.gradient, 4, error=step.gradient_error)
    parts = [translate("NetworkCard", "{value} gradient").format(value=gradient)]
    if step.momentum:
        parts.append(translate("NetworkCard", "{value} momentum").format(value=signed(step.momentum, 4)))
    if step.decay:
        parts.append(translate("NetworkCard", "{value} decay").format(value=signed(step.decay, 4)))
    values = {
        "name": _named(stage, unit, cell),
        "update": _update(stage.batch),
        "before": number_text(step.before, 4),
        "after": number_text(step.after, 4),
        "parts": "  ".join(parts),
    }
    texts = (
        translate("NetworkCard", "{update}    {name}:  {before}  {parts}  =  {after}"),
        translate("NetworkCard", "{name}:  {before}  {parts}  =  {after}"),
        translate("NetworkCard", "{name}:  {before} → {after}"),
    )
    if cell is None:
        texts = (
            translate("NetworkCard", "bias of {name}:  {before}  {parts}  =  {after}"),
            translate("NetworkCard", "bias of {name}:  {before} → {after}"),
            translate("NetworkCard", "{name}:  {before} → {after}"),
        )
    return [text.format(**values) for text in texts]


def symbols() -> str:
    return translate(
        "NetworkCard",
        "z: weighted input. a: activation. y: what an output should be. σ′(z): slope of the activation function. "
        "δ: error, ∂C/∂z. C: cost. w: weight. b: bias. η: learning rate. ±: not 0 for certain, since float32 rounds.",
    )
