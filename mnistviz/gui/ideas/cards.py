"""The cards of a page: its question, which asks before it tells, and its tasks, each ticked once it was done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from mnistviz.gui.common.flow_layout import FlowLayout
from mnistviz.gui.common.widgets import describe, refresh_style

_LEAST_WIDTH = 400  # pixels


@dataclass(frozen=True)
class Question:
    """A question with its answers, by id and text. Without answers it is answered in the figure, and `how` says how."""

    id: str
    text: str
    answers: tuple[tuple[str, str], ...] = ()
    how: str = ""


class QuestionCard(QFrame):
    """One card at a time: a question, or, in its place, what was predicted beside what came of it."""

    answered = Signal(str)  # the id of an answer
    again = Signal()  # the next question is wanted, or the same once more

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("question")
        self.setProperty("role", "question")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.asked: Question | None = None
        """The question that is open; None once its outcome is told."""
        self.prediction = ""
        """The id of the answer that was chosen, or what a page made of a prediction in the figure."""
        self._buttons: dict[str, QPushButton] = {}
        self._text, self._how = _label("questionText"), _label("quietText")
        self._said, self._came, self._asks = _label("outcome"), _label("outcome"), _label("quietText")
        self._answers = QWidget()
        self._flow = FlowLayout(self._answers, spacing=8)
        self._next = QPushButton(self.tr("Go on"))
        tip = self.tr("Goes on to the next question, or asks this one again.")
        describe(self._next, "question_next", self.tr("Go on"), tip)
        self._next.clicked.connect(self.again)
        self._build()
        self.hide()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 9, 14, 9)
        column.setSpacing(5)
        side_by_side = QHBoxLayout()
        side_by_side.setSpacing(18)
        side_by_side.addWidget(self._said, 1)
        side_by_side.addWidget(self._came, 1)
        last = QHBoxLayout()
        last.setSpacing(10)
        last.addWidget(self._asks, 1)
        last.addWidget(self._next, 0, Qt.AlignmentFlag.AlignBottom)
        column.addWidget(self._text)
        column.addWidget(self._how)
        column.addWidget(self._answers)
        column.addLayout(side_by_side)
        column.addLayout(last)

    def sizeHint(self) -> QSize:
        """As high as its words are at the width it has: at the least width they would be higher than a window."""
        return QSize(super().sizeHint().width(), self.heightForWidth(max(self.width(), _LEAST_WIDTH)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def ask(self, question: Question) -> None:
        """Asks; nothing of an earlier outcome stays."""
        self.asked, self.prediction = question, ""
        self._text.setText(question.text)
        self._how.setText(question.how)
        self._set_answers(question.answers)
        self._show(asking=True)

    def predict(self, prediction: str) -> None:
        """What was predicted in the figure, or by an answer; it can be changed until the outcome is told."""
        self.prediction = prediction
        for id, button in self._buttons.items():
            button.setChecked(id == prediction)

    def tell(self, said: str, came: str, asks: str, *, more: bool = True) -> None:
        """Puts what was predicted and what came of it side by side, and asks what one saw. `more` is whether there
        is a question to go on to."""
        self.asked = None
        self._said.setText(said)
        self._came.setText(came)
        self._asks.setText(asks)
        self._next.setVisible(more)
        self._show(asking=False)

    def put_away(self) -> None:
        """Asks nothing and tells nothing."""
        self.asked, self.prediction = None, ""
        self.hide()

    def _set_answers(self, answers: Sequence[tuple[str, str]]) -> None:
        for old in self._buttons.values():
            old.hide()
            self._flow.removeWidget(old)
            old.deleteLater()
        self._buttons = {}
        for id, text in answers:
            button = QPushButton(text)
            button.setCheckable(True)
            button.setProperty("role", "answer")
            describe(
                button, f"answer_{id}", text, self.tr("What you think. It can be changed until you see.")
            )
            button.clicked.connect(lambda _=False, id=id: self._choose(id))
            self._buttons[id] = button
            self._flow.addWidget(button)

    def _choose(self, id: str) -> None:
        self.predict(id)
        self.answered.emit(id)

    def _show(self, *, asking: bool) -> None:
        self.setProperty("told", not asking)
        refresh_style(self)
        self._text.setVisible(asking)
        self._how.setVisible(asking and bool(self._how.text()))
        self._answers.setVisible(asking and bool(self._buttons))
        self._said.setVisible(not asking and bool(self._said.text()))
        self._came.setVisible(not asking)
        self._asks.setVisible(not asking and bool(self._asks.text()))
        self._next.setVisible(not asking and not self._next.isHidden())
        texts = (self._text, self._how) if asking else (self._said, self._came, self._asks)
        self.setAccessibleName(" ".join(label.text() for label in texts if label.text()))
        self.show()
        self.updateGeometry()


def _label(role: str) -> QLabel:
    label = QLabel()
    label.setProperty("role", role)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


@dataclass(frozen=True)
class Task:
    """Something to try. `text` asks for it and tells no answer; `done` says what was found, once it was."""

    id: str
    text: str
    done: str


class _TaskCard(QFrame):
    """A task as it is read."""

    def __init__(self, task: Task) -> None:
        super().__init__()
        self.task, self.is_done = task, False
        self.setObjectName(f"task_{task.id}")
        self.setProperty("role", "task")
        self._mark, self._text = QLabel(), QLabel()
        self._mark.setProperty("role", "taskMark")
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 7, 10, 7)
        row.setSpacing(8)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)
        self.tell(task.text)

    def tell(self, text: str, *, done: bool = False) -> None:
        self.is_done = done
        self._mark.setText("✓" if done else "○")
        self._text.setText(text)
        name = self.tr("done: {text}") if done else self.tr("to try: {text}")
        self.setAccessibleName(name.format(text=text))
        for each in (self, self._mark):
            each.setProperty("done", done)
            refresh_style(each)


class TaskList(QWidget):
    """The tasks of a page, in their order. What was done stays done."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("tasks")
        self._cards: dict[str, _TaskCard] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)

    def add(self, task: Task) -> None:
        self._cards[task.id] = card = _TaskCard(task)
        self._column.addWidget(card)

    def is_done(self, id: str) -> bool:
        return self._cards[id].is_done

    def finish(self, id: str, found: str = "") -> None:
        """The task was done; `found` says what was found where its own words don't."""
        card = self._cards[id]
        told = card.is_done
        card.tell(found or card.task.done, done=True)
        if not told:
            self.changed.emit()

    def say(self, id: str, text: str) -> None:
        """What a task that is not done says beyond its question, such as what was tried so far."""
        card = self._cards[id]
        if not card.is_done:
            card.tell(text or card.task.text)

    @property
    def count(self) -> int:
        return len(self._cards)

    @property
    def all_done(self) -> bool:
        return bool(self._cards) and all(card.is_done for card in self._cards.values())

    def done_ids(self) -> list[str]:
        """Which were done, in their order."""
        return [id for id, card in self._cards.items() if card.is_done]

    def restore(self, done: Iterable[object]) -> None:
        """Ticks those of a kept list; what is none is passed over."""
        for id in done:
            if isinstance(id, str) and id in self._cards:
                card = self._cards[id]
                card.tell(card.task.done, done=True)
