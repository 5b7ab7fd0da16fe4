"""Circuits of NAND gates: whatever is wired does what Boolean algebra says, and a circle is never wired."""

import itertools
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnistviz.engine.ideas.circuit import (
    MOST_GATES,
    SOLUTIONS,
    TABLES,
    Bits,
    Circuit,
    Source,
    Table,
    Target,
    adder_steps,
    all_rows,
    beginning,
    nand,
    outputs,
    signals,
    solution,
)
from mnistviz.engine.problems import Problem
from mnistviz.sentences import sentence


def gate(number: int) -> Source:
    return Source("gate", number)


def entry(number: int) -> Source:
    return Source("input", number)


def built(circuit: Circuit, *pairs: tuple[Source | None, Source | None]) -> Circuit:
    """With a gate for each pair of sources."""
    for number, pair in enumerate(pairs, 1):
        circuit = circuit.added()
        for slot, source in enumerate(pair):
            circuit = circuit.wired(source, Target("gate", number, slot))
    return circuit


def test_rows_count_in_binary_and_the_tables_are_those_of_the_field() -> None:
    assert all_rows(2).astype(int).tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert len(all_rows(3)) == 8
    assert nand(*all_rows(2).T).tolist() == [True, True, True, False]
    assert TABLES["xor"].wished == ((0,), (1,), (1,), (0,))
    assert TABLES["half_adder"].wished == ((0, 0), (1, 0), (1, 0), (0, 1))
    assert TABLES["full_adder"].wished == (
        (0, 0), (1, 0), (1, 0), (0, 1), (1, 0), (0, 1), (0, 1), (1, 1),
    )  # fmt: skip


def test_xor_is_built_of_four_nands() -> None:
    xor = built(
        TABLES["xor"].empty(),
        (entry(0), entry(1)),
        (entry(0), gate(1)),
        (gate(1), entry(1)),
        (gate(2), gate(3)),
    )
    assert not TABLES["xor"].is_met(xor), "no wire runs to the output yet"
    xor = xor.wired(gate(4), Target("output", 0))
    assert TABLES["xor"].is_met(xor)
    assert xor.depths() == {1: 1, 2: 2, 3: 2, 4: 3}, "the longest way"
    near = xor.wired(gate(2), Target("output", 0))
    assert not TABLES["xor"].is_met(near)
    assert TABLES["xor"].agreement(near).tolist() == [[False], [True], [False], [False]]


@pytest.mark.parametrize("code", TABLES)
def test_each_solution_meets_its_table_and_needs_each_of_its_wires(code: str) -> None:
    table, solution = TABLES[code], SOLUTIONS[code]
    assert table.is_met(solution)
    for _, target in solution.wires():
        assert not table.is_met(solution.wired(None, target)), target


def smaller_circuits(table: Table, gates: int) -> bool:
    """Whether any circuit of so many NANDs, unwired inputs included, does what `table` wishes."""
    rows = all_rows(table.inputs)
    wished = [bytes(column) for column in np.array(table.wished, dtype=bool).T]
    nothing = np.zeros(len(rows), dtype=bool)

    def search(said: list[Bits], left: int) -> bool:
        if not left:
            heard = {bytes(each) for each in said}
            return all(each in heard for each in wished)
        pairs = itertools.combinations_with_replacement(said, 2)
        return any(search([*said, ~(first & second)], left - 1) for first, second in pairs)

    return search([nothing, *rows.T], gates)


@pytest.mark.parametrize("code", ["xor", "half_adder"])
def test_no_smaller_circuit_would_do(code: str) -> None:
    assert not smaller_circuits(TABLES[code], len(SOLUTIONS[code].gates) - 1)


def test_a_wire_to_nowhere_counts_as_nought_for_a_gate_and_as_nothing_for_an_output() -> None:
    lonely = built(TABLES["xor"].empty(), (entry(0), None)).wired(gate(1), Target("output", 0))
    assert outputs(lonely, all_rows(2)).all(), "3 − 2x is above 0 whatever x is"
    assert not TABLES["half_adder"].agreement(TABLES["half_adder"].empty()).any()


def test_a_circle_is_refused_in_words_and_changes_nothing() -> None:
    chain = built(TABLES["xor"].empty(), (entry(0), entry(1)), (gate(1), entry(1)), (gate(2), gate(2)))
    with pytest.raises(Problem) as refused:
        chain.wired(gate(3), Target("gate", 1, 0))
    assert refused.value.code == "circuit_circle"
    assert refused.value.values == {"gate": 1, "source": 3}
    assert "Gate 1 feeds gate 3" in sentence(refused.value.code, refused.value.values)
    with pytest.raises(Problem) as refused:
        chain.wired(gate(2), Target("gate", 2, 1))
    assert refused.value.code == "circuit_circle_itself"
    assert chain.wired(gate(1), Target("gate", 3, 0)).source_of(Target("gate", 3, 0)) == gate(1)


def test_a_gate_goes_with_its_wires_and_its_number_is_not_given_to_the_next() -> None:
    circuit = built(TABLES["xor"].empty(), (entry(0), entry(1)), (gate(1), entry(1)), (gate(1), gate(2)))
    circuit = circuit.wired(gate(1), Target("output", 0)).without(1)
    assert list(circuit.wires()) == [(entry(1), Target("gate", 2, 1)), (gate(2), Target("gate", 3, 1))]
    assert circuit.added().gates[-1].number == 4


def test_the_board_has_an_end() -> None:
    circuit = built(TABLES["xor"].empty(), *[(None, None)] * MOST_GATES)
    with pytest.raises(Problem) as refused:
        circuit.added()
    assert refused.value.code == "circuit_full"


@st.composite
def circuits(draw: st.DrawFn) -> Circuit:
    """Wired at random, in any order; a wire that would close a circle is left out."""
    inputs, count = draw(st.integers(1, 3)), draw(st.integers(1, 8))
    circuit = built(Circuit(inputs, (None, None)), *[(None, None)] * count)
    sources = [*map(entry, range(inputs)), *map(gate, range(1, count + 1))]
    targets = [Target("gate", number, slot) for number in range(1, count + 1) for slot in (0, 1)]
    targets += [Target("output", 0), Target("output", 1)]
    for target in draw(st.permutations(targets)):
        with suppress(Problem):
            circuit = circuit.wired(draw(st.sampled_from([None, *sources])), target)
    return circuit


def said_by(circuit: Circuit, source: Source | None, row: list[bool]) -> bool:
    """By the definition, gate by gate and row by row."""
    if source is None:
        return False
    if source.kind == "input":
        return row[source.number]
    first, second = (said_by(circuit, each, row) for each in circuit.gate(source.number).sources)
    return not (first and second)


@given(circuits())
def test_signals_are_those_of_boolean_algebra(circuit: Circuit) -> None:
    rows = all_rows(circuit.inputs)
    said, out = signals(circuit, rows), outputs(circuit, rows)
    assert len(said) == circuit.inputs + len(circuit.gates)
    for number, row in enumerate(rows.tolist()):
        for source, heard in said.items():
            assert heard[number] == said_by(circuit, source, row)
        assert out[number].tolist() == [said_by(circuit, each, row) for each in circuit.outputs]


@given(circuits())
def test_gates_stand_behind_what_feeds_them(circuit: Circuit) -> None:
    done: set[int] = set()
    for each in circuit.in_order():
        assert {source.number for source in each.sources if source and source.kind == "gate"} <= done
        done.add(each.number)
    assert done == {each.number for each in circuit.gates}


def test_the_full_adder_is_built_in_three_steps() -> None:
    assert adder_steps(beginning("full_adder").circuit) == (False, False, False)
    assert [adder_steps(solution("full_adder", step).circuit) for step in range(3)] == [
        (True, False, False), (True, True, False), (True, True, True),
    ]  # fmt: skip
    assert solution("full_adder").circuit == SOLUTIONS["full_adder"]
