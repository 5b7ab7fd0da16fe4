"""Messages for the line at the bottom, their order, and the widget that shows one of them with its buttons."""

from collections.abc import Callable, Hashable, Iterator
from enum import IntEnum
from typing import Final

from msgspec import Struct
from msgspec.structs import astuple
from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QCursor, QEnterEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QPushButton, QWidget

from mnistviz.gui.common.icons import icon
from mnistviz.gui.common.layouts import column_of, row_of, styled
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.timers import new_timer
from mnistviz.gui.common.tooltips import explain, set_tooltip
from mnistviz.gui.common.undo_order import always
from mnistviz.gui.common.widgets import Popup, describe, push_button, restyle
from mnistviz.gui.common.wrapped import WrappedLabel, whole_words


class Rank(IntEnum):
    """The kinds of messages, the most important first."""

    UNDO = 0  # for ten seconds
    FAULT = 1
    COPY = 2  # until it is accepted or discarded
    WORK = 3  # as long as it goes on
    NOTICE = 4


class _Comparable(Struct, frozen=True, eq=False):
    """Equal to another one with equal words: what it does is made anew with each message."""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, type(self)):
            return False
        pairs = zip(astuple(self), astuple(other), strict=True)
        return all(callable(own) or own == value for own, value in pairs)

    def __hash__(self) -> int:
        return hash(tuple(value for value in astuple(self) if not callable(value)))


class Offer(_Comparable, frozen=True, eq=False):
    """The command of a message's button: its text, `short` for little space, and tooltip; disabled while `off`."""

    text: str
    short: str
    tip: str
    take: Callable[[], object]
    off: bool = False


class StatusMessage(_Comparable, frozen=True, eq=False):
    """A message. With the same `key` it counts as the same message, even if its text changes."""

    rank: Rank
    key: Hashable
    text: str
    short: str = ""
    why: str = ""
    offer: Offer | None = None
    trial: Offer | None = None  # a trial of the offer
    idea: str = ""  # the page of ideas behind it
    refuses: bool = False  # whether it reports an invalid input, whatever its rank
    holds: Callable[[], bool] = always
    """Whether it is still true; otherwise it is removed."""

    @property
    def is_fault(self) -> bool:
        return self.refuses or self.rank is Rank.FAULT

    @property
    def wordings(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.text, self.short)))


HOLD = 10_000  # milliseconds after a mouse movement for which the buttons do not change
_SPACING = 6  # pixels
_MARKS: Final = {Rank.UNDO: "✓", Rank.FAULT: "▲", Rank.COPY: "◇", Rank.WORK: "…", Rank.NOTICE: "◆"}


class Message(QWidget):
    """A mark, the text, action buttons, and buttons to ask why, to show the next message and to close this one."""

    def __init__(self, parent: QWidget, let_go: Callable[[], object]) -> None:
        """Call `let_go` when the mouse has left it or stopped moving."""
        super().__init__(parent, mouseTracking=True)
        self._let_go = let_go
        self.said: StatusMessage | None = None
        self.mark = styled(QLabel(), "mark")
        self.text = styled(QLabel(textFormat=Qt.TextFormat.PlainText), "said")  # may name a class of the data
        self.next_button, self.offer_button, self.trial_button = QPushButton(), QPushButton(), QPushButton()
        self.why_button, self.away_button = QPushButton(tr("why?")), QPushButton()
        self.buttons: tuple[QAbstractButton, ...] = (
            self.offer_button, self.trial_button, self.why_button, self.next_button, self.away_button
        )  # fmt: skip
        self._hold_timer = new_timer(self, let_go, HOLD)
        self._describe()
        row = row_of(spacing=_SPACING, inside=self)
        for part in (self.mark, self.text, *self.buttons):
            row.addWidget(part)
            part.setMouseTracking(True)
            part.hide()
        row.addStretch(1)
        for button in self.buttons:
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.installEventFilter(self)
        self.adopt_theme()

    def _describe(self) -> None:
        for button in (self.next_button, self.why_button, self.away_button):
            button.setProperty("role", "quiet")
        for part, name, spoken, tip in (
            (self.text, "said", "", tr("What the program has noticed about this run, or an error.")),
            (self.offer_button, "offer_button", tr("Apply"), tr("Does what may help.")),
            (self.trial_button, "trial_button", tr("Try it first"), tr("Tries what may help.")),
            (self.next_button, "next_notice_button", tr("The next notice"), tr("Shows the next notice.")),
            (self.why_button, "why_button", tr("Why?"), tr("Explains it in a few sentences.")),
            (self.away_button, "put_away_button", tr("Put this away"),
                tr("Hides this message until there is another one.")),
        ):  # fmt: skip
            describe(part, name, spoken, tip)

    def show_message(self, message: StatusMessage | None, number: int, count: int) -> None:
        """Show a message, the `number`th of `count`, without its text, which `fit` chooses; None clears it."""
        self.said = message
        fault = message is not None and message.is_fault
        self.mark.setText("" if message is None else _MARKS[Rank.FAULT if fault else message.rank])
        restyle(self.mark, "invalid", fault)
        offer = None if message is None else message.offer
        self.next_button.setText(tr("{number} of {count} ›", number=number, count=count))
        for part, is_seen in (
            (self.mark, message is not None),
            (self.text, message is not None),
            (self.next_button, count > 1),
            (self.offer_button, offer is not None),
            (self.trial_button, message is not None and message.trial is not None),
            (self.why_button, message is not None and bool(message.why)),
            (self.away_button, message is not None),
        ):
            part.setVisible(is_seen)
        if message is None:
            return
        self.text.setAccessibleName(message.text)
        for button, does in ((self.offer_button, offer), (self.trial_button, message.trial)):
            if does is not None:
                button.setText(does.text)  # without a text its size is that of four letters
                button.setAccessibleName(does.text)
                button.setEnabled(not does.off)
                explain(button, does.tip)

    def wide(self, text: str, offer: str) -> int:
        """Put `offer` on its button, and what belongs to it on the trial button; return the width with this text."""
        for button, words in self._on_buttons(offer):
            button.setText(words)
        parts = [part for part in (self.mark, *self.buttons) if not part.isHidden()]
        width = sum(part.sizeHint().width() for part in parts) + _SPACING * len(parts)
        return width + self.text.fontMetrics().horizontalAdvance(text) + 1

    def fit(self, text: str, offer: str, width: int) -> None:
        """Show this text, or as many of its words as fit, and fill `width`."""
        assert self.said is not None
        room = max(0, width - self.wide("", offer))
        text = whole_words(text, self.text.fontMetrics(), room)
        self.text.setMinimumWidth(room + 1)
        self.text.setText(text)
        set_tooltip(self.text, "" if text == self.said.text else self.said.text)

    def _on_buttons(self, offer: str) -> Iterator[tuple[QPushButton, str]]:
        if (said := self.said) is not None and said.offer is not None:
            yield self.offer_button, offer
            if said.trial is not None:
                yield self.trial_button, said.trial.text if offer == said.offer.text else said.trial.short

    def height_needed(self) -> int:
        for part in (self.text, *self.buttons):
            part.ensurePolished()
        return max(self.text.fontMetrics().height(), *(button.sizeHint().height() for button in self.buttons))

    def adopt_theme(self) -> None:
        self.away_button.setIcon(icon("remove", theme().muted))

    @property
    def is_held(self) -> bool:
        """Whether the mouse or the focus is on it, so that it must not change."""
        return self.said is not None and self._hold_timer.isActive() and self._is_in_use()

    def hold(self) -> None:
        self._hold_timer.start()

    def release(self) -> None:
        """End that time, unless the mouse or the focus is still on it."""
        if not self._is_in_use():
            self._hold_timer.stop()
            self._let_go()

    def _is_in_use(self) -> bool:
        pointed = self.rect().contains(self.mapFromGlobal(QCursor.pos()))  # not every leave event arrives
        return pointed or QApplication.focusWidget() in self.buttons

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.hold()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self.hold()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.release()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.KeyPress):
            self.hold()
        elif event.type() == QEvent.Type.FocusOut:
            QTimer.singleShot(0, self, self.release)  # only then is the new focus known
        return False


_WIDEST = 52  # letters per line, for easy reading
_GAP = 6  # pixels to the widget that it explains


class Explanation(Popup):
    """A popup with a reason, and a button for the idea behind it. Escape or a click outside closes it."""

    def __init__(self, parent: QWidget, see: Callable[[str], object]) -> None:
        """Call `see` with the page of ideas that is wanted."""
        super().__init__("explanation", parent)
        self._why = WrappedLabel()
        self._why.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        describe(self._why, "why", tr("Why it is said"), tr("Escape or a click beside it closes this."))
        self._see, self._idea = see, ""
        tip = tr("Opens the page of ideas behind it.")
        self._button = push_button("quiet", "see_idea_button", tr("See the idea"), tip, act=self._open)
        parts = self._why, (self._button, 0, Qt.AlignmentFlag.AlignLeft)
        column_of(*parts, spacing=6, margins=(14, 11, 14, 12), inside=self)

    def _open(self) -> None:
        self.close()
        self._see(self._idea)

    def explain(self, why: str, idea: str, above: QWidget) -> None:
        self._why.setText(why)
        self._idea = idea
        self._button.setVisible(bool(idea))
        self.ensurePolished()
        window = above.window()
        width = min(_WIDEST * self._why.fontMetrics().averageCharWidth(), window.width() - 2 * _GAP)
        self.setFixedWidth(width)
        self.setFixedHeight(self.heightForWidth(width))
        left = min(above.mapTo(window, QPoint()).x(), window.width() - width - _GAP)
        top = above.mapTo(window, QPoint()).y() - self.height() - _GAP
        self.move(window.mapToGlobal(QPoint(max(_GAP, left), max(_GAP, top))))
        self.show()
