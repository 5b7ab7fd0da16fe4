"""Sentences about a run and the recipes by their codes, a part of `SENTENCES`."""

from __future__ import annotations

from typing import Final

from mnistviz.marking import QT_TRANSLATE_NOOP
from mnistviz.notice_sentences import NOTICE_SENTENCES

RUN_SENTENCES: Final[dict[str, str]] = {
    # Recipes: names, descriptions, and results
    "recipe_group_book": QT_TRANSLATE_NOOP("sentences", "The book"),
    "recipe_group_wrong": QT_TRANSLATE_NOOP("sentences", "Made to go wrong"),
    "recipe_group_deep": QT_TRANSLATE_NOOP("sentences", "Deep networks"),
    "recipe_group_well": QT_TRANSLATE_NOOP("sentences", "The best results"),
    "recipe_group_own": QT_TRANSLATE_NOOP("sentences", "Your own"),
    "recipe_share": QT_TRANSLATE_NOOP("sentences", "{median} % ({lowest} to {highest})"),
    "recipe_seeds": QT_TRANSLATE_NOOP("sentences", "{learned} of {seeds} seeds"),
    "recipe_reaches": QT_TRANSLATE_NOOP(
        "sentences",
        "It reads {median} % of the test digits after {epochs} epochs ({lowest} to {highest} % with {seeds} seeds); "
        "nine of ten seeds reach {nine_of_ten} %.",
    ),
    "recipe_reaches_some": QT_TRANSLATE_NOOP(
        "sentences",
        "It reads {median} % of the test digits after {epochs} epochs ({lowest} to {highest} %) with {learned} of "
        "{seeds} seeds. With the rest an output hardly ever fires.",
    ),
    "recipe_stops": QT_TRANSLATE_NOOP(
        "sentences", "It trains for {epochs} epochs, which take about {time}, and stops there."
    ),
    "recipe_goes_on": QT_TRANSLATE_NOOP(
        "sentences", "Its first {epochs} epochs take about {time}. It goes on until you pause."
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
        "100 hidden neurons, with seed 5: with many other seeds an output hardly ever fires.",
    ),
    "recipe_chapter-3": QT_TRANSLATE_NOOP("sentences", "Chapter 3"),
    "recipe_chapter-3_about": QT_TRANSLATE_NOOP(
        "sentences", "The cross-entropy cost, initial weights of 1/√n, weight decay λ, and an η that falls."
    ),
    "recipe_eta-too-small": QT_TRANSLATE_NOOP("sentences", "η too small"),
    "recipe_eta-too-small_about": QT_TRANSLATE_NOOP(
        "sentences", "Chapter 1 with η = 0.001: it learns, but much too slowly."
    ),
    "recipe_eta-too-large": QT_TRANSLATE_NOOP("sentences", "η too large"),
    "recipe_eta-too-large_about": QT_TRANSLATE_NOOP(
        "sentences", "Chapter 1 with η = 100: it is hardly better than guessing."
    ),
    "recipe_overfit": QT_TRANSLATE_NOOP("sentences", "Overfitting"),
    "recipe_overfit_about": QT_TRANSLATE_NOOP(
        "sentences", "Only 1,000 training digits: it learns them by heart, and validation stays far below."
    ),
    "recipe_deep-1": QT_TRANSLATE_NOOP("sentences", "Deep: 1 sigmoid layer"),
    "recipe_deep-1_about": QT_TRANSLATE_NOOP(
        "sentences", "One hidden layer of 30, for comparison with the deeper ones."
    ),
    "recipe_deep-2": QT_TRANSLATE_NOOP("sentences", "Deep: 2 sigmoid layers"),
    "recipe_deep-2_about": QT_TRANSLATE_NOOP(
        "sentences", "Two hidden layers: at the beginning the first learns more slowly than the second."
    ),
    "recipe_deep-3": QT_TRANSLATE_NOOP("sentences", "Deep: 3 sigmoid layers"),
    "recipe_deep-3_about": QT_TRANSLATE_NOOP(
        "sentences",
        "Three hidden layers: at the beginning the gradient shrinks from layer to layer on its way back.",
    ),
    "recipe_deep-4": QT_TRANSLATE_NOOP("sentences", "Deep: 4 sigmoid layers"),
    "recipe_deep-4_about": QT_TRANSLATE_NOOP(
        "sentences",
        "Four hidden layers: at first hardly any gradient reaches the first, and depth gains nothing.",
    ),
    "recipe_deep-relu": QT_TRANSLATE_NOOP("sentences", "Deep: 4 ReLU layers"),
    "recipe_deep-relu_about": QT_TRANSLATE_NOOP(
        "sentences", "The same four layers with ReLU and its initial weights: the gradient does not vanish."
    ),
    "recipe_fast": QT_TRANSLATE_NOOP("sentences", "Fast"),
    "recipe_fast_about": QT_TRANSLATE_NOOP(
        "sentences", "ReLU, softmax, momentum, an η that falls, and digits shifted by at most one pixel."
    ),
    "recipe_best": QT_TRANSLATE_NOOP("sentences", "Best"),
    "recipe_best_about": QT_TRANSLATE_NOOP(
        "sentences", "Like Fast, with two larger hidden layers and weight decay λ."
    ),
    "recipe_distorted": QT_TRANSLATE_NOOP("sentences", "Distorted digits"),
    "recipe_distorted_about": QT_TRANSLATE_NOOP(
        "sentences", "Larger than Best, with training digits shifted, turned and bent anew in each epoch."
    ),
    **NOTICE_SENTENCES,
}
