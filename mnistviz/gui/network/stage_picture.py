"""The content of the network card for a stage of a mini-batch, as `CardPicture`."""

from typing import Any, Final

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from mnistviz.engine.evidence import finite
from mnistviz.engine.functions import quietly
from mnistviz.engine.microscope.formulas import back_error
from mnistviz.engine.microscope.mini_batch import MiniBatch
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network, Unit
from mnistviz.gui.common.scales import nice_above
from mnistviz.gui.common.texts import tr
from mnistviz.gui.lab.in_card import BatchStage
from mnistviz.gui.network import card_picture, card_words, stage_words
from mnistviz.gui.network.card_picture import CardPicture, Changes, Line, Memory, Weights, layers, marks_of
from mnistviz.gui.network.card_words import CardWords, FootWords
from mnistviz.gui.network.flow import Bars, Flow, Scales, SignedBars, flow_of
from mnistviz.gui.network.selection import Selected
from mnistviz.gui.network.weight_colours import unit_quantiles

Array = NDArray[Any]
_NICE: Final = (1.0, 1.5, 2.0, 3.0, 5.0, 7.0)
_QUIET: Final = 0.02  # of the largest δ of a layer: a bar below that is not seen
_FAINT: Final = 4  # times the usual limit: weights behind something else have a quarter of their colour


def present_stage(
    stage: BatchStage, now: Moment, selected: Selected, scales: Scales, memory: Memory
) -> CardPicture:
    """Return the card's content for a stage, in the run of `now`. `memory` gives only the colours."""
    batch, after = stage.batch, stage.name == "after"
    network = batch.after if after else batch.before
    place = {"run": stage.run, "step": batch.step + after, "digits": batch.digits, "kind": "exact"}
    moment = replace(now, network=network, settings=batch.settings, **place)
    memory = memory.at(moment)
    current = _flow(stage, network, selected.output)
    weights = _pictures(stage, selected, moment, memory) if selected.layer else None
    words = _words(stage, selected, moment, current, weights, scales)
    content = stage_words.content(stage, selected)
    picture = CardPicture(memory, words, weights=weights, numbers=content, is_faint=stage.name == "back")
    if current is None:
        return replace(picture, message=card_words.diverged())
    lines, starts, ringed = tuple[Line, ...](), tuple[Unit, ...](), tuple[Unit, ...]()
    if stage.name in ("forward", "after"):
        lines, starts = card_picture.lines_of(current, selected, scales, memory.colours, moment, None)
    elif stage.name in ("back", "gradient") and (unit := stage.worked_unit(selected.layer, selected.unit)):
        ringed = () if unit == selected.unit else (unit,)
        if stage.name == "back":
            lines, starts = _lines_back(stage, unit), (unit,)
    return replace(
        picture,
        flow=current,
        bars=_bars(stage, current, scales),
        signed=_signed(stage, current, scales),
        outputs=current.outputs,
        outputs_then=batch.outputs[stage.digit] if after else None,
        lines=lines,
        ways_out=starts,
        ringed=ringed,
        connects_to=None if starts and stage.name == "back" else current.explained.output,
    )


def _lines_back(stage: BatchStage, unit: Unit) -> tuple[Line, ...]:
    """Return a line to a unit from each unit of the next layer, the strongest first."""
    products = back_error(stage.batch, stage.digit, unit).products
    full = float(np.abs(products).max()) or 1.0
    order = np.argsort(-np.abs(products), kind="stable")[: stage_words.MOST_ROWS].tolist()
    return tuple(Line(unit, Unit(unit.layer + 1, each), float(products[each]) / full) for each in order)


def _flow(stage: BatchStage, network: Network, output: int | None) -> Flow | None:
    batch, digit = stage.batch, stage.digit
    if stage.name == "after":
        activations = _activations(batch, network, digit)
    else:
        activations = [batch.x[digit], *(layer.a[digit] for layer in batch.layers)]
    return flow_of(network, activations, output) if finite(activations[:1]) else None


@quietly
def _activations(batch: MiniBatch, network: Network, digit: int) -> list[Array]:
    activations = [batch.x[digit]]
    last = len(network.weights) - 1
    for layer, (w, b, f) in enumerate(zip(network.weights, network.biases, network.functions, strict=True)):
        a = f.value(w @ activations[-1] + b)
        activations.append(a * batch.masks[layer][digit] if batch.masks and layer < last else a)
    return activations


def _deltas(stage: BatchStage, layer: int) -> Array:
    """Return a layer's errors, numbered as in `Network.sizes`: the sample's, or with the gradient the mean of all."""
    return _of_digits(stage, stage.batch.layers[layer - 1].delta)


def _of_digits(stage: BatchStage, values: Array) -> Array:
    mean = stage.all_of_them and stage.name == "gradient"
    chosen: Array = values.mean(axis=0) if mean else values[stage.digit]
    return chosen


def _largest_delta(stage: BatchStage, layer: int) -> str:
    sizes, errors = np.abs(_deltas(stage, layer)), stage.batch.layers[layer - 1].delta_error
    return stage_words.plain(float(sizes.max()), float(_of_digits(stage, errors)[sizes.argmax()]))


def _bars(stage: BatchStage, current: Flow, scales: Scales) -> dict[int, Bars]:
    shown = current.activations
    if stage.all_of_them and stage.name in ("gradient", "step"):
        shown = [stage.batch.x, *(layer.a.mean(axis=0) for layer in stage.batch.layers)]
    return {layer: Bars(shown[layer], scales.bars(layer)) for layer in layers(current.network)}


def _signed(stage: BatchStage, current: Flow, scales: Scales) -> dict[int, SignedBars]:
    if stage.name in ("forward", "after"):
        return card_picture.signed(current, scales)
    if stage.name == "error":
        return {}
    bars = {}
    for layer in layers(current.network):
        steps = stage.name == "step"
        values = stage.batch.parts.of_layer("moved", layer - 1)[1] if steps else _deltas(stage, layer)
        bars[layer] = SignedBars(values, float(np.abs(values).max()) or 1.0)
    return bars


def _pictures(stage: BatchStage, selected: Selected, moment: Moment, memory: Memory) -> Weights | Changes:
    batch, layer = stage.batch, selected.layer
    if stage.name not in ("gradient", "step"):
        learned = selected.learned and moment.step > 0
        limit = memory.colours.fit(moment, layer, learned=learned)
        made = Weights(moment, layer, learned, limit, np.zeros(0, bool), marks_of(moment, layer))
        if stage.name == "back":
            return replace(made, limit=_FAINT * limit, beyond=np.zeros(len(made.values), bool))
        return replace(made, beyond=unit_quantiles(made.values, made.initial) > card_picture.BEYOND * limit)
    if stage.all_of_them:
        values = batch.nabla_w[layer - 1]
        if stage.name == "step":
            values = batch.parts.of_layer("moved", layer - 1)[0].astype(np.float32)
    else:
        values = batch.own_nabla_w(stage.digit, layer - 1)
        if stage.name == "step":
            values = values * np.float32(-batch.eta / len(batch))
    largest = float(np.abs(values).max())
    limit = nice_above(largest, _NICE) if 0 < largest < 1e30 else 1.0
    return Changes(values, limit, np.zeros(len(values), bool), marks_of(moment, layer))


def _words(
    stage: BatchStage,
    selected: Selected,
    moment: Moment,
    current: Flow | None,
    weights: Weights | Changes | None,
    scales: Scales,
) -> CardWords:
    batch, network, classes = stage.batch, moment.network, stage.classes
    label, true = int(batch.labels[stage.digit]), int(batch.true_labels[stage.digit])
    _, note, short = stage_words.place_told(stage)
    if current is None:
        outputs = card_words.no_verdict(drawn=True, fits=True)
    else:
        outputs = card_words.verdict(
            current, classes, label, guess=False, true_label=true, balanced=selected.output is not None
        )
    shown_layer = max(1, selected.layer)
    deltas = np.abs(_deltas(stage, shown_layer))
    quiet = int((deltas < _QUIET * deltas.max()).sum())
    if stage.name in ("forward", "after"):
        legends = card_words.legends(current, True, scales.bars(max(1, selected.layer)), classes)
    else:
        legends = stage_words.legends(stage, _largest_delta(stage, shown_layer))
    return CardWords(
        outputs,
        card_words.aloud(outputs, classes),
        note,
        short,
        stage_words.layer_notes(stage, quiet, network.sizes[shown_layer]),
        [tr("│ before the step"), tr("│ before"), ""] if stage.name == "after" else [""],
        "",
        FootWords(legends, _reading(stage, selected, moment, current)),
        {layer: stage_words.measure(stage, _largest_delta(stage, layer)) for layer in layers(network)},
    )


def _reading(stage: BatchStage, selected: Selected, moment: Moment, current: Flow | None) -> list[str]:
    unit, output, sizes = selected.unit, selected.output, moment.network.sizes
    if unit is not None and (unit.layer < len(sizes) - 1 or selected.cell is not None):
        initial = moment.initial if selected.learned else None
        return card_words.unit_reading(moment, initial, unit, selected.cell, current, stage.classes)
    if output is not None and current is not None and stage.name in ("forward", "after"):
        return [card_words.output_reading(current, output, stage.classes)]
    return []
