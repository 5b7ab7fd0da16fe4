"""Draws as dots, against how many digits they had: how far off and how long; and what an epoch costs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final, Literal

import numpy as np
from PySide6.QtCore import Signal

from mnistviz.engine.ideas.few_digits import Draw, Price, Whole
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.ideas.few_digits.few_digits_words import say
from mnistviz.gui.ideas.parts.idea_plot import DASH, DOT, IdeaPlot

Measure = Literal["off", "angle", "length", "epoch"]
MEASURES: Final[tuple[Measure, ...]] = ("off", "angle", "length", "epoch")
LEAST_HEIGHT = 96  # pixels, in a small window
_LEAST: Final = 1e-3  # off: less is drawn at the lower edge
_HEIGHTS: Final[Mapping[Measure, tuple[float, float]]] = {
    "off": (-2.6, 2.0), "length": (-1.0, 2.0), "epoch": (-2.3, 3.3),
}  # fmt: skip
"""As powers of ten. They are the same before and after the answer."""


class Cloud(IdeaPlot):
    """m is dragged along the axis; a flag, which predicts, up and down, and it stays as a ghost."""

    m_moved = Signal(int)
    flag_moved = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__("few_plot", say("plot"), theme)
        self.measure: Measure = "off"
        self.seen_draws: Sequence[Draw] = ()
        """Those that are shown."""
        self.prices: Sequence[Price] = ()
        self.whole: Whole | None = None
        self.n, self.flag_at, self.line_told = 1, 1, False
        """How many digits there are, for how many the flag predicts, and whether the line may be seen."""
        self._jitter = np.random.default_rng(6).uniform(-0.035, 0.035, 10_000)  # so that dots are told apart
        self._here = self.curve("accent", 1.2, dash=DASH)
        self._line = self.curve("text", 1.8)
        self._bars = self.curve(1, 2.2)
        self._dots = self.dots(0, 7, alpha=160)
        self._points = self.dots(1, 9)
        self._ghost = self.dots(None, 15, edge=1, width=2.0)
        self._flag_line = self.curve("line", 1.2, dash=DOT)
        self._line_name = self.text("", "text", 0, 0, (0.0, 1.0))
        self.m = self.handle(say("m_handle"), "accent", free="x")
        self.flag = self.handle(say("flag_handle"), 1, letter="A", free="y")
        self.ghost: float | None = None
        self.m.moved.connect(lambda x, _: self.m_moved.emit(self.digits_at(x)))
        self.flag.set_bounds(*_HEIGHTS["off"], 0.05)
        self.flag.moved.connect(lambda *_: self.flag_moved.emit())
        self.setMinimumHeight(LEAST_HEIGHT)

    # What it shows

    def clear(self) -> None:
        """Drops all draws and prices."""
        self.seen_draws, self.prices, self.whole = (), (), None
        self.ghost, self.line_told = None, False

    def show_measure(self, measure: Measure, *, asking: bool) -> None:
        """`asking` is whether the flag can be taken hold of."""
        self.measure = measure
        self.flag.set_visible(asking)
        self.renew()

    def ask_flag(self, start: float) -> None:
        """Asks how far off draws of `flag_at` digits are; the flag begins at `start`."""
        self.ghost = None
        self.flag.set_place(math.log10(self.flag_at), math.log10(start))

    def predicted(self) -> float:
        """How far off the flag says."""
        return float(10**self.flag.y)

    def renew(self) -> None:
        """Draws all anew."""
        off, (low, high) = self.measure == "off", _HEIGHTS[self.measure]
        self.show_range((-0.25, math.log10(self.n) + 0.25), (low, high))
        self.set_axes(say("m_axis"), say(f"{self.measure}_axis"), log_x=True, log_y=True)
        self.m.set_bounds(0.0, math.log10(self.n))
        x = np.array([math.log10(each.m) for each in self.seen_draws])
        y = np.array([self._place(each) for each in self.seen_draws])
        shown = np.isfinite(y) if self.measure != "epoch" else np.zeros(len(y), bool)
        wide = self._jitter[np.arange(len(x)) % len(self._jitter)]
        self._dots.setData((x + wide)[shown], np.clip(y[shown], low + 0.01 * (high - low), high))
        self._draw_prices()
        self._draw_line()
        flag = math.log10(self.flag_at)
        self._ghost.setData([flag], [math.log10(self.ghost or 1)])
        self._ghost.setVisible(off and self.ghost is not None)
        self._flag_line.setData([flag, flag], [low, high])
        self._flag_line.setVisible(off and self.flag.item.isVisible())

    def put_m(self, m: int) -> None:
        """Puts m somewhere; `m_moved` is not emitted."""
        low, high = _HEIGHTS[self.measure]
        x = math.log10(max(1, m))
        self.m.set_place(x, low + 0.02 * (high - low))
        self._here.setData([x, x], [low, high])

    def digits_at(self, x: float) -> int:
        """Which number of digits, a round one, lies at a place of the axis."""
        m = 10**x
        if m >= 0.98 * self.n:
            return self.n
        figures = 2 if m >= 20 else 1
        return min(self.n, max(1, round(float(f"{m:.{figures}g}"))))

    def _place(self, drawn: Draw) -> float:
        value = drawn.off if self.measure == "off" else drawn.length
        return math.log10(max(value, _LEAST / 10)) if math.isfinite(value) else math.nan

    def _draw_line(self) -> None:
        whole, told = self.whole, self.line_told and self.measure == "off"
        self._line.setVisible(told)
        self._line_name.setText(say("line_name") if told else "")
        if not told or whole is None:
            return
        x = np.log10(np.geomspace(1, self.n, 400)[:-1])
        y = np.array([math.log10(max(whole.expected(10**each), _LEAST / 10)) for each in x])
        low, high = _HEIGHTS["off"]
        seen = (y > low) & (y < high)
        self._line.setData(x[seen], y[seen])
        at = min(2.2, 0.55 * math.log10(self.n))
        self._line_name.setPos(at, math.log10(max(whole.expected(10**at), _LEAST)) + 0.06)

    def _draw_prices(self) -> None:
        seen = self.prices if self.measure == "epoch" else ()
        x, y = [math.log10(each.m) for each in seen], [math.log10(each.seconds) for each in seen]
        self._bars.setData(x, y)
        self._points.setData(x, y)
