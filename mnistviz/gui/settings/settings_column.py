"""The settings at the left: what a new run will be, and what changes at the next mini-batch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mnistviz.engine.digits import Digits
from mnistviz.engine.schedule import cosine_left
from mnistviz.engine.settings import SETTINGS, Settings
from mnistviz.gui.common.scrolled_column import ScrolledColumn
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.lab.recipe_book import RecipeBook
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.settings.distortion_controls import DistortionControls
from mnistviz.gui.settings.network_controls import NetworkControls
from mnistviz.gui.settings.notice import Notice
from mnistviz.gui.settings.pending_bar import PendingBar
from mnistviz.gui.settings.recipe_chooser import RecipeChooser
from mnistviz.gui.settings.settings_group import Control, SettingsGroup
from mnistviz.gui.settings.stopping_controls import StoppingControls
from mnistviz.gui.settings.training_controls import TrainingControls

ETA_EVERY = 4  # frames
_BESIDE = 3  # pixels between a group and the scroll bar
_OF_SCHEDULE = {"eta", "schedule", "schedule_epochs"}
_FOLDED_AT_FIRST = ("distortion_group", "stopping_group")


class ControlPanel(QWidget):
    """Groups of controls, which together make one `Settings`; below them, what the run shows and what waits.

    It says what the user wants and never what is: it is told that by `draw`. A recipe that is chosen
    while a run goes on is a plan: until a new run begins, no control touches the run.
    """

    live_changed = Signal(dict)  # new values of live settings
    new_run_wanted = Signal()
    recipe_chosen = Signal()

    def __init__(self, theme: Theme, book: RecipeBook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._current: Settings | None = None
        self._planned = False
        self._n_training = 0
        self._eta: float | None = None  # of the run's next mini-batch
        self._frames = 0
        self._zero_from: float | None = None  # the epoch from which on its cosine leaves nothing of η

        self.recipes = RecipeChooser(book, theme)
        self.network_group = NetworkControls(theme, self.recipes)
        self.training_group = TrainingControls()
        self.distortion_group = DistortionControls(theme)
        self.stopping_group = StoppingControls()
        self.groups: tuple[SettingsGroup, ...] = (
            self.network_group, self.training_group, self.distortion_group, self.stopping_group
        )  # fmt: skip
        self.by_name: dict[str, Control] = {}
        """The control of each setting."""
        self.notice = Notice(theme)
        self.bar = PendingBar(theme)

        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, _BESIDE, 0)
        column.setSpacing(10)
        for group in self.groups:
            self.by_name |= group.controls
            group.edited.connect(self._edited)
            column.addWidget(group)
        column.addStretch(1)
        self.area = ScrolledColumn(inside)
        self.area.verticalScrollBar().rangeChanged.connect(self._align)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.setSpacing(10)
        outside.addWidget(self.area, 1)
        self._foot = QVBoxLayout()
        self._foot.setContentsMargins(0, 0, _BESIDE, 0)
        self._foot.setSpacing(10)
        self._foot.addWidget(self.notice)
        self._foot.addWidget(self.bar)
        outside.addLayout(self._foot)

        self.layers, self.seed = self.network_group.layers, self.network_group.seed
        self.eta, self.mini_batch_size = self.training_group.eta, self.training_group.mini_batch_size
        self.pending = self.bar.apply_button
        self.recipes.chosen.connect(self._choose)
        self.notice.remedy_wanted.connect(self._apply_remedy)
        self.bar.apply_wanted.connect(self.new_run_wanted)
        self.bar.revert_wanted.connect(self.revert)
        self.restore({})
        self._show()
        self.set_theme(theme)

    def _apply_remedy(self, values: dict[str, Any], in_new_run: bool) -> None:
        self.apply(values)
        if in_new_run:
            self.new_run_wanted.emit()

    def settings(self) -> Settings:
        """The settings that a new run begins with."""
        values: dict[str, Any] = {name: control.value() for name, control in self.by_name.items()}
        return Settings(**values)

    def show_settings(self, settings: Settings) -> None:
        """Puts every control to `settings`, without asking for anything."""
        for name, control in self.by_name.items():
            control.set_value(getattr(settings, name))
        self._show()

    def apply(self, values: Mapping[str, Any]) -> None:
        """Sets some controls as a hand would: the run gets what it can take, the rest waits for a new one."""
        if self._planned:
            self.revert()
        for name, value in values.items():
            self.by_name[name].set_value(value)
        live = {name: value for name, value in values.items() if not SETTINGS[name].new_run}
        if live:
            self._send(live)
        self._show()
        if self.bar.isVisibleTo(self):
            self.pending.setFocus()

    def revert(self) -> None:
        """Puts every control back to what the run learns with."""
        if self._current is not None:
            self._planned = False
            self.show_settings(self._current)

    def forget(self) -> None:
        """Forgets what was known of the run before: its η, its best weights, what it showed."""
        self._eta = self._zero_from = None
        self.training_group.taken_over = False
        self.stopping_group.show_best(None)
        self.notice.forget()

    def set_running(self, settings: Settings) -> None:
        """Tells what a new run was begun with."""
        self._current, self._planned = settings, False
        self._show()

    def set_digits(self, digits: Digits) -> None:
        """Tells what data set there is: the network gets an output for each class."""
        self._n_training = len(digits.training)
        self.network_group.set_data(self._n_training, len(digits.classes))
        self.distortion_group.set_digits(digits.training)
        self._show()

    def draw(self, shown: Shown) -> None:
        """Shows what the run learns with at this moment, and what it shows.

        The controls follow it, unless a change of theirs has not reached the run yet. They do so while hidden,
        too: a new run begins with what they say.
        """
        digits, run, moment = shown.digits, shown.run, shown.moment
        if digits is None or run is None or moment is None:
            return
        self._frames += 1
        self.stopping_group.show_best(run.best)
        if run.has_obeyed:
            self._take(moment.settings, run.eta, moment.digits / shown.epoch_of(run))
        if self._frames % ETA_EVERY == 0 or not run.playing:
            self._draw_eta()
        self.notice.draw(shown)

    def _take(self, settings: Settings, eta: float, epochs: float) -> None:
        """Takes up what the run learns with after so many `epochs`; `eta` is what the schedule makes of η."""
        self._current, self._eta = settings, eta
        if settings.schedule == "cosine" and eta > 0:  # afterwards it stays as it was foreseen
            self._zero_from = round(epochs + cosine_left(settings, eta / settings.eta), 3)
        if not self._planned:
            self._follow(settings)

    def _draw_eta(self) -> None:
        """Says what η is now, which need not be done for each frame."""
        if not self._planned and self._current is not None and self._eta is not None:
            self.training_group.show_eta(self._current, self._eta, self._zero_from)

    def set_theme(self, theme: Theme) -> None:
        for group in self.groups:
            group.set_theme(theme)
        self.recipes.set_theme(theme)
        self.notice.set_theme(theme)
        self.bar.set_theme(theme)

    def state(self) -> dict[str, Any]:
        return {"collapsed": [group.objectName() for group in self.groups if group.collapsed()]}

    def restore(self, state: dict[str, Any]) -> None:
        collapsed = state.get("collapsed")
        folded = collapsed if isinstance(collapsed, list) else _FOLDED_AT_FIRST
        for group in self.groups:
            group.set_collapsed(group.objectName() in folded)

    def _align(self, low: int, high: int) -> None:
        """Leaves as much room at the right of what stays in place as the scroll bar takes from the groups."""
        bar = self.area.verticalScrollBar().sizeHint().width() if high > low else 0
        self._foot.setContentsMargins(0, 0, bar + _BESIDE, 0)

    def _choose(self, settings: Settings) -> None:
        self._planned = self._current is not None and settings != self._current
        self.show_settings(settings)
        self.recipe_chosen.emit()

    def _edited(self, name: str) -> None:
        if name == "schedule":
            self.training_group.taken_over = False
        if not SETTINGS[name].new_run and not self._planned:
            self._send({name: self.by_name[name].value()})
        self._show()

    def _send(self, live: dict[str, Any]) -> None:
        if not _OF_SCHEDULE.isdisjoint(live):
            self._eta = self._zero_from = None  # it begins anew: where, the run will tell
        self.live_changed.emit(live)

    def _follow(self, settings: Settings) -> None:
        """Takes up what the run has changed by itself."""
        changed = {
            name: getattr(settings, name)
            for name, control in self.by_name.items()
            if not SETTINGS[name].new_run and control.value() != getattr(settings, name)
        }
        for name, value in changed.items():
            self.by_name[name].set_value(value)
        if changed.get("schedule") == "constant":
            self.training_group.taken_over = True
        if changed:
            self._show()

    def _show(self) -> None:
        """Brings everything up to date that follows from the controls."""
        settings = self.settings()
        eta, zero_from = self._eta, self._zero_from
        if self._planned or self._current is None:
            eta, zero_from = None, float(settings.schedule_epochs)
        self.network_group.show_hints(settings)
        self.training_group.show_hints(settings, eta, zero_from, self._n_training)
        self.distortion_group.show_hints(settings)
        self.stopping_group.show_hints(settings)
        self.recipes.show_settings(settings)
        when = self.tr("in a new run") if self._planned else self.tr("at the next mini-batch")
        for group in self.groups[1:]:
            group.set_note(when)
        self.bar.show_pending(self._pending(settings))

    def _pending(self, settings: Settings) -> str:
        """What waits for a new run, in words; empty if nothing does."""
        if self._current is None:
            return ""
        if self._planned and self.recipes.title():
            return self.tr("“{name}” is set, and a new run applies it.").format(name=self.recipes.title())
        if self._planned:
            return self.tr("A new run applies these settings.")
        if settings.needs_new_run(self._current):
            return self.tr("Only a new run can change this.")
        return ""
