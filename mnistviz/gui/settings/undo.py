"""What the user has changed of the settings, gesture by gesture, to undo and redo it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QWidget

from mnistviz.engine.settings import SETTINGS
from mnistviz.gui.common.tooltips import set_tooltip
from mnistviz.gui.lab.run_names import setting

MOST = 200  # gestures that can be undone
MOST_NAMED = 2  # settings

Values = dict[str, Any]


@dataclass
class SettingsGesture:
    """The values of some settings before and after a gesture, by their names, and whether they were a plan."""

    before: Values
    after: Values
    planned_before: bool = False
    planned_after: bool = False


class Undo(QObject):
    """The gestures that were made, and those that were undone, with an action for each way. The text of an action says
    what it would change. Its keys act wherever the focus is, but for a panel that has an undo of its own.

    It outlives a run: to go back to an earlier η is as sensible in the next one.
    """

    wanted = Signal(object)  # Gesture: to be made again, or the opposite of one
    drop_wanted = Signal()  # while one looks back: what is planned there is to be given up

    def __init__(self, now: Callable[[], Mapping[str, Any]], panel: QWidget) -> None:
        """`now` gives the values of all settings, which `panel` shows."""
        super().__init__(panel)
        self._now, self._panel = now, panel
        self._done: list[SettingsGesture] = []
        self._undone: list[SettingsGesture] = []
        self._key: Hashable = None
        self._past = self._planned = False
        self.number = 0
        """Of the newest gesture; undoing is one, too."""
        self.undo_action = self._action(
            "undo_setting", self.tr("Takes back the last change of a setting. The weights stay as they are."), "Ctrl+Z",
        )  # fmt: skip
        self.redo_action = self._action(
            "redo_setting", self.tr("Redoes the change that was undone."), "Ctrl+Shift+Z", "Ctrl+Y",
        )  # fmt: skip
        self.undo_action.triggered.connect(self.back)
        self.redo_action.triggered.connect(self.forth)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._give_way)
        self._enable()

    def look_back(self, past: bool, *, planned: bool) -> None:
        """While one looks back, gestures are a plan: none is kept, and going back gives all of it up."""
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
            self._enable()
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
        if not self._differ(gesture.after):
            return False
        self._key = None
        self.number += 1
        self.wanted.emit(gesture)
        return True

    def _differ(self, values: Values) -> bool:
        now = self._now()
        return any(now[name] != value for name, value in values.items())

    def _enable(self) -> None:
        """Says which of the two can be done, and what it would change."""
        self.undo_action.setEnabled(self._planned if self._past else bool(self._done))
        self.redo_action.setEnabled(not self._past and bool(self._undone))
        undo = self.tr("&Drop the plan") if self._past else self._undoes(self._done)
        redo = self._redoes([] if self._past else self._undone)
        for action, text in ((self.undo_action, undo), (self.redo_action, redo)):
            if action.text() != text:
                action.setText(text)

    def _undoes(self, gestures: Sequence[SettingsGesture]) -> str:
        gesture = next((each for each in reversed(gestures) if self._differ(each.before)), None)
        if gesture is None:
            return self.tr("&Undo setting (weights stay)")
        for_new_run = gesture.planned_after or all(SETTINGS[name].new_run for name in gesture.after)
        text = self.tr("&Undo {settings}") if for_new_run else self.tr("&Undo {settings} (weights stay)")
        return text.format(settings=self._named(gesture.after))

    def _redoes(self, gestures: Sequence[SettingsGesture]) -> str:
        gesture = next((each for each in reversed(gestures) if self._differ(each.after)), None)
        if gesture is None:
            return self.tr("&Redo setting")
        return self.tr("&Redo {settings}").format(settings=self._named(gesture.after))

    def _named(self, values: Values) -> str:
        """Some settings with their values, or how many there are. η by hand ends its schedule, which goes without
        saying."""
        names = [name for name in values if name != "schedule" or "eta" not in values]
        if len(names) > MOST_NAMED:
            return self.tr("{count} settings").format(count=len(names))
        return self.tr(", ").join(setting(name, values[name]) for name in names)

    def _give_way(self, _before: QWidget | None, now: QWidget | None) -> None:
        """A panel that has an undo of its own keeps its keys."""
        has_own = now is not None and not self._panel.isAncestorOf(now) and self._has_undo(now)
        context = (
            Qt.ShortcutContext.WidgetWithChildrenShortcut if has_own else Qt.ShortcutContext.WindowShortcut
        )
        for action in (self.undo_action, self.redo_action):
            if action.shortcutContext() != context:
                action.setShortcutContext(context)

    def _has_undo(self, widget: QWidget | None) -> bool:
        """Whether a widget, or one around it, has another action with the same keys."""
        mine = self.undo_action
        while widget is not None and not widget.isWindow():
            if any(each is not mine and each.shortcut() == mine.shortcut() for each in widget.actions()):
                return True
            widget = widget.parentWidget()
        return False

    def _action(self, name: str, tip: str, *keys: str) -> QAction:
        action = QAction(self)
        action.setObjectName(f"{name}_action")
        action.setShortcuts([QKeySequence(key) for key in keys])
        set_tooltip(action, tip, action.shortcut())
        action.setWhatsThis(tip)
        self._panel.addAction(action)
        return action
