"""Along −∇C of ten digits: their cost and that of a thousand others against η, and what the gradient promises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from mnistviz.engine.digits import SIDE, DigitSet
from mnistviz.engine.ideas.along import Curve, Descent, Step
from mnistviz.gui.common import numbers
from mnistviz.gui.common.digit_image import digit_image
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.ideas.parts.axes import pen
from mnistviz.gui.ideas.parts.handle import Handle
from mnistviz.gui.ideas.parts.plot import Plot
from mnistviz.gui.ideas.step.ledger import Ledger

FIXED = (0.1, 3.0)
"""The two η that are told beside the one of the hand."""
_TOP = 1.6  # times the larger cost before any step: how high the figure is


@dataclass(frozen=True, eq=False)
class Slope:
    """What was found of a descent: η from 0 to `end`, the costs there of the ten and of the others."""

    descent: Descent
    end: float
    few: Curve
    others: Curve
    quick: bool
    """Whether any place can be worked out within a frame."""

    def step(self, eta: float) -> Step:
        """A step of this η, or of the nearest that was worked out."""
        return self.descent.step(eta if self.quick else self.nearest(eta))

    def nearest(self, eta: float) -> float:
        return float(self.few.at[np.abs(self.few.at - eta).argmin()])

    def best(self) -> tuple[float, float]:
        """At which η the cost of the ten is lowest, and at which that of the others."""
        return tuple(float(curve.at[curve.costs.argmin()]) for curve in (self.few, self.others))  # type: ignore[return-value]


class SlopeFigure(QWidget):
    """Two flags say where each cost will be lowest, and stay as ghosts once the curves are told; then η is dragged."""

    eta_moved = Signal(float)
    flags_moved = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("step_slope")
        self.slope: Slope | None = None
        self.told = False
        self._theme = theme
        self._images: NDArray[np.uint8] = np.empty((0, SIDE, SIDE), np.uint8)
        self.waits, self.pictures, self.caption = QLabel(), QLabel(), QLabel()
        self.plot = Plot(
            "step_slope_plot", self.tr("The cost of ten digits and of others, against η."), theme
        )
        self.ledger = Ledger(3)
        colours = self._colours(theme)
        self._lines = [self.plot.curve(colour, 2.4) for colour in colours]
        self._promise = self.plot.curve(theme.text, 1.4, dash=Qt.PenStyle.DotLine)
        self._ghosts = [self.plot.curve(colour, 1.6, dash=Qt.PenStyle.DashLine) for colour in colours]
        self._starts = [self.plot.dots(colour, 9) for colour in colours]
        self._words = [self.plot.text("", theme.text, 0, 0) for _ in range(3)]
        names = self.tr("flag of the ten"), self.tr("flag of the others")
        letters = self.tr("T"), self.tr("O")
        self.flags: list[Handle] = [
            self.plot.handle(name, colour, letter=letter, free="x")
            for name, colour, letter in zip(names, colours, letters, strict=True)
        ]
        self.eta = self.plot.handle(self.tr("η of the step"), theme.accent, free="x")
        self._put()
        self._connect()
        self.forget("")

    def _put(self) -> None:
        inside = QWidget()
        column, row = QVBoxLayout(inside), QHBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self.caption.setProperty("role", "hint")
        self.waits.setProperty("role", "quietText")
        self.waits.setWordWrap(True)
        self.waits.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row.addWidget(self.caption)
        row.addWidget(self.pictures)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self.plot, 1)
        column.addWidget(self.ledger)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.waits)
        self._stack.addWidget(inside)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.addWidget(self._stack)

    def _connect(self) -> None:
        for flag in self.flags:
            flag.moved.connect(lambda *_: self._flag_moved())
        self.eta.moved.connect(lambda x, _: self.eta_moved.emit(x))
        self.plot.ranged.connect(self._place_words)

    # What it shows

    def forget(self, words: str) -> None:
        self.slope, self.told = None, False
        self.waits.setText(words)
        self._stack.setCurrentIndex(0)

    def ask(self, slope: Slope, digits: DigitSet) -> None:
        """Shows what may be known beforehand: both costs of now, and the promise."""
        self.slope, self.told = slope, False
        self._show_digits(digits)
        self._frame(slope)
        for line in (*self._lines, *self._ghosts):
            line.setData([], [])
        for number, flag in enumerate(self.flags):
            flag.set_visible(True)
            flag.low, flag.high, flag.step = (0.0, -1e9), (slope.end, 1e9), slope.end / 100
            flag.set_place(slope.end * (0.4, 0.6)[number], self._flag_height())
        self.eta.set_visible(False)
        self.ledger.hide()
        self._stack.setCurrentIndex(1)
        self._draw_flags()
        self._place_words()

    def tell(self, slope: Slope, digits: DigitSet, eta: float) -> None:
        """Shows both curves; flags that were put stay as ghosts."""
        self.slope, self.told = slope, True
        self._show_digits(digits)
        self._frame(slope)
        for line, curve in zip(self._lines, (slope.few, slope.others), strict=True):
            line.setData(curve.at, curve.costs)
        for flag in self.flags:
            flag.set_visible(False)
        self.eta.set_visible(True)
        self.eta.low, self.eta.high, self.eta.step = (0.0, -1e9), (slope.end, 1e9), slope.end / 100
        self.ledger.show()
        self._stack.setCurrentIndex(1)
        self.look_at(eta)
        self._place_words()

    def look_at(self, eta: float) -> None:
        """Puts η somewhere, and reads the steps."""
        if self.slope is None or not self.told:
            return
        steps = sorted((*map(self.slope.step, FIXED), step := self.slope.step(eta)), key=lambda each: each.eta)
        self.eta.set_place(step.eta, self.slope.descent.before[0] + step.few)
        self.ledger.tell(steps, next(number for number, each in enumerate(steps) if each is step))

    def predicted(self) -> tuple[float, float]:
        """Where the two flags are."""
        return self.flags[0].x, self.flags[1].x

    def put_flags(self, few: float, others: float) -> None:
        for flag, place in zip(self.flags, (few, others), strict=True):
            flag.set_place(place, self._flag_height())
        self._draw_flags()

    def clear_ghosts(self) -> None:
        for ghost in self._ghosts:
            ghost.setData([], [])
        self._place_words()

    # How it is drawn

    def _frame(self, slope: Slope) -> None:
        few, others = slope.descent.before
        self.plot.show_range((0.0, slope.end), (0.0, _TOP * max(few, others)))
        self.plot.set_axes(self.tr("η, how far along −∇C of the ten"), self.tr("mean cost"))
        for dot, height in zip(self._starts, slope.descent.before, strict=True):
            dot.setData([0.0], [height])
        self._promise.setData([0.0, slope.end], [few, few - slope.end * slope.descent.slope])

    def _flag_height(self) -> float:
        (_, top) = self.plot.seen[1]
        return 0.94 * top

    def _flag_moved(self) -> None:
        self._draw_flags()
        self.flags_moved.emit()

    def _draw_flags(self) -> None:
        (_, top) = self.plot.seen[1]
        for flag, ghost in zip(self.flags, self._ghosts, strict=True):
            ghost.setData([flag.x, flag.x], [0.0, top])

    def _place_words(self) -> None:
        """Names at the lines: at the dots of now, or where the curves end."""
        if self.slope is None:
            return
        (_, wide), (_, top) = self.plot.seen
        names = self.tr("its ten"), self.tr("a thousand others"), self.tr("promised: −η‖∇C‖²")
        if self.slope.others.of != 1_000:
            names = names[0], self.tr("{count} others").format(count=numbers.whole(self.slope.others.of)), names[2]
        before = self.slope.descent.before
        gap = 0.02 * wide
        for word, name, curve, height, colour in zip(
            self._words, names, (self.slope.few, self.slope.others, None), (*before, 0.0),
            (*self._colours(self._theme), self._theme.text), strict=True,
        ):  # fmt: skip
            word.setText(name)
            word.setColor(colour)
            if curve is None:  # where the promise has come down to half
                x = 0.5 * before[0] / max(self.slope.descent.slope, 1e-12)
                word.setPos(min(x, 0.55 * wide) + gap, before[0] - min(x, 0.55 * wide) * self.slope.descent.slope)
                continue
            if self.told:  # the last place that is seen
                seen = np.flatnonzero(curve.costs <= 0.97 * top)
                at = int(seen[-1]) if len(seen) else 0
                word.setAnchor((1.0, 1.0))
                word.setPos(float(curve.at[at]), float(curve.costs[at]))
            else:
                above = height >= max(before)
                word.setAnchor((0.0, 1.0 if above else 0.0))
                word.setPos(gap, height)
        if self.told:
            _keep_apart(self._words[:2], 0.09 * top, top)

    def _show_digits(self, digits: DigitSet) -> None:
        self._images = digits.images.reshape(-1, SIDE, SIDE)
        self.caption.setText(self.tr("the ten digits that gave ∇C:"))
        self._paint_digits()

    def _paint_digits(self) -> None:
        if len(self._images):
            strip = np.concatenate([np.pad(image, ((0, 0), (0, 2))) for image in self._images], axis=1)
            self.pictures.setPixmap(QPixmap.fromImage(digit_image(strip, self._theme)))

    @staticmethod
    def _colours(theme: Theme) -> tuple[str, str]:
        return theme.runs[0], theme.runs[1]

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.plot.set_theme(theme)
        for lines in (self._lines, self._ghosts):
            for line, colour in zip(lines, self._colours(theme), strict=True):
                old = line.opts["pen"]
                line.setPen(pen(colour, old.widthF(), old.style()))
        self._promise.setPen(pen(theme.text, 1.4, Qt.PenStyle.DotLine))
        for part, colour in zip((*self._starts, *self.flags), 2 * self._colours(theme), strict=True):
            part.setBrush(colour) if hasattr(part, "setBrush") else part.set_colour(colour, theme.card, theme.card)
        self.eta.set_colour(theme.accent, theme.card)
        self._paint_digits()
        self._place_words()

    def sizeHint(self) -> QSize:
        return QSize(500, 380)


def _keep_apart(words: list[Any], least: float, top: float) -> None:
    """Moves the higher of two words up where they would lie on each other."""
    low, high = sorted(words, key=lambda word: word.pos().y())
    if high.pos().y() - low.pos().y() < least:
        y = low.pos().y() + least
        if y > top - least:
            low.setAnchor((1.0, 0.0))
        else:
            high.setPos(high.pos().x(), y)
