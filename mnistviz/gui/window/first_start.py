"""The very first start: a digit that the untrained network misreads, and three first steps to be ticked."""

from collections.abc import Callable
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from mnistviz.engine.digits import DigitSet
from mnistviz.engine.network import Network
from mnistviz.gui.common.choices import FIRST_STEPS, Chosen, FirstPart
from mnistviz.gui.common.layouts import row_of
from mnistviz.gui.common.painted_figure import CENTRE, bold, inked
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.painter_tools import blank_pixmap
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.widgets import push_button
from mnistviz.gui.curves.curves import Curves
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.network.card import NetworkCard
from mnistviz.gui.settings.eta_control import EtaControl
from mnistviz.gui.window.bottom_line import BottomLine
from mnistviz.gui.window.steering import Steering

FIRST_DIGIT = 56
LABEL = 4
_MOST = 100  # test digits that are tried
_CHIP, _GAP = QSize(208, 36), 28  # pixels: a large chip at least, and between two
_HIGH, _AROUND = 44, (2, 42)  # pixels: a large chip at most, and above and below it together
_SHARE = 0.31  # of these pixels that are above, unless there is nothing below
_DISC, _SMALL_DISC = (24, 9), (16, 3)  # pixels: across, and to the words beside what the style leaves


def misread_digit(network: Network, test: DigitSet) -> int | None:
    """Return the number of a test 4 that the network misreads, the usual one if it can be; None without one."""
    numbers = np.flatnonzero(test.labels == LABEL)
    numbers = np.concatenate((numbers[numbers == FIRST_DIGIT], numbers))[:_MOST]
    misread = numbers[network.predictions(test.images[numbers]) != LABEL] if len(numbers) else numbers
    return int(misread[0]) if len(misread) else None


class FirstSteps(QWidget):
    """A chip for each step, large until the first mini-batch, then small; of those only the next has its words."""

    def __init__(self, chosen: Chosen, act: Callable[[str], object], *, small: bool) -> None:
        """Call `act` with the step whose chip is pressed."""
        super().__init__()
        self.setObjectName("first_steps" + "_small" * small)
        self._chosen, self._small = chosen, small
        self._words = {
            "start": (tr("Press Space"), tr("Starts the training, as Space does.")),
            "draw": (tr("Draw a digit"), tr("Goes to the scratchpad: draw over the digit there.")),
            "eta": (tr("Move η"), tr("Goes to the slider of the learning rate η.")),
        }
        self._chips: dict[str, QPushButton] = {}
        for step, (words, tip) in self._words.items():
            size = "Small" * small
            name, act_on = f"first_step_{step}{size.lower()}", partial(act, step)
            chip = self._chips[step] = push_button(f"firstStep{size}", name, words, tip, act=act_on)
            chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            if not small:
                chip.setMinimumSize(_CHIP)
                chip.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Ignored)
        if small:
            self._row = row_of(*self._chips.values(), spacing=0, inside=self)
        else:
            self._row = row_of(None, *self._chips.values(), None, spacing=_GAP, inside=self)
            self.setMinimumHeight(_CHIP.height() + _AROUND[0])
        for part in ("first", "window"):
            chosen.listen(part, self.follow)
        self.follow()

    def follow(self) -> None:
        left = self._chosen.now.first.left
        for number, (step, chip) in enumerate(self._chips.items(), 1):
            if self._small:
                chip.setText(self._words[step][0] if (step,) == left[:1] else "")
            self._show_disc(chip, str(number) if step in left else "✓")
            chip.setAccessibleDescription("" if step in left else tr("Done"))
        is_in_lab = self._chosen.now.window.workspace == "lab"
        self.setVisible(bool(left) and ("start" not in left) == self._small and is_in_lab)

    adopt_theme = follow

    def sizeHint(self) -> QSize:
        return super().sizeHint() if self._small else QSize(0, _HIGH + _AROUND[1])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the large chips nearer to the tabs than to the plots, or in the middle if there are no plots."""
        if not self._small:
            free = self.height() - min(max(self.height() - _AROUND[0], _CHIP.height()), _HIGH)
            above = round(free * (0.5 if free > _AROUND[1] else _SHARE))
            self._row.setContentsMargins(0, above, 0, free - above)
            self._row.activate()

    def _show_disc(self, chip: QPushButton, sign: str) -> None:
        (side, gap) = _SMALL_DISC if self._small else _DISC
        ground, ink = (theme().right, theme().card) if sign == "✓" else (theme().accent_soft, theme().accent)
        side = max(side, self.fontMetrics().height()) if self._small else side
        size = QSize(side + gap * bool(chip.text()), side)
        pixmap = blank_pixmap(size, self.devicePixelRatioF())
        with QPainter(pixmap) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            inked(painter, ink if self._small and sign != "✓" else "", fill=ground)
            painter.drawEllipse(QRectF(0.5, 0.5, side - 1, side - 1))
            inked(painter, ink)
            painter.setFont(bold(self.font()))
            draw_text(painter, QRectF(0, 0, side, side), CENTRE, sign, whose="first_steps")
        chip.setIconSize(size)
        chip.setIcon(QIcon(pixmap))


class FirstStart(QObject):
    def __init__(
        self,
        lab: Lab,
        card: NetworkCard,
        curves: Curves,
        line: BottomLine,
        eta: EtaControl,
        steering: Steering,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._lab, self._pad, self._eta, self._steering = lab, card.pad, eta, steering
        self._is_laid = self._is_anew = False
        self._rows = [FirstSteps(lab.chosen, self._act, small=small) for small in (False, True)]
        curves.add_first_steps(self._rows[0])
        line.add_steps(self._rows[1])
        self._pad.stepped.connect(self._look_at_pad)
        eta.changed.connect(lambda: self._tick("eta"))
        lab.chosen.listen("first", self._invite)

    @property
    def _first(self) -> FirstPart:
        return self._lab.chosen.now.first

    def begin_again(self) -> None:
        """Lay a digit on the scratchpad again, with all steps unless all were done."""
        self._is_laid, self._is_anew = False, True
        self._lab.chosen.choose("first", left=FIRST_STEPS if self._first.left else (), invited=True)

    def _invite(self) -> None:
        self._pad.invite(self._first.invited or "draw" in self._first.left)

    def look(self) -> None:
        """Follow the news of a run: lay the digit on the scratchpad at the start, and tick the first mini-batch."""
        moment, digits, left = self._lab.shown.moment, self._lab.digits, self._first.left
        if moment is None or digits is None:
            return
        if moment.step:
            self._tick("start")
        elif not (self._is_laid or self._pad.sheet.ink) and (self._is_anew or left == FIRST_STEPS):
            self._is_laid = True
            if (number := misread_digit(moment.network, digits.test)) is not None:
                self._pad.start_with_digit(number)

    def _look_at_pad(self) -> None:
        if self._pad.sheet.ink.strokes:
            self._lab.chosen.choose("first", invited=False)
            self._tick("draw")

    def _tick(self, step: str) -> None:
        if step in self._first.left:
            self._lab.chosen.choose("first", left=tuple(each for each in self._first.left if each != step))

    def _act(self, step: str) -> None:
        """Do the step whose chip was pressed, or move the focus to what does it."""
        if step == "start":
            self._steering.toggle_play()
            return
        part = self._pad if step == "draw" else self._eta.slider
        part.setFocus(Qt.FocusReason.ShortcutFocusReason)
