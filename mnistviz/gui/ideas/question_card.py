"""The question of a page, between figure and main button: it asks before it tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from mnistviz.gui.common.flow_layout import FlowLayout
from mnistviz.gui.common.widgets import describe, refresh_style

_LEAST_WIDTH = 400  # pixels


@dataclass(frozen=True)
class Question:
    """A question with its answers, by id and text. Without answers one predicts in the figure, and `how` says how."""

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
