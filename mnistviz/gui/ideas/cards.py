"""The cards of a page: its head, which asks for a prediction before it shows the outcome, and its tasks."""

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QSizePolicy, QWidget

from mnistviz.gui.common.announcements import announce
from mnistviz.gui.common.layouts import FlowLayout, column_of, keep_place, label, row_of, styled
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.widgets import push_button, restyle
from mnistviz.gui.ideas.parts.page_parts import Act, Question, SteadyText, Task

HEAD_HEIGHT, _LEAST_WIDTH = 136, 400  # pixels
_LINE, _DETAIL = "abcde " * 14, "abcde " * 16
"""Texts as long as a line of the head may be; a wide page shows them in one line."""


class HeadCard(QFrame):
    """The title, a question or its outcome, and buttons; its height does not depend on the outcome."""

    def __init__(
        self, title: str, parent: QWidget, answered: Callable[[str], object], again: Act, onward: Act
    ) -> None:
        """`answered` gets the id of an answer, `again` repeats the question, `onward` goes to the next."""
        super().__init__(parent)
        self._answered = answered
        styled(self, "card", "question")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.asked: Question | None = None
        """The open question, or None once its outcome is shown."""
        self._answers: dict[str, QPushButton] = {}
        self.title = label("ideaTitle", title)
        self.line = SteadyText("ideaLine", room=[_LINE])
        self.detail = SteadyText("ideaDetail", room=[_DETAIL])
        self.detail.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._choice = QWidget()
        self._flow, self.buttons = FlowLayout(self._choice, spacing=6), FlowLayout(spacing=8)
        tip = tr("Covers the answer, and asks this question once more.")
        self.again_button = push_button("", "question_again", tr("Ask again"), tip, act=again)
        tip = tr("Goes on to the next question of this page.")
        self.next_button = push_button("", "question_next", tr("Go on"), tip, act=onward)
        keep_place(self.next_button)
        self.top = row_of(self.title, None, spacing=14)
        words = self._words()
        column_of(self.top, words, None, self.buttons, spacing=6, margins=(13, 9, 13, 10), inside=self)
        self.clear()

    def _words(self) -> QGridLayout:
        bar, words = styled(QFrame(), "questionBar"), QGridLayout()
        bar.setFixedWidth(3)
        words.setHorizontalSpacing(10)
        words.setVerticalSpacing(0)
        words.setRowMinimumHeight(1, 3)
        words.setRowMinimumHeight(2, 26)
        words.addWidget(bar, 0, 0, 3, 1)
        words.addWidget(self.line, 0, 1)
        for either in (self._choice, self.detail):  # both keep their room while hidden
            keep_place(either)
            words.addWidget(either, 2, 1)
        words.setColumnStretch(1, 1)
        return words

    def add_button(self, button: QWidget) -> None:
        """Add a button at the bottom, before those that repeat or go on."""
        last = (self.again_button, self.next_button)
        for each in last:
            self.buttons.removeWidget(each)
        for part in (button, *last):
            self.buttons.addWidget(part)

    def event(self, event: QEvent) -> bool:
        layout = self.layout()
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize) and layout is not None:
            width = max(self.width(), _LEAST_WIDTH)  # it is narrower only before the first layout
            self.setFixedHeight(max(HEAD_HEIGHT, layout.totalHeightForWidth(width)))
        return super().event(event)

    def ask(self, question: Question) -> None:
        self.asked = question
        for old in self._answers.values():
            old.hide()
            self._flow.removeWidget(old)
            old.deleteLater()
        self._answers = {}
        tip = tr("What you think. It can be changed until you see.")
        for id, text in question.answers:
            act = partial(self._choose, id)
            self._answers[id] = push_button("answer", f"answer_{id}", text, tip, act=act, checkable=True)
            self._flow.addWidget(self._answers[id])
        self._set_text(question.text, "" if question.answers else question.how)

    def predict(self, prediction: str) -> None:
        """Show which answer was chosen; it can be changed until the outcome is shown."""
        for id, button in self._answers.items():
            button.setChecked(id == prediction)

    def report(self, said: str, came: str, asks: str, *, again: bool = False, more: bool = False) -> None:
        """Show prediction, outcome and follow-up question; offer to repeat it (`again`) and to go on (`more`)."""
        self.asked = None
        self._set_text(f"{said} {came}".strip(), asks, again=again, more=more)

    def clear(self) -> None:
        self.report("", "", "")

    def _set_text(self, line: str, detail: str, *, again: bool = False, more: bool = False) -> None:
        self.line.setText(line)
        self.detail.setText(detail)
        chooses = self.asked is not None and bool(self._answers)
        self.detail.setVisible(not chooses)
        self._choice.setVisible(chooses)
        self.again_button.setVisible(again)
        self.next_button.setVisible(more)
        self.setAccessibleName(" ".join(text for text in (line, detail) if text))

    def _choose(self, id: str) -> None:
        self.predict(id)
        self._answered(id)


class _TaskCard(QFrame):
    def __init__(self, task: Task) -> None:
        super().__init__()
        self.task, self.is_done, self.result = task, False, task.done
        self.progress = task.text
        styled(self, "task", f"task_{task.id}")
        self._mark, self.text = label("taskMark"), SteadyText()
        mark = (self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row_of(mark, (self.text, 1), spacing=8, margins=(10, 5, 10, 5), inside=self)
        self.show_text(result=False)

    def show_text(self, *, result: bool) -> None:
        text = self.result if result else self.progress
        self._mark.setText("✓" if self.is_done else "○")
        self.text.setText(text)
        name = tr("done: {text}") if self.is_done else tr("to try: {text}")
        self.setAccessibleName(name.format(text=text))
        for each in (self, self._mark):
            restyle(each, "done", self.is_done)


class TaskList(QWidget):
    """The tasks of a page. They stay ticked; a result is hidden when its question is repeated."""

    def __init__(self, changed: Act) -> None:
        super().__init__()
        self._changed = changed
        self.setObjectName("tasks")
        self._cards: dict[str, _TaskCard] = {}
        self._column = column_of(spacing=6, inside=self)

    def add(self, *tasks: Task) -> None:
        for task in tasks:
            self._cards[task.id] = card = _TaskCard(task)
            self._column.addWidget(card)
        every = [each.task for each in self._cards.values()]
        for card in self._cards.values():  # all are of one height
            card.text.keep_room(text for each in every for text in (each.text, each.done, each.room))

    def is_done(self, id: str) -> bool:
        return self._cards[id].is_done

    def finish(self, id: str, result: str = "") -> None:
        card = self._cards[id]
        was_done, card.is_done = card.is_done, True
        card.result = result or card.task.done
        card.show_text(result=True)
        if not was_done:
            announce(card, card.accessibleName())
            self._changed()

    def cover(self, *ids: str) -> None:
        """Hide the results of these tasks, which would answer their question."""
        for id in ids:
            self._cards[id].show_text(result=False)

    def say(self, id: str, text: str) -> None:
        """Show intermediate results of an unfinished task, such as the values tried so far."""
        card = self._cards[id]
        if not card.is_done:
            card.progress = text or card.task.text
            card.show_text(result=False)

    @property
    def all_done(self) -> bool:
        return bool(self._cards) and all(card.is_done for card in self._cards.values())

    def done_ids(self) -> list[str]:
        return [id for id, card in self._cards.items() if card.is_done]

    def restore(self, done: Iterable[object]) -> None:
        """Tick the tasks of a saved list without showing their results. Ignore unknown ids."""
        for id in done:
            if isinstance(id, str) and id in self._cards:
                self._cards[id].is_done = True
                self._cards[id].show_text(result=False)
