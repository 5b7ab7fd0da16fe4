"""The texts and pictures of the Layers tab: histograms, and the sizes of gradient and step over the run."""

import math
from collections.abc import Sequence
from functools import partial
from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from mnistviz.engine.columns import Columns
from mnistviz.engine.evaluation import FLAT
from mnistviz.engine.functions import Activation
from mnistviz.engine.history import LayerSize
from mnistviz.engine.microscope.layer_histograms import LayerHistogram
from mnistviz.engine.network import Network
from mnistviz.gui.common import numbers
from mnistviz.gui.common.numbers import number_text, tick, whole
from mnistviz.gui.common.scales import grown
from mnistviz.gui.common.texts import tr, translated
from mnistviz.gui.lab.shown import RunFacts, Shown
from mnistviz.gui.layers.layer_charts import BarPlace, LayerBars, LayerPicture, LayersContent, LegendPart
from mnistviz.gui.layers.size_plot import SizeLine, SizesContent
from mnistviz.marking import marked

Layers = Sequence[LayerHistogram]


class LayersBeside(Struct, frozen=True, eq=False):
    """The layers of another run, with the same axes, at a `step`; its letter and its colour."""

    letter: str
    hue: str
    step: int
    layers: Layers
    network: Network

    def like(self, number: int, count: int) -> LayerHistogram | None:
        """Return the layer that corresponds to `number`, or None: outputs to outputs, hidden layers by number."""
        if number == count - 1:
            return self.layers[-1]
        return self.layers[number] if number < len(self.layers) - 1 else None


def nothing_yet(shown: Shown) -> str:
    what = tr(
        "Each layer appears here: how large its weighted inputs and activations are, and how fast it learns."
    )
    is_loaded = shown.digits is not None and shown.run is not None
    how = tr("The run is about to begin.") if is_loaded else tr("First the digits must be loaded.")
    return f"{what}\n{how}"


def are_finite(layers: Layers, network: Network, digits: int) -> bool:
    """Return True if every weighted input and activation was counted and all weights are finite."""
    counts = [size * digits for size in network.sizes[1:]]
    return all(
        math.isfinite(layer.weights)
        and math.isfinite(layer.biases)
        and int(layer.z_counts.sum()) == int(layer.a_counts.sum()) == count
        for layer, count in zip(layers, counts, strict=True)
    )


def layer_names(layer: int, count: int) -> tuple[str, ...]:
    if layer == count:
        return tr("Outputs"), tr("out")
    return tr("Hidden layer {number}", number=layer), tr("Hidden {number}", number=layer), whole(layer)


def present(
    layers: Layers, network: Network, digits: int, hue: str, beside: LayersBeside | None = None
) -> LayersContent:
    count = len(layers)
    pictures = []
    for number, layer in enumerate(layers):
        other = None if beside is None else beside.like(number, count)
        shares, weights = _shares(layer, network.functions[number]), _weights(layer)
        if beside is not None and other is not None:
            function = beside.network.functions[number if number < count - 1 else -1]
            others = _shares(other, function)
            if function.dies != network.functions[number].dies:
                others = others[:-1]  # a bare share would seem to be of the same kind
            shares = _with_other(shares, beside.letter, others)
            weights = _with_other(weights, beside.letter, _weights(other))
        names, bars = layer_names(number + 1, count), (_z_bars(layer, other), _a_bars(layer, other))
        pictures.append(LayerPicture(names, shares, weights, *bars))
    legend = _legend(network, digits)
    if beside is not None:
        legend = LegendPart("outline", _outline(beside)), *legend
    told = partial(bar_told, layers, network, beside=beside)
    return LayersContent(hue, tuple(pictures), legend, told, "" if beside is None else beside.hue)


def _with_other(own: tuple[str, ...], letter: str, others: tuple[str, ...]) -> tuple[str, ...]:
    """Return texts on a layer and the one beside it, then on the layer alone; the first that fits is painted."""
    both = tr("{own} · {run}: {other}")
    pairs = [(each, others[-1]) for each in (own[0], own[-1])] if own and others else []
    return (*(both.format(own=one, run=letter, other=other) for one, other in pairs), *own)


def _outline(beside: LayersBeside) -> tuple[str, ...]:
    run = beside.letter
    long = tr("run {run} at mini-batch {step}", run=run, step=beside.step)
    return long, tr("run {run}", run=run), tr("{run}", run=run)


def _whole_percent(share: float) -> str:
    """Return a share as a whole percentage; at least one if it is not zero."""
    return numbers.percent(max(0.01, float(share)) if share else 0.0, 0)


def _shares(layer: LayerHistogram, function: Activation) -> tuple[str, ...]:
    if not function.bounds and not function.dies:
        return ()
    if function.dies:
        percent = _whole_percent(layer.dead)
        return tr("{percent} of units dead", percent=percent), tr("{percent} dead", percent=percent), percent
    percent = _whole_percent(layer.saturated)
    return (tr("{percent} saturated", percent=percent), tr("{percent} sat.", percent=percent), percent)


def _size(value: float) -> str:
    return numbers.cost(value) if value and not 1e-3 <= value < 1e4 else numbers.rounded(value, 3)


def _weights(layer: LayerHistogram) -> tuple[str, ...]:
    w, b = _size(layer.weights), _size(layer.biases)
    return (
        tr("mean size of a weight {w}, of a bias {b}", w=w, b=b),
        tr("mean weight {w}, bias {b}", w=w, b=b),
        tr("mean |w| {w} · mean |b| {b}", w=w, b=b),
        tr("mean |w| {w} · |b| {b}", w=w, b=b),
        tr("mean |w| {w}", w=w),
        tr("|w| {w}", w=w),
    )


def _z_bars(layer: LayerHistogram, other: LayerHistogram | None) -> LayerBars:
    reach = float(layer.z_edges[-1])
    labels = tuple((share, tick((2 * share - 1) * reach)) for share in (0.25, 0.5, 0.75))
    reach_text, names = tr("±{reach}", reach=tick(reach)), (tr("weighted input z"), tr("z"))
    slope = None
    if layer.slopes is not None:
        slope = np.asarray(layer.slopes / layer.slopes.max(), np.float64)
    heights, beside, _ = _heights(layer.z_counts, None if other is None else other.z_counts)
    return LayerBars(heights, layer.flat, labels, names, slope=slope, reach=reach_text, beside=beside)


def _a_bars(layer: LayerHistogram, other: LayerHistogram | None) -> LayerBars:
    low, high = float(layer.a_edges[0]), float(layer.a_edges[-1])
    labels = ((0.0, tick(low)), (1.0, tick(high)))
    names = tr("activation a"), tr("a")
    flat = np.zeros(len(layer.a_counts), np.bool_)
    heights, beside, most = _heights(layer.a_counts, None if other is None else other.a_counts)
    return LayerBars(heights, flat, labels, names, _whole_percent(most), beside=beside)


def _heights(
    counts: NDArray[np.int64], others: NDArray[np.int64] | None
) -> tuple[NDArray[np.float64], NDArray[np.float64] | None, float]:
    """Return both runs' bars as shares of the highest one, and the share of all values in that one."""
    shares, beside = (None if each is None else each / max(1, int(each.sum())) for each in (counts, others))
    assert shares is not None
    most = float(max(shares.max(), 0.0 if beside is None else beside.max()))
    full = most or 1.0
    return shares / full, None if beside is None else beside / full, most


def _legend(network: Network, digits: int) -> tuple[LegendPart, ...]:
    count = whole(digits)
    long = tr("first {count} training digits · outer bars: all beyond, too", count=count)
    short = tr("first {count} training digits", count=count), tr("{count} digits", count=count)
    ends = LegendPart("", (long, *short))
    if not (functions := [each for each in dict.fromkeys(network.functions) if each.slope_words]):
        return (ends,)
    line, bar = _signs(functions)
    return LegendPart("line", line), LegendPart("bar", bar), ends


def _signs(functions: Sequence[Activation]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if len(functions) > 1:
        return (tr("slope of the activation"),), (
            tr("next to no slope: the unit learns hardly anything from these digits"),
            tr("next to no slope: learns hardly anything"),
            tr("next to no slope"),
        )
    (function,) = functions
    values = {"steepest": tick(function.steepest), "limit": numbers.exact(FLAT * function.steepest)}
    line = tuple(translated(text, **values) for text in function.slope_words)
    return line, tuple(translated(text, **values) for text in function.flat_words)


def bar_told(layers: Layers, network: Network, place: BarPlace, *, beside: LayersBeside | None = None) -> str:
    """Describe a bar in a line, and give the share of the run beside there."""
    layer = layers[place.panel]
    edges = layer.z_edges if place.of_z else layer.a_edges
    counts = _counts(layer, place)
    low, high = (tick(float(edges[place.bar + side])) for side in (0, 1))
    values = {
        "name": layer_names(place.panel + 1, len(layers))[0],
        "low": low,
        "high": high,
        "share": numbers.percent(float(counts[place.bar]) / max(1, int(counts.sum()))),
        "count": whole(int(counts[place.bar])),
        "of": whole(int(counts.sum())),
    }
    if not place.of_z:
        said = tr("{name}: activation {low} to {high} · {share}, {count} of {of}")
    elif place.bar == 0:
        said = tr("{name}: z below {high} · {share}, {count} of {of}")
    elif place.bar == len(counts) - 1:
        said = tr("{name}: z above {low} · {share}, {count} of {of}")
    else:
        said = tr("{name}: z from {low} to {high} · {share}, {count} of {of}")
    parts = [said.format(**values)]
    other = None if beside is None else beside.like(place.panel, len(layers))
    if beside is not None and other is not None:
        others = _counts(other, place)
        share = numbers.percent(float(others[place.bar]) / max(1, int(others.sum())))
        parts.append(tr("run {run}: {share}", run=beside.letter, share=share))
    if place.of_z and layer.slopes is not None:
        slope = float(layer.slopes[place.bar])
        slope_text = numbers.one_figure(slope) if 0 < slope < 0.0005 else number_text(slope, 3)
        parts.append(tr("slope about {slope}", slope=slope_text))
    return tr(" · ").join(parts)


def _counts(layer: LayerHistogram, place: BarPlace) -> NDArray[np.int64]:
    return layer.z_counts if place.of_z else layer.a_counts


MOST_POINTS: Final = 500  # of a line: neighbours are averaged
_PLAIN: Final = (0.9e-4, 1.1e6)  # numbers between these need no power of ten


def line_names(number: int, count: int) -> tuple[str, ...]:
    if number == count - 1:
        return tr("outputs"), tr("out")
    return tr("hidden {number}", number=whole(number + 1)), whole(number + 1)


def size_text(value: float) -> str:
    if not np.isfinite(value):
        return tr("no finite number")
    return numbers.rounded(value, 3) if not value or _PLAIN[0] <= value < _PLAIN[1] else numbers.cost(value)


def size_tick(value: float) -> str:
    return tick(value) if _PLAIN[0] <= value < _PLAIN[1] else numbers.one_figure(value)


def present_sizes(
    shown: Shown, name: LayerSize, hue: str, other: RunFacts | None = None, other_hue: str = ""
) -> SizesContent:
    """Return the content for the selected run, and for the `other` run up to as many digits."""
    run = shown.run
    title, wordings, message = _WORDS[name]
    title, message = translated(title), translated(message)
    about = tuple(translated(text) for text in wordings)
    if run is None:
        return SizesContent(hue, title, about, message=message)
    epoch, columns = max(1, shown.epoch_of(run)), run.history.layer_sizes(name)
    group, lines = _lines(columns, epoch)
    beside, end = tuple[SizeLine, ...](), run.digits_seen / epoch
    if other is not None and lines:
        _, beside = _lines(other.history.layer_sizes(name), epoch)
        said = tr("{run} {name}")
        count = max(1, int(np.count_nonzero(beside[0].x <= end))) if beside else 0
        names = [tuple(said.format(run=other.letter, name=own) for own in each.names) for each in beside]
        lines_beside = zip(names, beside, strict=True)
        beside = tuple(SizeLine(name, each.x[:count], each.y[:count]) for name, each in lines_beside)
    unit = tr("since opened") if run.opened else tr("epochs")
    here = run.digits_at(shown.here) / epoch
    return SizesContent(
        hue,
        title,
        about,
        _ratio(lines, here),
        lines,
        grown(end, 1.0),
        unit,
        here if run.step else None,
        "" if lines else message,
        size_tick,
        tick,
        partial(_told, lines, beside, columns[0], group, epoch) if columns else lambda at: "",
        beside,
        other_hue,
    )


def _lines(columns: tuple[Columns, ...], epoch: int) -> tuple[int, tuple[SizeLine, ...]]:
    """Return a line for each layer, and the number of measurements averaged in each of its points."""
    group = max(1, -(-max(map(len, columns), default=0) // MOST_POINTS))
    names = [line_names(number, len(columns)) for number in range(len(columns))]
    ways = [(each.positions("digits", 0, group) / epoch, each.means(0, group)) for each in columns]
    return group, tuple(SizeLine(name, *way) for name, way in zip(names, ways, strict=True))


_WORDS: Final[dict[str, tuple[str, tuple[str, ...], str]]] = {  # the title, what it is, and what will appear
    "gradient": (
        marked("Gradient"),
        (marked("how fast a layer learns: length of ∂C/∂b, over 500 digits, log scale"),
         marked("how fast a layer learns: length of ∂C/∂b, log scale"),
         marked("length of ∂C/∂b by layer, log scale"), marked("length of ∂C/∂b, log")),
        marked("How large the gradient of each layer is, all along the run, appears here with its first measurement.")),
    "step": (
        marked("Step"),
        (marked("how far one mini-batch moves each layer, log scale"),
         marked("by layer, log scale"), marked("log scale")),
        marked("How far a mini-batch moves each layer, all along the run, appears here with the first measurement.")),
}  # fmt: skip


def _ratio(lines: tuple[SizeLine, ...], here: float) -> tuple[str, ...]:
    """Return how many times larger the last hidden layer's size is than the first one's, at the start and at the shown
    step. With one hidden layer, the outputs take the place of the last."""
    if len(lines) < 2:
        return ()
    last = lines[max(1, len(lines) - 2)]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios: NDArray[np.float64] = last.y / lines[0].y
    good = np.flatnonzero(np.isfinite(ratios))
    known = good[lines[0].x[good] <= here + 1e-9]
    if not good.size or not known.size:
        return ()
    start, now = (_times(float(ratios[at])) for at in (good[0], known[-1]))
    values = {"layer": last.names[0], "first": lines[0].names[0], "start": start, "now": now}
    return (
        tr("{layer}: {start} times as much as {first} at the start, {now} times here", **values),
        tr("{layer}: {start} times {first} at the start, {now} times here", **values),
        tr("{layer}: {now} times {first} here", **values),
    )


def _times(value: float) -> str:
    return number_text(value, 1) if 0.1 <= value < 100 else size_text(float(f"{value:.2g}"))


def _told(
    lines: tuple[SizeLine, ...],
    beside: tuple[SizeLine, ...],
    columns: Columns,
    group: int,
    epoch: int,
    at: int,
) -> str:
    """Describe a measurement, a line for each layer; and that of the run beside after about as many digits."""
    first = columns.rows[min(at * group, len(columns) - 1)]
    step, place = int(first["first_step"]), int(first["first_digits"]) / epoch
    when = tr("epoch {epoch}, mini-batch {step}", epoch=numbers.epochs(place), step=whole(step))
    said = tr("{name}: {size}")
    each = [said.format(name=line.names[0], size=size_text(float(line.y[at]))) for line in reversed(lines)]
    for line in reversed(beside):
        near = int(np.abs(line.x - lines[0].x[at]).argmin())
        each.append(said.format(name=line.names[0], size=size_text(float(line.y[near]))))
    return "\n".join([when, *each])
