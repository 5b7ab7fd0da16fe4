"""The chips of the first steps: large ones in a row, and a small row in which only the next one has its words."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from mnistviz.gui.common.choices import FIRST_STEPS, Chosen
from mnistviz.gui.common.focus_ring import has_ring
from mnistviz.gui.common.layouts import row_of
from mnistviz.gui.common.painted_figure import CENTRE, LEFT, set_ink
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.theme import TEXT, Theme, letters_on
from mnistviz.gui.common.widgets import describe

_WIDE, _HIGH, _GAP = 208, 44, 28  # pixels, of the large chips
_DISC, _DISC_AT, _WORDS_AT, _AFTER = 12, 24, 48, 16  # pixels
_SMALL_DISC, _SMALL_GAP = 8, 6  # pixels
_ABOVE, _BELOW = 13, 29  # pixels around the large chips
_LOW = 200  # pixels: in a lower card they have less room


class _Chip(QAbstractButton):
    def __init__(self, theme: Theme, step: str, words: str, tip: str, *, small: bool) -> None:
        super().__init__()
        self.theme, self.step, self._small = theme, step, small
        self.is_done = self.is_next = False
        self.setText(words)
        describe(self, f"first_step_{step}" + "_small" * small, words, tip)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_state(self, *, is_done: bool, is_next: bool) -> None:
        self.is_done, self.is_next = is_done, is_next
        self.setAccessibleDescription(self.tr("Done") if is_done else "")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        words = QFontMetrics(self._font()).horizontalAdvance(self.text()) + 1
        if not self._small:
            return QSize(max(_WIDE, _WORDS_AT + words + _AFTER), _HIGH)
        across = 2 * _SMALL_DISC
        return QSize(
            across + (_SMALL_GAP + words if self.is_next else 0), max(across, self.fontMetrics().height())
        )

    def _font(self) -> QFont:
        font = QFont(self.font())
        if not self._small:
            font.setPixelSize(round(self.fontInfo().pixelSize() * 15 / TEXT))
            font.setBold(True)
        return font

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = self.theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius = _SMALL_DISC if self._small else _DISC
        middle = QPointF(_SMALL_DISC if self._small else _DISC_AT, self.height() / 2)
        around = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if not self._small or has_ring(self):
            set_ink(
                painter,
                theme.accent if has_ring(self) or self.underMouse() else theme.border,
                fill=theme.card,
            )
            painter.drawRoundedRect(around, 4 if self._small else 10, 4 if self._small else 10)
        ground = theme.right if self.is_done else theme.accent_soft
        set_ink(painter, theme.accent if self._small and not self.is_done else "", fill=ground)
        painter.drawEllipse(middle, radius - 0.5, radius - 0.5)
        font = QFont(self.font())
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(letters_on(theme, ground) if self.is_done else theme.accent)
        number = str(FIRST_STEPS.index(self.step) + 1)
        room = QRectF(middle.x() - radius, 0, 2 * radius, self.height())
        draw_text(painter, room, CENTRE, "✓" if self.is_done else number)
        if not self._small or self.is_next:
            left = 2 * _SMALL_DISC + _SMALL_GAP if self._small else _WORDS_AT
            painter.setFont(self._font())
            painter.setPen(theme.text)
            draw_text(painter, QRectF(self.rect()).adjusted(left, 0, 0, 0), LEFT, self.text())


class FirstSteps(QWidget):
    """The chips, large until the first mini-batch and small from then on; gone once all is done."""

    def __init__(self, theme: Theme, chosen: Chosen, act: Callable[[str], object], *, small: bool) -> None:
        """Call `act` with the step whose chip is pressed."""
        super().__init__()
        self.setObjectName("first_steps" + "_small" * small)
        self._chosen, self._small = chosen, small
        words = {
            "start": (self.tr("Press Space"), self.tr("Starts the training, as Space does.")),
            "draw": (self.tr("Draw a digit"), self.tr("Goes to the scratchpad: draw over the digit there.")),
            "eta": (self.tr("Move η"), self.tr("Goes to the slider of the learning rate η.")),
        }
        self.chips = [_Chip(theme, step, *words[step], small=small) for step in FIRST_STEPS]
        for chip in self.chips:
            chip.clicked.connect(partial(act, chip.step))
        if small:
            row_of(*self.chips, spacing=_SMALL_GAP, inside=self)
        else:
            row_of(None, *self.chips, None, spacing=_GAP, margins=(0, _ABOVE, 0, _BELOW), inside=self)
        for part in ("first", "window"):
            chosen.listen(part, self._follow)
        self._follow()

    def _follow(self) -> None:
        left = self._chosen.now.first.left
        for chip in self.chips:
            chip.show_state(is_done=chip.step not in left, is_next=chip.step == next(iter(left), ""))
        is_in_lab = self._chosen.now.window.workspace == "lab"
        self.setVisible(bool(left) and ("start" not in left) == self._small and is_in_lab)

    def set_theme(self, theme: Theme) -> None:
        for chip in self.chips:
            chip.theme = theme
            chip.update()
