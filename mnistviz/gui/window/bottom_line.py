"""The one line at the bottom, always as high: a fault, an undo or a notice at the left, the status at the right."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import partial
from itertools import product

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from mnistviz.gui.common.layouts import row_of
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.timers import new_timer
from mnistviz.gui.common.tooltips import keys_text
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.lab.tryouts import Tryouts
from mnistviz.gui.window.explanation import Explanation
from mnistviz.gui.window.message import Message
from mnistviz.gui.window.notices import Notices
from mnistviz.gui.window.status import Status
from mnistviz.gui.window.status_message import Offer, Rank, StatusMessage, always

UNDO_FOR = 10_000  # milliseconds
WORDS_STAY = 250  # milliseconds: nobody reads faster
_SIDE, _BETWEEN = 14, 18  # pixels: at both ends, and between message and status
_ABOVE = 3  # pixels above and below


class BottomLine(QWidget):
    """Says one thing at a time, the most important first; a button goes on to the others.

    What it says waits while a hand is on its way to a button, and while nobody could have read it.
    """

    apply_wanted = Signal(object)  # Finding
    go_back_wanted = Signal()  # to before the last change
    undo_offered = Signal()
    """In the lab: something was done that `take_undo` takes back, as the button does."""

    def __init__(self, theme: Theme, tryouts: Tryouts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bottom_line")
        self.setProperty("role", "bottomLine")
        self._sayings: dict[Rank, Sequence[StatusMessage]] = {rank: () for rank in Rank}
        self._away: set[tuple[Rank, Hashable]] = set()
        self._chosen: Hashable = None
        self._calm = False
        self._run: int | None = None
        self._hint = self.tr(
            "You can drag or type every value, and reach it with the keyboard. R resets the page."
        )
        self._shown: tuple[StatusMessage | None, int, int] = (None, 0, 0)  # the how-manieth of how many
        self._fitted: tuple[object, int, int] = (None, 0, 0)
        """For what words were chosen last, which of the wordings it were, and how wide they have been."""
        self.message, self.status = Message(theme, self, self._show), Status(self, self._fit)
        self.notices = Notices(
            tryouts,
            self,
            say=partial(self.say, Rank.NOTICE),
            tell=self.tell,
            apply=self.apply_wanted.emit,
            go_back=self.go_back_wanted.emit,
        )
        self.explanation = Explanation(self)
        self._pace = self._timer("words_stay", self._show, WORDS_STAY)
        self._undo_time = self._timer("undo_for", self._end_undo, UNDO_FOR)
        self.plan_place = QHBoxLayout()
        """Where what is planned stands while the settings are folded. It comes first, and notices wait for it."""
        parts = self.plan_place, (self.message, 1), self.status
        row_of(*parts, spacing=_BETWEEN, margins=(_SIDE, 0, _SIDE, 0), inside=self)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._connect()
        self._measure()

    def _connect(self) -> None:
        message = self.message
        for button, act in (
            (message.next_button, self._go_on),
            (message.offer_button, self._take_offer),
            (message.trial_button, self._take_trial),
            (message.why_button, self._explain),
            (message.away_button, self._put_away),
        ):
            button.clicked.connect(act)

    def _timer(self, name: str, act: Callable[[], object], milliseconds: int) -> QTimer:
        timer = new_timer(self, act, milliseconds)
        timer.setObjectName(name)
        return timer

    # A view

    def draw(self, shown: Shown) -> None:
        another, self._run = shown.number != self._run, shown.number
        if another:
            self._away = {(rank, key) for rank, key in self._away if rank is not Rank.NOTICE}
            self.explanation.close()
            self.notices.show_findings(())
        self.notices.draw(shown)
        self._show(at_once=another)

    def set_theme(self, theme: Theme) -> None:
        self.message.set_theme(theme)
        self._measure()

    def set_calm(self, calm: bool) -> None:
        """Says nothing of what a run shows: it might answer what a page of the ideas asks."""
        self._calm = calm
        self.catch_up()

    # What there is to say

    def say(self, rank: Rank, sayings: Sequence[StatusMessage]) -> None:
        """Takes all that there is to say of a rank now; what has no words is nothing to say."""
        sayings = [said for said in sayings if said.text]
        if rank is not Rank.NOTICE:
            keys = {said.key for said in sayings}
            self._away = {(of, key) for of, key in self._away if of is not rank or key in keys}
            if not keys <= {said.key for said in self._sayings[rank]}:
                self._chosen = None  # it is said before all else
        self._sayings[rank] = sayings
        self._show()

    def offer_undo(
        self, text: str, short: str, undo: Callable[[], object], holds: Callable[[], bool] = always
    ) -> StatusMessage:
        """Says what was done, and for ten seconds how to take it back, as long as that `holds`."""
        tip = self.tr("Takes it back. So does {keys}, until you do something else.")
        tip = tip.format(keys=keys_text("Ctrl+Z"))
        if self._calm:
            tip = self.tr("Takes it back.")
        offer = Offer(self.tr("Undo"), self.tr("Undo"), tip, undo)
        said = StatusMessage(Rank.UNDO, object(), text, short, offer=offer, holds=holds)
        self.say(Rank.UNDO, [said])
        self._undo_time.start()
        self._show(at_once=True)
        if not self._calm:
            self.undo_offered.emit()
        return said

    @property
    def offers_undo(self) -> bool:
        """Whether something that was done can still be taken back, though something else may be said now."""
        return self._undo is not None

    def take_undo(self) -> None:
        """Takes back what can be, as a click on the button does."""
        if (said := self._undo) is not None:
            self._take(said)

    @property
    def _undo(self) -> StatusMessage | None:
        return next(
            (said for said in self._left() if said.rank is Rank.UNDO and said.offer is not None), None
        )

    def still_says(self, said: StatusMessage) -> bool:
        """Whether it is one of the things to be said."""
        return said in self._left()

    def recall(self, rank: Rank) -> bool:
        """Says at once what there is to say of a rank, also if it was put away; False if that is nothing."""
        if not self._sayings[rank]:
            return False
        self._away = {(of, key) for of, key in self._away if of is not rank}
        self._chosen = self._sayings[rank][0].key
        self._show(at_once=True)
        return True

    def refuse(self, why: str, *, holds: Callable[[], bool] = always) -> None:
        """Says for ten seconds why what was typed can't be, as long as that `holds`."""
        self.tell(why, refuses=True, holds=holds)

    def tell(
        self, what: str, short: str = "", *, refuses: bool = False, holds: Callable[[], bool] = always
    ) -> None:
        """Says for ten seconds what was done, as long as that `holds`. What can still be taken back stays beside it."""
        offered = self._undo
        told = StatusMessage(Rank.UNDO, object(), what, short, refuses=refuses, holds=holds)
        self.say(Rank.UNDO, [told] if offered is None else [told, offered])
        self._undo_time.start()
        self._show(at_once=True)

    def _end_undo(self) -> None:
        if self.message.is_held:  # one is about to take it
            self._undo_time.start()
        else:
            self.say(Rank.UNDO, ())

    def _left(self) -> list[StatusMessage]:
        """What is to be said, is still true, and was not put away."""
        of_the_run = {Rank.COPY, Rank.NOTICE} if self._calm else {Rank.NOTICE} if self._wide_plan() else set()
        ranks = [rank for rank in Rank if rank not in of_the_run]
        every = (said for rank in ranks for said in self._sayings[rank])
        return [said for said in every if (said.rank, said.key) not in self._away and said.holds()]

    # The hand

    def _go_on(self) -> None:
        left = self._left()
        now = next((i for i, said in enumerate(left) if said.key == self._key), -1)
        if left:
            self._chosen = left[(now + 1) % len(left)].key
        self._show(at_once=True)

    def _take_offer(self) -> None:
        """Does what the message offers, and puts it away."""
        if self.message.said is not None:
            self._take(self.message.said)

    def _take(self, said: StatusMessage) -> None:
        if said.offer is not None and not said.offer.off:
            self._away.add((said.rank, said.key))
            self._show(at_once=True)
            said.offer.take()

    def _take_trial(self) -> None:
        """Tries what the message offers; it stays."""
        said = self.message.said
        if said is not None and said.trial is not None:
            said.trial.take()

    def _explain(self) -> None:
        if (said := self.message.said) is not None:
            self.explanation.explain(said.why, self.message.why_button)

    def _put_away(self) -> None:
        if (said := self.message.said) is not None:
            self._away.add((said.rank, said.key))
        self._show(at_once=True)

    def catch_up(self) -> None:
        """Says at once what there is to say, in words that have room now."""
        self._show(at_once=True)
        self._fit()

    # Saying it

    @property
    def _key(self) -> Hashable:
        return None if self.message.said is None else self.message.said.key

    def _show(self, *, at_once: bool = False) -> None:
        """Brings the words up to date, if it is time."""
        if not at_once and (self.message.is_held or self._pace.isActive()):
            return
        left = self._left()
        number = next((i for i, said in enumerate(left) if said.key == self._chosen), 0)
        shown = (left[number] if left else None, number + 1, len(left))
        if shown != self._shown:
            self._shown = shown
            self.message.show_saying(*shown)
            self._fit()
            self._pace.start()

    def _fit(self) -> None:
        """Takes the longest words that have room: the status gives way first, then the sentence, then the button. So
        what the status says never changes the message."""
        free = max(0, self.width() - 2 * _SIDE - self._wide_plan())
        statuses = (*((self._hint,) if self._calm else self.status.wordings), "")
        taken = self._fit_message(free)
        status = next((each for each in statuses if taken + self._wide(each) <= free), "")
        self.status.setText(status)
        self.status.setVisible(bool(status))

    def _fit_message(self, free: int) -> int:
        """Chooses the words of the message; how wide it may be, which only grows as long as it says the same, or its
        numbers would have the words go back and forth between long and short."""
        said, message = self.message.said, self.message
        if said is None:
            self._fitted = None, 0, 0
            return 0
        offers = ("",) if said.offer is None else (said.offer.text, said.offer.short)
        ways = list(product(offers, said.wordings))
        fitted_for = (said.rank, said.key, self._shown[2], len(ways), free)
        first, widest = self._fitted[1:] if self._fitted[0] == fitted_for else (0, 0)
        for way in range(first, len(ways)):
            offer, text = ways[way]
            wide = message.wide(text, offer)
            if wide <= free:
                break
        widest = max(wide, widest if way == first else 0)
        self._fitted = fitted_for, way, widest
        message.fit(text, offer, free)
        return widest

    def _wide_plan(self) -> int:
        width = self.plan_place.sizeHint().width()
        return _BETWEEN + width if width else 0

    def _wide(self, status: str) -> int:
        return _BETWEEN + self.status.fontMetrics().horizontalAdvance(status) + 1 if status else 0

    # Size

    def _measure(self) -> None:
        """Is as high as its highest part needs, seen or not: nothing above moves when it says something."""
        self.status.ensurePolished()
        self.setFixedHeight(self.message.height_needed() + 2 * _ABOVE)
        self._fitted = None, 0, 0
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.minimumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
