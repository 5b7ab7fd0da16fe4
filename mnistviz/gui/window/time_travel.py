"""The playhead's commands from curves and menu, messages about replays, and *What next?*."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from mnistviz.engine.acts import Nudged
from mnistviz.engine.commands import Change
from mnistviz.gui.common import numbers
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.unit_names import input_name, unit_name
from mnistviz.gui.curves.plot import Plot
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.lab_changes import ChangeKind
from mnistviz.gui.lab.shown import RunFacts
from mnistviz.gui.settings.eta_control import EtaControl
from mnistviz.gui.window.action_book import ActionBook
from mnistviz.gui.window.views import BOTTOM_LINE, CONTROLS, CURVES, FUTURES, TIMELINE, Views

if TYPE_CHECKING:
    from mnistviz.gui.curves.what_next import WhatNext


class TimeTravel(QObject):
    """Lets the curves move the playhead, and reports replays and perturbed copies."""

    def __init__(self, lab: Lab, views: Views, actions: ActionBook, parent: QObject) -> None:
        super().__init__(parent)
        self._lab, self._actions = lab, actions
        self._timeline, self._curves = views[TIMELINE], views[CURVES]
        self._line = views[BOTTOM_LINE]
        self._nudged: int | None = None  # the number of the run whose changed weight is to be reported
        self._coarse: int | None = None  # the number of the run whose coarse past was reported
        timeline, curves, playhead = self._timeline, self._curves, lab.playhead
        timeline.field.refused.connect(self._line.refuse)
        timeline.strip.flag_words = curves.words_of
        curves.playhead.step_wanted.connect(playhead.visit)
        curves.playhead.live_wanted.connect(playhead.live_again)
        lab.listen(ChangeKind.REPLAY, self._on_replay)

    def cancel(self) -> bool:
        """Cancel a replay; return False if there is none."""
        if self._lab.playhead.replaying is None:
            return False
        self._lab.playhead.cancel()
        return True

    def _on_replay(self) -> None:
        """Show the progress of a replay, which Escape cancels; report a coarse past once per run."""
        done, of = self._lab.playhead.replaying or (0, 0)
        self._timeline.show_progress(done, of)
        for plot in self._curves.findChildren(Plot):
            plot.needs_escape = bool(of) or self._actions["what_next"].isChecked()
        number = self._lab.shown.number
        if of and self._timeline.is_coarse and self._coarse != number:
            self._coarse = number
            text = tr(
                "For a network this large, few states are kept: the exact moment takes a replay of "
                "up to {count} mini-batches. Escape stops it."
            )
            self._line.tell(text.format(count=numbers.whole(self._timeline.spacing)))

    def butterfly(self) -> None:
        """Begin a copy with the last bit of one weight changed; its message follows."""
        run = self._lab.runs.butterfly()
        self._nudged = None if run is None else run.number

    def show(self) -> None:
        """Update the actions and messages that depend on the step. Call it regularly."""
        self._actions["train_on"].setChecked(self._lab.playhead.train_on)
        if (run := None if self._nudged is None else self._lab.runs.find(self._nudged)) is not None:
            self._report_nudge(run)

    def _report_nudge(self, run: RunFacts) -> None:
        """Report the changed weight as soon as the run has chosen it."""
        act = next((act for act in run.history.interventions if isinstance(act, Nudged)), None)
        if act is None:
            return
        self._nudged = None
        sizes = run.settings.sizes
        classes = () if self._lab.digits is None else self._lab.digits.classes
        output = unit_name(len(sizes) - 1, act.row, sizes, classes)
        if act.layer > 1:
            text = tr(
                "In this copy one weight is changed by the smallest possible amount: from {unit} to {output}."
            )
            text = text.format(unit=unit_name(act.layer - 1, act.column, sizes, classes), output=output)
        else:
            text = tr(
                "In this copy one weight is changed by the smallest possible amount: from the pixel in "
                "{place} to {output}."
            )
            text = text.format(place=input_name(1, act.column, sizes), output=output)
        self._line.tell(text)


class LookingAhead(QObject):
    """Shows the forecasts beside the curves while `action` is checked."""

    def __init__(self, lab: Lab, views: Views, eta: EtaControl, action: QAction, parent: QObject) -> None:
        super().__init__(parent)
        self._lab, self._views, self._eta = lab, views, eta
        self._curves, self._controls = views[CURVES], views[CONTROLS]
        self._action = action
        self._resumes = False  # whether training continues afterwards
        self._curves.bind_ahead(action)
        lab.listen(ChangeKind.STEERED, self._on_steered)
        lab.listen(ChangeKind.DRAFT, self._on_draft)

    def take_futures(self, futures: WhatNext) -> None:
        self._curves.add_ahead(futures)
        futures.take, futures.branch, futures.mark = self._take, self._branch, self._eta.forecasts.show_ticks
        self._eta.forecasts.pointed, self._eta.forecasts.chosen = futures.point, futures.adopt

    def set_on(self, on: bool) -> None:
        """Show the forecasts, or the curves again, and then continue training if it was paused for that."""
        lab, futures = self._lab, self._views[FUTURES]
        for plot in self._curves.findChildren(Plot):
            plot.needs_escape = on
        if on:
            self._resumes = lab.playhead.live and lab.time.learning
            if self._resumes:
                lab.time.toggle_play()
            lab.playhead.film(False)
            self._curves.show_view()
            lab.chosen.choose("window", tab=CURVES.id)
            futures.setFocus()
            futures.draw(lab.shown)
            return
        focused = futures.window().focusWidget()
        self._curves.show_view()
        if focused is not None and futures.isAncestorOf(focused):
            self._curves.setFocus()
        resumes, self._resumes = self._resumes, False
        if resumes and lab.playhead.live and not lab.time.learning:
            lab.time.toggle_play()

    @property
    def is_on(self) -> bool:
        return self._action.isChecked()

    def end(self) -> bool:
        """Show the curves again; return False if no forecasts were shown."""
        was = self._action.isChecked()
        self._action.setChecked(False)
        return was

    def _on_steered(self) -> None:
        if self._action.isChecked() and not self._lab.shown.rests:
            self._resumes = False
            self._action.setChecked(False)

    def _on_draft(self) -> None:
        if self._action.isChecked():  # a plan draws no other view anew
            self._views[FUTURES].draw(self._lab.shown)

    def _branch(self, name: str, value: float) -> None:
        """Branch with a value, or unchanged; the branch trains if its parent did before the forecasts."""
        plan = dict(self._lab.settings.draft.plan)
        if getattr(self._controls.settings(), name) != value:
            plan[name] = value
        self._lab.runs.branch_with("branch" if plan else "twin", plan, Change(plan))
        self.end()

    def _take(self, name: str, value: float) -> None:
        settings = self._controls.settings()
        if getattr(settings, name) != value:
            self._controls.apply(settings.by_hand({name: value}))
