"""What a run shows, and what the recipes are called and show: sentences by their codes, a part of `SENTENCES`."""

from __future__ import annotations

from typing import Final

from mnistviz.marking import QT_TRANSLATE_NOOP

RUN_SENTENCES: Final[dict[str, str]] = {
    # Recipes: what they are called, what they show, and what they reach
    "recipe_group_book": QT_TRANSLATE_NOOP("sentences", "The book"),
    "recipe_group_wrong": QT_TRANSLATE_NOOP("sentences", "Made to go wrong"),
    "recipe_group_deep": QT_TRANSLATE_NOOP("sentences", "Deep networks"),
    "recipe_group_well": QT_TRANSLATE_NOOP("sentences", "As good as it gets"),
    "recipe_group_own": QT_TRANSLATE_NOOP("sentences", "Your own"),
    "recipe_reaches": QT_TRANSLATE_NOOP(
        "sentences",
        "It reads {reaches} % of the test digits after {epochs} epochs, in about {time}, and stops there.",
    ),
    "recipe_goes_on": QT_TRANSLATE_NOOP(
        "sentences",
        "It reads {reaches} % of the test digits after {epochs} epochs, in about {time}, and goes on until you pause.",
    ),
    "recipe_seconds": QT_TRANSLATE_NOOP("sentences", "{count} seconds"),
    "recipe_minutes": QT_TRANSLATE_NOOP("sentences", "{count} minutes"),
    "recipe_chapter-1": QT_TRANSLATE_NOOP("sentences", "Chapter 1"),
    "recipe_chapter-1_about": QT_TRANSLATE_NOOP(
        "sentences", "The book's first network: 30 hidden sigmoid neurons and the quadratic cost."
    ),
    "recipe_chapter-1-100": QT_TRANSLATE_NOOP("sentences", "Chapter 1, 100 hidden"),
    "recipe_chapter-1-100_about": QT_TRANSLATE_NOOP(
        "sentences",
        "100 hidden neurons. With many seeds an output hardly ever fires; not with 5.",
    ),
    "recipe_chapter-3": QT_TRANSLATE_NOOP("sentences", "Chapter 3"),
    "recipe_chapter-3_about": QT_TRANSLATE_NOOP(
        "sentences", "The cross-entropy cost, initial weights of 1/√n, weight decay λ, and an η that falls."
    ),
    "recipe_eta-too-small": QT_TRANSLATE_NOOP("sentences", "η too small"),
    "recipe_eta-too-small_about": QT_TRANSLATE_NOOP(
        "sentences", "Chapter 1 with η = 0.001: it learns, but so slowly that it gets nowhere."
    ),
    "recipe_eta-too-large": QT_TRANSLATE_NOOP("sentences", "η too large"),
    "recipe_eta-too-large_about": QT_TRANSLATE_NOOP(
        "sentences", "Chapter 1 with η = 100: it answers no better than by guessing."
    ),
    "recipe_overfit": QT_TRANSLATE_NOOP("sentences", "Overfitting"),
    "recipe_overfit_about": QT_TRANSLATE_NOOP(
        "sentences", "Only 1,000 training digits: it learns them by heart, and validation stays far below."
    ),
    "recipe_deep-1": QT_TRANSLATE_NOOP("sentences", "Deep: 1 sigmoid layer"),
    "recipe_deep-1_about": QT_TRANSLATE_NOOP(
        "sentences", "One hidden layer of 30, to compare the deeper ones with."
    ),
    "recipe_deep-2": QT_TRANSLATE_NOOP("sentences", "Deep: 2 sigmoid layers"),
    "recipe_deep-2_about": QT_TRANSLATE_NOOP(
        "sentences", "Two hidden layers: the first learns more slowly than the second."
    ),
    "recipe_deep-3": QT_TRANSLATE_NOOP("sentences", "Deep: 3 sigmoid layers"),
    "recipe_deep-3_about": QT_TRANSLATE_NOOP(
        "sentences", "Three hidden layers: the gradient shrinks from layer to layer on its way back."
    ),
    "recipe_deep-4": QT_TRANSLATE_NOOP("sentences", "Deep: 4 sigmoid layers"),
    "recipe_deep-4_about": QT_TRANSLATE_NOOP(
        "sentences", "Four hidden layers: hardly any gradient reaches the first, and depth gains nothing."
    ),
    "recipe_deep-relu": QT_TRANSLATE_NOOP("sentences", "Deep: 4 ReLU layers"),
    "recipe_deep-relu_about": QT_TRANSLATE_NOOP(
        "sentences", "The same four layers with ReLU and its initial weights: the gradient does not vanish."
    ),
    "recipe_fast": QT_TRANSLATE_NOOP("sentences", "Fast"),
    "recipe_fast_about": QT_TRANSLATE_NOOP(
        "sentences", "ReLU, softmax, momentum, an η that falls, and digits shifted by a pixel at the most."
    ),
    "recipe_best": QT_TRANSLATE_NOOP("sentences", "Best"),
    "recipe_best_about": QT_TRANSLATE_NOOP(
        "sentences", "The same with two larger hidden layers and weight decay λ."
    ),
    "recipe_distorted": QT_TRANSLATE_NOOP("sentences", "Distorted digits"),
    "recipe_distorted_about": QT_TRANSLATE_NOOP(
        "sentences", "Larger still, with training digits shifted, turned and bent anew in each epoch."
    ),
    # What a run shows
    "run_diverged": QT_TRANSLATE_NOOP(
        "sentences",
        "The cost is no longer a number: the steps were too large, and the weights have run away. "
        "Lower η and begin a new run.",
    ),
    "run_stuck_large_eta": QT_TRANSLATE_NOOP(
        "sentences",
        "The network answers no better than by guessing. With η = {eta} each step leaps over "
        "the valley, and the neurons saturate: lower η and begin a new run.",
    ),
    "run_stuck": QT_TRANSLATE_NOOP(
        "sentences",
        "The network answers no better than by guessing so far. With η = {eta} it may learn "
        "too slowly: raise η.",
    ),
    "output_silent": QT_TRANSLATE_NOOP(
        "sentences",
        "Output {names} hardly ever fires: of {all} validation digits {count} are read as {names}. Some "
        "initial weights end like this; it may wake up later, or try another seed.",
    ),
    "outputs_silent": QT_TRANSLATE_NOOP(
        "sentences",
        "The outputs {names} hardly ever fire: of {all} validation digits {count} are read as one of "
        "them. Some initial weights end like this; they may wake up later, or try another seed.",
    ),
    "outputs_silent_large_eta": QT_TRANSLATE_NOOP(
        "sentences",
        "Hardly any validation digit is read as {names}. With η = {eta} the steps are so "
        "large that outputs saturate and no longer learn: lower η.",
    ),
    "layer_dead": QT_TRANSLATE_NOOP(
        "sentences",
        "In hidden layer {layer}, {share} % of the neurons are dead: they answer 0 to every digit and "
        "can't learn any more. Leaky ReLU or a smaller η keeps them alive, in a new run.",
    ),
    "layer_saturated": QT_TRANSLATE_NOOP(
        "sentences",
        "In hidden layer {layer}, {share} % of the answers are saturated: σ′ is near 0 there, and "
        "little is learned. Smaller initial weights, 1/√n, help in a new run.",
    ),
    "gradients_vanish": QT_TRANSLATE_NOOP(
        "sentences",
        "The gradient vanishes: the first hidden layer learns {times} times more slowly than the "
        "last. ReLU with its initial weights helps, in a new run.",
    ),
    "overfitting": QT_TRANSLATE_NOOP(
        "sentences",
        "The network learns its training digits by heart: {training} % of them are right, but only "
        "{validation} % of the validation digits. Weight decay, dropout or more digits help.",
    ),
    "stopped_epochs": QT_TRANSLATE_NOOP(
        "sentences",
        "Stopped after {epochs} epochs, as set. Best validation accuracy: {accuracy} % after epoch {epoch}.",
    ),
    "stopped_no_improvement": QT_TRANSLATE_NOOP(
        "sentences",
        "Stopped: validation has not improved for {epochs} epochs. Best: {accuracy} % after "
        "epoch {epoch}; you can go back to those weights.",
    ),
    "change_falls_less": QT_TRANSLATE_NOOP(
        "sentences",
        "{setting} went from {old} to {new} at epoch {place}: "
        "the cost went on to fall, from {before} to {after} on average, and it jitters less.",
    ),
    "change_falls_more": QT_TRANSLATE_NOOP(
        "sentences",
        "{setting} went from {old} to {new} at epoch {place}: "
        "the cost went on to fall, from {before} to {after} on average, and it jitters more.",
    ),
    "change_falls_same": QT_TRANSLATE_NOOP(
        "sentences",
        "{setting} went from {old} to {new} at epoch {place}: "
        "the cost went on to fall, from {before} to {after} on average.",
    ),
    "change_rises_less": QT_TRANSLATE_NOOP(
        "sentences",
        "{setting} went from {old} to {new} at epoch {place}: "
        "the cost rose, from {before} to {after} on average, and it jitters less.",
    ),
    "change_rises_more": QT_TRANSLATE_NOOP(
        "sentences",
        "{setting} went from {old} to {new} at epoch {place}: "
        "the cost rose, from {before} to {after} on average, and it jitters more.",
    ),
    "change_rises_same": QT_TRANSLATE_NOOP(
        "sentences",
        "{setting} went from {old} to {new} at epoch {place}: "
        "the cost rose, from {before} to {after} on average.",
    ),
    "change_same_less": QT_TRANSLATE_NOOP(
        "sentences",
        "{setting} went from {old} to {new} at epoch {place}: "
        "the cost stayed about the same, {after} on average, and it jitters less.",
    ),
    "change_same_more": QT_TRANSLATE_NOOP(
        "sentences",
        "{setting} went from {old} to {new} at epoch {place}: "
        "the cost stayed about the same, {after} on average, and it jitters more.",
    ),
    "change_same_same": QT_TRANSLATE_NOOP(
        "sentences",
        "{setting} went from {old} to {new} at epoch {place}: "
        "the cost stayed about the same, {after} on average.",
    ),
}
