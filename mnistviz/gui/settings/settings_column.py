"""The settings at the left: what a new run will be, and what changes at the next mini-batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from mnistviz.engine.digits import Digits
from mnistviz.engine.moment import Moment
from mnistviz.engine.schedule import cosine_left
from mnistviz.engine.settings import SETTINGS, Settings
from mnistviz.gui.common.scrolled_column import ScrolledColumn
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.lab.draft import Draft, live
from mnistviz.gui.lab.lab import Back, Lab
from mnistviz.gui.lab.recipe_book import RecipeBook
from mnistviz.gui.lab.run_names import setting
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.settings.distortion_controls import DistortionControls
from mnistviz.gui.settings.eta_control import EtaControl
from mnistviz.gui.settings.network_controls import NetworkControls
from mnistviz.gui.settings.pending_bar import PendingBar
from mnistviz.gui.settings.recipe_chooser import RecipeChooser
from mnistviz.gui.settings.setting_control import SettingControl
from mnistviz.gui.settings.settings_group import FoldedGroup, SettingsGroup
from mnistviz.gui.settings.stopping_controls import StoppingControls
from mnistviz.gui.settings.training_controls import TrainingControls
from mnistviz.gui.settings.undo import SettingsGesture, Undo

ETA_EVERY = 2  # drawings
_BESIDE = 3  # pixels between a group and the scroll bar
_FOLDED_AT_FIRST = ("distortion_group", "stopping_group")
_SECTION = 8  # pixels between groups


@dataclass(frozen=True)
class _Schedule:
    """What is known of a schedule of η: η for the next mini-batch, and the epoch from which on a cosine leaves nothing.
    It is known of one run with these settings only."""

    of: object = None
    eta: float | None = None
    zero_from: float | None = None


class ControlPanel(QWidget):
    """Groups of controls for the draft of the lab; above them what waits for a new run, or for a branch.

    `eta` stands in the bar on top, or wherever it was placed. While the panel is hidden, `bar` is in the layout `foot`.
    """

    new_run_wanted = Signal()
    recipe_chosen = Signal()

    def __init__(
        self, theme: Theme, book: RecipeBook, lab: Lab, eta: EtaControl, foot: QVBoxLayout | None = None
    ) -> None:
        super().__init__()
        self._lab, self._shown = lab, Shown()
        self._frames = 0
        self._schedule = _Schedule()
        self._foot = foot

        self.recipes = RecipeChooser(book)
        self.distortion_group, self.stopping_group = DistortionControls(theme), StoppingControls()
        self.folded: tuple[FoldedGroup, ...] = (self.distortion_group, self.stopping_group)
        self.training_group = TrainingControls(eta, *self.folded)
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
        self.history = Undo(lambda: asdict(lab.draft.settings), self)
        self._lay_out()

        self.recipes.chosen.connect(self._choose)
        self.history.wanted.connect(self._go)
        self.history.drop_wanted.connect(lab.drop_plan)
        self.bar.apply_wanted.connect(self.new_run_wanted)
        self.bar.branch_wanted.connect(lab.branch)
        self.bar.revert_wanted.connect(self.revert)
        lab.draft_changed.connect(self._show_draft)
        lab.selected.connect(self._show_selected)
        self.restore({})
        self._show_draft()
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
        return self._lab.draft.settings

    def show_settings(self, settings: Settings) -> None:
        """Puts every control to `settings`, without asking for anything."""
        self._set_draft(replace(self._lab.draft, settings=settings))

    def revert(self) -> None:
        """Puts every control back to what the run learns with, or learned with at the moment shown."""
        self._set_draft(self._lab.draft.revert())

    def apply(self, values: Mapping[str, Any], *, back: Back | None = None, in_new_run: bool = False) -> None:
        """Sets some controls as a hand would: the run gets what it can take, the rest waits for a new one, and all
        of it if it is for a new one. With `back` the run first goes back to other weights, in the same gesture."""
        if self._lab.draft.for_new_run:
            self.revert()
        draft = self._lab.draft
        before = {name: getattr(draft.settings, name) for name in values}
        self.history.add(SettingsGesture(before, dict(values), planned_after=in_new_run))
        self._lab.set_draft(replace(draft, for_new_run=in_new_run))
        self._lab.edit(values, self.history.number, back=back)
        if not self.bar.isHidden():
            self.pending.setFocus()

    # What the hand does

    def _edited(self, name: str) -> None:
        draft, control = self._lab.draft, self.by_name[name]
        after = {name: control.value()}
        if not draft.for_new_run:
            after = draft.settings.by_hand(after)
        before = {each: getattr(draft.settings, each) for each in after}
        self.history.add(SettingsGesture(before, after), (name, control.gesture))
        self._lab.edit({name: control.value()}, self.history.number)

    def _choose(self, settings: Settings) -> None:
        before, after = self._lab.draft, self._lab.draft.choose(settings)
        changed = [name for name in SETTINGS if getattr(before.settings, name) != getattr(settings, name)]
        self.history.add(
            SettingsGesture(
                {name: getattr(before.settings, name) for name in changed},
                {name: getattr(settings, name) for name in changed},
                before.for_new_run,
                after.for_new_run,
            )
        )
        self._set_draft(after)
        self.recipe_chosen.emit()

    def _go(self, gesture: SettingsGesture) -> None:
        """Makes a gesture again, or its opposite: the run gets the values as it gets any new ones."""
        draft = self._lab.draft
        if not (gesture.planned_before or gesture.planned_after):
            self._lab.edit(gesture.after, self.history.number)
            return
        settings = replace(draft.settings, **gesture.after)
        dropped = draft.for_new_run and not gesture.planned_after  # the run has never heard of it
        waits = not dropped and draft.running is not None and live(settings) != live(draft.running)
        self._set_draft(replace(draft, settings=settings, for_new_run=waits))
        self.recipe_chosen.emit()

    def _set_draft(self, draft: Draft) -> None:
        """Puts every control to it, also where something is half typed."""
        self._lab.set_draft(draft)
        self._put(draft.settings)

    # What it shows

    def set_digits(self, digits: Digits) -> None:
        """Tells what data set there is: the network gets an output for each class."""
        outputs = len(digits.classes)
        self.network_group.set_data(len(digits.training), outputs)
        self.history.revise(lambda values: _with_outputs(values, outputs))
        self.distortion_group.set_digits(digits.training)
        self.stopping_group.show_best(None)
        self._show_draft()

    def draw(self, shown: Shown) -> None:
        """Shows what the run learns with at this moment."""
        if shown.digits is None or shown.run is None or shown.moment is None:
            return
        turned, self._shown = shown.live != self._shown.live, shown
        self._frames += 1
        self.stopping_group.show_best(shown.run.best, past=not shown.live)
        if shown.run.has_obeyed or not shown.live:
            self._learn_schedule(shown.run.number, shown.moment, shown.epoch_of(shown.run))
        if turned:
            self._show_draft()
        elif self._frames % ETA_EVERY == 0 or not shown.run.playing:
            self._show_eta()

    def _learn_schedule(self, run: int, moment: Moment, epoch: int) -> None:
        settings, eta = moment.settings, self._shown.eta
        of, zero_from = _schedule_of(run, settings), None
        if self._schedule.of == of:
            zero_from = self._schedule.zero_from
        if settings.schedule == "cosine" and eta:  # afterwards it stays as it was foreseen
            zero_from = round(moment.digits / epoch + cosine_left(settings, eta / settings.eta), 3)
        self._schedule = _Schedule(of, eta, zero_from)

    def _show_selected(self) -> None:
        """Another run is the selected one; what was half typed is gone."""
        run = self._lab.run
        self.stopping_group.show_best(None)
        if run is not None and run.moment is not None:
            self._put(self._lab.draft.settings)

    def _put(self, settings: Settings) -> None:
        for name, control in self.by_name.items():
            control.set_value(getattr(settings, name))

    def _show_draft(self) -> None:
        """Brings everything up to date that follows from what is set."""
        draft, past = self._lab.draft, not self._shown.live
        for name, control in self.by_name.items():
            if control.value() != getattr(draft.settings, name):
                control.set_value(getattr(draft.settings, name))
        self.history.look_back(past, planned=bool(draft.plan))
        self.network_group.show_hints(draft.settings)
        self.training_group.show_hints(draft.settings, self.network_group.n_training)
        self._show_eta()
        self.distortion_group.show_hints(draft.settings)
        self.stopping_group.show_hints(draft.settings)
        self.recipes.show_settings(draft.settings)
        if draft.for_new_run:
            when = self.tr("in a new run")
        elif past:
            when = self.tr("in a branch") if draft.plan else self.tr("as it was then")
        else:
            when = self.tr("at the next mini-batch")
        self.training_group.heading.note.setText(when)
        self.bar.show_pending(self._pending(draft), "" if draft.for_new_run else self._planned(draft))

    def _show_eta(self) -> None:
        """Says what η is now, which need not be done for each frame."""
        draft, eta, zero_from = self._lab.draft, None, None
        if draft.for_new_run or draft.running is None:
            zero_from = float(draft.settings.schedule_epochs)
        elif self._shown.run is not None and self._schedule.of == _schedule_of(
            self._shown.run.number, draft.settings
        ):
            eta, zero_from = self._schedule.eta, self._schedule.zero_from
        self.training_group.show_eta(draft, eta, zero_from)

    def _planned(self, draft: Draft) -> str:
        """What a branch would have, in words; empty where nothing is planned."""
        if not draft.plan:
            return ""
        what = self.tr(", ").join(setting(name, value) for name, value in draft.plan.items())
        return self.tr("Branch here with {what}").format(what=what)

    def _pending(self, draft: Draft) -> str:
        """What waits for a new run, in words; empty if nothing does."""
        if draft.running is None:
            return ""
        if draft.for_new_run and self.recipes.title():
            return self.tr("“{name}” is set, and a new run applies it.").format(name=self.recipes.title())
        if draft.for_new_run:
            return self.tr("A new run applies these settings.")
        if draft.settings.needs_new_run(draft.running):
            return self.tr("Only a new run can change this.")
        return ""

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
        foot = self._foot if self.isHidden() else None
        (foot or self._outside).insertWidget(0, self.bar)
        self.bar.set_wide(foot is not None)


def _with_outputs(values: dict[str, Any], outputs: int) -> dict[str, Any]:
    """The same values, where they speak of layers with so many outputs."""
    sizes = values.get("sizes")
    return values if sizes is None else {**values, "sizes": (*sizes[:-1], outputs)}


def _schedule_of(run: int, settings: Settings) -> object:
    return run, settings.eta, settings.schedule, settings.schedule_epochs
