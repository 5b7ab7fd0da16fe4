from __future__ import annotations

from typing import Final

from mnistviz.gui.ideas.parts.page_parts import Words
from mnistviz.marking import QT_TRANSLATE_NOOP

SUBSCRIPTS: Final = "₁₂₃"
say: Final = Words("Perceptron", {
    "title": QT_TRANSLATE_NOOP("Perceptron", "The perceptron"),
    "text": QT_TRANSLATE_NOOP("Perceptron",
        "It multiplies each input by a weight, adds them and the bias, and fires if the sum is above 0. A weight "
        "counts for or against firing; the bias says how easily it fires at all. Here every input is 0 or 1."),
    # Gates, numbers and buttons
    "wished_gate": QT_TRANSLATE_NOOP("Perceptron", "Target:"),
    "gate_tip": QT_TRANSLATE_NOOP("Perceptron", "What the perceptron should become."),
    "and": QT_TRANSLATE_NOOP("Perceptron", "AND"),
    "or": QT_TRANSLATE_NOOP("Perceptron", "OR"),
    "nand": QT_TRANSLATE_NOOP("Perceptron", "NAND"),
    "xor": QT_TRANSLATE_NOOP("Perceptron", "XOR"),
    "own": QT_TRANSLATE_NOOP("Perceptron", "your own"),
    "fair": QT_TRANSLATE_NOOP("Perceptron", "a decision"),
    "weight": QT_TRANSLATE_NOOP("Perceptron", "weight w{i}"),
    "weight_tip": QT_TRANSLATE_NOOP("Perceptron", "How much this input counts; below 0 it counts against firing."),
    "bias": QT_TRANSLATE_NOOP("Perceptron", "bias b"),
    "bias_tip": QT_TRANSLATE_NOOP("Perceptron", "How easily it fires: the larger, the easier."),
    "next": QT_TRANSLATE_NOOP("Perceptron", "Next input"),
    "next_tip": QT_TRANSLATE_NOOP("Perceptron", "Shows the sum of the next input."),
    # Figures
    "plane": QT_TRANSLATE_NOOP("Perceptron", "The plane of the two inputs, with the line that divides it."),
    "line": QT_TRANSLATE_NOOP("Perceptron", "the line"),
    "turner": QT_TRANSLATE_NOOP("Perceptron", "turns the line"),
    "sum_bars": QT_TRANSLATE_NOOP("Perceptron", "The weighted sum, part by part."),
    "b_is": QT_TRANSLATE_NOOP("Perceptron", "b = {value}"),
    "part_is": QT_TRANSLATE_NOOP("Perceptron", "w{i}·x{i} = {value}"),
    "sum_is": QT_TRANSLATE_NOOP("Perceptron", "sum = {value}"),
    "sum_axis": QT_TRANSLATE_NOOP("Perceptron", "sum: it fires above 0"),
    "formula": QT_TRANSLATE_NOOP("Perceptron", "fires if {sum}\u00a0>\u00a00"),
    "score": QT_TRANSLATE_NOOP("Perceptron", "{right} of {all} right · best {best}"),
    "fires": QT_TRANSLATE_NOOP("Perceptron", "input {bits}: fires, 1"),
    "silent": QT_TRANSLATE_NOOP("Perceptron", "input {bits}: stays silent, 0"),
    # The table
    "sum": QT_TRANSLATE_NOOP("Perceptron", "sum"),
    "output": QT_TRANSLATE_NOOP("Perceptron", "output"),
    "wished": QT_TRANSLATE_NOOP("Perceptron", "target"),
    "table": QT_TRANSLATE_NOOP("Perceptron", "Table of all inputs"),
    "table_tip": QT_TRANSLATE_NOOP("Perceptron",
        "Click a row to see its sum, or its target to change it: a gate of your own. Up, Down and Return do the same."),
    # Tasks
    "task_nand": QT_TRANSLATE_NOOP("Perceptron",
        "Find NAND: it fires unless both inputs are 1. Drag or turn the line."),
    "done_nand": QT_TRANSLATE_NOOP("Perceptron", "NAND. Other weights do it as well: where may the line lie?"),
    "task_xor": QT_TRANSLATE_NOOP("Perceptron",
        "Choose XOR and drag the line: it should fire if exactly one input is 1."),
    "done_xor": QT_TRANSLATE_NOOP("Perceptron",
        "One perceptron cannot make XOR. 0 1 and 1 0 fire only if 2b + w₁ + w₂ > 0; 0 0 and 1 1 stay silent only if it "
        "is ≤ 0."),
    "task_decision": QT_TRANSLATE_NOOP("Perceptron",
        "Go to the fair? (“a decision”) Only in good weather (x₁), and only if a friend comes (x₂) or a "
        "bus goes (x₃)."),
    "done_decision": QT_TRANSLATE_NOOP("Perceptron",
        "The first input counts for more than either of the others."),
    # Question and outcome
    "question": QT_TRANSLATE_NOOP("Perceptron", "Before you try: can one perceptron make XOR?"),
    "answer_yes": QT_TRANSLATE_NOOP("Perceptron", "yes"),
    "answer_no": QT_TRANSLATE_NOOP("Perceptron", "no"),
    "answer_unsure": QT_TRANSLATE_NOOP("Perceptron", "not sure"),
    "said_yes": QT_TRANSLATE_NOOP("Perceptron", "You said: yes."),
    "said_no": QT_TRANSLATE_NOOP("Perceptron", "You said: no."),
    "said_unsure": QT_TRANSLATE_NOOP("Perceptron", "You were not sure."),
    "came": QT_TRANSLATE_NOOP("Perceptron",
        "No straight line separates the corners 0 1 and 1 0 from the other two."),
    "asks": QT_TRANSLATE_NOOP("Perceptron",
        "Three of four is the most. Look at the two corners that must fire: what would a line have to do?"),
})  # fmt: skip
