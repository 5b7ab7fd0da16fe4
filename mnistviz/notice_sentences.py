"""What a run shows, in words: for each notice a sentence, a short form (`_short`), and what lies behind it (`_why`)."""

from __future__ import annotations

from typing import Final

from mnistviz.marking import QT_TRANSLATE_NOOP

_CHANGE_WHY: Final = QT_TRANSLATE_NOOP(
    "sentences",
    "The run was trained again without the change, on the same mini-batches in the same order. Copies of it with one "
    "tiny change show how much chance does: what differs less than they do is called no difference.",
)
_OTHER_COST_WHY: Final = QT_TRANSLATE_NOOP(
    "sentences",
    "The cost is measured as the network is trained: with neurons switched off by dropout, and on distorted digits. "
    "Validation accuracy is always measured on the whole network and on digits as they are: compare that.",
)
_STOPPED_WHY: Final = QT_TRANSLATE_NOOP(
    "sentences",
    "The best weights are those after the epoch in which the most validation digits were read right. The test "
    "digits had no say in it.",
)

NOTICE_SENTENCES: Final[dict[str, str]] = {
    "run_diverged": QT_TRANSLATE_NOOP(
        "sentences",
        "The cost is no longer a number: the steps were too large, and the weights have run away. Space can't go "
        "on from here; a new run can.",
    ),
    "run_diverged_short": QT_TRANSLATE_NOOP("sentences", "The cost is no longer a number: begin a new run"),
    "run_diverged_best": QT_TRANSLATE_NOOP(
        "sentences",
        "The cost is no longer a number: the steps were too large, and the weights have run away. Space can't go "
        "on from here, but from the best weights it can: {accuracy} % after epoch {epoch}.",
    ),
    "run_diverged_best_short": QT_TRANSLATE_NOOP(
        "sentences", "The cost is no longer a number. The best: {accuracy} %"
    ),
    "run_worse": QT_TRANSLATE_NOOP(
        "sentences",
        "{setting} = {old} worked until mini-batch {step}: {accuracy} % of the validation digits were right after "
        "epoch {epoch}. Then it became {new}, and now {now} % are.",
    ),
    "run_worse_short": QT_TRANSLATE_NOOP(
        "sentences", "{setting} {old} → {new}: from {accuracy} % down to {now} %"
    ),
    "run_worse_several": QT_TRANSLATE_NOOP(
        "sentences",
        "The settings worked until mini-batch {step}: {accuracy} % of the validation digits were right after epoch "
        "{epoch}. Since then these were changed: {settings}, and now {now} % are.",
    ),
    "run_worse_several_short": QT_TRANSLATE_NOOP(
        "sentences", "After changes: from {accuracy} % down to {now} %"
    ),
    "run_worse_early": QT_TRANSLATE_NOOP(
        "sentences",
        "Until mini-batch {step} up to {accuracy} % of the validation digits were right. Then this was changed: "
        "{settings}, and now {now} % are. No best weights were kept by then, but a new run can do it again.",
    ),
    "run_worse_early_short": QT_TRANSLATE_NOOP(
        "sentences", "After a change: from {accuracy} % down to {now} %"
    ),
    "run_fell": QT_TRANSLATE_NOOP(
        "sentences",
        "After epoch {epoch} {accuracy} % of the validation digits were right, and now {now} % are. It fell without a "
        "change of settings.",
    ),
    "run_fell_short": QT_TRANSLATE_NOOP(
        "sentences", "From {accuracy} % down to {now} %, with nothing changed"
    ),
    "run_stuck": QT_TRANSLATE_NOOP("sentences", "The network answers no better than by guessing so far."),
    "run_stuck_short": QT_TRANSLATE_NOOP("sentences", "No better than by guessing so far"),
    "run_stuck_large_eta": QT_TRANSLATE_NOOP(
        "sentences",
        "The network answers no better than by guessing: {now} % of the validation digits are right. η = {eta} is "
        "large for this network.",
    ),
    "run_stuck_large_eta_short": QT_TRANSLATE_NOOP(
        "sentences", "No better than guessing, and η = {eta} is large"
    ),
    "eta_small": QT_TRANSLATE_NOOP(
        "sentences",
        "After {epochs} epochs {now} % of the validation digits are right. η = {eta} is small for this network: each "
        "step changes little.",
    ),
    "eta_small_short": QT_TRANSLATE_NOOP("sentences", "{now} % after {epochs} epochs: η = {eta} is small"),
    "output_silent": QT_TRANSLATE_NOOP(
        "sentences",
        "Output {names} hardly ever fires: of {all} validation digits {count} are read as {names}.",
    ),
    "output_silent_short": QT_TRANSLATE_NOOP(
        "sentences", "Output {names} hardly ever fires: {count} of {all} digits"
    ),
    "outputs_silent": QT_TRANSLATE_NOOP(
        "sentences",
        "The outputs {names} hardly ever fire: of {all} validation digits {count} are read as one of them.",
    ),
    "outputs_silent_short": QT_TRANSLATE_NOOP(
        "sentences", "{number} outputs hardly ever fire: {count} of {all} digits"
    ),
    "outputs_silent_large_eta": QT_TRANSLATE_NOOP(
        "sentences",
        "Of {all} validation digits {count} are read as {names}. η = {eta} is large for this network.",
    ),
    "outputs_silent_large_eta_short": QT_TRANSLATE_NOOP(
        "sentences", "Silent outputs: {number}, and η = {eta} is large"
    ),
    "layer_dead": QT_TRANSLATE_NOOP(
        "sentences",
        "In hidden layer {layer}, {share} % of the neurons are dead: they answer 0 to every digit that was looked at.",
    ),
    "layer_dead_short": QT_TRANSLATE_NOOP(
        "sentences", "Hidden layer {layer}: {share} % of the neurons are dead"
    ),
    "layer_saturated": QT_TRANSLATE_NOOP(
        "sentences",
        "In hidden layer {layer}, {share} % of the answers are saturated: the slope is near 0 there, and learning "
        "begins slowly.",
    ),
    "layer_saturated_short": QT_TRANSLATE_NOOP(
        "sentences", "Hidden layer {layer}: {share} % of the answers are saturated"
    ),
    "gradients_vanish": QT_TRANSLATE_NOOP(
        "sentences",
        "The gradient vanishes on its way back: for the biases of the first hidden layer it is {times} times "
        "shorter than for those of the last.",
    ),
    "gradients_vanish_short": QT_TRANSLATE_NOOP(
        "sentences", "The gradient vanishes: {times} times shorter in layer 1"
    ),
    "overfitting": QT_TRANSLATE_NOOP(
        "sentences",
        "The network learns its training digits by heart: {training} % of them are right, but only {validation} % "
        "of the validation digits.",
    ),
    "overfitting_short": QT_TRANSLATE_NOOP(
        "sentences", "Training digits {training} % right, validation digits {validation} %"
    ),
    "reads_own_better": QT_TRANSLATE_NOOP(
        "sentences",
        "The network reads its training digits better than others: {training} % of them are right, and {validation} % "
        "of the validation digits.",
    ),
    "reads_own_better_short": QT_TRANSLATE_NOOP(
        "sentences", "Training digits {training} % right, validation digits {validation} %"
    ),
    "only_by_heart": QT_TRANSLATE_NOOP(
        "sentences",
        "The network reads {training} % of its training digits right, but it guesses on the validation digits: "
        "{now} % are right.",
    ),
    "only_by_heart_short": QT_TRANSLATE_NOOP(
        "sentences", "Training digits {training} % right, others guessed: {now} %"
    ),
    "labels_doubtful": QT_TRANSLATE_NOOP(
        "sentences",
        "The network reads validation digits better than training digits: {validation} % and {training} % are right. "
        "Perhaps some training digits have wrong labels.",
    ),
    "labels_doubtful_short": QT_TRANSLATE_NOOP(
        "sentences", "Validation {validation} %, training {training} %: wrong labels?"
    ),
    "run_stuck_momentum": QT_TRANSLATE_NOOP(
        "sentences",
        "The network answers no better than by guessing: {now} % of the validation digits are right. With momentum "
        "μ = {momentum} a step goes on to act, {times} times as far in all.",
    ),
    "run_stuck_momentum_short": QT_TRANSLATE_NOOP(
        "sentences", "No better than guessing, and μ = {momentum} is large"
    ),
    "eta_large": QT_TRANSLATE_NOOP(
        "sentences",
        "After {epochs} epochs {now} % of the validation digits are right. η = {eta} is large for this network.",
    ),
    "eta_large_short": QT_TRANSLATE_NOOP("sentences", "{now} % after {epochs} epochs: η = {eta} is large"),
    "dropout_large": QT_TRANSLATE_NOOP(
        "sentences",
        "After {epochs} epochs {now} % of the validation digits are right. Dropout = {dropout} switches off most "
        "hidden neurons for each digit.",
    ),
    "dropout_large_short": QT_TRANSLATE_NOOP(
        "sentences", "{now} % after {epochs} epochs: dropout = {dropout} is large"
    ),
    "distortion_large": QT_TRANSLATE_NOOP(
        "sentences",
        "After {epochs} epochs {now} % of the validation digits are right. The training digits are distorted so much "
        "that they look unlike the others.",
    ),
    "distortion_large_short": QT_TRANSLATE_NOOP(
        "sentences", "{now} % after {epochs} epochs: the distortion is strong"
    ),
    "decay_large": QT_TRANSLATE_NOOP(
        "sentences",
        "After {epochs} epochs {now} % of the validation digits are right. λ = {weight_decay} is large for {digits} "
        "training digits: each step makes all weights smaller.",
    ),
    "decay_large_short": QT_TRANSLATE_NOOP(
        "sentences", "{now} % after {epochs} epochs: λ = {weight_decay} is large"
    ),
    "few_units": QT_TRANSLATE_NOOP(
        "sentences",
        "After {epochs} epochs {now} % of the validation digits are right. Hidden layer {layer} has {units} units, few "
        "to tell {classes} classes apart.",
    ),
    "few_units_short": QT_TRANSLATE_NOOP(
        "sentences", "{now} % after {epochs} epochs: hidden layer {layer} has {units} units"
    ),
    "few_steps": QT_TRANSLATE_NOOP(
        "sentences",
        "After {epochs} epochs {now} % of the validation digits are right. With mini-batches of {mini_batch_size} "
        "digits an epoch has {steps} steps.",
    ),
    "few_steps_short": QT_TRANSLATE_NOOP(
        "sentences", "{now} % after {epochs} epochs: an epoch has {steps} steps"
    ),
    "schedule_ended": QT_TRANSLATE_NOOP(
        "sentences",
        "The schedule has brought η down to {eta_now}. From here on the weights hardly change.",
    ),
    "schedule_ended_short": QT_TRANSLATE_NOOP("sentences", "The schedule has brought η down to {eta_now}"),
    "stopped_epochs": QT_TRANSLATE_NOOP(
        "sentences",
        "Stopped after {epochs} epochs, as set. Best validation accuracy: {accuracy} % after epoch {epoch}.",
    ),
    "stopped_epochs_short": QT_TRANSLATE_NOOP(
        "sentences", "Stopped after {epochs} epochs. Best: {accuracy} %, epoch {epoch}"
    ),
    "stopped_epochs_why": _STOPPED_WHY,
    "stopped_no_improvement": QT_TRANSLATE_NOOP(
        "sentences",
        "Stopped: validation has not improved for {epochs} epochs. Best validation accuracy: {accuracy} % after "
        "epoch {epoch}.",
    ),
    "stopped_no_improvement_short": QT_TRANSLATE_NOOP(
        "sentences", "Stopped: no better for {epochs} epochs. Best: {accuracy} %"
    ),
    "stopped_no_improvement_why": _STOPPED_WHY,
    # The lines below say what lies behind a notice
    "run_diverged_why": QT_TRANSLATE_NOOP(
        "sentences",
        "A step that is too large makes the cost larger, the next gradient with it, and the next step larger still, "
        "until a weight is too large for a number. No later step makes numbers of such weights again.",
    ),
    "run_diverged_best_why": QT_TRANSLATE_NOOP(
        "sentences",
        "A step that is too large makes the cost larger, the next gradient with it, and the next step larger still, "
        "until a weight is too large for a number. The weights after the best epoch are kept for such a case.",
    ),
    "run_worse_why": QT_TRANSLATE_NOOP(
        "sentences",
        "What comes after a change need not come of it. The best weights with the value that they were learned with "
        "are a way to find out. Neurons that large steps have saturated mostly stay so, whatever comes later.",
    ),
    "run_worse_several_why": QT_TRANSLATE_NOOP(
        "sentences",
        "What comes after a change need not come of it. The best weights with the settings that they were learned "
        "with are a way to find out; then change one setting at a time.",
    ),
    "run_worse_early_why": QT_TRANSLATE_NOOP(
        "sentences",
        "What comes after a change need not come of it. The same seed with the settings from before does the same "
        "again up to that mini-batch, and then goes on without the change.",
    ),
    "run_fell_why": QT_TRANSLATE_NOOP(
        "sentences",
        "Each mini-batch is a sample, so a step can also make the network worse, the more so the larger η is. The "
        "weights after the best epoch are kept.",
    ),
    "run_stuck_why": QT_TRANSLATE_NOOP(
        "sentences",
        "By guessing, one digit in {classes} is right. Some networks find their way only after some epochs; others "
        "never do, with initial weights or settings that don't suit them.",
    ),
    "run_stuck_large_eta_why": QT_TRANSLATE_NOOP(
        "sentences",
        "A step goes down the slope that is here; a large one leaps over the valley to where the slope is another. "
        "It may leave neurons where the slope is almost 0, and from there they hardly move, with any η.",
    ),
    "eta_small_why": QT_TRANSLATE_NOOP(
        "sentences",
        "Each mini-batch moves the weights by −η∇C. With a tenth of η the same way takes about ten times as many "
        "steps.",
    ),
    "output_silent_why": QT_TRANSLATE_NOOP(
        "sentences",
        "An output that begins deep in saturation gets hardly any gradient. With initial weights of N(0, 1) that "
        "happens with many seeds; why with this one, the numbers here don't say.",
    ),
    "outputs_silent_why": QT_TRANSLATE_NOOP(
        "sentences",
        "Outputs that begin deep in saturation get hardly any gradient. With initial weights of N(0, 1) that "
        "happens with many seeds; why with this one, the numbers here don't say.",
    ),
    "outputs_silent_large_eta_why": QT_TRANSLATE_NOOP(
        "sentences",
        "A large step can carry an output to where σ is flat. There σ′ is near 0 and so is the gradient: the output "
        "says no to every digit, and nothing brings it back soon.",
    ),
    "run_stuck_momentum_why": QT_TRANSLATE_NOOP(
        "sentences",
        "Momentum μ keeps a share μ of the last step in the next one, so a step acts 1/(1 − μ) times as far in all. At "
        "0.99 that is a hundred times, and the first steps carry the neurons to where the slope is almost 0.",
    ),
    "eta_large_why": QT_TRANSLATE_NOOP(
        "sentences",
        "What η suits a network goes by its cost, its neurons, how many units a layer has, the mini-batch size and the "
        "momentum. Compared are networks of this kind that were tried.",
    ),
    "dropout_large_why": QT_TRANSLATE_NOOP(
        "sentences",
        "Dropout makes a network rely on no single neuron. Where more than half are switched off, a small layer has "
        "too few left to learn with.",
    ),
    "distortion_large_why": QT_TRANSLATE_NOOP(
        "sentences",
        "Moved, turned and bent digits teach a network what does not matter. Validation digits are never distorted: "
        "what is learned from digits that nobody would write helps little to read them.",
    ),
    "decay_large_why": QT_TRANSLATE_NOOP(
        "sentences",
        "Weight decay multiplies all weights by 1 − ηλ/n at each step, with n training digits. The book takes λ = 5 "
        "for 50,000 digits.",
    ),
    "few_units_why": QT_TRANSLATE_NOOP(
        "sentences",
        "All that the outputs know of a digit are the activations of the last hidden layer. With very few of them, "
        "several digits look alike.",
    ),
    "few_steps_why": QT_TRANSLATE_NOOP(
        "sentences",
        "Weights move once for each mini-batch. A large one gives a more exact gradient, but one step all the same; "
        "many small steps mostly come further.",
    ),
    "schedule_ended_why": QT_TRANSLATE_NOOP(
        "sentences",
        "A schedule lowers η so that the steps become small at the end. To go on learning, give η a value: that ends "
        "the schedule.",
    ),
    "only_by_heart_why": QT_TRANSLATE_NOOP(
        "sentences",
        "A network can learn labels that have nothing to do with the pictures, one digit at a time. That says nothing "
        "about other digits.",
    ),
    "labels_doubtful_why": QT_TRANSLATE_NOOP(
        "sentences",
        "Mostly a network reads the digits that it was trained on better than others. Where it is the other way round "
        "by this much, the labels of training digits do not fit their pictures.",
    ),
    "reads_own_better_why": QT_TRANSLATE_NOOP(
        "sentences",
        "The training digits were the first {digits} of those trained on. Weight decay, dropout, digits moved and "
        "turned, or more digits bring the two nearer to each other; how much, only trying says.",
    ),
    "layer_dead_why": QT_TRANSLATE_NOOP(
        "sentences",
        "ReLU has the slope 0 where it answers 0, so a digit to which a neuron answers 0 doesn't change it. Large "
        "steps leave more neurons there. Leaky ReLU has the slope 0.01 instead.",
    ),
    "layer_saturated_why": QT_TRANSLATE_NOOP(
        "sentences",
        "With weights of N(0, 1) the inputs of a neuron add up to a large z, and σ is flat there. The gradient of a "
        "weight has the slope as a factor. Divided by √n, z stays near 0, where σ is steep.",
    ),
    "gradients_vanish_why": QT_TRANSLATE_NOOP(
        "sentences",
        "On its way back the gradient is multiplied in each layer by weights and by a slope, which is 1/4 at most "
        "for the sigmoid. The slope of ReLU is 1. The lengths of ∂C/∂b are compared; those of the weights differ less.",
    ),
    "overfitting_why": QT_TRANSLATE_NOOP(
        "sentences",
        "The training digits were the first {digits} of those trained on. Weight decay, dropout, digits moved and "
        "turned, or more digits bring the two nearer to each other; how much, only trying says.",
    ),
    # What came of a change, beside what came when the same mini-batches were trained on without it
    "change_less": QT_TRANSLATE_NOOP(
        "sentences",
        "{setting} went from {old} to {new} at epoch {place}. The mean cost went from {before} to {after}; "
        "without the change, to {without}: it is lower with the change.",
    ),
    "change_less_short": QT_TRANSLATE_NOOP(
        "sentences", "{setting} {old} → {new}: cost {after}, without {without}: lower"
    ),
    "change_less_why": _CHANGE_WHY,
    "change_more": QT_TRANSLATE_NOOP(
        "sentences",
        "{setting} went from {old} to {new} at epoch {place}. The mean cost went from {before} to {after}; "
        "without the change, to {without}: it is higher with the change.",
    ),
    "change_more_short": QT_TRANSLATE_NOOP(
        "sentences", "{setting} {old} → {new}: cost {after}, without {without}: higher"
    ),
    "change_more_why": _CHANGE_WHY,
    "change_same": QT_TRANSLATE_NOOP(
        "sentences",
        "{setting} went from {old} to {new} at epoch {place}. The mean cost went from {before} to {after}; "
        "without the change, to {without}: no difference beyond chance.",
    ),
    "change_same_short": QT_TRANSLATE_NOOP(
        "sentences", "{setting} {old} → {new}: cost {after}, without {without}: no difference"
    ),
    "change_same_why": _CHANGE_WHY,
    "change_other_cost": QT_TRANSLATE_NOOP(
        "sentences",
        "{setting} went from {old} to {new} at epoch {place}. Since then the cost is measured with other neurons "
        "out or on other distortions, so it can't be compared with the cost before.",
    ),
    "change_other_cost_short": QT_TRANSLATE_NOOP(
        "sentences", "{setting} {old} → {new}: another cost since then"
    ),
    "change_other_cost_why": _OTHER_COST_WHY,
    "changes_less": QT_TRANSLATE_NOOP(
        "sentences",
        "These settings were changed at epoch {place}: {settings}. The mean cost went from {before} to {after}; "
        "without the change, to {without}: it is lower with the change.",
    ),
    "changes_less_short": QT_TRANSLATE_NOOP(
        "sentences", "Settings changed: cost {after}, without {without}: lower"
    ),
    "changes_less_why": _CHANGE_WHY,
    "changes_more": QT_TRANSLATE_NOOP(
        "sentences",
        "These settings were changed at epoch {place}: {settings}. The mean cost went from {before} to {after}; "
        "without the change, to {without}: it is higher with the change.",
    ),
    "changes_more_short": QT_TRANSLATE_NOOP(
        "sentences", "Settings changed: cost {after}, without {without}: higher"
    ),
    "changes_more_why": _CHANGE_WHY,
    "changes_same": QT_TRANSLATE_NOOP(
        "sentences",
        "These settings were changed at epoch {place}: {settings}. The mean cost went from {before} to {after}; "
        "without the change, to {without}: no difference beyond chance.",
    ),
    "changes_same_short": QT_TRANSLATE_NOOP(
        "sentences", "Settings changed: cost {after}, without {without}: no difference"
    ),
    "changes_same_why": _CHANGE_WHY,
    "changes_other_cost": QT_TRANSLATE_NOOP(
        "sentences",
        "These settings were changed at epoch {place}: {settings}. Since then the cost is measured with other neurons "
        "out or on other distortions, so it can't be compared with the cost before.",
    ),
    "changes_other_cost_short": QT_TRANSLATE_NOOP("sentences", "Settings changed: another cost since then"),
    "changes_other_cost_why": _OTHER_COST_WHY,
}
