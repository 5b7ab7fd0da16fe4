"""The curves of runs: the cost of the mini-batches, and beside it the accuracy on the three sets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QPoint, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from mnistviz.engine.acts import Intervention
from mnistviz.engine.columns import PositionUnit
from mnistviz.engine.history import SETS
from mnistviz.gui.common.bare_picture import laid_out
from mnistviz.gui.common.choices import Chosen
from mnistviz.gui.common.layouts import column_of, row_of
from mnistviz.gui.common.scales import Range
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import Theme, set_theme, theme
from mnistviz.gui.common.widgets import SMALLEST, describe, least_row, least_tab
from mnistviz.gui.curves.compose import COST, Composer, Drawing, PlotCursor
from mnistviz.gui.curves.curve_texts import CurveTexts
from mnistviz.gui.curves.curve_tools import CurveTools
from mnistviz.gui.curves.drawn_runs import Absence, XAxis, absences
from mnistviz.gui.curves.marks import Mark, nearest_mark
from mnistviz.gui.curves.plot import Plot, PlotGestures
from mnistviz.gui.curves.plot_frame import RIGHT, Sides
from mnistviz.gui.curves.titled_plot import CurveLegends, TitledPlot
from mnistviz.gui.lab.shown import Shown

if TYPE_CHECKING:
    from mnistviz.gui.curves.what_next import WhatNext

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
        if (run := shown.run) is None or not run.step:
            self._steps, self._digits = None, 0
        elif shown.playhead is None:
            self._steps, self._digits = run.step, run.digits_seen
        elif shown.playhead != self._steps:
            self._steps, self._digits = shown.playhead, run.digits_at(shown.playhead)

    @property
    def place(self) -> float | None:
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


NEAR = 5  # pixels between the cursor and a mark
HIDDEN = QSize(1100, 260)  # pixels: size of both plots in a picture if they were never shown
STEP = 8  # pixels, so that longer labels seldom move the axis


class Curves(QWidget):
    """Two plots with one x axis. They follow the run until they are zoomed, and again after `follow`."""

    absences_changed = Signal(object)  # dict[int, Absence]: runs that have no line in view, by their numbers

    def __init__(self, chosen: Chosen) -> None:
        super().__init__()
        self.setObjectName("curves")
        self.chosen = chosen
        self._texts = CurveTexts(self)
        self._composer = Composer(self._texts)
        self.axis = XAxis()
        self.playhead = PlayheadLine(self.axis, self)
        self._run: int | None = None  # number of the run that is drawn
        self._log: bool | None = None  # whether the user chose a logarithmic axis; None: the costs decide
        self._place: float | None = None  # of the cursor, on the x axis
        self._pointed = 0  # number of the plot that the pointer is in
        self._absences: Mapping[int, Absence] = {}
        self._drawings: tuple[Drawing, Drawing] | None = None  # without their cursors
        self._sides = Sides(0, RIGHT)  # of both plots
        self._substitutes: dict[str, QWidget] = {}  # what can replace the plots
        self._what_next: WhatNext | None = None
        self._view = "plot"  # what is seen
        self._first_steps: QWidget | None = None
        self._ahead: QAction | None = None  # whether *What next?* is seen
        self._begun = self._several = False
        self._build_actions()
        self._build_plots()
        self._show_following()
        self.adopt_theme()
        chosen.bind(self.error_scale_action, "curves", "error_scale")
        chosen.bind(self.x_minibatches_action, "curves", "x_minibatches")
        chosen.listen("curves", self._adopt_axis)
        chosen.listen("first", self._show_only)
        chosen.listen("curves", self.show_view)
        self._adopt_axis()
        self.show_view()

    def _build_actions(self) -> None:
        self.tab_tools = tools = CurveTools(self, self.follow, self._choose_view)
        self.follow_action = tools.follow
        self.log_cost_action, self.error_scale_action, self.x_minibatches_action, fit = tools.choices
        self.chosen.bind(fit, "curves", "fit_selected")
        self.destroyed.connect(tools.deleteLater)  # the tools have another parent
        acts = self._choose_axis, self._change_scale, self._change_unit
        for action, act in zip(tools.choices[:3], acts, strict=True):
            action.toggled.connect(act)

    def _build_plots(self) -> None:
        self._plots = (
            self._plot(0, "cost_plot", tr("Cost of the mini-batches"), COST),
            self._plot(1, "accuracy_plot", tr("Accuracy"), SETS),
        )
        self._cost_plot, self._accuracy_plot = self._plots
        self.setFocusProxy(self._cost_plot)
        self._titled = cost, accuracy = TitledPlot(self._cost_plot), TitledPlot(self._accuracy_plot)
        self._legends = CurveLegends(self._texts, cost.legend, accuracy.legend)
        self._beside = row_of((cost, 1), (accuracy, 1), spacing=14)
        self._above = column_of((self._beside, 1), spacing=0, inside=self)
        self._name_plots()

    def _name_plots(self) -> None:
        cost, accuracy = self._titled
        if self._drawings is None or self._drawings[0].empty:
            cost.name(tr("Cost"), "")
            accuracy.name(tr("Accuracy"), "")
            return
        if self._composer.leapt:
            why = tr("logarithmic, since it rose more than tenfold")
            cost.name(tr("Cost"), why, tr("logarithmic"), needed=True)
        else:
            cost.name(tr("Cost"), tr("of each mini-batch"))
        if self.error_scale_action.isChecked():
            accuracy.name(tr("Errors"), tr("share of digits read wrong"))
        elif self._several:
            text = tr("share of validation digits read right")
            accuracy.name(tr("Accuracy"), text, tr("of validation digits"))
        else:
            accuracy.name(tr("Accuracy"), tr("share of digits read right"))

    def add_first_steps(self, steps: QWidget) -> None:
        """Place the first steps above the plots, which are hidden where there is too little room for both."""
        self._above.insertWidget(0, steps)
        self._first_steps = steps

    def add_substitute(self, view: str, widget: QWidget) -> None:
        self._substitutes[view] = widget
        self._beside.addWidget(widget, 1)
        widget.hide()
        self.show_view()

    def add_ahead(self, what_next: WhatNext) -> None:
        """Add the forecasts, which lie over the plots."""
        what_next.hide()
        what_next.setParent(self)
        self._what_next = what_next
        self.tab_tools.add_head(what_next.head)
        self.show_view()

    def bind_ahead(self, action: QAction) -> None:
        """Show the forecasts while `action` is checked; whoever checks it calls `show_view`."""
        self._ahead = action
        action.changed.connect(self._show_tools)

    def _choose_view(self, view: str) -> None:
        if self._ahead is not None:
            self._ahead.setChecked(view == "next")
        if view != "next":
            self.chosen.choose("curves", view=view)
        self.show_view()

    def show_view(self) -> None:
        before, self._view = self._view, "plot"
        if self._ahead is not None and self._ahead.isChecked() and self._what_next is not None:
            self._view = "next"
        elif self.chosen.now.curves.view == "table" and self._several and "table" in self._substitutes:
            self._view = "table"
        self._show_tools()
        if self._view != before:
            self._show_only()
            self.updateGeometry()
            ahead = self._what_next if self._view == "next" else None
            self.setFocusProxy(ahead or self._substitutes.get(self._view, self._cost_plot))
            self._refresh()
            if self._what_next is not None:
                self._what_next.setVisible(ahead is not None)

    def _show_tools(self) -> None:
        ahead = self._ahead is not None and self._ahead.isEnabled()
        self.tab_tools.show_state(self._view, begun=self._begun, several=self._several, can_look_ahead=ahead)

    def _show_only(self, view: str = "") -> None:
        view, is_low = view or self._view, self._is_low
        self._above.setStretchFactor(self._beside, not is_low)
        for titled in self._titled:
            titled.setHidden(view in self._substitutes or is_low)
        for name, widget in self._substitutes.items():
            widget.setVisible(name == view)

    @property
    def _is_low(self) -> bool:
        """Whether the first steps, until the first mini-batch, leave too little room for the plots."""
        least = self.minimumSizeHint().height()
        if self._first_steps is None or "start" not in self.chosen.now.first.left:
            return False
        return self.height() < self._first_steps.minimumHeight() + least

    def minimumSizeHint(self) -> QSize:
        """Return the least size of the plots, which is all they need, or of what takes their place in larger text."""
        if self._view != "plot" and least_row(self) > SMALLEST:
            return least_tab(self)
        least = [titled.minimumSizeHint() for titled in self._titled]
        width = sum(each.width() for each in least) + self._beside.spacing()
        return QSize(width, max(each.height() for each in least))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_only()

    def _plot(self, number: int, name: str, accessible: str, lines: Sequence[str]) -> Plot:
        """Return a plot; the arrow keys move its cursor along the first of these lines that is drawn."""
        gestures = PlotGestures(
            partial(self._point, number), self.show_whole, partial(self._walk, number, lines), self._zoom_by,
            self._pan, self.playhead.visit, self._enter, self._follow_live, self._refresh,
        )  # fmt: skip
        plot = Plot(gestures, readout_on_top=number == 0, snaps=number == 1)
        tip = tr(
            "Click to look at that moment. The wheel zooms, dragging moves, F shows all of the run again, and the "
            "pointer reads exact values."
        )
        describe(plot, name, accessible, tip)
        return plot

    def describe_by(self, heard: Callable[[], str]) -> None:
        for plot in self._plots:
            plot.heard = heard

    def draw(self, shown: Shown) -> None:
        """Draw the run shown, and pale behind it the others; fast if little is new. Another run ends the zoom."""
        if shown.number != self._run:
            self._run, self.axis.zoom, self._log = shown.number, None, self._log or None
            self._show_following()
        self.axis.set_runs(shown)
        begun = self._begun, self._several
        self._several = bool(shown.other_runs)
        self._begun = self._several or (shown.run is not None and shown.run.step > 0)
        if begun != (self._begun, self._several):
            self.show_view()
            self._name_plots()
        self.playhead.set_shown(shown)
        self._legends.draw(self.axis)
        self._refresh()

    def show_whole(self, number: int | None) -> None:
        """Draw all lines of the run that is pointed at, by its number, as of the selected one; None for none."""
        if self.axis.point_at(number):
            self._refresh()

    def adopt_theme(self) -> None:
        self._legends.draw(self.axis)
        self._refresh()

    @property
    def following(self) -> bool:
        return self.axis.zoom is None

    def follow(self) -> None:
        self.axis.zoom = None
        self._show_following()
        self._refresh()

    def _follow_live(self) -> None:
        self.follow()
        self.playhead.live_wanted.emit()

    def _show_following(self) -> None:
        self.follow_action.setEnabled(not self.following)
        self.tab_tools.follow_button.setVisible(not self.following)
        shape = Qt.CursorShape.ArrowCursor if self.following else Qt.CursorShape.OpenHandCursor
        for plot in self._plots:
            plot.viewport().setCursor(shape)

    def _zoom_by(self, factor: float, place: float | None) -> None:
        if place is None:
            place = sum(self.axis.window) / 2 if self._place is None else self._place
        self.axis.zoom_by(factor, place)
        self._show_following()
        self._refresh()

    def _pan(self, by: float) -> None:
        self.axis.pan(by)
        self._refresh()

    def _change_scale(self) -> None:
        self._name_plots()
        self._refresh()

    def _change_unit(self, in_mini_batches: bool) -> None:
        unit: PositionUnit = "steps" if in_mini_batches else "digits"
        if self._place is not None:
            self._place = self.axis.converted(self._place, unit)
        self.axis.set_unit(unit)
        self._show_following()
        self._legends.draw(self.axis)
        self._refresh()

    @property
    def _is_log(self) -> bool:
        return self._composer.leapt if self._log is None else self._log

    def _choose_axis(self, log: bool) -> None:
        if log != self._is_log:  # otherwise the action only shows the present state
            self._log = log
            self.chosen.choose("curves", log_cost=log)
            self._refresh()

    def _adopt_axis(self) -> None:
        """Adopt the chosen cost axis; unless a logarithmic one is chosen, the costs decide."""
        log, fits = self.chosen.now.curves.log_cost, self.chosen.now.curves.fit_selected
        if fits != self.axis.fits_selected:
            self.axis.fits_selected = fits
            self._refresh()
        if log != (self._log is True):
            self._log = log
            self.log_cost_action.setChecked(log)
            self._refresh()

    def _point(self, number: int, place: float | None) -> None:
        self._place, self._pointed = place, number
        self._show_flag()
        self._draw_cursor()

    def _enter(self) -> None:
        if self._place is not None:
            self.playhead.visit(self._place)

    def words_of(self, acts: Sequence[Intervention]) -> str:
        return self._texts.summed_up(list(acts))

    def _walk(self, number: int, names: Sequence[str], points: int) -> None:
        """Move the cursor by some points of a curve, from the last point if there was no cursor."""
        if (selected := self.axis.selected) is None:
            return
        drawn = (selected.trace(name).points.x for name in names)
        if (x := next((places for places in drawn if len(places)), None)) is None:
            return
        x = x / selected.per(self.axis.unit)
        at = len(x) - 1 if self._place is None else int(np.argmin(np.abs(x - self._place))) + points
        self._point(number, float(np.clip(x[min(max(at, 0), len(x) - 1)], *self.axis.window)))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._release()

    def _release(self) -> None:
        """Release the runs' data while the plots are hidden; the next `draw` brings it again."""
        for drawn in self.axis.runs:
            drawn.release()

    def _refresh(self, *, even_hidden: bool = False) -> None:
        if not (self.isVisible() or even_hidden):
            return
        low, high = self.axis.window
        pixels = self._pixels()
        for drawn in self.axis.runs:
            drawn.update(self.axis.unit, low, high, pixels)
        before = self._composer.leapt, self._drawings is None or self._drawings[0].empty
        window, errors = Range(low, high), self.error_scale_action.isChecked()
        self._drawings = self._composer.drawings(self.axis, window, pixels, log=self._log, errors=errors)
        if before != (self._composer.leapt, self._drawings[0].empty):
            self._name_plots()
            self.log_cost_action.setChecked(self._is_log)
        if (absent := absences(self.axis)) != self._absences:
            self._absences = absent
            self.absences_changed.emit(absent)
        wanted = [plot.wanted_sides(new) for plot, new in zip(self._plots, self._drawings, strict=True)]
        self._sides = Sides(*(-(-max(each) // STEP) * STEP for each in zip(*wanted, strict=True)))
        for titled in self._titled:
            titled.end_at(self._sides.right)
        self._show_flag()
        self._draw_cursor()

    def _pixels(self) -> int:
        return max(1, self._cost_plot.viewport().width() - sum(self._sides))

    def _marks_at_cursor(self) -> Sequence[Mark]:
        if self._place is None or self._drawings is None:
            return ()
        low, high = self.axis.window
        return nearest_mark(self._drawings[0].marks, self._place, NEAR * (high - low) / self._pixels())

    def _show_flag(self) -> None:
        """Show the text of the newest flag in view, unless the cursor shows it."""
        marks = self._drawings[0].marks if self._drawings else ()
        if marks and self._view == "plot" and marks[-1] not in self._marks_at_cursor():
            newest, unit, place = marks[-1], self.axis.unit, marks[-1].place
            if newest.many and (run := self.axis.selected) is not None:  # the text ends with the last of them
                place = run.place_of(unit, newest.acts[-1])
            self.tab_tools.flag.set_wordings(self._texts.flag(newest.text, place, unit), newest.text)
        else:
            self.tab_tools.flag.set_wordings()

    def _draw_cursor(self) -> None:
        if self._drawings is None:
            return
        cursors: tuple[PlotCursor | None, ...] = (None, None)
        if self._place is not None:
            at_cursor = self._marks_at_cursor()  # only in the plot that the pointer is in
            marks = (at_cursor, ()) if self._pointed == 0 else ((), at_cursor)
            errors = self.error_scale_action.isChecked()
            cursors = self._composer.cursors(marks, self.axis, self._place, errors=errors)
        for plot, drawing, cursor in zip(self._plots, self._drawings, cursors, strict=True):
            plot.draw(drawing._replace(cursor=cursor, playhead=self.playhead.place), self._sides)
        if self._view == "next":
            self._place_ahead()

    def _place_ahead(self) -> None:
        plot, titled = self._cost_plot, self._titled[0]
        corner = QPointF(plot.viewport().mapTo(self, QPoint(0, 0)))
        frame, place = plot.frame, self.playhead.place
        at = frame.area.left() if place is None else frame.x_of(place)
        if self._what_next is not None:
            area = frame.area.translated(corner)
            title = titled.title_room.translated(titled.pos())
            beyond = max(plot.label_end(at) - at, 0.0)
            self._what_next.place(area, frame.y, corner.x() + at, beyond, title)
            self._what_next.raise_()

    @contextmanager
    def ready(self, shown: Shown, look: Theme | None = None) -> Iterator[None]:
        """Prepare the plots to be painted elsewhere, with all runs' names; in a fixed size if hidden, in a `look`."""
        own = theme()
        set_theme(look or own, self)
        self.draw(shown)
        for titled in self._titled:
            titled.picture_entries = self._legends.names(self.axis)
        self._show_only("plot")
        with laid_out(self, HIDDEN):
            self._refresh(even_hidden=True)
            yield
        self._show_only()
        set_theme(own, self)
        if not self.isVisible():
            self._release()

    def plot_picture(self, name: str) -> TitledPlot:
        return self._titled[("cost", "accuracy").index(name)]
