"""What is chosen on the board, in words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from mnistviz.engine.ideas.circuit import NAND_BIAS, NAND_WEIGHT, Source, Target
from mnistviz.gui.common import numbers
from mnistviz.gui.ideas.circuit.board import Board
from mnistviz.gui.ideas.circuit.board_layout import Wire


def reading(board: Board) -> str:
    """A sentence about it; empty if nothing is chosen."""
    chosen, said = board.chosen, board.said()
    if board.from_keys is not None:
        return QCoreApplication.translate(
            "Circuit", "A wire from {source}: choose where it ends with the arrows, then press Enter."
        ).format(source=board.name(board.from_keys))
    if isinstance(chosen, Wire):
        source = board.circuit.source_of(chosen.target)
        if source is None:
            return ""
        return QCoreApplication.translate(
            "Circuit", "The wire from {source} to {target} carries {bit}."
        ).format(source=board.name(source), target=_target_name(board, chosen.target), bit=_bit(said[source]))
    if isinstance(chosen, Target):
        source = board.circuit.source_of(chosen)
        if source is None:
            return QCoreApplication.translate("Circuit", "No wire runs to {target} yet.").format(
                target=board.name(chosen)
            )
        return QCoreApplication.translate("Circuit", "{target} is {bit}, from {source}.").format(
            target=board.name(chosen), bit=_bit(said[source]), source=board.name(source)
        )
    if chosen is None:
        return ""
    if chosen.kind == "input":
        return QCoreApplication.translate("Circuit", "Input {name} is {bit}.").format(
            name=board.name(chosen), bit=_bit(said[chosen])
        )
    return _gate(board, chosen, said)


def _gate(board: Board, chosen: Source, said: dict[Source, bool]) -> str:
    bits = [bool(source is not None and said[source]) for source in board.circuit.gate(chosen.number).sources]
    total = NAND_BIAS + sum(NAND_WEIGHT * bit for bit in bits)
    pattern = (
        QCoreApplication.translate(
            "Circuit", "{gate}: −2 · {first} − 2 · {second} + 3 = {total}, above 0, so it says 1."
        )
        if said[chosen]
        else QCoreApplication.translate(
            "Circuit", "{gate}: −2 · {first} − 2 · {second} + 3 = {total}, not above 0, so it says 0."
        )
    )
    return pattern.format(
        gate=board.name(chosen),
        first=_bit(bits[0]),
        second=_bit(bits[1]),
        total=numbers.number_text(total, 0),
    )


def _target_name(board: Board, target: Target) -> str:
    if target.kind == "output":
        return board.name(target)
    return board.name(Source("gate", target.number))


def _bit(said: bool) -> str:
    return numbers.whole(int(said))
