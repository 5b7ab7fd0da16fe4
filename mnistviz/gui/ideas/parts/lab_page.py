"""A page on the lab's network: it adopts the lab's checkpoint when opened, and shows which, or why there is none."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from mnistviz.engine.cancelling import Cancelled
from mnistviz.engine.digits import Digits
from mnistviz.engine.moment import Moment
from mnistviz.gui.common import numbers
from mnistviz.gui.common.layouts import column_of, label, stack_of
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.widgets import push_button
from mnistviz.gui.ideas.page import Page, PageContext
from mnistviz.gui.ideas.parts.long_work import Told
from mnistviz.gui.lab.shown import Shown

T = TypeVar("T")
Work = Callable[[Moment, Digits, Told, Cancelled], T]
"""A calculation that reports its progress and checks now and then whether it was cancelled."""


class LabPage(Page):
    """`taken` is the checkpoint it works on; a page implements `use`, which is called whenever that changes."""

    network_scenes: tuple[str, ...] | None = None
    """The scenes that work on the lab's network; None for all."""

    def __init__(self, context: PageContext, title: str, text: str) -> None:
        super().__init__(context, title, text)
        self.taken: Moment | None = None
        self.digits: Digits | None = None
        tip, go = tr("Shows the lab, where a network learns."), tr("Go to the lab")
        self.go_button = push_button("", f"{self.id}_to_lab", go, tip, "Ctrl+1", act=context.to_lab)
        self.whose = label("hint", name=f"{self.id}_whose", wraps=True)
        """Text above the button for a newer network: which network the page works on."""
        tip, take = tr("Takes the lab's network as it is now."), tr("Take the newest")
        self.newest_button = push_button("", f"{self.id}_newest", take, tip, act=self.take_newest)
        self._gate, self._inside = QWidget(), QWidget()
        middle = Qt.AlignmentFlag.AlignCenter
        self._needs = label("questionText", wraps=True)  # replaces the figure while there is no network
        self._needs.setAlignment(middle)
        gate = column_of(None, self._needs, (self.go_button, 0, middle), margins=None, inside=self._gate)
        gate.addStretch(2)
        self._stack = stack_of(self._inside, self._gate)
        self.around = self.figure_column  # the column for figures that need no network
        self.around.addWidget(self._stack)
        self.figure_column = column_of(spacing=6, inside=self._inside)
        newest = (self.newest_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.values.addLayout(column_of(self.whose, newest, spacing=3))

    def use(self, moment: Moment, digits: Digits) -> None:
        """Drop all results and work on another checkpoint, whose network must not be changed."""

    def work_out(self, what: str, work: Work[T], then: Callable[[T], object]) -> None:
        """Run a calculation, called `what`, and call `then`, unless the checkpoint has changed meanwhile."""
        moment, digits = self.taken, self.digits
        if moment is None or digits is None or self.long_work is None:
            return

        def show(result: T) -> None:
            if moment is self.taken:
                then(result)

        self.long_work.begin(what, partial(work, moment, digits), show)

    def fits(self, moment: Moment) -> str:
        """Return why the page cannot work on such a network, as a sentence, or "" if it can."""
        return ""

    @property
    def needs_network(self) -> bool:
        """Whether the open scene works on the lab's network."""
        return self.network_scenes is None or self._scene in self.network_scenes

    @property
    def lacks_network(self) -> bool:
        return self.needs_network and self.taken is None

    def entered(self) -> None:
        if self.network_scenes is not None:
            for button in (self.main_button, self.show_me_button):
                button.setEnabled(True)
            self._adopt_if_missing(self.lab.shown)

    def take_newest(self) -> None:
        """Adopt the checkpoint that the lab shows, if the page can work on it."""
        shown = self.lab.shown
        why = self._hindrance(shown)
        self._stack.setCurrentWidget(self._gate if why else self._inside)
        self._needs.setText(why)
        for part in (self.main_button, self.show_me_button, self.newest_button):
            part.setEnabled(not why)
        moment, digits, run = shown.moment, shown.digits, shown.run
        if why or moment is None or digits is None or run is None:
            self.taken = self.digits = None
            self.whose.setText("")
            self.question.clear()
            self.say_main()
            return
        if not moment.same_as(self.taken) or digits is not self.digits:
            self.taken, self.digits = moment, digits
            self.use(moment, digits)
        text = tr("The lab's network {sizes}, as it was at mini-batch {step}.")
        if moment.step == 0 and not run.has_learned:
            text = tr("The lab's network {sizes} has learned nothing yet. Train it for a minute, then look.")
        sizes = "-".join(map(str, moment.network.sizes))
        self.whose.setText(text.format(sizes=sizes, step=numbers.whole(moment.step)))
        self.say_main()

    def draw(self, shown: Shown) -> None:
        self._adopt_if_missing(shown)

    def _adopt_if_missing(self, shown: Shown) -> None:
        """Adopt the first network that there is, and release one of another data set."""
        if self.needs_network and (self.taken is None or shown.digits is not self.digits):
            self.take_newest()

    def _hindrance(self, shown: Shown) -> str:
        if shown.digits is None or shown.run is None or shown.moment is None:
            return tr("This page uses the lab's network, and there is none yet. Train one first.")
        if shown.run.diverged:
            return tr(
                "The lab's network has diverged: its weights are no numbers any more. Begin a new run, or go back to "
                "the best weights."
            )
        return self.fits(shown.moment)
