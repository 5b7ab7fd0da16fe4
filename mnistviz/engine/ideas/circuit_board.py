"""Layout of the circuit board: positions of gates, selectable things, and initial boards."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from mnistviz.engine.ideas.circuit import SOLUTIONS, TABLES, Circuit, Source, Target

Share = tuple[float, float]
"""A place on the board as shares of its width and height, independent of the board's size."""

STARTS: Final[Mapping[str, Mapping[int, Share]]] = {
    "xor": {1: (0.3, 0.5)},
    "half_adder": {1: (0.3, 0.5)},
    "full_adder": {1: (0.05, 0.35)},
}
"""Position of the initial gate of each board."""

SHOWN: Final[Mapping[str, Mapping[int, Share]]] = {
    "xor": {1: (0.14, 0.5), 2: (0.5, 0.15), 3: (0.5, 0.85), 4: (0.86, 0.5)},
    "half_adder": {1: (0.14, 0.36), 2: (0.5, 0.0), 3: (0.5, 0.48), 4: (0.86, 0.22), 5: (0.86, 1.0)},
    "full_adder": {
        1: (0.0, 0.3), 2: (0.2, 0.0), 3: (0.2, 0.45), 4: (0.4, 0.2), 5: (0.56, 0.46),
        6: (0.8, 0.06), 7: (0.8, 0.56), 8: (1.0, 0.3), 9: (1.0, 1.0),
    },
}  # fmt: skip
"""Positions of the gates of a solution."""


class Wire(NamedTuple):
    """The wire that ends at a target."""

    target: Target


Thing = Source | Target | Wire
"""A selectable thing on the board: an input or a gate, an output, a wire."""


def things(circuit: Circuit) -> Iterator[Thing]:
    """Yield everything selectable, in keyboard order: each wire after its target."""
    yield from (Source("input", number) for number in range(circuit.inputs))
    for gate in circuit.gates:
        yield Source("gate", gate.number)
        yield from (
            Wire(Target("gate", gate.number, slot))
            for slot, source in enumerate(gate.sources)
            if source is not None
        )
    for number, source in enumerate(circuit.outputs):
        yield Target("output", number)
        if source is not None:
            yield Wire(Target("output", number))


def free_place(taken: Mapping[int, Share]) -> Share:
    """Return the place of a coarse grid that is farthest from all gates."""
    grid = [(across / 6, down / 4) for across in range(1, 6) for down in range(5)]
    if not taken:
        return (0.5, 0.5)
    return max(grid, key=lambda place: min(math.dist(place, gate) for gate in taken.values()))


def free_slot(circuit: Circuit, number: int) -> Target:
    """Return the first unconnected input of a gate, or its first input."""
    sources = circuit.gate(number).sources
    return Target("gate", number, sources.index(None) if None in sources else 0)


WISHES = tuple(TABLES)
"""Each table builds on the previous one."""


@dataclass(frozen=True)
class Laid:
    """A circuit and the positions of its gates."""

    circuit: Circuit
    shares: Mapping[int, Share]


def beginning(wish: str) -> Laid:
    """Return one gate with both inputs connected; it does not match any table."""
    circuit = TABLES[wish].empty().added()
    for slot in (0, 1):
        circuit = circuit.wired(Source("input", slot), Target("gate", 1, slot))
    if wish == "xor":
        circuit = circuit.wired(Source("gate", 1), Target("output", 0))
    return Laid(circuit, STARTS[wish])


def grown(built: Laid, wish: str) -> Laid:
    """Return the board of the previous table as the start of the next: a half adder already has XOR as its sum; the
    outputs of the half adder are not yet those of the full adder."""
    table = TABLES[wish]
    outputs: tuple[Source | None, ...] = (None,) * len(table.outputs)
    if wish == "half_adder":
        outputs = (*built.circuit.outputs, None)
    circuit = replace(built.circuit, inputs=table.inputs, outputs=outputs)
    wide = 0.5 if wish == "full_adder" else 1.0
    return Laid(circuit, {number: (wide * across, down) for number, (across, down) in built.shares.items()})


ADDER_STEPS: Final = (4, 8, 9)
"""Number of gates of the full adder after each step: a half adder, another one, and the carry of both."""


def solution(wish: str, step: int = len(ADDER_STEPS) - 1) -> Laid:
    """Return the solution that *Show me* displays; the full adder up to a step, from 0."""
    circuit = SOLUTIONS[wish]
    if wish == "full_adder":
        for gate in circuit.gates[ADDER_STEPS[step] :]:
            circuit = circuit.without(gate.number)
    return Laid(circuit, {gate.number: SHOWN[wish][gate.number] for gate in circuit.gates})
