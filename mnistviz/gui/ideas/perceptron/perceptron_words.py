"""The texts of the perceptron's page."""

from __future__ import annotations

from typing import Final

from mnistviz.gui.ideas.parts.words import Words
from mnistviz.marking import QT_TRANSLATE_NOOP

SUBSCRIPTS: Final = "₁₂₃"
say: Final = Words("Perceptron", {
    "title": QT_TRANSLATE_NOOP("Perceptron", "The perceptron"),
    "text": QT_TRANSLATE_NOOP("Perceptron",
        "It weighs what it is told, and fires if the sum is above its threshold. A weight says how much an input "
        "counts, and for what; the bias, how easily it fires at all. Here every input is 0 or 1."),
    # Gates, numbers and buttons
    "wished_gate": QT_TRANSLATE_NOOP("Perceptron", "Wished:"),
    "gate_tip": QT_TRANSLATE_NOOP("Perceptron", "What the perceptron is wished to be."),
    "and": QT_TRANSLATE_NOOP("Perceptron", "AND"),
    "or": QT_TRANSLATE_NOOP("Perceptron", "OR"),
    "nand": QT_TRANSLATE_NOOP("Perceptron", "NAND"),
    "xor": QT_TRANSLATE_NOOP("Perceptron", "XOR"),
    "own": QT_TRANSLATE_NOOP("Perceptron", "your own"),
    "fair": QT_TRANSLATE_NOOP("Perceptron", "a decision"),
    "weight": QT_TRANSLATE_NOOP("Perceptron", "weight w{i}"),
    "weight_tip": QT_TRANSLATE_NOOP("Perceptron", "How much this input counts; below 0 it speaks against firing."),
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
    "threshold": QT_TRANSLATE_NOOP("Perceptron", "threshold 0"),
    "formula": QT_TRANSLATE_NOOP("Perceptron", "fires if {sum} > 0"),
    "fires": QT_TRANSLATE_NOOP("Perceptron", "input {bits}: fires, 1"),
    "silent": QT_TRANSLATE_NOOP("Perceptron", "input {bits}: stays silent, 0"),
    # The table
    "sum": QT_TRANSLATE_NOOP("Perceptron", "sum"),
    "output": QT_TRANSLATE_NOOP("Perceptron", "output"),
    "wished": QT_TRANSLATE_NOOP("Perceptron", "wished"),
    "agrees": QT_TRANSLATE_NOOP("Perceptron", "agrees"),
    "differs": QT_TRANSLATE_NOOP("Perceptron", "differs"),
    "input": QT_TRANSLATE_NOOP("Perceptron", "input {bits}"),
    "input_tip": QT_TRANSLATE_NOOP("Perceptron", "Shows the sum of this input."),
    "wish": QT_TRANSLATE_NOOP("Perceptron", "wished for {input}"),
    "wish_tip": QT_TRANSLATE_NOOP("Perceptron", "Turns over what is wished for here: a gate of your own."),
    # Tasks
    "task_nand": QT_TRANSLATE_NOOP("Perceptron",
        "Find NAND: it fires unless both inputs are 1. Turn the line, or the numbers."),
    "done_nand": QT_TRANSLATE_NOOP("Perceptron", "NAND. Other weights do it as well: where may the line lie?"),
    "task_xor": QT_TRANSLATE_NOOP("Perceptron", "Try to make XOR: it fires if just one of the inputs is 1."),
    "done_xor": QT_TRANSLATE_NOOP("Perceptron",
        "XOR can't be had.\n0 1 must fire: b + w₂ > 0\n1 0 must fire: b + w₁ > 0\ntogether: 2b + w₁ + w₂ > 0\n0 0 "
        "must not: b ≤ 0\n1 1 must not: b + w₁ + w₂ ≤ 0\ntogether: 2b + w₁ + w₂ ≤ 0\nBoth can't be."),
    "tried_xor": QT_TRANSLATE_NOOP("Perceptron",
        "Try to make XOR. Tried so far: {count} lines; at best {best} of 4 corners agree."),
    "task_decision": QT_TRANSLATE_NOOP("Perceptron",
        "Decide whether to go to the fair (“a decision”): only in good weather (x₁), and only if a friend comes "
        "along (x₂) or a bus goes (x₃)."),
    "done_decision": QT_TRANSLATE_NOOP("Perceptron",
        "You weighed three wishes against each other: the first counts for more than either other."),
    # Question and outcome
    "question": QT_TRANSLATE_NOOP("Perceptron", "Before you try: can one perceptron be XOR?"),
    "answer_yes": QT_TRANSLATE_NOOP("Perceptron", "yes"),
    "answer_no": QT_TRANSLATE_NOOP("Perceptron", "no"),
    "answer_unsure": QT_TRANSLATE_NOOP("Perceptron", "not sure"),
    "said_yes": QT_TRANSLATE_NOOP("Perceptron", "You said: yes."),
    "said_no": QT_TRANSLATE_NOOP("Perceptron", "You said: no."),
    "said_unsure": QT_TRANSLATE_NOOP("Perceptron", "You were not sure."),
    "came": QT_TRANSLATE_NOOP("Perceptron",
        "No line parts the corners 0 1 and 1 0 from the other two: three of four is the most."),
    "asks": QT_TRANSLATE_NOOP("Perceptron",
        "Look at where the two corners lie that must fire. What would a line have to do?"),
})  # fmt: skip
