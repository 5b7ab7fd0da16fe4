from __future__ import annotations

from typing import Final

from mnistviz.gui.ideas.parts.page_parts import Words
from mnistviz.marking import marked

SUBSCRIPTS: Final = "₁₂₃"
say: Final = Words("Perceptron", {
    "title": marked("Perceptron", "The perceptron"),
    "text": marked("Perceptron",
        "It multiplies each input by a weight, adds them and the bias, and fires if the sum is above 0. A weight "
        "counts for or against firing; the bias says how easily it fires at all. Here every input is 0 or 1."),
    # Gates, numbers and buttons
    "wished_gate": marked("Perceptron", "Target:"),
    "gate_tip": marked("Perceptron", "What the perceptron should become."),
    "and": marked("Perceptron", "AND"),
    "or": marked("Perceptron", "OR"),
    "nand": marked("Perceptron", "NAND"),
    "xor": marked("Perceptron", "XOR"),
    "own": marked("Perceptron", "your own"),
    "fair": marked("Perceptron", "a decision"),
    "weight": (marked("Perceptron", "weight w{i}"), marked("Perceptron",
        "How much this input counts; below 0 it counts against firing.")),
    "bias": (marked("Perceptron", "bias b"), marked("Perceptron", "How easily it fires: the larger, the easier.")),
    "next": (marked("Perceptron", "Next input"), marked("Perceptron", "Shows the sum of the next input.")),
    # Figures
    "plane": marked("Perceptron", "The plane of the two inputs, with the line that divides it."),
    "line": marked("Perceptron", "the line"),
    "turner": marked("Perceptron", "turns the line"),
    "sum_bars": marked("Perceptron", "The weighted sum, part by part."),
    "b_is": marked("Perceptron", "b = {value}"),
    "part_is": marked("Perceptron", "w{i}·x{i} = {value}"),
    "sum_is": marked("Perceptron", "sum = {value}"),
    "sum_axis": marked("Perceptron", "sum: it fires above 0"),
    "formula": marked("Perceptron", "fires if {sum}\u00a0>\u00a00"),
    "score": marked("Perceptron", "{right} of {all} right · best {best}"),
    "fires": marked("Perceptron", "input {bits}: fires, 1"),
    "silent": marked("Perceptron", "input {bits}: stays silent, 0"),
    # The table
    "sum": marked("Perceptron", "sum"),
    "output": marked("Perceptron", "output"),
    "wished": marked("Perceptron", "target"),
    "table": (marked("Perceptron", "Table of all inputs"), marked("Perceptron",
        "Click a row to see its sum, or its target to change it: a gate of your own. Up, Down and Return do the "
        "same.")),
    # Tasks
    "task_nand": (marked("Perceptron",
        "Find NAND: it fires unless both inputs are 1. Drag or turn the line."), marked("Perceptron",
        "NAND. Other weights do it as well: where may the line lie?")),
    "task_xor": (marked("Perceptron",
        "Choose XOR and drag the line: it should fire if exactly one input is 1."), marked("Perceptron",
        "One perceptron cannot make XOR. 0 1 and 1 0 fire only if 2b + w₁ + w₂ > 0; 0 0 and 1 1 stay silent only if "
        "it is ≤ 0.")),
    "task_decision": (marked("Perceptron",
        "Go to the fair? (“a decision”) Only in good weather (x₁), and only if a friend comes (x₂) or a bus goes "
        "(x₃)."), marked("Perceptron",
        "The first input counts for more than either of the others.")),
    # Question and outcome
    "question": marked("Perceptron", "Before you try: can one perceptron make XOR?"),
    "answer_yes": marked("Perceptron", "yes"),
    "answer_no": marked("Perceptron", "no"),
    "answer_unsure": marked("Perceptron", "not sure"),
    "said_yes": marked("Perceptron", "You said: yes."),
    "said_no": marked("Perceptron", "You said: no."),
    "said_unsure": marked("Perceptron", "You were not sure."),
    "came": marked("Perceptron", "No straight line separates the corners 0 1 and 1 0 from the other two."),
    "asks": marked("Perceptron",
        "Three of four is the most. Look at the two corners that must fire: what would a line have to do?"),
})  # fmt: skip
