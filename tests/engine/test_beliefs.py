"""Beliefs: each names runs that can be trained, and docs/beliefs.md says what they show."""

from __future__ import annotations

from pathlib import Path

import pytest

from mnistviz.engine.acts import Changed
from mnistviz.engine.beliefs import BELIEFS
from mnistviz.engine.digits import Digits
from mnistviz.engine.experiment.from_recipe import run_of_recipe
from mnistviz.engine.experiment.recipe_line import read_line

PAGE = (Path(__file__).parents[2] / "docs" / "beliefs.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", BELIEFS)
def test_each_is_runs_that_can_be_trained(name: str, small_digits: Digits) -> None:
    belief = BELIEFS[name]
    assert len(belief.lines) == 2 or not belief.compares
    for line in belief.lines:
        recipe = read_line(line).recipe
        for classes in (10, 2):
            settings = recipe.settings.for_classes(classes).checked()
            assert len(small_digits.trained_on(settings)) == small_digits.epoch(settings)
        made = run_of_recipe(recipe, 1_003)
        assert made.content.record.step == recipe.step


def test_the_order_is_changed_at_the_ends_of_epochs_of_the_bundled_digits(mnist: Digits) -> None:
    recipe = read_line(BELIEFS["order"].lines[0]).recipe
    made = run_of_recipe(recipe, mnist.epoch(recipe.settings))
    acts = [act for act in made.content.record.acts if isinstance(act, Changed)]
    assert [act.digits for act in acts] == [50_000, 100_000]


def test_the_page_says_what_was_tried_of_each() -> None:
    assert PAGE.count("\n## “") >= len(BELIEFS)
