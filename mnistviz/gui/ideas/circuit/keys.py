"""The board without a mouse."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from mnistviz.engine.ideas.circuit import Circuit, Source, Target
from mnistviz.gui.ideas.circuit.board_layout import Share, Thing, Wire, free_slot

_ARROWS = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip
_STEP = 0.05  # of the board, by which an arrow moves a gate


class KeyTarget(Protocol):
    """What the keys need of the board."""

    circuit: Circuit
    shares: dict[int, Share]
    chosen: Thing | None
    from_keys: Source | None

    def flip(self, number: int) -> None: ...
    def choose(self, thing: Thing | None) -> None: ...
    def choose_beside(self, by: int) -> None: ...
    def add_gate(self) -> None: ...
    def take_away(self) -> None: ...
    def let_go(self) -> None: ...
    def move_gate(self, number: int, share: Share) -> None: ...
    def wire(self, source: Source, target: Target, picked_up: Target | None = None) -> None: ...


def key_pressed(board: KeyTarget, event: QKeyEvent) -> bool:
    """Does what the key says; whether it says anything here."""
    key, chosen = Qt.Key(event.key()), board.chosen
    if key in _ARROWS:
        across, down = _ARROWS[key]
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            board.choose_beside(across + down)
        elif isinstance(chosen, Source) and chosen.kind == "gate":
            old = board.shares[chosen.number]
            board.move_gate(chosen.number, (_held(old[0] + _STEP * across), _held(old[1] + _STEP * down)))
        return True
    if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        return _enter(board, chosen)
    if key == Qt.Key.Key_W and isinstance(chosen, Source):
        board.from_keys = chosen
        board.choose(chosen)
        return True
    if key == Qt.Key.Key_Insert:
        board.add_gate()
        return True
    if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
        board.take_away()
        return True
    if key == Qt.Key.Key_Escape and (board.from_keys is not None or chosen is not None):
        if board.from_keys is not None:
            board.from_keys = None
            board.choose(chosen)
        else:
            board.let_go()
        return True
    return False


def _enter(board: KeyTarget, chosen: Thing | None) -> bool:
    source = board.from_keys
    if source is not None:
        target = chosen.target if isinstance(chosen, Wire) else chosen
        if isinstance(target, Source) and target.kind == "gate":
            target = free_slot(board.circuit, target.number)
        if isinstance(target, Target):
            board.from_keys = None
            board.wire(source, target)
        return True
    if isinstance(chosen, Source) and chosen.kind == "input":
        board.flip(chosen.number)
        return True
    return False


def _held(share: float) -> float:
    return min(max(round(share, 4), 0.0), 1.0)
