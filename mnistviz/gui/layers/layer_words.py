"""What the tab *Layers* says and shows, from the engine's histograms to pictures and texts."""

from __future__ import annotations

import math
from collections.abc import Sequence, Set
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication

from mnistviz.engine.health import FLAT
from mnistviz.engine.microscope.layer_histograms import LayerHistogram
from mnistviz.engine.network import Network
from mnistviz.gui.common import numbers
from mnistviz.gui.common.numbers import number_text, tick, whole
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.layers.layer_charts import BarPlace, LayerBars, LayerPicture, LayersContent, LegendPart

translate = QCoreApplication.translate

Layers = Sequence[LayerHistogram]
_SLOPES: Final = {"sigmoid": ("σ′(z)", 0.25), "tanh": ("tanh′(z)", 1.0)}
"""What the slope is called, and the steepest one."""


def nothing_yet(shown: Shown) -> str:
    """Why there is nothing to see yet, what will appear, and how to get it."""
    what = translate(
        "Layers",
        "Each layer appears here: how large its weighted inputs and activations are, and how fast it learns.",
    )
    if shown.digits is None or shown.run is None:
        how = translate("Layers", "First the digits must be loaded.")
    else:
        how = translate("Layers", "The run is about to begin.")
    return f"{what}\n{how}"


def being_counted() -> str:
    """While the first histograms are on their way."""
    return translate("Layers", "The layers are being looked at …")


def not_finite() -> str:
    """Why there are no histograms, and what to do."""
    return translate(
        "Layers",
        "Some weights or activations are no finite numbers any more, so there is nothing to count. Go back in time, or "
        "start a new run with a smaller η.",
    )


def failed_to_count() -> str:
    """Where a fault came in between."""
    return translate("Layers", "The layers could not be looked at. Choose another moment.")


def are_finite(layers: Layers, network: Network, digits: int) -> bool:
    """Whether every weighted input and activation was counted, and all weights are finite."""
    counts = [size * digits for size in network.sizes[1:]]
    return all(
        math.isfinite(layer.weights)
        and math.isfinite(layer.biases)
        and int(layer.z_counts.sum()) == int(layer.a_counts.sum()) == count
        for layer, count in zip(layers, counts, strict=True)
    )


def layer_names(number: int, count: int) -> tuple[str, ...]:
    """What a layer after the input is called, by its number from 0, in more and in fewer letters."""
    if number == count - 1:
        return translate("Layers", "Outputs"), translate("Layers", "out")
    said = translate("Layers", "Hidden {number}").format(number=whole(number + 1))
    return said, whole(number + 1)


def present(layers: Layers, network: Network, digits: int, hue: str) -> LayersContent:
    """What is shown of all layers, over so many digits."""
    count = len(layers)
    pictures = tuple(
        LayerPicture(
            layer_names(number, count),
            _shares(layer, _kind(network, number)),
            _weights(layer),
            _z_bars(layer),
            _a_bars(layer),
        )
        for number, layer in enumerate(layers)
    )
    return LayersContent(hue, pictures, _legend(network, digits), partial(bar_told, layers, network))


def _kind(network: Network, number: int) -> str:
    """The activation of a layer after the input."""
    return network.output if number == len(network.sizes) - 2 else network.activation


def _percents(share: float) -> str:
    """A share in whole percents; what is not nothing is at least one."""
    value = max(1, round(100 * share)) if share else 0
    return translate("Layers", "{percents} %").format(percents=whole(value))


def _shares(layer: LayerHistogram, kind: str) -> tuple[str, ...]:
    """How many are saturated, or dead; nothing where neither can be."""
    if kind == "leaky_relu":
        return ()
    if kind == "relu":
        percents = _percents(layer.dead)
        return (
            translate("Layers", "{percents} of units dead").format(percents=percents),
            translate("Layers", "{percents} dead").format(percents=percents),
            percents,
        )
    percents = _percents(layer.saturated)
    return translate("Layers", "{percents} saturated").format(percents=percents), percents


def _size(value: float) -> str:
    """A mean size, to three figures."""
    if value and not 1e-3 <= value < 1e4:
        return numbers.cost(value)
    return numbers.rounded(value, 3)


def _weights(layer: LayerHistogram) -> tuple[str, ...]:
    w, b = _size(layer.weights), _size(layer.biases)
    return (
        translate("Layers", "mean |w| {w} · mean |b| {b}").format(w=w, b=b),
        translate("Layers", "mean |w| {w} · |b| {b}").format(w=w, b=b),
        translate("Layers", "mean |w| {w}").format(w=w),
        translate("Layers", "|w| {w}").format(w=w),
    )


def _z_bars(layer: LayerHistogram) -> LayerBars:
    reach = float(layer.z_edges[-1])
    labels = tuple((share, tick((2 * share - 1) * reach)) for share in (0.25, 0.5, 0.75))
    reach_text = translate("Layers", "±{reach}").format(reach=tick(reach))
    slope = None
    if layer.slopes is not None:
        slope = np.asarray(layer.slopes / layer.slopes.max(), np.float64)
    return LayerBars(
        _heights(layer.z_counts),
        layer.flat,
        labels,
        (translate("Layers", "z"),),
        slope=slope,
        reach=reach_text,
    )


def _a_bars(layer: LayerHistogram) -> LayerBars:
    low, high = float(layer.a_edges[0]), float(layer.a_edges[-1])
    labels = ((0.0, tick(low)), (1.0, tick(high)))
    share = float(layer.a_counts.max()) / max(1, int(layer.a_counts.sum()))
    names = translate("Layers", "activation a"), translate("Layers", "a")
    flat = np.zeros(len(layer.a_counts), np.bool_)
    return LayerBars(_heights(layer.a_counts), flat, labels, names, _percents(share))


def _heights(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.asarray(counts / max(1, int(counts.max(initial=0))), np.float64)


def _legend(network: Network, digits: int) -> tuple[LegendPart, ...]:
    """What the line and the dark bars are."""
    count = whole(digits)
    ends = LegendPart(
        "",
        (
            translate("Layers", "first {count} training digits · outer bars: all beyond, too").format(
                count=count
            ),
            translate("Layers", "first {count} training digits").format(count=count),
            translate("Layers", "{count} digits").format(count=count),
        ),
    )
    kinds = {_kind(network, number) for number in range(len(network.sizes) - 1)} - {"softmax"}
    if not kinds:
        return (ends,)
    line, bar = _signs(kinds)
    return LegendPart("line", line), LegendPart("bar", bar), ends


def _signs(kinds: Set[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the line says of these activations, and what the dark bars do."""
    if len(kinds) > 1:
        return (translate("Layers", "slope of the activation"),), (
            translate("Layers", "next to no slope: the unit learns hardly anything from these digits"),
            translate("Layers", "next to no slope: learns hardly anything"),
            translate("Layers", "next to no slope"),
        )
    (kind,) = kinds
    if kind == "relu":
        return (translate("Layers", "slope of the ReLU: 0 or 1"),), (
            translate("Layers", "slope 0: the unit learns nothing from these digits"),
            translate("Layers", "slope 0: learns nothing"),
            translate("Layers", "slope 0"),
        )
    if kind == "leaky_relu":
        return (translate("Layers", "slope of the leaky ReLU: 0.01 or 1"),), (
            translate("Layers", "slope 0.01: the unit learns a hundredth from these digits"),
            translate("Layers", "slope 0.01"),
        )
    name, steepest = _SLOPES[kind]
    slope = translate("Layers", "{slope}, from 0 to {steepest}").format(slope=name, steepest=tick(steepest))
    limit = numbers.exact(FLAT * steepest)
    return (slope, name), (
        translate("Layers", "slope below {limit}: saturated, learns next to nothing").format(limit=limit),
        translate("Layers", "slope below {limit}: saturated").format(limit=limit),
        translate("Layers", "saturated"),
    )


def bar_told(layers: Layers, network: Network, place: BarPlace) -> str:
    """What a bar means, in a line."""
    layer = layers[place.layer]
    edges, counts = (layer.z_edges, layer.z_counts) if place.of_z else (layer.a_edges, layer.a_counts)
    low, high = (tick(float(edges[place.bar + side])) for side in (0, 1))
    last = len(counts) - 1
    values = {
        "name": layer_names(place.layer, len(layers))[0],
        "low": low,
        "high": high,
        "share": numbers.percent(float(counts[place.bar]) / max(1, int(counts.sum()))),
        "count": whole(int(counts[place.bar])),
        "of": whole(int(counts.sum())),
    }
    if not place.of_z:
        said = translate("Layers", "{name}: activation {low} to {high} · {share}, {count} of {of}")
        return said.format(**values)
    if place.bar == 0:
        said = translate("Layers", "{name}: z below {high} · {share}, {count} of {of}")
    elif place.bar == last:
        said = translate("Layers", "{name}: z above {low} · {share}, {count} of {of}")
    else:
        said = translate("Layers", "{name}: z from {low} to {high} · {share}, {count} of {of}")
    told = said.format(**values)
    if layer.slopes is None:
        return told
    slope = float(layer.slopes[place.bar])
    slope_text = numbers.one_figure(slope) if 0 < slope < 0.0005 else number_text(slope, 3)
    said = translate("Layers", "{told} · slope about {slope}")
    return said.format(told=told, slope=slope_text)
