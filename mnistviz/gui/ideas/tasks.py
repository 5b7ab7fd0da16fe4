"""What a page gives to try: each is ticked once it was done, and says then what was found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mnistviz.gui.common.widgets import refresh_style


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
