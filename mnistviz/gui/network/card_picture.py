"""What the network card shows of a moment, as one value: `present` makes it, and the widgets paint it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine import evidence
from mnistviz.engine.digits import grey_values
from mnistviz.engine.evidence import finite
from mnistviz.engine.health import Health
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network, Unit
from mnistviz.gui.common.bar_table import BarTableContent
from mnistviz.gui.common.class_names import class_name
from mnistviz.gui.lab import moment_words
from mnistviz.gui.lab.in_card import Beside, Dot
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.network import card_words
from mnistviz.gui.network.bars import Bars, SignedBars
from mnistviz.gui.network.card_words import CardWords, FootWords
from mnistviz.gui.network.flow import Flow, Scales, flow
from mnistviz.gui.network.selection import Selected
from mnistviz.gui.network.weight_colours import ColourScales, fitted_limit, unit_quantiles

Array = NDArray[Any]
Part = Literal["words", "path", "marks", "weights"]
"""What is made again only now and then: more often than anyone can see or read would slow down training."""
PARTS: Final[tuple[Part, ...]] = ("words", "path", "marks", "weights")

WORDS: Final = 0.25  # seconds from one writing of words and figures to the next, at least
PATH: Final = 0.5  # seconds from one path to the next, at least
MARKS: Final = 0.5
PICTURES: Final = 0.08  # seconds from one drawing of the weights to the next, at least, where more than
RUSH: Final = 100  # mini-batches lie between two
PATH_LINE: Final = 0.3  # of a line that counts in full
BEYOND: Final = 1.5
"""A unit whose 99 % quantile is so many times the strongest colour's weight has a mark."""


@dataclass(frozen=True, eq=False)
class PadContent:
    """What lies on the pad: the uint8 (28, 28) that the network gets of it, what it truly is if that is known, and
    what it is in words. `captions`, from long to short, say how the picture was made, where that is not as usual."""

    picture: NDArray[np.uint8] | None = None
    true_label: int | None = None
    note: str = ""
    captions: tuple[str, ...] = ()
    dots: tuple[Dot, ...] = ()
    """On pixels that were changed."""

    @cached_property
    def pixels(self) -> Array:
        """What the network reads: (1, n), from 0 to 1."""
        assert self.picture is not None
        return grey_values(self.picture.reshape(1, -1))

    def is_as(self, other: PadContent) -> bool:
        """Whether the same lies there."""
        if (self.picture is None) != (other.picture is None):
            return False
        same = self.picture is None or other.picture is None or np.array_equal(self.picture, other.picture)
        return same and (self.true_label, self.note) == (other.true_label, other.note)


@dataclass(frozen=True)
class Line:
    """From one unit to another or to an output; `weight` says how much it counts, 1 in full, for or against by its
    sign."""

    start: Unit
    end: Unit
    weight: float


@dataclass(frozen=True)
class UnitMarks:
    """Units of a layer to which something was done by hand: those that are switched `off`, since all their weights to
    the next layer are 0, and those that are `frozen`."""

    off: tuple[int, ...] = ()
    frozen: tuple[int, ...] = ()


def marks_of(moment: Moment, layer: int) -> UnitMarks:
    """The marks of a layer, numbered as in `Network.sizes`."""
    network = moment.network
    off = (
        ()
        if layer == len(network.sizes) - 1
        else np.flatnonzero(~network.weights[layer].any(axis=0)).tolist()
    )
    return UnitMarks(tuple(off), tuple(unit for at, unit in moment.frozen if at == layer))


@dataclass(frozen=True, eq=False)
class Weights:
    """The weights of a layer as pictures, or what a moment has `learned` of them. ±`limit` and beyond have the full
    colour; `beyond`, bool (units,), is where a unit goes far beyond it."""

    moment: Moment
    layer: int
    learned: bool
    limit: float
    beyond: NDArray[np.bool_]
    marks: UnitMarks = UnitMarks()

    @property
    def values(self) -> Array:
        """(units, n_in)"""
        return self.moment.network.weights[self.layer - 1]

    @property
    def initial(self) -> Array | None:
        """What is to be taken from them, if what was learned is shown."""
        return self.moment.initial.weights[self.layer - 1] if self.learned else None


@dataclass(frozen=True, eq=False)
class Changes:
    """What a stage of a mini-batch shows as pictures in the place of a layer's weights: the gradient or the step,
    `values` (units, n_in). ±`limit` and beyond have the full colour; none goes far `beyond` it."""

    values: Array
    limit: float
    beyond: NDArray[np.bool_]
    marks: UnitMarks = UnitMarks()
    initial: None = None


@dataclass(frozen=True, eq=False)
class Evidence:
    """What a unit gets from each pixel or unit of the `layer` before, (n,); ±`limit` has the full colour."""

    values: Array
    limit: float
    layer: int


@dataclass(frozen=True, eq=False)
class OutputsThen:
    """What the outputs were for the `image` in the network of another `moment`, (n,)."""

    moment: Moment
    image: NDArray[np.uint8]
    values: Array


@dataclass(frozen=True, eq=False)
class Memory:
    """What one picture leaves for the next one `of` the same run and sizes; another network begins with a new one.

    `times` are when the parts were made last, in seconds. `colours` are shared with a unit that is seen large, so that
    one weight has one colour everywhere.
    """

    colours: ColourScales = field(default_factory=ColourScales)
    of: tuple[int, tuple[int, ...]] | None = None
    times: Mapping[Part, float] = field(default_factory=dict)
    words: CardWords = field(default_factory=CardWords)
    written: Flow | None = None
    """What the words and figures were written of: bars beside a figure show the same, and its winner is explained."""
    weights: Weights | None = None
    path: evidence.Path | None = None
    then: OutputsThen | None = None
    evidence_limit: float = 1.0

    def at(self, moment: Moment) -> Memory:
        """The memory for a moment: this, or a blank one for another network."""
        of = moment.run, moment.network.sizes
        return self if of == self.of else Memory(self.colours, of)

    def hurried(self, *parts: Part) -> Memory:
        """The same, but these parts are made again at once."""
        return replace(self, times={part: time for part, time in self.times.items() if part not in parts})

    def is_due(self, part: Part, now: float, every: float) -> bool:
        """Whether a part was made so many seconds ago."""
        made = self.times.get(part)
        return made is None or now - made >= every


@dataclass(frozen=True, eq=False)
class CardPicture:
    """All that the card shows. What it shares with the picture before, as the same object, need not be painted again.

    `image` is what lies on the pad; `flow` is what it does in the network, or None without one that fits, or where a
    number is not finite. `bars` and `signed` are by layer. `balance` is what is for the output, against it, and the
    bias. `outputs` and `balance` are of the moment that their figures in `words` are of. `ways_out` are the units that
    lines begin at, `connects_to` is the output where the neutral line ends. `is_behind` says that words would be others
    a little later, although nothing else changes.
    """

    memory: Memory = field(default_factory=Memory)
    words: CardWords = field(default_factory=CardWords)
    message: str = ""
    """Stands in the place of all units and outputs."""
    when: tuple[str, ...] = ()
    """Which moment of the past it is, or which mixture, from long to short; empty at the end of the run."""
    image: NDArray[np.uint8] | None = None
    captions: tuple[str, ...] = ()
    dots: tuple[Dot, ...] = ()
    flow: Flow | None = None
    bars: Mapping[int, Bars] = field(default_factory=dict)
    signed: Mapping[int, SignedBars] = field(default_factory=dict)
    outputs: Array | None = None
    balance: tuple[float, float, float] | None = None
    stripes: Sequence[float] | None = None
    lines: tuple[Line, ...] = ()
    ways_out: tuple[Unit, ...] = ()
    ringed: tuple[Unit, ...] = ()
    """The units of the path."""
    pixel: int | None = None
    """The pixel of the 28 × 28 that is pointed at."""
    outputs_then: Array | None = None
    """What the outputs are in the network beside."""
    connects_to: int | None = None
    evidence: Evidence | None = None
    weights: Weights | Changes | None = None
    table: BarTableContent | None = None
    """What stands in the place of the outputs, in a stage of a mini-batch."""
    is_behind: bool = False


def present(
    shown: Shown,
    drawing: PadContent,
    selected: Selected,
    memory: Memory,
    classes: tuple[str, ...],
    now: float,
    beside: Beside | None = None,
) -> CardPicture:
    """The picture of a moment at the time `now`, in seconds, with the names of the outputs' `classes`. Words, path and
    weights are those of the `memory` as long as they are not due. `beside` is what the hairlines are of."""
    assert shown.moment is not None
    moment, network = shown.moment, shown.moment.network
    memory = memory.at(moment)
    scales, times = Scales(network, health_of(shown)), dict(memory.times)
    weights = _weights(shown, selected, memory, times, now)
    written, found = memory.is_due("words", now, WORDS), None
    if drawing.picture is not None and drawing.picture.size == network.sizes[0]:
        explained = memory.written.winner if memory.written is not None and not written else None
        found = flow(network, drawing.pixels, explained if selected.output is None else selected.output)
    path = memory.path
    wants_path = _shows_path(selected, network) and selected.unit is None
    if wants_path and found is not None and (path is None or memory.is_due("path", now, PATH)):
        path = evidence.path(network, found.activations, found.explained.output, found.explained.rival)
        times["path"] = now
    seen = None if found is None else evidence_of(found, selected, memory.evidence_limit)
    then = None if found is None else _outputs_then(network, drawing, beside, memory.then)
    words = memory.words
    if written:
        times["words"] = now
        words = _words(shown, drawing, selected, scales, found, path, classes, then, beside)
    figured = found if written or memory.written is None else memory.written
    limit = memory.evidence_limit if seen is None else seen.limit
    left = Memory(memory.colours, memory.of, times, words, figured, weights, path, then, limit)
    lost = card_words.diverged() if shown.diverged and not finite([network.parameters]) else ""
    picture = CardPicture(
        left, words, lost, moment_words.at(shown), drawing.picture, drawing.captions, drawing.dots,
        stripes=scales.stripes(selected.unit), weights=weights, pixel=selected.pixel, is_behind=not written,
    )  # fmt: skip
    if found is None or figured is None:
        return picture
    balance = figured.explained
    lines, ways_out = lines_of(found, selected, scales, memory.colours, moment, path)
    return replace(
        picture,
        flow=found,
        bars={layer: Bars(found.activations[layer], scales.bars(layer)) for layer in layers(network)},
        signed=signed(found, scales),
        outputs=figured.outputs,
        balance=(balance.in_favour, balance.against, balance.bias),
        lines=lines,
        ways_out=ways_out,
        ringed=ways_out if selected.unit is None else (),
        outputs_then=None if then is None else then.values,
        connects_to=found.explained.output,
        evidence=seen,
    )


def layers(network: Network) -> range:
    """The layers with units in the picture: without a hidden one the outputs."""
    return range(1, max(len(network.sizes) - 1, 2))


def health_of(shown: Shown) -> Health | None:
    """The last health check of the run; None without a run."""
    return None if shown.run is None else shown.health


def _shows_path(selected: Selected, network: Network) -> bool:
    return selected.path and len(network.sizes) > 2


def signed(found: Flow, scales: Scales) -> dict[int, SignedBars]:
    """What the last hidden layer contributes to the output."""
    if len(found.network.sizes) == 2:
        return {}
    return {
        len(found.network.sizes) - 2: SignedBars(found.explained.contributions, scales.full_contribution())
    }


def _weights(
    shown: Shown, selected: Selected, memory: Memory, times: dict[Part, float], now: float
) -> Weights:
    """The weights of the open layer. While hundreds of mini-batches lie between two frames, every third one draws
    them; at rest and in slow motion, every one does."""
    moment, layer, before = shown.moment, selected.layer, memory.weights
    assert moment is not None
    learned = selected.learned and moment.step > 0
    if before is not None and "weights" in times and (layer, learned) == (before.layer, before.learned):
        rushes = not shown.rests and moment.step - before.moment.step > RUSH
        waits = rushes and not memory.is_due("weights", now, PICTURES)
        same = moment.network is before.moment.network and moment.frozen == before.moment.frozen
        if waits or same:
            return before
    times["weights"] = now
    limit = memory.colours.fit(moment, layer, learned=learned)
    beyond = np.zeros(0, bool) if before is None else before.beyond
    made = Weights(moment, layer, learned, limit, beyond, marks_of(moment, layer))
    if before is None or layer != before.layer or memory.is_due("marks", now, MARKS):
        times["marks"] = now
        return replace(made, beyond=unit_quantiles(made.values, made.initial) > BEYOND * limit)
    return made


def lines_of(
    found: Flow,
    selected: Selected,
    scales: Scales,
    colours: ColourScales,
    moment: Moment,
    path: evidence.Path | None,
) -> tuple[tuple[Line, ...], tuple[Unit, ...]]:
    """The coloured lines, and the units that they begin at: those of a unit, or the path."""
    unit, last = selected.unit, len(found.network.sizes) - 1
    if unit is not None and unit.layer < last:
        layer = unit.layer
        if layer == last - 1:
            full = scales.full_contribution()
        else:  # a strong weight times a strong activation
            full = colours.fit(moment, layer + 1, learned=False) * scales.bars(layer).full
        passed = evidence.outgoing(found.network, found.activations, *unit)
        return tuple(Line(unit, Unit(layer + 1, number), weight / full) for number, weight in passed), (unit,)
    if path is None or not _shows_path(selected, found.network):
        return (), ()
    ends = Unit(last, found.explained.output), *path.units
    lines = (Line(start, end, PATH_LINE) for start, end in zip(path.units, ends, strict=False))
    return tuple(lines), path.units


def evidence_of(found: Flow, selected: Selected, limit: float) -> Evidence | None:
    """What the unit pointed at gets from the layer before; without a hidden layer, what speaks for the output."""
    unit, layers = selected.unit, len(found.network.sizes)
    if layers == 2:
        if selected.output is None and unit is None:
            return None
        layer, values = 0, found.explained.contributions
    elif unit is None or unit.layer == layers - 1:
        return None
    else:
        layer, values = unit.layer - 1, evidence.contributions_to(found.network, found.activations, *unit)
    return Evidence(values, fitted_limit(limit, values[np.newaxis]), layer)


def _outputs_then(
    network: Network, drawing: PadContent, beside: Beside | None, before: OutputsThen | None
) -> OutputsThen | None:
    """What the drawing does in another network, such as that at the last flag: worked out once for each drawing.
    Nothing where that is not known, or not finite."""
    if beside is None or drawing.picture is None:
        return None
    other, sizes = beside.moment, network.sizes
    if (other.network.sizes[0], other.network.sizes[-1]) != (sizes[0], sizes[-1]):
        return None
    if before is not None and before.moment is other and before.image is drawing.picture:
        return before
    values = other.network.activations(drawing.pixels)[-1][0]
    return OutputsThen(other, drawing.picture, values) if finite([values]) else None


def _words(
    shown: Shown,
    drawing: PadContent,
    selected: Selected,
    scales: Scales,
    found: Flow | None,
    path: evidence.Path | None,
    classes: tuple[str, ...],
    then: OutputsThen | None,
    beside: Beside | None,
) -> CardWords:
    moment = shown.moment
    assert moment is not None
    sizes, drawn = moment.network.sizes, drawing.picture is not None
    if found is None:
        fits = drawing.picture is None or drawing.picture.size == sizes[0]
        outputs = card_words.no_verdict(drawn=drawn, fits=fits)
    else:
        guess = moment.step == 0 and not (shown.run is not None and shown.run.has_learned)
        outputs = card_words.verdict(found, classes, drawing.true_label, guess=guess)
        if then is not None and beside is not None and beside.there:
            own = ((beside.here, found.outputs),) if beside.here else ()
            both = (beside.there, then.values), *own
            outputs = card_words.beside_another(outputs, both, classes, drawing.true_label)
    means, unit, tip = scales.mean_activations(selected.unit), None, ""
    if means is not None and selected.unit is not None:
        unit = selected.unit.number
        if selected.output is not None and selected.output < len(means):
            tip = card_words.mean_reading(unit, class_name(classes, selected.output), means[selected.output])
    reading = _reading(shown, drawing, selected, found, path, classes)
    legends = card_words.legends(found, drawn, scales.bars(selected.layer), classes)
    origin = None if shown.run is None else shown.run.origin
    return CardWords(
        outputs,
        card_words.short_verdicts(outputs),
        card_words.aloud(outputs, classes),
        drawing.note,
        card_words.short_note(classes, drawing.true_label) if drawing.note else "",
        card_words.layer_notes(moment, selected.layer, origin, learned=selected.learned),
        card_words.outputs_notes(
            None if then is None else then.moment.step, unit, "" if beside is None else beside.there
        ),
        tip,
        FootWords(legends, reading, selected.chosen_unit is not None),
        {layer: card_words.digits_a_unit(scales.digits_a_unit(layer)) for layer in layers(moment.network)},
    )


def _reading(
    shown: Shown,
    drawing: PadContent,
    selected: Selected,
    found: Flow | None,
    path: evidence.Path | None,
    classes: tuple[str, ...],
) -> Sequence[str]:
    """What is to be read of what is pointed at or chosen; nothing where nothing is."""
    moment, unit, output, cell = shown.moment, selected.unit, selected.output, selected.cell
    assert moment is not None
    sizes = moment.network.sizes
    if unit is not None and (unit.layer < len(sizes) - 1 or cell is not None):
        initial = moment.initial if moment.step and selected.learned else None
        return [card_words.unit_reading(moment, initial, unit, cell, found, classes)]
    if selected.pixel is not None and drawing.picture is not None:
        return [card_words.pixel_reading(drawing.picture, selected.pixel)]
    if output is not None and found is not None:
        return [card_words.output_reading(found, output, classes)]
    if found is not None and path is not None and _shows_path(selected, found.network):
        if not path.complete:
            return card_words.path_ends(path, sizes)
        return card_words.path_units(path, sizes, class_name(classes, found.explained.output))
    return ()
