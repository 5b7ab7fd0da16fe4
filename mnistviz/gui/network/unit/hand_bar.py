"""Above a unit shown large: its name, tools that edit weights by hand, and the units by how much they are needed."""

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractItemView,
    QBoxLayout,
    QLabel,
    QListView,
    QListWidget,
    QListWidgetItem,
    QToolButton,
    QWidget,
)

from mnistviz.engine.microscope.edit_effect import UnitRanking, rank_units
from mnistviz.engine.moment import Moment
from mnistviz.gui.common.fitted import Fitted
from mnistviz.gui.common.layouts import FlowLayout, column_of, keep_place, label, row_of, styled
from mnistviz.gui.common.number_edit import NumberEdit
from mnistviz.gui.common.numbers import whole
from mnistviz.gui.common.scales import Scale
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.tooltips import set_tooltip
from mnistviz.gui.common.widgets import (
    ActionPushButton,
    ElidedLabel,
    claims,
    describe,
    new_action,
    push_button,
    scaled,
    set_icon,
)
from mnistviz.gui.common.wrapped import ShortenedLabel
from mnistviz.gui.lab.lab_changes import RunEnded
from mnistviz.gui.lab.preview import is_the_same
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.network.unit import hand_words as words
from mnistviz.gui.network.unit.hand_work import NO_UNIT, HandWork

_BOUNDS: Final = (-1_000.0, 1_000.0)  # of a bias
_BRUSH: Final = 28  # pixels, the width of a brush button
_GAP: Final = 2  # pixels between two buttons
_LINE: Final = 8  # pixels around a line of the list, and around the words of a button


class TriedLine(QWidget):
    """What an edit does to the test digits; its room is there before there is one."""

    def __init__(self, work: HandWork) -> None:
        super().__init__()
        self._work, self._is_short = work, False
        self.setProperty("role", "scrolled")
        self.said, self.digits = styled(ShortenedLabel(), "", "by_hand_said"), QWidget()
        self.lost, self.won = (
            push_button(
                "option", f"by_hand_{which}", tip=tip, accessible=tip, act=partial(work.open_digits, which)
            )
            for which, tip in (("lost", words.opens_lost()), ("won", words.opens_won()))
        )
        self.lost.setProperty("counts", "lost")
        self.won.setProperty("counts", "won")
        row_of(self.lost, self.won, spacing=_GAP, inside=self.digits)
        keep_place(self.digits)
        row_of((self.said, 1), self.digits, spacing=4, inside=self)
        self.show_state()

    def widths(self, *, is_short: bool) -> list[int]:
        """Return the least widths of the buttons, so that they keep their places."""
        wide = self.lost.fontMetrics().horizontalAdvance
        return [wide(words.counted(*most)[is_short]) + _LINE + 2 for most in (("lost", 888), ("won", 88))]

    def shorten(self, *, is_short: bool) -> None:
        """Count with signs alone, or with words, too."""
        if is_short != self._is_short:
            self._is_short = is_short
            self.show_state()

    def show_state(self) -> None:
        effect, short = self._work.effect, self._is_short
        for button, width in zip((self.lost, self.won), self.widths(is_short=short), strict=True):
            button.setMinimumWidth(width)
            if effect is not None:
                texts = words.counted(which := button.property("counts"), len(getattr(effect, which)))
                button.setText(texts[short])
                button.setAccessibleName(texts[0])
        self.digits.setVisible(effect is not None)
        self.said.set_wordings(*(self._work.said if self._work.tried is not None else ()))


class HandBar(Fitted, QWidget):
    def __init__(self, work: HandWork, *more: QAction) -> None:
        super().__init__()
        self._work = work
        self.setProperty("role", "scrolled")
        self.bias = NumberEdit(
            tr("The bias"), _BOUNDS, 0.0, lambda _: work.set_bias(self.bias.value()),
            scale=Scale(*_BOUNDS, step=0.1), grows=False,
        )  # fmt: skip
        describe(self.bias, "unit_bias", tr("Bias"), tr("Tries another bias, on a copy. (Return)"))
        bias = QWidget()
        row_of(label("smallPrint", tr("bias")), self.bias, spacing=4, inside=bias)
        brushes = [option_button(action) for action in work.brushes.values()]
        for button in brushes:
            button.set_icon_only(True)
            button.setFixedWidth(_BRUSH)
        self._more = [bias, *(option_button(action) for action in (work.freeze, *more))]
        self._tools = FlowLayout(spacing=4)
        for part in (option_button(work.switch_off), *brushes, *self._more):
            self._tools.addWidget(part)
        self.tried = TriedLine(work)
        self._column = column_of(self._tools, (self.tried, 1), spacing=4, inside=self)
        self._docked = False
        work.changed.connect(self.show_state)
        self.show_state()

    def show_docked(self, docked: bool) -> None:
        """Leave what has no room in a panel to the menu and to the window."""
        self._docked = docked
        for part in self._more:
            part.setVisible(not docked)
        self.refit()

    def refit(self) -> None:
        """Place the effect beside the tools of a panel if it has room, with its words or without, else below."""
        room = self.width() - self._tools.sizeHint().width() - self._column.spacing()
        long, short = (sum(self.tried.widths(is_short=is_short)) + _GAP for is_short in (False, True))
        is_row = self._docked and short <= room
        self.tried.shorten(is_short=is_row and long > room)
        ways = QBoxLayout.Direction
        self._column.setDirection(ways.LeftToRight if is_row else ways.TopToBottom)

    def show_state(self) -> None:
        work, bias = self._work, self._work.bias
        self.bias.setEnabled(work.can_try and bias is not None)
        if bias is None:
            self.bias.setText("")  # unlike `clear`, it does not count as an edit
        elif not self.bias.isModified() and (round(bias, 2) != self.bias.value() or not self.bias.text()):
            self.bias.set_value(round(bias, 2))
        self.tried.show_state()


def option_button(action: QAction) -> ActionPushButton:
    return styled(ActionPushButton(action), "option")


_KEY: Final = "needed units"


class NeededUnits(QWidget):
    """Ranks the units of the layer by the test digits that are lost without each, for the current weights."""

    def __init__(
        self, hand: HandWork, show_unit: Callable[[int], object], show_some: Callable[[], None]
    ) -> None:
        """Create the list. `hand` knows the large unit; `show_unit` shows another one, `show_some` any if none is."""
        super().__init__()
        self._show_large, self._show_some = show_unit, show_some
        self.setProperty("role", "scrolled")
        self._lab, self._hand = hand.lab, hand
        self._shown = Shown()
        self._of: tuple[Moment, int] | None = None  # what is ranked, and of which layer
        self.ranking: UnitRanking | None = None
        self._failed, self._progress = False, (0, 1)
        text, short = tr("Wh&at does this unit do?"), tr("What does it do?")
        tip = tr(
            "Switches off each unit of the layer in turn, and ranks them by the test digits that are lost."
        )
        act = self._on_action
        self.action = new_action(self, "what_unit_does", text, tip, short=short, checkable=True, act=act)
        self.said = styled(ShortenedLabel(), "", "needed_units_said")
        self.list = _RankedList()
        tip = tr("The unit, and how many test digits more or fewer are right without it. (Left, Right)")
        describe(self.list, "needed_units", tr("Units by what they are needed for"), tip)
        self.list.currentRowChanged.connect(self._on_row)
        self._head = ShortenedLabel(
            tr("Digits more or fewer that are right without each unit, the least needed first:"),
            tr("Right without each, the least needed first:"),
            tr("The least needed first:"),
        )
        self._head.setObjectName("needed_units_head")
        self._head.setProperty("role", "smallPrint")
        self._lines = label("smallPrint", tr("unit") + "\n" + tr("digits"), name="needed_units_lines")
        self._lines.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        self._lines.setContentsMargins(0, self.list.frameWidth() + _LINE // 2, 0, 0)
        row = row_of(self._lines, (self.list, 1), spacing=4)
        column_of(self.said, self._head, row, spacing=2, inside=self)
        hand.lab.listen(RunEnded, self._on_ended)
        self.show_state()

    def draw(self, shown: Shown) -> None:
        before, self._shown = self._shown, shown.network_alone()
        if self._of is None and before.learns and shown.learns and before.number == shown.number:
            return  # nothing that it shows has changed
        moment = shown.moment
        if self._of is not None and (moment is None or not is_the_same(self._of[0], moment)):
            self._forget()
        self.show_state()

    def _on_ended(self, change: RunEnded) -> None:
        if self._shown.number == change.run.number:
            self._shown = Shown()
            self.cancel()

    def cancel(self) -> bool:
        is_active = self._of is not None
        self._forget()
        self.show_state()
        return is_active

    def _on_action(self, on: bool) -> None:
        self._forget()
        if on and self._hand.unit == NO_UNIT:
            self._show_some()
        moment, layer = self._shown.moment, self._hand.unit.layer
        if on and moment is not None and not self._why_not():
            self._of, self._progress = (moment, layer), (0, 1)
            work = partial(rank_units, moment.network, layer, self._lab.questions.digits.test)
            self._lab.questions.ask(_KEY, work, self._on_ranked, self._on_failure, self._on_progress)
        self.show_state()

    def _on_row(self, row: int) -> None:
        if self.ranking is not None and row >= 0:
            self._show_large(int(self.ranking.order[row]))

    def _on_ranked(self, ranking: UnitRanking) -> None:
        self.ranking = ranking
        with QSignalBlocker(self.list):
            self.list.clear()
            for unit in ranking.order:
                lost = int(ranking.lost[unit])
                item = QListWidgetItem(f"{whole(int(unit) + 1)}\n{words.change(lost)}")
                item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, words.needed_aloud(int(unit), lost))
                self.list.addItem(item)
        self.list.refit()
        self.show_state()
        self.list.horizontalScrollBar().setValue(0)  # the most expendable units are there

    def _on_failure(self, error: Exception) -> None:
        self._failed = True
        self.show_state()

    def _on_progress(self, done: int, of: int) -> None:
        self._progress = done, of
        self.show_state()

    def _forget(self) -> None:
        self._lab.questions.withdraw(_KEY)
        self._of = self.ranking = None
        self._failed = False

    def _why_not(self) -> str:
        layer, moment = self._hand.unit.layer, self._shown.moment
        sizes = () if moment is None else moment.network.sizes
        if sizes and (layer == len(sizes) - 1 or len(sizes) == 2):
            return tr("Only hidden units can be switched off: an output is the network's answer.")
        if sizes and self._hand.network is None:
            return tr("The network has no such unit. Choose one in the main window.")
        if self._shown.learns:
            return tr("Pause first: the units are ranked for weights that do not change.")
        return words.why_not(self._shown)

    def show_state(self) -> None:
        layer, unit = self._hand.unit
        is_of_layer = self._of is not None and self._of[1] == layer and self._hand.network is not None
        ranking = self.ranking
        # Without a unit the action shows one first.
        why_not = "" if self._hand.unit == NO_UNIT else self._why_not()
        self.action.setEnabled(is_of_layer or not why_not)
        self.action.setChecked(is_of_layer)
        set_tooltip(self.action, why_not if why_not and not is_of_layer else self.action.whatsThis())
        self.setVisible(is_of_layer)
        self._head.setVisible(ranking is not None)
        for part in (self._lines, self.list):
            part.setVisible(ranking is not None)
        if not is_of_layer:
            return
        if ranking is None:
            failed = (tr("The units could not be ranked."),) if self._failed else ()
            self.said.set_wordings(*(failed or words.ranking(*self._progress)))
            return
        self.said.set_wordings(*words.without(ranking, unit))
        row = next(row for row, each in enumerate(ranking.order) if each == unit)
        if row != self.list.currentRow():
            with QSignalBlocker(self.list):
                self.list.setCurrentRow(row)
            self.list.scrollToItem(self.list.item(row), QAbstractItemView.ScrollHint.EnsureVisible)


class _RankedList(Fitted, QListWidget):
    """List of units side by side; Left and Right move in the list, not in the layer."""

    def __init__(self) -> None:
        super().__init__()
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)

    def refit(self) -> None:
        """Divide the width among as many units as fit whole: a truncated number would be wrong."""
        metrics = self.fontMetrics()
        lines = [each for row in range(self.count()) for each in self.item(row).text().split("\n")]
        widest = max(map(metrics.horizontalAdvance, lines), default=0) + 2 * _LINE
        room = self.contentsRect().width()
        seen = max(1, room // widest)
        wide = max(widest, room // seen)  # also if there is no room for one
        self.setGridSize(QSize(wide, 2 * metrics.height() + _LINE))
        # otherwise a sliver of the next unit is visible
        self.setViewportMargins(0, 0, max(0, room - seen * wide), 0)

    def sizeHint(self) -> QSize:
        around, bar = self.contentsMargins(), self.horizontalScrollBar().sizeHint().height()
        return QSize(200, 2 * self.fontMetrics().height() + _LINE + bar + around.top() + around.bottom())

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        return claims(event, Qt.Key.Key_Left, Qt.Key.Key_Right) or super().event(event)


_SPACING: Final = 4
_STEP: Final = 24  # pixels, the width of a button to another unit
_DOCKED: Final = 26  # the width of the button to a separate window
_MOST_PIXELS: Final = (1 << 24) - 1  # the largest side of a Qt widget


class UnitHeader(Fitted, QWidget):
    def __init__(
        self, go_back: Callable[[], object], go_on: Callable[[], object], close: Callable[[], object]
    ) -> None:
        super().__init__()
        self.setProperty("role", "scrolled")
        self._docked, self._dockable = False, True
        self._titles: tuple[str, ...] = ("",)
        self.previous, self.next, self.dock, self.close_button = (QToolButton() for _ in range(4))
        self.title = styled(ElidedLabel(), "cardTitle", "unit_title")
        for button, name, text, what, act in (
            (self.previous, "unit_previous", "‹", tr("Previous unit"), go_back),
            (self.next, "unit_next", "›", tr("Next unit"), go_on),
        ):
            button.setText(text)
            describe(button, name, what, tr("{what} of the layer (arrow key)", what=what))
            button.setProperty("role", "option")
            button.clicked.connect(act)
        describe(self.close_button, "unit_close", tr("Close"), tr("Closes the unit. (Escape)"))
        self.close_button.setProperty("role", "quiet")
        self.dock.setProperty("role", "option")
        self.close_button.clicked.connect(close)
        self.note = styled(QLabel(), "cardNote", "unit_note")
        parts = self.title, self.note, None, self.previous, self.next, self.dock, self.close_button
        row_of(*parts, spacing=_SPACING, inside=self)
        self._write()

    def show_title(self, *wordings: str) -> None:
        """Show the first of these names that fits, the last one without the note."""
        self._titles = wordings
        self.refit()

    def refit(self) -> None:
        buttons = self.previous, self.next, self.dock, self.close_button
        taken = sum(each.sizeHint().width() + _SPACING for each in buttons if not each.isHidden())
        room, note = self.width() - taken - _SPACING, self.note.sizeHint().width() + _SPACING
        wide = self.title.fontMetrics().horizontalAdvance
        self.note.setVisible(wide(self._titles[-1]) < room - note)
        room -= note * (not self.note.isHidden())
        self.title.setText(next((each for each in self._titles if wide(each) < room), self._titles[-1]))
        self.title.setAccessibleName(self._titles[0])

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:  # the font or the buttons have changed
            self.refit()
        return done

    def adopt_theme(self) -> None:
        set_icon(self.close_button, "remove")
        set_icon(self.dock, "own-window")
        for button in (self.previous, self.next):
            button.setFixedWidth(scaled(_STEP, self))
        self._write()

    def show_docked(self, docked: bool) -> None:
        self._docked = docked
        self._write()

    def show_dockable(self, dockable: bool) -> None:
        if dockable != self._dockable:
            self._dockable = dockable
            self._write()

    def _write(self) -> None:
        self.close_button.setVisible(self._docked)
        self.dock.setEnabled(self._docked or self._dockable)
        text = tr("In a window of its own") if self._docked else tr("Dock")
        if self._docked:
            tip = tr("Shows the unit in a window of its own.")
        elif self._dockable:
            tip = tr("Shows the unit in the network card, in the place of the scratchpad.")
        else:
            tip = tr("The network card is too narrow to show the unit in it.")
        self.dock.setText("" if self._docked else text)
        style = Qt.ToolButtonStyle
        self.dock.setMaximumWidth(scaled(_DOCKED, self) if self._docked else _MOST_PIXELS)
        self.dock.setToolButtonStyle(style.ToolButtonIconOnly if self._docked else style.ToolButtonTextOnly)
        describe(self.dock, "unit_dock", text, tip)
