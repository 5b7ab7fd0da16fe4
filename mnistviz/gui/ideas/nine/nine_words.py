"""The texts of the page on parts of a nine, with sentences on detectors, networks and layers."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from mnistviz.engine.ideas.detectors import LITTLE, MOST, LearnedQuestion, Vote, to_find
from mnistviz.engine.ideas.layer_readings import DepthReading, order_of
from mnistviz.gui.common import numbers
from mnistviz.gui.ideas.parts.page_parts import Question, Task, Words
from mnistviz.marking import QT_TRANSLATE_NOOP

say: Final = Words("Nine", {
    "title": QT_TRANSLATE_NOOP("Nine", "Parts of a nine"),
    "title_classes": QT_TRANSLATE_NOOP("Nine", "Parts of a picture"),
    "text_parts": QT_TRANSLATE_NOOP("Nine",
        "A neuron may look for a part: a loop on top, a stem below. A last neuron counts: all parts are there, so it "
        "is a nine. Paint where a part has ink, and where it has none; then set how much it needs."),
    "text_parts_classes": QT_TRANSLATE_NOOP("Nine",
        "A neuron may look for a part of “{name}”. A last neuron counts: all parts are there, so it is one. Paint "
        "where a part has ink, and where it has none; then set how much it needs."),
    "text_depth": QT_TRANSLATE_NOOP("Nine",
        "With more layers, a question can be split into parts, and those into parts again. What does each layer of "
        "the lab's network know? One number for each unit, and one for the layer: how many test digits a sum of its "
        "activations, fitted by least squares, reads right."),
    # Scenes, tools and buttons
    "parts": QT_TRANSLATE_NOOP("Nine", "Parts by hand"),
    "parts_tip": QT_TRANSLATE_NOOP("Nine", "Paint four detectors, beside a network that learned by itself."),
    "depth": QT_TRANSLATE_NOOP("Nine", "Layer by layer"),
    "depth_tip": QT_TRANSLATE_NOOP("Nine", "What each layer of the lab's network knows of the digits."),
    "ink": QT_TRANSLATE_NOOP("Nine", "ink"),
    "ink_tip": QT_TRANSLATE_NOOP("Nine", "Paints orange, weight +1: here the part has ink. (+)"),
    "no_ink": QT_TRANSLATE_NOOP("Nine", "no ink"),
    "no_ink_tip": QT_TRANSLATE_NOOP("Nine", "Paints blue, weight −1: here the part has no ink. (−)"),
    "rub_out": QT_TRANSLATE_NOOP("Nine", "rub out"),
    "rub_out_tip": QT_TRANSLATE_NOOP("Nine", "Makes weights 0 again: here anything may be. (0)"),
    "brush": QT_TRANSLATE_NOOP("Nine", "brush"),
    "brush_tip": QT_TRANSLATE_NOOP("Nine", "How many pixels wide the brush is."),
    "undo": QT_TRANSLATE_NOOP("Nine", "Undo"),
    "undo_tip": QT_TRANSLATE_NOOP("Nine", "Takes back the last stroke or threshold."),
    "all": QT_TRANSLATE_NOOP("Nine", "all"),
    "all_tip": QT_TRANSLATE_NOOP("Nine", "All painted parts must fire: an AND."),
    "but_one": QT_TRANSLATE_NOOP("Nine", "all but one"),
    "but_one_tip": QT_TRANSLATE_NOOP("Nine", "One of the painted parts may be silent: a vote."),
    "any": QT_TRANSLATE_NOOP("Nine", "any"),
    "any_tip": QT_TRANSLATE_NOOP("Nine", "One painted part is enough: an OR."),
    "must_fire": QT_TRANSLATE_NOOP("Nine", "must fire:"),
    "threshold": QT_TRANSLATE_NOOP("Nine", "part {number} fires above"),
    "threshold_tip": QT_TRANSLATE_NOOP("Nine",
        "The chosen part fires where its sum is above this. The line in the strip below its picture can be dragged."),
    "look": QT_TRANSLATE_NOOP("Nine", "Look"),
    "look_tip": QT_TRANSLATE_NOOP("Nine", "Shows the answer, once you have said what you think."),
    "say_first": QT_TRANSLATE_NOOP("Nine", "Say first what you think."),
    "next": QT_TRANSLATE_NOOP("Nine", "Next digit"),
    "next_tip": QT_TRANSLATE_NOOP("Nine", "Shows another test digit to the parts and to the network."),
    "learning": QT_TRANSLATE_NOOP("Nine", "A network 784-4-1 learns"),
    "reading": QT_TRANSLATE_NOOP("Nine", "Reading the layers"),
    "painting": QT_TRANSLATE_NOOP("Nine", "Painting an example"),
    # The figures
    "canvas": QT_TRANSLATE_NOOP("Nine", "Your four parts"),
    "canvas_tip": QT_TRANSLATE_NOOP("Nine",
        "Paint with the mouse; or arrows move the cursor, Enter paints, +, − and 0 too, and PageUp and PageDown go to "
        "another part."),
    "name_0": QT_TRANSLATE_NOOP("Nine", "top"),
    "name_1": QT_TRANSLATE_NOOP("Nine", "upper"),
    "name_2": QT_TRANSLATE_NOOP("Nine", "lower"),
    "name_3": QT_TRANSLATE_NOOP("Nine", "bottom"),
    "test_digit": QT_TRANSLATE_NOOP("Nine", "test digit {number}, a “{name}”"),
    "test_digit_short": QT_TRANSLATE_NOOP("Nine", "{number}, a “{name}”"),
    "test_digit_shortest": QT_TRANSLATE_NOOP("Nine", "digit {number}"),
    "fires": QT_TRANSLATE_NOOP("Nine", "fires"),
    "silent": QT_TRANSLATE_NOOP("Nine", "silent"),
    "paint_here": QT_TRANSLATE_NOOP("Nine", "paint here"),
    "paint_here_short": QT_TRANSLATE_NOOP("Nine", "paint"),
    "blank": QT_TRANSLATE_NOOP("Nine", "left out"),
    "above": QT_TRANSLATE_NOOP("Nine", "{sum} > {threshold}"),
    "not_above": QT_TRANSLATE_NOOP("Nine", "{sum} ≤ {threshold}"),
    "own": QT_TRANSLATE_NOOP("Nine", "“{name}”"),
    "own_short": QT_TRANSLATE_NOOP("Nine", "asked for"),
    "others": QT_TRANSLATE_NOOP("Nine", "others"),
    "fires_for": QT_TRANSLATE_NOOP("Nine", "fires for “{name}”, others"),
    "fires_for_short": QT_TRANSLATE_NOOP("Nine", "fires for"),
    "gate_all": QT_TRANSLATE_NOOP("Nine", "AND"),
    "gate_but_one": QT_TRANSLATE_NOOP("Nine", "{needed} of {painted}"),
    "gate_any": QT_TRANSLATE_NOOP("Nine", "OR"),
    "gate_none": QT_TRANSLATE_NOOP("Nine", "nothing yet"),
    "gate_none_short": QT_TRANSLATE_NOOP("Nine", "–"),
    "yes": QT_TRANSLATE_NOOP("Nine", "yes"),
    "no": QT_TRANSLATE_NOOP("Nine", "no"),
    "sum_yes": QT_TRANSLATE_NOOP("Nine", "= {sum}: yes"),
    "sum_no": QT_TRANSLATE_NOOP("Nine", "= {sum}: no"),
    "always_no": QT_TRANSLATE_NOOP("Nine", "always no"),
    "output": QT_TRANSLATE_NOOP("Nine", "output"),
    "z_is": QT_TRANSLATE_NOOP("Nine", "z = {z}"),
    "a_yes": QT_TRANSLATE_NOOP("Nine", "{a}: yes"),
    "a_no": QT_TRANSLATE_NOOP("Nine", "{a}: no"),
    "right": QT_TRANSLATE_NOOP("Nine", "✓ right"),
    "wrong": QT_TRANSLATE_NOOP("Nine", "✗ wrong"),
    "network": QT_TRANSLATE_NOOP("Nine", "Network"),
    "shape": QT_TRANSLATE_NOOP("Nine", "784-4-1"),
    "epochs": QT_TRANSLATE_NOOP("Nine", "{epochs} epochs"),
    "times": QT_TRANSLATE_NOOP("Nine", "{a} × {weight}"),
    "covered": QT_TRANSLATE_NOOP("Nine", "?"),
    "learned": QT_TRANSLATE_NOOP("Nine", "What a network learned"),
    "learned_tip": QT_TRANSLATE_NOOP("Nine",
        "The weights of its four hidden neurons, and what each adds to the output for this digit."),
    "yours": QT_TRANSLATE_NOOP("Nine", "Yours"),
    "theirs": QT_TRANSLATE_NOOP("Nine", "The network"),
    "share_right": QT_TRANSLATE_NOOP("Nine", "{share} right"),
    "found_taken": QT_TRANSLATE_NOOP("Nine", "found {found} of {own} “{name}” · others taken {taken}"),
    "found_taken_short": QT_TRANSLATE_NOOP("Nine", "found {found} of {own} · others {taken}"),
    "found_taken_shortest": QT_TRANSLATE_NOOP("Nine", "{found} of {own} · {taken}"),
    "yes_side": QT_TRANSLATE_NOOP("Nine", "yes ▸"),
    "axis_votes": QT_TRANSLATE_NOOP("Nine", "parts that fire"),
    "axis_z": QT_TRANSLATE_NOOP("Nine", "z of the output"),
    "counts": QT_TRANSLATE_NOOP("Nine", "All test digits"),
    "judged_wrong": QT_TRANSLATE_NOOP("Nine", "judged wrong"),
    "judged_wrong_short": QT_TRANSLATE_NOOP("Nine", "wrong"),
    "nothing_painted": QT_TRANSLATE_NOOP("Nine", "Paint a part: its hits are counted here."),
    "nothing_painted_short": QT_TRANSLATE_NOOP("Nine", "Paint a part first."),
    "counts_tip": QT_TRANSLATE_NOOP("Nine",
        "Shares of the class above, of all others below; hollow ones are judged wrong. A click on a bar, or arrows and "
        "Enter, shows its next digit."),
    "heard_pixel": QT_TRANSLATE_NOOP("Nine", "Part {number}, row {row}, column {column}: {weight}. {state}"),
    "weight_1": QT_TRANSLATE_NOOP("Nine", "ink"),
    "weight_0": QT_TRANSLATE_NOOP("Nine", "nothing"),
    "weight_-1": QT_TRANSLATE_NOOP("Nine", "no ink"),
    "heard_bar": QT_TRANSLATE_NOOP("Nine", "{votes} parts fire for {count} of “{name}”."),
    "heard_bar_others": QT_TRANSLATE_NOOP("Nine", "{votes} parts fire for {count} of the others."),
    "no_digits": QT_TRANSLATE_NOOP("Nine", "There are no digits yet. They are being loaded."),
    "one_class": QT_TRANSLATE_NOOP("Nine",
        "This page needs two classes that occur among training and test digits."),
    "misread": QT_TRANSLATE_NOOP("Nine", "Judged wrong, of {count}"),
    "wrong_bars": QT_TRANSLATE_NOOP("Nine", "Digits judged wrong"),
    "wrong_bars_tip": QT_TRANSLATE_NOOP("Nine",
        "Who always says no misses every digit of the class, and takes no other for one."),
    # Layers
    "layers": QT_TRANSLATE_NOOP("Nine", "Layers of the lab's network"),
    "layers_tip": QT_TRANSLATE_NOOP("Nine",
        "Filled: the lab's network. Hollow: untrained, as its seed made it. Dots are units; a line is their median."),
    "pixels": QT_TRANSLATE_NOOP("Nine", "pixels"),
    "hidden": QT_TRANSLATE_NOOP("Nine", "layer {number}"),
    "outputs": QT_TRANSLATE_NOOP("Nine", "outputs"),
    "of_units": QT_TRANSLATE_NOOP("Nine", "{name} ({units})"),
    "linear": QT_TRANSLATE_NOOP("Nine", "Read by a sum of its activations"),
    "linear_short": QT_TRANSLATE_NOOP("Nine", "By a sum"),
    "units": QT_TRANSLATE_NOOP("Nine", "Each dot: how well one unit tells its best class"),
    "units_short": QT_TRANSLATE_NOOP("Nine", "Dots: units"),
    "guessing": QT_TRANSLATE_NOOP("Nine", "guessing 50 %"),
    "legend_trained": QT_TRANSLATE_NOOP("Nine", "the lab's network"),
    "legend_untrained": QT_TRANSLATE_NOOP("Nine", "untrained"),
    "fitted": QT_TRANSLATE_NOOP("Nine",
        "Fitted on {fitted} training digits, measured on {measured} test digits. A dot says how well one unit alone "
        "tells the class that it knows best from all others; 50 % is guessing. The line is at their median."),
    "heard_layer": QT_TRANSLATE_NOOP("Nine",
        "{layer}: {linear} right, untrained {untrained}; a unit {middle} in the middle, untrained {untrained_middle}."),
    "no_hidden": QT_TRANSLATE_NOOP("Nine",
        "The lab's network {sizes} has no hidden layer, so there is nothing between pixels and outputs. Begin a run "
        "with hidden layers."),
    "not_finite": QT_TRANSLATE_NOOP("Nine",
        "Some weights of the lab's network are no numbers any more. Begin a new run, or look at an earlier moment."),
    # Tasks
    "task_better": QT_TRANSLATE_NOOP("Nine", "Paint parts that judge fewer digits wrong than “always no” does."),
    "done_better": QT_TRANSLATE_NOOP("Nine", "Better than “always no”: your parts find more than they take wrongly."),
    "task_part": QT_TRANSLATE_NOOP("Nine",
        "Paint one part that fires for at least {most} % of “{name}” and for fewer than {little} % of the others."),
    "done_part": QT_TRANSLATE_NOOP("Nine",
        "Such a part is worth much by itself. What do the others that it takes share?"),
    "task_found": QT_TRANSLATE_NOOP("Nine",
        "With all parts together, find at least {many} of the {own} “{name}” and take fewer than {few} others."),
    "done_found": QT_TRANSLATE_NOOP("Nine", "Parts set by hand can do that. The network needed no hand for it."),
    "task_layers": QT_TRANSLATE_NOOP("Nine",
        "Say how well the layers can be read, from the pixels to the outputs. Then look."),
    "done_layers": QT_TRANSLATE_NOOP("Nine", "You said it first, and compared it with the layers before training."),
    # Questions and outcomes
    "question_parts": QT_TRANSLATE_NOOP("Nine",
        "A network 784-4-1 learned to find “{name}”. What will the pictures of its four units show?"),
    "answer_like_mine": QT_TRANSLATE_NOOP("Nine", "a part each"),
    "answer_whole": QT_TRANSLATE_NOOP("Nine", "a whole “{name}” each"),
    "answer_no_name": QT_TRANSLATE_NOOP("Nine", "no clear part"),
    "said_like_mine": QT_TRANSLATE_NOOP("Nine", "You said: a part each."),
    "said_whole": QT_TRANSLATE_NOOP("Nine", "You said: a whole one each."),
    "said_no_name": QT_TRANSLATE_NOOP("Nine", "You said: no clear part."),
    "came_parts": QT_TRANSLATE_NOOP("Nine",
        "Units for “{name}”: {yes}; against it: {no}. Together: {share} right."),
    "asks_parts": QT_TRANSLATE_NOOP("Nine",
        "Judge yourself: which of them could you name? Another seed would give four others."),
    "question_depth": QT_TRANSLATE_NOOP("Nine",
        "From pixels to outputs: how well can a sum of a layer's activations read the digits?"),
    "answer_rises": QT_TRANSLATE_NOOP("Nine", "better"),
    "answer_falls": QT_TRANSLATE_NOOP("Nine", "worse"),
    "answer_peaks": QT_TRANSLATE_NOOP("Nine", "best in the middle"),
    "answer_level": QT_TRANSLATE_NOOP("Nine", "all alike"),
    "said_rises": QT_TRANSLATE_NOOP("Nine", "You said: better."),
    "said_falls": QT_TRANSLATE_NOOP("Nine", "You said: worse."),
    "said_peaks": QT_TRANSLATE_NOOP("Nine", "You said: best in the middle."),
    "said_level": QT_TRANSLATE_NOOP("Nine", "You said: all alike."),
    "came_rises": QT_TRANSLATE_NOOP("Nine", "It rises: {first} to {last}."),
    "came_falls": QT_TRANSLATE_NOOP("Nine", "It falls: {first} to {last}."),
    "came_peaks": QT_TRANSLATE_NOOP("Nine", "Best in the middle: {first}, {most}, {last}."),
    "came_level": QT_TRANSLATE_NOOP("Nine", "No layer stands out: {first} to {last}."),
    "came_mixed": QT_TRANSLATE_NOOP("Nine", "It goes up and down: {first} to {last}."),
    "came_none": QT_TRANSLATE_NOOP("Nine", "Some activations are no numbers, so there is nothing to read."),
    "untrained_same": QT_TRANSLATE_NOOP("Nine",
        "The lab's network has learned nothing yet, so both are alike. Train it, then take the newest."),
    "untrained_rises": QT_TRANSLATE_NOOP("Nine", "Untrained it rises: {first} to {last}. What has training added?"),
    "untrained_falls": QT_TRANSLATE_NOOP("Nine", "Untrained it falls: {first} to {last}. What has training added?"),
    "untrained_peaks": QT_TRANSLATE_NOOP("Nine",
        "Untrained it is best in the middle: {first}, {most}, {last}. What has training added?"),
    "untrained_level": QT_TRANSLATE_NOOP("Nine",
        "Untrained, no layer stands out: {first} to {last}. What has training added?"),
    "untrained_mixed": QT_TRANSLATE_NOOP("Nine",
        "Untrained it goes up and down: {first} to {last}. What has training added?"),
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


def longest_words(name: str) -> tuple[list[str], list[str]]:
    share = numbers.percent(0.9999)
    shares = {"first": share, "last": share, "most": share}
    came = say("came_parts", name=name, yes=2, no=2, share=share)
    lines = [say("question_parts", name=name), say("question_depth")]
    lines += [f"{say(f'said_{shape}')} {came}" for shape in SHAPES]
    lines += [
        f"{say(f'said_{said}')} {say(f'came_{order}', **shares)}" for said in ORDERS for order in ORDERS
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
