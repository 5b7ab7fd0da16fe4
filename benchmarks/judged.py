"""When each notice must appear, and what was judged of it when it was read: a part of docs/notices.md."""

from __future__ import annotations

from typing import Final

MUST: Final = {
    "run_diverged": "a cost or a weight is no number, and there is nothing in the run that worked",
    "run_diverged_best": "a cost or a weight is no number, and an epoch before it worked",
    "run_worse": "5 points fewer are right than at the best, 100 mini-batches or more after one setting was changed",
    "run_worse_several": "the same after several settings were changed",
    "run_worse_early": "the same before there was a best worth going back to",
    "run_worse_by_hand": "the same after the weights were changed by hand",
    "run_worse_backwards": "the same after mini-batches were gone through backwards with −η",
    "run_fell": "5 points fewer are right than at the best, and nothing was changed before they were lost",
    "stopped_epochs": "the run has stopped after as many epochs as set",
    "stopped_no_improvement": "the run has stopped since validation did not improve",
    "run_stuck_large_eta": "guessing after a fifth of an epoch, with more than twice the usual η",
    "eta_small": "less than a tenth of the usual η, and guessing after a fifth of an epoch, or less than 80 % right "
    "after one (50 % where something was changed by hand)",
    "run_stuck": "guessing after an epoch, and η is neither large nor small",
    "gradients_vanish": "sigmoid or tanh: the first hidden layer's gradient is less than a twentieth of the last one's",
    "output_silent": "after an epoch one output wins less than a tenth of its share",
    "outputs_silent": "the same with several outputs",
    "outputs_silent_large_eta": "the same with more than twice the usual η",
    "layer_dead": "ReLU: more than 30 % of a layer answer 0 to each of 500 digits",
    "layer_saturated": "initial weights of N(0, 1), over 70 % of a layer's answers saturated, less than 90 % right",
    "overfitting": "after an epoch, training digits are read 3 points better than validation digits",
    "run_stuck_momentum": "guessing after a fifth of an epoch, with μ above 0.95 and more than twice the usual η",
    "eta_large": "less than 90 % right after an epoch, with more than twice the usual η and no output silent; "
    "less than 95 % with more than five times the usual η",
    "dropout_large": "little is learned (guessing, or less than 80 % after an epoch) and dropout is above a half",
    "distortion_large": "little is learned, with shifts above 3 pixels, turns above 25°, or bends above 3 pixels",
    "decay_large": "less than 90 % right, and λ is more than ten times the usual one",
    "few_units": "little is learned, and a hidden layer has fewer units than half of the classes",
    "few_steps": "little is learned after three epochs or 200 mini-batches, and an epoch has fewer than a hundred",
    "schedule_ended": "the schedule has left less than a hundredth of η",
    "schedule_at_0": "the schedule has left nothing of η",
    "only_by_heart": "guessing after an epoch, while more than 30 % of the training digits are right",
    "labels_doubtful": "after an epoch, validation digits are read 10 points better than training digits",
    "reads_own_better": "as overfitting, but with less than 90 % of the training digits right",
    **{
        f"change_{verdict}": f"a change was tried: without it the cost over the same digits is {than}"
        for verdict, than in (
            ("less", "higher"),
            ("more", "lower"),
            ("probably_less", "probably higher"),
            ("probably_more", "probably lower"),
            ("same", "the same, as far as chance can tell"),
        )
    },
    "change_other_cost": "dropout or a distortion was changed, so the cost is measured on other digits or neurons",
    **{
        f"changes_{verdict}": "the same after several settings were changed"
        for verdict in ("less", "more", "probably_less", "probably_more", "same", "other_cost")
    },
}

JUDGED: Final = {
    "run_diverged": (
        "True: 784-30-30-30-30-10 with ReLU and η = 100 has no finite weight after ten digits. A tenth of "
        "that η would diverge just as fast, so the usual η of such networks is offered, 0.1, and it learns."
    ),
    "run_diverged_best": (
        "True, and Space alone would go on with weights that are no numbers. From the best weights, with the "
        "η that they were learned with, the run goes on as if nothing had been done."
    ),
    "run_worse": (
        "True of η, λ and dropout alike. It names what was set until when, and what was read before and "
        "after; it does not say because. Also once η is back at 3 the run stays where η = 100 has left it, at "
        "10 %, and only the best weights help."
    ),
    "run_worse_several": (
        "True; which of the changes did it, it does not say. All are taken back, and that helped."
    ),
    "run_worse_early": (
        "True. The best of such a run is judged at the end of the epoch, after the damage, so that going back "
        "to it would be no remedy; a new run with what was set before is."
    ),
    "run_worse_by_hand": ("True. It names when that was; the best weights are there as they were."),
    "run_worse_backwards": (
        "True of the belief that −η undoes a step: some 90 % become some 25. The best weights are there as they were."
    ),
    "run_fell": (
        "True, and rare: ReLU with 2.5 times the usual η, a seed of mini-batches of one digit, and 200 "
        "digits, whose accuracy jumps. With the best weights and a smaller η each of them read more than when "
        "it was left alone."
    ),
    "stopped_epochs": (
        "True. It offers the best weights only where they read more digits than those of the end; often that "
        "is a few tenths of a point."
    ),
    "stopped_no_improvement": ("True, as above; the gain is smaller still."),
    "run_stuck": (
        "True where it appears, which is rare: what guesses after an epoch mostly has a setting that is far "
        "off, and is told that instead. It claims no cause, and no remedy but for ReLU and tanh with initial "
        "weights of N(0, 1)."
    ),
    "run_stuck_large_eta": (
        "True. What is large goes by the network: 3 is the book's for sigmoids and far too much for ReLU. The "
        "remedy learns in each case."
    ),
    "eta_small": (
        "True; it stays until the network reads 80 %, or 50 % where η was lowered by hand. The usual η, at "
        "the next mini-batch, reaches in three epochs what the small one does not in thirty."
    ),
    "gradients_vanish": (
        "True of four layers of sigmoids, for most of the first epoch; the network waits for it and then "
        "learns. With three layers or N(0, 1) the ratio was as small for a moment only and nothing waited, so "
        "it is not said before 200 mini-batches, nor above a twentieth."
    ),
    "output_silent": (
        "True, and it claims no cause. Initial weights of 1/√n won ten points and more with each seed that "
        "was tried; of wide layers only together with a smaller η, which goes with them. Of 200 digits they "
        "won nothing: not offered."
    ),
    "outputs_silent": (
        "True, as above; some outputs wake up, and others fall silent. With 200, 300 and 500 units and the "
        "book's η the network reads 32 to 85 % for epochs; smaller weights with η of 1.5, 1 and 0.6 read 96 "
        "to 97 %, with all seeds."
    ),
    "outputs_silent_large_eta": (
        "True. A new run with the usual η is better after three epochs than this one after eight."
    ),
    "layer_dead": (
        "True. With an η that is large for ReLU the remedy is a smaller one, 95 % instead of 11 and 25 %. "
        "Otherwise it is leaky ReLU: a point better after four epochs in the one run here that was told of "
        "it, no better after one, so that its trial does not let it be offered."
    ),
    "layer_saturated": (
        "True in the first epoch, when the same network with 1/√n is three to four points ahead. Later the "
        "two come near to each other, and well-trained layers are saturated with either, so nothing is said "
        "above 90 %."
    ),
    "overfitting": (
        "True. λ = 5 is the book's for 50,000 digits; with 1,000 it made the accuracy jump between 82 and 88 "
        "%, 0.1 did nothing, 0.7 to 1 won three to four points. So it goes by the root of the number of "
        "digits."
    ),
    "reads_own_better": (
        "True, and weaker: nothing is said to be known by heart before nine of ten training digits are right. "
        "The remedy is that of overfitting; where all labels are drawn by chance it won nothing, and is not "
        "offered."
    ),
    "only_by_heart": (
        "True of labels drawn by chance, from a third of the training digits on until all are known; the "
        "others are guessed all the while. There is no remedy but other labels."
    ),
    "labels_doubtful": (
        "True where half of the labels were drawn by chance, with each seed, from the first epoch on: 79 % of "
        "the validation digits beside 43 % of the training digits. It says perhaps, since it can't know."
    ),
    "run_stuck_momentum": (
        "True: with μ = 0.99 and η = 3 three seeds of three guess, and go on guessing. Without momentum a new "
        "run reads 93 %. A smaller η alone is no remedy there: with 0.03 it read 14 %."
    ),
    "eta_large": (
        "True. In mini-batches of one digit η = 3 is ten times what suits: 94 % instead of 81 %. With tanh "
        "and N(0, 1) a smaller η alone made it worse (82 % instead of 92); with weights of 1/√n it reads 95 "
        "%. With the cross-entropy cost η = 3 reads 93 %; a smaller one is a point better after four epochs "
        "and no better after one, so that its trial does not let it be offered."
    ),
    "dropout_large": (
        "True: *fast* with dropout 0.9 reads 26 %. A new run with 0.2 reads 97 %. The same setting at the "
        "next mini-batch reached 91 %, since neurons that had fallen silent stayed so: a new run is offered. "
        "Dead neurons and falls of such a run come of it, so that they are not told."
    ),
    "distortion_large": (
        "True: digits that are moved by 6 pixels, turned by 45° and bent by 10 pixels teach next to nothing, "
        "12 %. With the distortions of the recipe *distorted* new runs read 91 % (chapter 1) and 96 % "
        "(*fast*) after two epochs."
    ),
    "decay_large": (
        "True: λ = 500 holds the network at 29 %, and from λ = 5 on it reads 94 % after four epochs, with the "
        "weights that it has."
    ),
    "few_units": ("True: with two units 31 %, with one 20 %; no seed helps. 30 units read 93 %."),
    "few_steps": (
        "True: with mini-batches of 10,000 an epoch has five steps, and 17 % are right after six epochs. With "
        "ten digits to a mini-batch the same digits give 94 %."
    ),
    "schedule_ended": (
        "True: nothing that is seen afterwards moves the weights by more than a hundredth of what it did. "
        "With a tenth of the first η the runs went on by a few tenths of a point, less than a trial must win: "
        "not offered."
    ),
    "schedule_at_0": ("True, as above: after a cosine the weights stay as they are to the last bit."),
    "changes": (
        "True: both costs are means over the same mini-batches, with the change and without it, and other "
        "orders of the digits say what chance does. Placebos (η 3.0 → 2.9, λ 0 → 0.0001) are said to make no "
        "difference."
    ),
}
