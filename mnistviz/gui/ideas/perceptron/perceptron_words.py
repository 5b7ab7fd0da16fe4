from typing import Final

from mnistviz.gui.ideas.parts.page_parts import Words
from mnistviz.marking import marked

SUBSCRIPTS: Final = "₁₂₃"
say: Final = Words({
    "title": marked("The perceptron"),
    "text": marked(
        "It multiplies each input by a weight, adds them and the bias, and fires if the sum is above 0. A weight "
        "counts for or against firing; the bias says how easily it fires at all. Here every input is 0 or 1."),
    # Gates, numbers and buttons
    "wished_gate": marked("Target:"),
    "gate_tip": marked("What the perceptron should become."),
    "and": marked("AND"),
    "or": marked("OR"),
    "nand": marked("NAND"),
    "xor": marked("XOR"),
    "own": marked("your own"),
    "fair": marked("a decision"),
    "weight": (marked("weight w{i}"), marked("How much this input counts; below 0 it counts against firing.")),
    "bias": (marked("bias b"), marked("How easily it fires: the larger, the easier.")),
    "next": (marked("Next input"), marked("Shows the sum of the next input.")),
    # Figures
    "plane": marked("The plane of the two inputs, with the line that divides it."),
    "line": marked("the line"),
    "turner": marked("turns the line"),
    "sum_bars": marked("The weighted sum, part by part."),
    "b_is": marked("b = {value}"),
    "part_is": marked("w{i}·x{i} = {value}"),
    "sum_is": marked("sum = {value}"),
    "sum_axis": marked("sum: it fires above 0"),
    "formula": marked("fires if {sum}\u00a0>\u00a00"),
    "score": marked("{right} of {all} right · best {best}"),
    "fires": marked("input {bits}: fires, 1"),
    "silent": marked("input {bits}: stays silent, 0"),
    # The table
    "sum": marked("sum"),
    "output": marked("output"),
    "wished": marked("target"),
    "table": (marked("Table of all inputs"), marked(
        "Click a row to see its sum, or its target to change it: a gate of your own. Up, Down and Return do the "
        "same.")),
    # Tasks
    "task_nand": (marked("Find NAND: it fires unless both inputs are 1. Drag or turn the line."),
        marked("NAND. Other weights do it as well: where may the line lie?")),
    "task_xor": (marked("Choose XOR and drag the line: it should fire if exactly one input is 1."), marked(
        "One perceptron cannot make XOR. 0 1 and 1 0 fire only if 2b + w₁ + w₂ > 0; 0 0 and 1 1 stay silent only if it "
        "is ≤ 0.")),
    "task_decision": (marked(
        "Go to the fair? (“a decision”) Only in good weather (x₁), and only if a friend comes (x₂) or a bus goes "
        "(x₃)."), marked("The first input counts for more than either of the others.")),
    # Question and outcome
    "question": marked("Before you try: can one perceptron make XOR?"),
    "answer_yes": marked("yes"),
    "answer_no": marked("no"),
    "answer_unsure": marked("not sure"),
    "said_yes": marked("You said: yes."),
    "said_no": marked("You said: no."),
    "said_unsure": marked("You were not sure."),
    "came": marked("No straight line separates the corners 0 1 and 1 0 from the other two."),
    "asks": marked("Three of four is the most. Look at the two corners that must fire: what would a line have to do?"),
})  # fmt: skip
