"""The board: a circuit that is switched, wired and moved with mouse or keys."""

from collections.abc import Callable, Mapping

import numpy as np
from msgspec import Struct
from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent, QPainter

from mnistviz.engine.ideas import circuit as circuits
from mnistviz.engine.ideas.circuit import Laid, Source, Target, Thing, Wire, free_slot, signals, things
from mnistviz.engine.problems import Problem
from mnistviz.gui.common.painted_figure import ARROWS, ENTER, PaintedFigure
from mnistviz.gui.common.tooltips import keys_text
from mnistviz.gui.common.widgets import describe, problem_sentence
from mnistviz.gui.ideas.circuit.board_picture import BoardLayout, BoardPicture
from mnistviz.gui.ideas.circuit.circuit_words import gate_sum, say
from mnistviz.gui.ideas.parts.page_parts import Act

STILL = 5.0  # pixels that the mouse may go in a click
_STEP = 0.05  # fraction of the board that an arrow key moves a gate


class BoardGesture(Struct):
    """What mouse or keys are doing: moving a gate, or drawing a wire from `source`."""

    start: QPointF
    pressed: Source | Target | None = None
    moved: bool = False
    source: Source | None = None
    moved_from: Target | None = None  # where the wire ended so far


class Board(PaintedFigure):
    """Gates are dragged by their centres, wires from the dot at the right. Keys do all that the mouse does."""

    def __init__(
        self, laid: Laid, changed: Act, chosen_changed: Act, refused: Callable[[str], object]
    ) -> None:
        super().__init__()
        self._changed, self._chosen_changed, self._refused = changed, chosen_changed, refused
        self.circuit, self.shares, self.bits = laid.circuit, dict(laid.shares), (False,) * laid.circuit.inputs
        self.names: dict[Source | Target, str] = {}
        self.chosen: Thing | None = None
        self.from_keys: Source | None = None  # where the wire drawn with the keys starts
        self._gesture: BoardGesture | None = None
        self._pixel = QPointF()
        self.invalid_wire: tuple[Source, Target] | None = None
        """The last invalid wire, until something else is done."""
        keys = keys_text("Ctrl+Left, Ctrl+Right, Ctrl+Up, Ctrl+Down")
        describe(self, "circuit_board", say("board"), say("board_help", keys=keys))
        self.setToolTip("")  # it would cover the drawing
        self.setMouseTracking(True)

    def put(self, laid: Laid, names: Mapping[Source | Target, str]) -> None:
        self.circuit, self.shares, self.names = laid.circuit, dict(laid.shares), dict(names)
        self.bits = (False,) * laid.circuit.inputs
        self.let_go()
        self.updateGeometry()

    @property
    def laid(self) -> Laid:
        return Laid(self.circuit, dict(self.shares))

    def set_bits(self, bits: tuple[bool, ...]) -> None:
        self.bits = bits
        self.update()
        self._changed()

    def flip(self, number: int) -> None:
        self.set_bits(tuple(bit != (place == number) for place, bit in enumerate(self.bits)))

    def outputs(self) -> dict[Source, bool]:
        outputs = signals(self.circuit, np.array([self.bits], dtype=bool))
        return {source: bool(said[0]) for source, said in outputs.items()}

    def name(self, thing: Source | Target) -> str:
        return say("gate", number=thing.number) if thing.kind == "gate" else self.names.get(thing, "")

    @property
    def places(self) -> BoardLayout:
        metrics = QFontMetricsF(self.font())
        widest = max((metrics.horizontalAdvance(name) for name in self.names.values()), default=0.0)
        return BoardLayout(self.width(), self.height(), metrics.height(), widest, self.circuit, self.shares)

    def add_gate(self) -> None:
        try:
            circuit = self.circuit.added()
        except Problem as problem:
            return self._refuse(problem)
        number = circuit.gates[-1].number
        self.shares[number] = circuits.free_place(self.shares)
        self._set_circuit(circuit)
        self.choose(Source("gate", number))

    def take_away(self) -> None:
        chosen, gate = self.chosen, self._chosen_gate
        if isinstance(chosen, Wire):
            self._set_circuit(self.circuit.wired(None, chosen.target))
        elif gate is not None:
            self.shares.pop(gate)
            self._set_circuit(self.circuit.without(gate))
        else:
            return
        self.choose(None)

    @property
    def can_take_away(self) -> bool:
        return isinstance(self.chosen, Wire) or self._chosen_gate is not None

    @property
    def _chosen_gate(self) -> int | None:
        chosen = self.chosen
        return chosen.number if isinstance(chosen, Source) and chosen.kind == "gate" else None

    def wire(self, source: Source, target: Target, moved_from: Target | None = None) -> None:
        """Draw a wire, moved from another end if it was there, or report why it is invalid."""
        before = self.circuit if moved_from is None else self.circuit.wired(None, moved_from)
        try:
            after = before.wired(source, target)
        except Problem as problem:
            self.invalid_wire = (source, target)
            self.update()
            return self._refuse(problem)
        self._set_circuit(after)

    def _refuse(self, problem: Problem) -> None:
        self._refused(problem_sentence(problem))

    def move_gate(self, number: int, share: circuits.Share) -> None:
        self.shares[number] = share
        self.update()

    def choose(self, thing: Thing | None) -> None:
        self.chosen, self.invalid_wire = thing, None
        self.update()
        self._chosen_changed()

    def choose_beside(self, by: int) -> None:
        all_things = list(things(self.circuit))
        at = all_things.index(self.chosen) + by if self.chosen in all_things else min(by, 0)
        self.choose(all_things[at % len(all_things)])

    def let_go(self) -> None:
        self.from_keys = self._gesture = None
        self.choose(None)

    def _set_circuit(self, circuit: circuits.Circuit) -> None:
        self.circuit, self.invalid_wire = circuit, None
        if self.chosen not in set(things(circuit)):  # it was removed
            self.chosen = self.from_keys = None
        self.update()
        self._changed()

    def press(self, at: QPointF) -> None:
        places = self.places
        self._pixel, self.invalid_wire, self.from_keys = at, None, None
        source, end = places.start_at(at), places.end_at(at)
        wired = None if end is None else self.circuit.source_of(end)
        if source is not None:
            self._gesture = BoardGesture(at, source=source)
            self.choose(source)
        elif end is not None and wired is not None:
            self._gesture = BoardGesture(at, source=wired, moved_from=end)
            self.choose(Wire(end))
        else:
            body = places.body_at(at)
            self._gesture = BoardGesture(at, pressed=body)
            self.choose(places.wire_at(at) if body is None else body)

    def takes(self, at: QPointF) -> bool:
        return bool(self.places.start_at(at) or self.places.body_at(at))

    def drag(self, at: QPointF) -> None:
        self._pixel, gesture = at, self._gesture
        if gesture is None:
            return
        way = at - gesture.start
        gesture.moved = gesture.moved or abs(way.x()) + abs(way.y()) > STILL
        pressed = gesture.pressed
        if gesture.moved and isinstance(pressed, Source) and gesture.source is None:
            if pressed.kind == "input":
                gesture.source = pressed
            else:
                self.move_gate(pressed.number, self.places.share(self._pixel))
        self.update()

    def release(self, at: QPointF) -> None:
        gesture, self._gesture = self._gesture, None
        if gesture is None:
            return
        pressed = gesture.pressed
        if gesture.source is not None and gesture.moved:
            if (target := self.places.dropped_at(at)) is not None:
                self.wire(gesture.source, target, gesture.moved_from)
                if self.invalid_wire is None:
                    self.choose(Wire(target))
            elif gesture.moved_from is not None:
                self._set_circuit(self.circuit.wired(None, gesture.moved_from))
                self.choose(None)
        elif not gesture.moved and isinstance(pressed, Source) and pressed.kind == "input":
            self.flip(pressed.number)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if (key := Qt.Key(event.key())) in ARROWS and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._move_chosen(*ARROWS[key])
        else:
            super().keyPressEvent(event)

    def arrow(self, right: int, down: int) -> bool:
        self.choose_beside(right + down)
        return True

    def key(self, key: Qt.Key) -> bool:
        chosen = self.chosen
        if key in ENTER:
            return self._enter()
        if key == Qt.Key.Key_W and isinstance(chosen, Source):
            self.from_keys = chosen
            self.choose(chosen)
        elif key == Qt.Key.Key_Insert:
            self.add_gate()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.take_away()
        elif key == Qt.Key.Key_Escape and self.from_keys is not None:
            self.from_keys = None
            self.choose(chosen)
        elif key == Qt.Key.Key_Escape and chosen is not None:
            self.let_go()
        else:
            return False
        return True

    def _move_chosen(self, right: int, down: int) -> None:
        if (gate := self._chosen_gate) is not None:
            old = self.shares[gate]
            places = (old[0] + _STEP * right, old[1] + _STEP * down)
            left, top = (min(max(round(place, 4), 0.0), 1.0) for place in places)
            self.move_gate(gate, (left, top))

    def _enter(self) -> bool:
        source, chosen = self.from_keys, self.chosen
        target = chosen.target if isinstance(chosen, Wire) else chosen
        if source is None:
            if isinstance(target, Source) and target.kind == "input":
                self.flip(target.number)
            return isinstance(target, Source) and target.kind == "input"
        if isinstance(target, Source) and target.kind == "gate":
            target = free_slot(self.circuit, target.number)
        if isinstance(target, Target):
            self.from_keys = None
            self.wire(source, target)
        return True

    def reading(self) -> str:
        chosen, outputs = self.chosen, self.outputs()
        if self.from_keys is not None:
            return say("wire_begun", source=self.name(self.from_keys))
        if isinstance(chosen, Wire | Target):
            target = chosen.target if isinstance(chosen, Wire) else chosen
            name = self.name(Source("gate", target.number) if target.kind == "gate" else target)
            if (source := self.circuit.source_of(target)) is None:
                return "" if isinstance(chosen, Wire) else say("no_wire", target=name)
            id = "wire" if isinstance(chosen, Wire) else "output_is"
            return say(id, source=self.name(source), target=name, bit=outputs[source])
        if chosen is None:
            return ""
        if chosen.kind == "input":
            return say("input_is", name=self.name(chosen), bit=outputs[chosen])
        sources = self.circuit.gate(chosen.number).sources
        first, second = (bool(source is not None and outputs[source]) for source in sources)
        return gate_sum(self.name(chosen), (first, second), outputs[chosen])

    def paint(self, painter: QPainter) -> None:
        gesture, pulled, aim, hidden = self._gesture, None, None, None
        if gesture is not None and gesture.source is not None and gesture.moved:
            pulled, hidden = (gesture.source, self._pixel), gesture.moved_from
            aim = self.places.dropped_at(self._pixel)
        elif self.from_keys is not None and isinstance(self.chosen, Source | Target):
            pulled = (self.from_keys, self.places.middle(self.chosen))
        names = {thing: self.name(thing) for thing in things(self.circuit) if not isinstance(thing, Wire)}
        shown = self.places, self.outputs(), self.font(), names, self.chosen
        BoardPicture(painter, *shown, pulled, aim, hidden, self.invalid_wire).paint()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        by_keys = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        if by_keys and self.chosen is None:
            self.choose_beside(1)

    def sizeHint(self) -> QSize:
        return QSize(400, 190)  # small: it fills the room anyway

    def minimumSizeHint(self) -> QSize:
        lowest = 190 if len(self.circuit.outputs) == 1 else 240  # or names would lie under gates
        return QSize(300, lowest)
