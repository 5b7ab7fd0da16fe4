"""Editing weights by hand: a preview of the edits in a copy of the network, their effect, and what is accepted."""

import math
from collections.abc import Callable, Collection
from functools import partial
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QActionGroup

from mnistviz.engine.acts import BIAS, Lesson, WeightEdit, switched_off
from mnistviz.engine.commands import TakeBack
from mnistviz.engine.digits import PIXELS, SIDE
from mnistviz.engine.microscope.edit_effect import EditEffect, TaughtCopy, effect, taught
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network, Unit
from mnistviz.gui.common.choices import AgainstPart
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.tooltips import set_tooltip
from mnistviz.gui.common.widgets import new_action, set_icon
from mnistviz.gui.lab.edited_copy import EditedCopy, WeightPlace, weight_at
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.lab_changes import ChangeKind, RunEnded
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.network.unit import hand_words as words

NO_UNIT: Final = Unit(0, 0)
_KEY, _LESSON = "weights by hand", "a lesson"
BRUSH_STEP: Final = 0.25

_GROUPS: Final = {"lost": "only_a_wrong", "won": "only_b_wrong"}
"""Groups of the mistakes for the digits whose prediction the copy, A, has changed."""

WeightBrush = Literal["", "zero", "orange", "blue"]
"""What the mouse does to weights: nothing, to 0, more orange, or more blue."""


class HandWork(QObject):
    """Actions for editing by hand, on a copy that is shown in place of the network until they are accepted."""

    changed = Signal()
    brush_changed = Signal()
    dropped = Signal(object)
    """EditedCopy: the preview was discarded."""
    kept = Signal()
    """The run has adopted the edits; `take_back` undoes that until training continues."""

    def __init__(self, lab: Lab, parent: QObject, make_room: Callable[[], None] = lambda: None) -> None:
        """Create the actions; `make_room` is called when digits are opened that windows may hide."""
        super().__init__(parent)
        self.did: Callable[[], object] = lambda: None
        """Called for each gesture on the copy."""
        self.lab, self._make_room = lab, make_room
        self.unit = NO_UNIT
        """The layer and the unit that is shown large."""
        self._shown = Shown()
        self._before: list[EditedCopy | None] = []  # the preview before each gesture
        self._touched: set[tuple[int, WeightPlace]] = set()  # in the current stroke of the brush
        self.is_painting, self._limit = False, 1.0
        self._accepted: EditedCopy | None = None  # the preview that the run is about to adopt
        self._last_accepted = 0, 0, 0  # run, its number of commands, and how many were accepted together
        self._counted: EditedCopy | None = None  # of which the effect is known, or asked for
        self._read_before: tuple[Moment, NDArray[np.uint8]] | None = None
        self.taught: TaughtCopy | None = None
        self.lesson_failed: Exception | None = None
        self.effect: EditEffect | None = None
        self.said: tuple[str, ...] = ()
        self.brush: WeightBrush = ""
        self._make_unit_actions()
        self._make_brushes()
        self._make_copy_actions()
        lab.listen(ChangeKind.STAND_IN, self._follow)
        lab.listen(RunEnded, self._on_ended)
        self._enable()

    def _make_unit_actions(self) -> None:
        text, short = tr("S&witch the unit off"), tr("Switch off")
        tip = tr("Tries on a copy what the network does without this unit: its activation is 0.")
        self.switch_off = self._action("switch_unit_off", text, short, tip, act=self._switch, checkable=True)
        text, short = tr("&Freeze the unit"), tr("Freeze")
        tip = tr("The weights to this unit and its bias stay as they are while the network learns.")
        self.freeze = self._action("freeze_unit", text, short, tip, act=self._freeze, checkable=True)

    def _make_brushes(self) -> None:
        self._brushes = QActionGroup(self, exclusionPolicy=QActionGroup.ExclusionPolicy.ExclusiveOptional)
        larger = tr("Makes the weights that you draw over larger, on a copy. With keys: arrows and Enter.")
        smaller = tr("Makes the weights that you draw over smaller, on a copy. With keys: arrows and Enter.")
        zero = tr("Sets the weights that you draw over to 0, on a copy. With keys: arrows and Enter.")
        brushes: tuple[tuple[WeightBrush, str, str], ...] = (
            ("zero", tr("&Eraser: weights to 0"), zero),
            ("orange", tr("Brush: more &orange"), larger),
            ("blue", tr("Brush: more &blue"), smaller),
        )
        self.brushes = {
            id: self._action(f"brush_{id}", text, "", tip, checkable=True) for id, text, tip in brushes
        }
        for action in self.brushes.values():
            self._brushes.addAction(action)
            action.toggled.connect(self._on_brush)

    def _make_copy_actions(self) -> None:
        tip = tr("Does to the network what you have tried on the copy.")
        text, short = tr("&Keep it"), tr("Keep it")
        self.keep = self._action("keep_by_hand", text, short, tip, act=self._accept)
        tip = tr("Shows the network as it is again. What you have tried is dropped.")
        text, short = tr("&Put back"), tr("Put back")
        self.put_back = self._action("put_back_by_hand", text, short, tip, act=self._discard)
        tip = tr("Takes back what you did last to the weights by hand, to the last bit.")
        text = tr("&Undo what was done by hand")
        self.undo_action = self._action("undo_by_hand", text, "", tip, act=self._undo)
        tip = tr("Does it to the weights again.")
        self._after: list[EditedCopy] = []  # what was undone on this copy
        text = tr("&Redo what was done by hand")
        self.redo_action = self._action("redo_by_hand", text, "", tip, act=self._redo)
        text = tr("&Digits that differ")
        tip = tr("Opens the digits that the copy reads differently, in Mistakes.")
        self.show_digits = self._action("show_changed_digits", text, "", tip, act=lambda: self.open_digits())

    def _action(self, name: str, text: str, short: str, tip: str, **how: Any) -> QAction:
        return new_action(self, name, text, tip, short=short, **how)

    def open_digits(self, which: str = "") -> None:
        chosen, against = self.lab.chosen, AgainstPart("copy")
        chosen.choose("window", tab="mistakes")
        chosen.choose("mistakes", set="test", overview="groups", against=against, group="")
        chosen.choose("mistakes", group=_GROUPS.get(which, ""))
        self._make_room()

    def set_icons(self) -> None:
        set_icon(self.brushes["zero"], "eraser")
        set_icon(self.brushes["orange"], "pen", theme().yes)
        set_icon(self.brushes["blue"], "pen", theme().no)

    @property
    def tried(self) -> EditedCopy | None:
        preview = self._shown.preview
        return preview if isinstance(preview, EditedCopy) else None

    @property
    def bias(self) -> float | None:
        layer, unit = self.unit
        network = self.network
        bias = math.nan if network is None else weight_at(network, layer, (unit, BIAS))
        return bias if math.isfinite(bias) else None

    @property
    def network(self) -> Network | None:
        layer, unit = self.unit
        network = None if self._shown.moment is None else self._shown.moment.network
        has_unit = network is not None and 0 < layer < len(network.sizes) and unit < network.sizes[layer]
        return network if has_unit else None

    @property
    def can_try(self) -> bool:
        return not words.why_not(self._shown)

    def draw(self, shown: Shown) -> None:
        """Adopt the network shown, and request the effect of a preview."""
        before, self._shown = self._shown, shown.network_alone()
        if before.number != shown.number:
            self.forget_copies()
        learns_on = before.learns and shown.learns and before.number == shown.number
        if learns_on and not self.undo_action.isEnabled():
            return
        if (preview := self.tried) is None:
            self._before.clear()
            if self._accepted is not None:
                self._accepted = None
                if self.can_undo_accepted:
                    self.kept.emit()
            if self.taught is not None and self.taught.lesson.steps:
                self.taught = None  # it was accepted or discarded
        elif not self._before:
            self._before.append(None)  # it waited since the last start: all of it is one step
        if self.is_painting and preview is not self._counted:
            self.effect, self.said = None, ()  # the effect is counted after the stroke
        elif preview is not self._counted:
            self._ask()
        self._enable()

    def _on_ended(self, change: RunEnded) -> None:
        if self._shown.number == change.run.number:
            self._shown = Shown()
            self.forget_copies()

    def forget_copies(self) -> None:
        self._accepted = self._read_before = None
        self._before.clear()
        self._after.clear()
        self._enable()

    def show_unit(self, layer: int, unit: int) -> None:
        self.unit = Unit(layer, unit)
        self._enable()
        self.changed.emit()

    def _follow(self) -> None:
        self.draw(self.lab.shown)
        self.changed.emit()

    def _enable(self) -> None:
        shown, preview, network = self._shown, self.tried, self.network
        why_not, (layer, unit) = words.why_not(shown), self.unit
        if network is None:
            why_not = why_not or tr("Choose a unit first, and see it large.")
        can_try = not why_not
        hidden = network is not None and layer < len(network.sizes) - 1
        self.switch_off.setEnabled(can_try and hidden)
        off = network is not None and hidden and not network.weights[layer][:, unit].any()
        self.switch_off.setChecked(off)
        self.freeze.setChecked(shown.moment is not None and self.unit in shown.moment.frozen)
        for action in (self.freeze, *self.brushes.values()):
            action.setEnabled(can_try)
            set_tooltip(action, why_not or action.whatsThis())
        self._on_brush()
        self.keep.setEnabled(preview is not None and preview is not self._accepted)
        self.put_back.setEnabled(preview is not None)
        run = shown.run
        self.undo_action.setEnabled(
            bool(self._before) or (shown.live and run is not None and run.can_take_back)
        )
        now = self._now
        self.redo_action.setEnabled(bool(self._after) and now is not None and self._after[-1].is_for(now.of))
        self.show_digits.setEnabled(self.effect is not None)
        if not hidden and not why_not:
            why_not = tr("Only hidden units can be switched off: an output is the network's answer.")
        set_tooltip(self.switch_off, why_not or self.switch_off.whatsThis())
        tip = self.keep.whatsThis()
        if not shown.live:
            tip = tr("Begins a branch at this moment in which it is done. The run stays as it was.")
        set_tooltip(self.keep, tip)

    def _on_brush(self) -> None:
        chosen = [id for id, action in self.brushes.items() if action.isChecked() and action.isEnabled()]
        before, self.brush = self.brush, chosen[0] if chosen else ""
        if before != self.brush:
            self.brush_changed.emit()

    def deselect_brush(self) -> bool:
        """Deselect the brush. Return False if none was selected."""
        if (action := self._brushes.checkedAction()) is not None:
            action.setChecked(False)
        return action is not None

    @property
    def _now(self) -> EditedCopy | None:
        """The preview, or an empty one; None if editing is not possible, or the run is about to adopt the last one."""
        adopts = self._accepted is not None and self.lab.run is not None and not self.lab.run.has_obeyed
        if (moment := self._shown.of_run.moment) is None or not self.can_try or adopts:
            return None
        return self.tried or EditedCopy.begin(moment)

    def edit(self, edit: WeightEdit, *, goes_on: bool = False) -> None:
        if (now := self._now) is not None:
            self.show(now.with_edit(edit), goes_on=goes_on)

    def show(self, edited_copy: EditedCopy, *, goes_on: bool = False) -> None:
        if self.tried is None and not edited_copy.acts:
            return
        if not goes_on:
            self._before.append(self.tried)
            self._after.clear()
            self.did()
        self.lab.show_preview(edited_copy if edited_copy.acts else None)

    def set_bias(self, value: float) -> None:
        layer, unit = self.unit
        self.edit(WeightEdit(layer, ((unit, BIAS),), (value,)))

    def paint(self, layer: int, places: Collection[WeightPlace], limit: float, *, begins: bool) -> None:
        """Paint over weights of a layer, each once in a stroke. `limit` is the weight with the strongest colour."""
        if begins:
            self._touched.clear()
            self._limit = limit  # the colours may follow the painted weights
        new = sorted({(layer, place) for place in places} - self._touched)
        network = self.network
        if not new or network is None or not self.brush:
            return
        self.is_painting = True
        goes_on = bool(self._touched)
        self._touched.update(new)
        step = {"zero": 0.0, "orange": BRUSH_STEP, "blue": -BRUSH_STEP}[self.brush] * self._limit
        values = (weight_at(network, layer, place) + step if step else 0.0 for _, place in new)
        self.edit(WeightEdit(layer, tuple(place for _, place in new), tuple(values)), goes_on=goes_on)

    def end_stroke(self) -> None:
        if self.is_painting:
            self.is_painting = False
            self._follow()

    def teach(self, lesson: Lesson, *, until_read: bool) -> None:
        self.taught = self.lesson_failed = None
        if (now := self._now) is not None:
            training = self.lab.questions.digits.trained_on(now.of.settings)
            network, frozen = now.network, now.moment.frozen
            work = partial(taught, network, lesson, training, frozen, until_read=until_read)
            then = partial(self._on_taught, now), self._on_not_taught
            self.lab.questions.ask(_LESSON, lambda *_: work(), *then, quick=True)
        self.changed.emit()

    def _on_taught(self, now: EditedCopy, copy: TaughtCopy) -> None:
        """Show the result of the lesson, unless the preview has changed meanwhile."""
        if (current := self._now) is None or not current.is_for(now.of) or current.acts != now.acts:
            return
        self.taught = copy
        if copy.lesson.steps:
            self.show(now.with_lesson(copy))
        self.changed.emit()

    def _on_not_taught(self, error: Exception) -> None:
        self.lesson_failed = error
        self.changed.emit()

    def _switch(self, on: bool) -> None:
        network, now = self.network, self._now
        if network is None or now is None or self.unit.layer == len(network.sizes) - 1:
            return
        edit = switched_off(network, self.unit)
        if not on:
            values = tuple(weight_at(now.base, edit.layer, place) for place in edit.places)
            edit = WeightEdit(edit.layer, edit.places, values)
        self.edit(edit)
        self._enable()

    def _freeze(self, on: bool) -> None:
        if (now := self._now) is not None:
            self.show(now.with_frozen(self.unit, on))

    def _accept(self) -> None:
        preview, run = self.tried, self._shown.run
        if preview is None or run is None:
            return
        self._accepted = preview
        self._after.clear()
        count = len(preview.acts)
        self._last_accepted = run.number, len(run.history.interventions) + count, count
        self._enable()
        self.lab.keep(preview)

    @property
    def can_undo_accepted(self) -> bool:
        """True if the last accepted edit is the run's last command and no training followed."""
        run = self.lab.run if self.lab.playhead.live else None
        done = None if run is None else (run.number, len(run.history.interventions))
        return run is not None and run.can_take_back and done == self._last_accepted[:2]

    def take_back(self) -> bool:
        """Undo the last accepted edit. Return False if training has continued or another command followed."""
        run, can = self.lab.run, self.can_undo_accepted
        if can and run is not None and run.has_obeyed:
            self.lab.runs.send(*[TakeBack()] * self._last_accepted[2])
        return can

    def _discard(self) -> None:
        if (preview := self.tried) is not None:
            self.lab.show_preview(None)
            self.dropped.emit(preview)

    def _undo(self) -> None:
        if (run := self.lab.run) is None or not (run.has_obeyed or (self._before and self._accepted is None)):
            return  # a command is still pending: what can be undone is not known yet
        if self._before:
            self.taught = None
            if (undone := self.tried) is not None:
                self._after.append(undone)
            self.lab.show_preview(self._before.pop())
        elif self.lab.playhead.live and run.can_take_back and not self.take_back():
            self.lab.runs.send(TakeBack())

    def _redo(self) -> None:
        self._before.append(self.tried)
        self.lab.show_preview(self._after.pop())

    def _ask(self) -> None:
        preview = self.tried
        self._counted, self.effect, self.said = preview, None, ()
        if preview is None or preview.network is preview.of.network:
            self.lab.questions.withdraw(_KEY)
            self.said = () if preview is None else words.frozen()
            return
        known = self._read_before
        read = known[1] if known is not None and preview.is_for(known[0]) else None
        self.said = words.read(0, 1)
        test = self.lab.questions.digits.test
        work = partial(effect, preview.of.network, preview.network, test, read_before=read)
        self.lab.questions.ask(_KEY, work, self._on_bill, self._on_failure, self._on_progress)

    def _on_bill(self, effect: EditEffect) -> None:
        assert self._counted is not None
        self._read_before = self._counted.of, effect.read_before
        self.effect, self.said = effect, words.told(effect)
        self._enable()
        self.changed.emit()

    def _on_failure(self, error: Exception) -> None:
        self.said = (tr("The test digits could not be read."),)
        self.changed.emit()

    def _on_progress(self, done: int, of: int) -> None:
        self.said = words.read(done, of)
        self.changed.emit()


def brush_cells(cell: int, n_in: int) -> tuple[int, ...]:
    if n_in != PIXELS:
        return (cell,)
    row, column = divmod(cell, SIDE)
    around = ((row, column), (row - 1, column), (row, column - 1), (row, column + 1), (row + 1, column))
    return tuple(r * SIDE + c for r, c in around if 0 <= r < SIDE and 0 <= c < SIDE)
