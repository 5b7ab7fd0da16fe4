"""What the network card shows of a moment: weights, answers, who says what, in pictures at each frame and in words now
and then."""

from __future__ import annotations

import time
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPointF, QTimer

from mnistviz.engine import evidence
from mnistviz.engine.digits import grey_values
from mnistviz.engine.moment import Moment
from mnistviz.gui.common.class_names import class_name
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.lab import moment_words
from mnistviz.gui.lab.run_mirror import RunMirror
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.network import card_words
from mnistviz.gui.network.card_foot import CardFoot
from mnistviz.gui.network.card_head import CardHead
from mnistviz.gui.network.card_layout import BETWEEN, CardLayout
from mnistviz.gui.network.card_throttle import WORDS, CardThrottle
from mnistviz.gui.network.colour_scale import fitted_limit, unit_quantiles
from mnistviz.gui.network.flow import Flow, Lead, flow
from mnistviz.gui.network.flow_lines import FlowLine
from mnistviz.gui.network.input_view import InputView
from mnistviz.gui.network.layer_stage import LayerStage
from mnistviz.gui.network.picture import NetworkPicture
from mnistviz.gui.network.row.row_controller import RowController
from mnistviz.gui.network.scales import Scales
from mnistviz.gui.network.unit_reading import hint, legends, output_reading, unit_reading

Array = NDArray[Any]

PATH_LINE: Final = 0.3  # of a line that counts in full
JUST_TOLD: Final = 0.02  # seconds since the hand had all answers told: the next frame need not do it again
BEYOND: Final = 1.5
"""A unit whose 99 % quantile is so many times the strongest colour's weight has a mark."""


class CardPresenter(QObject):
    """Knows the moment that is shown and what lies on the pad, and brings the parts of the card up to date."""

    def __init__(
        self,
        picture: NetworkPicture,
        seen: InputView,
        head: CardHead,
        foot: CardFoot,
        drawn: RowController,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._picture, self._seen, self._head, self._foot, self._drawn = picture, seen, head, foot, drawn
        self._selection = picture.selection
        self._moment: Moment | None = None
        self.scales = Scales()
        self._run: RunMirror | None = None
        self._past = False
        self.seen = False
        """Whether the card is seen: else nothing of a moment is worked out."""
        self._classes: tuple[str, ...] = ()
        self._lead = Lead()
        self._evidence_limit = 1.0
        self._pixels: tuple[object, Array] | None = None
        self.flow: Flow | None = None
        """What the drawing does in the network of now; None without one of them, or if something is not finite."""
        self._path: evidence.Path | None = None
        self._way: tuple[CardLayout, dict[int, LayerStage], int] | None = None  # of the connector
        self._pace = CardThrottle()
        self._answered = 0.0  # when the hand had answers told, in seconds
        self._later = QTimer(self, singleShot=True)
        self._later.timeout.connect(self._tell_words)

    # What the card calls

    def draw(self, shown: Shown) -> None:
        """Shows the network of a moment. Costs nothing while the card is hidden, or where all is as before."""
        run, moment = shown.run, shown.moment
        if moment is None:
            return
        last, self._moment = self._moment, moment
        same = self.scales.take(moment.network, None if run is None else shown.health)
        self._run, self._past = run, not shown.live
        self._head.show_moment(moment_words.at(shown))
        if not (same and moment.same_as(last)) and self.seen:
            self._tell()
            if shown.rests:
                self._later.start(round(1000 * WORDS))  # scales and words are looked at once more

    def forget(self) -> None:
        """Forgets the network. Its picture stays until the next one is drawn, so that nothing flickers."""
        self._moment = self.flow = self._path = None
        self.scales.forget()
        self._lead.forget()
        self._pace.hurry()
        self._later.stop()

    def set_theme(self, theme: Theme) -> None:
        """The parts have colours of their own; what they show is drawn again."""
        self.tell_anew()

    def set_classes(self, classes: tuple[str, ...]) -> None:
        self._classes = classes
        self.tell_anew()

    def show_path(self, on: bool) -> None:
        """Shows the path from the output back, or not."""
        self._pace.hurry("path")
        if on:
            self._selection.choose_unit(None)  # whose lines would be shown instead
        self.tell_anew()

    def tell_anew(self) -> None:
        """Brings everything up to date: after a change of what is shown, or where."""
        self._pace.hurry()
        if self._moment is not None and self.seen and self._picture.sizes:
            self._tell()
        else:
            self._foot.show_note(self._drawn.note)
            self._seen.show_image(self._drawn.picture)

    def point(self) -> None:
        """Something else is pointed at or chosen: words follow at once, since the hand waits for them."""
        self._pace.hurry("words", "path")
        self.answer()

    def answer(self) -> None:
        """Something else is on the pad."""
        if self._moment is None or not self.seen or not self._picture.sizes:
            self._foot.show_note(self._drawn.note)
            self._seen.show_image(self._drawn.picture)
            return
        self._tell_answers()
        self._answered = time.monotonic()

    # Pictures, at each frame

    def _tell(self) -> None:
        moment, run = self._moment, self._run
        assert moment is not None
        playing = run is not None and run.playing and not self._past
        if self._pace.pictures_due(moment.step, playing=playing):
            self._tell_weights()
        if not playing or time.monotonic() - self._answered > JUST_TOLD:
            self._tell_answers()

    def _tell_weights(self) -> None:
        stage, moment = self._picture.opened_stage, self._moment
        assert moment is not None
        if stage is None or moment.network.sizes != self._picture.sizes:
            return
        layer = stage.layer
        network = self._foot.showing.initial(moment)
        weights = moment.network.weights[layer - 1]
        initial = None if network is None else network.weights[layer - 1]
        limit = self.scales.colours.fit(layer, initial is not None, weights, initial)
        self._foot.legend.show_scale(limit, learned=initial is not None)
        stage.show_weights(weights, limit, initial)
        if self._pace.due("marks"):
            stage.show_marks(unit_quantiles(weights, initial) > BEYOND * limit)

    def _tell_answers(self) -> None:
        moment, picture = self._moment, self._drawn.picture
        assert moment is not None
        network = moment.network
        if network.sizes != self._picture.sizes:
            return
        self.flow = None
        if picture is not None and picture.size == network.sizes[0]:
            if self._pixels is None or self._pixels[0] is not picture:
                self._pixels = picture, grey_values(picture.reshape(1, -1))
            self.flow = flow(network, self._pixels[1], self._selection.output, self._lead, time.monotonic())
        else:
            self._lead.forget()
        self._tell_bars()
        self._tell_lines()
        self._tell_seen()
        written = self._pace.due("words")
        if written:
            self._write()
        if not written or self._waits():
            if not self._later.isActive():
                self._later.start(round(1000 * WORDS))
        else:
            self._later.stop()

    def _waits(self) -> bool:
        """Whether the units will soon speak for another output although nothing changes but the time."""
        flow = self.flow
        return flow is not None and self._selection.output is None and flow.said.output != flow.winner

    def _tell_words(self) -> None:
        """What had to wait is told now."""
        self._pace.hurry("words")
        if self._moment is not None and self.seen:
            self._tell()

    def _tell_bars(self) -> None:
        flow, stages = self.flow, self._picture.stages
        self._picture.show_tracks(flow is not None)
        last = len(self._picture.sizes) - 1
        for layer, stage in stages.items():
            stage.show_answers(None if flow is None else flow.activations[layer], self.scales.answers(layer))
            if layer == last - 1:
                stage.show_said(
                    None if flow is None else flow.said.contributions, self.scales.full_contribution()
                )
        outputs = self._picture.outputs
        if flow is None:
            outputs.show_outputs(None, -1)
            outputs.show_balance(None)
        else:
            outputs.show_outputs(flow.outputs, outputs.words.winner)
            outputs.show_balance((flow.said.in_favour, flow.said.against, flow.said.bias))
        outputs.show_stripes(self.scales.stripes(self._selection.unit))

    def _tell_lines(self) -> None:
        picture, flow = self._picture, self.flow
        unit = self._selection.unit
        self._connect()
        if flow is None:
            picture.lines.show(())
        elif unit is not None and unit[0] < len(picture.sizes) - 1:
            passed = evidence.outgoing(flow.network, flow.activations, *unit)
            trunk = picture.way_out_of(unit)
            full = self.scales.full_passed(unit[0])
            lines = [
                FlowLine(trunk[-1], picture.way_into(unit[0] + 1, number), weight / full)
                for number, weight in passed
            ]
            picture.lines.show(tuple(lines), [trunk])
        elif self._head.path.isChecked() and not self._head.path.isHidden():
            if self._path is None or self._pace.due("path"):
                self._path = evidence.path(flow.network, flow.activations, flow.said.output, flow.said.rival)
            self._draw_path(self._path, flow)
        else:
            picture.lines.show(())

    def _draw_path(self, path: evidence.Path, flow: Flow) -> None:
        lines, trunks, layer, after = [], [], len(self._picture.sizes) - 1, flow.said.output
        for unit in path.units:
            trunk = self._picture.way_out_of(unit)
            trunks.append(trunk)
            lines.append(FlowLine(trunk[-1], self._picture.way_into(layer, after), PATH_LINE))
            layer, after = unit
        self._picture.lines.show(tuple(lines), trunks)

    def _connect(self) -> None:
        """Draws the neutral way from the 28 × 28 through the stages to the output that is spoken for, where it is
        another than before."""
        places, flow = self._picture.places, self.flow
        way = None if places is None or flow is None else (places, self._picture.stages, flow.said.output)
        if way != self._way:
            self._way = way
            self._picture.lines.connect([] if way is None else self._connector(*way))

    def _connector(
        self, places: CardLayout, stages: dict[int, LayerStage], output: int
    ) -> list[tuple[QPointF, QPointF]]:
        seen = places.seen.center().y() - places.view.top()
        here = QPointF(0, min(max(seen, 0), places.view.height() - 1))
        ways = []
        for stage in stages.values():
            middle = stage.bounds.center().y()
            ways.append((here, QPointF(stage.bounds.left() - 6, middle)))
            here = QPointF(stage.bounds.right() + 7, middle)
        ways.append((here, self._picture.outputs.way_in(output)))
        return ways

    def _tell_seen(self) -> None:
        shown = None if self.flow is None else self._evidence(self.flow)
        if shown is None:
            self._seen.show_image(self._drawn.picture)
            self._seen.show_words(card_words.seen(None))
            return
        layer = 0 if self._selection.unit is None else self._selection.unit[0] - 1
        self._seen.show_words(card_words.seen(layer))
        self._evidence_limit = fitted_limit(self._evidence_limit, shown[np.newaxis])
        self._seen.show_evidence(shown, self._evidence_limit)

    def _evidence(self, flow: Flow) -> Array | None:
        """What the unit pointed at gets from the layer before; without a hidden layer, what speaks for the output."""
        unit = self._selection.unit
        if len(flow.network.sizes) == 2:
            there = self._selection.output is not None or unit is not None
            return flow.said.contributions if there else None
        if unit is None or unit[0] == len(flow.network.sizes) - 1:
            return None
        return evidence.contributions_to(flow.network, flow.activations, *unit)

    # Words, now and then

    def _write(self) -> None:
        moment, flow, picture = self._moment, self.flow, self._picture
        assert moment is not None
        self._foot.show_note(self._drawn.note)
        if flow is not None:
            guess = moment.step == 0 and not (self._run is not None and self._run.has_learned)
            told = card_words.verdict(flow, self._classes, self._drawn.true_label, guess=guess)
        else:
            drawn = self._drawn.picture
            fits = drawn is None or drawn.size == picture.sizes[0]
            told = card_words.no_verdict(drawn=drawn is not None, fits=fits)
        picture.outputs.show_words(told)
        if flow is not None:
            picture.outputs.show_outputs(flow.outputs, told.winner)
        low = picture.places is not None and picture.places.verdict is None
        self._head.show_verdict(card_words.short_verdicts(told) if low else [])
        picture.setAccessibleDescription(card_words.aloud(told, self._classes))
        self._foot.show_colours(True)
        scale = self.scales.answers(picture.open_layer)
        stripes = self.scales.stripes(self._selection.unit) is not None
        something = self._drawn.picture is not None
        self._foot.show_legends(*legends(flow, something, scale, self._classes, stripes=stripes))
        self._measure()
        self._read(moment)

    def _measure(self) -> None:
        """For how many digits a unit of each layer of a deep network answers."""
        picture, places, font = self._picture, self._picture.places, self._foot.small_font()
        if places is None or places.measure is None:
            return
        for layer, stage in picture.stages.items():
            room = places.open if layer == picture.open_layer else places.folded[layer]
            room = room.adjusted(-BETWEEN // 2 + 2, 0, BETWEEN // 2 - 2, places.measure.height())
            stage.show_measure(card_words.digits_a_unit(self.scales.digits_a_unit(layer)), room, font)

    def _read(self, moment: Moment) -> None:
        unit, output = self._selection.unit, self._selection.output
        flow, cell = self.flow, self._selection.pointed_cell
        hidden = unit is not None and (unit[0] < len(moment.network.sizes) - 1 or cell is not None)
        if unit is not None and hidden:
            pointed = cell if unit == self._selection.pointed_unit else None
            shown = self._foot.showing.initial(moment)
            texts = [unit_reading(moment, shown, unit, pointed, flow, self._classes)]
        elif output is not None and flow is not None:
            texts = [output_reading(flow, output, self._classes)]
        elif flow is not None and self._path is not None and self._head.path.isChecked():
            name = class_name(self._classes, flow.said.output)
            texts = card_words.path_units(self._path, moment.network.sizes, name)
            if not self._path.complete:
                texts = card_words.path_ends(self._path, moment.network.sizes)
        else:
            origin = None if self._run is None else self._run.origin
            texts = hint(moment, self._picture.open_layer, origin, learned=self._foot.showing.learned())
        chosen = self._selection.chosen_unit
        pointed = hidden or output is not None
        self._foot.show_reading(texts, pointed=pointed, large=chosen is not None)
