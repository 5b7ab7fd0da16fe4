"""What is set, what waits for a new run, and what is planned in the past."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mnistviz.engine.settings import Settings
from mnistviz.gui.lab.draft import Draft

FIRST = Draft().begin(Settings(), None)


def test_what_can_change_in_mid_run_follows_the_run() -> None:
    draft = FIRST.set({"eta": 0.5, "seed": 7}).follow(Settings(eta=2.0))
    assert draft.settings == Settings(eta=2.0, seed=7)
    assert draft.running == Settings(eta=2.0)


def test_a_recipe_waits_for_a_new_run_and_follows_nothing() -> None:
    recipe = Settings(eta=0.5, seed=7)
    draft = FIRST.choose(recipe).follow(Settings(eta=2.0))
    assert draft.for_new_run
    assert draft.settings == recipe
    assert draft.revert() == FIRST.follow(Settings(eta=2.0))
    assert not FIRST.choose(Settings()).for_new_run  # the run learns with it
    assert not Draft().choose(recipe).for_new_run  # there is no run yet


def test_a_plan_stays_set_while_the_run_is_followed() -> None:
    draft = replace(FIRST.set({"eta": 0.5}), plan={"eta": 0.5})
    assert draft.follow(Settings(momentum=0.5)).settings == Settings(eta=0.5, momentum=0.5)
    assert draft.revert().settings == Settings()
    assert not draft.revert().plan


def test_a_schedule_that_the_run_ends_was_taken_over() -> None:
    draft = FIRST.set({"schedule": "cosine"}).follow(Settings(schedule="cosine"))
    assert not draft.taken_over
    ended = draft.set({"eta": 0.5}).follow(Settings(eta=0.5))
    assert ended.taken_over
    assert not ended.set({"schedule": "step"}).taken_over
    assert not ended.begin(Settings(), None).taken_over


@pytest.mark.parametrize("now", [None, Settings(eta=0.5)])
def test_another_run_is_shown_with_what_it_learns_with_now(now: Settings | None) -> None:
    draft = FIRST.choose(Settings(seed=3)).begin(Settings(seed=3), now)
    assert draft == Draft(now or Settings(seed=3), Settings(seed=3))


def test_on_other_digits_the_outputs_are_others() -> None:
    draft = FIRST.with_outputs(26)
    assert draft.running is not None
    assert draft.settings.sizes == draft.running.sizes == (784, 30, 26)
