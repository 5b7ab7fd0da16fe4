"""A question is answered in a thread of its own: it says how far it is, and one that was taken back says nothing."""

from __future__ import annotations

import time

import pytest

from mnistviz.engine.mistakes.stories import FineStretch
from mnistviz.gui.lab import questions
from mnistviz.gui.lab.jobs import Jobs
from tests.gui.lab.conftest import Hand


def fail(error: Exception) -> None:
    raise error


def test_a_question_says_how_far_it_is_and_one_taken_back_says_nothing(
    hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "REPORT_EVERY", 0.0)
    run = hand.run(steps=40)
    facts, digits = hand.lab.run, hand.lab.digits
    assert facts is not None
    assert digits is not None
    told: list[FineStretch] = []
    unwanted: list[object] = []
    far: list[tuple[int, int]] = []
    asks = hand.lab.mistakes
    hand.lab.time.toggle_play()
    found = facts.evaluations["test"]
    asks.chance(
        "chance", (facts, facts), (found, found), 0, unwanted.append, fail, lambda *_: unwanted.append(0)
    )
    asks.withdraw("chance")
    asks.finer(
        "finer", facts, digits.test.images[0], 0, 40, told.append, fail, lambda *each: far.append(each)
    )
    hand.wait(lambda: bool(told) and run.step > 40)
    assert far == sorted(far)
    assert {of for _, of in far} == {40}
    assert not unwanted


@pytest.mark.parametrize("learns", [True, False])
def test_a_question_leaves_the_lock_to_others_only_while_a_network_learns(
    hand: Hand, monkeypatch: pytest.MonkeyPatch, learns: bool
) -> None:
    paused: list[float] = []
    told: list[bool] = []
    monkeypatch.setattr(questions, "SLICE", 0.0)
    monkeypatch.setattr(time, "sleep", paused.append)
    asks = questions.Questions(Jobs(hand.lab), hand.lab, lambda: learns)
    asks.ask("question", lambda cancelled, tell: cancelled(), told.append, fail)
    hand.wait(lambda: bool(told))
    assert paused == [questions.PAUSE] * learns
    asks.jobs.close()
