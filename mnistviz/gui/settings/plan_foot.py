"""The foot of the settings: a summary of the network, pending changes, and the buttons that apply or discard them."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QBoxLayout, QPushButton, QSizePolicy, QWidget

from mnistviz.gui.common.icons import icon
from mnistviz.gui.common.layouts import column_of, keep_place, row_of
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.widgets import describe, restyle, scaled, show_beside
from mnistviz.gui.common.wrapped import ShortenedLabel, Worded
from mnistviz.gui.settings.plan_words import PlanWords
from mnistviz.gui.settings.setting_control import ChangeDot

_INSET, _ABOVE, _BELOW = 14, 10, 14  # pixels
_LINE, _BETWEEN, _OVER_BUTTONS = 16, 4, 14  # pixels: the height of a line, and the gap below one
_BUTTON, _LOW_BUTTON, _NEW_RUN = 30, 22, 124  # pixels: the heights of a button, and the least width of one


class WordedButton(Worded, QPushButton):
    """A button with several texts, of which it shows the longest that fits."""

    def __init__(self, *wordings: str) -> None:
        super().__init__()
        self.set_wordings(*wordings)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return self._size(self._wordings[0])

    def minimumSizeHint(self) -> QSize:
        return self._size(self._wordings[-1])

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refit()

    def refit(self) -> None:
        fitting = (text for text in self._wordings if self._size(text).width() <= self.width())
        self.setText(next(fitting, self._wordings[-1]))

    def _size(self, text: str) -> QSize:
        shown, metrics = super().sizeHint(), self.fontMetrics()
        more = metrics.horizontalAdvance(text) - metrics.horizontalAdvance(self.text())
        return QSize(shown.width() + more, shown.height())


class PlanFoot(QWidget):
    """Shows the network and pending changes, with buttons to branch, to start a new run, and to discard. Its height
    does not depend on its text. In the line at the bottom it is visible only with something to apply."""

    new_run_wanted = Signal()
    used = Signal()
    changed = Signal()

    def __init__(self, summary: QWidget, branch: Callable[[], object], discard: Callable[[], object]) -> None:
        """Create the foot; `summary` shows the network; `branch` and `discard` are called by the buttons."""
        super().__init__()
        self.setObjectName("plan_foot")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._summary, self._in_line = summary, False
        self.dot, self.about = ChangeDot(), ShortenedLabel()
        self.about.setObjectName("plan_about")
        self.branch_button, self.discard_button = WordedButton(tr("Branch here")), WordedButton(tr("Discard"))
        self.discard_button.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.new_run_button = QPushButton(tr("New run"))
        self.new_run_button.setEnabled(False)
        self._describe_buttons(branch, discard)
        beside = self.new_run_button, 1, Qt.AlignmentFlag.AlignLeft
        self._status_row = row_of(self.dot, (self.about, 1), spacing=5)
        self._buttons = row_of(self.branch_button, beside, self.discard_button, spacing=8)
        self._column = column_of(summary, self._status_row, self._buttons, inside=self)
        self._column.addStretch()
        self.words = PlanWords(("",))
        self.show_plan(self.words)
        self.set_in_line(False)
        self.settle()

    def _describe_buttons(self, branch: Callable[[], object], discard: Callable[[], object]) -> None:
        for button, name, text, act, tip, keys in (
            (self.branch_button, "branch_here_button", tr("Branch here"), branch,
             tr("Begins a run with the same past up to here, and from here on with what is planned."), ""),
            (self.new_run_button, "new_run_button", tr("New run"), self.new_run_wanted.emit,
             tr("Begins a new run with these settings. The previous curves stay visible."), "Ctrl+N"),
            (self.discard_button, "revert_settings_button", tr("Discard"), discard,
             tr("Puts the controls back to the settings of this run."), ""),
        ):  # fmt: skip
            describe(button, name, text, tip, keys)
            button.clicked.connect(act)
            button.clicked.connect(self.used)

    def show_plan(self, words: PlanWords) -> None:
        self.words = words
        self.dot.setVisible(words.waits)
        self.about.set_wordings(*words.about)
        restyle(self.about, "role", "planText" if words.waits else "smallPrint")
        if words.branch:
            self.branch_button.set_wordings(*words.branch)
        self.branch_button.setVisible(bool(words.branch))
        self.discard_button.setVisible(words.waits)
        for button in (self.branch_button, self.new_run_button):
            restyle(button, "role", "primary" if words.waits else "")
        self.settle()

    def set_in_line(self, in_line: bool) -> None:
        self._in_line = in_line
        direction = QBoxLayout.Direction
        self._column.setDirection(direction.LeftToRight if in_line else direction.TopToBottom)
        self._column.setSpacing(10 if in_line else _BETWEEN)
        self._column.setContentsMargins(*((0, 0, 0, 0) if in_line else (_INSET, _ABOVE, _INSET, _BELOW)))
        self._summary.setVisible(not in_line)
        restyle(self, "role", "" if in_line else "foot")

    def settle(self) -> None:
        self._measure()
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure()

    def _measure(self) -> None:
        text = self.fontMetrics().height()
        line = max(_LINE, text)
        self._summary.setFixedHeight(line)
        self.about.setFixedHeight(line)
        high = max(_LOW_BUTTON, text + 6) if self._in_line else max(_BUTTON, text + 12)
        for button in (self.branch_button, self.new_run_button, self.discard_button):
            button.setFixedHeight(high)
        self.new_run_button.setMinimumWidth(0 if self._in_line else scaled(_NEW_RUN, self))
        policy = QSizePolicy.Policy.Fixed if self._in_line else QSizePolicy.Policy.Expanding
        self.branch_button.setSizePolicy(policy, QSizePolicy.Policy.Fixed)
        keep_place(self.discard_button, not self._in_line)
        words = _ABOVE + 2 * line + _BETWEEN
        self.setFixedHeight(high if self._in_line else words + _OVER_BUTTONS + high + _BELOW)
        self._buttons.setContentsMargins(0, 0 if self._in_line else _OVER_BUTTONS - _BETWEEN, 0, 0)

    def _show(self) -> None:
        waits, branches = self.words.waits, bool(self.words.branch)
        self.new_run_button.setVisible(not branches and (waits or not self._in_line))
        self.setVisible(not self._in_line or waits or branches)
        colour = theme().on_accent if waits else theme().text
        show_beside(self.new_run_button, icon("new", colour, theme().off))
        self.changed.emit()

    adopt_theme = _show
