"""The texts of the network card, computed from values: verdict, balance, legends, and descriptions."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from msgspec import Struct, field
from numpy.typing import NDArray
from PySide6.QtCore import QLocale
from PySide6.QtGui import QFontMetrics

from mnistviz.engine.digits import PIXELS
from mnistviz.engine.evidence import Contributions, Path
from mnistviz.engine.fork import Origin
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network, Unit
from mnistviz.gui.common.digit_verdict import digit_verdict
from mnistviz.gui.common.numbers import epochs, number_text, rounded
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.unit_names import (
    class_name,
    input_name,
    layer_name,
    unit_name,
    unit_numbers,
    weight_text,
)
from mnistviz.gui.lab import moment_words
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.network.flow import BarScale, Flow

FOR: Final = "\ue000"
AGAINST: Final = "\ue001"
ANSWER: Final = "\ue002"  # placeholder of a legend for a square or bar in that colour
NO_OUTPUT: Final = -1


class OutputWords(Struct, frozen=True):
    """All texts of the column of outputs."""

    figures: tuple[str, ...] = ()
    winner: int = NO_OUTPUT
    word: str = ""
    reasons: tuple[str, ...] = ()
    right: bool | None = None
    truth: str = ""
    balance: tuple[str, ...] = ()
    """The contributions to a chosen output and their sum in a line, from long to short."""
    true: int = NO_OUTPUT  # the output of the label, if that is known

    @property
    def verdict(self) -> tuple[object, ...]:
        return self.word, self.reasons, self.right, self.truth

    def row(self, output: int) -> tuple[object, ...]:
        return output == self.winner, output == self.true, self.figures[output : output + 1]


class FootWords(Struct, frozen=True):
    """The line below the picture. Texts go from long to short."""

    legends: Sequence[str] = ("",)
    reading: Sequence[str] = ()  # description of the selected part, in place of the legends


class CardWords(Struct, frozen=True, eq=False):
    """All texts of the card. Alternatives go from long to short."""

    outputs: OutputWords = OutputWords()
    aloud: str = ""
    note: str = ""
    short_note: str = ""
    layer_notes: Sequence[str] = ("",)
    outputs_notes: Sequence[str] = ("",)
    output_tip: str = ""
    foot: FootWords = FootWords()
    measures: Mapping[int, Sequence[str]] = field(default_factory=dict)
    """For each layer, the average number of digits that a unit responds to."""


def verdict(
    flow: Flow,
    classes: Sequence[str],
    label: int | None,
    *,
    guess: bool,
    true_label: int | None = None,
    balanced: bool = False,
) -> OutputWords:
    """Return all texts of the column of outputs. `label` is the sample's label and `true_label` its true class, if
    known; `guess` marks an untrained network; `balanced` adds the balance of the explained output."""
    outputs, winner = flow.outputs, flow.winner
    names = class_names(classes, len(outputs))
    known = label if label is not None and label < len(names) else None
    result = digit_verdict(winner, float(outputs[winner]), classes, known, true_label=true_label)
    reasons = [] if result.right else [tr("output {output}")]
    if guess:
        reasons = [tr("only a guess")]
    elif result.doubt:
        reasons = [tr("{doubt}: {output}")]
    elif result.right is not False and len(outputs) > 1:  # there is no room for more than two lines
        reasons.append(_next(outputs.tolist(), winner, names))
    return OutputWords(
        figures=tuple(number_text(each) for each in outputs.tolist()),
        winner=winner,
        word=result.name,
        reasons=tuple(each.format(doubt=result.doubt, output=result.figure) for each in reasons),
        right=result.right,
        truth=result.truth,
        balance=balance(flow.explained, names) if balanced else (),
        true=NO_OUTPUT if known is None else known,
    )


def _next(outputs: list[float], winner: int, names: Sequence[str]) -> str:
    second = max((output, -number) for number, output in enumerate(outputs) if number != winner)
    return tr("second: {name}, {output}", name=names[-second[1]], output=number_text(second[0]))


def class_names(classes: Sequence[str], count: int) -> tuple[str, ...]:
    return tuple(class_name(classes, output) for output in range(count))


def no_verdict(*, drawn: bool, fits: bool) -> OutputWords:
    """Return the texts without a prediction: nothing is `drawn`, it does not fit, or a value is not finite."""
    reason = tr("The network has diverged: its numbers are not finite")
    if not drawn:
        reason = tr("Draw a digit")
    elif not fits:
        reason = tr("This network reads pictures of another size")
    return OutputWords(reasons=(reason,))


def units_told(shown: Shown, limit: float, *, learned: bool) -> str:
    values = {"when": when(shown), "limit": number_text(limit)}
    if learned:
        return tr("{when} · learned, full colour from ±{limit}", **values)
    return tr("{when} · weights, full colour from ±{limit}", **values)


def when(shown: Shown) -> str:
    """Return the run and the step that are shown, or the mixture."""
    if shown.preview is not None:
        return moment_words.preview(shown.preview)[0]
    letter = "" if shown.run is None else shown.run.letter
    step = "" if shown.moment is None else moment_words.step(shown)
    return tr("Run {letter} · mini-batch {step}", letter=letter, step=step)


def diverged() -> str:
    return tr(
        "This run has diverged: its weights are no longer numbers. "
        "Look back to an earlier mini-batch, or begin a new run with a lower learning rate."
    )


def aloud(words: OutputWords, classes: Sequence[str]) -> str:
    verdict = ". ".join(filter(None, (words.word, words.truth, *words.reasons)))
    names = class_names(classes, len(words.figures))
    rows = ", ".join(f"{name} {figure}" for name, figure in zip(names, words.figures, strict=True))
    return ". ".join(filter(None, (verdict, rows)))


def seen(layer: int | None) -> str:
    """Return the caption of the small picture: the pixels, or the contributions from a `layer` to a unit."""
    if layer is None:
        return "28 × 28"
    if layer == 0:
        return tr("evidence: pixel × weight of the unit")
    return tr("evidence: what the unit gets from layer {number}", number=layer)


def whole_parts(text: str, metrics: QFontMetrics, width: int) -> str:
    """Return as many parts of a text, separated by "·", as fit; a truncated part could be wrong."""
    parts = text.split(" · ")
    while parts and metrics.horizontalAdvance(" · ".join(parts)) > width:
        parts.pop()
    return " · ".join(parts)


def digits_a_unit(digits: float) -> list[str]:
    if not digits > 0:
        return [""]
    value = number_text(digits, 1)
    return [
        tr("on average, a unit reacts to {value} of 10 digits", value=value),
        tr("reacts to {value} of 10 digits", value=value),
        tr("{value} digits", value=value),
        value,
    ]


def path_units(path: Path, sizes: tuple[int, ...], output: str) -> list[str]:
    names = [unit_name(layer, unit, sizes, ()) for layer, unit in path.units]
    if len(sizes) > 3:
        names = [
            tr("{layer}, {unit}", layer=layer_name(layer, sizes), unit=name)
            for name, (layer, _) in zip(names, path.units, strict=True)
        ]
    numbers = (QLocale().toString(unit + 1) for _, unit in path.units)
    text = tr("strongest path to “{name}”: {units}")
    return [text.format(name=output, units=" ← ".join(each)) for each in (names, numbers)]


def path_ends(path: Path, sizes: tuple[int, ...]) -> list[str]:
    layer = path.units[-1][0] - 1 if path.units else len(sizes) - 2
    return [
        tr("The path ends: in hidden layer {number} no unit adds to the next", number=layer),
        tr("The path ends at hidden layer {number}", number=layer),
    ]


def balance(explained: Contributions, classes: Sequence[str]) -> tuple[str, ...]:
    """Return what adds up to the weighted input of an output, from long to short."""
    z = tr("z")
    if explained.rival is not None:
        name, other = class_name(classes, explained.output), class_name(classes, explained.rival)
        z = tr("z of {name} less z of {other}", name=name, other=other)
    values = {
        "in_favour": _short_number(explained.in_favour, sign=True), "against": _short_number(explained.against),
        "bias": _short_number(explained.bias, sign=True), "z": _short_number(explained.z, sign=True),
    }  # fmt: skip
    return (
        tr("for {in_favour}, against {against}, bias {bias} = {name} {z}", name=z, **values),
        tr("{in_favour}, {against}, bias {bias} = {name} {z}", name=z, **values),
        tr("{in_favour}, {against}, {bias} = {z}", **values),
    )


def _short_number(value: float, *, sign: bool = False) -> str:
    if 9_999.5 <= abs(value) < math.inf:
        text = QLocale().toString(abs(value), "e", 0)
        return f"−{text}" if value < 0 else f"+{text}" if sign else text
    return number_text(value, 1 if abs(value) < 99.95 else 0, sign=sign)


def subject(explained: Contributions, classes: Sequence[str]) -> str:
    name = class_name(classes, explained.output)
    if explained.rival is None:
        return name
    return tr("{name} rather than {other}", name=name, other=class_name(classes, explained.rival))


def unit_reading(
    moment: Moment,
    initial: Network | None,
    unit: Unit,
    cell: int | None,
    flow: Flow | None,
    classes: tuple[str, ...],
) -> list[str]:
    """Return what is known of a unit and of the weight to `cell`, from long to short: without the weight's change."""
    network = moment.network
    layer, number = unit
    name = unit_name(layer, number, network.sizes, classes)
    if len(network.sizes) > 3 and layer < len(network.sizes) - 1:
        name = tr("{layer}, {unit}", layer=layer_name(layer, network.sizes), unit=name)
    parts, more = [name], list[str]()
    if unit in moment.frozen:
        parts.append(tr("frozen"))
    if layer < len(network.sizes) - 1 and not network.weights[layer][:, number].any():
        parts.append(tr("switched off"))
    if flow is not None:
        more.append(tr("activation {value}", value=number_text(float(flow.activations[layer][number]))))
        if layer == len(network.sizes) - 2:
            value, name = float(flow.explained.contributions[number]), subject(flow.explained, classes)
            more.append(tr("adds {value} to output {name}", value=number_text(value, sign=True), name=name))
    more.append(unit_numbers(network, layer, number))
    if cell is None:
        return [" · ".join((*parts, *more))]
    weights = (weight_text(network, before, layer, number, cell) for before in (initial, None))
    return [" · ".join((*parts, weight, *more)) for weight in weights]


def output_reading(flow: Flow, output: int, classes: tuple[str, ...]) -> str:
    value = number_text(float(flow.outputs[output]), 4)
    text = tr("output “{name}”: {value}", name=class_name(classes, output), value=value)
    if flow.explained.output != output:
        return text
    rival = "" if flow.explained.rival is None else subject(flow.explained, classes)
    return " · ".join(filter(None, (text, rival)))


def pixel_reading(picture: NDArray[np.uint8], pixel: int) -> str:
    """Return the position of a pixel of the 28 × 28 and its ink, from 0 to 1."""
    ink = number_text(float(picture.ravel()[pixel]) / 255)
    return tr("{pixel}: ink {value}", pixel=input_name(1, pixel, (PIXELS,)), value=ink)


def both_verdicts(both: Sequence[tuple[str, NDArray[Any]]], classes: Sequence[str]) -> str:
    """Return the predictions of two networks with their highest outputs: "A: 9 0.98 · B: 4 0.61"."""
    texts = []
    for name, outputs in both:
        winner = int(outputs.argmax())
        result = digit_verdict(winner, float(outputs[winner]), classes)
        texts.append(tr("{run}: {read} {output}", run=name, read=result.short, output=result.figure))
    return tr(" · ").join(texts)


def outputs_notes(flag: int | None, unit: int | None, beside: str = "") -> list[str]:
    """Return the legend of the outputs' ticks: for a `unit`, a `flag`'s step or run `beside`, from long to short."""
    if unit is not None:
        return [
            tr("│ mean activation of unit {number} for each digit", number=unit + 1),
            tr("│ mean activation of unit {number}", number=unit + 1),
            tr("│ mean of unit {number}", number=unit + 1),
            "",
        ]
    if flag is None:
        return [""]
    if beside:
        return [tr("│ the outputs of {run}", run=beside), tr("│ {run}", run=beside), ""]
    return [tr("│ at the last change, {step}", step=flag), tr("│ at the last change"), ""]


def legends(flow: Flow | None, drawn: bool, scale: BarScale, classes: Sequence[str]) -> list[str]:
    if flow is None and drawn:
        return [""]
    if flow is None:
        return [
            tr("Draw a digit, or press T for a test digit: bars show how active each unit is."),
            tr("Draw a digit to see how active each unit is."),
            tr("Draw a digit."),
            "",
        ]
    activation = tr("{bar} activation", bar=ANSWER)
    if scale.full != 1.0:
        activation = tr("{bar} activation, full = {value}", bar=ANSWER, value=rounded(scale.full, 2))
    if len(flow.network.sizes) == 2:
        return [activation]
    name = subject(flow.explained, classes)
    named = tr("{orange} for   {blue} against {name}", orange=FOR, blue=AGAINST, name=name)
    signs = tr("{orange} for   {blue} against", orange=FOR, blue=AGAINST)
    return [f"{activation}   {named}", f"{activation}   {signs}"]


def layer_notes(moment: Moment, layer: int, origin: Origin | None, *, learned: bool) -> list[str]:
    """Return notes on the pictures of a layer, from long to short; `origin` describes the opened file."""
    if learned and moment.step == 0:
        return [tr("nothing learned yet")] if origin is None else _from_file(origin)
    if not learned and layer > 1:
        return [tr("each cell is a unit of layer {number}", number=layer - 1)]
    return [""]


def _from_file(origin: Origin) -> list[str]:
    texts = [tr("from a file")]
    if origin.epochs is not None:
        texts.insert(0, tr("from a file, trained {epochs} epochs", epochs=epochs(origin.epochs)))
    elif origin.mini_batches is not None:
        texts.insert(0, tr("from a file, trained {count} mini-batches", count=origin.mini_batches))
    return texts
