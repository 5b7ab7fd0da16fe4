from __future__ import annotations

from typing import Final

from mnistviz.gui.ideas.parts.page_parts import Words
from mnistviz.marking import marked

say: Final = Words("Sigmoid", {
    "title": marked("Sigmoid", "From step to sigmoid"),
    "text": marked("Sigmoid",
        "To learn, a network changes a weight a little and looks at its output. A perceptron's output is a step; "
        "that of a sigmoid neuron is σ(z) = 1/(1 + e⁻ᶻ). Both have the same w and b here. What does a small change "
        "do to each?"),
    # Scenes
    "nudge": (marked("Sigmoid", "A nudge"), marked("Sigmoid", "Adds Δw and Δb to the weight and bias of both units.")),
    "factor": (marked("Sigmoid", "A factor c"), marked("Sigmoid", "Multiplies the weight and bias of both units.")),
    "network": (marked("Sigmoid", "The lab's network"), marked("Sigmoid", "Nudges one weight of a copy of it.")),
    # The main button
    "main_factor": (marked("Sigmoid", "Multiply"), marked("Sigmoid", "Multiplies w and b by c, and shows the result.")),
    "main_nudge": (marked("Sigmoid", "Nudge"), marked("Sigmoid", "Adds Δw and Δb, and shows the result.")),
    # Numbers
    "w": (marked("Sigmoid", "w"), marked("Sigmoid", "The weight of both units.")),
    "b": (marked("Sigmoid", "b"), marked("Sigmoid", "The bias of both units.")),
    "dw": (marked("Sigmoid", "Δw"), marked("Sigmoid", "How much is added to the weight.")),
    "db": (marked("Sigmoid", "Δb"), marked("Sigmoid", "How much is added to the bias.")),
    "c": (marked("Sigmoid", "factor c"), marked("Sigmoid", "What weight and bias are multiplied by.")),
    "x": (marked("Sigmoid", "input x"), marked("Sigmoid",
        "The input of both units; you can drag it in the figure, too.")),
    "by": (marked("Sigmoid", "Δw"), marked("Sigmoid", "How much is added to the framed weight.")),
    "unit": (marked("Sigmoid", "unit"), marked("Sigmoid", "Which unit of the first layer.")),
    "number": (marked("Sigmoid", "digit"), marked("Sigmoid", "Which test digit the network is given.")),
    # Curves
    "step": marked("Sigmoid", "step: 1 if w·x + b > 0"),
    "sigmoid": marked("Sigmoid", "sigmoid: σ(w·x + b)"),
    "plot_heard": marked("Sigmoid", "Outputs of step and sigmoid for every input x"),
    "lens_heard": marked("Sigmoid", "A lens on the curve"),
    "lens_z": marked("Sigmoid", "Lens at x: slope {slope}"),
    "lens_x": marked("Sigmoid", "Lens at the threshold"),
    "keys": marked("Sigmoid", "Left and Right move the input x. Tab goes to the flags; Up and Down move them."),
    "z": marked("Sigmoid", "z = w·x + b"),
    "output_a": marked("Sigmoid", "output a"),
    "flag_step": marked("Sigmoid", "step"),
    "flag_sigmoid": marked("Sigmoid", "sigmoid"),
    "you": marked("Sigmoid", "you"),
    "step_now": marked("Sigmoid", "Step: {now}"),
    "step_same": marked("Sigmoid", "Step: {now} → {then}, stays"),
    "step_other": marked("Sigmoid", "Step: {now} → {then}, flips"),
    "sigmoid_now": marked("Sigmoid", "Sigmoid: {now}"),
    "moved": marked("Sigmoid", "Sigmoid: {now} → {then} ({moved})"),
    "moved_promised": marked("Sigmoid", "Sigmoid: {now} → {then} ({moved})\n◇ predicted from the slope: {promise}"),
    "legend_nudged": marked("Sigmoid", "after the nudge"),
    "legend_times": marked("Sigmoid", "times c"),
    "legend_promised": marked("Sigmoid", "predicted from the slope: ∂a/∂w · Δw + ∂a/∂b · Δb"),
    # The lab's network
    "weights": (marked("Sigmoid", "Weights of one unit"), marked("Sigmoid",
        "A click or the arrows choose the weight that is nudged. Orange is positive, blue is negative.")),
    "digit": (marked("Sigmoid", "The digit"), marked("Sigmoid",
        "The pixels that the weights belong to; a click chooses one here, too.")),
    "outputs": (marked("Sigmoid", "Outputs"), marked("Sigmoid",
        "The activations of the outputs. A click, or Up and Down, says which one will move most.")),
    "outputs_title": marked("Sigmoid", "Outputs"),
    "weights_title": marked("Sigmoid", "Unit {unit}"),
    "digit_title": marked("Sigmoid", "Test digit {number}, a “{name}”"),
    "framed": marked("Sigmoid", "The framed weight: {weight} · the pixel there: {grey} of 1"),
    "head_answers": marked("Sigmoid", "activation"),
    "head_moved": marked("Sigmoid", "moved, ◇ predicted"),
    "this_one": marked("Sigmoid", "you: this one"),
    # Tasks
    "task_nudge": (marked("Sigmoid", "Drag both ? circles to where the outputs will be, then nudge."), marked("Sigmoid",
        "For a small change the sigmoid moves by about what its slope predicts.")),
    "task_flip": (marked("Sigmoid",
        "Flip the perceptron by a Δw of {small} or less, with Δb {none}."), marked("Sigmoid",
        "At the threshold even the smallest change flips the step.")),
    "task_factor": (marked("Sigmoid",
        "Find the smallest c that makes the sigmoid nearly a step: apart by less than {apart} wherever x is {away} "
        "or more from the threshold."), marked("Sigmoid",
        "With very large w and b a sigmoid is a step; they differ only at the threshold.")),
    "task_silent": (marked("Sigmoid",
        "In the lab's network, find a weight that moves no output even if you nudge it by {by} or "
        "more."), marked("Sigmoid",
        "∂a/∂w is a product of the input, slopes and weights. Here one of them is 0, or nearly.")),
    # Questions and outcomes
    "question_nudge": marked("Sigmoid", "Δw and Δb are added. Where will each output be at this x?"),
    "question_factor": marked("Sigmoid", "w and b become c times as large. Where will each output be at this x?"),
    "question_network": marked("Sigmoid", "Δw is added to the framed weight. Which output will move most?"),
    "how_flags": marked("Sigmoid", "Drag the ? circles to where the outputs will be, then press the button."),
    "how_network": marked("Sigmoid", "Click the output that you expect. A click on the picture frames another weight."),
    "said_step": marked("Sigmoid", "You said {step} for the step."),
    "said_sigmoid": marked("Sigmoid", "You said {sigmoid} for the sigmoid."),
    "said_step_sigmoid": marked("Sigmoid", "You said {step} and {sigmoid}."),
    "said_output": marked("Sigmoid", "You said: output “{name}”."),
    "step_still": marked("Sigmoid", "The step stays {now}."),
    "step_flipped": marked("Sigmoid", "The step flips to {now}."),
    "came_nudge": marked("Sigmoid", "The sigmoid moves by {moved} to {now}; its slope predicted {promised}."),
    "came_factor": marked("Sigmoid", "The sigmoid is at {now}."),
    "came_nothing": marked("Sigmoid", "No output moved at all."),
    "came_network": marked("Sigmoid", "Output “{name}” moved most: {moved}; its slope predicted {promised}."),
    "reads_now": marked("Sigmoid", "The network reads “{new}” now instead of “{old}”."),
    "asks_nudge": marked("Sigmoid",
        "Halve Δw and look again: how does the difference between moved and predicted change?"),
    "asks_factor": marked("Sigmoid",
        "Drag c up and down, and x onto the threshold, where w·x + b = 0. What does c do there?"),
    "asks_network": marked("Sigmoid", "Did all outputs move as predicted? What if Δw is five times as large?"),
})  # fmt: skip
