"""Recipes: settings that may be used as they are, and sentences that say what they show."""

from __future__ import annotations

import numpy as np
import pytest

from mnistviz.engine.digits import Digits
from mnistviz.engine.network import Network
from mnistviz.engine.recipes import RECIPES, Recipe
from mnistviz.engine.settings import Settings
from mnistviz.engine.trainer import Trainer
from mnistviz.sentences import SENTENCES


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
def test_each_can_be_trained_and_ends_by_itself(recipe: Recipe, small_digits: Digits) -> None:
    network = Network(recipe.settings.sizes, **recipe.settings.network_options())
    assert np.isfinite(Trainer(network, recipe.settings, small_digits.training).step())
    assert RECIPES[recipe.name] is recipe
    assert recipe.settings.checked() == recipe.settings
    assert (recipe.settings.stop, recipe.settings.stop_epochs) == ("epochs", recipe.epochs)
    assert recipe.settings.schedule != "cosine" or recipe.settings.schedule_epochs == recipe.epochs


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
def test_each_says_what_it_is_and_what_it_reaches(recipe: Recipe) -> None:
    assert SENTENCES[recipe.title]
    assert SENTENCES[recipe.about].endswith(".")
    assert 0.05 < recipe.reaches < 1
    assert 0 < recipe.seconds <= 600


def test_the_first_is_the_first_network_of_the_book() -> None:
    first = next(iter(RECIPES.values()))
    assert first.settings == Settings(stop="epochs", stop_epochs=30)
    assert (first.settings.sizes, first.settings.eta, first.settings.mini_batch_size) == (
        (784, 30, 10),
        3.0,
        10,
    )


def test_those_that_compare_differ_only_in_what_they_compare() -> None:
    first = RECIPES["chapter-1"].settings
    assert RECIPES["eta-too-small"].settings == first.changed(eta=0.001)
    assert RECIPES["eta-too-large"].settings == first.changed(eta=100.0)
    assert RECIPES["chapter-1-100"].settings == first.changed(sizes=(784, 100, 10), seed=5)
    shallow = RECIPES["deep-1"].settings
    for layers in (2, 3, 4):
        deep = RECIPES[f"deep-{layers}"].settings
        assert deep == shallow.changed(sizes=(784, *[30] * layers, 10))
