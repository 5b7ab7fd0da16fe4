"""Conversion between the step that all views show and its place on the x axis."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from mnistviz.gui.curves.drawn_runs import XAxis
from mnistviz.gui.lab.shown import Shown

BEYOND = 0.005  # of the window: so far beyond its end is still the end of a run


class PlayheadLine(QObject):
    """Stores the viewed step of the selected run in steps and in digits, since the axis may count either."""

    step_wanted = Signal(int)
    live_wanted = Signal()

    def __init__(self, axis: XAxis, parent: QObject) -> None:
        super().__init__(parent)
        self._axis = axis
        self._steps: int | None = None
        self._digits = 0

    def set_shown(self, shown: Shown) -> None:
        run = shown.run
        if run is None or not run.step:
            self._steps, self._digits = None, 0
        elif shown.playhead is None:
            self._steps, self._digits = run.step, run.digits_seen
        elif shown.playhead != self._steps:
            self._steps, self._digits = shown.playhead, run.digits_at(shown.playhead)

    @property
    def place(self) -> float | None:
        """The place on the x axis; None while the run has no past to view."""
        selected = self._axis.selected
        if self._steps is None or selected is None:
            return None
        return (self._steps if self._axis.unit == "steps" else self._digits) / selected.per(self._axis.unit)

    def visit(self, place: float) -> None:
        """Request the step at a place of the axis, or the newest one beyond the end of the run."""
        selected, (low, high) = self._axis.selected, self._axis.window
        if selected is None or not selected.run.step:
            return
        run, unit = selected.run, self._axis.unit
        end = (run.step if unit == "steps" else run.digits_seen) / selected.per(unit)
        if place > end + BEYOND * (high - low):
            self.live_wanted.emit()
            return
        step = round(place) if unit == "steps" else run.nearest_step(round(place * run.epoch))
        self.step_wanted.emit(min(max(step, 0), run.step))
