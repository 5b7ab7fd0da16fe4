"""What every page of the ideas is: a figure, a question and the main button under it, words and tasks beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from mnistviz.gui.common.flow_layout import FlowLayout
from mnistviz.gui.common.scrolled_column import ScrolledColumn
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import describe
from mnistviz.gui.ideas.parts.wished_width import WishedWidth
from mnistviz.gui.ideas.question_card import QuestionCard
from mnistviz.gui.ideas.tasks import Task, TaskList
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.shown import Shown

LEAST_BESIDE, BESIDE_WIDTH, WIDEST_BESIDE = 270, 300, 380  # pixels of the column at the right
BESIDE_SHARE = 0.28  # of the page
GAP = 10


@dataclass(frozen=True)
class PageMakings:
    """What a page is built from."""

    theme: Theme
    lab: Lab
    drawing: Callable[[], NDArray[np.uint8] | None] = lambda: None
    """What lies on the lab's pad as the network gets it, uint8 (28, 28), 255 for ink; None for blank paper."""
    parent: QWidget | None = None
    """Where the page will stand: what is put somewhere else later is dressed once more, which takes as long again."""


class Page(QWidget):
    """The frame of a page. A page fills it: figures by `add_figure`, numbers by `add_value`, what is to be tried by
    `add_task`, and questions by `question.ask`. It opens in a state that solves none of its tasks."""

    changed = Signal()  # something that the next start finds again
    to_lab = Signal()  # the page's own way to the lab was chosen

    id = ""
    """Its name in files and object names."""

    def __init__(self, makings: PageMakings, title: str, text: str) -> None:
        """`title` names the idea, `text` tells it in two to five sentences."""
        super().__init__(makings.parent)
        self.setObjectName(f"{self.id}_page")
        self.theme, self.lab = makings.theme, makings.lab
        self.figures = QFrame()
        """The card with all that is seen and taken hold of."""
        self.question = QuestionCard(self)
        self.tasks = TaskList()
        self.main_button, self.show_me_button, self.back_button = QPushButton(), QPushButton(), QPushButton()
        self._build(title, text)
        self.set_main("", "")
        self.main_button.clicked.connect(self.press_main)
        self.show_me_button.clicked.connect(self.show_me)
        self.back_button.clicked.connect(self.put_back)
        self.question.answered.connect(self.take_answer)
        self.tasks.changed.connect(self.changed)

    def _build(self, title: str, text: str) -> None:
        self.figures.setProperty("role", "card")
        self.figures.setObjectName(f"{self.id}_figures")
        inside, around = QWidget(), QVBoxLayout(self.figures)
        around.setContentsMargins(1, 1, 1, 1)
        self.figures.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        self.figures.setMinimumHeight(
            120
        )  # it takes what is left; else it would squeeze the words of the question
        around.addWidget(ScrolledColumn(inside))  # question and button stay in view where the window is low
        self.figure_column = QVBoxLayout(inside)
        """Where figures are, one above another."""
        self.figure_column.setContentsMargins(13, 9, 13, 9)
        self.figure_column.setSpacing(6)
        describe(
            self.show_me_button,
            f"{self.id}_show_me",
            self.tr("Show me"),
            self.tr("Does for you what is asked, so that you can look at it; it ticks nothing."),
        )
        self.show_me_button.setText(self.tr("Show me"))
        describe(
            self.back_button,
            f"{self.id}_put_back",
            self.tr("Put back"),
            self.tr("Puts the page back to how it opened; what you have done stays ticked."),
            "R",
        )
        self.back_button.setText(self.tr("Put back"))
        self.main_button.setProperty("role", "primary")
        self.buttons = FlowLayout(spacing=8)
        for button in (self.main_button, self.back_button, self.show_me_button):
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.buttons.addWidget(button)
        middle = QVBoxLayout()
        middle.setSpacing(GAP)
        middle.addWidget(self.figures, 1)
        middle.addWidget(self.question)
        middle.addLayout(self.buttons)
        self.beside = self._beside(title, text)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        row.addLayout(middle, 1)
        row.addWidget(self.beside)

    def _beside(self, title: str, text: str) -> WishedWidth:
        card, inside = WishedWidth(LEAST_BESIDE, BESIDE_WIDTH), QWidget()
        card.setProperty("role", "card")
        card.setObjectName(f"{self.id}_beside")
        self.column = QVBoxLayout(inside)
        """The column at the right: words, numbers, tasks."""
        self.column.setContentsMargins(14, 12, 14, 12)
        self.column.setSpacing(9)
        self.heading, self.words = QLabel(title), QLabel(text)
        self.heading.setProperty("role", "ideaTitle")
        self.words.setProperty("role", "ideaText")
        for label in (self.heading, self.words):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            self.column.addWidget(label)
        self.values = QVBoxLayout()
        """Where numbers are that one drags or types."""
        self.values.setSpacing(6)
        self.column.addLayout(self.values)
        self.column.addWidget(self.tasks)
        self.column.addStretch(1)
        around = QVBoxLayout(card)
        around.setContentsMargins(1, 1, 1, 1)
        around.addWidget(ScrolledColumn(inside))
        return card

    # For the pages to fill

    def add_figure(self, figure: QWidget, stretch: int = 1) -> None:
        """Puts a figure under those there are."""
        self.figure_column.addWidget(figure, stretch)

    def add_tool(self, tool: QWidget) -> None:
        """Puts a button or a choice of the page's own into the row of the main button."""
        self.buttons.addWidget(tool)

    def add_value(self, value: QWidget) -> None:
        self.values.addWidget(value)

    def add_task(self, task: Task) -> None:
        self.tasks.add(task)

    def set_main(self, text: str, tip: str, *, enabled: bool = True) -> None:
        """What the main button says and does; none is seen where it says nothing. Its key is Space."""
        self.main_button.setText(text)
        self.main_button.setVisible(bool(text))
        self.main_button.setEnabled(enabled)
        describe(
            self.main_button,
            f"{self.id}_main",
            text,
            self.tr("{what} (Space)").format(what=tip) if tip else "",
        )

    def press_main(self) -> None:
        """What the main button does."""

    def show_me(self) -> None:
        """Does what the present question or task asks for, and tells the outcome; it ticks nothing."""

    def take_answer(self, answer: str) -> None:
        """The id of an answer to the question that is asked."""

    def reset(self) -> None:
        """Puts everything to how the page opened."""

    def put_back(self) -> None:
        """The same, at the user's wish; what was done stays ticked."""
        self.reset()

    def opened(self) -> None:
        """The page comes into view."""

    def left(self) -> None:
        """The page goes out of view: what runs by itself rests."""

    def draw(self, shown: Shown) -> None:
        """The lab has something new. Most pages don't look."""

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme

    def close_jobs(self) -> None:
        """Takes back what it has asked of the lab's jobs."""

    # What is kept

    def state(self) -> dict[str, Any]:
        """What was done, for the next start."""
        return {"done": self.tasks.done_ids()}

    def restore(self, state: dict[str, Any]) -> None:
        done = state.get("done")
        self.tasks.restore(done if isinstance(done, list) else [])

    def enlarge(self, on: bool) -> None:
        """Gives figure, question and button all the room, or puts the words back beside them."""
        if self.beside.isHidden() != on:
            self.beside.setHidden(on)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.beside.wish(min(max(round(BESIDE_SHARE * self.width()), BESIDE_WIDTH), WIDEST_BESIDE))
