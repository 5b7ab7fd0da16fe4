"""What is planned, in words, without a window."""

from __future__ import annotations

import pytest

from mnistviz.engine.settings import Settings
from mnistviz.gui.lab.shown import Draft, Lifecycle, RunFacts, Shown
from mnistviz.gui.settings.plan_words import can_begin_anew, plan_words

RUNNING = Settings()
LIVE = Shown(run=RunFacts(1, RUNNING, lifecycle=Lifecycle.LEARNING))
PAST = Shown(run=RunFacts(1, RUNNING, lifecycle=Lifecycle.LEARNING), playhead=26_000)


def draft(plan: dict[str, object] | None = None, *, for_new_run: bool = False, **changed: object) -> Draft:
    return Draft(RUNNING.changed(**changed), RUNNING, for_new_run, plan or {})


def test_a_plan_names_what_it_changes_and_from_where() -> None:
    words = plan_words(draft({"eta": 0.1}, eta=0.1), PAST, "")
    assert words.about[0] == "η 3.0 → 0.1 from mini-batch 26,000"
    assert words.branch == ("Branch with η 0.1", "Branch: η 0.1", "Branch here")
    assert words.changed == {"eta"}
    assert not words.new_run
    words = plan_words(draft({"eta": 0.1, "momentum": 0.9}, eta=0.1, momentum=0.9), PAST, "")
    assert words.about[:2] == (
        "η 0.1, μ 0.9 from mini-batch 26,000",
        "2 settings from mini-batch 26,000",
    )
    assert words.branch == ("Branch with 2 changes", "Branch here")


def test_a_change_that_needs_a_new_run_is_named() -> None:
    words = plan_words(draft(sizes=(784, 500, 10)), LIVE, "")
    assert words.about[0] == "784-500-10 in a new run"
    assert words.changed == {"sizes"}
    assert words.new_run
    assert words.branch == ()
    words = plan_words(draft(sizes=(784, 500, 10), seed=5), LIVE, "")
    assert words.about == ("784-500-10, seed 5 in a new run", "2 settings in a new run")
    words = plan_words(draft(for_new_run=True, sizes=(784, 100, 10), eta=0.5), LIVE, "Chapter 3")
    assert words.about[0] == "“Chapter 3” in a new run"
    assert words.changed == {"sizes", "eta"}


def test_in_the_past_one_branch_here_is_offered_whatever_waits() -> None:
    assert plan_words(draft(), PAST, "").branch == ("Branch here",)
    assert not plan_words(draft(), PAST, "").waits
    both = plan_words(draft({"eta": 0.1}, eta=0.1, seed=5), PAST, "")
    assert both.about[0] == "2 settings changed, some for a new run"
    assert both.branch[0] == "Branch with η 0.1"
    assert plan_words(draft(), LIVE, "").branch == ()


@pytest.mark.parametrize(
    ("run", "anew", "about"),
    [
        (RunFacts(1, RUNNING), True, "A change acts at once."),
        (RunFacts(1, RUNNING, lifecycle=Lifecycle.LEARNING), False, "A change acts at the next mini-batch."),
    ],
)
def test_what_a_change_would_do_is_said_before_there_is_one(run: RunFacts, anew: bool, about: str) -> None:
    assert can_begin_anew(run) == anew
    words = plan_words(draft(), Shown(run=run), "")
    assert about in words.about
    assert not words.waits
