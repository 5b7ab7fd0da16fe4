"""What the hand has changed of the settings, gesture by gesture, to go back and forth through."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from mnistviz.gui.common.tooltips import set_tooltip

MOST = 200  # gestures that can be undone

Values = dict[str, Any]


@dataclass
class SettingsGesture:
    """The values of some settings before and after a gesture, by their names, and whether they were a plan."""

    before: Values
    after: Values
    planned_before: bool = False
    planned_after: bool = False


class Undo(QObject):
    """The gestures that were made, and those that were undone, with an action for each way.

    It outlives a run: to go back to an earlier η is as sensible in the next one.
    """

    wanted = Signal(object)  # Gesture: to be made again, or the opposite of one
    drop_wanted = Signal()  # while one looks back: what is planned there is to be given up

    def __init__(self, now: Callable[[], Mapping[str, Any]], *widgets: QWidget) -> None:
        """`now` gives the values of all settings; the keys act while one of the `widgets` has the focus."""
        super().__init__(widgets[0])
        self._now, self._widgets = now, widgets
        self._done: list[SettingsGesture] = []
        self._undone: list[SettingsGesture] = []
        self._key: Hashable = None
        self._past = self._planned = False
        self.number = 0
        """Of the newest gesture; undoing is one, too."""
        self.undo_action = self._action(
            "undo_setting", self.tr("&Undo the setting"), self.tr("Takes the last change of a setting back."),
            "Ctrl+Z",
        )  # fmt: skip
        self.redo_action = self._action(
            "redo_setting", self.tr("Set it a&gain"), self.tr("Makes the change that was taken back again."),
            "Ctrl+Shift+Z", "Ctrl+Y",
        )  # fmt: skip
        self.undo_action.triggered.connect(self.back)
        self.redo_action.triggered.connect(self.forth)
        self._enable()

    def look_back(self, past: bool, *, planned: bool) -> None:
        """While one looks back, gestures are a plan: none is kept, and going back gives all of it up."""
        if (past, planned) != (self._past, self._planned):
            self._past, self._planned = past, planned
            self._enable()

    def add(self, gesture: SettingsGesture, key: Hashable = None) -> None:
        """Takes a gesture. What comes with the `key` of the last one goes on with it."""
        if self._past:
            self._key = None
            return
        self._undone.clear()
        if key is not None and key == self._key:
            last = self._done[-1]
            last.before, last.after = gesture.before | last.before, last.after | gesture.after
            return
        self._key = key
        self.number += 1
        self._done.append(gesture)
        del self._done[:-MOST]
        self._enable()

    def revise(self, values: Callable[[Values], Values]) -> None:
        """Makes the values of every gesture what they must be now, on another data set, say."""
        for gesture in (*self._done, *self._undone):
            gesture.before, gesture.after = values(gesture.before), values(gesture.after)

    def back(self) -> None:
        """Wants the opposite of the last gesture; those that would change nothing now are passed over."""
        if self._past:
            self.drop_wanted.emit()
            return
        while self._done:
            gesture = self._done.pop()
            self._undone.append(gesture)
            if self._want(
                SettingsGesture(gesture.after, gesture.before, gesture.planned_after, gesture.planned_before)
            ):
                return

    def forth(self) -> None:
        """Wants the gesture again that was undone last."""
        while self._undone:
            gesture = self._undone.pop()
            self._done.append(gesture)
            if self._want(gesture):
                return

    def _want(self, gesture: SettingsGesture) -> bool:
        """Whether it would change anything; then it is wanted."""
        self._enable()
        now = self._now()
        if all(now[name] == value for name, value in gesture.after.items()):
            return False
        self._key = None
        self.number += 1
        self.wanted.emit(gesture)
        return True

    def _enable(self) -> None:
        self.undo_action.setEnabled(self._planned if self._past else bool(self._done))
        self.redo_action.setEnabled(not self._past and bool(self._undone))

    def _action(self, name: str, text: str, tip: str, *keys: str) -> QAction:
        action = QAction(text, self)
        action.setObjectName(f"{name}_action")
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        set_tooltip(action, tip, action.shortcut())
        action.setWhatsThis(tip)
        for widget in self._widgets:
            widget.addAction(action)
        return action
