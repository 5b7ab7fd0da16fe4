"""The parts beside a lane: letter, name and the field to edit it at the left, accuracy and switch at the right."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QSize, Qt
from PySide6.QtGui import QContextMenuEvent, QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QToolButton, QToolTip, QWidget

from mnistviz.gui.common.icons import icon
from mnistviz.gui.common.layouts import styled
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import describe, restyle, tabular
from mnistviz.gui.common.wrapped import whole_words
from mnistviz.gui.lab.kept_runs import LONGEST_NAME
from mnistviz.gui.runs.lane import RunTexts

BADGE_WIDTH, BADGE_HEIGHT, TO_NAME = 16, 14, 6  # pixels
SWITCH = 18  # pixels


class LaneHead(QPushButton):
    """Letter and name of a run; a click selects it."""

    def __init__(
        self,
        parent: QWidget,
        *,
        rename: Callable[[], object],
        end: Callable[[], object],
        open_menu: Callable[[QPoint], object],
        point: Callable[[bool], object],
        go: Callable[[int], object],
    ) -> None:
        """Call `open_menu` with a screen position, `point` with whether the mouse or the focus is on the head, and `go`
        with how many lanes the focus moves."""
        super().__init__(parent)
        self.rename, self.end, self.open_menu, self.point, self.go = rename, end, open_menu, point, go
        self.setCheckable(True)
        self.setProperty("role", "lane")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._texts: RunTexts | None = None
        self._state: object = None
        self.letter, self.name = QLabel(self), QLabel(self)
        self.letter.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for part, role in ((self.letter, "laneLetter"), (self.name, "laneName")):
            part.setProperty("role", role)
            part.setTextFormat(Qt.TextFormat.PlainText)
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_run(self, texts: RunTexts, theme: Theme, hue: str, *, selected: bool, absent: bool) -> None:
        self.setChecked(selected)
        state = theme, hue, absent
        if state != self._state:
            self._state = state
            inside, letter = (theme.card, hue) if absent else (hue, theme.card)
            self.letter.setStyleSheet(f"background: {inside}; color: {letter}; border: 1px solid {hue};")
        role = "chosenLaneName" if selected else "laneName"
        if self.name.property("role") != role:
            restyle(self.name, "role", role)
            self._fit()
        if texts != self._texts:
            self._texts = texts
            self.letter.setText(texts.letter)
            describe(self, f"run_{texts.letter}_lane", texts.said, texts.tip)
            self._fit()

    def _fit(self) -> None:
        height = self.height()
        wide = max(BADGE_WIDTH, self.letter.fontMetrics().horizontalAdvance("W") + 4)
        high = min(max(BADGE_HEIGHT, self.letter.sizeHint().height() - 2), height)
        self.letter.setGeometry(1, (height - high) // 2, wide, high)
        left = 1 + wide + TO_NAME
        self.name.setGeometry(left, 0, max(0, self.width() - left), height)
        if self._texts is not None:
            self.name.setText(fitting(self._texts.names, self.name))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    # Events

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.rename()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.open_menu(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Up:
                self.go(-1)
            case Qt.Key.Key_Down:
                self.go(1)
            case Qt.Key.Key_Delete:
                self.end()
            case Qt.Key.Key_Menu:
                self.open_menu(self.mapToGlobal(self.rect().bottomLeft()))
            case _:
                super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.point(True)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.point(False)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.point(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.point(False)


class LaneTail(QWidget):
    def __init__(self, parent: QWidget, switch: Callable[[bool], object]) -> None:
        super().__init__(parent)
        self.setObjectName("lane_tail")
        self._state: object = None
        self.share = styled(QLabel(self), "laneShare")
        self.share.setTextFormat(Qt.TextFormat.PlainText)
        self.share.setFont(tabular(self.share.font()))
        self.share.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.switch = QToolButton(self)
        self.switch.setProperty("role", "laneSwitch")
        self.switch.setCheckable(True)
        self.switch.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.switch.setIconSize(QSize(16, 16))
        self.switch.clicked.connect(lambda on: switch(on))

    def show_run(self, texts: RunTexts, theme: Theme, *, on: bool) -> None:
        self.share.setText(texts.share)
        self.switch.setChecked(on)
        state = texts.letter, theme, texts.waits, on
        if state == self._state:
            return
        self._state = state
        name = "waits" if texts.waits else "switch-on" if on else "switch-off"
        self.switch.setIcon(icon(name, theme.accent if on else theme.muted))
        tip = self.tr("When this is on, run {run} learns whenever the lab learns.").format(run=texts.letter)
        accessible = self.tr("Run {run} on").format(run=texts.letter)
        describe(self.switch, f"run_{texts.letter}_switch", accessible, tip)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width, height = self.width(), self.height()
        self.switch.setGeometry(width - SWITCH, 0, SWITCH, height)
        self.share.setGeometry(0, 0, max(0, width - SWITCH - 8), height)


def fitting(wordings: tuple[str, ...], label: QLabel) -> str:
    """Return the first of some wordings that fits a label, or as many words of the last one as fit."""
    metrics, room = label.fontMetrics(), label.width()
    fits = (text for text in wordings if metrics.horizontalAdvance(text) <= room)
    return next(fits, whole_words(wordings[-1], metrics, room))


class NameField(QLineEdit):
    """Enter or leaving accepts the name, Escape keeps the old one. An empty name restores the generated one."""

    def __init__(self, parent: QWidget, done: Callable[[str | None], object]) -> None:
        super().__init__(parent)
        self._done = done
        self._too_long = self.tr("A name has {count} letters at most.").format(count=LONGEST_NAME)
        tip = self.tr("A name of up to {count} letters. Enter takes it, Escape keeps the old one.")
        describe(self, "run_name_field", self.tr("Name of the run"), tip.format(count=LONGEST_NAME))
        self.textEdited.connect(self._shorten)
        self.returnPressed.connect(lambda: self._finish(self.text()))
        self.hide()

    def ask(self, name: str, made: str) -> None:
        """Show the field with a name, or with the generated one as a placeholder."""
        self.setText(name)
        self.setPlaceholderText(made if len(made) <= LONGEST_NAME else "")
        self.selectAll()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _shorten(self, text: str) -> None:
        if len(text) > LONGEST_NAME:
            at = self.cursorPosition()
            self.setText(text[:LONGEST_NAME])
            self.setCursorPosition(min(at, len(self.text())))
            QToolTip.showText(self.mapToGlobal(self.rect().bottomLeft()), self._too_long, self)

    def _finish(self, text: str | None) -> None:
        if not self.isHidden():
            self.hide()
            self._done(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._finish(None)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:  # its own menu
            self._finish(self.text())
