"""Sentences about a run: for each notice a sentence, a short form (`_short`), and an explanation (`_why`)."""

from typing import Final

from mnistviz.marking import marked

# fmt: off
_OTHER_COST_WHY: Final = marked(
    "The cost is measured as the network is trained: with neurons switched off by dropout, on distorted digits, and in "
    "their order. Validation accuracy is always measured on the whole network and on digits as they are: compare that.")
_STOPPED_WHY: Final = marked(
    "The best weights are those after the epoch in which the most validation digits were read right. The test digits "
    "were not used for this.")

_SCHEDULE_WHY: Final = marked(
    "A schedule lowers η so that the steps become small at the end. To learn on, change η by hand: this ends the "
    "schedule.")

EFFECTS: Final = {
    "less": marked("lower with it"),
    "more": marked("higher with it"),
    "probably_less": marked("probably lower with it"),
    "probably_more": marked("probably higher with it"),
    "same": marked("no clear difference"),
}
SHORT_EFFECTS: Final = {
    "less": marked("lower cost"),
    "more": marked("higher cost"),
    "probably_less": marked("probably lower cost"),
    "probably_more": marked("probably higher cost"),
    "same": marked("no clear difference"),
}
"""What a change did to the cost, as `{effect}` and `{short_effect}`."""

NOTICE_SENTENCES: Final[dict[str, str]] = {
    "run_diverged": marked(
        "The cost is no longer a number: the steps were too large, and the weights have diverged. This run can't go "
        "on; begin a new one."),
    "run_diverged_short": marked("The cost is no longer a number: begin a new run"),
    "run_diverged_best": marked(
        "The cost is no longer a number: the steps were too large, and the weights have diverged. The run can go on "
        "from its best weights: {accuracy} % after epoch {epoch}."),
    "run_diverged_best_short": marked("The cost is no longer a number. The best: {accuracy} %"),
    "run_worse": marked(
        "{setting} = {old} worked until mini-batch {step}: {accuracy} % of the validation digits were right after "
        "epoch {epoch}. Then it became {new}, and now {now} % are."),
    "run_worse_short": marked("{setting} {old} → {new}: from {accuracy} % down to {now} %"),
    "run_worse_several": marked(
        "The settings worked until mini-batch {step}: {accuracy} % of the validation digits were right after epoch "
        "{epoch}. Then these changed: {settings}, and now {now} % are."),
    "run_worse_several_short": marked("{settings} changed: from {accuracy} % down to {now} %"),
    "run_worse_early": marked(
        "Until mini-batch {step} up to {accuracy} % of the validation digits were right. Then this changed: "
        "{settings}, and now {now} % are. No best weights were kept by then; a new run can get there again."),
    "run_worse_early_short": marked("{settings} changed: from {accuracy} % down to {now} %"),
    "run_worse_by_hand": marked(
        "{accuracy} % of the validation digits were right after epoch {epoch}. Then the weights were changed by hand "
        "at mini-batch {step}, and now {now} % are."),
    "run_worse_by_hand_short": marked("Weights changed by hand: from {accuracy} % down to {now} %"),
    "run_worse_backwards": marked(
        "{accuracy} % of the validation digits were right after epoch {epoch}. Then the last {count} mini-batches were "
        "gone through backwards with −η, and now {now} % are."),
    "run_worse_backwards_short": marked("Backwards with −η: from {accuracy} % down to {now} %"),
    "run_fell": marked(
        "After epoch {epoch}, {accuracy} % of the validation digits were right, and now {now} % are. No setting was "
        "changed."),
    "run_fell_short": marked("From {accuracy} % down to {now} %, with nothing changed"),
    "run_stuck": marked("So far the network is hardly better than guessing."),
    "run_stuck_short": marked("So far hardly better than guessing"),
    "run_stuck_large_eta": marked(
        "The network is hardly better than guessing: {now} % of the validation digits are right. η = {eta} is large "
        "for this network."),
    "run_stuck_large_eta_short": marked("Hardly better than guessing, and η = {eta} is large"),
    "eta_small": marked(
        "After {epochs} epochs {now} % of the validation digits are right. η = {eta} is small for this network: each "
        "step changes little."),
    "eta_small_short": marked("{now} % after {epochs} epochs: η = {eta} is small"),
    "output_silent": marked(
        "Output {names} hardly ever fires: {count} of {all} validation digits are read as {names}."),
    "output_silent_short": marked("Output {names} hardly ever fires: {count} of {all} digits"),
    "outputs_silent": marked(
        "The outputs {names} hardly ever fire: {count} of {all} validation digits are read as one of them."),
    "outputs_silent_short": marked("{number} outputs hardly ever fire: {count} of {all} digits"),
    "outputs_silent_large_eta": marked(
        "{count} of {all} validation digits are read as {names}. η = {eta} is large for this network."),
    "outputs_silent_large_eta_short": marked("Silent outputs: {number}, and η = {eta} is large"),
    "layer_dead": marked(
        "In hidden layer {layer}, {share} % of the neurons are dead: their activation is 0 for every digit measured."),
    "layer_dead_short": marked("Hidden layer {layer}: {share} % of the neurons are dead"),
    "layer_saturated": marked(
        "In hidden layer {layer}, {share} % of the activations are saturated: the slope is near 0 there, so learning "
        "starts slowly."),
    "layer_saturated_short": marked("Hidden layer {layer}: {share} % of activations are saturated"),
    "gradients_vanish": marked(
        "The gradient vanishes on its way back: ∂C/∂b is {times} times shorter in hidden layer 1 than in hidden layer "
        "{layer}."),
    "gradients_vanish_short": marked("∂C/∂b is {times} times shorter in hidden 1 than in hidden {layer}"),
    "overfitting": marked(
        "The network learns its training digits by heart: {training} % of them are right, but only {validation} % of "
        "the validation digits."),
    "overfitting_short": marked("Training digits {training} % right, validation digits {validation} %"),
    "reads_own_better": marked(
        "The network reads its training digits better than others: {training} % of them are right, and {validation} % "
        "of the validation digits."),
    "reads_own_better_short": marked("Training digits {training} % right, validation digits {validation} %"),
    "only_by_heart": marked(
        "The network reads {training} % of its training digits as they are labelled, but it guesses on the validation "
        "digits: {now} % are right."),
    "only_by_heart_short": marked("Training {training} % as labelled, others guessed: {now} %"),
    "labels_doubtful": marked(
        "The network reads validation digits better than training digits: {validation} % and {training} % are right. "
        "Perhaps some training digits have wrong labels."),
    "labels_doubtful_short": marked("Validation {validation} %, training {training} %: wrong labels?"),
    "run_stuck_momentum": marked(
        "The network is hardly better than guessing: {now} % of the validation digits are right. With momentum μ = "
        "{momentum} each step acts {times} times as far in total."),
    "run_stuck_momentum_short": marked("Hardly better than guessing, and μ = {momentum} is large"),
    "eta_large": marked(
        "After {epochs} epochs {now} % of the validation digits are right. η = {eta} is large for this network."),
    "eta_large_short": marked("{now} % after {epochs} epochs: η = {eta} is large"),
    "dropout_large": marked(
        "After {epochs} epochs {now} % of the validation digits are right. Dropout = {dropout} switches off most "
        "hidden neurons for each digit."),
    "dropout_large_short": marked("{now} % after {epochs} epochs: dropout = {dropout} is large"),
    "distortion_large": marked(
        "After {epochs} epochs {now} % of the validation digits are right. The training digits are so distorted that "
        "they look unlike the others."),
    "distortion_large_short": marked("{now} % after {epochs} epochs: the distortion is strong"),
    "decay_large": marked(
        "After {epochs} epochs {now} % of the validation digits are right. λ = {weight_decay} is large for {digits} "
        "training digits: each step makes all weights smaller."),
    "decay_large_short": marked("{now} % after {epochs} epochs: λ = {weight_decay} is large"),
    "few_units": marked(
        "After {epochs} epochs {now} % of the validation digits are right. The size of hidden layer {layer} is only "
        "{units}, for {classes} classes."),
    "few_units_short": marked("{now} % after {epochs} epochs: the size of hidden layer {layer} is {units}"),
    "few_steps": marked(
        "After {epochs} epochs {now} % of the validation digits are right. With mini-batches of {mini_batch_size} "
        "digits an epoch has only {steps} steps."),
    "few_steps_short": marked("{now} % after {epochs} epochs: an epoch has {steps} steps"),
    "schedule_ended": marked("The schedule has lowered η to {eta_now}. From here on the weights hardly change."),
    "schedule_ended_short": marked("The schedule has lowered η to {eta_now}"),
    "schedule_at_0": marked("The schedule has lowered η to 0. From here on the weights no longer change."),
    "schedule_at_0_short": marked("The schedule has lowered η to 0"),
    "stopped_epochs": marked(
        "Stopped after {epochs} epochs, as set. Best validation accuracy: {accuracy} % after epoch {epoch}."),
    "stopped_epochs_short": marked("Stopped after {epochs} epochs. Best: {accuracy} %, epoch {epoch}"),
    "stopped_epochs_why": _STOPPED_WHY,
    "stopped_no_improvement": marked(
        "Stopped: validation has not improved for {epochs} epochs. Best validation accuracy: {accuracy} % after epoch "
        "{epoch}."),
    "stopped_no_improvement_short": marked("Stopped: no better for {epochs} epochs. Best: {accuracy} %"),
    "stopped_no_improvement_why": _STOPPED_WHY,
    # Explanations of notices
    "run_diverged_why": marked(
        "A step that is too large increases the cost. The next gradient and the next step are then larger still, until "
        "a weight is too large for a number. No later step can repair such weights."),
    "run_diverged_best_why": marked(
        "A step that is too large increases the cost. The next gradient and the next step are then larger still, until "
        "a weight is too large for a number. The weights after the best epoch are kept for such a case."),
    "run_worse_why": marked(
        "What follows a change is not always caused by it. To find out, go back to the best weights and the value that "
        "they were trained with. Neurons that large steps have saturated usually stay saturated."),
    "run_worse_several_why": marked(
        "What follows a change is not always caused by it. To find out, go back to the best weights and their "
        "settings. Then change one setting at a time."),
    "run_worse_early_why": marked(
        "What follows a change is not always caused by it. A new run with the same seed and the settings from before "
        "does the same up to that mini-batch, and then goes on without the change."),
    "run_worse_by_hand_why": marked(
        "Training finds weights in many small steps, and each step fits the weights as they are then. Other weights "
        "can undo what many steps have found. The weights after the best epoch are kept."),
    "run_worse_backwards_why": marked(
        "A step follows the gradient of the place where it begins. On the way back each step begins at another place "
        "than on the way there, so its gradient is another one, too. The time machine goes back exactly."),
    "run_fell_why": marked(
        "Each mini-batch is only a sample, so a step can also make the network worse. A large η makes this more "
        "likely. The weights after the best epoch are kept."),
    "run_stuck_why": marked(
        "Guessing reads one digit in {classes} right. Some networks begin to learn only after a few epochs. Others "
        "never do, because their initial weights or settings do not suit them."),
    "run_stuck_large_eta_why": marked(
        "A step follows the slope of the place where it begins. A large one crosses the valley to a place with another "
        "slope, and may leave neurons where the slope is almost 0. From there they hardly move, with any η."),
    "eta_small_why": marked(
        "Each mini-batch moves the weights by −η∇C. With a tenth of η, the same distance takes about ten times as many "
        "steps."),
    "output_silent_why": marked(
        "An output that begins deep in saturation gets hardly any gradient. With initial weights of N(0, 1) this "
        "happens with many seeds. The numbers here don't say why it happened with this one."),
    "outputs_silent_why": marked(
        "Outputs that begin deep in saturation get hardly any gradient. With initial weights of N(0, 1) this happens "
        "with many seeds. The numbers here don't say why it happened with this one."),
    "outputs_silent_large_eta_why": marked(
        "A large step can carry an output to where σ is flat. There σ′ is near 0, and so is the gradient: the output "
        "stays near 0 for every digit, and recovers slowly or never."),
    "run_stuck_momentum_why": marked(
        "Momentum keeps a share μ of the last step in the next one, so each step acts 1/(1 − μ) times as far in total. "
        "At 0.99 that is a hundred times. The first steps then carry the neurons to where the slope is almost 0."),
    "eta_large_why": marked(
        "Which η suits a network depends on its cost, its neurons, the size of its layers, the mini-batch size and the "
        "momentum. This η is compared with those of similar networks that were tried."),
    "dropout_large_why": marked(
        "Dropout keeps a network from relying on single neurons. If more than half are switched off, a small layer has "
        "too few left to learn with."),
    "distortion_large_why": marked(
        "Moved, turned and bent digits teach a network what does not matter. Validation digits are never distorted. "
        "Digits that nobody would write teach little about them."),
    "decay_large_why": marked(
        "Weight decay multiplies all weights by 1 − ηλ/n at each step, with n training digits. The book takes λ = 5 "
        "for 50,000 digits."),
    "few_units_why": marked(
        "The outputs know nothing of a digit but the activations of the last hidden layer. With very few of them, "
        "different digits look alike."),
    "few_steps_why": marked(
        "The weights move once for each mini-batch. A large mini-batch gives a more exact gradient, but still only one "
        "step. Many small steps usually get further."),
    "schedule_ended_why": _SCHEDULE_WHY,
    "schedule_at_0_why": _SCHEDULE_WHY,
    "only_by_heart_why": marked(
        "A network can learn by heart even labels that have nothing to do with the pictures. This does not help it "
        "with other digits."),
    "labels_doubtful_why": marked(
        "A network usually reads its training digits better than others. Here it is the other way round, and by so "
        "much that some labels of training digits probably do not fit their pictures."),
    "reads_own_better_why": marked(
        "Training accuracy is measured on the first {digits} training digits. Weight decay, dropout, distortion or "
        "more digits bring the two closer to each other. Only trying tells how much."),
    "layer_dead_why": marked(
        "Where ReLU gives 0, its slope is 0, so a digit for which a neuron gives 0 doesn't change this neuron. Large "
        "steps leave more neurons there. Leaky ReLU has the slope 0.01 instead."),
    "layer_saturated_why": marked(
        "With weights of N(0, 1) the inputs of a neuron add up to a large z, where σ is flat. The gradient of a weight "
        "has the slope as a factor. With weights divided by √n, z stays near 0, where σ is steep."),
    "gradients_vanish_why": marked(
        "On its way back the gradient is multiplied in each layer by weights and by a slope, which is 1/4 at most for "
        "the sigmoid. The slope of ReLU is 1. The lengths of ∂C/∂b are compared, as in Layers; those of ∂C/∂w differ "
        "less."),
    "overfitting_why": marked(
        "Training accuracy is measured on the first {digits} training digits. Weight decay, dropout, distortion or "
        "more digits bring the two closer to each other. Only trying tells how much."),
    # Effect of a change, compared with the same mini-batches without it
    **dict.fromkeys((f"change_{effect}" for effect in EFFECTS), marked(
        "{setting} went from {old} to {new} at epoch {place}. Over the next {digits} digits the mean cost went from "
        "{before} to {after}; without the change, to {without}: {effect}.")),
    **dict.fromkeys(
        (f"change_{effect}_short" for effect in EFFECTS),
        marked("{setting} {old} → {new}: {short_effect} over {digits} digits")),
    **dict.fromkeys((f"changes_{effect}" for effect in EFFECTS), marked(
        "These settings were changed at epoch {place}: {settings}. Over the next {digits} digits the mean cost went "
        "from {before} to {after}; without the change, to {without}: {effect}.")),
    **dict.fromkeys(
        (f"changes_{effect}_short" for effect in EFFECTS),
        marked("Settings changed: {short_effect} over {digits} digits")),
    **dict.fromkeys((f"change{s}_{effect}_why" for s in ("", "s") for effect in EFFECTS), marked(
        "The run was trained again without the change, on the same mini-batches in the same order. Both were trained "
        "on the same digits in three other orders, too, which shows what the order alone does.")),
    "change_other_cost": marked(
        "{setting} went from {old} to {new} at epoch {place}. Since then the cost is measured under other conditions, "
        "so it can't be compared with the cost before."),
    "change_other_cost_short": marked("{setting} {old} → {new}: another cost since then"),
    "change_other_cost_why": _OTHER_COST_WHY,
    "changes_other_cost": marked(
        "These settings were changed at epoch {place}: {settings}. Since then the cost is measured under other "
        "conditions, so it can't be compared with the cost before."),
    "changes_other_cost_short": marked("Settings changed: another cost since then"),
    "changes_other_cost_why": _OTHER_COST_WHY,
}
# fmt: on
