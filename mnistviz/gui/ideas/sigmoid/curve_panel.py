"""One unit's output over its input, the step's curve or the sigmoid's, with a handle for x and a flag to predict by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QLabel, QSizePolicy

from mnistviz.engine.ideas.sigmoid import Unit
from mnistviz.gui.common import numbers
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.ideas.parts.axes import pen
from mnistviz.gui.ideas.parts.idea_plot import IdeaPlot

Kind = Literal["step", "sigmoid"]

WIDEST: Final = 3.0
"""Inputs go from minus this to this."""
LOWEST: Final = 165
"""Pixels of a figure at least."""
_SAMPLES: Final = 361
_FOOT: Final = -0.08  # where the handle of x is


@dataclass(frozen=True)
class SeenOutput:
    """What a panel shows: the unit at the input x; `other`, what was made of it, None while that is covered; how far
    the sigmoid was `promised` to move; and where it was predicted to be, None where nobody has said."""

    unit: Unit
    x: float
    other: Unit | None = None
    promised: float | None = None
    flag: float | None = None


class CurvePanel(QObject):
    """The curve of one kind of unit. Its handle on the axis is x; its flag stands, before the answer is shown, where
    one expects the output, and stays as a ghost. `title`, `plot` and `line` are to be laid out by whoever
    makes it."""

    x_moved = Signal(float)
    flag_moved = Signal(float)

    def __init__(self, kind: Kind, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self.kind: Kind = kind
        self.seen = SeenOutput(Unit(1.0, 0.0), 1.0)
        step = kind == "step"
        self.title = QLabel(self.tr("Step: 1 if w·x + b > 0") if step else self.tr("Sigmoid: σ(w·x + b)"))
        self.title.setProperty("role", "cardTitle")
        self.line = QLabel()
        self.line.setWordWrap(True)
        self.line.setTextFormat(Qt.TextFormat.PlainText)
        self.line.setAlignment(Qt.AlignmentFlag.AlignTop)
        heard = self.tr("Output of the perceptron") if step else self.tr("Output of the sigmoid neuron")
        self.plot = IdeaPlot(f"{kind}_plot", heard, theme)
        self.plot.setSizePolicy(
            QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored
        )  # it takes what there is
        self.plot.setMinimumHeight(LOWEST)
        self.plot.setAccessibleDescription(
            self.tr("Left and Right move the input x. Tab goes to the flag; Up and Down move it.")
        )
        self._fill(theme)
        self._colour(theme)

    def _fill(self, theme: Theme) -> None:
        plot = self.plot
        plot.show_range((-WIDEST, WIDEST), (2 * _FOOT, 1.08))
        ticks = [(x, numbers.tick(x)) for x in (-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0)]
        plot.set_ticks(ticks, [(0.0, numbers.tick(0)), (0.5, "½"), (1.0, numbers.tick(1))])
        plot.set_axes(self.tr("input x"), self.tr("output a"))
        self._upright = plot.curve(theme.line, 1.0, dash=Qt.PenStyle.DotLine)
        self._jump = plot.curve(theme.runs[0], 1.0, dash=Qt.PenStyle.DotLine)
        self._now = plot.curve(theme.runs[0], 2.5)
        self._then = plot.curve(theme.runs[1], 2.5, dash=Qt.PenStyle.DashLine)
        self._move = plot.curve(theme.runs[1], 2.5)
        self._dot, self._moved = plot.dots(theme.runs[0], 11), plot.dots(theme.runs[1], 11)
        self._promise = plot.dots(theme.text, 11)
        self._promise.setSymbol("d")
        self._you = plot.text(self.tr("you"), theme.accent, 0, 0, anchor=(0, 0.5))
        self.x_handle = plot.handle("x", theme.accent, letter="x", free="x")
        self.flag = plot.handle("flag", theme.accent, letter="?", free="y")
        self.x_handle.low, self.x_handle.high = (-WIDEST, _FOOT), (WIDEST, _FOOT)
        self.x_handle.step, self.flag.step = 0.1, 0.05
        self.flag.low, self.flag.high = (-WIDEST, 0.0), (WIDEST, 1.0)
        self.x_handle.moved.connect(lambda x, _: self.x_moved.emit(round(x, 2)))
        self.flag.moved.connect(lambda _, a: self.flag_moved.emit(round(a, 2)))
        self.flag.released.connect(self._keep_flag)

    def set_theme(self, theme: Theme) -> None:
        self.plot.set_theme(theme)
        self._colour(theme)

    def _colour(self, theme: Theme) -> None:
        dash, dot = Qt.PenStyle.DashLine, Qt.PenStyle.DotLine
        self._upright.setPen(pen(theme.line, 1.0, dot))
        self._jump.setPen(pen(theme.runs[0], 1.0, dot))
        self._now.setPen(pen(theme.runs[0], 2.5))
        self._then.setPen(pen(theme.runs[1], 2.5, dash))
        self._move.setPen(pen(theme.runs[1], 2.5))
        for dots, colour in ((self._dot, theme.runs[0]), (self._moved, theme.runs[1])):
            dots.setBrush(colour)
            dots.setPen(pen(theme.card, 1.5))
        self._promise.setBrush(None)
        self._promise.setPen(pen(theme.text, 1.6))
        self._you.setColor(theme.accent)
        self.x_handle.set_colour(theme.accent, theme.card, theme.on_accent)
        self.x_handle.set_letter("x")
        self._show_flag()

    def answer(self, unit: Unit, x: float) -> float:
        """What a unit of this kind answers."""
        return float(unit.step(x) if self.kind == "step" else unit.sigmoid(x))

    def show_seen(self, seen: SeenOutput) -> None:
        """Draws what differs."""
        self.seen = seen
        x, now = seen.x, self.answer(seen.unit, seen.x)
        self.x_handle.set_place(x, _FOOT)
        self._upright.setData([x, x], [_FOOT, 1.08])
        self._draw_curve(self._now, seen.unit)
        self._draw_jump(seen.unit)
        self._dot.setData([x], [now])
        covered = seen.other is None
        for item in (self._then, self._move, self._moved):
            item.setVisible(not covered)
        self._promise.setVisible(not covered and seen.promised is not None)
        if seen.other is not None:
            then = self.answer(seen.other, x)
            self._draw_curve(self._then, seen.other)
            self._move.setData([x, x], [now, then])
            self._moved.setData([x], [then])
            if seen.promised is not None:
                self._promise.setData([x], [now + seen.promised])
        self._show_flag()

    def _keep_flag(self) -> None:
        """To take hold of the flag and leave it where it is says that nothing will move."""
        if self.seen.flag is None and self.seen.other is None:
            self.flag_moved.emit(round(self.flag.y, 2))

    def _show_flag(self) -> None:
        """A flag that nobody has moved stands beside the present output, and says nothing."""
        seen, theme = self.seen, self.plot.theme
        here = self.answer(seen.unit, seen.x) if seen.flag is None else seen.flag
        told = seen.other is not None
        aside = 0.42 if seen.x < WIDEST - 1 else -0.42
        self.flag.set_visible(not told or seen.flag is not None)
        self.flag.free = "" if told else "y"
        solid = seen.flag is not None and not told
        self.flag.set_colour(theme.accent if solid else theme.card, theme.accent, theme.accent)
        self.flag.set_letter("?" if seen.flag is None else "")
        self.flag.set_place(seen.x + aside, here)
        self._you.setVisible(seen.flag is not None)
        self._you.setAnchor((0 if aside > 0 else 1, 0.5))
        self._you.setPos(seen.x + 1.55 * aside, here)

    def _draw_curve(self, curve: object, unit: Unit) -> None:
        x = np.linspace(-WIDEST, WIDEST, _SAMPLES)
        at = unit.threshold
        if self.kind == "sigmoid":
            if at is not None and abs(at) < WIDEST:  # a steep one is steep between two samples
                x = np.unique(np.concatenate([x, at + np.linspace(-0.1, 0.1, 81)]))
            curve.setData(x, unit.sigmoid(x))  # type: ignore[attr-defined]
            return
        if at is not None and abs(at) < WIDEST:  # no line where the output jumps
            x = np.array([-WIDEST, at, at, WIDEST])
            a = unit.step(np.array([at - 1, at - 1, at + 1, at + 1]))
        else:
            x = np.array([-WIDEST, 0.0, 0.0, WIDEST])
            a = unit.step(x)
        curve.setData(x, a, connect=np.array([1, 0, 1, 0], np.int32))  # type: ignore[attr-defined]

    def _draw_jump(self, unit: Unit) -> None:
        at = unit.threshold
        seen = self.kind == "step" and at is not None and abs(at) < WIDEST
        self._jump.setVisible(seen)
        if seen:
            self._jump.setData([at, at], [0, 1])
