"""The cards of a page: its head, which asks before it tells, and its tasks, each ticked once it was done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QSizePolicy, QWidget

from mnistviz.gui.common.flow_layout import FlowLayout
from mnistviz.gui.common.layouts import column_of, label, row_of, styled
from mnistviz.gui.common.widgets import push_button, refresh_style
from mnistviz.gui.ideas.parts.page_parts import SteadyText, keep_place

HEAD_HEIGHT, _LEAST_WIDTH = 136, 400  # pixels
_LINE, _DETAIL = "abcde " * 14, "abcde " * 16
"""There is room for so many words, in one line where the page is wide enough."""


@dataclass(frozen=True)
class Question:
    """A question with its answers, by id and text. Without answers it is answered in the figure, and `how` says how."""

    id: str
    text: str
    answers: tuple[tuple[str, str], ...] = ()
    how: str = ""


class HeadCard(QFrame):
    """The title, and under it a question, or, in its place, what was predicted and what came of it; the buttons at its
    foot. It is as high before an answer as after it."""

    def __init__(
        self,
        title: str,
        parent: QWidget,
        answered: Callable[[str], object],
        again: Callable[[], object],
        onward: Callable[[], object],
    ) -> None:
        """`answered` is called with the id of an answer, `again` where the same question is wanted once more, `onward`
        where the next one is."""
        super().__init__(parent)
        self._answered = answered
        self.setObjectName("question")
        self.setProperty("role", "card")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.asked: Question | None = None
        """The question that is open; None once its outcome is told."""
        self._answers: dict[str, QPushButton] = {}
        self.title = label("ideaTitle", title)
        self.line = SteadyText("ideaLine", room=[_LINE])
        self.detail = SteadyText("ideaDetail", room=[_DETAIL])
        self.detail.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._choice = QWidget()
        self._flow = FlowLayout(self._choice, spacing=6)
        self.buttons = FlowLayout(spacing=8)
        """The buttons at the foot."""
        tip = self.tr("Covers the answer, and asks this question once more.")
        self.again_button = push_button("", "question_again", self.tr("Ask again"), tip, act=again)
        tip = self.tr("Goes on to the next question of this page.")
        self.next_button = push_button("", "question_next", self.tr("Go on"), tip, act=onward)
        keep_place(self.next_button)
        self._build()
        self.put_away()

    def _build(self) -> None:
        self.top = row_of(self.title, None, spacing=14)
        """The title, and beside it what is being worked out."""
        bar = styled(QFrame(), "questionBar")
        bar.setFixedWidth(3)
        words = QGridLayout()
        words.setHorizontalSpacing(10)
        words.setVerticalSpacing(0)
        words.setRowMinimumHeight(1, 3)
        words.setRowMinimumHeight(2, 26)
        words.addWidget(bar, 0, 0, 3, 1)
        words.addWidget(self.line, 0, 1)
        for either in (self._choice, self.detail):  # there is room for both, whichever is seen
            keep_place(either)
            words.addWidget(either, 2, 1)
        words.setColumnStretch(1, 1)
        column_of(self.top, words, None, self.buttons, spacing=6, margins=(13, 9, 13, 10), inside=self)

    def add_button(self, button: QWidget) -> None:
        """Puts a button at the foot, before those that ask anew."""
        last = (self.again_button, self.next_button)
        for each in last:
            self.buttons.removeWidget(each)
        for part in (button, *last):
            self.buttons.addWidget(part)

    def keep_room(self, lines: Sequence[str], details: Sequence[str]) -> None:
        """These are all the words of the page: there is room for no more than they need."""
        self.line.keep_room(lines)
        self.detail.keep_room(details)

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            layout = self.layout()
            assert layout is not None
            width = max(self.width(), _LEAST_WIDTH)  # narrower only until it is laid out
            self.setFixedHeight(max(HEAD_HEIGHT, layout.totalHeightForWidth(width)))
        return super().event(event)

    # What it says

    def ask(self, question: Question) -> None:
        """Asks; nothing of an earlier outcome stays."""
        self.asked = question
        self._set_answers(question.answers)
        self._say(question.text, "" if question.answers else question.how)

    def predict(self, prediction: str) -> None:
        """Which answer was chosen; it can be changed until the outcome is told."""
        for id, button in self._answers.items():
            button.setChecked(id == prediction)

    def tell(self, said: str, came: str, asks: str, *, again: bool = False, more: bool = False) -> None:
        """Tells what was predicted and what came of it, and asks what you saw. `again` is whether the question can be
        asked once more, `more` whether there is another one to go on to."""
        self.asked = None
        self._say(f"{said} {came}".strip(), asks, again=again, more=more)

    def put_away(self) -> None:
        self.asked = None
        self._say("", "")

    def _say(self, line: str, detail: str, *, again: bool = False, more: bool = False) -> None:
        self.line.setText(line)
        self.detail.setText(detail)
        chooses = self.asked is not None and bool(self._answers)
        for part, seen in ((self.detail, not chooses), (self._choice, chooses)):
            part.setVisible(seen)
        self.again_button.setVisible(again)
        self.next_button.setVisible(more)
        self.setAccessibleName(" ".join(text for text in (line, detail) if text))

    def _set_answers(self, answers: Sequence[tuple[str, str]]) -> None:
        for old in self._answers.values():
            old.hide()
            self._flow.removeWidget(old)
            old.deleteLater()
        self._answers = {}
        tip = self.tr("What you think. It can be changed until you see.")
        for id, text in answers:
            choose = partial(self._choose, id)
            button = self._answers[id] = push_button("answer", f"answer_{id}", text, tip, act=choose)
            button.setCheckable(True)
            self._flow.addWidget(button)

    def _choose(self, id: str) -> None:
        self.predict(id)
        self._answered(id)


@dataclass(frozen=True)
class Task:
    """Something to try. `text` asks for it and tells no answer; `done` says what was found, once it was. There is room
    for the longest of what it may say meanwhile, `room`."""

    id: str
    text: str
    done: str
    room: str = ""


class _TaskCard(QFrame):
    """A task as it is read. There is room for what is said once it is done."""

    def __init__(self, task: Task) -> None:
        super().__init__()
        self.task, self.is_done, self.found = task, False, task.done
        self._says = task.text
        self.setObjectName(f"task_{task.id}")
        self.setProperty("role", "task")
        self._mark, self._text = label("taskMark"), SteadyText(room=(task.text, task.done, task.room))
        mark = (self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row_of(mark, (self._text, 1), spacing=8, margins=(10, 7, 10, 7), inside=self)
        self.show_words(found=False)

    def show_words(self, *, found: bool) -> None:
        text = self.found if found else self._says
        self._mark.setText("✓" if self.is_done else "○")
        self._text.setText(text)
        name = self.tr("done: {text}") if self.is_done else self.tr("to try: {text}")
        self.setAccessibleName(name.format(text=text))
        if self.property("done") != self.is_done:
            for each in (self, self._mark):
                each.setProperty("done", self.is_done)
                refresh_style(each)

    def say(self, text: str) -> None:
        self._says = text or self.task.text
        self.show_words(found=False)


class TaskList(QWidget):
    """The tasks of a page, in their order. What was done stays done; what was found by it is covered again when its
    question is asked anew."""

    def __init__(self, changed: Callable[[], object]) -> None:
        """`changed` is called when one more was done."""
        super().__init__()
        self._changed = changed
        self.setObjectName("tasks")
        self._cards: dict[str, _TaskCard] = {}
        self._column = column_of(spacing=8, inside=self)

    def add(self, task: Task) -> None:
        self._cards[task.id] = card = _TaskCard(task)
        self._column.addWidget(card)

    def is_done(self, id: str) -> bool:
        return self._cards[id].is_done

    def finish(self, id: str, found: str = "") -> None:
        """The task was done; `found` says what was found where its own words don't."""
        card = self._cards[id]
        told, card.is_done = card.is_done, True
        card.found = found or card.task.done
        card.show_words(found=True)
        if not told:
            self._changed()

    def cover(self, *ids: str) -> None:
        """Covers what was found by these tasks: it would answer their question."""
        for id in ids:
            self._cards[id].show_words(found=False)

    def say(self, id: str, text: str) -> None:
        """What a task that is not done says beyond its question, such as what was tried so far."""
        card = self._cards[id]
        if not card.is_done:
            card.say(text)

    @property
    def count(self) -> int:
        return len(self._cards)

    @property
    def all_done(self) -> bool:
        return bool(self._cards) and all(card.is_done for card in self._cards.values())

    def done_ids(self) -> list[str]:
        return [id for id, card in self._cards.items() if card.is_done]

    def restore(self, done: Iterable[object]) -> None:
        """Ticks those of a kept list; what was found by them is not told. What is no task is passed over."""
        for id in done:
            if isinstance(id, str) and id in self._cards:
                card = self._cards[id]
                card.is_done = True
                card.show_words(found=False)
