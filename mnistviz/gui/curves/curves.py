"""The curves of runs: the cost of the mini-batches above, the accuracy on the three sets below."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mnistviz.engine.acts import Intervention
from mnistviz.engine.columns import Unit
from mnistviz.engine.history import SETS
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import ActionPushButton, Card, describe
from mnistviz.gui.curves.curve_texts import CurveTexts
from mnistviz.gui.curves.drawn_run import DrawnRun, Point, RunCurves, read_accuracies, read_costs
from mnistviz.gui.curves.legend import Entry, Legend
from mnistviz.gui.curves.plot import Look, Plot
from mnistviz.gui.curves.plot_frame import Mark
from mnistviz.gui.curves.scales import Range, accuracy_range, cost_range, error_range
from mnistviz.gui.curves.traces import without_start
from mnistviz.gui.curves.x_axis import XAxis
from mnistviz.gui.lab.shown import Shown

__all__ = ["Curves", "RunCurves"]

Floats = NDArray[np.float64]

NEAR = 5  # pixels between the cursor and a mark
NOTHING: tuple[list[str], list[Point]] = ([], [])
LEFT_STEP = 8  # pixels, so that longer labels seldom move the axis
STYLES = {
    "cost": Qt.PenStyle.SolidLine,
    "training": Qt.PenStyle.SolidLine,
    "validation": Qt.PenStyle.DashLine,
    "test": Qt.PenStyle.DotLine,
}


class Curves(QWidget):
    """Two plots with one x axis. They follow the run until they are zoomed, and again when told to."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("curves")
        self._theme = theme
        self._texts = CurveTexts(self)
        self._runs: list[DrawnRun] = []
        self._axis = XAxis()
        self._place: float | None = None  # of the cursor
        self._marks: list[tuple[Mark, list[Intervention]]] = []
        self._mark_texts: dict[range, str] = {}  # by the numbers of the interventions that a mark stands for
        self._cost_axis = self._accuracy_axis = Range(0, 1)
        self._keys: dict[str, object] = {}

        action = self._action
        self.follow_action = action(
            "follow",
            self.tr("&Follow the run"),
            self.tr("Follow"),
            self.tr("Shows all of the run again (F)."),
        )
        self.follow_action.setShortcut("F")
        self.log_cost_action = action(
            "log_cost",
            self.tr("Lo&garithmic cost"),
            self.tr("log"),
            self.tr("Draws the cost on a logarithmic axis."),
            checkable=True,
        )
        self.error_scale_action = action(
            "error_scale",
            self.tr("&Errors instead of accuracy"),
            self.tr("errors"),
            self.tr("Draws the share of digits that are read wrong, on a logarithmic axis."),
            checkable=True,
        )
        self.x_minibatches_action = action(
            "x_minibatches",
            self.tr("&Mini-batches instead of epochs"),
            self.tr("mini-batches"),
            self.tr("Counts mini-batches instead of epochs along both plots."),
            checkable=True,
        )
        self.follow_action.triggered.connect(self.follow)
        self.log_cost_action.toggled.connect(self._refresh)
        self.error_scale_action.toggled.connect(self._refresh)
        self.x_minibatches_action.toggled.connect(self._change_unit)

        texts = self._texts
        self._cost_plot = self._plot(
            "cost_plot", self.tr("Cost of the mini-batches"), texts.cost_ticks, labels_on_top=True
        )
        self._accuracy_plot = self._plot(
            "accuracy_plot", self.tr("Accuracy"), texts.percent_ticks, labels_on_top=False
        )
        self._cost_plot.walked.connect(self._walk_costs)
        self._accuracy_plot.walked.connect(self._walk_accuracies)
        self._plots = (self._cost_plot, self._accuracy_plot)
        self._cost_legend, self._accuracy_legend = Legend(theme), Legend(theme)
        self._follow_button = ActionPushButton(self.follow_action)
        log, errors, units = (
            ActionPushButton(each)
            for each in (self.log_cost_action, self.error_scale_action, self.x_minibatches_action)
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        cost, accuracy = self.tr("Cost"), self.tr("Accuracy")
        layout.addWidget(self._card(cost, self._cost_plot, self._cost_legend, self._follow_button, log), 1)
        self._accuracy_card = self._card(accuracy, self._accuracy_plot, self._accuracy_legend, errors, units)
        layout.addWidget(self._accuracy_card, 1)
        self.error_scale_action.toggled.connect(self._name_accuracy)
        self._show_following()
        self.set_theme(theme)

    def _name_accuracy(self, errors: bool) -> None:
        self._accuracy_card.title.setText(self.tr("Errors") if errors else self.tr("Accuracy"))

    def _action(self, name: str, text: str, short: str, tip: str, *, checkable: bool = False) -> QAction:
        action = QAction(text, self)
        action.setObjectName(f"{name}_action")
        action.setIconText(short)
        action.setToolTip(tip)
        action.setCheckable(checkable)
        self.addAction(action)
        return action

    def _plot(
        self, name: str, accessible: str, y_texts: Callable[[list[float]], list[str]], *, labels_on_top: bool
    ) -> Plot:
        plot = Plot(self._theme, self._x_texts, y_texts, labels_on_top=labels_on_top)
        tip = self.tr(
            "The wheel zooms, dragging moves, F follows the run again, the pointer reads exact values."
        )
        describe(plot, name, accessible, tip)
        plot.pointed.connect(self._point)
        plot.zoomed.connect(self._zoom_by)
        plot.panned.connect(self._pan)
        plot.follow_asked.connect(self.follow)
        plot.resized.connect(self._refresh)
        return plot

    @staticmethod
    def _card(title: str, plot: Plot, legend: Legend, *buttons: ActionPushButton) -> Card:
        card = Card(title)
        card.note.hide()
        card.header.addWidget(legend)
        for button in buttons:
            button.setProperty("role", "quiet")
            card.header.addWidget(button)
        card.body.addWidget(plot)
        return card

    # The view

    def draw(self, shown: Shown) -> None:
        """Draws the run shown, and the others behind it."""
        if (digits := shown.digits) is None:
            return
        runs = [
            RunCurves(self.tr("last run"), self._theme.ghost, True, run.history, digits.epoch(run.settings))
            for run in shown.others
        ]
        if (run := shown.run) is not None:
            epoch = digits.epoch(run.settings)
            runs.append(RunCurves(self.tr("this run"), self._theme.runs[0], False, run.history, epoch))
        self.draw_runs(runs)

    def draw_runs(self, runs: Sequence[RunCurves]) -> None:
        """Draws these runs, the live one last. Costs little where little is new since the last call."""
        known = {drawn.key: drawn for drawn in self._runs}
        self._runs = [known.get((id(run.history), run.ghost)) or DrawnRun(run) for run in runs]
        for drawn, run in zip(self._runs, runs, strict=True):
            drawn.run = run
        self._axis.runs = self._runs
        self._refresh()

    def forget(self) -> None:
        """Forgets the zoom, so that the next run is followed. The curves stay until it is drawn."""
        self._axis.zoom = None
        self._show_following()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        quiet = "QPushButton[role='quiet']"
        self.setStyleSheet(
            f"{quiet} {{ border: 1px solid {theme.border}; }}"
            f"{quiet}:checked, {quiet}:focus {{ border-color: {theme.accent}; }}"
        )
        for plot in self._plots:
            plot.set_theme(theme)
        self._refresh()

    def state(self) -> dict[str, bool]:
        """The choices that the next start should remember."""
        return {name: action.isChecked() for name, action in self._choices.items()}

    def restore(self, state: dict[str, Any]) -> None:
        """Takes over what `state` gave; what is missing or strange stays as it is."""
        for name, action in self._choices.items():
            if isinstance(state.get(name), bool):
                action.setChecked(state[name])

    @property
    def _choices(self) -> dict[str, QAction]:
        return {
            "log_cost": self.log_cost_action,
            "error_scale": self.error_scale_action,
            "x_minibatches": self.x_minibatches_action,
        }

    @property
    def following(self) -> bool:
        """Whether all of the run is in view."""
        return self._axis.zoom is None

    @property
    def x_range(self) -> tuple[float, float]:
        """The ends of the x axis, in epochs or mini-batches."""
        return self._axis.window

    def follow(self) -> None:
        """Shows all of the run, and what is added to it."""
        self._axis.zoom = None
        self._show_following()
        self._refresh()

    # What the hand asks for

    def _show_following(self) -> None:
        self.follow_action.setEnabled(not self.following)
        self._follow_button.setVisible(not self.following)
        shape = Qt.CursorShape.ArrowCursor if self.following else Qt.CursorShape.OpenHandCursor
        for plot in self._plots:
            plot.viewport().setCursor(shape)

    def _zoom_by(self, factor: float, place: float | None) -> None:
        if place is None:
            place = sum(self.x_range) / 2 if self._place is None else self._place
        self._axis.zoom_by(factor, place)
        self._show_following()
        self._refresh()

    def _pan(self, by: float) -> None:
        self._axis.pan(by)
        self._refresh()

    def _change_unit(self, in_mini_batches: bool) -> None:
        unit: Unit = "steps" if in_mini_batches else "digits"
        if self._place is not None:
            self._place = self._axis.converted(self._place, unit)
        self._axis.set_unit(unit)
        self._show_following()
        self._refresh()

    def _point(self, place: float | None) -> None:
        self._place = place
        self._draw_cursor()

    def _x_texts(self, values: list[float]) -> list[str]:
        in_steps = self._axis.unit == "steps"
        return self._texts.step_ticks(values) if in_steps else self._texts.epoch_ticks(values)

    def _walk_costs(self, points: int) -> None:
        self._walk(points, ("cost",))

    def _walk_accuracies(self, points: int) -> None:
        self._walk(points, SETS)

    def _walk(self, points: int, names: Sequence[str]) -> None:
        """Moves the cursor by some points of a curve, from the last one if there was no cursor."""
        live = self._axis.live
        if live is None:
            return
        trace = next((live.traces[name] for name in names if len(live.traces[name].x)), None)
        if trace is None:
            return
        x = trace.x / live.per(self._axis.unit)
        at = len(x) - 1 if self._place is None else int(np.argmin(np.abs(x - self._place))) + points
        self._point(float(np.clip(x[min(max(at, 0), len(x) - 1)], *self.x_range)))

    # Drawing

    def _is_new(self, what: str, key: object) -> bool:
        """Whether something has to be done anew, because what it depends on differs from the last time."""
        if self._keys.get(what) == key:
            return False
        self._keys[what] = key
        return True

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    def _refresh(self) -> None:
        if not self.isVisible():
            return
        (low, high), unit = self.x_range, self._axis.unit
        frame = (low, high, *self.state().values(), *(plot.appearance for plot in self._plots))
        if not self._is_new("anything", (frame, [drawn.version() for drawn in self._runs])):
            return
        pixels = self._cost_plot.viewport().width()
        for drawn in self._runs:
            drawn.update(unit, low, high, pixels)
        visible = [drawn.visible_version() for drawn in self._runs]
        if self._is_new("to be drawn", (frame, pixels, visible)):
            self._draw_plots(low, high)
        self._draw_cursor()

    def _draw_plots(self, low: float, high: float) -> None:
        self._fit_axes()
        left = max(
            self._cost_plot.wanted_left(self._cost_axis), self._accuracy_plot.wanted_left(self._accuracy_axis)
        )
        left = -(-left // LEFT_STEP) * LEFT_STEP
        marks = self._fit_marks(low, high)
        for plot, axis, names, message in (
            (self._cost_plot, self._cost_axis, ("cost",), self._texts.no_costs),
            (self._accuracy_plot, self._accuracy_axis, SETS, self._texts.no_accuracies),
        ):
            empty = not any(drawn.traces[name].columns.size for drawn in self._runs for name in names)
            moved = plot.set_frame(Range(low, high), axis, left, message() if empty else "")
            self._draw_lines(plot, names, moved)
            plot.set_marks(marks)
        if self._is_new("legends", (self._theme, [(drawn.key, drawn.run.hue) for drawn in self._runs])):
            self._draw_legends()

    def _fit_axes(self) -> None:
        """Chooses the ends of both y axes; an axis stays as it is where it still serves."""
        log, errors = self.log_cost_action.isChecked(), self.error_scale_action.isChecked()
        highest = _joined(drawn.cost.highest for drawn in self._runs)
        lowest = _joined(drawn.cost.lowest for drawn in self._runs)
        self._cost_axis = cost_range(highest, lowest, log, self._cost_axis)
        versions = [trace.version for drawn in self._runs for trace in drawn.accuracies.values()]
        if not self._is_new("accuracies", (self.x_range, errors, versions)):
            return
        if errors:
            wrong = 1 - _joined(trace.mean for drawn in self._runs for trace in drawn.accuracies.values())
            self._accuracy_axis = error_range(wrong, self._accuracy_axis)
        else:
            right = _joined(without_start(drawn.accuracies.values()) for drawn in self._runs)
            self._accuracy_axis = accuracy_range(right, self._accuracy_axis)

    def _draw_lines(self, plot: Plot, names: Sequence[str], moved: bool) -> None:
        """Draws the lines anew that changed, or all if the axes moved."""
        shown = [
            (drawn, name)
            for drawn in self._runs
            for name in names
            if not (drawn.run.ghost and name == "test")
        ]
        plot.keep_lines(
            [(drawn.key, name) for drawn, name in shown],
            band=any(drawn.traces[name].has_band for drawn, name in shown),
        )
        errors = self.error_scale_action.isChecked()
        for drawn, name in shown:
            trace, run = drawn.traces[name], drawn.run
            if not moved and drawn.seen.get(name) == trace.version:
                continue
            drawn.seen[name] = trace.version
            x, y = trace.x / drawn.per(self._axis.unit), trace.mean
            if trace.has_band:
                plot.set_band(x, trace.band, run.hue)
            look = Look(run.hue, STYLES[name], dots=name == "test", faint=run.ghost)
            plot.set_line((drawn.key, name), x, 1 - y if errors and name != "cost" else y, look)

    def _draw_legends(self) -> None:
        live = self._axis.live
        hue = live.run.hue if live else self._theme.runs[0]
        others = tuple(Entry(drawn.run.name, drawn.run.hue) for drawn in self._runs if drawn is not live)
        mean, band = self.tr("mean of mini-batches"), self.tr("10–90 % of them")
        self._cost_legend.set_entries(self._theme, (Entry(mean, hue), Entry(band, hue, None), *others))
        sets = tuple(Entry(self._texts.set_name(name), hue, STYLES[name]) for name in SETS)
        self._accuracy_legend.set_entries(self._theme, (*sets, *others))

    def _fit_marks(self, low: float, high: float) -> list[Mark]:
        """The marks of the live run; those that are near each other are one."""
        live, unit = self._axis.live, self._axis.unit
        if self._is_new("marks", (low, high, unit, live and live.version_of_interventions())):
            if self._is_new("groups of marks", (low, high, unit, live and live.key)):
                self._mark_texts = {}
            groups = live.interventions(low, high, unit) if live else []
            done = live.run.history.interventions if live else []
            for _, numbers in groups:
                if numbers not in self._mark_texts:
                    group = done[numbers.start : numbers.stop]
                    self._mark_texts[numbers] = self._texts.summed_up(group)
            self._marks = [
                (Mark(place, text), done[numbers.start : numbers.stop])
                for place, numbers in groups
                if (text := self._mark_texts[numbers])
            ]
            last = len(done) - 1  # it may be joined with a later one
            self._mark_texts = {
                numbers: text for numbers, text in self._mark_texts.items() if last not in numbers
            }
        return [mark for mark, _ in self._marks]

    def _draw_cursor(self) -> None:
        place, live, unit = self._place, self._axis.live, self._axis.unit
        costs = accuracies = NOTHING
        if place is not None:
            if live is not None:
                place = min(place, max(live.extent(unit), self.x_range[0]))
            errors = self.error_scale_action.isChecked()
            costs = read_costs(self._texts, self._runs, place, unit)
            accuracies = read_accuracies(self._texts, self._runs, place, unit, errors=errors)
        for plot, (lines, points) in zip(self._plots, (costs, accuracies), strict=True):
            text = "\n".join([*lines, *self._read_marks(place)] if lines and place is not None else [])
            plot.set_cursor(place if lines else None, points, text)
            if plot.accessibleDescription() != text:
                plot.setAccessibleDescription(text)

    def _read_marks(self, place: float) -> list[str]:
        low, high = self.x_range
        near = NEAR * (high - low) / self._cost_plot.viewport().width()
        return [
            line
            for mark, group in self._marks
            if abs(mark.place - place) <= near
            for line in self._texts.interventions(group)
        ]


def _joined(arrays: Iterable[Floats]) -> Floats:
    return np.concatenate((np.empty(0), *arrays))
