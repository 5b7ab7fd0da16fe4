"""A page on the lab's network: it takes the moment at opening and says which, or says why there is none to take."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from mnistviz.engine.digits import Digits
from mnistviz.engine.moment import Moment
from mnistviz.gui.common import numbers
from mnistviz.gui.common.widgets import describe
from mnistviz.gui.ideas.cards import Question
from mnistviz.gui.ideas.page import Page, PageContext
from mnistviz.gui.lab.shown import Shown


class LabPage(Page):
    """`taken` is the moment it works on; a page implements `use`, which is called whenever that is another."""

    def __init__(self, context: PageContext, title: str, text: str) -> None:
        super().__init__(context, title, text)
        self.taken: Moment | None = None
        self.digits: Digits | None = None
        """What `taken` was trained on."""
        self._needs, self.go_button = QLabel(), QPushButton(self.tr("Go to the lab"))
        self.whose, self.newest_button = QLabel(), QPushButton(self.tr("Take the newest"))
        self._put_gate()
        self.go_button.clicked.connect(self.to_lab)
        self.newest_button.clicked.connect(self.take_newest)

    def _put_gate(self) -> None:
        """A sentence in the place of the figure, where there is no network to look at."""
        self._gate = QWidget()
        column = QVBoxLayout(self._gate)
        self._needs.setProperty("role", "questionText")
        self._needs.setWordWrap(True)
        self._needs.setAlignment(Qt.AlignmentFlag.AlignCenter)
        tip = self.tr("Shows the lab, where a network learns.")
        describe(self.go_button, f"{self.id}_to_lab", self.tr("Go to the lab"), tip, "Ctrl+1")
        column.addStretch(1)
        column.addWidget(self._needs)
        column.addWidget(self.go_button, 0, Qt.AlignmentFlag.AlignCenter)
        column.addStretch(2)
        self._inside = QWidget()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._inside)
        self._stack.addWidget(self._gate)
        self.figure_column.addWidget(self._stack)
        self.figure_column = QVBoxLayout(self._inside)
        self.figure_column.setContentsMargins(0, 0, 0, 0)
        self.figure_column.setSpacing(6)

        column = QVBoxLayout()  # whose network it is, and the way to a newer one
        column.setSpacing(3)
        self.whose.setObjectName(f"{self.id}_whose")
        self.whose.setProperty("role", "hint")
        self.whose.setWordWrap(True)
        tip = self.tr("Takes the lab's network as it is now.")
        describe(self.newest_button, f"{self.id}_newest", self.tr("Take the newest"), tip)
        column.addWidget(self.whose)
        column.addWidget(self.newest_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.values.addLayout(column)

    def use(self, moment: Moment, digits: Digits) -> None:
        """Works on another moment, and drops all that was found of the one before. The network must not be changed:
        a page that nudges it does so on a copy."""

    def fits(self, moment: Moment) -> str:
        """Why the page can't work on such a network, as a sentence; empty if it can."""
        return ""

    @property
    def needs_network(self) -> bool:
        """Whether the open scene works on the lab's network."""
        return True

    @property
    def lacks_network(self) -> bool:
        return self.needs_network and self.taken is None

    def asks(self) -> Question | None:
        return None if self.lacks_network else super().asks()

    def opened(self) -> None:
        if self.taken is None or self._is_foreign(self.lab.shown):
            self.take_newest()

    def take_newest(self) -> None:
        """Takes the moment that the lab shows, if it can be looked at."""
        shown = self.lab.shown
        why = self._hindrance(shown)
        self._stack.setCurrentWidget(self._gate if why else self._inside)
        self._needs.setText(why)
        for part in (self.main_button, self.show_me_button, self.newest_button):
            part.setEnabled(not why)
        if why:
            self.taken = self.digits = None
            self.whose.setText("")
            self.question.put_away()
            self.say_main()
            return
        assert shown.moment is not None
        assert shown.digits is not None
        if not shown.moment.same_as(self.taken) or shown.digits is not self.digits:
            self.taken, self.digits = shown.moment, shown.digits
            self.use(shown.moment, shown.digits)
        self._say_whose()
        self.say_main()

    def draw(self, shown: Shown) -> None:
        """A network that has come to be is taken; one of another data set is let go of."""
        if self.taken is None or self._is_foreign(shown):
            self.take_newest()

    def _is_foreign(self, shown: Shown) -> bool:
        return shown.digits is not self.digits

    def _hindrance(self, shown: Shown) -> str:
        if shown.digits is None or shown.run is None or shown.moment is None:
            return self.tr("This page uses the lab's network, and there is none yet. Train one first.")
        if shown.run.diverged:
            return self.tr(
                "The lab's network has diverged: its weights are no numbers any more. Begin a new run, or go back to "
                "the best weights."
            )
        return self.fits(shown.moment)

    def _say_whose(self) -> None:
        assert self.taken is not None
        sizes = "-".join(map(str, self.taken.network.sizes))
        run = self.lab.shown.run
        if self.taken.step == 0 and run is not None and not run.has_learned:
            text = self.tr(
                "The lab's network {sizes} has learned nothing yet. Train it for a minute, then look."
            )
        else:
            text = self.tr("The lab's network {sizes}, as it was at mini-batch {step}.")
        self.whose.setText(text.format(sizes=sizes, step=numbers.whole(self.taken.step)))
