"""The texts of the page on parts of a nine, with sentences on detectors, networks and layers."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from mnistviz.engine.ideas.detectors import LITTLE, MOST, LearnedQuestion, Vote, to_find
from mnistviz.engine.ideas.layer_readings import DepthReading, order_of
from mnistviz.gui.common import numbers
from mnistviz.gui.ideas.parts.page_parts import Question, Task, Words
from mnistviz.marking import marked

say: Final = Words("Nine", {
    "title": marked("Nine", "Parts of a nine"),
    "title_classes": marked("Nine", "Parts of a picture"),
    "text_parts": marked("Nine",
        "A neuron may look for a part: a loop on top, a stem below. A last neuron counts: all parts are there, so it "
        "is a nine. Paint where a part has ink, and where it has none; then set how much it needs."),
    "text_parts_classes": marked("Nine",
        "A neuron may look for a part of “{name}”. A last neuron counts: all parts are there, so it is one. Paint "
        "where a part has ink, and where it has none; then set how much it needs."),
    "text_depth": marked("Nine",
        "With more layers, a question can be split into parts, and those into parts again. What does each layer of "
        "the lab's network know? One number for each unit, and one for the layer: how many test digits a sum of its "
        "activations, fitted by least squares, reads right."),
    # Scenes, tools and buttons
    "parts": (marked("Nine", "Parts by hand"), marked("Nine",
        "Paint four detectors, beside a network that learned by itself.")),
    "depth": (marked("Nine", "Layer by layer"), marked("Nine",
        "What each layer of the lab's network knows of the digits.")),
    "ink": (marked("Nine", "ink"), marked("Nine", "Paints orange, weight +1: here the part has ink. (+)")),
    "no_ink": (marked("Nine", "no ink"), marked("Nine", "Paints blue, weight −1: here the part has no ink. (−)")),
    "rub_out": (marked("Nine", "rub out"), marked("Nine", "Makes weights 0 again: here anything may be. (0)")),
    "brush": (marked("Nine", "brush"), marked("Nine", "How many pixels wide the brush is.")),
    "undo": (marked("Nine", "Undo"), marked("Nine", "Takes back the last stroke or threshold.")),
    "all": (marked("Nine", "all"), marked("Nine", "All painted parts must fire: an AND.")),
    "but_one": (marked("Nine", "all but one"), marked("Nine", "One of the painted parts may be silent: a vote.")),
    "any": (marked("Nine", "any"), marked("Nine", "One painted part is enough: an OR.")),
    "must_fire": marked("Nine", "must fire:"),
    "threshold": (marked("Nine", "part {number} fires above"), marked("Nine",
        "The chosen part fires where its sum is above this. The line in the strip below its picture can be "
        "dragged.")),
    "look": (marked("Nine", "Look"), marked("Nine", "Shows the answer, once you have said what you think.")),
    "say_first": marked("Nine", "Say first what you think."),
    "next": (marked("Nine", "Next digit"), marked("Nine", "Shows another test digit to the parts and to the network.")),
    "learning": marked("Nine", "A network 784-4-1 learns"),
    "reading": marked("Nine", "Reading the layers"),
    "painting": marked("Nine", "Painting an example"),
    # The figures
    "canvas": (marked("Nine", "Your four parts"), marked("Nine",
        "Paint with the mouse; or arrows move the cursor, Enter paints, +, − and 0 too, and PageUp and PageDown go "
        "to another part.")),
    "name_0": marked("Nine", "top"),
    "name_1": marked("Nine", "upper"),
    "name_2": marked("Nine", "lower"),
    "name_3": marked("Nine", "bottom"),
    "test_digit": marked("Nine", "test digit {number}, a “{name}”"),
    "test_digit_short": marked("Nine", "{number}, a “{name}”"),
    "test_digit_shortest": marked("Nine", "digit {number}"),
    "fires": marked("Nine", "fires"),
    "silent": marked("Nine", "silent"),
    "paint_here": marked("Nine", "paint here"),
    "paint_here_short": marked("Nine", "paint"),
    "blank": marked("Nine", "left out"),
    "above": marked("Nine", "{sum} > {threshold}"),
    "not_above": marked("Nine", "{sum} ≤ {threshold}"),
    "own": marked("Nine", "“{name}”"),
    "own_short": marked("Nine", "asked for"),
    "others": marked("Nine", "others"),
    "fires_for": marked("Nine", "fires for “{name}”, others"),
    "fires_for_short": marked("Nine", "fires for"),
    "gate_all": marked("Nine", "AND"),
    "gate_but_one": marked("Nine", "{needed} of {painted}"),
    "gate_any": marked("Nine", "OR"),
    "gate_none": marked("Nine", "nothing yet"),
    "gate_none_short": marked("Nine", "–"),
    "yes": marked("Nine", "yes"),
    "no": marked("Nine", "no"),
    "sum_yes": marked("Nine", "= {sum}: yes"),
    "sum_no": marked("Nine", "= {sum}: no"),
    "always_no": marked("Nine", "always no"),
    "output": marked("Nine", "output"),
    "z_is": marked("Nine", "z = {z}"),
    "a_yes": marked("Nine", "{a}: yes"),
    "a_no": marked("Nine", "{a}: no"),
    "right": marked("Nine", "✓ right"),
    "wrong": marked("Nine", "✗ wrong"),
    "network": marked("Nine", "Network"),
    "shape": marked("Nine", "784-4-1"),
    "epochs": marked("Nine", "{epochs} epochs"),
    "times": marked("Nine", "{a} × {weight}"),
    "covered": marked("Nine", "?"),
    "comes_later": marked("Nine", "after your guess"),
    "hits_later": marked("Nine", "Its hits are shown after your guess."),
    "comes_later_short": marked("Nine", "later"),
    "learned": (marked("Nine", "What a network learned"), marked("Nine",
        "The weights of its four hidden neurons, and what each adds to the output for this digit.")),
    "yours": marked("Nine", "Yours"),
    "theirs": marked("Nine", "The network"),
    "share_right": marked("Nine", "{share} right"),
    "found_taken": marked("Nine", "found {found} of {own} “{name}” · others taken {taken}"),
    "found_taken_short": marked("Nine", "found {found} of {own} · others {taken}"),
    "found_taken_shortest": marked("Nine", "{found} of {own} · {taken}"),
    "yes_side": marked("Nine", "yes ▸"),
    "axis_votes": marked("Nine", "parts that fire"),
    "axis_z": marked("Nine", "z of the output"),
    "counts": (marked("Nine", "All test digits"), marked("Nine",
        "Shares of the class above, of all others below; hollow ones are judged wrong. A click on a bar, or arrows "
        "and Enter, shows its next digit.")),
    "judged_wrong": marked("Nine", "judged wrong"),
    "judged_wrong_short": marked("Nine", "wrong"),
    "nothing_painted": marked("Nine", "Paint a part: its hits are counted here."),
    "nothing_painted_short": marked("Nine", "Paint a part first."),
    "heard_pixel": marked("Nine", "Part {number}, row {row}, column {column}: {weight}. {state}"),
    "weight_1": marked("Nine", "ink"),
    "weight_0": marked("Nine", "nothing"),
    "weight_-1": marked("Nine", "no ink"),
    "heard_bar": marked("Nine", "{votes} parts fire for {count} of “{name}”."),
    "heard_bar_others": marked("Nine", "{votes} parts fire for {count} of the others."),
    "no_digits": marked("Nine", "There are no digits yet. They are being loaded."),
    "one_class": marked("Nine", "This page needs two classes that occur among training and test digits."),
    "misread": marked("Nine", "Judged wrong, of {count}"),
    "wrong_bars": (marked("Nine", "Digits judged wrong"), marked("Nine",
        "Who always says no misses every digit of the class, and takes no other for one.")),
    # Layers
    "layers": (marked("Nine", "Layers of the lab's network"), marked("Nine",
        "Filled: the lab's network. Hollow: untrained, as its seed made it. Dots are units; a line is their "
        "median.")),
    "pixels": marked("Nine", "pixels"),
    "hidden": marked("Nine", "layer {number}"),
    "outputs": marked("Nine", "outputs"),
    "of_units": marked("Nine", "{name} ({units})"),
    "linear": marked("Nine", "Read by a sum of its activations"),
    "linear_short": marked("Nine", "By a sum"),
    "units": marked("Nine", "Each dot: how well one unit tells its best class"),
    "units_short": marked("Nine", "Dots: units"),
    "guessing": marked("Nine", "guessing 50 %"),
    "legend_trained": marked("Nine", "the lab's network"),
    "legend_untrained": marked("Nine", "untrained"),
    "fitted": marked("Nine",
        "Fitted on {fitted} training digits, measured on {measured} test digits. A dot says how well one unit alone "
        "tells the class that it knows best from all others; 50 % is guessing. The line is at their median."),
    "heard_layer": marked("Nine",
        "{layer}: {linear} right, untrained {untrained}; a unit {middle} in the middle, untrained "
        "{untrained_middle}."),
    "no_hidden": marked("Nine",
        "The lab's network {sizes} has no hidden layer, so there is nothing between pixels and outputs. Begin a run "
        "with hidden layers."),
    "not_finite": marked("Nine",
        "Some weights of the lab's network are no numbers any more. Begin a new run, or look at an earlier moment."),
    # Tasks
    "task_better": (marked("Nine", "Paint parts that judge fewer digits wrong than “always no” does."), marked("Nine",
        "Better than “always no”: your parts find more than they take wrongly.")),
    "task_part": (marked("Nine",
        "Paint one part that fires for at least {most} % of “{name}” and for fewer than {little} % of the "
        "others."), marked("Nine",
        "Such a part is worth much by itself. What do the others that it takes share?")),
    "task_found": (marked("Nine",
        "With all parts together, find at least {many} of the {own} “{name}” and take fewer than {few} "
        "others."), marked("Nine",
        "Parts set by hand can do that. The network needed no hand for it.")),
    "task_layers": (marked("Nine",
        "Say how well the layers can be read, from the pixels to the outputs. Then look."), marked("Nine",
        "You said it first, and compared it with the layers before training.")),
    # Questions and outcomes
    "question_parts": marked("Nine",
        "A network 784-4-1 learned to find “{name}”. What will the pictures of its four units show?"),
    "answer_like_mine": marked("Nine", "a part each"),
    "answer_whole": marked("Nine", "a whole “{name}” each"),
    "answer_no_name": marked("Nine", "no clear part"),
    "said": marked("Nine", "You said: {answer}."),
    "came_parts": marked("Nine", "Units for “{name}”: {yes}; against it: {no}. Together: {share} right."),
    "asks_parts": marked("Nine", "Judge yourself: which of them could you name? Another seed would give four others."),
    "question_depth": marked("Nine",
        "From pixels to outputs: how well can a sum of a layer's activations read the digits?"),
    "answer_rises": marked("Nine", "better"),
    "answer_falls": marked("Nine", "worse"),
    "answer_peaks": marked("Nine", "best in the middle"),
    "answer_level": marked("Nine", "all alike"),
    "came_rises": marked("Nine", "It rises: {first} to {last}."),
    "came_falls": marked("Nine", "It falls: {first} to {last}."),
    "came_peaks": marked("Nine", "Best in the middle: {first}, {most}, {last}."),
    "came_level": marked("Nine", "No layer stands out: {first} to {last}."),
    "came_mixed": marked("Nine", "It goes up and down: {first} to {last}."),
    "came_none": marked("Nine", "Some activations are no numbers, so there is nothing to read."),
    "untrained_same": marked("Nine",
        "The lab's network has learned nothing yet, so both are alike. Train it, then take the newest."),
    "untrained_rises": marked("Nine", "Untrained it rises: {first} to {last}. What has training added?"),
    "untrained_falls": marked("Nine", "Untrained it falls: {first} to {last}. What has training added?"),
    "untrained_peaks": marked("Nine",
        "Untrained it is best in the middle: {first}, {most}, {last}. What has training added?"),
    "untrained_level": marked("Nine", "Untrained, no layer stands out: {first} to {last}. What has training added?"),
    "untrained_mixed": marked("Nine", "Untrained it goes up and down: {first} to {last}. What has training added?"),
})  # fmt: skip
SHAPES: Final = ("like_mine", "whole", "no_name")
ORDERS: Final = ("rises", "falls", "peaks", "level")


def page_title(classes: tuple[str, ...], label: int) -> str:
    """Return the title of the page, which names the nine if that is the class asked for."""
    return say("title" if is_nine(classes, label) else "title_classes")


def is_nine(classes: tuple[str, ...], label: int) -> bool:
    """Return True if the class asked for is the nine."""
    return label < len(classes) and classes[label] == "9"


def text_of(scene: str, classes: tuple[str, ...], label: int, name: str) -> str:
    if scene == "depth":
        return say("text_depth")
    return say("text_parts") if is_nine(classes, label) else say("text_parts_classes", name=name)


def tasks_of(name: str, own: int) -> tuple[Task, ...]:
    many, few = to_find(own)
    part = {"most": round(100 * MOST), "little": round(100 * LITTLE), "name": name}
    return (
        say.task("better"),
        Task("part", say("task_part", **part), say("done_part")),
        Task("found", say("task_found", many=many, own=own, name=name, few=few), say("done_found")),
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
