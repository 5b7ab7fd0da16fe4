"""Undo and redo of the user's changes to the settings, gesture by gesture."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QObject, Signal

from mnistviz.engine.settings import SETTINGS
from mnistviz.gui.common import setting_names
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.undo_order import Direction, UndoOrder, UndoStep
from mnistviz.gui.lab.run_names import setting

MOST_NAMED = 2  # settings

Values = dict[str, Any]


class SettingsGesture(Struct):
    """The values of some settings before and after a gesture, by name, and whether they were a plan."""

    before: Values
    after: Values
    planned_before: bool = False
    planned_after: bool = False

    def reversed(self) -> SettingsGesture:
        return SettingsGesture(self.after, self.before, self.planned_after, self.planned_before)


class SettingsSteps(QObject):
    """The gestures with the settings, as steps of Ctrl+Z. Each belongs to the run in which it was made, by its number:
    a change in one run is never undone in another."""

    stepped = Signal(str)  # message about what was undone or redone

    def __init__(
        self,
        now: Callable[[], Mapping[str, Any]],
        make: Callable[[SettingsGesture], object],
        drop: Callable[[], object],
        parent: QObject,
    ) -> None:
        """`now` returns all settings, `make` applies a gesture, `drop` discards what is pending at a past step."""
        super().__init__(parent)
        self.order: UndoOrder | None = None
        self._now, self._make, self._drop = now, make, drop
        self._run: int | None = None
        self._moved: dict[int | None, int | None] = {}  # what replaced runs that had learned nothing
        self._gesture = SettingsGesture({}, {})  # the last one
        self._key: Hashable = None
        self._past = self._planned = False
        self.number = 0
        drops = Direction(lambda: tr("&Drop the plan"), self._drop_plan, lambda: self._past and self._planned)
        self.plan = UndoStep(drops)
        """The step that discards the plan."""

    def show_run(self, number: int | None) -> None:
        if number != self._run:
            self._run, self._key = number, None
            self._show()

    def move_gestures(self, number: int) -> None:
        """Move the gestures of run `number`, which had learned nothing, to the selected run that replaces it."""
        if number != self._run:
            self._moved[number] = self._run
            self._show()

    def view_past(self, past: bool, *, planned: bool) -> None:
        """Set whether a past step is viewed: then nothing is recorded, and undoing discards the plan."""
        self._past, self._planned = past, planned
        self._show()

    def add(self, gesture: SettingsGesture, key: Hashable = None) -> None:
        """Record a gesture. One with the `key` of the last gesture is merged with it."""
        if not self._past and key is not None and key == self._key:
            last = self._gesture
            last.before, last.after = gesture.before | last.before, last.after | gesture.after
            self._show()
            return
        self._gesture, self._key = gesture, None if self._past else key
        self.number += not self._past
        if self.order is not None:
            self.order.push(self.plan if self._past else self._step(gesture))

    def _step(self, gesture: SettingsGesture) -> UndoStep:
        run = self._run
        return UndoStep(
            Direction(
                lambda: self._undoes(gesture),
                lambda: self._go(gesture.reversed(), self._undo_sentence(gesture.before)),
                lambda: self._can(run, gesture.before),
            ),
            Direction(
                lambda: tr("&Redo {settings}", settings=self._named(gesture.after)),
                lambda: self._go(gesture, tr("Again {settings}.", settings=self._named(gesture.after))),
                lambda: self._can(run, gesture.after),
            ),
        )

    def _can(self, run: int | None, values: Values) -> bool:
        while run in self._moved:
            run = self._moved[run]
        differs = any(now != values.get(name, now) for name, now in self._now().items())
        return not self._past and run == self._run and differs

    def _go(self, gesture: SettingsGesture, sentence: str) -> None:
        self._key = None
        self.number += 1
        self._make(gesture)  # which may start a run
        self.stepped.emit(sentence)

    def _drop_plan(self) -> None:
        self._drop()
        self.stepped.emit(tr("The plan is dropped."))

    def _show(self) -> None:
        if self.order is not None:
            self.order.show()

    def _undo_sentence(self, values: Values) -> str:
        names = _named(values)
        if len(names) > MOST_NAMED:
            return tr("{count} settings are as they were before.", count=len(names))
        if len(names) == 1:
            name, value = setting_names.short(names[0]), setting_names.value(names[0], values[names[0]])
            return tr("{name} back to {value}.", name=name, value=value)
        return tr("Back to {settings}.", settings=self._named(values))

    def _undoes(self, gesture: SettingsGesture) -> str:
        before, after = gesture.before, gesture.after
        for_new_run = gesture.planned_after or all(SETTINGS[name].new_run for name in after)
        text = tr("&Undo {settings}") if for_new_run else tr("&Undo {settings} (weights stay)")
        names = _named(after)
        if len(names) > 1:
            return text.format(settings=self._named(after))
        old, new = (setting_names.value(names[0], values[names[0]]) for values in (before, after))
        return text.format(settings=f"{setting_names.short(names[0])} {old} → {new}")

    def _named(self, values: Values) -> str:
        names = _named(values)
        if len(names) > MOST_NAMED:
            return tr("{count} settings", count=len(names))
        return tr(", ").join(setting(name, values[name]) for name in names)


def _named(values: Values) -> list[str]:
    return [name for name in values if name != "schedule" or "eta" not in values]
