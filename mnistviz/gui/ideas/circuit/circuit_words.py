"""The texts of the page of circuits, with sentences on the chosen part of the board."""

from __future__ import annotations

from typing import Final

from mnistviz.engine.ideas.circuit import NAND_BIAS, NAND_WEIGHT, TABLES, Source, Target
from mnistviz.gui.common import numbers
from mnistviz.gui.ideas.parts.page_parts import Words
from mnistviz.marking import QT_TRANSLATE_NOOP

say: Final = Words("Circuit", {
    "title": QT_TRANSLATE_NOOP("Circuit", "From gates to a circuit"),
    "text": QT_TRANSLATE_NOOP("Circuit",
        "The output of one perceptron can be an input of the next. With weights −2, −2 and bias 3 a perceptron is a "
        "NAND gate: its output is 0 only if both inputs are 1. Wired together, gates of this one kind can compute. You "
        "see the result when all cases are correct."),
    # Targets
    "wished": QT_TRANSLATE_NOOP("Circuit", "Target:"),
    "xor": QT_TRANSLATE_NOOP("Circuit", "XOR"),
    "xor_tip": QT_TRANSLATE_NOOP("Circuit", "1 if exactly one of the inputs is 1."),
    "half_adder": QT_TRANSLATE_NOOP("Circuit", "half adder"),
    "half_adder_tip": QT_TRANSLATE_NOOP("Circuit", "Adds two bits: x₁ + x₂, written as carry and sum."),
    "full_adder": QT_TRANSLATE_NOOP("Circuit", "full adder"),
    "full_adder_tip": QT_TRANSLATE_NOOP("Circuit", "Adds three bits: x₁ + x₂ + x₃, written as carry and sum."),
    "x1": QT_TRANSLATE_NOOP("Circuit", "x₁"),
    "x2": QT_TRANSLATE_NOOP("Circuit", "x₂"),
    "x3": QT_TRANSLATE_NOOP("Circuit", "x₃"),
    "sum": QT_TRANSLATE_NOOP("Circuit", "sum"),
    "carry": QT_TRANSLATE_NOOP("Circuit", "carry"),
    # The board
    "board": QT_TRANSLATE_NOOP("Circuit", "Board with the circuit"),
    "board_help": QT_TRANSLATE_NOOP("Circuit",
        "Click an input to switch it. Drag a gate to move it, or the dot at its right to draw a wire. Arrows choose, "
        "Enter switches an input, W begins a wire and Enter ends it, Del removes, {keys} move a gate."),
    "hint": QT_TRANSLATE_NOOP("Circuit",
        "Click an input to switch it. Drag the dot at a gate’s right to draw a wire, its middle to move it."),
    "gates": QT_TRANSLATE_NOOP("Circuit", "gates: {count}"),
    "gate": QT_TRANSLATE_NOOP("Circuit", "gate {number}"),
    "wire_begun": QT_TRANSLATE_NOOP("Circuit",
        "A wire from {source}: choose its end with the arrows, then press Enter."),
    "wire": QT_TRANSLATE_NOOP("Circuit", "The wire from {source} to {target} carries {bit}."),
    "no_wire": QT_TRANSLATE_NOOP("Circuit", "No wire runs to {target} yet."),
    "output_is": QT_TRANSLATE_NOOP("Circuit", "{target} is {bit}, from {source}."),
    "input_is": QT_TRANSLATE_NOOP("Circuit", "Input {name} is {bit}."),
    "gate_says_1": QT_TRANSLATE_NOOP("Circuit",
        "{gate}: −2 · {first} − 2 · {second} + 3 = {total}, above 0: its output is 1."),
    "gate_says_0": QT_TRANSLATE_NOOP("Circuit",
        "{gate}: −2 · {first} − 2 · {second} + 3 = {total}, not above 0: its output is 0."),
    "take_away": QT_TRANSLATE_NOOP("Circuit", "Remove"),
    "take_away_tip": QT_TRANSLATE_NOOP("Circuit", "Removes the gate or wire that is chosen."),
    "add": QT_TRANSLATE_NOOP("Circuit", "Add a gate"),
    "add_tip": QT_TRANSLATE_NOOP("Circuit", "Puts one more gate on the board. (Ins)"),
    "next": QT_TRANSLATE_NOOP("Circuit", "Next inputs"),
    "next_tip": QT_TRANSLATE_NOOP("Circuit", "Gives the board the inputs of the next copy."),
    # The copies, and the steps of the full adder
    "copies": QT_TRANSLATE_NOOP("Circuit", "The circuit with all inputs at once"),
    "copies_tip": QT_TRANSLATE_NOOP("Circuit",
        "A copy of your circuit for each row of inputs, and its target. Click one to give the board these inputs."),
    "rows_right": QT_TRANSLATE_NOOP("Circuit", "{right} of {rows} rows are right."),
    "agrees": QT_TRANSLATE_NOOP("Circuit", "{name} {bit} ✓"),
    "differs": QT_TRANSLATE_NOOP("Circuit", "{name} {bit} ✗"),
    "to_do": QT_TRANSLATE_NOOP("Circuit", "○ {step}"),
    "done": QT_TRANSLATE_NOOP("Circuit", "✓ {step}"),
    "step_1": QT_TRANSLATE_NOOP("Circuit", "1 half adder: x₁ + x₂"),
    "step_2": QT_TRANSLATE_NOOP("Circuit", "2 half adder: add x₃ to its sum"),
    "step_3": QT_TRANSLATE_NOOP("Circuit", "3 carry of both"),
    # Tasks
    "task_xor": QT_TRANSLATE_NOOP("Circuit", "Build XOR: 1 if exactly one input is 1."),
    "done_xor": QT_TRANSLATE_NOOP("Circuit", "Several perceptrons make XOR; one cannot."),
    "task_half_adder": QT_TRANSLATE_NOOP("Circuit", "Build the half adder: x₁ + x₂ in binary, as carry and sum."),
    "done_half_adder": QT_TRANSLATE_NOOP("Circuit", "Your circuit adds two bits."),
    "task_circle": QT_TRANSLATE_NOOP("Circuit", "Try to wire gates in a circle: what happens?"),
    "done_circle": QT_TRANSLATE_NOOP("Circuit",
        "Refused: in a circle each gate would wait for another. The lab's networks have no circles either."),
    "task_full_adder": QT_TRANSLATE_NOOP("Circuit", "Build the full adder: x₁ + x₂ + x₃, in three steps."),
    "done_full_adder": QT_TRANSLATE_NOOP("Circuit",
        "With one full adder for each binary place you can add numbers of any length."),
    # Questions and outcomes
    "question_xor": QT_TRANSLATE_NOOP("Circuit", "One NAND is not XOR. How many NANDs, wired together, does XOR need?"),
    "question_half_adder": QT_TRANSLATE_NOOP("Circuit",
        "How many NANDs does it take to add two bits, sum and carry together?"),
    "question_full_adder": QT_TRANSLATE_NOOP("Circuit",
        "How many NANDs does it take to add three bits, sum and carry together?"),
    "said": QT_TRANSLATE_NOOP("Circuit", "You said {count}."),
    "shown": QT_TRANSLATE_NOOP("Circuit", "Shown with {count} gates."),
    "built": QT_TRANSLATE_NOOP("Circuit", "You built it with {count} gates."),
    "fewest": QT_TRANSLATE_NOOP("Circuit", "{built} No circuit with fewer NANDs can do it."),
    "asks_xor": QT_TRANSLATE_NOOP("Circuit", "Which gate feeds two others? What does its output say?"),
    "asks_half_adder": QT_TRANSLATE_NOOP("Circuit", "Which gate of XOR does the carry use again?"),
    "asks_full_adder": QT_TRANSLATE_NOOP("Circuit", "Find the two half adders in it."),
    "asks_fewer": QT_TRANSLATE_NOOP("Circuit", "Fewer gates can do it. Which gate could feed two others?"),
})  # fmt: skip


def end_names(wish: str) -> dict[Source | Target, str]:
    table = TABLES[wish]
    names: dict[Source | Target, str] = {Source("input", i): say(f"x{i + 1}") for i in range(table.inputs)}
    outputs = [say(code) for code in table.outputs] if wish != "xor" else [say("xor")]
    return names | {Target("output", number): name for number, name in enumerate(outputs)}


def gate_sum(gate: str, bits: tuple[bool, bool], output: bool) -> str:
    total = numbers.number_text(NAND_BIAS + sum(NAND_WEIGHT * bit for bit in bits), 0)
    id = "gate_says_1" if output else "gate_says_0"
    return say(id, gate=gate, first=bits[0], second=bits[1], total=total)
