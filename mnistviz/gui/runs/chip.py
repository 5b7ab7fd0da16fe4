"""A run as a chip: its letter in its hue, its name, what it reads right, and a switch."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QEnterEvent,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from mnistviz.gui.common import numbers
from mnistviz.gui.common.icons import icon
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import describe, tabular
from mnistviz.gui.runs.run_words import RunTexts

LEVELS = (
    (0, 0, 0),
    (0, -1, 0),
    (-1, -1, 0),
    (-1, None, 0),
    (None, None, 0),
    (None, None, 1),
    (None, None, None),
)
"""In less and less room: which wording of the name the selected run has, which the others have, and which all have of
what they read right; None for none."""
_LEFT, _RIGHT, _GAP, _SWITCH = 9, 3, 5, 20  # pixels
_OFTEN = 0.9999  # as wide as nearly all shares


class Chip(QPushButton):
    """Says what the hand asks for. Its parts are labels, which Qt paints."""

    switched = Signal(bool)
    rename_wanted = Signal()
    close_wanted = Signal()
    menu_wanted = Signal(QPoint)  # on the screen
    pointed = Signal(bool)
    moved = Signal(int)  # to the chip so many places on

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setAutoExclusive(False)
        self.setProperty("role", "chip")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._words: RunTexts | None = None
        self._look: tuple[object, ...] = ()
        self._level = 0
        self.letter, self.name, self.share = (QLabel(self) for _ in range(3))
        row = QHBoxLayout(self)
        row.setContentsMargins(_LEFT, 1, _RIGHT, 1)
        row.setSpacing(_GAP)
        for part, role in ((self.letter, "chipLetter"), (self.name, "chipName"), (self.share, "chipShare")):
            part.setProperty("role", role)
            part.setTextFormat(Qt.TextFormat.PlainText)
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            row.addWidget(part)
        self.share.setFont(tabular(QFont()))  # nothing but that: size and weight are the style sheet's
        self.share.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.switch = QToolButton(self)
        self.switch.setProperty("role", "chipSwitch")
        self.switch.setCheckable(True)
        self.switch.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.switch.setIconSize(QSize(16, 16))
        self.switch.setFixedWidth(_SWITCH)
        self.switch.clicked.connect(self.switched)
        row.addWidget(self.switch)

    # What it shows

    def show_run(self, words: RunTexts, *, selected: bool, on: bool, absent: bool) -> None:
        """Takes its words; they are seen with the next `set_level`."""
        if words != self._words:
            self._words = words
            describe(self, f"run_{words.letter}_chip", words.said, words.tip)
            on_off = self.tr("Whether run {run} learns when the lab learns.").format(run=words.letter)
            describe(
                self.switch,
                f"run_{words.letter}_switch",
                self.tr("Run {run} on").format(run=words.letter),
                on_off,
            )
        self.setChecked(selected)
        self.switch.setChecked(on)
        self._absent = absent

    def set_look(self, theme: Theme, hue: str, *, waits: bool) -> None:
        """Takes its hue; the switch shows whether it is on, or waits for others."""
        look = theme, hue, waits, self.switch.isChecked()
        if look != self._look:
            self._look = look
            self.letter.setStyleSheet(f"color: {hue}")
            on = self.switch.isChecked()
            name = "waits" if waits else "switch-on" if on else "switch-off"
            self.switch.setIcon(icon(name, theme.accent if on else theme.muted))

    def wide(self, level: int) -> int:
        """How many pixels it needs at a level."""
        name, share = self._texts(level)
        needed = _LEFT + _RIGHT + _SWITCH + 2 + self._wide(self.letter, self._letter()) + _GAP
        if name:
            needed += self._wide(self.name, name) + _GAP
        if share:
            needed += self._wide_share(share) + _GAP
        return needed

    def set_level(self, level: int) -> None:
        """Shows as much as the level says."""
        self._level = level
        name, share = self._texts(level)
        self.letter.setText(self._letter())
        self.name.setText(name)
        self.name.setVisible(bool(name))
        if share and self.share.minimumWidth() != self._wide_share(share):
            self.share.setFixedWidth(self._wide_share(share))
            self.share.clear()  # or it would go on wanting what it had at the least before
        self.share.setText(share)
        self.share.setVisible(bool(share))
        self.setFixedWidth(self.wide(level))

    def _texts(self, level: int) -> tuple[str, str]:
        assert self._words is not None
        selected, other, share = LEVELS[level]
        name = selected if self.isChecked() else other
        return (
            "" if name is None else self._words.names[name],
            "" if share is None else self._words.shares[share],
        )

    def _letter(self) -> str:
        assert self._words is not None
        return self.tr("({run})").format(run=self._words.letter) if self._absent else self._words.letter

    def _wide(self, label: QLabel, text: str) -> int:
        label.ensurePolished()
        return QFontMetrics(label.font()).horizontalAdvance(text) + 2

    def _wide_share(self, share: str) -> int:
        """Of nearly any share: it moves nothing when it becomes another."""
        usual = numbers.percent(_OFTEN) if "%" in share else numbers.about_percents(_OFTEN)
        return max(self._wide(self.share, share), self._wide(self.share, usual))

    def sizeHint(self) -> QSize:
        high = max(self.name.sizeHint().height(), self.letter.sizeHint().height(), 18)
        return QSize(self.wide(self._level) if self._words else 0, high + 6)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()

    # What the hand asks for

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.rename_wanted.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Left:
                self.moved.emit(-1)
            case Qt.Key.Key_Right:
                self.moved.emit(1)
            case Qt.Key.Key_Delete:
                self.close_wanted.emit()
            case Qt.Key.Key_Menu:
                self.menu_wanted.emit(self.mapToGlobal(self.rect().bottomLeft()))
            case _:
                super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.pointed.emit(True)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointed.emit(False)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.pointed.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.pointed.emit(False)
