"""The runner of the pages: it asks, waits, tells, and ticks what was done by hand."""

import pytest
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from mnistviz.engine.scores import score_choice
from mnistviz.gui.common.wrapped import ShortenedLabel
from mnistviz.gui.ideas.page import Page, PageContext, Scene, SceneOutcome
from mnistviz.gui.ideas.parts.page_parts import MainButton, Question, Task
from tests.gui.children import child, known
from tests.gui.ideas.conftest import bare_page


class TwoScenes(Page):
    """Whether a number is even; then the same question without a number."""

    id = "two"

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, "Two", "Even or odd?")
        self.number = 1
        self.first, self.second, self.later = QLabel("first"), QLabel("second"), QLabel("later")
        for label in (self.first, self.second, self.later):
            self.add_figure(label)
        self.tasks.add(Task("even", "Make it even.", "Even."))
        self.add_scenes(
            Scene("one", (self.first,), (self.later,), tasks=("even",), after="two"),
            Scene("two", (self.second,)),
        )
        self.open_scene("one")

    def ask(self) -> Question:
        return Question(self.scene.id, "Even?", (("yes", "yes"), ("no", "no")))

    def name_main(self) -> MainButton:
        return MainButton("Look", "Looks.", bool(self.prediction))

    def press_main(self) -> None:
        self.tell()

    def outcome(self) -> SceneOutcome:
        said = f"You said {self.prediction}." if self.prediction else ""
        score = score_choice(self.prediction == "yes", self.number % 2 == 0, ordered=False) if said else None
        return SceneOutcome(said, f"It is {self.number}.", "Why?", score)

    def solved(self) -> set[str]:
        return {"even"} if self.number % 2 == 0 and self.scene.id == "one" else set()

    def set_number(self, number: int) -> None:
        self.number = number
        self.renew()

    def show_me(self) -> None:
        self.number = 2
        self.solved_by_show_me |= self.solved()
        self.tell()


@pytest.fixture
def page(qtbot: QtBot) -> TwoScenes:
    return bare_page(qtbot, TwoScenes)


def answer(page: Page, id: str) -> None:
    known(page.findChild(QPushButton, f"answer_{id}")).click()


def test_it_asks_before_it_tells(page: TwoScenes) -> None:
    assert page.words.isVisible()
    assert page.words.text() == "Even or odd?", "what the idea is stands beside the figure"
    assert page.question.asked == page.ask()
    assert not page.main_button.isEnabled()
    assert page.later.isVisible()
    assert not page.later.isEnabled(), "it can be used once it is told"
    answer(page, "no")
    assert page.main_button.isEnabled()
    page.main_button.click()
    assert page.question.asked is None
    assert "You said no. Right. It is 1." in page.question.accessibleName()
    assert page.later.isEnabled()


def test_the_cards_of_tasks_are_of_one_height(page: TwoScenes) -> None:
    page.tasks.add(Task("long", "Much is to be done here. " * 8, "Done."))
    page.layout().activate()
    QApplication.processEvents()
    cards = page.tasks.findChildren(QFrame)
    assert len({card.height() for card in cards if card.objectName().startswith("task_")}) == 1


def test_a_task_is_ticked_once_it_is_told_and_not_by_show_me(page: TwoScenes) -> None:
    page.set_number(4)
    assert page.tasks.done_ids() == [], "it is not told yet"
    page.set_number(1)
    page.show_me_button.click()
    page.set_number(6)
    assert page.tasks.done_ids() == [], "it is even still, as Show me has left it"
    page.set_number(3)
    page.set_number(4)
    assert page.tasks.done_ids() == ["even"]


def test_each_scene_keeps_its_own_answer_and_outcome(page: TwoScenes) -> None:
    answer(page, "yes")
    page.main_button.click()
    page.go_on()
    assert (page.first.isVisible(), page.second.isVisible(), page.later.isVisible()) == (False, True, False)
    assert page.question.asked is not None
    assert page.prediction == ""
    answer(page, "no")
    page.tell()
    assert not page.has_more
    page.open_scene("one")
    assert (page.prediction, page.told) == ("yes", True)
    page.cover()
    page.renew()
    assert (page.prediction, page.told) == ("", False)
    page.open_scene("two")
    assert (page.prediction, page.told) == ("no", True)


def test_what_was_said_is_scored_beside_it_and_each_answer_is_counted_once(page: TwoScenes) -> None:
    tally = child(page, ShortenedLabel, "tally")
    assert not tally.text(), "nothing was said yet"
    answer(page, "no")
    page.main_button.click()
    assert page.question.line.text() == "You said no. Right. It is 1."
    for _ in range(3):
        page.set_number(3)
        page.tell()
    assert tally.text() == "1 right, 0 close, 0 wrong"
    page.cover()
    page.renew()
    answer(page, "yes")
    page.main_button.click()
    assert page.question.line.text() == "You said yes. Wrong. It is 3."
    assert tally.text() == "1 right, 0 close, 1 wrong", "a class answers again"
    page.open_scene("two")
    page.tell()
    assert tally.text() == "1 right, 0 close, 1 wrong", "nobody said anything"


def test_what_was_found_is_covered_until_the_question_is_answered_again(page: TwoScenes) -> None:
    page.take_record({"done": ["even"]})
    card = child(page.tasks, QFrame, "task_even")
    assert page.tasks.is_done("even")
    assert "Even." not in card.accessibleName()
    page.set_number(2)
    assert "Even." not in card.accessibleName(), "it is asked still"
    answer(page, "no")
    page.main_button.click()
    assert "Even." in card.accessibleName()
    page.cover()
    page.renew()
    assert "Even." not in card.accessibleName()
    assert page.tasks.is_done("even")
