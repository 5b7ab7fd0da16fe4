"""Circuits of NAND gates, each a perceptron (Nielsen, chapter 1, "Perceptrons"), and their layout on a board. A circuit
is immutable: each change returns another one, which never has a cycle of wires."""

import math
from collections.abc import Iterator, Mapping
from typing import Final, Literal, NamedTuple, Self

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from mnistviz.engine.functions import Bools
from mnistviz.engine.problems import Problem

Bits = Bools

NAND_WEIGHT: Final = -2
NAND_BIAS: Final = 3
MOST_GATES: Final = 16


def nand(first: Bits, second: Bits) -> Bits:
    """Return the outputs of a perceptron with weights −2, −2 and bias 3: 0 only where both inputs are 1."""
    return np.asarray(NAND_WEIGHT * first.astype(int) + NAND_WEIGHT * second.astype(int) + NAND_BIAS > 0)


class Source(NamedTuple):
    """Start of a wire: an input of the circuit by its index, or a gate by its number."""

    kind: Literal["input", "gate"]
    number: int


class Target(NamedTuple):
    """End of a wire: the first or second input (`slot`) of a gate, or an output of the circuit (slot 0)."""

    kind: Literal["gate", "output"]
    number: int
    slot: int = 0


class Gate(Struct, frozen=True):
    """A NAND gate and the sources of its two inputs. An unconnected input counts as 0."""

    number: int
    sources: tuple[Source | None, Source | None] = (None, None)


class Circuit(Struct, frozen=True):
    """Gates between `inputs` inputs and as many outputs as `outputs` has places, each fed by one wire or none."""

    inputs: int
    outputs: tuple[Source | None, ...]
    gates: tuple[Gate, ...] = ()

    def gate(self, number: int) -> Gate:
        """Return the gate with that number; raise KeyError if there is none."""
        return {gate.number: gate for gate in self.gates}[number]

    def added(self) -> Self:
        """Return the circuit with one more, unconnected gate of the next number. Raise a `Problem` if it is full."""
        if len(self.gates) >= MOST_GATES:
            raise Problem("circuit_full", most=MOST_GATES)
        number = max((gate.number for gate in self.gates), default=0) + 1
        return replace(self, gates=(*self.gates, Gate(number)))

    def without(self, number: int) -> Self:
        gone = Source("gate", number)
        gates = tuple(
            Gate(gate.number, _pair(None if source == gone else source for source in gate.sources))
            for gate in self.gates
            if gate.number != number
        )
        outputs = tuple(None if source == gone else source for source in self.outputs)
        return replace(self, gates=gates, outputs=outputs)

    def wired(self, source: Source | None, target: Target) -> Self:
        """Return the circuit with a wire from `source` to `target`, replacing the one there; None only removes it.
        Raise a `Problem` if the wire would close a cycle."""
        if target.kind == "output":
            outputs = tuple(
                source if place == target.number else old for place, old in enumerate(self.outputs)
            )
            return replace(self, outputs=outputs)
        if source is not None and source.kind == "gate" and self.feeds(target.number, source.number):
            if source.number == target.number:
                raise Problem("circuit_circle_itself", gate=target.number)
            raise Problem("circuit_circle", gate=target.number, source=source.number)
        before = self.gate(target.number).sources
        wired = Gate(target.number, _pair(source if slot == target.slot else before[slot] for slot in (0, 1)))
        return replace(
            self, gates=tuple(wired if gate.number == wired.number else gate for gate in self.gates)
        )

    def source_of(self, target: Target) -> Source | None:
        if target.kind == "output":
            return self.outputs[target.number]
        return self.gate(target.number).sources[target.slot]

    def wires(self) -> Iterator[tuple[Source, Target]]:
        """Yield all wires: those into the gates first, in the order of the gates, then those to the outputs."""
        for gate in self.gates:
            for slot, source in enumerate(gate.sources):
                if source is not None:
                    yield source, Target("gate", gate.number, slot)
        for number, source in enumerate(self.outputs):
            if source is not None:
                yield source, Target("output", number)

    def feeds(self, first: int, second: int) -> bool:
        """Return True if a signal of gate `first` reaches gate `second`. Each gate counts as feeding itself."""
        before = {each.number for each in self.gate(second).sources if each and each.kind == "gate"}
        return first == second or any(self.feeds(first, number) for number in before)

    def in_order(self) -> tuple[Gate, ...]:
        """Return the gates so that each comes after those that feed it."""
        depths = self.depths()
        return tuple(sorted(self.gates, key=lambda gate: (depths[gate.number], gate.number)))

    def depths(self) -> dict[int, int]:
        """Return the number of gates on the longest path to each gate, itself included."""
        depths: dict[int, int] = {}

        def depth(number: int) -> int:
            if number not in depths:
                before = (each.number for each in self.gate(number).sources if each and each.kind == "gate")
                depths[number] = 1 + max(map(depth, before), default=0)
            return depths[number]

        for gate in self.gates:
            depth(gate.number)
        return depths


def _pair(sources: Iterator[Source | None]) -> tuple[Source | None, Source | None]:
    first, second = sources
    return first, second


def all_rows(inputs: int) -> Bits:
    """Return all combinations of so many inputs, (2^inputs, inputs), in binary order: 00, 01, 10, 11."""
    return np.asarray(np.arange(2**inputs)[:, np.newaxis] >> np.arange(inputs - 1, -1, -1) & 1 == 1)


def signals(circuit: Circuit, rows: Bits) -> Mapping[Source, Bits]:
    """Return the signal of each input and gate for each of `rows`, (rows, inputs): an array (rows,) each."""
    values = {Source("input", number): rows[:, number] for number in range(circuit.inputs)}
    zeros = np.zeros(len(rows), dtype=bool)
    for gate in circuit.in_order():
        first, second = (zeros if source is None else values[source] for source in gate.sources)
        values[Source("gate", gate.number)] = nand(first, second)
    return values


def outputs(circuit: Circuit, rows: Bits) -> Bits:
    """Return the outputs for each of `rows`, (rows, outputs). An unconnected output is 0."""
    values = signals(circuit, rows)
    zeros = np.zeros(len(rows), dtype=bool)
    return np.stack([zeros if source is None else values[source] for source in circuit.outputs], axis=1)


class Table(Struct, frozen=True):
    """The wanted truth table of a circuit: a code, and the outputs (2^inputs, outputs) for `all_rows(inputs)`."""

    code: str
    inputs: int
    outputs: tuple[str, ...]
    wished: tuple[tuple[int, ...], ...]

    def empty(self) -> Circuit:
        return Circuit(self.inputs, (None,) * len(self.outputs))

    def agreement(self, circuit: Circuit) -> Bits:
        """Return where `circuit` matches the table, (2^inputs, outputs). An unconnected output never does."""
        wired = np.array([source is not None for source in circuit.outputs])
        equal = outputs(circuit, all_rows(self.inputs)) == np.array(self.wished, dtype=bool)
        return np.asarray(equal & wired)

    def is_met(self, circuit: Circuit) -> bool:
        return bool(self.agreement(circuit).all())


def _table(code: str, inputs: int, names: tuple[str, ...]) -> Table:
    """Build a table whose outputs are the binary digits of the sum of its inputs, the last digit first."""
    sums = all_rows(inputs).sum(axis=1)
    wished = tuple(tuple(int(total) >> place & 1 for place in range(len(names))) for total in sums)
    return Table(code, inputs, names, wished)


TABLES: Final[Mapping[str, Table]] = {
    table.code: table
    for table in (
        _table("xor", 2, ("sum",)),
        _table("half_adder", 2, ("sum", "carry")),
        _table("full_adder", 3, ("sum", "carry")),
    )
}
"""The truth tables. XOR is the last binary digit of x₁ + x₂; adders have the digit before it, the carry, too."""


def _built(table: str, gates: str, ends: tuple[int, ...]) -> Circuit:
    """Build a circuit from pairs such as "ab 1a": letters are inputs, digits gates."""
    circuit = TABLES[table].empty()
    for number, pair in enumerate(gates.split(), 1):
        circuit = circuit.added()
        for slot, name in enumerate(pair):
            source = Source("gate", int(name)) if name.isdigit() else Source("input", "abc".index(name))
            circuit = circuit.wired(source, Target("gate", number, slot))
    for place, number in enumerate(ends):
        circuit = circuit.wired(Source("gate", number), Target("output", place))
    return circuit


SOLUTIONS: Final[Mapping[str, Circuit]] = {
    "xor": _built("xor", "ab a1 1b 23", (4,)),
    "half_adder": _built("half_adder", "ab a1 1b 23 11", (4, 5)),
    "full_adder": _built("full_adder", "ab a1 1b 23 4c 45 5c 67 15", (8, 9)),
}
"""A circuit for each table. XOR needs at least four gates, the half adder five: a test checks all smaller ones."""


def adder_steps(circuit: Circuit) -> tuple[bool, bool, bool]:
    """Return whether a gate has the sum of the first two inputs, and whether *sum* and *carry* are always correct."""
    rows = all_rows(3)
    half = rows[:, 0] ^ rows[:, 1]
    gates = (values for source, values in signals(circuit, rows).items() if source.kind == "gate")
    of_sum, of_carry = (bool(each.all()) for each in TABLES["full_adder"].agreement(circuit).T)
    return any(np.array_equal(values, half) for values in gates), of_sum, of_carry


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
    target: Target


Thing = Source | Target | Wire  # a selectable thing on the board: an input or a gate, an output, a wire


def things(circuit: Circuit) -> Iterator[Thing]:
    wired = [target for _, target in circuit.wires()]
    yield from (Source("input", number) for number in range(circuit.inputs))
    ends: list[Source | Target] = [Source("gate", gate.number) for gate in circuit.gates]
    for end in ends + [Target("output", number) for number in range(len(circuit.outputs))]:
        yield end
        yield from (Wire(target) for target in wired if target[:2] == end[:2])


def free_place(taken: Mapping[int, Share]) -> Share:
    """Return the place of a coarse grid that is farthest from all gates."""
    grid = [(across / 6, down / 4) for across in range(1, 6) for down in range(5)]
    if not taken:
        return (0.5, 0.5)
    return max(grid, key=lambda place: min(math.dist(place, gate) for gate in taken.values()))


def free_slot(circuit: Circuit, number: int) -> Target:
    sources = circuit.gate(number).sources
    return Target("gate", number, sources.index(None) if None in sources else 0)


WISHES = tuple(TABLES)  # each table builds on the previous one


class Laid(Struct, frozen=True):
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
