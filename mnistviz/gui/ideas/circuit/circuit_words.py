"""The texts of the page of circuits, with sentences on the chosen part of the board."""

from typing import Final

from mnistviz.engine.ideas.circuit import NAND_BIAS, NAND_WEIGHT, TABLES, Source, Target
from mnistviz.gui.common import numbers
from mnistviz.gui.ideas.parts.page_parts import Words
from mnistviz.marking import marked

say: Final = Words({
    "title": marked("From gates to a circuit"),
    "text": marked(
        "The output of one perceptron can be an input of the next. With weights −2, −2 and bias 3 a perceptron is a "
        "NAND gate: its output is 0 only if both inputs are 1. Wired together, gates of this one kind can compute. You "
        "see the result when all cases are correct."),
    # Targets
    "wished": marked("Target:"),
    "xor": (marked("XOR"), marked("1 if exactly one of the inputs is 1.")),
    "half_adder": (marked("half adder"), marked("Adds two bits: x₁ + x₂, written as carry and sum.")),
    "full_adder": (marked("full adder"), marked("Adds three bits: x₁ + x₂ + x₃, written as carry and sum.")),
    "x1": marked("x₁"),
    "x2": marked("x₂"),
    "x3": marked("x₃"),
    "sum": marked("sum"),
    "carry": marked("carry"),
    # The board
    "board": marked("Board with the circuit"),
    "board_help": marked(
        "Click an input to switch it. Drag a gate to move it, or the dot at its right to draw a wire. Arrows choose, "
        "Enter switches an input, W begins a wire and Enter ends it, Del removes, {keys} move a gate."),
    "hint": marked(
        "Click an input to switch it. Drag the dot at a gate’s right to draw a wire, its middle to move it."),
    "gates": marked("gates: {count}"),
    "gate": marked("gate {number}"),
    "wire_begun": marked("A wire from {source}: choose its end with the arrows, then press Enter."),
    "wire": marked("The wire from {source} to {target} carries {bit}."),
    "no_wire": marked("No wire runs to {target} yet."),
    "output_is": marked("{target} is {bit}, from {source}."),
    "input_is": marked("Input {name} is {bit}."),
    "gate_says_1": marked("{gate}: −2 · {first} − 2 · {second} + 3 = {total}, above 0: its output is 1."),
    "gate_says_0": marked("{gate}: −2 · {first} − 2 · {second} + 3 = {total}, not above 0: its output is 0."),
    "take_away": (marked("Remove"), marked("Removes the gate or wire that is chosen.")),
    "add": (marked("Add a gate"), marked("Puts one more gate on the board. (Ins)")),
    "next": (marked("Next inputs"), marked("Gives the board the inputs of the next copy.")),
    # The copies, and the steps of the full adder
    "copies": (marked("The circuit with all inputs at once"), marked(
        "A copy of your circuit for each row of inputs, and its target. Click one to give the board these inputs.")),
    "rows_right": marked("{right} of {rows} rows are right."),
    "agrees": marked("{name} {bit} ✓"),
    "differs": marked("{name} {bit} ✗"),
    "to_do": marked("○ {step}"),
    "done": marked("✓ {step}"),
    "step_1": marked("1 half adder: x₁ + x₂"),
    "step_2": marked("2 half adder: add x₃ to its sum"),
    "step_3": marked("3 carry of both"),
    # Tasks
    "task_xor": (marked("Build XOR: 1 if exactly one input is 1."),
        marked("Several perceptrons make XOR; one cannot.")),
    "task_half_adder": (marked("Build the half adder: x₁ + x₂ in binary, as carry and sum."),
        marked("Your circuit adds two bits.")),
    "task_circle": (marked("Try to wire gates in a circle: what happens?"),
        marked("Refused: in a circle each gate would wait for another. The lab's networks have no circles either.")),
    "task_full_adder": (marked("Build the full adder: x₁ + x₂ + x₃, in three steps."),
        marked("With one full adder for each binary place you can add numbers of any length.")),
    # Questions and outcomes
    "question_xor": marked("One NAND is not XOR. How many NANDs, wired together, does XOR need?"),
    "question_half_adder": marked("How many NANDs does it take to add two bits, sum and carry together?"),
    "question_full_adder": marked("How many NANDs does it take to add three bits, sum and carry together?"),
    "said": marked("You said {count}."),
    "shown": marked("Shown with {count} gates."),
    "built": marked("You built it with {count} gates."),
    "fewest": marked("{built} No circuit with fewer NANDs can do it."),
    "asks_xor": marked("Which gate feeds two others? What does its output say?"),
    "asks_half_adder": marked("Which gate of XOR does the carry use again?"),
    "asks_full_adder": marked("Find the two half adders in it."),
    "asks_fewer": marked("Fewer gates can do it. Which gate could feed two others?"),
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
