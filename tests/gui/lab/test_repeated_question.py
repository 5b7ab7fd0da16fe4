"""A question that a view asks again for each network that is shown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QObject

from mnistviz.engine.settings import Settings
from mnistviz.gui.lab.questions import ViewQuestions
from mnistviz.gui.lab.repeated_question import RepeatedQuestion
from mnistviz.gui.lab.shown import Lifecycle, RunFacts, Shown

STILL = Shown(run=RunFacts(1, Settings()))
LEARNS = Shown(run=RunFacts(1, Settings(), lifecycle=Lifecycle.LEARNING))
FILMED = replace(STILL, filming=True)


SECONDS = 1e6  # so that none of them end meanwhile


class Answers(ViewQuestions):
    """Says what is open."""

    def __init__(self) -> None:
        self.open = False

    def is_open(self, key: str) -> bool:
        return self.open

    def withdraw(self, key: str) -> None:
        self.open = False


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def parent(qapp: QObject) -> QObject:
    return QObject()


@pytest.fixture
def question(answers: Answers, parent: QObject) -> RepeatedQuestion[int]:
    return RepeatedQuestion(answers, "key", SECONDS, lambda: None, parent)


def test_what_is_known_or_under_way_is_not_asked_again(question: RepeatedQuestion[int]) -> None:
    assert question.begin(1, STILL)
    assert not question.begin(1, STILL)
    assert question.end() is None
    assert (question.of, question.asked) == (1, None)
    assert not question.begin(1, STILL)
    assert question.begin(2, STILL)
    assert question.end() == 1


@pytest.mark.parametrize(("shown", "asks"), [(STILL, True), (LEARNS, False), (FILMED, False)])
def test_while_the_network_changes_the_question_under_way_is_answered_first(
    question: RepeatedQuestion[int], answers: Answers, shown: Shown, asks: bool
) -> None:
    question.begin(1, shown)
    answers.open = True
    assert question.begin(2, shown) == asks
    assert question.asked == (2 if asks else 1)


def test_what_was_withdrawn_is_asked_anew_and_what_is_known_stays(
    question: RepeatedQuestion[int], answers: Answers
) -> None:
    question.begin(1, STILL)
    question.end()
    question.begin(2, STILL)
    answers.open = True
    question.withdraw()
    assert (question.of, question.asked, answers.open) == (1, None, False)
    question.forget()
    assert question.begin(1, STILL)


def test_where_the_network_stays_it_is_asked_at_once_and_else_once_in_a_while(
    answers: Answers, parent: QObject
) -> None:
    asked: list[int] = []
    question = RepeatedQuestion[int](answers, "key", SECONDS, lambda: asked.append(1), parent)
    question.follow(LEARNS)
    question.follow(LEARNS)
    assert len(asked) == 1
    question.follow(STILL)
    question.follow(STILL)
    assert len(asked) == 3


def test_without_a_lab_nothing_is_asked(parent: QObject) -> None:
    question = RepeatedQuestion[int](None, "key", SECONDS, lambda: None, parent)
    assert not question.begin(1, STILL)
    question.forget()
