"""The texts of the page on parts of a nine, with sentences on detectors, networks and layers."""

import math
from typing import Final

import numpy as np

from mnistviz.engine.ideas.detectors import LITTLE, MOST, LearnedQuestion, Vote, to_find
from mnistviz.engine.ideas.layer_readings import DepthReading, order_of
from mnistviz.gui.common import numbers
from mnistviz.gui.ideas.parts.page_parts import Question, Task, Words
from mnistviz.marking import marked

say: Final = Words({
    "title": marked("Parts of a nine"),
    "title_classes": marked("Parts of a picture"),
    "text_parts": marked(
        "A neuron may look for a part: a loop on top, a stem below. A last neuron counts: all parts are there, so it "
        "is a nine. Paint where a part has ink, and where it has none; then set how much it needs."),
    "text_parts_classes": marked(
        "A neuron may look for a part of “{name}”. A last neuron counts: all parts are there, so it is one. Paint "
        "where a part has ink, and where it has none; then set how much it needs."),
    "text_depth": marked(
        "With more layers, a question can be split into parts, and those into parts again. What does each layer of the "
        "lab's network know? One number for each unit, and one for the layer: how many test digits a sum of its "
        "activations, fitted by least squares, reads right."),
    # Scenes, tools and buttons
    "parts": (marked("Parts by hand"), marked("Paint four detectors, beside a network that learned by itself.")),
    "depth": (marked("Layer by layer"), marked("What each layer of the lab's network knows of the digits.")),
    "ink": (marked("ink"), marked("Paints orange, weight +1: here the part has ink. (+)")),
    "no_ink": (marked("no ink"), marked("Paints blue, weight −1: here the part has no ink. (−)")),
    "rub_out": (marked("rub out"), marked("Makes weights 0 again: here anything may be. (0)")),
    "brush": (marked("brush"), marked("How many pixels wide the brush is.")),
    "undo": (marked("Undo"), marked("Takes back the last stroke or threshold.")),
    "all": (marked("all"), marked("All painted parts must fire: an AND.")),
    "but_one": (marked("all but one"), marked("One of the painted parts may be silent: a vote.")),
    "any": (marked("any"), marked("One painted part is enough: an OR.")),
    "must_fire": marked("must fire:"),
    "threshold": (marked("part {number} fires above"), marked(
        "The chosen part fires where its sum is above this. The line in the strip below its picture can be dragged.")),
    "look": (marked("Look"), marked("Shows the answer, once you have said what you think.")),
    "say_first": marked("Say first what you think."),
    "next": (marked("Next digit"), marked("Shows another test digit to the parts and to the network.")),
    "learning": marked("A network 784-4-1 learns"),
    "reading": marked("Reading the layers"),
    "painting": marked("Painting an example"),
    # The figures
    "canvas": (marked("Your four parts"), marked(
        "Paint with the mouse; or arrows move the cursor, Enter paints, +, − and 0 too, and PageUp and PageDown go to "
        "another part.")),
    "name_0": marked("top"),
    "name_1": marked("upper"),
    "name_2": marked("lower"),
    "name_3": marked("bottom"),
    "test_digit": marked("test digit {number}, a “{name}”"),
    "test_digit_short": marked("{number}, a “{name}”"),
    "test_digit_shortest": marked("digit {number}"),
    "fires": marked("fires"),
    "silent": marked("silent"),
    "paint_here": marked("paint here"),
    "paint_here_short": marked("paint"),
    "blank": marked("left out"),
    "above": marked("{sum} > {threshold}"),
    "not_above": marked("{sum} ≤ {threshold}"),
    "own": marked("“{name}”"),
    "own_short": marked("asked for"),
    "others": marked("others"),
    "fires_for": marked("fires for “{name}”, others"),
    "fires_for_short": marked("fires for"),
    "gate_all": marked("AND"),
    "gate_but_one": marked("{needed} of {painted}"),
    "gate_any": marked("OR"),
    "gate_none": marked("nothing yet"),
    "gate_none_short": marked("–"),
    "yes": marked("yes"),
    "no": marked("no"),
    "sum_yes": marked("= {sum}: yes"),
    "sum_no": marked("= {sum}: no"),
    "always_no": marked("always no"),
    "output": marked("output"),
    "z_is": marked("z = {z}"),
    "a_yes": marked("{a}: yes"),
    "a_no": marked("{a}: no"),
    "right": marked("✓ right"),
    "wrong": marked("✗ wrong"),
    "network": marked("Network"),
    "shape": marked("784-4-1"),
    "epochs": marked("{epochs} epochs"),
    "times": marked("{a} × {weight}"),
    "covered": marked("?"),
    "comes_later": marked("after your guess"),
    "hits_later": marked("Its hits are shown after your guess."),
    "comes_later_short": marked("later"),
    "learned": (marked("What a network learned"),
        marked("The weights of its four hidden neurons, and what each adds to the output for this digit.")),
    "yours": marked("Yours"),
    "theirs": marked("The network"),
    "share_right": marked("{share} right"),
    "found_taken": marked("found {found} of {own} “{name}” · others taken {taken}"),
    "found_taken_short": marked("found {found} of {own} · others {taken}"),
    "found_taken_shortest": marked("{found} of {own} · {taken}"),
    "yes_side": marked("yes ▸"),
    "axis_votes": marked("parts that fire"),
    "axis_z": marked("z of the output"),
    "counts": (marked("All test digits"), marked(
        "Shares of the class above, of all others below; hollow ones are judged wrong. A click on a bar, or arrows and "
        "Enter, shows its next digit.")),
    "judged_wrong": marked("judged wrong"),
    "judged_wrong_short": marked("wrong"),
    "nothing_painted": marked("Paint a part: its hits are counted here."),
    "nothing_painted_short": marked("Paint a part first."),
    "heard_pixel": marked("Part {number}, row {row}, column {column}: {weight}. {state}"),
    "weight_1": marked("ink"),
    "weight_0": marked("nothing"),
    "weight_-1": marked("no ink"),
    "heard_bar": marked("{votes} parts fire for {count} of “{name}”."),
    "heard_bar_others": marked("{votes} parts fire for {count} of the others."),
    "no_digits": marked("There are no digits yet. They are being loaded."),
    "one_class": marked("This page needs two classes that occur among training and test digits."),
    "misread": marked("Judged wrong, of {count}"),
    "wrong_bars": (marked("Digits judged wrong"),
        marked("Who always says no misses every digit of the class, and takes no other for one.")),
    # Layers
    "layers": (marked("Layers of the lab's network"), marked(
        "Filled: the lab's network. Hollow: untrained, as its seed made it. Dots are units; a line is their median.")),
    "pixels": marked("pixels"),
    "hidden": marked("layer {number}"),
    "outputs": marked("outputs"),
    "of_units": marked("{name} ({units})"),
    "linear": marked("Read by a sum of its activations"),
    "linear_short": marked("By a sum"),
    "units": marked("Each dot: how well one unit tells its best class"),
    "units_short": marked("Dots: units"),
    "guessing": marked("guessing 50 %"),
    "legend_trained": marked("the lab's network"),
    "legend_untrained": marked("untrained"),
    "fitted": marked(
        "Fitted on {fitted} training digits, measured on {measured} test digits. A dot says how well one unit alone "
        "tells the class that it knows best from all others; 50 % is guessing. The line is at their median."),
    "heard_layer": marked(
        "{layer}: {linear} right, untrained {untrained}; a unit {middle} in the middle, untrained {untrained_middle}."),
    "no_hidden": marked(
        "The lab's network {sizes} has no hidden layer, so there is nothing between pixels and outputs. Begin a run "
        "with hidden layers."),
    "not_finite": marked(
        "Some weights of the lab's network are no numbers any more. Begin a new run, or look at an earlier moment."),
    # Tasks
    "task_better": (marked("Paint parts that judge fewer digits wrong than “always no” does."),
        marked("Better than “always no”: your parts find more than they take wrongly.")),
    "task_part": (marked(
        "Paint one part that fires for at least {most} % of “{name}” and for fewer than {little} % of the "
        "others."), marked("Such a part is worth much by itself. What do the others that it takes share?")),
    "task_found": (marked(
        "With all parts together, find at least {many} of the {own} “{name}” and take fewer than {few} "
        "others."), marked("Parts set by hand can do that. The network needed no hand for it.")),
    "task_layers": (marked("Say how well the layers can be read, from the pixels to the outputs. Then look."),
        marked("You said it first, and compared it with the layers before training.")),
    # Questions and outcomes
    "question_parts": marked(
        "A network 784-4-1 learned to find “{name}”. What will the pictures of its four units show?"),
    "answer_like_mine": marked("a part each"),
    "answer_whole": marked("a whole “{name}” each"),
    "answer_no_name": marked("no clear part"),
    "said": marked("You said: {answer}."),
    "came_parts": marked("Units for “{name}”: {yes}; against it: {no}. Together: {share} right."),
    "asks_parts": marked("Judge yourself: which of them could you name? Another seed would give four others."),
    "question_depth": marked("From pixels to outputs: how well can a sum of a layer's activations read the digits?"),
    "answer_rises": marked("better"),
    "answer_falls": marked("worse"),
    "answer_peaks": marked("best in the middle"),
    "answer_level": marked("all alike"),
    "came_rises": marked("It rises: {first} to {last}."),
    "came_falls": marked("It falls: {first} to {last}."),
    "came_peaks": marked("Best in the middle: {first}, {most}, {last}."),
    "came_level": marked("No layer stands out: {first} to {last}."),
    "came_mixed": marked("It goes up and down: {first} to {last}."),
    "came_none": marked("Some activations are no numbers, so there is nothing to read."),
    "untrained_same": marked(
        "The lab's network has learned nothing yet, so both are alike. Train it, then take the newest."),
    "untrained_rises": marked("Untrained it rises: {first} to {last}. What has training added?"),
    "untrained_falls": marked("Untrained it falls: {first} to {last}. What has training added?"),
    "untrained_peaks": marked("Untrained it is best in the middle: {first}, {most}, {last}. What has training added?"),
    "untrained_level": marked("Untrained, no layer stands out: {first} to {last}. What has training added?"),
    "untrained_mixed": marked("Untrained it goes up and down: {first} to {last}. What has training added?"),
})  # fmt: skip
SHAPES: Final = ("like_mine", "whole", "no_name")
ORDERS: Final = ("rises", "falls", "peaks", "level")


def is_nine(classes: tuple[str, ...], label: int) -> bool:
    """Return True if the class asked for is the nine."""
    return label < len(classes) and classes[label] == "9"


def text_of(scene: str, classes: tuple[str, ...], label: int, name: str) -> str:
    if scene == "depth":
        return say("text_depth")
    return say("text_parts") if is_nine(classes, label) else say("text_parts_classes", name=name)


def tasks_of(name: str, own: int) -> tuple[Task, ...]:
    many, few = to_find(own)
    return (
        say.task("better"),
        say.task("part", most=round(100 * MOST), little=round(100 * LITTLE), name=name),
        say.task("found", many=many, own=own, name=name, few=few),
        say.task("layers"),
    )


def question_of(scene: str, name: str) -> Question:
    if scene == "depth":
        return Question("depth", say("question_depth"), say.answers(*ORDERS))
    answers = tuple((id, say(f"answer_{id}", name=name)) for id in SHAPES)
    return Question("parts", say("question_parts", name=name), answers)


def said(answer: str, name: str) -> str:
    return say("said", answer=say(f"answer_{answer}", name=name)) if answer else ""


def longest_words(name: str) -> tuple[list[str], list[str]]:
    share = numbers.percent(0.9999)
    shares = {"first": share, "last": share, "most": share}
    came = say("came_parts", name=name, yes=2, no=2, share=share)
    lines = [say("question_parts", name=name), say("question_depth")]
    lines += [f"{said(shape, name)} {came}" for shape in SHAPES]
    lines += [
        f"{said(answer, name)} {say(f'came_{order}', **shares)}" for answer in ORDERS for order in ORDERS
    ]
    return lines, [say("asks_parts"), *(say(f"untrained_{order}", **shares) for order in (*ORDERS, "mixed"))]


def gate_name(vote: Vote, needed: int, painted: int) -> str:
    if not painted:
        return say("gate_none")
    if vote == "but_one" and painted > 1:
        return say("gate_but_one", needed=needed, painted=painted)
    return say("gate_any" if vote == "any" else "gate_all")


def parts_result(learned: LearnedQuestion, name: str) -> str:
    weights = learned.network.weights[1][0]
    share = 1 - learned.wrong / max(1, len(learned.z))
    yes, no = int(np.sum(weights > 0)), int(np.sum(weights < 0))
    return say("came_parts", name=name, yes=yes, no=no, share=numbers.percent(share))


def depth_result(reading: DepthReading) -> tuple[str, str]:
    """Describe how the linear readout changes from layer to layer, in the trained and in the untrained network."""
    sentences = []
    for kind, layers in (("came", reading.trained), ("untrained", reading.untrained)):
        shares = [layer.linear for layer in layers]
        if not all(map(math.isfinite, shares)):
            sentences.append(say("came_none") if kind == "came" else "")
            continue
        order = order_of(shares, reading.measured)
        first, most, last = map(numbers.percent, (shares[0], max(shares), shares[-1]))
        values = {"first": first, "last": last} | ({"most": most} if order == "peaks" else {})
        sentences.append(say(f"{kind}_{order}", **values))
    return sentences[0], say("untrained_same") if reading.is_same else sentences[1]


def layer_name(layer: int, layers: int) -> str:
    if not layer:
        return say("pixels")
    return say("outputs") if layer == layers - 1 else say("hidden", number=layer)
