"""What lies on the board when a wish is chosen, and what its parts are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication

from mnistviz.engine.ideas.circuit import SOLUTIONS, TABLES, Circuit, Source, Target
from mnistviz.gui.ideas.circuit.board_layout import SHOWN, STARTS, Share

WISHES = tuple(TABLES)
"""In the order in which one builds on the other."""


@dataclass(frozen=True)
class Laid:
    """A circuit and where its gates lie."""

    circuit: Circuit
    shares: Mapping[int, Share]


def beginning(wish: str) -> Laid:
    """One gate with both inputs wired to it; it does nothing that is wished."""
    circuit = TABLES[wish].empty().added()
    for slot in (0, 1):
        circuit = circuit.wired(Source("input", slot), Target("gate", 1, slot))
    if wish == "xor":
        circuit = circuit.wired(Source("gate", 1), Target("output", 0))
    return Laid(circuit, STARTS[wish])


def grown(built: Laid, wish: str) -> Laid:
    """What was built for the wish before, as the beginning of the next: on a half adder's board XOR is the sum
    already; for the full adder the two outputs of the half adder are not the wished ones yet."""
    table = TABLES[wish]
    outputs: tuple[Source | None, ...] = (None,) * len(table.outputs)
    if wish == "half_adder":
        outputs = (*built.circuit.outputs, None)
    circuit = replace(built.circuit, inputs=table.inputs, outputs=outputs)
    wide = 0.5 if wish == "full_adder" else 1.0
    return Laid(circuit, {number: (wide * across, down) for number, (across, down) in built.shares.items()})


def solution(wish: str) -> Laid:
    """As *Show me* lays it."""
    return Laid(SOLUTIONS[wish], SHOWN[wish])


def wish_name(wish: str) -> str:
    return {
        "xor": QCoreApplication.translate("Circuit", "XOR"),
        "half_adder": QCoreApplication.translate("Circuit", "half adder"),
        "full_adder": QCoreApplication.translate("Circuit", "full adder"),
    }[wish]


def end_names(wish: str) -> dict[Source | Target, str]:
    """What inputs and outputs are called."""
    inputs = (
        QCoreApplication.translate("Circuit", "x₁"),
        QCoreApplication.translate("Circuit", "x₂"),
        QCoreApplication.translate("Circuit", "x₃"),
    )
    table = TABLES[wish]
    names: dict[Source | Target, str] = {
        Source("input", number): inputs[number] for number in range(table.inputs)
    }
    words = {
        "sum": QCoreApplication.translate("Circuit", "sum"),
        "carry": QCoreApplication.translate("Circuit", "carry"),
    }
    for number, code in enumerate(table.outputs):
        names[Target("output", number)] = wish_name(wish) if wish == "xor" else words[code]
    return names
