"""The content of the network card at one step as one value: `present` computes it, and the widgets paint it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final, Literal

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace
from numpy.typing import NDArray

from mnistviz.engine import evidence
from mnistviz.engine.digits import grey_values
from mnistviz.engine.evaluation import Health
from mnistviz.engine.evidence import finite
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network, Unit
from mnistviz.gui.common.digit_verdict import digit_verdict
from mnistviz.gui.common.numbers import number_text, whole
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.unit_names import class_name
from mnistviz.gui.lab import moment_words
from mnistviz.gui.lab.in_card import Beside, Dot
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.network import card_words
from mnistviz.gui.network.card_words import CardWords, FootWords
from mnistviz.gui.network.flow import Bars, Flow, Scales, SignedBars, flow
from mnistviz.gui.network.selection import Selected
from mnistviz.gui.network.stage_words import StageContent
from mnistviz.gui.network.weight_colours import ColourScales, fitted_limit, unit_quantiles

Array = NDArray[Any]
Part = Literal["words", "path", "marks", "weights"]
"""Parts that are updated less often than each frame, because updates nobody can see would slow down training."""
PARTS: Final[tuple[Part, ...]] = ("words", "path", "marks", "weights")

WORDS: Final = 0.25  # seconds between two updates of texts and figures, at least
PATH: Final = 0.5  # seconds between two paths, at least
MARKS: Final = 0.5
PICTURES: Final = 0.08  # seconds between two pictures of the weights, at least, if more than
RUSH: Final = 100  # mini-batches lie between them
PATH_LINE: Final = 0.3  # width as a fraction of a line with full weight
BEYOND: Final = 1.5
"""A unit is marked if its 99 % quantile is more than this multiple of the weight with the strongest colour."""


class PadContent(Struct, frozen=True, eq=False, dict=True):
    """Content of the scratchpad: the network's input, uint8 (28, 28), its true label if known, and a note.
    `captions`, from long to short, describe an unusual input, such as one with noise."""

    picture: NDArray[np.uint8] | None = None
    true_label: int | None = None
    note: str = ""
    captions: tuple[str, ...] = ()
    dots: tuple[Dot, ...] = ()

    @cached_property
    def pixels(self) -> Array:
        assert self.picture is not None
        return grey_values(self.picture.reshape(1, -1))

    def is_as(self, other: PadContent) -> bool:
        if (self.picture is None) != (other.picture is None):
            return False
        same = self.picture is None or other.picture is None or np.array_equal(self.picture, other.picture)
        return same and (self.true_label, self.note) == (other.true_label, other.note)


class Line(Struct, frozen=True):
    """Line between two units; the size of `weight` is its thickness, at most 1, its sign that of the contribution."""

    start: Unit
    end: Unit
    weight: float


class UnitMarks(Struct, frozen=True):
    """Units of a layer that were edited by hand: `off` if all outgoing weights are 0, or `frozen`."""

    off: tuple[int, ...] = ()
    frozen: tuple[int, ...] = ()


def marks_of(moment: Moment, layer: int) -> UnitMarks:
    network = moment.network
    off = np.flatnonzero(~network.weights[layer].any(axis=0)).tolist() if layer < len(network.weights) else []
    return UnitMarks(tuple(off), tuple(unit for at, unit in moment.frozen if at == layer))


class Weights(Struct, frozen=True, eq=False):
    """Weights of a layer as pictures, or what training has added to them if `learned`. Weights of ±`limit` and beyond
    have the full colour; `beyond`, bool (units,), marks units far beyond it."""

    moment: Moment
    layer: int
    learned: bool
    limit: float
    beyond: NDArray[np.bool_]
    marks: UnitMarks = UnitMarks()

    @property
    def values(self) -> Array:
        return self.moment.network.weights[self.layer - 1]

    @property
    def initial(self) -> Array | None:
        return self.moment.initial.weights[self.layer - 1] if self.learned else None


class Changes(Struct, frozen=True, eq=False):
    """Pictures of a mini-batch stage in place of a layer's weights: gradient or step, `values` (units, n_in). Values
    of ±`limit` and beyond have the full colour; no unit is far `beyond` it."""

    values: Array
    limit: float
    beyond: NDArray[np.bool_]
    marks: UnitMarks = UnitMarks()
    initial: None = None


class Evidence(Struct, frozen=True, eq=False):
    """Contributions to a unit from each pixel or unit of the `layer` before, (n,); ±`limit` has the full colour."""

    values: Array
    limit: float
    layer: int


class OutputsThen(Struct, frozen=True, eq=False):
    moment: Moment
    image: NDArray[np.uint8]
    values: Array


class Memory(Struct, frozen=True, eq=False):
    """State that one picture passes to the next one `of` the same run and sizes; `times` are in seconds."""

    colours: ColourScales = field(default_factory=ColourScales)
    of: tuple[int, tuple[int, ...]] | None = None
    times: Mapping[Part, float] = field(default_factory=dict)
    words: CardWords = field(default_factory=CardWords)
    written: Flow | None = None
    """The flow that the texts describe: bars beside a figure show the same, and its winner is explained."""
    weights: Weights | None = None
    path: evidence.Path | None = None
    then: OutputsThen | None = None
    evidence_limit: float = 1.0

    def at(self, moment: Moment) -> Memory:
        of = moment.run, moment.network.sizes
        return self if of == self.of else Memory(self.colours, of)

    def hurried(self, *parts: Part) -> Memory:
        return replace(self, times={part: time for part, time in self.times.items() if part not in parts})

    def is_due(self, part: Part, now: float, every: float) -> bool:
        made = self.times.get(part)
        return made is None or now - made >= every


class CardPicture(Struct, frozen=True, eq=False):
    """Everything that the card shows. An object identical to the previous picture's is not painted again. `image` is
    the scratchpad's picture; `flow` holds its activations, or is None if no picture fits or a number is not finite.
    `bars` and `signed` are by layer. `outputs` belong to the same network as the figures in `words`. Lines begin at
    `ways_out`, the neutral line ends at the output `connects_to`. If `is_behind`, the texts will be updated later."""

    memory: Memory = field(default_factory=Memory)
    words: CardWords = field(default_factory=CardWords)
    message: str = ""
    when: tuple[str, ...] = ()
    """The past step or mixture that is shown, from long to short; empty at the end of the run."""
    image: NDArray[np.uint8] | None = None
    captions: tuple[str, ...] = ()
    dots: tuple[Dot, ...] = ()
    flow: Flow | None = None
    bars: Mapping[int, Bars] = field(default_factory=dict)
    signed: Mapping[int, SignedBars] = field(default_factory=dict)
    outputs: Array | None = None
    means: Sequence[float] | None = None
    """The mean activation of the selected unit for each output, as a share of the full bar."""
    lines: tuple[Line, ...] = ()
    ways_out: tuple[Unit, ...] = ()
    ringed: tuple[Unit, ...] = ()
    pixel: int | None = None
    outputs_then: Array | None = None
    connects_to: int | None = None
    evidence: Evidence | None = None
    weights: Weights | Changes | None = None
    is_blank: bool = False
    """True before the first step: nothing is learned, and the pictures of what was learned are blank."""
    numbers: StageContent | None = None
    is_faint: bool = False  # true if weights are pale, without a scale, behind something else
    is_behind: bool = False

    @property
    def has_choice(self) -> bool:
        """Whether the pictures can be those of the weights or of what was learned."""
        return not self.is_blank and not isinstance(self.weights, Changes)


class CardInput(Struct, frozen=True, eq=False):
    """What the card's content at the time `now`, in seconds, depends on. Texts, path and weights come from `memory`
    until they are due; `classes` name the outputs; the hairlines show the outputs of `beside`."""

    shown: Shown
    drawing: PadContent
    selected: Selected
    memory: Memory
    classes: tuple[str, ...]
    now: float
    beside: Beside | None = None

    @property
    def moment(self) -> Moment:
        assert self.shown.moment is not None
        return self.shown.moment

    @property
    def is_untrained(self) -> bool:
        run = self.shown.run
        return self.moment.step == 0 and not (run is not None and run.has_learned)


def present(of: CardInput) -> CardPicture:
    shown, drawing, selected, moment, now = of.shown, of.drawing, of.selected, of.moment, of.now
    network, memory = moment.network, of.memory.at(moment)
    scales, times = Scales(network, health_of(shown)), dict(memory.times)
    weights = _weights(of, memory, times)
    written, current = memory.is_due("words", now, WORDS), None
    if drawing.picture is not None and drawing.picture.size == network.sizes[0]:
        explained = memory.written.winner if memory.written is not None and not written else None
        current = flow(network, drawing.pixels, explained if selected.output is None else selected.output)
    path = memory.path
    wants_path = _shows_path(selected, network) and selected.unit is None
    if wants_path and current is not None and (path is None or memory.is_due("path", now, PATH)):
        path = evidence.path(network, current.activations, current.explained.output, current.explained.rival)
        times["path"] = now
    seen = None if current is None else evidence_of(current, selected, memory.evidence_limit)
    then = None if current is None else _outputs_then(of, memory.then)
    words = memory.words
    if written:
        times["words"] = now
        words = _words(of, scales, current, path, then)
    figured = current if written or memory.written is None else memory.written
    limit = memory.evidence_limit if seen is None else seen.limit
    left = Memory(memory.colours, memory.of, times, words, figured, weights, path, then, limit)
    lost = card_words.diverged() if shown.diverged and not finite([network.parameters]) else ""
    picture = CardPicture(
        left, words, lost, moment_words.at(shown), drawing.picture, drawing.captions, drawing.dots,
        means=scales.means(selected.unit), weights=weights, pixel=selected.pixel, is_behind=not written,
        is_blank=of.is_untrained and selected.learned,
    )  # fmt: skip
    if current is None or figured is None:
        return picture
    lines, ways_out = lines_of(current, selected, scales, memory.colours, moment, path)
    return replace(
        picture,
        flow=current,
        bars={layer: Bars(current.activations[layer], scales.bars(layer)) for layer in layers(network)},
        signed=signed(current, scales),
        outputs=figured.outputs,
        lines=lines,
        ways_out=ways_out,
        ringed=ways_out if selected.unit is None else (),
        outputs_then=None if then is None else then.values,
        connects_to=current.explained.output,
        evidence=seen,
    )


def layers(network: Network) -> range:
    return range(1, max(len(network.sizes) - 1, 2))


def health_of(shown: Shown) -> Health | None:
    """Return the activation statistics; of a preview only their scale, which is that of the run's own network."""
    if shown.run is None or shown.preview is None:
        return None if shown.run is None else shown.health
    return Health((), shown.of_run.health.full_contribution)


def _shows_path(selected: Selected, network: Network) -> bool:
    return selected.path and len(network.sizes) > 2


def signed(flow: Flow, scales: Scales) -> dict[int, SignedBars]:
    if len(flow.network.sizes) == 2:
        return {}
    return {len(flow.network.sizes) - 2: SignedBars(flow.explained.contributions, scales.full_contribution())}


def _weights(of: CardInput, memory: Memory, times: dict[Part, float]) -> Weights:
    """Return the weights of the open layer; at full speed only every third frame updates them."""
    moment, layer, before, now = of.moment, of.selected.layer, memory.weights, of.now
    learned = of.selected.learned and (moment.step > 0 or of.is_untrained)
    if before is not None and "weights" in times and (layer, learned) == (before.layer, before.learned):
        rushes = not of.shown.rests and moment.step - before.moment.step > RUSH
        waits = rushes and not memory.is_due("weights", now, PICTURES)
        same = moment.network is before.moment.network and moment.frozen == before.moment.frozen
        if waits or same:
            return before
    times["weights"] = now
    blank = learned and not moment.step  # all is 0
    limit = 1.0 if blank else memory.colours.fit(moment, layer, learned=learned)
    beyond = np.zeros(0, bool) if before is None else before.beyond
    made = Weights(moment, layer, learned, limit, beyond, marks_of(moment, layer))
    if before is None or layer != before.layer or memory.is_due("marks", now, MARKS):
        times["marks"] = now
        return replace(made, beyond=unit_quantiles(made.values, made.initial) > BEYOND * limit)
    return made


def lines_of(
    flow: Flow,
    selected: Selected,
    scales: Scales,
    colours: ColourScales,
    moment: Moment,
    path: evidence.Path | None,
) -> tuple[tuple[Line, ...], tuple[Unit, ...]]:
    """Return the coloured lines of the selected unit or of the path, and the units where they begin."""
    unit, last = selected.unit, len(flow.network.sizes) - 1
    if unit is not None and unit.layer < last:
        if (layer := unit.layer) == last - 1:
            full = scales.full_contribution()
        else:  # a strong weight times a strong activation
            full = colours.fit(moment, layer + 1, learned=False) * scales.bars(layer).full
        passed = evidence.outgoing(flow.network, flow.activations, *unit)
        return tuple(Line(unit, Unit(layer + 1, number), weight / full) for number, weight in passed), (unit,)
    if path is None or not _shows_path(selected, flow.network):
        return (), ()
    ends = Unit(last, flow.explained.output), *path.units
    lines = (Line(start, end, PATH_LINE) for start, end in zip(path.units, ends, strict=False))
    return tuple(lines), path.units


def evidence_of(flow: Flow, selected: Selected, limit: float) -> Evidence | None:
    """Return the contributions to the selected unit, or from the pixels to the output of a single layer."""
    unit, layers = selected.unit, len(flow.network.sizes)
    if layers == 2:
        if selected.output is None and unit is None:
            return None
        layer, values = 0, flow.explained.contributions
    elif unit is None or unit.layer == layers - 1:
        return None
    else:
        layer, values = unit.layer - 1, evidence.contributions_to(flow.network, flow.activations, *unit)
    return Evidence(values, fitted_limit(limit, values[np.newaxis]), layer)


def _outputs_then(of: CardInput, before: OutputsThen | None) -> OutputsThen | None:
    """Return the outputs in another network, computed once for each drawing; None if not finite."""
    drawing = of.drawing
    if of.beside is None or drawing.picture is None:
        return None
    other, sizes = of.beside.moment, of.moment.network.sizes
    if (other.network.sizes[0], other.network.sizes[-1]) != (sizes[0], sizes[-1]):
        return None
    if before is not None and before.moment is other and before.image is drawing.picture:
        return before
    values = other.network.activations(drawing.pixels)[-1][0]
    return OutputsThen(other, drawing.picture, values) if finite([values]) else None


def _words(
    of: CardInput, scales: Scales, current: Flow | None, path: evidence.Path | None, then: OutputsThen | None
) -> CardWords:
    moment, drawing, selected, classes, beside = of.moment, of.drawing, of.selected, of.classes, of.beside
    run, drawn = of.shown.run, drawing.picture is not None
    if current is None:
        fits = drawing.picture is None or drawing.picture.size == moment.network.sizes[0]
        outputs = card_words.no_verdict(drawn=drawn, fits=fits)
    else:
        outputs = card_words.verdict(
            current, classes, drawing.true_label, guess=of.is_untrained, balanced=selected.output is not None
        )
        if then is not None and beside is not None and beside.there:
            own_outputs = ((beside.here, current.outputs),) if beside.here else ()
            both = (beside.there, then.values), *own_outputs
            outputs = replace(outputs, reasons=(card_words.both_verdicts(both, classes),))
    means, unit, tip = scales.mean_activations(selected.unit), None, ""
    if means is not None and selected.unit is not None:
        unit = selected.unit.number
        if selected.output is not None and selected.output < len(means):
            name, mean = class_name(classes, selected.output), number_text(means[selected.output])
            tip = tr("Mean activation of unit {number} for “{name}”: {value}")
            tip = tip.format(number=whole(unit + 1), name=name, value=mean)
    reading = _reading(of, current, path)
    legends = card_words.legends(current, drawn, scales.bars(selected.layer), classes)
    origin = None if run is None else run.origin
    return CardWords(
        outputs,
        card_words.aloud(outputs, classes),
        drawing.note,
        digit_verdict(0, None, classes, drawing.true_label).label_note if drawing.note else "",
        card_words.layer_notes(moment, selected.layer, origin, learned=selected.learned),
        card_words.outputs_notes(
            None if then is None else then.moment.step, unit, "" if beside is None else beside.there
        ),
        tip,
        FootWords(legends, reading),
        {layer: card_words.digits_a_unit(scales.digits_a_unit(layer)) for layer in layers(moment.network)},
    )


def _reading(of: CardInput, current: Flow | None, path: evidence.Path | None) -> Sequence[str]:
    moment, selected, classes, picture = of.moment, of.selected, of.classes, of.drawing.picture
    unit, output, cell, sizes = selected.unit, selected.output, selected.cell, moment.network.sizes
    if unit is not None and (unit.layer < len(sizes) - 1 or cell is not None):
        initial = moment.initial if moment.step and selected.learned else None
        return card_words.unit_reading(moment, initial, unit, cell, current, classes)
    if selected.pixel is not None and picture is not None:
        return [card_words.pixel_reading(picture, selected.pixel)]
    if output is not None and current is not None:
        return [card_words.output_reading(current, output, classes)]
    if current is not None and path is not None and _shows_path(selected, current.network):
        if not path.complete:
            return card_words.path_ends(path, sizes)
        return card_words.path_units(path, sizes, class_name(classes, current.explained.output))
    return ()
