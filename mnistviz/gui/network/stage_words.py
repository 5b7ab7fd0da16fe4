"""The content of a mini-batch stage in the place of the scratchpad, in numbers and words, and notes on the pictures."""

from collections.abc import Container, Iterable, Sequence
from typing import Any, Final, Literal, NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from mnistviz.engine.functions import Activation
from mnistviz.engine.microscope.formulas import (
    BackError,
    back_error,
    gradient_terms,
    output_error,
    step_scales,
    weight_step,
)
from mnistviz.engine.microscope.mini_batch import MiniBatch
from mnistviz.engine.network import Unit
from mnistviz.gui.common import numbers
from mnistviz.gui.common.digit_verdict import digit_verdict
from mnistviz.gui.common.numbers import number_text, two_figures
from mnistviz.gui.common.texts import tr, translated
from mnistviz.gui.common.unit_names import class_name, input_name, labelled_name, unit_name, with_article
from mnistviz.gui.lab.in_card import BatchStage
from mnistviz.gui.network.card_words import AGAINST, ANSWER, FOR
from mnistviz.gui.network.selection import Selected

Array = NDArray[Any]
MOST_ROWS: Final = 10  # units of the next layer
_COUNTS: Final = 0.02  # an error below this is shown quietly
_FLAT: Final = 0.2  # of the steepest slope
_NOTHING: Final = 0.04  # of the steepest slope
_MUCH: Final = 0.25  # of the largest sum: a unit that gets more than this and keeps little is named


class StageLine(NamedTuple):
    """A line of text, from long to short, and the point of an activation function whose curve is drawn after it."""

    wordings: Sequence[str] = ("",)
    function: Activation | None = None
    z: float = 0.0


class StageColumn(NamedTuple):
    """A column: `text` ends at the right below its head; `signed` bars begin in the middle, the bars of a `sum` where
    the one above ends; a `curve` marks a point of the activation function. `widest` is a text as long as any."""

    kind: Literal["text", "signed", "sum", "curve"]
    head: str = ""
    widest: str = ""
    function: Activation | None = None


class StageCell(NamedTuple):
    """A text, or a value: the share of a full bar, or the z of a curve."""

    text: str = ""
    value: float = 0.0
    bold: bool = False


class StageRow(NamedTuple):
    """An output, or a unit. The `true` one has a ring, the predicted one (`read`) the accent colour."""

    name: str
    cells: tuple[StageCell, ...]
    true: bool = False
    read: bool = False
    number: int | None = None


_Part = tuple[StageColumn, list[StageCell]]


class StageProduct(Struct, frozen=True, eq=False):
    """(BP4) in pictures: the inputs of a unit, (n_in,), times its δ, a share of the largest, make its gradient; the
    activations of the last hidden layer, (k,), times the `deltas` of the outputs, (K,), make theirs, (K, k). The mean
    of all has the digits, uint8 (m, n_in), that change the unit most, and their shares of the largest δ instead."""

    heads: tuple[str, str, str]
    inputs: Array | None
    delta: float
    delta_text: str
    gradient: Array
    limit: float
    titles: tuple[str, str, str]
    activations: Array | None
    deltas: Array | None
    outputs: Array
    outputs_limit: float
    names: tuple[str, ...]
    chosen: int | None
    digits: NDArray[np.uint8]
    digits_deltas: Array


class StageContent(Struct, frozen=True, eq=False):
    """The part of a stage in numbers: the digit, uint8 (n_in,), formula, worked example and what it teaches, and a row
    for each output, with their `total`, or a product in pictures."""

    digit: NDArray[np.uint8]
    equation: str
    worked: StageLine
    punch: StageLine
    columns: tuple[StageColumn, ...] = ()
    rows: tuple[StageRow, ...] = ()
    total: StageRow | None = None
    product: StageProduct | None = None

    @property
    def aloud(self) -> str:
        rows = self.rows if self.total is None else (*self.rows, self.total)
        told = (f"{row.name}: {', '.join(cell.text for cell in row.cells if cell.text)}" for row in rows)
        return ". ".join((self.equation, self.worked.wordings[0], self.punch.wordings[0], *told))


def signed(value: float, error: float = 0.0) -> str:
    """Return a number to two digits. If half of it or more may be `error`, return its largest magnitude: ±1.2·10⁻⁷."""
    if error and abs(value) <= 2 * error:
        return "±" + plain(abs(value) + error)
    return two_figures(value)


def plain(value: float, error: float = 0.0) -> str:
    return signed(value, error).removeprefix("+")


def place_told(stage: BatchStage) -> tuple[str, str, str]:
    batch, digit = stage.batch, stage.digit
    label, true = int(batch.labels[digit]), int(batch.true_labels[digit])
    name = labelled_name(stage.classes, label, true)
    values = {
        "place": numbers.whole(digit + 1),
        "count": numbers.whole(len(batch)),
        "name": with_article(name) if label == true else name,
    }
    return (
        tr("Mini-batch {number}", number=batch.step + 1),
        tr("digit {place} of {count}, {name}", **values),
        tr("digit {place} of {count}", **values),
    )


def layer_notes(stage: BatchStage, quiet: int, units: int) -> list[str]:
    """Return what the open layer's pictures show, from long to short; `quiet` of its `units` have next to none."""
    before, of_cost = tr("before the step"), "∂C/∂w"
    if stage.name == "back":
        return [tr("δ: next to none in {quiet} of {units}", quiet=quiet, units=units), "δ"]
    if stage.name == "after":
        return [tr("after the step"), before, ""]
    named = {
        ("gradient", False): (tr("what this digit alone would change"), of_cost),
        ("gradient", True): (tr("∂C/∂w, the mean of {count} digits", count=len(stage.batch)), of_cost),
        ("step", False): (tr("this digit's part of the step"), tr("its part")),
        ("step", True): (tr("the step of the weights"), tr("the step")),
    }
    return [*named.get((stage.name, stage.all_of_them), (before, before)), ""]


def legends(stage: BatchStage, largest: str) -> list[str]:
    """Return the legends of the bars, from long to short; `largest` is the δ of a full bar."""
    activation = tr("{bar} activation", bar=ANSWER)
    if stage.name not in ("back", "gradient", "step"):
        return [activation, ""]
    errors = tr("{orange} too active   {blue} too quiet")
    if stage.name == "step":
        errors = tr("{orange} bias up   {blue} down")
    errors = errors.format(orange=FOR, blue=AGAINST)
    full = tr("full bar: δ {value}", value=largest)
    return [
        *([f"{activation}   {errors}   {full}"] if stage.name == "back" else ()),
        f"{activation}   {errors}",
        errors,
        "",
    ]


def measure(stage: BatchStage, largest: str) -> list[str]:
    """Return how large a layer's δ is, from long to short, if the stage shows it."""
    if stage.name not in ("back", "gradient"):
        return [""]
    return [tr("δ up to {value}", value=largest), largest]


def content(stage: BatchStage, selected: Selected) -> StageContent:
    unit = stage.worked_unit(selected.layer, selected.unit)
    if stage.name == "forward":
        return _forward(stage, selected)
    if stage.name == "back" and unit is not None:
        return _back(stage, unit)
    if stage.name == "gradient" and unit is not None:
        return _gradient(stage, unit, selected.cell if unit == selected.unit else None)
    if stage.name == "step":
        return _step(stage, selected)
    return _after(stage) if stage.name == "after" else _error(stage, selected.output)


def _texts(head: str, widest: str, texts: Iterable[str], bold: Container[int] = ()) -> _Part:
    """Return a column of texts, of which those in the rows `bold` are bold."""
    return StageColumn("text", head, widest), [
        StageCell(text, bold=at in bold) for at, text in enumerate(texts)
    ]


def _drawn(column: StageColumn, values: Iterable[float]) -> _Part:
    return column, [StageCell(value=float(value)) for value in values]


def _table(
    stage: BatchStage, *parts: _Part, units: Sequence[int] | None = None, of_outputs: bool = True
) -> tuple[tuple[StageColumn, ...], tuple[StageRow, ...]]:
    """Return columns, with a row for each output, or for each of the `units` of the next layer."""
    columns, cells = zip(*parts, strict=True)
    label, read = (int(each[stage.digit]) for each in (stage.batch.labels, stage.batch.read))
    rows = []
    for row, at in zip(zip(*cells, strict=True), units or range(len(cells[0])), strict=True):
        if of_outputs:
            rows.append(StageRow(class_name(stage.classes, at), row, at == label, at == read, at))
        else:
            rows.append(StageRow(numbers.whole(at + 1), row))
    return columns, tuple(rows)


def _figures(values: Iterable[float], decimals: int = 2, *, sign: bool = False) -> list[str]:
    return [number_text(float(value), decimals, sign=sign) for value in values]


def _forward(stage: BatchStage, selected: Selected) -> StageContent:
    batch, digit, classes = stage.batch, stage.digit, stage.classes
    made, last = batch.layers[-1], len(batch.layers) - 1
    parts = batch.before.weights[-1] * batch.inputs_of(last)[digit]
    favour, against = parts.clip(min=0).sum(axis=1), parts.clip(max=0).sum(axis=1)
    z, a, bias = made.z[digit], made.a[digit], batch.before.biases[-1]
    function, read = batch.before.functions[-1], int(batch.read[digit])
    balance = [_figures(values, 1, sign=True) for values in (favour, against, bias, z)]
    table = _table(
        stage,
        _texts(tr("for"), "+99.9", balance[0]),
        _texts(tr("against"), "−99.9", balance[1]),
        _texts(tr("bias"), "−9.9", balance[2]),
        _drawn(StageColumn("signed"), z / (np.abs(z).max() or 1.0)),
        _texts("z", "−99.9", balance[3], {read}),
        *(() if function.shares else (_drawn(StageColumn("curve", function=function), z),)),
        _texts("a", "0.00", _figures(a), {read}),
    )
    name = tr("softmax") if function.shares else _sign(function)
    equation = tr("z = Σ w · a + b,  a = {function}(z)", function=name)
    verdict = digit_verdict(
        read, float(a[read]), classes, int(batch.labels[digit]), true_label=int(batch.true_labels[digit])
    )
    punch = tr("The largest output is the prediction: {verdict}.", verdict=verdict.line)
    return StageContent(
        batch.images[digit], equation, StageLine(_forward_worked(stage, selected, balance)),
        StageLine([punch, verdict.line]), *table,
    )  # fmt: skip


def _forward_worked(stage: BatchStage, selected: Selected, balance: Sequence[Sequence[str]]) -> list[str]:
    batch, digit, classes, last = stage.batch, stage.digit, stage.classes, len(stage.batch.layers)
    if selected.unit is not None and selected.unit.layer < last:
        layer, number = selected.unit
        own = batch.layers[layer - 1]
        z, a = float(own.z[digit, number]), float(own.a[digit, number])
        name = unit_name(layer, number, batch.before.sizes, classes)
        return [tr("{name}: z = {z}, a = {a}", name=name, z=number_text(z, sign=True), a=number_text(a))]
    at = int(batch.read[digit]) if selected.output is None else selected.output
    values = {
        **dict(zip(("for", "against", "bias", "z"), (texts[at] for texts in balance), strict=True)),
        "name": class_name(classes, at),
        "a": number_text(float(batch.outputs[digit, at])),
    }
    return [
        tr("output {name}: {for} {against} {bias} = {z},  a = {a}", **values),
        tr("{name}: {for} {against} {bias} = {z}, a = {a}", **values),
        tr("{name}: z = {z}, a = {a}", **values),
    ]


def _sign(function: Activation) -> str:
    return function.slope[0]


def _error(stage: BatchStage, chosen: int | None) -> StageContent:
    batch, digit = stage.batch, stage.digit
    cost, function = batch.before.cost_function, batch.before.functions[-1]
    label, made = int(batch.labels[digit]), batch.layers[-1]
    terms = [output_error(batch, digit, output) for output in range(len(made.a[digit]))]
    texts = [signed(at.delta, at.delta_error) for at in terms]
    counts = {at for at, each in enumerate(terms) if abs(each.error) >= _COUNTS or at == label}
    slopes = (
        _drawn(StageColumn("curve", function=function), made.z[digit]),
        _texts(function.slope, "0.00041", (plain(at.slope) for at in terms), counts),
    )
    table = _table(
        stage,
        _texts("a", "0.00", _figures(at.a for at in terms), {int(batch.read[digit])}),
        _texts("y", "0", (numbers.whole(round(at.y)) for at in terms), {label}),
        _drawn(StageColumn("signed"), (at.error for at in terms)),
        _texts("a − y", "−0.00", _figures((at.error for at in terms), sign=True), counts),
        *(slopes if cost.by_slope and not function.shares else ()),
        _drawn(StageColumn("signed"), (at.delta / cost.largest_delta for at in terms)),
        _texts("δ", "+4.3·10⁻⁵", texts, counts),
    )
    output = label if chosen is None else chosen
    at = terms[output]
    filled_in = cost.numbers.format(
        a=number_text(at.a, 3), y=numbers.whole(round(at.y)), error=number_text(at.error, 3, sign=True),
        derivative=number_text(at.derivative, 3, sign=True), slope=plain(at.slope), delta=texts[output],
    )  # fmt: skip
    worked = tr("output {name}:  {numbers}", name=class_name(stage.classes, output), numbers=filled_in)
    punch = [translated(cost.meaning)]
    if cost.by_slope and abs(at.error) > 0.5 and at.slope < 0.05:
        punch = [
            tr("It is very wrong, and hardly learns: σ is flat there."),
            tr("Very wrong, but σ is flat there."),
        ]
        if abs(at.error) > 0.9:
            punch = [tr("It is as wrong as can be, and hardly learns: σ is flat there."), *punch]
    return StageContent(
        batch.images[digit], cost.formula, StageLine([worked, filled_in]), StageLine(punch), *table
    )


def _back(stage: BatchStage, unit: Unit) -> StageContent:
    """Return (BP2) at a hidden unit: the terms of all units of the next layer, or of those that give most."""
    batch, digit, sizes = stage.batch, stage.digit, stage.batch.before.sizes
    terms, outputs = back_error(batch, digit, unit), unit.layer == len(sizes) - 2
    order = np.arange(len(terms.products))
    if not outputs or len(order) > MOST_ROWS:
        order = np.sort(np.argsort(-np.abs(terms.products), kind="stable")[:MOST_ROWS])
    deltas, products = terms.deltas[order], terms.products[order]
    counts = {*np.flatnonzero(np.abs(products) >= 0.002 * (np.abs(products).max() or 1.0)).tolist()}
    columns, rows = _table(
        stage,
        _texts("δ", "−4.3·10⁻⁵", map(signed, deltas.tolist(), terms.deltas_error[order].tolist())),
        _drawn(StageColumn("signed"), deltas / (np.abs(terms.deltas).max() or 1.0)),
        _texts(tr("w of {unit}", unit=unit.number + 1), "−9.99", _figures(terms.weights[order], sign=True)),
        _texts(
            "w · δ", "−4.3·10⁻⁵", map(signed, products.tolist(), terms.products_error[order].tolist()), counts
        ),
        _drawn(StageColumn("sum", tr("added up")), products),
        units=order.tolist(),
        of_outputs=outputs,
    )
    name = unit_name(*unit, sizes, ())
    blank = StageCell()
    total = signed(terms.total, terms.total_error)
    told = tr("what {unit} gets", unit=name)
    sums = StageRow(told, (blank, blank, blank, StageCell(total, bold=True), StageCell(value=terms.total)))
    function = batch.before.functions[unit.layer - 1]
    equation = tr("δˡ = (wˡ⁺¹)ᵀ δˡ⁺¹ ⊙ {sign}′(zˡ)", sign=_sign(function))
    worked = tr("{unit}: δ = {sum}", unit=name, sum=_back_sum(batch, terms))
    z = float(batch.layers[unit.layer - 1].z[digit, unit.number])
    return StageContent(
        batch.images[digit], equation, StageLine([worked, _back_sum(batch, terms)], function, z),
        _gets_most(stage, unit.layer), columns, rows, sums,
    )  # fmt: skip


def _gets_most(stage: BatchStage, layer: int) -> StageLine:
    """Return a line on the unit that gets most among those that keep little of it, or on what all get."""
    batch, digit = stage.batch, stage.digit
    function, made = batch.before.functions[layer - 1], batch.layers[layer - 1]
    told = batch.layers[layer].delta[digit] @ batch.before.weights[layer]
    flat = np.where(made.slope[digit] < _FLAT * function.steepest, np.abs(told), 0)
    most = int(flat.argmax())
    if flat[most] < _MUCH * np.abs(told).max() or not flat[most]:
        text = tr("Each unit gets δ by its own weights, and keeps it where {sign} is steep.")
        return StageLine([text.format(sign=_sign(function))])
    texts = [
        tr("{unit} gets {total}, and keeps little: {sign} is flat there."),
        tr("{unit} keeps little: {sign} is flat there."),
    ]
    if made.slope[digit, most] < _NOTHING * function.steepest:
        texts = [
            tr("{unit} gets {total}, and keeps nothing: {sign} is flat there."),
            tr("{unit} keeps nothing: {sign} is flat there."),
        ]
    name = tr("Unit {number}", number=most + 1)
    values = {"unit": name, "total": two_figures(float(told[most])), "sign": _sign(function)}
    return StageLine([text.format(**values) for text in texts], function, float(made.z[digit, most]))


def _back_sum(batch: MiniBatch, terms: BackError) -> str:
    """Return the error as a sum of terms times the slope, and with dropout times the mask."""
    values = {
        "total": signed(terms.total, terms.total_error), "slope": plain(terms.slope),
        "delta": signed(terms.delta, terms.delta_error), "mask": number_text(terms.mask),
    }  # fmt: skip
    if batch.masks and not terms.mask:
        return tr("{total} × {slope} × 0 = 0: dropout leaves it out", **values)
    if batch.masks:
        return tr("{total} × {slope} × {mask} (dropout) = {delta}", **values)
    return tr("{total} × {slope} = {delta}", **values)


def _gradient(stage: BatchStage, unit: Unit, cell: int | None) -> StageContent:
    batch, digit, alone = stage.batch, stage.digit, not stage.all_of_them
    layer, number, last = unit.layer - 1, unit.number, len(stage.batch.layers) - 1
    gradients = [batch.own_nabla_w(digit, each) if alone else batch.nabla_w[each] for each in (layer, last)]
    if cell is None:  # the weight that changes most
        cell = int(np.abs(gradients[0][number]).argmax())
    deltas = np.abs(batch.layers[layer].delta[digit])
    delta = float(batch.layers[layer].delta[digit, number])
    name = unit_name(*unit, batch.before.sizes, stage.classes)
    hidden = len(batch.layers) > 1
    outgoing = gradients[1] if hidden else np.zeros((0, 0))
    count, values = numbers.whole(outgoing.shape[1]), {"name": name}
    heads = (
        tr("a, the digit") if not layer else tr("a, layer {number}", number=layer),
        tr("δ of {name}", **values),
        tr("∂C/∂w of {name}", **values),
    )
    full = float(np.abs(outgoing).max()) if outgoing.size else 0.0
    titles = (
        tr("To the outputs"),
        tr("a of {count} units · δ of the outputs", count=count),
        tr("full {value}", value=plain(full)),
    )
    own = batch.layers[layer].delta[:, number]
    most = np.sort(np.argsort(-np.abs(own), kind="stable")[:MOST_ROWS])
    largest = float(np.abs(own).max()) or 1.0
    product = StageProduct(
        heads, batch.inputs_of(layer)[digit] if alone else None, delta / (float(deltas.max()) or 1.0), signed(delta),
        gradients[0][number], float(np.abs(gradients[0]).max()) or 1.0, titles,
        batch.inputs_of(len(batch.layers) - 1)[digit] if alone and hidden else None,
        batch.layers[-1].delta[digit] if alone else None, outgoing, full or 1.0,
        tuple(class_name(stage.classes, each) for each in range(len(outgoing))),
        number if hidden and layer == len(batch.layers) - 2 else None, batch.images[most], own[most] / largest,
    )  # fmt: skip
    punch = [
        tr("Where the paper is white, a = 0: those weights learn nothing from this digit."),
        tr("Where a = 0, weights learn nothing."),
    ]
    equation = "∂C/∂w = a · δ"
    if not alone:
        equation = tr("∂C/∂w = mean of a · δ")
        punch = [tr("Each digit pulls its own way: the step follows the mean.")]
    return StageContent(
        batch.images[digit], equation, StageLine(_gradient_worked(stage, unit, cell)), StageLine(punch),
        product=product,
    )  # fmt: skip


def _gradient_worked(stage: BatchStage, unit: Unit, cell: int) -> list[str]:
    batch, digit, sizes = stage.batch, None if stage.all_of_them else stage.digit, stage.batch.before.sizes
    terms = gradient_terms(batch, digit, unit, cell)
    values = {
        "place": input_name(unit.layer, cell, sizes),
        "name": unit_name(*unit, sizes, stage.classes),
        "gradient": signed(terms.gradient, terms.gradient_error),
    }
    if digit is not None:
        delta = signed(float(terms.deltas[0]), float(terms.deltas_error[0]))
        values |= {"a": number_text(float(terms.activations[0])), "delta": delta}
        return [
            tr("{place}, {name}: {a} × {delta} = {gradient}", **values),
            tr("{name}: {a} × {delta} = {gradient}", **values),
            tr("{a} × {delta} = {gradient}", **values),
        ]
    strongest = int(np.abs(terms.products).argmax())
    error = float(abs(terms.activations[strongest]) * terms.deltas_error[strongest])
    values |= {"digit": numbers.whole(strongest + 1), "most": signed(float(terms.products[strongest]), error)}
    return [
        tr("{place}, {name}: {gradient}; digit {digit} gives most, {most}", **values),
        tr("{name}: {gradient}; digit {digit} gives most, {most}", **values),
        tr("{name}: {gradient}", **values),
    ]


def _step(stage: BatchStage, selected: Selected) -> StageContent:
    batch, last = stage.batch, len(stage.batch.layers)
    steps = [weight_step(batch, Unit(last, output), None) for output in range(batch.before.sizes[-1])]
    moves = [step.after - step.before for step in steps]
    full = max(map(abs, moves)) or 1.0
    table = _table(
        stage,
        _texts(tr("bias before"), "−9.999", _figures((at.before for at in steps), 3, sign=True)),
        _drawn(StageColumn("signed"), (move / full for move in moves)),
        _texts(tr("its step"), "−4.3·10⁻⁵", map(two_figures, moves), range(len(moves))),
        _texts(tr("after"), "−9.999", _figures((at.after for at in steps), 3, sign=True)),
    )
    unit, cell = stage.worked_unit(selected.layer, selected.unit), selected.cell
    assert unit is not None
    if unit != selected.unit:
        cell = int(np.abs(batch.parts.of_layer("moved", unit.layer - 1)[0][unit.number]).argmax())
    scale = step_scales(batch)[unit.layer - 1]
    values = {"largest": plain(scale.largest), "weights": number_text(scale.weights, 2)}
    long = tr("The largest step of the layer is {largest}; its weights are about {weights}.", **values)
    punch = StageLine([long, tr("Largest step {largest}, weights about {weights}.", **values)])
    worked = StageLine(_step_worked(stage, unit, cell))
    return StageContent(batch.images[stage.digit], update(batch), worked, punch, *table)


def update(batch: MiniBatch) -> str:
    if batch.settings.momentum and batch.settings.weight_decay:
        return tr("v → μ · v − η · (∂C/∂w + λ/n · w),  w → w + v")
    if batch.settings.momentum:
        return tr("v → μ · v − η · ∂C/∂w,  w → w + v")
    return tr("w → (1 − ηλ/n) · w − η · ∂C/∂w") if batch.settings.weight_decay else tr("w → w − η · ∂C/∂w")


def _step_worked(stage: BatchStage, unit: Unit, cell: int | None) -> list[str]:
    step, sizes = weight_step(stage.batch, unit, cell), stage.batch.before.sizes
    parts = [two_figures(step.gradient)]
    if step.momentum:
        parts.append(tr("{value} (momentum)", value=two_figures(step.momentum)))
    if step.decay:
        parts.append(tr("{value} (decay)", value=two_figures(step.decay)))
    values = {
        "place": tr("bias") if cell is None else input_name(unit.layer, cell, sizes),
        "name": unit_name(*unit, sizes, stage.classes),
        "before": number_text(step.before, 4),
        "after": number_text(step.after, 4),
        "parts": " ".join(parts),
    }
    return [
        tr("{name}, {place}: {before} {parts} = {after}", **values),
        tr("{name}: {before} {parts} = {after}", **values),
        tr("{name}: {before} → {after}", **values),
    ]


def _after(stage: BatchStage) -> StageContent:
    batch, digit, classes = stage.batch, stage.digit, stage.classes
    before, after, label = batch.outputs[digit], batch.outputs_after[digit], int(batch.labels[digit])
    table = _table(
        stage,
        _texts(tr("a before"), "0.00", _figures(before), {int(batch.read[digit])}),
        _drawn(StageColumn("signed"), after - before),
        _texts(tr("change"), "−0.00", _figures(after - before, sign=True)),
        _texts(tr("a after"), "0.00", _figures(after), {int(batch.read_after[digit])}),
        _texts("y", "0", (numbers.whole(int(at == label)) for at in range(len(before))), {label}),
    )
    costs = [number_text(float(each[digit]), 3) for each in (batch.costs, batch.costs_after)]
    worked = tr("cost {before} → {after}", before=costs[0], after=costs[1])
    verdicts = [
        digit_verdict(int(read[digit]), None, classes, label, true_label=int(batch.true_labels[digit])).line
        for read in (batch.read, batch.read_after)
    ]
    punch = tr("As before: {after}.", after=verdicts[1])
    if verdicts[0] != verdicts[1]:
        punch = tr("Before: {before}. After: {after}.", before=verdicts[0], after=verdicts[1])
    return StageContent(
        batch.images[digit], tr("After the step"), StageLine([worked]),
        StageLine([punch]), *table,
    )  # fmt: skip


def symbols() -> str:
    return tr(
        "z: weighted input. a: activation. y: what an output should be. σ′(z): slope of the activation function. "
        "δ: error, ∂C/∂z. C: cost. w: weight. b: bias. η: learning rate. ±: not 0 for certain, since float32 rounds."
    )
