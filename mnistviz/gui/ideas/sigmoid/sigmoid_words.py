from typing import Final

from mnistviz.gui.ideas.parts.page_parts import Words
from mnistviz.marking import marked

say: Final = Words({
    "title": marked("From step to sigmoid"),
    "text": marked(
        "To learn, a network changes a weight a little and looks at its output. A perceptron's output is a step; that "
        "of a sigmoid neuron is σ(z) = 1/(1 + e⁻ᶻ). Both have the same w and b here. What does a small change do to "
        "each?"),
    # Scenes
    "nudge": (marked("A nudge"), marked("Adds Δw and Δb to the weight and bias of both units.")),
    "factor": (marked("A factor c"), marked("Multiplies the weight and bias of both units.")),
    "network": (marked("The lab's network"), marked("Nudges one weight of a copy of it.")),
    # The main button
    "main_factor": (marked("Multiply"), marked("Multiplies w and b by c, and shows the result.")),
    "main_nudge": (marked("Nudge"), marked("Adds Δw and Δb, and shows the result.")),
    # Numbers
    "w": (marked("w"), marked("The weight of both units.")),
    "b": (marked("b"), marked("The bias of both units.")),
    "dw": (marked("Δw"), marked("How much is added to the weight.")),
    "db": (marked("Δb"), marked("How much is added to the bias.")),
    "c": (marked("factor c"), marked("What weight and bias are multiplied by.")),
    "x": (marked("input x"), marked("The input of both units; you can drag it in the figure, too.")),
    "by": (marked("Δw"), marked("How much is added to the framed weight.")),
    "unit": (marked("unit"), marked("Which unit of the first layer.")),
    "number": (marked("digit"), marked("Which test digit the network is given.")),
    # Curves
    "step": marked("step: 1 if w·x + b > 0"),
    "sigmoid": marked("sigmoid: σ(w·x + b)"),
    "plot_heard": marked("Outputs of step and sigmoid for every input x"),
    "lens_heard": marked("A lens on the curve"),
    "lens_z": marked("Lens at x: slope {slope}"),
    "lens_x": marked("Lens at the threshold"),
    "keys": marked("Left and Right move the input x. Tab goes to the flags; Up and Down move them."),
    "z": marked("z = w·x + b"),
    "output_a": marked("output a"),
    "flag_step": marked("step"),
    "flag_sigmoid": marked("sigmoid"),
    "you": marked("you"),
    "step_now": marked("Step: {now}"),
    "step_same": marked("Step: {now} → {then}, stays"),
    "step_other": marked("Step: {now} → {then}, flips"),
    "sigmoid_now": marked("Sigmoid: {now}"),
    "moved": marked("Sigmoid: {now} → {then} ({moved})"),
    "moved_promised": marked("Sigmoid: {now} → {then} ({moved})\n◇ predicted from the slope: {promise}"),
    "legend_nudged": marked("after the nudge"),
    "legend_times": marked("times c"),
    "legend_promised": marked("predicted from the slope: ∂a/∂w · Δw + ∂a/∂b · Δb"),
    # The lab's network
    "weights": (marked("Weights of one unit"),
        marked("A click or the arrows choose the weight that is nudged. Orange is positive, blue is negative.")),
    "digit": (marked("The digit"), marked("The pixels that the weights belong to; a click chooses one here, too.")),
    "outputs": (marked("Outputs"),
        marked("The activations of the outputs. A click, or Up and Down, says which one will move most.")),
    "outputs_title": marked("Outputs"),
    "weights_title": marked("Unit {unit}"),
    "digit_title": marked("Test digit {number}, a “{name}”"),
    "framed": marked("The framed weight: {weight} · the pixel there: {grey} of 1"),
    "head_answers": marked("activation"),
    "head_moved": marked("moved, ◇ predicted"),
    "this_one": marked("you: this one"),
    # Tasks
    "task_nudge": (marked("Drag both ? circles to where the outputs will be, then nudge."),
        marked("For a small change the sigmoid moves by about what its slope predicts.")),
    "task_flip": (marked("Flip the perceptron by a Δw of {small} or less, with Δb {none}."),
        marked("At the threshold even the smallest change flips the step.")),
    "task_factor": (marked(
        "Find the smallest c that makes the sigmoid nearly a step: apart by less than {apart} wherever x is {away} or "
        "more from the threshold."),
            marked("With very large w and b a sigmoid is a step; they differ only at the threshold.")),
    "task_silent": (marked(
        "In the lab's network, find a weight that moves no output even if you nudge it by {by} or "
        "more."), marked("∂a/∂w is a product of the input, slopes and weights. Here one of them is 0, or nearly.")),
    # Questions and outcomes
    "question_nudge": marked("Δw and Δb are added. Where will each output be at this x?"),
    "question_factor": marked("w and b become c times as large. Where will each output be at this x?"),
    "question_network": marked("Δw is added to the framed weight. Which output will move most?"),
    "how_flags": marked("Drag the ? circles to where the outputs will be, then press the button."),
    "how_network": marked("Click the output that you expect. A click on the picture frames another weight."),
    "said_step": marked("You said {step} for the step."),
    "said_sigmoid": marked("You said {sigmoid} for the sigmoid."),
    "said_step_sigmoid": marked("You said {step} and {sigmoid}."),
    "said_output": marked("You said: output “{name}”."),
    "step_still": marked("The step stays {now}."),
    "step_flipped": marked("The step flips to {now}."),
    "came_nudge": marked("The sigmoid moves by {moved} to {now}; its slope predicted {promised}."),
    "came_factor": marked("The sigmoid is at {now}."),
    "came_nothing": marked("No output moved at all."),
    "came_network": marked("Output “{name}” moved most: {moved}; its slope predicted {promised}."),
    "reads_now": marked("The network reads “{new}” now instead of “{old}”."),
    "asks_nudge": marked("Halve Δw and look again: how does the difference between moved and predicted change?"),
    "asks_factor": marked("Drag c up and down, and x onto the threshold, where w·x + b = 0. What does c do there?"),
    "asks_network": marked("Did all outputs move as predicted? What if Δw is five times as large?"),
})  # fmt: skip
