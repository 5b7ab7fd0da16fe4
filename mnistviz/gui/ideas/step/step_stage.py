"""What the two stages of the page on the cost have in common: a question of its own, and nothing told before it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from mnistviz.engine.digits import Digits
from mnistviz.engine.moment import Moment
from mnistviz.gui.common.widgets import describe
from mnistviz.gui.ideas.question_card import Question
from mnistviz.gui.ideas.step.step_words import Outcome


@dataclass(frozen=True)
class Main:
    """What the main button says and does, and `why` it can't, if that is to be read beside it."""

    text: str
    tip: str
    enabled: bool
    why: str = ""


class StepStage(QObject):
    """`prediction` is what was answered to its question, "" before that; `outcome` what came of it, None before."""

    changed = Signal()  # the card and the buttons are to be said anew
    finished = Signal(str)  # the id of a task

    figure: QWidget

    def __init__(self) -> None:
        super().__init__()
        self.moment: Moment | None = None
        self.digits: Digits | None = None
        self.prediction = ""
        self.outcome: Outcome | None = None
        self.before: list[QWidget] = []
        """Parts of the page that are seen on this stage."""
        self.after: list[QWidget] = []
        """Those that are seen once the outcome is told."""

    @property
    def parts(self) -> list[QWidget]:
        return [*self.before, *self.after]

    def show_parts(self, on: bool) -> None:
        """Shows what belongs to the stage, as far as it has come."""
        for part in self.before:
            part.setVisible(on)
        for part in self.after:
            part.setVisible(on and self.outcome is not None)

    def question(self) -> Question:
        """What it asks."""
        raise NotImplementedError

    def use(self, moment: Moment, digits: Digits) -> None:
        """Works on another network."""
        raise NotImplementedError

    def reset(self) -> None:
        """As the page opened."""
        raise NotImplementedError

    def main(self) -> Main:
        """What the main button is now."""
        raise NotImplementedError

    def press_main(self) -> None:
        """What it does."""
        raise NotImplementedError

    def show_me(self) -> None:
        """Does what is asked for."""
        raise NotImplementedError

    def opened(self) -> None:
        """It comes into view."""

    def look(self) -> Main:
        """The main button before the outcome is told."""
        ready = bool(self.prediction) and self.is_ready
        tip = self.tr("Shows what comes of it.") if self.prediction else self.tr("Say first what you think.")
        return Main(self.tr("Look"), tip, ready)

    @property
    def is_ready(self) -> bool:
        """Whether there is something to look at."""
        return self.moment is not None


def button(name: str, text: str, tip: str) -> QPushButton:
    """A button of the page's own."""
    made = QPushButton(text)
    describe(made, name, text, tip)
    return made
