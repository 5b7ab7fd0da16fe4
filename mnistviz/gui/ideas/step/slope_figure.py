"""Along −∇C of ten digits: their cost and that of a thousand others over η, and the prediction of the gradient."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from mnistviz.engine.digits import SIDE, DigitSet
from mnistviz.engine.ideas.along import DirectionStep
from mnistviz.engine.ideas.step_curves import Slope
from mnistviz.gui.common import numbers
from mnistviz.gui.common.digit_image import digit_image
from mnistviz.gui.common.fitted import Fitted
from mnistviz.gui.common.layouts import column_of, label, row_of
from mnistviz.gui.common.painted_figure import RIGHT
from mnistviz.gui.common.theme import theme
from mnistviz.gui.ideas.parts.idea_plot import DASH, DOT, IdeaPlot
from mnistviz.gui.ideas.parts.page_parts import Act
from mnistviz.gui.ideas.step.step_words import say

_LEAST_FOR_DIGITS = 320  # pixels: a lower figure has no pictures of the digits
_UNDER, _OVER = 1.05, 0.5
"""The range downwards if no step changes anything, as a share of the cost, and upwards, as a share of that."""
_LINES = 8  # lines of text: minimum height, with room for the names
_ROOMY = 5  # lines of text: height with room for the linear prediction's name among those of the curves
_BESIDE = 0.03  # fraction of the width left of η = 0, for a dot there
_TEN, _OTHERS = 0, 1  # numbers of the curves, and of their hues


class SlopeFigure(Fitted, QWidget):
    """Two flags predict where each cost is lowest, before the curves are shown; then η is dragged."""

    def __init__(self, eta_moved: Callable[[float], object], flags_moved: Act) -> None:
        super().__init__()
        self._flags_moved = flags_moved
        self.setObjectName("step_slope")
        self.slope: Slope | None = None
        self.told = False
        self._images: NDArray[np.uint8] = np.empty((0, SIDE, SIDE), np.uint8)
        self.pictures, self.caption = QLabel(), label("hint")
        self.plot = plot = IdeaPlot("step_slope_plot", say("slope_plot"))
        self.ledger = Ledger(3)
        both = (_TEN, _OTHERS)
        self.lines = [plot.curve(each, 2.4) for each in both]
        self._promise = plot.curve("text", 1.4, dash=DOT)
        self.ghosts = [plot.curve(each, 1.6, dash=DASH) for each in both]
        self._zero = plot.curve("line", 1.0)
        self._letters = [plot.text("AB"[each], each, 0, 0) for each in both]
        self._words = [plot.text("", each, 0, 0) for each in both]
        self.promise_words = plot.text("", "text", 0, 0)
        names = say("flag_ten"), say("flag_others")
        flag = partial(plot.handle, free="x", moved=self._flag_moved)
        self.flags = [flag(names[each], each, letter="AB"[each]) for each in both]
        self.eta = plot.handle(say("eta"), "accent", free="x", moved=lambda eta, _: eta_moved(eta))
        plot.set_axes(say("axis_eta"), say("axis_change"))
        self.strip = QWidget()
        self.strip.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        row_of(self.caption, self.pictures, None, inside=self.strip)
        column_of(self.strip, (self.plot, 1), self.ledger, spacing=4, inside=self)
        self.refit()
        plot.ranged = self._place_words
        plot.paint(self._paint_digits)
        self.clear()

    def clear(self) -> None:
        self.slope, self.told = None, False
        for line in (*self.lines, *self.ghosts, self._promise):
            line.setData([], [])
        for part in (*self._letters, *self._words, self.promise_words):
            part.setVisible(False)
        for handle in (*self.flags, self.eta):
            handle.set_visible(False)
        self.ledger.show_steps([], 0)

    def ask(self, slope: Slope, digits: DigitSet) -> None:
        """Show what may be known beforehand: both present costs, and the linear prediction."""
        self._show(slope, digits, told=False)
        low, top = self.plot.seen[1]
        for flag, share in zip(self.flags, (0.4, 0.6), strict=True):
            flag.set_bounds(0.0, slope.end, slope.end / 100)
            flag.set_place(share * slope.end, top - 0.07 * (top - low))
        self.ledger.show_steps([], 0)
        self._draw_flags()
        self._place_words()

    def show_curves(self, slope: Slope, digits: DigitSet, eta: float) -> None:
        self._show(slope, digits, told=True)
        self._draw_flags()
        self.eta.set_bounds(0.0, slope.end, slope.end / 100)
        self.look_at(eta)
        self._place_words()

    def _show(self, slope: Slope, digits: DigitSet, *, told: bool) -> None:
        self.slope, self.told = slope, told
        self._images = digits.images.reshape(-1, SIDE, SIDE)
        self.caption.setText(say("ten_digits"))
        self.pictures.setToolTip(say("ten_digits_tip"))
        self._paint_digits()
        self.refit()
        self._frame(slope)
        for line, flag, changes in zip(self.lines, self.flags, slope.changes, strict=True):
            line.setData(*((slope.few.at, changes) if told else ([], [])))
            flag.set_visible(not told)
        self.eta.set_visible(told)

    def look_at(self, eta: float) -> None:
        if self.slope is None or not self.told:
            return
        step = self.slope.step(eta)
        others = [each for each in self.slope.fixed if each.eta != step.eta]
        steps = sorted((*others, step), key=lambda each: each.eta)
        self.eta.set_place(step.eta, step.few)
        self.ledger.show_steps(steps, next(number for number, each in enumerate(steps) if each is step))

    def predicted(self) -> tuple[float, float]:
        return self.flags[0].x, self.flags[1].x

    def clear_ghosts(self) -> None:
        for ghost in self.ghosts:
            ghost.setData([], [])
        self._place_words()

    def _frame(self, slope: Slope) -> None:
        few = slope.descent.before[0]
        fall = _UNDER * few if slope.is_still else 1.5 * (few - float(slope.few.costs.min()))
        low = -max(fall, 1e-12)
        self.plot.show_range((-_BESIDE * slope.end, slope.end), (low, -_OVER * low))
        self._zero.setData([-_BESIDE * slope.end, slope.end], [0.0, 0.0])
        self._promise.setData([0.0, slope.end], [0.0, -slope.end * slope.descent.slope])

    def _flag_moved(self, x: float, y: float) -> None:
        self._draw_flags()
        self._flags_moved()

    def _draw_flags(self) -> None:
        """Draw the poles of the flags down to no change, or to the curve if it is lower: names stay off them."""
        top = self.plot.seen[1][1]
        for number, (flag, ghost) in enumerate(zip(self.flags, self.ghosts, strict=True)):
            foot = 0.0
            if self.told and self.slope is not None:
                foot = min(foot, float(np.interp(flag.x, self.slope.few.at, self.slope.changes[number])))
            ghost.setData([flag.x, flag.x], [top, foot])

    def _place_words(self) -> None:
        """Place the names at the ends of the lines; before the outcome, only that of the linear prediction."""
        if (slope := self.slope) is None:
            return
        (_, wide), (low, top) = self.plot.seen
        names = say("the_ten"), say("the_others", count=slope.others.of)
        for word, name, changes in zip(self._words, names, slope.changes, strict=True):
            word.setVisible(self.told)
            word.setText(name)
            at = int(np.flatnonzero((changes < top) & (changes > low))[-1])
            above = changes[at] < 0.5 * top
            word.setAnchor((1.0, 1.0 if above else 0.0))
            beside = at if above else round(0.8 * at)  # below a rising curve, clear of it
            down = 0 if above else 0.01 * (top - low)
            word.setPos(float(slope.few.at[at]), float(changes[beside]) - down)
        line = self.plot.fontMetrics().height() * self.plot.pixel[1]
        separate(self._words, max(0.08 * (top - low), line), low)
        self._place_promise(slope.descent.slope, wide, low)
        self.promise_words.setVisible(not self.told or top - low > _ROOMY * line)
        self._place_letters()

    def _place_promise(self, steep: float, wide: float, low: float) -> None:
        promise = self.promise_words
        promise.setText(say("promise"))
        end = min(wide, -low / steep) if steep else wide
        high = 1.6 * self.plot.fontMetrics().height() * self.plot.pixel[1]
        if end < 0.55 * wide:
            promise.setAnchor((0.0, 1.0))
            promise.setPos(end + 0.01 * wide, low)
        elif end * steep > 3 * high:  # steep enough for the name to fit below it
            promise.setAnchor((1.0, 1.0))
            promise.setPos(max(0.0, end - high / steep - 0.01 * wide), -end * steep)
        else:
            room = (-low - high) / steep if steep else wide
            x = min(0.6 * wide, max(0.35 * wide, room))  # left of the names of the curves
            promise.setAnchor((1.0, 0.0))
            promise.setPos(x, -x * steep - 0.1 * high)

    def _place_letters(self) -> None:
        (_, wide), (low, top) = self.plot.seen
        named = [_text_rect(word) for word in self._words if self.told]
        first, second = self.predicted()
        places = zip(self._letters, (first, second), (second, first), self.ghosts, strict=True)
        for letter, x, other, ghost in places:
            drawn = ghost.getData()[0]
            letter.setVisible(self.told and drawn is not None and len(drawn) > 0)
            to_the_right = x > other or (x == other and letter is self._letters[1])
            outside = x > 0.97 * wide if to_the_right else x < 0.0
            across = 0.0 if to_the_right is not outside else 1.0
            foot = float(ghost.getData()[1][1]) if letter.isVisible() else top
            for y, down in ((top, 0.0), (foot, 0.0), (low, 1.0)):
                letter.setAnchor((across, down))
                letter.setPos(x, y)
                if not any(_text_rect(letter).intersects(room) for room in named):
                    break

    def _paint_digits(self) -> None:
        if len(self._images):
            strip = np.concatenate([np.pad(image, ((0, 0), (0, 2))) for image in self._images], axis=1)
            self.pictures.setPixmap(QPixmap.fromImage(digit_image(strip, theme())))

    def refit(self) -> None:
        self.plot.setMinimumHeight(_LINES * self.fontMetrics().height())
        self.strip.setVisible(self.height() >= _LEAST_FOR_DIGITS)
        wide = self.caption.sizeHint().width() + self.pictures.sizeHint().width() + 12
        self.caption.setVisible(wide <= self.width())

    def sizeHint(self) -> QSize:
        return QSize(500, 380)


def _text_rect(word: Any) -> QRectF:
    room: QRectF = word.mapRectToScene(word.boundingRect())
    return room.adjusted(4, 4, -4, -4)


def separate(words: Sequence[Any], least: float, low: float) -> None:
    """Move the lower of two texts below its line where they would overlap."""
    below, above = sorted(words, key=lambda word: word.pos().y())
    if above.pos().y() - below.pos().y() < least and below.pos().y() - least > low:
        below.setAnchor((1.0, 0.0))


class Ledger(QWidget):
    """Predicted and actual change of both costs: a row for each η."""

    def __init__(self, rows: int) -> None:
        super().__init__(maximumWidth=640)
        say.describe(self, "step_ledger", "ledger")
        grid = QGridLayout(self)
        grid.setContentsMargins(4, 0, 4, 0)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(2)
        self.heads = [label("hint", say(f"head_{id}")) for id in ("eta", "promised", "ten", "kept", "others")]
        self.cells = [[QLabel() for _ in self.heads] for _ in range(rows)]
        for line, cells in enumerate((self.heads, *self.cells)):
            for place, cell in enumerate(cells):
                cell.setAlignment(RIGHT)
                grid.addWidget(cell, line, place)
                grid.setColumnStretch(place, 1)

    def show_steps(self, steps: Sequence[DirectionStep], chosen: int) -> None:
        """Show a row for each step; `chosen` is the number of the user's step. Further rows stay empty."""
        for cells in self.cells[len(steps) :]:
            for cell in cells:
                cell.setText("\N{NO-BREAK SPACE}")  # as high as a row with text
        changes = numbers.changes([each for step in steps for each in (step.promised, step.few, step.others)])
        for number, (cells, step) in enumerate(zip(self.cells, steps, strict=False)):
            promised, few, others = changes[3 * number : 3 * number + 3]
            texts = numbers.step_width(step.eta), promised, few, self.share(step), others
            for cell, text in zip(cells, texts, strict=True):
                cell.setText(text)
                font = cell.font()
                font.setBold(number == chosen)
                cell.setFont(font)

    def share(self, step: DirectionStep) -> str:
        """Return actual over predicted change as a percentage; a dash where almost nothing was predicted."""
        ratio = step.kept
        if not abs(ratio) < 100 or numbers.changes([step.promised]) == ["0"]:
            return "–"
        text = say("share", share=round(100 * abs(ratio)))
        return "−" + text if round(100 * ratio) < 0 else text
