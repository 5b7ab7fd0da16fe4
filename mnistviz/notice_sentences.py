"""What a run shows, in words: for each notice a sentence, a short form (`_short`), and what lies behind it (`_why`)."""

from __future__ import annotations

from typing import Final

from mnistviz.marking import QT_TRANSLATE_NOOP

_CHANGE_WHY: Final = QT_TRANSLATE_NOOP(
    "sentences",
    "Both means are over stretches of the same length, as long as there were no other changes and an epoch at "
    "most. Costs fall by themselves in the first epochs: what would have come without the change is not known.",
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
        "Output {names} hardly ever fires: of {all} validation digits {count} are read as {names}. It may wake up "
        "later; with another seed it may fire from the start.",
    ),
    "output_silent_short": QT_TRANSLATE_NOOP(
        "sentences", "Output {names} hardly ever fires: {count} of {all} digits"
    ),
    "outputs_silent": QT_TRANSLATE_NOOP(
        "sentences",
        "The outputs {names} hardly ever fire: of {all} validation digits {count} are read as one of them. They may "
        "wake up later; with another seed they may fire from the start.",
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
        "The gradient vanishes: the first hidden layer learns {times} times more slowly than the last.",
    ),
    "gradients_vanish_short": QT_TRANSLATE_NOOP(
        "sentences", "The gradient vanishes: layer 1 learns {times} times slower"
    ),
    "overfitting": QT_TRANSLATE_NOOP(
        "sentences",
        "The network learns its training digits by heart: {training} % of them are right, but only {validation} % "
        "of the validation digits.",
    ),
    "overfitting_short": QT_TRANSLATE_NOOP(
        "sentences", "Training digits {training} % right, validation digits {validation} %"
    ),
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
        "for the sigmoid. The slope of ReLU is 1. Compared are the lengths of ∂C/∂b of both layers.",
    ),
    "overfitting_why": QT_TRANSLATE_NOOP(
        "sentences",
        "The training digits were the first {digits} of those trained on. Weight decay, dropout, digits moved and "
        "turned, or more digits bring the two nearer to each other; how much, only trying says.",
    ),
    # How the cost ran before and after a change
    "change_falls_less": QT_TRANSLATE_NOOP(
        "sentences",
        "{setting} went from {old} to {new} at epoch {place}: "
        "the mean cost fell from {before} to {after}, and it jitters less.",
    ),
    "change_falls_less_short": QT_TRANSLATE_NOOP(
        "sentences", "{setting} {old} → {new}: cost {before} → {after}, calmer"
    ),
    "change_falls_less_why": _CHANGE_WHY,
    "change_falls_more": QT_TRANSLATE_NOOP(
        "sentences",
        "{setting} went from {old} to {new} at epoch {place}: "
        "the mean cost fell from {before} to {after}, and it jitters more.",
    ),
    "change_falls_more_short": QT_TRANSLATE_NOOP(
        "sentences", "{setting} {old} → {new}: cost {before} → {after}, wilder"
    ),
    "change_falls_more_why": _CHANGE_WHY,
    "change_falls_same": QT_TRANSLATE_NOOP(
        "sentences",
        "{setting} went from {old} to {new} at epoch {place}: the mean cost fell from {before} to {after}.",
    ),
    "change_falls_same_short": QT_TRANSLATE_NOOP(
        "sentences", "{setting} {old} → {new}: cost {before} → {after}"
    ),
    "change_falls_same_why": _CHANGE_WHY,
    "change_rises_less": QT_TRANSLATE_NOOP(
        "sentences",
        "{setting} went from {old} to {new} at epoch {place}: "
        "the mean cost rose from {before} to {after}, and it jitters less.",
    ),
    "change_rises_less_short": QT_TRANSLATE_NOOP(
        "sentences", "{setting} {old} → {new}: cost {before} → {after}, calmer"
    ),
    "change_rises_less_why": _CHANGE_WHY,
    "change_rises_more": QT_TRANSLATE_NOOP(
        "sentences",
        "{setting} went from {old} to {new} at epoch {place}: "
        "the mean cost rose from {before} to {after}, and it jitters more.",
    ),
    "change_rises_more_short": QT_TRANSLATE_NOOP(
        "sentences", "{setting} {old} → {new}: cost {before} → {after}, wilder"
    ),
    "change_rises_more_why": _CHANGE_WHY,
    "change_rises_same": QT_TRANSLATE_NOOP(
        "sentences",
        "{setting} went from {old} to {new} at epoch {place}: the mean cost rose from {before} to {after}.",
    ),
    "change_rises_same_short": QT_TRANSLATE_NOOP(
        "sentences", "{setting} {old} → {new}: cost {before} → {after}"
    ),
    "change_rises_same_why": _CHANGE_WHY,
    "change_same_less": QT_TRANSLATE_NOOP(
        "sentences",
        "{setting} went from {old} to {new} at epoch {place}: "
        "the mean cost stayed about the same, {after}, and it jitters less.",
    ),
    "change_same_less_short": QT_TRANSLATE_NOOP(
        "sentences", "{setting} {old} → {new}: cost stays {after}, calmer"
    ),
    "change_same_less_why": _CHANGE_WHY,
    "change_same_more": QT_TRANSLATE_NOOP(
        "sentences",
        "{setting} went from {old} to {new} at epoch {place}: "
        "the mean cost stayed about the same, {after}, and it jitters more.",
    ),
    "change_same_more_short": QT_TRANSLATE_NOOP(
        "sentences", "{setting} {old} → {new}: cost stays {after}, wilder"
    ),
    "change_same_more_why": _CHANGE_WHY,
    "change_same_same": QT_TRANSLATE_NOOP(
        "sentences",
        "{setting} went from {old} to {new} at epoch {place}: the mean cost stayed about the same, {after}.",
    ),
    "change_same_same_short": QT_TRANSLATE_NOOP("sentences", "{setting} {old} → {new}: cost stays {after}"),
    "change_same_same_why": _CHANGE_WHY,
    "changes_falls": QT_TRANSLATE_NOOP(
        "sentences",
        "Changed at epoch {place}: {settings}. After that the mean cost fell from {before} to {after}.",
    ),
    "changes_falls_short": QT_TRANSLATE_NOOP("sentences", "Settings changed: cost {before} → {after}"),
    "changes_falls_why": _CHANGE_WHY,
    "changes_rises": QT_TRANSLATE_NOOP(
        "sentences",
        "Changed at epoch {place}: {settings}. After that the mean cost rose from {before} to {after}.",
    ),
    "changes_rises_short": QT_TRANSLATE_NOOP("sentences", "Settings changed: cost {before} → {after}"),
    "changes_rises_why": _CHANGE_WHY,
    "changes_same": QT_TRANSLATE_NOOP(
        "sentences",
        "Changed at epoch {place}: {settings}. After that the mean cost stayed about the same, {after}.",
    ),
    "changes_same_short": QT_TRANSLATE_NOOP("sentences", "Settings changed: cost stays {after}"),
    "changes_same_why": _CHANGE_WHY,
}
