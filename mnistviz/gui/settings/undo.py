"""Undo and redo of the user's changes to the settings, gesture by gesture."""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction

from mnistviz.engine.settings import SETTINGS
from mnistviz.gui.common import setting_names
from mnistviz.gui.common.widgets import new_action
from mnistviz.gui.lab.run_names import setting

MOST = 200  # gestures that can be undone
MOST_NAMED = 2  # settings

Values = dict[str, Any]


@dataclass
class SettingsGesture:
    """The values of some settings before and after a gesture, by name, and whether they were a plan."""

    before: Values
    after: Values
    planned_before: bool = False
    planned_after: bool = False


@dataclass
class _Gestures:
    done: list[SettingsGesture] = field(default_factory=list)
    undone: list[SettingsGesture] = field(default_factory=list)


class Undo(QObject):
    """The gestures done and undone, with an action for each way. The text of an action names what it would change.

    Each run has its own gestures, by its number: a change in one run is never undone in another.
    """

    stepped = Signal(str)  # message about what was undone or redone

    def __init__(
        self,
        now: Callable[[], Mapping[str, Any]],
        make: Callable[[SettingsGesture], object],
        drop: Callable[[], object],
        parent: QObject,
    ) -> None:
        """Create the history. `now` returns the values of all settings. `make` applies a gesture; `drop` discards the
        pending changes while a past step is viewed."""
        super().__init__(parent)
        self.did: Callable[[], object] = lambda: None
        """Called when the user has made another change."""
        self._now, self._make, self._drop = now, make, drop
        self._run: int | None = None
        self._of_runs: dict[int | None, _Gestures] = {}
        self._gestures = _Gestures()  # of the selected run
        self._key: Hashable = None
        self._past = self._planned = False
        self.number = 0
        self.undo_action = self._action(
            "undo_setting", self.tr("Takes back the last change of a setting. The weights stay as they are."),
            self.back,
        )  # fmt: skip
        self.redo_action = self._action(
            "redo_setting", self.tr("Redoes the change that was undone."), self.forth,
        )  # fmt: skip
        self._enable()

    def show_run(self, number: int | None, known: Container[int | None]) -> None:
        """Switch to the gestures of the selected run, and forget those of runs that are gone."""
        if number == self._run:
            return
        before, self._run, self._key = self._run, number, None
        self._of_runs = {run: done for run, done in self._of_runs.items() if run in known or run == before}
        self._gestures = self._of_runs.setdefault(number, _Gestures())
        self._enable()

    def move_gestures(self, number: int) -> None:
        """Move the gestures of run `number`, which had learned nothing, to the selected run that replaces it."""
        if number != self._run and number in self._of_runs:
            self._gestures = self._of_runs[self._run] = self._of_runs.pop(number)
            self._enable()

    def view_past(self, past: bool, *, planned: bool) -> None:
        """Set whether a past step is viewed: then nothing is recorded, and undoing discards the plan."""
        self._past, self._planned = past, planned
        self._enable()

    def add(self, gesture: SettingsGesture, key: Hashable = None) -> None:
        """Record a gesture. One with the `key` of the last gesture is merged with it."""
        if self._past:
            self._key = None
            self.did()
            return
        self._gestures.undone.clear()
        if key is not None and key == self._key:
            last = self._gestures.done[-1]
            last.before, last.after = gesture.before | last.before, last.after | gesture.after
            self._enable()
            return
        self._key = key
        self.number += 1
        self._gestures.done.append(gesture)
        del self._gestures.done[:-MOST]
        self._enable()
        self.did()

    def end_redo(self) -> None:
        self._gestures.undone.clear()
        self._enable()

    def back(self) -> None:
        if self._past:
            self._drop()
            self.stepped.emit(self.tr("The plan is dropped."))
            return
        gestures = self._gestures  # making the opposite may start a run
        while gestures.done:
            gesture = gestures.done.pop()
            gestures.undone.append(gesture)
            opposite = SettingsGesture(
                gesture.after, gesture.before, gesture.planned_after, gesture.planned_before
            )
            if self._want(opposite):
                self.stepped.emit(self._undo_sentence(gesture.before))
                return

    def forth(self) -> None:
        gestures = self._gestures
        while gestures.undone:
            gesture = gestures.undone.pop()
            gestures.done.append(gesture)
            if self._want(gesture):
                self.stepped.emit(self.tr("Again {settings}.").format(settings=self._named(gesture.after)))
                return

    def _want(self, gesture: SettingsGesture) -> bool:
        self._enable()
        if not self._differ(gesture.after):
            return False
        self._key = None
        self.number += 1
        self._make(gesture)
        return True

    def _differ(self, values: Values) -> bool:
        now = self._now()
        return any(now[name] != value for name, value in values.items())

    def _enable(self) -> None:
        done: Sequence[SettingsGesture] = ()
        undone: Sequence[SettingsGesture] = ()
        if not self._past:
            done = tuple(each for each in self._gestures.done if self._differ(each.before))
            undone = tuple(each for each in self._gestures.undone if self._differ(each.after))
        self.undo_action.setEnabled(self._planned if self._past else bool(done))
        self.redo_action.setEnabled(bool(undone))
        undo = self.tr("&Drop the plan") if self._past else self._undoes(done)
        for action, text in ((self.undo_action, undo), (self.redo_action, self._redoes(undone))):
            if action.text() != text:
                action.setText(text)

    def _undo_sentence(self, values: Values) -> str:
        names = _named(values)
        if len(names) > MOST_NAMED:
            return self.tr("{count} settings are as they were before.").format(count=len(names))
        if len(names) == 1:
            name, value = setting_names.short(names[0]), setting_names.value(names[0], values[names[0]])
            return self.tr("{name} back to {value}.").format(name=name, value=value)
        return self.tr("Back to {settings}.").format(settings=self._named(values))

    def _undoes(self, gestures: Sequence[SettingsGesture]) -> str:
        if not gestures:
            return self.tr("&Undo setting (weights stay)")
        before, after = gestures[-1].before, gestures[-1].after
        for_new_run = gestures[-1].planned_after or all(SETTINGS[name].new_run for name in after)
        text = self.tr("&Undo {settings}") if for_new_run else self.tr("&Undo {settings} (weights stay)")
        names = _named(after)
        if len(names) > 1:
            return text.format(settings=self._named(after))
        old, new = (setting_names.value(names[0], values[names[0]]) for values in (before, after))
        return text.format(settings=f"{setting_names.short(names[0])} {old} → {new}")

    def _redoes(self, gestures: Sequence[SettingsGesture]) -> str:
        if not gestures:
            return self.tr("&Redo setting")
        return self.tr("&Redo {settings}").format(settings=self._named(gestures[-1].after))

    def _named(self, values: Values) -> str:
        names = _named(values)
        if len(names) > MOST_NAMED:
            return self.tr("{count} settings").format(count=len(names))
        return self.tr(", ").join(setting(name, values[name]) for name in names)

    def _action(self, name: str, tip: str, act: Callable[[], object]) -> QAction:
        return new_action(self, f"{name}_action", "", tip, act=act)


def _named(values: Values) -> list[str]:
    return [name for name in values if name != "schedule" or "eta" not in values]
