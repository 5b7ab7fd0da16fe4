"""Step and sigmoid side by side: the same w, b and x, and what a nudge or a factor makes of them, once it is told."""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from mnistviz.engine.ideas.sigmoid import Unit, change
from mnistviz.gui.common import numbers
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.ideas.sigmoid.curve_panel import CurvePanel, Kind, SeenOutput

What = Literal["nudge", "factor"]

_KINDS: Final[tuple[Kind, ...]] = ("step", "sigmoid")


class UnitScene(QWidget):
    """Two curves, the same handle for x in both, and a flag in each."""

    x_moved = Signal(float)
    predicted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.panels = {kind: CurvePanel(kind, theme, self) for kind in _KINDS}
        self.flags: dict[Kind, float | None] = dict.fromkeys(_KINDS)
        """Where one expects the outputs; None where nobody has said."""
        self.unit, self.other, self.given = Unit(1.0, 0.0), Unit(1.0, 0.0), 1.0
        self.told = False
        """Whether the other unit is shown."""
        self._what: What = "nudge"
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

    def put(self, unit: Unit, other: Unit, x: float, what: What) -> None:
        """Shows a unit at the input x; `other` is what a nudge or a factor makes of it."""
        self.unit, self.other, self.given, self._what = unit, other, x, what
        self._draw()

    def tell(self) -> None:
        """Shows the other unit."""
        self.told = True
        self._draw()

    def cover(self) -> None:
        """Hides the other unit, and takes the flags back."""
        self.told, self.flags = False, dict.fromkeys(_KINDS)
        self._draw()

    def set_theme(self, theme: Theme) -> None:
        for panel in self.panels.values():
            panel.set_theme(theme)

    def _predict(self, kind: Kind, flag: float) -> None:
        self.flags[kind] = flag
        self._draw()
        self.predicted.emit()

    def _draw(self) -> None:
        nudged = self._what == "nudge"
        found = change(self.unit, self.given, self.other.w - self.unit.w, self.other.b - self.unit.b)
        for kind, panel in self.panels.items():
            promised = found.promised if nudged and kind == "sigmoid" else None
            other = self.other if self.told else None
            panel.show_seen(SeenOutput(self.unit, self.given, other, promised, self.flags[kind]))
            panel.line.setText(self._line(panel, found.promised if promised is not None else None))

    def _line(self, panel: CurvePanel, promised: float | None) -> str:
        """The output in figures: before, and, once it is told, after."""
        now = panel.answer(self.unit, self.given)
        decimals = 0 if panel.kind == "step" else 3
        if not self.told:
            return self.tr("output {now}").format(now=numbers.number_text(now, decimals)) + "\n"
        then = panel.answer(self.other, self.given)
        moved = numbers.number_text(then - now, decimals, sign=True)
        told = {"now": numbers.number_text(now, decimals), "then": numbers.number_text(then, decimals)}
        if panel.kind == "step":
            if then == now:
                return self.tr("output {now}, unmoved").format(**told)
            return self.tr("output {now} → {then}, flipped").format(**told)
        if promised is None:
            return self.tr("{now} → {then} ({moved})").format(moved=moved, **told) + "\n"
        promise = numbers.number_text(promised, decimals, sign=True)
        text = self.tr("{now} → {then} ({moved})\n◇ promised {promise}")
        return text.format(moved=moved, promise=promise, **told)
