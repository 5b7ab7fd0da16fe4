"""Step and sigmoid side by side: the same w, b and x, and what a nudge or a factor makes of them, once it is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QWidget

from mnistviz.engine.ideas.sigmoid import WIDEST, Unit, change
from mnistviz.gui.common import numbers
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.ideas.parts.idea_plot import Colour, IdeaPlot
from mnistviz.gui.ideas.sigmoid.sigmoid_words import say

_MOST = 3


class Legend(QWidget):
    """One line under the figure."""

    def __init__(self) -> None:
        super().__init__()
        self._entries = [(QLabel(), QLabel()) for _ in range(_MOST)]
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(5)
        for number, (sign, word) in enumerate(self._entries):
            word.setProperty("role", "hint")
            if number:
                line.addSpacing(8)
            line.addWidget(sign)
            line.addWidget(word)
        line.addStretch(1)

    def show_entries(self, entries: Sequence[tuple[str, str, str]]) -> None:
        """Each a colour, a sign and a word."""
        for number, (sign, word) in enumerate(self._entries):
            seen = number < len(entries)
            sign.setVisible(seen)
            word.setVisible(seen)
            if seen:
                colour, mark, text = entries[number]
                sign.setText(mark)
                sign.setStyleSheet(f"color: {colour};")
                word.setText(text)


Kind = Literal["step", "sigmoid"]
_KINDS: Final[tuple[Kind, ...]] = ("step", "sigmoid")

LOWEST: Final = 165
"""Pixels of a figure at least."""
_SAMPLES: Final = 361
_FOOT: Final = -0.08  # where the handle of x is


def _run(number: int) -> Colour:
    return lambda theme: theme.runs[number]


def _accent(theme: Theme) -> str:
    return theme.accent


@dataclass(frozen=True)
class SeenOutput:
    """What a panel shows: the unit at the input x; `other`, what was made of it, None while that is covered; how far
    the sigmoid was `promised` to move; and where it was predicted to be, None before that."""

    unit: Unit
    x: float
    other: Unit | None = None
    promised: float | None = None
    flag: float | None = None


class CurvePanel(QObject):
    """The curve of one kind of unit. Its handle on the axis is x; its flag predicts the output before that is
    shown, and stays as a ghost. The owner lays out `title`, `plot` and `line`."""

    x_moved = Signal(float)
    flag_moved = Signal(float)

    def __init__(self, kind: Kind, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self.kind: Kind = kind
        self.seen = SeenOutput(Unit(1.0, 0.0), 1.0)
        self.title = QLabel(say(f"{kind}_title"))
        self.title.setProperty("role", "cardTitle")
        self.line = QLabel()
        self.line.setWordWrap(True)
        self.line.setTextFormat(Qt.TextFormat.PlainText)
        self.line.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.plot = IdeaPlot(f"{kind}_plot", say(f"{kind}_heard"), theme)
        self.plot.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.plot.setMinimumHeight(LOWEST)
        self.plot.setAccessibleDescription(say("keys"))
        self._fill()

    def _fill(self) -> None:
        plot = self.plot
        plot.show_range((-WIDEST, WIDEST), (2 * _FOOT, 1.08))
        ticks = [(x, numbers.tick(x)) for x in (-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0)]
        plot.set_ticks(ticks, [(0.0, numbers.tick(0)), (0.5, "½"), (1.0, numbers.tick(1))])
        plot.set_axes(say("x"), say("output_a"))
        now, then, accent = _run(0), _run(1), _accent
        self._upright = plot.curve(lambda theme: theme.line, 1.0, dash=Qt.PenStyle.DotLine)
        self._jump = plot.curve(now, 1.0, dash=Qt.PenStyle.DotLine)
        self._now = plot.curve(now, 2.5)
        self._then = plot.curve(then, 2.5, dash=Qt.PenStyle.DashLine)
        self._move = plot.curve(then, 2.5)
        self._dot, self._moved = (plot.dots(each, 11, edge=lambda theme: theme.card) for each in (now, then))
        self._promise = plot.dots(None, 11, edge=lambda theme: theme.text, width=1.6)
        self._promise.setSymbol("d")
        self._you = plot.text(say("you"), accent, 0, 0, anchor=(0, 0.5))
        self.x_handle = plot.handle("x", accent, ink=lambda theme: theme.on_accent, letter="x", free="x")
        self.flag = plot.handle("flag", accent, free="y")
        self.x_handle.low, self.x_handle.high = (-WIDEST, _FOOT), (WIDEST, _FOOT)
        self.x_handle.step, self.flag.step = 0.1, 0.05
        self.flag.low, self.flag.high = (-WIDEST, 0.0), (WIDEST, 1.0)
        self.x_handle.moved.connect(lambda x, _: self.x_moved.emit(round(x, 2)))
        self.flag.moved.connect(lambda _, a: self.flag_moved.emit(round(a, 2)))
        self.flag.released.connect(self._keep_flag)
        plot.paint(lambda theme: self._show_flag())

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
        """A flag that was not moved yet stands beside the present output, and predicts nothing."""
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


class UnitFigure(QWidget):
    """Two curves, the same handle for x in both, and a flag in each."""

    x_moved = Signal(float)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.panels = {kind: CurvePanel(kind, theme, self) for kind in _KINDS}
        self.flags: dict[Kind, float | None] = dict.fromkeys(_KINDS)
        """The predicted outputs; None before they are predicted."""
        self.unit, self.other, self.given = Unit(1.0, 0.0), Unit(1.0, 0.0), 1.0
        self.told = False
        """Whether the other unit is shown."""
        self._nudged = True
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(2)
        grid.setRowStretch(1, 1)
        for column, (kind, panel) in enumerate(self.panels.items()):
            parts: tuple[QWidget, ...] = (panel.title, panel.plot, panel.line)
            for row, part in enumerate(parts):
                grid.addWidget(part, row, column)
            grid.setColumnStretch(column, 1)
            panel.x_moved.connect(self.x_moved)
            panel.flag_moved.connect(lambda flag, kind=kind: self._predict(kind, flag))

    @property
    def step_panel(self) -> CurvePanel:
        return self.panels["step"]

    @property
    def sigmoid_panel(self) -> CurvePanel:
        return self.panels["sigmoid"]

    @property
    def is_predicted(self) -> bool:
        """Whether both flags were put somewhere."""
        return None not in self.flags.values()

    def put(self, unit: Unit, other: Unit, x: float, *, nudged: bool) -> None:
        """Shows a unit at the input x; `other` is what a nudge, or else a factor, makes of it."""
        self.unit, self.other, self.given, self._nudged = unit, other, x, nudged
        self._draw()

    def show_told(self, told: bool) -> None:
        """Shows the other unit; or hides it, and takes the flags back."""
        self.told = told
        if not told:
            self.flags = dict.fromkeys(_KINDS)
        self._draw()

    def _predict(self, kind: Kind, flag: float) -> None:
        self.flags[kind] = flag
        self._draw()

    def _draw(self) -> None:
        found = change(self.unit, self.given, self.other.w - self.unit.w, self.other.b - self.unit.b)
        for kind, panel in self.panels.items():
            promised = found.promised if self._nudged and kind == "sigmoid" else None
            other = self.other if self.told else None
            panel.show_seen(SeenOutput(self.unit, self.given, other, promised, self.flags[kind]))
            panel.line.setText(self._line(panel, found.promised if promised is not None else None))

    def _line(self, panel: CurvePanel, promised: float | None) -> str:
        """The output in figures: before, and, once it is told, after."""
        now = panel.answer(self.unit, self.given)
        decimals = 0 if panel.kind == "step" else 3
        if not self.told:
            return say("now", now=numbers.number_text(now, decimals)) + "\n"
        then = panel.answer(self.other, self.given)
        moved = numbers.number_text(then - now, decimals, sign=True)
        told = {"now": numbers.number_text(now, decimals), "then": numbers.number_text(then, decimals)}
        if panel.kind == "step":
            return say("unmoved" if then == now else "flipped", **told)
        if promised is None:
            return say("moved", moved=moved, **told) + "\n"
        promise = numbers.number_text(promised, decimals, sign=True)
        return say("moved_promised", moved=moved, promise=promise, **told)
