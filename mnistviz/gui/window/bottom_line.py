"""The line at the bottom, of constant height: an error, an undo or a notice at the left, the status at the right."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import partial
from itertools import product

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from mnistviz.engine.digits import Digits
from mnistviz.engine.observations import is_at_0
from mnistviz.gui.common import numbers
from mnistviz.gui.common.announcements import announce
from mnistviz.gui.common.fitted import Fitted
from mnistviz.gui.common.layouts import row_of, styled
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.timers import new_timer
from mnistviz.gui.common.tooltips import keys_text, set_tooltip
from mnistviz.gui.common.undo_order import UndoOrder, UndoStep, always
from mnistviz.gui.common.widgets import describe, engine_sentence
from mnistviz.gui.lab import moment_words
from mnistviz.gui.lab.preview import Mixture
from mnistviz.gui.lab.session_keeper import Trouble
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.lab.tryouts import Tryouts
from mnistviz.gui.window.message import Explanation, Message, Offer, Rank, StatusMessage
from mnistviz.gui.window.notices import Notices

AHEAD = 3_000  # digits: a run this far ahead of another one waits long enough to report it


class Status(QLabel):
    """A text in several wordings, the longest first; the line chooses the one shown."""

    def __init__(self, parent: QWidget, reworded: Callable[[], object]) -> None:
        super().__init__(parent, textFormat=Qt.TextFormat.PlainText)  # it names the data set
        self.reworded = reworded
        self.wordings: tuple[str, ...] = ()
        self.setProperty("role", "statusText")
        describe(self, "status", tr("Status"), tr("What the run does, and which digits are in use."))

    def show_run(self, shown: Shown, out_of_view: str = "", *, looks_ahead: bool = False) -> None:
        """Show the name of the data set, and before it what is unusual: a past step, a preview, a run that waits, or
        the letters of the runs whose lanes are `out_of_view`."""
        if shown.digits is None:
            self.set_wordings(tr("No digits are loaded."))
            return
        if shown.preview is not None:
            what = moment_words.preview(shown.preview)[0]
            text = tr("You look at a network {what}")
            if isinstance(shown.preview, Mixture):
                text = tr("You look at two networks, {what}")
            words: tuple[str, ...] = (text.format(what=what), what)
        elif shown.live and looks_ahead:
            run = shown.run
            changed = run is not None and any(act.step == run.step for act in run.history.interventions)
            text = tr("Paused · changed from here on") if changed else tr("Paused · nothing is changed")
            words = text, tr("Paused")
        elif shown.live:
            words = self._unusual(shown)
            if out_of_view and not words:
                text = tr("{count} runs: roll the wheel over the lanes for {others}")
                words = (text.format(count=1 + len(shown.others), others=out_of_view),)
        else:
            words = (tr("You look back"),)
        name = shown.digits.name
        used = len(shown.digits.training) if shown.run is None else shown.epoch_of(shown.run)
        about = f"{name}: {self._digits(shown.digits, used)}"
        set_tooltip(self, about)
        self.setAccessibleDescription(about)
        self.set_wordings(*(f"{words[0]} · {name}", *words) if words else (name,))

    def faults(self, shown: Shown, troubles: Mapping[int, Trouble]) -> list[StatusMessage]:
        faults = []
        if shown.run is not None and shown.run.failed:
            text = tr("This run cannot continue: press Space to begin a new one.")
            faults.append(StatusMessage(Rank.FAULT, ("failed", shown.run.number), text))
        if troubles:
            trouble = min(troubles.values(), key=lambda each: each.number != shown.number)
            values = {"letter": trouble.letter, "reason": trouble.reason}
            if trouble.number == shown.number:
                text = engine_sentence("run_not_kept", values)
                short = tr("This run cannot be kept on the disk.")
            else:
                text = engine_sentence("other_run_not_kept", values)
                short = tr("Run {letter} cannot be kept on the disk.", letter=trouble.letter)
            faults.append(StatusMessage(Rank.FAULT, ("trouble", trouble.number, trouble.reason), text, short))
        return faults

    def set_wordings(self, *wordings: str) -> None:
        if wordings != self.wordings:
            self.wordings = wordings
            self.setAccessibleName(wordings[0])
            self.reworded()

    def _digits(self, digits: Digits, used: int) -> str:
        sets = digits.training, digits.validation, digits.test
        training, validation, test = (numbers.whole(len(each)) for each in sets)
        if used < len(digits.training):
            training = tr("{used} of {all}", used=used, all=training)
        text = tr("{training} training, {validation} validation, {test} test digits")
        return text.format(training=training, validation=validation, test=test)

    def _unusual(self, shown: Shown) -> tuple[str, ...]:
        """Return what the Start button does not show already, in long and in short; nothing for a usual state."""
        if (run := shown.run) is None:
            return ()
        if run.replayed is not None:
            return tr("Trains this run from its start"), tr("Trains")
        behind = (other for other in shown.others if other.on and other.playing)
        if run.playing and any(other.digits_seen + AHEAD < run.digits_seen for other in behind):
            return tr("Paused until the other runs catch up"), tr("Paused")
        if run.playing and is_at_0(run.now, run.eta):
            return tr("Training with η = 0: nothing is learned"), tr("η is 0")
        if not run.on and shown.plays:
            return tr("This run is off, others train"), tr("Off")
        if run.failed:
            return tr("Stopped by an error"), tr("Stopped")
        if run.diverged:
            return tr("Stopped: some weights are no longer numbers"), tr("Stopped")
        return ()


UNDO_FOR = 10_000  # milliseconds
WORDS_STAY = 250  # milliseconds: faster changes cannot be read
_SIDE, _BETWEEN = 14, 18  # pixels: at both ends, and between message and status
_ABOVE = 3  # pixels above and below


class BottomLine(Fitted, QWidget):
    """Shows one message at a time, the most important first; a button shows the next one. A message does not change
    while the mouse is near its buttons, or before it could be read."""

    apply_wanted = Signal(object)  # Finding
    idea_wanted = Signal(str)  # the page of ideas behind a notice
    go_back_wanted = Signal()  # to before the last change

    def __init__(self, tryouts: Tryouts) -> None:
        super().__init__()
        styled(self, "bottomLine", "bottom_line")
        self._messages: dict[Rank, Sequence[StatusMessage]] = {rank: () for rank in Rank}
        self._closed: set[tuple[Rank, Hashable]] = set()
        self._announced: set[tuple[Rank, Hashable]] = set()
        self._chosen: Hashable = None
        self._calm = False
        self._run: int | None = None
        self._hint = tr(
            "You can drag or type every value, and reach it with the keyboard. R resets the page."
        )
        self._shown: tuple[StatusMessage | None, int, int] = (None, 0, 0)  # message, number, count
        self._fitted: tuple[object, int, int] = (None, 0, 0)
        """What the wordings were fitted for, the index of those chosen, and their largest width so far."""
        self.order = UndoOrder(self)
        self._brief: UndoStep | None = None
        self.message, self.status = Message(self, self._show), Status(self, self.refit)
        say, apply, back = partial(self.say, Rank.NOTICE), self.apply_wanted.emit, self.go_back_wanted.emit
        self.notices = Notices(tryouts, self, say=say, tell=self.tell, apply=apply, go_back=back)
        self.explanation = Explanation(self, self.idea_wanted.emit)
        self._pace = self._timer("words_stay", self._show, WORDS_STAY)
        self._undo_time = self._timer("undo_for", self._end_undo, UNDO_FOR)
        self.plan_place = QHBoxLayout()
        """The place of planned edits while the settings are folded. Notices wait while it is in use."""
        self._steps: QWidget | None = None
        parts = self.plan_place, (self.message, 1), self.status
        self._row = row_of(*parts, spacing=_BETWEEN, margins=(_SIDE, 0, _SIDE, 0), inside=self)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        message = self.message
        for button, act in (
            (message.next_button, self._show_next),
            (message.offer_button, self._take_offer),
            (message.trial_button, self._take_trial),
            (message.why_button, self._explain),
            (message.away_button, self._close_message),
        ):
            button.clicked.connect(act)
        self._measure()

    def add_steps(self, steps: QWidget) -> None:
        """Place the first steps at the left end."""
        self._steps = steps
        self._row.insertWidget(0, steps)

    def _timer(self, name: str, act: Callable[[], object], milliseconds: int) -> QTimer:
        timer = new_timer(self, act, milliseconds)
        timer.setObjectName(name)
        return timer

    def draw(self, shown: Shown) -> None:
        is_other_run, self._run = shown.number != self._run, shown.number
        if is_other_run:
            for keys in (self._closed, self._announced):
                keys -= {(rank, key) for rank, key in keys if rank is Rank.NOTICE}
            self.explanation.close()
            self.notices.show_findings(())
        self.notices.draw(shown)
        self._show(at_once=is_other_run)

    def set_calm(self, calm: bool) -> None:
        """Hide messages about the run, which might give away the answer to a question in the ideas."""
        self._calm = calm
        self.catch_up()

    def say(self, rank: Rank, messages: Sequence[StatusMessage]) -> None:
        """Set all messages of a rank; those without a text are ignored."""
        messages = [message for message in messages if message.text]
        if rank is not Rank.NOTICE:
            keys = {message.key for message in messages}
            self._closed = {(of, key) for of, key in self._closed if of is not rank or key in keys}
            if not keys <= {message.key for message in self._messages[rank]}:
                self._chosen = None  # a new message is shown first
        self._messages[rank] = messages
        self._show()

    def offer_undo(
        self,
        text: str,
        short: str,
        undo: Callable[[], object],
        holds: Callable[[], bool] = always,
        *,
        redo: Callable[[], object] | None = None,
        can_redo: Callable[[], bool] = always,
        brief: bool = False,
    ) -> None:
        """Report what was done for ten seconds, and offer to undo it as long as `holds` returns True: for ten seconds
        if it is `brief`, otherwise in its turn. `redo` does it again."""
        step = None
        tip, take, true = tr("Takes it back."), undo, holds
        if not self._calm:
            self._end_brief()
            step = self.order.add(short or text, undo, holds, redo, can_redo)
            tip = tr("Takes it back. So does {keys}, until you do something else.", keys=keys_text("Ctrl+Z"))
            take, true = partial(self.order.take, step), lambda: not step.taken_back and holds()
        offer = Offer(tr("Undo"), tr("Undo"), tip, take)
        self.say(Rank.UNDO, [StatusMessage(Rank.UNDO, object(), text, short, offer=offer, holds=true)])
        self._brief = step if brief else None
        self._undo_time.start()
        self._show(at_once=True)

    def recall(self, rank: Rank) -> bool:
        """Show the message of a rank at once, even if it was closed; return False if there is none."""
        if not self._messages[rank]:
            return False
        self._closed = {(of, key) for of, key in self._closed if of is not rank}
        self._chosen = self._messages[rank][0].key
        self._show(at_once=True)
        return True

    def refuse(self, why: str, *, holds: Callable[[], bool] = always) -> None:
        """Report for ten seconds why an input is invalid, as long as `holds` returns True."""
        self.tell(why, refuses=True, holds=holds)

    def tell(
        self,
        what: str,
        short: str = "",
        *,
        refuses: bool = False,
        holds: Callable[[], bool] = always,
        minor: bool = False,
    ) -> None:
        """Report for ten seconds what was done, while `holds()`. A pending undo stays, before a `minor` message."""
        message = StatusMessage(Rank.UNDO, object(), what, short, refuses=refuses, holds=holds)
        offered = [each for each in self._pending() if each.rank is Rank.UNDO and each.offer is not None][:1]
        self.say(Rank.UNDO, [*offered, message] if minor else [message, *offered])
        self._undo_time.start()
        self._show(at_once=True)

    def _end_undo(self) -> None:
        if self.message.is_held:  # the user may be about to click it
            self._undo_time.start()
        else:
            self._end_brief()
            later = self._messages[Rank.UNDO][1:]  # each has its ten seconds
            self.say(Rank.UNDO, later)
            if later:
                self._undo_time.start()

    def _end_brief(self) -> None:
        if self._brief is not None:
            self.order.forget(self._brief)
        self._brief = None

    def _pending(self) -> list[StatusMessage]:
        of_the_run = {Rank.COPY, Rank.NOTICE} if self._calm else {Rank.NOTICE} if self._wide_plan() else set()
        ranks = [rank for rank in Rank if rank not in of_the_run]
        every = (message for rank in ranks for message in self._messages[rank])
        return [each for each in every if (each.rank, each.key) not in self._closed and each.holds()]

    def _show_next(self) -> None:
        left, said = self._pending(), self.message.said
        now = next((i for i, message in enumerate(left) if said is not None and message.key == said.key), -1)
        if left:
            self._chosen = left[(now + 1) % len(left)].key
        self._show(at_once=True)

    def _take_offer(self) -> None:
        if (message := self.message.said) is not None and message.offer is not None and not message.offer.off:
            self._closed.add((message.rank, message.key))
            self._show(at_once=True)
            message.offer.take()

    def _take_trial(self) -> None:
        if (message := self.message.said) is not None and message.trial is not None:
            message.trial.take()

    def _explain(self) -> None:
        if (message := self.message.said) is not None:
            self.explanation.explain(message.why, message.idea, self.message.why_button)

    def _close_message(self) -> None:
        if (message := self.message.said) is not None:
            self._closed.add((message.rank, message.key))
        self._show(at_once=True)

    def catch_up(self) -> None:
        self._show(at_once=True)
        self.refit()

    def _show(self, *, at_once: bool = False) -> None:
        """Update the message, unless it is too early; one that is no longer true goes at once."""
        self.order.show()
        said = self.message.said
        if not at_once and (said is None or said.holds()) and (self.message.is_held or self._pace.isActive()):
            return
        pending = self._pending()
        number = next((i for i, message in enumerate(pending) if message.key == self._chosen), 0)
        if (shown := (pending[number] if pending else None, number + 1, len(pending))) != self._shown:
            if (new := shown[0]) is not None and (new.rank, new.key) not in self._announced:
                self._announced.add((new.rank, new.key))
                announce(self, new.text, "quiet" if new.rank is Rank.UNDO else "normal")
            self._shown = shown
            self.message.show_message(*shown)
            self.refit()
            self._pace.start()

    def refit(self) -> None:
        """Choose the longest wordings that fit: first the status is shortened, then the sentence, then the button."""
        free = max(0, self.width() - 2 * _SIDE - self._wide_plan())
        if self._steps is not None and not self._steps.isHidden():
            free -= _BETWEEN + self._steps.sizeHint().width()
        statuses = (*((self._hint,) if self._calm else self.status.wordings), "")
        taken = self._fit_message(free)
        status = next((each for each in statuses if taken + self._wide(each) <= free), "")
        self.status.setText(status)
        self.status.setVisible(bool(status))

    def _fit_message(self, free: int) -> int:
        """Choose the wording of the message and return its largest width so far, which only grows while the message
        stays: changing numbers must neither switch between wordings nor move the buttons."""
        message, view = self.message.said, self.message
        if message is None:
            self._fitted = None, 0, 0
            return 0
        offers = ("",) if message.offer is None else (message.offer.text, message.offer.short)
        ways = list(product(offers, message.wordings))
        fitted_for = (message.rank, message.key, self._shown[2], len(ways), free)
        first, widest = self._fitted[1:] if self._fitted[0] == fitted_for else (0, 0)
        for way in range(first, len(ways)):
            offer, text = ways[way]
            if (wide := view.wide(text, offer)) <= free:
                break
        widest = max(wide, widest if way == first else 0)
        self._fitted = fitted_for, way, widest
        view.fit(text, offer, min(widest, free))
        return widest

    def _wide_plan(self) -> int:
        width = self.plan_place.sizeHint().width()
        return _BETWEEN + width if width else 0

    def _wide(self, status: str) -> int:
        return _BETWEEN + self.status.fontMetrics().horizontalAdvance(status) + 1 if status else 0

    def _measure(self) -> None:
        """Fix the height to that of the highest part, visible or not, so that nothing moves when a message appears."""
        self.status.ensurePolished()
        self.setFixedHeight(self.message.height_needed() + 2 * _ABOVE)
        self._fitted = None, 0, 0
        self.refit()

    adopt_theme = _measure

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.minimumHeight())
