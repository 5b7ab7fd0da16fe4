"""The settings at the left: those of a new run, and those that change at the next mini-batch."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from msgspec.structs import asdict, replace
from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from mnistviz.engine.digits import Digits
from mnistviz.engine.settings import SETTINGS, Settings
from mnistviz.engine.trainer import schedule_of
from mnistviz.gui.common.focus_order import scroll_to, tab_order
from mnistviz.gui.common.icons import icon
from mnistviz.gui.common.layouts import ScrolledColumn, column_of, styled
from mnistviz.gui.common.theme import set_theme, theme
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.lab_changes import ChangeKind
from mnistviz.gui.lab.lab_time import Back
from mnistviz.gui.lab.recipe_book import RecipeBook
from mnistviz.gui.lab.shown import Draft, Shown, live
from mnistviz.gui.settings.controls import SettingControls
from mnistviz.gui.settings.eta_control import EtaControl
from mnistviz.gui.settings.plan_foot import PlanFoot
from mnistviz.gui.settings.plan_words import plan_words
from mnistviz.gui.settings.recipe_chooser import RecipeChooser
from mnistviz.gui.settings.settings_list import BESIDE, LABEL_WIDTH, Opener, SettingsList
from mnistviz.gui.settings.undo import SettingsGesture, SettingsSteps

ETA_EVERY = 2  # drawings
_BETWEEN = 8  # pixels between the widest name and the controls, at least
_AROUND = 6  # pixels above and below what is scrolled into view


class ControlPanel(QWidget):
    """Controls for the draft of the lab, above the changes that wait for a new run or a branch.

    `eta` is in the bar on top, or wherever it was placed. While the panel is hidden, its foot is in another place.
    """

    was_set = Signal()  # emitted when the user has changed something, or has undone a change

    def __init__(self, book: RecipeBook, lab: Lab, eta: EtaControl) -> None:
        super().__init__()
        self._lab, self._shown = lab, Shown()
        self._digits: Digits | None = None
        self._hinted: tuple[Settings, int] | None = None  # what the hints are of
        self._frames = 0
        self._line: QHBoxLayout | None = None

        self.recipes, self.parts = RecipeChooser(book, lab.chosen, self.choose), SettingControls(eta)
        self.by_name, self.layers, self.eta = self.parts.by_name, self.parts.layers, eta
        self.list = SettingsList(self.recipes, *self.parts.rows())
        self.list.more.toggled.connect(lambda more: lab.chosen.choose("controls", more=more))
        for control in self.by_name.values():
            control.changed.connect(self._edited)
        for opener in (self.list.more, self.parts.distortion, self.parts.open_classes):
            opener.clicked.connect(partial(self._scroll_to, opener))
        self.foot = PlanFoot(self.layers.summary, lab.runs.branch, self.revert)
        self.history = SettingsSteps(
            lambda: asdict(lab.settings.draft.settings), self._go, lab.settings.move_plan, self
        )
        self.area = ScrolledColumn(self.list, beside=BESIDE)
        card = styled(QFrame(), "card")
        self._around = column_of(self.area, spacing=0, inside=card)
        column_of(card, inside=self)
        self._place_foot()

        lab.listen(ChangeKind.DRAFT, self._show_draft)
        lab.listen(ChangeKind.SELECTED, self._show_selected)
        self._show_more()
        lab.chosen.listen("controls", self._show_more)
        self._show_draft()
        set_theme(theme(), self)

    def settings(self) -> Settings:
        return self._lab.settings.draft.settings

    def show_settings(self, settings: Settings) -> None:
        """Show `settings` in every control, with an output for each class of digits, but leave the run alone."""
        if (digits := self._lab.digits) is not None:
            settings = settings.for_classes(len(digits.classes))
        self._set_draft(replace(self._lab.settings.draft, settings=settings))

    def revert(self) -> None:
        self._set_draft(self._lab.settings.draft.revert())

    def apply(self, values: Mapping[str, Any], *, back: Back | None = None, in_new_run: bool = False) -> None:
        """Set some controls as the user would: the run takes the values it can, the rest waits for a new one, or all of
        it `in_new_run`. With `back` the run first goes back to other weights, in the same gesture."""
        if self._lab.settings.draft.for_new_run:
            self.revert()
        draft = self._lab.settings.draft
        before = {name: getattr(draft.settings, name) for name in values}
        self.history.add(SettingsGesture(before, dict(values), planned_after=in_new_run))
        self._lab.settings.set_draft(replace(draft, for_new_run=in_new_run))
        self._lab.settings.edit(values, self.history.number, back=back)
        if not in_new_run:
            self.was_set.emit()

    def _edited(self, name: str) -> None:
        draft, control = self._lab.settings.draft, self.by_name[name]
        after = {name: control.value()}
        if not draft.for_new_run:
            after = draft.settings.by_hand(after)
        before = {each: getattr(draft.settings, each) for each in after}
        self.history.add(SettingsGesture(before, after), (name, control.gesture))
        self._lab.settings.edit({name: control.value()}, self.history.number)
        self.was_set.emit()

    def choose(self, settings: Settings) -> None:
        before, after = self._lab.settings.draft, self._lab.settings.draft.choose(settings)
        changed = [name for name in SETTINGS if getattr(before.settings, name) != getattr(settings, name)]
        old, new = ({name: getattr(each, name) for name in changed} for each in (before.settings, settings))
        self.history.add(SettingsGesture(old, new, before.for_new_run, after.for_new_run))
        self._set_draft(after)
        self.was_set.emit()

    def _go(self, gesture: SettingsGesture) -> None:
        """Apply a gesture again, or its opposite, as a new change of the settings."""
        draft = self._lab.settings.draft
        if gesture.planned_before or gesture.planned_after:
            settings = replace(draft.settings, **gesture.after)
            dropped = draft.for_new_run and not gesture.planned_after  # the run never had these settings
            waits = not dropped and draft.running is not None and live(settings) != live(draft.running)
            self._set_draft(replace(draft, settings=settings, for_new_run=waits))
        else:
            self._lab.settings.edit(gesture.after, self.history.number)
        self.was_set.emit()

    def _set_draft(self, draft: Draft) -> None:
        self._lab.settings.set_draft(draft)
        self._set_controls(draft.settings)

    def set_digits(self, digits: Digits) -> None:
        self._digits, self._hinted = digits, None
        self.foot.new_run_button.setEnabled(True)
        self.parts.set_digits(digits)
        if self._lab.run is None:  # the runs on other digits are closed
            self.history.show_run(None)
        self._show_draft()

    def draw(self, shown: Shown) -> None:
        if shown.digits is None or shown.run is None or shown.moment is None:
            return
        turned, self._shown = shown.live != self._shown.live, shown
        self._frames += 1
        self._show_plan()
        if turned:
            self._show_draft()
        elif self._frames % ETA_EVERY == 0 or not shown.run.playing:
            self._show_eta()

    def _show_selected(self) -> None:
        if (run := self._lab.run) is not None:
            self.history.show_run(run.number)
        if run is not None and run.moment is not None:
            self._set_controls(self._lab.settings.draft.settings)

    def _set_controls(self, settings: Settings) -> None:
        for name, control in self.by_name.items():
            control.set_value(self._value(settings, name))

    def _value(self, settings: Settings, name: str) -> Any:
        """Return the value that a control shows: no more training digits than there are."""
        value, there = getattr(settings, name), self.parts.n_training
        return min(value, there) if name == "training_digits" and there else value

    def _show_draft(self) -> None:
        draft, past = self._lab.settings.draft, not self._shown.live
        for name, control in self.by_name.items():
            if control.value() != (value := self._value(draft.settings, name)):
                control.set_value(value)
        self.history.view_past(past, planned=bool(draft.plan))
        epoch = 0 if self._digits is None else self._digits.epoch(draft.settings)
        if (draft.settings, epoch) != self._hinted:
            self._hinted = draft.settings, epoch
            self.parts.show_hints(draft.settings, epoch)
            self.recipes.show_settings(draft.settings)
        self.list.sort(draft.settings)
        self._show_eta()
        self._show_plan()

    def _show_eta(self) -> None:
        draft, shown, eta, zero_from = self._lab.settings.draft, self._shown, None, None
        run, moment, epochs = shown.run, shown.moment, draft.settings.schedule_epochs
        if draft.for_new_run or draft.running is None:
            zero_from = float(epochs)
        elif run and moment and schedule_of(moment.settings) == schedule_of(draft.settings):
            eta, zero_from = shown.eta, shown.schedule_from / shown.epoch_of(run) + epochs
        self.parts.show_eta(draft, eta, zero_from)

    def _show_plan(self) -> None:
        words = plan_words(self._lab.settings.draft, self._shown, self.recipes.title())
        if words != self.foot.words:
            self.foot.show_plan(words)
            for name, control in self.by_name.items():
                control.mark(name in words.changed)
        running = self._lab.settings.draft.running
        waits = running is not None and "eta" in words.changed
        scheduled = None if self._lab.settings.draft.settings.schedule == "constant" else self._shown.eta
        self.eta.show_eta_in_use(running.eta if running is not None and waits else scheduled)
        self.eta.show_scheduled(None if waits or self._lab.settings.draft.for_new_run else scheduled)

    def adopt_theme(self) -> None:
        self.parts.dice.setIcon(icon("dice", theme().text))
        self._measure()

    def _measure(self) -> None:
        named = (control.label for control in self.by_name.values() if control is not self.eta)
        labels = self.parts.distortion_label, *named
        width = LABEL_WIDTH
        for label in (self.recipes.label, *labels):
            label.ensurePolished()
            words = label.fontMetrics().horizontalAdvance(label.text())
            width = max(width, label.contentsMargins().left() + words + _BETWEEN)
        for label in labels:
            label.setFixedWidth(width)
        self.recipes.fit_font(width)
        self.parts.fit_font()

    def _show_more(self) -> None:
        more = self._lab.chosen.now.controls.more
        self.list.more.setChecked(more)
        self.parts.set_open(more)
        self.list.sort(self._lab.settings.draft.settings)

    def set_line(self, line: QHBoxLayout) -> None:
        self._line = line
        self._place_foot()

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self._place_foot()
        return super().event(event)

    def go_to(self, name: str) -> None:
        """Move the focus to the control of a setting, or to that on which it depends, and open what hides it."""
        control = self.by_name[name]
        for opener in (self.list.more, self.parts.distortion, self.parts.open_classes):
            if opener.inside is control or opener.inside.isAncestorOf(control):
                opener.setChecked(True)
        field = (tab_order(control) or tab_order(control.parentWidget() or self))[0]
        field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        QTimer.singleShot(0, self, lambda: scroll_to(field))  # after the layout has given it its place

    def _scroll_to(self, opener: Opener) -> None:
        """Scroll to what the user has opened, after the layout has given it its height."""
        if opener.isChecked():
            QTimer.singleShot(0, self, lambda: self.area.ensureWidgetVisible(opener.inside, 0, _AROUND))
            QTimer.singleShot(0, self, lambda: self.area.ensureWidgetVisible(opener, 0, _AROUND))

    def _place_foot(self) -> None:
        in_line = self._line is not None and self.isHidden()
        self.foot.set_in_line(in_line)  # first: the place determines the style of the buttons
        if in_line and self._line is not None:
            self._line.insertWidget(0, self.foot)
        else:
            self._around.insertWidget(1, self.foot)
        self.foot.settle()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            QTimer.singleShot(0, self, self._measure)  # after all parts have the new font
