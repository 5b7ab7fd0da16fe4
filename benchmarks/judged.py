"""When each notice must appear, and what was judged of it when it was read: a part of docs/notices.md."""

from __future__ import annotations

from typing import Final

NOTICES: Final = {
    "run_diverged": (
        "a cost or a weight is no number, and there is nothing in the run that worked",
        "With ReLU and η = 100 no weight is finite after ten digits. The usual η of such networks, 0.1, is offered.",
    ),
    "run_diverged_best": (
        "a cost or a weight is no number, and an epoch before it worked",
        "From the best weights and their η the run goes on as if nothing had happened.",
    ),
    "run_worse": (
        "5 points fewer are right than at the best, 100 mini-batches or more after one setting was changed",
        "True of η, λ and dropout. With η back at 3 the run stays at 10 %; only the best weights help.",
    ),
    "run_worse_several": (
        "the same after several settings were changed",
        "It does not say which change did it. All are undone, and that helped.",
    ),
    "run_worse_early": (
        "the same before there was a best worth going back to",
        "The best of such a run is judged after the damage, so a new run is offered.",
    ),
    "run_worse_by_hand": (
        "the same after the weights were changed by hand",
        "It names when that was; the best weights are there as they were.",
    ),
    "run_worse_backwards": (
        "the same after mini-batches were gone through backwards with −η",
        "−η does not undo a step: some 90 % become some 25.",
    ),
    "run_fell": (
        "5 points fewer are right than at the best, and nothing was changed before they were lost",
        "Rare. With the best weights and a smaller η each run reads more than when left alone.",
    ),
    "stopped_epochs": (
        "the run has stopped after as many epochs as set",
        "The best weights are offered only where they read more digits; often a few tenths of a point.",
    ),
    "stopped_no_improvement": (
        "the run has stopped since validation did not improve",
        "As above; the gain is smaller still.",
    ),
    "run_stuck_large_eta": (
        "guessing after a fifth of an epoch, with more than twice the usual η",
        "What is large depends on the network: 3 suits sigmoids and is far too much for ReLU.",
    ),
    "eta_small": (
        "less than a tenth of the usual η, and guessing after a fifth of an epoch, or less than 80 % right after one "
        "(50 % where something was changed by hand)",
        "The usual η reaches in three epochs what the small one does not in thirty.",
    ),
    "run_stuck": (
        "guessing after an epoch, and η is neither large nor small",
        "Rare: mostly one setting is far off, and its own notice comes instead. No cause is claimed.",
    ),
    "gradients_vanish": (
        "sigmoid or tanh: the first hidden layer's gradient is less than a twentieth of the last one's",
        "With three layers or N(0, 1) the ratio is as small only briefly: it is never said before 200 mini-batches.",
    ),
    "output_silent": (
        "after an epoch one output wins less than a tenth of its share",
        "No cause is claimed. Initial weights of 1/√n win ten points and more, in wide layers with a smaller η.",
    ),
    "outputs_silent": (
        "the same with several outputs",
        "As above. With 200 to 500 units and the book's η a run reads 32 to 85 % for epochs.",
    ),
    "outputs_silent_large_eta": (
        "the same with more than twice the usual η",
        "A new run with the usual η is better after three epochs than this one after eight.",
    ),
    "layer_dead": (
        "ReLU: more than 30 % of a layer answer 0 to each of 500 digits",
        "A smaller η helps where η is large. Otherwise leaky ReLU is tried; after one epoch it was no better.",
    ),
    "layer_saturated": (
        "initial weights of N(0, 1), over 70 % of a layer's answers saturated, less than 90 % right",
        "True in the first epoch. Later well-trained layers are saturated, too: not said above 90 %.",
    ),
    "overfitting": (
        "after an epoch, training digits are read 3 points better than validation digits",
        "The λ offered goes by the root of the number of digits: with 1,000 digits 0.7 to 1 won three to four points.",
    ),
    "run_stuck_momentum": (
        "guessing after a fifth of an epoch, with μ above 0.95 and more than twice the usual η",
        "A new run without momentum reads 93 %. A smaller η alone does not help: 14 % with 0.03.",
    ),
    "eta_large": (
        "less than 90 % right after an epoch, with more than twice the usual η and no output silent; less than 95 % "
        "with more than five times the usual η",
        "With tanh and N(0, 1) a smaller η alone made it worse; with weights of 1/√n it reads 95 %.",
    ),
    "dropout_large": (
        "little is learned (guessing, or less than 80 % after an epoch) and dropout is above a half",
        "The same setting at the next mini-batch reached only 91 %, as dead neurons stay dead: a new run is offered.",
    ),
    "distortion_large": (
        "little is learned, with shifts above 3 pixels, turns above 25°, or bends above 3 pixels",
        "Moved by 6 pixels, turned by 45° and bent by 10 pixels, digits teach next to nothing.",
    ),
    "decay_large": (
        "less than 90 % right, and λ is more than ten times the usual one",
        "From λ = 5 on the run reads 94 % after four epochs, with the weights that it has.",
    ),
    "few_units": (
        "little is learned, and a hidden layer has fewer units than half of the classes",
        "No seed helps.",
    ),
    "few_steps": (
        "little is learned after three epochs or 200 mini-batches, and an epoch has fewer than a hundred",
        "With mini-batches of 10,000 an epoch has five steps.",
    ),
    "schedule_ended": (
        "the schedule has left less than a hundredth of η",
        "With a tenth of the first η the runs win a few tenths of a point, less than a trial must win.",
    ),
    "schedule_at_0": ("the schedule has left nothing of η", "As above: after a cosine no weight changes."),
    "only_by_heart": (
        "guessing after an epoch, while more than 30 % of the training digits are right",
        "True of random labels. There is no remedy but other labels.",
    ),
    "labels_doubtful": (
        "after an epoch, validation digits are read 10 points better than training digits",
        "With half of the labels random, 79 % of validation digits beside 43 % of training digits. It says perhaps.",
    ),
    "reads_own_better": (
        "as overfitting, but with less than 90 % of the training digits right",
        "The remedy is that of overfitting. Where all labels are random it wins nothing.",
    ),
    "changes": (
        "a change was tried: over the same digits the cost is then (probably) lower, higher, or no different",
        "Both costs are means over the same mini-batches; other orders of the digits say what chance does.",
    ),
}
