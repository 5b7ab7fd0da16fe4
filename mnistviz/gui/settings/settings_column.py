"""The settings at the left: what a new run will be, and what changes at the next mini-batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from mnistviz.engine.digits import Digits
from mnistviz.engine.schedule import cosine_left
from mnistviz.engine.settings import SETTINGS, Settings
from mnistviz.gui.common.scrolled_column import ScrolledColumn
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.lab.recipe_book import RecipeBook
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.settings.distortion_controls import DistortionControls
from mnistviz.gui.settings.network_controls import NetworkControls
from mnistviz.gui.settings.pending_bar import PendingBar
from mnistviz.gui.settings.plan import Plan
from mnistviz.gui.settings.recipe_chooser import RecipeChooser
from mnistviz.gui.settings.setting_control import SettingControl
from mnistviz.gui.settings.settings_group import FoldedGroup, SettingsGroup
from mnistviz.gui.settings.stopping_controls import StoppingControls
from mnistviz.gui.settings.training_controls import TrainingControls
from mnistviz.gui.settings.undo import SettingsGesture, Undo

ETA_EVERY = 2  # drawings
_BESIDE = 3  # pixels between a group and the scroll bar
_OF_SCHEDULE = {"eta", "schedule", "schedule_epochs"}
_FOLDED_AT_FIRST = ("distortion_group", "stopping_group")
_SECTION = 8  # pixels between groups


class ControlPanel(QWidget):
    """Groups of controls, which together make one `Settings`; above them what waits for a new run.

    It says what the user wants and never what is: it is told that by `draw`. A recipe that is chosen
    while a run goes on is a plan: until a new run begins, no control touches the run.

    `eta` is built here and stands in the bar on top. While the panel is hidden, `bar` is in the layout `elsewhere`,
    if there is one.
    """

    live_changed = Signal(dict, int, bool)
    """New values of live settings, the number of the gesture, and whether it goes back to the best weights first."""
    new_run_wanted = Signal()
    branch_wanted = Signal()
    plan_dropped = Signal()
    """What was changed while one looks back is given up."""
    recipe_chosen = Signal()

    def __init__(self, theme: Theme, book: RecipeBook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._current: Settings | None = None
        self._planned = False
        self.plan = Plan()
        self._n_training = 0
        self._eta: float | None = None  # of the run's next mini-batch
        self._frames = 0
        self._zero_from: float | None = None  # the epoch from which on its cosine leaves nothing of η
        self._shown = Settings()
        """What the controls said when they were looked at last."""
        self.elsewhere: QVBoxLayout | None = None

        self.recipes = RecipeChooser(book)
        self.distortion_group, self.stopping_group = DistortionControls(theme), StoppingControls()
        self.folded: tuple[FoldedGroup, ...] = (self.distortion_group, self.stopping_group)
        self.training_group = TrainingControls(*self.folded)
        self.network_group = NetworkControls()
        self.groups: tuple[SettingsGroup, ...] = (self.training_group, *self.folded, self.network_group)
        self.by_name: dict[str, SettingControl] = {}
        """The control of each setting."""
        for group in self.groups:
            self.by_name |= group.controls
            group.edited.connect(self._edited)
        self.bar = PendingBar(theme)
        self.layers, self.seed = self.network_group.layers, self.network_group.seed
        self.eta, self.mini_batch_size = self.training_group.eta, self.training_group.mini_batch_size
        self.pending = self.bar.apply_button
        self.history = Undo(lambda: asdict(self._shown), self, self.eta)
        self._lay_out()

        self.recipes.chosen.connect(self._choose)
        self.history.wanted.connect(self._go)
        self.bar.apply_wanted.connect(self.new_run_wanted)
        self.bar.branch_wanted.connect(self.branch_wanted)
        self.bar.revert_wanted.connect(self.revert)
        self.history.drop_wanted.connect(self._drop_plan)
        self.restore({})
        self._show()
        self.set_theme(theme)

    def _lay_out(self) -> None:
        inside, rule = QWidget(), QFrame()
        rule.setProperty("role", "rule")
        rule.setFixedHeight(1)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, _BESIDE, 0)
        column.setSpacing(_SECTION)
        for part in (self.recipes, self.training_group, rule, self.network_group):
            column.addWidget(part)
        column.addStretch(1)
        column.addWidget(self.layers.summary)
        self.area = ScrolledColumn(inside)
        card = QFrame()
        card.setProperty("role", "card")
        around = QVBoxLayout(card)
        around.setContentsMargins(12, 10, 8, 10)
        around.addWidget(self.area)
        self._outside = QVBoxLayout(self)
        self._outside.setContentsMargins(0, 0, 0, 0)
        self._outside.setSpacing(8)
        self._outside.addWidget(card, 1)
        self._place_what_waits()

    def settings(self) -> Settings:
        """The settings that a new run begins with."""
        values: dict[str, Any] = {name: control.value() for name, control in self.by_name.items()}
        return Settings(**values)

    def show_settings(self, settings: Settings) -> None:
        """Puts every control to `settings`, without asking for anything."""
        for name, control in self.by_name.items():
            control.set_value(getattr(settings, name))
        self._show()

    def apply(self, values: Mapping[str, Any], *, from_best: bool = False, in_new_run: bool = False) -> None:
        """Sets some controls as a hand would: the run gets what it can take, the rest waits for a new one, and all
        of it if it is for a new one. `from_best` has the run go back to its best weights in the same gesture."""
        if self._planned:
            self.revert()
        before = {name: getattr(self._shown, name) for name in values}
        self.history.add(SettingsGesture(before, dict(values), planned_after=in_new_run))
        self._planned = in_new_run
        self._put(values, from_best=from_best)
        if not self.bar.isHidden():
            self.pending.setFocus()

    def _put(self, values: Mapping[str, Any], *, from_best: bool = False) -> None:
        for name, value in values.items():
            self.by_name[name].set_value(value)
        live = {name: value for name, value in values.items() if not SETTINGS[name].new_run}
        if (live or from_best) and not self._planned:
            self._send(live, from_best=from_best)
        self._show()

    def _go(self, gesture: SettingsGesture) -> None:
        """Makes a gesture again, or its opposite: the run gets the values as it gets any new ones."""
        if not (gesture.planned_before or gesture.planned_after):
            self._put(gesture.after)
            return
        settings = replace(self._shown, **gesture.after)
        dropped = self._planned and not gesture.planned_after  # the run has never heard of it
        self._planned = not dropped and self._current is not None and _live(settings) != _live(self._current)
        self.show_settings(settings)
        self.recipe_chosen.emit()

    def revert(self) -> None:
        """Puts every control back to what the run learns with, or learned with at the moment shown."""
        self._drop_plan()
        if self._current is not None:
            self._planned = False
            self.show_settings(self._current)

    def _drop_plan(self) -> None:
        if self.plan.values:
            self.plan.values = {}
            self.plan_dropped.emit()

    def forget(self) -> None:
        """Forgets what was known of the run before: its η, its best weights, what it showed."""
        self._eta = self._zero_from = None
        self.training_group.taken_over = False
        self.stopping_group.show_best(None)

    def set_running(self, settings: Settings) -> None:
        """Tells what a new run was begun with."""
        self._current, self._planned = settings, False
        self._show()

    def set_digits(self, digits: Digits) -> None:
        """Tells what data set there is: the network gets an output for each class."""
        self._n_training = len(digits.training)
        outputs = len(digits.classes)
        self.network_group.set_data(self._n_training, outputs)
        self.history.revise(lambda values: _with_outputs(values, outputs))
        if self._current is not None:
            self._current = replace(self._current, **_with_outputs({"sizes": self._current.sizes}, outputs))
        self.distortion_group.set_digits(digits.training)
        self._show()

    def draw(self, shown: Shown) -> None:
        """Shows what the run learns with at this moment.

        The controls follow it, unless a change of theirs has not reached the run yet. They do so while hidden,
        too: a new run begins with what they say.
        """
        digits, run, moment = shown.digits, shown.run, shown.moment
        if digits is None or run is None or moment is None:
            return
        self._frames += 1
        self.stopping_group.show_best(run.best, past=not shown.live)
        turned = self.plan.take(shown)
        self.history.look_back(self.plan.past, planned=bool(self.plan.values))
        if run.has_obeyed or self.plan.past:
            self._take(moment.settings, shown.eta, moment.digits / shown.epoch_of(run))
        if turned:
            self._show()
        if self._frames % ETA_EVERY == 0 or not run.playing:
            self._draw_eta()

    def _take(self, settings: Settings, eta: float | None, epochs: float) -> None:
        """Takes up what the run learns with after so many `epochs`; `eta` is what the schedule makes of η."""
        self._current, self._eta = settings, eta
        if settings.schedule == "cosine" and eta:  # afterwards it stays as it was foreseen
            self._zero_from = round(epochs + cosine_left(settings, eta / settings.eta), 3)
        if not self._planned:
            self._follow(self.plan.applied(settings))

    def _draw_eta(self) -> None:
        """Says what η is now, which need not be done for each frame."""
        if not self._planned and self._current is not None and self._eta is not None:
            self.training_group.show_eta(self._current, self._eta, self._zero_from)

    def set_theme(self, theme: Theme) -> None:
        for group in self.folded:
            group.set_theme(theme)
        self.network_group.set_theme(theme)
        self.bar.set_theme(theme)

    def state(self) -> dict[str, Any]:
        return {"collapsed": [group.objectName() for group in self.folded if group.collapsed()]}

    def restore(self, state: dict[str, Any]) -> None:
        collapsed = state.get("collapsed")
        folded = collapsed if isinstance(collapsed, list) else _FOLDED_AT_FIRST
        for group in self.folded:
            group.set_collapsed(group.objectName() in folded)

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self._place_what_waits()
        return super().event(event)

    def _place_what_waits(self) -> None:
        """Puts what must be read here, or, while this is hidden, elsewhere."""
        away = self.isHidden() and self.elsewhere is not None
        into = self.elsewhere if away and self.elsewhere is not None else self._outside
        into.insertWidget(0, self.bar)
        self.bar.set_wide(away)

    def _choose(self, settings: Settings) -> None:
        before, planned = self._shown, self._planned
        self._planned = self._current is not None and settings != self._current
        changed = [name for name in SETTINGS if getattr(before, name) != getattr(settings, name)]
        self.history.add(
            SettingsGesture(
                {name: getattr(before, name) for name in changed},
                {name: getattr(settings, name) for name in changed},
                planned,
                self._planned,
            )
        )
        self.show_settings(settings)
        self.recipe_chosen.emit()

    def _edited(self, name: str) -> None:
        control = self.by_name[name]
        before, after = {name: getattr(self._shown, name)}, {name: control.value()}
        if name == "eta" and self._shown.schedule != "constant" and not self._planned:
            before["schedule"] = self._shown.schedule  # which the run will end
            after["schedule"] = "constant"
        self.history.add(SettingsGesture(before, after), (name, control.gesture))
        if name == "schedule":
            self.training_group.taken_over = False
        if not SETTINGS[name].new_run and not self._planned:
            self._send({name: control.value()})
        self._show()

    def _send(self, live: dict[str, Any], *, from_best: bool = False) -> None:
        if not _OF_SCHEDULE.isdisjoint(live):
            self._eta = self._zero_from = None  # it begins anew: where, the run will tell
        self.live_changed.emit(live, self.history.number, from_best)

    def _follow(self, settings: Settings) -> None:
        """Takes up what the run has changed by itself."""
        if settings == self._shown:
            return
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
        settings = self._shown = self.settings()
        eta, zero_from = self._eta, self._zero_from
        if self._planned or self._current is None:
            eta, zero_from = None, float(settings.schedule_epochs)
        self.network_group.show_hints(settings)
        self.training_group.show_hints(settings, eta, zero_from, self._n_training)
        self.distortion_group.show_hints(settings)
        self.stopping_group.show_hints(settings)
        self.recipes.show_settings(settings)
        when = self.tr("in a new run") if self._planned else self.tr("at the next mini-batch")
        self.training_group.heading.note.setText(
            self.plan.note() if self.plan.past and not self._planned else when
        )
        self.bar.show_pending(self._pending(settings), "" if self._planned else self.plan.words())

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


def _with_outputs(values: dict[str, Any], outputs: int) -> dict[str, Any]:
    """The same values, where they speak of layers with so many outputs."""
    sizes = values.get("sizes")
    return values if sizes is None else {**values, "sizes": (*sizes[:-1], outputs)}


def _live(settings: Settings) -> dict[str, Any]:
    """What may change in mid-run."""
    return {name: getattr(settings, name) for name, each in SETTINGS.items() if not each.new_run}
