"""Step and sigmoid in one plot, and a lens that magnifies them near z or near the threshold."""

from collections.abc import Callable
from functools import partial
from html import escape
from typing import Final, Literal

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from mnistviz.engine.ideas.sigmoid import AWAY, WIDEST, OneInputUnit, OutputChange, Values, change, sigmoid
from mnistviz.gui.common import numbers
from mnistviz.gui.common.layouts import column_of, label, row_of
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.wrapped import WrappedLabel
from mnistviz.gui.ideas.parts.idea_plot import DASH, DOT, Handle, IdeaPlot
from mnistviz.gui.ideas.parts.page_parts import SteadyText
from mnistviz.gui.ideas.sigmoid.sigmoid_words import say

Kind = Literal["step", "sigmoid"]
_KINDS: Final[tuple[Kind, ...]] = ("step", "sigmoid")
_HUES: Final[dict[Kind, int]] = {"step": 0, "sigmoid": 1}
_END: Final = WIDEST + 0.9  # end of the x axis
_FOOT: Final = -0.08  # height of the handle of x
_ASIDE: Final = {"step": -0.42, "sigmoid": 0.42}  # distance of the flags from x
_NEAR = 2 * AWAY  # range of the lens on both sides of a threshold


def _answer(kind: Kind, unit: OneInputUnit, x: float) -> float:
    return float(unit.step(x) if kind == "step" else unit.sigmoid(x))


def _points(kind: Kind, unit: OneInputUnit) -> tuple[Values, Values]:
    at = unit.threshold
    seen = at is not None and abs(at) < _END
    if kind == "step":
        x = np.array([-_END, at, at, _END] if seen else [-_END, _END])
        inner = np.array([-1.0, -1.0, 1.0, 1.0]) + (at or 0.0) if seen else x
        return x, unit.step(inner)
    x = np.linspace(-_END, _END, 361)
    if seen:
        x = np.unique(np.concatenate([x, (at or 0.0) + np.linspace(-_NEAR, _NEAR, 161)]))
    return x, unit.sigmoid(x)


class UnitFigure(QWidget):
    """The handle on the axis is x. A flag for each curve predicts its output, and stays as an outline. The lens shows a
    nudge over z, along the curve and predicted along the tangent; or a factor c at the threshold, over x."""

    def __init__(self, x_moved: Callable[[float], object]) -> None:
        super().__init__()
        self._x_moved = x_moved
        self.flags: dict[Kind, float | None] = dict.fromkeys(_KINDS)
        """The predicted outputs; None before they are predicted."""
        self.unit, self.other, self.given = OneInputUnit(1.0, 0.0), OneInputUnit(1.0, 0.0), 1.0
        self.told = False
        self._nudged = True
        self.plot = IdeaPlot("sigmoid_units", say("plot_heard"))
        self.lens = IdeaPlot("sigmoid_lens", say("lens_heard"))
        self.lens_title, self.legend = label("cardTitle", wraps=True), WrappedLabel()
        longest = {
            "step": say("step_other", now="0", then="0"),
            "sigmoid": say("moved_promised", now="0.000", then="0.000", moved="+0.000", promise="+0.000"),
        }
        self.readings = {kind: SteadyText(room=[longest[kind]]) for kind in _KINDS}
        self._fill_plot()
        self._fill_lens()
        self.legend.setProperty("role", "hint")
        self.legend.setTextFormat(Qt.TextFormat.RichText)  # for the colours of the curves
        self.plot.setMinimumHeight(165)
        self.lens.setMinimumHeight(130)
        right = column_of(self.lens_title, (self.lens, 1), *self.readings.values(), spacing=4)
        column_of((row_of((self.plot, 5), (right, 3), spacing=14), 1), self.legend, inside=self)

    def _fill_plot(self) -> None:
        plot = self.plot
        plot.setAccessibleDescription(say("keys"))
        plot.show_range((-_END, _END), (2 * _FOOT, 1.08))
        ticks = [(float(x), numbers.tick(x)) for x in range(-3, 4)]
        plot.set_ticks(ticks, [(0.0, numbers.tick(0)), (0.5, "½"), (1.0, numbers.tick(1))])
        plot.set_axes(say("x"), say("output_a"))
        self._upright = plot.curve("line", 1.0, dash=DOT)
        self._now = {kind: plot.curve(hue, 2.5, smooth=True) for kind, hue in _HUES.items()}
        self.then = {kind: plot.curve(hue, 2.5, dash=DASH, smooth=True) for kind, hue in _HUES.items()}
        self._dots = {kind: plot.dots(hue, 11, edge="card") for kind, hue in _HUES.items()}
        self._moved = {kind: plot.dots("card", 10, edge=hue, width=2.5) for kind, hue in _HUES.items()}
        self.predicted = plot.dots(None, 12, edge="text", width=1.6, symbol="d")
        self.x_handle = plot.handle("x", "accent", ink="on_accent", letter="x", free="x")
        self.x_handle.moved = lambda x, _: self._x_moved(round(x, 2))
        self.x_handle.set_bounds(-WIDEST, WIDEST, 0.1)
        self.flag_handles = {kind: self._flag(kind) for kind in _KINDS}
        beside = {"step": (1, 0.5), "sigmoid": (0, 0.5)}
        self._names = {kind: plot.text("", _HUES[kind], 0, 0, beside[kind]) for kind in _KINDS}
        plot.paint(self._show_flags)

    def _flag(self, kind: Kind) -> Handle:
        flag = self.plot.handle(
            f"flag_{kind}", _HUES[kind], free="y",
            moved=lambda _, a: self._predict(kind, a), released=partial(self._keep_flag, kind),
        )  # fmt: skip
        flag.set_bounds(0.0, 1.0, 0.05)
        return flag

    def _fill_lens(self) -> None:
        lens, sigmoid = self.lens, _HUES["sigmoid"]
        self._bounds = [lens.curve("line", 1.0, dash=DOT) for _ in range(2)]
        self._near = {kind: lens.curve(hue, 2.5, smooth=True) for kind, hue in _HUES.items()}
        self._near_then = lens.curve(sigmoid, 2.5, dash=DASH, smooth=True)
        self.tangent = lens.curve("text", 1.5, smooth=True)
        self.gap = lens.curve("text", 1.5, dash=DOT)
        self.here = lens.dots(sigmoid, 12, edge="card")
        self.there = lens.dots("card", 11, edge=sigmoid, width=2.5)
        self.diamond = lens.dots(None, 13, edge="text", width=1.6, symbol="d")

    @property
    def change(self) -> OutputChange:
        return change(self.unit, self.given, self.other.w - self.unit.w, self.other.b - self.unit.b)

    def put(self, unit: OneInputUnit, other: OneInputUnit, x: float, *, nudged: bool) -> None:
        """Show a unit at the input x; `other` is the unit after a nudge, or else a factor."""
        self.unit, self.other, self.given, self._nudged = unit, other, x, nudged
        self._draw()

    def show_outcome(self, told: bool) -> None:
        self.told = told
        if not told:
            self.flags = dict.fromkeys(_KINDS)
        self._draw()

    def adopt_theme(self) -> None:
        self._show_legend()

    def _predict(self, kind: Kind, a: float) -> None:
        self.flags[kind] = round(a, 2)
        self._draw()

    def _keep_flag(self, kind: Kind) -> None:
        """Count a flag released at its place as the prediction that nothing changes."""
        if self.flags[kind] is None and not self.told:
            self._predict(kind, self.flag_handles[kind].y)

    def _draw(self) -> None:
        x = self.given
        self.x_handle.set_place(x, _FOOT)
        self._upright.setData([x, x], [_FOOT, 1.08])
        for kind in _KINDS:
            self._now[kind].setData(*_points(kind, self.unit))
            self._dots[kind].setData([x], [_answer(kind, self.unit, x)])
            self.then[kind].setVisible(self.told)
            self._moved[kind].setVisible(self.told)
            if self.told:
                self.then[kind].setData(*_points(kind, self.other))
                self._moved[kind].setData([x], [_answer(kind, self.other, x)])
            self.readings[kind].setText(self._reading(kind))
        self.predicted.setVisible(self.told and self._nudged)
        self.predicted.setData([x], [_answer("sigmoid", self.unit, x) + self.change.promised])
        self._show_flags()
        self._draw_lens()
        self._show_legend()

    def _show_flags(self) -> None:
        """Show the flags; one that was not moved is beside the present output and predicts nothing."""
        for kind, flag in self.flag_handles.items():
            guess, name = self.flags[kind], self._names[kind]
            placed = guess is not None
            at = _answer(kind, self.unit, self.given) if guess is None else guess
            place = (self.given + _ASIDE[kind], at)
            self.plot.show_guess(flag, _HUES[kind], place, placed=placed, told=self.told)
            name.setText(say("you" if placed else f"flag_{kind}"))
            name.setPos(self.given + 1.5 * _ASIDE[kind], at)
            name.setVisible(placed or not self.told)

    def _draw_lens(self) -> None:
        nudged, shown = self._nudged, self.told
        for items, seen in (
            ((self.tangent, self.here), nudged),
            ((self.gap, self.there, self.diamond), nudged and shown),
            ((*self._bounds, self._near["step"]), not nudged),
            ((self._near_then,), shown and not nudged),
        ):
            for item in items:
                item.setVisible(seen)
        self.lens.set_axes(say("z" if nudged else "x"), say("output_a"))
        (self._draw_near_z if nudged else self._draw_near_threshold)()

    def _draw_near_z(self) -> None:
        z, a, moves = float(self.unit.z(self.given)), _answer("sigmoid", self.unit, self.given), self.change
        then = float(self.other.z(self.given))
        slope, wide = a * (1 - a), max(0.5, 1.3 * abs(then - z))
        places = z + np.linspace(-wide, wide, 121)
        high = max(0.06, 1.2 * slope * wide)
        self.lens.show_range((z - wide, z + wide), (a - high, a + high))
        self.lens.set_ticks()
        self._near["sigmoid"].setData(places, sigmoid(places))
        self.tangent.setData(places[[0, -1]], a + slope * (places[[0, -1]] - z))
        self.here.setData([z], [a])
        self.there.setData([then], [a + moves.sigmoid])
        self.diamond.setData([then], [a + moves.promised])
        self.gap.setData([then, then], [a + moves.sigmoid, a + moves.promised])
        self.lens_title.setText(say("lens_z", slope=numbers.number_text(slope, 3)))

    def _draw_near_threshold(self) -> None:
        at = self.unit.threshold or 0.0
        self.lens.show_range((at - _NEAR, at + _NEAR), (-0.08, 1.08))
        self.lens.set_ticks(None, [(0.0, numbers.tick(0)), (1.0, numbers.tick(1))])
        for kind in _KINDS:
            self._near[kind].setData(*_points(kind, self.unit))
        self._near_then.setData(*_points("sigmoid", self.other))
        for bound, x in zip(self._bounds, (at - AWAY, at + AWAY), strict=True):
            bound.setData([x, x], [-0.08, 1.08])
        self.lens_title.setText(say("lens_x"))

    def _reading(self, kind: Kind) -> str:
        now, then = (_answer(kind, unit, self.given) for unit in (self.unit, self.other))
        decimals = 0 if kind == "step" else 3
        values = {"now": numbers.number_text(now, decimals), "then": numbers.number_text(then, decimals)}
        if not self.told:
            return say(f"{kind}_now", **values)
        if kind == "step":
            return say("step_same" if then == now else "step_other", **values)
        moved = numbers.number_text(then - now, decimals, sign=True)
        if not self._nudged:
            return say("moved", moved=moved, **values)
        promise = numbers.number_text(self.change.promised, decimals, sign=True)
        return say("moved_promised", moved=moved, promise=promise, **values)

    def _show_legend(self) -> None:
        parts = [(theme().runs[number], "━", say(kind)) for number, kind in enumerate(_KINDS)]
        parts.append((theme().text, "╍", say("legend_nudged" if self._nudged else "legend_times")))
        if self._nudged:
            parts.append((theme().text, "◇", say("legend_promised")))
        line = (f'<span style="color: {colour}">{mark}</span> {escape(text)}' for colour, mark, text in parts)
        self.legend.setText("&nbsp;&nbsp; ".join(line))
